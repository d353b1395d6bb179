/*
 * ranges.c -- what a rule can come out as, from the declared ranges of what it reads.
 *
 * Plain interval arithmetic: every occurrence of a name ranges on its own, so the result may
 * be wider than the truth, never narrower.  An end that is not known is open (den 0); so is
 * one that no longer fits into 64 bits.
 */
#include "expr/syntax.h"

static const psyi_ratio zero = {0, 1};

static bool has(psyi_ratio a)
{
    return a.den > 0;
}

static bool whole(psyi_ratio a)
{
    return a.den == 1;
}

static bool is_point(psyi_range a)
{
    return has(a.low) && has(a.high) && psyi_ratio_compare(a.low, a.high) == 0;
}

/* a <= b for a lower end `a` and an upper end `b`; open ends are never in the way. */
static bool below_or_equal(psyi_ratio a, psyi_ratio b)
{
    return !has(a) || !has(b) || psyi_ratio_compare(a, b) <= 0;
}

static bool below(psyi_ratio a, psyi_ratio b)
{
    return !has(a) || !has(b) || psyi_ratio_compare(a, b) < 0;
}

static psyi_ratio smaller(psyi_ratio a, psyi_ratio b)
{
    return psyi_ratio_compare(a, b) <= 0 ? a : b;
}

static psyi_ratio larger(psyi_ratio a, psyi_ratio b)
{
    return psyi_ratio_compare(a, b) >= 0 ? a : b;
}

psyi_range psyi_range_open(void)
{
    return (psyi_range){.low = PSYI_RATIO_NONE, .high = PSYI_RATIO_NONE, .integer = false};
}

psyi_range psyi_range_point(psyi_ratio value)
{
    return (psyi_range){.low = value, .high = value, .integer = whole(value)};
}

psyi_range psyi_range_of_truth(bool can_yes, bool can_no)
{
    return (psyi_range){.low = {can_no ? 0 : 1, 1}, .high = {can_yes ? 1 : 0, 1}, .integer = true};
}

psyi_range psyi_range_of_item(const psyi_checker *checker, uint32_t item, bool answer)
{
    const psyi_scope *const scope = checker->scope;
    psyi_range range = psyi_range_open();
    if (answer)
        return range; /* the declared range is that of the score */
    scope->item_range(scope->context, item, &range.low, &range.high);
    range.integer = scope->item_integer != NULL && scope->item_integer(scope->context, item);
    return range;
}

psyi_range psyi_range_add(psyi_range a, psyi_range b)
{
    return (psyi_range){.low = psyi_ratio_add(a.low, b.low),
                        .high = psyi_ratio_add(a.high, b.high),
                        .integer = a.integer && b.integer};
}

psyi_range psyi_range_negate(psyi_range a)
{
    return (psyi_range){.low = psyi_ratio_sub(zero, a.high),
                        .high = psyi_ratio_sub(zero, a.low),
                        .integer = a.integer};
}

static psyi_range times(psyi_range a, psyi_ratio factor)
{
    if (factor.num == 0)
        return psyi_range_point(zero);
    const psyi_ratio low = psyi_ratio_mul(a.low, factor);
    const psyi_ratio high = psyi_ratio_mul(a.high, factor);
    if (is_point(a))
        return psyi_range_point(low);
    return (psyi_range){.low = factor.num > 0 ? low : high,
                        .high = factor.num > 0 ? high : low,
                        .integer = a.integer && whole(factor)};
}

psyi_range psyi_range_multiply(psyi_range a, psyi_range b)
{
    psyi_range range = psyi_range_open();
    if (is_point(b))
        return times(a, b.low);
    if (is_point(a))
        return times(b, a.low);
    range.integer = a.integer && b.integer;
    const psyi_ratio corner[] = {psyi_ratio_mul(a.low, b.low), psyi_ratio_mul(a.low, b.high),
                                 psyi_ratio_mul(a.high, b.low), psyi_ratio_mul(a.high, b.high)};
    for (size_t i = 0; i < 4; i++)
        if (!has(corner[i]))
            return range;
    range.low = smaller(smaller(corner[0], corner[1]), smaller(corner[2], corner[3]));
    range.high = larger(larger(corner[0], corner[1]), larger(corner[2], corner[3]));
    return range;
}

psyi_range psyi_range_divide(psyi_range a, psyi_range b)
{
    static const psyi_ratio one = {1, 1};
    if (!has(b.low) || !has(b.high) || (b.low.num <= 0 && b.high.num >= 0))
        return psyi_range_open();
    psyi_range inverse = {.low = psyi_ratio_div(one, b.high), .high = psyi_ratio_div(one, b.low)};
    inverse.integer = whole(inverse.low) && is_point(inverse);
    return psyi_range_multiply(a, inverse);
}

psyi_range psyi_range_unite(psyi_range a, psyi_range b)
{
    psyi_range range = psyi_range_open();
    if (has(a.low) && has(b.low))
        range.low = smaller(a.low, b.low);
    if (has(a.high) && has(b.high))
        range.high = larger(a.high, b.high);
    range.integer = a.integer && b.integer;
    return range;
}

psyi_range psyi_range_extreme(psyi_range a, psyi_range b, bool largest)
{
    psyi_range range = psyi_range_unite(a, b);
    if (largest && (has(a.low) || has(b.low)))
        range.low = !has(a.low) ? b.low : !has(b.low) ? a.low : larger(a.low, b.low);
    if (!largest && (has(a.high) || has(b.high)))
        range.high = !has(a.high) ? b.high : !has(b.high) ? a.high : smaller(a.high, b.high);
    return range;
}

psyi_range psyi_range_absolute(psyi_range a)
{
    const psyi_range negative = psyi_range_negate(a);
    if (has(a.low) && a.low.num >= 0)
        return a;
    if (has(a.high) && a.high.num <= 0)
        return negative;
    psyi_range range = psyi_range_unite(a, negative);
    range.low = zero;
    return range;
}

static psyi_ratio round_one(psyi_ratio a, psyi_op op, unsigned decimals)
{
    return op == PSYI_OP_FLOOR  ? psyi_ratio_floor(a)
           : op == PSYI_OP_CEIL ? psyi_ratio_ceil(a)
                                : psyi_ratio_round_to(a, decimals);
}

psyi_range psyi_range_round(psyi_range a, psyi_op op, unsigned decimals)
{
    return (psyi_range){.low = round_one(a.low, op, decimals),
                        .high = round_one(a.high, op, decimals),
                        .integer = a.integer || decimals == 0};
}

/* Does `a` hold a number of b?  Whole numbers only, where `a` says so. */
static bool overlap(psyi_range a, psyi_range b)
{
    psyi_ratio low = !has(a.low) ? b.low : !has(b.low) ? a.low : larger(a.low, b.low);
    psyi_ratio high = !has(a.high) ? b.high : !has(b.high) ? a.high : smaller(a.high, b.high);
    if (a.integer || b.integer) {
        low = psyi_ratio_ceil(low);
        high = psyi_ratio_floor(high);
    }
    return below_or_equal(low, high);
}

void psyi_range_compare(psyi_range a, psyi_range b, psyi_op op, bool *can_yes, bool *can_no)
{
    switch (op) {
    case PSYI_OP_LT:
    case PSYI_OP_GE:
        *can_yes = below(a.low, b.high);
        *can_no = below_or_equal(b.low, a.high);
        break;
    case PSYI_OP_LE:
    case PSYI_OP_GT:
        *can_yes = below_or_equal(a.low, b.high);
        *can_no = below(b.low, a.high);
        break;
    default: /* == and != */
        *can_yes = overlap(a, b);
        *can_no = !(is_point(a) && is_point(b) && psyi_ratio_compare(a.low, b.low) == 0);
        break;
    }
    if (op == PSYI_OP_GE || op == PSYI_OP_GT || op == PSYI_OP_NE) {
        const bool yes = *can_yes;
        *can_yes = *can_no;
        *can_no = yes;
    }
}

void psyi_range_test(psyi_range a, psyi_op op, const psyi_node *right, bool *can_yes, bool *can_no)
{
    if (right->kind == PSYI_NODE_RANGE) {
        const psyi_range b = {.low = right->first->number, .high = right->first->next->number};
        *can_yes = overlap(a, b);
        *can_no = !has(a.low) || !has(a.high) || psyi_ratio_compare(a.low, b.low) < 0 ||
                  psyi_ratio_compare(a.high, b.high) > 0;
        return;
    }
    if (right->kind != PSYI_NODE_LIST) {
        psyi_range_compare(a, right->range, op, can_yes, can_no);
        return;
    }
    *can_yes = false;
    *can_no = true;
    for (const psyi_node *value = right->first; value != NULL; value = value->next) {
        bool yes = false, no = false;
        psyi_range_compare(a, psyi_range_point(value->number), PSYI_OP_EQ, &yes, &no);
        *can_yes = *can_yes || yes;
        *can_no = *can_no && no;
    }
}
