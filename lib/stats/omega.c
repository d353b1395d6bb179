/*
 * omega.c -- omega from loadings; where the loadings come from is the caller's business.
 */
#include "base/fail.h"

#include <psyscreen/reliability.h>

#include <math.h>

psy_status psy_omega_total(const double *loadings, const double *unique, size_t n_items,
                           double observed, double *out, psy_error *error)
{
    if (loadings == NULL || out == NULL || n_items == 0 || (unique == NULL && isnan(observed)))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "loadings, uniquenesses or place missing");
    double sum = 0, rest = 0;
    for (size_t i = 0; i < n_items; i++) {
        if (!isfinite(loadings[i]) || (unique != NULL && !(unique[i] >= 0 && isfinite(unique[i]))))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "item %zu has no finite loading or a negative uniqueness", i);
        sum += loadings[i];
        rest += unique != NULL ? unique[i] : 0;
    }
    const double variance = isnan(observed) ? sum * sum + rest : observed;
    if (!(variance > 0))
        return psyi_fail(error, PSY_E_NUMERIC, NULL, "the sum has a variance of %g", variance);
    *out = sum * sum / variance;
    return PSY_OK;
}

/* Sums of one group. */
typedef struct group_sums {
    double general, own, unique;
    size_t n;
} group_sums;

static group_sums sum_group(const double *general, const double *group, const uint32_t *group_of,
                            size_t n_items, uint32_t which)
{
    group_sums sums = {0};
    for (size_t i = 0; i < n_items; i++) {
        if (group_of[i] != which)
            continue;
        sums.general += general[i];
        sums.own += group[i];
        sums.unique += 1 - general[i] * general[i] - group[i] * group[i];
        sums.n++;
    }
    return sums;
}

psy_status psy_omega_bifactor(const double *general, const double *group, const uint32_t *group_of,
                              size_t n_items, size_t n_groups, psy_omega_bifactor_result *out,
                              double *subscales, psy_error *error)
{
    if (!general || !group || !group_of || !out || n_items == 0 || n_groups == 0 ||
        n_groups > n_items)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "%zu items in %zu groups", n_items, n_groups);
    double total = 0, unique = 0, general_squares = 0, group_squares = 0, between = 0;
    for (size_t i = 0; i < n_items; i++) {
        if (!isfinite(general[i]) || !isfinite(group[i]) || group_of[i] >= n_groups)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "item %zu has no finite loadings or no group", i);
        const double u = 1 - general[i] * general[i] - group[i] * group[i];
        /* Loadings printed with two digits may leave a hair less than nothing. */
        if (u < -1e-12)
            return psyi_fail(error, PSY_E_NUMERIC, NULL, "item %zu has a uniqueness of %g", i, u);
        total += general[i];
        unique += u;
        general_squares += general[i] * general[i];
        group_squares += group[i] * group[i];
    }
    for (size_t g = 0; g < n_groups; g++) {
        const group_sums sums = sum_group(general, group, group_of, n_items, (uint32_t)g);
        between += sums.own * sums.own;
    }
    const double variance = total * total + between + unique;
    if (!(variance > 0) || !(general_squares + group_squares > 0))
        return psyi_fail(error, PSY_E_NUMERIC, NULL, "the loadings leave no variance");
    out->total = (total * total + between) / variance;
    out->hierarchical = total * total / variance;
    out->ecv = general_squares / (general_squares + group_squares);
    for (size_t g = 0; subscales != NULL && g < n_groups; g++) {
        const group_sums sums = sum_group(general, group, group_of, n_items, (uint32_t)g);
        const double own = sums.own * sums.own;
        subscales[g] = sums.n > 0 ? own / (sums.general * sums.general + own + sums.unique) : NAN;
    }
    return PSY_OK;
}
