/*
 * compare_lanes.c -- comparisons: with constants as intervals of whole numbers, with other
 * numbers end by end.
 *
 * A known number decides by its value, an unknown one when all of its range agrees; what
 * could still come out is always read from the range.  No record is false whatever the
 * comparison, also under "!=".
 */
#include "expr/exact.h"
#include "expr/lanes.h"

static bool lane(psyi_mask mask, unsigned i)
{
    return (mask >> i & 1) != 0;
}

/* ---- a test, number by number ---- */

void psyi_test_intervals(const psyi_test *test, int64_t den, psyi_intervals *out)
{
    const psyi_ratio *const c = test->constants;
    const int64_t floor = psyi_floor_scaled(c[0].num, den, c[0].den);
    const int64_t ceil = psyi_ceil_scaled(c[0].num, den, c[0].den);

    out->n = 1;
    out->negated = test->kind == PSYI_NE;
    out->lo[0] = INT64_MIN;
    out->hi[0] = INT64_MAX;
    switch (test->kind) {
    case PSYI_LT:
        out->hi[0] = ceil - 1;
        break;
    case PSYI_LE:
        out->hi[0] = floor;
        break;
    case PSYI_GT:
        out->lo[0] = floor + 1;
        break;
    case PSYI_GE:
        out->lo[0] = ceil;
        break;
    case PSYI_IN:
        out->lo[0] = ceil;
        out->hi[0] = psyi_floor_scaled(c[1].num, den, c[1].den);
        break;
    default: /* EQ, NE, LIST: lo > hi where the constant is no number over den */
        out->n = test->n;
        for (size_t k = 0; k < test->n; k++) {
            out->lo[k] = psyi_ceil_scaled(c[k].num, den, c[k].den);
            out->hi[k] = psyi_floor_scaled(c[k].num, den, c[k].den);
        }
        break;
    }
}

bool psyi_test_ratio(const psyi_test *test, psyi_ratio value)
{
    const int order = psyi_ratio_compare(value, test->constants[0]);
    switch (test->kind) {
    case PSYI_LT:
        return order < 0;
    case PSYI_LE:
        return order <= 0;
    case PSYI_GT:
        return order > 0;
    case PSYI_GE:
        return order >= 0;
    case PSYI_EQ:
        return order == 0;
    case PSYI_NE:
        return order != 0;
    case PSYI_IN:
        return order >= 0 && psyi_ratio_compare(value, test->constants[1]) <= 0;
    default:
        for (size_t k = 0; k < test->n; k++)
            if (psyi_ratio_compare(value, test->constants[k]) == 0)
                return true;
        return false;
    }
}

/* A list: some of its numbers lie in the range; all numbers of the range are in the list. */
static void list_between(const psyi_test *test, psyi_ratio low, psyi_ratio high, bool *can_yes,
                         bool *can_no)
{
    int64_t within = 0;
    *can_yes = false;
    for (size_t k = 0; k < test->n; k++) {
        const psyi_ratio c = test->constants[k];
        if (psyi_ratio_compare(low, c) > 0 || psyi_ratio_compare(c, high) > 0)
            continue;
        *can_yes = true;
        within += c.den == 1;
    }
    *can_no = psyi_ratio_compare(low, high) != 0 || !*can_yes;
    if (*can_no && *can_yes && test->integer) {
        const psyi_ratio first = psyi_ratio_ceil(low), last = psyi_ratio_floor(high);
        *can_no = (psyi_wide)last.num - first.num + 1 > within;
    }
}

void psyi_test_between(const psyi_test *test, psyi_ratio low, psyi_ratio high, bool *can_yes,
                       bool *can_no)
{
    const psyi_ratio c = test->constants[0];
    switch (test->kind) {
    case PSYI_LT:
    case PSYI_LE: /* the low end is the likeliest yes */
        *can_yes = psyi_test_ratio(test, low);
        *can_no = !psyi_test_ratio(test, high);
        break;
    case PSYI_GT:
    case PSYI_GE:
        *can_yes = psyi_test_ratio(test, high);
        *can_no = !psyi_test_ratio(test, low);
        break;
    case PSYI_EQ:
    case PSYI_NE: {
        const bool inside = psyi_ratio_compare(low, c) <= 0 && psyi_ratio_compare(c, high) <= 0;
        const bool beside = psyi_ratio_compare(low, c) != 0 || psyi_ratio_compare(high, c) != 0;
        *can_yes = test->kind == PSYI_EQ ? inside : beside;
        *can_no = test->kind == PSYI_EQ ? beside : inside;
        break;
    }
    case PSYI_IN:
        *can_yes =
            psyi_ratio_compare(low, test->constants[1]) <= 0 && psyi_ratio_compare(high, c) >= 0;
        *can_no = !psyi_test_ratio(test, low) || !psyi_test_ratio(test, high);
        break;
    default:
        list_between(test, low, high, can_yes, can_no);
        break;
    }
}

/* ---- 64 at a time ---- */

/* From what is decided and what could be to a verdict.  `could_yes` and `could_no` are read
 * where the lane is bounded. */
static void conclude(psyi_verdict_lanes *out, psyi_mask absent, psyi_mask no_record, psyi_mask yes,
                     psyi_mask no, psyi_mask could_yes, psyi_mask could_no)
{
    const psyi_mask live = ~(absent | no_record);
    *out = (psyi_verdict_lanes){.absent = absent};
    out->yes = yes & live;
    out->no = (no & live) | no_record;
    const psyi_mask undecided = psyi_undecided(out);
    out->maybe_yes = out->yes | (could_yes & live) | undecided;
    out->maybe_no = out->no | (could_no & live) | undecided;
}

static void test_shared(const psyi_lanes *a, const psyi_test *test, psyi_mask *met,
                        psyi_mask *could_yes, psyi_mask *could_no)
{
    psyi_intervals in;
    psyi_test_intervals(test, a->den, &in);
    *met = 0;
    for (size_t k = 0; k < in.n; k++)
        for (unsigned i = 0; i < PSYI_LANES; i++)
            *met |= (psyi_mask)(a->value[i] >= in.lo[k] && a->value[i] <= in.hi[k]) << i;
    *could_yes = *could_no = 0;
    if (in.negated)
        *met = ~*met;
    if (a->tight)
        return;
    if (test->kind != PSYI_ONE_OF) {
        const int64_t lo = in.lo[0], hi = in.hi[0];
        for (unsigned i = 0; i < PSYI_LANES; i++) {
            *could_yes |= (psyi_mask)(a->high[i] >= lo && a->low[i] <= hi) << i;
            *could_no |= (psyi_mask)(a->low[i] < lo || a->high[i] > hi) << i;
        }
        if (in.negated) {
            const psyi_mask yes = *could_yes;
            *could_yes = *could_no;
            *could_no = yes;
        }
        return;
    }
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        bool yes = false, no = false;
        if (!lane(a->bounded, i))
            continue;
        psyi_test_between(test, psyi_ratio_make(a->low[i], a->den),
                          psyi_ratio_make(a->high[i], a->den), &yes, &no);
        *could_yes |= (psyi_mask)yes << i;
        *could_no |= (psyi_mask)no << i;
    }
}

static void test_ratios(const psyi_lanes *a, const psyi_test *test, psyi_mask *met,
                        psyi_mask *could_yes, psyi_mask *could_no)
{
    *met = *could_yes = *could_no = 0;
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        bool yes = false, no = false;
        if (lane(a->known, i))
            *met |= (psyi_mask)psyi_test_ratio(test, a->ratio[i]) << i;
        if (!lane(a->bounded, i))
            continue;
        psyi_test_between(test, a->ratio_low[i], a->ratio_high[i], &yes, &no);
        *could_yes |= (psyi_mask)yes << i;
        *could_no |= (psyi_mask)no << i;
    }
}

void psyi_lanes_conclude(const psyi_lanes *a, psyi_mask met, psyi_mask could_yes,
                         psyi_mask could_no, psyi_verdict_lanes *out)
{
    could_yes &= a->bounded;
    could_no &= a->bounded;
    const psyi_mask open = a->bounded & ~a->known;
    conclude(out, a->absent, a->no_record, (a->known & met) | (open & ~could_no),
             (a->known & ~met) | (open & ~could_yes), could_yes, could_no);
    const psyi_mask undecided = psyi_undecided(out);
    out->maybe_absent = a->maybe_absent & undecided;
    out->blank = a->blank & undecided;
    out->no_norm = a->no_norm & undecided;
    out->trouble = a->trouble & undecided;
}

void psyi_lanes_test(const psyi_lanes *a, const psyi_test *test, psyi_verdict_lanes *out)
{
    psyi_mask met = 0, could_yes = 0, could_no = 0;

    if (a->ratios)
        test_ratios(a, test, &met, &could_yes, &could_no);
    else
        test_shared(a, test, &met, &could_yes, &could_no);
    psyi_lanes_conclude(a, met, could_yes, could_no, out);
}

/* Ends of a lane: for deciding, the value stands for both where it is known. */
typedef enum end { DECIDE_LOW, DECIDE_HIGH, LOW, HIGH } end;

static int64_t shared_end(const psyi_lanes *a, end which, unsigned i)
{
    if (a->tight || (which <= DECIDE_HIGH && lane(a->known, i)))
        return a->value[i];
    return which == DECIDE_LOW || which == LOW ? a->low[i] : a->high[i];
}

static psyi_ratio ratio_end(const psyi_lanes *a, end which, unsigned i)
{
    if (which <= DECIDE_HIGH && lane(a->known, i))
        return a->ratio[i];
    return which == DECIDE_LOW || which == LOW ? a->ratio_low[i] : a->ratio_high[i];
}

/* Lanes in which that end of a lies below (or at) that end of b. */
static psyi_mask below(const psyi_lanes *a, end of_a, const psyi_lanes *b, end of_b, bool or_at,
                       psyi_mask lanes)
{
    psyi_mask found = 0;
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        int order = 0;
        if (!lane(lanes, i))
            continue;
        if (a->ratios) {
            order = psyi_ratio_compare(ratio_end(a, of_a, i), ratio_end(b, of_b, i));
        } else {
            const int64_t x = shared_end(a, of_a, i), y = shared_end(b, of_b, i);
            order = (x > y) - (x < y);
        }
        found |= (psyi_mask)(order < 0 || (or_at && order == 0)) << i;
    }
    return found;
}

void psyi_lanes_compare(psyi_lanes *a, psyi_lanes *b, psyi_compare kind, psyi_verdict_lanes *out)
{
    const bool swapped = kind == PSYI_GT || kind == PSYI_GE;
    const bool or_at = kind == PSYI_LE || kind == PSYI_GE;
    const psyi_mask absent = a->absent | b->absent;
    const psyi_mask no_record = psyi_lanes_without_record(a, b);
    const psyi_mask lanes = a->bounded & b->bounded & ~(absent | no_record);
    psyi_mask yes, no, could_yes, could_no;

    psyi_lanes_align(a, b);
    const psyi_lanes *const x = swapped ? b : a, *const y = swapped ? a : b;
    if (kind == PSYI_EQ || kind == PSYI_NE) {
        /* equal: neither range begins before the other ends */
        yes = below(x, DECIDE_HIGH, y, DECIDE_LOW, true, lanes) &
              below(y, DECIDE_HIGH, x, DECIDE_LOW, true, lanes);
        no = below(x, DECIDE_HIGH, y, DECIDE_LOW, false, lanes) |
             below(y, DECIDE_HIGH, x, DECIDE_LOW, false, lanes);
        could_yes = below(x, LOW, y, HIGH, true, lanes) & below(y, LOW, x, HIGH, true, lanes);
        could_no = below(x, LOW, y, HIGH, false, lanes) | below(y, LOW, x, HIGH, false, lanes);
    } else {
        yes = below(x, DECIDE_HIGH, y, DECIDE_LOW, or_at, lanes);
        no = below(y, DECIDE_HIGH, x, DECIDE_LOW, !or_at, lanes);
        could_yes = below(x, LOW, y, HIGH, or_at, lanes);
        could_no = below(y, LOW, x, HIGH, !or_at, lanes);
    }
    if (kind == PSYI_NE)
        conclude(out, absent, no_record, no, yes, could_no, could_yes);
    else
        conclude(out, absent, no_record, yes, no, could_yes, could_no);
    const psyi_mask undecided = psyi_undecided(out);
    out->maybe_absent = (a->maybe_absent | b->maybe_absent) & undecided;
    out->blank = ((a->blank & ~a->known) | (b->blank & ~b->known)) & undecided;
    out->no_norm = ((a->no_norm & ~a->known) | (b->no_norm & ~b->known)) & undecided;
    out->trouble = ((a->trouble & ~a->known) | (b->trouble & ~b->known)) & undecided;
}
