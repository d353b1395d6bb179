/* agile.h -- parts of an encrypted workbook that more than its writer needs. */
#ifndef PSYSCREEN_REPORT_AGILE_H
#define PSYSCREEN_REPORT_AGILE_H

#include <psyscreen/encryption.h>

#include <stdbool.h>
#include <stddef.h>

#define PSYI_SPIN 100000u

/* psy_encrypt_workbook with whatever `spin` says: fewer rounds than PSYI_SPIN are for tests that
 * seal a thousand times, never for a file that leaves the house. */
psy_status psyi_agile_seal(const char *path, const void *bytes, size_t length,
                           const char *password, const psy_encryption_options *how,
                           const psy_sink *sink, psy_error *error);
/* Can `password` be one?  PSY_E_ARGUMENT says why not, without quoting it. */
psy_status psyi_password_check(const char *password, psy_error *error);
/* Would the workbook at `path`, written by psy_encrypt_workbook, open with this password?
 * *opens is false too for a file that is something else. */
psy_status psyi_password_opens(const char *path, const char *password, bool *opens,
                               const psy_allocator *allocator, psy_error *error);

#endif
