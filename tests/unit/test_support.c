/*
 * test_support.c -- the failing allocator, the sweep, scratch files.
 */
#include "test_support.h"

#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Asked for the absurd, malloc returns NULL; a sanitizer's malloc shall do the same. */
const char *__asan_default_options(void) __attribute__((visibility("default")));
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void) __attribute__((visibility("default")));
const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

/* ---- allocator ---- */

#define ALIVE UINT64_C(0x616C697665626C6B)
#define DEAD  UINT64_C(0x64656164626C6F63)

typedef struct block_head {
    _Alignas(16) uint64_t mark;
    size_t size;
} block_head;

struct psy_test_heap {
    psy_allocator allocator;
    pthread_mutex_t lock;
    size_t live, calls, fail_at;
    int persistent;
};

static void heap_release(void *context, void *block)
{
    psy_test_heap *const heap = context;
    if (block == NULL)
        return;
    block_head *const head = (block_head *)block - 1;
    if (head->mark != ALIVE) {
        fputs("test heap: released a block twice, or one that is not its own\n", stderr);
        abort();
    }
    head->mark = DEAD;
    memset(block, 0x5A, head->size);
    pthread_mutex_lock(&heap->lock);
    heap->live--;
    pthread_mutex_unlock(&heap->lock);
    free(head);
}

static void *heap_resize(void *context, void *block, size_t size)
{
    psy_test_heap *const heap = context;
    if (size == 0) {
        fputs("test heap: asked for no bytes\n", stderr);
        abort();
    }
    pthread_mutex_lock(&heap->lock);
    heap->calls++;
    const int fails = heap->fail_at != 0 && (heap->persistent ? heap->calls >= heap->fail_at
                                                              : heap->calls == heap->fail_at);
    if (!fails)
        heap->live++;
    pthread_mutex_unlock(&heap->lock);
    if (fails)
        return NULL;
    block_head *const head = size > SIZE_MAX / 2 ? NULL : malloc(sizeof *head + size);
    if (head == NULL) {
        pthread_mutex_lock(&heap->lock);
        heap->live--;
        pthread_mutex_unlock(&heap->lock);
        return NULL;
    }
    head->mark = ALIVE;
    head->size = size;
    memset(head + 1, 0xA5, size);
    if (block != NULL) {
        const block_head *const old = (const block_head *)block - 1;
        memcpy(head + 1, block, old->size < size ? old->size : size);
        heap_release(context, block);
    }
    return head + 1;
}

psy_test_heap *psy_test_heap_new(void)
{
    psy_test_heap *const heap = calloc(1, sizeof *heap);
    assert_non_null(heap);
    pthread_mutex_init(&heap->lock, NULL);
    heap->allocator = (psy_allocator){heap_resize, heap_release, heap};
    return heap;
}

void psy_test_heap_free(psy_test_heap *heap)
{
    const size_t live = heap->live;
    pthread_mutex_destroy(&heap->lock);
    free(heap);
    assert_int_equal(live, 0);
}

const psy_allocator *psy_test_heap_allocator(psy_test_heap *heap)
{
    return &heap->allocator;
}

size_t psy_test_heap_live(psy_test_heap *heap)
{
    pthread_mutex_lock(&heap->lock);
    const size_t live = heap->live;
    pthread_mutex_unlock(&heap->lock);
    return live;
}

size_t psy_test_heap_calls(psy_test_heap *heap)
{
    pthread_mutex_lock(&heap->lock);
    const size_t calls = heap->calls;
    pthread_mutex_unlock(&heap->lock);
    return calls;
}

void psy_test_heap_fail(psy_test_heap *heap, size_t n, int persistent)
{
    pthread_mutex_lock(&heap->lock);
    heap->fail_at = n == 0 ? 0 : heap->calls + n;
    heap->persistent = persistent;
    pthread_mutex_unlock(&heap->lock);
}

/* ---- sweep ---- */

char psy_untouched_place;

size_t psy_sweep(psy_sweep_function *function, void *context)
{
    return psy_sweep_every(1, function, context);
}

size_t psy_sweep_every(size_t step, psy_sweep_function *function, void *context)
{
    size_t undisturbed = 0;
    for (int persistent = 0; persistent < 2; persistent++) {
        for (size_t n = 1;; n += n < 2000 ? step : n / 500 * step) {
            psy_test_heap *const heap = psy_test_heap_new();
            psy_test_heap_fail(heap, n, persistent);
            const psy_status status = function(&heap->allocator, context);
            const size_t calls = psy_test_heap_calls(heap);
            const size_t live = psy_test_heap_live(heap);
            if (live != 0)
                fail_msg("allocation %zu of %zu failed%s: %zu blocks leaked", n, calls,
                         persistent ? " (as all later ones)" : "", live);
            psy_test_heap_free(heap);
            if (calls < n) {
                if (status != PSY_OK)
                    fail_msg("without a failing allocation: %s", psy_status_name(status));
                undisturbed = calls;
                break;
            }
            if (status != PSY_E_NOMEM)
                fail_msg("allocation %zu of %zu failed%s: %s instead of PSY_E_NOMEM", n, calls,
                         persistent ? " (as all later ones)" : "", psy_status_name(status));
        }
    }
    return undisturbed;
}

/* ---- files ---- */

static char scratch[512];

const char *psy_test_directory(void)
{
    snprintf(scratch, sizeof scratch, "%s/scratch-XXXXXX", PSY_BINARY_DIR);
    assert_non_null(mkdtemp(scratch));
    return scratch;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about;
    (void)type;
    (void)where;
    return remove(path);
}

void psy_test_directory_remove(void)
{
    if (scratch[0] != '\0')
        nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    scratch[0] = '\0';
}

static char paths[8][1024];
static unsigned next_path;

const char *psy_test_path(const char *directory, const char *name)
{
    char *const path = paths[next_path++ % 8];
    const int n = snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    assert_true(n > 0 && (size_t)n < sizeof paths[0]);
    return path;
}

void psy_test_write_file(const char *path, const void *bytes, size_t length)
{
    FILE *const file = fopen(path, "wb");
    assert_non_null(file);
    if (length > 0)
        assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

char *psy_test_read_file(const char *path, size_t *length)
{
    FILE *const file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("cannot read %s: %s", path, strerror(errno));
    char *text = NULL;
    size_t n = 0, room = 0;
    for (;;) {
        if (n + 1 >= room) {
            room = room == 0 ? 4096 : room * 2;
            text = realloc(text, room);
            assert_non_null(text);
        }
        const size_t got = fread(text + n, 1, room - n - 1, file);
        n += got;
        if (got == 0)
            break;
    }
    fclose(file);
    text[n] = '\0';
    if (length != NULL)
        *length = n;
    return text;
}

const char *psy_test_source(const char *path_in_project)
{
    return psy_test_path(PSY_SOURCE_DIR, path_in_project);
}

const char *psy_test_shared(const char *path_in_shared)
{
    const char *const path = psy_test_path(PSY_SOURCE_DIR "/../shared", path_in_shared);
    return access(path, R_OK) == 0 ? path : NULL;
}

static int collect(void *context, const void *bytes, size_t size)
{
    psyi_buffer *const buffer = context;
    psyi_buffer_add(buffer, bytes, size);
    return buffer->failed;
}

static size_t read_bytes(void *context, void *buffer, size_t size)
{
    psy_test_bytes *const from = context;
    size_t n = from->length - from->at;
    if (n > size)
        n = size;
    if (from->step > 0 && n > from->step)
        n = from->step;
    if (n > 0)
        memcpy(buffer, from->bytes + from->at, n);
    from->at += n;
    return n;
}

psy_source psy_test_source_of(psy_test_bytes *bytes, const char *name)
{
    return (psy_source){read_bytes, bytes, name};
}

psy_sink psy_test_sink(psyi_buffer *buffer)
{
    return (psy_sink){collect, buffer};
}

static int take_some(void *context, const void *bytes, size_t size)
{
    size_t *const room = context;
    (void)bytes;
    if (size > *room)
        return 1;
    *room -= size;
    return 0;
}

psy_sink psy_test_full_sink(size_t *room)
{
    return (psy_sink){take_some, room};
}

uint64_t psy_test_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

unsigned psy_test_below(uint64_t *state, unsigned n)
{
    return (unsigned)(psy_test_random(state) % n);
}
