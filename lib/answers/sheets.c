/*
 * sheets.c -- making and growing the tiles of one use.
 *
 * Tiles are cut from slabs, one a growth step, so that a file of unknown length costs few
 * allocations and no answer is ever copied.  Numbers lie in plain arrays, because few items
 * have them.  Whatever lies beyond the last sheet reads as a sheet that was not given.
 */
#include "answers/sheets.h"
#include "base/fail.h"

#include <string.h>

#define TILE_ALIGNMENT ((size_t)64) /* a line of the cache holds one item of a tile */

static size_t tiles_for(size_t n_sheets)
{
    return n_sheets / PSYI_LANES + (n_sheets % PSYI_LANES != 0);
}

psy_status psyi_sheets_new(psyi_sheets **out, const psy_instrument *instrument, size_t n_sheets,
                           const psy_allocator *allocator, psy_error *error)
{
    psyi_sheets *const sheets = psyi_alloc(allocator, 1, sizeof *sheets);
    if (sheets == NULL)
        return psyi_fail_memory(error, "sheets");
    sheets->allocator = allocator;
    sheets->instrument = instrument;
    sheets->n_items = instrument->n_items;
    sheets->numbers = psyi_alloc(allocator, sheets->n_items, sizeof *sheets->numbers);
    psy_status status = PSY_OK;
    if (sheets->numbers == NULL)
        status = psyi_fail_memory(error, "sheets");
    if (status == PSY_OK)
        status = psyi_sheets_resize(sheets, n_sheets, error);
    if (status != PSY_OK) {
        psyi_sheets_free(sheets);
        return status;
    }
    *out = sheets;
    return PSY_OK;
}

void psyi_sheets_free(psyi_sheets *sheets)
{
    if (sheets == NULL)
        return;
    const psy_allocator *const allocator = sheets->allocator;
    for (size_t i = 0; i < sheets->n_slabs; i++)
        psyi_free(allocator, sheets->slabs[i]);
    psyi_free(allocator, sheets->slabs);
    psyi_free(allocator, sheets->tiles);
    psyi_free(allocator, sheets->given);
    for (size_t i = 0; sheets->numbers != NULL && i < sheets->n_items; i++)
        psyi_free(allocator, sheets->numbers[i]);
    psyi_free(allocator, sheets->numbers);
    psyi_free(allocator, sheets);
}

static bool is_coded(const psy_instrument *instrument, size_t item)
{
    return instrument->responses[instrument->items[item].response].kind == PSYI_CODED;
}

/* Room for `need` tiles.  A failure half way leaves arrays that are longer than room_tiles
 * says, which the next attempt grows again; nothing is lost. */
static bool make_room(psyi_sheets *sheets, size_t need)
{
    const size_t room = sheets->room_tiles;
    const size_t bytes = sheets->n_items * PSYI_LANES;
    size_t capacity = room;
    void *block = sheets->tiles;
    if (!psyi_grow(sheets->allocator, &block, &capacity, need, sizeof *sheets->tiles))
        return false;
    sheets->tiles = block;
    const size_t grown = capacity; /* doubled; the other arrays follow it */
    capacity = room;
    block = sheets->given;
    if (!psyi_grow(sheets->allocator, &block, &capacity, grown, sizeof *sheets->given))
        return false;
    sheets->given = block;
    for (size_t i = 0; i < sheets->n_items; i++) {
        if (is_coded(sheets->instrument, i))
            continue;
        capacity = room;
        block = sheets->numbers[i];
        if (!psyi_grow(sheets->allocator, &block, &capacity, grown,
                       PSYI_LANES * sizeof **sheets->numbers))
            return false;
        sheets->numbers[i] = block;
    }
    block = sheets->slabs;
    if (!psyi_grow(sheets->allocator, &block, &sheets->slabs_room, sheets->n_slabs + 1,
                   sizeof *sheets->slabs))
        return false;
    sheets->slabs = block;
    size_t size;
    if (__builtin_mul_overflow(grown - room, bytes, &size) ||
        __builtin_add_overflow(size, TILE_ALIGNMENT, &size))
        return false;
    void *raw = NULL; /* a tile is cleared or filled before it is one of n_tiles */
    size_t raw_room = 0;
    if (!psyi_grow_raw(sheets->allocator, &raw, &raw_room, size, 1))
        return false;
    unsigned char *slab = raw;
    sheets->slabs[sheets->n_slabs++] = slab;
    slab += (TILE_ALIGNMENT - (uintptr_t)slab % TILE_ALIGNMENT) % TILE_ALIGNMENT;
    for (size_t i = room; i < grown; i++)
        sheets->tiles[i] = slab + (i - room) * bytes;
    sheets->room_tiles = grown;
    return true;
}

/* Lanes `first` and up of a tile become sheets that were not given. */
static void clear_lanes(psyi_sheets *sheets, size_t tile, size_t first)
{
    for (size_t i = 0; i < sheets->n_items; i++) {
        memset(sheets->tiles[tile] + i * PSYI_LANES + first, PSYI_BLANK, PSYI_LANES - first);
        if (sheets->numbers[i] != NULL)
            memset(sheets->numbers[i] + tile * PSYI_LANES + first, 0,
                   (PSYI_LANES - first) * sizeof **sheets->numbers);
    }
    sheets->given[tile] &= ((psyi_mask)1 << first) - 1;
}

psy_status psyi_sheets_resize(psyi_sheets *sheets, size_t n_sheets, psy_error *error)
{
    const size_t n_tiles = tiles_for(n_sheets);
    if (n_tiles > sheets->room_tiles && !make_room(sheets, n_tiles))
        return psyi_fail_memory(error, "answers");
    for (size_t i = sheets->n_tiles; i < n_tiles; i++)
        clear_lanes(sheets, i, 0);
    if (n_sheets < sheets->n_sheets && n_sheets % PSYI_LANES != 0)
        clear_lanes(sheets, n_tiles - 1, n_sheets % PSYI_LANES);
    sheets->n_sheets = n_sheets;
    sheets->n_tiles = n_tiles;
    return PSY_OK;
}

psy_status psyi_sheets_reserve(psyi_sheets *sheets, size_t n_sheets, psy_error *error)
{
    const size_t n_tiles = tiles_for(n_sheets);
    if (n_tiles > sheets->room_tiles && !make_room(sheets, n_tiles))
        return psyi_fail_memory(error, "answers");
    return PSY_OK;
}

psy_status psyi_sheets_extend(psyi_sheets *sheets, size_t n_sheets, psy_error *error)
{
    const psy_status status = psyi_sheets_reserve(sheets, n_sheets, error);
    if (status != PSY_OK || n_sheets < sheets->n_sheets)
        return status;
    sheets->n_sheets = n_sheets;
    sheets->n_tiles = tiles_for(n_sheets);
    return PSY_OK;
}

void psyi_sheets_clear(psyi_sheets *sheets, size_t tile)
{
    clear_lanes(sheets, tile, 0);
}

static void move_sheet(psyi_sheets *sheets, size_t from, size_t to)
{
    for (size_t i = 0; i < sheets->n_items; i++) {
        *psyi_sheets_byte(sheets, to, i) = *psyi_sheets_byte(sheets, from, i);
        if (sheets->numbers[i] != NULL)
            sheets->numbers[i][to] = sheets->numbers[i][from];
    }
    const psyi_mask bit = (psyi_mask)1 << (to % PSYI_LANES);
    if (psyi_sheets_given(sheets, from))
        sheets->given[to / PSYI_LANES] |= bit;
    else
        sheets->given[to / PSYI_LANES] &= ~bit;
}

psy_status psyi_sheets_keep(psyi_sheets *sheets, const uint32_t *keep, size_t n, psy_error *error)
{
    for (size_t i = 0; i < n; i++)
        if (keep[i] != i)
            move_sheet(sheets, keep[i], i);
    return psyi_sheets_resize(sheets, n, error);
}

size_t psyi_sheets_answered(const psyi_sheets *sheets, size_t sheet)
{
    const uint8_t *const lane = sheets->tiles[sheet / PSYI_LANES] + sheet % PSYI_LANES;
    size_t answered = 0;
    for (size_t i = 0; i < sheets->n_items; i++)
        answered += lane[i * PSYI_LANES] < PSYI_BLANK;
    return answered;
}
