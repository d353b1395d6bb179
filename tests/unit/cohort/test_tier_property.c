/*
 * test_tier_property.c -- tiers over random wards: worse answers never make a milder tier, and a
 * questionnaire that nobody answered decides nothing by its score.
 */
#include "screening_ward.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 120, ROUNDS = 20 };

static uint64_t seed;

static unsigned below(unsigned n)
{
    return psy_test_below(&seed, n);
}

typedef struct random_ward {
    ward_row rows[ROWS];
    char codes[ROWS][8], mhts[ROWS][101], phqs[ROWS][10];
} random_ward;

static void draw_answers(char *out, size_t n, unsigned high, unsigned blanks, unsigned severity)
{
    for (size_t i = 0; i < n; i++)
        out[i] = blanks > 0 && below(100) < blanks ? '.'
                 : below(100) < severity           ? (char)('0' + 1 + below(high))
                                                   : '0';
    out[n] = '\0';
}

/* Lie items of the MHT are left at 0, so that every sheet is as valid as it was. */
static void no_lies(char *answers)
{
    for (unsigned item = 81; item < 100; item += 2)
        answers[item] = '0';
}

static void draw(random_ward *r, uint64_t round)
{
    static const char *const grades[] = {"4", "6", "7", "8", "9", "11", ""};
    seed = round * 7919 + 17;
    for (unsigned i = 0; i < ROWS; i++) {
        const unsigned who = below(90), blanks = below(3) == 0 ? 2 + below(20) : 0;
        snprintf(r->codes[i], sizeof r->codes[i], "S%03u", who);
        draw_answers(r->mhts[i], 100, 1, blanks, 20 + below(60));
        no_lies(r->mhts[i]);
        draw_answers(r->phqs[i], 9, 3, blanks, below(90));
        r->rows[i] = (ward_row){.student = r->codes[i],
                                .school = who % 2 == 0 ? "A" : "B",
                                .grade = grades[who % 7],
                                .sex = who % 3 == 0 ? "f" : "m",
                                .time = i % 2 == 0 ? "2026-10-01 08:00" : "2026-10-02 08:00",
                                .seconds = "900",
                                .mht = r->mhts[i],
                                .phq = below(15) == 0 ? NULL : r->phqs[i]};
    }
}

/* Some answers one step worse, and some blanks filled with the worst there is. */
static size_t worsen(random_ward *r)
{
    size_t n = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        for (char *at = r->mhts[i]; *at != '\0'; at++)
            if (*at == '0' && below(12) == 0) {
                *at = '1';
                n++;
            }
        no_lies(r->mhts[i]);
        for (char *at = r->phqs[i]; *at != '\0'; at++)
            if (*at >= '0' && *at < '3' && below(6) == 0) {
                ++*at;
                n++;
            }
    }
    return n;
}

/* Rules that only rise with scores, of every shape the language has for that. */
static const char RISING[] =
    "    - {id: a, rank: 3, when: \"phq9.total > 20 and phq9.item(self_harm) > 1\"}\n"
    "    - {id: b, rank: 2, when: \"mht.total >= 65 or phq9.total >= 18\"}\n"
    "    - {id: c, rank: 2, when: \"count(mht.study_anxiety >= 8, mht.social_anxiety >= 8, "
    "mht.loneliness >= 8, mht.self_blame >= 8) >= 2\"}\n"
    "    - {id: d, rank: 1, when: \"phq9.total.band >= moderate\"}\n"
    "    - {id: e, rank: 1, when: \"not (mht.total < 56)\"}\n"
    "    - {id: f, rank: 1, when: \"phq9.mds\"}\n"
    "    - {id: g, rank: 1, when: \"count(phq9.items(1..9) >= 2) >= 4\"}\n"
    "    - {id: h, rank: 1, stages: [junior], when: \"mht.total + phq9.total >= 60\"}\n";

static random_ward drawn;

static void test_worse_answers_never_make_a_milder_tier(void **state)
{
    (void)state;
    static const char *const duplicates[] = {"manual", "last"};
    size_t changed = 0, raised = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        static struct before {
            int tier, upper;
            bool fired[16];
        } before[ROWS];
        ward w;
        draw(&drawn, round);
        ward_open(&w, &(ward_plan){.rules = RISING, .duplicates = duplicates[round % 2]});
        ward_run(&w, NULL, drawn.rows, ROWS, 1);
        const size_t n = w.results->n_students, n_rules = w.results->book->n_rules;
        assert_true(n <= ROWS && n_rules <= 16);
        for (size_t s = 0; s < n; s++) {
            before[s].tier = w.results->students[s].tier;
            before[s].upper = w.results->students[s].tier_upper;
            for (size_t rule = 0; rule < n_rules; rule++)
                before[s].fired[rule] = psyi_fired(w.results, s, rule);
        }
        changed += worsen(&drawn);
        ward_run(&w, NULL, drawn.rows, ROWS, 1);
        assert_int_equal(w.results->n_students, n);
        for (size_t s = 0; s < n; s++) {
            const psyi_student *const now = &w.results->students[s];
            for (size_t rule = 0; rule < n_rules; rule++)
                if (before[s].fired[rule] && !psyi_fired(w.results, s, rule))
                    fail_msg("round %u: %s lost rule %s", round, now->code,
                             w.results->book->rules[rule].id);
            if (before[s].tier != PSYI_NOT_JUDGED) /* nor is a judgement lost */
                assert_true(now->tier >= before[s].tier);
            if (before[s].tier == PSYI_NOT_JUDGED)
                assert_int_not_equal(now->tier, 0);
            assert_true(now->tier_upper == PSYI_NOT_JUDGED || now->tier_upper >= before[s].tier);
            raised += now->tier > before[s].tier;
        }
        ward_close(&w);
    }
    if (changed < 2000 || raised < 60)
        fail_msg("%zu answers changed, %zu tiers rose", changed, raised);
}

/* What the generated wards found: a paper that was handed in again on the last day was taken
 * for one of the first day, and the others of that day tied with it. */
static void test_the_last_may_repeat_the_first(void **state)
{
    (void)state;
    ward_row rows[] = {
        {.student = "S",
         .school = "A",
         .grade = "8",
         .time = "2026-10-01 08:00",
         .phq = "333330000"},
        {.student = "S",
         .school = "A",
         .grade = "8",
         .time = "2026-10-01 08:00",
         .phq = "100000000"},
        {.student = "S",
         .school = "A",
         .grade = "8",
         .time = "2026-10-02 08:00",
         .phq = "100000000"},
    };
    for (size_t i = 0; i < 3; i++)
        rows[i].mht = mht(0, 0, NULL);
    ward w;
    ward_open(&w, &(ward_plan){.duplicates = "last"});
    ward_run(&w, NULL, rows, 3, 1);
    assert_string_equal(ward_line(&w, NULL, "S"), "valid 0 0 - -");
    /* Of the first it is the first of the two that counts: as before, a tie. */
    ward_close(&w);
    ward_open(&w, &(ward_plan){.duplicates = "first"});
    ward_run(&w, NULL, rows, 3, 1);
    assert_string_equal(ward_line(&w, NULL, "S"), "doubtful 2 2 phq_15;phq_10 -");
    ward_close(&w);
    /* Without its time nobody knows which was last. */
    rows[2].time = "";
    ward_open(&w, &(ward_plan){.duplicates = "last"});
    ward_run(&w, NULL, rows, 3, 1);
    assert_string_equal(ward_line(&w, NULL, "S"), "doubtful 2 2 phq_15;phq_10 -");
    ward_close(&w);
}

/* A scale without an answer on a sheet with others: rules on it stay open, whatever they ask. */
static void test_a_blank_subscale_decides_nothing(void **state)
{
    (void)state;
    static const char BLANK[] = "    - {id: high, rank: 1, when: \"mht.loneliness >= 1\"}\n"
                                "    - {id: low, rank: 2, when: \"mht.loneliness <= 9\"}\n"
                                "    - {id: t, rank: 1, when: \"mht.loneliness.t@here >= 20\"}\n"
                                "    - {id: item, rank: 1, when: \"mht.item(30) < 1\"}\n";
    size_t seen = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        ward w;
        draw(&drawn, round);
        ward_open(&w, &(ward_plan){.rules = BLANK,
                                   .norms = "{id: here, scale: mht.loneliness, local: {by: [sex], "
                                            "min_n: 5, below: pool}, metrics: [t]}"});
        const psy_instrument *const mht = w.plan->uses[0].instrument;
        const psyi_scale *const lonely = &mht->scales[psyi_find_scale(mht, "loneliness")];
        for (unsigned i = 0; i < ROWS; i++)
            for (size_t k = 0; k < lonely->n_items; k++)
                if (atoi(drawn.codes[i] + 1) % 3 == 0) /* on all sheets of a student */
                    drawn.mhts[i][lonely->items[k]] = '.';
        ward_run(&w, NULL, drawn.rows, ROWS, 1);
        const psyi_results *const r = w.results;
        for (size_t s = 0; s < r->n_students; s++) {
            if (atoi(r->students[s].code + 1) % 3 != 0)
                continue;
            for (size_t rule = r->book->n_critical; rule < r->book->n_rules; rule++)
                if (psyi_fired(r, s, rule))
                    fail_msg("round %u: %s has rule %s", round, r->students[s].code,
                             r->book->rules[rule].id);
            assert_int_not_equal(r->students[s].tier, 0);
            seen++;
        }
        ward_close(&w);
    }
    assert_true(seen > 300);
}

/* Nobody answered an item of the PHQ-9: no rule on its score fires, whatever it asks for, and
 * whoever was asked for it is not "none". */
static void test_a_blank_scale_decides_nothing(void **state)
{
    (void)state;
    static const char BLANK[] =
        "    - {id: at_all, rank: 1, when: \"phq9.total >= 1\"}\n"
        "    - {id: low, rank: 1, when: \"phq9.total <= 26\"}\n"
        "    - {id: band, rank: 2, when: \"phq9.total.band >= mild\"}\n"
        "    - {id: sum, rank: 2, when: \"phq9.total + mht.loneliness >= 1\"}\n"
        "    - {id: t, rank: 1, when: \"phq9.total.t@here >= 20\"}\n"
        "    - {id: several, rank: 1, when: \"count(phq9.items(1..9) >= 1) >= 1\"}\n";
    size_t seen = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        ward w;
        draw(&drawn, round);
        for (unsigned i = 0; i < ROWS; i++) {
            if (atoi(drawn.codes[i] + 1) % 4 == 0) /* all sheets of a student */
                drawn.rows[i].phq = below(2) == 0 ? "........." : NULL;
        }
        ward_open(&w, &(ward_plan){.rules = BLANK,
                                   .norms = "{id: here, scale: phq9.total, local: {by: [sex], "
                                            "min_n: 5, below: pool}, metrics: [t]}"});
        ward_run(&w, NULL, drawn.rows, ROWS, 1);
        const psyi_results *const r = w.results;
        for (size_t s = 0; s < r->n_students; s++) {
            if (atoi(r->students[s].code + 1) % 4 != 0)
                continue;
            for (size_t rule = r->book->n_critical; rule < r->book->n_rules; rule++)
                if (psyi_fired(r, s, rule))
                    assert_string_equal(r->book->rules[rule].id, "sum"); /* see below */
            /* "sum" may fire by what it adds, never by the blank scale. */
            if (psyi_fired(r, s, r->book->n_critical + 3)) {
                bool lonely = false;
                for (uint32_t i = 0; i < r->students[s].n_records; i++) {
                    const char *const answers = drawn.mhts[r->students[s].records[i]];
                    lonely = lonely || strpbrk(answers, "1") != NULL;
                }
                assert_true(lonely);
            }
            if (r->students[s].grade >= 7)
                assert_int_not_equal(r->students[s].tier, 0);
            seen++;
        }
        ward_close(&w);
    }
    assert_true(seen > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worse_answers_never_make_a_milder_tier),
        cmocka_unit_test(test_the_last_may_repeat_the_first),
        cmocka_unit_test(test_a_blank_subscale_decides_nothing),
        cmocka_unit_test(test_a_blank_scale_decides_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
