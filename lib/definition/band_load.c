/*
 * band_load.c -- bands of a score: one list of levels, or named sets for different persons.
 *
 * Bands are half-open, ascending and complete by construction: each begins where the one
 * before ends, and the first has no lower end.  Whether they make sense for the range of the
 * score is for the lint.
 */
#include "definition/build.h"

#include <string.h>

enum { MAX_LEVELS = 64, MAX_SETS = 256 };

typedef struct raw_level {
    const char *id;
    psyi_label name;
    psyi_ratio from, above;
    psyi_place place;
} raw_level;

static const psyi_key level_keys[] = {
    {"id", PSYI_SHAPE_ID, true, PSYI_AT(raw_level, id)},
    {"name", PSYI_SHAPE_LABEL, false, PSYI_AT(raw_level, name)},
    {"from", PSYI_SHAPE_NUMBER, false, PSYI_AT(raw_level, from)},
    {"above", PSYI_SHAPE_NUMBER, false, PSYI_AT(raw_level, above)},
    {"place", PSYI_SHAPE_PLACE, false, PSYI_AT(raw_level, place)},
    {0},
};

typedef struct raw_set {
    const char *population, *of, *source;
    const psyi_node *levels, *of_at;
    psyi_who who;
    psyi_confidence confidence;
    psyi_place place;
} raw_set;
static const raw_set empty_set = {.confidence = PSYI_UNSTATED,
                                  .who = {.age_low = -1, .age_high = -1}};

const psyi_key psyi_band_set_keys[] = {
    {"population", PSYI_SHAPE_ID, false, PSYI_AT(raw_set, population)},
    {"informants", PSYI_SHAPE_WORD_SET, false, PSYI_AT(raw_set, who.informants),
     .words = psyi_informant_words},
    {"sexes", PSYI_SHAPE_WORD_SET, false, PSYI_AT(raw_set, who.sexes), .words = psyi_sex_words},
    {"stages", PSYI_SHAPE_WORD_SET, false, PSYI_AT(raw_set, who.stages), .words = psyi_stage_words},
    {"grades", PSYI_SHAPE_RANGE, false, PSYI_AT(raw_set, who.grade_low), .low = 1, .high = 16},
    {"ages", PSYI_SHAPE_RANGE, false, PSYI_AT(raw_set, who.age_low), .low = 0, .high = 150},
    {"of", PSYI_SHAPE_NODE, false, PSYI_AT(raw_set, of_at)},
    {"confidence", PSYI_SHAPE_WORD, false, PSYI_AT(raw_set, confidence),
     .words = psyi_confidence_words},
    {"source", PSYI_SHAPE_TEXT, false, PSYI_AT(raw_set, source)},
    {"levels", PSYI_SHAPE_NODE, true, PSYI_AT(raw_set, levels), .keys = level_keys,
     .holds = PSYI_HOLDS_LIST},
    {"place", PSYI_SHAPE_PLACE, false, PSYI_AT(raw_set, place)},
    {0},
};

/* ---- levels --------------------------------------------------------------------------- */

static bool begins_higher(const psyi_band *before, const psyi_band *band)
{
    const int order = psyi_ratio_compare(before->from, band->from);
    return order < 0 || (order == 0 && !before->above && band->above);
}

static void read_level(psyi_loader *loader, const psyi_node *node, const psyi_band *before,
                       psyi_band *band)
{
    raw_level raw = {0};
    psyi_read_map(loader, node, NULL, level_keys, &raw, false);
    if (raw.from.den != 0 && raw.above.den != 0)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "a band has `from` or `above`, not both");
    *band = (psyi_band){.id = raw.id,
                        .name = raw.name,
                        .from = raw.from.den != 0 ? raw.from : raw.above,
                        .above = raw.from.den == 0 && raw.above.den != 0,
                        .bottom = before == NULL,
                        .place = raw.place};
    if (band->above && before == NULL)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "the first band begins at the bottom: write `from`, or nothing");
    else if (before != NULL && band->from.den == 0 && node->kind == PSYI_NODE_MAP)
        psyi_problem(loader, node, PSYI_PROBLEM_MISSING, "the key 'from' is missing");
    else if (before != NULL && before->from.den != 0 && band->from.den != 0 &&
             !begins_higher(before, band))
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "band '%s' does not begin above '%s': bands ascend",
                     raw.id != NULL ? raw.id : "?", before->id != NULL ? before->id : "?");
}

static void read_levels(psyi_build *build, const psyi_scale *scale, const psyi_node *node,
                        psyi_band_set *set)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_LIST, "a list of bands"))
        return;
    if (node->n == 0 || node->n > MAX_LEVELS) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu bands; 1 to %d are possible", node->n,
                     MAX_LEVELS);
        return;
    }
    psyi_band *const bands = psyi_loader_alloc(loader, node->n, sizeof *bands);
    for (size_t i = 0; bands != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const size_t path = psyi_enter_index(loader, i);
        read_level(loader, node->values[i], i > 0 ? &bands[i - 1] : NULL, &bands[i]);
        for (size_t j = 0; j < i; j++)
            if (bands[i].id != NULL && bands[j].id != NULL && strcmp(bands[i].id, bands[j].id) == 0)
                psyi_problem(loader, node->values[i], PSYI_PROBLEM_TWICE,
                             "there is a band '%s' already", bands[i].id);
        psyi_leave(loader, path);
    }
    if (bands == NULL)
        return;
    if (bands[0].from.den == 0 && set->standard == PSYI_NO_INDEX)
        bands[0].from = scale->low;
    set->bands = bands;
    set->n_bands = node->n;
}

/* ---- sets ----------------------------------------------------------------------------- */

static uint16_t find_standard(psyi_build *build, const psyi_scale *scale, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    const struct psy_instrument *const instrument = build->instrument;
    const size_t index = (size_t)(scale - build->variant->scales);
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "a standard score like t@norm"))
        return PSYI_NO_INDEX;
    const char *names[64];
    size_t n = 0;
    for (size_t i = 0; i < instrument->n_standards; i++) {
        const psyi_standard *const standard = &instrument->standards[i];
        if (standard->scale != index)
            continue;
        if (strcmp(standard->name, node->text) == 0)
            return (uint16_t)i;
        if (n < 64)
            names[n++] = standard->name;
    }
    psyi_problem(loader, node, PSYI_PROBLEM_NAME, "no norm gives '%s' for this scale%s",
                 psyi_shown(loader, node->text), psyi_meant(loader, node->text, names, n));
    return PSYI_NO_INDEX;
}

static uint16_t find_population(psyi_scale *scale, const char **populations, const char *slug)
{
    for (size_t i = 0; i < scale->n_populations; i++)
        if (strcmp(populations[i], slug) == 0)
            return (uint16_t)i;
    populations[scale->n_populations] = slug;
    return (uint16_t)scale->n_populations++;
}

static void read_set(psyi_build *build, psyi_scale *scale, const psyi_node *node,
                     const char **populations, psyi_band_set *set)
{
    raw_set raw = empty_set;
    psyi_read_map(build->loader, node, NULL, psyi_band_set_keys, &raw, false);
    *set = (psyi_band_set){.who = raw.who,
                           .standard = PSYI_NO_INDEX,
                           .confidence = raw.confidence,
                           .source = raw.source,
                           .place = raw.place};
    set->population =
        find_population(scale, populations, raw.population != NULL ? raw.population : "default");
    if (raw.of_at != NULL)
        set->standard = find_standard(build, scale, raw.of_at);
    if (raw.levels != NULL) {
        const size_t path = psyi_enter(build->loader, "levels");
        read_levels(build, scale, raw.levels, set);
        psyi_leave(build->loader, path);
    }
}

/* Sets of one population name the same bands, so that `.band` has one list of ids. */
static void check_population(psyi_build *build, const psyi_band_set *sets, size_t index,
                             const psyi_node *node)
{
    const psyi_band_set *const set = &sets[index];
    size_t first = 0;
    while (sets[first].population != set->population)
        first++;
    if (first == index || sets[first].n_bands == 0 || set->n_bands == 0)
        return;
    bool same = sets[first].n_bands == set->n_bands;
    for (size_t i = 0; same && i < set->n_bands; i++)
        same = set->bands[i].id == NULL || sets[first].bands[i].id == NULL ||
               strcmp(set->bands[i].id, sets[first].bands[i].id) == 0;
    if (!same)
        psyi_problem(build->loader, node, PSYI_PROBLEM_VALUE,
                     "sets of one population have the same bands: this one differs from the one "
                     "in line %u",
                     (unsigned)sets[first].place.line);
}

static void list_tokens(psyi_build *build, psyi_scale *scale)
{
    size_t n = 0;
    for (unsigned p = 0; p < scale->n_populations; p++)
        for (size_t i = 0; i < scale->n_band_sets; i++)
            if (scale->band_sets[i].population == p) {
                n += scale->band_sets[i].n_bands;
                break;
            }
    const char **const tokens = psyi_loader_alloc(build->loader, n, sizeof *tokens);
    if (tokens == NULL)
        return;
    n = 0;
    for (unsigned p = 0; p < scale->n_populations; p++)
        for (size_t i = 0; i < scale->n_band_sets; i++) {
            const psyi_band_set *const set = &scale->band_sets[i];
            if (set->population != p)
                continue;
            /* From best to worst: against the numbers where a low score is the bad end. */
            for (size_t j = 0; j < set->n_bands; j++) {
                const char *const id = set->bands[scale->worse_low ? set->n_bands - 1 - j : j].id;
                tokens[n++] = id != NULL ? id : "?";
            }
            break;
        }
    scale->band_tokens = tokens;
}

void psyi_build_bands(psyi_build *build, psyi_scale *scale, const psyi_node *node)
{
    static const char *const only[] = {"default"};
    psyi_loader *const loader = build->loader;
    const size_t path = psyi_enter(loader, "bands");
    if (psyi_want(loader, node, PSYI_NODE_LIST, "a list of bands") && node->n > MAX_SETS)
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu sets of bands; at most %d are possible",
                     node->n, MAX_SETS);
    else if (node->kind == PSYI_NODE_LIST && node->n > 0) {
        const bool named = node->values[0]->kind == PSYI_NODE_MAP &&
                           psyi_node_get(node->values[0], "levels") != NULL;
        const size_t n = named ? node->n : 1;
        psyi_band_set *const sets = psyi_loader_alloc(loader, n, sizeof *sets);
        const char **const populations = psyi_loader_alloc(loader, n, sizeof *populations);
        if (sets != NULL && populations != NULL && named) {
            scale->populations = populations;
            for (size_t i = 0; i < n && psyi_loader_ok(loader); i++) {
                const size_t inner = psyi_enter_index(loader, i);
                read_set(build, scale, node->values[i], populations, &sets[i]);
                check_population(build, sets, i, node->values[i]);
                psyi_leave(loader, inner);
            }
        } else if (sets != NULL && populations != NULL) {
            scale->populations = only;
            scale->n_populations = 1;
            sets->who = empty_set.who;
            sets->standard = PSYI_NO_INDEX;
            sets->confidence = scale->confidence;
            sets->place = psyi_place_of(node);
            read_levels(build, scale, node, sets);
        }
        if (psyi_loader_ok(loader)) {
            scale->band_sets = sets;
            scale->n_band_sets = n;
            list_tokens(build, scale);
        }
    }
    psyi_leave(loader, path);
}
