/*
 * flags.c -- flags in three values, and critical items that were left blank.
 *
 * Flags need no person unless their rule asks for one.  A critical item counts as unanswered
 * when it was asked, on a form that was answered far enough to mean something; an item the
 * form does not carry, or a gate did not ask, is neither blank nor part of the form.
 */
#include "score/compiled.h"

static psyi_mask unanswered(const psyi_tile *tile)
{
    const psyi_scorer *const scorer = tile->scorer;
    const psy_instrument *const instrument = scorer->instrument;
    psyi_mask blank = 0, far = 0;
    for (size_t i = 0; i < instrument->n_critical_items; i++)
        blank |= tile->blank[instrument->critical_items[i]];
    if (blank == 0)
        return 0;
    uint16_t answered[PSYI_LANES], blanks[PSYI_LANES];
    psyi_count_lanes(tile->answered, scorer->scored_items, scorer->n_scored, answered);
    psyi_count_lanes(tile->blank, scorer->scored_items, scorer->n_scored, blanks);
    const psyi_ratio share = instrument->critical_share;
    PSYI_EACH_LANE(lane, blank)
    {
        const int64_t carried = answered[lane] + blanks[lane];
        if (carried > 0 && answered[lane] * share.den >= share.num * carried)
            far |= (psyi_mask)1 << lane;
    }
    return blank & far;
}

void psyi_tile_flag(psyi_tile *tile, unsigned flag)
{
    const psyi_scorer *const scorer = tile->scorer;
    const psyi_flag *const from = &scorer->instrument->flags[flag];
    psyi_scores *const scores = tile->scores;
    const size_t at = psyi_flag_at(scores, flag, tile->tile);
    if (from->when == NULL) {
        scores->flag_yes[at] = unanswered(tile) & tile->given;
        scores->flag_no[at] = tile->given & ~scores->flag_yes[at];
        return;
    }
    psyi_truths *const truths = &tile->truths;
    psyi_mask trouble = 0;
    psyi_program_truth(from->when, &tile->block, tile->workspace, truths, &trouble);
    const psyi_mask decided = truths->yes | truths->no;
    scores->flag_yes[at] = truths->yes & tile->given;
    scores->flag_no[at] = truths->no & tile->given;
    scores->flag_blank[at] = truths->blank & tile->given & ~decided & ~truths->absent;
    scores->flag_absent[at] = truths->absent & tile->given;
    scores->flag_maybe[at] =
        ((truths->yes & truths->maybe_no) | (truths->no & truths->maybe_yes)) & tile->given;
    psyi_tile_event(tile, PSYI_EVENT_TROUBLE, scorer->n_scales + flag, trouble & tile->given);
}
