/*
 * plain_csv.c -- see plain_csv.h.
 */
#include "plain_csv.h"
#include "test_support.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

plain_csv plain_csv_read(const char *path_in_project)
{
    return plain_csv_open(psy_test_source(path_in_project));
}

plain_csv plain_csv_open(const char *path)
{
    plain_csv csv = {0};
    size_t length, room = 0, n = 0;
    csv.text = psy_test_read_file(path, &length);
    char *at = csv.text;
    while (*at != '\0') {
        size_t columns = 0;
        for (char end = ','; end == ',';) {
            char *const cell = at;
            at += strcspn(at, ",\n");
            end = *at;
            if (*at != '\0')
                *at++ = '\0';
            if (n == room) {
                room = room > 0 ? 2 * room : 1024;
                csv.cells = realloc(csv.cells, room * sizeof *csv.cells);
                assert_non_null(csv.cells);
            }
            csv.cells[n++] = cell;
            columns++;
        }
        if (csv.n_rows++ == 0)
            csv.n_columns = columns;
        assert_int_equal(columns, csv.n_columns);
    }
    csv.seen = calloc(n > 0 ? n : 1, 1);
    assert_non_null(csv.seen);
    return csv;
}

void plain_csv_free(plain_csv *csv)
{
    free(csv->cells);
    free(csv->text);
    free(csv->seen);
}

size_t plain_csv_column(const plain_csv *csv, const char *name)
{
    for (size_t c = 0; c < csv->n_columns; c++)
        if (strcmp(csv->cells[c], name) == 0)
            return c;
    fail_msg("no column %s", name);
    return 0;
}

const char *plain_csv_text(const plain_csv *csv, size_t row, const char *column)
{
    const size_t at = row * csv->n_columns + plain_csv_column(csv, column);
    csv->seen[at] = 1;
    return csv->cells[at];
}

double plain_csv_number(const plain_csv *csv, size_t row, const char *column)
{
    return strtod(plain_csv_text(csv, row, column), NULL);
}

void plain_csv_all_read(const plain_csv *csv, const char *const *leave)
{
    size_t n_wrong = 0;
    for (size_t c = 0; c < csv->n_columns; c++) {
        size_t n_read = 0;
        bool left = false;
        for (const char *const *name = leave; name != NULL && *name != NULL; name++)
            left = left || strcmp(*name, csv->cells[c]) == 0;
        for (size_t row = 1; row < csv->n_rows; row++)
            n_read += csv->seen[row * csv->n_columns + c];
        if (left ? n_read == 0 : n_read + 1 == csv->n_rows)
            continue;
        n_wrong++;
        print_message("%zu of %zu values of column %s were asked for%s\n", n_read, csv->n_rows - 1,
                      csv->cells[c], left ? ", which is said to be left" : "");
    }
    assert_int_equal(n_wrong, 0);
    for (const char *const *name = leave; name != NULL && *name != NULL; name++)
        plain_csv_column(csv, *name);
}
