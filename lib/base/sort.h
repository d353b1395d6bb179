/* sort.h -- sorting what may be as many as there are students. */
#ifndef PSYSCREEN_BASE_SORT_H
#define PSYSCREEN_BASE_SORT_H

#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>

/* By merging, stable: n log n comparisons, and half of the items once more, from the allocator
 * (qsort takes that from malloc, past every budget).  Goes forward through memory.  false
 * without memory, and then nothing has moved. */
bool psyi_merge_sort(void *items, size_t n, size_t size,
                     int (*compare)(const void *a, const void *b, void *context), void *context,
                     const psy_allocator *allocator);

#endif
