/*
 * row_range.c -- the loop over records and cells.
 *
 * Most cells of a screening are one digit between separators, and many of the others are
 * empty.  Those are taken eight and sixteen at a time; everything else (words, quotes,
 * fields) takes the general way, which gives the same result for them, only slower.  A row
 * becomes a record when any cell holds something.
 */
#include "base/fail.h"
#include "intake/cell.h"
#include "intake/rows.h"

#include <string.h>

psy_status psyi_range_begin(psyi_range *range, const psyi_rows *rows,
                            const psy_allocator *allocator, psy_error *error)
{
    memset(range, 0, sizeof *range);
    range->rows = rows;
    psyi_arena_init(&range->arena, allocator);
    range->kept = psyi_alloc(allocator, rows->options->n_keep, sizeof *range->kept);
    if (range->kept == NULL)
        return psyi_fail_memory(error, "columns");
    const psy_status status = psyi_tally_hold(&range->tally, &rows->tally, error);
    if (status != PSY_OK) {
        psyi_free(allocator, (void *)range->kept);
        range->kept = NULL;
        return status;
    }
    const bool ad_hoc = rows->options->generated_names;
    range->fields = (psyi_fields){.input = ad_hoc ? NULL : rows->options->input,
                                  .where = ad_hoc ? NULL : "inputs/responses",
                                  .csv = &range->csv,
                                  .tally = &range->tally,
                                  .arena = &range->arena,
                                  .error = &range->error,
                                  .lenient = rows->options->partial,
                                  .forgets = rows->options->general_only};
    for (size_t i = 0; i < PSYI_FIELDS; i++)
        range->fields.column[i] = PSYI_NO_COLUMN;
    for (size_t i = 0; i < rows->header->n_targets; i++)
        if (rows->header->targets[i].kind == PSYI_WANT_FIELD)
            range->fields.column[rows->header->targets[i].index] = rows->header->targets[i].column;
    for (size_t i = 0; i < PSYI_FIELDS; i++)
        if (range->fields.column[i] != PSYI_NO_COLUMN)
            range->field[range->n_fields++] = (uint8_t)i;
    return psyi_record_empty(&range->fields, &range->empty);
}

void psyi_range_done(psyi_range *range)
{
    const psy_allocator *const allocator = range->arena.allocator;
    psyi_free(allocator, range->stage);
    psyi_free(allocator, range->numbers);
    psyi_free(allocator, range->records);
    psyi_free(allocator, (void *)range->kept);
    psyi_tally_done(&range->tally);
    psyi_csv_done(&range->csv);
    psyi_arena_done(&range->arena);
}

static bool make_room(psyi_range *range)
{
    const psy_allocator *const allocator = range->arena.allocator;
    const size_t need = range->n_records + 1;
    if (need <= range->stage_room && need <= range->numbers_room && need <= range->records_room)
        return true;
    void *stage = range->stage, *numbers = range->numbers, *records = range->records;
    const bool room =
        psyi_grow(allocator, &stage, &range->stage_room, need, range->rows->width) &&
        psyi_grow(allocator, &numbers, &range->numbers_room, need,
                  range->rows->n_numbers * sizeof *range->numbers + 1) &&
        psyi_grow(allocator, &records, &range->records_room, need, sizeof *range->records);
    range->stage = stage;
    range->numbers = numbers;
    range->records = records;
    return room;
}

static psy_status begin_record(psyi_range *range)
{
    const psyi_rows *const rows = range->rows;
    if (!make_room(range))
        return psyi_fail_memory(&range->error, "records");
    memset(range->stage + range->n_records * rows->width, PSYI_BLANK, rows->width);
    if (rows->n_numbers > 0)
        memset(range->numbers + range->n_records * rows->n_numbers, 0,
               rows->n_numbers * sizeof *range->numbers);
    range->any = false;
    for (size_t i = 0; i < range->n_fields; i++)
        range->fields.cells[range->field[i]].length = 0;
    for (size_t i = 0; i < rows->options->n_keep; i++)
        range->kept[i] = "";
    return PSY_OK;
}

static bool is_white(const char *text, size_t length)
{
    if (text[0] > ' ' && text[0] < 0x7F)
        return false;
    psyi_cell_trim(&text, &length);
    return length == 0;
}

/* Cells that need no looking at, from csv->at on; the column behind the last one taken.  *last
 * tells that the row ended with it. */
static size_t quick_cells(psyi_range *range, size_t column, bool *last)
{
    const psyi_row_column *const columns = range->rows->columns;
    const size_t n_columns = range->rows->header->n_columns;
    const char separator = range->csv.separator;
    psyi_take_run *const take_run = range->rows->take_run;
    const psyi_shuffles *const shuffles = &range->rows->shuffles;
    const char *at = range->csv.at;
    const char *const end = range->csv.end;
    uint8_t *const bytes = range->stage + range->n_records * range->rows->width;
    bool any = false;
    while (column < n_columns) {
        const psyi_row_column *it = &columns[column];
        if (it->run > 1 && take_run != NULL && column > 0 && at[-1] == separator) {
            const psyi_taken taken = take_run(at, end, separator, it->digits, PSYI_BLANK,
                                              bytes + column, it->run, &any, shuffles);
            column += taken.cells;
            at = taken.at;
            it = &columns[column];
        }
        if (it->run > 1) {
            const psyi_taken taken = psyi_take(at, end, separator, it->digits, PSYI_BLANK,
                                               bytes + column, it->run, &any);
            column += taken.cells;
            at = taken.at;
            if (taken.cells > 0)
                continue;
        }
        if (*at == separator) { /* blank is what everything was begun with */
            column++;
            at++;
            continue;
        }
        if (it->field != PSYI_FIELDS && *at != '"' && *at != '=') {
            const char *const stop = psyi_stop_find(at, end, separator);
            if (stop == end || *stop != separator)
                break;
            range->fields.cells[it->field] =
                (psyi_cell){.text = at, .length = (size_t)(stop - at), .start = at};
            any = any || !is_white(at, (size_t)(stop - at));
            column++;
            at = stop + 1;
            continue;
        }
        if (it->quick == NULL)
            break;
        /* The text ends in NUL, which no table knows: nothing is read beyond it. */
        uint8_t byte = it->quick[(unsigned char)at[0]];
        if (byte != PSYI_NOT_QUICK && at[1] == separator) {
            at += 2;
        } else if (byte != PSYI_NOT_QUICK && at[1] == '\n') {
            at += 2;
            *last = true;
            range->csv.line++;
        } else if (byte != PSYI_NOT_QUICK && at[1] == '\r' && at[2] == '\n') {
            at += 3;
            *last = true;
            range->csv.line++;
        } else if (at[0] == '"' && (byte = it->quick[(unsigned char)at[1]]) != PSYI_NOT_QUICK &&
                   at[2] == '"' && at[3] == separator) {
            at += 4;
        } else {
            break;
        }
        bytes[column++] = byte;
        any = true;
        if (*last)
            break;
    }
    range->any = range->any || any;
    range->csv.at = at;
    return column;
}

static psy_status warn_trailing(psyi_range *range, size_t column)
{
    if (!psyi_tally_count(&range->tally, column, PSYI_TEXT_AFTER_QUOTE))
        return PSY_OK;
    return psyi_tally_tell(&range->tally, column, PSYI_TEXT_AFTER_QUOTE, range->csv.record_line,
                           &range->error,
                           "there is text behind the closing quote; it was taken "
                           "as part of the cell");
}

static psy_status keep_cell(psyi_range *range, size_t index, const psyi_cell *cell)
{
    if (cell->length > 0)
        range->kept[index] = psyi_arena_text(&range->arena, cell->text, cell->length);
    return range->kept[index] != NULL ? PSY_OK : psyi_fail_memory(&range->error, "records");
}

static psy_status general_cell(psyi_range *range, size_t column, const psyi_cell *cell)
{
    const psyi_rows *const rows = range->rows;
    const psyi_row_column *const it = &rows->columns[column];
    psy_status status = PSY_OK;
    if (cell->trailing)
        status = warn_trailing(range, column);
    if (cell->length == 0 && !cell->quoted) /* blank is what everything was begun with */
        return status;
    const char *text = cell->text;
    size_t length = cell->length;
    psyi_cell_trim(&text, &length);
    range->any = range->any || length > 0;
    for (uint32_t i = it->first_target; i < it->first_target + it->n_targets && status == PSY_OK;
         i++) {
        const psyi_target *const target = &rows->header->targets[i];
        if (target->kind == PSYI_WANT_ITEM)
            status = psyi_range_item(range, i, cell);
        else if (target->kind == PSYI_WANT_FIELD)
            range->fields.cells[target->index] = *cell;
        else
            status = keep_cell(range, target->index, cell);
    }
    return status;
}

static psy_status read_record(psyi_range *range)
{
    const psyi_rows *const rows = range->rows;
    const size_t n_columns = rows->header->n_columns;
    const bool quick = !rows->options->general_only;
    size_t n_cells = 0, n_extra = 0;
    bool last = false;
    psy_status status = begin_record(range);
    while (!last && status == PSY_OK) {
        if (quick && n_cells < n_columns)
            n_cells = quick_cells(range, n_cells, &last);
        if (last) {
            /* Further back this is looked at cell by cell, where cells may be long. */
            status = psyi_csv_check(&range->csv, &range->error);
            break;
        }
        psyi_cell cell;
        status = psyi_csv_read(&range->csv, &cell, &last, &range->error);
        if (status != PSY_OK)
            break;
        if (n_cells < n_columns) {
            status = general_cell(range, n_cells, &cell);
        } else {
            psyi_cell_trim(&cell.text, &cell.length);
            n_extra += cell.length > 0;
        }
        n_cells++;
    }
    if (status != PSY_OK)
        return status;
    if (!range->any && n_extra == 0) {
        if (range->n_empty++ == 0)
            range->first_empty = range->csv.record_line;
        return PSY_OK;
    }
    status =
        psyi_row_shape(&range->tally, &range->csv, n_cells, rows->n_shown, n_extra, &range->error);
    return status == PSY_OK ? psyi_range_record(range) : status;
}

void psyi_range_read(psyi_range *range, const psyi_csv *from)
{
    char *const scratch = range->csv.scratch;
    range->csv = *from;
    range->csv.scratch = scratch;
    range->csv.at = range->start;
    range->csv.line = range->first_line;
    range->n_records = 0;
    range->n_empty = 0;
    memset(range->odd, 0, sizeof range->odd);
    range->status = PSY_OK;
    psyi_tally_restart(&range->tally);
    while (range->status == PSY_OK && range->csv.at < range->stop && psyi_csv_record(&range->csv))
        range->status = read_record(range);
}
