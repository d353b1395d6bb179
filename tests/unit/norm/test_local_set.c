/*
 * test_local_set.c -- groups of a local norm: own, shrunk, pooled; counts merged and written.
 */
#include "test_support.h"

#include "definition/load.h"
#include "norm/counts.h"
#include "norm/public_norms.h"

#include <psyscreen/shrinkage.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const psyi_local_rule by_grade = {
    .by = {PSYI_BY_GRADE}, .n_by = 1, .min_n = 40, .pool_below = 10, .shrink = true};

static psyi_local_group grade(unsigned g)
{
    return (psyi_local_group){.grade = g};
}

/* n scores of 0 .. 2 * middle around `middle`, by a small generator. */
static void add_people(psyi_local_set *set, psyi_local_group group, unsigned n, unsigned middle,
                       unsigned seed)
{
    for (unsigned i = 0; i < n; i++) {
        seed = seed * 1103515245 + 12345;
        const unsigned a = seed >> 16 & 15;
        seed = seed * 1103515245 + 12345;
        const unsigned b = seed >> 16 & 15;
        assert_int_equal(
            psyi_local_set_add(set, group, psyi_ratio_make(middle + a - b + 20, 1), 1, NULL),
            PSY_OK);
    }
}

static psyi_local_set *five_grades(const psyi_local_rule *rule)
{
    psyi_local_set *const set = psyi_local_set_new(rule, NULL);
    assert_non_null(set);
    add_people(set, grade(3), 80, 20, 1);
    add_people(set, grade(4), 60, 26, 2);
    add_people(set, grade(5), 25, 32, 3);
    add_people(set, grade(6), 12, 18, 4);
    add_people(set, grade(7), 5, 40, 5);
    return set;
}

static void test_each_group_by_its_size(void **state)
{
    (void)state;
    psyi_local_set *const set = five_grades(&by_grade);
    assert_int_equal(psyi_local_set_settle(set, NULL), PSY_OK);
    assert_int_equal(set->serving[psyi_local_slot(grade(3))].way, PSYI_LOCAL_OWN);
    assert_int_equal(set->serving[psyi_local_slot(grade(4))].way, PSYI_LOCAL_OWN);
    assert_int_equal(set->serving[psyi_local_slot(grade(5))].way, PSYI_LOCAL_SHRUNK);
    assert_int_equal(set->serving[psyi_local_slot(grade(6))].way, PSYI_LOCAL_SHRUNK);
    assert_int_equal(set->serving[psyi_local_slot(grade(7))].way, PSYI_LOCAL_POOLED);
    /* A grade that nobody is in is judged by everybody. */
    assert_int_equal(set->serving[psyi_local_slot(grade(9))].way, PSYI_LOCAL_POOLED);
    assert_int_equal(set->n_shrunk_from, 4); /* not the five of grade 7 */
    psyi_local_set_free(set);
}

/* The shrunk mean is that of psy_shrink(), which R's metafor confirms. */
static void test_shrunk_moments(void **state)
{
    (void)state;
    for (int moments = 0; moments < 2; moments++) {
        psyi_local_rule rule = by_grade;
        rule.moments = moments != 0;
        psyi_local_set *const set = five_grades(&rule);
        assert_int_equal(psyi_local_set_settle(set, NULL), PSY_OK);
        double means[4], v[4], logs[4], of_log[4], lambda[4], shrunk[4], shrunk_logs[4];
        for (unsigned g = 0; g < 4; g++) {
            double variance;
            const psyi_histogram *const h = set->full[psyi_local_slot(grade(3 + g))];
            psyi_histogram_moments(h, &means[g], &variance);
            v[g] = variance / (double)h->n;
            logs[g] = log(sqrt(variance));
            of_log[g] = 1 / (2.0 * ((double)h->n - 1));
        }
        psy_shrinkage out;
        const psy_shrinkage_method method = moments ? PSY_SHRINKAGE_DL : PSY_SHRINKAGE_REML;
        assert_int_equal(psy_shrink(method, means, v, 4, &out, lambda, shrunk, NULL, NULL), PSY_OK);
        assert_int_equal(psy_shrink(method, logs, of_log, 4, &out, NULL, shrunk_logs, NULL, NULL),
                         PSY_OK);
        for (unsigned g = 2; g < 4; g++) {
            const psyi_local_serving *const s = &set->serving[psyi_local_slot(grade(3 + g))];
            assert_true(fabs(s->mean - shrunk[g]) < 1e-9);
            assert_true(fabs(s->sd - exp(shrunk_logs[g])) < 1e-9);
            assert_true(fabs(s->lambda - lambda[g]) < 1e-9);
            assert_true(s->lambda > 0 && s->lambda < 1);
            const psyi_ratio t =
                psyi_local_set_standard(set, grade(3 + g), PSYI_METRIC_T, psyi_ratio_make(45, 1));
            const double want = 50 + 10 * (45 - shrunk[g]) / exp(shrunk_logs[g]);
            assert_true(fabs(psyi_ratio_double(t) - want) <= 0.05 + 1e-9);
        }
        psyi_local_set_free(set);
    }
}

static void test_two_groups_are_not_shrunk(void **state)
{
    (void)state;
    psyi_local_set *const set = psyi_local_set_new(&by_grade, NULL);
    add_people(set, grade(3), 80, 20, 1);
    add_people(set, grade(4), 20, 26, 2);
    assert_int_equal(psyi_local_set_settle(set, NULL), PSY_OK);
    assert_int_equal(set->serving[psyi_local_slot(grade(4))].way, PSYI_LOCAL_POOLED);
    assert_int_equal(set->n_shrunk_from, 0);
    psyi_local_set_free(set);
}

/* All metrics rise with the raw score, in own, shrunk and pooled groups. */
static void test_standard_scores_rise(void **state)
{
    (void)state;
    psyi_local_set *const set = five_grades(&by_grade);
    assert_int_equal(psyi_local_set_settle(set, NULL), PSY_OK);
    for (unsigned g = 3; g <= 8; g++)
        for (unsigned m = 0; m < PSYI_METRICS; m++) {
            if (m == PSYI_METRIC_STANDARD)
                continue;
            double before = -INFINITY;
            for (int x = -20; x <= 160; x++) { /* halves: gaps between counted scores */
                const psyi_ratio t =
                    psyi_local_set_standard(set, grade(g), (psyi_metric)m, psyi_ratio_make(x, 2));
                assert_true(t.den > 0);
                const double value = psyi_ratio_double(t);
                if (value < before)
                    fail_msg("grade %u, %s falls to %g at %g", g, psyi_metric_name((psyi_metric)m),
                             value, x / 2.0);
                before = value;
            }
        }
    psyi_local_set_free(set);
}

/* ---- counts as files --------------------------------------------------------------------- */

static psyi_norm *counted(unsigned district)
{
    char plan[16];
    snprintf(plan, sizeof plan, "d%u", district);
    psyi_local_set *const set = psyi_local_set_new(&by_grade, NULL);
    for (unsigned g = 3; g < 6; g++)
        add_people(set, grade(g + district % 2), 10 + 7 * district, 10 + g, 31 * district + g);
    /* a prorated score: a third */
    assert_int_equal(psyi_local_set_add(set, grade(3), psyi_ratio_make(61, 3), district, NULL),
                     PSY_OK);
    const char *const part = psyi_counts_part(set, plan, "2026", NULL, 0);
    const psyi_counts_head head = {
        .id = plan,
        .instrument = "mht",
        .edition = "1991",
        .scale = "total",
        .source = "counted \"here\"",
        .population = {"District \\ one", "甲区"},
        .year = (int)(2020 + district),
        .metrics = 1u << PSYI_METRIC_T | 1u << PSYI_METRIC_T_BLOM,
        .local = {
            .rule = by_grade, .variant = "default", .informant = 1, .parts = &part, .n_parts = 1}};
    psyi_norm *norm = NULL;
    assert_int_equal(psyi_counts_make(&norm, &head, set, NULL, NULL), PSY_OK);
    psyi_local_set_free(set);
    return norm;
}

static char *text_of(const psyi_norm *norm)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_counts_yaml(norm, &text);
    psyi_counts_csv(norm, &text);
    assert_false(text.failed);
    char *const out = strdup(text.data);
    psyi_buffer_done(&text);
    return out;
}

static void test_merging_is_adding(void **state)
{
    (void)state;
    psyi_norm *const a = counted(1), *const b = counted(2), *const c = counted(3);
    const psyi_norm *const orders[][3] = {{a, b, c}, {c, a, b}, {b, c, a}, {c, b, a}};
    char *first = NULL;
    for (size_t i = 0; i < 4; i++) {
        psyi_norm *sum = NULL;
        assert_int_equal(psyi_counts_merge(&sum, orders[i], 3, "all", NULL, NULL), PSY_OK);
        assert_int_equal(sum->n, a->n + b->n + c->n);
        assert_int_equal(sum->year, 2021);
        char *const text = text_of(sum);
        if (first != NULL)
            assert_string_equal(text, first);
        free(first);
        first = text;
        psyi_norm_free(sum);
    }
    /* ... and grouping: (a + b) + c. */
    psyi_norm *two = NULL, *three = NULL;
    assert_int_equal(psyi_counts_merge(&two, (const psyi_norm *[]){b, a}, 2, "two", NULL, NULL),
                     PSY_OK);
    assert_int_equal(psyi_counts_merge(&three, (const psyi_norm *[]){c, two}, 2, "all", NULL, NULL),
                     PSY_OK);
    char *const text = text_of(three);
    assert_string_equal(text, first);
    free(text);
    free(first);
    /* Nobody is counted twice. */
    psy_error error;
    psyi_norm *none = PSY_UNTOUCHED;
    assert_int_equal(psyi_counts_merge(&none, (const psyi_norm *[]){two, b}, 2, "x", NULL, &error),
                     PSY_E_DATA);
    assert_non_null(strstr(error.message, "count twice"));
    psy_assert_untouched(none);
    psyi_norm_free(three);
    psyi_norm_free(two);
    psyi_norm_free(c);
    psyi_norm_free(b);
    psyi_norm_free(a);
}

static void refuse(const psyi_norm *a, const psyi_norm *b, const char *why)
{
    psy_error error;
    psyi_norm *none = PSY_UNTOUCHED;
    assert_int_equal(psyi_counts_merge(&none, (const psyi_norm *[]){a, b}, 2, "x", NULL, &error),
                     PSY_E_DATA);
    if (strstr(error.message, why) == NULL)
        fail_msg("%s: %s", why, error.message);
    psy_assert_untouched(none);
}

static void test_merging_refuses_what_does_not_belong_together(void **state)
{
    (void)state;
    psyi_norm *const a = counted(1), *const b = counted(2);
    const psyi_norm sound = *b;
    b->instrument = "scl90";
    refuse(a, b, "another instrument");
    *b = sound;
    b->edition = "2000";
    refuse(a, b, "another edition");
    *b = sound;
    b->local.informant = 2;
    refuse(a, b, "another informant");
    *b = sound;
    b->local.variant = "one_two";
    refuse(a, b, "another coding variant");
    *b = sound;
    b->local.rule.min_n = 41;
    refuse(a, b, "other limits");
    *b = sound;
    b->metrics = 1;
    refuse(a, b, "other metrics");
    *b = sound;
    b->local.present = false;
    refuse(a, b, "no counts");
    *b = sound;
    psyi_norm_free(b);
    psyi_norm_free(a);
}

static void test_written_counts_load_again(void **state)
{
    (void)state;
    psyi_norm *const made = counted(4);
    const char *const directory = psy_test_directory();
    const char *const path = psy_test_path(directory, "d4.yaml");
    psy_error error = {.status = PSY_OK};
    assert_int_equal(psyi_counts_write(made, path, NULL, &error), PSY_OK);
    psyi_norm *loaded = NULL;
    if (psyi_norm_load_file(&loaded, path, NULL, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    assert_string_equal(loaded->fingerprint, made->fingerprint);
    char *const a = text_of(made), *const b = text_of(loaded);
    assert_string_equal(a, b);
    free(a);
    free(b);
    assert_false(loaded->local.frozen);
    psyi_norm *frozen = NULL;
    assert_int_equal(psyi_counts_freeze(&frozen, loaded, NULL, NULL), PSY_OK);
    assert_true(frozen->local.frozen);
    assert_string_equal(frozen->fingerprint, made->fingerprint);
    assert_int_equal(psyi_counts_write(frozen, "nowhere.txt", NULL, &error), PSY_E_ARGUMENT);
    psyi_norm_free(frozen);
    psyi_norm_free(loaded);
    psyi_norm_free(made);
    psy_test_directory_remove();
}

/* A count that was changed by hand is seen. */
static void test_a_changed_count_is_refused(void **state)
{
    (void)state;
    psyi_norm *const made = counted(5);
    const char *const directory = psy_test_directory();
    assert_int_equal(psyi_counts_write(made, psy_test_path(directory, "d5.yaml"), NULL, NULL),
                     PSY_OK);
    psyi_norm_free(made);
    char *const csv = psy_test_read_file(psy_test_path(directory, "d5.csv"), NULL);
    char *const last = strrchr(csv, ',');
    last[1] = last[1] == '9' ? '8' : (char)(last[1] + 1);
    psy_test_write_file(psy_test_path(directory, "d5.csv"), csv, strlen(csv));
    free(csv);
    psyi_norm *none = PSY_UNTOUCHED;
    psy_error error;
    assert_int_equal(
        psyi_norm_load_file(&none, psy_test_path(directory, "d5.yaml"), NULL, NULL, &error),
        PSY_E_SCHEMA);
    assert_non_null(strstr(error.message, "control"));
    psy_assert_untouched(none);
    psy_test_directory_remove();
}

static void test_public_counts(void **state)
{
    (void)state;
    psy_norms *norms = NULL, *sum = NULL, *frozen = NULL;
    psy_error error;
    assert_int_equal(psyi_norms_wrap(&norms, counted(6), NULL, NULL), PSY_OK);
    assert_true(psy_norms_are_counts(norms));
    assert_false(psy_norms_are_frozen(norms));
    assert_int_equal(psy_norms_freeze(&frozen, norms, NULL, NULL), PSY_OK);
    assert_true(psy_norms_are_frozen(frozen));
    assert_int_equal(psy_norms_merge(&sum, (const psy_norms *[]){norms}, 1, "One", NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_norms_merge(&sum, NULL, 0, "one", NULL, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_norms_merge(&sum, (const psy_norms *[]){norms}, 1, "one", NULL, &error),
                     PSY_OK);
    assert_string_equal(psy_norms_id(sum), "one");
    const psy_norm_person third = {.grade = 4}, nobody = {.sex = 1};
    double t = 0, again = 0;
    assert_int_equal(psy_norms_standard(norms, "total", "t", &third, 35, &t, NULL), PSY_OK);
    assert_int_equal(psy_norms_standard(sum, "total", "t", &third, 35, &again, NULL), PSY_OK);
    assert_true(isfinite(t) && t == again);
    assert_int_equal(psy_norms_standard(norms, "total", "stanine_percent", &third, 35, &t, NULL),
                     PSY_OK);
    assert_true(t >= 1 && t <= 9);
    assert_int_equal(psy_norms_standard(norms, "total", "t", &nobody, 35, &t, NULL), PSY_OK);
    assert_true(isnan(t));
    psy_table *table = NULL;
    assert_int_equal(psy_norms_table(&table, norms, NULL, NULL), PSY_OK);
    assert_true(psy_table_row_count(table) >= 3);
    assert_true(psy_table_find(table, "judged_by") != SIZE_MAX);
    psy_table_free(table);
    assert_int_equal(psy_norms_write_file(norms, "elsewhere.yaml", &error), PSY_E_ARGUMENT);
    psy_norms_free(frozen);
    psy_norms_free(sum);
    psy_norms_free(norms);
}

/* ---- memory ------------------------------------------------------------------------------- */

static psy_status counts_once(const psy_allocator *allocator, void *context)
{
    const psyi_norm *const *const norms = context;
    psyi_norm *sum = NULL;
    psy_norms *wrapped = NULL, *frozen = NULL;
    psy_table *table = NULL;
    psy_status status = psyi_counts_merge(&sum, norms, 2, "sum", allocator, NULL);
    if (status == PSY_OK)
        status = psyi_norms_wrap(&wrapped, sum, allocator, NULL);
    if (status == PSY_OK)
        status = psy_norms_freeze(&frozen, wrapped, allocator, NULL);
    if (status == PSY_OK)
        status = psy_norms_table(&table, frozen, allocator, NULL);
    psy_table_free(table);
    psy_norms_free(frozen);
    psy_norms_free(wrapped);
    return status;
}

static void test_without_memory(void **state)
{
    (void)state;
    psyi_norm *const a = counted(1), *const b = counted(2);
    const psyi_norm *norms[] = {a, b};
    assert_true(psy_sweep(counts_once, norms) > 20);
    psyi_norm_free(b);
    psyi_norm_free(a);
}

/* ---- what is counted twice ---------------------------------------------------------------- */

static void check_parts(const char *a, const char *b, const char *why)
{
    const char *const parts[] = {a, b}, *const turned[] = {b, a};
    psy_error error = {.status = PSY_OK};
    const psy_status status = psyi_parts_apart(parts, 2, NULL, &error);
    assert_int_equal(status, why != NULL ? PSY_E_DATA : PSY_OK);
    if (why != NULL && strstr(error.message, why) == NULL)
        fail_msg("%s", error.message);
    assert_int_equal(psyi_parts_apart(turned, 2, NULL, NULL), status);
}

static void test_a_wave_counted_again_is_refused(void **state)
{
    (void)state;
#define D16 "0123456789abcdef"
#define E16 "fedcba9876543210"
    /* Two builds of one wave, the second with more sheets. */
    check_parts("d 2026 10 " D16 " aaaaaaaa,bbbbbbbb", "d 2026 12 " E16 " aaaaaaaa,bbbbbbbb",
                "a school in common");
    check_parts("d 2026 10 " D16 " aaaaaaaa,bbbbbbbb", "d 2026 12 " E16 " bbbbbbbb",
                "a school in common");
    /* Two districts that were given one plan. */
    check_parts("d 2026 10 " D16 " aaaaaaaa", "d 2026 12 " E16 " bbbbbbbb", NULL);
    /* The same schools in another wave, or by another plan (other children, or other scores). */
    check_parts("d 2026 10 " D16 " aaaaaaaa", "d 2027 12 " E16 " aaaaaaaa", NULL);
    check_parts("d 2026 10 " D16 " aaaaaaaa", "e 2026 12 " E16 " aaaaaaaa", NULL);
    check_parts("d 2026 autumn 10 " D16 " aaaaaaaa", "d 2026 12 " E16 " aaaaaaaa", NULL);
    check_parts("d 2026 autumn 10 " D16 " aaaaaaaa", "d 2026 autumn 9 " E16 " aaaaaaaa",
                "'d 2026 autumn'");
    /* Files that do not say which schools. */
    check_parts("d 2026 10 " D16, "d 2026 12 " E16 " aaaaaaaa", "which schools");
    check_parts("d 2026 10 " D16, "d 2026 12 " E16, "which schools");
    check_parts("d 2026 10 " D16, "d 2027 12 " E16, NULL);
    /* Names of somebody's own. */
    check_parts("what I counted", "what you counted", NULL);
    check_parts("10 " D16, " " D16, NULL);
}

static void test_a_part_says_its_schools(void **state)
{
    (void)state;
    static const char *const schools[] = {"3401", "3402"};
    psyi_local_set *const set = psyi_local_set_new(&by_grade, NULL);
    add_people(set, grade(7), 3, 10, 1);
    const char *const one = psyi_counts_part(set, "d", "2026", schools, 1);
    const char *const two = psyi_counts_part(set, "d", "2026", schools, 2);
    const char *const last = psyi_counts_part(set, "d", "2026", schools + 1, 1);
    check_parts(one, two, "a school in common");
    check_parts(one, last, NULL);
    check_parts(last, two, "a school in common");
    psyi_local_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_group_by_its_size),
        cmocka_unit_test(test_shrunk_moments),
        cmocka_unit_test(test_two_groups_are_not_shrunk),
        cmocka_unit_test(test_standard_scores_rise),
        cmocka_unit_test(test_merging_is_adding),
        cmocka_unit_test(test_merging_refuses_what_does_not_belong_together),
        cmocka_unit_test(test_written_counts_load_again),
        cmocka_unit_test(test_a_changed_count_is_refused),
        cmocka_unit_test(test_public_counts),
        cmocka_unit_test(test_without_memory),
        cmocka_unit_test(test_a_wave_counted_again_is_refused),
        cmocka_unit_test(test_a_part_says_its_schools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
