/* dossier_entries.h -- what people have written about one student, for his dossier. */
#ifndef PSYSCREEN_SCREENING_DOSSIER_ENTRIES_H
#define PSYSCREEN_SCREENING_DOSSIER_ENTRIES_H

#include "base/memory.h"
#include "report/dossier_book.h"

/* Read files of entries into dossier->entries, which has its waves; rows live in `ledgers`. */
psy_status psyi_dossier_entries(psyi_dossier *dossier, const char *const *paths, size_t n,
                                psyi_arena *arena, psyi_arena *ledgers,
                                const psy_allocator *allocator, psy_error *error);

#endif
