/* markup.h -- what is left of web pages in the texts that platforms export. */
#ifndef PSYSCREEN_BASE_MARKUP_H
#define PSYSCREEN_BASE_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there may be any in the text. */
bool psyi_has_markup(const char *text, size_t length);
/* The text without tags (<br>, <span ...>, </p>) and with the characters that entities (&nbsp;
 * &amp; &#160;) stand for; `out` has room for `length` bytes.  A "<" that opens no tag stays. */
size_t psyi_without_markup(const char *text, size_t length, char *out);

#endif
