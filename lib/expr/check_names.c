/*
 * check_names.c -- what names mean: columns and the values of categories and bands.
 *
 * A name that does not exist is where people spend their time, so the message looks for what
 * was meant: a slip of the pen, an item written as a column, a band without `.band`, a
 * function without its parentheses, a word for "missing".
 */
#include "base/fail.h"
#include "base/text.h"
#include "expr/syntax.h"

#include <stdio.h>
#include <string.h>

static psy_status fail_name(const psyi_checker *checker, const psyi_node *node, const char *format,
                            const char *a, const char *b)
{
    return psyi_expr_fail(checker->text, node->offset, node->length, format, a, b);
}

/* "q9" is an item here: how it is written; NULL when it is none. */
static const char *as_item(const psyi_checker *checker, const char *name, char *out, size_t size)
{
    const psyi_scope *const scope = checker->scope;
    const char *const dot = strrchr(name, '.');
    uint32_t item = 0;

    if (strchr(name, '@') != NULL || strlen(name) > 80)
        return NULL;
    if (dot == NULL) {
        if (!scope->item(scope->context, "", name, &item))
            return NULL;
        snprintf(out, size, "item(%s)", name);
        return out;
    }
    char use[96];
    snprintf(use, sizeof use, "%.*s", (int)(dot - name), name);
    if (!scope->item(scope->context, use, dot + 1, &item))
        return NULL;
    snprintf(out, size, "%s.item(%s)", use, dot + 1);
    return out;
}

static psy_status fail_column(psyi_checker *checker, const psyi_node *node, const psyi_node *beside)
{
    static const char *const missing[] = {"null", "na", "none", "missing", "blank", "empty", "nan"};
    const psyi_scope *const scope = checker->scope;
    const char *const last =
        strrchr(node->name, '.') != NULL ? strrchr(node->name, '.') + 1 : node->name;
    char shown[PSYI_SHOWN], meant[240], lower[80];
    psyi_symbol symbol = {0};

    psyi_expr_shown(checker->text, node->offset, node->length, shown);
    if (psyi_expr_call_named(last, strlen(last)) != PSYI_OP_NONE)
        return fail_name(checker, node, "%s is a function and needs '(...)', as in '%s'", shown,
                         psyi_op_table[psyi_expr_call_named(last, strlen(last))].usage);
    if (as_item(checker, node->name, meant, sizeof meant) != NULL)
        return fail_name(checker, node, "%s is an item: write '%s'", shown, meant);
    if (beside != NULL && beside->kind == PSYI_NODE_NAME) {
        snprintf(meant, sizeof meant, "%.200s.band", beside->name);
        if (scope->column(scope->context, meant, &symbol)) {
            const size_t nearest = psyi_nearest(node->name, symbol.tokens, symbol.n_tokens);
            if (nearest != SIZE_MAX && strcmp(symbol.tokens[nearest], node->name) == 0)
                return fail_name(checker, node, "%s is a band: write '%s' on the left", shown,
                                 meant);
            if (nearest != SIZE_MAX)
                return psyi_expr_fail(checker->text, node->offset, node->length,
                                      "%s is not known here; did you mean '%.60s', a band of "
                                      "'%.100s'?",
                                      shown, symbol.tokens[nearest], meant);
        }
    }
    snprintf(lower, sizeof lower, "%s", node->name);
    for (char *c = lower; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 32);
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        if (strcmp(lower, missing[i]) == 0)
            return fail_name(checker, node, "%s is not known here: ask with 'is_missing(%s)'",
                             shown, "...");
    if (scope->names != NULL && strlen(node->name) < sizeof lower) {
        size_t n_names = 0;
        const char *const *const names = scope->names(scope->context, &n_names);
        const size_t nearest = psyi_nearest(lower, names, n_names);
        if (nearest != SIZE_MAX)
            return fail_name(checker, node, "%s is not known here; did you mean '%s'?", shown,
                             names[nearest]);
    }
    return fail_name(checker, node, "%s is not known here%s", shown, "");
}

psy_status psyi_expr_resolve_column(psyi_checker *checker, psyi_node *node, const psyi_node *beside)
{
    const psyi_scope *const scope = checker->scope;
    psyi_symbol *const symbol = &node->symbol;

    if (!scope->column(scope->context, node->name, symbol))
        return fail_column(checker, node, beside);
    node->type = (psyi_node_type)symbol->type;
    node->can_yes = node->can_no = true; /* of a boolean */
    node->range = (psyi_range){symbol->low, symbol->high, symbol->integer};
    return PSY_OK;
}

const char *psyi_expr_list_tokens(const psyi_symbol *symbol, char *out)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < symbol->n_tokens; i++) {
        const size_t length = strlen(symbol->tokens[i]);
        if (used + length + 8 > PSYI_LISTED) {
            memcpy(out + used, ", ...", sizeof ", ...");
            break;
        }
        if (i > 0) {
            memcpy(out + used, ", ", 2);
            used += 2;
        }
        memcpy(out + used, symbol->tokens[i], length + 1);
        used += length;
    }
    return out;
}

psy_status psyi_expr_resolve_token(psyi_checker *checker, const psyi_symbol *column,
                                   const char *column_name, psyi_node *node)
{
    char shown[PSYI_SHOWN], listed[PSYI_LISTED];

    for (uint32_t i = 0; i < column->n_tokens; i++)
        if (strcmp(column->tokens[i], node->name) == 0) {
            node->token = i;
            return PSY_OK;
        }
    psyi_expr_shown(checker->text, node->offset, node->length, shown);
    psyi_expr_list_tokens(column, listed);
    const size_t nearest = psyi_nearest(node->name, column->tokens, column->n_tokens);
    if (nearest != SIZE_MAX)
        return psyi_expr_fail(checker->text, node->offset, node->length,
                              "%s is not a value of '%.60s': %s; did you mean '%.60s'?", shown,
                              column_name, listed, column->tokens[nearest]);
    return psyi_expr_fail(checker->text, node->offset, node->length,
                          "%s is not a value of '%.60s': %s", shown, column_name, listed);
}
