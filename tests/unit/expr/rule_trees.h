/*
 * rule_trees.h -- random rules as trees, their text, and an evaluator of their own for one
 * completion of the blanks at a time.
 */
#ifndef PSYSCREEN_TESTS_RULE_TREES_H
#define PSYSCREEN_TESTS_RULE_TREES_H

#include "base/number.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A generator of its own, so that every platform draws the same trees. */
extern uint64_t draw_state;
unsigned draw(unsigned n);

enum { N_ITEMS = 11, VAR_C = N_ITEMS, VAR_B, VAR_F, VAR_G, VAR_H, N_VARS };
extern const char *const var_names[N_VARS];
extern const int32_t item_low[N_ITEMS], item_high[N_ITEMS];

/* RANGED: known, but with wider bounds, as a prorated score. */
typedef enum standing { KNOWN, BLANK, RANGED, ABSENT, NO_RECORD } standing;

typedef struct variable {
    standing state;
    psyi_ratio value;  /* now: known, or this completion's */
    int32_t low, high; /* of a blank column */
} variable;

extern variable vars[N_VARS];
extern bool used[N_VARS]; /* by the tree at hand */
extern bool used_twice;

typedef enum kind {
    N_CONST,
    N_VAR,
    N_ANSWER,
    N_ADD,
    N_SUB,
    N_MUL,
    N_DIV,
    N_NEG,
    N_FLOOR,
    N_CEIL,
    N_ROUND,
    N_ABS,
    N_MIN,
    N_MAX,
    N_SUM,
    N_MEAN,
    N_SET_SUM,
    N_SET_MEAN,
    N_SET_MIN,
    N_SET_MAX,
    N_SET_COUNT,
    N_SET_SUM_IF,
    N_SET_MEAN_IF,
    N_SET_ANSWERED,
    N_COUNT,
    N_IF,
    N_CASE,
    N_IFNA,
    N_TRUTH,
    T_CONST,
    T_VAR,
    T_AND,
    T_OR,
    T_NOT,
    T_COMPARE,
    T_TEST,
    T_ITEM_TEST,
    T_ANY,
    T_ALL,
    T_IF,
    T_MISSING,
    T_ANSWERED
} kind;

typedef enum relation { LT, LE, GT, GE, EQ, NE, IN, LIST } relation;

typedef struct tree {
    kind kind;
    struct tree *child[5];
    unsigned n_children;
    unsigned var;
    unsigned items[8], n_items;
    relation relation;
    psyi_ratio constant[3]; /* IN: low and high; LIST: three */
} tree;

extern bool tight;   /* of the tree at hand: only operations whose bounds are attained */
extern bool chooses; /* ... has an if or a case */
extern bool counts;  /* ... makes numbers of truths */

/* A new tree in place of the one before, and its text. */
const tree *draw_tree(unsigned depth, bool boolean);
extern char tree_text[32768];

typedef enum outcome { NUMBER, TRUE, FALSE, GONE, WITHOUT_RECORD, NOTHING } outcome;

typedef struct value {
    outcome outcome; /* NOTHING: no value, as after a division by zero */
    psyi_ratio number;
} value;

value evaluate(const tree *t);

#endif
