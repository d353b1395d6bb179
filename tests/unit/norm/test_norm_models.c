/*
 * test_norm_models.c -- norms that compute, from their files: LMS, regression, sums by item
 * response theory, and between age groups; and how wrong ones are refused.
 *
 * Numbers of others: tests/reference/b_norms (LMS), b_cnorm and c_irt, by way of the files.
 */
#include "made_norm.h"
#include "test_support.h"

#include <psyscreen/norms.h>
#include <psyscreen/standard_score.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double of_age(const psy_norms *norms, const char *metric, int32_t age, int32_t months,
                     double raw)
{
    double out = 0;
    const psy_norm_person person = {.sex = 1, .has_age = age >= 0, .age = age, .months = months};
    assert_int_equal(psy_norms_standard(norms, "total", metric, &person, raw, &out, NULL), PSY_OK);
    return out;
}

#define LMS_HEAD                                                                                   \
    "kind: lms\nmetrics: [z, t, percentile, stanine_linear]\ngroups: [sex]\ntails: plain\n"        \
    "completed_years: middle\n"
#define LMS_ROWS                                                                                   \
    "scale,sex,age,l,m,s\ntotal,male,6,-1,16,0.08\ntotal,male,10,1,21.5,0.3\n"                     \
    "total,female,6,0,16,0.1\n"

static void test_lms(void **state)
{
    (void)state;
    psy_norms *const norms = made_norm_open(LMS_HEAD, LMS_ROWS);
    /* At 6 years exactly: R has z = -1.38888... for y = 14.4 (1 - 16/14.4)/0.08 . */
    assert_true(of_age(norms, "z", 6, 72, 14.4) == round(100 * (1 - 16 / 14.4) / 0.08) / 100);
    assert_true(of_age(norms, "z", 10, 120, 30) == 1.32); /* (30/21.5 - 1)/0.3 = 1.3178 */
    assert_true(of_age(norms, "t", 10, 120, 30) == 63.2);
    assert_true(of_age(norms, "percentile", 10, 120, 21.5) == 50);
    assert_true(of_age(norms, "stanine_linear", 10, 120, 21.5) == 5);
    /* Halfway L, M and S are halfway; 7 completed years is 7.5 here, 96 months is 8. */
    assert_true(of_age(norms, "z", 8, 96, 18.75) == 0);
    assert_true(of_age(norms, "z", 7, 0, 16 + 5.5 * 1.5 / 4) == 0);
    assert_true(isnan(of_age(norms, "z", 11, 0, 18))); /* outside the table */
    assert_true(isnan(of_age(norms, "z", -1, 0, 18))); /* age not known */
    assert_true(isnan(of_age(norms, "z", 6, 72, 0)));  /* LMS has no zero */
    psy_norms_free(norms);
    psy_norms *const shifted = made_norm_open(
        "kind: lms\nmetrics: [z]\ngroups: [sex]\ntails: who\ncompleted_years: start\nshift: 1\n",
        LMS_ROWS);
    assert_true(of_age(shifted, "z", 10, 0, 20.5) == 0);
    psy_norms_free(shifted);
}

static char *rows_of_terms(const char *tag)
{
    char path[80], *out = malloc(4000);
    snprintf(path, sizeof path, "tests/reference/b_cnorm/expected_%s.json", tag);
    char *const json = psy_test_read_file(psy_test_source(path), NULL);
    snprintf(path, sizeof path, "tests/reference/b_cnorm/terms_%s.txt", tag);
    char *const terms = psy_test_read_file(psy_test_source(path), NULL);
    char *coefficient = strstr(json, "\"coef\": [") + 9, *rest = terms, *term;
    size_t n = (size_t)snprintf(out, 4000, "scale,power_l,power_a,coefficient\ntotal,0,0,%.17g\n",
                                strtod(strstr(json, "\"intercept\": ") + 13, NULL));
    while ((term = strsep(&rest, "\n")) != NULL && *term != '\0') {
        const char *const l = strchr(term, 'L'), *const a = strchr(term, 'A');
        n += (size_t)snprintf(out + n, 4000 - n, "total,%c,%c,%.17g\n", l != NULL ? l[1] : '0',
                              a != NULL ? a[1] : '0', strtod(coefficient, &coefficient));
        coefficient++;
    }
    free(terms);
    free(json);
    return out;
}

#define REGRESSION_HEAD                                                                            \
    "kind: regression\nmetrics: [t, percentile]\ngroups: []\nages: 5..11\nnorm_range: 25..75\n"    \
    "raw_range: 0..40\ncompleted_years: start\n"

static void test_regression(void **state)
{
    (void)state;
    char *const rows = rows_of_terms("default");
    psy_norms *const norms = made_norm_open(REGRESSION_HEAD, rows);
    /* tests/reference/b_cnorm/expected_norm_of_raw_default.csv, rounded */
    assert_true(of_age(norms, "t", 5, 0, 8) == 49.4);
    assert_true(of_age(norms, "percentile", 5, 0, 8) == 47.7);
    assert_true(of_age(norms, "t", 6, 78, 16) == 54.3);
    assert_true(of_age(norms, "t", 5, 0, 40) == 75);
    assert_true(isnan(of_age(norms, "t", 12, 0, 8)));
    assert_true(isnan(of_age(norms, "t", 5, 0, 41)));
    double before = 0;
    for (double raw = 0; raw <= 40; raw += 0.25) {
        const double t = of_age(norms, "t", 9, 111, raw);
        assert_true(t >= before);
        before = t;
    }
    psy_norms_free(norms);
    free(rows);
}

static char *rows_of_items(bool upside_down)
{
    /* The two steepest of the items of tests/reference/c_irt. */
    char *const out = strdup("scale,item,step,value\n"
                             "total,1,0,3.12308\ntotal,1,1,2.54638\ntotal,1,2,0.31412\n"
                             "total,2,0,2.91136\ntotal,2,1,3.98259\ntotal,2,2,1.62942\n");
    if (upside_down)
        memcpy(strstr(out, "0.31412"), "3.31412", 7);
    return out;
}

#define IRT_HEAD                                                                                   \
    "kind: irt\nmetric: t\ngroups: []\nestimate: eapsum\nraw_range: 0..4\n"                        \
    "grid: {from: -6, to: 6, points: 121}\n"

static void test_item_response_sums(void **state)
{
    (void)state;
    char *const rows = rows_of_items(false);
    psy_norms *const norms = made_norm_open(IRT_HEAD, rows);
    double before = -INFINITY;
    for (int raw = 0; raw <= 4; raw++) {
        const double t = of_age(norms, "t", -1, 0, raw);
        assert_true(t > before);
        before = t;
    }
    assert_true(isnan(of_age(norms, "t", -1, 0, 5)));
    assert_true(isnan(of_age(norms, "t", -1, 0, 2.5)));
    psy_norms_free(norms);
    free(rows);
}

static void test_between_ages(void **state)
{
    (void)state;
    static const char rows[] = "scale,age_from,age_to,mean,sd\n"
                               "total,6,7,10,2\ntotal,8,9,12,2\ntotal,10,13,20,4\n";
    psy_norms *const steps = made_norm_open("kind: mean_sd\nmetric: t\ngroups: [age]\n", rows);
    psy_norms *const linear =
        made_norm_open("kind: mean_sd\nmetric: t\ngroups: [age]\nbetween_ages: linear\n"
                       "completed_years: start\n",
                       rows);
    /* Middles 7, 9 and 12; raw 12 is T 60, 50 and 30. */
    assert_true(of_age(steps, "t", 8, 96, 12) == 50);
    assert_true(of_age(linear, "t", 7, 84, 12) == 60);
    assert_true(of_age(linear, "t", 8, 96, 12) == 55);
    assert_true(of_age(linear, "t", 9, 108, 12) == 50);
    assert_true(of_age(linear, "t", 10, 120, 12) == 43.3); /* a third of the way: 43.33 */
    assert_true(of_age(linear, "t", 6, 72, 12) == 60);     /* clamped */
    assert_true(of_age(linear, "t", 13, 167, 12) == 30);
    assert_true(isnan(of_age(linear, "t", 5, 0, 12)));
    assert_true(isnan(of_age(linear, "t", 14, 0, 12)));
    psy_norms_free(linear);
    psy_norms_free(steps);
}

/* Half a year of age each: inclusive months, so half-open in time. */
static void test_groups_by_months(void **state)
{
    (void)state;
    static const char rows[] = "scale,months_from,months_to,mean,sd\n"
                               "total,96,101,10,2\ntotal,102,107,12,2\n";
    psy_norms *const steps = made_norm_open("kind: mean_sd\nmetric: t\ngroups: [months]\n", rows);
    psy_norms *const linear =
        made_norm_open("kind: mean_sd\nmetric: t\ngroups: [months]\nbetween_ages: linear\n"
                       "completed_years: start\n",
                       rows);
    assert_true(of_age(steps, "t", 8, 96, 12) == 60);
    assert_true(of_age(steps, "t", 8, 101, 12) == 60);
    assert_true(of_age(steps, "t", 8, 102, 12) == 50);
    assert_true(isnan(of_age(steps, "t", 7, 95, 12)));
    assert_true(isnan(of_age(steps, "t", 9, 108, 12)));
    assert_true(isnan(of_age(steps, "t", 8, 0, 12))); /* which half is not known */
    /* Middles 8.25 and 8.75 years. */
    assert_true(of_age(linear, "t", 8, 99, 12) == 60);
    assert_true(of_age(linear, "t", 8, 102, 12) == 55);
    assert_true(of_age(linear, "t", 8, 107, 12) == 50);
    psy_norms_free(linear);
    psy_norms_free(steps);
}

static void test_wrong_ones_are_refused_in_their_place(void **state)
{
    (void)state;
    char *const falling = rows_of_terms("terms4"), *const upside_down = rows_of_items(true);
    const struct {
        const char *head, *rows;
        unsigned line; /* of the CSV; 0: of the head */
        const char *why;
    } wrong[] = {
        {REGRESSION_HEAD, falling, 2, "falls from"},
        {IRT_HEAD, upside_down, 2, "does not fall"},
        {"kind: irt\nmetric: t\ngroups: []\nestimate: eapsum\nraw_range: 0..5\ngrid: {from: -6, "
         "to: 6, points: 121}\n",
         "scale,item,step,value\ntotal,1,0,1\ntotal,1,1,0\n", 2, "raw_range"},
        {IRT_HEAD, "scale,item,step,value\ntotal,1,0,1\ntotal,1,2,0\n", 3, "steps of an item"},
        {IRT_HEAD, "scale,item,step,value\ntotal,1,1,1\n", 2, "steps of an item"},
        {LMS_HEAD, "scale,sex,age,l,m,s\ntotal,male,6,1,0,1\n", 2, "above 0"},
        {LMS_HEAD, "scale,sex,age,l,m,s\ntotal,male,6,1,5,1\ntotal,male,6,1,5,1\n", 3, "ascend"},
        {LMS_HEAD, "scale,sex,age,l,m,s\ntotal,male,6,x,5,1\n", 2, "expected a number"},
        {"kind: lms\nmetric: z\ngroups: [sex]\ncompleted_years: start\n", LMS_ROWS, 0,
         "needs `tails`"},
        {"kind: lms\nmetric: t_blom\ngroups: [sex]\ncompleted_years: start\ntails: who\n", LMS_ROWS,
         0, "a model gives"},
        {"kind: mean_sd\nmetric: z\ngroups: []\ntails: who\n", "scale,mean,sd\ntotal,1,1\n", 0,
         "does not belong"},
        {"kind: mean_sd\nmetric: z\ngroups: []\nbetween_ages: linear\n",
         "scale,mean,sd\ntotal,1,1\n", 0, "completed_years"},
        {REGRESSION_HEAD, "scale,power_l,power_a,coefficient\ntotal,1,0,1\ntotal,1,0,2\n", 3,
         "pair of powers"},
        {LMS_HEAD "control: {rows: 3, sum: 1}\n", LMS_ROWS, 0, "adds up to"},
        {"kind: mean_sd\nmetric: z\ngroups: [months]\n",
         "scale,months_from,months_to,mean,sd\ntotal,96,101,1,1\ntotal,101,107,1,1\n", 3,
         "overlaps"},
        {"kind: mean_sd\nmetric: z\ngroups: [months]\n",
         "scale,months_from,months_to,mean,sd\ntotal,0,101,1,1\n", 2, "from 1 to"},
        {"kind: mean_sd\nmetric: z\ngroups: [age, months]\n",
         "scale,age_from,age_to,months_from,months_to,mean,sd\ntotal,8,8,96,101,1,1\n", 0,
         "age and months"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        psy_norms *none = PSY_UNTOUCHED;
        psy_error error = {.status = PSY_OK};
        const psy_status status = psy_norms_load_file(
            &none, made_norm_write(wrong[i].head, wrong[i].rows), NULL, NULL, &error);
        psy_test_directory_remove();
        if (status != PSY_E_SCHEMA || strstr(error.message, wrong[i].why) == NULL)
            fail_msg("%s: %s", wrong[i].why, error.message);
        assert_true((strstr(error.where.source, ".csv") != NULL) == (wrong[i].line > 0));
        if (wrong[i].line > 0)
            assert_int_equal(error.where.line, wrong[i].line);
        psy_assert_untouched(none);
    }
    free(upside_down);
    free(falling);
}

/* ---- memory ------------------------------------------------------------------------------- */

static psy_status load_once(const psy_allocator *allocator, void *context)
{
    psy_norms *norms = NULL;
    const psy_status status = psy_norms_load_file(&norms, context, allocator, NULL, NULL);
    psy_norms_free(norms);
    return status;
}

static void test_without_memory(void **state)
{
    (void)state;
    char *const items = rows_of_items(false), *const terms = rows_of_terms("default");
    const char *const heads[] = {LMS_HEAD "people: {grades: 1..6, ages: 6..12}\n", REGRESSION_HEAD,
                                 IRT_HEAD};
    const char *const rows[] = {LMS_ROWS, terms, items};
    for (int i = 0; i < 3; i++) {
        const char *const path = made_norm_write(heads[i], rows[i]);
        char copy[600];
        snprintf(copy, sizeof copy, "%s", path);
        assert_true(psy_sweep(load_once, copy) > 10);
        psy_test_directory_remove();
    }
    free(terms);
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lms),
        cmocka_unit_test(test_regression),
        cmocka_unit_test(test_item_response_sums),
        cmocka_unit_test(test_between_ages),
        cmocka_unit_test(test_groups_by_months),
        cmocka_unit_test(test_wrong_ones_are_refused_in_their_place),
        cmocka_unit_test(test_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
