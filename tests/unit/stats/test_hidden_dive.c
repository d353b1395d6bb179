/*
 * test_hidden_dive.c -- a dive looks again only at rows in which something changed; held here
 * against one that narrows by every row at every level (psyi_hidden_narrow): random small tables,
 * the same levels after the first node, after two, and so on, and the same end.
 */
#include "test_support.h"

#include "stats/hidden_dive.h"

#include <string.h>

enum { SIDE = 3, ROW = SIDE + 1, CELLS = ROW * ROW + 4, SUMS = 2 * ROW + 8, ORDERS = 4 };
enum { TABLES = 4500, MOST_NODES = 24, UNKNOWNS = CELLS + ORDERS };

typedef struct drawn {
    psy_cell cells[CELLS];
    psy_sum sums[SUMS];
    uint32_t terms[SUMS][ROW];
    psy_order orders[ORDERS];
    uint8_t hidden[CELLS];
    psy_tables tables;
} drawn;

static uint32_t draw(uint64_t *state, uint32_t n)
{
    return (uint32_t)(psy_test_random(state) >> 33) % n;
}

/* Some three cells of which one is the sum of the others, whichever they are: bounds without an end
 * creep along such rows, so that narrowing stops before nothing changes. */
static size_t add_sums(drawn *d, size_t n, uint64_t *state)
{
    for (unsigned tries = 0; tries < 200 && n < SUMS; tries++) {
        uint32_t *const terms = d->terms[n];
        for (size_t i = 0; i < 3; i++)
            terms[i] = draw(state, CELLS);
        if (terms[0] != terms[1] && terms[0] != terms[2] && terms[1] != terms[2] &&
            d->cells[terms[0]].value == d->cells[terms[1]].value + d->cells[terms[2]].value)
            d->sums[n++] = (psy_sum){terms, 3};
    }
    return n;
}

/* A table with its totals, four cells beside it, and orders between any. */
static void make(drawn *d, uint64_t *state)
{
    memset(d, 0, sizeof *d);
    const uint32_t largest = 2 + draw(state, 8), shown = 2 + draw(state, 4);
    for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++) {
            const int64_t value = draw(state, largest);
            d->cells[i * ROW + j].value = value;
            d->cells[i * ROW + SIDE].value += value;
            d->cells[SIDE * ROW + j].value += value;
            d->cells[SIDE * ROW + SIDE].value += value;
        }
    for (size_t i = ROW * ROW; i < CELLS; i++)
        d->cells[i].value = draw(state, largest);
    for (size_t i = 0; i < CELLS; i++) {
        d->cells[i].high = draw(state, 3) == 0 ? d->cells[i].value + draw(state, 5) : INT64_MAX;
        d->hidden[i] = draw(state, shown) != 0;
    }
    size_t n = 0;
    for (uint32_t i = 0; i < ROW; i++)
        for (uint32_t way = 0; way < 2; way++) {
            const uint32_t step = way == 0 ? 1 : ROW, start = i * (way == 0 ? ROW : 1);
            d->terms[n][0] = start + SIDE * step;
            for (uint32_t k = 0; k < SIDE; k++)
                d->terms[n][k + 1] = start + k * step;
            d->sums[n] = (psy_sum){d->terms[n], ROW};
            n++;
        }
    n = add_sums(d, n, state);
    for (size_t i = 0; i < ORDERS; i++) {
        const uint32_t a = draw(state, CELLS), b = draw(state, CELLS);
        const bool up = d->cells[a].value <= d->cells[b].value;
        d->orders[i] = (psy_order){up ? a : b, up ? b : a};
    }
    const size_t n_orders = draw(state, ORDERS + 1);
    d->tables = (psy_tables){d->cells, CELLS, d->sums, n, d->orders, n_orders};
}

/* ---- the dive that looks at every row ---- */

typedef struct plain {
    const psyi_hidden *hidden;
    psyi_walk *walk;
    size_t group;
    unsigned most, nodes;
    size_t deepest;
    int64_t rooms[UNKNOWNS + 1][2][UNKNOWNS], distance[UNKNOWNS];
    size_t n_unsettled; /* nodes at which narrowing stopped too early */
} plain;

static bool is_settled(const plain *p, const int64_t *low, const int64_t *high)
{
    int64_t room[2][UNKNOWNS];
    memcpy(room[0], low, sizeof room[0]);
    memcpy(room[1], high, sizeof room[1]);
    return psyi_hidden_narrow(p->hidden, p->group, room[0], room[1]) &&
           memcmp(room[0], low, sizeof room[0]) == 0 && memcmp(room[1], high, sizeof room[1]) == 0;
}

static bool plain_dive(plain *p, size_t level)
{
    int64_t *const low = p->rooms[level][0], *const high = p->rooms[level][1];
    const int64_t *const value = p->hidden->value;
    p->deepest = level > p->deepest ? level : p->deepest;
    if (p->nodes++ > p->most || !psyi_hidden_narrow(p->hidden, p->group, low, high))
        return false;
    p->n_unsettled += !is_settled(p, low, high);
    size_t next = SIZE_MAX;
    for (size_t j = 0; j < p->walk->n; j++) {
        const uint32_t x = p->walk->unknown[j];
        if (low[x] < high[x] && (next == SIZE_MAX || high[x] - low[x] < high[next] - low[next]))
            next = x;
    }
    for (size_t j = 0; next == SIZE_MAX && j < p->walk->n; j++)
        p->distance[j] = low[p->walk->unknown[j]] - value[p->walk->unknown[j]];
    if (next == SIZE_MAX)
        return psyi_walk_is_table(p->walk, p->distance);
    const int64_t from = low[next], to = high[next];
    int64_t up = value[next] < from ? from : value[next] > to ? to : value[next], down = up - 1;
    while ((up <= to || down >= from) && p->nodes <= p->most) {
        const bool upwards = down < from || (up <= to && up - value[next] <= value[next] - down);
        memcpy(p->rooms[level + 1], p->rooms[level], sizeof *p->rooms);
        p->rooms[level + 1][0][next] = p->rooms[level + 1][1][next] = upwards ? up++ : down--;
        if (plain_dive(p, level + 1))
            return true;
    }
    return false;
}

static int plain_seek(plain *p, uint32_t x, int64_t from, int64_t to)
{
    const psyi_hidden *const h = p->hidden;
    memset(p->rooms, 0, sizeof p->rooms);
    memcpy(p->rooms[0][0], h->low, h->n * sizeof *h->low);
    memcpy(p->rooms[0][1], h->high, h->n * sizeof *h->high);
    p->rooms[0][0][x] = from;
    p->rooms[0][1][x] = to;
    p->nodes = 0;
    p->deepest = 0;
    p->n_unsettled = 0;
    return plain_dive(p, 0) ? 1 : p->nodes > p->most ? -1 : 0;
}

/* ---- both ---- */

typedef struct counts {
    size_t cases, deep, found, none, given_up, unsettled;
} counts;

/* The last bounds of every level that was reached, also where they led nowhere. */
static void expect_same_levels(const plain *p, const psyi_dive *dive, counts *n)
{
    const size_t of_level = p->hidden->n;
    for (size_t level = 0; level <= p->deepest; level++) {
        const int64_t *const low = dive->rooms + level * 2 * of_level, *const high = low + of_level;
        for (size_t j = 0; j < p->walk->n; j++) {
            const uint32_t x = p->walk->unknown[j];
            assert_int_equal(low[x], p->rooms[level][0][x]);
            assert_int_equal(high[x], p->rooms[level][1][x]);
        }
    }
    n->deep += p->deepest > 2;
}

/* As the search has it (hidden_search.c). */
static void dive_group(const psyi_hidden *h, size_t group, uint64_t *state, counts *n)
{
    static plain p;
    psyi_arena arena;
    psyi_walk walk;
    psyi_dive dive;
    const size_t first = h->first_member[group], n_members = h->first_member[group + 1] - first;
    const size_t n_rows = h->first_row[group + 1] - h->first_row[group];
    uint32_t column[UNKNOWNS];
    const psyi_row *rows[SUMS + ORDERS];
    for (size_t j = 0; j < n_members; j++)
        column[h->member[first + j]] = (uint32_t)j;
    for (size_t i = 0; i < n_rows; i++)
        rows[i] = &h->rows[h->first_row[group] + i];
    psyi_arena_init(&arena, NULL);
    assert_true(
        psyi_walk_make(&walk, &arena, h, h->member + first, column, n_members, rows, n_rows));
    const uint32_t x = h->member[first + draw(state, (uint32_t)n_members)];
    const int64_t from = h->value[x] + 1 + draw(state, 3);
    const int64_t to = draw(state, 2) == 0 && from + 2 < h->high[x] ? from + 2 : h->high[x];
    int end = -1;
    for (unsigned most = 0; from <= to && end < 0 && most <= MOST_NODES; most++) {
        p = (plain){.hidden = h, .walk = &walk, .group = group, .most = most};
        assert_true(psyi_dive_make(&dive, &arena, &walk, most));
        end = psyi_dive_seek(&dive, x, from, to);
        assert_int_equal(end, plain_seek(&p, x, from, to));
        assert_int_equal(dive.nodes, p.nodes);
        assert_false(dive.no_memory);
        if (end == 1)
            assert_memory_equal(dive.distance, p.distance, n_members * sizeof *p.distance);
        expect_same_levels(&p, &dive, n);
        psyi_dive_done(&dive);
        n->cases++;
    }
    n->found += end == 1;
    n->none += end == 0;
    n->given_up += end < 0;
    n->unsettled += p.n_unsettled > 0;
    psyi_arena_done(&arena);
}

static void test_levels_are_those_of_all_rows(void **unused)
{
    (void)unused;
    uint64_t state = 20261129;
    counts n = {0};
    static drawn d;
    for (size_t i = 0; i < TABLES; i++) {
        psyi_hidden h;
        make(&d, &state);
        assert_int_equal(psyi_hidden_make(&h, &d.tables, d.hidden, NULL, NULL), PSY_OK);
        assert_true(h.n <= UNKNOWNS);
        for (size_t group = 0; group < h.n_groups; group++)
            dive_group(&h, group, &state, &n);
        psyi_hidden_done(&h);
    }
    /* What was drawn: long and short searches, ends of each kind. */
    assert_true(n.cases >= 15000);
    assert_true(n.deep >= 2000);
    assert_true(n.found >= 3000 && n.none >= 3000 && n.given_up >= 1000);
    assert_true(n.unsettled >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_levels_are_those_of_all_rows)};
    return cmocka_run_group_tests_name("hidden_dive", tests, NULL, NULL);
}
