/*
 * mahalanobis.c -- distance from the mean of the complete rows.
 *
 * Mean and covariance come from exact integer sums.  D2 is the squared length of L^-1 (x - m)
 * with S = L L'; rows are taken thirty-two at a time, so that the inner loop runs over people
 * and never depends on the step before it.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "math/linear.h"
#include "validity/grid.h"
#include "validity/reference.h"

#include <psyscreen/distribution.h>

#include <math.h>
#include <string.h>

#define LANES     32
#define TASK_ROWS 1024 /* a multiple of LANES */

typedef struct distance_work {
    const psy_answer_grid *grid;
    const uint8_t *complete;
    const double *mean, *factor; /* of the kept items, rank x rank */
    const size_t *item;          /* kept items */
    size_t rank;
    double *d2, *p;
    uint8_t *state;
} distance_work;

/* Two doubles at once; both compilers have it, and the baseline CPU does. */
typedef double pair __attribute__((vector_size(16)));

/* z[i] -= sum of l[j] z[j], j < i, for all lanes; then z[i] /= l[i].  Eight lanes stay in
 * registers over the whole sum. */
static void substitute(double (*z)[LANES], const double *l, size_t i)
{
    for (size_t lane = 0; lane < LANES; lane += 8) {
        pair rest[4];
        memcpy(rest, z[i] + lane, sizeof rest);
        pair r0 = rest[0], r1 = rest[1], r2 = rest[2], r3 = rest[3];
        for (size_t j = 0; j < i; j++) {
            pair other[4];
            const pair factor = {l[j], l[j]};
            memcpy(other, z[j] + lane, sizeof other);
            r0 -= factor * other[0];
            r1 -= factor * other[1];
            r2 -= factor * other[2];
            r3 -= factor * other[3];
        }
        const pair divisor = {l[i], l[i]};
        rest[0] = r0 / divisor;
        rest[1] = r1 / divisor;
        rest[2] = r2 / divisor;
        rest[3] = r3 / divisor;
        memcpy(z[i] + lane, rest, sizeof rest);
    }
}

static psy_status measure_rows(void *context, size_t index, psy_error *error)
{
    const distance_work *const work = context;
    const psy_answer_grid *const grid = work->grid;
    const size_t rank = work->rank, begin = index * TASK_ROWS;
    const size_t end = grid->n_rows - begin < TASK_ROWS ? grid->n_rows : begin + TASK_ROWS;
    double(*const z)[LANES] = psyi_alloc(grid->allocator, rank, sizeof *z);
    if (z == NULL)
        return psyi_fail_memory(error, "distances");
    for (size_t first = begin; first < end; first += LANES) {
        const size_t n = end - first < LANES ? end - first : LANES;
        double d2[LANES] = {0};
        for (size_t i = 0; i < rank; i++) {
            const int8_t *const column = grid->items[work->item[i]] + first;
            for (size_t lane = 0; lane < n; lane++)
                z[i][lane] = column[lane] - work->mean[i];
            for (size_t lane = n; lane < LANES; lane++)
                z[i][lane] = 0;
            substitute(z, work->factor + i * rank, i);
            for (size_t lane = 0; lane < LANES; lane++)
                d2[lane] += z[i][lane] * z[i][lane];
        }
        for (size_t lane = 0; lane < n; lane++) {
            const size_t row = first + lane;
            const bool complete = work->complete[row] != 0;
            work->d2[row] = complete ? d2[lane] : NAN;
            if (work->p != NULL)
                work->p[row] = psy_chisq_q(work->d2[row], (double)rank);
            psyi_set_state(work->state, row, complete ? PSY_INDEX_DEFINED : PSY_INDEX_BLANKS);
        }
    }
    psyi_free(grid->allocator, z);
    return PSY_OK;
}

/* Fills mean, factor and item of the items that take part. */
static psy_status prepare(const psy_answer_grid *grid, psy_dependent_items dependent,
                          const psyi_reference *reference, double *mean, double *factor,
                          size_t *item, bool *kept, size_t *rank, psy_error *error)
{
    const size_t k = grid->n_items;
    const uint64_t n = reference->n;
    const int64_t *const sums = reference->sums;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            const psyi_wide top =
                (psyi_wide)n * reference->xy[j * k + i] - (psyi_wide)sums[i] * sums[j];
            factor[i * k + j] = (double)top / ((double)n * (double)(n - 1));
        }
    *rank = psyi_cholesky(factor, k, PSYI_RANK_TOLERANCE, kept);
    if (*rank > k)
        return psyi_fail(error, PSY_E_INTERNAL, NULL, "a covariance matrix is indefinite");
    size_t m = 0;
    for (size_t i = 0; i < k; i++) {
        if (!kept[i] && dependent != PSY_DEPENDENT_DROPPED)
            return psyi_fail(error, PSY_E_NUMERIC, NULL,
                             "item %zu is constant or a linear combination of the items before "
                             "it: the covariance matrix is singular",
                             i);
        if (!kept[i])
            continue;
        mean[m] = (double)sums[i] / (double)n;
        /* Rows and columns of the kept items move together. */
        for (size_t c = 0; c < m; c++)
            factor[m * *rank + c] = factor[i * k + item[c]];
        factor[m * *rank + m] = factor[i * k + i];
        item[m++] = i;
    }
    return PSY_OK;
}

static void none_is_defined(const psy_answer_grid *grid, const uint8_t *complete, double *d2,
                            double *p, uint8_t *state)
{
    for (size_t row = 0; row < grid->n_rows; row++) {
        d2[row] = NAN;
        if (p != NULL)
            p[row] = NAN;
        psyi_set_state(state, row, complete[row] ? PSY_INDEX_TOO_FEW : PSY_INDEX_BLANKS);
    }
}

psy_status psyi_mahalanobis_from(const psy_answer_grid *grid, const psyi_reference *reference,
                                 psy_dependent_items dependent, double *d2, double *p,
                                 uint8_t *state, uint8_t *used, size_t *rank, psy_error *error)
{
    psy_status status = PSY_OK;
    const size_t k = grid->n_items;
    const psy_allocator *const allocator = grid->allocator;
    size_t found = 0;
    uint8_t *const complete = psyi_alloc(allocator, grid->n_rows, sizeof *complete);
    double *const mean = psyi_alloc(allocator, k, sizeof *mean);
    double *const factor = psyi_alloc(allocator, k * k, sizeof *factor);
    size_t *const item = psyi_alloc(allocator, k, sizeof *item);
    bool *const kept = psyi_alloc(allocator, k, sizeof *kept);
    if (!complete || !mean || !factor || !item || !kept) {
        status = psyi_fail_memory(error, "a covariance matrix");
        goto done;
    }
    psyi_grid_complete(grid, complete);
    if (reference->n >= 2 && (status = prepare(grid, dependent, reference, mean, factor, item, kept,
                                               &found, error)) != PSY_OK)
        goto done;
    if (found == 0) {
        none_is_defined(grid, complete, d2, p, state);
    } else if (grid->n_rows > 0) {
        distance_work work = {grid, complete, mean, factor, item, found, d2, p, state};
        status = psyi_parallel(grid->n_threads, (grid->n_rows - 1) / TASK_ROWS + 1, measure_rows,
                               &work, allocator, error);
    }
    if (status == PSY_OK) {
        for (size_t i = 0; used != NULL && i < k; i++)
            used[i] = kept[i];
        if (rank != NULL)
            *rank = found;
    }

done:
    psyi_free(allocator, complete);
    psyi_free(allocator, mean);
    psyi_free(allocator, factor);
    psyi_free(allocator, item);
    psyi_free(allocator, kept);
    return status;
}

psy_status psy_validity_mahalanobis(const psy_answer_grid *grid, psy_dependent_items dependent,
                                    double *d2, double *p, uint8_t *state, uint8_t *used,
                                    size_t *rank, psy_error *error)
{
    psyi_reference reference;
    psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (d2 == NULL && grid->n_rows > 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no place for the result");
    status = psyi_reference_make(&reference, grid, error);
    if (status != PSY_OK)
        return status;
    status = psyi_mahalanobis_from(grid, &reference, dependent, d2, p, state, used, rank, error);
    psyi_reference_done(&reference, grid->allocator);
    return status;
}
