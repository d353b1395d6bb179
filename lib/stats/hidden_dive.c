/*
 * hidden_dive.c -- depth first over the values that hidden cells may have.
 *
 * Below a level at which nothing could be narrowed any more, one unknown has another value: only
 * rows in which something changed since they were looked at last have anything to say, and they are
 * taken in the order in which psyi_hidden_narrow takes all of them, with the same outcome.
 */
#include "stats/hidden_dive.h"

#include <string.h>

bool psyi_dive_make(psyi_dive *dive, psyi_arena *arena, psyi_walk *of, unsigned most)
{
    *dive = (psyi_dive){.of = of, .allocator = arena->allocator, .most = most};
    size_t longest = 0;
    for (size_t i = 0; i < of->n_rows; i++)
        longest = of->rows[i]->n > longest ? of->rows[i]->n : longest;
    dive->words = of->n_rows / 64 + 1;
    dive->distance = psyi_arena_alloc(arena, of->n, sizeof *dive->distance);
    dive->due = psyi_arena_alloc(arena, dive->words, sizeof *dive->due);
    dive->later = psyi_arena_alloc(arena, dive->words, sizeof *dive->later);
    dive->changed = psyi_arena_alloc(arena, longest + 1, sizeof *dive->changed);
    return dive->distance != NULL && dive->due != NULL && dive->later != NULL &&
           dive->changed != NULL;
}

void psyi_dive_done(psyi_dive *dive)
{
    psyi_free(dive->allocator, dive->rooms);
    dive->rooms = NULL;
}

/* Room for the bounds of a level: what was there stays, but may lie elsewhere. */
static bool reach(psyi_dive *d, size_t level)
{
    void *rooms = d->rooms;
    const bool good = psyi_grow_raw(d->allocator, &rooms, &d->rooms_size,
                                    (level + 1) * 2 * d->of->hidden->n, sizeof *d->rooms);
    d->rooms = rooms;
    d->no_memory = d->no_memory || !good;
    return good;
}

/* Bounds of the group's unknowns; narrowing looks at no others. */
static void copy_bounds(const psyi_walk *of, const int64_t *low, const int64_t *high, int64_t *to)
{
    int64_t *const above = to + of->hidden->n;
    for (size_t j = 0; j < of->n; j++) {
        const uint32_t x = of->unknown[j];
        to[x] = low[x];
        above[x] = high[x];
    }
}

static void mark(uint64_t *bits, size_t row)
{
    bits[row / 64] |= UINT64_C(1) << row % 64;
}

/* The rows of an unknown that row `from` has changed: those behind it in this round. */
static void mark_rows(psyi_dive *d, uint32_t x, size_t from)
{
    const psyi_walk *const of = d->of;
    const uint32_t j = of->column[x];
    for (uint32_t k = of->first[j]; k < of->first[j + 1]; k++)
        mark(of->row_of[k] > from ? d->due : d->later, of->row_of[k]);
}

/* One round over the rows that are due. */
static bool narrow_due(psyi_dive *d, int64_t *low, int64_t *high)
{
    for (size_t word = 0; word < d->words; word++)
        while (d->due[word] != 0) {
            const size_t row = word * 64 + (size_t)__builtin_ctzll(d->due[word]);
            d->due[word] &= d->due[word] - 1;
            size_t n;
            if (!psyi_hidden_narrow_row(d->of->rows[row], low, high, d->changed, &n))
                return false;
            for (size_t i = 0; i < n; i++)
                mark_rows(d, d->changed[i], row);
        }
    return true;
}

/* As psyi_hidden_narrow, where only `x` has changed since nothing did; all rows where it is
 * UINT32_MAX.  *settled: nothing changes any more. */
static bool narrow(psyi_dive *d, uint32_t x, int64_t *low, int64_t *high, bool *settled)
{
    memset(d->due, 0, d->words * sizeof *d->due);
    memset(d->later, 0, d->words * sizeof *d->later);
    for (size_t row = 0; x == UINT32_MAX && row < d->of->n_rows; row++)
        mark(d->due, row);
    if (x != UINT32_MAX)
        for (uint32_t k = d->of->first[d->of->column[x]]; k < d->of->first[d->of->column[x] + 1];
             k++)
            mark(d->due, d->of->row_of[k]);
    *settled = false;
    for (unsigned pass = 0; !*settled && pass < PSYI_MOST_PASSES; pass++) {
        if (!narrow_due(d, low, high))
            return false;
        uint64_t *const done = d->due;
        d->due = d->later;
        d->later = done; /* all 0 */
        *settled = true;
        for (size_t word = 0; word < d->words; word++)
            *settled = *settled && d->due[word] == 0;
    }
    return true;
}

/* The unknown with the fewest values, nearest to the truth first. */
static bool dive(psyi_dive *d, size_t level, uint32_t changed)
{
    const psyi_hidden *const h = d->of->hidden;
    const uint32_t *const unknown = d->of->unknown;
    int64_t *const low = d->rooms + level * 2 * h->n, *const high = low + h->n;
    bool settled;
    if (d->nodes++ > d->most || !narrow(d, changed, low, high, &settled))
        return false;
    size_t next = SIZE_MAX;
    for (size_t j = 0; j < d->of->n; j++) {
        const uint32_t x = unknown[j];
        if (low[x] < high[x] && (next == SIZE_MAX || high[x] - low[x] < high[next] - low[next]))
            next = x;
    }
    if (next == SIZE_MAX) {
        for (size_t j = 0; j < d->of->n; j++)
            d->distance[j] = low[unknown[j]] - h->value[unknown[j]];
        return psyi_walk_is_table(d->of, d->distance);
    }
    const int64_t from = low[next], to = high[next];
    int64_t up = h->value[next] < from ? from : h->value[next] > to ? to : h->value[next];
    int64_t down = up - 1;
    while ((up <= to || down >= from) && d->nodes <= d->most) {
        const bool upwards =
            down < from || (up <= to && up - h->value[next] <= h->value[next] - down);
        const int64_t value = upwards ? up++ : down--;
        if (!reach(d, level + 1))
            return false;
        const int64_t *const here = d->rooms + level * 2 * h->n;
        int64_t *const below = d->rooms + (level + 1) * 2 * h->n;
        copy_bounds(d->of, here, here + h->n, below);
        below[next] = below[h->n + next] = value;
        if (dive(d, level + 1, settled ? (uint32_t)next : UINT32_MAX))
            return true;
    }
    return false;
}

int psyi_dive_seek(psyi_dive *d, uint32_t x, int64_t from, int64_t to)
{
    const psyi_hidden *const h = d->of->hidden;
    if (from > to)
        return 0;
    if (!reach(d, 0))
        return -1;
    d->nodes = 0;
    int64_t *const low = d->rooms, *const high = low + h->n;
    copy_bounds(d->of, h->low, h->high, low);
    low[x] = from > h->low[x] ? from : h->low[x];
    high[x] = to < h->high[x] ? to : h->high[x];
    const bool found = low[x] <= high[x] && dive(d, 0, UINT32_MAX);
    return found ? 1 : d->nodes > d->most || d->no_memory ? -1 : 0;
}
