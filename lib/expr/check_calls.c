/*
 * check_calls.c -- functions: how many arguments, of which kind, and the range of what they
 * give.
 */
#include "expr/syntax.h"

#include <stdio.h>

static psy_status check_arity(const psyi_checker *checker, const psyi_node *node)
{
    const psyi_op_info *const op = &psyi_op_table[node->op];
    const size_t n = node->n_children;
    char count[48];

    if (node->op == PSYI_OP_CASE && n >= op->least && n % 2 == 0)
        return psyi_expr_fail(checker->text, node->offset, node->name_length,
                              "'case' takes pairs of condition and value and a last value for all "
                              "else, so an odd number of arguments; %zu given",
                              n);
    if (n >= op->least && n <= op->most)
        return PSY_OK;
    if (op->most == PSYI_MANY)
        snprintf(count, sizeof count, "at least %u argument%s", op->least,
                 op->least == 1 ? "" : "s");
    else if (op->least == op->most)
        snprintf(count, sizeof count, "%u argument%s", op->least, op->least == 1 ? "" : "s");
    else
        snprintf(count, sizeof count, "%u or %u arguments", op->least, op->most);
    return psyi_expr_fail(checker->text, node->offset, node->name_length,
                          "'%s' takes %s, %zu given, as in '%s'", op->name, count, n, op->usage);
}

static bool is_item_call(const psyi_node *node)
{
    return node->kind == PSYI_NODE_OP && (node->op == PSYI_OP_ITEM || node->op == PSYI_OP_ANSWER);
}

/* sum, mean, min, max of numbers */
static psyi_range range_of_numbers(const psyi_node *node)
{
    psyi_range range = node->first->range;
    for (const psyi_node *child = node->first->next; child != NULL; child = child->next)
        range = node->op == PSYI_OP_SUM || node->op == PSYI_OP_MEAN
                    ? psyi_range_add(range, child->range)
                    : psyi_range_extreme(range, child->range, node->op == PSYI_OP_MAX);
    if (node->op == PSYI_OP_MEAN)
        range =
            psyi_range_divide(range, psyi_range_point((psyi_ratio){(int64_t)node->n_children, 1}));
    return range;
}

/* The same of a set, all items given: what a gate may skip is left out of account. */
static psyi_range range_of_set(const psyi_checker *checker, const psyi_node *node,
                               const psyi_node *set)
{
    psyi_range range = psyi_range_of_item(checker, set->items[0], false);
    for (size_t i = 1; i < set->n_items; i++) {
        const psyi_range item = psyi_range_of_item(checker, set->items[i], false);
        range = node->op == PSYI_OP_SUM || node->op == PSYI_OP_MEAN
                    ? psyi_range_add(range, item)
                    : psyi_range_extreme(range, item, node->op == PSYI_OP_MAX);
    }
    if (node->op == PSYI_OP_MEAN)
        range = psyi_range_divide(range, psyi_range_point((psyi_ratio){(int64_t)set->n_items, 1}));
    return range;
}

static psy_status check_set_or_numbers(psyi_checker *checker, psyi_node *node)
{
    const char *const name = psyi_op_table[node->op].name;
    psyi_node *const first = node->first;

    node->type = PSYI_IS_NUMBER;
    if (first->next == NULL) {
        psy_status status = PSY_OK;
        if (first->type == PSYI_IS_CONDITION &&
            (node->op == PSYI_OP_SUM || node->op == PSYI_OP_MEAN))
            status = psyi_expr_fail(checker->text, node->offset, node->name_length,
                                    "'%s' takes a set without a condition: with one use '%s_if'",
                                    name, name);
        else if (first->type != PSYI_IS_SET && first->type != PSYI_IS_NUMBER)
            status = psyi_expr_check_number(checker, first);
        if (status == PSY_OK && first->type == PSYI_IS_NUMBER)
            status = psyi_check_fail(checker, first, "'%s' takes a set of items or at least two numbers",
                               name);
        if (status == PSY_OK)
            node->range = range_of_set(checker, node, first);
        return status;
    }
    for (psyi_node *child = first; child != NULL; child = child->next) {
        if (child->type == PSYI_IS_SET)
            return psyi_check_fail(checker, child,
                             "'%s' takes one set alone: put all items into one items(...)", name);
        psy_status status = psyi_expr_check_number(checker, child);
        if (status != PSY_OK)
            return status;
    }
    node->range = range_of_numbers(node);
    return PSY_OK;
}

/* count, any, all */
static psy_status check_conditions(psyi_checker *checker, psyi_node *node)
{
    const bool all = node->op == PSYI_OP_ALL;
    int64_t sure = 0, possible = 0;
    bool can_yes = all, can_no = !all;
    char shown[PSYI_SHOWN];

    for (psyi_node *child = node->first; child != NULL; child = child->next) {
        const bool set = child->type == PSYI_IS_CONDITION;
        if (child->type == PSYI_IS_SET)
            return psyi_check_fail(checker, child, "%s needs a condition, as in 'items(1..9) >= 1'",
                             psyi_check_shown(checker, child, shown));
        psy_status status = set ? PSY_OK : psyi_expr_check_truth(checker, child);
        if (status != PSY_OK)
            return status;
        for (size_t i = 0; i < (set ? child->first->n_items : 1); i++) {
            bool yes = child->can_yes, no = child->can_no;
            if (set)
                psyi_expr_item_outcomes(checker, child, child->first->items[i], &yes, &no);
            sure += !no;
            possible += yes;
            can_yes = all ? can_yes && yes : can_yes || yes;
            can_no = all ? can_no || no : can_no && no;
        }
    }
    node->type = node->op == PSYI_OP_COUNT ? PSYI_IS_NUMBER : PSYI_IS_TRUTH;
    node->range = (psyi_range){{sure, 1}, {possible, 1}, true};
    node->can_yes = can_yes;
    node->can_no = can_no;
    return PSY_OK;
}

/* sum_if, mean_if */
static psy_status check_condition(psyi_checker *checker, psyi_node *node)
{
    const psyi_node *const child = node->first;
    static const psyi_range zero = {{0, 1}, {0, 1}, true};
    psyi_range sum = zero, hull = zero;
    bool some = false;

    if (child->type != PSYI_IS_CONDITION)
        return psyi_check_fail(checker, child,
                         "'%s' takes a condition on a set, as in 'items(1..90) >= 2'",
                         psyi_op_table[node->op].name);
    for (size_t i = 0; i < child->first->n_items; i++) {
        const uint32_t item = child->first->items[i];
        const psyi_range range = psyi_range_of_item(checker, item, false);
        bool yes = false, no = false;
        psyi_expr_item_outcomes(checker, child, item, &yes, &no);
        if (!yes)
            continue;
        sum = psyi_range_add(sum, no ? psyi_range_unite(range, zero) : range);
        hull = some ? psyi_range_unite(hull, range) : range;
        some = true;
    }
    hull.integer = false;
    node->type = PSYI_IS_NUMBER;
    node->range = node->op == PSYI_OP_SUM_IF ? sum : hull;
    return PSY_OK;
}

static psy_status fail_unlike(const psyi_checker *checker, const psyi_node *node,
                              const psyi_node *a, const psyi_node *b)
{
    const bool truth = a->type == PSYI_IS_TRUTH;
    char shown_a[PSYI_SHOWN], shown_b[PSYI_SHOWN];
    return psyi_expr_fail(checker->text, b->outer_offset, b->outer_length,
                          "the values of '%s' are of one kind: %s is %s, %s is %s",
                          psyi_op_table[node->op].name, psyi_check_shown(checker, a, shown_a),
                          truth ? "true or false" : "a number", psyi_check_shown(checker, b, shown_b),
                          truth ? "a number" : "true or false");
}

/* ifna, if, case: values from the `first`-th child on, every `step`-th and the last. */
static psy_status check_alike(psyi_checker *checker, psyi_node *node)
{
    const bool ifna = node->op == PSYI_OP_IFNA;
    psyi_node *value = NULL;
    size_t index = 0;
    bool open = true; /* can all conditions so far have failed? */

    for (psyi_node *child = node->first; child != NULL; child = child->next, index++) {
        const bool last = child->next == NULL;
        psy_status status = PSY_OK;
        if (!ifna && !last && index % 2 == 0) {
            if ((status = psyi_expr_check_truth(checker, child)) != PSY_OK)
                return status;
            continue;
        }
        if (child->type != PSYI_IS_TRUTH)
            status = psyi_expr_check_number(checker, child);
        if (status == PSY_OK && value != NULL && value->type != child->type)
            status = fail_unlike(checker, node, value, child);
        if (status != PSY_OK)
            return status;
        if (value == NULL)
            value = child;
    }
    node->type = value->type;
    bool some = false;
    index = 0;
    for (const psyi_node *child = node->first; child != NULL; child = child->next, index++) {
        const bool last = child->next == NULL;
        if (!ifna && !last) {
            const psyi_node *const condition = child;
            child = child->next;
            index++;
            const bool reached = open && condition->can_yes;
            open = open && condition->can_no;
            if (!reached)
                continue;
        } else if (!ifna && !open) {
            continue;
        }
        node->can_yes = node->can_yes || child->can_yes;
        node->can_no = node->can_no || child->can_no;
        node->range = some ? psyi_range_unite(node->range, child->range) : child->range;
        some = true;
    }
    return PSY_OK;
}

static psy_status check_figures(psyi_checker *checker, psyi_node *node)
{
    const psyi_range a = node->first->range;
    static const psyi_ratio zero = {0, 1};
    unsigned decimals = 0;

    for (psyi_node *child = node->first; child != NULL; child = child->next) {
        psy_status status = psyi_expr_check_number(checker, child);
        if (status != PSY_OK)
            return status;
    }
    node->type = PSYI_IS_NUMBER;
    switch (node->op) {
    case PSYI_OP_ABS:
        node->range = psyi_range_absolute(a);
        return PSY_OK;
    case PSYI_OP_CLOCK_MINUTES:
        node->range.integer = a.integer && node->first->next->range.integer;
        node->range.low = zero;
        node->range.high = (psyi_ratio){node->range.integer ? 1439 : 1440, 1};
        return PSY_OK;
    case PSYI_OP_ROUND_HALF_UP: {
        const psyi_node *const places = node->first->next;
        if (places == NULL)
            break;
        if (places->kind != PSYI_NODE_NUMBER || places->number.den != 1 || places->number.num > 9)
            return psyi_check_fail(checker, places, "the decimals of '%s' are a number from 0 to 9",
                             "round_half_up");
        decimals = (unsigned)places->number.num;
        break;
    }
    default:
        break;
    }
    node->range = psyi_range_round(a, node->op, decimals);
    return PSY_OK;
}

static psy_status check_about_items(psyi_checker *checker, psyi_node *node)
{
    const psyi_node *const child = node->first;
    const bool answered = node->op == PSYI_OP_ANSWERED;

    if (answered && child->type == PSYI_IS_SET) {
        node->type = PSYI_IS_NUMBER;
        node->range = (psyi_range){{0, 1}, {(int64_t)child->n_items, 1}, true};
        return PSY_OK;
    }
    if (!is_item_call(child))
        return psyi_check_fail(checker, child,
                         answered ? "'%s' is about items: of a score ask 'not is_missing(...)'"
                                  : "'%s' is about one item, as in 'refused(item(4))'",
                         psyi_op_table[node->op].name);
    node->type = PSYI_IS_TRUTH;
    node->can_yes = node->can_no = true;
    return PSY_OK;
}

psy_status psyi_expr_check_call(psyi_checker *checker, psyi_node *node)
{
    const uint8_t takes = psyi_op_table[node->op].takes;
    psy_status status = check_arity(checker, node);

    if (status != PSY_OK)
        return status;
    if (takes == PSYI_TAKES_SELECTOR || takes == PSYI_TAKES_SELECTORS ||
        takes == PSYI_TAKES_SCALE_ID) {
        if ((status = psyi_expr_resolve_items(checker, node)) != PSY_OK)
            return status;
        node->type = takes == PSYI_TAKES_SELECTOR ? PSYI_IS_NUMBER : PSYI_IS_SET;
        if (takes == PSYI_TAKES_SELECTOR && node->n_items != 1)
            return psyi_expr_fail(checker->text, node->offset, node->length,
                                  "'%s' takes one item: for several use items(...)",
                                  psyi_op_table[node->op].name);
        if (takes == PSYI_TAKES_SELECTOR)
            node->range = psyi_range_of_item(checker, node->items[0], node->op == PSYI_OP_ANSWER);
        return PSY_OK;
    }
    for (psyi_node *child = node->first; child != NULL; child = child->next)
        if ((status = psyi_expr_check_node(checker, child)) != PSY_OK)
            return status;
    switch (takes) {
    case PSYI_TAKES_SET_OR_NUMBERS:
        return check_set_or_numbers(checker, node);
    case PSYI_TAKES_CONDITIONS:
        return check_conditions(checker, node);
    case PSYI_TAKES_CONDITION:
        return check_condition(checker, node);
    case PSYI_TAKES_SET_OR_ITEM:
    case PSYI_TAKES_ITEM_ONLY:
        return check_about_items(checker, node);
    case PSYI_TAKES_ANYTHING:
        node->type = PSYI_IS_TRUTH;
        node->can_yes = node->can_no = true;
        return node->first->type == PSYI_IS_SET || node->first->type == PSYI_IS_CONDITION
                   ? psyi_expr_check_number(checker, node->first)
                   : PSY_OK;
    case PSYI_TAKES_ALIKE:
    case PSYI_TAKES_BRANCHES:
    case PSYI_TAKES_ARMS:
        return check_alike(checker, node);
    default: /* FIGURES, ROUNDING */
        return check_figures(checker, node);
    }
}
