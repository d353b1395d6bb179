/*
 * dossier_entries.c -- rows of the student's schools from files of entries.
 */
#include "screening/dossier_entries.h"

#include "base/fail.h"
#include "cohort/carried.h"

#include <psyscreen/findings.h>

#include <stdlib.h>
#include <string.h>

/* Rows of other schools, and of nobody, are none of this child's: nothing is said of them. */
static psy_status read_file(psyi_results *about, const char *path, psy_error *error)
{
    psy_findings *unsaid;
    psy_status status = psy_findings_new(&unsaid, about->allocator, error);
    if (status != PSY_OK)
        return status;
    status = psyi_carried_read(about, path, unsaid, error);
    psy_findings_free(unsaid);
    return status;
}

static int by_code(const void *a, const void *b)
{
    const psyi_school *const x = a, *const y = b;
    return strcmp(x->code, y->code);
}

psy_status psyi_dossier_entries(psyi_dossier *dossier, const char *const *paths, size_t n,
                                psyi_arena *arena, psyi_arena *ledgers,
                                const psy_allocator *allocator, psy_error *error)
{
    const psyi_carried **const files = psyi_arena_alloc(arena, n, sizeof *files);
    psyi_school *const schools = psyi_arena_alloc(arena, dossier->n_waves, sizeof *schools);
    if (files == NULL || schools == NULL)
        return psyi_fail_memory(error, "dossier");
    for (size_t i = 0; i < dossier->n_waves; i++)
        schools[i].code = psyi_dossier_cell(dossier->waves[i], "school");
    qsort(schools, dossier->n_waves, sizeof *schools, by_code);
    psyi_results about = {.allocator = allocator,
                          .plan = dossier->plan,
                          .arena = *ledgers,
                          .schools = schools,
                          .n_schools = dossier->n_waves};
    psy_status status = PSY_OK;
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        if (paths == NULL || paths[i] == NULL)
            status = psyi_fail(error, PSY_E_ARGUMENT, NULL, "a file of entries without a path");
        else
            status = read_file(&about, paths[i], error);
        files[i] = about.carried;
    }
    *ledgers = about.arena; /* it has grown */
    dossier->entries = files;
    dossier->n_entries = n;
    return status;
}
