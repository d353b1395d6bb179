/*
 * cell_grid.c -- rows of cells to text.
 */
#include "intake/cell_grid.h"
#include "base/fail.h"
#include "intake/csv.h"

#include <stdio.h>
#include <string.h>

void psyi_grid_init(psyi_grid *grid, psyi_buffer *text, const char *file)
{
    *grid = (psyi_grid){.text = text, .file = file, .row = 1, .column = 1, .at = 1};
}

const char *psyi_cell_name(uint64_t row, uint32_t column, char *out)
{
    char letters[8];
    size_t n = 0;
    for (uint32_t left = column; left > 0; left = (left - 1) / 26)
        letters[n++] = (char)('A' + (left - 1) % 26);
    for (size_t i = 0; i < n; i++)
        out[i] = letters[n - 1 - i];
    snprintf(out + n, 24, "%llu", (unsigned long long)row);
    return out;
}

static psy_status refuse(const psyi_grid *grid, uint64_t row, uint32_t column, psy_status status,
                         const char *what, psy_error *error)
{
    char name[32];
    const psy_location where = psyi_location(grid->file, (size_t)row, column, 1);
    return psyi_fail(error, status, &where, "cell %s %s", psyi_cell_name(row, column, name), what);
}

static bool needs_quotes(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\t' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
            return true;
    return false;
}

static void add_quoted(psyi_buffer *out, const char *text, size_t length)
{
    psyi_buffer_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            psyi_buffer_char(out, '"');
        psyi_buffer_char(out, text[i]);
    }
    psyi_buffer_char(out, '"');
}

psy_status psyi_grid_cell(psyi_grid *grid, uint64_t row, uint32_t column, const char *text,
                          size_t length, psy_error *error)
{
    psyi_buffer *const out = grid->text;
    if (length == 0)
        return PSY_OK;
    if (row < grid->row || (row == grid->row && column < grid->column))
        return refuse(grid, row, column, PSY_E_DATA,
                      "stands behind a later one: open the file in a spreadsheet and save it again",
                      error);
    if (column > PSYI_CSV_MAX_COLUMNS)
        return refuse(grid, row, column, PSY_E_LIMIT, "is beyond the 4096th column", error);
    if (memchr(text, '\0', length) != NULL)
        return refuse(grid, row, column, PSY_E_DATA, "has a NUL byte in it", error);
    for (; grid->row < row; grid->row++) {
        psyi_buffer_char(out, '\n');
        grid->column = grid->at = 1;
        grid->row_start = out->length;
    }
    for (; grid->at < column; grid->at++)
        psyi_buffer_char(out, '\t');
    grid->column = column + 1;
    if (length > PSYI_CSV_MAX_RECORD || out->length > PSYI_GRID_MAX_TEXT)
        return refuse(grid, row, column, PSY_E_LIMIT, "makes more text than is taken", error);
    if (needs_quotes(text, length))
        add_quoted(out, text, length);
    else
        psyi_buffer_add(out, text, length);
    if (out->length - grid->row_start > PSYI_CSV_MAX_RECORD - 1)
        return refuse(grid, row, column, PSY_E_LIMIT, "makes its row longer than 1 MiB", error);
    return out->failed ? psyi_fail_memory(error, "a table") : PSY_OK;
}
