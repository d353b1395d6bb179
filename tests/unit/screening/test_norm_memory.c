/*
 * test_norm_memory.c -- local norms whose memory runs out at any point: while they are built,
 * frozen at a release, taken up at the next one, brought along by a plan as a file.
 */
#include "run_directory.h"

#include "base/file.h"

#include <psyscreen/local_norms.h>
#include <psyscreen/quality.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Own, pooled and shrunk groups need more people than a sweep can bear; sixty in two sexes of one
 * grade are own, and the wards of test_local_set.c have the others. */
#define LOCAL                                                                                      \
    "{id: here, scale: mht.total, local: {by: [stage, sex], min_n: 5, below: shrink, pool_below: " \
    "2, freeze: first_release}, metrics: [t, percentile, t_blom, sten_percent]}"
#define RULES                                                                                      \
    "    - {id: high_here, rank: 1, when: \"mht.total.t@here >= 55\", text: {en: high here}}\n"
#define PRECISION                                                                                  \
    "  precision: {mht.total: {reliability: 0.9, sd: 15, cite: \"made up\"}, phq9.total: {sem: "   \
    "1.9, cite: \"made up\"}}\n"

static run_directory d;

static psy_status build_once(const psy_allocator *allocator, void *context)
{
    const char *const rosters[] = {d.roster}, *const responses[] = {d.responses};
    const psy_screening_options options = {.version = PSY_SCREENING_OPTIONS_VERSION,
                                           .allocator = allocator};
    psy_norms *norms[1] = {PSY_UNTOUCHED};
    (void)context;
    const psy_status status =
        psy_norms_build(norms, d.ward.plan, rosters, 1, responses, 1, &options, NULL, NULL);
    if (status == PSY_OK)
        psy_norms_free(norms[0]);
    else
        psy_assert_untouched(norms[0]);
    return status;
}

static void test_building(void **state)
{
    (void)state;
    run_open(&d, &(ward_plan){.norms = LOCAL, .rules = RULES}, 20);
    assert_true(psy_sweep(build_once, NULL) > 100);
    run_close(&d);
}

/* As if this were the first release. */
static psy_status release_once(const psy_allocator *allocator, void *context)
{
    unlink(run_path(&d, "norms/here_mht_total.yaml"));
    unlink(run_path(&d, "norms/here_mht_total.csv"));
    return run_once(allocator, context);
}

static void sweep_release(bool first, const char *tiers)
{
    run_open(&d, &(ward_plan){.norms = LOCAL, .rules = RULES, .tiers = tiers}, 14);
    d.options.no_workbooks = true;
    d.options.force = true;
    assert_int_equal(run_go(&d), PSY_OK);
    char *const whole = run_digest(&d, NULL);
    assert_non_null(strstr(whole, "here_mht_total.yaml"));
    assert_true(psy_sweep(first ? release_once : run_once, &d) > 100);
    char *const after = run_digest(&d, NULL);
    /* What a release froze is what the next one takes up: the manifest says which it was. */
    if (first)
        assert_string_equal(after, whole);
    else
        assert_int_equal(strlen(after), strlen(whole));
    free(whole);
    free(after);
    run_close(&d);
}

static void test_a_first_release(void **state)
{
    (void)state;
    sweep_release(true, NULL);
}

static void test_a_later_release(void **state)
{
    (void)state;
    sweep_release(false, PRECISION);
}

static psy_status load_and_run(const psy_allocator *allocator, void *context)
{
    const char *const rosters[] = {d.roster}, *const responses[] = {d.responses};
    psy_plan *plan = PSY_UNTOUCHED;
    psy_findings *findings;
    d.options.allocator = allocator;
    psy_status status = psy_findings_new(&findings, allocator, NULL);
    if (status != PSY_OK)
        return status;
    status = psy_plan_load_file(&plan, context, d.ward.catalog, allocator, findings, NULL);
    if (status != PSY_OK) {
        psy_assert_untouched(plan);
    } else {
        status = psy_screening_run(plan, rosters, 1, responses, 1, d.results, &d.options, findings,
                                   NULL, NULL);
        psy_plan_free(plan);
    }
    psy_findings_free(findings);
    return status;
}

/* The plan names a file of frozen counts, and one of a mean and a deviation. */
static void test_a_plan_with_files(void **state)
{
    (void)state;
    static const char old[] =
        "format: psyscreen/norms/1\nid: old\ninstrument: mht\nkind: mean_sd\nmetric: t\n"
        "population: {en: somebody else, zh: 别人}\nyear: 1991\nsource: made up\nconfidence: "
        "memory\ngroups: [grade]\noutside: none\n";
    static const char rows[] = "scale,grade_from,grade_to,mean,sd\ntotal,4,7,40,15\n";
    const char *const rosters[] = {d.roster}, *const responses[] = {d.responses};
    psy_norms *norms = NULL, *frozen = NULL;
    run_open(&d, &(ward_plan){.norms = LOCAL, .rules = RULES, .tiers = PRECISION}, 14);
    assert_int_equal(
        psy_norms_build(&norms, d.ward.plan, rosters, 1, responses, 1, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psy_norms_freeze(&frozen, norms, NULL, NULL), PSY_OK);
    assert_int_equal(
        psy_norms_write_file(frozen, psy_test_path(d.ward.directory, "here_mht_total.yaml"), NULL),
        PSY_OK);
    psy_test_write_file(psy_test_path(d.ward.directory, "old.yaml"), old, sizeof old - 1);
    psy_test_write_file(psy_test_path(d.ward.directory, "old.csv"), rows, sizeof rows - 1);
    psy_norms_free(frozen);
    psy_norms_free(norms);
    char *const path =
        run_write_plan(&d, "norms: [{id: here, scale: mht.total, file: "
                           "here_mht_total.yaml, metrics: [t]}, {id: old, scale: "
                           "mht.total, file: old.yaml, metrics: [t], max_years: 10}]");
    d.options.no_workbooks = true;
    d.options.force = true;
    assert_true(psy_sweep(load_and_run, path) > 300);
    free(path);
    run_close(&d);
}

static psy_status save_once(const psy_allocator *allocator, void *context)
{
    const char *const rosters[] = {d.roster}, *const responses[] = {d.responses};
    const psy_quality_options options = {.allocator = allocator, .by = PSY_QUALITY_BY_SEX};
    psy_quality *quality = NULL;
    psy_status status =
        psy_quality_run(&quality, d.ward.plan, rosters, 1, responses, 1, &options, NULL, NULL);
    if (status == PSY_OK)
        status = psy_quality_save(quality, context, NULL);
    psy_quality_free(quality);
    return status;
}

static void test_saving_the_report_of_a_wave(void **state)
{
    (void)state;
    char path[700];
    run_open(&d, &(ward_plan){.rules = NULL, .policy = "default"}, 12);
    snprintf(path, sizeof path, "%s/quality", d.ward.directory);
    assert_true(psy_sweep(save_once, path) > 200);
    run_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_building),
        cmocka_unit_test(test_a_first_release),
        cmocka_unit_test(test_a_later_release),
        cmocka_unit_test(test_a_plan_with_files),
        cmocka_unit_test(test_saving_the_report_of_a_wave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
