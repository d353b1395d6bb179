/*
 * test_many_schools.c -- tables of so many schools that they are audited in parts: what a part says
 * is true of the whole, and hiding ends.
 */
#include "stats/hidden_system.h"
#include "test_support.h"

#include <psyscreen/suppression.h>

#include <stdlib.h>
#include <string.h>

#define KINDS   6u          /* of a school: five tiers and those without one */
#define WIDTH   (KINDS + 2) /* and its valid ones (all tiers), and all */
#define FEW     5
#define SIZE(n) (((n) + 1) * WIDTH)

typedef struct province {
    size_t schools, n_cells, n_sums;
    psy_cell *cells;
    psy_sum *sums;
    uint32_t *terms;
    uint8_t *hidden;
    psy_tables tables;
} province;

static uint32_t chance(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static void add_sum(province *p, uint32_t **next, size_t n)
{
    p->sums[p->n_sums++] = (psy_sum){*next, n};
    *next += n;
}

/* Tier 2 is never met: a column of zeros.  Row 0 is the province. */
static void fill(province *p, size_t schools, uint32_t seed)
{
    uint32_t state = seed;
    *p = (province){.schools = schools, .n_cells = SIZE(schools)};
    p->cells = calloc(p->n_cells, sizeof *p->cells);
    p->hidden = calloc(p->n_cells, 1);
    p->sums = calloc(2 * (schools + 1) + WIDTH, sizeof *p->sums);
    p->terms = calloc(4 * WIDTH * (schools + 2), sizeof *p->terms);
    assert_true(p->cells != NULL && p->hidden != NULL && p->sums != NULL && p->terms != NULL);
    for (size_t i = 1; i <= schools; i++) {
        psy_cell *const row = p->cells + i * WIDTH;
        for (uint32_t k = 0; k < KINDS; k++)
            row[k].value = k == 2 ? 0 : (int64_t)chance(&state, k == 0 ? 90 : k < 3 ? 14 : 8);
        for (uint32_t k = 0; k < KINDS; k++) {
            row[KINDS].value += k + 1 < KINDS ? row[k].value : 0;
            row[KINDS + 1].value += row[k].value;
        }
        for (uint32_t k = 0; k < WIDTH; k++)
            p->cells[k].value += row[k].value;
    }
    for (size_t i = 0; i < p->n_cells; i++) {
        psy_cell *const cell = &p->cells[i];
        const bool small = i >= WIDTH && i % WIDTH < KINDS && cell->value > 0 && cell->value < FEW;
        cell->high =
            i % WIDTH == KINDS + 1 ? INT64_MAX : p->cells[i / WIDTH * WIDTH + KINDS + 1].value;
        cell->spread = small ? FEW : 1;
        cell->reach = small ? FEW : 0;
        cell->price = i % WIDTH == KINDS + 1 ? PSY_CELL_FIXED : i < WIDTH ? 3 : 1;
        p->hidden[i] = small;
    }
    uint32_t *next = p->terms;
    for (size_t i = 0; i <= schools; i++) {
        const uint32_t row = (uint32_t)(i * WIDTH);
        next[0] = row + KINDS;
        for (uint32_t k = 1; k < KINDS; k++)
            next[k] = row + k - 1;
        add_sum(p, &next, KINDS);
        next[0] = row + KINDS + 1;
        next[1] = row + KINDS;
        next[2] = row + KINDS - 1;
        add_sum(p, &next, 3);
    }
    for (uint32_t k = 0; k < WIDTH; k++) {
        for (size_t i = 0; i <= schools; i++)
            next[i] = (uint32_t)(i * WIDTH) + k;
        add_sum(p, &next, schools + 1);
    }
    p->tables = (psy_tables){p->cells, p->n_cells, p->sums, p->n_sums, NULL, 0};
}

static void done(province *p)
{
    free(p->cells);
    free(p->hidden);
    free(p->sums);
    free(p->terms);
}

static void test_a_province(void **state)
{
    (void)state;
    province p;
    size_t n_leaks, n_first = 0, n_last = 0;
    fill(&p, 1200, 7);
    uint8_t *const exposure = calloc(p.n_cells, 1);
    assert_non_null(exposure);
    assert_int_equal(
        psy_tables_audit(&p.tables, p.hidden, exposure, NULL, NULL, &n_leaks, NULL, NULL), PSY_OK);
    assert_true(n_leaks > 1000);
    for (size_t i = 0; i < p.n_cells; i++)
        n_first += p.hidden[i];
    assert_int_equal(psy_tables_suppress(&p.tables, p.hidden, NULL, NULL), PSY_OK);
    assert_int_equal(
        psy_tables_audit(&p.tables, p.hidden, exposure, NULL, NULL, &n_leaks, NULL, NULL), PSY_OK);
    assert_int_equal(n_leaks, 0);
    for (size_t i = 0; i < p.n_cells; i++)
        n_last += p.hidden[i];
    /* Most of what is printed stays: a school hides one or two cells more. */
    assert_true(n_last > n_first && n_last < n_first + 2 * p.schools);
    free(exposure);
    done(&p);
}

/* What a part finds lies between the ends that the whole has been proved to have: a part that
 * forgot a row would go beyond them. */
static void test_a_part_is_true_of_the_whole(void **state)
{
    (void)state;
    size_t n_wide = 0;
    for (uint32_t seed = 1; seed <= 20; seed++) {
        province p;
        psyi_hidden h;
        fill(&p, 30, seed);
        for (size_t i = WIDTH; i < p.n_cells; i += 3)
            p.hidden[i] |= p.cells[i].price != PSY_CELL_FIXED;
        /* Never content: the whole is searched to its ends, and these are proved. */
        for (size_t i = 0; i < p.n_cells; i++)
            p.cells[i].spread = p.cells[i].reach = 1000;
        assert_int_equal(psyi_hidden_make(&h, &p.tables, p.hidden, NULL, NULL), PSY_OK);
        psyi_range *const part = calloc(h.n, sizeof *part), *const whole =
                                                                calloc(h.n, sizeof *whole);
        assert_true(part != NULL && whole != NULL);
        for (size_t x = 0; x < h.n; x++)
            part[x] = (psyi_range){h.value[x], h.value[x], h.low[x], h.high[x], false};
        memcpy(whole, part, h.n * sizeof *whole);
        for (size_t group = 0; group < h.n_groups; group++) {
            assert_true(psyi_hidden_narrow(&h, group, h.low, h.high));
            assert_int_equal(psyi_hidden_search_near(&h, &p.tables, group, NULL, PSYI_SEARCH_LONG,
                                                     part, NULL, NULL),
                             PSY_OK);
            assert_int_equal(
                psyi_hidden_search(&h, &p.tables, group, NULL, PSYI_SEARCH_LONG, whole, NULL, NULL),
                PSY_OK);
        }
        for (size_t x = 0; x < h.n_cells; x++) {
            assert_true(part[x].seen_low >= whole[x].low && part[x].seen_high <= whole[x].high);
            n_wide += part[x].seen_low < part[x].seen_high;
            if (psyi_range_is_enough(&part[x], &p.cells[h.cell[x]]))
                assert_true(psyi_range_is_enough(&whole[x], &p.cells[h.cell[x]]));
            else
                assert_true(part[x].gave_up || psyi_range_is_closed(&part[x], &p.cells[h.cell[x]]));
        }
        free(part);
        free(whole);
        psyi_hidden_done(&h);
        done(&p);
    }
    assert_true(n_wide > 500);
}

static psy_status sweep(const psy_allocator *allocator, void *context)
{
    province *const p = context;
    psyi_hidden h;
    psy_status status = psyi_hidden_make(&h, &p->tables, p->hidden, allocator, NULL);
    if (status != PSY_OK)
        return status;
    psyi_range *const ranges = calloc(h.n, sizeof *ranges);
    assert_non_null(ranges);
    for (size_t x = 0; x < h.n; x++)
        ranges[x] = (psyi_range){h.value[x], h.value[x], h.low[x], h.high[x], false};
    for (size_t group = 0; group < h.n_groups && status == PSY_OK; group++)
        status = psyi_hidden_search_near(&h, &p->tables, group, NULL, PSYI_SEARCH_QUICK, ranges,
                                         allocator, NULL);
    free(ranges);
    psyi_hidden_done(&h);
    return status;
}

static void test_no_memory(void **state)
{
    (void)state;
    province p;
    fill(&p, 6, 3);
    assert_true(psy_sweep(sweep, &p) > 5);
    done(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_province),
        cmocka_unit_test(test_a_part_is_true_of_the_whole),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
