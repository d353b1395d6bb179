/*
 * test_text.c -- UTF-8, identifiers, trimming, near misses.
 */
#include "test_support.h"

#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct utf8_row {
    const char *name, *text;
    size_t length, bad; /* bad == length: valid */
} utf8_row;

#define ROW(name, text, bad)                                                                       \
    {                                                                                              \
        name, text, sizeof(text) - 1, bad                                                          \
    }

static const utf8_row utf8_rows[] = {
    ROW("empty", "", 0),
    ROW("ascii", "plain ascii text of some length", 31),
    ROW("nul is a character", "a\0b", 3),
    ROW("two bytes", "\xC2\x80\xDF\xBF", 4),
    ROW("three bytes", "\xE0\xA0\x80\xEF\xBF\xBF", 6),
    ROW("four bytes", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8),
    ROW("before and after surrogates", "\xED\x9F\xBF\xEE\x80\x80", 6),
    ROW("lone continuation", "ab\x80", 2),
    ROW("overlong slash, two bytes", "\xC0\xAF", 0),
    ROW("overlong slash, three bytes", "x\xE0\x80\xAF", 1),
    ROW("overlong, four bytes", "\xF0\x80\x80\xAF", 0),
    ROW("C1", "\xC1\xBF", 0),
    ROW("high surrogate", "\xED\xA0\x80", 0),
    ROW("low surrogate", "\xED\xBF\xBF", 0),
    ROW("beyond U+10FFFF", "\xF4\x90\x80\x80", 0),
    ROW("F5", "\xF5\x80\x80\x80", 0),
    ROW("FE", "abcdefgh\xFE", 8),
    ROW("FF", "abcdefghijklmnop\xFFqrstuvwx", 16),
    ROW("cut after one of two", "abc\xC3", 3),
    ROW("cut after two of three", "\xE5\xAD", 0),
    ROW("cut after three of four", "\xF0\x9F\x98", 0),
    ROW("ascii in the middle of a sequence", "\xE5\x61\x61", 0),
    ROW("bad byte behind a long run", "0123456789012345678901234567890\xC0", 31),
};

static void test_utf8_check_finds_the_first_bad_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof utf8_rows / sizeof *utf8_rows; i++) {
        const utf8_row *const row = &utf8_rows[i];
        /* A copy of exactly that size, so that reading on is seen by the sanitizer. */
        char *const copy = malloc(row->length + 1);
        assert_non_null(copy);
        memcpy(copy, row->text, row->length);
        const size_t bad = psyi_utf8_check(copy, row->length);
        free(copy);
        if (bad != row->bad)
            fail_msg("%s: %zu instead of %zu", row->name, bad, row->bad);
    }
}

static void test_utf8_encode_and_decode_agree_for_every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char text[4];
        uint32_t back;
        const size_t n = psyi_utf8_encode(c, text);
        if (psyi_utf8_decode(text, n, &back) != n || back != c || psyi_utf8_check(text, n) != n)
            fail_msg("U+%04X", (unsigned)c);
        for (size_t cut = 1; cut < n; cut++)
            if (psyi_utf8_check(text, cut) != 0 || !psyi_utf8_cut(text, cut))
                fail_msg("U+%04X cut after %zu", (unsigned)c, cut);
        if (psyi_utf8_cut(text, n))
            fail_msg("U+%04X is whole", (unsigned)c);
    }
}

static void test_utf8_decode_of_nothing_and_of_rubbish(void **state)
{
    (void)state;
    uint32_t c = 0;
    assert_int_equal(psyi_utf8_decode("", 0, &c), 0);
    assert_int_equal(psyi_utf8_decode("\xFF", 1, &c), 1);
    assert_int_equal(c, 0xFFFD);
    assert_false(psyi_utf8_cut("", 0));
    assert_false(psyi_utf8_cut("\x80", 1));
    assert_false(psyi_utf8_cut("\xE5\x61", 2));
}

static void test_utf8_count_and_prefix(void **state)
{
    (void)state;
    const char *const text = "a学é😀b";
    const size_t length = strlen(text);
    assert_int_equal(psyi_utf8_count(text, length), 5);
    static const size_t expected[] = {0, 1, 4, 6, 10, 11, 11};
    for (size_t n = 0; n < 7; n++)
        assert_int_equal(psyi_utf8_prefix(text, length, n), expected[n]);
    assert_int_equal(psyi_utf8_prefix("\xFF\xFFz", 3, 2), 2);
}

static void test_ids(void **state)
{
    (void)state;
    static const char sixty_four[] =
        "a123456789012345678901234567890123456789012345678901234567890123";
    static const char sixty_five[] =
        "a1234567890123456789012345678901234567890123456789012345678901234";
    assert_int_equal(strlen(sixty_four), 64);
    assert_true(psyi_is_id("a"));
    assert_true(psyi_is_id("phq9_total_2"));
    assert_true(psyi_is_id(sixty_four));
    static const char *const bad[] = {"",    "9a",  "_a",       "A",  "aB",
                                      "a-b", "a b", sixty_five, "a.", "学"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (psyi_is_id(bad[i]))
            fail_msg("'%s' is no id", bad[i]);
    assert_false(psyi_is_id(NULL));
    assert_true(psyi_is_file_id("A-z_09", 6));
    assert_true(psyi_is_file_id(sixty_four, 64));
    assert_false(psyi_is_file_id(sixty_five, 65));
    assert_false(psyi_is_file_id("", 0));
    assert_false(psyi_is_file_id("a/b", 3));
    assert_false(psyi_is_file_id("..", 2));
    assert_false(psyi_is_file_id("a\0b", 3));
}

static void test_ascii_compare_ignores_case_of_ascii_only(void **state)
{
    (void)state;
    assert_int_equal(psyi_ascii_compare("UTF-8", "utf-8"), 0);
    assert_true(psyi_ascii_compare("a", "B") < 0);
    assert_true(psyi_ascii_compare("ab", "a") > 0);
    assert_true(psyi_ascii_compare("", "a") < 0);
    assert_true(psyi_ascii_compare("É", "é") != 0);
    /* The Turkish locale has another small I. */
    assert_int_equal(psyi_ascii_compare("ID", "id"), 0);
}

static void test_trim(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", ""},
        {"a", "a"},
        {"  a b\t\r\n", "a b"},
        {"\xE3\x80\x80小学\xE3\x80\x80", "小学"},
        {"\xC2\xA0x\xC2\xA0", "x"},
        {"\xEF\xBB\xBFx\xE2\x80\x8B", "x"},
        {" \xE3\x80\x80 \t", ""},
        {"\xFF a \xFF", "\xFF a \xFF"},
        {"学", "学"},
        {"a\x80", "a\x80"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = rows[i].text;
        size_t length = strlen(text);
        psyi_trim(&text, &length);
        if (length != strlen(rows[i].expected) || memcmp(text, rows[i].expected, length) != 0)
            fail_msg("'%s' became '%.*s'", rows[i].text, (int)length, text);
    }
}

static void test_narrow(void **state)
{
    (void)state;
    char out[64];
    const char *const text = "ＰＨＱ－９　（１）学～";
    const size_t n = psyi_narrow(text, strlen(text), out);
    const char *const expected = "PHQ-9 (1)学~";
    assert_int_equal(n, strlen(expected));
    assert_memory_equal(out, expected, n);
    /* In place, and with bytes that are not UTF-8. */
    char same[] = "\xEF\xBC\x91\xFFx";
    assert_int_equal(psyi_narrow(same, strlen(same), same), 3);
    assert_memory_equal(same, "1\xFFx", 3);
}

static void test_edit_distance(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t limit, expected;
    } rows[] = {
        {"", "", 0, 0},
        {"abc", "abc", 0, 0},
        {"abc", "abd", 5, 1},
        {"kitten", "sitting", 5, 3},
        {"kitten", "sitting", 2, 3},
        {"kitten", "sitting", 0, 1},
        {"", "abc", 5, 3},
        {"abc", "", 2, 3},
        {"ab", "ba", 5, 2},
        {"scales", "scale", 1, 1},
        {"flaw", "lawn", 2, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t d = psyi_edit_distance(rows[i].a, rows[i].b, rows[i].limit);
        const size_t back = psyi_edit_distance(rows[i].b, rows[i].a, rows[i].limit);
        if (d != rows[i].expected || back != d)
            fail_msg("%s, %s: %zu and %zu", rows[i].a, rows[i].b, d, back);
    }
    char large[300];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    assert_int_equal(psyi_edit_distance(large, large, 3), 0);
    char other[300];
    strcpy(other, large);
    other[7] = 'y';
    assert_int_equal(psyi_edit_distance(large, other, 3), 4);
}

static void test_nearest(void **state)
{
    (void)state;
    static const char *const names[] = {"items", "scales", "scale", "flags", "edition"};
    assert_int_equal(psyi_nearest("scalse", names, 5), 2);
    assert_int_equal(psyi_nearest("scale", names, 5), 2);
    assert_int_equal(psyi_nearest("edtion", names, 5), 4);
    assert_true(psyi_nearest("zzzzzz", names, 5) == SIZE_MAX);
    assert_true(psyi_nearest("", names, 5) == SIZE_MAX);
    assert_true(psyi_nearest("items", names, 0) == SIZE_MAX);
    static const char *const ids[] = {"phq2", "phq9", "scl90", "phq_a"};
    assert_int_equal(psyi_nearest("PHQ-9", ids, 4), 1);
    assert_int_equal(psyi_nearest("SCL 90", ids, 4), 2);
    assert_int_equal(psyi_nearest("PHQ-A", ids, 4), 3);
    assert_int_equal(psyi_nearest("pqh9", ids, 4), 1);
    assert_true(psyi_nearest("-", ids, 4) == SIZE_MAX);
    /* Of names that another begins with. */
    static const char *const ends[] = {"ab", "a", ""};
    assert_true(psyi_nearest("abc", ends, 3) == 0);
    assert_true(psyi_nearest("ba", ends, 3) == SIZE_MAX); /* two letters say too little */
    assert_true(psyi_nearest("ax", ends + 1, 2) == SIZE_MAX);
    static const char *const tied[] = {"aab", "aac"};
    assert_int_equal(psyi_nearest("aad", tied, 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_check_finds_the_first_bad_byte),
        cmocka_unit_test(test_utf8_encode_and_decode_agree_for_every_code_point),
        cmocka_unit_test(test_utf8_decode_of_nothing_and_of_rubbish),
        cmocka_unit_test(test_utf8_count_and_prefix),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_ascii_compare_ignores_case_of_ascii_only),
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_edit_distance),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
