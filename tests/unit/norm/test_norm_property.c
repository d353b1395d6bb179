/*
 * test_norm_property.c -- norms of every kind made at random: a higher raw score never gets a lower
 * standard score, in any metric; sums of counts are the same bytes in any order and grouping.
 */
#include "made_norm.h"
#include "test_support.h"

#include "definition/load.h"
#include "norm/counts.h"
#include "norm/public_norms.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed;

static unsigned below(unsigned n)
{
    return psy_test_below(&seed, n);
}

static double unit(void)
{
    return (double)below(1u << 20) / (1u << 20);
}

/* Returns how many of the standard scores were higher than the one before. */
static size_t check_rises(const psy_norms *norms, const char *const *metrics, size_t n, double low,
                          double high, double step)
{
    size_t rose = 0;
    for (size_t m = 0; m < n; m++)
        for (int32_t sex = 1; sex <= 2; sex++)
            for (int32_t age = 6; age <= 12; age++) {
                double before = -INFINITY;
                for (double raw = low; raw <= high; raw += step) {
                    const psy_norm_person person = {
                        .sex = sex, .has_age = 1, .age = age, .months = age * 12 + 5, .grade = age};
                    double out;
                    assert_int_equal(
                        psy_norms_standard(norms, "total", metrics[m], &person, raw, &out, NULL),
                        PSY_OK);
                    if (isnan(out))
                        continue;
                    if (out < before)
                        fail_msg("%s falls from %g to %g at %g", metrics[m], before, out, raw);
                    rose += out > before && isfinite(before);
                    before = out;
                }
            }
    return rose;
}

static void test_means_and_deviations(void **state)
{
    (void)state;
    static const char *const metrics[] = {"t", "z", "iq", "stanine_linear", "sten_linear"};
    for (unsigned round = 1; round < 40; round++) {
        seed = round;
        char rows[800];
        int length = snprintf(rows, sizeof rows, "scale,sex,age_from,age_to,mean,sd\n");
        for (int sex = 0; sex < 2; sex++)
            for (int age = 6; age <= 10; age += 4)
                length += snprintf(rows + length, sizeof rows - (size_t)length,
                                   "total,%s,%d,%d,%.2f,%.2f\n", sex ? "female" : "male", age,
                                   age + 3, 10 + 30 * unit(), 0.5 + 12 * unit());
        psy_norms *const norms =
            made_norm_open("kind: mean_sd\nmetrics: [t, z, iq, stanine_linear, "
                           "sten_linear]\ngroups: [sex, age]\n",
                           rows);
        assert_true(check_rises(norms, metrics, 5, 0, 60, 0.5) > 1000);
        psy_norms_free(norms);
    }
}

static void test_lms(void **state)
{
    (void)state;
    static const char *const metrics[] = {"t", "z", "percentile", "stanine_linear"};
    for (unsigned round = 100; round < 130; round++) {
        seed = round;
        char rows[800];
        int length = snprintf(rows, sizeof rows, "scale,sex,age,l,m,s\n");
        for (int sex = 0; sex < 2; sex++)
            for (int age = 6; age <= 13; age += 7)
                length += snprintf(rows + length, sizeof rows - (size_t)length,
                                   "total,%s,%d,%.3f,%.3f,%.3f\n", sex ? "female" : "male", age,
                                   -2 + 4 * unit(), 8 + 20 * unit(), 0.05 + 0.4 * unit());
        psy_norms *const norms = made_norm_open(
            round % 2 == 0 ? "kind: lms\nmetrics: [t, z, percentile, stanine_linear]\ngroups: "
                             "[sex]\ntails: who\ncompleted_years: middle\n"
                           : "kind: lms\nmetrics: [t, z, percentile, stanine_linear]\ngroups: "
                             "[sex]\ntails: plain\ncompleted_years: middle\n",
            rows);
        assert_true(check_rises(norms, metrics, 4, 0.25, 60, 0.25) > 1000);
        psy_norms_free(norms);
    }
}

/* Tables with gaps and plateaus, alone and between the middles of age groups. */
static void test_tables(void **state)
{
    (void)state;
    static const char *const metrics[] = {"standard"};
    static char rows[20000];
    for (unsigned round = 200; round < 230; round++) {
        seed = round;
        int length = snprintf(rows, sizeof rows, "scale,sex,age_from,age_to,raw,standard\n");
        for (int sex = 0; sex < 2; sex++)
            for (int age = 6; age <= 12; age += 2) {
                unsigned standard = 20 + below(20);
                for (int raw = 0; raw <= 30; raw++, standard += below(4))
                    if (below(9) != 0)
                        length += snprintf(rows + length, sizeof rows - (size_t)length,
                                           "total,%s,%d,%d,%d,%u\n", sex ? "female" : "male", age,
                                           age + 1, raw, standard);
            }
        psy_norms *const norms =
            made_norm_open(round % 2 == 0 ? "kind: table\nmetric: standard\ngroups: [sex, age]\n"
                                          : "kind: table\nmetric: standard\ngroups: [sex, age]\n"
                                            "between_ages: linear\ncompleted_years: middle\n",
                           rows);
        assert_true(check_rises(norms, metrics, 1, 0, 30, 1) > 100);
        psy_norms_free(norms);
    }
}

static void test_regressions(void **state)
{
    (void)state;
    static const char *const metrics[] = {"t", "percentile"};
    for (unsigned round = 300; round < 320; round++) {
        seed = round;
        char rows[400];
        snprintf(rows, sizeof rows,
                 "scale,power_l,power_a,coefficient\ntotal,0,0,%.3f\ntotal,1,0,%.4f\n"
                 "total,0,1,%.3f\ntotal,1,1,%.4f\ntotal,2,0,%.5f\n",
                 -10 - 20 * unit(), 0.5 + 0.5 * unit(), 2 * unit() - 1, 0.02 * unit() - 0.01,
                 0.002 * unit());
        psy_norms *const norms = made_norm_open(
            "kind: regression\nmetrics: [t, percentile]\nages: 5..13\nnorm_range: 25..75\n"
            "raw_range: 0..60\ngroups: []\ncompleted_years: start\n",
            rows);
        assert_true(check_rises(norms, metrics, 2, 0, 60, 0.5) > 300);
        psy_norms_free(norms);
    }
}

/* Sums of ten items with four answers: more of a sum is never less of the trait. */
static void test_item_response(void **state)
{
    (void)state;
    static const char *const metrics[] = {"t", "z"};
    for (unsigned round = 400; round < 420; round++) {
        seed = round;
        char rows[3000];
        int length = snprintf(rows, sizeof rows, "scale,item,step,value\n");
        for (int item = 1; item <= 10; item++) {
            double step = 1 + 2 * unit(); /* intercepts fall */
            length += snprintf(rows + length, sizeof rows - (size_t)length, "total,%d,0,%.3f\n",
                               item, 0.3 + 2 * unit());
            for (int at = 1; at <= 3; at++, step -= 0.2 + 2 * unit())
                length += snprintf(rows + length, sizeof rows - (size_t)length,
                                   "total,%d,%d,%.3f\n", item, at, step);
        }
        psy_norms *const norms = made_norm_open(
            "kind: irt\nmetrics: [t, z]\nestimate: eapsum\nraw_range: 0..30\ngroups: []\n"
            "grid: {from: -6, to: 6, points: 61}\n",
            rows);
        assert_true(check_rises(norms, metrics, 2, 0, 30, 1) > 600);
        psy_norms_free(norms);
    }
}

/* ---- sums of counts -------------------------------------------------------------------------- */

static psyi_norm *counted(const char *id)
{
    const psyi_local_rule rule = {.by = {PSYI_BY_GRADE, PSYI_BY_SEX}, .n_by = 2, .min_n = 10};
    psyi_local_set *const set = psyi_local_set_new(&rule, NULL);
    const unsigned people = 20 + below(60);
    for (unsigned i = 0; i < people; i++) {
        const psyi_local_group group = {.grade = 3 + below(5), .sex = 1 + below(2)};
        const psyi_ratio score = psyi_ratio_make(below(90), 1 + (int64_t)below(7));
        assert_int_equal(psyi_local_set_add(set, group, score, 1 + below(3), NULL), PSY_OK);
    }
    const char *const part = psyi_counts_part(set, id, "2026", NULL, 0);
    const psyi_counts_head head = {
        .id = id,
        .instrument = "mht",
        .edition = "1991",
        .scale = "total",
        .source = "here",
        .population = {"Here", "这里"},
        .year = 2020 + (int)below(6),
        .metrics = 1u << PSYI_METRIC_T,
        .local = {
            .rule = rule, .variant = "default", .informant = 1, .parts = &part, .n_parts = 1}};
    psyi_norm *norm = NULL;
    assert_int_equal(psyi_counts_make(&norm, &head, set, NULL, NULL), PSY_OK);
    psyi_local_set_free(set);
    return norm;
}

static char *bytes_of(const psyi_norm *norm)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_counts_yaml(norm, &text);
    psyi_counts_csv(norm, &text);
    assert_false(text.failed);
    return text.data; /* the test's own allocator is malloc's */
}

/* Groups that judge by themselves, shrunk and pooled ones, with prorated scores among them. */
static void test_local_groups(void **state)
{
    (void)state;
    static const char *const metrics[] = {"t",           "z",          "iq",     "stanine_linear",
                                          "sten_linear", "percentile", "t_blom", "stanine_percent",
                                          "sten_percent"};
    for (unsigned round = 600; round < 616; round++) {
        seed = round;
        const psyi_local_rule rule = {.by = {PSYI_BY_GRADE, PSYI_BY_SEX},
                                      .n_by = 2,
                                      .min_n = 20 + below(20),
                                      .pool_below = 8,
                                      .shrink = round % 2 == 0,
                                      .moments = round % 4 == 0};
        psyi_local_set *const set = psyi_local_set_new(&rule, NULL);
        for (unsigned grade = 6; grade <= 12; grade++)
            for (unsigned sex = 1; sex <= 2; sex++)
                for (unsigned i = 0, n = 4 + below(60); i < n; i++)
                    assert_int_equal(
                        psyi_local_set_add(set, (psyi_local_group){.grade = grade, .sex = sex},
                                           psyi_ratio_make(below(20) + below(20 + 3 * grade),
                                                           below(5) == 0 ? 3 : 1),
                                           1 + below(2), NULL),
                        PSY_OK);
        const char *const part = psyi_counts_part(set, "p", "w", NULL, 0);
        const psyi_counts_head head = {
            .id = "p",
            .instrument = "mht",
            .scale = "total",
            .source = "here",
            .metrics = 1u << PSYI_METRIC_T,
            .local = {.rule = rule, .variant = "default", .parts = &part, .n_parts = 1}};
        psyi_norm *norm = NULL;
        psy_norms *norms = NULL;
        assert_int_equal(psyi_counts_make(&norm, &head, set, NULL, NULL), PSY_OK);
        assert_int_equal(psyi_norms_wrap(&norms, norm, NULL, NULL), PSY_OK);
        assert_true(check_rises(norms, metrics, 9, -3, 70, 0.5) > 3000);
        psy_norms_free(norms);
        psyi_local_set_free(set);
    }
}

/* Merge parts[0..n) in a random order and random grouping. */
static psyi_norm *merge_somehow(psyi_norm *const *parts, size_t n)
{
    psyi_norm *pool[8], *made[8];
    size_t n_made = 0;
    for (size_t i = 0; i < n; i++)
        pool[i] = parts[i];
    while (n > 1) {
        const size_t i = below((unsigned)n);
        size_t j = below((unsigned)n - 1);
        j += j >= i;
        const psyi_norm *const two[] = {pool[i], pool[j]};
        psyi_norm *sum = NULL;
        assert_int_equal(psyi_counts_merge(&sum, two, 2, "sum", NULL, NULL), PSY_OK);
        made[n_made++] = sum;
        pool[i < j ? i : j] = sum;
        pool[i < j ? j : i] = pool[--n];
    }
    for (size_t i = 0; i + 1 < n_made; i++)
        psyi_norm_free(made[i]);
    return made[n_made - 1];
}

static void test_merging_in_any_order(void **state)
{
    (void)state;
    for (unsigned round = 500; round < 530; round++) {
        seed = round;
        psyi_norm *parts[6];
        char ids[6][8], *first = NULL;
        for (size_t i = 0; i < 6; i++) {
            snprintf(ids[i], sizeof ids[i], "p%zu", i);
            parts[i] = counted(ids[i]);
        }
        for (int turn = 0; turn < 5; turn++) {
            psyi_norm *const sum = merge_somehow(parts, 6);
            char *const bytes = bytes_of(sum);
            if (first != NULL)
                assert_string_equal(bytes, first);
            free(first);
            first = bytes;
            psyi_norm_free(sum);
        }
        free(first);
        for (size_t i = 0; i < 6; i++)
            psyi_norm_free(parts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_means_and_deviations),
        cmocka_unit_test(test_lms),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_regressions),
        cmocka_unit_test(test_item_response),
        cmocka_unit_test(test_local_groups),
        cmocka_unit_test(test_merging_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
