/**
 * @file status.h
 * Every status the library can return.
 */
#ifndef PSYSCREEN_STATUS_H
#define PSYSCREEN_STATUS_H

#include <psyscreen/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The status list.  Values are frozen: a release may add a line at the end, never
 * renumber or reuse one.  psy_status_name() and the Python exceptions come from this list.
 */
#define PSY_STATUS_MAP(X)                                                                \
    X(OK, 0, "success")                                                                  \
    X(E_NOMEM, 1, "out of memory")                                                       \
    X(E_ARGUMENT, 2, "argument outside the documented domain")                           \
    X(E_IO, 3, "file could not be read or written")                                      \
    X(E_SYNTAX, 4, "text is not well formed")                                            \
    X(E_SCHEMA, 5, "well formed, but not a valid definition")                            \
    X(E_EXPR, 6, "expression does not compile")                                          \
    X(E_DATA, 7, "data cannot be read as declared")                                      \
    X(E_NOT_FOUND, 8, "no object of that name")                                          \
    X(E_LIMIT, 9, "a limit was exceeded")                                                \
    X(E_UNSUPPORTED, 10, "feature not available")                                        \
    X(E_NUMERIC, 11, "computation is undefined for this input")                          \
    X(E_CANCELLED, 12, "stopped by a progress callback")                                 \
    X(E_OUTPUT, 13, "output could not be written")                                       \
    X(E_INTERNAL, 14, "bug in psyscreen")

/** What a function that can fail returns; PSY_OK is 0. */
typedef enum psy_status {
#define PSY_X(name, value, text) PSY_##name = value,
    PSY_STATUS_MAP(PSY_X)
#undef PSY_X
} psy_status;

/** Name of a status as in the source, "PSY_E_SCHEMA"; never NULL ("PSY_E_?" if unknown). */
PSY_API const char *psy_status_name(psy_status status);

/** One phrase saying what a status means; never NULL. */
PSY_API const char *psy_status_message(psy_status status);

#ifdef __cplusplus
}
#endif
#endif
