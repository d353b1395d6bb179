/*
 * seal_file.c -- seal_file IN OUT PASSWORD [seed]: encrypt a file, with a fixed random source
 * when there is a seed; exit 0, or 1 and the message.
 *
 * seal_file --blank BYTES OUT PASSWORD: the same for so many made-up bytes.
 */
#include "test_support.h"

#include <psyscreen/encryption.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int put(void *context, const void *bytes, size_t size)
{
    return fwrite(bytes, 1, size, context) != size;
}

static int numbers(void *context, void *bytes, size_t size)
{
    uint64_t *const state = context;
    for (size_t i = 0; i < size; i++) {
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        ((unsigned char *)bytes)[i] = (unsigned char)(*state >> 56);
    }
    return 0;
}

int main(int argc, char **argv)
{
    psy_error error = {0};
    unsigned char *made = NULL;
    size_t length = 0;
    if (argc < 4)
        return 2;
    if (strcmp(argv[1], "--blank") == 0) {
        if (argc < 5)
            return 2;
        uint64_t state = 7;
        length = (size_t)strtoull(argv[2], NULL, 10);
        made = malloc(length + 1);
        if (made == NULL)
            return 2;
        numbers(&state, made, length);
        char plain[4096];
        snprintf(plain, sizeof plain, "%s.plain", argv[3]);
        psy_test_write_file(plain, made, length);
        argv++;
        argc--;
    }
    FILE *const out = fopen(argv[2], "wb");
    if (out == NULL)
        return 2;
    uint64_t state = argc > 4 ? strtoull(argv[4], NULL, 10) : 0;
    const psy_encryption_options options = {.version = PSY_ENCRYPTION_OPTIONS_VERSION,
                                            .random = argc > 4 ? numbers : NULL,
                                            .random_context = &state};
    const psy_sink sink = {put, out};
    const psy_status status = psy_encrypt_workbook(made != NULL ? NULL : argv[1], made, length,
                                                   argv[3], &options, &sink, &error);
    free(made);
    if (fclose(out) != 0)
        return 2;
    if (status != PSY_OK)
        fprintf(stderr, "%s\n", error.message);
    return status != PSY_OK;
}
