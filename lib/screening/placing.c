/*
 * placing.c -- finished drafts get their names, while others are still being written.
 *
 * A file is synced before the journal knows it and known before it stands in its place,
 * so that neither a kill nor a power cut leaves half a file or one that nobody knows.  Syncs
 * are waited for, not worked for: done by the threads that write workbooks they were a
 * quarter of the wall time of 58 small ones.  So a thread of its own waits for them, and
 * takes all drafts that have come together meanwhile at once: each is synced, then their
 * lines of the journal together, then they are renamed, and each directory is synced once.
 */
#include "screening/placing.h"

#include "base/fail.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct waiting {
    char *draft, *path;
    psyi_journal_entry entry;
} waiting;

struct psyi_placing {
    const psy_allocator *allocator;
    psyi_journal *journal;
    pthread_mutex_t lock;
    pthread_cond_t come; /* another draft, or the end */
    pthread_t thread;
    bool aside, open, ended;
    waiting *items;
    size_t n, done; /* given; and taken up to there */
    psy_status status;
    psy_error error;
};

static psy_status sync_draft(const char *path, psy_error *error)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0)
        return psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", path, errno);
    const int failed = fsync(descriptor) != 0 ? errno : 0;
    close(descriptor);
    return failed == 0 ? PSY_OK : psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", path, failed);
}

static size_t directory_length(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) : 0;
}

/* Past a power cut.  Some file systems cannot sync a directory, and need not. */
static psy_status sync_directory(const psyi_placing *placing, const char *path, psy_error *error)
{
    char *const directory = psyi_text_copy(placing->allocator, path, directory_length(path));
    if (directory == NULL)
        return psyi_fail_memory(error, "outputs");
    const int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        close(descriptor);
    }
    psyi_free(placing->allocator, directory);
    return PSY_OK;
}

static psy_status place(const psyi_placing *placing, waiting *items, size_t n, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t i = 0; i < n && status == PSY_OK; i++)
        status = sync_draft(items[i].draft, error);
    for (size_t i = 0; i < n && status == PSY_OK; i++)
        status = psyi_journal_add(placing->journal, &items[i].entry, i + 1 == n, error);
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        if (rename(items[i].draft, items[i].path) != 0)
            return psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", items[i].path, errno);
        const size_t length = directory_length(items[i].path);
        const bool last = i + 1 == n || directory_length(items[i + 1].path) != length ||
                          memcmp(items[i + 1].path, items[i].path, length) != 0;
        if (last)
            status = sync_directory(placing, items[i].path, error);
    }
    return status;
}

/* Drafts that are not placed any more go: nothing knows them. */
static void forget(const psyi_placing *placing, waiting *items, size_t n, bool failed)
{
    for (size_t i = 0; i < n; i++) {
        if (failed)
            unlink(items[i].draft);
        psyi_free(placing->allocator, items[i].draft);
        psyi_free(placing->allocator, items[i].path);
    }
}

/* With the lock held; lets go of it meanwhile.  (Nobody else takes: there is one thread, or
 * the lock is kept.) */
static void take(psyi_placing *placing)
{
    waiting *const items = placing->items + placing->done;
    const size_t n = placing->n - placing->done;
    psy_status status = placing->status;
    psy_error error = {.status = PSY_OK};
    if (placing->aside)
        pthread_mutex_unlock(&placing->lock);
    if (status == PSY_OK)
        status = place(placing, items, n, &error);
    forget(placing, items, n, status != PSY_OK);
    if (placing->aside)
        pthread_mutex_lock(&placing->lock);
    if (placing->status == PSY_OK && status != PSY_OK) {
        placing->status = status;
        placing->error = error;
    }
    placing->done += n;
}

static void *run(void *argument)
{
    psyi_placing *const placing = argument;
    pthread_mutex_lock(&placing->lock);
    for (;;) {
        while ((placing->done == placing->n || !placing->open) && !placing->ended)
            pthread_cond_wait(&placing->come, &placing->lock);
        if (placing->done == placing->n)
            break;
        take(placing);
    }
    pthread_mutex_unlock(&placing->lock);
    return NULL;
}

static psy_status tell(const psyi_placing *placing, psy_error *error)
{
    if (placing->status != PSY_OK && error != NULL) {
        *error = placing->error;
        error->status = placing->status;
    }
    return placing->status;
}

psy_status psyi_placing_begin(psyi_placing **out, psyi_journal *journal, size_t most, bool aside,
                              bool open, const psy_allocator *allocator, psy_error *error)
{
    psyi_placing *const placing = psyi_alloc(allocator, 1, sizeof *placing);
    if (placing == NULL)
        return psyi_fail_memory(error, "outputs");
    placing->allocator = allocator;
    placing->journal = journal;
    placing->open = open;
    placing->items = psyi_alloc(allocator, most + 1, sizeof *placing->items);
    const bool lock = placing->items != NULL && pthread_mutex_init(&placing->lock, NULL) == 0;
    if (!lock || pthread_cond_init(&placing->come, NULL) != 0) {
        if (lock)
            pthread_mutex_destroy(&placing->lock);
        psyi_free(allocator, placing->items);
        psyi_free(allocator, placing);
        return psyi_fail_memory(error, "outputs");
    }
    if (aside) {
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        /* (The thread reads it under the lock, and not before the first draft.) */
        placing->aside = true;
        placing->aside = pthread_create(&placing->thread, NULL, run, placing) == 0;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    *out = placing;
    return PSY_OK;
}

void psyi_placing_open(psyi_placing *placing, psy_status status)
{
    pthread_mutex_lock(&placing->lock);
    placing->open = true;
    if (placing->status == PSY_OK)
        placing->status = status;
    if (placing->aside)
        pthread_cond_signal(&placing->come);
    else if (placing->n > placing->done)
        take(placing);
    pthread_mutex_unlock(&placing->lock);
}

psy_status psyi_placing_give(psyi_placing *placing, char *draft, char *path,
                             const psyi_output_file *file, bool sealed, psy_error *error)
{
    pthread_mutex_lock(&placing->lock);
    placing->items[placing->n++] =
        (waiting){draft, path, {file->name, file->digest, sealed ? file->plain : NULL}};
    if (placing->aside)
        pthread_cond_signal(&placing->come);
    else if (placing->open)
        take(placing);
    const psy_status status = tell(placing, error);
    pthread_mutex_unlock(&placing->lock);
    return status;
}

psy_status psyi_placing_end(psyi_placing *placing, psy_error *error)
{
    if (!placing->open) /* nobody has said that they may be */
        psyi_placing_open(placing, placing->n > 0 ? PSY_E_INTERNAL : PSY_OK);
    if (placing->aside) {
        pthread_mutex_lock(&placing->lock);
        placing->ended = true;
        pthread_cond_signal(&placing->come);
        pthread_mutex_unlock(&placing->lock);
        pthread_join(placing->thread, NULL);
    }
    const psy_status status = tell(placing, error);
    pthread_cond_destroy(&placing->come);
    pthread_mutex_destroy(&placing->lock);
    psyi_free(placing->allocator, placing->items);
    psyi_free(placing->allocator, placing);
    return status;
}
