/*
 * test_careless_sim.c -- the indices of careless answering on the data sets of the R package
 * careless, against its formulas in base R.
 *
 * Skipped, by name, where the data or R are not at hand.  Tolerance 1e-12, relative: closed
 * forms; our sums are exact integers, R's are doubles.
 */
#include "test_support.h"

#include <psyscreen/validity.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ROWS = 1000, MOST_ITEMS = 100, MOST_COLUMNS = 100 };

static double cells[MOST_ROWS][MOST_COLUMNS];
static int8_t answers[MOST_ITEMS][MOST_ROWS];
static const int8_t *items[MOST_ITEMS];

static size_t read_cells(const char *path, size_t *n_columns)
{
    char *const text = psy_test_read_file(path, NULL);
    char *rest = text, *line = strsep(&rest, "\n"); /* the header */
    size_t n = 0;
    *n_columns = 1;
    for (const char *at = line; *at != '\0'; at++)
        *n_columns += *at == ',';
    for (; (line = strsep(&rest, "\n")) != NULL && *line != '\0'; n++) {
        size_t column = 0;
        assert_true(n < MOST_ROWS && *n_columns <= MOST_COLUMNS);
        for (char *cell; (cell = strsep(&line, ",")) != NULL; column++)
            cells[n][column] = *cell != '\0' ? strtod(cell, NULL) : NAN;
    }
    free(text);
    return n;
}

static void close_to(double ours, double theirs, size_t row, const char *what)
{
    if (isnan(theirs) ? !isnan(ours) : !(fabs(ours - theirs) <= 1e-12 * fmax(1, fabs(theirs))))
        fail_msg("%s of row %zu: %.17g, R has %.17g", what, row, ours, theirs);
}

static void compare(const char *name, int per_scale)
{
    const char *const directory = psy_test_directory();
    char command[2000], path[1200];
    size_t n_items, n_columns, n_pairs = 0, rank = 0;
    snprintf(path, sizeof path, "%s/../shared/data/careless_sim/%s.csv.xz", PSY_SOURCE_DIR, name);
    if (strcmp(name, "simulated") == 0)
        snprintf(path, sizeof path, "simulated");
    else if (access(path, R_OK) != 0) {
        psy_test_directory_remove();
        skip();
    }
    snprintf(command, sizeof command,
             "Rscript %s/tests/reference/careless_sim/careless.R %s %d %s 2>/dev/null",
             PSY_SOURCE_DIR, path, per_scale, directory);
    const int code = system(command);
    if (WIFEXITED(code) && WEXITSTATUS(code) == 127) {
        psy_test_directory_remove();
        skip();
    }
    assert_int_equal(code, 0);
    snprintf(path, sizeof path, "%s/answers.csv", directory);
    const size_t n = read_cells(path, &n_items);
    for (size_t i = 0; i < n_items; i++) {
        for (size_t row = 0; row < n; row++)
            answers[i][row] = (int8_t)cells[row][i];
        items[i] = answers[i];
    }
    snprintf(path, sizeof path, "%s/rows.csv", directory);
    assert_int_equal(read_cells(path, &n_columns), n);
    assert_int_equal(n_columns, 9);

    const psy_answer_grid grid = {PSY_ANSWER_GRID_VERSION, 2, n_items, n, items, NULL};
    static uint32_t scale_of[MOST_ITEMS], longest[MOST_ROWS];
    static double mean[MOST_ROWS], irv[MOST_ROWS], halves[MOST_ROWS], d2[MOST_ROWS], p[MOST_ROWS],
        total[MOST_ROWS], synonyms[MOST_ROWS];
    static psy_item_pair pairs[5000];
    for (size_t i = 0; i < n_items; i++)
        scale_of[i] = (uint32_t)(i / (size_t)per_scale);
    assert_int_equal(psy_validity_runs(&grid, PSY_BLANKS_END_RUNS, longest, mean, NULL, NULL),
                     PSY_OK);
    assert_int_equal(psy_validity_irv(&grid, irv, NULL, NULL), PSY_OK);
    assert_int_equal(
        psy_validity_even_odd(&grid, scale_of, n_items / (size_t)per_scale, halves, NULL, NULL),
        PSY_OK);
    assert_int_equal(
        psy_validity_mahalanobis(&grid, PSY_DEPENDENT_REFUSED, d2, p, NULL, NULL, &rank, NULL),
        PSY_OK);
    assert_int_equal(psy_validity_person_total(&grid, total, NULL, NULL), PSY_OK);
    assert_int_equal(psy_validity_find_pairs(&grid, .6, pairs, 5000, &n_pairs, NULL), PSY_OK);
    assert_int_equal(n_pairs, (size_t)cells[0][8]);
    assert_int_equal(psy_validity_pairs(&grid, pairs, n_pairs, synonyms, NULL, NULL), PSY_OK);
    for (size_t row = 0; row < n; row++) {
        assert_int_equal(longest[row], (uint32_t)cells[row][0]);
        close_to(mean[row], cells[row][1], row, "mean run");
        close_to(irv[row], cells[row][2], row, "IRV");
        close_to(halves[row], cells[row][3], row, "even-odd");
        close_to(d2[row], cells[row][4], row, "D2");
        close_to(p[row], cells[row][5], row, "p of D2");
        close_to(total[row], cells[row][6], row, "person-total");
        close_to(synonyms[row], cells[row][7], row, "synonyms");
    }
    psy_test_directory_remove();
}

static void test_careless_dataset(void **state)
{
    (void)state;
    compare("careless_dataset", 5); /* 200 x 50, ten scales of five */
}

static void test_careless_dataset2(void **state)
{
    (void)state;
    compare("careless_dataset2", 10); /* 1,000 x 100, ten scales of ten */
}

static void test_simulated_here(void **state)
{
    (void)state;
    compare("simulated", 5); /* 300 x 40, eight scales of five */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_careless_dataset),
        cmocka_unit_test(test_careless_dataset2),
        cmocka_unit_test(test_simulated_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
