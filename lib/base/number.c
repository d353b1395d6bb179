/*
 * number.c -- doubles and integers to and from text, without any locale.
 *
 * Printing: the shortest decimal that reads back to the same double, plain from 0.0001 up
 * to below 1e16 and with an exponent outside.  Most numbers of a screening are integers or
 * have at most six decimals; those take an exact path without the C library: a decimal of
 * at most 15 digits that reads back is the only one so short.  The rest try 15, 16 and 17
 * digits.  Reading: the grammar is checked here; strtod gets digits and an exponent only,
 * because what it takes for the decimal point depends on the locale.
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

/* Any finite positive value. */
static size_t print_shortest(double value, char *out)
{
    char digits[24];
    size_t n = 0;
    int exponent = 0;
    for (int precision = DBL_DIG; precision <= 17; precision++) {
        char text[40];
        snprintf(text, sizeof text, "%.*e", precision - 1, value);
        n = 0;
        const char *at = text;
        for (; *at != 'e'; at++)
            if (is_digit(*at)) /* skips the decimal point, whatever it is */
                digits[n++] = *at;
        exponent = (int)strtol(at + 1, NULL, 10);
        if (precision == 17)
            break;
        char back[40];
        memcpy(back, digits, n);
        snprintf(back + n, sizeof back - n, "e%d", exponent - (int)n + 1);
        if (strtod(back, NULL) == value)
            break;
    }
    while (n > 1 && digits[n - 1] == '0')
        n--;
    return lay_out(digits, n, exponent, out);
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
    const double scaled = size * 1e6;
    if (isinf(size)) {
        memcpy(out + at, "inf", 3);
        at += 3;
    } else if (size < 1e15 && size == floor(size)) {
        at += print_digits((uint64_t)size, 1, out + at);
    } else if (size >= 1e-4 && scaled < 1e15 && rint(scaled) / 1e6 == size) {
        const uint64_t millionths = (uint64_t)rint(scaled);
        at += print_digits(millionths / 1000000, 1, out + at);
        out[at++] = '.';
        at += print_digits(millionths % 1000000, 6, out + at);
        while (out[at - 1] == '0')
            at--;
    } else {
        at += print_shortest(size, out + at);
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
