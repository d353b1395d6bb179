/*
 * plan_norms.c -- local norms of a plan: which score, by which groups, which columns.
 */
#include "definition/norm_csv.h"
#include "definition/plan_build.h"

#include <string.h>

typedef struct raw_local_norm {
    const char *id;
    const psyi_node *scale, *local, *by;
    uint8_t metrics;
    uint32_t min_n;
    int below;
    psyi_place place;
} raw_local_norm;

static const psyi_word by_words[] = {
    {"stage", PSYI_BY_STAGE}, {"grade", PSYI_BY_GRADE}, {"sex", PSYI_BY_SEX}, {NULL, 0}};
static const psyi_word below_words[] = {{"pool", 1}, {NULL, 0}};
static const psyi_word metric_words[] = {
    {"t", PSYI_METRIC_T}, {"z", PSYI_METRIC_Z}, {"percentile", PSYI_METRIC_PERCENTILE}, {NULL, 0}};

static const psyi_key local_keys[] = {
    {"by", PSYI_SHAPE_NODE, true, PSYI_AT(raw_local_norm, by)},
    {"min_n", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_local_norm, min_n), .low = 2, .high = 1000000},
    {"below", PSYI_SHAPE_WORD, false, PSYI_AT(raw_local_norm, below), .words = below_words},
    {0},
};
const psyi_key psyi_local_norm_keys[] = {
    {"id", PSYI_SHAPE_ID, true, PSYI_AT(raw_local_norm, id)},
    {"scale", PSYI_SHAPE_NODE, true, PSYI_AT(raw_local_norm, scale)},
    {"local", PSYI_SHAPE_NODE, true, PSYI_AT(raw_local_norm, local), .keys = local_keys,
     .holds = PSYI_HOLDS_ONE},
    {"metrics", PSYI_SHAPE_WORD_SET, true, PSYI_AT(raw_local_norm, metrics), .words = metric_words},
    {"place", PSYI_SHAPE_PLACE, false, PSYI_AT(raw_local_norm, place)},
    {0},
};

bool psyi_plan_scale(psyi_plan_build *build, const psyi_node *node, uint16_t *use_of,
                     uint16_t *scale)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "a scale like mht.total"))
        return false;
    const size_t length = strcspn(node->text, ".");
    const char *names[256];
    size_t n = 0;
    for (size_t i = 0; i < build->plan->n_uses; i++) {
        const psyi_use *const use = &build->uses[i];
        if (use->instrument == NULL)
            continue;
        for (size_t j = 0; j < use->instrument->n_scales; j++) {
            const char *const id = use->instrument->scales[j].id;
            if (strncmp(use->id, node->text, length) == 0 && use->id[length] == '\0' &&
                node->text[length] == '.' && strcmp(node->text + length + 1, id) == 0) {
                *use_of = (uint16_t)i;
                *scale = (uint16_t)j;
                return true;
            }
            if (n < sizeof names / sizeof *names) {
                names[n] = psyi_arena_format(loader->scratch, "%s.%s", use->id, id);
                if (names[n] == NULL) {
                    psyi_loader_nomem(loader);
                    return false;
                }
                n++;
            }
        }
    }
    psyi_problem(loader, node, PSYI_PROBLEM_NAME, "'%s' is not a scale of this plan's uses%s",
                 psyi_shown(loader, node->text), psyi_meant(loader, node->text, names, n));
    return false;
}

static void read_by(psyi_loader *loader, const psyi_node *node, psyi_local_norm *norm)
{
    const bool list = node->kind == PSYI_NODE_LIST;
    for (size_t i = 0; i < (list ? node->n : 1); i++) {
        const psyi_node *const at = list ? node->values[i] : node;
        int word = 0;
        if (!psyi_read_word(loader, at, by_words, &word))
            continue;
        bool again = norm->n_by == 3;
        for (size_t j = 0; j < norm->n_by; j++)
            again = again || norm->by[j] == (psyi_group_key)word;
        if (again)
            psyi_problem(loader, at, PSYI_PROBLEM_TWICE, "'%s' stands here twice", at->text);
        else
            norm->by[norm->n_by++] = (psyi_group_key)word;
    }
}

static void read_norm(psyi_plan_build *build, const psyi_node *node, psyi_local_norm *norm)
{
    psyi_loader *const loader = build->loader;
    raw_local_norm raw = {.min_n = 100};
    psyi_read_map(loader, node, NULL, psyi_local_norm_keys, &raw, false);
    *norm = (psyi_local_norm){
        .id = raw.id != NULL ? raw.id : "?", .metrics = raw.metrics, .place = raw.place};
    if (raw.local != NULL) {
        const size_t path = psyi_enter(loader, "local");
        psyi_read_map(loader, raw.local, NULL, local_keys, &raw, false);
        if (raw.by != NULL)
            read_by(loader, raw.by, norm);
        psyi_leave(loader, path);
    }
    norm->min_n = raw.min_n;
    if (raw.scale != NULL)
        psyi_plan_scale(build, raw.scale, &norm->use, &norm->scale);
}

void psyi_plan_norms(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    struct psy_plan *const plan = build->plan;
    if (!psyi_want(loader, node, PSYI_NODE_LIST, "a list of norms"))
        return;
    if (node->n > PSYI_MAX_LOCALS) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu local norms; at most %d are possible",
                     node->n, PSYI_MAX_LOCALS);
        return;
    }
    psyi_local_norm *const norms = psyi_loader_alloc(loader, node->n, sizeof *norms);
    const size_t path = psyi_enter(loader, "norms");
    for (size_t i = 0; norms != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const size_t inner = psyi_enter_index(loader, i);
        read_norm(build, node->values[i], &norms[i]);
        for (size_t j = 0; j < i; j++)
            if (norms[i].id != NULL && norms[j].id != NULL &&
                strcmp(norms[i].id, norms[j].id) == 0 && norms[i].use == norms[j].use &&
                norms[i].scale == norms[j].scale)
                psyi_problem(loader, node->values[i], PSYI_PROBLEM_TWICE,
                             "there is a norm '%s' of this scale already", norms[i].id);
        norms[i].first_column = (unsigned)plan->n_local_columns;
        for (unsigned m = 0; m < PSYI_METRICS; m++)
            plan->n_local_columns += (unsigned)norms[i].metrics >> m & 1u;
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    plan->locals = norms;
    plan->n_locals = norms != NULL ? node->n : 0;
}
