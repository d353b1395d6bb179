/*
 * test_encodings.c -- files in the encodings that are met, declared and not.
 */
#include "test_support.h"

#include "base/digest.h"
#include "intake/decode_input.h"
#include "intake_fixture.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Text in another encoding; returns its length. */
static size_t encode(const char *name, const char *text, char *out, size_t size)
{
    const iconv_t to = iconv_open(name, "UTF-8");
    assert_true(to != (iconv_t)-1);
    char *from = (char *)text, *at = out; /* iconv's signature lacks a const */
    size_t left = strlen(text), room = size;
    assert_int_not_equal(iconv(to, &from, &left, &at, &room), (size_t)-1);
    iconv_close(to);
    return size - room;
}

static const char text_[] = "学籍号,性别,sdq_1,sdq_2\nG1,男,0,1\nG2,女,２,1\n";
static const char *const student[] = {"学籍号"}, *const sex[] = {"性别"};
static const psy_instrument *const sdq[] = {&fixture_sdq};

static void declare(fixture_reading *reading, const char *encoding)
{
    fixture_plan(reading, sdq, 1);
    reading->input.encoding = encoding;
    fixture_column(reading, PSYI_FIELD_STUDENT, student, 1);
    fixture_column(reading, PSYI_FIELD_SEX, sex, 1);
}

static void check_read(fixture_reading *reading)
{
    assert_int_equal(reading->intake->n_records, 2);
    assert_string_equal(reading->intake->records[1].student, "G2");
    assert_int_equal(reading->intake->records[0].sex, PSYI_SEX_MALE);
    assert_int_equal(fixture_byte(reading, 0, 1, 0), 2);
}

static const struct {
    const char *name, *written, *declared;
} readable[] = {
    {"UTF-8", "UTF-8", NULL},
    {"UTF-8, declared", "UTF-8", "utf-8"},
    {"GBK", "GBK", "gbk"},
    {"GBK declared as GB18030", "GBK", "gb18030"},
    {"GB18030", "GB18030", "GB18030"},
    {"UTF-16 with a byte order mark", "UTF-16", "utf-16"},
};

static void test_declared_encodings(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(readable); i++) {
        char bytes[1024];
        fixture_reading reading;
        print_message("  %s\n", readable[i].name);
        const size_t length = encode(readable[i].written, text_, bytes, sizeof bytes);
        declare(&reading, readable[i].declared);
        assert_int_equal(fixture_read(&reading, bytes, length), PSY_OK);
        check_read(&reading);
        fixture_done(&reading);
    }
}

static void test_byte_order_mark(void **state)
{
    (void)state;
    char bytes[1024];
    fixture_reading reading;
    memcpy(bytes, "\xEF\xBB\xBF", 3);
    memcpy(bytes + 3, text_, sizeof text_);
    declare(&reading, NULL);
    assert_int_equal(fixture_read(&reading, bytes, sizeof text_ + 2), PSY_OK);
    check_read(&reading);
    fixture_done(&reading);
}

static void test_undeclared_gbk_is_refused_with_what_to_declare(void **state)
{
    (void)state;
    char bytes[1024];
    fixture_reading reading;
    const size_t length = encode("GBK", text_, bytes, sizeof bytes);
    declare(&reading, NULL);
    assert_int_equal(fixture_read(&reading, bytes, length), PSY_E_DATA);
    /* 学 is D1 A7 in GBK, which happens to be valid UTF-8; 籍 is not. */
    assert_int_equal(reading.error.where.line, 1);
    assert_int_equal(reading.error.where.column, 2);
    assert_non_null(strstr(reading.error.message, "GBK"));
    assert_non_null(strstr(reading.error.message, "encoding: gb18030"));
    assert_string_equal(reading.error.path, "inputs/responses");
    fixture_done(&reading);
}

static void test_undeclared_utf16_is_refused_with_what_to_declare(void **state)
{
    (void)state;
    char bytes[1024];
    fixture_reading reading;
    const size_t length = encode("UTF-16", text_, bytes, sizeof bytes);
    declare(&reading, NULL);
    assert_int_equal(fixture_read(&reading, bytes, length), PSY_E_DATA);
    assert_non_null(strstr(reading.error.message, "encoding: utf-16"));
    fixture_done(&reading);
    const size_t plain = encode("UTF-16LE", text_, bytes, sizeof bytes);
    declare(&reading, "utf-16");
    assert_int_equal(fixture_read(&reading, bytes, plain), PSY_E_DATA);
    fixture_done(&reading);
}

static void test_nul_is_refused_where_it_stands(void **state)
{
    (void)state;
    static const char bytes[] = "sdq_1,sdq_2\n0,1\n0,\0001\n";
    fixture_reading reading;
    fixture_plan(&reading, sdq, 1);
    assert_int_equal(fixture_read(&reading, bytes, sizeof bytes - 1), PSY_E_DATA);
    assert_int_equal(reading.error.where.line, 3);
    assert_int_equal(reading.error.where.column, 3);
    assert_non_null(strstr(reading.error.message, "NUL"));
    fixture_done(&reading);
}

static void test_bad_byte_has_its_place(void **state)
{
    (void)state;
    fixture_reading reading;
    declare(&reading, "utf-8");
    assert_int_equal(fixture_read_text(&reading, "学籍号,性别,sdq_1,sdq_2\nG1,男\xFF,0,1\n"),
                     PSY_E_DATA);
    assert_int_equal(reading.error.where.line, 2);
    assert_int_equal(reading.error.where.column, 5);
    fixture_done(&reading);
}

static void test_other_formats_are_named(void **state)
{
    static const struct {
        const char *bytes, *what;
    } files[] = {{"PK\003\004xxxx", "begins like a workbook"},
                 {"$FL2@(#) SPSS", "SPSS"},
                 {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Office"}};
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        fixture_reading reading;
        fixture_plan(&reading, sdq, 1);
        assert_int_not_equal(fixture_read_text(&reading, files[i].bytes), PSY_OK);
        assert_non_null(strstr(reading.error.message, files[i].what));
        fixture_done(&reading);
    }
}

static void test_unknown_encoding_is_named(void **state)
{
    (void)state;
    fixture_reading reading;
    declare(&reading, "klingon");
    assert_int_equal(fixture_read_text(&reading, text_), PSY_E_DATA);
    assert_string_equal(reading.error.message, "'klingon' is no known encoding");
    fixture_done(&reading);
}

/* A file is gone through a MiB at a time: letters that lie across, and what is wrong behind. */
static void test_files_of_several_pieces(void **state)
{
    (void)state;
    const size_t piece = (size_t)1 << 20, length = 3 * piece + 7;
    char *const bytes = malloc(length);
    const char *const path = psy_test_path(psy_test_directory(), "large.csv");
    assert_non_null(bytes);
    for (unsigned shift = 0; shift < 8; shift++) {
        const bool nul = shift == 6, bad = shift == 7;
        char digest[65];
        psyi_input_text text;
        psy_error error;
        memset(bytes, 'x', length);
        for (size_t at = 100; at < length; at += 100)
            bytes[at] = '\n';
        for (size_t end = piece; end < length; end += piece)
            memcpy(bytes + end - shift % 4, shift < 4 ? "\xF0\x9F\x98\x80" : "\xE5\xAD\xA6", 4);
        memcpy(bytes + piece + 4, "    ", 4);
        if (nul || bad)
            bytes[2 * piece + 50] = nul ? '\0' : '\xFF';
        if (shift >= 4)
            for (size_t end = piece; end < length; end += piece)
                bytes[end - shift % 4 + 3] = 'x';
        psy_test_write_file(path, bytes, length);
        const psy_status status =
            psyi_input_text_read(&text, NULL, path, NULL, NULL, false, NULL, &error);
        assert_int_equal(status, nul || bad ? PSY_E_DATA : PSY_OK);
        if (status != PSY_OK) {
            assert_int_equal(error.where.line, (2 * piece + 50) / 100 + 1);
            continue;
        }
        assert_int_equal(text.length, length);
        assert_memory_equal(text.text, bytes, length);
        assert_true(psyi_sha256_bytes(bytes, length, digest));
        assert_string_equal(text.digest, digest);
        psyi_input_text_done(&text);
    }
    free(bytes);
    psy_test_directory_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declared_encodings),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_undeclared_gbk_is_refused_with_what_to_declare),
        cmocka_unit_test(test_undeclared_utf16_is_refused_with_what_to_declare),
        cmocka_unit_test(test_nul_is_refused_where_it_stands),
        cmocka_unit_test(test_bad_byte_has_its_place),
        cmocka_unit_test(test_other_formats_are_named),
        cmocka_unit_test(test_unknown_encoding_is_named),
        cmocka_unit_test(test_files_of_several_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
