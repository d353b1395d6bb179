/*
 * fuzz_decode.c -- any bytes in any encoding: valid UTF-8 without NUL, or an error with a
 * place that can be shown.
 */
#include "base/text.h"

#include <psyscreen/error.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    psy_error error;
    const psyi_encoding encoding = (psyi_encoding)(bytes[0] % PSYI_ENCODING_COUNT);
    const char *const text = (const char *)bytes + 1;
    const psy_status status = psyi_decode(text, size - 1, encoding, "x", &out, &error);
    if (status == PSY_OK) {
        if (psyi_utf8_check(out.data, out.length) != out.length ||
            (out.length > 0 && memchr(out.data, 0, out.length) != NULL))
            abort();
    } else {
        char shown[400];
        if (status != PSY_E_DATA || error.where.line == 0 || error.where.column == 0)
            abort();
        psy_error_format(&error, text, size - 1, shown, sizeof shown);
        if (psyi_utf8_check(shown, strlen(shown)) != strlen(shown))
            abort();
    }
    psyi_buffer_done(&out);
    return 0;
}
