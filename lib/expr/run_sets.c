/*
 * run_sets.c -- sums, means, extremes and tests over sets of items.
 *
 * Items come as whole numbers over a scale.  A set is added up item by item, 64 sheets at a
 * time; blank answers add the range of their item to the ends, what was skipped adds
 * nothing, and where every item of a set was skipped the set was not given.  Item scores
 * are small, so sums of answered items stay in 32 bits; what does not fit goes the long way.
 */
#include "expr/exact.h"
#include "expr/machine.h"

#include <string.h>

#define LARGEST_SCALE (INT64_C(1) << 16)
#define SMALL_VALUE   (1 << 20) /* so many terms of that size add up in 32 bits */
#define SMALL_TERMS   1024

static bool lane(psyi_mask mask, unsigned i)
{
    return (mask >> i & 1) != 0;
}

/* One item into the workspace, put in order: known, blank and absent share the lanes out. */
static psyi_item_lanes *fetch(const psyi_reader *reader, uint32_t id, bool answer)
{
    psyi_item_lanes *const item = &reader->workspace->item;

    reader->block->item(reader->block->context, id, answer, item);
    item->known &= ~item->absent;
    if (item->scale < 1 || item->scale > LARGEST_SCALE) { /* not to be read */
        item->scale = 1;
        item->known = 0;
        item->low = 1;
        item->high = 0;
    }
    item->blank = ~(item->known | item->absent);
    return item;
}

void psyi_item_load(const psyi_reader *reader, uint32_t id, bool answer, psyi_lanes *out)
{
    psyi_lanes_load_item(out, fetch(reader, id, answer));
}

/* ---- tests of one item ---- */

/* What a blank answer can be, seen by a test. */
typedef struct outlook {
    bool bounded, can_yes, can_no;
    int64_t low, high; /* of the values that meet the test, when can_yes */
} outlook;

static outlook look_ahead(const psyi_item_lanes *item, const psyi_intervals *in)
{
    const int64_t low = item->low, high = item->high;
    outlook result = {.bounded = low <= high, .can_yes = true, .can_no = true};
    int64_t met = 0; /* how many of low..high lie in the intervals */

    if (!result.bounded)
        return result;
    result.low = high;
    result.high = low;
    for (size_t k = 0; k < in->n; k++) {
        const int64_t from = in->lo[k] > low ? in->lo[k] : low;
        const int64_t to = in->hi[k] < high ? in->hi[k] : high;
        if (from > to)
            continue;
        met += to - from + 1;
        result.low = from < result.low ? from : result.low;
        result.high = to > result.high ? to : result.high;
    }
    result.can_yes = met > 0;
    result.can_no = met < high - low + 1;
    if (!in->negated)
        return result;
    /* `!=` has one interval of at most one number: cut it off where it lies at an end. */
    const bool can_yes = result.can_no;
    result.can_no = result.can_yes;
    result.can_yes = can_yes;
    result.low = met > 0 && in->lo[0] <= low ? in->hi[0] + 1 : low;
    result.high = met > 0 && in->hi[0] >= high ? in->lo[0] - 1 : high;
    return result;
}

/* Lanes whose value meets the test; meaningful where known. */
static psyi_mask meets(const psyi_item_lanes *item, const psyi_intervals *in)
{
    psyi_mask met = 0;
    for (size_t k = 0; k < in->n; k++) {
        if (in->lo[k] > INT32_MAX || in->hi[k] < INT32_MIN || in->lo[k] > in->hi[k])
            continue;
        const int32_t lo = in->lo[k] < INT32_MIN ? INT32_MIN : (int32_t)in->lo[k];
        const int32_t hi = in->hi[k] > INT32_MAX ? INT32_MAX : (int32_t)in->hi[k];
        for (unsigned i = 0; i < PSYI_LANES; i++)
            met |= (psyi_mask)(item->value[i] >= lo && item->value[i] <= hi) << i;
    }
    return in->negated ? ~met : met;
}

/* Intervals belong to a scale; nearly always all items have the same. */
static const psyi_intervals *intervals_for(const psyi_test *test, int64_t scale,
                                           psyi_intervals *intervals, int64_t *have)
{
    if (*have != scale) {
        psyi_test_intervals(test, scale, intervals);
        *have = scale;
    }
    return intervals;
}

void psyi_set_any(const psyi_reader *reader, const psyi_item_set *set, const psyi_test *test,
                  bool answers, bool all, psyi_verdict_lanes *out)
{
    psyi_mask yes = 0, no = 0, undecided = 0;
    psyi_intervals intervals;
    int64_t have = 0;

    for (size_t k = 0; k < set->n; k++) {
        const psyi_item_lanes *const item = fetch(reader, set->items[k], answers);
        const psyi_intervals *const in = intervals_for(test, item->scale, &intervals, &have);
        const psyi_mask met = meets(item, in);
        yes |= item->known & met;
        no |= item->known & ~met;
        if (item->blank == 0)
            continue;
        const outlook ahead = look_ahead(item, in);
        if (ahead.can_yes && ahead.can_no)
            undecided |= item->blank;
        else if (ahead.can_yes)
            yes |= item->blank;
        else
            no |= item->blank;
    }
    const psyi_mask absent = ~(yes | no | undecided);
    *out = (psyi_verdict_lanes){.absent = absent};
    out->yes = all ? yes & ~no & ~undecided : yes;
    out->no = all ? no : no & ~yes & ~undecided;
    const psyi_mask open = psyi_undecided(out);
    out->maybe_yes = out->yes | open;
    out->maybe_no = out->no | open;
    out->blank = open;
}

void psyi_item_answered(const psyi_reader *reader, uint32_t id, bool refused,
                        psyi_verdict_lanes *out)
{
    const psyi_item_lanes *const item = fetch(reader, id, false);
    psyi_verdict_plain(out, refused ? item->refused & item->blank : item->known, item->absent);
}

/* ---- count ---- */

void psyi_count_begin(psyi_counter *counter)
{
    memset(counter, 0, sizeof *counter);
}

static void count_mask(int32_t *counts, psyi_mask mask)
{
    for (unsigned i = 0; i < PSYI_LANES; i++)
        counts[i] += (int32_t)(mask >> i & 1);
}

void psyi_set_count(const psyi_reader *reader, const psyi_item_set *set, const psyi_test *test,
                    psyi_counter *counter)
{
    psyi_intervals intervals;
    int64_t have = 0;

    for (size_t k = 0; k < set->n; k++) {
        const psyi_item_lanes *const item = fetch(reader, set->items[k], false);
        const psyi_intervals *const in = intervals_for(test, item->scale, &intervals, &have);
        psyi_mask yes = item->known & meets(item, in);
        counter->present |= ~item->absent;
        counter->sure |= ~item->absent;
        if (item->blank != 0) {
            const outlook ahead = look_ahead(item, in);
            if (ahead.can_yes && ahead.can_no) {
                count_mask(counter->undecided, item->blank);
                counter->vague |= item->blank;
                counter->blank |= item->blank;
            } else if (ahead.can_yes) {
                yes |= item->blank;
            }
        }
        count_mask(counter->yes, yes);
    }
}

void psyi_count_truth(psyi_counter *counter, const psyi_verdict_lanes *truth)
{
    const psyi_mask undecided = psyi_undecided(truth);
    const psyi_mask soft_yes = truth->yes & truth->maybe_no;
    const psyi_mask soft_no = truth->no & truth->maybe_yes;

    counter->present |= ~truth->absent;
    counter->sure |= ~(truth->absent | truth->maybe_absent);
    count_mask(counter->yes, truth->yes);
    count_mask(counter->undecided, undecided);
    count_mask(counter->soft_yes, soft_yes);
    count_mask(counter->soft_no, soft_no);
    counter->vague |= undecided;
    counter->soft |= soft_yes | soft_no;
    counter->blank |= truth->blank;
    counter->no_norm |= truth->no_norm;
    counter->trouble |= truth->trouble;
}

void psyi_count_end(const psyi_counter *counter, psyi_lanes *out)
{
    psyi_lanes_clear(out);
    out->absent = ~counter->present;
    out->known = counter->present & ~counter->vague;
    out->maybe_absent = counter->present & ~counter->sure;
    out->bounded = counter->sure;
    out->blank = counter->blank;
    out->no_norm = counter->no_norm;
    out->trouble = counter->trouble;
    out->size = INT32_MAX;
    out->tight = (counter->vague | counter->soft) == 0;
    for (unsigned i = 0; i < PSYI_LANES; i++)
        out->value[i] = counter->yes[i];
    for (unsigned i = 0; i < PSYI_LANES && !out->tight; i++) {
        out->low[i] = counter->yes[i] - counter->soft_yes[i];
        out->high[i] = counter->yes[i] + counter->undecided[i] + counter->soft_no[i];
    }
}

/* ---- sums, means, extremes ---- */

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
    if (common > LARGEST_SCALE)
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
    for (unsigned i = 0; i < PSYI_LANES; i++)
        if (lane(known, i))
            t->value[i] += item->value[i] * factor;
    for (unsigned i = 0; i < PSYI_LANES && blank != 0; i++)
        if (lane(blank, i)) {
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
    if (!psyi_lanes_fit(out, 2)) /* measures */
        psyi_lanes_to_ratios(out);
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
        const psyi_item_lanes *const item = fetch(reader, set->items[k], false);
        const bool bounded = item->low <= item->high;
        t.present |= ~item->absent;
        t.gaps |= item->absent;
        if (mean)
            count_mask(t.n, ~item->absent);
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
        const psyi_item_lanes *const item = fetch(reader, set->items[k], false);
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
        const psyi_item_lanes *const item = fetch(reader, set->items[k], false);
        count_mask(counter.yes, item->known);
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
            const psyi_item_lanes *const item = fetch(reader, set->items[k], false);
            const psyi_intervals *const in = intervals_for(test, item->scale, &intervals, &have);
            const outlook ahead = look_ahead(item, in);
            if ((item->blank & moved) == 0 || !ahead.can_yes || !ahead.can_no)
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
        const psyi_item_lanes *const item = fetch(reader, set->items[k], false);
        const psyi_intervals *const in = intervals_for(test, item->scale, &intervals, &have);
        const psyi_mask met = item->known & meets(item, in);
        const outlook ahead = look_ahead(item, in);
        const int64_t factor = common_scale(&t, item->scale);
        t.present |= ~item->absent;
        if (factor == 0) {
            t.loose |= ~item->absent;
            continue;
        }
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
            count_mask(t.n, met | blank);
    }
    if (!mean) {
        t.blank |= t.loose;
        put_sum(&t, out);
        return;
    }
    put_mean_if(reader, set, test, &t, maybe, out);
}
