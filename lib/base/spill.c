/*
 * spill.c -- large blocks in a file that is mapped, and taken out of memory again.
 *
 * Nothing above knows which blocks lie where: the same code runs over the same addresses, so a
 * run gives the same bytes with and without a budget.  Blocks are cut from one file that is
 * mapped once, far beyond its end; room is reserved on the disk before it is handed out,
 * because a disk that is full is found here, as memory that is short, and not later as a
 * signal.  How many pages of files the process holds is looked at about once a millisecond, and
 * ours are let go of when they are too many (MADV_DONTNEED of a shared mapping loses nothing:
 * the file has them).  Whoever asks for memory or begins a task looks on the way; a keeper does
 * where nobody else does, but on a machine with more work than cores its turn comes late.  What
 * has been let go is in the page cache, which the system writes out and takes back as it
 * needs; whoever reads it again gets it back.  That is cheap where reading goes forward, so
 * what is large lies in the order in which it is read.
 *
 * Room that is free again is used again, and zeroed for it.  It is not given back to the file
 * system before the run is over: where discarding is on, each return would hold up the next fsync
 * of a workbook.
 */
#include "base/spill.h"
#include "base/fail.h"
#include "base/memory.h"
#include "base/small_blocks.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LEAST_IN_FILE    ((size_t)PSYI_SMALL_BLOCK)
#define LEAST_RESIDENT   ((uint64_t)2 << 20)
#define MOST_MAPPED      ((uint64_t)1 << 42) /* addresses only; less where they are limited */
#define LEAST_MAPPED     ((uint64_t)1 << 30)
#define STEP             ((size_t)1 << 20)
#define LARGE_EXTENT     ((size_t)1 << 20) /* its pages are let go of as soon as it is free */
#define LOOK_NANOSECONDS 1000000           /* how often the keeper looks */

typedef struct block_head { /* in front of every block */
    size_t size;            /* of the block */
    size_t extent;          /* of the file, with this head; 0: in memory, CUT: from another */
} block_head;
#define HEAD       ((size_t)64) /* blocks in the file start at a line of the cache */
#define SMALL_HEAD sizeof(block_head)
#define CUT        ((size_t)1) /* extents are whole pages */
_Static_assert(sizeof(block_head) == 16, "blocks in memory keep their alignment");

typedef struct hole {
    uint64_t at, length;
} hole;

struct psyi_spill {
    psy_allocator allocator;
    const psy_allocator *below;
    char *directory;
    uint64_t budget, share; /* of it, for blocks in memory */
    size_t page;

    pthread_mutex_t lock;
    uint64_t in_memory;      /* bytes of blocks there */
    uint64_t in_small;       /* of them, of blocks that are small */
    psyi_small_blocks small; /* those of which there were too many: in the file */
    int file;                /* -1: not made yet */
    bool full;               /* a block did not fit into the file */
    int code;                /* errno of that */
    unsigned char *base;
    uint64_t mapped, end; /* addresses; what of them was given out */
    uint64_t most;        /* that `end` ever was: up to there room is reserved, and used before */
    size_t n_extents;
    hole *holes; /* by place; room for one more than extents, so that freeing never fails */
    size_t n_holes, holes_room;

    pthread_t keeper;
    pthread_cond_t stopping;
    bool keeping, stop, resting;
    int64_t looked; /* when, in quarters of a millisecond */
    int statm;
    uint64_t resident_before; /* pages of files before there was ours: code, mostly */
};

/* ---- the keeper ---- */

/* Pages of files that the process holds, or UINT64_MAX where nobody says. */
static uint64_t file_pages(const psyi_spill *spill)
{
    char text[128];
    const ssize_t got =
        spill->statm >= 0 ? pread(spill->statm, text, sizeof text - 1, 0) : (ssize_t)-1;
    if (got <= 0)
        return UINT64_MAX;
    text[got] = '\0';
    unsigned long long size, resident, shared;
    if (sscanf(text, "%llu %llu %llu", &size, &resident, &shared) != 3)
        return UINT64_MAX;
    return shared;
}

static void let_go(psyi_spill *spill)
{
    /* To where it ever was: pages of blocks that were freed there are still held, and count. */
    const uint64_t used = __atomic_load_n(&spill->most, __ATOMIC_ACQUIRE);
    const uint64_t most = spill->budget / 4 > LEAST_RESIDENT ? spill->budget / 4 : LEAST_RESIDENT;
    const uint64_t now = file_pages(spill);
    if (now == UINT64_MAX || now > spill->resident_before + most / spill->page)
        madvise(spill->base, used, MADV_DONTNEED);
}

/* One thread, four times a millisecond: where reading jumps, each fault brings sixteen pages. */
static void look(psyi_spill *spill)
{
    struct timespec now;
    if (!__atomic_load_n(&spill->keeping, __ATOMIC_ACQUIRE))
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t time = (int64_t)now.tv_sec * 4000 + now.tv_nsec / 250000;
    int64_t before = __atomic_load_n(&spill->looked, __ATOMIC_RELAXED);
    if (before != time && __atomic_compare_exchange_n(&spill->looked, &before, time, false,
                                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        let_go(spill);
}

static void *keep(void *argument)
{
    psyi_spill *const spill = argument;
    pthread_mutex_lock(&spill->lock);
    while (!spill->stop) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOOK_NANOSECONDS;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&spill->stopping, &spill->lock, &until);
        pthread_mutex_unlock(&spill->lock);
        let_go(spill);
        pthread_mutex_lock(&spill->lock);
    }
    pthread_mutex_unlock(&spill->lock);
    return NULL;
}

static bool start_keeper(psyi_spill *spill)
{
    pthread_condattr_t clock;
    sigset_t all, before;
    spill->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    spill->resident_before = file_pages(spill);
    if (spill->resident_before == UINT64_MAX)
        spill->resident_before = 0;
    if (pthread_condattr_init(&clock) != 0)
        return false;
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    const bool made = pthread_cond_init(&spill->stopping, &clock) == 0;
    pthread_condattr_destroy(&clock);
    if (!made)
        return false;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool keeping = pthread_create(&spill->keeper, NULL, keep, spill) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!keeping)
        pthread_cond_destroy(&spill->stopping);
    __atomic_store_n(&spill->keeping, keeping, __ATOMIC_RELEASE);
    return keeping;
}

/* ---- the file ---- */

/* A file without a name; where the file system has none such, the name is taken away at once. */
static int open_nameless(const char *directory)
{
    int file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return file;
    char path[PATH_MAX];
    const int length = snprintf(path, sizeof path, "%s/.psyscreen-spill.XXXXXX", directory);
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    file = mkostemp(path, O_CLOEXEC);
    if (file >= 0)
        unlink(path);
    return file;
}

/* With the lock held. */
static bool make_file(psyi_spill *spill)
{
    spill->file = open_nameless(spill->directory);
    if (spill->file < 0) {
        spill->code = errno;
        return false;
    }
    for (spill->mapped = MOST_MAPPED; spill->mapped >= LEAST_MAPPED; spill->mapped /= 2) {
        void *const at = mmap(NULL, spill->mapped, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_NORESERVE, spill->file, 0);
        if (at != MAP_FAILED) {
            /* Else a fault may bring two MiB, where the file's pages lie so in the page cache. */
            madvise(at, spill->mapped, MADV_NOHUGEPAGE);
            spill->base = at;
            break;
        }
        spill->code = errno;
    }
    if (spill->base != NULL && start_keeper(spill))
        return true;
    if (spill->base != NULL) {
        munmap(spill->base, spill->mapped);
        spill->base = NULL;
        spill->code = EAGAIN;
    }
    close(spill->file);
    spill->file = -1;
    return false;
}

/* Reserve room for a file of `end` bytes. */
static bool reserve(psyi_spill *spill, uint64_t end)
{
    if (end <= spill->most)
        return true;
    if (end > spill->mapped) {
        spill->code = ENOMEM;
        return false;
    }
    int code;
    do
        code = posix_fallocate(spill->file, (off_t)spill->most, (off_t)(end - spill->most));
    while (code == EINTR);
    if (code != 0)
        spill->code = code;
    else
        __atomic_store_n(&spill->most, end, __ATOMIC_RELEASE);
    return code == 0;
}

static size_t whole_pages(const psyi_spill *spill, size_t size)
{
    return (size + spill->page - 1) / spill->page * spill->page;
}

static void drop_hole(psyi_spill *spill, size_t i)
{
    spill->n_holes--;
    memmove(&spill->holes[i], &spill->holes[i + 1], (spill->n_holes - i) * sizeof *spill->holes);
}

/* Place and whether it was used before. */
typedef struct extent {
    uint64_t at, used; /* UINT64_MAX: no room; bytes from there on that are to be zeroed */
} extent;

/* The first hole that is large enough, else behind the end. */
static extent take_extent(psyi_spill *spill, uint64_t length)
{
    for (size_t i = 0; i < spill->n_holes; i++) {
        hole *const it = &spill->holes[i];
        if (it->length < length)
            continue;
        const extent found = {.at = it->at, .used = length};
        it->at += length;
        it->length -= length;
        if (it->length == 0)
            drop_hole(spill, i);
        return found;
    }
    const uint64_t at = spill->end, before = spill->most;
    if (length > spill->mapped - at || !reserve(spill, at + length))
        return (extent){.at = UINT64_MAX};
    spill->end = at + length;
    return (extent){.at = at, .used = before > at + length ? length : before - at};
}

static void give_extent(psyi_spill *spill, uint64_t at, uint64_t length)
{
    spill->n_extents--;
    size_t i = 0;
    while (i < spill->n_holes && spill->holes[i].at < at)
        i++;
    const bool joins_left = i > 0 && spill->holes[i - 1].at + spill->holes[i - 1].length == at;
    const bool joins_right = i < spill->n_holes && at + length == spill->holes[i].at;
    if (joins_left) {
        spill->holes[i - 1].length += length;
        if (joins_right) {
            spill->holes[i - 1].length += spill->holes[i].length;
            drop_hole(spill, i);
        }
    } else if (joins_right) {
        spill->holes[i].at = at;
        spill->holes[i].length += length;
    } else {
        memmove(&spill->holes[i + 1], &spill->holes[i],
                (spill->n_holes - i) * sizeof *spill->holes);
        spill->holes[i] = (hole){.at = at, .length = length};
        spill->n_holes++;
    }
    const hole *const last = &spill->holes[spill->n_holes - 1];
    if (last->at + last->length == spill->end) {
        spill->end = last->at;
        spill->n_holes--;
    }
}

static void zero(psyi_spill *spill, unsigned char *from, uint64_t length)
{
    for (uint64_t at = 0; at < length; at += STEP) {
        look(spill);
        memset(from + at, 0, length - at < STEP ? length - at : STEP);
    }
}

/* ---- blocks ---- */

static block_head *head_of(void *block)
{
    return (block_head *)((unsigned char *)block - SMALL_HEAD);
}

static bool room_for_holes(psyi_spill *spill)
{
    void *holes = spill->holes;
    const bool good = psyi_grow(spill->below, &holes, &spill->holes_room, spill->n_extents + 2,
                                sizeof *spill->holes);
    spill->holes = holes;
    return good;
}

static void *new_in_file(psyi_spill *spill, size_t size)
{
    if (size > SIZE_MAX / 4)
        return NULL;
    const size_t length = whole_pages(spill, size + HEAD);
    extent found = {.at = UINT64_MAX};
    pthread_mutex_lock(&spill->lock);
    const bool noted = room_for_holes(spill);
    if (noted && (spill->file >= 0 || make_file(spill)))
        found = take_extent(spill, length);
    if (found.at != UINT64_MAX)
        spill->n_extents++;
    else
        spill->full = spill->full || noted;
    pthread_mutex_unlock(&spill->lock);
    if (found.at == UINT64_MAX)
        return NULL;
    zero(spill, spill->base + found.at, found.used);
    void *const block = spill->base + found.at + HEAD;
    *head_of(block) = (block_head){.size = size, .extent = length};
    return block;
}

static void *new_in_memory(psyi_spill *spill, size_t size)
{
    if (size > SIZE_MAX - SMALL_HEAD)
        return NULL;
    block_head *const head = psyi_alloc(spill->below, 1, SMALL_HEAD + size);
    if (head == NULL)
        return NULL;
    head->size = size;
    __atomic_fetch_add(&spill->in_memory, size, __ATOMIC_RELAXED);
    if (size < LEAST_IN_FILE)
        __atomic_fetch_add(&spill->in_small, size, __ATOMIC_RELAXED);
    return (unsigned char *)head + SMALL_HEAD;
}

/* A few small blocks each for many students are much memory, too. */
static void *new_small(psyi_spill *spill, size_t size)
{
    if (__atomic_load_n(&spill->in_small, __ATOMIC_RELAXED) + size <= spill->budget / 8 ||
        SMALL_HEAD + size > PSYI_SMALL_BLOCK)
        return new_in_memory(spill, size);
    block_head *const head = psyi_small_take(&spill->small, SMALL_HEAD + size);
    if (head == NULL)
        return NULL;
    *head = (block_head){.size = size, .extent = CUT};
    return (unsigned char *)head + SMALL_HEAD;
}

static bool goes_to_file(const psyi_spill *spill, size_t size)
{
    return size >= LEAST_IN_FILE && __atomic_load_n(&spill->in_memory, __ATOMIC_RELAXED) + size >
                                        __atomic_load_n(&spill->share, __ATOMIC_RELAXED);
}

static void spill_release(void *context, void *block)
{
    psyi_spill *const spill = context;
    if (block == NULL)
        return;
    const block_head head = *head_of(block);
    if (head.extent == 0) {
        __atomic_fetch_sub(&spill->in_memory, head.size, __ATOMIC_RELAXED);
        if (head.size < LEAST_IN_FILE)
            __atomic_fetch_sub(&spill->in_small, head.size, __ATOMIC_RELAXED);
        psyi_free(spill->below, head_of(block));
        return;
    }
    if (head.extent == CUT) {
        psyi_small_give(&spill->small, head_of(block), SMALL_HEAD + head.size);
        return;
    }
    /* Below the limit nothing else would let go of them (60,000 students and 128 MiB: 8 of 71). */
    if (head.extent >= LARGE_EXTENT)
        madvise((unsigned char *)block - HEAD, head.extent, MADV_DONTNEED);
    pthread_mutex_lock(&spill->lock);
    give_extent(spill, (uint64_t)((unsigned char *)block - HEAD - spill->base), head.extent);
    pthread_mutex_unlock(&spill->lock);
}

/* The last block of the file grows where it stands. */
static bool stretch(psyi_spill *spill, void *block, size_t size)
{
    block_head *const head = head_of(block);
    if (size > SIZE_MAX / 4)
        return false;
    const size_t length = whole_pages(spill, size + HEAD);
    bool good = length <= head->extent;
    if (!good) {
        pthread_mutex_lock(&spill->lock);
        const uint64_t at = (uint64_t)((unsigned char *)block - HEAD - spill->base);
        const uint64_t end = at + head->extent, before = spill->most;
        good = end == spill->end && length <= spill->mapped - at && reserve(spill, at + length);
        if (good)
            spill->end = at + length;
        pthread_mutex_unlock(&spill->lock);
        if (good) {
            const uint64_t used = before < at + length ? before : at + length;
            zero(spill, spill->base + end, used > end ? used - end : 0);
            head->extent = length;
        }
    }
    if (good)
        head->size = size;
    return good;
}

static void *spill_resize(void *context, void *block, size_t size)
{
    psyi_spill *const spill = context;
    const size_t before = block != NULL ? head_of(block)->size : 0;
    look(spill);
    /* What shrinks and grows again would not be zeroed: it stays as it is. */
    if (block != NULL && size <= before)
        return block;
    if (block != NULL && head_of(block)->extent > CUT && stretch(spill, block, size))
        return block;
    void *const grown = goes_to_file(spill, size) ? new_in_file(spill, size)
                        : size < LEAST_IN_FILE    ? new_small(spill, size)
                                                  : new_in_memory(spill, size);
    if (grown == NULL || block == NULL)
        return grown;
    for (size_t at = 0; at < before; at += STEP) {
        const size_t left = before - at;
        look(spill);
        memcpy((char *)grown + at, (const char *)block + at, left < STEP ? left : STEP);
    }
    spill_release(spill, block);
    return grown;
}

/* ---- the whole ---- */

static void *more_small(void *context, size_t size)
{
    return new_in_file(context, size);
}

psy_status psyi_spill_open(psyi_spill **out, const char *directory, uint64_t budget,
                           const psy_allocator *below, psy_error *error)
{
    psyi_spill *const spill = psyi_alloc(below, 1, sizeof *spill);
    char *const copy = psyi_text_copy(below, directory, strlen(directory));
    if (spill == NULL || copy == NULL || !psyi_small_init(&spill->small, more_small, spill)) {
        psyi_free(below, spill);
        psyi_free(below, copy);
        return psyi_fail_memory(error, "a memory budget");
    }
    if (pthread_mutex_init(&spill->lock, NULL) != 0) {
        psyi_small_done(&spill->small);
        psyi_free(below, spill);
        psyi_free(below, copy);
        return psyi_fail_memory(error, "a memory budget");
    }
    const long page = sysconf(_SC_PAGESIZE);
    spill->allocator =
        (psy_allocator){.resize = spill_resize, .release = spill_release, .context = spill};
    spill->below = below;
    spill->directory = copy;
    spill->budget = budget;
    spill->share = budget / 4;
    spill->page = page > 0 ? (size_t)page : 4096;
    spill->file = spill->statm = -1;
    *out = spill;
    return PSY_OK;
}

static void stop_keeper(psyi_spill *spill)
{
    if (!spill->keeping || spill->resting)
        return;
    pthread_mutex_lock(&spill->lock);
    spill->stop = true;
    pthread_cond_signal(&spill->stopping);
    pthread_mutex_unlock(&spill->lock);
    pthread_join(spill->keeper, NULL);
    pthread_cond_destroy(&spill->stopping);
    spill->resting = true;
}

void psyi_spill_rest(psyi_spill *spill)
{
    if (spill == NULL || spill->base == NULL)
        return;
    stop_keeper(spill);
    /* Holes may be used again: what is read there then is zero, which is what they are to be. A
     * file system that cannot do it keeps the room until the file is closed. */
    for (size_t i = 0; i < spill->n_holes; i++)
        (void)fallocate(spill->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                        (off_t)spill->holes[i].at, (off_t)spill->holes[i].length);
    if (ftruncate(spill->file, (off_t)spill->end) == 0)
        spill->most = spill->end;
    madvise(spill->base, spill->most, MADV_DONTNEED);
}

void psyi_spill_close(psyi_spill *spill)
{
    if (spill == NULL)
        return;
    stop_keeper(spill);
    if (spill->base != NULL)
        munmap(spill->base, spill->mapped);
    if (spill->file >= 0)
        close(spill->file);
    if (spill->statm >= 0)
        close(spill->statm);
    pthread_mutex_destroy(&spill->lock);
    psyi_small_done(&spill->small);
    const psy_allocator *const below = spill->below;
    psyi_free(below, spill->holes);
    psyi_free(below, spill->directory);
    psyi_free(below, spill);
}

const psy_allocator *psyi_spill_allocator(const psyi_spill *spill)
{
    return &spill->allocator;
}

void psyi_spill_ease(psyi_spill *spill)
{
    if (spill == NULL)
        return;
    __atomic_store_n(&spill->share, spill->budget / 8 * 3, __ATOMIC_RELAXED);
    /* What all that came before has left there: what is needed again comes back. */
    if (__atomic_load_n(&spill->keeping, __ATOMIC_ACQUIRE))
        madvise(spill->base, __atomic_load_n(&spill->most, __ATOMIC_ACQUIRE), MADV_DONTNEED);
}

void psyi_spill_look(const psy_allocator *allocator)
{
    if (psyi_spill_zeroes(allocator))
        look(allocator->context);
}

void psyi_spill_look_now(const psy_allocator *allocator)
{
    if (!psyi_spill_zeroes(allocator))
        return;
    psyi_spill *const spill = allocator->context;
    if (__atomic_load_n(&spill->keeping, __ATOMIC_ACQUIRE))
        let_go(spill);
}

void psyi_spill_fill(const psy_allocator *allocator, void *to, unsigned char byte, size_t size)
{
    for (size_t at = 0; at < size; at += STEP) {
        psyi_spill_look_now(allocator);
        memset((unsigned char *)to + at, byte, size - at < STEP ? size - at : STEP);
    }
}

void psyi_spill_copy(const psy_allocator *allocator, void *to, const void *from, size_t size)
{
    for (size_t at = 0; at < size; at += STEP) {
        psyi_spill_look_now(allocator);
        memcpy((unsigned char *)to + at, (const unsigned char *)from + at,
               size - at < STEP ? size - at : STEP);
    }
}

bool psyi_spill_zeroes(const psy_allocator *allocator)
{
    return allocator != NULL && allocator->resize == spill_resize;
}

uint64_t psyi_spill_most(const psyi_spill *spill)
{
    return spill->most;
}

psy_status psyi_spill_explain(const psyi_spill *spill, psy_status status, psy_error *error)
{
    if (spill == NULL || status != PSY_E_NOMEM || !spill->full)
        return status;
    return psyi_fail_file(error, PSY_E_IO, "beyond the memory budget, there is no room in",
                          spill->directory, spill->code != 0 ? spill->code : ENOMEM);
}
