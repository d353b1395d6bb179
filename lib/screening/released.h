/* released.h -- local norms of a wave as files: counted, and frozen at its first release. */
#ifndef PSYSCREEN_SCREENING_RELEASED_H
#define PSYSCREEN_SCREENING_RELEASED_H

#include "norm/counts.h"
#include "screening/outputs.h"

/* The norms of earlier releases in a run's directory: one a local norm of the plan. */
typedef struct psyi_released {
    const psy_allocator *allocator;
    psyi_norm **norms; /* NULL: none yet */
    size_t n;
} psyi_released;

/* "<norm>_<use>_<scale>", in the arena; NULL without memory. */
const char *psyi_counts_id(const psy_plan *plan, size_t local, psyi_arena *arena);
/* What local norm `local` counted.  *out is NULL when it was brought along, its use is in no
 * file, or nobody has a score. */
psy_status psyi_counts_of(psyi_norm **out, const psyi_results *results, size_t local, bool frozen,
                          const psy_allocator *allocator, psy_error *error);

/* Read DIR/norms of every local norm that the plan freezes.  PSY_E_OUTPUT when it was frozen
 * in another wave. */
psy_status psyi_released_open(psyi_released *released, const psy_plan *plan, const char *directory,
                              const psy_allocator *allocator, psy_findings *findings,
                              psy_error *error);
void psyi_released_close(psyi_released *released);
/* Freeze what was counted first in this run: DIR/norms/, entered into the outputs. */
psy_status psyi_released_write(const psyi_released *released, psyi_outputs *outputs,
                               psy_error *error);

#endif
