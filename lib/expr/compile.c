/*
 * compile.c -- a checked tree to instructions.
 *
 * Registers are given out as a stack: an operand goes one above what is in use, its result
 * lands where the operation stood.  What is fixed is folded into the instruction that uses
 * it, so that a comparison with a cut-off, the bulk of all rules, is one instruction.
 */
#include "base/fail.h"
#include "expr/machine.h"
#include "expr/syntax.h"

#include <assert.h>

typedef struct depth { /* first free register of each kind */
    unsigned number, truth, counter, choice;
} depth;

typedef struct emitter {
    psyi_program *program;
    size_t room; /* of every table of the program */
} emitter;

static void emit_number(emitter *e, const psyi_node *node, depth d);
static void emit_truth(emitter *e, const psyi_node *node, depth d);

/* The tables were made large enough for any tree of this many nodes. */
static psyi_instruction *add(emitter *e, psyi_code code)
{
    psyi_program *const program = e->program;
    assert(program->n_code < 4 * e->room);
    psyi_instruction *const instruction = &program->code[program->n_code++];
    instruction->code = (uint8_t)code;
    return instruction;
}

static void need(unsigned *have, unsigned n)
{
    if (n > *have)
        *have = n;
}

static psyi_instruction *to_number(emitter *e, psyi_code code, depth d)
{
    psyi_instruction *const instruction = add(e, code);
    instruction->to = (uint16_t)d.number;
    need(&e->program->n_numbers, d.number + 1);
    return instruction;
}

static psyi_instruction *to_truth(emitter *e, psyi_code code, depth d)
{
    psyi_instruction *const instruction = add(e, code);
    instruction->makes_truth = true;
    instruction->to = (uint16_t)d.truth;
    need(&e->program->n_truths, d.truth + 1);
    return instruction;
}

static uint32_t add_constant(emitter *e, psyi_ratio value)
{
    psyi_program *const program = e->program;
    assert(program->n_constants < 2 * e->room);
    program->constants[program->n_constants] = value;
    return (uint32_t)program->n_constants++;
}

static uint32_t add_set(emitter *e, const psyi_node *node)
{
    psyi_program *const program = e->program;
    assert(program->n_sets < e->room);
    program->sets[program->n_sets] = (psyi_item_set){node->items, node->n_items};
    return (uint32_t)program->n_sets++;
}

static psyi_test_kind test_kind(psyi_op op, bool mirrored)
{
    switch (op) {
    case PSYI_OP_LT:
        return mirrored ? PSYI_TEST_GT : PSYI_TEST_LT;
    case PSYI_OP_LE:
        return mirrored ? PSYI_TEST_GE : PSYI_TEST_LE;
    case PSYI_OP_GT:
        return mirrored ? PSYI_TEST_LT : PSYI_TEST_GT;
    case PSYI_OP_GE:
        return mirrored ? PSYI_TEST_LE : PSYI_TEST_GE;
    case PSYI_OP_NE:
        return PSYI_TEST_NE;
    default:
        return PSYI_TEST_EQ;
    }
}

/* Numbers of a list, ascending and each once. */
static size_t add_list(emitter *e, const psyi_node *list)
{
    psyi_ratio *const first = &e->program->constants[e->program->n_constants];
    size_t n = 0;
    for (const psyi_node *value = list->first; value != NULL; value = value->next) {
        size_t at = n;
        while (at > 0 && psyi_ratio_compare(first[at - 1], value->number) > 0)
            at--;
        if (at > 0 && psyi_ratio_compare(first[at - 1], value->number) == 0)
            continue;
        add_constant(e, value->number);
        for (size_t i = n++; i > at; i--)
            first[i] = first[i - 1];
        first[at] = value->number;
    }
    return n;
}

/* `right`: a constant, a range or a list. */
static uint32_t add_test(emitter *e, psyi_op op, bool mirrored, const psyi_node *right,
                         bool integer)
{
    psyi_program *const program = e->program;
    assert(program->n_tests < e->room);
    psyi_test *const test = &program->tests[program->n_tests];

    test->constants = &program->constants[program->n_constants];
    test->integer = integer;
    if (right->kind == PSYI_NODE_RANGE) {
        test->kind = PSYI_TEST_IN;
        test->n = 2;
        add_constant(e, right->first->number);
        add_constant(e, right->first->next->number);
    } else if (right->kind == PSYI_NODE_LIST) {
        test->kind = PSYI_TEST_LIST;
        test->n = add_list(e, right);
    } else {
        test->kind = test_kind(op, mirrored);
        test->n = 1;
        add_constant(e, right->range.low);
    }
    return (uint32_t)program->n_tests++;
}

/* ---- numbers ---- */

static void emit_scale(emitter *e, depth d, psyi_ratio factor)
{
    to_number(e, PSYI_CODE_SCALE, d)->first = add_constant(e, factor);
}

static void emit_offset(emitter *e, depth d, psyi_ratio term)
{
    to_number(e, PSYI_CODE_OFFSET, d)->first = add_constant(e, term);
}

/* number[d] := number[d] code number[d + 1], the latter made of `right`. */
static psyi_instruction *emit_second(emitter *e, const psyi_node *right, psyi_code code, depth d)
{
    depth above = d;
    above.number++;
    emit_number(e, right, above);
    psyi_instruction *const instruction = to_number(e, code, d);
    instruction->from = (uint16_t)above.number;
    return instruction;
}

static void emit_arithmetic(emitter *e, const psyi_node *node, depth d)
{
    static const psyi_ratio zero = {0, 1}, one = {1, 1}, minus = {-1, 1};
    const psyi_node *const a = node->first, *const b = a->next;

    if (node->op == PSYI_OP_NEG) {
        emit_number(e, a, d);
        emit_scale(e, d, minus);
    } else if (b->constant) {
        emit_number(e, a, d);
        if (node->op == PSYI_OP_ADD)
            emit_offset(e, d, b->range.low);
        else if (node->op == PSYI_OP_SUB)
            emit_offset(e, d, psyi_ratio_sub(zero, b->range.low));
        else if (node->op == PSYI_OP_MUL)
            emit_scale(e, d, b->range.low);
        else
            emit_scale(e, d, psyi_ratio_div(one, b->range.low));
    } else if (a->constant && node->op != PSYI_OP_DIV) {
        emit_number(e, b, d);
        if (node->op == PSYI_OP_SUB)
            emit_scale(e, d, minus);
        if (node->op == PSYI_OP_MUL)
            emit_scale(e, d, a->range.low);
        else
            emit_offset(e, d, a->range.low);
    } else {
        emit_number(e, a, d);
        emit_second(e, b,
                    node->op == PSYI_OP_ADD   ? PSYI_CODE_ADD
                    : node->op == PSYI_OP_SUB ? PSYI_CODE_SUBTRACT
                    : node->op == PSYI_OP_MUL ? PSYI_CODE_MULTIPLY
                                              : PSYI_CODE_DIVIDE,
                    d);
    }
}

static void emit_count(emitter *e, const psyi_node *node, depth d)
{
    depth within = d;
    within.counter++;
    need(&e->program->n_counters, within.counter);
    add(e, PSYI_CODE_COUNT_BEGIN)->to = (uint16_t)d.counter;
    for (const psyi_node *child = node->first; child != NULL; child = child->next) {
        psyi_instruction *instruction;
        if (child->type == PSYI_IS_CONDITION) {
            const uint32_t test =
                add_test(e, child->op, false, child->first->next, child->first->range.integer);
            instruction = add(e, PSYI_CODE_COUNT_SET);
            instruction->id = add_set(e, child->first);
            instruction->first = test;
        } else {
            emit_truth(e, child, within);
            instruction = add(e, PSYI_CODE_COUNT_TRUTH);
            instruction->from = (uint16_t)d.truth;
        }
        instruction->to = (uint16_t)d.counter;
    }
    to_number(e, PSYI_CODE_COUNT_END, d)->from = (uint16_t)d.counter;
}

/* if and case: the result below, condition and value above it. */
static void emit_choice(emitter *e, const psyi_node *node, depth d)
{
    const bool truth = node->type == PSYI_IS_TRUTH;
    depth condition = d, value = d;
    psyi_instruction *instruction;

    condition.choice++;
    need(&e->program->n_choices, condition.choice);
    if (truth)
        condition.truth++;
    else
        condition.number++;
    value = condition;
    value.truth++;
    instruction =
        truth ? to_truth(e, PSYI_CODE_CHOICE_BEGIN, d) : to_number(e, PSYI_CODE_CHOICE_BEGIN, d);
    instruction->id = d.choice;
    instruction->flag = truth;
    for (const psyi_node *child = node->first; child != NULL; child = child->next) {
        if (child->next != NULL) {
            emit_truth(e, child, condition);
            child = child->next;
        } else {
            to_truth(e, PSYI_CODE_CHOICE_OTHERWISE, condition)->id = d.choice;
        }
        if (truth)
            emit_truth(e, child, value);
        else
            emit_number(e, child, value);
        instruction = truth ? to_truth(e, PSYI_CODE_CHOICE_TRUTH, d)
                            : to_number(e, PSYI_CODE_CHOICE_NUMBER, d);
        instruction->from = (uint16_t)condition.truth;
        instruction->id = d.choice;
    }
    instruction =
        truth ? to_truth(e, PSYI_CODE_CHOICE_END, d) : to_number(e, PSYI_CODE_CHOICE_END, d);
    instruction->id = d.choice;
    instruction->flag = truth;
}

/* sum, mean, min, max, sum_if, mean_if, answered of a set */
static void emit_set(emitter *e, const psyi_node *node, depth d)
{
    const psyi_node *const child = node->first;
    const bool condition = child->type == PSYI_IS_CONDITION;
    psyi_instruction *instruction;
    uint32_t test = 0;

    if (condition)
        test = add_test(e, child->op, false, child->first->next, child->first->range.integer);
    instruction = to_number(e, condition ? PSYI_CODE_SET_IF : PSYI_CODE_SET, d);
    instruction->id = add_set(e, condition ? child->first : child);
    instruction->first = test;
    instruction->kind = node->op == PSYI_OP_SUM || node->op == PSYI_OP_SUM_IF     ? PSYI_SET_SUM
                        : node->op == PSYI_OP_MEAN || node->op == PSYI_OP_MEAN_IF ? PSYI_SET_MEAN
                        : node->op == PSYI_OP_MIN                                 ? PSYI_SET_MIN
                        : node->op == PSYI_OP_MAX                                 ? PSYI_SET_MAX
                                                  : PSYI_SET_ANSWERED;
}

static void emit_number_call(emitter *e, const psyi_node *node, depth d)
{
    const psyi_node *const first = node->first;
    psyi_instruction *instruction;

    switch (node->op) {
    case PSYI_OP_ITEM:
    case PSYI_OP_ANSWER:
        instruction = to_number(e, PSYI_CODE_ITEM, d);
        instruction->id = node->items[0];
        instruction->flag = node->op == PSYI_OP_ANSWER;
        return;
    case PSYI_OP_COUNT:
        emit_count(e, node, d);
        return;
    case PSYI_OP_IF:
    case PSYI_OP_CASE:
        emit_choice(e, node, d);
        return;
    default:
        break;
    }
    if (first->type == PSYI_IS_SET || first->type == PSYI_IS_CONDITION) {
        emit_set(e, node, d);
        return;
    }
    emit_number(e, first, d);
    switch (node->op) {
    case PSYI_OP_SUM:
    case PSYI_OP_MEAN:
    case PSYI_OP_MIN:
    case PSYI_OP_MAX:
        for (const psyi_node *child = first->next; child != NULL; child = child->next)
            emit_second(e, child,
                        node->op == PSYI_OP_SUM || node->op == PSYI_OP_MEAN ? PSYI_CODE_ADD
                                                                            : PSYI_CODE_EXTREME,
                        d)
                ->flag = node->op == PSYI_OP_MAX;
        if (node->op == PSYI_OP_MEAN)
            emit_scale(e, d, (psyi_ratio){1, (int64_t)node->n_children});
        break;
    case PSYI_OP_IFNA:
        emit_second(e, first->next, PSYI_CODE_IFNA, d);
        break;
    case PSYI_OP_ABS:
        to_number(e, PSYI_CODE_ABSOLUTE, d);
        break;
    case PSYI_OP_CLOCK_MINUTES:
        emit_second(e, first->next, PSYI_CODE_CLOCK, d)->flag = node->range.integer;
        break;
    default: /* floor, ceil, round_half_up */
        instruction = to_number(e, PSYI_CODE_ROUND, d);
        instruction->kind = node->op == PSYI_OP_FLOOR  ? PSYI_FLOOR
                            : node->op == PSYI_OP_CEIL ? PSYI_CEIL
                                                       : PSYI_HALF_UP;
        instruction->n = first->next != NULL ? (uint32_t)first->next->number.num : 0;
        break;
    }
}

static void emit_number(emitter *e, const psyi_node *node, depth d)
{
    if (node->constant) {
        to_number(e, PSYI_CODE_CONSTANT, d)->first = add_constant(e, node->range.low);
    } else if (node->type == PSYI_IS_TRUTH) { /* counts 1 or 0 */
        emit_truth(e, node, d);
        to_number(e, PSYI_CODE_FROM_TRUTH, d)->from = (uint16_t)d.truth;
    } else if (node->kind == PSYI_NODE_NAME) {
        to_number(e, PSYI_CODE_NUMBER, d)->id = node->symbol.column;
    } else if (psyi_op_table[node->op].kind == PSYI_KIND_CALL) {
        emit_number_call(e, node, d);
    } else {
        emit_arithmetic(e, node, d);
    }
}

/* ---- truths ---- */

static void include(psyi_members *members, uint32_t token)
{
    members->bits[token / 64 % 4] |= (uint64_t)1 << token % 64;
}

static void emit_tokens(emitter *e, const psyi_node *node, depth d)
{
    psyi_program *const program = e->program;
    const psyi_symbol *const symbol = &node->first->symbol;
    const psyi_node *const right = node->first->next;
    assert(program->n_members < e->room);
    psyi_members *const members = &program->members[program->n_members];

    for (const psyi_node *value = right->first; value != NULL; value = value->next)
        include(members, value->token);
    for (uint32_t token = 0; token < symbol->n_tokens && right->kind == PSYI_NODE_NAME; token++) {
        const psyi_test_kind kind = test_kind(node->op, false);
        const bool equal = token == right->token, below = token < right->token;
        if ((equal && (kind == PSYI_TEST_EQ || kind == PSYI_TEST_LE || kind == PSYI_TEST_GE)) ||
            (below && (kind == PSYI_TEST_LT || kind == PSYI_TEST_LE || kind == PSYI_TEST_NE)) ||
            (!equal && !below &&
             (kind == PSYI_TEST_GT || kind == PSYI_TEST_GE || kind == PSYI_TEST_NE)))
            include(members, token);
    }
    psyi_instruction *const instruction = to_truth(e, PSYI_CODE_TOKEN, d);
    instruction->id = symbol->column;
    instruction->first = (uint32_t)program->n_members++;
}

static bool is_item_call(const psyi_node *node)
{
    return node->kind == PSYI_NODE_OP && (node->op == PSYI_OP_ITEM || node->op == PSYI_OP_ANSWER);
}

static void emit_comparison(emitter *e, const psyi_node *node, depth d)
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
        to_truth(e, PSYI_CODE_FIXED, d)->flag = node->can_yes;
        return;
    }
    if (!fixed && !mirrored) {
        depth above = d;
        above.number++;
        emit_number(e, left, d);
        emit_number(e, right, above);
        instruction = to_truth(e, PSYI_CODE_COMPARE, d);
        instruction->from = (uint16_t)d.number;
        instruction->kind = (uint8_t)test_kind(node->op, false);
        return;
    }
    if (mirrored) {
        left = right;
        right = node->first;
    }
    const uint32_t test = add_test(e, node->op, mirrored, right, left->range.integer);
    if (is_item_call(left)) { /* on bytes and masks, without a number in between */
        instruction = to_truth(e, PSYI_CODE_SET_ANY, d);
        instruction->id = add_set(e, left);
        instruction->flag = left->op == PSYI_OP_ANSWER;
    } else {
        emit_number(e, left, d);
        instruction = to_truth(e, PSYI_CODE_TEST, d);
        instruction->from = (uint16_t)d.number;
    }
    instruction->first = test;
}

/* truth[d] := truth[d] code truth[d + 1] */
static void emit_other(emitter *e, const psyi_node *right, psyi_code code, depth d)
{
    depth above = d;
    above.truth++;
    emit_truth(e, right, above);
    to_truth(e, code, d)->from = (uint16_t)above.truth;
}

/* any, all */
static void emit_some(emitter *e, const psyi_node *node, depth d)
{
    const psyi_code code = node->op == PSYI_OP_ANY ? PSYI_CODE_OR : PSYI_CODE_AND;
    depth at = d;
    for (const psyi_node *child = node->first; child != NULL; child = child->next) {
        if (child->type == PSYI_IS_CONDITION) {
            const uint32_t test =
                add_test(e, child->op, false, child->first->next, child->first->range.integer);
            psyi_instruction *const instruction =
                to_truth(e, node->op == PSYI_OP_ANY ? PSYI_CODE_SET_ANY : PSYI_CODE_SET_ALL, at);
            instruction->id = add_set(e, child->first);
            instruction->first = test;
        } else {
            emit_truth(e, child, at);
        }
        if (child != node->first)
            to_truth(e, code, d)->from = (uint16_t)at.truth;
        at.truth = d.truth + 1;
    }
}

static void emit_is_missing(emitter *e, const psyi_node *node, depth d)
{
    switch (node->type) {
    case PSYI_IS_NUMBER:
        emit_number(e, node, d);
        to_truth(e, PSYI_CODE_NUMBER_MISSING, d)->from = (uint16_t)d.number;
        break;
    case PSYI_IS_TRUTH:
        emit_truth(e, node, d);
        to_truth(e, PSYI_CODE_TRUTH_MISSING, d);
        break;
    default:
        to_truth(e, PSYI_CODE_TOKEN_MISSING, d)->id = node->symbol.column;
        break;
    }
}

static void emit_truth(emitter *e, const psyi_node *node, depth d)
{
    const psyi_node *const first = node->first;

    if (node->kind == PSYI_NODE_TRUTH) {
        to_truth(e, PSYI_CODE_FIXED, d)->flag = node->truth;
        return;
    }
    if (node->kind == PSYI_NODE_NAME) {
        to_truth(e, PSYI_CODE_TRUTH, d)->id = node->symbol.column;
        return;
    }
    switch (node->op) {
    case PSYI_OP_AND:
    case PSYI_OP_OR:
        emit_truth(e, first, d);
        emit_other(e, first->next, node->op == PSYI_OP_AND ? PSYI_CODE_AND : PSYI_CODE_OR, d);
        break;
    case PSYI_OP_NOT:
        emit_truth(e, first, d);
        to_truth(e, PSYI_CODE_NOT, d);
        break;
    case PSYI_OP_ANY:
    case PSYI_OP_ALL:
        emit_some(e, node, d);
        break;
    case PSYI_OP_ANSWERED:
    case PSYI_OP_REFUSED:
        to_truth(e, node->op == PSYI_OP_ANSWERED ? PSYI_CODE_ITEM_ANSWERED : PSYI_CODE_ITEM_REFUSED,
                 d)
            ->id = first->items[0];
        break;
    case PSYI_OP_IS_MISSING:
        emit_is_missing(e, first, d);
        break;
    case PSYI_OP_IFNA:
        emit_truth(e, first, d);
        emit_other(e, first->next, PSYI_CODE_TRUTH_IFNA, d);
        break;
    case PSYI_OP_IF:
    case PSYI_OP_CASE:
        emit_choice(e, node, d);
        break;
    default:
        emit_comparison(e, node, d);
        break;
    }
}

psy_status psyi_expr_emit(psyi_program *program, const psyi_node *root, size_t n_nodes,
                          psy_error *error)
{
    emitter e = {.program = program, .room = n_nodes + 4};
    psyi_arena *const arena = &program->arena;

    program->code = psyi_arena_alloc(arena, 4 * e.room, sizeof *program->code);
    program->constants = psyi_arena_alloc(arena, 2 * e.room, sizeof *program->constants);
    program->tests = psyi_arena_alloc(arena, e.room, sizeof *program->tests);
    program->sets = psyi_arena_alloc(arena, e.room, sizeof *program->sets);
    program->members = psyi_arena_alloc(arena, e.room, sizeof *program->members);
    if (program->code == NULL || program->constants == NULL || program->tests == NULL ||
        program->sets == NULL || program->members == NULL)
        return psyi_fail_memory(error, "a rule");
    if (root->type == PSYI_IS_TRUTH)
        emit_truth(&e, root, (depth){0});
    else
        emit_number(&e, root, (depth){0});
    return PSY_OK;
}
