/*
 * file.c -- reading files, sources and directories.
 *
 * What is not a regular file or a pipe is refused before it is read: a directory or a
 * device given by mistake gets a sentence of its own.  Sizes are bounded while reading, not
 * from what the file system says, because a file can grow meanwhile.
 */
#include "base/file.h"
#include "base/digest.h"
#include "base/fail.h"
#include "base/spill.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK ((size_t)65536)
#define PIECE ((size_t)1 << 20) /* of one read(2) */

/* A descriptor that reads, and the size it announces (0 for a pipe); -1 after an error. */
int psyi_file_open(const char *path, size_t *size, psy_error *error)
{
    /* O_NONBLOCK: opening a pipe nobody writes to must not wait for ever. */
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0) {
        psyi_fail_file(error, PSY_E_IO, "cannot read", path, errno);
        return -1;
    }
    struct stat about;
    const char *what = NULL;
    if (fstat(descriptor, &about) != 0) {
        psyi_fail_file(error, PSY_E_IO, "cannot read", path, errno);
        close(descriptor);
        return -1;
    }
    if (S_ISDIR(about.st_mode))
        what = "a directory";
    else if (!S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode))
        what = "a device";
    if (what != NULL) {
        const psy_location where = psyi_location(path, 0, 0, 0);
        psyi_fail(error, PSY_E_IO, &where, "cannot read '%s': it is %s, not a file", path, what);
        close(descriptor);
        return -1;
    }
    const int flags = fcntl(descriptor, F_GETFL);
    if (flags >= 0)
        fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK);
    *size = S_ISREG(about.st_mode) && about.st_size > 0 ? (size_t)about.st_size : 0;
    return descriptor;
}

/* As read(2), but carries on after a signal. */
static ssize_t read_some(int descriptor, void *out, size_t size)
{
    ssize_t n;
    do
        n = read(descriptor, out, size);
    while (n < 0 && errno == EINTR);
    return n;
}

psy_status psyi_file_some(int descriptor, const char *path, void *out, size_t size, size_t *n,
                          psy_error *error)
{
    const ssize_t got = read_some(descriptor, out, size);
    *n = got > 0 ? (size_t)got : 0;
    return got < 0 ? psyi_fail_file(error, PSY_E_IO, "cannot read", path, errno) : PSY_OK;
}

static psy_status too_large(const char *path, size_t max, psy_error *error)
{
    const psy_location where = psyi_location(path, 0, 0, 0);
    return psyi_fail(error, PSY_E_LIMIT, &where, "'%s' is larger than %zu bytes", path, max);
}

/* Make room for `more` bytes behind the text of `out`, for reading straight into it. */
static bool reserve(psyi_buffer *out, size_t more)
{
    void *data = out->data;
    if (out->failed || more > SIZE_MAX / 2 - out->length ||
        !psyi_grow(out->allocator, &data, &out->capacity, out->length + more + 1, 1)) {
        out->failed = true;
        return false;
    }
    out->data = data;
    return true;
}

psy_status psyi_file_read(const char *path, size_t max, psyi_buffer *out, psy_error *error)
{
    size_t announced;
    const int descriptor = psyi_file_open(path, &announced, error);
    if (descriptor < 0)
        return PSY_E_IO;
    if (max == 0)
        max = SIZE_MAX / 4;
    const size_t start = out->length;
    psy_status status = PSY_OK;
    if (announced > max)
        status = too_large(path, max, error);
    else if (!reserve(out, announced + 1))
        status = psyi_fail_memory(error, path);
    while (status == PSY_OK) {
        if (out->capacity - out->length < 2 && !reserve(out, BLOCK)) {
            status = psyi_fail_memory(error, path);
            break;
        }
        const size_t room = out->capacity - out->length - 1;
        /* In pieces: what was read may lie beyond a memory budget. */
        psyi_spill_look(out->allocator);
        const ssize_t n =
            read_some(descriptor, out->data + out->length, room < PIECE ? room : PIECE);
        if (n < 0)
            status = psyi_fail_file(error, PSY_E_IO, "cannot read", path, errno);
        if (n <= 0)
            break;
        out->length += (size_t)n;
        if (out->length - start > max)
            status = too_large(path, max, error);
    }
    if (status != PSY_OK)
        out->length = start;
    if (out->data != NULL)
        out->data[out->length] = '\0';
    close(descriptor);
    return status;
}

psy_status psyi_source_read(const psy_source *source, size_t max, psyi_buffer *out,
                            psy_error *error)
{
    const char *const name = source->name != NULL ? source->name : "<memory>";
    if (max == 0)
        max = SIZE_MAX / 4;
    const size_t start = out->length;
    psy_status status = PSY_OK;
    while (status == PSY_OK) {
        if (!reserve(out, BLOCK)) {
            status = psyi_fail_memory(error, name);
            break;
        }
        const size_t n = source->read(source->context, out->data + out->length, BLOCK);
        if (n == 0)
            break;
        if (n > BLOCK) {
            const psy_location where = psyi_location(name, 0, 0, 0);
            status = psyi_fail(error, PSY_E_IO, &where, "'%s' could not be read", name);
            break;
        }
        out->length += n;
        if (out->length - start > max)
            status = too_large(name, max, error);
    }
    if (status != PSY_OK)
        out->length = start;
    if (out->data != NULL)
        out->data[out->length] = '\0';
    return status;
}

psy_status psyi_file_digest(const char *path, char out[65], psy_error *error)
{
    size_t announced;
    const int descriptor = psyi_file_open(path, &announced, error);
    if (descriptor < 0)
        return PSY_E_IO;
    psyi_sha256 *const digest = psyi_sha256_new();
    char *const block = psyi_alloc(NULL, BLOCK, 1);
    psy_status status = PSY_OK;
    if (digest == NULL || block == NULL)
        status = psyi_fail_memory(error, path);
    while (status == PSY_OK) {
        const ssize_t n = read_some(descriptor, block, BLOCK);
        if (n < 0)
            status = psyi_fail_file(error, PSY_E_IO, "cannot read", path, errno);
        if (n <= 0)
            break;
        psyi_sha256_add(digest, block, (size_t)n);
    }
    char hex[65] = "";
    if (digest != NULL)
        psyi_sha256_hex(digest, hex);
    if (status == PSY_OK && hex[0] == '\0')
        status = psyi_fail_memory(error, path);
    if (status == PSY_OK)
        memcpy(out, hex, sizeof hex);
    psyi_free(NULL, block);
    close(descriptor);
    return status;
}

bool psyi_file_exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

bool psyi_file_size(const char *path, size_t *out)
{
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < 0)
        return false;
    *out = (size_t)about.st_size;
    return true;
}

bool psyi_is_directory(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

psy_status psyi_directory_make(const char *path, psy_error *error)
{
    if (mkdir(path, 0777) == 0)
        return PSY_OK;
    const int code = errno;
    if (code == EEXIST && psyi_is_directory(path))
        return PSY_OK;
    if (code == EEXIST) {
        const psy_location where = psyi_location(path, 0, 0, 0);
        return psyi_fail(error, PSY_E_OUTPUT, &where,
                         "'%s' is a file, not a directory: name another directory", path);
    }
    return psyi_fail_file(error, PSY_E_OUTPUT, "cannot make the directory", path, code);
}

psy_status psyi_directory_make_all(const char *path, const psy_allocator *allocator,
                                   psy_error *error)
{
    const size_t length = strlen(path);
    char *const part = psyi_alloc(allocator, length + 1, 1);
    if (part == NULL)
        return psyi_fail_memory(error, path);
    memcpy(part, path, length + 1);
    psy_status status = PSY_OK;
    for (size_t i = 1; i < length && status == PSY_OK; i++) {
        if (part[i] != '/' || part[i - 1] == '/')
            continue;
        part[i] = '\0';
        if (!psyi_is_directory(part)) /* what is there already need not be writable */
            status = psyi_directory_make(part, error);
        part[i] = '/';
    }
    psyi_free(allocator, part);
    return status == PSY_OK ? psyi_directory_make(path, error) : status;
}

psy_status psyi_directory_can_be(const char *path, const psy_allocator *allocator, psy_error *error)
{
    const size_t length = strlen(path);
    char *const part = psyi_alloc(allocator, length + 2, 1);
    if (part == NULL)
        return psyi_fail_memory(error, path);
    memcpy(part, path, length + 1);
    /* Up to what is there: it will hold the others. */
    while (!psyi_file_exists(part) && part[0] != '\0') {
        char *const slash = strrchr(part, '/');
        if (slash == NULL)
            memcpy(part, ".", 2);
        else
            slash[slash == part && slash[1] != '\0'] = '\0';
    }
    psy_status status = PSY_OK;
    const psy_location where = psyi_location(path, 0, 0, 0);
    if (part[0] != '\0' && !psyi_is_directory(part))
        status = psyi_fail(error, PSY_E_OUTPUT, &where,
                           "'%s' is a file, not a directory: name another directory", part);
    else if (part[0] != '\0' && access(part, W_OK | X_OK) != 0)
        status =
            psyi_fail_file(error, PSY_E_OUTPUT, "cannot write into the directory", part, errno);
    psyi_free(allocator, part);
    return status;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All names, each with its NUL, one after the other. */
static psy_status collect_names(const char *path, psyi_buffer *text, size_t *n, psy_error *error)
{
    DIR *const directory = opendir(path);
    if (directory == NULL)
        return psyi_fail_file(error, errno == ENOMEM ? PSY_E_NOMEM : PSY_E_IO,
                              "cannot list the directory", path, errno);
    psy_status status = PSY_OK;
    for (*n = 0;;) {
        errno = 0;
        const struct dirent *const entry = readdir(directory);
        if (entry == NULL) {
            if (errno != 0)
                status = psyi_fail_file(error, PSY_E_IO, "cannot list the directory", path, errno);
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        psyi_buffer_add(text, entry->d_name, strlen(entry->d_name) + 1);
        ++*n;
    }
    closedir(directory);
    if (status == PSY_OK && text->failed)
        status = psyi_fail_memory(error, path);
    return status;
}

psy_status psyi_directory_list(const char *path, const psy_allocator *allocator, char ***names,
                               size_t *n_names, psy_error *error)
{
    psyi_buffer text;
    psyi_buffer_init(&text, allocator);
    size_t n = 0;
    psy_status status = collect_names(path, &text, &n, error);
    char **block = NULL;
    if (status == PSY_OK) {
        block = psyi_alloc(allocator, n * sizeof *block + text.length, 1);
        if (block == NULL)
            status = psyi_fail_memory(error, path);
    }
    if (status == PSY_OK) {
        char *const texts = (char *)(block + n);
        if (text.length > 0)
            memcpy(texts, text.data, text.length);
        const char *at = texts;
        for (size_t i = 0; i < n; i++) {
            block[i] = (char *)at;
            at += strlen(at) + 1;
        }
        qsort(block, n, sizeof *block, by_bytes);
        *names = block;
        *n_names = n;
    }
    psyi_buffer_done(&text);
    return status;
}

const char *psyi_base_name(const char *path)
{
    const char *const slash = path != NULL ? strrchr(path, '/') : NULL;
    return slash != NULL ? slash + 1 : path != NULL ? path : "";
}

char *psyi_path_join(const psy_allocator *allocator, const char *directory, const char *name)
{
    const size_t length = strlen(directory);
    const size_t slash = length > 0 && directory[length - 1] != '/';
    const size_t n = strlen(name);
    char *const path = psyi_alloc(allocator, length + slash + n + 1, 1);
    if (path == NULL)
        return NULL;
    memcpy(path, directory, length);
    if (slash)
        path[length] = '/';
    memcpy(path + length + slash, name, n);
    return path;
}
