/*
 * check_compare.c -- comparisons: numbers with numbers, categories and bands with one of
 * their values, sets of items with a constant.
 *
 * A value of a category is a bare word and stands on the right.  That keeps the words out of
 * the names: a band called "total" does not hide the score of that name.
 */
#include "expr/syntax.h"

#include <string.h>

static bool is_tokens(const psyi_node *node)
{
    return node->type == PSYI_IS_CATEGORY || node->type == PSYI_IS_BAND;
}

/* "female == student.sex" */
static psy_status refuse_swapped(psyi_checker *checker, const psyi_node *left,
                                 const psyi_node *right)
{
    const psyi_scope *const scope = checker->scope;
    psyi_symbol symbol = {0}, other = {0};

    if (left->kind != PSYI_NODE_NAME || right->kind != PSYI_NODE_NAME ||
        scope->column(scope->context, left->name, &other) ||
        !scope->column(scope->context, right->name, &symbol))
        return PSY_OK;
    for (size_t i = 0; i < symbol.n_tokens; i++)
        if (strcmp(symbol.tokens[i], left->name) == 0)
            return psyi_expr_fail(checker->text, left->outer_offset, left->outer_length,
                                  "the column stands on the left, its value on the right, as in "
                                  "'%.40s == %.40s'",
                                  right->name, left->name);
    return PSY_OK;
}

/* Of the values of a category or band, which pass? */
static bool token_passes(const psyi_node *node, uint32_t token)
{
    const psyi_node *const right = node->first->next;
    switch (node->op) {
    case PSYI_OP_LT:
        return token < right->token;
    case PSYI_OP_LE:
        return token <= right->token;
    case PSYI_OP_GT:
        return token > right->token;
    case PSYI_OP_GE:
        return token >= right->token;
    case PSYI_OP_NE:
        return token != right->token;
    case PSYI_OP_EQ:
        return token == right->token;
    default:
        for (const psyi_node *value = right->first; value != NULL; value = value->next)
            if (value->token == token)
                return true;
        return false;
    }
}

static psy_status check_tokens(psyi_checker *checker, psyi_node *node)
{
    psyi_node *const left = node->first, *const right = left->next;
    char shown[PSYI_SHOWN], listed[PSYI_LISTED];
    psy_status status = PSY_OK;

    if (left->type == PSYI_IS_CATEGORY && node->op != PSYI_OP_EQ && node->op != PSYI_OP_NE &&
        node->op != PSYI_OP_IN)
        return psyi_expr_fail(checker->text, node->sign_offset, node->sign_length,
                              "the values of %s have no order: use '==', '!=' or 'in'",
                              psyi_check_shown(checker, left, shown));
    if (right->kind == PSYI_NODE_LIST) {
        for (psyi_node *value = right->first; value != NULL && status == PSY_OK;
             value = value->next)
            status = value->kind != PSYI_NODE_NAME
                         ? psyi_expr_fail(checker->text, value->offset, value->length,
                                          "%s has no number among its values: %s",
                                          psyi_check_shown(checker, left, shown),
                                          psyi_expr_list_tokens(&left->symbol, listed))
                         : psyi_expr_resolve_token(checker, &left->symbol, left->name, value);
    } else if (right->kind == PSYI_NODE_NAME) {
        status = psyi_expr_resolve_token(checker, &left->symbol, left->name, right);
    } else if (right->kind == PSYI_NODE_RANGE) {
        status = psyi_expr_fail(checker->text, right->offset, right->length,
                                "%s has no ranges of numbers: list its values, as in 'in (%s)'",
                                psyi_check_shown(checker, left, shown),
                                psyi_expr_list_tokens(&left->symbol, listed));
    } else {
        status = psyi_expr_fail(checker->text, right->outer_offset, right->outer_length,
                                "%s is compared with one of its values: %s",
                                psyi_check_shown(checker, left, shown),
                                psyi_expr_list_tokens(&left->symbol, listed));
    }
    if (status != PSY_OK)
        return status;
    node->type = PSYI_IS_TRUTH;
    for (uint32_t token = 0; token < left->symbol.n_tokens; token++) {
        const bool passes = token_passes(node, token);
        node->can_yes = node->can_yes || passes;
        node->can_no = node->can_no || !passes;
    }
    return PSY_OK;
}

/* What stands on the right of a number or of a set. */
static psy_status check_right(psyi_checker *checker, const psyi_node *left, psyi_node *right)
{
    char shown[PSYI_SHOWN];

    if (right->kind == PSYI_NODE_RANGE)
        return PSY_OK;
    if (right->kind == PSYI_NODE_LIST) {
        for (const psyi_node *value = right->first; value != NULL; value = value->next)
            if (value->kind == PSYI_NODE_NAME)
                return psyi_expr_fail(checker->text, value->offset, value->length,
                                      "%s is compared with numbers, not with names",
                                      psyi_check_shown(checker, left, shown));
        return PSY_OK;
    }
    psy_status status = right->kind == PSYI_NODE_NAME
                            ? psyi_expr_resolve_column(checker, right, left)
                            : psyi_expr_check_node(checker, right);
    if (status != PSY_OK)
        return status;
    if (right->type == PSYI_IS_SET)
        return psyi_check_fail(checker, right, "the set stands on the left, as in '%s >= 2'",
                         "items(1..9)");
    if (is_tokens(right))
        return psyi_check_fail(checker, right, "%s stands on the left, one of its values on the right",
                         psyi_check_shown(checker, right, shown));
    return psyi_expr_check_number(checker, right);
}

void psyi_expr_item_outcomes(const psyi_checker *checker, const psyi_node *condition, uint32_t item,
                             bool *can_yes, bool *can_no)
{
    psyi_range_test(psyi_range_of_item(checker, item, false), condition->op, condition->first->next,
                    can_yes, can_no);
}

psy_status psyi_expr_check_comparison(psyi_checker *checker, psyi_node *node)
{
    psyi_node *const left = node->first, *const right = left->next;
    char shown[PSYI_SHOWN];
    psy_status status = refuse_swapped(checker, left, right);

    if (status == PSY_OK)
        status = psyi_expr_check_node(checker, left);
    if (status != PSY_OK)
        return status;
    if (is_tokens(left))
        return check_tokens(checker, node);
    if (left->type == PSYI_IS_TRUTH)
        return psyi_check_fail(checker, left,
                         "%s is true or false already: write it alone, or with 'not'",
                         psyi_check_shown(checker, left, shown));
    if (left->type != PSYI_IS_SET && (status = psyi_expr_check_number(checker, left)) != PSY_OK)
        return status;
    if ((status = check_right(checker, left, right)) != PSY_OK)
        return status;
    if (left->type == PSYI_IS_NUMBER) {
        node->type = PSYI_IS_TRUTH;
        psyi_range_test(left->range, node->op, right, &node->can_yes, &node->can_no);
        return PSY_OK;
    }
    if (node->op != PSYI_OP_IN && !right->constant)
        return psyi_check_fail(checker, right,
                         "a set of items is compared with a fixed number, and %s is none",
                         psyi_check_shown(checker, right, shown));
    node->type = PSYI_IS_CONDITION;
    for (size_t i = 0; i < left->n_items; i++) {
        bool yes = false, no = false;
        psyi_expr_item_outcomes(checker, node, left->items[i], &yes, &no);
        node->can_yes = node->can_yes || yes;
        node->can_no = node->can_no || no;
    }
    return PSY_OK;
}
