/*
 * arrow_answers.c -- answers out of an Arrow struct array.
 *
 * The array is only looked at: every answer is translated to a byte, so there is nothing to
 * take over.  Columns are found by their generated names; a name that is needed and absent
 * is refused as it is in a file.
 */
#include "answers/memory_answers.h"
#include "answers/needed.h"
#include "answers/person_words.h"
#include "base/fail.h"
#include "table/collect.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double nothing = (double)NAN;

typedef struct import {
    psy_answers *answers;
    const struct ArrowSchema *schema;
    const struct ArrowArray *array;
    size_t first; /* row of the array that is row 0 here */
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

static psy_status refuse_type(const import *job, const char *name, const char *format)
{
    return psyi_fail(job->error, PSY_E_UNSUPPORTED, NULL,
                     "column '%s' has the Arrow type '%.20s'; integers, floats and doubles are "
                     "read",
                     name, format);
}

/* The column as strided numbers; PSY_E_UNSUPPORTED for other types. */
static psy_status as_numbers(const import *job, int64_t child, const char *name, psyi_strided *out)
{
    static const struct {
        char format;
        psy_number_type type;
        bool is_unsigned;
        ptrdiff_t size;
    } types[] = {{'c', PSY_INT8, false, 1},  {'C', PSY_INT8, true, 1},   {'s', PSY_INT16, false, 2},
                 {'S', PSY_INT16, true, 2},  {'i', PSY_INT32, false, 4}, {'I', PSY_INT32, true, 4},
                 {'l', PSY_INT64, false, 8}, {'L', PSY_INT64, true, 8},  {'f', PSY_FLOAT, false, 4},
                 {'g', PSY_DOUBLE, false, 8}};
    const char *const format = job->schema->children[child]->format;
    const struct ArrowArray *const array = job->array->children[child];
    const size_t rows = job->answers->sheets->n_sheets;

    *out = (psyi_strided){.data = NULL};
    if (format == NULL || job->schema->children[child]->dictionary != NULL)
        return refuse_type(job, name, format == NULL ? "none" : "dictionary");
    if (strcmp(format, "n") == 0) { /* a column of nulls */
        out->data = (const unsigned char *)&nothing;
        out->type = PSY_DOUBLE;
        return PSY_OK;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (format[0] != types[i].format || format[1] != '\0')
            continue;
        if (array->n_buffers != 2 || array->buffers == NULL ||
            (array->buffers[1] == NULL && rows > 0))
            return psyi_fail(job->error, PSY_E_ARGUMENT, NULL, "column '%s' has no buffers", name);
        const size_t first = job->first + (size_t)array->offset;
        out->type = types[i].type;
        out->is_unsigned = types[i].is_unsigned;
        out->stride = types[i].size;
        if (rows > 0)
            out->data = (const unsigned char *)array->buffers[1] + first * (size_t)types[i].size;
        out->valid = array->buffers[0];
        out->valid_offset = first;
        out->also_valid = job->array->n_buffers > 0 && job->array->buffers != NULL
                              ? job->array->buffers[0]
                              : NULL;
        out->also_valid_offset = (size_t)job->array->offset;
        return PSY_OK;
    }
    return refuse_type(job, name, format);
}

static bool bit(const uint8_t *bits, size_t at)
{
    return bits == NULL || (bits[at / 8] >> (at % 8) & 1) != 0;
}

/* Words of a text column to `codes`, -1 for a word without a meaning. */
static void read_words(const import *job, const struct ArrowArray *array, bool wide,
                       psy_person_field field, int8_t *codes)
{
    const char *const bytes = array->buffers[2];
    for (size_t row = 0; row < job->answers->sheets->n_sheets; row++) {
        const size_t at = job->first + (size_t)array->offset + row;
        int64_t from, to;
        if (wide) {
            from = ((const int64_t *)array->buffers[1])[at];
            to = ((const int64_t *)array->buffers[1])[at + 1];
        } else {
            from = ((const int32_t *)array->buffers[1])[at];
            to = ((const int32_t *)array->buffers[1])[at + 1];
        }
        codes[row] = 0;
        if (!bit(array->buffers[0], at) || from >= to)
            continue;
        const size_t length = (size_t)(to - from);
        const int value = field == PSY_PERSON_SEX ? (int)psyi_sex_word(bytes + from, length)
                                                  : (int)psyi_informant_word(bytes + from, length);
        codes[row] = (int8_t)(value == 0 ? -1 : value);
    }
}

static psy_status import_words(const import *job, int64_t child, psy_person_field field,
                               const char *name, bool wide)
{
    const struct ArrowArray *const array = job->array->children[child];
    const size_t rows = job->answers->sheets->n_sheets;
    if (array->n_buffers != 3 || array->buffers == NULL || (rows > 0 && array->buffers[1] == NULL))
        return psyi_fail(job->error, PSY_E_ARGUMENT, NULL, "column '%s' has no buffers", name);
    int8_t *const codes = psyi_alloc(job->answers->allocator, rows, 1);
    if (codes == NULL)
        return psyi_fail_memory(job->error, name);
    if (rows > 0)
        read_words(job, array, wide, field, codes);
    const double unknown = 0;
    const psyi_strided column = {
        .data = (const unsigned char *)codes, .type = PSY_INT8, .stride = 1, .missing = &unknown};
    const psy_status status = psyi_answers_set_person(job->answers, field, &column, job->error);
    psyi_free(job->answers->allocator, codes);
    return status;
}

static psy_status import_persons(const import *job)
{
    static const struct {
        const char *name;
        psy_person_field field;
        bool words;
    } fields[] = {{"sex", PSY_PERSON_SEX, true},
                  {"grade", PSY_PERSON_GRADE, false},
                  {"age", PSY_PERSON_AGE, false},
                  {"informant", PSY_PERSON_INFORMANT, true}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *const name = fields[i].name;
        const int64_t child = find_child(job, name);
        if (child == -2)
            return psyi_fail(job->error, PSY_E_DATA, NULL, "there are two columns '%s'", name);
        if (child < 0)
            continue;
        const char *const format = job->schema->children[child]->format;
        const bool text = format != NULL && job->schema->children[child]->dictionary == NULL &&
                          (strcmp(format, "u") == 0 || strcmp(format, "U") == 0);
        psy_status status;
        if (text && fields[i].words) {
            status = import_words(job, child, fields[i].field, name, format[0] == 'U');
        } else {
            psyi_strided column;
            status = as_numbers(job, child, name, &column);
            if (status == PSY_OK)
                status =
                    psyi_answers_set_person(job->answers, fields[i].field, &column, job->error);
        }
        if (status != PSY_OK)
            return psyi_fail_within(job->error, status, name);
    }
    return PSY_OK;
}

/* Absent columns: refused where something is scored from them, else noted once. */
static psy_status check_absent(const import *job, const int64_t *children, const uint8_t *need)
{
    const psy_instrument *const instrument = job->answers->instrument;
    size_t n_absent = 0;
    for (size_t i = 0; i < instrument->n_items; i++) {
        if (children[i] >= 0)
            continue;
        n_absent++;
        bool refused = need[i] == PSYI_NEED_ALWAYS;
        for (size_t j = 0; j < instrument->n_items && need[i] == PSYI_NEED_PART; j++)
            if (children[j] >= 0 && instrument->items[j].part == instrument->items[i].part)
                refused = true;
        if (refused)
            return psyi_fail(job->error, PSY_E_DATA, NULL,
                             "there is no column '%s_%s', which %s needs", instrument->id,
                             instrument->items[i].id, instrument->id);
    }
    if (n_absent == 0)
        return PSY_OK;
    const psy_finding finding = {.rule = "columns_absent", .severity = PSY_NOTE};
    return psyi_find(job->findings, &finding, job->error,
                     "%zu items of %s that nothing scored needs have no column: not applicable",
                     n_absent, instrument->id);
}

static psy_status import_items(const import *job, int64_t *children, uint8_t *need)
{
    const psy_instrument *const instrument = job->answers->instrument;
    char name[160];
    for (size_t i = 0; i < instrument->n_items; i++) {
        snprintf(name, sizeof name, "%s_%s", instrument->id, instrument->items[i].id);
        children[i] = find_child(job, name);
        if (children[i] == -2)
            return psyi_fail(job->error, PSY_E_DATA, NULL, "there are two columns '%s'", name);
    }
    psyi_items_needed(instrument, job->answers->variant, PSYI_INFORMANT_UNKNOWN, need);
    psy_status status = check_absent(job, children, need);
    for (size_t i = 0; i < instrument->n_items && status == PSY_OK; i++) {
        psyi_strided column;
        if (children[i] < 0)
            continue;
        snprintf(name, sizeof name, "%s_%s", instrument->id, instrument->items[i].id);
        status = as_numbers(job, children[i], name, &column);
        if (status == PSY_OK)
            status =
                psyi_answers_set_column(job->answers, i, &column, name, job->findings, job->error);
    }
    return status;
}

static psy_status check_array(const import *job)
{
    const struct ArrowSchema *const schema = job->schema;
    const struct ArrowArray *const array = job->array;
    if (schema == NULL || array == NULL || schema->release == NULL || array->release == NULL)
        return psyi_fail(job->error, PSY_E_ARGUMENT, NULL, "the Arrow array was released");
    if (schema->format == NULL || strcmp(schema->format, "+s") != 0 ||
        schema->n_children != array->n_children || bad_length(array, 0))
        return psyi_fail(job->error, PSY_E_ARGUMENT, NULL,
                         "answers come as an Arrow struct array, one child a column");
    if ((uint64_t)array->length != job->answers->sheets->n_sheets)
        return psyi_fail(job->error, PSY_E_DATA, NULL,
                         "the Arrow array has %lld rows, the answers have %zu",
                         (long long)array->length, job->answers->sheets->n_sheets);
    for (int64_t i = 0; i < array->n_children; i++)
        if (schema->children[i] == NULL ||
            bad_length(array->children[i], array->offset + array->length))
            return psyi_fail(job->error, PSY_E_ARGUMENT, NULL,
                             "child %lld of the Arrow array is shorter than the array",
                             (long long)i);
    return PSY_OK;
}

psy_status psy_answers_import_arrow(psy_answers *answers, const struct ArrowSchema *schema,
                                    const struct ArrowArray *array, psy_findings *findings,
                                    psy_error *error)
{
    if (answers == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no answers to import into");
import job = {answers, schema, array, 0, findings, error };
    psy_status status = check_array(&job);
    if (status != PSY_OK)
        return status;
    job.first = (size_t)array->offset;
    const size_t n_items = answers->instrument->n_items;
    int64_t *const children = psyi_alloc(answers->allocator, n_items, sizeof *children);
    uint8_t *const need = psyi_alloc(answers->allocator, n_items, 1);
    status = children == NULL || need == NULL ? psyi_fail_memory(error, "Arrow columns")
                                              : import_items(&job, children, need);
    if (status == PSY_OK)
        status = import_persons(&job);
    psyi_free(answers->allocator, children);
    psyi_free(answers->allocator, need);
    return status;
}
