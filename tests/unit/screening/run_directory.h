/* run_directory.h -- a whole run on files: inputs on disk, the directory of results, and what
 * stands in it. */
#ifndef PSYSCREEN_RUN_DIRECTORY_H
#define PSYSCREEN_RUN_DIRECTORY_H

#include "screening_ward.h"

#include <psyscreen/screening.h>

typedef struct run_directory {
    ward ward;
    char responses[600], roster[600], results[600];
    psy_screening_options options;
    psy_screening_summary summary;
    psy_findings *findings;
    psy_error error;
} run_directory;

/* Open the ward, write a small roster and responses of `n_rows` rows (at most 60). */
void run_open(run_directory *d, const ward_plan *plan, size_t n_rows);
/* Write other responses: rows in another order, or other answers. */
void run_write_rows(run_directory *d, const ward_row *rows, size_t n);
const ward_row *run_rows(void); /* what run_open wrote */
psy_status run_go(run_directory *d);
/* The same with memory from `allocator`, findings and summary aside: for psy_sweep. */
psy_status run_once(const psy_allocator *allocator, void *run_directory);
void run_close(run_directory *d);
const char *run_path(const run_directory *d, const char *name);
/* "name sha256" of all files below the results, sorted; names that start with one of
 * `without` left out.  To be freed. */
char *run_digest(const run_directory *d, const char *without);

/* Write the ward's plan again with another `norms:` line (it must have one); its path, to be
 * freed. */
char *run_write_plan(const run_directory *d, const char *norms);

#endif
