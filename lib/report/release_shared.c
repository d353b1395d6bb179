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

psy_status psyi_release_aside(const psyi_results *results, size_t school, psyi_shared_release **out,
                              psy_error *error)
{
    psyi_shared_release *const made = psyi_alloc(results->allocator, 1, sizeof *made);
    const bool all = school == PSYI_ALL_SCHOOLS;
    *out = NULL;
    if (made == NULL)
        return psyi_fail_memory(error, "tables of the district");
    memset(made, 0, sizeof *made);
    psyi_report *const report = &made->report;
    report->results = results;
    report->school = school;
    report->first = all ? 0 : results->schools[school].first_student;
    report->n = all ? results->n_students : results->schools[school].n_students;
    report->book = &made->book;
    psyi_arena_init(&report->arena, results->allocator);
    psyi_count(results, report->first, report->n, NULL, NULL, &report->counts);
    report->release = psyi_release_make(report);
    if (report->release != NULL) {
        *out = made;
        return PSY_OK;
    }
    const psy_status status = made->book.status;
    if (error != NULL)
        *error = made->book.error;
    psyi_release_put_away(results, made);
    return status;
}

void psyi_release_put_away(const psyi_results *results, psyi_shared_release *aside)
{
    psyi_arena_done(&aside->report.arena);
    psyi_free(results->allocator, aside);
}

psyi_report *psyi_release_report(psyi_shared_release *shared)
{
    return &shared->report;
}

psy_status psyi_release_share(psyi_results *results, psyi_shared_release **out, psy_error *error)
{
    const psy_status status = psyi_release_aside(results, PSYI_ALL_SCHOOLS, out, error);
    if (status == PSY_OK)
        results->shared = (*out)->report.release;
    return status;
}

void psyi_release_held(const psyi_results *results, size_t *n_rows, size_t *n_numbers)
{
    *n_rows = results->shared != NULL ? results->shared->n_changed : 0;
    *n_numbers = results->shared != NULL ? results->shared->n_held : 0;
}

bool psyi_release_says_nothing(const psyi_results *results)
{
    return results->shared != NULL && results->shared->all_hidden;
}

void psyi_release_unshare(psyi_results *results, psyi_shared_release *shared)
{
    if (shared == NULL)
        return;
    results->shared = NULL;
    psyi_release_put_away(results, shared);
}
