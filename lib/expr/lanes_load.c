/*
 * lanes_load.c -- numbers of 64 lanes into the machine.  What a caller hands in is put in order
 * here, so that the arithmetic can rely on it: a known lane has bounds around its value, a lane
 * without value has neither.
 */
#include "expr/exact.h"
#include "expr/lanes.h"

#include <string.h>

static int64_t magnitude(int64_t a)
{
    return a < 0 ? -a : a;
}

/* Take over masks, and of the numbers those that are numbers. */
static void load_ratios(psyi_lanes *lanes, const psyi_numbers *numbers)
{
    lanes->absent = numbers->absent;
    lanes->no_record = numbers->no_record & ~numbers->absent;
    const psyi_mask live = ~(lanes->absent | lanes->no_record);
    lanes->known = lanes->bounded = lanes->maybe_absent = 0;
    lanes->blank = numbers->blank & live;
    lanes->no_norm = numbers->no_norm & live;
    lanes->trouble = 0;
    lanes->ratios = true;
    lanes->tight = false;
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const psyi_mask bit = (psyi_mask)1 << i;
        psyi_ratio value = PSYI_RATIO_NONE, low = PSYI_RATIO_NONE, high = PSYI_RATIO_NONE;
        if ((live & numbers->known & bit) != 0)
            value = numbers->value[i];
        if ((live & numbers->bounded & bit) != 0) {
            low = numbers->low[i];
            high = numbers->high[i];
        }
        if (low.den <= 0 || high.den <= 0 || psyi_ratio_compare(low, high) > 0)
            low = high = PSYI_RATIO_NONE;
        if (value.den > 0) {
            lanes->known |= bit;
            if (low.den <= 0 || psyi_ratio_compare(value, low) < 0)
                low = value;
            if (high.den <= 0 || psyi_ratio_compare(value, high) > 0)
                high = value;
        }
        if (low.den > 0)
            lanes->bounded |= bit;
        lanes->ratio[i] = value;
        lanes->ratio_low[i] = low;
        lanes->ratio_high[i] = high;
    }
}

/* One denominator for all numbers in use, or 0. */
static int64_t shared_denominator(const psyi_lanes *lanes)
{
    int64_t den = 1;
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const int64_t dens[] = {lanes->ratio[i].den, lanes->ratio_low[i].den,
                                lanes->ratio_high[i].den};
        for (unsigned k = 0; k < 3; k++) {
            if (dens[k] <= 0 || dens[k] == den)
                continue;
            if (dens[k] > PSYI_DEN_LIMIT)
                return 0;
            den = psyi_common_multiple(den, dens[k]);
            if (den > PSYI_DEN_LIMIT)
                return 0;
        }
    }
    return den;
}

/* `a` over `den`; false when it grows too large. */
static bool rescaled(psyi_ratio a, int64_t den, int64_t *out, int64_t *size)
{
    *out = 0;
    if (a.den <= 0)
        return true;
    const int64_t factor = den / a.den;
    if (a.num > PSYI_SIZE_LIMIT / factor || a.num < -(PSYI_SIZE_LIMIT / factor))
        return false;
    *out = a.num * factor;
    if (magnitude(*out) > *size)
        *size = magnitude(*out);
    return true;
}

/* A multiple of `den` that is one of `a`'s denominator too; 0 where that is too large, or `a` no
 * number. */
static int64_t widen(int64_t den, psyi_ratio a)
{
    if (a.den <= 0 || a.den > PSYI_DEN_LIMIT)
        return 0;
    const int64_t both = a.den == den ? den : psyi_common_multiple(den, a.den);
    return both <= PSYI_DEN_LIMIT ? both : 0;
}

/* What the numbers of a column have in common.  Scores are whole or tenths: their few
 * denominators are a set of bits, and what brings each to the common one a table, so that a
 * number costs neither a division nor a call. */
#define FEW 64
typedef struct shared_look {
    uint64_t dens; /* below FEW */
    int64_t den;   /* common multiple of the others; 0: none that is small enough */
    uint64_t size; /* of the largest numerator, either way */
    int64_t factor[FEW];
} shared_look;

static void look_at(shared_look *look, psyi_ratio a)
{
    const uint64_t size = a.num < 0 ? 0 - (uint64_t)a.num : (uint64_t)a.num;
    look->size = size > look->size ? size : look->size;
    if (a.den > 0 && a.den < FEW)
        look->dens |= UINT64_C(1) << a.den;
    else
        look->den = look->den == 0 ? 0 : widen(look->den, a);
}

static bool find_common(shared_look *look)
{
    for (uint64_t left = look->dens; left != 0 && look->den != 0; left &= left - 1)
        look->den = widen(look->den, (psyi_ratio){0, __builtin_ctzll(left)});
    if (look->den == 0 || look->size > (uint64_t)(PSYI_SIZE_LIMIT / look->den))
        return false;
    for (uint64_t left = look->dens; left != 0; left &= left - 1)
        look->factor[__builtin_ctzll(left)] = look->den / __builtin_ctzll(left);
    return true;
}

static int64_t over(const shared_look *look, psyi_ratio a)
{
    return a.num * (a.den < FEW ? look->factor[a.den] : look->den / a.den);
}

static bool equal(psyi_ratio a, psyi_ratio b)
{
    return a.num == b.num && a.den == b.den;
}

static int64_t larger_size(int64_t size, int64_t a)
{
    return magnitude(a) > size ? magnitude(a) : size;
}

/* Where bounds are not the value itself: few lanes, for a score that is known has itself. */
static psyi_mask loose_lanes(const psyi_numbers *numbers, psyi_mask known, psyi_mask bounded)
{
    psyi_mask loose = bounded & ~known;
    for (psyi_mask left = bounded & known; left != 0; left &= left - 1) {
        const unsigned i = (unsigned)__builtin_ctzll(left);
        if (!equal(numbers->low[i], numbers->value[i]) ||
            !equal(numbers->high[i], numbers->value[i]))
            loose |= (psyi_mask)1 << i;
    }
    return loose;
}

/* The usual case without any detour: numbers over one denominator, and proper bounds. */
static bool load_shared(psyi_lanes *lanes, const psyi_numbers *numbers)
{
    const psyi_mask no_record = numbers->no_record & ~numbers->absent;
    const psyi_mask live = ~(numbers->absent | no_record);
    const psyi_mask known = numbers->known & live, bounded = numbers->bounded & live;
    const psyi_mask loose = loose_lanes(numbers, known, bounded);
    shared_look look;
    look.dens = 0;
    look.den = 1;
    look.size = 0;
    for (psyi_mask left = known; left != 0; left &= left - 1)
        look_at(&look, numbers->value[__builtin_ctzll(left)]);
    for (psyi_mask left = loose; left != 0; left &= left - 1) {
        look_at(&look, numbers->low[__builtin_ctzll(left)]);
        look_at(&look, numbers->high[__builtin_ctzll(left)]);
    }
    if (!find_common(&look))
        return false;
    int64_t size = 0;
    memset(lanes->value, 0, sizeof lanes->value);
    for (psyi_mask left = known; left != 0; left &= left - 1) {
        const unsigned i = (unsigned)__builtin_ctzll(left);
        lanes->value[i] = over(&look, numbers->value[i]);
        size = larger_size(size, lanes->value[i]);
    }
    if (loose != 0) {
        memcpy(lanes->low, lanes->value, sizeof lanes->low);
        memcpy(lanes->high, lanes->value, sizeof lanes->high);
    }
    for (psyi_mask left = loose; left != 0; left &= left - 1) {
        const unsigned i = (unsigned)__builtin_ctzll(left);
        const int64_t low = over(&look, numbers->low[i]), high = over(&look, numbers->high[i]);
        if (low > high)
            return false;
        const bool has_value = (known >> i & 1) != 0;
        lanes->low[i] = has_value && lanes->value[i] < low ? lanes->value[i] : low;
        lanes->high[i] = has_value && lanes->value[i] > high ? lanes->value[i] : high;
        size = larger_size(larger_size(size, low), high);
    }
    lanes->ratios = false;
    lanes->tight = (bounded & ~known) == 0 &&
                   (loose == 0 || (memcmp(lanes->value, lanes->low, sizeof lanes->low) == 0 &&
                                   memcmp(lanes->value, lanes->high, sizeof lanes->high) == 0));
    lanes->den = look.den;
    lanes->size = size;
    lanes->known = known;
    lanes->bounded = known | bounded;
    lanes->absent = numbers->absent;
    lanes->maybe_absent = 0;
    lanes->no_record = no_record;
    lanes->blank = numbers->blank & live;
    lanes->no_norm = numbers->no_norm & live;
    lanes->trouble = 0;
    return true;
}

void psyi_lanes_load(psyi_lanes *lanes, const psyi_numbers *numbers)
{
    if (load_shared(lanes, numbers))
        return;
    load_ratios(lanes, numbers);
    const int64_t den = shared_denominator(lanes);
    int64_t size = 0;
    if (den == 0)
        return;
    for (unsigned i = 0; i < PSYI_LANES; i++)
        if (!rescaled(lanes->ratio[i], den, &lanes->value[i], &size) ||
            !rescaled(lanes->ratio_low[i], den, &lanes->low[i], &size) ||
            !rescaled(lanes->ratio_high[i], den, &lanes->high[i], &size))
            return;
    lanes->ratios = false;
    lanes->tight = lanes->bounded == lanes->known &&
                   memcmp(lanes->value, lanes->low, sizeof lanes->low) == 0 &&
                   memcmp(lanes->value, lanes->high, sizeof lanes->high) == 0;
    lanes->den = den;
    lanes->size = size;
}

void psyi_lanes_load_item(psyi_lanes *lanes, const psyi_item_lanes *item)
{
    const psyi_mask known = item->known & ~item->absent;
    const psyi_mask blank = ~(item->absent | known);

    lanes->ratios = false;
    lanes->den = item->scale;
    lanes->size = INT64_C(1) << 31;
    lanes->known = known;
    lanes->bounded = known | (item->low <= item->high ? blank : 0);
    lanes->tight = lanes->bounded == known;
    lanes->absent = item->absent;
    lanes->blank = blank;
    lanes->maybe_absent = lanes->no_record = lanes->no_norm = lanes->trouble = 0;
    for (unsigned i = 0; i < PSYI_LANES; i++)
        lanes->value[i] = (known >> i & 1) != 0 ? item->value[i] : 0;
    if (lanes->tight)
        return;
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const bool is_blank = (blank >> i & 1) != 0;
        lanes->low[i] = is_blank ? item->low : lanes->value[i];
        lanes->high[i] = is_blank ? item->high : lanes->value[i];
    }
}
