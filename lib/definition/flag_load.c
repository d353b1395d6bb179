/*
 * flag_load.c -- gates and flags.
 *
 * Every instrument with critical flags ends with one more, critical_unanswered, which no file
 * writes: a critical item left blank must put the child on the interview list whatever else
 * the author thought of.
 */
#include "definition/build.h"

#include <string.h>

/* ---- gates ---------------------------------------------------------------------------- */

typedef struct raw_gate {
    const char *id;
    const psyi_node *when, *skips, *value;
    psyi_place place;
} raw_gate;

const psyi_key psyi_gate_keys[] = {
    {"id", PSYI_SHAPE_ID, true, PSYI_AT(raw_gate, id)},
    {"when", PSYI_SHAPE_NODE, true, PSYI_AT(raw_gate, when)},
    {"skips", PSYI_SHAPE_NODE, true, PSYI_AT(raw_gate, skips)},
    {"value", PSYI_SHAPE_NODE, false, PSYI_AT(raw_gate, value)},
    {"place", PSYI_SHAPE_PLACE, false, PSYI_AT(raw_gate, place)},
    {0},
};

static void read_gate(psyi_build *build, const psyi_node *node, psyi_gate *gate)
{
    psyi_loader *const loader = build->loader;
    raw_gate raw = {0};
    psyi_read_map(loader, node, NULL, psyi_gate_keys, &raw, false);
    *gate = (psyi_gate){.id = raw.id, .place = raw.place};
    if (raw.skips != NULL) {
        const size_t path = psyi_enter(loader, "skips");
        psyi_select_items(build, raw.skips, false, &gate->items, &gate->n_items);
        psyi_leave(loader, path);
    }
    if (raw.when != NULL) {
        const size_t path = psyi_enter(loader, "when");
        build->scope.items_only = true; /* scores come after the gates */
        gate->when = psyi_build_program(build, raw.when, PSYI_TYPE_BOOLEAN);
        build->scope.items_only = false;
        psyi_leave(loader, path);
    }
    int64_t value = 0;
    if (raw.value != NULL &&
        psyi_read_integer(loader, raw.value, -PSYI_MAX_CODE, PSYI_MAX_CODE, &value)) {
        gate->has_value = true;
        gate->value = (int32_t)value;
    }
}

void psyi_build_gates(psyi_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    if (node == NULL || !psyi_want(loader, node, PSYI_NODE_LIST, "a list of gates"))
        return;
    psyi_gate *const gates = psyi_loader_alloc(loader, node->n, sizeof *gates);
    const size_t path = psyi_enter(loader, "gates");
    for (size_t i = 0; gates != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const size_t inner = psyi_enter_index(loader, i);
        read_gate(build, node->values[i], &gates[i]);
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    build->instrument->gates = gates;
    build->instrument->n_gates = gates != NULL ? node->n : 0;
}

/* ---- flags ---------------------------------------------------------------------------- */

static const char unanswered_id[] = "critical_unanswered";

static const psyi_word kind_words[] = {{"critical_urgent", PSYI_FLAG_URGENT + 1},
                                       {"critical_review", PSYI_FLAG_REVIEW + 1},
                                       {"validity", PSYI_FLAG_VALIDITY + 1},
                                       {"note", PSYI_FLAG_NOTE + 1},
                                       {NULL, 0}};
const psyi_word psyi_effect_words[] = {{"doubtful", PSYI_EFFECT_DOUBTFUL},
                                       {"retest", PSYI_EFFECT_RETEST},
                                       {"invalid", PSYI_EFFECT_INVALID},
                                       {NULL, 0}};

const psyi_key psyi_flag_keys[] = {
    {"kind", PSYI_SHAPE_WORD, true, PSYI_AT(psyi_raw_flag, kind), .words = kind_words},
    {"when", PSYI_SHAPE_NODE, true, PSYI_AT(psyi_raw_flag, when)},
    {"effect", PSYI_SHAPE_WORD, false, PSYI_AT(psyi_raw_flag, effect), .words = psyi_effect_words},
    {"name", PSYI_SHAPE_LABEL, false, PSYI_AT(psyi_raw_flag, name)},
    {"confidence", PSYI_SHAPE_WORD, false, PSYI_AT(psyi_raw_flag, confidence),
     .words = psyi_confidence_words},
    {0},
};

static void check_flag(psyi_build *build, const psyi_node *key, const psyi_raw_scale *scales,
                       size_t n_scales, const psyi_raw_flag *flag)
{
    psyi_loader *const loader = build->loader;
    psyi_check_id(loader, key);
    if (strcmp(key->text, unanswered_id) == 0)
        psyi_problem(loader, key, PSYI_PROBLEM_TWICE,
                     "every instrument with critical flags has '%s' by itself", unanswered_id);
    for (size_t i = 0; i < n_scales; i++)
        if (strcmp(scales[i].id, key->text) == 0)
            psyi_problem(loader, key, PSYI_PROBLEM_TWICE, "there is a scale '%s' already",
                         key->text);
    const bool validity = flag->kind == PSYI_FLAG_VALIDITY + 1;
    if (validity && flag->effect == 0)
        psyi_problem(loader, key, PSYI_PROBLEM_MISSING,
                     "the key 'effect' is missing: doubtful, retest or invalid");
    else if (!validity && flag->kind != 0 && flag->effect != 0)
        psyi_problem(loader, key, PSYI_PROBLEM_VALUE, "only a flag of kind validity has an effect");
}

bool psyi_collect_flags(psyi_build *build, const psyi_node *node, const psyi_raw_scale *scales,
                        size_t n_scales)
{
    psyi_loader *const loader = build->loader;
    struct psy_instrument *const instrument = build->instrument;
    if (node == NULL || !psyi_want(loader, node, PSYI_NODE_MAP, "a mapping of flags"))
        return psyi_loader_ok(loader);
    if (node->n > PSYI_MAX_FLAGS) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu flags; at most %d are possible",
                     node->n, PSYI_MAX_FLAGS);
        return false;
    }
    psyi_raw_flag *const raw = psyi_loader_scratch(loader, node->n, sizeof *raw);
    build->flags = psyi_loader_alloc(loader, node->n + 1, sizeof *build->flags);
    build->flag_progress = psyi_loader_scratch(loader, node->n + 1, sizeof *build->flag_progress);
    if (!psyi_loader_ok(loader))
        return false;
    bool critical = false;
    const size_t path = psyi_enter(loader, "flags");
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        const psyi_node *const key = node->keys[i];
        const size_t inner = psyi_enter(loader, key->text);
        raw[i] = (psyi_raw_flag){.at = key, .confidence = PSYI_UNSTATED};
        psyi_read_map(loader, node->values[i], key, psyi_flag_keys, &raw[i], false);
        check_flag(build, key, scales, n_scales, &raw[i]);
        psyi_leave(loader, inner);
        build->flags[i] = (psyi_flag){
            .id = key->text,
            .name = raw[i].name,
            .kind = raw[i].kind > 0 ? (psyi_flag_kind)(raw[i].kind - 1) : PSYI_FLAG_NOTE,
            .effect = (psyi_effect)raw[i].effect,
            .confidence = raw[i].confidence,
            .place = psyi_place_of(raw[i].when != NULL ? raw[i].when : key)};
        critical = critical || build->flags[i].kind <= PSYI_FLAG_REVIEW;
    }
    psyi_leave(loader, path);
    instrument->n_flags = node->n;
    if (critical) {
        build->flags[node->n] = (psyi_flag){
            .id = unanswered_id,
            .name = {"critical item left blank", "重点题缺答"},
            .kind = PSYI_FLAG_UNANSWERED,
            .confidence = PSYI_UNSTATED,
            .place = psyi_place_of(node),
        };
        build->flag_progress[node->n] = PSYI_DONE;
        instrument->n_flags++;
    }
    build->raw_flags = raw;
    instrument->flags = build->flags;
    return psyi_loader_ok(loader);
}

bool psyi_ready_flag(psyi_build *build, unsigned index)
{
    uint8_t *const progress = &build->flag_progress[index];
    psyi_flag *const flag = &build->flags[index];
    if (*progress == PSYI_DONE)
        return true;
    if (!psyi_descend(build, flag->id, progress))
        return false;
    psyi_loader *const loader = build->loader;
    psyi_away from;
    psyi_go_to(loader, "flags", flag->id, &from);
    psyi_enter(loader, "when");
    if (build->raw_flags[index].when != NULL)
        flag->when = psyi_build_program(build, build->raw_flags[index].when, PSYI_TYPE_BOOLEAN);
    psyi_come_back(loader, &from);
    psyi_ascend(build, progress);
    return true;
}

/* ---- critical_unanswered -------------------------------------------------------------- */

/* Items the critical flags read: by themselves, or, where they read none, through scales. */
static void default_critical_items(psyi_build *build)
{
    struct psy_instrument *const instrument = build->instrument;
    memset(build->seen, 0, instrument->n_items);
    size_t n = 0;
    for (int through_scales = 0; through_scales < 2 && n == 0; through_scales++)
        for (size_t i = 0; i < instrument->n_flags; i++) {
            const psyi_flag *const flag = &instrument->flags[i];
            const psyi_operand *operands = NULL;
            if (flag->kind > PSYI_FLAG_REVIEW || flag->when == NULL)
                continue;
            const size_t n_operands = psyi_program_operands(flag->when, &operands);
            for (size_t j = 0; j < n_operands; j++) {
                const uint32_t id = operands[j].id;
                if (operands[j].is_item) {
                    n += !build->seen[psyi_item_index(id)];
                    build->seen[psyi_item_index(id)] = 1;
                } else if (through_scales && psyi_column_kind_of(id) <= PSYI_COLUMN_STANDARD) {
                    const psyi_scale *const scale = &instrument->scales[psyi_column_index(id)];
                    for (size_t k = 0; k < scale->n_items; k++) {
                        n += !build->seen[scale->items[k]];
                        build->seen[scale->items[k]] = 1;
                    }
                }
            }
        }
    uint16_t *const items = psyi_loader_alloc(build->loader, n, sizeof *items);
    if (items == NULL)
        return;
    n = 0;
    for (size_t i = 0; i < instrument->n_items; i++)
        if (build->seen[i])
            items[n++] = (uint16_t)i;
    instrument->critical_items = items;
    instrument->n_critical_items = n;
}

typedef struct raw_unanswered {
    psyi_ratio share;
    const psyi_node *items;
} raw_unanswered;

const psyi_key psyi_unanswered_keys[] = {
    {"min_answered_share", PSYI_SHAPE_NUMBER, false, PSYI_AT(raw_unanswered, share)},
    {"items", PSYI_SHAPE_NODE, false, PSYI_AT(raw_unanswered, items)},
    {0},
};

static void build_unanswered(psyi_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    struct psy_instrument *const instrument = build->instrument;
    const bool critical = instrument->n_flags > 0 &&
                          instrument->flags[instrument->n_flags - 1].kind == PSYI_FLAG_UNANSWERED;
    raw_unanswered raw = {.share = {1, 2}};
    const size_t path = psyi_enter(loader, unanswered_id);
    if (node != NULL) {
        psyi_read_map(loader, node, NULL, psyi_unanswered_keys, &raw, false);
        if (!critical)
            psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                         "there is no critical flag, so nothing can be critically unanswered");
        if (psyi_ratio_compare(raw.share, psyi_ratio_make(0, 1)) < 0 ||
            psyi_ratio_compare(raw.share, psyi_ratio_make(1, 1)) > 0)
            psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                         "min_answered_share lies between 0 and 1");
    }
    instrument->critical_share = raw.share;
    if (raw.items != NULL)
        psyi_select_items(build, raw.items, false, &instrument->critical_items,
                          &instrument->n_critical_items);
    else if (critical)
        default_critical_items(build);
    psyi_leave(loader, path);
}

void psyi_build_flags(psyi_build *build, const psyi_node *unanswered)
{
    for (size_t i = 0; i < build->instrument->n_flags && psyi_loader_ok(build->loader); i++)
        psyi_ready_flag(build, (unsigned)i);
    if (psyi_loader_ok(build->loader))
        build_unanswered(build, unanswered);
}
