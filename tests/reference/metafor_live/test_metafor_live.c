/*
 * test_metafor_live.c -- shrinkage (REML and DerSimonian-Laird) against the metafor that is
 * installed, on data sets that are not in this folder.
 *
 * tau^2 and everything after it to 1e-8 relative: metafor's REML stops where a step of tau^2 is
 * below a threshold (1e-14 to 1e-9, the first at which it converges).  Q, which needs no
 * iteration, to 1e-12, and DerSimonian-Laird to 1e-11.  Skipped, by name, without
 * Rscript or metafor.
 */
#include "../live_r.h"
#include "test_support.h"

#include <psyscreen/shrinkage.h>

#include <math.h>
#include <stdio.h>

enum { MOST = 64 };

static plain_csv groups, sets;
static bool have_r;

static const live_r_table tables[] = {{&groups, "groups.csv"}, {&sets, "sets.csv"}};
#define N_TABLES (sizeof tables / sizeof *tables)

static int load(void **state)
{
    (void)state;
    have_r = live_r_tables("tests/reference/metafor_live/live.R", tables, N_TABLES);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    for (size_t i = 0; have_r && i < N_TABLES; i++)
        plain_csv_free(tables[i].csv);
    return 0;
}

static void near(const char *what, size_t set, double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want))))
        fail_msg("%s of set %zu: %.17g, metafor has %.17g", what, set, got, want);
}

static void test_shrinkage_of_every_set(void **state)
{
    (void)state;
    if (!have_r)
        skip();
    size_t at = 1, without_spread = 0;
    for (size_t row = 1; row < sets.n_rows; row++) {
        double y[MOST], v[MOST], lambda[MOST], shrunk[MOST], errors[MOST];
        const size_t n = (size_t)plain_csv_number(&sets, row, "n");
        const size_t set = (size_t)plain_csv_number(&sets, row, "set");
        const bool dl = plain_csv_number(&sets, row, "dl") != 0;
        const double tolerance = dl ? 1e-11 : 1e-8;
        psy_shrinkage found;
        assert_true(n <= MOST);
        for (size_t i = 0; i < n; i++) {
            y[i] = plain_csv_number(&groups, at + i, "y");
            v[i] = plain_csv_number(&groups, at + i, "v");
            assert_int_equal(plain_csv_number(&groups, at + i, "set"), set);
            assert_int_equal(plain_csv_number(&groups, at + i, "dl"), dl);
        }
        assert_int_equal(psy_shrink(dl ? PSY_SHRINKAGE_DL : PSY_SHRINKAGE_REML, y, v, n, &found,
                                    lambda, shrunk, errors, NULL),
                         PSY_OK);
        near("tau2", set, found.tau2, plain_csv_number(&sets, row, "tau2"), tolerance);
        near("mu", set, found.mu, plain_csv_number(&sets, row, "mu"), tolerance);
        near("Q", set, found.q, plain_csv_number(&sets, row, "q"), 1e-12);
        without_spread += found.tau2 == 0;
        for (size_t i = 0; i < n; i++) {
            near("lambda", set, lambda[i], plain_csv_number(&groups, at + i, "lambda"), tolerance);
            near("blup", set, shrunk[i], plain_csv_number(&groups, at + i, "blup"), tolerance);
            near("its error", set, errors[i], plain_csv_number(&groups, at + i, "error"),
                 tolerance);
        }
        at += n;
    }
    assert_int_equal(at, groups.n_rows);
    assert_true(sets.n_rows > 12);
    print_message("%zu sets and methods, %zu of them without any variance between groups\n",
                  sets.n_rows - 1, without_spread);
    plain_csv_all_read(&groups, NULL);
    plain_csv_all_read(&sets, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shrinkage_of_every_set)};
    return cmocka_run_group_tests(tests, load, unload);
}
