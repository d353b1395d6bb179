/*
 * test_standard_score.c -- the edges of the conventions: empty groups, gaps, ends, texts.
 */
#include "test_support.h"

#include <psyscreen/interval.h>
#include <psyscreen/standard_score.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void test_no_spread_is_no_score(void **state)
{
    (void)state;
    assert_true(isnan(psy_standard_z(3, 3, 0)));
    assert_true(isnan(psy_standard_z(3, 3, -1)));
    assert_true(isnan(psy_standard_z(3, 3, NAN)));
    assert_int_equal(psy_stanine_linear(NAN), 0);
    assert_int_equal(psy_sten_linear(NAN), 0);
    assert_int_equal(psy_stanine_percent(0, 0, 0), 0);
    assert_int_equal(psy_sten_percent(3, 2, 4), 0);
    assert_true(isnan(psy_percentile_rank(PSY_PERCENTILE_MID, 0, 0, 0)));
    assert_true(isnan(psy_percentile_rank(PSY_PERCENTILE_MID, 3, 2, 4)));
    assert_true(isnan(psy_normal_score(PSY_RANK_BLOM, 3, 0, 10)));
}

static void test_classes_at_their_ends(void **state)
{
    (void)state;
    assert_int_equal(psy_stanine_linear(-9), 1);
    assert_int_equal(psy_stanine_linear(9), 9);
    assert_int_equal(psy_stanine_linear(0.25), 6); /* 5.5 goes up */
    assert_int_equal(psy_stanine_linear(0.2499999), 5);
    assert_int_equal(psy_sten_linear(0), 6);
    assert_int_equal(psy_sten_linear(-0.0001), 5);
    assert_int_equal(psy_sten_linear(INFINITY), 10);
    /* Shares equal to a cut stay beneath it: 4 of 100, as a mid-rank of 3 + 2/2. */
    assert_int_equal(psy_stanine_percent(3, 2, 100), 1);
    assert_int_equal(psy_stanine_percent(3, 3, 100), 2);
    assert_int_equal(psy_stanine_percent(95, 2, 100), 8);
    assert_int_equal(psy_stanine_percent(96, 1, 100), 9);
    assert_int_equal(psy_sten_percent(49, 2, 100), 5); /* one half exactly */
    assert_int_equal(psy_sten_percent(49, 3, 100), 6);
    /* .04 is no double: the same share of a group where 0.04 * n would round up. */
    for (uint64_t n = 25; n < 2000000000; n *= 7)
        assert_int_equal(psy_stanine_percent(n / 25 - (n / 25 > 0), n % 25 == 0 ? 2 : 0, n), 1);
}

static void percentile_is(double percentile, const char *text)
{
    char out[8];
    psy_percentile_text(percentile, out);
    assert_string_equal(out, text);
}

static void test_percentiles_are_never_0_or_100(void **state)
{
    (void)state;
    percentile_is(0, "<1");
    percentile_is(0.999, "<1");
    percentile_is(1, "1");
    percentile_is(46.614, "46.6");
    percentile_is(98.95, "99");
    percentile_is(99, "99");
    percentile_is(99.001, ">99");
    percentile_is(100, ">99");
    percentile_is(NAN, "");
    percentile_is(-1, "");
    percentile_is(101, "");
}

static void test_normal_scores_of_gaps(void **state)
{
    (void)state;
    static const double scores[] = {2, 3, 4, 5, 8};
    static const uint64_t counts[] = {0, 3, 0, 4, 3};
    int32_t clamped = 9;
    const double at3 = psy_normal_score(PSY_RANK_BLOM, 0, 3, 10);
    const double at5 = psy_normal_score(PSY_RANK_BLOM, 3, 4, 10);
    const double at8 = psy_normal_score(PSY_RANK_BLOM, 7, 3, 10);
    assert_true(psy_normal_score_in(PSY_RANK_BLOM, scores, counts, 5, 5, &clamped) == at5);
    assert_int_equal(clamped, 0);
    assert_true(fabs(psy_normal_score_in(PSY_RANK_BLOM, scores, counts, 5, 4, &clamped) -
                     (at3 + at5) / 2) < 1e-15);
    assert_int_equal(clamped, 0);
    assert_true(fabs(psy_normal_score_in(PSY_RANK_BLOM, scores, counts, 5, 6, NULL) -
                     (at5 + (at8 - at5) / 3)) < 1e-15);
    assert_true(psy_normal_score_in(PSY_RANK_BLOM, scores, counts, 5, 1, &clamped) == at3);
    assert_int_equal(clamped, 1);
    assert_true(psy_normal_score_in(PSY_RANK_BLOM, scores, counts, 5, 2, &clamped) == at3);
    assert_int_equal(clamped, 1);
    assert_true(psy_normal_score_in(PSY_RANK_BLOM, scores, counts, 5, 99, &clamped) == at8);
    assert_int_equal(clamped, 1);
    assert_true(psy_normal_score_in(PSY_RANK_BLOM, scores, counts, 5, 3, &clamped) == at3);
    assert_int_equal(clamped, 0);
    assert_true(isnan(psy_normal_score_in(PSY_RANK_BLOM, scores, counts, 1, 2, &clamped)));
    assert_true(isnan(psy_normal_score_in(PSY_RANK_BLOM, scores, counts, 5, NAN, &clamped)));
}

/* Rising with the score by every method, whatever the counts. */
static void test_normal_scores_rise(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 200; round++) {
        double scores[12];
        uint64_t counts[12];
        for (int i = 0; i < 12; i++) {
            seed = seed * 1103515245 + 12345;
            scores[i] = i;
            counts[i] = seed >> 16 & 3;
        }
        for (int method = 0; method < 4; method++) {
            double before = -INFINITY;
            for (double x = -1; x <= 13; x += 0.25) {
                const double z =
                    psy_normal_score_in((psy_rank_method)method, scores, counts, 12, x, NULL);
                assert_true(isnan(z) || z >= before);
                before = isnan(z) ? before : z;
            }
        }
    }
}

static void test_between_age_bands(void **state)
{
    (void)state;
    static const double middles[] = {7.5, 9.5, 12};
    const double values[] = {60, 50, 40}, gap[] = {60, NAN, 40};
    assert_true(psy_between_ages(middles, values, 3, 6) == 60);
    assert_true(psy_between_ages(middles, values, 3, 7.5) == 60);
    assert_true(psy_between_ages(middles, values, 3, 8.5) == 55);
    assert_true(psy_between_ages(middles, values, 3, 9.5) == 50);
    assert_true(psy_between_ages(middles, values, 3, 10.75) == 45);
    assert_true(psy_between_ages(middles, values, 3, 99) == 40);
    assert_true(isnan(psy_between_ages(middles, gap, 3, 8)));
    assert_true(psy_between_ages(middles, gap, 3, 12) == 40);
    assert_true(isnan(psy_between_ages(middles, values, 0, 8)));
    assert_true(isnan(psy_between_ages(middles, values, 3, NAN)));
}

static void test_intervals_refuse(void **state)
{
    (void)state;
    psy_interval out = {1, 2, 3, 4};
    psy_error error;
    static const double bad[] = {-0.01, 1.01, NAN};
    for (int i = 0; i < 3; i++)
        assert_int_equal(psy_interval_of(PSY_INTERVAL_TRUE, 60, 50, 10, bad[i], 0.95, &out, &error),
                         PSY_E_ARGUMENT);
    assert_int_equal(psy_interval_of(PSY_INTERVAL_TRUE, 60, 50, 10, 0.8, 1, &out, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_interval_of(PSY_INTERVAL_TRUE, 60, 50, -1, 0.8, 0.9, &out, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_interval_of(PSY_INTERVAL_TRUE, 60, NAN, 10, 0.8, 0.9, &out, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_interval_of((psy_interval_kind)7, 60, 50, 10, 0.8, 0.9, &out, &error),
                     PSY_E_ARGUMENT);
    assert_true(out.centre == 1 && out.hi == 4);
    assert_int_equal(psy_interval_of(PSY_INTERVAL_OBSERVED, NAN, NAN, 10, 0.8, 0.9, &out, &error),
                     PSY_OK);
    assert_true(isnan(out.centre) && isnan(out.lo) && isnan(out.hi));
    assert_string_not_equal(psy_interval_name(PSY_INTERVAL_TRUE, "en"),
                            psy_interval_name(PSY_INTERVAL_RETEST, "en"));
    assert_non_null(strstr(psy_interval_name(PSY_INTERVAL_TRUE, "zh"), "真分数"));
    assert_string_equal(psy_interval_name((psy_interval_kind)7, "en"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_spread_is_no_score),
        cmocka_unit_test(test_classes_at_their_ends),
        cmocka_unit_test(test_percentiles_are_never_0_or_100),
        cmocka_unit_test(test_normal_scores_of_gaps),
        cmocka_unit_test(test_normal_scores_rise),
        cmocka_unit_test(test_between_age_bands),
        cmocka_unit_test(test_intervals_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
