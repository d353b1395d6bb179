/*
 * test_table.c -- typed cells, what is missing, CSV and JSON lines.
 */
#include "test_support.h"

#include "table/collect.h"

#include <psyscreen/table.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static psy_table *new_table(size_t n_rows)
{
    psy_table *table;
    assert_int_equal(psy_table_new(&table, n_rows, NULL, NULL), PSY_OK);
    return table;
}

static size_t add(psy_table *table, const char *name, psy_column_type type)
{
    size_t column = SIZE_MAX;
    assert_int_equal(psy_table_add_column(table, name, type, &column, NULL), PSY_OK);
    return column;
}

static void set_text(psy_table *table, size_t column, size_t row, const char *text)
{
    assert_int_equal(psy_table_set_text(table, column, row, text, strlen(text), NULL), PSY_OK);
}

static void test_cells_come_back_by_type(void **state)
{
    (void)state;
    enum { N = 70 };
    psy_table *const table = new_table(N);
    const size_t b = add(table, "b", PSY_COLUMN_BOOL), i = add(table, "i", PSY_COLUMN_INT64);
    const size_t d = add(table, "d", PSY_COLUMN_DOUBLE), t = add(table, "t", PSY_COLUMN_TEXT);
    for (size_t row = 0; row < N; row += 3) {
        char text[16];
        snprintf(text, sizeof text, "row %zu", row);
        assert_int_equal(psy_table_set_bool(table, b, row, row % 2 == 0), PSY_OK);
        assert_int_equal(psy_table_set_int(table, i, row, -(int64_t)row), PSY_OK);
        assert_int_equal(psy_table_set_double(table, d, row, (double)row / 4), PSY_OK);
        set_text(table, t, row, text);
    }
    for (size_t row = 0; row < N; row++) {
        bool truth = false;
        int64_t integer = 0;
        double number = 0;
        const char *text = NULL;
        size_t length = 0;
        const bool there = row % 3 == 0;
        assert_true(psy_table_get_bool(table, b, row, &truth) == there);
        assert_true(psy_table_get_int(table, i, row, &integer) == there);
        assert_true(psy_table_get_double(table, d, row, &number) == there);
        assert_true(psy_table_get_text(table, t, row, &text, &length) == there);
        if (!there)
            continue;
        char expected[16];
        snprintf(expected, sizeof expected, "row %zu", row);
        assert_true(truth == (row % 2 == 0));
        assert_int_equal(integer, -(int64_t)row);
        assert_true(number == (double)row / 4);
        assert_int_equal(length, strlen(expected));
        assert_memory_equal(text, expected, length);
    }
    assert_int_equal(psy_table_row_count(table), N);
    assert_int_equal(psy_table_column_count(table), 4);
    assert_string_equal(psy_table_column_name(table, t), "t");
    assert_int_equal(psy_table_column_type(table, d), PSY_COLUMN_DOUBLE);
    assert_int_equal(psy_table_find(table, "d"), d);
    assert_true(psy_table_find(table, "x") == SIZE_MAX);
    assert_null(psy_table_column_name(table, 4));
    psy_table_free(table);
    psy_table_free(NULL);
}

static void test_wrong_cells_are_refused(void **state)
{
    (void)state;
    psy_table *const table = new_table(2);
    const size_t d = add(table, "d", PSY_COLUMN_DOUBLE), t = add(table, "t", PSY_COLUMN_TEXT);
    psy_error error;
    assert_int_equal(psy_table_set_bool(table, d, 0, true), PSY_E_ARGUMENT);
    assert_int_equal(psy_table_set_int(table, d, 0, 1), PSY_E_ARGUMENT);
    assert_int_equal(psy_table_set_double(table, t, 0, 1), PSY_E_ARGUMENT);
    assert_int_equal(psy_table_set_double(table, d, 2, 1), PSY_E_ARGUMENT);
    assert_int_equal(psy_table_set_double(table, 2, 0, 1), PSY_E_ARGUMENT);
    assert_int_equal(psy_table_set_text(table, d, 0, "x", 1, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_table_set_text(table, t, 0, "\xFF", 1, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_table_set_text(table, t, 0, "a\0b", 3, &error), PSY_E_ARGUMENT);
    set_text(table, t, 1, "b");
    assert_int_equal(psy_table_set_text(table, t, 0, "a", 1, &error), PSY_E_ARGUMENT);
    assert_non_null(strstr(error.message, "must be set in row order"));
    assert_int_equal(psy_table_set_text(table, t, 1, "a", 1, &error), PSY_E_ARGUMENT);
    double number;
    int64_t integer;
    bool truth;
    const char *text;
    size_t length;
    assert_false(psy_table_get_double(table, d, 2, &number));
    assert_false(psy_table_get_int(table, d, 0, &integer));
    assert_false(psy_table_get_bool(table, 9, 0, &truth));
    assert_false(psy_table_get_text(table, t, 0, &text, &length));
    psy_table_free(table);
}

static void test_columns_are_named_once(void **state)
{
    (void)state;
    psy_table *const table = new_table(1);
    add(table, "a", PSY_COLUMN_BOOL);
    psy_error error;
    size_t column = 77;
    assert_int_equal(psy_table_add_column(table, "a", PSY_COLUMN_TEXT, &column, &error),
                     PSY_E_ARGUMENT);
    assert_string_equal(error.message, "there is a column 'a' already");
    assert_int_equal(psy_table_add_column(table, "\xFF", PSY_COLUMN_TEXT, &column, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_table_add_column(table, "b", (psy_column_type)4, &column, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(column, 77);
    assert_int_equal(psy_table_add_column(table, "b", PSY_COLUMN_TEXT, NULL, NULL), PSY_OK);
    psy_table_free(table);
}

static void test_absurd_sizes_are_out_of_memory(void **state)
{
    (void)state;
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 4};
    psy_test_heap *const heap = psy_test_heap_new();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        psy_table *table;
        assert_int_equal(psy_table_new(&table, sizes[i], psy_test_heap_allocator(heap), NULL),
                         PSY_OK);
        for (int type = PSY_COLUMN_BOOL; type <= PSY_COLUMN_TEXT; type++)
            assert_int_equal(psy_table_add_column(table, "a", (psy_column_type)type, NULL, NULL),
                             PSY_E_NOMEM);
        assert_int_equal(psy_table_column_count(table), 0);
        psy_table_free(table);
    }
    psy_test_heap_free(heap);
}

static void test_nan_is_missing_and_a_cell_may_change(void **state)
{
    (void)state;
    psy_table *const table = new_table(9);
    const size_t d = add(table, "d", PSY_COLUMN_DOUBLE);
    double number = 5;
    assert_int_equal(psy_table_set_double(table, d, 8, NAN), PSY_OK);
    assert_false(psy_table_get_double(table, d, 8, &number));
    assert_int_equal(psy_table_set_double(table, d, 8, 1), PSY_OK);
    assert_int_equal(psy_table_set_double(table, d, 8, 2), PSY_OK);
    assert_true(psy_table_get_double(table, d, 8, &number) && number == 2);
    assert_int_equal(psy_table_set_double(table, d, 8, NAN), PSY_OK);
    assert_false(psy_table_get_double(table, d, 8, &number));
    psy_table_free(table);
}

/* Two rows of everything: values, then missing. */
static psy_table *sample(void)
{
    psy_table *const table = new_table(3);
    const size_t t = add(table, "student", PSY_COLUMN_TEXT);
    const size_t d = add(table, "phq9.total", PSY_COLUMN_DOUBLE);
    const size_t i = add(table, "tier", PSY_COLUMN_INT64);
    const size_t b = add(table, "a,\"b\"", PSY_COLUMN_BOOL);
    set_text(table, t, 0, "张三, \"x\"");
    psy_table_set_double(table, d, 0, 9.5);
    psy_table_set_int(table, i, 0, -2);
    psy_table_set_bool(table, b, 0, true);
    set_text(table, t, 2, "line\nbreak\t\\\x01\r\x7F");
    psy_table_set_double(table, d, 2, INFINITY);
    psy_table_set_bool(table, b, 2, false);
    return table;
}

static void test_csv(void **state)
{
    (void)state;
    psy_table *const table = sample();
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    const psy_sink sink = psy_test_sink(&out);
    assert_int_equal(psy_table_write_csv(table, &sink, NULL), PSY_OK);
    assert_string_equal(out.data, "student,phq9.total,tier,\"a,\"\"b\"\"\"\n"
                                  "\"张三, \"\"x\"\"\",9.5,-2,true\n"
                                  ",,,\n"
                                  "\"line\nbreak\t\\\x01\r\x7F\",inf,,false\n");
    psyi_buffer_done(&out);
    psy_table_free(table);
}

static void test_json(void **state)
{
    (void)state;
    psy_table *const table = sample();
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    const psy_sink sink = psy_test_sink(&out);
    assert_int_equal(psy_table_write_json(table, &sink, NULL), PSY_OK);
    assert_string_equal(
        out.data,
        "{\"student\":\"张三, \\\"x\\\"\",\"phq9.total\":9.5,\"tier\":-2,\"a,\\\"b\\\"\":true}\n"
        "{\"student\":null,\"phq9.total\":null,\"tier\":null,\"a,\\\"b\\\"\":null}\n"
        "{\"student\":\"line\\nbreak\\t\\\\\\u0001\\r\\u007f\",\"phq9.total\":null,\"tier\":null,"
        "\"a,\\\"b\\\"\":false}\n");
    psyi_buffer_done(&out);
    psy_table_free(table);
}

static void test_one_empty_column_has_no_blank_lines(void **state)
{
    (void)state;
    psy_table *table = new_table(2);
    add(table, "a", PSY_COLUMN_TEXT);
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    const psy_sink sink = psy_test_sink(&out);
    assert_int_equal(psy_table_write_csv(table, &sink, NULL), PSY_OK);
    assert_string_equal(out.data, "a\n\"\"\n\"\"\n");
    psy_table_free(table);
    table = new_table(1);
    psyi_buffer_clear(&out);
    assert_int_equal(psy_table_write_json(table, &sink, NULL), PSY_OK);
    assert_string_equal(out.data, "{}\n");
    psyi_buffer_done(&out);
    psy_table_free(table);
}

static void test_csv_cells(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"a b", "a b"},
        {"a,b", "\"a,b\""},
        {"\"", "\"\"\"\""},
        {"a\"\"b", "\"a\"\"\"\"b\""},
        {"a\r\n", "\"a\r\n\""},
        /* Spreadsheets would run these. */
        {"=1+1", "'=1+1"},
        {"=", "'="},
        {"=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""},
        {"@SUM(1)", "'@SUM(1)"},
        {"+1+1", "'+1+1"},
        {"-2+3", "'-2+3"},
        {"\t=1", "'\t=1"},
        {"\rx", "\"'\rx\""},
        {"＝1+1", "'＝1+1"},
        {"－2＋3", "'－2＋3"},
        /* These are codes and numbers, and must come back as they were. */
        {"-", "-"},
        {"+", "+"},
        {"@", "@"},
        {"-12", "-12"},
        {"+3.5e4", "+3.5e4"},
        {"1-2", "1-2"},
        {"a=b", "a=b"},
        {"学校", "学校"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        psyi_buffer out;
        psyi_buffer_init(&out, NULL);
        psyi_buffer_text(&out, "");
        psyi_csv_cell(&out, rows[i].text, strlen(rows[i].text));
        if (strcmp(out.data, rows[i].expected) != 0)
            fail_msg("'%s' became '%s'", rows[i].text, out.data);
        psyi_buffer_done(&out);
    }
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    psyi_csv_cell(&out, NULL, 0);
    assert_int_equal(out.length, 0);
    psyi_buffer_done(&out);
}

static psy_table *large_table(const psy_allocator *allocator)
{
    psy_table *table = NULL;
    if (psy_table_new(&table, 20000, allocator, NULL) != PSY_OK)
        return NULL;
    size_t n, t;
    if (psy_table_add_column(table, "n", PSY_COLUMN_DOUBLE, &n, NULL) != PSY_OK ||
        psy_table_add_column(table, "t", PSY_COLUMN_TEXT, &t, NULL) != PSY_OK) {
        psy_table_free(table);
        return NULL;
    }
    for (size_t row = 0; row < 20000; row++) {
        psy_table_set_double(table, n, row, (double)row / 8);
        if (psy_table_set_text(table, t, row, "some text", 9, NULL) != PSY_OK) {
            psy_table_free(table);
            return NULL;
        }
    }
    return table;
}

static void test_a_full_sink_is_an_output_error(void **state)
{
    (void)state;
    psy_table *const table = large_table(NULL);
    size_t whole = SIZE_MAX;
    const psy_sink counting = psy_test_full_sink(&whole);
    assert_int_equal(psy_table_write_csv(table, &counting, NULL), PSY_OK);
    whole = SIZE_MAX - whole;
    assert_true(whole > 300000);
    for (size_t room = 0; room < whole + 50000; room += 50000) {
        size_t left = room;
        const psy_sink sink = psy_test_full_sink(&left);
        psy_error error;
        const psy_status status = psy_table_write_csv(table, &sink, &error);
        assert_int_equal(status, room < whole ? PSY_E_OUTPUT : PSY_OK);
    }
    size_t none = 0;
    const psy_sink full = psy_test_full_sink(&none);
    assert_int_equal(psy_table_write_json(table, &full, NULL), PSY_E_OUTPUT);
    psy_table_free(table);
}

static psy_status table_once(const psy_allocator *allocator, void *context)
{
    (void)context;
    psy_table *table = PSY_UNTOUCHED;
    psy_status status = psy_table_new(&table, 100, allocator, NULL);
    if (status != PSY_OK) {
        psy_assert_untouched(table);
        return status;
    }
    for (int i = 0; i < 12 && status == PSY_OK; i++) {
        char name[8];
        snprintf(name, sizeof name, "c%d", i);
        size_t column = 77;
        status = psy_table_add_column(table, name, (psy_column_type)(i % 4), &column, NULL);
        assert_int_equal(column, status == PSY_OK ? (size_t)i : 77);
        for (size_t row = 0; row < 100 && i % 4 == PSY_COLUMN_TEXT && status == PSY_OK; row += 2)
            status = psy_table_set_text(table, column, row, "text", 4, NULL);
    }
    size_t room = SIZE_MAX;
    const psy_sink sink = psy_test_full_sink(&room);
    if (status == PSY_OK)
        status = psy_table_write_csv(table, &sink, NULL);
    if (status == PSY_OK)
        status = psy_table_write_json(table, &sink, NULL);
    psy_table_free(table);
    return status;
}

static void test_tables_survive_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(psy_sweep(table_once, NULL) > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_come_back_by_type),
        cmocka_unit_test(test_wrong_cells_are_refused),
        cmocka_unit_test(test_columns_are_named_once),
        cmocka_unit_test(test_absurd_sizes_are_out_of_memory),
        cmocka_unit_test(test_nan_is_missing_and_a_cell_may_change),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_one_empty_column_has_no_blank_lines),
        cmocka_unit_test(test_csv_cells),
        cmocka_unit_test(test_a_full_sink_is_an_output_error),
        cmocka_unit_test(test_tables_survive_every_failing_allocation),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
