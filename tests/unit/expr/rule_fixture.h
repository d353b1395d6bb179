/*
 * rule_fixture.h -- a small world for rules: items and columns with names, 64 lanes of
 * values written as words, and results read back as words.
 *
 * Data of a lane is "1=2 2=_ total=5": item or column, then its value.
 *   item      3 | _ blank | r refused | - not given
 *   number    5, 5/4, 2.5 | ? unknown | ?b blank | ?n no norm | ?2..7 blank, within bounds
 *             | 5~2..7 known, with bounds | - not given | x no record
 *   truth     y | n | ? | ?b | ?n | y~ | n~ (could come out otherwise) | -
 *   category  its word | ? | ?n | ?a..b | a~a..b | - | x
 * What is not mentioned is 0, false, or the first word.
 */
#ifndef PSYSCREEN_TESTS_RULE_FIXTURE_H
#define PSYSCREEN_TESTS_RULE_FIXTURE_H

#include "expr/rule_program.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORLD_ITEMS = 1400, WORLD_COLUMNS = 32 };

typedef struct world {
    psyi_item_lanes items[WORLD_ITEMS];
    psyi_numbers numbers[WORLD_COLUMNS];
    psyi_truths truths[WORLD_COLUMNS];
    psyi_tokens tokens[WORLD_COLUMNS];
} world;

extern const psyi_scope world_scope;      /* with ranges and names */
extern const psyi_scope world_bare_scope; /* without the optional callbacks */

void world_clear(world *w);
/* Put the values of `data` into one lane; fails the test when it cannot be read. */
void world_set(world *w, unsigned lane, const char *data);
psyi_block world_block(const world *w);

/* Compile, or fail the test with the message. */
psyi_program *world_compile(const char *text, psyi_type wanted);

/* What came out in a lane, as words.
 *   truth    yes | no | yes? no? (could come out otherwise) | absent | undecided [cause ...]
 *   number   5/4 | 5 in 2..7 | ? [in 2..7] [cause ...] | absent | no_record
 * causes: blank no_norm trouble.  A static buffer each; four take turns. */
const char *truth_words(const psyi_truths *truths, psyi_mask trouble, unsigned lane);
const char *number_words(const psyi_numbers *numbers, psyi_mask trouble, unsigned lane);

/* Run a program of either type and say what came out of `lane`; in all lanes the ratio form
 * must agree with the shared form, and psyi_program_moved with psyi_program_truth (else the test
 * fails). */
const char *world_run(const world *w, const psyi_program *program, unsigned lane);

#endif
