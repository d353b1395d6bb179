/* external.h -- what teachers, parents and others report of children: one row a report. */
#ifndef PSYSCREEN_INTAKE_EXTERNAL_H
#define PSYSCREEN_INTAKE_EXTERNAL_H

#include "intake/records.h"

#include <psyscreen/plan.h>

typedef enum psyi_external_source {
    PSYI_SOURCE_UNKNOWN,
    PSYI_SOURCE_TEACHER,
    PSYI_SOURCE_PARENT,
    PSYI_SOURCE_PEER,
    PSYI_SOURCE_HOSPITAL,
    PSYI_SOURCE_HISTORY, /* a list of known cases */
    PSYI_SOURCE_OTHER,
    PSYI_SOURCES
} psyi_external_source;
psyi_label psyi_source_label(psyi_external_source source);

typedef struct psyi_external_row {
    uint32_t row;
    const char *student, *school;
    const char *text, *by; /* for the psychology teacher of the school alone */
    uint16_t code;         /* index into the plan's external codes */
    uint8_t source;        /* psyi_external_source */
    int32_t day;           /* since 1970, INT32_MIN unknown */
} psyi_external_row;

typedef struct psyi_external {
    psyi_arena arena;
    const psy_allocator *allocator;
    psyi_external_row *rows;
    size_t n_rows;
    psyi_input_file file;
} psyi_external;

/* Read the file as the plan declares it (plan->external).  A row whose code the plan does not
 * know, or that names no student, is left out with an error: what it says is never quoted. */
psy_status psyi_external_read(psyi_external **out, const psy_plan *plan, const char *path,
                              const psy_source *source, const psy_allocator *allocator,
                              psy_findings *findings, psy_error *error);
void psyi_external_free(psyi_external *external);

#endif
