/*
 * lms.c -- Box-Cox z scores, stable near L = 0, with the tails of WHO.
 */
#include "base/fail.h"

#include <psyscreen/lms.h>

#include <math.h>

/* Below this L log(y/M) is so small that expm1 of it is itself. */
#define NO_SKEW 1e-12

static int usable(const psy_lms *lms)
{
    return isfinite(lms->l) && lms->m > 0 && lms->s > 0 && isfinite(lms->m) && isfinite(lms->s);
}

double psy_lms_z(const psy_lms *lms, double y)
{
    if (!usable(lms) || !(y > 0) || isinf(y))
        return NAN;
    const double ratio = log(y / lms->m);
    return fabs(lms->l) < NO_SKEW ? ratio / lms->s : expm1(lms->l * ratio) / (lms->l * lms->s);
}

double psy_lms_measurement(const psy_lms *lms, double z)
{
    if (!usable(lms) || !isfinite(z))
        return NAN;
    if (fabs(lms->l) < NO_SKEW)
        return lms->m * exp(lms->s * z);
    const double far = lms->l * lms->s * z;
    return far > -1 ? lms->m * exp(log1p(far) / lms->l) : NAN;
}

double psy_lms_z_who(const psy_lms *lms, double y)
{
    const double z = psy_lms_z(lms, y);
    if (!(fabs(z) > 3))
        return z;
    const double side = z > 0 ? 1 : -1;
    const double third = psy_lms_measurement(lms, 3 * side);
    const double second = psy_lms_measurement(lms, 2 * side);
    return 3 * side + (y - third) / fabs(third - second);
}

psy_lms psy_lms_at(const double *ages, const psy_lms *table, size_t n, double age)
{
    if (n == 0 || !(age >= ages[0] && age <= ages[n - 1]))
        return (psy_lms){NAN, NAN, NAN};
    size_t low = 0, high = n - 1;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (ages[middle] <= age)
            low = middle;
        else
            high = middle;
    }
    if (age == ages[low])
        return table[low];
    if (age == ages[high])
        return table[high];
    const double share = (age - ages[low]) / (ages[high] - ages[low]);
    const psy_lms *const a = &table[low], *const b = &table[high];
    return (psy_lms){.l = a->l + (b->l - a->l) * share,
                     .m = a->m + (b->m - a->m) * share,
                     .s = a->s + (b->s - a->s) * share};
}

/* ---- one group ---------------------------------------------------------------------- */

typedef struct sample {
    const double *y;
    size_t n;
    double mean_log;
} sample;

/* Mean and population variance of the transformed values, taken from the geometric mean. */
static void transformed(const sample *of, double l, double *mean, double *variance)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < of->n; i++) {
        const double x = log(of->y[i]) - of->mean_log;
        sum += fabs(l) < NO_SKEW ? x : expm1(l * x) / l;
    }
    *mean = sum / (double)of->n;
    for (size_t i = 0; i < of->n; i++) {
        const double x = log(of->y[i]) - of->mean_log;
        const double far = (fabs(l) < NO_SKEW ? x : expm1(l * x) / l) - *mean;
        squares += far * far;
    }
    *variance = squares / (double)of->n;
}

/* With values divided by their geometric mean the Jacobian is 1 for every L. */
static double profile(const sample *of, double l)
{
    double mean, variance;
    transformed(of, l, &mean, &variance);
    return log(variance);
}

static psy_lms at_skew(const sample *of, double l)
{
    double mean, variance;
    transformed(of, l, &mean, &variance);
    /* (x^L - 1)/L has mean m: M^L = 1 + L m, and M^L L S is the deviation of x^L. */
    const double power = 1 + l * mean;
    const double m = fabs(l) < NO_SKEW ? exp(mean) : exp(log1p(l * mean) / l);
    return (psy_lms){.l = l, .m = m * exp(of->mean_log), .s = sqrt(variance) / power};
}

static double negative_likelihood(const sample *of, const psy_lms *lms)
{
    double sum = 0;
    for (size_t i = 0; i < of->n; i++) {
        const double z = psy_lms_z(lms, of->y[i]);
        sum += lms->l * log(of->y[i] / lms->m) - log(lms->s) - log(of->y[i]) - z * z / 2;
    }
    return 0.5 * (double)of->n * log(2 * M_PI) - sum;
}

psy_status psy_lms_fit(const double *y, size_t n, psy_lms *out, double *negative_log_likelihood,
                       psy_error *error)
{
    sample of = {.y = y, .n = n};
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(y[i] > 0) || isinf(y[i]))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "value %zu is not above 0 and finite: move the scale first", i + 1);
        of.mean_log += log(y[i]) / (double)n;
        least = fmin(least, y[i]);
        most = fmax(most, y[i]);
    }
    if (n < 3)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "L, M and S need at least 3 values");
    if (!(most > least))
        return psyi_fail(error, PSY_E_NUMERIC, NULL, "the values do not vary");
    /* The profile has one minimum; the golden section halves its bracket to the last digits
     * that the flat likelihood has. */
    const double golden = (sqrt(5) - 1) / 2;
    double lo = -10, hi = 10;
    double a = hi - golden * (hi - lo), b = lo + golden * (hi - lo);
    double at_a = profile(&of, a), at_b = profile(&of, b);
    while (hi - lo > 1e-9) {
        if (at_a < at_b) {
            hi = b;
            b = a;
            at_b = at_a;
            a = hi - golden * (hi - lo);
            at_a = profile(&of, a);
        } else {
            lo = a;
            a = b;
            at_a = at_b;
            b = lo + golden * (hi - lo);
            at_b = profile(&of, b);
        }
    }
    const double l = lo + (hi - lo) / 2;
    const psy_lms found = at_skew(&of, l);
    if (fabs(l) > 9.999 || !usable(&found))
        return psyi_fail(error, PSY_E_NUMERIC, NULL, "L has no maximum between -10 and 10");
    *out = found;
    if (negative_log_likelihood != NULL)
        *negative_log_likelihood = negative_likelihood(&of, &found);
    return PSY_OK;
}
