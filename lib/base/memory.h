/* memory.h -- the one way to memory: checked products, zeroed blocks, arenas. */
#ifndef PSYSCREEN_BASE_MEMORY_H
#define PSYSCREEN_BASE_MEMORY_H

#include <psyscreen/allocator.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* `count * size` zeroed bytes, or NULL when the product overflows or memory is short.
 * A product of 0 gives a block of 1 byte, so NULL always means failure. */
void *psyi_alloc(const psy_allocator *allocator, size_t count, size_t size);
void psyi_free(const psy_allocator *allocator, void *block);
/* Grow `*items` (of `size` bytes each) so that at least `need` fit; doubles.  New room is
 * zeroed.  false on failure, with *items and *capacity as they were. */
bool psyi_grow(const psy_allocator *allocator, void **items, size_t *capacity, size_t need,
               size_t size);
/* The same for room that is written before it is read: what is new is not zeroed, and pages
 * that stay unused are never touched. */
bool psyi_grow_raw(const psy_allocator *allocator, void **items, size_t *capacity, size_t need,
                   size_t size);
char *psyi_text_copy(const psy_allocator *allocator, const char *text, size_t length);

/* An arena: many small blocks of one lifetime.  Zeroed, aligned to 16.  Not for threads. */
typedef struct psyi_arena {
    const psy_allocator *allocator;
    struct psyi_arena_chunk *chunk;
} psyi_arena;

void psyi_arena_init(psyi_arena *arena, const psy_allocator *allocator);
void psyi_arena_done(psyi_arena *arena); /* frees everything; a zeroed arena is fine */
/* All blocks of `from` become those of `into` (of the same allocator); `from` is empty then. */
void psyi_arena_join(psyi_arena *into, psyi_arena *from);
void *psyi_arena_alloc(psyi_arena *arena, size_t count, size_t size);
char *psyi_arena_text(psyi_arena *arena, const char *text, size_t length);
char *psyi_arena_copy(psyi_arena *arena, const char *text); /* NULL in, NULL out */
char *psyi_arena_format(psyi_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Growable text.  After a failed append `failed` stays set and later appends do nothing,
 * so that a writer checks once at the end. */
typedef struct psyi_buffer {
    char *data; /* NUL-terminated once anything was appended */
    size_t length, capacity;
    const psy_allocator *allocator;
    bool failed;
} psyi_buffer;

void psyi_buffer_init(psyi_buffer *buffer, const psy_allocator *allocator);
void psyi_buffer_done(psyi_buffer *buffer);
void psyi_buffer_clear(psyi_buffer *buffer);
/* Room for `length` more bytes and the NUL, to be written to data + length; false: failed. */
bool psyi_buffer_reserve(psyi_buffer *buffer, size_t length);
void psyi_buffer_add(psyi_buffer *buffer, const char *bytes, size_t length);
void psyi_buffer_text(psyi_buffer *buffer, const char *text); /* NUL-terminated */
void psyi_buffer_char(psyi_buffer *buffer, char c);
void psyi_buffer_integer(psyi_buffer *buffer, long long value);
void psyi_buffer_number(psyi_buffer *buffer, double value); /* shortest; NaN adds nothing */
void psyi_buffer_format(psyi_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
