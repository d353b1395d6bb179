/* case_progress.h -- how far people have come with one case, from the rows they wrote about it. */
#ifndef PSYSCREEN_REPORT_CASE_PROGRESS_H
#define PSYSCREEN_REPORT_CASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PSYI_NO_DAY INT32_MIN

/* Among psyi_case_states. */
enum { PSYI_STATE_REFERRED = 3, PSYI_STATE_IN_TREATMENT = 4, PSYI_STATE_CLOSED = 5 };

typedef struct psyi_contact { /* what counts of a row of a ledger, or of a warning list */
    bool ledger, touched;
    bool interview; /* the ledger calls it one; a warning list has nothing else */
    bool concluded, guardian, referred;
    bool with_state;
    int8_t state;      /* of psyi_case_states; -1: a word that is not of the list */
    int32_t day, next; /* PSYI_NO_DAY */
} psyi_contact;

typedef struct psyi_case_progress {
    bool interviewed, guardian, referred;
    int32_t interview, contact, next; /* the first interview; the latest of the others */
    int state;                        /* of the list; -1: none that is known */
    bool ledger_touched;
} psyi_case_progress;

void psyi_case_begin(psyi_case_progress *progress);
/* Rows of the ledger first, in their order; then those of the warning list. */
void psyi_case_take(psyi_case_progress *progress, const psyi_contact *row);
/* Adds 1 where it is so to counts[PSYI_PROCESS_COUNTS] (cohort/process_counts.h).  Overdue is not
 * counted without a day (`as_of` PSYI_NO_DAY). */
void psyi_case_count(const psyi_case_progress *progress, int32_t due, int32_t as_of,
                     uint64_t *counts);

#endif
