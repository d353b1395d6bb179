/*
 * check_items.c -- which items item(...), items(...) and scale(...).items mean.
 *
 * A scope only answers whether a name is an item.  To say what would have been one, the
 * numbers are counted up from 1 and the near misses of the word are tried one by one; that
 * happens once, in front of a person, and may take its time.
 */
#include "base/fail.h"
#include "base/text.h"
#include "expr/syntax.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST_SELECTOR = 64, MANY_NUMBERS = 2000 };

typedef struct meant {
    char text[LONGEST_SELECTOR * 2 + 16];
} meant;

static bool is_item(const psyi_checker *checker, const char *use, const char *selector)
{
    uint32_t item = 0;
    return checker->scope->item(checker->scope->context, use, selector, &item);
}

/* Items are numbered 1 to this. */
static unsigned count_numbers(const psyi_checker *checker, const char *use)
{
    char number[16];
    unsigned n = 0;
    while (n < MANY_NUMBERS) {
        snprintf(number, sizeof number, "%u", n + 1);
        if (!is_item(checker, use, number))
            break;
        n++;
    }
    return n;
}

/* A selector one letter away from `word` that is an item. */
static bool near_miss(const psyi_checker *checker, const char *use, const char *word, meant *out)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const size_t length = strlen(word);
    char *const text = out->text;

    if (length < 2 || length + 2 > LONGEST_SELECTOR)
        return false;
    for (size_t at = length; at-- > 0;) { /* one letter too many, from the end */
        memcpy(text, word, at);
        memcpy(text + at, word + at + 1, length - at);
        if (is_item(checker, use, text))
            return true;
    }
    for (size_t at = 0; at + 1 < length; at++) { /* two changed places */
        memcpy(text, word, length + 1);
        text[at] = word[at + 1];
        text[at + 1] = word[at];
        if (is_item(checker, use, text))
            return true;
    }
    for (size_t at = 0; at < length; at++) /* a wrong one */
        for (const char *letter = letters; *letter != '\0'; letter++) {
            memcpy(text, word, length + 1);
            text[at] = *letter;
            if (is_item(checker, use, text))
                return true;
        }
    for (size_t at = 0; at <= length; at++) /* one forgotten */
        for (const char *letter = letters; *letter != '\0'; letter++) {
            memcpy(text, word, at);
            text[at] = *letter;
            memcpy(text + at + 1, word + at, length - at + 1);
            if (is_item(checker, use, text))
                return true;
        }
    return false;
}

/* A prefix of some column under which `selector` is an item, nearest to `use`. */
static bool other_use(const psyi_checker *checker, const char *use, const char *selector,
                      meant *out)
{
    const psyi_scope *const scope = checker->scope;
    size_t n_names = 0, best = SIZE_MAX;

    if (scope->names == NULL)
        return false;
    const char *const *const names = scope->names(scope->context, &n_names);
    for (size_t i = 0; i < n_names; i++) {
        char prefix[LONGEST_SELECTOR];
        const size_t length = strcspn(names[i], ".");
        if (names[i][length] != '.' || length >= sizeof prefix)
            continue;
        memcpy(prefix, names[i], length);
        prefix[length] = '\0';
        const size_t distance = use[0] == '\0' ? 0 : psyi_edit_distance(use, prefix, 2);
        if (distance < best && distance <= 2 && is_item(checker, prefix, selector)) {
            best = distance;
            snprintf(out->text, sizeof out->text, "%s.item(%.60s)", prefix, selector);
        }
    }
    return best != SIZE_MAX;
}

static psy_status fail_item(const psyi_checker *checker, const psyi_node *call,
                            const psyi_node *node, const char *selector)
{
    const unsigned n = count_numbers(checker, call->use);
    char shown[PSYI_SHOWN], of[LONGEST_SELECTOR + 16] = "here", numbers[64] = "";
    char hint[sizeof(meant) + 32] = "";
    meant found;

    if (call->use[0] != '\0')
        snprintf(of, sizeof of, "of '%.60s'", call->use);
    if (n > 1)
        snprintf(numbers, sizeof numbers, ": items are 1 to %u", n);
    const bool is_number = selector[0] <= '9';
    if ((!is_number && near_miss(checker, call->use, selector, &found)) ||
        (n == 0 && strlen(selector) < LONGEST_SELECTOR &&
         other_use(checker, call->use, selector, &found)))
        snprintf(hint, sizeof hint, "; did you mean '%s'?", found.text);
    return psyi_expr_fail(checker->text, node->offset, node->length, "%s is not an item %s%s%s",
                          psyi_expr_shown(checker->text, node->offset, node->length, shown), of,
                          numbers, hint);
}

/* A set in the making. */
typedef struct collection {
    uint32_t *items;
    size_t n, room;
} collection;

static psy_status add_item(psyi_checker *checker, collection *set, const psyi_node *node,
                           uint32_t item)
{
    char shown[PSYI_SHOWN];

    for (size_t i = 0; i < set->n; i++)
        if (set->items[i] == item)
            return psyi_expr_fail(
                checker->text, node->offset, node->length, "%s repeats an item of this set",
                psyi_expr_shown(checker->text, node->offset, node->length, shown));
    if (checker->n_items == PSYI_EXPR_MAX_ITEMS)
        return psyi_expr_fail(checker->text, node->offset, node->length,
                              "more than %d items in all sets: split the rule",
                              PSYI_EXPR_MAX_ITEMS);
    if (set->n == set->room) {
        const size_t room = set->room == 0 ? 16 : set->room * 2;
        uint32_t *const items = psyi_arena_alloc(checker->arena, room, sizeof *items);
        if (items == NULL)
            return psyi_fail_memory(checker->text->error, "a rule");
        if (set->n > 0)
            memcpy(items, set->items, set->n * sizeof *items);
        set->items = items;
        set->room = room;
    }
    set->items[set->n++] = item;
    checker->n_items++;
    return PSY_OK;
}

static psy_status add_selector(psyi_checker *checker, const psyi_node *call, collection *set,
                               const psyi_node *node, const char *selector)
{
    uint32_t item = 0;
    if (!checker->scope->item(checker->scope->context, call->use, selector, &item))
        return fail_item(checker, call, node, selector);
    return add_item(checker, set, node, item);
}

/* The parser has seen to it that the digits are a whole number of at most 18 digits. */
static int64_t number_of(const psyi_node *node)
{
    return node->number.num;
}

static psy_status add_range(psyi_checker *checker, const psyi_node *call, collection *set,
                            const psyi_node *node)
{
    const psyi_node *const ends[] = {node->first, node->first->next};
    char selector[32];

    for (size_t i = 0; i < 2; i++) { /* the ends first: they stand in the text */
        snprintf(selector, sizeof selector, "%lld", (long long)number_of(ends[i]));
        if (!is_item(checker, call->use, selector))
            return fail_item(checker, call, ends[i], selector);
    }
    for (int64_t n = number_of(ends[0]); n <= number_of(ends[1]); n++) {
        uint32_t item = 0;
        snprintf(selector, sizeof selector, "%lld", (long long)n);
        if (!checker->scope->item(checker->scope->context, call->use, selector, &item))
            return psyi_expr_fail(checker->text, node->offset, node->length,
                                  "'%s' of this range is not an item", selector);
        psy_status status = add_item(checker, set, node, item);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

static psy_status add_scale(psyi_checker *checker, const psyi_node *call, collection *set)
{
    const psyi_scope *const scope = checker->scope;
    const psyi_node *const node = call->first;
    const uint32_t *items = NULL;
    size_t n_items = 0, n_names = 0;
    char shown[PSYI_SHOWN];

    psyi_expr_shown(checker->text, node->offset, node->length, shown);
    if (!scope->scale_items(scope->context, call->use, node->name, &items, &n_items)) {
        const char *const *const names =
            scope->names != NULL ? scope->names(scope->context, &n_names) : NULL;
        const size_t skip = call->use[0] == '\0' ? 0 : strlen(call->use) + 1;
        const size_t limit = strlen(node->name) / 3;
        for (size_t i = 0; i < n_names; i++)
            if (strncmp(names[i], call->use, skip > 0 ? skip - 1 : 0) == 0 &&
                strlen(names[i]) > skip && (skip == 0 || names[i][skip - 1] == '.') &&
                psyi_edit_distance(node->name, names[i] + skip, limit) <= limit &&
                scope->scale_items(scope->context, call->use, names[i] + skip, &items, &n_items))
                return psyi_expr_fail(checker->text, node->offset, node->length,
                                      "%s is not a scale here; did you mean '%.60s'?", shown,
                                      names[i] + skip);
        return psyi_expr_fail(checker->text, node->offset, node->length, "%s is not a scale here",
                              shown);
    }
    if (n_items == 0)
        return psyi_expr_fail(checker->text, node->offset, node->length, "%s has no items", shown);
    for (size_t i = 0; i < n_items; i++) {
        psy_status status = add_item(checker, set, node, items[i]);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

psy_status psyi_expr_resolve_items(psyi_checker *checker, psyi_node *node)
{
    collection set = {0};
    psy_status status = PSY_OK;

    if (node->op == PSYI_OP_SCALE) {
        status = add_scale(checker, node, &set);
    } else {
        for (const psyi_node *child = node->first; child != NULL && status == PSY_OK;
             child = child->next) {
            char digits[32];
            if (child->kind == PSYI_NODE_NUMBER) /* "09" is item 9 */
                snprintf(digits, sizeof digits, "%lld", (long long)number_of(child));
            status = child->kind == PSYI_NODE_RANGE
                         ? add_range(checker, node, &set, child)
                         : add_selector(checker, node, &set, child,
                                        child->kind == PSYI_NODE_NUMBER ? digits : child->name);
        }
    }
    node->items = set.items;
    node->n_items = set.n;
    return status;
}
