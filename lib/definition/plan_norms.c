/*
 * plan_norms.c -- norms of a plan: which score, by which groups or file, which columns.
 */
#include "definition/load.h"
#include "definition/norm_csv.h"
#include "definition/plan_build.h"

#include <string.h>

typedef struct raw_local_norm {
    const char *id;
    const psyi_node *scale, *local, *by, *file, *metrics_at;
    uint16_t metrics;
    uint32_t min_n, pool_below, max_years;
    int below, shrink, freeze;
    psyi_place place;
} raw_local_norm;

static const psyi_word by_words[] = {
    {"stage", PSYI_BY_STAGE}, {"grade", PSYI_BY_GRADE}, {"sex", PSYI_BY_SEX}, {NULL, 0}};
static const psyi_word below_words[] = {{"pool", 1}, {"shrink", 2}, {NULL, 0}};
static const psyi_word shrink_words[] = {{"reml", 1}, {"dl", 2}, {NULL, 0}};
static const psyi_word freeze_words[] = {{"first_release", 1}, {NULL, 0}};

static const psyi_key local_keys[] = {
    {"by", PSYI_SHAPE_NODE, true, PSYI_AT(raw_local_norm, by)},
    {"min_n", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_local_norm, min_n), .low = 2, .high = 1000000},
    {"below", PSYI_SHAPE_WORD, false, PSYI_AT(raw_local_norm, below), .words = below_words},
    {"pool_below", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_local_norm, pool_below), .low = 2,
     .high = 1000000},
    {"shrink", PSYI_SHAPE_WORD, false, PSYI_AT(raw_local_norm, shrink), .words = shrink_words},
    {"freeze", PSYI_SHAPE_WORD, false, PSYI_AT(raw_local_norm, freeze), .words = freeze_words},
    {0},
};
const psyi_key psyi_local_norm_keys[] = {
    {"id", PSYI_SHAPE_ID, true, PSYI_AT(raw_local_norm, id)},
    {"scale", PSYI_SHAPE_NODE, true, PSYI_AT(raw_local_norm, scale)},
    {"local", PSYI_SHAPE_NODE, false, PSYI_AT(raw_local_norm, local), .keys = local_keys,
     .holds = PSYI_HOLDS_ONE},
    {"file", PSYI_SHAPE_NODE, false, PSYI_AT(raw_local_norm, file)},
    {"metrics", PSYI_SHAPE_WORD_SET, true, PSYI_AT(raw_local_norm, metrics),
     .words = psyi_metric_words},
    {"max_years", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_local_norm, max_years), .low = 1,
     .high = 200},
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

void psyi_local_by(psyi_loader *loader, const psyi_node *node, psyi_local_rule *rule)
{
    const bool list = node->kind == PSYI_NODE_LIST;
    for (size_t i = 0; i < (list ? node->n : 1); i++) {
        const psyi_node *const at = list ? node->values[i] : node;
        int word = 0;
        if (!psyi_read_word(loader, at, by_words, &word))
            continue;
        bool again = rule->n_by == 3;
        for (size_t j = 0; j < rule->n_by; j++)
            again = again || rule->by[j] == (psyi_group_key)word;
        if (again)
            psyi_problem(loader, at, PSYI_PROBLEM_TWICE, "'%s' stands here twice", at->text);
        else
            rule->by[rule->n_by++] = (psyi_group_key)word;
    }
}

static void read_local(psyi_loader *loader, raw_local_norm *raw, psyi_local_norm *norm)
{
    const size_t path = psyi_enter(loader, "local");
    psyi_read_map(loader, raw->local, NULL, local_keys, raw, false);
    if (raw->by != NULL)
        psyi_local_by(loader, raw->by, &norm->rule);
    norm->rule.min_n = raw->min_n;
    norm->rule.pool_below = raw->pool_below;
    norm->rule.shrink = raw->below == 2;
    norm->rule.moments = raw->shrink == 2;
    norm->freeze = raw->freeze != 0;
    if (!norm->rule.shrink && (raw->pool_below != 0 || raw->shrink != 0))
        psyi_problem(loader, raw->local, PSYI_PROBLEM_VALUE,
                     "`pool_below` and `shrink` belong to `below: shrink`");
    if (norm->rule.shrink && raw->pool_below == 0)
        norm->rule.pool_below = raw->min_n < 30 ? raw->min_n : 30;
    if (norm->rule.pool_below > raw->min_n)
        psyi_problem(loader, raw->local, PSYI_PROBLEM_VALUE,
                     "pool_below %u is above min_n %u: nothing would be shrunk",
                     norm->rule.pool_below, raw->min_n);
    psyi_leave(loader, path);
}

/* The plan's directory before a path that does not begin with '/'. */
static const char *beside_plan(psyi_loader *loader, const char *name)
{
    const char *const slash = strrchr(loader->source, '/');
    const char *const path =
        name[0] == '/' || slash == NULL
            ? psyi_arena_copy(loader->arena, name)
            : psyi_arena_format(loader->arena, "%.*s/%s", (int)(slash - loader->source),
                                loader->source, name);
    if (path == NULL)
        psyi_loader_nomem(loader);
    return path;
}

static bool has_scale(const psyi_norm *norm, const char *scale)
{
    for (size_t i = 0; i < norm->n_groups; i++)
        if (strcmp(norm->groups[i].scale, scale) == 0)
            return true;
    return false;
}

/* A raw score of the file that the scale cannot have; NULL: none.  Sex, grade and the like aside,
 * it is then of another key, or was changed. */
static const psyi_norm_cell *impossible_cell(const psyi_norm *norm, const psyi_scale *scale)
{
    for (size_t g = 0; g < norm->n_groups; g++)
        for (size_t i = 0;
             strcmp(norm->groups[g].scale, scale->id) == 0 && i < norm->groups[g].n_cells; i++) {
            const psyi_norm_cell *const cell = &norm->groups[g].cells[i];
            if ((scale->low.den != 0 && psyi_ratio_compare(cell->raw, scale->low) < 0) ||
                (scale->high.den != 0 && psyi_ratio_compare(cell->raw, scale->high) > 0))
                return cell;
        }
    return NULL;
}

/* Does the file speak of this use at all?  One problem a norm. */
static void check_given(psyi_plan_build *build, const psyi_node *at, const psyi_local_norm *norm)
{
    psyi_loader *const loader = build->loader;
    const psyi_norm *const given = norm->given;
    const psyi_use *const use = &build->uses[norm->use];
    const psy_instrument *const instrument = use->instrument;
    const psyi_scale *const scale = &instrument->variants[use->variant].scales[norm->scale];
    const char *const variant = instrument->variants[use->variant].id;
    if (strcmp(given->instrument, instrument->id) != 0)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE, "norm '%s' is for '%s', not for '%s'",
                     given->id, given->instrument, instrument->id);
    else if (given->edition != NULL && strcmp(given->edition, instrument->edition) != 0)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "norm '%s' is for edition '%s' of '%s', not for '%s'", given->id,
                     given->edition, instrument->id, instrument->edition);
    else if (!has_scale(given, scale->id))
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE, "norm '%s' has no scale '%s'", given->id,
                     scale->id);
    else if (given->by_pattern)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "norm '%s' needs the answers themselves: put it beside the instrument",
                     given->id);
    else if (given->local.present && !given->local.frozen)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "norm '%s' is still being counted: freeze it first (psyscreen norms freeze)",
                     given->id);
    else if (given->local.present && strcmp(given->local.variant, variant) != 0)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "norm '%s' counts scores of variant '%s', not '%s'", given->id,
                     given->local.variant, variant);
    else if (given->local.present && given->local.informant != (int)use->informant)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "norm '%s' counts the answers of another informant", given->id);
    else if (given->local.present && impossible_cell(given, scale) != NULL) {
        char raw[96];
        psyi_ratio_print(impossible_cell(given, scale)->raw, raw);
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "norm '%s' counts the score %s, which '%s' cannot have", given->id, raw,
                     scale->id);
    }
}

static void check_metrics(psyi_plan_build *build, const psyi_node *at, const psyi_local_norm *norm)
{
    psyi_loader *const loader = build->loader;
    const bool counts = norm->given == NULL || norm->given->local.present;
    const unsigned possible =
        counts ? PSYI_LINE_METRICS | PSYI_RANK_METRICS : (unsigned)norm->given->metrics;
    for (unsigned m = 0; m < PSYI_METRICS; m++) {
        const char *const name = psyi_metric_name((psyi_metric)m);
        if (((unsigned)norm->metrics >> m & 1u) == 0)
            continue;
        if ((possible >> m & 1u) == 0)
            psyi_problem(loader, at, PSYI_PROBLEM_VALUE, "%s gives no '%s'",
                         counts ? "a local norm" : norm->given->id, name);
        else if (!counts && norm->given->decimals[m] != psyi_metric_decimals((psyi_metric)m))
            psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                         "norm '%s' gives '%s' with %u decimals; beside a plan it takes %u",
                         norm->given->id, name, norm->given->decimals[m],
                         psyi_metric_decimals((psyi_metric)m));
    }
}

static void read_given(psyi_plan_build *build, const psyi_node *at, psyi_local_norm *norm)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_read_text(loader, at, &norm->given_at))
        return;
    const char *const path = beside_plan(loader, norm->given_at);
    psy_error error = {.status = PSY_OK};
    if (path == NULL)
        return;
    const psy_status status =
        psyi_norm_load_file(&norm->given, path, loader->allocator, loader->findings, &error);
    if (status == PSY_E_NOMEM)
        psyi_loader_nomem(loader);
    else if (status != PSY_OK)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE, "the norm '%s' does not load: %s",
                     psyi_shown(loader, norm->given_at), error.message);
}

static void read_norm(psyi_plan_build *build, const psyi_node *node, psyi_local_norm *norm)
{
    psyi_loader *const loader = build->loader;
    raw_local_norm raw = {.min_n = 100};
    psyi_read_map(loader, node, NULL, psyi_local_norm_keys, &raw, false);
    *norm = (psyi_local_norm){.id = raw.id != NULL ? raw.id : "?",
                              .metrics = raw.metrics,
                              .max_years = raw.max_years,
                              .place = raw.place};
    if ((raw.local == NULL) == (raw.file == NULL))
        psyi_problem(loader, node, PSYI_PROBLEM_MISSING,
                     "a norm of a plan is made here (`local`) or brought along (`file`)");
    else if (raw.local != NULL)
        read_local(loader, &raw, norm);
    const bool known =
        raw.scale != NULL && psyi_plan_scale(build, raw.scale, &norm->use, &norm->scale);
    if (raw.file != NULL)
        read_given(build, raw.file, norm);
    if (norm->given != NULL && known)
        check_given(build, raw.file, norm);
    if (raw.file == NULL || norm->given != NULL)
        check_metrics(build, node, norm);
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
    plan->locals = norms;
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
        plan->n_locals++; /* at once: the plan frees what it has */
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    if (plan->n_local_columns > PSYI_MAX_LOCAL_COLUMNS)
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT,
                     "%zu columns of norms; at most %d are possible", plan->n_local_columns,
                     PSYI_MAX_LOCAL_COLUMNS);
}
