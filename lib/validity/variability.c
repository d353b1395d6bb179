/*
 * variability.c -- spread within a person, and agreement between halves of scales.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "validity/grid.h"

#include <math.h>

/* Two points always lie on a line. */
#define FEWEST_SCALES  3
#define NO_CORRELATION 1e-14

typedef struct spread_work {
    double *out;
    uint8_t *state;
} spread_work;

static void find_spread(void *context, const psyi_row_block *block)
{
    const spread_work *const work = context;
    for (size_t r = 0; r < block->n; r++) {
        const int8_t *const x = block->rows + r * block->n_items;
        int64_t n = 0, sum = 0, squares = 0;
        for (size_t i = 0; i < block->n_items; i++) {
            const int64_t value = x[i] >= 0 ? x[i] : 0;
            n += x[i] >= 0;
            sum += value;
            squares += value * value;
        }
        const bool defined = n >= 2;
        const double numerator = (double)(n * squares - sum * sum);
        work->out[block->first + r] =
            defined ? sqrt(numerator / ((double)n * (double)(n - 1))) : NAN;
        psyi_set_state(work->state, block->first + r,
                       defined ? PSY_INDEX_DEFINED : PSY_INDEX_TOO_FEW);
    }
}

psy_status psy_validity_irv(const psy_answer_grid *grid, double *out, uint8_t *state,
                            psy_error *error)
{
    spread_work work = {out, state};
    const psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (out == NULL && grid->n_rows > 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no place for the result");
    return psyi_grid_rows(grid, 0, find_spread, &work, error);
}

/* Sums of one half of one scale. */
typedef struct half {
    int32_t n, sum;
} half;

typedef struct halves_work {
    const uint32_t *half_of; /* per item: 2 * scale + (0 odd, 1 even), or PSY_NO_SCALE */
    size_t n_scales;
    double *out;
    uint8_t *state;
} halves_work;

static psy_index_state consistency(const half *halves, size_t n_scales, double *out)
{
    double mean_odd = 0, mean_even = 0, xx = 0, yy = 0, xy = 0;
    double first_odd = 0, first_even = 0;
    bool odd_varies = false, even_varies = false;
    size_t n = 0;
    for (size_t s = 0; s < n_scales; s++) {
        const half *const odd = &halves[2 * s], *const even = &halves[2 * s + 1];
        if (odd->n == 0 || even->n == 0)
            continue;
        const double x = (double)odd->sum / odd->n, y = (double)even->sum / even->n;
        /* Equal ratios are equal doubles, so this decides without a tolerance. */
        odd_varies = odd_varies || (n > 0 && x != first_odd);
        even_varies = even_varies || (n > 0 && y != first_even);
        if (n == 0) {
            first_odd = x;
            first_even = y;
        }
        n++;
        const double dx = x - mean_odd, dy = y - mean_even;
        mean_odd += dx / (double)n;
        mean_even += dy / (double)n;
        xx += dx * (x - mean_odd);
        yy += dy * (y - mean_even);
        xy += dx * (y - mean_even);
    }
    *out = NAN;
    if (n < FEWEST_SCALES)
        return PSY_INDEX_TOO_FEW;
    if (!odd_varies || !even_varies)
        return PSY_INDEX_NO_VARIANCE;
    double r = fmax(-1, fmin(1, xy / (sqrt(xx) * sqrt(yy))));
    /* Means are ratios, so that an r of 0 comes out as rounding of either sign, and the sign
     * would decide who is "below 0". */
    if (fabs(r) < NO_CORRELATION)
        r = 0;
    /* Below -1/3 the formula falls beyond -1, and at r = -1 to minus infinity. */
    *out = 3 * r <= -1 ? -1 : 2 * r / (1 + r);
    return PSY_INDEX_DEFINED;
}

static void find_consistency(void *context, const psyi_row_block *block)
{
    const halves_work *const work = context;
    half *const halves = block->scratch;
    for (size_t r = 0; r < block->n; r++) {
        const int8_t *const x = block->rows + r * block->n_items;
        for (size_t h = 0; h < 2 * work->n_scales; h++)
            halves[h] = (half){0, 0};
        for (size_t i = 0; i < block->n_items; i++) {
            if (x[i] < 0 || work->half_of[i] == PSY_NO_SCALE)
                continue;
            halves[work->half_of[i]].n++;
            halves[work->half_of[i]].sum += x[i];
        }
        const size_t row = block->first + r;
        psyi_set_state(work->state, row, consistency(halves, work->n_scales, &work->out[row]));
    }
}

psy_status psy_validity_even_odd(const psy_answer_grid *grid, const uint32_t *scale_of,
                                 size_t n_scales, double *out, uint8_t *state, psy_error *error)
{
    psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (scale_of == NULL || (out == NULL && grid->n_rows > 0))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "scales of items or place missing");
    if (n_scales == 0 || n_scales > grid->n_items)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "%zu scales of %zu items", n_scales,
                         grid->n_items);
    for (size_t i = 0; i < grid->n_items; i++)
        if (scale_of[i] != PSY_NO_SCALE && scale_of[i] >= n_scales)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "item %zu is of scale %u of %zu", i,
                             scale_of[i], n_scales);
    uint32_t *const half_of = psyi_alloc(grid->allocator, grid->n_items, sizeof *half_of);
    uint8_t *const next = psyi_alloc(grid->allocator, n_scales, sizeof *next);
    if (half_of == NULL || next == NULL) {
        status = psyi_fail_memory(error, "halves of scales");
        goto done;
    }
    for (size_t i = 0; i < grid->n_items; i++) {
        half_of[i] = PSY_NO_SCALE;
        if (scale_of[i] == PSY_NO_SCALE)
            continue;
        half_of[i] = 2 * scale_of[i] + next[scale_of[i]];
        next[scale_of[i]] ^= 1;
    }
    halves_work work = {half_of, n_scales, out, state};
    status = psyi_grid_rows(grid, 2 * n_scales * sizeof(half), find_consistency, &work, error);

done:
    psyi_free(grid->allocator, half_of);
    psyi_free(grid->allocator, next);
    return status;
}
