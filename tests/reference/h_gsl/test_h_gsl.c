/*
 * test_h_gsl.c -- distributions against R and SciPy (README.md beside this file).
 *
 * GSL's error handler is replaced by one that fails, because the default one ends the
 * program: no argument, however odd, may reach it.
 */
#include "../plain_csv.h"
#include "test_support.h"

#include <psyscreen/distribution.h>

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned handler_calls;

static void count_call(const char *reason, const char *file, int line, int code)
{
    (void)code;
    if (handler_calls++ == 0)
        print_message("GSL complains at %s:%d: %s\n", file, line, reason);
}

static double ours(const char *name, double p1, double p2, double x)
{
    if (strcmp(name, "ugaussian_Pinv") == 0)
        return psy_normal_quantile(x);
    if (strcmp(name, "ugaussian_P") == 0)
        return psy_normal_p(x);
    if (strcmp(name, "ugaussian_Q") == 0)
        return psy_normal_q(x);
    if (strcmp(name, "chisq_Q") == 0)
        return psy_chisq_q(x, p1);
    if (strcmp(name, "chisq_Qinv") == 0)
        return psy_chisq_upper_quantile(x, p1);
    if (strcmp(name, "beta_P") == 0)
        return psy_beta_p(x, p1, p2);
    if (strcmp(name, "beta_Pinv") == 0)
        return psy_beta_quantile(x, p1, p2);
    if (strcmp(name, "fdist_Pinv") == 0)
        return psy_f_quantile(x, p1, p2);
    if (strcmp(name, "tdist_Pinv") == 0)
        return psy_t_quantile(x, p1);
    if (strcmp(name, "binomial_P") == 0)
        return psy_binomial_p(x, p2, p1);
    fail_msg("unknown function %s", name);
    return NAN;
}

static void test_every_value_agrees(void **state)
{
    (void)state;
    plain_csv csv = plain_csv_read("tests/reference/h_gsl/expected.csv");
    size_t n = 0, n_bad = 0;
    for (size_t row = 1; row < csv.n_rows; row++, n++) {
        const char *const name = plain_csv_text(&csv, row, "fn");
        const double p1 = plain_csv_number(&csv, row, "p1");
        const double p2 = plain_csv_number(&csv, row, "p2");
        const double x = plain_csv_number(&csv, row, "x");
        const double expected = plain_csv_number(&csv, row, "value");
        const double value = ours(name, p1, p2, x);
        const double error = expected == 0 ? fabs(value) : fabs(value - expected) / fabs(expected);
        if (!(error <= 1e-12)) {
            print_message("%s(%g, %g; %.17g) = %.17g, expected %.17g, error %.2g\n", name, p1, p2,
                          x, value, expected, error);
            n_bad++;
        }
    }
    assert_int_equal(n, 287);
    assert_int_equal(n_bad, 0);
    plain_csv_all_read(&csv, NULL);
    plain_csv_free(&csv);
}

/* Where GSL 2.7.1 answers NaN. */
static const double nan_beta[][3] = {
    {0.001, 5000, 55000},
    {0.999, 5000, 55000},
    {0.999, 2435 / 2.0, 9740 / 2.0},
    {0.001, 59999 / 2.0, 1439976 / 2.0},
    {0.999, 59999 / 2.0, 1439976 / 2.0},
};

static void test_quantiles_are_finite_where_gsl_has_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof nan_beta / sizeof *nan_beta; i++) {
        const double p = nan_beta[i][0], a = nan_beta[i][1], b = nan_beta[i][2];
        const double x = psy_beta_quantile(p, a, b);
        assert_true(isfinite(x));
        assert_true(fabs(psy_beta_p(x, a, b) - p) < 1e-12);
        const double f = psy_f_quantile(p, 2 * a, 2 * b);
        assert_true(isfinite(f));
        assert_true(fabs(psy_f_p(f, 2 * a, 2 * b) - p) < 1e-12);
    }
}

static const double parameters[] = {1e-4, 1e-3, 0.1, 0.5, 1,   1.5, 2,   7, 25, 116,      1e3, 1e4,
                                    5e4,  1e5,  1e6, 1e7, 1e8, 2e8, 1e9, 0, -1, INFINITY, NAN};
static const double probabilities[] = {0,   5e-324, 1e-300, 1e-30, 1e-9, 0.001, 0.025, 0.3,
                                       0.5, 0.7,    0.975,  0.999, 1,    1.5,   -0.5,  NAN};
static const double points[] = {0,   5e-324, 1e-300, 1e-9, 0.01,  0.5,     1,        2,   10, 99,
                                1e3, 1e5,    1e7,    1e9,  1e300, DBL_MAX, INFINITY, NAN, -1};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_odd_arguments_never_reach_the_handler(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(parameters); i++) {
        const double a = parameters[i];
        for (size_t k = 0; k < COUNT(points); k++) {
            const double q = psy_chisq_q(points[k], a);
            assert_true(isnan(q) || (q >= 0 && q <= 1));
            assert_int_equal(isnan(q), !(points[k] >= 0) || !(a >= 2e-4 && a <= 2e8));
            const double near = psy_chisq_q(a + points[k] * sqrt(a), a);
            assert_true(isnan(near) || (near >= 0 && near <= 1));
            const double t = psy_t_p(points[k], a);
            assert_true(isnan(t) || (t >= 0 && t <= 1));
        }
        for (size_t j = 0; j < COUNT(parameters); j++) {
            const double b = parameters[j];
            for (size_t k = 0; k < COUNT(points); k++) {
                const double p = psy_beta_p(points[k], a, b);
                assert_true(isnan(p) || (p >= 0 && p <= 1));
                const double f = psy_f_p(points[k], a, b);
                assert_true(isnan(f) || (f >= 0 && f <= 1));
                const double c = psy_binomial_p(a, b, points[k]);
                assert_true(isnan(c) || (c >= 0 && c <= 1));
            }
        }
    }
    for (size_t i = 0; i < COUNT(points); i++) {
        assert_int_equal(isnan(psy_normal_p(points[i])), isnan(points[i]) != 0);
        assert_int_equal(isnan(psy_normal_q(-points[i])), isnan(points[i]) != 0);
    }
    assert_int_equal(handler_calls, 0);
}

static void test_quantiles_are_answered_or_refused(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(probabilities); k++) {
        const double p = probabilities[k];
        const bool good = p >= 0 && p <= 1;
        assert_int_equal(!isnan(psy_normal_quantile(p)), good);
        for (size_t i = 0; i < COUNT(parameters); i++) {
            const double a = parameters[i];
            assert_int_equal(!isnan(psy_chisq_upper_quantile(p, a)),
                             good && p > 0 && a >= 2e-4 && a <= 2e8);
            assert_int_equal(!isnan(psy_t_quantile(p, a)), good && a >= 2e-4 && a <= 2e8);
            for (size_t j = 0; j < COUNT(parameters); j++) {
                const double b = parameters[j];
                const double x = psy_beta_quantile(p, a, b);
                const bool domain = a >= 1e-4 && a <= 1e8 && b >= 1e-4 && b <= 1e8;
                assert_int_equal(!isnan(x), good && domain);
                if (good && domain)
                    assert_true(x >= 0 && x <= 1);
            }
        }
    }
    assert_int_equal(handler_calls, 0);
}

/* P of the quantile is the probability again, wherever the function is not a step. */
static void test_quantiles_invert(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(parameters); i++)
        for (size_t k = 1; k < 13; k++) {
            const double a = parameters[i], p = probabilities[k];
            if (!(a >= 0.5 && a <= 1e7) || p < 1e-30)
                continue;
            assert_true(fabs(psy_chisq_q(psy_chisq_upper_quantile(p, a), a) / p - 1) < 1e-8);
            const double x = psy_beta_quantile(p, a, 3);
            if (x < 0.99999)
                assert_true(fabs(psy_beta_p(x, a, 3) / p - 1) < 1e-9);
            assert_true(fabs(psy_t_p(psy_t_quantile(p, a), a) / p - 1) < 1e-9);
        }
}

static int replace_handler(void **state)
{
    (void)state;
    gsl_set_error_handler(count_call);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_value_agrees),
        cmocka_unit_test(test_quantiles_are_finite_where_gsl_has_none),
        cmocka_unit_test(test_odd_arguments_never_reach_the_handler),
        cmocka_unit_test(test_quantiles_are_answered_or_refused),
        cmocka_unit_test(test_quantiles_invert),
    };
    return cmocka_run_group_tests(tests, replace_handler, NULL);
}
