/*
 * test_entries.c -- what schools wrote, carried into the workbooks of a part of a run as into those
 * of the whole; and an earlier run in the same place, looked at with little memory.
 */
#include "run_directory.h"

#include "base/file.h"
#include "cohort/published_file.h"
#include "report/entry_columns.h"
#include "report/release_shared.h"
#include "screening/published_before.h"

#include <psyscreen/wave.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static run_directory d;
static const ward_plan plain = {.identity = NULL};

/* An entry about the first student of scores.csv, and one of a school that is not there. */
static void write_entries(const char *path, char school[64])
{
    size_t length;
    char *const scores = psy_test_read_file(run_path(&d, "scores.csv"), &length);
    char student[64], number[PSYI_CASE_NUMBER], text[600];
    const char *const row = strchr(scores, '\n') + 1;
    assert_int_equal(sscanf(row, "%63[^,],%63[^,],", student, school), 2);
    assert_true(
        psyi_case_number(d.ward.plan->id, d.ward.plan->wave, school, student, NULL, number));
    snprintf(text, sizeof text,
             "file,sheet,row,school,case_id,touched,problem,seq,facts\n"
             "x.xlsx,follow_up,2,%s,%s,true,,1,met him on Monday\n"
             "x.xlsx,follow_up,3,nowhere,C-0000-0000-0000,true,,1,of another part\n",
             school, number);
    psy_test_write_file(path, text, strlen(text));
    free(scores);
}

typedef struct part_of {
    const char *const *responses;
    const char *entries, *out;
} part_of;

/* The one share of one, which is the whole wave, with its workbooks. */
static psy_status run_share(const part_of *of, const psy_allocator *allocator,
                            psy_findings *findings, psy_error *error)
{
    const char *const rosters[] = {d.roster};
    const psy_screening_part part = {.roster_paths = rosters,
                                     .n_rosters = 1,
                                     .response_paths = of->responses,
                                     .n_responses = 1,
                                     .share = 0,
                                     .n_shares = 1};
    const psy_screening_options options = {.version = PSY_SCREENING_OPTIONS_VERSION,
                                           .allocator = allocator,
                                           .n_threads = 1,
                                           .no_workbooks = of->out == NULL,
                                           .entries = of->entries};
    psy_wave *wave;
    psy_status status = psy_wave_new(&wave, d.ward.plan, allocator, error);
    if (status != PSY_OK)
        return status;
    status = psy_wave_fold(wave, &part, &options, error);
    if (status == PSY_OK)
        status = psy_screening_run_part(d.ward.plan, wave, &part, of->out, NULL, NULL, &options,
                                        findings, error);
    psy_wave_free(wave);
    return status;
}

static psy_status share_once(const psy_allocator *allocator, void *context)
{
    psy_findings *findings = NULL;
    psy_status status = psy_findings_new(&findings, allocator, NULL);
    if (status == PSY_OK)
        status = run_share(context, allocator, findings, NULL);
    psy_findings_free(findings);
    return status;
}

static void test_entries_of_a_part(void **state)
{
    (void)state;
    char entries[700], out[700], school[64], name[100], book[800];
    run_open(&d, &plain, 40);
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_OK);
    snprintf(entries, sizeof entries, "%s.entries.csv", d.responses);
    write_entries(entries, school);
    d.options.no_workbooks = false;
    d.options.entries = entries;
    d.options.version = PSY_SCREENING_OPTIONS_VERSION;
    d.options.force = true;
    assert_int_equal(run_go(&d), PSY_OK);

    const char *const responses[] = {d.responses};
    psy_findings *findings;
    psy_error error = {0};
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    snprintf(out, sizeof out, "%s.part", d.results);
    assert_int_equal(psyi_directory_make(out, NULL), PSY_OK);
    part_of of = {responses, entries, out};
    if (run_share(&of, NULL, findings, &error) != PSY_OK)
        fail_msg("%s", error.message);
    snprintf(name, sizeof name, "schools/%s.xlsx", school);
    snprintf(book, sizeof book, "%s/%s", out, name);
    size_t n_whole, n_part;
    char *const whole = psy_test_read_file(run_path(&d, name), &n_whole);
    char *const part = psy_test_read_file(book, &n_part);
    assert_int_equal(n_whole, n_part);
    assert_memory_equal(whole, part, n_whole);
    /* Without the entries it is another workbook: they are what is compared. */
    of.entries = NULL;
    assert_int_equal(run_share(&of, NULL, NULL, &error), PSY_OK);
    size_t n_without;
    char *const without = psy_test_read_file(book, &n_without);
    assert_true(n_without != n_part || memcmp(without, part, n_part) != 0);
    /* What a part cannot place is another's, perhaps: it says nothing about it. */
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        assert_string_not_equal(psy_findings_get(findings, i).rule, "entry_left_out");
    }
    /* A file that is none is refused by the part as by the whole. */
    psy_test_write_file(entries, "a,b\n", 4);
    of.entries = entries;
    assert_int_equal(run_share(&of, NULL, NULL, &error), PSY_E_DATA);
    assert_non_null(strstr(error.message, "entries of ledgers"));

    write_entries(entries, school);
    of.out = NULL;
    assert_true(psy_sweep_every(7, share_once, &of) > 100);
    free(whole);
    free(part);
    free(without);
    psy_findings_free(findings);
    run_close(&d);
}

static psy_status look_once(const psy_allocator *allocator, void *context)
{
    psy_findings *findings = NULL;
    psy_status status = psy_findings_new(&findings, allocator, NULL);
    const psy_allocator *const own = d.ward.results->allocator;
    d.ward.results->allocator = allocator;
    if (status == PSY_OK)
        status = psyi_published_check(d.ward.results, d.results, findings, NULL);
    if (status == PSY_OK)
        assert_int_equal(psy_findings_count(findings), *(const size_t *)context);
    d.ward.results->allocator = own;
    psy_findings_free(findings);
    return status;
}

static void test_published_before(void **state)
{
    (void)state;
    run_open(&d, &plain, 40);
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_OK);
    size_t length, expected = 0;
    char *const roster = psy_test_read_file(d.roster, &length);
    ward_row rows[40];
    memcpy(rows, run_rows(), sizeof rows);
    ward_run(&d.ward, roster, rows, 40, 1);
    assert_true(psy_sweep(look_once, &expected) > 3); /* the same results: nothing to subtract */
    /* One child's sheet more than before. */
    rows[3].phq = "333333333";
    rows[3].mht = mht(80, 0, NULL);
    psyi_results_free(d.ward.results);
    d.ward.results = NULL;
    ward_run(&d.ward, roster, rows, 40, 1);
    expected = 1;
    assert_true(psy_sweep(look_once, &expected) > 3);
    free(roster);
    run_close(&d);
}

/* An earlier publication read, and held against the tables of this run. */
static psy_status hold_once(const psy_allocator *allocator, void *context)
{
    psyi_results *const results = d.ward.results;
    const psy_allocator *const own = results->allocator;
    psyi_shared_release *shared = NULL;
    size_t n_rows = 0, n_numbers = 0;
    results->allocator = allocator;
    psy_status status = psyi_published_read(results, context, NULL);
    if (status == PSY_OK)
        status = psyi_release_share(results, &shared, NULL);
    if (status == PSY_OK) {
        psyi_release_held(results, &n_rows, &n_numbers);
        assert_true(n_rows > 0);
    }
    psyi_release_unshare(results, shared);
    results->published = NULL;
    results->allocator = own;
    return status;
}

static void test_an_earlier_publication(void **state)
{
    (void)state;
    char path[700];
    run_open(&d, &plain, 40);
    assert_int_equal(run_go(&d), PSY_OK);
    snprintf(path, sizeof path, "%s", run_path(&d, "published.csv"));
    size_t length;
    char *const roster = psy_test_read_file(d.roster, &length);
    ward_row rows[40];
    memcpy(rows, run_rows(), sizeof rows);
    rows[3].phq = "333333333";
    rows[3].mht = mht(80, 0, NULL);
    ward_run(&d.ward, roster, rows, 40, 1);
    assert_true(psy_sweep_every(11, hold_once, path) > 20);
    free(roster);
    run_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries_of_a_part),
        cmocka_unit_test(test_published_before),
        cmocka_unit_test(test_an_earlier_publication),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
