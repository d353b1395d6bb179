/*
 * test_every_index.c -- what all indices have in common: empty grids, bad grids, memory that
 * runs out, and the same bytes from any number of threads.
 */
#include "small_grid.h"
#include "test_support.h"

#include <math.h>
#include <string.h>

static small_grid g;

/* Room for the results of any index. */
typedef struct results {
    double a[4096], b[4096], c[4096];
    uint32_t n[4096], m[4096], k[4096];
    size_t rows[4096];
    uint8_t s[4096], t[4096], used[40];
    psy_item_pair pairs[100];
    size_t count;
} results;

static results first, second;
static const uint8_t threes[40] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
                                   3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
static const uint8_t zeros[40];
static uint32_t scale_of[40], class_of[4096], shown[4096];
static double seconds[4096], slopes[40], intercepts[120];
static int64_t times[4096];

typedef psy_status index_function(const psy_answer_grid *grid, results *r, psy_error *error);

static psy_status runs(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_runs(grid, PSY_BLANKS_END_RUNS, r->n, r->a, r->s, error);
}

static psy_status patterns(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_patterns(grid, r->n, r->s, error);
}

static psy_status irv(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_irv(grid, r->a, r->s, error);
}

static psy_status even_odd(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_even_odd(grid, scale_of, 4, r->a, r->s, error);
}

static psy_status mahalanobis(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_mahalanobis(grid, PSY_DEPENDENT_DROPPED, r->a, r->b, r->s, r->used,
                                    &r->count, error);
}

static psy_status find_pairs(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_find_pairs(grid, 0.02, r->pairs, 100, &r->count, error);
}

static psy_status pairs(const psy_answer_grid *grid, results *r, psy_error *error)
{
    static const psy_item_pair some[4] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}};
    return psy_validity_pairs(grid, some, 4, r->a, r->s, error);
}

static psy_status person_total(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_person_total(grid, r->a, r->s, error);
}

static psy_status guttman(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_guttman(grid, threes, r->n, r->a, r->s, r->t, error);
}

static psy_status person_fit(const psy_answer_grid *grid, results *r, psy_error *error)
{
    const psy_graded_items model = {grid != NULL ? grid->n_items : 0, threes, slopes, intercepts};
    return psy_validity_person_fit(grid, &model, r->a, r->b, r->c, r->s, error);
}

static psy_status counts(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_counts(grid, zeros, threes, r->n, r->m, r->k, error);
}

static psy_status infrequency(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_infrequency(grid, zeros, zeros, r->n, r->m, error);
}

static psy_status near_copies(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_near_copies(grid, class_of, 0, r->a, r->rows, r->s, error);
}

static psy_status response_time(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_time(seconds, shown, grid->n_rows, r->a, r->b, r->s, grid->allocator,
                             error);
}

static psy_status bursts(const psy_answer_grid *grid, results *r, psy_error *error)
{
    return psy_validity_bursts(times, class_of, grid->n_rows, 30, r->n, grid->allocator, error);
}

static const struct {
    const char *name;
    index_function *run;
    bool takes_grid;
} indices[] = {
    {"runs", runs, true},
    {"patterns", patterns, true},
    {"irv", irv, true},
    {"even-odd", even_odd, true},
    {"mahalanobis", mahalanobis, true},
    {"find pairs", find_pairs, true},
    {"pairs", pairs, true},
    {"person-total", person_total, true},
    {"guttman", guttman, true},
    {"person fit", person_fit, true},
    {"counts", counts, true},
    {"infrequency", infrequency, true},
    {"near copies", near_copies, true},
    {"time", response_time, false},
    {"bursts", bursts, false},
};

#define N_INDICES (sizeof indices / sizeof *indices)

static int fill(void **state)
{
    (void)state;
    uint64_t seed = 99;
    for (size_t i = 0; i < 40; i++) {
        scale_of[i] = (uint32_t)(i % 4);
        slopes[i] = 1 + 0.01 * (double)i;
        for (size_t s = 0; s < 3; s++)
            intercepts[3 * i + s] = 1 - (double)s;
    }
    for (size_t row = 0; row < 4096; row++) {
        class_of[row] = (uint32_t)(row / 30);
        shown[row] = 20;
        seconds[row] = small_grid_draw(&seed, 300);
        times[row] = small_grid_draw(&seed, 5000);
    }
    return 0;
}

static void test_no_rows_is_fine(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_INDICES; i++) {
        print_message("  %s\n", indices[i].name);
        small_grid_random(&g, 0, 8, 4, 0, 1);
        assert_int_equal(indices[i].run(&g.grid, &first, NULL), PSY_OK);
    }
}

static void test_one_row_of_missing_answers_is_defined_nowhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_INDICES; i++) {
        print_message("  %s\n", indices[i].name);
        small_grid_text(&g, "........");
        assert_int_equal(indices[i].run(&g.grid, &first, NULL), PSY_OK);
    }
}

static void test_bad_grids_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_INDICES; i++) {
        if (!indices[i].takes_grid)
            continue;
        print_message("  %s\n", indices[i].name);
        small_grid_random(&g, 5, 8, 4, 0, 1);
        psy_answer_grid bad = g.grid;
        bad.version = 0;
        assert_int_equal(indices[i].run(&bad, &first, NULL), PSY_E_ARGUMENT);
        bad = g.grid;
        bad.n_items = 0;
        assert_int_equal(indices[i].run(&bad, &first, NULL), PSY_E_ARGUMENT);
        bad.n_items = 4097;
        assert_int_equal(indices[i].run(&bad, &first, NULL), PSY_E_ARGUMENT);
        bad = g.grid;
        bad.items = NULL;
        assert_int_equal(indices[i].run(&bad, &first, NULL), PSY_E_ARGUMENT);
        g.columns[3] = NULL;
        assert_int_equal(indices[i].run(&g.grid, &first, NULL), PSY_E_ARGUMENT);
        assert_int_equal(indices[i].run(NULL, &first, NULL), PSY_E_ARGUMENT);
    }
}

static void test_threads_change_no_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_INDICES; i++) {
        print_message("  %s\n", indices[i].name);
        small_grid_random(&g, 4096, 20, 4, 90, 7);
        memset(&first, 0, sizeof first);
        assert_int_equal(indices[i].run(&g.grid, &first, NULL), PSY_OK);
        const uint32_t n_threads[] = {0, 2, 3, 7, 16};
        for (size_t t = 0; t < sizeof n_threads / sizeof *n_threads; t++) {
            g.grid.n_threads = n_threads[t];
            memset(&second, 0, sizeof second);
            assert_int_equal(indices[i].run(&g.grid, &second, NULL), PSY_OK);
            assert_memory_equal(&first, &second, sizeof first);
        }
    }
}

/* Rows judged one by one where an index looks at nothing else: order changes nothing. */
static void test_rows_do_not_see_each_other(void **state)
{
    (void)state;
    index_function *const own[] = {runs, patterns, irv, even_odd, pairs, counts};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        small_grid_random(&g, 200, 20, 4, 15, 5);
        assert_int_equal(own[i](&g.grid, &first, NULL), PSY_OK);
        for (size_t row = 0; row < 200; row += 37) {
            small_grid_random(&g, 200, 20, 4, 15, 5);
            for (size_t item = 0; item < 20; item++)
                g.answers[item][0] = g.answers[item][row];
            g.grid.n_rows = 1;
            assert_int_equal(own[i](&g.grid, &second, NULL), PSY_OK);
            assert_int_equal(second.n[0], own[i] == runs || own[i] == patterns || own[i] == counts
                                              ? first.n[row]
                                              : second.n[0]);
            if (own[i] != patterns && own[i] != counts)
                assert_memory_equal(&second.a[0], &first.a[row], sizeof(double));
        }
    }
}

/* Each output asked for by itself is what it is among all: nothing is worked out by the way. */
static void test_each_output_by_itself(void **state)
{
    (void)state;
    const psy_graded_items model = {20, threes, slopes, intercepts};
    const psy_answer_grid *const grid = &g.grid;
    small_grid_random(&g, 900, 20, 4, 90, 11);
    results *const all = &first, *const one = &second;
    const psy_allocator *const none = NULL;
#define FROM_ANEW (memset(all, 0, sizeof *all), memset(one, 0, sizeof *one))
#define OK(call)  assert_int_equal(call, PSY_OK)
#define SAME      assert_memory_equal(all, one, sizeof *all)
    FROM_ANEW;
    OK(psy_validity_runs(grid, PSY_BLANKS_END_RUNS, all->n, all->a, all->s, NULL));
    OK(psy_validity_runs(grid, PSY_BLANKS_END_RUNS, one->n, NULL, NULL, NULL));
    OK(psy_validity_runs(grid, PSY_BLANKS_END_RUNS, NULL, one->a, NULL, NULL));
    OK(psy_validity_runs(grid, PSY_BLANKS_END_RUNS, NULL, NULL, one->s, NULL));
    SAME;
    FROM_ANEW;
    OK(psy_validity_patterns(grid, all->n, NULL, NULL));
    OK(psy_validity_patterns(grid, one->n, one->s, NULL));
    assert_memory_equal(all->n, one->n, sizeof all->n);
    FROM_ANEW;
    OK(psy_validity_mahalanobis(grid, PSY_DEPENDENT_DROPPED, all->a, NULL, NULL, NULL, NULL, NULL));
    OK(psy_validity_mahalanobis(grid, PSY_DEPENDENT_DROPPED, one->a, one->b, one->s, one->used,
                                &one->count, NULL));
    assert_memory_equal(all->a, one->a, sizeof all->a);
    FROM_ANEW;
    OK(psy_validity_guttman(grid, threes, all->n, all->a, all->s, all->t, NULL));
    OK(psy_validity_guttman(grid, threes, one->n, NULL, one->s, NULL, NULL));
    OK(psy_validity_guttman(grid, threes, NULL, one->a, NULL, one->t, NULL));
    SAME;
    FROM_ANEW;
    OK(psy_validity_person_fit(grid, &model, all->a, all->b, all->c, all->s, NULL));
    OK(psy_validity_person_fit(grid, &model, one->a, NULL, NULL, NULL, NULL));
    OK(psy_validity_person_fit(grid, &model, NULL, one->b, NULL, NULL, NULL));
    OK(psy_validity_person_fit(grid, &model, NULL, NULL, one->c, NULL, NULL));
    OK(psy_validity_person_fit(grid, &model, NULL, NULL, NULL, one->s, NULL));
    SAME;
    FROM_ANEW;
    OK(psy_validity_counts(grid, zeros, threes, all->n, all->m, all->k, NULL));
    OK(psy_validity_counts(grid, NULL, threes, one->n, NULL, NULL, NULL));
    OK(psy_validity_counts(grid, NULL, threes, NULL, one->m, NULL, NULL));
    OK(psy_validity_counts(grid, NULL, threes, NULL, NULL, one->k, NULL));
    SAME;
    FROM_ANEW;
    OK(psy_validity_near_copies(grid, class_of, 5, all->a, all->rows, all->s, NULL));
    OK(psy_validity_near_copies(grid, class_of, 5, one->a, NULL, NULL, NULL));
    OK(psy_validity_near_copies(grid, class_of, 5, NULL, one->rows, NULL, NULL));
    OK(psy_validity_near_copies(grid, class_of, 5, NULL, NULL, one->s, NULL));
    SAME;
    FROM_ANEW;
    OK(psy_validity_time(seconds, shown, 900, all->a, all->b, all->s, none, NULL));
    OK(psy_validity_time(seconds, shown, 900, one->a, NULL, NULL, none, NULL));
    OK(psy_validity_time(seconds, shown, 900, NULL, one->b, NULL, none, NULL));
    OK(psy_validity_time(seconds, shown, 900, NULL, NULL, one->s, none, NULL));
    SAME;
}

/* Where a result or an input has no place, nothing is written and the caller is told. */
static void test_what_must_be_there(void **state)
{
    (void)state;
    const psy_answer_grid *const grid = &g.grid;
    const psy_graded_items no_slopes = {8, threes, NULL, intercepts};
    const psy_graded_items no_steps = {8, threes, slopes, NULL};
    const psy_graded_items no_scores = {8, NULL, slopes, intercepts};
    static const double rising[24] = {1, 2, 3}, endless[24] = {1, INFINITY, 0};
    const psy_graded_items wrong[] = {{8, threes, slopes, rising}, {8, threes, slopes, endless}};
    static const psy_item_pair beyond[] = {{0, 8}}, before[] = {{8, 0}};
    small_grid_random(&g, 5, 8, 4, 0, 1);
    results *const r = &first;
    memset(r, 0x55, sizeof *r);
    memcpy(&second, r, sizeof *r);
    const psy_status got[] = {
        psy_validity_patterns(grid, NULL, r->s, NULL),
        psy_validity_irv(grid, NULL, r->s, NULL),
        psy_validity_even_odd(grid, scale_of, 4, NULL, r->s, NULL),
        psy_validity_even_odd(grid, NULL, 4, r->a, r->s, NULL),
        psy_validity_even_odd(grid, scale_of, 0, r->a, r->s, NULL),
        psy_validity_even_odd(grid, scale_of, 9, r->a, r->s, NULL),
        psy_validity_mahalanobis(grid, PSY_DEPENDENT_DROPPED, NULL, r->b, r->s, r->used, &r->count,
                                 NULL),
        psy_validity_find_pairs(grid, 0.5, r->pairs, 100, NULL, NULL),
        psy_validity_find_pairs(grid, 0.5, NULL, 100, &r->count, NULL),
        psy_validity_pairs(grid, NULL, 1, r->a, r->s, NULL),
        psy_validity_pairs(grid, beyond, 1, NULL, r->s, NULL),
        psy_validity_pairs(grid, beyond, 1, r->a, r->s, NULL),
        psy_validity_pairs(grid, before, 1, r->a, r->s, NULL),
        psy_validity_person_total(grid, NULL, r->s, NULL),
        psy_validity_guttman(grid, NULL, r->n, r->a, r->s, r->t, NULL),
        psy_validity_person_fit(grid, NULL, r->a, r->b, r->c, r->s, NULL),
        psy_validity_person_fit(grid, &no_slopes, r->a, r->b, r->c, r->s, NULL),
        psy_validity_person_fit(grid, &no_steps, r->a, r->b, r->c, r->s, NULL),
        psy_validity_person_fit(grid, &no_scores, r->a, r->b, r->c, r->s, NULL),
        psy_validity_person_fit(grid, &wrong[0], r->a, r->b, r->c, r->s, NULL),
        psy_validity_person_fit(grid, &wrong[1], r->a, r->b, r->c, r->s, NULL),
        psy_validity_infrequency(grid, NULL, threes, r->n, r->m, NULL),
        psy_validity_infrequency(grid, zeros, NULL, r->n, r->m, NULL),
        psy_validity_infrequency(grid, zeros, threes, NULL, r->m, NULL),
        psy_validity_near_copies(grid, NULL, 0, r->a, r->rows, r->s, NULL),
        psy_validity_time(NULL, shown, 5, r->a, r->b, r->s, NULL, NULL),
        psy_validity_time(seconds, NULL, 5, r->a, r->b, r->s, NULL, NULL),
        psy_validity_bursts(NULL, class_of, 5, 30, r->n, NULL, NULL),
        psy_validity_bursts(times, class_of, 5, 30, NULL, NULL, NULL),
        psy_validity_bursts(times, class_of, 5, -1, r->n, NULL, NULL),
        psy_validity_runs(grid, (psy_run_blanks)7, r->n, r->a, r->s, NULL),
    };
    for (size_t i = 0; i < sizeof got / sizeof *got; i++)
        if (got[i] != PSY_E_ARGUMENT)
            fail_msg("call %zu: %s", i, psy_status_name(got[i]));
    assert_memory_equal(r, &second, sizeof *r);
}

static psy_status sweep_index(const psy_allocator *allocator, void *context)
{
    index_function *const *const run = context;
    g.grid.allocator = allocator;
    return (*run)(&g.grid, &first, NULL);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_INDICES; i++) {
        index_function *run = indices[i].run;
        small_grid_random(&g, 1500, 12, 4, 90, 3);
        const size_t n = psy_sweep(sweep_index, &run);
        print_message("  %s: %zu allocations\n", indices[i].name, n);
        assert_true(n > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_rows_is_fine),
        cmocka_unit_test(test_one_row_of_missing_answers_is_defined_nowhere),
        cmocka_unit_test(test_bad_grids_are_refused),
        cmocka_unit_test(test_threads_change_no_byte),
        cmocka_unit_test(test_rows_do_not_see_each_other),
        cmocka_unit_test(test_each_output_by_itself),
        cmocka_unit_test(test_what_must_be_there),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}
