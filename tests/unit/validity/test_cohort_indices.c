/*
 * test_cohort_indices.c -- indices that look at all rows: D2, pairs, person-total; and IRV and
 * even-odd.  Against plain double arithmetic on random grids with missing answers, and at the
 * edges.
 */
#include "small_grid.h"
#include "test_support.h"

#include <math.h>
#include <string.h>

static small_grid g;
static double out[4096], p[4096];
static uint8_t why[4096], used[40];

/* r by two passes; NaN where undefined. */
static double plain_r(const double *x, const double *y, size_t n)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        mx += x[i] / (double)n;
        my += y[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return xx > 1e-9 && yy > 1e-9 ? xy / sqrt(xx * yy) : NAN;
}

static void test_pairs_agree_with_plain_correlations(void **state)
{
    (void)state;
    static double x[4096], y[4096];
    psy_item_pair pairs[200];
    size_t n_pairs;
    /* Rows that fill several blocks, some of them without a missing answer. */
    small_grid_random(&g, 3000, 12, 5, 400, 3);
    for (size_t row = 0; row < 3000; row++)
        if (g.answers[0][row] >= 0 && row % 3 > 0)
            g.answers[7][row] = g.answers[0][row];
    assert_int_equal(psy_validity_find_pairs(&g.grid, 0.01, pairs, 200, &n_pairs, NULL), PSY_OK);
    size_t found = 0;
    for (size_t i = 0; i < 12; i++)
        for (size_t j = i + 1; j < 12; j++) {
            size_t n = 0;
            for (size_t row = 0; row < 3000; row++)
                if (g.answers[i][row] >= 0 && g.answers[j][row] >= 0) {
                    x[n] = g.answers[i][row];
                    y[n++] = g.answers[j][row];
                }
            if (plain_r(x, y, n) <= 0.01)
                continue;
            assert_true(found < n_pairs && pairs[found].first == i && pairs[found].second == j);
            found++;
        }
    assert_true(found == n_pairs && found > 3);
    /* `room` cuts the list, never the number. */
    size_t again;
    psy_item_pair one;
    assert_int_equal(psy_validity_find_pairs(&g.grid, 0.01, &one, 1, &again, NULL), PSY_OK);
    assert_int_equal(again, n_pairs);
    assert_int_equal(one.second, pairs[0].second);
    assert_int_equal(psy_validity_find_pairs(&g.grid, 0.01, NULL, 0, &again, NULL), PSY_OK);
    assert_int_equal(psy_validity_pairs(&g.grid, pairs, n_pairs, out, why, NULL), PSY_OK);
    for (size_t row = 0; row < 3000; row++) {
        size_t n = 0;
        for (size_t i = 0; i < n_pairs; i++) {
            const int8_t a = g.answers[pairs[i].first][row], b = g.answers[pairs[i].second][row];
            if (a < 0 || b < 0)
                continue;
            x[n] = a;
            y[n++] = b;
        }
        const double want = plain_r(x, y, n);
        if (why[row] == PSY_INDEX_DEFINED)
            assert_true(fabs(out[row] - want) < 1e-12);
        else
            assert_true(isnan(out[row]) && (n < 3 || isnan(want)));
    }
}

static void test_bad_pairs_are_refused(void **state)
{
    (void)state;
    const psy_item_pair outside = {0, 3};
    size_t n;
    small_grid_text(&g, "123 321");
    assert_int_equal(psy_validity_pairs(&g.grid, &outside, 1, out, why, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_pairs(&g.grid, NULL, 1, out, why, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_find_pairs(&g.grid, 0, NULL, 0, &n, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_find_pairs(&g.grid, 1.5, NULL, 0, &n, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_find_pairs(&g.grid, NAN, NULL, 0, &n, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_find_pairs(&g.grid, 0.5, NULL, 2, &n, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_pairs(&g.grid, NULL, 0, out, why, NULL), PSY_OK);
    assert_true(why[0] == PSY_INDEX_TOO_FEW && isnan(out[0]));
}

/* D2 of the complete rows adds up to k (n - 1), whatever the answers. */
static void test_distances_add_up(void **state)
{
    (void)state;
    size_t rank;
    small_grid_random(&g, 2000, 10, 4, 50, 9);
    assert_int_equal(
        psy_validity_mahalanobis(&g.grid, PSY_DEPENDENT_REFUSED, out, p, why, used, &rank, NULL),
        PSY_OK);
    size_t n = 0;
    double sum = 0;
    for (size_t row = 0; row < 2000; row++) {
        if (why[row] != PSY_INDEX_DEFINED) {
            assert_true(isnan(out[row]) && isnan(p[row]) && why[row] == PSY_INDEX_BLANKS);
            continue;
        }
        n++;
        sum += out[row];
        assert_true(p[row] >= 0 && p[row] <= 1);
    }
    assert_true(n < 2000 && n > 1000 && rank == 10);
    assert_true(fabs(sum / (10.0 * (double)(n - 1)) - 1) < 1e-12);
}

static void test_a_singular_covariance_is_told(void **state)
{
    (void)state;
    size_t rank = 99;
    psy_error error;
    static double without[200];
    /* Item 3 is the sum of items 0 and 1, item 4 is constant, item 5 twice item 2. */
    small_grid_random(&g, 200, 6, 4, 0, 21);
    for (size_t row = 0; row < 200; row++) {
        g.answers[3][row] = (int8_t)(g.answers[0][row] + g.answers[1][row]);
        g.answers[4][row] = 2;
        g.answers[5][row] = (int8_t)(2 * g.answers[2][row] + 1);
    }
    out[0] = -7;
    assert_int_equal(
        psy_validity_mahalanobis(&g.grid, PSY_DEPENDENT_REFUSED, out, p, why, used, &rank, &error),
        PSY_E_NUMERIC);
    assert_non_null(strstr(error.message, "item 3 is constant or a linear combination"));
    assert_true(rank == 99 && out[0] == -7);
    assert_int_equal(
        psy_validity_mahalanobis(&g.grid, PSY_DEPENDENT_DROPPED, out, p, why, used, &rank, &error),
        PSY_OK);
    assert_int_equal(rank, 3);
    assert_true(used[0] && used[1] && used[2] && !used[3] && !used[4] && !used[5]);
    g.grid.n_items = 3;
    assert_int_equal(psy_validity_mahalanobis(&g.grid, PSY_DEPENDENT_REFUSED, without, NULL, NULL,
                                              NULL, NULL, &error),
                     PSY_OK);
    for (size_t row = 0; row < 200; row++)
        assert_true(fabs(out[row] - without[row]) < 1e-12 * fmax(1, without[row]));
}

static const struct {
    const char *name, *rows;
    psy_index_state first, last;
} thin[] = {
    {"all missing", "... ...", PSY_INDEX_BLANKS, PSY_INDEX_BLANKS},
    {"one complete row", "123 1.3", PSY_INDEX_TOO_FEW, PSY_INDEX_BLANKS},
    {"nothing varies", "222 222", PSY_INDEX_TOO_FEW, PSY_INDEX_TOO_FEW},
};

static void test_too_few_rows_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof thin / sizeof *thin; i++) {
        size_t rank;
        print_message("  %s\n", thin[i].name);
        small_grid_text(&g, thin[i].rows);
        assert_int_equal(psy_validity_mahalanobis(&g.grid, PSY_DEPENDENT_DROPPED, out, p, why, used,
                                                  &rank, NULL),
                         PSY_OK);
        assert_true(rank == 0 && isnan(out[0]) && isnan(p[1]));
        assert_int_equal(why[0], thin[i].first);
        assert_int_equal(why[1], thin[i].last);
    }
}

static void test_person_total_agrees_with_plain_means(void **state)
{
    (void)state;
    const size_t n_rows = 300, k = 9;
    small_grid_random(&g, n_rows, k, 6, 60, 4);
    assert_int_equal(psy_validity_person_total(&g.grid, out, why, NULL), PSY_OK);
    for (size_t row = 0; row < n_rows; row++) {
        double x[9], means[9] = {0}, n = 0;
        for (size_t r = 0; r < n_rows; r++) {
            bool complete = true;
            for (size_t i = 0; i < k; i++)
                complete = complete && g.answers[i][r] >= 0;
            if (r == row && !complete)
                n = -1e9;
            if (!complete || r == row)
                continue;
            n++;
            for (size_t i = 0; i < k; i++)
                means[i] += g.answers[i][r];
        }
        if (n < 0) {
            assert_true(why[row] == PSY_INDEX_BLANKS && isnan(out[row]));
            continue;
        }
        for (size_t i = 0; i < k; i++) {
            x[i] = g.answers[i][row];
            means[i] /= n;
        }
        assert_true(fabs(out[row] - plain_r(x, means, k)) < 1e-12);
    }
}

static void test_person_total_at_the_edges(void **state)
{
    (void)state;
    small_grid_text(&g, "3333 1234 1243 .234");
    assert_int_equal(psy_validity_person_total(&g.grid, out, why, NULL), PSY_OK);
    assert_int_equal(why[0], PSY_INDEX_NO_VARIANCE);
    assert_int_equal(why[1], PSY_INDEX_DEFINED);
    assert_int_equal(why[3], PSY_INDEX_BLANKS);
    small_grid_text(&g, "1234");
    assert_int_equal(psy_validity_person_total(&g.grid, out, why, NULL), PSY_OK);
    assert_int_equal(why[0], PSY_INDEX_TOO_FEW);
    small_grid_text(&g, "1 2 3");
    assert_int_equal(psy_validity_person_total(&g.grid, out, why, NULL), PSY_OK);
    assert_int_equal(why[0], PSY_INDEX_TOO_FEW);
    /* The others' means do not vary. */
    small_grid_text(&g, "12 33 33");
    assert_int_equal(psy_validity_person_total(&g.grid, out, why, NULL), PSY_OK);
    assert_int_equal(why[0], PSY_INDEX_NO_VARIANCE);
}

static void test_irv_at_the_edges(void **state)
{
    (void)state;
    small_grid_text(&g, "4444 1... .... 13.. 1234");
    assert_int_equal(psy_validity_irv(&g.grid, out, why, NULL), PSY_OK);
    assert_true(out[0] == 0 && why[0] == PSY_INDEX_DEFINED); /* a straight line is a value */
    assert_true(isnan(out[1]) && why[1] == PSY_INDEX_TOO_FEW);
    assert_true(isnan(out[2]) && why[2] == PSY_INDEX_TOO_FEW);
    assert_true(fabs(out[3] - sqrt(2)) < 1e-15);
    assert_true(fabs(out[4] - sqrt(5.0 / 3)) < 1e-15);
}

static void test_even_odd_by_hand(void **state)
{
    (void)state;
    /* Four scales of two; the last item belongs to none. */
    const uint32_t scale_of[9] = {0, 0, 1, 1, 2, 2, 3, 3, PSY_NO_SCALE};
    small_grid_text(&g, "112233440 443322110 143241320 333333330 11.2.3440 121314150 11223344.");
    assert_int_equal(psy_validity_even_odd(&g.grid, scale_of, 4, out, why, NULL), PSY_OK);
    assert_true(fabs(out[0] - 1) < 1e-12 && fabs(out[1] - 1) < 1e-12);
    assert_true(out[2] == -1);
    assert_true(isnan(out[3]) && why[3] == PSY_INDEX_NO_VARIANCE); /* the straight line */
    assert_true(isnan(out[4]) && why[4] == PSY_INDEX_TOO_FEW);
    assert_true(isnan(out[5]) && why[5] == PSY_INDEX_NO_VARIANCE);
    assert_true(out[6] == out[0]);
    const uint32_t wrong[9] = {4, 0, 1, 1, 2, 2, 3, 3, 0};
    assert_int_equal(psy_validity_even_odd(&g.grid, wrong, 4, out, why, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_even_odd(&g.grid, NULL, 4, out, why, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_even_odd(&g.grid, scale_of, 0, out, why, NULL), PSY_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_agree_with_plain_correlations),
        cmocka_unit_test(test_bad_pairs_are_refused),
        cmocka_unit_test(test_distances_add_up),
        cmocka_unit_test(test_a_singular_covariance_is_told),
        cmocka_unit_test(test_too_few_rows_are_told),
        cmocka_unit_test(test_person_total_agrees_with_plain_means),
        cmocka_unit_test(test_person_total_at_the_edges),
        cmocka_unit_test(test_irv_at_the_edges),
        cmocka_unit_test(test_even_odd_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
