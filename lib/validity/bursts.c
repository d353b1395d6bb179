/*
 * bursts.c -- how many sheets came in around the same time.
 *
 * A window that holds the most may be moved right until its left end is a submission, so only
 * windows that begin at one are tried; a row takes the largest of those that reach it.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "base/sort.h"
#include "base/spill.h"

#include <psyscreen/validity.h>

#include <stdlib.h>

typedef struct submission {
    int64_t time;
    uint32_t group;
    uint32_t n_from; /* submissions of its group from it to `window` later */
    size_t row;
} submission;

static int by_group_and_time(const void *a, const void *b, void *context)
{
    (void)context;
    const submission *const x = a, *const y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* b - a without overflow, for a <= b */
static uint64_t apart(int64_t a, int64_t b)
{
    return (uint64_t)b - (uint64_t)a;
}

/* One group, in order of time.  `best` holds indices of windows that could still be the
 * largest for a later row, largest first. */
static void count_group(submission *s, size_t n, uint64_t window, size_t *best, uint32_t *count)
{
    size_t end = 0, head = 0, tail = 0;
    for (size_t i = 0; i < n; i++) {
        while (end < n && apart(s[i].time, s[end].time) <= window)
            end++;
        s[i].n_from = (uint32_t)(end - i);
    }
    for (size_t i = 0; i < n; i++) {
        while (tail > head && s[best[tail - 1]].n_from <= s[i].n_from)
            tail--;
        best[tail++] = i;
        while (apart(s[best[head]].time, s[i].time) > window)
            head++;
        count[s[i].row] = s[best[head]].n_from;
    }
}

psy_status psy_validity_bursts(const int64_t *submitted, const uint32_t *group_of, size_t n_rows,
                               int64_t window, uint32_t *count, const psy_allocator *allocator,
                               psy_error *error)
{
    if (n_rows > 0 && (submitted == NULL || count == NULL))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "times or place missing");
    if (window < 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a window of %lld seconds",
                         (long long)window);
    submission *const s = psyi_alloc(allocator, n_rows, sizeof *s);
    size_t *const best = psyi_alloc(allocator, n_rows, sizeof *best);
    psy_status status = PSY_OK;
    if (s == NULL || best == NULL) {
        status = psyi_fail_memory(error, "submissions");
        goto done;
    }
    size_t n = 0;
    for (size_t row = 0; row < n_rows; row++) {
        psyi_spill_pass(allocator, row);
        count[row] = 0;
        if (submitted[row] == PSY_NO_TIME)
            continue;
        s[n++] = (submission){submitted[row], group_of != NULL ? group_of[row] : 0, 0, row};
    }
    if (!psyi_merge_sort(s, n, sizeof *s, by_group_and_time, NULL, allocator)) {
        status = psyi_fail_memory(error, "submissions");
        goto done;
    }
    for (size_t begin = 0; begin < n;) {
        size_t end = begin;
        while (end < n && s[end].group == s[begin].group)
            end++;
        count_group(s + begin, end - begin, (uint64_t)window, best, count);
        begin = end;
    }

done:
    psyi_free(allocator, s);
    psyi_free(allocator, best);
    return status;
}
