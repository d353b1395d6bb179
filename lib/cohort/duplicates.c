/*
 * duplicates.c -- when two sheets of one use say the same, and in which order sheets stand.
 *
 * Both look at what was submitted and answered, never at the row it came from, so that the
 * same files in another order give the same choice.
 */
#include "cohort/assembly.h"

int psyi_compare_answers(const psyi_sheets *sheets, uint32_t a, uint32_t b)
{
    for (size_t item = 0; item < sheets->n_items; item++) {
        const uint8_t x = *psyi_sheets_byte(sheets, a, item);
        const uint8_t y = *psyi_sheets_byte(sheets, b, item);
        if (x != y)
            return x < y ? -1 : 1;
        if (sheets->numbers[item] == NULL || x >= PSYI_BLANK)
            continue;
        const int32_t m = sheets->numbers[item][a], n = sheets->numbers[item][b];
        if (m != n)
            return m < n ? -1 : 1;
    }
    return 0;
}

bool psyi_same_answers(const psyi_sheets *sheets, uint32_t a, uint32_t b)
{
    return psyi_compare_answers(sheets, a, b) == 0;
}
