/*
 * test_near_copies.c -- the most similar sheet of a class, by hand and against plain loops.
 */
#include "small_grid.h"
#include "test_support.h"

#include <math.h>
#include <stdlib.h>

static small_grid g;
static double same[4096];
static size_t twin[4096];
static uint8_t why[4096];

static void test_copies_by_hand(void **state)
{
    (void)state;
    small_grid_text(&g, "1234 1234 1235 0000 0000 12.. 1234 4321");
    const uint32_t class_of[] = {7, 7, 7, 7, 7, 7, 8, 9};
    assert_int_equal(psy_validity_near_copies(&g.grid, class_of, 0, same, twin, why, NULL), PSY_OK);
    assert_true(same[0] == 1 && twin[0] == 1 && same[1] == 1 && twin[1] == 0);
    assert_true(same[2] == 1 && twin[2] == 5); /* both answers they share */
    /* Two all-zero sheets are nobody's copies. */
    assert_true(why[3] == PSY_INDEX_NO_VARIANCE && isnan(same[3]) && twin[3] == PSY_NO_ROW);
    assert_true(same[5] == 1 && twin[5] == 0); /* the first of equals */
    /* Alone in the class. */
    assert_true(why[6] == PSY_INDEX_TOO_FEW && isnan(same[6]) && why[7] == PSY_INDEX_TOO_FEW);
    assert_int_equal(psy_validity_near_copies(&g.grid, class_of, 3, same, twin, why, NULL), PSY_OK);
    assert_true(why[5] == PSY_INDEX_TOO_FEW && same[2] == 0.75 && twin[2] == 0);
    assert_int_equal(psy_validity_near_copies(&g.grid, NULL, 3, same, twin, why, NULL),
                     PSY_E_ARGUMENT);
}

static void test_copies_agree_with_plain_loops(void **state)
{
    (void)state;
    static uint32_t class_of[600];
    const size_t n_rows = 600, k = 37;
    uint64_t seed = 8;
    small_grid_random(&g, n_rows, k, 3, 6, 2);
    for (size_t row = 0; row < n_rows; row++)
        class_of[row] = small_grid_draw(&seed, 40) * 1000003u;
    assert_int_equal(psy_validity_near_copies(&g.grid, class_of, 20, same, twin, why, NULL),
                     PSY_OK);
    for (size_t row = 0; row < n_rows; row++) {
        double best = NAN;
        size_t best_row = PSY_NO_ROW;
        for (size_t other = 0; other < n_rows; other++) {
            unsigned common = 0, equal = 0;
            if (other == row || class_of[other] != class_of[row])
                continue;
            for (size_t i = 0; i < k; i++) {
                const int8_t a = g.answers[i][row], b = g.answers[i][other];
                common += a >= 0 && b >= 0;
                equal += a >= 0 && a == b;
            }
            if (common < 20 || (!isnan(best) && (double)equal / common <= best))
                continue;
            best = (double)equal / common;
            best_row = other;
        }
        assert_true(twin[row] == best_row && (isnan(best) ? isnan(same[row]) : same[row] == best));
    }
}

/* More items than one step of byte counters holds. */
static void test_many_items(void **state)
{
    (void)state;
    enum { N = 4096 };
    int8_t *const cells = malloc(2 * N);
    const int8_t **const columns = malloc(N * sizeof *columns);
    assert_non_null(cells);
    assert_non_null(columns);
    for (size_t i = 0; i < N; i++) {
        columns[i] = cells + 2 * i;
        cells[2 * i] = (int8_t)(i % 5);
        cells[2 * i + 1] = (int8_t)(i % 1000 == 0 ? 9 : (int)(i % 5));
    }
    psy_answer_grid grid = {PSY_ANSWER_GRID_VERSION, 1, N, 2, columns, NULL};
    const uint32_t class_of[2] = {1, 1};
    assert_int_equal(psy_validity_near_copies(&grid, class_of, 0, same, twin, why, NULL), PSY_OK);
    assert_true(same[0] == 4091.0 / 4096);
    grid.n_items = N + 1;
    assert_int_equal(psy_validity_near_copies(&grid, class_of, 0, same, twin, why, NULL),
                     PSY_E_ARGUMENT);
    free(cells);
    free(columns);
}

static void test_a_class_too_large_is_refused(void **state)
{
    (void)state;
    enum { N = 20001 };
    static int8_t column[N];
    static uint32_t class_of[N];
    const int8_t *const columns[1] = {column};
    const psy_answer_grid grid = {PSY_ANSWER_GRID_VERSION, 1, 1, N, columns, NULL};
    psy_error error;
    assert_int_equal(psy_validity_near_copies(&grid, class_of, 0, NULL, NULL, NULL, &error),
                     PSY_E_LIMIT);
    assert_string_equal(error.message,
                        "a class of 20001 sheets: pairs are compared within at most 20000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copies_by_hand),
        cmocka_unit_test(test_copies_agree_with_plain_loops),
        cmocka_unit_test(test_many_items),
        cmocka_unit_test(test_a_class_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
