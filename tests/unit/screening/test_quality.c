/*
 * test_quality.c -- the report of a wave: the same for any order of rows and any number of
 * threads, nothing about groups that are too small, errors said, no memory lost.
 *
 * Its numbers are compared with other programs in tests/reference/wave_quality.
 */
#include "policy_sheets.h"

#include "base/file.h"

#include <psyscreen/quality.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const made_up BATTERY = {"", {"phq9", "sds", NULL}};

typedef struct quality_case {
    ward w;
    char path[600];
} quality_case;

static void open_case(quality_case *c, const char *validity, size_t attentive, size_t others)
{
    psyi_buffer plan, text;
    psyi_buffer_init(&plan, NULL);
    psyi_buffer_init(&text, NULL);
    made_up_plan(&plan, &BATTERY, validity);
    ward_open_text(&c->w, plan.data, BATTERY.instruments);
    made_up_responses(&text, &c->w, attentive, others, 3);
    snprintf(c->path, sizeof c->path, "%s/responses.csv", c->w.directory);
    psy_test_write_file(c->path, text.data, text.length);
    psyi_buffer_done(&plan);
    psyi_buffer_done(&text);
}

/* Everything a report says, as one text; to be freed. */
static char *text_of(const quality_case *c, const psy_quality_options *options)
{
    psy_quality *quality = NULL;
    psy_error error = {.status = PSY_OK};
    const char *const paths[] = {c->path};
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const psy_sink sink = psy_test_sink(&text);
    if (psy_quality_run(&quality, c->w.plan, NULL, 0, paths, 1, options, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(psy_quality_write(quality, "en", &sink, &error), PSY_OK);
    assert_int_equal(psy_quality_write(quality, "zh", &sink, &error), PSY_OK);
    for (unsigned part = 0; part < PSY_QUALITY_PARTS; part++)
        assert_int_equal(
            psy_table_write_csv(psy_quality_table(quality, (psy_quality_part)part), &sink, &error),
            PSY_OK);
    psy_quality_free(quality);
    return text.data;
}

/* More items than a factor is made of: the report says so, and all else is there. */
static void test_scales_of_hundreds_of_items(void **state)
{
    (void)state;
    enum { ITEMS = 513, ROWS = 40 };
    static const char instrument[] =
        "format: psyscreen/instrument/1\nid: long\nedition: \"1\"\nname: {en: Long}\n"
        "informants: [self]\ntext_licence: none\n"
        "sources: [{cite: made up, for: [scoring], confidence: memory}]\n"
        "responses: {yes_no: {codes: [0, 1]}}\nitems: [{ids: 1..513, response: yes_no}]\n"
        "scales:\n"
        "  most: {name: {en: Most}, items: 1..513, score: sum, worse: high, range: 0..513, "
        "confidence: memory}\n"
        "  some: {name: {en: Some}, items: 1..5, score: sum, worse: high, range: 0..5, "
        "confidence: memory}\n";
    static const made_up battery = {"", {"long", NULL}};
    quality_case c = {.w = {.results = NULL}};
    psy_error error = {.status = PSY_OK};
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    snprintf(c.w.directory, sizeof c.w.directory, "%s", psy_test_directory());
    const char *const directory = c.w.directory;
    psy_test_write_file(psy_test_path(directory, "long.yaml"), instrument, sizeof instrument - 1);
    assert_int_equal(psy_catalog_open(&c.w.catalog, &directory, 1, NULL, &error), PSY_OK);
    made_up_plan(&text, &battery, NULL);
    psy_test_write_file(psy_test_path(directory, "ward.yaml"), text.data, text.length);
    if (psy_plan_load_file(&c.w.plan, psy_test_path(directory, "ward.yaml"), c.w.catalog, NULL,
                           NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    psyi_buffer_clear(&text);
    psyi_buffer_text(&text, "student,school,grade,class,time,seconds");
    for (int i = 1; i <= ITEMS; i++)
        psyi_buffer_format(&text, ",long_%d", i);
    for (int row = 0; row < ROWS; row++) {
        psyi_chance chance = psyi_chance_stream(1, 2, (uint64_t)row);
        psyi_buffer_format(&text, "\nS%02d,1,8,1,,", row);
        for (int i = 0; i < ITEMS; i++)
            psyi_buffer_text(&text, psyi_chance_below(&chance, ROWS) < (unsigned)row ? ",1" : ",0");
    }
    psyi_buffer_char(&text, '\n');
    snprintf(c.path, sizeof c.path, "%s/responses.csv", c.w.directory);
    psy_test_write_file(c.path, text.data, text.length);
    psyi_buffer_done(&text);
    const psy_quality_options options = {.version = PSY_QUALITY_OPTIONS_VERSION, .n_threads = 1};
    char *const all = text_of(&c, &options);
    const char *const most = strstr(all, "long,most,all,40,");
    assert_non_null(most);
    assert_non_null(strstr(most, "many_items"));
    assert_true(strstr(most, "many_items") < strchr(most, '\n'));
    assert_non_null(strstr(all, "long,some,all,40,"));
    free(all);
    ward_close(&c.w);
}

static void test_rows_and_threads_change_nothing(void **state)
{
    (void)state;
    quality_case c;
    open_case(&c, "{policy: default}", 400, 10);
    psy_quality_options options = {.version = PSY_QUALITY_OPTIONS_VERSION, .n_threads = 1};
    char *const first = text_of(&c, &options);
    /* The same rows from the last to the first. */
    char *const text = psy_test_read_file(c.path, NULL);
    psyi_buffer turned;
    psyi_buffer_init(&turned, NULL);
    char *const body = strchr(text, '\n') + 1;
    psyi_buffer_add(&turned, text, (size_t)(body - text));
    for (char *end = text + strlen(text); end > body;) {
        char *begin = end - 1;
        while (begin > body && begin[-1] != '\n')
            begin--;
        psyi_buffer_add(&turned, begin, (size_t)(end - begin));
        end = begin;
    }
    psy_test_write_file(c.path, turned.data, turned.length);
    options.n_threads = 3;
    char *const second = text_of(&c, &options);
    assert_string_equal(first, second);
    assert_non_null(strstr(first, "| sds | person_total |"));
    assert_non_null(strstr(first, "## 量表"));
    free(first);
    free(second);
    free(text);
    psyi_buffer_done(&turned);
    ward_close(&c.w);
}

static size_t row_of(const psy_table *table, const char *scale, const char *group)
{
    const size_t scales = psy_table_find(table, "scale"), groups = psy_table_find(table, "group");
    for (size_t row = 0; row < psy_table_row_count(table); row++) {
        const char *a, *b;
        size_t n, m;
        if (psy_table_get_text(table, scales, row, &a, &n) && n == strlen(scale) &&
            memcmp(a, scale, n) == 0 && psy_table_get_text(table, groups, row, &b, &m) &&
            m == strlen(group) && memcmp(b, group, m) == 0)
            return row;
    }
    return SIZE_MAX;
}

static void test_small_groups_say_nothing(void **state)
{
    (void)state;
    quality_case c;
    psy_quality *quality = NULL;
    double value;
    int64_t n;
    const char *notes;
    size_t length;
    open_case(&c, NULL, 3, 0);
    const char *const paths[] = {c.path};
    assert_int_equal(psy_quality_run(&quality, c.w.plan, NULL, 0, paths, 1, NULL, NULL, NULL),
                     PSY_OK);
    const psy_table *const scales = psy_quality_table(quality, PSY_QUALITY_SCALES);
    const size_t row = row_of(scales, "total", "all");
    assert_int_not_equal(row, SIZE_MAX);
    assert_true(psy_table_get_int(scales, psy_table_find(scales, "n"), row, &n) && n == 3);
    assert_false(psy_table_get_double(scales, psy_table_find(scales, "mean"), row, &value));
    assert_false(psy_table_get_double(scales, psy_table_find(scales, "alpha"), row, &value));
    assert_true(psy_table_get_text(scales, psy_table_find(scales, "notes"), row, &notes, &length));
    assert_int_equal(length, strlen("suppressed"));
    assert_int_equal(psy_table_row_count(psy_quality_table(quality, PSY_QUALITY_ITEMS)), 0);
    const psy_table *const validity = psy_quality_table(quality, PSY_QUALITY_VALIDITY);
    for (size_t i = 0; i < psy_table_row_count(validity); i++)
        assert_false(psy_table_get_double(validity, psy_table_find(validity, "p50"), i, &value));
    psy_quality_free(quality);
    ward_close(&c.w);
}

static void test_tables_are_taken_and_saved(void **state)
{
    (void)state;
    quality_case c;
    psy_quality *quality = NULL;
    psy_error error = {.status = PSY_OK};
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const psy_sink sink = psy_test_sink(&text);
    open_case(&c, "{policy: default}", 60, 2);
    const char *const paths[] = {c.path};
    char directory[600];
    snprintf(directory, sizeof directory, "%s/q", c.w.directory);
    assert_int_equal(psy_quality_run(&quality, c.w.plan, NULL, 0, paths, 1, NULL, NULL, &error),
                     PSY_OK);
    assert_int_equal(psy_quality_save(quality, directory, &error), PSY_OK);
    static const char *const names[] = {"scales.csv", "items.csv",     "validity.csv",
                                        "checks.csv", "quality.en.md", "quality.zh.md"};
    for (size_t i = 0; i < 6; i++)
        assert_true(psyi_file_exists(psy_test_path(directory, names[i])));
    assert_int_equal(psy_quality_save(quality, "/dev/null/q", &error), PSY_E_OUTPUT);
    psy_table *const taken = psy_quality_take(quality, PSY_QUALITY_ITEMS);
    assert_int_equal(psy_table_row_count(taken), 9 + 20);
    assert_null(psy_quality_table(quality, PSY_QUALITY_ITEMS));
    assert_null(psy_quality_take(quality, PSY_QUALITY_PARTS));
    assert_int_equal(psy_quality_write(quality, "en", &sink, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_quality_write(quality, "fr", &sink, &error), PSY_E_ARGUMENT);
    psy_table_free(taken);
    psy_quality_free(quality);
    psy_quality_free(NULL);
    psyi_buffer_done(&text);
    ward_close(&c.w);
}

static void test_arguments(void **state)
{
    (void)state;
    quality_case c;
    psy_quality *quality = NULL;
    psy_error error = {.status = PSY_OK};
    open_case(&c, NULL, 2, 0);
    const char *const paths[] = {c.path};
    const char *const missing[] = {"/nowhere/at/all.csv"};
    const psy_quality_options bad[] = {
        {.version = PSY_QUALITY_OPTIONS_VERSION + 1}, {.level = 1}, {.level = -1}, {.rows = 7}};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            psy_quality_run(&quality, c.w.plan, NULL, 0, paths, 1, &bad[i], NULL, &error),
            PSY_E_ARGUMENT);
    assert_int_equal(psy_quality_run(&quality, NULL, NULL, 0, paths, 1, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_quality_run(&quality, c.w.plan, NULL, 0, paths, 0, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_not_equal(
        psy_quality_run(&quality, c.w.plan, NULL, 0, missing, 1, NULL, NULL, &error), PSY_OK);
    assert_int_not_equal(
        psy_quality_run(&quality, c.w.plan, missing, 1, paths, 1, NULL, NULL, &error), PSY_OK);
    assert_null(quality);
    ward_close(&c.w);
}

static quality_case shared;

static psy_status quality_once(const psy_allocator *allocator, void *context)
{
    psy_quality *quality = NULL;
    const psy_quality_options options = {.allocator = allocator,
                                         .by = PSY_QUALITY_BY_GRADE | PSY_QUALITY_BY_SEX};
    const char *const paths[] = {shared.path};
    psyi_buffer text;
    (void)context;
    psy_status status =
        psy_quality_run(&quality, shared.w.plan, NULL, 0, paths, 1, &options, NULL, NULL);
    if (status != PSY_OK)
        return status;
    psyi_buffer_init(&text, NULL);
    const psy_sink sink = psy_test_sink(&text);
    status = psy_quality_write(quality, "zh", &sink, NULL);
    psyi_buffer_done(&text);
    psy_quality_free(quality);
    return status;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    open_case(&shared, "{policy: {inconsistency: {min_n: 3}}}", 14, 1);
    assert_true(psy_sweep(quality_once, NULL) > 200);
    ward_close(&shared.w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scales_of_hundreds_of_items),
        cmocka_unit_test(test_rows_and_threads_change_nothing),
        cmocka_unit_test(test_small_groups_say_nothing),
        cmocka_unit_test(test_tables_are_taken_and_saved),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
