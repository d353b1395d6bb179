/*
 * test_ward_properties.c -- what must hold whatever the answers are: random wards with blanks,
 * duplicates, strangers, unknown grades and two schools that share codes.
 */
#include "screening_ward.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 180, ROUNDS = 25 };

static uint64_t seed;

static unsigned below(unsigned n)
{
    return psy_test_below(&seed, n);
}

typedef struct random_ward {
    ward_row rows[ROWS];
    char seconds[ROWS][8], codes[ROWS][8], times[ROWS][32], grades[ROWS][4], mhts[ROWS][101],
        phqs[ROWS][10];
    char roster[ROWS * 40];
    bool with_roster;
} random_ward;

static void draw_answers(char *out, size_t n, unsigned high, unsigned blanks, unsigned severity)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = below(100) < severity ? (char)('0' + 1 + below(high)) : '0';
        if (blanks > 0 && below(100) < blanks)
            out[i] = ".....-97x"[below(9)]; /* blank, refused, out of range, not readable */
    }
    out[n] = '\0';
}

static void draw(random_ward *r, uint64_t round)
{
    seed = round * 1000003;
    size_t length = (size_t)snprintf(r->roster, sizeof r->roster, WARD_ROSTER);
    r->with_roster = below(2) == 0;
    for (unsigned i = 0; i < ROWS; i++) {
        const unsigned who = below(120), school = who < 6 ? below(2) : who % 2;
        static const char *const grades[] = {"4", "6", "7", "8", "9", "11", ""};
        static const char *const schools[] = {"A", "B"};
        snprintf(r->codes[i], sizeof r->codes[i], "S%03u", who);
        snprintf(r->times[i], sizeof r->times[i], "2026-10-%02u 08:%02u", 1 + below(5), below(10));
        snprintf(r->grades[i], sizeof r->grades[i], "%s", grades[who % 7]);
        snprintf(r->seconds[i], sizeof r->seconds[i], "%u", 30 + i * 37 % 600);
        const unsigned blanks = below(3) == 0 ? 2 + below(30) : 0;
        draw_answers(r->mhts[i], 100, 1, blanks, 20 + below(60));
        draw_answers(r->phqs[i], 9, 3, blanks, below(80));
        r->rows[i] = (ward_row){.student = below(40) == 0 ? "" : r->codes[i],
                                .school = who < 6 && below(3) == 0 ? "" : schools[school],
                                .grade = r->grades[i],
                                .sex = who % 3 == 0 ? "f" : "m",
                                .time = below(10) == 0 ? "" : r->times[i],
                                .seconds = r->seconds[i],
                                .mht = below(15) == 0 ? NULL : r->mhts[i],
                                .phq = below(15) == 0 ? NULL : r->phqs[i]};
        if (below(8) == 0 && i > 0) { /* the same paper again */
            r->rows[i] = r->rows[i - 1];
            r->rows[i].time = r->times[i];
        }
    }
    for (unsigned who = 0; who < 110; who++)
        for (unsigned school = 0; school < 2; school++) {
            static const char *const grades[] = {"4", "6", "7", "8", "9", "11", ""};
            if (who >= 6 && who % 2 != school)
                continue;
            length += (size_t)snprintf(r->roster + length, sizeof r->roster - length,
                                       "%s,S%03u,%s,1,%s,1,,\n", school == 0 ? "A" : "B", who,
                                       grades[who % 7], who % 3 == 0 ? "f" : "m");
        }
}

static void run_ward(ward *w, const random_ward *r, unsigned threads)
{
    ward_run(w, r->with_roster ? r->roster : NULL, r->rows, ROWS, threads);
}

static bool is_critical(const ward_row *row)
{
    return (row->mht != NULL && (row->mht[84] == '1' || row->mht[96] == '1')) ||
           (row->phq != NULL && row->phq[8] >= '1' && row->phq[8] <= '3');
}

static random_ward drawn; /* too large for some stacks */
static const ward_plan PLANS[] = {{.duplicates = "manual"},
                                  {.duplicates = "last"},
                                  {.duplicates = "first"},
                                  {.duplicates = "most_complete"}};

static void test_no_critical_item_is_ever_missing(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        ward w;
        draw(&drawn, round);
        ward_open(&w, &PLANS[round % 4]);
        run_ward(&w, &drawn, 1);
        const psyi_results *const r = w.results;
        bool seen[ROWS] = {false};
        size_t told = 0;
        for (size_t s = 0; s < r->n_students; s++)
            for (uint32_t i = 0; i < r->students[s].n_records; i++) {
                const size_t record = ward_sheet(&w, r->students[s].records[i]);
                seen[record] = true;
                if (!is_critical(&drawn.rows[record]))
                    continue;
                assert_true(psyi_critical_class(r, s) > 0);
                assert_true(psyi_listed(r, s));
                assert_true(r->students[s].tier >= 2);
            }
        for (size_t i = 0; i < r->n_unmatched; i++) {
            assert_false(seen[ward_sheet(&w, r->unmatched[i])]);
            seen[ward_sheet(&w, r->unmatched[i])] = true;
            told += is_critical(&drawn.rows[ward_sheet(&w, r->unmatched[i])]);
        }
        assert_int_equal(ward_findings(&w, "unmatched_critical", NULL), told);
        for (size_t i = 0; i < ROWS; i++)
            assert_true(seen[i]);
        ward_close(&w);
    }
}

/* Whose parents say no is on no list but the sealed one; whose do not say, too, by this plan. */
static void test_without_consent_no_critical_item_is_missing(void **state)
{
    (void)state;
    static const char *const words[] = {"y", "y", "n", "u", ""};
    size_t sealed = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        ward w;
        draw(&drawn, round);
        drawn.with_roster = false;
        for (unsigned i = 0; i < ROWS; i++)
            drawn.rows[i].consent = words[below(5)];
        ward_plan plan = PLANS[round % 4];
        plan.consent = "{no_consent: critical_only, unanswered: refuse}";
        plan.policy = round % 2 == 0 ? "default" : NULL;
        ward_open(&w, &plan);
        run_ward(&w, &drawn, 1);
        const psyi_results *const r = w.results;
        for (size_t s = 0; s < r->n_students; s++)
            for (uint32_t i = 0; i < r->students[s].n_records; i++) {
                if (!is_critical(&drawn.rows[ward_sheet(&w, r->students[s].records[i])]))
                    continue;
                assert_true(psyi_critical_class(r, s) > 0);
                assert_true(psyi_listed(r, s) != r->students[s].sealed);
                sealed += r->students[s].sealed;
            }
        ward_close(&w);
    }
    assert_true(sealed > 300);
}

static void test_nobody_is_none_while_a_rule_is_open(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        ward w;
        draw(&drawn, round);
        ward_open(&w, &PLANS[round % 4]);
        run_ward(&w, &drawn, 1);
        const psyi_results *const r = w.results;
        for (size_t s = 0; s < r->n_students; s++) {
            const psyi_student *const student = &r->students[s];
            assert_true(student->tier_upper >= student->tier);
            for (size_t rule = 0; rule < r->book->n_rules; rule++) {
                if (!psyi_open(r, s, rule, NULL))
                    continue;
                assert_int_not_equal(student->tier, 0);
                assert_int_not_equal(student->status, PSYI_STATUS_VALID);
                assert_false(psyi_fired(r, s, rule));
                assert_true(student->tier_upper >= r->book->rules[rule].rank);
            }
            if (student->tier == 0)
                assert_int_equal(student->status, PSYI_STATUS_VALID);
            if (student->n_records == 0)
                assert_int_equal(student->tier, PSYI_NOT_JUDGED);
        }
        ward_close(&w);
    }
}

/* Counted here, not by the library: more than two blanks, and a sum that may or may not reach 10.
 */
static bool phq_is_open(const ward_row *row)
{
    unsigned sum = 0, blanks = 0;
    if (row->phq == NULL)
        return false;
    for (const char *at = row->phq; *at != '\0'; at++) {
        blanks += *at < '0' || *at > '3';
        sum += *at >= '0' && *at <= '3' ? (unsigned)(*at - '0') : 0;
    }
    return blanks > 2 && sum < 10 && sum + 3 * blanks >= 10;
}

static void test_a_sum_that_may_reach_its_cut_is_not_none(void **state)
{
    (void)state;
    size_t seen = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        ward w;
        draw(&drawn, round);
        for (unsigned i = 0; i < ROWS; i += 4)
            memset(drawn.phqs[i], '.', 3 + below(4));
        ward_open(&w, &PLANS[round % 4]);
        run_ward(&w, &drawn, 1);
        const psyi_results *const r = w.results;
        for (size_t s = 0; s < r->n_students; s++) {
            if (r->students[s].n_records != 1 || r->students[s].grade < 7 ||
                !phq_is_open(&drawn.rows[ward_sheet(&w, r->students[s].records[0])]))
                continue;
            assert_int_not_equal(r->students[s].tier, 0);
            assert_true(r->students[s].tier_upper > 0);
            seen++;
        }
        ward_close(&w);
    }
    assert_true(seen > 100);
}

static void test_validity_never_lowers_a_tier(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        ward honest, lying;
        draw(&drawn, round);
        for (unsigned i = 0; i < ROWS; i++)
            for (unsigned item = 81; item < 100; item += 2)
                drawn.mhts[i][item] = '0';
        ward_open(&honest, &PLANS[round % 4]);
        run_ward(&honest, &drawn, 1);
        for (unsigned i = 0; i < ROWS; i++)
            for (unsigned item = 81; item < 100; item += 2)
                drawn.mhts[i][item] = '1';
        const char *const before = honest.directory;
        memset(&lying, 0, sizeof lying);
        lying = honest; /* the same plan, other answers */
        lying.results = NULL;
        lying.findings = NULL;
        (void)before;
        run_ward(&lying, &drawn, 1);
        const psyi_results *const a = honest.results, *const b = lying.results;
        assert_int_equal(a->n_students, b->n_students);
        for (size_t s = 0; s < a->n_students; s++) {
            for (size_t rule = 0; rule < a->book->n_rules; rule++)
                assert_int_equal(psyi_fired(a, s, rule), psyi_fired(b, s, rule));
            if (a->students[s].tier > 0)
                assert_int_equal(a->students[s].tier, b->students[s].tier);
            assert_true(!psyi_listed(a, s) || psyi_listed(b, s));
        }
        psyi_results_free(honest.results);
        psy_findings_free(honest.findings);
        ward_close(&lying);
    }
}

/* As hard as a plan can be: one family of loose signs makes a sheet invalid. */
static const char HARSH[] =
    "{needed: 1, then: invalid, single: retest, time: {seconds_per_item: 2, relative_speed: 1.2}, "
    "pattern: {min_items: 9, directions: any, longstring: 0.3, repeating: 0.3}, inconsistency: "
    "{min_items: 9, min_n: 20, needed: 1, even_odd: 0.5, person_total: 0.3, mahalanobis: 0.5, "
    "guttman: 0.5, u3: 0.3}, attention: {items: [{use: phq9, item: 1, pass: 0}]}}";

/* Against the same answers without a policy: not a rule, not a tier, not a place on the list
 * changes; only "none", which needs a valid sheet, may become "not judged". */
static void test_a_policy_lowers_no_tier_and_loses_nobody(void **state)
{
    (void)state;
    size_t doubted = 0, critical = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        ward w;
        draw(&drawn, round);
        ward_open(&w, &PLANS[round % 4]);
        run_ward(&w, &drawn, 1);
        static struct before {
            int tier, upper;
            bool listed, fired[16];
            uint8_t status;
        } before[ROWS * 2];
        const size_t n = w.results->n_students, n_rules = w.results->book->n_rules;
        assert_true(n <= sizeof before / sizeof *before && n_rules <= 16);
        for (size_t s = 0; s < n; s++) {
            const psyi_student *const student = &w.results->students[s];
            before[s] = (struct before){.tier = student->tier,
                                        .upper = student->tier_upper,
                                        .listed = psyi_listed(w.results, s),
                                        .status = student->status};
            for (size_t rule = 0; rule < n_rules; rule++)
                before[s].fired[rule] = psyi_fired(w.results, s, rule);
        }
        ward_close(&w);
        ward_plan harsh = PLANS[round % 4];
        harsh.policy = HARSH;
        ward_open(&w, &harsh);
        run_ward(&w, &drawn, 1);
        assert_int_equal(w.results->n_students, n);
        for (size_t s = 0; s < n; s++) {
            const psyi_student *const student = &w.results->students[s];
            doubted += student->status != before[s].status;
            if (before[s].tier > 0)
                assert_int_equal(student->tier, before[s].tier);
            else
                assert_true(student->tier == before[s].tier || student->tier == PSYI_NOT_JUDGED);
            assert_int_equal(student->tier_upper > 0 ? student->tier_upper : 0,
                             before[s].upper > 0 ? before[s].upper : 0);
            assert_true(psyi_listed(w.results, s) == before[s].listed);
            for (size_t rule = 0; rule < n_rules; rule++)
                assert_int_equal(psyi_fired(w.results, s, rule), before[s].fired[rule]);
            for (uint32_t i = 0; i < student->n_records; i++)
                if (is_critical(&drawn.rows[ward_sheet(&w, student->records[i])])) {
                    critical += student->status == PSYI_STATUS_INVALID;
                    assert_true(psyi_listed(w.results, s));
                }
            if (student->families != 0 && student->status != PSYI_STATUS_ABSENT)
                assert_int_not_equal(student->tier, 0);
        }
        ward_close(&w);
    }
    assert_true(doubted > 1000 && critical > 500); /* or nothing was tried */
}

/* Fill one blank of a student with one sheet: nothing new becomes possible. */
static void test_an_answer_never_widens_what_is_possible(void **state)
{
    (void)state;
    size_t tried = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        ward w;
        draw(&drawn, round);
        ward_open(&w, &PLANS[0]);
        run_ward(&w, &drawn, 1);
        int upper[ROWS];
        for (size_t s = 0; s < w.results->n_students; s++)
            upper[s] = w.results->students[s].tier_upper;
        for (size_t s = 0; s < w.results->n_students; s++) {
            if (w.results->students[s].n_records != 1)
                continue;
            const size_t record = ward_sheet(&w, w.results->students[s].records[0]);
            char *const texts[] = {drawn.mhts[record], drawn.phqs[record]};
            const bool given[] = {drawn.rows[record].mht == drawn.mhts[record],
                                  drawn.rows[record].phq == drawn.phqs[record]};
            for (unsigned use = 0; use < 2; use++)
                for (char *at = texts[use]; given[use] && *at != '\0'; at++)
                    if (*at == '.' && below(2) == 0) {
                        *at = (char)('0' + below(use == 0 ? 2 : 4));
                        tried++;
                        break;
                    }
        }
        run_ward(&w, &drawn, 1);
        for (size_t s = 0; s < w.results->n_students; s++)
            if (w.results->students[s].n_records == 1) {
                if (w.results->students[s].tier_upper > upper[s])
                    fail_msg("round %u, %s: %s, before at most %d", round,
                             w.results->students[s].code,
                             ward_line(&w, NULL, w.results->students[s].code), upper[s]);
            }
        ward_close(&w);
    }
    assert_true(tried > 100);
}

static void test_order_of_rows_and_threads_change_nothing(void **state)
{
    (void)state;
    static const unsigned threads[] = {1, 2, 3, 8};
    for (unsigned round = 0; round < ROUNDS; round++) {
        ward w;
        char *first = NULL;
        draw(&drawn, round);
        ward_plan plan = PLANS[round % 4];
        plan.identity = round % 2 == 0 ? "{output: pseudonym, key_file: k}" : NULL;
        plan.norms = "{id: here, scale: mht.total, local: {by: [stage, grade, sex], min_n: 8, "
                     "below: pool}, metrics: [t, z, percentile]}";
        plan.policy = round % 3 == 0 ? HARSH : round % 3 == 1 ? "default" : NULL;
        ward_open(&w, &plan);
        for (unsigned turn = 0; turn < 4; turn++) {
            for (unsigned i = ROWS - 1; turn > 0 && i > 0; i--) {
                const unsigned j = below(i + 1);
                const ward_row row = drawn.rows[i];
                drawn.rows[i] = drawn.rows[j];
                drawn.rows[j] = row;
            }
            run_ward(&w, &drawn, threads[turn]);
            char *const dump = ward_dump(&w);
            if (first == NULL) {
                first = dump;
            } else {
                for (size_t at = 0; dump[at] != '\0' || first[at] != '\0'; at++)
                    if (dump[at] != first[at])
                        fail_msg("round %u, turn %u: ...%.200s\nbefore: ...%.200s", round, turn,
                                 dump + (at < 80 ? 0 : at - 80), first + (at < 80 ? 0 : at - 80));
                free(dump);
            }
        }
        free(first);
        ward_close(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_critical_item_is_ever_missing),
        cmocka_unit_test(test_without_consent_no_critical_item_is_missing),
        cmocka_unit_test(test_nobody_is_none_while_a_rule_is_open),
        cmocka_unit_test(test_a_sum_that_may_reach_its_cut_is_not_none),
        cmocka_unit_test(test_validity_never_lowers_a_tier),
        cmocka_unit_test(test_a_policy_lowers_no_tier_and_loses_nobody),
        cmocka_unit_test(test_an_answer_never_widens_what_is_possible),
        cmocka_unit_test(test_order_of_rows_and_threads_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
