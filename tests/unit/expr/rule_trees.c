/*
 * rule_trees.c -- drawing and printing random rules; see rule_trees.h.
 */
#include "rule_trees.h"
#include "test_support.h"

#include <stdio.h>
#include <string.h>

/* ---- a generator of its own, so that every platform draws the same trees ---- */

uint64_t draw_state;

unsigned draw(unsigned n)
{
    draw_state ^= draw_state << 13;
    draw_state ^= draw_state >> 7;
    draw_state ^= draw_state << 17;
    return (unsigned)(draw_state >> 33) % n;
}
/* ---- variables ---- */

const char *const var_names[N_VARS] = {"1",   "2",   "3",     "4", "5", "6", "7", "8",
                                       "odd", "q5b", "hours", "c", "b", "f", "g", "h"};
const int32_t item_low[N_ITEMS] = {0, 0, 0, 0, 0, 0, 0, 0, -2, 0, 0};
const int32_t item_high[N_ITEMS] = {3, 3, 3, 3, 3, 3, 3, 3, 2, 3, 24000};

variable vars[N_VARS];
bool used[N_VARS]; /* by the tree at hand */
bool used_twice;
/* ---- trees ---- */

static const char *const signs[] = {"<", "<=", ">", ">=", "==", "!="};

static tree trees[400];
static unsigned n_trees;
bool tight;
bool chooses;
bool counts;

static tree *new_tree(kind k)
{
    tree *const t = &trees[n_trees++];
    assert_true(n_trees < sizeof trees / sizeof *trees);
    memset(t, 0, sizeof *t);
    t->kind = k;
    return t;
}

static void use(unsigned var)
{
    used_twice = used_twice || used[var];
    used[var] = true;
}

/* Prefer variables that were not used yet, so that many trees have each once. */
static unsigned draw_var(unsigned from, unsigned n)
{
    unsigned var = from + draw(n);
    for (unsigned i = 0; i < n && used[var] && draw(10) != 0; i++)
        var = from + (var - from + 1) % n;
    use(var);
    return var;
}

static void draw_items(tree *t)
{
    bool within[N_ITEMS] = {false};
    t->n_items = 0;
    for (unsigned i = 1 + draw(4); i > 0; i--) {
        const unsigned var = draw(12) == 0 ? 10 : draw(10); /* hours seldom: many completions */
        if (within[var] || (used[var] && draw(10) != 0))
            continue;
        within[var] = true;
        use(var);
        t->items[t->n_items++] = var;
    }
    if (t->n_items == 0)
        t->items[t->n_items++] = draw_var(0, 10);
}

static psyi_ratio draw_constant(void)
{
    static const int64_t dens[] = {1, 1, 1, 1, 2, 4, 5, 10};
    return psyi_ratio_make((int64_t)draw(12) - 4, dens[draw(8)]);
}

static void draw_test(tree *t, bool of_item)
{
    t->relation = (relation)draw(8);
    for (unsigned i = 0; i < 3; i++)
        t->constant[i] = of_item ? (psyi_ratio){(int64_t)draw(6) - 1, 1} : draw_constant();
    if (t->relation == IN && psyi_ratio_compare(t->constant[0], t->constant[1]) > 0) {
        const psyi_ratio low = t->constant[1];
        t->constant[1] = t->constant[0];
        t->constant[0] = low;
    }
    /* Of computed numbers there may be gaps where a constant lies. */
    if (!of_item && t->relation >= EQ)
        tight = false;
}

static tree *draw_truth(unsigned depth);

static tree *draw_number(unsigned depth)
{
    static const kind leaves[] = {N_CONST, N_VAR, N_VAR, N_VAR, N_ANSWER};
    tree *t = new_tree(depth == 0 ? leaves[draw(5)] : (kind)draw(T_CONST));
    switch (t->kind) {
    case N_CONST:
        t->constant[0] = draw_constant();
        break;
    case N_VAR:
        t->var = draw(3) == 0 ? draw_var(VAR_C, 2) : draw_var(0, 10);
        break;
    case N_ANSWER:
        t->var = draw_var(0, 10);
        break;
    case N_NEG:
    case N_FLOOR:
    case N_CEIL:
    case N_ROUND:
    case N_ABS:
        tight = tight && t->kind != N_ABS;
        t->n_children = 1;
        break;
    case N_SET_COUNT:
    case N_SET_SUM_IF:
    case N_SET_MEAN_IF:
        draw_test(t, true);
        draw_items(t);
        break;
    case N_SET_SUM:
    case N_SET_MEAN:
    case N_SET_MIN:
    case N_SET_MAX:
    case N_SET_ANSWERED:
        draw_items(t);
        break;
    case N_COUNT:
        counts = true;
        draw_test(t, true);
        draw_items(t);
        t->child[0] = draw_truth(depth - 1);
        t->child[1] = draw_truth(depth - 1);
        return t;
    case N_IF:
        chooses = true;
        t->child[0] = draw_truth(depth - 1);
        t->child[1] = draw_number(depth - 1);
        t->child[2] = draw_number(depth - 1);
        return t;
    case N_CASE:
        chooses = true;
        t->child[0] = draw_truth(depth - 1);
        t->child[1] = draw_number(depth - 1);
        t->child[2] = draw_truth(depth - 1);
        t->child[3] = draw_number(depth - 1);
        t->child[4] = draw_number(depth - 1);
        return t;
    case N_IFNA:
        t->var = draw_var(0, 10);
        t->child[1] = draw_number(depth - 1);
        return t;
    case N_TRUTH:
        counts = true;
        t->child[0] = draw_truth(depth - 1);
        return t;
    default:
        tight = tight && t->kind != N_DIV; /* none where the divisor could be 0 */
        t->n_children = 2;
        break;
    }
    for (unsigned i = 0; i < t->n_children; i++)
        t->child[i] = draw_number(depth - 1);
    return t;
}

static tree *draw_truth(unsigned depth)
{
    static const kind leaves[] = {T_CONST, T_VAR, T_VAR, T_ITEM_TEST, T_ITEM_TEST};
    tree *t =
        new_tree(depth == 0 ? leaves[draw(5)] : (kind)(T_CONST + draw(T_ANSWERED - T_CONST + 1)));
    switch (t->kind) {
    case T_CONST:
        t->var = draw(2);
        break;
    case T_VAR:
        t->var = draw_var(VAR_F, 3);
        break;
    case T_NOT:
        t->child[0] = draw_truth(depth - 1);
        break;
    case T_AND:
    case T_OR:
        t->child[0] = draw_truth(depth - 1);
        t->child[1] = draw_truth(depth - 1);
        break;
    case T_COMPARE:
        t->relation = (relation)draw(6);
        tight = tight && t->relation < EQ;
        t->child[0] = draw_number(depth - 1);
        t->child[1] = draw_number(depth - 1);
        break;
    case T_TEST:
        t->child[0] = draw_number(depth - 1);
        draw_test(t, false);
        break;
    case T_ITEM_TEST:
        t->var = draw_var(0, 10);
        draw_test(t, true);
        break;
    case T_ANY:
    case T_ALL:
        draw_test(t, true);
        draw_items(t);
        break;
    case T_IF:
        chooses = true;
        for (unsigned i = 0; i < 3; i++)
            t->child[i] = draw_truth(depth - 1);
        break;
    default: /* T_MISSING, T_ANSWERED */
        t->var = draw_var(0, t->kind == T_MISSING ? VAR_B + 1 : 10);
        break;
    }
    return t;
}
/* ---- to text ---- */

char tree_text[32768];
static size_t text_length;

static void put(const char *piece)
{
    text_length += (size_t)sprintf(tree_text + text_length, "%s", piece);
}

static void put_ratio(psyi_ratio a)
{
    if (a.den == 1)
        text_length += (size_t)sprintf(tree_text + text_length, "%lld", (long long)a.num);
    else /* denominators divide 20, so two decimals are exact */
        text_length +=
            (size_t)sprintf(tree_text + text_length, "%s%lld.%02lld", a.num < 0 ? "-" : "",
                            (long long)(a.num < 0 ? -a.num : a.num) / a.den,
                            (long long)((a.num < 0 ? -a.num : a.num) % a.den) * 100 / a.den);
}

static void put_leaf(const char *function, unsigned var)
{
    if (var >= N_ITEMS)
        put(var_names[var]);
    else
        text_length += (size_t)sprintf(tree_text + text_length, "%s(%s)", function, var_names[var]);
}

static void put_items(const tree *t)
{
    put("items(");
    for (unsigned i = 0; i < t->n_items; i++) {
        put(i > 0 ? ", " : "");
        put(var_names[t->items[i]]);
    }
    put(")");
}

static void put_test(const tree *t)
{
    if (t->relation < IN) {
        put(" ");
        put(signs[t->relation]);
        put(" ");
        put_ratio(t->constant[0]);
        return;
    }
    put(t->relation == IN ? " in " : " in (");
    put_ratio(t->constant[0]);
    put(t->relation == IN ? ".." : ", ");
    put_ratio(t->constant[1]);
    if (t->relation == LIST) {
        put(", ");
        put_ratio(t->constant[2]);
        put(")");
    }
}

static void put_tree(const tree *t);

static void put_call(const char *name, const tree *t, unsigned n)
{
    put(name);
    for (unsigned i = 0; i < n; i++) {
        put(i == 0 ? "(" : ", ");
        put_tree(t->child[i]);
    }
    put(")");
}

static void put_infix(const tree *t, const char *sign)
{
    put("(");
    put_tree(t->child[0]);
    put(sign);
    put_tree(t->child[1]);
    put(")");
}

static void put_tree(const tree *t)
{
    static const char *const set_names[] = {"sum",   "mean",   "min",     "max",
                                            "count", "sum_if", "mean_if", "answered"};
    switch (t->kind) {
    case N_CONST:
        put_ratio(t->constant[0]);
        break;
    case N_VAR:
        put_leaf("item", t->var);
        break;
    case N_ANSWER:
        put_leaf("answer", t->var);
        break;
    case N_ADD:
        put_infix(t, " + ");
        break;
    case N_SUB:
        put_infix(t, " - ");
        break;
    case N_MUL:
        put_infix(t, " * ");
        break;
    case N_DIV:
        put_infix(t, " / ");
        break;
    case N_NEG:
        put_call("-", t, 1);
        break;
    case N_FLOOR:
        put_call("floor", t, 1);
        break;
    case N_CEIL:
        put_call("ceil", t, 1);
        break;
    case N_ROUND:
        put_call("round_half_up", t, 1);
        break;
    case N_ABS:
        put_call("abs", t, 1);
        break;
    case N_MIN:
        put_call("min", t, 2);
        break;
    case N_MAX:
        put_call("max", t, 2);
        break;
    case N_SUM:
        put_call("sum", t, 2);
        break;
    case N_MEAN:
        put_call("mean", t, 2);
        break;
    case N_SET_SUM:
    case N_SET_MEAN:
    case N_SET_MIN:
    case N_SET_MAX:
    case N_SET_COUNT:
    case N_SET_SUM_IF:
    case N_SET_MEAN_IF:
    case N_SET_ANSWERED:
        put(set_names[t->kind - N_SET_SUM]);
        put("(");
        put_items(t);
        if (t->kind >= N_SET_COUNT && t->kind <= N_SET_MEAN_IF)
            put_test(t);
        put(")");
        break;
    case N_COUNT:
        put("count(");
        put_tree(t->child[0]);
        put(", ");
        put_items(t);
        put_test(t);
        put(", ");
        put_tree(t->child[1]);
        put(")");
        break;
    case N_IF:
    case T_IF:
        put_call("if", t, 3);
        break;
    case N_CASE:
        put_call("case", t, 5);
        break;
    case N_IFNA:
        put("ifna(");
        put_leaf("item", t->var);
        put(", ");
        put_tree(t->child[1]);
        put(")");
        break;
    case N_TRUTH:
        put("(0 + ");
        put_tree(t->child[0]);
        put(")");
        break;
    case T_CONST:
        put(t->var != 0 ? "true" : "false");
        break;
    case T_VAR:
        put(var_names[t->var]);
        break;
    case T_AND:
        put_infix(t, " and ");
        break;
    case T_OR:
        put_infix(t, " or ");
        break;
    case T_NOT:
        put("(not ");
        put_tree(t->child[0]);
        put(")");
        break;
    case T_COMPARE:
        put("(");
        put_tree(t->child[0]);
        put(" ");
        put(signs[t->relation]);
        put(" ");
        put_tree(t->child[1]);
        put(")");
        break;
    case T_TEST:
        put("(");
        put_tree(t->child[0]);
        put_test(t);
        put(")");
        break;
    case T_ITEM_TEST:
        put("(");
        put_leaf("item", t->var);
        put_test(t);
        put(")");
        break;
    case T_ANY:
    case T_ALL:
        put(t->kind == T_ANY ? "any(" : "all(");
        put_items(t);
        put_test(t);
        put(")");
        break;
    case T_MISSING:
        put("is_missing(");
        put_leaf("item", t->var);
        put(")");
        break;
    case T_ANSWERED:
        put("answered(");
        put_leaf("item", t->var);
        put(")");
        break;
    }
}

const tree *draw_tree(unsigned depth, bool boolean)
{
    n_trees = 0;
    text_length = 0;
    tight = true;
    chooses = counts = used_twice = false;
    memset(used, 0, sizeof used);
    const tree *const t = boolean ? draw_truth(depth) : draw_number(depth);
    put_tree(t);
    return t;
}
