/* local_round.h -- exact sums over a group and standard scores decided on them. */
#ifndef PSYSCREEN_NORM_LOCAL_ROUND_H
#define PSYSCREEN_NORM_LOCAL_ROUND_H

#include "definition/model.h"
#include "math/big.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More distinct denominators than any questionnaire can prorate to. */
#define PSYI_SUMS_DENOMINATORS 256

/* Scores of one denominator: sums of (score - offset) * den and of its square. */
typedef struct psyi_part_sums {
    int64_t den;
    psyi_u128 sum, squares;
} psyi_part_sums;

typedef struct psyi_group_sums {
    uint64_t n;
    int64_t offset; /* not above the smallest score */
    size_t n_parts;
    psyi_part_sums parts[PSYI_SUMS_DENOMINATORS];
    bool failed; /* something did not fit: no value */
    /* After psyi_sums_finish, with X = (score - offset) * den: */
    psyi_big den, sum, spread; /* spread = n * sum of X^2 - (sum of X)^2 */
} psyi_group_sums;

/* The greatest common divisor of two numbers that are not negative, not both 0. */
int64_t psyi_common_divisor(int64_t a, int64_t b);
/* `smallest` is the smallest score that will be added. */
void psyi_sums_start(psyi_group_sums *sums, psyi_ratio smallest);
void psyi_sums_add(psyi_group_sums *sums, psyi_ratio score, uint64_t count);
void psyi_sums_finish(psyi_group_sums *sums);
double psyi_sums_mean(const psyi_group_sums *sums);     /* NaN when n < 1 */
double psyi_sums_variance(const psyi_group_sums *sums); /* NaN when n < 2 */
/* centre + unit * (score - mean) / sd, rounded once to `decimals`; den 0 where n < 2, sd = 0
 * or the sums did not fit. */
psyi_ratio psyi_sums_standard(const psyi_group_sums *sums, psyi_ratio score, int64_t centre,
                              int64_t unit, unsigned decimals, psyi_rounding rounding);
/* 100 (below + equal / 2) / n, rounded once; never 0 or 100, which no member of a group can
 * be: the least and the greatest are one step from them. */
psyi_ratio psyi_mid_rank(uint64_t below, uint64_t equal, uint64_t n, unsigned decimals,
                         psyi_rounding rounding);

psyi_ratio psyi_percentile_within(psyi_ratio percentile, unsigned decimals);
psyi_ratio psyi_round_ratio(psyi_ratio value, unsigned decimals, psyi_rounding rounding);

/* The double at `decimals`, rounded once; den 0 for NaN and what does not fit. */
psyi_ratio psyi_round_double(double value, unsigned decimals, psyi_rounding rounding);

/* Centre and unit of a metric that is a line of z: T 50 and 10, z 0 and 1, IQ 100 and 15,
 * stanine 5 and 2, sten 6 and 2; false for others. */
bool psyi_metric_line(psyi_metric metric, int64_t *centre, int64_t *unit);
/* Stanines round half up and stens down, whatever the norm says of the others; both end. */
psyi_rounding psyi_metric_rounding(psyi_metric metric, psyi_rounding otherwise);
psyi_ratio psyi_metric_within(psyi_metric metric, psyi_ratio value);

/* Where a score stands among n counted ones. */
typedef struct psyi_rank_place {
    uint64_t below, equal, n;
    /* The observed neighbours on both sides where equal is 0; count 0: none. */
    psyi_ratio low, high;
    uint64_t low_below, low_count, high_count;
} psyi_rank_place;
/* Percentile, classes by percentage and normalised T; den 0 for other metrics and where no
 * rank is defined.  Between observed scores z is interpolated, beyond them it stays. */
psyi_ratio psyi_rank_standard(const psyi_rank_place *place, psyi_metric metric, psyi_ratio score,
                              unsigned decimals, psyi_rounding rounding);

#endif
