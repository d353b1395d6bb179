/* rosters.h -- --roster FILE|DIR: of a directory every file is a roster. */
#ifndef PSYSCREEN_CLI_ROSTERS_H
#define PSYSCREEN_CLI_ROSTERS_H

#include "options.h"

typedef struct roster_paths {
    char **paths;
    size_t n;
} roster_paths;

/* Directories among `given` become the files in them, by the bytes of their names.  EXIT_DONE or
 * the code to end with, having said why; rosters_release either way. */
int rosters_find(const text_list *given, roster_paths *out);
void rosters_release(roster_paths *rosters);

#endif
