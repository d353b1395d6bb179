/* decode_input.h -- an input file as UTF-8 text in memory. */
#ifndef PSYSCREEN_INTAKE_DECODE_INPUT_H
#define PSYSCREEN_INTAKE_DECODE_INPUT_H

#include "base/memory.h"
#include "definition/model.h"
#include "intake/cell_grid.h"

#include <psyscreen/error.h>
#include <psyscreen/stream.h>

#include <stddef.h>
#include <stdint.h>

typedef enum psyi_format { PSYI_FORMAT_CSV = 0, PSYI_FORMAT_XLSX, PSYI_FORMAT_SAV } psyi_format;

/* Whatever the format, what follows reads rows of cells from one text.  Formats with cells of
 * their own are written out as a grid (cell_grid.h): one record for each row, tabs between. */
typedef struct psyi_input_text {
    const char *name;  /* as the caller named it; borrowed */
    psyi_buffer bytes; /* as read */
    psyi_sheet_facts sheet; /* of a workbook */
    psyi_buffer utf8;  /* decoded; empty where the bytes are UTF-8 already */
    const char *text;  /* without a byte order mark; NUL-terminated, no NUL inside */
    size_t length;
    char digest[65]; /* of the bytes */
    psyi_format format;
    char separator;            /* of a grid; 0 for text, where the header row shows it */
    psyi_arena arena;          /* of the labels */
    const char *const *labels; /* by column: a second name of it, or ""; NULL: there are none */
    size_t n_labels;
    uint64_t first_line; /* number of the first row: 1, or 0 where the header is none */
} psyi_input_text;

/* By its first four bytes; an old workbook, which is refused, counts as one. */
psyi_format psyi_format_of(const char *bytes, size_t length);
/* Read `path`, or `source` where `path` is NULL.  `input` may be NULL: nothing declared.
 * `where` names its place in the plan for messages ("inputs/responses"), or NULL.  `cut`: the file is
 * being written and may end within a character, which is left out.  On failure
 * *out needs no psyi_input_text_done. */
psy_status psyi_input_text_read(psyi_input_text *out, const psyi_input *input, const char *path,
                                const psy_source *source, const char *where, bool cut,
                                const psy_allocator *allocator, psy_error *error);
void psyi_input_text_done(psyi_input_text *text);

#endif
