/* arrow_column.h -- one Arrow array of numbers, texts or a dictionary of these. */
#ifndef PSYSCREEN_INTAKE_ARROW_COLUMN_H
#define PSYSCREEN_INTAKE_ARROW_COLUMN_H

#include "answers/memory_answers.h"
#include "intake/codes.h"

/* A piece of a column.  `around` is the struct array it is a child of: its offset and its
 * nulls count too; NULL for a column by itself. */
typedef struct psyi_arrow_column {
    const char *name;
    const struct ArrowSchema *schema;
    const struct ArrowArray *array, *around;
    size_t n; /* rows */
} psyi_arrow_column;

/* A column of answers while it is filled from pieces: texts need a codebook, which is made
 * when the first text is met. */
typedef struct psyi_arrow_filling {
    psyi_filling numbers;
    psyi_codebook book;
    bool has_book;
    psyi_arena *arena;
} psyi_arrow_filling;

void psyi_arrow_begin(psyi_arrow_filling *filling, psy_answers *answers, size_t item,
                      const char *name, psyi_arena *arena, psy_findings *findings);
psy_status psyi_arrow_add(psyi_arrow_filling *filling, size_t first,
                          const psyi_arrow_column *column, psy_error *error);
/* Close with psyi_filling_end(&filling->numbers). */

/* Rows first .. of what is known about the persons. */
psy_status psyi_arrow_person(psy_answers *answers, psy_person_field field, size_t first,
                             const psyi_arrow_column *column, psy_error *error);

#endif
