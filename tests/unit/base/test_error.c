/*
 * test_error.c -- filling errors in, and showing them as a compiler does.
 */
#include "test_support.h"

#include "base/fail.h"
#include "base/text.h"

#include <psyscreen/error.h>
#include <psyscreen/version.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_status_names_follow_the_list(void **state)
{
    (void)state;
    assert_string_equal(psy_status_name(PSY_OK), "PSY_OK");
    assert_string_equal(psy_status_name(PSY_E_NOMEM), "PSY_E_NOMEM");
    assert_string_equal(psy_status_name(PSY_E_INTERNAL), "PSY_E_INTERNAL");
    assert_string_equal(psy_status_name((psy_status)99), "PSY_E_?");
    assert_string_equal(psy_status_message(PSY_E_LIMIT), "a limit was exceeded");
    assert_string_equal(psy_status_message((psy_status)-1), "unknown status");
    /* Frozen numbers: a change here breaks every program that was compiled before. */
    assert_int_equal(PSY_E_NOMEM, 1);
    assert_int_equal(PSY_E_OUTPUT, 13);
    assert_int_equal(PSY_E_INTERNAL, 14);
}

static void test_version_is_one_and_the_same(void **state)
{
    (void)state;
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", PSY_VERSION_MAJOR, PSY_VERSION_MINOR,
             PSY_VERSION_PATCH);
    assert_string_equal(psy_version(), text);
    assert_int_equal(psy_version_number(), PSY_VERSION_NUMBER);
    assert_true(strstr(psy_build_features(), "sav") != NULL);
}

static void test_fail_fills_everything_in(void **state)
{
    (void)state;
    psy_error error;
    memset(&error, 'x', sizeof error);
    const psy_location where = psyi_location("scale.yaml", 3, 14, 2);
    assert_int_equal(psyi_fail(&error, PSY_E_SCHEMA, &where, "%s is %d", "it", 5), PSY_E_SCHEMA);
    assert_int_equal(error.status, PSY_E_SCHEMA);
    assert_string_equal(error.where.source, "scale.yaml");
    assert_int_equal(error.where.line, 3);
    assert_int_equal(error.where.column, 14);
    assert_int_equal(error.where.length, 2);
    assert_string_equal(error.path, "");
    assert_string_equal(error.message, "it is 5");
    assert_int_equal(psyi_fail(NULL, PSY_E_DATA, NULL, "unseen"), PSY_E_DATA);
    assert_int_equal(psyi_fail_memory(NULL, "x"), PSY_E_NOMEM);
    assert_int_equal(psyi_fail_memory(&error, "the catalogue"), PSY_E_NOMEM);
    assert_string_equal(error.message, "out of memory: the catalogue");
    assert_int_equal(error.where.line, 0);
}

static void test_fail_may_quote_the_error_it_replaces(void **state)
{
    (void)state;
    psy_error error = {.status = PSY_E_IO};
    strcpy(error.message, "inner");
    psyi_fail(&error, PSY_E_DATA, &error.where, "outer: %s", error.message);
    assert_string_equal(error.message, "outer: inner");
}

static void test_fail_makes_quoted_text_harmless(void **state)
{
    (void)state;
    psy_error error;
    psyi_fail(&error, PSY_E_DATA, NULL, "'%s'", "a\x1B[31m\r\nb\x7F\xC2\x9B\xFF\xE5\xAD");
    assert_string_equal(error.message, "'a [31m  b   ?\?\?'");
    psyi_fail(&error, PSY_E_DATA, NULL, "%s", "cut \xE5\xAD");
    assert_string_equal(error.message, "cut ");
}

static void test_fail_cuts_on_a_code_point(void **state)
{
    (void)state;
    char text[3 * 400 + 1] = "";
    for (int i = 0; i < 400; i++)
        strcat(text, "学");
    for (size_t before = 0; before < 4; before++) {
        psy_error error;
        psyi_fail(&error, PSY_E_DATA, NULL, "%.*s%s", (int)before, "abc", text);
        const size_t length = strlen(error.message);
        assert_true(length > 505 && length < sizeof error.message);
        assert_int_equal(psyi_utf8_check(error.message, length), length);
        const psy_location where = psyi_location(text + before, 1, 1, 1);
        const size_t n = strlen(where.source);
        assert_true(n > 250 && n < sizeof where.source);
    }
}

static void test_fail_file_names_file_and_reason(void **state)
{
    (void)state;
    psy_error error;
    assert_int_equal(psyi_fail_file(&error, PSY_E_IO, "cannot read", "x.csv", ENOENT), PSY_E_IO);
    assert_string_equal(error.message, "cannot read 'x.csv': No such file or directory");
    assert_string_equal(error.where.source, "x.csv");
    psyi_fail_file(&error, PSY_E_OUTPUT, "cannot write", "y", 123456);
    assert_string_equal(error.message, "cannot write 'y': unknown error");
    assert_int_equal(psyi_fail_file(NULL, PSY_E_IO, "a", "b", 0), PSY_E_IO);
}

static void test_fail_within_builds_a_path(void **state)
{
    (void)state;
    psy_error error;
    psyi_fail(&error, PSY_E_SCHEMA, NULL, "m");
    assert_int_equal(psyi_fail_within(&error, PSY_E_SCHEMA, "score"), PSY_E_SCHEMA);
    psyi_fail_within(&error, PSY_E_SCHEMA, "total");
    psyi_fail_within(&error, PSY_E_SCHEMA, "scales");
    assert_string_equal(error.path, "scales/total/score");
    assert_int_equal(psyi_fail_within(NULL, PSY_E_DATA, "x"), PSY_E_DATA);
    char large[400];
    memset(large, 'p', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    for (int i = 0; i < 5; i++)
        psyi_fail_within(&error, PSY_E_SCHEMA, large);
    assert_int_equal(strlen(error.path), sizeof error.path - 1);
}

static void test_location_bounds_its_numbers(void **state)
{
    (void)state;
    const psy_location where = psyi_location(NULL, SIZE_MAX, SIZE_MAX, 0);
    assert_string_equal(where.source, "<memory>");
    assert_true(where.line == UINT32_MAX && where.column == UINT32_MAX);
    assert_int_equal(where.length, 1);
    assert_int_equal(psyi_location("x", 0, 0, 9).length, 0);
}

typedef struct format_row {
    const char *name;
    uint32_t line, column, length;
    const char *source_text;
    const char *expected;
} format_row;

static const format_row format_rows[] = {
    {"no source text", 2, 5, 1, NULL, "f.yaml:2:5: error: m"},
    {"no place", 0, 0, 0, "a: b\n", "f.yaml: error: m"},
    {"no column", 2, 0, 0, "a\nb\n", "f.yaml:2: error: m\n  b"},
    {"first line", 1, 1, 3, "abc: 1\n", "f.yaml:1:1: error: m\n  abc: 1\n  ^~~"},
    {"middle", 2, 4, 2, "a\nb: cd\nx\n", "f.yaml:2:4: error: m\n  b: cd\n     ^~"},
    {"length 0 marks one", 1, 2, 0, "abc", "f.yaml:1:2: error: m\n  abc\n   ^"},
    {"windows line ends", 2, 1, 1, "a\r\nb\r\n", "f.yaml:2:1: error: m\n  b\n  ^"},
    {"old mac line ends", 2, 1, 1, "a\rb\r", "f.yaml:2:1: error: m\n  b\n  ^"},
    {"empty line", 2, 1, 1, "a\n\nb", "f.yaml:2:1: error: m\n  \n  ^"},
    {"behind the end", 1, 4, 1, "abc\n", "f.yaml:1:4: error: m\n  abc\n     ^"},
    {"far behind the end", 1, 90, 1, "abc\n", "f.yaml:1:90: error: m\n  abc\n     ^"},
    {"span longer than line", 1, 3, 99, "abc\n", "f.yaml:1:3: error: m\n  abc\n    ^"},
    {"line behind the text", 9, 1, 1, "abc\n", "f.yaml:9:1: error: m"},
    {"last empty line", 2, 1, 1, "abc\n", "f.yaml:2:1: error: m\n  \n  ^"},
    {"tab before the span", 1, 3, 1, "\tab\n", "f.yaml:1:3: error: m\n  \tab\n  \t ^"},
    {"chinese takes two cells", 1, 3, 2, "学校: 年级\n",
     "f.yaml:1:3: error: m\n  学校: 年级\n      ^~"},
    {"chinese under the span", 1, 5, 2, "学校: 年级\n",
     "f.yaml:1:5: error: m\n  学校: 年级\n        ^~~~"},
    {"full-width forms", 1, 2, 1, "（x）", "f.yaml:1:2: error: m\n  （x）\n    ^"},
    {"combining mark", 1, 3, 1, "e\xCC\x81z", "f.yaml:1:3: error: m\n  e\xCC\x81z\n   ^"},
    {"byte order mark", 1, 2, 1, "\xEF\xBB\xBFz", "f.yaml:1:2: error: m\n  \xEF\xBB\xBFz\n  ^"},
    {"emoji", 1, 2, 1, "😀z", "f.yaml:1:2: error: m\n  😀z\n    ^"},
    {"bytes that are not utf-8", 1, 3, 1, "\xFF\xFEz",
     "f.yaml:1:3: error: m\n  \xEF\xBF\xBD\xEF\xBF\xBDz\n    ^"},
    {"control characters", 1, 4, 1, "\x1B[mz\n", "f.yaml:1:4: error: m\n  ?[mz\n     ^"},
};

static void test_format_places_the_caret(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof format_rows / sizeof *format_rows; i++) {
        const format_row *const row = &format_rows[i];
        psy_error error = {.status = PSY_E_SCHEMA, .message = "m"};
        strcpy(error.where.source, "f.yaml");
        error.where.line = row->line;
        error.where.column = row->column;
        error.where.length = row->length;
        char out[512];
        const size_t length = row->source_text != NULL ? strlen(row->source_text) : 0;
        const size_t n = psy_error_format(&error, row->source_text, length, out, sizeof out);
        if (strcmp(out, row->expected) != 0)
            fail_msg("%s:\n%s\ninstead of\n%s", row->name, out, row->expected);
        assert_int_equal(n, strlen(row->expected));
        /* Cut at every size: a prefix, NUL-terminated, valid UTF-8, the same length. */
        for (size_t size = 0; size < n + 2; size++) {
            char cut[512];
            memset(cut, '#', sizeof cut);
            assert_int_equal(psy_error_format(&error, row->source_text, length, cut, size), n);
            if (size == 0) {
                assert_int_equal(cut[0], '#');
                continue;
            }
            const size_t used = strlen(cut);
            assert_true(used < size);
            assert_memory_equal(cut, out, used);
            assert_int_equal(psyi_utf8_check(cut, used), used);
            assert_int_equal(cut[size], '#');
        }
    }
}

static void test_format_shows_a_window_of_a_long_line(void **state)
{
    (void)state;
    char line[3 * 5000 + 1] = "";
    for (int i = 0; i < 5000; i++)
        memcpy(line + 3 * i, "学", 4);
    psy_error error = {.status = PSY_E_SCHEMA, .message = "m"};
    for (uint32_t column = 1; column <= 5001; column += 100) {
        error.where = psyi_location("f", 1, column, 4000);
        char out[4096];
        const size_t n = psy_error_format(&error, line, strlen(line), out, sizeof out);
        assert_true(n < 1200);
        assert_non_null(strchr(out, '^'));
        assert_int_equal(psyi_utf8_check(out, n), n);
    }
}

static void test_format_without_file_or_message(void **state)
{
    (void)state;
    char out[128];
    const psy_error plain = {.status = PSY_E_LIMIT};
    psy_error_format(&plain, NULL, 0, out, sizeof out);
    assert_string_equal(out, "error: a limit was exceeded");
    const psy_error path = {.status = PSY_E_DATA, .path = "row 418, item q7", .message = "m"};
    psy_error_format(&path, NULL, 0, out, sizeof out);
    assert_string_equal(out, "error: m (in row 418, item q7)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status_names_follow_the_list),
        cmocka_unit_test(test_version_is_one_and_the_same),
        cmocka_unit_test(test_fail_fills_everything_in),
        cmocka_unit_test(test_fail_may_quote_the_error_it_replaces),
        cmocka_unit_test(test_fail_makes_quoted_text_harmless),
        cmocka_unit_test(test_fail_cuts_on_a_code_point),
        cmocka_unit_test(test_fail_file_names_file_and_reason),
        cmocka_unit_test(test_fail_within_builds_a_path),
        cmocka_unit_test(test_location_bounds_its_numbers),
        cmocka_unit_test(test_format_places_the_caret),
        cmocka_unit_test(test_format_shows_a_window_of_a_long_line),
        cmocka_unit_test(test_format_without_file_or_message),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
