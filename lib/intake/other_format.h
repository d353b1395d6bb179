/* other_format.h -- what a file is that is neither CSV nor .xlsx nor .sav. */
#ifndef PSYSCREEN_INTAKE_OTHER_FORMAT_H
#define PSYSCREEN_INTAKE_OTHER_FORMAT_H

#include <stddef.h>

enum { PSYI_FORMAT_HEAD = 512 }; /* bytes that show what a text is */

/* "a picture: export the table as ...", or NULL where it may be a table.  An old workbook and
 * one with a password are told apart by the whole of the file. */
const char *psyi_other_format(const char *bytes, size_t length);

#endif
