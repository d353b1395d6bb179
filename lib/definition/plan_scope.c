/*
 * plan_scope.c -- names in the rules of a plan: the columns of its uses, local norms, the
 * student, and how the questionnaires were answered.
 */
#include "definition/plan_build.h"

#include <string.h>

/* Split "phq9.total.band" behind the use; NULL when the first word is no use. */
static const psyi_instrument_scope *use_of(const psyi_plan_scope *scope, const char *name,
                                           const char **rest)
{
    const size_t length = strcspn(name, ".");
    for (size_t i = 0; i < scope->plan->n_uses; i++) {
        const char *const id = scope->plan->uses[i].id;
        if (strncmp(id, name, length) != 0 || id[length] != '\0')
            continue;
        *rest = name[length] == '.' ? name + length + 1 : "";
        return &scope->uses[i];
    }
    return NULL;
}

static bool quality(const char *name, psyi_symbol *out)
{
    static const char prefix[] = "quality.";
    static const struct {
        const char *name;
        psyi_quality_field field;
        bool integer, worse_low;
    } fields[] = {{"blanks", PSYI_QUALITY_BLANKS, true, false},
                  {"answered", PSYI_QUALITY_ANSWERED, true, true},
                  {"seconds", PSYI_QUALITY_SECONDS, true, true},
                  {"seconds_per_item", PSYI_QUALITY_SECONDS_PER_ITEM, false, true}};
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return false;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (strcmp(fields[i].name, name + sizeof prefix - 1) != 0)
            continue;
        *out = (psyi_symbol){.type = PSYI_TYPE_NUMBER,
                             .column = psyi_column(PSYI_COLUMN_QUALITY, 0, fields[i].field, 0),
                             .low = psyi_ratio_make(0, 1),
                             .integer = fields[i].integer,
                             .worse_low = fields[i].worse_low};
        return true;
    }
    return false;
}

/* "<use>.<scale>.<metric>@<local norm>" */
static bool local(const psyi_plan_scope *scope, const char *name, psyi_symbol *out)
{
    const char *const at = strrchr(name, '@');
    const char *const dot = strrchr(name, '.');
    if (at == NULL || dot == NULL || dot > at)
        return false;
    for (size_t i = 0; i < scope->plan->n_locals; i++) {
        const psyi_local_norm *const norm = &scope->plan->locals[i];
        const psyi_use *const use = &scope->plan->uses[norm->use];
        const psyi_scale *const scale = &scope->uses[norm->use].scales[norm->scale];
        const size_t use_length = strlen(use->id), scale_length = strlen(scale->id);
        if (strcmp(norm->id, at + 1) != 0 ||
            (size_t)(dot - name) != use_length + 1 + scale_length ||
            strncmp(name, use->id, use_length) != 0 || name[use_length] != '.' ||
            strncmp(name + use_length + 1, scale->id, scale_length) != 0)
            continue;
        unsigned column = norm->first_column;
        for (unsigned m = 0; m < PSYI_METRICS; m++) {
            if ((norm->metrics >> m & 1u) == 0)
                continue;
            const char *const metric = psyi_metric_name((psyi_metric)m);
            if (strlen(metric) == (size_t)(at - dot - 1) &&
                strncmp(metric, dot + 1, strlen(metric)) == 0) {
                *out = (psyi_symbol){
                    .type = PSYI_TYPE_NUMBER,
                    .column = psyi_column(PSYI_COLUMN_LOCAL, norm->use, norm->scale, column),
                    .worse_low = scale->worse_low};
                if (m == PSYI_METRIC_PERCENTILE) {
                    out->low = psyi_ratio_make(0, 1);
                    out->high = psyi_ratio_make(100, 1);
                }
                return true;
            }
            column++;
        }
    }
    return false;
}

static void refuse(const psyi_plan_scope *scope, const char *sentence)
{
    if (scope->refusal != NULL)
        *scope->refusal = sentence;
}

static bool column(const void *context, const char *name, psyi_symbol *out)
{
    const psyi_plan_scope *const scope = context;
    if (strcmp(name, "student.class") == 0) {
        refuse(scope, "'student.class' is no name of the rules: a class is a place in a school, "
                      "not a reason for a warning");
        return false;
    }
    if (strcmp(name, "student.informant") == 0) {
        refuse(scope, "'student.informant' differs from sheet to sheet: a use says its informant");
        return false;
    }
    if (psyi_scope_student(name, out))
        return true;
    if (scope->students_only) {
        refuse(scope, "who gets a battery is decided before anyone answers: student.grade, "
                      "student.age, student.sex and student.stage only");
        return false;
    }
    if (quality(name, out) || local(scope, name, out) ||
        psyi_scope_outside(scope, name, out, scope->refusal))
        return true;
    const char *rest = NULL;
    const psyi_instrument_scope *const use = use_of(scope, name, &rest);
    return use != NULL && rest[0] != '\0' && psyi_scope_column(use, rest, out);
}

static bool item(const void *context, const char *use, const char *selector, uint32_t *out)
{
    const psyi_plan_scope *const scope = context;
    const char *rest = NULL;
    if (scope->students_only)
        return false;
    const psyi_instrument_scope *const found = use_of(scope, use, &rest);
    return found != NULL && rest[0] == '\0' && psyi_scope_item(found, selector, out);
}

static bool scale_items(const void *context, const char *use, const char *scale,
                        const uint32_t **items, size_t *n_items)
{
    const psyi_plan_scope *const scope = context;
    const char *rest = NULL;
    if (scope->students_only)
        return false;
    const psyi_instrument_scope *const found = use_of(scope, use, &rest);
    return found != NULL && rest[0] == '\0' && psyi_scope_scale_items(found, scale, items, n_items);
}

static const struct psy_instrument *instrument_of(const psyi_plan_scope *scope, uint32_t number)
{
    return scope->uses[psyi_item_use(number)].instrument;
}

static void item_range(const void *context, uint32_t number, psyi_ratio *low, psyi_ratio *high)
{
    psyi_scope_item_range(instrument_of(context, number), psyi_item_index(number), low, high);
}

static bool item_integer(const void *context, uint32_t number)
{
    return instrument_of(context, number)->items[psyi_item_index(number)].scale == 1;
}

static const char *const *names(const void *context, size_t *n_names)
{
    const psyi_plan_scope *const scope = context;
    *n_names = scope->n_names;
    return scope->names;
}

psyi_scope psyi_scope_of_plan(const psyi_plan_scope *scope)
{
    return (psyi_scope){.context = scope,
                        .column = column,
                        .item = item,
                        .scale_items = scale_items,
                        .item_range = item_range,
                        .names = names,
                        .item_integer = item_integer};
}

/* ---- making one -------------------------------------------------------------------------- */

static bool list_items(psyi_instrument_scope *use, psyi_arena *arena)
{
    const size_t n = use->instrument->n_scales;
    uint32_t **const lists = psyi_arena_alloc(arena, n, sizeof *lists);
    for (size_t i = 0; lists != NULL && i < n; i++) {
        const psyi_scale *const scale = &use->scales[i];
        lists[i] = psyi_arena_alloc(arena, scale->n_items, sizeof **lists);
        if (lists[i] == NULL)
            return false;
        for (size_t j = 0; j < scale->n_items; j++)
            lists[i][j] = psyi_item_of(use->use, scale->items[j]);
    }
    use->item_lists = lists;
    return lists != NULL;
}

static bool make_uses(psyi_plan_scope *scope, psyi_arena *arena)
{
    const struct psy_plan *const plan = scope->plan;
    psyi_instrument_scope *const uses = psyi_arena_alloc(arena, plan->n_uses, sizeof *uses);
    if (uses == NULL)
        return false;
    scope->uses = uses;
    for (size_t i = 0; i < plan->n_uses; i++) {
        const psyi_use *const use = &plan->uses[i];
        uses[i] = (psyi_instrument_scope){
            .instrument = use->instrument,
            .scales = use->instrument->variants[use->variant].scales,
            .use = (unsigned)i,
            .population = use->population,
        };
        const char *const prefix = psyi_arena_format(arena, "%s.", use->id);
        if (prefix == NULL || !list_items(&uses[i], arena) ||
            !psyi_scope_names(&uses[i], prefix, arena, &uses[i].names, &uses[i].n_names))
            return false;
    }
    return true;
}

bool psyi_plan_scope_make(psyi_plan_scope *scope, const struct psy_plan *plan, psyi_arena *arena)
{
    static const char *const fixed[] = {
        "student.grade",  "student.sex",      "student.age",     "student.stage",
        "quality.blanks", "quality.answered", "quality.seconds", "quality.seconds_per_item"};
    const size_t n_fixed = sizeof fixed / sizeof *fixed;
    *scope = (psyi_plan_scope){.plan = plan};
    if (!make_uses(scope, arena))
        return false;
    size_t room = n_fixed + plan->n_local_columns + psyi_outside_names(scope);
    for (size_t i = 0; i < plan->n_uses; i++)
        room += scope->uses[i].n_names;
    const char **const all = psyi_arena_alloc(arena, room, sizeof *all);
    if (all == NULL)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < plan->n_uses; i++)
        for (size_t j = 0; j < scope->uses[i].n_names; j++)
            all[n++] = scope->uses[i].names[j];
    for (size_t i = 0; i < plan->n_locals; i++) {
        const psyi_local_norm *const norm = &plan->locals[i];
        for (unsigned m = 0; m < PSYI_METRICS; m++) {
            if ((norm->metrics >> m & 1u) == 0)
                continue;
            const char *const name =
                psyi_arena_format(arena, "%s.%s.%s@%s", plan->uses[norm->use].id,
                                  scope->uses[norm->use].scales[norm->scale].id,
                                  psyi_metric_name((psyi_metric)m), norm->id);
            if (name == NULL)
                return false;
            all[n++] = name;
        }
    }
    for (size_t i = 0; i < n_fixed; i++)
        all[n++] = fixed[i];
    if (!psyi_outside_list(scope, arena, all, &n))
        return false;
    scope->names = all;
    scope->n_names = n;
    return true;
}
