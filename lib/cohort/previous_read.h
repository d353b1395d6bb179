/* previous_read.h -- what the two readers of an earlier wave share. */
#ifndef PSYSCREEN_COHORT_PREVIOUS_READ_H
#define PSYSCREEN_COHORT_PREVIOUS_READ_H

#include "cohort/previous_wave.h"

typedef struct psyi_manifest_of_wave {
    psyi_previous *previous;
    char format[32], scores_digest[65];
    bool rules_alike;
    uint64_t uses_there; /* bit per use of the plan: it had one of this name */
} psyi_manifest_of_wave;

/* previous_manifest.c: DIR/run.json, and what follows from it. */
psy_status psyi_previous_manifest(psyi_manifest_of_wave *m, const char *path, psy_error *error);
psy_status psyi_previous_compare(psyi_manifest_of_wave *m, psy_findings *findings,
                                 psy_error *error);

#endif
