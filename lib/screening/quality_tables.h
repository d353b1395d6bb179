/* quality_tables.h -- what a psy_quality is made of. */
#ifndef PSYSCREEN_SCREENING_QUALITY_TABLES_H
#define PSYSCREEN_SCREENING_QUALITY_TABLES_H

#include "base/memory.h"

#include <psyscreen/quality.h>

#include <stdbool.h>

struct psy_quality {
    const psy_allocator *allocator;
    psyi_arena arena;
    psy_table *tables[PSY_QUALITY_PARTS];
    const char *plan, *wave, *fingerprint;
    uint64_t due, tested, valid;
    uint32_t small_cell, few;
    double level;
    psy_missing_rows rows;
    bool has_policy;
};

#endif
