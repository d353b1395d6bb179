/* kernel.h -- what is done to every byte of a tile: 64 lanes at a time. */
#ifndef PSYSCREEN_SCORE_KERNEL_H
#define PSYSCREEN_SCORE_KERNEL_H

#include "expr/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PSYI_NO_SCORE 0xFFu /* a scored byte that has no score */

typedef struct psyi_kernels {
    /* Answer bytes of `n` items to scored bytes: sign * answer + add, PSYI_NO_SCORE where there
     * is no answer.  gaps[i] tells whether item i has such a lane.  Many items at once, since
     * one is done sooner than a function is called. */
    void (*map)(const uint8_t *restrict answers, uint8_t *restrict scored, size_t n, bool reversed,
                uint8_t add, bool *restrict gaps);
    /* Per lane the sum of the scored bytes of `items` and how many had no score.  `flush`
     * items together stay below 256. */
    void (*sum)(const uint8_t *restrict scored, const uint16_t *restrict items, size_t n_items,
                size_t flush, uint16_t *restrict sums, uint16_t *restrict missing);
} psyi_kernels;

/* The fastest this processor runs; they all give the same. */
const psyi_kernels *psyi_kernels_choose(void);
/* All there are in this build that this processor runs; for tests and benchmarks. */
size_t psyi_kernels_all(const psyi_kernels **out, size_t room);

/* Lanes whose byte is at least `from`. */
psyi_mask psyi_mask_from(const uint8_t bytes[PSYI_LANES], uint8_t from);
/* The same where there is no SSE2; the tests hold the two against each other. */
psyi_mask psyi_mask_from_plain(const uint8_t bytes[PSYI_LANES], uint8_t from);

#endif
