/* fail.h -- set an error and return its status in one statement; numbers in its words. */
#ifndef PSYSCREEN_BASE_FAIL_H
#define PSYSCREEN_BASE_FAIL_H

#include <psyscreen/error.h>

#include <stddef.h>
#include <stdint.h>

/* Fills *error (NULL is fine) and returns `status`.  `where` may be NULL. */
psy_status psyi_fail(psy_error *error, psy_status status, const psy_location *where,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
/* PSY_E_NOMEM with "out of memory: <what>". */
psy_status psyi_fail_memory(psy_error *error, const char *what);
/* PSY_E_IO or PSY_E_OUTPUT: "<doing> '<path>': <strerror>"; `code` is an errno. */
psy_status psyi_fail_file(psy_error *error, psy_status status, const char *doing, const char *path,
                          int code);
/* Put "prefix/" before error->path (or set it); returns error->status for chaining. */
psy_status psyi_fail_within(psy_error *error, psy_status status, const char *prefix);
/* Fill a location; source is cut to fit on a code point boundary. */
psy_location psyi_location(const char *source, size_t line, size_t column, size_t length);

/* The end of the English word for `n` things: "" for one, else "s". */
const char *psyi_s(uint64_t n);
/* One of two words by number, as "is" and "are". */
const char *psyi_one_many(uint64_t n, const char *one, const char *many);

#endif
