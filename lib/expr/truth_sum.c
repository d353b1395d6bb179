/*
 * truth_sum.c -- sums of truths, "(a >= 7) + (b >= 9) + ... >= 3", on planes of bits.
 *
 * Such a sum counts how many of its terms hold, 64 lanes at a time, and a truth is a bit of a
 * lane already: bit k of all 64 sums is one word, and adding a term is a carry through the few
 * words there are.  As numbers each term was spread to 64 words and added, with its bounds, word
 * by word.  The result is the one psyi_lanes_add gives, mask by mask (a test holds both together).
 */
#include "expr/machine.h"

static void add_bits(psyi_mask planes[PSYI_SUM_PLANES], psyi_mask bits)
{
    for (unsigned k = 0; bits != 0 && k < PSYI_SUM_PLANES; k++) {
        const psyi_mask carry = planes[k] & bits;
        planes[k] ^= bits;
        bits = carry;
    }
}

void psyi_truth_sum_begin(psyi_truth_sum *sum)
{
    *sum = (psyi_truth_sum){.known = PSYI_ALL_LANES, .bounded = PSYI_ALL_LANES, .tight = true};
}

void psyi_truth_sum_add(psyi_truth_sum *sum, const psyi_verdict_lanes *truth)
{
    const psyi_mask was = sum->known, is = truth->yes | truth->no;
    const psyi_mask absent = sum->absent | truth->absent, live = ~absent;
    const psyi_mask known = was & is & live;
    /* (As in psyi_lanes_add: causes of what is unknown, and of what is in a known sum.) */
    const psyi_mask of_sum = (~was | known) & live, of_truth = (~is | known) & live;

    sum->blank = (sum->blank & of_sum) | (truth->blank & of_truth);
    sum->no_norm = (sum->no_norm & of_sum) | (truth->no_norm & of_truth);
    sum->trouble = (sum->trouble & of_sum) | (truth->trouble & of_truth);
    sum->known = known;
    sum->bounded &= ~truth->maybe_absent & live;
    sum->maybe_absent = (sum->maybe_absent | truth->maybe_absent) & live;
    sum->absent = absent;
    sum->tight = sum->tight && (truth->maybe_yes & truth->maybe_no) == 0;
    sum->n++;
    add_bits(sum->value, truth->yes);
    add_bits(sum->low, ~truth->maybe_no);
    add_bits(sum->high, truth->maybe_yes);
}

static void spread(const psyi_mask planes[PSYI_SUM_PLANES], unsigned n, int64_t *out)
{
    for (unsigned i = 0; i < PSYI_LANES; i++)
        out[i] = (int64_t)(planes[0] >> i & 1);
    for (unsigned k = 1; k < n; k++)
        for (unsigned i = 0; i < PSYI_LANES; i++)
            out[i] |= (int64_t)((planes[k] >> i & 1) << k);
}

static unsigned planes_of(const psyi_truth_sum *sum)
{
    unsigned planes = 1;
    while (planes < PSYI_SUM_PLANES && sum->n >> planes != 0)
        planes++;
    return planes;
}

static void end_masks(const psyi_truth_sum *sum, psyi_lanes *out)
{
    out->ratios = false;
    out->tight = sum->tight;
    out->den = 1;
    out->size = (int64_t)sum->n;
    out->known = sum->known;
    out->bounded = sum->bounded;
    out->absent = sum->absent;
    out->maybe_absent = sum->maybe_absent;
    out->no_record = 0;
    out->blank = sum->blank;
    out->no_norm = sum->no_norm;
    out->trouble = sum->trouble;
}

void psyi_truth_sum_end(const psyi_truth_sum *sum, psyi_lanes *out)
{
    const unsigned planes = planes_of(sum);
    end_masks(sum, out);
    spread(sum->value, planes, out->value);
    if (sum->tight)
        return;
    spread(sum->low, planes, out->low);
    spread(sum->high, planes, out->high);
}

/* Lanes whose number is at least `least`. */
static psyi_mask reaches(const psyi_mask planes[PSYI_SUM_PLANES], unsigned n, int64_t least)
{
    psyi_mask above = 0, equal = PSYI_ALL_LANES;
    if (least <= 0)
        return PSYI_ALL_LANES;
    if (least >> n != 0)
        return 0;
    for (unsigned k = n; k-- > 0;) {
        if ((least >> k & 1) == 0)
            above |= equal & planes[k];
        equal &= (least >> k & 1) != 0 ? planes[k] : ~planes[k];
    }
    return above | equal;
}

static psyi_mask exceeds(const psyi_mask planes[PSYI_SUM_PLANES], unsigned n, int64_t most)
{
    return most < INT64_MAX ? reaches(planes, n, most + 1) : 0;
}

bool psyi_truth_sum_test(const psyi_truth_sum *sum, const psyi_test *test, psyi_lanes *numbers,
                         psyi_verdict_lanes *out)
{
    if (test->kind == PSYI_ONE_OF && !sum->tight)
        return false;
    const unsigned n = planes_of(sum);
    psyi_intervals in;
    psyi_test_intervals(test, 1, &in);
    psyi_mask met = 0, could_yes = 0, could_no = 0;
    for (size_t k = 0; k < in.n; k++)
        met |= reaches(sum->value, n, in.lo[k]) & ~exceeds(sum->value, n, in.hi[k]);
    if (!sum->tight) {
        could_yes = reaches(sum->high, n, in.lo[0]) & ~exceeds(sum->low, n, in.hi[0]);
        could_no = ~reaches(sum->low, n, in.lo[0]) | exceeds(sum->high, n, in.hi[0]);
    }
    if (in.negated) {
        const psyi_mask yes = could_yes;
        met = ~met;
        could_yes = could_no;
        could_no = yes;
    }
    end_masks(sum, numbers);
    psyi_lanes_conclude(numbers, met, could_yes, could_no, out);
    return true;
}
