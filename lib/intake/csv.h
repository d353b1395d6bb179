/* csv.h -- splitting text into records and cells, with places.
 *
 * Works over a window of UTF-8 text.  A record is at most PSYI_CSV_MAX_RECORD bytes, so a
 * reader of blocks only has to keep that much text (or the rest of the file) ahead of each
 * record it begins. */
#ifndef PSYSCREEN_INTAKE_CSV_H
#define PSYSCREEN_INTAKE_CSV_H

#include "base/memory.h"

#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PSYI_CSV_MAX_RECORD = 1 << 20, PSYI_CSV_MAX_COLUMNS = 4096 };

typedef struct psyi_csv {
    const char *at, *end; /* unread text; *end is NUL, and no NUL stands before it */
    char separator;
    uint64_t line;      /* physical line of `at`, from 1 */
    const char *record; /* first byte of the current record, and its line */
    uint64_t record_line;
    const char *file; /* for messages */
    bool grid;        /* the text was made from a grid of cells: a record is a line */
    char *scratch;    /* cells of the current record that do not stand in the text as such */
    size_t scratch_used;
    const psy_allocator *allocator;
    bool stop[256]; /* bytes that end an unquoted cell */
} psyi_csv;

typedef struct psyi_cell {
    const char *text; /* valid until the next record */
    size_t length;
    const char *start; /* where the cell begins in the file's text */
    bool quoted;
    bool trailing; /* there is text behind the closing quote; it was taken in */
} psyi_cell;

void psyi_csv_init(psyi_csv *csv, const char *text, size_t length, char separator, const char *file,
                   const psy_allocator *allocator);
void psyi_csv_done(psyi_csv *csv);
/* Skip whole physical lines, whatever they hold; of a grid, its rows. */
void psyi_csv_skip_lines(psyi_csv *csv, uint64_t n);
/* Begin the next record; false at the end. */
bool psyi_csv_record(psyi_csv *csv);
/* Read the next cell of the record; *last tells that it was the last one.  PSY_E_DATA for a
 * quote that is not closed, PSY_E_LIMIT for a record that is too long. */
psy_status psyi_csv_read(psyi_csv *csv, psyi_cell *cell, bool *last, psy_error *error);
/* PSY_E_LIMIT where the record, of which csv->at stands behind the line end, is too long. */
psy_status psyi_csv_check(const psyi_csv *csv, psy_error *error);
/* A location for a byte of the current record. */
psy_location psyi_csv_place(const psyi_csv *csv, const char *at);

#endif
