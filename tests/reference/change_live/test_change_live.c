/*
 * test_change_live.c -- change and reliability of made-up people, against the R that is installed
 * (README.md).
 */
#include "../live_r.h"
#include "test_support.h"

#include <psyscreen/change.h>
#include <psyscreen/reliability.h>

#include <math.h>
#include <stdio.h>

#define MOST 320

static plain_csv pairs, groups, answers, items, scales;
static bool have_r;

static const live_r_table tables[] = {{&pairs, "pairs.csv"},
                                      {&groups, "groups.csv"},
                                      {&answers, "answers.csv"},
                                      {&items, "items.csv"},
                                      {&scales, "scales.csv"}};
#define N_TABLES (sizeof tables / sizeof *tables)

static int load(void **state)
{
    (void)state;
    have_r = live_r_tables("tests/reference/change_live/live.R", tables, N_TABLES);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    for (size_t i = 0; have_r && i < N_TABLES; i++)
        plain_csv_free(tables[i].csv);
    return 0;
}

static void same(const plain_csv *csv, size_t row, const char *column, double got)
{
    live_r_near(column, row, got, live_r_number(csv, row, column), 1e-12);
}

/* The rows of one set into two columns; the row of the first. */
static size_t two_testings(size_t set, double *pre, double *post, size_t *n)
{
    size_t first = 0;
    *n = 0;
    for (size_t row = 1; row < pairs.n_rows; row++) {
        if (live_r_number(&pairs, row, "set") != (double)set)
            continue;
        first = first > 0 ? first : row;
        assert_true(*n < MOST);
        pre[*n] = live_r_number(&pairs, row, "pre");
        post[(*n)++] = live_r_number(&pairs, row, "post");
    }
    return first;
}

static void compare_indices(const psy_change_group *group, const double *pre, const double *post,
                            size_t n, size_t first)
{
    static const struct {
        const char *column;
        psy_change_method method;
        bool by_alpha;
    } ways[] = {{"jt", PSY_CHANGE_JACOBSON_TRUAX, false},
                {"jt_alpha", PSY_CHANGE_JACOBSON_TRUAX, true},
                {"iverson", PSY_CHANGE_IVERSON, false},
                {"chelune", PSY_CHANGE_CHELUNE, false},
                {"differences", PSY_CHANGE_CHELUNE_DIFFERENCES, false},
                {"en", PSY_CHANGE_EDWARDS_NUNNALLY, false},
                {"srb", PSY_CHANGE_REGRESSION, false},
                {"simple", PSY_CHANGE_REGRESSION_SIMPLE, false},
                {"howell", PSY_CHANGE_CRAWFORD_HOWELL, false}};
    double index[MOST];
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        psy_change_group of = *group;
        if (ways[w].by_alpha)
            of.reliability = live_r_number(&groups, first == 1 ? 1 : 2, "alpha");
        assert_int_equal(psy_change_index(&of, ways[w].method, pre, post, n, index, NULL), PSY_OK);
        for (size_t i = 0; i < n; i++)
            same(&pairs, first + i, ways[w].column, index[i]);
    }
}

static void compare_whole_points(const psy_change_group *group, const double *pre, size_t n,
                                 size_t first)
{
    for (size_t i = 0; i < n; i++) {
        psy_change_limits limits = {.low_score = NAN, .high_score = NAN};
        const bool known = !isnan(pre[i]);
        if (known)
            assert_int_equal(
                psy_change_limits_of(group, PSY_CHANGE_JACOBSON_TRUAX, pre[i], 1.96, &limits, NULL),
                PSY_OK);
        same(&pairs, first + i, "jt_low", limits.low_score);
        same(&pairs, first + i, "jt_high", limits.high_score);
        if (known)
            assert_int_equal(
                psy_change_limits_of(group, PSY_CHANGE_REGRESSION, pre[i], 1.96, &limits, NULL),
                PSY_OK);
        same(&pairs, first + i, "srb_low", limits.low_score);
        same(&pairs, first + i, "srb_high", limits.high_score);
    }
}

static void compare_classes(const psy_change_group *group, size_t set, const double *pre,
                            const double *post, size_t n, size_t first)
{
    psy_change_cutoffs cut;
    double index[MOST];
    uint8_t classes[MOST];
    assert_int_equal(psy_change_cutoffs_of(live_r_number(&groups, set, "ill_mean"),
                                           live_r_number(&groups, set, "ill_sd"),
                                           live_r_number(&groups, set, "well_mean"),
                                           live_r_number(&groups, set, "well_sd"), &cut, NULL),
                     PSY_OK);
    same(&groups, set, "a", cut.a);
    same(&groups, set, "b", cut.b);
    same(&groups, set, "c", cut.c);
    assert_int_equal(psy_change_index(group, PSY_CHANGE_JACOBSON_TRUAX, pre, post, n, index, NULL),
                     PSY_OK);
    assert_int_equal(psy_change_classify(index, pre, post, n, cut.c, 1.96, 1, classes, NULL),
                     PSY_OK);
    for (size_t i = 0; i < n; i++)
        same(&pairs, first + i, "class", classes[i]);
}

static void test_change(void **state)
{
    (void)state;
    if (!have_r)
        skip();
    for (size_t set = 1; set <= 2; set++) {
        double pre[MOST], post[MOST];
        size_t n;
        const size_t first = two_testings(set, pre, post, &n);
        psy_change_group group;
        assert_int_equal(psy_change_describe(pre, post, n, &group, NULL), PSY_OK);
        same(&groups, set, "set", (double)set);
        same(&groups, set, "n", (double)group.n);
        same(&groups, set, "m1", group.mean_pre);
        same(&groups, set, "m2", group.mean_post);
        same(&groups, set, "s1", group.sd_pre);
        same(&groups, set, "s2", group.sd_post);
        same(&groups, set, "r", group.r);
        same(&groups, set, "sdd", group.sd_difference);
        same(&groups, set, "b0", group.intercept);
        same(&groups, set, "b1", group.slope);
        same(&groups, set, "see", group.see);
        compare_indices(&group, pre, post, n, first);
        compare_whole_points(&group, pre, n, first);
        compare_classes(&group, set, pre, post, n, first);
    }
    plain_csv_all_read(&pairs, NULL);
    plain_csv_all_read(&groups, NULL);
}

static double omega_of(const double *l, const double *unique, size_t k, double observed)
{
    double omega;
    assert_int_equal(psy_omega_total(l, unique, k, observed, &omega, NULL), PSY_OK);
    return omega;
}

static void compare_scale(size_t row, const double *const *columns, size_t n_rows)
{
    const bool pairwise = live_r_number(&scales, row, "pairwise") != 0;
    const psy_reliability_options options = {
        PSY_RELIABILITY_OPTIONS_VERSION, pairwise ? PSY_ROWS_PAIRWISE : PSY_ROWS_LISTWISE, 0, NULL};
    psy_reliability got;
    psy_reliability_item about[6];
    double s[36], ml[6], unique[6], minres[6], rest[6];
    const size_t k = (size_t)live_r_number(&scales, row, "k");
    assert_int_equal(psy_reliability_estimate(columns, k, n_rows, &options, &got, about, NULL),
                     PSY_OK);
    assert_int_equal(psy_covariance(columns, k, n_rows, options.rows, s, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psy_factor_fit(s, k, PSY_FACTOR_ML, ml, unique, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psy_factor_fit(s, k, PSY_FACTOR_MINRES, minres, rest, NULL, NULL, NULL),
                     PSY_OK);
    same(&scales, row, "n", (double)got.n_used);
    same(&scales, row, "alpha", got.alpha);
    same(&scales, row, "lo", got.alpha_lo);
    same(&scales, row, "hi", got.alpha_hi);
    same(&scales, row, "std", got.alpha_standardised);
    same(&scales, row, "lambda6", got.lambda6);
    same(&scales, row, "halves", got.r_halves);
    same(&scales, row, "brown", got.spearman_brown);
    same(&scales, row, "horst", got.horst);
    same(&scales, row, "rulon", got.rulon);
    same(&scales, row, "sd", got.sd_total);
    same(&scales, row, "sem", got.sem);
    live_r_near("omega (ML)", row, omega_of(ml, unique, k, NAN),
                live_r_number(&scales, row, "omega_ml"), 1e-6);
    live_r_near("omega (observed)", row, omega_of(ml, NULL, k, got.sd_total * got.sd_total),
                live_r_number(&scales, row, "omega_observed"), 1e-6);
    live_r_near("omega (minres)", row, omega_of(minres, rest, k, NAN),
                live_r_number(&scales, row, "omega_minres"), 1e-6);
    for (size_t i = 1; i < items.n_rows; i++) {
        if (live_r_number(&items, i, "set") != live_r_number(&scales, row, "set") ||
            live_r_number(&items, i, "pairwise") != pairwise)
            continue;
        const size_t item = (size_t)live_r_number(&items, i, "item") - 1;
        same(&items, i, "dropped", about[item].alpha_if_dropped);
        same(&items, i, "rest", about[item].item_rest_r);
        live_r_near("loading", i, ml[item], live_r_number(&items, i, "ml"), 1e-6);
        live_r_near("uniqueness", i, unique[item], live_r_number(&items, i, "unique"), 1e-6);
        live_r_near("loading (minres)", i, minres[item], live_r_number(&items, i, "minres"), 1e-6);
    }
}

static void test_reliability(void **state)
{
    (void)state;
    if (!have_r)
        skip();
    for (size_t row = 1; row < scales.n_rows; row++) {
        static double columns[6][MOST];
        const double *pointers[6];
        size_t n = 0;
        for (size_t i = 1; i < answers.n_rows; i++) {
            if (live_r_number(&answers, i, "set") != live_r_number(&scales, row, "set"))
                continue;
            for (size_t c = 0; c < 6; c++) {
                char name[8];
                snprintf(name, sizeof name, "v%zu", c + 1);
                columns[c][n] = live_r_number(&answers, i, name);
                pointers[c] = columns[c];
            }
            n++;
        }
        compare_scale(row, pointers, n);
    }
    plain_csv_all_read(&scales, NULL);
    plain_csv_all_read(&items, NULL);
    assert_int_equal(scales.n_rows, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_change),
        cmocka_unit_test(test_reliability),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
