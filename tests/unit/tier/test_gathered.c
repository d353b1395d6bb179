/*
 * test_gathered.c -- a column is gathered once a block; more columns than there is room for are
 * gathered each time, and say the same.
 */
#include "test_support.h"
#include "tier/gathered.h"
#include "tier/nearness.h"

enum { COLUMNS = 80, KEPT = 64 };

typedef struct source {
    unsigned asked[COLUMNS];
    int64_t plus; /* tells one block from the next */
} source;

static void number(const void *context, uint32_t column, psyi_numbers *out)
{
    source *const s = (source *)(uintptr_t)context;
    s->asked[column]++;
    *out = (psyi_numbers){.known = ~(psyi_mask)0};
    for (unsigned lane = 0; lane < PSYI_LANES; lane++)
        out->value[lane] = psyi_ratio_make((int64_t)column * 100 + lane + s->plus, 1);
}

static void read_all(const psyi_block *block, int64_t plus)
{
    static psyi_numbers got;
    for (uint32_t column = 0; column < COLUMNS; column++) {
        block->number(block->context, column, &got);
        assert_true(got.known == ~(psyi_mask)0);
        for (unsigned lane = 0; lane < PSYI_LANES; lane++)
            assert_int_equal(got.value[lane].num, (int64_t)column * 100 + lane + plus);
    }
}

static void test_each_column_once_a_block(void **state)
{
    psy_error error;
    psyi_gathered *gathered = NULL;
    (void)state;
    assert_int_equal(psyi_gathered_new(&gathered, NULL, &error), PSY_OK);
    for (int64_t plus = 0; plus < 2; plus++) {
        source s = {.plus = plus};
        const psyi_block base = {.context = &s, .number = number};
        const psyi_block block = psyi_gathered_values(gathered, &base);
        for (unsigned turn = 0; turn < 3; turn++)
            read_all(&block, plus);
        for (unsigned column = 0; column < COLUMNS; column++)
            assert_int_equal(s.asked[column], column < KEPT ? 1 : 3);
    }
    psyi_gathered_free(gathered);
}

static void test_nothing_is_freed_twice(void **state)
{
    (void)state;
    psyi_gathered_free(NULL);
    psyi_nearness_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_column_once_a_block),
        cmocka_unit_test(test_nothing_is_freed_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
