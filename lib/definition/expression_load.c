/*
 * expression_load.c -- expressions of a document.
 */
#include "definition/expression_load.h"

#include "base/fail.h"
#include "base/text.h"
#include "definition/schema.h"

/* Bytes before line `line`, column `column` of a text. */
static size_t offset_of(const char *text, size_t length, size_t line, size_t column)
{
    size_t at = 0;
    for (; line > 1 && at < length; at++)
        line -= text[at] == '\n';
    return at + psyi_utf8_prefix(text + at, length - at, column > 0 ? column - 1 : 0);
}

/* An error that counted lines and columns within the text of a node, moved into the file. */
static void relocate(const psyi_loader *loader, const psyi_node *node, psy_error *error)
{
    if (error->where.line == 0 || node->exact)
        return;
    const size_t offset =
        offset_of(node->text, node->length, error->where.line, error->where.column);
    const size_t length = psyi_utf8_prefix(node->text + offset, node->length - offset,
                                           error->where.length > 0 ? error->where.length : 1);
    error->where =
        psyi_node_locate(node, loader->text, loader->length, loader->source, offset, length);
}

psyi_program *psyi_compile(psyi_loader *loader, const psyi_node *node, const psyi_scope *scope,
                           psyi_type wanted, const char *const *refusal)
{
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "an expression"))
        return NULL;
    psy_error error = {.status = PSY_OK};
    psyi_program *program = NULL;
    const psy_location where = node->exact ? psyi_node_location(node, loader->source)
                                           : psyi_location(loader->source, 1, 1, 1);
    if (psyi_program_compile(&program, node->text, node->length, scope, wanted, &where,
                             loader->allocator, &error) == PSY_OK)
        return program;
    relocate(loader, node, &error);
    /* A circle shows as an unknown name; say what it really is. */
    if (refusal != NULL && *refusal != NULL && error.status == PSY_E_EXPR) {
        const psy_location at = error.where;
        psyi_fail(&error, PSY_E_EXPR, &at, "%s", *refusal);
    }
    psyi_problem_error(loader, &error, "expression");
    return NULL;
}

bool psyi_keep_program(psyi_loader *loader, psyi_program *program, psyi_program ***programs,
                       size_t *n, size_t *capacity)
{
    if (psyi_grow(loader->allocator, (void **)programs, capacity, *n + 1, sizeof **programs)) {
        (*programs)[(*n)++] = program;
        return true;
    }
    psyi_program_free(program);
    psyi_loader_nomem(loader);
    return false;
}
