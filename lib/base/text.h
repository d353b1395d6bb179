/* text.h -- UTF-8, encodings, identifiers.  Nothing here looks at the locale. */
#ifndef PSYSCREEN_BASE_TEXT_H
#define PSYSCREEN_BASE_TEXT_H

#include "base/memory.h"

#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Strict UTF-8 (no overlong forms, surrogates or > U+10FFFF).  Offset of the first bad
 * byte, or `length` when all is well. */
size_t psyi_utf8_check(const char *text, size_t length);
/* The first byte from `at` on that is not ASCII, or `length`. */
size_t psyi_ascii_run(const char *text, size_t at, size_t length);
size_t psyi_utf8_count(const char *text, size_t length); /* code points of valid UTF-8 */
/* Bytes of the first `n` code points (all of them if there are fewer). */
size_t psyi_utf8_prefix(const char *text, size_t length, size_t n);
/* Decode one code point; returns bytes read (1 and U+FFFD on a bad byte). */
size_t psyi_utf8_decode(const char *text, size_t length, uint32_t *out);
/* Whether `text` is the beginning of one code point whose rest was cut off. */
bool psyi_utf8_cut(const char *text, size_t length);
/* Make one printable line of a text that quotes others: control characters become blanks, bytes
 * that are not UTF-8 '?', and a code point that was cut off at the end is left out. */
void psyi_text_printable(char *text);
/* Encode a code point (not a surrogate) into at most 4 bytes; returns how many. */
size_t psyi_utf8_encode(uint32_t c, char *out);

typedef enum psyi_encoding {
    PSYI_ENCODING_UTF8 = 0, /* a BOM is dropped; bytes must be valid */
    PSYI_ENCODING_UTF16,    /* needs a BOM */
    PSYI_ENCODING_GB18030,  /* superset of GBK and GB2312 */
    PSYI_ENCODING_GBK,
    PSYI_ENCODING_WINDOWS1252,
    PSYI_ENCODING_LATIN1,
    PSYI_ENCODING_COUNT
} psyi_encoding;

/* By name, any case: "utf-8", "utf8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312",
 * "cp936", "windows-1252", "cp1252", "iso-8859-1", "latin1".  false if unknown. */
bool psyi_encoding_find(const char *name, psyi_encoding *out);
const char *psyi_encoding_name(psyi_encoding encoding);

/* Decode a whole file to UTF-8 in `out` (appended).  Bytes that do not decode are
 * PSY_E_DATA with the line and column, saying what the bytes look like (GBK, UTF-16) and
 * which `encoding:` to declare.  NUL bytes are refused. */
psy_status psyi_decode(const char *bytes, size_t length, psyi_encoding encoding, const char *source,
                       psyi_buffer *out, psy_error *error);

/* ASCII only, whatever the locale. */
bool psyi_is_id(const char *text);                     /* [a-z][a-z0-9_]{0,63} */
bool psyi_is_file_id(const char *text, size_t length); /* [A-Za-z0-9_-]{1,64} */
int psyi_ascii_compare(const char *a, const char *b);  /* ignoring ASCII case */
/* Without ASCII and ideographic (U+3000), no-break and zero-width blanks at the ends. */
void psyi_trim(const char **text, size_t *length);
/* Full-width ASCII (U+FF01..FF5E) and U+3000 to their ASCII forms; result <= input. */
size_t psyi_narrow(const char *text, size_t length, char *out);
/* Levenshtein distance in bytes, at most `limit` + 1: for "did you mean". */
size_t psyi_edit_distance(const char *a, const char *b, size_t limit);
/* Index of the one of `names` that may have been meant: it differs in case and marks alone, or else
 * is the nearest within a few letters; SIZE_MAX: none. */
size_t psyi_nearest(const char *name, const char *const *names, size_t n_names);

#endif
