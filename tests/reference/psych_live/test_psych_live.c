/*
 * test_psych_live.c -- the same methods on other data sets, against the R that is installed.
 */
#include "test_support.h"

#include <psyscreen/change.h>
#include <psyscreen/reliability.h>
#include <psyscreen/validity.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define MOST 400

/* A table that R wrote: a header and numbers, empty where missing. */
typedef struct r_table {
    char *text;
    const char *names[64];
    double values[64][MOST];
    size_t n_columns, n_rows;
} r_table;

static r_table attitude, men, numbers, rows;
static bool have_r;

static void read_table(r_table *table, const char *path)
{
    table->text = psy_test_read_file(path, NULL);
    char *rest = table->text, *line;
    for (size_t row = 0; (line = strsep(&rest, "\n")) != NULL && *line != '\0'; row++) {
        size_t column = 0;
        for (char *cell; (cell = strsep(&line, ",")) != NULL; column++) {
            assert_true(column < 64 && row <= MOST);
            if (row == 0)
                table->names[column] = cell;
            else
                table->values[column][row - 1] = *cell != '\0' ? strtod(cell, NULL) : NAN;
        }
        table->n_columns = column;
        table->n_rows = row;
    }
}

static const double *column_of(const r_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (strcmp(table->names[i], name) == 0)
            return table->values[i];
    fail_msg("R wrote no %s", name);
    return NULL;
}

static double number(const char *name, int index)
{
    char whole[64];
    snprintf(whole, sizeof whole, index > 0 ? "%s%d" : "%s", name, index);
    return *column_of(&numbers, whole);
}

static void near(double value, double want, double tolerance, const char *what)
{
    if (!(fabs(value - want) <= tolerance * fmax(1, fabs(want))))
        fail_msg("%s is %.17g, R has %.17g", what, value, want);
}

static int load(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    char command[1024];
    snprintf(command, sizeof command, "Rscript '%s' '%s' >/dev/null 2>&1",
             psy_test_source("tests/reference/psych_live/live.R"), directory);
    const int status = system(command);
    have_r = status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!have_r) {
        /* 127: the shell found no Rscript; 77: the script found no psych. */
        if (!WIFEXITED(status) || (WEXITSTATUS(status) != 127 && WEXITSTATUS(status) != 77))
            return -1;
        print_message("skipped: no Rscript with the package psych\n");
        psy_test_directory_remove();
        return 0;
    }
    read_table(&attitude, psy_test_path(directory, "attitude.csv"));
    read_table(&men, psy_test_path(directory, "men.csv"));
    read_table(&numbers, psy_test_path(directory, "numbers.csv"));
    read_table(&rows, psy_test_path(directory, "rows.csv"));
    psy_test_directory_remove();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    free(attitude.text);
    free(men.text);
    free(numbers.text);
    free(rows.text);
    return 0;
}

#define NEED_R()                                                                                   \
    do {                                                                                           \
        (void)state;                                                                               \
        if (!have_r)                                                                               \
            skip();                                                                                \
    } while (0)

static void test_reliability_of_attitude(void **state)
{
    NEED_R();
    const double *items[7];
    for (size_t i = 0; i < 7; i++)
        items[i] = attitude.values[i];
    psy_reliability got;
    psy_reliability_item about[7];
    assert_int_equal(psy_reliability_estimate(items, 7, 30, NULL, &got, about, NULL), PSY_OK);
    near(got.alpha, number("attitude_alpha", 0), 1e-12, "alpha");
    near(got.alpha_standardised, number("attitude_std", 0), 1e-12, "standardised alpha");
    near(got.lambda6, number("attitude_g6", 0), 1e-12, "lambda 6");
    for (int i = 0; i < 7; i++) {
        near(about[i].alpha_if_dropped, number("attitude_drop", i + 1), 1e-12, "if dropped");
        near(about[i].item_rest_r, number("attitude_rest", i + 1), 1e-12, "item-rest");
        near(about[i].item_total_r, number("attitude_total", i + 1), 1e-12, "item-total");
    }
}

static void test_one_factor_of_attitude(void **state)
{
    NEED_R();
    const double *items[7];
    double s[49], loadings[7], unique[7];
    for (size_t i = 0; i < 7; i++)
        items[i] = attitude.values[i];
    assert_int_equal(psy_covariance(items, 7, 30, PSY_ROWS_LISTWISE, s, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psy_factor_fit(s, 7, PSY_FACTOR_ML, loadings, unique, NULL, NULL, NULL),
                     PSY_OK);
    for (int i = 0; i < 7; i++)
        near(unique[i] / s[8 * i], number("attitude_ml", i + 1), 1e-4, "uniqueness");
    assert_int_equal(psy_factor_fit(s, 7, PSY_FACTOR_MINRES, loadings, unique, NULL, NULL, NULL),
                     PSY_OK);
    for (int i = 0; i < 7; i++)
        near(loadings[i] / sqrt(s[8 * i]), number("attitude_minres", i + 1), 1e-4, "loading");
}

static void test_reliability_with_pairwise_deletion(void **state)
{
    NEED_R();
    const double *items[5];
    for (size_t i = 0; i < 5; i++)
        items[i] = men.values[i];
    const psy_reliability_options pairwise = {PSY_RELIABILITY_OPTIONS_VERSION, PSY_ROWS_PAIRWISE, 0,
                                              NULL};
    psy_reliability got;
    psy_reliability_item about[5];
    assert_int_equal(psy_reliability_estimate(items, 5, men.n_rows, &pairwise, &got, about, NULL),
                     PSY_OK);
    assert_true(got.n_complete < men.n_rows && got.n_complete > 100);
    near(got.alpha, number("men_alpha", 0), 1e-12, "alpha");
    near(got.alpha_standardised_from_covariance, number("men_std", 0), 1e-12, "standardised");
    near(got.lambda6, number("men_g6", 0), 1e-12, "lambda 6");
    near(about[0].item_rest_r, number("men_rest", 1), 1e-12, "item-rest");
    near(about[0].item_total_r, number("men_total", 1), 1e-12, "item-total");
    double lo, hi;
    assert_int_equal(psy_alpha_interval(got.alpha, 100, 5, 0.95, &lo, &hi, NULL), PSY_OK);
    near(lo, number("men_lo", 0), 1e-12, "lower limit");
    near(hi, number("men_hi", 0), 1e-12, "upper limit");
}

static void test_validity_of_attitude(void **state)
{
    NEED_R();
    static int8_t answers[7][30];
    const int8_t *columns[7];
    double d2[30], p[30], irv[30], total[30];
    for (size_t i = 0; i < 7; i++) {
        for (size_t row = 0; row < 30; row++)
            answers[i][row] = (int8_t)attitude.values[i][row];
        columns[i] = answers[i];
    }
    const psy_answer_grid grid = {PSY_ANSWER_GRID_VERSION, 1, 7, 30, columns, NULL};
    assert_int_equal(
        psy_validity_mahalanobis(&grid, PSY_DEPENDENT_REFUSED, d2, p, NULL, NULL, NULL, NULL),
        PSY_OK);
    assert_int_equal(psy_validity_irv(&grid, irv, NULL, NULL), PSY_OK);
    assert_int_equal(psy_validity_person_total(&grid, total, NULL, NULL), PSY_OK);
    for (size_t row = 0; row < 30; row++) {
        near(d2[row], column_of(&rows, "d2")[row], 1e-12, "D2");
        near(p[row], column_of(&rows, "p")[row], 1e-12, "p");
        near(irv[row], column_of(&rows, "irv")[row], 1e-12, "IRV");
        near(total[row], column_of(&rows, "total")[row], 1e-12, "person-total");
    }
}

static void test_change_of_attitude(void **state)
{
    NEED_R();
    const double *const pre = column_of(&attitude, "complaints");
    const double *const post = column_of(&attitude, "raises");
    psy_change_group group;
    double z[30];
    assert_int_equal(psy_change_describe(pre, post, 30, &group, NULL), PSY_OK);
    assert_int_equal(psy_change_index(&group, PSY_CHANGE_REGRESSION, pre, post, 30, z, NULL),
                     PSY_OK);
    for (size_t row = 0; row < 30; row++) {
        psy_change_limits limits;
        near(z[row], column_of(&rows, "srb")[row], 1e-12, "index");
        assert_int_equal(
            psy_change_limits_of(&group, PSY_CHANGE_CRAWFORD_HOWELL, pre[row], 1, &limits, NULL),
            PSY_OK);
        near(limits.error, column_of(&rows, "half_width")[row], 1e-12, "error");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reliability_of_attitude),
        cmocka_unit_test(test_one_factor_of_attitude),
        cmocka_unit_test(test_reliability_with_pairwise_deletion),
        cmocka_unit_test(test_validity_of_attitude),
        cmocka_unit_test(test_change_of_attitude),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
