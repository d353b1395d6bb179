/*
 * fail.c -- filling in an error.
 *
 * Texts are cut on a code point boundary, and whatever a message quotes from a file is made
 * harmless for a terminal: control characters become blanks, bytes that are not UTF-8
 * become '?'.  So every error is one printable line, however hostile the input was.
 */
#include "base/fail.h"
#include "base/locale.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Copy as much of `text` as fits, then clean it. */
static void put(char *out, size_t size, const char *text)
{
    const size_t length = strnlen(text, size - 1);
    memcpy(out, text, length);
    out[length] = '\0';
    psyi_text_printable(out);
}

psy_status psyi_fail(psy_error *error, psy_status status, const psy_location *where,
                     const char *format, ...)
{
    if (error == NULL)
        return status;
    /* The arguments may live inside *error (a message that is being extended). */
    char message[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    if (psyi_vformat(message, sizeof message, format, arguments) < 0)
        message[0] = '\0';
    va_end(arguments);
    const psy_location nowhere = {.line = 0};
    const psy_location place = where != NULL ? *where : nowhere;
    memset(error, 0, sizeof *error);
    error->status = status;
    error->where = place;
    put(error->message, sizeof error->message, message);
    return status;
}

psy_status psyi_fail_memory(psy_error *error, const char *what)
{
    return psyi_fail(error, PSY_E_NOMEM, NULL, "out of memory: %s", what);
}

psy_status psyi_fail_file(psy_error *error, psy_status status, const char *doing, const char *path,
                          int code)
{
    if (error == NULL)
        return status;
    /* Not strerror: that one follows the locale and is not safe for threads. */
    const char *const reason = strerrordesc_np(code);
    psyi_fail(error, status, NULL, "%s '%s': %s", doing, path,
              reason != NULL ? reason : "unknown error");
    put(error->where.source, sizeof error->where.source, path);
    return status;
}

psy_status psyi_fail_within(psy_error *error, psy_status status, const char *prefix)
{
    if (error == NULL)
        return status;
    char path[sizeof error->path + sizeof error->path];
    if (error->path[0] != '\0')
        snprintf(path, sizeof path, "%.*s/%s", (int)sizeof error->path - 1, prefix, error->path);
    else
        snprintf(path, sizeof path, "%s", prefix);
    put(error->path, sizeof error->path, path);
    return status;
}

static uint32_t narrow(size_t value)
{
    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

psy_location psyi_location(const char *source, size_t line, size_t column, size_t length)
{
    psy_location place = {.line = narrow(line), .column = narrow(column)};
    if (line > 0)
        place.length = length > 0 ? narrow(length) : 1;
    put(place.source, sizeof place.source, source != NULL ? source : "<memory>");
    return place;
}

const char *psyi_s(uint64_t n)
{
    return psyi_one_many(n, "", "s");
}

const char *psyi_one_many(uint64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}
