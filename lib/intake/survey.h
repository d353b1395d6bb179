/* survey.h -- a table file looked at without a plan: its columns and what stands in them. */
#ifndef PSYSCREEN_INTAKE_SURVEY_H
#define PSYSCREEN_INTAKE_SURVEY_H

#include "base/memory.h"
#include "intake/decode_input.h"

#include <psyscreen/findings.h>

enum { PSYI_SURVEY_TEXTS = 60 }; /* different texts a column is remembered by */

typedef struct psyi_seen_text {
    const char *text; /* cleaned: trimmed, narrowed */
    uint64_t count;
    uint64_t row; /* where it stood first */
} psyi_seen_text;

typedef struct psyi_seen_column {
    const char *name; /* of the header row, trimmed */
    psyi_seen_text *texts;
    size_t n_texts;
    bool many;       /* more different texts than are remembered */
    uint64_t filled; /* cells with something in them */
} psyi_seen_column;

typedef struct psyi_survey {
    psyi_arena arena;
    psyi_input_text text;
    psyi_seen_column *columns;
    size_t n_columns;
    uint64_t header_row, n_rows; /* rows below the header with something in them */
    char separator;
} psyi_survey;

/* Read all of a file.  `header_row` 0: the first of the first 50 rows in which more than half
 * of the columns of the widest have a name.  `input` declares encoding, sheet and separator.
 * *out needs psyi_survey_done either way. */
psy_status psyi_survey_read(psyi_survey *out, const psyi_input *input, const char *path,
                            uint64_t header_row, const psy_allocator *allocator, psy_error *error);
void psyi_survey_done(psyi_survey *survey);

#endif
