/*
 * test_person_fit.c -- l*_z against the dichotomous formula, and both by simulation.
 */
#include "small_grid.h"
#include "test_support.h"

#include <math.h>

#define N_ITEMS 24
#define N_ROWS  4000

static small_grid g;
static double theta[N_ROWS], lz[N_ROWS], star[N_ROWS];
static uint8_t why[N_ROWS];

static double uniform(uint64_t *seed)
{
    return (small_grid_draw(seed, 1u << 30) + 0.5) / (double)(1u << 30);
}

static double normal(uint64_t *seed)
{
    return sqrt(-2 * log(uniform(seed))) * cos(6.283185307179586 * uniform(seed));
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

/* Snijders (2001), with w = log(P/Q), at the root of sum a (x - P) - theta by bisection. */
static double dichotomous_star(const int8_t *x, const double *a, const double *d)
{
    double lo = -60, hi = 60;
    for (int i = 0; i < 200; i++) {
        const double t = (lo + hi) / 2;
        double slope = -t;
        for (size_t j = 0; j < N_ITEMS; j++)
            slope += a[j] * (x[j] - logistic(a[j] * t + d[j]));
        *(slope > 0 ? &lo : &hi) = t;
    }
    double w_sum = 0, pw = 0, pr = 0, tau = 0;
    for (size_t j = 0; j < N_ITEMS; j++) {
        const double u = a[j] * lo + d[j], p = logistic(u), slope = a[j] * p * (1 - p);
        w_sum += (x[j] - p) * u;
        pw += slope * u;
        pr += slope * a[j];
    }
    const double c = pw / pr;
    for (size_t j = 0; j < N_ITEMS; j++) {
        const double u = a[j] * lo + d[j], p = logistic(u);
        tau += p * (1 - p) * (u - c * a[j]) * (u - c * a[j]);
    }
    return (w_sum - c * lo) / sqrt(tau);
}

static void test_star_agrees_with_the_dichotomous_formula(void **state)
{
    (void)state;
    double a[N_ITEMS], d[N_ITEMS];
    uint8_t highest[N_ITEMS];
    uint64_t seed = 5;
    for (size_t j = 0; j < N_ITEMS; j++) {
        a[j] = (j == 3 ? -1 : 1) * (0.7 + uniform(&seed));
        d[j] = 3 * uniform(&seed) - 1.5;
        highest[j] = 1;
    }
    const psy_graded_items model = {N_ITEMS, highest, a, d};
    small_grid_random(&g, 500, N_ITEMS, 2, 200, 11);
    assert_int_equal(psy_validity_person_fit(&g.grid, &model, theta, lz, star, why, NULL), PSY_OK);
    for (size_t row = 0; row < 500; row++) {
        int8_t x[N_ITEMS];
        bool complete = true;
        for (size_t j = 0; j < N_ITEMS; j++) {
            x[j] = g.answers[j][row];
            complete = complete && x[j] >= 0;
        }
        assert_int_equal(why[row], complete ? PSY_INDEX_DEFINED : PSY_INDEX_BLANKS);
        if (complete)
            assert_true(fabs(star[row] - dichotomous_star(x, a, d)) < 1e-10);
        else
            assert_true(isnan(star[row]) && isnan(lz[row]) && isnan(theta[row]));
    }
}

/* Under the model l*_z has variance near 1 and mean near 0; l_z at the estimate is narrower. */
static void test_spread_under_the_model(void **state)
{
    (void)state;
    double a[N_ITEMS], d[3 * N_ITEMS];
    uint8_t highest[N_ITEMS];
    uint64_t seed = 17;
    for (size_t j = 0; j < N_ITEMS; j++) {
        a[j] = 1.2 + uniform(&seed);
        highest[j] = 3;
        const double middle = 2 * uniform(&seed) - 1;
        for (int s = 0; s < 3; s++)
            d[3 * j + (size_t)s] = middle + 1.5 * (1 - s);
    }
    small_grid_random(&g, N_ROWS, N_ITEMS, 4, 0, 1);
    for (size_t row = 0; row < N_ROWS; row++) {
        const double t = normal(&seed);
        for (size_t j = 0; j < N_ITEMS; j++) {
            const double u = uniform(&seed);
            int score = 0;
            for (size_t s = 0; s < 3; s++)
                score += u < logistic(a[j] * t + d[3 * j + s]);
            g.answers[j][row] = (int8_t)score;
        }
    }
    const psy_graded_items model = {N_ITEMS, highest, a, d};
    assert_int_equal(psy_validity_person_fit(&g.grid, &model, theta, lz, star, why, NULL), PSY_OK);
    double sum = 0, squares = 0, lz_sum = 0, lz_squares = 0;
    for (size_t row = 0; row < N_ROWS; row++) {
        sum += star[row];
        squares += star[row] * star[row];
        lz_sum += lz[row];
        lz_squares += lz[row] * lz[row];
    }
    const double mean = sum / N_ROWS, variance = squares / N_ROWS - mean * mean;
    const double lz_mean = lz_sum / N_ROWS, lz_variance = lz_squares / N_ROWS - lz_mean * lz_mean;
    print_message("l*_z: mean %.3f, variance %.3f; l_z: mean %.3f, variance %.3f\n", mean, variance,
                  lz_mean, lz_variance);
    assert_true(fabs(mean) < 0.1 && variance > 0.9 && variance < 1.1);
    assert_true(variance > lz_variance);
}

static void test_extreme_sheets_are_finite(void **state)
{
    (void)state;
    const double a[4] = {8, 8, 8, -9}, d[8] = {30, -30, 50, -50, 1, 0.9999999, 0, -700};
    const uint8_t highest[4] = {2, 2, 2, 2};
    const psy_graded_items model = {4, highest, a, d};
    small_grid_text(&g, "0000 2222 0202 2020 1111");
    assert_int_equal(psy_validity_person_fit(&g.grid, &model, theta, lz, star, why, NULL), PSY_OK);
    for (size_t row = 0; row < 5; row++) {
        assert_true(isfinite(theta[row]) && !isinf(lz[row]) && !isinf(star[row]));
        assert_int_equal(why[row] == PSY_INDEX_DEFINED, isfinite(lz[row]) && isfinite(star[row]));
    }
}

static const struct {
    const char *name;
    psy_graded_items model;
} bad_models[] = {
    {"no parameters", {1, NULL, NULL, NULL}},
    {"number of items",
     {2, (const uint8_t[]){1, 1}, (const double[]){1, 1}, (const double[]){0, 0}}},
    {"slope 0", {1, (const uint8_t[]){1}, (const double[]){0}, (const double[]){0}}},
    {"slope NaN", {1, (const uint8_t[]){1}, (const double[]){NAN}, (const double[]){0}}},
    {"highest 0", {1, (const uint8_t[]){0}, (const double[]){1}, (const double[]){0}}},
    {"highest 64", {1, (const uint8_t[]){64}, (const double[]){1}, (const double[]){0}}},
    {"rising", {1, (const uint8_t[]){2}, (const double[]){1}, (const double[]){0, 1}}},
    {"equal", {1, (const uint8_t[]){2}, (const double[]){1}, (const double[]){1, 1}}},
    {"above", {1, (const uint8_t[]){1}, (const double[]){1}, (const double[]){1}}},
};

static void test_bad_models_are_refused(void **state)
{
    (void)state;
    small_grid_text(&g, "2 0");
    for (size_t i = 0; i < sizeof bad_models / sizeof *bad_models; i++) {
        print_message("  %s\n", bad_models[i].name);
        assert_int_equal(
            psy_validity_person_fit(&g.grid, &bad_models[i].model, theta, lz, star, why, NULL),
            PSY_E_ARGUMENT);
    }
    assert_int_equal(psy_validity_person_fit(&g.grid, NULL, theta, lz, star, why, NULL),
                     PSY_E_ARGUMENT);
}

/* One right-or-wrong item says nothing about fit. */
static void test_one_item_has_no_star(void **state)
{
    (void)state;
    const double a = 1.3, d = 0.4;
    const uint8_t highest = 1;
    const psy_graded_items model = {1, &highest, &a, &d};
    small_grid_text(&g, "0 1");
    assert_int_equal(psy_validity_person_fit(&g.grid, &model, NULL, NULL, star, why, NULL), PSY_OK);
    assert_true(isnan(star[0]) && why[0] == PSY_INDEX_TOO_FEW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_star_agrees_with_the_dichotomous_formula),
        cmocka_unit_test(test_spread_under_the_model),
        cmocka_unit_test(test_extreme_sheets_are_finite),
        cmocka_unit_test(test_bad_models_are_refused),
        cmocka_unit_test(test_one_item_has_no_star),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
