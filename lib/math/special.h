/* special.h -- the incomplete beta and gamma functions, both tails at once. */
#ifndef PSYSCREEN_MATH_SPECIAL_H
#define PSYSCREEN_MATH_SPECIAL_H

#include <stdbool.h>

/* A probability and what is left of it, neither by subtracting the other. */
typedef struct psyi_tails {
    double lower, upper;
} psyi_tails;

/* I_x(a, b); y is 1 - x, given apart because it may be known more exactly.  x and y in
 * [0, 1]; a and b within psyi_beta_domain(). */
psyi_tails psyi_beta_tails(double x, double y, double a, double b);
/* x in `lower`, 1 - x in `upper`, with I_x(a, b) = p; `p.upper` is 1 - p. */
psyi_tails psyi_beta_solve(psyi_tails p, double a, double b);
bool psyi_beta_domain(double a, double b);
/* P(a, x) and Q(a, x); x > 0 and finite, a in [1e-4, 1e8]. */
psyi_tails psyi_gamma_tails(double a, double x);
/* x log(x/m) + m - x for x > 0, m > 0: how much an outcome x surprises when m is expected,
 * exact also where both are nearly equal. */
double psyi_deviance(double x, double m);

#endif
