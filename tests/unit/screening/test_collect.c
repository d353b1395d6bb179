/*
 * test_collect.c -- collecting ledgers: what is refused, and memory that runs out.
 *
 * What is read out of ledgers that people have worked in is tested by tests/golden/collect.py.
 */
#include "run_directory.h"

#include "base/file.h"

#include <psyscreen/collected.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static run_directory d;
static char table[700];

static void open_run(void)
{
    run_open(&d, &(ward_plan){.rules = NULL}, 30);
    snprintf(table, sizeof table, "%s/ledger.csv", d.ward.directory);
    assert_int_equal(run_go(&d), PSY_OK);
}

static psy_status collect(const psy_allocator *allocator, void *context)
{
    (void)context;
    const psy_collect_options options = {
        .version = PSY_COLLECT_OPTIONS_VERSION, .as_of = "2026-12-01", .allocator = allocator};
    psy_collected *collected = NULL;
    psy_findings *findings = NULL;
    psy_status status = psy_findings_new(&findings, allocator, NULL);
    if (status == PSY_OK)
        status =
            psy_collect_run(&collected, d.ward.plan, d.results, NULL, 0, &options, findings, NULL);
    if (status == PSY_OK) {
        assert_true(psy_table_row_count(psy_collected_table(collected, PSY_COLLECT_ENTRIES)) > 0);
        status = psy_collected_save(collected, PSY_COLLECT_ENTRIES, table, NULL);
        assert_int_equal(psyi_file_exists(table), status == PSY_OK);
        unlink(table);
    } else {
        assert_null(collected);
    }
    psy_collected_free(collected);
    psy_findings_free(findings);
    return status;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    open_run();
    assert_true(psy_sweep(collect, NULL) > 50);
    run_close(&d);
}

static psy_status run_it(const char *results, const char *as_of, psy_error *error)
{
    psy_collected *collected = NULL;
    const psy_collect_options options = {.version = PSY_COLLECT_OPTIONS_VERSION, .as_of = as_of};
    const psy_status status =
        psy_collect_run(&collected, d.ward.plan, results, NULL, 0, &options, NULL, error);
    assert_true(status == PSY_OK || collected == NULL);
    psy_collected_free(collected);
    return status;
}

static void test_what_is_refused(void **state)
{
    (void)state;
    open_run();
    psy_error error;
    psy_collected *collected = NULL;
    assert_int_equal(run_it(d.results, NULL, &error), PSY_OK);
    assert_int_equal(run_it(d.results, "someday", &error), PSY_E_ARGUMENT);
    assert_int_equal(run_it("/nowhere", NULL, &error), PSY_E_DATA);
    assert_int_equal(psy_collect_run(&collected, NULL, d.results, NULL, 0, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(
        psy_collect_run(&collected, d.ward.plan, d.results, NULL, 2, NULL, NULL, &error),
        PSY_E_ARGUMENT);
    const psy_collect_options future = {.version = 99};
    assert_int_equal(
        psy_collect_run(&collected, d.ward.plan, d.results, NULL, 0, &future, NULL, &error),
        PSY_E_ARGUMENT);
    assert_null(collected);
    assert_int_equal(psy_collected_save(NULL, PSY_COLLECT_COUNTS, table, &error), PSY_E_ARGUMENT);
    psy_collected_free(NULL);
    run_close(&d);
}

static void test_tables_are_handed_over(void **state)
{
    (void)state;
    open_run();
    psy_collected *collected = NULL;
    assert_int_equal(psy_collect_run(&collected, d.ward.plan, d.results, NULL, 0, NULL, NULL, NULL),
                     PSY_OK);
    psy_table *const counts = psy_collected_take(collected, PSY_COLLECT_COUNTS);
    assert_non_null(counts);
    assert_null(psy_collected_take(collected, PSY_COLLECT_COUNTS));
    assert_null(psy_collected_table(collected, PSY_COLLECT_COUNTS));
    assert_int_equal(psy_collected_save(collected, PSY_COLLECT_COUNTS, table, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_collected_save(collected, PSY_COLLECT_ENTRIES, table, NULL), PSY_OK);
    struct stat about;
    assert_int_equal(stat(table, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    /* Nothing is overdue where no day is given: a blank, not a zero. */
    int64_t value;
    assert_false(psy_table_get_int(counts, psy_table_find(counts, "overdue"), 0, &value));
    assert_true(psy_table_get_int(counts, psy_table_find(counts, "cases"), 0, &value));
    psy_table_free(counts);
    psy_collected_free(collected);
    run_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_may_fail),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_tables_are_handed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
