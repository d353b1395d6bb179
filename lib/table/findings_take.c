/*
 * findings_take.c -- the findings of a run with a memory budget, for the caller.
 *
 * Ten million students have a million findings, 200 MB of them.  The caller's list knows no
 * budget; copied into it they were the most memory that the run took (71 MiB on top of 156).  So
 * it takes them over where they lie, with the file beyond the budget that they lie in.
 */
#include "base/fail.h"
#include "table/collect.h"
#include "table/findings_internal.h"

#include <string.h>

#ifndef PSYI_COPIED_FINDINGS
#define PSYI_COPIED_FINDINGS 4096 /* a MiB or so: not worth a file that is kept open */
#endif
#define PIECE 1024

/* The records of `from`, with room for those of `to` in front, and those there. */
static bool put_in_front(const psy_findings *to, psy_findings *from)
{
    const size_t before = to->n_records, n = from->n_records;
    void *records = from->records;
    const bool good =
        psyi_grow_raw(from->room, &records, &from->capacity, before + n, sizeof *from->records);
    from->records = records;
    if (!good)
        return false;
    for (size_t left = n; left > 0 && before > 0;) {
        const size_t piece = left < PIECE ? left : PIECE;
        left -= piece;
        psyi_spill_look_now(from->room);
        memmove(from->records + before + left, from->records + left, piece * sizeof *from->records);
    }
    if (before > 0)
        psyi_spill_copy(from->room, from->records, to->records, before * sizeof *to->records);
    for (size_t i = 0; i < n && before > 0; i++) {
        psyi_spill_pass(from->room, i);
        from->records[before + i].order += (uint32_t)before;
    }
    return true;
}

psy_status psyi_findings_take(psy_findings *to, psy_findings **from, psyi_spill **spill,
                              psy_error *error)
{
    psy_findings *const other = *from;
    if (to == NULL || other == NULL)
        return PSY_OK;
    if (*spill == NULL || other->n_records <= PSYI_COPIED_FINDINGS)
        return psyi_findings_merge(to, other, error);
    if (other->n_records > UINT32_MAX - to->n_records)
        return psyi_fail(error, PSY_E_LIMIT, NULL, "more than %u findings", UINT32_MAX);
    psyi_taken *const taken = psyi_alloc(to->texts.allocator, 1, sizeof *taken);
    if (taken == NULL || !put_in_front(to, other)) {
        psyi_free(to->texts.allocator, taken);
        return psyi_fail_memory(error, "findings");
    }
    psyi_free(to->room, to->records);
    to->room = other->room;
    to->records = other->records;
    to->capacity = other->capacity;
    to->n_records += other->n_records;
    for (size_t i = 0; i <= PSY_ERROR; i++)
        to->n_severity[i] += other->n_severity[i];
    *taken = (psyi_taken){.next = to->taken, .texts = other->texts, .spill = *spill};
    to->taken = taken;
    const psy_allocator *const allocator = other->texts.allocator;
    psyi_free(allocator, other->known);
    psyi_free(allocator, other);
    psyi_spill_rest(*spill);
    *from = NULL;
    *spill = NULL;
    return PSY_OK;
}
