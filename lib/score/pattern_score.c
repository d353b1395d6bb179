/*
 * pattern_score.c -- norms by answer pattern: the trait that the answered items speak for.
 *
 * A missing answer is left out of the likelihood, so a sheet with blanks has a score as soon
 * as enough items are answered.  Bounds of a sheet with blanks are the patterns with all of
 * them at their lowest and at their highest: the estimate rises with every item.  Whom the scale
 * is not for, or of whom nothing of it was asked, has none, whatever else he answered; and a form
 * with too many blanks has bounds alone.
 */
#include "score/compiled.h"

#include <math.h>

enum { FILL_NONE, FILL_LOWEST, FILL_HIGHEST };

bool psyi_plan_patterns(psyi_scorer *scorer, psyi_standard_plan *plan)
{
    if (plan->norm == NULL || plan->norm->kind != PSYI_NORM_IRT || !plan->norm->by_pattern)
        return true;
    scorer->scale[plan->scale].by_pattern = true;
    plan->pattern = psyi_arena_alloc(&scorer->arena, plan->n_groups + 1, sizeof(uint16_t *));
    if (plan->pattern == NULL)
        return false;
    for (size_t g = 0; g < plan->n_groups; g++) {
        const psyi_norm_model *const model = plan->groups[g]->model;
        uint16_t *const items = psyi_arena_alloc(&scorer->arena, model->n, sizeof *items);
        if (items == NULL)
            return false;
        for (size_t i = 0; i < model->n; i++) /* checked when the norm was attached */
            items[i] = (uint16_t)psyi_find_item(scorer->instrument, model->items[i]);
        plan->pattern[g] = items;
    }
    return true;
}

typedef struct patterns { /* 64 sheets, as psy_irt_score takes them */
    double *scores;       /* [lane * n + item] */
    double theta[PSYI_LANES];
    unsigned answered[PSYI_LANES];
} patterns;

static void gather(const psyi_tile *tile, const psyi_norm_model *model, const uint16_t *items,
                   int fill, patterns *out)
{
    psyi_item_lanes lanes;
    for (unsigned lane = 0; lane < PSYI_LANES; lane++)
        out->answered[lane] = 0;
    for (size_t i = 0; i < model->n; i++) {
        psyi_tile_item(tile, items[i], false, &lanes);
        for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
            const psyi_mask bit = (psyi_mask)1 << lane;
            double *const score = &out->scores[lane * model->n + i];
            *score = NAN;
            if ((lanes.known & bit) != 0) {
                *score = (double)(lanes.value[lane] - lanes.low);
                out->answered[lane]++;
            } else if (fill != FILL_NONE && (lanes.blank & bit) != 0) {
                *score = fill == FILL_LOWEST ? 0 : (double)model->highest[i];
            }
        }
    }
}

static bool estimate(psyi_tile *tile, const psyi_standard_plan *plan, size_t group, int fill,
                     patterns *out)
{
    const psyi_norm_model *const model = plan->groups[group]->model;
    gather(tile, model, plan->pattern[group], fill, out);
    const psy_status status = psy_irt_score(model->irt, plan->norm->method, out->scores, PSYI_LANES,
                                            out->theta, NULL, NULL);
    tile->no_memory = tile->no_memory || status == PSY_E_NOMEM;
    return status == PSY_OK;
}

static void bound(psyi_tile *tile, unsigned standard, const psyi_standard_plan *plan, size_t group,
                  psyi_mask lanes, patterns *work)
{
    for (int end = 0; end < 2; end++) {
        if (!estimate(tile, plan, group, end == 0 ? FILL_LOWEST : FILL_HIGHEST, work))
            return;
        PSYI_EACH_LANE(lane, lanes)
        {
            int32_t *const bounds = &tile->standard_bounds[(standard * PSYI_LANES + lane) * 2];
            if (end == 1 && bounds[0] == PSYI_NO_STANDARD)
                continue;
            bounds[end] = psyi_standard_pack(
                psyi_z_standard(plan->norm, plan->metric, work->theta[lane]), plan->ten);
            if (bounds[end] == PSYI_NO_STANDARD)
                psyi_standard_open(tile, standard, lane, PSYI_OPEN_BLANK);
        }
    }
}

static void score_group(psyi_tile *tile, unsigned standard, size_t group, psyi_mask lanes)
{
    const psyi_standard_plan *const plan = &tile->scorer->standard[standard];
    int32_t *const cell = &tile->standard[standard * PSYI_LANES];
    const size_t n = plan->groups[group]->model->n;
    patterns work = {.scores = psyi_alloc(tile->scorer->allocator, PSYI_LANES * n, sizeof(double))};
    if (work.scores == NULL) {
        tile->no_memory = true;
        return;
    }
    if (estimate(tile, plan, group, FILL_NONE, &work))
        PSYI_EACH_LANE(lane, lanes)
        {
            if (work.answered[lane] >= plan->norm->answered && (tile->form_void >> lane & 1) == 0)
                cell[lane] = psyi_standard_pack(
                    psyi_z_standard(plan->norm, plan->metric, work.theta[lane]), plan->ten);
        }
    if ((lanes & tile->open[plan->scale]) != 0)
        bound(tile, standard, plan, group, lanes & tile->open[plan->scale], &work);
    psyi_free(tile->scorer->allocator, work.scores);
}

void psyi_tile_pattern(psyi_tile *tile, unsigned standard)
{
    const psyi_scorer *const scorer = tile->scorer;
    const psyi_standard_plan *const plan = &scorer->standard[standard];
    int32_t *const cell = &tile->standard[standard * PSYI_LANES];
    const psyi_mask none = tile->why_absent[plan->scale] | tile->why_other[plan->scale];
    psyi_mask of_group = 0;
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        const psyi_mask bit = (psyi_mask)1 << lane;
        cell[lane] = PSYI_NO_STANDARD;
        if ((tile->open[plan->scale] & bit) != 0)
            psyi_standard_open(tile, standard, lane,
                               (none & bit) != 0 ? PSYI_OPEN_OTHER
                                                 : PSYI_OPEN_BLANK | PSYI_OPEN_OTHER);
    }
    for (size_t group = 0; group < plan->n_groups; group++) {
        of_group = 0;
        PSYI_EACH_LANE(lane, tile->given & ~none)
        {
            const int own = plan->group_of != NULL
                                ? plan->group_of[tile->class_of[lane]]
                                : psyi_norm_group_of(scorer, plan, &tile->person[lane]);
            if (own == (int)group)
                of_group |= (psyi_mask)1 << lane;
        }
        if (of_group != 0)
            score_group(tile, standard, group, of_group);
    }
}
