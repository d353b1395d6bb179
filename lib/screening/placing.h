/* placing.h -- finished drafts get their names, while others are still being written. */
#ifndef PSYSCREEN_SCREENING_PLACING_H
#define PSYSCREEN_SCREENING_PLACING_H

#include "screening/journal.h"

#include <stdbool.h>

typedef struct psyi_placing psyi_placing;

/* For at most `most` drafts; with `aside` on a thread of its own, where one can be had.  If it is
 * not `open`, drafts wait for psyi_placing_open(). */
psy_status psyi_placing_begin(psyi_placing **out, psyi_journal *journal, size_t most, bool aside,
                              bool open, const psy_allocator *allocator, psy_error *error);
/* They may be placed; or, where `status` is a failure, none of them is. */
void psyi_placing_open(psyi_placing *placing, psy_status status);
/* From any thread: sync `draft`, enter `file` into the journal (with what it decrypts to, if
 * `sealed`), and call it `path`.  Takes both texts, blocks of the allocator; `file` must stay
 * until the end.  A failure may be told by a later call, or at the end. */
psy_status psyi_placing_give(psyi_placing *placing, char *draft, char *path,
                             const psyi_output_file *file, bool sealed, psy_error *error);
/* Waits for all of them; the first failure.  Frees everything. */
psy_status psyi_placing_end(psyi_placing *placing, psy_error *error);

#endif
