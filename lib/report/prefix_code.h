/* prefix_code.h -- blocks of deflate (RFC 1951 §3.2.7) from tokens; for squeeze.c. */
#ifndef PSYSCREEN_REPORT_PREFIX_CODE_H
#define PSYSCREEN_REPORT_PREFIX_CODE_H

#include "base/memory.h"

#include <stdint.h>

/* A token: a byte, or PSYI_TOKEN_MATCH | (length - 3) << 16 | (distance - 1). */
#define PSYI_TOKEN_MATCH 0x80000000u
#define PSYI_LITERALS    286u
#define PSYI_DISTANCES   30u

/* Bits that do not fill a byte yet. */
typedef struct psyi_bits {
    uint64_t held;
    unsigned n;
} psyi_bits;

/* Code of a length 3..258, from 0, and of a distance 1..32768. */
static inline unsigned psyi_length_code(unsigned length)
{
    const unsigned from = length - 3;
    if (from < 8)
        return from;
    if (length == 258)
        return 28;
    const unsigned bits = 29u - (unsigned)__builtin_clz(from);
    return (bits << 2) + (from >> bits);
}

static inline unsigned psyi_distance_code(unsigned distance)
{
    const unsigned from = distance - 1;
    if (from < 4)
        return from;
    const unsigned bits = 30u - (unsigned)__builtin_clz(from);
    return (bits << 1) + (from >> bits);
}

/* One block, not the last; `lengths` (bytes, then 257 + length code) and `distances` say how
 * often each symbol is in `tokens`. */
void psyi_prefix_block(psyi_buffer *out, psyi_bits *bits, const uint32_t *tokens, size_t n_tokens,
                       const uint32_t lengths[PSYI_LITERALS],
                       const uint32_t distances[PSYI_DISTANCES]);
/* An empty stored block, which ends on a whole byte. */
void psyi_prefix_align(psyi_buffer *out, psyi_bits *bits);

#endif
