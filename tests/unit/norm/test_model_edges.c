/*
 * test_model_edges.c -- norms that compute, where they end: raw scores outside the model, sums that
 * are none, ages before the first and after the last group, neighbours with gaps, groups of
 * counts that are too small to judge by themselves.
 */
#include "made_norm.h"
#include "test_support.h"

#include "definition/load.h"
#include "norm/apply.h"
#include "norm/counts.h"
#include "norm/norm_marks.h"

#include <psyscreen/norms.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static psyi_norm *open_norm(const char *head, const char *rows)
{
    psyi_norm *norm = NULL;
    psy_error error = {.status = PSY_OK};
    if (psyi_norm_load_file(&norm, made_norm_write(head, rows), NULL, NULL, &error) != PSY_OK)
        fail_msg("%s:%u: %s", error.where.source, error.where.line, error.message);
    psy_test_directory_remove();
    return norm;
}

/* In tenths; NAN where there is none. */
static double standard(const psyi_norm *norm, size_t group, psyi_metric metric, int64_t num,
                       int64_t den, int64_t age_num, int64_t age_den)
{
    const psyi_ratio age = age_den == 0 ? PSYI_RATIO_NONE : psyi_ratio_make(age_num, age_den);
    return psyi_ratio_double(
        psyi_norm_standard_at(norm, &norm->groups[group], metric, psyi_ratio_make(num, den), age));
}

static void test_a_regression_ends(void **state)
{
    (void)state;
    psyi_norm *const norm = open_norm(
        "kind: regression\nmetrics: [t, percentile]\nages: 5..11\nnorm_range: 25..75\nraw_range: "
        "0..40\ngroups: []\ncompleted_years: start\n",
        "scale,power_l,power_a,coefficient\ntotal,0,0,-20\ntotal,1,0,0.8\n");
    assert_true(psyi_norm_asks_age(norm));
    assert_true(standard(norm, 0, PSYI_METRIC_T, 20, 1, 8, 1) == 50);
    assert_true(isnan(standard(norm, 0, PSYI_METRIC_T, -1, 1, 8, 1)));
    assert_true(isnan(standard(norm, 0, PSYI_METRIC_T, 41, 1, 8, 1)));
    assert_true(isnan(standard(norm, 0, PSYI_METRIC_Z, 20, 1, 8, 1))); /* not a metric of it */
    assert_true(isnan(standard(norm, 0, PSYI_METRIC_T, 20, 1, 0, 0)));
    psyi_ratio low, high;
    assert_true(psyi_norm_range(norm, &norm->groups[0], PSYI_METRIC_T, psyi_ratio_make(10, 1),
                                psyi_ratio_make(30, 1), true, psyi_ratio_make(8, 1), &low, &high));
    assert_true(psyi_ratio_compare(low, high) < 0);
    assert_false(psyi_norm_range(norm, &norm->groups[0], PSYI_METRIC_T, psyi_ratio_make(10, 1),
                                 psyi_ratio_make(60, 1), true, psyi_ratio_make(8, 1), &low, &high));
    psyi_norm_free(norm);
}

static void test_sums_that_are_none(void **state)
{
    (void)state;
    static const char rows[] = "scale,item,step,value\ntotal,1,0,1.2\ntotal,1,1,0.5\n"
                               "total,2,0,1\ntotal,2,1,-0.5\n";
    psyi_norm *const sums = open_norm("kind: irt\nmetric: t\nestimate: eapsum\nraw_range: 3..5\n"
                                      "groups: []\ngrid: {from: -6, to: 6, points: 61}\n",
                                      rows);
    assert_false(psyi_norm_asks_age(sums));
    double before = -INFINITY;
    for (int raw = 3; raw <= 5; raw++) {
        const double t = standard(sums, 0, PSYI_METRIC_T, raw, 1, 0, 0);
        assert_true(t > before);
        before = t;
    }
    assert_true(isnan(standard(sums, 0, PSYI_METRIC_T, 2, 1, 0, 0)));
    assert_true(isnan(standard(sums, 0, PSYI_METRIC_T, 6, 1, 0, 0)));
    assert_true(isnan(standard(sums, 0, PSYI_METRIC_T, 7, 2, 0, 0)));
    /* A metric that no z gives. */
    assert_int_equal(psyi_z_standard(sums, PSYI_METRIC_STANDARD, 1).den, 0);
    assert_int_equal(psyi_z_standard(sums, PSYI_METRIC_T, NAN).den, 0);
    psyi_norm_free(sums);
    psyi_norm *const pattern = open_norm("kind: irt\nmetric: t\nestimate: eap\nanswered: 1\n"
                                         "groups: []\ngrid: {from: -6, to: 6, points: 61}\n",
                                         rows);
    assert_true(isnan(standard(pattern, 0, PSYI_METRIC_T, 1, 1, 0, 0))); /* needs the answers */
    psyi_norm_free(pattern);
}

/* Two sexes, three age groups; the middle one of the girls has a gap at 5. */
static void test_between_ages(void **state)
{
    (void)state;
    char rows[2000];
    int n = snprintf(rows, sizeof rows, "scale,sex,age_from,age_to,raw,standard\n");
    for (int sex = 0; sex < 2; sex++)
        for (int age = 6; age <= 10; age += 2)
            for (int raw = 0; raw <= 8; raw++)
                if (sex == 0 || age != 8 || raw != 5)
                    n += snprintf(rows + n, sizeof rows - (size_t)n, "total,%s,%d,%d,%d,%d\n",
                                  sex ? "female" : "male", age, age + 1, raw,
                                  20 + 4 * raw - (age - 6) + 10 * sex);
    psyi_norm *const norm =
        open_norm("kind: table\nmetric: standard\ngroups: [sex, age]\nbetween_ages: linear\n"
                  "completed_years: middle\n",
                  rows);
    assert_true(psyi_norm_asks_age(norm));
    size_t boys = SIZE_MAX, girls = SIZE_MAX;
    for (size_t g = 0; g < norm->n_groups; g++)
        if (norm->groups[g].who.age_low == 8)
            *(norm->groups[g].who.sexes == 1u << PSYI_SEX_MALE ? &boys : &girls) = g;
    assert_true(boys != SIZE_MAX && girls != SIZE_MAX);
    const psyi_metric standard_score = PSYI_METRIC_STANDARD;
    /* Middles at 7, 9 and 11: as they are there, between them, and unchanged beyond. */
    assert_true(standard(norm, boys, standard_score, 4, 1, 9, 1) == 34);
    assert_true(standard(norm, boys, standard_score, 4, 1, 7, 1) == 36);
    assert_true(standard(norm, boys, standard_score, 4, 1, 8, 1) == 35);
    assert_true(standard(norm, boys, standard_score, 4, 1, 10, 1) == 33);
    assert_true(standard(norm, boys, standard_score, 4, 1, 6, 1) == 36);
    assert_true(standard(norm, boys, standard_score, 4, 1, 12, 1) == 32);
    assert_true(standard(norm, girls, standard_score, 4, 1, 9, 1) == 44);
    assert_true(isnan(standard(norm, boys, standard_score, 4, 1, 0, 0))); /* age not known */
    /* A neighbour without the entry, on either side of the age. */
    assert_true(isnan(standard(norm, girls, standard_score, 5, 1, 8, 1)));
    assert_true(isnan(standard(norm, girls, standard_score, 5, 1, 10, 1)));
    assert_true(isnan(standard(norm, girls, standard_score, 5, 1, 9, 1)));
    assert_true(standard(norm, girls, standard_score, 5, 1, 7, 1) == 50);
    psyi_ratio low, high;
    /* Gaps of two tables: only a single score has bounds. */
    assert_false(psyi_norm_range(norm, &norm->groups[boys], standard_score, psyi_ratio_make(2, 1),
                                 psyi_ratio_make(4, 1), true, psyi_ratio_make(9, 1), &low, &high));
    assert_true(psyi_norm_range(norm, &norm->groups[boys], standard_score, psyi_ratio_make(4, 1),
                                psyi_ratio_make(4, 1), true, psyi_ratio_make(9, 1), &low, &high));
    psyi_norm_free(norm);
}

static void test_bounds_in_a_table_with_halves(void **state)
{
    (void)state;
    psyi_norm *const norm = open_norm("kind: table\nmetric: standard\ngroups: []\n",
                                      "scale,raw,standard\ntotal,1,10\ntotal,1.5,11\ntotal,2,12\n"
                                      "total,3,14\ntotal,5,20\n");
    const psyi_norm_group *const group = &norm->groups[0];
    const psyi_ratio one = {1, 1}, two = {2, 1}, three = {3, 1}, five = {5, 1}, half = {3, 2};
    psyi_ratio low, high;
    const psyi_metric metric = PSYI_METRIC_STANDARD;
    assert_true(
        psyi_norm_range(norm, group, metric, two, three, true, PSYI_RATIO_NONE, &low, &high));
    /* Scores between that have no entry; and scores that need not be whole. */
    assert_false(
        psyi_norm_range(norm, group, metric, three, five, true, PSYI_RATIO_NONE, &low, &high));
    assert_false(
        psyi_norm_range(norm, group, metric, two, three, false, PSYI_RATIO_NONE, &low, &high));
    assert_false(
        psyi_norm_range(norm, group, metric, half, three, true, PSYI_RATIO_NONE, &low, &high));
    assert_false(
        psyi_norm_range(norm, group, metric, one, half, true, PSYI_RATIO_NONE, &low, &high));
    assert_false(
        psyi_norm_range(norm, group, metric, one, two, true, PSYI_RATIO_NONE, &low, &high));
    assert_int_equal(psyi_norm_standard(norm, NULL, metric, two).den, 0);
    assert_int_equal(psyi_norm_standard(norm, group, metric, PSYI_RATIO_NONE).den, 0);
    assert_int_equal(psyi_norm_standard(norm, group, PSYI_METRICS, two).den, 0);
    psyi_norm_free(norm);
}

/* By itself a group of counts judges only where it is large enough. */
static void test_counts_by_themselves(void **state)
{
    (void)state;
    const psyi_local_rule rule = {.by = {PSYI_BY_GRADE}, .n_by = 1, .min_n = 10};
    psyi_local_set *const set = psyi_local_set_new(&rule, NULL);
    for (unsigned grade = 3; grade <= 5; grade++)
        for (unsigned i = 0; i < (grade == 4 ? 5u : 20u); i++)
            assert_int_equal(psyi_local_set_add(set, (psyi_local_group){.grade = grade},
                                                psyi_ratio_make(grade == 5 ? 7 : 2 * i, 1), 1,
                                                NULL),
                             PSY_OK);
    const char *const part = psyi_counts_part(set, "p", "w", NULL, 0);
    const psyi_counts_head head = {
        .id = "c",
        .instrument = "none",
        .scale = "total",
        .source = "here",
        .metrics = 1u << PSYI_METRIC_T | 1u << PSYI_METRIC_T_BLOM | 1u << PSYI_METRIC_PERCENTILE,
        .local = {.rule = rule, .variant = "default", .parts = &part, .n_parts = 1}};
    psyi_norm *norm = NULL;
    assert_int_equal(psyi_counts_make(&norm, &head, set, NULL, NULL), PSY_OK);
    assert_int_equal(norm->n_groups, 3);
    for (size_t m = 0; m < 3; m++) {
        static const psyi_metric metrics[] = {PSYI_METRIC_T, PSYI_METRIC_T_BLOM,
                                              PSYI_METRIC_PERCENTILE};
        assert_true(isfinite(standard(norm, 0, metrics[m], 6, 1, 0, 0)));
        assert_true(isfinite(standard(norm, 0, metrics[m], 7, 1, 0, 0)));  /* nobody has 7 */
        assert_true(isfinite(standard(norm, 0, metrics[m], -4, 1, 0, 0))); /* below all */
        assert_true(isfinite(standard(norm, 0, metrics[m], 90, 1, 0, 0))); /* above all */
        assert_true(isnan(standard(norm, 1, metrics[m], 4, 1, 0, 0)));     /* five people */
        assert_true(isnan(standard(norm, 2, metrics[m], 7, 1, 0, 0)));     /* all alike */
    }
    psyi_norm_free(norm);
    psyi_local_set_free(set);
}

/* One metric needs no name. */
static void test_the_only_metric(void **state)
{
    (void)state;
    static const char text[] = "format: psyscreen/norms/1\nid: mine\ninstrument: none\nkind: "
                               "mean_sd\nmetric: t\npopulation: {en: nobody}\nyear: 2026\nsource: "
                               "made up\nconfidence: memory\ngroups: []\noutside: none\n";
    static const char rows[] = "scale,mean,sd\ntotal,10,2\n";
    const char *const directory = psy_test_directory();
    psy_test_write_file(psy_test_path(directory, "mine.yaml"), text, sizeof text - 1);
    psy_test_write_file(psy_test_path(directory, "mine.csv"), rows, sizeof rows - 1);
    psy_norms *norms = NULL;
    assert_int_equal(
        psy_norms_load_file(&norms, psy_test_path(directory, "mine.yaml"), NULL, NULL, NULL),
        PSY_OK);
    const psy_norm_person anybody = {.sex = 1};
    double out = 0;
    psy_error error;
    assert_int_equal(psy_norms_standard(norms, "total", NULL, &anybody, 14, &out, NULL), PSY_OK);
    assert_true(out == 70);
    assert_int_equal(psy_norms_standard(norms, "total", "z", &anybody, 14, &out, &error),
                     PSY_E_NOT_FOUND);
    psy_norms_free(norms);
    psy_test_directory_remove();
}

/* What is said of a standard score that stands at the end of its norm. */
static void test_scores_at_the_end_of_a_norm(void **state)
{
    (void)state;
    psyi_norm *const norm = open_norm(
        "kind: regression\nmetrics: [t, percentile]\nages: 5..11\nnorm_range: 25..75\nraw_range: "
        "0..40\ngroups: []\ncompleted_years: start\n",
        "scale,power_l,power_a,coefficient\ntotal,0,0,-20\ntotal,1,0,0.8\n");
    const psyi_norm_group *const group = &norm->groups[0];
    const psyi_ratio age = {8, 1}, none = PSYI_RATIO_NONE;
    const psyi_ratio middle = {20, 1}, far = {-30, 1};
    assert_true(psyi_norm_clips(norm));
    assert_int_equal(psyi_norm_clipped(norm, group, PSYI_METRIC_T, middle, age), 0);
    assert_int_equal(psyi_norm_clipped(norm, group, PSYI_METRIC_T, far, age), PSYI_NORM_CLIPPED);
    assert_int_equal(psyi_norm_clipped(norm, group, PSYI_METRIC_T, middle, none), 0);
    assert_int_equal(psyi_norm_clipped(norm, group, PSYI_METRIC_T, none, age), 0);
    assert_int_equal(psyi_norm_clipped(norm, NULL, PSYI_METRIC_T, middle, age), 0);
    assert_int_equal(psyi_norm_at_end(norm, PSYI_METRIC_T, (psyi_ratio){25, 1}), PSYI_NORM_CLIPPED);
    assert_int_equal(psyi_norm_at_end(norm, PSYI_METRIC_T, (psyi_ratio){75, 1}), PSYI_NORM_CLIPPED);
    assert_int_equal(psyi_norm_at_end(norm, PSYI_METRIC_T, (psyi_ratio){50, 1}), 0);
    assert_int_equal(psyi_norm_at_end(norm, PSYI_METRIC_T, none), 0);
    assert_int_equal(psyi_norm_at_end(norm, PSYI_METRIC_STANDARD, (psyi_ratio){50, 1}), 0);
    /* Older than the plan allows, where both years are known and a limit is set. */
    assert_true(psyi_norm_too_old(norm, 10, 2037));
    assert_false(psyi_norm_too_old(norm, 10, 2036));
    assert_false(psyi_norm_too_old(norm, 0, 2037));
    assert_false(psyi_norm_too_old(norm, 10, 0));
    norm->year = 0;
    assert_false(psyi_norm_too_old(norm, 10, 2037));
    psyi_norm_free(norm);
}

static void test_ranks_beyond_what_was_counted(void **state)
{
    (void)state;
    psyi_norm_cell cells[] = {{.raw = {0, 1}, .count = 0},
                              {.raw = {2, 1}, .count = 3},
                              {.raw = {5, 1}, .count = 4},
                              {.raw = {9, 1}, .count = 0}};
    psyi_norm_group group = {.cells = cells, .n_cells = 4};
    psyi_norm norm = {.kind = PSYI_NORM_HISTOGRAM, .metrics = 1u << PSYI_METRIC_PERCENTILE};
    const psyi_metric rank = PSYI_METRIC_PERCENTILE;
    static const struct {
        int64_t raw;
        bool clipped;
    } cases[] = {{0, true}, {1, true}, {2, false}, {4, false}, {5, false}, {6, true}, {9, true}};
    psyi_histogram counts;
    psyi_histogram_init(&counts, NULL);
    const psyi_ratio two = {2, 1}, five = {5, 1};
    assert_int_equal(psyi_counts_clipped(NULL, rank, two), 0);
    assert_int_equal(psyi_counts_clipped(&counts, rank, two), 0);
    assert_int_equal(psyi_histogram_add(&counts, two, 3, NULL), PSY_OK);
    assert_int_equal(psyi_histogram_add(&counts, five, 4, NULL), PSY_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const psyi_ratio raw = {cases[i].raw, 1};
        const uint8_t want = cases[i].clipped ? PSYI_NORM_CLIPPED : 0;
        assert_int_equal(psyi_norm_clipped(&norm, &group, rank, raw, PSYI_RATIO_NONE), want);
        assert_int_equal(psyi_counts_clipped(&counts, rank, raw), want);
        /* A mean and a deviation go on beyond what was seen. */
        assert_int_equal(psyi_norm_clipped(&norm, &group, PSYI_METRIC_T, raw, PSYI_RATIO_NONE), 0);
        assert_int_equal(psyi_counts_clipped(&counts, PSYI_METRIC_T, raw), 0);
    }
    assert_int_equal(psyi_counts_clipped(&counts, rank, PSYI_RATIO_NONE), 0);
    assert_true(psyi_norm_clips(&norm));
    norm.metrics = 1u << PSYI_METRIC_T;
    assert_false(psyi_norm_clips(&norm));
    norm.kind = PSYI_NORM_MEAN_SD;
    assert_false(psyi_norm_clips(&norm));
    assert_int_equal(psyi_norm_at_end(&norm, PSYI_METRIC_T, two), 0);
    for (size_t i = 0; i < 4; i++)
        cells[i].count = 0;
    norm.kind = PSYI_NORM_HISTOGRAM;
    assert_int_equal(psyi_norm_clipped(&norm, &group, rank, two, PSYI_RATIO_NONE), 0); /* nobody */
    psyi_histogram_done(&counts);
}

/* Names that parts may have: of a wave and its schools, or somebody's own. */
static void test_names_of_parts(void **state)
{
    (void)state;
    psy_error error;
    static const char *const own[] = {"north",
                                      "",
                                      "north south",
                                      "p w 12 0123456789abcde",
                                      "p w x 0123456789abcdef",
                                      "0123456789abcdef",
                                      "0123456789abcdef 01234567",
                                      "12 0123456789abcdef",
                                      "w12 0123456789abcdef",
                                      "p w 12x0123456789abcdef"};
    assert_int_equal(psyi_parts_apart(own, sizeof own / sizeof *own, NULL, &error), PSY_OK);
    static const char *const apart[] = {"north", "p w 12 0123456789abcdef 01234567,89abcdef",
                                        "p w 9 0123456789abcdea 76543210",
                                        "p x 9 0123456789abcdeb"};
    assert_int_equal(psyi_parts_apart(apart, 4, NULL, &error), PSY_OK);
    static const char *const common[] = {"p w 12 0123456789abcdef 01234567,89abcdef",
                                         "p w 9 0123456789abcdea 89abcdef"};
    assert_int_equal(psyi_parts_apart(common, 2, NULL, &error), PSY_E_DATA);
    assert_non_null(strstr(error.message, "school in common"));
    static const char *const unsaid[] = {"p w 12 0123456789abcdef 01234567",
                                         "p w 9 0123456789abcdea"};
    assert_int_equal(psyi_parts_apart(unsaid, 2, NULL, &error), PSY_E_DATA);
    assert_non_null(strstr(error.message, "does not say which schools"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_regression_ends),
        cmocka_unit_test(test_sums_that_are_none),
        cmocka_unit_test(test_between_ages),
        cmocka_unit_test(test_bounds_in_a_table_with_halves),
        cmocka_unit_test(test_counts_by_themselves),
        cmocka_unit_test(test_the_only_metric),
        cmocka_unit_test(test_scores_at_the_end_of_a_norm),
        cmocka_unit_test(test_ranks_beyond_what_was_counted),
        cmocka_unit_test(test_names_of_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
