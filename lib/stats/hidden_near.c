/*
 * hidden_near.c -- the search in a part of a system that is too large to be solved whole.
 *
 * The unknowns around one of them are set free and all others are held at what they are: a table
 * found so is a table of the whole, and whoever is safe in the part is safe.  What the part cannot
 * do proves nothing; it is told as given up, and more is hidden for it.  Tables of a district with
 * a thousand schools hang together as a whole, but what protects a cell lies beside it: in the
 * same school, and in a few others.
 */
#include "stats/hidden_system.h"

#include "base/fail.h"

#include <stdlib.h>
#include <string.h>

#define OUTSIDE UINT32_MAX
/* Of a long row (one number over all schools) so many on either side of where it was entered. */
#define BESIDE 4u
/* Unknowns of a part: a small one first, a larger one where that was not enough. */
static const size_t sizes[] = {160, 640, 1900};
#define N_SIZES (sizeof sizes / sizeof sizes[0])

/* Rows of each unknown, and what a part is made with. */
typedef struct surroundings {
    const psyi_hidden *whole;
    size_t group;
    uint32_t *first, *row_of; /* rows of unknown x: row_of[first[x]] .. row_of[first[x + 1] - 1] */
    uint32_t *position;       /* beside row_of: which term of the row it is */
    uint32_t *part_of;        /* [n]: unknown of the part, or OUTSIDE */
    uint8_t *taken;           /* [n_rows]: the row was looked at */
    uint32_t *queue;          /* [n] */
    uint8_t *sure;            /* [cells of the tables]: not to be sought */
} surroundings;

static bool surround(surroundings *s, psyi_arena *arena)
{
    const psyi_hidden *const h = s->whole;
    const size_t from = h->first_row[s->group], to = h->first_row[s->group + 1];
    size_t n_terms = 0;
    for (size_t i = from; i < to; i++)
        n_terms += h->rows[i].n;
    s->first = psyi_arena_alloc(arena, h->n + 2, sizeof *s->first);
    s->row_of = psyi_arena_alloc(arena, n_terms + 1, sizeof *s->row_of);
    s->position = psyi_arena_alloc(arena, n_terms + 1, sizeof *s->position);
    s->part_of = psyi_arena_alloc(arena, h->n + 1, sizeof *s->part_of);
    s->taken = psyi_arena_alloc(arena, h->n_rows + 1, sizeof *s->taken);
    s->queue = psyi_arena_alloc(arena, h->n + 1, sizeof *s->queue);
    if (s->first == NULL || s->row_of == NULL || s->position == NULL || s->part_of == NULL ||
        s->taken == NULL || s->queue == NULL)
        return false;
    for (size_t i = from; i < to; i++)
        for (size_t k = 0; k < h->rows[i].n; k++)
            s->first[h->rows[i].terms[k].unknown + 2]++;
    for (size_t x = 2; x < h->n + 2; x++)
        s->first[x] += s->first[x - 1];
    /* One too far, until each was filled. */
    for (size_t i = from; i < to; i++)
        for (size_t k = 0; k < h->rows[i].n; k++) {
            const uint32_t at = s->first[h->rows[i].terms[k].unknown + 1]++;
            s->row_of[at] = (uint32_t)i;
            s->position[at] = (uint32_t)k;
        }
    memset(s->part_of, 0xFF, h->n * sizeof *s->part_of);
    return true;
}

static void take(surroundings *s, uint32_t x, size_t *n)
{
    if (s->part_of[x] != OUTSIDE)
        return;
    s->part_of[x] = 0;
    s->queue[(*n)++] = x;
}

/* Of a row those that can move: all of a short one, of a long one the nearest on either side. */
static void take_row(surroundings *s, const psyi_row *row, size_t here, size_t *n, size_t most)
{
    const psyi_hidden *const h = s->whole;
    const size_t wanted = row->n > 4 * BESIDE ? BESIDE : row->n;
    size_t before = 0, after = 0;
    for (size_t i = here; i-- > 0 && before < wanted && *n < most;)
        if (h->low[row->terms[i].unknown] < h->high[row->terms[i].unknown]) {
            take(s, row->terms[i].unknown, n);
            before++;
        }
    for (size_t i = here + 1; i < row->n && after < wanted && *n < most; i++)
        if (h->low[row->terms[i].unknown] < h->high[row->terms[i].unknown]) {
            take(s, row->terms[i].unknown, n);
            after++;
        }
}

/* Those around `x`, ascending, in s->queue.  Returns how many. */
static size_t gather(surroundings *s, uint32_t x, size_t most)
{
    size_t n = 0;
    take(s, x, &n);
    for (size_t at = 0; at < n && n < most; at++)
        for (uint32_t k = s->first[s->queue[at]]; k < s->first[s->queue[at] + 1]; k++)
            take_row(s, &s->whole->rows[s->row_of[k]], s->position[k], &n, most);
    return n;
}

static int ascending(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The rows of the part, each once: what is outside of it stays what it is. */
static bool add_rows(psyi_hidden *part, const surroundings *s, size_t n)
{
    const psyi_hidden *const h = s->whole;
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        most += s->first[s->queue[i] + 1] - s->first[s->queue[i]];
    part->rows = psyi_arena_alloc(&part->arena, most + 1, sizeof *part->rows);
    psyi_term *terms = psyi_arena_alloc(&part->arena, most + 1, sizeof *terms);
    if (part->rows == NULL || terms == NULL)
        return false;
    memset(s->taken, 0, h->n_rows);
    for (size_t i = 0; i < n; i++)
        for (uint32_t k = s->first[s->queue[i]]; k < s->first[s->queue[i] + 1]; k++) {
            const psyi_row *const row = &h->rows[s->row_of[k]];
            if (s->taken[s->row_of[k]] != 0)
                continue;
            s->taken[s->row_of[k]] = 1;
            psyi_row *const own = &part->rows[part->n_rows++];
            *own = (psyi_row){.terms = terms, .value = row->value};
            for (size_t j = 0; j < row->n; j++) {
                const psyi_term term = row->terms[j];
                if (s->part_of[term.unknown] != OUTSIDE)
                    own->terms[own->n++] = (psyi_term){s->part_of[term.unknown], term.sign};
                else
                    own->value -= term.sign * h->value[term.unknown];
            }
            terms += own->n;
        }
    return true;
}

static bool make_part(psyi_hidden *part, surroundings *s, size_t n)
{
    const psyi_hidden *const h = s->whole;
    qsort(s->queue, n, sizeof *s->queue, ascending); /* cells before the slacks, as in the whole */
    part->n = n;
    part->n_groups = 1;
    part->cell = psyi_arena_alloc(&part->arena, n, sizeof *part->cell);
    part->value = psyi_arena_alloc(&part->arena, n, sizeof *part->value);
    part->low = psyi_arena_alloc(&part->arena, n, sizeof *part->low);
    part->high = psyi_arena_alloc(&part->arena, n, sizeof *part->high);
    part->member = psyi_arena_alloc(&part->arena, n, sizeof *part->member);
    part->first_member = psyi_arena_alloc(&part->arena, 2, sizeof *part->first_member);
    part->first_row = psyi_arena_alloc(&part->arena, 2, sizeof *part->first_row);
    if (part->cell == NULL || part->value == NULL || part->low == NULL || part->high == NULL ||
        part->member == NULL || part->first_member == NULL || part->first_row == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        const uint32_t x = s->queue[i];
        s->part_of[x] = (uint32_t)i;
        if (x < h->n_cells)
            part->cell[part->n_cells++] = h->cell[x];
        part->value[i] = h->value[x];
        part->low[i] = h->low[x];
        part->high[i] = h->high[x];
        part->member[i] = (uint32_t)i;
    }
    if (!add_rows(part, s, n))
        return false;
    part->first_member[1] = n;
    part->first_row[1] = part->n_rows;
    return true;
}

static bool is_open(const psyi_range *range, const psy_cell *cell)
{
    return !psyi_range_is_enough(range, cell) && !psyi_range_is_closed(range, cell);
}

/* What was seen in the part was seen in the whole. */
static psy_status search_part(surroundings *s, uint32_t x, size_t size, const psy_tables *tables,
                              psyi_thorough depth, psyi_range *ranges,
                              const psy_allocator *allocator, psy_error *error)
{
    psyi_hidden part = {0};
    psyi_arena_init(&part.arena, allocator);
    psy_status status = PSY_OK;
    const size_t n = gather(s, x, size);
    psyi_range *own = NULL;
    if (!make_part(&part, s, n) || (own = psyi_arena_alloc(&part.arena, n, sizeof *own)) == NULL)
        status = psyi_fail_memory(error, "an audit of tables");
    if (status == PSY_OK && !psyi_hidden_narrow(&part, 0, part.low, part.high))
        status = psyi_fail(error, PSY_E_INTERNAL, NULL, "tables contradict themselves");
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        const psyi_range *const range = &ranges[s->queue[i]];
        own[i] = *range;
        own[i].low = part.low[i] < range->seen_low ? part.low[i] : range->seen_low;
        own[i].high = part.high[i] > range->seen_high ? part.high[i] : range->seen_high;
    }
    if (status == PSY_OK)
        status = psyi_hidden_search(&part, tables, 0, s->sure, depth, own, allocator, error);
    for (size_t i = 0; i < n; i++) {
        psyi_range *const range = &ranges[s->queue[i]];
        s->part_of[s->queue[i]] = OUTSIDE;
        if (status != PSY_OK)
            continue;
        range->seen_low = own[i].seen_low;
        range->seen_high = own[i].seen_high;
        /* Sought once from here: the next time in a part of its own. */
        if (s->queue[i] < s->whole->n_cells)
            s->sure[s->whole->cell[s->queue[i]]] = 1;
    }
    psyi_arena_done(&part.arena);
    return status;
}

psy_status psyi_hidden_search_near(const psyi_hidden *hidden, const psy_tables *tables,
                                   size_t group, const uint8_t *sure, psyi_thorough depth,
                                   psyi_range *ranges, const psy_allocator *allocator,
                                   psy_error *error)
{
    psyi_arena arena;
    psyi_arena_init(&arena, allocator);
    surroundings s = {.whole = hidden, .group = group};
    psy_status status = PSY_OK;
    s.sure = psyi_arena_alloc(&arena, tables->n_cells + 1, sizeof *s.sure);
    if (s.sure == NULL || !surround(&s, &arena))
        status = psyi_fail_memory(error, "an audit of tables");
    if (status == PSY_OK && sure != NULL)
        memcpy(s.sure, sure, tables->n_cells);
    const size_t n_sizes = depth <= PSYI_SEARCH_QUICK ? 1 : N_SIZES;
    for (size_t i = hidden->first_member[group];
         i < hidden->first_member[group + 1] && status == PSY_OK; i++) {
        const uint32_t x = hidden->member[i];
        if (x >= hidden->n_cells || (sure != NULL && sure[hidden->cell[x]] != 0))
            continue;
        const psy_cell *const cell = &tables->cells[hidden->cell[x]];
        for (size_t k = 0; k < n_sizes && status == PSY_OK && is_open(&ranges[x], cell); k++) {
            s.sure[hidden->cell[x]] = 0;
            status = search_part(&s, x, sizes[k], tables, depth, ranges, allocator, error);
        }
        if (is_open(&ranges[x], cell))
            ranges[x].gave_up = true;
        if (depth == PSYI_SEARCH_TRIAL && !psyi_range_is_enough(&ranges[x], cell))
            break;
    }
    psyi_arena_done(&arena);
    return status;
}
