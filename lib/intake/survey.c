/*
 * survey.c -- one pass over a table to know its columns.
 *
 * Of every column the first sixty different texts are kept with their counts: enough to see
 * every code an item can have, and to see that a column of names is none.
 */
#include "intake/survey.h"
#include "base/fail.h"
#include "intake/cell.h"
#include "intake/csv.h"
#include "intake/odd_row.h"

#include <string.h>

enum { HEADER_ROWS = 50 };

static void begin(const psyi_survey *s, psyi_csv *csv, char separator)
{
    psyi_csv_init(csv, s->text.text, s->text.length, separator, s->text.name, s->arena.allocator);
    csv->stop[','] = false;
    csv->stop[(unsigned char)separator] = true;
    csv->grid = s->text.separator != 0;
    csv->line = csv->record_line = s->text.first_line;
}

/* Cells of the current record, and how many of them hold something. */
static psy_status count_cells(psyi_csv *csv, size_t *cells, size_t *filled, psy_error *error)
{
    bool last = false;
    *cells = *filled = 0;
    while (!last) {
        psyi_cell cell;
        const psy_status status = psyi_csv_read(csv, &cell, &last, error);
        if (status != PSY_OK)
            return status;
        psyi_cell_trim(&cell.text, &cell.length);
        ++*cells;
        *filled += cell.length > 0;
    }
    return PSY_OK;
}

/* Filled cells of each of the first rows, and the most of them. */
static psy_status look(const psyi_survey *s, char separator, size_t filled[HEADER_ROWS],
                       uint64_t lines[HEADER_ROWS], size_t *n, size_t *most, psy_error *error)
{
    psyi_csv csv;
    psy_status status = PSY_OK;
    begin(s, &csv, separator);
    *n = *most = 0;
    while (status == PSY_OK && *n < HEADER_ROWS && psyi_csv_record(&csv)) {
        size_t cells;
        lines[*n] = csv.record_line;
        status = count_cells(&csv, &cells, &filled[*n], error);
        *most = filled[*n] > *most ? filled[*n] : *most;
        ++*n;
    }
    psyi_csv_done(&csv);
    return status;
}

static psy_status find_header(psyi_survey *s, const psyi_input *input, uint64_t header_row,
                              psy_error *error)
{
    static const char candidates[] = {',', ';', '\t'};
    size_t filled[HEADER_ROWS], n = 0, most = 0, best = 1; /* one cell needs no separator */
    uint64_t lines[HEADER_ROWS];
    s->separator = s->text.separator != 0                   ? s->text.separator
                   : input != NULL && input->separator != 0 ? input->separator
                                                            : 0;
    for (size_t i = 0; s->separator == 0 && i < sizeof candidates; i++) {
        const psy_status status = look(s, candidates[i], filled, lines, &n, &most, error);
        if (status != PSY_OK)
            return status;
        if (most > best) {
            best = most;
            s->separator = candidates[i];
        }
        if (i + 1 == sizeof candidates && s->separator == 0)
            s->separator = ',';
    }
    const psy_status status = look(s, s->separator, filled, lines, &n, &most, error);
    if (status != PSY_OK)
        return status;
    if (most == 0) {
        const psy_location where = psyi_location(s->text.name, 0, 0, 0);
        return psyi_fail(error, PSY_E_DATA, &where, "there is nothing in the file");
    }
    for (size_t i = 0; s->header_row == 0 && header_row == 0 && i < n; i++)
        if (filled[i] * 2 > most)
            s->header_row = lines[i] + (s->text.first_line == 0);
    if (header_row > 0)
        s->header_row = header_row;
    return PSY_OK;
}

static psy_status read_header(psyi_survey *s, psyi_csv *csv, psy_error *error)
{
    void *columns = NULL;
    size_t room = 0;
    bool last = false;
    psy_status status = PSY_OK;
    while (!last && status == PSY_OK) {
        psyi_cell cell;
        status = psyi_csv_read(csv, &cell, &last, error);
        if (status != PSY_OK)
            break;
        psyi_cell_trim(&cell.text, &cell.length);
        const psy_location where = psyi_location(s->text.name, csv->record_line, 1, 1);
        if (s->n_columns == PSYI_CSV_MAX_COLUMNS)
            status = psyi_fail(error, PSY_E_LIMIT, &where, "there are more than %d columns",
                               PSYI_CSV_MAX_COLUMNS);
        else if (!psyi_grow(s->arena.allocator, &columns, &room, s->n_columns + 1,
                            sizeof *s->columns))
            status = psyi_fail_memory(error, "columns");
        else if ((((psyi_seen_column *)columns)[s->n_columns++].name =
                      psyi_arena_text(&s->arena, cell.text, cell.length)) == NULL)
            status = psyi_fail_memory(error, "columns");
    }
    s->columns = columns; /* freed with the survey */
    /* Of an SPSS file the label says what a column is. */
    for (size_t i = 0; i < s->n_columns && i < s->text.n_labels; i++)
        if (s->text.labels[i][0] != '\0')
            s->columns[i].name = s->text.labels[i];
    return status;
}

static bool note_text(psyi_survey *s, psyi_seen_column *column, const char *text, size_t length,
                      uint64_t row)
{
    column->filled++;
    for (size_t i = 0; i < column->n_texts; i++)
        if (strncmp(column->texts[i].text, text, length) == 0 &&
            column->texts[i].text[length] == '\0') {
            column->texts[i].count++;
            return true;
        }
    if (column->n_texts == PSYI_SURVEY_TEXTS) {
        column->many = true;
        return true;
    }
    if (column->texts == NULL)
        column->texts = psyi_arena_alloc(&s->arena, PSYI_SURVEY_TEXTS, sizeof *column->texts);
    const char *const copy = psyi_arena_text(&s->arena, text, length);
    if (column->texts == NULL || copy == NULL)
        return false;
    column->texts[column->n_texts++] = (psyi_seen_text){copy, 1, row};
    return true;
}

static psy_status read_rows(psyi_survey *s, psyi_csv *csv, psy_error *error)
{
    while (psyi_csv_record(csv)) {
        bool last = false, any = false, sums = false;
        for (size_t column = 0; !last; column++) {
            psyi_cell cell;
            char room[PSYI_CELL_ROOM];
            const psy_status status = psyi_csv_read(csv, &cell, &last, error);
            if (status != PSY_OK)
                return status;
            psyi_cell_clean(&cell.text, &cell.length, room);
            /* A row of sums is no answer; odd_row.c passes over it when it is scored. */
            sums = sums || (!any && psyi_is_sum_word(cell.text, cell.length));
            any = any || cell.length > 0;
            if (cell.length > 0 && !sums && column < s->n_columns &&
                !note_text(s, &s->columns[column], cell.text, cell.length, csv->record_line))
                return psyi_fail_memory(error, "columns");
        }
        s->n_rows += any && !sums;
    }
    return PSY_OK;
}

psy_status psyi_survey_read(psyi_survey *out, const psyi_input *input, const char *path,
                            uint64_t header_row, const psy_allocator *allocator, psy_error *error)
{
    memset(out, 0, sizeof *out);
    psyi_arena_init(&out->arena, allocator);
    psy_status status =
        psyi_input_text_read(&out->text, input, path, NULL, NULL, false, allocator, error);
    if (status != PSY_OK)
        return status;
    status = find_header(out, input, header_row, error);
    if (status != PSY_OK)
        return status;
    psyi_csv csv;
    begin(out, &csv, out->separator);
    psyi_csv_skip_lines(&csv, out->header_row - 1);
    if (psyi_csv_record(&csv))
        status = read_header(out, &csv, error);
    if (status == PSY_OK)
        status = read_rows(out, &csv, error);
    psyi_csv_done(&csv);
    return status;
}

void psyi_survey_done(psyi_survey *survey)
{
    psyi_free(survey->arena.allocator, survey->columns);
    psyi_input_text_done(&survey->text);
    psyi_arena_done(&survey->arena);
}
