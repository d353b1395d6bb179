/* shifted.h -- "and if this score were three points higher": a block of cases in which one
 * column is moved, so that a rule is asked again instead of being imitated. */
#ifndef PSYSCREEN_TIER_SHIFTED_H
#define PSYSCREEN_TIER_SHIFTED_H

#include "tier/rule_block.h"

typedef struct psyi_shifted {
    psyi_block base;
    uint32_t column;             /* whose numbers are ... */
    const psyi_numbers *numbers; /* ... these instead */
} psyi_shifted;

/* Value and bounds of a lane, where there are any. */
void psyi_shift(psyi_numbers *numbers, unsigned lane, psyi_ratio by);

/* Values for programs; borrows `shifted`. */
psyi_block psyi_shifted_values(const psyi_shifted *shifted);

/* A comparison of a score with a constant that points at the score's bad end: what a cut is.
 * false for all others. */
bool psyi_is_cut(const psyi_rulebook *book, const psyi_comparison *comparison);
/* How far a score has to move to its bad end to meet the comparison: 0 or less where it is
 * met; den 0 where that cannot be said.  A strict limit is met by the next possible score of
 * a whole scale; of others by nothing that could be named, so the distance is to the limit. */
psyi_ratio psyi_distance(const psyi_rulebook *book, const psyi_comparison *comparison,
                         psyi_ratio score);
/* The standard error of measurement of a scale of a use; where no source states one, a tenth
 * of the width of its range stands in (*stated is false), and 0 where there is no range. */
double psyi_sem(const psy_plan *plan, unsigned use, unsigned scale, bool *stated);

#endif
