/* plain_csv.h -- reading the comma-separated reference files of this folder. */
#ifndef PSYSCREEN_TEST_PLAIN_CSV_H
#define PSYSCREEN_TEST_PLAIN_CSV_H

#include <stddef.h>

typedef struct plain_csv {
    char *text;
    char **cells; /* [row * n_columns + column], row 0 is the header */
    size_t n_rows, n_columns;
} plain_csv;

/* A file in the project without quotes, all rows equally long; fails the test otherwise. */
plain_csv plain_csv_read(const char *path_in_project);
plain_csv plain_csv_open(const char *path); /* the same of a file elsewhere */
void plain_csv_free(plain_csv *csv);
size_t plain_csv_column(const plain_csv *csv, const char *name);
const char *plain_csv_text(const plain_csv *csv, size_t row, const char *column);
double plain_csv_number(const plain_csv *csv, size_t row, const char *column);

#endif
