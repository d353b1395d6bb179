/*
 * kernel.c -- sums and counts of missing answers over tiles of bytes.
 *
 * A lane without a score is 0xFF.  Adding it takes one off the sum modulo 256, and the same
 * comparison that counts it puts the one back, so that the loop is load, add, compare,
 * subtract.  Eight-bit sums are widened before they can pass 255; how many items fit until
 * then comes from the code ranges.  Vectors are as wide as the target's registers and no
 * wider: compilers take wider ones apart, and then this is many times slower.
 */
#include "score/kernel.h"
#include "answers/sheets.h"
#include "base/vectors.h"

#include <string.h>

#ifdef PSYI_X86
#include <emmintrin.h>
#endif

#define ALWAYS static inline __attribute__((always_inline))

/* What the vectors are made of is no business of strict aliasing: they come by memcpy. */
typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint8_t bytes32 __attribute__((vector_size(32)));

ALWAYS void widen(const uint8_t *restrict from, uint16_t *restrict to)
{
    for (size_t lane = 0; lane < PSYI_LANES; lane++)
        to[lane] = from[lane];
}

ALWAYS void widen_add(const uint8_t *restrict from, uint16_t *restrict to)
{
    for (size_t lane = 0; lane < PSYI_LANES; lane++)
        to[lane] = (uint16_t)(to[lane] + from[lane]);
}

/* x ^ 0xFF is -x - 1 */
#define MAP_BODY(vector)                                                                           \
    const vector flips = (vector){0} + (uint8_t)(reversed ? 0xFF : 0);                             \
    const vector pluses = (vector){0} + (uint8_t)(add + (reversed ? 1 : 0));                       \
    for (size_t item = 0; item < n; item++) {                                                      \
        vector any = {0};                                                                          \
        for (size_t part = 0; part < PSYI_LANES / sizeof(vector); part++) {                        \
            vector x;                                                                              \
            const size_t at = item * PSYI_LANES + part * sizeof x;                                 \
            memcpy(&x, answers + at, sizeof x);                                                    \
            const vector none = (vector)(x >= (uint8_t)PSYI_BLANK);                                \
            any |= none;                                                                           \
            x = ((x ^ flips) + pluses) | none;                                                     \
            memcpy(scored + at, &x, sizeof x);                                                     \
        }                                                                                          \
        uint64_t words[sizeof(vector) / sizeof(uint64_t)], found = 0;                              \
        memcpy(words, &any, sizeof words);                                                         \
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)                                  \
            found |= words[i];                                                                     \
        gaps[item] = found != 0;                                                                   \
    }

#define LANES_OF(vector, q)                                                                        \
    {                                                                                              \
        vector x;                                                                                  \
        memcpy(&x, at + (q) * sizeof x, sizeof x);                                                 \
        sum##q += x;                                                                               \
        none##q -= (vector)(x == PSYI_NO_SCORE);                                                   \
    }
#define STORE_OF(vector, q)                                                                        \
    {                                                                                              \
        sum##q += none##q;                                                                         \
        memcpy(sum8 + (q) * sizeof(vector), &sum##q, sizeof(vector));                              \
        memcpy(none8 + (q) * sizeof(vector), &none##q, sizeof(vector));                            \
    }
#define SUM_BODY(DECLARE, ADD, STORE)                                                              \
    for (size_t from = 0; from == 0 || from < n_items; from += flush) {                            \
        const size_t end = n_items - from < flush ? n_items : from + flush;                        \
        uint8_t sum8[PSYI_LANES], none8[PSYI_LANES];                                               \
        DECLARE                                                                                    \
        for (size_t i = from; i < end; i++) {                                                      \
            const uint8_t *const at = scored + (size_t)items[i] * PSYI_LANES;                      \
            ADD                                                                                    \
        }                                                                                          \
        STORE                                                                                      \
        if (from == 0) {                                                                           \
            widen(sum8, sums);                                                                     \
            widen(none8, missing);                                                                 \
        } else {                                                                                   \
            widen_add(sum8, sums);                                                                 \
            widen_add(none8, missing);                                                             \
        }                                                                                          \
    }

static void map_plain(const uint8_t *restrict answers, uint8_t *restrict scored, size_t n,
                      bool reversed, uint8_t add, bool *restrict gaps)
{
    MAP_BODY(bytes16)
}

static void sum_plain(const uint8_t *restrict scored, const uint16_t *restrict items,
                      size_t n_items, size_t flush, uint16_t *restrict sums,
                      uint16_t *restrict missing)
{
    SUM_BODY(bytes16 sum0 = {0}; bytes16 sum1 = {0}; bytes16 sum2 = {0}; bytes16 sum3 = {0};
             bytes16 none0 = {0}; bytes16 none1 = {0}; bytes16 none2 = {0}; bytes16 none3 = {0};
             , LANES_OF(bytes16, 0) LANES_OF(bytes16, 1) LANES_OF(bytes16, 2) LANES_OF(bytes16, 3),
             STORE_OF(bytes16, 0) STORE_OF(bytes16, 1) STORE_OF(bytes16, 2) STORE_OF(bytes16, 3))
}

static const psyi_kernels plain_kernels = {map_plain, sum_plain};

#ifdef PSYI_X86
#define ON_AVX2 __attribute__((target("avx2")))

ON_AVX2 static void map_avx2(const uint8_t *restrict answers, uint8_t *restrict scored, size_t n,
                             bool reversed, uint8_t add, bool *restrict gaps){MAP_BODY(bytes32)}

ON_AVX2 static void sum_avx2(const uint8_t *restrict scored, const uint16_t *restrict items,
                             size_t n_items, size_t flush, uint16_t *restrict sums,
                             uint16_t *restrict missing)
{
    SUM_BODY(bytes32 sum0 = {0}; bytes32 sum1 = {0}; bytes32 none0 = {0}; bytes32 none1 = {0};
             , LANES_OF(bytes32, 0) LANES_OF(bytes32, 1), STORE_OF(bytes32, 0) STORE_OF(bytes32, 1))
}

static const psyi_kernels avx2_kernels = {map_avx2, sum_avx2};
#endif

const psyi_kernels *psyi_kernels_choose(void)
{
#ifdef PSYI_X86
    if (__builtin_cpu_supports("avx2"))
        return &avx2_kernels;
#endif
    return &plain_kernels;
}

size_t psyi_kernels_all(const psyi_kernels **out, size_t room)
{
    size_t n = 0;
    if (n < room)
        out[n++] = &plain_kernels;
#ifdef PSYI_X86
    if (n < room && __builtin_cpu_supports("avx2"))
        out[n++] = &avx2_kernels;
#endif
    return n;
}

psyi_mask psyi_mask_from(const uint8_t bytes[PSYI_LANES], uint8_t from)
{
#ifdef PSYI_X86
    psyi_mask lanes = 0;
    for (unsigned part = 0; part < PSYI_LANES / 16; part++) {
        const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(bytes + part * 16));
        const __m128i hits = _mm_cmpeq_epi8(_mm_max_epu8(x, _mm_set1_epi8((char)from)), x);
        lanes |= (psyi_mask)(unsigned)_mm_movemask_epi8(hits) << (part * 16);
    }
    return lanes;
#else
    return psyi_mask_from_plain(bytes, from);
#endif
}

psyi_mask psyi_mask_from_plain(const uint8_t bytes[PSYI_LANES], uint8_t from)
{
    uint8_t hit[PSYI_LANES];
    for (size_t lane = 0; lane < PSYI_LANES; lane++)
        hit[lane] = bytes[lane] >= from;
    psyi_mask mask = 0;
    for (size_t part = 0; part < PSYI_LANES / 8; part++) {
        /* Eight bytes of 0 or 1, gathered by one product into the highest byte; bit i of it
         * comes from byte i on a little-endian machine, so put them in order by hand. */
        uint64_t eight = 0;
        for (unsigned i = 0; i < 8; i++)
            eight |= (uint64_t)hit[part * 8 + i] << (8 * i);
        mask |= (eight * UINT64_C(0x0102040810204080) >> 56) << (part * 8);
    }
    return mask;
}
