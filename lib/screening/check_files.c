/*
 * check_files.c -- psy_check: definitions linted, their worked examples run.
 *
 * What a file is, its `format:` line says; a directory is searched like a catalogue's.  A
 * plan is checked against the directories it comes from, then against those of the caller.
 * A norm is read by itself and with its instrument, so findings that say the same are
 * told once.
 */
#include "base/fail.h"
#include "base/file.h"
#include "definition/load.h"
#include "score/scorer.h"
#include "screening/remembered.h"
#include "table/collect.h"

#include <psyscreen/screening.h>

#include <string.h>

#define MOST_BYTES ((size_t)1 << 20)

typedef struct path_list {
    char **paths;
    size_t n, capacity;
} path_list;

typedef struct checking {
    const psy_allocator *allocator;
    psy_findings *findings;
    psy_check_counts counts;
    path_list files, directories;
    psy_catalog *catalog;
} checking;

static void list_done(path_list *list, const psy_allocator *allocator)
{
    for (size_t i = 0; i < list->n; i++)
        psyi_free(allocator, list->paths[i]);
    psyi_free(allocator, list->paths);
}

/* Takes `path` over (NULL: no memory was left for it); one that is listed already is freed. */
static psy_status list_add(path_list *list, char *path, const psy_allocator *allocator,
                           psy_error *error)
{
    void *paths = list->paths;
    bool known = path == NULL;
    if (path == NULL ||
        !psyi_grow(allocator, &paths, &list->capacity, list->n + 1, sizeof *list->paths)) {
        psyi_free(allocator, path);
        return psyi_fail_memory(error, "paths");
    }
    list->paths = paths;
    for (size_t i = 0; i < list->n && !known; i++)
        known = strcmp(list->paths[i], path) == 0;
    if (known)
        psyi_free(allocator, path);
    else
        list->paths[list->n++] = path;
    return PSY_OK;
}

static bool ends_in(const char *text, const char *end)
{
    const size_t length = strlen(text), n = strlen(end);
    return length >= n && strcmp(text + length - n, end) == 0;
}

/* The directory a catalogue would be opened on for this file: above norms/ and plans/. */
static char *home_of(const char *path, const psy_allocator *allocator)
{
    const char *end = path + strlen(path);
    while (end > path && end[-1] != '/')
        end--;
    size_t length = (size_t)(end - path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    static const char *const inner[] = {"plans", "norms"};
    for (size_t i = 0; i < 2; i++) {
        const size_t n = strlen(inner[i]);
        if (length >= n && memcmp(path + length - n, inner[i], n) == 0 &&
            (length == n || path[length - n - 1] == '/')) {
            length = length == n ? 0 : length - n - 1;
            break;
        }
    }
    return length == 0 ? psyi_text_copy(allocator, end == path || path[0] != '/' ? "." : "/", 1)
                       : psyi_text_copy(allocator, path, length);
}

static psy_status complain(checking *c, const char *path, const psy_error *why, psy_error *error)
{
    if (why->status == PSY_E_NOMEM) {
        if (error != NULL)
            *error = *why;
        return PSY_E_NOMEM;
    }
    const psy_finding finding = {
        .file = why->where.source[0] != '\0' ? why->where.source : path,
        .row = why->where.line,
        .column = why->where.column,
        .length = why->where.length,
        .field = why->path[0] != '\0' ? why->path : NULL,
        .rule = "not_loaded",
        .severity = PSY_ERROR,
    };
    return psyi_find(c->findings, &finding, error, "%s", why->message);
}

/* ---- what there is ---- */

static psy_status add_folder(checking *c, const char *directory, const char *inner,
                             psy_error *error)
{
    char *const folder = inner != NULL ? psyi_path_join(c->allocator, directory, inner)
                                       : psyi_text_copy(c->allocator, directory, strlen(directory));
    if (folder == NULL)
        return psyi_fail_memory(error, "paths");
    char **names = NULL;
    size_t n = 0;
    psy_status status = PSY_OK;
    psy_error why = {.status = PSY_OK};
    if (inner == NULL || psyi_is_directory(folder))
        status = psyi_directory_list(folder, c->allocator, &names, &n, &why);
    if (status != PSY_OK)
        status = complain(c, folder, &why, error);
    for (size_t i = 0; i < n && status == PSY_OK; i++)
        if (ends_in(names[i], ".yaml") && names[i][0] != '.')
            status = list_add(&c->files, psyi_path_join(c->allocator, folder, names[i]),
                              c->allocator, error);
    psyi_free(c->allocator, names);
    psyi_free(c->allocator, folder);
    return status;
}

static psy_status gather(checking *c, const char *path, psy_error *error)
{
    psy_status status;
    if (!psyi_is_directory(path)) {
        status = list_add(&c->directories, home_of(path, c->allocator), c->allocator, error);
        if (status == PSY_OK)
            status = list_add(&c->files, psyi_text_copy(c->allocator, path, strlen(path)),
                              c->allocator, error);
        return status;
    }
    status = add_folder(c, path, NULL, error);
    if (status == PSY_OK)
        status = add_folder(c, path, "norms", error);
    if (status == PSY_OK)
        status = add_folder(c, path, "plans", error);
    if (status != PSY_OK)
        return status;
    char *const inside = psyi_path_join(c->allocator, path, "x"); /* a file in it */
    char *const home = inside != NULL ? home_of(inside, c->allocator) : NULL;
    psyi_free(c->allocator, inside);
    return list_add(&c->directories, home, c->allocator, error);
}

/* ---- one file ---- */

static psy_status check_instrument(checking *c, const char *path, psy_error *why)
{
    psy_instrument *instrument;
    psy_status status = psy_instrument_load_file(&instrument, path, c->allocator, c->findings, why);
    if (status != PSY_OK)
        return status;
    size_t run = 0, failed = 0;
    c->counts.instruments++;
    c->counts.scales += instrument->n_scales;
    c->counts.flags += instrument->n_flags;
    c->counts.remembered += psyi_remembered_instrument(instrument);
    status = psyi_instrument_lint(instrument, c->findings, why);
    if (status == PSY_OK)
        status = psyi_examples_run(instrument, c->findings, &run, &failed, c->allocator, why);
    c->counts.examples += run;
    c->counts.examples_failed += failed;
    psy_instrument_free(instrument);
    return status;
}

static psy_status check_norm(checking *c, const char *path, psy_error *why)
{
    psyi_norm *norm;
    const psy_status status = psyi_norm_load_file(&norm, path, c->allocator, c->findings, why);
    if (status != PSY_OK)
        return status;
    c->counts.norms++;
    c->counts.remembered += psyi_is_remembered(norm->confidence);
    psyi_norm_free(norm);
    return PSY_OK;
}

static psy_status check_plan(checking *c, const char *path, psy_error *why)
{
    psy_plan *plan;
    psy_status status = PSY_OK;
    if (c->catalog == NULL)
        status = psy_catalog_open(&c->catalog, (const char *const *)c->directories.paths,
                                  c->directories.n, c->allocator, why);
    if (status == PSY_OK)
        status = psy_plan_load_file(&plan, path, c->catalog, c->allocator, c->findings, why);
    if (status != PSY_OK)
        return status;
    c->counts.plans++;
    psy_plan_free(plan);
    return PSY_OK;
}

static psy_status check_file(checking *c, const char *path, psy_error *error)
{
    psyi_buffer text;
    psyi_buffer_init(&text, c->allocator);
    psy_error why = {.status = PSY_OK};
    const size_t before = psy_findings_count_severity(c->findings, PSY_ERROR);
    c->counts.files++;
    psy_status status = psyi_file_read(path, MOST_BYTES, &text, &why);
    const char *kind = NULL;
    if (status == PSY_OK) {
        kind = text.data != NULL ? psyi_definition_kind(text.data, text.length) : NULL;
        if (kind == NULL)
            status = psyi_fail(&why, PSY_E_SCHEMA, NULL,
                               "no line 'format: psyscreen/instrument/1', 'psyscreen/norms/1' or "
                               "'psyscreen/plan/1' says what this file is");
        else if (strcmp(kind, "instrument") == 0)
            status = check_instrument(c, path, &why);
        else if (strcmp(kind, "norms") == 0)
            status = check_norm(c, path, &why);
        else
            status = check_plan(c, path, &why);
    }
    psyi_buffer_done(&text);
    if (status == PSY_E_NOMEM)
        return complain(c, path, &why, error);
    /* Loaders put every problem into the findings themselves; what they did not, is told. */
    if (status != PSY_OK && psy_findings_count_severity(c->findings, PSY_ERROR) == before)
        return complain(c, path, &why, error);
    return PSY_OK;
}

/* ---- the whole ---- */

static bool same_text(const char *x, const char *y)
{
    return x == y || (x != NULL && y != NULL && strcmp(x, y) == 0);
}

static bool same_finding(const psy_finding *x, const psy_finding *y)
{
    return x->row == y->row && x->column == y->column && x->severity == y->severity &&
           same_text(x->file, y->file) && same_text(x->field, y->field) &&
           same_text(x->rule, y->rule) && same_text(x->subject, y->subject) &&
           same_text(x->message, y->message);
}

static psy_status hand_over(checking *c, psy_findings *findings, psy_error *error)
{
    psy_finding last = {.row = 0};
    psy_findings_sort(c->findings);
    for (size_t i = 0; i < psy_findings_count(c->findings); i++) {
        const psy_finding finding = psy_findings_get(c->findings, i);
        if (i > 0 && same_finding(&finding, &last))
            continue;
        last = finding;
        if (finding.severity == PSY_ERROR)
            c->counts.errors++;
        else if (finding.severity == PSY_WARNING)
            c->counts.warnings++;
        else
            c->counts.notes++;
        const psy_status status = psy_findings_add(findings, &finding, error);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

psy_status psy_check(const char *const *paths, size_t n_paths,
                     const char *const *catalog_directories, size_t n_directories,
                     const psy_allocator *allocator, psy_findings *findings,
                     psy_check_counts *counts, psy_error *error)
{
    if (paths == NULL && n_paths > 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "there are no paths to check");
    checking c = {.allocator = allocator};
    psy_status status = psy_findings_new(&c.findings, allocator, error);
    for (size_t i = 0; i < n_paths && status == PSY_OK; i++)
        status = gather(&c, paths[i], error);
    for (size_t i = 0; i < n_directories && status == PSY_OK; i++)
        status = list_add(
            &c.directories,
            psyi_text_copy(allocator, catalog_directories[i], strlen(catalog_directories[i])),
            allocator, error);
    for (size_t i = 0; i < c.files.n && status == PSY_OK; i++)
        status = check_file(&c, c.files.paths[i], error);
    if (status == PSY_OK)
        status = hand_over(&c, findings, error);
    if (status == PSY_OK && counts != NULL)
        *counts = c.counts;
    psy_catalog_free(c.catalog);
    list_done(&c.files, allocator);
    list_done(&c.directories, allocator);
    psy_findings_free(c.findings);
    return status;
}
