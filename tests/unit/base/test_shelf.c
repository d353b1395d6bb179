/* Large blocks are given out again; small ones, and what is too much, are not kept. */
#include "base/parallel.h"
#include "base/shelf.h"
#include "test_support.h"

#include <string.h>

enum { LARGE = 100 << 10, MOST = 1 << 20 };

typedef struct fixture {
    psy_test_heap *heap;
    psyi_shelf *shelf;
    const psy_allocator *allocator;
} fixture;

static fixture begin(void)
{
    fixture f = {.heap = psy_test_heap_new()};
    f.shelf = psyi_shelf_new(MOST, psy_test_heap_allocator(f.heap));
    assert_non_null(f.shelf);
    f.allocator = psyi_shelf_allocator(f.shelf);
    return f;
}

static void end(fixture *f)
{
    psyi_shelf_free(f->shelf);
    psy_test_heap_free(f->heap);
}

static void *get(const fixture *f, void *old, size_t size)
{
    return f->allocator->resize(f->allocator->context, old, size);
}

static void put(const fixture *f, void *block)
{
    f->allocator->release(f->allocator->context, block);
}

static void large_ones_come_again(void **state)
{
    (void)state;
    fixture f = begin();
    void *const first = get(&f, NULL, LARGE);
    put(&f, first);
    assert_int_equal(psyi_shelf_kept(f.shelf), LARGE);
    const size_t calls = psy_test_heap_calls(f.heap);
    assert_ptr_equal(get(&f, NULL, LARGE - 1000), first);
    assert_int_equal(psy_test_heap_calls(f.heap), calls);
    assert_int_equal(psyi_shelf_kept(f.shelf), 0);
    /* The same one is not given to two. */
    void *const second = get(&f, NULL, LARGE);
    assert_ptr_not_equal(second, first);
    put(&f, first);
    put(&f, second);
    end(&f);
}

static void the_smallest_that_fits(void **state)
{
    (void)state;
    fixture f = begin();
    void *const large = get(&f, NULL, 3 * LARGE), *const small = get(&f, NULL, 2 * LARGE);
    put(&f, large);
    put(&f, small);
    assert_ptr_equal(get(&f, NULL, LARGE), small);
    assert_ptr_equal(get(&f, NULL, LARGE), large);
    /* Four times too large is too large. */
    put(&f, large);
    void *const other = get(&f, NULL, 40 << 10);
    assert_ptr_not_equal(other, large);
    put(&f, other);
    put(&f, small);
    end(&f);
}

static void small_ones_and_too_many_are_not_kept(void **state)
{
    (void)state;
    fixture f = begin();
    const size_t live = psy_test_heap_live(f.heap);
    put(&f, get(&f, NULL, 1000));
    assert_int_equal(psyi_shelf_kept(f.shelf), 0);
    put(&f, get(&f, NULL, MOST + 1));
    assert_int_equal(psyi_shelf_kept(f.shelf), 0);
    assert_int_equal(psy_test_heap_live(f.heap), live);
    void *blocks[12];
    for (size_t i = 0; i < 12; i++)
        blocks[i] = get(&f, NULL, LARGE);
    for (size_t i = 0; i < 12; i++)
        put(&f, blocks[i]);
    assert_int_equal(psyi_shelf_kept(f.shelf), MOST / LARGE * LARGE);
    put(&f, NULL);
    end(&f);
}

static void what_grows_keeps_its_bytes(void **state)
{
    (void)state;
    fixture f = begin();
    put(&f, get(&f, NULL, 4 * LARGE));
    unsigned char *text = NULL;
    size_t length = 0;
    for (size_t size = 16; size <= 8 * LARGE; size *= 2) {
        text = get(&f, text, size);
        assert_non_null(text);
        for (size_t i = 0; i < length; i++)
            assert_int_equal(text[i], (unsigned char)(i * 7));
        for (; length < size; length++)
            text[length] = (unsigned char)(length * 7);
    }
    assert_ptr_equal(get(&f, text, 10), text);
    put(&f, text);
    end(&f);
}

static void without_memory_nothing_is_lost(void **state)
{
    (void)state;
    fixture f = begin();
    unsigned char *const text = get(&f, NULL, LARGE);
    memset(text, 7, LARGE);
    psy_test_heap_fail(f.heap, 1, 1);
    assert_null(get(&f, NULL, 10));
    assert_null(get(&f, NULL, LARGE));
    assert_null(get(&f, text, 2 * LARGE));
    assert_null(get(&f, text, SIZE_MAX));
    assert_null(psyi_shelf_new(MOST, psy_test_heap_allocator(f.heap)));
    psy_test_heap_fail(f.heap, 0, 0);
    for (size_t i = 0; i < LARGE; i++)
        assert_int_equal(text[i], 7);
    put(&f, text);
    end(&f);
}

static psy_status take_turns(void *context, size_t index, psy_error *error)
{
    const psy_allocator *const allocator = context;
    (void)error;
    for (size_t turn = 0; turn < 200; turn++) {
        const size_t size = ((size_t)32 << 10) + (index + turn) % 7 * 1000;
        unsigned char *const text = allocator->resize(allocator->context, NULL, size);
        assert_non_null(text);
        memset(text, (int)index, size);
        for (size_t i = 0; i < size; i += 511)
            assert_int_equal(text[i], index);
        allocator->release(allocator->context, text);
    }
    return PSY_OK;
}

static void threads_take_turns(void **state)
{
    (void)state;
    fixture f = begin();
    assert_int_equal(psyi_parallel(3, 6, take_turns, (void *)(uintptr_t)f.allocator, NULL, NULL),
                     PSY_OK);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_ones_come_again),
        cmocka_unit_test(the_smallest_that_fits),
        cmocka_unit_test(small_ones_and_too_many_are_not_kept),
        cmocka_unit_test(what_grows_keeps_its_bytes),
        cmocka_unit_test(without_memory_nothing_is_lost),
        cmocka_unit_test(threads_take_turns),
    };
    return cmocka_run_group_tests_name("shelf", tests, NULL, NULL);
}
