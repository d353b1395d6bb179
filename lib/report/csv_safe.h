/* csv_safe.h -- a CSV cell of text that came from outside. */
#ifndef PSYSCREEN_REPORT_CSV_SAFE_H
#define PSYSCREEN_REPORT_CSV_SAFE_H

#include "base/memory.h"

/* Quoted where needed; an apostrophe before what a spreadsheet would take for a formula
 * (= + - @ TAB CR, full-width signs too).  `text` may be NULL. */
void psyi_csv_safe(psyi_buffer *out, const char *text);

#endif
