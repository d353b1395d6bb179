/*
 * test_norm_apply.c -- whose norm it is, and exact standard scores from means and tables.
 */
#include "norm/apply.h"
#include "test_support.h"

#include <string.h>

#define ANYBODY                                                                                    \
    {                                                                                              \
        .age_low = -1, .age_high = -1                                                              \
    }

static psyi_ratio decimal(const char *text)
{
    psyi_ratio value = PSYI_RATIO_NONE;
    assert_true(psyi_ratio_parse(text, strlen(text), &value));
    return value;
}

static void expect_ratio(const char *name, psyi_ratio value, const char *expected)
{
    char text[40] = "none";
    if (value.den != 0)
        psyi_ratio_print(value, text);
    if (strcmp(text, expected) != 0)
        fail_msg("%s: %s, expected %s", name, text, expected);
}

static const struct {
    const char *name;
    psyi_who who;
    int informant, sex, grade, age;
    psyi_fit fit;
} persons[] = {
    {"anybody", ANYBODY, 0, 0, 0, -1, PSYI_FIT_YES},
    {"her", {.sexes = 1 << 2, .age_low = -1, .age_high = -1}, 0, 2, 0, -1, PSYI_FIT_YES},
    {"him", {.sexes = 1 << 2, .age_low = -1, .age_high = -1}, 0, 1, 0, -1, PSYI_FIT_NO},
    {"sex unknown",
     {.sexes = 1 << 2, .age_low = -1, .age_high = -1},
     0,
     0,
     0,
     -1,
     PSYI_FIT_UNKNOWN},
    {"both sexes, unknown",
     {.sexes = 6, .age_low = -1, .age_high = -1},
     0,
     0,
     0,
     -1,
     PSYI_FIT_UNKNOWN},
    {"lowest grade",
     {.grade_low = 3, .grade_high = 4, .age_low = -1, .age_high = -1},
     0,
     0,
     3,
     -1,
     PSYI_FIT_YES},
    {"highest grade",
     {.grade_low = 3, .grade_high = 4, .age_low = -1, .age_high = -1},
     0,
     0,
     4,
     -1,
     PSYI_FIT_YES},
    {"grade above",
     {.grade_low = 3, .grade_high = 4, .age_low = -1, .age_high = -1},
     0,
     0,
     5,
     -1,
     PSYI_FIT_NO},
    {"grade unknown",
     {.grade_low = 3, .grade_high = 4, .age_low = -1, .age_high = -1},
     0,
     0,
     0,
     -1,
     PSYI_FIT_UNKNOWN},
    {"no such grade",
     {.grade_low = 3, .grade_high = 4, .age_low = -1, .age_high = -1},
     0,
     0,
     99,
     -1,
     PSYI_FIT_UNKNOWN},
    {"age 4", {.age_low = 4, .age_high = 10}, 0, 0, 0, 4, PSYI_FIT_YES},
    {"age 11", {.age_low = 4, .age_high = 10}, 0, 0, 0, 11, PSYI_FIT_NO},
    {"age 0", {.age_low = 0, .age_high = 10}, 0, 0, 0, 0, PSYI_FIT_YES},
    {"age unknown", {.age_low = 4, .age_high = 10}, 0, 0, 0, -1, PSYI_FIT_UNKNOWN},
    {"stage",
     {.stages = 1 << PSYI_STAGE_JUNIOR, .age_low = -1, .age_high = -1},
     0,
     0,
     7,
     -1,
     PSYI_FIT_YES},
    {"other stage",
     {.stages = 1 << PSYI_STAGE_JUNIOR, .age_low = -1, .age_high = -1},
     0,
     0,
     10,
     -1,
     PSYI_FIT_NO},
    {"parent",
     {.informants = 1 << PSYI_INFORMANT_PARENT, .age_low = -1, .age_high = -1},
     2,
     0,
     0,
     -1,
     PSYI_FIT_YES},
    {"teacher",
     {.informants = 1 << PSYI_INFORMANT_PARENT, .age_low = -1, .age_high = -1},
     3,
     0,
     0,
     -1,
     PSYI_FIT_NO},
    {"informant unknown",
     {.informants = 1 << PSYI_INFORMANT_PARENT, .age_low = -1, .age_high = -1},
     0,
     0,
     0,
     -1,
     PSYI_FIT_UNKNOWN},
    {"stage unknown",
     {.stages = 1 << PSYI_STAGE_JUNIOR, .age_low = -1, .age_high = -1},
     0,
     0,
     0,
     -1,
     PSYI_FIT_UNKNOWN},
    {"no beats unknown",
     {.informants = 4, .sexes = 2, .age_low = -1, .age_high = -1},
     3,
     0,
     0,
     -1,
     PSYI_FIT_NO},
};

static void test_who_fits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof persons / sizeof *persons; i++) {
        const psyi_fit fit =
            psyi_who_fit(&persons[i].who, (psyi_informant)persons[i].informant,
                         (psyi_sex)persons[i].sex, persons[i].grade, persons[i].age);
        if (fit != persons[i].fit)
            fail_msg("%s: %d", persons[i].name, (int)fit);
        assert_int_equal(psyi_norm_fit(&persons[i].who, (psyi_informant)persons[i].informant,
                                       (psyi_sex)persons[i].sex, persons[i].grade, persons[i].age,
                                       0),
                         fit);
    }
}

/* Eight to eight and a half: completed months 96 to 101, half-open at the next month. */
static void test_who_fits_by_months(void **state)
{
    static const struct {
        int low, high, age, months;
        psyi_fit fit;
    } cases[] = {
        {96, 101, 8, 96, PSYI_FIT_YES},     {96, 101, 8, 101, PSYI_FIT_YES},
        {96, 101, 8, 102, PSYI_FIT_NO},     {96, 101, 7, 95, PSYI_FIT_NO},
        {96, 101, 8, 0, PSYI_FIT_UNKNOWN}, /* of eight years, the month is not known */
        {96, 107, 8, 0, PSYI_FIT_YES},     /* the whole of that year */
        {96, 101, 7, 0, PSYI_FIT_NO},       {96, 101, 9, -1, PSYI_FIT_NO},
        {96, 101, -1, 0, PSYI_FIT_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const psyi_who who = {.age_low = -1,
                              .age_high = -1,
                              .months_low = (int16_t)cases[i].low,
                              .months_high = (int16_t)cases[i].high};
        const psyi_fit fit = psyi_norm_fit(&who, PSYI_INFORMANT_UNKNOWN, PSYI_SEX_UNKNOWN, 0,
                                           cases[i].age, cases[i].months);
        if (fit != cases[i].fit)
            fail_msg("case %zu: %d", i, (int)fit);
    }
    /* Another thing that does not fit, or is not known, stays so. */
    const psyi_who boys = {.sexes = 1u << PSYI_SEX_MALE,
                           .age_low = -1,
                           .age_high = -1,
                           .months_low = 96,
                           .months_high = 101};
    assert_int_equal(psyi_norm_fit(&boys, 0, PSYI_SEX_FEMALE, 0, 8, 97), PSYI_FIT_NO);
    assert_int_equal(psyi_norm_fit(&boys, 0, PSYI_SEX_UNKNOWN, 0, 8, 97), PSYI_FIT_UNKNOWN);
    assert_int_equal(psyi_norm_fit(&boys, 0, PSYI_SEX_UNKNOWN, 0, 8, 110), PSYI_FIT_NO);
    assert_int_equal(psyi_norm_fit(&boys, 0, PSYI_SEX_MALE, 0, 8, 97), PSYI_FIT_YES);
}

static psyi_norm_group groups[] = {
    {.scale = "total",
     .who = {.sexes = 2, .grade_low = 3, .grade_high = 4, .age_low = -1, .age_high = -1}},
    {.scale = "other", .who = ANYBODY},
    {.scale = "total",
     .who = {.sexes = 4, .grade_low = 3, .grade_high = 4, .age_low = -1, .age_high = -1}},
};

static void test_group_is_that_of_scale_and_person_or_none(void **state)
{
    (void)state;
    const psyi_norm norm = {.groups = groups, .n_groups = 3};
    assert_ptr_equal(psyi_norm_group_for(&norm, "total", 0, PSYI_SEX_FEMALE, 3, -1, 0), &groups[2]);
    assert_ptr_equal(psyi_norm_group_for(&norm, "total", 0, PSYI_SEX_MALE, 4, -1, 0), &groups[0]);
    assert_null(psyi_norm_group_for(&norm, "total", 0, PSYI_SEX_MALE, 5, -1, 0));
    assert_null(psyi_norm_group_for(&norm, "total", 0, PSYI_SEX_UNKNOWN, 3, -1, 0));
    assert_null(psyi_norm_group_for(&norm, "none", 0, PSYI_SEX_MALE, 3, -1, 0));
    assert_ptr_equal(psyi_norm_group_for(&norm, "other", 0, 0, 0, -1, 0), &groups[1]);
}

static const struct {
    const char *name, *mean, *sd, *raw;
    psyi_metric metric;
    psyi_rounding rounding;
    const char *standard;
} from_mean[] = {
    {"plain T", "12.5", "5", "20", PSYI_METRIC_T, PSYI_ROUND_HALF_UP, "65"},
    {"z", "12.5", "5", "20", PSYI_METRIC_Z, PSYI_ROUND_HALF_UP, "1.5"},
    {"IQ", "12.5", "5", "20", PSYI_METRIC_IQ, PSYI_ROUND_HALF_UP, "123"},
    /* (x - m)/s = 0.005: T 50.05, a tie that doubles put below */
    {"tie goes up", "10", "200", "11", PSYI_METRIC_T, PSYI_ROUND_HALF_UP, "50.1"},
    {"tie below the mean", "10", "200", "9", PSYI_METRIC_T, PSYI_ROUND_HALF_UP, "50"},
    {"z tie", "10", "200", "11", PSYI_METRIC_Z, PSYI_ROUND_HALF_UP, "0.01"},
    {"z tie below", "10", "200", "9", PSYI_METRIC_Z, PSYI_ROUND_HALF_UP, "0"},
    {"up", "10", "3", "11", PSYI_METRIC_T, PSYI_ROUND_UP, "53.4"},
    {"down", "10", "3", "11", PSYI_METRIC_T, PSYI_ROUND_DOWN, "53.3"},
    {"up of a negative", "10", "3", "9", PSYI_METRIC_Z, PSYI_ROUND_UP, "-0.33"},
    {"down of a negative", "10", "3", "9", PSYI_METRIC_Z, PSYI_ROUND_DOWN, "-0.34"},
    {"exact is not rounded up", "10", "4", "12", PSYI_METRIC_T, PSYI_ROUND_UP, "55"},
    {"decimals of a published sd", "9.13", "4.93", "16.5", PSYI_METRIC_T, PSYI_ROUND_HALF_UP,
     "64.9"},
    {"no spread", "10", "0", "12", PSYI_METRIC_T, PSYI_ROUND_HALF_UP, "none"},
    {"no percentile without counts", "10", "4", "12", PSYI_METRIC_PERCENTILE, PSYI_ROUND_HALF_UP,
     "none"},
};

static void set_decimals(psyi_norm *norm)
{
    norm->decimals[PSYI_METRIC_T] = 1;
    norm->decimals[PSYI_METRIC_Z] = 2;
    norm->decimals[PSYI_METRIC_PERCENTILE] = 1;
}

static void test_standard_scores_from_mean_and_sd_are_rounded_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof from_mean / sizeof *from_mean; i++) {
        psyi_norm norm = {
            .kind = PSYI_NORM_MEAN_SD, .metrics = 0xFF, .rounding = from_mean[i].rounding};
        const psyi_norm_group group = {.mean = decimal(from_mean[i].mean),
                                       .sd = decimal(from_mean[i].sd)};
        set_decimals(&norm);
        expect_ratio(
            from_mean[i].name,
            psyi_norm_standard(&norm, &group, from_mean[i].metric, decimal(from_mean[i].raw)),
            from_mean[i].standard);
    }
}

static void test_prorated_raw_scores_stay_exact(void **state)
{
    (void)state;
    psyi_norm norm = {.kind = PSYI_NORM_MEAN_SD, .metrics = 1 << PSYI_METRIC_T};
    const psyi_norm_group group = {.mean = {10, 1}, .sd = {20, 3}};
    set_decimals(&norm);
    /* 31/3 - 10 = 1/3 over 20/3 is 1/20: T 50.5 exactly */
    expect_ratio("third", psyi_norm_standard(&norm, &group, PSYI_METRIC_T, (psyi_ratio){31, 3}),
                 "50.5");
    expect_ratio("no raw score", psyi_norm_standard(&norm, &group, PSYI_METRIC_T, PSYI_RATIO_NONE),
                 "none");
    expect_ratio("no group", psyi_norm_standard(&norm, NULL, PSYI_METRIC_T, (psyi_ratio){1, 1}),
                 "none");
    expect_ratio("metric that is not in the file",
                 psyi_norm_standard(&norm, &group, PSYI_METRIC_Z, (psyi_ratio){1, 1}), "none");
}

static const psyi_norm_cell cells[] = {
    {.raw = {8, 1}, .standard = {352, 10}, .count = 1},
    {.raw = {9, 1}, .standard = {395, 10}, .count = 0},
    {.raw = {10, 1}, .standard = {425, 10}, .count = 4},
    {.raw = {12, 1}, .standard = {50, 1}, .count = 3},
    {.raw = {25, 2}, .standard = {51, 1}, .count = 0},
};

static void test_table_has_its_own_numbers_and_no_others(void **state)
{
    (void)state;
    psyi_norm norm = {.kind = PSYI_NORM_TABLE, .metrics = 1 << PSYI_METRIC_T};
    const psyi_norm_group group = {.cells = cells, .n_cells = 5};
    set_decimals(&norm);
    static const char *const expected[] = {"35.2", "39.5", "42.5", "none", "50", "none"};
    for (int64_t raw = 8; raw < 14; raw++)
        expect_ratio("table",
                     psyi_norm_standard(&norm, &group, PSYI_METRIC_T, (psyi_ratio){raw, 1}),
                     expected[raw - 8]);
    expect_ratio("a raw score that is a decimal",
                 psyi_norm_standard(&norm, &group, PSYI_METRIC_T, (psyi_ratio){25, 2}), "51");
    expect_ratio("below", psyi_norm_standard(&norm, &group, PSYI_METRIC_T, (psyi_ratio){7, 1}),
                 "none");
    norm.decimals[PSYI_METRIC_T] = 0;
    expect_ratio("rounded to what is declared",
                 psyi_norm_standard(&norm, &group, PSYI_METRIC_T, (psyi_ratio){9, 1}), "40");
}

static void test_counts_give_mid_ranks_and_own_moments(void **state)
{
    (void)state;
    psyi_norm norm = {.kind = PSYI_NORM_HISTOGRAM, .metrics = 0xFF};
    const psyi_norm_group group = {.cells = cells, .n_cells = 4};
    set_decimals(&norm);
    /* 8, 10 x 4, 12 x 3: mean 10.5, sum of squares 14, sd sqrt 2 */
    expect_ratio("percentile",
                 psyi_norm_standard(&norm, &group, PSYI_METRIC_PERCENTILE, (psyi_ratio){10, 1}),
                 "37.5");
    expect_ratio("percentile between",
                 psyi_norm_standard(&norm, &group, PSYI_METRIC_PERCENTILE, (psyi_ratio){11, 1}),
                 "62.5");
    expect_ratio("z", psyi_norm_standard(&norm, &group, PSYI_METRIC_Z, (psyi_ratio){12, 1}),
                 "1.06");
    norm.rounding = PSYI_ROUND_UP;
    expect_ratio("z up", psyi_norm_standard(&norm, &group, PSYI_METRIC_Z, (psyi_ratio){12, 1}),
                 "1.07");
    expect_ratio("z up, negative",
                 psyi_norm_standard(&norm, &group, PSYI_METRIC_Z, (psyi_ratio){9, 1}), "-1.06");
    norm.rounding = PSYI_ROUND_DOWN;
    expect_ratio("z down, negative",
                 psyi_norm_standard(&norm, &group, PSYI_METRIC_Z, (psyi_ratio){9, 1}), "-1.07");
    expect_ratio("IQ", psyi_norm_standard(&norm, &group, PSYI_METRIC_IQ, (psyi_ratio){12, 1}),
                 "115");
    expect_ratio("no table",
                 psyi_norm_standard(&norm, &group, PSYI_METRIC_STANDARD, (psyi_ratio){12, 1}),
                 "none");
    const psyi_norm_group one = {.cells = cells, .n_cells = 1};
    expect_ratio("no spread", psyi_norm_standard(&norm, &one, PSYI_METRIC_T, (psyi_ratio){8, 1}),
                 "none");
}

static void test_range_of_standard_scores(void **state)
{
    (void)state;
    psyi_norm norm = {.kind = PSYI_NORM_TABLE, .metrics = 1 << PSYI_METRIC_T};
    const psyi_norm_group group = {.cells = cells, .n_cells = 5, .mean = {10, 1}, .sd = {2, 1}};
    psyi_ratio least, greatest;
    set_decimals(&norm);
    assert_true(psyi_norm_range(&norm, &group, PSYI_METRIC_T, (psyi_ratio){8, 1},
                                (psyi_ratio){10, 1}, true, PSYI_RATIO_NONE, &least, &greatest));
    expect_ratio("least", least, "35.2");
    expect_ratio("greatest", greatest, "42.5");
    /* 11 has no entry, and between decimals nobody knows. */
    assert_false(psyi_norm_range(&norm, &group, PSYI_METRIC_T, (psyi_ratio){8, 1},
                                 (psyi_ratio){12, 1}, true, PSYI_RATIO_NONE, &least, &greatest));
    assert_false(psyi_norm_range(&norm, &group, PSYI_METRIC_T, (psyi_ratio){8, 1},
                                 (psyi_ratio){10, 1}, false, PSYI_RATIO_NONE, &least, &greatest));
    assert_true(psyi_norm_range(&norm, &group, PSYI_METRIC_T, (psyi_ratio){25, 2},
                                (psyi_ratio){25, 2}, false, PSYI_RATIO_NONE, &least, &greatest));
    assert_false(psyi_norm_range(&norm, &group, PSYI_METRIC_T, (psyi_ratio){7, 1},
                                 (psyi_ratio){9, 1}, true, PSYI_RATIO_NONE, &least, &greatest));
    /* As many entries as integers, but one of them stands between two. */
    static const psyi_norm_cell odd[] = {{.raw = {1, 1}, .standard = {1, 1}},
                                         {.raw = {3, 2}, .standard = {2, 1}},
                                         {.raw = {3, 1}, .standard = {3, 1}}};
    const psyi_norm_group gap = {.cells = odd, .n_cells = 3};
    assert_false(psyi_norm_range(&norm, &gap, PSYI_METRIC_T, (psyi_ratio){1, 1}, (psyi_ratio){3, 1},
                                 true, PSYI_RATIO_NONE, &least, &greatest));
    norm.kind = PSYI_NORM_MEAN_SD;
    assert_true(psyi_norm_range(&norm, &group, PSYI_METRIC_T, (psyi_ratio){9, 1},
                                (psyi_ratio){12, 1}, false, PSYI_RATIO_NONE, &least, &greatest));
    expect_ratio("least by mean", least, "45");
    expect_ratio("greatest by mean", greatest, "60");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_fits),
        cmocka_unit_test(test_who_fits_by_months),
        cmocka_unit_test(test_group_is_that_of_scale_and_person_or_none),
        cmocka_unit_test(test_standard_scores_from_mean_and_sd_are_rounded_once),
        cmocka_unit_test(test_prorated_raw_scores_stay_exact),
        cmocka_unit_test(test_table_has_its_own_numbers_and_no_others),
        cmocka_unit_test(test_counts_give_mid_ranks_and_own_moments),
        cmocka_unit_test(test_range_of_standard_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
