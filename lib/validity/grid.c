/*
 * grid.c -- checks of an answer grid, and the walk over its rows.
 *
 * Columns come in, persons are judged: rows are turned in blocks small enough for the first
 * level of cache.  Each thread writes to rows of its own, so the number of threads changes
 * nothing.
 */
#include "validity/grid.h"
#include "base/fail.h"
#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>

#define BLOCK_ROWS 64
/* Rows of one task: enough to make the thread worth it, few enough to share evenly. */
#define TASK_ROWS  1024
#define MOST_ITEMS 4096

psy_status psyi_grid_check(const psy_answer_grid *grid, psy_error *error)
{
    if (grid == NULL || grid->version != PSY_ANSWER_GRID_VERSION)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "the answer grid has no known version");
    if (grid->n_items == 0 || grid->n_items > MOST_ITEMS)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a grid of %zu items: expected 1 to %d",
                         grid->n_items, MOST_ITEMS);
    if (grid->items == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "the grid has no columns");
    for (size_t i = 0; i < grid->n_items && grid->n_rows > 0; i++)
        if (grid->items[i] == NULL)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "column %zu of the grid is NULL", i);
    return PSY_OK;
}

psy_status psyi_grid_check_highest(const psy_answer_grid *grid, const uint8_t *highest,
                                   psy_error *error)
{
    for (size_t i = 0; i < grid->n_items; i++) {
        const int8_t *const column = grid->items[i];
        int8_t largest = -1;
        for (size_t row = 0; row < grid->n_rows; row++)
            largest = column[row] > largest ? column[row] : largest;
        if (largest > (int)highest[i])
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "item %zu has an answer above its highest score %u", i, highest[i]);
    }
    return PSY_OK;
}

typedef struct row_walk {
    const psy_answer_grid *grid;
    size_t scratch_size;
    psyi_row_task *task;
    void *context;
} row_walk;

static psy_status walk_rows(void *context, size_t index, psy_error *error)
{
    const row_walk *const walk = context;
    const psy_answer_grid *const grid = walk->grid;
    const size_t k = grid->n_items, end = grid->n_rows < (index + 1) * TASK_ROWS
                                              ? grid->n_rows
                                              : (index + 1) * TASK_ROWS;
    int8_t *const rows = psyi_alloc(grid->allocator, BLOCK_ROWS, k);
    void *const scratch = psyi_alloc(grid->allocator, walk->scratch_size, 1);
    psy_status status = PSY_OK;
    if (rows == NULL || scratch == NULL)
        status = psyi_fail_memory(error, "a block of answers");
    for (size_t first = index * TASK_ROWS; status == PSY_OK && first < end; first += BLOCK_ROWS) {
        const size_t n = end - first < BLOCK_ROWS ? end - first : BLOCK_ROWS;
        for (size_t item = 0; item < k; item++) {
            const int8_t *const column = grid->items[item] + first;
            for (size_t row = 0; row < n; row++)
                rows[row * k + item] = column[row];
        }
        const psyi_row_block block = {first, n, rows, k, scratch};
        walk->task(walk->context, &block);
    }
    psyi_free(grid->allocator, rows);
    psyi_free(grid->allocator, scratch);
    return status;
}

psy_status psyi_grid_rows(const psy_answer_grid *grid, size_t scratch_size, psyi_row_task *task,
                          void *context, psy_error *error)
{
    row_walk walk = {grid, scratch_size, task, context};
    if (grid->n_rows == 0)
        return PSY_OK;
    return psyi_parallel(grid->n_threads, (grid->n_rows - 1) / TASK_ROWS + 1, walk_rows, &walk,
                         grid->allocator, error);
}

size_t psyi_grid_complete(const psy_answer_grid *grid, uint8_t *complete)
{
    size_t n = 0;
    for (size_t row = 0; row < grid->n_rows; row++)
        complete[row] = 1;
    for (size_t i = 0; i < grid->n_items; i++) {
        const int8_t *const column = grid->items[i];
        for (size_t row = 0; row < grid->n_rows; row++)
            complete[row] &= (uint8_t)(column[row] >= 0);
    }
    for (size_t row = 0; row < grid->n_rows; row++)
        n += complete[row];
    return n;
}

void psyi_grid_sums(const psy_answer_grid *grid, const uint8_t *complete, int64_t *sums)
{
    for (size_t i = 0; i < grid->n_items; i++) {
        const int8_t *const column = grid->items[i];
        int64_t sum = 0;
        for (size_t row = 0; row < grid->n_rows; row++)
            sum += complete[row] ? column[row] : 0;
        sums[i] = sum;
    }
}

bool psyi_exact_r(int64_t n, int64_t sx, int64_t sy, int64_t sxx, int64_t syy, int64_t sxy,
                  double *r)
{
    const psyi_wide vx = (psyi_wide)n * sxx - (psyi_wide)sx * sx;
    const psyi_wide vy = (psyi_wide)n * syy - (psyi_wide)sy * sy;
    const psyi_wide c = (psyi_wide)n * sxy - (psyi_wide)sx * sy;
    if (vx <= 0 || vy <= 0)
        return false;
    *r = fmax(-1, fmin(1, (double)c / (sqrt((double)vx) * sqrt((double)vy))));
    return true;
}
