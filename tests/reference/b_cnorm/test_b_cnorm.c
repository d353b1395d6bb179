/*
 * test_b_cnorm.c -- regression norms with the coefficients of two models of cNORM 3.6.0.
 *
 * Expected raw scores agree to 1e-12 of the raw range, norm scores to 2e-11 T: that is how
 * far R's root finding and cNORM's are apart.  One of the models falls somewhere on purpose.
 */
#include "../plain_csv.h"
#include "../plain_json.h"
#include "test_support.h"

#include <psyscreen/distribution.h>
#include <psyscreen/regression_norm.h>
#include <psyscreen/standard_score.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/reference/b_cnorm/"

typedef struct model {
    psy_regression_term terms[20];
    psy_regression_norm norm;
    char *json;
} model;

static uint32_t power_after(const char *term, char letter)
{
    const char *const at = strchr(term, letter);
    return at == NULL ? 0 : (uint32_t)(at[1] - '0');
}

static void read_model(const char *tag, model *out)
{
    char path[80];
    snprintf(path, sizeof path, FOLDER "terms_%s.txt", tag);
    char *const terms = psy_test_read_file(psy_test_source(path), NULL);
    snprintf(path, sizeof path, FOLDER "expected_%s.json", tag);
    char *const json = plain_json_read(path);
    size_t n = 0;
    out->terms[n++] = (psy_regression_term){0, 0, plain_json_number(json, "intercept")};
    char *rest = terms, *line;
    while ((line = strsep(&rest, "\n")) != NULL && *line != '\0') {
        snprintf(path, sizeof path, "coef/%zu", n - 1);
        out->terms[n] = (psy_regression_term){power_after(line, 'L'), power_after(line, 'A'),
                                              plain_json_number(json, path)};
        n++;
    }
    out->norm = (psy_regression_norm){.terms = out->terms,
                                      .n_terms = n,
                                      .norm_lo = 25,
                                      .norm_hi = 75,
                                      .raw_lo = 0,
                                      .raw_hi = 40,
                                      .age_lo = 5,
                                      .age_hi = 11};
    free(terms);
    out->json = json;
}

static void near(const char *what, double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%s: %.17g, expected %.17g", what, got, want);
}

static void compare(const char *tag)
{
    char path[80];
    model m;
    read_model(tag, &m);
    snprintf(path, sizeof path, FOLDER "expected_raw_of_norm_%s.csv", tag);
    plain_csv raw = plain_csv_read(path);
    for (size_t row = 1; row < raw.n_rows; row++) {
        const double t = plain_csv_number(&raw, row, "T"), age = plain_csv_number(&raw, row, "age");
        const double got = psy_regression_raw(&m.norm, t, age);
        near("raw", got, plain_csv_number(&raw, row, "raw_unclipped"), 4e-11);
        near("cut raw", fmin(40, fmax(0, got)), plain_csv_number(&raw, row, "raw"), 4e-11);
        near("slope", psy_regression_slope(&m.norm, t, age), plain_csv_number(&raw, row, "dRaw_dT"),
             4e-11);
    }
    assert_true(raw.n_rows == 56);
    plain_csv_all_read(&raw, NULL);
    plain_csv_free(&raw);
    snprintf(path, sizeof path, FOLDER "expected_norm_of_raw_%s.csv", tag);
    plain_csv norm = plain_csv_read(path);
    for (size_t row = 1; row < norm.n_rows; row++) {
        int32_t clipped;
        const double got = psy_regression_standard(&m.norm, plain_csv_number(&norm, row, "raw"),
                                                   plain_csv_number(&norm, row, "age"), &clipped);
        near("T", got, plain_csv_number(&norm, row, "T"), 2e-11);
        assert_int_equal(clipped != 0, plain_csv_number(&norm, row, "clipped"));
        near("percentile", 100 * psy_normal_p((got - 50) / 10), plain_csv_number(&norm, row, "pr"),
             1e-10);
    }
    assert_true(norm.n_rows == 106);
    plain_csv_all_read(&norm, NULL);
    plain_csv_free(&norm);
    plain_json_free(m.json);
}

/* How well the coefficients give the raw scores back that they were fitted to. */
static void compare_fit(const char *tag)
{
    model m;
    psy_regression_fall fall;
    plain_csv input = plain_csv_read(FOLDER "input.csv");
    plain_csv ranks = plain_csv_read(FOLDER "expected_ranks.csv");
    const double n = (double)input.n_rows - 1;
    double sum = 0, squares = 0, left = 0;
    read_model(tag, &m);
    for (size_t row = 1; row < input.n_rows; row++) {
        const double raw = plain_csv_number(&input, row, "raw");
        const double fitted =
            psy_regression_raw(&m.norm, plain_csv_number(&ranks, row, "normValue"),
                               plain_csv_number(&input, row, "group"));
        sum += raw;
        squares += raw * raw;
        left += (raw - fitted) * (raw - fitted);
    }
    const double share = 1 - left / (squares - sum * sum / n), terms = (double)m.norm.n_terms - 1;
    near("n", n, plain_json_number(m.json, "n"), 0);
    near("R2", share, plain_json_number(m.json, "R2"), 1e-12);
    near("adjusted", 1 - (1 - share) * (n - 1) / (n - terms - 1),
         plain_json_number(m.json, "adjR2"), 1e-12);
    near("rmse", sqrt(left / n), plain_json_number(m.json, "rmse"), 1e-12);
    const bool falls = psy_regression_check(&m.norm, 500, 120, &fall, NULL) != PSY_OK;
    plain_json_is(m.json, "monotonicity_violation_on_grid", falls ? "true" : "false");
    /* The powers are those of the terms; how badly they are conditioned concerns whoever fits
     * (we do not); the rest says how near base R came to cNORM. */
    plain_json_all_read(m.json,
                        (const char *const[]){"k", "t", "kappa_raw_powers", "check/*", NULL});
    plain_json_free(m.json);
    plain_csv_free(&ranks);
    plain_csv_free(&input);
}

static void test_default_model(void **state)
{
    (void)state;
    compare("default");
    compare_fit("default");
}

static void test_four_terms(void **state)
{
    (void)state;
    compare("terms4");
    compare_fit("terms4");
}

static void test_the_falling_model_is_found(void **state)
{
    (void)state;
    model m;
    psy_regression_fall fall;
    psy_error error;
    read_model("default", &m);
    assert_int_equal(psy_regression_check(&m.norm, 500, 120, &fall, &error), PSY_OK);
    plain_json_free(m.json);
    read_model("terms4", &m);
    assert_int_equal(psy_regression_check(&m.norm, 500, 120, &fall, &error), PSY_E_NUMERIC);
    assert_true(psy_regression_raw(&m.norm, fall.to, fall.age) <
                psy_regression_raw(&m.norm, fall.from, fall.age));
    assert_true(fall.raw_to < fall.raw_from);
    plain_json_free(m.json);
}

static void test_ranks_are_rankit(void **state)
{
    (void)state;
    plain_csv input = plain_csv_read(FOLDER "input.csv");
    plain_csv ranks = plain_csv_read(FOLDER "expected_ranks.csv");
    assert_true(input.n_rows == ranks.n_rows && ranks.n_rows == 1701);
    for (size_t row = 1; row < input.n_rows; row++) {
        uint64_t below = 0, equal = 0, n = 0;
        const double raw = plain_csv_number(&input, row, "raw");
        for (size_t i = 1; i < input.n_rows; i++) {
            if (strcmp(plain_csv_text(&input, i, "group"), plain_csv_text(&input, row, "group")) !=
                0)
                continue;
            const double other = plain_csv_number(&input, i, "raw");
            n++;
            below += other < raw;
            equal += other == raw;
        }
        near("percentile", psy_percentile_rank(PSY_PERCENTILE_MID, below, equal, n) / 100,
             plain_csv_number(&ranks, row, "percentile"), 1e-14);
        near("T", psy_standard_t(psy_normal_score(PSY_RANK_RANKIT, below, equal, n)),
             plain_csv_number(&ranks, row, "normValue"), 1e-11);
    }
    plain_csv_all_read(&ranks, NULL);
    plain_csv_free(&ranks);
    plain_csv_free(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_model),
        cmocka_unit_test(test_four_terms),
        cmocka_unit_test(test_the_falling_model_is_found),
        cmocka_unit_test(test_ranks_are_rankit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
