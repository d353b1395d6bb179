/* covariance.h -- what the statistics share about columns with missing values. */
#ifndef PSYSCREEN_STATS_COVARIANCE_H
#define PSYSCREEN_STATS_COVARIANCE_H

#include <psyscreen/reliability.h>

#include <stdbool.h>

/* At least `fewest` columns, none NULL, no infinite value; else PSY_E_ARGUMENT. */
psy_status psyi_columns_check(const double *const *items, size_t n_items, size_t n_rows,
                              size_t fewest, psy_error *error);
/* complete[row] = 1 where no value is NaN; returns how many. */
size_t psyi_complete_rows(const double *const *items, size_t n_items, size_t n_rows,
                          uint8_t *complete);
/* Covariance (n - 1) over the rows of `complete`, or, where that is NULL, those with both;
 * NaN when they are fewer than 2. */
double psyi_pair_covariance(const double *x, const double *y, const uint8_t *complete,
                            size_t n_rows, size_t *n_used);

#endif
