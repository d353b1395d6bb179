/*
 * test_b_norms.c -- norms by sex and age against R: moments, z, T, IQ, mid-ranks.
 *
 * What psyscreen prints is rounded, so unrounded reference values are rounded half up here,
 * except within 1e-9 of a tie, where a double cannot tell; z and T are also compared with
 * the moments themselves to 1e-12.
 */
#include "../plain_csv.h"
#include "norm/apply.h"
#include "test_support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The group of a row of a reference file, out of the raw scores. */
static psyi_histogram group_of(const plain_csv *input, const char *scale, const char *sex,
                               const char *band)
{
    psyi_histogram histogram;
    psyi_histogram_init(&histogram, NULL);
    for (size_t row = 1; row < input->n_rows; row++) {
        if (strcmp(plain_csv_text(input, row, "sex"), sex) != 0 ||
            strcmp(plain_csv_text(input, row, "band"), band) != 0)
            continue;
        const psyi_ratio score = {(int64_t)plain_csv_number(input, row, scale), 1};
        assert_int_equal(psyi_histogram_add(&histogram, score, 1, NULL), PSY_OK);
    }
    return histogram;
}

static void near(const char *what, double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-12 * fmax(1, fabs(expected))))
        fail_msg("%s: %.17g, expected %.17g", what, got, expected);
}

static void test_cell_moments(void **state)
{
    (void)state;
    plain_csv input = plain_csv_read("tests/reference/b_norms/input_scores.csv");
    plain_csv cells = plain_csv_read("tests/reference/b_norms/expected_cell_stats.csv");
    for (size_t row = 1; row < cells.n_rows; row++) {
        double mean, variance;
        psyi_histogram h =
            group_of(&input, plain_csv_text(&cells, row, "scale"),
                     plain_csv_text(&cells, row, "sex"), plain_csv_text(&cells, row, "band"));
        assert_int_equal(h.n, plain_csv_number(&cells, row, "n"));
        assert_true(psyi_histogram_moments(&h, &mean, &variance));
        near("mean", mean, plain_csv_number(&cells, row, "mean"));
        near("sd", sqrt(variance), plain_csv_number(&cells, row, "sd"));
        psyi_histogram_done(&h);
    }
    assert_true(cells.n_rows > 50);
    plain_csv_free(&cells);
    plain_csv_free(&input);
}

static void rounded(const char *what, psyi_ratio got, double expected, double ten)
{
    const double steps = expected * ten + 0.5;
    if (fabs(steps - round(steps)) < 1e-9)
        return;
    if (psyi_ratio_double(got) != floor(steps) / ten)
        fail_msg("%s: %.17g, expected %.17g rounded", what, psyi_ratio_double(got), expected);
}

static void test_standard_scores(void **state)
{
    (void)state;
    plain_csv input = plain_csv_read("tests/reference/b_norms/input_scores.csv");
    plain_csv lookup = plain_csv_read("tests/reference/b_norms/expected_lookup.csv");
    size_t n = 0;
    for (size_t row = 1; row < lookup.n_rows; row++) {
        psyi_histogram h =
            group_of(&input, plain_csv_text(&lookup, row, "scale"),
                     plain_csv_text(&lookup, row, "sex"), plain_csv_text(&lookup, row, "band"));
        const double raw = plain_csv_number(&lookup, row, "raw");
        const psyi_ratio score = {(int64_t)raw, 1};
        double mean, variance;
        assert_true(psyi_histogram_moments(&h, &mean, &variance));
        near("z", (raw - mean) / sqrt(variance), plain_csv_number(&lookup, row, "z"));
        rounded("z", psyi_histogram_standard(&h, PSYI_METRIC_Z, score),
                plain_csv_number(&lookup, row, "z"), 100);
        rounded("T", psyi_histogram_standard(&h, PSYI_METRIC_T, score),
                plain_csv_number(&lookup, row, "T"), 10);
        rounded("IQ", psyi_histogram_standard(&h, PSYI_METRIC_IQ, score),
                plain_csv_number(&lookup, row, "IQ"), 1);
        /* Never 0 or 100: one step from them. */
        rounded("mid-rank", psyi_histogram_standard(&h, PSYI_METRIC_PERCENTILE, score),
                fmin(99.9, fmax(0.1, plain_csv_number(&lookup, row, "pr_midrank"))), 10);
        n++;
        psyi_histogram_done(&h);
    }
    assert_true(n > 600);
    plain_csv_free(&lookup);
    plain_csv_free(&input);
}

/* Exact rationals, rounded once: the same bits. */
static void test_moments_are_the_nearest_doubles(void **state)
{
    (void)state;
    plain_csv input = plain_csv_read("tests/reference/b_norms/input_scores.csv");
    plain_csv moments = plain_csv_read("tests/reference/h_merge/expected_moments.csv");
    for (size_t row = 1; row < moments.n_rows; row++) {
        psyi_histogram h;
        double mean, variance;
        psyi_histogram_init(&h, NULL);
        for (size_t i = 1; i < input.n_rows; i++) {
            const double raw = plain_csv_number(&input, i, plain_csv_text(&moments, row, "scale"));
            assert_int_equal(psyi_histogram_add(&h, (psyi_ratio){(int64_t)raw, 1}, 1, NULL),
                             PSY_OK);
        }
        assert_int_equal(h.n, plain_csv_number(&moments, row, "n"));
        assert_true(psyi_histogram_moments(&h, &mean, &variance));
        assert_true(mean == plain_csv_number(&moments, row, "mean"));
        assert_true(variance == plain_csv_number(&moments, row, "variance"));
        psyi_histogram_done(&h);
    }
    plain_csv_free(&moments);
    plain_csv_free(&input);
}

static void test_parts_merge_to_the_whole(void **state)
{
    (void)state;
    plain_csv input = plain_csv_read("tests/reference/b_norms/input_scores.csv");
    plain_csv parts = plain_csv_read("tests/reference/h_merge/expected_parts.csv");
    plain_csv moments = plain_csv_read("tests/reference/h_merge/expected_moments.csv");
    psyi_histogram all;
    double mean, variance;
    psyi_histogram_init(&all, NULL);
    for (size_t row = parts.n_rows; --row > 0;) {
        const char *const name = plain_csv_text(&parts, row, "part"); /* "1:18_22" */
        char sex[8];
        snprintf(sex, sizeof sex, "%.*s", (int)strcspn(name, ":"), name);
        psyi_histogram part = group_of(&input, "agree", sex, strchr(name, ':') + 1);
        assert_true(psyi_histogram_moments(&part, &mean, &variance));
        assert_true(mean == plain_csv_number(&parts, row, "mean"));
        assert_int_equal(psyi_histogram_merge(&all, &part, NULL), PSY_OK);
        psyi_histogram_done(&part);
    }
    assert_true(psyi_histogram_moments(&all, &mean, &variance));
    assert_string_equal(plain_csv_text(&moments, 1, "scale"), "agree");
    assert_true(mean == plain_csv_number(&moments, 1, "mean"));
    assert_true(variance == plain_csv_number(&moments, 1, "variance"));
    psyi_histogram_done(&all);
    plain_csv_free(&moments);
    plain_csv_free(&parts);
    plain_csv_free(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cell_moments),
        cmocka_unit_test(test_standard_scores),
        cmocka_unit_test(test_moments_are_the_nearest_doubles),
        cmocka_unit_test(test_parts_merge_to_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
