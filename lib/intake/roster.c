/*
 * roster.c -- who should have answered.
 *
 * The same header rules and the same readings of cells as for responses, so that a student
 * is written alike on both sides.
 */
#include "base/fail.h"
#include "intake/cell.h"
#include "intake/decode_input.h"
#include "intake/rows.h"
#include "table/collect.h"

#include <string.h>

void psyi_roster_free(psyi_roster *roster)
{
    if (roster == NULL)
        return;
    psyi_roster_free(roster->links);
    psyi_free(roster->allocator, roster->rows);
    psyi_arena_done(&roster->arena);
    psyi_free(roster->allocator, roster);
}

typedef struct roster_reading {
    psyi_roster *roster;
    const psyi_header *header;
    const char *where; /* in the plan */
    psyi_csv csv;
    psyi_tally tally;
    psyi_fields fields;
    size_t room;
    uint32_t n_shown;
    psy_error *error;
} roster_reading;

static psy_status read_cells(roster_reading *in, size_t *n_cells, size_t *n_extra, bool *any)
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

static psy_status fill_row(roster_reading *in, psyi_roster_row *row)
{
    psyi_fields *const fields = &in->fields;
    psy_status status = psyi_fields_id(fields, PSYI_FIELD_STUDENT, &row->student);
    if (status == PSY_OK)
        status = psyi_fields_id(fields, PSYI_FIELD_SCHOOL, &row->school);
    if (status == PSY_OK)
        status = psyi_fields_id(fields, PSYI_FIELD_LOCAL_NO, &row->local_no);
    if (status == PSY_OK)
        status = psyi_fields_id(fields, PSYI_FIELD_FORMER, &row->former);
    const struct {
        psyi_field field;
        const char **out;
    } texts[] = {{PSYI_FIELD_SCHOOL_NAME, &row->school_name},
                 {PSYI_FIELD_CLASS, &row->class_text},
                 {PSYI_FIELD_GRADE, &row->grade_text},
                 {PSYI_FIELD_NAME, &row->name},
                 {PSYI_FIELD_AREA, &row->area},
                 {PSYI_FIELD_EXEMPT_REASON, &row->exempt_reason}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == PSY_OK; i++)
        status = psyi_fields_text(fields, texts[i].field, texts[i].out);
    if (status == PSY_OK)
        status = psyi_fields_grade(fields, &row->grade);
    if (status == PSY_OK)
        status = psyi_fields_class(fields, &row->grade, &row->class_number);
    if (status == PSY_OK)
        status = psyi_fields_age(fields, &row->age);
    if (status == PSY_OK)
        status = psyi_fields_sex(fields, &row->sex);
    if (status == PSY_OK)
        status = psyi_fields_consent(fields, &row->consent);
    if (status == PSY_OK)
        status = psyi_fields_required(fields, &row->required);
    if (status == PSY_OK)
        status = psyi_fields_born(fields, &row->born);
    return status;
}

static psy_status read_row(roster_reading *in)
{
    size_t n_cells, n_extra;
    bool any;
    psyi_roster *const roster = in->roster;
    psy_status status = read_cells(in, &n_cells, &n_extra, &any);
    if (status != PSY_OK || !any)
        return status;
    status = psyi_row_shape(&in->tally, &in->csv, n_cells, in->n_shown, n_extra, in->error);
    if (status != PSY_OK)
        return status;
    void *rows = roster->rows;
    if (!psyi_grow(roster->allocator, &rows, &in->room, roster->n_rows + 1, sizeof *roster->rows))
        return psyi_fail_memory(in->error, "the roster");
    roster->rows = rows;
    psyi_roster_row *const row = &roster->rows[roster->n_rows];
    row->row = (uint32_t)in->csv.record_line;
    status = fill_row(in, row);
    if (status == PSY_OK)
        roster->n_rows++;
    return status;
}

/* A roster that names nobody cannot be matched. */
static psy_status check_identity(const roster_reading *in, const char *file)
{
    if (in->fields.column[PSYI_FIELD_STUDENT] != PSYI_NO_COLUMN ||
        in->fields.column[PSYI_FIELD_NAME] != PSYI_NO_COLUMN)
        return PSY_OK;
    const psy_location where = psyi_location(file, (size_t)in->header->line, 1, 1);
    return psyi_fail_within(in->error,
                            psyi_fail(in->error, PSY_E_DATA, &where,
                                      "no column says who the students are: declare columns: "
                                      "{student: ...} or {name: ...}"),
                            in->where);
}

static psy_status read_rows(roster_reading *in, const psyi_input *input, psyi_arena *scratch,
                            psy_findings *findings)
{
    const psyi_header *const header = in->header;
    in->fields = (psyi_fields){.input = input,
                               .where = in->where,
                               .csv = &in->csv,
                               .tally = &in->tally,
                               .arena = &in->roster->arena,
                               .error = in->error};
    for (size_t i = 0; i < PSYI_FIELDS; i++)
        in->fields.column[i] = PSYI_NO_COLUMN;
    for (size_t i = 0; i < header->n_targets; i++)
        in->fields.column[header->targets[i].index] = header->targets[i].column;
    for (uint32_t i = 0; i < header->n_columns; i++)
        if (header->names[i][0] != '\0')
            in->n_shown = i + 1;
    psy_status status = check_identity(in, in->csv.file);
    if (status != PSY_OK)
        return status;
    status = psyi_tally_begin(&in->tally, in->csv.file, header->names, header->n_columns, findings,
                              scratch->allocator, in->error);
    if (status != PSY_OK)
        return status;
    in->tally.cells = header->cells;
    while (status == PSY_OK && psyi_csv_record(&in->csv))
        status = read_row(in);
    if (status == PSY_OK)
        status = psyi_tally_finish(&in->tally, in->error);
    psyi_tally_done(&in->tally);
    return status;
}

static psy_status read_text(psyi_roster *roster, const psyi_input *input, const char *where,
                            const psyi_input_text *text, psy_findings *findings, psy_error *error)
{
    const psyi_intake_options options = {.input = input};
    psyi_input_file *const file = &roster->file;
    file->name = psyi_arena_copy(&roster->arena, text->name);
    if (file->name == NULL)
        return psyi_fail_memory(error, "the roster");
    memcpy(file->digest, text->digest, sizeof file->digest);
    file->bytes = text->bytes.length;

    psyi_arena scratch;
    psyi_arena_init(&scratch, roster->allocator);
    psyi_header header;
    psyi_wanted_list wanted;
    roster_reading in = {.roster = roster, .header = &header, .where = where, .error = error};
    psy_status status = psyi_wanted_make(&wanted, &options, true, &scratch, error);
    if (status == PSY_OK) {
        wanted.where = where;
        status = psyi_header_read(&header, &in.csv, text, file->name, &wanted,
                                  &scratch, findings, error);
        if (status == PSY_OK)
            status = read_rows(&in, input, &scratch, findings);
        psyi_csv_done(&in.csv);
    }
    psyi_arena_done(&scratch);
    file->rows = roster->n_rows;
    return status;
}

psy_status psyi_roster_read(psyi_roster **out, const psyi_input *input, const char *path,
                            const psy_source *source, const psy_allocator *allocator,
                            psy_findings *findings, psy_error *error)
{
    return psyi_students_read(out, input, "inputs/roster", path, source, allocator, findings,
                              error);
}

psy_status psyi_students_read(psyi_roster **out, const psyi_input *input, const char *where,
                              const char *path, const psy_source *source,
                              const psy_allocator *allocator, psy_findings *findings,
                              psy_error *error)
{
    psyi_roster *const roster = psyi_alloc(allocator, 1, sizeof *roster);
    if (roster == NULL)
        return psyi_fail_memory(error, "the roster");
    roster->allocator = allocator;
    psyi_arena_init(&roster->arena, allocator);
    psyi_input_text text;
    psy_status status = psyi_input_text_read(&text, input, path, source, where, allocator, error);
    if (status == PSY_OK) {
        status = read_text(roster, input, where, &text, findings, error);
        psyi_input_text_done(&text);
    }
    if (status == PSY_OK)
        *out = roster;
    else
        psyi_roster_free(roster);
    return status;
}
