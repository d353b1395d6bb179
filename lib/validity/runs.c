/*
 * runs.c -- runs of one answer and repeating patterns, in the order of presentation.
 */
#include "base/fail.h"
#include "validity/grid.h"

#include <math.h>
#include <string.h>

#define SHORTEST_PERIOD 2
#define LONGEST_PERIOD  5

typedef struct run_work {
    psy_run_blanks blanks;
    uint32_t *longest;
    double *mean;
    uint8_t *state;
} run_work;

static void find_runs(void *context, const psyi_row_block *block)
{
    const run_work *const work = context;
    for (size_t r = 0; r < block->n; r++) {
        const int8_t *const x = block->rows + r * block->n_items;
        uint32_t longest = 0, length = 0, n_runs = 0, total = 0;
        int8_t before = -1; /* the answer of the run that `length` counts */
        for (size_t i = 0; i < block->n_items; i++) {
            if (x[i] < 0 && work->blanks == PSY_BLANKS_SKIPPED)
                continue;
            if (x[i] < 0) {
                const bool counts = work->blanks == PSY_BLANKS_ARE_RUNS;
                n_runs += counts;
                total += counts;
                longest = longest > 0 || !counts ? longest : 1;
                before = -1;
                continue;
            }
            if (x[i] != before) {
                n_runs++;
                length = 0;
            }
            before = x[i];
            length++;
            total++;
            longest = length > longest ? length : longest;
        }
        const size_t row = block->first + r;
        if (work->longest != NULL)
            work->longest[row] = longest;
        if (work->mean != NULL)
            work->mean[row] = n_runs > 0 ? (double)total / n_runs : NAN;
        psyi_set_state(work->state, row, n_runs > 0 ? PSY_INDEX_DEFINED : PSY_INDEX_TOO_FEW);
    }
}

psy_status psy_validity_runs(const psy_answer_grid *grid, psy_run_blanks blanks, uint32_t *longest,
                             double *mean, uint8_t *state, psy_error *error)
{
    run_work work = {blanks, longest, mean, state};
    const psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (blanks != PSY_BLANKS_END_RUNS && blanks != PSY_BLANKS_ARE_RUNS &&
        blanks != PSY_BLANKS_SKIPPED)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no rule %d for missing answers",
                         (int)blanks);
    return psyi_grid_rows(grid, 0, find_runs, &work, error);
}

typedef struct pattern_work {
    uint32_t *length;
    uint8_t *period;
} pattern_work;

/* Items [begin, begin + period) are not all the same. */
static bool varies(const int8_t *x, size_t begin, size_t period)
{
    for (size_t i = begin + 1; i < begin + period; i++)
        if (x[i] != x[begin])
            return true;
    return false;
}

/* The longest stretch of one period that is no run, or 0. */
static uint32_t longest_stretch(const int8_t *x, size_t n, size_t period)
{
    size_t longest = 0, repeats = 0; /* items in a row that equal the one a period before */
    for (size_t i = period; i <= n; i++) {
        if (i < n && x[i] == x[i - period] && x[i] >= 0) {
            repeats++;
            continue;
        }
        const size_t length = repeats + period;
        if (repeats >= period && length > longest && varies(x, i - length, period))
            longest = length;
        repeats = 0;
    }
    return (uint32_t)longest;
}

static void find_patterns(void *context, const psyi_row_block *block)
{
    const pattern_work *const work = context;
    for (size_t r = 0; r < block->n; r++) {
        const int8_t *const x = block->rows + r * block->n_items;
        uint32_t longest = 0;
        uint8_t period = 0;
        for (size_t p = SHORTEST_PERIOD; p <= LONGEST_PERIOD; p++) {
            const uint32_t length = longest_stretch(x, block->n_items, p);
            if (length > longest) {
                longest = length;
                period = (uint8_t)p;
            }
        }
        work->length[block->first + r] = longest;
        if (work->period != NULL)
            work->period[block->first + r] = period;
    }
}

psy_status psy_validity_patterns(const psy_answer_grid *grid, uint32_t *length, uint8_t *period,
                                 psy_error *error)
{
    pattern_work work = {length, period};
    const psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (length == NULL && grid->n_rows > 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no place for the lengths");
    return psyi_grid_rows(grid, 0, find_patterns, &work, error);
}
