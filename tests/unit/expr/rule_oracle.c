/*
 * rule_oracle.c -- what a rule is worth on one sheet without blanks, by walking its tree;
 * written apart from the library, for clarity and not for speed.
 */
#include "rule_trees.h"

static value number(psyi_ratio a)
{
    return (value){.outcome = a.den == 0 ? NOTHING : NUMBER, .number = a};
}

static value truth(bool a)
{
    return (value){.outcome = a ? TRUE : FALSE};
}

static value plain(outcome a)
{
    return (value){.outcome = a};
}

static value of_var(unsigned var)
{
    const variable *const v = &vars[var];
    if (v->state == ABSENT)
        return plain(GONE);
    if (v->state == NO_RECORD)
        return plain(WITHOUT_RECORD);
    return var >= VAR_F ? truth(v->value.num != 0) : number(v->value);
}

static bool related(psyi_ratio a, relation r, const psyi_ratio *c)
{
    const int order = psyi_ratio_compare(a, c[0]);
    switch (r) {
    case LT:
        return order < 0;
    case LE:
        return order <= 0;
    case GT:
        return order > 0;
    case GE:
        return order >= 0;
    case EQ:
        return order == 0;
    case NE:
        return order != 0;
    case IN:
        return order >= 0 && psyi_ratio_compare(a, c[1]) <= 0;
    default:
        return order == 0 || psyi_ratio_compare(a, c[1]) == 0 || psyi_ratio_compare(a, c[2]) == 0;
    }
}

static value compared(value a, relation r, const psyi_ratio *c)
{
    if (a.outcome == GONE || a.outcome == NOTHING)
        return a;
    return truth(a.outcome == NUMBER && related(a.number, r, c));
}

/* GONE before WITHOUT_RECORD before NOTHING. */
static value first_of(value a, value b)
{
    static const outcome order[] = {GONE, WITHOUT_RECORD, NOTHING};
    for (unsigned i = 0; i < 3; i++)
        if (a.outcome == order[i] || b.outcome == order[i])
            return plain(order[i]);
    return number((psyi_ratio){0, 1});
}

/* Kleene over any number of truths; what is gone leaves. */
typedef struct tally {
    unsigned yes, no, nothing;
} tally;

static void tally_up(tally *all, value a)
{
    all->yes += a.outcome == TRUE;
    all->no += a.outcome == FALSE;
    all->nothing += a.outcome == NOTHING;
}

static value some_of(tally all)
{
    return all.yes > 0       ? truth(true)
           : all.nothing > 0 ? plain(NOTHING)
           : all.no > 0      ? truth(false)
                             : plain(GONE);
}

static value all_of(tally all)
{
    return all.no > 0        ? truth(false)
           : all.nothing > 0 ? plain(NOTHING)
           : all.yes > 0     ? truth(true)
                             : plain(GONE);
}

static tally tally_items(const tree *t)
{
    tally all = {0, 0, 0};
    for (unsigned i = 0; i < t->n_items; i++)
        tally_up(&all, compared(of_var(t->items[i]), t->relation, t->constant));
    return all;
}

static value count_of(tally all)
{
    if (all.yes + all.no + all.nothing == 0)
        return plain(GONE);
    return all.nothing > 0 ? plain(NOTHING) : number((psyi_ratio){all.yes, 1});
}

static value of_set(const tree *t)
{
    psyi_ratio sum = {0, 1}, best = {0, 0};
    int64_t n = 0, n_met = 0, n_answered = 0;
    for (unsigned i = 0; i < t->n_items; i++) {
        const value a = of_var(t->items[i]);
        if (a.outcome == GONE)
            continue;
        n++;
        n_answered += vars[t->items[i]].state == KNOWN;
        const bool conditional = t->kind == N_SET_SUM_IF || t->kind == N_SET_MEAN_IF;
        if (conditional && !related(a.number, t->relation, t->constant))
            continue;
        n_met++;
        sum = psyi_ratio_add(sum, a.number);
        if (best.den == 0 || (psyi_ratio_compare(a.number, best) > 0) == (t->kind == N_SET_MAX))
            best = a.number;
    }
    if (n == 0)
        return plain(GONE);
    switch (t->kind) {
    case N_SET_SUM:
    case N_SET_SUM_IF:
        return number(sum);
    case N_SET_MEAN:
    case N_SET_MEAN_IF:
        return number(psyi_ratio_div(sum, (psyi_ratio){n_met, 1}));
    case N_SET_ANSWERED:
        return number((psyi_ratio){n_answered, 1});
    default:
        return number(best);
    }
}

static value of_extreme(value a, value b, bool largest)
{
    const bool no_a = a.outcome == GONE || a.outcome == WITHOUT_RECORD;
    const bool no_b = b.outcome == GONE || b.outcome == WITHOUT_RECORD;
    if (no_a && no_b)
        return plain(a.outcome == GONE && b.outcome == GONE ? GONE : WITHOUT_RECORD);
    if (no_a)
        return b;
    if (no_b)
        return a;
    if (a.outcome == NOTHING || b.outcome == NOTHING)
        return plain(NOTHING);
    return (psyi_ratio_compare(a.number, b.number) > 0) == largest ? a : b;
}

/* if and case: conditions and values in turn, then the value for all else. */
static value of_choice(const tree *t, unsigned n)
{
    bool some = false;
    for (unsigned i = 0; i + 1 < n; i += 2) {
        const value condition = evaluate(t->child[i]);
        some = some || condition.outcome != GONE;
        if (condition.outcome == TRUE)
            return evaluate(t->child[i + 1]);
        if (condition.outcome == NOTHING)
            return plain(NOTHING);
    }
    return some ? evaluate(t->child[n - 1]) : plain(GONE);
}

static value of_two(const tree *t)
{
    value a = evaluate(t->child[0]), b = evaluate(t->child[1]);
    if (t->kind == N_MIN || t->kind == N_MAX)
        return of_extreme(a, b, t->kind == N_MAX);
    const value joint = first_of(a, b);
    if (joint.outcome != NUMBER)
        return joint;
    switch (t->kind) {
    case N_SUB:
        return number(psyi_ratio_sub(a.number, b.number));
    case N_MUL:
        return number(psyi_ratio_mul(a.number, b.number));
    case N_DIV:
        return number(psyi_ratio_div(a.number, b.number));
    case N_MEAN:
        return number(psyi_ratio_div(psyi_ratio_add(a.number, b.number), (psyi_ratio){2, 1}));
    default:
        return number(psyi_ratio_add(a.number, b.number));
    }
}

static value of_one(const tree *t)
{
    static const psyi_ratio zero = {0, 1};
    const value a = evaluate(t->child[0]);
    if (a.outcome != NUMBER)
        return a;
    switch (t->kind) {
    case N_FLOOR:
        return number(psyi_ratio_floor(a.number));
    case N_CEIL:
        return number(psyi_ratio_ceil(a.number));
    case N_ROUND:
        return number(psyi_ratio_round_half_up(a.number));
    case N_ABS:
        return a.number.num < 0 ? number(psyi_ratio_sub(zero, a.number)) : a;
    default:
        return number(psyi_ratio_sub(zero, a.number));
    }
}

value evaluate(const tree *t)
{
    tally all = {0, 0, 0};
    value a;
    switch (t->kind) {
    case N_CONST:
        return number(t->constant[0]);
    case N_VAR:
    case T_VAR:
        return of_var(t->var);
    case N_ANSWER:
        a = of_var(t->var);
        a.number = psyi_ratio_sub((psyi_ratio){item_low[t->var] + item_high[t->var], 1}, a.number);
        return a;
    case N_NEG:
    case N_FLOOR:
    case N_CEIL:
    case N_ROUND:
    case N_ABS:
        return of_one(t);
    case N_SET_SUM:
    case N_SET_MEAN:
    case N_SET_MIN:
    case N_SET_MAX:
    case N_SET_SUM_IF:
    case N_SET_MEAN_IF:
    case N_SET_ANSWERED:
        return of_set(t);
    case N_SET_COUNT:
        return count_of(tally_items(t));
    case N_COUNT:
        all = tally_items(t);
        tally_up(&all, evaluate(t->child[0]));
        tally_up(&all, evaluate(t->child[1]));
        return count_of(all);
    case N_IF:
    case T_IF:
        return of_choice(t, 3);
    case N_CASE:
        return of_choice(t, 5);
    case N_IFNA:
        return vars[t->var].state == KNOWN ? of_var(t->var) : evaluate(t->child[1]);
    case N_TRUTH:
        a = evaluate(t->child[0]);
        return a.outcome == TRUE || a.outcome == FALSE ? number((psyi_ratio){a.outcome == TRUE, 1})
                                                       : a;
    case T_CONST:
        return truth(t->var != 0);
    case T_NOT:
        a = evaluate(t->child[0]);
        return a.outcome == TRUE || a.outcome == FALSE ? truth(a.outcome == FALSE) : a;
    case T_AND:
    case T_OR:
        tally_up(&all, evaluate(t->child[0]));
        tally_up(&all, evaluate(t->child[1]));
        return t->kind == T_AND ? all_of(all) : some_of(all);
    case T_COMPARE: {
        const value b = evaluate(t->child[1]);
        a = evaluate(t->child[0]);
        const value joint = first_of(a, b);
        if (joint.outcome == GONE)
            return joint;
        if (joint.outcome == WITHOUT_RECORD)
            return truth(false);
        return joint.outcome == NOTHING ? joint : truth(related(a.number, t->relation, &b.number));
    }
    case T_TEST:
        return compared(evaluate(t->child[0]), t->relation, t->constant);
    case T_ITEM_TEST:
        return compared(of_var(t->var), t->relation, t->constant);
    case T_ANY:
        return some_of(tally_items(t));
    case T_ALL:
        return all_of(tally_items(t));
    case T_MISSING:
        return truth(vars[t->var].state != KNOWN && vars[t->var].state != RANGED);
    case T_ANSWERED:
        return vars[t->var].state == ABSENT ? plain(GONE) : truth(vars[t->var].state == KNOWN);
    default:
        return of_two(t);
    }
}
