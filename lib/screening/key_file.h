/* key_file.h -- the secret of the pseudonyms, from the plan's key file. */
#ifndef PSYSCREEN_SCREENING_KEY_FILE_H
#define PSYSCREEN_SCREENING_KEY_FILE_H

#include "definition/model.h"

#include <psyscreen/findings.h>
#include <psyscreen/plan.h>

#define PSYI_KEY_BYTES 32

/* The key of a plan that prints pseudonyms; relative names are looked up beside the plan.
 * *present is false for a plan that prints plain ids.  Wipe the key after use. */
psy_status psyi_key_read(const psy_plan *plan, unsigned char key[PSYI_KEY_BYTES], bool *present,
                         const psy_allocator *allocator, psy_findings *findings, psy_error *error);

/* A file that the plan names, beside the plan where the name is relative; NULL without memory. */
char *psyi_path_beside(const psy_plan *plan, const char *name, const psy_allocator *allocator);

#endif
