/*
 * replay.c -- runs a fuzz target over files, where there is no libFuzzer.
 *
 * usage: fuzz_<name> FILE_OR_DIRECTORY...
 */
#include "base/file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static size_t n_files;

static int replay_file(const char *path)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psy_error error;
    if (psyi_file_read(path, 0, &text, &error) != PSY_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    /* A block of exactly that size, so that the sanitizer sees a read behind the end. */
    uint8_t *const bytes = malloc(text.length + 1);
    if (bytes == NULL)
        return 1;
    uint8_t *const exact = bytes + 1;
    memcpy(exact, text.data, text.length);
    LLVMFuzzerTestOneInput(exact, text.length);
    free(bytes);
    psyi_buffer_done(&text);
    n_files++;
    return 0;
}

static int replay_directory(const char *path)
{
    char **names;
    size_t n;
    psy_error error;
    if (psyi_directory_list(path, NULL, &names, &n, &error) != PSY_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    int bad = 0;
    for (size_t i = 0; i < n; i++) {
        char *const file = psyi_path_join(NULL, path, names[i]);
        bad |= file == NULL || replay_file(file);
        psyi_free(NULL, file);
    }
    psyi_free(NULL, names);
    return bad;
}

int main(int argc, char **argv)
{
    int bad = 0;
    for (int i = 1; i < argc; i++)
        bad |= psyi_is_directory(argv[i]) ? replay_directory(argv[i]) : replay_file(argv[i]);
    printf("%zu files\n", n_files);
    return bad || n_files == 0;
}
