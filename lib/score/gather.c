/*
 * gather.c -- columns of any 64 sheets, for rules above the sheet and for printing.
 *
 * A sheet that is not there, or was not given, is absent: its operand leaves the rule.  A
 * score that is not there says why: blank (with its bounds, where they are finite) or for
 * want of a norm, sex, grade, age or informant, which is a matter of repairing data.
 */
#include "score/compiled.h"

#include <string.h>

static bool is_there(const psyi_scores *scores, uint32_t sheet)
{
    return sheet < scores->n_sheets &&
           (scores->sheets->given[sheet / PSYI_LANES] >> (sheet % PSYI_LANES) & 1) != 0;
}

static void clear(psyi_numbers *out)
{
    out->known = out->bounded = out->absent = out->blank = out->no_norm = out->no_record = 0;
}

static void know(psyi_numbers *out, unsigned lane, psyi_ratio value)
{
    out->value[lane] = out->low[lane] = out->high[lane] = value;
    out->known |= (psyi_mask)1 << lane;
    out->bounded |= (psyi_mask)1 << lane;
}

/* The lanes of a number's or a token's result that have none, by cause. */
typedef struct missing_masks {
    psyi_mask *absent, *blank, *no_norm;
} missing_masks;

/* Why a scale has no score on this sheet. */
static int why_not(const psyi_scores *scores, size_t scale, size_t sheet)
{
    psyi_bounds bounds;
    if (scores->status[psyi_scale_at(scores, scale, sheet)] == PSYI_NOT_GIVEN)
        return PSYI_WHY_ABSENT;
    if (!psyi_kept_score(scores, scale, sheet, &bounds))
        return PSYI_WHY_OTHER;
    return bounds.low_den != 0 || (bounds.low_num & PSYI_WHY_BLANK) != 0 ? PSYI_WHY_BLANK
                                                                         : PSYI_WHY_OTHER;
}

/* Where a scale that should have given a number or a band has none: notes on `lane` why.  false:
 * the scale was not given at all, and nothing more is to be said. */
static bool note_why(const psyi_scores *scores, size_t scale, size_t sheet, psyi_mask bit,
                     const missing_masks *out)
{
    switch (why_not(scores, scale, sheet)) {
    case PSYI_WHY_ABSENT:
        *out->absent |= bit;
        return false;
    case PSYI_WHY_BLANK:
        *out->blank |= bit;
        return true;
    default:
        *out->no_norm |= bit;
        return true;
    }
}

static void score_lane(const psyi_scores *scores, size_t scale, size_t sheet, unsigned lane,
                       psyi_numbers *out)
{
    const psyi_mask bit = (psyi_mask)1 << lane;
    const psyi_score cell = psyi_score_of(scores, scale, sheet);
    const missing_masks missing = {&out->absent, &out->blank, &out->no_norm};
    psyi_bounds bounds;
    if (cell.den != 0)
        know(out, lane, psyi_score_ratio(cell));
    else if (!note_why(scores, scale, sheet, bit, &missing))
        return;
    if (!psyi_kept_score(scores, scale, sheet, &bounds) || bounds.low_den == 0)
        return;
    out->low[lane] = (psyi_ratio){bounds.low_num, bounds.low_den};
    out->high[lane] = (psyi_ratio){bounds.high_num, bounds.high_den};
    out->bounded |= bit;
}

static void standard_lane(const psyi_scores *scores, size_t standard, size_t sheet, unsigned lane,
                          psyi_numbers *out)
{
    const psyi_mask bit = (psyi_mask)1 << lane;
    const psyi_standard_plan *const plan = &scores->scorer->standard[standard];
    const int32_t cell = psyi_standard_of(scores, standard, sheet);
    const missing_masks missing = {&out->absent, &out->blank, &out->no_norm};
    int32_t bounds[2];
    if (cell != PSYI_NO_STANDARD)
        know(out, lane, psyi_ratio_make(cell, plan->ten));
    else if (psyi_score_of(scores, plan->scale, sheet).den != 0)
        out->no_norm |= bit;
    else if (!note_why(scores, plan->scale, sheet, bit, &missing))
        return;
    if (!psyi_kept_standard(scores, standard, sheet, bounds))
        return;
    psyi_put_standard_bounds(bounds, plan->ten, lane, out);
}

void psyi_put_standard_bounds(const int32_t bounds[2], int32_t ten, unsigned lane,
                              psyi_numbers *out)
{
    const psyi_mask bit = (psyi_mask)1 << lane;
    if (bounds[0] != PSYI_NO_STANDARD) {
        out->low[lane] = psyi_ratio_make(bounds[0], ten);
        out->high[lane] = psyi_ratio_make(bounds[1], ten);
        out->bounded |= bit;
    } else if ((bounds[1] & PSYI_OPEN_OTHER) != 0) {
        out->no_norm |= bit;
    }
}

void psyi_scores_number(const psyi_scores *scores, uint32_t column, const uint32_t *sheets,
                        psyi_mask lanes, psyi_numbers *out)
{
    const unsigned index = psyi_column_index(column);
    clear(out);
    memset(out->value, 0, sizeof out->value);
    out->absent = ~lanes;
    for (; lanes != 0; lanes &= lanes - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(lanes);
        const uint32_t sheet = sheets[lane];
        if (!is_there(scores, sheet)) {
            out->absent |= (psyi_mask)1 << lane;
            continue;
        }
        switch (psyi_column_kind_of(column)) {
        case PSYI_COLUMN_SCORE:
            score_lane(scores, index, sheet, lane, out);
            break;
        case PSYI_COLUMN_ANSWERED:
            if (scores->status[psyi_scale_at(scores, index, sheet)] == PSYI_NOT_GIVEN)
                out->absent |= (psyi_mask)1 << lane;
            else
                know(out, lane, (psyi_ratio){psyi_score_of(scores, index, sheet).answered, 1});
            break;
        case PSYI_COLUMN_STANDARD:
            standard_lane(scores, psyi_column_sub(column), sheet, lane, out);
            break;
        default:
            out->absent |= (psyi_mask)1 << lane;
        }
    }
}

void psyi_scores_truth(const psyi_scores *scores, uint32_t column, const uint32_t *sheets,
                       psyi_mask lanes, psyi_truths *out)
{
    const unsigned flag = psyi_column_index(column);
    *out = (psyi_truths){.absent = ~lanes};
    for (; lanes != 0; lanes &= lanes - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(lanes);
        const uint32_t sheet = sheets[lane];
        const psyi_mask bit = (psyi_mask)1 << lane;
        if (!is_there(scores, sheet)) {
            out->absent |= bit;
            continue;
        }
        const size_t at = psyi_flag_at(scores, flag, sheet / PSYI_LANES);
        const psyi_mask from = (psyi_mask)1 << (sheet % PSYI_LANES);
        const bool yes = (scores->flag_yes[at] & from) != 0;
        const bool no = (scores->flag_no[at] & from) != 0;
        const bool maybe = (scores->flag_maybe[at] & from) != 0;
        if (yes || no) {
            out->yes |= yes ? bit : 0;
            out->no |= no ? bit : 0;
            out->maybe_yes |= yes || maybe ? bit : 0;
            out->maybe_no |= no || maybe ? bit : 0;
        } else if ((scores->flag_absent[at] & from) != 0) {
            out->absent |= bit;
        } else {
            out->maybe_yes |= bit;
            out->maybe_no |= bit;
            if ((scores->flag_blank[at] & from) != 0)
                out->blank |= bit;
            else
                out->no_norm |= bit;
        }
    }
}

static void band_lane(const psyi_scores *scores, size_t scale, size_t band, size_t sheet,
                      unsigned lane, psyi_tokens *out)
{
    const psyi_mask bit = (psyi_mask)1 << lane;
    const uint8_t cell = scores->band[psyi_band_at(scores, band, sheet)];
    const missing_masks missing = {&out->absent, &out->blank, &out->no_norm};
    uint8_t bounds[2];
    if (cell != PSYI_NO_BAND) {
        out->value[lane] = cell;
        out->known |= bit;
    } else if (psyi_score_of(scores, scale, sheet).den != 0) {
        out->no_norm |= bit;
    } else if (!note_why(scores, scale, sheet, bit, &missing)) {
        return;
    }
    if (!psyi_kept_band(scores, scale, band, sheet, bounds))
        return;
    if (bounds[0] != PSYI_NO_BAND) {
        out->low[lane] = bounds[0];
        out->high[lane] = bounds[1];
        out->bounded |= bit;
    } else if ((bounds[1] & PSYI_OPEN_OTHER) != 0) {
        out->no_norm |= bit;
    }
}

void psyi_scores_token(const psyi_scores *scores, uint32_t column, const uint32_t *sheets,
                       psyi_mask lanes, psyi_tokens *out)
{
    const unsigned scale = psyi_column_index(column), sub = psyi_column_sub(column);
    const psyi_scorer *const scorer = scores->scorer;
    out->known = out->bounded = out->blank = out->no_norm = out->no_record = 0;
    out->absent = ~lanes;
    const bool has_bands =
        psyi_column_kind_of(column) == PSYI_COLUMN_BAND && scorer->scale[scale].n_bands > 0;
    const size_t population = sub > 0 ? sub - 1 : has_bands ? scorer->population[scale] : 0;
    for (; lanes != 0; lanes &= lanes - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(lanes);
        if (!has_bands || !is_there(scores, sheets[lane]))
            out->absent |= (psyi_mask)1 << lane;
        else
            band_lane(scores, scale, scorer->scale[scale].first_band + population, sheets[lane],
                      lane, out);
    }
}

/* ---- items ---------------------------------------------------------------------------- */

/* The gate that skipped this item on this sheet, or NULL. */
static const psyi_gate *skipped_by(const psyi_scores *scores, unsigned item, size_t sheet)
{
    const psyi_scorer *const scorer = scores->scorer;
    const psyi_gate *last = NULL;
    for (size_t i = 0; i < scorer->n_skips; i++) {
        const psyi_mask mask = scores->skipped[sheet / PSYI_LANES * scorer->n_skips + i];
        if (scorer->skips[i].item == item && (mask >> (sheet % PSYI_LANES) & 1) != 0)
            last = &scorer->instrument->gates[scorer->skips[i].gate];
    }
    return last;
}

static int32_t given_value(const psyi_scores *scores, unsigned item, bool answer, size_t sheet,
                           uint8_t byte)
{
    const psy_instrument *const instrument = scores->scorer->instrument;
    const psyi_item *const from = &instrument->items[item];
    if (instrument->responses[from->response].kind == PSYI_CODED)
        return answer ? scores->scorer->items[item].given[byte] : from->scores[byte];
    return scores->sheets->numbers[item][sheet];
}

void psyi_scores_item(const psyi_scores *scores, unsigned item, bool answer, const uint32_t *sheets,
                      psyi_mask lanes, psyi_item_lanes *out)
{
    const psy_instrument *const instrument = scores->scorer->instrument;
    psyi_item_frame(scores->scorer, item, answer, out);
    out->known = out->blank = out->refused = 0;
    out->absent = ~lanes;
    memset(out->value, 0, sizeof out->value);
    for (; lanes != 0; lanes &= lanes - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(lanes);
        const uint32_t sheet = sheets[lane];
        const psyi_mask bit = (psyi_mask)1 << lane;
        if (!is_there(scores, sheet)) {
            out->absent |= bit;
            continue;
        }
        const uint8_t byte = *psyi_sheets_byte(scores->sheets, sheet, item);
        if (byte < PSYI_BLANK) {
            out->value[lane] = given_value(scores, item, answer, sheet, byte);
            out->known |= bit;
            continue;
        }
        const psyi_gate *const gate = skipped_by(scores, item, sheet);
        if (gate != NULL && gate->has_value && !answer) {
            out->value[lane] = gate->value * instrument->items[item].scale;
            out->known |= bit;
        } else if (gate != NULL || byte == PSYI_NOT_APPLICABLE ||
                   (byte == PSYI_SKIPPED && scores->scorer->items[item].may_skip)) {
            out->absent |= bit;
        } else {
            out->blank |= bit;
            if (byte == PSYI_REFUSED)
                out->refused |= bit;
        }
    }
}

/* ---- one sheet ------------------------------------------------------------------------ */

psyi_ratio psyi_scores_value(const psyi_scores *scores, size_t scale, size_t sheet)
{
    const psyi_score cell = psyi_score_of(scores, scale, sheet);
    return cell.den == 0 ? PSYI_RATIO_NONE : psyi_score_ratio(cell);
}

bool psyi_scores_bounds(const psyi_scores *scores, size_t scale, size_t sheet, psyi_ratio *low,
                        psyi_ratio *high)
{
    psyi_bounds bounds;
    const psyi_score cell = psyi_score_of(scores, scale, sheet);
    *low = *high = psyi_scores_value(scores, scale, sheet);
    if (!psyi_kept_score(scores, scale, sheet, &bounds) || bounds.low_den == 0)
        return false;
    *low = (psyi_ratio){bounds.low_num, bounds.low_den};
    *high = (psyi_ratio){bounds.high_num, bounds.high_den};
    return cell.den == 0 || bounds.low_num != cell.num || bounds.low_den != cell.den ||
           bounds.high_num != cell.num || bounds.high_den != cell.den;
}

psyi_ratio psyi_scores_standard(const psyi_scores *scores, size_t standard, size_t sheet)
{
    const int32_t cell = psyi_standard_of(scores, standard, sheet);
    return cell == PSYI_NO_STANDARD ? PSYI_RATIO_NONE
                                    : psyi_ratio_make(cell, scores->scorer->standard[standard].ten);
}

const char *psyi_scores_band(const psyi_scores *scores, size_t scale, size_t population,
                             size_t sheet)
{
    const psyi_scale_plan *const plan = &scores->scorer->scale[scale];
    if (population >= plan->n_bands)
        return NULL;
    const char *const *ids = NULL;
    const size_t n = psyi_scale_bands(plan->scale, (unsigned)population, &ids);
    const uint8_t cell = scores->band[psyi_band_at(scores, plan->first_band + population, sheet)];
    return cell < n ? ids[cell] : NULL;
}

int psyi_scores_flag(const psyi_scores *scores, size_t flag, size_t sheet)
{
    const size_t at = psyi_flag_at(scores, flag, sheet / PSYI_LANES);
    if ((scores->flag_yes[at] >> (sheet % PSYI_LANES) & 1) != 0)
        return 1;
    return (scores->flag_no[at] >> (sheet % PSYI_LANES) & 1) != 0 ? 0 : -1;
}
