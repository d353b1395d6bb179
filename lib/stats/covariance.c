/*
 * covariance.c -- covariances of columns with missing values.
 *
 * Two passes, both in row order, so that the result is the same on every run; means first,
 * because a product of raw scores loses what their mean is large by.
 */
#include "stats/covariance.h"
#include "base/fail.h"
#include "base/memory.h"

#include <math.h>

#define MOST_ITEMS 1024

psy_status psyi_columns_check(const double *const *items, size_t n_items, size_t n_rows,
                              size_t fewest, psy_error *error)
{
    if (n_items < fewest || n_items > MOST_ITEMS)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "%zu items: expected %zu to %d", n_items,
                         fewest, MOST_ITEMS);
    if (items == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no columns");
    for (size_t i = 0; i < n_items && n_rows > 0; i++) {
        if (items[i] == NULL)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "column %zu is NULL", i);
        for (size_t row = 0; row < n_rows; row++)
            if (isinf(items[i][row]))
                return psyi_fail(error, PSY_E_ARGUMENT, NULL, "column %zu, row %zu is infinite", i,
                                 row);
    }
    return PSY_OK;
}

size_t psyi_complete_rows(const double *const *items, size_t n_items, size_t n_rows,
                          uint8_t *complete)
{
    size_t n = 0;
    for (size_t row = 0; row < n_rows; row++) {
        complete[row] = 1;
        for (size_t i = 0; i < n_items; i++)
            if (isnan(items[i][row]))
                complete[row] = 0;
        n += complete[row];
    }
    return n;
}

double psyi_pair_covariance(const double *x, const double *y, const uint8_t *complete,
                            size_t n_rows, size_t *n_used)
{
    double mean_x = 0, mean_y = 0, sum = 0, slip_x = 0, slip_y = 0;
    size_t n = 0;
    for (size_t row = 0; row < n_rows; row++) {
        if (complete != NULL ? !complete[row] : isnan(x[row]) || isnan(y[row]))
            continue;
        mean_x += x[row];
        mean_y += y[row];
        n++;
    }
    *n_used = n;
    if (n < 2)
        return NAN;
    mean_x /= (double)n;
    mean_y /= (double)n;
    for (size_t row = 0; row < n_rows; row++) {
        if (complete != NULL ? !complete[row] : isnan(x[row]) || isnan(y[row]))
            continue;
        sum += (x[row] - mean_x) * (y[row] - mean_y);
        slip_x += x[row] - mean_x;
        slip_y += y[row] - mean_y;
    }
    /* What the rounded means left over: 0 in exact arithmetic. */
    return (sum - slip_x * slip_y / (double)n) / (double)(n - 1);
}

psy_status psy_covariance(const double *const *items, size_t n_items, size_t n_rows,
                          psy_missing_rows rows, double *out, size_t *n_used,
                          const psy_allocator *allocator, psy_error *error)
{
    const psy_status status = psyi_columns_check(items, n_items, n_rows, 1, error);
    if (status != PSY_OK)
        return status;
    if (out == NULL || (rows != PSY_ROWS_LISTWISE && rows != PSY_ROWS_PAIRWISE))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no place, or no policy for missing rows");
    uint8_t *complete = NULL;
    if (rows == PSY_ROWS_LISTWISE) {
        complete = psyi_alloc(allocator, n_rows, sizeof *complete);
        if (complete == NULL)
            return psyi_fail_memory(error, "complete rows");
        psyi_complete_rows(items, n_items, n_rows, complete);
    }
    size_t fewest = n_rows;
    for (size_t i = 0; i < n_items; i++)
        for (size_t j = 0; j <= i; j++) {
            size_t n;
            const double c = psyi_pair_covariance(items[i], items[j], complete, n_rows, &n);
            out[i * n_items + j] = out[j * n_items + i] = c;
            fewest = n < fewest ? n : fewest;
        }
    if (n_used != NULL)
        *n_used = fewest;
    psyi_free(allocator, complete);
    return PSY_OK;
}
