/*
 * syntax.h -- between text and program: operations, tokens, the tree, and how an error
 * finds its token.
 *
 * lexer.c makes tokens, parser.c a tree, check.c gives it types, items and ranges,
 * compile.c instructions.  Only program.c sees them all.
 */
#ifndef PSYSCREEN_EXPR_SYNTAX_H
#define PSYSCREEN_EXPR_SYNTAX_H

#include "expr/rule_program.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PSYI_EXPR_MAX_BYTES 4096
#define PSYI_EXPR_MAX_NODES 512
#define PSYI_EXPR_MAX_DEPTH 32
#define PSYI_EXPR_MAX_ITEMS 8192 /* all sets of one program together */
#define PSYI_EXPR_MAX_LIST  64   /* numbers behind one `in` */

/* ---- operations, from opcodes.def ---- */

typedef enum psyi_op {
    PSYI_OP_NONE = 0,
#define PSYI_OP(id, ...) PSYI_OP_##id,
#include "expr/opcodes.def"
    PSYI_OP_COUNT_OF /* how many there are */
} psyi_op;

typedef enum psyi_op_kind { PSYI_KIND_INFIX = 1, PSYI_KIND_PREFIX, PSYI_KIND_CALL } psyi_op_kind;

typedef enum psyi_takes {
    PSYI_TAKES_TRUTHS = 1,
    PSYI_TAKES_COMPARED,       /* two numbers, or a category or band and one of its values */
    PSYI_TAKES_MEMBERSHIP,     /* something and a range or list */
    PSYI_TAKES_NUMBERS,        /* numbers; conditions count 1 or 0 */
    PSYI_TAKES_FIGURES,        /* numbers only */
    PSYI_TAKES_SELECTOR,       /* one item */
    PSYI_TAKES_SELECTORS,      /* items */
    PSYI_TAKES_SCALE_ID,       /* one scale */
    PSYI_TAKES_SET_OR_NUMBERS, /* one set, or two numbers or more */
    PSYI_TAKES_CONDITIONS,     /* conditions on sets, and conditions */
    PSYI_TAKES_CONDITION,      /* one condition on a set */
    PSYI_TAKES_SET_OR_ITEM,
    PSYI_TAKES_ITEM_ONLY,
    PSYI_TAKES_ANYTHING, /* a value of any type */
    PSYI_TAKES_ALIKE,    /* two numbers or two conditions */
    PSYI_TAKES_BRANCHES, /* condition, then two alike */
    PSYI_TAKES_ARMS,     /* pairs of condition and value, then a value; values alike */
    PSYI_TAKES_ROUNDING  /* a number, and perhaps 0..9 */
} psyi_takes;

typedef enum psyi_gives {
    PSYI_GIVES_TRUTH = 1,
    PSYI_GIVES_NUMBER,
    PSYI_GIVES_SET,
    PSYI_GIVES_NUMBER_OR_TRUTH, /* of a set or of an item */
    PSYI_GIVES_ALIKE            /* what its values are */
} psyi_gives;

#define PSYI_MANY UINT16_MAX

typedef struct psyi_op_info {
    const char *name;
    uint8_t kind, level; /* psyi_op_kind */
    uint16_t least, most;
    uint8_t takes, gives; /* psyi_takes, psyi_gives */
    const char *usage, *meaning, *missing, *bounds;
} psyi_op_info;

extern const psyi_op_info psyi_op_table[PSYI_OP_COUNT_OF]; /* [0] is empty */

/* What a comparison sign asks of its left side; `mirrored`: of its right one. */
psyi_compare psyi_compare_of(psyi_op op, bool mirrored);

/* ---- the text and its errors ---- */

typedef struct psyi_expr_text {
    const char *bytes;
    size_t length;
    psy_location where; /* of the first byte */
    psy_error *error;
} psyi_expr_text;

/* Sets the error of `length` bytes at `offset`; returns PSY_E_EXPR. */
psy_status psyi_expr_fail(const psyi_expr_text *text, size_t offset, size_t length,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));
/* A piece of the text for a message: quoted, one line, at most 40 code points.  `out` has
 * PSYI_SHOWN bytes; returned. */
#define PSYI_SHOWN 176
const char *psyi_expr_shown(const psyi_expr_text *text, size_t offset, size_t length, char *out);

/* ---- tokens ---- */

typedef enum psyi_token_kind {
    PSYI_TOKEN_END = 0,
    PSYI_TOKEN_NUMBER,
    PSYI_TOKEN_NAME,
    PSYI_TOKEN_TRUE,
    PSYI_TOKEN_FALSE,
    PSYI_TOKEN_OP, /* infix or prefix */
    PSYI_TOKEN_OPEN,
    PSYI_TOKEN_CLOSE,
    PSYI_TOKEN_COMMA,
    PSYI_TOKEN_DOT,
    PSYI_TOKEN_RANGE /* .. */
} psyi_token_kind;

typedef struct psyi_token {
    psyi_token_kind kind;
    psyi_op op; /* of PSYI_TOKEN_OP; the infix one where a name is both */
    size_t offset, length;
} psyi_token;

/* The token that begins at or after `offset`. */
psy_status psyi_expr_lex(const psyi_expr_text *text, size_t offset, psyi_token *out);
/* A call by its name, or PSYI_OP_NONE. */
psyi_op psyi_expr_call_named(const char *name, size_t length);

/* ---- the tree ---- */

typedef enum psyi_node_kind {
    PSYI_NODE_NUMBER = 1,
    PSYI_NODE_TRUTH,
    PSYI_NODE_NAME,  /* a column, a token or a selector */
    PSYI_NODE_RANGE, /* two numbers; behind `in`, or in items(...) */
    PSYI_NODE_LIST,  /* behind `in` */
    PSYI_NODE_OP
} psyi_node_kind;

typedef enum psyi_node_type { /* the first four are psyi_type */
                              PSYI_IS_NUMBER = PSYI_TYPE_NUMBER,
                              PSYI_IS_TRUTH = PSYI_TYPE_BOOLEAN,
                              PSYI_IS_CATEGORY = PSYI_TYPE_CATEGORY,
                              PSYI_IS_BAND = PSYI_TYPE_BAND,
                              PSYI_IS_SET,      /* items(1..9) */
                              PSYI_IS_CONDITION /* items(1..9) >= 2 */
} psyi_node_type;

/* Numbers between low and high; an end with den 0 is open. */
typedef struct psyi_range {
    psyi_ratio low, high;
    bool integer;
} psyi_range;

typedef struct psyi_node {
    psyi_node_kind kind;
    psyi_op op;
    bool truth;                     /* of PSYI_NODE_TRUTH */
    psyi_ratio number;              /* of PSYI_NODE_NUMBER */
    const char *name;               /* NUL-terminated; of a number its digits as written */
    const char *use;                /* prefix of an item access, "" without one */
    struct psyi_node *first, *next; /* children, in order */
    size_t n_children;
    size_t offset, length;             /* the node itself */
    size_t name_length;                /* of a call: bytes of its name, prefix included */
    size_t sign_offset, sign_length;   /* of an infix operation: its sign */
    size_t outer_offset, outer_length; /* with the parentheses around it */

    /* Filled in by the checker. */
    psyi_node_type type;
    bool constant; /* a number made of literals; range.low has it */
    psyi_range range;
    bool can_yes, can_no; /* a truth; of a condition: for some item */
    psyi_symbol symbol;   /* of a column */
    uint32_t *items;      /* of an item or a set */
    size_t n_items;
    uint32_t token; /* of a name that is one of a column's values */
} psyi_node;

psy_status psyi_expr_parse(const psyi_expr_text *text, psyi_arena *arena, psyi_node **out,
                           size_t *n_nodes);

/* ---- checking ---- */

typedef struct psyi_checker {
    const psyi_expr_text *text;
    const psyi_scope *scope;
    psyi_arena *arena;
    size_t n_items; /* in all sets so far */
} psyi_checker;

psy_status psyi_expr_check(psyi_checker *checker, psyi_node *root, psyi_type wanted);
/* A refusal of the whole of `node`, which `format` may name once; and how it is named. */
psy_status psyi_check_fail(const psyi_checker *checker, const psyi_node *node, const char *format,
                           const char *shown);
const char *psyi_check_shown(const psyi_checker *checker, const psyi_node *node, char *out);
/* The parts of it, each in a file of its own. */
psy_status psyi_expr_check_node(psyi_checker *checker, psyi_node *node);
psy_status psyi_expr_check_call(psyi_checker *checker, psyi_node *node);
psy_status psyi_expr_check_comparison(psyi_checker *checker, psyi_node *node);
psy_status psyi_expr_check_number(psyi_checker *checker, const psyi_node *node);
psy_status psyi_expr_check_truth(psyi_checker *checker, const psyi_node *node);
/* `beside`: the other side of a comparison, or NULL. */
psy_status psyi_expr_resolve_column(psyi_checker *checker, psyi_node *node,
                                    const psyi_node *beside);
/* The items of item(...), answer(...), items(...) and scale(...).items. */
psy_status psyi_expr_resolve_items(psyi_checker *checker, psyi_node *node);
psy_status psyi_expr_resolve_token(psyi_checker *checker, const psyi_symbol *column,
                                   const char *column_name, psyi_node *node);
/* "male, female" */
#define PSYI_LISTED 240
const char *psyi_expr_list_tokens(const psyi_symbol *symbol, char *out);
/* What a condition on a set can make of one of its items. */
void psyi_expr_item_outcomes(const psyi_checker *checker, const psyi_node *condition, uint32_t item,
                             bool *can_yes, bool *can_no);
/* What follows from declared ranges. */
psyi_range psyi_range_open(void);
psyi_range psyi_range_point(psyi_ratio value);
psyi_range psyi_range_of_truth(bool can_yes, bool can_no);
psyi_range psyi_range_of_item(const psyi_checker *checker, uint32_t item, bool answer);
psyi_range psyi_range_add(psyi_range a, psyi_range b);
psyi_range psyi_range_negate(psyi_range a);
psyi_range psyi_range_multiply(psyi_range a, psyi_range b);
psyi_range psyi_range_divide(psyi_range a, psyi_range b);
psyi_range psyi_range_unite(psyi_range a, psyi_range b);
psyi_range psyi_range_extreme(psyi_range a, psyi_range b, bool largest);
psyi_range psyi_range_absolute(psyi_range a);
psyi_range psyi_range_round(psyi_range a, psyi_op op, unsigned decimals);
void psyi_range_compare(psyi_range a, psyi_range b, psyi_op op, bool *can_yes, bool *can_no);
/* `right`: what stands behind the comparison `op`, of numbers. */
void psyi_range_test(psyi_range a, psyi_op op, const psyi_node *right, bool *can_yes, bool *can_no);

/* ---- printing ---- */

/* The tree in one canonical spelling, in the arena; NULL without memory. */
char *psyi_expr_print(psyi_arena *arena, const psyi_node *root);

#endif
