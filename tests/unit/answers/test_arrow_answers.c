/*
 * test_arrow_answers.c -- answers out of Arrow structs: types, nulls, slices, names.
 */
#include "test_support.h"

#include "answers/memory_answers.h"
#include "intake_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MOST         16

/* A record batch on the stack.  Buffers are borrowed. */
typedef struct batch {
    struct ArrowSchema schema, child_schemas[MOST], *schema_children[MOST];
    struct ArrowArray array, child_arrays[MOST], *array_children[MOST];
    const void *buffers[MOST][3], *own_buffers[1];
} batch;

static void release_schema(struct ArrowSchema *schema)
{
    (void)schema;
    fail_msg("the import released a schema it only borrows");
}

static void release_array(struct ArrowArray *array)
{
    (void)array;
    fail_msg("the import released an array it only borrows");
}

static void begin(batch *b, int64_t length)
{
    memset(b, 0, sizeof *b);
    b->schema = (struct ArrowSchema){
        .format = "+s", .children = b->schema_children, .release = release_schema};
    b->array = (struct ArrowArray){.length = length,
                                   .n_buffers = 1,
                                   .buffers = b->own_buffers,
                                   .children = b->array_children,
                                   .release = release_array};
}

static void add(batch *b, const char *name, const char *format, const void *values,
                const void *valid, int64_t offset)
{
    const int64_t i = b->schema.n_children++;
    assert_true(i < MOST);
    b->array.n_children++;
    b->child_schemas[i] =
        (struct ArrowSchema){.format = format, .name = name, .release = release_schema};
    b->buffers[i][0] = valid;
    b->buffers[i][1] = values;
    b->child_arrays[i] = (struct ArrowArray){.length = b->array.length + b->array.offset,
                                             .offset = offset,
                                             .n_buffers = 2,
                                             .buffers = b->buffers[i],
                                             .release = release_array};
    b->schema_children[i] = &b->child_schemas[i];
    b->array_children[i] = &b->child_arrays[i];
}

static void add_text(batch *b, const char *name, const char *format, const void *offsets,
                     const char *text, const void *valid)
{
    add(b, name, format, offsets, valid, 0);
    const int64_t i = b->schema.n_children - 1;
    b->child_arrays[i].n_buffers = 3;
    b->buffers[i][2] = text;
}

static psy_answers *make(const psy_instrument *instrument, size_t n_rows)
{
    psy_answers *answers = NULL;
    assert_int_equal(psy_answers_new(&answers, instrument, NULL, n_rows, NULL, NULL), PSY_OK);
    return answers;
}

static unsigned byte_of(const psy_answers *answers, size_t row, size_t item)
{
    return *psyi_sheets_byte(answers->sheets, row, item);
}

static const int8_t zeros[8] = {0}, ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};

static void test_every_type(void **state)
{
    static const int8_t i8[] = {0, 2, 7};
    static const uint8_t u8[] = {0, 2, 200};
    static const int16_t i16[] = {0, 2, -7};
    static const uint16_t u16[] = {0, 2, 60000};
    static const int32_t i32[] = {0, 2, -70000};
    static const uint32_t u32[] = {0, 2, 4000000000u};
    static const int64_t i64[] = {0, 2, INT64_MIN};
    static const uint64_t u64[] = {0, 2, UINT64_MAX};
    static const float f32[] = {0, 2, 7};
    static const double f64[] = {0, 2, 7};
    static const struct {
        const char *format;
        const void *values;
    } types[] = {{"c", i8},  {"C", u8},  {"s", i16}, {"S", u16}, {"i", i32},
                 {"I", u32}, {"l", i64}, {"L", u64}, {"f", f32}, {"g", f64}};
    (void)state;
    for (size_t i = 0; i < COUNT(types); i++) {
        psy_answers *const answers = make(&fixture_k2, 3);
        psy_findings *findings = NULL;
        batch b;
        print_message("  %s\n", types[i].format);
        assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
        begin(&b, 3);
        add(&b, "k2_2", types[i].format, types[i].values, NULL, 0);
        add(&b, "other", "u", NULL, NULL, 0);
        add(&b, "k2_1", "c", ones, NULL, 0);
        assert_int_equal(psy_answers_import_arrow(answers, &b.schema, &b.array, findings, NULL),
                         PSY_OK);
        assert_int_equal(byte_of(answers, 0, 0), 0);
        assert_int_equal(byte_of(answers, 0, 1), PSYI_OUT_OF_RANGE);
        assert_int_equal(byte_of(answers, 1, 1), 1);
        assert_int_equal(byte_of(answers, 2, 1), PSYI_OUT_OF_RANGE);
        assert_int_equal(psy_findings_count(findings), 2);
        psy_findings_free(findings);
        psy_answers_free(answers);
    }
}

static void test_nulls_and_slices(void **state)
{
    static const int32_t values[] = {9, 9, 1, 2, 3, 4};
    static const uint8_t valid[] = {0x17}; /* rows 0, 1, 2 and 4 */
    static const uint8_t outer[] = {0x0F};
    (void)state;
    /* The array begins at row 1 of its children, which begin at value 1: value 2 is row 0. */
    psy_answers *const answers = make(&fixture_k2, 3);
    batch b;
    begin(&b, 3);
    b.array.offset = 1;
    b.own_buffers[0] = outer;
    add(&b, "k2_1", "i", values, valid, 1);
    add(&b, "k2_2", "n", NULL, NULL, 0);
    b.child_arrays[1].n_buffers = 0;
    assert_int_equal(psy_answers_import_arrow(answers, &b.schema, &b.array, NULL, NULL), PSY_OK);
    assert_int_equal(byte_of(answers, 0, 0), 0);
    assert_int_equal(byte_of(answers, 1, 0), PSYI_BLANK); /* null in the column */
    assert_int_equal(byte_of(answers, 2, 0), 2);
    assert_int_equal(byte_of(answers, 2, 1), PSYI_BLANK);
    static const uint8_t hidden[] = {0x06}; /* rows 1 and 2 of 0..3 */
    b.own_buffers[0] = hidden;
    assert_int_equal(psy_answers_import_arrow(answers, &b.schema, &b.array, NULL, NULL), PSY_OK);
    assert_int_equal(byte_of(answers, 0, 0), 0);
    assert_int_equal(byte_of(answers, 2, 0), PSYI_BLANK); /* null in the struct */
    psy_answers_free(answers);
}

static void test_persons(void **state)
{
    static const int32_t offsets[] = {0, 4, 7, 7};
    static const int64_t wide[] = {0, 6, 12, 19};
    static const double ages[] = {13, NAN, 12};
    static const uint16_t grades[] = {7, 8, 9};
    (void)state;
    psy_answers *const answers = make(&fixture_k2, 3);
    batch b;
    begin(&b, 3);
    add(&b, "k2_1", "c", ones, NULL, 0);
    add(&b, "k2_2", "c", ones, NULL, 0);
    add_text(&b, "sex", "u", offsets, "male女", NULL);
    add_text(&b, "informant", "U", wide, "家长本人teacher", NULL);
    add(&b, "age", "g", ages, NULL, 0);
    add(&b, "grade", "S", grades, NULL, 0);
    assert_int_equal(psy_answers_import_arrow(answers, &b.schema, &b.array, NULL, NULL), PSY_OK);
    assert_int_equal(answers->sex[0], PSYI_SEX_MALE);
    assert_int_equal(answers->sex[1], PSYI_SEX_FEMALE);
    assert_int_equal(answers->sex[2], PSYI_SEX_UNKNOWN);
    assert_int_equal(answers->informant[0], PSYI_INFORMANT_PARENT);
    assert_int_equal(answers->informant[2], PSYI_INFORMANT_TEACHER);
    assert_int_equal(answers->age[1], -1);
    assert_int_equal(answers->grade[2], 9);

    psy_error error = {0};
    b.buffers[2][2] = "mad\0女";
    assert_int_equal(psy_answers_import_arrow(answers, &b.schema, &b.array, NULL, &error),
                     PSY_E_DATA);
    assert_string_equal(error.message, "row 1: sex is 1 (male) or 2 (female)");
    assert_string_equal(error.path, "sex");
    psy_answers_free(answers);
}

typedef psy_status prepare(batch *b);

static psy_status missing_item(batch *b)
{
    add(b, "sdq_1", "c", ones, NULL, 0);
    return PSY_E_DATA;
}

static psy_status item_twice(batch *b)
{
    add(b, "sdq_1", "c", ones, NULL, 0);
    add(b, "sdq_2", "c", ones, NULL, 0);
    add(b, "sdq_1", "c", ones, NULL, 0);
    return PSY_E_DATA;
}

static psy_status half_a_part(batch *b)
{
    add(b, "sdq_1", "c", ones, NULL, 0);
    add(b, "sdq_2", "c", ones, NULL, 0);
    add(b, "sdq_home", "c", zeros, NULL, 0);
    return PSY_E_DATA;
}

static psy_status text_item(batch *b)
{
    add(b, "sdq_1", "u", ones, NULL, 0);
    add(b, "sdq_2", "c", ones, NULL, 0);
    return PSY_E_UNSUPPORTED;
}

static psy_status wrong_length(batch *b)
{
    b->array.length = 2;
    return PSY_E_DATA;
}

static psy_status short_child(batch *b)
{
    add(b, "sdq_1", "c", ones, NULL, 0);
    b->child_arrays[0].length = 2;
    return PSY_E_ARGUMENT;
}

static psy_status no_struct(batch *b)
{
    b->schema.format = "c";
    return PSY_E_ARGUMENT;
}

static psy_status released(batch *b)
{
    b->array.release = NULL;
    return PSY_E_ARGUMENT;
}

static const struct {
    const char *name;
    prepare *prepare;
    const char *message;
} refused[] = {
    {"a missing item", missing_item, "there is no column 'sdq_2', which sdq needs"},
    {"an item twice", item_twice, "there are two columns 'sdq_1'"},
    {"half an optional part", half_a_part, "there is no column 'sdq_distress', which sdq needs"},
    {"a text item", text_item,
     "column 'sdq_1' has the Arrow type 'u'; integers, floats and doubles are read"},
    {"another length", wrong_length, "the Arrow array has 2 rows, the answers have 3"},
    {"a short child", short_child, "child 0 of the Arrow array is shorter than the array"},
    {"no struct", no_struct, "answers come as an Arrow struct array, one child a column"},
    {"a released array", released, "the Arrow array was released"},
};

static void test_refused_arrays(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        psy_answers *const answers = make(&fixture_sdq, 3);
        psy_error error = {0};
        batch b;
        print_message("  %s\n", refused[i].name);
        begin(&b, 3);
        const psy_status expected = refused[i].prepare(&b);
        assert_int_equal(psy_answers_import_arrow(answers, &b.schema, &b.array, NULL, &error),
                         expected);
        assert_string_equal(error.message, refused[i].message);
        psy_answers_free(answers);
    }
}

static void test_absent_part_is_noted(void **state)
{
    (void)state;
    psy_answers *const answers = make(&fixture_sdq, 3);
    psy_findings *findings = NULL;
    batch b;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    begin(&b, 3);
    add(&b, "sdq_1", "c", zeros, NULL, 0);
    add(&b, "sdq_2", "c", ones, NULL, 0);
    assert_int_equal(psy_answers_import_arrow(answers, &b.schema, &b.array, findings, NULL),
                     PSY_OK);
    assert_int_equal(byte_of(answers, 0, 2), PSYI_NOT_APPLICABLE);
    assert_int_equal(psy_findings_count(findings), 1);
    assert_int_equal(psy_findings_get(findings, 0).severity, PSY_NOTE);
    psy_findings_free(findings);
    psy_answers_free(answers);
}

static psy_status import_once(const psy_allocator *allocator, void *context)
{
    static const int32_t offsets[] = {0, 4, 7, 7};
    psy_answers *answers = NULL;
    psy_error error;
    batch b;
    psy_status status = psy_answers_new(&answers, &fixture_k2, NULL, 3, allocator, &error);
    if (status != PSY_OK)
        return status;
    begin(&b, 3);
    add(&b, "k2_1", "c", ones, NULL, 0);
    add(&b, "k2_2", "c", zeros, NULL, 0);
    add_text(&b, "sex", "u", offsets, "male女", NULL);
    status = psy_answers_import_arrow(answers, &b.schema, &b.array, context, &error);
    psy_answers_free(answers);
    return status;
}

static void test_import_survives_every_failed_allocation(void **state)
{
    (void)state;
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_true(psy_sweep(import_once, findings) >= 12);
    psy_findings_free(findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type),
        cmocka_unit_test(test_nulls_and_slices),
        cmocka_unit_test(test_persons),
        cmocka_unit_test(test_refused_arrays),
        cmocka_unit_test(test_absent_part_is_noted),
        cmocka_unit_test(test_import_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
