/*
 * table_write.c -- a table as CSV and as JSON lines.
 *
 * Rows are written through a buffer that empties into the sink, so a table of any size
 * needs one block more.  JSON has no infinity; it is null there.
 */
#include "base/number.h"
#include "table/collect.h"
#include "table/table_internal.h"
#include "table/writing.h"

#include <math.h>
#include <string.h>

static void write_csv_value(psyi_buffer *out, const psy_table *table, size_t column, size_t row)
{
    bool truth;
    int64_t integer;
    double number;
    const char *text;
    size_t length;
    switch (table->columns[column].type) {
    case PSY_COLUMN_BOOL:
        if (psy_table_get_bool(table, column, row, &truth))
            psyi_buffer_text(out, truth ? "true" : "false");
        break;
    case PSY_COLUMN_INT64:
        if (psy_table_get_int(table, column, row, &integer))
            psyi_buffer_integer(out, integer);
        break;
    case PSY_COLUMN_DOUBLE:
        if (psy_table_get_double(table, column, row, &number))
            psyi_buffer_number(out, number);
        break;
    case PSY_COLUMN_TEXT:
        if (psy_table_get_text(table, column, row, &text, &length))
            psyi_csv_cell(out, text, length);
        break;
    }
}

static void write_csv_row(psyi_buffer *out, const psy_table *table, size_t row)
{
    const size_t start = out->length;
    for (size_t column = 0; column < table->n_columns; column++) {
        if (column > 0)
            psyi_buffer_char(out, ',');
        write_csv_value(out, table, column, row);
    }
    /* A blank line would not be read back as a row. */
    if (table->n_columns == 1 && out->length == start)
        psyi_buffer_text(out, "\"\"");
    psyi_buffer_char(out, '\n');
}

psy_status psy_table_write_csv(const psy_table *table, const psy_sink *sink, psy_error *error)
{
    psyi_buffer out;
    psyi_buffer_init(&out, table->allocator);
    for (size_t column = 0; column < table->n_columns; column++) {
        const char *const name = table->columns[column].name;
        if (column > 0)
            psyi_buffer_char(&out, ',');
        psyi_csv_cell(&out, name, strlen(name));
    }
    psyi_buffer_char(&out, '\n');
    psy_status status = psyi_flush(&out, sink, false, error);
    for (size_t row = 0; row < table->n_rows && status == PSY_OK; row++) {
        write_csv_row(&out, table, row);
        status = psyi_flush(&out, sink, false, error);
    }
    if (status == PSY_OK)
        status = psyi_flush(&out, sink, true, error);
    psyi_buffer_done(&out);
    return status;
}

static void write_json_value(psyi_buffer *out, const psy_table *table, size_t column, size_t row)
{
    double number;
    const char *text;
    size_t length;
    const psy_column_type type = table->columns[column].type;
    const size_t start = out->length;
    if (type == PSY_COLUMN_TEXT) {
        if (psy_table_get_text(table, column, row, &text, &length))
            psyi_json_text(out, text, length);
    } else if (type == PSY_COLUMN_DOUBLE) {
        if (psy_table_get_double(table, column, row, &number) && isfinite(number))
            psyi_buffer_number(out, number);
    } else {
        write_csv_value(out, table, column, row);
    }
    if (out->length == start)
        psyi_buffer_text(out, "null");
}

psy_status psy_table_write_json(const psy_table *table, const psy_sink *sink, psy_error *error)
{
    psyi_buffer out;
    psyi_buffer_init(&out, table->allocator);
    psy_status status = PSY_OK;
    for (size_t row = 0; row < table->n_rows && status == PSY_OK; row++) {
        for (size_t column = 0; column < table->n_columns; column++) {
            const char *const name = table->columns[column].name;
            psyi_buffer_char(&out, column == 0 ? '{' : ',');
            psyi_json_text(&out, name, strlen(name));
            psyi_buffer_char(&out, ':');
            write_json_value(&out, table, column, row);
        }
        psyi_buffer_text(&out, table->n_columns == 0 ? "{}\n" : "}\n");
        status = psyi_flush(&out, sink, false, error);
    }
    if (status == PSY_OK)
        status = psyi_flush(&out, sink, true, error);
    psyi_buffer_done(&out);
    return status;
}
