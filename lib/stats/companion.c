/*
 * companion.c -- which cell to hide beside one that its sums do not protect.
 *
 * A number over all schools stands in sums with a thousand terms, and each of their cells may ask:
 * a sum remembers what its hidden parts leave open, and whom it may hide in the order of choice.
 */
#include "stats/companion.h"

#include "base/memory.h"
#include "stats/hidden_system.h"

#include <stdlib.h>
#include <string.h>

static int64_t more_of(const psy_cell *cell)
{
    return cell->high == INT64_MAX ? PSYI_FAR : cell->high - cell->value;
}

static int64_t less_of(const psy_cell *cell)
{
    return cell->value - cell->low;
}

/* ---- sums ---- */

static bool find_sums(psyi_companions *c)
{
    const psy_tables *const t = c->tables;
    size_t n = 0;
    for (size_t i = 0; i < t->n_sums; i++)
        n += t->sums[i].n;
    c->first = psyi_alloc(c->allocator, t->n_cells + 2, sizeof *c->first);
    c->sums = psyi_alloc(c->allocator, n + 1, sizeof *c->sums);
    c->candidates = psyi_alloc(c->allocator, n + 1, sizeof *c->candidates);
    c->rooms = psyi_alloc(c->allocator, t->n_sums + 1, sizeof *c->rooms);
    if (c->first == NULL || c->sums == NULL || c->candidates == NULL || c->rooms == NULL)
        return false;
    memset(c->first, 0, (t->n_cells + 2) * sizeof *c->first);
    for (size_t i = 0; i < t->n_sums; i++)
        for (size_t j = 0; j < t->sums[i].n; j++)
            c->first[t->sums[i].cells[j] + 2]++;
    for (size_t i = 2; i < t->n_cells + 2; i++)
        c->first[i] += c->first[i - 1];
    for (uint32_t i = 0; i < t->n_sums; i++)
        for (size_t j = 0; j < t->sums[i].n; j++)
            c->sums[c->first[t->sums[i].cells[j] + 1]++] = i;
    return true;
}

static bool find_orders(psyi_companions *c)
{
    const psy_tables *const t = c->tables;
    c->first_order = psyi_alloc(c->allocator, t->n_cells + 2, sizeof *c->first_order);
    c->orders = psyi_alloc(c->allocator, 2 * t->n_orders + 1, sizeof *c->orders);
    if (c->first_order == NULL || c->orders == NULL)
        return false;
    for (size_t i = 0; i < t->n_orders; i++) {
        c->first_order[t->orders[i].part + 2]++;
        c->first_order[t->orders[i].whole + 2]++;
    }
    for (size_t i = 2; i < t->n_cells + 2; i++)
        c->first_order[i] += c->first_order[i - 1];
    /* One too far, until each was filled. */
    for (uint32_t i = 0; i < t->n_orders; i++) {
        c->orders[c->first_order[t->orders[i].part + 1]++] = i;
        c->orders[c->first_order[t->orders[i].whole + 1]++] = i;
    }
    return true;
}

/* At its lower end, as are all other parts of one of its sums: hidden, it still says what it is,
 * unless the whole is hidden, too.  (A number that is 0 in every school.) */
static bool is_stuck(const psyi_companions *c, uint32_t cell)
{
    const psy_cell *const cells = c->tables->cells;
    if (cells[cell].value > cells[cell].low)
        return false;
    for (uint32_t at = c->first[cell]; at < c->first[cell + 1]; at++) {
        const psyi_sum_room *const room = &c->rooms[c->sums[at]];
        if (room->is_bare && c->tables->sums[c->sums[at]].cells[0] != cell)
            return true;
    }
    return false;
}

typedef struct candidate {
    int64_t value;
    uint32_t cell;
    uint8_t price;
    bool stuck;
} candidate;

static int by_choice(const void *a, const void *b)
{
    const candidate *const x = a, *const y = b;
    if (x->stuck != y->stuck)
        return x->stuck ? 1 : -1;
    if (x->price != y->price)
        return x->price < y->price ? -1 : 1;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->cell < y->cell ? -1 : x->cell > y->cell;
}

static void count_part(psyi_companions *c, const psy_sum *sum, psyi_sum_room *room, uint32_t cell)
{
    if (sum->cells[0] == cell)
        return;
    room->more += more_of(&c->tables->cells[cell]);
    room->less += less_of(&c->tables->cells[cell]);
}

static bool fill_rooms(psyi_companions *c)
{
    const psy_tables *const t = c->tables;
    size_t longest = 1;
    for (size_t i = 0; i < t->n_sums; i++)
        longest = t->sums[i].n > longest ? t->sums[i].n : longest;
    candidate *const sorted = psyi_alloc(c->allocator, longest, sizeof *sorted);
    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < t->n_sums; i++) {
        const psy_sum *const sum = &t->sums[i];
        int64_t above = 0;
        for (size_t j = 1; j < sum->n; j++)
            above += less_of(&t->cells[sum->cells[j]]);
        c->rooms[i] = (psyi_sum_room){.is_bare = above == 0};
    }
    uint32_t *next = c->candidates;
    for (size_t i = 0; i < t->n_sums; i++) {
        const psy_sum *const sum = &t->sums[i];
        size_t n = 0;
        c->rooms[i].candidates = next;
        for (size_t j = 0; j < sum->n; j++) {
            const uint32_t one = sum->cells[j];
            const psy_cell *const cell = &t->cells[one];
            if (c->hidden[one] != 0)
                count_part(c, sum, &c->rooms[i], one);
            else if (cell->price != PSY_CELL_FIXED)
                sorted[n++] = (candidate){cell->value, one, cell->price, is_stuck(c, one)};
        }
        qsort(sorted, n, sizeof *sorted, by_choice);
        for (size_t j = 0; j < n; j++)
            *next++ = sorted[j].cell;
        c->rooms[i].n_candidates = n;
        while (n > 0 && sorted[n - 1].stuck)
            n--;
        c->rooms[i].n_free = n;
    }
    psyi_free(c->allocator, sorted);
    return true;
}

bool psyi_companions_make(psyi_companions *to, const psy_tables *tables, uint8_t *hidden,
                          const psy_allocator *allocator)
{
    *to = (psyi_companions){.tables = tables, .allocator = allocator, .hidden = hidden};
    to->seen = psyi_alloc(allocator, tables->n_cells + 1, 1);
    to->shown = psyi_alloc(allocator, tables->n_cells + 1, 1);
    to->queue = psyi_alloc(allocator, tables->n_cells + 1, sizeof *to->queue);
    return to->seen != NULL && to->shown != NULL && to->queue != NULL && find_sums(to) &&
           find_orders(to) && fill_rooms(to);
}

void psyi_companions_done(psyi_companions *companions)
{
    psyi_free(companions->allocator, companions->first);
    psyi_free(companions->allocator, companions->sums);
    psyi_free(companions->allocator, companions->first_order);
    psyi_free(companions->allocator, companions->orders);
    psyi_free(companions->allocator, companions->candidates);
    psyi_free(companions->allocator, companions->rooms);
    psyi_free(companions->allocator, companions->queue);
    psyi_free(companions->allocator, companions->seen);
    psyi_free(companions->allocator, companions->shown);
}

void psyi_companions_hide(psyi_companions *companions, uint32_t cell)
{
    companions->hidden[cell] = 1;
    for (uint32_t at = companions->first[cell]; at < companions->first[cell + 1]; at++) {
        const uint32_t sum = companions->sums[at];
        psyi_sum_room *const room = &companions->rooms[sum];
        count_part(companions, &companions->tables->sums[sum], room, cell);
        /* The best are asked for again and again. */
        size_t i = 0;
        while (i < room->n_candidates && room->candidates[i] != cell)
            i++;
        if (i == room->n_candidates)
            continue;
        room->n_candidates--;
        room->n_free -= i < room->n_free;
        memmove(room->candidates + i, room->candidates + i + 1,
                (room->n_candidates - i) * sizeof *room->candidates);
    }
}

void psyi_companions_show(psyi_companions *companions, uint32_t cell)
{
    companions->hidden[cell] = 0;
    companions->shown[cell] = 1; /* and a candidate it is no longer */
    for (uint32_t at = companions->first[cell]; at < companions->first[cell + 1]; at++) {
        const uint32_t sum = companions->sums[at];
        psyi_sum_room *const room = &companions->rooms[sum];
        if (companions->tables->sums[sum].cells[0] == cell)
            continue;
        room->more -= more_of(&companions->tables->cells[cell]);
        room->less -= less_of(&companions->tables->cells[cell]);
    }
}

bool psyi_companions_may_hide(const psyi_companions *companions, uint32_t cell)
{
    return companions->hidden[cell] == 0 && companions->shown[cell] == 0 &&
           companions->tables->cells[cell].price != PSY_CELL_FIXED;
}

/* ---- choice ---- */

/* How far one sum alone lets a hidden cell of it go, up and down together. */
static int64_t room_in(const psyi_companions *c, uint32_t number, uint32_t cell, int64_t reach)
{
    const psy_sum *const sum = &c->tables->sums[number];
    const psyi_sum_room *const room = &c->rooms[number];
    const psy_cell *const own = &c->tables->cells[cell];
    const psy_cell *const whole = &c->tables->cells[sum->cells[0]];
    const bool is_whole = sum->cells[0] == cell, whole_hidden = c->hidden[sum->cells[0]] != 0;
    const int64_t up = more_of(own), down = less_of(own);
    /* A part grows with its sum, and at the cost of the other parts. */
    int64_t grow = is_whole ? room->more : room->less - down;
    int64_t shrink = is_whole ? room->less : room->more - up;
    if (!is_whole && whole_hidden) {
        grow += more_of(whole);
        shrink += less_of(whole);
    }
    grow = grow < up ? grow : up;
    shrink = shrink < down ? shrink : down;
    /* What does not reach far enough up is no room, however far it goes down. */
    return own->value + grow < reach ? grow : grow + shrink;
}

/* Of the cheapest one large enough to cover what is wanted, and of those the smallest; else the
 * largest. */
static uint32_t best_in(const psyi_companions *c, uint32_t number, int64_t wanted, bool stuck)
{
    const psy_cell *const cells = c->tables->cells;
    const psyi_sum_room *const room = &c->rooms[number];
    const size_t end = room->n_free > 0 || !stuck ? room->n_free : room->n_candidates;
    if (end == 0)
        return PSYI_NO_COMPANION;
    const uint8_t price = cells[room->candidates[0]].price;
    size_t from = 0, to = end;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        const psy_cell *const cell = &cells[room->candidates[middle]];
        if (cell->price == price && cell->value < wanted)
            from = middle + 1;
        else
            to = middle;
    }
    if (from < end && cells[room->candidates[from]].price == price)
        return room->candidates[from];
    while (from > 1 &&
           cells[room->candidates[from - 2]].value == cells[room->candidates[from - 1]].value)
        from--;
    return room->candidates[from - 1];
}

/* The cheaper; then as above. */
static bool is_better(const psy_tables *t, uint32_t a, uint32_t b, int64_t wanted)
{
    const psy_cell *const x = &t->cells[a], *const y = &t->cells[b];
    if (x->price != y->price)
        return x->price < y->price;
    const bool covers_x = x->value >= wanted, covers_y = y->value >= wanted;
    if (covers_x != covers_y)
        return covers_x;
    if (x->value != y->value)
        return covers_x ? x->value < y->value : x->value > y->value;
    return a < b;
}

/* The best of the sum with the least room, of sums with at most `longest` terms. */
static uint32_t in_sums(const psyi_companions *c, uint32_t cell, size_t longest, bool sated,
                        bool stuck)
{
    const psy_tables *const t = c->tables;
    int64_t spread, reach;
    psyi_cell_wants(&t->cells[cell], &spread, &reach);
    const int64_t wanted = spread > reach ? spread : reach;
    int64_t least = sated ? wanted : INT64_MAX;
    uint32_t best = PSYI_NO_COMPANION;
    for (uint32_t at = c->first[cell]; at < c->first[cell + 1]; at++) {
        const uint32_t sum = c->sums[at];
        if (t->sums[sum].n > longest)
            continue;
        const int64_t room = room_in(c, sum, cell, reach);
        const uint32_t found = room < least ? best_in(c, sum, wanted, stuck) : PSYI_NO_COMPANION;
        if (found != PSYI_NO_COMPANION) {
            least = room;
            best = found;
        }
    }
    return best;
}

/* The cell on the other side of an order. */
static uint32_t in_orders(const psyi_companions *c, uint32_t cell)
{
    const psy_tables *const t = c->tables;
    int64_t spread, reach;
    psyi_cell_wants(&t->cells[cell], &spread, &reach);
    uint32_t best = PSYI_NO_COMPANION;
    for (uint32_t at = c->first_order[cell]; at < c->first_order[cell + 1]; at++) {
        const psy_order *const order = &t->orders[c->orders[at]];
        const uint32_t other = order->part == cell    ? order->whole
                               : order->whole == cell ? order->part
                                                      : PSYI_NO_COMPANION;
        if (other != PSYI_NO_COMPANION && psyi_companions_may_hide(c, other) &&
            (best == PSYI_NO_COMPANION ||
             is_better(t, other, best, spread > reach ? spread : reach)))
            best = other;
    }
    return best;
}

uint32_t psyi_companion_of(const psyi_companions *companions, uint32_t cell)
{
    return in_sums(companions, cell, SIZE_MAX, true, true);
}

/* From hidden cell to hidden cell by sums that are not too long. */
static uint32_t seek(psyi_companions *c, uint32_t cell, size_t longest, bool stuck)
{
    const psy_tables *const t = c->tables;
    size_t n = 0;
    memset(c->seen, 0, t->n_cells);
    c->queue[n++] = cell;
    c->seen[cell] = 1;
    for (size_t i = 0; i < n; i++) {
        const uint32_t from = c->queue[i];
        uint32_t with = in_sums(c, from, longest, false, stuck);
        if (with == PSYI_NO_COMPANION)
            with = in_orders(c, from);
        if (with != PSYI_NO_COMPANION)
            return with;
        for (uint32_t at = c->first[from]; at < c->first[from + 1]; at++) {
            const psy_sum *const sum = &t->sums[c->sums[at]];
            for (size_t k = 0; k < sum->n && sum->n <= longest; k++)
                if (c->hidden[sum->cells[k]] != 0 && c->seen[sum->cells[k]] == 0) {
                    c->seen[sum->cells[k]] = 1;
                    c->queue[n++] = sum->cells[k];
                }
        }
    }
    return PSYI_NO_COMPANION;
}

uint32_t psyi_companion_near(psyi_companions *companions, uint32_t cell)
{
    return seek(companions, cell, PSYI_LONG_SUM, false);
}

uint32_t psyi_companion_far(psyi_companions *companions, uint32_t cell)
{
    const uint32_t with = seek(companions, cell, SIZE_MAX, false);
    return with != PSYI_NO_COMPANION ? with : seek(companions, cell, SIZE_MAX, true);
}
