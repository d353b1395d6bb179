/*
 * test_check.c -- definitions by their format line, alone and in directories; plans against
 * where they come from.
 */
#include "run_directory.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char directory[600];
static psy_findings *findings;
static psy_check_counts counts;

static const char *in(const char *name)
{
    return psy_test_path(directory, name);
}

static void copy(const char *from, const char *to)
{
    size_t length;
    char *const text = psy_test_read_file(psy_test_source(from), &length);
    psy_test_write_file(in(to), text, length);
    free(text);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "%s", psy_test_directory());
    return psy_findings_new(&findings, NULL, NULL) != PSY_OK;
}

static int tear_down(void **state)
{
    (void)state;
    psy_findings_free(findings);
    psy_test_directory_remove();
    return 0;
}

static void check(const char *path)
{
    const char *const paths[] = {path};
    memset(&counts, 0, sizeof counts);
    psy_error error = {.status = PSY_OK};
    if (psy_check(paths, 1, NULL, 0, NULL, findings, &counts, &error) != PSY_OK)
        fail_msg("%s", error.message);
}

static bool told(const char *rule, const char *part)
{
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        const psy_finding finding = psy_findings_get(findings, i);
        if (strcmp(finding.rule, rule) == 0 && strstr(finding.message, part) != NULL)
            return true;
    }
    return false;
}

static void test_one_instrument(void **state)
{
    (void)state;
    copy("instruments/phq9.yaml", "phq9.yaml");
    check(in("phq9.yaml"));
    assert_int_equal(counts.files, 1);
    assert_int_equal(counts.instruments, 1);
    assert_int_equal(counts.errors, 0);
    assert_int_equal(counts.examples_failed, 0);
    assert_true(counts.examples >= 3);
    assert_true(counts.scales >= 1);
    assert_true(counts.flags >= 3);
    assert_true(counts.remembered >= 1); /* its missing rule is from memory */
}

static void test_an_example_that_fails(void **state)
{
    (void)state;
    size_t length;
    char *const text = psy_test_read_file(psy_test_source("instruments/phq9.yaml"), &length);
    char *const expect = strstr(text, "expect:");
    assert_non_null(expect);
    char *const digit = strstr(expect, "total: ") + strlen("total: ");
    *digit = *digit == '9' ? '8' : '9';
    psy_test_write_file(in("phq9.yaml"), text, length);
    free(text);
    check(in("phq9.yaml"));
    assert_int_equal(counts.examples_failed, 1);
    assert_true(counts.errors >= 1);
}

static void test_a_directory_with_norms_and_plans(void **state)
{
    (void)state;
    static const char plan[] =
        "format: psyscreen/plan/1\nid: small\nname: {en: small}\nwave: w\n"
        "identity: {output: plain}\n"
        "inputs: {responses: {encoding: utf-8, columns: {student: s, grade: g, submitted_at: t}, "
        "items: {phq9: \"P{n}\"}, dates: ymd}}\n"
        "uses: {phq9: {instrument: phq9, edition: \"2001\"}}\n"
        "batteries: [{id: all, uses: [phq9]}]\n"
        "tiers: {scheme: three_first_worst, rules: [{id: r, rank: 1, when: \"phq9.total >= 10\", "
        "text: {en: r, zh: r}}]}\n"
        "duty: {urgent: {hours: 24, who: a}, review: {hours: 72, who: b}}\n"
        "outputs: {language: [zh]}\n";
    copy("instruments/phq9.yaml", "phq9.yaml");
    psyi_directory_make(in("plans"), NULL);
    psyi_directory_make(in("norms"), NULL);
    psy_test_write_file(in("plans/small.yaml"), plan, sizeof plan - 1);
    psy_test_write_file(in("plans/readme.txt"), "no definition", 13);
    check(directory);
    assert_int_equal(counts.files, 2);
    assert_int_equal(counts.instruments, 1);
    assert_int_equal(counts.plans, 1);
    assert_int_equal(counts.errors, 0);
    /* The plan alone finds its instrument beside it. */
    psy_findings_free(findings);
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    check(in("plans/small.yaml"));
    assert_int_equal(counts.plans, 1);
    assert_int_equal(counts.errors, 0);
}

static void test_what_is_no_definition(void **state)
{
    (void)state;
    psy_test_write_file(in("a.yaml"), "id: x\n", 6);
    psy_test_write_file(in("b.yaml"), "format: psyscreen/instrument/1\nid: [\n", 37);
    psy_test_write_file(in("c.yaml"), "", 0);
    check(directory);
    assert_int_equal(counts.files, 3);
    assert_int_equal(counts.instruments, 0);
    assert_true(counts.errors >= 3);
    assert_true(told("not_loaded", "format: psyscreen/instrument/1"));
    psy_findings_free(findings);
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    check(in("nowhere.yaml"));
    assert_int_equal(counts.errors, 1);
    assert_true(told("not_loaded", "nowhere.yaml"));
}

static void test_everything_that_ships(void **state)
{
    (void)state;
    check(psy_test_source("instruments"));
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        const psy_finding finding = psy_findings_get(findings, i);
        if (finding.severity == PSY_ERROR)
            print_error("%s:%u: %s\n", finding.file, (unsigned)finding.row, finding.message);
    }
    assert_int_equal(counts.errors, 0);
    assert_int_equal(counts.examples_failed, 0);
    assert_true(counts.instruments > 10);
}

static psy_status check_once(const psy_allocator *allocator, void *context)
{
    (void)context;
    const char *const paths[] = {directory};
    psy_findings *list;
    psy_status status = psy_findings_new(&list, allocator, NULL);
    if (status != PSY_OK)
        return status;
    status = psy_check(paths, 1, NULL, 0, allocator, list, NULL, NULL);
    psy_findings_free(list);
    return status;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    copy("instruments/phq2.yaml", "phq2.yaml");
    psy_test_write_file(in("a.yaml"), "id: x\n", 6);
    psy_sweep(check_once, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_instrument, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_example_that_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_directory_with_norms_and_plans, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_definition, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_everything_that_ships, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_allocation_may_fail, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
