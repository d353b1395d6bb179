/*
 * kept_scores.c -- the scores of a tile as they are kept.
 *
 * While a tile is scored its scores lie beside it, as wide as any score may be.  Kept they take
 * half of that: a numerator of sixteen bits, a denominator and a count of answers of eight, a
 * standard score of sixteen.  All that is written once and read often is memory that the system
 * has to clear and the caches to fetch, so it is half of that, too.  What does not fit (a sum of
 * minutes, 256 items) is rare, and leaves its whole tile as wide as it was.
 */
#include "base/vectors.h"
#include "score/compiled.h"

#include <string.h>
#ifdef PSYI_X86
#include <emmintrin.h>
#endif

_Static_assert(sizeof(psyi_small_score) == 4 && sizeof(psyi_score) == 8, "half of it");

/* The tile's own memory for what does not fit. */
static bool keep_wide(const psyi_tile *tile)
{
    psyi_scores *const scores = tile->scores;
    const size_t lanes = PSYI_LANES, n = scores->n_scales * lanes * sizeof(psyi_score);
    const size_t m = scores->n_standards * lanes * sizeof(int32_t);
    unsigned char *const wide = psyi_alloc(scores->allocator, n + m, 1);
    if (wide == NULL)
        return false;
    memcpy(wide, tile->score, n);
    memcpy(wide + n, tile->standard, m);
    scores->wide[tile->tile] = wide;
    return true;
}

static void drop_wide(psyi_scores *scores, size_t tile)
{
    psyi_free(scores->allocator, scores->wide[tile]);
    scores->wide[tile] = NULL;
}

#ifdef PSYI_X86
static inline __m128i load(const void *from)
{
    return _mm_loadu_si128(from);
}

static inline bool is_zero(__m128i bits)
{
    return _mm_movemask_epi8(_mm_cmpeq_epi32(bits, _mm_setzero_si128())) == 0xFFFF;
}

/* Four at a time: numerators apart from the rest, halved, and together again. */
static bool shrink_scores(const psyi_score *from, size_t n, psyi_small_score *to)
{
    const __m128i upper = _mm_set1_epi32((int)0xFF00FF00), lower = _mm_set1_epi32(0xFFFF);
    __m128i bad = _mm_setzero_si128();
    for (size_t i = 0; i < n; i += 4) {
        const __m128 a = _mm_castsi128_ps(load(from + i)), b = _mm_castsi128_ps(load(from + i + 2));
        const __m128i nums = _mm_castps_si128(_mm_shuffle_ps(a, b, _MM_SHUFFLE(2, 0, 2, 0)));
        const __m128i rest = _mm_castps_si128(_mm_shuffle_ps(a, b, _MM_SHUFFLE(3, 1, 3, 1)));
        const __m128i back = _mm_srai_epi32(_mm_slli_epi32(nums, 16), 16);
        const __m128i bytes = _mm_or_si128(rest, _mm_srli_epi32(rest, 8));
        bad =
            _mm_or_si128(bad, _mm_or_si128(_mm_xor_si128(nums, back), _mm_and_si128(rest, upper)));
        _mm_storeu_si128((__m128i *)(void *)(to + i),
                         _mm_or_si128(_mm_and_si128(nums, lower), _mm_slli_epi32(bytes, 16)));
    }
    return is_zero(bad);
}

/* Eight at a time; packing makes the least number of the least number. */
static bool shrink_standards(const int32_t *from, size_t n, int16_t *to)
{
    const __m128i none = _mm_set1_epi32(PSYI_NO_STANDARD);
    const __m128i least = _mm_set1_epi32(-INT16_MAX), most = _mm_set1_epi32(INT16_MAX);
    __m128i bad = _mm_setzero_si128();
    for (size_t i = 0; i < n; i += 8) {
        const __m128i both[2] = {load(from + i), load(from + i + 4)};
        for (size_t k = 0; k < 2; k++) {
            const __m128i small =
                _mm_andnot_si128(_mm_cmpeq_epi32(both[k], none), _mm_cmpgt_epi32(least, both[k]));
            bad = _mm_or_si128(bad, _mm_or_si128(small, _mm_cmpgt_epi32(both[k], most)));
        }
        _mm_storeu_si128((__m128i *)(void *)(to + i), _mm_packs_epi32(both[0], both[1]));
    }
    return is_zero(bad);
}
#else
static bool shrink_scores(const psyi_score *from, size_t n, psyi_small_score *to)
{
    bool fits = true;
    for (size_t i = 0; i < n; i++) {
        to[i] = (psyi_small_score){(int16_t)from[i].num, (uint8_t)from[i].den,
                                   (uint8_t)from[i].answered};
        fits = fits && to[i].num == from[i].num && to[i].den == from[i].den &&
               to[i].answered == from[i].answered;
    }
    return fits;
}

static bool shrink_standards(const int32_t *from, size_t n, int16_t *to)
{
    bool fits = true;
    for (size_t i = 0; i < n; i++) {
        const bool none = from[i] == PSYI_NO_STANDARD;
        to[i] = none ? INT16_MIN : (int16_t)from[i];
        fits = fits && (none || (from[i] >= -INT16_MAX && from[i] <= INT16_MAX));
    }
    return fits;
}
#endif

bool psyi_keep_scores(psyi_tile *tile)
{
    psyi_scores *const scores = tile->scores;
    const size_t at = tile->tile * PSYI_LANES;
    drop_wide(scores, tile->tile);
    const bool fits = shrink_scores(tile->score, scores->n_scales * PSYI_LANES,
                                    &scores->score[psyi_scale_at(scores, 0, at)]);
    return (shrink_standards(tile->standard, scores->n_standards * PSYI_LANES,
                             &scores->standard[psyi_standard_at(scores, 0, at)]) &&
            fits) ||
           keep_wide(tile);
}

void psyi_keep_no_scores(psyi_scores *scores, size_t tile)
{
    const size_t at = tile * PSYI_LANES;
    int16_t *const standard = &scores->standard[psyi_standard_at(scores, 0, at)];
    drop_wide(scores, tile);
    for (size_t i = 0; i < scores->n_standards * PSYI_LANES; i++)
        standard[i] = INT16_MIN;
}
