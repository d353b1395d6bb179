/* file_names.h -- files by their names, not by how somebody typed the path.
 *
 * A file is called by its last name, and where two share it by as much of the path as tells
 * them apart.  A path that is the end of another one has no more to tell: it begins with "./".
 */
#ifndef PSYSCREEN_BASE_FILE_NAMES_H
#define PSYSCREEN_BASE_FILE_NAMES_H

#include "base/memory.h"

typedef struct psyi_file_names {
    psyi_arena texts; /* of the names that are no end of their path */
    const char **paths, **names;
    size_t n, room;
} psyi_file_names;

/* A zeroed one is empty, too, and may be done.  Paths are borrowed. */
void psyi_file_names_init(psyi_file_names *names, const psy_allocator *allocator);
void psyi_file_names_done(psyi_file_names *names);
/* One that is there already is fine.  false without memory. */
bool psyi_file_names_add(psyi_file_names *names, const char *path);
/* Once all are added. */
bool psyi_file_names_make(psyi_file_names *names);
/* Of one that was added: the end of that path as it was added, or a text of `names`. */
const char *psyi_file_name(const psyi_file_names *names, const char *path);

#endif
