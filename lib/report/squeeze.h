/* squeeze.h -- deflate for the rows of sheets, told where they repeat.
 *
 * Rows of a sheet are nine tenths of a district's workbooks, and all alike: a general
 * compressor spends its time on finding out what their writer knows.  So the writer says
 * where to look, by cuts: positions at which a new piece begins (the number in a cell's
 * reference, its value, what follows the value).  A piece that occurred before becomes one
 * match; the rest is searched in the usual way.  Any bytes with any cuts come out as a valid
 * stream (RFC 1951), only less small. */
#ifndef PSYSCREEN_REPORT_SQUEEZE_H
#define PSYSCREEN_REPORT_SQUEEZE_H

#include "base/memory.h"

#include <stdint.h>

typedef struct psyi_squeezer psyi_squeezer;

/* NULL without memory.  About 360 KiB; one thread.  `fast`: looks less far. */
psyi_squeezer *psyi_squeezer_new(bool fast, const psy_allocator *allocator);
void psyi_squeezer_free(psyi_squeezer *squeezer);

/* Append `bytes` to `out` as deflate blocks, none of them the last, ending on a whole byte
 * (an empty stored block), so that pieces packed one by one can be put behind one another
 * in any order; nothing refers to bytes of earlier calls.  `cuts`: ascending positions; may
 * be none.  At most 2^24 bytes a call.  A failure of memory is left in `out`. */
void psyi_squeeze(psyi_squeezer *squeezer, const char *bytes, size_t length, const uint32_t *cuts,
                  size_t n_cuts, psyi_buffer *out);
/* The block that ends a stream. */
void psyi_squeeze_end(psyi_buffer *out);

/* The crc32 of A followed by B, from those of A and B and the length of B. */
uint32_t psyi_crc32_join(uint32_t a, uint32_t b, uint64_t length_b);

#endif
