/*
 * regression_norm.c -- polynomials of norm score and age: value, root, monotony.
 */
#include "base/fail.h"

#include <psyscreen/regression_norm.h>

#include <math.h>

enum { MOST_POWER = 9, SEARCH_STEPS = 100 };

/* The polynomial in L at one age. */
typedef struct curve {
    double c[MOST_POWER + 1];
} curve;

static curve curve_at(const psy_regression_norm *norm, double age)
{
    double power[MOST_POWER + 1] = {1};
    curve at = {{0}};
    for (int i = 1; i <= MOST_POWER; i++)
        power[i] = power[i - 1] * age;
    for (size_t i = 0; i < norm->n_terms; i++) {
        const psy_regression_term *const term = &norm->terms[i];
        if (term->power_l <= MOST_POWER && term->power_a <= MOST_POWER)
            at.c[term->power_l] += term->coefficient * power[term->power_a];
    }
    return at;
}

static double value(const curve *at, double l)
{
    double sum = 0;
    for (int i = MOST_POWER; i >= 0; i--)
        sum = sum * l + at->c[i];
    return sum;
}

double psy_regression_raw(const psy_regression_norm *norm, double l, double age)
{
    const curve at = curve_at(norm, age);
    return value(&at, l);
}

double psy_regression_slope(const psy_regression_norm *norm, double l, double age)
{
    const curve at = curve_at(norm, age);
    double sum = 0;
    for (int i = MOST_POWER; i >= 1; i--)
        sum = sum * l + i * at.c[i];
    return sum;
}

/* The root between a and b, where the curve less `raw` has different signs. */
static double root(const curve *at, double raw, double a, double b)
{
    double below = value(at, a) < raw ? a : b, above = below == a ? b : a;
    for (int i = 0; i < 200; i++) {
        const double middle = below + (above - below) / 2;
        if (middle == below || middle == above)
            break;
        if (value(at, middle) < raw)
            below = middle;
        else
            above = middle;
    }
    return below + (above - below) / 2;
}

double psy_regression_standard(const psy_regression_norm *norm, double raw, double age,
                               int32_t *clipped)
{
    if (clipped != NULL)
        *clipped = 0;
    if (isnan(raw) || !(age >= norm->age_lo && age <= norm->age_hi))
        return NAN;
    const curve at = curve_at(norm, age);
    const double middle = norm->norm_lo + (norm->norm_hi - norm->norm_lo) / 2;
    const double here = value(&at, middle);
    if (here == raw)
        return middle;
    const double end = raw > here ? norm->norm_hi : norm->norm_lo;
    double from = middle;
    for (int i = 1; i <= SEARCH_STEPS; i++) {
        const double to = i == SEARCH_STEPS ? end : middle + (end - middle) * i / SEARCH_STEPS;
        const double there = value(&at, to);
        if ((raw > here && there >= raw) || (raw < here && there <= raw)) {
            if (to == end && there == raw) /* met at the very end: nothing was cut */
                return end;
            return root(&at, raw, from, to);
        }
        from = to;
    }
    if (clipped != NULL)
        *clipped = raw > here ? 1 : -1;
    return end;
}

static psy_status check_model(const psy_regression_norm *norm, psy_error *error)
{
    if (norm->n_terms == 0 || !(norm->norm_lo < norm->norm_hi) || !(norm->raw_lo < norm->raw_hi) ||
        !(norm->age_lo <= norm->age_hi) || !isfinite(norm->age_lo) || !isfinite(norm->age_hi) ||
        !isfinite(norm->norm_lo) || !isfinite(norm->norm_hi) || !isfinite(norm->raw_lo) ||
        !isfinite(norm->raw_hi))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a regression norm needs terms and ranges that are not empty");
    for (size_t i = 0; i < norm->n_terms; i++)
        if (norm->terms[i].power_l > MOST_POWER || norm->terms[i].power_a > MOST_POWER ||
            !isfinite(norm->terms[i].coefficient))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "term %zu has a power above 9 or no finite coefficient", i + 1);
    return PSY_OK;
}

psy_status psy_regression_check(const psy_regression_norm *norm, uint32_t norm_steps,
                                uint32_t age_steps, psy_regression_fall *fall, psy_error *error)
{
    psy_status status = check_model(norm, error);
    if (status == PSY_OK &&
        (norm_steps < 1 || norm_steps > 10000 || age_steps < 1 || age_steps > 10000))
        status = psyi_fail(error, PSY_E_ARGUMENT, NULL, "a grid has 1 to 10000 steps");
    if (status != PSY_OK)
        return status;
    const double slack = 1e-9 * (norm->raw_hi - norm->raw_lo);
    for (uint32_t i = 0; i <= age_steps; i++) {
        const double age = norm->age_lo + (norm->age_hi - norm->age_lo) * i / age_steps;
        const curve at = curve_at(norm, age);
        double before = -INFINITY, highest = -INFINITY, from = norm->norm_lo;
        for (uint32_t j = 0; j <= norm_steps; j++) {
            const double l = norm->norm_lo + (norm->norm_hi - norm->norm_lo) * j / norm_steps;
            const double raw = fmin(norm->raw_hi, fmax(norm->raw_lo, value(&at, l)));
            if (raw < highest - slack) {
                if (fall != NULL)
                    *fall = (psy_regression_fall){
                        .age = age, .from = from, .to = l, .raw_from = before, .raw_to = raw};
                return psyi_fail(error, PSY_E_NUMERIC, NULL,
                                 "at age %.4g the expected raw score falls from %.6g to %.6g "
                                 "between norm scores %.4g and %.4g",
                                 age, before, raw, from, l);
            }
            highest = fmax(highest, raw);
            before = raw;
            from = l;
        }
    }
    return PSY_OK;
}
