/*
 * test_question.c -- headers of questionnaire platforms, and headers that only look like them.
 */
#include "test_support.h"

#include "intake/question.h"

#include <string.h>

static const struct {
    const char *header, *rest;
    unsigned number;
} headers[] = {
    {"1、题干", "题干", 1},
    {"12.题干", "题干", 12},
    {"3 题干", "题干", 3},
    {"第4题 题干", "题干", 4},
    {"第4题", "", 4},
    {"第5题：题干", "题干", 5},
    {"Q6 题干", "题干", 6},
    {"Q7、题干", "题干", 7},
    {"Q8", "", 8},
    {"q9题干", "题干", 9},
    {"10．题干", "题干", 10},
    {"11）题干", "题干", 11},
    {"12)题干", "题干", 12},
    {"13", "", 13},
    {"14：题干", "题干", 14},
    {"15　题干", "题干", 15},
    {"16、 题干", "题干", 16},
    {"17题 题干", "题干", 17},
    {"1班人数", NULL, 0},
    {"2026年", NULL, 0},
    {"3岁前", NULL, 0},
    {"第1", NULL, 0},
    {"第一题", NULL, 0},
    {"题1", NULL, 0},
    {"Q1a", NULL, 0},
    {"PHQ_1", NULL, 0},
    {"", NULL, 0},
    {"12345、x", NULL, 0},
    {"、x", NULL, 0},
    {"第1班", NULL, 0},
};

static void numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const char *rest = NULL;
        const unsigned number = psyi_question_number(headers[i].header, &rest);
        if (number != headers[i].number)
            fail_msg("'%s': %u", headers[i].header, number);
        if (number > 0)
            assert_string_equal(rest, headers[i].rest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
