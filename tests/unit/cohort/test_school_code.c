/*
 * test_school_code.c -- the school of a code: in its order, the first of several, and no part of
 * one.
 */
#include "test_support.h"

#include "cohort/results.h"

#include <string.h>

static size_t find(const char *const *codes, size_t n, const char *code, size_t length)
{
    psyi_school schools[8];
    memset(schools, 0, sizeof schools);
    for (size_t i = 0; i < n; i++)
        schools[i].code = codes[i];
    const psyi_results results = {.schools = schools, .n_schools = n};
    return psyi_school_of_code(&results, code, length);
}

static void test_the_school_of_a_code(void **state)
{
    (void)state;
    static const char *const codes[] = {"", "A", "AB", "AB", "AB", "B", "学校"};
    enum { N = sizeof codes / sizeof codes[0] };
    for (size_t n = 0; n <= N; n++)
        for (size_t i = 0; i < N; i++) {
            size_t first = 0;
            while (first < n && strcmp(codes[first], codes[i]) != 0)
                first++;
            assert_int_equal(find(codes, n, codes[i], strlen(codes[i])), first);
        }
    assert_int_equal(find(codes, N, "ABC", 3), N);
    assert_int_equal(find(codes, N, "ABC", 2), 2); /* of so many bytes */
    assert_int_equal(find(codes, N, "a", 1), N);
    assert_int_equal(find(codes, N, "学", 3), N);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_school_of_a_code)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
