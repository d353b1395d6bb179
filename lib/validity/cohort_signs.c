/*
 * cohort_signs.c -- signs of inconsistency: between the scales of a sheet, and against the
 * sheets of everybody else.
 *
 * A sheet that has no value because its answers do not vary carries the sign: whoever draws
 * a line has no consistency.  But a sheet at the floor of its questionnaire carries none,
 * whatever comes out: nothing wrong and nothing read look alike there.
 */
#include "base/fail.h"
#include "validity/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct cohort_work {
    const psyi_use_grid *grid;
    const psyi_validity_policy *policy;
    psyi_evidence_list *out;
    psyi_arena arena;
    psy_answer_grid given, scored;
    uint16_t *column; /* column of the grid each item of `given` and `scored` is */
    uint8_t *highest;
    double *value;
    uint8_t *state, *floor, *line;
    uint32_t *errors;
} cohort_work;

static psy_status note(cohort_work *work, unsigned sign, bool undefined_counts, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t row = 0; row < work->grid->n_rows && status == PSY_OK; row++) {
        const bool undefined = work->state[row] == PSY_INDEX_NO_VARIANCE && undefined_counts;
        const double value = psyi_sign_round(sign, work->value[row]);
        if (work->floor[row] || (work->state[row] != PSY_INDEX_DEFINED && !undefined) ||
            (!undefined && !psyi_sign_fires(work->policy, sign, value)))
            continue;
        const psyi_evidence evidence = {.sheet = work->grid->rows != NULL ? work->grid->rows[row]
                                                                          : (uint32_t)row,
                                        .use = (uint16_t)work->grid->use,
                                        .sign = (uint8_t)sign,
                                        .state = work->state[row],
                                        .value = undefined ? NAN : value,
                                        .mark = psyi_ratio_double(work->policy->mark[sign]),
                                        .of = (uint32_t)work->given.n_items};
        status = psyi_evidence_add(work->out, &evidence, error);
    }
    return status;
}

/* ---- even and odd items of the scales ---- */

static bool is_within(const psyi_scale *inner, const psyi_scale *outer)
{
    size_t found = 0;
    for (size_t i = 0; i < inner->n_items; i++)
        for (size_t j = 0; j < outer->n_items; j++)
            found += inner->items[i] == outer->items[j];
    return found == inner->n_items;
}

/* A validity flag reads it: what it asks is not what the others ask. */
static bool is_lie_scale(const psy_instrument *instrument, unsigned scale)
{
    for (size_t f = 0; f < instrument->n_flags; f++) {
        const psyi_operand *operands = NULL;
        if (instrument->flags[f].kind != PSYI_FLAG_VALIDITY || instrument->flags[f].when == NULL)
            continue;
        const size_t n = psyi_program_operands(instrument->flags[f].when, &operands);
        for (size_t i = 0; i < n; i++)
            if (!operands[i].is_item && psyi_column_kind_of(operands[i].id) == PSYI_COLUMN_SCORE &&
                psyi_column_index(operands[i].id) == scale)
                return true;
    }
    return false;
}

/* A scale of its own: a sum or mean of items that no smaller such scale divides up. */
static bool is_content_scale(const psy_instrument *instrument, unsigned scale)
{
    const psyi_scale *const at = &instrument->scales[scale];
    if ((at->score != PSYI_SCORE_SUM && at->score != PSYI_SCORE_MEAN) || at->derived ||
        at->n_items < 2 || is_lie_scale(instrument, scale))
        return false;
    for (size_t other = 0; other < instrument->n_scales; other++) {
        const psyi_scale *const it = &instrument->scales[other];
        if (other != scale && it->n_items >= 2 && !it->derived &&
            (it->score == PSYI_SCORE_SUM || it->score == PSYI_SCORE_MEAN) &&
            (it->n_items < at->n_items || (it->n_items == at->n_items && other < scale)) &&
            is_within(it, at))
            return false;
    }
    return true;
}

/* Scale of each column, the first that holds it; returns how many scales there are. */
static size_t scales_of(const cohort_work *work, uint32_t *scale_of)
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

static psy_status look_at_halves(cohort_work *work, psy_error *error)
{
    uint32_t *const scale_of =
        psyi_arena_alloc(&work->arena, work->given.n_items, sizeof *scale_of);
    if (scale_of == NULL)
        return psyi_fail_memory(error, "scales of items");
    const size_t n_scales = scales_of(work, scale_of);
    if (n_scales < 3) /* no r over fewer */
        return PSY_OK;
    const psy_status status =
        psy_validity_even_odd(&work->scored, scale_of, n_scales, work->value, work->state, error);
    return status == PSY_OK ? note(work, PSYI_SIGN_EVEN_ODD, true, error) : status;
}

/* ---- against everybody else ---- */

static psy_status look_at_distance(cohort_work *work, psy_error *error)
{
    double *const d2 = psyi_arena_alloc(&work->arena, work->grid->n_rows, sizeof *d2);
    if (d2 == NULL)
        return psyi_fail_memory(error, "distances");
    const psy_status status = psy_validity_mahalanobis(&work->scored, PSY_DEPENDENT_DROPPED, d2,
                                                       work->value, work->state, NULL, NULL, error);
    return status == PSY_OK ? note(work, PSYI_SIGN_MAHALANOBIS, false, error) : status;
}

/* Synonyms or antonyms, where enough pairs of items pass. */
static psy_status look_at_pairs(cohort_work *work, unsigned sign, double limit, psy_error *error)
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
    return status == PSY_OK ? note(work, sign, true, error) : status;
}

static int by_errors(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The share of complete sheets with fewer errors. */
static psy_status rank_errors(cohort_work *work, psy_error *error)
{
    uint32_t *const sorted = psyi_arena_alloc(&work->arena, work->grid->n_rows, sizeof *sorted);
    if (sorted == NULL)
        return psyi_fail_memory(error, "Guttman errors");
    size_t n = 0;
    for (size_t row = 0; row < work->grid->n_rows; row++)
        if (work->state[row] == PSY_INDEX_DEFINED)
            sorted[n++] = work->errors[row];
    if (n > 1)
        qsort(sorted, n, sizeof *sorted, by_errors);
    for (size_t row = 0; row < work->grid->n_rows; row++) {
        size_t low = 0, high = n;
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (sorted[middle] < work->errors[row])
                low = middle + 1;
            else
                high = middle;
        }
        work->value[row] = n > 0 ? (double)low / (double)n : NAN;
    }
    return note(work, PSYI_SIGN_GUTTMAN, false, error);
}

static psy_status look_at_steps(cohort_work *work, psy_error *error)
{
    const psyi_validity_policy *const policy = work->policy;
    uint8_t *const u3_state = psyi_arena_alloc(&work->arena, work->grid->n_rows, 1);
    double *const u3 = psyi_arena_alloc(&work->arena, work->grid->n_rows, sizeof *u3);
    if (u3_state == NULL || u3 == NULL)
        return psyi_fail_memory(error, "item steps");
    const bool want_u3 = policy->on[PSYI_SIGN_U3];
    psy_status status =
        psy_validity_guttman(&work->scored, work->highest, work->errors, want_u3 ? u3 : NULL,
                             work->state, want_u3 ? u3_state : NULL, error);
    if (status == PSY_OK && policy->on[PSYI_SIGN_GUTTMAN])
        status = rank_errors(work, error);
    if (status == PSY_OK && want_u3) {
        memcpy(work->value, u3, work->grid->n_rows * sizeof *u3);
        memcpy(work->state, u3_state, work->grid->n_rows);
        /* All lowest or all highest has one pattern only, the likeliest: no sign. */
        status = note(work, PSYI_SIGN_U3, false, error);
    }
    return status;
}

/* ---- the whole ---- */

static psy_status make_room(cohort_work *work, unsigned n_threads, psy_error *error)
{
    const psyi_use_grid *const grid = work->grid;
    psyi_arena *const arena = &work->arena;
    const int8_t **const given = psyi_arena_alloc(arena, grid->n_items, sizeof *given);
    const int8_t **const scored = psyi_arena_alloc(arena, grid->n_items, sizeof *scored);
    work->column = psyi_arena_alloc(arena, grid->n_items, sizeof *work->column);
    work->highest = psyi_arena_alloc(arena, grid->n_items, 1);
    work->value = psyi_arena_alloc(arena, grid->n_rows, sizeof *work->value);
    work->errors = psyi_arena_alloc(arena, grid->n_rows, sizeof *work->errors);
    work->state = psyi_arena_alloc(arena, grid->n_rows, 1);
    work->floor = psyi_arena_alloc(arena, grid->n_rows, 1);
    work->line = psyi_arena_alloc(arena, grid->n_rows, 1);
    if (given == NULL || scored == NULL || work->column == NULL || work->highest == NULL ||
        work->value == NULL || work->errors == NULL || work->state == NULL || work->floor == NULL ||
        work->line == NULL)
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

/* Rows that answered everything, rows at the floor, and rows of one answer throughout. */
static size_t look_through(cohort_work *work)
{
    size_t complete = 0;
    for (size_t row = 0; row < work->grid->n_rows; row++) {
        bool all = true, lowest = true, same = true;
        size_t answered = 0;
        int8_t first = -1;
        for (size_t i = 0; i < work->scored.n_items; i++) {
            const int8_t given = work->given.items[i][row];
            all = all && given >= 0;
            lowest = lowest && work->scored.items[i][row] <= 0;
            first = first < 0 ? given : first;
            same = same && (given < 0 || given == first);
            answered += given >= 0;
        }
        complete += all;
        work->floor[row] = lowest;
        /* A quarter of the fewest items that tell may be blank. */
        work->line[row] = same && 4 * answered >= 3 * (size_t)work->policy->consistency_items;
    }
    return complete;
}

/* A line has no agreement with anybody, however many others there are and whether or not a
 * few items are blank. */
static psy_status look_at_lines(cohort_work *work, psy_error *error)
{
    for (size_t row = 0; row < work->grid->n_rows; row++) {
        work->state[row] = work->line[row] ? PSY_INDEX_NO_VARIANCE : PSY_INDEX_TOO_FEW;
        work->value[row] = NAN;
    }
    return note(work, PSYI_SIGN_PERSON_TOTAL, true, error);
}

psy_status psyi_cohort_signs(const psyi_use_grid *grid, const psyi_validity_policy *policy,
                             unsigned n_threads, size_t *n_complete, psyi_evidence_list *out,
                             psy_error *error)
{
    cohort_work work = {.grid = grid, .policy = policy, .out = out};
    *n_complete = 0;
    if (grid->n_items < policy->consistency_items || grid->n_rows == 0)
        return PSY_OK;
    psyi_arena_init(&work.arena, grid->arena.allocator);
    psy_status status = make_room(&work, n_threads, error);
    if (status == PSY_OK && work.given.n_items >= policy->consistency_items) {
        *n_complete = look_through(&work);
        const bool enough = *n_complete >= policy->min_n;
        const double r = psyi_ratio_double(policy->pair_r);
        if (policy->on[PSYI_SIGN_EVEN_ODD])
            status = look_at_halves(&work, error);
        if (status == PSY_OK && policy->on[PSYI_SIGN_PERSON_TOTAL])
            status = look_at_lines(&work, error);
        if (status == PSY_OK && enough && policy->on[PSYI_SIGN_PERSON_TOTAL])
            status = psy_validity_person_total(&work.given, work.value, work.state, error);
        if (status == PSY_OK && enough && policy->on[PSYI_SIGN_PERSON_TOTAL])
            status = note(&work, PSYI_SIGN_PERSON_TOTAL, false, error);
        if (status == PSY_OK && enough && policy->on[PSYI_SIGN_MAHALANOBIS])
            status = look_at_distance(&work, error);
        if (status == PSY_OK && enough && policy->on[PSYI_SIGN_SYNONYMS])
            status = look_at_pairs(&work, PSYI_SIGN_SYNONYMS, r, error);
        if (status == PSY_OK && enough && policy->on[PSYI_SIGN_ANTONYMS])
            status = look_at_pairs(&work, PSYI_SIGN_ANTONYMS, -r, error);
        if (status == PSY_OK && enough &&
            (policy->on[PSYI_SIGN_GUTTMAN] || policy->on[PSYI_SIGN_U3]))
            status = look_at_steps(&work, error);
    }
    psyi_arena_done(&work.arena);
    return status;
}
