/* odd_row.h -- rows below a header that are no person: a second header, a sum, a note. */
#ifndef PSYSCREEN_INTAKE_ODD_ROW_H
#define PSYSCREEN_INTAKE_ODD_ROW_H

#include "intake/header.h"
#include "intake/row_fields.h"

typedef enum psyi_row_kind {
    PSYI_ROW_PERSON,
    PSYI_ROW_HEADER,       /* the header once more */
    PSYI_ROW_NOTE,         /* a sum below the table, or a note */
    PSYI_ROW_OTHER_HEADER, /* of an export with other columns: what follows would be misread */
    PSYI_ROW_KINDS
} psyi_row_kind;

/* Rows of one kind that were passed over. */
typedef struct psyi_odd_count {
    uint64_t n, first;
} psyi_odd_count;

/* What makes a row worth a second look; the same for all rows of a file. */
typedef struct psyi_odd_rows {
    const psyi_header *header;
    bool first[256]; /* bytes that a name of the header, a sum or a note begins with */
} psyi_odd_rows;

void psyi_odd_rows_make(psyi_odd_rows *out, const psyi_header *header);
/* The row that *csv has just read, by the first of its fields with something in it (length 0: there
 * is none).  The row is only read again where that looks odd. */
psy_status psyi_odd_row(const psyi_odd_rows *odd, const psyi_csv *csv, const char *text,
                        size_t length, psyi_row_kind *out, psy_error *error);
/* Whether the cell is a word for sums, as far as that can be said before the row is read. */
bool psyi_is_sum_word(const char *text, size_t length);
/* A finding for the rows of each kind that were passed over. */
psy_status psyi_odd_rows_tell(const psyi_tally *tally, const psyi_odd_count counts[PSYI_ROW_KINDS],
                              psy_error *error);

#endif
