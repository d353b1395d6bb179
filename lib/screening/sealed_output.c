/*
 * sealed_output.c -- workbooks that leave the run encrypted.
 */
#include "base/fail.h"
#include "base/file.h"
#include "report/agile.h"
#include "screening/outputs.h"

#include <string.h>

psy_status psyi_outputs_make_passwords(const psyi_outputs *outputs, const char *path,
                                       psy_error *error)
{
    const char **const keys = psyi_alloc(outputs->allocator, outputs->n_tasks, sizeof *keys);
    size_t n = 0;
    if (keys == NULL)
        return psyi_fail_memory(error, path);
    for (size_t i = 0; i < outputs->n_tasks; i++)
        if (!psyi_is_text(outputs->tasks[i].kind))
            keys[n++] = outputs->tasks[i].lock;
    /* In the order of names, not of sizes. */
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && strcmp(keys[j], keys[j - 1]) < 0; j--) {
            const char *const held = keys[j];
            keys[j] = keys[j - 1];
            keys[j - 1] = held;
        }
    const psy_status status = psyi_passwords_make(path, keys, n, outputs->allocator, error);
    psyi_free(outputs->allocator, keys);
    return status;
}

psy_status psyi_outputs_have_passwords(const psyi_outputs *outputs, const char *path,
                                       psy_error *error)
{
    psyi_buffer missing;
    size_t n = 0;
    psyi_buffer_init(&missing, outputs->allocator);
    for (size_t i = 0; i < outputs->n_tasks; i++) {
        const psyi_output_task *const task = &outputs->tasks[i];
        if (psyi_is_text(task->kind) || psyi_passwords_find(outputs->passwords, task->lock) != NULL)
            continue;
        if (n++ < 5)
            psyi_buffer_format(&missing, "%s%.40s", n > 1 ? ", " : "", task->lock);
    }
    psy_status status = PSY_OK;
    const psy_location where = psyi_location(path, 0, 0, 0);
    if (n > 0)
        status = psyi_fail(error, PSY_E_DATA, &where,
                           "%zu workbook%s of this run %s no password (%s%s): add a line for "
                           "each, or have a file made with --new-passwords",
                           n, psyi_s(n), psyi_one_many(n, "has", "have"),
                           missing.failed ? "" : missing.data, n > 5 ? ", ..." : "");
    psyi_buffer_done(&missing);
    return status;
}

typedef struct target {
    psyi_file_writer *file;
    psy_status status;
    psy_error error;
} target;

static int take_bytes(void *context, const void *bytes, size_t size)
{
    target *const to = context;
    to->status = psyi_file_write(to->file, bytes, size, &to->error);
    return to->status != PSY_OK;
}

psy_status psyi_seal_file(const char *plain, const char *path, const char *password,
                          char digest[65], const psy_allocator *allocator, psy_error *error)
{
    target to = {.status = PSY_OK};
    const psy_sink sink = {.write = take_bytes, .context = &to};
    const psy_encryption_options how = {.version = PSY_ENCRYPTION_OPTIONS_VERSION,
                                        .allocator = allocator};
    psy_status status = psyi_file_digest(plain, digest, error);
    if (status == PSY_OK)
        status = psyi_file_create(&to.file, path, 0600, allocator, error);
    if (status != PSY_OK)
        return status;
    status = psy_encrypt_workbook(plain, NULL, 0, password, &how, &sink, error);
    if (to.status != PSY_OK) {
        if (error != NULL)
            *error = to.error; /* says which file and why */
        status = to.status;
    }
    if (status == PSY_OK)
        return psyi_file_commit(to.file, error);
    psyi_file_abort(to.file);
    return status;
}

psy_status psyi_output_seal(const psyi_outputs *outputs, const psyi_output_task *task,
                            const char *plain, const char *path, char digest[65], psy_error *error)
{
    const char *const password = psyi_passwords_find(outputs->passwords, task->lock);
    if (password == NULL)
        return psyi_fail(error, PSY_E_INTERNAL, NULL, "'%s' has no password", task->name);
    return psyi_seal_file(plain, path, password, digest, outputs->allocator, error);
}

bool psyi_output_opens(const psyi_outputs *outputs, const psyi_output_task *task, const char *path)
{
    const char *const password = psyi_passwords_find(outputs->passwords, task->lock);
    bool opens = false;
    return password != NULL &&
           psyi_password_opens(path, password, &opens, outputs->allocator, NULL) == PSY_OK && opens;
}
