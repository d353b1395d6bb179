/*
 * cohort_signs.c -- signs of inconsistency: between the scales of a sheet, and against the
 * sheets of everybody else.
 *
 * A sheet of one answer throughout has no agreement with anybody, and carries the sign for
 * it.  But a sheet at the floor of its questionnaire carries none, whatever comes out:
 * nothing wrong and nothing read look alike there.
 */
#include "base/fail.h"
#include "validity/evidence.h"

#include <math.h>

typedef struct cohort_work {
    const psyi_use_grid *grid;
    const psyi_validity_policy *policy;
    const psyi_reference *reference;
    psyi_evidence_list *out;
    psyi_arena arena;
    double *value;
    uint8_t *state, *floor, *line;
    size_t n_items; /* that count in scores */
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
                                        .of = (uint32_t)work->n_items};
        status = psyi_evidence_add(work->out, &evidence, error);
    }
    return status;
}

/* Rows that answered everything, rows at the floor, and rows of one answer throughout. */
static size_t look_through(cohort_work *work)
{
    const psyi_use_grid *const grid = work->grid;
    size_t complete = 0;
    for (size_t row = 0; row < grid->n_rows; row++) {
        bool all = true, lowest = true, same = true;
        size_t answered = 0;
        int8_t first = -1;
        for (size_t i = 0; i < grid->n_items; i++) {
            const int8_t given = grid->given[i][row];
            if (!grid->scored_item[i])
                continue;
            all = all && given >= 0;
            lowest = lowest && grid->scored[i][row] <= 0;
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

static psy_status look_at_signs(cohort_work *work, bool enough, unsigned n_threads,
                                psy_error *error)
{
    psy_status status = PSY_OK;
    if (work->policy->on[PSYI_SIGN_PERSON_TOTAL])
        status = look_at_lines(work, error);
    for (unsigned sign = PSYI_SIGN_EVEN_ODD; sign <= PSYI_SIGN_LZ_STAR && status == PSY_OK;
         sign++) {
        /* Where all of the lowest or highest have but one pattern, U3 says nothing. */
        const bool undefined_counts =
            sign == PSYI_SIGN_EVEN_ODD || sign == PSYI_SIGN_SYNONYMS || sign == PSYI_SIGN_ANTONYMS;
        if (!work->policy->on[sign] ||
            (!enough && sign != PSYI_SIGN_EVEN_ODD && sign < PSYI_SIGN_LZ))
            continue;
        status = psyi_sign_values(work->grid, work->policy, work->reference, sign, n_threads,
                                  work->value, work->state, error);
        if (status == PSY_OK)
            status = note(work, sign, undefined_counts, error);
    }
    return status;
}

psy_status psyi_cohort_signs(const psyi_use_grid *grid, const psyi_validity_policy *policy,
                             const psyi_reference *reference, unsigned n_threads,
                             size_t *n_complete, psyi_evidence_list *out, psy_error *error)
{
    cohort_work work = {.grid = grid, .policy = policy, .reference = reference, .out = out};
    *n_complete = 0;
    for (size_t i = 0; i < grid->n_items; i++)
        work.n_items += grid->scored_item[i];
    if (work.n_items < policy->consistency_items || grid->n_rows == 0)
        return PSY_OK;
    if (reference != NULL && reference->sums != NULL && reference->n_items != work.n_items)
        return psyi_fail(error, PSY_E_DATA, NULL,
                         "the wave has sums of %zu items, the questionnaire %zu",
                         reference->n_items, work.n_items);
    psyi_arena_init(&work.arena, grid->arena.allocator);
    work.value = psyi_arena_alloc(&work.arena, grid->n_rows, sizeof *work.value);
    work.state = psyi_arena_alloc(&work.arena, grid->n_rows, 1);
    work.floor = psyi_arena_alloc(&work.arena, grid->n_rows, 1);
    work.line = psyi_arena_alloc(&work.arena, grid->n_rows, 1);
    psy_status status = PSY_OK;
    if (work.value == NULL || work.state == NULL || work.floor == NULL || work.line == NULL)
        status = psyi_fail_memory(error, "signs of sheets");
    if (status == PSY_OK) {
        *n_complete = look_through(&work);
        if (reference != NULL)
            *n_complete = (size_t)reference->n;
        status = look_at_signs(&work, *n_complete >= policy->min_n, n_threads, error);
    }
    psyi_arena_done(&work.arena);
    return status;
}
