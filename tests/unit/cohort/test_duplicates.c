/*
 * test_duplicates.c -- several sheets of one student: which counts, and what is never lost.
 */
#include "screening_ward.h"

#include <string.h>

#define DAY1 "2026-10-01 08:00"
#define DAY2 "2026-10-02 08:00"

static ward_row paper(const char *time, const char *answers, const char *phq)
{
    return (ward_row){.student = "X",
                      .school = "A",
                      .grade = "8",
                      .sex = "f",
                      .time = time,
                      .mht = answers,
                      .phq = phq};
}

typedef struct pair {
    const char *name, *policy;
    ward_row rows[3];
    size_t n;
    const char *expect;
    int selected_phq; /* row whose PHQ-9 counts, -1 none */
} pair;

static void check_pairs(const pair *pairs, size_t n)
{
    bool good = true;
    for (size_t i = 0; i < n; i++)
        for (size_t turn = 0; turn < 2; turn++) { /* and the rows in the other order */
            ward w;
            ward_row rows[3];
            for (size_t j = 0; j < pairs[i].n; j++)
                rows[j] = pairs[i].rows[turn == 0 ? j : pairs[i].n - 1 - j];
            ward_open(&w, &(ward_plan){.duplicates = pairs[i].policy});
            ward_run(&w, NULL, rows, pairs[i].n, 1);
            const uint32_t sheet = psyi_selected(w.results, 0, 1);
            const int row = sheet == PSYI_NO_SHEET ? -1
                            : turn == 0            ? (int)sheet
                                                   : (int)(pairs[i].n - 1 - sheet);
            if (strcmp(ward_line(&w, NULL, "X"), pairs[i].expect) != 0 ||
                row != pairs[i].selected_phq) {
                print_error("%s, order %zu: %s, row %d; expected %s, row %d\n", pairs[i].name, turn,
                            ward_line(&w, NULL, "X"), row, pairs[i].expect, pairs[i].selected_phq);
                good = false;
            }
            ward_close(&w);
        }
    assert_true(good);
}

static void test_next_day_with_item_9_flipped(void **state)
{
    (void)state;
    const char *const a = mht(0, 0, NULL);
    const pair pairs[] = {
        {"first counts, the second is critical",
         "first",
         {paper(DAY1, a, "000000000"), paper(DAY2, a, "000000002")},
         2,
         "valid 3 3 phq9.critical_9;phq9.urgent_9 -",
         0},
        {"last counts, the first is critical",
         "last",
         {paper(DAY1, a, "000000002"), paper(DAY2, a, "000000000")},
         2,
         "valid 3 3 phq9.critical_9;phq9.urgent_9 -",
         1},
        {"nobody decides",
         "manual",
         {paper(DAY1, a, "000000002"), paper(DAY2, a, "000000000")},
         2,
         "doubtful 3 3 phq9.critical_9;phq9.urgent_9 -",
         -1},
        {"nobody decides, neither critical",
         "manual",
         {paper(DAY1, a, "100000000"), paper(DAY2, a, "000000000")},
         2,
         "doubtful - - - -",
         -1},
        {"nobody decides, the worse paper sets the tier",
         "manual",
         {paper(DAY1, a, "333330000"), paper(DAY2, a, "000000000")},
         2,
         "doubtful 2 2 phq_15;phq_10 -",
         -1},
        {"a critical answer survives a third paper",
         "last",
         {paper(DAY1, a, "000000001"), paper(DAY2, a, "000000000"),
          paper("2026-10-03 08:00", a, "100000000")},
         3,
         "valid 2 2 phq9.critical_9 -",
         2},
    };
    check_pairs(pairs, sizeof pairs / sizeof pairs[0]);
}

static void test_identical_answers_count_once(void **state)
{
    (void)state;
    const char *const a = mht(0, 0, NULL);
    const pair pairs[] = {
        {"the earlier of two",
         "manual",
         {paper(DAY2, a, "100000000"), paper(DAY1, a, "100000000")},
         2,
         "valid 0 0 - -",
         1},
        {"without times",
         "manual",
         {paper(NULL, a, "100000000"), paper(NULL, a, "100000000")},
         2,
         "valid 0 0 - -",
         0},
        {"one without a time",
         "last",
         {paper(NULL, a, "100000000"), paper(DAY1, a, "100000000")},
         2,
         "valid 0 0 - -",
         1},
        {"a third differs and is last",
         "last",
         {paper(DAY1, a, "100000000"), paper(DAY1, a, "100000000"), paper(DAY2, a, "333330000")},
         3,
         "valid 2 2 phq_15;phq_10 -",
         2},
        {"only the MHT differs",
         "manual",
         {paper(DAY1, a, "100000000"), paper(DAY2, mht(65, 0, NULL), "100000000")},
         2,
         "doubtful 2 2 mht_65;mht_56 -",
         0},
    };
    /* Which of two rows without a time stands first is told by nothing but the row. */
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (i != 1)
            check_pairs(&pairs[i], 1);
    ward w;
    ward_open(&w, &(ward_plan){.duplicates = "manual"});
    ward_run(&w, NULL, pairs[1].rows, 2, 1);
    assert_string_equal(ward_line(&w, NULL, "X"), "valid 0 0 - -");
    assert_int_equal(ward_findings(&w, "duplicate_identical", "X"), 2);
    assert_true(w.results->students[0].duplicate);
    ward_close(&w);
}

static void test_policies_that_cannot_decide_become_manual(void **state)
{
    (void)state;
    const char *const a = mht(0, 0, NULL);
    const pair pairs[] = {
        {"first, a time missing",
         "first",
         {paper(NULL, a, "100000000"), paper(DAY1, a, "000000000")},
         2,
         "doubtful - - - -",
         -1},
        {"last, tied",
         "last",
         {paper(DAY1, a, "100000000"), paper(DAY1, a, "000000000")},
         2,
         "doubtful - - - -",
         -1},
        {"last, and one like the earlier has no time: it may have been the last",
         "last",
         {paper(DAY1, a, "100000000"), paper(NULL, a, "100000000"), paper(DAY2, a, "000000000")},
         3,
         "doubtful - - - -",
         -1},
        {"first, and one like the later has no time",
         "first",
         {paper(DAY1, a, "100000000"), paper(NULL, a, "000000000"), paper(DAY2, a, "000000000")},
         3,
         "doubtful - - - -",
         -1},
        {"last, and one like the last has no time",
         "last",
         {paper(DAY1, a, "100000000"), paper(NULL, a, "000000000"), paper(DAY2, a, "000000000")},
         3,
         "valid 0 0 - -",
         2},
        {"first, tied behind the winner",
         "first",
         {paper(DAY1, a, "100000000"), paper(DAY2, a, "000000000"), paper(DAY2, a, "010000000")},
         3,
         "valid 0 0 - -",
         0},
        {"most complete",
         "most_complete",
         {paper(DAY1, a, "000000000"), paper(DAY2, a, "1.......0")},
         2,
         "valid 0 0 - -",
         0},
        {"most complete, tied",
         "most_complete",
         {paper(DAY1, a, "00000000."), paper(DAY2, a, ".00000000")},
         2,
         "incomplete - 3 phq9.critical_unanswered phq9.critical_9;phq9.urgent_9",
         -1},
        {"an abandoned start does not open a decided item",
         "last",
         {paper(DAY1, a, "00......."), paper(DAY2, a, "000000000")},
         2,
         "valid 0 0 - -",
         1},
    };
    check_pairs(pairs, sizeof pairs / sizeof pairs[0]);
}

static void test_undecided_students_are_listed_and_said(void **state)
{
    (void)state;
    const ward_row rows[] = {paper(DAY1, mht(0, 0, NULL), "100000000"),
                             paper(DAY2, mht(0, 0, NULL), "000000000")};
    ward w;
    ward_open(&w, &(ward_plan){.duplicates = "manual"});
    ward_run(&w, NULL, rows, 2, 1);
    assert_true(psyi_listed(w.results, 0));
    assert_int_equal(ward_findings(&w, "duplicate_undecided", "X"), 2);
    assert_int_equal(w.results->students[0].undecided_uses, 2);
    assert_int_equal(w.results->students[0].n_cases, 2);
    /* The MHT is the same on both: it counts, once. */
    assert_int_equal(psyi_selected(w.results, 0, 0), 0);
    psyi_counts counts;
    psyi_count(w.results, 0, 1, NULL, NULL, &counts);
    assert_int_equal(counts.duplicates, 1);
    assert_int_equal(counts.valid, 1);
    assert_int_equal(counts.not_judged, 1);
    ward_close(&w);
}

static void test_sheets_of_two_files_make_one_student(void **state)
{
    (void)state;
    const ward_row rows[] = {paper(DAY1, mht(60, 0, NULL), NULL), paper(DAY2, NULL, "222222000")};
    ward w;
    ward_open(&w, &(ward_plan){.duplicates = "manual"});
    ward_run(&w, NULL, rows, 2, 1);
    assert_int_equal(w.results->n_students, 1);
    assert_string_equal(ward_line(&w, NULL, "X"), "valid 1 1 mht_56;phq_10 -");
    assert_false(w.results->students[0].duplicate);
    ward_close(&w);
}

static void test_a_sheet_of_somebody_else_is_no_sheet_of_the_child(void **state)
{
    (void)state;
    ward_row rows[] = {paper(DAY1, mht(70, 0, NULL), "000000002"),
                       paper(DAY2, mht(0, 0, NULL), "000000000")};
    rows[0].informant = "parent";
    rows[1].informant = "self";
    ward w;
    ward_open(&w, &(ward_plan){.duplicates = "manual"});
    ward_run(&w, NULL, rows, 2, 1);
    /* Its scores do not count; what it says about danger does. */
    assert_string_equal(ward_line(&w, NULL, "X"), "valid 3 3 phq9.critical_9;phq9.urgent_9 -");
    assert_int_equal(ward_findings(&w, "informant_differs", "X"), 2);
    assert_false(w.results->students[0].duplicate);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next_day_with_item_9_flipped),
        cmocka_unit_test(test_identical_answers_count_once),
        cmocka_unit_test(test_policies_that_cannot_decide_become_manual),
        cmocka_unit_test(test_undecided_students_are_listed_and_said),
        cmocka_unit_test(test_sheets_of_two_files_make_one_student),
        cmocka_unit_test(test_a_sheet_of_somebody_else_is_no_sheet_of_the_child),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
