/*
 * table.c -- typed columns of equal length.
 *
 * A column is laid out as the Arrow C data interface wants it, so that handing it out copies
 * nothing.  A NaN is a missing cell.  Texts are checked to be UTF-8 without NUL when they
 * come in, so that no reader of the table has to.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "base/text.h"
#include "table/table_internal.h"

#include <math.h>
#include <string.h>

psy_status psy_table_new(psy_table **out, size_t n_rows, const psy_allocator *allocator,
                         psy_error *error)
{
    psy_table *const table = psyi_alloc(allocator, 1, sizeof *table);
    if (table == NULL)
        return psyi_fail_memory(error, "a table");
    table->allocator = allocator;
    table->n_rows = n_rows;
    *out = table;
    return PSY_OK;
}

void psyi_column_done(const psy_allocator *allocator, psyi_column *column)
{
    psyi_free(allocator, column->name);
    psyi_free(allocator, column->present);
    psyi_free(allocator, column->data.any);
    psyi_free(allocator, column->text);
}

void psy_table_free(psy_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->n_columns; i++)
        psyi_column_done(table->allocator, &table->columns[i]);
    psyi_free(table->allocator, table->columns);
    psyi_free(table->allocator, table);
}

psy_status psy_table_add_column(psy_table *table, const char *name, psy_column_type type,
                                size_t *column, psy_error *error)
{
    static const size_t cell_size[] = {sizeof(uint8_t), sizeof(int64_t), sizeof(double),
                                       sizeof(int32_t)};
    if ((unsigned)type > PSY_COLUMN_TEXT)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no column type has the number %d",
                         (int)type);
    if (psyi_utf8_check(name, strlen(name)) != strlen(name))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "column name '%s' is not UTF-8", name);
    if (psy_table_find(table, name) != SIZE_MAX)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "there is a column '%s' already", name);
    void *columns = table->columns;
    if (table->n_rows == SIZE_MAX || !psyi_grow(table->allocator, &columns, &table->capacity,
                                                table->n_columns + 1, sizeof *table->columns))
        return psyi_fail_memory(error, "a column");
    table->columns = columns;
    psyi_column made = {.type = type, .n_missing = table->n_rows};
    made.name = psyi_text_copy(table->allocator, name, strlen(name));
    made.present = psyi_alloc(table->allocator, table->n_rows / 8 + 1, 1);
    made.data.any =
        psyi_alloc(table->allocator, table->n_rows + (type == PSY_COLUMN_TEXT), cell_size[type]);
    if (made.name == NULL || made.present == NULL || made.data.any == NULL) {
        psyi_column_done(table->allocator, &made);
        return psyi_fail_memory(error, "a column");
    }
    table->columns[table->n_columns] = made;
    if (column != NULL)
        *column = table->n_columns;
    table->n_columns++;
    return PSY_OK;
}

size_t psy_table_row_count(const psy_table *table)
{
    return table->n_rows;
}

size_t psy_table_column_count(const psy_table *table)
{
    return table->n_columns;
}

const char *psy_table_column_name(const psy_table *table, size_t column)
{
    return column < table->n_columns ? table->columns[column].name : NULL;
}

psy_column_type psy_table_column_type(const psy_table *table, size_t column)
{
    return column < table->n_columns ? table->columns[column].type : PSY_COLUMN_BOOL;
}

size_t psy_table_find(const psy_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

/* The column, or NULL when the cell does not exist or has another type. */
static psyi_column *cell(const psy_table *table, size_t column, size_t row, psy_column_type type)
{
    if (column >= table->n_columns || row >= table->n_rows || table->columns[column].type != type)
        return NULL;
    return &table->columns[column];
}

static bool is_present(const psyi_column *column, size_t row)
{
    return (column->present[row / 8] >> row % 8 & 1) != 0;
}

static void mark_present(psyi_column *column, size_t row)
{
    column->n_missing -= !is_present(column, row);
    column->present[row / 8] = (uint8_t)(column->present[row / 8] | 1u << row % 8);
}

static void mark_missing(psyi_column *column, size_t row)
{
    column->n_missing += is_present(column, row);
    column->present[row / 8] = (uint8_t)(column->present[row / 8] & ~(1u << row % 8));
}

psy_status psy_table_set_bool(psy_table *table, size_t column, size_t row, bool value)
{
    psyi_column *const target = cell(table, column, row, PSY_COLUMN_BOOL);
    if (target == NULL)
        return PSY_E_ARGUMENT;
    target->data.bools[row] = value;
    mark_present(target, row);
    return PSY_OK;
}

psy_status psy_table_set_int(psy_table *table, size_t column, size_t row, int64_t value)
{
    psyi_column *const target = cell(table, column, row, PSY_COLUMN_INT64);
    if (target == NULL)
        return PSY_E_ARGUMENT;
    target->data.ints[row] = value;
    mark_present(target, row);
    return PSY_OK;
}

psy_status psy_table_set_double(psy_table *table, size_t column, size_t row, double value)
{
    psyi_column *const target = cell(table, column, row, PSY_COLUMN_DOUBLE);
    if (target == NULL)
        return PSY_E_ARGUMENT;
    if (isnan(value)) {
        target->data.doubles[row] = 0; /* a missing cell always has the same bytes */
        mark_missing(target, row);
    } else {
        target->data.doubles[row] = value;
        mark_present(target, row);
    }
    return PSY_OK;
}

psy_status psy_table_set_text(psy_table *table, size_t column, size_t row, const char *text,
                              size_t length, psy_error *error)
{
    psyi_column *const target = cell(table, column, row, PSY_COLUMN_TEXT);
    if (target == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "column %zu, row %zu of the table is no text cell", column, row);
    if (row < target->n_set)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "texts of column '%s' must be set in row order, and row %zu comes "
                         "after row %zu",
                         target->name, row, target->n_set - 1);
    if (length > 0 && (psyi_utf8_check(text, length) != length || memchr(text, 0, length) != NULL))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "text for column '%s', row %zu is not UTF-8 or contains a NUL",
                         target->name, row);
    if (length > (size_t)INT32_MAX - target->text_length)
        return psyi_fail(error, PSY_E_LIMIT, NULL, "the texts of column '%s' exceed 2 GiB",
                         target->name);
    void *room = target->text;
    if (!psyi_grow(table->allocator, &room, &target->text_capacity, target->text_length + length,
                   1))
        return psyi_fail_memory(error, "a text column");
    target->text = room;
    if (length > 0)
        memcpy(target->text + target->text_length, text, length);
    for (size_t r = target->n_set; r <= row; r++)
        target->data.offsets[r] = (int32_t)target->text_length;
    target->text_length += length;
    target->data.offsets[row + 1] = (int32_t)target->text_length;
    target->n_set = row + 1;
    mark_present(target, row);
    return PSY_OK;
}

bool psy_table_get_bool(const psy_table *table, size_t column, size_t row, bool *out)
{
    const psyi_column *const source = cell(table, column, row, PSY_COLUMN_BOOL);
    if (source == NULL || !is_present(source, row))
        return false;
    *out = source->data.bools[row] != 0;
    return true;
}

bool psy_table_get_int(const psy_table *table, size_t column, size_t row, int64_t *out)
{
    const psyi_column *const source = cell(table, column, row, PSY_COLUMN_INT64);
    if (source == NULL || !is_present(source, row))
        return false;
    *out = source->data.ints[row];
    return true;
}

bool psy_table_get_double(const psy_table *table, size_t column, size_t row, double *out)
{
    const psyi_column *const source = cell(table, column, row, PSY_COLUMN_DOUBLE);
    if (source == NULL || !is_present(source, row))
        return false;
    *out = source->data.doubles[row];
    return true;
}

bool psy_table_get_text(const psy_table *table, size_t column, size_t row, const char **text,
                        size_t *length)
{
    const psyi_column *const source = cell(table, column, row, PSY_COLUMN_TEXT);
    if (source == NULL || !is_present(source, row))
        return false;
    const int32_t *const offsets = source->data.offsets;
    *text = source->text == NULL ? "" : source->text + offsets[row];
    *length = (size_t)(offsets[row + 1] - offsets[row]);
    return true;
}
