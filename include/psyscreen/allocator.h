/**
 * @file allocator.h
 * The hook through which the library takes all its memory.
 */
#ifndef PSYSCREEN_ALLOCATOR_H
#define PSYSCREEN_ALLOCATOR_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * An allocator.  `resize` behaves as realloc: a NULL block allocates, a size of 0 is never
 * asked for, NULL means failure and leaves the old block as it was.  `release` frees and
 * accepts NULL.  Both may be called from several threads at once.  Wherever an allocator
 * is taken, NULL means malloc; the allocator must outlive every object made with it.
 * Memory taken inside other libraries (libyaml, libxlsxwriter, OpenSSL) does not pass here.
 */
typedef struct psy_allocator {
    void *(*resize)(void *context, void *block, size_t size);
    void (*release)(void *context, void *block);
    void *context;
} psy_allocator;

#ifdef __cplusplus
}
#endif
#endif
