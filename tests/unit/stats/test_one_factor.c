/*
 * test_one_factor.c -- recovering a factor that is there, and refusing one that is not;
 * omega's edges.
 */
#include "test_support.h"

#include <psyscreen/reliability.h>

#include <math.h>

#define K 6

static const double true_loadings[K] = {1.2, 0.8, -0.5, 2.0, 0.3, 1.0};
static const double true_unique[K] = {1.0, 0.4, 0.7, 3.0, 0.2, 0.9};

static void make(double *s)
{
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            s[i * K + j] = true_loadings[i] * true_loadings[j] + (i == j ? true_unique[i] : 0);
}

static void test_an_exact_factor_is_recovered(void **state)
{
    (void)state;
    double s[K * K], loadings[K], unique[K];
    const psy_factor_method methods[] = {PSY_FACTOR_ML, PSY_FACTOR_MINRES};
    make(s);
    for (size_t m = 0; m < 2; m++) {
        size_t at_bound = 9;
        assert_int_equal(psy_factor_fit(s, K, methods[m], loadings, unique, &at_bound, NULL, NULL),
                         PSY_OK);
        assert_int_equal(at_bound, 0);
        for (size_t i = 0; i < K; i++) {
            assert_true(fabs(loadings[i] - true_loadings[i]) < 1e-9);
            assert_true(fabs(unique[i] - true_unique[i]) < 1e-9);
        }
    }
}

/* Where no exact factor is, the gradient of the sum of squares must vanish. */
static void test_minres_is_stationary(void **state)
{
    (void)state;
    double s[K * K], loadings[K], unique[K];
    make(s);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < i; j++)
            s[i * K + j] = s[j * K + i] = s[i * K + j] + 0.05 * cos((double)(7 * i + 3 * j));
    assert_int_equal(psy_factor_fit(s, K, PSY_FACTOR_MINRES, loadings, unique, NULL, NULL, NULL),
                     PSY_OK);
    for (size_t i = 0; i < K; i++) {
        double gradient = 0;
        for (size_t j = 0; j < K; j++) {
            const double scale = sqrt(s[i * K + i] * s[j * K + j]);
            const double residual = (s[i * K + j] - loadings[i] * loadings[j]) / scale;
            gradient += i == j ? 0 : residual * loadings[j] / sqrt(s[j * K + j]);
        }
        assert_true(fabs(gradient) < 1e-12);
    }
}

/* A loading that wants to be above 1 is held, and told. */
static void test_heywood_case_is_told(void **state)
{
    (void)state;
    const double r[9] = {1, 0.9, 0.9, 0.9, 1, 0.65, 0.9, 0.65, 1};
    double loadings[3], unique[3];
    size_t at_bound = 0;
    assert_int_equal(psy_factor_fit(r, 3, PSY_FACTOR_ML, loadings, unique, &at_bound, NULL, NULL),
                     PSY_OK);
    assert_int_equal(at_bound, 1);
    assert_true(fabs(unique[0] - 0.005) < 1e-12);
    assert_int_equal(
        psy_factor_fit(r, 3, PSY_FACTOR_MINRES, loadings, unique, &at_bound, NULL, NULL), PSY_OK);
    assert_int_equal(at_bound, 1);
}

static void test_matrices_without_a_factor_are_refused(void **state)
{
    (void)state;
    const double zero[9] = {1, 0, 0, 0, 0, 0, 0, 0, 1};
    const double singular[9] = {1, 1, 0, 1, 1, 0, 0, 0, 1};
    const double indefinite[9] = {1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1};
    const double nan_matrix[9] = {1, NAN, 0, NAN, 1, 0, 0, 0, 1};
    double l[3], u[3];
    assert_int_equal(psy_factor_fit(zero, 3, PSY_FACTOR_ML, l, u, NULL, NULL, NULL), PSY_E_NUMERIC);
    assert_int_equal(psy_factor_fit(singular, 3, PSY_FACTOR_ML, l, u, NULL, NULL, NULL),
                     PSY_E_NUMERIC);
    assert_int_equal(psy_factor_fit(indefinite, 3, PSY_FACTOR_ML, l, u, NULL, NULL, NULL),
                     PSY_E_NUMERIC);
    assert_int_equal(psy_factor_fit(nan_matrix, 3, PSY_FACTOR_MINRES, l, u, NULL, NULL, NULL),
                     PSY_E_NUMERIC);
    assert_int_equal(psy_factor_fit(singular, 2, PSY_FACTOR_ML, l, u, NULL, NULL, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_factor_fit(NULL, 3, PSY_FACTOR_ML, l, u, NULL, NULL, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_factor_fit(singular, 3, (psy_factor_method)5, l, u, NULL, NULL, NULL),
                     PSY_E_ARGUMENT);
}

static void test_omega_at_the_edges(void **state)
{
    (void)state;
    const double l[2] = {0.6, 0.8}, u[2] = {0.64, 0.36}, against[2] = {1, -1}, nothing[2] = {0, 0};
    const double negative[2] = {-0.1, 1};
    double omega;
    assert_int_equal(psy_omega_total(l, u, 2, NAN, &omega, NULL), PSY_OK);
    assert_true(fabs(omega - 1.96 / 2.96) < 1e-15);
    assert_int_equal(psy_omega_total(against, nothing, 2, NAN, &omega, NULL), PSY_E_NUMERIC);
    assert_int_equal(psy_omega_total(l, negative, 2, NAN, &omega, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_omega_total(l, NULL, 2, NAN, &omega, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_omega_total(l, NULL, 2, 0, &omega, NULL), PSY_E_NUMERIC);
    assert_int_equal(psy_omega_total(l, u, 0, NAN, &omega, NULL), PSY_E_ARGUMENT);
}

static void test_bifactor_at_the_edges(void **state)
{
    (void)state;
    const double g[3] = {0.6, 0.8, 0.5}, s[3] = {0.3, 0.6, 0}, too_much[3] = {0.3, 0.7, 0};
    const uint32_t of[3] = {0, 0, 2}, outside[3] = {0, 3, 1};
    psy_omega_bifactor_result got;
    double subscales[3];
    /* 0.8 and 0.6 leave a uniqueness of 0, up to rounding. */
    assert_int_equal(psy_omega_bifactor(g, s, of, 3, 3, &got, subscales, NULL), PSY_OK);
    assert_true(got.total > got.hierarchical && got.ecv > 0 && got.ecv < 1);
    assert_true(isnan(subscales[1]) && subscales[2] == 0);
    assert_int_equal(psy_omega_bifactor(g, too_much, of, 3, 3, &got, NULL, NULL), PSY_E_NUMERIC);
    assert_int_equal(psy_omega_bifactor(g, s, outside, 3, 3, &got, NULL, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_omega_bifactor(g, s, of, 3, 4, &got, NULL, NULL), PSY_E_ARGUMENT);
}

static psy_status sweep_fit(const psy_allocator *allocator, void *context)
{
    double s[K * K], loadings[K], unique[K];
    (void)context;
    make(s);
    return psy_factor_fit(s, K, PSY_FACTOR_ML, loadings, unique, NULL, allocator, NULL);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(psy_sweep(sweep_fit, NULL) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_exact_factor_is_recovered),
        cmocka_unit_test(test_minres_is_stationary),
        cmocka_unit_test(test_heywood_case_is_told),
        cmocka_unit_test(test_matrices_without_a_factor_are_refused),
        cmocka_unit_test(test_omega_at_the_edges),
        cmocka_unit_test(test_bifactor_at_the_edges),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
