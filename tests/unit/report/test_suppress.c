/*
 * test_suppress.c -- small counts: hidden, and not to be had by subtraction; Wilson's
 * interval against published numbers.
 */
#include "report/groups.h"
#include "test_support.h"

#include <math.h>
#include <string.h>

static void test_counts_from_one_to_the_threshold_are_hidden(void **state)
{
    (void)state;
    static const uint64_t counts[] = {0, 1, 4, 5, 6};
    bool hidden[5] = {false};
    psyi_suppress(counts, hidden, 5, 5, NULL, 0);
    static const bool wanted[] = {false, true, true, false, false};
    assert_memory_equal(hidden, wanted, sizeof wanted);
}

static void test_the_only_hidden_part_gets_a_companion(void **state)
{
    (void)state;
    /* 40 = 3 + 30 + 7: the 3 alone would be 40 - 37. */
    static const uint64_t counts[] = {40, 3, 30, 7};
    static const size_t cells[] = {0, 1, 2, 3};
    static const psyi_equation sum = {cells, 4};
    bool hidden[4] = {false};
    psyi_suppress(counts, hidden, 4, 5, &sum, 1);
    static const bool wanted[] = {false, true, false, true};
    assert_memory_equal(hidden, wanted, sizeof wanted);
}

static void test_zeros_are_no_companions_while_others_are_left(void **state)
{
    (void)state;
    static const uint64_t counts[] = {10, 3, 0, 7};
    static const size_t cells[] = {0, 1, 2, 3};
    static const psyi_equation sum = {cells, 4};
    bool hidden[4] = {false};
    psyi_suppress(counts, hidden, 4, 5, &sum, 1);
    static const bool wanted[] = {false, true, false, true};
    assert_memory_equal(hidden, wanted, sizeof wanted);
}

static void test_a_single_part_takes_its_sum_along(void **state)
{
    (void)state;
    static const uint64_t counts[] = {3, 3, 0};
    static const size_t cells[] = {0, 1, 2};
    static const psyi_equation sum = {cells, 3};
    bool hidden[3] = {false};
    psyi_suppress(counts, hidden, 3, 5, &sum, 1);
    assert_true(hidden[0] && hidden[1]);
}

static void test_what_is_hidden_already_counts(void **state)
{
    (void)state;
    static const uint64_t counts[] = {60, 20, 40, 0};
    static const size_t cells[] = {0, 1, 2, 3};
    static const psyi_equation sum = {cells, 4};
    bool hidden[4] = {false, true, false, false};
    psyi_suppress(counts, hidden, 4, 5, &sum, 1);
    assert_true(hidden[2]);
}

/* A table with margins, rows by columns, where cell 0 of each sum is the margin. */
static void test_no_cell_of_a_table_follows_from_one_margin(void **state)
{
    (void)state;
    enum { ROWS = 7, COLUMNS = 4 };
    uint64_t chance = 12345;
    for (int round = 0; round < 500; round++) {
        uint64_t counts[ROWS * COLUMNS];
        memset(counts, 0, sizeof counts);
        for (size_t r = 1; r < ROWS; r++)
            for (size_t c = 1; c < COLUMNS; c++) {
                chance = chance * 6364136223846793005u + 1442695040888963407u;
                const uint64_t n = (chance >> 33) % 23;
                counts[r * COLUMNS + c] = n;
                counts[r * COLUMNS] += n;
                counts[c] += n;
                counts[0] += n;
            }
        size_t cells[ROWS * COLUMNS * 2];
        psyi_equation sums[ROWS + COLUMNS];
        size_t at = 0, n_sums = 0;
        for (size_t r = 0; r < ROWS; r++) {
            sums[n_sums++] = (psyi_equation){cells + at, COLUMNS};
            for (size_t c = 0; c < COLUMNS; c++)
                cells[at++] = r * COLUMNS + c;
        }
        for (size_t c = 0; c < COLUMNS; c++) {
            sums[n_sums++] = (psyi_equation){cells + at, ROWS};
            for (size_t r = 0; r < ROWS; r++)
                cells[at++] = r * COLUMNS + c;
        }
        bool hidden[ROWS * COLUMNS] = {false};
        psyi_suppress(counts, hidden, ROWS * COLUMNS, 5, sums, n_sums);
        for (size_t i = 0; i < ROWS * COLUMNS; i++)
            if (counts[i] > 0 && counts[i] < 5)
                assert_true(hidden[i]);
        for (size_t i = 0; i < n_sums; i++) {
            size_t n_hidden = 0;
            for (size_t j = 0; j < sums[i].n_cells; j++)
                n_hidden += hidden[sums[i].cells[j]];
            assert_int_not_equal(n_hidden, 1);
        }
    }
}

/* Newcombe (1998, Stat Med 17:857-872), table I: 81/263, 15/148, 0/20, 1/29, method 3. */
static void test_wilson_agrees_with_newcombe(void **state)
{
    (void)state;
    static const struct {
        uint64_t k, n;
        double low, high;
    } rows[] = {{81, 263, 0.2553, 0.3662},
                {15, 148, 0.0624, 0.1605},
                {0, 20, 0.0000, 0.1611},
                {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < 4; i++) {
        double low, high;
        psyi_wilson(rows[i].k, rows[i].n, &low, &high);
        assert_true(fabs(low - rows[i].low) < 5.1e-5);
        assert_true(fabs(high - rows[i].high) < 5.1e-5);
    }
    double low, high;
    psyi_wilson(7, 7, &low, &high);
    assert_true(high == 1.0 && low > 0 && low < 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_from_one_to_the_threshold_are_hidden),
        cmocka_unit_test(test_the_only_hidden_part_gets_a_companion),
        cmocka_unit_test(test_zeros_are_no_companions_while_others_are_left),
        cmocka_unit_test(test_a_single_part_takes_its_sum_along),
        cmocka_unit_test(test_what_is_hidden_already_counts),
        cmocka_unit_test(test_no_cell_of_a_table_follows_from_one_margin),
        cmocka_unit_test(test_wilson_agrees_with_newcombe),
    };
    return cmocka_run_group_tests_name("suppress", tests, NULL, NULL);
}
