/*
 * test_parts.c -- a screening in parts against the same in one piece, reasons as a table, and
 * scores.csv read back.
 */
#include "run_directory.h"

#include "base/file.h"

#include <psyscreen/wave.h>

#include <stdio.h>
#include <string.h>

static run_directory d;
static const ward_plan usual = {.identity = "{output: pseudonym, key_file: k}"};

/* ---- inputs as sources ---- */

typedef struct inputs {
    psyi_buffer roster, responses;
    psy_test_bytes roster_bytes, responses_bytes;
    psy_source roster_source, responses_source;
    psy_screening_part part;
} inputs;

static void load(inputs *in)
{
    psyi_buffer_init(&in->roster, NULL);
    psyi_buffer_init(&in->responses, NULL);
    assert_int_equal(psyi_file_read(d.roster, 1 << 20, &in->roster, NULL), PSY_OK);
    assert_int_equal(psyi_file_read(d.responses, 1 << 20, &in->responses, NULL), PSY_OK);
}

static void unload(inputs *in)
{
    psyi_buffer_done(&in->roster);
    psyi_buffer_done(&in->responses);
}

static const psy_screening_part *rewound(inputs *in)
{
    in->roster_bytes = (psy_test_bytes){.bytes = in->roster.data, .length = in->roster.length};
    in->responses_bytes =
        (psy_test_bytes){.bytes = in->responses.data, .length = in->responses.length};
    in->roster_source = psy_test_source_of(&in->roster_bytes, d.roster);
    in->responses_source = psy_test_source_of(&in->responses_bytes, d.responses);
    in->part = (psy_screening_part){.rosters = &in->roster_source,
                                    .n_rosters = 1,
                                    .responses = &in->responses_source,
                                    .n_responses = 1};
    return &in->part;
}

static int collect(void *context, const char *school, const char *lines, size_t length)
{
    psyi_buffer *const out = context;
    assert_true((school == NULL) == (out->length == 0));
    psyi_buffer_add(out, lines, length);
    return 0;
}

static void test_one_part_is_the_whole(void **state)
{
    (void)state;
    inputs in;
    psy_wave *wave = NULL, *sum = NULL, *copy = NULL;
    psyi_buffer lines, whole, text;
    psyi_buffer_init(&lines, NULL);
    psyi_buffer_init(&whole, NULL);
    psyi_buffer_init(&text, NULL);
    run_open(&d, &usual, 40);
    assert_int_equal(run_go(&d), PSY_OK);
    load(&in);
    assert_int_equal(psy_wave_new(&wave, d.ward.plan, NULL, NULL), PSY_OK);
    assert_int_equal(psy_wave_new(&sum, d.ward.plan, NULL, NULL), PSY_OK);
    assert_int_equal(psy_wave_fold(wave, rewound(&in), NULL, NULL), PSY_OK);
    assert_int_equal(psy_wave_merge(sum, wave, NULL), PSY_OK);
    const psy_sink sink = psy_test_sink(&text);
    assert_int_equal(psy_wave_write(sum, &sink, NULL), PSY_OK);
    assert_int_equal(psy_wave_read(&copy, d.ward.plan, text.data, text.length, NULL, NULL), PSY_OK);
    assert_int_equal(psy_screening_run_part(d.ward.plan, copy, rewound(&in), NULL, collect, &lines,
                                            NULL, NULL, NULL),
                     PSY_OK);
    assert_int_equal(psyi_file_read(run_path(&d, "scores.csv"), 1 << 24, &whole, NULL), PSY_OK);
    assert_int_equal(lines.length, whole.length);
    assert_memory_equal(lines.data, whole.data, whole.length);

    /* Twice the part is not the whole: the sum of both would be another wave. */
    psyi_buffer_clear(&text);
    assert_int_equal(psy_wave_merge(sum, wave, NULL), PSY_OK);
    assert_int_equal(psy_wave_write(sum, &sink, NULL), PSY_OK);
    psy_wave *other = NULL;
    psy_error error = {0};
    assert_int_equal(psy_wave_read(&other, d.ward.plan, text.data, text.length - 5, NULL, &error),
                     PSY_E_DATA);
    assert_string_equal(error.message, "the text of the wave is cut off");
    assert_int_equal(psy_wave_read(&other, d.ward.plan, "x", 1, NULL, &error), PSY_E_DATA);
    text.data[strlen("psyscreen/wave/1 ")] ^= 1;
    assert_int_equal(psy_wave_read(&other, d.ward.plan, text.data, text.length, NULL, &error),
                     PSY_E_DATA);
    assert_string_equal(error.message, "the wave is one of another plan");
    assert_null(other);
    psy_screening_part none = *rewound(&in);
    none.n_rosters = 0;
    assert_int_equal(psy_wave_fold(wave, &none, NULL, &error), PSY_E_ARGUMENT);
    psyi_buffer_done(&lines);
    psyi_buffer_done(&whole);
    psyi_buffer_done(&text);
    psy_wave_free(wave);
    psy_wave_free(sum);
    psy_wave_free(copy);
    unload(&in);
    run_close(&d);
}

/* A make-up test in parts: the norms of the first release judge, as in one piece. */
static void test_parts_take_the_norms_of_the_first_release(void **state)
{
    (void)state;
    static const ward_plan frozen = {
        .norms = "{id: here, scale: mht.total, local: {by: [stage, grade], min_n: 5, below: pool, "
                 "freeze: first_release}, metrics: [t, percentile, t_blom]}",
        .rules = "    - {id: high, rank: 1, when: \"mht.total.t@here >= 55\", text: {en: h}}\n"};
    inputs in;
    psy_wave *wave = NULL;
    psyi_buffer lines, whole, other;
    psyi_buffer_init(&lines, NULL);
    psyi_buffer_init(&whole, NULL);
    psyi_buffer_init(&other, NULL);
    run_open(&d, &frozen, 60);
    run_write_rows(&d, run_rows(), 40);
    assert_int_equal(run_go(&d), PSY_OK);
    d.options.force = true;
    run_write_rows(&d, run_rows(), 60);
    assert_int_equal(run_go(&d), PSY_OK);
    assert_int_equal(psyi_file_read(run_path(&d, "scores.csv"), 1 << 24, &whole, NULL), PSY_OK);
    load(&in);
    psy_screening_options options = {.version = PSY_SCREENING_OPTIONS_VERSION,
                                     .released = d.results};
    psy_error error = {.status = PSY_OK};
    assert_int_equal(psy_wave_new(&wave, d.ward.plan, NULL, NULL), PSY_OK);
    assert_int_equal(psy_wave_fold(wave, rewound(&in), NULL, NULL), PSY_OK);
    assert_int_equal(psy_screening_run_part(d.ward.plan, wave, rewound(&in), NULL, collect, &lines,
                                            &options, NULL, NULL),
                     PSY_OK);
    assert_string_equal(lines.data, whole.data);
    /* Without them the wave counts anew, and says something else. */
    assert_int_equal(psy_screening_run_part(d.ward.plan, wave, rewound(&in), NULL, collect, &other,
                                            NULL, NULL, NULL),
                     PSY_OK);
    assert_string_not_equal(other.data, whole.data);
    /* A directory without results is no release. */
    options.released = d.ward.directory;
    assert_int_equal(psy_screening_run_part(d.ward.plan, wave, rewound(&in), NULL, NULL, NULL,
                                            &options, NULL, &error),
                     PSY_E_DATA);
    assert_non_null(strstr(error.message, "no run.json"));
    psyi_buffer_done(&lines);
    psyi_buffer_done(&whole);
    psyi_buffer_done(&other);
    psy_wave_free(wave);
    unload(&in);
    run_close(&d);
}

static psy_status parts_once(const psy_allocator *allocator, void *context)
{
    inputs *const in = context;
    const psy_screening_options options = {.allocator = allocator, .n_threads = 1};
    psy_wave *wave = NULL, *copy = NULL;
    psy_table *reasons = NULL;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const psy_sink sink = psy_test_sink(&text);
    psy_status status = psy_wave_new(&wave, d.ward.plan, allocator, NULL);
    if (status == PSY_OK)
        status = psy_wave_fold(wave, rewound(in), &options, NULL);
    if (status == PSY_OK)
        status = psy_wave_write(wave, &sink, NULL);
    if (status == PSY_OK)
        status = psy_wave_read(&copy, d.ward.plan, text.data, text.length, allocator, NULL);
    if (status == PSY_OK)
        status = psy_wave_merge(copy, wave, NULL);
    psy_screening_options with_reasons = options;
    with_reasons.version = PSY_SCREENING_OPTIONS_VERSION;
    with_reasons.reasons = &reasons;
    if (status == PSY_OK)
        status = psy_screening_run_part(d.ward.plan, copy, rewound(in), NULL, NULL, NULL,
                                        &with_reasons, NULL, NULL);
    psy_table_free(reasons);
    psy_wave_free(wave);
    psy_wave_free(copy);
    psyi_buffer_done(&text);
    return status;
}

/* The same in shares; the second has one of the three schools. */
static psy_status shares_once(const psy_allocator *allocator, void *context)
{
    const char *const rosters[] = {d.roster}, *const responses[] = {d.responses};
    const psy_screening_options options = {.allocator = allocator, .n_threads = 1};
    const psy_screening_part part = {.share = 1,
                                     .n_shares = 2,
                                     .roster_paths = rosters,
                                     .n_rosters = 1,
                                     .response_paths = responses,
                                     .n_responses = 1,
                                     .run = d.results};
    psy_wave *wave = NULL;
    (void)context;
    psy_status status = psy_wave_new(&wave, d.ward.plan, allocator, NULL);
    if (status == PSY_OK)
        status = psy_wave_fold(wave, &part, &options, NULL);
    if (status == PSY_OK)
        status = psy_screening_run_part(d.ward.plan, wave, &part, NULL, NULL, NULL, &options, NULL,
                                        NULL);
    psy_wave_free(wave);
    return status;
}

static void test_every_allocation_of_shares_may_fail(void **state)
{
    (void)state;
    run_open(&d, &usual, 12);
    assert_true(psy_sweep(shares_once, NULL) > 100);
    run_close(&d);
}

static void test_every_allocation_of_parts_may_fail(void **state)
{
    (void)state;
    inputs in;
    run_open(&d, &usual, 12);
    load(&in);
    assert_true(psy_sweep(parts_once, &in) > 100);
    unload(&in);
    run_close(&d);
}

/* ---- reasons, and scores read back ---- */

static void cell(const psy_table *table, const char *column, size_t row, char *out, size_t room)
{
    const char *text = "";
    size_t length = 0;
    psy_table_get_text(table, psy_table_find(table, column), row, &text, &length);
    assert_true(length < room);
    memcpy(out, text, length);
    out[length] = '\0';
}

/* Every rule of scores.csv, and no other, has rows among the reasons, in the same order. */
static void test_reasons_and_scores_as_tables(void **state)
{
    (void)state;
    psy_table *reasons = NULL, *scores = NULL;
    run_open(&d, &usual, 60);
    d.options.version = PSY_SCREENING_OPTIONS_VERSION;
    d.options.reasons = &reasons;
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_OK);
    const char *const path = run_path(&d, "scores.csv");
    assert_int_equal(psy_scores_read(&scores, d.ward.plan, path, NULL, NULL), PSY_OK);
    psyi_buffer printed, file;
    psyi_buffer_init(&printed, NULL);
    psyi_buffer_init(&file, NULL);
    const psy_sink sink = psy_test_sink(&printed);
    assert_int_equal(psy_table_write_csv(scores, &sink, NULL), PSY_OK);
    assert_int_equal(psyi_file_read(path, 1 << 24, &file, NULL), PSY_OK);
    assert_int_equal(printed.length, file.length);
    assert_memory_equal(printed.data, file.data, file.length);

    size_t at = 0;
    const size_t n = psy_table_row_count(reasons);
    assert_true(n > 0);
    for (size_t row = 0; row < psy_table_row_count(scores); row++) {
        char student[128], who[128], rules[512], rule[128], outcome[32], expected[512] = "";
        cell(scores, "student", row, student, sizeof student);
        cell(scores, "rules", row, rules, sizeof rules);
        char last[128] = "";
        for (; at < n; at++) {
            cell(reasons, "student", at, who, sizeof who);
            if (strcmp(who, student) != 0)
                break;
            cell(reasons, "rule", at, rule, sizeof rule);
            cell(reasons, "outcome", at, outcome, sizeof outcome);
            if (strcmp(outcome, "fired") != 0 || strcmp(rule, last) == 0)
                continue;
            strcpy(last, rule);
            if (expected[0] != '\0')
                strcat(expected, ";");
            strcat(expected, rule);
        }
        assert_string_equal(rules, expected);
    }
    assert_int_equal(at, n);
    psy_table_free(reasons);
    psy_table_free(scores);
    psyi_buffer_done(&printed);
    psyi_buffer_done(&file);
    run_close(&d);
}

static psy_status read_once(const psy_allocator *allocator, void *path)
{
    psy_table *table = NULL;
    const psy_status status = psy_scores_read(&table, d.ward.plan, path, allocator, NULL);
    psy_table_free(table);
    return status;
}

static void test_reading_scores_survives_every_failed_allocation(void **state)
{
    (void)state;
    run_open(&d, &usual, 12);
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_OK);
    char path[700];
    snprintf(path, sizeof path, "%s", run_path(&d, "scores.csv"));
    assert_true(psy_sweep(read_once, path) > 20);
    psy_table *table = PSY_UNTOUCHED;
    psy_error error = {0};
    assert_int_equal(
        psy_scores_read(&table, d.ward.plan, run_path(&d, "findings.csv"), NULL, &error),
        PSY_E_DATA);
    psy_assert_untouched(table);
    run_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_part_is_the_whole),
        cmocka_unit_test(test_parts_take_the_norms_of_the_first_release),
        cmocka_unit_test(test_every_allocation_of_parts_may_fail),
        cmocka_unit_test(test_every_allocation_of_shares_may_fail),
        cmocka_unit_test(test_reasons_and_scores_as_tables),
        cmocka_unit_test(test_reading_scores_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
