/* item_pattern.h -- how a plan calls the columns of a questionnaire's items. */
#ifndef PSYSCREEN_DEFINITION_ITEM_PATTERN_H
#define PSYSCREEN_DEFINITION_ITEM_PATTERN_H

#include "definition/model.h"

/* What is wrong with a pattern for all items of a use, as a sentence; NULL: nothing. */
const char *psyi_pattern_problem(const char *pattern);
/* The same of a name for one column, as far as it begins with {question. */
const char *psyi_question_name_problem(const char *name);

/* A pattern filled in for an item; NULL in *out where the item has no number or name to fill in.
 * Patterns of questions become {question:7} or {question:7}{row:3}.  false without memory. */
bool psyi_pattern_fill(psyi_arena *arena, const char *pattern, const psyi_item *item,
                       const char **out);

/* A column known by the number of its question, and by the row of a matrix question. */
typedef struct psyi_question_name {
    unsigned question, row; /* row 0: no matrix */
} psyi_question_name;

/* Is it {question:7} or {question:7}{row:3}? */
bool psyi_question_name_read(const char *name, psyi_question_name *out);

#endif
