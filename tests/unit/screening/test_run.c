/*
 * test_run.c -- a whole run: what is written, again and again, on any number of threads.
 */
#include "run_directory.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void test_writes_what_is_promised(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.identity = "{output: pseudonym, key_file: k}"}, 60);
    assert_int_equal(run_go(&d), PSY_OK);
    static const char *const files[] = {
        "run.json",       "scores.csv",     "findings.csv",   "district.xlsx",
        "schools/A.xlsx", "schools/B.xlsx", "schools/C.xlsx", "schools/_unmatched.xlsx"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        assert_true(psyi_file_exists(run_path(&d, files[i])));
    assert_false(psyi_file_exists(run_path(&d, ".psyscreen")));
    assert_int_equal(d.summary.target, 54);
    assert_int_equal(d.summary.schools, 3);
    assert_int_equal(d.summary.workbooks, 5);
    assert_int_equal(d.summary.records, 60);
    assert_int_equal(d.summary.unmatched, 6);
    assert_true(d.summary.urgent > 0);
    /* findings.csv holds what the caller's list does. */
    size_t length, lines = 0;
    char *const csv = psy_test_read_file(run_path(&d, "findings.csv"), &length);
    for (size_t i = 0; i < length; i++)
        lines += csv[i] == '\n';
    assert_int_equal(lines, psy_findings_count(d.findings) + 1);
    free(csv);
    /* scores.csv: one line a student, sorted bytewise by school and id. */
    char *const scores = psy_test_read_file(run_path(&d, "scores.csv"), &length);
    char last[128] = "";
    lines = 0;
    for (char *line = strchr(scores, '\n') + 1; *line != '\0'; lines++) {
        char key[128], id[64], school[32];
        assert_int_equal(sscanf(line, "%63[^,],%31[^,]", id, school), 2);
        assert_int_equal(strlen(id), 26);
        snprintf(key, sizeof key, "%s,%s", school, id);
        assert_true(strcmp(last, key) < 0);
        memcpy(last, key, sizeof last);
        line = strchr(line, '\n') + 1;
    }
    assert_int_equal(lines, 54);
    free(scores);
    run_close(&d);
}

static void test_same_bytes_on_any_number_of_threads(void **state)
{
    (void)state;
    static const unsigned threads[] = {1, 2, 3, 8};
    char *first = NULL;
    run_directory d;
    run_open(&d,
             &(ward_plan){.norms = "{id: here, scale: mht.total, local: {by: [stage, sex], "
                                   "min_n: 5, below: pool}, metrics: [t, percentile]}"},
             60);
    for (size_t i = 0; i < 4; i++) {
        snprintf(d.results, sizeof d.results, "%s/results%zu", d.ward.directory, i);
        d.options.n_threads = threads[i];
        assert_int_equal(run_go(&d), PSY_OK);
        char *const digest = run_digest(&d, NULL);
        if (first != NULL)
            assert_string_equal(digest, first);
        free(first);
        first = digest;
    }
    free(first);
    run_close(&d);
}

static void test_order_of_rows_changes_no_result(void **state)
{
    (void)state;
    run_directory d;
    ward_row turned[60];
    run_open(&d, &(ward_plan){.rules = NULL}, 60);
    assert_int_equal(run_go(&d), PSY_OK);
    char *const scores = psy_test_read_file(run_path(&d, "scores.csv"), NULL);
    for (size_t i = 0; i < 60; i++)
        turned[i] = run_rows()[(i * 37 + 11) % 60];
    run_write_rows(&d, turned, 60);
    snprintf(d.results, sizeof d.results, "%s/turned", d.ward.directory);
    assert_int_equal(run_go(&d), PSY_OK);
    char *const again = psy_test_read_file(run_path(&d, "scores.csv"), NULL);
    assert_string_equal(again, scores);
    free(scores);
    free(again);
    run_close(&d);
}

static void test_a_plan_with_a_roster_and_none_given(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 30);
    const char *const responses[] = {d.responses};
    psy_findings *findings;
    size_t told = 0;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psy_screening_run(d.ward.plan, NULL, 0, responses, 1, d.results, &d.options,
                                       findings, &d.summary, NULL),
                     PSY_OK);
    for (size_t i = 0; i < psy_findings_count(findings); i++)
        told += strcmp(psy_findings_get(findings, i).rule, "no_roster") == 0;
    assert_int_equal(told, 1);
    assert_int_equal(d.summary.target, 30);
    psy_findings_free(findings);
    run_close(&d);
}

static void test_without_workbooks(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 60);
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_OK);
    assert_false(psyi_file_exists(run_path(&d, "schools")));
    assert_false(psyi_file_exists(run_path(&d, "district.xlsx")));
    assert_int_equal(d.summary.workbooks, 0);
    run_close(&d);
}

static void check_refused(run_directory *d, psy_status status, const char *part)
{
    assert_int_equal(run_go(d), status);
    if (strstr(d->error.message, part) == NULL)
        fail_msg("'%s' does not say '%s'", d->error.message, part);
    assert_false(psyi_file_exists(d->results));
}

static void test_keys(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.identity = "{output: pseudonym, key_file: k}"}, 20);
    const char *const key = psy_test_path(d.ward.directory, "k");
    chmod(key, 0644);
    assert_int_equal(run_go(&d), PSY_OK);
    size_t readable = 0;
    for (size_t i = 0; i < psy_findings_count(d.findings); i++)
        readable += strcmp(psy_findings_get(d.findings, i).rule, "key_readable") == 0;
    assert_int_equal(readable, 1);
    snprintf(d.results, sizeof d.results, "%s/other", d.ward.directory);
    psy_test_write_file(key, "00112233", 8);
    check_refused(&d, PSY_E_DATA, "64 hex digits");
    psy_test_write_file(key, "0011223344556677889gaabbccddeeff00112233445566778899aabbccddeeff",
                        64);
    check_refused(&d, PSY_E_DATA, "64 hex digits");
    remove(key);
    check_refused(&d, PSY_E_DATA, "psyscreen key new k");
    run_close(&d);
}

static void test_bad_calls(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 20);
    const char *const rosters[] = {d.roster}, *const responses[] = {d.responses};
    psy_error error;
    assert_int_equal(
        psy_screening_run(NULL, NULL, 0, responses, 1, d.results, NULL, NULL, NULL, &error),
        PSY_E_ARGUMENT);
    assert_int_equal(
        psy_screening_run(d.ward.plan, NULL, 0, responses, 0, d.results, NULL, NULL, NULL, &error),
        PSY_E_ARGUMENT);
    d.options.version = PSY_SCREENING_OPTIONS_VERSION + 1;
    check_refused(&d, PSY_E_ARGUMENT, "newer");
    d.options.version = 0;
    snprintf(d.responses, sizeof d.responses, "%s/nowhere.csv", d.ward.directory);
    check_refused(&d, PSY_E_IO, "nowhere.csv");
    /* Without options, findings and summary; a parent that is a file. */
    snprintf(d.responses, sizeof d.responses, "%s/responses.csv", d.ward.directory);
    assert_int_equal(psy_screening_run(d.ward.plan, rosters, 1, responses, 1,
                                       psy_test_path(d.responses, "deep"), NULL, NULL, NULL,
                                       &error),
                     PSY_E_OUTPUT);
    assert_int_equal(
        psy_screening_run(d.ward.plan, rosters, 1, responses, 1, d.results, NULL, NULL, NULL, NULL),
        PSY_OK);
    run_close(&d);
}

static void test_school_codes_that_are_no_file_names(void **state)
{
    (void)state;
    static const char *const codes[] = {"../up", "AB",   "ab",         "con",
                                        "LPT1",  "学校", "_unmatched", "ab-2"};
    enum { N = sizeof codes / sizeof codes[0] };
    ward_row rows[N + 1];
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 20);
    for (size_t i = 0; i <= N; i++) {
        rows[i] = run_rows()[i];
        rows[i].school = i < N ? codes[i] : "";
    }
    run_write_rows(&d, rows, N + 1);
    const char *const responses[] = {d.responses};
    psy_findings *findings;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psy_screening_run(d.ward.plan, NULL, 0, responses, 1, d.results, &d.options,
                                       findings, NULL, NULL),
                     PSY_OK);
    size_t told = 0;
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        const psy_finding finding = psy_findings_get(findings, i);
        told += strcmp(finding.rule, "school_file_name") == 0;
    }
    assert_int_equal(told, 6); /* "ab-2" keeps its name, "ab" goes on to "ab-3" */
    assert_true(psyi_file_exists(run_path(&d, "schools/AB.xlsx")));
    assert_true(psyi_file_exists(run_path(&d, "schools/ab-3.xlsx")));
    assert_true(psyi_file_exists(run_path(&d, "schools/ab-2.xlsx")));
    assert_true(psyi_file_exists(run_path(&d, "schools/_unknown.xlsx")));
    char **names;
    size_t n;
    assert_int_equal(psyi_directory_list(run_path(&d, "schools"), NULL, &names, &n, NULL), PSY_OK);
    assert_int_equal(n, N + 1);
    for (size_t i = 0; i < n; i++)
        assert_null(strchr(names[i], '/'));
    psyi_free(NULL, names);
    psy_findings_free(findings);
    run_close(&d);
}

static size_t findings_of(const run_directory *d, const char *rule)
{
    size_t n = 0;
    for (size_t i = 0; i < psy_findings_count(d->findings); i++) {
        psy_finding finding = psy_findings_get(d->findings, i);
        n += strcmp(finding.rule, rule) == 0;
    }
    return n;
}

/* Files by role stay those of the directory unless others are asked for; what people have
 * written into is never removed, and told. */
static void test_roles_are_remembered(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.identity = "{output: plain}"}, 30);
    d.options.roles = PSY_ROLE_HOMEROOM | PSY_ROLE_LEADER;
    assert_int_equal(run_go(&d), PSY_OK);
    static const char *const leader = "roles/leader/A.xlsx", *const other = "roles/leader/B.xlsx";
    static const char *const class = "roles/homeroom/A/08-01.xlsx";
    assert_true(psyi_file_exists(run_path(&d, leader)));
    assert_true(psyi_file_exists(run_path(&d, class)));
    char *const first = psy_test_read_file(run_path(&d, "run.json"), NULL);
    assert_non_null(strstr(first, class));
    d.options.roles = 0;
    assert_int_equal(run_go(&d), PSY_OK);
    char *const second = psy_test_read_file(run_path(&d, "run.json"), NULL);
    assert_string_equal(first, second);
    assert_true(psyi_file_exists(run_path(&d, class)));
    assert_int_equal(findings_of(&d, "roles_removed"), 0);
    /* Somebody wrote into one of the leaders' files. */
    psy_test_write_file(run_path(&d, leader), "mine", 4);
    d.options.roles = PSY_ROLE_CENTRE;
    assert_int_equal(run_go(&d), PSY_OK);
    assert_true(psyi_file_exists(run_path(&d, "roles/centre/key_list.xlsx")));
    assert_false(psyi_file_exists(run_path(&d, class)));
    assert_false(psyi_file_exists(run_path(&d, other)));
    assert_true(psyi_file_exists(run_path(&d, leader)));
    assert_int_equal(findings_of(&d, "roles_removed"), 1);
    assert_int_equal(findings_of(&d, "stale_edited"), 1);
    free(first);
    free(second);
    run_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roles_are_remembered),
        cmocka_unit_test(test_writes_what_is_promised),
        cmocka_unit_test(test_same_bytes_on_any_number_of_threads),
        cmocka_unit_test(test_order_of_rows_changes_no_result),
        cmocka_unit_test(test_a_plan_with_a_roster_and_none_given),
        cmocka_unit_test(test_without_workbooks),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_bad_calls),
        cmocka_unit_test(test_school_codes_that_are_no_file_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
