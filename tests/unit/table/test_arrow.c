/*
 * test_arrow.c -- the exported structures, walked by hand as a consumer would.
 */
#include "test_support.h"

#include <psyscreen/table.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_ROWS = 19 };

static psy_table *sample(const psy_allocator *allocator)
{
    static const char *const names[] = {"b", "i", "d", "t"};
    psy_table *table = NULL;
    assert_int_equal(psy_table_new(&table, N_ROWS, allocator, NULL), PSY_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(psy_table_add_column(table, names[i], (psy_column_type)i, NULL, NULL),
                         PSY_OK);
    for (size_t row = 0; row < N_ROWS - 2; row += 2) {
        char text[16];
        snprintf(text, sizeof text, "学%zu", row);
        psy_table_set_bool(table, 0, row, row % 4 == 0);
        psy_table_set_int(table, 1, row, (int64_t)row * 1000);
        psy_table_set_double(table, 2, row, (double)row / 2);
        psy_table_set_text(table, 3, row, text, strlen(text), NULL);
    }
    return table;
}

static int bit(const void *bits, size_t index)
{
    return ((const uint8_t *)bits)[index / 8] >> index % 8 & 1;
}

static void check_schema(const struct ArrowSchema *schema)
{
    static const char *const names[] = {"b", "i", "d", "t"}, *const formats[] = {"b", "l", "g",
                                                                                 "u"};
    assert_string_equal(schema->format, "+s");
    assert_int_equal(schema->n_children, 4);
    assert_null(schema->dictionary);
    assert_null(schema->metadata);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(schema->children[i]->format, formats[i]);
        assert_string_equal(schema->children[i]->name, names[i]);
        assert_int_equal(schema->children[i]->flags, 2);
        assert_int_equal(schema->children[i]->n_children, 0);
        assert_non_null(schema->children[i]->release);
    }
}

static void check_column(const struct ArrowArray *column, size_t index)
{
    assert_int_equal(column->length, N_ROWS);
    assert_int_equal(column->offset, 0);
    assert_int_equal(column->null_count, N_ROWS - 9);
    assert_int_equal(column->n_buffers, index == 3 ? 3 : 2);
    assert_null(column->dictionary);
    for (size_t row = 0; row < N_ROWS; row++) {
        const int there = row % 2 == 0 && row < N_ROWS - 2;
        assert_int_equal(bit(column->buffers[0], row), there);
        if (index == 3) {
            /* Offsets are in order for missing rows too. */
            const int32_t *const offsets = column->buffers[1];
            char expected[16] = "";
            if (there)
                snprintf(expected, sizeof expected, "学%zu", row);
            assert_int_equal(offsets[row + 1] - offsets[row], strlen(expected));
            assert_memory_equal((const char *)column->buffers[2] + offsets[row], expected,
                                strlen(expected));
        }
        if (!there)
            continue;
        if (index == 0)
            assert_int_equal(bit(column->buffers[1], row), row % 4 == 0);
        else if (index == 1)
            assert_int_equal(((const int64_t *)column->buffers[1])[row], row * 1000);
        else if (index == 2)
            assert_true(((const double *)column->buffers[1])[row] == (double)row / 2);
    }
}

static void test_buffers_hold_the_cells(void **state)
{
    (void)state;
    psy_test_heap *const heap = psy_test_heap_new();
    psy_table *table = sample(psy_test_heap_allocator(heap));
    struct ArrowSchema schema;
    struct ArrowArray array;
    assert_int_equal(psy_table_export_arrow(&table, &schema, &array, NULL), PSY_OK);
    assert_null(table);
    check_schema(&schema);
    assert_int_equal(array.length, N_ROWS);
    assert_int_equal(array.null_count, 0);
    assert_int_equal(array.n_buffers, 1);
    assert_null(array.buffers[0]);
    assert_int_equal(array.n_children, 4);
    for (size_t i = 0; i < 4; i++)
        check_column(array.children[i], i);
    schema.release(&schema);
    assert_null(schema.release);
    for (size_t i = 0; i < 4; i++)
        check_column(array.children[i], i); /* the array does not need the schema */
    array.release(&array);
    assert_null(array.release);
    psy_test_heap_free(heap);
}

static void test_children_may_outlive_their_parent(void **state)
{
    (void)state;
    psy_test_heap *const heap = psy_test_heap_new();
    psy_table *table = sample(psy_test_heap_allocator(heap));
    struct ArrowSchema schema;
    struct ArrowArray array;
    assert_int_equal(psy_table_export_arrow(&table, &schema, &array, NULL), PSY_OK);
    /* As the format says: copy the structure, and mark the one in the parent as released. */
    struct ArrowArray moved = *array.children[3];
    array.children[3]->release = NULL;
    struct ArrowSchema moved_schema = *schema.children[3];
    schema.children[3]->release = NULL;
    array.release(&array);
    schema.release(&schema);
    check_column(&moved, 3);
    assert_string_equal(moved_schema.name, "t");
    moved.release(&moved);
    moved_schema.release(&moved_schema);
    psy_test_heap_free(heap);
}

static void test_complete_columns_have_no_validity_bits(void **state)
{
    (void)state;
    psy_table *table;
    assert_int_equal(psy_table_new(&table, 2, NULL, NULL), PSY_OK);
    assert_int_equal(psy_table_add_column(table, "i", PSY_COLUMN_INT64, NULL, NULL), PSY_OK);
    psy_table_set_int(table, 0, 0, 1);
    psy_table_set_int(table, 0, 1, 2);
    struct ArrowSchema schema;
    struct ArrowArray array;
    assert_int_equal(psy_table_export_arrow(&table, &schema, &array, NULL), PSY_OK);
    assert_int_equal(array.children[0]->null_count, 0);
    assert_null(array.children[0]->buffers[0]);
    array.release(&array);
    schema.release(&schema);
}

static void test_empty_tables(void **state)
{
    (void)state;
    static const size_t n_columns[] = {0, 4};
    for (size_t i = 0; i < 2; i++) {
        psy_table *table;
        assert_int_equal(psy_table_new(&table, 0, NULL, NULL), PSY_OK);
        for (size_t c = 0; c < n_columns[i]; c++) {
            const char name[2] = {(char)('a' + (char)c), '\0'};
            assert_int_equal(psy_table_add_column(table, name, (psy_column_type)c, NULL, NULL),
                             PSY_OK);
        }
        struct ArrowSchema schema;
        struct ArrowArray array;
        assert_int_equal(psy_table_export_arrow(&table, &schema, &array, NULL), PSY_OK);
        assert_int_equal(array.length, 0);
        assert_int_equal(array.n_children, n_columns[i]);
        if (n_columns[i] > 0) {
            assert_int_equal(((const int32_t *)array.children[3]->buffers[1])[0], 0);
            assert_non_null(array.children[3]->buffers[2]);
        }
        schema.release(&schema);
        array.release(&array);
    }
}

static psy_status export_once(const psy_allocator *allocator, void *context)
{
    (void)context;
    psy_table *table = NULL;
    psy_status status = psy_table_new(&table, N_ROWS, allocator, NULL);
    for (int i = 0; i < 4 && status == PSY_OK; i++) {
        const char name[2] = {(char)('a' + i), '\0'};
        status = psy_table_add_column(table, name, (psy_column_type)i, NULL, NULL);
    }
    if (status == PSY_OK)
        status = psy_table_set_text(table, 3, 2, "x", 1, NULL);
    if (status == PSY_OK) {
        struct ArrowSchema schema = {.format = "untouched"};
        struct ArrowArray array = {.length = 77};
        status = psy_table_export_arrow(&table, &schema, &array, NULL);
        if (status == PSY_OK) {
            array.release(&array);
            schema.release(&schema);
        } else {
            assert_string_equal(schema.format, "untouched");
            assert_int_equal(array.length, 77);
            assert_non_null(table); /* still whole, and still the caller's */
            const char *text;
            size_t length;
            assert_true(psy_table_get_text(table, 3, 2, &text, &length));
        }
    }
    psy_table_free(table);
    return status;
}

static void test_export_survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(psy_sweep(export_once, NULL) > 25);
}

/* ---- lent, and back again ---- */

static void csv_of(const psy_table *table, char *out, size_t room)
{
    psyi_buffer buffer;
    psyi_buffer_init(&buffer, NULL);
    const psy_sink sink = psy_test_sink(&buffer);
    assert_int_equal(psy_table_write_csv(table, &sink, NULL), PSY_OK);
    assert_true(buffer.length < room);
    memcpy(out, buffer.data, buffer.length);
    out[buffer.length] = '\0';
    psyi_buffer_done(&buffer);
}

static void test_a_table_that_is_lent_and_copied_stays_the_same(void **state)
{
    (void)state;
    psy_table *const table = sample(NULL);
    char expected[4096], text[4096];
    csv_of(table, expected, sizeof expected);
    for (int round = 0; round < 2; round++) {
        struct ArrowSchema schema;
        struct ArrowArray array;
        psy_table *copy = NULL;
        assert_int_equal(psy_table_lend_arrow(table, &schema, &array, NULL), PSY_OK);
        check_schema(&schema);
        for (size_t i = 0; i < 4; i++)
            check_column(array.children[i], i);
        assert_int_equal(psy_table_import_arrow(&copy, &schema, &array, NULL, NULL), PSY_OK);
        schema.release(&schema);
        array.release(&array);
        csv_of(copy, text, sizeof text);
        assert_string_equal(text, expected);
        psy_table_free(copy);
    }
    csv_of(table, text, sizeof text);
    assert_string_equal(text, expected);

    /* Rows 2 .. 4 alone, the second of them null as a whole. */
    struct ArrowSchema schema;
    struct ArrowArray array;
    psy_table *slice = NULL;
    static const uint8_t nulls[] = {0x14};
    const void *buffers[] = {nulls};
    assert_int_equal(psy_table_lend_arrow(table, &schema, &array, NULL), PSY_OK);
    array.offset = 2;
    array.length = 3;
    const void **const own = array.buffers;
    array.buffers = buffers;
    assert_int_equal(psy_table_import_arrow(&slice, &schema, &array, NULL, NULL), PSY_OK);
    array.buffers = own;
    csv_of(slice, text, sizeof text);
    assert_string_equal(text, "b,i,d,t\nfalse,2000,1,学2\n,,,\ntrue,4000,2,学4\n");
    psy_table_free(slice);

    psy_error error = {0};
    psy_table *none = PSY_UNTOUCHED;
    schema.children[1]->format = "i";
    assert_int_equal(psy_table_import_arrow(&none, &schema, &array, NULL, &error),
                     PSY_E_UNSUPPORTED);
    assert_string_equal(error.message, "column 'i' has the Arrow type 'i'; booleans, 64-bit "
                                       "integers, doubles and texts are read");
    schema.children[1]->format = "l";
    array.children[1]->length = 4;
    assert_int_equal(psy_table_import_arrow(&none, &schema, &array, NULL, &error), PSY_E_ARGUMENT);
    psy_assert_untouched(none);
    schema.release(&schema);
    assert_int_equal(psy_table_import_arrow(&none, &schema, &array, NULL, &error), PSY_E_ARGUMENT);
    array.release(&array);
    psy_table_free(table);
}

static psy_status lend_and_copy(const psy_allocator *allocator, void *context)
{
    psy_table *const table = sample(NULL);
    psy_table *copy = NULL;
    struct ArrowSchema schema;
    struct ArrowArray array;
    (void)context;
    assert_int_equal(psy_table_lend_arrow(table, &schema, &array, NULL), PSY_OK);
    const psy_status status = psy_table_import_arrow(&copy, &schema, &array, allocator, NULL);
    schema.release(&schema);
    array.release(&array);
    psy_table_free(copy);
    psy_table_free(table);
    return status;
}

static void test_import_survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(psy_sweep(lend_and_copy, NULL) >= 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffers_hold_the_cells),
        cmocka_unit_test(test_children_may_outlive_their_parent),
        cmocka_unit_test(test_complete_columns_have_no_validity_bits),
        cmocka_unit_test(test_empty_tables),
        cmocka_unit_test(test_export_survives_every_failing_allocation),
        cmocka_unit_test(test_a_table_that_is_lent_and_copied_stays_the_same),
        cmocka_unit_test(test_import_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests_name("arrow", tests, NULL, NULL);
}
