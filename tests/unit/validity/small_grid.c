/*
 * small_grid.c -- see small_grid.h.
 */
#include "small_grid.h"
#include "test_support.h"

static void finish(small_grid *out, size_t n_rows, size_t n_items)
{
    for (size_t i = 0; i < 40; i++)
        out->columns[i] = out->answers[i];
    out->grid = (psy_answer_grid){PSY_ANSWER_GRID_VERSION, 1, n_items, n_rows, out->columns, NULL};
}

void small_grid_text(small_grid *out, const char *rows)
{
    size_t row = 0, item = 0, n_items = 0;
    for (const char *at = rows;; at++) {
        if (*at == ' ' || *at == '\0') {
            assert_true(row == 0 || item == n_items);
            n_items = item;
            row++;
            item = 0;
            if (*at == '\0')
                break;
            continue;
        }
        out->answers[item++][row] = (int8_t)(*at == '.' ? -1 : *at - '0');
    }
    finish(out, row, n_items);
}

unsigned small_grid_draw(uint64_t *seed, unsigned below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((*seed >> 33) % below);
}

void small_grid_random(small_grid *out, size_t n_rows, size_t n_items, unsigned n_codes,
                       unsigned one_missing, uint64_t seed)
{
    assert_true(n_rows <= 4096 && n_items <= 40);
    for (size_t row = 0; row < n_rows; row++)
        for (size_t i = 0; i < n_items; i++) {
            const bool missing = one_missing > 0 && small_grid_draw(&seed, one_missing) == 0;
            const unsigned code = small_grid_draw(&seed, n_codes);
            out->answers[i][row] = (int8_t)(missing ? -1 - (int)(code % 3) : (int)code);
        }
    finish(out, n_rows, n_items);
}
