/*
 * quick_turn.c -- sixty-four rows of staged answers turned into columns of lanes.
 *
 * Four rounds of interleaving the lower with the upper half of sixteen rows turn them.  The
 * first round parts columns 0 to 7 from 8 to 15 for good, so the rounds behind it are made for each
 * half alone: eight registers instead of sixteen, which with their copies would go through memory.
 * With AVX2 the rows 16 to 31 stand in the other half of the registers of the rows 0 to 15.
 */
#include "intake/quick_turn.h"
#include "base/vectors.h"

#include <string.h>

void psyi_turn_plain(const uint8_t *const rows[PSYI_TURN_ROWS], size_t column,
                     uint8_t out[PSYI_TURN_COLUMNS * PSYI_TURN_ROWS])
{
    for (size_t c = 0; c < PSYI_TURN_COLUMNS; c++)
        for (size_t r = 0; r < PSYI_TURN_ROWS; r++)
            out[c * PSYI_TURN_ROWS + r] = rows[r][column + c];
}

void psyi_lanes_none(const uint8_t *columns, size_t n, uint8_t blank, uint8_t other,
                     uint8_t none[PSYI_TURN_ROWS])
{
    uint8_t so_far[PSYI_TURN_ROWS]; /* of its own: the compiler sees that nothing else is there */
    memcpy(so_far, none, sizeof so_far);
    for (size_t c = 0; c < n; c++)
        for (size_t r = 0; r < PSYI_TURN_ROWS; r++) {
            const uint8_t byte = columns[c * PSYI_TURN_ROWS + r];
            so_far[r] &= (uint8_t) - (uint8_t)((byte == blank) | (byte == other));
        }
    memcpy(none, so_far, sizeof so_far);
}

#ifdef PSYI_X86
#include <immintrin.h>

static inline __m128i row_half(const uint8_t *row)
{
    return _mm_loadl_epi64((const __m128i *)(const void *)row);
}

static inline void round_of_sse2(const __m128i x[8], __m128i y[8])
{
    y[0] = _mm_unpacklo_epi8(x[0], x[4]);
    y[1] = _mm_unpackhi_epi8(x[0], x[4]);
    y[2] = _mm_unpacklo_epi8(x[1], x[5]);
    y[3] = _mm_unpackhi_epi8(x[1], x[5]);
    y[4] = _mm_unpacklo_epi8(x[2], x[6]);
    y[5] = _mm_unpackhi_epi8(x[2], x[6]);
    y[6] = _mm_unpacklo_epi8(x[3], x[7]);
    y[7] = _mm_unpackhi_epi8(x[3], x[7]);
}

static void turn_sse2(const uint8_t *const rows[PSYI_TURN_ROWS], size_t column,
                      uint8_t out[PSYI_TURN_COLUMNS * PSYI_TURN_ROWS])
{
    for (size_t half = 0; half < 2; half++)
        for (size_t side = 0; side < PSYI_TURN_ROWS; side += 16) {
            const size_t at = column + 8 * half;
            __m128i x[8], y[8];
            for (size_t r = 0; r < 8; r++)
                x[r] = _mm_unpacklo_epi8(row_half(rows[side + r] + at),
                                         row_half(rows[side + r + 8] + at));
            round_of_sse2(x, y);
            round_of_sse2(y, x);
            round_of_sse2(x, y);
            uint8_t *const to = out + 8 * half * PSYI_TURN_ROWS + side;
            for (size_t c = 0; c < 8; c++)
                _mm_storeu_si128((__m128i *)(void *)(to + c * PSYI_TURN_ROWS), y[c]);
        }
}

#define ON_AVX2 __attribute__((target("avx2")))

ON_AVX2 static inline void round_of_avx2(const __m256i x[8], __m256i y[8])
{
    y[0] = _mm256_unpacklo_epi8(x[0], x[4]);
    y[1] = _mm256_unpackhi_epi8(x[0], x[4]);
    y[2] = _mm256_unpacklo_epi8(x[1], x[5]);
    y[3] = _mm256_unpackhi_epi8(x[1], x[5]);
    y[4] = _mm256_unpacklo_epi8(x[2], x[6]);
    y[5] = _mm256_unpackhi_epi8(x[2], x[6]);
    y[6] = _mm256_unpacklo_epi8(x[3], x[7]);
    y[7] = _mm256_unpackhi_epi8(x[3], x[7]);
}

/* Sixteen columns of the rows r and r + 16. */
ON_AVX2 static inline __m256i two_rows(const uint8_t *const *rows, size_t column)
{
    const __m128i low = _mm_loadu_si128((const __m128i *)(const void *)(rows[0] + column));
    const __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(rows[16] + column));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

ON_AVX2 static inline void columns_avx2(const __m256i x[8], uint8_t *to)
{
    __m256i y[8], z[8];
    round_of_avx2(x, y);
    round_of_avx2(y, z);
    round_of_avx2(z, y);
    for (size_t c = 0; c < 8; c++)
        _mm256_storeu_si256((__m256i *)(void *)(to + c * PSYI_TURN_ROWS), y[c]);
}

ON_AVX2 static void turn_avx2(const uint8_t *const rows[PSYI_TURN_ROWS], size_t column,
                              uint8_t out[PSYI_TURN_COLUMNS * PSYI_TURN_ROWS])
{
    for (size_t side = 0; side < PSYI_TURN_ROWS; side += 32) {
        __m256i first[8], second[8];
        for (size_t r = 0; r < 8; r++) {
            const __m256i a = two_rows(rows + side + r, column);
            const __m256i b = two_rows(rows + side + r + 8, column);
            first[r] = _mm256_unpacklo_epi8(a, b);
            second[r] = _mm256_unpackhi_epi8(a, b);
        }
        columns_avx2(first, out + side);
        columns_avx2(second, out + side + 8 * PSYI_TURN_ROWS);
    }
}

psyi_turn *psyi_turn_choose(void)
{
    return __builtin_cpu_supports("avx2") ? turn_avx2 : turn_sse2;
}
#else
psyi_turn *psyi_turn_choose(void)
{
    return psyi_turn_plain;
}
#endif
