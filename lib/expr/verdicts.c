/*
 * verdicts.c -- truths of three values, 64 at a time, as bit masks.
 *
 * Kleene's tables with one addition: what was not given is neutral, so that a rule over
 * several questionnaires speaks about those the student had.
 */
#include "expr/lanes.h"

/* Put in order what follows from the rest: an undecided lane could come out either way, and
 * only undecided lanes have causes. */
static void settle(psyi_verdict_lanes *a)
{
    const psyi_mask undecided = psyi_undecided(a);
    a->maybe_yes = (a->maybe_yes | a->yes | undecided) & ~a->absent;
    a->maybe_no = (a->maybe_no | a->no | undecided) & ~a->absent;
    a->maybe_absent &= undecided;
    a->blank &= undecided;
    a->no_norm &= undecided;
    a->trouble &= undecided;
}

void psyi_verdict_plain(psyi_verdict_lanes *out, psyi_mask yes, psyi_mask absent)
{
    *out = (psyi_verdict_lanes){.absent = absent};
    out->yes = out->maybe_yes = yes & ~absent;
    out->no = out->maybe_no = ~yes & ~absent;
}

void psyi_verdict_constant(psyi_verdict_lanes *out, bool truth)
{
    psyi_verdict_plain(out, truth ? PSYI_ALL_LANES : 0, 0);
}

void psyi_verdict_load(psyi_verdict_lanes *out, const psyi_truths *truths)
{
    *out = (psyi_verdict_lanes){.absent = truths->absent,
                                .yes = truths->yes & ~truths->absent,
                                .no = truths->no & ~truths->yes & ~truths->absent,
                                .maybe_yes = truths->maybe_yes,
                                .maybe_no = truths->maybe_no,
                                .blank = truths->blank,
                                .no_norm = truths->no_norm};
    settle(out);
}

void psyi_verdict_store(const psyi_verdict_lanes *truth, psyi_truths *out)
{
    /* Outside, maybe is what blanks could still do: a rule that only lacks a norm cannot be
     * turned by asking the child. */
    const psyi_mask elsewhere = psyi_undecided(truth) & ~truth->blank;
    out->yes = truth->yes;
    out->no = truth->no;
    out->maybe_yes = truth->maybe_yes & ~elsewhere;
    out->maybe_no = truth->maybe_no & ~elsewhere;
    out->absent = truth->absent;
    out->blank = truth->blank;
    out->no_norm = truth->no_norm;
}

/* Both operands may leave together. */
static psyi_mask both_may_leave(const psyi_verdict_lanes *a, const psyi_verdict_lanes *b)
{
    return (a->absent | a->maybe_absent) & (b->absent | b->maybe_absent);
}

/* Causes of both, where they are undecided; the caller settles. */
static void join_causes(psyi_verdict_lanes *a, const psyi_verdict_lanes *b)
{
    a->blank |= b->blank;
    a->no_norm |= b->no_norm;
    a->trouble |= b->trouble;
}

void psyi_verdict_and(psyi_verdict_lanes *a, const psyi_verdict_lanes *b)
{
    const psyi_mask absent = a->absent & b->absent;
    a->maybe_absent = both_may_leave(a, b);
    join_causes(a, b);
    a->yes = (a->yes | a->absent) & (b->yes | b->absent) & ~absent;
    a->no |= b->no;
    a->maybe_yes = (a->maybe_yes | a->absent) & (b->maybe_yes | b->absent) & ~absent;
    a->maybe_no |= b->maybe_no;
    a->absent = absent;
    settle(a);
}

void psyi_verdict_not(psyi_verdict_lanes *a)
{
    const psyi_mask yes = a->yes, maybe_yes = a->maybe_yes;
    a->yes = a->no;
    a->no = yes;
    a->maybe_yes = a->maybe_no;
    a->maybe_no = maybe_yes;
}

void psyi_verdict_or(psyi_verdict_lanes *a, const psyi_verdict_lanes *b)
{
    const psyi_mask absent = a->absent & b->absent;
    a->maybe_absent = both_may_leave(a, b);
    join_causes(a, b);
    a->no = (a->no | a->absent) & (b->no | b->absent) & ~absent;
    a->yes |= b->yes;
    a->maybe_no = (a->maybe_no | a->absent) & (b->maybe_no | b->absent) & ~absent;
    a->maybe_yes |= b->maybe_yes;
    a->absent = absent;
    settle(a);
}

void psyi_verdict_ifna(psyi_verdict_lanes *a, const psyi_verdict_lanes *b)
{
    const psyi_mask decided = a->yes | a->no;
    a->yes |= b->yes & ~decided;
    a->no |= b->no & ~decided;
    a->maybe_yes = (a->maybe_yes & decided) | (b->maybe_yes & ~decided);
    a->maybe_no = (a->maybe_no & decided) | (b->maybe_no & ~decided);
    a->absent = b->absent & ~decided;
    a->maybe_absent = b->maybe_absent;
    join_causes(a, b);
    settle(a);
}
