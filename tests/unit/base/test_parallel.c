/*
 * test_parallel.c -- each task once, in starting order, and the same error every time; and
 * the locale of one thread.
 */
#include "test_support.h"

#include "base/fail.h"
#include "base/locale.h"
#include "base/parallel.h"
#include "malloc_sweep.h"

#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_TASKS = 1000 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

typedef struct task_counts {
    atomic_uint ran[N_TASKS];
    atomic_size_t started;
    atomic_int out_of_order;
    size_t fail_a, fail_b; /* tasks that fail */
    unsigned wait_a;       /* microseconds the first of them takes */
} task_counts;

static psy_status count_task(void *context, size_t index, psy_error *error)
{
    task_counts *const counts = context;
    atomic_fetch_add(&counts->ran[index], 1);
    atomic_fetch_add(&counts->started, 1);
    if (index == counts->fail_a) {
        usleep(counts->wait_a);
        return psyi_fail(error, PSY_E_DATA, NULL, "task %zu", index);
    }
    if (index == counts->fail_b)
        return psyi_fail(error, PSY_E_IO, NULL, "task %zu", index);
    if (index > counts->fail_a && counts->fail_a != SIZE_MAX)
        usleep(20); /* a thread that was about to report its failure gets its turn */
    return PSY_OK;
}

static task_counts *new_counts(size_t fail_a, size_t fail_b)
{
    task_counts *const made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->fail_a = fail_a;
    made->fail_b = fail_b;
    return made;
}

static void test_each_task_runs_once(void **state)
{
    (void)state;
    static const unsigned threads[] = {0, 1, 2, 3, 8, 64, 100000};
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        task_counts *const counts = new_counts(SIZE_MAX, SIZE_MAX);
        assert_int_equal(psyi_parallel(threads[i], N_TASKS, count_task, counts, NULL, NULL),
                         PSY_OK);
        for (size_t t = 0; t < N_TASKS; t++)
            assert_int_equal(atomic_load(&counts->ran[t]), 1);
        free(counts);
    }
    assert_int_equal(psyi_parallel(4, 0, count_task, NULL, NULL, NULL), PSY_OK);
}

static void test_one_thread_is_the_caller(void **state)
{
    (void)state;
    assert_true(psyi_online_cores() >= 1);
    task_counts *const counts = new_counts(SIZE_MAX, SIZE_MAX);
    psy_test_heap *const heap = psy_test_heap_new();
    assert_int_equal(psyi_parallel(1, 1, count_task, counts, psy_test_heap_allocator(heap), NULL),
                     PSY_OK);
    psy_test_heap_free(heap);
    free(counts);
}

static void test_the_lowest_failing_task_is_reported(void **state)
{
    (void)state;
    /* The lower one is slow: by the time it fails, the higher one has long failed. */
    for (int round = 0; round < 200; round++) {
        task_counts *const counts = new_counts(20, 21);
        counts->wait_a = round % 4 == 0 ? 2000 : 0;
        psy_error error;
        assert_int_equal(
            psyi_parallel(2 + (unsigned)round % 7, N_TASKS, count_task, counts, NULL, &error),
            PSY_E_DATA);
        assert_int_equal(error.status, PSY_E_DATA);
        assert_string_equal(error.message, "task 20");
        for (size_t t = 0; t <= 20; t++)
            assert_int_equal(atomic_load(&counts->ran[t]), 1);
        /* What was under way finishes; nothing new starts. */
        assert_true(atomic_load(&counts->started) < N_TASKS);
        free(counts);
    }
    task_counts *const counts = new_counts(5, 0);
    assert_int_equal(psyi_parallel(3, N_TASKS, count_task, counts, NULL, NULL), PSY_E_IO);
    free(counts);
}

static psy_status parallel_once(const psy_allocator *allocator, void *context)
{
    (void)context;
    task_counts *const counts = new_counts(SIZE_MAX, SIZE_MAX);
    const psy_status status = psyi_parallel(3, 50, count_task, counts, allocator, NULL);
    assert_int_equal(atomic_load(&counts->started), status == PSY_OK ? 50 : 0);
    free(counts);
    return status;
}

static void test_parallel_survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_int_equal(psy_sweep(parallel_once, NULL), 1);
}

static void test_tasks_run_when_no_thread_can_be_made(void **state)
{
    (void)state;
#ifdef SANITIZED
    print_message("skipped test_tasks_run_when_no_thread_can_be_made: sanitizers need room\n");
    skip();
#endif
    const pid_t child = fork();
    if (child == 0) {
        task_counts *const counts = new_counts(SIZE_MAX, SIZE_MAX);
        /* No room for the stack of another thread. */
        const struct rlimit none = {1, 1};
        if (setrlimit(RLIMIT_AS, &none) != 0)
            _exit(2);
        const psy_status status = psyi_parallel(8, N_TASKS, count_task, counts, NULL, NULL);
        _exit(status != PSY_OK || atomic_load(&counts->started) != N_TASKS);
    }
    int result;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), 0);
}

static psy_status signal_task(void *context, size_t index, psy_error *error)
{
    (void)index;
    (void)error;
    if (!pthread_equal(pthread_self(), *(const pthread_t *)context)) {
        sigset_t blocked;
        pthread_sigmask(SIG_SETMASK, NULL, &blocked);
        if (!sigismember(&blocked, SIGINT))
            return PSY_E_INTERNAL;
    }
    usleep(100);
    return PSY_OK;
}

static void test_signals_stay_with_the_caller(void **state)
{
    (void)state;
    pthread_t self = pthread_self();
    assert_int_equal(psyi_parallel(4, 100, signal_task, &self, NULL, NULL), PSY_OK);
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    assert_false(sigismember(&blocked, SIGINT));
}

static void test_c_locale_for_one_thread(void **state)
{
    (void)state;
    psyi_c_locale_leave(NULL);
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL) {
        print_message("skipped test_c_locale_for_one_thread: no locale de_DE.UTF-8\n");
        skip();
    }
    char text[16];
    snprintf(text, sizeof text, "%.1f", 0.5);
    assert_string_equal(text, "0,5");
    void *const outer = psyi_c_locale_enter();
    assert_non_null(outer);
    void *const inner = psyi_c_locale_enter();
    snprintf(text, sizeof text, "%.1f", 0.5);
    assert_string_equal(text, "0.5");
    psyi_c_locale_leave(inner);
    snprintf(text, sizeof text, "%.1f", 0.5);
    assert_string_equal(text, "0.5");
    psyi_c_locale_leave(outer);
    snprintf(text, sizeof text, "%.1f", 0.5);
    assert_string_equal(text, "0,5");
    setlocale(LC_ALL, "C");
}

/* A host has taken its user's locale: sentences of ours have points all the same. */
static void test_sentences_do_not_follow_the_locale(void **state)
{
    (void)state;
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL) {
        print_message("skipped test_sentences_do_not_follow_the_locale: no locale de_DE.UTF-8\n");
        skip();
    }
    char host[16];
    snprintf(host, sizeof host, "%.2f", 0.25);
    assert_string_equal(host, "0,25");
    psyi_arena arena;
    psyi_buffer buffer;
    psy_error error;
    psyi_arena_init(&arena, NULL);
    psyi_buffer_init(&buffer, NULL);
    assert_string_equal(psyi_arena_format(&arena, "%.2f", 0.25), "0.25");
    psyi_buffer_format(&buffer, "%g", 1.5);
    assert_string_equal(buffer.data, "1.5");
    psyi_fail(&error, PSY_E_DATA, NULL, "found %g", 2.5);
    assert_string_equal(error.message, "found 2.5");
    snprintf(host, sizeof host, "%.2f", 0.25);
    assert_string_equal(host, "0,25"); /* and the host keeps its own */
    psyi_buffer_done(&buffer);
    psyi_arena_done(&arena);
    setlocale(LC_ALL, "C");
}

static psy_status locale_once(void *context)
{
    (void)context;
    void *const token = psyi_c_locale_enter();
    psyi_c_locale_leave(token);
    return token == NULL ? PSY_E_NOMEM : PSY_OK;
}

static void test_c_locale_survives_a_failing_malloc(void **state)
{
    (void)state;
    psy_malloc_sweep(locale_once, NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_task_runs_once),
        cmocka_unit_test(test_one_thread_is_the_caller),
        cmocka_unit_test(test_the_lowest_failing_task_is_reported),
        cmocka_unit_test(test_parallel_survives_every_failing_allocation),
        cmocka_unit_test(test_tasks_run_when_no_thread_can_be_made),
        cmocka_unit_test(test_signals_stay_with_the_caller),
        cmocka_unit_test(test_c_locale_for_one_thread),
        cmocka_unit_test(test_sentences_do_not_follow_the_locale),
        cmocka_unit_test(test_c_locale_survives_a_failing_malloc),
    };
    return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
