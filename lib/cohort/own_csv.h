/* own_csv.h -- a small CSV file that psyscreen itself has written, given back to it. */
#ifndef PSYSCREEN_COHORT_OWN_CSV_H
#define PSYSCREEN_COHORT_OWN_CSV_H

#include "base/memory.h"
#include "base/text.h"
#include "intake/csv.h"

#include <psyscreen/error.h>

/* What is done with a line: its cells are the next ones of the csv. */
typedef psy_status psyi_own_csv_line(void *context);
typedef struct psyi_own_csv {
    const char *what; /* in messages, what it should be: "entries of ledgers" */
    size_t most;      /* bytes */
    psyi_own_csv_line *head, *row;
} psyi_own_csv;

/* Read a whole file: `head` is called before any record is begun, `row` for each record. */
psy_status psyi_own_csv_read(const psyi_own_csv *kind, psyi_csv *csv, const char *path,
                             char digest[65], const psy_allocator *allocator, void *context,
                             psy_error *error);
/* Room in the arena for one more of `n`, old ones kept; NULL without memory. */
void *psyi_own_csv_room(psyi_arena *arena, void *rows, size_t n, size_t *room, size_t size);
/* A cell as a text in the arena, without the apostrophe that csv_safe.h puts in front of what looks
 * like a formula; NULL without memory. */
const char *psyi_own_csv_text(psyi_arena *arena, const psyi_cell *cell);

#endif
