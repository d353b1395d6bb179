/*
 * tile.c -- results and how they are filled: tile by tile, on any number of threads.
 *
 * A tile is independent of all others and writes to places of its own, so the results are
 * the same for any number of threads.  Events are sorted within a tile and tiles follow each
 * other.  Bounds are kept only for scores that blanks leave open, in one block a tile.
 */
#include "base/fail.h"
#include "base/parallel.h"
#include "score/compiled.h"

#include <stdlib.h>
#include <string.h>

/* Tiles a task: enough to forget what a task costs, few enough to share evenly. */
#define TILES_A_TASK 16

void psyi_scores_free(psyi_scores *scores)
{
    if (scores == NULL)
        return;
    const psy_allocator *const allocator = scores->allocator;
    for (size_t t = 0; scores->bounds != NULL && t < scores->n_tiles; t++)
        psyi_free(allocator, scores->bounds[t]);
    for (size_t t = 0; scores->wide != NULL && t < scores->n_tiles; t++)
        psyi_free(allocator, scores->wide[t]);
    psyi_free(allocator, scores->wide);
    psyi_free(allocator, scores->bounds);
    psyi_free(allocator, scores->score);
    psyi_free(allocator, scores->status);
    psyi_free(allocator, scores->standard);
    psyi_free(allocator, scores->band);
    psyi_free(allocator, scores->band_first);
    psyi_free(allocator, scores->flag_yes); /* one block for all masks */
    psyi_free(allocator, scores);
}

static bool take_memory(psyi_scores *scores)
{
    const psyi_scorer *const scorer = scores->scorer;
    const psy_allocator *const allocator = scores->allocator;
    const size_t tiles = scores->n_tiles, lanes = tiles * PSYI_LANES;
    size_t n_masks, n_words;
    if (__builtin_mul_overflow(scores->n_flags, (size_t)5, &n_masks) ||
        __builtin_add_overflow(n_masks, scorer->n_skips, &n_masks) ||
        __builtin_mul_overflow(n_masks, tiles, &n_words))
        return false;
    size_t cells = 0, standards = 0, bands = 0;
    if (__builtin_mul_overflow(scores->n_scales, lanes, &cells) ||
        __builtin_mul_overflow(scores->n_standards, lanes, &standards) ||
        __builtin_mul_overflow(scores->n_bands, lanes, &bands))
        return false;
    scores->score = psyi_alloc(allocator, cells, sizeof *scores->score);
    scores->status = psyi_alloc(allocator, cells, 1);
    scores->standard = psyi_alloc(allocator, standards, sizeof *scores->standard);
    scores->band = psyi_alloc(allocator, bands, 1);
    scores->band_first = psyi_alloc(allocator, scores->n_scales, sizeof *scores->band_first);
    scores->bounds = psyi_alloc(allocator, tiles, sizeof *scores->bounds);
    scores->wide = psyi_alloc(allocator, tiles, sizeof *scores->wide);
    psyi_mask *const masks = psyi_alloc(allocator, n_words, sizeof *masks);
    scores->flag_yes = masks;
    if (masks == NULL || scores->score == NULL || scores->status == NULL ||
        scores->standard == NULL || scores->band == NULL || scores->band_first == NULL ||
        scores->bounds == NULL || scores->wide == NULL)
        return false;
    const size_t step = scores->n_flags * tiles;
    scores->flag_no = masks + step;
    scores->flag_blank = masks + 2 * step;
    scores->flag_absent = masks + 3 * step;
    scores->flag_maybe = masks + 4 * step;
    scores->skipped = masks + 5 * step;
    return true;
}

psy_status psyi_scores_new(psyi_scores **out, const psyi_scorer *scorer, const psyi_sheets *sheets,
                           const psy_allocator *allocator, psy_error *error)
{
    psyi_scores *const scores = psyi_alloc(allocator, 1, sizeof *scores);
    if (scores == NULL)
        return psyi_fail_memory(error, "scores");
    scores->scorer = scorer;
    scores->sheets = sheets;
    scores->allocator = allocator;
    scores->n_sheets = sheets->n_sheets;
    scores->n_tiles = (sheets->n_sheets + PSYI_LANES - 1) / PSYI_LANES;
    scores->n_scales = scorer->n_scales;
    scores->n_standards = scorer->n_standards;
    scores->n_bands = scorer->n_bands;
    scores->n_flags = scorer->n_flags;
    if (!take_memory(scores)) {
        psyi_scores_free(scores);
        return psyi_fail_memory(error, "scores");
    }
    for (size_t s = 0; s < scorer->n_scales; s++)
        scores->band_first[s] = scorer->scale[s].first_band;
    *out = scores;
    return PSY_OK;
}

/* ---- one tile ------------------------------------------------------------------------- */

static bool make_tile(psyi_tile *tile, psyi_arena *arena)
{
    const psyi_scorer *const scorer = tile->scorer;
    const size_t n_items = scorer->n_items, n_scales = scorer->n_scales;
    tile->bytes = psyi_arena_alloc(arena, n_items, PSYI_LANES);
    tile->wide = psyi_arena_alloc(arena, scorer->n_wide * PSYI_LANES, sizeof *tile->wide);
    psyi_mask *const item_masks = psyi_arena_alloc(arena, 5 * n_items, sizeof *item_masks);
    psyi_mask *const scale_masks = psyi_arena_alloc(arena, 8 * n_scales, sizeof *scale_masks);
    tile->index = psyi_arena_alloc(arena, 3 * n_scales * PSYI_LANES, sizeof *tile->index);
    tile->score = psyi_arena_alloc(arena, n_scales * PSYI_LANES, sizeof *tile->score);
    tile->standard =
        psyi_arena_alloc(arena, scorer->n_standards * PSYI_LANES, sizeof *tile->standard);
    tile->bounds = psyi_arena_alloc(arena, n_scales * PSYI_LANES, sizeof *tile->bounds);
    tile->place = psyi_arena_alloc(arena, n_scales, sizeof *tile->place);
    tile->base_score = psyi_arena_alloc(arena, scorer->shifted ? n_scales * PSYI_LANES : 0,
                                        sizeof *tile->base_score);
    tile->standard_bounds = psyi_arena_alloc(arena, scorer->n_standards * PSYI_LANES * 2,
                                             sizeof *tile->standard_bounds);
    tile->band_bounds = psyi_arena_alloc(arena, scorer->n_bands * PSYI_LANES * 2, 1);
    if (tile->bytes == NULL || tile->wide == NULL || item_masks == NULL || scale_masks == NULL ||
        tile->index == NULL || tile->score == NULL || tile->standard == NULL ||
        tile->bounds == NULL || tile->place == NULL || tile->base_score == NULL ||
        tile->standard_bounds == NULL || tile->band_bounds == NULL)
        return false;
    tile->answered = item_masks;
    tile->blank = item_masks + n_items;
    tile->refused = item_masks + 2 * n_items;
    tile->absent = item_masks + 3 * n_items;
    tile->valued = item_masks + 4 * n_items;
    tile->low_index = tile->index + n_scales * PSYI_LANES;
    tile->high_index = tile->index + 2 * n_scales * PSYI_LANES;
    tile->indexed = scale_masks;
    tile->known = scale_masks + n_scales;
    tile->why_blank = scale_masks + 2 * n_scales;
    tile->why_other = scale_masks + 3 * n_scales;
    tile->why_absent = scale_masks + 4 * n_scales;
    tile->estimated = scale_masks + 5 * n_scales;
    tile->bound_indexed = scale_masks + 6 * n_scales;
    tile->open = scale_masks + 7 * n_scales;
    tile->block = psyi_block_of_tile(tile);
    return true;
}

void psyi_tile_event(psyi_tile *tile, psyi_event_kind kind, size_t index, psyi_mask lanes)
{
    psyi_events *const list = tile->events;
    if (list == NULL)
        return;
    PSYI_EACH_LANE(lane, lanes)
    {
        void *events = list->events;
        if (!psyi_grow(tile->scores->allocator, &events, &list->capacity, list->n + 1,
                       sizeof *list->events))
            tile->no_memory = true;
        else
            ((psyi_event *)events)[list->n++] = (psyi_event){
                (uint32_t)(tile->tile * PSYI_LANES + lane), (uint16_t)index, (uint8_t)kind};
        list->events = events;
    }
}

static int compare_events(const void *left, const void *right)
{
    const psyi_event *const a = left, *const b = right;
    if (a->sheet != b->sheet)
        return a->sheet < b->sheet ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* In sheet order; two gates over one item are one event. */
static void sort_events(psyi_tile *tile)
{
    psyi_events *const list = tile->events;
    if (list == NULL || list->n <= tile->first_event + 1)
        return;
    psyi_event *const events = list->events + tile->first_event;
    const size_t n = list->n - tile->first_event;
    qsort(events, n, sizeof *events, compare_events);
    size_t kept = 1;
    for (size_t i = 1; i < n; i++)
        if (compare_events(&events[i], &events[kept - 1]) != 0)
            events[kept++] = events[i];
    list->n = tile->first_event + kept;
}

static void take_people(psyi_tile *tile)
{
    const psyi_scorer *const scorer = tile->scorer;
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        psyi_person person = {.age = -1};
        if (tile->people != NULL && (tile->given >> lane & 1) != 0)
            person = tile->people[lane];
        if (person.informant == PSYI_INFORMANT_UNKNOWN)
            person.informant = scorer->only_informant;
        tile->person[lane] = person;
        tile->class_of[lane] = (uint16_t)psyi_class_of(scorer, &person);
    }
}

static void find_void(psyi_tile *tile)
{
    const psyi_scorer *const scorer = tile->scorer;
    tile->form_void = 0;
    if (!scorer->instrument->has_form_gate || tile->partial == 0)
        return;
    uint16_t blanks[PSYI_LANES];
    psyi_count_lanes(tile->blank, scorer->scored_items, scorer->n_scored, blanks);
    PSYI_EACH_LANE(lane, tile->partial)
    {
        if (blanks[lane] > scorer->instrument->form_max_blank)
            tile->form_void |= (psyi_mask)1 << lane;
    }
}

/* ---- running -------------------------------------------------------------------------- */

static void run_columns(psyi_tile *tile)
{
    const psy_instrument *const instrument = tile->scorer->instrument;
    for (size_t i = 0; i < instrument->n_order; i++) {
        const uint32_t column = instrument->order[i];
        const unsigned index = psyi_column_index(column), sub = psyi_column_sub(column);
        switch (psyi_column_kind_of(column)) {
        case PSYI_COLUMN_SCORE:
            psyi_tile_ask_next(tile, index);
            psyi_tile_scale(tile, index);
            break;
        case PSYI_COLUMN_STANDARD:
            psyi_tile_standard(tile, sub);
            break;
        case PSYI_COLUMN_BAND:
            psyi_tile_band(tile, (unsigned)tile->scorer->scale[index].first_band + sub - 1);
            break;
        case PSYI_COLUMN_FLAG:
            psyi_tile_flag(tile, index);
            break;
        default:
            break;
        }
    }
}

/* What has no cell yet is none: here, while the tile is looked at, and not over all sheets before.
 */
static void clear_columns(psyi_tile *tile)
{
    psyi_scores *const scores = tile->scores;
    const size_t t = tile->tile;
    for (size_t i = 0; i < scores->n_standards * PSYI_LANES; i++)
        tile->standard[i] = PSYI_NO_STANDARD;
    if (scores->n_bands > 0)
        memset(&scores->band[psyi_band_at(scores, 0, t * PSYI_LANES)], (int)PSYI_NO_BAND,
               scores->n_bands * PSYI_LANES);
}

static psy_status run_tile(psyi_tile *tile, size_t t, const psyi_person *people, psy_error *error)
{
    psyi_scores *const scores = tile->scores;
    const size_t left = scores->n_sheets - t * PSYI_LANES;
    tile->tile = t;
    clear_columns(tile);
    tile->given = scores->sheets->given[t];
    if (left < PSYI_LANES)
        tile->given &= ((psyi_mask)1 << left) - 1;
    if (tile->given == 0) {
        psyi_keep_no_scores(scores, t);
        return PSY_OK;
    }
    tile->people = people == NULL ? NULL : people + t * PSYI_LANES;
    tile->first_event = tile->events == NULL ? 0 : tile->events->n;
    tile->no_memory = false;
    take_people(tile);
    psyi_tile_load(tile);
    psyi_tile_gates(tile);
    find_void(tile);
    run_columns(tile);
    if (!psyi_keep_scores(tile) || !psyi_keep_bounds(tile) || tile->no_memory)
        return psyi_fail_memory(error, "scores");
    sort_events(tile);
    return PSY_OK;
}

psy_status psyi_scores_run(psyi_scores *scores, const psyi_person *people, size_t first, size_t n,
                           psyi_events *events, psy_error *error)
{
    psyi_arena arena;
    psyi_arena_init(&arena, scores->allocator);
    psy_status status = PSY_OK;
    psyi_tile *const tile = psyi_arena_alloc(&arena, 1, sizeof *tile);
    if (tile == NULL) {
        status = psyi_fail_memory(error, "a tile");
        goto done;
    }
    tile->scorer = scores->scorer;
    tile->scores = scores;
    tile->events = events;
    if (!make_tile(tile, &arena)) {
        status = psyi_fail_memory(error, "a tile");
        goto done;
    }
    const psy_instrument *const instrument = scores->scorer->instrument;
    status = psyi_workspace_new(&tile->workspace, (const psyi_program *const *)instrument->programs,
                                instrument->n_programs, scores->allocator, error);
    for (size_t t = first; status == PSY_OK && t < first + n; t++)
        status = run_tile(tile, t, people, error);
    psyi_workspace_free(tile->workspace);
done:
    psyi_arena_done(&arena);
    return status;
}

typedef struct all_tiles {
    psyi_scores *scores;
    const psyi_person *people;
    psyi_events *events; /* one a task */
} all_tiles;

static psy_status run_task(void *context, size_t task, psy_error *error)
{
    const all_tiles *const all = context;
    const size_t first = task * TILES_A_TASK, left = all->scores->n_tiles - first;
    return psyi_scores_run(all->scores, all->people, first,
                           left < TILES_A_TASK ? left : TILES_A_TASK,
                           all->events == NULL ? NULL : &all->events[task], error);
}

static psy_status collect(psyi_events *to, const psyi_events *from, size_t n,
                          const psy_allocator *allocator, psy_error *error)
{
    size_t total = to->n;
    for (size_t i = 0; i < n; i++)
        total += from[i].n;
    void *events = to->events;
    if (total > to->n && !psyi_grow(allocator, &events, &to->capacity, total, sizeof *to->events))
        return psyi_fail_memory(error, "events");
    to->events = events;
    for (size_t i = 0; i < n; i++) {
        if (from[i].n > 0)
            memcpy(to->events + to->n, from[i].events, from[i].n * sizeof *to->events);
        to->n += from[i].n;
    }
    return PSY_OK;
}

psy_status psyi_scores_run_all(psyi_scores *scores, const psyi_person *people, unsigned n_threads,
                               psyi_events *events, psy_error *error)
{
    const size_t n_tasks = (scores->n_tiles + TILES_A_TASK - 1) / TILES_A_TASK;
    all_tiles all = {scores, people, NULL};
    if (n_tasks == 0)
        return PSY_OK;
    if (events != NULL) {
        all.events = psyi_alloc(scores->allocator, n_tasks, sizeof *all.events);
        if (all.events == NULL)
            return psyi_fail_memory(error, "events");
    }
    psy_status status = psyi_parallel(n_threads, n_tasks, run_task, &all, scores->allocator, error);
    if (status == PSY_OK && events != NULL)
        status = collect(events, all.events, n_tasks, scores->allocator, error);
    for (size_t i = 0; all.events != NULL && i < n_tasks; i++)
        psyi_free(scores->allocator, all.events[i].events);
    psyi_free(scores->allocator, all.events);
    return status;
}
