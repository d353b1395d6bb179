/* rows.h -- the records of one file, cell by cell, into sheets.
 *
 * A text is cut into ranges of rows that are read on several threads, each into a stage of its
 * own: row by row, since where a record will lie is only known when all before it are counted.
 * Then whole tiles are filled from the stages. */
#ifndef PSYSCREEN_INTAKE_ROWS_H
#define PSYSCREEN_INTAKE_ROWS_H

#include "intake/codes.h"
#include "intake/header.h"
#include "intake/odd_row.h"
#include "intake/quick_run.h"
#include "intake/quick_turn.h"
#include "intake/row_fields.h"
#include "intake/text_window.h"

/* A column of the file as its cells are read.  The common one holds a single coded item and
 * has `quick`; all others go through their targets. */
typedef struct psyi_row_column {
    const uint8_t *quick; /* single-byte codes, or NULL */
    psyi_digits digits;   /* those of `quick` that are digits */
    uint16_t run;         /* columns from here on with the same `digits`; 0: there are none */
    uint8_t field;        /* psyi_field of a column that is read for nothing else, or PSYI_FIELDS */
    uint32_t first_target, n_targets; /* in header->targets */
} psyi_row_column;

/* Where an answer of a row is staged and where it goes. */
typedef struct psyi_row_slot {
    uint32_t place;  /* in the row of the stage */
    uint32_t offset; /* of the item within a tile */
    uint16_t use, item;
    uint16_t run;    /* slots from here on whose places and items follow each other, in one block */
    uint32_t number; /* in the row's numbers; PSYI_NO_COLUMN for coded items */
} psyi_row_slot;

/* What the uses of an intake need for every file. */
typedef struct psyi_row_codes {
    psyi_codebook *const *books; /* [use][response] */
} psyi_row_codes;

/* What all ranges of a file share; read only while they are read. */
typedef struct psyi_rows {
    psyi_intake *intake;
    const psyi_intake_options *options;
    const psyi_row_codes *codes;
    const psyi_header *header;
    psyi_row_column *columns; /* one more than the file has, with no target */
    psyi_row_slot *slots;     /* by place */
    size_t n_slots;
    psyi_take_run *take_run; /* or NULL */
    psyi_turn *turn;
    psyi_shuffles shuffles;
    bool *covers;      /* per use: each of its items has a slot */
    uint32_t *slot_of; /* target -> index into slots, PSYI_NO_COLUMN for fields and kept texts */
    size_t width;      /* bytes of a staged row */
    size_t n_numbers;  /* numbers of a staged row */
    uint32_t n_shown;  /* columns up to the last one with a name */
    uint32_t file;
    size_t *room;     /* records there is room for in the intake */
    bool reserved;    /* for the whole file */
    psyi_tally tally; /* of the whole file */
    uint64_t n_empty, first_empty;
    psyi_odd_rows odd_rows;
    psyi_odd_count odd[PSYI_ROW_KINDS];
} psyi_rows;

/* Some rows, one after the other, and what they became. */
typedef struct psyi_range {
    const psyi_rows *rows;
    const char *start, *stop; /* records that begin in between */
    psyi_csv csv;
    uint64_t first_line; /* what the csv counts from: the true line, or 0 */
    uint64_t shift;      /* to be added to its lines; known once all before was read */
    psyi_tally tally;    /* keeps what is to be told */
    psyi_fields fields;
    uint8_t field[PSYI_FIELDS]; /* those the file has */
    size_t n_fields;
    psyi_arena arena; /* of the texts of the records */
    uint8_t *stage;   /* [row * width], a byte an answer */
    int32_t *numbers; /* [row * n_numbers] */
    psyi_record *records;
    size_t n_records, stage_room, numbers_room, records_room;
    const char **kept;
    psyi_record empty; /* a record of a row without fields */
    bool any;          /* the row has a cell with something in it */
    uint64_t n_empty, first_empty;
    psyi_odd_count odd[PSYI_ROW_KINDS];
    psy_status status;
    psy_error error;
} psyi_range;

/* Read all records of the text; *csv stands behind the header, in the window. */
psy_status psyi_rows_read(psyi_intake *intake, const psyi_intake_options *options,
                          const psyi_row_codes *codes, const psyi_header *header, psyi_csv *csv,
                          psyi_text_window *window, uint32_t file, size_t *room,
                          psyi_arena *scratch, psy_findings *findings, psy_error *error);

/* row_range.c: make a range empty; read its records; free it.  The texts stay in its arena. */
psy_status psyi_range_begin(psyi_range *range, const psyi_rows *rows,
                            const psy_allocator *allocator, psy_error *error);
void psyi_range_read(psyi_range *range, const psyi_csv *from);
void psyi_range_done(psyi_range *range);

/* row_place.c: the records of ranges that follow each other become the intake's records and sheets
 * behind those it has. */
psy_status psyi_rows_place(psyi_rows *rows, const psyi_range *ranges, size_t n_ranges,
                           unsigned n_threads, psy_error *error);

/* row_cells.c: a cell of an item, by the general way. */
psy_status psyi_range_item(psyi_range *range, uint32_t target, const psyi_cell *cell);
/* row_cells.c: a finding for each use whose answers are too often none of its codes. */
psy_status psyi_rows_doubt(psyi_rows *rows, size_t n_records, psy_error *error);
/* record.c: whether the first field that has something in it, as far as the row was read, is the
 * name of a column or a word for sums: no student's answers follow, and nothing is told of them. */
bool psyi_range_is_odd(const psyi_range *range);
/* record.c: what becomes of a row whose fields all are empty; the cells of `fields` are. */
psy_status psyi_record_empty(psyi_fields *fields, psyi_record *out);
/* record.c: the row is complete. */
psy_status psyi_range_record(psyi_range *range);
/* record.c: whether the row has as many cells as the header. */
psy_status psyi_row_shape(psyi_tally *tally, const psyi_csv *csv, size_t n_cells, uint32_t n_shown,
                          size_t n_extra, psy_error *error);

#endif
