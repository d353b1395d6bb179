/* sealed_in.h -- workbooks with a password, opened: those of this library, and as people's
 * spreadsheet programs save them again. */
#ifndef PSYSCREEN_INTAKE_SEALED_IN_H
#define PSYSCREEN_INTAKE_SEALED_IN_H

#include "base/memory.h"

#include <psyscreen/error.h>

#include <stdbool.h>

/* Decrypt the package in `sealed` (a compound file) into `out`, which the caller wipes.
 * *opens is false, with PSY_OK, when the password is another one.  Agile encryption (checked
 * for changes by its keyed hash) and the standard encryption of LibreOffice; others are
 * PSY_E_UNSUPPORTED.  PSY_E_DATA: damaged, or changed since it was written. */
psy_status psyi_sealed_open(const psyi_buffer *sealed, const char *file, const char *password,
                            psyi_buffer *out, bool *opens, psy_error *error);

#endif
