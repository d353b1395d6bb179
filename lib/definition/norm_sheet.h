/* norm_sheet.h -- the table of a norm as cells: its columns, its records, and their values.
 *
 * Every function reports what is wrong with a cell at its place, and says so. */
#ifndef PSYSCREEN_DEFINITION_NORM_SHEET_H
#define PSYSCREEN_DEFINITION_NORM_SHEET_H

#include "definition/schema.h"

#define PSYI_NORM_MOST_CELLS 16

typedef enum psyi_norm_column {
    PSYI_NORM_COLUMN_SCALE,
    PSYI_NORM_COLUMN_INFORMANT,
    PSYI_NORM_COLUMN_SEX,
    PSYI_NORM_COLUMN_GRADE_FROM,
    PSYI_NORM_COLUMN_GRADE_TO,
    PSYI_NORM_COLUMN_AGE_FROM,
    PSYI_NORM_COLUMN_AGE_TO,
    PSYI_NORM_COLUMN_MONTHS_FROM,
    PSYI_NORM_COLUMN_MONTHS_TO,
    PSYI_NORM_COLUMN_STAGE,
    PSYI_NORM_COLUMN_MEAN,
    PSYI_NORM_COLUMN_SD,
    PSYI_NORM_COLUMN_RAW,
    PSYI_NORM_COLUMN_STANDARD,
    PSYI_NORM_COLUMN_SE,
    PSYI_NORM_COLUMN_NUM,
    PSYI_NORM_COLUMN_DEN,
    PSYI_NORM_COLUMN_COUNT,
    PSYI_NORM_COLUMN_AGE, /* LMS: a point in years, not a group */
    PSYI_NORM_COLUMN_L,
    PSYI_NORM_COLUMN_M,
    PSYI_NORM_COLUMN_S,
    PSYI_NORM_COLUMN_POWER_L,
    PSYI_NORM_COLUMN_POWER_A,
    PSYI_NORM_COLUMN_COEFFICIENT,
    PSYI_NORM_COLUMN_ITEM,
    PSYI_NORM_COLUMN_STEP, /* 0: discrimination; s: intercept of reaching score s */
    PSYI_NORM_COLUMN_VALUE,
    PSYI_NORM_COLUMN_CONFIDENCE, /* optional: of this row's group, where it is not that of the norm
                                  */
    PSYI_NORM_COLUMNS
} psyi_norm_column;

/* A cell. */
typedef struct psyi_norm_text {
    const char *text; /* not NUL-terminated */
    size_t length;
    size_t column; /* of its first character, from 1 */
} psyi_norm_text;

typedef struct psyi_norm_sheet {
    psyi_loader *loader;
    const char *text;
    size_t length, at, line;
    char *room; /* unquoted texts of the line; as long as the file */
    psyi_norm_text cells[PSYI_NORM_MOST_CELLS];
    size_t n_cells, row_line;
    int where[PSYI_NORM_COLUMNS]; /* index of the cell, or -1 */
    size_t n_header;
} psyi_norm_sheet;

void psyi_norm_problem(psyi_norm_sheet *sheet, size_t column_number, size_t length,
                       const char *rule, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Read one record; false at the end of the file.  Problems leave the record without cells. */
bool psyi_norm_next(psyi_norm_sheet *sheet);
/* The first record, which names the columns of this kind of norm; `groups` as in norm_csv.h. */
bool psyi_norm_header(psyi_norm_sheet *sheet, psyi_norm_kind kind, uint8_t groups);

/* Cells of the record by column, which the header has. */
const psyi_norm_text *psyi_norm_at(const psyi_norm_sheet *sheet, psyi_norm_column column);
bool psyi_norm_number(psyi_norm_sheet *sheet, psyi_norm_column which, psyi_ratio *out);
bool psyi_norm_integer(psyi_norm_sheet *sheet, psyi_norm_column which, int64_t low, int64_t high,
                       int64_t *out);
bool psyi_norm_real(psyi_norm_sheet *sheet, psyi_norm_column which, double *out);
bool psyi_norm_who(psyi_norm_sheet *sheet, psyi_who *who);

bool psyi_norm_is(const psyi_norm_text *cell, const char *text);
/* Code points to underline, and bytes to print of it. */
size_t psyi_norm_width(const psyi_norm_text *cell);
int psyi_norm_shown(const psyi_norm_text *cell);

#endif
