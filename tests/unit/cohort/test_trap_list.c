/*
 * test_trap_list.c -- every trap and defect of school screening, and the test that names it.
 *
 * The list is that of the practice of districts: what went wrong in a product that was used on
 * children, and what files and children are like.  The first test holds the list against the
 * sources, so that a test that is renamed or taken out is missed; the traps that no other test
 * names follow.
 */
#include "screening_ward.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHQ_0 "000000000"

#define DEFECTS "tests/unit/cohort/test_named_defects.c"
#define TRAPS   "tests/unit/cohort/test_traps.c"
#define LADDER  "tests/unit/cohort/test_ladder.c"
#define MATCH   "tests/unit/cohort/test_matching.c"
#define TWICE   "tests/unit/cohort/test_duplicates.c"
#define HERE    "tests/unit/cohort/test_trap_list.c"
#define CELLS   "tests/unit/intake/test_cells.c"
#define CODES   "tests/unit/intake/test_codes.c"
#define HEADERS "tests/unit/intake/test_header.c"
#define ROWS    "tests/unit/intake/test_responses.c"
#define QUERY   "tests/unit/intake/test_question.c"
#define ENCODE  "tests/unit/intake/test_encodings.c"

static const struct {
    const char *trap, *file, *named;
} list[] = {
    /* defects of a product used on children */
    {"a flag leaks to every later student", DEFECTS, "test_1_nothing_leaks_to_the_next_student"},
    {"tier by the mean alone", DEFECTS, "test_2_an_item_raises_whatever_the_mean"},
    {"a failed check removes the student", DEFECTS, "test_3_a_failed_check_removes_nobody"},
    {"a verdict is overwritten, one set is checked", DEFECTS,
     "test_4_the_verdict_stays_in_every_battery"},
    {"floor(count / 5) >= 0.73", DEFECTS, "test_5_shares_are_not_rounded_down"},
    {"three levels, one list", DEFECTS, "test_6_every_level_has_its_own_list"},
    {"a sheet for each name", DEFECTS, "test_7_children_of_one_name_are_two"},
    {"numbers that are constants", DEFECTS, "test_8_counts_are_counted"},
    /* the list of traps */
    {"a name of one sign", LADDER, "\"one letter\""},
    {"a name of four signs", HERE, "test_a_name_of_four_signs"},
    {"a name with a dot", LADDER, "a name with a dot, written without"},
    {"same name, same class", LADDER, "same name, same class"},
    {"twins", LADDER, "\"twins\""},
    {"twins and a critical sheet", LADDER, "either twin's asks for both"},
    {"a number that changed from L to G", LADDER, "an old number"},
    {"class moved while the wave ran", MATCH, "test_sheet_and_roster_disagree"},
    {"a second paper next day, item 9 flipped", TWICE, "test_next_day_with_item_9_flipped"},
    {"a hundred times no", TRAPS, "\"all no\""},
    {"a hundred times yes", TRAPS, "\"all yes\""},
    {"validity exactly 6", TRAPS, "\"validity 6\""},
    {"validity exactly 7", TRAPS, "\"validity 7\""},
    {"total 55", TRAPS, "\"total 55\""},
    {"total 56", TRAPS, "\"total 56\""},
    {"total 64", TRAPS, "\"total 64\""},
    {"total 65", TRAPS, "\"total 65\""},
    {"content scale 7 or 8, of 10 and of 15", HERE, "test_content_scales_at_seven_and_eight"},
    {"PHQ-9 19, 20, 21 with item 9 0, 1, 2", HERE, "test_phq_19_20_21_with_item_9"},
    {"December to January", HERE, "test_december_to_january"},
    {"a title row", HEADERS, "test_title_rows_are_skipped"},
    {"a file with the total alone", HERE, "test_a_file_with_the_total_alone"},
    /* identifiers and files */
    {"a number in scientific notation", ROWS, "id in scientific notation"},
    {"a number that only looks so", ROWS, "test_ids_that_only_look_scientific_are_kept"},
    {"sex 1/2 in either meaning", ROWS, "test_codes_that_mean_nothing_are_refused"},
    {"a file that somebody saved as GBK", ENCODE,
     "test_undeclared_gbk_is_refused_with_what_to_declare"},
    {"UTF-16 without a mark", ENCODE, "test_undeclared_utf16_is_refused_with_what_to_declare"},
    {"1班人数 is no question 1", QUERY, "1班人数"},
    {"skipped in words", CODES, "(跳过)"},
    {"skipped as -3", CODES, "\"-3\""},
    {"5340秒", CELLS, "5340秒"},
    {"a class and a school that are not there", LADDER, "\"no such class\""},
    {"a student that is not there", LADDER, "nobody of this name in the class"},
    {"two forms of one question", HEADERS, "test_two_columns_for_one_item_are_refused"},
};

static void test_every_trap_has_a_test_that_names_it(void **state)
{
    (void)state;
    bool good = true;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        char *const text = psy_test_read_file(psy_test_source(list[i].file), NULL);
        /* In this file, where the list itself names it: as a function. */
        char wanted[160];
        snprintf(wanted, sizeof wanted, "%s%s", strcmp(list[i].file, HERE) == 0 ? "void " : "",
                 list[i].named);
        if (strstr(text, wanted) == NULL) {
            print_error("%s: no '%s' in %s\n", list[i].trap, wanted, list[i].file);
            good = false;
        }
        free(text);
    }
    assert_true(good);
}

static ward_row sheet(const char *student, const char *answers, const char *phq)
{
    return (ward_row){.student = student,
                      .school = "A",
                      .grade = "8",
                      .sex = "f",
                      .time = "2026-10-01 08:00",
                      .mht = answers,
                      .phq = phq};
}

/* Study anxiety has 15 items and social anxiety 10; "8 and more" is the same number of both. */
static void test_content_scales_at_seven_and_eight(void **state)
{
    (void)state;
    static const char rules[] =
        "    - {id: two, rank: 1, when: \"count(mht.study_anxiety >= 8, mht.social_anxiety >= 8) "
        ">= 2\", text: {zh: 两个, en: two}}\n";
    /* Items 1-15 and 16-25: 8 and 8, 8 and 7, 7 and 8, 8 and a blank that decides. */
    const ward_row rows[] = {
        sheet("88",
              mht(0, 0, "1=1,2=1,3=1,4=1,5=1,6=1,7=1,8=1,16=1,17=1,18=1,19=1,20=1,21=1,22=1,23=1"),
              PHQ_0),
        sheet("87", mht(0, 0, "1=1,2=1,3=1,4=1,5=1,6=1,7=1,8=1,16=1,17=1,18=1,19=1,20=1,21=1,22=1"),
              PHQ_0),
        sheet("78",
              mht(0, 0, "1=1,2=1,3=1,4=1,5=1,6=1,7=1,16=1,17=1,18=1,19=1,20=1,21=1,22=1,23=1"),
              PHQ_0),
        sheet("8x",
              mht(0, 0, "1=1,2=1,3=1,4=1,5=1,6=1,7=1,8=1,16=1,17=1,18=1,19=1,20=1,21=1,22=1,23=."),
              PHQ_0),
        sheet("8y",
              mht(0, 0,
                  "1=1,2=1,3=1,4=1,5=1,6=1,7=1,8=1,16=1,17=1,18=1,19=1,20=1,21=1,22=1,23=1,24=."),
              PHQ_0)};
    ward w;
    ward_open(&w, &(ward_plan){.rules = rules});
    ward_run(&w, NULL, rows, sizeof rows / sizeof *rows, 1);
    assert_string_equal(ward_line(&w, NULL, "88"), "valid 1 1 two -");
    assert_string_equal(ward_line(&w, NULL, "87"), "valid 0 0 - -");
    assert_string_equal(ward_line(&w, NULL, "78"), "valid 0 0 - -");
    assert_string_equal(ward_line(&w, NULL, "8x"), "incomplete - 1 - two");
    assert_string_equal(ward_line(&w, NULL, "8y"), "valid 1 1 two -"); /* even with the blank */
    ward_close(&w);
}

static void test_phq_19_20_21_with_item_9(void **state)
{
    (void)state;
    static const struct {
        const char *phq, *expect;
    } nine[] = {
        {"333333100", "valid 2 2 phq_15;phq_10 -"},
        {"333333001", "valid 2 2 phq9.critical_9;phq_15;phq_10 -"},
        {"333332002", "valid 3 3 phq9.critical_9;phq9.urgent_9;phq_15;phq_10 -"},
        {"333333200", "valid 2 2 phq_15;phq_10 -"},
        {"333333101", "valid 2 2 phq9.critical_9;phq_15;phq_10 -"},
        {"333333002", "valid 3 3 phq9.critical_9;phq9.urgent_9;phq_15;phq_10 -"},
        {"333333300", "valid 2 2 phq_15;phq_10 -"},
        {"333333201", "valid 2 2 phq9.critical_9;phq_15;phq_10 -"},
        {"333333102", "valid 3 3 phq9.critical_9;phq9.urgent_9;crisis;phq_15;phq_10 -"},
    };
    enum { N = sizeof nine / sizeof *nine };
    ward_row rows[N];
    char codes[N][8];
    for (size_t i = 0; i < N; i++) {
        snprintf(codes[i], sizeof codes[i], "S%zu", i);
        rows[i] = sheet(codes[i], mht(0, 0, NULL), nine[i].phq);
    }
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, N, 1);
    for (size_t i = 0; i < N; i++)
        assert_string_equal(ward_line(&w, NULL, codes[i]), nine[i].expect);
    ward_close(&w);
}

/* The later paper is that of January: the year changed between two papers of one night. */
static void test_december_to_january(void **state)
{
    (void)state;
    ward_row rows[] = {sheet("S", mht(70, 0, NULL), PHQ_0), sheet("S", mht(0, 0, NULL), PHQ_0)};
    rows[0].time = "2026-12-31 23:30";
    rows[1].time = "2027-01-01 00:10";
    for (int last = 0; last < 2; last++)
        for (int turn = 0; turn < 2; turn++) {
            const ward_row turned[] = {rows[turn], rows[1 - turn]};
            ward w;
            ward_open(&w, &(ward_plan){.duplicates = last ? "last" : "first"});
            ward_run(&w, NULL, turned, 2, 1);
            assert_string_equal(ward_line(&w, NULL, "S"),
                                last ? "valid 0 0 - -" : "valid 2 2 mht_65;mht_56 -");
            const psyi_student *const s = &w.results->students[ward_student(&w, NULL, "S")];
            assert_int_equal(s->submitted_at, INT64_C(1798759800)); /* 2026-12-31T23:30 */
            ward_close(&w);
        }
}

static void test_a_file_with_the_total_alone(void **state)
{
    (void)state;
    ward w;
    psy_error error = {.status = PSY_OK};
    ward_open(&w, &(ward_plan){.rules = NULL});
    /* No score is taken from a total that somebody else reckoned: the items are missing. */
    const psy_status status =
        ward_try_text(&w, NULL,
                      "student,school,grade,class,sex,name,time,seconds,consent,informant,总分\n"
                      "S,A,8,,,,,,,,71\n",
                      1, NULL, &error);
    assert_int_equal(status, PSY_E_DATA);
    assert_non_null(strstr(error.message, "column"));
    ward_close(&w);
}

static void test_a_name_of_four_signs(void **state)
{
    (void)state;
    ward w;
    ward_row rows[] = {sheet("S1", mht(0, 0, NULL), PHQ_0), sheet("S2", mht(0, 0, NULL), PHQ_0),
                       sheet("S3", mht(0, 0, NULL), PHQ_0)};
    rows[0].name = "欧阳娜娜";
    rows[1].name = "欧阳 娜娜"; /* a blank is no other name */
    rows[2].name = "欧阳娜";
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w,
             WARD_ROSTER "A,S1,8,,f,1,,欧阳娜娜\nA,S2,8,,f,1,,欧阳娜娜\nA,S3,8,,f,1,,欧阳娜娜\n",
             rows, 3, 1);
    assert_int_equal(ward_findings(&w, "name_differs", "S1"), 0);
    assert_int_equal(ward_findings(&w, "name_differs", "S2"), 0);
    assert_int_equal(ward_findings(&w, "name_differs", "S3"), 1);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_trap_has_a_test_that_names_it),
        cmocka_unit_test(test_content_scales_at_seven_and_eight),
        cmocka_unit_test(test_phq_19_20_21_with_item_9),
        cmocka_unit_test(test_december_to_january),
        cmocka_unit_test(test_a_file_with_the_total_alone),
        cmocka_unit_test(test_a_name_of_four_signs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
