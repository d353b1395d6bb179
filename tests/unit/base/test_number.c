/*
 * test_number.c -- doubles to the shortest text and back, in any locale.
 */
#include "test_support.h"

#include "base/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct print_row {
    double value;
    const char *text;
} print_row;

static const print_row print_rows[] = {
    {0, "0"},
    {-0.0, "0"},
    {1, "1"},
    {-1, "-1"},
    {65, "65"},
    {0.1, "0.1"},
    {-0.5, "-0.5"},
    {2.3333333333333335, "2.3333333333333335"},
    {99.95, "99.95"},
    {1e-7, "1e-7"},
    {-1.5e-7, "-1.5e-7"},
    {0.0001, "0.0001"},
    {0.00012345, "0.00012345"},
    {0.00001, "1e-5"},
    {123456.789012, "123456.789012"},
    {999999999999999, "999999999999999"},
    {1e15, "1000000000000000"},
    {1234567890123456, "1234567890123456"},
    {1e16, "1e16"},
    {1.25e16, "1.25e16"},
    {1e22, "1e22"},
    {1e100, "1e100"},
    {9007199254740994, "9007199254740994"},
    {0.30000000000000004, "0.30000000000000004"},
    {5e-324, "5e-324"},
    {DBL_MIN, "2.2250738585072014e-308"},
    {DBL_MAX, "1.7976931348623157e308"},
    {5.960464477539063e-08, "5.960464477539063e-8"},
    {INFINITY, "inf"},
    {-INFINITY, "-inf"},
    {NAN, ""},
};

static void test_print_is_the_shortest_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof print_rows / sizeof *print_rows; i++) {
        char text[32];
        const size_t length = psyi_number_print(print_rows[i].value, text);
        if (strcmp(text, print_rows[i].text) != 0)
            fail_msg("%.17g: '%s' instead of '%s'", print_rows[i].value, text, print_rows[i].text);
        assert_int_equal(length, strlen(text));
    }
}

static void test_print_agrees_with_python(void **state)
{
    (void)state;
    char *const cases =
        psy_test_read_file(psy_test_source("tests/unit/base/number_cases.csv"), NULL);
    size_t n = 0;
    char *line = strtok(cases, "\n");
    for (line = strtok(NULL, "\n"); line != NULL; line = strtok(NULL, "\n"), n++) {
        const uint64_t bits = strtoull(line, NULL, 16);
        double value;
        memcpy(&value, &bits, sizeof value);
        char text[32];
        psyi_number_print(value, text);
        if (strcmp(text, line + 17) != 0)
            fail_msg("%a: '%s' instead of '%s'", value, text, line + 17);
    }
    free(cases);
    assert_true(n > 2000);
}

/* xorshift64*: the same numbers on every run. */
static uint64_t draw(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

static void check_round_trip(double value)
{
    char text[32];
    double back = 0;
    const size_t length = psyi_number_print(value, text);
    assert_true(length < sizeof text);
    if (!psyi_number_parse(text, length, &back) || memcmp(&back, &value, sizeof back) != 0)
        fail_msg("%a printed as '%s' reads back as %a", value, text, back);
    char *end;
    if (strtod(text, &end) != value || *end != '\0')
        fail_msg("the C library reads '%s' otherwise", text);
}

static void test_a_million_doubles_come_back(void **state)
{
    (void)state;
    uint64_t seed = 20260903;
    for (size_t i = 0; i < 500000; i++) {
        const uint64_t bits = draw(&seed);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            check_round_trip(value);
        check_round_trip(ldexp((double)(draw(&seed) >> 11), (int)(draw(&seed) % 100) - 90));
    }
}

static void test_every_score_to_two_decimals_comes_back(void **state)
{
    (void)state;
    for (int i = 1; i < 20000; i++) {
        char expected[32], text[32];
        snprintf(expected, sizeof expected, "%d.%02d", i / 100, i % 100);
        for (size_t n = strlen(expected); expected[n - 1] == '0' || expected[n - 1] == '.'; n--) {
            const char last = expected[n - 1];
            expected[n - 1] = '\0';
            if (last == '.')
                break;
        }
        psyi_number_print(i / 100.0, text);
        assert_string_equal(text, expected);
    }
}

typedef struct parse_row {
    const char *text;
    int good;
    double value;
} parse_row;

static const parse_row parse_rows[] = {
    {"0", 1, 0},
    {"-0", 1, -0.0},
    {"+5", 1, 5},
    {"007", 1, 7},
    {".5", 1, 0.5},
    {"5.", 1, 5},
    {"-.25", 1, -0.25},
    {"1e3", 1, 1000},
    {"1E+3", 1, 1000},
    {"1e-3", 1, 0.001},
    {"0.1", 1, 0.1},
    {"0.10000000000000000000000000000000000000000000000001", 1, 0.1},
    {"9007199254740993", 1, 9007199254740992},
    {"9007199254740993.00000000000000000000000000000000000000001", 1, 9007199254740994},
    {"1.7976931348623157e308", 1, DBL_MAX},
    {"1.7976931348623159e308", 0, 0},
    {"1e309", 0, 0},
    {"1e99999999999999999999", 0, 0},
    {"-1e99999999999999999999", 0, 0},
    {"0e99999999999999999999", 1, 0},
    {"1e-99999999999999999999", 1, 0},
    {"4.9e-324", 1, 5e-324},
    {"2e-324", 1, 0},
    {"2.2250738585072011e-308", 1, 2.2250738585072011e-308},
    {"179769313486231580793728971405301e276", 1, 1.797693134862315807e308},
    {"", 0, 0},
    {"-", 0, 0},
    {"+", 0, 0},
    {".", 0, 0},
    {"-.", 0, 0},
    {"e5", 0, 0},
    {"1e", 0, 0},
    {"1e+", 0, 0},
    {"1e5.5", 0, 0},
    {"1.2.3", 0, 0},
    {"--1", 0, 0},
    {" 1", 0, 0},
    {"1 ", 0, 0},
    {"1,5", 0, 0},
    {"1_000", 0, 0},
    {"0x10", 0, 0},
    {"inf", 0, 0},
    {"-Infinity", 0, 0},
    {"nan", 0, 0},
    {"1f", 0, 0},
    {"\xEF\xBC\x91", 0, 0}, /* full-width 1 */
};

static void test_parse_takes_whole_finite_numbers_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof parse_rows / sizeof *parse_rows; i++) {
        const parse_row *const row = &parse_rows[i];
        double value = -77;
        const bool good = psyi_number_parse(row->text, strlen(row->text), &value);
        if (good != (row->good != 0))
            fail_msg("'%s' was %s", row->text, good ? "taken" : "refused");
        if (good && memcmp(&value, &row->value, sizeof value) != 0)
            fail_msg("'%s': %a", row->text, value);
        if (!good && value != -77)
            fail_msg("'%s' was refused but changed the output", row->text);
    }
    double value;
    assert_false(psyi_number_parse("1\0", 2, &value));
    assert_true(psyi_number_parse("12345", 2, &value) && value == 12);
}

static void test_parse_rounds_any_number_of_digits_correctly(void **state)
{
    (void)state;
    /* 1 + 2^-53 is a tie and goes to 1; any digit behind it, however far, breaks the tie. */
    char text[3000] = "1.00000000000000011102230246251565404236316680908203125";
    double value;
    assert_true(psyi_number_parse(text, strlen(text), &value) && value == 1);
    const size_t n = strlen(text);
    memset(text + n, '0', 2000);
    text[n + 2000] = '\0';
    assert_true(psyi_number_parse(text, n + 2000, &value) && value == 1);
    text[n + 1999] = '1';
    assert_true(psyi_number_parse(text, n + 2000, &value) && value == 1 + DBL_EPSILON);
    memset(text, '9', 2500);
    assert_false(psyi_number_parse(text, 2500, &value));
    memset(text, '0', 2500);
    text[2499] = '3';
    assert_true(psyi_number_parse(text, 2500, &value) && value == 3);
}

static void test_integer_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int good;
        int64_t value;
    } rows[] = {
        {"0", 1, 0},
        {"-0", 1, 0},
        {"+12", 1, 12},
        {"-12", 1, -12},
        {"007", 1, 7},
        {"9223372036854775807", 1, INT64_MAX},
        {"-9223372036854775808", 1, INT64_MIN},
        {"9223372036854775808", 0, 0},
        {"-9223372036854775809", 0, 0},
        {"99999999999999999999999", 0, 0},
        {"", 0, 0},
        {"-", 0, 0},
        {"1.0", 0, 0},
        {"1e2", 0, 0},
        {" 1", 0, 0},
        {"1a", 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t value = 77;
        const bool good = psyi_integer_parse(rows[i].text, strlen(rows[i].text), &value);
        if (good != (rows[i].good != 0) || value != (good ? rows[i].value : 77))
            fail_msg("'%s': %d, %lld", rows[i].text, good, (long long)value);
    }
}

static void test_numbers_do_not_follow_the_locale(void **state)
{
    (void)state;
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL) {
        print_message("skipped test_numbers_do_not_follow_the_locale: no locale de_DE.UTF-8\n");
        skip();
    }
    char text[32];
    snprintf(text, sizeof text, "%.1f", 0.5);
    assert_string_equal(text, "0,5"); /* the locale is what this test needs it to be */
    for (size_t i = 0; i < sizeof print_rows / sizeof *print_rows; i++) {
        psyi_number_print(print_rows[i].value, text);
        assert_string_equal(text, print_rows[i].text);
    }
    for (size_t i = 0; i < sizeof parse_rows / sizeof *parse_rows; i++) {
        const parse_row *const row = &parse_rows[i];
        double value;
        const bool good = psyi_number_parse(row->text, strlen(row->text), &value);
        assert_true(good == (row->good != 0));
        if (good)
            assert_memory_equal(&value, &row->value, sizeof value);
    }
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print_is_the_shortest_text),
        cmocka_unit_test(test_print_agrees_with_python),
        cmocka_unit_test(test_a_million_doubles_come_back),
        cmocka_unit_test(test_every_score_to_two_decimals_comes_back),
        cmocka_unit_test(test_parse_takes_whole_finite_numbers_only),
        cmocka_unit_test(test_parse_rounds_any_number_of_digits_correctly),
        cmocka_unit_test(test_integer_parse),
        cmocka_unit_test(test_numbers_do_not_follow_the_locale),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
