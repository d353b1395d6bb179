/* rule_program.h -- the rule language: text -> checked program -> evaluated over blocks.
 *
 * The language knows columns and items by number only; a scope gives them names when a
 * text is compiled, a block gives them values when the program runs. */
#ifndef PSYSCREEN_EXPR_RULE_PROGRAM_H
#define PSYSCREEN_EXPR_RULE_PROGRAM_H

#include "base/memory.h"
#include "expr/value.h"

#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum psyi_type {
    PSYI_TYPE_NUMBER = 1,
    PSYI_TYPE_BOOLEAN,
    PSYI_TYPE_CATEGORY, /* == and != (and `in`) with one of its tokens */
    PSYI_TYPE_BAND      /* ordered: also < <= > >=; tokens run from best to worst */
} psyi_type;

typedef struct psyi_symbol {
    psyi_type type;
    uint32_t column;      /* the block knows what it means */
    psyi_ratio low, high; /* declared range of a number; den 0: unknown */
    bool integer;
    bool worse_low;                           /* a low number is the bad end */
    const char *const *tokens; /* of a category or band; borrowed from the scope */
    size_t n_tokens;
} psyi_symbol;

/* Names while compiling.  Every callback returns false for "no such".  Names come as they
 * stand in the text: "total", "phq9.total.t@local26", "student.grade". */
typedef struct psyi_scope {
    const void *context;
    bool (*column)(const void *context, const char *name, psyi_symbol *out);
    /* `use` is "" where the text gave none.  `selector` is "9" or "self_harm". */
    bool (*item)(const void *context, const char *use, const char *selector, uint32_t *item);
    bool (*scale_items)(const void *context, const char *use, const char *scale,
                        const uint32_t **items, size_t *n_items);
    void (*item_range)(const void *context, uint32_t item, psyi_ratio *low, psyi_ratio *high);
    /* All column names, for "did you mean"; may be NULL. */
    const char *const *(*names)(const void *context, size_t *n_names);
    /* Are the scores of an item whole numbers?  May be NULL: of none it is known. */
    bool (*item_integer)(const void *context, uint32_t item);
} psyi_scope;

/* Values while running.  Callbacks fill all 64 lanes of what they are given (it arrives
 * uninitialised). */
typedef struct psyi_block {
    const void *context;
    void (*number)(const void *context, uint32_t column, psyi_numbers *out);
    void (*truth)(const void *context, uint32_t column, psyi_truths *out);
    void (*token)(const void *context, uint32_t column, psyi_tokens *out);
    /* answer: false for the canonical item score, true for the code as given. */
    void (*item)(const void *context, uint32_t item, bool answer, psyi_item_lanes *out);
} psyi_block;

typedef struct psyi_program psyi_program;
typedef struct psyi_workspace psyi_workspace;

/* Compile `text` to a program of type `wanted` (0: any).  `where` locates the first byte of
 * the text in its file, so that errors point at the token; NULL counts from 1:1 of
 * "<expression>".  Limits: 4,096 bytes, 512 nodes, depth 32.  PSY_E_EXPR with the token,
 * what was found, what was expected and, for names, the nearest. */
psy_status psyi_program_compile(psyi_program **out, const char *text, size_t length,
                                const psyi_scope *scope, psyi_type wanted,
                                const psy_location *where, const psy_allocator *allocator,
                                psy_error *error);
void psyi_program_free(psyi_program *program);

psyi_type psyi_program_type(const psyi_program *program);
/* What the analysis of ranges proved of a number, all items given: den 0 where nothing. */
void psyi_program_range(const psyi_program *program, psyi_ratio *low, psyi_ratio *high,
                        bool *integer);
/* For a boolean: can it come out true / false for any values in the declared ranges? */
bool psyi_program_can_be(const psyi_program *program, bool outcome);
const char *psyi_program_text(const psyi_program *program);
/* The text re-printed in one canonical spelling (for fingerprints and print -> parse). */
const char *psyi_program_canonical(const psyi_program *program);

/* What the program reads, each once, in order of appearance. */
typedef enum psyi_way { PSYI_WAY_UP = 1, PSYI_WAY_DOWN = 2 } psyi_way;
typedef struct psyi_operand {
    bool is_item;
    uint32_t id; /* column or item */
    /* Which way a larger number, or true instead of false, can move the result; both bits
     * where that is not plain from how it is written. */
    uint8_t ways;
} psyi_operand;
size_t psyi_program_operands(const psyi_program *program, const psyi_operand **out);

/* Its comparisons with a constant, in order of appearance, for reasons in words, lint and
 * what-if tables.  "65 <= total" is told as "total >= 65", a list as one PSYI_EQ for each of
 * its values (no PSYI_ONE_OF here); conditions on a set of items belong to the count around them. */
typedef enum psyi_subject {
    PSYI_SUBJECT_COLUMN = 1, /* id is a column */
    PSYI_SUBJECT_ITEM,       /* id is an item */
    PSYI_SUBJECT_OTHER       /* a computed number, e.g. a count; text says which */
} psyi_subject;
typedef struct psyi_comparison {
    psyi_subject subject;
    uint32_t id;
    psyi_compare compare;
    psyi_ratio constant, upper; /* numbers; upper for PSYI_IN */
    const char *token;          /* categories and bands, else NULL */
    const char *text;           /* the left side as written; compiles on its own */
    bool negated;               /* under an odd number of nots */
    uint32_t offset, length;    /* bytes of the whole comparison in the text */
} psyi_comparison;
size_t psyi_program_comparisons(const psyi_program *program, const psyi_comparison **out);

/* One workspace a thread; serves every program it was told about (largest wins). */
psy_status psyi_workspace_new(psyi_workspace **out, const psyi_program *const *programs,
                              size_t n_programs, const psy_allocator *allocator,
                              psy_error *error);
void psyi_workspace_free(psyi_workspace *workspace);

/* Run over one block.  Cannot fail: a division by zero or an overflow is unknown, and its
 * lanes are set in *trouble (may be NULL; written like *out), where it left the result
 * unknown: "false and 1 / 0 > 1" is false without trouble. */
void psyi_program_number(const psyi_program *program, const psyi_block *block,
                         psyi_workspace *workspace, psyi_numbers *out, psyi_mask *trouble);
void psyi_program_truth(const psyi_program *program, const psyi_block *block,
                        psyi_workspace *workspace, psyi_truths *out, psyi_mask *trouble);

/* "And if this number were another?", asked of one column after the other: of a rule of forty
 * columns nearly all work is loading the thirty-nine that stay.  _keep runs over a block and keeps
 * in the workspace what its comparisons of columns with constants gave; each _moved then is
 * psyi_program_truth over a block that differs from that one in numbers of column `moved`, until
 * the workspace runs something else. */
void psyi_program_keep(const psyi_program *program, const psyi_block *block,
                       psyi_workspace *workspace);
void psyi_program_moved(const psyi_program *program, const psyi_block *block, uint32_t moved,
                        psyi_workspace *workspace, psyi_truths *out);
/* After _keep, without loading a number: the lanes in which _moved may say yes where the number of
 * `column` was known and is, and now meets its comparison or fails it as it did.  Others may be among
 * them; all are where the column is compared twice, or read by more than a comparison. */
psyi_mask psyi_program_reach(const psyi_program *program, const psyi_block *block, uint32_t column,
                             psyi_workspace *workspace);

#endif
