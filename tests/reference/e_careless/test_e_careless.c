/*
 * test_e_careless.c -- validity indices against R (README.md beside this file).
 */
#include "../plain_csv.h"
#include "../plain_json.h"
#include "test_support.h"

#include <psyscreen/distribution.h>
#include <psyscreen/validity.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_ROWS  2446
#define N_REAL  2436
#define N_ITEMS 25

static int8_t given[N_ITEMS][N_ROWS], scored[N_ITEMS][N_ROWS];
static const int8_t *given_columns[N_ITEMS], *scored_columns[N_ITEMS];
static plain_csv expected;
static char *summary, *parameters;
static double out[N_ROWS], other[N_ROWS], third[N_ROWS];
static uint32_t count[N_ROWS];
static uint8_t state_of[N_ROWS], second_state[N_ROWS];

static const char *const reversed[] = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"};

static void name_of(size_t item, char *out_name, size_t size)
{
    snprintf(out_name, size, "%c%zu", "ACENO"[item / 5], item % 5 + 1);
}

static int load(void **state)
{
    (void)state;
    plain_csv csv = plain_csv_read("tests/reference/e_careless/input.csv");
    assert_int_equal(csv.n_rows, N_ROWS + 1);
    for (size_t i = 0; i < N_ITEMS; i++) {
        char name[8];
        name_of(i, name, sizeof name);
        bool turn = false;
        for (size_t r = 0; r < sizeof reversed / sizeof *reversed; r++)
            turn = turn || strcmp(name, reversed[r]) == 0;
        for (size_t row = 0; row < N_ROWS; row++) {
            const char *const text = plain_csv_text(&csv, row + 1, name);
            const int8_t x = *text != '\0' ? (int8_t)atoi(text) : -1;
            given[i][row] = x;
            scored[i][row] = (int8_t)(turn && x >= 0 ? 7 - x : x);
        }
        given_columns[i] = given[i];
        scored_columns[i] = scored[i];
    }
    plain_csv_free(&csv);
    expected = plain_csv_read("tests/reference/e_careless/expected.csv");
    summary = plain_json_read("tests/reference/e_careless/expected_summary.json");
    parameters = plain_json_read("tests/reference/e_careless/parameters.json");
    return 0;
}

static int unload(void **state)
{
    (void)state;
    plain_csv_free(&expected);
    plain_json_free(summary);
    plain_json_free(parameters);
    return 0;
}

static psy_answer_grid grid_of(const int8_t *const *columns, size_t n_items)
{
    return (psy_answer_grid){PSY_ANSWER_GRID_VERSION, 2, n_items, N_ROWS, columns, NULL};
}

static double wanted(size_t row, const char *column)
{
    const char *const text = plain_csv_text(&expected, row + 1, column);
    return *text != '\0' && strcmp(text, "NA") != 0 ? strtod(text, NULL) : NAN;
}

/* Every row of a column; NaN exactly where R has none, and then with a reason. */
static void compare(const char *column, const double *values, const uint8_t *states,
                    double tolerance)
{
    size_t n_defined = 0;
    for (size_t row = 0; row < N_ROWS; row++) {
        const double want = wanted(row, column);
        if (isnan(want) != isnan(values[row]) ||
            (states != NULL && (states[row] == PSY_INDEX_DEFINED) != !isnan(want)))
            fail_msg("%s of row %zu is %g in state %d, expected %g", column, row, values[row],
                     states != NULL ? states[row] : 0, want);
        if (!isnan(want) && !(fabs(values[row] - want) <= tolerance * fmax(1, fabs(want))))
            fail_msg("%s of row %zu is %.17g, expected %.17g", column, row, values[row], want);
        n_defined += isnan(want) ? 0 : 1;
    }
    assert_true(n_defined > 2000);
}

static double share_of(const double *values, bool below, double cut, size_t *n_flagged)
{
    size_t n = 0, n_defined = 0;
    for (size_t row = 0; row < N_REAL; row++) {
        n_defined += isnan(values[row]) ? 0 : 1;
        n += below ? values[row] < cut : values[row] >= cut;
    }
    *n_flagged = n;
    return (double)n / (double)n_defined;
}

static void flagged(const char *name, const double *values, bool below, double cut)
{
    char path[96];
    size_t n;
    snprintf(path, sizeof path, "flagged_real_bfi/%s/share", name);
    const double share = share_of(values, below, cut, &n);
    const double want = plain_json_number(summary, path);
    if (!(fabs(share - want) < 1e-14))
        fail_msg("%s flags %.17g, expected %.17g", name, share, want);
    snprintf(path, sizeof path, "flagged_real_bfi/%s/n", name);
    assert_int_equal(n, plain_json_number(summary, path));
}

static void test_runs(void **state)
{
    (void)state;
    const psy_answer_grid grid = grid_of(given_columns, N_ITEMS);
    assert_int_equal(psy_validity_runs(&grid, PSY_BLANKS_ARE_RUNS, count, out, state_of, NULL),
                     PSY_OK);
    compare("avgstring", out, state_of, 1e-15);
    for (size_t row = 0; row < N_ROWS; row++)
        other[row] = count[row];
    compare("longstring", other, NULL, 0);
    flagged("longstring_ge_6", other, false, 6);
    flagged("longstring_ge_8", other, false, 8);
    flagged("longstring_ge_10", other, false, 10);
    flagged("longstring_ge_half_13", other, false, 13);
    assert_int_equal(psy_validity_runs(&grid, PSY_BLANKS_SKIPPED, count, NULL, state_of, NULL),
                     PSY_OK);
    for (size_t row = 0; row < N_ROWS; row++)
        other[row] = state_of[row] == PSY_INDEX_DEFINED ? (double)count[row] : NAN;
    compare("longstring_skip_na", other, state_of, 0);
}

static void test_irv(void **state)
{
    (void)state;
    const psy_answer_grid grid = grid_of(given_columns, N_ITEMS);
    assert_int_equal(psy_validity_irv(&grid, out, state_of, NULL), PSY_OK);
    compare("irv", out, state_of, 1e-14);
    flagged("irv_lt_0.5", out, true, 0.5);
    flagged("irv_lt_1", out, true, 1);
}

static void test_even_odd(void **state)
{
    (void)state;
    const psy_answer_grid grid = grid_of(scored_columns, N_ITEMS);
    uint32_t scale_of[N_ITEMS];
    for (uint32_t i = 0; i < N_ITEMS; i++)
        scale_of[i] = i / 5;
    assert_int_equal(psy_validity_even_odd(&grid, scale_of, 5, out, state_of, NULL), PSY_OK);
    compare("evenodd_consistency", out, state_of, 1e-12);
    flagged("evenodd_lt_30", out, true, 0.30);
    /* Where r is 0, R's rounding made five people "below 0"; ours are exactly 0. */
    size_t n_undefined = 0, n_below = 0, n_noise = 0;
    for (size_t row = 0; row < N_REAL; row++) {
        n_below += out[row] < 0;
        n_noise += wanted(row, "evenodd_consistency") < 0 && out[row] == 0;
    }
    assert_int_equal(n_noise, 5);
    assert_int_equal(n_below + n_noise,
                     plain_json_number(summary, "flagged_real_bfi/evenodd_lt_0/n"));
    assert_true(fabs((double)(n_below + n_noise) / (N_REAL - 2) -
                     plain_json_number(summary, "flagged_real_bfi/evenodd_lt_0/share")) < 1e-15);
    for (size_t row = 0; row < N_REAL; row++)
        n_undefined += state_of[row] == PSY_INDEX_NO_VARIANCE;
    assert_int_equal(n_undefined, plain_json_number(summary, "flagged_real_bfi/evenodd_na/n"));
}

static void test_mahalanobis(void **state)
{
    (void)state;
    const psy_answer_grid grid = grid_of(given_columns, N_ITEMS);
    size_t rank = 0;
    assert_int_equal(psy_validity_mahalanobis(&grid, PSY_DEPENDENT_REFUSED, out, other, state_of,
                                              NULL, &rank, NULL),
                     PSY_OK);
    assert_int_equal(rank, 25);
    compare("mahal_d2", out, state_of, 1e-12);
    compare("mahal_p", other, state_of, 1e-12);
    flagged("mahal_p_lt_001", other, true, 0.001);
    flagged("mahal_p_lt_01", other, true, 0.01);
    flagged("mahal_p_lt_05", other, true, 0.05);
    assert_true(fabs(psy_chisq_upper_quantile(0.05, 25) -
                     plain_json_number(summary, "chisq_cut_25df/p05")) < 1e-12 * 40);
    assert_true(fabs(psy_chisq_upper_quantile(0.01, 25) -
                     plain_json_number(summary, "chisq_cut_25df/p01")) < 1e-12 * 40);
    assert_true(fabs(psy_chisq_upper_quantile(0.001, 25) -
                     plain_json_number(summary, "chisq_cut_25df/p001")) < 1e-12 * 50);
}

static void check_pairs(const char *key, const psy_item_pair *pairs, size_t n)
{
    /* The summary names pairs "A3~A2": the later item first. */
    const char *at = strstr(summary, key);
    assert_non_null(at);
    const char *const end = strchr(at, ']');
    size_t n_named = 0;
    for (at = strchr(at, '['); (at = strchr(at, '~')) != NULL && at < end; at++, n_named++) {
        bool found = false;
        for (size_t i = 0; i < n; i++) {
            char a[8], b[8];
            name_of(pairs[i].first, a, sizeof a);
            name_of(pairs[i].second, b, sizeof b);
            found = found || (strncmp(at - 2, b, 2) == 0 && strncmp(at + 1, a, 2) == 0);
        }
        assert_true(found);
    }
    assert_int_equal(n, n_named);
}

static void test_synonyms_and_antonyms(void **state)
{
    (void)state;
    const psy_answer_grid grid = grid_of(given_columns, N_ITEMS);
    psy_item_pair pairs[40];
    size_t n;
    assert_int_equal(psy_validity_find_pairs(&grid, 0.5, pairs, 40, &n, NULL), PSY_OK);
    check_pairs("synonyms_pairs", pairs, n);
    assert_int_equal(psy_validity_pairs(&grid, pairs, n, out, state_of, NULL), PSY_OK);
    compare("psychsyn", out, state_of, 1e-12);
    flagged("psychsyn_lt_22", out, true, 0.22);
    size_t n_undefined = 0;
    for (size_t row = 0; row < N_REAL; row++)
        n_undefined += state_of[row] == PSY_INDEX_NO_VARIANCE;
    assert_int_equal(n_undefined, plain_json_number(summary, "flagged_real_bfi/psychsyn_na/n"));
    assert_int_equal(psy_validity_find_pairs(&grid, -0.35, pairs, 40, &n, NULL), PSY_OK);
    check_pairs("antonym_pairs", pairs, n);
    assert_int_equal(psy_validity_pairs(&grid, pairs, n, out, state_of, NULL), PSY_OK);
    compare("psychant", out, state_of, 1e-12);
}

static void test_person_total(void **state)
{
    (void)state;
    const psy_answer_grid grid = grid_of(given_columns, N_ITEMS);
    assert_int_equal(psy_validity_person_total(&grid, out, state_of, NULL), PSY_OK);
    compare("person_total_r", out, state_of, 1e-12);
    flagged("person_total_lt_0", out, true, 0);
}

/* N1 .. N5 from 0. */
static int8_t neuroticism[5][N_ROWS];
static const int8_t *neuroticism_columns[5];

static void fill_neuroticism(void)
{
    for (size_t i = 0; i < 5; i++) {
        for (size_t row = 0; row < N_ROWS; row++)
            neuroticism[i][row] = (int8_t)(given[15 + i][row] - (given[15 + i][row] > 0));
        neuroticism_columns[i] = neuroticism[i];
    }
}

static const uint8_t highest[5] = {5, 5, 5, 5, 5};

static void test_guttman_errors(void **state)
{
    (void)state;
    fill_neuroticism();
    const psy_answer_grid grid = grid_of(neuroticism_columns, 5);
    assert_int_equal(
        psy_validity_guttman(&grid, highest, count, other, state_of, second_state, NULL), PSY_OK);
    for (size_t row = 0; row < N_ROWS; row++)
        out[row] = state_of[row] == PSY_INDEX_DEFINED ? (double)count[row] : NAN;
    compare("guttman_errors_N", out, state_of, 0);
    for (size_t row = 0; row < N_ROWS; row++)
        if (count[row] == 0 && second_state[row] == PSY_INDEX_DEFINED)
            assert_true(other[row] < 1e-12); /* a Guttman pattern is the likeliest */
}

static void test_person_fit(void **state)
{
    (void)state;
    fill_neuroticism();
    const psy_answer_grid grid = grid_of(neuroticism_columns, 5);
    double a[5], d[25];
    for (int i = 0; i < 5; i++) {
        char path[32];
        snprintf(path, sizeof path, "grm/a/%d", i);
        a[i] = plain_json_number(parameters, path);
        for (int s = 0; s < 5; s++) {
            snprintf(path, sizeof path, "grm/d/%d/%d", i, s);
            d[5 * i + s] = plain_json_number(parameters, path);
        }
    }
    const psy_graded_items model = {5, highest, a, d};
    assert_int_equal(psy_validity_person_fit(&grid, &model, out, other, third, state_of, NULL),
                     PSY_OK);
    compare("lz_theta_eap", out, state_of, 1e-12);
    compare("lz_poly_N", other, state_of, 1e-11);
    flagged("lz_lt_m164", other, true, -1.64);
    flagged("lz_lt_m200", other, true, -2);
}

static void test_response_time(void **state)
{
    (void)state;
    static double seconds[N_ROWS];
    static uint32_t n_items[N_ROWS];
    for (size_t row = 0; row < N_ROWS; row++) {
        seconds[row] = wanted(row, "total_seconds");
        n_items[row] = N_ITEMS;
    }
    assert_int_equal(psy_validity_time(seconds, n_items, N_ROWS, out, other, state_of, NULL, NULL),
                     PSY_OK);
    compare("seconds_per_item", out, state_of, 1e-15);
    compare("relative_speed", other, state_of, 1e-15);
    for (size_t row = 0; row < N_ROWS; row++)
        third[row] = out[row] < 2;
    compare("too_fast_lt2", third, NULL, 0);
}

static void test_nothing_is_left(void **state)
{
    (void)state;
    static const char *const undefined[] = {"evenodd", "psychsyn"};
    assert_int_equal(N_ROWS, plain_json_number(summary, "n"));
    assert_int_equal(N_REAL, plain_json_number(summary, "n_real"));
    for (int i = 0; i < 2; i++) { /* the counts were compared above */
        char path[96];
        snprintf(path, sizeof path, "flagged_real_bfi/%s_na/n", undefined[i]);
        const double n = plain_json_number(summary, path);
        snprintf(path, sizeof path, "flagged_real_bfi/%s_na/share", undefined[i]);
        assert_true(fabs(n / N_REAL - plain_json_number(summary, path)) < 1e-15);
    }
    plain_json_all_read(summary, NULL);
    plain_csv_all_read(&expected, (const char *const[]){"id", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_irv),
        cmocka_unit_test(test_even_odd),
        cmocka_unit_test(test_mahalanobis),
        cmocka_unit_test(test_synonyms_and_antonyms),
        cmocka_unit_test(test_person_total),
        cmocka_unit_test(test_guttman_errors),
        cmocka_unit_test(test_person_fit),
        cmocka_unit_test(test_response_time),
        cmocka_unit_test(test_nothing_is_left), /* the last */
    };
    return cmocka_run_group_tests(tests, load, unload);
}
