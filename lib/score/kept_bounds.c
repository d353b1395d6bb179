/*
 * kept_bounds.c -- what scores that blanks leave open could still become, kept compactly.
 *
 * A sheet with a few blanks leaves few of its scores open, so a tile has one block of memory
 * for these alone: a table of contents by scale, then per open lane an entry with the bounds of
 * the score, of its standard scores and of its bands.  Nearly all of them are small integers; the
 * entries of a scale are of 16 bits where all of them fit.
 */
#include "score/compiled.h"

#include <string.h>

/* In front of a block: [scale] open lanes, then [scale] where the first entry is. */
#define NARROW UINT32_C(1) /* in the place of an entry, which is a multiple of four */

typedef struct shape { /* of an entry; sizes in bytes */
    size_t standards, bands, size;
} shape;

static size_t head_size(const psyi_scores *scores)
{
    return scores->n_scales * (sizeof(psyi_mask) + sizeof(uint32_t)) / 4 * 4;
}

static shape shape_of(const psyi_scale_plan *plan, bool narrow)
{
    shape it;
    it.standards = narrow ? 2 * sizeof(int16_t) : sizeof(psyi_bounds);
    it.bands = it.standards + plan->n_standards * 2 * (narrow ? sizeof(int16_t) : sizeof(int32_t));
    it.size = (it.bands + plan->n_bands * 2 + 3) / 4 * 4;
    return it;
}

static bool is_short(int32_t value)
{
    return value > INT16_MIN && value <= INT16_MAX;
}

/* INT16_MIN stands for PSYI_NO_STANDARD. */
static bool fits(int32_t value)
{
    return is_short(value) || value == PSYI_NO_STANDARD;
}

static int16_t shorten(int32_t value)
{
    return value == PSYI_NO_STANDARD ? INT16_MIN : (int16_t)value;
}

static int32_t lengthen(int16_t value)
{
    return value == INT16_MIN ? PSYI_NO_STANDARD : value;
}

/* ---- reading ---------------------------------------------------------------------------- */

static const unsigned char *entry_of(const psyi_scores *scores, size_t scale, size_t sheet,
                                     bool *narrow, shape *out)
{
    const unsigned char *const block = scores->bounds[sheet / PSYI_LANES];
    const psyi_mask bit = (psyi_mask)1 << (sheet % PSYI_LANES);
    psyi_mask lanes;
    uint32_t first;
    if (block == NULL)
        return NULL;
    memcpy(&lanes, block + scale * sizeof lanes, sizeof lanes);
    if ((lanes & bit) == 0)
        return NULL;
    memcpy(&first, block + scores->n_scales * sizeof lanes + scale * sizeof first, sizeof first);
    *narrow = (first & NARROW) != 0;
    *out = shape_of(&scores->scorer->scale[scale], *narrow);
    return block + (first & ~NARROW) + (size_t)__builtin_popcountll(lanes & (bit - 1)) * out->size;
}

bool psyi_kept_score(const psyi_scores *scores, size_t scale, size_t sheet, psyi_bounds *out)
{
    bool narrow;
    shape it;
    const unsigned char *const entry = entry_of(scores, scale, sheet, &narrow, &it);
    if (entry == NULL)
        return false;
    if (narrow) {
        int16_t ends[2];
        memcpy(ends, entry, sizeof ends);
        *out = (psyi_bounds){ends[0], ends[1], 1, 1};
    } else {
        memcpy(out, entry, sizeof *out);
    }
    return true;
}

bool psyi_kept_standard(const psyi_scores *scores, size_t standard, size_t sheet, int32_t out[2])
{
    bool narrow;
    shape it;
    const psyi_standard_plan *const plan = &scores->scorer->standard[standard];
    const unsigned char *entry = entry_of(scores, plan->scale, sheet, &narrow, &it);
    if (entry == NULL)
        return false;
    entry += it.standards;
    if (narrow) {
        int16_t ends[2];
        memcpy(ends, entry + plan->rank * sizeof ends, sizeof ends);
        out[0] = lengthen(ends[0]);
        out[1] = lengthen(ends[1]);
    } else {
        memcpy(out, entry + plan->rank * 2 * sizeof *out, 2 * sizeof *out);
    }
    return true;
}

bool psyi_kept_band(const psyi_scores *scores, size_t scale, size_t band, size_t sheet,
                    uint8_t out[2])
{
    bool narrow;
    shape it;
    const unsigned char *const entry = entry_of(scores, scale, sheet, &narrow, &it);
    if (entry == NULL)
        return false;
    const size_t rank = band - scores->scorer->scale[scale].first_band;
    memcpy(out, entry + it.bands + rank * 2, 2);
    return true;
}

/* ---- keeping ---------------------------------------------------------------------------- */

/* The first standard score of a scale; they follow each other, by scale. */
static size_t first_standard(const psyi_scorer *scorer, size_t scale, size_t from)
{
    while (from < scorer->n_standards && scorer->standard[from].scale < scale)
        from++;
    return from;
}

static bool all_narrow(const psyi_tile *tile, size_t scale, size_t standard, psyi_mask lanes)
{
    const size_t n_standards = tile->scorer->scale[scale].n_standards;
    PSYI_EACH_LANE(lane, lanes)
    {
        const psyi_bounds *const bounds = &tile->bounds[scale * PSYI_LANES + lane];
        if (bounds->low_den != 1 || bounds->high_den != 1 || !is_short(bounds->low_num) ||
            !is_short(bounds->high_num))
            return false;
    }
    for (size_t s = standard; s < standard + n_standards; s++) {
        const int32_t *const ends = &tile->standard_bounds[s * PSYI_LANES * 2];
        PSYI_EACH_LANE(lane, lanes)
        {
            if (!fits(ends[lane * 2]) || !fits(ends[lane * 2 + 1]))
                return false;
        }
    }
    return true;
}

static void write_entry(const psyi_tile *tile, size_t scale, size_t standard, unsigned lane,
                        bool narrow, const shape *it, unsigned char *entry)
{
    const psyi_scale_plan *const plan = &tile->scorer->scale[scale];
    const psyi_bounds *const bounds = &tile->bounds[scale * PSYI_LANES + lane];
    if (narrow) {
        const int16_t ends[2] = {(int16_t)bounds->low_num, (int16_t)bounds->high_num};
        memcpy(entry, ends, sizeof ends);
    } else {
        memcpy(entry, bounds, sizeof *bounds);
    }
    for (size_t s = 0; s < plan->n_standards; s++) {
        const int32_t *const from =
            &tile->standard_bounds[((standard + s) * PSYI_LANES + lane) * 2];
        const int16_t ends[2] = {shorten(from[0]), shorten(from[1])};
        if (narrow)
            memcpy(entry + it->standards + s * sizeof ends, ends, sizeof ends);
        else
            memcpy(entry + it->standards + s * 2 * sizeof *from, from, 2 * sizeof *from);
    }
    for (size_t b = 0; b < plan->n_bands; b++)
        memcpy(entry + it->bands + b * 2,
               &tile->band_bounds[((plan->first_band + b) * PSYI_LANES + lane) * 2], 2);
}

/* Where the entries of each scale will be; the size of the block, 0 where nothing is open. */
static size_t plan_block(psyi_tile *tile)
{
    const psyi_scorer *const scorer = tile->scorer;
    const size_t head = head_size(tile->scores);
    size_t size = head, standard = 0;
    for (size_t s = 0; s < scorer->n_scales; s++) {
        standard = first_standard(scorer, s, standard);
        if (tile->open[s] == 0)
            continue;
        const bool narrow = all_narrow(tile, s, standard, tile->open[s]);
        tile->place[s] = (uint32_t)size | (narrow ? NARROW : 0);
        size +=
            (size_t)__builtin_popcountll(tile->open[s]) * shape_of(&scorer->scale[s], narrow).size;
    }
    return size > head ? size : 0;
}

static void write_block(const psyi_tile *tile, unsigned char *block)
{
    const psyi_scorer *const scorer = tile->scorer;
    size_t standard = 0;
    memcpy(block, tile->open, scorer->n_scales * sizeof *tile->open);
    memcpy(block + scorer->n_scales * sizeof *tile->open, tile->place,
           scorer->n_scales * sizeof *tile->place);
    for (size_t s = 0; s < scorer->n_scales; s++) {
        standard = first_standard(scorer, s, standard);
        const bool narrow = (tile->place[s] & NARROW) != 0;
        const shape it = shape_of(&scorer->scale[s], narrow);
        unsigned char *entry = block + (tile->place[s] & ~NARROW);
        PSYI_EACH_LANE(lane, tile->open[s])
        {
            write_entry(tile, s, standard, lane, narrow, &it, entry);
            entry += it.size;
        }
    }
}

bool psyi_keep_bounds(psyi_tile *tile)
{
    psyi_scores *const scores = tile->scores;
    unsigned char **const block = &scores->bounds[tile->tile];
    psyi_free(scores->allocator, *block);
    *block = NULL;
    const size_t size = tile->partial == 0 ? 0 : plan_block(tile);
    if (size == 0)
        return true;
    *block = psyi_alloc(scores->allocator, size, 1);
    if (*block == NULL)
        return false;
    write_block(tile, *block);
    return true;
}
