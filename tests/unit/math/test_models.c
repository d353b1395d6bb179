/*
 * test_models.c -- edges of LMS, regression norms, item response theory, shrinkage and exact
 * moments: what they refuse, and what follows from their definitions.
 */
#include "test_support.h"

#include <psyscreen/irt.h>
#include <psyscreen/lms.h>
#include <psyscreen/moments.h>
#include <psyscreen/regression_norm.h>
#include <psyscreen/shrinkage.h>

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- LMS ---- */

static void test_lms_domain(void **state)
{
    (void)state;
    const psy_lms lms = {0.5, 16, 0.2}, bad = {0.5, 0, 0.2}, flat = {0.5, 16, 0};
    assert_true(isnan(psy_lms_z(&lms, 0)));
    assert_true(isnan(psy_lms_z(&lms, -1)));
    assert_true(isnan(psy_lms_z(&lms, NAN)));
    assert_true(isnan(psy_lms_z(&bad, 3)));
    assert_true(isnan(psy_lms_z(&flat, 3)));
    assert_true(psy_lms_z(&lms, 16) == 0);
    assert_true(isnan(psy_lms_measurement(&lms, -11))); /* 1 + L S z < 0 */
    /* A z beneath what the power can reach has a straight tail. */
    const psy_lms steep = {2, 16, 0.3};
    assert_true(isnan(psy_lms_z_who(&steep, 1e-3)) || psy_lms_z_who(&steep, 1e-3) <= 0);
    /* Continuous where the tail begins. */
    const double third = psy_lms_measurement(&lms, 3);
    assert_true(fabs(psy_lms_z_who(&lms, third * (1 + 1e-12)) - 3) < 1e-9);
}

static void test_lms_between_ages(void **state)
{
    (void)state;
    static const double ages[] = {6, 8, 12};
    static const psy_lms table[] = {{1, 10, 0.1}, {0, 14, 0.2}, {-1, 18, 0.4}};
    const psy_lms at = psy_lms_at(ages, table, 3, 7);
    assert_true(at.l == 0.5 && at.m == 12 && fabs(at.s - 0.15) < 1e-16);
    assert_true(psy_lms_at(ages, table, 3, 12).m == 18);
    assert_true(psy_lms_at(ages, table, 3, 8).l == 0);
    assert_true(isnan(psy_lms_at(ages, table, 3, 5.99).m));
    assert_true(isnan(psy_lms_at(ages, table, 3, 12.01).m));
    assert_true(isnan(psy_lms_at(ages, table, 0, 8).m));
    assert_true(isnan(psy_lms_at(ages, table, 3, NAN).m));
}

static void test_lms_fit_refuses(void **state)
{
    (void)state;
    psy_lms out;
    psy_error error;
    const double zero[] = {1, 2, 0, 4}, same[] = {3, 3, 3}, lognormal[] = {0.25, 0.5, 1, 2, 4};
    assert_int_equal(psy_lms_fit(zero, 4, &out, NULL, &error), PSY_E_ARGUMENT);
    assert_non_null(strstr(error.message, "value 3"));
    assert_int_equal(psy_lms_fit(same, 3, &out, NULL, &error), PSY_E_NUMERIC);
    assert_int_equal(psy_lms_fit(same, 2, &out, NULL, &error), PSY_E_ARGUMENT);
    /* Symmetric on the logarithm: no skewness left, and the median is the geometric mean. */
    assert_int_equal(psy_lms_fit(lognormal, 5, &out, NULL, &error), PSY_OK);
    assert_true(fabs(out.l) < 1e-6 && fabs(out.m - 1) < 1e-6);
    assert_true(fabs(out.s - log(2) * sqrt(2)) < 1e-6);
}

/* ---- regression norms ---- */

static void test_regression_ends(void **state)
{
    (void)state;
    /* raw = (L - 20) (1 + (A - 6)/10) */
    static const psy_regression_term terms[] = {{0, 0, -8}, {1, 0, 0.4}, {0, 1, -2}, {1, 1, 0.1}};
    psy_regression_norm norm = {terms, 4, 25, 75, 0, 60, 6, 12};
    int32_t clipped;
    assert_true(fabs(psy_regression_raw(&norm, 50, 6) - 30) < 1e-12);
    assert_true(fabs(psy_regression_slope(&norm, 50, 6) - 1) < 1e-12);
    assert_true(fabs(psy_regression_standard(&norm, 40, 6, &clipped) - 60) < 1e-12);
    assert_int_equal(clipped, 0);
    assert_true(psy_regression_standard(&norm, 56, 6, &clipped) == 75);
    assert_int_equal(clipped, 1);
    assert_true(psy_regression_standard(&norm, 4, 6, &clipped) == 25);
    assert_int_equal(clipped, -1);
    assert_true(isnan(psy_regression_standard(&norm, 4, 5.9, &clipped)));
    assert_true(isnan(psy_regression_standard(&norm, NAN, 6, &clipped)));
    assert_int_equal(psy_regression_check(&norm, 100, 20, NULL, NULL), PSY_OK);
    norm.norm_hi = 20;
    assert_int_equal(psy_regression_check(&norm, 100, 20, NULL, NULL), PSY_E_ARGUMENT);
    norm.norm_hi = 75;
    assert_int_equal(psy_regression_check(&norm, 0, 20, NULL, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_regression_check(&norm, 100, 10001, NULL, NULL), PSY_E_ARGUMENT);
    const psy_regression_term tenth = {10, 0, 1}, nan = {1, 0, NAN};
    norm.terms = &tenth;
    norm.n_terms = 1;
    assert_int_equal(psy_regression_check(&norm, 10, 10, NULL, NULL), PSY_E_ARGUMENT);
    norm.terms = &nan;
    assert_int_equal(psy_regression_check(&norm, 10, 10, NULL, NULL), PSY_E_ARGUMENT);
}

/* A dip between two of cNORM's four ages is seen on a finer grid. */
static void test_regression_dip_between_grid_points(void **state)
{
    (void)state;
    /* Slope in L: (A - 8)^2 - 0.01, below 0 for ages 7.9 to 8.1 only. */
    static const psy_regression_term terms[] = {{1, 2, 1}, {1, 1, -16}, {1, 0, 63.99}};
    const psy_regression_norm norm = {terms, 3, 25, 75, -500, 500, 6, 12};
    psy_regression_fall fall;
    assert_int_equal(psy_regression_check(&norm, 100, 3, &fall, NULL), PSY_E_NUMERIC);
    const psy_regression_norm off = {terms, 3, 25, 75, -500, 500, 6, 11};
    assert_int_equal(psy_regression_check(&off, 100, 3, &fall, NULL), PSY_OK);
    assert_int_equal(psy_regression_check(&off, 100, 100, &fall, NULL), PSY_E_NUMERIC);
    assert_true(fall.age > 7.89 && fall.age < 8.11);
}

/* ---- item response theory ---- */

static const double slopes[] = {1.2, 2, 0.8};
static const double intercepts[] = {1.5, -0.5, 0.3, 2, 0, -2};
static const uint32_t highest[] = {2, 1, 3};

static void test_irt_refuses(void **state)
{
    (void)state;
    psy_irt *irt = PSY_UNTOUCHED;
    psy_error error;
    const double flat[] = {1, 0, 1}, rising[] = {1.5, 1.6, 0.3, 2, 0, -2};
    const uint32_t none[] = {2, 0, 3};
    const psy_irt_grid short_grid = {-6, 6, 10}, back = {6, -6, 121};
    assert_int_equal(psy_irt_new(&irt, flat, intercepts, highest, 3, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_non_null(strstr(error.message, "item 2"));
    assert_int_equal(psy_irt_new(&irt, slopes, rising, highest, 3, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_irt_new(&irt, slopes, intercepts, none, 3, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_irt_new(&irt, slopes, intercepts, highest, 0, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_irt_new(&irt, slopes, intercepts, highest, 3, &short_grid, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_irt_new(&irt, slopes, intercepts, highest, 3, &back, NULL, &error),
                     PSY_E_ARGUMENT);
    psy_assert_untouched(irt);
    assert_int_equal(psy_irt_new(&irt, slopes, intercepts, highest, 3, NULL, NULL, &error), PSY_OK);
    double theta = 7;
    const double wrong[][3] = {{0, 2, 0}, {0, -1, 0}, {0, 0.5, 0}};
    for (int i = 0; i < 3; i++)
        assert_int_equal(psy_irt_score(irt, PSY_IRT_EAP, wrong[i], 1, &theta, NULL, &error),
                         PSY_E_ARGUMENT);
    assert_int_equal(psy_irt_score(irt, (psy_irt_method)9, wrong[0], 1, &theta, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_true(theta == 7);
    psy_irt_free(irt);
    psy_irt_free(NULL);
}

/* Thousands of answers do not underflow: all items 300 times. */
static void test_many_items_do_not_underflow(void **state)
{
    (void)state;
    enum { N = 900 };
    static double a[N], d[2 * N], scores[N];
    static uint32_t tops[N];
    for (size_t i = 0; i < N; i++) {
        a[i] = 2;
        d[2 * i] = 1;
        d[2 * i + 1] = -1;
        tops[i] = 2;
        scores[i] = (double)(i % 3);
    }
    psy_irt *irt;
    double theta, error;
    assert_int_equal(psy_irt_new(&irt, a, d, tops, N, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psy_irt_score(irt, PSY_IRT_EAP, scores, 1, &theta, &error, NULL), PSY_OK);
    assert_true(fabs(theta) < 0.01 && error > 0 && error < 0.1);
    static double sums[2 * N + 1], share[2 * N + 1];
    double all = 0;
    assert_int_equal(psy_irt_n_sums(irt), 2 * N + 1);
    assert_int_equal(psy_irt_sums(irt, sums, NULL, share, NULL), PSY_OK);
    for (size_t i = 0; i <= 2 * N; i++) {
        assert_true(isfinite(sums[i]));
        all += share[i];
    }
    assert_true(fabs(all - 1) < 1e-12);
    psy_irt_free(irt);
}

static psy_status irt_once(const psy_allocator *allocator, void *context)
{
    (void)context;
    psy_irt *irt = NULL;
    double theta, sums[7];
    const double scores[] = {1, NAN, 3};
    psy_status status = psy_irt_new(&irt, slopes, intercepts, highest, 3, NULL, allocator, NULL);
    if (status == PSY_OK)
        status = psy_irt_score(irt, PSY_IRT_WLE, scores, 1, &theta, NULL, NULL);
    if (status == PSY_OK)
        status = psy_irt_sums(irt, sums, NULL, NULL, NULL);
    psy_irt_free(irt);
    return status;
}

static void test_irt_without_memory(void **state)
{
    (void)state;
    assert_true(psy_sweep(irt_once, NULL) > 5);
}

/* ---- shrinkage ---- */

static void test_shrinkage_ends(void **state)
{
    (void)state;
    psy_shrinkage out;
    double lambda[4], shrunk[4];
    const double same[] = {5, 5, 5, 5}, v[] = {1, 2, 1, 4}, apart[] = {0, 100, 50, 20};
    const double none[] = {1, 0, 1, 1};
    for (int method = 0; method < 2; method++) {
        assert_int_equal(
            psy_shrink((psy_shrinkage_method)method, same, v, 4, &out, lambda, shrunk, NULL, NULL),
            PSY_OK);
        assert_true(out.tau2 == 0 && lambda[0] == 0 && shrunk[3] == 5 && out.mu == 5);
        assert_int_equal(
            psy_shrink((psy_shrinkage_method)method, apart, v, 4, &out, lambda, shrunk, NULL, NULL),
            PSY_OK);
        assert_true(lambda[0] > 0.99 && shrunk[1] > 99);
    }
    assert_int_equal(psy_shrink(PSY_SHRINKAGE_DL, same, v, 1, &out, NULL, NULL, NULL, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_shrink(PSY_SHRINKAGE_DL, same, none, 4, &out, NULL, NULL, NULL, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_shrink((psy_shrinkage_method)2, same, v, 4, &out, NULL, NULL, NULL, NULL),
                     PSY_E_ARGUMENT);
}

/* Steps of Fisher scoring that go to and fro for ever, or lead nowhere because all weight is on one
 * group.  Numbers of metafor 3.8 for R: rma(method = "REML", control = list(stepadj = 0.1,
 * threshold = 1e-13)), whose whole steps do not converge either. */
static void test_shrinkage_of_uneven_groups(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        double means[8], variances[8], tau2, mu;
    } cases[] = {
        {7,
         {-0.17, 0, 0.26, 0, 0, 374, 365},
         {2627, 213575, 60792, 136808, 166779, 5467, 128872},
         29246.914872298974,
         140.86498990196998},
        {8,
         {0.29, 191.5, 431, 118, -0.38, -0.46, 0.38, 0.17},
         {10296, 56233, 13405, 152527, 150783, 50926, 140629, 161058},
         23276.536689468641,
         139.85347280424742},
        {7,
         {-47.3, 0, 22.9, 0.2, -0.23, -0.42, 486},
         {976, 0.8, 6812, 1239, 32406, 47420, 199416535},
         29.129019509323239,
         -1.2309179273308941},
        {3, {0.09, -0.39, -0.27}, {4.6e-10, 0.235, 1.135}, 0, 0.0899999989},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        psy_shrinkage out;
        assert_int_equal(psy_shrink(PSY_SHRINKAGE_REML, cases[i].means, cases[i].variances,
                                    cases[i].n, &out, NULL, NULL, NULL, NULL),
                         PSY_OK);
        assert_true(fabs(out.tau2 - cases[i].tau2) <= 1e-9 * cases[i].tau2);
        assert_true(fabs(out.mu - cases[i].mu) <= 1e-9 * fabs(cases[i].mu));
    }
}

/* Viechtbauer (2005), of REML, without what does not depend on tau^2. */
static double likelihood(const double *means, const double *variances, size_t n, double tau2)
{
    double w1 = 0, weighted = 0, value = 0;
    for (size_t i = 0; i < n; i++) {
        w1 += 1 / (variances[i] + tau2);
        weighted += means[i] / (variances[i] + tau2);
    }
    for (size_t i = 0; i < n; i++) {
        const double far = means[i] - weighted / w1;
        value -= (log(variances[i] + tau2) + far * far / (variances[i] + tau2)) / 2;
    }
    return value - log(w1) / 2;
}

/* Whatever the groups are, an estimate is found, and no place beside it is likelier. */
static void test_shrinkage_always_ends(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int turn = 0; turn < 20000; turn++) {
        double u[17], means[8], variances[8];
        for (size_t i = 0; i < 17; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            u[i] = (double)(seed >> 40) / (1 << 24);
        }
        const size_t n = 2 + (size_t)(u[16] * 7);
        for (size_t i = 0; i < n; i++) {
            means[i] = turn % 3 == 0 && i > 2 ? 0 : 1000 * (u[i] - 0.5);
            variances[i] = 1e4 * pow(10, (turn % 5 == 0 ? 9 : 1) * (u[8 + i] - 0.5));
        }
        psy_shrinkage out;
        assert_int_equal(
            psy_shrink(PSY_SHRINKAGE_REML, means, variances, n, &out, NULL, NULL, NULL, NULL),
            PSY_OK);
        const double there = likelihood(means, variances, n, out.tau2);
        const double slack = 1e-10 * (1 + fabs(there));
        assert_true(out.tau2 >= 0 &&
                    likelihood(means, variances, n, 1.01 * out.tau2) <= there + slack &&
                    likelihood(means, variances, n, 0.99 * out.tau2) <= there + slack);
    }
}

/* ---- moments ---- */

static void test_moments_ends(void **state)
{
    (void)state;
    psy_moments m;
    psy_joint_moments joint;
    const double none[] = {NAN, NAN}, negative[] = {-3, NAN, -1, -2}, far[] = {1, 1e-300};
    const double infinite[] = {1, INFINITY}, tiny[] = {DBL_TRUE_MIN, 3 * DBL_TRUE_MIN};
    const double zero[] = {0, 0, -0.0};
    assert_int_equal(psy_moments_of(none, 2, &m, NULL), PSY_OK);
    assert_true(m.n == 0 && isnan(m.mean) && m.sum == 0);
    assert_int_equal(psy_moments_of(negative, 4, &m, NULL), PSY_OK);
    assert_true(m.n == 3 && m.mean == -2 && m.sum == -6 && m.variance == 1 && m.skewness == 0);
    assert_int_equal(psy_moments_of(far, 2, &m, NULL), PSY_E_LIMIT);
    assert_int_equal(psy_moments_of(infinite, 2, &m, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_moments_of(tiny, 2, &m, NULL), PSY_OK);
    assert_true(m.mean == 2 * DBL_TRUE_MIN);
    assert_int_equal(psy_moments_of(zero, 3, &m, NULL), PSY_OK);
    assert_true(m.mean == 0 && m.variance == 0 && isnan(m.skewness));
    assert_int_equal(psy_joint_moments_of(negative, none, 2, &joint, NULL), PSY_OK);
    assert_true(joint.n == 0 && isnan(joint.r));
    const double other[] = {6, 0, 2, 4};
    assert_int_equal(psy_joint_moments_of(negative, other, 4, &joint, NULL), PSY_OK);
    assert_true(joint.n == 3 && joint.c == -4 && joint.covariance == -2);
    assert_true(fabs(joint.r + 1) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lms_domain),
        cmocka_unit_test(test_lms_between_ages),
        cmocka_unit_test(test_lms_fit_refuses),
        cmocka_unit_test(test_regression_ends),
        cmocka_unit_test(test_regression_dip_between_grid_points),
        cmocka_unit_test(test_irt_refuses),
        cmocka_unit_test(test_many_items_do_not_underflow),
        cmocka_unit_test(test_irt_without_memory),
        cmocka_unit_test(test_shrinkage_ends),
        cmocka_unit_test(test_shrinkage_of_uneven_groups),
        cmocka_unit_test(test_shrinkage_always_ends),
        cmocka_unit_test(test_moments_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
