/* nearness.h -- how far a case is from the next tier, score by score. */
#ifndef PSYSCREEN_TIER_NEARNESS_H
#define PSYSCREEN_TIER_NEARNESS_H

#include "tier/rulebook.h"

typedef struct psyi_near {
    uint16_t use, scale;
    size_t rule;         /* that would fire */
    int rank;            /* of it: above the tier of the case */
    psyi_ratio score;    /* as it is */
    psyi_ratio distance; /* by which it is short of the rule, all else being as it is; above 0 */
    double sem;          /* 0: not stated by any source */
    bool within;         /* the 95 % interval of the score (1.96 SEM) reaches the cut */
} psyi_near;

/* Of one case; in the room of the nearness, until it runs again. */
typedef struct psyi_near_list {
    const psyi_near *near;
    size_t n;
} psyi_near_list;

/* What one thread needs for it; `book` must outlive it. */
typedef struct psyi_nearness psyi_nearness;
psy_status psyi_nearness_new(psyi_nearness **out, const psyi_rulebook *book,
                             const psy_allocator *allocator, psy_error *error);
void psyi_nearness_free(psyi_nearness *nearness);

/* For every score of each case the nearest rule of a rank above tiers[case - first] that this
 * score alone would make fire; by use and scale.  At most PSYI_LANES cases from `first`; a
 * score that is not given out is near nothing.  Costs two program runs for each cut of a rule
 * of several parts, the first of which loads nothing and the second that score alone. */
void psyi_near_run(psyi_nearness *nearness, const psyi_cases *cases, size_t first, size_t n,
                   const int8_t *tiers, psyi_near_list *out);

#endif
