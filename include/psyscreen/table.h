/**
 * @file table.h
 * A table of typed, named columns, as every result comes out of the library.
 */
#ifndef PSYSCREEN_TABLE_H
#define PSYSCREEN_TABLE_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/stream.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
/** Arrow C data interface: the two structs as published by Apache Arrow, ABI-stable. */
struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
/** Arrow C stream interface: batches of one schema, one after the other. */
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};
#endif

typedef enum psy_column_type {
    PSY_COLUMN_BOOL = 0,
    PSY_COLUMN_INT64 = 1,
    PSY_COLUMN_DOUBLE = 2,
    PSY_COLUMN_TEXT = 3
} psy_column_type;

/** Columns of equal length; any cell may be missing. */
typedef struct psy_table psy_table;

/** An empty table of `n_rows` rows and no columns. */
PSY_API psy_status psy_table_new(psy_table **out, size_t n_rows, const psy_allocator *allocator,
                                 psy_error *error);
PSY_API void psy_table_free(psy_table *table);
/** Add a column, all cells missing; `*column` receives its index. */
PSY_API psy_status psy_table_add_column(psy_table *table, const char *name, psy_column_type type,
                                        size_t *column, psy_error *error);
PSY_API size_t psy_table_row_count(const psy_table *table);
PSY_API size_t psy_table_column_count(const psy_table *table);
PSY_API const char *psy_table_column_name(const psy_table *table, size_t column);
PSY_API psy_column_type psy_table_column_type(const psy_table *table, size_t column);
/** Index of the column called `name`, or SIZE_MAX. */
PSY_API size_t psy_table_find(const psy_table *table, const char *name);

/** Setters; the column must have that type and row must be < row count (PSY_E_ARGUMENT). */
PSY_API psy_status psy_table_set_bool(psy_table *table, size_t column, size_t row, bool value);
PSY_API psy_status psy_table_set_int(psy_table *table, size_t column, size_t row, int64_t value);
PSY_API psy_status psy_table_set_double(psy_table *table, size_t column, size_t row, double value);
/** Copies `length` bytes of UTF-8.  Texts of a column must be set in row order. */
PSY_API psy_status psy_table_set_text(psy_table *table, size_t column, size_t row, const char *text,
                                      size_t length, psy_error *error);

/** Getters; false when the cell is missing. */
PSY_API bool psy_table_get_bool(const psy_table *table, size_t column, size_t row, bool *out);
PSY_API bool psy_table_get_int(const psy_table *table, size_t column, size_t row, int64_t *out);
PSY_API bool psy_table_get_double(const psy_table *table, size_t column, size_t row, double *out);
/** Borrowed, NOT NUL-terminated. */
PSY_API bool psy_table_get_text(const psy_table *table, size_t column, size_t row,
                                const char **text, size_t *length);

/**
 * CSV: UTF-8, LF, no BOM, header first, RFC 4180 quoting, missing cells empty, numbers as
 * the shortest text that reads back to the same double, booleans true and false.
 */
PSY_API psy_status psy_table_write_csv(const psy_table *table, const psy_sink *sink,
                                       psy_error *error);
/** One JSON object a line; missing cells null. */
PSY_API psy_status psy_table_write_json(const psy_table *table, const psy_sink *sink,
                                        psy_error *error);
/**
 * Hand the table out as an Arrow struct array (one child a column; bool b, int64 l, double
 * g, text u).  The table is consumed: `*table` becomes NULL and its memory is released by
 * `array->release`.  No copy of column data is made, except of booleans.
 */
PSY_API psy_status psy_table_export_arrow(psy_table **table, struct ArrowSchema *schema,
                                          struct ArrowArray *array, psy_error *error);

/**
 * Let others read the table as an Arrow struct array without giving it up.
 *
 * @param table   keeps its memory: it must outlive what was lent and must not be written
 *                any more
 * @param schema  as psy_table_export_arrow() makes it; release frees only the structs
 * @param array   the same; no copy of column data is made, except of booleans
 * @retval PSY_E_ARGUMENT PSY_E_NOMEM
 *
 * May be called any number of times, by one thread at a time.
 */
PSY_API psy_status psy_table_lend_arrow(psy_table *table, struct ArrowSchema *schema,
                                        struct ArrowArray *array, psy_error *error);
/**
 * A table out of an Arrow struct array.
 *
 * @param out        receives the table, the caller's; untouched on failure
 * @param schema     struct array whose children are boolean (b), 64-bit integer (l), double
 *                   (g) or text (u), the types of psy_table_export_arrow()
 * @param array      only read; everything is copied.  Sliced arrays are fine; a row that is
 *                   null as a whole is missing in every column, and so is NaN
 * @param allocator  NULL: malloc
 * @retval PSY_E_ARGUMENT     not such an array, two columns of one name, text that is not
 *                            UTF-8
 * @retval PSY_E_UNSUPPORTED  another type; the sentence names the column
 * @retval PSY_E_NOMEM
 */
PSY_API psy_status psy_table_import_arrow(psy_table **out, const struct ArrowSchema *schema,
                                          const struct ArrowArray *array,
                                          const psy_allocator *allocator, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
