/*
 * test_findings_take.c -- the findings of a run with a memory budget become the caller's where they
 * lie: counted in bytes that the allocators gave.
 */
#include "test_support.h"

#include "base/spill.h"
#include "table/collect.h"
#include "table/findings_internal.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)
enum { MANY = 80000, OWN = 5, LATER = 6000 };

/* An allocator that counts bytes, and how many there were at most.  The keeper of a spill takes
 * none, but threads that fill one may. */
typedef struct byte_meter {
    pthread_mutex_t lock;
    size_t bytes, most;
} byte_meter;

static void *meter_resize(void *context, void *block, size_t size)
{
    byte_meter *const meter = context;
    size_t *const old = block == NULL ? NULL : (size_t *)block - 2;
    const size_t before = old == NULL ? 0 : *old;
    size_t *const made = realloc(old, size + 16);
    if (made == NULL)
        return NULL;
    *made = size;
    pthread_mutex_lock(&meter->lock);
    meter->bytes += size - before;
    meter->most = meter->bytes > meter->most ? meter->bytes : meter->most;
    pthread_mutex_unlock(&meter->lock);
    return made + 2;
}

static void meter_release(void *context, void *block)
{
    if (block == NULL)
        return;
    byte_meter *const meter = context;
    pthread_mutex_lock(&meter->lock);
    meter->bytes -= *((size_t *)block - 2);
    pthread_mutex_unlock(&meter->lock);
    free((size_t *)block - 2);
}

/* Finding number i of a run: none like another, in an order that sorting changes. */
static void add_one(psy_findings *findings, size_t i)
{
    char subject[24], message[80];
    snprintf(subject, sizeof subject, "pupil-%07zu", i);
    snprintf(message, sizeof message, "sheet %zu says another school than the roster", i);
    const psy_finding it = {.file = i % 3 == 0 ? "a.csv" : "b.csv",
                            .row = i * 7919 % MANY + 1,
                            .field = "school",
                            .rule = "school_differs",
                            .severity = (psy_severity)(i % 3),
                            .subject = subject,
                            .message = message};
    assert_int_equal(psy_findings_add(findings, &it, NULL), PSY_OK);
}

static psy_findings *findings_of(const psy_allocator *allocator, size_t from, size_t to)
{
    psy_findings *findings;
    assert_int_equal(psy_findings_new(&findings, allocator, NULL), PSY_OK);
    for (size_t i = from; i < to; i++)
        add_one(findings, i);
    return findings;
}

static const char *directory; /* for the files without a name */

static psyi_spill *spill_of(uint64_t budget, const psy_allocator *below)
{
    psyi_spill *spill;
    assert_int_equal(psyi_spill_open(&spill, directory, budget, below, NULL), PSY_OK);
    return spill;
}

static void assert_same(const psy_findings *x, const psy_findings *y)
{
    assert_int_equal(psy_findings_count(x), psy_findings_count(y));
    for (size_t i = 0; i < psy_findings_count(x); i++) {
        const psy_finding a = psy_findings_get(x, i), b = psy_findings_get(y, i);
        assert_string_equal(a.message, b.message);
        assert_string_equal(a.subject, b.subject);
        assert_string_equal(a.file, b.file);
        assert_string_equal(a.rule, b.rule);
        assert_int_equal(a.row, b.row);
        assert_int_equal(a.severity, b.severity);
    }
    for (int s = PSY_NOTE; s <= PSY_ERROR; s++)
        assert_int_equal(psy_findings_count_severity(x, (psy_severity)s),
                         psy_findings_count_severity(y, (psy_severity)s));
}

static int count_bytes(void *context, const void *bytes, size_t length)
{
    (void)bytes;
    *(size_t *)context += length;
    return 0;
}

/* What files without a name of this process take of the disk; the directory is a disk's or a
 * tmpfs, and both say. */
static uint64_t room_of_nameless(void)
{
    uint64_t bytes = 0;
    DIR *const it = opendir("/proc/self/fd");
    assert_non_null(it);
    for (const struct dirent *entry; (entry = readdir(it)) != NULL;) {
        struct stat about;
        if (fstat(atoi(entry->d_name), &about) == 0 && S_ISREG(about.st_mode) &&
            about.st_nlink == 0)
            bytes += (uint64_t)about.st_blocks * 512;
    }
    closedir(it);
    return bytes;
}

static void test_many_stay_within_the_budget(void **state)
{
    (void)state;
    byte_meter run = {.lock = PTHREAD_MUTEX_INITIALIZER},
               caller = {.lock = PTHREAD_MUTEX_INITIALIZER};
    const psy_allocator below = {meter_resize, meter_release, &run},
                        own = {meter_resize, meter_release, &caller};
    psy_findings *const expected = findings_of(NULL, MANY, MANY + OWN);
    psy_findings *const list = findings_of(&own, MANY, MANY + OWN);
    psyi_spill *spill = spill_of(2 * MIB, &below);
    psy_findings *found = findings_of(psyi_spill_allocator(spill), 0, MANY);
    /* The room of the run, which is free again: not kept for the findings. */
    void *const results = psyi_alloc(psyi_spill_allocator(spill), 64 * MIB, 1);
    assert_non_null(results);
    psyi_free(psyi_spill_allocator(spill), results);
    psy_findings_sort(found);
    assert_true(room_of_nameless() >= 64 * MIB);
    {
        psy_findings *const plain = findings_of(NULL, 0, MANY);
        psy_findings_sort(plain);
        assert_int_equal(psyi_findings_merge(expected, plain, NULL), PSY_OK);
        psy_findings_free(plain);
    }
    const size_t before = caller.most;
    assert_int_equal(psyi_findings_take(list, &found, &spill, NULL), PSY_OK);
    assert_null(found);
    assert_null(spill);
    assert_same(list, expected);
    const uint64_t takes = (uint64_t)MANY * (72 + 90);
    assert_true(room_of_nameless() > takes / 2 && room_of_nameless() < 2 * takes);
    /* Others may come, it may be sorted and written; all that is many lies in the file. */
    for (size_t i = MANY + OWN; i < MANY + OWN + 100; i++) {
        add_one(list, i);
        add_one(expected, i);
    }
    psy_findings_sort(list);
    psy_findings_sort(expected);
    assert_same(list, expected);
    size_t written = 0;
    const psy_sink sink = {count_bytes, &written};
    assert_int_equal(psy_findings_write_csv(list, &sink, NULL), PSY_OK);
    assert_true(written > (size_t)MANY * 80);
    assert_true(caller.most < before + MIB / 4);
    assert_true(run.most < 2 * MIB);
    psy_findings_free(list);
    psy_findings_free(expected);
    assert_int_equal(run.bytes, 0);
    assert_int_equal(caller.bytes, 0);
    assert_int_equal(room_of_nameless(), 0);
}

/* Two runs for one list, and a few findings, which are copied. */
static void test_one_run_after_another(void **state)
{
    (void)state;
    psy_findings *const list = findings_of(NULL, 0, 0), *const expected = findings_of(NULL, 0, 0);
    for (size_t run = 0; run < 3; run++) {
        const size_t from = run * LATER, n = run == 1 ? 7 : LATER;
        psyi_spill *spill = spill_of(MIB, NULL);
        psy_findings *found = findings_of(psyi_spill_allocator(spill), from, from + n);
        psy_findings *const plain = findings_of(NULL, from, from + n);
        assert_int_equal(psyi_findings_merge(expected, plain, NULL), PSY_OK);
        assert_int_equal(psyi_findings_take(list, &found, &spill, NULL), PSY_OK);
        assert_int_equal(found == NULL, n == LATER);
        assert_int_equal(spill == NULL, n == LATER);
        psy_findings_free(found);
        psyi_spill_close(spill);
        psy_findings_free(plain);
        assert_same(list, expected);
    }
    psy_findings_sort(list);
    psy_findings_sort(expected);
    assert_same(list, expected);
    psy_findings_free(list);
    psy_findings_free(expected);
}

static void test_nothing_to_take(void **state)
{
    (void)state;
    psy_findings *none = NULL, *few = findings_of(NULL, 0, 3);
    psy_findings *const list = findings_of(NULL, 3, 4);
    psyi_spill *spill = NULL;
    assert_int_equal(psyi_findings_take(list, &none, &spill, NULL), PSY_OK);
    assert_int_equal(psyi_findings_take(NULL, &few, &spill, NULL), PSY_OK);
    assert_int_equal(psyi_findings_take(list, &few, &spill, NULL), PSY_OK); /* no budget */
    assert_int_equal(psy_findings_count(list), 4);
    psy_findings_free(few);
    psy_findings_free(list);
    psyi_spill_rest(NULL);
}

static psy_status take_once(const psy_allocator *allocator, void *context)
{
    (void)context;
    psy_findings *list = NULL, *found = NULL;
    psyi_spill *spill = NULL;
    psy_status status = psyi_spill_open(&spill, directory, MIB, allocator, NULL);
    if (status == PSY_OK)
        status = psy_findings_new(&list, allocator, NULL);
    if (status == PSY_OK)
        status = psy_findings_new(&found, psyi_spill_allocator(spill), NULL);
    size_t n = 0;
    for (size_t i = 0; i < LATER + 3 && status == PSY_OK; i++) {
        const psy_finding it = {.row = i, .rule = "r", .message = "m"};
        status = psy_findings_add(i < 3 ? list : found, &it, NULL);
        n += status == PSY_OK;
    }
    if (status == PSY_OK) {
        psy_findings_sort(found);
        status = psyi_findings_take(list, &found, &spill, NULL);
        assert_int_equal(psy_findings_count(list), status == PSY_OK ? n : 3);
        for (size_t i = 0; i < psy_findings_count(list); i++)
            assert_int_equal(psy_findings_get(list, i).row, i);
    }
    psy_findings_free(found);
    psy_findings_free(list);
    psyi_spill_close(spill);
    return status;
}

static void test_taking_survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(psy_sweep(take_once, NULL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_stay_within_the_budget),
        cmocka_unit_test(test_one_run_after_another),
        cmocka_unit_test(test_nothing_to_take),
        cmocka_unit_test(test_taking_survives_every_failing_allocation),
    };
    directory = psy_test_directory();
    const int failed = cmocka_run_group_tests_name("findings_take", tests, NULL, NULL);
    psy_test_directory_remove();
    return failed;
}
