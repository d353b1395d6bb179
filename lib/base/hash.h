/* hash.h -- hashes of texts for tables and look-ups: fast, the same everywhere, and no secret. */
#ifndef PSYSCREEN_BASE_HASH_H
#define PSYSCREEN_BASE_HASH_H

#include <stdint.h>

/* FNV-1a (Fowler, Noll & Vo), a letter or byte at a time. */
#define PSYI_HASH_BEGIN UINT64_C(0xCBF29CE484222325)

static inline uint64_t psyi_hash_add(uint64_t hash, uint32_t letter)
{
    return (hash ^ letter) * UINT64_C(0x100000001B3);
}

/* The finisher of SplitMix64 (Steele, Lea & Flood 2014, OOPSLA): a bijection that spreads every bit
 * over all others, as FNV-1a of numbers in a row does not. */
static inline uint64_t psyi_hash_spread(uint64_t hash)
{
    hash = (hash ^ hash >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    hash = (hash ^ hash >> 27) * UINT64_C(0x94D049BB133111EB);
    return hash ^ hash >> 31;
}

#endif
