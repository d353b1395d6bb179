/*
 * test_release_cells.c -- which numbers of the district are hidden for their own sake, and that
 * tables which cannot be protected are not published.
 */
#include "report/release_table.h"
#include "test_support.h"

#include <string.h>

static psyi_release_cells cells;

static void open_cells(uint64_t least)
{
    psyi_release_cells_init(&cells, least, NULL);
}

static bool is_hidden(uint64_t value, uint64_t base, bool both_ways)
{
    open_cells(5);
    const uint32_t cell = psyi_release_count(&cells, value, base, both_ways, PSYI_PRICE_PART);
    const bool hidden = psyi_release_hidden(&cells, cell);
    psyi_release_cells_done(&cells);
    return hidden;
}

static void test_what_is_hidden_for_its_own_sake(void **state)
{
    (void)state;
    assert_false(is_hidden(0, 100, true));
    assert_true(is_hidden(1, 100, true));
    assert_true(is_hidden(4, 100, true));
    assert_false(is_hidden(5, 100, true));
    assert_false(is_hidden(95, 100, true));
    assert_true(is_hidden(96, 100, true));  /* four are left out */
    assert_true(is_hidden(100, 100, true)); /* nobody is: all are known by it */
    assert_false(is_hidden(100, 100, false));
    assert_true(is_hidden(0, 4, false)); /* all of a small base */
    assert_false(is_hidden(0, 0, true));
}

static void test_nobody_of_few(void **state)
{
    (void)state;
    open_cells(5);
    const uint32_t few = psyi_release_count(&cells, 0, 19, true, PSYI_PRICE_PART);
    const uint32_t many = psyi_release_count(&cells, 0, 20, true, PSYI_PRICE_PART);
    psyi_release_none_of_few(&cells, few, 19);
    psyi_release_none_of_few(&cells, many, 20);
    assert_true(psyi_release_hidden(&cells, few));
    assert_false(psyi_release_hidden(&cells, many));
    psyi_release_cells_done(&cells);
}

/* Nobody is found in the district, which is said: then nobody is in a school of four, either.  What
 * a larger school or an earlier publication hides is another matter. */
static void test_none_of_all_is_none_of_few(void **state)
{
    (void)state;
    open_cells(5);
    const uint32_t all = psyi_release_count(&cells, 0, 60, true, PSYI_PRICE_ALL);
    const uint32_t grade = psyi_release_count(&cells, 0, 30, true, PSYI_PRICE_SUM);
    const uint32_t few = psyi_release_count(&cells, 0, 4, true, PSYI_PRICE_PART);
    const uint32_t sum[] = {all, grade, psyi_release_count(&cells, 0, 30, true, PSYI_PRICE_SUM)};
    const uint32_t parts[] = {grade, few, psyi_release_count(&cells, 0, 26, true, PSYI_PRICE_PART)};
    psyi_release_sum(&cells, parts, 3);
    psyi_release_sum(&cells, sum, 3);
    const uint32_t some = psyi_release_count(&cells, 9, 60, true, PSYI_PRICE_ALL);
    const uint32_t beside = psyi_release_count(&cells, 0, 4, true, PSYI_PRICE_PART);
    const uint32_t other[] = {some, beside,
                              psyi_release_count(&cells, 9, 56, true, PSYI_PRICE_PART)};
    psyi_release_sum(&cells, other, 3);
    assert_int_equal(cells.n_primary, 2);
    psyi_release_none_of_all(&cells);
    assert_false(psyi_release_hidden(&cells, few));
    assert_true(psyi_release_hidden(&cells, beside)); /* nine others are found */
    assert_int_equal(cells.n_primary, 1);
    psyi_release_cells_done(&cells);
    /* A whole that is hidden says nothing of its parts. */
    open_cells(5);
    const uint32_t whole = psyi_release_count(&cells, 0, 4, true, PSYI_PRICE_SUM);
    const uint32_t two[] = {whole, psyi_release_count(&cells, 0, 2, true, PSYI_PRICE_PART),
                            psyi_release_count(&cells, 0, 2, true, PSYI_PRICE_PART)};
    psyi_release_sum(&cells, two, 3);
    psyi_release_none_of_all(&cells);
    assert_true(psyi_release_hidden(&cells, two[0]) && psyi_release_hidden(&cells, two[1]));
    psyi_release_cells_done(&cells);
}

/* Of 40 none is listed, two sheets of them do not count: that nobody is listed on these was said.
 * Once everything was hidden for it, in every district with many small schools. */
static void test_rests(void **state)
{
    (void)state;
    open_cells(5);
    const uint32_t none = psyi_release_count(&cells, 0, 40, true, PSYI_PRICE_PART);
    const uint32_t valid = psyi_release_count(&cells, 0, 38, true, PSYI_PRICE_PART);
    psyi_release_rest(&cells, none, valid, 2);
    assert_int_equal(cells.n_primary, 0);
    assert_int_equal(psyi_release_cells_close(&cells, NULL), PSY_OK);
    assert_false(psyi_release_hidden(&cells, none) || psyi_release_hidden(&cells, valid));
    /* Two of nine are on such a sheet: one of both numbers is hidden. */
    const uint32_t nine = psyi_release_count(&cells, 9, 40, true, PSYI_PRICE_PART);
    const uint32_t seven = psyi_release_count(&cells, 7, 30, true, PSYI_PRICE_PART);
    psyi_release_rest(&cells, nine, seven, 10);
    assert_int_equal(cells.n_primary, 1);
    assert_int_equal(psyi_release_cells_close(&cells, NULL), PSY_OK);
    assert_true(psyi_release_hidden(&cells, nine) != psyi_release_hidden(&cells, seven));
    /* Nobody is found among 14, which is hidden, nor on the one sheet that does not count. */
    const uint32_t few = psyi_release_count(&cells, 0, 14, true, PSYI_PRICE_PART);
    psyi_release_none_of_few(&cells, few, 14);
    psyi_release_rest(&cells, few, psyi_release_count(&cells, 0, 13, true, PSYI_PRICE_PART), 1);
    assert_int_equal(cells.n_primary, 3);
    psyi_release_cells_done(&cells);
}

/* Half of the way between 0 and 1 is no whole number: both must stay possible all the same. */
static void test_one_of_two_values(void **state)
{
    (void)state;
    open_cells(5);
    const uint32_t value = psyi_release_value(&cells, 1, 0, 1, true, PSYI_PRICE_PART);
    const uint32_t sum[] = {psyi_release_count(&cells, 41, 60, false, PSYI_PRICE_ALL), value,
                            psyi_release_count(&cells, 40, 59, false, PSYI_PRICE_PART)};
    psyi_release_sum(&cells, sum, 3);
    assert_int_equal(psyi_release_cells_close(&cells, NULL), PSY_OK);
    assert_true(psyi_release_hidden(&cells, value));
    assert_true(psyi_release_hidden(&cells, sum[0]) || psyi_release_hidden(&cells, sum[2]));
    psyi_release_cells_done(&cells);
}

/* "0 to 2" would say hardly less than the small number beside it: it must be able to be 5. */
static void test_a_zero_hidden_beside_others(void **state)
{
    (void)state;
    open_cells(5);
    const uint32_t none = psyi_release_count(&cells, 0, 50, true, PSYI_PRICE_PART);
    const uint32_t sum[] = {psyi_release_fixed(&cells, 4), none,
                            psyi_release_count(&cells, 4, 50, true, PSYI_PRICE_PART)};
    psyi_release_sum(&cells, sum, 3);
    assert_false(psyi_release_hidden(&cells, none));
    /* Both cells of a sum of 4: neither can be 5, so no release is possible that hides them, and
     * everything that may be hidden is. */
    assert_int_equal(psyi_release_cells_close(&cells, NULL), PSY_OK);
    assert_true(psyi_release_hidden(&cells, none));
    assert_int_equal(cells.cells[none].reach, 5);
    assert_int_equal(cells.cells[none].spread, 1);
    psyi_release_cells_done(&cells);
}

static void test_a_total_that_is_always_shown(void **state)
{
    (void)state;
    psy_error error = {0};
    open_cells(5);
    const uint32_t sum[] = {psyi_release_fixed(&cells, 3),
                            psyi_release_count(&cells, 1, 50, true, PSYI_PRICE_PART),
                            psyi_release_count(&cells, 2, 50, true, PSYI_PRICE_PART)};
    psyi_release_sum(&cells, sum, 3);
    /* 0 to 3 is all that is left, by a number that is never hidden: the tables can add nothing
     * to it, and show nothing. */
    assert_int_equal(psyi_release_cells_close(&cells, &error), PSY_OK);
    assert_true(psyi_release_hidden(&cells, sum[1]) && psyi_release_hidden(&cells, sum[2]));
    psyi_release_cells_done(&cells);
}

static void test_same_numbers_are_hidden_together(void **state)
{
    (void)state;
    open_cells(5);
    const uint32_t small = psyi_release_count(&cells, 3, 50, true, PSYI_PRICE_PART);
    const uint32_t again = psyi_release_count(&cells, 3, 50, true, PSYI_PRICE_PART);
    const uint32_t other = psyi_release_count(&cells, 7, 50, true, PSYI_PRICE_PART);
    psyi_release_same(&cells, small, again);
    psyi_release_same(&cells, small, other); /* not the same: no tie */
    assert_int_equal(psyi_release_cells_close(&cells, NULL), PSY_OK);
    assert_true(psyi_release_hidden(&cells, small) && psyi_release_hidden(&cells, again));
    assert_false(psyi_release_hidden(&cells, other));
    psyi_release_cells_done(&cells);
}

static void test_no_least_cell(void **state)
{
    (void)state;
    open_cells(0);
    const uint32_t one = psyi_release_count(&cells, 1, 2, true, PSYI_PRICE_PART);
    psyi_release_none_of_few(&cells, one, 2);
    const uint32_t mean = psyi_release_value(&cells, 3, 0, 10, true, PSYI_PRICE_PART);
    assert_int_equal(psyi_release_cells_close(&cells, NULL), PSY_OK);
    assert_false(psyi_release_hidden(&cells, one) || psyi_release_hidden(&cells, mean));
    psyi_release_cells_done(&cells);
}

static psy_status sweep(const psy_allocator *allocator, void *context)
{
    (void)context;
    psyi_release_cells to;
    psyi_release_cells_init(&to, 5, allocator);
    const uint32_t sum[] = {psyi_release_count(&to, 23, 60, true, PSYI_PRICE_SUM),
                            psyi_release_count(&to, 3, 50, true, PSYI_PRICE_PART),
                            psyi_release_count(&to, 20, 50, true, PSYI_PRICE_PART)};
    psyi_release_sum(&to, sum, 3);
    psyi_release_order(&to, sum[1], sum[2]);
    const psy_status status = psyi_release_cells_close(&to, NULL);
    psyi_release_cells_done(&to);
    return status;
}

static void test_no_memory(void **state)
{
    (void)state;
    assert_true(psy_sweep(sweep, NULL) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_hidden_for_its_own_sake),
        cmocka_unit_test(test_nobody_of_few),
        cmocka_unit_test(test_none_of_all_is_none_of_few),
        cmocka_unit_test(test_rests),
        cmocka_unit_test(test_one_of_two_values),
        cmocka_unit_test(test_a_zero_hidden_beside_others),
        cmocka_unit_test(test_a_total_that_is_always_shown),
        cmocka_unit_test(test_same_numbers_are_hidden_together),
        cmocka_unit_test(test_no_least_cell),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests_name("release_cells", tests, NULL, NULL);
}
