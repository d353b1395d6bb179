/*
 * test_odd_tables.c -- what offices do to tables: sums and notes below them, exports one below
 * the other, numbers that a spreadsheet has spoilt, files of other kinds.
 */
#include "test_support.h"

#include "intake/other_format.h"
#include "intake/spoilt_cell.h"
#include "intake_fixture.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ITEMS        "phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9"
#define HEADER       "学籍号,班级," ITEMS "\n"
#define ZEROS        ",0,0,0,0,0,0,0,0,0\n"

static const psy_instrument *const phq9[] = {&fixture_phq9};
static const char *const student[] = {"学籍号"}, *const class_name[] = {"班级"};

static psy_status read_text(fixture_reading *reading, bool general, const char *text)
{
    fixture_plan(reading, phq9, 1);
    fixture_column(reading, PSYI_FIELD_STUDENT, student, 1);
    fixture_column(reading, PSYI_FIELD_CLASS, class_name, 1);
    reading->options.general_only = general;
    return fixture_read_text(reading, text);
}

/* A sum, an average and a note are no students, in whatever column they stand. */
static void sums_and_notes(void **state)
{
    (void)state;
    for (int general = 0; general < 2; general++) {
        fixture_reading reading;
        assert_int_equal(
            read_text(&reading, general != 0,
                      HEADER "S1,1班" ZEROS "合计,,9,9,9,9,9,9,9,9,9\n"
                             ",平均分,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5,1.5\nTOTAL,,12,,,,,,,,\n"
                             "说明：本表为测试数据,,,,,,,,,,\nS2,合计班" ZEROS),
            PSY_OK);
        assert_int_equal(reading.intake->n_records, 2);
        assert_int_equal(reading.intake->records[1].row, 7);
        const psy_finding *const finding = fixture_finding(reading.findings, "note_row");
        assert_non_null(finding);
        assert_int_equal(finding->row, 3);
        assert_int_equal(finding->severity, PSY_WARNING);
        assert_string_equal(finding->message, "a sum or a note below the table, and no student; 4 "
                                              "such rows were passed over, this is the first");
        assert_int_equal(fixture_count(reading.findings, "out_of_range"), 0);
        assert_int_equal(fixture_count(reading.findings, "unreadable"), 0);
        fixture_done(&reading);
    }
}

/* A second header row reads like a child none of whose answers exists: told with its place.  One
 * child who writes nonsense is no header, nor is a file in which nobody's answers can be read. */
static void second_headers(void **state)
{
    static const struct {
        const char *rows;
        bool told;
    } files[] = {
        {"编号,班号,兴趣,心情,睡眠,精力,食欲,自责,专注,迟缓,自伤\nS1,1班" ZEROS, true},
        {",,Q1,Q2,Q3,Q4,Q5,Q6,Q7,Q8,Q9\n\nS1,1班" ZEROS, true},
        {"S0,1班,兴趣,心情,0,精力,食欲,自责,专注,迟缓,自伤\nS1,1班" ZEROS, false},
        {"S0,1班,x,x,,,,,,,\nS1,1班" ZEROS, false},
        {"S1,1班" ZEROS "S0,1班,x,x,x,x,x,x,x,x,x\n", false},
        {"S0,1班,x,x,x,x,x,x,x,x,x\nS1,1班,y,y,y,y,y,y,y,y,y\n", false},
        {"S0,1班,x,x,x,x,x,x,x,x,x\n", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        fixture_reading reading;
        char text[1024];
        snprintf(text, sizeof text, HEADER "%s", files[i].rows);
        assert_int_equal(read_text(&reading, false, text), PSY_OK);
        const psy_finding *const finding = fixture_finding(reading.findings, "second_header");
        assert_int_equal(finding != NULL, files[i].told);
        if (finding != NULL) {
            assert_int_equal(finding->row, 2);
            assert_non_null(strstr(finding->message, "row 2 looks like a second header row: none "
                                                     "of its 9 answers is one"));
            assert_non_null(strstr(finding->remedy, "header_row:"));
        }
        fixture_done(&reading);
    }
}

/* Something beside a note makes it a row that must not be lost. */
static void notes_with_answers_stay(void **state)
{
    (void)state;
    fixture_reading reading;
    assert_int_equal(read_text(&reading, false, HEADER "备注：无,1班,3,0,0,0,0,0,0,0,3\n"), PSY_OK);
    assert_int_equal(reading.intake->n_records, 1);
    assert_int_equal(fixture_byte(&reading, 0, 0, 8), 3);
    fixture_done(&reading);
}

/* The same header again is passed over; one with two questions exchanged, with a question more or
 * with the persons' columns moved is refused with its row, before anything behind it is read. */
static void another_header(void **state)
{
    static const char *const refused[] = {
        "学籍号,班级,phq9_2,phq9_1,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n",
        "学籍号,班级,您的心情,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n",
        "班级,学籍号," ITEMS "\n",
        ITEMS ",学籍号,班级\n",
    };
    (void)state;
    for (size_t i = 0; i <= COUNT(refused); i++) {
        for (int general = 0; general < 2; general++) {
            fixture_reading reading;
            char text[1024];
            snprintf(text, sizeof text, HEADER "S1,1班" ZEROS "%sS2,1班" ZEROS,
                     i < COUNT(refused) ? refused[i] : "学籍号, 班级 ," ITEMS "\n");
            const psy_status status = read_text(&reading, general != 0, text);
            if (i < COUNT(refused)) {
                assert_int_equal(status, PSY_E_DATA);
                assert_int_equal(reading.error.where.line, 3);
                assert_non_null(
                    strstr(reading.error.message, "row 3 is the header of another export"));
                assert_non_null(strstr(reading.error.message, "files of their own"));
            } else {
                assert_int_equal(status, PSY_OK);
                assert_int_equal(reading.intake->n_records, 2);
                assert_int_equal(fixture_count(reading.findings, "header_repeated"), 1);
            }
            fixture_done(&reading);
        }
    }
}

/* A student whose number is a word of the header, and answers that are labels, stay students. */
static void odd_numbers_are_students(void **state)
{
    (void)state;
    fixture_reading reading;
    assert_int_equal(read_text(&reading, false, HEADER "班级,1班" ZEROS), PSY_OK);
    assert_int_equal(reading.intake->n_records, 1);
    fixture_done(&reading);
}

/* 3-12 became a date: the number of nobody, with its place and never as a number. */
static void dates_as_numbers(void **state)
{
    static const char *const dates[] = {"2026-03-12", "2026/3/12", "3月12日", "12-Mar",
                                        "2026-03-12 00:00:00"};
    static const char *const numbers[] = {"3-12",      "20260312",  "2026-03-123", "2026-03",
                                          "12-March2", "2026-0312", "3月12",       "G2026-03-12"};
    (void)state;
    for (size_t i = 0; i < COUNT(dates) + COUNT(numbers); i++) {
        fixture_reading reading;
        char text[512];
        const bool is_date = i < COUNT(dates);
        const char *const cell = is_date ? dates[i] : numbers[i - COUNT(dates)];
        snprintf(text, sizeof text, HEADER "%s,1班" ZEROS, cell);
        assert_int_equal(read_text(&reading, false, text), PSY_OK);
        assert_int_equal(reading.intake->n_records, 1);
        assert_string_equal(reading.intake->records[0].student, is_date ? "" : cell);
        assert_int_equal(fixture_count(reading.findings, "date_cell"), is_date);
        fixture_done(&reading);
        snprintf(text, sizeof text, HEADER "S1,%s" ZEROS, cell);
        assert_int_equal(read_text(&reading, false, text), PSY_OK);
        assert_int_equal(fixture_count(reading.findings, "date_cell"), is_date);
        fixture_done(&reading);
    }
}

/* Of numbers of 18 digits one in a thousand ends in 000; where half of them do, they were rounded.
 */
static void lost_digits(void **state)
{
    (void)state;
    for (int lost = 0; lost <= 6; lost++) {
        fixture_reading reading;
        psyi_buffer text;
        psyi_buffer_init(&text, NULL);
        psyi_buffer_text(&text, HEADER);
        for (int i = 0; i < 6; i++)
            psyi_buffer_format(&text, "5108%011d%s,1班" ZEROS, i + 1000, i < lost ? "000" : "123");
        psyi_buffer_text(&text, "2026001000,1班" ZEROS "G510800000000001000,1班" ZEROS);
        const psy_status status = read_text(&reading, false, text.data);
        assert_int_equal(status, lost >= 3 ? PSY_E_DATA : PSY_OK);
        if (lost >= 3) {
            char expected[64];
            snprintf(expected, sizeof expected, "column 1 ('学籍号'): %d of 6 long numbers", lost);
            assert_non_null(strstr(reading.error.message, expected));
        }
        fixture_done(&reading);
        psyi_buffer_done(&text);
    }
}

/* A formula that was never worked out is no answer that the plan could declare. */
static void formulas(void **state)
{
    (void)state;
    fixture_reading reading;
    assert_int_equal(
        read_text(&reading, false, HEADER "#FORMULA!,1班,#FORMULA!,#N/A,0,0,0,0,0,0,0\n"), PSY_OK);
    const psy_finding *finding = fixture_finding(reading.findings, "formula_error");
    assert_non_null(strstr(finding->message, "no stored result"));
    finding = fixture_finding(reading.findings, "unreadable");
    assert_non_null(strstr(finding->message, "no stored result"));
    assert_null(finding->remedy);
    assert_int_equal(fixture_count(reading.findings, "unreadable"), 2);
    fixture_done(&reading);
}

static void other_formats(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *what;
    } files[] = {
#define FILE_OF(bytes, what) {bytes, sizeof bytes - 1, what}
        FILE_OF("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..W\0o\0r\0k\0b\0o\0o\0k\0", "old Excel"),
        FILE_OF("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..B\0o\0o\0k\0", "old Excel"),
        FILE_OF("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
                "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
                "with a password"),
        FILE_OF("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", "old Office"),
        FILE_OF("\x1F\x8B\x08", "compressed file"),
        FILE_OF("Rar!\x1A\x07", "compressed folder"),
        FILE_OF("%PDF-1.4", "a PDF"),
        FILE_OF("\x89PNG\r\n", "a picture"),
        FILE_OF("PAR1\x15", "Parquet"),
        FILE_OF("MIME-Version: 1.0", "web archive"),
        FILE_OF("\xEF\xBB\xBF <HTML xmlns", "web page"),
        FILE_OF("\r\n<table>", "web page"),
        FILE_OF("<!DOCTYPE html>", "web page"),
        FILE_OF("<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>", "Excel 2003"),
        FILE_OF("<?xml version='1.0'?><a/>", "an XML file"),
        FILE_OF("[{\"a\":1}]", "JSON"),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        fixture_reading reading;
        fixture_plan(&reading, phq9, 1);
        assert_int_equal(fixture_read(&reading, files[i].bytes, files[i].length),
                         PSY_E_UNSUPPORTED);
        assert_non_null(strstr(reading.error.message, files[i].what));
        fixture_done(&reading);
        for (size_t n = 0; n < files[i].length; n++) /* nothing is read behind the end */
            psyi_other_format(files[i].bytes, n);
    }
    static const char *const tables[] = {"学籍号,a\n", "<id>,a\n", "[1],b\n", "\"a\",b\n", ""};
    for (size_t i = 0; i < COUNT(tables); i++)
        assert_null(psyi_other_format(tables[i], strlen(tables[i])));
}

/* Two encodings in one file are told with the line in which the other begins. */
static void two_encodings(void **state)
{
    static const char utf8[] = "学籍号,班级," ITEMS "\n中文中文中文中文,1" ZEROS;
    static const char gbk[] = "\xD6\xD0\xCE\xC4\xD6\xD0,1" ZEROS;
    (void)state;
    for (int which = 0; which < 3; which++) {
        fixture_reading reading;
        psyi_buffer text;
        psyi_buffer_init(&text, NULL);
        fixture_plan(&reading, phq9, 1);
        fixture_column(&reading, PSYI_FIELD_STUDENT, student, 1);
        psyi_buffer_text(&text, which == 2 ? "\xEF\xBB\xBF" : "");
        if (which > 0)
            psyi_buffer_text(&text, gbk);
        if (which < 2)
            psyi_buffer_text(&text, utf8);
        if (which == 0)
            psyi_buffer_text(&text, gbk);
        reading.input.encoding = which == 0 ? "utf-8" : which == 1 ? "gb18030" : NULL;
        assert_int_equal(fixture_read(&reading, text.data, text.length), PSY_E_DATA);
        static const char *const words[] = {"from this line on it looks like GBK",
                                            "this line is UTF-8", "what follows looks like GBK"};
        static const size_t lines[] = {3, 3, 1};
        assert_non_null(strstr(reading.error.message, words[which]));
        assert_int_equal(reading.error.where.line, lines[which]);
        fixture_done(&reading);
        psyi_buffer_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_and_notes),   cmocka_unit_test(notes_with_answers_stay),
        cmocka_unit_test(another_header),   cmocka_unit_test(odd_numbers_are_students),
        cmocka_unit_test(dates_as_numbers), cmocka_unit_test(lost_digits),
        cmocka_unit_test(formulas),         cmocka_unit_test(other_formats),
        cmocka_unit_test(two_encodings),    cmocka_unit_test(second_headers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
