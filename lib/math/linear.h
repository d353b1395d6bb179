/* linear.h -- small dense symmetric matrices, row-major, n x n. */
#ifndef PSYSCREEN_MATH_LINEAR_H
#define PSYSCREEN_MATH_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

/* A pivot of less than this share of its diagonal counts as zero: rounding leaves about
 * n * 1e-16 of a dependent column, while an item that is 1e-10 new is no item of its own. */
#define PSYI_RANK_TOLERANCE 1e-10

/* Cholesky factor L of the symmetric a = L L', in place in the lower triangle (the upper one
 * keeps a).  A row whose pivot is not above `tolerance` times its diagonal is a linear
 * combination of kept rows before it: it is left out, kept[i] (may be NULL) is false for it
 * and its row and column of L are zero.  Returns the rank; n means positive definite.  A
 * pivot below minus the tolerance, or NaN, means indefinite: SIZE_MAX. */
size_t psyi_cholesky(double *a, size_t n, double tolerance, bool *kept);
/* x := solution of L L' x = x, for a full factor. */
void psyi_cholesky_solve(const double *factor, size_t n, double *x);
/* diagonal[i] = the i-th diagonal element of the inverse of L L'; `work` has n places. */
void psyi_cholesky_inverse_diagonal(const double *factor, size_t n, double *diagonal, double *work);

#endif
