/* tally.h -- findings about cells, the first of each kind one by one, the rest counted. */
#ifndef PSYSCREEN_INTAKE_TALLY_H
#define PSYSCREEN_INTAKE_TALLY_H

#include "base/memory.h"

#include <psyscreen/findings.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PSYI_TALLY_SHOWN = 20 }; /* warnings and notes of one kind in one column */

typedef enum psyi_complaint {
    PSYI_OUT_OF_RANGE_CELL,
    PSYI_UNREADABLE_ANSWER, /* of a coded item: the plan can say what it means */
    PSYI_UNREADABLE_CELL,
    PSYI_CONTRADICTION,
    PSYI_TEXT_AFTER_QUOTE,
    PSYI_SHORT_ROW,
    PSYI_FORMULA_ERROR,
    PSYI_DATE_CELL,   /* where a number or a class should be */
    PSYI_LONG_NUMBER, /* these two are counted and never told */
    PSYI_LOST_DIGITS,
    PSYI_LONG_ROW, /* an error: never only counted */
    PSYI_COMPLAINTS
} psyi_complaint;

/* One that is kept to be told later. */
typedef struct psyi_held psyi_held;

typedef struct psyi_tally {
    psy_findings *findings; /* NULL: nobody listens */
    const char *file;
    const char **names; /* of the columns */
    size_t n_columns;
    const char *sheet; /* goes before the cell, "S!C17: "; NULL: there is but one */
    bool cells;       /* the file is a workbook: messages begin with the cell, "C17: " */
    uint32_t *counts; /* [column * PSYI_COMPLAINTS + complaint]; the last column is the row */
    const psy_allocator *allocator;
    /* Of a part of the file that is read beside others: what it would tell is kept, in order. */
    bool holds;
    psyi_held *held;
    size_t n_held, held_room;
} psyi_tally;

/* Names are borrowed.  On failure nothing is left to be freed. */
psy_status psyi_tally_begin(psyi_tally *tally, const char *file, const char **names,
                            size_t n_columns, psy_findings *findings,
                            const psy_allocator *allocator, psy_error *error);
/* Count one; true when it is to be told.  `column` n_columns stands for the whole row. */
bool psyi_tally_count(psyi_tally *tally, size_t column, psyi_complaint complaint);
psy_status psyi_tally_tell(psyi_tally *tally, size_t column, psyi_complaint complaint, uint64_t row,
                           psy_error *error, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* How many there were so far. */
uint32_t psyi_tally_total(const psyi_tally *tally, size_t column, psyi_complaint complaint);
/* One finding for each kind that was only counted. */
psy_status psyi_tally_finish(const psyi_tally *tally, psy_error *error);
void psyi_tally_done(psyi_tally *tally);

/* A tally for a part of what `of` is about; nothing is told until psyi_tally_take. */
psy_status psyi_tally_hold(psyi_tally *part, const psyi_tally *of, psy_error *error);
/* Forget what was counted and kept. */
void psyi_tally_restart(psyi_tally *part);
/* Count and tell what a part kept, its rows moved down by `lines`: as if its rows had been read
 * into `tally` itself. */
psy_status psyi_tally_take(psyi_tally *tally, psyi_tally *part, uint64_t lines, psy_error *error);

/* Bytes of the first 40 code points: what of a cell may be quoted at all. */
int psyi_quotable(const char *text, size_t length);

#endif
