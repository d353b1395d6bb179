/*
 * hidden_search.c -- how far a hidden cell can be from what it is.
 *
 * A solution is a whole table that agrees with everything shown.  The true one is known, so
 * the unknowns here are the distances from it: all zero to begin with, and every row then says
 * that distances add up to zero.  The simplex method with bounds walks from there as far as it
 * goes in one unknown, up and down.  Tables of counts nearly always give whole numbers; where
 * they do not, a search over whole numbers takes over, of bounded length.
 *
 * Arithmetic is in doubles, but nothing is believed for it: a solution counts only when its
 * rounded values satisfy every row and bound in integers.  That the method stopped too early,
 * or rounded an end inwards, can only make a cell look more exposed than it is.
 *
 * Source: Dantzig (1963), Linear programming and extensions, ch. 18 (upper bounds); Bland (1977),
 * Mathematics of Operations Research 2:103-107 (no cycles).
 */
#include "stats/hidden_system.h"
#include "stats/hidden_walk.h"

#include "base/fail.h"

#include <math.h>
#include <string.h>

#define TINY       1e-9
#define MOST_STEPS 4000u /* of one program */
#define MOST_NODES 2000u /* of one search */
#define FEW_NODES  200u  /* where a cell that is given up is simply hidden better */
#define FEW_WALKS  3u
#define MOST_WALKS 12u
#define MOST_IDLE  40u      /* steps of no length before care is taken of circles */
#define REBUILD    2000u    /* pivots after which the rows are computed anew */
#define MOST_CELLS 4000000u /* of a tableau; a larger system is searched in parts */

typedef struct problem {
    const psyi_hidden *hidden;
    psyi_range *ranges;
    psyi_arena arena;
    size_t n, n_rows;        /* unknowns and rows of the group */
    const uint32_t *unknown; /* [n]: of the whole system */
    uint32_t *column;        /* [hidden->n]: back */
    const psyi_row **rows;
    psyi_walk walk;
    /* tableau: row i says that basic[i] is minus the sum of rate * others */
    double *rate;    /* [n_basic * n] */
    uint64_t *there; /* [n_basic * words]: bits of columns that may not be 0 */
    size_t words;
    size_t n_basic;
    uint32_t *basic;
    uint32_t *row_of; /* [n]: or UINT32_MAX */
    uint32_t *some;   /* [n]: scratch, where a row is not empty */
    uint32_t *hit;    /* [n_rows]: rows that are not 0 in the column at hand */
    size_t n_hit;
    double *at, *low, *high;
    int64_t *whole;
    /* `at` in whole numbers, kept while it moves: a step moves few unknowns of a thousand, and to
     * look at all of them after each was a third of a search. */
    int64_t *near;   /* [n]: the nearest whole number */
    uint8_t *state;  /* [n]: NOT_WHOLE, OUTSIDE, NOT_SEEN */
    size_t n_bad;    /* unknowns that are not whole, or outside their bounds */
    int64_t *sum;    /* [n_rows] */
    size_t n_off;    /* rows that do not add up */
    uint32_t *moved; /* [n_moved]: NOT_SEEN, moved since the last table that was one */
    size_t n_moved;
    unsigned pivots;
    int64_t *rooms;    /* bounds, two arrays of [hidden->n] a level, of which the group's are set */
    size_t rooms_size; /* as many numbers; levels come when they are reached */
    bool built;        /* the tableau: only when somebody asks for it */
    psyi_thorough depth; /* how long whole numbers are sought */
    bool no_memory;
} problem;

#define NOWHERE UINT32_MAX

enum { NOT_WHOLE = 1, OUTSIDE = 2, NOT_SEEN = 4 };

/* ---- solutions ---- */

static void see(problem *p, size_t j, int64_t distance)
{
    psyi_range *const range = &p->ranges[p->unknown[j]];
    const int64_t value = p->hidden->value[p->unknown[j]] + distance;
    range->seen_low = value < range->seen_low ? value : range->seen_low;
    range->seen_high = value > range->seen_high ? value : range->seen_high;
}

/* Do these distances make a table?  Then remember how far it reaches. */
static bool take_solution(problem *p, const int64_t *distance)
{
    const psyi_hidden *const h = p->hidden;
    for (size_t j = 0; j < p->n; j++) {
        const int64_t value = h->value[p->unknown[j]] + distance[j];
        if (value < h->low[p->unknown[j]] || value > h->high[p->unknown[j]])
            return false;
    }
    if (!psyi_walk_adds_up(&p->walk, distance))
        return false;
    for (size_t j = 0; j < p->n; j++)
        see(p, j, distance[j]);
    return true;
}

static void add_to_rows(problem *p, size_t j, int64_t by)
{
    const psyi_walk *const w = &p->walk;
    for (uint32_t k = w->first[j]; k < w->first[j + 1]; k++) {
        int64_t *const sum = &p->sum[w->row_of[k]];
        p->n_off -= *sum != 0;
        *sum += w->sign[k] * by;
        p->n_off += *sum != 0;
    }
}

static void move_to(problem *p, size_t j, double at)
{
    const psyi_hidden *const h = p->hidden;
    const uint8_t was = p->state[j];
    const double nearest = nearbyint(at);
    const int64_t near = (int64_t)nearest, value = h->value[p->unknown[j]] + near;
    const bool outside = value < h->low[p->unknown[j]] || value > h->high[p->unknown[j]];
    const uint8_t is =
        (uint8_t)((fabs(at - nearest) > 1e-6 ? NOT_WHOLE : 0) | (outside ? OUTSIDE : 0));
    p->at[j] = at;
    p->n_bad -= (was & (NOT_WHOLE | OUTSIDE)) != 0;
    p->n_bad += is != 0;
    p->state[j] = is | (was & NOT_SEEN);
    if (near == p->near[j])
        return;
    add_to_rows(p, j, near - p->near[j]);
    p->near[j] = near;
    if ((was & NOT_SEEN) == 0)
        p->moved[p->n_moved++] = (uint32_t)j;
    p->state[j] |= NOT_SEEN;
}

static void move_home(problem *p)
{
    memset(p->at, 0, p->n * sizeof *p->at);
    memset(p->near, 0, p->n * sizeof *p->near);
    memset(p->state, 0, p->n * sizeof *p->state);
    memset(p->sum, 0, p->n_rows * sizeof *p->sum);
    p->n_bad = p->n_off = p->n_moved = 0;
}

/* Is it a table?  Then who moved since the last one has been seen there. */
static void look_at(problem *p)
{
    if (p->n_bad > 0 || p->n_off > 0)
        return;
    for (size_t i = 0; i < p->n_moved; i++) {
        see(p, p->moved[i], p->near[p->moved[i]]);
        p->state[p->moved[i]] &= (uint8_t)~NOT_SEEN;
    }
    p->n_moved = 0;
}

/* ---- tableau ---- */

/* The columns in which a row is not 0, ascending, into p->some.  (Rows of tables are nearly empty,
 * and stay so: only what is there is worked on.) */
static size_t list_row(problem *p, size_t row)
{
    const double *const own = p->rate + row * p->n;
    uint64_t *const bits = p->there + row * p->words;
    size_t n = 0;
    for (size_t word = 0; word < p->words; word++)
        for (uint64_t left = bits[word]; left != 0; left &= left - 1) {
            const size_t j = word * 64 + (size_t)__builtin_ctzll(left);
            if (own[j] != 0)
                p->some[n++] = (uint32_t)j;
            else
                bits[word] &= ~(left & (~left + 1));
        }
    return n;
}

/* What a row has in a column.  (A column lies in as many lines of the cache, and nearly as many
 * pages, as there are rows; the bits of all rows fit into the second cache.) */
static inline double rate_at(const problem *p, size_t row, size_t column)
{
    return (p->there[row * p->words + column / 64] >> column % 64 & 1) != 0
               ? p->rate[row * p->n + column]
               : 0;
}

/* Take `times` of the row whose `n` columns are listed from another one. */
static void subtract(problem *p, size_t from, size_t row, size_t n, double times)
{
    double *const other = p->rate + from * p->n;
    const double *const own = p->rate + row * p->n;
    for (size_t k = 0; k < n; k++) {
        const size_t j = p->some[k];
        const double left = other[j] - times * own[j];
        other[j] = fabs(left) < TINY ? 0 : left;
    }
    for (size_t word = 0; word < p->words; word++)
        p->there[from * p->words + word] |= p->there[row * p->words + word];
}

static void find_hits(problem *p, size_t column)
{
    p->n_hit = 0;
    for (size_t i = 0; i < p->n_basic; i++)
        if (rate_at(p, i, column) != 0)
            p->hit[p->n_hit++] = (uint32_t)i;
}

/* Of the rows that are hit. */
static void pivot(problem *p, size_t row, size_t column)
{
    double *const own = p->rate + row * p->n;
    const double by = own[column];
    const size_t n = list_row(p, row);
    for (size_t k = 0; k < n; k++)
        own[p->some[k]] /= by;
    own[column] = 1;
    for (size_t k = 0; k < p->n_hit; k++) {
        const size_t i = p->hit[k];
        if (i == row)
            continue;
        subtract(p, i, row, n, p->rate[i * p->n + column]);
        p->rate[i * p->n + column] = 0;
    }
    p->row_of[p->basic[row]] = NOWHERE;
    p->basic[row] = (uint32_t)column;
    p->row_of[column] = (uint32_t)row;
    p->pivots++;
}

/* A row of the system as row `to`, without the unknowns that others are solved for.  (These stand
 * in no other row of the tableau, so what is subtracted brings none of them in.) */
static void reduce(problem *p, const psyi_row *row, size_t to)
{
    double *const own = p->rate + to * p->n;
    uint64_t *const bits = p->there + to * p->words;
    const size_t n_old = list_row(p, to);
    for (size_t k = 0; k < n_old; k++)
        own[p->some[k]] = 0;
    memset(bits, 0, p->words * sizeof *bits);
    for (size_t k = 0; k < row->n; k++) {
        const size_t column = p->column[row->terms[k].unknown];
        own[column] += row->terms[k].sign;
        bits[column / 64] |= UINT64_C(1) << column % 64;
    }
    for (size_t k = 0; k < row->n; k++) {
        const uint32_t column = p->column[row->terms[k].unknown];
        const double times = own[column];
        if (times != 0 && p->row_of[column] != NOWHERE)
            subtract(p, to, p->row_of[column], list_row(p, p->row_of[column]), times);
    }
}

/* What a row is solved for: an unknown that stands in as few other rows as can be (mostly in none:
 * what is left of an order, a difference that no table prints), so that rows stay nearly empty. */
static size_t pivot_of(problem *p, size_t row)
{
    const double *const own = p->rate + row * p->n;
    const size_t n = list_row(p, row);
    double most = 0;
    size_t best = SIZE_MAX;
    for (size_t k = 0; k < n; k++)
        most = fabs(own[p->some[k]]) > most ? fabs(own[p->some[k]]) : most;
    for (size_t k = 0; k < n; k++) {
        const size_t j = p->some[k];
        if (fabs(own[j]) > most / 2 &&
            (best == SIZE_MAX || psyi_walk_rows(&p->walk, j) < psyi_walk_rows(&p->walk, best)))
            best = j;
    }
    return best;
}

/* Rows anew, each solved for one of its unknowns. */
static void build(problem *p)
{
    memset(p->row_of, 0xFF, p->n * sizeof *p->row_of); /* NOWHERE */
    move_home(p);
    p->n_basic = 0;
    for (size_t i = 0; i < p->n_rows; i++) {
        reduce(p, p->rows[i], p->n_basic);
        const size_t best = pivot_of(p, p->n_basic);
        if (best == SIZE_MAX)
            continue; /* says what others say already */
        p->basic[p->n_basic] = (uint32_t)best;
        p->n_basic++;
        p->n_hit = 0; /* in none but this, where no other row of the system has it */
        if (psyi_walk_rows(&p->walk, best) > 1)
            find_hits(p, best);
        pivot(p, p->n_basic - 1, best);
    }
    p->pivots = 0; /* those of the walks are counted */
}

/* The unknown whose change helps most; the first that helps after steps that led nowhere, so
 * that they do not go in a circle. */
typedef struct choice {
    size_t enter;
    double gain, direction; /* of it; the gain without sign */
} choice;

static bool consider(const problem *p, size_t j, double gain, choice *best)
{
    const bool up = gain > 0 && p->at[j] < p->high[j] - TINY;
    const bool down = gain < 0 && p->at[j] > p->low[j] + TINY;
    if (p->row_of[j] != NOWHERE || fabs(gain) <= best->gain || (!up && !down))
        return false;
    *best = (choice){j, fabs(gain), up ? 1 : -1};
    return true;
}

static choice choose(const problem *p, size_t aim, double way, bool first)
{
    choice best = {SIZE_MAX, TINY, 0};
    const size_t row = p->row_of[aim];
    if (row == NOWHERE) { /* nothing but itself changes it */
        consider(p, aim, way, &best);
        return best;
    }
    for (size_t word = 0; word < p->words; word++)
        for (uint64_t left = p->there[row * p->words + word]; left != 0; left &= left - 1) {
            const size_t j = word * 64 + (size_t)__builtin_ctzll(left);
            if (consider(p, j, -way * p->rate[row * p->n + j], &best) && first)
                return best;
        }
    return best;
}

/* One step: its length, below 0 when none leads on. */
static double step(problem *p, size_t aim, double way, bool first)
{
    const choice by = choose(p, aim, way, first);
    const size_t enter = by.enter;
    const double direction = by.direction;
    if (enter == SIZE_MAX)
        return -1;
    double length = direction > 0 ? p->high[enter] - p->at[enter] : p->at[enter] - p->low[enter];
    size_t leave = SIZE_MAX;
    find_hits(p, enter);
    for (size_t k = 0; k < p->n_hit; k++) {
        const size_t i = p->hit[k], x = p->basic[i];
        const double rate = -p->rate[i * p->n + enter] * direction;
        if (fabs(rate) <= TINY)
            continue;
        const double room = rate > 0 ? p->high[x] - p->at[x] : p->at[x] - p->low[x];
        const double most = (room > 0 ? room : 0) / fabs(rate);
        if (most < length - TINY ||
            (leave != SIZE_MAX && most < length + TINY && x < p->basic[leave])) {
            length = most < length ? most : length;
            leave = i;
        }
    }
    for (size_t k = 0; k < p->n_hit; k++) {
        const size_t x = p->basic[p->hit[k]];
        move_to(p, x, p->at[x] - p->rate[p->hit[k] * p->n + enter] * direction * length);
    }
    move_to(p, enter, p->at[enter] + direction * length);
    if (leave != SIZE_MAX)
        pivot(p, leave, enter);
    return length;
}

/* ---- walking ---- */

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

/* As far as it goes; NaN when it was given up, or went far enough. */
static double go(problem *p, size_t aim, double way, const psyi_range *range, const psy_cell *cell)
{
    unsigned idle = 0;
    if (!p->built || p->pivots > REBUILD)
        build(p);
    p->built = true;
    for (unsigned i = 0; i < MOST_STEPS; i++) {
        const double length = step(p, aim, way, idle > MOST_IDLE);
        if (length < 0)
            return p->at[aim];
        idle = length > TINY ? 0 : idle + 1;
        look_at(p);
        if (psyi_range_is_enough(range, cell))
            return NAN;
    }
    return NAN;
}

/* ---- whole numbers ---- */

typedef struct search {
    problem *p;
    size_t group;
    unsigned nodes, most;
} search;

/* Room for the bounds of a level: what was there stays, but may lie elsewhere. */
static bool reach(problem *p, size_t level)
{
    void *rooms = p->rooms;
    const bool good = psyi_grow_raw(p->arena.allocator, &rooms, &p->rooms_size,
                                    (level + 1) * 2 * p->hidden->n, sizeof *p->rooms);
    p->rooms = rooms;
    p->no_memory = p->no_memory || !good;
    return good;
}

/* Bounds of the group's unknowns; narrowing looks at no others. */
static void copy_bounds(const problem *p, const int64_t *low, const int64_t *high, int64_t *to)
{
    int64_t *const above = to + p->hidden->n;
    for (size_t j = 0; j < p->n; j++) {
        const uint32_t x = p->unknown[j];
        to[x] = low[x];
        above[x] = high[x];
    }
}

/* Depth first: the unknown with the fewest values, nearest to the truth first. */
static bool dive(search *s, size_t level)
{
    const psyi_hidden *const h = s->p->hidden;
    int64_t *const low = s->p->rooms + level * 2 * h->n, *const high = low + h->n;
    if (s->nodes++ > s->most || !psyi_hidden_narrow(h, s->group, low, high))
        return false;
    size_t next = SIZE_MAX;
    for (size_t j = 0; j < s->p->n; j++) {
        const uint32_t x = s->p->unknown[j];
        if (low[x] < high[x] && (next == SIZE_MAX || high[x] - low[x] < high[next] - low[next]))
            next = x;
    }
    if (next == SIZE_MAX) {
        for (size_t j = 0; j < s->p->n; j++)
            s->p->whole[j] = low[s->p->unknown[j]] - h->value[s->p->unknown[j]];
        return take_solution(s->p, s->p->whole);
    }
    const int64_t from = low[next], to = high[next];
    int64_t up = h->value[next] < from ? from : h->value[next] > to ? to : h->value[next];
    int64_t down = up - 1;
    while ((up <= to || down >= from) && s->nodes <= s->most) {
        const bool upwards =
            down < from || (up <= to && up - h->value[next] <= h->value[next] - down);
        const int64_t value = upwards ? up++ : down--;
        if (!reach(s->p, level + 1))
            return false;
        const int64_t *const here = s->p->rooms + level * 2 * h->n;
        int64_t *const below = s->p->rooms + (level + 1) * 2 * h->n;
        copy_bounds(s->p, here, here + h->n, below);
        below[next] = below[h->n + next] = value;
        if (dive(s, level + 1))
            return true;
    }
    return false;
}

/* A whole solution with the unknown between two values: 1 found, 0 there is none, -1 given up. */
static int seek(problem *p, size_t group, uint32_t x, int64_t from, int64_t to)
{
    const psyi_hidden *const h = p->hidden;
    search s = {
        .p = p, .group = group, .most = p->depth == PSYI_SEARCH_LONG ? MOST_NODES : FEW_NODES};
    if (from > to)
        return 0;
    if (!reach(p, 0))
        return -1;
    int64_t *const low = p->rooms, *const high = low + h->n;
    copy_bounds(p, h->low, h->high, low);
    low[x] = from > h->low[x] ? from : h->low[x];
    high[x] = to < h->high[x] ? to : h->high[x];
    const bool found = low[x] <= high[x] && dive(&s, 0);
    return found ? 1 : s.nodes > s.most || p->no_memory ? -1 : 0;
}

/* ---- a group ---- */

static bool set_up(problem *p, size_t group)
{
    const psyi_hidden *const h = p->hidden;
    p->n = h->first_member[group + 1] - h->first_member[group];
    p->n_rows = h->first_row[group + 1] - h->first_row[group];
    p->unknown = h->member + h->first_member[group];
    p->column = psyi_arena_alloc(&p->arena, h->n + 1, sizeof *p->column);
    p->rows = psyi_arena_alloc(&p->arena, p->n_rows + 1, sizeof *p->rows);
    if (p->column == NULL || p->rows == NULL)
        return false;
    for (size_t j = 0; j < p->n; j++)
        p->column[p->unknown[j]] = (uint32_t)j;
    for (size_t i = 0; i < p->n_rows; i++)
        p->rows[i] = &h->rows[h->first_row[group] + i];
    const size_t n = p->n;
    p->basic = psyi_arena_alloc(&p->arena, p->n_rows + 1, sizeof *p->basic);
    p->row_of = psyi_arena_alloc(&p->arena, n, sizeof *p->row_of);
    p->some = psyi_arena_alloc(&p->arena, n, sizeof *p->some);
    p->hit = psyi_arena_alloc(&p->arena, p->n_rows + 1, sizeof *p->hit);
    p->near = psyi_arena_alloc(&p->arena, n, sizeof *p->near);
    p->state = psyi_arena_alloc(&p->arena, n, sizeof *p->state);
    p->sum = psyi_arena_alloc(&p->arena, p->n_rows + 1, sizeof *p->sum);
    p->moved = psyi_arena_alloc(&p->arena, n, sizeof *p->moved);
    p->at = psyi_arena_alloc(&p->arena, n, sizeof *p->at);
    p->low = psyi_arena_alloc(&p->arena, n, sizeof *p->low);
    p->high = psyi_arena_alloc(&p->arena, n, sizeof *p->high);
    p->whole = psyi_arena_alloc(&p->arena, n, sizeof *p->whole);
    if (!psyi_walk_make(&p->walk, &p->arena, h, p->unknown, p->column, n, p->rows, p->n_rows))
        return false;
    p->words = (n + 63) / 64;
    p->there = psyi_arena_alloc(&p->arena, p->words * (p->n_rows + 1), sizeof *p->there);
    p->rate = psyi_arena_alloc(&p->arena, n * (p->n_rows + 1), sizeof *p->rate);
    if (p->hit == NULL || p->near == NULL || p->state == NULL || p->sum == NULL ||
        p->moved == NULL || p->there == NULL || p->basic == NULL || p->row_of == NULL ||
        p->some == NULL || p->at == NULL || p->low == NULL || p->high == NULL || p->whole == NULL ||
        p->rate == NULL)
        return false;
    for (size_t j = 0; j < n; j++) {
        p->low[j] = (double)(p->ranges[p->unknown[j]].low - h->value[p->unknown[j]]);
        p->high[j] = (double)(p->ranges[p->unknown[j]].high - h->value[p->unknown[j]]);
    }
    return true;
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
static void close_gap(problem *p, size_t group, uint32_t x, const psy_cell *cell, bool up)
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
        int found = up ? seek(p, group, x, aim, *end) : seek(p, group, x, *end, aim);
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
    return by != 0 && psyi_walk_to(&p->walk, p->column[x], by, walks(p)) &&
           take_solution(p, p->walk.distance);
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
    if (aim > range->seen_high || aim < range->seen_low)
        if (psyi_walk_from(&p->walk, p->at, p->column[x], aim - p->hidden->value[x], walks(p)))
            take_solution(p, p->walk.distance);
}

/* The program first: it takes a step or two from where the last one ended.  Mending (where walks go
 * astray they take long) and the search over whole numbers are for what it leaves open. */
static void try_unknown(problem *p, size_t group, uint32_t x, const psy_cell *cell)
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
        close_gap(p, group, x, cell, up);
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
        try_unknown(&p, group, x, cell);
        if (p.no_memory)
            status = psyi_fail_memory(error, "an audit of tables");
        else if (depth == PSYI_SEARCH_TRIAL && !psyi_range_is_enough(&ranges[x], cell))
            break;
    }
    psyi_free(p.arena.allocator, p.rooms);
    psyi_arena_done(&p.arena);
    return status;
}
