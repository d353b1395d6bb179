/* heap.h -- how the program keeps the heap; benchmarks that tell peaks keep theirs the same way. */
#ifndef PSYSCREEN_CLI_HEAP_H
#define PSYSCREEN_CLI_HEAP_H

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Blocks from this size on are given back to the system as soon as they are free; below it the end
 * of a heap stays until so much of it is free. */
#define HEAP_GIVEN_BACK (128 << 10)
#define HEAP_KEPT_FREE  (512 << 10)

/* Before anything else is done. */
static inline void heap_settings(void)
{
#ifdef M_MMAP_THRESHOLD
    /* Said once, it stays: else it grows with the largest block that was ever freed, and later ones
     * are cut from heaps that only shrink at their end (60,000 students: 9 of 76 MiB). */
    mallopt(M_MMAP_THRESHOLD, HEAP_GIVEN_BACK);
    /* (Each part of a workbook takes a quarter of a MiB for a moment: at the usual threshold, which
     * the line above fixes as well, its pages went and came back each time.) */
    mallopt(M_TRIM_THRESHOLD, HEAP_KEPT_FREE);
#endif
}

#endif
