/*
 * test_suppression.c -- tables by hand: what subtraction finds, what several sums find together,
 * what is hidden with it, and what cannot be protected.  (1,000 random tables, solved by another
 * program: tests/reference/suppression.)
 */
#include "test_support.h"

#include <psyscreen/suppression.h>

#include <string.h>

#define NONE INT64_MAX

/* Two rows and two columns with all totals: 0 1 | 2, 3 4 | 5, 6 7 | 8. */
static const uint32_t square_sums[][3] = {{2, 0, 1}, {5, 3, 4}, {8, 6, 7},
                                          {6, 0, 3}, {7, 1, 4}, {8, 2, 5}};

typedef struct square {
    psy_cell cells[9];
    psy_sum sums[6];
    psy_tables tables;
} square;

static void fill(square *s, int64_t a, int64_t b, int64_t c, int64_t d)
{
    const int64_t values[9] = {a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d};
    for (size_t i = 0; i < 9; i++) {
        const bool small = values[i] > 0 && values[i] < 5;
        s->cells[i] = (psy_cell){values[i],     0,
                                 NONE,          small ? 5 : 1,
                                 small ? 5 : 0, i == 8 ? 3 : i % 3 == 2 || i > 5 ? 2 : 1};
    }
    for (size_t i = 0; i < 6; i++)
        s->sums[i] = (psy_sum){square_sums[i], 3};
    s->tables = (psy_tables){s->cells, 9, s->sums, 6, NULL, 0};
}

static void test_subtraction_is_found(void **state)
{
    (void)state;
    square s;
    uint8_t hidden[9] = {1}, exposure[9];
    int64_t low[9], high[9];
    size_t n_leaks;
    fill(&s, 3, 20, 30, 40);
    assert_int_equal(psy_tables_audit(&s.tables, hidden, exposure, low, high, &n_leaks, NULL, NULL),
                     PSY_OK);
    assert_int_equal(n_leaks, 1);
    assert_int_equal(exposure[0], PSY_CELL_EXPOSED);
    assert_int_equal(low[0], 3);
    assert_int_equal(high[0], 3);
    assert_int_equal(exposure[1], PSY_CELL_SHOWN);
    assert_int_equal(low[1], 20);
}

/* A second cell of the row is not enough: the columns give both away. */
static void test_all_four_are_needed(void **state)
{
    (void)state;
    square s;
    uint8_t hidden[9] = {1, 1}, exposure[9];
    size_t n_leaks;
    fill(&s, 3, 20, 30, 40);
    assert_int_equal(
        psy_tables_audit(&s.tables, hidden, exposure, NULL, NULL, &n_leaks, NULL, NULL), PSY_OK);
    assert_int_equal(n_leaks, 2);
    memset(hidden, 0, sizeof hidden);
    hidden[0] = 1;
    assert_int_equal(psy_tables_suppress(&s.tables, hidden, NULL, NULL), PSY_OK);
    static const uint8_t wanted[9] = {1, 1, 0, 1, 1, 0, 0, 0, 0};
    assert_memory_equal(hidden, wanted, 9);
    int64_t low[9], high[9];
    assert_int_equal(psy_tables_audit(&s.tables, hidden, exposure, low, high, &n_leaks, NULL, NULL),
                     PSY_OK);
    assert_int_equal(n_leaks, 0);
    assert_int_equal(exposure[0], PSY_CELL_SAFE);
    assert_true(low[0] <= 0 || high[0] - low[0] >= 5);
}

/* 1 + 2 = 3: both hidden, but 0 to 3 does not cover what they ask for. */
static void test_a_narrow_interval_is_a_leak(void **state)
{
    (void)state;
    static const uint32_t parts[] = {2, 0, 1};
    const psy_sum sum = {parts, 3};
    const psy_cell cells[] = {
        {1, 0, NONE, 5, 5, 1}, {2, 0, NONE, 5, 5, 1}, {3, 0, NONE, 1, 0, PSY_CELL_FIXED}};
    const psy_tables tables = {cells, 3, &sum, 1, NULL, 0};
    uint8_t hidden[3] = {1, 1, 0}, exposure[3];
    int64_t low[3], high[3];
    size_t n_leaks;
    assert_int_equal(psy_tables_audit(&tables, hidden, exposure, low, high, &n_leaks, NULL, NULL),
                     PSY_OK);
    assert_int_equal(n_leaks, 2);
    assert_int_equal(exposure[0], PSY_CELL_NARROW);
    assert_int_equal(low[0], 0);
    assert_int_equal(high[0], 3);
    psy_error error;
    assert_int_equal(psy_tables_suppress(&tables, hidden, NULL, &error), PSY_E_INTERNAL);
    assert_non_null(strstr(error.message, "must not be published"));
}

/* Nothing is asked that nobody could have: a class of three hides all it can. */
static void test_known_bounds_limit_what_is_asked(void **state)
{
    (void)state;
    const psy_cell cells[] = {{2, 0, 3, 5, 5, 1}, {3, 0, 3, 1, 0, PSY_CELL_FIXED}};
    const psy_order order = {0, 1};
    const psy_tables tables = {cells, 2, NULL, 0, &order, 1};
    uint8_t hidden[2] = {1, 0}, exposure[2];
    size_t n_leaks;
    assert_int_equal(psy_tables_audit(&tables, hidden, exposure, NULL, NULL, &n_leaks, NULL, NULL),
                     PSY_OK);
    assert_int_equal(n_leaks, 0);
}

/* The part among the valid is 7 of at most 7 on the list: an order alone gives it away. */
static void test_orders_are_used(void **state)
{
    (void)state;
    static const uint32_t parts[] = {3, 0, 1}; /* 7 + 4 = 11 valid */
    const psy_sum sum = {parts, 3};
    const psy_cell cells[] = {{7, 0, NONE, 1, 0, 1},
                              {4, 0, NONE, 5, 5, 1},
                              {7, 0, NONE, 1, 0, 1}, /* on the list, beside cell 0 */
                              {11, 0, NONE, 1, 0, 2},
                              {4, 0, NONE, 5, 5, 1}}; /* on the list, beside cell 1 */
    const psy_order orders[] = {{0, 2}, {1, 4}};
    const psy_tables tables = {cells, 5, &sum, 1, orders, 2};
    uint8_t hidden[5] = {1, 1, 0, 0, 1}, exposure[5];
    int64_t low[5], high[5];
    size_t n_leaks;
    assert_int_equal(psy_tables_audit(&tables, hidden, exposure, low, high, &n_leaks, NULL, NULL),
                     PSY_OK);
    /* Cell 0 is at most 7, so cell 1 is at least 4: 4 to 11. */
    assert_int_equal(exposure[1], PSY_CELL_SAFE);
    assert_true(low[1] >= 4 && high[1] <= 11);
    assert_int_equal(psy_tables_suppress(&tables, hidden, NULL, NULL), PSY_OK);
}

/* T = 0 + 1 + 2, and a table of its own (4 = 5 + 6) that has nothing to do with it. */
static const uint32_t beside[] = {3, 0, 1, 2}, alone[] = {4, 5, 6}, known[] = {7, 1, 8};

static void expect_hidden(const psy_cell *cells, const psy_sum *sums, size_t n_sums,
                          const uint8_t wanted[9])
{
    const psy_tables tables = {cells, 9, sums, n_sums, NULL, 0};
    uint8_t hidden[9] = {1}, exposure[9];
    size_t n_leaks;
    assert_int_equal(psy_tables_suppress(&tables, hidden, NULL, NULL), PSY_OK);
    assert_memory_equal(hidden, wanted, 9);
    assert_int_equal(psy_tables_audit(&tables, hidden, exposure, NULL, NULL, &n_leaks, NULL, NULL),
                     PSY_OK);
    assert_int_equal(n_leaks, 0);
}

/* Cell 1 is the best companion by its value, but follows from 7 = 1 + 8, which are never hidden.
 * Once everything was hidden for it, and then nothing could be published. */
static void test_a_companion_that_is_known_is_shown(void **state)
{
    (void)state;
    const psy_cell cells[] = {{3, 0, NONE, 5, 5, 1},
                              {10, 0, NONE, 1, 0, 1},
                              {20, 0, NONE, 1, 0, 1},
                              {33, 0, NONE, 1, 0, PSY_CELL_FIXED},
                              {30, 0, NONE, 1, 0, 2},
                              {12, 0, NONE, 1, 0, 1},
                              {18, 0, NONE, 1, 0, 1},
                              {50, 0, NONE, 1, 0, PSY_CELL_FIXED},
                              {40, 0, NONE, 1, 0, PSY_CELL_FIXED}};
    const psy_sum sums[] = {{beside, 4}, {alone, 3}, {known, 3}};
    expect_hidden(cells, sums, 3, (const uint8_t[9]){1, 0, 1});
}

/* Cell 1 is hidden first, leaves too little room, and is not needed beside cell 2. */
static void test_a_companion_without_need_is_shown(void **state)
{
    (void)state;
    const psy_cell cells[] = {{3, 0, NONE, 5, 5, 1},
                              {6, 5, 7, 1, 0, 1},
                              {20, 0, NONE, 1, 0, 1},
                              {29, 0, NONE, 1, 0, PSY_CELL_FIXED},
                              {30, 0, NONE, 1, 0, 2},
                              {12, 0, NONE, 1, 0, 1},
                              {18, 0, NONE, 1, 0, 1},
                              {0, 0, NONE, 1, 0, PSY_CELL_FIXED},
                              {0, 0, NONE, 1, 0, PSY_CELL_FIXED}};
    const psy_sum sums[] = {{beside, 4}, {alone, 3}};
    expect_hidden(cells, sums, 2, (const uint8_t[9]){1, 0, 1});
}

/* A number that no table prints is unknown, but nothing is hidden for its sake: 0 + 6 = 6. */
static void test_a_number_that_may_be_known(void **state)
{
    (void)state;
    static const uint32_t parts[] = {2, 0, 1};
    const psy_sum sum = {parts, 3};
    const psy_cell cells[] = {
        {0, 0, 3, PSY_SPREAD_NONE, 0, 0}, {6, 0, NONE, 1, 0, 1}, {6, 0, NONE, 1, 0, 2}};
    const psy_tables tables = {cells, 3, &sum, 1, NULL, 0};
    uint8_t hidden[3] = {1}, exposure[3];
    size_t n_leaks;
    assert_int_equal(psy_tables_audit(&tables, hidden, exposure, NULL, NULL, &n_leaks, NULL, NULL),
                     PSY_OK);
    assert_int_equal(n_leaks, 0);
    assert_int_equal(psy_tables_suppress(&tables, hidden, NULL, NULL), PSY_OK);
    static const uint8_t wanted[3] = {1};
    assert_memory_equal(hidden, wanted, 3);
}

/* Whoever says nothing of it wants more than one value: only PSY_SPREAD_NONE lets it be known. */
static void test_a_spread_that_was_not_said(void **state)
{
    (void)state;
    static const uint32_t parts[] = {2, 0, 1};
    static const int64_t unsaid[] = {0, -2, INT64_MIN};
    const psy_sum sum = {parts, 3};
    for (size_t i = 0; i < sizeof unsaid / sizeof *unsaid; i++) {
        const psy_cell cells[] = {
            {1, 0, 3, unsaid[i], 0, 0}, {6, 0, NONE, 1, 0, 1}, {7, 0, NONE, 1, 0, 2}};
        const psy_tables tables = {cells, 3, &sum, 1, NULL, 0};
        uint8_t hidden[3] = {1}, exposure[3];
        size_t n_leaks;
        assert_int_equal(
            psy_tables_audit(&tables, hidden, exposure, NULL, NULL, &n_leaks, NULL, NULL), PSY_OK);
        assert_int_equal(n_leaks, 1);
        assert_int_equal(psy_tables_suppress(&tables, hidden, NULL, NULL), PSY_OK);
        assert_int_equal(hidden[1] + hidden[2], 1);
    }
}

static void test_tables_that_do_not_hold(void **state)
{
    (void)state;
    square s;
    uint8_t hidden[9] = {1}, exposure[9];
    size_t n_leaks;
    fill(&s, 3, 20, 30, 40);
    s.cells[8].value++;
    assert_int_equal(
        psy_tables_audit(&s.tables, hidden, exposure, NULL, NULL, &n_leaks, NULL, NULL),
        PSY_E_ARGUMENT);
    s.cells[8].value--;
    s.cells[0].high = 2;
    assert_int_equal(psy_tables_suppress(&s.tables, hidden, NULL, NULL), PSY_E_ARGUMENT);
    s.cells[0].high = NONE;
    const psy_order bad[] = {{8, 0}, {0, 9}};
    s.tables.orders = bad;
    s.tables.n_orders = 1;
    assert_int_equal(psy_tables_suppress(&s.tables, hidden, NULL, NULL), PSY_E_ARGUMENT);
    s.tables.orders = bad + 1;
    assert_int_equal(psy_tables_suppress(&s.tables, hidden, NULL, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_tables_audit(NULL, hidden, exposure, NULL, NULL, &n_leaks, NULL, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_tables_suppress(&s.tables, NULL, NULL, NULL), PSY_E_ARGUMENT);
}

static psy_status sweep(const psy_allocator *allocator, void *context)
{
    square *const s = context;
    uint8_t hidden[9] = {1};
    return psy_tables_suppress(&s->tables, hidden, allocator, NULL);
}

static void test_no_memory(void **state)
{
    (void)state;
    square s;
    fill(&s, 3, 20, 30, 40);
    assert_true(psy_sweep(sweep, &s) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_subtraction_is_found),
        cmocka_unit_test(test_all_four_are_needed),
        cmocka_unit_test(test_a_narrow_interval_is_a_leak),
        cmocka_unit_test(test_known_bounds_limit_what_is_asked),
        cmocka_unit_test(test_orders_are_used),
        cmocka_unit_test(test_a_companion_that_is_known_is_shown),
        cmocka_unit_test(test_a_companion_without_need_is_shown),
        cmocka_unit_test(test_a_number_that_may_be_known),
        cmocka_unit_test(test_a_spread_that_was_not_said),
        cmocka_unit_test(test_tables_that_do_not_hold),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
