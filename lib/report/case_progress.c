/*
 * case_progress.c -- which counts a case adds to.
 */
#include "report/case_progress.h"

#include "cohort/process_counts.h"

void psyi_case_begin(psyi_case_progress *progress)
{
    *progress = (psyi_case_progress){
        .interview = PSYI_NO_DAY, .contact = PSYI_NO_DAY, .next = PSYI_NO_DAY, .state = -1};
}

void psyi_case_take(psyi_case_progress *progress, const psyi_contact *row)
{
    psyi_case_progress *const p = progress;
    if (row->concluded || (row->day != PSYI_NO_DAY && (!row->ledger || row->interview))) {
        p->interviewed = true;
        if (row->day != PSYI_NO_DAY && (p->interview == PSYI_NO_DAY || row->day < p->interview))
            p->interview = row->day;
    }
    if (row->day != PSYI_NO_DAY && row->day > p->contact)
        p->contact = row->day;
    if (row->next > p->next)
        p->next = row->next;
    p->guardian = p->guardian || row->guardian;
    p->referred = p->referred || row->referred;
    /* The ledger counts; a warning list where nobody has written into the ledger. */
    if (row->with_state && (row->ledger || !p->ledger_touched))
        p->state = row->state;
    p->ledger_touched = p->ledger_touched || (row->ledger && row->touched);
}

void psyi_case_count(const psyi_case_progress *progress, int32_t due, int32_t as_of,
                     uint64_t *counts)
{
    const psyi_case_progress *const p = progress;
    const bool closed = p->state == PSYI_STATE_CLOSED, with_due = due != PSYI_NO_DAY;
    counts[PSYI_PROCESS_CASES]++;
    counts[PSYI_PROCESS_INTERVIEWED] += p->interviewed;
    counts[PSYI_PROCESS_DUE] += with_due;
    counts[PSYI_PROCESS_ON_TIME] += with_due && p->interview != PSYI_NO_DAY && p->interview <= due;
    counts[PSYI_PROCESS_GUARDIAN] += p->guardian;
    counts[PSYI_PROCESS_REFERRED] += p->referred || p->state == PSYI_STATE_REFERRED;
    counts[PSYI_PROCESS_TREATED] += p->state == PSYI_STATE_IN_TREATMENT;
    counts[PSYI_PROCESS_CLOSED] += closed;
    if (as_of != PSYI_NO_DAY && !closed)
        counts[PSYI_PROCESS_OVERDUE] +=
            (with_due && !p->interviewed && due < as_of) ||
            (p->next != PSYI_NO_DAY && p->next < as_of && p->contact < p->next);
}
