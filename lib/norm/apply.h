/* apply.h -- from a raw score to a standard score, exactly, by a published norm or by the
 * histogram of a local group. */
#ifndef PSYSCREEN_NORM_APPLY_H
#define PSYSCREEN_NORM_APPLY_H

#include "base/memory.h"
#include "definition/model.h"

#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The group of `norm` for this scale and person, or NULL: no norm.  A group keyed by
 * something the person lacks (sex unknown) does not match. */
const psyi_norm_group *psyi_norm_group_for(const psyi_norm *norm, const char *scale,
                                           psyi_informant informant, psyi_sex sex, int grade,
                                           int age, int months);
/* The same in three values: unknown where it would take something the person lacks. */
typedef enum psyi_fit { PSYI_FIT_NO, PSYI_FIT_UNKNOWN, PSYI_FIT_YES } psyi_fit;
psyi_fit psyi_who_fit(const psyi_who *who, psyi_informant informant, psyi_sex sex, int grade,
                      int age);
/* The same of a group of a norm, which may go by completed months; `months` 0 or less: only the
 * years are known, and a group holds somebody where it holds every month of that year of age. */
psyi_fit psyi_norm_fit(const psyi_who *who, psyi_informant informant, psyi_sex sex, int grade,
                       int age, int months);
/* Standard score rounded once to the norm's decimals, or den 0 where the norm has no answer
 * (outside the table, s = 0).  T = 50 + 10 (x - m)/s, z = (x - m)/s, IQ = 100 + 15 z. */
psyi_ratio psyi_norm_standard(const psyi_norm *norm, const psyi_norm_group *group,
                              psyi_metric metric, psyi_ratio raw);
/* The same for somebody of an age in years, which models and norms between age groups ask for
 * (den 0: not known).  Norms by answer pattern give none: they need the answers. */
psyi_ratio psyi_norm_standard_at(const psyi_norm *norm, const psyi_norm_group *group,
                                 psyi_metric metric, psyi_ratio raw, psyi_ratio age);
bool psyi_norm_asks_age(const psyi_norm *norm);
/* The age as a point in time: completed months where they are known (above 0), else completed
 * years as the norm takes them. */
psyi_ratio psyi_norm_age(const psyi_norm *norm, int completed_years, int completed_months);
/* Any metric that a z gives, rounded once as the norm says. */
psyi_ratio psyi_z_standard(const psyi_norm *norm, psyi_metric metric, double z);
/* model_apply.c */
psyi_ratio psyi_model_standard(const psyi_norm *norm, const psyi_norm_group *group,
                               psyi_metric metric, psyi_ratio raw, psyi_ratio age);
psyi_ratio psyi_between_groups(const psyi_norm *norm, const psyi_norm_group *own,
                               psyi_ratio (*value)(const psyi_norm *, const psyi_norm_group *,
                                                   psyi_metric, psyi_ratio),
                               psyi_metric metric, psyi_ratio raw, psyi_ratio age);
/* The least and the greatest standard score of all raw scores from low to high; false when
 * some of them may have none.  `integer`: the raw scores between are the integers. */
bool psyi_norm_range(const psyi_norm *norm, const psyi_norm_group *group, psyi_metric metric,
                     psyi_ratio low, psyi_ratio high, bool integer, psyi_ratio age,
                     psyi_ratio *least, psyi_ratio *greatest);

/* ---- local norms: exact histograms ------------------------------------------------- */

typedef struct psyi_histogram_bin {
    psyi_ratio score;
    uint64_t count;
} psyi_histogram_bin;
typedef struct psyi_histogram { /* bins ascending by score */
    const psy_allocator *allocator;
    psyi_histogram_bin *bins;
    size_t n_bins, capacity;
    uint64_t n;
} psyi_histogram;
void psyi_histogram_init(psyi_histogram *histogram, const psy_allocator *allocator);
void psyi_histogram_done(psyi_histogram *histogram);
psy_status psyi_histogram_add(psyi_histogram *histogram, psyi_ratio score, uint64_t count,
                              psy_error *error);
/* Integer addition: the same bins in any order of merging. */
psy_status psyi_histogram_merge(psyi_histogram *to, const psyi_histogram *from, psy_error *error);
/* Mean and sample variance (n - 1) of the histogram, from exact integer sums with one
 * rounding each; false when n < 1 (mean) or n < 2 (variance; *variance = NaN). */
bool psyi_histogram_moments(const psyi_histogram *histogram, double *mean, double *variance);
/* Standard score of `score` in this group.  T and z use the group's own mean and sd and are
 * rounded half up once to 0.1 and 0.01, decided in integers, never by a rounded square root.
 * The percentile is the mid-rank 100 (B + E/2)/n to 0.1.  den 0 when n < 2 or sd = 0. */
psyi_ratio psyi_histogram_standard(const psyi_histogram *histogram, psyi_metric metric,
                                   psyi_ratio score);
/* The same for the score of every bin at once: out[n_bins]. */
void psyi_histogram_table(const psyi_histogram *histogram, psyi_metric metric, psyi_ratio *out);

#endif
