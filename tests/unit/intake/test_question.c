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
    {"Q18_题干", "题干", 18},
    {"*19、题干", "题干", 19},
    {"＊ 20、题干", "题干", 20},
    {"２１、题干", "题干", 21},
    {"Q２2．题干", "题干", 22},
    {"１班人数", NULL, 0},
    {"Q1_a", NULL, 0},
    {"１２３４５、x", NULL, 0},
    {"*", NULL, 0},
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

static const struct {
    const char *header;
    unsigned number, row;
} rows[] = {
    {"7、请选择—做事时提不起劲", 7, 0},
    {"7、请选择—3、做事时提不起劲", 7, 3},
    {"7、请选择——3.做事", 7, 3},
    {"7、3、做事", 7, 3},
    {"7、3. 做事", 7, 3},
    {"第7题 请选择—第3题 做事", 7, 3},
    {"7(3)", 7, 3},
    {"7(3)、做事", 7, 3},
    {"7（3）做事", 7, 3},
    {"Q7（3）做事", 7, 3},
    {"Q7(3)", 7, 3},
    {"Q7_3", 7, 3},
    {"Q7_R3", 7, 3},
    {"7_12", 7, 12},
    {"7-3", 7, 3},
    {"7.3", 7, 3},
    {"7、2周以来—做事", 7, 0},
    {"7、3个月以来", 7, 0},
    {"7、甲—1、乙—丙", 7, 0}, /* only what stands behind the last dash is the row */
    {"7(a)", 0, 0},
    {"7(0)", 0, 0},
    {"7(3", 0, 0},
    {"Q7_3b", 0, 0},
    {"7", 7, 0},
    {"_3", 0, 0},
    {"PHQ_3", 0, 0},
    {"1班人数", 0, 0},
    {"12345(3)", 0, 0},
    {"", 0, 0},
};

static void rows_of_a_matrix(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned row = 99;
        const unsigned number = psyi_question_row(rows[i].header, &row);
        if (number != rows[i].number || row != rows[i].row)
            fail_msg("'%s': %u, row %u", rows[i].header, number, row);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers),
                                       cmocka_unit_test(rows_of_a_matrix)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
