/*
 * test_d_reliability.c -- reliability against R (README.md beside this file).
 */
#include "../plain_csv.h"
#include "../plain_json.h"
#include "test_support.h"

#include <psyscreen/reliability.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_ROWS 2800
#define N_KEYS 5

static double columns[25][N_ROWS];
static char *expected;

static const char *const scales[] = {"agree", "conscientious", "extraversion", "neuroticism",
                                     "openness"};
static const char letters[] = "ACENO";
static const char *const reversed[] = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"};

/* Columns of one scale: the order of the keys in R puts reversed items where they are. */
static void scale_columns(size_t scale, const double **out)
{
    for (size_t i = 0; i < N_KEYS; i++)
        out[i] = columns[5 * scale + i];
}

static int load(void **state)
{
    (void)state;
    plain_csv csv = plain_csv_read("tests/reference/d_reliability/input_bfi2800.csv");
    assert_int_equal(csv.n_rows, N_ROWS + 1);
    for (size_t i = 0; i < 25; i++) {
        char name[8];
        snprintf(name, sizeof name, "%c%zu", letters[i / 5], i % 5 + 1);
        bool turn = false;
        for (size_t r = 0; r < sizeof reversed / sizeof *reversed; r++)
            turn = turn || strcmp(name, reversed[r]) == 0;
        for (size_t row = 0; row < N_ROWS; row++) {
            const char *const text = plain_csv_text(&csv, row + 1, name);
            const double x = *text != '\0' ? strtod(text, NULL) : NAN;
            columns[i][row] = turn ? 7 - x : x;
        }
    }
    plain_csv_free(&csv);
    expected = plain_json_read("tests/reference/d_reliability/expected.json");
    return 0;
}

static int unload(void **state)
{
    (void)state;
    plain_json_free(expected);
    return 0;
}

static double wanted(const char *part, const char *scale, const char *name, int index)
{
    char path[128];
    if (index < 0)
        snprintf(path, sizeof path, "%s/%s/%s", part, scale, name);
    else
        snprintf(path, sizeof path, "%s/%s%s%s/%d", part, scale, *name ? "/" : "", name, index);
    return plain_json_number(expected, path);
}

static void near(double value, double want, double tolerance, const char *what)
{
    if (!(fabs(value - want) <= tolerance * fmax(fabs(want), 1e-3)))
        fail_msg("%s is %.17g, expected %.17g", what, value, want);
}

/* Rows complete on all 25 items, the others made wholly missing. */
static void keep_complete(double (*out)[N_ROWS])
{
    for (size_t row = 0; row < N_ROWS; row++) {
        bool complete = true;
        for (size_t i = 0; i < 25; i++)
            complete = complete && !isnan(columns[i][row]);
        for (size_t i = 0; i < 25; i++)
            out[i][row] = complete ? columns[i][row] : NAN;
    }
}

static void compare_items(const char *part, size_t scale, const psy_reliability_item *items,
                          bool complete)
{
    for (int i = 0; i < N_KEYS; i++) {
        near(items[i].alpha_if_dropped, wanted(part, scales[scale], "alpha_if_dropped", i), 1e-12,
             "alpha if dropped");
        near(items[i].item_rest_r, wanted(part, scales[scale], "r_drop", i), 1e-12, "item-rest");
        near(items[i].item_total_r, wanted(part, scales[scale], "r_raw", i), 1e-12, "item-total");
        if (complete) {
            near(items[i].item_rest_r, wanted(part, scales[scale], "item_rest_r", i), 1e-12,
                 "item-rest");
            near(items[i].item_total_r, wanted(part, scales[scale], "item_total_r", i), 1e-12,
                 "item-total");
        }
    }
}

static void test_complete_cases_agree_with_psych(void **state)
{
    (void)state;
    static double complete[25][N_ROWS];
    const char *const part = "complete_cases";
    keep_complete(complete);
    for (size_t scale = 0; scale < 5; scale++) {
        const double *items[N_KEYS];
        for (size_t i = 0; i < N_KEYS; i++)
            items[i] = complete[5 * scale + i];
        psy_reliability got;
        psy_reliability_item about[N_KEYS];
        assert_int_equal(psy_reliability_estimate(items, N_KEYS, N_ROWS, NULL, &got, about, NULL),
                         PSY_OK);
        const char *const s = scales[scale];
        assert_int_equal(got.n_complete, wanted(part, s, "n", -1));
        assert_int_equal(got.n_used, wanted(part, s, "n_complete", -1));
        assert_int_equal(got.n_items, wanted(part, s, "k", -1));
        assert_false(got.few_rows || got.indefinite || got.n_constant);
        near(got.alpha, wanted(part, s, "alpha_raw", -1), 1e-12, "alpha");
        near(got.alpha, wanted(part, s, "psych_alpha_raw", -1), 1e-12, "alpha");
        near(got.alpha, wanted(part, s, "psychometric_alpha_CI_level90/ALPHA", -1), 1e-12, "alpha");
        near(got.alpha_lo, wanted(part, s, "psych_alpha_ci_95/lo", -1), 1e-12, "lower limit");
        near(got.alpha_hi, wanted(part, s, "psych_alpha_ci_95/hi", -1), 1e-12, "upper limit");
        near(got.alpha_standardised, wanted(part, s, "alpha_std_from_pairwise_cor", -1), 1e-12,
             "standardised alpha");
        near(got.alpha_standardised_from_covariance, wanted(part, s, "psych_alpha_std", -1), 1e-12,
             "standardised alpha");
        near(got.lambda6, wanted(part, s, "psych_G6", -1), 1e-12, "lambda 6");
        near(got.lambda6, wanted(part, s, "psych_splitHalf/lambda6", -1), 1e-12, "lambda 6");
        near(got.mean_r, wanted(part, s, "avg_r", -1), 1e-12, "mean r");
        near(got.sd_total, wanted(part, s, "sd_total", -1), 1e-12, "sd");
        near(got.sem, wanted(part, s, "sem_total", -1), 1e-12, "sem");
        near(got.alpha_lo, wanted(part, s, "feldt_95/lo", -1), 1e-12, "lower limit");
        near(got.alpha_hi, wanted(part, s, "feldt_95/hi", -1), 1e-12, "upper limit");
        near(got.r_halves, wanted(part, s, "odd_even_r", -1), 1e-12, "odd-even r");
        near(got.spearman_brown, wanted(part, s, "spearman_brown", -1), 1e-12, "Spearman-Brown");
        near(got.rulon, wanted(part, s, "guttman_rulon", -1), 1e-12, "Rulon");
        near(got.horst, wanted(part, s, "horst", -1), 1e-12, "Horst");
        compare_items(part, scale, about, true);
        double lo, hi;
        assert_int_equal(psy_alpha_interval(got.alpha, got.n_used, N_KEYS, 0.90, &lo, &hi, NULL),
                         PSY_OK);
        near(lo, wanted(part, s, "feldt_90/lo", -1), 1e-12, "lower limit");
        near(hi, wanted(part, s, "feldt_90/hi", -1), 1e-12, "upper limit");
        near(lo, wanted(part, s, "psychometric_alpha_CI_level90/LCL", -1), 1e-12, "lower limit");
        near(hi, wanted(part, s, "psychometric_alpha_CI_level90/UCL", -1), 1e-12, "upper limit");
    }
}

static void test_pairwise_deletion_agrees_with_psych(void **state)
{
    (void)state;
    const char *const part = "pairwise_missing";
    const psy_reliability_options options = {PSY_RELIABILITY_OPTIONS_VERSION, PSY_ROWS_PAIRWISE, 0,
                                             NULL};
    for (size_t scale = 0; scale < 5; scale++) {
        const double *items[N_KEYS];
        const char *const s = scales[scale];
        psy_reliability got;
        psy_reliability_item about[N_KEYS];
        scale_columns(scale, items);
        assert_int_equal(
            psy_reliability_estimate(items, N_KEYS, N_ROWS, &options, &got, about, NULL), PSY_OK);
        assert_int_equal(got.n_rows, wanted(part, s, "n", -1));
        assert_int_equal(got.n_complete, wanted(part, s, "n_complete", -1));
        assert_int_equal(got.n_items, wanted(part, s, "k", -1));
        near(got.alpha, wanted(part, s, "alpha_raw", -1), 1e-12, "alpha");
        near(got.alpha, wanted(part, s, "psych_alpha_raw", -1), 1e-12, "alpha");
        near(got.alpha_standardised, wanted(part, s, "alpha_std_from_pairwise_cor", -1), 1e-12,
             "standardised alpha");
        near(got.alpha_standardised_from_covariance, wanted(part, s, "psych_alpha_std", -1), 1e-12,
             "standardised alpha");
        near(got.lambda6, wanted(part, s, "psych_G6", -1), 1e-12, "lambda 6");
        near(got.mean_r, wanted(part, s, "avg_r", -1), 1e-12, "mean r");
        compare_items(part, scale, about, false);
    }
}

/* Halves of standardised items, all pairs of items against the other three.  psych, which goes
 * through half of all splits because each has its mirror, forgets that with an odd number of
 * items none has: its mean is of the first five of ten, and its extremes may be, too. */
static void test_all_split_halves_agree_with_psych(void **state)
{
    (void)state;
    static double complete[25][N_ROWS];
    const char *const part = "complete_cases";
    keep_complete(complete);
    for (size_t scale = 0; scale < 5; scale++) {
        double sum = 0, least = 2, most = -2;
        const double *standardised[N_KEYS];
        for (size_t i = 0; i < N_KEYS; i++) {
            double *const x = complete[5 * scale + i];
            double n = 0, mean = 0, spread = 0;
            for (size_t row = 0; row < N_ROWS; row++)
                if (!isnan(x[row])) {
                    n++;
                    mean += x[row];
                }
            mean /= n;
            for (size_t row = 0; row < N_ROWS; row++)
                spread += isnan(x[row]) ? 0 : (x[row] - mean) * (x[row] - mean);
            for (size_t row = 0; row < N_ROWS; row++)
                x[row] = (x[row] - mean) / sqrt(spread / (n - 1));
            standardised[i] = x;
        }
        size_t split = 0;
        for (size_t a = 0; a < N_KEYS && split < 5; a++)
            for (size_t b = a + 1; b < N_KEYS && split < 5; b++, split++) {
                /* The even half of this order are the items a and b. */
                const double *items[N_KEYS];
                for (size_t i = 0, odd = 0; i < N_KEYS; i++)
                    if (i != a && i != b)
                        items[2 * odd++] = standardised[i];
                items[1] = standardised[a];
                items[3] = standardised[b];
                psy_reliability got;
                assert_int_equal(
                    psy_reliability_estimate(items, N_KEYS, N_ROWS, NULL, &got, NULL, NULL),
                    PSY_OK);
                sum += got.rulon;
                least = fmin(least, got.rulon);
                most = fmax(most, got.rulon);
            }
        near(most, wanted(part, scales[scale], "psych_splitHalf/max", -1), 1e-12, "best half");
        near(least, wanted(part, scales[scale], "psych_splitHalf/min", -1), 1e-12, "worst half");
        near(sum / 5, wanted(part, scales[scale], "psych_splitHalf/avg", -1), 1e-12, "mean half");
    }
}

/* log det + trace of S times the inverse of l l' + diag(u), by elimination. */
static double misfit(const double *s, const double *l, const double *u)
{
    double m[N_KEYS][2 * N_KEYS] = {{0}}, value = 0;
    for (size_t i = 0; i < N_KEYS; i++) {
        for (size_t j = 0; j < N_KEYS; j++)
            m[i][j] = l[i] * l[j] + (i == j ? u[i] : 0);
        m[i][N_KEYS + i] = 1;
    }
    for (size_t i = 0; i < N_KEYS; i++) {
        const double pivot = m[i][i];
        value += log(pivot);
        for (size_t j = 0; j < 2 * N_KEYS; j++)
            m[i][j] /= pivot;
        for (size_t r = 0; r < N_KEYS; r++)
            for (size_t j = 2 * N_KEYS; r != i && j-- > 0;)
                m[r][j] -= m[r][i] * m[i][j] * (j >= i);
    }
    for (size_t i = 0; i < N_KEYS; i++)
        for (size_t j = 0; j < N_KEYS; j++)
            value += s[i * N_KEYS + j] * m[j][N_KEYS + i];
    return value;
}

/* lavaan stops about 1e-6 before the maximum, which is why the tolerance is wider here; ours
 * must be at least as good. */
static void test_one_factor_agrees_with_lavaan(void **state)
{
    (void)state;
    static double complete[25][N_ROWS];
    const char *const part = "complete_cases";
    keep_complete(complete);
    for (size_t scale = 0; scale < 5; scale++) {
        const double *items[N_KEYS];
        const char *const s = scales[scale];
        double covariance[N_KEYS * N_KEYS], loadings[N_KEYS], unique[N_KEYS], omega, sum = 0;
        double theirs[2][N_KEYS];
        size_t n, at_bound;
        for (size_t i = 0; i < N_KEYS; i++)
            items[i] = complete[5 * scale + i];
        assert_int_equal(
            psy_covariance(items, N_KEYS, N_ROWS, PSY_ROWS_LISTWISE, covariance, &n, NULL, NULL),
            PSY_OK);
        /* lavaan divides by n. */
        for (size_t i = 0; i < N_KEYS * N_KEYS; i++)
            sum += covariance[i] *= (double)(n - 1) / (double)n;
        assert_int_equal(psy_factor_fit(covariance, N_KEYS, PSY_FACTOR_ML, loadings, unique,
                                        &at_bound, NULL, NULL),
                         PSY_OK);
        assert_int_equal(at_bound, 0);
        for (int i = 0; i < N_KEYS; i++) {
            theirs[0][i] = wanted(part, s, "cfa_loadings", i);
            theirs[1][i] = wanted(part, s, "cfa_residual_var", i);
            near(loadings[i], theirs[0][i], 2e-6, "loading");
            near(unique[i], theirs[1][i], 2e-6, "residual variance");
        }
        assert_true(misfit(covariance, loadings, unique) <=
                    misfit(covariance, theirs[0], theirs[1]) + 1e-15);
        assert_int_equal(psy_omega_total(loadings, unique, N_KEYS, NAN, &omega, NULL), PSY_OK);
        near(omega, wanted(part, s, "omega_total_1factor", -1), 2e-6, "omega");
        near(omega, wanted(part, s, "semTools_compRelSEM_obsvar_false", -1), 2e-6, "omega");
        assert_int_equal(psy_omega_total(loadings, NULL, N_KEYS, sum, &omega, NULL), PSY_OK);
        near(omega, wanted(part, s, "omega_denominator_observed_var_ML", -1), 2e-6, "omega");
        near(omega, wanted(part, s, "semTools_compRelSEM_obsvar_true", -1), 2e-6, "omega");
    }
}

/* The formula alone, from lavaan's printed loadings. */
static void test_omega_of_given_loadings(void **state)
{
    (void)state;
    for (size_t scale = 0; scale < 5; scale++) {
        const char *const s = scales[scale];
        double loadings[N_KEYS], unique[N_KEYS], omega;
        for (int i = 0; i < N_KEYS; i++) {
            loadings[i] = wanted("complete_cases", s, "cfa_loadings", i);
            unique[i] = wanted("complete_cases", s, "cfa_residual_var", i);
        }
        assert_int_equal(psy_omega_total(loadings, unique, N_KEYS, NAN, &omega, NULL), PSY_OK);
        near(omega, wanted("complete_cases", s, "omega_total_1factor", -1), 1e-13, "omega");
    }
}

static void test_bifactor_of_given_loadings(void **state)
{
    (void)state;
    double general[12], group[12], subscales[3];
    uint32_t group_of[12];
    psy_omega_bifactor_result got;
    for (int i = 0; i < 12; i++) {
        general[i] = wanted("given_bifactor", "general", "", i);
        group[i] = wanted("given_bifactor", "group", "", i);
        group_of[i] = (uint32_t)wanted("given_bifactor", "membership", "", i) - 1;
    }
    assert_int_equal(psy_omega_bifactor(general, group, group_of, 12, 3, &got, subscales, NULL),
                     PSY_OK);
    near(got.total, plain_json_number(expected, "given_bifactor/omega_total"), 1e-13, "omega");
    near(got.hierarchical, plain_json_number(expected, "given_bifactor/omega_h"), 1e-13, "omega h");
    near(got.ecv, plain_json_number(expected, "given_bifactor/ECV"), 1e-13, "ECV");
    for (int g = 0; g < 3; g++) {
        char path[64];
        snprintf(path, sizeof path, "given_bifactor/omega_hs_per_group/%d", g);
        near(subscales[g], plain_json_number(expected, path), 1e-13, "omega hs");
    }
}

static void test_nothing_is_left(void **state)
{
    (void)state;
    assert_int_equal(2436, plain_json_number(expected, "n_complete"));
    /* Omega hierarchical from data depends on a rotation; we take loadings and make none. */
    plain_json_all_read(expected, (const char *const[]){"omega_25_items/*", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_complete_cases_agree_with_psych),
        cmocka_unit_test(test_pairwise_deletion_agrees_with_psych),
        cmocka_unit_test(test_all_split_halves_agree_with_psych),
        cmocka_unit_test(test_one_factor_agrees_with_lavaan),
        cmocka_unit_test(test_omega_of_given_loadings),
        cmocka_unit_test(test_bifactor_of_given_loadings),
        cmocka_unit_test(test_nothing_is_left), /* the last */
    };
    return cmocka_run_group_tests(tests, load, unload);
}
