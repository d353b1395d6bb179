/*
 * rows.c -- a text cut into ranges of rows, and what they give put together in order.
 *
 * Where a range may begin is a guess: behind the next line end, which is wrong inside a quoted
 * cell.  The guess holds when the range before ended just there; a range that was begun in the
 * wrong place is read again from the right one, and so is one that met an error, because only
 * then its lines have numbers.  What ranges tell is kept and told in order.  So the outcome is
 * that of reading from first to last, whatever the cut and the number of threads.
 */
#include "intake/rows.h"
#include "base/fail.h"
#include "base/parallel.h"
#include "intake/spoilt_cell.h"
#include "table/collect.h"

#include <string.h>

/* A range and its stage fit into the second cache; the ranges of a batch keep some threads
 * busy and take a few megabytes. */
enum {
    RANGE_BYTES = 1 << 18,
    LEAST_SAMPLE = 1 << 16,
    MOST_RANGES = PSYI_WINDOW_BYTES / RANGE_BYTES + 2
};

static psy_status note_empty(const psyi_rows *rows, psy_error *error)
{
    if (rows->n_empty == 0 || rows->tally.findings == NULL)
        return PSY_OK;
    const psy_finding finding = {.file = rows->tally.file,
                                 .row = rows->first_empty,
                                 .rule = "empty_rows",
                                 .severity = PSY_NOTE};
    return psyi_find(
        rows->tally.findings, &finding, error, "%llu empty row%s passed over, this is the first",
        (unsigned long long)rows->n_empty, psyi_one_many(rows->n_empty, " was", "s were"));
}

/* ---- columns and slots -------------------------------------------------------------------- */

/* The digits of a quick table that mean codes one after the other, as many as there are. */
static psyi_digits digits_of(const uint8_t *quick)
{
    psyi_digits digits = {0, 0, 0};
    unsigned best = 0;
    for (unsigned low = '0'; low <= '9'; low++) {
        unsigned n = 0;
        while (low + n <= '9' && quick[low + n] != PSYI_NOT_QUICK &&
               quick[low + n] == quick[low] + n)
            n++;
        if (n > best) {
            best = n;
            digits = (psyi_digits){(uint8_t)low, (uint8_t)(n - 1), quick[low]};
        }
    }
    return digits;
}

static bool same_digits(const psyi_row_column *a, const psyi_row_column *b)
{
    return a->digits.low == b->digits.low && a->digits.span == b->digits.span &&
           a->digits.base == b->digits.base;
}

static void add_slot(psyi_rows *rows, uint32_t index, uint32_t place)
{
    const psyi_target *const target = &rows->header->targets[index];
    const psy_instrument *const instrument = rows->options->uses[target->use].instrument;
    const unsigned response = instrument->items[target->index].response;
    psyi_row_slot *const slot = &rows->slots[rows->n_slots];
    *slot = (psyi_row_slot){.place = place,
                            .offset = (uint32_t)target->index * PSYI_LANES,
                            .use = target->use,
                            .item = target->index,
                            .number = PSYI_NO_COLUMN};
    if (instrument->responses[response].kind != PSYI_CODED)
        slot->number = (uint32_t)rows->n_numbers++;
    rows->slot_of[index] = (uint32_t)rows->n_slots++;
}

/* Slots by place: the first item of a column is staged at the column's own place, the others
 * behind all columns. */
static void make_slots(psyi_rows *rows)
{
    const psyi_header *const header = rows->header;
    for (int further = 0; further <= 1; further++) {
        uint32_t column = PSYI_NO_COLUMN;
        for (uint32_t i = 0; i < header->n_targets; i++) {
            const psyi_target *const target = &header->targets[i];
            if (target->kind != PSYI_WANT_ITEM)
                continue;
            const bool first = target->column != column;
            column = target->column;
            if (first && further == 0)
                add_slot(rows, i, target->column);
            else if (!first && further == 1)
                add_slot(rows, i, (uint32_t)rows->width++);
        }
    }
    rows->width = (rows->width + PSYI_STEP - 1) / PSYI_STEP * PSYI_STEP;
    for (size_t i = rows->n_slots; i-- > 0;) {
        psyi_row_slot *const slot = &rows->slots[i], *const next = slot + 1;
        const bool goes_on = i + 1 < rows->n_slots && next->use == slot->use &&
                             next->place == slot->place + 1 && next->place % PSYI_STEP != 0 &&
                             next->offset == slot->offset + PSYI_LANES;
        slot->run = (uint16_t)(goes_on ? next->run + 1 : 1);
    }
    for (size_t use = 0; use < rows->options->n_uses; use++) {
        size_t n = 0;
        for (size_t i = 0; i < rows->n_slots; i++)
            n += rows->slots[i].use == use;
        rows->covers[use] = n == rows->options->uses[use].instrument->n_items;
    }
}

static bool prepare(psyi_rows *rows, psyi_arena *scratch)
{
    const psyi_header *const header = rows->header;
    rows->columns = psyi_arena_alloc(scratch, header->n_columns + 1, sizeof *rows->columns);
    rows->slots = psyi_arena_alloc(scratch, header->n_targets, sizeof *rows->slots);
    rows->slot_of = psyi_arena_alloc(scratch, header->n_targets, sizeof *rows->slot_of);
    rows->covers = psyi_arena_alloc(scratch, rows->options->n_uses, sizeof *rows->covers);
    if (rows->columns == NULL || rows->slots == NULL || rows->slot_of == NULL ||
        rows->covers == NULL)
        return false;
    for (size_t i = 0; i <= header->n_columns; i++)
        rows->columns[i].field = PSYI_FIELDS;
    for (uint32_t i = 0; i < header->n_targets; i++) {
        const psyi_target *const target = &header->targets[i];
        psyi_row_column *const column = &rows->columns[target->column];
        if (column->n_targets++ == 0)
            column->first_target = i;
        column->quick = NULL;
        column->field = PSYI_FIELDS;
        if (target->kind == PSYI_WANT_FIELD && column->n_targets == 1)
            column->field = (uint8_t)target->index;
        rows->slot_of[i] = PSYI_NO_COLUMN;
        if (target->kind != PSYI_WANT_ITEM || column->n_targets > 1)
            continue;
        const psy_instrument *const instrument = rows->options->uses[target->use].instrument;
        const unsigned response = instrument->items[target->index].response;
        if (instrument->responses[response].kind == PSYI_CODED)
            column->quick = rows->codes->books[target->use][response].quick;
    }
    for (size_t i = header->n_columns; i-- > 0;) {
        psyi_row_column *const column = &rows->columns[i];
        if (column->quick == NULL)
            continue;
        column->digits = digits_of(column->quick);
        if (column->digits.low != 0)
            column->run = same_digits(column, column + 1) ? (uint16_t)(column[1].run + 1) : 1;
    }
    for (uint32_t i = 0; i < header->n_columns; i++)
        if (header->names[i][0] != '\0' || rows->columns[i].n_targets > 0)
            rows->n_shown = i + 1;
    rows->width = header->n_columns + 8; /* psyi_take writes eight at a time */
    make_slots(rows);
    psyi_odd_rows_make(&rows->odd_rows, header);
    rows->take_run = psyi_take_run_choose();
    rows->turn = psyi_turn_choose();
    psyi_shuffles_make(&rows->shuffles);
    return true;
}

/* ---- ranges -------------------------------------------------------------------------------- */

typedef struct batch {
    psyi_rows *rows;
    psyi_range *ranges;
    size_t n_ranges;
    psyi_csv *csv; /* where the next record begins */
    psyi_csv from; /* where the batch began */
    psyi_text_window *window;
    const char *limit; /* records that begin behind it may be cut off */
    bool first;        /* batch of the window */
    bool cut;          /* the rest of the window is left to the next */
} batch;

enum { FETCH, HASH, TASKS_BEFORE };

static psy_status work_on(void *context, size_t index, psy_error *error)
{
    batch *const job = context;
    (void)error; /* errors are looked at when their turn has come */
    const size_t before = job->first ? TASKS_BEFORE : 0;
    if (index >= before)
        psyi_range_read(&job->ranges[index - before], &job->from);
    else if (index == FETCH)
        psyi_text_window_fetch(job->window);
    else
        psyi_text_window_hash(job->window);
    return PSY_OK;
}

/* Cut what begins before the limit into ranges of about `size` bytes. */
static void cut_ranges(batch *job, size_t room, size_t size)
{
    const char *at = job->csv->at;
    size_t n = 0;
    while (n < room && at < job->limit) {
        const char *stop = job->limit;
        if (!job->csv->grid && (size_t)(job->limit - at) > size) {
            const char *const feed = memchr(at + size, '\n', (size_t)(job->limit - at) - size);
            stop = feed != NULL ? feed + 1 : job->limit;
        }
        job->ranges[n].start = at;
        job->ranges[n].stop = stop;
        job->ranges[n].first_line = n == 0 ? job->csv->line : 0;
        job->ranges[n].shift = 0;
        at = stop;
        n++;
    }
    job->n_ranges = n;
}

/* Behind the last line end of the window, unless that is out of sight. */
static const char *limit_of(const psyi_csv *csv, const psyi_text_window *window)
{
    if (window->last)
        return csv->end;
    const char *const feed = memrchr(csv->at, '\n', (size_t)(csv->end - csv->at));
    return feed == NULL || csv->end - feed > PSYI_CSV_MAX_RECORD ? csv->end : feed + 1;
}

/* Whether the range's last record would be another one if there were more text. */
static bool is_cut(const batch *job, const psyi_range *range)
{
    const psyi_csv *const csv = &range->csv;
    if (job->window->last || csv->end - csv->record > PSYI_CSV_MAX_RECORD + 2)
        return false;
    return range->status != PSY_OK || csv->at > job->limit ||
           (csv->at == csv->end && csv->at[-1] != '\n');
}

/* Again, from where it does begin, and with lines that have their numbers. */
static void read_again(const batch *job, psyi_range *range)
{
    range->start = job->csv->at;
    range->first_line = job->csv->line;
    range->shift = 0;
    psyi_range_read(range, &job->from);
}

/* What a range gave, in its turn. */
static psy_status take_range(batch *job, psyi_range *range, psy_error *error)
{
    psyi_rows *const rows = job->rows;
    if (range != job->ranges)
        range->shift = job->csv->line;
    if (range->status != PSY_E_NOMEM && range->start != job->csv->at)
        read_again(job, range);
    if (range->status == PSY_E_NOMEM) /* not tried again, which might go well */
        return psyi_fail_memory(error, "records");
    job->cut = is_cut(job, range);
    if (job->cut)
        range->stop = range->csv.record;
    if (job->cut || (range->status != PSY_OK && range->shift > 0))
        read_again(job, range);
    const psy_status status = psyi_tally_take(&rows->tally, &range->tally, range->shift, error);
    if (status != PSY_OK)
        return status;
    if (range->status != PSY_OK) {
        if (error != NULL)
            *error = range->error;
        return range->status;
    }
    if (range->n_empty > 0 && rows->n_empty == 0)
        rows->first_empty = range->first_empty + range->shift;
    rows->n_empty += range->n_empty;
    for (size_t i = 0; i < PSYI_ROW_KINDS; i++) {
        if (range->odd[i].n > 0 && rows->odd[i].n == 0)
            rows->odd[i].first = range->odd[i].first + range->shift;
        rows->odd[i].n += range->odd[i].n;
    }
    job->csv->at = range->csv.at;
    job->csv->line = range->csv.line + range->shift;
    return PSY_OK;
}

/* Room for all records of the file, should the rest of it be like what was read so far. */
static psy_status reserve(psyi_rows *rows, const batch *job, psy_error *error)
{
    psyi_intake *const intake = rows->intake;
    size_t n = 1;
    for (size_t i = 0; i < job->n_ranges; i++)
        n += job->ranges[i].n_records;
    const double whole = (double)job->window->size, part = (double)(job->csv->at - job->from.at);
    if (part < whole && part < LEAST_SAMPLE)
        return PSY_OK;
    if (part < whole)
        n = (size_t)((double)n * 1.02 * whole / (part + 1)) + PSYI_LANES;
    void *records = intake->records;
    size_t room = 0; /* no doubling; and nothing is zeroed, which would touch it */
    if (intake->n_records + n > *rows->room) {
        if (!psyi_grow_raw(intake->allocator, &records, &room, intake->n_records + n,
                           sizeof *intake->records))
            return psyi_fail_memory(error, "records");
        intake->records = records;
        *rows->room = room;
    }
    psy_status status = PSY_OK;
    for (size_t use = 0; use < intake->n_uses && status == PSY_OK; use++)
        status = psyi_sheets_reserve(intake->sheets[use], *rows->room, error);
    rows->reserved = true;
    return status;
}

static psy_status read_batch(batch *job, size_t room, psy_error *error)
{
    const psyi_intake_options *const options = job->rows->options;
    const size_t size = options->range_bytes > 0 ? options->range_bytes : RANGE_BYTES;
    job->from = *job->csv;
    cut_ranges(job, room, options->general_only ? SIZE_MAX : size);
    psy_status status =
        psyi_parallel(options->n_threads, job->n_ranges + (job->first ? TASKS_BEFORE : 0), work_on,
                      job, job->rows->intake->allocator, error);
    size_t n = 0;
    for (job->cut = false; n < job->n_ranges && status == PSY_OK && !job->cut; n++)
        status = take_range(job, &job->ranges[n], error);
    job->n_ranges = n;
    if (status == PSY_OK && !job->rows->reserved)
        status = reserve(job->rows, job, error);
    job->first = false;
    return status == PSY_OK ? psyi_rows_place(job->rows, job->ranges, n, options->n_threads, error)
                            : status;
}

static psy_status read_window(batch *job, size_t room, psy_error *error)
{
    psy_status status = PSY_OK;
    job->limit = limit_of(job->csv, job->window);
    job->cut = false;
    job->first = true;
    do
        status = read_batch(job, room, error);
    while (status == PSY_OK && !job->cut && job->csv->at < job->limit);
    return status;
}

static psy_status read_all(psyi_rows *rows, psyi_range *ranges, size_t room, psyi_csv *csv,
                           psyi_text_window *window, psy_error *error)
{
    batch job = {.rows = rows, .ranges = ranges, .csv = csv, .window = window};
    psy_status status = read_window(&job, room, error);
    while (status == PSY_OK && !window->last) {
        status = psyi_text_window_turn(window, &csv->at, error);
        if (status != PSY_OK)
            break;
        csv->record = csv->at;
        csv->end = window->input.text + window->input.length;
        status = read_window(&job, room, error);
    }
    return status;
}

/* Records keep their texts. */
static psy_status read_ranges(psyi_rows *rows, psyi_csv *csv, psyi_text_window *window,
                              psy_error *error)
{
    const psy_allocator *const allocator = rows->intake->allocator;
    const bool alone = rows->options->general_only || rows->options->n_threads == 1;
    const size_t room = alone ? 1 : MOST_RANGES; /* a stage stays in the cache until it is placed */
    psyi_range *const ranges = psyi_alloc(allocator, room, sizeof *ranges);
    if (ranges == NULL)
        return psyi_fail_memory(error, "records");
    size_t n = 0;
    psy_status status = PSY_OK;
    for (; n < room && status == PSY_OK; n++)
        status = psyi_range_begin(&ranges[n], rows, allocator, error);
    if (status != PSY_OK)
        n--;
    else
        status = read_all(rows, ranges, room, csv, window, error);
    for (size_t i = 0; i < n; i++) {
        psyi_arena_join(&rows->intake->texts, &ranges[i].arena);
        psyi_range_done(&ranges[i]);
    }
    psyi_free(allocator, ranges);
    return status;
}

psy_status psyi_rows_read(psyi_intake *intake, const psyi_intake_options *options,
                          const psyi_row_codes *codes, const psyi_header *header, psyi_csv *csv,
                          psyi_text_window *window, uint32_t file, size_t *room,
                          psyi_arena *scratch, psy_findings *findings, psy_error *error)
{
    psyi_rows rows = {.intake = intake,
                      .options = options,
                      .codes = codes,
                      .header = header,
                      .file = file,
                      .room = room};
    if (!prepare(&rows, scratch))
        return psyi_fail_memory(error, "columns");
    psy_status status = psyi_tally_begin(&rows.tally, csv->file, header->names, header->n_columns,
                                         findings, scratch->allocator, error);
    if (status != PSY_OK)
        return status;
    rows.tally.cells = header->cells;
    rows.tally.sheet = header->sheet;
    const size_t before = intake->n_records;
    status = read_ranges(&rows, csv, window, error);
    if (status == PSY_OK)
        status = note_empty(&rows, error);
    if (status == PSY_OK)
        status = psyi_odd_rows_tell(&rows.tally, rows.odd, error);
    if (status == PSY_OK && !options->partial)
        status = psyi_check_digits(&rows.tally, error);
    if (status == PSY_OK)
        status = psyi_rows_doubt(&rows, intake->n_records - before, error);
    if (status == PSY_OK)
        status = psyi_tally_finish(&rows.tally, error);
    psyi_tally_done(&rows.tally);
    return status;
}
