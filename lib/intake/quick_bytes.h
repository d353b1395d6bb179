/* quick_bytes.h -- sixteen bytes of a row at a time.
 *
 * SSE2 is part of every x86-64, so nothing is chosen at run time: of the readers tried, wider
 * vectors gained nothing, since what a step costs is its branch and not its loads.  Elsewhere
 * the plain forms below are all there is; the tests hold both against each other. */
#ifndef PSYSCREEN_INTAKE_QUICK_BYTES_H
#define PSYSCREEN_INTAKE_QUICK_BYTES_H

#include "base/vectors.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef PSYI_X86
#include <emmintrin.h>
#endif

enum { PSYI_STEP = 16 }; /* bytes that are looked at together: eight digits, eight separators */

/* A run of digits from `low` to `low + span` means the bytes from `base` on. */
typedef struct psyi_digits {
    uint8_t low, span, base;
} psyi_digits;

/* Cells that were taken, and the text behind them. */
typedef struct psyi_taken {
    size_t cells;
    const char *at;
} psyi_taken;

/* Cells of one such digit or of nothing, each with a separator behind it, from `at` on: at most
 * `room`.  Stops where something else comes, or little is left before `end`.  `out` holds `blank`
 * all over, and has eight bytes more than the room.  *any is set when there was a digit. */
static inline psyi_taken psyi_take_plain(const char *at, const char *end, char separator,
                                         psyi_digits digits, uint8_t blank, uint8_t *out,
                                         size_t room, bool *any)
{
    size_t n = 0;
    (void)blank;
    while (n < room && end - at > PSYI_STEP) {
        const uint8_t digit = (uint8_t)((uint8_t)*at - digits.low);
        if (*at == separator) {
            at++;
        } else if (digit <= digits.span && at[1] == separator) {
            out[n] = (uint8_t)(digit + digits.base);
            at += 2;
            *any = true;
        } else {
            break;
        }
        n++;
    }
    return (psyi_taken){n, at};
}

/* First separator or line end from `at` on; `end` where there is none before it. */
static inline const char *psyi_stop_plain(const char *at, const char *end, char separator)
{
    while (at < end && *at != separator && *at != '\n' && *at != '\r')
        at++;
    return at;
}

#ifdef PSYI_X86
/* A step that is all pairs goes on by a constant, which the processor need not wait for. */
static inline psyi_taken psyi_take(const char *at, const char *end, char separator,
                                   psyi_digits digits, uint8_t blank, uint8_t *out, size_t room,
                                   bool *any)
{
    const __m128i even = _mm_set1_epi16(0x00FF), parts = _mm_set1_epi8(separator);
    const __m128i low = _mm_set1_epi8((char)digits.low), span = _mm_set1_epi8((char)digits.span);
    const __m128i base = _mm_set1_epi8((char)digits.base);
    const uint64_t filler = blank * UINT64_C(0x0101010101010101);
    size_t n = 0;
    while (n < room && end - at > PSYI_STEP) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        const __m128i values = _mm_sub_epi8(bytes, low);
        const __m128i inside = _mm_cmpeq_epi8(_mm_min_epu8(values, span), values);
        const unsigned separators = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, parts));
        const unsigned good = (unsigned)_mm_movemask_epi8(inside) & separators >> 1 & 0x5555u;
        const __m128i mapped = _mm_and_si128(_mm_add_epi8(values, base), even);
        uint64_t eight = (uint64_t)_mm_cvtsi128_si64(_mm_packus_epi16(mapped, mapped));
        if (good == 0x5555u && room - n >= PSYI_STEP / 2) {
            memcpy(out + n, &eight, sizeof eight);
            n += PSYI_STEP / 2;
            at += PSYI_STEP;
            *any = true;
            continue;
        }
        size_t pairs = (unsigned)__builtin_ctz(~(good | 0xAAAAu)) / 2;
        if (pairs > room - n)
            pairs = room - n;
        if (pairs > 0) {
            const uint64_t behind = pairs == PSYI_STEP / 2 ? 0 : ~UINT64_C(0) << 8 * pairs;
            eight = (eight & ~behind) | (filler & behind);
            memcpy(out + n, &eight, sizeof eight);
            *any = true;
        }
        size_t blanks = (unsigned)__builtin_ctz(~(separators >> 2 * pairs));
        if (blanks > room - n - pairs)
            blanks = room - n - pairs;
        if (pairs + blanks == 0)
            break;
        n += pairs + blanks;
        at += 2 * pairs + blanks;
    }
    return (psyi_taken){n, at};
}

static inline const char *psyi_stop_find(const char *at, const char *end, char separator)
{
    for (; end - at >= PSYI_STEP; at += PSYI_STEP) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        const __m128i parts = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(separator));
        const __m128i feeds = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));
        const __m128i returns = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'));
        const int found = _mm_movemask_epi8(_mm_or_si128(parts, _mm_or_si128(feeds, returns)));
        if (found != 0)
            return at + __builtin_ctz((unsigned)found);
    }
    return psyi_stop_plain(at, end, separator);
}

#else
static inline psyi_taken psyi_take(const char *at, const char *end, char separator,
                                   psyi_digits digits, uint8_t blank, uint8_t *out, size_t room,
                                   bool *any)
{
    return psyi_take_plain(at, end, separator, digits, blank, out, room, any);
}
static inline const char *psyi_stop_find(const char *at, const char *end, char separator)
{
    return psyi_stop_plain(at, end, separator);
}
#endif

#endif
