/* run_steps.h -- the two halves of a screening: read and judge, then write. */
#ifndef PSYSCREEN_SCREENING_RUN_STEPS_H
#define PSYSCREEN_SCREENING_RUN_STEPS_H

#include "base/spill.h"
#include "report/release_shared.h"
#include "screening/outputs.h"
#include "screening/private_place.h"
#include "screening/released.h"

#include <psyscreen/screening.h>

typedef struct psyi_run {
    const psy_plan *plan;
    const char *const *rosters;
    size_t n_rosters;
    const char *const *responses;
    size_t n_responses;
    const char *directory;
    psy_screening_options options;
    const psy_allocator *allocator;
    psy_findings *findings;
    psyi_results *results;
    psyi_outputs outputs;
    psyi_tables_task tables;
    psyi_shared_release *shared; /* the tables, once they are made */
    psyi_released released;
    psyi_passwords *passwords;
    psyi_private_place place;
    psyi_spill *spill;    /* NULL: no budget */
    char *passwords_path; /* the plan's, beside the plan */
    char fingerprint[65], exactly[65];
    psyi_watch watch;
    double began, read, judged, written;
} psyi_run;

bool psyi_run_is_sealed(const psyi_run *run);
double psyi_run_now(void); /* in seconds, from wherever */
/* Reads everything and judges it: run->results, findings, fingerprints.  Writes nothing. */
psy_status psyi_run_judge(psyi_run *run, psy_error *error);
/* Everything that was asked for, into run->directory. */
psy_status psyi_run_write(psyi_run *run, psy_error *error);

#endif
