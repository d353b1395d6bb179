/* private_place.h -- a directory in memory for what must not touch a disk. */
#ifndef PSYSCREEN_SCREENING_PRIVATE_PLACE_H
#define PSYSCREEN_SCREENING_PRIVATE_PLACE_H

#include "base/memory.h"

#include <psyscreen/error.h>

typedef struct psyi_private_place {
    const psy_allocator *allocator;
    char *path; /* NULL: none */
    int lock;
} psyi_private_place;

/* Make one (0700) on a tmpfs: in `parent`, or where that is NULL in /run/user/<uid> or
 * /dev/shm.  PSY_E_OUTPUT where none of them is one; a `parent` is taken whatever it is,
 * because somebody asked for it.  What a killed run left in the same parent is removed. */
psy_status psyi_private_place_make(psyi_private_place *place, const char *parent,
                                   const psy_allocator *allocator, psy_error *error);
/* The first tmpfs that can be written, the caller's to psyi_free; PSY_E_OUTPUT without one. */
psy_status psyi_private_parent(const psy_allocator *allocator, char **out, psy_error *error);
/* Removed with all that is in it; a zeroed place is fine. */
void psyi_private_place_remove(psyi_private_place *place);

#endif
