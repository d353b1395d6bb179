/*
 * plan_change.c -- what a plan says about change: of which score, with which reliability and
 * standard deviation, by whom.
 */
#include "definition/plan_build.h"

#define MOST_CHANGES 200

typedef struct raw_change {
    const psyi_node *scale;
    psyi_ratio reliability, sd;
    const char *cite;
    psyi_place place;
} raw_change;

const psyi_key psyi_change_keys[] = {
    {"scale", PSYI_SHAPE_NODE, true, PSYI_AT(raw_change, scale)},
    {"reliability", PSYI_SHAPE_NUMBER, true, PSYI_AT(raw_change, reliability)},
    {"sd", PSYI_SHAPE_NUMBER, true, PSYI_AT(raw_change, sd)},
    {"cite", PSYI_SHAPE_TEXT, true, PSYI_AT(raw_change, cite)},
    {"place", PSYI_SHAPE_PLACE, false, PSYI_AT(raw_change, place)},
    {0},
};

static void read_change(psyi_plan_build *build, const psyi_node *node, psyi_change_basis *out)
{
    psyi_loader *const loader = build->loader;
    raw_change raw = {.reliability = PSYI_RATIO_NONE, .sd = PSYI_RATIO_NONE};
    psyi_read_map(loader, node, NULL, psyi_change_keys, &raw, false);
    *out = (psyi_change_basis){
        .reliability = raw.reliability, .sd = raw.sd, .cite = raw.cite, .place = raw.place};
    if (raw.scale != NULL)
        psyi_plan_scale(build, raw.scale, &out->use, &out->scale);
    const double r = psyi_ratio_double(raw.reliability), sd = psyi_ratio_double(raw.sd);
    if (raw.reliability.den > 0 && !(r >= 0 && r < 1))
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "the reliability is %g: expected at least 0 and below 1", r);
    if (raw.sd.den > 0 && !(sd > 0))
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "the standard deviation is %g: expected more than 0", sd);
}

void psyi_plan_change(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_LIST, "a list of scores with reliability, sd and cite"))
        return;
    if (node->n > MOST_CHANGES) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu entries; at most %d are possible",
                     node->n, MOST_CHANGES);
        return;
    }
    psyi_change_basis *const changes = psyi_loader_alloc(loader, node->n, sizeof *changes);
    const size_t path = psyi_enter(loader, "change");
    for (size_t i = 0; changes != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const size_t inner = psyi_enter_index(loader, i);
        read_change(build, node->values[i], &changes[i]);
        for (size_t j = 0; j < i; j++)
            if (changes[i].use == changes[j].use && changes[i].scale == changes[j].scale)
                psyi_problem(loader, node->values[i], PSYI_PROBLEM_TWICE,
                             "this score stands in the list already");
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    build->plan->changes = changes;
    build->plan->n_changes = changes != NULL ? node->n : 0;
}
