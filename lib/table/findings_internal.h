/* findings_internal.h -- what a list of findings is made of, for its writers. */
#ifndef PSYSCREEN_FINDINGS_INTERNAL_H
#define PSYSCREEN_FINDINGS_INTERNAL_H

#include "base/memory.h"
#include "base/spill.h"

#include <psyscreen/findings.h>

/* As psy_finding, packed: 72 bytes, of which a district may need a million. */
typedef struct psyi_finding {
    const char *file, *field, *rule, *subject, *message, *remedy;
    uint64_t row;
    uint32_t column, length, severity, order;
} psyi_finding;

/* What a list took over from a run: its texts, and the file beyond its budget that they lie in. */
typedef struct psyi_taken {
    struct psyi_taken *next;
    psyi_arena texts;
    psyi_spill *spill;
} psyi_taken;

struct psy_findings {
    psyi_arena texts;
    psyi_taken *taken;
    const psy_allocator
        *room; /* of the records: that of the texts, or of the last run taken over */
    psyi_finding *records;
    size_t capacity;
    uint32_t n_records;
    size_t n_severity[PSY_ERROR + 1];
    const char **known; /* open addressing, no removal */
    size_t n_known;
    const char *last_subject;
};

#endif
