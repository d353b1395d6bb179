/*
 * record_order.c -- records and their sheets, put into the order of the students.
 *
 * Files name pupils in any order; everything after matching goes through students, and those
 * stand by school.  Once the records and tiles stand the same way, each step goes forward
 * through memory: a score that is looked at lies beside the one before, whatever the export
 * looked like, and a run beyond its memory budget touches each page once a step.  Sheets of
 * nobody come last, as they were read.  What nobody may notice: indices are only used here and
 * after, and findings name files and rows.
 */
#include "base/fail.h"
#include "base/parallel.h"
#include "base/spill.h"
#include "cohort/assembly.h"

#include <string.h>

/* from[i]: which record comes to place i. */
static psy_status find_order(const psyi_assembly *a, uint32_t *from, bool *changes,
                             psy_error *error)
{
    const psyi_results *const r = a->results;
    const size_t n = r->intake->n_records;
    uint32_t *const next = psyi_alloc(a->allocator, r->n_students + 1, sizeof *next);
    if (next == NULL)
        return psyi_fail_memory(error, "records");
    for (size_t i = 0; i < n; i++) {
        psyi_spill_pass(a->allocator, i);
        if (a->record_student[i] != PSYI_NO_STUDENT)
            next[a->record_student[i] + 1]++;
    }
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        next[s + 1] += next[s];
    }
    *changes = false;
    /* After the last one: those of nobody. */
    uint32_t nobody = next[r->n_students];
    for (uint32_t i = 0; i < n; i++) {
        psyi_spill_pass(a->allocator, i);
        const uint32_t student = a->record_student[i];
        const uint32_t to = student != PSYI_NO_STUDENT ? next[student]++ : nobody++;
        from[to] = i;
        *changes = *changes || to != i;
    }
    psyi_free(a->allocator, next);
    return PSY_OK;
}

#define ITEMS_A_TASK 4096

typedef struct reordering {
    const psy_allocator *allocator;
    const unsigned char *old;
    unsigned char *fresh;
    size_t size, n;
    const uint32_t *from;
} reordering;

static psy_status reorder_some(void *context, size_t index, psy_error *error)
{
    const reordering *const r = context;
    const size_t first = index * ITEMS_A_TASK;
    (void)error;
    for (size_t i = first; i < r->n && i < first + ITEMS_A_TASK; i++) {
        psyi_spill_pass(r->allocator, i);
        memcpy(r->fresh + i * r->size, r->old + r->from[i] * r->size, r->size);
    }
    return PSY_OK;
}

/* *block, of n items, becomes a new one in the other order.  On all threads: the pages of a new
 * block are zeroed by whoever touches them first, which takes longer than moving the items. */
static bool reorder(const psyi_assembly *a, const psy_allocator *allocator, void **block,
                    size_t size, const uint32_t *from, size_t n)
{
    if (*block == NULL)
        return true;
    reordering r = {.allocator = allocator,
                    .old = *block,
                    .fresh = psyi_alloc(allocator, n, size),
                    .size = size,
                    .n = n,
                    .from = from};
    if (r.fresh == NULL || psyi_parallel(a->n_threads, (n + ITEMS_A_TASK - 1) / ITEMS_A_TASK,
                                         reorder_some, &r, a->allocator, NULL) != PSY_OK) {
        psyi_free(allocator, r.fresh);
        return false;
    }
    psyi_free(allocator, *block);
    *block = r.fresh;
    return true;
}

/* ---- sheets ---- */

#define TILES_A_TASK 16

typedef struct moving {
    const psyi_sheets *old;
    psyi_sheets *sheets;
    const uint32_t *from;
} moving;

static psy_status move_tiles(void *context, size_t index, psy_error *error)
{
    const moving *const m = context;
    const size_t n_items = m->sheets->n_items, first = index * TILES_A_TASK * PSYI_LANES;
    (void)error;
    for (size_t sheet = first;
         sheet < m->sheets->n_sheets && sheet < first + TILES_A_TASK * PSYI_LANES; sheet++) {
        psyi_spill_pass(m->old->allocator, sheet);
        if (sheet % PSYI_LANES == 0)
            psyi_sheets_clear(m->sheets, sheet / PSYI_LANES);
        const uint8_t *const old = psyi_sheets_byte(m->old, m->from[sheet], 0);
        uint8_t *const now = psyi_sheets_byte(m->sheets, sheet, 0);
        for (size_t item = 0; item < n_items; item++)
            now[item * PSYI_LANES] = old[item * PSYI_LANES];
        for (size_t item = 0; item < n_items; item++)
            if (m->old->numbers[item] != NULL)
                m->sheets->numbers[item][sheet] = m->old->numbers[item][m->from[sheet]];
        if (psyi_sheets_given(m->old, m->from[sheet]))
            psyi_sheets_mark(m->sheets, sheet);
    }
    return PSY_OK;
}

static psy_status move_sheets(psyi_assembly *a, unsigned use, const uint32_t *from,
                              psy_error *error)
{
    psyi_intake *const intake = a->results->intake;
    const size_t per_task = TILES_A_TASK * PSYI_LANES;
    moving m = {.old = intake->sheets[use], .from = from};
    psy_status status = psyi_sheets_new(&m.sheets, m.old->instrument, 0, intake->allocator, error);
    if (status != PSY_OK)
        return status;
    /* Each tile is cleared by the thread that fills it. */
    status = psyi_sheets_extend(m.sheets, intake->n_records, error);
    if (status == PSY_OK)
        status = psyi_parallel(a->n_threads, (intake->n_records + per_task - 1) / per_task,
                               move_tiles, &m, a->allocator, error);
    if (status != PSY_OK) {
        psyi_sheets_free(m.sheets);
        return status;
    }
    psyi_sheets_free(intake->sheets[use]);
    intake->sheets[use] = m.sheets;
    return PSY_OK;
}

/* ---- the whole ---- */

static psy_status move_all(psyi_assembly *a, const uint32_t *from, psy_error *error)
{
    psyi_results *const r = a->results;
    psyi_intake *const intake = r->intake;
    const size_t n = intake->n_records;
    void *records = intake->records, *codes = (void *)a->codes, *schools = (void *)a->school_codes,
         *in_school = a->record_school, *student = a->record_student, *by_ladder = a->by_ladder;
    const bool good = reorder(a, intake->allocator, &records, sizeof *intake->records, from, n) &&
                      reorder(a, a->allocator, &codes, sizeof *a->codes, from, n) &&
                      reorder(a, a->allocator, &schools, sizeof *a->school_codes, from, n) &&
                      reorder(a, a->allocator, &in_school, sizeof *a->record_school, from, n) &&
                      reorder(a, a->allocator, &student, sizeof *a->record_student, from, n) &&
                      reorder(a, a->allocator, &by_ladder, sizeof *a->by_ladder, from, n);
    intake->records = records;
    a->codes = codes;
    a->school_codes = schools;
    a->record_school = in_school;
    a->record_student = student;
    a->by_ladder = by_ladder;
    if (!good)
        return psyi_fail_memory(error, "records");
    for (size_t i = 0; i < r->n_unmatched; i++)
        r->unmatched[i] = (uint32_t)(n - r->n_unmatched + i);
    psy_status status = PSY_OK;
    for (unsigned use = 0; use < intake->n_uses && status == PSY_OK; use++)
        status = move_sheets(a, use, from, error);
    return status;
}

psy_status psyi_order_records(psyi_assembly *a, psy_error *error)
{
    uint32_t *const from = psyi_alloc(a->allocator, a->results->intake->n_records, sizeof *from);
    bool changes = false;
    if (from == NULL)
        return psyi_fail_memory(error, "records");
    psy_status status = find_order(a, from, &changes, error);
    if (status == PSY_OK && changes)
        status = move_all(a, from, error);
    psyi_free(a->allocator, from);
    return status;
}
