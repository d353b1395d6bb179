/*
 * arrow.c -- a table as an Arrow struct array.
 *
 * The format is the C data interface published by Apache Arrow
 * (arrow.apache.org/docs/format/CDataInterface.html).  A consumer may move any child out of
 * its parent and release the two at different times, so each child owns its column, unless
 * the table only lends it.  All blocks are made before anything is handed over: on failure
 * the table is as it was.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "table/table_internal.h"

#include <string.h>

#define NULLABLE 2 /* ARROW_FLAG_NULLABLE */

/* What the release of one exported structure frees; children are released, then freed. */
typedef struct array_owner {
    const psy_allocator *allocator;
    psyi_column column; /* of a child; empty in the struct array and where it is lent */
    uint8_t *bits;      /* booleans as Arrow stores them */
    const void *buffers[3];
    struct ArrowArray **children;
    struct ArrowArray *storage; /* where the children are, as long as nobody moves them */
} array_owner;

typedef struct schema_owner {
    const psy_allocator *allocator;
    char *name;
    struct ArrowSchema **children;
    struct ArrowSchema *storage;
} schema_owner;

static void free_array_owner(array_owner *owner)
{
    if (owner == NULL)
        return;
    const psy_allocator *const allocator = owner->allocator;
    psyi_column_done(allocator, &owner->column);
    psyi_free(allocator, owner->bits);
    psyi_free(allocator, owner->children);
    psyi_free(allocator, owner->storage);
    psyi_free(allocator, owner);
}

static void free_schema_owner(schema_owner *owner)
{
    if (owner == NULL)
        return;
    const psy_allocator *const allocator = owner->allocator;
    psyi_free(allocator, owner->name);
    psyi_free(allocator, owner->children);
    psyi_free(allocator, owner->storage);
    psyi_free(allocator, owner);
}

static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release != NULL)
            array->children[i]->release(array->children[i]);
    free_array_owner(array->private_data);
    array->private_data = NULL;
    array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release != NULL)
            schema->children[i]->release(schema->children[i]);
    free_schema_owner(schema->private_data);
    schema->private_data = NULL;
    schema->release = NULL;
}

/* Schema node with room for `n` children; false without memory. */
static bool make_schema(struct ArrowSchema *schema, const char *name, const char *format, size_t n,
                        const psy_allocator *allocator)
{
    schema_owner *const owner = psyi_alloc(allocator, 1, sizeof *owner);
    if (owner == NULL)
        return false;
    owner->allocator = allocator;
    owner->name = psyi_text_copy(allocator, name, strlen(name));
    bool good = owner->name != NULL;
    if (n > 0) {
        owner->children = psyi_alloc(allocator, n, sizeof(struct ArrowSchema *));
        owner->storage = psyi_alloc(allocator, n, sizeof *owner->storage);
        good = good && owner->children != NULL && owner->storage != NULL;
    }
    if (!good) {
        free_schema_owner(owner);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        owner->children[i] = &owner->storage[i];
    *schema = (struct ArrowSchema){.format = format,
                                   .name = owner->name,
                                   .n_children = (int64_t)n,
                                   .children = owner->children,
                                   .release = release_schema,
                                   .private_data = owner};
    return true;
}

static bool make_array(struct ArrowArray *array, size_t length, size_t n,
                       const psy_allocator *allocator)
{
    array_owner *const owner = psyi_alloc(allocator, 1, sizeof *owner);
    if (owner == NULL)
        return false;
    owner->allocator = allocator;
    if (n > 0) {
        owner->children = psyi_alloc(allocator, n, sizeof(struct ArrowArray *));
        owner->storage = psyi_alloc(allocator, n, sizeof *owner->storage);
        if (owner->children == NULL || owner->storage == NULL) {
            free_array_owner(owner);
            return false;
        }
    }
    for (size_t i = 0; i < n; i++)
        owner->children[i] = &owner->storage[i];
    *array = (struct ArrowArray){.length = (int64_t)length,
                                 .n_buffers = 1,
                                 .n_children = (int64_t)n,
                                 .buffers = owner->buffers,
                                 .children = owner->children,
                                 .release = release_array,
                                 .private_data = owner};
    return true;
}

static const char *format_of(psy_column_type type)
{
    switch (type) {
    case PSY_COLUMN_BOOL:
        return "b";
    case PSY_COLUMN_INT64:
        return "l";
    case PSY_COLUMN_DOUBLE:
        return "g";
    case PSY_COLUMN_TEXT:
        break;
    }
    return "u";
}

/* A child without its column yet; for booleans the bits are packed here, where failing is
 * still allowed. */
static bool make_child(struct ArrowArray *array, const psyi_column *column, size_t n_rows,
                       const psy_allocator *allocator)
{
    if (!make_array(array, n_rows, 0, allocator))
        return false;
    if (column->type != PSY_COLUMN_BOOL)
        return true;
    array_owner *const owner = array->private_data;
    owner->bits = psyi_alloc(allocator, n_rows / 8 + 1, 1);
    if (owner->bits == NULL)
        return false;
    for (size_t row = 0; row < n_rows; row++)
        if (column->data.bools[row])
            owner->bits[row / 8] = (uint8_t)(owner->bits[row / 8] | 1u << row % 8);
    return true;
}

/* Point the buffers of a child at its column. */
static void fill_child(struct ArrowArray *array, psyi_column *column, size_t n_rows)
{
    array_owner *const owner = array->private_data;
    if (column->type == PSY_COLUMN_TEXT)
        for (size_t row = column->n_set; row <= n_rows; row++)
            column->data.offsets[row] = (int32_t)column->text_length;
    owner->buffers[0] = column->n_missing > 0 ? column->present : NULL;
    owner->buffers[1] = owner->bits != NULL ? owner->bits : column->data.any;
    array->n_buffers = 2;
    array->null_count = (int64_t)column->n_missing;
    if (column->type == PSY_COLUMN_TEXT) {
        owner->buffers[2] = column->text != NULL ? column->text : "";
        array->n_buffers = 3;
    }
}

/* Everything but the buffers of the children. */
static psy_status make_all(const psy_table *source, struct ArrowSchema *schema,
                           struct ArrowArray *array, psy_error *error)
{
    const psy_allocator *const allocator = source->allocator;
    const size_t n = source->n_columns;
    *schema = (struct ArrowSchema){.release = NULL};
    *array = (struct ArrowArray){.release = NULL};
    bool good = make_schema(schema, "", "+s", n, allocator) &&
                make_array(array, source->n_rows, n, allocator);
    for (size_t i = 0; i < n && good; i++) {
        const psyi_column *const column = &source->columns[i];
        good =
            make_schema(schema->children[i], column->name, format_of(column->type), 0, allocator) &&
            make_child(array->children[i], column, source->n_rows, allocator);
        if (good)
            schema->children[i]->flags = NULLABLE;
    }
    if (good)
        return PSY_OK;
    if (schema->release != NULL)
        schema->release(schema);
    if (array->release != NULL)
        array->release(array);
    return psyi_fail_memory(error, "an Arrow array");
}

psy_status psy_table_export_arrow(psy_table **table, struct ArrowSchema *schema,
                                  struct ArrowArray *array, psy_error *error)
{
    psy_table *const source = *table;
    struct ArrowSchema made_schema;
    struct ArrowArray made_array;
    const psy_status status = make_all(source, &made_schema, &made_array, error);
    if (status != PSY_OK)
        return status;
    for (size_t i = 0; i < source->n_columns; i++) {
        array_owner *const owner = made_array.children[i]->private_data;
        fill_child(made_array.children[i], &source->columns[i], source->n_rows);
        owner->column = source->columns[i];
        memset(&source->columns[i], 0, sizeof source->columns[i]);
    }
    *schema = made_schema;
    *array = made_array;
    psy_table_free(source);
    *table = NULL;
    return PSY_OK;
}

psy_status psy_table_lend_arrow(psy_table *table, struct ArrowSchema *schema,
                                struct ArrowArray *array, psy_error *error)
{
    if (table == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no table to lend");
    struct ArrowSchema made_schema;
    struct ArrowArray made_array;
    const psy_status status = make_all(table, &made_schema, &made_array, error);
    if (status != PSY_OK)
        return status;
    for (size_t i = 0; i < table->n_columns; i++)
        fill_child(made_array.children[i], &table->columns[i], table->n_rows);
    *schema = made_schema;
    *array = made_array;
    return PSY_OK;
}
