/*
 * collect_run.c -- from the workbooks of a run to the tables of a collection.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "intake/cell.h"
#include "screening/collecting.h"
#include "table/collect.h"

#include <stdlib.h>
#include <string.h>

struct psy_collected {
    const psy_allocator *allocator;
    psy_table *tables[PSY_COLLECT_PARTS];
};

void psy_collected_free(psy_collected *collected)
{
    if (collected == NULL)
        return;
    for (size_t i = 0; i < PSY_COLLECT_PARTS; i++)
        psy_table_free(collected->tables[i]);
    psyi_free(collected->allocator, collected);
}

const psy_table *psy_collected_table(const psy_collected *collected, psy_collect_part part)
{
    return collected != NULL && (unsigned)part < PSY_COLLECT_PARTS ? collected->tables[part] : NULL;
}

psy_table *psy_collected_take(psy_collected *collected, psy_collect_part part)
{
    psy_table *const table =
        collected != NULL && (unsigned)part < PSY_COLLECT_PARTS ? collected->tables[part] : NULL;
    if (table != NULL)
        collected->tables[part] = NULL;
    return table;
}

static int take_bytes(void *context, const void *bytes, size_t size)
{
    psyi_buffer *const to = context;
    psyi_buffer_add(to, bytes, size);
    return to->failed;
}

psy_status psy_collected_save(const psy_collected *collected, psy_collect_part part,
                              const char *path, psy_error *error)
{
    const psy_table *const table = psy_collected_table(collected, part);
    if (table == NULL || path == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "there is no such table in the collection, or no path to write it to");
    psyi_buffer text;
    psyi_buffer_init(&text, collected->allocator);
    const psy_sink sink = {.write = take_bytes, .context = &text};
    psy_status status = psy_table_write_csv(table, &sink, error);
    if (text.failed)
        status = psyi_fail_memory(error, path);
    if (status == PSY_OK)
        status = psyi_file_replace(path, text.data != NULL ? text.data : "", text.length, 0600,
                                   collected->allocator, error);
    psyi_buffer_done(&text);
    return status;
}

/* ---- the cases ---- */

static int by_number(const void *x, const void *y)
{
    return strcmp(((const psyi_case *)x)->number, ((const psyi_case *)y)->number);
}

static psy_status number_cases(psyi_collecting *c, psy_error *error)
{
    const size_t n = c->run->n_rows;
    c->cases = psyi_arena_alloc(&c->arena, n + 1, sizeof *c->cases);
    c->case_of_row = psyi_arena_alloc(&c->arena, n + 1, sizeof *c->case_of_row);
    c->schools = psyi_arena_alloc(&c->arena, n + 1, sizeof *c->schools);
    if (c->cases == NULL || c->case_of_row == NULL || c->schools == NULL)
        return psyi_fail_memory(error, "cases");
    for (size_t i = 0; i < n; i++) {
        psyi_case *const one = &c->cases[i];
        one->row = (uint32_t)i;
        one->due = PSYI_NO_DAY;
        if (!psyi_case_number(c->run->plan_id, c->run->wave, c->run->rows[i].school,
                              c->run->rows[i].student, c->allocator, one->number))
            return psyi_fail_memory(error, "cases");
    }
    c->n_cases = n;
    if (n > 1)
        qsort(c->cases, n, sizeof *c->cases, by_number);
    for (size_t i = 0; i < n; i++)
        c->case_of_row[c->cases[i].row] = (uint32_t)i;
    return PSY_OK;
}

/* ---- the workbooks ---- */

typedef struct path_list {
    const char **paths;
    size_t n;
} path_list;

static bool is_workbook_name(const char *name)
{
    const size_t length = strlen(name);
    return length > 5 && strcmp(name, "_unmatched.xlsx") != 0 &&
           strcmp(name, "_sealed.xlsx") != 0 && name[0] != '.' && name[0] != '~' &&
           strcmp(name + length - 5, ".xlsx") == 0;
}

/* All workbooks of DIR/schools but those of nobody's school. */
static psy_status list_schools(psyi_collecting *c, const char *results, path_list *out,
                               psy_error *error)
{
    const char *const schools = psyi_arena_format(&c->arena, "%s/schools", results);
    char **names = NULL;
    size_t n = 0;
    psy_status status = schools != NULL
                            ? psyi_directory_list(schools, c->allocator, &names, &n, error)
                            : psyi_fail_memory(error, results);
    if (status != PSY_OK)
        return status;
    out->paths = psyi_arena_alloc(&c->arena, n + 1, sizeof *out->paths);
    for (size_t i = 0; i < n && out->paths != NULL && status == PSY_OK; i++) {
        if (!is_workbook_name(names[i]))
            continue;
        out->paths[out->n] = psyi_arena_format(&c->arena, "%s/%s", schools, names[i]);
        if (out->paths[out->n++] == NULL)
            status = psyi_fail_memory(error, results);
    }
    if (out->paths == NULL)
        status = psyi_fail_memory(error, results);
    psyi_free(c->allocator, names);
    return status;
}

/* The same bytes twice are read once. */
static psy_status read_all(psyi_collecting *c, const path_list *paths, psy_error *error)
{
    char(*const digests)[65] = psyi_alloc(c->allocator, paths->n + 1, sizeof *digests);
    if (digests == NULL)
        return psyi_fail_memory(error, "workbooks");
    psy_status status = PSY_OK;
    for (size_t i = 0; i < paths->n && status == PSY_OK; i++) {
        psyi_buffer bytes;
        psyi_buffer_init(&bytes, c->allocator);
        bool before = false;
        status = psyi_collect_bytes(c, paths->paths[i], &bytes, error);
        if (status == PSY_OK &&
            !psyi_sha256_bytes(bytes.data != NULL ? bytes.data : "", bytes.length, digests[i]))
            status = psyi_fail_memory(error, paths->paths[i]);
        for (size_t j = 0; j < i && status == PSY_OK; j++)
            before = before || strcmp(digests[i], digests[j]) == 0;
        const psy_finding finding = {.file = paths->paths[i],
                                     .rule = "workbook_repeated",
                                     .severity = PSY_WARNING,
                                     .remedy = "name each workbook once"};
        if (status == PSY_OK && before)
            status = psyi_find(c->findings, &finding, error,
                               "the same workbook was read before: this copy is left out");
        else if (status == PSY_OK)
            status = psyi_collect_read(c, paths->paths[i], &bytes, error);
        if (bytes.data != NULL)
            psyi_wipe(bytes.data, bytes.length);
        psyi_buffer_done(&bytes);
    }
    psyi_free(c->allocator, digests);
    return status;
}

/* ---- the whole ---- */

static psy_status take_options(psyi_collecting *c, const psy_collect_options *options,
                               psy_error *error)
{
    if (options == NULL)
        return PSY_OK;
    if (options->version > PSY_COLLECT_OPTIONS_VERSION)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "options of version %u are newer than this library", options->version);
    int32_t seconds;
    c->with_as_of = options->as_of != NULL;
    if (c->with_as_of && psyi_date_read(options->as_of, strlen(options->as_of), "ymd", &c->as_of,
                                        &seconds) != PSYI_DATE_OK)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "'%.40s' is no date: write 2026-10-20",
                         options->as_of);
    return PSY_OK;
}

static psy_status collect(psyi_collecting *c, psy_collected *out, const char *results,
                          const path_list *given, psy_error *error)
{
    path_list paths = *given;
    psy_status status = psyi_previous_read(&c->run, c->plan, results, c->allocator, NULL, error);
    if (status == PSY_OK)
        status = number_cases(c, error);
    if (status == PSY_OK && paths.n == 0)
        status = list_schools(c, results, &paths, error);
    if (status == PSY_OK && paths.n == 0)
        status = psyi_fail(error, PSY_E_ARGUMENT, NULL, "'%s/schools' holds no workbook to collect",
                           results);
    if (status == PSY_OK)
        status = read_all(c, &paths, error);
    if (status == PSY_OK)
        status = psyi_collect_check(c, error);
    if (status == PSY_OK)
        status = psyi_collect_entries(c, &out->tables[PSY_COLLECT_ENTRIES], error);
    if (status == PSY_OK)
        status = psyi_collect_counts(c, &out->tables[PSY_COLLECT_COUNTS], error);
    return status;
}

psy_status psy_collect_run(psy_collected **out, const psy_plan *plan, const char *results,
                           const char *const *workbooks, size_t n_workbooks,
                           const psy_collect_options *options, psy_findings *findings,
                           psy_error *error)
{
    if (out == NULL || plan == NULL || results == NULL || (workbooks == NULL && n_workbooks > 0))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a collection needs a plan and the directory of its results");
    const psy_allocator *const allocator = options != NULL ? options->allocator : NULL;
    psyi_collecting c = {.allocator = allocator, .plan = plan, .findings = findings};
    psyi_passwords *passwords = NULL;
    psyi_arena_init(&c.arena, allocator);
    psy_collected *const made = psyi_alloc(allocator, 1, sizeof *made);
    psy_status status =
        made != NULL ? take_options(&c, options, error) : psyi_fail_memory(error, "a collection");
    if (made != NULL)
        made->allocator = allocator;
    if (status == PSY_OK && options != NULL && options->passwords != NULL)
        status = psyi_passwords_read(&passwords, options->passwords, allocator, findings, error);
    c.passwords = passwords;
    const path_list given = {(const char **)workbooks, n_workbooks};
    if (status == PSY_OK)
        status = collect(&c, made, results, &given, error);
    psyi_passwords_free(passwords);
    psyi_previous_free(c.run);
    psyi_free(allocator, c.entries);
    psyi_arena_done(&c.arena);
    if (status == PSY_OK)
        *out = made;
    else
        psy_collected_free(made);
    return status;
}
