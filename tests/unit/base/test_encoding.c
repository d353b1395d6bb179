/*
 * test_encoding.c -- whole files to UTF-8, and where and how they are refused.
 */
#include "test_support.h"

#include "base/text.h"
#include "malloc_sweep.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct decode_row {
    const char *name;
    psyi_encoding encoding;
    const char *bytes;
    size_t length;
    const char *text;      /* expected; NULL when refused */
    uint32_t line, column; /* of the refusal */
    const char *message;   /* part of it */
} decode_row;

#define GOOD(name, encoding, bytes, text)                                                          \
    {                                                                                              \
        name, PSYI_ENCODING_##encoding, bytes, sizeof(bytes) - 1, text, 0, 0, NULL                 \
    }
#define BAD(name, encoding, bytes, line, column, message)                                          \
    {                                                                                              \
        name, PSYI_ENCODING_##encoding, bytes, sizeof(bytes) - 1, NULL, line, column, message      \
    }

/* "学号,性别" in GBK. */
#define GBK_HEADER "\xD1\xA7\xBA\xC5,\xD0\xD4\xB1\xF0"

static const decode_row rows[] = {
    GOOD("empty utf-8", UTF8, "", ""),
    GOOD("utf-8", UTF8, "学号\n1", "学号\n1"),
    GOOD("utf-8 with byte order mark", UTF8, "\xEF\xBB\xBF学号", "学号"),
    GOOD("only a byte order mark", UTF8, "\xEF\xBB\xBF", ""),
    GOOD("only the first mark is dropped", UTF8, "\xEF\xBB\xBF\xEF\xBB\xBFx", "\xEF\xBB\xBFx"),
    GOOD("gbk", GBK, GBK_HEADER "\r\n1,\xC4\xD0", "学号,性别\r\n1,男"),
    GOOD("gb18030 two bytes", GB18030, GBK_HEADER, "学号,性别"),
    GOOD("gb18030 four bytes", GB18030, "\x81\x39\xEE\x39", "㐀"),
    GOOD("gb18030 beyond the basic plane", GB18030, "\x95\x32\x82\x36", "𠀀"),
    GOOD("gb18030 byte order mark", GB18030, "\x84\x31\x95\x33\xD1\xA7", "学"),
    GOOD("gbk that happens to be valid utf-8", GBK,
         "\xC5\xAE,\xC5\xAE,\xC5\xAE,\xC5\xAE,\xC5\xAE,\xC5\xAE,\xC5\xAE,\xC5\xAE,\xC5\xAE",
         "女,女,女,女,女,女,女,女,女"),
    GOOD("a few sequences prove nothing", GBK, "\xE7\x94\xB7\xE5\xA5\xB3", "鐢峰コ"),
    GOOD("empty gbk", GBK, "", ""),
    GOOD("utf-16 little end first", UTF16, "\xFF\xFE\x66\x5B\x2C\x00\x0A\x00", "学,\n"),
    GOOD("utf-16 big end first", UTF16, "\xFE\xFF\x5B\x66\x00\x2C", "学,"),
    GOOD("utf-16 surrogates", UTF16, "\xFF\xFE\x3D\xD8\x00\xDE", "😀"),
    GOOD("utf-16 empty", UTF16, "\xFF\xFE", ""),
    GOOD("windows-1252", WINDOWS1252, "\x80 \x96 caf\xE9", "€ – café"),
    GOOD("latin1", LATIN1, "caf\xE9 \xFF", "café ÿ"),

    /* The first character is valid UTF-8 by chance. */
    BAD("gbk called utf-8", UTF8, GBK_HEADER "\n", 1, 2, "declare encoding: gb18030"),
    BAD("gbk called utf-8, second line", UTF8, "id,sex\n12,\xC4\xD0\n", 2, 4,
        "byte 0xC4 is not valid utf-8; the file looks like GBK: declare encoding: gb18030"),
    BAD("column counts code points", UTF8, "学号,性别\n学\xFF", 2, 2, "byte 0xFF is not valid"),
    BAD("utf-16 called utf-8", UTF8, "\xFF\xFE\x31\x00", 1, 1, "declare encoding: utf-16"),
    BAD("utf-16 without mark called utf-8", UTF8, "1\0,\0", 1, 2, "UTF-16 without"),
    BAD("western text called utf-8", UTF8, "caf\xE9\n,", 1, 4, "declare encoding: windows-1252"),
    BAD("nul in utf-8", UTF8, "ab\nc\0d", 2, 2, "NUL byte in the text"),
    BAD("nul before a bad byte", UTF8, "a\0b\xFF", 1, 2, "NUL byte in the text"),
    BAD("overlong", UTF8, "a\xC0\x80", 1, 2, "byte 0xC0"),
    BAD("cut off utf-8", UTF8, "a\xE5\xAD", 1, 2, "byte 0xE5"),
    BAD("utf-8 mark in gbk", GBK, "\xEF\xBB\xBF学", 1, 1, "declare encoding: utf-8"),
    BAD("utf-8 mark in latin1", LATIN1, "\xEF\xBB\xBFx", 1, 1, "the file is not iso-8859-1"),
    BAD("utf-16 mark in gb18030", GB18030, "\xFF\xFE\x31\x00", 1, 1, "declare encoding: utf-16"),
    BAD("utf-16 mark in windows-1252", WINDOWS1252, "\xFE\xFF\x00\x31", 1, 1, "utf-16"),
    BAD("utf-8 called gbk", GBK, "a\nx,男女男女男女男女\n", 2, 3,
        "the file is not gbk; the file looks like UTF-8: declare encoding: utf-8"),
    BAD("utf-8 called latin1", LATIN1, "x,éééééééé", 1, 3, "declare encoding: utf-8"),
    BAD("gbk in two bytes, second is bad", GBK, "\xD1\x20", 1, 1, "byte 0xD1 is not valid gbk"),
    BAD("cut off gbk", GBK, "1\n\xD1\xA7\xBA", 2, 2, "the last character is cut off"),
    BAD("gb18030 called gbk", GBK, "x\x81\x39\xEF\x30", 1, 2, "declare encoding: gb18030"),
    BAD("0xFF in gb18030", GB18030, "ab\xFF", 1, 3, "byte 0xFF is not valid gb18030"),
    BAD("undefined in windows-1252", WINDOWS1252, "a\x81", 1, 2, "byte 0x81"),
    BAD("utf-16 without mark", UTF16, "1\0", 1, 1, "needs a byte order mark"),
    BAD("utf-16 of one byte", UTF16, "\xFF", 1, 1, "needs a byte order mark"),
    BAD("empty is not utf-16", UTF16, "", 1, 1, "needs a byte order mark"),
    BAD("utf-16 cut off", UTF16, "\xFF\xFE\x31\x00\x32", 1, 2, "cut off"),
    BAD("utf-16 high surrogate at the end", UTF16, "\xFF\xFE\n\x00\x3D\xD8", 2, 1, "surrogate"),
    BAD("utf-16 high surrogate alone", UTF16, "\xFF\xFE\x3D\xD8\x31\x00", 1, 1, "surrogate"),
    BAD("utf-16 low surrogate first", UTF16, "\xFF\xFE\x00\xDE\x3D\xD8", 1, 1, "surrogate"),
    BAD("nul in utf-16", UTF16, "\xFF\xFE\x31\x00\x00\x00", 1, 2, "NUL byte"),
    BAD("nul in latin1", LATIN1, "a\0", 1, 2, "NUL byte"),
    BAD("nul in gbk", GBK, "\xD1\xA7\0", 1, 2, "NUL byte"),
};

static void test_decode_or_refuse_with_a_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const decode_row *const row = &rows[i];
        psyi_buffer out;
        psyi_buffer_init(&out, NULL);
        psyi_buffer_text(&out, "before"); /* what is there already stays */
        psy_error error = {.status = PSY_OK};
        const psy_status status =
            psyi_decode(row->bytes, row->length, row->encoding, "x.csv", &out, &error);
        if (row->text != NULL) {
            if (status != PSY_OK)
                fail_msg("%s: %s", row->name, error.message);
            if (strcmp(out.data + 6, row->text) != 0)
                fail_msg("%s: '%s'", row->name, out.data + 6);
            assert_int_equal(out.length, 6 + strlen(row->text));
        } else {
            if (status != PSY_E_DATA || error.status != PSY_E_DATA)
                fail_msg("%s: %s instead of a refusal", row->name, psy_status_name(status));
            if (error.where.line != row->line || error.where.column != row->column)
                fail_msg("%s: refused at %u:%u", row->name, error.where.line, error.where.column);
            if (strstr(error.message, row->message) == NULL)
                fail_msg("%s: '%s'", row->name, error.message);
            assert_string_equal(error.where.source, "x.csv");
            assert_string_equal(out.data, "before");
            assert_int_equal(out.length, 6);
        }
        psyi_buffer_done(&out);
    }
}

static void test_large_files_decode_across_blocks(void **state)
{
    (void)state;
    /* An odd byte in front shifts every pair against any block size. */
    for (size_t shift = 0; shift < 2; shift++) {
        enum { PAIRS = 70001 };
        const size_t length = shift + 2 * PAIRS;
        char *const bytes = malloc(length);
        assert_non_null(bytes);
        bytes[0] = 'x';
        for (size_t i = 0; i < PAIRS; i++)
            memcpy(bytes + shift + 2 * i, "\xC4\xD0", 2);
        psyi_buffer out;
        psyi_buffer_init(&out, NULL);
        assert_int_equal(psyi_decode(bytes, length, PSYI_ENCODING_GBK, "x", &out, NULL), PSY_OK);
        assert_int_equal(out.length, shift + 3 * PAIRS);
        for (size_t i = 0; i < PAIRS; i++)
            assert_memory_equal(out.data + shift + 3 * i, "男", 3);
        psyi_buffer_done(&out);
        /* The same called UTF-8: the advice looks at the beginning only, and still knows. */
        psy_error error;
        psyi_buffer_init(&out, NULL);
        assert_int_equal(psyi_decode(bytes, length, PSYI_ENCODING_UTF8, "x", &out, &error),
                         PSY_E_DATA);
        assert_non_null(strstr(error.message, "declare encoding: gb18030"));
        assert_int_equal(error.where.column, shift + 1);
        psyi_buffer_done(&out);
        free(bytes);
    }
}

static void test_every_two_byte_pair_decodes_to_valid_text_or_is_refused(void **state)
{
    (void)state;
    for (int e = 0; e < PSYI_ENCODING_COUNT; e++)
        for (unsigned a = 0; a < 256; a++)
            for (unsigned b = 0; b < 256; b += 5) {
                const char bytes[4] = {'x', (char)a, (char)b, 'y'};
                psyi_buffer out;
                psyi_buffer_init(&out, NULL);
                psy_error error = {.status = PSY_OK};
                const psy_status status =
                    psyi_decode(bytes, sizeof bytes, (psyi_encoding)e, "x", &out, &error);
                if (status == PSY_OK) {
                    assert_int_equal(psyi_utf8_check(out.data, out.length), out.length);
                    assert_null(memchr(out.data, 0, out.length));
                } else {
                    assert_int_equal(status, PSY_E_DATA);
                    assert_true(error.where.line > 0);
                }
                psyi_buffer_done(&out);
            }
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        psyi_encoding encoding;
    } names[] = {
        {"utf-8", PSYI_ENCODING_UTF8},
        {"UTF8", PSYI_ENCODING_UTF8},
        {"utf-8-sig", PSYI_ENCODING_UTF8},
        {"UTF-16", PSYI_ENCODING_UTF16},
        {"GB18030", PSYI_ENCODING_GB18030},
        {"gbk", PSYI_ENCODING_GBK},
        {"GB2312", PSYI_ENCODING_GBK},
        {"cp936", PSYI_ENCODING_GBK},
        {"Windows-1252", PSYI_ENCODING_WINDOWS1252},
        {"cp1252", PSYI_ENCODING_WINDOWS1252},
        {"ISO-8859-1", PSYI_ENCODING_LATIN1},
        {"latin1", PSYI_ENCODING_LATIN1},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        psyi_encoding found = PSYI_ENCODING_COUNT;
        assert_true(psyi_encoding_find(names[i].name, &found));
        assert_int_equal(found, names[i].encoding);
    }
    for (int e = 0; e < PSYI_ENCODING_COUNT; e++) {
        psyi_encoding found = PSYI_ENCODING_COUNT;
        assert_true(psyi_encoding_find(psyi_encoding_name((psyi_encoding)e), &found));
        assert_int_equal(found, e);
    }
    psyi_encoding untouched = PSYI_ENCODING_LATIN1;
    assert_false(psyi_encoding_find("ansi", &untouched));
    assert_false(psyi_encoding_find("", &untouched));
    assert_int_equal(untouched, PSYI_ENCODING_LATIN1);
    assert_string_equal(psyi_encoding_name(PSYI_ENCODING_COUNT), "unknown");
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    assert_int_equal(psyi_decode("x", 1, PSYI_ENCODING_COUNT, "x", &out, NULL), PSY_E_ARGUMENT);
    psyi_buffer_done(&out);
}

static psy_status decode_once(const psy_allocator *allocator, void *context)
{
    const decode_row *const row = context;
    psyi_buffer out;
    psyi_buffer_init(&out, allocator);
    psy_error error = {.status = PSY_OK};
    const psy_status status =
        psyi_decode(row->bytes, row->length, row->encoding, "x.csv", &out, &error);
    psyi_buffer_done(&out);
    return status;
}

static void test_decode_survives_every_failing_allocation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].text != NULL && rows[i].text[0] != '\0')
            assert_true(psy_sweep(decode_once, (void *)&rows[i]) > 0);
}

static psy_status decode_by_malloc(void *context)
{
    return decode_once(NULL, context);
}

static void test_decode_survives_a_failing_malloc_of_iconv(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].text != NULL && rows[i].text[0] != '\0') {
            assert_int_equal(decode_by_malloc((void *)&rows[i]), PSY_OK);
            psy_malloc_sweep(decode_by_malloc, (void *)&rows[i], 0);
        }
}

/* ASCII is copied and the rest decoded in pieces: the same as iconv does with the whole. */
static void test_pieces_are_decoded_as_the_whole(void **state)
{
    static const char *const parts[] = {"0,1,2,3\n",        "\xC0\xEE\xBC\xD1",
                                        "\x81\x30\x84\x36", "\xC4\xD0",
                                        "\"a\r\n\"",        "\x81\x40",
                                        "\xD7\xDF;x",       " ",
                                        "\xA3\xB1",         "G12-"};
    static const char *const bad[] = {"\xFF", "\xC0", "\x81\x30", "\xC0,", "\x81\x30\x84,"};
    static const struct {
        psyi_encoding encoding;
        const char *name;
    } both[] = {{PSYI_ENCODING_GB18030, "GB18030"}, {PSYI_ENCODING_GBK, "GBK"}};
    uint32_t seed = 3;
    size_t n_refused = 0;
    (void)state;
    for (unsigned round = 0; round < 4000; round++) {
        psyi_buffer text, out;
        psyi_buffer_init(&text, NULL);
        psyi_buffer_init(&out, NULL);
        for (unsigned n = 1 + round % 23; n > 0; n--) {
            seed = seed * 1664525u + 1013904223u;
            psyi_buffer_text(&text, parts[(seed >> 8) % (sizeof parts / sizeof *parts)]);
            if ((seed >> 20) % 97 == 0)
                psyi_buffer_text(&text, bad[(seed >> 12) % (sizeof bad / sizeof *bad)]);
        }
        const iconv_t to = iconv_open("UTF-8", both[round % 2].name);
        char wanted[4096], *in = text.data, *to_at = wanted;
        size_t left = text.length, room = sizeof wanted;
        assert_true(to != (iconv_t)-1);
        const bool good = iconv(to, &in, &left, &to_at, &room) != (size_t)-1;
        iconv_close(to);
        psy_error error;
        const psy_status status =
            psyi_decode(text.data, text.length, both[round % 2].encoding, "t.csv", &out, &error);
        assert_int_equal(status, good ? PSY_OK : PSY_E_DATA);
        n_refused += !good;
        if (good) {
            assert_int_equal(out.length, sizeof wanted - room);
            assert_memory_equal(out.data, wanted, out.length);
        } else if (strncmp(error.message, "byte 0x", 7) == 0) {
            /* The same bad byte, by its value and by the lines before it. */
            uint32_t line = 1;
            for (const char *c = text.data; c < in; c++)
                line += *c == '\n';
            assert_int_equal(strtoul(error.message + 5, NULL, 16), (unsigned char)*in);
            assert_int_equal(error.where.line, line);
        }
        psyi_buffer_done(&text);
        psyi_buffer_done(&out);
    }
    assert_true(n_refused > 200 && n_refused < 3800);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_decoded_as_the_whole),
        cmocka_unit_test(test_decode_or_refuse_with_a_place),
        cmocka_unit_test(test_large_files_decode_across_blocks),
        cmocka_unit_test(test_every_two_byte_pair_decodes_to_valid_text_or_is_refused),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_decode_survives_every_failing_allocation),
        cmocka_unit_test(test_decode_survives_a_failing_malloc_of_iconv),
    };
    return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
