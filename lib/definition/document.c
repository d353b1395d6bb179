/*
 * document.c -- what all three kinds of definition have in common: a file, a tree, a format.
 *
 * A definition says first what it is, so that a plan given where an instrument is expected is
 * one sentence and not thirty unknown keys.
 */
#include "definition/document.h"

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "definition/load.h"

#include <string.h>

enum { MOST_BYTES = 1 << 20 };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

const char *psyi_definition_kind(const char *text, size_t length)
{
    static const char *const kinds[] = {"instrument", "norms", "plan"};
    static const char key[] = "format:", maker[] = "psyscreen/";
    const char *const end = text + length;
    for (const char *line = text; line < end;) {
        const char *stop = line;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        const char *at = line;
        if (stop - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
            at += 3;
        if ((size_t)(stop - at) > sizeof key - 1 && memcmp(at, key, sizeof key - 1) == 0) {
            at += sizeof key - 1;
            while (at < stop && (is_space(*at) || *at == '"' || *at == '\''))
                at++;
            if ((size_t)(stop - at) < sizeof maker - 1 || memcmp(at, maker, sizeof maker - 1) != 0)
                return NULL;
            at += sizeof maker - 1;
            for (size_t i = 0; i < 3; i++) {
                const size_t n = strlen(kinds[i]);
                if ((size_t)(stop - at) > n && memcmp(at, kinds[i], n) == 0 && at[n] == '/')
                    return kinds[i];
            }
            return NULL;
        }
        line = stop < end ? stop + 1 : end;
    }
    return NULL;
}

static void check_format(psyi_document *document, const char *kind)
{
    psyi_loader *const loader = &document->loader;
    if (document->root->kind != PSYI_NODE_MAP) {
        psyi_problem(loader, document->root, PSYI_PROBLEM_SHAPE,
                     "a definition is a mapping that begins with format: psyscreen/%s/1", kind);
        return;
    }
    const psyi_node *const format = psyi_node_get(document->root, "format");
    if (format == NULL || format->kind != PSYI_NODE_TEXT) {
        psyi_problem(loader, document->root, PSYI_PROBLEM_MISSING,
                     "the key 'format' is missing: psyscreen/%s/1", kind);
        return;
    }
    const size_t n = strlen(kind);
    static const char maker[] = "psyscreen/";
    const char *const text = format->text;
    if (strncmp(text, maker, sizeof maker - 1) == 0 &&
        strncmp(text + sizeof maker - 1, kind, n) == 0 &&
        strcmp(text + sizeof maker - 1 + n, "/1") == 0)
        return;
    psyi_problem(loader, format, PSYI_PROBLEM_VALUE, "expected format psyscreen/%s/1, found '%s'",
                 kind, psyi_shown(loader, text));
}

static psy_status fail(psyi_document *document, const psy_error *error, const char *rule)
{
    psyi_problem_error(&document->loader, error, rule);
    return document->loader.status;
}

psy_status psyi_document_open(psyi_document *document, const char *kind, const char *path,
                              const char *text, size_t length, const char *name, psyi_arena *arena,
                              psy_findings *findings, psy_error *error)
{
    memset(document, 0, sizeof *document);
    psyi_loader *const loader = &document->loader;
    psy_error problem = {.status = PSY_OK};
    psyi_buffer_init(&document->file, arena->allocator);
    psyi_arena_init(&document->scratch, arena->allocator);
    loader->source = path != NULL ? path : name != NULL ? name : "<memory>";
    loader->arena = arena;
    loader->scratch = &document->scratch;
    loader->allocator = arena->allocator;
    loader->findings = findings;
    loader->error = error;
    if (path != NULL) {
        if (psyi_file_read(path, MOST_BYTES, &document->file, &problem) != PSY_OK)
            return fail(document, &problem, problem.status == PSY_E_LIMIT ? "limit" : "file");
        text = document->file.data != NULL ? document->file.data : "";
        length = document->file.length;
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    loader->text = text;
    loader->length = length;
    if (psyi_tree_parse(&document->root, text, length, loader->source, &document->scratch, arena,
                        &problem) != PSY_OK)
        return fail(document, &problem, problem.status == PSY_E_LIMIT ? "limit" : "syntax");
    check_format(document, kind);
    return loader->status;
}

void psyi_document_close(psyi_document *document)
{
    psyi_buffer_done(&document->file);
    psyi_arena_done(&document->scratch);
}

const char *psyi_file_stem(const char *path, size_t *length)
{
    const char *const name = psyi_base_name(path);
    *length = strcspn(name, "@.");
    return name;
}

void psyi_check_file_name(psyi_document *document, const char *path, const char *id)
{
    size_t length = 0;
    const char *const stem = path != NULL ? psyi_file_stem(path, &length) : NULL;
    if (stem == NULL || id == NULL || (strlen(id) == length && memcmp(id, stem, length) == 0))
        return;
    psyi_problem(&document->loader, psyi_node_get(document->root, "id"), PSYI_PROBLEM_VALUE,
                 "the id '%s' is not the name of the file", id);
}
