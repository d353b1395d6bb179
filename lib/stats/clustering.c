/*
 * clustering.c -- the interval of a share, and what pupils of one school have in common.
 */
#include <psyscreen/comparison.h>

#include "base/fail.h"

#include <psyscreen/distribution.h>

#include <math.h>

psy_status psy_share_interval(double k, double n, double level, double *low, double *high,
                              psy_error *error)
{
    if (!(n > 0) || !(k >= 0) || !(k <= n) || !(level > 0) || !(level < 1) || low == NULL ||
        high == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "an interval needs 0 <= k <= n, n above 0 and a level between 0 and 1");
    const double z = psy_normal_quantile(0.5 + level / 2);
    const double p = k / n, zz = z * z;
    const double middle = (p + zz / (2 * n)) / (1 + zz / n);
    const double half = z * sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n);
    /* Plain arithmetic goes past the ends in the last digit. */
    *low = k <= 0 ? 0 : fmax(0, middle - half);
    *high = k >= n ? 1 : fmin(1, middle + half);
    return PSY_OK;
}

psy_status psy_clustering_of(const uint64_t *k, const uint64_t *n, size_t n_clusters, double level,
                             psy_clustering *out, psy_error *error)
{
    if (k == NULL || n == NULL || out == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "clusters need counts, and room for what "
                         "they come to");
    psy_clustering c = {0};
    double yes = 0, squares = 0;
    for (size_t i = 0; i < n_clusters; i++) {
        if (k[i] > n[i])
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "cluster %zu has more than all", i);
        if (n[i] == 0)
            continue;
        c.n_clusters++;
        c.people += (double)n[i];
        yes += (double)k[i];
        squares += (double)n[i] * (double)n[i];
    }
    if (c.n_clusters < 2 || c.people <= (double)c.n_clusters)
        return psyi_fail(error, PSY_E_NUMERIC, NULL,
                         "clustering needs two clusters, and one of them two people");
    c.share = yes / c.people;
    double between = 0, within = 0;
    for (size_t i = 0; i < n_clusters; i++) {
        if (n[i] == 0)
            continue;
        const double people = (double)n[i], p = (double)k[i] / people;
        between += people * (p - c.share) * (p - c.share);
        within += people * p * (1 - p);
    }
    const double groups = (double)c.n_clusters;
    const double msb = between / (groups - 1), msw = within / (c.people - groups);
    const double size = (c.people - squares / c.people) / (groups - 1);
    /* Everybody alike: nothing varies, nothing is shared. */
    c.icc = msb + (size - 1) * msw > 0 ? (msb - msw) / (msb + (size - 1) * msw) : 0;
    c.design_effect = fmax(1, 1 + (squares / c.people - 1) * c.icc);
    c.effective = c.people / c.design_effect;
    const psy_status status =
        psy_share_interval(c.share * c.effective, c.effective, level, &c.low, &c.high, error);
    if (status == PSY_OK)
        *out = c;
    return status;
}
