/*
 * person_total.c -- a person's answers against the means of all others.
 *
 * The mean of the others at item j is (C_j - x_j)/(n - 1) with the column sum C_j; r does not
 * mind the division, so everything stays in integers.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "validity/grid.h"
#include "validity/reference.h"

#include <math.h>

typedef struct total_work {
    const uint8_t *complete;
    const int64_t *sums;
    uint64_t n_complete;
    psyi_wide total, squares; /* of the sums */
    double *out;
    uint8_t *state;
} total_work;

static psy_index_state person_total(const total_work *work, const int8_t *x, size_t k, double *out)
{
    int64_t sum = 0, squares = 0;
    psyi_wide product = 0;
    for (size_t i = 0; i < k; i++) {
        sum += x[i];
        squares += (int64_t)x[i] * x[i];
        product += (psyi_wide)x[i] * work->sums[i];
    }
    const psyi_wide n = (psyi_wide)k, other = work->total - sum;
    const psyi_wide yy = work->squares - 2 * product + squares, xy = product - squares;
    const psyi_wide vx = n * squares - (psyi_wide)sum * sum, vy = n * yy - other * other;
    if (vx <= 0 || vy <= 0)
        return PSY_INDEX_NO_VARIANCE;
    const double c = (double)(n * xy - (psyi_wide)sum * other);
    *out = fmax(-1, fmin(1, c / (sqrt((double)vx) * sqrt((double)vy))));
    return PSY_INDEX_DEFINED;
}

static void correlate_rows(void *context, const psyi_row_block *block)
{
    const total_work *const work = context;
    for (size_t r = 0; r < block->n; r++) {
        const size_t row = block->first + r;
        psy_index_state state = PSY_INDEX_BLANKS;
        work->out[row] = NAN;
        if (work->complete[row] && (block->n_items < 2 || work->n_complete < 2))
            state = PSY_INDEX_TOO_FEW;
        else if (work->complete[row])
            state = person_total(work, block->rows + r * block->n_items, block->n_items,
                                 &work->out[row]);
        psyi_set_state(work->state, row, state);
    }
}

psy_status psyi_person_total_from(const psy_answer_grid *grid, const psyi_reference *reference,
                                  double *out, uint8_t *state, psy_error *error)
{
    uint8_t *const complete = psyi_alloc(grid->allocator, grid->n_rows, sizeof *complete);
    if (complete == NULL)
        return psyi_fail_memory(error, "item means");
    total_work work = {.complete = complete,
                       .sums = reference->given,
                       .n_complete = reference->n,
                       .out = out,
                       .state = state};
    psyi_grid_complete(grid, complete);
    for (size_t i = 0; i < grid->n_items; i++) {
        work.total += reference->given[i];
        work.squares += (psyi_wide)reference->given[i] * reference->given[i];
    }
    const psy_status status = psyi_grid_rows(grid, 0, correlate_rows, &work, error);
    psyi_free(grid->allocator, complete);
    return status;
}

psy_status psy_validity_person_total(const psy_answer_grid *grid, double *out, uint8_t *state,
                                     psy_error *error)
{
    psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (out == NULL && grid->n_rows > 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no place for the result");
    uint8_t *const complete = psyi_alloc(grid->allocator, grid->n_rows, sizeof *complete);
    int64_t *const sums = psyi_alloc(grid->allocator, grid->n_items, sizeof *sums);
    if (complete == NULL || sums == NULL) {
        status = psyi_fail_memory(error, "item means");
    } else {
        const psyi_reference reference = {
            .n_items = grid->n_items, .n = psyi_grid_complete(grid, complete), .given = sums};
        psyi_grid_sums(grid, complete, sums);
        status = psyi_person_total_from(grid, &reference, out, state, error);
    }
    psyi_free(grid->allocator, complete);
    psyi_free(grid->allocator, sums);
    return status;
}
