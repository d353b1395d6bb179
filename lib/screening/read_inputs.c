/*
 * read_inputs.c -- the files of a screening: responses, rosters, earlier numbers of students.
 *
 * Schools send a roster each.  They are read one behind the other, in the order of their names, so
 * that the order in which they were given leaves no trace.
 */
#include "screening/read_inputs.h"
#include "base/fail.h"
#include "base/file.h"
#include "screening/links_file.h"

#include <stdlib.h>
#include <string.h>

typedef struct roster_path {
    const char *path;
    char digest[65]; /* "" where no other has its name */
} roster_path;

static int by_name(const void *x, const void *y)
{
    const roster_path *const a = x, *const b = y;
    const int order = strcmp(psyi_base_name(a->path), psyi_base_name(b->path));
    return order != 0 ? order : strcmp(a->digest, b->digest);
}

static bool same_name(const roster_path *a, const roster_path *b)
{
    return strcmp(psyi_base_name(a->path), psyi_base_name(b->path)) == 0;
}

/* Those of one name (58 schools may call theirs roster.xlsx) by what is in them. */
static psy_status sort_rosters(roster_path *files, const char *const *paths, size_t n,
                               psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t i = 0; i < n; i++)
        files[i].path = paths[i];
    qsort(files, n, sizeof *files, by_name);
    for (size_t i = 0; i < n && status == PSY_OK; i++)
        if ((i > 0 && same_name(&files[i - 1], &files[i])) ||
            (i + 1 < n && same_name(&files[i], &files[i + 1])))
            status = psyi_file_digest(files[i].path, files[i].digest, error);
    qsort(files, n, sizeof *files, by_name);
    return status;
}

/* The last of several that were read: a mistake in the list is not to pass for a school. */
static psy_status check_roster(const psyi_roster *roster, psy_error *error)
{
    const psyi_input_file *const last = &roster->files[roster->n_files - 1];
    const psy_location where = psyi_location(last->name, 0, 0, 0);
    for (const psyi_input_file *file = roster->files; file < last; file++)
        if (strcmp(file->digest, last->digest) == 0)
            return psyi_fail(error, PSY_E_DATA, &where,
                             "this roster is the same, byte for byte, as '%s': give each once",
                             file->name);
    if (last->rows == 0)
        return psyi_fail(error, PSY_E_DATA, &where,
                         "this roster lists nobody: leave it out, or get it again");
    return PSY_OK;
}

static psy_status read_rosters(const psy_plan *plan, const char *const *paths, size_t n,
                               const psyi_intake_options *options, const psy_allocator *allocator,
                               psy_findings *findings, psyi_roster **roster, psy_error *error)
{
    roster_path *const files = psyi_alloc(allocator, n, sizeof *files);
    psy_status status = files != NULL ? sort_rosters(files, paths, n, error)
                                      : psyi_fail_memory(error, "the rosters");
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        status = psyi_watch_tell(options->watch, "read", options->n_files - n + i, options->n_files,
                                 error);
        if (status == PSY_OK)
            status = psyi_students_read(roster, &plan->roster, "inputs/roster", files[i].path, NULL,
                                        allocator, findings, error);
        if (status == PSY_OK && n > 1)
            status = check_roster(*roster, error);
    }
    psyi_free(allocator, files);
    return status;
}

psy_status psyi_read_inputs(const psy_plan *plan, const char *const *rosters, size_t n_rosters,
                            const char *const *responses, size_t n_responses, unsigned n_threads,
                            const psyi_watch *watch, const psy_allocator *allocator,
                            psy_findings *findings, psyi_intake **intake, psyi_roster **roster,
                            psy_error *error)
{
    const psyi_intake_options options = {.input = &plan->responses,
                                         .uses = plan->uses,
                                         .n_uses = plan->n_uses,
                                         .n_threads = n_threads,
                                         .watch = watch,
                                         .n_files = n_responses + n_rosters};
    *roster = NULL;
    for (size_t i = 0; i < n_rosters; i++)
        if (rosters == NULL || rosters[i] == NULL)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a roster without a path");
    psy_status status = psyi_intake_read(intake, &options, responses, NULL, n_responses, allocator,
                                         findings, error);
    if (status == PSY_OK && n_rosters > 0) {
        status =
            read_rosters(plan, rosters, n_rosters, &options, allocator, findings, roster, error);
        if (status == PSY_OK)
            status = psyi_links_read(plan, *roster, allocator, findings, error);
        if (status != PSY_OK) {
            psyi_roster_free(*roster);
            psyi_intake_free(*intake);
        }
    }
    return status;
}
