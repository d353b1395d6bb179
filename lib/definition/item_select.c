/*
 * item_select.c -- lists of items in a definition: "1..9", [1, 3, 5..7], names, and the items
 * of other scales.
 *
 * Lists keep the order in which they are written and hold no item twice: a repeated item
 * would count double in a score, which no published key means.
 */
#include "definition/build.h"

#include <string.h>

/* Index of an item by text, or PSYI_NO_INDEX. */
static unsigned lookup(const psyi_build *build, const char *text, size_t length)
{
    int64_t number = 0;
    if (psyi_integer_parse(text, length, &number))
        return number >= 1 && number <= PSYI_MAX_ITEM_NUMBER && build->by_number[number] > 0
                   ? build->by_number[number] - 1u
                   : PSYI_NO_INDEX;
    for (size_t i = 0; i < build->instrument->n_items; i++) {
        const psyi_item *const item = &build->items[i];
        if ((strlen(item->id) == length && memcmp(item->id, text, length) == 0) ||
            (item->name != NULL && strlen(item->name) == length &&
             memcmp(item->name, text, length) == 0))
            return (unsigned)i;
    }
    return PSYI_NO_INDEX;
}

static void refuse_item(psyi_build *build, const psyi_node *node, const char *text, size_t length)
{
    psyi_loader *const loader = build->loader;
    const char *const name = psyi_arena_text(loader->scratch, text, length);
    if (name == NULL) {
        psyi_loader_nomem(loader);
        return;
    }
    int64_t number = 0;
    if (!psyi_integer_parse(text, length, &number)) {
        psyi_problem(loader, node, PSYI_PROBLEM_NAME, "'%s' is not an item of this instrument%s",
                     psyi_shown(loader, name),
                     psyi_meant(loader, name, build->selectors, build->n_selectors));
        return;
    }
    unsigned last = 0;
    for (size_t i = 0; i < build->instrument->n_items; i++)
        last = build->items[i].number > last ? build->items[i].number : last;
    psyi_problem(loader, node, PSYI_PROBLEM_NAME,
                 last > 0 ? "there is no item %s: the numbers end at %u"
                          : "there is no item %s: items of this instrument have words as ids",
                 psyi_shown(loader, name), last);
}

unsigned psyi_build_item(psyi_build *build, const psyi_node *node)
{
    if (!psyi_want(build->loader, node, PSYI_NODE_TEXT, "an item"))
        return PSYI_NO_INDEX;
    const unsigned item = lookup(build, node->text, node->length);
    if (item == PSYI_NO_INDEX)
        refuse_item(build, node, node->text, node->length);
    return item;
}

/* Mark one item as chosen; repeats are reported unless lists are being united. */
static size_t choose(psyi_build *build, const psyi_node *node, unsigned item, size_t n, bool unite)
{
    if (!build->seen[item]) {
        build->seen[item] = 1;
        build->chosen[n++] = (uint16_t)item;
    } else if (!unite) {
        psyi_problem(build->loader, node, PSYI_PROBLEM_TWICE, "item '%s' stands here twice",
                     build->items[item].id);
    }
    return n;
}

static size_t choose_text(psyi_build *build, const psyi_node *node, size_t n)
{
    psyi_loader *const loader = build->loader;
    size_t first = 0, second = 0;
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "items like 1..9 or names"))
        return n;
    if (!psyi_split_range(node->text, node->length, &first, &second)) {
        const unsigned item = psyi_build_item(build, node);
        return item == PSYI_NO_INDEX ? n : choose(build, node, item, n, false);
    }
    const char *const to = node->text + second;
    const size_t to_length = node->length - second;
    const unsigned a = lookup(build, node->text, first), b = lookup(build, to, to_length);
    if (a == PSYI_NO_INDEX || b == PSYI_NO_INDEX) {
        if (a == PSYI_NO_INDEX)
            refuse_item(build, node, node->text, first);
        else
            refuse_item(build, node, to, to_length);
        return n;
    }
    const unsigned from = build->items[a].number, until = build->items[b].number;
    const bool numbers = from > 0 && until > 0;
    if (numbers ? from > until : a > b) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "the range %s runs backwards",
                     psyi_shown(loader, node->text));
        return n;
    }
    /* Numbers run by number, words in order of presentation. */
    for (unsigned i = numbers ? from : a; i <= (numbers ? until : b); i++) {
        const unsigned item = numbers ? build->by_number[i] - 1u : i;
        if (numbers && build->by_number[i] == 0) {
            psyi_problem(loader, node, PSYI_PROBLEM_NAME, "there is no item %u in this range", i);
            return n;
        }
        n = choose(build, node, item, n, false);
    }
    return n;
}

static size_t choose_all_of(psyi_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    const psyi_node *const list = psyi_node_get(node, "all_of");
    if (list == NULL || node->n != 1) {
        psyi_problem(loader, node, PSYI_PROBLEM_SHAPE,
                     "expected items like 1..9, a list, or {all_of: [scales]}");
        return 0;
    }
    if (!psyi_want(loader, list, PSYI_NODE_LIST, "a list of scales"))
        return 0;
    /* Getting another scale ready uses the scratch space too: first all, then collect. */
    unsigned ready[64];
    size_t n_ready = 0;
    for (size_t i = 0; i < list->n; i++) {
        const unsigned scale = psyi_build_scale(build, list->values[i]);
        if (scale == PSYI_NO_INDEX)
            continue;
        if (n_ready == sizeof ready / sizeof *ready)
            psyi_problem(loader, list, PSYI_PROBLEM_LIMIT, "`all_of` takes at most 64 scales");
        else if (psyi_ready_scale(build, scale))
            ready[n_ready++] = scale;
        else
            psyi_problem(loader, list->values[i], PSYI_PROBLEM_VALUE, "%s", build->refusal);
    }
    memset(build->seen, 0, build->instrument->n_items);
    size_t n = 0;
    for (size_t i = 0; i < n_ready && n_ready <= 64; i++) {
        const psyi_scale *const scale = &build->variant->scales[ready[i]];
        for (size_t j = 0; j < scale->n_items; j++)
            n = choose(build, node, scale->items[j], n, true);
    }
    return n;
}

bool psyi_select_items(psyi_build *build, const psyi_node *node, bool all_of, const uint16_t **out,
                       size_t *n_out)
{
    psyi_loader *const loader = build->loader;
    size_t n = 0;
    if (!psyi_loader_ok(loader) || build->seen == NULL)
        return false;
    if (node->kind == PSYI_NODE_MAP && all_of) {
        n = choose_all_of(build, node);
    } else {
        memset(build->seen, 0, build->instrument->n_items);
        const bool list = node->kind == PSYI_NODE_LIST;
        for (size_t i = 0; i < (list ? node->n : 1); i++)
            n = choose_text(build, list ? node->values[i] : node, n);
    }
    uint16_t *const items = psyi_loader_alloc(loader, n, sizeof *items);
    if (items == NULL)
        return false;
    memcpy(items, build->chosen, n * sizeof *items);
    *out = items;
    *n_out = n;
    return true;
}
