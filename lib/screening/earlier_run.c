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
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BYTES ((size_t)16 << 20)
#define MOST_DEPTH 64

void psyi_known_init(psyi_known_files *known, const psy_allocator *allocator)
{
    *known = (psyi_known_files){.n = 0};
    psyi_arena_init(&known->arena, allocator);
}

void psyi_known_done(psyi_known_files *known)
{
    psyi_free(known->arena.allocator, known->files);
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

/* ---- a reader of JSON ---- */

typedef struct reader {
    const char *at, *end;
    psyi_buffer text; /* the string read last */
    unsigned depth;
} reader;

static char peek(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
    return r->at < r->end ? *r->at : '\0';
}

static bool take(reader *r, char c)
{
    if (peek(r) != c)
        return false;
    r->at++;
    return true;
}

static bool read_escape(reader *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char c = r->at < r->end ? *r->at++ : '\0';
    if (c == 'u') {
        unsigned code = 0;
        for (int i = 0; i < 4; i++) {
            const char h = r->at < r->end ? *r->at++ : '\0';
            const char *const digit = h != '\0' ? strchr("0123456789abcdefABCDEF", h) : NULL;
            if (digit == NULL)
                return false;
            const unsigned value = (unsigned)(digit - "0123456789abcdefABCDEF");
            code = code * 16 + (value < 16 ? value : value - 6);
        }
        char bytes[4];
        const bool half = code >= 0xD800 && code < 0xE000; /* names of ours hold none */
        psyi_buffer_add(&r->text, bytes, psyi_utf8_encode(half ? 0xFFFD : code, bytes));
        return true;
    }
    const char *const known = c != '\0' ? strchr(from, c) : NULL;
    if (known == NULL)
        return false;
    psyi_buffer_char(&r->text, to[known - from]);
    return true;
}

static bool read_text(reader *r)
{
    psyi_buffer_clear(&r->text);
    psyi_buffer_text(&r->text, "");
    if (!take(r, '"'))
        return false;
    while (r->at < r->end && *r->at != '"') {
        const char c = *r->at++;
        if (c == '\\' ? !read_escape(r) : (psyi_buffer_char(&r->text, c), false))
            return false;
    }
    if (r->at >= r->end)
        return false;
    r->at++;
    psyi_buffer_char(&r->text, '\0'); /* read as text from here on */
    return !r->text.failed;
}

static bool skip_value(reader *r)
{
    const char open = peek(r);
    if (open == '"')
        return read_text(r);
    if (open != '{' && open != '[') {
        const char *const start = r->at;
        while (r->at < r->end && strchr(",]} \n\r\t", *r->at) == NULL)
            r->at++;
        return r->at > start;
    }
    const char close = open == '{' ? '}' : ']';
    if (++r->depth > MOST_DEPTH)
        return false;
    r->at++;
    bool good = true;
    while (good && peek(r) != close) {
        if (open == '{')
            good = read_text(r) && take(r, ':');
        good = good && skip_value(r) && (take(r, ',') || peek(r) == close);
    }
    r->depth--;
    return good && take(r, close);
}

/* Fields of one object that hold text; others are skipped. */
typedef struct field {
    const char *key;
    char *out;
    size_t size;
} field;

static bool read_fields(reader *r, const field *fields, size_t n)
{
    if (!take(r, '{'))
        return false;
    while (peek(r) != '}') {
        if (!read_text(r))
            return false;
        size_t f = 0;
        while (f < n && strcmp(fields[f].key, r->text.data) != 0)
            f++;
        if (!take(r, ':'))
            return false;
        if (f == n || peek(r) != '"') {
            if (!skip_value(r))
                return false;
        } else {
            if (!read_text(r) || r->text.length > fields[f].size)
                return false;
            memcpy(fields[f].out, r->text.data, r->text.length);
        }
        if (!take(r, ',') && peek(r) != '}')
            return false;
    }
    return take(r, '}');
}

/* A list of {<name>: ..., sha256: ...}. */
static bool read_files(reader *r, const char *name_key, psyi_known_files *out)
{
    if (!take(r, '['))
        return false;
    while (peek(r) != ']') {
        char name[512] = "", digest[65] = "";
        const field fields[] = {{name_key, name, sizeof name}, {"sha256", digest, sizeof digest}};
        if (!read_fields(r, fields, 2) || !psyi_known_add(out, name, digest) ||
            (!take(r, ',') && peek(r) != ']'))
            return false;
    }
    return take(r, ']');
}

typedef struct manifest {
    char version[64], plan[65], format[64];
    psyi_known_files inputs;
} manifest;

static bool read_manifest(reader *r, manifest *m, psyi_known_files *outputs)
{
    if (!take(r, '{'))
        return false;
    while (peek(r) != '}') {
        char key[64];
        if (!read_text(r) || !take(r, ':'))
            return false;
        const size_t n = r->text.length < sizeof key ? r->text.length : sizeof key;
        memcpy(key, r->text.data, n);
        key[sizeof key - 1] = '\0';
        const field plan = {"fingerprint", m->plan, sizeof m->plan};
        char *const out = strcmp(key, "psyscreen") == 0 ? m->version
                          : strcmp(key, "format") == 0  ? m->format
                                                        : NULL;
        bool good = true;
        if (out != NULL) {
            good = read_text(r) && r->text.length <= sizeof m->format;
            if (good)
                memcpy(out, r->text.data, r->text.length);
        } else if (strcmp(key, "plan") == 0) {
            good = read_fields(r, &plan, 1);
        } else if (strcmp(key, "inputs") == 0) {
            good = read_files(r, "role", &m->inputs);
        } else if (strcmp(key, "outputs") == 0) {
            good = read_files(r, "name", outputs);
        } else {
            good = skip_value(r);
        }
        if (!good || (!take(r, ',') && peek(r) != '}'))
            return false;
    }
    return take(r, '}') && peek(r) == '\0' && r->at == r->end;
}

psy_status psyi_manifest_read(const char *path, psyi_known_files *outputs, char fingerprint[65],
                              const psy_allocator *allocator, psy_error *error)
{
    psyi_buffer text;
    psyi_buffer_init(&text, allocator);
    reader r = {.at = NULL};
    psyi_buffer_init(&r.text, allocator);
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
    psyi_buffer_done(&r.text);
    psyi_buffer_done(&text);
    return status;
}
