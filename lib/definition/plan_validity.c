/*
 * plan_validity.c -- the policy of validity in a plan: which signs, which marks, what follows.
 *
 * `policy: default` takes every default; a mapping changes single ones; without the key only
 * the instruments' own flags and the plan's rules speak.
 */
#include "definition/validity_policy.h"

#include "definition/build.h"
#include "definition/plan_build.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Where the marks of a family's signs stand while they are read. */
typedef struct raw_marks {
    const psyi_node *mark[PSYI_SIGNS];
    struct psyi_validity_policy policy; /* other keys of the family */
    const psyi_node *items;
    int directions;
} raw_marks;

#define MARK_KEY(sign, name)                                                                       \
    {                                                                                              \
        name, PSYI_SHAPE_NODE, false, PSYI_AT(raw_marks, mark[sign])                               \
    }

static const psyi_word direction_words[] = {{"both", 1}, {"any", 2}, {NULL, 0}};
/* Counted from 1, so that 0 is "not said". */
static const psyi_word then_words[] = {{"doubtful", 1 + PSYI_EFFECT_DOUBTFUL},
                                       {"retest", 1 + PSYI_EFFECT_RETEST},
                                       {"invalid", 1 + PSYI_EFFECT_INVALID},
                                       {NULL, 0}};
static const psyi_word single_words[] = {{"note", 1 + PSYI_EFFECT_NONE},
                                         {"doubtful", 1 + PSYI_EFFECT_DOUBTFUL},
                                         {"retest", 1 + PSYI_EFFECT_RETEST},
                                         {NULL, 0}};

static const psyi_key time_keys[] = {
    MARK_KEY(PSYI_SIGN_SECONDS, "seconds_per_item"),
    MARK_KEY(PSYI_SIGN_SPEED, "relative_speed"),
    {0},
};
static const psyi_key pattern_keys[] = {
    {"min_items", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_marks, policy.pattern_items), .low = 4,
     .high = 2000},
    {"directions", PSYI_SHAPE_WORD, false, PSYI_AT(raw_marks, directions),
     .words = direction_words},
    MARK_KEY(PSYI_SIGN_LONGSTRING, "longstring"),
    MARK_KEY(PSYI_SIGN_AVERAGE_RUN, "average_run"),
    MARK_KEY(PSYI_SIGN_REPEATING, "repeating"),
    MARK_KEY(PSYI_SIGN_IRV, "irv"),
    {0},
};
static const psyi_key inconsistency_keys[] = {
    {"min_items", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_marks, policy.consistency_items), .low = 4,
     .high = 2000},
    {"needed", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_marks, policy.consistency_needed), .low = 1,
     .high = 9},
    {"min_n", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_marks, policy.min_n), .low = 3,
     .high = 1000000},
    {"pair_r", PSYI_SHAPE_NUMBER, false, PSYI_AT(raw_marks, policy.pair_r)},
    {"min_pairs", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_marks, policy.min_pairs), .low = 3,
     .high = 1000},
    MARK_KEY(PSYI_SIGN_EVEN_ODD, "even_odd"),
    MARK_KEY(PSYI_SIGN_PERSON_TOTAL, "person_total"),
    MARK_KEY(PSYI_SIGN_MAHALANOBIS, "mahalanobis"),
    MARK_KEY(PSYI_SIGN_SYNONYMS, "synonyms"),
    MARK_KEY(PSYI_SIGN_ANTONYMS, "antonyms"),
    MARK_KEY(PSYI_SIGN_GUTTMAN, "guttman"),
    MARK_KEY(PSYI_SIGN_U3, "u3"),
    MARK_KEY(PSYI_SIGN_LZ, "l_z"),
    MARK_KEY(PSYI_SIGN_LZ_STAR, "l_z_star"),
    {0},
};
static const psyi_key attention_keys[] = {
    MARK_KEY(PSYI_SIGN_FAILED_ITEMS, "failed"),
    {"items", PSYI_SHAPE_NODE, false, PSYI_AT(raw_marks, items)},
    {0},
};
static const psyi_key note_keys[] = {
    MARK_KEY(PSYI_SIGN_BLANKS, "blanks"),
    {"copies_items", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_marks, policy.copies_items), .low = 0,
     .high = 4096},
    {"copies_share", PSYI_SHAPE_NUMBER, false, PSYI_AT(raw_marks, policy.copies_share)},
    {"burst_n", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_marks, policy.burst_n), .low = 0,
     .high = 100000},
    {"burst_seconds", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_marks, policy.burst_seconds), .low = 0,
     .high = 86400},
    {0},
};

typedef struct raw_policy {
    int needed, then, single;
    const psyi_node *time, *pattern, *inconsistency, *attention, *notes, *order;
} raw_policy;

#define FAMILY_KEY(member, table)                                                                  \
    {                                                                                              \
#member, PSYI_SHAPE_NODE, false, PSYI_AT(raw_policy, member), .keys = table,               \
                                                                      .holds = PSYI_HOLDS_ONE      \
    }
static const psyi_key policy_keys[] = {
    {"needed", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_policy, needed), .low = 1,
     .high = PSYI_FAMILIES},
    {"then", PSYI_SHAPE_WORD, false, PSYI_AT(raw_policy, then), .words = then_words},
    {"single", PSYI_SHAPE_WORD, false, PSYI_AT(raw_policy, single), .words = single_words},
    FAMILY_KEY(time, time_keys),
    FAMILY_KEY(pattern, pattern_keys),
    FAMILY_KEY(inconsistency, inconsistency_keys),
    FAMILY_KEY(attention, attention_keys),
    FAMILY_KEY(notes, note_keys),
    {"order", PSYI_SHAPE_NODE, false, PSYI_AT(raw_policy, order)},
    {0},
};

/* "off", or a number within what the sign can be. */
static void read_mark(psyi_plan_build *build, const psyi_node *node, unsigned sign,
                      struct psyi_validity_policy *policy)
{
    psyi_loader *const loader = build->loader;
    const psyi_sign_rule *const rule = &psyi_sign_rules[sign];
    if (node->kind == PSYI_NODE_TEXT && strcmp(node->text, "off") == 0) {
        policy->on[sign] = false;
        return;
    }
    psyi_ratio mark;
    if (!psyi_read_number(loader, node, &mark))
        return;
    if (psyi_ratio_compare(mark, rule->lowest) < 0 || psyi_ratio_compare(mark, rule->highest) > 0) {
        char low[40], high[40];
        low[psyi_ratio_print(rule->lowest, low)] = '\0';
        high[psyi_ratio_print(rule->highest, high)] = '\0';
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT,
                     "%s lies between %s and %s: write such a "
                     "number, or off",
                     rule->key, low, high);
        return;
    }
    policy->on[sign] = true;
    policy->mark[sign] = mark;
}

static void read_share(psyi_plan_build *build, const psyi_node *family, const char *key,
                       psyi_ratio value, psyi_ratio *out)
{
    if (value.den == 0)
        return;
    if (psyi_ratio_compare(value, (psyi_ratio){0, 1}) <= 0 ||
        psyi_ratio_compare(value, (psyi_ratio){1, 1}) > 0)
        psyi_problem(build->loader, psyi_node_get(family, key), PSYI_PROBLEM_LIMIT,
                     "%s is above 0 and at most 1", key);
    else
        *out = value;
}

/* ---- attention items -------------------------------------------------------------------- */

typedef struct raw_attention {
    const psyi_node *use, *item;
    int pass_low, pass_high;
} raw_attention;

static const psyi_key attention_item_keys[] = {
    {"use", PSYI_SHAPE_NODE, true, PSYI_AT(raw_attention, use)},
    {"item", PSYI_SHAPE_NODE, true, PSYI_AT(raw_attention, item)},
    {"pass", PSYI_SHAPE_RANGE, true, PSYI_AT(raw_attention, pass_low), .low = -1000, .high = 1000},
    {0},
};

static unsigned item_of(psyi_plan_build *build, const psyi_node *node, unsigned use)
{
    if (!psyi_want(build->loader, node, PSYI_NODE_TEXT, "an item"))
        return PSYI_NO_INDEX;
    const struct psy_instrument *const instrument = build->plan->uses[use].instrument;
    const unsigned item = psyi_find_item(instrument, node->text);
    if (item == PSYI_NO_INDEX)
        psyi_problem(build->loader, node, PSYI_PROBLEM_NAME, "'%s' is not an item of '%s'",
                     psyi_shown(build->loader, node->text), instrument->id);
    return item;
}

/* The code indices from `low` to `high`; false when no code lies there. */
static bool codes_between(const psyi_response *response, int low, int high,
                          psyi_attention_item *out)
{
    bool any = false;
    for (unsigned code = 0; code < response->n_codes; code++) {
        if (response->codes[code] < low || response->codes[code] > high)
            continue;
        if (any && out->high + 1u != code)
            return false; /* codes between them do not pass: not a range */
        out->low = any ? out->low : (uint8_t)code;
        out->high = (uint8_t)code;
        any = true;
    }
    return any;
}

static bool read_attention_item(psyi_plan_build *build, const psyi_node *node,
                                psyi_attention_item *out)
{
    raw_attention raw = {.use = NULL};
    psyi_loader *const loader = build->loader;
    psyi_read_map(loader, node, NULL, attention_item_keys, &raw, false);
    if (raw.use == NULL || raw.item == NULL)
        return false;
    const unsigned use = psyi_plan_use(build, raw.use);
    const unsigned item = use == PSYI_NO_INDEX ? PSYI_NO_INDEX : item_of(build, raw.item, use);
    if (item == PSYI_NO_INDEX)
        return false;
    const struct psy_instrument *const instrument = build->plan->uses[use].instrument;
    const psyi_response *const response = &instrument->responses[instrument->items[item].response];
    out->use = (uint16_t)use;
    out->item = (uint16_t)item;
    if (response->kind == PSYI_CODED && response->n_codes <= 127 &&
        codes_between(response, raw.pass_low, raw.pass_high, out))
        return true;
    psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                 "`pass` holds no codes of item '%s', or not a row of them",
                 instrument->items[item].id);
    return false;
}

static void read_attention(psyi_plan_build *build, const psyi_node *node,
                           struct psyi_validity_policy *policy)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_LIST, "a list of items with what passes"))
        return;
    psyi_attention_item *const items = psyi_loader_alloc(loader, node->n, sizeof *items);
    size_t n = 0;
    const size_t path = psyi_enter(loader, "items");
    for (size_t i = 0; items != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const size_t inner = psyi_enter_index(loader, i);
        bool again = false;
        if (read_attention_item(build, node->values[i], &items[n])) {
            for (size_t j = 0; j < n; j++)
                again = again || (items[j].use == items[n].use && items[j].item == items[n].item);
            if (again)
                psyi_problem(loader, node->values[i], PSYI_PROBLEM_TWICE,
                             "the item stands here twice");
            else
                n++;
        }
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    policy->attention = items;
    policy->n_attention = items != NULL ? n : 0;
}

/* ---- the order of presentation ------------------------------------------------------------ */

/* One entry of an order: an item, or numbers "1..50". */
static bool add_items(psyi_plan_build *build, const psyi_node *node, unsigned use, uint16_t *items,
                      bool *seen, size_t *n)
{
    psyi_loader *const loader = build->loader;
    const struct psy_instrument *const instrument = build->plan->uses[use].instrument;
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "an item"))
        return false;
    size_t first_length = 0, second = 0;
    int64_t low = 0, high = 0;
    const bool range = psyi_split_range(node->text, node->length, &first_length, &second) &&
                       psyi_integer_parse(node->text, first_length, &low) &&
                       psyi_integer_parse(node->text + second, node->length - second, &high) &&
                       low >= 1 && low <= high && high <= PSYI_MAX_ITEM_NUMBER;
    for (int64_t number = low; number <= high; number++) {
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)number);
        const unsigned item = range ? psyi_find_item(instrument, text) : item_of(build, node, use);
        if (item == PSYI_NO_INDEX && range)
            psyi_problem(loader, node, PSYI_PROBLEM_NAME, "'%s' has no item %s", instrument->id,
                         text);
        if (item == PSYI_NO_INDEX)
            return false;
        if (seen[item]) {
            psyi_problem(loader, node, PSYI_PROBLEM_TWICE, "item %s stands here twice",
                         instrument->items[item].id);
            return false;
        }
        seen[item] = true;
        items[(*n)++] = (uint16_t)item;
    }
    return true;
}

static void read_use_order(psyi_plan_build *build, const psyi_node *node, unsigned use,
                           psyi_use_order *out)
{
    psyi_loader *const loader = build->loader;
    const struct psy_instrument *const instrument = build->plan->uses[use].instrument;
    if (!psyi_want(loader, node, PSYI_NODE_LIST, "a list of items"))
        return;
    uint16_t *const items = psyi_loader_alloc(loader, instrument->n_items, sizeof *items);
    bool *const seen = psyi_loader_scratch(loader, instrument->n_items, sizeof *seen);
    size_t n = 0;
    bool good = items != NULL && seen != NULL;
    for (size_t i = 0; good && i < node->n; i++)
        good = add_items(build, node->values[i], use, items, seen, &n);
    if (good && n != instrument->n_items)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "the order names %zu of the %zu items of '%s': name each once", n,
                     instrument->n_items, instrument->id);
    else if (good)
        out->items = items;
}

static void read_order(psyi_plan_build *build, const psyi_node *node,
                       struct psyi_validity_policy *policy)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "uses with the order of their items"))
        return;
    psyi_use_order *const order = psyi_loader_alloc(loader, build->plan->n_uses, sizeof *order);
    const size_t path = psyi_enter(loader, "order");
    for (size_t i = 0; order != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const unsigned use = psyi_plan_use(build, node->keys[i]);
        if (use != PSYI_NO_INDEX)
            read_use_order(build, node->values[i], use, &order[use]);
    }
    psyi_leave(loader, path);
    policy->order = order;
}

/* ---- the whole --------------------------------------------------------------------------- */

static void read_family(psyi_plan_build *build, const psyi_node *node, const char *name,
                        const psyi_key *keys, struct psyi_validity_policy *policy)
{
    if (node == NULL)
        return;
    raw_marks raw = {.items = NULL};
    psyi_loader *const loader = build->loader;
    const size_t path = psyi_enter(loader, name);
    psyi_read_map(loader, node, NULL, keys, &raw, false);
    for (unsigned sign = 0; sign < PSYI_SIGNS; sign++)
        if (raw.mark[sign] != NULL)
            read_mark(build, raw.mark[sign], sign, policy);
#define TAKE(member)                                                                               \
    if (raw.policy.member != 0)                                                                    \
    policy->member = raw.policy.member
    TAKE(pattern_items);
    TAKE(consistency_items);
    TAKE(consistency_needed);
    TAKE(min_n);
    TAKE(min_pairs);
#undef TAKE
    /* These may be 0 to say that nobody looks. */
    if (psyi_node_get(node, "copies_items") != NULL)
        policy->copies_items = raw.policy.copies_items;
    if (psyi_node_get(node, "burst_n") != NULL)
        policy->burst_n = raw.policy.burst_n;
    if (psyi_node_get(node, "burst_seconds") != NULL)
        policy->burst_seconds = raw.policy.burst_seconds;
    if (raw.directions != 0)
        policy->any_direction = raw.directions == 2;
    read_share(build, node, "pair_r", raw.policy.pair_r, &policy->pair_r);
    read_share(build, node, "copies_share", raw.policy.copies_share, &policy->copies_share);
    if (raw.items != NULL)
        read_attention(build, raw.items, policy);
    psyi_leave(loader, path);
}

void psyi_plan_policy(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    if (node->kind == PSYI_NODE_TEXT && strcmp(node->text, "none") == 0)
        return;
    struct psyi_validity_policy *const policy = psyi_loader_alloc(loader, 1, sizeof *policy);
    if (policy == NULL)
        return;
    *policy = psyi_validity_defaults();
    build->plan->policy = policy;
    if (node->kind == PSYI_NODE_TEXT && strcmp(node->text, "default") == 0)
        return;
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "default, none, or a mapping of marks"))
        return;
    raw_policy raw = {.needed = 0};
    const size_t path = psyi_enter(loader, "policy");
    psyi_read_map(loader, node, NULL, policy_keys, &raw, false);
    if (raw.needed != 0)
        policy->needed = (uint8_t)raw.needed;
    if (raw.then != 0)
        policy->then = (psyi_effect)(raw.then - 1);
    if (raw.single != 0)
        policy->single = (psyi_effect)(raw.single - 1);
    read_family(build, raw.time, "time", time_keys, policy);
    read_family(build, raw.pattern, "pattern", pattern_keys, policy);
    read_family(build, raw.inconsistency, "inconsistency", inconsistency_keys, policy);
    read_family(build, raw.attention, "attention", attention_keys, policy);
    read_family(build, raw.notes, "notes", note_keys, policy);
    if (raw.order != NULL)
        read_order(build, raw.order, policy);
    psyi_plan_fit(build, node, policy);
    psyi_leave(loader, path);
}
