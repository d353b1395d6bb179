/*
 * machine.h -- a compiled program and what runs it.
 *
 * Instructions work on numbered registers of three kinds: numbers, truths, and the counters
 * and choices that count(...) and case(...) keep while their arguments pass.  Registers are
 * given out as a stack, so a program needs few however long it is.
 */
#ifndef PSYSCREEN_EXPR_MACHINE_H
#define PSYSCREEN_EXPR_MACHINE_H

#include "expr/lanes.h"
#include "expr/rule_program.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum psyi_code {
    PSYI_CODE_NUMBER = 1,    /* number[to] := column id */
    PSYI_CODE_ITEM,          /* number[to] := item id (flag: the answer as given) */
    PSYI_CODE_CONSTANT,      /* number[to] := constants[first] */
    PSYI_CODE_TRUTH,         /* truth[to] := column id */
    PSYI_CODE_FIXED,         /* truth[to] := flag */
    PSYI_CODE_TOKEN,         /* truth[to] := value of column id is in members[first] */
    PSYI_CODE_TOKEN_MISSING, /* truth[to] */

    PSYI_CODE_ADD, /* number[to] := number[to] op number[from] */
    PSYI_CODE_SUBTRACT,
    PSYI_CODE_MULTIPLY,
    PSYI_CODE_DIVIDE,
    PSYI_CODE_CLOCK,   /* flag: whole minutes */
    PSYI_CODE_EXTREME, /* flag: the largest */
    PSYI_CODE_IFNA,
    PSYI_CODE_SCALE,  /* number[to] *= constants[first] */
    PSYI_CODE_OFFSET, /* number[to] += constants[first] */
    PSYI_CODE_ABSOLUTE,
    PSYI_CODE_ROUND,      /* kind a psyi_rounding, n decimals */
    PSYI_CODE_FROM_TRUTH, /* number[to] := truth[from] as 1 or 0 */

    PSYI_CODE_TEST,           /* truth[to] := number[from], tests[first] */
    PSYI_CODE_COMPARE,        /* truth[to] := number[from] kind number[from + 1] */
    PSYI_CODE_NUMBER_MISSING, /* truth[to] := number[from] is missing */
    PSYI_CODE_TRUTH_MISSING,  /* truth[to] := truth[to] is missing */
    PSYI_CODE_AND,            /* truth[to] := truth[to] op truth[from] */
    PSYI_CODE_OR,
    PSYI_CODE_NOT,
    PSYI_CODE_TRUTH_IFNA,

    PSYI_CODE_SET,     /* number[to] := kind a psyi_set_function of sets[id] */
    PSYI_CODE_SET_IF,  /* the same of the items that meet tests[first] */
    PSYI_CODE_SET_ANY, /* truth[to] := sets[id], tests[first]; flag: answers */
    PSYI_CODE_SET_ALL,
    PSYI_CODE_ITEM_ANSWERED, /* truth[to] := item id */
    PSYI_CODE_ITEM_REFUSED,

    PSYI_CODE_COUNT_BEGIN, /* counter[to] */
    PSYI_CODE_COUNT_SET,   /* counter[to] += sets[id], tests[first] */
    PSYI_CODE_COUNT_TRUTH, /* counter[to] += truth[from] */
    PSYI_CODE_COUNT_END,   /* number[to] := counter[from] */

    PSYI_CODE_SUM_BEGIN, /* sum[to] */
    PSYI_CODE_SUM_ADD,   /* sum[to] += truth[from] */
    PSYI_CODE_SUM_END,   /* number[to] := sum[from] */

    PSYI_CODE_CHOICE_BEGIN,     /* choice[id]; number[to] or (flag) truth[to] cleared */
    PSYI_CODE_CHOICE_NUMBER,    /* condition truth[from], value number[to + 1], into number[to] */
    PSYI_CODE_CHOICE_TRUTH,     /* condition truth[from], value truth[from + 1], into truth[to] */
    PSYI_CODE_CHOICE_OTHERWISE, /* truth[from] := what is left of choice[id] */
    PSYI_CODE_CHOICE_END        /* number[to] or (flag) truth[to] */
} psyi_code;

typedef enum psyi_set_function {
    PSYI_SET_SUM = 1,
    PSYI_SET_MEAN,
    PSYI_SET_MIN,
    PSYI_SET_MAX,
    PSYI_SET_ANSWERED
} psyi_set_function;

typedef struct psyi_instruction {
    uint8_t code, kind;
    bool flag;
    bool makes_truth;
    uint16_t to, from;
    uint32_t id, first, n;
} psyi_instruction;

typedef struct psyi_item_set {
    const uint32_t *items;
    size_t n;
} psyi_item_set;

typedef struct psyi_members { /* of the 256 possible values of a category */
    uint64_t bits[4];
} psyi_members;

struct psyi_program {
    psyi_arena arena;
    psyi_type type;
    psyi_ratio low, high;
    bool integer, can_yes, can_no;
    const char *text, *canonical;

    psyi_instruction *code;
    psyi_ratio *constants;
    psyi_test *tests;
    psyi_item_set *sets;
    psyi_members *members;
    size_t n_code, n_constants, n_tests, n_sets, n_members;
    psyi_operand *operands;
    psyi_comparison *comparisons;
    size_t n_operands, n_comparisons;
    unsigned n_numbers, n_truths, n_counters, n_sums, n_choices; /* registers */
};

typedef struct psyi_counter {
    int32_t yes[PSYI_LANES], undecided[PSYI_LANES];
    int32_t soft_yes[PSYI_LANES], soft_no[PSYI_LANES]; /* decided, but blanks could turn it */
    psyi_mask vague, soft, present, sure;              /* sure: present whatever the blanks */
    psyi_mask blank, no_norm, trouble;
} psyi_counter;

/* A sum of truths (truth_sum.c): bit k of the sum of each lane. */
#define PSYI_SUM_PLANES 10
typedef struct psyi_truth_sum {
    psyi_mask value[PSYI_SUM_PLANES], low[PSYI_SUM_PLANES], high[PSYI_SUM_PLANES];
    psyi_mask known, bounded, absent, maybe_absent, blank, no_norm, trouble;
    unsigned n; /* terms */
    bool tight; /* as of psyi_lanes */
} psyi_truth_sum;

struct psyi_workspace {
    const psy_allocator *allocator;
    psyi_lanes *numbers;
    psyi_verdict_lanes *truths;
    psyi_counter *counters;
    psyi_truth_sum *sums;
    psyi_choice *choices;
    psyi_verdict_lanes *kept;    /* by instruction: what its PSYI_CODE_TEST gave */
    const psyi_program *kept_of; /* NULL: nothing is kept */
    psyi_mask kept_yes;          /* where it fired */
    unsigned n_numbers, n_truths, n_counters, n_sums, n_choices;
    size_t n_kept;
    bool ratios_only; /* tests: never use the shared form */
    psyi_numbers column;
    psyi_tokens tokens;
    psyi_truths verdicts;
    psyi_item_lanes item;
};

/* What the tree and its program are made of; PSY_E_NOMEM or PSY_OK. */
struct psyi_node;
psy_status psyi_expr_emit(psyi_program *program, const struct psyi_node *root, size_t n_nodes,
                          psy_error *error);
/* operands and comparisons (describe.c) */
psy_status psyi_expr_describe(psyi_program *program, const struct psyi_node *root, const char *text,
                              size_t n_nodes, size_t n_items, psy_error *error);

/* Sets of items (run_sets.c). */
typedef struct psyi_reader {
    const psyi_block *block;
    psyi_workspace *workspace;
} psyi_reader;
void psyi_item_load(const psyi_reader *reader, uint32_t item, bool answer, psyi_lanes *out);
void psyi_set_compute(const psyi_reader *reader, const psyi_item_set *set,
                      psyi_set_function function, psyi_lanes *out);
void psyi_set_compute_if(const psyi_reader *reader, const psyi_item_set *set, const psyi_test *test,
                         psyi_set_function function, psyi_lanes *out);
void psyi_set_any(const psyi_reader *reader, const psyi_item_set *set, const psyi_test *test,
                  bool answers, bool all, psyi_verdict_lanes *out);
void psyi_set_count(const psyi_reader *reader, const psyi_item_set *set, const psyi_test *test,
                    psyi_counter *counter);
void psyi_count_begin(psyi_counter *counter);
void psyi_count_truth(psyi_counter *counter, const psyi_verdict_lanes *truth);
void psyi_count_end(const psyi_counter *counter, psyi_lanes *out);
void psyi_truth_sum_begin(psyi_truth_sum *sum);
void psyi_truth_sum_add(psyi_truth_sum *sum, const psyi_verdict_lanes *truth);
void psyi_truth_sum_end(const psyi_truth_sum *sum, psyi_lanes *out);
/* psyi_truth_sum_end and psyi_lanes_test at once, on the planes; of `numbers` only the masks are
 * written.  false, and nothing done: the test has to be asked number by number. */
bool psyi_truth_sum_test(const psyi_truth_sum *sum, const psyi_test *test, psyi_lanes *numbers,
                         psyi_verdict_lanes *out);
void psyi_item_answered(const psyi_reader *reader, uint32_t item, bool refused,
                        psyi_verdict_lanes *out);

#endif
