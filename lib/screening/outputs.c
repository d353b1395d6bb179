/*
 * outputs.c -- writing all files of a run, each complete or not at all.
 *
 * Files are independent once the results are frozen, so each is a task; the ones that take
 * longest start first.  Which thread writes which file leaves no trace in them.
 */
#include "screening/outputs.h"
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/parallel.h"
#include "screening/beside.h"
#include "screening/placing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void psyi_outputs_done(psyi_outputs *outputs)
{
    psyi_arena_done(&outputs->arena);
}

static bool has_task(const psyi_outputs *outputs, psyi_output_kind kind, psy_role role)
{
    for (size_t i = 0; i < outputs->n_tasks; i++)
        if (outputs->tasks[i].kind == kind &&
            (kind != PSYI_OUTPUT_ROLE || outputs->tasks[i].role.role == role))
            return true;
    return false;
}

bool psyi_outputs_share(const psyi_outputs *outputs)
{
    return has_task(outputs, PSYI_OUTPUT_PUBLISHED, PSY_ROLE_LEADER) ||
           has_task(outputs, PSYI_OUTPUT_ROLE, PSY_ROLE_LEADER);
}

static int by_weight(const void *x, const void *y)
{
    const psyi_output_task *const a = x, *const b = y;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return strcmp(a->name, b->name);
}

static psy_status fill_tasks(psyi_outputs *out, bool workbooks, uint32_t roles, bool what_if,
                             psy_findings *findings, psy_error *error)
{
    const psyi_results *const r = out->results;
    size_t n = 0;
    size_t n_roles = 0;
    if (workbooks && roles != 0) {
        const psy_status status =
            psyi_role_tasks(r, roles, NULL, &out->arena, NULL, &n_roles, error);
        if (status != PSY_OK)
            return status;
    }
    out->tasks = psyi_arena_alloc(&out->arena, r->n_schools + n_roles + 6, sizeof *out->tasks);
    out->files = psyi_arena_alloc(&out->arena, r->n_schools + n_roles + 7 + 2 * r->plan->n_locals,
                                  sizeof *out->files);
    if (out->tasks == NULL || out->files == NULL)
        return psyi_fail_memory(error, "outputs");
    out->tasks[n++] =
        (psyi_output_task){.kind = PSYI_OUTPUT_SCORES, .name = "scores.csv", .weight = SIZE_MAX};
    if (workbooks) {
        const char **names;
        psy_status status = psyi_school_names(r, &out->arena, &names, findings, error);
        if (status != PSY_OK)
            return status;
        out->tasks[n++] = (psyi_output_task){
            .kind = PSYI_OUTPUT_DISTRICT, .name = "district.xlsx", .weight = SIZE_MAX};
        if (r->n_unmatched > 0)
            out->tasks[n++] = (psyi_output_task){.kind = PSYI_OUTPUT_UNMATCHED,
                                                 .name = "schools/_unmatched.xlsx",
                                                 .weight = r->n_unmatched};
        if (psyi_report_has_sealed(r))
            out->tasks[n++] =
                (psyi_output_task){.kind = PSYI_OUTPUT_SEALED, .name = "schools/_sealed.xlsx"};
        for (size_t s = 0; s < r->n_schools; s++) {
            const char *const name = psyi_arena_format(&out->arena, "schools/%s.xlsx", names[s]);
            if (name == NULL)
                return psyi_fail_memory(error, "outputs");
            out->tasks[n++] = (psyi_output_task){.kind = PSYI_OUTPUT_SCHOOL,
                                                 .school = s,
                                                 .name = name,
                                                 .lock = r->schools[s].code,
                                                 .weight = r->schools[s].n_students};
        }
        if (roles != 0) {
            n_roles = n;
            status = psyi_role_tasks(r, roles, names, &out->arena, out->tasks, &n_roles, error);
            if (status != PSY_OK)
                return status;
            n = n_roles;
        }
    }
    out->n_workbooks = n - 1;
    if (what_if)
        out->tasks[n++] = (psyi_output_task){
            .kind = PSYI_OUTPUT_WHAT_IF, .name = "whatif.csv", .weight = SIZE_MAX};
    /* Where nothing is hidden, nothing is worked out. */
    if (workbooks && r->plan->small_cell > 0)
        out->tasks[n++] =
            (psyi_output_task){.kind = PSYI_OUTPUT_PUBLISHED, .name = "published.csv"};
    for (size_t i = 0; i < n; i++)
        if (out->tasks[i].lock == NULL || out->tasks[i].lock[0] == '\0')
            out->tasks[i].lock = out->tasks[i].name;
    out->n_tasks = n;
    qsort(out->tasks, n, sizeof *out->tasks, by_weight);
    return PSY_OK;
}

psy_status psyi_outputs_plan(psyi_outputs *out, const psyi_results *results, bool workbooks,
                             uint32_t roles, bool what_if, const char *directory,
                             const psy_allocator *allocator, psy_findings *findings,
                             psy_error *error)
{
    *out = (psyi_outputs){.allocator = allocator, .results = results, .directory = directory};
    psyi_arena_init(&out->arena, allocator);
    return fill_tasks(out, workbooks, roles, what_if, findings, error);
}

psy_status psyi_outputs_untouched(const psyi_outputs *outputs, const psyi_journal *journal,
                                  psy_error *error)
{
    for (size_t i = 0; i < outputs->n_tasks; i++) {
        const psyi_output_task *const task = &outputs->tasks[i];
        if (psyi_is_text(task->kind))
            continue;
        char *const path = psyi_path_join(outputs->allocator, outputs->directory, task->name);
        if (path == NULL)
            return psyi_fail_memory(error, "outputs");
        char digest[65] = "";
        psy_status status = PSY_OK;
        if (psyi_file_exists(path)) {
            status = psyi_file_digest(path, digest, error);
            if (status == PSY_OK &&
                !psyi_known_has(psyi_journal_known(journal), task->name, digest))
                status = psyi_fail(error, PSY_E_OUTPUT, NULL,
                                   "'%s' has been edited since it was written, and is not "
                                   "overwritten: move it away first",
                                   path);
        }
        psyi_free(outputs->allocator, path);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

/* ".<name>.<pid>-<n>.tmp", as file_writer.c names what it has not finished. */
static bool is_leftover(const char *name)
{
    const size_t length = strlen(name);
    if (name[0] != '.' || length < 8 || strcmp(name + length - 4, ".tmp") != 0)
        return false;
    size_t at = length - 4, digits = 0;
    for (; at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9'; at--)
        digits++;
    if (digits == 0 || at == 0 || name[at - 1] != '-')
        return false;
    for (at--, digits = 0; at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9'; at--)
        digits++;
    return digits > 0 && at > 1 && name[at - 1] == '.';
}

static psy_status clear_leftovers(const psyi_outputs *outputs, const char *directory,
                                  psy_error *error)
{
    char **names = NULL;
    size_t n = 0;
    psy_status status = psyi_directory_list(directory, outputs->allocator, &names, &n, error);
    for (size_t i = 0; status == PSY_OK && i < n; i++) {
        if (!is_leftover(names[i]))
            continue;
        char *const path = psyi_path_join(outputs->allocator, directory, names[i]);
        if (path == NULL)
            status = psyi_fail_memory(error, "outputs");
        else
            unlink(path);
        psyi_free(outputs->allocator, path);
    }
    psyi_free(outputs->allocator, names);
    return status;
}

static psy_status prepare_directory(const psyi_outputs *outputs, const char *name, size_t length,
                                    psy_error *error)
{
    char *const below = psyi_text_copy(outputs->allocator, name, length);
    char *const path =
        below != NULL ? psyi_path_join(outputs->allocator, outputs->directory, below) : NULL;
    psyi_free(outputs->allocator, below);
    if (path == NULL)
        return psyi_fail_memory(error, "outputs");
    psy_status status = psyi_directory_make(path, error);
    if (status == PSY_OK)
        status = clear_leftovers(outputs, path, error);
    psyi_free(outputs->allocator, path);
    return status;
}

psy_status psyi_outputs_prepare(const psyi_outputs *outputs, psy_error *error)
{
    psy_status status = clear_leftovers(outputs, outputs->directory, error);
    if (status != PSY_OK || outputs->n_workbooks == 0)
        return status;
    status = prepare_directory(outputs, "schools", strlen("schools"), error);
    for (size_t i = 0; status == PSY_OK && i < outputs->n_tasks; i++)
        if (outputs->tasks[i].kind == PSYI_OUTPUT_ROLE)
            for (const char *slash = strchr(outputs->tasks[i].name, '/');
                 slash != NULL && status == PSY_OK; slash = strchr(slash + 1, '/'))
                status = prepare_directory(outputs, outputs->tasks[i].name,
                                           (size_t)(slash - outputs->tasks[i].name), error);
    return status;
}

/* ---- streams ---- */

typedef struct stream {
    psyi_file_writer *file;
    psyi_sha256 *digest;
    psy_status status;
    psy_error error;
} stream;

static int take_bytes(void *context, const void *bytes, size_t size)
{
    stream *const to = context;
    psyi_sha256_add(to->digest, bytes, size);
    to->status = psyi_file_write(to->file, bytes, size, &to->error);
    return to->status != PSY_OK;
}

/* `path` is where it shall appear, `name` what it is called if that fails; a draft is synced by
 * whoever puts it into its place. */
static psy_status
stream_into(const psyi_outputs *outputs, const char *path, const char *name, bool draft,
            psy_status (*write)(const void *what, const psy_sink *sink, psy_error *error),
            const void *what, char digest[65], psy_error *error)
{
    stream to = {.digest = psyi_sha256_new()};
    const psy_sink sink = {.write = take_bytes, .context = &to};
    char hex[65] = "";
    if (to.digest == NULL)
        return psyi_fail_memory(error, name);
    psy_status status = psyi_file_create(&to.file, path, 0600, outputs->allocator, error);
    if (status == PSY_OK) {
        status = write(what, &sink, error);
        if (to.status != PSY_OK && error != NULL)
            *error = to.error; /* says which file and why */
        status = to.status != PSY_OK ? to.status : status;
        if (status != PSY_OK)
            psyi_file_abort(to.file);
        else
            status = draft ? psyi_file_commit_unsynced(to.file, error)
                           : psyi_file_commit(to.file, error);
    }
    psyi_sha256_hex(to.digest, hex);
    if (status == PSY_OK && hex[0] == '\0')
        status = psyi_fail_memory(error, name);
    memcpy(digest, hex, sizeof hex);
    return status;
}

psy_status psyi_output_stream(const psyi_outputs *outputs, const char *name,
                              psy_status (*write)(const void *what, const psy_sink *sink,
                                                  psy_error *error),
                              const void *what, char digest[65], psy_error *error)
{
    char *const path = psyi_path_join(outputs->allocator, outputs->directory, name);
    const psy_status status =
        path != NULL ? stream_into(outputs, path, name, false, write, what, digest, error)
                     : psyi_fail_memory(error, name);
    psyi_free(outputs->allocator, path);
    return status;
}

/* ---- tasks ---- */

typedef struct writing {
    psyi_outputs *outputs;
    psyi_journal *journal;
    psyi_placing *placing;
    psyi_beside *beside; /* NULL: tables are made, or nobody needs them */
    const psy_screening_options *options;
    pthread_t caller;
    atomic_size_t done;
} writing;

static psy_status write_scores(const void *what, const psy_sink *sink, psy_error *error)
{
    return psyi_report_scores(what, sink, error);
}

static psy_status write_what_if(const void *what, const psy_sink *sink, psy_error *error)
{
    return psyi_report_what_if(what, sink, error);
}

/* (Of the shared tables; results are only read.) */
static psy_status write_published(const void *what, const psy_sink *sink, psy_error *error)
{
    const psyi_outputs *const outputs = what;
    return psyi_report_published(outputs->results,
                                 has_task(outputs, PSYI_OUTPUT_ROLE, PSY_ROLE_LEADER), sink, error);
}

static psy_status write_workbook(const psyi_outputs *outputs, const psyi_output_task *task,
                                 const char *path, psy_error *error)
{
    switch (task->kind) {
    case PSYI_OUTPUT_DISTRICT:
        return psyi_report_district(outputs->results, path, outputs->findings, error);
    case PSYI_OUTPUT_UNMATCHED:
        return psyi_report_unmatched(outputs->results, path, error);
    case PSYI_OUTPUT_SEALED:
        return psyi_report_sealed(outputs->results, path, error);
    case PSYI_OUTPUT_SCHOOL:
        return psyi_report_school(outputs->results, task->school, path, outputs->findings, error);
    case PSYI_OUTPUT_ROLE:
        return psyi_report_role(outputs->results, &task->role, path, outputs->findings, error);
    case PSYI_OUTPUT_SCORES:
    case PSYI_OUTPUT_WHAT_IF:
    case PSYI_OUTPUT_PUBLISHED:
        break;
    }
    return psyi_fail(error, PSY_E_INTERNAL, NULL, "an output of no known kind");
}

/* In memory in plain, then encrypted on the disk. */
static psy_status write_sealed(const psyi_outputs *outputs, const psyi_output_task *task,
                               size_t index, const char *draft, char digest[65], psy_error *error)
{
    psyi_buffer plain;
    psyi_buffer_init(&plain, outputs->allocator);
    psyi_buffer_format(&plain, "%s/%zu.xlsx", outputs->place, index);
    psy_status status = plain.failed ? psyi_fail_memory(error, "outputs")
                                     : write_workbook(outputs, task, plain.data, error);
    if (status == PSY_OK)
        status = psyi_output_seal(outputs, task, plain.data, draft, digest, error);
    if (!plain.failed)
        unlink(plain.data);
    psyi_buffer_done(&plain);
    return status;
}

static psy_status write_text(const psyi_outputs *outputs, const psyi_output_task *task,
                             const char *draft, char digest[65], psy_error *error)
{
    const bool published = task->kind == PSYI_OUTPUT_PUBLISHED;
    return stream_into(outputs, draft, task->name, true,
                       published                          ? write_published
                       : task->kind == PSYI_OUTPUT_SCORES ? write_scores
                                                          : write_what_if,
                       published ? (const void *)outputs : outputs->results, digest, error);
}

static psy_status write_draft(const psyi_outputs *outputs, const psyi_output_task *task,
                              size_t index, const char *draft, psyi_output_file *file,
                              psy_error *error)
{
    if (psyi_is_text(task->kind))
        return write_text(outputs, task, draft, file->digest, error);
    const bool fetched = outputs->elsewhere != NULL && task->kind == PSYI_OUTPUT_SCHOOL;
    const psy_status status = outputs->passwords != NULL
                                  ? write_sealed(outputs, task, index, draft, file->plain, error)
                              : fetched ? psyi_output_fetch(outputs, task, draft, error)
                                        : write_workbook(outputs, task, draft, error);
    return status == PSY_OK ? psyi_file_digest(draft, file->digest, error) : status;
}

/* Made aside, entered into the journal, put into place: a run that is killed in between
 * knows its own work again.  Takes `path`. */
static psy_status write_aside(const writing *w, size_t index, char *path, psyi_output_file *file,
                              psy_error *error)
{
    const psyi_outputs *const outputs = w->outputs;
    const psyi_output_task *const task = &outputs->tasks[index];
    const bool sealed = outputs->passwords != NULL && !psyi_is_text(task->kind);
    char *const draft = psyi_journal_draft(w->journal, index);
    const psy_status status = draft != NULL ? write_draft(outputs, task, index, draft, file, error)
                                            : psyi_fail_memory(error, "outputs");
    if (status == PSY_OK)
        return psyi_placing_give(w->placing, draft, path, file, sealed, error);
    if (draft != NULL)
        unlink(draft);
    psyi_free(outputs->allocator, draft);
    psyi_free(outputs->allocator, path);
    return status;
}

/* Did this very run write the file that stands there?  With the same password, if any. */
static bool is_finished(const writing *w, const psyi_output_task *task, const char *path,
                        psyi_output_file *file)
{
    if (!psyi_file_exists(path) || psyi_file_digest(path, file->digest, NULL) != PSY_OK ||
        !psyi_journal_finished(w->journal, task->name, file->digest))
        return false;
    return w->outputs->passwords == NULL || psyi_is_text(task->kind) ||
           (psyi_journal_plain_of(w->journal, task->name, file->plain) &&
            psyi_output_opens(w->outputs, task, path));
}

static psy_status write_one(const writing *w, size_t index, psyi_output_file *file,
                            psy_error *error)
{
    const psyi_outputs *const outputs = w->outputs;
    const psyi_output_task *const task = &outputs->tasks[index];
    char *const path = psyi_path_join(outputs->allocator, outputs->directory, task->name);
    if (path == NULL)
        return psyi_fail_memory(error, "outputs");
    if (!is_finished(w, task, path, file))
        return write_aside(w, index, path, file, error);
    psyi_free(outputs->allocator, path);
    return PSY_OK;
}

static psy_status write_task(void *context, size_t index, psy_error *error)
{
    writing *const w = context;
    psyi_output_file *const file = &w->outputs->files[index];
    const psy_status status = write_one(w, index, file, error);
    if (status != PSY_OK)
        return status;
    const size_t done = atomic_fetch_add(&w->done, 1) + 1;
    const psy_progress progress = {.phase = "write", .done = done, .total = w->outputs->n_tasks};
    /* The callback is the caller's and runs on his thread only. */
    if (w->options->progress != NULL && pthread_equal(pthread_self(), w->caller) &&
        w->options->progress(w->options->progress_context, &progress) != 0)
        return psyi_fail(error, PSY_E_CANCELLED, NULL, "stopped while writing");
    return PSY_OK;
}

/* The first makes the tables; nothing gets its name before they are proved to leak nothing. */
static psy_status write_beside(void *context, size_t index, psy_error *error)
{
    writing *const w = context;
    if (index == 0) {
        const psy_status status = psyi_beside_make(w->beside, error);
        psyi_placing_open(w->placing, status);
        return status;
    }
    const size_t task = w->beside->order[index - 1];
    return psyi_beside_ready(w->beside, task) ? write_task(w, task, error) : PSY_OK;
}

static psy_status write_late(void *context, size_t index, psy_error *error)
{
    writing *const w = context;
    return write_task(w, w->beside->late[index], error);
}

static psy_status write_tasks(writing *w, psy_error *error)
{
    const psyi_outputs *const outputs = w->outputs;
    const unsigned n_threads = w->options->n_threads;
    const psyi_tables_task *const tables = outputs->tables;
    if (tables == NULL)
        return psyi_parallel(n_threads, outputs->n_tasks, write_task, w, outputs->allocator, error);
    psyi_beside beside;
    psy_status status = psyi_beside_begin(&beside, outputs, error);
    if (status != PSY_OK)
        return status;
    w->beside = &beside;
    status =
        psyi_parallel(n_threads, outputs->n_tasks + 1, write_beside, w, outputs->allocator, error);
    if (status == PSY_OK && beside.news) {
        status = tables->tell(tables->context, error);
        if (status == PSY_OK)
            status =
                psyi_parallel(n_threads, beside.n_late, write_late, w, outputs->allocator, error);
    }
    psyi_beside_end(&beside);
    return status;
}

psy_status psyi_outputs_write(psyi_outputs *outputs, psyi_journal *journal,
                              const psy_screening_options *options, psy_error *error)
{
    writing w = {
        .outputs = outputs, .journal = journal, .options = options, .caller = pthread_self()};
    atomic_init(&w.done, 0);
    for (size_t i = 0; i < outputs->n_tasks; i++) {
        outputs->files[i].name = psyi_arena_copy(&outputs->arena, outputs->tasks[i].name);
        if (outputs->files[i].name == NULL)
            return psyi_fail_memory(error, "outputs");
    }
    outputs->n_files = outputs->n_tasks;
    psy_status status = psyi_outputs_elsewhere(outputs, options, error);
    if (status == PSY_OK)
        status = psyi_placing_begin(&w.placing, journal, outputs->n_tasks, options->n_threads != 1,
                                    outputs->tables == NULL, outputs->allocator, error);
    if (status == PSY_OK) {
        status = write_tasks(&w, error);
        /* What was finished gets its name in any case: the next call need not write it again. */
        const psy_status placed = psyi_placing_end(w.placing, status == PSY_OK ? error : NULL);
        status = status == PSY_OK ? placed : status;
    }
    psyi_outputs_elsewhere_done(outputs);
    return status;
}
