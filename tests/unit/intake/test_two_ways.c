/*
 * test_two_ways.c -- the quick and the general way of reading give the same, whatever the
 * cells look like; no allocation that fails goes unnoticed.
 */
#include "test_support.h"

#include "intake_fixture.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const psy_instrument *const three[] = {&fixture_phq9, &fixture_psqi, &fixture_sdq};
static const char *const student[] = {"student"}, *const sex[] = {"sex"},
                         *const grade[] = {"grade"}, *const class_name[] = {"class"};
static const char *const skipped_texts[] = {"-", "(跳过)"};
static const psyi_code_text words[] = {{"x", "2", {0, 0, 0}}, {"1", "3", {0, 0, 0}}};
static const psyi_code_map words_only[] = {{"phq9", words, 1}}, renaming[] = {{"phq9", words, 2}};

static const char header[] =
    "student,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9,phq9_10,sex,"
    "psqi_q1_bed,psqi_q2_minutes,psqi_q4_hours,psqi_5,sdq_1,sdq_2,grade,class\n";

/* Cells as they may come; the frequent ones several times. */
static const char *const cells[] = {
    "0",          "1",         "2",    "3",   "0",        "1",          "2",
    "3",          "0",         "1",    "2",   "3",        "",           "\"1\"",
    "\"2\"",      "8",         "9",    "7",   "x",        "-",          "(跳过)",
    "\"(跳过)\"", " 1",        "1 ",   "1.0", "１",       "not at all", "\"1\" ",
    "\"1\"x",     "\"1\"\"\"", "a\"b", "12",  "\"1\n2\"", "\"\"",       "一半以上天数",
    "\"0\"0"};

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void random_text(psyi_buffer *text, uint32_t seed)
{
    psyi_buffer_clear(text);
    psyi_buffer_text(text, header);
    for (unsigned row = 0; row < 40; row++) {
        const unsigned n = next(&seed) % 10 == 0 ? next(&seed) % 22 : 20;
        for (unsigned column = 0; column < n; column++) {
            static const char *const sexes[] = {"男", "女", ""};
            psyi_buffer_text(text, column > 0 ? "," : "");
            if (column == 11)
                psyi_buffer_text(text, sexes[next(&seed) % 3]);
            else
                psyi_buffer_text(text, cells[next(&seed) % COUNT(cells)]);
        }
        psyi_buffer_text(text, next(&seed) % 7 == 0 ? "\r\n" : "\n");
    }
}

static void plan(fixture_reading *reading, bool renames)
{
    fixture_plan(reading, three, 3);
    reading->input.codes = renames ? renaming : words_only;
    reading->input.n_codes = 1;
    reading->input.skipped = (psyi_text_list){skipped_texts, 2};
    fixture_column(reading, PSYI_FIELD_STUDENT, student, 1);
    fixture_column(reading, PSYI_FIELD_SEX, sex, 1);
    fixture_column(reading, PSYI_FIELD_GRADE, grade, 1);
    fixture_column(reading, PSYI_FIELD_CLASS, class_name, 1);
}

static void test_both_ways_read_alike(void **state)
{
    (void)state;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    for (uint32_t seed = 1; seed <= 300; seed++) {
        fixture_reading quick, general;
        random_text(&text, seed);
        plan(&quick, seed % 4 == 0);
        plan(&general, seed % 4 == 0);
        general.options.input = &general.input;
        general.options.general_only = true;
        fixture_read(&quick, text.data, text.length);
        fixture_read(&general, text.data, text.length);
        fixture_assert_same(&quick, &general);
        fixture_done(&quick);
        fixture_done(&general);
    }
    psyi_buffer_done(&text);
}

/* ---- allocation sweep ---- */

static const char sweep_text[] =
    "student,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9,sex,phq9_99,note,"
    "psqi_q1_bed,psqi_q2_minutes,psqi_q4_hours,psqi_5,sdq_1,sdq_2,grade,class,keep\n"
    "G1,0,1,2,3,0,1,2,3,7,男,,x,23.30,601,6.5,9,0,1,七年级,八年级一班,k\n"
    "G2,\"a\"\"b\",\"c\"d\nG3,1,1,1,1,1,1,1,1,1,女,,,,,,,,,初九,704,k,too long\n";

static psy_status read_once(const psy_allocator *allocator, void *context)
{
    static const char *const keep[] = {"keep"};
    psy_test_bytes bytes = {.bytes = sweep_text, .length = sizeof sweep_text - 1};
    const psy_source source = psy_test_source_of(&bytes, "answers.csv");
    fixture_reading reading;
    psyi_intake *intake = PSY_UNTOUCHED;
    psy_findings *findings = NULL;
    psy_error error;
    plan(&reading, false);
    reading.options.keep = keep;
    reading.options.n_keep = 1;
    if (context != NULL) {
        assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    } else {
        const psy_status status = psy_findings_new(&findings, allocator, &error);
        if (status != PSY_OK)
            return status;
    }
    const psy_status status =
        psyi_intake_read(&intake, &reading.options, NULL, &source, 1, allocator, findings, &error);
    if (status == PSY_OK)
        psyi_intake_free(intake);
    else
        psy_assert_untouched(intake);
    psy_findings_free(findings);
    return status;
}

static void test_reading_survives_every_failed_allocation(void **state)
{
    static int own_findings;
    (void)state;
    assert_true(psy_sweep(read_once, NULL) > 20);
    assert_true(psy_sweep(read_once, &own_findings) > 20);
}

static psy_status read_roster_once(const psy_allocator *allocator, void *context)
{
    static const char text[] = "student,school,grade,sex,required\nG1,1,七年级,男,yes\n"
                               "\"G\"\"2\",1,8,女,maybe\n";
    psy_test_bytes bytes = {.bytes = text, .length = sizeof text - 1};
    const psy_source source = psy_test_source_of(&bytes, "roster.csv");
    const psyi_input input = {.present = false};
    psyi_roster *roster = PSY_UNTOUCHED;
    psy_error error;
    const psy_status status =
        psyi_roster_read(&roster, &input, NULL, &source, allocator, context, &error);
    if (status == PSY_OK)
        psyi_roster_free(roster);
    else
        psy_assert_untouched(roster);
    return status;
}

static void test_rosters_survive_every_failed_allocation(void **state)
{
    psy_findings *findings = NULL;
    (void)state;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_true(psy_sweep(read_roster_once, findings) > 5);
    psy_findings_free(findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways_read_alike),
        cmocka_unit_test(test_reading_survives_every_failed_allocation),
        cmocka_unit_test(test_rosters_survive_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
