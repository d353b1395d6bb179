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

bool psyi_range_is_header(const psyi_range *range)
{
    bool any = false;
    for (size_t i = 0; i < range->n_fields; i++) {
        const psyi_cell *const cell = &range->fields.cells[range->field[i]];
        const char *text = cell->text;
        size_t length = cell->length;
        if (length == 0)
            continue;
        const char *const head = range->rows->head_of[range->field[i]];
        psyi_cell_trim(&text, &length);
        if (head == NULL || length == 0 || head[0] != text[0] || strlen(head) != length ||
            memcmp(head, text, length) != 0)
            return false;
        any = true;
    }
    return any;
}

psy_status psyi_range_record(psyi_range *range)
{
    if (psyi_range_is_header(range)) {
        if (range->n_heads++ == 0)
            range->first_head = range->csv.record_line;
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
