/*
 * item_load.c -- responses, items, reverse keying and parts.
 *
 * After this file an item knows the canonical score of each of its codes, so that nothing
 * below thinks about maps or reversal again.
 */
#include "base/fail.h"
#include "definition/build.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- responses ------------------------------------------------------------------------ */

typedef struct raw_response {
    const psyi_node *codes, *labels, *aliases, *refused, *not_applicable;
    psyi_ratio number[2];
    int decimals;
    bool clock;
} raw_response;

const psyi_key psyi_response_keys[] = {
    {"codes", PSYI_SHAPE_NODE, false, PSYI_AT(raw_response, codes)},
    {"labels", PSYI_SHAPE_NODE, false, PSYI_AT(raw_response, labels)},
    {"aliases", PSYI_SHAPE_NODE, false, PSYI_AT(raw_response, aliases)},
    {"refused", PSYI_SHAPE_NODE, false, PSYI_AT(raw_response, refused)},
    {"not_applicable", PSYI_SHAPE_NODE, false, PSYI_AT(raw_response, not_applicable)},
    {"number", PSYI_SHAPE_NUMBERS, false, .offset = offsetof(raw_response, number)},
    {"decimals", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_response, decimals), .low = 0, .high = 3},
    {"clock", PSYI_SHAPE_BOOL, false, PSYI_AT(raw_response, clock)},
    {0},
};

/* A list of different integers, or a range "0..3". */
static bool read_codes(psyi_loader *loader, const psyi_node *node, size_t most, const int32_t **out,
                       size_t *n_out)
{
    int64_t low = 0, high = -1;
    size_t first = 0, second = 0;
    const bool range =
        node->kind == PSYI_NODE_TEXT && psyi_split_range(node->text, node->length, &first, &second);
    if (range && (!psyi_integer_parse(node->text, first, &low) ||
                  !psyi_integer_parse(node->text + second, node->length - second, &high) ||
                  low < -PSYI_MAX_CODE || high > PSYI_MAX_CODE || low > high)) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "'%s' is no range of codes",
                     psyi_shown(loader, node->text));
        return false;
    }
    if (!range && !psyi_want(loader, node, PSYI_NODE_LIST, "a list of codes"))
        return false;
    const size_t n = range ? (size_t)(high - low) + 1 : node->n;
    if (n > most) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu codes; at most %zu are possible", n,
                     most);
        return false;
    }
    int32_t *const codes = psyi_loader_alloc(loader, n, sizeof *codes);
    if (codes == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        int64_t code = low + (int64_t)i;
        const psyi_node *const at = range ? node : node->values[i];
        if (!range && !psyi_read_integer(loader, at, -PSYI_MAX_CODE, PSYI_MAX_CODE, &code))
            return false;
        codes[i] = (int32_t)code;
        for (size_t j = 0; j < i; j++)
            if (codes[j] == codes[i]) {
                psyi_problem(loader, at, PSYI_PROBLEM_TWICE, "code %d stands here twice",
                             (int)code);
                return false;
            }
    }
    *out = codes;
    *n_out = n;
    return true;
}

static size_t find_code(const int32_t *codes, size_t n, int64_t code)
{
    for (size_t i = 0; i < n; i++)
        if (codes[i] == code)
            return i;
    return SIZE_MAX;
}

/* The index of the code a node names, or SIZE_MAX after a problem. */
static size_t read_code(psyi_loader *loader, const psyi_node *node, const psyi_response *response)
{
    int64_t code = 0;
    if (!psyi_read_integer(loader, node, -PSYI_MAX_CODE, PSYI_MAX_CODE, &code))
        return SIZE_MAX;
    const size_t found = find_code(response->codes, response->n_codes, code);
    if (found == SIZE_MAX)
        psyi_problem(loader, node, PSYI_PROBLEM_NAME, "%lld is not a code of response '%s'",
                     (long long)code, response->id);
    return found;
}

static void read_labels(psyi_loader *loader, const psyi_node *node, psyi_response *response)
{
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from code to label"))
        return;
    psyi_label *const labels = psyi_loader_alloc(loader, response->n_codes, sizeof *labels);
    if (labels == NULL)
        return;
    for (size_t i = 0; i < node->n; i++) {
        const size_t code = read_code(loader, node->keys[i], response);
        if (code != SIZE_MAX)
            psyi_read_label(loader, node->values[i], &labels[code]);
    }
    response->labels = labels;
}

static void read_aliases(psyi_loader *loader, const psyi_node *node, psyi_response *response)
{
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from text to code"))
        return;
    psyi_alias *const aliases = psyi_loader_alloc(loader, node->n, sizeof *aliases);
    if (aliases == NULL)
        return;
    size_t n = 0;
    for (size_t i = 0; i < node->n; i++) {
        const size_t code = read_code(loader, node->values[i], response);
        if (code != SIZE_MAX)
            aliases[n++] = (psyi_alias){node->keys[i]->text, (uint8_t)code};
    }
    response->aliases = aliases;
    response->n_aliases = n;
}

static void read_missing_codes(psyi_loader *loader, const psyi_node *node,
                               const psyi_response *response, const int32_t **out, size_t *n_out)
{
    if (node == NULL || !read_codes(loader, node, 250, out, n_out))
        return;
    for (size_t i = 0; i < *n_out; i++)
        if (find_code(response->codes, response->n_codes, (*out)[i]) != SIZE_MAX)
            psyi_problem(loader, node, PSYI_PROBLEM_TWICE, "%d is a code that is scored, too",
                         (int)(*out)[i]);
}

static void read_coded(psyi_loader *loader, const raw_response *raw, psyi_response *response)
{
    size_t n = 0;
    if (!read_codes(loader, raw->codes, 250, &response->codes, &n))
        return;
    if (n < 2)
        psyi_problem(loader, raw->codes, PSYI_PROBLEM_VALUE, "a response needs at least two codes");
    response->n_codes = (uint16_t)n;
    if (raw->labels != NULL)
        read_labels(loader, raw->labels, response);
    if (raw->aliases != NULL)
        read_aliases(loader, raw->aliases, response);
    read_missing_codes(loader, raw->refused, response, &response->refused, &response->n_refused);
    read_missing_codes(loader, raw->not_applicable, response, &response->not_applicable,
                       &response->n_not_applicable);
}

static void read_number(psyi_loader *loader, const psyi_node *at, const raw_response *raw,
                        psyi_response *response)
{
    response->kind = PSYI_NUMBER;
    response->decimals = (unsigned)raw->decimals;
    response->low = raw->number[0];
    response->high = raw->number[1];
    int64_t scale = 1;
    for (unsigned i = 0; i < response->decimals; i++)
        scale *= 10;
    const psyi_ratio limit = psyi_ratio_make(PSYI_MAX_CODE, 1);
    if (scale % response->low.den != 0 || scale % response->high.den != 0)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "the ends of `number` have more decimals than `decimals: %d` allows",
                     raw->decimals);
    else if (psyi_ratio_compare(response->high, limit) > 0 ||
             psyi_ratio_compare(psyi_ratio_make(-PSYI_MAX_CODE, 1), response->low) > 0)
        psyi_problem(loader, at, PSYI_PROBLEM_LIMIT,
                     "a number item reaches from -1000000 to 1000000 at most");
}

static void read_response(psyi_loader *loader, const psyi_node *at, const psyi_node *node,
                          psyi_response *response)
{
    raw_response raw = {0};
    psyi_read_map(loader, node, at, psyi_response_keys, &raw, false);
    const int kinds = (raw.codes != NULL) + (raw.number[0].den != 0) + raw.clock;
    const bool coded_keys = raw.labels != NULL || raw.aliases != NULL || raw.refused != NULL ||
                            raw.not_applicable != NULL;
    if (kinds != 1) {
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "a response has one of `codes`, `number` and `clock`");
    } else if (raw.codes != NULL) {
        read_coded(loader, &raw, response);
    } else if (coded_keys) {
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "labels, aliases and codes for missing answers need `codes`");
    } else if (raw.clock) {
        response->kind = PSYI_CLOCK;
        response->low = psyi_ratio_make(0, 1);
        response->high = psyi_ratio_make(24 * 60 - 1, 1);
    } else {
        read_number(loader, at, &raw, response);
    }
}

static void read_responses(psyi_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    if (node == NULL || !psyi_want(loader, node, PSYI_NODE_MAP, "a mapping of responses"))
        return;
    psyi_response *const responses = psyi_loader_alloc(loader, node->n, sizeof *responses);
    if (responses == NULL)
        return;
    const size_t path = psyi_enter(loader, "responses");
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        psyi_check_id(loader, node->keys[i]);
        responses[i].id = node->keys[i]->text;
        const size_t inner = psyi_enter(loader, responses[i].id);
        read_response(loader, node->keys[i], node->values[i], &responses[i]);
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    build->instrument->responses = responses;
    build->instrument->n_responses = node->n;
}

/* ---- parts ---------------------------------------------------------------------------- */

const psyi_key psyi_part_keys[] = {
    {"name", PSYI_SHAPE_LABEL, false, PSYI_AT(psyi_part, name)},
    {"optional", PSYI_SHAPE_BOOL, false, PSYI_AT(psyi_part, optional)},
    {0},
};

static void read_parts(psyi_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    if (node == NULL || !psyi_want(loader, node, PSYI_NODE_MAP, "a mapping of parts"))
        return;
    psyi_part *const parts = psyi_loader_alloc(loader, node->n, sizeof *parts);
    if (parts == NULL)
        return;
    const size_t path = psyi_enter(loader, "parts");
    for (size_t i = 0; i < node->n; i++) {
        psyi_check_id(loader, node->keys[i]);
        parts[i].id = node->keys[i]->text;
        psyi_read_map(loader, node->values[i], node->keys[i], psyi_part_keys, &parts[i], false);
    }
    psyi_leave(loader, path);
    build->instrument->parts = parts;
    build->instrument->n_parts = node->n;
}

/* ---- items ---------------------------------------------------------------------------- */

typedef struct raw_row { /* one line of `items:` */
    const psyi_node *ids, *response, *names, *part, *map;
    bool scored;
} raw_row;
static const raw_row scored_row = {.scored = true};

const psyi_key psyi_item_row_keys[] = {
    {"ids", PSYI_SHAPE_NODE, true, PSYI_AT(raw_row, ids)},
    {"response", PSYI_SHAPE_NODE, true, PSYI_AT(raw_row, response)},
    {"names", PSYI_SHAPE_NODE, false, PSYI_AT(raw_row, names)},
    {"part", PSYI_SHAPE_NODE, false, PSYI_AT(raw_row, part)},
    {"map", PSYI_SHAPE_NODE, false, PSYI_AT(raw_row, map)},
    {"scored", PSYI_SHAPE_BOOL, false, PSYI_AT(raw_row, scored)},
    {0},
};

/* "1..9" or "4": false when the text is neither. */
static bool number_range(const char *text, size_t length, int64_t *low, int64_t *high)
{
    size_t first = 0, second = 0;
    if (psyi_split_range(text, length, &first, &second))
        return psyi_integer_parse(text, first, low) &&
               psyi_integer_parse(text + second, length - second, high);
    if (!psyi_integer_parse(text, length, low))
        return false;
    *high = *low;
    return true;
}

/* How many items a row of ids adds; 0 after a problem. */
static size_t count_ids(psyi_loader *loader, const psyi_node *node)
{
    const bool list = node->kind == PSYI_NODE_LIST;
    size_t n = 0;
    for (size_t i = 0; i < (list ? node->n : 1); i++) {
        const psyi_node *const at = list ? node->values[i] : node;
        int64_t low = 0, high = 0;
        if (!psyi_want(loader, at, PSYI_NODE_TEXT, "numbers like 1..9 or ids"))
            continue;
        if (!number_range(at->text, at->length, &low, &high)) {
            n += psyi_check_id(loader, at);
        } else if (low < 1 || high > PSYI_MAX_ITEM_NUMBER || low > high) {
            psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                         "item numbers run upwards from 1 to 9999, found '%s'",
                         psyi_shown(loader, at->text));
        } else {
            n += (size_t)(high - low) + 1;
        }
    }
    return n;
}

static bool item_taken(const psyi_build *build, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        const psyi_item *const item = &build->items[i];
        if ((item->number == 0 && strcmp(item->id, word) == 0) ||
            (item->name != NULL && strcmp(item->name, word) == 0))
            return true;
    }
    return false;
}

/* Add the items of one node of ids behind the first `n`; returns the new count. */
static size_t add_ids(psyi_build *build, const psyi_node *at, size_t n, const psyi_item *model)
{
    psyi_loader *const loader = build->loader;
    int64_t low = 0, high = 0;
    if (at->kind != PSYI_NODE_TEXT || psyi_node_is_null(at))
        return n;
    const bool number = number_range(at->text, at->length, &low, &high);
    if (number ? low < 1 || high > PSYI_MAX_ITEM_NUMBER || low > high : !psyi_is_id(at->text))
        return n; /* reported while counting */
    for (int64_t value = low; value <= high; value++) {
        psyi_item *const item = &build->items[n];
        *item = *model;
        item->place = psyi_place_of(at);
        if (!number) {
            if (item_taken(build, n, at->text))
                psyi_problem(loader, at, PSYI_PROBLEM_TWICE, "there is an item '%s' already",
                             at->text);
            item->id = at->text;
        } else {
            if (build->by_number[value] != 0)
                psyi_problem(loader, at, PSYI_PROBLEM_TWICE, "there is an item %d already",
                             (int)value);
            build->by_number[value] = (uint16_t)(n + 1);
            item->number = (uint16_t)value;
            item->id = psyi_arena_format(loader->arena, "%d", (int)value);
            if (item->id == NULL) {
                psyi_loader_nomem(loader);
                return n;
            }
        }
        n++;
    }
    return n;
}

static void add_names(psyi_build *build, const psyi_node *node, size_t first, size_t n)
{
    psyi_loader *const loader = build->loader;
    const bool list = node->kind == PSYI_NODE_LIST;
    if (node->kind == PSYI_NODE_MAP) {
        for (size_t i = 0; i < node->n; i++) {
            const unsigned item = psyi_build_item(build, node->keys[i]);
            if (item == PSYI_NO_INDEX ||
                !psyi_want(loader, node->values[i], PSYI_NODE_TEXT, "a name") ||
                !psyi_check_id(loader, node->values[i]))
                continue;
            if (item_taken(build, first + n, node->values[i]->text))
                psyi_problem(loader, node->values[i], PSYI_PROBLEM_TWICE,
                             "there is an item '%s' already", node->values[i]->text);
            build->items[item].name = node->values[i]->text;
        }
        return;
    }
    if ((list ? node->n : 1) != n) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "%zu name%s for %zu item%s",
                     list ? node->n : (size_t)1, psyi_s(list ? node->n : 1), n, psyi_s(n));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const psyi_node *const at = list ? node->values[i] : node;
        if (psyi_node_is_null(at))
            continue; /* no name for this one */
        if (!psyi_want(loader, at, PSYI_NODE_TEXT, "a name") || !psyi_check_id(loader, at))
            continue;
        if (item_taken(build, first + n, at->text))
            psyi_problem(loader, at, PSYI_PROBLEM_TWICE, "there is an item '%s' already", at->text);
        build->items[first + i].name = at->text;
    }
}

static bool find_response(psyi_build *build, const psyi_node *node, uint16_t *out)
{
    const struct psy_instrument *const instrument = build->instrument;
    if (!psyi_want(build->loader, node, PSYI_NODE_TEXT, "the id of a response"))
        return false;
    for (size_t i = 0; i < instrument->n_responses; i++)
        if (strcmp(instrument->responses[i].id, node->text) == 0) {
            *out = (uint16_t)i;
            return true;
        }
    const char *names[64];
    size_t n = 0;
    for (; n < instrument->n_responses && n < 64; n++)
        names[n] = instrument->responses[n].id;
    psyi_problem(build->loader, node, PSYI_PROBLEM_NAME, "'%s' is not one of the responses%s",
                 psyi_shown(build->loader, node->text),
                 psyi_meant(build->loader, node->text, names, n));
    return false;
}

static bool find_part(psyi_build *build, const psyi_node *node, uint16_t *out)
{
    if (!psyi_want(build->loader, node, PSYI_NODE_TEXT, "the id of a part"))
        return false;
    for (size_t i = 0; i < build->instrument->n_parts; i++)
        if (strcmp(build->instrument->parts[i].id, node->text) == 0) {
            *out = (uint16_t)i;
            return true;
        }
    psyi_problem(build->loader, node, PSYI_PROBLEM_NAME, "'%s' is not one of the parts",
                 psyi_shown(build->loader, node->text));
    return false;
}

/* Scores of the codes of a row: by `map`, or the codes themselves. */
static const int32_t *read_scores(psyi_build *build, const psyi_node *map,
                                  const psyi_response *response)
{
    psyi_loader *const loader = build->loader;
    if (map == NULL)
        return response->codes;
    if (!psyi_want(loader, map, PSYI_NODE_MAP, "a mapping from code to score"))
        return response->codes;
    int32_t *const scores = psyi_loader_alloc(loader, response->n_codes, sizeof *scores);
    if (scores == NULL)
        return response->codes;
    uint8_t given[256] = {0};
    for (size_t i = 0; i < map->n; i++) {
        int64_t score = 0;
        const size_t code = read_code(loader, map->keys[i], response);
        if (code == SIZE_MAX ||
            !psyi_read_integer(loader, map->values[i], -PSYI_MAX_CODE, PSYI_MAX_CODE, &score))
            continue;
        scores[code] = (int32_t)score;
        given[code] = 1;
    }
    for (size_t i = 0; i < response->n_codes; i++)
        if (!given[i])
            psyi_problem(loader, map, PSYI_PROBLEM_VALUE, "code %d has no score in `map`",
                         (int)response->codes[i]);
    return scores;
}

/* What all items of a row have in common. */
static psyi_item row_model(psyi_build *build, const raw_row *row)
{
    psyi_item model = {.part = PSYI_NO_INDEX, .scored = row->scored, .scale = 1};
    if (row->part != NULL)
        find_part(build, row->part, &model.part);
    if (row->response == NULL || !find_response(build, row->response, &model.response))
        return model;
    const psyi_response *const response = &build->instrument->responses[model.response];
    if (response->kind == PSYI_CODED && response->n_codes > 0) {
        model.scores = read_scores(build, row->map, response);
        model.low = model.high = model.scores[0];
        for (size_t i = 1; i < response->n_codes; i++) {
            model.low = model.scores[i] < model.low ? model.scores[i] : model.low;
            model.high = model.scores[i] > model.high ? model.scores[i] : model.high;
        }
    } else if (response->kind != PSYI_CODED) {
        for (unsigned i = 0; i < response->decimals; i++)
            model.scale *= 10;
        const psyi_ratio scale = psyi_ratio_make(model.scale, 1);
        model.low = (int32_t)psyi_ratio_mul(response->low, scale).num;
        model.high = (int32_t)psyi_ratio_mul(response->high, scale).num;
        if (row->map != NULL)
            psyi_problem(build->loader, row->map, PSYI_PROBLEM_VALUE,
                         "`map` needs a response with codes");
    }
    return model;
}

static void read_rows(psyi_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    if (node == NULL || !psyi_want(loader, node, PSYI_NODE_LIST, "a list of items"))
        return;
    raw_row *const rows = psyi_loader_scratch(loader, node->n, sizeof *rows);
    const size_t path = psyi_enter(loader, "items");
    size_t total = 0;
    for (size_t i = 0; rows != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const size_t inner = psyi_enter_index(loader, i);
        rows[i] = scored_row;
        psyi_read_map(loader, node->values[i], NULL, psyi_item_row_keys, &rows[i], false);
        if (rows[i].ids != NULL)
            total += count_ids(loader, rows[i].ids);
        psyi_leave(loader, inner);
    }
    if (total > PSYI_MAX_ITEMS) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu items; at most %d are possible", total,
                     PSYI_MAX_ITEMS);
        total = 0;
    } else if (total == 0 && psyi_loader_ok(loader)) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "an instrument needs items");
    }
    build->items = psyi_loader_alloc(loader, total, sizeof *build->items);
    size_t n = 0;
    for (size_t i = 0; total > 0 && i < node->n && psyi_loader_ok(loader); i++) {
        if (rows[i].ids == NULL)
            continue;
        const size_t inner = psyi_enter_index(loader, i), first = n;
        const psyi_item model = row_model(build, &rows[i]);
        const psyi_node *const ids = rows[i].ids;
        const bool list = ids->kind == PSYI_NODE_LIST;
        for (size_t j = 0; j < (list ? ids->n : 1); j++)
            n = add_ids(build, list ? ids->values[j] : ids, n, &model);
        build->instrument->n_items = n;
        if (rows[i].names != NULL && psyi_loader_ok(loader))
            add_names(build, rows[i].names, first, n - first);
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    build->instrument->items = build->items;
    build->instrument->n_items = n;
}

/* ---- reversal ------------------------------------------------------------------------- */

static void reverse(psyi_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    const uint16_t *items = NULL;
    size_t n = 0;
    const size_t path = psyi_enter(loader, "reverse");
    if (psyi_select_items(build, node, false, &items, &n))
        for (size_t i = 0; i < n && psyi_loader_ok(loader); i++) {
            psyi_item *const item = &build->items[items[i]];
            if (item->response >= build->instrument->n_responses)
                continue; /* none is declared: a problem of its own */
            const psyi_response *const response = &build->instrument->responses[item->response];
            if (item->scores == NULL) { /* of a coded item: its response is a problem of its own */
                if (response->kind == PSYI_CODED)
                    continue;
                psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                             "item '%s' has no codes, so it cannot be reversed", item->id);
                continue;
            }
            int32_t *const scores = psyi_loader_alloc(loader, response->n_codes, sizeof *scores);
            for (size_t j = 0; scores != NULL && j < response->n_codes; j++)
                scores[j] = item->low + item->high - item->scores[j];
            if (scores != NULL)
                item->scores = scores;
            item->reversed = true;
        }
    psyi_leave(loader, path);
}

void psyi_build_items(psyi_build *build, const psyi_raw_items *raw)
{
    psyi_loader *const loader = build->loader;
    build->by_number =
        psyi_loader_scratch(loader, PSYI_MAX_ITEM_NUMBER + 1, sizeof *build->by_number);
    if (build->by_number == NULL)
        return;
    read_responses(build, raw->responses);
    read_parts(build, raw->parts);
    read_rows(build, raw->items);
    const size_t n = build->instrument->n_items;
    build->seen = psyi_loader_scratch(loader, n, sizeof *build->seen);
    build->chosen = psyi_loader_scratch(loader, n, sizeof *build->chosen);
    build->selectors = psyi_loader_scratch(loader, 2 * n, sizeof *build->selectors);
    for (size_t i = 0; build->selectors != NULL && i < n; i++) {
        if (build->items[i].number == 0)
            build->selectors[build->n_selectors++] = build->items[i].id;
        if (build->items[i].name != NULL)
            build->selectors[build->n_selectors++] = build->items[i].name;
    }
    if (raw->reverse != NULL && psyi_loader_ok(loader))
        reverse(build, raw->reverse);
}
