/*
 * ratio.c -- exact arithmetic on ratios of 64-bit integers.
 *
 * Cut-offs are decided on these, never on doubles: doubles put exact ties on the wrong side.
 * Intermediate results have 128 bits, which no single operation on 64-bit parts exceeds;
 * what does not fit into 64 bits after reduction is "no value" and stays so.
 */
#include "base/number.h"

#include <math.h>

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

static unsigned_wide size_of(wide value)
{
    return value < 0 ? -(unsigned_wide)value : (unsigned_wide)value;
}

static unsigned_wide common_divisor(unsigned_wide a, unsigned_wide b)
{
    /* 128-bit division is slow: go on in 64 bits as soon as both fit. */
    while (b != 0 && (a >> 64 != 0 || b >> 64 != 0)) {
        const unsigned_wide rest = a % b;
        a = b;
        b = rest;
    }
    if (b == 0)
        return a;
    uint64_t x = (uint64_t)a, y = (uint64_t)b;
    while (y != 0) {
        const uint64_t rest = x % y;
        x = y;
        y = rest;
    }
    return x;
}

/* The same in 64 bits, where dividing takes a tenth of the time: what nearly all scores are. */
static psyi_ratio reduce_small(int64_t num, int64_t den)
{
    if (den == 1)
        return (psyi_ratio){num, 1};
    /* Standard scores are tenths: dividing by a constant is a multiplication, and five divisions a
     * score were a twentieth of a run. */
    if (den == 10) {
        if (num % 10 == 0)
            return (psyi_ratio){num / 10, 1};
        return num % 2 == 0   ? (psyi_ratio){num / 2, 5}
               : num % 5 == 0 ? (psyi_ratio){num / 5, 2}
                              : (psyi_ratio){num, 10};
    }
    uint64_t x = (uint64_t)den, y = (uint64_t)(num < 0 ? -num : num) % (uint64_t)den;
    while (y != 0) {
        const uint64_t rest = x % y;
        x = y;
        y = rest;
    }
    if (x == 1)
        return (psyi_ratio){num, den};
    return (psyi_ratio){num / (int64_t)x, den / (int64_t)x};
}

static psyi_ratio reduce(wide num, wide den)
{
    if (den > 0 && den <= INT64_MAX && num > INT64_MIN && num <= INT64_MAX)
        return reduce_small((int64_t)num, (int64_t)den);
    if (den == 0)
        return PSYI_RATIO_NONE;
    if (den < 0) {
        num = -num;
        den = -den;
    }
    if (den != 1) {
        const wide divisor = (wide)common_divisor(size_of(num), size_of(den));
        num /= divisor;
        den /= divisor;
    }
    if (num < INT64_MIN || num > INT64_MAX || den > INT64_MAX)
        return PSYI_RATIO_NONE;
    return (psyi_ratio){(int64_t)num, (int64_t)den};
}

static bool has_values(psyi_ratio a, psyi_ratio b)
{
    return a.den > 0 && b.den > 0;
}

psyi_ratio psyi_ratio_make(int64_t num, int64_t den)
{
    return reduce(num, den);
}

psyi_ratio psyi_ratio_add(psyi_ratio a, psyi_ratio b)
{
    if (!has_values(a, b))
        return PSYI_RATIO_NONE;
    return reduce((wide)a.num * b.den + (wide)b.num * a.den, (wide)a.den * b.den);
}

psyi_ratio psyi_ratio_sub(psyi_ratio a, psyi_ratio b)
{
    if (!has_values(a, b))
        return PSYI_RATIO_NONE;
    return reduce((wide)a.num * b.den - (wide)b.num * a.den, (wide)a.den * b.den);
}

psyi_ratio psyi_ratio_mul(psyi_ratio a, psyi_ratio b)
{
    if (!has_values(a, b))
        return PSYI_RATIO_NONE;
    return reduce((wide)a.num * b.num, (wide)a.den * b.den);
}

psyi_ratio psyi_ratio_div(psyi_ratio a, psyi_ratio b)
{
    if (!has_values(a, b) || b.num == 0)
        return PSYI_RATIO_NONE;
    return reduce((wide)a.num * b.den, (wide)a.den * b.num);
}

int psyi_ratio_compare(psyi_ratio a, psyi_ratio b)
{
    const wide left = (wide)a.num * b.den, right = (wide)b.num * a.den;
    return (left > right) - (left < right);
}

static wide floor_div(wide num, wide den)
{
    const wide quotient = num / den;
    return quotient - (num % den < 0);
}

psyi_ratio psyi_ratio_floor(psyi_ratio a)
{
    return a.den > 0 ? reduce(floor_div(a.num, a.den), 1) : PSYI_RATIO_NONE;
}

psyi_ratio psyi_ratio_ceil(psyi_ratio a)
{
    return a.den > 0 ? reduce(-floor_div(-(wide)a.num, a.den), 1) : PSYI_RATIO_NONE;
}

psyi_ratio psyi_ratio_round_half_up(psyi_ratio a)
{
    return psyi_ratio_round_to(a, 0);
}

psyi_ratio psyi_ratio_round_to(psyi_ratio a, unsigned decimals)
{
    static const int64_t power[] = {1,      10,      100,      1000,      10000,
                                    100000, 1000000, 10000000, 100000000, 1000000000};
    if (a.den <= 0 || decimals >= sizeof power / sizeof *power)
        return PSYI_RATIO_NONE;
    const wide scaled = 2 * (wide)a.num * power[decimals] + a.den;
    return reduce(floor_div(scaled, 2 * (wide)a.den), power[decimals]);
}

double psyi_ratio_double(psyi_ratio a)
{
    if (a.den <= 0)
        return NAN;
    const int64_t exact = INT64_C(1) << 53;
    if (a.num >= -exact && a.num <= exact && a.den <= exact)
        return (double)a.num / (double)a.den;
    /* Two roundings could miss the nearest double, so divide in 128 bits, fold the remainder
     * into the lowest of at least 62 bits, and let one conversion round. */
    unsigned_wide num = size_of(a.num);
    int shift = 0;
    while (num != 0 && num >> 126 == 0) {
        num <<= 1;
        shift++;
    }
    const unsigned_wide den = (unsigned_wide)a.den;
    unsigned_wide quotient = num / den;
    bool inexact = num % den != 0;
    while (quotient >> 63 != 0) {
        inexact = inexact || (quotient & 1) != 0;
        quotient >>= 1;
        shift--;
    }
    const double value = ldexp((double)(int64_t)((uint64_t)quotient | inexact), -shift);
    return a.num < 0 ? -value : value;
}

bool psyi_ratio_parse(const char *text, size_t length, psyi_ratio *out)
{
    size_t at = 0, digits = 0;
    const bool negative = length > 0 && text[0] == '-';
    if (length > 0 && (text[0] == '-' || text[0] == '+'))
        at++;
    int64_t num = 0, den = 1;
    bool point = false, digit = false;
    for (; at < length; at++) {
        const char c = text[at];
        if (c == '.' && !point) {
            point = true;
            digit = false; /* "2." is refused */
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        digit = true;
        /* Zeros in front of the point are free; all other digits count. */
        if (digits > 0 || c != '0' || point)
            digits++;
        if (digits > 18)
            return false;
        num = num * 10 + (c - '0');
        if (point)
            den *= 10;
    }
    if (!digit)
        return false;
    *out = psyi_ratio_make(negative ? -num : num, den);
    return true;
}

size_t psyi_ratio_print(psyi_ratio a, char *out)
{
    return psyi_number_print(psyi_ratio_double(a), out);
}
