/*
 * test_h_merge.c -- exact moments against Python's rational arithmetic: the same bits, also
 * of the samples on which running means in doubles fail, and in any order.
 *
 * The square roots (sd, r) may differ in the last bits: 1e-15 relative.
 */
#include "../plain_csv.h"
#include "../plain_json.h"
#include "test_support.h"

#include <psyscreen/moments.h>
#include <psyscreen/standard_score.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/reference/h_merge/"

static char *json;

static double expected(const char *a, const char *b, const char *c)
{
    char path[120];
    snprintf(path, sizeof path, "%s/%s/%s/dec", a, b, c);
    return plain_json_number(json, path);
}

static void same(const char *what, double got, double want)
{
    if (!(got == want))
        fail_msg("%s: %a, expected %a", what, got, want);
}

static void near(const char *what, double got, double want)
{
    if (!(fabs(got - want) <= 1e-15 * fabs(want)))
        fail_msg("%s: %.17g, expected %.17g", what, got, want);
}

static const char *const scales[] = {"agree", "conscientious", "extraversion", "neuroticism",
                                     "openness"};

static size_t read_scale(const plain_csv *input, const char *scale, double *out)
{
    for (size_t row = 1; row < input->n_rows; row++)
        out[row - 1] = plain_csv_number(input, row, scale);
    return input->n_rows - 1;
}

/* The histogram, out of the counts below and at each score that make a percentile. */
static void compare_counts(const char *scale, const double *x, size_t n)
{
    for (int score = 5; score <= 30; score++) {
        char path[80];
        uint64_t below = 0, equal = 0;
        for (size_t i = 0; i < n; i++) {
            below += x[i] < score;
            equal += x[i] == score;
        }
        snprintf(path, sizeof path, "discrete/%s/histogram/%d", scale, score);
        if (equal == 0)
            continue; /* not named there */
        same("count", (double)equal, plain_json_number(json, path));
        const double rank = psy_percentile_rank(PSY_PERCENTILE_MID, below, equal, n);
        near("percentile", rank, 100 * ((double)below + (double)equal / 2) / (double)n);
    }
}

static void test_discrete(void **state)
{
    (void)state;
    plain_csv input = plain_csv_read("tests/reference/b_norms/input_scores.csv");
    double x[2436], y[2436];
    for (size_t i = 0; i < 5; i++) {
        psy_moments m;
        char path[80];
        const size_t n = read_scale(&input, scales[i], x);
        assert_int_equal(n, 2436);
        assert_int_equal(psy_moments_of(x, n, &m, NULL), PSY_OK);
        compare_counts(scales[i], x, n);
        snprintf(path, sizeof path, "discrete/%s/n", scales[i]);
        assert_int_equal(m.n, plain_json_number(json, path));
        snprintf(path, sizeof path, "discrete/%s/sum", scales[i]);
        same("sum", m.sum, plain_json_number(json, path));
        /* The sum of squares from M2: whole numbers far below 2^53, so rounding finds it. */
        snprintf(path, sizeof path, "discrete/%s/sumsq", scales[i]);
        same("sum of squares", round(m.m2 + m.sum * m.sum / (double)m.n),
             plain_json_number(json, path));
        same("mean", m.mean, expected("discrete", scales[i], "mean"));
        same("M2", m.m2, expected("discrete", scales[i], "M2"));
        same("M3", m.m3, expected("discrete", scales[i], "M3"));
        same("M4", m.m4, expected("discrete", scales[i], "M4"));
        same("variance", m.variance, expected("discrete", scales[i], "var"));
        near("sd", m.sd, expected("discrete", scales[i], "sd"));
        for (size_t j = 0; j < i; j++) {
            psy_joint_moments joint;
            snprintf(path, sizeof path, "%s:%s", scales[i], scales[j]);
            read_scale(&input, scales[j], y);
            assert_int_equal(psy_joint_moments_of(x, y, n, &joint, NULL), PSY_OK);
            same("C", joint.c, expected("cov", path, "C"));
            same("covariance", joint.covariance, expected("cov", path, "cov"));
            near("r", joint.r, expected("cov", path, "r"));
        }
    }
    plain_csv_free(&input);
}

static void test_hard(void **state)
{
    (void)state;
    static const char *const sets[] = {"offset_1e9", "offset_1e15", "numacc4_like",
                                       "wide",       "one",         "const"};
    for (size_t s = 0; s < 6; s++) {
        char path[80];
        double x[3001], reversed[3001];
        psy_moments m, again;
        snprintf(path, sizeof path, FOLDER "hard_%s.csv", sets[s]);
        plain_csv csv = plain_csv_read(path);
        const size_t n = read_scale(&csv, "x", x);
        for (size_t i = 0; i < n; i++)
            reversed[i] = x[n - 1 - i];
        assert_int_equal(psy_moments_of(x, n, &m, NULL), PSY_OK);
        snprintf(path, sizeof path, "hard/%s/n", sets[s]);
        assert_int_equal(m.n, plain_json_number(json, path));
        assert_int_equal(psy_moments_of(reversed, n, &again, NULL), PSY_OK);
        assert_memory_equal(&m, &again, sizeof m);
        same("sum", m.sum, expected("hard", sets[s], "sum_exact_rounded"));
        same("mean", m.mean, expected("hard", sets[s], "mean"));
        if (n > 1)
            same("variance", m.variance, expected("hard", sets[s], "var"));
        else
            assert_true(isnan(m.variance) && isnan(plain_json_number(json, "hard/one/var")));
        plain_csv_free(&csv);
    }
    same("wide", expected("hard", "wide", "sum_exact_rounded"),
         plain_json_number(json, "sum/exact_rounded/dec"));
}

static void test_parts(void **state)
{
    (void)state;
    plain_csv input = plain_csv_read("tests/reference/b_norms/input_scores.csv");
    plain_csv parts = plain_csv_read(FOLDER "expected_parts.csv");
    size_t all = 0;
    for (size_t p = 1; p < parts.n_rows; p++) {
        const char *const name = plain_csv_text(&parts, p, "part"); /* "1:18_22" */
        double x[600];
        char path[80];
        size_t n = 0;
        psy_moments m;
        for (size_t row = 1; row < input.n_rows; row++)
            if (plain_csv_text(&input, row, "sex")[0] == name[0] &&
                strcmp(plain_csv_text(&input, row, "band"), name + 2) == 0)
                x[n++] = plain_csv_number(&input, row, "agree");
        assert_int_equal(psy_moments_of(x, n, &m, NULL), PSY_OK);
        snprintf(path, sizeof path, "merge/parts/%s/n", name);
        assert_int_equal(n, plain_json_number(json, path));
        snprintf(path, sizeof path, "merge/parts/%s/sum", name);
        same("sum", m.sum, plain_json_number(json, path));
        snprintf(path, sizeof path, "merge/parts/%s/sumsq", name);
        same("sum of squares", round(m.m2 + m.sum * m.sum / (double)n),
             plain_json_number(json, path));
        same("mean", m.mean, expected("merge/parts", name, "mean"));
        same("M2", m.m2, expected("merge/parts", name, "M2"));
        all += n;
    }
    assert_int_equal(all, 2436);
    double x[2436];
    psy_moments m;
    read_scale(&input, "agree", x);
    assert_int_equal(psy_moments_of(x, all, &m, NULL), PSY_OK);
    assert_int_equal(m.n, plain_json_number(json, "merge/total/n"));
    same("mean", m.mean, plain_json_number(json, "merge/total/mean/dec"));
    same("M2", m.m2, plain_json_number(json, "merge/total/M2/dec"));
    plain_csv_free(&parts);
    plain_csv_free(&input);
}

static int load(void **state)
{
    (void)state;
    json = plain_json_read(FOLDER "expected.json");
    return json == NULL;
}

static int unload(void **state)
{
    (void)state;
    plain_json_free(json);
    return 0;
}

static void test_nothing_is_left(void **state)
{
    (void)state;
    /* What goes wrong with sums in doubles, which nothing here computes. */
    plain_json_all_read(json, (const char *const[]){"merge/float_merge_*", "sum/distinct_*", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_discrete), cmocka_unit_test(test_hard), cmocka_unit_test(test_parts),
        cmocka_unit_test(test_nothing_is_left), /* the last */
    };
    return cmocka_run_group_tests(tests, load, unload);
}
