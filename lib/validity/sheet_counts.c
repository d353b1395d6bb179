/*
 * sheet_counts.c -- what is counted on a sheet: answers, extremes, failed checks; and time.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "validity/grid.h"

#include <math.h>
#include <stdlib.h>

typedef struct count_work {
    const uint8_t *lo, *hi;
    uint32_t *answered, *at_lo, *at_hi, *outside;
} count_work;

static void count_rows(void *context, const psyi_row_block *block)
{
    const count_work *const work = context;
    for (size_t r = 0; r < block->n; r++) {
        const int8_t *const x = block->rows + r * block->n_items;
        uint32_t answered = 0, at_lo = 0, at_hi = 0, outside = 0;
        for (size_t i = 0; i < block->n_items; i++) {
            const int lo = work->lo != NULL ? work->lo[i] : 0, hi = work->hi[i];
            answered += x[i] >= 0;
            at_lo += x[i] == lo;
            at_hi += x[i] == hi;
            outside += x[i] >= 0 && (x[i] < lo || x[i] > hi);
        }
        const size_t row = block->first + r;
        if (work->answered != NULL)
            work->answered[row] = answered;
        if (work->at_lo != NULL)
            work->at_lo[row] = at_lo;
        if (work->at_hi != NULL)
            work->at_hi[row] = at_hi;
        if (work->outside != NULL)
            work->outside[row] = outside;
    }
}

psy_status psy_validity_counts(const psy_answer_grid *grid, const uint8_t *lowest,
                               const uint8_t *highest, uint32_t *answered, uint32_t *at_lowest,
                               uint32_t *at_highest, psy_error *error)
{
    count_work work = {lowest, highest, answered, at_lowest, at_highest, NULL};
    const psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (highest == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no highest codes");
    return psyi_grid_rows(grid, 0, count_rows, &work, error);
}

psy_status psy_validity_infrequency(const psy_answer_grid *grid, const uint8_t *good_lo,
                                    const uint8_t *good_hi, uint32_t *failed, uint32_t *asked,
                                    psy_error *error)
{
    count_work work = {good_lo, good_hi, asked, NULL, NULL, failed};
    const psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (good_lo == NULL || good_hi == NULL || (failed == NULL && grid->n_rows > 0))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "codes that pass, or place, missing");
    for (size_t i = 0; i < grid->n_items; i++)
        if (good_lo[i] > good_hi[i])
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "item %zu passes from %u to %u: the low end is above the high end", i,
                             good_lo[i], good_hi[i]);
    return psyi_grid_rows(grid, 0, count_rows, &work, error);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool known_time(double seconds)
{
    return seconds > 0 && isfinite(seconds);
}

static double median_of(double *values, size_t n)
{
    if (n == 0)
        return NAN;
    qsort(values, n, sizeof *values, ascending);
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

psy_status psy_validity_time(const double *seconds, const uint32_t *n_items, size_t n_rows,
                             double *per_item, double *relative, uint8_t *state,
                             const psy_allocator *allocator, psy_error *error)
{
    if (n_rows > 0 && (seconds == NULL || n_items == NULL))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "times or numbers of items missing");
    double median = NAN;
    if (relative != NULL) {
        double *const sorted = psyi_alloc(allocator, n_rows, sizeof *sorted);
        if (sorted == NULL)
            return psyi_fail_memory(error, "response times");
        size_t n = 0;
        for (size_t row = 0; row < n_rows; row++)
            if (known_time(seconds[row]))
                sorted[n++] = seconds[row];
        median = median_of(sorted, n);
        psyi_free(allocator, sorted);
    }
    for (size_t row = 0; row < n_rows; row++) {
        const bool known = known_time(seconds[row]), shown = n_items[row] > 0;
        if (per_item != NULL)
            per_item[row] = known && shown ? seconds[row] / n_items[row] : NAN;
        if (relative != NULL)
            relative[row] = known ? median / seconds[row] : NAN;
        psyi_set_state(state, row,
                       !known   ? PSY_INDEX_BLANKS
                       : !shown ? PSY_INDEX_TOO_FEW
                                : PSY_INDEX_DEFINED);
    }
    return PSY_OK;
}
