/*
 * small_blocks.c -- see small_blocks.h.
 *
 * Sizes are multiples of sixteen up to a KiB, then powers of two; what is given back waits in a
 * list of its size.  Nothing is ever joined: what so many blocks of one kind are asked for, is
 * kept to the end, or comes again.
 */
#include "base/small_blocks.h"

#include <string.h>

#define LARGE_BLOCK ((size_t)256 << 10)
#define STEP        ((size_t)16)
#define LEAST_POWER ((size_t)1024) /* from here on powers of two */

static size_t class_of(size_t size, size_t *rounded)
{
    if (size <= LEAST_POWER) {
        *rounded = (size + STEP - 1) / STEP * STEP;
        return *rounded / STEP - 1;
    }
    size_t class = LEAST_POWER / STEP - 1;
    for (*rounded = LEAST_POWER; *rounded < size; *rounded *= 2)
        class ++;
    return class;
}

bool psyi_small_init(psyi_small_blocks *blocks, void *(*more)(void *context, size_t size),
                     void *context)
{
    memset(blocks, 0, sizeof *blocks);
    blocks->more = more;
    blocks->context = context;
    return pthread_mutex_init(&blocks->lock, NULL) == 0;
}

void psyi_small_done(psyi_small_blocks *blocks)
{
    pthread_mutex_destroy(&blocks->lock);
}

void *psyi_small_take(psyi_small_blocks *blocks, size_t size)
{
    size_t rounded;
    if (size == 0 || size > PSYI_SMALL_BLOCK)
        return NULL;
    const size_t class = class_of(size, &rounded);
    pthread_mutex_lock(&blocks->lock);
    void *block = blocks->freed[class];
    if (block != NULL) {
        memcpy(&blocks->freed[class], block, sizeof block);
        pthread_mutex_unlock(&blocks->lock);
        memset(block, 0, rounded);
        return block;
    }
    if (blocks->left < rounded) {
        unsigned char *const more = blocks->more(blocks->context, LARGE_BLOCK);
        if (more != NULL) {
            blocks->at = more;
            blocks->left = LARGE_BLOCK;
        }
    }
    if (blocks->left >= rounded) {
        block = blocks->at;
        blocks->at += rounded;
        blocks->left -= rounded;
    }
    pthread_mutex_unlock(&blocks->lock);
    return block;
}

void psyi_small_give(psyi_small_blocks *blocks, void *block, size_t size)
{
    size_t rounded;
    const size_t class = class_of(size, &rounded);
    pthread_mutex_lock(&blocks->lock);
    memcpy(block, &blocks->freed[class], sizeof block);
    blocks->freed[class] = block;
    pthread_mutex_unlock(&blocks->lock);
}
