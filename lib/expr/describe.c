/*
 * describe.c -- what a program reads and what it compares: for reasons in words, for the
 * list of items to ask, for lint and what-if tables.
 *
 * A comparison with a constant is told from the side of what is compared: "65 <= total" is
 * "total >= 65".  Conditions on sets are part of the count around them and not listed.
 */
#include "base/fail.h"
#include "expr/machine.h"
#include "expr/syntax.h"

#include <assert.h>

typedef struct describer {
    psyi_program *program;
    const char *text;
    size_t room;
    bool failed;
} describer;

static void add_operand(describer *d, bool is_item, uint32_t id, unsigned ways)
{
    psyi_program *const program = d->program;
    for (size_t i = 0; i < program->n_operands; i++)
        if (program->operands[i].is_item == is_item && program->operands[i].id == id) {
            program->operands[i].ways |= (uint8_t)ways;
            return;
        }
    program->operands[program->n_operands++] =
        (psyi_operand){.is_item = is_item, .id = id, .ways = (uint8_t)ways};
}

/* ---- ways ---- */

#define BOTH_WAYS ((unsigned)PSYI_WAY_UP | PSYI_WAY_DOWN)

static unsigned turned(unsigned ways)
{
    return (ways & PSYI_WAY_UP ? PSYI_WAY_DOWN : 0u) | (ways & PSYI_WAY_DOWN ? PSYI_WAY_UP : 0u);
}

/* How child number `index` of an operation moves what the operation moves in `ways`. */
static unsigned ways_of_child(const psyi_node *node, size_t index, unsigned ways)
{
    switch (node->op) {
    case PSYI_OP_OR:
    case PSYI_OP_AND:
    case PSYI_OP_ADD:
    case PSYI_OP_MIN:
    case PSYI_OP_MAX:
    case PSYI_OP_SUM:
    case PSYI_OP_COUNT:
    case PSYI_OP_ANY:
    case PSYI_OP_ALL:
    case PSYI_OP_FLOOR:
    case PSYI_OP_CEIL:
        return ways;
    case PSYI_OP_NOT:
    case PSYI_OP_NEG:
        return turned(ways);
    case PSYI_OP_GT:
    case PSYI_OP_GE:
    case PSYI_OP_SUB:
        return index == 0 ? ways : turned(ways);
    case PSYI_OP_LT:
    case PSYI_OP_LE:
        return index == 0 ? turned(ways) : ways;
    case PSYI_OP_IF:
        return index == 0 ? BOTH_WAYS : ways;
    default:
        return BOTH_WAYS;
    }
}

/* ---- comparisons ---- */

static psyi_comparison *add_comparison(describer *d, const psyi_node *node,
                                       const psyi_node *subject, bool negated)
{
    psyi_program *const program = d->program;
    assert(program->n_comparisons < d->room);
    psyi_comparison *const out = &program->comparisons[program->n_comparisons++];

    out->subject = PSYI_SUBJECT_OTHER;
    if (subject->kind == PSYI_NODE_NAME) {
        out->subject = PSYI_SUBJECT_COLUMN;
        out->id = subject->symbol.column;
    } else if (subject->op == PSYI_OP_ITEM || subject->op == PSYI_OP_ANSWER) {
        out->subject = PSYI_SUBJECT_ITEM;
        out->id = subject->items[0];
    }
    out->text = psyi_arena_text(&program->arena, d->text + subject->offset, subject->length);
    d->failed = d->failed || out->text == NULL;
    out->negated = negated;
    out->offset = (uint32_t)node->offset;
    out->length = (uint32_t)node->length;
    return out;
}

static void describe_comparison(describer *d, const psyi_node *node, bool negated)
{
    const psyi_node *const left = node->first, *const right = left->next;
    const bool tokens = left->type == PSYI_IS_CATEGORY || left->type == PSYI_IS_BAND;
    psyi_comparison *out;

    if (left->constant && node->op == PSYI_OP_IN)
        return;
    if (right->kind == PSYI_NODE_RANGE) {
        out = add_comparison(d, node, left, negated);
        out->compare = PSYI_IN;
        out->constant = right->first->number;
        out->upper = right->first->next->number;
    } else if (right->kind == PSYI_NODE_LIST) {
        for (const psyi_node *value = right->first; value != NULL; value = value->next) {
            out = add_comparison(d, node, left, negated);
            out->compare = PSYI_EQ;
            if (tokens)
                out->token = left->symbol.tokens[value->token];
            else
                out->constant = value->number;
        }
    } else if (tokens) {
        out = add_comparison(d, node, left, negated);
        out->compare = psyi_compare_of(node->op, false);
        out->token = left->symbol.tokens[right->token];
    } else if (left->constant != right->constant) {
        const bool mirrored = left->constant;
        out = add_comparison(d, node, mirrored ? right : left, negated);
        out->compare = psyi_compare_of(node->op, mirrored);
        out->constant = mirrored ? left->range.low : right->range.low;
    }
}

static void describe_node(describer *d, const psyi_node *node, bool negated, unsigned ways)
{
    const bool value = node->type != 0; /* tokens, lists and selectors have no type */

    if (node->kind == PSYI_NODE_NAME && value)
        add_operand(d, false, node->symbol.column, ways);
    for (size_t i = 0; i < node->n_items; i++)
        add_operand(d, true, node->items[i], ways);
    if (node->kind != PSYI_NODE_OP || node->n_items > 0)
        return;
    const uint8_t takes = psyi_op_table[node->op].takes;
    if ((takes == PSYI_TAKES_COMPARED || takes == PSYI_TAKES_MEMBERSHIP) &&
        node->type == PSYI_IS_TRUTH)
        describe_comparison(d, node, negated);
    size_t index = 0;
    for (const psyi_node *child = node->first; child != NULL; child = child->next)
        describe_node(d, child, node->op == PSYI_OP_NOT ? !negated : negated,
                      ways_of_child(node, index++, ways));
}

psy_status psyi_expr_describe(psyi_program *program, const psyi_node *root, const char *text,
                              size_t n_nodes, size_t n_items, psy_error *error)
{
    describer d = {.program = program, .text = text, .room = n_nodes};

    program->operands =
        psyi_arena_alloc(&program->arena, n_nodes + n_items, sizeof *program->operands);
    program->comparisons = psyi_arena_alloc(&program->arena, n_nodes, sizeof *program->comparisons);
    if (program->operands == NULL || program->comparisons == NULL)
        return psyi_fail_memory(error, "a rule");
    describe_node(&d, root, false, PSYI_WAY_UP);
    return d.failed ? psyi_fail_memory(error, "a rule") : PSY_OK;
}
