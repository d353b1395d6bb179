/*
 * memory.c -- blocks from the caller's allocator.
 *
 * Every size passes through here as a checked product, so that no count read from a file
 * can wrap around.  Blocks are zeroed: a structure whose filling was cut short by an error
 * can always be freed member by member.
 */
#include "base/memory.h"
#include "base/spill.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Blocks from this size on are asked for in pages of 2 MiB, where the system has such: a fault
 * for each 4 KiB costs more than zeroing them. */
#define LEAST_HUGE ((size_t)4 << 20)
#define HUGE_PAGE  ((size_t)2 << 20)

static void want_huge(void *block, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    if (block == NULL || bytes < LEAST_HUGE)
        return;
    const uintptr_t from = ((uintptr_t)block + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    const uintptr_t to = ((uintptr_t)block + bytes) / HUGE_PAGE * HUGE_PAGE;
    if (from < to)
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE); /* only a wish */
#endif
}

void *psyi_alloc(const psy_allocator *allocator, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    if (bytes == 0)
        bytes = 1;
    if (allocator == NULL) {
        void *const fresh = calloc(1, bytes);
        want_huge(fresh, bytes);
        return fresh;
    }
    void *const block = allocator->resize(allocator->context, NULL, bytes);
    if (block != NULL && !psyi_spill_zeroes(allocator))
        memset(block, 0, bytes);
    return block;
}

void psyi_free(const psy_allocator *allocator, void *block)
{
    if (block == NULL)
        return;
    if (allocator == NULL)
        free(block);
    else
        allocator->release(allocator->context, block);
}

bool psyi_grow_raw(const psy_allocator *allocator, void **items, size_t *capacity, size_t need,
                   size_t size)
{
    if (need <= *capacity)
        return true;
    const size_t doubled = *capacity <= SIZE_MAX / 2 ? *capacity * 2 : SIZE_MAX;
    size_t wanted = doubled < 8 ? 8 : doubled;
    if (wanted < need)
        wanted = need;
    size_t bytes;
    if (__builtin_mul_overflow(wanted, size, &bytes)) {
        /* Doubling asked for too much; what is needed may still fit. */
        wanted = need;
        if (__builtin_mul_overflow(wanted, size, &bytes))
            return false;
    }
    if (bytes == 0)
        bytes = 1;
    void *const grown = allocator == NULL ? realloc(*items, bytes)
                                          : allocator->resize(allocator->context, *items, bytes);
    if (grown == NULL)
        return false;
    if (allocator == NULL)
        want_huge(grown, bytes);
    *items = grown;
    *capacity = wanted;
    return true;
}

bool psyi_grow(const psy_allocator *allocator, void **items, size_t *capacity, size_t need,
               size_t size)
{
    const size_t before = *capacity;
    if (!psyi_grow_raw(allocator, items, capacity, need, size))
        return false;
    if (*capacity > before && (allocator == NULL || !psyi_spill_zeroes(allocator)))
        memset((char *)*items + before * size, 0, (*capacity - before) * size);
    return true;
}

char *psyi_text_copy(const psy_allocator *allocator, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *const copy = psyi_alloc(allocator, length + 1, 1);
    if (copy != NULL && length > 0)
        memcpy(copy, text, length);
    return copy;
}
