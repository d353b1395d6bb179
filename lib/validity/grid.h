/* grid.h -- walking over the rows of an answer grid, and its exact integer sums. */
#ifndef PSYSCREEN_VALIDITY_GRID_H
#define PSYSCREEN_VALIDITY_GRID_H

#include <psyscreen/validity.h>

#include <stdbool.h>

__extension__ typedef __int128 psyi_wide;

/* A few rows, turned so that a person's answers lie side by side. */
typedef struct psyi_row_block {
    size_t first, n;    /* rows first .. first + n - 1 of the grid */
    const int8_t *rows; /* [row * n_items + item]; negative: missing */
    size_t n_items;
    void *scratch; /* of the size asked for, zeroed once per thread's task */
} psyi_row_block;

typedef void psyi_row_task(void *context, const psyi_row_block *block);

/* The grid is as documented, or PSY_E_ARGUMENT. */
psy_status psyi_grid_check(const psy_answer_grid *grid, psy_error *error);
/* PSY_E_ARGUMENT when an answer is above highest[item]. */
psy_status psyi_grid_check_highest(const psy_answer_grid *grid, const uint8_t *highest,
                                   psy_error *error);
/* Run `task` over all rows, on several threads; tasks write to their own rows only. */
psy_status psyi_grid_rows(const psy_answer_grid *grid, size_t scratch_size, psyi_row_task *task,
                          void *context, psy_error *error);
/* complete[row] = 1 where no answer is missing, else 0; returns how many. */
size_t psyi_grid_complete(const psy_answer_grid *grid, uint8_t *complete);
/* Sums over complete rows: sums[item]. */
void psyi_grid_sums(const psy_answer_grid *grid, const uint8_t *complete, int64_t *sums);

static inline void psyi_set_state(uint8_t *state, size_t row, psy_index_state value)
{
    if (state != NULL)
        state[row] = (uint8_t)value;
}

/* r from sums over n pairs: exact up to one rounding each of the three terms.  false where
 * one side does not vary. */
bool psyi_exact_r(int64_t n, int64_t sx, int64_t sy, int64_t sxx, int64_t syy, int64_t sxy,
                  double *r);

/* Sums over rows that answered items i and j, each n_items x n_items, index i * n_items + j. */
typedef struct psyi_cross {
    size_t n_items;
    int64_t *xy;         /* sum of x_i x_j (i <= j only) */
    int64_t *n, *x, *xx; /* rows with both; sum of x_i; of x_i^2; NULL: rows complete */
} psyi_cross;

/* With `complete` only these rows count and only xy is filled; else all four are. */
psy_status psyi_cross_make(psyi_cross *out, const psy_answer_grid *grid, const uint8_t *complete,
                           psy_error *error);
void psyi_cross_done(psyi_cross *cross, const psy_allocator *allocator);

#endif
