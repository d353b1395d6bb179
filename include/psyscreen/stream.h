/**
 * @file stream.h
 * Where bytes come from and go to, when they are not a named file.
 */
#ifndef PSYSCREEN_STREAM_H
#define PSYSCREEN_STREAM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A source of bytes.  `read` fills at most `size` bytes and returns how many; 0 means the
 * end, (size_t)-1 an error.  `name` is what messages call it.
 */
typedef struct psy_source {
    size_t (*read)(void *context, void *buffer, size_t size);
    void *context;
    const char *name;
} psy_source;

/** A sink of bytes.  `write` returns 0 when all `size` bytes were taken, else non-zero. */
typedef struct psy_sink {
    int (*write)(void *context, const void *bytes, size_t size);
    void *context;
} psy_sink;

#ifdef __cplusplus
}
#endif
#endif
