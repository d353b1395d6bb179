/*
 * test_rules.c -- when a rule speaks about somebody: filters, unknown grades, uses nobody
 * administered, columns of the student and of the sheet's quality; and the order of a list.
 */
#include "screening_ward.h"

#include <stdio.h>
#include <string.h>

#define QUOTED(text) "\"" text "\""

static ward_row row_of(const char *student, const char *grade, const char *answers, const char *phq)
{
    return (ward_row){.student = student,
                      .school = "A",
                      .grade = grade,
                      .sex = "f",
                      .time = "2026-10-01 08:00",
                      .seconds = "545",
                      .mht = answers,
                      .phq = phq};
}

typedef struct rule_case {
    const char *name, *rule;
    ward_row row;
    const char *expect;
} rule_case;

#define RULE(filter, when)                                                                         \
    "    - {id: r, rank: 1, " filter "when: " QUOTED(when) ", text: {en: r}}\n"

static void check_rules(const rule_case *cases, size_t n, const char *batteries)
{
    bool good = true;
    for (size_t i = 0; i < n; i++) {
        ward w;
        ward_open(&w, &(ward_plan){.rules = cases[i].rule, .batteries = batteries});
        ward_run(&w, NULL, &cases[i].row, 1, 1);
        if (strcmp(ward_line(&w, NULL, "S"), cases[i].expect) != 0) {
            print_error("%s: %s, expected %s\n", cases[i].name, ward_line(&w, NULL, "S"),
                        cases[i].expect);
            good = false;
        }
        ward_close(&w);
    }
    assert_true(good);
}

static void test_filters(void **state)
{
    (void)state;
    const char *const high = mht(60, 0, NULL);
    const char *const low = mht(10, 0, NULL);
    const rule_case cases[] = {
        {"of the stage", RULE("stages: [junior], ", "mht.total >= 50"),
         row_of("S", "7", high, "000000000"), "valid 1 1 r -"},
        {"of another stage", RULE("stages: [senior], ", "mht.total >= 50"),
         row_of("S", "7", high, "000000000"), "valid 0 0 - -"},
        {"grade unknown, would fire", RULE("stages: [junior], ", "mht.total >= 50"),
         row_of("S", "", high, "000000000"), "valid - - - r:no_norm"},
        {"grade unknown, would not fire", RULE("stages: [junior], ", "mht.total >= 50"),
         row_of("S", "", low, "000000000"), "valid 0 0 - -"},
        {"grade unknown and a blank", RULE("stages: [junior], ", "mht.total >= 50"),
         row_of("S", "", mht(49, 0, "80=."), "000000000"), "incomplete - 1 - r"},
        {"a grade that is read", RULE("", "student.grade == 7 and mht.total >= 50"),
         row_of("S", "7", high, "000000000"), "valid 1 1 r -"},
        {"a grade that is not known", RULE("", "student.grade == 7 and mht.total >= 50"),
         row_of("S", "", high, "000000000"), "valid - - - r:no_norm"},
        {"a sex that is read", RULE("", "student.sex == female and mht.total >= 50"),
         row_of("S", "7", high, "000000000"), "valid 1 1 r -"},
        {"a stage that is read", RULE("", "student.stage == senior and mht.total >= 50"),
         row_of("S", "7", high, "000000000"), "valid 0 0 - -"},
    };
    check_rules(cases, sizeof cases / sizeof cases[0], "  - {id: all, uses: [mht, phq9]}\n");
}

static void test_operands_that_were_not_administered(void **state)
{
    (void)state;
    const char *const high = mht(60, 0, NULL);
    const char *const low = mht(10, 0, NULL);
    const rule_case cases[] = {
        {"leaves an or, the rest fires", RULE("", "mht.total >= 50 or phq9.total >= 10"),
         row_of("S", "5", high, NULL), "valid 1 1 r -"},
        {"leaves an or, the rest is false", RULE("", "mht.total >= 50 or phq9.total >= 10"),
         row_of("S", "5", low, NULL), "valid 0 0 - -"},
        {"leaves an and", RULE("", "mht.total >= 50 and phq9.total >= 10"),
         row_of("S", "5", high, NULL), "valid 1 1 r -"},
        {"nothing is left: no rule, no obstacle", RULE("", "phq9.total >= 10"),
         row_of("S", "5", high, NULL), "valid 0 0 - -"},
        {"asked for and not given", RULE("", "mht.total >= 50 or phq9.total >= 10"),
         row_of("S", "8", low, NULL), "incomplete - 3 - phq9.critical_9;phq9.urgent_9;r"},
    };
    check_rules(cases, sizeof cases / sizeof cases[0], NULL);
}

static void test_a_use_in_no_file(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of("S", "8", NULL, "000000000")};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    psy_error error;
    static const char csv[] = "student,grade,P1,P2,P3,P4,P5,P6,P7,P8,P9\nS,8,0,0,0,0,0,0,0,0,0\n";
    const char *const path = psy_test_path(w.directory, "r.csv");
    psy_test_write_file(path, csv, sizeof csv - 1);
    const psyi_intake_options options = {.input = &w.plan->responses,
                                         .uses = w.plan->uses,
                                         .n_uses = w.plan->n_uses,
                                         .partial = true};
    psyi_intake *intake;
    assert_int_equal(psy_findings_new(&w.findings, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_intake_read(&intake, &options, &path, NULL, 1, NULL, w.findings, &error),
                     PSY_OK);
    assert_int_equal(
        psyi_cohort_run(&w.results, w.plan, intake, NULL, NULL, 0, 1, NULL, w.findings, &error),
        PSY_OK);
    assert_string_equal(ward_line(&w, NULL, "S"), "valid 0 0 - -");
    assert_int_equal(ward_findings(&w, "use_absent", "mht"), 1);
    assert_int_equal(ward_findings(&w, "rule_not_applied", "mht_65"), 1);
    assert_int_equal(ward_findings(&w, "rule_not_applied", "phq_10"), 0);
    (void)rows;
    ward_close(&w);
}

static void test_quality_columns(void **state)
{
    (void)state;
    const char *const low = mht(10, 0, NULL);
    ward_row untimed = row_of("S", "8", low, "000000000");
    untimed.seconds = "";
    const rule_case cases[] = {
        {"seconds per item, at", RULE("", "quality.seconds_per_item <= 5"),
         row_of("S", "8", low, "000000000"), "valid 1 1 r -"}, /* 545 / 109 */
        {"seconds per item, below", RULE("", "quality.seconds_per_item < 5"),
         row_of("S", "8", low, "000000000"), "valid 0 0 - -"},
        {"no duration is no record", RULE("", "quality.seconds < 1000"), untimed, "valid 0 0 - -"},
        {"blanks", RULE("", "quality.blanks >= 2 and quality.answered == 107"),
         row_of("S", "8", mht(0, 0, "1=.,2=-"), "000000000"), "valid 1 1 r -"},
    };
    check_rules(cases, sizeof cases / sizeof cases[0], NULL);
}

static void test_validity_rules(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        const char *expect;
    } cases[] = {{"doubtful", "doubtful 1 1 mht_56 -"},
                 {"retest", "retest 1 1 mht_56 -"},
                 {"invalid", "invalid 1 1 mht_56 -"}};
    for (size_t i = 0; i < 3; i++) {
        char validity[256];
        snprintf(validity, sizeof validity,
                 "{id: odd, when: \"mht.total >= 60\", status: %s, text: {en: odd}}",
                 cases[i].status);
        const ward_row row = row_of("S", "8", mht(60, 0, NULL), "000000000");
        ward w;
        ward_open(&w, &(ward_plan){.validity = validity});
        ward_run(&w, NULL, &row, 1, 1);
        assert_string_equal(ward_line(&w, NULL, "S"), cases[i].expect);
        assert_true(psyi_listed(w.results, 0));
        ward_close(&w);
    }
}

static void test_order_of_a_list(void **state)
{
    (void)state;
    const char *const none = mht(0, 0, NULL);
    ward_row rows[] = {
        row_of("unlisted", "8", none, "000000000"),
        row_of("tier1", "8", mht(56, 0, NULL), "000000000"),
        row_of("tier2_a_little", "8", mht(66, 0, NULL), "000000000"),
        row_of("tier2_much", "8", mht(80, 0, NULL), "000000000"),
        row_of("tier2_as_much_older", "8", mht(80, 0, NULL), "000000000"),
        row_of("blank", "8", none, "00000000."),
        row_of("review", "8", none, "000000001"),
        row_of("review_and_high", "8", mht(70, 0, NULL), "000000001"),
        row_of("urgent", "8", none, "000000002"),
        row_of("undecided", "8", none, "100000000"),
        row_of("undecided", "8", none, "000000000"),
        row_of("invalid_but_high", "8", mht(80, 9, NULL), "000000000"),
        row_of("tier1_b", "8", mht(56, 0, NULL), "000000000"),
    };
    rows[4].time = "2026-09-01 08:00";
    rows[11].time = "";
    rows[12].time = "2026-10-01 08:00";
    static const char *const expected[] = {
        "urgent",     "review_and_high",  "review",         "blank", "tier2_as_much_older",
        "tier2_much", "invalid_but_high", "tier2_a_little", "tier1", "tier1_b",
        "undecided",
    };
    enum { N = sizeof expected / sizeof expected[0] };
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, sizeof rows / sizeof rows[0], 1);
    uint32_t order[16];
    assert_int_equal(psyi_list_order(w.results, 0, order), N);
    for (size_t i = 0; i < N; i++)
        assert_string_equal(w.results->students[order[i]].id, expected[i]);
    const psyi_student *const much = &w.results->students[ward_student(&w, NULL, "tier2_much")];
    /* (80 - 56)/9: nobody states an error, and a tenth of the range stands in. */
    assert_true(much->exceedance > 2.66 && much->exceedance < 2.67);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_operands_that_were_not_administered),
        cmocka_unit_test(test_a_use_in_no_file),
        cmocka_unit_test(test_quality_columns),
        cmocka_unit_test(test_validity_rules),
        cmocka_unit_test(test_order_of_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
