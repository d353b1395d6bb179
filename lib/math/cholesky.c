/*
 * cholesky.c -- factor, solve, invert; with a rank decision that is told, never papered over.
 *
 * Loops run in one fixed order, so that results do not depend on anything but the input.
 */
#include "math/linear.h"

#include <math.h>
#include <stdint.h>

size_t psyi_cholesky(double *a, size_t n, double tolerance, bool *kept)
{
    size_t rank = 0;
    for (size_t i = 0; i < n; i++) {
        double *const row = a + i * n;
        const double diagonal = row[i];
        double pivot = diagonal;
        for (size_t j = 0; j < i; j++) {
            const double *const other = a + j * n;
            double sum = row[j];
            for (size_t m = 0; m < j; m++)
                sum -= row[m] * other[m];
            row[j] = other[j] > 0 ? sum / other[j] : 0;
            pivot -= row[j] * row[j];
        }
        const double slack = tolerance * fabs(diagonal);
        if (isnan(pivot) || pivot < -slack)
            return SIZE_MAX;
        const bool keep = pivot > slack;
        if (kept != NULL)
            kept[i] = keep;
        rank += keep;
        row[i] = keep ? sqrt(pivot) : 0;
        for (size_t j = 0; !keep && j < i; j++)
            row[j] = 0;
    }
    return rank;
}

void psyi_cholesky_solve(const double *factor, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++)
            x[i] -= factor[i * n + j] * x[j];
        x[i] /= factor[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++)
            x[i] -= factor[j * n + i] * x[j];
        x[i] /= factor[i * n + i];
    }
}

void psyi_cholesky_inverse_diagonal(const double *factor, size_t n, double *diagonal, double *work)
{
    /* The inverse is M'M with M the inverse of L, whose columns come one by one. */
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t r = i; r < n; r++) {
            double value = r == i ? 1 : 0;
            for (size_t m = i; m < r; m++)
                value -= factor[r * n + m] * work[m];
            work[r] = value / factor[r * n + r];
            sum += work[r] * work[r];
        }
        diagonal[i] = sum;
    }
}
