/*
 * buffer.c -- text that grows.
 *
 * A failed append sets `failed` and leaves what was there; later appends do nothing, so a
 * writer looks once, at the end.  The text is always NUL-terminated, and the NUL is not
 * counted.
 */
#include "base/locale.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

void psyi_buffer_init(psyi_buffer *buffer, const psy_allocator *allocator)
{
    memset(buffer, 0, sizeof *buffer);
    buffer->allocator = allocator;
}

void psyi_buffer_done(psyi_buffer *buffer)
{
    psyi_free(buffer->allocator, buffer->data);
    psyi_buffer_init(buffer, buffer->allocator);
}

void psyi_buffer_clear(psyi_buffer *buffer)
{
    buffer->length = 0;
    buffer->failed = false;
    if (buffer->data != NULL)
        buffer->data[0] = '\0';
}

bool psyi_buffer_reserve(psyi_buffer *buffer, size_t length)
{
    if (buffer->failed)
        return false;
    if (buffer->capacity - buffer->length > length)
        return true;
    void *data = buffer->data;
    if (length > SIZE_MAX / 2 - buffer->length ||
        !psyi_grow_raw(buffer->allocator, &data, &buffer->capacity, buffer->length + length + 1,
                       1)) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    return true;
}

void psyi_buffer_add(psyi_buffer *buffer, const char *bytes, size_t length)
{
    if (!psyi_buffer_reserve(buffer, length))
        return;
    if (length > 0)
        memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void psyi_buffer_text(psyi_buffer *buffer, const char *text)
{
    psyi_buffer_add(buffer, text, strlen(text));
}

void psyi_buffer_char(psyi_buffer *buffer, char c)
{
    psyi_buffer_add(buffer, &c, 1);
}

void psyi_buffer_integer(psyi_buffer *buffer, long long value)
{
    char digits[24];
    size_t at = sizeof digits;
    /* Work on the negative side, where LLONG_MIN has a place. */
    long long rest = value < 0 ? value : -value;
    do {
        digits[--at] = (char)('0' - rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        digits[--at] = '-';
    psyi_buffer_add(buffer, digits + at, sizeof digits - at);
}

void psyi_buffer_number(psyi_buffer *buffer, double value)
{
    char text[32];
    psyi_buffer_add(buffer, text, psyi_number_print(value, text));
}

void psyi_buffer_format(psyi_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const size_t room = buffer->failed ? 0 : buffer->capacity - buffer->length;
    const int length =
        psyi_vformat(room > 0 ? buffer->data + buffer->length : NULL, room, format, arguments);
    if (length < 0) {
        buffer->failed = true;
        if (buffer->data != NULL)
            buffer->data[buffer->length] = '\0';
    } else if ((size_t)length < room) {
        buffer->length += (size_t)length;
    } else {
        /* The first try may have overwritten the NUL; reserve keeps the text or nothing. */
        if (room > 0)
            buffer->data[buffer->length] = '\0';
        if (psyi_buffer_reserve(buffer, (size_t)length)) {
            psyi_vformat(buffer->data + buffer->length, (size_t)length + 1, format, again);
            buffer->length += (size_t)length;
        }
    }
    va_end(again);
    va_end(arguments);
}
