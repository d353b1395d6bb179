/*
 * interval.c -- three intervals around one score, each under its own name.
 */
#include "base/fail.h"

#include <psyscreen/distribution.h>
#include <psyscreen/interval.h>

#include <math.h>
#include <string.h>

psy_status psy_interval_of(psy_interval_kind kind, double x, double mean, double sd,
                           double reliability, double level, psy_interval *out, psy_error *error)
{
    if (!(reliability >= 0 && reliability <= 1))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a reliability is within 0 and 1, not %g",
                         reliability);
    if (!(level > 0 && level < 1))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a level lies between 0 and 1, not %g",
                         level);
    if (!(sd >= 0) || isinf(sd) || isinf(x) || (kind != PSY_INTERVAL_OBSERVED && !isfinite(mean)))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "an interval needs finite numbers and a standard deviation of 0 or above");
    psy_interval made = {.centre = x};
    if (kind != PSY_INTERVAL_OBSERVED)
        made.centre = mean + reliability * (x - mean);
    switch (kind) {
    case PSY_INTERVAL_OBSERVED:
        made.error = sd * sqrt(1 - reliability);
        break;
    case PSY_INTERVAL_TRUE:
        made.error = sd * sqrt(reliability * (1 - reliability));
        break;
    case PSY_INTERVAL_RETEST:
        made.error = sd * sqrt(1 - reliability * reliability);
        break;
    default:
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "there is no interval of kind %d", (int)kind);
    }
    if (isnan(x))
        made.error = NAN;
    const double z = psy_normal_quantile(1 - (1 - level) / 2);
    made.lo = made.centre - z * made.error;
    made.hi = made.centre + z * made.error;
    *out = made;
    return PSY_OK;
}

const char *psy_interval_name(psy_interval_kind kind, const char *language)
{
    static const char *const names[][2] = {
        {"observed scores, given this true score (SEM)", "真分数为该值时观察分的范围(测量标准误)"},
        {"true score (Kelley)", "真分数估计区间(Kelley)"},
        {"score of a second testing (prediction)", "再次测验得分的预测区间"},
    };
    if ((unsigned)kind > PSY_INTERVAL_RETEST)
        return "";
    return names[kind][language != NULL && strcmp(language, "zh") == 0];
}
