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

/* ---- three stages of schools and grades ---- */

#define GRADES 9u
#define STAGES 3u

static void add_row(province *p, uint32_t **next, uint32_t row)
{
    uint32_t *const at = *next;
    at[0] = row * WIDTH + KINDS;
    for (uint32_t k = 1; k < KINDS; k++)
        at[k] = row * WIDTH + k - 1;
    at[KINDS] = row * WIDTH + KINDS + 1;
    at[KINDS + 1] = row * WIDTH + KINDS;
    at[KINDS + 2] = row * WIDTH + KINDS - 1;
    add_sum(p, next, KINDS);
    add_sum(p, next, 3);
}

static void add_whole(province *p, uint32_t **next, uint32_t k, uint32_t whole, uint32_t first,
                      uint32_t end, uint32_t step)
{
    size_t n = 0;
    (*next)[n++] = whole * WIDTH + k;
    for (uint32_t row = first; row < end; row += step)
        (*next)[n++] = row * WIDTH + k;
    add_sum(p, next, n);
}

/* Row 0 is the province, then schools (of stages in turn), grades (three of a stage), and stages,
 * which nobody prints.  Tier 2 is met in the last stage only. */
static void fill_stages(province *p, uint32_t schools, uint32_t seed)
{
    uint32_t state = seed;
    const uint32_t first_grade = schools + 1, first_stage = first_grade + GRADES;
    const uint32_t rows = first_stage + STAGES;
    *p = (province){.schools = schools, .n_cells = (size_t)rows * WIDTH};
    p->cells = calloc(p->n_cells, sizeof *p->cells);
    p->hidden = calloc(p->n_cells, 1);
    p->sums = calloc(2 * rows + 8 * WIDTH, sizeof *p->sums);
    p->terms = calloc((size_t)8 * WIDTH * rows, sizeof *p->terms);
    assert_true(p->cells != NULL && p->hidden != NULL && p->sums != NULL && p->terms != NULL);
    for (uint32_t i = 1; i <= schools; i++)
        for (uint32_t k = 0; k < KINDS; k++) {
            uint32_t n = chance(&state, k == 0 ? 36 : k < 3 ? 6 : 3);
            for (n = k == 2 && i % STAGES != 2 ? 0 : n; n > 0; n--) {
                const uint32_t grade = first_grade + i % STAGES * 3 + chance(&state, 3);
                const uint32_t of[] = {0, i, grade, first_stage + i % STAGES};
                for (size_t r = 0; r < 4; r++) {
                    p->cells[of[r] * WIDTH + k].value++;
                    p->cells[of[r] * WIDTH + KINDS].value += k + 1 < KINDS;
                    p->cells[of[r] * WIDTH + KINDS + 1].value++;
                }
            }
        }
    for (uint32_t i = 0; i < p->n_cells; i++) {
        psy_cell *const cell = &p->cells[i];
        const bool printed = i < first_stage * WIDTH, total = i % WIDTH == KINDS + 1;
        const bool small = printed && i % WIDTH < KINDS && cell->value > 0 && cell->value < FEW;
        cell->high = total ? INT64_MAX : p->cells[i / WIDTH * WIDTH + KINDS + 1].value;
        cell->spread = small ? FEW : printed ? 1 : PSY_SPREAD_NONE;
        cell->reach = small ? FEW : 0;
        cell->price = total && printed      ? PSY_CELL_FIXED
                      : i < WIDTH           ? 3
                      : i / WIDTH > schools ? 2
                                            : 1;
        p->hidden[i] = small || !printed;
    }
    uint32_t *next = p->terms;
    for (uint32_t row = 0; row < rows; row++)
        add_row(p, &next, row);
    for (uint32_t k = 0; k < WIDTH; k++) {
        add_whole(p, &next, k, 0, 1, first_grade, 1);
        add_whole(p, &next, k, 0, first_grade, first_stage, 1);
        for (uint32_t stage = 0; stage < STAGES; stage++) {
            const uint32_t grades = first_grade + 3 * stage;
            add_whole(p, &next, k, first_stage + stage, stage == 0 ? STAGES : stage, first_grade,
                      STAGES);
            add_whole(p, &next, k, first_stage + stage, grades, grades + 3, 1);
        }
    }
    p->tables = (psy_tables){p->cells, p->n_cells, p->sums, p->n_sums, NULL, 0};
}

/* Every look at a part, a trial or a round asks for memory as large as what it works on: what is
 * asked for in all is the same on every machine, and goes with the work.  At a bound there is no
 * more, so that a search without an end fails here, whatever the time. */
typedef struct meter {
    uint64_t asked, most;
} meter;

static void *metered(void *context, void *block, size_t bytes)
{
    meter *const of = context;
    of->asked += bytes;
    return of->asked <= of->most ? realloc(block, bytes) : NULL;
}

static void metered_free(void *context, void *block)
{
    (void)context;
    free(block);
}

static void suppress_within(uint32_t schools, uint64_t most)
{
    province p;
    size_t n_first = 0, n_last = 0, n_leaks;
    fill_stages(&p, schools, 25);
    meter of = {.most = most};
    const psy_allocator allocator = {metered, metered_free, &of};
    for (size_t i = 0; i < p.n_cells; i++)
        n_first += p.hidden[i];
    assert_int_equal(psy_tables_suppress(&p.tables, p.hidden, &allocator, NULL), PSY_OK);
    assert_true(of.asked > most / 4); /* or the bound is none */
    uint8_t *const exposure = calloc(p.n_cells, 1);
    assert_non_null(exposure);
    assert_int_equal(
        psy_tables_audit(&p.tables, p.hidden, exposure, NULL, NULL, &n_leaks, NULL, NULL), PSY_OK);
    assert_int_equal(n_leaks, 0);
    for (size_t i = 0; i < p.n_cells; i++)
        n_last += p.hidden[i];
    assert_true(n_first > schools * 5 / 2 && n_last < n_first * 3 / 2);
    free(exposure);
    done(&p);
}

/* Schools of 25, as one system and (1,200 of them) in parts.  28 and 886 MB were asked for. */
static void test_the_work_is_bounded(void **state)
{
    (void)state;
    suppress_within(300, UINT64_C(60) << 20);
    suppress_within(1200, UINT64_C(1500) << 20);
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
        cmocka_unit_test(test_the_work_is_bounded),
        cmocka_unit_test(test_a_part_is_true_of_the_whole),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
