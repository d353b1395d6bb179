/*
 * item_pairs.c -- pairs of items that go together, and how far a person's answers do.
 */
#include "base/fail.h"
#include "validity/grid.h"

#include <math.h>

#define FEWEST_PAIRS 3

psy_status psy_validity_find_pairs(const psy_answer_grid *grid, double limit, psy_item_pair *pairs,
                                   size_t room, size_t *n_pairs, psy_error *error)
{
    psyi_cross cross;
    psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (n_pairs == NULL || (pairs == NULL && room > 0))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no place for the pairs");
    if (!(fabs(limit) <= 1) || limit == 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "limit of r is %g: expected -1 to 1, and not 0", limit);
    if ((status = psyi_cross_make(&cross, grid, NULL, error)) != PSY_OK)
        return status;
    const size_t k = grid->n_items;
    size_t n = 0;
    for (size_t i = 0; i < k; i++)
        for (size_t j = i + 1; j < k; j++) {
            const size_t ij = i * k + j, ji = j * k + i;
            double r;
            if (!psyi_exact_r(cross.n[ij], cross.x[ij], cross.x[ji], cross.xx[ij], cross.xx[ji],
                              cross.xy[ij], &r))
                continue;
            if (limit > 0 ? r <= limit : r >= limit)
                continue;
            if (n < room)
                pairs[n] = (psy_item_pair){i, j};
            n++;
        }
    psyi_cross_done(&cross, grid->allocator);
    *n_pairs = n;
    return PSY_OK;
}

typedef struct pair_work {
    const psy_item_pair *pairs;
    size_t n_pairs;
    double *out;
    uint8_t *state;
} pair_work;

static void correlate_pairs(void *context, const psyi_row_block *block)
{
    const pair_work *const work = context;
    for (size_t r = 0; r < block->n; r++) {
        const int8_t *const x = block->rows + r * block->n_items;
        int64_t n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
        for (size_t i = 0; i < work->n_pairs; i++) {
            const int64_t a = x[work->pairs[i].first], b = x[work->pairs[i].second];
            if (a < 0 || b < 0)
                continue;
            n++;
            sa += a;
            sb += b;
            saa += a * a;
            sbb += b * b;
            sab += a * b;
        }
        const size_t row = block->first + r;
        double *const out = &work->out[row];
        psy_index_state state = PSY_INDEX_DEFINED;
        *out = NAN;
        if (n < FEWEST_PAIRS)
            state = PSY_INDEX_TOO_FEW;
        else if (!psyi_exact_r(n, sa, sb, saa, sbb, sab, out))
            state = PSY_INDEX_NO_VARIANCE;
        psyi_set_state(work->state, row, state);
    }
}

psy_status psy_validity_pairs(const psy_answer_grid *grid, const psy_item_pair *pairs,
                              size_t n_pairs, double *out, uint8_t *state, psy_error *error)
{
    pair_work work = {pairs, n_pairs, out, state};
    const psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if ((pairs == NULL && n_pairs > 0) || (out == NULL && grid->n_rows > 0))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "pairs or place missing");
    for (size_t i = 0; i < n_pairs; i++)
        if (pairs[i].first >= grid->n_items || pairs[i].second >= grid->n_items)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "pair %zu is of items %zu and %zu of %zu",
                             i, pairs[i].first, pairs[i].second, grid->n_items);
    return psyi_grid_rows(grid, 0, correlate_pairs, &work, error);
}
