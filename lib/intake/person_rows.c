/*
 * person_rows.c -- the rows of a file about persons: a roster, or reports from outside.
 *
 * The same header rules and the same readings of cells as for responses, so that a student
 * is written alike on all sides.
 */
#include "intake/person_rows.h"
#include "base/fail.h"
#include "intake/cell.h"
#include "intake/rows.h"
#include "intake/spoilt_cell.h"

#include <string.h>

typedef struct reading {
    const psyi_person_rows *job;
    const psyi_header *header;
    psyi_csv csv;
    psyi_tally tally;
    psyi_fields fields;
    uint32_t n_shown;
    psyi_odd_rows odd_rows;
    psyi_odd_count odd[PSYI_ROW_KINDS];
    psy_error *error;
} reading;

static psy_status read_cells(reading *in, size_t *n_cells, size_t *n_extra, bool *any)
{
    const psyi_header *const header = in->header;
    uint32_t target = 0;
    bool last = false;
    *n_cells = *n_extra = 0;
    *any = false;
    for (size_t i = 0; i < PSYI_FIELDS; i++)
        in->fields.cells[i].length = 0;
    while (!last) {
        psyi_cell cell;
        psy_status status = psyi_csv_read(&in->csv, &cell, &last, in->error);
        if (status != PSY_OK)
            return status;
        const size_t column = (*n_cells)++;
        const char *text = cell.text;
        size_t length = cell.length;
        psyi_cell_trim(&text, &length);
        *any = *any || length > 0;
        if (column >= header->n_columns) {
            *n_extra += length > 0;
            continue;
        }
        if (cell.trailing && psyi_tally_count(&in->tally, column, PSYI_TEXT_AFTER_QUOTE))
            status = psyi_tally_tell(&in->tally, column, PSYI_TEXT_AFTER_QUOTE, in->csv.record_line,
                                     in->error,
                                     "there is text behind the closing quote; it was taken as "
                                     "part of the cell");
        if (status != PSY_OK)
            return status;
        for (; target < header->n_targets && header->targets[target].column == column; target++)
            in->fields.cells[header->targets[target].index] = cell;
    }
    return PSY_OK;
}

/* The first cell of a field with something in it; an empty one where there is none. */
static psyi_cell first_cell(const reading *in)
{
    for (size_t i = 0; i < PSYI_FIELDS; i++)
        if (in->fields.cells[i].length > 0)
            return in->fields.cells[i];
    return (psyi_cell){.text = "", .length = 0};
}

static psy_status read_row(reading *in)
{
    size_t n_cells, n_extra;
    bool any;
    psy_status status = read_cells(in, &n_cells, &n_extra, &any);
    if (status != PSY_OK || !any)
        return status;
    psyi_row_kind kind;
    const psyi_cell first = first_cell(in);
    status = psyi_odd_row(&in->odd_rows, &in->csv, first.text, first.length, &kind, in->error);
    if (status != PSY_OK)
        return status;
    if (kind != PSYI_ROW_PERSON) {
        if (in->odd[kind].n++ == 0)
            in->odd[kind].first = in->csv.record_line;
        return PSY_OK;
    }
    status = psyi_row_shape(&in->tally, &in->csv, n_cells, in->n_shown, n_extra, in->error);
    if (status != PSY_OK)
        return status;
    return in->job->row(in->job->context, &in->fields, (uint32_t)in->csv.record_line, in->error);
}

static psy_status read_rows(reading *in, psyi_arena *scratch)
{
    const psyi_person_rows *const job = in->job;
    const psyi_header *const header = in->header;
    in->fields = (psyi_fields){.input = job->input,
                               .where = job->where,
                               .csv = &in->csv,
                               .tally = &in->tally,
                               .arena = job->arena,
                               .error = in->error};
    for (size_t i = 0; i < PSYI_FIELDS; i++)
        in->fields.column[i] = PSYI_NO_COLUMN;
    for (size_t i = 0; i < header->n_targets; i++)
        in->fields.column[header->targets[i].index] = header->targets[i].column;
    for (uint32_t i = 0; i < header->n_columns; i++)
        if (header->names[i][0] != '\0')
            in->n_shown = i + 1;
    psy_status status = job->header != NULL ? job->header(&in->fields, header, in->error) : PSY_OK;
    if (status != PSY_OK)
        return status;
    status = psyi_tally_begin(&in->tally, in->csv.file, header->names, header->n_columns,
                              job->findings, scratch->allocator, in->error);
    if (status != PSY_OK)
        return status;
    in->tally.cells = header->cells;
    in->tally.sheet = header->sheet;
    psyi_odd_rows_make(&in->odd_rows, header);
    while (status == PSY_OK && psyi_csv_record(&in->csv))
        status = read_row(in);
    if (status == PSY_OK)
        status = psyi_odd_rows_tell(&in->tally, in->odd, in->error);
    if (status == PSY_OK)
        status = psyi_check_digits(&in->tally, in->error);
    if (status == PSY_OK)
        status = psyi_tally_finish(&in->tally, in->error);
    psyi_tally_done(&in->tally);
    return status;
}

static psy_status read_text(const psyi_person_rows *job, const psyi_input_text *text,
                            psyi_input_file *file, psy_error *error)
{
    const psyi_intake_options options = {.input = job->input};
    file->name = psyi_arena_copy(job->arena, text->name);
    if (file->name == NULL)
        return psyi_fail_memory(error, job->where);
    memcpy(file->digest, text->digest, sizeof file->digest);
    file->bytes = text->bytes.length;

    psyi_arena scratch;
    psyi_arena_init(&scratch, job->arena->allocator);
    psyi_header header;
    psyi_wanted_list wanted;
    reading in = {.job = job, .header = &header, .error = error};
    psy_status status = psyi_wanted_make(&wanted, &options, true, &scratch, error);
    if (status == PSY_OK) {
        wanted.where = job->where;
        status = psyi_header_read(&header, &in.csv, text, file->name, &wanted, &scratch,
                                  job->findings, error);
        if (status == PSY_OK)
            status = psyi_header_own(&header, file, job->arena, error);
        if (status == PSY_OK)
            status = read_rows(&in, &scratch);
        psyi_csv_done(&in.csv);
    }
    psyi_arena_done(&scratch);
    return status;
}

psy_status psyi_person_rows_read(const psyi_person_rows *job, const char *path,
                                 const psy_source *source, psyi_input_file *file, psy_error *error)
{
    psyi_input_text text;
    psy_status status = psyi_input_text_read(&text, job->input, path, source, job->where, false,
                                             job->arena->allocator, error);
    if (status == PSY_OK) {
        status = read_text(job, &text, file, error);
        psyi_input_text_done(&text);
    }
    return status;
}
