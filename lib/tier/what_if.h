/* what_if.h -- how many would fire a rule if its cut were another. */
#ifndef PSYSCREEN_TIER_WHAT_IF_H
#define PSYSCREEN_TIER_WHAT_IF_H

#include "tier/rulebook.h"

typedef struct psyi_cut { /* one cut of one rule */
    size_t rule;
    psyi_comparison comparison;
    size_t same; /* other cuts of the rule on the same score, which move with it */
} psyi_cut;
/* All cuts of the plan's rules, in order: comparisons of a score with a constant that point at
 * its bad end; of several that read one score in one rule the first.  From `arena`; NULL in
 * *out with 0 where there are none. */
psy_status psyi_cuts(const psyi_rulebook *book, psyi_arena *arena, psyi_cut **out, size_t *n_out,
                     psy_error *error);

/* The rule with this cut at `at`, all else as it is, over one block of cases: which fire. */
psyi_mask psyi_fires_at(const psyi_rulebook *book, const psyi_cases *cases, size_t block,
                        const psyi_cut *cut, psyi_ratio at, psyi_workspace *workspace);

#endif
