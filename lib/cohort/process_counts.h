/* process_counts.h -- how far schools have come with the cases on their lists: counts that
 * `psyscreen collect --counts` wrote, by school and tier. */
#ifndef PSYSCREEN_COHORT_PROCESS_COUNTS_H
#define PSYSCREEN_COHORT_PROCESS_COUNTS_H

#include "cohort/results.h"

#include <psyscreen/findings.h>

enum {
    PSYI_PROCESS_CASES,
    PSYI_PROCESS_INTERVIEWED,
    PSYI_PROCESS_DUE,
    PSYI_PROCESS_ON_TIME,
    PSYI_PROCESS_GUARDIAN,
    PSYI_PROCESS_REFERRED,
    PSYI_PROCESS_TREATED,
    PSYI_PROCESS_CLOSED,
    PSYI_PROCESS_OVERDUE, /* not known where the file was made without a day */
    PSYI_PROCESS_COUNTS
};
#define PSYI_PROCESS_UNKNOWN UINT64_MAX

typedef struct psyi_process_row {
    uint32_t school; /* of the results */
    int8_t tier;     /* rank, or PSYI_NOT_JUDGED */
    uint64_t counts[PSYI_PROCESS_COUNTS];
} psyi_process_row;

typedef struct psyi_process {
    psyi_process_row *rows; /* by school, then the worst tier first */
    size_t n_rows;
    char digest[65]; /* of the file */
} psyi_process;

/* Read the file into results->process, from the results' arena; before anything is written.
 * Schools the results do not have are a finding each (`process_school`).  PSY_E_DATA when it
 * is no such file, holds a line twice, or more of something than there are cases. */
psy_status psyi_process_read(psyi_results *results, const char *path, psy_findings *findings,
                             psy_error *error);

#endif
