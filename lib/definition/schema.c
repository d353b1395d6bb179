/*
 * schema.c -- reading mappings by tables.
 *
 * This file knows shapes (a text, a number, a list of mappings) and how to say what is wrong
 * with one; what the keys are is in the tables of the loaders, so that one description serves
 * reading, messages and the printed JSON Schema (json_schema.c).
 */
#include "definition/schema.h"

#include "base/text.h"
#include "table/collect.h"

#include <stdio.h>
#include <string.h>

const psyi_word psyi_confidence_words[] = {{"verified", PSYI_VERIFIED},
                                           {"single", PSYI_SINGLE},
                                           {"memory", PSYI_MEMORY},
                                           {"conflict", PSYI_CONFLICT},
                                           {NULL, 0}};
const psyi_word psyi_informant_words[] = {{"self", PSYI_INFORMANT_SELF},
                                          {"parent", PSYI_INFORMANT_PARENT},
                                          {"teacher", PSYI_INFORMANT_TEACHER},
                                          {NULL, 0}};
const psyi_word psyi_sex_words[] = {
    {"male", PSYI_SEX_MALE}, {"female", PSYI_SEX_FEMALE}, {NULL, 0}};
const psyi_word psyi_stage_words[] = {{"primary", PSYI_STAGE_PRIMARY},
                                      {"junior", PSYI_STAGE_JUNIOR},
                                      {"senior", PSYI_STAGE_SENIOR},
                                      {"tertiary", PSYI_STAGE_TERTIARY},
                                      {NULL, 0}};

/* ---- single values ------------------------------------------------------------------- */

static const char *node_words(psyi_loader *loader, const psyi_node *node)
{
    switch (node->kind) {
    case PSYI_NODE_LIST:
        return "a list";
    case PSYI_NODE_MAP:
        return "a mapping";
    case PSYI_NODE_TEXT:
        break;
    }
    if (psyi_node_is_null(node))
        return "nothing";
    const char *const text =
        psyi_arena_format(loader->scratch, "'%s'", psyi_shown(loader, node->text));
    if (text == NULL)
        psyi_loader_nomem(loader);
    return text != NULL ? text : "a text";
}

bool psyi_want(psyi_loader *loader, const psyi_node *node, psyi_node_kind kind,
               const char *expected)
{
    if (node->kind == kind && !psyi_node_is_null(node))
        return true;
    psyi_problem(loader, node, PSYI_PROBLEM_SHAPE, "expected %s, found %s", expected,
                 node_words(loader, node));
    return false;
}

bool psyi_read_text(psyi_loader *loader, const psyi_node *node, const char **out)
{
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "a text"))
        return false;
    if (node->length == 0) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "the text is empty");
        return false;
    }
    *out = node->text;
    return true;
}

bool psyi_check_id(psyi_loader *loader, const psyi_node *node)
{
    if (psyi_is_id(node->text))
        return true;
    psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                 "'%s' is no id: use a small letter, then small letters, digits and '_'",
                 psyi_shown(loader, node->text));
    return false;
}

static bool read_id(psyi_loader *loader, const psyi_node *node, const char **out)
{
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "an id") || !psyi_check_id(loader, node))
        return false;
    *out = node->text;
    return true;
}

static bool read_file_id(psyi_loader *loader, const psyi_node *node, const char **out)
{
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "an id"))
        return false;
    if (!psyi_is_file_id(node->text, node->length)) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "'%s' is no id: use letters, digits, '_' and '-'",
                     psyi_shown(loader, node->text));
        return false;
    }
    *out = node->text;
    return true;
}

bool psyi_read_label(psyi_loader *loader, const psyi_node *node, psyi_label *out)
{
    static const psyi_key keys[] = {{"en", PSYI_SHAPE_TEXT, false, PSYI_AT(psyi_label, en)},
                                    {"zh", PSYI_SHAPE_TEXT, false, PSYI_AT(psyi_label, zh)},
                                    {0}};
    if (node->kind == PSYI_NODE_MAP) {
        psyi_read_map(loader, node, NULL, keys, out, false);
        return true;
    }
    const char *text = NULL;
    if (!psyi_read_text(loader, node, &text))
        return false;
    *out = (psyi_label){text, text};
    return true;
}

static bool read_bool(psyi_loader *loader, const psyi_node *node, bool *out)
{
    if (node->kind == PSYI_NODE_TEXT && node->plain &&
        (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0)) {
        *out = node->text[0] == 't';
        return true;
    }
    psyi_problem(loader, node, PSYI_PROBLEM_SHAPE, "expected true or false, found %s",
                 node_words(loader, node));
    return false;
}

static void refuse_integer(psyi_loader *loader, const psyi_node *node, int64_t low, int64_t high)
{
    psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                 "expected a whole number from %lld to %lld, found %s", (long long)low,
                 (long long)high, node_words(loader, node));
}

bool psyi_read_integer(psyi_loader *loader, const psyi_node *node, int64_t low, int64_t high,
                       int64_t *out)
{
    int64_t value = 0;
    if (node->kind != PSYI_NODE_TEXT || !psyi_integer_parse(node->text, node->length, &value) ||
        value < low || value > high) {
        refuse_integer(loader, node, low, high);
        return false;
    }
    *out = value;
    return true;
}

bool psyi_read_number(psyi_loader *loader, const psyi_node *node, psyi_ratio *out)
{
    psyi_ratio value;
    if (node->kind != PSYI_NODE_TEXT || !psyi_ratio_parse(node->text, node->length, &value)) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "expected a number, found %s",
                     node_words(loader, node));
        return false;
    }
    *out = value;
    return true;
}

bool psyi_read_word(psyi_loader *loader, const psyi_node *node, const psyi_word *words, int *out)
{
    const char *known[32];
    size_t n = 0;
    for (; words[n].word != NULL && n < sizeof known / sizeof *known; n++)
        known[n] = words[n].word;
    char list[256] = "";
    size_t length = 0;
    for (size_t i = 0; i < n && length < sizeof list; i++) {
        const int added = snprintf(list + length, sizeof list - length, "%s%s",
                                   i == 0       ? ""
                                   : i + 1 == n ? " or "
                                                : ", ",
                                   known[i]);
        length += added > 0 ? (size_t)added : 0;
    }
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, list))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(node->text, known[i]) == 0) {
            *out = words[i].value;
            return true;
        }
    psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "expected %s, found %s%s", list,
                 node_words(loader, node), psyi_meant(loader, node->text, known, n));
    return false;
}

bool psyi_read_texts(psyi_loader *loader, const psyi_node *node, const char *const **out,
                     size_t *n_out)
{
    const bool list = node->kind == PSYI_NODE_LIST;
    const size_t n = list ? node->n : 1;
    const char **const texts = psyi_loader_alloc(loader, n, sizeof *texts);
    if (texts == NULL)
        return false;
    size_t taken = 0;
    for (size_t i = 0; i < n; i++) {
        const psyi_node *const item = list ? node->values[i] : node;
        /* An empty text is a value here: what an empty cell means is declared so. */
        if (psyi_want(loader, item, PSYI_NODE_TEXT, list ? "a text" : "a text or a list of texts"))
            texts[taken++] = item->text;
    }
    *out = texts;
    *n_out = taken;
    return taken == n;
}

bool psyi_split_range(const char *text, size_t length, size_t *first_length, size_t *second_offset)
{
    for (size_t i = 1; i + 2 < length; i++)
        if (text[i] == '.' && text[i + 1] == '.') {
            *first_length = i;
            *second_offset = i + 2;
            while (*first_length > 0 && text[*first_length - 1] == ' ')
                --*first_length;
            while (*second_offset < length && text[*second_offset] == ' ')
                ++*second_offset;
            return true;
        }
    return false;
}

/* ---- storing by offset ---------------------------------------------------------------- */

static void store_integer(void *to, size_t size, int64_t value)
{
    const int8_t v1 = (int8_t)value;
    const int16_t v2 = (int16_t)value;
    const int32_t v4 = (int32_t)value;
    switch (size) {
    case 1:
        memcpy(to, &v1, 1);
        break;
    case 2:
        memcpy(to, &v2, 2);
        break;
    case 4:
        memcpy(to, &v4, 4);
        break;
    default:
        memcpy(to, &value, 8);
        break;
    }
}

static void read_range(psyi_loader *loader, const psyi_node *node, const psyi_key *key, char *to)
{
    int64_t low = 0, high = 0;
    size_t first = 0, second = 0;
    bool good = node->kind == PSYI_NODE_TEXT;
    if (good && psyi_split_range(node->text, node->length, &first, &second))
        good = psyi_integer_parse(node->text, first, &low) &&
               psyi_integer_parse(node->text + second, node->length - second, &high);
    else if (good)
        good = psyi_integer_parse(node->text, node->length, &low) && ((high = low), true);
    if (!good || low < key->low || high > key->high) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "expected a range within %lld..%lld, found %s", (long long)key->low,
                     (long long)key->high, node_words(loader, node));
        return;
    }
    if (low > high) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "the range %s runs backwards", node->text);
        return;
    }
    store_integer(to, key->size, low);
    store_integer(to + key->size, key->size, high);
}

static void read_numbers(psyi_loader *loader, const psyi_node *node, psyi_ratio *to)
{
    psyi_ratio low, high;
    size_t first = 0, second = 0;
    if (node->kind != PSYI_NODE_TEXT ||
        !psyi_split_range(node->text, node->length, &first, &second) ||
        !psyi_ratio_parse(node->text, first, &low) ||
        !psyi_ratio_parse(node->text + second, node->length - second, &high)) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "expected a range like 0..27, found %s",
                     node_words(loader, node));
        return;
    }
    if (psyi_ratio_compare(low, high) > 0) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "the range %s runs backwards", node->text);
        return;
    }
    to[0] = low;
    to[1] = high;
}

static void read_word_set(psyi_loader *loader, const psyi_node *node, const psyi_key *key, void *to)
{
    const bool list = node->kind == PSYI_NODE_LIST;
    int64_t mask = 0;
    for (size_t i = 0; i < (list ? node->n : 1); i++) {
        int value = 0;
        if (psyi_read_word(loader, list ? node->values[i] : node, key->words, &value))
            mask |= (int64_t)1 << value;
    }
    store_integer(to, key->size, mask);
}

static void read_joined(psyi_loader *loader, const psyi_node *node, const char **to)
{
    const char *const *texts = NULL;
    size_t n = 0;
    if (!psyi_read_texts(loader, node, &texts, &n) || n == 0)
        return;
    const char *joined = texts[0];
    for (size_t i = 1; i < n && joined != NULL; i++)
        joined = psyi_arena_format(loader->arena, "%s, %s", joined, texts[i]);
    if (joined == NULL)
        psyi_loader_nomem(loader);
    *to = joined;
}

static void read_list(psyi_loader *loader, const psyi_node *node, const psyi_key *key, void *to)
{
    if (!psyi_want(loader, node, PSYI_NODE_LIST, "a list"))
        return;
    char *const items = psyi_loader_alloc(loader, node->n, key->item_size);
    if (items == NULL)
        return;
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        const size_t path = psyi_enter_index(loader, i);
        if (key->initial != NULL)
            memcpy(items + i * key->item_size, key->initial, key->item_size);
        psyi_read_map(loader, node->values[i], NULL, key->keys, items + i * key->item_size, false);
        psyi_leave(loader, path);
    }
    memcpy(to, &items, sizeof items);
    memcpy((char *)to + sizeof items, &node->n, sizeof node->n);
}

static void read_value(psyi_loader *loader, const psyi_node *at, const psyi_node *node,
                       const psyi_key *key, char *target)
{
    char *const to = target + key->offset;
    int64_t integer = 0;
    int word = 0;
    switch (key->shape) {
    case PSYI_SHAPE_TEXT:
        psyi_read_text(loader, node, (const char **)(void *)to);
        break;
    case PSYI_SHAPE_ID:
        read_id(loader, node, (const char **)(void *)to);
        break;
    case PSYI_SHAPE_FILE_ID:
        read_file_id(loader, node, (const char **)(void *)to);
        break;
    case PSYI_SHAPE_LABEL:
        psyi_read_label(loader, node, (psyi_label *)(void *)to);
        break;
    case PSYI_SHAPE_BOOL:
        read_bool(loader, node, (bool *)(void *)to);
        break;
    case PSYI_SHAPE_INTEGER:
        if (psyi_read_integer(loader, node, key->low, key->high, &integer))
            store_integer(to, key->size, integer);
        break;
    case PSYI_SHAPE_NUMBER:
        psyi_read_number(loader, node, (psyi_ratio *)(void *)to);
        break;
    case PSYI_SHAPE_WORD:
        if (psyi_read_word(loader, node, key->words, &word))
            store_integer(to, key->size, word);
        break;
    case PSYI_SHAPE_WORD_SET:
        read_word_set(loader, node, key, to);
        break;
    case PSYI_SHAPE_TEXTS:
        psyi_read_texts(loader, node, (const char *const **)(void *)to,
                        (size_t *)(void *)(to + sizeof(void *)));
        break;
    case PSYI_SHAPE_JOINED:
        read_joined(loader, node, (const char **)(void *)to);
        break;
    case PSYI_SHAPE_RANGE:
        read_range(loader, node, key, to);
        break;
    case PSYI_SHAPE_NUMBERS:
        read_numbers(loader, node, (psyi_ratio *)(void *)to);
        break;
    case PSYI_SHAPE_MAP:
        psyi_read_map(loader, node, at, key->keys, to, false);
        break;
    case PSYI_SHAPE_LIST:
        read_list(loader, node, key, to);
        break;
    case PSYI_SHAPE_NODE:
        memcpy(to, &node, sizeof node);
        break;
    case PSYI_SHAPE_PLACE:
        break;
    }
}

/* ---- mappings ------------------------------------------------------------------------- */

static const psyi_key *find_key(const psyi_key *keys, const char *name)
{
    for (; keys->name != NULL; keys++)
        if (keys->shape != PSYI_SHAPE_PLACE && strcmp(keys->name, name) == 0)
            return keys;
    return NULL;
}

static void refuse_key(psyi_loader *loader, const psyi_node *key, const psyi_key *keys)
{
    const char *names[64];
    size_t n = 0;
    for (; keys->name != NULL && n < sizeof names / sizeof *names; keys++)
        if (keys->shape != PSYI_SHAPE_PLACE)
            names[n++] = keys->name;
    const bool wide = strstr(key->text, "：") != NULL; /* as Chinese keyboards write it */
    psyi_problem(loader, key, PSYI_PROBLEM_KEY, "unknown key '%s'%s", psyi_shown(loader, key->text),
                 wide ? ": the colon in it is a full-width '：', write ':' and a blank"
                      : psyi_meant(loader, key->text, names, n));
}

void psyi_read_map(psyi_loader *loader, const psyi_node *node, const psyi_node *at,
                   const psyi_key *keys, void *target, bool update)
{
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping"))
        return;
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        const psyi_key *const key = find_key(keys, node->keys[i]->text);
        if (key == NULL) {
            refuse_key(loader, node->keys[i], keys);
            continue;
        }
        if (psyi_node_is_null(node->values[i]))
            continue; /* the same as not there */
        const size_t path = psyi_enter(loader, key->name);
        read_value(loader, node->keys[i], node->values[i], key, target);
        psyi_leave(loader, path);
    }
    for (const psyi_key *key = keys; key->name != NULL && psyi_loader_ok(loader); key++) {
        if (key->shape == PSYI_SHAPE_PLACE) {
            const psyi_place place = psyi_place_of(at != NULL ? at : node);
            memcpy((char *)target + key->offset, &place, sizeof place);
        } else if (key->required && !update) {
            const psyi_node *const value = psyi_node_get(node, key->name);
            if (value == NULL || psyi_node_is_null(value))
                psyi_problem(loader, at != NULL ? at : node, PSYI_PROBLEM_MISSING,
                             "the key '%s' is missing", key->name);
        }
    }
}
