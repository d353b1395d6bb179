/*
 * release_shared.c -- the district's tables without a workbook around them.
 */
#include "report/release_shared.h"

#include "base/fail.h"
#include "report/book_parts.h"
#include "report/release.h"

#include <string.h>

struct psyi_shared_release {
    psyi_report report;
    psyi_book book; /* remembers what goes wrong; nothing is written into it */
};

psy_status psyi_release_share(psyi_results *results, psyi_shared_release **out, psy_error *error)
{
    psyi_shared_release *const made = psyi_alloc(results->allocator, 1, sizeof *made);
    *out = NULL;
    if (made == NULL)
        return psyi_fail_memory(error, "tables of the district");
    memset(made, 0, sizeof *made);
    psyi_report *const report = &made->report;
    report->results = results;
    report->school = PSYI_ALL_SCHOOLS;
    report->n = results->n_students;
    report->book = &made->book;
    psyi_arena_init(&report->arena, results->allocator);
    psyi_count(results, 0, results->n_students, NULL, NULL, &report->counts);
    const psyi_release *const release = psyi_release_make(report);
    *out = made;
    if (release != NULL) {
        results->shared = release;
        return PSY_OK;
    }
    const psy_status status = made->book.status;
    if (error != NULL)
        *error = made->book.error;
    psyi_release_unshare(results, made);
    *out = NULL;
    return status;
}

void psyi_release_unshare(psyi_results *results, psyi_shared_release *shared)
{
    if (shared == NULL)
        return;
    results->shared = NULL;
    psyi_arena_done(&shared->report.arena);
    psyi_free(results->allocator, shared);
}
