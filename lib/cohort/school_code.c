/*
 * school_code.c -- the school of a code.
 */
#include "cohort/results.h"

#include <string.h>

size_t psyi_school_of_code(const psyi_results *results, const char *code, size_t length)
{
    size_t low = 0, high = results->n_schools;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const char *const own = results->schools[middle].code;
        const size_t own_length = strlen(own);
        const int begin = memcmp(own, code, own_length < length ? own_length : length);
        if (begin == 0 && own_length == length)
            return middle;
        if (begin < 0 || (begin == 0 && own_length < length))
            low = middle + 1;
        else
            high = middle;
    }
    return results->n_schools;
}
