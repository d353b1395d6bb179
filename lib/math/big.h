/* big.h -- non-negative integers of up to 1,536 bits, for decisions that must be exact.
 *
 * Sums of squares of prorated scores have the common multiple of many denominators below
 * them, which 128 bits do not hold.  Values that do not fit are marked and stay marked. */
#ifndef PSYSCREEN_MATH_BIG_H
#define PSYSCREEN_MATH_BIG_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 psyi_u128;

#define PSYI_BIG_LIMBS 24

typedef struct psyi_big {
    unsigned n;                    /* limbs in use; the highest is not 0 */
    bool too_big;                  /* the value did not fit */
    uint64_t limb[PSYI_BIG_LIMBS]; /* lowest first */
} psyi_big;

void psyi_big_set(psyi_big *a, psyi_u128 value);
void psyi_big_add(psyi_big *a, const psyi_big *b);
/* a - b for a >= b. */
void psyi_big_subtract(psyi_big *a, const psyi_big *b);
void psyi_big_scale(psyi_big *a, uint64_t by);
/* `out` must be neither a nor b. */
void psyi_big_multiply(psyi_big *out, const psyi_big *a, const psyi_big *b);
/* a / by, rounded down; returns the remainder.  `by` is not 0. */
uint64_t psyi_big_divide(psyi_big *a, uint64_t by);
int psyi_big_compare(const psyi_big *a, const psyi_big *b);
/* The double nearest to num / den (ties to even); NaN when den is 0 or either is too big. */
double psyi_big_quotient(const psyi_big *num, const psyi_big *den);

#endif
