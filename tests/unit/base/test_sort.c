/*
 * test_sort.c -- sorted as by the C library, stable, and whole after a failure.
 */
#include "test_support.h"

#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

typedef struct item {
    uint32_t key, place;
    char more[5];
} item;

static int by_key(const void *a, const void *b, void *context)
{
    const item *const x = a, *const y = b;
    ++*(size_t *)context;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int by_key_and_place(const void *a, const void *b)
{
    const item *const x = a, *const y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static void make(item *items, size_t n, uint32_t keys, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        items[i] = (item){.key = (uint32_t)(seed >> 33) % keys, .place = (uint32_t)i};
        memset(items[i].more, (int)(i % 100), sizeof items[i].more);
    }
}

static void test_sorts_like_qsort_and_keeps_ties(void **state)
{
    (void)state;
    static item items[3000], expected[3000];
    for (size_t n = 0; n <= 3000; n += n < 40 ? 1 : 487)
        for (uint32_t keys = 1; keys <= 100000; keys *= 10) {
            size_t n_compared = 0;
            make(items, n, keys, n + keys);
            memcpy(expected, items, n * sizeof *items);
            qsort(expected, n, sizeof *expected, by_key_and_place);
            assert_true(psyi_merge_sort(items, n, sizeof *items, by_key, &n_compared, NULL));
            for (size_t i = 0; i < n; i++) {
                assert_int_equal(items[i].key, expected[i].key);
                assert_int_equal(items[i].place, expected[i].place);
                assert_memory_equal(items[i].more, expected[i].more, sizeof items[i].more);
            }
            assert_true(n_compared <= 14 * n);
        }
}

static void test_without_memory_nothing_moves(void **state)
{
    (void)state;
    item items[100], before[100];
    size_t n_compared = 0;
    psy_test_heap *const heap = psy_test_heap_new();
    make(items, 100, 1000, 3);
    memcpy(before, items, sizeof items);
    psy_test_heap_fail(heap, 1, 0);
    assert_false(psyi_merge_sort(items, 100, sizeof *items, by_key, &n_compared,
                                 psy_test_heap_allocator(heap)));
    assert_memory_equal(items, before, sizeof items);
    assert_true(psyi_merge_sort(items, 100, sizeof *items, by_key, &n_compared,
                                psy_test_heap_allocator(heap)));
    psy_test_heap_free(heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorts_like_qsort_and_keeps_ties),
        cmocka_unit_test(test_without_memory_nothing_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
