/*
 * sign_values.c -- the value of one sign for every row of a grid.
 *
 * Who is over the mark is for others to say (cohort_signs.c); how the values lie is printed
 * by the quality report.
 */
#include "base/fail.h"
#include "validity/model_fit.h"
#include "validity/evidence.h"
#include "validity/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct value_work {
    const psyi_use_grid *grid;
    const psyi_validity_policy *policy;
    const psyi_reference *reference; /* NULL: the rows themselves */
    psyi_arena arena;
    psy_answer_grid given, scored; /* the items that count in scores */
    uint16_t *column;              /* column of the grid each of them is */
    uint8_t *highest;
    double *value;
    uint8_t *state;
} value_work;

/* ---- even and odd items of the scales ---- */

static bool is_within(const psyi_scale *inner, const psyi_scale *outer)
{
    size_t found = 0;
    for (size_t i = 0; i < inner->n_items; i++)
        for (size_t j = 0; j < outer->n_items; j++)
            found += inner->items[i] == outer->items[j];
    return found == inner->n_items;
}

static bool adds_up(const psyi_scale *scale)
{
    return (scale->score == PSYI_SCORE_SUM || scale->score == PSYI_SCORE_MEAN) && !scale->derived &&
           scale->n_items >= 2;
}

/* A scale of its own: a sum or mean of items that no smaller such scale divides up. */
static bool is_content_scale(const psy_instrument *instrument, unsigned scale)
{
    const psyi_scale *const at = &instrument->scales[scale];
    if (!adds_up(at) || psyi_scale_is_lie(instrument, scale))
        return false;
    for (size_t other = 0; other < instrument->n_scales; other++) {
        const psyi_scale *const it = &instrument->scales[other];
        const bool smaller =
            it->n_items < at->n_items || (it->n_items == at->n_items && other < scale);
        if (other != scale && adds_up(it) && smaller && is_within(it, at))
            return false;
    }
    return true;
}

/* Scale of each column, the first that holds it; returns how many scales there are. */
static size_t scales_of(const value_work *work, uint32_t *scale_of)
{
    const psy_instrument *const instrument = work->grid->instrument;
    size_t n = 0;
    for (size_t i = 0; i < work->given.n_items; i++)
        scale_of[i] = PSY_NO_SCALE;
    for (unsigned scale = 0; scale < instrument->n_scales; scale++) {
        size_t taken = 0;
        if (!is_content_scale(instrument, scale))
            continue;
        for (size_t i = 0; i < work->given.n_items; i++)
            for (size_t j = 0; j < instrument->scales[scale].n_items; j++)
                if (scale_of[i] == PSY_NO_SCALE &&
                    instrument->scales[scale].items[j] == work->grid->item[work->column[i]]) {
                    scale_of[i] = (uint32_t)n;
                    taken++;
                }
        n += taken > 0;
    }
    return n;
}

static psy_status halves(value_work *work, psy_error *error)
{
    uint32_t *const scale_of =
        psyi_arena_alloc(&work->arena, work->given.n_items, sizeof *scale_of);
    if (scale_of == NULL)
        return psyi_fail_memory(error, "scales of items");
    const size_t n_scales = scales_of(work, scale_of);
    if (n_scales < 3) /* no r over fewer */
        return PSY_OK;
    return psy_validity_even_odd(&work->scored, scale_of, n_scales, work->value, work->state,
                                 error);
}

/* ---- against everybody else ---- */

static psy_status distances(value_work *work, psy_error *error)
{
    double *const d2 = psyi_arena_alloc(&work->arena, work->grid->n_rows, sizeof *d2);
    if (d2 == NULL)
        return psyi_fail_memory(error, "distances");
    if (work->reference != NULL)
        return psyi_mahalanobis_from(&work->scored, work->reference, PSY_DEPENDENT_DROPPED, d2,
                                     work->value, work->state, NULL, NULL, error);
    return psy_validity_mahalanobis(&work->scored, PSY_DEPENDENT_DROPPED, d2, work->value,
                                    work->state, NULL, NULL, error);
}

/* Synonyms or antonyms, where enough pairs of items pass. */
static psy_status pairs_of_items(value_work *work, double limit, psy_error *error)
{
    size_t n = 0;
    psy_status status = psy_validity_find_pairs(&work->given, limit, NULL, 0, &n, error);
    if (status != PSY_OK || n < work->policy->min_pairs)
        return status;
    psy_item_pair *const pairs = psyi_arena_alloc(&work->arena, n, sizeof *pairs);
    if (pairs == NULL)
        return psyi_fail_memory(error, "pairs of items");
    status = psy_validity_find_pairs(&work->given, limit, pairs, n, &n, error);
    if (status == PSY_OK)
        status = psy_validity_pairs(&work->given, pairs, n, work->value, work->state, error);
    return status;
}

static int by_errors(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The share of complete sheets with fewer Guttman errors. */
static psy_status ranks(value_work *work, psy_error *error)
{
    const size_t n_rows = work->grid->n_rows;
    uint32_t *const errors = psyi_arena_alloc(&work->arena, n_rows, sizeof *errors);
    uint32_t *const sorted = psyi_arena_alloc(&work->arena, n_rows, sizeof *sorted);
    if (errors == NULL || sorted == NULL)
        return psyi_fail_memory(error, "Guttman errors");
    const psy_status status =
        psy_validity_guttman(&work->scored, work->highest, errors, NULL, work->state, NULL, error);
    size_t n = 0;
    for (size_t row = 0; row < n_rows && status == PSY_OK; row++)
        if (work->state[row] == PSY_INDEX_DEFINED)
            sorted[n++] = errors[row];
    if (n > 1)
        qsort(sorted, n, sizeof *sorted, by_errors);
    for (size_t row = 0; row < n_rows && status == PSY_OK; row++) {
        size_t low = 0, high = n;
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (sorted[middle] < errors[row])
                low = middle + 1;
            else
                high = middle;
        }
        work->value[row] = n > 0 ? (double)low / (double)n : NAN;
    }
    return status;
}

static psy_status unlikely_steps(value_work *work, psy_error *error)
{
    uint32_t *const errors = psyi_arena_alloc(&work->arena, work->grid->n_rows, sizeof *errors);
    uint8_t *const state = psyi_arena_alloc(&work->arena, work->grid->n_rows, 1);
    if (errors == NULL || state == NULL)
        return psyi_fail_memory(error, "item steps");
    return psy_validity_guttman(&work->scored, work->highest, errors, work->value, state,
                                work->state, error);
}

/* ---- in blocks ---- */

/* The larger of the shares of two blocks stays. */
static void keep_largest(value_work *work, const uint32_t *lengths, size_t n)
{
    for (size_t row = 0; row < work->grid->n_rows; row++) {
        const double share = (double)lengths[row] / (double)n;
        if (work->state[row] != PSY_INDEX_DEFINED || share > work->value[row])
            work->value[row] = share;
        work->state[row] = PSY_INDEX_DEFINED;
    }
}

static psy_status block_values(value_work *work, unsigned sign, size_t first, size_t n,
                               psy_error *error)
{
    psy_answer_grid block = work->given;
    uint32_t *const lengths = psyi_arena_alloc(&work->arena, work->grid->n_rows, sizeof *lengths);
    double *const means = psyi_arena_alloc(&work->arena, work->grid->n_rows, sizeof *means);
    uint8_t *const state = psyi_arena_alloc(&work->arena, work->grid->n_rows, 1);
    if (lengths == NULL || means == NULL || state == NULL)
        return psyi_fail_memory(error, "runs");
    block.items = (const int8_t *const *)work->grid->given + first;
    block.n_items = n;
    psy_status status;
    if (sign == PSYI_SIGN_REPEATING)
        status = psy_validity_patterns(&block, lengths, NULL, error);
    else if (sign == PSYI_SIGN_IRV)
        status = psy_validity_irv(&block, means, state, error);
    else
        status = psy_validity_runs(&block, PSY_BLANKS_END_RUNS, lengths, means, state, error);
    if (status == PSY_OK && (sign == PSYI_SIGN_REPEATING || sign == PSYI_SIGN_LONGSTRING))
        keep_largest(work, lengths, n);
    for (size_t row = 0; row < work->grid->n_rows && status == PSY_OK &&
                         (sign == PSYI_SIGN_IRV || sign == PSYI_SIGN_AVERAGE_RUN);
         row++) {
        if (state[row] != PSY_INDEX_DEFINED)
            continue;
        const bool replaces =
            work->state[row] != PSY_INDEX_DEFINED ||
            (sign == PSYI_SIGN_IRV ? means[row] < work->value[row] : means[row] > work->value[row]);
        work->value[row] = replaces ? means[row] : work->value[row];
        work->state[row] = PSY_INDEX_DEFINED;
    }
    return status;
}

/* The most telling of the blocks that are long enough, whatever their directions. */
static psy_status blocks(value_work *work, unsigned sign, psy_error *error)
{
    const psyi_use_grid *const grid = work->grid;
    psy_status status = PSY_OK;
    for (size_t first = 0, n; status == PSY_OK && first < grid->n_items; first += n) {
        for (n = 1; first + n < grid->n_items && grid->block[first + n] == grid->block[first];)
            n++;
        if (n >= work->policy->pattern_items)
            status = block_values(work, sign, first, n, error);
    }
    return status;
}

/* ---- one sign ---- */

static psy_status prepare(value_work *work, unsigned n_threads, psy_error *error)
{
    const psyi_use_grid *const grid = work->grid;
    psyi_arena *const arena = &work->arena;
    const int8_t **const given = psyi_arena_alloc(arena, grid->n_items, sizeof *given);
    const int8_t **const scored = psyi_arena_alloc(arena, grid->n_items, sizeof *scored);
    work->column = psyi_arena_alloc(arena, grid->n_items, sizeof *work->column);
    work->highest = psyi_arena_alloc(arena, grid->n_items, 1);
    if (given == NULL || scored == NULL || work->column == NULL || work->highest == NULL)
        return psyi_fail_memory(error, "signs of sheets");
    size_t n = 0;
    for (size_t i = 0; i < grid->n_items; i++)
        if (grid->scored_item[i]) {
            work->column[n] = (uint16_t)i;
            work->highest[n] = grid->highest[i];
            given[n] = grid->given[i];
            scored[n++] = grid->scored[i];
        }
    work->given = (psy_answer_grid){.version = PSY_ANSWER_GRID_VERSION,
                                    .n_threads = n_threads,
                                    .n_items = n,
                                    .n_rows = grid->n_rows,
                                    .items = given,
                                    .allocator = grid->arena.allocator};
    work->scored = work->given;
    work->scored.items = scored;
    return PSY_OK;
}

static psy_status compute(value_work *work, unsigned sign, psy_error *error)
{
    const double r = psyi_ratio_double(work->policy->pair_r);
    switch (sign) {
    case PSYI_SIGN_LONGSTRING:
    case PSYI_SIGN_AVERAGE_RUN:
    case PSYI_SIGN_REPEATING:
    case PSYI_SIGN_IRV:
        return blocks(work, sign, error);
    case PSYI_SIGN_EVEN_ODD:
        return halves(work, error);
    case PSYI_SIGN_PERSON_TOTAL:
        return work->reference != NULL
                   ? psyi_person_total_from(&work->given, work->reference, work->value, work->state,
                                            error)
                   : psy_validity_person_total(&work->given, work->value, work->state, error);
    case PSYI_SIGN_MAHALANOBIS:
        return distances(work, error);
    case PSYI_SIGN_SYNONYMS:
        return pairs_of_items(work, r, error);
    case PSYI_SIGN_ANTONYMS:
        return pairs_of_items(work, -r, error);
    case PSYI_SIGN_GUTTMAN:
        return ranks(work, error);
    case PSYI_SIGN_U3:
        return unlikely_steps(work, error);
    case PSYI_SIGN_LZ:
    case PSYI_SIGN_LZ_STAR:
        if (work->policy->fit == NULL || work->policy->fit[work->grid->use] == NULL)
            return PSY_OK;
        return psyi_model_fit(work->grid, work->policy->fit[work->grid->use],
                              sign == PSYI_SIGN_LZ_STAR, work->given.n_threads, work->value,
                              work->state, error);
    default:
        return PSY_OK;
    }
}

psy_status psyi_sign_values(const psyi_use_grid *grid, const psyi_validity_policy *policy,
                            const psyi_reference *reference, unsigned sign, unsigned n_threads,
                            double *value, uint8_t *state, psy_error *error)
{
    value_work work = {
        .grid = grid, .policy = policy, .reference = reference, .value = value, .state = state};
    for (size_t row = 0; row < grid->n_rows; row++) {
        value[row] = NAN;
        state[row] = PSY_INDEX_TOO_FEW;
    }
    if (grid->n_items == 0 || grid->n_rows == 0)
        return PSY_OK;
    psyi_arena_init(&work.arena, grid->arena.allocator);
    psy_status status = prepare(&work, n_threads, error);
    if (status == PSY_OK && work.given.n_items > 0)
        status = compute(&work, sign, error);
    psyi_arena_done(&work.arena);
    return status;
}

psy_status psyi_use_reference(psyi_reference *out, const psyi_use_grid *grid,
                              const psyi_validity_policy *policy, unsigned n_threads,
                              psy_error *error)
{
    value_work work = {.grid = grid, .policy = policy};
    *out = (psyi_reference){.n = 0};
    if (grid->n_items == 0)
        return PSY_OK;
    psyi_arena_init(&work.arena, grid->arena.allocator);
    psy_status status = prepare(&work, n_threads, error);
    if (status == PSY_OK && work.scored.n_items > 0)
        status = psyi_reference_make(out, &work.scored, error);
    uint8_t *const complete = psyi_arena_alloc(&work.arena, grid->n_rows + 1, 1);
    if (status == PSY_OK && complete == NULL) {
        psyi_reference_done(out, grid->arena.allocator);
        status = psyi_fail_memory(error, "sums of items");
    }
    if (status == PSY_OK && out->given != NULL) {
        psyi_grid_complete(&work.given, complete);
        psyi_grid_sums(&work.given, complete, out->given);
    }
    psyi_arena_done(&work.arena);
    return status;
}
