/* rows.h -- the records of one file, cell by cell, into sheets.
 *
 * A row only writes to its own record and its own lane of each use's tiles, so that ranges
 * of rows can be read on several threads once that is needed. */
#ifndef PSYSCREEN_INTAKE_ROWS_H
#define PSYSCREEN_INTAKE_ROWS_H

#include "intake/codes.h"
#include "intake/header.h"
#include "intake/row_fields.h"

/* A column of the file as its cells are read.  The common one holds a single coded item and
 * has `quick`; all others go through their targets. */
typedef struct psyi_row_column {
    const uint8_t *quick; /* single-byte codes, or NULL */
    uint32_t offset;      /* of the item within a tile */
    uint16_t use;
    uint32_t first_target, n_targets; /* in header->targets */
} psyi_row_column;

/* What the uses of an intake need for every file. */
typedef struct psyi_row_codes {
    psyi_codebook *const *books; /* [use][response] */
} psyi_row_codes;

typedef struct psyi_rows {
    psyi_intake *intake;
    const psyi_intake_options *options;
    const psyi_row_codes *codes;
    const psyi_header *header;
    psyi_csv *csv;
    psyi_tally tally;
    psyi_fields fields;
    psyi_row_column *columns; /* one more than the file has, with no target */
    uint32_t n_shown;         /* columns up to the last one with a name */
    uint32_t file;
    size_t *room;    /* records and sheets there is room for (of the intake) */
    uint8_t **lanes; /* per use: this record's byte of item 0 */
    bool *given;     /* per use, of this record */
    const char **kept;
    bool any; /* the row has a cell with something in it */
    uint64_t n_empty, first_empty;
    psy_error *error;
} psyi_rows;

/* Read all records; *csv stands behind the header. */
psy_status psyi_rows_read(psyi_intake *intake, const psyi_intake_options *options,
                          const psyi_row_codes *codes, const psyi_header *header, psyi_csv *csv,
                          uint32_t file, size_t *room, psyi_arena *scratch, psy_findings *findings,
                          psy_error *error);

/* row_cells.c: a cell of an item, by the general way. */
psy_status psyi_rows_item(psyi_rows *rows, const psyi_target *target, const psyi_cell *cell);
/* row_cells.c: a finding for each use whose answers are too often none of its codes. */
psy_status psyi_rows_doubt(psyi_rows *rows, size_t n_records);
/* record.c: the row is complete. */
psy_status psyi_rows_record(psyi_rows *rows);
/* record.c: whether the row has as many cells as the header. */
psy_status psyi_row_shape(psyi_tally *tally, const psyi_csv *csv, size_t n_cells, uint32_t n_shown,
                          size_t n_extra, psy_error *error);

#endif
