/* findings_internal.h -- what a list of findings is made of, for its writers. */
#ifndef PSYSCREEN_FINDINGS_INTERNAL_H
#define PSYSCREEN_FINDINGS_INTERNAL_H

#include "base/memory.h"

#include <psyscreen/findings.h>

/* As psy_finding, packed: 72 bytes, of which a district may need a million. */
typedef struct psyi_finding {
    const char *file, *field, *rule, *subject, *message, *remedy;
    uint64_t row;
    uint32_t column, length, severity, order;
} psyi_finding;

struct psy_findings {
    psyi_arena texts;
    psyi_finding *records;
    size_t capacity;
    uint32_t n_records;
    size_t n_severity[PSY_ERROR + 1];
    const char **known; /* open addressing, no removal */
    size_t n_known;
    const char *last_subject;
};

#endif
