/*
 * reopen.c -- showing again what nobody needs to be hidden.
 */
#include "stats/reopen.h"

#include "base/fail.h"
#include "stats/table_part.h"

#include <stdlib.h>
#include <string.h>

/* A step is a field of the table that a search works in, for each cell that it seeks: what a trial
 * costs goes with it, and the same tables take the same steps on every machine. */
#define MOST_STEPS UINT64_C(1000000000)

typedef struct companion {
    int64_t value;
    uint32_t cell, group;
    uint8_t price;
} companion;

typedef struct reopening {
    const psy_tables *tables;
    const psyi_companions *of;
    uint8_t *hidden;
    const uint8_t *own, *left;
    const psy_allocator *allocator;
    uint32_t *group; /* [cells]: what hangs together, or UINT32_MAX */
    uint64_t *steps; /* [groups]: of one trial */
    companion *companions;
    size_t n;
    uint8_t *sure, *exposure, *tried; /* [cells] */
    psyi_arena arena;
    psyi_part_room room;
    psyi_table_part **parts; /* [groups]: where a group stands; NULL before it is needed */
    uint32_t *members,
        *first; /* cells of group g: members[first[g]] .. members[first[g + 1] - 1] */
} reopening;

/* The dearest, and of these the largest: a sum is worth more to a reader than a part. */
static int by_worth(const void *a, const void *b)
{
    const companion *const x = a, *const y = b;
    if (x->price != y->price)
        return x->price > y->price ? -1 : 1;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return x->cell < y->cell ? -1 : x->cell > y->cell;
}

static bool make_room(reopening *r)
{
    const size_t n = r->tables->n_cells + 1;
    r->group = psyi_alloc(r->allocator, n, sizeof *r->group);
    r->steps = psyi_alloc(r->allocator, n, sizeof *r->steps);
    r->companions = psyi_alloc(r->allocator, n, sizeof *r->companions);
    r->sure = psyi_alloc(r->allocator, n, 1);
    r->exposure = psyi_alloc(r->allocator, n, 1);
    r->tried = psyi_alloc(r->allocator, n, 1);
    psyi_arena_init(&r->arena, r->allocator);
    return r->group != NULL && r->steps != NULL && r->companions != NULL && r->sure != NULL &&
           r->exposure != NULL && r->tried != NULL &&
           psyi_part_room_make(&r->room, r->of, &r->arena);
}

/* Own cells that ask for something; and a 0 that cannot be more than a few says that there are
 * hardly any. */
static bool is_sought(const reopening *r, size_t cell)
{
    const psy_cell *const of = &r->tables->cells[cell];
    return r->own[cell] != 0 ? of->spread != PSY_SPREAD_NONE || of->reach > 0
                             : r->left[cell] == 0 && of->reach > 0;
}

/* The hidden cells of each group. */
static bool list_members(reopening *r, const psyi_hidden *h)
{
    r->parts = psyi_arena_alloc(&r->arena, h->n_groups + 1, sizeof *r->parts);
    r->first = psyi_arena_alloc(&r->arena, h->n_groups + 1, sizeof *r->first);
    r->members = psyi_arena_alloc(&r->arena, h->n_cells + 1, sizeof *r->members);
    if (r->parts == NULL || r->first == NULL || r->members == NULL)
        return false;
    uint32_t n = 0;
    for (size_t i = 0; i < h->n_groups; i++) {
        for (size_t k = h->first_member[i]; k < h->first_member[i + 1]; k++)
            if (h->member[k] < h->n_cells)
                r->members[n++] = h->cell[h->member[k]];
        r->first[i + 1] = n;
    }
    return true;
}

/* Groups fall apart when cells are shown: those of the beginning hold all that hangs together. */
static psy_status list(reopening *r, psy_error *error)
{
    psyi_hidden h;
    const psy_status status = psyi_hidden_make(&h, r->tables, r->hidden, r->allocator, error);
    if (status != PSY_OK)
        return status;
    uint32_t *const sought = psyi_alloc(r->allocator, h.n_groups + 1, sizeof *sought);
    if (sought == NULL || !list_members(r, &h)) {
        psyi_free(r->allocator, sought);
        psyi_hidden_done(&h);
        return psyi_fail_memory(error, "a suppression");
    }
    for (uint32_t i = 0; i < r->tables->n_cells; i++) {
        const psy_cell *const cell = &r->tables->cells[i];
        r->group[i] = r->hidden[i] != 0 ? h.group[h.unknown[i]] : UINT32_MAX;
        if (r->hidden[i] != 0 && is_sought(r, i))
            sought[r->group[i]]++;
        if (r->hidden[i] != 0 && r->own[i] == 0 && cell->price > 0)
            r->companions[r->n++] = (companion){cell->value, i, r->group[i], cell->price};
    }
    for (size_t i = 0; i < h.n_groups; i++)
        r->steps[i] = (uint64_t)(h.first_member[i + 1] - h.first_member[i]) *
                      (h.first_row[i + 1] - h.first_row[i] + 1) * (sought[i] + 1);
    psyi_free(r->allocator, sought);
    psyi_hidden_done(&h);
    qsort(r->companions, r->n, sizeof *r->companions, by_worth);
    return PSY_OK;
}

/* How far a cell may go up and down, by what everybody knows of it beforehand. */
static int64_t more_of(const psy_cell *cell)
{
    return cell->high == INT64_MAX ? PSYI_FAR : cell->high - cell->value;
}

static int64_t less_of(const psy_cell *cell)
{
    return cell->value - cell->low;
}

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Does this sum by itself leave each sought cell of it what it asks for? */
static bool leaves_room(const reopening *r, const psy_sum *sum)
{
    const psy_cell *const cells = r->tables->cells;
    const uint32_t whole = sum->cells[0];
    int64_t more = 0, less = 0; /* of its hidden parts together */
    for (size_t i = 1; i < sum->n; i++)
        if (r->hidden[sum->cells[i]] != 0) {
            more += more_of(&cells[sum->cells[i]]);
            less += less_of(&cells[sum->cells[i]]);
        }
    const int64_t whole_more = r->hidden[whole] != 0 ? more_of(&cells[whole]) : 0;
    const int64_t whole_less = r->hidden[whole] != 0 ? less_of(&cells[whole]) : 0;
    for (size_t i = 0; i < sum->n; i++) {
        const psy_cell *const cell = &cells[sum->cells[i]];
        if (r->hidden[sum->cells[i]] == 0 || !is_sought(r, sum->cells[i]))
            continue;
        /* A part grows with the whole, and at the cost of the other parts. */
        const int64_t up = i == 0 ? more : whole_more + less - less_of(cell);
        const int64_t down = i == 0 ? less : whole_less + more - more_of(cell);
        int64_t spread, reach;
        psyi_cell_wants(cell, &spread, &reach);
        const int64_t high = lesser(up, more_of(cell)), low = lesser(down, less_of(cell));
        if (high + low < spread || cell->value + high < reach)
            return false;
    }
    return true;
}

/* Most companions are needed by a sum that they stand in: no search has to say so. */
static bool is_needed(const reopening *r, uint32_t cell)
{
    bool needed = false;
    r->hidden[cell] = 0;
    for (uint32_t at = r->of->first[cell]; at < r->of->first[cell + 1] && !needed; at++)
        needed = !leaves_room(r, &r->tables->sums[r->of->sums[at]]);
    r->hidden[cell] = 1;
    return needed;
}

/* Without it, is everybody safe who hangs together with it? */
static psy_status try_one(reopening *r, const companion *one, bool *safe, psy_error *error)
{
    psyi_table_part **const part = &r->parts[one->group];
    const uint32_t first = r->first[one->group];
    size_t n_leaks;
    *safe = false;
    if (*part == NULL)
        *part = psyi_table_part_make(&r->room, r->members + first, r->first[one->group + 1] - first,
                                     &r->arena);
    if (*part == NULL)
        return psyi_fail_memory(error, "a suppression");
    r->hidden[one->cell] = 0;
    for (size_t i = 0; i < (*part)->tables.n_cells; i++) {
        const uint32_t cell = (*part)->cell[i];
        r->tried[i] = r->hidden[cell];
        r->sure[i] = !is_sought(r, cell);
    }
    const psy_status status =
        psyi_tables_audit(&(*part)->tables, r->tried, r->sure, PSYI_SEARCH_TRIAL, r->exposure, NULL,
                          NULL, &n_leaks, r->allocator, error);
    *safe = status == PSY_OK && n_leaks == 0;
    if (!*safe)
        r->hidden[one->cell] = 1;
    return status;
}

/* Beside what was shown others may have come to be known, which are no more hidden for their own
 * sake than it. */
static psy_status show_known(const reopening *r, psy_error *error)
{
    size_t n_leaks;
    const psy_status status =
        psyi_tables_audit(r->tables, r->hidden, r->own, PSYI_SEARCH_SHORT, r->exposure, NULL, NULL,
                          &n_leaks, r->allocator, error);
    for (size_t i = 0; i < r->tables->n_cells && status == PSY_OK; i++)
        if (r->exposure[i] == PSY_CELL_EXPOSED && r->own[i] == 0)
            r->hidden[i] = 0;
    return status;
}

psy_status psyi_tables_reopen(const psyi_companions *companions, const uint8_t *own,
                              const uint8_t *left, psy_error *error)
{
    const psy_allocator *const allocator = companions->allocator;
    reopening r = {.tables = companions->tables,
                   .of = companions,
                   .hidden = companions->hidden,
                   .own = own,
                   .left = left,
                   .allocator = allocator};
    psy_status status = make_room(&r) ? list(&r, error) : psyi_fail_memory(error, "a suppression");
    uint64_t rest = MOST_STEPS;
    bool any = false;
    for (size_t i = 0; i < r.n && status == PSY_OK; i++) {
        bool safe;
        const uint64_t steps = r.steps[r.companions[i].group];
        if (steps > rest || is_needed(&r, r.companions[i].cell))
            continue;
        rest -= steps;
        status = try_one(&r, &r.companions[i], &safe, error);
        any = any || safe;
    }
    if (status == PSY_OK && any)
        status = show_known(&r, error);
    psyi_free(allocator, r.group);
    psyi_free(allocator, r.steps);
    psyi_free(allocator, r.companions);
    psyi_free(allocator, r.sure);
    psyi_free(allocator, r.exposure);
    psyi_free(allocator, r.tried);
    psyi_arena_done(&r.arena);
    return status;
}
