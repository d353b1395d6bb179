/*
 * plan_people.c -- which norm group and which band set a person falls into.
 *
 * Unless ages matter, informant, sex and grade make 204 kinds of person, so each column has
 * a table over them; and what a complete sheet gets from a group or set is looked up by its
 * sum.  The first band set that fits decides; where an earlier one might apply, were more
 * known about the person, and would say otherwise, there is no band.
 */
#include "score/compiled.h"

#include <string.h>

#define GRADES 17u
#define SEXES  3u
/* Tables of standard scores of all groups together. */
#define LARGEST_TABLES (1u << 20)

unsigned psyi_class_of(const psyi_scorer *scorer, const psyi_person *person)
{
    const unsigned informant =
        person->informant != PSYI_INFORMANT_UNKNOWN ? person->informant : scorer->only_informant;
    const unsigned grade =
        person->grade > 0 && person->grade < (int)GRADES ? (unsigned)person->grade : 0;
    return ((informant < 4 ? informant : 0) * SEXES + (person->sex < SEXES ? person->sex : 0)) *
               GRADES +
           grade;
}

static psyi_person person_of(unsigned class)
{
    return (psyi_person){.informant = (uint8_t)(class / GRADES / SEXES),
                         .sex = (uint8_t)(class / GRADES % SEXES),
                         .grade = (int16_t)(class % GRADES),
                         .age = -1};
}

static bool asks_age(const psyi_who *who)
{
    return who->age_low != -1 || who->age_high != -1 || who->months_high != 0;
}

static psyi_fit fit(const psyi_scorer *scorer, const psyi_who *who, const psyi_person *person)
{
    const unsigned informant =
        person->informant != PSYI_INFORMANT_UNKNOWN ? person->informant : scorer->only_informant;
    return psyi_norm_fit(who, (psyi_informant)informant, (psyi_sex)person->sex, person->grade,
                         person->age, person->months);
}

/* ---- standard scores ------------------------------------------------------------------ */

int psyi_norm_group_of(const psyi_scorer *scorer, const psyi_standard_plan *plan,
                       const psyi_person *person)
{
    if (plan->group_of != NULL)
        return plan->group_of[psyi_class_of(scorer, person)];
    for (size_t i = 0; i < plan->n_groups; i++)
        if (fit(scorer, &plan->groups[i]->who, person) == PSYI_FIT_YES)
            return (int)i;
    return -1;
}

int32_t psyi_standard_pack(psyi_ratio value, int32_t ten)
{
    const psyi_ratio scaled = psyi_ratio_mul(value, (psyi_ratio){ten, 1});
    if (scaled.den != 1 || scaled.num <= INT32_MIN + 1 || scaled.num >= INT32_MAX)
        return PSYI_NO_STANDARD;
    return (int32_t)scaled.num;
}

static bool take_groups(psyi_scorer *scorer, psyi_standard_plan *plan)
{
    const char *const scale = scorer->scales[plan->scale].id;
    const psyi_norm *const norm = plan->norm;
    const size_t n_groups = norm == NULL ? 0 : norm->n_groups;
    plan->groups = psyi_arena_alloc(&scorer->arena, n_groups, sizeof(psyi_norm_group *));
    if (plan->groups == NULL)
        return false;
    for (size_t i = 0; i < n_groups; i++) {
        if (strcmp(norm->groups[i].scale, scale) != 0)
            continue;
        plan->groups[plan->n_groups++] = &norm->groups[i];
        plan->by_age = plan->by_age || asks_age(&norm->groups[i].who);
    }
    plan->tables = psyi_arena_alloc(&scorer->arena, plan->n_groups, sizeof(int32_t *));
    if (plan->tables == NULL)
        return false;
    const psyi_scale_plan *const from = &scorer->scale[plan->scale];
    if (norm != NULL && (psyi_norm_asks_age(norm) || norm->kind == PSYI_NORM_IRT))
        return true; /* not a matter of the sum alone */
    if (from->table == NULL || plan->n_groups * from->n_table > LARGEST_TABLES)
        return true;
    int32_t *const flat =
        psyi_arena_alloc(&scorer->arena, (plan->n_groups + 1) * from->n_table, sizeof *flat);
    if (flat == NULL)
        return false;
    for (size_t i = 0; i < from->n_table; i++)
        flat[i] = PSYI_NO_STANDARD;
    plan->flat = flat;
    for (size_t g = 0; g < plan->n_groups; g++) {
        int32_t *const table = flat + (g + 1) * from->n_table;
        for (size_t i = 0; i < from->n_table; i++)
            table[i] = psyi_standard_pack(
                psyi_norm_standard(norm, plan->groups[g], plan->metric, from->base_table[i]),
                plan->ten);
        plan->tables[g] = table;
    }
    return true;
}

bool psyi_plan_standards(psyi_scorer *scorer)
{
    const psy_instrument *const instrument = scorer->instrument;
    scorer->standard =
        psyi_arena_alloc(&scorer->arena, scorer->n_standards, sizeof *scorer->standard);
    if (scorer->standard == NULL)
        return false;
    for (size_t s = 0; s < scorer->n_standards; s++) {
        const psyi_standard *const from = &instrument->standards[s];
        psyi_standard_plan *const plan = &scorer->standard[s];
        plan->norm = from->norm == PSYI_NO_INDEX ? NULL : instrument->norms[from->norm];
        plan->metric = (psyi_metric)from->metric;
        plan->scale = from->scale;
        plan->rank = (uint16_t)scorer->scale[plan->scale].n_standards++;
        plan->ten = 1;
        for (unsigned i = 0; i < from->decimals; i++) /* at most six: the loader */
            plan->ten *= 10;
        if (!take_groups(scorer, plan) || !psyi_plan_patterns(scorer, plan))
            return false;
        if (plan->by_age)
            continue;
        int16_t *const group_of = psyi_arena_alloc(&scorer->arena, PSYI_CLASSES, sizeof *group_of);
        uint32_t *const flat_of = psyi_arena_alloc(&scorer->arena, PSYI_CLASSES, sizeof *flat_of);
        if (group_of == NULL || flat_of == NULL)
            return false;
        for (unsigned c = 0; c < PSYI_CLASSES; c++) {
            const psyi_person person = person_of(c);
            group_of[c] = (int16_t)psyi_norm_group_of(scorer, plan, &person);
            flat_of[c] = (uint32_t)((size_t)(group_of[c] + 1) * scorer->scale[plan->scale].n_table);
        }
        plan->group_of = group_of;
        plan->flat_of = flat_of;
    }
    return true;
}

/* ---- bands ---------------------------------------------------------------------------- */

/* Whether two sets give every score the same band. */
static bool same_levels(const psyi_band_set *a, const psyi_band_set *b)
{
    if (a->n_bands != b->n_bands || a->standard != b->standard)
        return false;
    for (size_t i = 0; i < a->n_bands; i++)
        if (strcmp(a->bands[i].id, b->bands[i].id) != 0 ||
            (i > 0 && (a->bands[i].above != b->bands[i].above ||
                       psyi_ratio_compare(a->bands[i].from, b->bands[i].from) != 0)))
            return false;
    return true;
}

int psyi_band_set_for(const psyi_scorer *scorer, const psyi_band_plan *plan,
                      const psyi_person *person)
{
    size_t chosen = 0;
    while (chosen < plan->n_sets &&
           fit(scorer, &plan->sets[chosen].set->who, person) != PSYI_FIT_YES)
        chosen++;
    if (chosen == plan->n_sets)
        return -1;
    for (size_t i = 0; i < chosen; i++)
        if (fit(scorer, &plan->sets[i].set->who, person) == PSYI_FIT_UNKNOWN &&
            !same_levels(plan->sets[i].set, plan->sets[chosen].set))
            return -1;
    return (int)chosen;
}

/* Index among the set's own bands, which ascend; the first has no lower end. */
static size_t level_of(const psyi_band_set *set, psyi_ratio value)
{
    size_t level = 0;
    for (size_t i = 1; i < set->n_bands; i++) {
        const int order = psyi_ratio_compare(value, set->bands[i].from);
        if (order < 0 || (order == 0 && set->bands[i].above))
            break;
        level = i;
    }
    return level;
}

uint8_t psyi_band_of(const psyi_set_plan *plan, psyi_ratio value)
{
    if (value.den <= 0 || plan->set->n_bands == 0)
        return PSYI_NO_BAND;
    return plan->band[level_of(plan->set, value)];
}

static bool plan_set(psyi_scorer *scorer, const psyi_band_plan *column, psyi_set_plan *plan)
{
    const psyi_scale *const scale = &scorer->scales[column->scale];
    const psyi_scale_plan *const from = &scorer->scale[column->scale];
    const char *const *ids = NULL;
    const size_t n_ids = psyi_scale_bands(scale, column->population, &ids);
    uint8_t *const band = psyi_arena_alloc(&scorer->arena, plan->set->n_bands, sizeof *band);
    if (band == NULL)
        return false;
    for (size_t i = 0; i < plan->set->n_bands; i++) {
        band[i] = PSYI_NO_BAND;
        for (size_t j = 0; j < n_ids && j < PSYI_NO_BAND; j++)
            if (strcmp(ids[j], plan->set->bands[i].id) == 0)
                band[i] = (uint8_t)j;
    }
    plan->band = band;
    if (from->table == NULL || plan->set->standard != PSYI_NO_INDEX)
        return true;
    uint8_t *const table = psyi_arena_alloc(&scorer->arena, from->n_table, sizeof *table);
    if (table == NULL)
        return false;
    for (size_t i = 0; i < from->n_table; i++)
        table[i] = psyi_band_of(plan, psyi_score_ratio(from->table[i]));
    plan->table = table;
    return true;
}

static bool plan_column(psyi_scorer *scorer, psyi_band_plan *plan)
{
    const psyi_scale *const scale = &scorer->scales[plan->scale];
    plan->sets = psyi_arena_alloc(&scorer->arena, scale->n_band_sets, sizeof *plan->sets);
    if (plan->sets == NULL)
        return false;
    for (size_t i = 0; i < scale->n_band_sets; i++) {
        if (scale->band_sets[i].population != plan->population)
            continue;
        psyi_set_plan *const set = &plan->sets[plan->n_sets++];
        set->set = &scale->band_sets[i];
        plan->by_age = plan->by_age || asks_age(&set->set->who);
        if (!plan_set(scorer, plan, set))
            return false;
    }
    if (plan->by_age)
        return true;
    int16_t *const set_of = psyi_arena_alloc(&scorer->arena, PSYI_CLASSES, sizeof *set_of);
    if (set_of == NULL)
        return false;
    for (unsigned c = 0; c < PSYI_CLASSES; c++) {
        const psyi_person person = person_of(c);
        set_of[c] = (int16_t)psyi_band_set_for(scorer, plan, &person);
    }
    plan->set_of = set_of;
    return true;
}

bool psyi_plan_bands(psyi_scorer *scorer)
{
    for (size_t s = 0; s < scorer->n_scales; s++) {
        scorer->scale[s].first_band = scorer->n_bands;
        scorer->scale[s].n_bands = scorer->scales[s].n_populations;
        scorer->n_bands += scorer->scales[s].n_populations;
    }
    scorer->band = psyi_arena_alloc(&scorer->arena, scorer->n_bands, sizeof *scorer->band);
    if (scorer->band == NULL)
        return false;
    for (size_t s = 0; s < scorer->n_scales; s++)
        for (size_t p = 0; p < scorer->scale[s].n_bands; p++) {
            psyi_band_plan *const plan = &scorer->band[scorer->scale[s].first_band + p];
            plan->scale = (uint16_t)s;
            plan->population = (uint16_t)p;
            if (!plan_column(scorer, plan))
                return false;
        }
    return true;
}
