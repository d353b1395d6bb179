/*
 * earlier_run.c -- reading run.json back.
 *
 * Only what decides about overwriting is taken out: which version, plan and inputs the run
 * had, and the hashes of what it wrote.  The reader takes any well-formed JSON, because a
 * person may have reformatted the file, and ignores what it does not know.
 */
#include "screening/earlier_run.h"
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/json_fields.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BYTES ((size_t)16 << 20)

void psyi_known_init(psyi_known_files *known, const psy_allocator *allocator)
{
    *known = (psyi_known_files){.n = 0};
    psyi_arena_init(&known->arena, allocator);
}

void psyi_known_done(psyi_known_files *known)
{
    psyi_free(known->arena.allocator, known->files);
    psyi_free(known->arena.allocator, known->told);
    psyi_arena_done(&known->arena);
}

bool psyi_known_add(psyi_known_files *known, const char *name, const char *digest)
{
    void *files = known->files;
    const bool good = psyi_grow(known->arena.allocator, &files, &known->capacity, known->n + 1,
                                sizeof *known->files);
    known->files = files;
    const char *const copy = good ? psyi_arena_copy(&known->arena, name) : NULL;
    known->no_memory = known->no_memory || copy == NULL;
    if (copy == NULL || strlen(digest) != 64)
        return false;
    known->files[known->n].name = copy;
    memcpy(known->files[known->n].digest, digest, 65);
    known->n++;
    return true;
}

bool psyi_known_tell(psyi_known_files *known, const char *school)
{
    for (size_t i = 0; i < known->n_told; i++)
        if (strcmp(known->told[i], school) == 0)
            return true;
    void *told = known->told;
    const bool good = psyi_grow(known->arena.allocator, &told, &known->room_told, known->n_told + 1,
                                sizeof *known->told);
    known->told = told;
    const char *const copy = good ? psyi_arena_copy(&known->arena, school) : NULL;
    known->no_memory = known->no_memory || copy == NULL;
    if (copy == NULL)
        return false;
    known->told[known->n_told++] = copy;
    return true;
}

bool psyi_known_has(const psyi_known_files *known, const char *name, const char *digest)
{
    for (size_t i = 0; i < known->n; i++)
        if (strcmp(known->files[i].name, name) == 0 && strcmp(known->files[i].digest, digest) == 0)
            return true;
    return false;
}

/* ---- fingerprint ---- */

static int by_digest(const void *x, const void *y)
{
    const psyi_known_file *const a = *(const psyi_known_file *const *)x;
    const psyi_known_file *const b = *(const psyi_known_file *const *)y;
    const int order = strcmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->digest, b->digest);
}

psy_status psyi_run_fingerprint(const char *version, const char *plan,
                                const psyi_known_files *inputs, char out[65], psy_error *error)
{
    const psy_allocator *const allocator = inputs->arena.allocator;
    const psyi_known_file **const sorted = psyi_alloc(allocator, inputs->n, sizeof *sorted);
    if (sorted == NULL)
        return psyi_fail_memory(error, "fingerprint");
    for (size_t i = 0; i < inputs->n; i++)
        sorted[i] = &inputs->files[i];
    qsort(sorted, inputs->n, sizeof *sorted, by_digest);
    psyi_buffer text;
    psyi_buffer_init(&text, allocator);
    psyi_buffer_format(&text, "psyscreen/run/1\n%s\n%s\n", version, plan);
    for (size_t i = 0; i < inputs->n; i++)
        psyi_buffer_format(&text, "%s %s\n", sorted[i]->name, sorted[i]->digest);
    psy_status status = PSY_OK;
    if (text.failed || !psyi_sha256_bytes(text.data, text.length, out))
        status = psyi_fail_memory(error, "fingerprint");
    psyi_buffer_done(&text);
    psyi_free(allocator, sorted);
    return status;
}

/* ---- what is read of a manifest ---- */

/* A list of {<name>: ..., sha256: ...}. */
static bool read_files(psyi_json_reader *r, const char *name_key, psyi_known_files *out)
{
    if (!psyi_json_take(r, '['))
        return false;
    while (psyi_json_peek(r) != ']') {
        char name[512] = "", digest[65] = "";
        const psyi_json_field fields[] = {{.key = name_key, .out = name, .size = sizeof name},
                                          {.key = "sha256", .out = digest, .size = sizeof digest}};
        if (!psyi_json_fields(r, fields, 2) || !psyi_known_add(out, name, digest) ||
            !psyi_json_next(r, ']'))
            return false;
    }
    return psyi_json_take(r, ']');
}

/* A list of texts. */
static bool read_told(psyi_json_reader *r, psyi_known_files *out)
{
    if (!psyi_json_take(r, '['))
        return false;
    while (psyi_json_peek(r) != ']')
        if (!psyi_json_read_text(r) || !psyi_known_tell(out, r->text.data) ||
            !psyi_json_next(r, ']'))
            return false;
    return psyi_json_take(r, ']');
}

typedef struct manifest {
    char version[64], plan[65], format[64];
    psyi_known_files inputs;
} manifest;

static bool read_manifest(psyi_json_reader *r, manifest *m, psyi_known_files *outputs)
{
    if (!psyi_json_take(r, '{'))
        return false;
    while (psyi_json_peek(r) != '}') {
        char key[64];
        if (!psyi_json_read_text(r) || !psyi_json_take(r, ':'))
            return false;
        const size_t n = r->text.length < sizeof key ? r->text.length : sizeof key;
        memcpy(key, r->text.data, n);
        key[sizeof key - 1] = '\0';
        const psyi_json_field plan = {.key = "fingerprint", .out = m->plan, .size = sizeof m->plan};
        char *const out = strcmp(key, "psyscreen") == 0 ? m->version
                          : strcmp(key, "format") == 0  ? m->format
                                                        : NULL;
        bool good = true;
        if (out != NULL) {
            good = psyi_json_read_text(r) && r->text.length <= sizeof m->format;
            if (good)
                memcpy(out, r->text.data, r->text.length);
        } else if (strcmp(key, "plan") == 0) {
            good = psyi_json_fields(r, &plan, 1);
        } else if (strcmp(key, "inputs") == 0) {
            good = read_files(r, "role", &m->inputs);
        } else if (strcmp(key, "outputs") == 0) {
            good = read_files(r, "name", outputs);
        } else if (strcmp(key, "published_before") == 0) {
            good = read_told(r, outputs);
        } else {
            good = psyi_json_skip(r);
        }
        if (!good || !psyi_json_next(r, '}'))
            return false;
    }
    return psyi_json_take(r, '}') && psyi_json_peek(r) == '\0' && r->at == r->end;
}

psy_status psyi_manifest_read(const char *path, psyi_known_files *outputs, char fingerprint[65],
                              const psy_allocator *allocator, psy_error *error)
{
    psyi_buffer text;
    psyi_buffer_init(&text, allocator);
    psyi_json_reader r;
    psyi_json_reader_init(&r, "", 0, allocator);
    manifest m = {.version = ""};
    psyi_known_init(&m.inputs, allocator);
    psy_status status = psyi_file_read(path, MOST_BYTES, &text, error);
    if (status == PSY_OK) {
        r.at = text.data != NULL ? text.data : "";
        r.end = r.at + text.length;
        const bool good =
            read_manifest(&r, &m, outputs) && strcmp(m.format, "psyscreen/run/1") == 0;
        if (r.text.failed || outputs->no_memory || m.inputs.no_memory)
            status = psyi_fail_memory(error, path);
        else if (!good)
            status = psyi_fail(error, PSY_E_OUTPUT, NULL,
                               "'%s' is not the manifest of a run of psyscreen", path);
    }
    if (status == PSY_OK)
        status = psyi_run_fingerprint(m.version, m.plan, &m.inputs, fingerprint, error);
    psyi_known_done(&m.inputs);
    psyi_json_reader_done(&r);
    psyi_buffer_done(&text);
    return status;
}
