/*
 * test_named_defects.c -- eight defects of one product that was used on children, each as a
 * test by its number, and tiers that never get milder when an answer gets worse.
 */
#include "screening_ward.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHQ_0 "000000000"
#define ROW(who, ...)                                                                              \
    {                                                                                              \
        .student = who, .school = "A", .grade = "8", .sex = "f", .time = "2026-10-01 08:00",       \
        __VA_ARGS__                                                                                \
    }

/* 1. Flags of one student leaked to every later one in the list. */
static void test_1_nothing_leaks_to_the_next_student(void **state)
{
    (void)state;
    const ward_row rows[] = {ROW("A", .mht = mht(0, 0, "85=1"), .phq = "000000003"),
                             ROW("B", .mht = mht(0, 0, NULL), .phq = PHQ_0),
                             ROW("C", .mht = mht(0, 0, NULL), .phq = PHQ_0)};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, 3, 1);
    assert_string_equal(ward_line(&w, NULL, "B"), "valid 0 0 - -");
    assert_string_equal(ward_line(&w, NULL, "C"), "valid 0 0 - -");
    assert_false(psyi_listed(w.results, ward_student(&w, NULL, "B")));
    ward_close(&w);
}

/* 2. The tier was the mean of all items; ideation, plan and attempt never raised it. */
static void test_2_an_item_raises_whatever_the_mean(void **state)
{
    (void)state;
    const ward_row rows[] = {ROW("ONE", .mht = mht(0, 0, NULL), .phq = "000000002")};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, 1, 1);
    assert_int_equal(w.results->students[0].tier, 3);
    assert_int_equal(psyi_critical_class(w.results, 0), 2);
    ward_close(&w);
}

/* 3. A failed attention item removed the student from all counts. */
static void test_3_a_failed_check_removes_nobody(void **state)
{
    (void)state;
    const ward_row rows[] = {
        ROW("LIAR", .mht = mht(0, 10, NULL), .phq = "000000001"),
        ROW("FAST", .mht = mht(0, 0, NULL), .phq = "000000001", .seconds = "5")};
    ward w;
    ward_open(&w, &(ward_plan){.validity = "{id: fast, when: \"quality.seconds < 60\", status: "
                                           "invalid, text: {en: fast, zh: 过快}}"});
    ward_run(&w, NULL, rows, 2, 1);
    psyi_counts counts;
    psyi_count(w.results, 0, w.results->n_students, NULL, NULL, &counts);
    assert_int_equal(counts.review, 2);
    assert_int_equal(counts.tested, 2);
    assert_int_equal(counts.tier[2], 2);
    assert_int_equal(counts.valid, 0); /* and neither is in V */
    assert_true(psyi_listed(w.results, 0) && psyi_listed(w.results, 1));
    ward_close(&w);
}

/* 4. The verdict of the lie scale was overwritten with "fine", and read in one battery only. */
static void test_4_the_verdict_stays_in_every_battery(void **state)
{
    (void)state;
    const ward_row rows[] = {
        {.student = "P", .school = "A", .grade = "5", .sex = "f", .mht = mht(0, 7, NULL)},
        {.student = "J",
         .school = "A",
         .grade = "8",
         .sex = "f",
         .mht = mht(0, 7, NULL),
         .phq = PHQ_0},
        {.student = "S",
         .school = "A",
         .grade = "11",
         .sex = "f",
         .mht = mht(0, 7, NULL),
         .phq = PHQ_0}};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, 3, 1);
    for (size_t s = 0; s < 3; s++) {
        assert_int_equal(w.results->students[s].status, PSYI_STATUS_RETEST);
        assert_true((w.results->students[s].why & PSYI_WHY_LIE_SCALE) != 0);
    }
    ward_close(&w);
}

/* 4 again: of several rules the worst verdict stays, whichever is read last. */
static void test_4_a_milder_rule_overwrites_nothing(void **state)
{
    (void)state;
    static const char *const orders[] = {
        "{id: again, when: \"quality.seconds < 60\", status: retest, text: again}, "
        "{id: fast, when: \"quality.seconds < 90\", status: doubtful, text: fast}",
        "{id: fast, when: \"quality.seconds < 90\", status: doubtful, text: fast}, "
        "{id: again, when: \"quality.seconds < 60\", status: retest, text: again}"};
    const ward_row rows[] = {{.student = "S",
                              .school = "A",
                              .grade = "8",
                              .sex = "f",
                              .seconds = "50",
                              .mht = mht(0, 0, NULL),
                              .phq = PHQ_0}};
    for (size_t i = 0; i < 2; i++) {
        ward w;
        ward_open(&w, &(ward_plan){.validity = orders[i]});
        ward_run(&w, NULL, rows, 1, 1);
        assert_int_equal(w.results->students[0].status, PSYI_STATUS_RETEST);
        ward_close(&w);
    }
}

/* 5. floor(count / 5) >= 0.73 opened a module at five of five instead of four. */
static void test_5_shares_are_not_rounded_down(void **state)
{
    (void)state;
    static const char *const phqs[] = {"111000000", "111100000", "111110000"};
    ward_row rows[3];
    static const char *const codes[] = {"S3", "S4", "S5"};
    for (size_t i = 0; i < 3; i++)
        rows[i] = (ward_row)ROW(codes[i], .mht = mht(0, 0, NULL), .phq = phqs[i]);
    ward w;
    ward_open(&w, &(ward_plan){.batteries = "  - {id: a, uses: [mht]}\n",
                               .rules = "    - {id: share, rank: 1, when: "
                                        "\"count(phq9.items(1..5) >= 1) / 5 >= 0.73\"}\n"});
    ward_run(&w, NULL, rows, 3, 1);
    assert_string_equal(ward_line(&w, NULL, "S3"), "valid 0 0 - -");
    assert_string_equal(ward_line(&w, NULL, "S4"), "valid 1 1 share -");
    assert_string_equal(ward_line(&w, NULL, "S5"), "valid 1 1 share -");
    ward_close(&w);
}

/* 6. The lists of levels three, two and one were copies of the list of level four. */
static void test_6_every_level_has_its_own_list(void **state)
{
    (void)state;
    const ward_row rows[] = {ROW("T3", .mht = mht(0, 0, NULL), .phq = "000000002"),
                             ROW("T2", .mht = mht(65, 0, NULL), .phq = PHQ_0),
                             ROW("T1", .mht = mht(56, 0, NULL), .phq = PHQ_0),
                             ROW("T0", .mht = mht(0, 0, NULL), .phq = PHQ_0)};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, 4, 1);
    for (size_t s = 0; s < 4; s++)
        assert_int_equal(w.results->students[s].tier, w.results->students[s].code[1] - '0');
    psyi_counts counts;
    psyi_count(w.results, 0, 4, NULL, NULL, &counts);
    for (size_t rank = 0; rank < 4; rank++)
        assert_int_equal(counts.tier[rank], 1);
    ward_close(&w);
}

/* 7. One sheet a student's name: children of one name overwrote each other. */
static void test_7_children_of_one_name_are_two(void **state)
{
    (void)state;
    const ward_row rows[] = {ROW("N1", .name = "Li", .mht = mht(70, 0, NULL), .phq = PHQ_0),
                             ROW("N2", .name = "Li", .mht = mht(0, 0, NULL), .phq = PHQ_0)};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, 2, 1);
    assert_int_equal(w.results->n_students, 2);
    assert_string_equal(ward_line(&w, NULL, "N1"), "valid 2 2 mht_65;mht_56 -");
    assert_string_equal(ward_line(&w, NULL, "N2"), "valid 0 0 - -");
    ward_close(&w);
}

/* ---- random wards ---- */

static uint64_t seed;

static unsigned below(unsigned n)
{
    return psy_test_below(&seed, n);
}

enum { MANY = 120 };
static char codes[MANY][8], mhts[MANY][101], phqs[MANY][10];
static ward_row many[MANY];

static void draw(unsigned blanks)
{
    for (unsigned i = 0; i < MANY; i++) {
        const unsigned severity = below(90);
        snprintf(codes[i], sizeof codes[i], "S%03u", i);
        for (unsigned k = 0; k < 100; k++)
            mhts[i][k] = below(100) < blanks ? '.' : below(100) < severity ? '1' : '0';
        for (unsigned k = 0; k < 9; k++)
            phqs[i][k] = below(100) < blanks     ? '.'
                         : below(100) < severity ? (char)('1' + below(3))
                                                 : '0';
        many[i] = (ward_row)ROW(codes[i], .mht = mhts[i], .phq = phqs[i]);
    }
}

/* 8. The numbers of the district's screen were constants. */
static void test_8_counts_are_counted(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 10; round++) {
        ward w;
        seed = round;
        draw(round * 2);
        ward_open(&w, &(ward_plan){.rules = NULL});
        ward_run(&w, NULL, many, MANY, 2);
        psyi_counts counts;
        uint64_t tiers[4] = {0}, valid = 0, review = 0, urgent = 0;
        psyi_count(w.results, 0, w.results->n_students, NULL, NULL, &counts);
        for (size_t s = 0; s < w.results->n_students; s++) {
            const psyi_student *const student = &w.results->students[s];
            const char *const phq = many[ward_sheet(&w, student->records[0])].phq;
            const char *const answers = many[ward_sheet(&w, student->records[0])].mht;
            if (student->tier >= 0)
                tiers[student->tier]++;
            valid +=
                student->status == PSYI_STATUS_VALID || student->status == PSYI_STATUS_DOUBTFUL;
            urgent += phq[8] >= '2';
            review += phq[8] < '2' && (phq[8] == '1' || answers[84] == '1' || answers[96] == '1');
        }
        for (size_t rank = 0; rank < 4; rank++)
            assert_int_equal(counts.tier[rank], tiers[rank]);
        assert_int_equal(counts.valid, valid);
        assert_int_equal(counts.urgent, urgent);
        assert_int_equal(counts.review, review);
        ward_close(&w);
    }
}

/* Under rules that fire upwards no answer that gets worse makes a tier milder. */
static void test_a_worse_answer_never_makes_a_milder_tier(void **state)
{
    (void)state;
    size_t raised = 0;
    for (unsigned round = 0; round < 12; round++) {
        ward w;
        int before[MANY], upper[MANY];
        seed = 1000 + round;
        draw(round % 3 == 0 ? 4 : 0);
        ward_open(&w, &(ward_plan){.rules = NULL});
        ward_run(&w, NULL, many, MANY, 1);
        for (size_t s = 0; s < MANY; s++) {
            before[s] = w.results->students[s].tier;
            upper[s] = w.results->students[s].tier_upper;
        }
        for (unsigned i = 0; i < MANY; i++) {
            const unsigned at = below(100), item = below(9);
            /* Not the lie scale: it makes no tier. */
            if (mhts[i][at] == '0' && !(at >= 81 && at % 2 == 1))
                mhts[i][at] = '1';
            if (phqs[i][item] >= '0' && phqs[i][item] < '3')
                phqs[i][item]++;
        }
        ward_run(&w, NULL, many, MANY, 1);
        for (size_t s = 0; s < MANY; s++) {
            const psyi_student *const student = &w.results->students[s];
            if (before[s] >= 0 && student->tier >= 0)
                assert_true(student->tier >= before[s]);
            if (before[s] > 0)
                assert_true(student->tier >= before[s]);
            assert_true(upper[s] < 0 || student->tier_upper >= upper[s]);
            raised += student->tier > before[s];
        }
        ward_close(&w);
    }
    assert_true(raised > 50); /* or nothing was tried */
}

/* Of a scale without answers no rule over its score fires; what is known of it is its range. */
static void test_a_blank_scale_gets_no_tier(void **state)
{
    (void)state;
    char blank_mht[101], blank_phq[10];
    memset(blank_mht, '.', 100);
    memset(blank_phq, '.', 9);
    blank_mht[100] = blank_phq[9] = '\0';
    const ward_row rows[] = {ROW("M", .mht = blank_mht, .phq = PHQ_0),
                             ROW("P", .mht = mht(0, 0, NULL), .phq = blank_phq),
                             ROW("X", .mht = NULL, .phq = PHQ_0)};
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, 3, 1);
    for (size_t s = 0; s < 3; s++) {
        assert_int_equal(w.results->students[s].tier, PSYI_NOT_JUDGED);
        for (size_t rule = w.results->book->n_critical; rule < w.results->book->n_rules; rule++)
            assert_false(psyi_fired(w.results, s, rule));
    }
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_1_nothing_leaks_to_the_next_student),
        cmocka_unit_test(test_2_an_item_raises_whatever_the_mean),
        cmocka_unit_test(test_3_a_failed_check_removes_nobody),
        cmocka_unit_test(test_4_the_verdict_stays_in_every_battery),
        cmocka_unit_test(test_4_a_milder_rule_overwrites_nothing),
        cmocka_unit_test(test_5_shares_are_not_rounded_down),
        cmocka_unit_test(test_6_every_level_has_its_own_list),
        cmocka_unit_test(test_7_children_of_one_name_are_two),
        cmocka_unit_test(test_8_counts_are_counted),
        cmocka_unit_test(test_a_worse_answer_never_makes_a_milder_tier),
        cmocka_unit_test(test_a_blank_scale_gets_no_tier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
