/*
 * record.c -- from the cells of a row to a record.
 *
 * A row that is too long keeps its record: its cells may be shifted, but what is in it may
 * also be the one paper that must not be lost, so it is read as it stands and reported.
 */
#include "base/fail.h"
#include "intake/cell.h"
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
                               "the row has %zu cell%s, the header %u: the missing ones are blank",
                               n_cells, psyi_s(n_cells), n_shown);
    if (n_extra > 0 && psyi_tally_count(tally, row, PSYI_LONG_ROW))
        return psyi_tally_tell(tally, row, PSYI_LONG_ROW, csv->record_line, error,
                               "the row has %zu cell%s more than the header with something in "
                               "%s: cells may be shifted, check the row",
                               n_extra, psyi_s(n_extra), psyi_one_many(n_extra, "it", "them"));
    return PSY_OK;
}

/* Fields without text are as in `empty`, which was made by the same readers. */
static psy_status read_fields(psyi_fields *fields, psyi_record *record, bool all)
{
    const psyi_cell *const cells = fields->cells;
    psy_status status = PSY_OK;
#define FIELD(name, read)                                                                          \
    if ((all || cells[PSYI_FIELD_##name].length > 0) && status == PSY_OK)                          \
        status = read;
    FIELD(STUDENT, psyi_fields_id(fields, PSYI_FIELD_STUDENT, &record->student))
    FIELD(SCHOOL, psyi_fields_id(fields, PSYI_FIELD_SCHOOL, &record->school))
    FIELD(LOCAL_NO, psyi_fields_id(fields, PSYI_FIELD_LOCAL_NO, &record->local_no))
    FIELD(NAME, psyi_fields_text(fields, PSYI_FIELD_NAME, &record->name))
    FIELD(GRADE, psyi_fields_grade(fields, &record->grade, &record->grade_text))
    FIELD(CLASS,
          psyi_fields_class(fields, &record->grade, &record->class_number, &record->class_text))
    FIELD(SEX, psyi_fields_sex(fields, &record->sex))
    FIELD(AGE, psyi_fields_age(fields, &record->age))
    FIELD(INFORMANT, psyi_fields_informant(fields, &record->informant))
    FIELD(CONSENT, psyi_fields_consent(fields, &record->consent))
    FIELD(SUBMITTED_AT, psyi_fields_submitted(fields, &record->submitted_at))
    FIELD(DURATION, psyi_fields_duration(fields, &record->seconds))
    FIELD(BIRTH_DATE, psyi_fields_day(fields, PSYI_FIELD_BIRTH_DATE, &record->born))
#undef FIELD
    return status;
}

psy_status psyi_record_empty(psyi_fields *fields, psyi_record *out)
{
    memset(out, 0, sizeof *out);
    return read_fields(fields, out, true);
}

static psy_status keep_texts(psyi_range *range, psyi_record *record)
{
    const size_t n = range->rows->options->n_keep;
    if (n == 0)
        return PSY_OK;
    const char **const kept = psyi_arena_alloc(&range->arena, n, sizeof *kept);
    if (kept == NULL)
        return psyi_fail_memory(&range->error, "records");
    memcpy(kept, range->kept, n * sizeof *kept);
    record->kept = kept;
    return PSY_OK;
}

/* The first field with something in it, in the order of fields; an empty cell where there is none.
 */
static psyi_cell first_field(const psyi_range *range)
{
    for (size_t i = 0; i < range->n_fields; i++)
        if (range->fields.cells[range->field[i]].length > 0)
            return range->fields.cells[range->field[i]];
    return (psyi_cell){.text = "", .length = 0};
}

bool psyi_range_is_odd(const psyi_range *range)
{
    const psyi_header *const header = range->rows->header;
    psyi_cell cell = first_field(range);
    psyi_cell_trim(&cell.text, &cell.length);
    if (cell.length == 0 || !range->rows->odd_rows.first[(unsigned char)cell.text[0]])
        return false;
    for (size_t i = 0; i < header->n_columns; i++)
        if (strncmp(header->names[i], cell.text, cell.length) == 0 &&
            header->names[i][cell.length] == '\0')
            return true;
    return psyi_is_sum_word(cell.text, cell.length);
}

psy_status psyi_range_record(psyi_range *range)
{
    const psyi_cell first = first_field(range);
    psyi_row_kind kind = PSYI_ROW_PERSON;
    if (range->n_fields > 0) {
        const psy_status looked = psyi_odd_row(&range->rows->odd_rows, &range->csv, first.text,
                                               first.length, &kind, &range->error);
        if (looked != PSY_OK)
            return looked;
    }
    if (kind != PSYI_ROW_PERSON) {
        if (range->odd[kind].n++ == 0)
            range->odd[kind].first = range->csv.record_line;
        return PSY_OK;
    }
    psyi_record *const record = &range->records[range->n_records];
    *record = range->empty;
    record->file = range->rows->file;
    record->row = (uint32_t)range->csv.record_line;
    psy_status status = read_fields(&range->fields, record, false);
    if (status == PSY_OK)
        status = keep_texts(range, record);
    if (status == PSY_OK)
        range->n_records++;
    return status;
}
