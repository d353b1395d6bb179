/*
 * test_cell_grid.c -- cells with places become text that csv.h reads back cell for cell.
 */
#include "test_support.h"

#include "intake/csv.h"
#include "intake/cell_grid.h"

#include <stdio.h>
#include <string.h>

typedef struct told {
    uint64_t row;
    uint32_t column;
    const char *text;
} told;

static const told cells[] = {{1, 1, "plain"},      {1, 2, "a\tb"},   {1, 5, "\"quoted\""},
                             {2, 1, "two\nlines"}, {2, 3, "x\r\ny"}, {5, 2, "=HYPERLINK(\"x\")"},
                             {6, 4096, "last"}};

static const char *expected(uint64_t row, uint32_t column)
{
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        if (cells[i].row == row && cells[i].column == column)
            return cells[i].text;
    return "";
}

static void write_cells(psyi_buffer *text)
{
    psyi_grid grid;
    psy_error error;
    psyi_grid_init(&grid, text, "x.xlsx");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        assert_int_equal(psyi_grid_cell(&grid, cells[i].row, cells[i].column, cells[i].text,
                                        strlen(cells[i].text), &error),
                         PSY_OK);
}

static void start(psyi_csv *csv, const psyi_buffer *text)
{
    psyi_csv_init(csv, text->data, text->length, '\t', "x.xlsx", NULL);
    csv->grid = true;
}

static void comes_back(void **state)
{
    (void)state;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    write_cells(&text);
    psyi_csv csv;
    psy_error error;
    start(&csv, &text);
    uint64_t row = 0;
    size_t found = 0;
    while (psyi_csv_record(&csv)) {
        bool last = false;
        assert_int_equal(csv.record_line, ++row);
        for (uint32_t column = 1; !last; column++) {
            psyi_cell cell;
            assert_int_equal(psyi_csv_read(&csv, &cell, &last, &error), PSY_OK);
            const char *const want = expected(row, column);
            assert_int_equal(cell.length, strlen(want));
            assert_memory_equal(cell.text, want, cell.length);
            found += cell.length > 0;
        }
    }
    assert_int_equal(row, 6);
    assert_int_equal(found, sizeof cells / sizeof *cells);
    psyi_csv_done(&csv);
    psyi_buffer_done(&text);
}

static void rows_are_skipped(void **state)
{
    (void)state;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    write_cells(&text);
    psyi_csv csv;
    start(&csv, &text);
    psyi_csv_skip_lines(&csv, 4);
    assert_true(psyi_csv_record(&csv));
    assert_int_equal(csv.record_line, 5);
    assert_int_equal(csv.at[0], '\t');
    psyi_csv_done(&csv);
    psyi_buffer_done(&text);
}

static psy_status two(told a, told b, psy_error *error)
{
    psyi_buffer text;
    psyi_grid grid;
    psyi_buffer_init(&text, NULL);
    psyi_grid_init(&grid, &text, "x.xlsx");
    psy_status status = psyi_grid_cell(&grid, a.row, a.column, a.text, strlen(a.text), error);
    if (status == PSY_OK)
        status = psyi_grid_cell(&grid, b.row, b.column, b.text, strlen(b.text), error);
    psyi_buffer_done(&text);
    return status;
}

static void order_and_width(void **state)
{
    (void)state;
    psy_error error;
    assert_int_equal(two((told){1, 1, "a"}, (told){1, 2, "b"}, &error), PSY_OK);
    assert_int_equal(two((told){1, 1, "a"}, (told){1, 1, "b"}, &error), PSY_E_DATA);
    assert_non_null(strstr(error.message, "cell A1 "));
    assert_int_equal(two((told){1, 28, "a"}, (told){1, 27, "b"}, &error), PSY_E_DATA);
    assert_non_null(strstr(error.message, "cell AA1 "));
    assert_int_equal(two((told){3, 1, "a"}, (told){2, 9, "b"}, &error), PSY_E_DATA);
    assert_int_equal(two((told){3, 1, "a"}, (told){2, 9, ""}, &error), PSY_OK);
    assert_int_equal(two((told){1, 1, "a"}, (told){2, 4097, "b"}, &error), PSY_E_LIMIT);
    assert_non_null(strstr(error.message, "cell FAO2 "));
    assert_int_equal(error.where.line, 2);
}

static void long_rows(void **state)
{
    (void)state;
    psyi_buffer text;
    psyi_grid grid;
    psy_error error;
    char half[(1 << 19) + 1];
    memset(half, 'x', sizeof half - 1);
    half[sizeof half - 1] = '\0';
    psyi_buffer_init(&text, NULL);
    psyi_grid_init(&grid, &text, "x.xlsx");
    for (uint64_t row = 1; row < 4; row++)
        assert_int_equal(psyi_grid_cell(&grid, row, 1, half, sizeof half - 1, &error), PSY_OK);
    assert_int_equal(psyi_grid_cell(&grid, 3, 2, half, sizeof half - 1, &error), PSY_E_LIMIT);
    psyi_buffer_done(&text);
}

static void names(void **state)
{
    (void)state;
    static const struct {
        uint64_t row;
        uint32_t column;
        const char *name;
    } known[] = {{17, 3, "C17"},  {1, 1, "A1"},     {9, 26, "Z9"},     {1, 27, "AA1"},
                 {1, 702, "ZZ1"}, {1, 703, "AAA1"}, {5, 4096, "FAN5"}, {1, 16384, "XFD1"}};
    char name[32];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_string_equal(psyi_cell_name(known[i].row, known[i].column, name), known[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back), cmocka_unit_test(rows_are_skipped),
        cmocka_unit_test(order_and_width), cmocka_unit_test(long_rows), cmocka_unit_test(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
