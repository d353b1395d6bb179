/*
 * hidden_walk.c -- mending a table after one of its cells was moved.
 *
 * In each step, of all unknowns in rows that do not add up, the one is moved that lessens most
 * what is missing in all rows together; among equals one that leaves the next step most
 * choice.  Whoever was just moved rests, so that the walk does not step back and forth.
 */
#include "stats/hidden_walk.h"

#include <math.h>
#include <string.h>

#define MOST_STEPS 40u
#define REST       4u
#define NOWHERE    UINT32_MAX

bool psyi_walk_make(psyi_walk *walk, psyi_arena *arena, const psyi_hidden *hidden,
                    const uint32_t *unknown, const uint32_t *column, size_t n,
                    const psyi_row **rows, size_t n_rows)
{
    size_t n_terms = 0;
    for (size_t i = 0; i < n_rows; i++)
        n_terms += rows[i]->n;
    *walk = (psyi_walk){.hidden = hidden,
                        .n = n,
                        .n_rows = n_rows,
                        .unknown = unknown,
                        .rows = rows,
                        .column = column};
    walk->first = psyi_arena_alloc(arena, n + 1, sizeof *walk->first);
    walk->row_of = psyi_arena_alloc(arena, n_terms + 1, sizeof *walk->row_of);
    walk->sign = psyi_arena_alloc(arena, n_terms + 1, sizeof *walk->sign);
    walk->start = psyi_arena_alloc(arena, n_rows + 1, sizeof *walk->start);
    walk->member = psyi_arena_alloc(arena, n_terms + 1, sizeof *walk->member);
    walk->term = psyi_arena_alloc(arena, n_terms + 1, sizeof *walk->term);
    walk->least = psyi_arena_alloc(arena, n + 1, sizeof *walk->least);
    walk->most = psyi_arena_alloc(arena, n + 1, sizeof *walk->most);
    walk->distance = psyi_arena_alloc(arena, n + 1, sizeof *walk->distance);
    walk->off = psyi_arena_alloc(arena, n_rows + 1, sizeof *walk->off);
    walk->sum = psyi_arena_alloc(arena, n_rows + 1, sizeof *walk->sum);
    walk->wrong = psyi_arena_alloc(arena, n_rows + 1, sizeof *walk->wrong);
    walk->place = psyi_arena_alloc(arena, n_rows + 1, sizeof *walk->place);
    walk->moved = psyi_arena_alloc(arena, n + 1, sizeof *walk->moved);
    if (walk->first == NULL || walk->row_of == NULL || walk->sign == NULL || walk->start == NULL ||
        walk->member == NULL || walk->term == NULL || walk->least == NULL || walk->most == NULL ||
        walk->distance == NULL || walk->off == NULL || walk->sum == NULL || walk->wrong == NULL ||
        walk->place == NULL || walk->moved == NULL)
        return false;
    for (size_t i = 0; i < n_rows; i++) {
        walk->start[i + 1] = walk->start[i] + (uint32_t)rows[i]->n;
        for (size_t k = 0; k < rows[i]->n; k++)
            walk->first[column[rows[i]->terms[k].unknown] + 1]++;
    }
    for (size_t j = 0; j < n; j++)
        walk->first[j + 1] += walk->first[j];
    for (size_t j = 0; j < n; j++) {
        walk->least[j] = hidden->low[unknown[j]] - hidden->value[unknown[j]];
        walk->most[j] = hidden->high[unknown[j]] - hidden->value[unknown[j]];
    }
    /* Filled from behind, with `moved` as scratch for how far. */
    for (size_t i = 0; i < n_rows; i++)
        for (size_t k = 0; k < rows[i]->n; k++) {
            const size_t j = column[rows[i]->terms[k].unknown];
            const size_t at = walk->first[j] + walk->moved[j]++;
            walk->row_of[at] = (uint32_t)i;
            walk->sign[at] = (int8_t)rows[i]->terms[k].sign;
            walk->member[walk->start[i] + k] = (uint32_t)j;
            walk->term[walk->start[i] + k] = walk->sign[at];
        }
    return true;
}

bool psyi_walk_is_table(psyi_walk *walk, const int64_t *distance)
{
    for (size_t j = 0; j < walk->n; j++)
        if (distance[j] < walk->least[j] || distance[j] > walk->most[j])
            return false;
    memset(walk->sum, 0, walk->n_rows * sizeof *walk->sum);
    for (size_t j = 0; j < walk->n; j++)
        for (uint32_t k = walk->first[j]; distance[j] != 0 && k < walk->first[j + 1]; k++)
            walk->sum[walk->row_of[k]] += walk->sign[k] * distance[j];
    for (size_t i = 0; i < walk->n_rows; i++)
        if (walk->sum[i] != 0)
            return false;
    return true;
}

static void move(psyi_walk *w, size_t j, int64_t by)
{
    w->distance[j] += by;
    for (uint32_t k = w->first[j]; k < w->first[j + 1]; k++) {
        const uint32_t row = w->row_of[k];
        w->off[row] += w->sign[k] * by;
        if (w->off[row] != 0 && w->place[row] == NOWHERE) {
            w->place[row] = (uint32_t)w->n_wrong;
            w->wrong[w->n_wrong++] = row;
        } else if (w->off[row] == 0 && w->place[row] != NOWHERE) {
            const uint32_t last = w->wrong[--w->n_wrong];
            w->wrong[w->place[row]] = last;
            w->place[last] = w->place[row];
            w->place[row] = NOWHERE;
        }
    }
}

static int64_t magnitude(int64_t x)
{
    return x < 0 ? -x : x;
}

/* What a move changes: what is missing in all rows, and how many unknowns there are to mend the
 * rows that it leaves wrong. */
static int64_t worth(const psyi_walk *w, size_t j, int64_t by, size_t *choice)
{
    int64_t change = 0;
    *choice = SIZE_MAX;
    for (uint32_t k = w->first[j]; k < w->first[j + 1]; k++) {
        const uint32_t row = w->row_of[k];
        const int64_t after = w->off[row] + w->sign[k] * by;
        const size_t own = w->start[row + 1] - w->start[row];
        change += magnitude(after) - magnitude(w->off[row]);
        if (after != 0 && own < *choice)
            *choice = own;
    }
    return change;
}

/* The move a row asks of one of its unknowns, as far as its bounds let it. */
static int64_t wish(const psyi_walk *w, size_t j, int64_t off, int sign)
{
    const int64_t by = sign > 0 ? -off : off;
    const int64_t least = w->least[j] - w->distance[j], most = w->most[j] - w->distance[j];
    return by < least ? least : by > most ? most : by;
}

/* Chance for ties, the same every time. */
static uint32_t next_chance(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static bool step(psyi_walk *w, size_t aim, uint32_t number, uint32_t *chance)
{
    size_t best = SIZE_MAX, best_choice = 0;
    int64_t best_by = 0, best_worth = INT64_MAX;
    uint32_t best_chance = 0;
    for (size_t i = 0; i < w->n_wrong; i++) {
        const uint32_t row = w->wrong[i];
        for (uint32_t k = w->start[row]; k < w->start[row + 1]; k++) {
            const size_t j = w->member[k];
            if (j == aim || (w->moved[j] != 0 && w->moved[j] + REST > number))
                continue;
            const int64_t by = wish(w, j, w->off[row], w->term[k]);
            if (by == 0)
                continue;
            size_t choice;
            const int64_t worth_of = worth(w, j, by, &choice);
            const uint32_t own = next_chance(chance);
            if (worth_of > best_worth || (worth_of == best_worth && choice < best_choice) ||
                (worth_of == best_worth && choice == best_choice && own <= best_chance))
                continue;
            best = j;
            best_by = by;
            best_worth = worth_of;
            best_choice = choice;
            best_chance = own;
        }
    }
    if (best == SIZE_MAX)
        return false;
    move(w, best, best_by);
    w->moved[best] = number;
    return true;
}

static void begin(psyi_walk *walk)
{
    memset(walk->distance, 0, walk->n * sizeof *walk->distance);
    memset(walk->off, 0, walk->n_rows * sizeof *walk->off);
    memset(walk->moved, 0, walk->n * sizeof *walk->moved);
    memset(walk->place, 0xFF, walk->n_rows * sizeof *walk->place);
    walk->n_wrong = 0;
}

static bool mend(psyi_walk *walk, size_t aim, uint32_t attempt)
{
    uint32_t chance = attempt * 2654435761u + 1;
    for (uint32_t number = 1; number <= MOST_STEPS && walk->n_wrong > 0; number++)
        if (!step(walk, aim, number, &chance))
            return false;
    return walk->n_wrong == 0;
}

bool psyi_walk_to(psyi_walk *walk, size_t aim, int64_t by, unsigned attempts)
{
    for (uint32_t attempt = 0; attempt < attempts; attempt++) {
        begin(walk);
        move(walk, aim, by);
        if (mend(walk, aim, attempt))
            return true;
    }
    return false;
}

bool psyi_walk_from(psyi_walk *walk, const double *start, size_t aim, int64_t by, unsigned attempts)
{
    for (uint32_t attempt = 0; attempt < attempts; attempt++) {
        begin(walk);
        for (size_t j = 0; j < walk->n; j++) {
            const int64_t least = walk->least[j], most = walk->most[j];
            const int64_t near = j == aim ? by : llround(start[j]);
            const int64_t at = near < least ? least : near > most ? most : near;
            if (at != 0)
                move(walk, j, at);
        }
        if (mend(walk, aim, attempt))
            return true;
    }
    return false;
}
