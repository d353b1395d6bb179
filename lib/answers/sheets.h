/* sheets.h -- answers as tiles of bytes.
 *
 * One psyi_sheets holds the sheets of one use.  A tile is 64 sheets, item-major: byte
 * tile[item * 64 + lane].  0..249 index the item's code list; above, why there is none. */
#ifndef PSYSCREEN_ANSWERS_SHEETS_H
#define PSYSCREEN_ANSWERS_SHEETS_H

#include "base/memory.h"
#include "definition/model.h"
#include "expr/value.h"

#include <psyscreen/error.h>
#include <psyscreen/instrument.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PSYI_BLANK = 250,
    PSYI_SKIPPED = 251,        /* by a gate, or the file says so */
    PSYI_NOT_APPLICABLE = 252, /* also: the form does not carry the item */
    PSYI_REFUSED = 253,
    PSYI_OUT_OF_RANGE = 254,
    PSYI_UNREADABLE = 255
};

typedef struct psyi_sheets {
    const psy_allocator *allocator;
    const psy_instrument *instrument;
    size_t n_sheets, n_tiles, n_items;
    uint8_t **tiles; /* n_tiles blocks of n_items * 64 bytes, aligned to 64 */
    /* Number and clock items: numbers[i] is NULL for coded items, else n_tiles * 64 values
     * (times the item's scale) beside a byte of 0 (answered) or a missing code. */
    int32_t **numbers;
    psyi_mask *given; /* per tile: the sheet exists (its columns are in the file and at least
                         one item is neither blank nor not applicable) */
    /* Private to sheets.c: tiles there is memory for, and where they were cut from. */
    size_t room_tiles;
    void **slabs;
    size_t n_slabs, slabs_room;
} psyi_sheets;

/* All sheets not given, all items blank. */
psy_status psyi_sheets_new(psyi_sheets **out, const psy_instrument *instrument, size_t n_sheets,
                           const psy_allocator *allocator, psy_error *error);
void psyi_sheets_free(psyi_sheets *sheets);
psy_status psyi_sheets_resize(psyi_sheets *sheets, size_t n_sheets, psy_error *error);
/* To more sheets; tiles that were not there hold anything until psyi_sheets_clear. */
psy_status psyi_sheets_extend(psyi_sheets *sheets, size_t n_sheets, psy_error *error);
/* Memory for so many sheets, none of which is there. */
psy_status psyi_sheets_reserve(psyi_sheets *sheets, size_t n_sheets, psy_error *error);
/* The sheets of one tile are not given; different tiles on different threads. */
void psyi_sheets_clear(psyi_sheets *sheets, size_t tile);
static inline uint8_t *psyi_sheets_byte(const psyi_sheets *sheets, size_t sheet, size_t item)
{
    return &sheets->tiles[sheet / PSYI_LANES][item * PSYI_LANES + sheet % PSYI_LANES];
}
static inline void psyi_sheets_mark(psyi_sheets *sheets, size_t sheet)
{
    sheets->given[sheet / PSYI_LANES] |= (psyi_mask)1 << (sheet % PSYI_LANES);
}
static inline bool psyi_sheets_given(const psyi_sheets *sheets, size_t sheet)
{
    return (sheets->given[sheet / PSYI_LANES] >> (sheet % PSYI_LANES) & 1u) != 0;
}
/* Whether the item was put to the student, answered or not: what a file calls skipped was, where
 * nothing in the definition can skip it. */
static inline bool psyi_was_asked(const psyi_item *item, uint8_t byte)
{
    return byte != PSYI_NOT_APPLICABLE && !(byte == PSYI_SKIPPED && item->may_skip);
}
/* Keep these sheets only, which ascend; sheet keep[i] becomes sheet i. */
psy_status psyi_sheets_keep(psyi_sheets *sheets, const uint32_t *keep, size_t n, psy_error *error);
/* How many items of the sheet hold an answer. */
size_t psyi_sheets_answered(const psyi_sheets *sheets, size_t sheet);

#endif
