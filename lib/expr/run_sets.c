/*
 * run_sets.c -- sums, means and extremes over sets of items.
 *
 * A set is added up item by item, 64 sheets at a time; blank answers add the range of their
 * item to the ends, what was skipped adds nothing, and where every item of a set was skipped
 * the set was not given.  Item scores are small, so sums of answered items stay in 32 bits;
 * what does not fit goes the long way.
 */
#include "expr/exact.h"
#include "expr/item_tests.h"

#include <string.h>

#define SMALL_VALUE (1 << 20) /* so many terms of that size add up in 32 bits */
#define SMALL_TERMS 1024

static bool lane(psyi_mask mask, unsigned i)
{
    return (mask >> i & 1) != 0;
}

/* Running totals of a set, over one scale. */
typedef struct totals {
    int64_t scale;
    int64_t value[PSYI_LANES], low[PSYI_LANES], high[PSYI_LANES]; /* ends: of blanks only */
    int32_t small[PSYI_LANES];                                    /* terms not yet in `value` */
    int32_t n[PSYI_LANES];                                        /* items that count */
    unsigned n_small;
    psyi_mask present; /* some item was not absent */
    psyi_mask gaps;    /* some item was absent */
    psyi_mask blank;   /* some item was blank */
    psyi_mask open;    /* ... and its range changes the result */
    psyi_mask loose;   /* ... or it has no range */
} totals;

static void totals_begin(totals *t)
{
    memset(t, 0, sizeof *t);
    t->scale = 1;
}

static void flush_small(totals *t)
{
    for (unsigned i = 0; i < PSYI_LANES && t->n_small > 0; i++) {
        t->value[i] += t->small[i];
        t->small[i] = 0;
    }
    t->n_small = 0;
}

/* Bring totals and the item over one scale; returns what the item's numbers are multiplied
 * with, 0 if there is no such scale.  8192 numbers of 31 bits, times a factor of at most 16
 * bits, stay within the shared form. */
static int64_t common_scale(totals *t, int64_t scale)
{
    if (t->scale == scale)
        return 1;
    flush_small(t);
    const int64_t common = psyi_common_multiple(t->scale, scale);
    if (common > PSYI_LARGEST_SCALE)
        return 0;
    const int64_t factor = common / t->scale;
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        t->value[i] *= factor;
        t->low[i] *= factor;
        t->high[i] *= factor;
    }
    t->scale = common;
    return common / scale;
}

/* The usual case: everybody answered, small whole numbers. */
static bool add_small(totals *t, const psyi_item_lanes *item)
{
    uint32_t bits = 0;
    for (unsigned i = 0; i < PSYI_LANES; i++)
        bits |= (uint32_t)(item->value[i] < 0 ? ~item->value[i] : item->value[i]);
    if (bits >= SMALL_VALUE)
        return false;
    for (unsigned i = 0; i < PSYI_LANES; i++)
        t->small[i] += item->value[i];
    if (++t->n_small == SMALL_TERMS)
        flush_small(t);
    return true;
}

/* Add `known` lanes by value and `blank` ones by the ends low..high. */
static void add_lanes(totals *t, const psyi_item_lanes *item, psyi_mask known, psyi_mask blank,
                      int64_t low, int64_t high, int64_t factor)
{
    /* Unknown lanes hold anything; a mask is faster than a branch on answers. */
    for (unsigned i = 0; i < PSYI_LANES; i++)
        t->value[i] += -(int64_t)(known >> i & 1) & (item->value[i] * factor);
    for (psyi_mask rest = blank; rest != 0; rest &= rest - 1) {
        const unsigned i = (unsigned)__builtin_ctzll(rest);
        t->low[i] += low * factor;
        t->high[i] += high * factor;
    }
}

/* Totals to numbers.  The sum is known where no blank could change it. */
static void put_sum(const totals *t, psyi_lanes *out)
{
    psyi_lanes_clear(out);
    out->den = t->scale;
    out->absent = ~t->present;
    out->blank = t->blank & t->present;
    out->bounded = t->present & ~t->loose;
    out->known = out->bounded & ~t->open;
    out->tight = out->bounded == out->known;
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        /* Where all blanks have but one score, both ends are that sum. */
        out->value[i] = t->value[i] + (lane(out->known, i) ? t->low[i] : 0);
        out->low[i] = t->value[i] + t->low[i];
        out->high[i] = t->value[i] + t->high[i];
    }
    out->size = PSYI_SIZE_LIMIT;
    psyi_lanes_fit(out, 2); /* measures; sums of 8192 items fit in any case */
}

/* Divide each lane by how many items counted in it. */
static void divide_by_counts(const totals *t, psyi_lanes *out, size_t n_items)
{
    if ((t->gaps & t->present) == 0) {
        psyi_lanes_scale(out, (psyi_ratio){1, (int64_t)n_items});
        return;
    }
    psyi_lanes_to_ratios(out);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const psyi_ratio n = {t->n[i], 1};
        out->ratio[i] = psyi_ratio_div(out->ratio[i], n);
        out->ratio_low[i] = psyi_ratio_div(out->ratio_low[i], n);
        out->ratio_high[i] = psyi_ratio_div(out->ratio_high[i], n);
    }
}

static void sum_or_mean(const psyi_reader *reader, const psyi_item_set *set, bool mean,
                        psyi_lanes *out)
{
    totals t;

    totals_begin(&t);
    for (size_t k = 0; k < set->n; k++) {
        const psyi_item_lanes *const item = psyi_item_fetch(reader, set->items[k], false);
        const bool bounded = item->low <= item->high;
        t.present |= ~item->absent;
        t.gaps |= item->absent;
        if (mean)
            psyi_count_mask(t.n, ~item->absent);
        const int64_t factor = common_scale(&t, item->scale);
        if (factor == 1 && item->known == PSYI_ALL_LANES && !reader->workspace->ratios_only &&
            add_small(&t, item))
            continue;
        if (factor == 0) {
            t.loose |= ~item->absent;
            continue;
        }
        add_lanes(&t, item, item->known, bounded ? item->blank : 0, item->low, item->high, factor);
        t.blank |= item->blank;
        t.loose |= bounded ? 0 : item->blank;
        t.open |= item->low == item->high ? 0 : item->blank;
    }
    flush_small(&t);
    put_sum(&t, out);
    if (mean)
        divide_by_counts(&t, out, set->n);
}

static void lowest_or_highest(const psyi_reader *reader, const psyi_item_set *set, bool largest,
                              psyi_lanes *out)
{
    totals t;
    psyi_mask begun = 0;

    totals_begin(&t);
    for (size_t k = 0; k < set->n; k++) {
        const psyi_item_lanes *const item = psyi_item_fetch(reader, set->items[k], false);
        const psyi_mask usable = item->known | (item->low <= item->high ? item->blank : 0);
        const int64_t factor = common_scale(&t, item->scale);
        t.present |= ~item->absent;
        t.blank |= item->blank;
        if (factor == 0) {
            t.loose |= ~item->absent;
            continue;
        }
        t.loose |= item->blank & ~usable;
        for (unsigned i = 0; i < PSYI_LANES; i++) {
            if (!lane(usable, i))
                continue;
            const bool known = lane(item->known, i), first = !lane(begun, i);
            const int64_t low = factor * (known ? item->value[i] : item->low);
            const int64_t high = factor * (known ? item->value[i] : item->high);
            if (first || (low > t.low[i]) == largest)
                t.low[i] = low;
            if (first || (high > t.high[i]) == largest)
                t.high[i] = high;
        }
        begun |= usable;
    }
    for (unsigned i = 0; i < PSYI_LANES; i++)
        t.open |= (psyi_mask)(t.low[i] != t.high[i]) << i;
    put_sum(&t, out);
}

static void count_answered(const psyi_reader *reader, const psyi_item_set *set, psyi_lanes *out)
{
    psyi_counter counter;

    psyi_count_begin(&counter);
    for (size_t k = 0; k < set->n; k++) {
        const psyi_item_lanes *const item = psyi_item_fetch(reader, set->items[k], false);
        psyi_count_mask(counter.yes, item->known);
        counter.present |= ~item->absent;
    }
    counter.sure = counter.present;
    psyi_count_end(&counter, out);
}

void psyi_set_compute(const psyi_reader *reader, const psyi_item_set *set,
                      psyi_set_function function, psyi_lanes *out)
{
    switch (function) {
    case PSYI_SET_SUM:
    case PSYI_SET_MEAN:
        sum_or_mean(reader, set, function == PSYI_SET_MEAN, out);
        break;
    case PSYI_SET_MIN:
    case PSYI_SET_MAX:
        lowest_or_highest(reader, set, function == PSYI_SET_MAX, out);
        break;
    default:
        count_answered(reader, set, out);
        break;
    }
}

/* ---- sum_if, mean_if ---- */

/* Lower (or raise) the mean by the blanks that may but need not count: those whose best
 * score lies beyond it.  Including them moves the mean, so it goes on until nothing moves;
 * each round the mean of the right blanks is computed afresh (Dinkelbach's method for
 * fractional programs). */
static void move_mean(const psyi_reader *reader, const psyi_item_set *set, const psyi_test *test,
                      const totals *t, psyi_mask lanes, bool up, psyi_ratio *means)
{
    psyi_intervals intervals;
    int64_t have = 0;
    psyi_mask moved = lanes;

    while (moved != 0) {
        totals round;
        totals_begin(&round);
        for (size_t k = 0; k < set->n; k++) {
            const psyi_item_lanes *const item = psyi_item_fetch(reader, set->items[k], false);
            const psyi_intervals *const in =
                psyi_intervals_for(test, item->scale, &intervals, &have);
            if ((item->blank & moved) == 0)
                continue;
            const psyi_outlook ahead = psyi_item_look_ahead(item, in);
            if (!ahead.can_yes || !ahead.can_no)
                continue;
            const int64_t best = (up ? ahead.high : ahead.low) * (t->scale / item->scale);
            for (unsigned i = 0; i < PSYI_LANES; i++) {
                const psyi_ratio score = {best, t->scale};
                if (!lane(item->blank & moved, i))
                    continue;
                const int order = psyi_ratio_compare(score, means[i]);
                if (up ? order > 0 : order < 0) {
                    round.value[i] += best;
                    round.n[i]++;
                }
            }
        }
        for (unsigned i = 0; i < PSYI_LANES; i++) {
            const int64_t own = t->value[i] + (up ? t->high[i] : t->low[i]);
            if (!lane(moved, i))
                continue;
            const psyi_ratio mean =
                psyi_ratio_make(own + round.value[i], t->scale * (t->n[i] + round.n[i]));
            if (psyi_ratio_compare(mean, means[i]) == 0)
                moved &= ~((psyi_mask)1 << i);
            means[i] = mean;
        }
    }
}

static void put_mean_if(const psyi_reader *reader, const psyi_item_set *set, const psyi_test *test,
                        const totals *t, psyi_mask maybe, psyi_lanes *out)
{
    psyi_mask some = 0;
    for (unsigned i = 0; i < PSYI_LANES; i++)
        some |= (psyi_mask)(t->n[i] > 0) << i;

    psyi_lanes_clear(out);
    psyi_lanes_to_ratios(out);
    out->absent = ~t->present;
    out->blank = (t->open | t->loose | maybe) & t->present;
    out->bounded = t->present & some & ~t->loose; /* else perhaps no item meets the condition */
    out->known = out->bounded & ~(t->open | maybe);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        if (!lane(out->bounded, i))
            continue;
        const int64_t den = t->scale * t->n[i];
        out->ratio_low[i] = psyi_ratio_make(t->value[i] + t->low[i], den);
        out->ratio_high[i] = psyi_ratio_make(t->value[i] + t->high[i], den);
        out->ratio[i] = out->ratio_low[i];
    }
    move_mean(reader, set, test, t, maybe & out->bounded, false, out->ratio_low);
    move_mean(reader, set, test, t, maybe & out->bounded, true, out->ratio_high);
}

void psyi_set_compute_if(const psyi_reader *reader, const psyi_item_set *set, const psyi_test *test,
                         psyi_set_function function, psyi_lanes *out)
{
    const bool mean = function == PSYI_SET_MEAN;
    psyi_intervals intervals;
    int64_t have = 0;
    psyi_mask maybe = 0; /* blanks that may but need not meet the test */
    totals t;

    totals_begin(&t);
    for (size_t k = 0; k < set->n; k++) {
        const psyi_item_lanes *const item = psyi_item_fetch(reader, set->items[k], false);
        const psyi_intervals *const in = psyi_intervals_for(test, item->scale, &intervals, &have);
        const psyi_mask met = item->known & psyi_item_meets(item, in);
        const int64_t factor = common_scale(&t, item->scale);
        t.present |= ~item->absent;
        if (factor == 0) {
            t.loose |= ~item->absent;
            continue;
        }
        if (item->blank == 0) {
            add_lanes(&t, item, met, 0, 0, 0, factor);
            if (mean)
                psyi_count_mask(t.n, met);
            continue;
        }
        const psyi_outlook ahead = psyi_item_look_ahead(item, in);
        const bool always = ahead.can_yes && !ahead.can_no;
        psyi_mask blank = ahead.can_yes && ahead.bounded ? item->blank : 0;
        int64_t low = ahead.low, high = ahead.high;
        t.loose |= ahead.bounded ? 0 : item->blank;
        if (!always && mean) {
            maybe |= blank;
            blank = 0;
        } else if (!always) { /* it adds a score that meets the test, or nothing */
            low = low < 0 ? low : 0;
            high = high > 0 ? high : 0;
        }
        add_lanes(&t, item, met, blank, low, high, factor);
        t.open |= low == high ? 0 : blank;
        t.blank |= blank;
        if (mean)
            psyi_count_mask(t.n, met | blank);
    }
    if (!mean) {
        t.blank |= t.loose;
        put_sum(&t, out);
        return;
    }
    put_mean_if(reader, set, test, &t, maybe, out);
}
