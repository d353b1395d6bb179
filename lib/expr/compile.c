/*
 * compile.c -- a checked tree to instructions.
 *
 * Registers are given out as a stack: an operand goes one above what is in use, its result
 * lands where the operation stood.  What is fixed is folded into the instruction that uses
 * it, so that a comparison with a cut-off, the bulk of all rules, is one instruction.
 */
#include "base/fail.h"
#include "expr/emit.h"

#include <assert.h>

/* The tables were made large enough for any tree of this many nodes. */
psyi_instruction *psyi_emit(psyi_emitter *e, psyi_code code)
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

psyi_instruction *psyi_emit_to_number(psyi_emitter *e, psyi_code code, psyi_depth d)
{
    psyi_instruction *const instruction = psyi_emit(e, code);
    instruction->to = (uint16_t)d.number;
    need(&e->program->n_numbers, d.number + 1);
    return instruction;
}

psyi_instruction *psyi_emit_to_truth(psyi_emitter *e, psyi_code code, psyi_depth d)
{
    psyi_instruction *const instruction = psyi_emit(e, code);
    instruction->makes_truth = true;
    instruction->to = (uint16_t)d.truth;
    need(&e->program->n_truths, d.truth + 1);
    return instruction;
}

static uint32_t add_constant(psyi_emitter *e, psyi_ratio value)
{
    psyi_program *const program = e->program;
    assert(program->n_constants < 2 * e->room);
    program->constants[program->n_constants] = value;
    return (uint32_t)program->n_constants++;
}

uint32_t psyi_emit_set(psyi_emitter *e, const psyi_node *node)
{
    psyi_program *const program = e->program;
    assert(program->n_sets < e->room);
    program->sets[program->n_sets] = (psyi_item_set){node->items, node->n_items};
    return (uint32_t)program->n_sets++;
}

/* Numbers of a list, ascending and each once. */
static size_t add_list(psyi_emitter *e, const psyi_node *list)
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

uint32_t psyi_emit_test(psyi_emitter *e, psyi_op op, bool mirrored, const psyi_node *right,
                        bool integer)
{
    psyi_program *const program = e->program;
    assert(program->n_tests < e->room);
    psyi_test *const test = &program->tests[program->n_tests];

    test->constants = &program->constants[program->n_constants];
    test->integer = integer;
    if (right->kind == PSYI_NODE_RANGE) {
        test->kind = PSYI_IN;
        test->n = 2;
        add_constant(e, right->first->number);
        add_constant(e, right->first->next->number);
    } else if (right->kind == PSYI_NODE_LIST) {
        test->kind = PSYI_ONE_OF;
        test->n = add_list(e, right);
    } else {
        test->kind = psyi_compare_of(op, mirrored);
        test->n = 1;
        add_constant(e, right->range.low);
    }
    return (uint32_t)program->n_tests++;
}

uint32_t psyi_emit_set_test(psyi_emitter *e, const psyi_node *condition)
{
    const psyi_node *const set = condition->first;
    return psyi_emit_test(e, condition->op, false, set->next, set->range.integer);
}

/* ---- numbers ---- */

static void emit_scale(psyi_emitter *e, psyi_depth d, psyi_ratio factor)
{
    psyi_emit_to_number(e, PSYI_CODE_SCALE, d)->first = add_constant(e, factor);
}

static void emit_offset(psyi_emitter *e, psyi_depth d, psyi_ratio term)
{
    psyi_emit_to_number(e, PSYI_CODE_OFFSET, d)->first = add_constant(e, term);
}

/* number[d] := number[d] code number[d + 1], the latter made of `right`. */
static psyi_instruction *emit_second(psyi_emitter *e, const psyi_node *right, psyi_code code,
                                     psyi_depth d)
{
    psyi_depth above = d;
    above.number++;
    psyi_emit_number(e, right, above);
    psyi_instruction *const instruction = psyi_emit_to_number(e, code, d);
    instruction->from = (uint16_t)above.number;
    return instruction;
}

/* How many truths `node` adds up, one after the other; 0: it is no sum of truths alone. */
static size_t truths_of(const psyi_node *node)
{
    size_t n = 1;
    for (; node->type != PSYI_IS_TRUTH && node->kind == PSYI_NODE_OP && node->op == PSYI_OP_ADD;
         node = node->first, n++)
        if (node->constant || node->first->next->constant ||
            node->first->next->type != PSYI_IS_TRUTH)
            return 0;
    return node->type == PSYI_IS_TRUTH && !node->constant ? n : 0;
}

/* (The tree leans to the left, and so the first term is the deepest.  Each is a node at least.) */
_Static_assert(PSYI_EXPR_MAX_NODES >> PSYI_SUM_PLANES == 0, "a sum of truths fits its planes");
static void emit_terms(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    psyi_depth within = d;
    within.sum++;
    if (node->type == PSYI_IS_TRUTH) {
        need(&e->program->n_sums, within.sum);
        psyi_emit(e, PSYI_CODE_SUM_BEGIN)->to = (uint16_t)d.sum;
    } else {
        emit_terms(e, node->first, d);
        node = node->first->next;
    }
    psyi_emit_truth(e, node, within);
    psyi_instruction *const instruction = psyi_emit(e, PSYI_CODE_SUM_ADD);
    instruction->to = (uint16_t)d.sum;
    instruction->from = (uint16_t)d.truth;
}

static void emit_arithmetic(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    static const psyi_ratio zero = {0, 1}, one = {1, 1}, minus = {-1, 1};
    const psyi_node *const a = node->first, *const b = a->next;

    if (truths_of(node) > 0) {
        emit_terms(e, node, d);
        psyi_emit_to_number(e, PSYI_CODE_SUM_END, d)->from = (uint16_t)d.sum;
    } else if (node->op == PSYI_OP_NEG) {
        psyi_emit_number(e, a, d);
        emit_scale(e, d, minus);
    } else if (b->constant) {
        psyi_emit_number(e, a, d);
        if (node->op == PSYI_OP_ADD)
            emit_offset(e, d, b->range.low);
        else if (node->op == PSYI_OP_SUB)
            emit_offset(e, d, psyi_ratio_sub(zero, b->range.low));
        else if (node->op == PSYI_OP_MUL)
            emit_scale(e, d, b->range.low);
        else
            emit_scale(e, d, psyi_ratio_div(one, b->range.low));
    } else if (a->constant && node->op != PSYI_OP_DIV) {
        psyi_emit_number(e, b, d);
        if (node->op == PSYI_OP_SUB)
            emit_scale(e, d, minus);
        if (node->op == PSYI_OP_MUL)
            emit_scale(e, d, a->range.low);
        else
            emit_offset(e, d, a->range.low);
    } else {
        psyi_emit_number(e, a, d);
        emit_second(e, b,
                    node->op == PSYI_OP_ADD   ? PSYI_CODE_ADD
                    : node->op == PSYI_OP_SUB ? PSYI_CODE_SUBTRACT
                    : node->op == PSYI_OP_MUL ? PSYI_CODE_MULTIPLY
                                              : PSYI_CODE_DIVIDE,
                    d);
    }
}

static void emit_count(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    psyi_depth within = d;
    within.counter++;
    need(&e->program->n_counters, within.counter);
    psyi_emit(e, PSYI_CODE_COUNT_BEGIN)->to = (uint16_t)d.counter;
    for (const psyi_node *child = node->first; child != NULL; child = child->next) {
        psyi_instruction *instruction;
        if (child->type == PSYI_IS_CONDITION) {
            const uint32_t test = psyi_emit_set_test(e, child);
            instruction = psyi_emit(e, PSYI_CODE_COUNT_SET);
            instruction->id = psyi_emit_set(e, child->first);
            instruction->first = test;
        } else {
            psyi_emit_truth(e, child, within);
            instruction = psyi_emit(e, PSYI_CODE_COUNT_TRUTH);
            instruction->from = (uint16_t)d.truth;
        }
        instruction->to = (uint16_t)d.counter;
    }
    psyi_emit_to_number(e, PSYI_CODE_COUNT_END, d)->from = (uint16_t)d.counter;
}

/* if and case: the result below, condition and value above it. */
void psyi_emit_choice(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    const bool truth = node->type == PSYI_IS_TRUTH;
    psyi_depth condition = d, value = d;
    psyi_instruction *instruction;

    condition.choice++;
    need(&e->program->n_choices, condition.choice);
    if (truth)
        condition.truth++;
    else
        condition.number++;
    value = condition;
    value.truth++;
    instruction = truth ? psyi_emit_to_truth(e, PSYI_CODE_CHOICE_BEGIN, d)
                        : psyi_emit_to_number(e, PSYI_CODE_CHOICE_BEGIN, d);
    instruction->id = d.choice;
    instruction->flag = truth;
    for (const psyi_node *child = node->first; child != NULL; child = child->next) {
        if (child->next != NULL) {
            psyi_emit_truth(e, child, condition);
            child = child->next;
        } else {
            psyi_emit_to_truth(e, PSYI_CODE_CHOICE_OTHERWISE, condition)->id = d.choice;
        }
        if (truth)
            psyi_emit_truth(e, child, value);
        else
            psyi_emit_number(e, child, value);
        instruction = truth ? psyi_emit_to_truth(e, PSYI_CODE_CHOICE_TRUTH, d)
                            : psyi_emit_to_number(e, PSYI_CODE_CHOICE_NUMBER, d);
        instruction->from = (uint16_t)condition.truth;
        instruction->id = d.choice;
    }
    instruction = truth ? psyi_emit_to_truth(e, PSYI_CODE_CHOICE_END, d)
                        : psyi_emit_to_number(e, PSYI_CODE_CHOICE_END, d);
    instruction->id = d.choice;
    instruction->flag = truth;
}

/* sum, mean, min, max, sum_if, mean_if, answered of a set */
static void emit_set(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    const psyi_node *const child = node->first;
    const bool condition = child->type == PSYI_IS_CONDITION;
    psyi_instruction *instruction;
    uint32_t test = 0;

    if (condition)
        test = psyi_emit_set_test(e, child);
    instruction = psyi_emit_to_number(e, condition ? PSYI_CODE_SET_IF : PSYI_CODE_SET, d);
    instruction->id = psyi_emit_set(e, condition ? child->first : child);
    instruction->first = test;
    instruction->kind = node->op == PSYI_OP_SUM || node->op == PSYI_OP_SUM_IF     ? PSYI_SET_SUM
                        : node->op == PSYI_OP_MEAN || node->op == PSYI_OP_MEAN_IF ? PSYI_SET_MEAN
                        : node->op == PSYI_OP_MIN                                 ? PSYI_SET_MIN
                        : node->op == PSYI_OP_MAX                                 ? PSYI_SET_MAX
                                                  : PSYI_SET_ANSWERED;
}

static void emit_number_call(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    const psyi_node *const first = node->first;
    psyi_instruction *instruction;

    switch (node->op) {
    case PSYI_OP_ITEM:
    case PSYI_OP_ANSWER:
        instruction = psyi_emit_to_number(e, PSYI_CODE_ITEM, d);
        instruction->id = node->items[0];
        instruction->flag = node->op == PSYI_OP_ANSWER;
        return;
    case PSYI_OP_COUNT:
        emit_count(e, node, d);
        return;
    case PSYI_OP_IF:
    case PSYI_OP_CASE:
        psyi_emit_choice(e, node, d);
        return;
    default:
        break;
    }
    if (first->type == PSYI_IS_SET || first->type == PSYI_IS_CONDITION) {
        emit_set(e, node, d);
        return;
    }
    psyi_emit_number(e, first, d);
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
        psyi_emit_to_number(e, PSYI_CODE_ABSOLUTE, d);
        break;
    case PSYI_OP_CLOCK_MINUTES:
        emit_second(e, first->next, PSYI_CODE_CLOCK, d)->flag = node->range.integer;
        break;
    default: /* floor, ceil, round_half_up */
        instruction = psyi_emit_to_number(e, PSYI_CODE_ROUND, d);
        instruction->kind = node->op == PSYI_OP_FLOOR  ? PSYI_FLOOR
                            : node->op == PSYI_OP_CEIL ? PSYI_CEIL
                                                       : PSYI_HALF_UP;
        instruction->n = first->next != NULL ? (uint32_t)first->next->number.num : 0;
        break;
    }
}

void psyi_emit_number(psyi_emitter *e, const psyi_node *node, psyi_depth d)
{
    if (node->constant) {
        psyi_emit_to_number(e, PSYI_CODE_CONSTANT, d)->first = add_constant(e, node->range.low);
    } else if (node->type == PSYI_IS_TRUTH) { /* counts 1 or 0 */
        psyi_emit_truth(e, node, d);
        psyi_emit_to_number(e, PSYI_CODE_FROM_TRUTH, d)->from = (uint16_t)d.truth;
    } else if (node->kind == PSYI_NODE_NAME) {
        psyi_emit_to_number(e, PSYI_CODE_NUMBER, d)->id = node->symbol.column;
    } else if (psyi_op_table[node->op].kind == PSYI_KIND_CALL) {
        emit_number_call(e, node, d);
    } else {
        emit_arithmetic(e, node, d);
    }
}

psy_status psyi_expr_emit(psyi_program *program, const psyi_node *root, size_t n_nodes,
                          psy_error *error)
{
    psyi_emitter e = {.program = program, .room = n_nodes + 4};
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
        psyi_emit_truth(&e, root, (psyi_depth){0});
    else
        psyi_emit_number(&e, root, (psyi_depth){0});
    return PSY_OK;
}
