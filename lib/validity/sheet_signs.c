/*
 * sheet_signs.c -- what a sheet says against itself, without anybody else's.
 *
 * Runs and repeating patterns are looked at in blocks of consecutive items of one response
 * format, of the policy's length at least, that turn some items round: there one button
 * throughout contradicts itself.  A run must also be longer than the longest stretch of items
 * of one direction, because along that an honest answer may well stay the same.  The floor
 * of a scale is a note and never evidence.
 */
#include "base/fail.h"
#include "base/parallel.h"
#include "validity/evidence.h"

#include <math.h>

/* Columns of the grid, as the public functions want them. */
typedef struct columns {
    const int8_t **items;
    const uint16_t *which; /* column of the grid each is */
    size_t n;
} columns;

typedef struct sheet_work {
    const psyi_use_grid *grid;
    const psyi_sheets *sheets;
    const psyi_validity_policy *policy;
    psyi_evidence_list *out;
    unsigned n_threads;
    psyi_arena arena;
    /* per row */
    uint32_t *longest, *length;
    double *mean;
    uint8_t *state, *period;
} sheet_work;

static psy_answer_grid answers(const sheet_work *work, const columns *c)
{
    return (psy_answer_grid){.version = PSY_ANSWER_GRID_VERSION,
                             .n_threads = work->n_threads,
                             .n_items = c->n,
                             .n_rows = work->grid->n_rows,
                             .items = c->items,
                             .allocator = work->grid->arena.allocator};
}

static bool is_given(const sheet_work *work, size_t row)
{
    const size_t sheet = work->grid->rows != NULL ? work->grid->rows[row] : row;
    return psyi_sheets_given(work->sheets, sheet);
}

static psy_status add(sheet_work *work, size_t row, unsigned sign, const psyi_evidence *more,
                      psy_error *error)
{
    psyi_evidence evidence = *more;
    evidence.sheet = work->grid->rows != NULL ? work->grid->rows[row] : (uint32_t)row;
    evidence.use = (uint16_t)work->grid->use;
    evidence.sign = (uint8_t)sign;
    if (sign != PSYI_SIGN_LONGSTRING && sign != PSYI_SIGN_REPEATING)
        evidence.mark = psyi_ratio_double(work->policy->mark[sign]);
    return psyi_evidence_add(work->out, &evidence, error);
}

/* ---- blocks: runs and patterns ---- */

/* The block can tell: long enough, and with items of both directions where those are asked
 * for.  *least: a run must be as long as this, beyond every stretch of one direction. */
static bool can_tell(const sheet_work *work, size_t first, size_t n, size_t *least)
{
    size_t stretch = 0, longest = 0;
    bool up = false, down = false;
    for (size_t i = first; i < first + n; i++) {
        const int8_t direction = work->grid->direction[i];
        up = up || direction > 0;
        down = down || direction < 0;
        stretch = i > first && direction == work->grid->direction[i - 1] ? stretch + 1 : 1;
        longest = stretch > longest ? stretch : longest;
    }
    *least = work->policy->any_direction ? 0 : longest + 1;
    return n >= work->policy->pattern_items && ((up && down) || work->policy->any_direction);
}

/* A share of the block that reaches the mark, in items. */
static size_t items_for(const psyi_validity_policy *policy, unsigned sign, size_t n)
{
    const psyi_ratio mark = policy->mark[sign];
    return (size_t)psyi_ratio_double(
        psyi_ratio_ceil(psyi_ratio_mul(mark, psyi_ratio_make((int64_t)n, 1))));
}

/* The longest stretch of the row that repeats every `period` items, is no run, and runs
 * across the key: somewhere in it an item is turned round and the one a period before is
 * not.  Where the key itself repeats (every fourth item of the CES-D is turned), whoever is
 * well answers 0 0 0 3 0 0 0 3 in good faith. */
static uint32_t stretch_across_key(const sheet_work *work, size_t row, size_t first, size_t n,
                                   size_t period)
{
    int8_t *const *const x = work->grid->given + first;
    const int8_t *const direction = work->grid->direction + first;
    size_t longest = 0, repeats = 0;
    bool across = false, varies = false;
    for (size_t i = period; i <= n; i++) {
        if (i < n && x[i][row] >= 0 && x[i][row] == x[i - period][row]) {
            repeats++;
            across = across || direction[i] != direction[i - period];
            varies = varies || x[i][row] != x[i - 1][row];
            continue;
        }
        if (repeats >= period && varies && (across || work->policy->any_direction) &&
            repeats + period > longest)
            longest = repeats + period;
        repeats = 0;
        across = varies = false;
    }
    return (uint32_t)longest;
}

/* Of the rows that repeat long enough, those that do so across the key. */
static void keep_across_key(sheet_work *work, size_t first, size_t n, size_t mark)
{
    for (size_t row = 0; row < work->grid->n_rows; row++) {
        if (work->length[row] < mark)
            continue;
        work->length[row] = 0;
        for (size_t period = 2; period <= 5; period++) {
            const uint32_t length = stretch_across_key(work, row, first, n, period);
            if (length > work->length[row]) {
                work->length[row] = length;
                work->period[row] = (uint8_t)period;
            }
        }
    }
}

static psy_status note_lengths(sheet_work *work, unsigned sign, const uint32_t *lengths,
                               const uint8_t *periods, size_t n, size_t least, psy_error *error)
{
    const size_t share = items_for(work->policy, sign, n);
    const size_t mark = share > least ? share : least;
    psy_status status = PSY_OK;
    for (size_t row = 0; row < work->grid->n_rows && status == PSY_OK; row++) {
        if (lengths[row] < mark || lengths[row] == 0)
            continue;
        const psyi_evidence evidence = {.value = lengths[row],
                                        .mark = (double)mark,
                                        .length = lengths[row],
                                        .of = (uint32_t)n,
                                        .period = periods != NULL ? periods[row] : 0};
        status = add(work, row, sign, &evidence, error);
    }
    return status;
}

static psy_status note_values(sheet_work *work, unsigned sign, size_t n, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t row = 0; row < work->grid->n_rows && status == PSY_OK; row++) {
        const double value = psyi_sign_round(sign, work->mean[row]);
        if (work->state[row] != PSY_INDEX_DEFINED || !psyi_sign_fires(work->policy, sign, value))
            continue;
        const psyi_evidence evidence = {.value = value, .of = (uint32_t)n};
        status = add(work, row, sign, &evidence, error);
    }
    return status;
}

static psy_status look_at_block(sheet_work *work, size_t first, size_t n, psy_error *error)
{
    size_t least;
    if (!can_tell(work, first, n, &least))
        return PSY_OK;
    const psyi_validity_policy *const policy = work->policy;
    const columns c = {.items = (const int8_t **)work->grid->given + first, .n = n};
    const psy_answer_grid grid = answers(work, &c);
    psy_status status = PSY_OK;
    if (policy->on[PSYI_SIGN_LONGSTRING] || policy->on[PSYI_SIGN_AVERAGE_RUN]) {
        status = psy_validity_runs(&grid, PSY_BLANKS_END_RUNS, work->longest, work->mean,
                                   work->state, error);
        if (status == PSY_OK && policy->on[PSYI_SIGN_LONGSTRING])
            status = note_lengths(work, PSYI_SIGN_LONGSTRING, work->longest, NULL, n, least, error);
        if (status == PSY_OK && policy->on[PSYI_SIGN_AVERAGE_RUN])
            status = note_values(work, PSYI_SIGN_AVERAGE_RUN, n, error);
    }
    if (status == PSY_OK && policy->on[PSYI_SIGN_REPEATING]) {
        status = psy_validity_patterns(&grid, work->length, work->period, error);
        if (status == PSY_OK)
            keep_across_key(work, first, n, items_for(policy, PSYI_SIGN_REPEATING, n));
        if (status == PSY_OK)
            status =
                note_lengths(work, PSYI_SIGN_REPEATING, work->length, work->period, n, 0, error);
    }
    if (status == PSY_OK && policy->on[PSYI_SIGN_IRV]) {
        status = psy_validity_irv(&grid, work->mean, work->state, error);
        if (status == PSY_OK)
            status = note_values(work, PSYI_SIGN_IRV, n, error);
    }
    return status;
}

/* ---- the whole use: floor, ceiling, blanks ---- */

static psy_status look_at_ends(sheet_work *work, psy_error *error)
{
    const psyi_use_grid *const grid = work->grid;
    const int8_t **const items = psyi_arena_alloc(&work->arena, grid->n_items, sizeof *items);
    uint8_t *const highest = psyi_arena_alloc(&work->arena, grid->n_items, 1);
    uint32_t *const answered = psyi_arena_alloc(&work->arena, grid->n_rows, sizeof *answered);
    if (items == NULL || highest == NULL || answered == NULL)
        return psyi_fail_memory(error, "floor and ceiling");
    columns c = {.items = items};
    for (size_t i = 0; i < grid->n_items; i++)
        if (grid->scored_item[i]) {
            highest[c.n] = grid->highest[i];
            items[c.n++] = grid->scored[i];
        }
    if (c.n == 0)
        return PSY_OK;
    const psy_answer_grid given = answers(work, &c);
    psy_status status =
        psy_validity_counts(&given, NULL, highest, answered, work->longest, work->length, error);
    for (size_t row = 0; row < grid->n_rows && status == PSY_OK; row++) {
        const psyi_evidence evidence = {.value = 1, .length = answered[row], .of = (uint32_t)c.n};
        if (answered[row] == 0)
            continue;
        if (work->longest[row] == answered[row])
            status = add(work, row, PSYI_SIGN_FLOOR, &evidence, error);
        else if (work->length[row] == answered[row])
            status = add(work, row, PSYI_SIGN_CEILING, &evidence, error);
    }
    return status;
}

/* Blank, refused or unreadable; what a gate skips or a form does not carry is none. */
static psy_status look_at_blanks(sheet_work *work, psy_error *error)
{
    const psyi_use_grid *const grid = work->grid;
    const psy_instrument *const instrument = work->sheets->instrument;
    psy_status status = PSY_OK;
    for (size_t row = 0; row < grid->n_rows && status == PSY_OK; row++) {
        const size_t sheet = grid->rows != NULL ? grid->rows[row] : row;
        uint32_t blank = 0, asked = 0;
        for (size_t i = 0; i < grid->n_items; i++) {
            const uint8_t byte = *psyi_sheets_byte(work->sheets, sheet, grid->item[i]);
            const bool shown =
                grid->scored_item[i] && psyi_was_asked(&instrument->items[grid->item[i]], byte);
            asked += shown;
            blank += shown && byte >= PSYI_BLANK;
        }
        if (blank == 0 || !is_given(work, row))
            continue;
        const double value = psyi_sign_round(PSYI_SIGN_BLANKS, (double)blank / asked);
        const psyi_evidence evidence = {.value = value, .length = blank, .of = asked};
        if (psyi_sign_fires(work->policy, PSYI_SIGN_BLANKS, value))
            status = add(work, row, PSYI_SIGN_BLANKS, &evidence, error);
    }
    return status;
}

/* ---- attention items ---- */

static psy_status look_at_attention(sheet_work *work, psy_error *error)
{
    const psyi_use_grid *const grid = work->grid;
    const psyi_validity_policy *const policy = work->policy;
    const int8_t **const items =
        psyi_arena_alloc(&work->arena, policy->n_attention + 1, sizeof *items);
    uint8_t *const low = psyi_arena_alloc(&work->arena, policy->n_attention + 1, 1);
    uint8_t *const high = psyi_arena_alloc(&work->arena, policy->n_attention + 1, 1);
    if (items == NULL || low == NULL || high == NULL)
        return psyi_fail_memory(error, "attention items");
    columns c = {.items = items};
    for (size_t a = 0; a < policy->n_attention; a++)
        for (size_t i = 0; i < grid->n_items; i++)
            if (policy->attention[a].use == grid->use &&
                policy->attention[a].item == grid->item[i]) {
                low[c.n] = policy->attention[a].low;
                high[c.n] = policy->attention[a].high;
                items[c.n++] = grid->given[i];
            }
    if (c.n == 0)
        return PSY_OK;
    const psy_answer_grid given = answers(work, &c);
    psy_status status =
        psy_validity_infrequency(&given, low, high, work->longest, work->length, error);
    for (size_t row = 0; row < grid->n_rows && status == PSY_OK; row++) {
        const psyi_evidence evidence = {
            .value = work->longest[row], .length = work->longest[row], .of = work->length[row]};
        if (psyi_sign_fires(policy, PSYI_SIGN_FAILED_ITEMS, work->longest[row]))
            status = add(work, row, PSYI_SIGN_FAILED_ITEMS, &evidence, error);
    }
    return status;
}

psy_status psyi_sheet_signs(const psyi_use_grid *grid, const psyi_sheets *sheets,
                            const psyi_validity_policy *policy, unsigned n_threads,
                            psyi_evidence_list *out, psy_error *error)
{
    sheet_work work = {
        .grid = grid, .sheets = sheets, .policy = policy, .out = out, .n_threads = n_threads};
    if (grid->n_items == 0 || grid->n_rows == 0)
        return PSY_OK;
    psyi_arena_init(&work.arena, grid->arena.allocator);
    work.longest = psyi_arena_alloc(&work.arena, grid->n_rows, sizeof *work.longest);
    work.length = psyi_arena_alloc(&work.arena, grid->n_rows, sizeof *work.length);
    work.mean = psyi_arena_alloc(&work.arena, grid->n_rows, sizeof *work.mean);
    work.state = psyi_arena_alloc(&work.arena, grid->n_rows, 1);
    work.period = psyi_arena_alloc(&work.arena, grid->n_rows, 1);
    psy_status status = PSY_OK;
    if (work.longest == NULL || work.length == NULL || work.mean == NULL || work.state == NULL ||
        work.period == NULL)
        status = psyi_fail_memory(error, "signs of sheets");
    for (size_t first = 0, n; status == PSY_OK && first < grid->n_items; first += n) {
        for (n = 1; first + n < grid->n_items && grid->block[first + n] == grid->block[first];)
            n++;
        status = look_at_block(&work, first, n, error);
    }
    if (status == PSY_OK)
        status = look_at_ends(&work, error);
    if (status == PSY_OK && policy->on[PSYI_SIGN_BLANKS])
        status = look_at_blanks(&work, error);
    if (status == PSY_OK && policy->n_attention > 0)
        status = look_at_attention(&work, error);
    psyi_arena_done(&work.arena);
    return status;
}
