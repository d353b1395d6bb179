/*
 * rows.c -- the loop over records and cells.
 *
 * Most cells of a screening are one digit between separators.  Those are looked up and
 * stored without being cut out first; everything else (blanks, words, quotes, the last cell
 * of a row) takes the general way, which gives the same result for them, only slower.  A
 * row becomes a record when any cell holds something.
 */
#include "intake/rows.h"
#include "base/fail.h"
#include "intake/cell.h"
#include "table/collect.h"

#include <string.h>

/* Lines left, as a guess of how many records there will be. */
static size_t count_lines(const psyi_csv *csv)
{
    size_t n = 1;
    for (const char *at = csv->at; at < csv->end; n++) {
        const char *const next = memchr(at, '\n', (size_t)(csv->end - at));
        if (next == NULL)
            break;
        at = next + 1;
    }
    return n;
}

static psy_status make_room(psyi_rows *rows, size_t need)
{
    psyi_intake *const intake = rows->intake;
    void *records = intake->records;
    size_t room = *rows->room;
    if (need <= room)
        return PSY_OK;
    if (!psyi_grow(intake->allocator, &records, &room, need, sizeof *intake->records))
        return psyi_fail_memory(rows->error, "records");
    intake->records = records;
    for (size_t use = 0; use < intake->n_uses; use++) {
        const psy_status status = psyi_sheets_resize(intake->sheets[use], room, rows->error);
        if (status != PSY_OK)
            return status;
    }
    *rows->room = room;
    return PSY_OK;
}

static psy_status begin_record(psyi_rows *rows)
{
    const size_t record = rows->intake->n_records;
    if (record >= *rows->room) {
        const psy_status status = make_room(rows, record + 1);
        if (status != PSY_OK)
            return status;
    }
    for (size_t use = 0; use < rows->intake->n_uses; use++) {
        rows->lanes[use] = psyi_sheets_byte(rows->intake->sheets[use], record, 0);
        rows->given[use] = false;
    }
    rows->any = false;
    for (size_t i = 0; i < PSYI_FIELDS; i++)
        rows->fields.cells[i].length = 0;
    for (size_t i = 0; i < rows->options->n_keep; i++)
        rows->kept[i] = "";
    return PSY_OK;
}

/* Single-byte codes from csv->at on; returns the column after the last one stored. */
static size_t quick_cells(psyi_rows *rows, size_t column)
{
    const psyi_row_column *it = &rows->columns[column];
    const unsigned char *at = (const unsigned char *)rows->csv->at;
    const unsigned char separator = (unsigned char)rows->csv->separator;
    for (; it->quick != NULL; it++) {
        /* The text ends in NUL, which no table knows: nothing is read beyond it. */
        uint8_t byte = it->quick[at[0]];
        if (byte != PSYI_NOT_QUICK && at[1] == separator) {
            at += 2;
        } else if (at[0] == '"' && (byte = it->quick[at[1]]) != PSYI_NOT_QUICK && at[2] == '"' &&
                   at[3] == separator) {
            at += 4;
        } else {
            break;
        }
        rows->lanes[it->use][it->offset] = byte;
        rows->given[it->use] = true;
    }
    const size_t behind = (size_t)(it - rows->columns);
    rows->any = rows->any || behind > column;
    rows->csv->at = (const char *)at;
    return behind;
}

static psy_status warn_trailing(psyi_rows *rows, size_t column)
{
    if (!psyi_tally_count(&rows->tally, column, PSYI_TEXT_AFTER_QUOTE))
        return PSY_OK;
    return psyi_tally_tell(&rows->tally, column, PSYI_TEXT_AFTER_QUOTE, rows->csv->record_line,
                           rows->error,
                           "there is text behind the closing quote; it was taken "
                           "as part of the cell");
}

static psy_status keep_cell(psyi_rows *rows, size_t index, const psyi_cell *cell)
{
    if (cell->length > 0)
        rows->kept[index] = psyi_arena_text(&rows->intake->arena, cell->text, cell->length);
    return rows->kept[index] != NULL ? PSY_OK : psyi_fail_memory(rows->error, "records");
}

static psy_status general_cell(psyi_rows *rows, size_t column, const psyi_cell *cell)
{
    const psyi_row_column *const it = &rows->columns[column];
    psy_status status = PSY_OK;
    if (cell->trailing)
        status = warn_trailing(rows, column);
    if (cell->length == 0 && !cell->quoted) /* blank is what everything was begun with */
        return status;
    const char *text = cell->text;
    size_t length = cell->length;
    psyi_cell_trim(&text, &length);
    rows->any = rows->any || length > 0;
    for (uint32_t i = 0; i < it->n_targets && status == PSY_OK; i++) {
        const psyi_target *const target = &rows->header->targets[it->first_target + i];
        if (target->kind == PSYI_WANT_ITEM)
            status = psyi_rows_item(rows, target, cell);
        else if (target->kind == PSYI_WANT_FIELD)
            rows->fields.cells[target->index] = *cell;
        else
            status = keep_cell(rows, target->index, cell);
    }
    return status;
}

static psy_status read_record(psyi_rows *rows)
{
    const size_t n_columns = rows->header->n_columns;
    const bool quick = !rows->options->general_only;
    size_t n_cells = 0, n_extra = 0;
    bool last = false;
    psy_status status = begin_record(rows);
    while (!last && status == PSY_OK) {
        if (quick && n_cells < n_columns)
            n_cells = quick_cells(rows, n_cells);
        psyi_cell cell;
        status = psyi_csv_read(rows->csv, &cell, &last, rows->error);
        if (status != PSY_OK)
            break;
        if (n_cells < n_columns) {
            status = general_cell(rows, n_cells, &cell);
        } else {
            psyi_cell_trim(&cell.text, &cell.length);
            n_extra += cell.length > 0;
        }
        n_cells++;
    }
    if (status != PSY_OK)
        return status;
    if (!rows->any && n_extra == 0) {
        if (rows->n_empty++ == 0)
            rows->first_empty = rows->csv->record_line;
        return PSY_OK;
    }
    status = psyi_row_shape(&rows->tally, rows->csv, n_cells, rows->n_shown, n_extra, rows->error);
    return status == PSY_OK ? psyi_rows_record(rows) : status;
}

static psy_status note_empty(const psyi_rows *rows)
{
    if (rows->n_empty == 0 || rows->tally.findings == NULL)
        return PSY_OK;
    const psy_finding finding = {.file = rows->tally.file,
                                 .row = rows->first_empty,
                                 .rule = "empty_rows",
                                 .severity = PSY_NOTE};
    return psyi_find(rows->tally.findings, &finding, rows->error,
                     "%llu empty rows were passed over, this is the first",
                     (unsigned long long)rows->n_empty);
}

static bool prepare(psyi_rows *rows, psyi_arena *scratch)
{
    const psyi_header *const header = rows->header;
    const psyi_intake_options *const options = rows->options;
    rows->columns = psyi_arena_alloc(scratch, header->n_columns + 1, sizeof *rows->columns);
    rows->lanes = psyi_arena_alloc(scratch, options->n_uses, sizeof *rows->lanes);
    rows->given = psyi_arena_alloc(scratch, options->n_uses, sizeof *rows->given);
    rows->kept = psyi_arena_alloc(scratch, options->n_keep, sizeof *rows->kept);
    if (rows->columns == NULL || rows->lanes == NULL || rows->given == NULL || rows->kept == NULL)
        return false;
    for (size_t i = 0; i < PSYI_FIELDS; i++)
        rows->fields.column[i] = PSYI_NO_COLUMN;
    for (uint32_t i = 0; i < header->n_targets; i++) {
        const psyi_target *const target = &header->targets[i];
        psyi_row_column *const column = &rows->columns[target->column];
        if (column->n_targets++ == 0)
            column->first_target = i;
        column->quick = NULL;
        if (target->kind == PSYI_WANT_FIELD)
            rows->fields.column[target->index] = target->column;
        if (target->kind != PSYI_WANT_ITEM || column->n_targets > 1)
            continue;
        const psy_instrument *const instrument = options->uses[target->use].instrument;
        const unsigned response = instrument->items[target->index].response;
        column->use = target->use;
        column->offset = (uint32_t)target->index * PSYI_LANES;
        if (instrument->responses[response].kind == PSYI_CODED)
            column->quick = rows->codes->books[target->use][response].quick;
    }
    for (uint32_t i = 0; i < header->n_columns; i++)
        if (header->names[i][0] != '\0' || rows->columns[i].n_targets > 0)
            rows->n_shown = i + 1;
    return true;
}

psy_status psyi_rows_read(psyi_intake *intake, const psyi_intake_options *options,
                          const psyi_row_codes *codes, const psyi_header *header, psyi_csv *csv,
                          uint32_t file, size_t *room, psyi_arena *scratch, psy_findings *findings,
                          psy_error *error)
{
    psyi_rows rows = {.intake = intake,
                      .options = options,
                      .codes = codes,
                      .header = header,
                      .csv = csv,
                      .file = file,
                      .room = room,
                      .error = error};
    if (!prepare(&rows, scratch))
        return psyi_fail_memory(error, "columns");
    psy_status status = psyi_tally_begin(&rows.tally, csv->file, header->names, header->n_columns,
                                         findings, scratch->allocator, error);
    if (status != PSY_OK)
        return status;
    rows.tally.cells = header->cells;
    rows.fields.input = options->generated_names ? NULL : options->input;
    rows.fields.where = options->generated_names ? NULL : "inputs/responses";
    rows.fields.csv = csv;
    rows.fields.tally = &rows.tally;
    rows.fields.arena = &intake->arena;
    rows.fields.error = error;
    rows.fields.lenient = options->partial;
    const size_t before = intake->n_records;
    status = make_room(&rows, before + count_lines(csv));
    while (status == PSY_OK && psyi_csv_record(csv))
        status = read_record(&rows);
    if (status == PSY_OK)
        status = note_empty(&rows);
    if (status == PSY_OK)
        status = psyi_rows_doubt(&rows, intake->n_records - before);
    if (status == PSY_OK)
        status = psyi_tally_finish(&rows.tally, error);
    psyi_tally_done(&rows.tally);
    return status;
}
