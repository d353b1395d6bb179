/* small_grid.h -- answer grids written as text, and random ones, for the tests. */
#ifndef PSYSCREEN_TEST_SMALL_GRID_H
#define PSYSCREEN_TEST_SMALL_GRID_H

#include <psyscreen/validity.h>

/* One of these at a time holds up to 40 items of 4096 rows. */
typedef struct small_grid {
    int8_t answers[40][4096];
    const int8_t *columns[40];
    psy_answer_grid grid;
} small_grid;

/* Rows of digits, '.' = missing, separated by blanks: "112. 3333". */
void small_grid_text(small_grid *out, const char *rows);
/* Codes 0 to n_codes - 1; about one in `one_missing` answers is missing (0: none). */
void small_grid_random(small_grid *out, size_t n_rows, size_t n_items, unsigned n_codes,
                       unsigned one_missing, uint64_t seed);
/* A number from 0 to below - 1. */
unsigned small_grid_draw(uint64_t *seed, unsigned below);

#endif
