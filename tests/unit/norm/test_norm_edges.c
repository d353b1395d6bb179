/*
 * test_norm_edges.c -- norms at their edges: arguments that mean nothing, counts that do not
 * belong together, sums that do not fit, tables of every kind of group, files of every key.
 */
#include "test_support.h"

#include "definition/load.h"
#include "norm/counts.h"
#include "norm/local_round.h"
#include "norm/public_norms.h"

#include <psyscreen/interval.h>
#include <psyscreen/standard_score.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- arguments ------------------------------------------------------------------------ */

static void test_counts_that_are_none(void **state)
{
    (void)state;
    static const uint64_t wrong[][3] = {{0, 0, 0}, {5, 0, 4}, {2, 3, 4}, {0, 5, 4}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const uint64_t *const w = wrong[i];
        assert_true(isnan(psy_percentile_rank(PSY_PERCENTILE_MID, w[0], w[1], w[2])));
        assert_true(isnan(psy_normal_score(PSY_RANK_BLOM, w[0], w[1], w[2])));
        assert_int_equal(psy_stanine_percent(w[0], w[1], w[2]), 0);
        assert_int_equal(psy_sten_percent(w[0], w[1], w[2]), 0);
    }
    assert_true(isnan(psy_normal_score(PSY_RANK_BLOM, 2, 0, 4))); /* nobody has this score */
    assert_true(isnan(psy_normal_score((psy_rank_method)4, 2, 1, 4)));
    assert_true(isfinite(psy_normal_score(PSY_RANK_RANKIT, 2, 1, 4)));
}

static void test_intervals_without_meaning(void **state)
{
    (void)state;
    psy_interval out;
    static const struct {
        psy_interval_kind kind;
        double x, mean, sd, reliability, level;
    } wrong[] = {
        {PSY_INTERVAL_OBSERVED, 60, 50, 10, 0.9, 0},
        {PSY_INTERVAL_OBSERVED, 60, 50, 10, 0.9, 1},
        {PSY_INTERVAL_OBSERVED, 60, 50, 10, 0.9, NAN},
        {PSY_INTERVAL_OBSERVED, 60, 50, -1, 0.9, 0.95},
        {PSY_INTERVAL_OBSERVED, 60, 50, NAN, 0.9, 0.95},
        {PSY_INTERVAL_OBSERVED, 60, 50, INFINITY, 0.9, 0.95},
        {PSY_INTERVAL_OBSERVED, INFINITY, 50, 10, 0.9, 0.95},
        {PSY_INTERVAL_TRUE, 60, NAN, 10, 0.9, 0.95},
        {PSY_INTERVAL_RETEST, 60, INFINITY, 10, 0.9, 0.95},
        {PSY_INTERVAL_OBSERVED, 60, 50, 10, 1.01, 0.95},
        {PSY_INTERVAL_OBSERVED, 60, 50, 10, NAN, 0.95},
        {(psy_interval_kind)7, 60, 50, 10, 0.9, 0.95},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(psy_interval_of(wrong[i].kind, wrong[i].x, wrong[i].mean, wrong[i].sd,
                                         wrong[i].reliability, wrong[i].level, &out, NULL),
                         PSY_E_ARGUMENT);
    /* Around an observed score the mean of the group plays no part. */
    assert_int_equal(psy_interval_of(PSY_INTERVAL_OBSERVED, 60, NAN, 10, 0.91, 0.95, &out, NULL),
                     PSY_OK);
    assert_true(fabs(out.error - 3) < 1e-12);
    assert_int_equal(psy_interval_of(PSY_INTERVAL_OBSERVED, NAN, 50, 10, 0.91, 0.95, &out, NULL),
                     PSY_OK);
    assert_true(isnan(out.lo) && isnan(out.hi));
    assert_non_null(strstr(psy_interval_name(PSY_INTERVAL_TRUE, NULL), "Kelley"));
    assert_non_null(strstr(psy_interval_name(PSY_INTERVAL_TRUE, "zh"), "真分数"));
    assert_non_null(strstr(psy_interval_name(PSY_INTERVAL_TRUE, "fr"), "true"));
    assert_string_equal(psy_interval_name((psy_interval_kind)9, "en"), "");
}

/* ---- counts ----------------------------------------------------------------------------- */

static const psyi_local_rule by_all = {.by = {PSYI_BY_STAGE, PSYI_BY_GRADE, PSYI_BY_SEX},
                                       .n_by = 3,
                                       .min_n = 4,
                                       .pool_below = 2,
                                       .shrink = true,
                                       .moments = true};

/* Both sexes of two grades, one of which nobody is in but a few. */
static psyi_norm *count(const psyi_local_rule *rule, const char *id, const char *edition, int year)
{
    psyi_local_set *const set = psyi_local_set_new(rule, NULL);
    assert_non_null(set);
    for (int grade = 6; grade <= 8; grade++)
        for (unsigned sex = PSYI_SEX_MALE; sex <= PSYI_SEX_FEMALE; sex++)
            for (int i = 0; i < (grade == 8 ? 3 : 9); i++) {
                psyi_local_group group;
                assert_true(psyi_local_group_of(rule, grade, (psyi_sex)sex, &group));
                assert_int_equal(psyi_local_set_add(set, group,
                                                    psyi_ratio_make(2 * i + grade + (int)sex, 1), 1,
                                                    NULL),
                                 PSY_OK);
            }
    const char *const part = psyi_counts_part(set, id, "2026", NULL, 0);
    const psyi_counts_head head = {
        .id = id,
        .instrument = "mht",
        .edition = edition,
        .scale = "total",
        .source = "here",
        .population = {"Here", NULL},
        .year = year,
        .metrics = 1u << PSYI_METRIC_T,
        .local = {
            .rule = *rule, .variant = "default", .informant = 3, .parts = &part, .n_parts = 1}};
    psyi_norm *norm = NULL;
    assert_int_equal(psyi_counts_make(&norm, &head, set, NULL, NULL), PSY_OK);
    psyi_local_set_free(set);
    return norm;
}

static void assert_refused(const psyi_norm *a, const psyi_norm *b, const char *why)
{
    psy_error error;
    psyi_norm *none = PSY_UNTOUCHED;
    assert_int_equal(psyi_counts_merge(&none, (const psyi_norm *[]){a, b}, 2, "x", NULL, &error),
                     PSY_E_DATA);
    if (strstr(error.message, why) == NULL)
        fail_msg("%s: %s", why, error.message);
    psy_assert_untouched(none);
}

/* One detail of the rule at a time. */
static void test_other_limits_are_not_merged(void **state)
{
    (void)state;
    psyi_norm *const a = count(&by_all, "a", "1991", 2026);
    psyi_norm *const b = count(&by_all, "b", "1991", 2026);
    const psyi_norm sound = *b;
    b->local.rule.n_by = 2;
    assert_refused(a, b, "other limits");
    *b = sound;
    b->local.rule.by[2] = PSYI_BY_GRADE;
    assert_refused(a, b, "other groups");
    *b = sound;
    b->local.rule.pool_below = 3;
    assert_refused(a, b, "other limits");
    *b = sound;
    b->local.rule.shrink = false;
    assert_refused(a, b, "other limits");
    *b = sound;
    b->local.rule.moments = false;
    assert_refused(a, b, "other limits");
    *b = sound;
    b->edition = NULL;
    assert_refused(a, b, "another edition");
    assert_refused(b, a, "another edition");
    *b = sound;
    psyi_norm_group *const group = &b->groups[0];
    const psyi_norm_group before = *group;
    group->scale = "loneliness";
    assert_refused(a, b, "another scale");
    *group = before;
    /* Groups that are not such groups. */
    static const psyi_who odd[] = {
        {.stages = 4, .grade_low = 6, .grade_high = 7, .sexes = 2, .age_low = -1, .age_high = -1},
        {.stages = 4, .grade_low = 6, .grade_high = 6, .sexes = 2, .age_low = 9, .age_high = 10},
        {.stages = 4,
         .grade_low = 6,
         .grade_high = 6,
         .sexes = 2,
         .age_low = -1,
         .age_high = -1,
         .informants = 2},
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        group->who = odd[i];
        assert_refused(a, b, "by stage, grade and sex alone");
    }
    *group = before;
    /* More parts than anybody merges. */
    const size_t n_parts = b->local.n_parts;
    b->local.n_parts = 10001;
    psy_error error;
    psyi_norm *none = PSY_UNTOUCHED;
    assert_int_equal(psyi_counts_merge(&none, (const psyi_norm *[]){a, b}, 2, "x", NULL, &error),
                     PSY_E_LIMIT);
    b->local.n_parts = n_parts;
    assert_int_equal(psyi_counts_merge(&none, NULL, 0, "x", NULL, &error), PSY_E_DATA);
    a->local.present = false;
    assert_int_equal(psyi_counts_merge(&none, (const psyi_norm *[]){a, b}, 2, "x", NULL, &error),
                     PSY_E_DATA);
    assert_int_equal(psyi_counts_freeze(&none, a, NULL, &error), PSY_E_DATA);
    a->local.present = true;
    psy_assert_untouched(none);
    psyi_norm_free(b);
    psyi_norm_free(a);
}

/* A sum says of itself only what is true of all its parts. */
static void test_an_edition_or_year_that_is_not_known(void **state)
{
    (void)state;
    psyi_norm *const a = count(&by_all, "a", NULL, 2026), *const b = count(&by_all, "b", NULL, 0);
    psyi_norm *sum = NULL;
    assert_int_equal(psyi_counts_merge(&sum, (const psyi_norm *[]){a, b}, 2, "sum", NULL, NULL),
                     PSY_OK);
    assert_int_equal(sum->year, 0);
    assert_null(sum->edition);
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_counts_yaml(sum, &text);
    assert_null(strstr(text.data, "edition:"));
    assert_null(strstr(text.data, "\nyear:"));
    assert_non_null(strstr(text.data, "  shrink: dl\n"));
    assert_non_null(strstr(text.data, "  by: [stage, grade, sex]\n"));
    assert_non_null(strstr(text.data, "informant: teacher"));
    psyi_buffer_clear(&text);
    psyi_counts_yaml(a, &text);
    assert_non_null(strstr(text.data, "zh: \"Here\"")); /* one language stands for the other */
    psyi_buffer_done(&text);
    psyi_norm_free(sum);
    psyi_norm_free(b);
    psyi_norm_free(a);
}

/* By every key and by none: what is written loads again. */
static void test_files_of_every_key(void **state)
{
    (void)state;
    static const psyi_local_rule rules[] = {
        {.by = {PSYI_BY_STAGE, PSYI_BY_GRADE, PSYI_BY_SEX},
         .n_by = 3,
         .min_n = 4,
         .pool_below = 2,
         .shrink = true,
         .moments = true},
        {.by = {PSYI_BY_SEX}, .n_by = 1, .min_n = 4},
        {.by = {PSYI_BY_SEX, PSYI_BY_STAGE}, .n_by = 2, .min_n = 4},
        {.by = {PSYI_BY_GRADE}, .n_by = 1, .min_n = 4},
    };
    static const char *const first[] = {"\ntotal,primary,6,6,male,", "\ntotal,male,",
                                        "\ntotal,male,primary,", "\ntotal,6,6,"};
    const char *const directory = psy_test_directory();
    char path[600];
    snprintf(path, sizeof path, "%s/d.yaml", directory);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        psyi_norm *const made = count(&rules[i], "d", "1991", 2026);
        psy_error error = {.status = PSY_OK};
        assert_int_equal(psyi_counts_write(made, path, NULL, &error), PSY_OK);
        char *const csv = psy_test_read_file(psy_test_path(directory, "d.csv"), NULL);
        if (strstr(csv, first[i]) == NULL)
            fail_msg("%s\nhas no %s", csv, first[i]);
        free(csv);
        psyi_norm *again = NULL;
        if (psyi_norm_load_file(&again, path, NULL, NULL, &error) != PSY_OK)
            fail_msg("%s", error.message);
        assert_string_equal(again->fingerprint, made->fingerprint);
        psyi_norm_free(again);
        psyi_norm_free(made);
    }
    psyi_norm *const made = count(&by_all, "d", "1991", 2026);
    psy_error error;
    static const char *const names[] = {"d.txt", "yaml", ".yaml", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(psyi_counts_write(made, names[i], NULL, &error), PSY_E_ARGUMENT);
    snprintf(path, sizeof path, "%s/nowhere/d.yaml", directory);
    assert_int_equal(psyi_counts_write(made, path, NULL, &error), PSY_E_OUTPUT);
    /* The head comes last: where it cannot be written, no norm is there. */
    snprintf(path, sizeof path, "%s/e.yaml", directory);
    assert_int_equal(rmdir(path), -1);
    assert_int_equal(psyi_counts_write(made, path, NULL, &error), PSY_OK);
    psyi_norm_free(made);
    psy_test_directory_remove();
}

static psy_status write_once(const psy_allocator *allocator, void *context)
{
    const psyi_norm *const norm = context;
    return psyi_counts_write(norm, psy_test_path(PSY_BINARY_DIR, "sweep_counts.yaml"), allocator,
                             NULL);
}

static void test_writing_without_memory(void **state)
{
    (void)state;
    psyi_norm *const made = count(&by_all, "sweep_counts", "1991", 2026);
    assert_true(psy_sweep(write_once, made) > 3);
    unlink(psy_test_path(PSY_BINARY_DIR, "sweep_counts.yaml"));
    unlink(psy_test_path(PSY_BINARY_DIR, "sweep_counts.csv"));
    psyi_norm_free(made);
}

static bool says(const psy_table *table, const char *column, size_t row, const char *want)
{
    const char *text = NULL;
    size_t length = 0;
    assert_true(psy_table_get_text(table, psy_table_find(table, column), row, &text, &length));
    return length == strlen(want) && memcmp(text, want, length) == 0;
}

/* Own, shrunk and pooled groups in one table, with what judges them. */
static void test_the_table_of_counts(void **state)
{
    (void)state;
    psy_norms *norms = NULL;
    psy_table *table = NULL;
    assert_int_equal(psyi_norms_wrap(&norms, count(&by_all, "t", "1991", 2026), NULL, NULL),
                     PSY_OK);
    assert_int_equal(psy_norms_table(&table, norms, NULL, NULL), PSY_OK);
    assert_int_equal(psy_table_row_count(table), 6);
    assert_true(says(table, "stage", 0, "primary"));
    assert_true(says(table, "grade", 0, "6"));
    assert_true(says(table, "sex", 0, "male"));
    assert_true(says(table, "sex", 1, "female"));
    assert_true(says(table, "judged_by", 0, "own"));
    double lambda = 0, mean = 0;
    for (size_t row = 0; row < 6; row++)
        if (says(table, "grade", row, "8")) {
            assert_true(says(table, "judged_by", row, "shrunk"));
            assert_true(psy_table_get_double(table, psy_table_find(table, "lambda"), row, &lambda));
            assert_true(lambda > 0 && lambda < 1);
            assert_true(
                psy_table_get_double(table, psy_table_find(table, "judging_mean"), row, &mean));
        } else {
            assert_false(psy_table_get_double(table, psy_table_find(table, "lambda"), row, &mean));
        }
    psy_table_free(table);
    psy_norms_free(norms);
}

static const char MEAN_SD[] =
    "format: psyscreen/norms/1\nid: made_up\ninstrument: none\nkind: mean_sd\nmetrics: [t, z]\n"
    "population: {en: nobody}\nyear: 2026\nsource: made up\nconfidence: memory\n"
    "groups: [stage, grade]\noutside: none\n";
static const char MEAN_SD_ROWS[] = "scale,stage,grade_from,grade_to,mean,sd\n"
                                   "total,primary,3,4,10,2.5\ntotal,junior,7,7,12,3\n";

static psy_norms *published(void)
{
    const char *const directory = psy_test_directory();
    psy_norms *norms = NULL;
    psy_error error = {.status = PSY_OK};
    psy_test_write_file(psy_test_path(directory, "made_up.yaml"), MEAN_SD, sizeof MEAN_SD - 1);
    psy_test_write_file(psy_test_path(directory, "made_up.csv"), MEAN_SD_ROWS,
                        sizeof MEAN_SD_ROWS - 1);
    if (psy_norms_load_file(&norms, psy_test_path(directory, "made_up.yaml"), NULL, NULL, &error) !=
        PSY_OK)
        fail_msg("%s", error.message);
    psy_test_directory_remove();
    return norms;
}

static psy_status table_once(const psy_allocator *allocator, void *context)
{
    psy_table *table = PSY_UNTOUCHED;
    const psy_status status = psy_norms_table(&table, context, allocator, NULL);
    if (status == PSY_OK)
        psy_table_free(table);
    else
        psy_assert_untouched(table);
    return status;
}

/* A published norm has a mean, but nothing that was counted, and nobody who judges for it. */
static void test_published_norms_are_no_counts(void **state)
{
    (void)state;
    psy_norms *const norms = published();
    psy_norms *none = PSY_UNTOUCHED;
    psy_table *table = NULL;
    psy_error error;
    double value = 0;
    assert_false(psy_norms_are_counts(norms));
    assert_true(psy_norms_are_frozen(norms));
    assert_int_equal(psy_norms_table(&table, norms, NULL, NULL), PSY_OK);
    assert_true(says(table, "grade", 0, "3-4"));
    assert_true(says(table, "grade", 1, "7"));
    assert_true(says(table, "sex", 0, ""));
    assert_true(says(table, "judged_by", 0, ""));
    assert_true(psy_table_get_double(table, psy_table_find(table, "mean"), 1, &value));
    assert_true(value == 12);
    int64_t n;
    assert_false(psy_table_get_int(table, psy_table_find(table, "n"), 0, &n));
    psy_table_free(table);
    assert_true(psy_sweep(table_once, norms) > 10);
    assert_int_equal(psy_norms_freeze(&none, norms, NULL, &error), PSY_E_DATA);
    assert_int_equal(psy_norms_write_file(norms, "made_up.yaml", &error), PSY_E_DATA);
    assert_int_equal(psy_norms_merge(&none, (const psy_norms *[]){norms}, 1, "a", NULL, &error),
                     PSY_E_DATA);
    psy_assert_untouched(none);
    assert_string_equal(psy_norms_population(norms, NULL), "nobody");
    assert_string_equal(psy_norms_population(norms, "zh"), "nobody");
    psy_norms_free(norms);
}

static void test_ids_of_sums(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "A", "1a", "_a", "a-b", "a b", "a{", "aB", "a:", "a/"};
    static const char *const right[] = {"a", "az_09", "z9"};
    psy_norms *norms = NULL, *sum = PSY_UNTOUCHED;
    psy_error error;
    assert_int_equal(psyi_norms_wrap(&norms, count(&by_all, "t", "1991", 2026), NULL, NULL),
                     PSY_OK);
    const psy_norms *const parts[] = {norms};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(psy_norms_merge(&sum, parts, 1, wrong[i], NULL, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_norms_merge(&sum, parts, 1, NULL, NULL, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_norms_merge(&sum, parts, 0, "a", NULL, &error), PSY_E_ARGUMENT);
    psy_assert_untouched(sum);
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        assert_int_equal(psy_norms_merge(&sum, parts, 1, right[i], NULL, &error), PSY_OK);
        psy_norms_free(sum);
    }
    /* Its file is called after it. */
    static const char *const names[] = {"u.yaml", "tt.yaml", "t.yml", "t"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(psy_norms_write_file(norms, names[i], &error), PSY_E_ARGUMENT);
    psy_norms_free(norms);
}

static void test_persons_out_of_their_lists(void **state)
{
    (void)state;
    psy_norms *const norms = published();
    static const psy_norm_person odd[] = {{.sex = -1},      {.sex = 3},    {.informant = -1},
                                          {.informant = 4}, {.grade = -1}, {.grade = 17}};
    double out = 5;
    psy_error error;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_int_equal(psy_norms_standard(norms, "total", "t", &odd[i], 1, &out, &error),
                         PSY_E_ARGUMENT);
    const psy_norm_person third = {.grade = 3};
    assert_int_equal(psy_norms_standard(norms, "total", "percentile", &third, 1, &out, &error),
                     PSY_E_NOT_FOUND);
    assert_true(out == 5);
    assert_int_equal(psy_norms_standard(norms, "total", "t", &third, INFINITY, &out, &error),
                     PSY_OK);
    assert_true(isnan(out));
    psy_norms_free(norms);
}

/* ---- sums ------------------------------------------------------------------------------- */

static void test_sums_that_do_not_fit(void **state)
{
    (void)state;
    static psyi_group_sums sums; /* large */
    psyi_group_sums *const s = &sums;
    const psyi_ratio one = {1, 1}, none = {0, 0};
    /* No smallest score; a score below it; more people than can be counted. */
    psyi_sums_start(s, none);
    psyi_sums_add(s, one, 5);
    assert_true(s->failed);
    psyi_sums_start(s, one);
    psyi_sums_add(s, (psyi_ratio){0, 1}, 1);
    assert_true(s->failed);
    psyi_sums_start(s, one);
    psyi_sums_add(s, none, 1);
    assert_true(s->failed);
    psyi_sums_start(s, one);
    psyi_sums_add(s, one, 0); /* nobody */
    assert_false(s->failed);
    psyi_sums_add(s, one, UINT64_MAX);
    psyi_sums_add(s, one, 1);
    assert_true(s->failed);
    /* A distance, its square, and the sum of squares. */
    psyi_sums_start(s, (psyi_ratio){INT64_MIN + 1, 1});
    psyi_sums_add(s, (psyi_ratio){INT64_MAX, 1}, 1);
    assert_true(s->failed);
    psyi_sums_start(s, (psyi_ratio){INT64_MAX / 2, 1});
    psyi_sums_add(s, (psyi_ratio){INT64_MAX, 3}, 1);
    assert_true(s->failed);
    psyi_sums_start(s, (psyi_ratio){0, 1});
    psyi_sums_add(s, (psyi_ratio){INT64_MAX, 1}, UINT64_MAX);
    assert_true(s->failed);
    psyi_sums_start(s, (psyi_ratio){0, 1});
    psyi_sums_add(s, (psyi_ratio){INT64_MAX, 1}, 3);
    assert_false(s->failed);
    psyi_sums_add(s, (psyi_ratio){INT64_MAX, 1}, 3);
    assert_true(s->failed);
    /* More denominators than any questionnaire has. */
    psyi_sums_start(s, (psyi_ratio){0, 1});
    for (int64_t den = 1; den <= PSYI_SUMS_DENOMINATORS; den++)
        psyi_sums_add(s, (psyi_ratio){1, den}, 1);
    assert_false(s->failed);
    psyi_sums_add(s, (psyi_ratio){1, PSYI_SUMS_DENOMINATORS + 1}, 1);
    assert_true(s->failed);
    /* Their common multiple: it has no place even in wide integers. */
    psyi_sums_start(s, (psyi_ratio){0, 1});
    for (int64_t i = 0; i < PSYI_SUMS_DENOMINATORS; i++)
        psyi_sums_add(s, (psyi_ratio){1, INT64_C(4611686018427387847) - 2 * i}, 1);
    psyi_sums_finish(s);
    assert_true(s->failed);
    assert_true(isnan(psyi_sums_mean(s)) && isnan(psyi_sums_variance(s)));
    assert_int_equal(psyi_sums_standard(s, one, 50, 10, 1, PSYI_ROUND_HALF_UP).den, 0);
}

static void test_standard_scores_that_do_not_fit(void **state)
{
    (void)state;
    static psyi_group_sums s;
    psyi_sums_start(&s, (psyi_ratio){0, 1});
    for (int64_t i = 0; i < 10; i++)
        psyi_sums_add(&s, (psyi_ratio){i, 1}, 1);
    psyi_sums_finish(&s);
    const psyi_ratio five = {5, 1};
    assert_int_equal(psyi_sums_standard(&s, five, 50, 10, 1, PSYI_ROUND_HALF_UP).num, 517);
    assert_int_equal(psyi_sums_standard(&s, five, 50, 10, 7, PSYI_ROUND_HALF_UP).den, 0);
    assert_int_equal(psyi_sums_standard(&s, PSYI_RATIO_NONE, 50, 10, 1, PSYI_ROUND_HALF_UP).den, 0);
    /* Ten billion deviations away: no test prints that. */
    assert_int_equal(
        psyi_sums_standard(&s, (psyi_ratio){INT64_MAX, 1}, 50, 10, 6, PSYI_ROUND_HALF_UP).den, 0);
    assert_int_equal(
        psyi_sums_standard(&s, (psyi_ratio){INT64_MIN + 1, INT64_MAX}, 50, 10, 6, PSYI_ROUND_UP)
                .den != 0,
        1);
    /* 198173476.2364... deviations away: no room for six places, but for one. */
    const psyi_ratio far = {600000000, 1};
    assert_int_equal(psyi_sums_standard(&s, far, 50, 10, 6, PSYI_ROUND_HALF_UP).den, 0);
    const psyi_ratio t = psyi_sums_standard(&s, far, 50, 10, 1, PSYI_ROUND_HALF_UP);
    assert_int_equal(psyi_ratio_compare(t, psyi_ratio_make(INT64_C(19817348124), 10)), 0);
    /* Up, down and half up of a z of 0.1651: 5 of 0 to 9. */
    assert_int_equal(psyi_sums_standard(&s, five, 0, 1, 2, PSYI_ROUND_UP).num, 17);
    assert_int_equal(psyi_sums_standard(&s, five, 0, 1, 2, PSYI_ROUND_DOWN).num, 4); /* 4/25 */
    /* Scores whose quarters 64 bits do not hold. */
    static psyi_group_sums large;
    const int64_t first = INT64_C(1) << 62;
    psyi_sums_start(&large, (psyi_ratio){first, 1});
    psyi_sums_add(&large, (psyi_ratio){first, 1}, 1);
    psyi_sums_add(&large, (psyi_ratio){first + 2, 1}, 1);
    psyi_sums_finish(&large);
    assert_int_equal(
        psyi_sums_standard(&large, (psyi_ratio){1, 4}, 50, 10, 1, PSYI_ROUND_HALF_UP).den, 0);
    assert_int_equal(
        psyi_sums_standard(&large, (psyi_ratio){first + 1, 1}, 50, 10, 1, PSYI_ROUND_HALF_UP).num,
        50);
    /* Ranks of nobody, and of more people than there are. */
    assert_int_equal(psyi_mid_rank(0, 0, 0, 1, PSYI_ROUND_HALF_UP).den, 0);
    assert_int_equal(psyi_mid_rank(1, 1, UINT64_C(1) << 49, 1, PSYI_ROUND_HALF_UP).den, 0);
    assert_int_equal(psyi_percentile_within(PSYI_RATIO_NONE, 1).den, 0);
    assert_int_equal(psyi_percentile_within((psyi_ratio){100, 1}, 9).num, 100);
    assert_int_equal(psyi_round_ratio(five, 7, PSYI_ROUND_UP).den, 0);
    assert_int_equal(psyi_round_ratio((psyi_ratio){1, 3}, 1, PSYI_ROUND_UP).num, 2);   /* 2/5 */
    assert_int_equal(psyi_round_ratio((psyi_ratio){1, 3}, 1, PSYI_ROUND_DOWN).num, 3); /* 3/10 */
    static const double unfit[] = {1e9, -1e9, INFINITY, NAN};
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++)
        assert_int_equal(psyi_round_double(unfit[i], 1, PSYI_ROUND_HALF_UP).den, 0);
    assert_int_equal(psyi_round_double(1, 7, PSYI_ROUND_HALF_UP).den, 0);
    assert_int_equal(psyi_round_double(0.11, 1, PSYI_ROUND_UP).num, 1); /* 1/5 */
    assert_int_equal(psyi_round_double(0.11, 1, PSYI_ROUND_UP).den, 5);
    assert_int_equal(psyi_round_double(0.19, 1, PSYI_ROUND_DOWN).den, 10);
}

/* ---- groups that cannot be judged ----------------------------------------------------------- */

static void test_groups_that_say_nothing(void **state)
{
    (void)state;
    const psyi_local_rule rule = {
        .by = {PSYI_BY_GRADE}, .n_by = 1, .min_n = 50, .pool_below = 2, .shrink = true};
    psyi_local_set *const set = psyi_local_set_new(&rule, NULL);
    for (unsigned g = 3; g <= 7; g++)
        for (int i = 0; i < 6; i++) /* grade 7: all alike */
            assert_int_equal(psyi_local_set_add(set, (psyi_local_group){.grade = g},
                                                psyi_ratio_make(g == 7 ? 9 : i * (int)g, 1), 1,
                                                NULL),
                             PSY_OK);
    /* Taken out again, put in again, as parts of a wave do. */
    psyi_histogram nobody, three;
    psyi_histogram_init(&nobody, NULL);
    psyi_histogram_init(&three, NULL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(psyi_histogram_add(&three, psyi_ratio_make(i, 1), 1, NULL), PSY_OK);
    const size_t slot = psyi_local_slot((psyi_local_group){.grade = 6});
    assert_int_equal(psyi_local_set_replace(set, slot, &nobody, NULL), PSY_OK);
    assert_null(set->full[slot]);
    assert_int_equal(psyi_local_set_replace(set, slot, &three, NULL), PSY_OK);
    assert_int_equal(set->full[slot]->n, 3);
    assert_int_equal(psyi_local_set_settle(set, NULL), PSY_OK);
    assert_int_equal(set->n_shrunk_from, 4);
    assert_int_equal(set->serving[slot].way, PSYI_LOCAL_SHRUNK);
    const psyi_ratio nine = {9, 1};
    const psyi_local_group alike = {.grade = 7}, small = {.grade = 6};
    /* No spread and too few for a wider group (27): nobody is judged by it. */
    assert_int_equal(psyi_local_set_standard(set, alike, PSYI_METRIC_T, nine).den, 0);
    /* A mean can be shrunk, a rank cannot; and no score is no standard score. */
    assert_true(psyi_local_set_standard(set, small, PSYI_METRIC_T, nine).den > 0);
    assert_int_equal(psyi_local_set_standard(set, small, PSYI_METRIC_PERCENTILE, nine).den, 0);
    assert_int_equal(psyi_local_set_standard(set, small, PSYI_METRIC_STANDARD, nine).den, 0);
    assert_int_equal(psyi_local_set_standard(set, small, PSYI_METRIC_T, PSYI_RATIO_NONE).den, 0);
    psyi_histogram_done(&nobody);
    psyi_histogram_done(&three);
    psyi_local_set_free(set);
    psyi_local_set_free(NULL);
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const psyi_local_rule everybody = {.n_by = 0, .min_n = 1};
    psyi_local_group_words(&everybody, (psyi_local_group){.grade = 0}, &text);
    assert_string_equal(text.data, "everybody");
    psyi_buffer_done(&text);
    psyi_local_group out;
    assert_false(psyi_local_group_of(&rule, 17, PSYI_SEX_MALE, &out));
    assert_false(psyi_local_group_of(&rule, 0, PSYI_SEX_MALE, &out));
    assert_true(psyi_local_group_of(&everybody, 0, PSYI_SEX_UNKNOWN, &out));
}

static void test_nobody_at_all(void **state)
{
    (void)state;
    psyi_local_set *const set = psyi_local_set_new(&by_all, NULL);
    const psyi_counts_head head = {.id = "none",
                                   .instrument = "mht",
                                   .scale = "total",
                                   .source = "here",
                                   .local = {.rule = by_all, .variant = "default"}};
    psyi_norm *none = PSY_UNTOUCHED;
    psy_error error;
    assert_int_equal(psyi_counts_make(&none, &head, set, NULL, &error), PSY_E_DATA);
    assert_non_null(strstr(error.message, "nobody has a score"));
    psy_assert_untouched(none);
    psyi_local_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_that_are_none),
        cmocka_unit_test(test_intervals_without_meaning),
        cmocka_unit_test(test_other_limits_are_not_merged),
        cmocka_unit_test(test_an_edition_or_year_that_is_not_known),
        cmocka_unit_test(test_files_of_every_key),
        cmocka_unit_test(test_writing_without_memory),
        cmocka_unit_test(test_the_table_of_counts),
        cmocka_unit_test(test_published_norms_are_no_counts),
        cmocka_unit_test(test_ids_of_sums),
        cmocka_unit_test(test_persons_out_of_their_lists),
        cmocka_unit_test(test_sums_that_do_not_fit),
        cmocka_unit_test(test_standard_scores_that_do_not_fit),
        cmocka_unit_test(test_groups_that_say_nothing),
        cmocka_unit_test(test_nobody_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
