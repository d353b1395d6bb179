/*
 * published_before.c -- do two district workbooks of one wave give away the few who came between?
 *
 * Each of them is safe on its own.  But make-up tests of two children change the counts of their
 * school by what these two have, and whoever holds the workbook of before and the one of after
 * reads it off, whatever is hidden in either.  The program cannot take back what was handed out; it
 * says that there is something to subtract, and in how many schools.
 */
#include "screening/published_before.h"

#include "base/fail.h"
#include "base/file.h"
#include "cohort/previous_wave.h"
#include "table/collect.h"

#include <string.h>

/* Students of a school whose status or tier is not what it was, or who were not there. */
static size_t changed_in(const psyi_results *results, const psyi_previous *before, size_t school,
                         size_t *n_found)
{
    const psyi_school *const of = &results->schools[school];
    size_t changed = 0;
    for (size_t i = of->first_student; i < of->first_student + of->n_students; i++) {
        const psyi_student *const who = &results->students[i];
        const uint32_t at = psyi_previous_find(before, who->id, of->code);
        if (at == PSYI_NO_PREVIOUS || strcmp(before->rows[at].school, of->code) != 0) {
            changed++;
            continue;
        }
        ++*n_found;
        changed += before->rows[at].status != who->status || before->rows[at].tier != who->tier;
    }
    return changed;
}

static size_t rows_of(const psyi_previous *before, const char *school)
{
    size_t n = 0;
    for (size_t i = 0; i < before->n_rows; i++)
        n += strcmp(before->rows[i].school, school) == 0;
    return n;
}

static psy_status compare(const psyi_results *results, const psyi_previous *before,
                          psy_findings *findings, psy_error *error)
{
    const uint64_t least = results->plan->small_cell;
    const char *first = NULL;
    size_t n_few = 0, n_all = 0;
    for (size_t school = 0; school < results->n_schools; school++) {
        const char *const code = results->schools[school].code;
        size_t n_found = 0;
        size_t changed = changed_in(results, before, school, &n_found);
        const size_t n_before = rows_of(before, code);
        changed += n_before > n_found ? n_before - n_found : 0; /* who is gone */
        n_all += changed;
        if (changed == 0 || changed >= least)
            continue;
        first = n_few++ == 0 ? code : first;
    }
    if (n_few == 0 && (n_all == 0 || n_all >= least))
        return PSY_OK;
    const psy_finding finding = {
        .file = "district.xlsx",
        .rule = "published_before",
        .severity = PSY_WARNING,
        .subject = first,
        .remedy = "hand out this workbook only where the earlier one was not, or run again when "
                  "more have been tested"};
    return psyi_find(
        findings, &finding, error,
        "an earlier run of this wave stands here, and in %zu of %zu schools fewer than "
        "%llu students have another result since: whoever has both district workbooks "
        "learns about these few by subtraction",
        n_few, results->n_schools, (unsigned long long)least);
}

psy_status psyi_published_check(const psyi_results *results, const char *directory,
                                psy_findings *findings, psy_error *error)
{
    const psy_plan *const plan = results->plan;
    if (plan->small_cell == 0)
        return PSY_OK;
    char *const manifest = psyi_path_join(results->allocator, directory, "run.json");
    if (manifest == NULL)
        return psyi_fail_memory(error, "an earlier run");
    const bool there = psyi_file_exists(manifest);
    psyi_free(results->allocator, manifest);
    if (!there)
        return PSY_OK;
    psyi_previous *before = NULL;
    psy_error unread = {0};
    psy_status status =
        psyi_previous_read(&before, plan, directory, results->allocator, NULL, &unread);
    if (status == PSY_E_NOMEM)
        return psyi_fail_memory(error, "an earlier run");
    if (status != PSY_OK)
        return PSY_OK;
    if (strcmp(before->plan_id, plan->id) == 0 &&
        strcmp(before->wave, plan->wave != NULL ? plan->wave : "") == 0)
        status = compare(results, before, findings, error);
    psyi_previous_free(before);
    return status;
}
