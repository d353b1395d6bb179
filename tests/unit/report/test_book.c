/*
 * test_book.c -- the traps of the workbook library, and the reader that distrusts it.
 */
#include "base/file.h"
#include "package_member.h"
#include "report/book.h"
#include "test_support.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static psyi_book *open_book(const char *path)
{
    static const psyi_tier tiers[] = {{2, "T1", {"Level 1", "一级"}, "#D0021B"},
                                      {0, "T0", {"None", "一般"}, "#FFFFFF"}};
    static const psyi_scheme scheme = {.id = "test",
                                       .legend = {"1 = worst", "一级=最重"},
                                       .tiers = tiers,
                                       .n_tiers = 2,
                                       .highest = 2};
    const psyi_book_options options = {.path = path,
                                       .title = "test",
                                       .created = 1790000000,
                                       .scheme = &scheme,
                                       .language = PSYI_ZH};
    psyi_book *book = NULL;
    psy_error error;
    if (psyi_book_new(&book, &options, &error) != PSY_OK)
        fail_msg("%s", error.message);
    return book;
}

static void assert_holds(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%.2000s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("'%s' is in:\n%.2000s", part, text);
}

static const char *new_path(void)
{
    return psy_test_path(psy_test_directory(), "book.xlsx");
}

static void test_lines_of_a_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double width;
        unsigned lines;
    } cases[] = {
        {"", 10, 1},
        {"a\n\nb", 10, 3},
        {"一二三四五", 11, 1}, /* a Chinese character is as wide as two digits */
        {"一二三四五", 10, 2},
        {"0123456789", 11, 1},
        {"0123456789", 10, 2},
        {"illicit filling till it is full", 21, 1}, /* letters are as wide as they are */
        {"MWMWMWMWMWMWMWMW", 21, 2},
        {"PHQ-9 item 9: thoughts of death or self-harm (PHQ-9 item 9 = 3 [≥2])", 62, 1},
        {"abcdefgh abcdefgh abcdefgh", 13, 3}, /* a word goes to the next line whole */
        {"abcdefghabcdefghabcdefgh", 13, 2},   /* but for one that is longer than a line */
        {"anxiety abcdefghijklmnopqrst", 13, 3},
        {"学习焦虑 abcdef", 13, 2},
        {"self-harm", 6, 2}, /* behind a hyphen, too */
        {"x", 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (psyi_text_lines(cases[i].text, cases[i].width) != cases[i].lines)
            fail_msg("'%s' in %g: %u lines, not %u", cases[i].text, cases[i].width,
                     psyi_text_lines(cases[i].text, cases[i].width), cases[i].lines);
}

static void test_numbers_without_a_value_are_blank(void **state)
{
    (void)state;
    const char *const path = new_path();
    psyi_book *const book = open_book(path);
    psyi_sheet *const sheet = psyi_book_sheet(book, "名单", true);
    psyi_put_number(sheet, 0, 0, NAN, PSYI_STYLE_PLAIN);
    psyi_put_number(sheet, 0, 1, INFINITY, PSYI_STYLE_ONE);
    psyi_put_ratio(sheet, 0, 2, PSYI_RATIO_NONE, 2, PSYI_STYLE_TWO);
    psyi_put_ratio(sheet, 0, 3, psyi_ratio_make(1, 3), 2, PSYI_STYLE_TWO);
    psyi_put_number(sheet, 0, 4, 45.2, PSYI_STYLE_PLAIN);
    assert_int_equal(psyi_book_close(book, NULL), PSY_OK);
    char *const xml = package_member(path, "xl/worksheets/sheet1.xml");
    assert_lacks(xml, "NAN");
    assert_lacks(xml, "INF");
    assert_lacks(xml, "r=\"A1\"");
    assert_holds(xml, "<v>0.33</v>");
    assert_holds(xml, "<v>45.2</v>");
    free(xml);
    psy_test_directory_remove();
}

static void test_a_comma_locale_changes_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"};
    size_t i = 0;
    while (i < 3 && setlocale(LC_ALL, names[i]) == NULL)
        i++;
    if (i == 3)
        skip();
    const char *const path = new_path();
    psyi_book *const book = open_book(path);
    psyi_put_number(psyi_book_sheet(book, "a", false), 0, 0, 45.2, PSYI_STYLE_PLAIN);
    psyi_put_number(psyi_book_sheet(book, "b", true), 0, 0, 45.2, PSYI_STYLE_PLAIN);
    assert_int_equal(psyi_book_close(book, NULL), PSY_OK);
    assert_string_equal(localeconv()->decimal_point, ","); /* the caller's is as it was */
    setlocale(LC_ALL, "C");
    for (int sheet = 1; sheet <= 2; sheet++) {
        char name[40];
        snprintf(name, sizeof name, "xl/worksheets/sheet%d.xml", sheet);
        char *const xml = package_member(path, name);
        assert_holds(xml, "<v>45.2</v>");
        free(xml);
    }
    psy_test_directory_remove();
}

static void test_texts_are_mended_and_stay_texts(void **state)
{
    (void)state;
    static const struct {
        const char *given, *written;
        size_t mended;
    } rows[] = {
        {"=HYPERLINK(\"http://x\",\"y\")", "=HYPERLINK(", 0},
        {"+1", "<t>+1</t>", 0},
        {"a\xFF"
         "b",
         "a\xEF\xBF\xBD"
         "b",
         1},
        {"bell\x07", "bell\xEF\xBF\xBD", 1},
        {"_x0041_", "_x005F_x0041_", 0},
        {"_x00G1_", "<t>_x00G1_</t>", 0},
        {"\xEF\xBF\xBE", "<t>\xEF\xBF\xBD</t>", 1},
        {"王·小明", "<t>王·小明</t>", 0},
        {"a<b&c", "a&lt;b&amp;c", 0},
    };
    for (int streaming = 0; streaming < 2; streaming++)
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            const char *const path = new_path();
            psyi_book *const book = open_book(path);
            psyi_put_text(psyi_book_sheet(book, "x", streaming != 0), 0, 0, rows[i].given,
                          PSYI_STYLE_ID);
            assert_int_equal(psyi_book_mended(book), rows[i].mended);
            assert_int_equal(psyi_book_close(book, NULL), PSY_OK);
            char *const xml = package_member(path, streaming && strlen(rows[i].given) < 24
                                                       ? "xl/worksheets/sheet1.xml"
                                                       : "xl/sharedStrings.xml");
            assert_holds(xml, rows[i].written);
            free(xml);
            char *const cells = package_member(path, "xl/worksheets/sheet1.xml");
            assert_lacks(cells, "<f>");
            free(cells);
            psy_test_directory_remove();
        }
}

static void test_long_texts_are_cut(void **state)
{
    (void)state;
    static const char *const characters[] = {"a", "王", "\xF0\x9F\x98\x80"};
    for (size_t i = 0; i < 3; i++)
        for (size_t units = i == 2 ? 2 : 1, n = 32766 / units; n <= 32768 / units; n++) {
            const char *const path = new_path();
            psyi_book *const book = open_book(path);
            const size_t size = strlen(characters[i]);
            char *const text = calloc(n * size + 1, 1);
            for (size_t j = 0; j < n; j++)
                memcpy(text + j * size, characters[i], size);
            psyi_put_text(psyi_book_sheet(book, "x", true), 0, 0, text, PSYI_STYLE_PLAIN);
            assert_int_equal(psyi_book_mended(book), n * units > 32767);
            assert_int_equal(psyi_book_close(book, NULL), PSY_OK);
            free(text);
            psy_test_directory_remove();
        }
}

static void test_bad_sheet_names_fail_the_book(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "a/b",
        "a\\b",
        "a[b",
        "a]b",
        "a:b",
        "a*b",
        "a?b",
        "'a",
        "a'",
        "a\tb",
        "bad\xFF",
        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *const path = new_path();
        psyi_book *const book = open_book(path);
        psy_error error;
        psyi_put_text(psyi_book_sheet(book, names[i], true), 0, 0, "x", PSYI_STYLE_PLAIN);
        assert_int_equal(psyi_book_close(book, &error), PSY_E_ARGUMENT);
        assert_false(psyi_file_exists(path));
        psy_test_directory_remove();
    }
    const char *const path = new_path();
    psyi_book *const book = open_book(path);
    psyi_book_sheet(book, "Data", false);
    psyi_book_sheet(book, "dATA", false); /* the same to a spreadsheet */
    assert_int_equal(psyi_book_close(book, NULL), PSY_E_ARGUMENT);
    psy_test_directory_remove();
}

static void test_misuse_fails_the_book_and_leaves_no_file(void **state)
{
    (void)state;
    static const char *const too_long[] = {
        "012345678901234567890123456789012345678901234567890123456789",
        "012345678901234567890123456789012345678901234567890123456789",
        "012345678901234567890123456789012345678901234567890123456789",
        "012345678901234567890123456789012345678901234567890123456789",
        "012345678901234567890123456789",
        NULL};
    const psyi_series series[] = {{0, 0, "s"}};
    const psyi_chart chart = {
        .title = "t", .last_row = 1, .series = series, .n_series = 1, .width = 480, .height = 288};
    for (int kind = 0; kind < 5; kind++) {
        const char *const directory = psy_test_directory();
        const char *const path = psy_test_path(directory, "book.xlsx");
        psyi_book *const book = open_book(path);
        psyi_sheet *const sheet = psyi_book_sheet(book, "x", true);
        psyi_put_text(sheet, 5, 0, "x", PSYI_STYLE_PLAIN);
        switch (kind) {
        case 0:
            psyi_put_text(sheet, 4, 0, "back", PSYI_STYLE_PLAIN);
            break;
        case 1:
            psyi_put_text(sheet, 1048576, 0, "far", PSYI_STYLE_PLAIN);
            break;
        case 2:
            psyi_sheet_choices(sheet, 1, 2, 0, too_long);
            break;
        case 3:
            psyi_sheet_chart(sheet, 7, 0, sheet, &chart);
            break;
        default:
            psyi_book_fail(book, PSY_E_NOMEM, "told so");
            break;
        }
        psy_error error;
        assert_true(psyi_book_failed(book));
        psyi_put_text(psyi_book_sheet(book, "y", false), 0, 0, "after", PSYI_STYLE_PLAIN);
        assert_int_not_equal(psyi_book_close(book, &error), PSY_OK);
        assert_true(error.message[0] != '\0');
        char **names;
        size_t n_names;
        assert_int_equal(psyi_directory_list(directory, NULL, &names, &n_names, NULL), PSY_OK);
        assert_int_equal(n_names, 0); /* no temporary file either */
        psyi_free(NULL, names);
        psy_test_directory_remove();
    }
}

static void test_a_directory_that_is_not_there_is_an_output_error(void **state)
{
    (void)state;
    const psyi_book_options options = {.path = psy_test_path(psy_test_directory(), "no/b.xlsx")};
    psyi_book *book = PSY_UNTOUCHED;
    assert_int_equal(psyi_book_new(&book, &options, NULL), PSY_E_OUTPUT);
    psy_assert_untouched(book);
    psy_test_directory_remove();
}

static void test_cells_colour_themselves_by_a_formula(void **state)
{
    (void)state;
    char letters[4];
    static const struct {
        size_t column;
        const char *letters;
    } names[] = {{0, "A"},   {25, "Z"},   {26, "AA"},   {51, "AZ"},
                 {52, "BA"}, {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        psyi_column_letters(names[i].column, letters);
        assert_string_equal(letters, names[i].letters);
    }
    const char *const path = new_path();
    psyi_book *const book = open_book(path);
    psyi_sheet *const sheet = psyi_book_sheet(book, "名单", true);
    psyi_put_text(sheet, 0, 0, "一级", PSYI_STYLE_TEXT);
    psyi_sheet_mark(sheet, 1, 0, 9, 0, "=A2=\"一级\"", PSYI_MARK_TIER + 2);
    psyi_sheet_mark(sheet, 1, 0, 9, 3, "=$B2=\"已结案\"", PSYI_MARK_CLOSED);
    psy_error error;
    assert_int_equal(psyi_book_close(book, &error), PSY_OK);
    char *const xml = package_member(path, "xl/worksheets/sheet1.xml");
    assert_holds(xml, "<conditionalFormatting sqref=\"A2:A10\">");
    assert_holds(xml, "<formula>A2=\"一级\"</formula>");
    assert_holds(xml, "<conditionalFormatting sqref=\"A2:D10\">");
    assert_holds(xml, "<t>一级</t>"); /* the rows are there too */
    free(xml);
    char *const styles = package_member(path, "xl/styles.xml");
    assert_holds(styles, "FFD0021B");
    free(styles);
    psy_test_directory_remove();
}

/* The head of a page says which school it is of, also where names of schools are long and differ at
 * their ends; what is cut is seen to be. */
static void test_heads_of_pages_tell_schools_apart(void **state)
{
    (void)state;
#define LONG_NAME "贵州省贵阳市观山湖区第一高级中学教育集团"
    static const struct {
        const char *legend, *about, *left, *right;
    } rows[] = {
        {"一级=最重", LONG_NAME "东校区", "&amp;L&amp;9 一级=最重&amp;R",
         "&amp;R&amp;9 " LONG_NAME "东校区 · &amp;A"},
        {"", LONG_NAME LONG_NAME LONG_NAME LONG_NAME "西校区", "&amp;L&amp;9 &amp;R",
         "集团西校区 · &amp;A"},
        {LONG_NAME LONG_NAME LONG_NAME, LONG_NAME "西校区", "观山湖区…&amp;R",
         "&amp;R&amp;9 贵州省贵阳市观山湖…级中学教育集团西校区 · &amp;A"},
        {"", "A & B", "", "&amp;R&amp;9 A &amp;&amp; B · &amp;A"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *const path = new_path();
        psyi_book *const book = open_book(path);
        psyi_sheet *const sheet = psyi_book_sheet(book, "名单", true);
        psyi_put_text(sheet, 0, 0, "x", PSYI_STYLE_TEXT);
        const psyi_print print = {.header = rows[i].legend, .about = rows[i].about};
        psyi_sheet_print(sheet, &print);
        psy_error error;
        if (psyi_book_close(book, &error) != PSY_OK)
            fail_msg("%s", error.message);
        char *const xml = package_member(path, "xl/worksheets/sheet1.xml");
        assert_holds(strstr(xml, "<oddHeader>"), rows[i].left);
        assert_holds(strstr(xml, "<oddHeader>"), rows[i].right);
        free(xml);
        psy_test_directory_remove();
    }
#undef LONG_NAME
}

/* The widest legend, name and footer stay within what a header holds. */
static void test_heads_of_pages_hold_any_text(void **state)
{
    (void)state;
    static const char *const characters[] = {"a", "王", "&", "\xF0\x9F\x98\x80"};
    char texts[4][4 * 300 + 1];
    for (size_t c = 0; c < 4; c++) {
        texts[c][0] = '\0';
        for (size_t i = 0; i < 300; i++)
            strcat(texts[c], characters[c]);
    }
    for (size_t legend = 0; legend < 5; legend++)
        for (size_t about = 0; about < 4; about++) {
            const char *const path = new_path();
            psyi_book *const book = open_book(path);
            psyi_sheet *const sheet = psyi_book_sheet(book, "名单", true);
            psyi_put_text(sheet, 0, 0, "x", PSYI_STYLE_TEXT);
            const psyi_print print = {.header = legend < 4 ? texts[legend] : "",
                                      .about = texts[about],
                                      .footer = texts[about]};
            psyi_sheet_print(sheet, &print);
            psy_error error;
            if (psyi_book_close(book, &error) != PSY_OK)
                fail_msg("%s", error.message);
            psy_test_directory_remove();
        }
}

static void test_rows_are_as_high_as_their_texts(void **state)
{
    (void)state;
    const char *const path = new_path();
    psyi_book *const book = open_book(path);
    psyi_sheet *const sheet = psyi_book_sheet(book, "x", true);
    psyi_sheet_column(sheet, 0, 10, PSYI_STYLE_WRAP);
    psyi_put_text(sheet, 0, 0, "short", PSYI_STYLE_PLAIN);
    psyi_put_text(sheet, 1, 0, "一二三四五六七八九十", PSYI_STYLE_PLAIN);
    psyi_put_text(sheet, 2, 0, "a\nb\nc\nd", PSYI_STYLE_PLAIN);
    psyi_put_text(sheet, 3, 0, "a\nb\nc\nd", PSYI_STYLE_TEXT); /* does not wrap */
    assert_int_equal(psyi_book_close(book, NULL), PSY_OK);
    char *const xml = package_member(path, "xl/worksheets/sheet1.xml");
    assert_holds(xml, "<row r=\"1\"><c");
    assert_holds(xml, "<row r=\"2\" ht=\"49.5\" customHeight=\"1\">");
    assert_holds(xml, "<row r=\"3\" ht=\"66\" customHeight=\"1\">");
    assert_holds(xml, "<row r=\"4\"><c");
    free(xml);
    psy_test_directory_remove();
}

static void test_hundreds_of_columns(void **state)
{
    (void)state;
    const char *const path = new_path();
    psyi_book *const book = open_book(path);
    psyi_sheet *const sheet = psyi_book_sheet(book, "wide", true);
    /* So many that the head of the sheet needs more room than is left for it. */
    for (size_t i = 0; i < 800; i++)
        psyi_sheet_column(sheet, i, 5 + (double)(i % 7), PSYI_STYLE_ONE);
    for (size_t row = 0; row < 3; row++)
        for (size_t i = 0; i < 800; i++)
            psyi_put_integer(sheet, row, i, (int64_t)(row * i), PSYI_STYLE_ONE);
    psy_error error;
    if (psyi_book_close(book, &error) != PSY_OK)
        fail_msg("%s", error.message);
    char *const xml = package_member(path, "xl/worksheets/sheet1.xml");
    assert_holds(xml, "<dimension ref=\"A1:ADT3\"/>");
    assert_holds(xml, " r=\"ADT3\"");
    assert_holds(xml, "<v>1598</v>");
    free(xml);
    psy_test_directory_remove();
}

/* ---- everything once, to look at bytes ---- */

static void write_all(const char *path)
{
    psyi_book *const book = open_book(path);
    psyi_sheet *const list = psyi_book_sheet(book, "名单", true);
    psyi_sheet_column(list, 0, 12, PSYI_STYLE_ID);
    psyi_sheet_height(list, 0, 30);
    for (size_t i = 0; i < PSYI_STYLES; i++) {
        psyi_put_text(list, i, 0, "007", (int)i);
        psyi_put_number(list, i, 1, 0.5, (int)i | PSYI_BOLD);
        psyi_put_blank(list, i, 2, (int)i);
    }
    psyi_put_time(list, PSYI_STYLES, 0, 1790000000, PSYI_STYLE_TIME);
    psyi_put_date(list, PSYI_STYLES, 1, 1790000000, PSYI_STYLE_DATE);
    static const char *const choices[] = {"是", "否", NULL};
    psyi_sheet_choices(list, 1, PSYI_STYLES, 3, choices);
    psyi_sheet_freeze(list, 1, 1);
    psyi_sheet_filter(list, 0, PSYI_STYLES, 3);
    psyi_sheet_tab(list, 0xC00000);
    const psyi_print print = {.heads = true,
                              .columns_kept = 1,
                              .last_row = PSYI_STYLES + 3,
                              .last_column = 3,
                              .header = "一级=最重 & so on\nline",
                              .footer = "不是诊断"};
    psyi_sheet_print(list, &print);
    psyi_sheet *const sums = psyi_book_sheet(book, "班级汇总", false);
    for (size_t i = 0; i < 4; i++) {
        psyi_put_text(sums, i, 0, i == 0 ? "班级" : "1班", PSYI_STYLE_HEAD);
        if (i == 0)
            psyi_put_text(sums, i, 1, "一级", PSYI_STYLE_HEAD);
        else
            psyi_put_integer(sums, i, 1, (int64_t)i, PSYI_STYLE_INTEGER);
    }
    const psyi_series series[] = {{1, 0xD0021B, NULL}};
    const psyi_chart chart = {.title = "各班人数",
                              .y_axis = "人数",
                              .stacked = true,
                              .first_row = 1,
                              .last_row = 3,
                              .series = series,
                              .n_series = 1,
                              .width = 600,
                              .height = 300};
    psyi_sheet_chart(sums, 6, 0, sums, &chart);
    psyi_sheet_gridlines_hidden(sums);
    psyi_sheet_activate(sums);
    psy_error error;
    if (psyi_book_close(book, &error) != PSY_OK)
        fail_msg("%s", error.message);
}

static void test_charts_carry_their_numbers(void **state)
{
    (void)state;
    const char *const path = new_path();
    write_all(path);
    char *const chart = package_member(path, "xl/charts/chart1.xml");
    /* Beside a streamed list: previews draw from what is cached here. */
    assert_holds(chart, "<c:v>3</c:v>");
    assert_holds(chart, "<c:v>一级</c:v>");
    free(chart);
    char *const sheet = package_member(path, "xl/worksheets/sheet1.xml");
    assert_holds(sheet, "&amp;&amp; so on line"); /* & is a command there */
    assert_holds(sheet, "<dataValidation ");
    free(sheet);
    psy_test_directory_remove();
}

static void test_the_same_cells_give_the_same_bytes(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    const char *const one = psy_test_path(directory, "one.xlsx");
    const char *const two = psy_test_path(directory, "two.xlsx");
    write_all(one);
    sleep(1); /* a clock in the file would show */
    write_all(two);
    size_t n_one, n_two;
    char *const a = psy_test_read_file(one, &n_one), *const b = psy_test_read_file(two, &n_two);
    assert_int_equal(n_one, n_two);
    assert_memory_equal(a, b, n_one);
    free(a);
    free(b);
    psy_test_directory_remove();
}

/* ---- readback ---- */

static const psyi_expected_sheet expected[] = {{"名单", PSYI_STYLES + 1}, {"班级汇总", 4}};

static void test_readback_accepts_what_was_written(void **state)
{
    (void)state;
    const char *const path = new_path();
    write_all(path);
    psy_error error;
    if (psyi_readback(path, expected, 2, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    psy_test_directory_remove();
}

static void test_readback_refuses_other_sheets_and_rows(void **state)
{
    (void)state;
    static const psyi_expected_sheet wrong[][3] = {
        {{"名单", PSYI_STYLES}, {"班级汇总", 4}},
        {{"名单", PSYI_STYLES + 1}, {"班级", 4}},
        {{"班级汇总", 4}, {"名单", PSYI_STYLES + 1}},
        {{"名单", PSYI_STYLES + 1}, {"班级汇总", 4}, {"三", 1}},
        {{"名单", PSYI_STYLES + 1}},
    };
    static const size_t n[] = {2, 2, 2, 3, 1};
    const char *const path = new_path();
    write_all(path);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(psyi_readback(path, wrong[i], n[i], NULL, NULL), PSY_E_OUTPUT);
    psy_test_directory_remove();
}

static void test_readback_refuses_damage(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    const char *const path = psy_test_path(directory, "book.xlsx");
    const char *const broken = psy_test_path(directory, "broken.xlsx");
    write_all(path);
    size_t length;
    char *const bytes = psy_test_read_file(path, &length);
    /* Cut off, at every sixteenth part. */
    for (size_t i = 0; i < 16; i++) {
        psy_test_write_file(broken, bytes, length * i / 16);
        assert_int_equal(psyi_readback(broken, expected, 2, NULL, NULL), PSY_E_OUTPUT);
    }
    /* A byte of compressed data turned over: the CRC shows it.  The first local header is 30
     * bytes and a name long; a flipped bit a little behind it is in the data. */
    size_t refused = 0, tried = 0;
    for (size_t at = 100; at + 2000 < length; at += 97) {
        char *const copy = malloc(length);
        memcpy(copy, bytes, length);
        copy[at] = (char)(copy[at] ^ 0x10);
        psy_test_write_file(broken, copy, length);
        tried++;
        refused += psyi_readback(broken, expected, 2, NULL, NULL) == PSY_E_OUTPUT;
        free(copy);
    }
    /* Some bytes carry nothing (a time in a header, unused bits of a block's end). */
    assert_true(tried > 50);
    assert_true(refused * 100 >= tried * 95);
    free(bytes);
    assert_int_equal(psyi_readback(psy_test_path(directory, "none.xlsx"), expected, 2, NULL, NULL),
                     PSY_E_OUTPUT);
    psy_test_directory_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_of_a_text),
        cmocka_unit_test(test_numbers_without_a_value_are_blank),
        cmocka_unit_test(test_a_comma_locale_changes_nothing),
        cmocka_unit_test(test_texts_are_mended_and_stay_texts),
        cmocka_unit_test(test_long_texts_are_cut),
        cmocka_unit_test(test_bad_sheet_names_fail_the_book),
        cmocka_unit_test(test_misuse_fails_the_book_and_leaves_no_file),
        cmocka_unit_test(test_a_directory_that_is_not_there_is_an_output_error),
        cmocka_unit_test(test_cells_colour_themselves_by_a_formula),
        cmocka_unit_test(test_heads_of_pages_tell_schools_apart),
        cmocka_unit_test(test_heads_of_pages_hold_any_text),
        cmocka_unit_test(test_rows_are_as_high_as_their_texts),
        cmocka_unit_test(test_hundreds_of_columns),
        cmocka_unit_test(test_charts_carry_their_numbers),
        cmocka_unit_test(test_the_same_cells_give_the_same_bytes),
        cmocka_unit_test(test_readback_accepts_what_was_written),
        cmocka_unit_test(test_readback_refuses_other_sheets_and_rows),
        cmocka_unit_test(test_readback_refuses_damage),
    };
    return cmocka_run_group_tests_name("book", tests, NULL, NULL);
}
