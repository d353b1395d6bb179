/*
 * hidden_dive.c -- depth first over the values that hidden cells may have.
 */
#include "stats/hidden_dive.h"

bool psyi_dive_make(psyi_dive *dive, psyi_arena *arena, psyi_walk *of, size_t group, unsigned most)
{
    *dive = (psyi_dive){.of = of, .group = group, .allocator = arena->allocator, .most = most};
    dive->distance = psyi_arena_alloc(arena, of->n, sizeof *dive->distance);
    return dive->distance != NULL;
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

/* The unknown with the fewest values, nearest to the truth first. */
static bool dive(psyi_dive *d, size_t level)
{
    const psyi_hidden *const h = d->of->hidden;
    const uint32_t *const unknown = d->of->unknown;
    int64_t *const low = d->rooms + level * 2 * h->n, *const high = low + h->n;
    if (d->nodes++ > d->most || !psyi_hidden_narrow(h, d->group, low, high))
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
        if (dive(d, level + 1))
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
    const bool found = low[x] <= high[x] && dive(d, 0);
    return found ? 1 : d->nodes > d->most || d->no_memory ? -1 : 0;
}
