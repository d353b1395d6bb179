/*
 * tile_block.c -- the columns of a tile as programs of the instrument read them.
 *
 * Columns that come later in the definition's order are not there yet; the order was made so
 * that nobody asks.  `.band` inside an instrument is always the first population: its rules
 * were written, and their band names checked, against that one.
 */
#include "score/compiled.h"

#include <string.h>

static void nothing(psyi_numbers *out)
{
    out->known = out->bounded = out->absent = out->blank = out->no_norm = out->no_record = 0;
}

static void copy_causes(const psyi_tile *tile, unsigned scale, psyi_mask *absent, psyi_mask *blank,
                        psyi_mask *no_norm)
{
    *absent = tile->why_absent[scale] | ~tile->given;
    *blank = tile->why_blank[scale];
    *no_norm = tile->why_other[scale];
}

static void score_column(const psyi_tile *tile, unsigned scale, psyi_numbers *out)
{
    const psyi_score *const cell = &tile->score[scale * PSYI_LANES];
    out->known = out->bounded = tile->known[scale];
    copy_causes(tile, scale, &out->absent, &out->blank, &out->no_norm);
    PSYI_EACH_LANE(lane, out->known)
    {
        out->value[lane] = out->low[lane] = out->high[lane] =
            tile->canonical ? tile->base_score[scale * PSYI_LANES + lane]
                            : psyi_score_ratio(cell[lane]);
    }
    out->no_record = 0;
    if (tile->canonical) { /* for norms, which need no bounds */
        PSYI_EACH_LANE(lane, out->known)
        {
            if (out->value[lane].den == 0)
                out->known = out->bounded = out->known & ~((psyi_mask)1 << lane);
        }
        return;
    }
    PSYI_EACH_LANE(lane, tile->open[scale])
    {
        const psyi_bounds *const bounds = &tile->bounds[scale * PSYI_LANES + lane];
        if (bounds->low_den == 0)
            continue;
        out->low[lane] = (psyi_ratio){bounds->low_num, bounds->low_den};
        out->high[lane] = (psyi_ratio){bounds->high_num, bounds->high_den};
        out->bounded |= (psyi_mask)1 << lane;
    }
}

static void answered_column(const psyi_tile *tile, unsigned scale, psyi_numbers *out)
{
    const psyi_score *const cell = &tile->score[scale * PSYI_LANES];
    nothing(out);
    out->known = out->bounded = tile->given & ~tile->why_absent[scale];
    out->absent = ~out->known;
    for (size_t lane = 0; lane < PSYI_LANES; lane++)
        out->value[lane] = out->low[lane] = out->high[lane] = (psyi_ratio){cell[lane].answered, 1};
}

static void standard_column(const psyi_tile *tile, unsigned standard, psyi_numbers *out)
{
    const psyi_standard_plan *const plan = &tile->scorer->standard[standard];
    const int32_t *const cell = &tile->standard[standard * PSYI_LANES];
    nothing(out);
    out->absent = tile->why_absent[plan->scale] | ~tile->given;
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        const psyi_mask bit = (psyi_mask)1 << lane;
        if (cell[lane] != PSYI_NO_STANDARD) {
            out->value[lane] = out->low[lane] = out->high[lane] =
                psyi_ratio_make(cell[lane], plan->ten);
            out->known |= bit;
            out->bounded |= bit;
        } else if ((tile->known[plan->scale] & bit) != 0) {
            out->no_norm |= bit;
        }
        if ((tile->open[plan->scale] & bit) == 0)
            continue;
        psyi_put_standard_bounds(&tile->standard_bounds[(standard * PSYI_LANES + lane) * 2],
                                 plan->ten, lane, out);
    }
    out->blank = tile->why_blank[plan->scale];
    out->no_norm |= tile->why_other[plan->scale];
}

static unsigned student_number(const psyi_person *person, unsigned field, bool *known)
{
    const int value = field == PSYI_STUDENT_GRADE ? person->grade : person->age;
    *known = field == PSYI_STUDENT_GRADE ? value > 0 : value >= 0;
    return *known ? (unsigned)value : 0;
}

static void student_column(const psyi_tile *tile, unsigned field, psyi_numbers *out)
{
    nothing(out);
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        bool known;
        const unsigned value = student_number(&tile->person[lane], field, &known);
        out->value[lane] = out->low[lane] = out->high[lane] = (psyi_ratio){value, 1};
        out->known |= (psyi_mask)known << lane;
    }
    out->bounded = out->known;
    out->no_norm = ~out->known;
}

static void number(const void *context, uint32_t column, psyi_numbers *out)
{
    const psyi_tile *const tile = context;
    const unsigned index = psyi_column_index(column);
    switch (psyi_column_kind_of(column)) {
    case PSYI_COLUMN_SCORE:
        score_column(tile, index, out);
        break;
    case PSYI_COLUMN_ANSWERED:
        answered_column(tile, index, out);
        break;
    case PSYI_COLUMN_STANDARD:
        standard_column(tile, psyi_column_sub(column), out);
        break;
    case PSYI_COLUMN_STUDENT:
        student_column(tile, index, out);
        break;
    default:
        nothing(out);
        out->absent = ~(psyi_mask)0;
    }
}

static void truth(const void *context, uint32_t column, psyi_truths *out)
{
    const psyi_tile *const tile = context;
    const psyi_scores *const scores = tile->scores;
    const size_t at = psyi_flag_at(scores, psyi_column_index(column), tile->tile);
    out->yes = scores->flag_yes[at];
    out->no = scores->flag_no[at];
    out->absent = scores->flag_absent[at] | ~tile->given;
    const psyi_mask open = ~(out->yes | out->no | out->absent);
    out->maybe_yes = out->yes | open | (out->no & scores->flag_maybe[at]);
    out->maybe_no = out->no | open | (out->yes & scores->flag_maybe[at]);
    out->blank = scores->flag_blank[at];
    out->no_norm = open & ~out->blank;
}

static void student_token(const psyi_tile *tile, unsigned field, psyi_tokens *out)
{
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        const psyi_person *const person = &tile->person[lane];
        const unsigned value = field == PSYI_STUDENT_SEX     ? person->sex
                               : field == PSYI_STUDENT_STAGE ? psyi_stage_of(person->grade)
                                                             : person->informant;
        out->value[lane] = value > 0 ? (uint8_t)(value - 1) : 0;
        out->known |= (psyi_mask)(value > 0) << lane;
    }
    out->no_norm = ~out->known;
}

static void token(const void *context, uint32_t column, psyi_tokens *out)
{
    const psyi_tile *const tile = context;
    const unsigned index = psyi_column_index(column), sub = psyi_column_sub(column);
    out->known = out->bounded = out->absent = out->blank = out->no_norm = out->no_record = 0;
    if (psyi_column_kind_of(column) == PSYI_COLUMN_STUDENT) {
        student_token(tile, index, out);
        return;
    }
    if (psyi_column_kind_of(column) != PSYI_COLUMN_BAND ||
        tile->scorer->scale[index].n_bands == 0) {
        out->absent = ~(psyi_mask)0;
        return;
    }
    const size_t band = tile->scorer->scale[index].first_band + (sub > 0 ? sub - 1 : 0);
    const uint8_t *const cell =
        &tile->scores->band[psyi_band_at(tile->scores, band, tile->tile * PSYI_LANES)];
    copy_causes(tile, index, &out->absent, &out->blank, &out->no_norm);
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        const psyi_mask bit = (psyi_mask)1 << lane;
        if (cell[lane] != PSYI_NO_BAND) {
            out->value[lane] = cell[lane];
            out->known |= bit;
        } else if ((tile->known[index] & bit) != 0) {
            out->no_norm |= bit;
        }
        if ((tile->open[index] & bit) == 0)
            continue;
        const uint8_t *const bounds = &tile->band_bounds[(band * PSYI_LANES + lane) * 2];
        if (bounds[0] != PSYI_NO_BAND) {
            out->low[lane] = bounds[0];
            out->high[lane] = bounds[1];
            out->bounded |= bit;
        } else if ((bounds[1] & PSYI_OPEN_OTHER) != 0) {
            out->no_norm |= bit;
        }
    }
}

static void item(const void *context, uint32_t which, bool answer, psyi_item_lanes *out)
{
    psyi_tile_item(context, psyi_item_index(which), answer, out);
}

psyi_block psyi_block_of_tile(const psyi_tile *tile)
{
    return (psyi_block){
        .context = tile, .number = number, .truth = truth, .token = token, .item = item};
}
