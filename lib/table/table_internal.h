/* table_internal.h -- what a psy_table is made of, for its writers and its Arrow export. */
#ifndef PSYSCREEN_TABLE_INTERNAL_H
#define PSYSCREEN_TABLE_INTERNAL_H

#include <psyscreen/table.h>

/* One column.  `present` has a bit per row, least significant first, as Arrow wants it.
 * Texts lie one behind the other in `text`; offsets[r] and offsets[r + 1] bound row r, and
 * hold for rows below `n_set` (one behind the last row that was set). */
typedef struct psyi_column {
    char *name;
    psy_column_type type;
    size_t n_missing;
    uint8_t *present;
    union {
        uint8_t *bools; /* a byte each */
        int64_t *ints;
        double *doubles;
        int32_t *offsets; /* n_rows + 1 */
        void *any;
    } data;
    char *text;
    size_t text_length, text_capacity;
    size_t n_set;
} psyi_column;

struct psy_table {
    const psy_allocator *allocator;
    size_t n_rows, n_columns, capacity;
    psyi_column *columns;
};

/* Frees what the column points at. */
void psyi_column_done(const psy_allocator *allocator, psyi_column *column);

#endif
