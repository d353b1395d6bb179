/*
 * suppress.c -- small counts do not leave a school.
 *
 * Primary: a count below the threshold but above zero is hidden.  Complementary: a hidden
 * cell that is the only one in a published sum could be had by subtraction, so a second one
 * of that sum is hidden with it.  A full audit of feasible intervals is not done here.
 */
#include "report/groups.h"

#include <math.h>

/* The cell to hide beside the only hidden one: the smallest visible part that is not zero,
 * else the smallest; the sum itself when there is no part left. */
static size_t companion(const uint64_t *counts, const bool *hidden, const psyi_equation *equation)
{
    size_t best = SIZE_MAX;
    for (size_t i = 1; i < equation->n_cells; i++) {
        const size_t cell = equation->cells[i];
        if (hidden[cell])
            continue;
        if (best == SIZE_MAX || (counts[cell] > 0) > (counts[best] > 0) ||
            ((counts[cell] > 0) == (counts[best] > 0) && counts[cell] < counts[best]))
            best = cell;
    }
    return best != SIZE_MAX ? best : hidden[equation->cells[0]] ? SIZE_MAX : equation->cells[0];
}

void psyi_suppress(const uint64_t *counts, bool *hidden, size_t n_cells, uint64_t threshold,
                   const psyi_equation *equations, size_t n_equations)
{
    for (size_t i = 0; i < n_cells; i++)
        hidden[i] = hidden[i] || (counts[i] > 0 && counts[i] < threshold);
    /* Each pass hides at least one more cell, so this ends. */
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < n_equations; i++) {
            size_t n_hidden = 0;
            for (size_t j = 0; j < equations[i].n_cells; j++)
                n_hidden += hidden[equations[i].cells[j]];
            if (n_hidden != 1)
                continue;
            const size_t with = companion(counts, hidden, &equations[i]);
            if (with == SIZE_MAX)
                continue;
            hidden[with] = true;
            changed = true;
        }
    }
}

void psyi_wilson(uint64_t k, uint64_t n, double *low, double *high)
{
    const double z = 1.959963984540054; /* 0.975 quantile of the normal distribution */
    const double total = (double)n, p = (double)k / total, zz = z * z;
    const double middle = (p + zz / (2 * total)) / (1 + zz / total);
    const double half = z * sqrt(p * (1 - p) / total + zz / (4 * total * total)) / (1 + zz / total);
    *low = k == 0 ? 0 : fmax(0, middle - half);
    *high = k == n ? 1 : fmin(1, middle + half);
}
