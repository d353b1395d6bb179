/*
 * unmatched_schools.c -- sheets of nobody we know, by the school that they name: by its code or, as
 * matching reads it, by its name.
 *
 * Every workbook of a school asks for its own.  Looking through all of them each time grew with the
 * square of the schools, and with a memory budget brought every such record back for each school.
 */
#include "cohort/assembly.h"

#include "base/fail.h"
#include "base/spill.h"

/* Counted, then dealt out: those of a school stay in the order of `unmatched`. */
psy_status psyi_unmatched_by_school(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    r->school_unmatched = psyi_arena_alloc(&r->arena, r->n_unmatched + 1, sizeof(uint32_t));
    r->school_unmatched_end = psyi_arena_alloc(&r->arena, r->n_schools + 1, sizeof(uint32_t));
    if (r->school_unmatched == NULL || r->school_unmatched_end == NULL)
        return psyi_fail_memory(error, "sheets of nobody known");
    for (size_t i = 0; i < r->n_unmatched; i++) {
        const uint32_t school = a->record_school[r->unmatched[i]];
        psyi_spill_pass(a->allocator, i);
        if (school < r->n_schools)
            r->school_unmatched_end[school]++;
    }
    /* Where those of each begin; dealing them out moves it to where they end. */
    uint32_t n = 0;
    for (size_t s = 0; s < r->n_schools; s++) {
        const uint32_t own = r->school_unmatched_end[s];
        r->school_unmatched_end[s] = n;
        n += own;
    }
    for (size_t i = 0; i < r->n_unmatched; i++) {
        const uint32_t school = a->record_school[r->unmatched[i]];
        psyi_spill_pass(a->allocator, i);
        if (school < r->n_schools)
            r->school_unmatched[r->school_unmatched_end[school]++] = (uint32_t)i;
    }
    return PSY_OK;
}

const uint32_t *psyi_unmatched_of(const psyi_results *r, size_t school, size_t *n)
{
    *n = 0;
    if (r->school_unmatched == NULL)
        return NULL;
    const uint32_t first = school > 0 ? r->school_unmatched_end[school - 1] : 0;
    *n = r->school_unmatched_end[school] - first;
    return r->school_unmatched + first;
}
