/*
 * scale_load.c -- scales and derived numbers: items, score, missing rule, steps.
 *
 * A scale may read others in any order of the file.  Each is built when it is first asked
 * for, so that ranges of what it reads are known; asking for one that is being built is a
 * circle, and the rule language reports it at the word that closes it.
 */
#include "definition/build.h"
#include "definition/precision.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the mapping says ------------------------------------------------------------ */

static const psyi_word worse_words[] = {{"high", 1}, {"low", 2}, {NULL, 0}};

const psyi_key psyi_scale_keys[] = {
    {"name", PSYI_SHAPE_LABEL, false, PSYI_AT(psyi_raw_scale, name)},
    {"items", PSYI_SHAPE_NODE, false, PSYI_AT(psyi_raw_scale, items)},
    {"score", PSYI_SHAPE_NODE, false, PSYI_AT(psyi_raw_scale, score)},
    {"parts", PSYI_SHAPE_NODE, false, PSYI_AT(psyi_raw_scale, parts)},
    {"missing", PSYI_SHAPE_NODE, false, PSYI_AT(psyi_raw_scale, missing), .keys = psyi_missing_keys,
     .holds = PSYI_HOLDS_ONE},
    {"steps", PSYI_SHAPE_NODE, false, PSYI_AT(psyi_raw_scale, steps)},
    {"worse", PSYI_SHAPE_WORD, false, PSYI_AT(psyi_raw_scale, worse), .words = worse_words},
    {"range", PSYI_SHAPE_NUMBERS, false, .offset = offsetof(psyi_raw_scale, range)},
    {"metric", PSYI_SHAPE_TEXT, false, PSYI_AT(psyi_raw_scale, metric)},
    {"precision", PSYI_SHAPE_NODE, false, PSYI_AT(psyi_raw_scale, precision), .keys = psyi_precision_keys, .holds = PSYI_HOLDS_ONE},
    {"confidence", PSYI_SHAPE_WORD, false, PSYI_AT(psyi_raw_scale, confidence),
     .words = psyi_confidence_words},
    {"informants", PSYI_SHAPE_WORD_SET, false, PSYI_AT(psyi_raw_scale, informants),
     .words = psyi_informant_words},
    {"bands", PSYI_SHAPE_NODE, false, PSYI_AT(psyi_raw_scale, bands)},
    {0},
};

static size_t collect(psyi_build *build, const psyi_node *node, const char *section, bool derived,
                      psyi_raw_scale *raw, size_t n)
{
    psyi_loader *const loader = build->loader;
    if (node == NULL || node->kind != PSYI_NODE_MAP)
        return n;
    const size_t path = psyi_enter(loader, section);
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        const psyi_node *const key = node->keys[i];
        const size_t inner = psyi_enter(loader, key->text);
        psyi_raw_scale *const scale = &raw[n];
        *scale = (psyi_raw_scale){
            .id = key->text, .at = key, .confidence = PSYI_UNSTATED, .derived = derived};
        psyi_check_id(loader, key);
        for (size_t j = 0; j < n; j++)
            if (strcmp(raw[j].id, key->text) == 0)
                psyi_problem(loader, key, PSYI_PROBLEM_TWICE, "there is a scale '%s' already",
                             key->text);
        psyi_read_map(loader, node->values[i], key, psyi_scale_keys, scale, false);
        if (scale->worse == 0 && !derived && node->values[i]->kind == PSYI_NODE_MAP &&
            psyi_node_get(node->values[i], "worse") == NULL)
            psyi_problem(loader, key, PSYI_PROBLEM_MISSING, "the key 'worse' is missing");
        psyi_leave(loader, inner);
        n++;
    }
    psyi_leave(loader, path);
    return n;
}

bool psyi_collect_scales(psyi_build *build, const psyi_node *scales, const psyi_node *derived,
                         psyi_raw_scale **out, size_t *n_out)
{
    psyi_loader *const loader = build->loader;
    size_t room = 0;
    if (scales != NULL && psyi_want(loader, scales, PSYI_NODE_MAP, "a mapping of scales"))
        room += scales->n;
    if (derived != NULL && psyi_want(loader, derived, PSYI_NODE_MAP, "a mapping of scales"))
        room += derived->n;
    if (room > PSYI_MAX_SCALES) {
        psyi_problem(loader, scales, PSYI_PROBLEM_LIMIT, "%zu scales; at most %d are possible",
                     room, PSYI_MAX_SCALES);
        return false;
    }
    psyi_raw_scale *const raw = psyi_loader_scratch(loader, room, sizeof *raw);
    if (raw == NULL)
        return false;
    const size_t n = collect(build, scales, "scales", false, raw, 0);
    *n_out = collect(build, derived, "derived", true, raw, n);
    *out = raw;
    return psyi_loader_ok(loader);
}

/* ---- finding scales ------------------------------------------------------------------- */

unsigned psyi_build_scale(psyi_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    const size_t n = build->instrument->n_scales;
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "the id of a scale"))
        return PSYI_NO_INDEX;
    for (size_t i = 0; i < n; i++)
        if (strcmp(build->variant->raw[i].id, node->text) == 0)
            return (unsigned)i;
    const char **const names = psyi_loader_scratch(loader, n, sizeof *names);
    if (names == NULL)
        return PSYI_NO_INDEX;
    for (size_t i = 0; i < n; i++)
        names[i] = build->variant->raw[i].id;
    psyi_problem(loader, node, PSYI_PROBLEM_NAME, "'%s' is not a scale of this instrument%s",
                 psyi_shown(loader, node->text), psyi_meant(loader, node->text, names, n));
    return PSYI_NO_INDEX;
}

/* ---- score ---------------------------------------------------------------------------- */

/* Items beneath what a program reads, marked in build->seen. */
static void mark_beneath(psyi_build *build, const psyi_program *program, unsigned depth)
{
    const psyi_operand *operands = NULL;
    const size_t n = program == NULL ? 0 : psyi_program_operands(program, &operands);
    for (size_t i = 0; i < n; i++) {
        if (operands[i].is_item) {
            build->seen[psyi_item_index(operands[i].id)] = 1;
            continue;
        }
        const unsigned index = psyi_column_index(operands[i].id);
        switch (psyi_column_kind_of(operands[i].id)) {
        case PSYI_COLUMN_SCORE:
        case PSYI_COLUMN_ANSWERED:
        case PSYI_COLUMN_BAND:
        case PSYI_COLUMN_STANDARD:
            for (size_t j = 0; j < build->variant->scales[index].n_items; j++)
                build->seen[build->variant->scales[index].items[j]] = 1;
            break;
        case PSYI_COLUMN_FLAG:
            if (depth < PSYI_MAX_NESTING)
                mark_beneath(build, build->flags[index].when, depth + 1);
            break;
        default:
            break;
        }
    }
}

/* An expression that names no items: those it reads, of which none is needed by itself. */
static void implied_items(psyi_build *build, psyi_scale *scale)
{
    const size_t n = build->instrument->n_items;
    memset(build->seen, 0, n);
    mark_beneath(build, scale->program, 0);
    size_t n_items = 0;
    for (size_t i = 0; i < n; i++)
        n_items += build->seen[i];
    uint16_t *const items = psyi_loader_alloc(build->loader, n_items, sizeof *items);
    if (items == NULL)
        return;
    n_items = 0;
    for (size_t i = 0; i < n; i++)
        if (build->seen[i])
            items[n_items++] = (uint16_t)i;
    scale->items = items;
    scale->n_items = n_items;
    scale->allow = (uint16_t)n_items;
}

static void read_parts(psyi_build *build, const psyi_raw_scale *raw, psyi_scale *scale)
{
    psyi_loader *const loader = build->loader;
    scale->score = PSYI_SCORE_PARTS;
    if (raw->items != NULL || raw->score != NULL || raw->missing != NULL) {
        psyi_problem(loader, raw->parts, PSYI_PROBLEM_VALUE,
                     "a composite has `parts` only: its items, scores and missing rules are those "
                     "of the parts");
        return;
    }
    if (!psyi_want(loader, raw->parts, PSYI_NODE_LIST, "a list of scales"))
        return;
    if (raw->parts->n == 0)
        psyi_problem(loader, raw->parts, PSYI_PROBLEM_VALUE, "a composite needs parts");
    uint16_t *const parts = psyi_loader_alloc(loader, raw->parts->n, sizeof *parts);
    if (parts == NULL)
        return;
    size_t n = 0;
    for (size_t i = 0; i < raw->parts->n && psyi_loader_ok(loader); i++) {
        const psyi_node *const at = raw->parts->values[i];
        const unsigned part = psyi_build_scale(build, at);
        bool good = part != PSYI_NO_INDEX;
        for (size_t j = 0; good && j < n; j++)
            if (parts[j] == part) {
                psyi_problem(loader, at, PSYI_PROBLEM_TWICE, "part '%s' stands here twice",
                             at->text);
                good = false;
            }
        if (good && !psyi_ready_scale(build, part)) {
            psyi_problem(loader, at, PSYI_PROBLEM_VALUE, "%s", build->refusal);
            good = false;
        }
        if (good)
            parts[n++] = (uint16_t)part;
    }
    scale->parts = parts;
    scale->n_parts = n;
    const size_t n_items = build->instrument->n_items;
    memset(build->seen, 0, n_items);
    size_t n_beneath = 0;
    for (size_t i = 0; i < n; i++) {
        const psyi_scale *const part = &build->variant->scales[parts[i]];
        for (size_t j = 0; j < part->n_items; j++) {
            n_beneath += !build->seen[part->items[j]];
            build->seen[part->items[j]] = 1;
        }
    }
    uint16_t *const items = psyi_loader_alloc(loader, n_beneath, sizeof *items);
    if (items == NULL)
        return;
    n_beneath = 0;
    for (size_t i = 0; i < n_items; i++)
        if (build->seen[i])
            items[n_beneath++] = (uint16_t)i;
    scale->items = items;
    scale->n_items = n_beneath;
}

static void read_score(psyi_build *build, const psyi_raw_scale *raw, psyi_scale *scale)
{
    psyi_loader *const loader = build->loader;
    if (raw->score == NULL) {
        psyi_problem(loader, raw->at, PSYI_PROBLEM_MISSING,
                     "the key 'score' is missing (or `parts` for a composite)");
        return;
    }
    if (!psyi_want(loader, raw->score, PSYI_NODE_TEXT, "sum, mean or an expression"))
        return;
    const bool sum = strcmp(raw->score->text, "sum") == 0;
    const bool mean = strcmp(raw->score->text, "mean") == 0;
    scale->score = sum ? PSYI_SCORE_SUM : mean ? PSYI_SCORE_MEAN : PSYI_SCORE_EXPRESSION;
    const size_t problems = loader->n_problems;
    if (raw->items != NULL)
        psyi_select_items(build, raw->items, true, &scale->items, &scale->n_items);
    if (sum || mean) {
        if (raw->items == NULL)
            psyi_problem(loader, raw->at, PSYI_PROBLEM_MISSING, "the key 'items' is missing");
        else if (scale->n_items == 0 && loader->n_problems == problems)
            psyi_problem(loader, raw->items, PSYI_PROBLEM_VALUE, "the scale has no items");
        return;
    }
    const size_t path = psyi_enter(loader, "score");
    scale->program = psyi_build_program(build, raw->score, PSYI_TYPE_NUMBER);
    psyi_leave(loader, path);
    if (raw->items == NULL && scale->program != NULL)
        implied_items(build, scale);
}

/* ---- missing rule and steps ------------------------------------------------------------ */

typedef enum rounding { ROUND_NONE, ROUND_HALF_UP, ROUND_UP, ROUND_DOWN } rounding;

typedef struct raw_missing {
    int allow, then, round;
    psyi_confidence confidence;
} raw_missing;

static const psyi_word then_words[] = {{"prorate", PSYI_MISSING_PRORATE},
                                       {"mean", PSYI_MISSING_MEAN},
                                       {"zero", PSYI_MISSING_ZERO},
                                       {NULL, 0}};
static const psyi_word round_words[] = {{"half_up", ROUND_HALF_UP},
                                        {"up", ROUND_UP},
                                        {"down", ROUND_DOWN},
                                        {"none", ROUND_NONE},
                                        {NULL, 0}};
const psyi_key psyi_missing_keys[] = {
    {"allow", PSYI_SHAPE_INTEGER, true, PSYI_AT(raw_missing, allow), .low = 0,
     .high = PSYI_MAX_ITEMS},
    {"then", PSYI_SHAPE_WORD, false, PSYI_AT(raw_missing, then), .words = then_words},
    {"round", PSYI_SHAPE_WORD, false, PSYI_AT(raw_missing, round), .words = round_words},
    {"confidence", PSYI_SHAPE_WORD, false, PSYI_AT(raw_missing, confidence),
     .words = psyi_confidence_words},
    {0},
};

static int read_missing(psyi_build *build, const psyi_raw_scale *raw, psyi_scale *scale)
{
    psyi_loader *const loader = build->loader;
    raw_missing missing = {.confidence = PSYI_UNSTATED};
    scale->missing_confidence = PSYI_UNSTATED;
    if (raw->missing == NULL)
        return ROUND_NONE;
    const size_t path = psyi_enter(loader, "missing");
    psyi_read_map(loader, raw->missing, NULL, psyi_missing_keys, &missing, false);
    const bool expression = scale->score == PSYI_SCORE_EXPRESSION;
    if (expression && missing.then != 0)
        psyi_problem(loader, raw->missing, PSYI_PROBLEM_VALUE,
                     "`then` is for sum and mean: an expression says itself what a missing answer "
                     "does");
    else if (!expression && missing.then == 0 && raw->missing->kind == PSYI_NODE_MAP &&
             psyi_node_get(raw->missing, "then") == NULL)
        psyi_problem(loader, raw->missing, PSYI_PROBLEM_MISSING, "the key 'then' is missing");
    else if (scale->score == PSYI_SCORE_MEAN && missing.then == PSYI_MISSING_PRORATE)
        psyi_problem(loader, raw->missing, PSYI_PROBLEM_VALUE,
                     "a mean is not prorated: write `then: mean`, the mean of the answered items");
    else if (scale->score == PSYI_SCORE_SUM && missing.then == PSYI_MISSING_MEAN)
        psyi_problem(loader, raw->missing, PSYI_PROBLEM_VALUE,
                     "a sum is prorated: write `then: prorate`, or `score: mean`");
    psyi_leave(loader, path);
    scale->missing = (psyi_missing_rule)missing.then;
    scale->allow = (uint16_t)missing.allow;
    scale->missing_confidence = missing.confidence;
    return missing.round;
}

static bool read_step(psyi_loader *loader, const psyi_node *node, psyi_step *step)
{
    static const char *const names[] = {"floor", "ceil", "round_half_up", "multiply", "add"};
    static const psyi_step_kind kinds[] = {PSYI_STEP_FLOOR, PSYI_STEP_CEIL, PSYI_STEP_ROUND,
                                           PSYI_STEP_MULTIPLY, PSYI_STEP_ADD};
    const bool map = node->kind == PSYI_NODE_MAP && node->n == 1;
    const psyi_node *const name = map ? node->keys[0] : node;
    size_t which = 5;
    if (name->kind == PSYI_NODE_TEXT)
        for (which = 0; which < 5 && strcmp(name->text, names[which]) != 0; which++)
            continue;
    /* floor and ceil take no number, multiply and add need one. */
    if (which == 5 || (map ? which < 2 : which > 2)) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "expected {multiply: x}, {add: x}, floor, ceil, round_half_up or "
                     "{round_half_up: decimals}");
        return false;
    }
    step->kind = kinds[which];
    if (!map)
        return true;
    if (step->kind == PSYI_STEP_ROUND) {
        int64_t decimals = 0;
        if (!psyi_read_integer(loader, node->values[0], 0, 6, &decimals))
            return false;
        step->decimals = (unsigned)decimals;
        return true;
    }
    return psyi_read_number(loader, node->values[0], &step->by);
}

static void read_steps(psyi_build *build, const psyi_node *node, int round, psyi_scale *scale)
{
    psyi_loader *const loader = build->loader;
    if (node != NULL && !psyi_want(loader, node, PSYI_NODE_LIST, "a list of steps"))
        node = NULL;
    const size_t n = (node != NULL ? node->n : 0) + (round != ROUND_NONE);
    if (n > 16) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu steps; at most 16 are possible", n);
        return;
    }
    psyi_step *const steps = psyi_loader_alloc(loader, n, sizeof *steps);
    if (steps == NULL)
        return;
    size_t taken = 0;
    const size_t path = psyi_enter(loader, "steps");
    for (size_t i = 0; node != NULL && i < node->n; i++)
        taken += read_step(loader, node->values[i], &steps[taken]);
    psyi_leave(loader, path);
    if (round != ROUND_NONE)
        steps[taken++].kind = round == ROUND_UP     ? PSYI_STEP_CEIL
                              : round == ROUND_DOWN ? PSYI_STEP_FLOOR
                                                    : PSYI_STEP_ROUND;
    scale->steps = steps;
    scale->n_steps = taken;
}

/* ---- one scale, all scales -------------------------------------------------------------- */

static void list_items(psyi_build *build, unsigned index)
{
    const psyi_scale *const scale = &build->variant->scales[index];
    uint32_t *const list = psyi_loader_scratch(build->loader, scale->n_items, sizeof *list);
    if (list == NULL)
        return;
    for (size_t i = 0; i < scale->n_items; i++)
        list[i] = psyi_item_of(0, scale->items[i]);
    build->variant->item_lists[index] = list;
}

static void build_scale(psyi_build *build, unsigned index)
{
    const psyi_raw_scale *const raw = &build->variant->raw[index];
    psyi_scale *const scale = &build->variant->scales[index];
    int round = ROUND_NONE;
    if (raw->parts != NULL)
        read_parts(build, raw, scale);
    else
        read_score(build, raw, scale);
    if (scale->score != PSYI_SCORE_PARTS)
        round = read_missing(build, raw, scale);
    read_steps(build, raw->steps, round, scale);
    if (!psyi_loader_ok(build->loader))
        return;
    list_items(build, index);
    psyi_scale_range(build, scale, build->variant->of);
    if (raw->bands != NULL)
        psyi_build_bands(build, scale, raw->bands);
}

static void describe_circle(psyi_build *build, const char *id)
{
    size_t first = build->depth;
    while (first > 0 && strcmp(build->chain[first - 1], id) != 0)
        first--;
    const char *text = id;
    for (size_t i = build->depth; i > first && text != NULL; i--)
        text = psyi_arena_format(build->loader->scratch, "%s -> %s", build->chain[i - 1], text);
    if (text != NULL)
        text =
            psyi_arena_format(build->loader->scratch, "'%s' reads itself: %s -> %s", id, id, text);
    if (text == NULL)
        psyi_loader_nomem(build->loader);
    build->refusal = text != NULL ? text : "";
}

bool psyi_descend(psyi_build *build, const char *id, uint8_t *progress)
{
    if (*progress == PSYI_DOING) {
        describe_circle(build, id);
        return false;
    }
    if (build->depth == PSYI_MAX_NESTING) {
        build->refusal = "more than 32 scales and flags read one another in a chain";
        return false;
    }
    build->chain[build->depth++] = id;
    *progress = PSYI_DOING;
    return true;
}

void psyi_ascend(psyi_build *build, uint8_t *progress)
{
    build->depth--;
    *progress = PSYI_DONE;
}

bool psyi_ready_scale(psyi_build *build, unsigned index)
{
    uint8_t *const progress = &build->variant->progress[index];
    const psyi_raw_scale *const raw = &build->variant->raw[index];
    if (*progress == PSYI_DONE)
        return true;
    if (!psyi_descend(build, raw->id, progress))
        return false;
    /* The path of a problem is this scale, whoever asked for it. */
    psyi_loader *const loader = build->loader;
    psyi_away from;
    psyi_go_to(loader, raw->derived ? "derived" : "scales", raw->id, &from);
    build_scale(build, index);
    psyi_come_back(loader, &from);
    psyi_ascend(build, progress);
    return true;
}

static void apply_overrides(psyi_build *build, psyi_scale_build *made, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    if (node == NULL || !psyi_want(loader, node, PSYI_NODE_MAP, "a mapping of scales"))
        return;
    const size_t path = psyi_enter(loader, "scales");
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        const unsigned scale = psyi_build_scale(build, node->keys[i]);
        if (scale == PSYI_NO_INDEX)
            continue;
        const size_t inner = psyi_enter(loader, node->keys[i]->text);
        psyi_read_map(loader, node->values[i], node->keys[i], psyi_scale_keys, &made->raw[scale],
                      true);
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
}

static void read_precision(psyi_loader *loader, const psyi_raw_scale *from, psyi_precision *out)
{
    const size_t scale = psyi_enter(loader, from->id);
    const size_t path = psyi_enter(loader, "precision");
    psyi_read_map(loader, from->precision, NULL, psyi_precision_keys, out, false);
    psyi_precision_settle(loader, from->precision, out);
    psyi_leave(loader, path);
    psyi_leave(loader, scale);
}

void psyi_build_scales(psyi_build *build, psyi_scale_build *made, const psyi_raw_scale *raw,
                       const psyi_node *overrides, const psyi_variant *variant)
{
    psyi_loader *const loader = build->loader;
    const size_t n = build->instrument->n_scales;
    made->of = variant;
    made->raw = psyi_loader_scratch(loader, n, sizeof *made->raw);
    made->scales = psyi_loader_alloc(loader, n, sizeof *made->scales);
    made->progress = psyi_loader_scratch(loader, n, sizeof *made->progress);
    made->item_lists = psyi_loader_scratch(loader, n, sizeof *made->item_lists);
    if (!psyi_loader_ok(loader))
        return;
    memcpy(made->raw, raw, n * sizeof *raw);
    build->variant = made;
    apply_overrides(build, made, overrides);
    for (size_t i = 0; i < n; i++) {
        const psyi_raw_scale *const from = &made->raw[i];
        made->scales[i] = (psyi_scale){.id = from->id,
                                       .name = from->name,
                                       .worse_low = from->worse == 2,
                                       .derived = from->derived,
                                       .informants = from->informants,
                                       .metric = from->metric,
                                       .declared_low = from->range[0],
                                       .declared_high = from->range[1],
                                       .confidence = from->confidence,
                                       .missing_confidence = PSYI_UNSTATED,
                                       .place = psyi_place_of(from->at)};
        if (from->precision != NULL)
            read_precision(loader, from, &made->scales[i].precision);
    }
    if (build->instrument->scales == NULL)
        build->instrument->scales = made->scales; /* the first variant is the default */
    build->scope.scales = made->scales;
    build->scope.item_lists = made->item_lists;
    /* For "did you mean"; cut-off sets join when they are known. */
    if (!psyi_scope_names(&build->scope, "", loader->scratch, &build->scope.names,
                          &build->scope.n_names)) {
        psyi_loader_nomem(loader);
        return;
    }
    for (size_t i = 0; i < n && psyi_loader_ok(loader); i++)
        psyi_ready_scale(build, (unsigned)i);
}
