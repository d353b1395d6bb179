/* writing.h -- cells of CSV and values of JSON, and a buffer that empties into a sink. */
#ifndef PSYSCREEN_TABLE_WRITING_H
#define PSYSCREEN_TABLE_WRITING_H

#include "base/memory.h"

#include <psyscreen/error.h>
#include <psyscreen/stream.h>

/* A JSON string with its quotes; `text` may be NULL for null.  Bytes that are not UTF-8
 * become U+FFFD. */
void psyi_json_text(psyi_buffer *out, const char *text, size_t length);
/* Hand the buffer to the sink when it is large enough (always when `all`), and clear it. */
psy_status psyi_flush(psyi_buffer *out, const psy_sink *sink, bool all, psy_error *error);

#endif
