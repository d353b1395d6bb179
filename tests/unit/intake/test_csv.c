/*
 * test_csv.c -- splitting text into records and cells, and the places of what is refused.
 */
#include "test_support.h"

#include "intake/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cells joined by '|', records ended by '/', "@line" before each record that does not
 * begin on the line after the last one's number. */
static psy_status split(const char *text, size_t length, char separator, char *out, size_t size,
                        psy_error *error)
{
    psyi_csv csv;
    psyi_csv_init(&csv, text, length, separator, "x.csv", NULL);
    out[0] = '\0';
    psy_status status = PSY_OK;
    uint64_t expected = 1;
    while (status == PSY_OK && psyi_csv_record(&csv)) {
        bool last = false;
        if (csv.record_line != expected) {
            const size_t used = strlen(out);
            snprintf(out + used, size - used, "@%d ", (int)csv.record_line);
        }
        expected = csv.record_line + 1;
        while (!last && status == PSY_OK) {
            psyi_cell cell;
            status = psyi_csv_read(&csv, &cell, &last, error);
            const size_t used = strlen(out);
            if (status == PSY_OK)
                snprintf(out + used, size - used, "%.*s%s%s", (int)cell.length, cell.text,
                         cell.trailing ? "!" : "", last ? "/" : "|");
        }
    }
    psyi_csv_done(&csv);
    return status;
}

static const struct {
    const char *name, *text, *cells;
    char separator;
} splits[] = {
    {"nothing", "", "", ','},
    {"one record", "a,b\n", "a|b/", ','},
    {"no line end at the end", "a,b\nc,d", "a|b/c|d/", ','},
    {"CRLF", "a,b\r\nc,d\r\n", "a|b/c|d/", ','},
    {"lone CR", "a,b\rc,d\r", "a|b/c|d/", ','},
    {"all line ends mixed", "a\nb\r\nc\rd", "a/b/c/d/", ','},
    {"an empty line is a record", "a\n\nb\n", "a//b/", ','},
    {"trailing separator", "a,\n", "a|/", ','},
    {"trailing separator at the end of the file", "a,", "a|/", ','},
    {"semicolons", "a;b,c\n", "a|b,c/", ';'},
    {"tabs", "a\tb\n", "a|b/", '\t'},
    {"quoted", "\"a\",\"b\"\n", "a|b/", ','},
    {"separator in quotes", "\"a,b\",c\n", "a,b|c/", ','},
    {"doubled quotes", "\"a\"\"b\",\"\"\"\"\n", "a\"b|\"/", ','},
    {"empty quoted", "\"\",x\n", "|x/", ','},
    {"line end in quotes", "\"a\nb\",c\nd,e\n", "a\nb|c/@3 d|e/", ','},
    {"CRLF in quotes", "\"a\r\nb\"\r\nd\r\n", "a\r\nb/@3 d/", ','},
    {"lone CR in quotes", "\"a\rb\"\rd\r", "a\rb/@3 d/", ','},
    {"quotes inside an unquoted cell", "a\"b\",5'6\"\n", "a\"b\"|5'6\"/", ','},
    {"blank before a quote makes it text", " \"a\",b\n", " \"a\"|b/", ','},
    {"blanks behind a closing quote", "\"a\"  ,b\n", "a|b/", ','},
    {"text behind a closing quote", "\"a\"bc,d\n", "abc!|d/", ','},
    {"text behind a closing quote with doubled ones", "\"a\"\"b\" c,d\n", "a\"b c!|d/", ','},
    {"quote behind a closing quote", "\"a\"b\"c\n", "ab\"c!/", ','},
    {"digits kept as text", "=\"007\",\"=\"\"12\"\"\",=\"\"\n", "007|12|/", ','},
    {"other formulas", "=\",=7,=\"a\"b\",=\"a\"&\"b\",==\"7\"\n",
     "=\"|=7|=\"a\"b\"|=\"a\"&\"b\"|==\"7\"/", ','},
    {"non-ASCII", "学生,\"男\"\n", "学生|男/", ','},
};

static void test_split_reads_what_is_really_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof splits / sizeof *splits; i++) {
        char out[256];
        psy_error error = {0};
        print_message("  %s\n", splits[i].name);
        assert_int_equal(split(splits[i].text, strlen(splits[i].text), splits[i].separator, out,
                               sizeof out, &error),
                         PSY_OK);
        assert_string_equal(out, splits[i].cells);
    }
}

static const struct {
    const char *name, *text;
    uint32_t line, column;
} unclosed[] = {
    {"first cell", "\"a,b\n", 1, 1},
    {"second line", "a,b\nc,\"d\n\n", 2, 3},
    {"column counts code points", "学生,\"男\n", 1, 4},
    {"second line of a record", "\"x\ny\",\"z\n", 2, 4},
    {"after a doubled quote", "\"a\"\"\n", 1, 1},
};

static void test_unclosed_quote_is_refused_where_it_opened(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unclosed / sizeof *unclosed; i++) {
        char out[256];
        psy_error error = {0};
        print_message("  %s\n", unclosed[i].name);
        assert_int_equal(
            split(unclosed[i].text, strlen(unclosed[i].text), ',', out, sizeof out, &error),
            PSY_E_DATA);
        assert_int_equal(error.where.line, unclosed[i].line);
        assert_int_equal(error.where.column, unclosed[i].column);
        assert_string_equal(error.where.source, "x.csv");
        assert_non_null(strstr(error.message, "is not closed"));
    }
}

static char *long_text(const char *before, size_t n, const char *behind)
{
    char *const text = malloc(strlen(before) + n + strlen(behind) + 1);
    assert_non_null(text);
    strcpy(text, before);
    memset(text + strlen(before), 'x', n);
    strcpy(text + strlen(before) + n, behind);
    return text;
}

static psy_status split_long(const char *before, size_t n, const char *behind, psy_error *error)
{
    static char out[2 << 20];
    char *const text = long_text(before, n, behind);
    const psy_status status = split(text, strlen(text), ',', out, sizeof out, error);
    free(text);
    return status;
}

static void test_line_limit(void **state)
{
    (void)state;
    psy_error error = {0};
    assert_int_equal(split_long("a,", PSYI_CSV_MAX_RECORD - 2, "\n", &error), PSY_OK);
    assert_int_equal(split_long("a\nb,", PSYI_CSV_MAX_RECORD, "\n", &error), PSY_E_LIMIT);
    assert_int_equal(error.where.line, 2);
    assert_int_equal(split_long("\"", PSYI_CSV_MAX_RECORD - 10, "\"\"\"\n", &error), PSY_OK);
    assert_int_equal(split_long("\"a\"", PSYI_CSV_MAX_RECORD, "\n", &error), PSY_E_LIMIT);
    /* A quote that closes beyond the limit counts as not closed. */
    assert_int_equal(split_long("\"", PSYI_CSV_MAX_RECORD, "\"\n", &error), PSY_E_DATA);
    assert_int_equal(error.where.line, 1);
}

static void test_skip_lines(void **state)
{
    (void)state;
    psyi_csv csv;
    const char text[] = "Title, \"not closed\r\nsecond\rthird\nfourth";
    psyi_csv_init(&csv, text, sizeof text - 1, ',', "x.csv", NULL);
    psyi_csv_skip_lines(&csv, 2);
    assert_int_equal(csv.line, 3);
    assert_int_equal(strncmp(csv.at, "third", 5), 0);
    psyi_csv_skip_lines(&csv, 9);
    assert_int_equal(csv.line, 4);
    assert_false(psyi_csv_record(&csv));
    psyi_csv_done(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split_reads_what_is_really_found),
        cmocka_unit_test(test_unclosed_quote_is_refused_where_it_opened),
        cmocka_unit_test(test_line_limit),
        cmocka_unit_test(test_skip_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
