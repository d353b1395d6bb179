/* coding.h -- from the integers people give to the bytes of a tile.
 *
 * One coding serves one response format in one coding variant of an instrument. */
#ifndef PSYSCREEN_ANSWERS_CODING_H
#define PSYSCREEN_ANSWERS_CODING_H

#include "base/memory.h"
#include "definition/model.h"

#include <psyscreen/instrument.h>

#include <stdint.h>

enum { PSYI_CODING_SPAN = 256 }; /* integers from -128 are looked up, others searched */

typedef struct psyi_coding {
    const psyi_response *response;
    const psyi_variant *variant; /* NULL: codes are given as declared */
    uint8_t table[PSYI_CODING_SPAN];
} psyi_coding;

void psyi_coding_init(psyi_coding *coding, const psy_instrument *instrument, unsigned variant,
                      unsigned response);
/* An index into the codes, PSYI_REFUSED, PSYI_NOT_APPLICABLE or PSYI_OUT_OF_RANGE. */
uint8_t psyi_coding_byte(const psyi_coding *coding, int64_t given);
/* The integers that may be given, "0, 1, 2, 3", for messages; long lists are shortened. */
void psyi_coding_words(const psyi_coding *coding, psyi_buffer *out);

/* A number or clock item: `value` times the item's scale in *out.  PSYI_OUT_OF_RANGE beyond
 * the declared range, PSYI_UNREADABLE with more decimals than declared, else 0. */
uint8_t psyi_number_byte(const psyi_response *response, const psyi_item *item, psyi_ratio value,
                         int32_t *out);

#endif
