/*
 * plan_outside.c -- what a plan knows of a child besides this wave's questionnaires: the wave
 * before, and what teachers, parents and others report.
 *
 * Reports come with codes that the plan enumerates, so that a rule can read them and nobody
 * has to read free text; the files may write a code in several ways.
 */
#include "base/text.h"
#include "definition/plan_build.h"

#include <string.h>

/* Column numbers have ten bits for the code. */
enum { MOST_CODES = 256 };

static const char previous_prefix[] = "previous.", external_prefix[] = "external.";

/* ---- reading ------------------------------------------------------------------------------ */

static const psyi_code_map *map_of(const psyi_input *input, const char *of)
{
    for (size_t i = 0; i < input->n_codes; i++)
        if (input->codes[i].of != NULL && strcmp(input->codes[i].of, of) == 0)
            return &input->codes[i];
    return NULL;
}

static bool is_known(const struct psy_plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->n_external_codes; i++)
        if (strcmp(plan->external_codes[i].id, id) == 0)
            return true;
    return false;
}

static void read_external_codes(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    struct psy_plan *const plan = build->plan;
    const psyi_code_map *const map = map_of(&plan->external, "code");
    if (map == NULL || map->n_texts == 0) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "external information needs its codes: codes: {code: {<text in the file>: "
                     "<name>, ...}}");
        return;
    }
    psyi_external_code *const codes = psyi_loader_alloc(loader, map->n_texts, sizeof *codes);
    if (codes == NULL)
        return;
    plan->external_codes = codes;
    for (size_t i = 0; i < map->n_texts; i++) {
        if (!psyi_is_id(map->texts[i].value))
            psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                         "'%s' is no name for a code: small letters, digits and '_', a letter "
                         "first",
                         psyi_shown(loader, map->texts[i].value));
        else if (!is_known(plan, map->texts[i].value))
            codes[plan->n_external_codes++] =
                (psyi_external_code){map->texts[i].value, map->texts[i].text};
    }
    if (plan->n_external_codes > MOST_CODES)
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu codes; at most %d are possible",
                     plan->n_external_codes, MOST_CODES);
}

void psyi_plan_external(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    psyi_input *const input = &build->plan->external;
    psyi_plan_table(build, node, "external", input);
    if (!psyi_loader_ok(loader))
        return;
    const size_t path = psyi_enter(loader, "external");
    if (input->columns[PSYI_FIELD_STUDENT].n_names == 0 ||
        input->columns[PSYI_FIELD_CODE].n_names == 0)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "external information needs columns: {student: ..., code: ...}");
    read_external_codes(build, node);
    psyi_leave(loader, path);
}

void psyi_plan_previous(psyi_plan_build *build, const psyi_node *node)
{
    const size_t path = psyi_enter(build->loader, "previous");
    build->plan->previous_place = psyi_place_of(node);
    psyi_read_text(build->loader, node, &build->plan->previous);
    psyi_leave(build->loader, path);
}

/* ---- names --------------------------------------------------------------------------------- */

/* "phq9.total" of the uses of this plan. */
static bool previous_score(const psyi_plan_scope *scope, const char *name, psyi_symbol *out)
{
    const size_t length = strcspn(name, ".");
    if (name[length] == '\0')
        return false;
    for (size_t i = 0; i < scope->plan->n_uses; i++) {
        const psyi_use *const use = &scope->plan->uses[i];
        if (strncmp(use->id, name, length) != 0 || use->id[length] != '\0')
            continue;
        const unsigned scale = psyi_find_scale(use->instrument, name + length + 1);
        if (scale == PSYI_NO_INDEX)
            return false;
        const psyi_scale *const about = &scope->uses[i].scales[scale];
        *out = (psyi_symbol){.type = PSYI_TYPE_NUMBER,
                             .column = psyi_column(PSYI_COLUMN_PREVIOUS, (unsigned)i, scale, 1),
                             .low = about->low,
                             .high = about->high,
                             .worse_low = about->worse_low};
        return true;
    }
    return false;
}

static bool previous(const psyi_plan_scope *scope, const char *name, psyi_symbol *out,
                     const char **refusal)
{
    if (scope->plan->previous == NULL) {
        if (refusal != NULL)
            *refusal = "'previous.' reads an earlier wave, but the plan names none: declare "
                       "inputs: {previous: <directory of its results>}";
        return false;
    }
    if (strcmp(name, "tier") == 0) {
        *out = (psyi_symbol){.type = PSYI_TYPE_NUMBER,
                             .column = psyi_column(PSYI_COLUMN_PREVIOUS, 0, PSYI_PREVIOUS_TIER, 0),
                             .low = psyi_ratio_make(0, 1),
                             .high = psyi_ratio_make(PSYI_MAX_RANK, 1),
                             .integer = true};
        return true;
    }
    return previous_score(scope, name, out);
}

bool psyi_scope_outside(const psyi_plan_scope *scope, const char *name, psyi_symbol *out,
                        const char **refusal)
{
    const struct psy_plan *const plan = scope->plan;
    if (strncmp(name, previous_prefix, sizeof previous_prefix - 1) == 0)
        return previous(scope, name + sizeof previous_prefix - 1, out, refusal);
    if (strncmp(name, external_prefix, sizeof external_prefix - 1) != 0)
        return false;
    for (size_t i = 0; i < plan->n_external_codes; i++) {
        if (strcmp(plan->external_codes[i].id, name + sizeof external_prefix - 1) != 0)
            continue;
        *out = (psyi_symbol){.type = PSYI_TYPE_BOOLEAN,
                             .column = psyi_column(PSYI_COLUMN_EXTERNAL, 0, (unsigned)i, 0)};
        return true;
    }
    if (!plan->external.present && refusal != NULL)
        *refusal = "'external.' reads what others report, but the plan declares no such file: "
                   "inputs: {external: ...}";
    return false;
}

size_t psyi_outside_names(const psyi_plan_scope *scope)
{
    size_t n = scope->plan->n_external_codes + 1;
    for (size_t i = 0; i < scope->plan->n_uses; i++)
        n += scope->plan->uses[i].instrument->n_scales;
    return n;
}

bool psyi_outside_list(const psyi_plan_scope *scope, psyi_arena *arena, const char **names,
                       size_t *n)
{
    const struct psy_plan *const plan = scope->plan;
    const size_t first = *n;
    if (plan->previous != NULL) {
        names[(*n)++] = "previous.tier";
        for (size_t i = 0; i < plan->n_uses; i++)
            for (size_t j = 0; j < plan->uses[i].instrument->n_scales; j++)
                names[(*n)++] = psyi_arena_format(arena, "previous.%s.%s", plan->uses[i].id,
                                                  plan->uses[i].instrument->scales[j].id);
    }
    for (size_t i = 0; i < plan->n_external_codes; i++)
        names[(*n)++] = psyi_arena_format(arena, "external.%s", plan->external_codes[i].id);
    for (size_t i = first; i < *n; i++)
        if (names[i] == NULL)
            return false;
    return true;
}
