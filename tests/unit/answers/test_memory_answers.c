/*
 * test_memory_answers.c -- answers handed over as arrays of every type and stride.
 */
#include "test_support.h"

#include "answers/memory_answers.h"
#include "intake_fixture.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static psy_answers *make(const psy_instrument *instrument, const char *variant, size_t n_rows)
{
    psy_answers *answers = NULL;
    assert_int_equal(psy_answers_new(&answers, instrument, variant, n_rows, NULL, NULL), PSY_OK);
    assert_int_equal(psy_answers_row_count(answers), n_rows);
    return answers;
}

static unsigned byte_of(const psy_answers *answers, size_t row, size_t item)
{
    return *psyi_sheets_byte(answers->sheets, row, item);
}

static void test_every_type_reads_alike(void **state)
{
    static const int8_t i8[] = {0, 3, -9, 8, 4};
    static const int16_t i16[] = {0, 3, -9, 8, 4};
    static const int32_t i32[] = {0, 3, -9, 8, 4};
    static const int64_t i64[] = {0, 3, -9, 8, 4};
    static const float f32[] = {0, 3, -9, 8, 4};
    static const double f64[] = {0, 3, -9, 8, 4};
    static const struct {
        const void *data;
        psy_number_type type;
        ptrdiff_t size;
    } columns[] = {{i8, PSY_INT8, 1},   {i16, PSY_INT16, 2}, {i32, PSY_INT32, 4},
                   {i64, PSY_INT64, 8}, {f32, PSY_FLOAT, 4}, {f64, PSY_DOUBLE, 8}};
    static const unsigned expected[] = {0, 3, PSYI_BLANK, PSYI_REFUSED, PSYI_OUT_OF_RANGE};
    const double missing = -9;
    (void)state;
    for (size_t i = 0; i < COUNT(columns); i++) {
        psy_answers *const answers = make(&fixture_phq9, NULL, 5);
        psy_findings *findings = NULL;
        assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
        assert_int_equal(psy_answers_set_column(answers, 0, columns[i].data, columns[i].type,
                                                columns[i].size, &missing, findings, NULL),
                         PSY_OK);
        for (size_t row = 0; row < 5; row++) {
            assert_int_equal(byte_of(answers, row, 0), expected[row]);
            assert_int_equal(psyi_sheets_given(answers->sheets, row), row != 2);
        }
        assert_int_equal(psy_findings_count(findings), 1);
        const psy_finding finding = psy_findings_get(findings, 0);
        assert_int_equal(finding.row, 5);
        assert_string_equal(finding.rule, "out_of_range");
        assert_string_equal(finding.field, "phq9_1");
        assert_string_equal(finding.message, "4 is not one of the codes 0, 1, 2, 3");
        psy_findings_free(findings);
        psy_answers_free(answers);
    }
}

static void test_strides_may_be_anything(void **state)
{
    struct __attribute__((packed)) row {
        char before;
        double value;
    } rows[3] = {{'x', 0}, {'x', 1}, {'x', 2}};
    static const int8_t one = 1;
    (void)state;
    psy_answers *const answers = make(&fixture_phq9, NULL, 3);
    assert_int_equal(psy_answers_set_column(answers, 0, (const char *)rows + 1, PSY_DOUBLE,
                                            sizeof *rows, NULL, NULL, NULL),
                     PSY_OK);
    assert_int_equal(psy_answers_set_column(answers, 1, (const char *)(rows + 2) + 1, PSY_DOUBLE,
                                            -(ptrdiff_t)sizeof *rows, NULL, NULL, NULL),
                     PSY_OK);
    assert_int_equal(psy_answers_set_column(answers, 2, &one, PSY_INT8, 0, NULL, NULL, NULL),
                     PSY_OK);
    for (size_t row = 0; row < 3; row++) {
        assert_int_equal(byte_of(answers, row, 0), row);
        assert_int_equal(byte_of(answers, row, 1), 2 - row);
        assert_int_equal(byte_of(answers, row, 2), 1);
    }
    psy_answers_free(answers);
}

static void test_floats_that_are_no_code(void **state)
{
    static const double values[] = {NAN, INFINITY, -INFINITY, 0.5, 1e300, 2};
    static const unsigned expected[] = {PSYI_BLANK,      PSYI_UNREADABLE, PSYI_UNREADABLE,
                                        PSYI_UNREADABLE, PSYI_UNREADABLE, 2};
    (void)state;
    psy_answers *const answers = make(&fixture_phq9, NULL, 6);
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psy_answers_set_column(answers, 0, values, PSY_DOUBLE, sizeof *values, NULL,
                                            findings, NULL),
                     PSY_OK);
    for (size_t row = 0; row < 6; row++)
        assert_int_equal(byte_of(answers, row, 0), expected[row]);
    assert_int_equal(psy_findings_count(findings), 4);
    assert_string_equal(psy_findings_get(findings, 0).message,
                        "inf is not one of the codes 0, 1, 2, 3");
    psy_findings_free(findings);
    psy_answers_free(answers);
}

static void test_numbers_stand_for_the_nearest_decimal(void **state)
{
    static const float hours[] = {6.7f, 6.0f, 24.1f, 6.75f, 0.1f};
    static const double doubles[] = {6.7, 0.1 + 0.2, 24, -0.1, 6.05};
    static const unsigned float_bytes[] = {0, 0, PSYI_OUT_OF_RANGE, PSYI_UNREADABLE, 0};
    static const unsigned double_bytes[] = {0, PSYI_UNREADABLE, 0, PSYI_OUT_OF_RANGE,
                                            PSYI_UNREADABLE};
    static const int32_t minutes[] = {1410, 0, 1439, 1440, -1};
    (void)state;
    psy_answers *const answers = make(&fixture_psqi, NULL, 5);
    assert_int_equal(
        psy_answers_set_column(answers, 2, hours, PSY_FLOAT, sizeof *hours, NULL, NULL, NULL),
        PSY_OK);
    for (size_t row = 0; row < 5; row++)
        assert_int_equal(byte_of(answers, row, 2), float_bytes[row]);
    assert_int_equal(answers->sheets->numbers[2][0], 67);
    assert_int_equal(answers->sheets->numbers[2][4], 1);
    assert_int_equal(
        psy_answers_set_column(answers, 2, doubles, PSY_DOUBLE, sizeof *doubles, NULL, NULL, NULL),
        PSY_OK);
    for (size_t row = 0; row < 5; row++)
        assert_int_equal(byte_of(answers, row, 2), double_bytes[row]);
    assert_int_equal(answers->sheets->numbers[2][0], 67);
    assert_int_equal(answers->sheets->numbers[2][1], 0);
    assert_int_equal(
        psy_answers_set_column(answers, 0, minutes, PSY_INT32, sizeof *minutes, NULL, NULL, NULL),
        PSY_OK);
    for (size_t row = 0; row < 5; row++)
        assert_int_equal(byte_of(answers, row, 0), row < 3 ? 0 : PSYI_OUT_OF_RANGE);
    assert_int_equal(answers->sheets->numbers[0][0], 1410);
    psy_answers_free(answers);
}

static void test_variants(void **state)
{
    static const int8_t given[] = {0, 4, 5};
    (void)state;
    psy_answers *answers = make(&fixture_k2, "0-4", 3);
    assert_int_equal(answers->variant, 1);
    assert_int_equal(psy_answers_set_column(answers, 0, given, PSY_INT8, 1, NULL, NULL, NULL),
                     PSY_OK);
    assert_int_equal(byte_of(answers, 0, 0), 0);
    assert_int_equal(byte_of(answers, 1, 0), 4);
    assert_int_equal(byte_of(answers, 2, 0), PSYI_OUT_OF_RANGE);
    psy_answers_free(answers);

    psy_error error = {0};
    answers = PSY_UNTOUCHED;
    assert_int_equal(psy_answers_new(&answers, &fixture_k2, "1-4", 3, NULL, &error),
                     PSY_E_NOT_FOUND);
    psy_assert_untouched(answers);
    assert_string_equal(error.message, "k2 has no coding variant '1-4'; it has 1-5, 0-4");
}

static void test_parts_nobody_set_are_not_applicable(void **state)
{
    static const int8_t ones[] = {1, 1};
    (void)state;
    psy_answers *const answers = make(&fixture_sdq, NULL, 2);
    assert_int_equal(byte_of(answers, 0, 0), PSYI_BLANK);
    assert_int_equal(byte_of(answers, 1, 2), PSYI_NOT_APPLICABLE);
    assert_int_equal(psy_answers_set_column(answers, 2, ones, PSY_INT8, 1, NULL, NULL, NULL),
                     PSY_OK);
    assert_int_equal(byte_of(answers, 1, 2), 1);
    psy_answers_free(answers);
}

static void test_setting_a_column_again(void **state)
{
    static const double first[] = {1, NAN}, second[] = {NAN, NAN}, other[] = {NAN, 2};
    (void)state;
    psy_answers *const answers = make(&fixture_phq9, NULL, 2);
    assert_int_equal(psy_answers_set_column(answers, 0, first, PSY_DOUBLE, 8, NULL, NULL, NULL),
                     PSY_OK);
    assert_int_equal(psy_answers_set_column(answers, 1, other, PSY_DOUBLE, 8, NULL, NULL, NULL),
                     PSY_OK);
    assert_true(psyi_sheets_given(answers->sheets, 0));
    assert_int_equal(psy_answers_set_column(answers, 0, second, PSY_DOUBLE, 8, NULL, NULL, NULL),
                     PSY_OK);
    assert_false(psyi_sheets_given(answers->sheets, 0));
    assert_true(psyi_sheets_given(answers->sheets, 1));
    psy_answers_free(answers);
}

static void test_findings_beyond_twenty_are_counted(void **state)
{
    int8_t values[100];
    memset(values, 7, sizeof values);
    (void)state;
    psy_answers *const answers = make(&fixture_phq9, NULL, 100);
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psy_answers_set_column(answers, 0, values, PSY_INT8, 1, NULL, findings, NULL),
                     PSY_OK);
    assert_int_equal(psy_findings_count(findings), 21);
    assert_string_equal(psy_findings_get(findings, 20).message, "80 further rows of this column");
    psy_findings_free(findings);
    psy_answers_free(answers);
}

static void test_persons(void **state)
{
    static const int8_t sexes[] = {1, 2, 0}, informants[] = {3, 1, 0};
    static const double grades[] = {7, NAN, 16}, ages[] = {13, NAN, 0};
    const double zero = 0;
    (void)state;
    psy_answers *const answers = make(&fixture_phq9, NULL, 3);
    assert_int_equal(answers->age[0], -1);
    assert_int_equal(
        psy_answers_set_person(answers, PSY_PERSON_SEX, sexes, PSY_INT8, 1, &zero, NULL), PSY_OK);
    assert_int_equal(
        psy_answers_set_person(answers, PSY_PERSON_INFORMANT, informants, PSY_INT8, 1, &zero, NULL),
        PSY_OK);
    assert_int_equal(
        psy_answers_set_person(answers, PSY_PERSON_GRADE, grades, PSY_DOUBLE, 8, NULL, NULL),
        PSY_OK);
    assert_int_equal(
        psy_answers_set_person(answers, PSY_PERSON_AGE, ages, PSY_DOUBLE, 8, NULL, NULL), PSY_OK);
    assert_int_equal(answers->sex[1], PSYI_SEX_FEMALE);
    assert_int_equal(answers->sex[2], PSYI_SEX_UNKNOWN);
    assert_int_equal(answers->informant[0], PSYI_INFORMANT_TEACHER);
    assert_int_equal(answers->grade[0], 7);
    assert_int_equal(answers->grade[1], 0);
    assert_int_equal(answers->age[1], -1);
    assert_int_equal(answers->age[2], 0);

    psy_error error = {0};
    assert_int_equal(
        psy_answers_set_person(answers, PSY_PERSON_SEX, sexes, PSY_INT8, 1, NULL, &error),
        PSY_E_DATA);
    assert_string_equal(error.message, "row 3: sex is 1 (male) or 2 (female)");
    psy_answers_free(answers);
}

static void test_wrong_arguments(void **state)
{
    static const int8_t value = 1;
    (void)state;
    psy_answers *const answers = make(&fixture_phq9, NULL, 1);
    psy_error error = {0};
    assert_int_equal(psy_answers_new(NULL, NULL, NULL, 0, NULL, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_answers_set_column(answers, 10, &value, PSY_INT8, 1, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_string_equal(error.message, "phq9 has 10 items, there is no item 10");
    assert_int_equal(psy_answers_set_column(answers, 0, NULL, PSY_INT8, 1, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(
        psy_answers_set_column(answers, 0, &value, (psy_number_type)10, 1, NULL, NULL, &error),
        PSY_E_ARGUMENT);
    assert_int_equal(
        psy_answers_set_person(answers, (psy_person_field)4, &value, PSY_INT8, 1, NULL, &error),
        PSY_E_ARGUMENT);
    assert_int_equal(psy_answers_set_column(NULL, 0, &value, PSY_INT8, 1, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_answers_row_count(NULL), 0);
    psy_answers_free(NULL);
    psy_answers_free(answers);
}

static void test_no_rows(void **state)
{
    (void)state;
    psy_answers *const answers = make(&fixture_phq9, NULL, 0);
    assert_int_equal(psy_answers_set_column(answers, 0, NULL, PSY_INT8, 1, NULL, NULL, NULL),
                     PSY_OK);
    psy_answers_free(answers);
}

static psy_status fill_once(const psy_allocator *allocator, void *context)
{
    static const int8_t values[] = {0, 7, 1};
    psy_answers *answers = PSY_UNTOUCHED;
    psy_error error;
    psy_status status = psy_answers_new(&answers, &fixture_phq9, NULL, 3, allocator, &error);
    if (status != PSY_OK) {
        psy_assert_untouched(answers);
        return status;
    }
    status = psy_answers_set_column(answers, 0, values, PSY_INT8, 1, NULL, context, &error);
    psy_answers_free(answers);
    return status;
}

static void test_filling_survives_every_failed_allocation(void **state)
{
    (void)state;
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_true(psy_sweep(fill_once, findings) >= 10);
    psy_findings_free(findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_reads_alike),
        cmocka_unit_test(test_strides_may_be_anything),
        cmocka_unit_test(test_floats_that_are_no_code),
        cmocka_unit_test(test_numbers_stand_for_the_nearest_decimal),
        cmocka_unit_test(test_variants),
        cmocka_unit_test(test_parts_nobody_set_are_not_applicable),
        cmocka_unit_test(test_setting_a_column_again),
        cmocka_unit_test(test_findings_beyond_twenty_are_counted),
        cmocka_unit_test(test_persons),
        cmocka_unit_test(test_wrong_arguments),
        cmocka_unit_test(test_no_rows),
        cmocka_unit_test(test_filling_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
