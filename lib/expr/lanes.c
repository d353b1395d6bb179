/*
 * lanes.c -- numbers of 64 lanes from one form to the other, and out of the machine
 * (lanes_load.c: into it).
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
