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

static psy_status date_item(batch *b)
{
    add(b, "sdq_1", "tdD", ones, NULL, 0);
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
    {"a date", date_item,
     "column 'sdq_1' has the Arrow type 'tdD'; integers, booleans, floats, doubles, texts and "
     "dictionaries of these are read"},
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

/* ---- texts and dictionaries: as the cells of a file ---- */

static const char *first_message(const psy_findings *findings)
{
    return psy_findings_count(findings) > 0 ? psy_findings_get(findings, 0).message : "";
}

static void test_texts_read_like_cells(void **state)
{
    /* "2", a label in capitals, an empty text, no answer at all, another number, null */
    static const char text[] = "2NOT AT ALLperhaps 7 2";
    static const int32_t small[] = {0, 1, 11, 11, 18, 21, 22};
    static const int64_t large[] = {0, 1, 11, 11, 18, 21, 22};
    static const uint8_t valid[] = {0x1F};
    static const char *const formats[] = {"u", "U"};
    (void)state;
    for (size_t f = 0; f < COUNT(formats); f++) {
        psy_answers *const answers = make(&fixture_phq9, 6);
        psy_findings *findings = NULL;
        batch b;
        assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
        begin(&b, 6);
        add_text(&b, "phq9_1", formats[f], f == 0 ? (const void *)small : (const void *)large, text,
                 valid);
        psy_error error = {0};
        assert_int_equal(psy_answers_import_column(answers, "phq9_1", &b.child_schemas[0],
                                                   &b.child_arrays[0], findings, &error),
                         PSY_OK);
        assert_int_equal(byte_of(answers, 0, 0), 2);
        assert_int_equal(byte_of(answers, 1, 0), 0);
        assert_int_equal(byte_of(answers, 2, 0), PSYI_BLANK);
        assert_int_equal(byte_of(answers, 3, 0), PSYI_UNREADABLE);
        assert_int_equal(byte_of(answers, 4, 0), PSYI_OUT_OF_RANGE);
        assert_int_equal(byte_of(answers, 5, 0), PSYI_BLANK);
        assert_int_equal(psy_findings_count(findings), 2);
        assert_string_equal(first_message(findings),
                            "'perhaps' is neither a label nor one of the codes 0, 1, 2, 3");
        assert_int_equal(psy_findings_get(findings, 0).row, 4);
        assert_string_equal(psy_findings_get(findings, 1).message,
                            "'7' is not one of the codes 0, 1, 2, 3");
        psy_findings_free(findings);
        psy_answers_free(answers);
    }
}

/* A string view of at most 12 bytes, or one into buffer 0. */
static void set_view(unsigned char *view, const char *text, int32_t length, int32_t offset)
{
    memset(view, 0, 16);
    memcpy(view, &length, 4);
    memcpy(view + 4, text, length <= 12 ? (size_t)length : 4);
    if (length > 12)
        memcpy(view + 12, &offset, 4);
}

static void test_views_and_dictionaries(void **state)
{
    static const char heap[] = "......more than half";
    static const int8_t indices[] = {3, 1, 0, 2, 1};
    static const uint8_t bits[] = {0x2A}; /* rows 1, 3, 5 */
    unsigned char views[4][16];
    const void *view_buffers[] = {NULL, views, heap};
    (void)state;
    psy_answers *const answers = make(&fixture_phq9, 4);
    psy_error error = {0};
    set_view(views[0], "3", 1, 0);
    set_view(views[1], "not at all", 10, 0);
    set_view(views[2], heap + 6, 14, 6);
    set_view(views[3], "1.0", 3, 0);
    struct ArrowSchema words = {.format = "vu"};
    struct ArrowArray texts = {.length = 4, .n_buffers = 3, .buffers = view_buffers};
    assert_int_equal(psy_answers_import_column(answers, "phq9_1", &words, &texts, NULL, &error),
                     PSY_OK);
    assert_int_equal(byte_of(answers, 0, 0), 3);
    assert_int_equal(byte_of(answers, 1, 0), 0);
    assert_int_equal(byte_of(answers, 2, 0), 2);
    assert_int_equal(byte_of(answers, 3, 0), 1);

    /* The same as a dictionary, of which the column sees rows 1 .. 4. */
    const void *index_buffers[] = {NULL, indices};
    struct ArrowSchema coded = {.format = "c", .dictionary = &words};
    struct ArrowArray column = {
        .length = 4, .offset = 1, .n_buffers = 2, .buffers = index_buffers, .dictionary = &texts};
    assert_int_equal(psy_answers_import_column(answers, "phq9_2", &coded, &column, NULL, &error),
                     PSY_OK);
    assert_int_equal(byte_of(answers, 0, 1), 0);
    assert_int_equal(byte_of(answers, 1, 1), 3);
    assert_int_equal(byte_of(answers, 2, 1), 2);
    assert_int_equal(byte_of(answers, 3, 1), 0);
    texts.length = 3; /* and now index 3 is in no dictionary */
    column.offset = 0;
    assert_int_equal(psy_answers_import_column(answers, "phq9_2", &coded, &column, NULL, &error),
                     PSY_E_DATA);
    assert_string_equal(error.message,
                        "row 1 of column 'phq9_2' has an index that its dictionary does not have");

    /* A dictionary of numbers, and booleans. */
    static const int16_t numbers[] = {2, 0, 3};
    const void *number_buffers[] = {NULL, numbers}, *bit_buffers[] = {NULL, bits};
    struct ArrowSchema whole = {.format = "s"}, truth = {.format = "b"};
    struct ArrowArray entries = {.length = 3, .n_buffers = 2, .buffers = number_buffers};
    struct ArrowArray truths = {.length = 4, .offset = 1, .n_buffers = 2, .buffers = bit_buffers};
    coded.dictionary = &whole;
    column.dictionary = &entries;
    column.offset = 1;
    assert_int_equal(psy_answers_import_column(answers, "phq9_3", &coded, &column, NULL, &error),
                     PSY_OK);
    assert_int_equal(byte_of(answers, 0, 2), 0);
    assert_int_equal(byte_of(answers, 1, 2), 2);
    assert_int_equal(byte_of(answers, 2, 2), 3);
    assert_int_equal(psy_answers_import_column(answers, "phq9_4", &truth, &truths, NULL, &error),
                     PSY_OK);
    assert_int_equal(byte_of(answers, 0, 3), 1);
    assert_int_equal(byte_of(answers, 1, 3), 0);
    assert_int_equal(byte_of(answers, 2, 3), 1);
    assert_int_equal(psy_answers_import_column(answers, "phq9_99", &truth, &truths, NULL, &error),
                     PSY_E_NOT_FOUND);
    assert_string_equal(error.message, "phq9 has no column 'phq9_99'");
    psy_answers_free(answers);
}

static void test_complete(void **state)
{
    (void)state;
    psy_answers *const answers = make(&fixture_sdq, 1);
    psy_findings *findings = NULL;
    psy_error error = {0};
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psy_answers_set_column(answers, 0, ones, PSY_UINT8, 1, NULL, NULL, &error),
                     PSY_OK);
    assert_int_equal(psy_answers_complete(answers, findings, &error), PSY_E_DATA);
    assert_string_equal(error.message, "there is no column 'sdq_2', which sdq needs");
    assert_int_equal(psy_answers_set_column(answers, 1, ones, PSY_UINT8, 1, NULL, NULL, &error),
                     PSY_OK);
    assert_int_equal(psy_answers_complete(answers, findings, &error), PSY_OK);
    assert_int_equal(psy_findings_count(findings), 1);
    assert_int_equal(psy_answers_complete(NULL, NULL, &error), PSY_E_ARGUMENT);
    psy_findings_free(findings);
    psy_answers_free(answers);
}

/* ---- streams ---- */

typedef struct two_batches {
    batch batches[2];
    size_t next, released;
    int fail_at; /* batch that fails; -1 none */
} two_batches;

static two_batches *flowing; /* whom the release callbacks count for */

static void count_schema(struct ArrowSchema *schema)
{
    flowing->released++;
    schema->release = NULL;
}

static void count_array(struct ArrowArray *array)
{
    flowing->released++;
    array->release = NULL;
}

static int give_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    two_batches *const from = stream->private_data;
    *out = from->batches[0].schema;
    out->release = count_schema;
    return 0;
}

static int give_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    two_batches *const from = stream->private_data;
    if (from->fail_at == (int)from->next)
        return 5;
    if (from->next == 2) {
        out->release = NULL;
        return 0;
    }
    *out = from->batches[from->next++].array;
    out->release = count_array;
    return 0;
}

static const char *give_words(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "the disk is gone";
}

static void release_stream(struct ArrowArrayStream *stream)
{
    (void)stream;
    fail_msg("the import released a stream it only borrows");
}

static void fill(two_batches *from, int fail_at)
{
    static const int8_t first[] = {1, 2, 9}, second[] = {3, 9};
    from->next = from->released = 0;
    from->fail_at = fail_at;
    flowing = from;
    begin(&from->batches[0], 3);
    begin(&from->batches[1], 2);
    for (size_t i = 0; i < 2; i++) {
        add(&from->batches[i], "k2_2", "c", i == 0 ? first : second, NULL, 0);
        add(&from->batches[i], "sex", "c", ones, NULL, 0);
        add(&from->batches[i], "k2_1", "c", ones, NULL, 0);
    }
}

static struct ArrowArrayStream stream_of(two_batches *from)
{
    return (struct ArrowArrayStream){.get_schema = give_schema,
                                     .get_next = give_next,
                                     .get_last_error = give_words,
                                     .release = release_stream,
                                     .private_data = from};
}

static void test_a_stream_of_two_batches(void **state)
{
    (void)state;
    two_batches from;
    fill(&from, -1);
    struct ArrowArrayStream stream = stream_of(&from);
    psy_findings *findings = NULL;
    psy_answers *answers = NULL;
    psy_error error = {0};
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(
        psy_answers_import_stream(&answers, &fixture_k2, NULL, &stream, NULL, findings, &error),
        PSY_OK);
    assert_int_equal(psy_answers_row_count(answers), 5);
    assert_int_equal(byte_of(answers, 1, 1), 1);
    assert_int_equal(byte_of(answers, 3, 1), 2);
    assert_int_equal(psy_findings_count(findings), 2);
    assert_int_equal(psy_findings_get(findings, 0).row, 3);
    assert_int_equal(psy_findings_get(findings, 1).row, 5);
    assert_int_equal(from.released, 3);
    psy_answers_free(answers);

    fill(&from, 1);
    answers = NULL;
    assert_int_equal(
        psy_answers_import_stream(&answers, &fixture_k2, NULL, &stream, NULL, findings, &error),
        PSY_E_IO);
    assert_string_equal(error.message, "the Arrow stream failed: the disk is gone (5)");
    assert_null(answers);
    assert_int_equal(from.released, 2);
    psy_findings_free(findings);
}

static psy_status stream_once(const psy_allocator *allocator, void *context)
{
    two_batches from;
    fill(&from, -1);
    struct ArrowArrayStream stream = stream_of(&from);
    psy_answers *answers = NULL;
    psy_error error;
    const psy_status status =
        psy_answers_import_stream(&answers, &fixture_k2, NULL, &stream, allocator, context, &error);
    psy_answers_free(answers);
    assert_true(from.released == from.next + 1 || status != PSY_OK);
    return status;
}

static void test_stream_survives_every_failed_allocation(void **state)
{
    (void)state;
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_true(psy_sweep(stream_once, findings) >= 12);
    psy_findings_free(findings);
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
    add_text(&b, "k2_2", "u", offsets, "nonely?", NULL);
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
        cmocka_unit_test(test_texts_read_like_cells),
        cmocka_unit_test(test_views_and_dictionaries),
        cmocka_unit_test(test_complete),
        cmocka_unit_test(test_a_stream_of_two_batches),
        cmocka_unit_test(test_import_survives_every_failed_allocation),
        cmocka_unit_test(test_stream_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
