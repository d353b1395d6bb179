/* reopen.h -- companions that are hidden without need. */
#ifndef PSYSCREEN_STATS_REOPEN_H
#define PSYSCREEN_STATS_REOPEN_H

#include "stats/companion.h"
#include "stats/hidden_system.h"

/* The audit; cells that are `sure` (may be NULL) are safe without being looked at. */
psy_status psyi_tables_audit(const psy_tables *tables, const uint8_t *hidden, const uint8_t *sure,
                             psyi_thorough depth, uint8_t *exposure, int64_t *low, int64_t *high,
                             size_t *n_leaks, const psy_allocator *allocator, psy_error *error);

/* Companions are chosen one after another, and one that was needed may not be when others have
 * come beside it.  Shows again, the dearest first, each cell that is hidden and not `own` ([cells]:
 * hidden for their own sake) without which every own cell is still proved safe, and every 0 that is
 * not `left` ([cells]) can still be more; those that cost nothing stay.  `companions` are those of
 * the tables, for what stands in which sum.  Bounded in steps: what was not tried within them stays
 * hidden. */
psy_status psyi_tables_reopen(const psyi_companions *companions, const uint8_t *own,
                              const uint8_t *left, psy_error *error);

#endif
