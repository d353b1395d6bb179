/*
 * scorer.c -- an instrument in one coding variant, made ready to score.
 *
 * Everything lives in one arena and never changes afterwards, so that threads may share it.
 * The order of the columns is the definition's; what happens to a tile is in tile.c.
 */
#include "base/fail.h"
#include "score/compiled.h"

#include <string.h>

const char *psyi_score_status_name(psyi_score_status status)
{
    switch (status) {
    case PSYI_NOT_GIVEN:
        return "not_given";
    case PSYI_NOT_SCORED:
        return "not_scored";
    case PSYI_SCORED:
        return "scored";
    case PSYI_PRORATED:
        return "prorated";
    }
    return "not_given";
}

static uint8_t only_informant(const psy_instrument *instrument)
{
    uint8_t only = PSYI_INFORMANT_UNKNOWN;
    for (uint8_t i = PSYI_INFORMANT_SELF; i <= PSYI_INFORMANT_TEACHER; i++)
        if ((instrument->informants >> i & 1) != 0) {
            if (only != PSYI_INFORMANT_UNKNOWN)
                return PSYI_INFORMANT_UNKNOWN;
            only = i;
        }
    return only;
}

static psy_status find_populations(psyi_scorer *scorer, const char *population, psy_error *error)
{
    bool found = population == NULL;
    scorer->population =
        psyi_arena_alloc(&scorer->arena, scorer->n_scales, sizeof *scorer->population);
    if (scorer->population == NULL)
        return psyi_fail_memory(error, "a scorer");
    for (size_t s = 0; s < scorer->n_scales; s++) {
        const psyi_scale *const scale = &scorer->scales[s];
        scorer->population[s] = psyi_scale_population(scale, population);
        for (size_t p = 0; !found && p < scale->n_populations; p++)
            found = strcmp(scale->populations[p], population) == 0;
    }
    if (!found)
        return psyi_fail(error, PSY_E_NOT_FOUND, NULL, "%s has no cut-offs called '%s'",
                         scorer->instrument->id, population);
    return PSY_OK;
}

static psy_status fill(psyi_scorer *scorer, unsigned variant, const char *population,
                       psy_error *error)
{
    const psy_instrument *const instrument = scorer->instrument;
    if (variant >= instrument->n_variants)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "%s has %zu coding variants, not %u",
                         instrument->id, instrument->n_variants, variant + 1);
    scorer->variant = &instrument->variants[variant];
    scorer->scales = scorer->variant->scales != NULL ? scorer->variant->scales : instrument->scales;
    scorer->n_items = instrument->n_items;
    scorer->n_scales = instrument->n_scales;
    scorer->n_standards = instrument->n_standards;
    scorer->n_flags = instrument->n_flags;
    scorer->only_informant = only_informant(instrument);
    scorer->shifted = scorer->variant->shift != 0 && scorer->n_standards > 0;
    scorer->kernels = psyi_kernels_choose();
    const psy_status status = find_populations(scorer, population, error);
    if (status != PSY_OK)
        return status;
    if (!psyi_plan_items(scorer) || !psyi_plan_scales(scorer) || !psyi_plan_standards(scorer) ||
        !psyi_plan_bands(scorer))
        return psyi_fail_memory(error, "a scorer");
    return PSY_OK;
}

psy_status psyi_scorer_new(psyi_scorer **out, const psy_instrument *instrument, unsigned variant,
                           const char *population, const psy_allocator *allocator, psy_error *error)
{
    psyi_scorer *const scorer = psyi_alloc(allocator, 1, sizeof *scorer);
    if (scorer == NULL)
        return psyi_fail_memory(error, "a scorer");
    scorer->allocator = allocator;
    scorer->instrument = instrument;
    psyi_arena_init(&scorer->arena, allocator);
    const psy_status status = fill(scorer, variant, population, error);
    if (status != PSY_OK) {
        psyi_scorer_free(scorer);
        return status;
    }
    *out = scorer;
    return PSY_OK;
}

void psyi_scorer_free(psyi_scorer *scorer)
{
    if (scorer == NULL)
        return;
    psyi_arena_done(&scorer->arena);
    psyi_free(scorer->allocator, scorer);
}

const psy_instrument *psyi_scorer_instrument(const psyi_scorer *scorer)
{
    return scorer->instrument;
}

const psyi_scale *psyi_scorer_scale(const psyi_scorer *scorer, size_t scale)
{
    return &scorer->scales[scale];
}

size_t psyi_scorer_population(const psyi_scorer *scorer, size_t scale)
{
    return scorer->population[scale];
}
