/* number.h -- numbers to and from text, and exact ratios of integers. */
#ifndef PSYSCREEN_BASE_NUMBER_H
#define PSYSCREEN_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Shortest decimal text that reads back to the same double ("0.1", "1e-07" as "1e-7",
 * "-0" as "0"); out has at least 32 bytes.  Returns its length; 0 for NaN.  No locale. */
size_t psyi_number_print(double value, char *out);
/* The whole text must be one finite number in C notation.  No locale, no blanks. */
bool psyi_number_parse(const char *text, size_t length, double *out);
bool psyi_integer_parse(const char *text, size_t length, int64_t *out);

/* An exact ratio; den > 0, or den == 0 for "no value" (overflow, division by zero), which
 * every operation hands on.  Results are in lowest terms. */
typedef struct psyi_ratio {
    int64_t num, den;
} psyi_ratio;

#define PSYI_RATIO_NONE ((psyi_ratio){0, 0})

psyi_ratio psyi_ratio_make(int64_t num, int64_t den); /* reduces; den may be negative */
psyi_ratio psyi_ratio_add(psyi_ratio a, psyi_ratio b);
psyi_ratio psyi_ratio_sub(psyi_ratio a, psyi_ratio b);
psyi_ratio psyi_ratio_mul(psyi_ratio a, psyi_ratio b);
psyi_ratio psyi_ratio_div(psyi_ratio a, psyi_ratio b); /* b = 0: none */
int psyi_ratio_compare(psyi_ratio a, psyi_ratio b);    /* -1, 0, 1; both must have values */
psyi_ratio psyi_ratio_floor(psyi_ratio a);
psyi_ratio psyi_ratio_ceil(psyi_ratio a);
psyi_ratio psyi_ratio_round_half_up(psyi_ratio a);               /* floor(a + 1/2) */
psyi_ratio psyi_ratio_round_to(psyi_ratio a, unsigned decimals); /* half up, 0..9 */
double psyi_ratio_double(psyi_ratio a);                          /* NaN for none */
/* An exact decimal, "2.5", "-.05", "1e3" refused; at most 18 digits. */
bool psyi_ratio_parse(const char *text, size_t length, psyi_ratio *out);
/* As psyi_number_print of the nearest double. */
size_t psyi_ratio_print(psyi_ratio a, char *out);

#endif
