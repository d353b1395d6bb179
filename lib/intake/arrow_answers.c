/*
 * arrow_answers.c -- answers out of Arrow struct arrays: one, or a stream of them.
 *
 * The arrays are only looked at: every answer is translated to a byte, so there is nothing to
 * take over.  Columns are found by their generated names; a name that is needed and absent
 * is refused as it is in a file.
 */
#include "answers/needed.h"
#include "base/fail.h"
#include "intake/arrow_column.h"
#include "table/collect.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    psy_person_field field;
} person_fields[] = {{"sex", PSY_PERSON_SEX},
                     {"grade", PSY_PERSON_GRADE},
                     {"age", PSY_PERSON_AGE},
                     {"informant", PSY_PERSON_INFORMANT}};

enum { PERSON_FIELDS = sizeof person_fields / sizeof *person_fields };

typedef struct import {
    psy_answers *answers;
    const struct ArrowSchema *schema;
    const struct ArrowArray *batches;
    size_t n_batches;
    psyi_arena *arena;
    psy_findings *findings;
    psy_error *error;
} import;

static bool bad_length(const struct ArrowArray *array, int64_t need)
{
    return array == NULL || array->length < 0 || array->offset < 0 || array->length < need;
}

/* Index of the child called `name`, or -1; -2 when there are several. */
static int64_t find_child(const import *job, const char *name)
{
    int64_t found = -1;
    for (int64_t i = 0; i < job->schema->n_children; i++) {
        const char *const child = job->schema->children[i]->name;
        if (child != NULL && strcmp(child, name) == 0) {
            if (found >= 0)
                return -2;
            found = i;
        }
    }
    return found;
}

static void item_name(const psy_instrument *instrument, size_t item, char *out, size_t size)
{
    snprintf(out, size, "%s_%s", instrument->id, instrument->items[item].id);
}

static psyi_arrow_column piece(const import *job, size_t batch, int64_t child, const char *name)
{
    const struct ArrowArray *const around = &job->batches[batch];
    return (psyi_arrow_column){.name = name,
                               .schema = job->schema->children[child],
                               .array = around->children[child],
                               .around = around,
                               .n = (size_t)around->length};
}

static psy_status import_persons(const import *job)
{
    for (size_t i = 0; i < PERSON_FIELDS; i++) {
        const char *const name = person_fields[i].name;
        const int64_t child = find_child(job, name);
        psy_status status = PSY_OK;
        if (child == -2)
            return psyi_fail(job->error, PSY_E_DATA, NULL, "there are two columns '%s'", name);
        size_t first = 0;
        for (size_t b = 0; b < job->n_batches && child >= 0 && status == PSY_OK; b++) {
            const psyi_arrow_column column = piece(job, b, child, name);
            status =
                psyi_arrow_person(job->answers, person_fields[i].field, first, &column, job->error);
            first += column.n;
        }
        if (status != PSY_OK)
            return psyi_fail_within(job->error, status, name);
    }
    return PSY_OK;
}

static psy_status import_item(const import *job, size_t item, int64_t child)
{
    psyi_arrow_filling filling;
    char name[160];
    item_name(job->answers->instrument, item, name, sizeof name);
    psyi_arrow_begin(&filling, job->answers, item, name, job->arena, job->findings);
    psy_status status = PSY_OK;
    size_t first = 0;
    for (size_t b = 0; b < job->n_batches && status == PSY_OK; b++) {
        const psyi_arrow_column column = piece(job, b, child, name);
        status = psyi_arrow_add(&filling, first, &column, job->error);
        first += column.n;
    }
    return status == PSY_OK ? psyi_filling_end(&filling.numbers, job->error) : status;
}

/* ---- what is absent ---- */

/* Refused where something is scored from the column, else noted once. */
static psy_status complete(const psy_answers *answers, const bool *there, psy_findings *findings,
                           psy_error *error)
{
    const psy_instrument *const instrument = answers->instrument;
    uint8_t *const need = psyi_alloc(answers->allocator, instrument->n_items, 1);
    if (need == NULL)
        return psyi_fail_memory(error, "columns");
    psyi_items_needed(instrument, answers->variant, PSYI_INFORMANT_UNKNOWN, need);
    size_t n_absent = 0;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < instrument->n_items && status == PSY_OK; i++) {
        if (there[i])
            continue;
        n_absent++;
        bool refused = need[i] == PSYI_NEED_ALWAYS;
        for (size_t j = 0; j < instrument->n_items && need[i] == PSYI_NEED_PART; j++)
            refused =
                refused || (there[j] && instrument->items[j].part == instrument->items[i].part);
        if (refused)
            status =
                psyi_fail(error, PSY_E_DATA, NULL, "there is no column '%s_%s', which %s needs",
                          instrument->id, instrument->items[i].id, instrument->id);
    }
    psyi_free(answers->allocator, need);
    if (status != PSY_OK || n_absent == 0)
        return status;
    const psy_finding finding = {.rule = "columns_absent", .severity = PSY_NOTE};
    return psyi_find(findings, &finding, error,
                     "%zu item%s of %s that nothing scored needs %s no column: not applicable",
                     n_absent, psyi_s(n_absent), instrument->id,
                     psyi_one_many(n_absent, "has", "have"));
}

psy_status psy_answers_complete(const psy_answers *answers, psy_findings *findings,
                                psy_error *error)
{
    if (answers == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no answers to look at");
    return complete(answers, answers->set, findings, error);
}

/* Columns are looked for before anything is read, so that a missing one is told first. */
static psy_status import_items(const import *job, int64_t *children, bool *there)
{
    const psy_instrument *const instrument = job->answers->instrument;
    char name[160];
    for (size_t i = 0; i < instrument->n_items; i++) {
        item_name(instrument, i, name, sizeof name);
        children[i] = find_child(job, name);
        if (children[i] == -2)
            return psyi_fail(job->error, PSY_E_DATA, NULL, "there are two columns '%s'", name);
        there[i] = job->answers->set[i] || children[i] >= 0;
    }
    psy_status status = complete(job->answers, there, job->findings, job->error);
    for (size_t i = 0; i < instrument->n_items && status == PSY_OK; i++)
        if (children[i] >= 0)
            status = import_item(job, i, children[i]);
    return status;
}

/* ---- one array ---- */

static psy_status check_batch(const import *job, const struct ArrowArray *array)
{
    const struct ArrowSchema *const schema = job->schema;
    if (array->n_children != schema->n_children || bad_length(array, 0))
        return psyi_fail(job->error, PSY_E_ARGUMENT, NULL,
                         "answers come as an Arrow struct array, one child a column");
    for (int64_t i = 0; i < array->n_children; i++)
        if (schema->children[i] == NULL ||
            bad_length(array->children[i], array->offset + array->length))
            return psyi_fail(job->error, PSY_E_ARGUMENT, NULL,
                             "child %lld of the Arrow array is shorter than the array",
                             (long long)i);
    return PSY_OK;
}

static psy_status check_schema(const struct ArrowSchema *schema, psy_error *error)
{
    if (schema == NULL || schema->release == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "the Arrow array was released");
    if (schema->format == NULL || strcmp(schema->format, "+s") != 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "answers come as an Arrow struct array, one child a column");
    return PSY_OK;
}

static psy_status run(import *job)
{
    psyi_arena arena;
    psyi_arena_init(&arena, job->answers->allocator);
    job->arena = &arena;
    const size_t n_items = job->answers->instrument->n_items;
    int64_t *const children = psyi_arena_alloc(&arena, n_items, sizeof *children);
    bool *const there = psyi_arena_alloc(&arena, n_items, sizeof *there);
    psy_status status = children == NULL || there == NULL
                            ? psyi_fail_memory(job->error, "Arrow columns")
                            : import_items(job, children, there);
    if (status == PSY_OK)
        status = import_persons(job);
    psyi_arena_done(&arena);
    return status;
}

psy_status psy_answers_import_arrow(psy_answers *answers, const struct ArrowSchema *schema,
                                    const struct ArrowArray *array, psy_findings *findings,
                                    psy_error *error)
{
    if (answers == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no answers to import into");
    psy_status status = check_schema(schema, error);
    if (status != PSY_OK)
        return status;
    if (array == NULL || array->release == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "the Arrow array was released");
import job = {.answers = answers, .schema = schema, .batches = array, .n_batches = 1, .findings = findings };
    job.error = error;
    status = check_batch(&job, array);
    if (status == PSY_OK && (uint64_t)array->length != answers->sheets->n_sheets)
        status = psyi_fail(error, PSY_E_DATA, NULL,
                           "the Arrow array has %lld rows, the answers have %zu",
                           (long long)array->length, answers->sheets->n_sheets);
    return status == PSY_OK ? run(&job) : status;
}

/* ---- one column ---- */

static size_t find_item(const psy_instrument *instrument, const char *name)
{
    char own[160];
    for (size_t i = 0; i < instrument->n_items; i++) {
        item_name(instrument, i, own, sizeof own);
        if (strcmp(own, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

static psy_status import_one(psy_answers *answers, size_t item, const psyi_arrow_column *column,
                             psy_findings *findings, psy_error *error)
{
    psyi_arena arena;
    psyi_arrow_filling filling;
    psyi_arena_init(&arena, answers->allocator);
    psyi_arrow_begin(&filling, answers, item, column->name, &arena, findings);
    psy_status status = psyi_arrow_add(&filling, 0, column, error);
    if (status == PSY_OK)
        status = psyi_filling_end(&filling.numbers, error);
    psyi_arena_done(&arena);
    return status;
}

psy_status psy_answers_import_column(psy_answers *answers, const char *name,
                                     const struct ArrowSchema *schema,
                                     const struct ArrowArray *array, psy_findings *findings,
                                     psy_error *error)
{
    if (answers == NULL || name == NULL || schema == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no answers, name or column");
    if (bad_length(array, 0))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "column '%s' has no length", name);
    if ((uint64_t)array->length != answers->sheets->n_sheets)
        return psyi_fail(error, PSY_E_DATA, NULL, "column '%s' has %lld rows, the answers have %zu",
                         name, (long long)array->length, answers->sheets->n_sheets);
    const psyi_arrow_column column = {
        .name = name, .schema = schema, .array = array, .n = (size_t)array->length};
    for (size_t i = 0; i < PERSON_FIELDS; i++)
        if (strcmp(person_fields[i].name, name) == 0) {
            const psy_status status =
                psyi_arrow_person(answers, person_fields[i].field, 0, &column, error);
            return status == PSY_OK ? PSY_OK : psyi_fail_within(error, status, name);
        }
    const size_t item = find_item(answers->instrument, name);
    if (item == SIZE_MAX)
        return psyi_fail(error, PSY_E_NOT_FOUND, NULL, "%s has no column '%s'",
                         answers->instrument->id, name);
    return import_one(answers, item, &column, findings, error);
}

/* ---- a stream ---- */

typedef struct stream {
    struct ArrowArrayStream *source;
    const psy_allocator *allocator;
    struct ArrowSchema schema;
    struct ArrowArray *batches;
    size_t n, room, n_rows;
} stream;

static void stream_done(stream *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->batches[i].release != NULL)
            s->batches[i].release(&s->batches[i]);
    psyi_free(s->allocator, s->batches);
    if (s->schema.release != NULL)
        s->schema.release(&s->schema);
}

static psy_status stream_failed(const stream *s, int code, psy_error *error)
{
    const char *const words =
        s->source->get_last_error != NULL ? s->source->get_last_error(s->source) : NULL;
    return psyi_fail(error, PSY_E_IO, NULL, "the Arrow stream failed: %.300s (%d)",
                     words != NULL ? words : "it does not say why", code);
}

static psy_status stream_read(stream *s, psy_error *error)
{
    int code = s->source->get_schema(s->source, &s->schema);
    if (code != 0) {
        s->schema.release = NULL;
        return stream_failed(s, code, error);
    }
    psy_status status = check_schema(&s->schema, error);
    while (status == PSY_OK) {
        void *batches = s->batches;
        const bool good = psyi_grow(s->allocator, &batches, &s->room, s->n + 1, sizeof *s->batches);
        s->batches = batches;
        if (!good)
            return psyi_fail_memory(error, "an Arrow stream");
        struct ArrowArray *const batch = &s->batches[s->n];
        *batch = (struct ArrowArray){.release = NULL};
        code = s->source->get_next(s->source, batch);
        if (code != 0)
            return stream_failed(s, code, error);
        if (batch->release == NULL)
            break; /* the end */
        s->n++;
        const import job = {.schema = &s->schema, .error = error};
        status = check_batch(&job, batch);
        s->n_rows += status == PSY_OK ? (size_t)batch->length : 0;
    }
    return status;
}

psy_status psy_answers_import_stream(psy_answers **out, const psy_instrument *instrument,
                                     const char *variant, struct ArrowArrayStream *source,
                                     const psy_allocator *allocator, psy_findings *findings,
                                     psy_error *error)
{
    if (out == NULL || source == NULL || source->release == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "the Arrow stream was released");
    stream s = {.source = source, .allocator = allocator};
    psy_answers *answers = NULL;
    psy_status status = stream_read(&s, error);
    if (status == PSY_OK)
        status = psy_answers_new(&answers, instrument, variant, s.n_rows, allocator, error);
    if (status == PSY_OK) {
import job = {.answers = answers, .schema = & s.schema, .batches = s.batches, .n_batches = s.n, .findings = findings, .error = error };
        status = run(&job);
    }
    stream_done(&s);
    if (status == PSY_OK)
        *out = answers;
    else
        psy_answers_free(answers);
    return status;
}
