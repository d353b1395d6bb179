/*
 * sort.c -- a merge sort whose room comes from the caller's allocator.
 */
#include "base/sort.h"
#include "base/spill.h"

#include <string.h>

#define FEW 8 /* so many are sorted by inserting */

typedef struct sorting {
    size_t size;
    int (*compare)(const void *a, const void *b, void *context);
    void *context;
    const psy_allocator *allocator;
    unsigned char *room; /* for half of the items, and at least one */
} sorting;

static void insert(const sorting *s, unsigned char *items, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        size_t to = i;
        while (to > 0 &&
               s->compare(items + i * s->size, items + (to - 1) * s->size, s->context) < 0)
            to--;
        if (to == i)
            continue;
        memcpy(s->room, items + i * s->size, s->size);
        memmove(items + (to + 1) * s->size, items + to * s->size, (i - to) * s->size);
        memcpy(items + to * s->size, s->room, s->size);
    }
}

static void sort(const sorting *s, unsigned char *items, size_t n)
{
    const size_t size = s->size, half = n / 2;
    if (n <= FEW) {
        insert(s, items, n);
        return;
    }
    if (n > 1024)
        psyi_spill_look(s->allocator);
    sort(s, items, half);
    sort(s, items + half * size, n - half);
    unsigned char *right = items + half * size, *to = items;
    if (s->compare(right - size, right, s->context) <= 0) /* in order already */
        return;
    psyi_spill_copy(s->allocator, s->room, items, half * size);
    const unsigned char *left = s->room, *const left_end = s->room + half * size,
                        *const right_end = items + n * size;
    for (size_t i = 1; left < left_end && right < right_end; i++) {
        psyi_spill_pass(s->allocator, i); /* what items point to may be anywhere */
        const bool takes_right = s->compare(right, left, s->context) < 0;
        memcpy(to, takes_right ? right : left, size);
        right += takes_right ? size : 0;
        left += takes_right ? 0 : size;
        to += size;
    }
    psyi_spill_copy(s->allocator, to, left, (size_t)(left_end - left));
}

bool psyi_merge_sort(void *items, size_t n, size_t size,
                     int (*compare)(const void *a, const void *b, void *context), void *context,
                     const psy_allocator *allocator)
{
    if (n < 2)
        return true;
    const sorting s = {.size = size,
                       .compare = compare,
                       .context = context,
                       .allocator = allocator,
                       .room = psyi_alloc(allocator, n / 2 + 1, size)};
    if (s.room == NULL)
        return false;
    sort(&s, items, n);
    psyi_free(allocator, s.room);
    return true;
}
