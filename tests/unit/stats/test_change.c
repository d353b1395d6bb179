/*
 * test_change.c -- reliable change at its edges; numbers of R are in tests/reference/f_change.
 */
#include "test_support.h"

#include <psyscreen/change.h>

#include <math.h>

static const psy_change_group group = {.n = 40,
                                       .mean_pre = 20,
                                       .mean_post = 18,
                                       .sd_pre = 5,
                                       .sd_post = 4,
                                       .r = 0.8,
                                       .reliability = 0.84,
                                       .sd_difference = 3,
                                       .intercept = 5.2,
                                       .slope = 0.64,
                                       .see = 2.4};

static void test_missing_scores_are_left_out(void **state)
{
    (void)state;
    const double pre[] = {1, 2, NAN, 4, 5}, post[] = {1, 3, 9, 5, NAN}, few[] = {1, 2, NAN};
    const double same[] = {2, 2, 2};
    psy_change_group got;
    psy_error error;
    assert_int_equal(psy_change_describe(pre, post, 5, &got, NULL), PSY_OK);
    assert_true(got.n == 3 && got.mean_post == 3 && got.reliability == got.r);
    assert_int_equal(psy_change_describe(few, post, 3, &got, &error), PSY_E_NUMERIC);
    assert_string_equal(error.message, "both scores are known of 2: expected at least 3");
    assert_int_equal(psy_change_describe(same, post, 3, &got, &error), PSY_E_NUMERIC);
    assert_int_equal(psy_change_describe(NULL, NULL, 0, &got, &error), PSY_E_NUMERIC);
    assert_int_equal(psy_change_describe(NULL, post, 3, &got, &error), PSY_E_ARGUMENT);
    const double x[] = {3, NAN}, y[] = {NAN, 3};
    double out[2];
    assert_int_equal(psy_change_index(&group, PSY_CHANGE_IVERSON, x, y, 2, out, NULL), PSY_OK);
    assert_true(isnan(out[0]) && isnan(out[1]));
}

static void test_reliability_must_be_one(void **state)
{
    (void)state;
    const double bad[] = {1, 1.2, -0.1, NAN, INFINITY};
    const double score = 3;
    double out;
    psy_error error;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (int method = 0; method <= 7; method++) {
            psy_change_group g = group;
            g.reliability = bad[i];
            const bool uses = method <= PSY_CHANGE_CHELUNE || method == PSY_CHANGE_EDWARDS_NUNNALLY;
            assert_int_equal(
                psy_change_index(&g, (psy_change_method)method, &score, &score, 1, &out, &error),
                uses ? PSY_E_ARGUMENT : PSY_OK);
        }
    psy_change_group g = group;
    g.reliability = 1;
    assert_int_equal(psy_change_index(&g, PSY_CHANGE_IVERSON, &score, &score, 1, &out, &error),
                     PSY_E_ARGUMENT);
    assert_string_equal(error.message, "reliability is 1: expected at least 0 and below 1");
    g = group;
    g.r = 1;
    assert_int_equal(
        psy_change_index(&g, PSY_CHANGE_REGRESSION_SIMPLE, &score, &score, 1, &out, &error),
        PSY_E_ARGUMENT);
}

/* One field at a time is spoiled; the methods that use it refuse. */
static void test_a_group_that_cannot_be_is_refused(void **state)
{
    (void)state;
    const double score = 3;
    double out;
    psy_change_group g = group;
    g.sd_pre = 0;
    assert_int_equal(psy_change_index(&g, PSY_CHANGE_JACOBSON_TRUAX, &score, &score, 1, &out, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(
        psy_change_index(&g, PSY_CHANGE_CRAWFORD_HOWELL, &score, &score, 1, &out, NULL),
        PSY_E_ARGUMENT);
    assert_int_equal(psy_change_index(&g, PSY_CHANGE_REGRESSION, &score, &score, 1, &out, NULL),
                     PSY_OK);
    g = group;
    g.sd_post = NAN;
    assert_int_equal(psy_change_index(&g, PSY_CHANGE_IVERSON, &score, &score, 1, &out, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_change_index(&g, PSY_CHANGE_CHELUNE, &score, &score, 1, &out, NULL),
                     PSY_OK);
    g = group;
    g.n = 0;
    assert_int_equal(
        psy_change_index(&g, PSY_CHANGE_CRAWFORD_HOWELL, &score, &score, 1, &out, NULL),
        PSY_E_ARGUMENT);
    g = group;
    g.sd_difference = -1;
    assert_int_equal(
        psy_change_index(&g, PSY_CHANGE_CHELUNE_DIFFERENCES, &score, &score, 1, &out, NULL),
        PSY_E_ARGUMENT);
    g = group;
    g.see = 0;
    assert_int_equal(psy_change_index(&g, PSY_CHANGE_REGRESSION, &score, &score, 1, &out, NULL),
                     PSY_E_ARGUMENT);
    g = group;
    g.mean_pre = INFINITY;
    assert_int_equal(psy_change_index(&g, PSY_CHANGE_CHELUNE, &score, &score, 1, &out, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_change_index(NULL, PSY_CHANGE_CHELUNE, &score, &score, 1, &out, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_change_index(&group, (psy_change_method)8, &score, &score, 1, &out, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_change_index(&group, PSY_CHANGE_CHELUNE, NULL, &score, 1, &out, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_change_index(&group, PSY_CHANGE_CHELUNE, NULL, NULL, 0, NULL, NULL),
                     PSY_OK);
}

/* The whole scores named are the first beyond the mark, for every method and start. */
static void test_limits_agree_with_the_index(void **state)
{
    (void)state;
    for (int method = 0; method <= 7; method++)
        for (double pre = -3; pre < 60; pre += 0.5) {
            psy_change_limits limits;
            double indices[4];
            assert_int_equal(
                psy_change_limits_of(&group, (psy_change_method)method, pre, 1.96, &limits, NULL),
                PSY_OK);
            const double before[4] = {pre, pre, pre, pre};
            const double after[4] = {limits.low_score, limits.low_score + 1, limits.high_score - 1,
                                     limits.high_score};
            assert_int_equal(psy_change_index(&group, (psy_change_method)method, before, after, 4,
                                              indices, NULL),
                             PSY_OK);
            assert_true(indices[0] <= -1.96 && indices[1] > -1.96);
            assert_true(indices[2] < 1.96 && indices[3] >= 1.96);
        }
}

/* Errors of 2 and a mark of 2: a difference of exactly 4 counts. */
static void test_a_change_at_the_mark_is_reliable(void **state)
{
    (void)state;
    psy_change_group g = group;
    psy_change_limits limits;
    g.sd_difference = 2;
    g.mean_post = g.mean_pre;
    assert_int_equal(psy_change_limits_of(&g, PSY_CHANGE_CHELUNE_DIFFERENCES, 10, 2, &limits, NULL),
                     PSY_OK);
    assert_true(limits.high_score == 14 && limits.low_score == 6);
    assert_int_equal(
        psy_change_limits_of(&g, PSY_CHANGE_CHELUNE_DIFFERENCES, 1e300, 2, &limits, NULL), PSY_OK);
    assert_true(isnan(limits.high_score) && isnan(limits.low_score));
    assert_int_equal(psy_change_limits_of(&g, PSY_CHANGE_IVERSON, NAN, 2, &limits, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_change_limits_of(&g, PSY_CHANGE_IVERSON, 10, 0, &limits, NULL),
                     PSY_E_ARGUMENT);
}

static void test_direction_mirrors(void **state)
{
    (void)state;
    psy_change_cutoffs high, low;
    assert_int_equal(psy_change_cutoffs_of(16, 2, 6, 3.5, &high, NULL), PSY_OK);
    assert_int_equal(psy_change_cutoffs_of(-16, 2, -6, 3.5, &low, NULL), PSY_OK);
    assert_true(high.a == 12 && high.b == 13 && high.a == -low.a && high.b == -low.b &&
                high.c == -low.c);
    assert_int_equal(psy_change_cutoffs_of(6, 2, 6, 3.5, &high, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_change_cutoffs_of(16, 0, 6, 3.5, &high, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_change_cutoffs_of(16, 2, NAN, 3.5, &high, NULL), PSY_E_ARGUMENT);

    const double index[] = {-2, -2, -2, 0, 2, NAN, -2}, pre[] = {14, 11, 12, 14, 14, 14, NAN};
    const double post[] = {12, 9, 8, 14, 18, 9, 3};
    const uint8_t want[] = {PSY_CHANGE_RECOVERED, PSY_CHANGE_IMPROVED,     PSY_CHANGE_IMPROVED,
                            PSY_CHANGE_UNCHANGED, PSY_CHANGE_DETERIORATED, PSY_CHANGE_UNKNOWN,
                            PSY_CHANGE_UNKNOWN};
    double m_index[7], m_pre[7], m_post[7];
    uint8_t out[7], m_out[7];
    for (size_t i = 0; i < 7; i++) {
        m_index[i] = -index[i];
        m_pre[i] = -pre[i];
        m_post[i] = -post[i];
    }
    assert_int_equal(psy_change_classify(index, pre, post, 7, 12, 2, 1, out, NULL), PSY_OK);
    assert_int_equal(psy_change_classify(m_index, m_pre, m_post, 7, -12, 2, 0, m_out, NULL),
                     PSY_OK);
    assert_memory_equal(out, want, sizeof out);
    assert_memory_equal(m_out, want, sizeof out);
    assert_int_equal(psy_change_classify(index, pre, post, 7, 12, 0, 1, out, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_change_classify(NULL, pre, post, 7, 12, 2, 1, out, NULL), PSY_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_missing_scores_are_left_out),
        cmocka_unit_test(test_reliability_must_be_one),
        cmocka_unit_test(test_a_group_that_cannot_be_is_refused),
        cmocka_unit_test(test_limits_agree_with_the_index),
        cmocka_unit_test(test_a_change_at_the_mark_is_reliable),
        cmocka_unit_test(test_direction_mirrors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
