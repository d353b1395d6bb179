/* norm_files.h -- which norm files belong to which instrument. */
#ifndef PSYSCREEN_DEFINITION_NORM_FILES_H
#define PSYSCREEN_DEFINITION_NORM_FILES_H

#include "definition/build.h"

#include <psyscreen/instrument.h>

/* The norm files of a directory with the instrument each is for. */
typedef struct psyi_norm_entry {
    const char *path, *instrument;
} psyi_norm_entry;
typedef struct psyi_norm_index {
    psyi_arena arena;
    psyi_norm_entry *entries; /* by file name, bytewise */
    size_t n, capacity;
} psyi_norm_index;

/* `directory`/norms/ *.yaml; an empty index where there is no such directory. */
psy_status psyi_norm_index_open(psyi_norm_index *index, const char *directory,
                                const psy_allocator *allocator, psy_error *error);
void psyi_norm_index_close(psyi_norm_index *index);

/* Attach the norms of the index that are for this instrument and make its standard-score
 * columns.  Without an index, columns that band sets ask for exist and are empty. */
void psyi_build_norms(psyi_build *build, const psyi_raw_scale *scales,
                      const psyi_norm_index *index);

psy_status psyi_instrument_read(psy_instrument **out, const char *path, const char *text,
                                size_t length, const char *name, const psyi_norm_index *norms,
                                const psy_allocator *allocator, psy_findings *findings,
                                psy_error *error);

#endif
