/*
 * table_share.c -- see table_share.h.  Layout and rules of release are those of the Arrow C
 * data and stream interfaces: a consumer may move children out and release them one by one.
 */
#include <Python.h>

#include "table_share.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct psypy_share {
    atomic_size_t references;
    psy_table *table;
    struct ArrowSchema schema;
    struct ArrowArray array;
};

psypy_share *psypy_share_new(psy_table *table)
{
    psypy_share *const share = calloc(1, sizeof *share);
    if (share == NULL || psy_table_lend_arrow(table, &share->schema, &share->array, NULL) != PSY_OK) {
        free(share);
        return NULL;
    }
    atomic_init(&share->references, 1);
    share->table = table;
    return share;
}

static void keep(psypy_share *share)
{
    atomic_fetch_add(&share->references, 1);
}

void psypy_share_done(psypy_share *share)
{
    if (share == NULL || atomic_fetch_sub(&share->references, 1) != 1)
        return;
    share->array.release(&share->array);
    share->schema.release(&share->schema);
    psy_table_free(share->table);
    free(share);
}

const psy_table *psypy_share_table(const psypy_share *share)
{
    return share->table;
}

const struct ArrowSchema *psypy_share_schema(const psypy_share *share)
{
    return &share->schema;
}

const struct ArrowArray *psypy_share_array(const psypy_share *share)
{
    return &share->array;
}

/* ---- structs over borrowed columns ---- */

static void release_child_schema(struct ArrowSchema *schema)
{
    psypy_share_done(schema->private_data);
    schema->release = NULL;
}

static void release_child_array(struct ArrowArray *array)
{
    psypy_share_done(array->private_data);
    array->release = NULL;
}

/* Pointers to the children, then the children themselves, in one block. */
static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release != NULL)
            schema->children[i]->release(schema->children[i]);
    free(schema->private_data);
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release != NULL)
            array->children[i]->release(array->children[i]);
    free(array->private_data);
    array->release = NULL;
}

static int lend_schema(psypy_share **shares, const size_t *columns, size_t n,
                       struct ArrowSchema *schema)
{
    struct block {
        struct ArrowSchema *child;
        struct ArrowSchema storage;
    };
    unsigned char *const block = calloc(n + 1, sizeof(struct block));
    if (block == NULL)
        return -1;
    struct ArrowSchema **const children = (struct ArrowSchema **)(void *)block;
    struct ArrowSchema *const storage =
        (struct ArrowSchema *)(void *)(block + (n + 1) * sizeof *children);
    for (size_t i = 0; i < n; i++) {
        storage[i] = *shares[i]->schema.children[columns[i]];
        storage[i].release = release_child_schema;
        storage[i].private_data = shares[i];
        keep(shares[i]);
        children[i] = &storage[i];
    }
    *schema = (struct ArrowSchema){.format = "+s",
                                   .name = "",
                                   .n_children = (int64_t)n,
                                   .children = children,
                                   .release = release_schema,
                                   .private_data = block};
    return 0;
}

static int lend_array(psypy_share **shares, const size_t *columns, size_t n, size_t n_rows,
                      struct ArrowArray *array)
{
    struct block {
        struct ArrowArray *child;
        struct ArrowArray storage;
    };
    static const void *no_validity[1] = {NULL};
    unsigned char *const block = calloc(n + 1, sizeof(struct block));
    if (block == NULL)
        return -1;
    struct ArrowArray **const children = (struct ArrowArray **)(void *)block;
    struct ArrowArray *const storage =
        (struct ArrowArray *)(void *)(block + (n + 1) * sizeof *children);
    for (size_t i = 0; i < n; i++) {
        storage[i] = *shares[i]->array.children[columns[i]];
        storage[i].release = release_child_array;
        storage[i].private_data = shares[i];
        keep(shares[i]);
        children[i] = &storage[i];
    }
    *array = (struct ArrowArray){.length = (int64_t)n_rows,
                                 .n_buffers = 1,
                                 .buffers = no_validity,
                                 .n_children = (int64_t)n,
                                 .children = children,
                                 .release = release_array,
                                 .private_data = block};
    return 0;
}

int psypy_share_lend(psypy_share **shares, const size_t *columns, size_t n, size_t n_rows,
                     struct ArrowSchema *schema, struct ArrowArray *array)
{
    if (lend_schema(shares, columns, n, schema) != 0)
        return -1;
    if (lend_array(shares, columns, n, n_rows, array) != 0) {
        schema->release(schema);
        return -1;
    }
    return 0;
}

/* ---- streams ---- */

typedef struct stream_state {
    size_t n, n_rows;
    int given;
    psypy_share **shares;
    size_t *columns;
} stream_state;

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const stream_state *const state = stream->private_data;
    return lend_schema(state->shares, state->columns, state->n, out) == 0 ? 0 : ENOMEM;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    stream_state *const state = stream->private_data;
    if (state->given) {
        memset(out, 0, sizeof *out);
        return 0;
    }
    if (lend_array(state->shares, state->columns, state->n, state->n_rows, out) != 0)
        return ENOMEM;
    state->given = 1;
    return 0;
}

static const char *stream_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "out of memory";
}

static void free_state(stream_state *state)
{
    if (state == NULL)
        return;
    for (size_t i = 0; state->shares != NULL && i < state->n; i++)
        psypy_share_done(state->shares[i]);
    free(state->shares);
    free(state->columns);
    free(state);
}

static void stream_release(struct ArrowArrayStream *stream)
{
    free_state(stream->private_data);
    stream->release = NULL;
}

struct ArrowArrayStream *psypy_share_stream(psypy_share **shares, const size_t *columns, size_t n,
                                            size_t n_rows)
{
    struct ArrowArrayStream *const stream = calloc(1, sizeof *stream);
    stream_state *const state = calloc(1, sizeof *state);
    if (state != NULL) {
        state->shares = calloc(n + 1, sizeof *state->shares);
        state->columns = calloc(n + 1, sizeof *state->columns);
    }
    if (stream == NULL || state == NULL || state->shares == NULL || state->columns == NULL) {
        free_state(state);
        free(stream);
        return NULL;
    }
    state->n = n;
    state->n_rows = n_rows;
    for (size_t i = 0; i < n; i++) {
        keep(shares[i]);
        state->shares[i] = shares[i];
        state->columns[i] = columns[i];
    }
    *stream = (struct ArrowArrayStream){.get_schema = stream_schema,
                                        .get_next = stream_next,
                                        .get_last_error = stream_error,
                                        .release = stream_release,
                                        .private_data = state};
    return stream;
}

/* The consumer has moved the stream out, or never asked for it. */
static void destroy_capsule(PyObject *capsule)
{
    struct ArrowArrayStream *const stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (stream == NULL) {
        PyErr_Clear();
        return;
    }
    psypy_release_stream(stream);
    free(stream);
}

void *psypy_stream_destructor(void)
{
    union {
        void (*function)(PyObject *);
        void *address;
    } destructor = {.function = destroy_capsule};
    return destructor.address;
}

/* ---- what others made ---- */

void psypy_release_stream(struct ArrowArrayStream *stream)
{
    if (stream != NULL && stream->release != NULL)
        stream->release(stream);
}

void psypy_release_array(struct ArrowArray *array)
{
    if (array != NULL && array->release != NULL)
        array->release(array);
}

void psypy_release_schema(struct ArrowSchema *schema)
{
    if (schema != NULL && schema->release != NULL)
        schema->release(schema);
}

int psypy_stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    return stream->get_schema(stream, out);
}

int psypy_stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    return stream->get_next(stream, out);
}

static void forget_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void forget_array(struct ArrowArray *array)
{
    array->release = NULL;
}

void psypy_own_schema(struct ArrowSchema *schema)
{
    schema->release = forget_schema;
}

void psypy_own_array(struct ArrowArray *array)
{
    array->release = forget_array;
}
