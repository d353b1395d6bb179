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
    psyi_free(roster->allocator, roster->files);
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
    roster->n_rows = roster->room = 0;
}

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
    psyi_roster *const roster = context;
    void *rows = roster->rows;
    if (!psyi_grow(roster->allocator, &rows, &roster->room, roster->n_rows + 1,
                   sizeof *roster->rows))
        return psyi_fail_memory(error, "the roster");
    roster->rows = rows;
    psyi_roster_row *const row = &roster->rows[roster->n_rows];
    row->row = line;
    row->file = (uint32_t)roster->n_files;
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

/* One more, without rows yet; students say of theirs in two bytes which it is. */
static psy_status make_room(psyi_roster *roster, psy_error *error)
{
    void *files = roster->files;
    if (roster->n_files >= UINT16_MAX)
        return psyi_fail(error, PSY_E_LIMIT, NULL, "more than %d rosters", UINT16_MAX);
    const bool good = psyi_grow(roster->allocator, &files, &roster->files_room, roster->n_files + 1,
                                sizeof *roster->files);
    roster->files = files;
    return good ? PSY_OK : psyi_fail_memory(error, "the roster");
}

static psy_status read_file(psyi_roster *roster, const psyi_input *input, const char *where,
                            const char *path, const psy_source *source, psy_findings *findings,
                            psy_error *error)
{
    const psyi_person_rows job = {.input = input,
                                  .where = where,
                                  .arena = &roster->arena,
                                  .findings = findings,
                                  .context = roster,
                                  .header = check_identity,
                                  .row = take_row};
    const size_t before = roster->n_rows;
    psy_status status = make_room(roster, error);
    if (status != PSY_OK)
        return status;
    psyi_input_file *const file = &roster->files[roster->n_files];
    status = psyi_person_rows_read(&job, path, source, file, error);
    file->rows = roster->n_rows - before;
    roster->n_files += status == PSY_OK;
    return status;
}

psy_status psyi_roster_read(psyi_roster **out, const psyi_input *input, const char *path,
                            const psy_source *source, const psy_allocator *allocator,
                            psy_findings *findings, psy_error *error)
{
    psyi_roster *made = NULL;
    const psy_status status =
        psyi_students_read(&made, input, "inputs/roster", path, source, allocator, findings, error);
    if (status == PSY_OK)
        *out = made;
    return status;
}

psy_status psyi_students_read(psyi_roster **to, const psyi_input *input, const char *where,
                              const char *path, const psy_source *source,
                              const psy_allocator *allocator, psy_findings *findings,
                              psy_error *error)
{
    if (*to != NULL)
        return read_file(*to, input, where, path, source, findings, error);
    psyi_roster *const roster = psyi_alloc(allocator, 1, sizeof *roster);
    if (roster == NULL)
        return psyi_fail_memory(error, "the roster");
    roster->allocator = allocator;
    psyi_arena_init(&roster->arena, allocator);
    const psy_status status = read_file(roster, input, where, path, source, findings, error);
    if (status == PSY_OK)
        *to = roster;
    else
        psyi_roster_free(roster);
    return status;
}
