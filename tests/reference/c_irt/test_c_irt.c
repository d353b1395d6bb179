/*
 * test_c_irt.c -- trait estimates under given parameters, against R's own quadrature, which
 * agrees with mirt 1.47 to 1e-15 (EAP and sums).
 *
 * EAP and EAPsum to 1e-12, roots (MAP, WLE, ML) to 1e-9: the tolerance of R's uniroot is 1e-14
 * in theta, and its starting bracket may stop a little earlier.
 */
#include "../plain_csv.h"
#include "../plain_json.h"
#include "test_support.h"

#include <psyscreen/irt.h>
#include <psyscreen/standard_score.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/reference/c_irt/"

typedef struct set {
    const char *tag, *name;
    size_t n_items;
    uint32_t highest;
} set;
static const set sets[] = {{"grm", "grm", 5, 5}, {"2pl", "twopl", 16, 1}};

static char *parameters;

static psy_irt *model_on(const set *of, const psy_irt_grid *grid)
{
    double a[16], d[80];
    uint32_t highest[16];
    char path[64];
    size_t n = 0;
    for (size_t i = 0; i < of->n_items; i++) {
        snprintf(path, sizeof path, "%s/a/%zu", of->name, i);
        a[i] = plain_json_number(parameters, path);
        highest[i] = of->highest;
        for (uint32_t s = 0; s < of->highest; s++) {
            if (of->highest == 1)
                snprintf(path, sizeof path, "%s/d/%zu", of->name, i);
            else
                snprintf(path, sizeof path, "%s/d/%zu/%u", of->name, i, s);
            d[n++] = plain_json_number(parameters, path);
        }
    }
    psy_irt *irt = NULL;
    assert_int_equal(psy_irt_new(&irt, a, d, highest, of->n_items, grid, NULL, NULL), PSY_OK);
    return irt;
}

static psy_irt *model_of(const set *of)
{
    return model_on(of, NULL);
}

static double cell_at(const plain_csv *csv, size_t row, size_t column)
{
    const char *const text = plain_csv_text(csv, row, csv->cells[column]);
    return *text == '\0' ? NAN : strtod(text, NULL);
}

static double cell(const plain_csv *csv, size_t row, const char *column)
{
    return cell_at(csv, row, plain_csv_column(csv, column));
}

static void near(const char *what, size_t row, double got, double want, double tolerance)
{
    if (isinf(want) ? got != want : isnan(want) != isnan(got) || fabs(got - want) > tolerance)
        fail_msg("%s of row %zu: %.17g, expected %.17g", what, row, got, want);
}

static void compare_patterns(const set *of)
{
    static const struct {
        psy_irt_method method;
        const char *theta, *error;
        double tolerance;
    } methods[] = {{PSY_IRT_EAP, "EAP", "EAP_SE", 1e-12},
                   {PSY_IRT_MAP, "MAP", "MAP_SE_expinfo", 1e-9},
                   {PSY_IRT_ML, "ML", "ML_SE_expinfo", 1e-9},
                   {PSY_IRT_WLE, "WLE", "WLE_SE_expinfo", 1e-9}};
    char path[64];
    psy_irt *const irt = model_of(of);
    snprintf(path, sizeof path, FOLDER "expected_patterns_%s.csv", of->tag);
    plain_csv csv = plain_csv_read(path);
    size_t n_missing = 0;
    for (size_t row = 1; row < csv.n_rows; row++) {
        double scores[16];
        bool any = false;
        for (size_t i = 0; i < of->n_items; i++) {
            scores[i] = cell_at(&csv, row, i);
            any = any || !isnan(scores[i]);
            n_missing += isnan(scores[i]) ? 1 : 0;
        }
        for (size_t m = 0; m < 4; m++) {
            double theta, error;
            assert_int_equal(psy_irt_score(irt, methods[m].method, scores, 1, &theta, &error, NULL),
                             PSY_OK);
            const double want = cell(&csv, row, methods[m].theta);
            const double want_error = cell(&csv, row, methods[m].error);
            const double want_t = cell(&csv, row, "EAP_T");
            /* Nothing answered: R has the prior's mean (0, error 1, T 50), we have no score. */
            if (!any && m == 0)
                assert_true(fabs(want) < 1e-12 && fabs(want_t - 50) < 1e-11);
            near(methods[m].theta, row, theta, any ? want : NAN, methods[m].tolerance);
            near(methods[m].error, row, error, any ? want_error : NAN, methods[m].tolerance);
            if (m == 0 && any)
                near("T", row, psy_standard_t(theta), want_t, 1e-11);
        }
    }
    assert_true(csv.n_rows > 190 && n_missing > 20);
    plain_csv_all_read(&csv, NULL);
    plain_csv_free(&csv);
    psy_irt_free(irt);
}

static void compare_sums(const set *of)
{
    char path[64];
    double theta[40], errors[40], share[40], all = 0;
    psy_irt *const irt = model_of(of);
    snprintf(path, sizeof path, FOLDER "expected_eapsum_%s.csv", of->tag);
    plain_csv csv = plain_csv_read(path);
    assert_int_equal(psy_irt_n_sums(irt), csv.n_rows - 1);
    assert_int_equal(psy_irt_sums(irt, theta, errors, share, NULL), PSY_OK);
    for (size_t row = 1; row < csv.n_rows; row++) {
        assert_int_equal(row - 1, cell(&csv, row, "sum_score"));
        near("EAPsum", row, theta[row - 1], cell(&csv, row, "EAPsum"), 1e-12);
        near("its error", row, errors[row - 1], cell(&csv, row, "SE"), 1e-12);
        near("its share", row, share[row - 1], cell(&csv, row, "p_score"), 1e-12);
        near("T", row, psy_standard_t(theta[row - 1]), cell(&csv, row, "T"), 1e-11);
        near("error of T", row, 10 * errors[row - 1], cell(&csv, row, "T_SE"), 1e-11);
        all += share[row - 1];
        assert_true(row == 1 || theta[row - 1] > theta[row - 2]);
    }
    assert_true(fabs(all - 1) < 1e-14);
    plain_csv_all_read(&csv, NULL);
    plain_csv_free(&csv);
    psy_irt_free(irt);
}

static void test_patterns(void **state)
{
    (void)state;
    compare_patterns(&sets[0]);
    compare_patterns(&sets[1]);
}

static void test_sums(void **state)
{
    (void)state;
    compare_sums(&sets[0]);
    compare_sums(&sets[1]);
}

/* How far EAP is from that of 481 points, by number of points, over the first twenty patterns. */
static void test_points_of_quadrature(void **state)
{
    (void)state;
    static const size_t points[] = {15, 21, 31, 41, 61, 121, 481};
    enum { N = 20 };
    char *const summary = plain_json_read(FOLDER "expected_summary.json");
    plain_csv csv = plain_csv_read(FOLDER "expected_patterns_grm.csv");
    double scores[N * 5], theta[7][N];
    for (size_t row = 0; row < N; row++)
        for (size_t i = 0; i < 5; i++)
            scores[5 * row + i] = cell_at(&csv, row + 1, i);
    for (size_t p = 7; p-- > 0;) {
        const psy_irt_grid grid = {-6, 6, points[p]};
        psy_irt *const irt = model_on(&sets[0], &grid);
        char path[64];
        double worst = 0;
        assert_int_equal(psy_irt_score(irt, PSY_IRT_EAP, scores, N, theta[p], NULL, NULL), PSY_OK);
        for (size_t row = 0; row < N; row++)
            worst = fmax(worst, fabs(theta[p][row] - theta[6][row]));
        snprintf(path, sizeof path, "eap_error_by_number_of_points/q%zu", points[p]);
        near(path, p, worst, plain_json_number(summary, path), 1e-12);
        psy_irt_free(irt);
    }
    /* What is left says how near base R came to mirt: nothing of ours. */
    plain_json_all_read(summary, (const char *const[]){"checks/*", NULL});
    plain_csv_free(&csv);
    plain_json_free(summary);
}

static void test_the_parameters_are_all_in_use(void **state)
{
    (void)state;
    plain_json_all_read(parameters, NULL);
}

static int load(void **state)
{
    (void)state;
    parameters = plain_json_read(FOLDER "parameters.json");
    return 0;
}

static int unload(void **state)
{
    (void)state;
    plain_json_free(parameters);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_points_of_quadrature),
        cmocka_unit_test(test_the_parameters_are_all_in_use),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
