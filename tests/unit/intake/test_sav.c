/*
 * test_sav.c -- SPSS files that libreadstat's writer made: labels, missing values, dates,
 * names and labels of variables, and a file in code page 936.
 */
#include "intake_fixture.h"
#include "test_support.h"

#include "intake/sav_in.h"

#include <stdlib.h>
#include <string.h>

#ifndef PSY_HAVE_READSTAT

static void says_what_is_missing(void **state)
{
    (void)state;
    fixture_reading reading;
    const psy_instrument *const instruments[] = {&fixture_phq9};
    fixture_plan(&reading, instruments, 1);
    assert_int_equal(fixture_read(&reading, "$FL2@(#) SPSS", 13), PSY_E_UNSUPPORTED);
    assert_non_null(strstr(reading.error.message, "built without libreadstat"));
    fixture_done(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(says_what_is_missing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

#include <readstat.h>

static ssize_t on_bytes(const void *bytes, size_t size, void *context)
{
    psyi_buffer_add(context, bytes, size);
    return (ssize_t)size;
}

/* Two pupils: id, sex, two items of which 9 is a user-missing value, a moment, a duration. */
static void write_file(psyi_buffer *out, const char *name, const char *item_label)
{
    readstat_writer_t *const writer = readstat_writer_init();
    readstat_set_data_writer(writer, on_bytes);
    readstat_label_set_t *const labels =
        readstat_add_label_set(writer, READSTAT_TYPE_DOUBLE, "often");
    static const char *const words[] = {"not at all", "several days", "more than half the days",
                                        "nearly every day"};
    for (int i = 0; i < 4; i++)
        readstat_label_double_value(labels, i + 1, words[i]); /* coded 1 to 4 */
    readstat_label_double_value(labels, 9, "refused");
    readstat_variable_t *const v[] = {
        readstat_add_variable(writer, "id", READSTAT_TYPE_STRING, 20),
        readstat_add_variable(writer, "who", READSTAT_TYPE_STRING, 20),
        readstat_add_variable(writer, "Q1", READSTAT_TYPE_DOUBLE, 0),
        readstat_add_variable(writer, "Q2", READSTAT_TYPE_DOUBLE, 0),
        readstat_add_variable(writer, "sent", READSTAT_TYPE_DOUBLE, 0),
        readstat_add_variable(writer, "took", READSTAT_TYPE_DOUBLE, 0)};
    readstat_variable_set_label(v[0], "学籍号");
    readstat_variable_set_label(v[2], item_label);
    for (int i = 2; i < 4; i++) {
        readstat_variable_set_label_set(v[i], labels);
        readstat_variable_add_missing_double_value(v[i], 9);
    }
    readstat_variable_set_format(v[4], "DATETIME20");
    readstat_variable_set_format(v[5], "TIME8");
    assert_int_equal(readstat_begin_writing_sav(writer, out, 2), READSTAT_OK);
    for (int row = 0; row < 2; row++) {
        readstat_begin_row(writer);
        readstat_insert_string_value(writer, v[0], row == 0 ? "G01" : "G02");
        readstat_insert_string_value(writer, v[1], name);
        readstat_insert_double_value(writer, v[2], row == 0 ? 1 : 9);
        if (row == 0)
            readstat_insert_double_value(writer, v[3], 4);
        else
            readstat_insert_missing_value(writer, v[3]);
        /* 2026-09-03 12:01:30: 20699 days and 141428 more since 1582-10-14. */
        readstat_insert_double_value(writer, v[4], (20699.0 + 141428.0) * 86400 + 43290);
        readstat_insert_double_value(writer, v[5], 605);
        readstat_end_row(writer);
    }
    assert_int_equal(readstat_end_writing(writer), READSTAT_OK);
    readstat_writer_free(writer);
}

static void read_grid(const psyi_buffer *bytes, const psyi_input *input, const char *expected)
{
    psyi_buffer out;
    psyi_arena arena;
    psy_error error = {.message = ""};
    const char *const *labels = NULL;
    size_t n_labels = 0;
    psyi_buffer_init(&out, NULL);
    psyi_arena_init(&arena, NULL);
    if (psyi_sav_read(bytes, "x.sav", input, NULL, &out, &arena, &labels, &n_labels, &error) !=
        PSY_OK)
        fail_msg("%s", error.message);
    assert_string_equal(out.data, expected);
    assert_int_equal(n_labels, 6);
    assert_string_equal(labels[0], "学籍号");
    assert_string_equal(labels[1], "");
    psyi_arena_done(&arena);
    psyi_buffer_done(&out);
}

#define NAMES "id\twho\tQ1\tQ2\tsent\ttook\n"
#define END   "2026-09-03 12:01:30\t0:10:05"

static void cases_become_rows(void **state)
{
    (void)state;
    static const char *const refused[] = {"refused"}, *const nine[] = {"9"};
    psyi_buffer bytes;
    psyi_buffer_init(&bytes, NULL);
    write_file(&bytes, "王·小", "1、做事时提不起劲");
    psyi_input input = {.present = true};
    read_grid(&bytes, &input,
              NAMES "G01\t王·小\tnot at all\tnearly every day\t" END "\nG02\t王·小\t\t\t" END);
    input.value_codes = true;
    read_grid(&bytes, &input, NAMES "G01\t王·小\t1\t4\t" END "\nG02\t王·小\t\t\t" END);
    input.value_codes = false;
    input.refused = (psyi_text_list){refused, 1};
    read_grid(&bytes, &input,
              NAMES "G01\t王·小\tnot at all\tnearly every day\t" END
                    "\nG02\t王·小\trefused\t\t" END);
    input.refused = (psyi_text_list){nine, 1};
    read_grid(&bytes, &input,
              NAMES "G01\t王·小\tnot at all\tnearly every day\t" END "\nG02\t王·小\t9\t\t" END);
    psyi_buffer_done(&bytes);
}

/* Columns are found by the names of variables and by their labels; a case is a row. */
static void the_whole_way(void **state)
{
    (void)state;
    psyi_buffer bytes;
    psyi_buffer_init(&bytes, NULL);
    write_file(&bytes, "x", "phq9_1");
    fixture_reading reading;
    const psy_instrument *const instruments[] = {&fixture_phq9};
    static const char *const student[] = {"学籍号"}, *const when[] = {"sent"},
                             *const took[] = {"took"}, *const sex[] = {"who"};
    fixture_plan(&reading, instruments, 1);
    fixture_column(&reading, PSYI_FIELD_STUDENT, student, 1);
    fixture_column(&reading, PSYI_FIELD_SUBMITTED_AT, when, 1);
    fixture_column(&reading, PSYI_FIELD_DURATION, took, 1);
    fixture_column(&reading, PSYI_FIELD_SEX, sex, 1);
    reading.options.partial = true;
    reading.input.header_row = 3; /* of the other files of the plan */
    assert_int_equal(fixture_read(&reading, bytes.data, bytes.length), PSY_OK);
    assert_int_equal(reading.intake->n_records, 2);
    const psyi_record *const records = reading.intake->records;
    assert_string_equal(records[1].student, "G02");
    assert_int_equal(records[1].row, 2);
    assert_int_equal(records[0].submitted_at, INT64_C(20699) * 86400 + 43290);
    assert_int_equal(records[0].seconds, 605);
    assert_int_equal(fixture_byte(&reading, 0, 0, 0), 0); /* the label, not the code 1 */
    assert_int_equal(fixture_byte(&reading, 0, 1, 0), PSYI_BLANK);
    const psy_finding *const finding = fixture_finding(reading.findings, "unreadable");
    assert_non_null(finding);
    assert_int_equal(finding->row, 1);
    assert_string_equal(finding->field, "who");
    fixture_done(&reading);
    psyi_buffer_done(&bytes);
}

/* As Chinese SPSS wrote before UTF-8: the bytes are GBK, the file names code page 936. */
static void code_page_936(void **state)
{
    (void)state;
    static const unsigned char info[] = {7, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0};
    psyi_buffer bytes;
    psyi_buffer_init(&bytes, NULL);
    write_file(&bytes, "\xCD\xF5\xD0\xA1", "\xC4\xD0");
    char *const at = memmem(bytes.data, bytes.length, info, sizeof info);
    assert_non_null(at);
    const unsigned char page[] = {0xA8, 3, 0, 0};
    memcpy(at + sizeof info + 28, page, 4);
    char *const name = memmem(bytes.data, bytes.length, "UTF-8", 5);
    if (name != NULL)
        memcpy(name, "GBK  ", 5);
    psyi_buffer out;
    psyi_arena arena;
    psy_error error = {.message = ""};
    const char *const *labels = NULL;
    size_t n_labels = 0;
    psyi_buffer_init(&out, NULL);
    psyi_arena_init(&arena, NULL);
    /* The label of the first variable is not GBK here; the bytes are the same either way. */
    const psy_status status =
        psyi_sav_read(&bytes, "x.sav", NULL, NULL, &out, &arena, &labels, &n_labels, &error);
    if (status != PSY_OK)
        fail_msg("%s", error.message);
    assert_non_null(strstr(out.data, "G01\t王小\t"));
    assert_string_equal(labels[2], "男");
    psyi_arena_done(&arena);
    psyi_buffer_done(&out);
    psyi_buffer_done(&bytes);
}

/* Cut off or flipped: an error with a sentence, or some grid; never anything else. */
static void damaged(void **state)
{
    (void)state;
    psyi_buffer bytes;
    psyi_buffer_init(&bytes, NULL);
    write_file(&bytes, "x", "y");
    for (size_t i = 0; i < bytes.length; i++) {
        for (unsigned flip = 0; flip < 2; flip++) {
            psyi_buffer out;
            psyi_arena arena;
            psy_error error = {.message = ""};
            const char *const *labels = NULL;
            size_t n_labels = 0;
            const psyi_buffer part = {.data = bytes.data, .length = flip ? bytes.length : i};
            const char kept = bytes.data[i];
            psyi_buffer_init(&out, NULL);
            psyi_arena_init(&arena, NULL);
            if (flip)
                bytes.data[i] = (char)(kept ^ 0x41);
            const psy_status status =
                psyi_sav_read(&part, "x.sav", NULL, NULL, &out, &arena, &labels, &n_labels, &error);
            if (status != PSY_OK)
                assert_true(error.message[0] != '\0');
            bytes.data[i] = kept;
            psyi_arena_done(&arena);
            psyi_buffer_done(&out);
        }
    }
    psyi_buffer_done(&bytes);
}

static psy_status read_again(const psy_allocator *allocator, void *context)
{
    psyi_buffer out;
    psyi_arena arena;
    psy_error error;
    const char *const *labels = NULL;
    size_t n_labels = 0;
    psyi_buffer_init(&out, allocator);
    psyi_arena_init(&arena, allocator);
    const psy_status status =
        psyi_sav_read(context, "x.sav", NULL, NULL, &out, &arena, &labels, &n_labels, &error);
    psyi_arena_done(&arena);
    psyi_buffer_done(&out);
    return status;
}

static void without_memory(void **state)
{
    (void)state;
    psyi_buffer bytes;
    psyi_buffer_init(&bytes, NULL);
    write_file(&bytes, "x", "y");
    psy_sweep(read_again, &bytes);
    psyi_buffer_done(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases_become_rows),
                                       cmocka_unit_test(the_whole_way),
                                       cmocka_unit_test(code_page_936), cmocka_unit_test(damaged),
                                       cmocka_unit_test(without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
