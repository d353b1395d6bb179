/*
 * test_reliability.c -- reliability at its edges; numbers of other software are in
 * tests/reference/d_reliability.
 */
#include "test_support.h"

#include <psyscreen/reliability.h>

#include <math.h>
#include <string.h>

static void near(double value, double want)
{
    if (!(fabs(value - want) <= 1e-12 * fmax(1, fabs(want))))
        fail_msg("%.17g instead of %.17g", value, want);
}

static const double a[] = {1, 2, 3, 4, 5, NAN}, b[] = {2, 2, 3, 5, 4, 1}, c[] = {1, 3, 2, 5, 5, 2},
                    flat[] = {7, 7, 7, 7, 7, 7}, mirror[] = {5, 4, 3, 2, 1, 0},
                    none[] = {NAN, NAN, NAN, NAN, NAN, NAN};

static void test_two_items_by_hand(void **state)
{
    (void)state;
    const double *const items[] = {a, b};
    psy_reliability got;
    psy_reliability_item about[2];
    assert_int_equal(psy_reliability_estimate(items, 2, 6, NULL, &got, about, NULL), PSY_OK);
    assert_true(got.n_rows == 6 && got.n_complete == 5 && got.n_used == 5 && got.n_items == 2);
    /* var a 2.5, var b 1.7, cov 1.75: alpha = 2 (1 - 4.2/7.7) */
    near(got.alpha, 2 * (1 - 4.2 / 7.7));
    near(got.rulon, got.alpha);
    near(got.mean_r, 1.75 / sqrt(2.5 * 1.7));
    near(got.alpha_standardised, 2 * got.mean_r / (1 + got.mean_r));
    near(got.spearman_brown, got.alpha_standardised);
    near(got.horst, got.spearman_brown); /* halves of equal length */
    near(got.mean_total, 6.2);
    near(got.sd_total, sqrt(7.7));
    near(got.sem, sqrt(7.7 * (1 - got.alpha)));
    near(about[0].item_rest_r, got.mean_r);
    assert_true(isnan(about[0].alpha_if_dropped)); /* of one item there is no alpha */
    assert_true(about[1].n == 5 && about[1].mean == 3.2);
    near(about[1].sd, sqrt(1.7));
}

static void test_constant_items_are_left_out_and_told(void **state)
{
    (void)state;
    const double *const with[] = {a, flat, b, c}, *const without[] = {a, b, c};
    psy_reliability got, want;
    psy_reliability_item about[4], plain[3];
    assert_int_equal(psy_reliability_estimate(with, 4, 6, NULL, &got, about, NULL), PSY_OK);
    assert_int_equal(psy_reliability_estimate(without, 3, 6, NULL, &want, plain, NULL), PSY_OK);
    assert_true(got.n_items == 3 && got.n_constant == 1);
    near(got.alpha, want.alpha);
    near(got.horst, want.horst);
    near(about[3].item_rest_r, plain[2].item_rest_r);
    near(about[2].alpha_if_dropped, plain[1].alpha_if_dropped);
    assert_true(about[1].constant && about[1].sd == 0 && about[1].mean == 7);
    assert_true(isnan(about[1].item_rest_r) && isnan(about[1].alpha_if_dropped));
}

static void test_negative_alpha_is_printed(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4, 5}, y[] = {5, 4, 3, 2, 2}, z[] = {1, 5, 1, 5, 1};
    const double *const items[] = {x, y, z};
    psy_reliability got;
    assert_int_equal(psy_reliability_estimate(items, 3, 5, NULL, &got, NULL, NULL), PSY_OK);
    assert_true(got.alpha < 0 && got.alpha_lo < got.alpha && got.alpha < got.alpha_hi);
    assert_true(got.sem > got.sd_total);
}

/* Halves that are each other's opposite: the formula divides by nothing, or by a rounding error. */
static void test_opposite_halves_have_no_step_up(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4, 6}, y[] = {8, 6, 4, 2, -2}, u[] = {.1, .2, .3, .4, .7},
                 v[] = {-.3, -.6, -.9, -1.2, -2.1};
    const double *const whole[] = {x, y}, *const tenths[] = {u, v};
    psy_reliability got;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(psy_reliability_estimate(i ? tenths : whole, 2, 5, NULL, &got, NULL, NULL),
                         PSY_OK);
        assert_true(got.alpha < 0 && isfinite(got.alpha));
        near(got.r_halves, -1);
        assert_true(isnan(got.spearman_brown) && isnan(got.alpha_standardised) &&
                    isnan(got.alpha_standardised_from_covariance));
        near(got.horst, -1);
    }
}

static void test_few_rows_are_told(void **state)
{
    (void)state;
    const double *const items[] = {a, b, c};
    psy_reliability got;
    assert_int_equal(psy_reliability_estimate(items, 3, 3, NULL, &got, NULL, NULL), PSY_OK);
    assert_int_equal(got.few_rows, 1);
    assert_int_equal(psy_reliability_estimate(items, 3, 5, NULL, &got, NULL, NULL), PSY_OK);
    assert_int_equal(got.few_rows, 0);
}

/* An item twice: lambda 6 would divide by nothing. */
static void test_singular_matrix_is_told(void **state)
{
    (void)state;
    const double *const items[] = {b, c, b};
    psy_reliability got;
    assert_int_equal(psy_reliability_estimate(items, 3, 6, NULL, &got, NULL, NULL), PSY_OK);
    assert_true(got.indefinite == 1 && isnan(got.lambda6) && isfinite(got.alpha));
}

static const struct {
    const char *name;
    const double *items[3];
    size_t n_items, n_rows;
    psy_status status;
    const char *message;
} undefined[] = {
    {"no rows",
     {a, b, c},
     3,
     0,
     PSY_E_NUMERIC,
     "reliability needs 2 items that vary: 0 of 3 do, over 0 complete rows"},
    {"one row",
     {a, b, c},
     3,
     1,
     PSY_E_NUMERIC,
     "reliability needs 2 items that vary: 0 of 3 do, over 1 complete rows"},
    {"all missing",
     {a, none, c},
     3,
     6,
     PSY_E_NUMERIC,
     "reliability needs 2 items that vary: 0 of 3 do, over 0 complete rows"},
    {"one varies",
     {a, flat, flat},
     3,
     6,
     PSY_E_NUMERIC,
     "reliability needs 2 items that vary: 1 of 3 do, over 5 complete rows"},
    {"items cancel",
     {a, mirror, NULL},
     2,
     6,
     PSY_E_NUMERIC,
     "the sum of the 2 items does not vary"},
    {"one item", {a, NULL, NULL}, 1, 6, PSY_E_ARGUMENT, "1 items: expected 2 to 1024"},
    {"no column", {a, NULL, c}, 3, 6, PSY_E_ARGUMENT, "column 1 is NULL"},
};

static void test_undefined_is_an_error_that_says_why(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof undefined / sizeof *undefined; i++) {
        psy_reliability got;
        psy_error error;
        memset(&got, 0x5A, sizeof got);
        print_message("  %s\n", undefined[i].name);
        assert_int_equal(psy_reliability_estimate(undefined[i].items, undefined[i].n_items,
                                                  undefined[i].n_rows, NULL, &got, NULL, &error),
                         undefined[i].status);
        assert_string_equal(error.message, undefined[i].message);
        assert_int_equal(got.n_rows, (size_t)UINT64_C(0x5A5A5A5A5A5A5A5A));
    }
}

static void test_bad_options_are_refused(void **state)
{
    (void)state;
    const double *const items[] = {a, b};
    const double infinite[] = {1, INFINITY, 2, 3, 4, 5};
    const double *const with_infinite[] = {a, infinite};
    psy_reliability got;
    double lo, hi;
    const psy_reliability_options bad[] = {
        {0, PSY_ROWS_LISTWISE, 0, NULL},   {1, (psy_missing_rows)7, 0, NULL},
        {1, PSY_ROWS_LISTWISE, 1, NULL},   {1, PSY_ROWS_LISTWISE, -0.5, NULL},
        {1, PSY_ROWS_LISTWISE, NAN, NULL},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(psy_reliability_estimate(items, 2, 6, &bad[i], &got, NULL, NULL),
                         PSY_E_ARGUMENT);
    assert_int_equal(psy_reliability_estimate(items, 2, 6, NULL, NULL, NULL, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_reliability_estimate(with_infinite, 2, 6, NULL, &got, NULL, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_alpha_interval(1.5, 10, 5, 0.9, &lo, &hi, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_alpha_interval(0.5, 1, 5, 0.9, &lo, &hi, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_alpha_interval(NAN, 10, 5, 0.9, &lo, &hi, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_alpha_interval(0.9, 60000, 25, 0.999, &lo, &hi, NULL), PSY_OK);
    assert_true(lo > 0.89 && lo < 0.9 && hi > 0.9 && hi < 0.91);
}

static void test_a_pair_without_common_rows_is_told(void **state)
{
    (void)state;
    const double left[] = {1, 2, 3, NAN, NAN, 4}, right[] = {NAN, NAN, NAN, 1, 2, 3};
    const double *const items[] = {left, right, b};
    const psy_reliability_options pairwise = {1, PSY_ROWS_PAIRWISE, 0, NULL};
    psy_reliability got;
    psy_error error;
    assert_int_equal(psy_reliability_estimate(items, 3, 6, &pairwise, &got, NULL, &error),
                     PSY_E_NUMERIC);
    assert_string_equal(error.message, "items 0 and 1 have 1 row in common");
    double s[9];
    size_t n;
    assert_int_equal(psy_covariance(items, 3, 6, PSY_ROWS_PAIRWISE, s, &n, NULL, NULL), PSY_OK);
    assert_true(n == 1 && isnan(s[1]) && isnan(s[3]) && isfinite(s[2]));
    assert_int_equal(psy_covariance(items, 3, 6, PSY_ROWS_PAIRWISE, NULL, &n, NULL, NULL),
                     PSY_E_ARGUMENT);
}

/* A large mean takes nothing from the variance. */
static void test_a_large_offset_changes_nothing(void **state)
{
    (void)state;
    double shifted[3][6];
    const double *const items[] = {b, c, mirror};
    const double *moved[3];
    psy_reliability want, got;
    for (size_t i = 0; i < 3; i++) {
        for (size_t row = 0; row < 6; row++)
            shifted[i][row] = items[i][row] + 1e9;
        moved[i] = shifted[i];
    }
    assert_int_equal(psy_reliability_estimate(items, 3, 6, NULL, &want, NULL, NULL), PSY_OK);
    assert_int_equal(psy_reliability_estimate(moved, 3, 6, NULL, &got, NULL, NULL), PSY_OK);
    near(got.alpha, want.alpha);
    near(got.sd_total, want.sd_total);
}

static psy_status sweep_reliability(const psy_allocator *allocator, void *context)
{
    const double *const items[] = {a, b, c};
    psy_reliability got;
    psy_reliability_item about[3];
    const psy_reliability_options options = {1, *(psy_missing_rows *)context, 0, allocator};
    return psy_reliability_estimate(items, 3, 6, &options, &got, about, NULL);
}

static psy_status sweep_covariance(const psy_allocator *allocator, void *context)
{
    const double *const items[] = {a, b, c};
    double s[9];
    (void)context;
    return psy_covariance(items, 3, 6, PSY_ROWS_LISTWISE, s, NULL, allocator, NULL);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    psy_missing_rows rows = PSY_ROWS_LISTWISE;
    assert_true(psy_sweep(sweep_reliability, &rows) > 0);
    rows = PSY_ROWS_PAIRWISE;
    assert_true(psy_sweep(sweep_reliability, &rows) > 0);
    assert_true(psy_sweep(sweep_covariance, NULL) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_items_by_hand),
        cmocka_unit_test(test_constant_items_are_left_out_and_told),
        cmocka_unit_test(test_negative_alpha_is_printed),
        cmocka_unit_test(test_opposite_halves_have_no_step_up),
        cmocka_unit_test(test_few_rows_are_told),
        cmocka_unit_test(test_singular_matrix_is_told),
        cmocka_unit_test(test_undefined_is_an_error_that_says_why),
        cmocka_unit_test(test_bad_options_are_refused),
        cmocka_unit_test(test_a_pair_without_common_rows_is_told),
        cmocka_unit_test(test_a_large_offset_changes_nothing),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
