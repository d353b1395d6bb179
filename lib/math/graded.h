/* graded.h -- the graded response model at one point of the trait. */
#ifndef PSYSCREEN_MATH_GRADED_H
#define PSYSCREEN_MATH_GRADED_H

#include <stddef.h>

/* One item: P(score >= s) = 1/(1 + exp(-(a theta + d[s - 1]))), s = 1 .. highest. */
typedef struct psyi_graded {
    double a;
    size_t highest;
    const double *d;       /* falling */
    const double *log_gap; /* [s - 1] = log(1 - exp(d[s] - d[s - 1])), s = 1 .. highest - 1 */
} psyi_graded;

/* One category at one theta. */
typedef struct psyi_category {
    double p, log_p;
    double slope; /* d log p / d theta */
} psyi_category;

double psyi_graded_log_gap(double d, double next_d);
/* All highest + 1 categories. */
void psyi_graded_categories(const psyi_graded *item, double theta, psyi_category *out);
/* Adds the first and second derivative of log P(score) to *slope and *bend; the second is
 * never above 0. */
void psyi_graded_derivatives(const psyi_graded *item, size_t score, double theta, double *slope,
                             double *bend);

#endif
