/*
 * test_shares.c -- the workbooks of schools made by shares of the wave, each of which reads
 * everything and keeps its schools: the same files as of one run, for the demonstration plan
 * with all that the simulator plants.
 */
#include "run_directory.h"

#include "base/file.h"

#include <psyscreen/screening.h>
#include <psyscreen/wave.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES = 4, STUDENTS = 420, SCHOOLS = 7 };

typedef struct district {
    psy_catalog *catalog;
    psy_plan *plan;
    char directory[512], roster[600], paths[FILES][600], results[600];
    const char *rosters[1], *responses[FILES];
    uint32_t n_shares, left_out; /* shares that are not run: n_shares - left_out */
    psy_status status;
    psy_error error;
} district;

/* The plan as simulated, or with the latest sheet for a day. */
static void load_plan(district *d, bool without_day)
{
    const char *const path = psy_test_path(d->directory, "plan.yaml");
    if (without_day) {
        size_t length;
        char *const text = psy_test_read_file(path, &length);
        char *const at = strstr(text, "\nas_of:");
        assert_non_null(at);
        memcpy(at, "\n#", 2); /* a comment now */
        psy_test_write_file(path, text, length);
        free(text);
    }
    assert_int_equal(psy_plan_load_file(&d->plan, path, d->catalog, NULL, NULL, NULL), PSY_OK);
}

static void open_district(district *d, bool without_day)
{
    const char *const instruments = psy_test_path(PSY_SOURCE_DIR, "instruments");
    memset(d, 0, sizeof *d);
    assert_int_equal(psy_catalog_open(&d->catalog, &instruments, 1, NULL, NULL), PSY_OK);
    psy_plan *shipped = NULL;
    char plan[600];
    snprintf(plan, sizeof plan, "%s/instruments/plans/district_demo.yaml", PSY_SOURCE_DIR);
    assert_int_equal(psy_plan_load_file(&shipped, plan, d->catalog, NULL, NULL, NULL), PSY_OK);
    snprintf(d->directory, sizeof d->directory, "%s", psy_test_directory());
    assert_int_equal(psy_simulate(shipped, STUDENTS, SCHOOLS, 11, d->directory, NULL, NULL),
                     PSY_OK);
    psy_plan_free(shipped);
    load_plan(d, without_day);
    snprintf(d->roster, sizeof d->roster, "%s/roster.csv", d->directory);
    d->rosters[0] = d->roster;
    for (unsigned i = 0; i < FILES; i++) {
        snprintf(d->paths[i], sizeof d->paths[i], "%s/responses_%u.%s", d->directory, i + 1,
                 i == 3 ? "xlsx" : "csv");
        assert_true(psyi_file_exists(d->paths[i]));
        d->responses[i] = d->paths[i];
    }
}

static void close_district(district *d)
{
    psy_plan_free(d->plan);
    psy_catalog_free(d->catalog);
    psy_test_directory_remove();
}

static psy_screening_part share_of(const district *d, uint32_t share, const psy_findings *findings)
{
    return (psy_screening_part){.share = share,
                                .n_shares = d->n_shares,
                                .roster_paths = &d->rosters[0],
                                .n_rosters = 1,
                                .response_paths = d->responses,
                                .n_responses = FILES,
                                .run = d->results,
                                .findings = findings};
}

/* Two passes over all shares, as other machines would make them. */
static int schools(void *context, const char *directory, const psy_findings *findings)
{
    district *const d = context;
    psy_wave *wave = NULL;
    assert_int_equal(psy_wave_new(&wave, d->plan, NULL, NULL), PSY_OK);
    for (uint32_t i = 0; i < d->n_shares && d->status == PSY_OK; i++) {
        const psy_screening_part part = share_of(d, i, NULL);
        psy_wave *one = NULL;
        assert_int_equal(psy_wave_new(&one, d->plan, NULL, NULL), PSY_OK);
        d->status = psy_wave_fold(one, &part, NULL, &d->error);
        if (d->status == PSY_OK)
            d->status = psy_wave_merge(wave, one, &d->error);
        psy_wave_free(one);
    }
    for (uint32_t i = d->left_out; i < d->n_shares && d->status == PSY_OK; i++) {
        const psy_screening_part part = share_of(d, i, findings);
        d->status = psy_screening_run_part(d->plan, wave, &part, directory, NULL, NULL, NULL, NULL,
                                           &d->error);
    }
    psy_wave_free(wave);
    return d->status != PSY_OK;
}

static psy_status run(district *d, const char *name, uint32_t n_shares, char **digest,
                      psy_error *error)
{
    run_directory at;
    psy_screening_options options = {.version = PSY_SCREENING_OPTIONS_VERSION, .n_threads = 2};
    snprintf(d->results, sizeof d->results, "%s/%s", d->directory, name);
    snprintf(at.results, sizeof at.results, "%s", d->results);
    d->n_shares = n_shares;
    d->status = PSY_OK;
    options.schools = n_shares > 0 ? schools : NULL;
    options.schools_context = d;
    const psy_status status = psy_screening_run(d->plan, d->rosters, 1, d->responses, FILES,
                                                d->results, &options, NULL, NULL, error);
    if (d->status != PSY_OK)
        fail_msg("%s", d->error.message);
    if (status == PSY_OK)
        *digest = run_digest(&at, NULL);
    return status;
}

static void test_shares_make_the_files_of_one_run(void **state)
{
    (void)state;
    static const uint32_t shares[] = {1, 2, 3, SCHOOLS + 4};
    district d;
    char *whole = NULL;
    open_district(&d, true);
    assert_int_equal(run(&d, "whole", 0, &whole, NULL), PSY_OK);
    assert_non_null(strstr(whole, "schools/_unmatched.xlsx"));
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        char name[16], *digest = NULL;
        psy_error error = {0};
        snprintf(name, sizeof name, "shares%u", (unsigned)shares[i]);
        if (run(&d, name, shares[i], &digest, &error) != PSY_OK)
            fail_msg("%u shares: %s", (unsigned)shares[i], error.message);
        assert_string_equal(digest, whole);
        free(digest);
    }
    free(whole);
    close_district(&d);
}

static void test_a_workbook_that_was_not_made_is_an_error(void **state)
{
    (void)state;
    district d;
    char *digest = NULL;
    psy_error error = {0};
    open_district(&d, false);
    d.left_out = 1;
    assert_int_equal(run(&d, "out", 3, &digest, &error), PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "was not made"));
    /* The same run goes on once they are there, and nothing of the first attempt is left. */
    char *whole = NULL;
    d.left_out = 0;
    assert_int_equal(run(&d, "out", 3, &digest, &error), PSY_OK);
    assert_int_equal(run(&d, "whole", 0, &whole, &error), PSY_OK);
    assert_string_equal(digest, whole);
    free(digest);
    free(whole);

    const psy_screening_part beyond = {
        .share = 3, .n_shares = 3, .response_paths = d.responses, .n_responses = FILES};
    psy_wave *wave = NULL;
    assert_int_equal(psy_wave_new(&wave, d.plan, NULL, NULL), PSY_OK);
    assert_int_equal(psy_wave_fold(wave, &beyond, NULL, &error), PSY_E_ARGUMENT);
    assert_string_equal(error.message, "there is no share 3 of 3 (the first is 0)");
    psy_wave_free(wave);
    close_district(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_make_the_files_of_one_run),
        cmocka_unit_test(test_a_workbook_that_was_not_made_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
