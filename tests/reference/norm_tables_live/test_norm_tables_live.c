/*
 * test_norm_tables_live.c -- merged counts, LMS, regression norms, intervals and gaps, against the
 * R that is installed (README.md).
 */
#include "../live_r.h"
#include "test_support.h"

#include <psyscreen/interval.h>
#include <psyscreen/lms.h>
#include <psyscreen/norms.h>
#include <psyscreen/regression_norm.h>
#include <psyscreen/standard_score.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static plain_csv table, standard, lms, curves, terms, regression, intervals, gaps, observed;
static psy_norms *district[3];
static bool have_r;

static int load(void **state)
{
    (void)state;
    const char *directory;
    have_r = live_r_run("tests/reference/norm_tables_live/live.R", &directory);
    if (!have_r)
        return 0;
    const struct {
        plain_csv *csv;
        const char *name;
    } files[] = {
        {&table, "table.csv"},         {&standard, "standard.csv"}, {&lms, "lms.csv"},
        {&curves, "curves.csv"},       {&terms, "terms.csv"},       {&regression, "regression.csv"},
        {&intervals, "intervals.csv"}, {&gaps, "gaps.csv"},         {&observed, "observed.csv"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        *files[i].csv = plain_csv_open(psy_test_path(directory, files[i].name));
    for (int d = 0; d < 3; d++) {
        char name[16];
        psy_error error = {.status = PSY_OK};
        snprintf(name, sizeof name, "d%d.yaml", d + 1);
        if (psy_norms_load_file(&district[d], psy_test_path(directory, name), NULL, NULL, &error) !=
            PSY_OK)
            fail_msg("%s", error.message);
    }
    psy_test_directory_remove();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    for (int d = 0; d < 3; d++)
        psy_norms_free(district[d]);
    return 0;
}

static double cell(const psy_table *of, const char *name, size_t row)
{
    const size_t column = psy_table_find(of, name);
    double number = NAN;
    int64_t whole;
    assert_true(column != SIZE_MAX);
    if (psy_table_column_type(of, column) == PSY_COLUMN_INT64)
        number = psy_table_get_int(of, column, row, &whole) ? (double)whole : NAN;
    else
        psy_table_get_double(of, column, row, &number);
    return number;
}

static void compare_groups(const psy_norms *norms)
{
    psy_table *of = NULL;
    assert_int_equal(psy_norms_table(&of, norms, NULL, NULL), PSY_OK);
    assert_int_equal(psy_table_row_count(of), table.n_rows - 1);
    for (size_t row = 0; row < table.n_rows - 1; row++) {
        static const char *const columns[] = {"n", "mean", "sd", "lowest", "highest"};
        const char *sex, *grade;
        size_t length;
        /* Both in order of grade, then sex. */
        assert_true(psy_table_get_text(of, psy_table_find(of, "sex"), row, &sex, &length));
        live_r_near("sex", row, *sex == 'm' ? 1 : 2, live_r_number(&table, row + 1, "sex"), 0);
        assert_true(psy_table_get_text(of, psy_table_find(of, "grade"), row, &grade, &length));
        live_r_near("grade", row, *grade - '0', live_r_number(&table, row + 1, "grade"), 0);
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
            live_r_near(columns[c], row, cell(of, columns[c], row),
                        live_r_number(&table, row + 1, columns[c]), 1e-13);
    }
    psy_table_free(of);
}

static void compare_standards(const psy_norms *norms)
{
    static const char *const metrics[] = {"z",
                                          "t",
                                          "iq",
                                          "percentile",
                                          "stanine_linear",
                                          "stanine_percent",
                                          "sten_linear",
                                          "sten_percent",
                                          "t_blom",
                                          "t_tukey",
                                          "t_waerden",
                                          "t_rankit"};
    for (size_t row = 1; row < standard.n_rows; row++) {
        const psy_norm_person person = {.sex = (int32_t)live_r_number(&standard, row, "sex"),
                                        .grade = (int32_t)live_r_number(&standard, row, "grade"),
                                        .informant = 1};
        for (size_t m = 0; m < sizeof metrics / sizeof *metrics; m++) {
            double out = 0;
            psy_error error = {.status = PSY_OK};
            if (psy_norms_standard(norms, "total", metrics[m], &person,
                                   live_r_number(&standard, row, "raw"), &out, &error) != PSY_OK)
                fail_msg("%s: %s", metrics[m], error.message);
            live_r_near(metrics[m], row, out, live_r_number(&standard, row, metrics[m]), 1e-15);
        }
    }
}

static void test_merged_counts(void **state)
{
    (void)state;
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    char *first = NULL, *first_head = NULL;
    if (!have_r)
        skip();
    for (size_t o = 0; o < 6; o++) {
        const psy_norms *const parts[] = {district[orders[o][0]], district[orders[o][1]],
                                          district[orders[o][2]]};
        psy_norms *pair = NULL, *all = NULL;
        assert_int_equal(psy_norms_merge(&pair, parts, 2, "pair", NULL, NULL), PSY_OK);
        const psy_norms *const rest[] = {pair, parts[2]};
        assert_int_equal(psy_norms_merge(&all, rest, 2, "all", NULL, NULL), PSY_OK);
        if (o == 0) {
            compare_groups(all);
            compare_standards(all);
        }
        const char *const directory = psy_test_directory();
        assert_int_equal(psy_norms_write_file(all, psy_test_path(directory, "all.yaml"), NULL),
                         PSY_OK);
        char *const rows = psy_test_read_file(psy_test_path(directory, "all.csv"), NULL);
        char *const head = psy_test_read_file(psy_test_path(directory, "all.yaml"), NULL);
        psy_test_directory_remove();
        if (o == 0) {
            first = rows;
            first_head = head;
        } else {
            assert_string_equal(rows, first);
            assert_string_equal(head, first_head);
            free(rows);
            free(head);
        }
        psy_norms_free(pair);
        psy_norms_free(all);
    }
    free(first);
    free(first_head);
    plain_csv_all_read(&table, NULL);
    plain_csv_all_read(&standard, NULL);
    assert_true(standard.n_rows > 200);
}

static void test_lms(void **state)
{
    (void)state;
    double ages[20];
    psy_lms curve[20];
    size_t n = 0, n_tails = 0;
    if (!have_r)
        skip();
    for (; n < curves.n_rows - 1; n++) {
        ages[n] = live_r_number(&curves, n + 1, "age");
        curve[n] = (psy_lms){live_r_number(&curves, n + 1, "l"), live_r_number(&curves, n + 1, "m"),
                             live_r_number(&curves, n + 1, "s")};
    }
    for (size_t row = 1; row < lms.n_rows; row++) {
        const double y = live_r_number(&lms, row, "y"), z = live_r_number(&lms, row, "z");
        const psy_lms at = psy_lms_at(ages, curve, n, live_r_number(&lms, row, "age"));
        live_r_near("L", row, at.l, live_r_number(&lms, row, "l"), 1e-12);
        live_r_near("M", row, at.m, live_r_number(&lms, row, "m"), 1e-12);
        live_r_near("S", row, at.s, live_r_number(&lms, row, "s"), 1e-12);
        live_r_near("z", row, psy_lms_z(&at, y), z, 1e-12);
        live_r_near("WHO", row, psy_lms_z_who(&at, y), live_r_number(&lms, row, "who"), 1e-10);
        live_r_near("y", row, psy_lms_measurement(&at, 1.3), live_r_number(&lms, row, "at1"),
                    1e-10);
        live_r_near("there and back", row, psy_lms_measurement(&at, z), y, 1e-12);
        n_tails += fabs(z) > 3 ? 1 : 0;
    }
    assert_true(n_tails > 10 && isnan(psy_lms_at(ages, curve, n, 16.01).m));
    plain_csv_all_read(&lms, NULL);
}

static void test_regression(void **state)
{
    (void)state;
    if (!have_r)
        skip();
    for (int set = 1; set <= 2; set++) {
        psy_regression_term of[8];
        size_t n = 0;
        for (size_t row = 1; row < terms.n_rows; row++)
            if (live_r_number(&terms, row, "set") == set)
                of[n++] = (psy_regression_term){(uint32_t)live_r_number(&terms, row, "l"),
                                                (uint32_t)live_r_number(&terms, row, "a"),
                                                live_r_number(&terms, row, "b")};
        const psy_regression_norm norm = {of, n, 25, 75, -100, 200, 6, 12};
        assert_int_equal(psy_regression_check(&norm, 500, 100, NULL, NULL), PSY_OK);
        for (size_t row = 1; row < regression.n_rows; row++) {
            int32_t clipped = 9;
            if (live_r_number(&regression, row, "set") != set)
                continue;
            const double age = live_r_number(&regression, row, "age");
            const double t = live_r_number(&regression, row, "T");
            live_r_near("raw", row, psy_regression_raw(&norm, t, age),
                        live_r_number(&regression, row, "raw"), 1e-12);
            live_r_near("slope", row, psy_regression_slope(&norm, t, age),
                        live_r_number(&regression, row, "slope"), 1e-12);
            live_r_near("norm score", row,
                        psy_regression_standard(&norm, live_r_number(&regression, row, "whole"),
                                                age, &clipped),
                        live_r_number(&regression, row, "back"), 1e-10);
            live_r_near("clipped", row, clipped, live_r_number(&regression, row, "clipped"), 0);
        }
    }
    plain_csv_all_read(&regression, NULL);
}

static void test_intervals(void **state)
{
    (void)state;
    if (!have_r)
        skip();
    for (size_t row = 1; row < intervals.n_rows; row++) {
        psy_interval got;
        assert_int_equal(psy_interval_of((psy_interval_kind)live_r_number(&intervals, row, "kind"),
                                         live_r_number(&intervals, row, "x"), 40, 9.5,
                                         live_r_number(&intervals, row, "r"),
                                         live_r_number(&intervals, row, "level"), &got, NULL),
                         PSY_OK);
        live_r_near("centre", row, got.centre, live_r_number(&intervals, row, "centre"), 1e-12);
        live_r_near("error", row, got.error, live_r_number(&intervals, row, "error"), 1e-12);
        live_r_near("lo", row, got.lo, live_r_number(&intervals, row, "lo"), 1e-12);
        live_r_near("hi", row, got.hi, live_r_number(&intervals, row, "hi"), 1e-12);
    }
    plain_csv_all_read(&intervals, NULL);
}

static void test_gaps(void **state)
{
    (void)state;
    double scores[8];
    uint64_t counts[8];
    size_t n = 0;
    if (!have_r)
        skip();
    for (; n < observed.n_rows - 1; n++) {
        scores[n] = live_r_number(&observed, n + 1, "score");
        counts[n] = (uint64_t)live_r_number(&observed, n + 1, "count");
    }
    static const double middles[] = {7, 8.5, 12}, values[] = {40, 47.5, 44};
    for (size_t row = 1; row < gaps.n_rows; row++) {
        const double at = live_r_number(&gaps, row, "at");
        int32_t clamped;
        live_r_near("Blom", row,
                    psy_normal_score_in(PSY_RANK_BLOM, scores, counts, n, at, &clamped),
                    live_r_number(&gaps, row, "blom"), 1e-12);
        assert_int_equal(clamped, at < 3 || at > 20);
        live_r_near("Rankit", row,
                    psy_normal_score_in(PSY_RANK_RANKIT, scores, counts, n, at, NULL),
                    live_r_number(&gaps, row, "rankit"), 1e-12);
        live_r_near("age", row, psy_between_ages(middles, values, 3, at),
                    live_r_number(&gaps, row, "age"), 1e-12);
    }
    plain_csv_all_read(&gaps, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merged_counts), cmocka_unit_test(test_lms),
        cmocka_unit_test(test_regression),    cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_gaps),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
