/*
 * test_careless_live.c -- every validity index on made-up sheets with gaps, against the R that is
 * installed (README.md).
 */
#include "../live_r.h"
#include "test_support.h"

#include <psyscreen/validity.h>

#include <math.h>
#include <stdio.h>

#define MOST_ROWS  300
#define MOST_ITEMS 24

static plain_csv answers, rows, model, facts;
static bool have_r;

/* One set of sheets. */
static struct {
    size_t n_items, n_rows, first; /* its first row in `rows` */
    uint8_t highest[MOST_ITEMS];
    int8_t given[MOST_ITEMS][MOST_ROWS], scored[MOST_ITEMS][MOST_ROWS];
    const int8_t *as_given[MOST_ITEMS], *as_scored[MOST_ITEMS];
    uint32_t scale_of[MOST_ITEMS], n_scales;
    double a[MOST_ITEMS], d[4 * MOST_ITEMS];
} set;

static double out[MOST_ROWS], other[MOST_ROWS], third[MOST_ROWS];
static uint32_t count[MOST_ROWS], second[MOST_ROWS], low[MOST_ROWS];

static const live_r_table tables[] = {
    {&answers, "answers.csv"}, {&rows, "rows.csv"}, {&model, "model.csv"}, {&facts, "facts.csv"}};
#define N_TABLES (sizeof tables / sizeof *tables)

static int load(void **state)
{
    (void)state;
    have_r = live_r_tables("tests/reference/careless_live/live.R", tables, N_TABLES);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    for (size_t i = 0; have_r && i < N_TABLES; i++)
        plain_csv_free(tables[i].csv);
    return 0;
}

static void take_set(size_t which)
{
    const int8_t most = (int8_t)live_r_number(&facts, which, "most");
    size_t n_d = 0;
    bool turned[MOST_ITEMS] = {false};
    set.n_items = (size_t)live_r_number(&facts, which, "items");
    set.n_rows = (size_t)live_r_number(&facts, which, "rows");
    set.first = which == 1 ? 1 : 1 + (size_t)live_r_number(&facts, 1, "rows");
    set.n_scales = 0;
    for (size_t row = 1; row < model.n_rows; row++) {
        if (live_r_number(&model, row, "set") != (double)which)
            continue;
        const size_t item = (size_t)live_r_number(&model, row, "item") - 1;
        const double value = live_r_number(&model, row, "value");
        if (live_r_number(&model, row, "step") == 0)
            set.a[item] = value;
        else
            set.d[n_d++] = value;
        turned[item] = live_r_number(&model, row, "turned") != 0;
        set.scale_of[item] = (uint32_t)live_r_number(&model, row, "scale") - 1;
        if (set.scale_of[item] >= set.n_scales)
            set.n_scales = set.scale_of[item] + 1;
    }
    for (size_t i = 0; i < set.n_items; i++) {
        char name[24];
        snprintf(name, sizeof name, "i%zu", i + 1);
        set.highest[i] = (uint8_t)most;
        for (size_t r = 0; r < set.n_rows; r++) {
            const double x = live_r_number(&answers, set.first + r, name);
            set.given[i][r] = (int8_t)(isnan(x) ? -1 : (int)x);
            set.scored[i][r] =
                (int8_t)(turned[i] && !isnan(x) ? most - set.given[i][r] : set.given[i][r]);
        }
        set.as_given[i] = set.given[i];
        set.as_scored[i] = set.scored[i];
    }
}

static psy_answer_grid grid_of(const int8_t *const *columns)
{
    return (psy_answer_grid){PSY_ANSWER_GRID_VERSION, 2, set.n_items, set.n_rows, columns, NULL};
}

static void compare(const char *column, const double *values, double tolerance)
{
    size_t n_defined = 0;
    for (size_t r = 0; r < set.n_rows; r++) {
        const double want = live_r_number(&rows, set.first + r, column);
        live_r_near(column, r, values[r], want, tolerance);
        n_defined += isnan(want) ? 0 : 1;
    }
    if (n_defined < 50)
        fail_msg("%s is defined for %zu sheets only", column, n_defined);
}

static void compare_counts(const char *column, const uint32_t *values)
{
    for (size_t r = 0; r < set.n_rows; r++)
        live_r_near(column, r, values[r], live_r_number(&rows, set.first + r, column), 0);
}

static void compare_runs(const psy_answer_grid *given)
{
    uint8_t period[MOST_ROWS];
    assert_int_equal(psy_validity_runs(given, PSY_BLANKS_END_RUNS, count, out, NULL, NULL), PSY_OK);
    compare_counts("longest_ended", count);
    compare("mean_ended", out, 1e-12);
    assert_int_equal(psy_validity_runs(given, PSY_BLANKS_ARE_RUNS, count, out, NULL, NULL), PSY_OK);
    compare_counts("longest", count);
    compare("mean", out, 1e-12);
    assert_int_equal(psy_validity_runs(given, PSY_BLANKS_SKIPPED, count, NULL, NULL, NULL), PSY_OK);
    compare_counts("longest_over", count);
    assert_int_equal(psy_validity_patterns(given, count, period, NULL), PSY_OK);
    compare_counts("pattern", count);
    for (size_t r = 0; r < set.n_rows; r++)
        second[r] = period[r];
    compare_counts("period", second);
}

static void compare_pairs(const psy_answer_grid *given, size_t which)
{
    static psy_item_pair pairs[400];
    size_t n;
    assert_int_equal(psy_validity_find_pairs(given, 0.5, pairs, 400, &n, NULL), PSY_OK);
    live_r_near("synonyms", which, (double)n, live_r_number(&facts, which, "synonyms"), 0);
    assert_int_equal(psy_validity_pairs(given, pairs, n, out, NULL, NULL), PSY_OK);
    compare("syn", out, 1e-12);
    assert_int_equal(psy_validity_find_pairs(given, -0.45, pairs, 400, &n, NULL), PSY_OK);
    live_r_near("antonyms", which, (double)n, live_r_number(&facts, which, "antonyms"), 0);
    assert_int_equal(psy_validity_pairs(given, pairs, n, out, NULL, NULL), PSY_OK);
    compare("ant", out, 1e-12);
}

static void compare_consistency(const psy_answer_grid *given, const psy_answer_grid *scored)
{
    size_t rank;
    assert_int_equal(psy_validity_irv(given, out, NULL, NULL), PSY_OK);
    compare("irv", out, 1e-12);
    assert_int_equal(psy_validity_even_odd(scored, set.scale_of, set.n_scales, out, NULL, NULL),
                     PSY_OK);
    compare("halves", out, 1e-12);
    assert_int_equal(
        psy_validity_mahalanobis(given, PSY_DEPENDENT_REFUSED, out, other, NULL, NULL, &rank, NULL),
        PSY_OK);
    assert_int_equal(rank, set.n_items);
    compare("d2", out, 1e-12);
    compare("p", other, 1e-12);
    assert_int_equal(psy_validity_person_total(given, out, NULL, NULL), PSY_OK);
    compare("total", out, 1e-12);
}

static void compare_fit(const psy_answer_grid *scored)
{
    const psy_graded_items graded = {set.n_items, set.highest, set.a, set.d};
    assert_int_equal(psy_validity_guttman(scored, set.highest, count, out, NULL, NULL, NULL),
                     PSY_OK);
    compare_counts("guttman", count);
    compare("u3", out, 1e-12);
    assert_int_equal(psy_validity_person_fit(scored, &graded, out, other, third, NULL, NULL),
                     PSY_OK);
    compare("eap", out, 1e-12);
    compare("lz", other, 1e-10);
    compare("lz_star", third, 1e-10);
}

static void compare_sheets(const psy_answer_grid *given, const psy_answer_grid *scored)
{
    uint32_t class_of[MOST_ROWS], shown[MOST_ROWS];
    int64_t at[MOST_ROWS];
    double seconds[MOST_ROWS];
    assert_int_equal(psy_validity_counts(scored, NULL, set.highest, count, low, second, NULL),
                     PSY_OK);
    compare_counts("answered", count);
    compare_counts("lowest", low);
    compare_counts("highest", second);
    for (size_t r = 0; r < set.n_rows; r++) {
        const double when = live_r_number(&rows, set.first + r, "at");
        class_of[r] = (uint32_t)live_r_number(&rows, set.first + r, "class");
        seconds[r] = live_r_number(&rows, set.first + r, "seconds");
        at[r] = isnan(when) ? PSY_NO_TIME : (int64_t)when;
        shown[r] = (uint32_t)set.n_items;
    }
    assert_int_equal(psy_validity_near_copies(given, class_of, 0, out, NULL, NULL, NULL), PSY_OK);
    compare("twin", out, 1e-12);
    assert_int_equal(psy_validity_time(seconds, shown, set.n_rows, out, other, NULL, NULL, NULL),
                     PSY_OK);
    compare("per_item", out, 1e-12);
    compare("relative", other, 1e-12);
    assert_int_equal(psy_validity_bursts(at, class_of, set.n_rows, 60, count, NULL, NULL), PSY_OK);
    compare_counts("burst", count);
}

static void test_every_index(void **state)
{
    (void)state;
    static const char *const leave[] = {"set", NULL};
    if (!have_r)
        skip();
    for (size_t which = 1; which <= 2; which++) {
        take_set(which);
        const psy_answer_grid given = grid_of(set.as_given), scored = grid_of(set.as_scored);
        compare_runs(&given);
        compare_pairs(&given, which);
        compare_consistency(&given, &scored);
        compare_fit(&scored);
        compare_sheets(&given, &scored);
    }
    plain_csv_all_read(&rows, leave);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_index)};
    return cmocka_run_group_tests(tests, load, unload);
}
