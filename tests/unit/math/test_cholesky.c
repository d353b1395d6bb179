/*
 * test_cholesky.c -- factors, ranks and inverses of small symmetric matrices.
 */
#include "math/linear.h"
#include "test_support.h"

#include <math.h>
#include <string.h>

static void near(double a, double b)
{
    assert_true(fabs(a - b) <= 1e-12 * fmax(1, fabs(b)));
}

static void test_factor_times_itself_is_the_matrix(void **state)
{
    (void)state;
    const double a[9] = {4, 2, -1, 2, 5, 3, -1, 3, 9};
    double l[9];
    bool kept[3];
    memcpy(l, a, sizeof a);
    assert_int_equal(psyi_cholesky(l, 3, PSYI_RANK_TOLERANCE, kept), 3);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t m = 0; m <= j; m++)
                sum += l[i * 3 + m] * l[j * 3 + m];
            near(sum, a[i * 3 + j]);
        }
    assert_true(kept[0] && kept[1] && kept[2]);
    double x[3] = {1, 2, 3}, diagonal[3], work[3];
    psyi_cholesky_solve(l, 3, x);
    for (size_t i = 0; i < 3; i++)
        near(a[i * 3] * x[0] + a[i * 3 + 1] * x[1] + a[i * 3 + 2] * x[2], (double)i + 1);
    psyi_cholesky_inverse_diagonal(l, 3, diagonal, work);
    /* cofactors over the determinant, 4*36 - 2*21 - 11 = 91 */
    near(diagonal[0], 36.0 / 91);
    near(diagonal[1], 35.0 / 91);
    near(diagonal[2], 16.0 / 91);
}

static void test_dependent_rows_are_named(void **state)
{
    (void)state;
    /* The third is the sum of the first two, the fourth is constant, the fifth is new. */
    double a[25] = {2, 1, 3, 0, 0, 1, 2, 3, 0, 1, 3, 3, 6, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 5};
    bool kept[5];
    assert_int_equal(psyi_cholesky(a, 5, PSYI_RANK_TOLERANCE, kept), 3);
    assert_true(kept[0] && kept[1] && !kept[2] && !kept[3] && kept[4]);
}

static void test_indefinite_and_nan_are_refused(void **state)
{
    (void)state;
    double a[4] = {1, 2, 2, 1}, b[4] = {1, NAN, NAN, 1}, c[1] = {-1};
    assert_int_equal(psyi_cholesky(a, 2, PSYI_RANK_TOLERANCE, NULL), SIZE_MAX);
    assert_int_equal(psyi_cholesky(b, 2, PSYI_RANK_TOLERANCE, NULL), SIZE_MAX);
    assert_int_equal(psyi_cholesky(c, 1, PSYI_RANK_TOLERANCE, NULL), SIZE_MAX);
    assert_int_equal(psyi_cholesky(a, 0, PSYI_RANK_TOLERANCE, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_factor_times_itself_is_the_matrix),
        cmocka_unit_test(test_dependent_rows_are_named),
        cmocka_unit_test(test_indefinite_and_nan_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
