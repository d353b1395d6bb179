/*
 * test_table_part.c -- an audit of the part in which a group of hidden cells stands finds of it
 * what an audit of all tables finds: random tables of several blocks, with sums over sums and
 * orders, some cells hidden.
 */
#include "test_support.h"

#include "stats/reopen.h"
#include "stats/table_part.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 4, SIDE = 4, ROW = SIDE + 1, CELLS = BLOCKS * ROW * ROW, SUMS = BLOCKS * 2 * ROW };
enum { ORDERS = BLOCKS * SIDE };

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
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % n;
}

/* Blocks with totals of rows, of columns and of all; of two cells each it is known which is not
 * the larger one. */
static void make(drawn *d, uint64_t *state)
{
    memset(d, 0, sizeof *d);
    size_t n_sums = 0, n_orders = 0;
    for (uint32_t block = 0; block < BLOCKS; block++) {
        const uint32_t from = block * ROW * ROW;
        psy_cell *const cells = d->cells + from;
        for (uint32_t i = 0; i < SIDE; i++)
            for (uint32_t j = 0; j < SIDE; j++) {
                const int64_t value = draw(state, 9);
                cells[i * ROW + j].value = value;
                cells[i * ROW + SIDE].value += value;
                cells[SIDE * ROW + j].value += value;
                cells[SIDE * ROW + SIDE].value += value;
            }
        for (uint32_t i = 0; i < ROW * ROW; i++) {
            cells[i].high = INT64_MAX;
            cells[i].spread = 1 + draw(state, 4);
            cells[i].price = (uint8_t)(1 + draw(state, 3));
            d->hidden[from + i] = draw(state, 3) == 0;
        }
        for (uint32_t i = 0; i < ROW; i++)
            for (uint32_t way = 0; way < 2; way++) {
                const uint32_t step = way == 0 ? 1 : ROW, start = from + i * (way == 0 ? ROW : 1);
                d->terms[n_sums][0] = start + SIDE * step;
                for (uint32_t k = 0; k < SIDE; k++)
                    d->terms[n_sums][k + 1] = start + k * step;
                d->sums[n_sums] = (psy_sum){d->terms[n_sums], ROW};
                n_sums++;
            }
        for (uint32_t j = 0; j < SIDE; j++) {
            const uint32_t a = j, b = ROW + (j + 1) % SIDE;
            const bool up = cells[a].value <= cells[b].value;
            d->orders[n_orders++] = (psy_order){from + (up ? a : b), from + (up ? b : a)};
        }
    }
    d->tables = (psy_tables){d->cells, CELLS, d->sums, n_sums, d->orders, n_orders};
}

static size_t compare(drawn *d, size_t *n_leaks)
{
    psyi_companions companions;
    psyi_part_room room;
    psyi_arena arena;
    psyi_hidden h;
    psyi_arena_init(&arena, NULL);
    assert_true(psyi_companions_make(&companions, &d->tables, d->hidden, NULL));
    assert_true(psyi_part_room_make(&room, &companions, &arena));
    assert_int_equal(psyi_hidden_make(&h, &d->tables, d->hidden, NULL, NULL), PSY_OK);
    for (size_t group = 0; group < h.n_groups; group++) {
        uint32_t members[CELLS];
        uint8_t sure[CELLS], whole[CELLS], part_hidden[CELLS], part_sure[CELLS], of_part[CELLS];
        int64_t low[CELLS], high[CELLS], part_low[CELLS], part_high[CELLS];
        size_t n = 0, leaks, part_leaks;
        memset(sure, 1, sizeof sure);
        for (size_t i = h.first_member[group]; i < h.first_member[group + 1]; i++)
            if (h.member[i] < h.n_cells) {
                members[n] = h.cell[h.member[i]];
                sure[members[n++]] = 0;
            }
        const psyi_table_part *const part = psyi_table_part_make(&room, members, n, &arena);
        assert_non_null(part);
        assert_true(part->tables.n_cells < CELLS && part->tables.n_cells >= n);
        for (size_t i = 0; i < part->tables.n_cells; i++) {
            assert_true(i == 0 || part->cell[i] > part->cell[i - 1]);
            part_hidden[i] = d->hidden[part->cell[i]];
            part_sure[i] = sure[part->cell[i]];
            assert_true(part_hidden[i] == 0 || part_sure[i] == 0); /* nobody of another group */
        }
        for (psyi_thorough depth = PSYI_SEARCH_TRIAL; depth <= PSYI_SEARCH_LONG; depth++) {
            assert_int_equal(psyi_tables_audit(&d->tables, d->hidden, sure, depth, whole, low, high,
                                               &leaks, NULL, NULL),
                             PSY_OK);
            assert_int_equal(psyi_tables_audit(&part->tables, part_hidden, part_sure, depth,
                                               of_part, part_low, part_high, &part_leaks, NULL,
                                               NULL),
                             PSY_OK);
            assert_int_equal(leaks, part_leaks);
            *n_leaks += leaks;
            for (size_t i = 0; i < part->tables.n_cells; i++) {
                assert_int_equal(of_part[i], whole[part->cell[i]]);
                assert_int_equal(part_low[i], low[part->cell[i]]);
                assert_int_equal(part_high[i], high[part->cell[i]]);
            }
        }
    }
    const size_t n_groups = h.n_groups;
    psyi_hidden_done(&h);
    psyi_companions_done(&companions);
    psyi_arena_done(&arena);
    return n_groups;
}

static void test_the_part_says_what_the_whole_says(void **context)
{
    (void)context;
    uint64_t state = 20261129;
    size_t n_groups = 0, n_leaks = 0;
    for (int i = 0; i < 300; i++) {
        static drawn d;
        make(&d, &state);
        n_groups += compare(&d, &n_leaks);
    }
    assert_true(n_groups > 1000 && n_leaks > 1000);
}

static psy_status make_one(const psy_allocator *allocator, void *context)
{
    drawn *const d = context;
    psyi_companions companions;
    psyi_part_room room;
    psyi_arena arena;
    const uint32_t members[] = {0, 1, 6};
    psyi_arena_init(&arena, allocator);
    const bool good = psyi_companions_make(&companions, &d->tables, d->hidden, allocator) &&
                      psyi_part_room_make(&room, &companions, &arena) &&
                      psyi_table_part_make(&room, members, 3, &arena) != NULL;
    psyi_companions_done(&companions);
    psyi_arena_done(&arena);
    return good ? PSY_OK : PSY_E_NOMEM;
}

static void test_no_memory(void **context)
{
    (void)context;
    static drawn d;
    uint64_t state = 7;
    make(&d, &state);
    assert_true(psy_sweep(make_one, &d) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_part_says_what_the_whole_says),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
