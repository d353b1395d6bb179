/**
 * @file error.h
 * Where something went wrong, and one sentence that says what.
 */
#ifndef PSYSCREEN_ERROR_H
#define PSYSCREEN_ERROR_H

#include <psyscreen/export.h>
#include <psyscreen/status.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A span in a text source.  All numbers are 1-based; 0 means unknown. */
typedef struct psy_location {
    char source[256]; /**< file name as given by the caller, or "<memory>" */
    uint32_t line;
    uint32_t column; /**< in Unicode code points, as editors count */
    uint32_t length; /**< code points underlined; at least 1 when line > 0 */
} psy_location;

/**
 * What went wrong, where, and inside what.  Caller-owned, usually on the stack; every
 * function that takes one accepts NULL.  Contents are meaningful only after a non-OK
 * return, and nothing in it points at library memory.
 */
typedef struct psy_error {
    psy_status status;
    psy_location where;
    char path[160];    /**< "scales/total/score" or "row 418, item q7"; may be empty */
    char message[512]; /**< one sentence, UTF-8, no trailing newline */
} psy_error;

/**
 * Render an error as a compiler would: `file:line:column: error: message`, then, when
 * `source_text` is given, the source line and a caret under the span.
 *
 * @param error          an error filled in by a failed call
 * @param source_text    the text the location points into, or NULL
 * @param source_length  bytes of it
 * @param out            receives NUL-terminated UTF-8, cut to fit
 * @param out_size       bytes available; 0 writes nothing
 * @return               bytes the whole text needs, without the NUL (as snprintf)
 */
PSY_API size_t psy_error_format(const psy_error *error, const char *source_text,
                                size_t source_length, char *out, size_t out_size);

#ifdef __cplusplus
}
#endif
#endif
