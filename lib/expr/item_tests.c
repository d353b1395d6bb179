/*
 * item_tests.c -- reading items, testing them, and counting what meets a test.
 *
 * Items come as whole numbers over a scale, and a blank answer could be any of low..high, so
 * a test of a blank is decided exactly: by how many of these meet it.
 */
#include "expr/item_tests.h"

#include <string.h>

psyi_item_lanes *psyi_item_fetch(const psyi_reader *reader, uint32_t id, bool answer)
{
    psyi_item_lanes *const item = &reader->workspace->item;

    reader->block->item(reader->block->context, id, answer, item);
    item->known &= ~item->absent;
    if (item->scale < 1 || item->scale > PSYI_LARGEST_SCALE) { /* not to be read */
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
    psyi_lanes_load_item(out, psyi_item_fetch(reader, id, answer));
}

psyi_outlook psyi_item_look_ahead(const psyi_item_lanes *item, const psyi_intervals *in)
{
    const int64_t low = item->low, high = item->high;
    psyi_outlook result = {.bounded = low <= high, .can_yes = true, .can_no = true};
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

psyi_mask psyi_item_meets(const psyi_item_lanes *item, const psyi_intervals *in)
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

const psyi_intervals *psyi_intervals_for(const psyi_test *test, int64_t scale,
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
        const psyi_item_lanes *const item = psyi_item_fetch(reader, set->items[k], answers);
        const psyi_intervals *const in = psyi_intervals_for(test, item->scale, &intervals, &have);
        const psyi_mask met = psyi_item_meets(item, in);
        yes |= item->known & met;
        no |= item->known & ~met;
        if (item->blank == 0)
            continue;
        const psyi_outlook ahead = psyi_item_look_ahead(item, in);
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
    const psyi_item_lanes *const item = psyi_item_fetch(reader, id, false);
    psyi_verdict_plain(out, refused ? item->refused & item->blank : item->known, item->absent);
}

/* ---- count ---- */

void psyi_count_begin(psyi_counter *counter)
{
    memset(counter, 0, sizeof *counter);
}

void psyi_count_mask(int32_t *counts, psyi_mask mask)
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
        const psyi_item_lanes *const item = psyi_item_fetch(reader, set->items[k], false);
        const psyi_intervals *const in = psyi_intervals_for(test, item->scale, &intervals, &have);
        psyi_mask yes = item->known & psyi_item_meets(item, in);
        counter->present |= ~item->absent;
        counter->sure |= ~item->absent;
        if (item->blank != 0) {
            const psyi_outlook ahead = psyi_item_look_ahead(item, in);
            if (ahead.can_yes && ahead.can_no) {
                psyi_count_mask(counter->undecided, item->blank);
                counter->vague |= item->blank;
                counter->blank |= item->blank;
            } else if (ahead.can_yes) {
                yes |= item->blank;
            }
        }
        psyi_count_mask(counter->yes, yes);
    }
}

void psyi_count_truth(psyi_counter *counter, const psyi_verdict_lanes *truth)
{
    const psyi_mask undecided = psyi_undecided(truth);
    const psyi_mask soft_yes = truth->yes & truth->maybe_no;
    const psyi_mask soft_no = truth->no & truth->maybe_yes;

    counter->present |= ~truth->absent;
    counter->sure |= ~(truth->absent | truth->maybe_absent);
    psyi_count_mask(counter->yes, truth->yes);
    psyi_count_mask(counter->undecided, undecided);
    psyi_count_mask(counter->soft_yes, soft_yes);
    psyi_count_mask(counter->soft_no, soft_no);
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
