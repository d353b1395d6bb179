/*
 * lanes.c -- numbers of 64 lanes into the machine and out of it, and from one form to the
 * other.  What a caller hands in is put in order here, so that the arithmetic can rely on
 * it: a known lane has bounds around its value, a lane without value has neither.
 */
#include "expr/lanes.h"
#include "expr/exact.h"

#include <string.h>

static int64_t magnitude(int64_t a)
{
    return a < 0 ? -a : a;
}

void psyi_lanes_clear(psyi_lanes *lanes)
{
    psyi_lanes_constant(lanes, (psyi_ratio){0, 1});
    lanes->known = lanes->bounded = 0;
}

void psyi_lanes_constant(psyi_lanes *lanes, psyi_ratio value)
{
    lanes->known = lanes->bounded = PSYI_ALL_LANES;
    lanes->absent = lanes->maybe_absent = lanes->no_record = 0;
    lanes->blank = lanes->no_norm = 0;
    lanes->trouble = 0;
    lanes->ratios =
        value.den > PSYI_DEN_LIMIT || value.num > PSYI_SIZE_LIMIT || value.num < -PSYI_SIZE_LIMIT;
    lanes->tight = !lanes->ratios;
    lanes->den = lanes->ratios ? 1 : value.den;
    lanes->size = lanes->ratios ? 0 : magnitude(value.num);
    for (unsigned i = 0; i < PSYI_LANES; i++)
        if (lanes->ratios)
            lanes->ratio[i] = lanes->ratio_low[i] = lanes->ratio_high[i] = value;
        else
            lanes->value[i] = value.num;
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

static int64_t larger_size(int64_t size, int64_t a)
{
    return magnitude(a) > size ? magnitude(a) : size;
}

/* A multiple of `den` that is one of `a`'s denominator too; 0 where that is too large, or `a` no
 * number.  (Scores are whole or tenths: few ask for more than a comparison.) */
static int64_t widen(int64_t den, psyi_ratio a)
{
    if (a.den == den || a.den == 1 || (den == 10 && (a.den == 5 || a.den == 2)))
        return den;
    if (a.den <= 0 || a.den > PSYI_DEN_LIMIT)
        return 0;
    const int64_t both = psyi_common_multiple(den, a.den);
    return both <= PSYI_DEN_LIMIT ? both : 0;
}

static int64_t over(psyi_ratio a, int64_t den)
{
    if (a.den == den)
        return a.num;
    if (den == 10) /* tenths, reduced: no division */
        return a.num * (a.den == 1 ? 10 : a.den == 2 ? 5 : 2);
    return a.den == 1 ? a.num * den : a.num * (den / a.den);
}

static bool is_small(psyi_ratio a, int64_t most)
{
    return a.num <= most && a.num >= -most;
}

/* The usual case without any detour: numbers over one denominator, and proper bounds. */
static bool load_shared(psyi_lanes *lanes, const psyi_numbers *numbers)
{
    const psyi_mask no_record = numbers->no_record & ~numbers->absent;
    const psyi_mask live = ~(numbers->absent | no_record);
    const psyi_mask known = numbers->known & live, bounded = numbers->bounded & live;
    int64_t size = 0, den = 1;

    for (psyi_mask left = known; left != 0 && den != 0; left &= left - 1)
        den = widen(den, numbers->value[__builtin_ctzll(left)]);
    for (psyi_mask left = bounded; left != 0 && den != 0; left &= left - 1) {
        den = widen(den, numbers->low[__builtin_ctzll(left)]);
        den = den == 0 ? 0 : widen(den, numbers->high[__builtin_ctzll(left)]);
    }
    if (den == 0)
        return false;
    const int64_t most = PSYI_SIZE_LIMIT / den;
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const bool has_value = (known >> i & 1) != 0;
        if (has_value && !is_small(numbers->value[i], most))
            return false;
        lanes->value[i] = has_value ? over(numbers->value[i], den) : 0;
        size = larger_size(size, lanes->value[i]);
    }
    for (unsigned i = 0; i < PSYI_LANES && bounded != 0; i++) {
        lanes->low[i] = lanes->high[i] = lanes->value[i];
        if ((bounded >> i & 1) == 0)
            continue;
        if (!is_small(numbers->low[i], most) || !is_small(numbers->high[i], most))
            return false;
        const int64_t low = over(numbers->low[i], den), high = over(numbers->high[i], den);
        if (low > high)
            return false;
        const bool has_value = (known >> i & 1) != 0;
        lanes->low[i] = has_value && lanes->value[i] < low ? lanes->value[i] : low;
        lanes->high[i] = has_value && lanes->value[i] > high ? lanes->value[i] : high;
        size = larger_size(larger_size(size, low), high);
    }
    lanes->ratios = false;
    lanes->tight = (bounded & ~known) == 0 &&
                   (bounded == 0 || (memcmp(lanes->value, lanes->low, sizeof lanes->low) == 0 &&
                                     memcmp(lanes->value, lanes->high, sizeof lanes->high) == 0));
    lanes->den = den;
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

void psyi_lanes_loosen(psyi_lanes *lanes)
{
    if (lanes->ratios || !lanes->tight)
        return;
    memcpy(lanes->low, lanes->value, sizeof lanes->low);
    memcpy(lanes->high, lanes->value, sizeof lanes->high);
    lanes->tight = false;
}

void psyi_lanes_to_ratios(psyi_lanes *lanes)
{
    if (lanes->ratios)
        return;
    psyi_lanes_loosen(lanes);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const bool known = (lanes->known >> i & 1) != 0, bounded = (lanes->bounded >> i & 1) != 0;
        lanes->ratio[i] = known ? psyi_ratio_make(lanes->value[i], lanes->den) : PSYI_RATIO_NONE;
        lanes->ratio_low[i] =
            bounded ? psyi_ratio_make(lanes->low[i], lanes->den) : PSYI_RATIO_NONE;
        lanes->ratio_high[i] =
            bounded ? psyi_ratio_make(lanes->high[i], lanes->den) : PSYI_RATIO_NONE;
    }
    lanes->ratios = true;
}

/* How large the numbers really are: `size` is only a limit that grows with every step. */
static void measure(psyi_lanes *lanes)
{
    lanes->size = 0;
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const int64_t sizes[] = {magnitude(lanes->value[i]),
                                 lanes->tight ? 0 : magnitude(lanes->low[i]),
                                 lanes->tight ? 0 : magnitude(lanes->high[i])};
        for (unsigned k = 0; k < 3; k++)
            if (sizes[k] > lanes->size)
                lanes->size = sizes[k];
    }
}

bool psyi_lanes_fit(psyi_lanes *lanes, int64_t factor)
{
    if (lanes->size <= PSYI_SIZE_LIMIT / factor)
        return true;
    measure(lanes);
    return lanes->size <= PSYI_SIZE_LIMIT / factor;
}

static void multiply_all(psyi_lanes *lanes, int64_t factor)
{
    if (factor == 1)
        return;
    for (unsigned i = 0; i < PSYI_LANES; i++)
        lanes->value[i] *= factor;
    for (unsigned i = 0; i < PSYI_LANES && !lanes->tight; i++) {
        lanes->low[i] *= factor;
        lanes->high[i] *= factor;
    }
    lanes->den *= factor;
    lanes->size *= factor;
}

void psyi_lanes_align(psyi_lanes *a, psyi_lanes *b)
{
    if (!a->ratios && !b->ratios) {
        const int64_t den = psyi_common_multiple(a->den, b->den);
        if (den <= PSYI_DEN_LIMIT && psyi_lanes_fit(a, den / a->den) &&
            psyi_lanes_fit(b, den / b->den)) {
            multiply_all(a, den / a->den);
            multiply_all(b, den / b->den);
            if (a->tight != b->tight) {
                psyi_lanes_loosen(a);
                psyi_lanes_loosen(b);
            }
            return;
        }
    }
    psyi_lanes_to_ratios(a);
    psyi_lanes_to_ratios(b);
}

static void copy_mask(psyi_mask *to, psyi_mask from, psyi_mask mask)
{
    *to = (*to & ~mask) | (from & mask);
}

void psyi_lanes_copy(psyi_lanes *to, const psyi_lanes *from, psyi_mask mask)
{
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        if ((mask >> i & 1) == 0)
            continue;
        if (to->ratios) {
            to->ratio[i] = from->ratio[i];
            to->ratio_low[i] = from->ratio_low[i];
            to->ratio_high[i] = from->ratio_high[i];
            continue;
        }
        to->value[i] = from->value[i];
        if (!to->tight) {
            to->low[i] = from->low[i];
            to->high[i] = from->high[i];
        }
    }
    if (!to->ratios && from->size > to->size)
        to->size = from->size;
    copy_mask(&to->known, from->known, mask);
    copy_mask(&to->bounded, from->bounded, mask);
    copy_mask(&to->absent, from->absent, mask);
    copy_mask(&to->maybe_absent, from->maybe_absent, mask);
    copy_mask(&to->no_record, from->no_record, mask);
    copy_mask(&to->blank, from->blank, mask);
    copy_mask(&to->no_norm, from->no_norm, mask);
    copy_mask(&to->trouble, from->trouble, mask);
}

void psyi_lanes_store(const psyi_lanes *lanes, psyi_numbers *out)
{
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const bool known = (lanes->known >> i & 1) != 0, bounded = (lanes->bounded >> i & 1) != 0;
        psyi_ratio value = PSYI_RATIO_NONE, low = PSYI_RATIO_NONE, high = PSYI_RATIO_NONE;
        if (known)
            value = lanes->ratios ? lanes->ratio[i] : psyi_ratio_make(lanes->value[i], lanes->den);
        if (bounded && lanes->ratios) {
            low = lanes->ratio_low[i];
            high = lanes->ratio_high[i];
        } else if (bounded && lanes->tight) {
            low = high = value;
        } else if (bounded) {
            low = psyi_ratio_make(lanes->low[i], lanes->den);
            high = psyi_ratio_make(lanes->high[i], lanes->den);
        }
        out->value[i] = value;
        out->low[i] = low;
        out->high[i] = high;
    }
    out->known = lanes->known;
    out->bounded = lanes->bounded;
    out->absent = lanes->absent;
    out->blank = lanes->blank;
    out->no_norm = lanes->no_norm;
    out->no_record = lanes->no_record;
}
