/*
 * standard_score.c -- standard scores of 64 sheets by the person's norm group.
 *
 * A score without a group, outside the table or unknown has none.  Norms speak of the
 * default coding variant, so a shifted variant is looked up by its default score; bounds of
 * incomplete sheets are then left open.
 */
#include "score/compiled.h"

void psyi_standard_open(psyi_tile *tile, unsigned standard, unsigned lane, int32_t why)
{
    int32_t *const bounds = &tile->standard_bounds[(standard * PSYI_LANES + lane) * 2];
    bounds[0] = PSYI_NO_STANDARD;
    bounds[1] = why;
}

/* What the standard score could be, for an open lane. */
static void bound(psyi_tile *tile, unsigned standard, unsigned lane, int group)
{
    const psyi_standard_plan *const plan = &tile->scorer->standard[standard];
    const psyi_bounds *const raw = &tile->bounds[plan->scale * PSYI_LANES + lane];
    const psyi_scale *const scale = tile->scorer->scale[plan->scale].scale;
    if (raw->low_den == 0 && (raw->low_num & PSYI_WHY_BLANK) == 0) {
        psyi_standard_open(tile, standard, lane, PSYI_OPEN_OTHER);
        return;
    }
    if (group < 0) {
        psyi_standard_open(tile, standard, lane, PSYI_OPEN_BLANK | PSYI_OPEN_OTHER);
        return;
    }
    const size_t at = plan->scale * PSYI_LANES + lane;
    const int32_t *const table = plan->tables[group];
    if (plan->norm->kind != PSYI_NORM_TABLE && table != NULL && !tile->scorer->shifted &&
        (tile->bound_indexed[plan->scale] >> lane & 1) != 0) {
        const bool falling = tile->scorer->scale[plan->scale].falling;
        int32_t *const ends = &tile->standard_bounds[(standard * PSYI_LANES + lane) * 2];
        ends[0] = table[falling ? tile->high_index[at] : tile->low_index[at]];
        ends[1] = table[falling ? tile->low_index[at] : tile->high_index[at]];
        if (ends[0] == PSYI_NO_STANDARD || ends[1] == PSYI_NO_STANDARD)
            psyi_standard_open(tile, standard, lane, PSYI_OPEN_BLANK);
        return;
    }
    psyi_ratio least, greatest;
    if (raw->low_den == 0 || tile->scorer->shifted ||
        !psyi_norm_range(
            plan->norm, plan->groups[group], plan->metric, (psyi_ratio){raw->low_num, raw->low_den},
            (psyi_ratio){raw->high_num, raw->high_den}, scale->integer,
            psyi_norm_age(plan->norm, tile->person[lane].age, tile->person[lane].months), &least,
            &greatest)) {
        psyi_standard_open(tile, standard, lane, PSYI_OPEN_BLANK);
        return;
    }
    int32_t *const bounds = &tile->standard_bounds[(standard * PSYI_LANES + lane) * 2];
    bounds[0] = psyi_standard_pack(least, plan->ten);
    bounds[1] = psyi_standard_pack(greatest, plan->ten);
    if (bounds[0] == PSYI_NO_STANDARD || bounds[1] == PSYI_NO_STANDARD)
        psyi_standard_open(tile, standard, lane, PSYI_OPEN_BLANK);
}

/* Lanes with a score that nothing leaves open, by one table of all groups: no branch for any of
 * them, and those that are not asked for are emptied again. */
static psyi_mask look_up_whole(const psyi_tile *tile, unsigned standard, const uint32_t *index,
                               int32_t *cell)
{
    const psyi_standard_plan *const plan = &tile->scorer->standard[standard];
    const uint32_t n_table = (uint32_t)tile->scorer->scale[plan->scale].n_table;
    const psyi_mask lanes = tile->given & tile->known[plan->scale] & tile->indexed[plan->scale] &
                            ~tile->open[plan->scale];
    if (plan->flat == NULL || lanes == 0)
        return 0;
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        const uint32_t at = index[lane] < n_table ? index[lane] : 0; /* of another's leftovers */
        cell[lane] = plan->flat[plan->flat_of[tile->class_of[lane]] + at];
    }
    PSYI_EACH_LANE(lane, ~lanes)
    {
        cell[lane] = PSYI_NO_STANDARD;
    }
    return lanes;
}

/* Lanes whose score stands in a table of their group, with bounds; they are done. */
static psyi_mask look_up(psyi_tile *tile, unsigned standard, const uint32_t *index, int32_t *cell)
{
    const psyi_standard_plan *const plan = &tile->scorer->standard[standard];
    const size_t first = plan->scale * PSYI_LANES;
    const bool falling = tile->scorer->scale[plan->scale].falling;
    const uint32_t *const lows = (falling ? tile->high_index : tile->low_index) + first;
    const uint32_t *const highs = (falling ? tile->low_index : tile->high_index) + first;
    const psyi_bounds *const raw = &tile->bounds[first];
    int32_t *const ends = &tile->standard_bounds[standard * PSYI_LANES * 2];
    const psyi_mask open = tile->open[plan->scale];
    psyi_mask done = look_up_whole(tile, standard, index, cell);
    if (plan->norm->kind == PSYI_NORM_TABLE)
        return done; /* may have gaps between two of its scores: bounds are not looked up */
    const psyi_mask lanes = tile->given & tile->known[plan->scale] & tile->indexed[plan->scale] &
                            open & tile->bound_indexed[plan->scale];
    PSYI_EACH_LANE(lane, lanes)
    {
        const int group = plan->group_of[tile->class_of[lane]];
        const int32_t *const table = group < 0 ? NULL : plan->tables[group];
        const psyi_mask bit = (psyi_mask)1 << lane;
        if (table == NULL || raw[lane].low_den == 0)
            continue;
        cell[lane] = table[index[lane]];
        done |= bit;
        ends[lane * 2] = table[lows[lane]];
        ends[lane * 2 + 1] = table[highs[lane]];
        if (ends[lane * 2] == PSYI_NO_STANDARD || ends[lane * 2 + 1] == PSYI_NO_STANDARD)
            psyi_standard_open(tile, standard, lane, PSYI_OPEN_BLANK);
    }
    return done;
}

void psyi_tile_standard(psyi_tile *tile, unsigned standard)
{
    const psyi_scorer *const scorer = tile->scorer;
    const psyi_standard_plan *const plan = &scorer->standard[standard];
    int32_t *const cell = &tile->standard[standard * PSYI_LANES];
    const psyi_score *const raw = &tile->score[plan->scale * PSYI_LANES];
    const uint32_t *const index = &tile->index[plan->scale * PSYI_LANES];
    if (plan->pattern != NULL) {
        psyi_tile_pattern(tile, standard);
        return;
    }
    psyi_mask left = tile->given;
    if (plan->group_of != NULL && plan->norm != NULL && !scorer->shifted)
        left &= ~look_up(tile, standard, index, cell);
    PSYI_EACH_LANE(lane, left)
    {
        const psyi_mask bit = (psyi_mask)1 << lane;
        const int group = plan->group_of != NULL
                              ? plan->group_of[tile->class_of[lane]]
                              : psyi_norm_group_of(scorer, plan, &tile->person[lane]);
        if ((tile->open[plan->scale] & bit) != 0)
            bound(tile, standard, lane, group);
        if (group < 0 || (tile->known[plan->scale] & bit) == 0)
            continue;
        if ((tile->indexed[plan->scale] & bit) != 0 && plan->tables[group] != NULL) {
            cell[lane] = plan->tables[group][index[lane]];
            continue;
        }
        const psyi_ratio value = scorer->shifted ? tile->base_score[plan->scale * PSYI_LANES + lane]
                                                 : psyi_score_ratio(raw[lane]);
        if (value.den == 0)
            continue; /* printed, but not there in the default variant */
        /* A sum with a missing answer is no sum that item response theory has a table for. */
        if (plan->norm->kind == PSYI_NORM_IRT && (tile->estimated[plan->scale] & bit) != 0)
            continue;
        cell[lane] = psyi_standard_pack(
            psyi_norm_standard_at(
                plan->norm, plan->groups[group], plan->metric, value,
                psyi_norm_age(plan->norm, tile->person[lane].age, tile->person[lane].months)),
            plan->ten);
    }
}
