/*
 * loader.c -- one document being loaded: memory, path, problems.
 *
 * Reading never stops at a problem, except when memory runs out.
 */
#include "definition/loader.h"

#include "base/fail.h"
#include "base/locale.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

bool psyi_loader_ok(const psyi_loader *loader)
{
    return loader->status != PSY_E_NOMEM;
}

void psyi_loader_nomem(psyi_loader *loader)
{
    loader->status = psyi_fail_memory(loader->error, "a definition");
}

void *psyi_loader_alloc(psyi_loader *loader, size_t count, size_t size)
{
    if (!psyi_loader_ok(loader))
        return NULL;
    void *const block = psyi_arena_alloc(loader->arena, count, size);
    if (block == NULL)
        psyi_loader_nomem(loader);
    return block;
}

void *psyi_loader_scratch(psyi_loader *loader, size_t count, size_t size)
{
    if (!psyi_loader_ok(loader))
        return NULL;
    void *const block = psyi_arena_alloc(loader->scratch, count, size);
    if (block == NULL)
        psyi_loader_nomem(loader);
    return block;
}

static psy_status status_of(const char *rule)
{
    return strcmp(rule, PSYI_PROBLEM_LIMIT) == 0 ? PSY_E_LIMIT : PSY_E_SCHEMA;
}

/* What to do about a problem whose message says what is wrong and what was expected. */
static const char *remedy_of(const char *rule)
{
    static const struct {
        const char *rule, *remedy;
    } remedies[] = {
        {PSYI_PROBLEM_KEY,
         "correct its spelling or delete it; docs/format.md shows what may stand here"},
        {PSYI_PROBLEM_MISSING, "add it; docs/format.md shows where"},
        {PSYI_PROBLEM_SHAPE, "write it in the shape that docs/format.md shows"},
        {PSYI_PROBLEM_VALUE, "write what is expected"},
        {PSYI_PROBLEM_NAME, "correct its spelling, or define it"},
        {PSYI_PROBLEM_TWICE, "keep one of the two"},
        {PSYI_PROBLEM_LIMIT, "make it smaller, or split it; docs/format.md names the limits"},
        {"expression", "correct it; docs/rules.md shows the language"},
        {"syntax", "mend the YAML here (quotes, brackets, indentation, a key written twice)"},
        {"file", "check the path and the right to read it"},
    };
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
        if (strcmp(remedies[i].rule, rule) == 0)
            return remedies[i].remedy;
    return NULL;
}

void psyi_problem_error(psyi_loader *loader, const psy_error *error, const char *rule)
{
    if (!psyi_loader_ok(loader))
        return;
    if (error->status == PSY_E_NOMEM) {
        psyi_loader_nomem(loader);
        return;
    }
    if (loader->status == PSY_OK) {
        loader->status = error->status;
        if (loader->error != NULL) {
            *loader->error = *error;
            psyi_fail_within(loader->error, error->status, loader->path);
        }
    }
    loader->n_problems++;
    const psy_finding finding = {.file = loader->source,
                                 .row = error->where.line,
                                 .column = error->where.column,
                                 .length = error->where.length,
                                 .field = loader->path,
                                 .rule = rule,
                                 .severity = PSY_ERROR,
                                 .message = error->message,
                                 .remedy = remedy_of(rule)};
    if (psy_findings_add(loader->findings, &finding, NULL) != PSY_OK)
        psyi_loader_nomem(loader);
}

void psyi_problem_at(psyi_loader *loader, const psy_location *where, const char *rule,
                     const char *format, va_list arguments)
{
    char message[sizeof loader->error->message];
    if (psyi_vformat(message, sizeof message, format, arguments) < 0)
        message[0] = '\0';
    psy_error error;
    psyi_fail(&error, status_of(rule), where, "%s", message);
    psyi_problem_error(loader, &error, rule);
}

void psyi_problem(psyi_loader *loader, const psyi_node *at, const char *rule, const char *format,
                  ...)
{
    const psy_location where = at != NULL ? psyi_node_location(at, loader->source)
                                          : psyi_location(loader->source, 1, 1, 1);
    va_list arguments;
    va_start(arguments, format);
    psyi_problem_at(loader, &where, rule, format, arguments);
    va_end(arguments);
}

const char *psyi_shown(psyi_loader *loader, const char *text)
{
    const size_t length = strlen(text), cut = psyi_utf8_prefix(text, length, 40);
    const char *const shown =
        cut == length ? text : psyi_arena_format(loader->scratch, "%.*s...", (int)cut, text);
    if (shown == NULL)
        psyi_loader_nomem(loader);
    return shown != NULL ? shown : "";
}

const char *psyi_meant(psyi_loader *loader, const char *name, const char *const *names,
                       size_t n_names)
{
    const size_t nearest = psyi_nearest(name, names, n_names);
    if (nearest == SIZE_MAX)
        return "";
    const char *const text =
        psyi_arena_format(loader->scratch, "; did you mean '%s'?", names[nearest]);
    if (text == NULL)
        psyi_loader_nomem(loader);
    return text != NULL ? text : "";
}

size_t psyi_enter(psyi_loader *loader, const char *segment)
{
    const size_t before = loader->path_length;
    const int added = snprintf(loader->path + before, sizeof loader->path - before, "%s%.*s",
                               before > 0 ? "/" : "",
                               (int)psyi_utf8_prefix(segment, strlen(segment), 40), segment);
    if (added > 0)
        loader->path_length += (size_t)added;
    if (loader->path_length >= sizeof loader->path)
        loader->path_length = sizeof loader->path - 1;
    return before;
}

size_t psyi_enter_index(psyi_loader *loader, size_t index)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", index + 1);
    return psyi_enter(loader, number);
}

void psyi_leave(psyi_loader *loader, size_t length)
{
    loader->path_length = length;
    loader->path[length] = '\0';
}

void psyi_go_to(psyi_loader *loader, const char *section, const char *id, psyi_away *from)
{
    memcpy(from->path, loader->path, sizeof from->path);
    from->length = loader->path_length;
    psyi_leave(loader, 0);
    psyi_enter(loader, section);
    psyi_enter(loader, id);
}

void psyi_come_back(psyi_loader *loader, const psyi_away *from)
{
    memcpy(loader->path, from->path, sizeof from->path);
    loader->path_length = from->length;
}

psyi_place psyi_place_of(const psyi_node *node)
{
    const psy_location where = psyi_node_location(node, "");
    return (psyi_place){where.line, where.column, where.length};
}
