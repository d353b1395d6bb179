/*
 * test_xlsx.c -- workbooks in: cells of every kind, sheets to choose between, and files that
 * were made to do harm.
 */
#include "intake_fixture.h"
#include "malloc_sweep.h"
#include "test_support.h"
#include "xlsx_fixture.h"

#include "intake/workbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

/* ---- cells ------------------------------------------------------------------------------- */

#define R(n, cells) "<row r=\"" #n "\">" cells "</row>"
static const char texts[] =
    "<si><t>x</t></si><si><r><t>two </t></r><r><t>runs</t></r><rPh><t>no</t></rPh></si>"
    "<si><t>a_x000D__x4E2D__x005F_x</t></si><si><t/></si><si><t>_x0_ _xZZZZ_</t></si>";
static const char styles[] =
    "<numFmts><numFmt numFmtId=\"170\" formatCode=\"0000000000\"/>"
    "<numFmt numFmtId=\"171\" formatCode=\"[$-804]yyyy&quot;d&quot;/m/d\\ hh:mm\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"22\"/></cellStyleXfs>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"171\"/>"
    "<xf numFmtId=\"170\"/><xf numFmtId=\"21\"/><xf numFmtId=\"46\"/></cellXfs>";

static const struct {
    const char *name, *cells, *grid;
} readings[] = {
    {"numbers", R(1, "<c><v>1</v></c><c><v>1.0</v></c><c><v>2.5</v></c><c><v>-3</v></c>"),
     "1\t1\t2.5\t-3"},
    {"what a spreadsheet shows of 0.1 + 0.2", R(1, "<c><v>0.30000000000000004</v></c>"), "0.3"},
    {"the 15 digits of a number", R(1, "<c><v>440305200801011</v></c>"), "440305200801011"},
    {"more than 15 digits", R(1, "<c><v>440305200801011234</v></c>"), "4.40305200801011E+17"},
    {"ten to the fifteenth", R(1, "<c><v>1E15</v></c>"), "1.0E+15"},
    {"shared texts", R(1, "<c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"s\"><v>3</v></c>"),
     "x\ttwo runs"},
    {"escapes", R(1, "<c t=\"s\"><v>2</v></c><c t=\"s\"><v>4</v></c>"),
     "\"a\r\xE4\xB8\xAD_x\"\t_x0_ _xZZZZ_"},
    {"inline text", R(1, "<c t=\"inlineStr\"><is><r><t>a</t></r><r><t>b</t></r></is></c>"), "ab"},
    {"truth and errors",
     R(1, "<c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c><c t=\"e\"><v>#N/A</v></c>"),
     "TRUE\tFALSE\t#N/A"},
    {"formulas", R(1, "<c><f>1+1</f><v>2</v></c><c t=\"str\"><f>A1</f><v>x</v></c><c><f>9</f></c>"),
     "2\tx\t#FORMULA!"},
    {"a formula that gave no text", R(1, "<c t=\"str\"><f>\"\"</f><v></v></c><c><v>1</v></c>"),
     "\t1"},
    {"dates", R(1, "<c s=\"1\"><v>46268</v></c><c s=\"2\"><v>46268.5</v></c>"),
     "2026-09-03\t2026-09-03 12:00:00"},
    {"the last second of a day", R(1, "<c s=\"2\"><v>46268.99999999</v></c>"), "2026-09-04"},
    {"dates of 1900",
     R(1, "<c s=\"1\"><v>1</v></c><c s=\"1\"><v>59</v></c><c s=\"1\"><v>60</v></c>"
          "<c s=\"1\"><v>61</v></c>"),
     "1900-01-01\t1900-02-28\t60\t1900-03-01"},
    {"times", R(1, "<c s=\"4\"><v>0.979166666666667</v></c><c s=\"5\"><v>1.5</v></c>"),
     "23:30:00\t36:00:00"},
    {"an ISO date", R(1, "<c t=\"d\"><v>2026-09-03</v></c>"), "2026-09-03"},
    {"leading zeros of the format", R(1, "<c s=\"3\"><v>123</v></c>"), "0000000123"},
    {"places",
     "<row r=\"2\"><c r=\"B2\"><v>1</v></c><c><v>2</v></c><c r=\"AA2\"/></row>"
     "<row><c r=\"A3\"><v>3</v></c></row>",
     "\n\t1\t2\n3"},
    {"prefixed names", "<x:row xmlns:x=\"y\" r=\"1\"><x:c r=\"A1\"><x:v>1</x:v></x:c></x:row>",
     "1"},
    {"quotes, tabs and lines",
     R(1,
       "<c t=\"str\"><v>a\"b</v></c><c t=\"str\"><v>a&#9;b</v></c><c t=\"str\"><v>a&#10;b</v></c>"),
     "\"a\"\"b\"\t\"a\tb\"\t\"a\nb\""},
    {"styled cells far out are nothing", R(1, "<c><v>1</v></c><c r=\"XFD1\" s=\"1\"/>"), "1"},
    {"nothing", "", ""},
};

static psy_status read_book(const psyi_buffer *book, const char *sheet, psyi_buffer *out,
                            psy_error *error)
{
    psyi_buffer_init(out, NULL);
    return psyi_xlsx_read(book, "x.xlsx", sheet, "inputs/responses", out, NULL, error);
}

static void cells_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        psyi_buffer book, out;
        psy_error error = {.message = ""};
        psyi_buffer_init(&book, NULL);
        fixture_workbook(readings[i].cells, texts, styles, &book);
        if (read_book(&book, NULL, &out, &error) != PSY_OK)
            fail_msg("%s: %s", readings[i].name, error.message);
        const char *const text = out.data != NULL ? out.data : "";
        if (strcmp(text, readings[i].grid) != 0)
            fail_msg("%s: '%s' instead of '%s'", readings[i].name, text, readings[i].grid);
        psyi_buffer_done(&book);
        psyi_buffer_done(&out);
    }
}

static const struct {
    const char *name, *cells, *says;
    psy_status status;
} refusals[] = {
    {"a text that is not there", R(1, "<c t=\"s\"><v>5</v></c>"), "cell A1 points to a text",
     PSY_E_DATA},
    {"a negative text", R(1, "<c t=\"s\"><v>-1</v></c>"), "cell A1 points to a text", PSY_E_DATA},
    {"rows backwards", R(2, "<c><v>1</v></c>") R(1, "<c><v>1</v></c>"), "cell A1 stands behind",
     PSY_E_DATA},
    {"a cell twice", R(1, "<c r=\"B1\"><v>1</v></c><c r=\"B1\"><v>2</v></c>"),
     "cell B1 stands behind", PSY_E_DATA},
    {"a cell of another row", R(7, "<c r=\"C8\"><v>1</v></c>"), "another place", PSY_E_DATA},
    {"a place that is none", R(7, "<c r=\"8C\"><v>1</v></c>"), "another place", PSY_E_DATA},
    {"row 0", R(0, "<c><v>1</v></c>"), "without a proper number", PSY_E_DATA},
    {"a row beyond the last", R(1048577, "<c><v>1</v></c>"), "without a proper number", PSY_E_DATA},
    {"a cell beyond the limit", R(3, "<c r=\"FAO3\"><v>1</v></c>"), "cell FAO3 is beyond",
     PSY_E_LIMIT},
    {"a cell of no row", "<c r=\"A0\"><v>1</v></c>", "outside of any row", PSY_E_DATA},
    {"bad XML", R(1, "<c><v>1</c>"), "not well-formed XML", PSY_E_DATA},
    {"an entity", R(1, "<c><v>&lol;</v></c>"), "not well-formed XML", PSY_E_DATA},
    {"a NUL", R(1, "<c t=\"str\"><v>&#0;</v></c>"), "not well-formed XML", PSY_E_DATA},
};

static void expect_refusal(const psyi_buffer *book, const char *name, psy_status status,
                           const char *says)
{
    psyi_buffer out;
    psy_error error = {.message = ""};
    const psy_status found = read_book(book, NULL, &out, &error);
    if (found != status || strstr(error.message, says) == NULL)
        fail_msg("%s: status %d, '%s'", name, (int)found, error.message);
    assert_string_equal(error.where.source, "x.xlsx");
    psyi_buffer_done(&out);
}

static void cells_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        psyi_buffer book;
        psyi_buffer_init(&book, NULL);
        fixture_workbook(refusals[i].cells, texts, styles, &book);
        expect_refusal(&book, refusals[i].name, refusals[i].status, refusals[i].says);
        psyi_buffer_done(&book);
    }
}

/* ---- sheets ------------------------------------------------------------------------------ */

#define FULL(text) R(1, "<c t=\"str\"><v>" text "</v></c>")
static const struct {
    const char *name, *cells[3], *states[3], *sheet, *grid, *says;
} choices[] = {
    {"empty ones do not count", {"", FULL("b"), ""}, {NULL}, NULL, "b", NULL},
    {"hidden ones do not count",
     {FULL("a"), FULL("b"), FULL("c")},
     {"hidden", NULL, "veryHidden"},
     NULL,
     "b",
     NULL},
    {"the declared one", {FULL("a"), FULL("b"), FULL("c")}, {NULL}, "C", "c", NULL},
    {"a hidden one by its name",
     {FULL("a"), FULL("b"), ""},
     {"hidden", NULL, NULL},
     "A",
     "a",
     NULL},
    {"several", {FULL("a"), "", FULL("c")}, {NULL}, NULL, NULL, "('A', 'C'): declare `sheet:`"},
    {"none", {"", "", ""}, {NULL}, NULL, NULL, "no visible sheet"},
    {"not there",
     {FULL("a"), "", ""},
     {NULL},
     "Z",
     NULL,
     "no sheet of the declared name ('A', 'B'"},
};

static void sheets_are_chosen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        psyi_buffer book, out;
        psy_error error = {.message = ""};
        psyi_buffer_init(&book, NULL);
        fixture_sheets(choices[i].cells, choices[i].states, 3, &book);
        const psy_status status = read_book(&book, choices[i].sheet, &out, &error);
        if (choices[i].grid != NULL && (status != PSY_OK || strcmp(out.data, choices[i].grid) != 0))
            fail_msg("%s: %s", choices[i].name, error.message);
        if (choices[i].says != NULL &&
            (status != PSY_E_DATA || strstr(error.message, choices[i].says) == NULL))
            fail_msg("%s: %s", choices[i].name, error.message);
        psyi_buffer_done(&book);
        psyi_buffer_done(&out);
    }
}

/* ---- packages ---------------------------------------------------------------------------- */

static void document_types(void **state)
{
    (void)state;
    const fixture_part parts[] = {
        {"_rels/.rels",
         "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
         "<Relationships>&b;</Relationships>",
         0}};
    psyi_buffer book;
    psyi_buffer_init(&book, NULL);
    fixture_zip(parts, 1, &book);
    expect_refusal(&book, "entities", PSY_E_DATA, "declares a document type");
    psyi_buffer_done(&book);
}

static void bombs(void **state)
{
    (void)state;
    const size_t size = (size_t)8 << 20;
    char *const zeros = malloc(size);
    memset(zeros, ' ', size);
    memcpy(zeros, "<a>", 3);
    memcpy(zeros + size - 4, "</a>", 4);
    const fixture_part parts[] = {{"_rels/.rels", zeros, size}};
    psyi_buffer book;
    psyi_buffer_init(&book, NULL);
    fixture_zip(parts, 1, &book);
    assert_true(book.length < 20000);
    expect_refusal(&book, "a bomb", PSY_E_LIMIT, "unpacks to more than is taken");
    psyi_buffer_done(&book);
    free(zeros);

    char deep[2000] = "";
    for (int i = 0; i < 65; i++)
        strcat(deep, "<row>");
    psyi_buffer_init(&book, NULL);
    fixture_workbook(deep, NULL, NULL, &book);
    expect_refusal(&book, "deep", PSY_E_LIMIT, "nested deeper");
    psyi_buffer_done(&book);

    fixture_part *const many = calloc(1001, sizeof *many);
    char(*names)[16] = calloc(1001, sizeof *names);
    for (size_t i = 0; i < 1001; i++) {
        snprintf(names[i], sizeof *names, "part%zu", i);
        many[i] = (fixture_part){names[i], "x", 0};
    }
    psyi_buffer_init(&book, NULL);
    fixture_zip(many, 1001, &book);
    expect_refusal(&book, "many parts", PSY_E_LIMIT, "more than 1000 parts");
    psyi_buffer_done(&book);
    free(names);
    free(many);
}

/* One short text that many cells point to: small in the file, large as text. */
static void repeated_texts(void **state)
{
    (void)state;
    psyi_buffer cells, text, book;
    psyi_buffer_init(&cells, NULL);
    psyi_buffer_init(&text, NULL);
    psyi_buffer_init(&book, NULL);
    psyi_buffer_text(&text, "<si><t>");
    for (int i = 0; i < 20000; i++)
        psyi_buffer_format(&text, "%x", (unsigned)i * 2654435761u);
    psyi_buffer_text(&text, "</t></si><si><t>");
    for (int i = 0; i < 400; i++)
        psyi_buffer_text(&text, "2147483647");
    psyi_buffer_text(&text, "</t></si>");
    for (int row = 0; row < 1; row++) {
        psyi_buffer_text(&cells, "<row>");
        for (int i = 0; i < 400; i++)
            psyi_buffer_text(&cells, "<c t=\"s\"><v>1</v></c>");
        psyi_buffer_text(&cells, "</row>");
    }
    fixture_workbook(cells.data, text.data, NULL, &book);
    expect_refusal(&book, "a long row", PSY_E_LIMIT, "makes its row longer than 1 MiB");
    psyi_buffer_done(&cells);
    psyi_buffer_done(&text);
    psyi_buffer_done(&book);
}

/* Cut off anywhere, a workbook is refused: never read as a shorter one. */
static void truncated(void **state)
{
    (void)state;
    psyi_buffer book;
    psyi_buffer_init(&book, NULL);
    fixture_workbook(R(1, "<c><v>1</v></c>"), texts, styles, &book);
    for (size_t length = 4; length < book.length; length++) {
        psyi_buffer out;
        psy_error error;
        const psyi_buffer part = {.data = book.data, .length = length};
        assert_int_equal(read_book(&part, NULL, &out, &error), PSY_E_DATA);
        psyi_buffer_done(&out);
    }
    psyi_buffer_done(&book);
}

/* One flipped bit anywhere: refused, or the same cells (a byte nobody reads). */
static void flipped(void **state)
{
    (void)state;
    psyi_buffer book;
    psyi_buffer_init(&book, NULL);
    fixture_workbook(R(1, "<c><v>1</v></c><c t=\"s\"><v>1</v></c>"), texts, styles, &book);
    size_t refused = 0;
    for (size_t bit = 0; bit < book.length * 8; bit++) {
        psyi_buffer out;
        psy_error error;
        book.data[bit / 8] = (char)(book.data[bit / 8] ^ (1 << bit % 8));
        const psy_status status = read_book(&book, NULL, &out, &error);
        if (status == PSY_OK)
            assert_string_equal(out.data, "1\ttwo runs");
        else
            refused++;
        psyi_buffer_done(&out);
        book.data[bit / 8] = (char)(book.data[bit / 8] ^ (1 << bit % 8));
    }
    assert_true(refused > book.length); /* most of its bytes matter */
    psyi_buffer_done(&book);
}

static void other_packages(void **state)
{
    (void)state;
    static const struct {
        fixture_part parts[2];
        const char *says;
    } known[] = {
        {{{"content.xml", "<x/>", 0}, {"mimetype", "x", 0}}, "an OpenDocument file"},
        {{{"a.txt", "x", 0}, {"b.txt", "x", 0}}, "a zip file without a workbook"},
        {{{"_rels/.rels",
           "<a><Relationship Id=\"1\" Type=\"x/officeDocument\" Target=\"w.bin\"/></a>", 0},
          {"w.bin", "x", 0}},
         "a binary Excel workbook"},
        {{{"_rels/.rels",
           "<a><Relationship Id=\"1\" Type=\"x/officeDocument\" Target=\"d.xml\"/></a>", 0},
          {"d.xml", "<document/>", 0}},
         "a document without a workbook"},
        {{{"_rels/.rels", "<a/>", 0}, {"d.xml", "<document/>", 0}},
         "a document without a workbook"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        psyi_buffer book;
        psyi_buffer_init(&book, NULL);
        fixture_zip(known[i].parts, 2, &book);
        expect_refusal(&book, known[i].says, PSY_E_UNSUPPORTED, known[i].says);
        psyi_buffer_done(&book);
    }
}

/* ---- the whole way ----------------------------------------------------------------------- */

static psyi_buffer written(const char *path)
{
    psyi_buffer bytes;
    psyi_buffer_init(&bytes, NULL);
    FILE *const file = fopen(path, "rb");
    assert_non_null(file);
    char block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        psyi_buffer_add(&bytes, block, n);
    fclose(file);
    return bytes;
}

/* Responses that another program wrote: numbers, texts, a date cell, title rows, rows that
 * are empty, an id with digits lost and one from a formula that failed. */
static void responses_from_a_workbook(void **state)
{
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s/test_xlsx_%ld.xlsx", PSY_BINARY_DIR, (long)getpid());
    lxw_workbook *const workbook = workbook_new(path);
    lxw_worksheet *const sheet = workbook_add_worksheet(workbook, NULL);
    lxw_format *const moment = workbook_add_format(workbook);
    format_set_num_format(moment, "yyyy/m/d h:mm:ss");
    worksheet_write_string(sheet, 0, 0, "Title of the export", NULL);
    static const char *const head[] = {"id", "when", "phq9_1", "phq9_2", "phq9_3"};
    for (uint16_t i = 0; i < 5; i++)
        worksheet_write_string(sheet, 1, i, head[i], NULL);
    worksheet_write_string(sheet, 2, 0, "G001", NULL);
    lxw_datetime time = {.year = 2026, .month = 9, .day = 3, .hour = 12, .min = 1, .sec = 30};
    worksheet_write_datetime(sheet, 2, 1, &time, moment);
    worksheet_write_number(sheet, 2, 2, 3, NULL);
    worksheet_write_string(sheet, 2, 3, "1", NULL);
    worksheet_write_number(sheet, 2, 4, 7, NULL);
    worksheet_write_string(sheet, 5, 0, "=HYPERLINK(\"x\")", NULL);
    worksheet_write_string(sheet, 5, 1, "2026/9/3 8:00", NULL);
    worksheet_write_number(sheet, 5, 2, 0, NULL);
    assert_int_equal(workbook_close(workbook), LXW_NO_ERROR);
    psyi_buffer bytes = written(path);
    remove(path);

    fixture_reading reading;
    const psy_instrument *const instruments[] = {&fixture_phq9};
    static const char *const student[] = {"id"}, *const when[] = {"when"};
    fixture_plan(&reading, instruments, 1);
    reading.input.header_row = 2;
    fixture_column(&reading, PSYI_FIELD_STUDENT, student, 1);
    fixture_column(&reading, PSYI_FIELD_SUBMITTED_AT, when, 1);
    reading.options.partial = true;
    assert_int_equal(fixture_read(&reading, bytes.data, bytes.length), PSY_OK);
    assert_int_equal(reading.intake->n_records, 2);
    const psyi_record *const records = reading.intake->records;
    assert_string_equal(records[0].student, "G001");
    assert_string_equal(records[1].student, "=HYPERLINK(\"x\")");
    assert_int_equal(records[0].row, 3);
    assert_int_equal(records[1].row, 6);
    assert_int_equal(records[0].submitted_at, INT64_C(20699) * 86400 + 12 * 3600 + 90);
    assert_int_equal(records[1].submitted_at, INT64_C(20699) * 86400 + 8 * 3600);
    assert_int_equal(fixture_byte(&reading, 0, 0, 0), 3);
    assert_int_equal(fixture_byte(&reading, 0, 0, 1), 1);
    const psy_finding *const range = fixture_finding(reading.findings, "out_of_range");
    assert_non_null(range);
    assert_int_equal(range->row, 3);
    assert_non_null(strstr(range->message, "E3: '7' is not one of"));
    assert_null(fixture_finding(reading.findings, "short_row"));
    fixture_done(&reading);
    psyi_buffer_done(&bytes);
}

/* A merged area has a value in its first cell: told where that leaves an empty cell that is read.
 */
static void merged_areas(void **state)
{
    static const struct {
        const char *reference;
        bool told;
    } areas[] = {
        {"A2:A3", true},      {"B2:C2", true},  {"A3:B3", true},          {"A1:D1", false},
        {"D2:D3", false},     {"C2:D2", false}, {"A2:D2", false},         {"A2", false},
        {"A2:A2", false},     {"A3:A2", false}, {"2:3", false},           {"A:B", false},
        {"ZZZZZ1:A2", false}, {"A0:A2", false}, {"A2:A999999999", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        char cells[1024];
        snprintf(cells, sizeof cells,
                 R(1, "<c t=\"str\"><v>id</v></c><c t=\"str\"><v>phq9_1</v></c>"
                      "<c t=\"str\"><v>phq9_2</v></c><c t=\"str\"><v>note</v></c>")
                     R(2, "<c t=\"str\"><v>a</v></c><c><v>1</v></c>")
                         R(3, "<c/><c><v>1</v></c>") "<mergeCells><mergeCell ref=\"%s\"/>"
                                                     "</mergeCells>",
                 areas[i].reference);
        psyi_buffer book;
        psyi_buffer_init(&book, NULL);
        fixture_workbook(cells, NULL, NULL, &book);
        fixture_reading reading;
        const psy_instrument *const instruments[] = {&fixture_phq9};
        static const char *const student[] = {"id"};
        fixture_plan(&reading, instruments, 1);
        fixture_column(&reading, PSYI_FIELD_STUDENT, student, 1);
        reading.options.partial = true;
        print_message("  %s\n", areas[i].reference);
        assert_int_equal(fixture_read(&reading, book.data, book.length), PSY_OK);
        assert_int_equal(fixture_count(reading.findings, "merged_cells"), areas[i].told);
        if (i == 0) {
            const psy_finding *const finding = fixture_finding(reading.findings, "merged_cells");
            assert_int_equal(finding->row, 2);
            assert_int_equal(finding->severity, PSY_ERROR);
            assert_non_null(strstr(finding->message, "the cells A2 to A3 are merged"));
        }
        fixture_done(&reading);
        psyi_buffer_done(&book);
    }
}

/* Of several sheets the one that was read stands before the cell. */
static void sheets_are_named(void **state)
{
    static const char *const cells[] = {
        R(1, "<c t=\"str\"><v>id</v></c><c t=\"str\"><v>phq9_1</v></c>")
            R(2, "<c t=\"str\"><v>a</v></c><c><v>7</v></c>"),
        R(1, "<c t=\"str\"><v>old</v></c>")};
    static const char *const states[] = {NULL, "hidden"};
    (void)state;
    for (size_t n = 1; n <= 2; n++) {
        psyi_buffer book;
        psyi_buffer_init(&book, NULL);
        fixture_sheets(cells, states, n, &book);
        fixture_reading reading;
        const psy_instrument *const instruments[] = {&fixture_phq9};
        fixture_plan(&reading, instruments, 1);
        reading.options.partial = true;
        assert_int_equal(fixture_read(&reading, book.data, book.length), PSY_OK);
        const psy_finding *const finding = fixture_finding(reading.findings, "out_of_range");
        assert_non_null(finding);
        assert_ptr_equal(strstr(finding->message, n == 1 ? "B2: '7'" : "A!B2: '7'"),
                         finding->message);
        fixture_done(&reading);
        psyi_buffer_done(&book);
    }
}

static void ids_of_too_many_digits(void **state)
{
    (void)state;
    psyi_buffer book;
    psyi_buffer_init(&book, NULL);
    fixture_workbook(R(1, "<c t=\"str\"><v>id</v></c><c t=\"str\"><v>phq9_1</v></c>")
                         R(2, "<c t=\"e\"><v>#N/A</v></c><c><v>1</v></c>")
                             R(3, "<c><v>110101200801011234</v></c><c><v>1</v></c>"),
                     NULL, NULL, &book);
    fixture_reading reading;
    const psy_instrument *const instruments[] = {&fixture_phq9};
    static const char *const student[] = {"id"};
    fixture_plan(&reading, instruments, 1);
    fixture_column(&reading, PSYI_FIELD_STUDENT, student, 1);
    reading.options.partial = true;
    assert_int_equal(fixture_read(&reading, book.data, book.length), PSY_OK);
    const psy_finding *finding = fixture_finding(reading.findings, "formula_error");
    assert_non_null(finding);
    assert_int_equal(finding->severity, PSY_ERROR);
    assert_non_null(strstr(finding->message, "A2: "));
    assert_string_equal(reading.intake->records[0].student, "");
    fixture_done(&reading);
    psyi_buffer_done(&book);

    psyi_buffer_init(&book, NULL);
    fixture_workbook(R(1, "<c t=\"str\"><v>学籍号</v></c>")
                         R(2, "<c><v>110101200801011234</v></c>"),
                     NULL, NULL, &book);
    psyi_input input = {.present = true, .header_row = 1};
    static const char *const code[] = {"学籍号"};
    input.columns[PSYI_FIELD_STUDENT] = (psyi_column_names){code, 1, {0, 0, 0}};
    psy_test_bytes bytes = {.bytes = book.data, .length = book.length};
    const psy_source source = psy_test_source_of(&bytes, "roster.xlsx");
    psyi_roster *roster = NULL;
    psy_error error;
    assert_int_equal(psyi_roster_read(&roster, &input, NULL, &source, NULL, NULL, &error),
                     PSY_E_DATA);
    assert_non_null(strstr(error.message, "more digits than a spreadsheet keeps"));
    assert_non_null(strstr(error.path, "cell A2"));
    assert_ptr_equal(strstr(error.message, "A2: "), error.message);
    assert_int_equal(error.where.line, 2);
    assert_int_equal(error.where.column, 1);
    psyi_buffer_done(&book);
}

/* ---- memory that runs out ---------------------------------------------------------------- */

static psy_status read_again(const psy_allocator *allocator, void *context)
{
    psyi_buffer out;
    psyi_sheet_facts facts;
    psy_error error;
    psyi_buffer_init(&out, allocator);
    psyi_buffer_init(&facts.merged, allocator);
    psyi_buffer_init(&facts.name, allocator);
    const psy_status status =
        psyi_xlsx_read(context, "x.xlsx", NULL, "inputs/responses", &out, &facts, &error);
    if (status == PSY_OK)
        assert_string_equal(out.data, "x\t2026-09-03\n2\ttwo runs");
    psyi_buffer_done(&out);
    psyi_buffer_done(&facts.merged);
    psyi_buffer_done(&facts.name);
    return status;
}

static psy_status read_with_malloc(void *context)
{
    const psy_status status = read_again(NULL, context);
    /* libzip 1.7 calls a package no zip file when memory for its end record ran out. */
    return status == PSY_E_DATA ? PSY_E_NOMEM : status;
}

static void without_memory(void **state)
{
    (void)state;
    psyi_buffer book;
    psyi_buffer_init(&book, NULL);
    fixture_workbook(
        R(1, "<c t=\"s\"><v>0</v></c><c s=\"1\"><v>46268</v></c>")
            R(2, "<c><v>2</v></c><c t=\"s\"><v>1</v></c>") "<mergeCells><mergeCell "
                                                           "ref=\"A1:A2\"/></mergeCells>",
        texts, styles, &book);
    psy_sweep(read_again, &book);
    psy_malloc_sweep(read_with_malloc, &book, 0);
    psyi_buffer_done(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cells_are_read),
                                       cmocka_unit_test(cells_are_refused),
                                       cmocka_unit_test(sheets_are_chosen),
                                       cmocka_unit_test(document_types),
                                       cmocka_unit_test(bombs),
                                       cmocka_unit_test(repeated_texts),
                                       cmocka_unit_test(truncated),
                                       cmocka_unit_test(flipped),
                                       cmocka_unit_test(other_packages),
                                       cmocka_unit_test(responses_from_a_workbook),
                                       cmocka_unit_test(merged_areas),
                                       cmocka_unit_test(sheets_are_named),
                                       cmocka_unit_test(ids_of_too_many_digits),
                                       cmocka_unit_test(without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
