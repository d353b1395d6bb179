/* row_fields.h -- the cells of a row that are no items: who, when, from which class. */
#ifndef PSYSCREEN_INTAKE_ROW_FIELDS_H
#define PSYSCREEN_INTAKE_ROW_FIELDS_H

#include "intake/csv.h"
#include "intake/records.h"
#include "intake/tally.h"

/* Columns with few different cells.  What one was read as is remembered where there was nothing
 * to say about it, so that most rows are not read but recognised. */
typedef enum psyi_memo_kind {
    PSYI_MEMO_SCHOOL,
    PSYI_MEMO_GRADE,
    PSYI_MEMO_CLASS,
    PSYI_MEMO_SEX,
    PSYI_MEMOS
} psyi_memo_kind;
enum { PSYI_MEMO_SLOTS = 256, PSYI_MEMO_TEXT = 16 };
typedef struct psyi_memo {
    uint64_t key[2]; /* the text, together with its length; 0: a free slot */
    uint8_t length;
    int16_t beside;       /* the grade that a class was read beside */
    int16_t value, grade; /* what it was read as, and the grade then */
    const char *text;
} psyi_memo;

typedef struct psyi_kept_text {
    const char *text;
    size_t length; /* 0: none */
} psyi_kept_text;

typedef struct psyi_fields {
    const psyi_input *input; /* code maps, missing texts, date order; NULL: none declared */
    const char *where;       /* "inputs/responses" for remedies, or NULL */
    const psyi_csv *csv;
    psyi_tally *tally;
    uint32_t column[PSYI_FIELDS];  /* PSYI_NO_COLUMN where the file has none */
    psyi_cell cells[PSYI_FIELDS];  /* of the current row; length 0 where there is none */
    psyi_kept_text kept[PSYI_FIELDS]; /* the text last kept of a column */
    psyi_memo memos[PSYI_MEMOS][PSYI_MEMO_SLOTS];
    bool forgets;    /* every cell is read anew (tests compare the two) */
    uint64_t n_said; /* complaints so far, told or only counted */
    psyi_arena *arena;
    psy_error *error;
    bool lenient; /* a partial export: what would be refused is unknown, with a warning */
} psyi_fields;

/* Each reads the cell of one field.  An empty cell and a declared text for missing give the
 * unknown value.  PSY_E_DATA, with row and column, for what must not be guessed: a sex or
 * consent text without a meaning, a date that could be two, an id Excel has rounded.  What
 * cannot be read is unknown, with a warning. */
psy_status psyi_fields_sex(psyi_fields *fields, uint8_t *out);
psy_status psyi_fields_informant(psyi_fields *fields, uint8_t *out);
psy_status psyi_fields_consent(psyi_fields *fields, uint8_t *out);
psy_status psyi_fields_required(psyi_fields *fields, bool *out); /* true where unknown */
psy_status psyi_fields_grade(psyi_fields *fields, int16_t *out, const char **text);
psy_status psyi_fields_class(psyi_fields *fields, int16_t *grade, int16_t *out, const char **text);
psy_status psyi_fields_age(psyi_fields *fields, int16_t *out);
psy_status psyi_fields_submitted(psyi_fields *fields, int64_t *out);
psy_status psyi_fields_duration(psyi_fields *fields, int32_t *out);
/* Days since 1970, INT32_MIN unknown. */
psy_status psyi_fields_day(psyi_fields *fields, psyi_field field, int32_t *out);
/* What the plan's codes make of the cell, NULL where they do not know it or it is *empty. */
const char *psyi_fields_code(const psyi_fields *fields, psyi_field field, bool *empty);
/* The text, trimmed (ids also narrowed), in the arena; "" where absent. */
psy_status psyi_fields_id(psyi_fields *fields, psyi_field field, const char **out);
psy_status psyi_fields_text(psyi_fields *fields, psyi_field field, const char **out);

#endif
