/*
 * shelf.c -- large blocks kept for whoever asks next.
 *
 * The system takes a page back and gives it out again zeroed, with a fault for each 4 KiB; on two
 * threads it also stops the other to say so.  Workbooks ask for the same dozen large blocks 59
 * times.  Each block has its capacity before it; of those that are free the smallest that fits is
 * taken, unless it is more than four times too large.
 */
#include "base/shelf.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#define LEAST     ((size_t)32 << 10) /* smaller ones are malloc's own business */
#define PLACES    64u
#define TOO_LARGE 4u

typedef union block {
    struct {
        size_t capacity; /* bytes behind this */
    };
    max_align_t aligned;
} block;

struct psyi_shelf {
    psy_allocator allocator;
    const psy_allocator *below;
    pthread_mutex_t lock;
    size_t most, kept;
    block *free[PLACES];
    size_t n_free;
};

static void *below_resize(const psyi_shelf *shelf, void *old, size_t size)
{
    size_t capacity = 0; /* just what is asked for, no doubling */
    return psyi_grow_raw(shelf->below, &old, &capacity, size, 1) ? old : NULL;
}

static block *take(psyi_shelf *shelf, size_t size)
{
    block *found = NULL;
    pthread_mutex_lock(&shelf->lock);
    size_t best = PLACES;
    for (size_t i = 0; i < shelf->n_free; i++) {
        const size_t capacity = shelf->free[i]->capacity;
        if (capacity >= size && capacity / TOO_LARGE <= size &&
            (best == PLACES || capacity < shelf->free[best]->capacity))
            best = i;
    }
    if (best < PLACES) {
        found = shelf->free[best];
        shelf->free[best] = shelf->free[--shelf->n_free];
        shelf->kept -= found->capacity;
    }
    pthread_mutex_unlock(&shelf->lock);
    return found;
}

static bool keep(psyi_shelf *shelf, block *old)
{
    if (old->capacity < LEAST)
        return false;
    pthread_mutex_lock(&shelf->lock);
    const bool room = shelf->n_free < PLACES && old->capacity <= shelf->most - shelf->kept;
    if (room) {
        shelf->free[shelf->n_free++] = old;
        shelf->kept += old->capacity;
    }
    pthread_mutex_unlock(&shelf->lock);
    return room;
}

static void put_away(psyi_shelf *shelf, block *old)
{
    if (!keep(shelf, old))
        psyi_free(shelf->below, old);
}

static void *shelf_resize(void *context, void *bytes, size_t size)
{
    psyi_shelf *const shelf = context;
    block *const old = bytes != NULL ? (block *)bytes - 1 : NULL;
    if (old != NULL && size <= old->capacity)
        return bytes;
    if (size > SIZE_MAX - sizeof(block))
        return NULL;
    block *fresh = size >= LEAST ? take(shelf, size) : NULL;
    if (fresh == NULL) {
        /* (What was large already is moved by its pages, not byte by byte.) */
        fresh = below_resize(shelf, old, size + sizeof(block));
        if (fresh == NULL)
            return NULL;
        fresh->capacity = size;
    } else if (old != NULL) {
        memcpy(fresh + 1, bytes, old->capacity);
        put_away(shelf, old);
    }
    return fresh + 1;
}

static void shelf_release(void *context, void *bytes)
{
    if (bytes != NULL)
        put_away(context, (block *)bytes - 1);
}

psyi_shelf *psyi_shelf_new(size_t most, const psy_allocator *below)
{
    psyi_shelf *const shelf = psyi_alloc(below, 1, sizeof *shelf);
    if (shelf == NULL)
        return NULL;
    if (pthread_mutex_init(&shelf->lock, NULL) != 0) {
        psyi_free(below, shelf);
        return NULL;
    }
    shelf->allocator = (psy_allocator){shelf_resize, shelf_release, shelf};
    shelf->below = below;
    shelf->most = most;
    return shelf;
}

const psy_allocator *psyi_shelf_allocator(const psyi_shelf *shelf)
{
    return &shelf->allocator;
}

size_t psyi_shelf_kept(psyi_shelf *shelf)
{
    pthread_mutex_lock(&shelf->lock);
    const size_t kept = shelf->kept;
    pthread_mutex_unlock(&shelf->lock);
    return kept;
}

void psyi_shelf_free(psyi_shelf *shelf)
{
    if (shelf == NULL)
        return;
    for (size_t i = 0; i < shelf->n_free; i++)
        psyi_free(shelf->below, shelf->free[i]);
    pthread_mutex_destroy(&shelf->lock);
    psyi_free(shelf->below, shelf);
}
