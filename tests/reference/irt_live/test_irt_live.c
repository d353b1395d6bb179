/*
 * test_irt_live.c -- traits of made-up models, against the R that is installed (README.md).
 */
#include "../live_r.h"
#include "test_support.h"

#include <psyscreen/irt.h>

#include <math.h>
#include <stdio.h>

#define N_MODELS   2
#define MOST_ITEMS 9

static plain_csv parameters, patterns, sums;
static bool have_r;
/* On the grid of every use, and on one that is as good as the whole line. */
static psy_irt *models[N_MODELS], *fine[N_MODELS];
static size_t n_items[N_MODELS];

static void take_up(size_t model)
{
    double a[MOST_ITEMS], d[40];
    uint32_t highest[MOST_ITEMS] = {0};
    size_t n = 0, n_d = 0;
    for (size_t row = 1; row < parameters.n_rows; row++) {
        if (live_r_number(&parameters, row, "model") != (double)(model + 1))
            continue;
        const double value = live_r_number(&parameters, row, "value");
        if (live_r_number(&parameters, row, "step") == 0) {
            a[n++] = value;
            assert_int_equal(live_r_number(&parameters, row, "item"), n);
        } else {
            d[n_d++] = value;
            highest[n - 1]++;
        }
    }
    const psy_irt_grid whole = {-12, 12, 2001};
    assert_int_equal(psy_irt_new(&models[model], a, d, highest, n, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psy_irt_new(&fine[model], a, d, highest, n, &whole, NULL, NULL), PSY_OK);
    n_items[model] = n;
}

static const live_r_table tables[] = {
    {&parameters, "parameters.csv"}, {&patterns, "patterns.csv"}, {&sums, "sums.csv"}};
#define N_TABLES (sizeof tables / sizeof *tables)

static int load(void **state)
{
    (void)state;
    have_r = live_r_tables("tests/reference/irt_live/live.R", tables, N_TABLES);
    for (size_t model = 0; have_r && model < N_MODELS; model++)
        take_up(model);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    if (!have_r)
        return 0;
    for (size_t model = 0; model < N_MODELS; model++) {
        psy_irt_free(models[model]);
        psy_irt_free(fine[model]);
    }
    for (size_t i = 0; i < N_TABLES; i++)
        plain_csv_free(tables[i].csv);
    return 0;
}

static void test_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *theta, *error;
        psy_irt_method method;
        bool whole_line;
        double tolerance;
    } ways[] = {{"eap", "eap_error", PSY_IRT_EAP, false, 1e-12},
                {"whole", "whole_error", PSY_IRT_EAP, true, 1e-10},
                {"map", "map_error", PSY_IRT_MAP, false, 1e-9},
                {"wle", "wle_error", PSY_IRT_WLE, false, 1e-9},
                {"ml", "ml_error", PSY_IRT_ML, false, 1e-9}};
    size_t n_compared[5] = {0}, n_missing = 0;
    if (!have_r)
        skip();
    for (size_t row = 1; row < patterns.n_rows; row++) {
        const size_t model = (size_t)live_r_number(&patterns, row, "model") - 1;
        double x[MOST_ITEMS];
        for (size_t i = 0; i < MOST_ITEMS; i++) {
            char column[8];
            snprintf(column, sizeof column, "i%zu", i + 1);
            x[i] = live_r_number(&patterns, row, column);
            n_missing += i < n_items[model] && isnan(x[i]);
        }
        for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
            double theta, error;
            const double want = live_r_number(&patterns, row, ways[w].theta);
            const double want_error = live_r_number(&patterns, row, ways[w].error);
            if (isnan(want))
                continue;
            assert_int_equal(psy_irt_score((ways[w].whole_line ? fine : models)[model],
                                           ways[w].method, x, 1, &theta, &error, NULL),
                             PSY_OK);
            live_r_near(ways[w].theta, row, theta, want, ways[w].tolerance);
            live_r_near(ways[w].error, row, error, want_error, ways[w].tolerance);
            n_compared[w]++;
        }
    }
    plain_csv_all_read(&patterns, NULL);
    assert_true(n_missing > 150);
    assert_true(n_compared[0] > 220 && n_compared[1] == n_compared[0] &&
                n_compared[2] == n_compared[0] && n_compared[3] > 210 && n_compared[4] > 140);
}

static void test_sums(void **state)
{
    (void)state;
    size_t n_whole = 0;
    if (!have_r)
        skip();
    for (size_t model = 0; model < N_MODELS; model++) {
        double theta[40], errors[40], share[40], whole[40], whole_errors[40];
        assert_true(psy_irt_n_sums(models[model]) <= 40);
        assert_int_equal(psy_irt_sums(models[model], theta, errors, share, NULL), PSY_OK);
        assert_int_equal(psy_irt_sums(fine[model], whole, whole_errors, NULL, NULL), PSY_OK);
        size_t n = 0;
        for (size_t row = 1; row < sums.n_rows; row++) {
            if (live_r_number(&sums, row, "model") != (double)(model + 1))
                continue;
            const size_t sum = (size_t)live_r_number(&sums, row, "sum");
            live_r_near("theta", row, theta[sum], live_r_number(&sums, row, "theta"), 1e-12);
            live_r_near("error", row, errors[sum], live_r_number(&sums, row, "error"), 1e-12);
            live_r_near("share", row, share[sum], live_r_number(&sums, row, "share"), 1e-12);
            const double line = live_r_number(&sums, row, "whole");
            const double line_error = live_r_number(&sums, row, "whole_error");
            n++;
            if (isnan(line))
                continue;
            live_r_near("whole line", row, whole[sum], line, 1e-10);
            live_r_near("its error", row, whole_errors[sum], line_error, 1e-10);
            n_whole++;
        }
        assert_int_equal(n, psy_irt_n_sums(models[model]));
    }
    plain_csv_all_read(&sums, NULL);
    assert_true(n_whole >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_sums),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
