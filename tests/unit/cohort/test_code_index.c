/*
 * test_code_index.c -- seats by the hash of their code: repeats and look-ups against a table that
 * is as large as all codes times all schools, also where the index is many times the budget.
 */
#include "test_support.h"

#include "base/spill.h"
#include "cohort/roll.h"

#include <stdio.h>
#include <string.h>

#define MIB ((size_t)1 << 20)
enum { CODES = 20000, SCHOOLS = 7, NONE = SCHOOLS };

/* Every fifth code is the one before it in other letters. */
static const char *code_of(char (*texts)[16], unsigned i)
{
    if (texts[i][0] == '\0')
        snprintf(texts[i], sizeof *texts, i % 5 == 4 ? "g%08u" : "G%08u",
                 2026000u + (i % 5 == 4 ? i - 1 : i));
    return texts[i];
}

typedef struct world {
    char (*texts)[16];
    uint32_t (*first)[SCHOOLS + 1]; /* seat of a code in a school, then of none; UINT32_MAX */
    psyi_assembly a;
} world;

static void add(world *w, unsigned code, unsigned school)
{
    psyi_assembly *const a = &w->a;
    void *seats = a->seats;
    assert_true(
        psyi_grow_raw(a->allocator, &seats, &a->seats_room, a->n_seats + 1, sizeof *a->seats));
    a->seats = seats;
    const char *const text = code_of(w->texts, code);
    const uint32_t in = school == NONE ? UINT32_MAX : school;
    assert_true(psyi_index_add(a, text, in, (uint32_t)a->n_seats));
    a->seats[a->n_seats] = (psyi_seat){.code = text, .school = in, .source = (uint32_t)a->n_seats};
    a->n_seats++;
}

/* The seat that this one repeats, by the table; UINT32_MAX: none, and it stands in the table. */
static uint32_t expected_first(world *w, unsigned code, unsigned school, uint32_t seat)
{
    uint32_t found = w->first[code][school];
    for (unsigned other = 0; school == NONE && other < SCHOOLS; other++)
        found = w->first[code][other] < found ? w->first[code][other] : found;
    if (found == UINT32_MAX)
        w->first[code][school] = seat;
    return found;
}

static void check_look_up(const world *w, unsigned code, size_t seats)
{
    size_t n, exactly = 0, in_table = 0;
    const char *const text = code_of(w->texts, code);
    const psyi_code_entry *const alike = psyi_index_find(&w->a, text, &n);
    for (size_t i = 0; i < n; i++) {
        assert_true(alike[i].seat < seats);
        assert_true(i == 0 || alike[i - 1].seat < alike[i].seat);
        assert_string_equal(w->a.seats[alike[i].seat].code, alike[i].code);
        assert_int_equal(w->a.seats[alike[i].seat].school, alike[i].school);
        exactly += strcmp(alike[i].code, text) == 0;
        assert_int_equal(psyi_code_hash(alike[i].code), psyi_code_hash(text));
    }
    for (unsigned school = 0; school <= SCHOOLS; school++)
        in_table += w->first[code][school] != UINT32_MAX;
    assert_int_equal(exactly, in_table);
}

/* All at once find what each finds alone, whatever their order, repeats and strangers too. */
static void check_many(const world *w, unsigned n_codes, uint64_t *chance)
{
    const size_t n = 2 * (size_t)n_codes + 1;
    const char **const codes = psyi_alloc(NULL, n, sizeof *codes);
    psyi_code_hit *const hits = psyi_alloc(NULL, n, sizeof *hits);
    assert_true(codes != NULL && hits != NULL);
    for (size_t i = 0; i < n; i++)
        codes[i] = i % 7 == 0   ? "nobody has this one"
                   : i % 7 == 1 ? ""
                                : code_of(w->texts, psy_test_below(chance, n_codes));
    assert_true(psyi_index_find_many(&w->a, codes, n, hits));
    for (size_t i = 0; i < n; i++) {
        size_t alone;
        const psyi_code_entry *const entry = psyi_index_find(&w->a, codes[i], &alone);
        assert_int_equal(hits[i].n, alone);
        if (alone == 1)
            assert_memory_equal(&hits[i].only, entry, sizeof *entry);
    }
    psyi_free(NULL, codes);
    psyi_free(NULL, hits);
}

static void against_the_table(size_t n, unsigned n_codes, const psy_allocator *allocator)
{
    uint64_t chance = n;
    world w = {.a = {.allocator = allocator}};
    w.texts = psyi_alloc(NULL, CODES, sizeof *w.texts);
    w.first = psyi_alloc(NULL, CODES, sizeof *w.first);
    uint32_t *const repeats_of = psyi_alloc(NULL, n + 1, sizeof *repeats_of);
    assert_true(w.texts != NULL && w.first != NULL && repeats_of != NULL);
    memset(w.first, 0xFF, CODES * sizeof *w.first);
    for (uint32_t i = 0; i < n; i++) {
        const unsigned code = psy_test_below(&chance, n_codes);
        /* Sheets that name no school come after all others. */
        const unsigned school = i > n / 2 ? NONE : psy_test_below(&chance, SCHOOLS);
        add(&w, code, school);
        repeats_of[i] = expected_first(&w, code, school, i);
    }
    psyi_repeats repeats;
    assert_int_equal(psyi_index_sort(&w.a, &repeats, NULL), PSY_OK);
    size_t next = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (repeats_of[i] == UINT32_MAX)
            continue;
        assert_true(next < repeats.n);
        assert_int_equal(repeats.list[next].seat, i);
        assert_int_equal(repeats.list[next++].first, repeats_of[i]);
    }
    assert_int_equal(next, repeats.n);
    psyi_index_drop(&w.a, &repeats);
    assert_int_equal(w.a.n_seats, n - repeats.n);
    assert_int_equal(w.a.n_index, n - repeats.n);
    size_t seat = 0;
    for (uint32_t i = 0; i < n; i++)
        if (repeats_of[i] == UINT32_MAX)
            assert_int_equal(w.a.seats[seat++].source, i);
    for (unsigned code = 0; code < n_codes; code++)
        check_look_up(&w, code, w.a.n_seats);
    check_many(&w, n_codes, &chance);
    size_t none;
    assert_null(psyi_index_find(&w.a, "nobody has this one", &none));
    assert_int_equal(none, 0);
    psyi_free(allocator, repeats.list);
    psyi_free(allocator, w.a.seats);
    psyi_free(allocator, w.a.index);
    psyi_free(NULL, w.texts);
    psyi_free(NULL, w.first);
    psyi_free(NULL, repeats_of);
}

static void test_few_and_many(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        unsigned codes;
    } sizes[] = {{0, 1}, {1, 1}, {2, 1}, {50, 3}, {50, 40}, {3000, 5}, {3000, CODES}, {9000, 900}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        against_the_table(sizes[i].n, sizes[i].codes, NULL);
}

/* The index is six MiB, its seats eight: the budget is one. */
static void test_a_budget_far_below(void **state)
{
    (void)state;
    psyi_spill *spill;
    assert_int_equal(psyi_spill_open(&spill, psy_test_directory(), MIB, NULL, NULL), PSY_OK);
    against_the_table(260000, CODES, psyi_spill_allocator(spill));
    assert_true(psyi_spill_most(spill) > 10 * MIB);
    psyi_spill_close(spill);
    psy_test_directory_remove();
}

static psy_status index_once(const psy_allocator *allocator, void *context)
{
    static const char *const codes[] = {"S1", "S2", "s1", "S1", "S2", "S3", "S4", "S5", "S6", "S7"};
    psyi_assembly a = {.allocator = allocator};
    psyi_repeats repeats = {NULL, 0};
    bool good = true;
    (void)context;
    for (uint32_t i = 0; i < 10 && good; i++)
        good = psyi_index_add(&a, codes[i], 0, i);
    psy_status status = good ? psyi_index_sort(&a, &repeats, NULL) : PSY_E_NOMEM;
    if (status == PSY_OK)
        assert_int_equal(repeats.n, 2);
    psyi_free(allocator, repeats.list);
    psyi_free(allocator, a.index);
    return status;
}

static void test_the_index_survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(psy_sweep(index_once, NULL) >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_and_many),
        cmocka_unit_test(test_a_budget_far_below),
        cmocka_unit_test(test_the_index_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests_name("code_index", tests, NULL, NULL);
}
