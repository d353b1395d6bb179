/*
 * test_traps.c -- the traps of school screening, each by name.
 *
 * One plan (two batteries, five rules), one row of answers each, one line that says what must
 * become of it.  The defects of a product that was used on children are among them: a failed
 * validity check that hides a critical item, tiers by totals alone, states that leak from one
 * student to the next.
 */
#include "screening_ward.h"

#include <stdio.h>
#include <string.h>

#define PHQ_0 "000000000"

typedef struct trap {
    const char *name, *grade, *mht, *phq, *expect;
    bool listed;
    int critical;
} trap;

/* Every trap's student stands in one ward, so that nothing may leak between neighbours. */
static void test_traps_of_one_sheet(void **state)
{
    (void)state;
    const trap traps[] = {
        {"all no", "8", mht(0, 0, NULL), PHQ_0, "valid 0 0 - -", false, 0},
        {"all yes", "8", mht(88, 10, "85=1,97=1"), "333333333",
         "retest 3 3 mht.critical_85;mht.critical_97;phq9.critical_9;phq9.urgent_9;crisis;"
         "mht_65;phq_15;mht_56;phq_10 -",
         true, 2},
        {"total 55", "8", mht(55, 0, NULL), PHQ_0, "valid 0 0 - -", false, 0},
        {"total 56", "8", mht(56, 0, NULL), PHQ_0, "valid 1 1 mht_56 -", true, 0},
        {"total 64", "8", mht(64, 0, NULL), PHQ_0, "valid 1 1 mht_56 -", true, 0},
        {"total 65", "8", mht(65, 0, NULL), PHQ_0, "valid 2 2 mht_65;mht_56 -", true, 0},
        {"answered sum 65, one blank", "8", mht(65, 0, "80=."), PHQ_0, "valid 2 2 mht_65;mht_56 -",
         true, 0},
        {"answered sum 64, one blank", "8", mht(64, 0, "80=."), PHQ_0,
         "incomplete 1 2 mht_56 mht_65", true, 0},
        {"answered sum 55, one blank", "8", mht(55, 0, "80=."), PHQ_0, "incomplete - 1 - mht_56",
         false, 0},
        {"answered sum 10, one blank", "8", mht(10, 0, "80=."), PHQ_0, "valid 0 0 - -", false, 0},
        {"item 85 alone", "8", mht(0, 0, "85=1"), PHQ_0, "valid 2 2 mht.critical_85 -", true, 1},
        {"item 97 alone", "8", mht(0, 0, "97=1"), PHQ_0, "valid 2 2 mht.critical_97 -", true, 1},
        {"validity 6", "8", mht(0, 6, NULL), PHQ_0, "valid 0 0 - -", false, 0},
        {"validity 7", "8", mht(0, 7, NULL), PHQ_0, "retest - - - -", false, 0},
        {"validity 7 and item 85", "8", mht(0, 7, "85=1"), PHQ_0, "retest 2 2 mht.critical_85 -",
         true, 1},
        {"validity 7 and total 65", "8", mht(65, 7, NULL), PHQ_0, "retest 2 2 mht_65;mht_56 -",
         true, 0},
        {"item 85 blank", "8", mht(0, 0, "85=."), PHQ_0,
         "incomplete - 2 mht.critical_unanswered mht.critical_85", true, 0},
        {"PHQ-9 item 9 = 1", "8", mht(0, 0, NULL), "000000001", "valid 2 2 phq9.critical_9 -", true,
         1},
        {"PHQ-9 item 9 = 2", "8", mht(0, 0, NULL), "000000002",
         "valid 3 3 phq9.critical_9;phq9.urgent_9 -", true, 2},
        {"PHQ-9 item 9 blank", "8", mht(0, 0, NULL), "00000000.",
         "incomplete - 3 phq9.critical_unanswered phq9.critical_9;phq9.urgent_9", true, 0},
        {"PHQ-9 item 9 refused", "8", mht(0, 0, NULL), "00000000-",
         "incomplete - 3 phq9.critical_unanswered phq9.critical_9;phq9.urgent_9", true, 0},
        {"PHQ-9 item 9 out of range", "8", mht(0, 0, NULL), "000000007",
         "incomplete - 3 phq9.critical_unanswered phq9.critical_9;phq9.urgent_9", true, 0},
        {"PHQ-9 19 and 0", "8", mht(0, 0, NULL), "333333100", "valid 2 2 phq_15;phq_10 -", true, 0},
        {"PHQ-9 20 and 2", "8", mht(0, 0, NULL), "333333002",
         "valid 3 3 phq9.critical_9;phq9.urgent_9;phq_15;phq_10 -", true, 2},
        {"PHQ-9 21 and 1", "8", mht(0, 0, NULL), "333333201",
         "valid 2 2 phq9.critical_9;phq_15;phq_10 -", true, 1},
        {"PHQ-9 21 and 2", "8", mht(0, 0, NULL), "333333102",
         "valid 3 3 phq9.critical_9;phq9.urgent_9;crisis;phq_15;phq_10 -", true, 2},
        {"only the PHQ-9 given", "8", NULL, PHQ_0,
         "incomplete - 2 - mht.critical_85;mht.critical_97;mht_65;mht_56", false, 0},
        {"only the MHT given", "8", mht(0, 0, NULL), NULL,
         "incomplete - 3 - phq9.critical_9;phq9.urgent_9;crisis;phq_15;phq_10", false, 0},
        {"a sixth-grader, MHT only", "6", mht(0, 0, NULL), NULL, "valid 0 0 - -", false, 0},
        {"a sixth-grader with PHQ-9 item 9 = 1", "6", mht(0, 0, NULL), "000000001",
         "valid 2 2 phq9.critical_9 -", true, 1},
        {"a sixth-grader with a blank PHQ-9 item", "6", mht(0, 0, NULL), "0000000.0",
         "valid 0 0 - -", false, 0},
        {"a sixth-grader with PHQ-9 24", "6", mht(0, 0, NULL), "333333330",
         "valid 2 2 phq_15;phq_10 -", true, 0},
        {"grade unknown, nothing", "", mht(0, 0, NULL), PHQ_0, "incomplete - - - -", false, 0},
        {"grade unknown, item 9 = 2", "", mht(0, 0, NULL), "000000002",
         "incomplete 3 3 phq9.critical_9;phq9.urgent_9 -", true, 2},
        {"grade 3, no battery", "3", mht(70, 0, NULL), NULL, "incomplete 2 2 mht_65;mht_56 -", true,
         0},
        {"nothing answered", "8", NULL, NULL, "absent - - - -", false, 0},
        {"all no again", "8", mht(0, 0, NULL), PHQ_0, "valid 0 0 - -", false, 0},
    };
    enum { N = sizeof traps / sizeof traps[0] };
    ward_row rows[N];
    char codes[N][8];
    memset(rows, 0, sizeof rows);
    for (size_t i = 0; i < N; i++)
        snprintf(codes[i], sizeof codes[i], "S%03zu", i);
    for (size_t i = 0; i < N; i++)
        rows[i] = (ward_row){.student = codes[i],
                             .school = "A",
                             .grade = traps[i].grade,
                             .sex = "f",
                             .time = "2026-10-01 08:00",
                             .mht = traps[i].mht,
                             .phq = traps[i].phq};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, N, 1);
    bool good = true;
    for (size_t i = 0; i < N; i++) {
        const size_t s = ward_student(&w, NULL, codes[i]);
        const char *const line = ward_line(&w, NULL, codes[i]);
        if (strcmp(line, traps[i].expect) != 0 || psyi_listed(w.results, s) != traps[i].listed ||
            psyi_critical_class(w.results, s) != traps[i].critical) {
            print_error("%s: %s, listed %d, class %d; expected %s, %d, %d\n", traps[i].name, line,
                        psyi_listed(w.results, s), psyi_critical_class(w.results, s),
                        traps[i].expect, traps[i].listed, traps[i].critical);
            good = false;
        }
    }
    assert_true(good);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_traps_of_one_sheet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
