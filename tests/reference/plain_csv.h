/* plain_csv.h -- reading the comma-separated reference files of this folder. */
#ifndef PSYSCREEN_TEST_PLAIN_CSV_H
#define PSYSCREEN_TEST_PLAIN_CSV_H

#include <stddef.h>

typedef struct plain_csv {
    char *text;
    char **cells; /* [row * n_columns + column], row 0 is the header */
    size_t n_rows, n_columns;
    unsigned char *seen; /* like cells: has a test asked for this one? */
} plain_csv;

/* A file in the project without quotes, all rows equally long; fails the test otherwise. */
plain_csv plain_csv_read(const char *path_in_project);
plain_csv plain_csv_open(const char *path); /* the same of a file elsewhere */
void plain_csv_free(plain_csv *csv);
size_t plain_csv_column(const plain_csv *csv, const char *name);
const char *plain_csv_text(const plain_csv *csv, size_t row, const char *column);
double plain_csv_number(const plain_csv *csv, size_t row, const char *column);
/* Fails the test unless every cell below the header has been asked for, so that a reference
 * file is compared whole.  `leave`: columns that nobody need ask for, ending with NULL; may be
 * NULL.  One that was asked for all the same fails too. */
void plain_csv_all_read(const plain_csv *csv, const char *const *leave);

#endif
