/* published_file.h -- the numbers of an earlier publication of this wave: published.csv of its
 * run, which names nobody and holds no number that was hidden. */
#ifndef PSYSCREEN_COHORT_PUBLISHED_FILE_H
#define PSYSCREEN_COHORT_PUBLISHED_FILE_H

#include "cohort/results.h"

#include "base/digest.h"

#include <psyscreen/findings.h>

#define PSYI_PUBLISHED_FORMAT "psyscreen/published/1"
#define PSYI_PUBLISHED_HEAD   "sheet,row,figure,value"

typedef struct psyi_published_number {
    const char *sheet, *row, *figure;
    const char *value; /* as it was printed; "*": hidden */
} psyi_published_number;
typedef struct psyi_published {
    psyi_published_number *numbers; /* by sheet, row, figure, bytewise */
    size_t n;
    char digest[65];             /* of the file */
    struct psyi_published *next; /* another publication, of the next digest; NULL: none */
} psyi_published;

/* Read a file into results->published, beside those that were read, from the results' arena.
 * PSY_E_DATA when it is no such file, or of another plan or wave: those are other students'
 * results. */
psy_status psyi_published_read(psyi_results *results, const char *path, psy_error *error);
/* The last line of a file is a digest of all lines before it, cell by cell: one that was cut off,
 * mended by hand or saved again by a spreadsheet (0012 becomes 12) is not what was handed out. */
#define PSYI_PUBLISHED_SEAL "seal"
void psyi_published_seal(psyi_sha256 *seal, const char *const cells[4]);
/* PSY_E_DATA for one with schools of which none is among these: nothing of it could be held. */
psy_status psyi_published_of_these(const psyi_results *results, psy_error *error);
/* The number, or NULL. */
const char *psyi_published_find(const psyi_published *published, const char *sheet, const char *row,
                                const char *figure);
/* In how many rows of a sheet a figure stands. */
size_t psyi_published_rows(const psyi_published *published, const char *sheet, const char *figure);

#endif
