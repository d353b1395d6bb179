/*
 * test_matching.c -- who a sheet belongs to: rosters, codes, schools, and sheets of nobody.
 */
#include "screening_ward.h"

#include <string.h>

static const char ROSTER[] = WARD_ROSTER "A,S1,8,1,f,1,,王\n"
                                         "A,S2,8,1,m,1,,欧阳娜娜\n"
                                         "A,S3,6,2,f,0,,李·明\n"
                                         "B,S4,9,3,m,1,,张三\n";

static ward_row row_of(const char *student, const char *school)
{
    return (ward_row){.student = student,
                      .school = school,
                      .grade = "8",
                      .time = "2026-10-01 08:00",
                      .mht = mht(0, 0, NULL),
                      .phq = "000000000"};
}

static void test_roster_students_absent_exempt_and_present(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of("S1", "A")};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, ROSTER, rows, 1, 1);
    assert_int_equal(w.results->n_students, 4);
    assert_string_equal(ward_line(&w, "A", "S1"), "valid 0 0 - -");
    assert_string_equal(ward_line(&w, "A", "S2"), "absent - - - -");
    assert_string_equal(ward_line(&w, "A", "S3"), "absent - - - -");
    assert_true(w.results->students[ward_student(&w, "A", "S3")].exempt);
    assert_int_equal(w.results->students[ward_student(&w, "A", "S3")].why, PSYI_WHY_EXEMPT);
    assert_int_equal(ward_findings(&w, "exempt_no_reason", "S3"), 1); /* nobody says why */
    psyi_counts counts;
    psyi_count(w.results, 0, 4, NULL, NULL, &counts);
    assert_int_equal(counts.target, 4);
    assert_int_equal(counts.exempt, 1);
    assert_int_equal(counts.due, 3);
    assert_int_equal(counts.tested, 1);
    assert_int_equal(counts.valid, 1);
    assert_int_equal(counts.status[PSYI_STATUS_ABSENT], 3);
    ward_close(&w);
}

static void test_exempt_who_came_is_due_after_all(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of("S3", "A")};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, ROSTER, rows, 1, 1);
    assert_string_equal(ward_line(&w, "A", "S3"), "valid 0 0 - -");
    assert_int_equal(ward_findings(&w, "exempt_tested", "S3"), 1);
    assert_int_equal(ward_findings(&w, "exempt_no_reason", "S3"), 0);
    psyi_counts counts;
    psyi_count(w.results, 0, 4, NULL, NULL, &counts);
    assert_int_equal(counts.exempt, 0);
    ward_close(&w);
}

static void test_unknown_student_with_a_critical_item_is_not_lost(void **state)
{
    (void)state;
    ward_row rows[] = {row_of("S9", "A"), row_of("", "A"), row_of("S8", "A")};
    rows[0].phq = "000000002";
    rows[1].mht = mht(0, 0, "85=1");
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, ROSTER, rows, 3, 1);
    assert_int_equal(w.results->n_unmatched, 3);
    assert_int_equal(w.results->unmatched_why[0], PSYI_UNMATCHED_UNKNOWN);
    assert_int_equal(w.results->unmatched_why[1], PSYI_UNMATCHED_NO_CODE);
    assert_int_equal(psyi_record_critical(w.results, 0), 2);
    assert_int_equal(psyi_record_critical(w.results, 1), 1);
    assert_int_equal(psyi_record_critical(w.results, 2), 0);
    assert_int_equal(ward_findings(&w, "unmatched_critical", NULL), 2);
    assert_int_equal(ward_findings(&w, "unmatched", NULL), 1);
    psyi_counts counts;
    psyi_count(w.results, 0, 4, NULL, NULL, &counts);
    assert_int_equal(counts.tested, 0);
    assert_int_equal(counts.unmatched, 3);
    assert_int_equal(counts.records, 3);
    ward_close(&w);
}

static void test_codes_are_canonical(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of(" Ｓ１ ", "A"), row_of("s2", "A"), row_of("S4", "Ｂ")};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, ROSTER, rows, 3, 1);
    assert_int_equal(w.results->n_unmatched, 0);
    assert_true(w.results->students[ward_student(&w, "A", "S1")].tested);
    assert_true(w.results->students[ward_student(&w, "A", "S2")].tested);
    assert_true(w.results->students[ward_student(&w, "B", "S4")].tested);
    assert_int_equal(ward_findings(&w, "code_case", "S2"), 1);
    ward_close(&w);
}

static void test_case_is_no_match_when_two_could_be_meant(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of("ab", "A")};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, WARD_ROSTER "A,Ab,8,1,f,1,,\nA,aB,8,1,f,1,,\n", rows, 1, 1);
    assert_int_equal(w.results->n_unmatched, 1);
    assert_int_equal(w.results->unmatched_why[0], PSYI_UNMATCHED_UNKNOWN);
    ward_close(&w);
}

/* Zeros that a spreadsheet took, a G that a pupil left out: told, and never a match. */
static void test_numbers_that_are_written_otherwise(void **state)
{
    (void)state;
    static const struct {
        const char *sheet;
        const char *says; /* NULL: nothing is near */
    } cases[] = {
        {"12", "with zeros before it"},
        {"000013", "without the zeros before it"},
        {"99", "with a G before it"},
        {"g14", "without the G before it"},
        {"14.0", "without the decimals"},
        {"12.00", "without the decimals"},
        {"'1-5", "without the blanks, dashes or apostrophes"},
        {"0", NULL},
        {"16", NULL},
        {"17", NULL}, /* 017 and 0017 are two pupils of the school */
        {"G0012", "without the G before it"},
        {"14.5", NULL},
        {"-", NULL},
        {"1234567890123456789012345678901234567890123", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ward_row row = row_of(cases[i].sheet, "A");
        ward w;
        ward_open(&w, &(ward_plan){.rules = NULL});
        ward_run(&w,
                 WARD_ROSTER "A,0012,8,1,f,1,,\nA,13,8,1,m,1,,\nB,G99,8,1,m,1,,\nA,14,8,1,f,1,,\n"
                             "A,15,8,1,m,1,,\nA,017,8,1,f,1,,\nA,0017,8,1,f,1,,\n",
                 &row, 1, 1);
        assert_int_equal(w.results->n_unmatched, 1);
        const char *const found = ward_message(&w, "code_near");
        if ((found == NULL) != (cases[i].says == NULL) ||
            (found != NULL && strstr(found, cases[i].says) == NULL))
            fail_msg("'%s': %s", cases[i].sheet, found != NULL ? found : "nothing");
        ward_close(&w);
    }
}

static const char TWO_SCHOOLS[] = WARD_ROSTER "A,S1,8,1,f,1,,\nB,S1,9,1,m,1,,\n";

static void test_one_code_in_two_schools_is_decided_by_the_school(void **state)
{
    (void)state;
    ward_row rows[] = {row_of("S1", "B")};
    rows[0].mht = mht(65, 0, NULL);
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, TWO_SCHOOLS, rows, 1, 1);
    assert_int_equal(ward_findings(&w, "code_in_two_schools", "S1"), 2);
    assert_string_equal(ward_line(&w, "A", "S1"), "absent - - - -");
    assert_string_equal(ward_line(&w, "B", "S1"), "valid 2 2 mht_65;mht_56 -");
    ward_close(&w);
}

static void test_one_code_in_two_schools_without_a_school_is_ambiguous(void **state)
{
    (void)state;
    ward_row rows[] = {row_of("S1", ""), row_of("S1", "C")};
    rows[0].phq = "000000002";
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, TWO_SCHOOLS, rows, 2, 1);
    assert_int_equal(w.results->n_unmatched, 2);
    assert_int_equal(w.results->unmatched_why[0], PSYI_UNMATCHED_AMBIGUOUS);
    assert_int_equal(w.results->unmatched_why[1], PSYI_UNMATCHED_AMBIGUOUS);
    assert_int_equal(ward_findings(&w, "unmatched_critical", NULL), 1);
    for (size_t s = 0; s < 2; s++) { /* each must be asked in person, neither is judged */
        assert_true(psyi_listed(w.results, s));
        assert_int_equal(w.results->students[s].verify, 2);
        assert_true((w.results->students[s].why & PSYI_WHY_AMBIGUOUS) != 0);
        assert_int_equal(w.results->students[s].tier, PSYI_NOT_JUDGED);
        assert_int_equal(psyi_critical_class(w.results, s), 0);
    }
    ward_close(&w);
}

static void test_without_a_roster_school_and_code_make_a_student(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of("S1", "A"), row_of("S1", "B"), row_of("S2", "A"),
                             row_of("S2", ""), row_of("S3", "")};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, 5, 1);
    assert_int_equal(w.results->n_students, 4);
    assert_int_equal(ward_findings(&w, "code_in_two_schools", "S1"), 2);
    /* The sheet of S2 that names no school is the one student's of that code. */
    assert_int_equal(w.results->students[ward_student(&w, "A", "S2")].n_records, 2);
    assert_int_not_equal(ward_student(&w, "", "S3"), SIZE_MAX);
    assert_int_equal(w.results->n_schools, 3);
    assert_string_equal(w.results->schools[0].code, "");
    ward_close(&w);
}

static void test_rosters_that_list_a_pupil_twice(void **state)
{
    (void)state;
    static const char *const rosters[] = {
        WARD_ROSTER "A,S1,8,1,f,1,,\nA,S1,8,2,f,1,,\nA,S2,8,1,f,1,,\nA,S2,8,1,f,1,,\n",
        WARD_ROSTER "A,S1,8,2,f,1,,\nA,S1,8,1,f,1,,\nA,S2,8,1,f,1,,\nA,S2,8,1,f,1,,\n",
    };
    const ward_row rows[] = {row_of("S1", "A")};
    for (size_t i = 0; i < 2; i++) {
        ward w;
        ward_open(&w, &(ward_plan){.rules = NULL});
        ward_run(&w, rosters[i], rows, 1, 1);
        assert_int_equal(w.results->n_students, 2);
        assert_int_equal(w.results->students[ward_student(&w, "A", "S1")].class_number, 1);
        assert_int_equal(ward_findings(&w, "roster_conflict", NULL), 1);
        assert_int_equal(ward_findings(&w, "roster_repeated", NULL), 1);
        ward_close(&w);
    }
}

/* A school that is merged over its pupils stands in the first row alone: one sentence of the
 * roster, none of each sheet. */
static void test_roster_rows_without_a_school(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of("S1", "A"), row_of("S2", "A"), row_of("S3", "A")};
    const char *const rosters[] = {
        WARD_ROSTER "A,S1,8,1,f,1,,王\n,S2,8,1,m,1,,李\n,S3,8,1,m,1,,赵\n",
        WARD_ROSTER ",S1,8,1,f,1,,王\n,S2,8,1,m,1,,李\n,S3,8,1,m,1,,赵\n", /* it never names any */
    };
    for (size_t i = 0; i < 2; i++) {
        ward w;
        ward_open(&w, &(ward_plan){.rules = NULL});
        ward_run(&w, rosters[i], rows, 3, 1);
        assert_int_equal(ward_findings(&w, "school_differs", NULL), 0);
        assert_int_equal(ward_findings(&w, "school_blank", NULL), i == 0);
        for (size_t j = 0; j < psy_findings_count(w.findings); j++) {
            const psy_finding finding = psy_findings_get(w.findings, j);
            if (strcmp(finding.rule, "school_blank") != 0)
                continue;
            assert_int_equal(finding.row, 3);
            assert_non_null(strstr(finding.message, "2 rows of the roster name no school"));
        }
        assert_int_equal(w.results->n_students, 3);
        ward_close(&w);
    }
}

static void test_roster_rows_without_a_class(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of("S1", "A"), row_of("S2", "A")};
    static const struct {
        const char *roster;
        size_t n;
    } cases[] = {
        {WARD_ROSTER "A,S1,8,1,f,1,,\nA,S2,8,2,m,1,,\n", 0},
        {WARD_ROSTER "A,S1,8,1,f,1,,\nA,S2,8,,m,1,,\nA,S3,8, ,m,1,,\n", 1},
        {WARD_ROSTER "A,S1,8,,f,1,,\nA,S2,8,,m,1,,\n", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ward w;
        ward_open(&w, &(ward_plan){.rules = NULL});
        ward_run(&w, cases[i].roster, rows, 2, 1);
        assert_int_equal(ward_findings(&w, "class_blank", NULL), cases[i].n);
        if (cases[i].n > 0)
            assert_non_null(
                strstr(ward_message(&w, "class_blank"), "2 rows of the roster name no"));
        ward_close(&w);
    }
}

static void test_sheet_and_roster_disagree(void **state)
{
    (void)state;
    ward_row rows[] = {row_of("S1", "A"), row_of("S2", "B"), row_of("S3", "A"), row_of("S4", "B")};
    rows[0].sex = "m";        /* the roster says f */
    rows[0].name = "王";      /* a name of one letter */
    rows[1].class_text = "2"; /* the class moved mid-wave, the school as well */
    rows[1].name = "欧阳 娜娜";
    rows[2].grade = "7"; /* the roster says 6: no PHQ-9 in his battery */
    rows[2].name = "李明";
    rows[3].name = "张四";
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, ROSTER, rows, 4, 1);
    assert_int_equal(ward_findings(&w, "sex_differs", "S1"), 1);
    assert_int_equal(w.results->students[ward_student(&w, NULL, "S1")].sex, PSYI_SEX_FEMALE);
    assert_int_equal(ward_findings(&w, "class_differs", "S2"), 1);
    assert_int_equal(ward_findings(&w, "school_differs", "S2"), 1);
    assert_int_equal(w.results->students[ward_student(&w, NULL, "S2")].why, PSYI_WHY_CLASS_DIFFERS);
    assert_int_equal(ward_findings(&w, "grade_differs", "S3"), 1);
    assert_int_equal(w.results->students[ward_student(&w, NULL, "S3")].battery, 0);
    assert_int_equal(ward_findings(&w, "name_differs", NULL), 1);
    assert_int_equal(ward_findings(&w, "name_differs", "S4"), 1);
    for (size_t i = 0; i < psy_findings_count(w.findings); i++) { /* no name in any finding */
        const psy_finding finding = psy_findings_get(w.findings, i);
        assert_null(strstr(finding.message, "张"));
        assert_null(strstr(finding.message, "娜"));
    }
    ward_close(&w);
}

static void test_pseudonyms_are_keyed_stable_and_sorted(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of("S1", "A"), row_of("S2", "A"), row_of("S3", "A")};
    ward w;
    ward_open(&w, &(ward_plan){.identity = "{output: pseudonym, key_file: k}"});
    ward_run(&w, NULL, rows, 3, 1);
    const unsigned char key[32] = {1, 2, 3};
    char id[27];
    for (size_t s = 0; s < 3; s++) {
        const psyi_student *const student = &w.results->students[s];
        assert_int_equal(psyi_pseudonym(key, sizeof key, "ward", student->code, id, NULL), PSY_OK);
        assert_string_equal(student->id, id);
        assert_int_equal(strlen(id), 26);
        if (s > 0)
            assert_true(strcmp(student[-1].id, student->id) < 0);
    }
    const unsigned char other[32] = {1, 2, 4};
    char different[27];
    assert_int_equal(psyi_pseudonym(other, sizeof other, "ward", "S1", different, NULL), PSY_OK);
    assert_int_equal(psyi_pseudonym(key, sizeof key, "ward", "S1", id, NULL), PSY_OK);
    assert_string_not_equal(id, different);
    /* The lengths keep ("a", "bc") and ("ab", "c") apart. */
    assert_int_equal(psyi_pseudonym(key, sizeof key, "a", "bc", id, NULL), PSY_OK);
    assert_int_equal(psyi_pseudonym(key, sizeof key, "ab", "c", different, NULL), PSY_OK);
    assert_string_not_equal(id, different);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roster_students_absent_exempt_and_present),
        cmocka_unit_test(test_roster_rows_without_a_school),
        cmocka_unit_test(test_exempt_who_came_is_due_after_all),
        cmocka_unit_test(test_unknown_student_with_a_critical_item_is_not_lost),
        cmocka_unit_test(test_codes_are_canonical),
        cmocka_unit_test(test_numbers_that_are_written_otherwise),
        cmocka_unit_test(test_case_is_no_match_when_two_could_be_meant),
        cmocka_unit_test(test_one_code_in_two_schools_is_decided_by_the_school),
        cmocka_unit_test(test_one_code_in_two_schools_without_a_school_is_ambiguous),
        cmocka_unit_test(test_without_a_roster_school_and_code_make_a_student),
        cmocka_unit_test(test_rosters_that_list_a_pupil_twice),
        cmocka_unit_test(test_roster_rows_without_a_class),
        cmocka_unit_test(test_sheet_and_roster_disagree),
        cmocka_unit_test(test_pseudonyms_are_keyed_stable_and_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
