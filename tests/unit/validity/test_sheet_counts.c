/*
 * test_sheet_counts.c -- counted answers, attention items and response time.
 */
#include "small_grid.h"
#include "test_support.h"

#include <math.h>

static small_grid g;

static void test_counts_by_hand(void **state)
{
    (void)state;
    const uint8_t lowest[4] = {1, 1, 1, 0}, highest[4] = {4, 4, 4, 2};
    uint32_t answered[4], at_lowest[4], at_highest[4];
    small_grid_text(&g, "1110 4442 1.42 ....");
    assert_int_equal(
        psy_validity_counts(&g.grid, lowest, highest, answered, at_lowest, at_highest, NULL),
        PSY_OK);
    const uint32_t want[4][3] = {{4, 4, 0}, {4, 0, 4}, {3, 1, 2}, {0, 0, 0}};
    for (size_t row = 0; row < 4; row++) {
        assert_int_equal(answered[row], want[row][0]);
        assert_int_equal(at_lowest[row], want[row][1]);
        assert_int_equal(at_highest[row], want[row][2]);
    }
    assert_int_equal(psy_validity_counts(&g.grid, NULL, highest, NULL, at_lowest, NULL, NULL),
                     PSY_OK);
    assert_int_equal(at_lowest[0], 1);
    assert_int_equal(psy_validity_counts(&g.grid, NULL, NULL, NULL, at_lowest, NULL, NULL),
                     PSY_E_ARGUMENT);
}

static void test_attention_items_by_hand(void **state)
{
    (void)state;
    /* "choose 3", "choose the lowest two", "anything but 0" */
    const uint8_t lo[3] = {3, 0, 1}, hi[3] = {3, 1, 9};
    uint32_t failed[4], asked[4];
    small_grid_text(&g, "301 290 ... .2.");
    assert_int_equal(psy_validity_infrequency(&g.grid, lo, hi, failed, asked, NULL), PSY_OK);
    const uint32_t want[4][2] = {{0, 3}, {3, 3}, {0, 0}, {1, 1}};
    for (size_t row = 0; row < 4; row++) {
        assert_int_equal(failed[row], want[row][0]);
        assert_int_equal(asked[row], want[row][1]);
    }
    assert_int_equal(psy_validity_infrequency(&g.grid, hi, lo, failed, asked, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_infrequency(&g.grid, NULL, hi, failed, asked, NULL),
                     PSY_E_ARGUMENT);
}

static void test_time_that_is_not_known_is_not_fast(void **state)
{
    (void)state;
    const double seconds[] = {60, NAN, 0, -5, INFINITY, 30, 120, 90};
    const uint32_t n_items[] = {20, 20, 20, 20, 20, 0, 20, 30};
    double per_item[8], relative[8];
    uint8_t why[8];
    assert_int_equal(psy_validity_time(seconds, n_items, 8, per_item, relative, why, NULL, NULL),
                     PSY_OK);
    assert_true(per_item[0] == 3 && per_item[6] == 6 && per_item[7] == 3);
    for (size_t row = 1; row < 5; row++)
        assert_true(isnan(per_item[row]) && isnan(relative[row]) && why[row] == PSY_INDEX_BLANKS);
    assert_true(isnan(per_item[5]) && why[5] == PSY_INDEX_TOO_FEW);
    /* The median of 30, 60, 90, 120 is 75. */
    assert_true(relative[0] == 1.25 && relative[5] == 2.5);
    assert_int_equal(
        psy_validity_time(seconds + 1, n_items, 2, per_item, relative, why, NULL, NULL), PSY_OK);
    assert_true(isnan(relative[0]));
    assert_int_equal(psy_validity_time(NULL, NULL, 0, NULL, relative, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psy_validity_time(NULL, n_items, 1, per_item, NULL, NULL, NULL, NULL),
                     PSY_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_by_hand),
        cmocka_unit_test(test_attention_items_by_hand),
        cmocka_unit_test(test_time_that_is_not_known_is_not_fast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
