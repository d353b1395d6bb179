/*
 * private_place.c -- where workbooks lie in plain while they are not yet encrypted.
 *
 * The writer of workbooks needs files with names.  On a tmpfs they are memory: they never
 * reach a disk (unless memory is swapped to one, see docs/security.md), and a power cut takes
 * them.  A killed process leaves its directory there; each running one holds a lock on its
 * own, so the next run knows what is left over and removes it.
 */
#include "screening/private_place.h"
#include "base/fail.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PREFIX     "psyscreen-plain."
#define MOST_TRIES 8

static bool is_memory(const char *directory)
{
    struct statfs about;
    return statfs(directory, &about) == 0 &&
           (about.f_type == TMPFS_MAGIC || about.f_type == RAMFS_MAGIC) &&
           access(directory, W_OK | X_OK) == 0;
}

/* Remove a directory of ours and the files in it. */
static void remove_all(const char *path, const psy_allocator *allocator)
{
    char **names = NULL;
    size_t n = 0;
    if (psyi_directory_list(path, allocator, &names, &n, NULL) == PSY_OK)
        for (size_t i = 0; i < n; i++) {
            char *const file = psyi_path_join(allocator, path, names[i]);
            if (file != NULL)
                unlink(file);
            psyi_free(allocator, file);
        }
    psyi_free(allocator, names);
    rmdir(path);
}

static int open_locked(const char *path)
{
    const int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

static void remove_leftovers(const char *parent, const psy_allocator *allocator)
{
    char **names = NULL;
    size_t n = 0;
    if (psyi_directory_list(parent, allocator, &names, &n, NULL) != PSY_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        if (strncmp(names[i], PREFIX, strlen(PREFIX)) != 0)
            continue;
        char *const path = psyi_path_join(allocator, parent, names[i]);
        struct stat about;
        if (path != NULL && lstat(path, &about) == 0 && S_ISDIR(about.st_mode) &&
            about.st_uid == geteuid()) {
            const int lock = open_locked(path);
            if (lock >= 0) {
                remove_all(path, allocator);
                close(lock);
            }
        }
        psyi_free(allocator, path);
    }
    psyi_free(allocator, names);
}

static psy_status make_in(psyi_private_place *place, const char *parent, psy_error *error)
{
    remove_leftovers(parent, place->allocator);
    for (int i = 0; i < MOST_TRIES; i++) {
        struct stat held, named;
        place->path = psyi_path_join(place->allocator, parent, PREFIX "XXXXXX");
        if (place->path == NULL)
            return psyi_fail_memory(error, "a directory in memory");
        if (mkdtemp(place->path) == NULL)
            break;
        /* Between these two another run may take it for a leftover. */
        place->lock = open_locked(place->path);
        if (place->lock >= 0 && fstat(place->lock, &held) == 0 && stat(place->path, &named) == 0 &&
            held.st_ino == named.st_ino)
            return PSY_OK;
        if (place->lock >= 0)
            close(place->lock);
        place->lock = -1;
        psyi_free(place->allocator, place->path);
        place->path = NULL;
    }
    const int code = errno;
    psyi_free(place->allocator, place->path);
    place->path = NULL;
    return psyi_fail_file(error, PSY_E_OUTPUT, "cannot make a private directory in", parent, code);
}

psy_status psyi_private_parent(const psy_allocator *allocator, char **out, psy_error *error)
{
    char own[64];
    snprintf(own, sizeof own, "/run/user/%ld", (long)geteuid());
    const char *const places[] = {"/dev/shm", own};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (!is_memory(places[i]))
            continue;
        *out = psyi_text_copy(allocator, places[i], strlen(places[i]));
        return *out != NULL ? PSY_OK : psyi_fail_memory(error, "a directory in memory");
    }
    return psyi_fail(error, PSY_E_OUTPUT, NULL,
                     "workbooks with passwords are put together in memory, but neither /dev/shm "
                     "nor %s is a tmpfs that can be written: name a place with --tmpdir DIR; if it "
                     "is on a disk, the plain workbooks stand there for a moment",
                     own);
}

psy_status psyi_private_place_make(psyi_private_place *place, const char *parent,
                                   const psy_allocator *allocator, psy_error *error)
{
    *place = (psyi_private_place){.allocator = allocator, .lock = -1};
    if (parent != NULL)
        return make_in(place, parent, error);
    char *found;
    psy_status status = psyi_private_parent(allocator, &found, error);
    if (status == PSY_OK) {
        status = make_in(place, found, error);
        psyi_free(allocator, found);
    }
    return status;
}

void psyi_private_place_remove(psyi_private_place *place)
{
    if (place->path == NULL)
        return;
    remove_all(place->path, place->allocator);
    close(place->lock);
    psyi_free(place->allocator, place->path);
    place->path = NULL;
}
