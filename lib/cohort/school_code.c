/*
 * school_code.c -- the school of a code.
 */
#include "cohort/results.h"

#include <string.h>

/* As strcmp does. */
static int compare(const char *own, const char *code, size_t length)
{
    const size_t own_length = strlen(own);
    const int begin = memcmp(own, code, own_length < length ? own_length : length);
    return begin != 0 ? begin : (own_length > length) - (own_length < length);
}

size_t psyi_school_of_code(const psyi_results *results, const char *code, size_t length)
{
    size_t low = 0, high = results->n_schools;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(results->schools[middle].code, code, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const bool there =
        low < results->n_schools && compare(results->schools[low].code, code, length) == 0;
    return there ? low : results->n_schools;
}
