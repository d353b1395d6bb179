/*
 * scope.c -- names of an instrument in the rule language.
 *
 * One place decides what "total.band@uk" is; the loaders, the lint and the plan ask here.
 * While an instrument is loading, a name makes ready what it names, so that definitions may
 * stand in any order and a circle is noticed at the word that closes it.
 */
#include "definition/scope.h"

#include "base/text.h"

#include <string.h>

static const char *const sex_tokens[] = {"male", "female"};
static const char *const stage_tokens[] = {"primary", "junior", "senior", "tertiary"};
static const char *const informant_tokens[] = {"self", "parent", "teacher"};

static psyi_symbol category(psyi_student_field field, const char *const *tokens, size_t n)
{
    return (psyi_symbol){.type = PSYI_TYPE_CATEGORY,
                         .column = psyi_column(PSYI_COLUMN_STUDENT, 0, field, 0),
                         .tokens = tokens,
                         .n_tokens = n};
}

static psyi_symbol whole_number(uint32_t column, int64_t low, int64_t high)
{
    return (psyi_symbol){.type = PSYI_TYPE_NUMBER,
                         .column = column,
                         .low = psyi_ratio_make(low, 1),
                         .high = psyi_ratio_make(high, 1),
                         .integer = true};
}

bool psyi_scope_student(const char *name, psyi_symbol *out)
{
    static const char prefix[] = "student.";
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return false;
    name += sizeof prefix - 1;
    if (strcmp(name, "sex") == 0)
        *out = category(PSYI_STUDENT_SEX, sex_tokens, 2);
    else if (strcmp(name, "stage") == 0)
        *out = category(PSYI_STUDENT_STAGE, stage_tokens, 4);
    else if (strcmp(name, "informant") == 0)
        *out = category(PSYI_STUDENT_INFORMANT, informant_tokens, 3);
    else if (strcmp(name, "grade") == 0)
        *out = whole_number(psyi_column(PSYI_COLUMN_STUDENT, 0, PSYI_STUDENT_GRADE, 0), 1, 16);
    else if (strcmp(name, "age") == 0)
        *out = whole_number(psyi_column(PSYI_COLUMN_STUDENT, 0, PSYI_STUDENT_AGE, 0), 0, 150);
    else
        return false;
    return true;
}

/* Lowest and highest standard score a table can give; unknown for other kinds of norm. */
static void standard_range(const struct psy_instrument *instrument, const psyi_standard *standard,
                           psyi_symbol *out)
{
    if (standard->metric == PSYI_METRIC_PERCENTILE) {
        out->low = psyi_ratio_make(0, 1);
        out->high = psyi_ratio_make(100, 1);
        return;
    }
    const psyi_norm *const norm =
        standard->norm == PSYI_NO_INDEX ? NULL : instrument->norms[standard->norm];
    if (norm == NULL || norm->kind != PSYI_NORM_TABLE)
        return;
    for (size_t i = 0; i < norm->n_groups; i++) {
        const psyi_norm_group *const group = &norm->groups[i];
        if (strcmp(group->scale, instrument->scales[standard->scale].id) != 0)
            continue;
        for (size_t j = 0; j < group->n_cells; j++) {
            const psyi_ratio value = group->cells[j].standard;
            if (out->low.den == 0 || psyi_ratio_compare(value, out->low) < 0)
                out->low = value;
            if (out->high.den == 0 || psyi_ratio_compare(value, out->high) > 0)
                out->high = value;
        }
    }
}

static bool scale_column(const psyi_instrument_scope *scope, unsigned index, const char *part,
                         psyi_symbol *out)
{
    const struct psy_instrument *const instrument = scope->instrument;
    const psyi_scale *const scale = &scope->scales[index];
    if (scope->ready != NULL && !scope->ready(scope->loading, PSYI_COLUMN_SCORE, index))
        return false;
    if (part[0] == '\0') {
        *out = (psyi_symbol){.type = PSYI_TYPE_NUMBER,
                             .column = psyi_column(PSYI_COLUMN_SCORE, scope->use, index, 0),
                             .low = scale->low,
                             .high = scale->high,
                             .integer = psyi_scale_is_whole(scale),
                             .worse_low = scale->worse_low};
        return true;
    }
    if (strcmp(part, "answered") == 0) {
        *out = whole_number(psyi_column(PSYI_COLUMN_ANSWERED, scope->use, index, 0), 0,
                            (int64_t)scale->n_items);
        out->worse_low = true;
        return true;
    }
    if (strncmp(part, "band", 4) == 0 && (part[4] == '\0' || part[4] == '@')) {
        unsigned population = psyi_scale_population(scale, scope->population), sub = 0;
        if (part[4] == '@') {
            for (population = 0; population < scale->n_populations; population++)
                if (strcmp(scale->populations[population], part + 5) == 0)
                    break;
            sub = population + 1;
        }
        if (population >= scale->n_populations)
            return false;
        *out = (psyi_symbol){.type = PSYI_TYPE_BAND,
                             .column = psyi_column(PSYI_COLUMN_BAND, scope->use, index, sub),
                             .worse_low = scale->worse_low};
        out->n_tokens = psyi_scale_bands(scale, population, &out->tokens);
        return true;
    }
    for (size_t i = 0; i < instrument->n_standards; i++) {
        const psyi_standard *const standard = &instrument->standards[i];
        if (standard->scale != index || strcmp(standard->name, part) != 0)
            continue;
        *out = (psyi_symbol){.type = PSYI_TYPE_NUMBER,
                             .column =
                                 psyi_column(PSYI_COLUMN_STANDARD, scope->use, index, (unsigned)i),
                             .worse_low = scale->worse_low};
        standard_range(instrument, standard, out);
        return true;
    }
    return false;
}

bool psyi_scope_column(const psyi_instrument_scope *scope, const char *name, psyi_symbol *out)
{
    const struct psy_instrument *const instrument = scope->instrument;
    if (scope->items_only)
        return false;
    const size_t length = strcspn(name, ".");
    for (size_t i = 0; i < instrument->n_scales; i++) {
        const char *const id = scope->scales[i].id;
        if (strncmp(id, name, length) == 0 && id[length] == '\0')
            return scale_column(scope, (unsigned)i, name + length + (name[length] == '.'), out);
    }
    for (size_t i = 0; i < instrument->n_flags; i++) {
        if (strcmp(instrument->flags[i].id, name) != 0)
            continue;
        if (scope->ready != NULL && !scope->ready(scope->loading, PSYI_COLUMN_FLAG, (unsigned)i))
            return false;
        *out = (psyi_symbol){.type = PSYI_TYPE_BOOLEAN,
                             .column = psyi_column(PSYI_COLUMN_FLAG, scope->use, (unsigned)i, 0)};
        return true;
    }
    return false;
}

bool psyi_scope_item(const psyi_instrument_scope *scope, const char *selector, uint32_t *item)
{
    const unsigned index = psyi_find_item(scope->instrument, selector);
    if (index == PSYI_NO_INDEX)
        return false;
    *item = psyi_item_of(scope->use, index);
    return true;
}

void psyi_scope_item_range(const struct psy_instrument *instrument, unsigned item, psyi_ratio *low,
                           psyi_ratio *high)
{
    const psyi_item *const it = &instrument->items[item];
    *low = psyi_ratio_make(it->low, it->scale);
    *high = psyi_ratio_make(it->high, it->scale);
}

bool psyi_scope_scale_items(const psyi_instrument_scope *scope, const char *name,
                            const uint32_t **items, size_t *n_items)
{
    for (size_t i = 0; i < scope->instrument->n_scales && !scope->items_only; i++) {
        if (strcmp(scope->scales[i].id, name) != 0)
            continue;
        if (scope->ready != NULL && !scope->ready(scope->loading, PSYI_COLUMN_SCORE, (unsigned)i))
            return false;
        if (scope->item_lists == NULL || scope->item_lists[i] == NULL)
            return false;
        *items = scope->item_lists[i];
        *n_items = scope->scales[i].n_items;
        return true;
    }
    return false;
}

/* ---- callbacks ------------------------------------------------------------------------ */

static bool column(const void *context, const char *name, psyi_symbol *out)
{
    const psyi_instrument_scope *const scope = context;
    return (!scope->items_only && psyi_scope_student(name, out)) ||
           psyi_scope_column(scope, name, out);
}

static bool item(const void *context, const char *use, const char *selector, uint32_t *out)
{
    return use[0] == '\0' && psyi_scope_item(context, selector, out);
}

static bool scale_items(const void *context, const char *use, const char *scale,
                        const uint32_t **items, size_t *n_items)
{
    return use[0] == '\0' && psyi_scope_scale_items(context, scale, items, n_items);
}

static void item_range(const void *context, uint32_t item_number, psyi_ratio *low, psyi_ratio *high)
{
    const psyi_instrument_scope *const scope = context;
    psyi_scope_item_range(scope->instrument, psyi_item_index(item_number), low, high);
}

static bool item_integer(const void *context, uint32_t item_number)
{
    const psyi_instrument_scope *const scope = context;
    return scope->instrument->items[psyi_item_index(item_number)].scale == 1;
}

static const char *const *names(const void *context, size_t *n_names)
{
    const psyi_instrument_scope *const scope = context;
    *n_names = scope->items_only ? 0 : scope->n_names;
    return scope->names;
}

psyi_scope psyi_scope_of_instrument(const psyi_instrument_scope *scope)
{
    return (psyi_scope){.context = scope,
                        .column = column,
                        .item = item,
                        .scale_items = scale_items,
                        .item_range = item_range,
                        .names = names,
                        .item_integer = item_integer};
}

/* ---- all names ------------------------------------------------------------------------ */

typedef struct listing {
    psyi_arena *arena;
    const char *prefix;
    const char **names;
    size_t n;
    bool failed;
} listing;

static void list(listing *l, const char *first, const char *dot, const char *second)
{
    const char *const name = psyi_arena_format(l->arena, "%s%s%s%s", l->prefix, first, dot, second);
    if (name == NULL)
        l->failed = true;
    else
        l->names[l->n++] = name;
}

bool psyi_scope_names(const psyi_instrument_scope *scope, const char *prefix, psyi_arena *arena,
                      const char *const **out, size_t *n_out)
{
    const struct psy_instrument *const instrument = scope->instrument;
    static const char *const student[] = {"student.grade", "student.sex", "student.age",
                                          "student.stage", "student.informant"};
    const size_t n_student = prefix[0] == '\0' ? sizeof student / sizeof *student : 0;
    size_t room = 3 * instrument->n_scales + instrument->n_standards + instrument->n_flags;
    room += n_student;
    for (size_t i = 0; i < instrument->n_scales; i++)
        room += scope->scales[i].n_populations;
    listing l = {
        .arena = arena, .prefix = prefix, .names = psyi_arena_alloc(arena, room, sizeof *l.names)};
    if (l.names == NULL)
        return false;
    for (size_t i = 0; i < instrument->n_scales && !l.failed; i++) {
        const psyi_scale *const scale = &scope->scales[i];
        list(&l, scale->id, "", "");
        list(&l, scale->id, ".", "answered");
        list(&l, scale->id, ".", "band");
        for (size_t j = 0; j < scale->n_populations; j++)
            list(&l, scale->id, ".band@", scale->populations[j]);
    }
    for (size_t i = 0; i < instrument->n_standards && !l.failed; i++)
        list(&l, scope->scales[instrument->standards[i].scale].id, ".",
             instrument->standards[i].name);
    for (size_t i = 0; i < instrument->n_flags && !l.failed; i++)
        list(&l, instrument->flags[i].id, "", "");
    for (size_t i = 0; i < n_student; i++)
        l.names[l.n++] = student[i];
    *out = l.names;
    *n_out = l.n;
    return !l.failed;
}
