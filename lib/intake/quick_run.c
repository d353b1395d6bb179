/*
 * quick_run.c -- thirty-two bytes of digits and separators at a time, without a branch for
 * empty cells.
 *
 * psyi_take goes on by as many bytes as its cells took, so where one cell in a hundred is
 * empty, two branches of a row are guessed wrong and each step waits for the one before.  Here
 * a step is always thirty-two bytes, until something else comes.  Each separator ends a cell whose
 * value is the byte before it: a digit, or a separator, which is an empty cell.  Values at
 * separators are moved together by a table of 256 shuffles, eight bytes by eight.  (`pext` would do
 * it without a table, but takes hundreds of cycles on processors before Zen 3.)
 */
#include "intake/quick_run.h"
#include "base/vectors.h"

#ifdef PSYI_X86
#include <immintrin.h>

#define ON_AVX2 __attribute__((target("avx2,popcnt")))

enum { WIDE = 32 };

void psyi_shuffles_make(psyi_shuffles *shuffles)
{
    for (unsigned mask = 0; mask < 256; mask++) {
        uint64_t order = 0;
        unsigned n = 0;
        for (unsigned bit = 0; bit < 8; bit++)
            if ((mask >> bit & 1) != 0)
                order |= (uint64_t)bit << 8 * n++;
        for (; n < 8; n++)
            order |= UINT64_C(0x80) << 8 * n; /* the shuffle writes 0 */
        shuffles->order[mask] = order;
    }
}

ON_AVX2 static psyi_taken take_avx2(const char *at, const char *end, char separator,
                                    psyi_digits digits, uint8_t blank, uint8_t *out, size_t room,
                                    bool *any, const psyi_shuffles *shuffles)
{
    const __m256i parts = _mm256_set1_epi8(separator);
    const __m256i low = _mm256_set1_epi8((char)digits.low);
    const __m256i span = _mm256_set1_epi8((char)digits.span);
    const __m256i base = _mm256_set1_epi8((char)digits.base);
    const __m256i empty = _mm256_set1_epi8((char)blank);
    const __m256i upper = _mm256_set_epi64x(0x0808080808080808, 0, 0x0808080808080808, 0);
    const uint64_t *const order = shuffles->order;
    const char *const start = at;
    size_t n = 0;
    bool whole = true;
    while (whole && end - at > WIDE) {
        const __m256i now = _mm256_loadu_si256((const __m256i *)(const void *)at);
        const __m256i before = _mm256_loadu_si256((const __m256i *)(const void *)(at - 1));
        const __m256i value = _mm256_sub_epi8(now, low);
        const __m256i is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(value, span), value);
        const __m256i is_part = _mm256_cmpeq_epi8(now, parts);
        const __m256i follows = _mm256_cmpeq_epi8(before, parts); /* a cell begins here */
        const __m256i good = _mm256_or_si256(is_part, _mm256_and_si256(is_digit, follows));
        const uint32_t odd = ~(uint32_t)_mm256_movemask_epi8(good);
        uint32_t mask = (uint32_t)_mm256_movemask_epi8(is_part);
        if (odd != 0) { /* what is before it, and not what is part of it */
            whole = false;
            mask &= (UINT32_C(1) << __builtin_ctz(odd)) - 1;
        }
        size_t count = (size_t)__builtin_popcount(mask);
        for (; count > room - n; count--, whole = false)
            mask &= ~(UINT32_C(1) << (31 - __builtin_clz(mask)));
        if (mask == 0)
            break;
        const __m256i mapped = _mm256_add_epi8(_mm256_sub_epi8(before, low), base);
        /* Exclusive-or with blank turns blank into 0 and back, also behind the cells. */
        const __m256i values = _mm256_andnot_si256(follows, _mm256_xor_si256(mapped, empty));
        const __m256i moves =
            _mm256_set_epi64x((long long)order[mask >> 24], (long long)order[mask >> 16 & 0xFF],
                              (long long)order[mask >> 8 & 0xFF], (long long)order[mask & 0xFF]);
        const __m256i cells =
            _mm256_xor_si256(_mm256_shuffle_epi8(values, _mm256_add_epi8(moves, upper)), empty);
        const __m128i first = _mm256_castsi256_si128(cells);
        const __m128i second = _mm256_extracti128_si256(cells, 1);
        uint8_t *const to = out + n;
        _mm_storel_epi64((__m128i *)(void *)to, first);
        _mm_storel_epi64((__m128i *)(void *)(to + __builtin_popcount(mask & 0xFF)),
                         _mm_unpackhi_epi64(first, first));
        _mm_storel_epi64((__m128i *)(void *)(to + __builtin_popcount(mask & 0xFFFF)), second);
        _mm_storel_epi64((__m128i *)(void *)(to + __builtin_popcount(mask & 0xFFFFFF)),
                         _mm_unpackhi_epi64(second, second));
        n += count;
        at += whole ? WIDE : WIDE - __builtin_clz(mask);
    }
    if (at[-1] != separator) /* a digit whose separator was not looked at */
        at--;
    *any = *any || (size_t)(at - start) > n; /* more bytes than separators */
    return (psyi_taken){n, at};
}

psyi_take_run *psyi_take_run_choose(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") ? take_avx2 : NULL;
}
#else
void psyi_shuffles_make(psyi_shuffles *shuffles)
{
    shuffles->order[0] = 0;
}

psyi_take_run *psyi_take_run_choose(void)
{
    return NULL;
}
#endif
