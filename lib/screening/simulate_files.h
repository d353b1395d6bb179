/* simulate_files.h -- simulated files, written while they are made, as other programs write them.
 */
#ifndef PSYSCREEN_SCREENING_SIMULATE_FILES_H
#define PSYSCREEN_SCREENING_SIMULATE_FILES_H

#include "base/file.h"
#include "base/memory.h"

#include <psyscreen/error.h>

#include <iconv.h>
#include <stdbool.h>

typedef enum psyi_simulated_kind {
    PSYI_SIMULATED_UTF8,
    PSYI_SIMULATED_GB18030,
    PSYI_SIMULATED_WORKBOOK /* the rows of the CSV text on one sheet */
} psyi_simulated_kind;

/* A file of rows.  Zeroed, it is closed. */
typedef struct psyi_simulated_file {
    psyi_buffer text; /* whole rows that are not written yet, as UTF-8; the caller adds to it */
    psyi_simulated_kind kind;
    const psy_allocator *allocator;
    psyi_file_writer *writer;
    iconv_t conversion;
    bool converting;
    struct psyi_simulated_book *book;
} psyi_simulated_file;

/* `name` in `directory`; nothing stands there before psyi_simulated_commit. */
psy_status psyi_simulated_open(psyi_simulated_file *file, const char *directory, const char *name,
                               psyi_simulated_kind kind, const psy_allocator *allocator,
                               psy_error *error);
/* To be called between two rows, often: writes the text once there is much of it. */
psy_status psyi_simulated_row(psyi_simulated_file *file, psy_error *error);
/* The rest, and the name. */
psy_status psyi_simulated_commit(psyi_simulated_file *file, psy_error *error);
/* Frees all, and removes what has no name yet. */
void psyi_simulated_close(psyi_simulated_file *file);

#endif
