/*
 * test_make_up_property.c -- whoever comes late changes nobody else's tier: random waves whose
 * first release has only some of the sheets, with and without a policy of validity.
 */
#include "run_directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 60, ROUNDS = 6 };

#define NORMS                                                                                      \
    "{id: here, scale: mht.total, local: {by: [stage], min_n: 5, below: pool, freeze: "            \
    "first_release}, metrics: [t, percentile]}"
#define RULES                                                                                      \
    "    - {id: high_here, rank: 1, when: \"mht.total.t@here >= 55\", text: {en: high here}}\n"    \
    "    - {id: mht_40, rank: 2, when: \"mht.total >= 40\", text: {en: forty}}\n"                  \
    "    - {id: phq_10, rank: 1, when: \"phq9.total >= 10\", text: {en: ten}}\n"

static uint64_t seed;

static unsigned below(unsigned n)
{
    return psy_test_below(&seed, n);
}

/* "tier,tier_upper,rules" of a student of scores.csv, "" when there is no such line. */
static void decision_of(const char *scores, const char *student, char out[200])
{
    char key[64];
    out[0] = '\0';
    snprintf(key, sizeof key, "\n%s,", student);
    const char *at = strstr(scores, key);
    if (at == NULL)
        return;
    at++;
    for (int i = 0; i < 7; i++)
        at = strchr(at, ',') + 1;
    const char *end = at;
    for (int i = 0; i < 3; i++)
        end = strchr(end, ',') + 1;
    snprintf(out, 200, "%.*s", (int)(end - at - 1), at);
}

static void make_up(unsigned round, const char *policy)
{
    static ward_row shuffled[ROWS];
    run_directory d;
    size_t same = 0;
    seed = round * 31 + 5;
    run_open(&d, &(ward_plan){.norms = NORMS, .rules = RULES, .policy = policy}, ROWS);
    d.options.no_workbooks = true;
    memcpy(shuffled, run_rows(), sizeof shuffled);
    for (unsigned i = ROWS - 1; i > 0; i--) {
        const unsigned j = below(i + 1);
        const ward_row row = shuffled[i];
        shuffled[i] = shuffled[j];
        shuffled[j] = row;
    }
    const size_t first = 25 + below(30);
    run_write_rows(&d, shuffled, first);
    assert_int_equal(run_go(&d), PSY_OK);
    char *const before = psy_test_read_file(run_path(&d, "scores.csv"), NULL);
    d.options.force = true;
    run_write_rows(&d, shuffled, ROWS);
    assert_int_equal(run_go(&d), PSY_OK);
    char *const after = psy_test_read_file(run_path(&d, "scores.csv"), NULL);
    for (size_t i = 0; i < first; i++) {
        char then[200], now[200];
        if (shuffled[i].mht == NULL && shuffled[i].phq == NULL)
            continue;
        decision_of(before, shuffled[i].student, then);
        decision_of(after, shuffled[i].student, now);
        if (strcmp(then, now) != 0)
            fail_msg("round %u, %zu sheets first: %s was %s and is %s", round, first,
                     shuffled[i].student, then, now);
        same += then[0] != '\0';
    }
    assert_true(same > 15);
    free(after);
    free(before);
    run_close(&d);
}

static void test_without_a_policy(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++)
        make_up(round, NULL);
}

static void test_with_the_default_policy(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++)
        make_up(round, "default");
}

/* As hard as a plan can be, with indices that look at everybody's sheets. */
static void test_with_a_harsh_policy(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++)
        make_up(round, "{needed: 1, then: invalid, single: retest, inconsistency: {min_items: 9, "
                       "min_n: 8, needed: 1, even_odd: 0.5, person_total: 0.3, mahalanobis: 0.5, "
                       "guttman: 0.5, u3: 0.3}, pattern: {min_items: 9, directions: any}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_policy),
        cmocka_unit_test(test_with_the_default_policy),
        cmocka_unit_test(test_with_a_harsh_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
