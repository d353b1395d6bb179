/*
 * big.c -- school arithmetic on a fixed number of limbs.
 *
 * No memory is taken and nothing is fast here: one group of a norm needs a few dozen of
 * these operations.  What does not fit is marked, and the mark is contagious, so that a
 * caller checks once at the end.
 */
#include "math/big.h"

#include <math.h>
#include <string.h>

void psyi_big_set(psyi_big *a, psyi_u128 value)
{
    a->too_big = false;
    a->limb[0] = (uint64_t)value;
    a->limb[1] = (uint64_t)(value >> 64);
    a->n = a->limb[1] != 0 ? 2 : a->limb[0] != 0 ? 1 : 0;
}

void psyi_big_add(psyi_big *a, const psyi_big *b)
{
    a->too_big = a->too_big || b->too_big;
    const unsigned n = a->n > b->n ? a->n : b->n;
    uint64_t carry = 0;
    for (unsigned i = 0; i < n; i++) {
        const psyi_u128 sum =
            (psyi_u128)(i < a->n ? a->limb[i] : 0) + (i < b->n ? b->limb[i] : 0) + carry;
        a->limb[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    a->n = n;
    if (carry == 0)
        return;
    if (n == PSYI_BIG_LIMBS)
        a->too_big = true;
    else
        a->limb[a->n++] = carry;
}

void psyi_big_subtract(psyi_big *a, const psyi_big *b)
{
    a->too_big = a->too_big || b->too_big;
    uint64_t borrow = 0;
    for (unsigned i = 0; i < a->n; i++) {
        const psyi_u128 take = (psyi_u128)(i < b->n ? b->limb[i] : 0) + borrow;
        borrow = a->limb[i] < take;
        a->limb[i] = (uint64_t)(a->limb[i] - take);
    }
    while (a->n > 0 && a->limb[a->n - 1] == 0)
        a->n--;
}

void psyi_big_scale(psyi_big *a, uint64_t by)
{
    uint64_t carry = 0;
    for (unsigned i = 0; i < a->n; i++) {
        const psyi_u128 product = (psyi_u128)a->limb[i] * by + carry;
        a->limb[i] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    if (by == 0)
        a->n = 0;
    if (carry == 0)
        return;
    if (a->n == PSYI_BIG_LIMBS)
        a->too_big = true;
    else
        a->limb[a->n++] = carry;
}

void psyi_big_multiply(psyi_big *out, const psyi_big *a, const psyi_big *b)
{
    out->too_big = a->too_big || b->too_big || a->n + b->n > PSYI_BIG_LIMBS;
    out->n = 0;
    if (out->too_big || a->n == 0 || b->n == 0)
        return;
    out->n = a->n + b->n;
    memset(out->limb, 0, out->n * sizeof *out->limb);
    for (unsigned i = 0; i < a->n; i++) {
        uint64_t carry = 0;
        for (unsigned j = 0; j < b->n; j++) {
            const psyi_u128 product = (psyi_u128)a->limb[i] * b->limb[j] + out->limb[i + j] + carry;
            out->limb[i + j] = (uint64_t)product;
            carry = (uint64_t)(product >> 64);
        }
        out->limb[i + b->n] = carry;
    }
    while (out->n > 0 && out->limb[out->n - 1] == 0)
        out->n--;
}

uint64_t psyi_big_divide(psyi_big *a, uint64_t by)
{
    uint64_t rest = 0;
    for (unsigned i = a->n; i-- > 0;) {
        const psyi_u128 part = (psyi_u128)rest << 64 | a->limb[i];
        a->limb[i] = (uint64_t)(part / by);
        rest = (uint64_t)(part % by);
    }
    while (a->n > 0 && a->limb[a->n - 1] == 0)
        a->n--;
    return rest;
}

int psyi_big_compare(const psyi_big *a, const psyi_big *b)
{
    if (a->n != b->n)
        return a->n > b->n ? 1 : -1;
    for (unsigned i = a->n; i-- > 0;)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] > b->limb[i] ? 1 : -1;
    return 0;
}

static int bit_length(const psyi_big *a)
{
    return a->n == 0 ? 0 : (int)(64 * a->n) - __builtin_clzll(a->limb[a->n - 1]);
}

static void shift_left(psyi_big *a, unsigned by)
{
    for (; by >= 32; by -= 32)
        psyi_big_scale(a, UINT64_C(1) << 32);
    psyi_big_scale(a, UINT64_C(1) << by);
}

double psyi_big_quotient(const psyi_big *num, const psyi_big *den)
{
    if (num->too_big || den->too_big || den->n == 0)
        return NAN;
    if (num->n == 0)
        return 0;
    /* Bring the quotient into [2^61, 2^63) and take its bits one by one; what remains below
     * them only says "more than", which the lowest bit stands for when the double rounds. */
    psyi_big rest = *num, divisor = *den;
    const int shift = 62 - (bit_length(num) - bit_length(den));
    if (shift > 0)
        shift_left(&rest, (unsigned)shift);
    else
        shift_left(&divisor, (unsigned)-shift);
    shift_left(&divisor, 62);
    uint64_t bits = 0;
    for (int i = 0; i < 63; i++) {
        bits <<= 1;
        if (psyi_big_compare(&rest, &divisor) >= 0) {
            psyi_big_subtract(&rest, &divisor);
            bits |= 1;
        }
        psyi_big_scale(&rest, 2);
    }
    if (rest.too_big || divisor.too_big)
        return NAN;
    return ldexp((double)(int64_t)(bits | (rest.n != 0)), -shift);
}
