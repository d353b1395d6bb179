/* live_r.h -- numbers that R computes while the test runs, on data that are not in this folder. */
#ifndef PSYSCREEN_TEST_LIVE_R_H
#define PSYSCREEN_TEST_LIVE_R_H

#include "plain_csv.h"

#include <stdbool.h>

/* Run a script of the project with Rscript; its one argument is a fresh directory, whose path
 * is kept in `directory`.  False, said by name, where Rscript is missing or the script quits with
 * status 77 because a package is; fails the test where the script fails. */
bool live_r_run(const char *script_in_project, const char **directory);
/* The same, and then the tables it wrote are read and the directory is gone. */
typedef struct live_r_table {
    plain_csv *csv; /* plain_csv_free ends it; nothing where there was no R */
    const char *name;
} live_r_table;
bool live_r_tables(const char *script_in_project, const live_r_table *tables, size_t n);
/* A number of a table that R wrote; an empty cell is NaN. */
double live_r_number(const plain_csv *csv, size_t row, const char *column);
/* Fails unless |got - want| <= tolerance * max(1, |want|), or both are NaN, or the same infinity.
 */
void live_r_near(const char *what, size_t row, double got, double want, double tolerance);

#endif
