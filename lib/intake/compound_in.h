/* compound_in.h -- streams of a compound file ([MS-CFB]), as spreadsheet programs write them
 * around an encrypted workbook. */
#ifndef PSYSCREEN_INTAKE_COMPOUND_IN_H
#define PSYSCREEN_INTAKE_COMPOUND_IN_H

#include "base/memory.h"

#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>

bool psyi_is_compound(const void *bytes, size_t length);
/* Append the stream `name` of the root to `out`; PSY_E_DATA where there is none or the file is
 * damaged.  Chains are followed within the file and no longer than it has sectors. */
psy_status psyi_compound_stream(const void *bytes, size_t length, const char *file,
                                const char *name, psyi_buffer *out, psy_error *error);

#endif
