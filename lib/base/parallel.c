/*
 * parallel.c -- independent tasks on a few threads.
 *
 * Tasks start in index order under a lock, so when one fails, every task before it has
 * started already and will finish: the lowest failing index is the same on every run, and
 * its error is the one returned.  The calling thread works too.  Threads are joined before
 * the return; signals are left to the caller's threads.
 */
#include "base/parallel.h"
#include "base/fail.h"
#include "base/memory.h"
#include "base/spill.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

/* More threads than this help nobody, whatever the caller asks for. */
#define MOST_THREADS 256u

typedef struct work_list {
    pthread_mutex_t lock;
    psy_status (*task)(void *context, size_t index, psy_error *error);
    void *context;
    const psy_allocator *allocator;
    size_t n_tasks, next;
    size_t failed; /* lowest failing index so far, SIZE_MAX for none */
    psy_status status;
    psy_error error;
} work_list;

unsigned psyi_online_cores(void)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (cores < 1)
        return 1;
    return cores > (long)MOST_THREADS ? MOST_THREADS : (unsigned)cores;
}

static void *run_tasks(void *argument)
{
    work_list *const work = argument;
    pthread_mutex_lock(&work->lock);
    while (work->failed == SIZE_MAX && work->next < work->n_tasks) {
        const size_t index = work->next++;
        pthread_mutex_unlock(&work->lock);
        psy_error error = {.status = PSY_OK};
        psyi_spill_look(work->allocator);
        const psy_status status = work->task(work->context, index, &error);
        pthread_mutex_lock(&work->lock);
        if (status != PSY_OK && index < work->failed) {
            work->failed = index;
            work->status = status;
            work->error = error;
        }
    }
    pthread_mutex_unlock(&work->lock);
    return NULL;
}

psy_status psyi_parallel(unsigned n_threads, size_t n_tasks,
                         psy_status (*task)(void *context, size_t index, psy_error *error),
                         void *context, const psy_allocator *allocator, psy_error *error)
{
    if (n_threads == 0)
        n_threads = psyi_online_cores();
    if (n_threads > MOST_THREADS)
        n_threads = MOST_THREADS;
    if (n_threads > n_tasks)
        n_threads = n_tasks > 0 ? (unsigned)n_tasks : 1;
    work_list work = {.task = task,
                      .context = context,
                      .allocator = allocator,
                      .n_tasks = n_tasks,
                      .failed = SIZE_MAX};
    pthread_t *const threads = psyi_alloc(allocator, n_threads, sizeof *threads);
    if (threads == NULL)
        return psyi_fail_memory(error, "threads");
    if (pthread_mutex_init(&work.lock, NULL) != 0) {
        psyi_free(allocator, threads);
        return psyi_fail_memory(error, "a lock");
    }
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    unsigned n_made = 0;
    while (n_made + 1 < n_threads && pthread_create(&threads[n_made], NULL, run_tasks, &work) == 0)
        n_made++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    run_tasks(&work);
    for (unsigned i = 0; i < n_made; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&work.lock);
    psyi_free(allocator, threads);
    if (work.failed == SIZE_MAX)
        return PSY_OK;
    if (error != NULL) {
        *error = work.error;
        error->status = work.status;
    }
    return work.status;
}
