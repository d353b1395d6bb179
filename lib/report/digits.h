/* digits.h -- small numbers into a text that has room for them. */
#ifndef PSYSCREEN_REPORT_DIGITS_H
#define PSYSCREEN_REPORT_DIGITS_H

#include <stddef.h>
#include <stdint.h>

/* Values of 32 bits at `at`, where there is room for PSYI_MOST_DIGITS; returns the end. */
#define PSYI_MOST_DIGITS 32

static inline char *psyi_integer_digits(char *at, int64_t value)
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char digits[24];
    size_t first = sizeof digits;
    if (value < 0)
        *at++ = '-';
    if (rest < 10) {
        *at++ = (char)('0' + rest);
        return at;
    }
    for (; rest > 0; rest /= 10)
        digits[--first] = (char)('0' + rest % 10);
    for (; first < sizeof digits; first++)
        *at++ = digits[first];
    return at;
}

/* value / 10^decimals, which is its own shortest form without trailing zeros. */
static inline char *psyi_decimal_digits(char *at, int64_t value, unsigned decimals)
{
    static const uint64_t powers[] = {1,      10,      100,      1000,      10000,
                                      100000, 1000000, 10000000, 100000000, 1000000000};
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    while (decimals > 0 && size % 10 == 0) {
        size /= 10;
        decimals--;
    }
    if (value < 0)
        *at++ = '-';
    at = psyi_integer_digits(at, (int64_t)(size / powers[decimals]));
    if (decimals == 0)
        return at;
    uint64_t rest = size % powers[decimals];
    *at = '.';
    for (unsigned i = decimals; i > 0; i--, rest /= 10)
        at[i] = (char)('0' + rest % 10);
    return at + decimals + 1;
}

#endif
