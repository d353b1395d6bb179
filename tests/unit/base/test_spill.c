/*
 * test_spill.c -- blocks beyond a budget: the same bytes as any block, a file that nobody
 * sees, and few pages of it in memory.
 */
#include "test_support.h"

#include "base/parallel.h"
#include "base/spill.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

static size_t entries_in(const char *directory)
{
    size_t n = 0;
    DIR *const it = opendir(directory);
    assert_non_null(it);
    for (const struct dirent *entry; (entry = readdir(it)) != NULL;)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(it);
    return n;
}

/* A pattern that tells where a byte should be. */
static unsigned char pattern(size_t block, size_t at)
{
    return (unsigned char)(block * 131 + at * 7 + (at >> 8) * 3 + 1);
}

static void fill(unsigned char *block, size_t number, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        block[i] = pattern(number, i);
}

static bool holds(const unsigned char *block, size_t number, size_t to)
{
    for (size_t i = 0; i < to; i++)
        if (block[i] != pattern(number, i))
            return false;
    return true;
}

static bool is_zero(const unsigned char *block, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (block[i] != 0)
            return false;
    return true;
}

enum { N_BLOCKS = 40 };

/* Blocks of many sizes are made, grown, freed and made again. */
static void exercise(const psy_allocator *allocator, size_t seed)
{
    void *blocks[N_BLOCKS];
    size_t room[N_BLOCKS];
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < N_BLOCKS; i++) {
            room[i] = 100 + (seed + i * 7919 + round * 31) % 97 * 3001;
            blocks[i] = psyi_alloc(allocator, room[i], 1);
            assert_non_null(blocks[i]);
            assert_int_equal((uintptr_t)blocks[i] % 16, 0);
            assert_true(is_zero(blocks[i], 0, room[i]));
            fill(blocks[i], seed + i, 0, room[i]);
        }
        for (size_t i = round; i < N_BLOCKS; i += 3) {
            const size_t before = room[i];
            assert_true(psyi_grow(allocator, &blocks[i], &room[i], before * 3 + 5, 1));
            assert_true(holds(blocks[i], seed + i, before));
            assert_true(is_zero(blocks[i], before, room[i]));
            fill(blocks[i], seed + i, before, room[i]);
        }
        for (size_t i = 0; i < N_BLOCKS; i++) {
            assert_true(holds(blocks[i], seed + i, room[i]));
            psyi_free(allocator, blocks[i]);
        }
    }
}

static void test_blocks_hold_what_was_put_there(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    psy_test_heap *const heap = psy_test_heap_new();
    static const uint64_t budgets[] = {MIB, 4 * MIB, UINT64_C(1) << 40};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        psyi_spill *spill;
        assert_int_equal(
            psyi_spill_open(&spill, directory, budgets[i], psy_test_heap_allocator(heap), NULL),
            PSY_OK);
        exercise(psyi_spill_allocator(spill), i);
        assert_int_equal(psyi_spill_most(spill) > 0, budgets[i] < UINT64_C(1) << 40);
        assert_int_equal(entries_in(directory), 0);
        psyi_spill_close(spill);
    }
    psyi_spill_close(NULL);
    psy_test_heap_free(heap);
    psy_test_directory_remove();
}

static psy_status exercise_task(void *context, size_t index, psy_error *error)
{
    (void)error;
    exercise(psyi_spill_allocator(context), index * 1000);
    return PSY_OK;
}

static void test_blocks_of_several_threads(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    psyi_spill *spill;
    assert_int_equal(psyi_spill_open(&spill, directory, MIB, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_parallel(4, 8, exercise_task, spill, NULL, NULL), PSY_OK);
    psyi_spill_close(spill);
    psy_test_directory_remove();
}

#ifndef SANITIZED
static size_t resident(void)
{
    unsigned long size = 0, pages = 0;
    FILE *const file = fopen("/proc/self/statm", "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu %lu", &size, &pages), 2);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* 256 MiB are written and read twice with a budget of 16. */
static void test_few_pages_stay_in_memory(void **state)
{
    (void)state;
    enum { BLOCKS = 64 };
    const char *const directory = psy_test_directory();
    psyi_spill *spill;
    uint64_t *blocks[BLOCKS];
    assert_int_equal(psyi_spill_open(&spill, directory, 16 * MIB, NULL, NULL), PSY_OK);
    const psy_allocator *const allocator = psyi_spill_allocator(spill);
    const size_t words = 4 * MIB / sizeof **blocks, before = resident();
    for (size_t i = 0; i < BLOCKS; i++) {
        blocks[i] = psyi_alloc(allocator, words, sizeof **blocks);
        assert_non_null(blocks[i]);
        for (size_t j = 0; j < words; j++)
            blocks[i][j] = i * words + j;
    }
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < BLOCKS; i++) {
            bool same = true;
            for (size_t j = 0; j < words; j++)
                same = same && blocks[i][j] == i * words + j;
            assert_true(same);
        }
    assert_true(psyi_spill_most(spill) > 240 * MIB);
    /* The keeper looks every millisecond; here it is given a hundred times that. */
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    assert_true(resident() < before + 24 * MIB);
    for (size_t i = 0; i < BLOCKS; i++)
        psyi_free(allocator, blocks[i]);
    psyi_spill_close(spill);
    psy_test_directory_remove();
}

static long faults(void)
{
    struct rusage used;
    assert_int_equal(getrusage(RUSAGE_SELF, &used), 0);
    return used.ru_minflt;
}

/* Below the limit nobody looks for pages to let go of: those of a large block go when it does, all
 * others once what comes late begins. */
static void test_pages_of_large_blocks_go_with_them(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    psyi_spill *spill;
    assert_int_equal(psyi_spill_open(&spill, directory, 256 * MIB, NULL, NULL), PSY_OK);
    const psy_allocator *const allocator = psyi_spill_allocator(spill);
    void *const in_memory = psyi_alloc(allocator, 63 * MIB, 1);
    assert_non_null(in_memory);
    const size_t before = resident();
    unsigned char *const freed = psyi_alloc(allocator, 24 * MIB, 1);
    unsigned char *const kept = psyi_alloc(allocator, 24 * MIB, 1);
    assert_true(freed != NULL && kept != NULL);
    memset(freed, 1, 24 * MIB);
    memset(kept, 1, 24 * MIB);
    assert_true(resident() > before + 40 * MIB);
    psyi_free(allocator, freed);
    assert_true(resident() < before + 30 * MIB);
    psyi_spill_ease(spill);
    assert_true(resident() < before + 8 * MIB);
    for (size_t at = 0; at < 24 * MIB; at += 4096)
        assert_int_equal(kept[at], 1);
    psyi_free(allocator, kept);
    psyi_free(allocator, in_memory);
    psyi_spill_close(spill);
    psy_test_directory_remove();
}

/* Pages of a block that was freed at the end count as long as they are held: they are let go of
 * as well, or a block that fits would be let go of at every look. */
static void test_freed_pages_are_let_go_of(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    psyi_spill *spill;
    assert_int_equal(psyi_spill_open(&spill, directory, 16 * MIB, NULL, NULL), PSY_OK);
    const psy_allocator *const allocator = psyi_spill_allocator(spill);
    void *const in_memory = psyi_alloc(allocator, 4 * MIB - MIB / 16, 1);
    unsigned char *const kept = psyi_alloc(allocator, MIB, 1);
    assert_true(in_memory != NULL && kept != NULL);
    unsigned char *freed[8]; /* of less than a MiB: larger ones are let go of at once */
    for (size_t i = 0; i < 8; i++) {
        freed[i] = psyi_alloc(allocator, MIB - MIB / 16, 1);
        assert_non_null(freed[i]);
    }
    assert_true(psyi_spill_most(spill) > 8 * MIB);
    psyi_spill_look_now(allocator);
    for (size_t i = 0; i < 4; i++)
        for (size_t at = 0; at < MIB - MIB / 8; at += 4096)
            freed[i][at] = 1;
    for (size_t i = 0; i < 8; i++)
        psyi_free(allocator, freed[i]);
    const long before = faults();
    for (size_t round = 0; round < 1000; round++)
        for (size_t at = 0; at < MIB; at += 4096) {
            kept[at] = (unsigned char)(kept[at] + 1);
            psyi_spill_pass(allocator, at / 4096);
        }
    assert_true(faults() < before + 5000); /* 256 pages, perhaps a few times */
    psyi_free(allocator, kept);
    psyi_free(allocator, in_memory);
    psyi_spill_close(spill);
    psy_test_directory_remove();
}
#endif

/* A few hundred bytes each for very many: no block is large, all of them are four times the budget.
 */
static void test_small_blocks_are_many(void **state)
{
    (void)state;
    enum { MANY = 320000 };
    const char *const directory = psy_test_directory();
    psyi_spill *spill;
    assert_int_equal(psyi_spill_open(&spill, directory, 16 * MIB, NULL, NULL), PSY_OK);
    const psy_allocator *const allocator = psyi_spill_allocator(spill);
    unsigned char **const blocks = calloc(MANY, sizeof *blocks);
    assert_non_null(blocks);
    memset(blocks, 0, MANY * sizeof *blocks); /* resident from here on */
#ifndef SANITIZED
    const size_t before = resident();
#endif
    for (size_t i = 0; i < MANY; i++) {
        const size_t size = 100 + i % 199;
        blocks[i] = psyi_alloc(allocator, size, 1);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        fill(blocks[i], i, 0, size);
        psyi_spill_pass(allocator, i);
    }
    assert_true(psyi_spill_most(spill) > 32 * MIB);
#ifndef SANITIZED
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    assert_true(resident() < before + 16 * MIB);
#endif
    /* Every second is freed, and what is made in their places is zeroed. */
    for (size_t i = 0; i < MANY; i += 2)
        psyi_free(allocator, blocks[i]);
    const uint64_t most = psyi_spill_most(spill);
    for (size_t i = 0; i < MANY; i += 2) {
        const size_t size = 100 + i % 199;
        blocks[i] = psyi_alloc(allocator, size, 1);
        assert_true(is_zero(blocks[i], 0, size));
        fill(blocks[i], i, 0, size);
    }
    assert_true(psyi_spill_most(spill) < most + MIB);
    for (size_t i = 0; i < MANY; i++) {
        assert_true(holds(blocks[i], i, 100 + i % 199));
        psyi_free(allocator, blocks[i]);
    }
    free(blocks);
    psyi_spill_close(spill);
    psy_test_directory_remove();
}

static psy_status beyond_a_megabyte(psyi_spill *spill, psy_error *error)
{
    void *const block = psyi_alloc(psyi_spill_allocator(spill), 8 * MIB, 1);
    if (block != NULL) {
        psyi_free(psyi_spill_allocator(spill), block);
        return PSY_OK;
    }
    return psyi_spill_explain(spill, PSY_E_NOMEM, error);
}

static void test_no_room_is_said(void **state)
{
    (void)state;
    psyi_spill *spill;
    psy_error error;
    assert_int_equal(psyi_spill_open(&spill, "/nowhere/at/all", MIB, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_spill_explain(spill, PSY_E_NOMEM, NULL), PSY_E_NOMEM);
    assert_int_equal(beyond_a_megabyte(spill, &error), PSY_E_IO);
    assert_non_null(strstr(error.message, "/nowhere/at/all"));
    assert_int_equal(psyi_spill_explain(spill, PSY_E_DATA, NULL), PSY_E_DATA);
    psyi_spill_close(spill);
    assert_int_equal(psyi_spill_explain(NULL, PSY_E_NOMEM, NULL), PSY_E_NOMEM);

    /* A disk that is full, as far as this process can tell. */
    const char *const directory = psy_test_directory();
    const pid_t child = fork();
    if (child == 0) {
        const struct rlimit limit = {.rlim_cur = 4 * MIB, .rlim_max = 4 * MIB};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        const bool opened = psyi_spill_open(&spill, directory, MIB, NULL, NULL) == PSY_OK;
        _exit(opened && beyond_a_megabyte(spill, &error) == PSY_E_IO ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(entries_in(directory), 0);
    psy_test_directory_remove();
}

static psy_status open_and_use(const psy_allocator *allocator, void *context)
{
    psyi_spill *spill;
    const psy_status status = psyi_spill_open(&spill, context, MIB, allocator, NULL);
    if (status != PSY_OK)
        return status;
    void *items = NULL;
    size_t room = 0;
    bool good = true;
    for (size_t need = 10; need < 4 * MIB && good; need *= 3)
        good = psyi_grow(psyi_spill_allocator(spill), &items, &room, need, 1);
    psyi_free(psyi_spill_allocator(spill), items);
    psyi_spill_close(spill);
    return good ? PSY_OK : PSY_E_NOMEM;
}

static void test_sweep(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    assert_true(psy_sweep(open_and_use, (void *)directory) > 3);
    assert_int_equal(entries_in(directory), 0);
    psy_test_directory_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks_hold_what_was_put_there),
        cmocka_unit_test(test_blocks_of_several_threads),
#ifndef SANITIZED
        cmocka_unit_test(test_few_pages_stay_in_memory),
        cmocka_unit_test(test_pages_of_large_blocks_go_with_them),
        cmocka_unit_test(test_freed_pages_are_let_go_of),
#endif
        cmocka_unit_test(test_small_blocks_are_many),
        cmocka_unit_test(test_no_room_is_said),
        cmocka_unit_test(test_sweep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
