/*
 * item_steps.c -- Guttman errors and U3 over item steps.
 *
 * Steps are ordered by counts, not by shares, so that ties are exact.  U3 compares the weight
 * W of the steps a person took (weight: log odds of taking it) with the largest and smallest
 * W of his total: the largest takes the most popular steps; the smallest needs a search,
 * because the steps of one item can only be taken in order, and comes from a recursion over
 * items.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "validity/grid.h"

#include <math.h>
#include <stdlib.h>

/* U3's recursion costs the square of this. */
#define MOST_STEPS 16384

typedef struct item_step {
    int64_t popularity; /* complete rows that take it */
    uint32_t item;
    uint8_t score;
    bool live; /* taken by some, not by all */
    double weight;
} item_step;

typedef struct step_work {
    item_step *steps; /* most popular first */
    size_t n_steps, n_live;
    const double *most, *least; /* [live steps taken]: largest and smallest weight */
    double slack;               /* a smaller difference is rounding */
    const uint8_t *complete;
    uint32_t *errors;
    double *u3;
    uint8_t *state, *u3_state;
} step_work;

static int by_popularity(const void *a, const void *b)
{
    const item_step *const x = a, *const y = b;
    if (x->popularity != y->popularity)
        return x->popularity > y->popularity ? -1 : 1;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    return (x->score > y->score) - (x->score < y->score);
}

/* Steps in order of item and score, with their popularity. */
static void count_steps(const psy_answer_grid *grid, const uint8_t *highest,
                        const uint8_t *complete, int64_t n_complete, item_step *steps)
{
    for (size_t i = 0; i < grid->n_items; i++) {
        int64_t n_with[128] = {0};
        for (size_t row = 0; row < grid->n_rows; row++)
            if (complete[row])
                n_with[grid->items[i][row]]++;
        for (size_t s = highest[i]; s-- > 0;)
            n_with[s] += n_with[s + 1]; /* now: at least s */
        for (size_t s = 1; s <= highest[i]; s++) {
            item_step step = {.popularity = n_with[s], .item = (uint32_t)i, .score = (uint8_t)s};
            step.live = n_with[s] > 0 && n_with[s] < n_complete;
            if (step.live)
                step.weight = log((double)n_with[s] / (double)(n_complete - n_with[s]));
            *steps++ = step;
        }
    }
}

/* least[t]: smallest weight of t live steps.  `steps` still in order of items. */
static void find_least(const item_step *steps, size_t n_steps, double *least)
{
    size_t n_live = 0;
    least[0] = 0;
    for (size_t begin = 0; begin < n_steps;) {
        size_t end = begin, n_own = 0;
        while (end < n_steps && steps[end].item == steps[begin].item)
            n_own += steps[end++].live;
        for (size_t t = n_live + 1; t <= n_live + n_own; t++)
            least[t] = INFINITY;
        n_live += n_own;
        /* From the largest total down, so that an item is used once. */
        for (size_t t = n_live; t > 0; t--) {
            double weight = 0, best = t <= n_live - n_own ? least[t] : INFINITY;
            size_t taken = 0;
            for (size_t s = begin; s < end && taken < t; s++) {
                if (!steps[s].live)
                    continue;
                weight += steps[s].weight;
                taken++;
                best = fmin(best, least[t - taken] + weight);
            }
            least[t] = best;
        }
        begin = end;
    }
}

static void find_errors(void *context, const psyi_row_block *block)
{
    const step_work *const work = context;
    for (size_t r = 0; r < block->n; r++) {
        const int8_t *const x = block->rows + r * block->n_items;
        const size_t row = block->first + r;
        uint32_t errors = 0, not_taken = 0;
        size_t n_live = 0;
        double weight = 0, u3 = NAN;
        psy_index_state u3_state = PSY_INDEX_BLANKS;
        if (work->complete[row]) {
            for (size_t s = 0; s < work->n_steps; s++) {
                const item_step *const step = &work->steps[s];
                const bool taken = x[step->item] >= (int)step->score;
                errors += taken ? not_taken : 0;
                not_taken += !taken;
                weight += taken ? step->weight : 0;
                n_live += taken && step->live;
            }
            u3_state = PSY_INDEX_NO_VARIANCE;
        }
        if (work->errors != NULL)
            work->errors[row] = errors;
        psyi_set_state(work->state, row,
                       work->complete[row] ? PSY_INDEX_DEFINED : PSY_INDEX_BLANKS);
        if (work->u3 != NULL && work->complete[row]) {
            const double most = work->most[n_live], least = work->least[n_live];
            if (most - least > work->slack) {
                u3 = fmax(0, fmin(1, (most - weight) / (most - least)));
                u3_state = PSY_INDEX_DEFINED;
            }
        }
        if (work->u3 == NULL)
            continue;
        work->u3[row] = u3;
        psyi_set_state(work->u3_state, row, u3_state);
    }
}

static psy_status check_guttman(const psy_answer_grid *grid, const uint8_t *highest, bool u3,
                                size_t *n_steps, psy_error *error)
{
    psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (highest == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no highest scores");
    *n_steps = 0;
    for (size_t i = 0; i < grid->n_items; i++) {
        if (highest[i] > 127)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "item %zu has highest score %u", i,
                             highest[i]);
        *n_steps += highest[i];
    }
    if (u3 && *n_steps > MOST_STEPS)
        return psyi_fail(error, PSY_E_LIMIT, NULL, "U3 over %zu steps: at most %d", *n_steps,
                         MOST_STEPS);
    return psyi_grid_check_highest(grid, highest, error);
}

psy_status psy_validity_guttman(const psy_answer_grid *grid, const uint8_t *highest,
                                uint32_t *errors, double *u3, uint8_t *state, uint8_t *u3_state,
                                psy_error *error)
{
    size_t n_steps = 0;
    psy_status status = check_guttman(grid, highest, u3 != NULL, &n_steps, error);
    if (status != PSY_OK)
        return status;
    const psy_allocator *const allocator = grid->allocator;
    uint8_t *const complete = psyi_alloc(allocator, grid->n_rows, sizeof *complete);
    item_step *const steps = psyi_alloc(allocator, n_steps, sizeof *steps);
    double *const most = psyi_alloc(allocator, n_steps + 1, sizeof *most);
    double *const least = psyi_alloc(allocator, n_steps + 1, sizeof *least);
    if (!complete || !steps || !most || !least) {
        status = psyi_fail_memory(error, "item steps");
        goto done;
    }
    step_work work = {.steps = steps,
                      .n_steps = n_steps,
                      .most = most,
                      .least = least,
                      .complete = complete,
                      .errors = errors,
                      .u3 = u3,
                      .state = state,
                      .u3_state = u3_state};
    const size_t n_complete = psyi_grid_complete(grid, complete);
    count_steps(grid, highest, complete, (int64_t)n_complete, steps);
    if (u3 != NULL)
        find_least(steps, n_steps, least);
    if (n_steps > 0)
        qsort(steps, n_steps, sizeof *steps, by_popularity);
    double size = 0;
    for (size_t s = 0; s < n_steps; s++)
        if (steps[s].live) {
            most[work.n_live + 1] = most[work.n_live] + steps[s].weight;
            work.n_live++;
            size += fabs(steps[s].weight);
        }
    work.slack = 1e-12 * size;
    status = psyi_grid_rows(grid, 0, find_errors, &work, error);

done:
    psyi_free(allocator, complete);
    psyi_free(allocator, steps);
    psyi_free(allocator, most);
    psyi_free(allocator, least);
    return status;
}
