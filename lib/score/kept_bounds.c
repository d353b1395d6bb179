/*
 * kept_bounds.c -- what incomplete sheets could still become, kept compactly.
 *
 * Most sheets are complete and need none of this, so a tile has one block of memory for the
 * lanes with blanks only.
 */
#include "score/compiled.h"

#include <string.h>

/* A row is the bounds of all scales, then pairs of all standard scores, then of all bands. */
static size_t row_sizes(const psyi_scores *scores, size_t *standard, size_t *band)
{
    *standard = scores->n_scales * sizeof(psyi_bounds);
    *band = *standard + scores->n_standards * 2 * sizeof(int32_t);
    const size_t size = *band + scores->n_bands * 2;
    return (size + 3) / 4 * 4;
}

bool psyi_partial_row_of(const psyi_scores *scores, size_t sheet, psyi_partial_row *out)
{
    const size_t t = sheet / PSYI_LANES;
    const psyi_mask bit = (psyi_mask)1 << (sheet % PSYI_LANES);
    if ((scores->partial[t] & bit) == 0)
        return false;
    size_t standard, band;
    const size_t rank = (size_t)__builtin_popcountll(scores->partial[t] & (bit - 1));
    const size_t size = row_sizes(scores, &standard, &band);
    const unsigned char *const row = (const unsigned char *)scores->bounds[t] + rank * size;
    out->bounds = (const void *)row;
    out->standard = (const void *)(row + standard);
    out->band = row + band;
    return true;
}

bool psyi_keep_bounds(psyi_tile *tile)
{
    psyi_scores *const scores = tile->scores;
    const size_t t = tile->tile;
    psyi_free(scores->allocator, scores->bounds[t]);
    scores->bounds[t] = NULL;
    scores->partial[t] = 0;
    if (tile->partial == 0)
        return true;
    size_t standard, band;
    const size_t size = row_sizes(scores, &standard, &band);
    unsigned char *row =
        psyi_alloc(scores->allocator, (size_t)__builtin_popcountll(tile->partial), size);
    if (row == NULL)
        return false;
    scores->bounds[t] = (void *)row;
    scores->partial[t] = tile->partial;
    PSYI_EACH_LANE(lane, tile->partial)
    {
        psyi_bounds *const bounds = (void *)row;
        for (size_t s = 0; s < scores->n_scales; s++)
            bounds[s] = tile->bounds[s * PSYI_LANES + lane];
        int32_t *const standards = (void *)(row + standard);
        for (size_t s = 0; s < scores->n_standards; s++)
            memcpy(&standards[s * 2], &tile->standard_bounds[(s * PSYI_LANES + lane) * 2],
                   2 * sizeof(int32_t));
        for (size_t b = 0; b < scores->n_bands; b++)
            memcpy(row + band + b * 2, &tile->band_bounds[(b * PSYI_LANES + lane) * 2], 2);
        row += size;
    }
    return true;
}
