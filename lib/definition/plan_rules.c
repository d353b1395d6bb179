/*
 * plan_rules.c -- everything in a plan that is decided by expressions: batteries, validity
 * rules, tiers.
 */
#include "definition/build.h"
#include "definition/plan_build.h"
#include "definition/precision.h"

#include "base/text.h"

#include <string.h>

/* ---- batteries --------------------------------------------------------------------------- */

typedef struct raw_battery {
    const char *id;
    psyi_label name;
    const psyi_node *when, *uses, *second;
    psyi_place place;
} raw_battery;

typedef struct raw_second {
    const psyi_node *when, *uses;
} raw_second;

static const psyi_key second_keys[] = {
    {"when", PSYI_SHAPE_NODE, true, PSYI_AT(raw_second, when)},
    {"uses", PSYI_SHAPE_NODE, true, PSYI_AT(raw_second, uses)},
    {0},
};

const psyi_key psyi_battery_keys[] = {
    {"id", PSYI_SHAPE_ID, true, PSYI_AT(raw_battery, id)},
    {"name", PSYI_SHAPE_LABEL, false, PSYI_AT(raw_battery, name)},
    {"when", PSYI_SHAPE_NODE, false, PSYI_AT(raw_battery, when)},
    {"uses", PSYI_SHAPE_NODE, true, PSYI_AT(raw_battery, uses)},
    {"second", PSYI_SHAPE_NODE, false, PSYI_AT(raw_battery, second), .keys = second_keys,
     .holds = PSYI_HOLDS_ONE},
    {"place", PSYI_SHAPE_PLACE, false, PSYI_AT(raw_battery, place)},
    {0},
};

static void read_battery_uses(psyi_plan_build *build, const psyi_node *node,
                              const uint16_t **out, size_t *n_out)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_LIST, "a list of uses"))
        return;
    if (node->n == 0)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "a battery needs uses");
    uint16_t *const uses = psyi_loader_alloc(loader, node->n, sizeof *uses);
    if (uses == NULL)
        return;
    size_t n = 0;
    for (size_t i = 0; i < node->n; i++) {
        const unsigned use = psyi_plan_use(build, node->values[i]);
        bool again = use == PSYI_NO_INDEX;
        for (size_t j = 0; !again && j < n; j++)
            if (uses[j] == use) {
                psyi_problem(loader, node->values[i], PSYI_PROBLEM_TWICE,
                             "use '%s' stands here twice", node->values[i]->text);
                again = true;
            }
        if (!again)
            uses[n++] = (uint16_t)use;
    }
    *out = uses;
    *n_out = n;
}

/* Who gets more, and what: decided when the first pass is scored. */
static void read_second(psyi_plan_build *build, const psyi_node *node, psyi_battery *battery)
{
    psyi_loader *const loader = build->loader;
    raw_second raw = {0};
    const size_t path = psyi_enter(loader, "second");
    psyi_read_map(loader, node, NULL, second_keys, &raw, false);
    if (raw.when != NULL) {
        const size_t inner = psyi_enter(loader, "when");
        battery->second_when = psyi_plan_program(build, raw.when);
        psyi_leave(loader, inner);
    }
    if (raw.uses != NULL)
        read_battery_uses(build, raw.uses, &battery->second_uses, &battery->n_second_uses);
    for (size_t i = 0; raw.uses != NULL && i < battery->n_second_uses; i++)
        for (size_t j = 0; j < battery->n_uses; j++)
            if (battery->uses[j] == battery->second_uses[i])
                psyi_problem(loader, raw.uses, PSYI_PROBLEM_TWICE,
                             "use '%s' is in the first pass already",
                             build->uses[battery->uses[j]].id);
    psyi_leave(loader, path);
}

static void read_battery(psyi_plan_build *build, const psyi_node *node, psyi_battery *battery)
{
    psyi_loader *const loader = build->loader;
    raw_battery raw = {0};
    psyi_read_map(loader, node, NULL, psyi_battery_keys, &raw, false);
    *battery = (psyi_battery){.id = raw.id, .name = raw.name, .place = raw.place};
    if (raw.when != NULL) {
        const size_t path = psyi_enter(loader, "when");
        build->scope.students_only = true;
        battery->when = psyi_plan_program(build, raw.when);
        build->scope.students_only = false;
        psyi_leave(loader, path);
    }
    if (raw.uses != NULL) {
        const size_t path = psyi_enter(loader, "uses");
        read_battery_uses(build, raw.uses, &battery->uses, &battery->n_uses);
        psyi_leave(loader, path);
    }
    if (raw.second != NULL)
        read_second(build, raw.second, battery);
}

/* A plan without batteries gives all its uses to everybody. */
static void one_battery(psyi_plan_build *build)
{
    struct psy_plan *const plan = build->plan;
    psyi_battery *const battery = psyi_loader_alloc(build->loader, 1, sizeof *battery);
    uint16_t *const uses = psyi_loader_alloc(build->loader, plan->n_uses, sizeof *uses);
    if (battery == NULL || uses == NULL)
        return;
    for (size_t i = 0; i < plan->n_uses; i++)
        uses[i] = (uint16_t)i;
    *battery = (psyi_battery){.id = "all",
                              .name = {"Everybody", "全体"},
                              .uses = uses,
                              .n_uses = plan->n_uses,
                              .place = {1, 1, 1}};
    plan->batteries = battery;
    plan->n_batteries = 1;
}

void psyi_plan_batteries(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    if (node == NULL || !psyi_want(loader, node, PSYI_NODE_LIST, "a list of batteries")) {
        one_battery(build);
        return;
    }
    if (node->n == 0 || node->n > PSYI_MAX_BATTERIES) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu batteries; 1 to %d are possible",
                     node->n, PSYI_MAX_BATTERIES);
        return;
    }
    psyi_battery *const batteries = psyi_loader_alloc(loader, node->n, sizeof *batteries);
    const size_t path = psyi_enter(loader, "batteries");
    for (size_t i = 0; batteries != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const size_t inner = psyi_enter_index(loader, i);
        read_battery(build, node->values[i], &batteries[i]);
        for (size_t j = 0; j < i; j++)
            if (batteries[i].id != NULL && batteries[j].id != NULL &&
                strcmp(batteries[i].id, batteries[j].id) == 0)
                psyi_problem(loader, node->values[i], PSYI_PROBLEM_TWICE,
                             "there is a battery '%s' already", batteries[i].id);
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    build->plan->batteries = batteries;
    build->plan->n_batteries = batteries != NULL ? node->n : 0;
}

/* ---- rules ------------------------------------------------------------------------------- */

typedef struct raw_rule {
    psyi_rule rule;
    const psyi_node *when, *rank;
    int status;
} raw_rule;

static const psyi_key tier_rule_keys[] = {
    {"id", PSYI_SHAPE_ID, true, PSYI_AT(raw_rule, rule.id)},
    {"rank", PSYI_SHAPE_NODE, true, PSYI_AT(raw_rule, rank)},
    {"when", PSYI_SHAPE_NODE, true, PSYI_AT(raw_rule, when)},
    {"text", PSYI_SHAPE_LABEL, false, PSYI_AT(raw_rule, rule.text)},
    {"stages", PSYI_SHAPE_WORD_SET, false, PSYI_AT(raw_rule, rule.stages),
     .words = psyi_stage_words},
    {"grades", PSYI_SHAPE_RANGE, false, PSYI_AT(raw_rule, rule.grade_low), .low = 1, .high = 16},
    {"sex", PSYI_SHAPE_WORD, false, PSYI_AT(raw_rule, rule.sex), .words = psyi_sex_words},
    {0},
};
static const psyi_key validity_rule_keys[] = {
    {"id", PSYI_SHAPE_ID, true, PSYI_AT(raw_rule, rule.id)},
    {"when", PSYI_SHAPE_NODE, true, PSYI_AT(raw_rule, when)},
    {"status", PSYI_SHAPE_WORD, true, PSYI_AT(raw_rule, status), .words = psyi_effect_words},
    {"text", PSYI_SHAPE_LABEL, false, PSYI_AT(raw_rule, rule.text)},
    {"stages", PSYI_SHAPE_WORD_SET, false, PSYI_AT(raw_rule, rule.stages),
     .words = psyi_stage_words},
    {"grades", PSYI_SHAPE_RANGE, false, PSYI_AT(raw_rule, rule.grade_low), .low = 1, .high = 16},
    {"sex", PSYI_SHAPE_WORD, false, PSYI_AT(raw_rule, rule.sex), .words = psyi_sex_words},
    {0},
};

static void read_rule(psyi_plan_build *build, const psyi_node *node, const psyi_scheme *scheme,
                      bool validity, psyi_rule *rule)
{
    psyi_loader *const loader = build->loader;
    raw_rule raw = {.when = NULL};
    psyi_read_map(loader, node, NULL, validity ? validity_rule_keys : tier_rule_keys, &raw, false);
    *rule = raw.rule;
    rule->status = (psyi_effect)raw.status;
    rule->place = psyi_place_of(raw.when != NULL ? raw.when : node);
    int64_t rank = 0;
    if (raw.rank != NULL &&
        psyi_read_integer(loader, raw.rank, 1, scheme != NULL ? scheme->highest : PSYI_MAX_RANK,
                          &rank))
        rule->rank = (int)rank;
    if (raw.when != NULL) {
        const size_t path = psyi_enter(loader, "when");
        rule->when = psyi_plan_program(build, raw.when);
        psyi_leave(loader, path);
    }
}

static void read_rules(psyi_plan_build *build, const psyi_node *node, const psyi_scheme *scheme,
                       bool validity, const psyi_rule **out, size_t *n_out)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_LIST, "a list of rules"))
        return;
    if (node->n > PSYI_MAX_RULES) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu rules; at most %d are possible",
                     node->n, PSYI_MAX_RULES);
        return;
    }
    psyi_rule *const rules = psyi_loader_alloc(loader, node->n, sizeof *rules);
    const size_t path = psyi_enter(loader, "rules");
    for (size_t i = 0; rules != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const psyi_node *const id = psyi_node_get(node->values[i], "id");
        const bool named = id != NULL && id->kind == PSYI_NODE_TEXT && psyi_is_id(id->text);
        const size_t inner = named ? psyi_enter(loader, id->text) : psyi_enter_index(loader, i);
        read_rule(build, node->values[i], scheme, validity, &rules[i]);
        for (size_t j = 0; j < i; j++)
            if (rules[i].id != NULL && rules[j].id != NULL && strcmp(rules[i].id, rules[j].id) == 0)
                psyi_problem(loader, id, PSYI_PROBLEM_TWICE, "there is a rule '%s' already",
                             rules[i].id);
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    *out = rules;
    *n_out = rules != NULL ? node->n : 0;
}

/* ---- validity and tiers ------------------------------------------------------------------- */

typedef struct raw_rules {
    const psyi_node *scheme, *rules, *policy, *precision;
    uint32_t capacity;
} raw_rules;

const psyi_key psyi_validity_keys[] = {
    {"policy", PSYI_SHAPE_NODE, false, PSYI_AT(raw_rules, policy)},
    {"rules", PSYI_SHAPE_NODE, false, PSYI_AT(raw_rules, rules), .keys = validity_rule_keys,
     .holds = PSYI_HOLDS_LIST},
    {0},
};

void psyi_plan_validity(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    raw_rules raw = {0};
    const size_t path = psyi_enter(loader, "validity");
    psyi_read_map(loader, node, NULL, psyi_validity_keys, &raw, false);
    if (raw.policy != NULL)
        psyi_plan_policy(build, raw.policy);
    if (raw.rules != NULL)
        read_rules(build, raw.rules, NULL, true, &build->plan->validity_rules,
                   &build->plan->n_validity_rules);
    psyi_leave(loader, path);
}

/* precision: {phq9.total: {sem: 1.9, cite: ...}} */
static void read_precisions(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from scale to its error"))
        return;
    psyi_use_precision *const all = psyi_loader_alloc(loader, node->n, sizeof *all);
    const size_t path = psyi_enter(loader, "precision");
    size_t n = 0;
    for (size_t i = 0; all != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const size_t inner = psyi_enter(loader, node->keys[i]->text);
        psyi_use_precision one = {.precision = {.cite = NULL}};
        psyi_read_map(loader, node->values[i], node->keys[i], psyi_precision_keys, &one.precision,
                      false);
        if (psyi_plan_scale(build, node->keys[i], &one.use, &one.scale) &&
            psyi_precision_settle(loader, node->keys[i], &one.precision))
            all[n++] = one;
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    build->plan->precisions = all;
    build->plan->n_precisions = n;
}

void psyi_plan_tiers(psyi_plan_build *build, const psyi_node *node)
{
    static const psyi_key keys[] = {
        {"scheme", PSYI_SHAPE_NODE, true, PSYI_AT(raw_rules, scheme)},
        {"rules", PSYI_SHAPE_NODE, false, PSYI_AT(raw_rules, rules), .keys = tier_rule_keys},
        {"capacity", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_rules, capacity), .low = 1,
         .high = 1000000},
        {"precision", PSYI_SHAPE_NODE, false, PSYI_AT(raw_rules, precision)},
        {0},
    };
    psyi_loader *const loader = build->loader;
    raw_rules raw = {0};
    const size_t path = psyi_enter(loader, "tiers");
    psyi_read_map(loader, node, NULL, keys, &raw, false);
    build->plan->capacity = raw.capacity;
    if (raw.precision != NULL)
        read_precisions(build, raw.precision);
    if (raw.scheme != NULL)
        build->plan->scheme = psyi_plan_scheme(loader, raw.scheme);
    if (raw.rules != NULL)
        read_rules(build, raw.rules, build->plan->scheme, false, &build->plan->rules,
                   &build->plan->n_rules);
    psyi_leave(loader, path);
}
