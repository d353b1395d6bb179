/*
 * test_conventions.c -- every convention of b_norms, through the public headers, against R.
 *
 * Closed forms agree to 1e-12 relative; classes and counts exactly.  L of the fitted LMS is
 * compared to 1e-5, because its likelihood is flat there, and the likelihood itself to 1e-9.
 */
#include "../plain_csv.h"
#include "../plain_json.h"
#include "test_support.h"

#include <psyscreen/distribution.h>
#include <psyscreen/interval.h>
#include <psyscreen/lms.h>
#include <psyscreen/moments.h>
#include <psyscreen/shrinkage.h>
#include <psyscreen/standard_score.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/reference/b_norms/"

static void near(const char *what, double got, double want, double tolerance)
{
    if (isnan(got) != isnan(want) || fabs(got - want) > tolerance * fmax(1, fabs(want)))
        fail_msg("%s: %.17g, expected %.17g", what, got, want);
}

/* A cell that may be empty. */
static double cell(const plain_csv *csv, size_t row, const char *column)
{
    return *plain_csv_text(csv, row, column) == '\0' ? NAN : plain_csv_number(csv, row, column);
}

typedef struct group {
    double x[600];
    size_t n;
} group;

static group group_of(const plain_csv *input, const char *scale, const char *sex, const char *band)
{
    group out = {.n = 0};
    for (size_t row = 1; row < input->n_rows; row++)
        if (strcmp(plain_csv_text(input, row, "sex"), sex) == 0 &&
            strcmp(plain_csv_text(input, row, "band"), band) == 0)
            out.x[out.n++] = plain_csv_number(input, row, scale);
    return out;
}

static group group_at(const plain_csv *input, const plain_csv *csv, size_t row)
{
    return group_of(input, plain_csv_text(csv, row, "scale"), plain_csv_text(csv, row, "sex"),
                    plain_csv_text(csv, row, "band"));
}

static void test_cells(void **state)
{
    (void)state;
    plain_csv input = plain_csv_read(FOLDER "input_scores.csv");
    plain_csv cells = plain_csv_read(FOLDER "expected_cell_stats.csv");
    for (size_t row = 1; row < cells.n_rows; row++) {
        const group g = group_at(&input, &cells, row);
        psy_moments m;
        assert_int_equal(psy_moments_of(g.x, g.n, &m, NULL), PSY_OK);
        assert_int_equal(m.n, plain_csv_number(&cells, row, "n"));
        near("mean", m.mean, plain_csv_number(&cells, row, "mean"), 1e-13);
        near("sd", m.sd, plain_csv_number(&cells, row, "sd"), 1e-13);
        near("population sd", sqrt(m.m2 / (double)m.n), plain_csv_number(&cells, row, "sd_pop"),
             1e-13);
        near("skewness", m.skewness, plain_csv_number(&cells, row, "skew_g1"), 1e-12);
        near("kurtosis", m.kurtosis, plain_csv_number(&cells, row, "kurt_g2"), 1e-12);
    }
    assert_true(cells.n_rows == 61);
    plain_csv_all_read(&cells, NULL);
    plain_csv_free(&cells);
    plain_csv_free(&input);
}

static void test_lookup(void **state)
{
    (void)state;
    static const char *const methods[] = {"blom", "tukey", "vdw", "rankit"};
    plain_csv input = plain_csv_read(FOLDER "input_scores.csv");
    plain_csv lookup = plain_csv_read(FOLDER "expected_lookup.csv");
    for (size_t row = 1; row < lookup.n_rows; row++) {
        const group g = group_at(&input, &lookup, row);
        const double raw = plain_csv_number(&lookup, row, "raw");
        uint64_t below = 0, equal = 0;
        for (size_t i = 0; i < g.n; i++) {
            below += g.x[i] < raw;
            equal += g.x[i] == raw;
        }
        assert_int_equal(below, plain_csv_number(&lookup, row, "n_below"));
        assert_int_equal(equal, plain_csv_number(&lookup, row, "n_equal"));
        psy_moments m;
        assert_int_equal(psy_moments_of(g.x, g.n, &m, NULL), PSY_OK);
        const double z = psy_standard_z(raw, m.mean, m.sd);
        near("z", z, plain_csv_number(&lookup, row, "z"), 1e-12);
        near("T", psy_standard_t(z), plain_csv_number(&lookup, row, "T"), 1e-12);
        near("IQ", psy_standard_iq(z), plain_csv_number(&lookup, row, "IQ"), 1e-12);
        assert_int_equal(psy_stanine_linear(z), plain_csv_number(&lookup, row, "stanine_linear"));
        assert_int_equal(psy_sten_linear(z), plain_csv_number(&lookup, row, "sten_linear"));
        assert_int_equal(psy_stanine_percent(below, equal, g.n),
                         plain_csv_number(&lookup, row, "stanine_pct"));
        assert_int_equal(psy_sten_percent(below, equal, g.n),
                         plain_csv_number(&lookup, row, "sten_pct"));
        near("mid-rank", psy_percentile_rank(PSY_PERCENTILE_MID, below, equal, g.n),
             plain_csv_number(&lookup, row, "pr_midrank"), 1e-13);
        near("below", psy_percentile_rank(PSY_PERCENTILE_BELOW, below, equal, g.n),
             plain_csv_number(&lookup, row, "pr_below"), 1e-13);
        near("at or below", psy_percentile_rank(PSY_PERCENTILE_AT_OR_BELOW, below, equal, g.n),
             plain_csv_number(&lookup, row, "pr_atorbelow"), 1e-13);
        for (int k = 0; k < 4; k++) {
            char column[16];
            const double score = psy_normal_score((psy_rank_method)k, below, equal, g.n);
            snprintf(column, sizeof column, "z_%s", methods[k]);
            near(column, score, cell(&lookup, row, column), 1e-12);
            snprintf(column, sizeof column, "T_%s", methods[k]);
            near(column, psy_standard_t(score), cell(&lookup, row, column), 1e-12);
        }
    }
    assert_true(lookup.n_rows == 625);
    plain_csv_all_read(&lookup, NULL);
    plain_csv_free(&lookup);
    plain_csv_free(&input);
}

static void test_intervals(void **state)
{
    (void)state;
    static const struct {
        psy_interval_kind kind;
        const char *centre, *error, *lo, *hi;
    } kinds[] = {{PSY_INTERVAL_OBSERVED, "T_obs", "sem", "obs_lo", "obs_hi"},
                 {PSY_INTERVAL_TRUE, "kelley_true", "see_true", "true_lo", "true_hi"},
                 {PSY_INTERVAL_RETEST, "kelley_true", "sep_retest", "retest_lo", "retest_hi"}};
    plain_csv ci = plain_csv_read(FOLDER "expected_ci_kelley.csv");
    for (size_t row = 1; row < ci.n_rows; row++)
        for (size_t k = 0; k < 3; k++) {
            psy_interval got;
            assert_int_equal(psy_interval_of(kinds[k].kind, plain_csv_number(&ci, row, "T_obs"), 50,
                                             10, plain_csv_number(&ci, row, "rel"),
                                             plain_csv_number(&ci, row, "level"), &got, NULL),
                             PSY_OK);
            near("centre", got.centre, plain_csv_number(&ci, row, kinds[k].centre), 1e-12);
            near("error", got.error, plain_csv_number(&ci, row, kinds[k].error), 1e-12);
            near("lo", got.lo, plain_csv_number(&ci, row, kinds[k].lo), 1e-12);
            near("hi", got.hi, plain_csv_number(&ci, row, kinds[k].hi), 1e-12);
        }
    assert_true(ci.n_rows == 73);
    plain_csv_all_read(&ci, NULL);
    plain_csv_free(&ci);
}

static void test_lms(void **state)
{
    (void)state;
    plain_csv grid = plain_csv_read(FOLDER "expected_lms.csv");
    for (size_t row = 1; row < grid.n_rows; row++) {
        const psy_lms lms = {cell(&grid, row, "L"), cell(&grid, row, "M"), cell(&grid, row, "S")};
        const double y = cell(&grid, row, "y"), z = psy_lms_z(&lms, y);
        /* The plain power of R, which loses digits near L = 0. */
        near("plain z", z, cell(&grid, row, "z"), fabs(lms.l) < 1e-5 ? 1e-9 : 1e-12);
        const double sd3 = psy_lms_measurement(&lms, 3), sdm3 = psy_lms_measurement(&lms, -3);
        near("z", z, cell(&grid, row, "z_expm1"), 1e-12);
        near("percent", 100 * psy_normal_p(z), cell(&grid, row, "pct"), 1e-12);
        /* R goes back by the plain power, which loses 6e-11 at |L| = 1e-6. */
        near("back", psy_lms_measurement(&lms, z), cell(&grid, row, "y_back"),
             fabs(lms.l) < 1e-5 ? 1e-9 : 1e-12);
        near("and it is y", psy_lms_measurement(&lms, z), y, 1e-12);
        const double loose = fabs(lms.l) < 1e-5 ? 1e-8 : 1e-12;
        near("SD3", sd3, cell(&grid, row, "sd3"), loose);
        near("SD23", sd3 - psy_lms_measurement(&lms, 2), cell(&grid, row, "sd23"), loose);
        near("SD-3", sdm3, cell(&grid, row, "sdm3"), loose);
        near("SD-23", psy_lms_measurement(&lms, -2) - sdm3, cell(&grid, row, "sdm23"), loose);
        near("WHO", psy_lms_z_who(&lms, y), cell(&grid, row, "z_who_adjusted"), loose);
    }
    assert_true(grid.n_rows == 271);
    plain_csv_all_read(&grid, NULL);
    plain_csv_free(&grid);
}

static void test_lms_fit(void **state)
{
    (void)state;
    plain_csv input = plain_csv_read(FOLDER "input_scores.csv");
    char *const text = plain_json_read(FOLDER "expected_lms_fit.json");
    const group g = group_of(&input, "neuroticism", "2", "18_22");
    psy_lms lms;
    double likelihood;
    assert_int_equal(psy_lms_fit(g.x, g.n, &lms, &likelihood, NULL), PSY_OK);
    near("-log L", likelihood, plain_json_number(text, "neg_loglik"), 1e-9);
    near("L", lms.l, plain_json_number(text, "L"), 1e-5);
    near("L of car", lms.l, plain_json_number(text, "car_powerTransform_lambda"), 1e-5);
    near("M", lms.m, plain_json_number(text, "M"), 1e-5);
    near("S", lms.s, plain_json_number(text, "S"), 1e-5);
    assert_int_equal(g.n, plain_json_number(text, "n"));
    /* R's optimiser stops in the flat of the likelihood, 2e-10 above ours at most. */
    near("-log L of optim", likelihood, plain_json_number(text, "optim/neg_loglik"), 1e-9);
    assert_true(likelihood <= plain_json_number(text, "optim/neg_loglik"));
    near("L of optim", lms.l, plain_json_number(text, "optim/L"), 1e-5);
    near("M of optim", lms.m, plain_json_number(text, "optim/M"), 1e-5);
    near("S of optim", lms.s, plain_json_number(text, "optim/S"), 1e-5);
    plain_json_all_read(text, NULL);
    plain_json_free(text);
    plain_csv_free(&input);
}

static double at(const char *text, const char *scale, const char *what, size_t i)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s/%zu", scale, what, i);
    return plain_json_number(text, path);
}

static void shrink(const char *text, const char *scale, psy_shrinkage_method method,
                   const char *name)
{
    static const char *const bands[] = {"18_22", "23_29", "30_39", "40_49", "ge50", "le17"};
    double means[12], variances[12], lambda[12], shrunk[12], errors[12];
    char path[80];
    plain_csv input = plain_csv_read(FOLDER "input_scores.csv");
    for (size_t i = 0; i < 12; i++) {
        const group g = group_of(&input, scale, i < 6 ? "1" : "2", bands[i % 6]);
        psy_moments m;
        assert_int_equal(psy_moments_of(g.x, g.n, &m, NULL), PSY_OK);
        assert_int_equal(m.n, at(text, scale, "n", i));
        means[i] = m.mean;
        variances[i] = m.variance / (double)m.n;
        near("mean", m.mean, at(text, scale, "mean", i), 1e-13);
        near("variance of the mean", variances[i], at(text, scale, "vi", i), 1e-13);
    }
    plain_csv_free(&input);
    psy_shrinkage found;
    assert_int_equal(psy_shrink(method, means, variances, 12, &found, lambda, shrunk, errors, NULL),
                     PSY_OK);
    snprintf(path, sizeof path, "%s/%s/tau2", scale, name);
    near(path, found.tau2, plain_json_number(text, path), 1e-10);
    snprintf(path, sizeof path, "%s/%s/mu", scale, name);
    near(path, found.mu, plain_json_number(text, path), 1e-10);
    snprintf(path, sizeof path, "%s/%s/Q", scale, name);
    near(path, found.q, plain_json_number(text, path), 1e-12);
    for (size_t i = 0; i < 12; i++) {
        snprintf(path, sizeof path, "%s/lambda", name);
        near(path, lambda[i], at(text, scale, path, i), 1e-10);
        snprintf(path, sizeof path, "%s/blup", name);
        near(path, shrunk[i], at(text, scale, path, i), 1e-10);
        snprintf(path, sizeof path, "%s/blup_se", name);
        near(path, errors[i], at(text, scale, path, i), 1e-10);
    }
}

static void test_shrinkage(void **state)
{
    (void)state;
    char *const text = plain_json_read(FOLDER "expected_shrinkage.json");
    static const char *const scales[] = {"agree", "neuroticism"};
    for (int i = 0; i < 2; i++) {
        shrink(text, scales[i], PSY_SHRINKAGE_REML, "REML");
        shrink(text, scales[i], PSY_SHRINKAGE_DL, "DL");
    }
    plain_json_all_read(text, NULL);
    plain_json_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),     cmocka_unit_test(test_lookup),
        cmocka_unit_test(test_intervals), cmocka_unit_test(test_lms),
        cmocka_unit_test(test_lms_fit),   cmocka_unit_test(test_shrinkage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
