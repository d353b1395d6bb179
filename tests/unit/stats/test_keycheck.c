/*
 * test_keycheck.c -- mis-keyed items in generated data.
 *
 * One factor, 200 persons, five options, samples of alpha .7 and more.  The same samples are
 * checked with a right key and with one item flipped; how often the flipped item is found and
 * how often anything else is suspected is counted, asserted and printed.
 */
#include "test_support.h"

#include <psyscreen/keycheck.h>
#include <psyscreen/reliability.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERSONS 200
#define MOST    40

static uint64_t state_of_random;

static double uniform(void)
{
    return (double)(psy_test_random(&state_of_random) >> 11) / 9007199254740992.0;
}

static double normal(void)
{
    const double u = 1 - uniform(), v = uniform();
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* An instrument of `k` items with codes 0 to 4; item `flipped` (from 1; 0: none) is keyed
 * the wrong way round. */
static psy_instrument *instrument_of(int k, int flipped)
{
    char text[1024];
    char reverse[32] = "";
    if (flipped > 0)
        snprintf(reverse, sizeof reverse, "reverse: [%d]\n", flipped);
    snprintf(text, sizeof text,
             "format: psyscreen/instrument/1\nid: made\nedition: \"1\"\nname: made\n"
             "informants: [self]\nresponses: {f: {codes: [0, 1, 2, 3, 4]}}\n"
             "items: [{ids: 1..%d, response: f}]\n%s"
             "scales: {total: {items: 1..%d, score: sum, worse: high}}\n",
             k, reverse, k);
    psy_instrument *instrument = NULL;
    psy_error error;
    if (psy_instrument_load_memory(&instrument, text, strlen(text), "made.yaml", NULL, NULL,
                                   &error) != PSY_OK)
        fail_msg("%s", error.message);
    return instrument;
}

typedef struct sample {
    int8_t answers[MOST][PERSONS];
    double values[MOST][PERSONS];
} sample;

/* Loadings between .7 and 1.3 of `loading`; thresholds at different heights. */
static double draw(sample *s, int k, double loading)
{
    double weight[MOST], height[MOST];
    const double *columns[MOST];
    for (int i = 0; i < k; i++) {
        weight[i] = loading * (0.7 + 0.6 * uniform());
        height[i] = 0.8 * (uniform() - 0.5);
        columns[i] = s->values[i];
    }
    for (int p = 0; p < PERSONS; p++) {
        const double trait = normal();
        for (int i = 0; i < k; i++) {
            const double rest = sqrt(1 - weight[i] * weight[i]);
            const double x = floor(2.5 + height[i] + 1.2 * (weight[i] * trait + rest * normal()));
            s->answers[i][p] = (int8_t)(x < 0 ? 0 : x > 4 ? 4 : x);
            s->values[i][p] = s->answers[i][p];
        }
    }
    psy_reliability found;
    assert_int_equal(
        psy_reliability_estimate(columns, (size_t)k, PERSONS, NULL, &found, NULL, NULL), PSY_OK);
    return found.alpha;
}

static psy_table *check(const psy_instrument *instrument, const sample *s, int k,
                        psy_findings *findings)
{
    psy_answers *answers = NULL;
    psy_table *table = NULL;
    assert_int_equal(psy_answers_new(&answers, instrument, NULL, PERSONS, NULL, NULL), PSY_OK);
    for (int i = 0; i < k; i++)
        assert_int_equal(psy_answers_set_column(answers, (size_t)i, s->answers[i], PSY_INT8, 1,
                                                NULL, NULL, NULL),
                         PSY_OK);
    assert_int_equal(psy_keycheck(&table, answers, NULL, findings, NULL), PSY_OK);
    psy_answers_free(answers);
    return table;
}

static bool verdict_is(const psy_table *table, size_t row, const char *word)
{
    const char *text = NULL;
    size_t length = 0;
    assert_true(psy_table_get_text(table, psy_table_find(table, "verdict"), row, &text, &length));
    return length == strlen(word) && memcmp(text, word, length) == 0;
}

typedef struct tally {
    size_t samples, found, clean_alarms, other_alarms;
} tally;

static void replicate(tally *t, const psy_instrument *right, const psy_instrument *wrong, int k,
                      int flipped, double loading)
{
    static sample s;
    while (draw(&s, k, loading) < 0.7)
        continue;
    psy_table *const good = check(right, &s, k, NULL), *const bad = check(wrong, &s, k, NULL);
    bool alarm = false, other = false;
    for (int i = 0; i < k; i++) {
        alarm = alarm || verdict_is(good, (size_t)i, "against");
        other = other || (i + 1 != flipped && verdict_is(bad, (size_t)i, "against"));
    }
    t->samples++;
    t->found += verdict_is(bad, (size_t)flipped - 1, "against");
    t->clean_alarms += alarm;
    t->other_alarms += other;
    psy_table_free(good);
    psy_table_free(bad);
}

static void test_a_flipped_key_is_found(void **state)
{
    (void)state;
    static const int lengths[] = {4, 6, 9, 14, 20};
    static const double alphas[] = {0.74, 0.80, 0.88};
    tally all = {0};
    state_of_random = 20261123;
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        const int k = lengths[l], flipped = 1 + k / 2;
        psy_instrument *const right = instrument_of(k, 0), *const wrong = instrument_of(k, flipped);
        for (size_t a = 0; a < sizeof alphas / sizeof *alphas; a++) {
            /* alpha = k r / (1 + (k - 1) r); cutting into options costs some of it. */
            const double r = alphas[a] / (k - (k - 1) * alphas[a]);
            tally t = {0};
            for (int i = 0; i < 100; i++)
                replicate(&t, right, wrong, k, flipped, sqrt(r) < 0.74 ? sqrt(r) * 1.04 : 0.76);
            printf("k %2d, alpha about %.2f: found %zu of %zu, false alarms %zu (right key), %zu "
                   "(beside it)\n",
                   k, alphas[a], t.found, t.samples, t.clean_alarms, t.other_alarms);
            all.samples += t.samples;
            all.found += t.found;
            all.clean_alarms += t.clean_alarms;
            all.other_alarms += t.other_alarms;
        }
        psy_instrument_free(right);
        psy_instrument_free(wrong);
    }
    printf("all: found %.2f %% of %zu, scales with a false alarm %.2f %% (right key), %.2f %% "
           "(beside a flipped one)\n",
           100.0 * (double)all.found / (double)all.samples, all.samples,
           100.0 * (double)all.clean_alarms / (double)all.samples,
           100.0 * (double)all.other_alarms / (double)all.samples);
    assert_true(all.samples >= 500);
    assert_true(all.found * 100 >= all.samples * 99);
    assert_true(all.clean_alarms * 100 <= all.samples);
    assert_true(all.other_alarms * 100 <= all.samples);
}

static void test_what_is_said_of_an_item(void **state)
{
    (void)state;
    static sample s;
    state_of_random = 5;
    while (draw(&s, 6, 0.7) < 0.7)
        continue;
    psy_instrument *const wrong = instrument_of(6, 2);
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    psy_table *const table = check(wrong, &s, 6, findings);
    assert_int_equal(psy_table_row_count(table), 6);
    assert_int_equal(psy_findings_count(findings), 1);
    const psy_finding finding = psy_findings_get(findings, 0);
    assert_string_equal(finding.rule, "key_against");
    assert_string_equal(finding.field, "scales/total");
    assert_non_null(strstr(finding.message, "item 2 of total looks mis-keyed: it is reversed"));
    /* The correlation by the plain definition. */
    double r = 0, low = 0, high = 0, loading = 0, own = 0, others = 0, xy = 0, xx = 0, yy = 0;
    for (int p = 0; p < PERSONS; p++) {
        double rest = 0;
        for (int i = 0; i < 6; i++)
            rest += i == 1 ? 0 : s.values[i][p];
        own += (4 - s.values[1][p]) / PERSONS;
        others += rest / PERSONS;
    }
    for (int p = 0; p < PERSONS; p++) {
        double rest = -others;
        for (int i = 0; i < 6; i++)
            rest += i == 1 ? 0 : s.values[i][p];
        const double x = 4 - s.values[1][p] - own;
        xy += x * rest;
        xx += x * x;
        yy += rest * rest;
    }
    assert_true(psy_table_get_double(table, psy_table_find(table, "item_rest_r"), 1, &r));
    assert_true(psy_table_get_double(table, psy_table_find(table, "low"), 1, &low));
    assert_true(psy_table_get_double(table, psy_table_find(table, "high"), 1, &high));
    assert_true(psy_table_get_double(table, psy_table_find(table, "loading"), 1, &loading));
    assert_true(fabs(r - xy / sqrt(xx * yy)) < 1e-12);
    assert_true(fabs(atanh(high) - atanh(low) - 2 * 1.959963984540054 / sqrt(PERSONS - 3)) < 1e-9);
    assert_true(low < r && r < high && high < 0 && loading < 0);
    psy_table_free(table);
    psy_findings_free(findings);
    psy_instrument_free(wrong);
}

static void test_where_nothing_can_be_said(void **state)
{
    (void)state;
    static sample s;
    state_of_random = 6;
    while (draw(&s, 2, 0.75) < 0.7)
        continue;
    /* Two items that disagree: nobody knows which. */
    psy_instrument *const two = instrument_of(2, 1);
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    psy_table *table = check(two, &s, 2, findings);
    assert_true(verdict_is(table, 0, "unclear"));
    assert_true(verdict_is(table, 1, "unclear"));
    assert_int_equal(psy_findings_count(findings), 1);
    assert_string_equal(psy_findings_get(findings, 0).rule, "key_unclear");
    psy_table_free(table);
    psy_findings_free(findings);
    psy_instrument_free(two);
    /* One that never varies, and too few persons. */
    memset(s.answers[0], 2, sizeof s.answers[0]);
    psy_instrument *const right = instrument_of(3, 0);
    memcpy(s.answers[2], s.answers[1], sizeof s.answers[1]);
    table = check(right, &s, 3, NULL);
    assert_true(verdict_is(table, 0, "constant"));
    assert_true(verdict_is(table, 1, "fits"));
    psy_table_free(table);
    psy_answers *few = NULL;
    assert_int_equal(psy_answers_new(&few, right, NULL, 10, NULL, NULL), PSY_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            psy_answers_set_column(few, i, s.answers[1], PSY_INT8, 1, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psy_keycheck(&table, few, NULL, NULL, NULL), PSY_OK);
    assert_true(verdict_is(table, 0, "few"));
    psy_table_free(table);
    table = PSY_UNTOUCHED;
    const psy_keycheck_options wrong = {.level = 1.5};
    assert_int_equal(psy_keycheck(&table, few, &wrong, NULL, NULL), PSY_E_ARGUMENT);
    psy_assert_untouched(table);
    psy_answers_free(few);
    psy_instrument_free(right);
}

static psy_status check_once(const psy_allocator *allocator, void *context)
{
    const psy_keycheck_options options = {.allocator = allocator};
    psy_table *table = PSY_UNTOUCHED;
    const psy_status status = psy_keycheck(&table, context, &options, NULL, NULL);
    if (status == PSY_OK)
        psy_table_free(table);
    else
        psy_assert_untouched(table);
    return status;
}

static void test_out_of_memory_leaks_nothing(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of(4, 0);
    psy_answers *answers = NULL;
    assert_int_equal(psy_answers_new(&answers, instrument, NULL, 50, NULL, NULL), PSY_OK);
    int8_t column[50];
    for (size_t i = 0; i < 4; i++) {
        for (size_t p = 0; p < 50; p++)
            column[p] = (int8_t)((p * (i + 3)) % 5);
        assert_int_equal(psy_answers_set_column(answers, i, column, PSY_INT8, 1, NULL, NULL, NULL),
                         PSY_OK);
    }
    psy_sweep(check_once, answers);
    psy_answers_free(answers);
    psy_instrument_free(instrument);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_flipped_key_is_found),
        cmocka_unit_test(test_what_is_said_of_an_item),
        cmocka_unit_test(test_where_nothing_can_be_said),
        cmocka_unit_test(test_out_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
