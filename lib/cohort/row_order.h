/* row_order.h -- a fixed order of two rows of people that does not depend on where they stood. */
#ifndef PSYSCREEN_COHORT_ROW_ORDER_H
#define PSYSCREEN_COHORT_ROW_ORDER_H

#include <stddef.h>
#include <string.h>

/* Pairs of values, the first pair that differs decides: numbers before texts.  No text is "". */
static inline int psyi_row_order(const int (*numbers)[2], size_t n_numbers,
                                 const char *const (*texts)[2], size_t n_texts)
{
    for (size_t i = 0; i < n_numbers; i++)
        if (numbers[i][0] != numbers[i][1])
            return numbers[i][0] < numbers[i][1] ? -1 : 1;
    for (size_t i = 0; i < n_texts; i++) {
        const int order =
            strcmp(texts[i][0] != NULL ? texts[i][0] : "", texts[i][1] != NULL ? texts[i][1] : "");
        if (order != 0)
            return order;
    }
    return 0;
}

#endif
