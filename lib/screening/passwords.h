/* passwords.h -- which workbook opens with which password.
 *
 * A CSV of two columns, `school,password`: a school's code, or for other files their name in
 * the directory ("district.xlsx", "schools/_sealed.xlsx"). */
#ifndef PSYSCREEN_SCREENING_PASSWORDS_H
#define PSYSCREEN_SCREENING_PASSWORDS_H

#include "base/memory.h"

#include <psyscreen/error.h>
#include <psyscreen/findings.h>

#include <stddef.h>

typedef struct psyi_passwords psyi_passwords; /* immutable once read: any thread */

/* PSY_E_DATA with a line for what is no password, stands twice, or is not such a file.
 * Warnings: one password for two files, a file that others may read. */
psy_status psyi_passwords_read(psyi_passwords **out, const char *path,
                               const psy_allocator *allocator, psy_findings *findings,
                               psy_error *error);
void psyi_passwords_free(psyi_passwords *passwords); /* wiped first */
/* The password of a key, or NULL. */
const char *psyi_passwords_find(const psyi_passwords *passwords, const char *key);
/* The password of the longest key that `name` begins with ("510802 returned.xlsx"), or NULL. */
const char *psyi_passwords_of_file(const psyi_passwords *passwords, const char *name);
/* A new file (0600) with a passphrase of 100 random bits for each key. */
psy_status psyi_passwords_make(const char *path, const char *const *keys, size_t n,
                               const psy_allocator *allocator, psy_error *error);

#endif
