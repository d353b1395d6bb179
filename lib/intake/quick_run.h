/* quick_run.h -- long runs of cells of one digit, where the processor has AVX2. */
#ifndef PSYSCREEN_INTAKE_QUICK_RUN_H
#define PSYSCREEN_INTAKE_QUICK_RUN_H

#include "intake/quick_bytes.h"

/* For each set of eight bytes, where they go when they move together. */
typedef struct psyi_shuffles {
    uint64_t order[256];
} psyi_shuffles;
void psyi_shuffles_make(psyi_shuffles *shuffles);

/* As psyi_take, where there is a separator at at[-1], in the same text.  Less than 33 bytes
 * before `end` are left. */
typedef psyi_taken psyi_take_run(const char *at, const char *end, char separator,
                                 psyi_digits digits, uint8_t blank, uint8_t *out, size_t room,
                                 bool *any, const psyi_shuffles *shuffles);
/* NULL where this processor has none. */
psyi_take_run *psyi_take_run_choose(void);

#endif
