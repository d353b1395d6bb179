/*
 * test_norm_corners.c -- norms of few keys, groups in no order, groups made by hand, and counts
 * without memory: what is seldom met and still has one right answer.
 */
#include "../malloc_sweep.h"
#include "made_norm.h"
#include "test_support.h"

#include "definition/load.h"
#include "norm/counts.h"
#include "norm/public_norms.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- published norms -------------------------------------------------------------------- */

static void check_t(const psy_norms *norms, const psy_norm_person *person, double raw, double want)
{
    double t = -1;
    assert_int_equal(psy_norms_standard(norms, "total", "t", person, raw, &t, NULL), PSY_OK);
    if (isnan(want) ? !isnan(t) : t != want)
        fail_msg("%g at %g: %g, expected %g", raw, person->age + person->months / 12.0, t, want);
}

/* Only groups that differ by age alone are neighbours, in whatever order they stand: the middles of
 * primary pupils' own answers lie at 7, 9, 11 and 13. */
static void test_age_groups_in_no_order(void **state)
{
    (void)state;
    psy_norms *const norms = made_norm_open(
        "kind: mean_sd\nmetric: t\ngroups: [informant, stage, age]\nbetween_ages: linear\n"
        "completed_years: start\n",
        "scale,informant,stage,age_from,age_to,mean,sd\n"
        "total,parent,primary,8,9,50,5\ntotal,self,primary,10,11,20,5\n"
        "total,self,junior,8,9,60,5\ntotal,self,primary,6,7,10,5\n"
        "total,self,primary,12,13,30,5\ntotal,self,primary,8,9,14,5\n");
    psy_norm_person pupil = {.informant = PSYI_INFORMANT_SELF, .grade = 4, .has_age = 1};
    pupil.age = 12; /* halfway between 50 and 30 */
    pupil.months = 144;
    check_t(norms, &pupil, 20, 40);
    pupil.age = 8; /* 70 and 62 */
    pupil.months = 96;
    check_t(norms, &pupil, 20, 66);
    pupil.age = 6; /* before the first middle: 70 */
    pupil.months = 72;
    check_t(norms, &pupil, 20, 70);
    pupil.age = 8;
    pupil.months = 96;
    pupil.informant = PSYI_INFORMANT_PARENT; /* one group: -10, rounded and not bent */
    check_t(norms, &pupil, 20, -10);
    pupil.informant = PSYI_INFORMANT_SELF;
    pupil.grade = 8;
    check_t(norms, &pupil, 60, 50);
    psy_norms_free(norms);
}

static bool says(const psy_table *table, const char *column, size_t row, const char *want)
{
    const char *text = NULL;
    size_t length = 0;
    assert_true(psy_table_get_text(table, psy_table_find(table, column), row, &text, &length));
    return length == strlen(want) && memcmp(text, want, length) == 0;
}

static void test_groups_of_one_key(void **state)
{
    (void)state;
    psy_norms *const norms =
        made_norm_open("kind: mean_sd\nmetric: t\ngroups: [sex]\n",
                       "scale,sex,mean,sd\ntotal,female,10,2\ntotal,male,12,3\n");
    psy_table *table = NULL;
    double mean = 0;
    assert_int_equal(psy_norms_table(&table, norms, NULL, NULL), PSY_OK);
    assert_int_equal(psy_table_row_count(table), 2);
    assert_true(says(table, "grade", 0, "") && says(table, "stage", 0, ""));
    assert_true(says(table, "sex", 0, "female") && says(table, "sex", 1, "male"));
    assert_true(psy_table_get_double(table, psy_table_find(table, "mean"), 1, &mean));
    assert_true(mean == 12);
    psy_table_free(table);
    const psy_norm_person boy = {.sex = PSYI_SEX_MALE}, nobody = {.sex = PSYI_SEX_UNKNOWN};
    check_t(norms, &boy, 15, 60);
    check_t(norms, &nobody, 15, NAN);
    psy_norms_free(norms);
}

/* A deviation that is none divides nothing. */
static void test_a_group_made_by_hand(void **state)
{
    (void)state;
    psyi_norm norm = {.kind = PSYI_NORM_MEAN_SD, .metrics = 1u << PSYI_METRIC_T};
    psyi_norm_group group = {.mean = {10, 1}, .sd = {2, 1}};
    const psyi_ratio fourteen = {14, 1};
    assert_int_equal(psyi_norm_standard(&norm, &group, PSYI_METRIC_T, fourteen).num, 70);
    static const psyi_ratio none[] = {{0, 0}, {0, 1}, {-2, 1}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        group.sd = none[i];
        assert_int_equal(psyi_norm_standard(&norm, &group, PSYI_METRIC_T, fourteen).den, 0);
    }
}

/* ---- counts ------------------------------------------------------------------------------- */

static const psyi_local_rule by_sex_and_grade = {
    .by = {PSYI_BY_SEX, PSYI_BY_GRADE}, .n_by = 2, .min_n = 5};

static void add(psyi_local_set *set, unsigned sex, unsigned grade, int64_t score, uint64_t count)
{
    assert_int_equal(psyi_local_set_add(set, (psyi_local_group){.sex = sex, .grade = grade},
                                        psyi_ratio_make(score, 1), count, NULL),
                     PSY_OK);
}

static psyi_norm *counted(const char *id)
{
    psyi_local_set *const set = psyi_local_set_new(&by_sex_and_grade, NULL);
    add(set, PSYI_SEX_MALE, 7, 10, 2);
    add(set, PSYI_SEX_MALE, 7, 12, 2);
    add(set, PSYI_SEX_MALE, 7, 14, 2); /* mean 12, variance 16/5 */
    add(set, PSYI_SEX_MALE, 8, 12, 1);
    add(set, PSYI_SEX_FEMALE, 8, 20, 4);
    const char *const part = psyi_counts_part(set, id, "2026", NULL, 0);
    const psyi_counts_head head = {
        .id = id,
        .instrument = "mht",
        .scale = "total",
        .source = "here",
        .metrics = 1u << PSYI_METRIC_T,
        .local = {.rule = by_sex_and_grade, .variant = "default", .parts = &part, .n_parts = 1}};
    psyi_norm *norm = NULL;
    assert_int_equal(psyi_counts_make(&norm, &head, set, NULL, NULL), PSY_OK);
    psyi_local_set_free(set);
    return norm;
}

/* A small group is judged by all of its first key; a first key with too few is not. */
static void test_sex_before_grade(void **state)
{
    (void)state;
    psy_norms *norms = NULL;
    assert_int_equal(psyi_norms_wrap(&norms, counted("here"), NULL, NULL), PSY_OK);
    const psy_norm_person boy7 = {.sex = PSYI_SEX_MALE, .grade = 7};
    const psy_norm_person boy8 = {.sex = PSYI_SEX_MALE, .grade = 8};
    const psy_norm_person girl8 = {.sex = PSYI_SEX_FEMALE, .grade = 8};
    check_t(norms, &boy7, 14, 61.2); /* 50 + 20/sqrt(3.2) = 61.18 */
    check_t(norms, &boy8, 14, 62.2); /* seven boys: 50 + 20/sqrt(16/6) = 62.247 */
    check_t(norms, &girl8, 20, 62);  /* four girls, so all eleven: mean 14.909, sd 4.2298 */
    double unnamed = 0;
    assert_int_equal(psy_norms_standard(norms, "total", NULL, &boy7, 14, &unnamed, NULL), PSY_OK);
    assert_true(unnamed == 61.2); /* the metric they were counted for */
    psy_norms_free(norms);
}

static psy_status merge_once(const psy_allocator *allocator, void *context)
{
    psy_norms *sum = PSY_UNTOUCHED;
    const psy_status status =
        psy_norms_merge(&sum, (const psy_norms *const *)context, 2, "sum", allocator, NULL);
    if (status == PSY_OK)
        psy_norms_free(sum);
    else
        psy_assert_untouched(sum);
    return status;
}

static psy_status replace_once(const psy_allocator *allocator, void *context)
{
    psyi_local_set *const set = psyi_local_set_new(&by_sex_and_grade, allocator);
    if (set == NULL)
        return PSY_E_NOMEM;
    const psy_status status = psyi_local_set_replace(set, 5, context, NULL);
    psyi_local_set_free(set);
    return status;
}

static void test_counts_without_memory(void **state)
{
    (void)state;
    psy_norms *a = NULL, *b = NULL;
    assert_int_equal(psyi_norms_wrap(&a, counted("a"), NULL, NULL), PSY_OK);
    assert_int_equal(psyi_norms_wrap(&b, counted("b"), NULL, NULL), PSY_OK);
    const psy_norms *both[] = {a, b};
    assert_true(psy_sweep(merge_once, both) > 10);
    psy_norms_free(b);
    psy_norms_free(a);
    psyi_histogram three;
    psyi_histogram_init(&three, NULL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(psyi_histogram_add(&three, psyi_ratio_make(i, 1), 1, NULL), PSY_OK);
    assert_int_equal(psy_sweep(replace_once, &three), 3); /* the set, the group, its bins */
    psyi_histogram_done(&three);
}

enum { SCHOOLS = 200 };

/* The name of a part needs libcrypto's memory, too: there is a whole name or none. */
static psy_status name_once(const psy_allocator *allocator, void *context)
{
    psyi_local_set *const set = psyi_local_set_new(&by_sex_and_grade, allocator);
    if (set == NULL)
        return PSY_E_NOMEM;
    psy_status status = psyi_local_set_add(set, (psyi_local_group){.sex = 1, .grade = 7},
                                           psyi_ratio_make(3, 1), 1, NULL);
    if (status == PSY_OK) {
        const char *const part = psyi_counts_part(set, "p", "w", context, SCHOOLS);
        if (part == NULL)
            status = PSY_E_NOMEM;
        else /* "p w 1 ", 16 signs, and 8 a school with a sign between */
            assert_int_equal(strlen(part), 6 + 16 + 9 * SCHOOLS);
    }
    psyi_local_set_free(set);
    return status;
}

static psy_status name_with_malloc(void *context)
{
    return name_once(NULL, context);
}

static void test_names_of_parts_without_memory(void **state)
{
    (void)state;
    char codes[SCHOOLS][8];
    const char *schools[SCHOOLS];
    for (int i = 0; i < SCHOOLS; i++) {
        snprintf(codes[i], sizeof codes[i], "%d", i);
        schools[i] = codes[i];
    }
    assert_true(psy_sweep(name_once, (void *)schools) > 3);
    psy_malloc_sweep(name_with_malloc, (void *)schools, 0); /* libcrypto keeps what it loads */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_age_groups_in_no_order),
        cmocka_unit_test(test_groups_of_one_key),
        cmocka_unit_test(test_a_group_made_by_hand),
        cmocka_unit_test(test_sex_before_grade),
        cmocka_unit_test(test_counts_without_memory),
        cmocka_unit_test(test_names_of_parts_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
