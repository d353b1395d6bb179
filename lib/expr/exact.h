/*
 * exact.h -- whole-number helpers of the shared form: its limits, and divisions that round
 * towards minus infinity.
 */
#ifndef PSYSCREEN_EXPR_EXACT_H
#define PSYSCREEN_EXPR_EXACT_H

#include <stdint.h>

__extension__ typedef __int128 psyi_wide;

/* Two numbers of this size add up in 64 bits with room to spare. */
#define PSYI_SIZE_LIMIT (INT64_C(1) << 60)
#define PSYI_DEN_LIMIT  (INT64_C(1) << 30)

static inline int64_t psyi_common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Least common multiple of two denominators; larger than PSYI_DEN_LIMIT when it does not
 * fit.  Both are positive and within the limit. */
static inline int64_t psyi_common_multiple(int64_t a, int64_t b)
{
    return a == b ? a : a / psyi_common_divisor(a, b) * b;
}

static inline int64_t psyi_floor_div(int64_t num, int64_t den)
{
    const int64_t quotient = num / den;
    return quotient - (num % den < 0);
}

static inline int64_t psyi_clamp(psyi_wide value)
{
    const psyi_wide limit = (psyi_wide)1 << 62;
    return (int64_t)(value > limit ? limit : value < -limit ? -limit : value);
}

/* floor(num * den / over), kept within 62 bits: no number of the shared form lies beyond. */
static inline int64_t psyi_floor_scaled(int64_t num, int64_t den, int64_t over)
{
    const psyi_wide product = (psyi_wide)num * den;
    const psyi_wide quotient = product / over;
    return psyi_clamp(quotient - (product % over < 0));
}

static inline int64_t psyi_ceil_scaled(int64_t num, int64_t den, int64_t over)
{
    const psyi_wide product = (psyi_wide)num * den;
    const psyi_wide quotient = product / over;
    return psyi_clamp(quotient + (product % over > 0));
}

#endif
