/* scope.h -- what names in rules mean: columns of an instrument, and of a plan's uses. */
#ifndef PSYSCREEN_DEFINITION_SCOPE_H
#define PSYSCREEN_DEFINITION_SCOPE_H

#include "definition/model.h"
#include "expr/rule_program.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct psyi_instrument_scope {
    const struct psy_instrument *instrument;
    const psyi_scale *scales; /* of the variant */
    unsigned use;             /* in column numbers */
    const char *population;   /* of `.band`; NULL: the first of each scale */
    /* While the instrument itself is loading: makes what is named ready; false when it reads
     * what is being made just now.  NULL afterwards. */
    bool (*ready)(void *loading, psyi_column_kind kind, unsigned index);
    void *loading;
    bool items_only; /* gates: names of columns are unknown */
    /* The items of every scale as the rule language wants them (item | use << 16). */
    uint32_t *const *item_lists;
    const char *const *names; /* for "did you mean" */
    size_t n_names;
} psyi_instrument_scope;

/* `name` without a use prefix: "total", "total.band@uk", "total.t@norm", a flag. */
bool psyi_scope_column(const psyi_instrument_scope *scope, const char *name, psyi_symbol *out);
bool psyi_scope_student(const char *name, psyi_symbol *out); /* "student.grade" */
bool psyi_scope_item(const psyi_instrument_scope *scope, const char *selector, uint32_t *item);
bool psyi_scope_scale_items(const psyi_instrument_scope *scope, const char *name,
                            const uint32_t **items, size_t *n_items);
void psyi_scope_item_range(const struct psy_instrument *instrument, unsigned item, psyi_ratio *low,
                           psyi_ratio *high);
/* The callbacks of the rule language over one instrument. */
psyi_scope psyi_scope_of_instrument(const psyi_instrument_scope *scope);
/* Every name psyi_scope_column knows, from the arena (with `prefix` before each); false
 * without memory. */
bool psyi_scope_names(const psyi_instrument_scope *scope, const char *prefix, psyi_arena *arena,
                      const char *const **out, size_t *n_out);

#endif
