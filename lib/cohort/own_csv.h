/* own_csv.h -- a small CSV file that psyscreen itself has written, given back to it. */
#ifndef PSYSCREEN_COHORT_OWN_CSV_H
#define PSYSCREEN_COHORT_OWN_CSV_H

#include "base/text.h"
#include "intake/csv.h"

#include <psyscreen/error.h>

/* Read a file of at most `most` bytes and begin with its records.  `what` says in messages
 * what it should be.  `text` is the caller's to release, with `csv`, whatever comes back. */
psy_status psyi_own_csv_open(psyi_csv *csv, const char *path, size_t most, const char *what,
                             psyi_buffer *text, char digest[65], psy_error *error);
/* The school of a code, or their number. */
struct psyi_results;
size_t psyi_own_csv_school(const struct psyi_results *results, const psyi_cell *cell);

#endif
