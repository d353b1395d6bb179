/* locale.h -- numbers in text that do not follow the user's locale. */
#ifndef PSYSCREEN_BASE_LOCALE_H
#define PSYSCREEN_BASE_LOCALE_H

#include <stdarg.h>
#include <stddef.h>

/* vsnprintf with the decimal point of the "C" locale, whatever the program around us has set: a
 * host may have taken its user's.  All formatting of the library goes through here. */
int psyi_vformat(char *out, size_t size, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

/* Pin this thread's LC_NUMERIC (and all else) to "C" around calls into libraries that print
 * numbers by locale.  Returns a token for leave; NULL when it could not be done. */
void *psyi_c_locale_enter(void);
void psyi_c_locale_leave(void *token);

#endif
