/*
 * arithmetic.c -- exact arithmetic on 64 lanes, with bounds by interval arithmetic.
 *
 * Each operation first does its lanes, then the masks: what was not given is not given in
 * the result, no record stays no record, a lane is known when both were, and the causes are
 * those of the operands that are not known.  A value that does not fit, or a division by
 * zero, is unknown with the cause "trouble"; bounds that do not fit are none.
 */
#include "expr/exact.h"
#include "expr/lanes.h"

static const psyi_ratio zero = {0, 1};

static bool lane(psyi_mask mask, unsigned i)
{
    return (mask >> i & 1) != 0;
}

static psyi_ratio smaller(psyi_ratio a, psyi_ratio b)
{
    return psyi_ratio_compare(a, b) <= 0 ? a : b;
}

static psyi_ratio larger(psyi_ratio a, psyi_ratio b)
{
    return psyi_ratio_compare(a, b) >= 0 ? a : b;
}

/* Causes of an operand count where it is unknown, or where the result is known all the same
 * (then they only tell what is in it). */
static psyi_mask cause(psyi_mask of_a, psyi_mask of_b, const psyi_lanes *a, const psyi_lanes *b,
                       psyi_mask known)
{
    return (of_a & (~a->known | known)) | (of_b & (~b->known | known));
}

static void join_masks(psyi_lanes *a, const psyi_lanes *b)
{
    const psyi_mask absent = a->absent | b->absent;
    const psyi_mask no_record = psyi_lanes_without_record(a, b);
    const psyi_mask live = ~(absent | no_record);
    const psyi_mask known = a->known & b->known & live;

    a->blank = cause(a->blank, b->blank, a, b, known) & live;
    a->no_norm = cause(a->no_norm, b->no_norm, a, b, known) & live;
    a->trouble = cause(a->trouble, b->trouble, a, b, known) & live;
    a->known = known;
    a->bounded = a->bounded & b->bounded & live;
    a->absent = absent;
    a->maybe_absent = (a->maybe_absent | b->maybe_absent) & live;
    a->no_record = no_record;
}

/* Put the results of a lane in ratio form; `known` and `bounded` are already those of the
 * result.  What is no number any more is taken back. */
static void put(psyi_lanes *a, unsigned i, psyi_ratio value, psyi_ratio low, psyi_ratio high)
{
    const psyi_mask bit = (psyi_mask)1 << i;
    const bool known = lane(a->known, i), bounded = lane(a->bounded, i);

    if (known && value.den == 0) {
        a->known &= ~bit;
        a->bounded &= ~bit;
        a->trouble |= bit;
    } else if (bounded && (low.den == 0 || high.den == 0)) {
        low = high = value;
        if (!known) {
            a->bounded &= ~bit;
            a->trouble |= bit;
        }
    }
    a->ratio[i] = value;
    a->ratio_low[i] = low;
    a->ratio_high[i] = high;
}

/* Shared form again within its limits, else ratios. */
static void settle(psyi_lanes *a)
{
    if (!psyi_lanes_fit(a, 1))
        psyi_lanes_to_ratios(a);
}

void psyi_lanes_add(psyi_lanes *a, psyi_lanes *b, bool subtract)
{
    psyi_lanes_align(a, b);
    join_masks(a, b);
    if (!a->ratios) {
        const int64_t sign = subtract ? -1 : 1;
        const int64_t *const low = subtract ? b->high : b->low;
        const int64_t *const high = subtract ? b->low : b->high;
        for (unsigned i = 0; i < PSYI_LANES; i++)
            a->value[i] += sign * b->value[i];
        for (unsigned i = 0; i < PSYI_LANES && !a->tight; i++) {
            a->low[i] += sign * low[i];
            a->high[i] += sign * high[i];
        }
        a->size += b->size;
        settle(a);
        return;
    }
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        if (!lane(a->known | a->bounded, i))
            continue;
        if (subtract)
            put(a, i, psyi_ratio_sub(a->ratio[i], b->ratio[i]),
                psyi_ratio_sub(a->ratio_low[i], b->ratio_high[i]),
                psyi_ratio_sub(a->ratio_high[i], b->ratio_low[i]));
        else
            put(a, i, psyi_ratio_add(a->ratio[i], b->ratio[i]),
                psyi_ratio_add(a->ratio_low[i], b->ratio_low[i]),
                psyi_ratio_add(a->ratio_high[i], b->ratio_high[i]));
    }
}

/* The corners of a product; none if one does not fit. */
static void multiply_bounds(psyi_ratio al, psyi_ratio ah, psyi_ratio bl, psyi_ratio bh,
                            psyi_ratio *low, psyi_ratio *high)
{
    const psyi_ratio corner[] = {psyi_ratio_mul(al, bl), psyi_ratio_mul(al, bh),
                                 psyi_ratio_mul(ah, bl), psyi_ratio_mul(ah, bh)};
    *low = *high = corner[0];
    for (unsigned k = 1; k < 4; k++) {
        if (corner[k].den == 0 || low->den == 0) {
            *low = *high = PSYI_RATIO_NONE;
            return;
        }
        *low = smaller(*low, corner[k]);
        *high = larger(*high, corner[k]);
    }
}

static bool product_fits(psyi_lanes *a, psyi_lanes *b)
{
    return !a->ratios && !b->ratios && a->den <= PSYI_DEN_LIMIT / b->den &&
           (b->size == 0 || psyi_lanes_fit(a, b->size));
}

void psyi_lanes_multiply(psyi_lanes *a, psyi_lanes *b)
{
    if (!product_fits(a, b) && !product_fits(b, a)) {
        psyi_lanes_to_ratios(a);
        psyi_lanes_to_ratios(b);
        join_masks(a, b);
        for (unsigned i = 0; i < PSYI_LANES; i++) {
            psyi_ratio low = PSYI_RATIO_NONE, high = PSYI_RATIO_NONE;
            if (lane(a->bounded, i))
                multiply_bounds(a->ratio_low[i], a->ratio_high[i], b->ratio_low[i],
                                b->ratio_high[i], &low, &high);
            put(a, i, psyi_ratio_mul(a->ratio[i], b->ratio[i]), low, high);
        }
        return;
    }
    join_masks(a, b);
    a->den *= b->den;
    a->size *= b->size;
    if (!a->tight || !b->tight) {
        psyi_lanes_loosen(a);
        psyi_lanes_loosen(b);
        for (unsigned i = 0; i < PSYI_LANES; i++) {
            const int64_t corner[] = {a->low[i] * b->low[i], a->low[i] * b->high[i],
                                      a->high[i] * b->low[i], a->high[i] * b->high[i]};
            int64_t low = corner[0], high = corner[0];
            for (unsigned k = 1; k < 4; k++) {
                low = corner[k] < low ? corner[k] : low;
                high = corner[k] > high ? corner[k] : high;
            }
            a->low[i] = low;
            a->high[i] = high;
        }
    }
    for (unsigned i = 0; i < PSYI_LANES; i++)
        a->value[i] *= b->value[i];
}

/* Both in lowest terms. */
static bool same(psyi_ratio a, psyi_ratio b)
{
    return a.num == b.num && a.den == b.den;
}

void psyi_lanes_divide(psyi_lanes *a, psyi_lanes *b)
{
    psyi_lanes_to_ratios(a);
    psyi_lanes_to_ratios(b);
    join_masks(a, b);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const psyi_mask bit = (psyi_mask)1 << i;
        const psyi_ratio bl = b->ratio_low[i], bh = b->ratio_high[i];
        psyi_ratio low = PSYI_RATIO_NONE, high = PSYI_RATIO_NONE;
        if (lane(a->absent | a->no_record, i))
            continue;
        if (lane(b->known, i) && b->ratio[i].num == 0) {
            a->known &= ~bit;
            a->bounded &= ~bit;
            a->trouble |= bit;
            continue;
        }
        const psyi_ratio value = psyi_ratio_div(a->ratio[i], b->ratio[i]);
        if (lane(a->known, i) && same(a->ratio_low[i], a->ratio_high[i]) && same(bl, bh)) {
            low = high = value;
        } else if (lane(a->bounded, i) && (bl.num > 0 || bh.num < 0)) {
            static const psyi_ratio one = {1, 1};
            multiply_bounds(a->ratio_low[i], a->ratio_high[i], psyi_ratio_div(one, bh),
                            psyi_ratio_div(one, bl), &low, &high);
        } else if (!lane(a->known, i)) { /* the divisor could be 0: nothing can be said */
            a->bounded &= ~bit;
            continue;
        }
        put(a, i, value, low, high);
    }
}

void psyi_lanes_scale(psyi_lanes *a, psyi_ratio factor)
{
    if (!a->ratios) {
        const int64_t size = factor.num < 0 ? -factor.num : factor.num;
        const int64_t common = psyi_common_divisor(a->den, size);
        const int64_t num = factor.num / common, den = a->den / common;
        if (factor.den <= PSYI_DEN_LIMIT / den && (num == 0 || psyi_lanes_fit(a, size / common))) {
            for (unsigned i = 0; i < PSYI_LANES; i++)
                a->value[i] *= num;
            for (unsigned i = 0; i < PSYI_LANES && !a->tight; i++) {
                const int64_t low = a->low[i] * num, high = a->high[i] * num;
                a->low[i] = num < 0 ? high : low;
                a->high[i] = num < 0 ? low : high;
            }
            a->size *= size / common;
            a->den = den * factor.den;
            return;
        }
    }
    psyi_lanes_to_ratios(a);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const psyi_ratio low = psyi_ratio_mul(a->ratio_low[i], factor);
        const psyi_ratio high = psyi_ratio_mul(a->ratio_high[i], factor);
        put(a, i, psyi_ratio_mul(a->ratio[i], factor), factor.num < 0 ? high : low,
            factor.num < 0 ? low : high);
    }
}

void psyi_lanes_offset(psyi_lanes *a, psyi_ratio term)
{
    if (!a->ratios && term.den <= PSYI_DEN_LIMIT) {
        const int64_t den = psyi_common_multiple(a->den, term.den);
        const int64_t factor = den / a->den;
        if (den <= PSYI_DEN_LIMIT && psyi_lanes_fit(a, factor) &&
            term.num <= PSYI_SIZE_LIMIT / (den / term.den) &&
            term.num >= -(PSYI_SIZE_LIMIT / (den / term.den))) {
            const int64_t add = term.num * (den / term.den);
            for (unsigned i = 0; i < PSYI_LANES; i++)
                a->value[i] = a->value[i] * factor + add;
            for (unsigned i = 0; i < PSYI_LANES && !a->tight; i++) {
                a->low[i] = a->low[i] * factor + add;
                a->high[i] = a->high[i] * factor + add;
            }
            a->den = den;
            a->size = a->size * factor + (add < 0 ? -add : add);
            settle(a);
            return;
        }
    }
    psyi_lanes_to_ratios(a);
    for (unsigned i = 0; i < PSYI_LANES; i++)
        put(a, i, psyi_ratio_add(a->ratio[i], term), psyi_ratio_add(a->ratio_low[i], term),
            psyi_ratio_add(a->ratio_high[i], term));
}

void psyi_lanes_absolute(psyi_lanes *a)
{
    if (!a->ratios) {
        for (unsigned i = 0; i < PSYI_LANES; i++)
            a->value[i] = a->value[i] < 0 ? -a->value[i] : a->value[i];
        for (unsigned i = 0; i < PSYI_LANES && !a->tight; i++) {
            const int64_t low = a->low[i], high = a->high[i];
            a->low[i] = low >= 0 ? low : high <= 0 ? -high : 0;
            a->high[i] = high > -low ? high : -low;
        }
        return;
    }
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const psyi_ratio value = a->ratio[i], low = a->ratio_low[i], high = a->ratio_high[i];
        const psyi_ratio no_low = psyi_ratio_sub(zero, low), no_high = psyi_ratio_sub(zero, high);
        if (!lane(a->bounded, i))
            continue;
        put(a, i, value.num < 0 ? psyi_ratio_sub(zero, value) : value,
            low.num >= 0    ? low
            : high.num <= 0 ? no_high
                            : zero,
            no_low.den == 0 ? no_low : larger(high, no_low));
    }
}

static psyi_ratio round_ratio(psyi_ratio a, psyi_rounding rounding, unsigned decimals)
{
    return rounding == PSYI_FLOOR  ? psyi_ratio_floor(a)
           : rounding == PSYI_CEIL ? psyi_ratio_ceil(a)
                                   : psyi_ratio_round_to(a, decimals);
}

static int64_t round_whole(int64_t a, int64_t den, psyi_rounding rounding, int64_t power)
{
    return rounding == PSYI_FLOOR  ? psyi_floor_div(a, den)
           : rounding == PSYI_CEIL ? -psyi_floor_div(-a, den)
                                   : psyi_floor_div(2 * power * a + den, 2 * den);
}

void psyi_lanes_round(psyi_lanes *a, psyi_rounding rounding, unsigned decimals)
{
    int64_t power = 1;
    for (unsigned i = 0; i < decimals; i++)
        power *= 10;
    if (!a->ratios && power % a->den == 0)
        return; /* has no more decimals than that */
    if (!a->ratios && psyi_lanes_fit(a, 2 * power)) {
        for (unsigned i = 0; i < PSYI_LANES; i++)
            a->value[i] = round_whole(a->value[i], a->den, rounding, power);
        for (unsigned i = 0; i < PSYI_LANES && !a->tight; i++) {
            a->low[i] = round_whole(a->low[i], a->den, rounding, power);
            a->high[i] = round_whole(a->high[i], a->den, rounding, power);
        }
        a->size = a->size * power + 1;
        a->den = power;
        return;
    }
    psyi_lanes_to_ratios(a);
    for (unsigned i = 0; i < PSYI_LANES; i++)
        put(a, i, round_ratio(a->ratio[i], rounding, decimals),
            round_ratio(a->ratio_low[i], rounding, decimals),
            round_ratio(a->ratio_high[i], rounding, decimals));
}

/* Remainders of a day; bounds stay bounds within one day, else they are a whole day. */
void psyi_lanes_clock(psyi_lanes *from, psyi_lanes *to, bool integer)
{
    static const psyi_ratio minus = {-1, 1}, day = {1440, 1};
    const int64_t last = integer ? 1439 : 1440;

    psyi_lanes_scale(from, minus);
    psyi_lanes_add(from, to, false);
    if (!from->ratios && psyi_lanes_fit(from, 2)) {
        const int64_t length = 1440 * from->den;
        for (unsigned i = 0; i < PSYI_LANES; i++)
            from->value[i] -= psyi_floor_div(from->value[i], length) * length;
        for (unsigned i = 0; i < PSYI_LANES && !from->tight; i++) {
            const int64_t low = psyi_floor_div(from->low[i], length);
            const int64_t high = psyi_floor_div(from->high[i], length);
            from->low[i] = low == high ? from->low[i] - low * length : 0;
            from->high[i] = low == high ? from->high[i] - low * length : last * from->den;
        }
        from->size = length;
        return;
    }
    psyi_lanes_to_ratios(from);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const psyi_ratio a = from->ratio[i], low = from->ratio_low[i], high = from->ratio_high[i];
        const psyi_ratio low_day = psyi_ratio_floor(psyi_ratio_div(low, day));
        const psyi_ratio high_day = psyi_ratio_floor(psyi_ratio_div(high, day));
        const psyi_ratio passed = psyi_ratio_mul(psyi_ratio_floor(psyi_ratio_div(a, day)), day);
        const bool same = low_day.den > 0 && high_day.den > 0 && low_day.num == high_day.num;
        if (!lane(from->bounded, i))
            continue;
        put(from, i, psyi_ratio_sub(a, passed),
            same ? psyi_ratio_sub(low, psyi_ratio_mul(low_day, day)) : zero,
            same ? psyi_ratio_sub(high, psyi_ratio_mul(low_day, day)) : (psyi_ratio){last, 1});
    }
}

static psyi_ratio extreme(psyi_ratio a, psyi_ratio b, bool largest)
{
    return largest ? larger(a, b) : smaller(a, b);
}

void psyi_lanes_extreme(psyi_lanes *a, psyi_lanes *b, bool largest)
{
    const psyi_mask no_a = a->absent | a->no_record, no_b = b->absent | b->no_record;
    const psyi_mask both = ~(no_a | no_b), bounded = a->bounded & b->bounded & both;
    psyi_mask known = a->known & b->known & both;

    psyi_lanes_align(a, b);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const psyi_mask bit = (psyi_mask)1 << i;
        if (!lane(bounded, i))
            continue;
        if (a->ratios) {
            if (lane(known, i))
                a->ratio[i] = extreme(a->ratio[i], b->ratio[i], largest);
            a->ratio_low[i] = extreme(a->ratio_low[i], b->ratio_low[i], largest);
            a->ratio_high[i] = extreme(a->ratio_high[i], b->ratio_high[i], largest);
            if (!lane(known, i) && psyi_ratio_compare(a->ratio_low[i], a->ratio_high[i]) == 0) {
                a->ratio[i] = a->ratio_low[i];
                known |= bit;
            }
            continue;
        }
        if ((b->value[i] > a->value[i]) == largest)
            a->value[i] = b->value[i];
        if (a->tight)
            continue;
        if ((b->low[i] > a->low[i]) == largest)
            a->low[i] = b->low[i];
        if ((b->high[i] > a->high[i]) == largest)
            a->high[i] = b->high[i];
        if (!lane(known, i) && a->low[i] == a->high[i]) {
            a->value[i] = a->low[i];
            known |= bit;
        }
    }
    if (!a->ratios && b->size > a->size)
        a->size = b->size;
    const psyi_mask blank = cause(a->blank, b->blank, a, b, known);
    const psyi_mask no_norm = cause(a->no_norm, b->no_norm, a, b, known);
    const psyi_mask trouble = cause(a->trouble, b->trouble, a, b, known) & ~known;
    const psyi_mask absent = a->absent & b->absent;
    const psyi_mask no_record = no_a & no_b & ~absent;

    const psyi_mask maybe_absent = a->maybe_absent & b->maybe_absent & both;

    psyi_lanes_copy(a, b, no_a & ~no_b); /* one that is not there leaves */
    a->known = (a->known & ~both) | known;
    a->bounded = (a->bounded & ~both) | bounded;
    a->blank = (a->blank & ~both) | (blank & both);
    a->no_norm = (a->no_norm & ~both) | (no_norm & both);
    a->trouble = (a->trouble & ~both) | (trouble & both);
    a->absent = absent;
    a->maybe_absent = (a->maybe_absent & ~both) | maybe_absent;
    a->no_record = no_record;
}

void psyi_lanes_ifna(psyi_lanes *a, psyi_lanes *b)
{
    const psyi_mask missing = ~a->known;
    const psyi_mask both = missing & ~b->known & ~(b->absent | b->no_record);
    const psyi_mask blank = a->blank & both, no_norm = a->no_norm & both;
    const psyi_mask trouble = a->trouble & both;

    psyi_lanes_align(a, b);
    psyi_lanes_copy(a, b, missing);
    a->blank |= blank;
    a->no_norm |= no_norm;
    a->trouble |= trouble;
}

void psyi_lanes_from_verdict(psyi_lanes *a, const psyi_verdict_lanes *truth)
{
    a->ratios = false;
    a->den = a->size = 1;
    a->known = truth->yes | truth->no;
    a->bounded = ~(truth->absent | truth->maybe_absent);
    a->absent = truth->absent;
    a->maybe_absent = truth->maybe_absent;
    a->no_record = 0;
    a->blank = truth->blank;
    a->no_norm = truth->no_norm;
    a->trouble = truth->trouble;
    a->tight = (truth->maybe_yes & truth->maybe_no) == 0; /* then all is decided */
    for (unsigned i = 0; i < PSYI_LANES; i++)
        a->value[i] = (int64_t)(truth->yes >> i & 1);
    for (unsigned i = 0; i < PSYI_LANES && !a->tight; i++) {
        a->low[i] = (int64_t)(~truth->maybe_no >> i & 1);
        a->high[i] = (int64_t)(truth->maybe_yes >> i & 1);
    }
}
