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

void psyi_truth_sum_end(const psyi_truth_sum *sum, psyi_lanes *out)
{
    unsigned planes = 1;
    while (planes < PSYI_SUM_PLANES && sum->n >> planes != 0)
        planes++;
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
    spread(sum->value, planes, out->value);
    if (sum->tight)
        return;
    spread(sum->low, planes, out->low);
    spread(sum->high, planes, out->high);
}
