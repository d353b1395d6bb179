/*
 * reference.c -- integer sums over complete rows, and adding them up.
 */
#include "validity/reference.h"
#include "base/fail.h"
#include "base/memory.h"
#include "validity/grid.h"

#include <string.h>

psy_status psyi_reference_new(psyi_reference *out, size_t n_items, const psy_allocator *allocator,
                              psy_error *error)
{
    *out = (psyi_reference){.n_items = n_items};
    out->sums = psyi_alloc(allocator, n_items, sizeof *out->sums);
    out->xy = psyi_alloc(allocator, n_items * n_items, sizeof *out->xy);
    out->given = psyi_alloc(allocator, n_items, sizeof *out->given);
    if (out->sums != NULL && out->xy != NULL && out->given != NULL)
        return PSY_OK;
    psyi_reference_done(out, allocator);
    return psyi_fail_memory(error, "sums of items");
}

void psyi_reference_done(psyi_reference *reference, const psy_allocator *allocator)
{
    psyi_free(allocator, reference->sums);
    psyi_free(allocator, reference->xy);
    psyi_free(allocator, reference->given);
    *reference = (psyi_reference){.n = 0};
}

psy_status psyi_reference_make(psyi_reference *out, const psy_answer_grid *grid, psy_error *error)
{
    const size_t k = grid->n_items;
    psyi_cross cross = {0};
    uint8_t *const complete = psyi_alloc(grid->allocator, grid->n_rows, sizeof *complete);
    psy_status status = psyi_reference_new(out, k, grid->allocator, error);
    if (status == PSY_OK && complete == NULL) {
        psyi_reference_done(out, grid->allocator);
        status = psyi_fail_memory(error, "sums of items");
    }
    if (status == PSY_OK) {
        out->n = psyi_grid_complete(grid, complete);
        psyi_grid_sums(grid, complete, out->sums);
        memcpy(out->given, out->sums, k * sizeof *out->given);
        if (out->n > 0)
            status = psyi_cross_make(&cross, grid, complete, error);
        if (status == PSY_OK && out->n > 0)
            memcpy(out->xy, cross.xy, k * k * sizeof *out->xy);
        if (status != PSY_OK)
            psyi_reference_done(out, grid->allocator);
    }
    psyi_cross_done(&cross, grid->allocator);
    psyi_free(grid->allocator, complete);
    return status;
}

psy_status psyi_reference_add(psyi_reference *to, const psyi_reference *from,
                              const psy_allocator *allocator, psy_error *error)
{
    if (from->sums == NULL)
        return PSY_OK;
    psy_status status = PSY_OK;
    if (to->sums == NULL)
        status = psyi_reference_new(to, from->n_items, allocator, error);
    if (status == PSY_OK && to->n_items != from->n_items)
        status =
            psyi_fail(error, PSY_E_ARGUMENT, NULL, "sums of %zu and of %zu items do not add up",
                      to->n_items, from->n_items);
    if (status != PSY_OK)
        return status;
    to->n += from->n;
    for (size_t i = 0; i < to->n_items; i++) {
        to->sums[i] += from->sums[i];
        to->given[i] += from->given[i];
    }
    for (size_t i = 0; i < to->n_items * to->n_items; i++)
        to->xy[i] += from->xy[i];
    return PSY_OK;
}
