/*
 * malloc_sweep.c -- malloc that fails on request, for one thread at a time.
 *
 * The counters belong to the thread, so that other threads of the program never notice.
 * Outside a sweep everything goes straight to the C library.
 */
#include "malloc_sweep.h"
#include "test_support.h"

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if !defined(SANITIZED) && defined(__GLIBC__)

#include <errno.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static _Thread_local struct {
    int on, persistent;
    size_t calls, fail_at;
    ptrdiff_t live;
} sweep;

static int fails(void)
{
    if (!sweep.on)
        return 0;
    sweep.calls++;
    const int failing =
        sweep.persistent ? sweep.calls >= sweep.fail_at : sweep.calls == sweep.fail_at;
    if (failing)
        errno = ENOMEM;
    return failing;
}

static void *count(void *block)
{
    if (sweep.on && block != NULL)
        sweep.live++;
    return block;
}

/* Default visibility: the shared libraries must find these instead of the C library's. */
#define REPLACES __attribute__((visibility("default"), used))

REPLACES void *malloc(size_t size)
{
    return fails() ? NULL : count(__libc_malloc(size));
}

REPLACES void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : count(__libc_calloc(n, size));
}

REPLACES void *realloc(void *block, size_t size)
{
    if (fails())
        return NULL;
    void *const made = __libc_realloc(block, size);
    return block == NULL ? count(made) : made;
}

REPLACES void free(void *block)
{
    if (sweep.on && block != NULL)
        sweep.live--;
    __libc_free(block);
}

size_t psy_malloc_sweep(psy_status (*function)(void *context), void *context, int leaks)
{
    size_t undisturbed = 0;
    for (int persistent = 0; persistent < 2; persistent++) {
        for (size_t n = 1;; n += n < 2000 ? 1 : n / 500) {
            sweep.persistent = persistent;
            sweep.fail_at = n;
            sweep.calls = 0;
            sweep.live = 0;
            sweep.on = 1;
            const psy_status status = function(context);
            sweep.on = 0;
            const size_t calls = sweep.calls;
            const ptrdiff_t live = sweep.live;
            if (leaks && live != 0)
                fail_msg("malloc %zu of %zu failed%s: %td blocks leaked", n, calls,
                         persistent ? " (as all later ones)" : "", live);
            if (calls < n) {
                if (status != PSY_OK)
                    fail_msg("without a failing malloc: %s", psy_status_name(status));
                undisturbed = calls;
                break;
            }
            /* A library may do without a cache it could not make; a wrong error it may not
             * cause. */
            if (status != PSY_E_NOMEM && status != PSY_OK)
                fail_msg("malloc %zu of %zu failed%s: %s instead of PSY_E_NOMEM", n, calls,
                         persistent ? " (as all later ones)" : "", psy_status_name(status));
        }
    }
    return undisturbed;
}

#else

size_t psy_malloc_sweep(psy_status (*function)(void *context), void *context, int leaks)
{
    (void)leaks;
    assert_int_equal(function(context), PSY_OK);
    return 0;
}

#endif
