/*
 * test_histogram.c -- local groups: counts, moments, standard scores decided in integers.
 */
#include "norm/apply.h"
#include "norm/local_round.h"
#include "test_support.h"

#include <math.h>
#include <string.h>

static uint64_t seed = 11;

static unsigned roll(unsigned sides)
{
    return psy_test_below(&seed, sides);
}

static void add(psyi_histogram *histogram, int64_t num, int64_t den, uint64_t count)
{
    assert_int_equal(psyi_histogram_add(histogram, (psyi_ratio){num, den}, count, NULL), PSY_OK);
}

static void expect(const char *name, psyi_ratio value, const char *expected)
{
    char text[40] = "none";
    if (value.den != 0)
        psyi_ratio_print(value, text);
    if (strcmp(text, expected) != 0)
        fail_msg("%s: %s, expected %s", name, text, expected);
}

static void test_merging_is_the_same_in_any_order(void **state)
{
    (void)state;
    psyi_histogram parts[20], one, other;
    uint64_t people = 0;
    for (size_t i = 0; i < 20; i++) {
        psyi_histogram_init(&parts[i], NULL);
        for (int k = 0; k < 50; k++)
            add(&parts[i], (int64_t)roll(100) - 20, 1 + (int64_t)roll(4), 1 + roll(3));
    }
    for (size_t i = 0; i < 20; i++)
        people += parts[i].n;
    psyi_histogram_init(&one, NULL);
    psyi_histogram_init(&other, NULL);
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(psyi_histogram_merge(&one, &parts[i], NULL), PSY_OK);
        assert_int_equal(psyi_histogram_merge(&other, &parts[(i * 7 + 3) % 20], NULL), PSY_OK);
    }
    assert_int_equal(one.n, people);
    assert_int_equal(other.n, people);
    assert_int_equal(one.n_bins, other.n_bins);
    assert_memory_equal(one.bins, other.bins, one.n_bins * sizeof *one.bins);
    for (size_t i = 1; i < one.n_bins; i++)
        assert_true(psyi_ratio_compare(one.bins[i - 1].score, one.bins[i].score) < 0);
    for (size_t i = 0; i < 20; i++)
        psyi_histogram_done(&parts[i]);
    psyi_histogram_done(&one);
    psyi_histogram_done(&other);
}

static void test_equal_ratios_share_a_bin(void **state)
{
    (void)state;
    psyi_histogram h;
    psyi_histogram_init(&h, NULL);
    add(&h, 2, 4, 1);
    add(&h, 1, 2, 2);
    add(&h, 5, 10, 0);
    assert_int_equal(h.n_bins, 1);
    assert_int_equal(h.n, 3);
    assert_int_equal(psyi_histogram_add(&h, PSYI_RATIO_NONE, 1, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psyi_histogram_add(&h, (psyi_ratio){1, 1}, UINT64_MAX, NULL), PSY_E_LIMIT);
    psyi_histogram_done(&h);
}

static void test_moments(void **state)
{
    (void)state;
    psyi_histogram h;
    double mean, variance;
    psyi_histogram_init(&h, NULL);
    assert_false(psyi_histogram_moments(&h, &mean, &variance));
    add(&h, -7, 2, 1);
    assert_true(psyi_histogram_moments(&h, &mean, &variance));
    assert_true(mean == -3.5 && isnan(variance));
    add(&h, 1, 2, 1);
    assert_true(psyi_histogram_moments(&h, &mean, &variance));
    assert_true(mean == -1.5 && variance == 8);
    add(&h, 1, 3, 1); /* mean -8/9; squares 49/4 + 1/4 + 1/9 */
    assert_true(psyi_histogram_moments(&h, &mean, &variance));
    assert_true(mean == -8.0 / 9);
    assert_true(fabs(variance - (12.5 + 1.0 / 9 - 64.0 / 27) / 2) < 1e-15);
    psyi_histogram_done(&h);
}

/* Where one division of doubles would not do: the doubles nearest to the exact ratios (fractions of
 * Python). */
static void test_moments_of_large_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        psyi_histogram_bin bins[2];
        double mean, variance;
    } cases[] = {
        {"a denominator", {{{1, 5000}, 1}, {{3, 5000}, 1}}, 0.0004, 8e-08},
        {"a large score",
         {{{INT64_C(3000000000), 1}, 1}, {{INT64_C(3000000005), 1}, 2}},
         3000000003.3333335,
         8.333333333333334},
        {"a score far below 0",
         {{{INT64_C(-3000000005), 1}, 2}, {{INT64_C(-3000000000), 1}, 1}},
         -3000000003.3333335,
         8.333333333333334},
        {"far apart",
         {{{-2000000000, 1}, 1}, {{2000000001, 2}, 1}},
         -499999999.75,
         4.5000000015e+18},
        {"a sum", {{{0, 1}, 1}, {{INT32_MAX, 1}, 1 << 23}}, 2147483391.0000305, 549755747840.0079},
        {"squares", {{{0, 1}, 1000}, {{INT32_MAX, 1}, 1}}, 2145338.308691309, 4607078935197223.0},
        {"many people", {{{3, 1}, (1 << 27) + 1}}, 3, 0},
        {"many and large", {{{INT32_MAX, 1}, 1 << 23}}, INT32_MAX, 0},
        {"many far below 0", {{{INT32_MIN, 1}, 1 << 23}}, INT32_MIN, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        psyi_histogram h;
        double mean, variance;
        psyi_histogram_init(&h, NULL);
        for (size_t k = 0; k < 2 && cases[i].bins[k].count > 0; k++)
            add(&h, cases[i].bins[k].score.num, cases[i].bins[k].score.den, cases[i].bins[k].count);
        assert_true(psyi_histogram_moments(&h, &mean, &variance));
        if (mean != cases[i].mean || variance != cases[i].variance)
            fail_msg("%s: %.17g and %.17g, expected %.17g and %.17g", cases[i].what, mean, variance,
                     cases[i].mean, cases[i].variance);
        psyi_histogram_done(&h);
    }
}

/* -1, 0, 1: mean 0, sd 1, so that z is the score itself and ties can be made. */
static void test_ties_go_up(void **state)
{
    (void)state;
    psyi_histogram h;
    psyi_histogram_init(&h, NULL);
    add(&h, -1, 1, 1);
    add(&h, 0, 1, 1);
    add(&h, 1, 1, 1);
    static const struct {
        int64_t num, den;
        const char *z, *t;
    } cases[] = {
        {0, 1, "0", "50"},           {1, 1, "1", "60"},
        {-1, 1, "-1", "40"},         {1, 200, "0.01", "50.1"},
        {-1, 200, "0", "50"},        {3, 200, "0.02", "50.2"},
        {-3, 200, "-0.01", "49.9"},  {49, 10000, "0", "50"},
        {51, 10000, "0.01", "50.1"}, {-51, 10000, "-0.01", "49.9"},
        {-5, 1000, "0", "50"},       {1995, 1000, "2", "70"},
        {-50, 1, "-50", "-450"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const psyi_ratio score = psyi_ratio_make(cases[i].num, cases[i].den);
        expect(cases[i].z, psyi_histogram_standard(&h, PSYI_METRIC_Z, score), cases[i].z);
        expect(cases[i].t, psyi_histogram_standard(&h, PSYI_METRIC_T, score), cases[i].t);
    }
    psyi_histogram_done(&h);
}

/* Every other half hundredth is a tie; a root in doubles falls on either side of it. */
static void test_ties_never_depend_on_a_rounded_root(void **state)
{
    (void)state;
    for (int64_t unit = 1; unit < 40; unit += 2) {
        psyi_histogram h;
        psyi_histogram_init(&h, NULL);
        add(&h, -unit, 3, 1);
        add(&h, 0, 1, 1);
        add(&h, unit, 3, 1); /* sd is unit / 3 */
        for (int64_t i = -600; i <= 600; i++) {
            const psyi_ratio score = psyi_ratio_make((2 * i + 1) * unit, 600);
            const psyi_ratio z = psyi_histogram_standard(&h, PSYI_METRIC_Z, score);
            assert_int_equal(psyi_ratio_compare(z, psyi_ratio_make(i + 1, 100)), 0);
            const psyi_ratio t = psyi_histogram_standard(&h, PSYI_METRIC_T, score);
            assert_int_equal(psyi_ratio_compare(t, psyi_ratio_make(500 + i + 1, 10)), 0);
        }
        psyi_histogram_done(&h);
    }
}

static void test_what_does_not_fit_has_no_value(void **state)
{
    (void)state;
    psyi_histogram h;
    double mean, variance;
    const psyi_ratio far = {INT64_MAX / 2, 1};
    psyi_histogram_init(&h, NULL);
    add(&h, -7, 2, 1);
    add(&h, 21, 2, 1); /* below 0 and above: the mean is 3.5 */
    assert_true(psyi_histogram_moments(&h, &mean, &variance));
    assert_true(mean == 3.5 && variance == 98);
    expect("far away", psyi_histogram_standard(&h, PSYI_METRIC_T, far), "none");
    add(&h, INT64_MAX / 2, 1, UINT64_MAX / 2);
    assert_false(psyi_histogram_moments(&h, &mean, &variance));
    assert_true(isnan(variance));
    expect("in a group too large", psyi_histogram_standard(&h, PSYI_METRIC_T, far), "none");
    expect("rank in a group too large", psyi_histogram_standard(&h, PSYI_METRIC_PERCENTILE, far),
           "none");
    psyi_histogram_done(&h);
    /* A score whose distance from the smallest does not fit. */
    psyi_histogram_init(&h, NULL);
    add(&h, INT64_MIN / 2, 1, 1);
    add(&h, INT64_MAX, 2, 1);
    assert_false(psyi_histogram_moments(&h, &mean, &variance));
    psyi_histogram_done(&h);
}

static void test_table_of_a_group_without_spread(void **state)
{
    (void)state;
    psyi_histogram h;
    psyi_ratio out[1] = {{1, 1}};
    psyi_histogram_init(&h, NULL);
    add(&h, 3, 1, 9);
    psyi_histogram_table(&h, PSYI_METRIC_PERCENTILE, out);
    assert_int_equal(out[0].den, 0);
    psyi_histogram_table(&h, PSYI_METRIC_Z, out);
    assert_int_equal(out[0].den, 0);
    psyi_histogram_done(&h);
}

static void test_no_norm_without_spread(void **state)
{
    (void)state;
    psyi_histogram h;
    psyi_histogram_init(&h, NULL);
    const psyi_ratio score = {5, 1};
    for (int i = 0; i < 3; i++) {
        expect("T", psyi_histogram_standard(&h, PSYI_METRIC_T, score), "none");
        expect("percentile", psyi_histogram_standard(&h, PSYI_METRIC_PERCENTILE, score), "none");
        add(&h, 5, 1, 1 + (uint64_t)i * 100);
    }
    add(&h, 6, 1, 1);
    expect("score that is none", psyi_histogram_standard(&h, PSYI_METRIC_T, PSYI_RATIO_NONE),
           "none");
    expect("rank of none", psyi_histogram_standard(&h, PSYI_METRIC_PERCENTILE, PSYI_RATIO_NONE),
           "none");
    expect("metric that needs a table", psyi_histogram_standard(&h, PSYI_METRIC_STANDARD, score),
           "none");
    psyi_histogram_done(&h);
}

/* Against long double, away from ties; scores of many denominators, far above 128 bits. */
static void compare_group(const psyi_histogram *h)
{
    long double n = (long double)h->n, sum = 0, squares = 0;
    psyi_ratio t[400], z[400], p[400];
    for (size_t i = 0; i < h->n_bins; i++)
        sum += (long double)h->bins[i].count * (long double)h->bins[i].score.num /
               (long double)h->bins[i].score.den;
    const long double mean = sum / n;
    for (size_t i = 0; i < h->n_bins; i++) {
        const long double x =
            (long double)h->bins[i].score.num / (long double)h->bins[i].score.den - mean;
        squares += (long double)h->bins[i].count * x * x;
    }
    const long double sd = sqrtl(squares / (n - 1));
    double exact_mean, exact_variance;
    assert_true(psyi_histogram_moments(h, &exact_mean, &exact_variance));
    assert_true(fabs(exact_mean - (double)mean) <= 1e-13 * (1 + fabs(exact_mean)));
    assert_true(fabs(exact_variance - (double)(sd * sd)) <= 1e-12 * exact_variance);
    assert_true(h->n_bins <= 400);
    psyi_histogram_table(h, PSYI_METRIC_T, t);
    psyi_histogram_table(h, PSYI_METRIC_Z, z);
    psyi_histogram_table(h, PSYI_METRIC_PERCENTILE, p);
    long double below = 0;
    for (size_t i = 0; i < h->n_bins; i++) {
        const psyi_ratio score = h->bins[i].score;
        const long double x = ((long double)score.num / (long double)score.den - mean) / sd;
        const long double t10 = 500 + 100 * x + 0.5L, z100 = 100 * x + 0.5L;
        if (fabsl(t10 - roundl(t10)) > 1e-9L)
            assert_true(psyi_ratio_double(t[i]) == (double)floorl(t10) / 10);
        if (fabsl(z100 - roundl(z100)) > 1e-9L)
            assert_true(psyi_ratio_double(z[i]) == (double)floorl(z100) / 100);
        const long double rank = 1000 * (below + (long double)h->bins[i].count / 2) / n + 0.5L;
        if (fabsl(rank - roundl(rank)) > 1e-9L)
            assert_true(psyi_ratio_double(p[i]) ==
                        fmin(99.9, fmax(0.1, (double)floorl(rank) / 10)));
        below += (long double)h->bins[i].count;
        psyi_ratio again = psyi_histogram_standard(h, PSYI_METRIC_T, score);
        assert_true(again.num == t[i].num && again.den == t[i].den);
        again = psyi_histogram_standard(h, PSYI_METRIC_PERCENTILE, score);
        assert_true(again.num == p[i].num && again.den == p[i].den);
    }
}

static void test_standard_scores_agree_with_long_double_away_from_ties(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        psyi_histogram h;
        psyi_histogram_init(&h, NULL);
        /* Means over 72 to 90 items: the common denominator has 112 bits. */
        const int64_t least = round % 3 == 0 ? 1 : round % 3 == 1 ? 5 : 72;
        const unsigned kinds = round % 3 == 0 ? 1 : round % 3 == 1 ? 5 : 19;
        for (int i = 0; i < 300; i++) {
            const int64_t den = least + (int64_t)roll(kinds);
            add(&h, (int64_t)roll(4) * den + (int64_t)roll((unsigned)den + 1) - (round % 2) * 300,
                den, 1 + roll(round % 5 == 0 ? 100000 : 5));
        }
        compare_group(&h);
        psyi_histogram_done(&h);
    }
}

/* A score whose denominator the group has not got. */
static void test_scores_from_outside_the_group(void **state)
{
    (void)state;
    psyi_histogram h;
    psyi_histogram_init(&h, NULL);
    add(&h, 0, 1, 2);
    add(&h, 3, 1, 2); /* mean 1.5, sd sqrt 3 */
    expect("T", psyi_histogram_standard(&h, PSYI_METRIC_T, (psyi_ratio){13, 7}), "52.1");
    expect("T below all", psyi_histogram_standard(&h, PSYI_METRIC_T, (psyi_ratio){-13, 7}), "30.6");
    expect("percentile below all",
           psyi_histogram_standard(&h, PSYI_METRIC_PERCENTILE, (psyi_ratio){-1, 7}), "0.1");
    expect("percentile between",
           psyi_histogram_standard(&h, PSYI_METRIC_PERCENTILE, (psyi_ratio){1, 7}), "50");
    expect("percentile above all",
           psyi_histogram_standard(&h, PSYI_METRIC_PERCENTILE, (psyi_ratio){4, 1}), "99.9");
    psyi_histogram_done(&h);
}

static psy_status fold(const psy_allocator *allocator, void *context)
{
    (void)context;
    psyi_histogram one, other;
    psyi_histogram_init(&one, allocator);
    psyi_histogram_init(&other, allocator);
    psy_status status = PSY_OK;
    for (int64_t i = 0; i < 40 && status == PSY_OK; i++)
        status = psyi_histogram_add(&one, (psyi_ratio){i * 7 % 40, 1}, 1, NULL);
    if (status == PSY_OK)
        status = psyi_histogram_merge(&other, &one, NULL);
    psyi_histogram_done(&one);
    psyi_histogram_done(&other);
    return status;
}

static void test_out_of_memory_leaves_a_whole_histogram(void **state)
{
    (void)state;
    assert_true(psy_sweep(fold, NULL) > 4);
}

/* Moments take a short way where everything fits into doubles; the long way, by wide integers, is
 * the measure, to the last bit, on both sides of where the short one ends. */
static void test_moments_are_those_of_wide_integers(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        const int64_t reach = round % 5 == 0 ? 2000000000 : 1 + (int64_t)roll(300);
        const int64_t most_den = round % 3 == 0 ? 1 : round % 3 == 1 ? 9 : 70;
        const uint64_t most_count = round % 7 == 0 ? 100000 : 30;
        psyi_histogram some;
        psyi_histogram_init(&some, NULL);
        for (unsigned i = 1 + roll(40); i > 0; i--)
            add(&some, (int64_t)roll((unsigned)reach) - (round % 2 == 0 ? reach / 3 : 0),
                1 + (int64_t)roll((unsigned)most_den), 1 + roll((unsigned)most_count));
        psyi_group_sums sums;
        psyi_sums_start(&sums, some.bins[0].score);
        for (size_t i = 0; i < some.n_bins; i++)
            psyi_sums_add(&sums, some.bins[i].score, some.bins[i].count);
        psyi_sums_finish(&sums);
        double mean, variance;
        assert_true(psyi_histogram_moments(&some, &mean, &variance));
        const double long_mean = psyi_sums_mean(&sums), long_variance = psyi_sums_variance(&sums);
        assert_memory_equal(&mean, &long_mean, sizeof mean);
        if (some.n < 2)
            assert_true(isnan(variance) && isnan(long_variance));
        else
            assert_memory_equal(&variance, &long_variance, sizeof variance);
        psyi_histogram_done(&some);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merging_is_the_same_in_any_order),
        cmocka_unit_test(test_equal_ratios_share_a_bin),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_moments_of_large_numbers),
        cmocka_unit_test(test_moments_are_those_of_wide_integers),
        cmocka_unit_test(test_ties_go_up),
        cmocka_unit_test(test_ties_never_depend_on_a_rounded_root),
        cmocka_unit_test(test_what_does_not_fit_has_no_value),
        cmocka_unit_test(test_table_of_a_group_without_spread),
        cmocka_unit_test(test_no_norm_without_spread),
        cmocka_unit_test(test_standard_scores_agree_with_long_double_away_from_ties),
        cmocka_unit_test(test_scores_from_outside_the_group),
        cmocka_unit_test(test_out_of_memory_leaves_a_whole_histogram),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
