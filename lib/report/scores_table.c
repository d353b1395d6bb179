/*
 * scores_table.c -- scores.csv back as a table: the way back of scores_csv.c.
 *
 * The plan says what a column is; where the file has a column that the plan does not know,
 * it is text.  So the table holds exactly what was printed, and a run of last year can be
 * read as well as the one that was just made.
 */
#include "base/fail.h"
#include "base/file.h"
#include "base/number.h"
#include "definition/model.h"
#include "intake/cell.h"
#include "intake/csv.h"

#include <psyscreen/screening.h>

#include <string.h>

enum { LARGEST = 1 << 30 };

static bool ends_with(const char *name, const char *end)
{
    const size_t n = strlen(name), m = strlen(end);
    return n > m && strcmp(name + n - m, end) == 0;
}

/* The column `<use>.<rest>` of a use. */
static psy_column_type type_of_rest(const psy_instrument *instrument, const char *rest)
{
    for (size_t i = 0; i < instrument->n_flags; i++)
        if (strcmp(instrument->flags[i].id, rest) == 0)
            return PSY_COLUMN_BOOL;
    const char *const part = strchr(rest, '.');
    if (part == NULL)
        return PSY_COLUMN_DOUBLE;
    if (strcmp(part, ".answered") == 0)
        return PSY_COLUMN_INT64;
    if (strcmp(part, ".status") == 0 || strcmp(part, ".band") == 0 ||
        strncmp(part, ".band@", 6) == 0 || strncmp(part, ".mark@", 6) == 0)
        return PSY_COLUMN_TEXT;
    return PSY_COLUMN_DOUBLE;
}

static psy_column_type type_of(const psy_plan *plan, const char *name)
{
    static const char *const whole[] = {"grade", "tier", "tier_upper"};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strcmp(name, whole[i]) == 0 || (i > 0 && ends_with(name, whole[i])))
            return PSY_COLUMN_INT64;
    for (size_t use = 0; use < plan->n_uses; use++) {
        const size_t length = strlen(plan->uses[use].id);
        if (strncmp(name, plan->uses[use].id, length) == 0 && name[length] == '.')
            return type_of_rest(plan->uses[use].instrument, name + length + 1);
    }
    return PSY_COLUMN_TEXT;
}

typedef struct reading {
    psyi_csv csv;
    const char *path;
    psy_table *table;
    psy_error *error;
} reading;

static psy_status bad_cell(const reading *r, size_t column, const char *expected)
{
    psy_status status = psyi_fail(r->error, PSY_E_DATA, NULL, "%s:%llu: column '%s' is no %s",
                                  r->path, (unsigned long long)r->csv.record_line,
                                  psy_table_column_name(r->table, column), expected);
    return status;
}

static psy_status set_cell(const reading *r, size_t column, size_t row, const psyi_cell *cell)
{
    int64_t whole;
    double number;
    if (cell->length == 0)
        return PSY_OK;
    switch (psy_table_column_type(r->table, column)) {
    case PSY_COLUMN_BOOL:
        if (cell->length == 4 && memcmp(cell->text, "true", 4) == 0)
            return psy_table_set_bool(r->table, column, row, true);
        if (cell->length == 5 && memcmp(cell->text, "false", 5) == 0)
            return psy_table_set_bool(r->table, column, row, false);
        return bad_cell(r, column, "true or false");
    case PSY_COLUMN_INT64:
        return psyi_cell_integer(cell->text, cell->length, &whole)
                   ? psy_table_set_int(r->table, column, row, whole)
                   : bad_cell(r, column, "whole number");
    case PSY_COLUMN_DOUBLE:
        return psyi_number_parse(cell->text, cell->length, &number)
                   ? psy_table_set_double(r->table, column, row, number)
                   : bad_cell(r, column, "number");
    case PSY_COLUMN_TEXT:
        break;
    }
    return psy_table_set_text(r->table, column, row, cell->text, cell->length, r->error);
}

static psy_status read_header(reading *r, const psy_plan *plan)
{
    bool last = false;
    if (!psyi_csv_record(&r->csv))
        return psyi_fail(r->error, PSY_E_DATA, NULL, "%s is empty", r->path);
    while (!last) {
        psyi_cell cell;
        char name[512];
        const psy_status status = psyi_csv_read(&r->csv, &cell, &last, r->error);
        if (status != PSY_OK)
            return status;
        if (cell.length >= sizeof name)
            return psyi_fail(r->error, PSY_E_DATA, NULL, "%s: a column name is too long", r->path);
        memcpy(name, cell.text, cell.length);
        name[cell.length] = '\0';
        const psy_status added =
            psy_table_add_column(r->table, name, type_of(plan, name), NULL, r->error);
        if (added != PSY_OK)
            return added;
    }
    return psy_table_find(r->table, "student") == 0
               ? PSY_OK
               : psyi_fail(r->error, PSY_E_DATA, NULL,
                           "%s is no scores.csv: its first column is "
                           "not 'student'",
                           r->path);
}

static psy_status read_rows(reading *r)
{
    const size_t n_columns = psy_table_column_count(r->table);
    for (size_t row = 0; psyi_csv_record(&r->csv); row++) {
        bool last = false;
        size_t column = 0;
        for (; !last; column++) {
            psyi_cell cell;
            psy_status status = psyi_csv_read(&r->csv, &cell, &last, r->error);
            if (status == PSY_OK && column < n_columns)
                status = set_cell(r, column, row, &cell);
            if (status != PSY_OK)
                return status;
        }
        if (column != n_columns)
            return psyi_fail(r->error, PSY_E_DATA, NULL, "%s:%llu: %zu cells, the header has %zu",
                             r->path, (unsigned long long)r->csv.record_line, column, n_columns);
    }
    return PSY_OK;
}

static size_t count_records(const char *text, size_t length, const psy_allocator *allocator)
{
    psyi_csv csv;
    size_t n = 0;
    psyi_csv_init(&csv, text, length, ',', "", allocator);
    while (psyi_csv_record(&csv)) {
        psyi_cell cell;
        bool last = false;
        while (!last)
            if (psyi_csv_read(&csv, &cell, &last, NULL) != PSY_OK)
                goto done; /* told when it is read */
        n++;
    }
done:
    psyi_csv_done(&csv);
    return n;
}

psy_status psy_scores_read(psy_table **out, const psy_plan *plan, const char *path,
                           const psy_allocator *allocator, psy_error *error)
{
    if (out == NULL || plan == NULL || path == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "scores are read from a file, for a plan");
    psyi_buffer text;
    psyi_buffer_init(&text, allocator);
    reading r = {.path = path, .error = error};
    psy_status status = psyi_file_read(path, LARGEST, &text, error);
    if (status == PSY_OK) {
        const char *const bytes = text.data != NULL ? text.data : "";
        const size_t n = count_records(bytes, text.length, allocator);
        psyi_csv_init(&r.csv, bytes, text.length, ',', path, allocator);
        status = psy_table_new(&r.table, n > 0 ? n - 1 : 0, allocator, error);
        if (status == PSY_OK)
            status = read_header(&r, plan);
        if (status == PSY_OK)
            status = read_rows(&r);
        psyi_csv_done(&r.csv);
    }
    psyi_buffer_done(&text);
    if (status == PSY_OK)
        *out = r.table;
    else
        psy_table_free(r.table);
    return status;
}
