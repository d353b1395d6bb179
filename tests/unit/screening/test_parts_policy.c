/*
 * test_parts_policy.c -- a wave in parts, whose policy holds each sheet against all others:
 * the sums of the parts say what one run says, and what does not add up is refused.
 */
#include "policy_sheets.h"

#include "base/file.h"

#include <psyscreen/wave.h>

#include <stdio.h>
#include <string.h>

static const made_up BATTERY = {"", {"mht", "sds", NULL}};
enum { PARTS = 3 };

typedef struct text_part {
    psyi_buffer text;
    psy_test_bytes bytes;
    psy_source source;
    psy_screening_part part;
} text_part;

static const psy_screening_part *rewound(text_part *p)
{
    p->bytes = (psy_test_bytes){.bytes = p->text.data, .length = p->text.length};
    p->source = psy_test_source_of(&p->bytes, "responses.csv");
    p->part = (psy_screening_part){.responses = &p->source, .n_responses = 1};
    return &p->part;
}

/* Rows go to the part of their school, which is the second cell. */
static void split(const char *text, text_part parts[PARTS])
{
    const char *line = text, *end = strchr(line, '\n') + 1;
    for (unsigned i = 0; i < PARTS; i++) {
        psyi_buffer_init(&parts[i].text, NULL);
        psyi_buffer_add(&parts[i].text, line, (size_t)(end - line));
    }
    for (line = end; *line != '\0'; line = end) {
        end = strchr(line, '\n') + 1;
        const unsigned school = (unsigned)(strchr(line, ',')[1] - '1');
        assert_true(school < PARTS);
        psyi_buffer_add(&parts[school].text, line, (size_t)(end - line));
    }
}

static int collect(void *context, const char *school, const char *lines, size_t length)
{
    psyi_buffer *const out = context;
    if (school != NULL || out->length == 0)
        psyi_buffer_add(out, lines, length);
    return 0;
}

static void test_parts_say_what_one_run_says(void **state)
{
    (void)state;
    ward w;
    psyi_buffer plan, text, lines, whole, wave_text;
    psy_error error = {.status = PSY_OK};
    text_part parts[PARTS] = {{.text = {.length = 0}}};
    psy_wave *sum = NULL, *copy = NULL;
    psyi_buffer *const buffers[] = {&plan, &text, &lines, &whole, &wave_text};
    for (size_t i = 0; i < 5; i++)
        psyi_buffer_init(buffers[i], NULL);
    made_up_plan(&plan, &BATTERY, "{policy: default}");
    ward_open_text(&w, plan.data, BATTERY.instruments);
    made_up_responses(&text, &w, 480, 20, 8);
    split(text.data, parts);

    char path[600], results[600];
    snprintf(path, sizeof path, "%s/responses.csv", w.directory);
    snprintf(results, sizeof results, "%s/results", w.directory);
    psy_test_write_file(path, text.data, text.length);
    const char *const paths[] = {path};
    const psy_screening_options options = {.version = PSY_SCREENING_OPTIONS_VERSION,
                                           .no_workbooks = true};
    if (psy_screening_run(w.plan, NULL, 0, paths, 1, results, &options, NULL, NULL, &error) !=
        PSY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(psyi_file_read(psy_test_path(results, "scores.csv"), 1 << 24, &whole, NULL),
                     PSY_OK);

    assert_int_equal(psy_wave_new(&sum, w.plan, NULL, &error), PSY_OK);
    for (unsigned i = PARTS; i-- > 0;) { /* the last first, each in a wave of its own */
        psy_wave *wave = NULL;
        assert_int_equal(psy_wave_new(&wave, w.plan, NULL, &error), PSY_OK);
        if (psy_wave_fold(wave, rewound(&parts[i]), NULL, &error) != PSY_OK)
            fail_msg("%s", error.message);
        assert_int_equal(psy_wave_merge(sum, wave, &error), PSY_OK);
        psy_wave_free(wave);
    }
    const psy_sink sink = psy_test_sink(&wave_text);
    assert_int_equal(psy_wave_write(sum, &sink, &error), PSY_OK);
    if (psy_wave_read(&copy, w.plan, wave_text.data, wave_text.length, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    for (unsigned i = 0; i < PARTS; i++)
        if (psy_screening_run_part(w.plan, copy, rewound(&parts[i]), NULL, collect, &lines, NULL,
                                   NULL, &error) != PSY_OK)
            fail_msg("%s", error.message);
    assert_int_equal(lines.length, whole.length);
    assert_memory_equal(lines.data, whole.data, whole.length);
    assert_non_null(strstr(whole.data, ",doubtful,"));

    /* 580 sheets, 200 needed: a part alone has too few of them and finds less. */
    psy_wave *alone = NULL;
    psyi_buffer_clear(&lines);
    assert_int_equal(psy_wave_new(&alone, w.plan, NULL, &error), PSY_OK);
    assert_int_equal(psy_wave_fold(alone, rewound(&parts[0]), NULL, &error), PSY_OK);
    assert_int_equal(psy_screening_run_part(w.plan, alone, rewound(&parts[0]), NULL, collect,
                                            &lines, NULL, NULL, &error),
                     PSY_OK);
    assert_memory_not_equal(lines.data, whole.data, lines.length);
    psy_wave_free(alone);
    psy_wave_free(sum);
    psy_wave_free(copy);
    for (unsigned i = 0; i < PARTS; i++)
        psyi_buffer_done(&parts[i].text);
    for (size_t i = 0; i < 5; i++)
        psyi_buffer_done(buffers[i]);
    ward_close(&w);
}

static void test_what_does_not_add_up_is_refused(void **state)
{
    (void)state;
    static const char *const signs[] = {
        "time: {relative_speed: 2}", "inconsistency: {synonyms: 0.2}",
        "inconsistency: {antonyms: 0}", "inconsistency: {guttman: 0.9}",
        "inconsistency: {u3: 0.5}"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        ward w;
        psyi_buffer plan, block;
        psy_wave *wave = NULL;
        psy_error error = {.status = PSY_OK};
        psyi_buffer_init(&plan, NULL);
        psyi_buffer_init(&block, NULL);
        psyi_buffer_format(&block, "{policy: {%s}}", signs[i]);
        made_up_plan(&plan, &BATTERY, block.data);
        ward_open_text(&w, plan.data, BATTERY.instruments);
        assert_int_equal(psy_wave_new(&wave, w.plan, NULL, &error), PSY_OK);
        text_part none = {.text = {.length = 0}};
        assert_int_equal(psy_wave_fold(wave, rewound(&none), NULL, &error), PSY_E_UNSUPPORTED);
        assert_non_null(strstr(error.message, "`off`"));
        psy_wave_free(wave);
        psyi_buffer_done(&plan);
        psyi_buffer_done(&block);
        ward_close(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_say_what_one_run_says),
        cmocka_unit_test(test_what_does_not_add_up_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
