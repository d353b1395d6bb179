/*
 * clinical_change.c -- from reliable change to what it means: cut-offs and classes.
 */
#include "base/fail.h"

#include <psyscreen/change.h>

#include <math.h>

psy_status psy_change_cutoffs_of(double mean_ill, double sd_ill, double mean_well, double sd_well,
                                 psy_change_cutoffs *out, psy_error *error)
{
    if (out == NULL || !isfinite(mean_ill) || !isfinite(mean_well) || !isfinite(sd_ill) ||
        !isfinite(sd_well) || !(sd_ill > 0) || !(sd_well > 0) || mean_ill == mean_well)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "populations of mean %g and %g, standard deviation %g and %g have no "
                         "cut-offs",
                         mean_ill, mean_well, sd_ill, sd_well);
    const double to_illness = mean_ill > mean_well ? 1 : -1;
    out->a = mean_ill - to_illness * 2 * sd_ill;
    out->b = mean_well + to_illness * 2 * sd_well;
    out->c = (sd_well * mean_ill + sd_ill * mean_well) / (sd_well + sd_ill);
    return PSY_OK;
}

psy_status psy_change_classify(const double *index, const double *pre, const double *post,
                               size_t n_rows, double cutoff, double critical, int worse_high,
                               uint8_t *out, psy_error *error)
{
    if (n_rows > 0 && (!index || !pre || !post || !out))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "indices, scores or place missing");
    if (!isfinite(cutoff) || !(critical > 0))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "cut-off %g, mark %g", cutoff, critical);
    const double sign = worse_high ? 1 : -1;
    for (size_t row = 0; row < n_rows; row++) {
        const double worse = sign * index[row];
        psy_change_class found = PSY_CHANGE_UNCHANGED;
        if (isnan(worse) || isnan(pre[row]) || isnan(post[row]))
            found = PSY_CHANGE_UNKNOWN;
        else if (worse >= critical)
            found = PSY_CHANGE_DETERIORATED;
        else if (worse <= -critical && sign * pre[row] > sign * cutoff &&
                 sign * post[row] <= sign * cutoff)
            found = PSY_CHANGE_RECOVERED;
        else if (worse <= -critical)
            found = PSY_CHANGE_IMPROVED;
        out[row] = (uint8_t)found;
    }
    return PSY_OK;
}
