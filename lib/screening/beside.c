/*
 * beside.c -- the tables of all files, made while workbooks that do not need them are written.
 *
 * The tables are the first task, so whoever waits for them waits for a task that runs.  Files
 * that need them come when half of the others have been begun: by then they are mostly made, and
 * the district's workbook, which takes long, is not the last.  Where something is to be said of
 * the tables it becomes a finding, which workbooks count: then those files are written when no
 * other is, since findings must not change while workbooks quote them.  (Workbooks of schools
 * quote what is about their own students alone.)
 */
#include "screening/beside.h"

#include "base/fail.h"
#include "base/memory.h"

static bool needs_tables(const psyi_output_task *task)
{
    return task->kind == PSYI_OUTPUT_DISTRICT || task->kind == PSYI_OUTPUT_PUBLISHED ||
           task->kind == PSYI_OUTPUT_ROLE;
}

static void put_in_order(psyi_beside *beside)
{
    const psyi_outputs *const outputs = beside->outputs;
    size_t n_free = 0, n = 0;
    for (size_t i = 0; i < outputs->n_tasks; i++)
        n_free += !needs_tables(&outputs->tasks[i]);
    size_t at = 0;
    for (; at < outputs->n_tasks && n < (n_free + 1) / 2; at++)
        if (!needs_tables(&outputs->tasks[at]))
            beside->order[n++] = at;
    for (size_t i = 0; i < outputs->n_tasks; i++)
        if (needs_tables(&outputs->tasks[i]))
            beside->order[n++] = i;
    for (; at < outputs->n_tasks; at++)
        if (!needs_tables(&outputs->tasks[at]))
            beside->order[n++] = at;
}

psy_status psyi_beside_begin(psyi_beside *out, const psyi_outputs *outputs, psy_error *error)
{
    *out = (psyi_beside){.outputs = outputs};
    out->order = psyi_alloc(outputs->allocator, 2 * outputs->n_tasks + 1, sizeof *out->order);
    const bool lock = out->order != NULL && pthread_mutex_init(&out->lock, NULL) == 0;
    if (!lock || pthread_cond_init(&out->made, NULL) != 0) {
        if (lock)
            pthread_mutex_destroy(&out->lock);
        psyi_free(outputs->allocator, out->order);
        return psyi_fail_memory(error, "outputs");
    }
    out->late = out->order + outputs->n_tasks;
    put_in_order(out);
    return PSY_OK;
}

void psyi_beside_end(psyi_beside *beside)
{
    pthread_cond_destroy(&beside->made);
    pthread_mutex_destroy(&beside->lock);
    psyi_free(beside->outputs->allocator, beside->order);
}

psy_status psyi_beside_make(psyi_beside *beside, psy_error *error)
{
    const psyi_tables_task *const tables = beside->outputs->tables;
    const psy_status status = tables->make(tables->context, error);
    pthread_mutex_lock(&beside->lock);
    beside->done = true;
    beside->failed = status != PSY_OK;
    beside->news = status == PSY_OK && tables->has_news(tables->context);
    pthread_cond_broadcast(&beside->made);
    pthread_mutex_unlock(&beside->lock);
    return status;
}

bool psyi_beside_ready(psyi_beside *beside, size_t task)
{
    if (!needs_tables(&beside->outputs->tasks[task]))
        return true;
    pthread_mutex_lock(&beside->lock);
    while (!beside->done)
        pthread_cond_wait(&beside->made, &beside->lock);
    if (beside->news)
        beside->late[beside->n_late++] = task;
    const bool ready = !beside->failed && !beside->news;
    pthread_mutex_unlock(&beside->lock);
    return ready;
}
