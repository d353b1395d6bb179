/*
 * arrow_in.c -- a table out of an Arrow struct array: the way back of arrow.c.
 *
 * Everything is copied and checked on the way, so that the table holds what it promises
 * whoever made the array.
 */
#include "base/fail.h"
#include "table/table_internal.h"

#include <string.h>

typedef struct reading {
    const struct ArrowSchema *schema, *parent; /* of the column, and of the struct */
    const struct ArrowArray *array, *around;
    psy_table *table;
    size_t column;
    psy_error *error;
} reading;

static bool bit(const uint8_t *bits, size_t at)
{
    return bits == NULL || (bits[at / 8] >> (at % 8) & 1) != 0;
}

static const void *buffer(const struct ArrowArray *array, int64_t index)
{
    return array->buffers != NULL && index < array->n_buffers ? array->buffers[index] : NULL;
}

static psy_status set_cell(const reading *r, psy_column_type type, size_t row, size_t at)
{
    const void *const data = buffer(r->array, 1);
    const int32_t *const offsets = data;
    const char *text;
    switch (type) {
    case PSY_COLUMN_BOOL:
        return psy_table_set_bool(r->table, r->column, row, bit(data, at));
    case PSY_COLUMN_INT64:
        return psy_table_set_int(r->table, r->column, row, ((const int64_t *)data)[at]);
    case PSY_COLUMN_DOUBLE:
        return psy_table_set_double(r->table, r->column, row, ((const double *)data)[at]);
    case PSY_COLUMN_TEXT:
        break;
    }
    if (offsets[at] < 0 || offsets[at + 1] < offsets[at])
        return psyi_fail(r->error, PSY_E_ARGUMENT, NULL, "the offsets of column '%s' fall",
                         r->schema->name);
    text = buffer(r->array, 2);
    return psy_table_set_text(r->table, r->column, row, text != NULL ? text + offsets[at] : "",
                              text != NULL ? (size_t)(offsets[at + 1] - offsets[at]) : 0, r->error);
}

static psy_status read_column(reading *r, int64_t child)
{
    static const char formats[] = {'b', 'l', 'g', 'u'}; /* in the order of psy_column_type */
    r->schema = r->parent->children[child];
    r->array = r->around->children[child];
    const size_t n = psy_table_row_count(r->table);
    const char *const format = r->schema != NULL ? r->schema->format : NULL;
    if (format == NULL || r->schema->name == NULL || r->array == NULL || r->array->offset < 0 ||
        r->array->length < r->around->offset + r->around->length)
        return psyi_fail(r->error, PSY_E_ARGUMENT, NULL,
                         "child %lld of the Arrow array is not as its schema says",
                         (long long)child);
    const char *const known =
        format[0] != '\0' && format[1] == '\0' ? memchr(formats, format[0], sizeof formats) : NULL;
    if (known == NULL || r->schema->dictionary != NULL)
        return psyi_fail(r->error, PSY_E_UNSUPPORTED, NULL,
                         "column '%s' has the Arrow type '%.20s'; booleans, 64-bit integers, "
                         "doubles and texts are read",
                         r->schema->name, format);
    const psy_column_type type = (psy_column_type)(known - formats);
    if (n > 0 && buffer(r->array, 1) == NULL && r->array->null_count != r->array->length)
        return psyi_fail(r->error, PSY_E_ARGUMENT, NULL, "column '%s' has no buffers",
                         r->schema->name);
    psy_status status = psy_table_add_column(r->table, r->schema->name, type, &r->column, r->error);
    for (size_t row = 0; row < n && status == PSY_OK; row++) {
        const size_t outer = row + (size_t)r->around->offset;
        const size_t at = outer + (size_t)r->array->offset;
        if (buffer(r->array, 1) != NULL && bit(buffer(r->array, 0), at) &&
            bit(buffer(r->around, 0), outer))
            status = set_cell(r, type, row, at);
    }
    return status;
}

psy_status psy_table_import_arrow(psy_table **out, const struct ArrowSchema *schema,
                                  const struct ArrowArray *array, const psy_allocator *allocator,
                                  psy_error *error)
{
    if (out == NULL || schema == NULL || array == NULL || schema->release == NULL ||
        array->release == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "the Arrow array was released");
    if (schema->format == NULL || strcmp(schema->format, "+s") != 0 || array->length < 0 ||
        array->offset < 0 || schema->n_children != array->n_children)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a table comes as an Arrow struct array, one child a column");
    reading r = {.parent = schema, .around = array, .error = error};
    psy_status status = psy_table_new(&r.table, (size_t)array->length, allocator, error);
    for (int64_t child = 0; child < array->n_children && status == PSY_OK; child++)
        status = read_column(&r, child);
    if (status == PSY_OK)
        *out = r.table;
    else
        psy_table_free(r.table);
    return status;
}
