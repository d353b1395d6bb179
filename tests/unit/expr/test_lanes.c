/*
 * test_lanes.c -- numbers with bounds become lanes over one denominator: the same whether they come
 * the short way or, because of a bound that is none, the long one.
 */
#include "expr/lanes.h"
#include "test_support.h"

#include <string.h>

/* Lane 0 is 4 and could be 2 to 9; lane 1 is 1/2, unknown lane 2 lies between 0 and 3. */
static void fill(psyi_numbers *numbers)
{
    memset(numbers, 0, sizeof *numbers);
    numbers->known = 3;
    numbers->bounded = 5;
    numbers->value[0] = (psyi_ratio){4, 1};
    numbers->low[0] = (psyi_ratio){2, 1};
    numbers->high[0] = (psyi_ratio){9, 1};
    numbers->value[1] = (psyi_ratio){1, 2};
    numbers->low[2] = (psyi_ratio){0, 1};
    numbers->high[2] = (psyi_ratio){3, 1};
}

static void check_lanes(const psyi_lanes *lanes)
{
    assert_false(lanes->ratios);
    assert_false(lanes->tight);
    assert_int_equal(lanes->den, 2);
    assert_int_equal(lanes->known & 7, 3);
    assert_int_equal(lanes->value[0], 8);
    assert_int_equal(lanes->low[0], 4);
    assert_int_equal(lanes->high[0], 18);
    assert_int_equal(lanes->low[1], 1);
    assert_int_equal(lanes->high[1], 1);
}

static void test_both_ways(void **state)
{
    (void)state;
    static psyi_numbers numbers;
    static psyi_lanes lanes;
    fill(&numbers);
    psyi_lanes_load(&lanes, &numbers);
    check_lanes(&lanes);
    assert_int_equal(lanes.bounded & 7, 7);
    assert_int_equal(lanes.high[2], 6);
    /* Upside down: no bound of an unknown lane. */
    numbers.low[2] = (psyi_ratio){5, 1};
    psyi_lanes_load(&lanes, &numbers);
    check_lanes(&lanes);
    assert_int_equal(lanes.bounded & 7, 3);
    /* Everything known, and one could be less: not tight. */
    numbers.high[0] = numbers.value[0];
    psyi_lanes_load(&lanes, &numbers);
    assert_false(lanes.tight);
    assert_int_equal(lanes.low[0], 4);
    assert_int_equal(lanes.high[0], 8);
    /* Nothing could be anything else. */
    numbers.low[0] = numbers.value[0];
    psyi_lanes_load(&lanes, &numbers);
    assert_true(lanes.tight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_both_ways)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
