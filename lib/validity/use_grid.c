/*
 * use_grid.c -- from tiles to the columns that indices of careless responding want.
 *
 * Numbers and clock times are no answers to a scale and are left out; they end a block, as
 * does another response format.  Codes stand as their index in the list of codes, so that
 * "the answer before" means the same button, whatever the codes are called.
 */
#include "base/fail.h"
#include "base/parallel.h"
#include "validity/evidence.h"

enum { MOST = 127 }; /* answers of a grid are int8 */

/* The lowest score of an item and how far it goes; false where it does not fit a grid. */
static bool score_range(const psy_instrument *instrument, unsigned item, int32_t *low,
                        int32_t *span)
{
    const psyi_item *const at = &instrument->items[item];
    const psyi_response *const response = &instrument->responses[at->response];
    if (response->kind != PSYI_CODED || response->n_codes < 2 || response->n_codes > MOST)
        return false;
    int32_t high = *low = at->scores[0];
    for (unsigned code = 1; code < response->n_codes; code++) {
        *low = at->scores[code] < *low ? at->scores[code] : *low;
        high = at->scores[code] > high ? at->scores[code] : high;
    }
    *span = high - *low;
    return (int64_t)high - *low <= MOST;
}

/* Do scores rise or fall with the codes?  0 where they do neither throughout. */
static int8_t direction_of(const psy_instrument *instrument, unsigned item)
{
    const psyi_item *const at = &instrument->items[item];
    const psyi_response *const response = &instrument->responses[at->response];
    bool rises = true, falls = true;
    for (unsigned code = 1; code < response->n_codes; code++) {
        const bool up = response->codes[code] > response->codes[code - 1];
        const int32_t step = (at->scores[code] - at->scores[code - 1]) * (up ? 1 : -1);
        rises = rises && step >= 0;
        falls = falls && step <= 0;
    }
    return rises == falls ? 0 : rises ? 1 : -1;
}

typedef struct filling {
    psyi_use_grid *grid;
    const psyi_sheets *sheets;
} filling;

static psy_status fill_column(void *context, size_t column, psy_error *error)
{
    const filling *const f = context;
    psyi_use_grid *const grid = f->grid;
    const unsigned item = grid->item[column];
    const psyi_item *const at = &grid->instrument->items[item];
    int32_t low = 0, span;
    (void)error;
    score_range(grid->instrument, item, &low, &span);
    for (size_t row = 0; row < grid->n_rows; row++) {
        const size_t sheet = grid->rows != NULL ? grid->rows[row] : row;
        const uint8_t byte =
            sheet != PSYI_NO_ROW ? *psyi_sheets_byte(f->sheets, sheet, item) : (uint8_t)PSYI_BLANK;
        grid->given[column][row] = byte < PSYI_BLANK ? (int8_t)byte : -1;
        grid->scored[column][row] = byte < PSYI_BLANK ? (int8_t)(at->scores[byte] - low) : -1;
    }
    return PSY_OK;
}

static psy_status choose_items(psyi_use_grid *grid, const uint16_t *order, psy_error *error)
{
    const psy_instrument *const instrument = grid->instrument;
    uint16_t *const items = psyi_arena_alloc(&grid->arena, instrument->n_items, sizeof *items);
    int8_t *const direction =
        psyi_arena_alloc(&grid->arena, instrument->n_items, sizeof *direction);
    uint8_t *const highest = psyi_arena_alloc(&grid->arena, instrument->n_items, sizeof *highest);
    bool *const scored = psyi_arena_alloc(&grid->arena, instrument->n_items, sizeof *scored);
    size_t *const block = psyi_arena_alloc(&grid->arena, instrument->n_items, sizeof *block);
    if (items == NULL || direction == NULL || highest == NULL || scored == NULL || block == NULL)
        return psyi_fail_memory(error, "items of a questionnaire");
    unsigned response = PSYI_NO_INDEX;
    for (size_t i = 0; i < instrument->n_items; i++) {
        const unsigned item = order != NULL ? order[i] : (unsigned)i;
        int32_t low, span;
        if (!score_range(instrument, item, &low, &span)) {
            response = PSYI_NO_INDEX;
            continue;
        }
        const size_t at = grid->n_items++;
        grid->n_blocks += instrument->items[item].response != response;
        response = instrument->items[item].response;
        items[at] = (uint16_t)item;
        direction[at] = direction_of(instrument, item);
        highest[at] = (uint8_t)span;
        scored[at] = instrument->items[item].scored;
        block[at] = grid->n_blocks - 1;
    }
    grid->item = items;
    grid->direction = direction;
    grid->highest = highest;
    grid->scored_item = scored;
    grid->block = block;
    return PSY_OK;
}

psy_status psyi_use_grid_make(psyi_use_grid *out, const psyi_sheets *sheets, unsigned use,
                              const psyi_validity_policy *policy, const uint32_t *rows,
                              size_t n_rows, unsigned n_threads, const psy_allocator *allocator,
                              psy_error *error)
{
    *out = (psyi_use_grid){
        .instrument = sheets->instrument, .use = use, .rows = rows, .n_rows = n_rows};
    psyi_arena_init(&out->arena, allocator);
    psy_status status =
        choose_items(out, policy->order != NULL ? policy->order[use].items : NULL, error);
    out->given = psyi_arena_alloc(&out->arena, out->n_items + 1, sizeof *out->given);
    out->scored = psyi_arena_alloc(&out->arena, out->n_items + 1, sizeof *out->scored);
    for (size_t i = 0; status == PSY_OK && i < out->n_items; i++) {
        if (out->given != NULL && out->scored != NULL) {
            out->given[i] = psyi_arena_alloc(&out->arena, n_rows + 1, 1);
            out->scored[i] = psyi_arena_alloc(&out->arena, n_rows + 1, 1);
        }
        if (out->given == NULL || out->scored == NULL || out->given[i] == NULL ||
            out->scored[i] == NULL)
            status = psyi_fail_memory(error, "answers of a questionnaire");
    }
    filling f = {out, sheets};
    if (status == PSY_OK)
        status = psyi_parallel(n_threads, out->n_items, fill_column, &f, allocator, error);
    if (status != PSY_OK)
        psyi_use_grid_done(out);
    return status;
}

void psyi_use_grid_done(psyi_use_grid *grid)
{
    psyi_arena_done(&grid->arena);
    *grid = (psyi_use_grid){.use = 0};
}
