/*
 * hidden_tableau.c -- the simplex method with bounds, on tables that are nearly empty.
 *
 * Arithmetic is in doubles; what it says of a table is believed only for the nearest whole numbers,
 * whose sums and bounds are kept in integers.
 *
 * Source: Dantzig (1963), Linear programming and extensions, ch. 18 (upper bounds); Bland (1977),
 * Mathematics of Operations Research 2:103-107 (no cycles).
 */
#include "stats/hidden_tableau.h"

#include <math.h>
#include <string.h>

#define TINY    1e-9
#define REBUILD 2000u /* pivots after which the rows are computed anew */
#define NOWHERE UINT32_MAX

enum { NOT_WHOLE = 1, OUTSIDE = 2, NOT_SEEN = 4 };

bool psyi_tableau_make(psyi_tableau *t, psyi_arena *arena, const psyi_walk *of,
                       const psyi_range *ranges)
{
    const size_t n = of->n, n_rows = of->n_rows;
    *t = (psyi_tableau){.of = of, .n = n, .n_rows = n_rows, .words = (n + 63) / 64};
    t->basic = psyi_arena_alloc(arena, n_rows + 1, sizeof *t->basic);
    t->row_of = psyi_arena_alloc(arena, n, sizeof *t->row_of);
    t->some = psyi_arena_alloc(arena, n, sizeof *t->some);
    t->hit = psyi_arena_alloc(arena, n_rows + 1, sizeof *t->hit);
    t->near = psyi_arena_alloc(arena, n, sizeof *t->near);
    t->state = psyi_arena_alloc(arena, n, sizeof *t->state);
    t->sum = psyi_arena_alloc(arena, n_rows + 1, sizeof *t->sum);
    t->moved = psyi_arena_alloc(arena, n, sizeof *t->moved);
    t->at = psyi_arena_alloc(arena, n, sizeof *t->at);
    t->low = psyi_arena_alloc(arena, n, sizeof *t->low);
    t->high = psyi_arena_alloc(arena, n, sizeof *t->high);
    t->there = psyi_arena_alloc(arena, t->words * (n_rows + 1), sizeof *t->there);
    t->rate = psyi_arena_alloc(arena, n * (n_rows + 1), sizeof *t->rate);
    if (t->basic == NULL || t->row_of == NULL || t->some == NULL || t->hit == NULL ||
        t->near == NULL || t->state == NULL || t->sum == NULL || t->moved == NULL ||
        t->at == NULL || t->low == NULL || t->high == NULL || t->there == NULL || t->rate == NULL)
        return false;
    for (size_t j = 0; j < n; j++) {
        const uint32_t x = of->unknown[j];
        t->low[j] = (double)(ranges[x].low - of->hidden->value[x]);
        t->high[j] = (double)(ranges[x].high - of->hidden->value[x]);
    }
    return true;
}

/* ---- where everything is ---- */

static void add_to_rows(psyi_tableau *t, size_t j, int64_t by)
{
    const psyi_walk *const w = t->of;
    for (uint32_t k = w->first[j]; k < w->first[j + 1]; k++) {
        int64_t *const sum = &t->sum[w->row_of[k]];
        t->n_off -= *sum != 0;
        *sum += w->sign[k] * by;
        t->n_off += *sum != 0;
    }
}

static void move_to(psyi_tableau *t, size_t j, double at)
{
    const psyi_hidden *const h = t->of->hidden;
    const uint32_t x = t->of->unknown[j];
    const uint8_t was = t->state[j];
    const double nearest = nearbyint(at);
    const int64_t near = (int64_t)nearest, value = h->value[x] + near;
    const bool outside = value < h->low[x] || value > h->high[x];
    const uint8_t is =
        (uint8_t)((fabs(at - nearest) > 1e-6 ? NOT_WHOLE : 0) | (outside ? OUTSIDE : 0));
    t->at[j] = at;
    t->n_bad -= (was & (NOT_WHOLE | OUTSIDE)) != 0;
    t->n_bad += is != 0;
    t->state[j] = is | (was & NOT_SEEN);
    if (near == t->near[j])
        return;
    add_to_rows(t, j, near - t->near[j]);
    t->near[j] = near;
    if ((was & NOT_SEEN) == 0)
        t->moved[t->n_moved++] = (uint32_t)j;
    t->state[j] |= NOT_SEEN;
}

static void move_home(psyi_tableau *t)
{
    memset(t->at, 0, t->n * sizeof *t->at);
    memset(t->near, 0, t->n * sizeof *t->near);
    memset(t->state, 0, t->n * sizeof *t->state);
    memset(t->sum, 0, t->n_rows * sizeof *t->sum);
    t->n_bad = t->n_off = t->n_moved = 0;
}

bool psyi_tableau_is_table(const psyi_tableau *t)
{
    return t->n_bad == 0 && t->n_off == 0;
}

void psyi_tableau_seen(psyi_tableau *t)
{
    for (size_t i = 0; i < t->n_moved; i++)
        t->state[t->moved[i]] &= (uint8_t)~NOT_SEEN;
    t->n_moved = 0;
}

/* ---- rows ---- */

/* The columns in which a row is not 0, ascending, into t->some.  (Rows of tables are nearly empty,
 * and stay so: only what is there is worked on.) */
static size_t list_row(psyi_tableau *t, size_t row)
{
    const double *const own = t->rate + row * t->n;
    uint64_t *const bits = t->there + row * t->words;
    size_t n = 0;
    for (size_t word = 0; word < t->words; word++)
        for (uint64_t left = bits[word]; left != 0; left &= left - 1) {
            const size_t j = word * 64 + (size_t)__builtin_ctzll(left);
            if (own[j] != 0)
                t->some[n++] = (uint32_t)j;
            else
                bits[word] &= ~(left & (~left + 1));
        }
    return n;
}

/* What a row has in a column.  (A column lies in as many lines of the cache, and nearly as many
 * pages, as there are rows; the bits of all rows fit into the second cache.) */
static inline double rate_at(const psyi_tableau *t, size_t row, size_t column)
{
    return (t->there[row * t->words + column / 64] >> column % 64 & 1) != 0
               ? t->rate[row * t->n + column]
               : 0;
}

/* Take `times` of the row whose `n` columns are listed from another one. */
static void subtract(psyi_tableau *t, size_t from, size_t row, size_t n, double times)
{
    double *const other = t->rate + from * t->n;
    const double *const own = t->rate + row * t->n;
    for (size_t k = 0; k < n; k++) {
        const size_t j = t->some[k];
        const double left = other[j] - times * own[j];
        other[j] = fabs(left) < TINY ? 0 : left;
    }
    for (size_t word = 0; word < t->words; word++)
        t->there[from * t->words + word] |= t->there[row * t->words + word];
}

static void find_hits(psyi_tableau *t, size_t column)
{
    t->n_hit = 0;
    for (size_t i = 0; i < t->n_basic; i++)
        if (rate_at(t, i, column) != 0)
            t->hit[t->n_hit++] = (uint32_t)i;
}

/* Of the rows that are hit. */
static void pivot(psyi_tableau *t, size_t row, size_t column)
{
    double *const own = t->rate + row * t->n;
    const double by = own[column];
    const size_t n = list_row(t, row);
    for (size_t k = 0; k < n; k++)
        own[t->some[k]] /= by;
    own[column] = 1;
    for (size_t k = 0; k < t->n_hit; k++) {
        const size_t i = t->hit[k];
        if (i == row)
            continue;
        subtract(t, i, row, n, t->rate[i * t->n + column]);
        t->rate[i * t->n + column] = 0;
    }
    t->row_of[t->basic[row]] = NOWHERE;
    t->basic[row] = (uint32_t)column;
    t->row_of[column] = (uint32_t)row;
    t->pivots++;
}

/* A row of the system as row `to`, without the unknowns that others are solved for.  (These stand
 * in no other row of the tableau, so what is subtracted brings none of them in.) */
static void reduce(psyi_tableau *t, const psyi_row *row, size_t to)
{
    double *const own = t->rate + to * t->n;
    uint64_t *const bits = t->there + to * t->words;
    const size_t n_old = list_row(t, to);
    for (size_t k = 0; k < n_old; k++)
        own[t->some[k]] = 0;
    memset(bits, 0, t->words * sizeof *bits);
    for (size_t k = 0; k < row->n; k++) {
        const size_t column = t->of->column[row->terms[k].unknown];
        own[column] += row->terms[k].sign;
        bits[column / 64] |= UINT64_C(1) << column % 64;
    }
    for (size_t k = 0; k < row->n; k++) {
        const uint32_t column = t->of->column[row->terms[k].unknown];
        const double times = own[column];
        if (times != 0 && t->row_of[column] != NOWHERE)
            subtract(t, to, t->row_of[column], list_row(t, t->row_of[column]), times);
    }
}

/* What a row is solved for: an unknown that stands in as few other rows as can be (mostly in none:
 * what is left of an order, a difference that no table prints), so that rows stay nearly empty. */
static size_t pivot_of(psyi_tableau *t, size_t row)
{
    const double *const own = t->rate + row * t->n;
    const size_t n = list_row(t, row);
    double most = 0;
    size_t best = SIZE_MAX;
    for (size_t k = 0; k < n; k++)
        most = fabs(own[t->some[k]]) > most ? fabs(own[t->some[k]]) : most;
    for (size_t k = 0; k < n; k++) {
        const size_t j = t->some[k];
        if (fabs(own[j]) > most / 2 &&
            (best == SIZE_MAX || psyi_walk_rows(t->of, j) < psyi_walk_rows(t->of, best)))
            best = j;
    }
    return best;
}

/* Rows anew, each solved for one of its unknowns. */
static void build(psyi_tableau *t)
{
    memset(t->row_of, 0xFF, t->n * sizeof *t->row_of); /* NOWHERE */
    move_home(t);
    t->n_basic = 0;
    for (size_t i = 0; i < t->n_rows; i++) {
        reduce(t, t->of->rows[i], t->n_basic);
        const size_t best = pivot_of(t, t->n_basic);
        if (best == SIZE_MAX)
            continue; /* says what others say already */
        t->basic[t->n_basic] = (uint32_t)best;
        t->n_basic++;
        t->n_hit = 0; /* in none but this, where no other row of the system has it */
        if (psyi_walk_rows(t->of, best) > 1)
            find_hits(t, best);
        pivot(t, t->n_basic - 1, best);
    }
    t->pivots = 0; /* those of the walks are counted */
}

/* ---- steps ---- */

/* The unknown whose change helps most; the first that helps after steps that led nowhere, so
 * that they do not go in a circle. */
typedef struct choice {
    size_t enter;
    double gain, direction; /* of it; the gain without sign */
} choice;

static bool consider(const psyi_tableau *t, size_t j, double gain, choice *best)
{
    const bool up = gain > 0 && t->at[j] < t->high[j] - TINY;
    const bool down = gain < 0 && t->at[j] > t->low[j] + TINY;
    if (t->row_of[j] != NOWHERE || fabs(gain) <= best->gain || (!up && !down))
        return false;
    *best = (choice){j, fabs(gain), up ? 1 : -1};
    return true;
}

static choice choose(const psyi_tableau *t, size_t aim, double way, bool first)
{
    choice best = {SIZE_MAX, TINY, 0};
    const size_t row = t->row_of[aim];
    if (row == NOWHERE) { /* nothing but itself changes it */
        consider(t, aim, way, &best);
        return best;
    }
    for (size_t word = 0; word < t->words; word++)
        for (uint64_t left = t->there[row * t->words + word]; left != 0; left &= left - 1) {
            const size_t j = word * 64 + (size_t)__builtin_ctzll(left);
            if (consider(t, j, -way * t->rate[row * t->n + j], &best) && first)
                return best;
        }
    return best;
}

void psyi_tableau_begin(psyi_tableau *t)
{
    if (!t->built || t->pivots > REBUILD)
        build(t);
    t->built = true;
}

double psyi_tableau_step(psyi_tableau *t, size_t aim, double way, bool first)
{
    const choice by = choose(t, aim, way, first);
    const size_t enter = by.enter;
    const double direction = by.direction;
    if (enter == SIZE_MAX)
        return -1;
    double length = direction > 0 ? t->high[enter] - t->at[enter] : t->at[enter] - t->low[enter];
    size_t leave = SIZE_MAX;
    find_hits(t, enter);
    for (size_t k = 0; k < t->n_hit; k++) {
        const size_t i = t->hit[k], x = t->basic[i];
        const double rate = -t->rate[i * t->n + enter] * direction;
        if (fabs(rate) <= TINY)
            continue;
        const double room = rate > 0 ? t->high[x] - t->at[x] : t->at[x] - t->low[x];
        const double most = (room > 0 ? room : 0) / fabs(rate);
        if (most < length - TINY ||
            (leave != SIZE_MAX && most < length + TINY && x < t->basic[leave])) {
            length = most < length ? most : length;
            leave = i;
        }
    }
    for (size_t k = 0; k < t->n_hit; k++) {
        const size_t x = t->basic[t->hit[k]];
        move_to(t, x, t->at[x] - t->rate[t->hit[k] * t->n + enter] * direction * length);
    }
    move_to(t, enter, t->at[enter] + direction * length);
    if (leave != SIZE_MAX)
        pivot(t, leave, enter);
    return length;
}
