/*
 * test_item_steps.c -- Guttman errors and U3 against all patterns of a total.
 */
#include "small_grid.h"
#include "test_support.h"

#include <math.h>

static small_grid g;
static uint32_t errors[4096];
static double u3[4096];
static uint8_t why[4096], u3_why[4096];

static void test_a_guttman_pattern_has_no_errors(void **state)
{
    (void)state;
    const uint8_t highest[4] = {1, 1, 1, 1};
    small_grid_text(&g, "0000 1000 1100 1110 1111 0001 1.00");
    assert_int_equal(psy_validity_guttman(&g.grid, highest, errors, u3, why, u3_why, NULL), PSY_OK);
    /* Of the six complete rows 4, 3, 2 and 2 take the items: 3 and 4 tie, in item order. */
    const uint32_t want[] = {0, 0, 0, 0, 0, 3, 0};
    for (size_t row = 0; row < 7; row++)
        assert_int_equal(errors[row], want[row]);
    assert_int_equal(u3_why[0], PSY_INDEX_NO_VARIANCE);
    assert_int_equal(u3_why[4], PSY_INDEX_NO_VARIANCE);
    assert_true(u3[1] == 0 && u3[5] == 1);
    assert_true(why[6] == PSY_INDEX_BLANKS && u3_why[6] == PSY_INDEX_BLANKS && isnan(u3[6]));
}

/* Weight of a row's steps, straight from the definition. */
static double weight_of(const size_t *x, const uint8_t *highest, size_t n_items, size_t n_rows)
{
    double weight = 0;
    for (size_t i = 0; i < n_items; i++)
        for (size_t s = 1; s <= x[i] && s <= highest[i]; s++) {
            size_t n = 0;
            for (size_t row = 0; row < n_rows; row++)
                n += (size_t)g.answers[i][row] >= s;
            if (n > 0 && n < n_rows)
                weight += log((double)n / (double)(n_rows - n));
        }
    return weight;
}

static void test_u3_against_all_patterns_of_a_total(void **state)
{
    (void)state;
    const uint8_t highest[4] = {3, 1, 2, 3};
    const size_t n_rows = 50;
    for (uint64_t seed = 1; seed < 6; seed++) {
        small_grid_random(&g, n_rows, 4, 4, 0, seed);
        for (size_t i = 0; i < 4; i++)
            for (size_t row = 0; row < n_rows; row++)
                if (g.answers[i][row] > (int)highest[i])
                    g.answers[i][row] = (int8_t)highest[i];
        assert_int_equal(psy_validity_guttman(&g.grid, highest, errors, u3, why, u3_why, NULL),
                         PSY_OK);
        double most[10], least[10];
        for (size_t t = 0; t < 10; t++) {
            most[t] = -INFINITY;
            least[t] = INFINITY;
        }
        for (size_t pattern = 0; pattern < 4 * 2 * 3 * 4; pattern++) {
            const size_t x[4] = {pattern % 4, pattern / 4 % 2, pattern / 8 % 3, pattern / 24};
            const size_t total = x[0] + x[1] + x[2] + x[3];
            const double weight = weight_of(x, highest, 4, n_rows);
            most[total] = fmax(most[total], weight);
            least[total] = fmin(least[total], weight);
        }
        for (size_t row = 0; row < n_rows; row++) {
            size_t x[4], total = 0;
            for (size_t i = 0; i < 4; i++)
                total += x[i] = (size_t)g.answers[i][row];
            if (u3_why[row] == PSY_INDEX_NO_VARIANCE) {
                assert_true(most[total] - least[total] < 1e-9);
                continue;
            }
            const double want =
                (most[total] - weight_of(x, highest, 4, n_rows)) / (most[total] - least[total]);
            assert_true(fabs(u3[row] - want) < 1e-12);
        }
    }
}

/* Steps that all or none of the rows take carry no weight. */
static void test_u3_leaves_out_what_all_or_none_take(void **state)
{
    (void)state;
    const uint8_t highest[4] = {1, 1, 1, 3};
    small_grid_text(&g, "1010 1100 1010 1110 1000");
    assert_int_equal(psy_validity_guttman(&g.grid, highest, errors, u3, why, u3_why, NULL), PSY_OK);
    for (size_t row = 0; row < 5; row++)
        assert_true(isnan(u3[row]) || (u3[row] >= 0 && u3[row] <= 1));
    assert_int_equal(u3_why[4], PSY_INDEX_NO_VARIANCE);
    assert_int_equal(u3_why[1], PSY_INDEX_DEFINED);
}

static void test_an_answer_above_the_highest_is_refused(void **state)
{
    (void)state;
    const uint8_t highest[2] = {1, 1}, absurd[2] = {200, 1};
    psy_error error;
    small_grid_text(&g, "01 12");
    assert_int_equal(psy_validity_guttman(&g.grid, highest, errors, NULL, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_string_equal(error.message, "item 1 has an answer above its highest score 1");
    assert_int_equal(psy_validity_guttman(&g.grid, absurd, errors, NULL, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_guttman(&g.grid, NULL, errors, NULL, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_guttman_pattern_has_no_errors),
        cmocka_unit_test(test_u3_against_all_patterns_of_a_total),
        cmocka_unit_test(test_u3_leaves_out_what_all_or_none_take),
        cmocka_unit_test(test_an_answer_above_the_highest_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
