/* question_columns.h -- columns by the numbers of their questions. */
#ifndef PSYSCREEN_INTAKE_QUESTION_COLUMNS_H
#define PSYSCREEN_INTAKE_QUESTION_COLUMNS_H

#include "definition/item_pattern.h"
#include "intake/header.h"

typedef struct psyi_question_columns {
    const psyi_header *header;
    const char *file;
    psyi_question_name *of; /* [column]: question 0 where the header has no number */
} psyi_question_columns;

/* false without memory */
bool psyi_question_columns_make(psyi_question_columns *out, const psyi_header *header,
                                const char *file, psyi_arena *arena);
/* The column of a question, or of a row of a matrix question; PSYI_NO_COLUMN where there is
 * none.  Refused: two columns of one number, a matrix only some of whose rows have numbers, and
 * rows without numbers that do not stand beside each other. */
psy_status psyi_question_column(const psyi_question_columns *columns,
                                const psyi_question_name *name, uint32_t *out, psy_error *error);

#endif
