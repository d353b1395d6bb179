/* table_share.h -- columns of tables handed to any number of Arrow consumers.
 *
 * A psy_table lends its columns; what is lent counts its borrowers, so that a data frame made
 * of a result may outlive the result.  Counting is atomic: consumers release on any thread. */
#ifndef PSYSCREEN_TABLE_SHARE_H
#define PSYSCREEN_TABLE_SHARE_H

#include <psyscreen/psyscreen.h>

/* cdef */
typedef struct psypy_share psypy_share;

/* Takes the table over; NULL without memory, and the table is then still the caller's. */
psypy_share *psypy_share_new(psy_table *table);
/* Gives up the reference of the caller. */
void psypy_share_done(psypy_share *share);
const psy_table *psypy_share_table(const psypy_share *share);
const struct ArrowSchema *psypy_share_schema(const psypy_share *share);
const struct ArrowArray *psypy_share_array(const psypy_share *share);
/* Columns columns[i] of shares[i], i < n, as one struct; 0, or -1 without memory. */
int psypy_share_lend(psypy_share **shares, const size_t *columns, size_t n, size_t n_rows,
                     struct ArrowSchema *schema, struct ArrowArray *array);
/* The same as a stream of one batch, in memory that the capsule's destructor frees. */
struct ArrowArrayStream *psypy_share_stream(psypy_share **shares, const size_t *columns, size_t n,
                                            size_t n_rows);
/* Address of the destructor of a PyCapsule called "arrow_array_stream". */
void *psypy_stream_destructor(void);
/* Release something borrowed from elsewhere, where its callback is set. */
void psypy_release_stream(struct ArrowArrayStream *stream);
void psypy_release_array(struct ArrowArray *array);
void psypy_release_schema(struct ArrowSchema *schema);
int psypy_stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out);
int psypy_stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out);
/* Mark structs that Python code filled and owns: releasing them frees nothing. */
void psypy_own_schema(struct ArrowSchema *schema);
void psypy_own_array(struct ArrowArray *array);
/* end of cdef */

#endif
