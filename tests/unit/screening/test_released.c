/*
 * test_released.c -- local norms freeze at the first release of a wave: a make-up test changes
 * nobody else's standard score or tier, and next year's plan names the file.
 */
#include "run_directory.h"

#include "base/file.h"

#include <psyscreen/local_norms.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOCAL(more)                                                                                \
    "{id: here, scale: mht.total, local: {by: [stage], min_n: 5, below: pool" more                 \
    "}, metrics: [t, percentile, t_blom]}"
#define RULES                                                                                      \
    "    - {id: high_here, rank: 1, when: \"mht.total.t@here >= 55\", text: {en: high here}}\n"

static void run_rows_of(run_directory *d, size_t first, size_t n)
{
    run_write_rows(d, run_rows() + first, n);
    if (run_go(d) != PSY_OK)
        fail_msg("%s", d->error.message);
}

/* The line of a student of scores.csv, "" when there is none; to be freed. */
static char *line_of(const run_directory *d, const char *student)
{
    char *const scores = psy_test_read_file(run_path(d, "scores.csv"), NULL);
    char key[64];
    snprintf(key, sizeof key, "\n%s,", student);
    const char *const at = strstr(scores, key);
    char *const line = at == NULL ? strdup("") : strndup(at + 1, strcspn(at + 1, "\n"));
    free(scores);
    return line;
}

static size_t compare_lines(const run_directory *d, char **before, size_t n, size_t *n_same)
{
    size_t seen = 0;
    *n_same = 0;
    for (size_t i = 0; i < n; i++) {
        char *const now = line_of(d, run_rows()[i].student);
        if (*before[i] != '\0' && *now != '\0') {
            seen++;
            *n_same += strcmp(now, before[i]) == 0;
        }
        free(now);
    }
    return seen;
}

static void make_up(const char *norms, bool frozen)
{
    run_directory d;
    char *before[40];
    size_t n_same;
    run_open(&d, &(ward_plan){.norms = norms, .rules = RULES}, 60);
    run_rows_of(&d, 0, 40);
    for (size_t i = 0; i < 40; i++)
        before[i] = line_of(&d, run_rows()[i].student);
    const bool there = psyi_file_exists(run_path(&d, "norms/here_mht_total.yaml"));
    assert_true(there == frozen);
    char *const file =
        there ? psy_test_read_file(run_path(&d, "norms/here_mht_total.yaml"), NULL) : strdup("");
    d.options.force = true;
    run_rows_of(&d, 0, 60);
    const size_t seen = compare_lines(&d, before, 40, &n_same);
    assert_true(seen > 20);
    if (frozen) {
        assert_int_equal(n_same, seen);
        char *const again = psy_test_read_file(run_path(&d, "norms/here_mht_total.yaml"), NULL);
        assert_string_equal(file, again);
        free(again);
        char *const manifest = psy_test_read_file(run_path(&d, "run.json"), NULL);
        assert_non_null(strstr(manifest, "\"frozen_before\": true"));
        assert_non_null(strstr(manifest, "norms/here_mht_total.csv"));
        free(manifest);
    } else {
        assert_true(n_same < seen); /* what freezing is for */
    }
    free(file);
    for (size_t i = 0; i < 40; i++)
        free(before[i]);
    run_close(&d);
}

static void test_a_make_up_test_changes_nobody_else(void **state)
{
    (void)state;
    make_up(LOCAL(", freeze: first_release"), true);
}

static void test_without_freezing_it_does(void **state)
{
    (void)state;
    make_up(LOCAL(""), false);
}

static void test_another_wave_is_refused(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.norms = LOCAL(", freeze: first_release"), .rules = RULES}, 60);
    run_rows_of(&d, 0, 60);
    const char *const path = run_path(&d, "norms/here_mht_total.yaml");
    char *const text = psy_test_read_file(path, NULL);
    char *const part = strstr(text, "- \"ward ");
    assert_non_null(part);
    part[8] = part[8] == 'x' ? 'y' : 'x';
    psy_test_write_file(path, text, strlen(text));
    free(text);
    d.options.force = true;
    assert_int_equal(run_go(&d), PSY_E_OUTPUT);
    assert_non_null(strstr(d.error.message, "another plan or wave"));
    run_close(&d);
}

/* ---- next year ------------------------------------------------------------------------- */

static psy_norms *built(const run_directory *d, bool frozen)
{
    const char *const rosters[] = {d->roster}, *const files[] = {d->responses};
    psy_norms *norms[1] = {NULL}, *out = NULL;
    psy_error error = {.status = PSY_OK};
    assert_int_equal(psy_norms_build_count(d->ward.plan), 1);
    if (psy_norms_build(norms, d->ward.plan, rosters, 1, files, 1, NULL, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    assert_non_null(norms[0]);
    if (!frozen)
        return norms[0];
    assert_int_equal(psy_norms_freeze(&out, norms[0], NULL, NULL), PSY_OK);
    psy_norms_free(norms[0]);
    return out;
}

static void test_built_is_what_the_run_counts(void **state)
{
    (void)state;
    run_directory d;
    char path[700];
    run_open(&d, &(ward_plan){.norms = LOCAL(", freeze: first_release"), .rules = RULES}, 60);
    run_rows_of(&d, 0, 60);
    psy_norms *const norms = built(&d, true);
    snprintf(path, sizeof path, "%s/here_mht_total.yaml", d.ward.directory);
    assert_int_equal(psy_norms_write_file(norms, path, NULL), PSY_OK);
    char *const of_run = psy_test_read_file(run_path(&d, "norms/here_mht_total.yaml"), NULL);
    char *const of_build = psy_test_read_file(path, NULL);
    assert_string_equal(of_run, of_build);
    free(of_run);
    free(of_build);
    psy_norms_free(norms);
    run_close(&d);
}

/* Load a plan that names the file; NULL, and the first problem in `why`. */
static psy_plan *plan_with_file(const run_directory *d, const char *norms, psy_error *why)
{
    psyi_buffer line;
    psyi_buffer_init(&line, NULL);
    psyi_buffer_format(&line, "norms: [%s]", norms);
    char *const path = run_write_plan(d, line.data);
    psy_plan *plan = NULL;
    const psy_status status = psy_plan_load_file(&plan, path, d->ward.catalog, NULL, NULL, why);
    assert_true((status == PSY_OK) == (plan != NULL));
    psyi_buffer_done(&line);
    free(path);
    return plan;
}

#define GIVEN                                                                                      \
    "{id: here, scale: mht.total, file: here_mht_total.yaml, metrics: [t, percentile, t_blom]}"

static void test_next_years_plan_names_the_file(void **state)
{
    (void)state;
    run_directory d;
    char path[700];
    psy_error error;
    run_open(&d, &(ward_plan){.norms = LOCAL(""), .rules = RULES}, 60);
    run_rows_of(&d, 0, 60);
    char *const local = psy_test_read_file(run_path(&d, "scores.csv"), NULL);
    snprintf(path, sizeof path, "%s/here_mht_total.yaml", d.ward.directory);
    /* Not frozen: not yet a norm. */
    psy_norms *norms = built(&d, false);
    assert_int_equal(psy_norms_write_file(norms, path, NULL), PSY_OK);
    psy_norms_free(norms);
    assert_null(plan_with_file(&d, GIVEN, &error));
    assert_non_null(strstr(error.message, "freeze it first"));
    norms = built(&d, true);
    assert_int_equal(psy_norms_write_file(norms, path, NULL), PSY_OK);
    psy_norms_free(norms);
    psy_plan *const plan = plan_with_file(&d, GIVEN, &error);
    if (plan == NULL)
        fail_msg("%s", error.message);
    /* The same sheets against the same counts: the same scores. */
    psy_plan *const old = d.ward.plan;
    d.ward.plan = plan;
    snprintf(d.results, sizeof d.results, "%s/next", d.ward.directory);
    if (run_go(&d) != PSY_OK)
        fail_msg("%s", d.error.message);
    char *const given = psy_test_read_file(run_path(&d, "scores.csv"), NULL);
    assert_string_equal(given, local);
    free(given);
    free(local);
    d.ward.plan = old;
    psy_plan_free(plan);
    run_close(&d);
}

static void test_a_file_of_something_else_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *norms, *why;
    } wrong[] = {
        {"{id: here, scale: phq9.total, file: here_mht_total.yaml, metrics: [t]}", "is for 'mht'"},
        {"{id: here, scale: mht.loneliness, file: here_mht_total.yaml, metrics: [t]}",
         "has no scale"},
        {"{id: here, scale: mht.total, file: here_mht_total.yaml, metrics: [standard]}",
         "no 'standard'"},
        {"{id: here, scale: mht.total, file: none.yaml, metrics: [t]}", "none.yaml"},
        {"{id: here, scale: mht.total, metrics: [t]}", "brought along"},
        {"{id: here, scale: mht.total, file: a.yaml, local: {by: [sex]}, metrics: [t]}",
         "brought along"},
        {"{id: here, scale: mht.total, local: {by: [sex], min_n: 20, pool_below: 10}, metrics: "
         "[t]}",
         "belong to"},
        {"{id: here, scale: mht.total, local: {by: [sex], min_n: 20, below: shrink, pool_below: "
         "30}, metrics: [t]}",
         "above min_n"},
    };
    run_directory d;
    char path[700];
    run_open(&d,
             &(ward_plan){.norms = LOCAL(""),
                          .rules = "    - {id: r, rank: 1, when: "
                                   "\"mht.total >= 65\", text: {en: r}}\n"},
             60);
    psy_norms *const norms = built(&d, true);
    snprintf(path, sizeof path, "%s/here_mht_total.yaml", d.ward.directory);
    assert_int_equal(psy_norms_write_file(norms, path, NULL), PSY_OK);
    psy_norms_free(norms);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        psy_error error = {.status = PSY_OK};
        psy_plan *const plan = plan_with_file(&d, wrong[i].norms, &error);
        if (plan != NULL || strstr(error.message, wrong[i].why) == NULL)
            fail_msg("%s: %s", wrong[i].norms, error.message);
        assert_true(error.where.line > 0);
    }
    /* Columns are numbered in ten bits: 90 norms of 12 metrics do not fit. */
    psyi_buffer many;
    psyi_buffer_init(&many, NULL);
    for (int i = 0; i < 90; i++)
        psyi_buffer_format(&many,
                           "%s{id: n%d, scale: mht.total, local: {by: [sex]}, metrics: [t, z, iq, "
                           "percentile, stanine_linear, sten_linear, stanine_percent, "
                           "sten_percent, t_blom, t_tukey, t_waerden, t_rankit]}",
                           i > 0 ? ", " : "", i);
    psy_error error = {.status = PSY_OK};
    assert_null(plan_with_file(&d, many.data, &error));
    assert_int_equal(error.status, PSY_E_LIMIT);
    assert_non_null(strstr(error.message, "1080 columns"));
    psyi_buffer_done(&many);
    run_close(&d);
}

/* ---- norms that do not fit ------------------------------------------------------------- */

static void write_given(const run_directory *d, const char *more)
{
    char path[700], text[1200];
    static const char rows[] = "scale,grade_from,grade_to,mean,sd\ntotal,4,7,40,15\n";
    snprintf(text, sizeof text,
             "format: psyscreen/norms/1\nid: old\ninstrument: mht\nkind: mean_sd\nmetric: t\n"
             "population: {en: somebody else, zh: 别人}\nyear: 1991\nsource: made up\nconfidence: "
             "memory\ngroups: [grade]\noutside: none\n%s",
             more);
    snprintf(path, sizeof path, "%s/old.yaml", d->ward.directory);
    psy_test_write_file(path, text, strlen(text));
    snprintf(path, sizeof path, "%s/old.csv", d->ward.directory);
    psy_test_write_file(path, rows, sizeof rows - 1);
}

static size_t found(const run_directory *d, const char *rule)
{
    size_t n = 0;
    for (size_t i = 0; i < psy_findings_count(d->findings); i++)
        n += strcmp(psy_findings_get(d->findings, i).rule, rule) == 0;
    return n;
}

static void run_given(run_directory *d, const char *norms, const char *more)
{
    psy_error error = {.status = PSY_OK};
    write_given(d, more);
    psy_plan *const plan = plan_with_file(d, norms, &error), *const old = d->ward.plan;
    if (plan == NULL)
        fail_msg("%s", error.message);
    d->ward.plan = plan;
    d->options.force = true;
    if (run_go(d) != PSY_OK)
        fail_msg("%s", d->error.message);
    d->ward.plan = old;
    psy_plan_free(plan);
}

static void test_norms_that_do_not_fit_are_told(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d,
             &(ward_plan){.norms = LOCAL(""),
                          .rules = "    - {id: r, rank: 1, when: "
                                   "\"mht.total >= 65\", text: {en: r}}\n"},
             60);
    run_given(&d, "{id: old, scale: mht.total, file: old.yaml, metrics: [t]}", "");
    assert_int_equal(found(&d, "norm_stale"), 0); /* nobody said how old it may be */
    assert_int_equal(found(&d, "norm_people"), 0);
    assert_int_equal(found(&d, "norm_group"), 1); /* grades 8 and up */
    run_given(&d, "{id: old, scale: mht.total, file: old.yaml, metrics: [t], max_years: 10}",
              "people: {grades: 1..5}\n");
    assert_int_equal(found(&d, "norm_stale"), 1);
    assert_int_equal(found(&d, "norm_people"), 1);
    run_given(&d, "{id: old, scale: mht.total, file: old.yaml, metrics: [t], max_years: 100}",
              "people: {grades: 1..12, informants: [self]}\n");
    assert_int_equal(found(&d, "norm_stale"), 0);
    assert_int_equal(found(&d, "norm_people"), 0);
    run_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_make_up_test_changes_nobody_else),
        cmocka_unit_test(test_without_freezing_it_does),
        cmocka_unit_test(test_another_wave_is_refused),
        cmocka_unit_test(test_built_is_what_the_run_counts),
        cmocka_unit_test(test_next_years_plan_names_the_file),
        cmocka_unit_test(test_a_file_of_something_else_is_refused),
        cmocka_unit_test(test_norms_that_do_not_fit_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
