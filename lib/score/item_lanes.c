/*
 * item_lanes.c -- from answer bytes to item scores, 64 sheets at a time; gates.
 *
 * A tile without gaps needs one pass over its bytes.  Where there are gaps, each item gets
 * masks that say which lanes are answered, blank (with refused, out of range and unreadable)
 * or absent (skipped, not applicable).  A gate that is true makes blank items of its list
 * skipped; while it is undecided they stay blank.  Lanes that are not given are absent.
 */
#include "score/compiled.h"

#include <string.h>

static void load_wide(psyi_tile *tile, unsigned index, const uint8_t *answers)
{
    const psyi_scorer *const scorer = tile->scorer;
    const psyi_item_plan *const plan = &scorer->items[index];
    int32_t *const wide = &tile->wide[(size_t)plan->wide * PSYI_LANES];
    if (plan->scores != NULL) {
        for (size_t lane = 0; lane < PSYI_LANES; lane++)
            wide[lane] = plan->scores[answers[lane]];
        return;
    }
    memcpy(wide, tile->scores->sheets->numbers[index] + tile->tile * PSYI_LANES,
           PSYI_LANES * sizeof *wide);
}

/* What the lanes of `gaps` are instead of answered. */
static void sort_gaps(psyi_tile *tile, unsigned item, const uint8_t *answers, psyi_mask gaps)
{
    PSYI_EACH_LANE(lane, gaps)
    {
        const psyi_mask bit = (psyi_mask)1 << lane;
        /* What the file calls skipped, although nothing in the definition can skip it, is a
         * blank: it counts against what may be missing, and is never taken for a "no". */
        const bool skipped = answers[lane] == PSYI_SKIPPED && tile->scorer->items[item].may_skip;
        switch (skipped ? PSYI_NOT_APPLICABLE : answers[lane]) {
        case PSYI_NOT_APPLICABLE:
            tile->absent[item] |= bit;
            break;
        case PSYI_REFUSED:
            tile->refused[item] |= bit;
            tile->blank[item] |= bit;
            break;
        default:
            tile->blank[item] |= bit;
        }
    }
    tile->partial |= tile->blank[item];
}

/* An item that is scored by a table, or no byte; whether a lane has no answer. */
static bool load_one(psyi_tile *tile, unsigned item, const uint8_t *from)
{
    const psyi_item_plan *const plan = &tile->scorer->items[item];
    uint8_t *const to = tile->bytes + (size_t)item * PSYI_LANES;
    if (plan->way == PSYI_ITEM_TABLE) {
        for (size_t lane = 0; lane < PSYI_LANES; lane++)
            to[lane] = plan->table[from[lane]];
    } else {
        for (size_t lane = 0; lane < PSYI_LANES; lane++)
            to[lane] = from[lane] >= PSYI_BLANK ? PSYI_NO_SCORE : 0;
        load_wide(tile, item, from);
    }
    return psyi_mask_from(from, PSYI_BLANK) != 0;
}

static void find_gaps(psyi_tile *tile, unsigned item, const uint8_t *from)
{
    const psyi_mask missing = psyi_mask_from(from, PSYI_BLANK) & tile->given;
    tile->answered[item] &= ~missing;
    if (missing == 0)
        return;
    tile->gaps = true;
    sort_gaps(tile, item, from, missing);
}

/* Tiles come one after the other, but items are read in lines of 64 bytes that no hardware fetches
 * ahead in time.  So the next tile is asked for scale by scale, while this one's scores are added up
 * from the first cache: asked for while this one is read, its lines come no sooner than if nobody
 * had. */
void psyi_tile_ask_next(const psyi_tile *tile, size_t scale)
{
    const psyi_sheets *const sheets = tile->scores->sheets;
    const size_t n_items = tile->scorer->n_items, n_scales = tile->scorer->n_scales;
    if (tile->tile + 1 >= sheets->n_tiles)
        return;
    const uint8_t *const next = sheets->tiles[tile->tile + 1];
    for (size_t k = n_items * scale / n_scales; k < n_items * (scale + 1) / n_scales; k++)
        __builtin_prefetch(next + k * PSYI_LANES);
}

void psyi_tile_load(psyi_tile *tile)
{
    const psyi_scorer *const scorer = tile->scorer;
    const psyi_sheets *const sheets = tile->scores->sheets;
    const uint8_t *const answers = sheets->tiles[tile->tile];
    tile->gaps = false;
    tile->partial = 0;
    for (unsigned i = 0, n; i < scorer->n_items; i += n) {
        const psyi_item_plan *const plan = &scorer->items[i];
        bool gaps[PSYI_MOST_RUN];
        n = plan->run > 0 ? plan->run : 1;
        if (plan->run > 0)
            scorer->kernels->map(answers + (size_t)i * PSYI_LANES,
                                 tile->bytes + (size_t)i * PSYI_LANES, n,
                                 plan->way == PSYI_ITEM_AGAINST, plan->add, gaps);
        else
            gaps[0] = load_one(tile, i, answers + (size_t)i * PSYI_LANES);
        for (unsigned k = i; k < i + n; k++) {
            tile->answered[k] = tile->given;
            tile->blank[k] = tile->refused[k] = tile->absent[k] = tile->valued[k] = 0;
            if (gaps[k - i])
                find_gaps(tile, k, answers + (size_t)k * PSYI_LANES);
        }
    }
}

/* ---- gates ---------------------------------------------------------------------------- */

static int32_t item_value(const psyi_tile *tile, unsigned item, unsigned lane)
{
    const psyi_item_plan *const plan = &tile->scorer->items[item];
    return plan->way == PSYI_ITEM_WIDE
               ? tile->wide[(size_t)plan->wide * PSYI_LANES + lane]
               : tile->scorer->base + tile->bytes[(size_t)item * PSYI_LANES + lane];
}

static void set_value(psyi_tile *tile, unsigned item, unsigned lane, int32_t value)
{
    const psyi_item_plan *const plan = &tile->scorer->items[item];
    uint8_t *const byte = &tile->bytes[(size_t)item * PSYI_LANES + lane];
    if (plan->way == PSYI_ITEM_WIDE) {
        tile->wide[(size_t)plan->wide * PSYI_LANES + lane] =
            value * tile->scorer->instrument->items[item].scale;
        *byte = 0;
    } else {
        *byte = (uint8_t)(value - tile->scorer->base);
    }
}

static void skip(psyi_tile *tile, size_t pair, psyi_mask closed)
{
    const psyi_scorer *const scorer = tile->scorer;
    const psyi_gate *const gate = &scorer->instrument->gates[scorer->skips[pair].gate];
    const unsigned item = scorer->skips[pair].item;
    const uint8_t *const answers =
        tile->scores->sheets->tiles[tile->tile] + (size_t)item * PSYI_LANES;
    psyi_mask open = closed & (tile->blank[item] | tile->absent[item]), skipped = 0;
    PSYI_EACH_LANE(lane, open)
    {
        /* Refused or unreadable is more than blank; what a form does not carry stays away. */
        if (answers[lane] == PSYI_BLANK || answers[lane] == PSYI_SKIPPED)
            skipped |= (psyi_mask)1 << lane;
    }
    tile->scores->skipped[tile->tile * scorer->n_skips + pair] = skipped;
    tile->blank[item] &= ~skipped;
    if (gate->has_value) {
        tile->absent[item] &= ~skipped;
        tile->valued[item] |= skipped;
        PSYI_EACH_LANE(lane, skipped)
        {
            set_value(tile, item, lane, gate->value);
        }
    } else {
        tile->absent[item] |= skipped;
    }
    psyi_mask positive = 0;
    PSYI_EACH_LANE(lane, closed & tile->answered[item])
    {
        if (item_value(tile, item, lane) > 0)
            positive |= (psyi_mask)1 << lane;
    }
    psyi_tile_event(tile, PSYI_EVENT_CLOSED_GATE, item, positive);
}

void psyi_tile_gates(psyi_tile *tile)
{
    const psyi_scorer *const scorer = tile->scorer;
    const psy_instrument *const instrument = scorer->instrument;
    if (instrument->n_gates == 0)
        return;
    for (size_t g = 0; g < instrument->n_gates; g++) {
        psyi_truths *const truths = &tile->truths;
        psyi_program_truth(instrument->gates[g].when, &tile->block, tile->workspace, truths, NULL);
        const psyi_mask closed = truths->yes & tile->given;
        for (size_t pair = scorer->gate_first[g]; pair < scorer->gate_first[g + 1]; pair++)
            skip(tile, pair, closed & ~tile->valued[scorer->skips[pair].item]);
    }
    tile->partial = 0;
    for (size_t i = 0; i < scorer->n_items; i++)
        tile->partial |= tile->blank[i];
}

/* ---- what programs see ---------------------------------------------------------------- */

void psyi_item_frame(const psyi_scorer *scorer, unsigned item, bool answer, psyi_item_lanes *out)
{
    const psyi_item *const from = &scorer->instrument->items[item];
    out->scale = from->scale;
    out->low = answer ? scorer->items[item].answer_low : from->low;
    out->high = answer ? scorer->items[item].answer_high : from->high;
}

void psyi_tile_item(const psyi_tile *tile, unsigned item, bool answer, psyi_item_lanes *out)
{
    const psyi_item_plan *const plan = &tile->scorer->items[item];
    psyi_item_frame(tile->scorer, item, answer, out);
    out->known = tile->answered[item] | (answer ? 0 : tile->valued[item]);
    out->blank = tile->blank[item];
    out->refused = tile->refused[item];
    out->absent = tile->absent[item] | ~tile->given | (answer ? tile->valued[item] : 0);
    if (answer && plan->given != NULL) {
        const uint8_t *const answers =
            tile->scores->sheets->tiles[tile->tile] + (size_t)item * PSYI_LANES;
        for (size_t lane = 0; lane < PSYI_LANES; lane++)
            out->value[lane] = 0;
        PSYI_EACH_LANE(lane, out->known)
        {
            out->value[lane] = plan->given[answers[lane]];
        }
    } else if (plan->way == PSYI_ITEM_WIDE) {
        memcpy(out->value, &tile->wide[(size_t)plan->wide * PSYI_LANES], sizeof out->value);
    } else {
        const uint8_t *const bytes = &tile->bytes[(size_t)item * PSYI_LANES];
        for (size_t lane = 0; lane < PSYI_LANES; lane++)
            out->value[lane] = tile->scorer->base + bytes[lane];
    }
}

void psyi_count_lanes(const psyi_mask *masks, const uint16_t *items, size_t n_items,
                      uint16_t out[PSYI_LANES])
{
    memset(out, 0, PSYI_LANES * sizeof *out);
    for (size_t i = 0; i < n_items; i++)
        PSYI_EACH_LANE(lane, masks[items[i]])
        {
            out[lane]++;
        }
}
