/*
 * roster.c -- who should have answered.
 */
#include "base/fail.h"
#include "intake/person_rows.h"
#include "intake/records.h"

void psyi_roster_free(psyi_roster *roster)
{
    if (roster == NULL)
        return;
    psyi_roster_free(roster->links);
    psyi_free(roster->allocator, roster->rows);
    psyi_arena_done(&roster->arena);
    psyi_free(roster->allocator, roster);
}

void psyi_roster_forget(psyi_roster *roster)
{
    if (roster == NULL)
        return;
    psyi_roster_forget(roster->links);
    psyi_free(roster->allocator, roster->rows);
    roster->rows = NULL;
    roster->n_rows = 0;
}

typedef struct filling {
    psyi_roster *roster;
    size_t room;
} filling;

static psy_status fill_row(psyi_fields *fields, psyi_roster_row *row)
{
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
                 {PSYI_FIELD_NAME, &row->name},
                 {PSYI_FIELD_AREA, &row->area},
                 {PSYI_FIELD_EXEMPT_REASON, &row->exempt_reason}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == PSY_OK; i++)
        status = psyi_fields_text(fields, texts[i].field, texts[i].out);
    if (status == PSY_OK)
        status = psyi_fields_grade(fields, &row->grade, &row->grade_text);
    if (status == PSY_OK)
        status = psyi_fields_class(fields, &row->grade, &row->class_number, &row->class_text);
    if (status == PSY_OK)
        status = psyi_fields_age(fields, &row->age);
    if (status == PSY_OK)
        status = psyi_fields_sex(fields, &row->sex);
    if (status == PSY_OK)
        status = psyi_fields_consent(fields, &row->consent);
    if (status == PSY_OK)
        status = psyi_fields_required(fields, &row->required);
    if (status == PSY_OK)
        status = psyi_fields_day(fields, PSYI_FIELD_BIRTH_DATE, &row->born);
    return status;
}

static psy_status take_row(void *context, psyi_fields *fields, uint32_t line, psy_error *error)
{
    filling *const in = context;
    psyi_roster *const roster = in->roster;
    void *rows = roster->rows;
    if (!psyi_grow(roster->allocator, &rows, &in->room, roster->n_rows + 1, sizeof *roster->rows))
        return psyi_fail_memory(error, "the roster");
    roster->rows = rows;
    psyi_roster_row *const row = &roster->rows[roster->n_rows];
    row->row = line;
    const psy_status status = fill_row(fields, row);
    if (status == PSY_OK)
        roster->n_rows++;
    return status;
}

/* A roster that names nobody cannot be matched. */
static psy_status check_identity(const psyi_fields *fields, const psyi_header *header,
                                 psy_error *error)
{
    if (fields->column[PSYI_FIELD_STUDENT] != PSYI_NO_COLUMN ||
        fields->column[PSYI_FIELD_NAME] != PSYI_NO_COLUMN)
        return PSY_OK;
    const psy_location where = psyi_location(fields->csv->file, (size_t)header->line, 1, 1);
    return psyi_fail_within(error,
                            psyi_fail(error, PSY_E_DATA, &where,
                                      "no column says who the students are: declare columns: "
                                      "{student: ...} or {name: ...}"),
                            fields->where);
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
    filling in = {.roster = roster};
    const psyi_person_rows job = {.input = input,
                                  .where = where,
                                  .arena = &roster->arena,
                                  .findings = findings,
                                  .context = &in,
                                  .header = check_identity,
                                  .row = take_row};
    const psy_status status = psyi_person_rows_read(&job, path, source, &roster->file, error);
    roster->file.rows = roster->n_rows;
    if (status == PSY_OK)
        *out = roster;
    else
        psyi_roster_free(roster);
    return status;
}
