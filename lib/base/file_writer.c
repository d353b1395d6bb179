/*
 * file_writer.c -- files that appear complete or not at all.
 *
 * A file is written under a temporary name in its own directory, synced, and renamed; the
 * directory is synced too, so that after a power cut there is the old file or the new one.
 * The directory is held open, so that a rename of one of its parents meanwhile moves
 * nothing elsewhere.  Whoever may not read the result may not read the temporary file
 * either: it is 0600 until it is complete.  After a failed write a commit is refused.
 */
#include "base/fail.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names of the same target that are tried before giving up. */
#define MOST_TRIES 1000

struct psyi_file_writer {
    const psy_allocator *allocator;
    char *path;       /* where it shall appear */
    char *temporary;  /* where it is meanwhile */
    const char *name; /* last part of each, for the calls relative to `directory` */
    const char *hidden; /* NULL: it has no name */
    int directory, descriptor;
    unsigned mode;
    bool failed;
};

static void discard(psyi_file_writer *writer)
{
    if (writer->descriptor >= 0)
        close(writer->descriptor);
    if (writer->directory >= 0)
        close(writer->directory);
    psyi_free(writer->allocator, writer->path);
    psyi_free(writer->allocator, writer->temporary);
    psyi_free(writer->allocator, writer);
}

/* Put the temporary path behind the directory part: ".<name>.<pid>-<n>.tmp". */
static bool name_temporary(psyi_file_writer *writer, unsigned attempt)
{
    psyi_buffer text;
    psyi_buffer_init(&text, writer->allocator);
    const size_t directory = (size_t)(writer->name - writer->path);
    psyi_buffer_add(&text, writer->path, directory);
    /* Cut, so that a name that is just short enough stays so. */
    psyi_buffer_format(&text, ".%.200s.%ld-%u.tmp", writer->name, (long)getpid(), attempt);
    psyi_free(writer->allocator, writer->temporary);
    writer->temporary = NULL;
    if (text.failed) {
        psyi_buffer_done(&text);
        return false;
    }
    writer->temporary = text.data;
    writer->hidden = writer->temporary + directory;
    return true;
}

static psy_status open_directory(psyi_file_writer *writer, psy_error *error)
{
    const size_t length = (size_t)(writer->name - writer->path);
    char *const path = length == 0 ? psyi_text_copy(writer->allocator, ".", 1)
                                   : psyi_text_copy(writer->allocator, writer->path, length);
    if (path == NULL)
        return psyi_fail_memory(error, writer->path);
    psy_status status = PSY_OK;
    writer->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (writer->directory < 0)
        status = psyi_fail_file(error, PSY_E_OUTPUT, "cannot write into", path, errno);
    psyi_free(writer->allocator, path);
    return status;
}

static psy_status open_temporary(psyi_file_writer *writer, psy_error *error)
{
    for (unsigned attempt = 0; attempt < MOST_TRIES; attempt++) {
        if (!name_temporary(writer, attempt))
            return psyi_fail_memory(error, writer->path);
        writer->descriptor = openat(writer->directory, writer->hidden,
                                    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (writer->descriptor >= 0)
            return PSY_OK;
        if (errno != EEXIST)
            break;
    }
    return psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", writer->path, errno);
}

/* The descriptor of a file without a name, and a path to it; false where there is none. */
static bool open_unnamed(psyi_file_writer *writer, char *path, size_t size)
{
#ifdef O_TMPFILE
    struct stat by_path, opened;
    const int descriptor = openat(writer->directory, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return false;
    snprintf(path, size, "/proc/self/fd/%d", descriptor);
    if (stat(path, &by_path) == 0 && fstat(descriptor, &opened) == 0 &&
        by_path.st_dev == opened.st_dev && by_path.st_ino == opened.st_ino) {
        writer->descriptor = descriptor;
        return true;
    }
    close(descriptor);
#else
    (void)writer;
    (void)path;
    (void)size;
#endif
    return false;
}

static psy_status open_writer(psyi_file_writer *writer, bool named, psy_error *error)
{
    char path[40];
    const psy_status status = open_directory(writer, error);
    if (status != PSY_OK)
        return status;
    if (named || !open_unnamed(writer, path, sizeof path))
        return open_temporary(writer, error);
    writer->temporary = psyi_text_copy(writer->allocator, path, strlen(path));
    return writer->temporary != NULL ? PSY_OK : psyi_fail_memory(error, writer->path);
}

static psy_status create(psyi_file_writer **out, const char *path, unsigned mode, bool named,
                         const psy_allocator *allocator, psy_error *error)
{
    const char *const slash = strrchr(path, '/');
    const char *const last = slash != NULL ? slash + 1 : path;
    if (last[0] == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return psyi_fail(error, PSY_E_OUTPUT, NULL, "cannot write '%s': it names no file", path);
    psyi_file_writer *const writer = psyi_alloc(allocator, 1, sizeof *writer);
    if (writer == NULL)
        return psyi_fail_memory(error, path);
    writer->allocator = allocator;
    writer->directory = writer->descriptor = -1;
    writer->mode = mode;
    writer->path = psyi_text_copy(allocator, path, strlen(path));
    if (writer->path == NULL) {
        discard(writer);
        return psyi_fail_memory(error, path);
    }
    writer->name = writer->path + (last - path);
    const psy_status status = open_writer(writer, named, error);
    if (status != PSY_OK) {
        discard(writer);
        return status;
    }
    *out = writer;
    return PSY_OK;
}

psy_status psyi_file_create(psyi_file_writer **out, const char *path, unsigned mode,
                            const psy_allocator *allocator, psy_error *error)
{
    return create(out, path, mode, true, allocator, error);
}

psy_status psyi_file_create_unnamed(psyi_file_writer **out, const char *path,
                                    const psy_allocator *allocator, psy_error *error)
{
    return create(out, path, 0600, false, allocator, error);
}

psy_status psyi_descriptor_write(int descriptor, const char *name, const void *bytes, size_t length,
                                 psy_error *error)
{
    const char *at = bytes;
    while (length > 0) {
        const ssize_t n = write(descriptor, at, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", name,
                                  n < 0 ? errno : ENOSPC);
        at += n;
        length -= (size_t)n;
    }
    return PSY_OK;
}

psy_status psyi_file_write(psyi_file_writer *writer, const void *bytes, size_t length,
                           psy_error *error)
{
    const psy_status status =
        psyi_descriptor_write(writer->descriptor, writer->path, bytes, length, error);
    if (status != PSY_OK)
        writer->failed = true;
    return status;
}

int psyi_file_descriptor(const psyi_file_writer *writer)
{
    return writer->descriptor;
}

const char *psyi_file_temporary(const psyi_file_writer *writer)
{
    return writer->temporary;
}

static psy_status finish(psyi_file_writer *writer, bool sync, psy_error *error)
{
    const char *const path = writer->path;
    if (writer->failed)
        return psyi_fail(error, PSY_E_OUTPUT, NULL,
                         "cannot write '%s': an earlier write to it failed", path);
    if (writer->hidden == NULL)
        return psyi_fail(error, PSY_E_OUTPUT, NULL, "cannot write '%s': it has no name",
                         path);
    if (fchmod(writer->descriptor, writer->mode) != 0 || (sync && fsync(writer->descriptor) != 0))
        return psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", path, errno);
    const int descriptor = writer->descriptor;
    writer->descriptor = -1;
    if (close(descriptor) != 0 && errno != EINTR)
        return psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", path, errno);
    if (renameat(writer->directory, writer->hidden, writer->directory, writer->name) != 0)
        return psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", path, errno);
    /* The file is there; some file systems cannot sync a directory, and need not. */
    if (sync && fsync(writer->directory) != 0 && errno != EINVAL && errno != EROFS)
        return psyi_fail_file(error, PSY_E_OUTPUT, "cannot sync the directory of", path, errno);
    return PSY_OK;
}

static void remove_temporary(const psyi_file_writer *writer)
{
    if (writer->hidden != NULL)
        unlinkat(writer->directory, writer->hidden, 0);
}

static psy_status commit(psyi_file_writer *writer, bool sync, psy_error *error)
{
    const psy_status status = finish(writer, sync, error);
    if (status != PSY_OK)
        remove_temporary(writer);
    discard(writer);
    return status;
}

psy_status psyi_file_commit(psyi_file_writer *writer, psy_error *error)
{
    return commit(writer, true, error);
}

psy_status psyi_file_commit_unsynced(psyi_file_writer *writer, psy_error *error)
{
    return commit(writer, false, error);
}

void psyi_file_abort(psyi_file_writer *writer)
{
    if (writer == NULL)
        return;
    remove_temporary(writer);
    discard(writer);
}

psy_status psyi_file_replace(const char *path, const void *bytes, size_t length, unsigned mode,
                             const psy_allocator *allocator, psy_error *error)
{
    psyi_file_writer *writer;
    psy_status status = psyi_file_create(&writer, path, mode, allocator, error);
    if (status != PSY_OK)
        return status;
    status = psyi_file_write(writer, bytes, length, error);
    if (status != PSY_OK) {
        psyi_file_abort(writer);
        return status;
    }
    return psyi_file_commit(writer, error);
}
