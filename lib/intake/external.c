/*
 * external.c -- reports about children from outside the questionnaires.
 *
 * Only what the plan enumerates is taken; free text is carried along for the psychology
 * teacher and never quoted in a message, whatever column it strayed into.
 */
#include "intake/external.h"
#include "base/fail.h"
#include "intake/header.h"
#include "intake/person_rows.h"
#include "table/collect.h"

#include <string.h>

typedef struct taking {
    psyi_external *external;
    const psy_plan *plan;
    psy_findings *findings;
    size_t room;
} taking;

static const char *const source_words[PSYI_SOURCES] = {NULL,       "teacher", "parent", "peer",
                                                       "hospital", "history", "other"};

psyi_label psyi_source_label(psyi_external_source source)
{
    static const psyi_label labels[PSYI_SOURCES] = {
        [PSYI_SOURCE_UNKNOWN] = {"source unknown", "来源不详"},
        [PSYI_SOURCE_TEACHER] = {"class teacher", "班主任"},
        [PSYI_SOURCE_PARENT] = {"parent", "家长"},
        [PSYI_SOURCE_PEER] = {"peer", "同伴"},
        [PSYI_SOURCE_HOSPITAL] = {"hospital", "医院"},
        [PSYI_SOURCE_HISTORY] = {"known case", "既往名单"},
        [PSYI_SOURCE_OTHER] = {"other", "其他"},
    };
    return labels[(unsigned)source < PSYI_SOURCES ? source : PSYI_SOURCE_UNKNOWN];
}

static psy_status leave_out(const taking *in, const psyi_fields *fields, uint32_t line,
                            psyi_field field, const char *rule, psy_severity severity,
                            const char *sentence, const char *remedy)
{
    const uint32_t column = fields->column[field];
    const psy_finding finding = {.file = fields->csv->file,
                                 .row = line,
                                 .field = column != PSYI_NO_COLUMN ? fields->tally->names[column]
                                                                   : psyi_field_name(field),
                                 .rule = rule,
                                 .severity = severity,
                                 .remedy = remedy};
    return psyi_find(in->findings, &finding, fields->error, "%s", sentence);
}

static psy_status read_source(const taking *in, psyi_fields *fields, uint32_t line, uint8_t *out)
{
    bool empty;
    const char *const word = psyi_fields_code(fields, PSYI_FIELD_SOURCE, &empty);
    *out = PSYI_SOURCE_UNKNOWN;
    if (empty)
        return PSY_OK;
    const char *text = "";
    psy_status status = PSY_OK;
    if (word == NULL)
        status = psyi_fields_text(fields, PSYI_FIELD_SOURCE, &text);
    for (unsigned i = PSYI_SOURCE_TEACHER; i < PSYI_SOURCES; i++)
        if (word != NULL ? strcmp(word, source_words[i]) == 0
                         : strcmp(text, source_words[i]) == 0 ||
                               strcmp(text, psyi_source_label((psyi_external_source)i).zh) == 0)
            *out = (uint8_t)i;
    if (status == PSY_OK && *out == PSYI_SOURCE_UNKNOWN)
        status = leave_out(in, fields, line, PSYI_FIELD_SOURCE, "external_source", PSY_WARNING,
                           "the source is none that is declared: it is printed as unknown",
                           "declare codes: {source: {<text>: teacher}} under inputs/external");
    return status;
}

/* Index of the row's code, or PSYI_NO_INDEX with a finding. */
static psy_status read_code(const taking *in, psyi_fields *fields, uint32_t line, uint16_t *out)
{
    bool empty;
    const char *const id = psyi_fields_code(fields, PSYI_FIELD_CODE, &empty);
    *out = PSYI_NO_INDEX;
    for (size_t i = 0; id != NULL && i < in->plan->n_external_codes; i++)
        if (strcmp(in->plan->external_codes[i].id, id) == 0)
            *out = (uint16_t)i;
    if (*out != PSYI_NO_INDEX)
        return PSY_OK;
    return leave_out(in, fields, line, PSYI_FIELD_CODE, "external_code", PSY_ERROR,
                     empty ? "the report has no code and is left out"
                           : "the code of the report is none that the plan declares: the report "
                             "is left out",
                     "declare codes: {code: {<text>: <name>}} under inputs/external");
}

static psy_status fill(const taking *in, psyi_fields *fields, uint32_t line, psyi_external_row *row)
{
    row->row = line;
    psy_status status = psyi_fields_id(fields, PSYI_FIELD_SCHOOL, &row->school);
    if (status == PSY_OK)
        status = psyi_fields_text(fields, PSYI_FIELD_TEXT, &row->text);
    if (status == PSY_OK)
        status = psyi_fields_text(fields, PSYI_FIELD_BY, &row->by);
    if (status == PSY_OK)
        status = psyi_fields_day(fields, PSYI_FIELD_DATE, &row->day);
    if (status == PSY_OK)
        status = read_source(in, fields, line, &row->source);
    return status;
}

static psy_status take_row(void *context, psyi_fields *fields, uint32_t line, psy_error *error)
{
    taking *const in = context;
    psyi_external *const external = in->external;
    psyi_external_row row = {.code = PSYI_NO_INDEX};
    psy_status status = psyi_fields_id(fields, PSYI_FIELD_STUDENT, &row.student);
    if (status == PSY_OK && row.student[0] == '\0')
        return leave_out(in, fields, line, PSYI_FIELD_STUDENT, "external_student", PSY_ERROR,
                         "the report names no student and is left out",
                         "find out today about whom it is");
    if (status == PSY_OK)
        status = read_code(in, fields, line, &row.code);
    if (status == PSY_OK && row.code == PSYI_NO_INDEX)
        return PSY_OK;
    if (status == PSY_OK)
        status = fill(in, fields, line, &row);
    if (status != PSY_OK)
        return status;
    void *rows = external->rows;
    if (!psyi_grow(external->allocator, &rows, &in->room, external->n_rows + 1,
                   sizeof *external->rows))
        return psyi_fail_memory(error, "external information");
    external->rows = rows;
    external->rows[external->n_rows++] = row;
    return PSY_OK;
}

void psyi_external_free(psyi_external *external)
{
    if (external == NULL)
        return;
    psyi_free(external->allocator, external->rows);
    psyi_arena_done(&external->arena);
    psyi_free(external->allocator, external);
}

psy_status psyi_external_read(psyi_external **out, const psy_plan *plan, const char *path,
                              const psy_source *source, const psy_allocator *allocator,
                              psy_findings *findings, psy_error *error)
{
    psyi_external *const external = psyi_alloc(allocator, 1, sizeof *external);
    if (external == NULL)
        return psyi_fail_memory(error, "external information");
    external->allocator = allocator;
    psyi_arena_init(&external->arena, allocator);
    taking in = {.external = external, .plan = plan, .findings = findings};
    const psyi_person_rows job = {.input = &plan->external,
                                  .where = "inputs/external",
                                  .arena = &external->arena,
                                  .findings = findings,
                                  .context = &in,
                                  .row = take_row};
    const psy_status status = psyi_person_rows_read(&job, path, source, &external->file, error);
    external->file.rows = external->n_rows;
    if (status == PSY_OK)
        *out = external;
    else
        psyi_external_free(external);
    return status;
}
