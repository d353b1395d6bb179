/*
 * share.c -- a share of a wave: the students of some schools, out of files that were read whole.
 *
 * Who is who is decided over everybody, so it comes before; then the sheets of other schools
 * are let go, and everything that takes time is done for this share only.  Sheets that nobody
 * owns stay in every share, because any school may have to look at them.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "cohort/wave_parts.h"

#include <stdlib.h>
#include <string.h>

/* Schools with more students first, then by code. */
static int by_size(const void *x, const void *y, void *context)
{
    const psyi_school *const schools = context;
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    if (schools[a].n_students != schools[b].n_students)
        return schools[a].n_students > schools[b].n_students ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* Dealt out like cards, to and fro, the largest schools first. */
static psy_status deal(psyi_assembly *a, const psyi_wave_link *link, psy_error *error)
{
    psyi_results *const r = a->results;
    uint32_t *const order = psyi_alloc(a->allocator, r->n_schools, sizeof *order);
    r->elsewhere = psyi_arena_alloc(&r->arena, r->n_schools, sizeof *r->elsewhere);
    if (order == NULL || r->elsewhere == NULL) {
        psyi_free(a->allocator, order);
        return psyi_fail_memory(error, "schools");
    }
    for (uint32_t s = 0; s < r->n_schools; s++)
        order[s] = s;
    if (r->n_schools > 1)
        qsort_r(order, r->n_schools, sizeof *order, by_size, r->schools);
    const uint32_t n = link->n_shares;
    for (size_t i = 0; i < r->n_schools; i++) {
        const uint32_t place = (uint32_t)(i % (2 * (uint64_t)n));
        r->elsewhere[order[i]] = (place < n ? place : 2 * n - 1 - place) != link->share;
    }
    psyi_free(a->allocator, order);
    return PSY_OK;
}

/* Everything that stands beside record `from` moves to `to`. */
static void move_record(psyi_assembly *a, size_t from, size_t to)
{
    psyi_results *const r = a->results;
    r->intake->records[to] = r->intake->records[from];
    r->people[to] = r->people[from];
    a->codes[to] = a->codes[from];
    a->school_codes[to] = a->school_codes[from];
    a->record_school[to] = a->record_school[from];
    a->record_student[to] = a->record_student[from];
    a->by_ladder[to] = a->by_ladder[from];
}

/* Students and unmatched sheets look for their records at the new places. */
static void follow(psyi_results *r, const uint32_t *moved)
{
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(r->allocator, s);
        psyi_student *const student = &r->students[s];
        if (r->elsewhere[student->school])
            student->n_records = 0;
        for (uint32_t i = 0; i < student->n_records; i++)
            student->records[i] = moved[student->records[i]];
    }
    for (size_t i = 0; i < r->n_unmatched; i++)
        r->unmatched[i] = moved[r->unmatched[i]];
}

static psy_status keep_records(psyi_assembly *a, uint32_t *kept, uint32_t *moved, psy_error *error)
{
    psyi_results *const r = a->results;
    psyi_intake *const intake = r->intake;
    size_t n = 0;
    for (uint32_t i = 0; i < intake->n_records; i++) {
        psyi_spill_pass(intake->allocator, i);
        const uint32_t student = a->record_student[i];
        if (student != PSYI_NO_STUDENT && r->elsewhere[r->students[student].school])
            continue;
        kept[n] = i;
        moved[i] = (uint32_t)n++;
    }
    for (size_t i = 0; i < n; i++)
        move_record(a, kept[i], i);
    intake->n_records = n;
    follow(r, moved);
    psy_status status = PSY_OK;
    for (size_t use = 0; use < intake->n_uses && status == PSY_OK; use++)
        status = psyi_sheets_keep(intake->sheets[use], kept, n, error);
    return status;
}

psy_status psyi_keep_share(psyi_assembly *a, psy_error *error)
{
    const psyi_wave_link *const link = a->results->intake->link;
    const size_t n = a->results->intake->n_records;
    if (link == NULL || link->n_shares == 0)
        return PSY_OK;
    psy_status status = deal(a, link, error);
    /* What ranks a sheet among all others needs all others. */
    if (status != PSY_OK || (link->given != NULL && psyi_wave_ranks(a->plan)))
        return status;
    uint32_t *const kept = psyi_alloc(a->allocator, n, sizeof *kept);
    uint32_t *const moved = psyi_alloc(a->allocator, n, sizeof *moved);
    status = kept != NULL && moved != NULL ? keep_records(a, kept, moved, error)
                                           : psyi_fail_memory(error, "records");
    psyi_free(a->allocator, kept);
    psyi_free(a->allocator, moved);
    return status;
}
