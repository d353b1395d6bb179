/*
 * compile_truths.c -- conditions to instructions; compile.c has the rest.
 */
#include "expr/emit.h"

#include <assert.h>

static void include(psyi_members *members, uint32_t token)
{
    members->bits[token / 64 % 4] |= (uint64_t)1 << token % 64;
}

static void emit_tokens(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    psyi_program *const program = e->program;
    const psyi_symbol *const symbol = &node->first->symbol;
    const psyi_node *const right = node->first->next;
    assert(program->n_members < e->room);
    psyi_members *const members = &program->members[program->n_members];

    for (const psyi_node *value = right->first; value != NULL; value = value->next)
        include(members, value->token);
    for (uint32_t token = 0; token < symbol->n_tokens && right->kind == PSYI_NODE_NAME; token++) {
        const psyi_compare kind = psyi_compare_of(node->op, false);
        const bool equal = token == right->token, below = token < right->token;
        if ((equal && (kind == PSYI_EQ || kind == PSYI_LE || kind == PSYI_GE)) ||
            (below && (kind == PSYI_LT || kind == PSYI_LE || kind == PSYI_NE)) ||
            (!equal && !below &&
             (kind == PSYI_GT || kind == PSYI_GE || kind == PSYI_NE)))
            include(members, token);
    }
    psyi_instruction *const instruction = psyi_emit_to_truth(e, PSYI_CODE_TOKEN, d);
    instruction->id = symbol->column;
    instruction->first = (uint32_t)program->n_members++;
}

static bool is_item_call(const psyi_node *node)
{
    return node->kind == PSYI_NODE_OP && (node->op == PSYI_OP_ITEM || node->op == PSYI_OP_ANSWER);
}

static void emit_comparison(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    const psyi_node *left = node->first, *right = left->next;
    const bool fixed = node->op == PSYI_OP_IN || right->constant;
    const bool mirrored = left->constant && !fixed;
    psyi_instruction *instruction;

    if (left->type != PSYI_IS_NUMBER) {
        emit_tokens(e, node, d);
        return;
    }
    if (left->constant && fixed) {
        psyi_emit_to_truth(e, PSYI_CODE_FIXED, d)->flag = node->can_yes;
        return;
    }
    if (!fixed && !mirrored) {
        psyi_depth above = d;
        above.number++;
        psyi_emit_number(e, left, d);
        psyi_emit_number(e, right, above);
        instruction = psyi_emit_to_truth(e, PSYI_CODE_COMPARE, d);
        instruction->from = (uint16_t)d.number;
        instruction->kind = (uint8_t)psyi_compare_of(node->op, false);
        return;
    }
    if (mirrored) {
        left = right;
        right = node->first;
    }
    const uint32_t test = psyi_emit_test(e, node->op, mirrored, right, left->range.integer);
    if (is_item_call(left)) { /* on bytes and masks, without a number in between */
        instruction = psyi_emit_to_truth(e, PSYI_CODE_SET_ANY, d);
        instruction->id = psyi_emit_set(e, left);
        instruction->flag = left->op == PSYI_OP_ANSWER;
    } else {
        psyi_emit_number(e, left, d);
        instruction = psyi_emit_to_truth(e, PSYI_CODE_TEST, d);
        instruction->from = (uint16_t)d.number;
    }
    instruction->first = test;
}

/* truth[d] := truth[d] code truth[d + 1] */
static void emit_other(psyi_emitter *e, const psyi_node *right, psyi_code code, psyi_depth d)
{
    psyi_depth above = d;
    above.truth++;
    psyi_emit_truth(e, right, above);
    psyi_emit_to_truth(e, code, d)->from = (uint16_t)above.truth;
}

/* any, all */
static void emit_some(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    const psyi_code code = node->op == PSYI_OP_ANY ? PSYI_CODE_OR : PSYI_CODE_AND;
    psyi_depth at = d;
    for (const psyi_node *child = node->first; child != NULL; child = child->next) {
        if (child->type == PSYI_IS_CONDITION) {
            const uint32_t test = psyi_emit_set_test(e, child);
            psyi_instruction *const instruction = psyi_emit_to_truth(
                e, node->op == PSYI_OP_ANY ? PSYI_CODE_SET_ANY : PSYI_CODE_SET_ALL, at);
            instruction->id = psyi_emit_set(e, child->first);
            instruction->first = test;
        } else {
            psyi_emit_truth(e, child, at);
        }
        if (child != node->first)
            psyi_emit_to_truth(e, code, d)->from = (uint16_t)at.truth;
        at.truth = d.truth + 1;
    }
}

static void emit_is_missing(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    switch (node->type) {
    case PSYI_IS_NUMBER:
        psyi_emit_number(e, node, d);
        psyi_emit_to_truth(e, PSYI_CODE_NUMBER_MISSING, d)->from = (uint16_t)d.number;
        break;
    case PSYI_IS_TRUTH:
        psyi_emit_truth(e, node, d);
        psyi_emit_to_truth(e, PSYI_CODE_TRUTH_MISSING, d);
        break;
    default:
        psyi_emit_to_truth(e, PSYI_CODE_TOKEN_MISSING, d)->id = node->symbol.column;
        break;
    }
}

void psyi_emit_truth(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    const psyi_node *const first = node->first;

    if (node->kind == PSYI_NODE_TRUTH) {
        psyi_emit_to_truth(e, PSYI_CODE_FIXED, d)->flag = node->truth;
        return;
    }
    if (node->kind == PSYI_NODE_NAME) {
        psyi_emit_to_truth(e, PSYI_CODE_TRUTH, d)->id = node->symbol.column;
        return;
    }
    switch (node->op) {
    case PSYI_OP_AND:
    case PSYI_OP_OR:
        psyi_emit_truth(e, first, d);
        emit_other(e, first->next, node->op == PSYI_OP_AND ? PSYI_CODE_AND : PSYI_CODE_OR, d);
        break;
    case PSYI_OP_NOT:
        psyi_emit_truth(e, first, d);
        psyi_emit_to_truth(e, PSYI_CODE_NOT, d);
        break;
    case PSYI_OP_ANY:
    case PSYI_OP_ALL:
        emit_some(e, node, d);
        break;
    case PSYI_OP_ANSWERED:
    case PSYI_OP_REFUSED:
        psyi_emit_to_truth(
            e, node->op == PSYI_OP_ANSWERED ? PSYI_CODE_ITEM_ANSWERED : PSYI_CODE_ITEM_REFUSED, d)
            ->id = first->items[0];
        break;
    case PSYI_OP_IS_MISSING:
        emit_is_missing(e, first, d);
        break;
    case PSYI_OP_IFNA:
        psyi_emit_truth(e, first, d);
        emit_other(e, first->next, PSYI_CODE_TRUTH_IFNA, d);
        break;
    case PSYI_OP_IF:
    case PSYI_OP_CASE:
        psyi_emit_choice(e, node, d);
        break;
    default:
        emit_comparison(e, node, d);
        break;
    }
}
