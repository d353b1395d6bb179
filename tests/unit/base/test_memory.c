/*
 * test_memory.c -- blocks, growing, arenas, buffers; with allocations that fail.
 */
#include "test_support.h"

#include <float.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_alloc_zeroes_whatever_the_allocator_gives(void **state)
{
    (void)state;
    psy_test_heap *const heap = psy_test_heap_new();
    const psy_allocator *const allocators[] = {NULL, psy_test_heap_allocator(heap)};
    for (size_t a = 0; a < 2; a++) {
        unsigned char *const block = psyi_alloc(allocators[a], 33, 3);
        assert_non_null(block);
        for (size_t i = 0; i < 99; i++)
            assert_int_equal(block[i], 0);
        psyi_free(allocators[a], block);
    }
    psy_test_heap_free(heap);
}

static void test_alloc_refuses_a_product_that_wraps(void **state)
{
    (void)state;
    assert_null(psyi_alloc(NULL, SIZE_MAX / 2 + 2, 2));
    assert_null(psyi_alloc(NULL, SIZE_MAX, SIZE_MAX));
    assert_null(psyi_text_copy(NULL, "x", SIZE_MAX));
}

static void test_alloc_of_nothing_is_a_block(void **state)
{
    (void)state;
    psy_test_heap *const heap = psy_test_heap_new();
    const psy_allocator *const allocator = psy_test_heap_allocator(heap);
    void *const a = psyi_alloc(allocator, 0, 8);
    void *const b = psyi_alloc(allocator, 8, 0);
    assert_non_null(a);
    assert_non_null(b);
    psyi_free(allocator, a);
    psyi_free(allocator, b);
    psyi_free(allocator, NULL);
    psy_test_heap_free(heap);
}

static void test_grow_keeps_what_was_there_and_zeroes_the_rest(void **state)
{
    (void)state;
    psy_test_heap *const heap = psy_test_heap_new();
    const psy_allocator *const allocator = psy_test_heap_allocator(heap);
    void *items = NULL;
    size_t capacity = 0;
    for (size_t n = 1; n <= 1000; n++) {
        assert_true(psyi_grow(allocator, &items, &capacity, n, sizeof(uint32_t)));
        assert_true(capacity >= n);
        uint32_t *const numbers = items;
        assert_int_equal(numbers[n - 1], 0);
        numbers[n - 1] = (uint32_t)n;
    }
    for (size_t n = 1; n <= 1000; n++)
        assert_int_equal(((uint32_t *)items)[n - 1], n);
    /* Doubling, not growing by one. */
    assert_true(psy_test_heap_calls(heap) < 12);
    psyi_free(allocator, items);
    psy_test_heap_free(heap);
}

static void test_grow_that_fails_changes_nothing(void **state)
{
    (void)state;
    psy_test_heap *const heap = psy_test_heap_new();
    const psy_allocator *const allocator = psy_test_heap_allocator(heap);
    void *items = NULL;
    size_t capacity = 0;
    assert_true(psyi_grow(allocator, &items, &capacity, 8, 8));
    void *const before = items;
    const size_t room = capacity;
    psy_test_heap_fail(heap, 1, 0);
    assert_false(psyi_grow(allocator, &items, &capacity, room + 1, 8));
    assert_false(psyi_grow(allocator, &items, &capacity, SIZE_MAX / 4, 8));
    assert_false(psyi_grow(allocator, &items, &capacity, SIZE_MAX, 1));
    assert_ptr_equal(items, before);
    assert_int_equal(capacity, room);
    psyi_free(allocator, items);
    psy_test_heap_free(heap);
}

static void test_arena_blocks_are_apart_aligned_and_zero(void **state)
{
    (void)state;
    psy_test_heap *const heap = psy_test_heap_new();
    psyi_arena arena;
    psyi_arena_init(&arena, psy_test_heap_allocator(heap));
    static const size_t sizes[] = {1, 0, 16, 17, 4000, 100000, 3, 2000000, 5, 1500, 65536, 1};
    enum { N = sizeof sizes / sizeof *sizes };
    unsigned char *blocks[N];
    for (size_t round = 0; round < 50; round++)
        for (size_t i = 0; i < N; i++) {
            unsigned char *const block = psyi_arena_alloc(&arena, sizes[i], 1);
            assert_non_null(block);
            assert_int_equal((uintptr_t)block % 16, 0);
            for (size_t k = 0; k < sizes[i]; k++)
                if (block[k] != 0)
                    fail_msg("byte %zu of a block of %zu is not zero", k, sizes[i]);
            memset(block, (int)(i + 1), sizes[i]);
            blocks[i] = block;
        }
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(blocks[i][k], i + 1);
    psyi_arena_done(&arena);
    psyi_arena_done(&arena);
    psy_test_heap_free(heap);
}

static void test_arena_does_not_waste_its_chunk_on_a_large_block(void **state)
{
    (void)state;
    psy_test_heap *const heap = psy_test_heap_new();
    psyi_arena arena;
    psyi_arena_init(&arena, psy_test_heap_allocator(heap));
    char *const first = psyi_arena_alloc(&arena, 16, 1);
    assert_non_null(psyi_arena_alloc(&arena, 1000000, 1));
    char *const second = psyi_arena_alloc(&arena, 16, 1);
    assert_ptr_equal(second, first + 16);
    psyi_arena_done(&arena);
    psy_test_heap_free(heap);
}

static void test_arena_refuses_sizes_that_wrap(void **state)
{
    (void)state;
    psyi_arena arena;
    psyi_arena_init(&arena, NULL);
    assert_null(psyi_arena_alloc(&arena, SIZE_MAX, 2));
    assert_null(psyi_arena_alloc(&arena, SIZE_MAX, 1));
    assert_null(psyi_arena_alloc(&arena, SIZE_MAX - 8, 1));
    assert_null(psyi_arena_text(&arena, "x", SIZE_MAX));
    psyi_arena_done(&arena);
    psyi_arena zeroed = {0};
    psyi_arena_done(&zeroed);
}

static void test_arena_texts(void **state)
{
    (void)state;
    psyi_arena arena;
    psyi_arena_init(&arena, NULL);
    assert_string_equal(psyi_arena_text(&arena, "abcdef", 3), "abc");
    assert_string_equal(psyi_arena_text(&arena, NULL, 0), "");
    assert_string_equal(psyi_arena_copy(&arena, "学校"), "学校");
    assert_null(psyi_arena_copy(&arena, NULL));
    assert_string_equal(psyi_arena_format(&arena, "%s/%d", "a", 7), "a/7");
    assert_string_equal(psyi_arena_format(&arena, "%s", ""), "");
    char large[10000];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    assert_string_equal(psyi_arena_format(&arena, "%s", large), large);
    psyi_arena_done(&arena);
}

static psy_status use_an_arena(const psy_allocator *allocator, void *context)
{
    (void)context;
    psyi_arena arena;
    psyi_arena_init(&arena, allocator);
    psy_status status = PSY_OK;
    for (int i = 0; i < 3000 && status == PSY_OK; i++)
        if (psyi_arena_format(&arena, "text number %d", i) == NULL ||
            psyi_arena_alloc(&arena, (size_t)i, 7) == NULL ||
            psyi_arena_copy(&arena, "copy") == NULL)
            status = PSY_E_NOMEM;
    psyi_arena_done(&arena);
    return status;
}

static void test_arena_survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(psy_sweep(use_an_arena, NULL) > 10);
}

static void test_buffer_appends(void **state)
{
    (void)state;
    psyi_buffer buffer;
    psyi_buffer_init(&buffer, NULL);
    psyi_buffer_text(&buffer, "a");
    psyi_buffer_char(&buffer, ',');
    psyi_buffer_add(&buffer, "xyz", 2);
    psyi_buffer_add(&buffer, NULL, 0);
    psyi_buffer_integer(&buffer, LLONG_MIN);
    psyi_buffer_char(&buffer, ' ');
    psyi_buffer_integer(&buffer, LLONG_MAX);
    psyi_buffer_integer(&buffer, 0);
    psyi_buffer_number(&buffer, 0.1);
    psyi_buffer_number(&buffer, -1.0 / 0.0 + 1.0 / 0.0); /* NaN: nothing */
    psyi_buffer_format(&buffer, "[%s|%5d]", "é", -3);
    assert_false(buffer.failed);
    assert_string_equal(buffer.data, "a,xy-9223372036854775808 922337203685477580700.1[é|   -3]");
    assert_int_equal(buffer.length, strlen(buffer.data));
    psyi_buffer_clear(&buffer);
    assert_string_equal(buffer.data, "");
    psyi_buffer_done(&buffer);
    assert_null(buffer.data);
    psyi_buffer_clear(&buffer);
    psyi_buffer_done(&buffer);
}

static void test_buffer_formats_across_every_capacity(void **state)
{
    (void)state;
    for (size_t before = 0; before < 40; before++)
        for (int width = 1; width < 40; width++) {
            psyi_buffer buffer;
            psyi_buffer_init(&buffer, NULL);
            for (size_t i = 0; i < before; i++)
                psyi_buffer_char(&buffer, 'b');
            psyi_buffer_format(&buffer, "%*d", width, 1);
            assert_int_equal(buffer.length, before + (size_t)width);
            assert_int_equal(strlen(buffer.data), buffer.length);
            assert_int_equal(buffer.data[buffer.length - 1], '1');
            psyi_buffer_done(&buffer);
        }
}

static void test_buffer_that_failed_stays_as_it_was(void **state)
{
    (void)state;
    psy_test_heap *const heap = psy_test_heap_new();
    psyi_buffer buffer;
    psyi_buffer_init(&buffer, psy_test_heap_allocator(heap));
    psyi_buffer_text(&buffer, "1234567");
    psy_test_heap_fail(heap, 1, 0);
    psyi_buffer_format(&buffer, "%s", "too long for the room that is left");
    assert_true(buffer.failed);
    assert_string_equal(buffer.data, "1234567");
    psyi_buffer_text(&buffer, "later");
    psyi_buffer_format(&buffer, "%d", 1);
    psyi_buffer_integer(&buffer, 1);
    assert_true(buffer.failed);
    assert_string_equal(buffer.data, "1234567");
    psyi_buffer_clear(&buffer);
    assert_false(buffer.failed);
    psyi_buffer_text(&buffer, "again");
    assert_string_equal(buffer.data, "again");
    psyi_buffer_add(&buffer, "x", SIZE_MAX - 3);
    assert_true(buffer.failed);
    psyi_buffer_done(&buffer);
    psy_test_heap_free(heap);
}

static psy_status use_a_buffer(const psy_allocator *allocator, void *context)
{
    (void)context;
    psyi_buffer buffer;
    psyi_buffer_init(&buffer, allocator);
    for (int i = 0; i < 1000; i++) {
        psyi_buffer_text(&buffer, "text");
        psyi_buffer_format(&buffer, "%d", i);
        psyi_buffer_number(&buffer, i / 8.0);
    }
    const psy_status status = buffer.failed ? PSY_E_NOMEM : PSY_OK;
    psyi_buffer_done(&buffer);
    return status;
}

static void test_buffer_survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(psy_sweep(use_a_buffer, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alloc_zeroes_whatever_the_allocator_gives),
        cmocka_unit_test(test_alloc_refuses_a_product_that_wraps),
        cmocka_unit_test(test_alloc_of_nothing_is_a_block),
        cmocka_unit_test(test_grow_keeps_what_was_there_and_zeroes_the_rest),
        cmocka_unit_test(test_grow_that_fails_changes_nothing),
        cmocka_unit_test(test_arena_blocks_are_apart_aligned_and_zero),
        cmocka_unit_test(test_arena_does_not_waste_its_chunk_on_a_large_block),
        cmocka_unit_test(test_arena_refuses_sizes_that_wrap),
        cmocka_unit_test(test_arena_texts),
        cmocka_unit_test(test_arena_survives_every_failing_allocation),
        cmocka_unit_test(test_buffer_appends),
        cmocka_unit_test(test_buffer_formats_across_every_capacity),
        cmocka_unit_test(test_buffer_that_failed_stays_as_it_was),
        cmocka_unit_test(test_buffer_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
