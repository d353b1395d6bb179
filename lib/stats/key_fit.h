/* key_fit.h -- one scale: which of its items run against the others. */
#ifndef PSYSCREEN_STATS_KEY_FIT_H
#define PSYSCREEN_STATS_KEY_FIT_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>

typedef enum psyi_key_verdict {
    PSYI_KEY_FITS,
    PSYI_KEY_AGAINST,
    PSYI_KEY_WEAK,
    PSYI_KEY_UNCLEAR,
    PSYI_KEY_FEW,
    PSYI_KEY_CONSTANT
} psyi_key_verdict;
const char *psyi_key_verdict_name(psyi_key_verdict verdict);

typedef struct psyi_key_item { /* numbers are NaN where they are not there */
    size_t n;
    double item_rest_r, low, high, loading;
    double turned_r; /* with the others, all turned to the first component */
    psyi_key_verdict verdict;
} psyi_key_item;

/* `items`: n_items columns of item scores, NaN missing; `out` has n_items places. */
psy_status psyi_key_fit(const double *const *items, size_t n_items, size_t n_rows, double level,
                        psyi_key_item *out, const psy_allocator *allocator, psy_error *error);

#endif
