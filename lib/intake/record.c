/*
 * record.c -- from the cells of a row to a record.
 *
 * A row that is too long keeps its record: its cells may be shifted, but what is in it may
 * also be the one paper that must not be lost, so it is read as it stands and reported.
 */
#include "base/fail.h"
#include "intake/rows.h"
#include "table/collect.h"

#include <string.h>

psy_status psyi_row_shape(psyi_tally *tally, const psyi_csv *csv, size_t n_cells, uint32_t n_shown,
                          size_t n_extra, psy_error *error)
{
    const size_t row = tally->n_columns; /* the complaint is about no single column */
    /* Rows of a grid end with their last cell that holds something. */
    if (n_cells < n_shown && !csv->grid && psyi_tally_count(tally, row, PSYI_SHORT_ROW))
        return psyi_tally_tell(tally, row, PSYI_SHORT_ROW, csv->record_line, error,
                               "the row has %zu cells, the header %u: the missing ones are blank",
                               n_cells, n_shown);
    if (n_extra > 0 && psyi_tally_count(tally, row, PSYI_LONG_ROW))
        return psyi_tally_tell(tally, row, PSYI_LONG_ROW, csv->record_line, error,
                               "the row has %zu cells more than the header with something in "
                               "them: cells may be shifted, check the row",
                               n_extra);
    return PSY_OK;
}

static psy_status read_fields(psyi_rows *rows, psyi_record *record)
{
    psyi_fields *const fields = &rows->fields;
    psy_status status = psyi_fields_id(fields, PSYI_FIELD_STUDENT, &record->student);
    if (status == PSY_OK)
        status = psyi_fields_id(fields, PSYI_FIELD_SCHOOL, &record->school);
    if (status == PSY_OK)
        status = psyi_fields_id(fields, PSYI_FIELD_LOCAL_NO, &record->local_no);
    if (status == PSY_OK)
        status = psyi_fields_text(fields, PSYI_FIELD_NAME, &record->name);
    if (status == PSY_OK)
        status = psyi_fields_text(fields, PSYI_FIELD_GRADE, &record->grade_text);
    if (status == PSY_OK)
        status = psyi_fields_text(fields, PSYI_FIELD_CLASS, &record->class_text);
    if (status == PSY_OK)
        status = psyi_fields_grade(fields, &record->grade);
    if (status == PSY_OK)
        status = psyi_fields_class(fields, &record->grade, &record->class_number);
    if (status == PSY_OK)
        status = psyi_fields_sex(fields, &record->sex);
    if (status == PSY_OK)
        status = psyi_fields_age(fields, &record->age);
    if (status == PSY_OK)
        status = psyi_fields_informant(fields, &record->informant);
    if (status == PSY_OK)
        status = psyi_fields_consent(fields, &record->consent);
    if (status == PSY_OK)
        status = psyi_fields_submitted(fields, &record->submitted_at);
    if (status == PSY_OK)
        status = psyi_fields_duration(fields, &record->seconds);
    if (status == PSY_OK)
        status = psyi_fields_day(fields, PSYI_FIELD_BIRTH_DATE, &record->born);
    return status;
}

static psy_status keep_texts(psyi_rows *rows, psyi_record *record)
{
    const size_t n = rows->options->n_keep;
    if (n == 0)
        return PSY_OK;
    const char **const kept = psyi_arena_alloc(&rows->intake->arena, n, sizeof *kept);
    if (kept == NULL)
        return psyi_fail_memory(rows->error, "records");
    memcpy(kept, rows->kept, n * sizeof *kept);
    record->kept = kept;
    return PSY_OK;
}

psy_status psyi_rows_record(psyi_rows *rows)
{
    psyi_intake *const intake = rows->intake;
    const size_t index = intake->n_records;
    psyi_record *const record = &intake->records[index];
    memset(record, 0, sizeof *record);
    record->file = rows->file;
    record->row = (uint32_t)rows->csv->record_line;
    psy_status status = read_fields(rows, record);
    if (status == PSY_OK)
        status = keep_texts(rows, record);
    if (status != PSY_OK)
        return status;
    for (size_t i = 0; i < rows->header->n_absent; i++) {
        const psyi_absent_item *const absent = &rows->header->absent[i];
        rows->lanes[absent->use][(size_t)absent->item * PSYI_LANES] = PSYI_NOT_APPLICABLE;
    }
    for (size_t use = 0; use < intake->n_uses; use++)
        if (rows->given[use])
            psyi_sheets_mark(intake->sheets[use], index);
    intake->n_records++;
    return PSY_OK;
}
