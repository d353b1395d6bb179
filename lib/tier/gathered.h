/* gathered.h -- columns of one block after another, each gathered once for all the rules that
 * read it. */
#ifndef PSYSCREEN_TIER_GATHERED_H
#define PSYSCREEN_TIER_GATHERED_H

#include "tier/rulebook.h"

typedef struct psyi_gathered psyi_gathered;

psy_status psyi_gathered_new(psyi_gathered **out, const psy_allocator *allocator, psy_error *error);
void psyi_gathered_free(psyi_gathered *gathered);

/* The values of `base` as long as its block does not change; borrows it. */
psyi_block psyi_gathered_values(psyi_gathered *gathered, const psyi_block *base);

#endif
