/*
 * emit.h -- writing instructions: shared by compile.c (numbers) and compile_truths.c.
 */
#ifndef PSYSCREEN_EXPR_EMIT_H
#define PSYSCREEN_EXPR_EMIT_H

#include "expr/machine.h"
#include "expr/syntax.h"

typedef struct psyi_depth { /* first free register of each kind */
    unsigned number, truth, counter, sum, choice;
} psyi_depth;

typedef struct psyi_emitter {
    psyi_program *program;
    size_t room; /* of every table of the program */
} psyi_emitter;

/* An instruction whose result is number[d], or truth[d]; or neither. */
psyi_instruction *psyi_emit(psyi_emitter *e, psyi_code code);
psyi_instruction *psyi_emit_to_number(psyi_emitter *e, psyi_code code, psyi_depth d);
psyi_instruction *psyi_emit_to_truth(psyi_emitter *e, psyi_code code, psyi_depth d);
uint32_t psyi_emit_set(psyi_emitter *e, const psyi_node *node);
/* A comparison `op` with `right`: a constant, a range or a list. */
uint32_t psyi_emit_test(psyi_emitter *e, psyi_op op, bool mirrored, const psyi_node *right,
                        bool integer);
/* The same of a condition on a set. */
uint32_t psyi_emit_set_test(psyi_emitter *e, const psyi_node *condition);

void psyi_emit_number(psyi_emitter *e, const psyi_node *node, psyi_depth d);
void psyi_emit_truth(psyi_emitter *e, const psyi_node *node, psyi_depth d);
void psyi_emit_choice(psyi_emitter *e, const psyi_node *node, psyi_depth d);

#endif
