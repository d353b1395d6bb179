/* parallel.h -- run independent tasks on a few threads. */
#ifndef PSYSCREEN_BASE_PARALLEL_H
#define PSYSCREEN_BASE_PARALLEL_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>

#include <stddef.h>

/* Run task(context, 0) .. task(context, n_tasks - 1), each once, on at most `n_threads`
 * threads (0: one per online core), in index order of starting.  Joins before it returns.
 * After a failure no new task starts; the error of the lowest failed index is returned, so
 * that the outcome does not depend on timing among tasks that fail.  When a thread cannot
 * be made, the rest run on those there are. */
psy_status psyi_parallel(unsigned n_threads, size_t n_tasks,
                         psy_status (*task)(void *context, size_t index, psy_error *error),
                         void *context, const psy_allocator *allocator, psy_error *error);
unsigned psyi_online_cores(void);

#endif
