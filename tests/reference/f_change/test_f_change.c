/*
 * test_f_change.c -- reliable change against R (README.md beside this file).
 */
#include "../plain_csv.h"
#include "../plain_json.h"
#include "test_support.h"

#include <psyscreen/change.h>
#include <psyscreen/distribution.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_ROWS 409

static double pre[N_ROWS], post[N_ROWS], out[N_ROWS];
static plain_csv expected;
static char *summary;
static psy_change_group group;

static double wanted(const char *path)
{
    return plain_json_number(summary, path);
}

static int load(void **state)
{
    (void)state;
    plain_csv csv = plain_csv_read("tests/reference/f_change/input.csv");
    assert_int_equal(csv.n_rows, N_ROWS + 1);
    for (size_t row = 0; row < N_ROWS; row++) {
        pre[row] = plain_csv_number(&csv, row + 1, "pre");
        post[row] = plain_csv_number(&csv, row + 1, "post");
    }
    plain_csv_free(&csv);
    expected = plain_csv_read("tests/reference/f_change/expected.csv");
    summary = plain_json_read("tests/reference/f_change/expected_summary.json");
    assert_int_equal(psy_change_describe(pre, post, N_ROWS, &group, NULL), PSY_OK);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    plain_csv_free(&expected);
    plain_json_free(summary);
    return 0;
}

static void near(double value, double want, const char *what)
{
    if (!(fabs(value - want) <= 1e-12 * fmax(1, fabs(want))))
        fail_msg("%s is %.17g, expected %.17g", what, value, want);
}

static void test_the_group_agrees(void **state)
{
    (void)state;
    assert_int_equal(group.n, wanted("n"));
    near(group.mean_pre, wanted("mean_pre"), "mean");
    near(group.mean_post, wanted("mean_post"), "mean");
    near(group.sd_pre, wanted("sd_pre"), "sd");
    near(group.sd_post, wanted("sd_post"), "sd");
    near(group.r, wanted("r12"), "r");
    near(group.intercept, wanted("lm_intercept"), "intercept");
    near(group.slope, wanted("lm_slope"), "slope");
    near(group.see, wanted("lm_see"), "standard error of estimate");
}

static const struct {
    const char *column;
    psy_change_method method;
    bool by_alpha;
} columns[] = {
    {"rci_jt_retest", PSY_CHANGE_JACOBSON_TRUAX, false},
    {"rci_jt_alpha", PSY_CHANGE_JACOBSON_TRUAX, true},
    {"rci_iverson_two_sem", PSY_CHANGE_IVERSON, false},
    {"rci_chelune_practice", PSY_CHANGE_CHELUNE, false},
    {"rci_chelune_sdd", PSY_CHANGE_CHELUNE_DIFFERENCES, false},
    {"srb_z", PSY_CHANGE_REGRESSION, false},
    {"srb_z_simple_see", PSY_CHANGE_REGRESSION_SIMPLE, false},
    {"srb_t_prediction", PSY_CHANGE_CRAWFORD_HOWELL, false},
};

static void test_every_index_agrees(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        psy_change_group g = group;
        if (columns[i].by_alpha)
            g.reliability = wanted("alpha_pre");
        assert_int_equal(psy_change_index(&g, columns[i].method, pre, post, N_ROWS, out, NULL),
                         PSY_OK);
        for (size_t row = 0; row < N_ROWS; row++)
            near(out[row], plain_csv_number(&expected, row + 1, columns[i].column),
                 columns[i].column);
    }
}

static void test_limits_agree(void **state)
{
    (void)state;
    psy_change_limits limits;
    size_t n_lower = 0, n_higher = 0;
    for (size_t row = 0; row < N_ROWS; row++) {
        assert_int_equal(
            psy_change_limits_of(&group, PSY_CHANGE_EDWARDS_NUNNALLY, pre[row], 2, &limits, NULL),
            PSY_OK);
        near(limits.expected, plain_csv_number(&expected, row + 1, "en_true_pre"), "centre");
        near(limits.lo, plain_csv_number(&expected, row + 1, "en_lo"), "low limit");
        near(limits.hi, plain_csv_number(&expected, row + 1, "en_hi"), "high limit");
        const bool lower = post[row] <= limits.low_score, higher = post[row] >= limits.high_score;
        n_lower += lower;
        n_higher += higher;
        const char *const class_of = plain_csv_text(&expected, row + 1, "en_class");
        assert_string_equal(class_of, lower ? "lower" : higher ? "higher" : "same");
        assert_int_equal(
            psy_change_limits_of(&group, PSY_CHANGE_REGRESSION, pre[row], 1.96, &limits, NULL),
            PSY_OK);
        near(limits.expected, plain_csv_number(&expected, row + 1, "srb_pred"), "prediction");
    }
    assert_int_equal(n_lower, wanted("en_counts/lower"));
    assert_int_equal(n_higher, wanted("en_counts/higher"));
    assert_int_equal(N_ROWS - n_lower - n_higher, wanted("en_counts/same"));
}

/* A difference of 6 is below 6.004: 7 is the smallest reliable change in whole points. */
static void test_smallest_reliable_change(void **state)
{
    (void)state;
    psy_change_limits limits;
    const double critical = psy_normal_quantile(0.975);
    assert_int_equal(
        psy_change_limits_of(&group, PSY_CHANGE_JACOBSON_TRUAX, 10, critical, &limits, NULL),
        PSY_OK);
    near(limits.error, wanted("s_diff"), "error of a difference");
    near(limits.hi - 10, wanted("smallest_reliable_change_95"), "reliable change");
    assert_true(limits.high_score == 17 && limits.low_score == 3);
    psy_change_group alpha = group;
    alpha.reliability = wanted("alpha_pre");
    assert_int_equal(
        psy_change_limits_of(&alpha, PSY_CHANGE_JACOBSON_TRUAX, 10, critical, &limits, NULL),
        PSY_OK);
    assert_true(limits.high_score == 16 && limits.low_score == 4);
    assert_int_equal(
        psy_change_limits_of(&group, PSY_CHANGE_EDWARDS_NUNNALLY, 10, 1, &limits, NULL), PSY_OK);
    near(limits.error, wanted("sem_retest"), "standard error of measurement");
}

/* People beyond 1.96 by method: whole scores make the number jump. */
static const struct {
    psy_change_method method;
    bool by_alpha;
    size_t n;
} beyond[] = {
    {PSY_CHANGE_JACOBSON_TRUAX, false, 16}, {PSY_CHANGE_JACOBSON_TRUAX, true, 33},
    {PSY_CHANGE_IVERSON, false, 33},        {PSY_CHANGE_CHELUNE, false, 21},
    {PSY_CHANGE_REGRESSION, false, 18},
};

static void test_how_many_changed_depends_on_the_method(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        psy_change_group g = group;
        size_t n = 0;
        if (beyond[i].by_alpha)
            g.reliability = wanted("alpha_pre");
        assert_int_equal(psy_change_index(&g, beyond[i].method, pre, post, N_ROWS, out, NULL),
                         PSY_OK);
        for (size_t row = 0; row < N_ROWS; row++)
            n += fabs(out[row]) >= 1.96;
        assert_int_equal(n, beyond[i].n);
    }
}

static void test_clinical_significance(void **state)
{
    (void)state;
    static const char *const names[] = {"", "recovered", "improved", "unchanged", "deteriorated"};
    psy_change_cutoffs cut;
    uint8_t classes[N_ROWS];
    assert_int_equal(psy_change_cutoffs_of(wanted("dysfunctional_mean"), wanted("dysfunctional_sd"),
                                           wanted("functional_mean"), wanted("functional_sd"), &cut,
                                           NULL),
                     PSY_OK);
    near(cut.a, wanted("cutoff_a"), "a");
    near(cut.b, wanted("cutoff_b"), "b");
    near(cut.c, wanted("cutoff_c"), "c");
    assert_int_equal(
        psy_change_index(&group, PSY_CHANGE_JACOBSON_TRUAX, pre, post, N_ROWS, out, NULL), PSY_OK);
    assert_int_equal(psy_change_classify(out, pre, post, N_ROWS, cut.c, 1.96, 1, classes, NULL),
                     PSY_OK);
    size_t counts[5] = {0};
    for (size_t row = 0; row < N_ROWS; row++) {
        assert_string_equal(names[classes[row]],
                            plain_csv_text(&expected, row + 1, "cs_class_lower_is_better"));
        counts[classes[row]]++;
    }
    assert_int_equal(counts[1], wanted("class_counts/recovered"));
    assert_int_equal(counts[2], 0); /* R's table has no empty classes */
    assert_int_equal(counts[3], wanted("class_counts/unchanged"));
    assert_int_equal(counts[4], wanted("class_counts/deteriorated"));
}

static void test_nothing_is_left(void **state)
{
    (void)state;
    plain_json_all_read(summary, NULL);
    plain_csv_all_read(&expected, (const char *const[]){"id", "pre", "post", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_group_agrees),
        cmocka_unit_test(test_every_index_agrees),
        cmocka_unit_test(test_limits_agree),
        cmocka_unit_test(test_smallest_reliable_change),
        cmocka_unit_test(test_how_many_changed_depends_on_the_method),
        cmocka_unit_test(test_clinical_significance),
        cmocka_unit_test(test_nothing_is_left), /* the last */
    };
    return cmocka_run_group_tests(tests, load, unload);
}
