/*
 * fuzz_number.c -- any text as a number, an integer and a ratio: what is read prints as text
 * that reads back the same.
 */
#include "base/number.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *const text = (const char *)bytes;
    char printed[32];
    double number, again;
    if (psyi_number_parse(text, size, &number)) {
        const size_t length = psyi_number_print(number, printed);
        if (!psyi_number_parse(printed, length, &again) || again != number)
            abort();
    }
    int64_t integer;
    if (psyi_integer_parse(text, size, &integer) && !psyi_number_parse(text, size, &number))
        abort();
    psyi_ratio ratio;
    if (psyi_ratio_parse(text, size, &ratio)) {
        if (ratio.den <= 0 || !psyi_number_parse(text, size, &number) ||
            number != psyi_ratio_double(ratio))
            abort();
        psyi_ratio_round_to(ratio, (unsigned)(size % 10));
    }
    return 0;
}
