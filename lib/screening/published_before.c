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
#include "screening/journal.h"
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

typedef struct comparing {
    psyi_results *results;
    const psyi_previous *before; /* NULL: a run was stopped, which had compared */
    const psyi_known_files *known;
    const char **few;
    size_t n_few;
} comparing;

static bool was_told(const psyi_known_files *known, const char *school)
{
    for (size_t i = 0; i < known->n_told; i++)
        if (strcmp(known->told[i], school) == 0)
            return true;
    return false;
}

/* Where few had changed in the run before, the workbook that was handed out first is still about:
 * until so many have changed that they hide each other. */
static bool is_few(const comparing *c, size_t school)
{
    const char *const code = c->results->schools[school].code;
    const bool told = was_told(c->known, code);
    size_t n_found = 0;
    if (c->before == NULL)
        return told;
    size_t changed = changed_in(c->results, c->before, school, &n_found);
    const size_t n_before = rows_of(c->before, code);
    changed += n_before > n_found ? n_before - n_found : 0; /* who is gone */
    return changed < c->results->plan->small_cell && (changed > 0 || told);
}

static psy_status compare(comparing *c, psy_findings *findings, psy_error *error)
{
    psyi_results *const results = c->results;
    c->few = psyi_arena_alloc(&results->arena, results->n_schools + 1, sizeof *c->few);
    if (c->few == NULL)
        return psyi_fail_memory(error, "an earlier run");
    for (size_t school = 0; school < results->n_schools; school++)
        if (is_few(c, school))
            c->few[c->n_few++] = results->schools[school].code;
    results->few_changed = c->few;
    results->n_few_changed = c->n_few;
    if (c->n_few == 0)
        return PSY_OK;
    const psy_finding finding = {
        .file = "district.xlsx",
        .rule = "published_before",
        .severity = PSY_WARNING,
        .subject = c->few[0],
        .remedy = "hand out this workbook only where the earlier one was not, give the earlier "
                  "one's published.csv with --previous-publication, or run again when more have "
                  "been tested"};
    return psyi_find(findings, &finding, error,
                     "an earlier run of this wave stood here, and in %zu of %zu schools fewer than "
                     "%llu students have another result since: whoever has both district workbooks "
                     "learns about these few by subtraction",
                     c->n_few, results->n_schools, (unsigned long long)results->plan->small_cell);
}

/* The results that stand there, if they can be read and are of this plan and wave; else NULL. */
static psy_status read_before(const psyi_results *results, const char *directory,
                              psyi_previous **out, bool *there, psy_error *error)
{
    const psy_plan *const plan = results->plan;
    char *const manifest = psyi_path_join(results->allocator, directory, "run.json");
    if (manifest == NULL)
        return psyi_fail_memory(error, "an earlier run");
    *there = psyi_file_exists(manifest);
    psyi_free(results->allocator, manifest);
    if (!*there)
        return PSY_OK;
    psy_error unread = {0};
    const psy_status status =
        psyi_previous_read(out, plan, directory, results->allocator, NULL, &unread);
    if (status == PSY_E_NOMEM)
        return psyi_fail_memory(error, "an earlier run");
    if (status == PSY_OK && (strcmp((*out)->plan_id, plan->id) != 0 ||
                             strcmp((*out)->wave, plan->wave != NULL ? plan->wave : "") != 0)) {
        psyi_previous_free(*out);
        *out = NULL;
    }
    return PSY_OK;
}

psy_status psyi_published_check(psyi_results *results, const char *directory,
                                psy_findings *findings, psy_error *error)
{
    psyi_previous *before = NULL;
    psyi_known_files known;
    bool there;
    if (results->plan->small_cell == 0)
        return PSY_OK;
    psyi_known_init(&known, results->allocator);
    psy_status status = psyi_journal_peek(directory, &known, results->allocator, error);
    if (status == PSY_OK)
        status = read_before(results, directory, &before, &there, error);
    comparing c = {results, before, &known, NULL, 0};
    if (status == PSY_OK && (before != NULL || (!there && known.n_told > 0)))
        status = compare(&c, findings, error);
    psyi_previous_free(before);
    psyi_known_done(&known);
    return status;
}
