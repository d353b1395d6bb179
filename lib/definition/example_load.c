/*
 * example_load.c -- worked examples: answers and what must come out.
 *
 * Whether the numbers come out is for the example runner; here only names are checked, so
 * that a misspelt expectation is an error and not an example that always passes.
 */
#include "base/fail.h"
#include "definition/build.h"

#include <stdlib.h>
#include <string.h>

const char psyi_absent_answer[] = "";

typedef struct raw_example {
    const char *name;
    const psyi_node *answers, *also, *expect, *variant;
    int by, informant, sex, grade, age;
    psyi_place place;
} raw_example;

static const psyi_word by_words[] = {
    {"hand", 1}, {"facts", 2}, {"published", 3}, {"program", 4}, {NULL, 0}};

const psyi_key psyi_example_keys[] = {
    {"name", PSYI_SHAPE_TEXT, true, PSYI_AT(raw_example, name)},
    {"by", PSYI_SHAPE_WORD, false, PSYI_AT(raw_example, by), .words = by_words},
    {"answers", PSYI_SHAPE_NODE, true, PSYI_AT(raw_example, answers)},
    {"also", PSYI_SHAPE_NODE, false, PSYI_AT(raw_example, also)},
    {"informant", PSYI_SHAPE_WORD, false, PSYI_AT(raw_example, informant),
     .words = psyi_informant_words},
    {"sex", PSYI_SHAPE_WORD, false, PSYI_AT(raw_example, sex), .words = psyi_sex_words},
    {"grade", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_example, grade), .low = 1, .high = 16},
    {"age", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_example, age), .low = 0, .high = 150},
    {"variant", PSYI_SHAPE_NODE, false, PSYI_AT(raw_example, variant)},
    {"expect", PSYI_SHAPE_NODE, true, PSYI_AT(raw_example, expect)},
    {"place", PSYI_SHAPE_PLACE, false, PSYI_AT(raw_example, place)},
    {0},
};

static bool read_answer(psyi_loader *loader, const psyi_node *node, const char **out)
{
    if (psyi_node_is_null(node)) {
        *out = NULL;
        return true;
    }
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "an answer or null"))
        return false;
    *out = node->text;
    return true;
}

static void read_by_item(psyi_build *build, const psyi_node *node, const char **answers,
                         uint8_t *given)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from item to answer"))
        return;
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        const unsigned item = psyi_build_item(build, node->keys[i]);
        if (item == PSYI_NO_INDEX)
            continue;
        if (given[item])
            psyi_problem(loader, node->keys[i], PSYI_PROBLEM_TWICE, "item '%s' is answered twice",
                         node->keys[i]->text);
        given[item] = 1;
        read_answer(loader, node->values[i], &answers[item]);
    }
}

static void read_in_order(psyi_build *build, const psyi_node *node, const char **answers,
                          uint8_t *given)
{
    psyi_loader *const loader = build->loader;
    const struct psy_instrument *const instrument = build->instrument;
    size_t n = 0, needed = 0, numbered = 0;
    for (size_t i = 0; i < instrument->n_items; i++) {
        if (instrument->items[i].number == 0)
            continue;
        numbered++;
        if (instrument->items[i].scored)
            needed = numbered;
        if (n < node->n) {
            given[i] = 1;
            read_answer(loader, node->values[n++], &answers[i]);
        }
    }
    if (node->n > numbered || node->n < needed)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "%zu answer%s for %zu numbered item%s (null is a blank)", node->n,
                     psyi_s(node->n), numbered, psyi_s(numbered));
}

static void read_answers(psyi_build *build, const raw_example *raw, psyi_example *example)
{
    psyi_loader *const loader = build->loader;
    const struct psy_instrument *const instrument = build->instrument;
    const char **const answers = psyi_loader_alloc(loader, instrument->n_items, sizeof *answers);
    uint8_t *const given = psyi_loader_scratch(loader, instrument->n_items, sizeof *given);
    if (answers == NULL || given == NULL)
        return;
    const bool by_item = raw->answers->kind == PSYI_NODE_MAP;
    if (by_item)
        read_by_item(build, raw->answers, answers, given);
    else if (psyi_want(loader, raw->answers, PSYI_NODE_LIST, "a list of answers"))
        read_in_order(build, raw->answers, answers, given);
    if (raw->also != NULL)
        read_by_item(build, raw->also, answers, given);
    for (size_t i = 0; i < instrument->n_items; i++) {
        const psyi_item *const item = &instrument->items[i];
        const bool optional = item->part != PSYI_NO_INDEX && instrument->parts[item->part].optional;
        /* What nobody mentions was not on the form, except that a mapping leaves out blanks. */
        if (!given[i] && (!by_item || !item->scored || optional))
            answers[i] = PSYI_ABSENT_ANSWER;
    }
    example->answers = answers;
}

/* "closed_gate", or ".status" or ".end" of a scale: of examples alone, no program reads them. */
static bool is_example_column(const psyi_build *build, const char *name)
{
    if (strcmp(name, PSYI_EXAMPLE_CLOSED_GATE) == 0)
        return true;
    static const char *const parts[] = {".status", ".end"};
    const char *const part = strrchr(name, '.');
    for (size_t p = 0; part != NULL && p < sizeof parts / sizeof *parts; p++)
        for (size_t i = 0; strcmp(part, parts[p]) == 0 && i < build->instrument->n_scales; i++) {
            const char *const id = build->instrument->scales[i].id;
            if (strlen(id) == (size_t)(part - name) && strncmp(id, name, strlen(id)) == 0)
                return true;
        }
    return false;
}

static bool is_column(const psyi_build *build, const psyi_instrument_scope *scope, const char *name)
{
    psyi_symbol symbol;
    if (psyi_scope_column(scope, name, &symbol) || is_example_column(build, name))
        return true;
    /* Without norms at hand nobody can say whether their columns exist. */
    return !build->have_norms && strchr(name, '@') != NULL;
}

static void read_expectations(psyi_build *build, const psyi_node *node, unsigned variant,
                              psyi_example *example)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from column to value"))
        return;
    psyi_instrument_scope scope = build->scope;
    scope.scales = build->instrument->variants[variant].scales;
    psyi_expectation *const expect = psyi_loader_alloc(loader, node->n, sizeof *expect);
    if (expect == NULL)
        return;
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        expect[i].column = node->keys[i]->text;
        expect[i].place = psyi_place_of(node->keys[i]);
        read_answer(loader, node->values[i], &expect[i].value);
        if (!is_column(build, &scope, node->keys[i]->text))
            psyi_problem(loader, node->keys[i], PSYI_PROBLEM_NAME,
                         "'%s' is not a column of this instrument%s",
                         psyi_shown(loader, node->keys[i]->text),
                         psyi_meant(loader, node->keys[i]->text, scope.names, scope.n_names));
    }
    example->expect = expect;
    example->n_expect = node->n;
}

static unsigned find_variant(psyi_build *build, const psyi_node *node)
{
    if (node == NULL || !psyi_want(build->loader, node, PSYI_NODE_TEXT, "the id of a variant"))
        return 0;
    const unsigned found = psyi_find_variant(build->instrument, node->text);
    if (found != PSYI_NO_INDEX)
        return found;
    psyi_problem(build->loader, node, PSYI_PROBLEM_NAME, "'%s' is not one of the variants",
                 psyi_shown(build->loader, node->text));
    return 0;
}

static void read_example(psyi_build *build, const psyi_node *node, psyi_example *example)
{
    psyi_loader *const loader = build->loader;
    raw_example raw = {.age = -1};
    psyi_read_map(loader, node, NULL, psyi_example_keys, &raw, false);
    const unsigned variant = find_variant(build, raw.variant);
    *example = (psyi_example){.name = raw.name,
                              .by = raw.by > 0 ? by_words[raw.by - 1].word : NULL,
                              .informant = (psyi_informant)raw.informant,
                              .sex = (psyi_sex)raw.sex,
                              .grade = raw.grade,
                              .age = raw.age,
                              .variant = build->instrument->variants[variant].id,
                              .place = raw.place};
    if (raw.answers != NULL) {
        const size_t path = psyi_enter(loader, "answers");
        read_answers(build, &raw, example);
        psyi_leave(loader, path);
    }
    if (raw.expect != NULL && psyi_loader_ok(loader)) {
        const size_t path = psyi_enter(loader, "expect");
        read_expectations(build, raw.expect, variant, example);
        psyi_leave(loader, path);
    }
}

void psyi_build_examples(psyi_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    if (node == NULL || !psyi_want(loader, node, PSYI_NODE_LIST, "a list of examples"))
        return;
    psyi_example *const examples = psyi_loader_alloc(loader, node->n, sizeof *examples);
    const size_t path = psyi_enter(loader, "examples");
    for (size_t i = 0; examples != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const size_t inner = psyi_enter_index(loader, i);
        read_example(build, node->values[i], &examples[i]);
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    if (psyi_loader_ok(loader)) {
        build->instrument->examples = examples;
        build->instrument->n_examples = node->n;
    }
}
