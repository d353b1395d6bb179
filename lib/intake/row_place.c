/*
 * row_place.c -- staged rows become records, and lanes of tiles.
 *
 * A task fills whole tiles, whatever ranges their rows were read in, so that no two threads
 * write to one tile.  Answers are turned 64 rows and sixteen columns at a time: stored
 * one by one while they are read, they would touch a line of the cache for each answer.
 */
#include "base/fail.h"
#include "base/parallel.h"
#include "intake/rows.h"

#include <string.h>

enum { TILES_A_TASK = 8 };
_Static_assert((int)PSYI_TURN_ROWS == (int)PSYI_LANES, "a row a lane");

typedef struct placing {
    psyi_rows *rows;
    const psyi_range *ranges;
    size_t n_ranges, first, n_records; /* the intake's records from `first` on */
    size_t first_tile;
    const uint8_t *nobody; /* a row for lanes that are not filled */
} placing;

/* A row by its number among those placed. */
typedef struct staged {
    const psyi_range *range;
    size_t at;
} staged;

static staged find_row(const placing *job, size_t row)
{
    const psyi_range *range = job->ranges;
    while (row >= range->n_records) {
        row -= range->n_records;
        range++;
    }
    return (staged){range, row};
}

static void next_row(staged *row)
{
    row->at++;
    while (row->at >= row->range->n_records) {
        row->range++;
        row->at = 0;
    }
}

/* The 64 rows of a tile; those before `low` and from `high` on are nobody's. */
typedef struct lanes {
    const uint8_t *rows[PSYI_LANES];
    size_t low, high;
} lanes;

/* Block by block of sixteen columns, so that the lines of the tile are filled at once. */
static void place_answers(const placing *job, size_t tile, const lanes *from, uint8_t *none)
{
    const psyi_rows *const all = job->rows;
    const bool whole = from->low == 0 && from->high == PSYI_LANES;
    uint8_t turned[PSYI_TURN_COLUMNS * PSYI_LANES];
    size_t done = SIZE_MAX; /* the block of columns in `turned` */
    for (size_t i = 0; i < all->n_slots; i += all->slots[i].run) {
        const psyi_row_slot *const slot = &all->slots[i];
        const size_t block = slot->place / PSYI_TURN_COLUMNS;
        uint8_t *const to = all->intake->sheets[slot->use]->tiles[tile] + slot->offset;
        const uint8_t *const columns = turned + slot->place % PSYI_TURN_COLUMNS * PSYI_LANES;
        if (block != done)
            all->turn(from->rows, block * PSYI_TURN_COLUMNS, turned);
        done = block;
        psyi_lanes_none(columns, slot->run, PSYI_BLANK, PSYI_NOT_APPLICABLE,
                        none + (size_t)slot->use * PSYI_LANES);
        if (whole)
            memcpy(to, columns, slot->run * (size_t)PSYI_LANES);
        else
            for (size_t item = 0; item < slot->run; item++) /* lanes beside are somebody's */
                memcpy(to + item * PSYI_LANES + from->low, columns + item * PSYI_LANES + from->low,
                       from->high - from->low);
    }
}

static void place_record(const placing *job, const staged *row, size_t record)
{
    psyi_intake *const intake = job->rows->intake;
    intake->records[record] = row->range->records[row->at];
    intake->records[record].row += (uint32_t)row->range->shift;
    const size_t n_numbers = job->rows->n_numbers;
    for (size_t i = 0; n_numbers > 0 && i < job->rows->n_slots; i++) {
        const psyi_row_slot *const slot = &job->rows->slots[i];
        if (slot->number != PSYI_NO_COLUMN)
            intake->sheets[slot->use]->numbers[slot->item][record] =
                row->range->numbers[row->at * n_numbers + slot->number];
    }
}

/* Items of the file's questionnaires that have no column. */
static void place_absent(const placing *job, size_t tile, size_t low, size_t high)
{
    const psyi_header *const header = job->rows->header;
    for (size_t i = 0; i < header->n_absent; i++)
        memset(job->rows->intake->sheets[header->absent[i].use]->tiles[tile] +
                   (size_t)header->absent[i].item * PSYI_LANES + low,
               PSYI_NOT_APPLICABLE, high - low);
}

static void place_tile(const placing *job, size_t tile, uint8_t *none)
{
    psyi_intake *const intake = job->rows->intake;
    const size_t begin = tile * PSYI_LANES, end = job->first + job->n_records;
    const size_t low = begin < job->first ? job->first - begin : 0;
    const size_t high = end - begin < PSYI_LANES ? end - begin : PSYI_LANES;
    for (size_t use = 0; use < intake->n_uses && low == 0; use++)
        if (high == PSYI_LANES && job->rows->covers[use])
            intake->sheets[use]->given[tile] = 0; /* all else is about to be written */
        else
            psyi_sheets_clear(intake->sheets[use], tile);
    staged row = find_row(job, begin + low - job->first);
    lanes to = {.low = low, .high = high};
    for (size_t lane = 0; lane < PSYI_LANES; lane++)
        to.rows[lane] = job->nobody;
    for (size_t lane = low; lane < high; lane++) {
        to.rows[lane] = row.range->stage + row.at * job->rows->width;
        place_record(job, &row, begin + lane);
        if (begin + lane + 1 < end)
            next_row(&row);
    }
    memset(none, 0xFF, intake->n_uses * PSYI_LANES);
    place_answers(job, tile, &to, none);
    for (size_t use = 0; use < intake->n_uses; use++) {
        psyi_mask mask = 0;
        for (size_t lane = low; lane < high; lane++)
            mask |= (psyi_mask)(none[use * PSYI_LANES + lane] == 0) << lane;
        intake->sheets[use]->given[tile] |= mask;
    }
    place_absent(job, tile, low, high);
}

static psy_status place_tiles(void *context, size_t index, psy_error *error)
{
    const placing *const job = context;
    const psy_allocator *const allocator = job->rows->intake->allocator;
    const size_t end = (job->first + job->n_records + PSYI_LANES - 1) / PSYI_LANES;
    const size_t first = job->first_tile + index * TILES_A_TASK;
    const size_t behind = end - first < TILES_A_TASK ? end : first + TILES_A_TASK;
    uint8_t *const none = psyi_alloc(allocator, job->rows->intake->n_uses + 1, PSYI_LANES);
    if (none == NULL)
        return psyi_fail_memory(error, "records");
    for (size_t tile = first; tile < behind; tile++)
        place_tile(job, tile, none);
    psyi_free(allocator, none);
    return PSY_OK;
}

static psy_status make_room(const psyi_rows *rows, size_t need, psy_error *error)
{
    psyi_intake *const intake = rows->intake;
    void *records = intake->records;
    if (!psyi_grow(intake->allocator, &records, rows->room, need, sizeof *intake->records))
        return psyi_fail_memory(error, "records");
    intake->records = records;
    for (size_t use = 0; use < intake->n_uses; use++) {
        const psy_status status = psyi_sheets_extend(intake->sheets[use], need, error);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

psy_status psyi_rows_place(psyi_rows *rows, const psyi_range *ranges, size_t n_ranges,
                           unsigned n_threads, psy_error *error)
{
    psyi_intake *const intake = rows->intake;
    placing job = {rows, ranges, n_ranges, intake->n_records, 0, 0, NULL};
    for (size_t i = 0; i < n_ranges; i++)
        job.n_records += ranges[i].n_records;
    if (job.n_records == 0)
        return PSY_OK;
    job.first_tile = job.first / PSYI_LANES;
    const size_t end = (job.first + job.n_records + PSYI_LANES - 1) / PSYI_LANES;
    uint8_t *const nobody = psyi_alloc(intake->allocator, rows->width, 1);
    psy_status status = nobody == NULL ? psyi_fail_memory(error, "records")
                                       : make_room(rows, job.first + job.n_records, error);
    if (status == PSY_OK) {
        memset(nobody, PSYI_BLANK, rows->width);
        job.nobody = nobody;
        status = psyi_parallel(n_threads, (end - job.first_tile + TILES_A_TASK - 1) / TILES_A_TASK,
                               place_tiles, &job, intake->allocator, error);
    }
    if (status == PSY_OK)
        intake->n_records += job.n_records;
    psyi_free(intake->allocator, nobody);
    return status;
}
