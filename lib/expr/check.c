/*
 * check.c -- types and ranges of a tree, from the leaves up.
 *
 * Nothing is converted silently but a condition in arithmetic, which counts 1 or 0.  Every
 * refusal says what was found, what is needed and, where there is one, the usual way out.
 */
#include "expr/syntax.h"

#include <string.h>

psy_status psyi_check_fail(const psyi_checker *checker, const psyi_node *node, const char *format,
                           const char *shown)
{
    return psyi_expr_fail(checker->text, node->outer_offset, node->outer_length, format, shown);
}

const char *psyi_check_shown(const psyi_checker *checker, const psyi_node *node, char *out)
{
    return psyi_expr_shown(checker->text, node->outer_offset, node->outer_length, out);
}

/* Sets and conditions on sets are not values. */
static psy_status check_value(const psyi_checker *checker, const psyi_node *node)
{
    char shown[PSYI_SHOWN];
    if (node->type == PSYI_IS_SET)
        return psyi_check_fail(checker, node,
                       "%s is a set of items: use sum(...), mean(...), min(...), max(...), "
                       "answered(...) or count(... >= 1)",
                       psyi_check_shown(checker, node, shown));
    if (node->type == PSYI_IS_CONDITION)
        return psyi_check_fail(checker, node,
                       "%s is a condition on a set of items: put it into any(...), all(...) or "
                       "count(...)",
                       psyi_check_shown(checker, node, shown));
    return PSY_OK;
}

static psy_status fail_category(const psyi_checker *checker, const psyi_node *node)
{
    char shown[PSYI_SHOWN], listed[PSYI_LISTED];
    return psyi_expr_fail(checker->text, node->outer_offset, node->outer_length,
                          "%s is a %s: compare it with one of its values: %s",
                          psyi_check_shown(checker, node, shown),
                          node->type == PSYI_IS_BAND ? "band" : "category",
                          psyi_expr_list_tokens(&node->symbol, listed));
}

psy_status psyi_expr_check_number(psyi_checker *checker, const psyi_node *node)
{
    char shown[PSYI_SHOWN];
    psy_status status = check_value(checker, node);
    if (status != PSY_OK || node->type == PSYI_IS_NUMBER)
        return status;
    if (node->type != PSYI_IS_TRUTH)
        return fail_category(checker, node);
    return psyi_check_fail(checker, node,
                   "%s is true or false where a number is needed: count(...) and if(..., 1, 0) "
                   "make numbers of conditions",
                   psyi_check_shown(checker, node, shown));
}

psy_status psyi_expr_check_truth(psyi_checker *checker, const psyi_node *node)
{
    char shown[PSYI_SHOWN];
    psy_status status = check_value(checker, node);
    if (status != PSY_OK || node->type == PSYI_IS_TRUTH)
        return status;
    if (node->type != PSYI_IS_NUMBER)
        return fail_category(checker, node);
    return psyi_check_fail(checker, node,
                   "%s is a number where a condition is needed: compare it, as in 'a >= 1'",
                   psyi_check_shown(checker, node, shown));
}

/* Within 62 bits a constant keeps its sign turned and its value inverted. */
static bool is_large(psyi_ratio a)
{
    const int64_t limit = INT64_C(1) << 62;
    return a.den == 0 || a.den > limit || a.num > limit || a.num < -limit;
}

/* + - * / and the sign. */
static psy_status check_arithmetic(psyi_checker *checker, psyi_node *node)
{
    psyi_node *const a = node->first, *const b = a->next;
    psyi_range left, right = {0};
    psy_status status = PSY_OK;

    for (psyi_node *child = a; child != NULL; child = child->next) {
        const bool counts = node->op != PSYI_OP_NEG && node->op != PSYI_OP_DIV;
        if ((status = psyi_expr_check_node(checker, child)) != PSY_OK)
            return status;
        if (!(counts && child->type == PSYI_IS_TRUTH) &&
            (status = psyi_expr_check_number(checker, child)) != PSY_OK)
            return status;
    }
    left = a->type == PSYI_IS_TRUTH ? psyi_range_of_truth(a->can_yes, a->can_no) : a->range;
    if (b != NULL)
        right = b->type == PSYI_IS_TRUTH ? psyi_range_of_truth(b->can_yes, b->can_no) : b->range;
    node->type = PSYI_IS_NUMBER;
    node->constant = a->constant && (b == NULL || b->constant);
    switch (node->op) {
    case PSYI_OP_ADD:
        node->range = psyi_range_add(left, right);
        break;
    case PSYI_OP_SUB:
        node->range = psyi_range_add(left, psyi_range_negate(right));
        break;
    case PSYI_OP_MUL:
        node->range = psyi_range_multiply(left, right);
        break;
    case PSYI_OP_DIV:
        if (b->constant && right.low.num == 0)
            return psyi_expr_fail(checker->text, b->outer_offset, b->outer_length,
                                  "a division by 0 never has a value");
        node->range = psyi_range_divide(left, right);
        break;
    default:
        node->range = psyi_range_negate(left);
        break;
    }
    if (node->constant && is_large(node->range.low))
        return psyi_expr_fail(checker->text, node->outer_offset, node->outer_length,
                              "the number is too large or too small to be exact");
    return PSY_OK;
}

static psy_status check_connective(psyi_checker *checker, psyi_node *node)
{
    psyi_node *const a = node->first, *const b = a->next;
    psy_status status = PSY_OK;

    for (psyi_node *child = a; child != NULL && status == PSY_OK; child = child->next)
        if ((status = psyi_expr_check_node(checker, child)) == PSY_OK)
            status = psyi_expr_check_truth(checker, child);
    if (status != PSY_OK)
        return status;
    node->type = PSYI_IS_TRUTH;
    node->can_yes = node->op == PSYI_OP_NOT   ? a->can_no
                    : node->op == PSYI_OP_AND ? a->can_yes && b->can_yes
                                              : a->can_yes || b->can_yes;
    node->can_no = node->op == PSYI_OP_NOT   ? a->can_yes
                   : node->op == PSYI_OP_AND ? a->can_no || b->can_no
                                             : a->can_no && b->can_no;
    return PSY_OK;
}

psy_status psyi_expr_check_node(psyi_checker *checker, psyi_node *node)
{
    switch (node->kind) {
    case PSYI_NODE_NUMBER:
        node->type = PSYI_IS_NUMBER;
        node->constant = true;
        node->range = psyi_range_point(node->number);
        return PSY_OK;
    case PSYI_NODE_TRUTH:
        node->type = PSYI_IS_TRUTH;
        node->can_yes = node->truth;
        node->can_no = !node->truth;
        return PSY_OK;
    case PSYI_NODE_NAME:
        return psyi_expr_resolve_column(checker, node, NULL);
    default:
        break;
    }
    switch (psyi_op_table[node->op].takes) {
    case PSYI_TAKES_TRUTHS:
        return check_connective(checker, node);
    case PSYI_TAKES_COMPARED:
    case PSYI_TAKES_MEMBERSHIP:
        return psyi_expr_check_comparison(checker, node);
    case PSYI_TAKES_NUMBERS:
        return check_arithmetic(checker, node);
    default:
        return node->op == PSYI_OP_NEG ? check_arithmetic(checker, node)
                                       : psyi_expr_check_call(checker, node);
    }
}

psy_status psyi_expr_check(psyi_checker *checker, psyi_node *root, psyi_type wanted)
{
    char shown[PSYI_SHOWN];
    psy_status status = psyi_expr_check_node(checker, root);

    if (status != PSY_OK || (status = check_value(checker, root)) != PSY_OK)
        return status;
    if (root->type != PSYI_IS_NUMBER && root->type != PSYI_IS_TRUTH)
        return fail_category(checker, root);
    if (wanted == PSYI_TYPE_NUMBER)
        return psyi_expr_check_number(checker, root);
    if (wanted == PSYI_TYPE_BOOLEAN)
        return psyi_expr_check_truth(checker, root);
    if (wanted != 0)
        return psyi_check_fail(checker, root,
                       "%s is not a category: a rule gives a number, or true or "
                       "false",
                       psyi_check_shown(checker, root, shown));
    return PSY_OK;
}
