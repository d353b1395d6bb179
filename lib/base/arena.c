/*
 * arena.c -- many small blocks that die together.
 *
 * An arena is a chain of chunks; a block is cut from the first one.  Chunks double up to a
 * limit so that a small definition costs one page and a large one few calls.  A block that
 * would leave most of a chunk unused gets a chunk of its own behind the current one, whose
 * room is then not lost.
 */
#include "base/locale.h"
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ALIGNMENT ((size_t)16)
#ifndef FIRST_CHUNK /* tests/unit/small_arena.c has smaller ones */
#define FIRST_CHUNK ((size_t)4096)
#define LARGE_CHUNK ((size_t)1 << 20)
#endif

struct psyi_arena_chunk {
    struct psyi_arena_chunk *next;
    size_t used, size; /* of the bytes behind the header */
};

#define HEADER ((sizeof(struct psyi_arena_chunk) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

void psyi_arena_init(psyi_arena *arena, const psy_allocator *allocator)
{
    arena->allocator = allocator;
    arena->chunk = NULL;
}

void psyi_arena_done(psyi_arena *arena)
{
    struct psyi_arena_chunk *chunk = arena->chunk;
    while (chunk != NULL) {
        struct psyi_arena_chunk *const next = chunk->next;
        psyi_free(arena->allocator, chunk);
        chunk = next;
    }
    arena->chunk = NULL;
}

void psyi_arena_join(psyi_arena *into, psyi_arena *from)
{
    struct psyi_arena_chunk **last = &into->chunk;
    while (*last != NULL)
        last = &(*last)->next;
    *last = from->chunk;
    from->chunk = NULL;
}

/* A chunk with room for `bytes`, put in front or, when made for one block, behind. */
static struct psyi_arena_chunk *add_chunk(psyi_arena *arena, size_t bytes)
{
    struct psyi_arena_chunk *const current = arena->chunk;
    size_t size = current == NULL ? FIRST_CHUNK : current->size * 2;
    if (size < FIRST_CHUNK)
        size = FIRST_CHUNK;
    if (size > LARGE_CHUNK)
        size = LARGE_CHUNK;
    const bool alone = bytes > size / 4;
    if (alone)
        size = bytes;
    struct psyi_arena_chunk *const chunk = psyi_alloc(arena->allocator, HEADER + size, 1);
    if (chunk == NULL)
        return NULL;
    chunk->size = size;
    if (alone && current != NULL) {
        chunk->next = current->next;
        current->next = chunk;
    } else {
        chunk->next = current;
        arena->chunk = chunk;
    }
    return chunk;
}

/* The next `bytes` of a chunk that has them, at a multiple of `alignment`. */
static void *cut(psyi_arena *arena, size_t bytes, size_t alignment)
{
    struct psyi_arena_chunk *chunk = arena->chunk;
    size_t at = chunk == NULL ? 0 : (chunk->used + alignment - 1) / alignment * alignment;
    if (chunk == NULL || at > chunk->size || chunk->size - at < bytes) {
        chunk = add_chunk(arena, bytes);
        if (chunk == NULL)
            return NULL;
        at = 0;
    }
    chunk->used = at + bytes;
    return (char *)chunk + HEADER + at;
}

void *psyi_arena_alloc(psyi_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return NULL;
    return cut(arena, bytes == 0 ? 1 : bytes, ALIGNMENT);
}

/* Texts need no alignment: millions of ids of twenty bytes are packed. */
char *psyi_arena_text(psyi_arena *arena, const char *text, size_t length)
{
    if (length > SIZE_MAX / 2)
        return NULL;
    char *const copy = cut(arena, length + 1, 1);
    if (copy != NULL && length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *psyi_arena_copy(psyi_arena *arena, const char *text)
{
    return text == NULL ? NULL : psyi_arena_text(arena, text, strlen(text));
}

char *psyi_arena_format(psyi_arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = psyi_vformat(NULL, 0, format, arguments);
    char *text = NULL;
    if (length >= 0)
        text = psyi_arena_alloc(arena, (size_t)length + 1, 1);
    if (text != NULL)
        psyi_vformat(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}
