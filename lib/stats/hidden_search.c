/*
 * hidden_search.c -- how far a hidden cell can be from what it is.
 *
 * A solution is a whole table that agrees with everything shown.  The true one is known.  The
 * simplex method with bounds walks from there as far as it goes in one unknown, up and down
 * (hidden_tableau.c).  Tables of counts nearly always give whole numbers; where they do not, the
 * true table is mended by hand (hidden_walk.c), and a search over whole numbers (hidden_dive.c)
 * takes over, of bounded length.
 *
 * Arithmetic is in doubles, but nothing is believed for it: a solution counts only when its
 * rounded values satisfy every row and bound in integers.  That the method stopped too early,
 * or rounded an end inwards, can only make a cell look more exposed than it is.
 */
#include "stats/hidden_dive.h"
#include "stats/hidden_tableau.h"

#include "base/fail.h"

#include <math.h>

#define TINY       1e-9
#define MOST_STEPS 4000u /* of one program */
#define MOST_NODES 2000u /* of one search */
#define FEW_NODES  200u  /* where a cell that is given up is simply hidden better */
#define FEW_WALKS  3u
#define MOST_WALKS 12u
#define MOST_IDLE  40u      /* steps of no length before care is taken of circles */
#define MOST_CELLS 4000000u /* of a tableau; a larger system is searched in parts */

typedef struct problem {
    const psyi_hidden *hidden;
    psyi_range *ranges;
    psyi_arena arena;
    size_t n;                /* unknowns of the group */
    const uint32_t *unknown; /* [n]: of the whole system */
    uint32_t *column;        /* [hidden->n]: back */
    psyi_walk walk;
    psyi_tableau tableau;
    psyi_dive dive;
    psyi_thorough depth; /* how long whole numbers are sought */
} problem;

/* ---- solutions ---- */

static void see(problem *p, size_t j, int64_t distance)
{
    psyi_range *const range = &p->ranges[p->unknown[j]];
    const int64_t value = p->hidden->value[p->unknown[j]] + distance;
    range->seen_low = value < range->seen_low ? value : range->seen_low;
    range->seen_high = value > range->seen_high ? value : range->seen_high;
}

/* Remember how far a table reaches. */
static void see_all(problem *p, const int64_t *distance)
{
    for (size_t j = 0; j < p->n; j++)
        see(p, j, distance[j]);
}

/* Is it a table where the method stands?  Then who moved since the last one has been seen there. */
static void look_at(problem *p)
{
    psyi_tableau *const t = &p->tableau;
    if (!psyi_tableau_is_table(t))
        return;
    for (size_t i = 0; i < t->n_moved; i++)
        see(p, t->moved[i], t->near[t->moved[i]]);
    psyi_tableau_seen(t);
}

/* ---- what is asked of a cell ---- */

void psyi_cell_wants(const psy_cell *cell, int64_t *spread, int64_t *reach)
{
    const int64_t most = cell->high == INT64_MAX ? INT64_MAX : cell->high - cell->low;
    *spread = cell->spread == PSY_SPREAD_NONE ? 0 : cell->spread > 1 ? cell->spread : 1;
    *spread = *spread < most ? *spread : most;
    *reach = cell->reach < cell->high ? cell->reach : cell->high;
}

bool psyi_range_is_enough(const psyi_range *range, const psy_cell *cell)
{
    int64_t spread, reach;
    psyi_cell_wants(cell, &spread, &reach);
    return range->seen_high - range->seen_low >= spread && range->seen_high >= reach;
}

bool psyi_range_is_closed(const psyi_range *range, const psy_cell *cell)
{
    int64_t spread, reach;
    psyi_cell_wants(cell, &spread, &reach);
    return range->high - range->low < spread || range->high < reach;
}

/* ---- walking ---- */

/* As far as it goes; NaN when it was given up, or went far enough. */
static double go(problem *p, size_t aim, double way, const psyi_range *range, const psy_cell *cell)
{
    unsigned idle = 0;
    psyi_tableau_begin(&p->tableau);
    for (unsigned i = 0; i < MOST_STEPS; i++) {
        const double length = psyi_tableau_step(&p->tableau, aim, way, idle > MOST_IDLE);
        if (length < 0)
            return p->tableau.at[aim];
        idle = length > TINY ? 0 : idle + 1;
        look_at(p);
        if (psyi_range_is_enough(range, cell))
            return NAN;
    }
    return NAN;
}

/* ---- a group ---- */

static bool set_up(problem *p, size_t group)
{
    const psyi_hidden *const h = p->hidden;
    const size_t n_rows = h->first_row[group + 1] - h->first_row[group];
    p->n = h->first_member[group + 1] - h->first_member[group];
    p->unknown = h->member + h->first_member[group];
    p->column = psyi_arena_alloc(&p->arena, h->n + 1, sizeof *p->column);
    const psyi_row **const rows = psyi_arena_alloc(&p->arena, n_rows + 1, sizeof *rows);
    if (p->column == NULL || rows == NULL)
        return false;
    for (size_t j = 0; j < p->n; j++)
        p->column[p->unknown[j]] = (uint32_t)j;
    for (size_t i = 0; i < n_rows; i++)
        rows[i] = &h->rows[h->first_row[group] + i];
    return psyi_walk_make(&p->walk, &p->arena, h, p->unknown, p->column, p->n, rows, n_rows) &&
           psyi_tableau_make(&p->tableau, &p->arena, &p->walk, p->ranges) &&
           psyi_dive_make(&p->dive, &p->arena, &p->walk,
                          p->depth == PSYI_SEARCH_LONG ? MOST_NODES : FEW_NODES);
}

/* The proved end of a program, rounded outwards by what doubles may have lost. */
static void set_end(psyi_range *range, int64_t value, double distance, bool up)
{
    if (up) {
        const int64_t end = value + (int64_t)floor(distance + 1e-6);
        range->high = end < range->high && end >= range->seen_high ? end : range->high;
    } else {
        const int64_t end = value + (int64_t)ceil(distance - 1e-6);
        range->low = end > range->low && end <= range->seen_low ? end : range->low;
    }
}

/* Between what was seen and what was proved there may be whole tables that the walk missed. */
static void close_gap(problem *p, uint32_t x, const psy_cell *cell, bool up)
{
    psyi_range *const range = &p->ranges[x];
    while (!psyi_range_is_enough(range, cell)) {
        int64_t spread, reach;
        psyi_cell_wants(cell, &spread, &reach);
        int64_t *const seen = up ? &range->seen_high : &range->seen_low;
        int64_t *const end = up ? &range->high : &range->low;
        if (*seen == *end)
            return;
        /* What is asked for, or else one more than what is known. */
        int64_t aim = up ? range->seen_low + spread : range->seen_high - spread;
        if (up && aim < reach)
            aim = reach;
        if (up ? aim > *end || aim <= *seen : aim < *end || aim >= *seen)
            aim = up ? *seen + 1 : *seen - 1;
        const int found =
            up ? psyi_dive_seek(&p->dive, x, aim, *end) : psyi_dive_seek(&p->dive, x, *end, aim);
        if (found > 0)
            see_all(p, p->dive.distance);
        if (found == 0)
            *end = up ? aim - 1 : aim + 1;
        if (found < 0) {
            range->gave_up = true;
            return;
        }
    }
}

static unsigned walks(const problem *p)
{
    return p->depth <= PSYI_SEARCH_QUICK ? FEW_WALKS : MOST_WALKS;
}

/* So far up (or down) by mending the true table. */
static bool walk(problem *p, uint32_t x, int64_t by)
{
    if (by == 0 || !psyi_walk_to(&p->walk, p->column[x], by, walks(p)) ||
        !psyi_walk_is_table(&p->walk, p->walk.distance))
        return false;
    see_all(p, p->walk.distance);
    return true;
}

/* First up, as far as it must; then down, for what is still wanted. */
static void try_walk(problem *p, uint32_t x, const psy_cell *cell)
{
    psyi_range *const range = &p->ranges[x];
    const int64_t value = p->hidden->value[x];
    int64_t spread, reach;
    psyi_cell_wants(cell, &spread, &reach);
    const int64_t need = reach > value ? reach - value : 0;
    const int64_t most = range->high - value;
    int64_t up = spread > need ? spread : need;
    up = up < most ? up : most;
    /* All of it, half of it, or what it must be at least. */
    const int64_t aims[] = {up, need + (up - need) / 2, need};
    for (size_t i = 0; i < sizeof aims / sizeof aims[0]; i++)
        if (aims[i] <= range->seen_high - value || walk(p, x, aims[i]))
            break;
    if (psyi_range_is_enough(range, cell) || range->seen_high < reach)
        return;
    const int64_t down = spread - (range->seen_high - value);
    if (down <= value - range->low)
        walk(p, x, -down);
}

/* The end of a program that is no whole table: one near it, with what is asked for. */
static void round_end(problem *p, uint32_t x, bool up, const psy_cell *cell)
{
    psyi_range *const range = &p->ranges[x];
    int64_t spread, reach;
    psyi_cell_wants(cell, &spread, &reach);
    int64_t aim = up ? range->seen_low + spread : range->seen_high - spread;
    aim = up && aim < reach ? reach : aim;
    aim = aim > range->high ? range->high : aim < range->low ? range->low : aim;
    if ((aim > range->seen_high || aim < range->seen_low) &&
        psyi_walk_from(&p->walk, p->tableau.at, p->column[x], aim - p->hidden->value[x],
                       walks(p)) &&
        psyi_walk_is_table(&p->walk, p->walk.distance))
        see_all(p, p->walk.distance);
}

/* The program first: it takes a step or two from where the last one ended.  Mending (where walks go
 * astray they take long) and the search over whole numbers are for what it leaves open. */
static void try_unknown(problem *p, uint32_t x, const psy_cell *cell)
{
    psyi_range *const range = &p->ranges[x];
    const bool quick = p->depth <= PSYI_SEARCH_QUICK;
    for (int up = 1; up >= 0 && !psyi_range_is_enough(range, cell) &&
                     !(quick && psyi_range_is_closed(range, cell));
         up--) {
        const double end = go(p, p->column[x], up ? 1 : -1, range, cell);
        if (!isfinite(end))
            continue;
        set_end(range, p->hidden->value[x], end, up);
        round_end(p, x, up, cell);
    }
    if (!psyi_range_is_enough(range, cell) && !psyi_range_is_closed(range, cell))
        try_walk(p, x, cell);
    for (int up = 1; up >= 0 && !(quick && psyi_range_is_closed(range, cell)); up--)
        close_gap(p, x, cell, up);
}

bool psyi_hidden_has_open(const psyi_hidden *h, const psy_tables *tables, size_t group,
                          const uint8_t *sure, const psyi_range *ranges)
{
    for (size_t i = h->first_member[group]; i < h->first_member[group + 1]; i++) {
        const uint32_t x = h->member[i];
        if (x < h->n_cells && (sure == NULL || sure[h->cell[x]] == 0) &&
            !psyi_range_is_enough(&ranges[x], &tables->cells[h->cell[x]]))
            return true;
    }
    return false;
}

psy_status psyi_hidden_search(const psyi_hidden *hidden, const psy_tables *tables, size_t group,
                              const uint8_t *sure, psyi_thorough depth, psyi_range *ranges,
                              const psy_allocator *allocator, psy_error *error)
{
    const size_t n = hidden->first_member[group + 1] - hidden->first_member[group];
    const size_t n_rows = hidden->first_row[group + 1] - hidden->first_row[group];
    if (n * (n_rows + 1) > MOST_CELLS)
        return psyi_hidden_search_near(hidden, tables, group, sure, depth, ranges, allocator,
                                       error);
    problem p = {.hidden = hidden, .ranges = ranges, .depth = depth};
    psyi_arena_init(&p.arena, allocator);
    psy_status status = PSY_OK;
    if (!set_up(&p, group))
        status = psyi_fail_memory(error, "an audit of tables");
    for (size_t j = 0; j < p.n && status == PSY_OK; j++) {
        const uint32_t x = p.unknown[j];
        if (x >= hidden->n_cells || (sure != NULL && sure[hidden->cell[x]] != 0))
            continue;
        const psy_cell *const cell = &tables->cells[hidden->cell[x]];
        try_unknown(&p, x, cell);
        if (p.dive.no_memory)
            status = psyi_fail_memory(error, "an audit of tables");
        else if (depth == PSYI_SEARCH_TRIAL && !psyi_range_is_enough(&ranges[x], cell))
            break;
    }
    psyi_dive_done(&p.dive);
    psyi_arena_done(&p.arena);
    return status;
}
