/*
 * test_ratio.c -- exact ratios, against Python's fractions (ratio_cases.py).
 */
#include "test_support.h"

#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void assert_ratio(const char *what, const char *line, psyi_ratio got, psyi_ratio expected)
{
    if (got.num != expected.num || got.den != expected.den)
        fail_msg("%s of %s: %lld/%lld instead of %lld/%lld", what, line, (long long)got.num,
                 (long long)got.den, (long long)expected.num, (long long)expected.den);
}

static int64_t next_integer(const char **at)
{
    char *end;
    const int64_t value = strtoll(*at, &end, 10);
    assert_true(end != *at);
    *at = end + 1;
    return value;
}

static psyi_ratio next_ratio(const char **at)
{
    const int64_t num = next_integer(at);
    return (psyi_ratio){num, next_integer(at)};
}

static void test_operations_agree_with_python(void **state)
{
    (void)state;
    char *const cases =
        psy_test_read_file(psy_test_source("tests/unit/base/ratio_cases.csv"), NULL);
    size_t n = 0;
    char *line = strtok(cases, "\n");
    for (line = strtok(NULL, "\n"); line != NULL; line = strtok(NULL, "\n"), n++) {
        const char *at = line;
        const psyi_ratio a = next_ratio(&at), b = next_ratio(&at);
        assert_ratio("sum", line, psyi_ratio_add(a, b), next_ratio(&at));
        assert_ratio("difference", line, psyi_ratio_sub(a, b), next_ratio(&at));
        assert_ratio("product", line, psyi_ratio_mul(a, b), next_ratio(&at));
        assert_ratio("quotient", line, psyi_ratio_div(a, b), next_ratio(&at));
        assert_int_equal(psyi_ratio_compare(a, b), next_integer(&at));
        assert_ratio("floor", line, psyi_ratio_floor(a), next_ratio(&at));
        assert_ratio("ceil", line, psyi_ratio_ceil(a), next_ratio(&at));
        const psyi_ratio rounded = next_ratio(&at);
        assert_ratio("round", line, psyi_ratio_round_half_up(a), rounded);
        assert_ratio("round to 0", line, psyi_ratio_round_to(a, 0), rounded);
        assert_ratio("round to 1", line, psyi_ratio_round_to(a, 1), next_ratio(&at));
        assert_ratio("round to 3", line, psyi_ratio_round_to(a, 3), next_ratio(&at));
        assert_ratio("round to 9", line, psyi_ratio_round_to(a, 9), next_ratio(&at));
        const double expected = strtod(at, NULL);
        if (psyi_ratio_double(a) != expected)
            fail_msg("double of %s: %a instead of %a", line, psyi_ratio_double(a), expected);
    }
    free(cases);
    assert_int_equal(n, 1500);
}

static void test_make_reduces(void **state)
{
    (void)state;
    static const struct {
        int64_t num, den;
        psyi_ratio expected;
    } rows[] = {
        {6, 4, {3, 2}},
        {6, -4, {-3, 2}},
        {-6, -4, {3, 2}},
        {0, -9, {0, 1}},
        {5, 0, {0, 0}},
        {0, 0, {0, 0}},
        {INT64_MIN, INT64_MIN, {1, 1}},
        {INT64_MIN, 2, {INT64_MIN / 2, 1}},
        {INT64_MIN, 1, {INT64_MIN, 1}},
        {INT64_MIN, -1, {0, 0}},
        {1, INT64_MIN, {0, 0}},
        {2, INT64_MIN, {-1, INT64_C(1) << 62}},
        {INT64_MAX, INT64_MAX, {1, 1}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_ratio("make", "row", psyi_ratio_make(rows[i].num, rows[i].den), rows[i].expected);
}

static void test_no_value_is_handed_on(void **state)
{
    (void)state;
    const psyi_ratio none = PSYI_RATIO_NONE, two = {2, 1};
    assert_int_equal(psyi_ratio_add(none, two).den, 0);
    assert_int_equal(psyi_ratio_sub(two, none).den, 0);
    assert_int_equal(psyi_ratio_mul(none, two).den, 0);
    assert_int_equal(psyi_ratio_div(two, none).den, 0);
    assert_int_equal(psyi_ratio_div(two, (psyi_ratio){0, 1}).den, 0);
    assert_int_equal(psyi_ratio_floor(none).den, 0);
    assert_int_equal(psyi_ratio_ceil(none).den, 0);
    assert_int_equal(psyi_ratio_round_half_up(none).den, 0);
    assert_int_equal(psyi_ratio_round_to(two, 10).den, 0);
    assert_true(isnan(psyi_ratio_double(none)));
    char text[32];
    assert_int_equal(psyi_ratio_print(none, text), 0);
}

static void test_halves_go_up(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned decimals;
        double expected;
    } rows[] = {
        {"0.5", 0, 1},       {"-0.5", 0, 0},     {"-1.5", 0, -1},    {"2.5", 0, 3},
        {"0.45", 1, 0.5},    {"1.005", 2, 1.01}, {"-0.25", 1, -0.2}, {"64.95", 1, 65},
        {"64.949", 1, 64.9}, {"0.285", 2, 0.29},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        psyi_ratio a;
        assert_true(psyi_ratio_parse(rows[i].text, strlen(rows[i].text), &a));
        const double rounded = psyi_ratio_double(psyi_ratio_round_to(a, rows[i].decimals));
        if (rounded != rows[i].expected)
            fail_msg("%s to %u: %g", rows[i].text, rows[i].decimals, rounded);
    }
}

static void test_parse_is_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int good;
        psyi_ratio expected;
    } rows[] = {
        {"2.5", 1, {5, 2}},
        {"-.05", 1, {-1, 20}},
        {"+3", 1, {3, 1}},
        {"0", 1, {0, 1}},
        {"0.10", 1, {1, 10}},
        {"000000000000000000000001", 1, {1, 1}},
        {"999999999999999999", 1, {999999999999999999, 1}},
        {"0.000000000000000001", 1, {1, 1000000000000000000}},
        {"0.0000000000000000001", 0, {0, 0}},
        {"1999999999999999999", 0, {0, 0}},
        {"1e3", 0, {0, 0}},
        {"2.", 0, {0, 0}},
        {".", 0, {0, 0}},
        {"", 0, {0, 0}},
        {"-", 0, {0, 0}},
        {"1.2.3", 0, {0, 0}},
        {" 1", 0, {0, 0}},
        {"1,5", 0, {0, 0}},
        {"½", 0, {0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        psyi_ratio value = {77, 7};
        const bool good = psyi_ratio_parse(rows[i].text, strlen(rows[i].text), &value);
        if (good != (rows[i].good != 0))
            fail_msg("'%s' was %s", rows[i].text, good ? "taken" : "refused");
        assert_ratio("parse", rows[i].text, value, good ? rows[i].expected : (psyi_ratio){77, 7});
    }
}

static void test_print(void **state)
{
    (void)state;
    char text[32];
    assert_int_equal(psyi_ratio_print((psyi_ratio){5, 2}, text), 3);
    assert_string_equal(text, "2.5");
    psyi_ratio_print((psyi_ratio){-7, 3}, text);
    assert_string_equal(text, "-2.3333333333333335");
    psyi_ratio_print((psyi_ratio){0, INT64_MAX}, text);
    assert_string_equal(text, "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations_agree_with_python),
        cmocka_unit_test(test_make_reduces),
        cmocka_unit_test(test_no_value_is_handed_on),
        cmocka_unit_test(test_halves_go_up),
        cmocka_unit_test(test_parse_is_exact),
        cmocka_unit_test(test_print),
    };
    return cmocka_run_group_tests_name("ratio", tests, NULL, NULL);
}
