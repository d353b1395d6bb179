/* rank_scores.h -- decisions about shares of a group, in integers. */
#ifndef PSYSCREEN_NORM_RANK_SCORES_H
#define PSYSCREEN_NORM_RANK_SCORES_H

#include "math/big.h"

#include <stdbool.h>
#include <stdint.h>

/* (below + equal/2)/n > percent/100, exactly. */
static inline bool psyi_share_above(uint64_t below, uint64_t equal, uint64_t n, unsigned percent)
{
    const psyi_u128 twice = 2 * (psyi_u128)below + equal;
    return 100 * twice > 2 * (psyi_u128)percent * n;
}

#endif
