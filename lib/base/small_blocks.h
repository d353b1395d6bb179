/* small_blocks.h -- small blocks cut from large ones, where one by one they would be too many. */
#ifndef PSYSCREEN_BASE_SMALL_BLOCKS_H
#define PSYSCREEN_BASE_SMALL_BLOCKS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { PSYI_SMALL_BLOCK = 32 << 10, PSYI_SMALL_CLASSES = 64 + 5 };

typedef struct psyi_small_blocks {
    /* Zeroed bytes that stay until whoever owns them takes them all back, or NULL. */
    void *(*more)(void *context, size_t size);
    void *context;
    pthread_mutex_t lock;
    unsigned char *at; /* what is left of the large block at hand */
    size_t left;
    void *freed[PSYI_SMALL_CLASSES];
} psyi_small_blocks;

bool psyi_small_init(psyi_small_blocks *blocks, void *(*more)(void *context, size_t size),
                     void *context);
void psyi_small_done(psyi_small_blocks *blocks);
/* Zeroed, aligned to 16, of 1 to PSYI_SMALL_BLOCK bytes; NULL: there is no more.  Any thread. */
void *psyi_small_take(psyi_small_blocks *blocks, size_t size);
/* A block of the same size may have it again. */
void psyi_small_give(psyi_small_blocks *blocks, void *block, size_t size);

#endif
