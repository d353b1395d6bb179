/*
 * norm_counts.c -- the `local:` of a norm: counts that psyscreen made, and how they judge.
 */
#include "definition/norm_csv.h"

#include <string.h>

typedef struct raw_counts {
    const psyi_node *by;
    int state, below, shrink, informant;
    uint32_t min_n, pool_below;
    const char *variant;
    const char *const *parts;
    size_t n_parts;
} raw_counts;

static const psyi_word state_words[] = {{"counting", 1}, {"frozen", 2}, {NULL, 0}};
static const psyi_word below_words[] = {{"pool", 1}, {"shrink", 2}, {NULL, 0}};
static const psyi_word shrink_words[] = {{"reml", 1}, {"dl", 2}, {NULL, 0}};
static const psyi_word informant_words[] = {{"any", PSYI_INFORMANT_UNKNOWN},
                                            {"self", PSYI_INFORMANT_SELF},
                                            {"parent", PSYI_INFORMANT_PARENT},
                                            {"teacher", PSYI_INFORMANT_TEACHER},
                                            {NULL, 0}};
#define RAW(member) PSYI_AT(raw_counts, member)
const psyi_key psyi_counts_keys[] = {
    {"state", PSYI_SHAPE_WORD, true, RAW(state), .words = state_words},
    {"by", PSYI_SHAPE_NODE, true, RAW(by)},
    {"min_n", PSYI_SHAPE_INTEGER, true, RAW(min_n), .low = 2, .high = 1000000},
    {"below", PSYI_SHAPE_WORD, true, RAW(below), .words = below_words},
    {"pool_below", PSYI_SHAPE_INTEGER, false, RAW(pool_below), .low = 2, .high = 1000000},
    {"shrink", PSYI_SHAPE_WORD, false, RAW(shrink), .words = shrink_words},
    {"variant", PSYI_SHAPE_TEXT, true, RAW(variant)},
    {"informant", PSYI_SHAPE_WORD, true, RAW(informant), .words = informant_words},
    {"parts", PSYI_SHAPE_TEXTS, true, PSYI_AT(raw_counts, parts)},
    {0},
};

static unsigned mask_of(const psyi_local_rule *rule)
{
    static const psyi_norm_grouping columns[] = {
        [PSYI_BY_STAGE] = PSYI_GROUP_STAGE,
        [PSYI_BY_GRADE] = PSYI_GROUP_GRADE,
        [PSYI_BY_SEX] = PSYI_GROUP_SEX,
    };
    unsigned mask = 0;
    for (size_t i = 0; i < rule->n_by; i++)
        mask |= 1u << columns[rule->by[i]];
    return mask;
}

void psyi_norm_counts(psyi_loader *loader, const psyi_node *node, uint8_t groups, psyi_norm *norm)
{
    raw_counts raw = {.state = 0};
    psyi_local_counts *const local = &norm->local;
    const size_t path = psyi_enter(loader, "local");
    psyi_read_map(loader, node, NULL, psyi_counts_keys, &raw, false);
    if (raw.by != NULL)
        psyi_local_by(loader, raw.by, &local->rule);
    local->present = true;
    local->frozen = raw.state == 2;
    local->rule.min_n = raw.min_n;
    local->rule.pool_below = raw.pool_below;
    local->rule.shrink = raw.below == 2;
    local->rule.moments = raw.shrink == 2;
    local->variant = raw.variant;
    local->informant = raw.informant;
    local->parts = raw.parts;
    local->n_parts = raw.n_parts;
    if (loader->status == PSY_OK) {
        if (norm->kind != PSYI_NORM_HISTOGRAM)
            psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "only a histogram has counts");
        else if (mask_of(&local->rule) != groups)
            psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                         "`by` and `groups` are not the same keys");
        else if (local->rule.shrink && (raw.pool_below == 0 || raw.shrink == 0))
            psyi_problem(loader, node, PSYI_PROBLEM_MISSING,
                         "`below: shrink` needs `pool_below` and `shrink`");
        for (size_t i = 1; i < local->n_parts; i++)
            if (strcmp(local->parts[i - 1], local->parts[i]) >= 0)
                psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                             "part %zu does not come after the one before: parts ascend", i + 1);
    }
    psyi_leave(loader, path);
}
