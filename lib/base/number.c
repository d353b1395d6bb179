/*
 * number.c -- doubles and integers to and from text, without any locale.
 *
 * Printing: the shortest decimal that reads back to the same double, plain from 0.0001 up
 * to below 1e16 and with an exponent outside; the closest, where several are as short.
 * Tens of millions of numbers get printed, so values of ordinary size are done in exact
 * 128-bit integers (what the C library would need a microsecond for takes a few dozen
 * nanoseconds); the rest go through it.  Reading: the grammar is checked here; strtod gets
 * digits and an exponent only, because what it takes for the decimal point depends on the
 * locale.
 */
#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Decimal digits of `value`, at least `width` of them; returns how many. */
static size_t print_digits(uint64_t value, size_t width, char *out)
{
    char digits[24];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0 || n < width);
    for (size_t i = 0; i < n; i++)
        out[i] = digits[n - 1 - i];
    return n;
}

/* `digits` (no trailing zeros) times 10^(exponent - n + 1): lay them out. */
static size_t lay_out(const char *digits, size_t n, int exponent, char *out)
{
    size_t at = 0;
    if (exponent < -4 || exponent >= 16) {
        out[at++] = digits[0];
        if (n > 1) {
            out[at++] = '.';
            memcpy(out + at, digits + 1, n - 1);
            at += n - 1;
        }
        out[at++] = 'e';
        if (exponent < 0)
            out[at++] = '-';
        return at + print_digits((uint64_t)abs(exponent), 1, out + at);
    }
    if (exponent < 0) {
        out[at++] = '0';
        out[at++] = '.';
        for (int i = -1; i > exponent; i--)
            out[at++] = '0';
        memcpy(out + at, digits, n);
        return at + n;
    }
    for (size_t i = 0; i < n || i <= (size_t)exponent; i++) {
        if (i == (size_t)exponent + 1)
            out[at++] = '.';
        out[at++] = i < n ? digits[i] : '0';
    }
    return at;
}

/* The number decimal times 10^-places. */
static size_t print_decimal(uint64_t decimal, int places, char *out)
{
    char digits[24];
    size_t n = print_digits(decimal, 1, digits);
    const int exponent = (int)n - 1 - places;
    while (n > 1 && digits[n - 1] == '0')
        n--;
    return lay_out(digits, n, exponent, out);
}

static bool reads_back(uint64_t decimal, int places, double value)
{
    char text[48];
    const size_t n = print_digits(decimal, 1, text);
    snprintf(text + n, sizeof text - n, "e%d", -places);
    return strtod(text, NULL) == value;
}

/* Any finite positive value: the first of 15, 16 and 17 digits that reads back. */
static size_t print_unusual(double value, char *out)
{
    uint64_t decimal = 0;
    int places = 0;
    /* Fewer can do where doubles are sparse. */
    for (int precision = value < DBL_MIN ? 1 : DBL_DIG; precision <= 17; precision++) {
        char text[40];
        snprintf(text, sizeof text, "%.*e", precision - 1, value);
        decimal = 0;
        const char *at = text;
        for (; *at != 'e'; at++)
            if (is_digit(*at)) /* skips the decimal point, whatever it is */
                decimal = decimal * 10 + (uint64_t)(*at - '0');
        places = precision - 1 - (int)strtol(at + 1, NULL, 10);
        if (precision == 17 || reads_back(decimal, places, value))
            break;
        /* Below a power of two the doubles are denser: the next decimal above may do. */
        if (reads_back(decimal + 1, places, value)) {
            decimal++;
            break;
        }
    }
    return print_decimal(decimal, places, out);
}

__extension__ typedef unsigned __int128 wide;

#define LEAST_USUAL 1e-10
#define MOST_USUAL  1e15

static const uint64_t power_of_5[] = {UINT64_C(1),
                                      UINT64_C(5),
                                      UINT64_C(25),
                                      UINT64_C(125),
                                      UINT64_C(625),
                                      UINT64_C(3125),
                                      UINT64_C(15625),
                                      UINT64_C(78125),
                                      UINT64_C(390625),
                                      UINT64_C(1953125),
                                      UINT64_C(9765625),
                                      UINT64_C(48828125),
                                      UINT64_C(244140625),
                                      UINT64_C(1220703125),
                                      UINT64_C(6103515625),
                                      UINT64_C(30517578125),
                                      UINT64_C(152587890625),
                                      UINT64_C(762939453125),
                                      UINT64_C(3814697265625),
                                      UINT64_C(19073486328125),
                                      UINT64_C(95367431640625),
                                      UINT64_C(476837158203125),
                                      UINT64_C(2384185791015625),
                                      UINT64_C(11920928955078125),
                                      UINT64_C(59604644775390625),
                                      UINT64_C(298023223876953125),
                                      UINT64_C(1490116119384765625),
                                      UINT64_C(7450580596923828125)};

/* A quarter of `limit` away at most; exactly as far reads back to an even m only. */
static bool within(wide apart, wide limit, uint64_t m)
{
    return 4 * apart < limit || (4 * apart == limit && m % 2 == 0);
}

/*
 * LEAST_USUAL <= value < MOST_USUAL and no integer.  With value = m 2^e and k decimal places,
 * value 10^k = m 5^k / 2^s, s = -(e + k) > 0, and m 5^k is exact in 128 bits.  The decimal
 * d / 10^k reads back when it is within half a unit of m, that is, when d 2^s is within
 * 5^k / 2 of m 5^k (a quarter below a power of two; a tie reads back only to an even m).
 */
static size_t print_usual(double value, char *out)
{
    int exponent;
    const uint64_t m = (uint64_t)ldexp(frexp(value, &exponent), 53);
    exponent -= 53;
    int magnitude = 0; /* digits in front of the point, or minus the zeros behind it */
    for (double power = 1; magnitude < 15 && value >= power; power *= 10)
        magnitude++;
    for (double power = 0.1; magnitude <= 0 && magnitude > -10 && value < power; power /= 10)
        magnitude--;
    uint64_t decimal = 0;
    int places = 0;
    for (int precision = DBL_DIG; precision <= 17; precision++) {
        places = precision - magnitude;
        const int shift = -(exponent + places);
        if (shift <= 0 || places < 0 || places > 27)
            return print_unusual(value, out);
        const uint64_t unit = power_of_5[places];
        const wide exact = (wide)m * unit;
        const wide half = (wide)1 << (shift - 1);
        const wide rest = exact & (((wide)1 << shift) - 1);
        decimal = (uint64_t)(exact >> shift);
        const bool up = rest > half || (rest == half && (decimal & 1) != 0);
        decimal += up;
        if (precision == 17)
            break; /* always reads back */
        const wide above = ((wide)1 << shift) - rest;
        const wide limit = 2 * (wide)unit;
        const bool tight = m == UINT64_C(1) << 52;
        if (within(up ? above : rest, tight && !up ? unit : limit, m))
            break;
        if (tight && !up && within(above, limit, m)) {
            decimal++;
            break;
        }
    }
    return print_decimal(decimal, places, out);
}

size_t psyi_number_print(double value, char *out)
{
    if (isnan(value)) {
        out[0] = '\0';
        return 0;
    }
    size_t at = 0;
    if (value < 0)
        out[at++] = '-';
    const double size = fabs(value);
    if (isinf(size)) {
        memcpy(out + at, "inf", 3);
        at += 3;
    } else if (size < MOST_USUAL && size == floor(size)) {
        at += print_digits((uint64_t)size, 1, out + at);
    } else if (size >= LEAST_USUAL && size < MOST_USUAL) {
        at += print_usual(size, out + at);
    } else {
        at += print_unusual(size, out + at);
    }
    out[at] = '\0';
    return at;
}

/* Digits beyond these cannot move the nearest double, except by not being all zero. */
#define MOST_DIGITS 800

/* The value of 0.d1 d2 d3... times 10^exponent. */
static double assemble(const char *digits, size_t n, long exponent)
{
    uint64_t mantissa = 0;
    if (n <= 15) {
        /* Both factors are exact, so the one operation rounds correctly. */
        static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
        for (size_t i = 0; i < n; i++)
            mantissa = mantissa * 10 + (uint64_t)(digits[i] - '0');
        const long shift = exponent - (long)n;
        if (shift >= 0 && shift <= 22)
            return (double)mantissa * power[shift];
        if (shift < 0 && shift >= -22)
            return (double)mantissa / power[-shift];
    }
    char text[MOST_DIGITS + 32];
    memcpy(text, digits, n);
    snprintf(text + n, sizeof text - n, "e%ld", exponent - (long)n);
    return strtod(text, NULL);
}

bool psyi_number_parse(const char *text, size_t length, double *out)
{
    const char *at = text, *const end = text + length;
    const bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    char digits[MOST_DIGITS + 1];
    size_t n = 0, seen = 0;
    long exponent = 0; /* of 0.d1 d2 d3... */
    bool point = false, rest = false;
    for (; at < end && (is_digit(*at) || (*at == '.' && !point)); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        seen++;
        if (n == 0 && *at == '0') {
            exponent -= point; /* a leading zero only moves the point */
            continue;
        }
        exponent += !point;
        if (n < MOST_DIGITS)
            digits[n++] = *at;
        else
            rest = rest || *at != '0';
    }
    if (seen == 0)
        return false;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        const bool down = at < end && *at == '-';
        if (at < end && (*at == '-' || *at == '+'))
            at++;
        if (at == end)
            return false;
        long given = 0;
        for (; at < end && is_digit(*at); at++)
            if (given < 1000000000)
                given = given * 10 + (*at - '0');
        exponent += down ? -given : given;
    }
    if (at != end)
        return false;
    if (rest)
        digits[n++] = '1';
    while (n > 0 && digits[n - 1] == '0')
        n--;
    const double value = n == 0 ? 0 : assemble(digits, n, exponent);
    if (!isfinite(value))
        return false;
    *out = negative ? -value : value;
    return true;
}

bool psyi_integer_parse(const char *text, size_t length, int64_t *out)
{
    size_t at = 0;
    const bool negative = length > 0 && text[0] == '-';
    if (length > 0 && (text[0] == '-' || text[0] == '+'))
        at++;
    if (at == length)
        return false;
    int64_t value = 0;
    for (; at < length; at++) {
        if (!is_digit(text[at]))
            return false;
        const int64_t digit = text[at] - '0';
        if (__builtin_mul_overflow(value, INT64_C(10), &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    /* Collected on the negative side, where INT64_MIN has a place. */
    if (!negative && value == INT64_MIN)
        return false;
    *out = negative ? value : -value;
    return true;
}
