/*
 * test_run_memory.c -- a run whose memory runs out at any point: an error, no leak, and the
 * next call finishes it.  Without workbooks: the library that writes them does not survive
 * failed allocations, and takes its memory elsewhere.
 */
#include "run_directory.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static run_directory d;

static void test_every_allocation_of_a_run_may_fail(void **state)
{
    (void)state;
    run_open(&d, &(ward_plan){.identity = "{output: pseudonym, key_file: k}"}, 12);
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_OK);
    char *const whole = run_digest(&d, NULL);
    assert_true(psy_sweep(run_once, &d) > 100);
    char *const after = run_digest(&d, NULL);
    assert_string_equal(after, whole);
    free(whole);
    free(after);
    run_close(&d);
}

static psy_status list_once(const psy_allocator *allocator, void *context)
{
    const char *const responses[] = {d.responses};
    const psy_screening_options options = {.allocator = allocator};
    psyi_buffer *const text = context;
    psyi_buffer_clear(text);
    const psy_sink sink = psy_test_sink(text);
    psy_findings *findings;
    psy_status status = psy_findings_new(&findings, allocator, NULL);
    if (status != PSY_OK)
        return status;
    status = psy_critical_run(d.ward.plan, responses, 1, &sink, &options, findings, NULL, NULL);
    psy_findings_free(findings);
    return status;
}

static void test_every_allocation_of_a_critical_list_may_fail(void **state)
{
    (void)state;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    run_open(&d, &(ward_plan){.identity = "{output: pseudonym, key_file: k}"}, 12);
    psy_sweep(list_once, &text);
    psyi_buffer_done(&text);
    run_close(&d);
}

static psy_status book_once(const psy_allocator *allocator, void *context)
{
    const char *const responses[] = {d.responses};
    const psy_screening_options options = {.allocator = allocator};
    const char *const path = context;
    unlink(path);
    const psy_status status =
        psy_critical_write(d.ward.plan, responses, 1, NULL, path, &options, NULL, NULL, NULL);
    assert_int_equal(psyi_file_exists(path), status == PSY_OK); /* whole, or not at all */
    return status;
}

static void test_every_allocation_of_a_critical_workbook_may_fail(void **state)
{
    (void)state;
    char path[700];
    run_open(&d, &(ward_plan){.identity = "{output: pseudonym, key_file: k}"}, 12);
    snprintf(path, sizeof path, "%s.xlsx", d.responses);
    assert_true(psy_sweep(book_once, path) > 50);
    unlink(path);
    run_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_of_a_run_may_fail),
        cmocka_unit_test(test_every_allocation_of_a_critical_list_may_fail),
        cmocka_unit_test(test_every_allocation_of_a_critical_workbook_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
