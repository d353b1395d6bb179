/*
 * test_sheets.c -- tiles that grow and shrink, which items are needed, and codings.
 */
#include "test_support.h"

#include "answers/coding.h"
#include "answers/needed.h"
#include "answers/person_words.h"
#include "answers/sheets.h"
#include "intake_fixture.h"

#include <stdint.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_new_sheets_are_blank_and_not_given(void **state)
{
    (void)state;
    psyi_sheets *sheets = NULL;
    assert_int_equal(psyi_sheets_new(&sheets, &fixture_psqi, 100, NULL, NULL), PSY_OK);
    assert_int_equal(sheets->n_tiles, 2);
    for (size_t tile = 0; tile < 2; tile++) {
        assert_int_equal((uintptr_t)sheets->tiles[tile] % 64, 0);
        assert_true(sheets->given[tile] == 0);
        for (size_t i = 0; i < sheets->n_items * PSYI_LANES; i++)
            assert_int_equal(sheets->tiles[tile][i], PSYI_BLANK);
    }
    assert_non_null(sheets->numbers[0]);
    assert_null(sheets->numbers[3]);
    assert_int_equal(psyi_sheets_answered(sheets, 99), 0);
    psyi_sheets_free(sheets);
    psyi_sheets_free(NULL);
}

/* A value that tells sheet and item apart. */
static uint8_t pattern(size_t sheet, size_t item)
{
    return (uint8_t)((sheet * 7 + item * 3) % 200);
}

static void fill(psyi_sheets *sheets, size_t first, size_t end)
{
    for (size_t sheet = first; sheet < end; sheet++) {
        for (size_t item = 0; item < sheets->n_items; item++) {
            *psyi_sheets_byte(sheets, sheet, item) = pattern(sheet, item);
            if (sheets->numbers[item] != NULL)
                sheets->numbers[item][sheet] = (int32_t)(sheet * 10 + item);
        }
        psyi_sheets_mark(sheets, sheet);
    }
}

static void check(const psyi_sheets *sheets, size_t n)
{
    for (size_t sheet = 0; sheet < sheets->n_tiles * PSYI_LANES; sheet++) {
        assert_int_equal(psyi_sheets_given(sheets, sheet), sheet < n);
        for (size_t item = 0; item < sheets->n_items; item++) {
            assert_int_equal(*psyi_sheets_byte(sheets, sheet, item),
                             sheet < n ? pattern(sheet, item) : PSYI_BLANK);
            if (sheets->numbers[item] != NULL)
                assert_int_equal(sheets->numbers[item][sheet],
                                 sheet < n ? (int32_t)(sheet * 10 + item) : 0);
        }
    }
}

static void test_resizing_keeps_what_is_there(void **state)
{
    static const size_t sizes[] = {0, 1, 64, 65, 1000, 70, 64, 63, 5000, 130, 0, 200};
    (void)state;
    psyi_sheets *sheets = NULL;
    size_t kept = 0;
    assert_int_equal(psyi_sheets_new(&sheets, &fixture_psqi, 0, NULL, NULL), PSY_OK);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_int_equal(psyi_sheets_resize(sheets, sizes[i], NULL), PSY_OK);
        if (sizes[i] < kept)
            kept = sizes[i];
        check(sheets, kept);
        fill(sheets, kept, sizes[i]);
        kept = sizes[i];
        check(sheets, kept);
    }
    psyi_sheets_free(sheets);
}

static psy_status grow_once(const psy_allocator *allocator, void *context)
{
    psyi_sheets *sheets = PSY_UNTOUCHED;
    psy_error error;
    (void)context;
    psy_status status = psyi_sheets_new(&sheets, &fixture_psqi, 10, allocator, &error);
    if (status != PSY_OK) {
        psy_assert_untouched(sheets);
        return status;
    }
    fill(sheets, 0, 10);
    status = psyi_sheets_resize(sheets, 2000, &error);
    if (status != PSY_OK) { /* all that was there still is */
        check(sheets, 10);
        if (psyi_sheets_resize(sheets, 2000, &error) == PSY_OK)
            check(sheets, 10);
    }
    psyi_sheets_free(sheets);
    return status;
}

static void test_growing_survives_every_failed_allocation(void **state)
{
    (void)state;
    assert_true(psy_sweep(grow_once, NULL) >= 10);
}

static void test_needed_items(void **state)
{
    (void)state;
    uint8_t need[16];
    psyi_items_needed(&fixture_phq9, 0, PSYI_INFORMANT_UNKNOWN, need);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(need[i], PSYI_NEED_ALWAYS);
    assert_int_equal(need[9], PSYI_NEED_NOT);

    psyi_items_needed(&fixture_sdq, 0, PSYI_INFORMANT_UNKNOWN, need);
    assert_int_equal(need[1], PSYI_NEED_ALWAYS);
    assert_int_equal(need[2], PSYI_NEED_PART);
    assert_int_equal(need[3], PSYI_NEED_PART);
}

static void test_scales_of_other_informants_need_nothing(void **state)
{
    (void)state;
    static const uint16_t first[] = {0}, second[] = {1};
    const psyi_scale scales[] = {
        {.id = "all", .items = first, .n_items = 1},
        {.id = "parents", .items = second, .n_items = 1, .informants = 1u << PSYI_INFORMANT_PARENT},
        {.id = "shown", .items = second, .n_items = 1, .derived = true}};
    psy_instrument instrument = fixture_sdq;
    uint8_t need[4];
    instrument.scales = scales;
    instrument.n_scales = 3;
    psyi_items_needed(&instrument, 0, PSYI_INFORMANT_SELF, need);
    assert_int_equal(need[0], PSYI_NEED_ALWAYS);
    assert_int_equal(need[1], PSYI_NEED_NOT);
    psyi_items_needed(&instrument, 0, PSYI_INFORMANT_PARENT, need);
    assert_int_equal(need[1], PSYI_NEED_ALWAYS);
    psyi_items_needed(&instrument, 0, PSYI_INFORMANT_UNKNOWN, need);
    assert_int_equal(need[1], PSYI_NEED_ALWAYS);
}

static void test_composites_need_what_is_beneath(void **state)
{
    (void)state;
    static const uint16_t first[] = {0}, parts[] = {1};
    const psyi_scale scales[] = {{.id = "sum", .parts = parts, .n_parts = 1},
                                 {.id = "beneath", .items = first, .n_items = 1, .derived = true}};
    psy_instrument instrument = fixture_sdq;
    uint8_t need[4];
    instrument.scales = scales;
    instrument.n_scales = 2;
    psyi_items_needed(&instrument, 0, PSYI_INFORMANT_UNKNOWN, need);
    assert_int_equal(need[0], PSYI_NEED_ALWAYS);
    assert_int_equal(need[1], PSYI_NEED_NOT);
}

static void test_coding_of_a_variant(void **state)
{
    (void)state;
    psyi_coding coding;
    psyi_coding_init(&coding, &fixture_k2, 1, 0);
    assert_int_equal(psyi_coding_byte(&coding, 0), 0);
    assert_int_equal(psyi_coding_byte(&coding, 4), 4);
    assert_int_equal(psyi_coding_byte(&coding, 5), PSYI_OUT_OF_RANGE);
    /* A variant leaves responses alone that have other codes. */
    psy_instrument mixed = fixture_phq9;
    mixed.variants = fixture_k2.variants;
    mixed.n_variants = 2;
    psyi_coding_init(&coding, &mixed, 1, 0);
    assert_null(coding.variant);
    assert_int_equal(psyi_coding_byte(&coding, 3), 3);
    assert_int_equal(psyi_coding_byte(&coding, 8), PSYI_REFUSED);
    assert_int_equal(psyi_coding_byte(&coding, 9), PSYI_NOT_APPLICABLE);
    assert_int_equal(psyi_coding_byte(&coding, INT64_MIN), PSYI_OUT_OF_RANGE);
    assert_int_equal(psyi_coding_byte(&coding, INT64_MAX), PSYI_OUT_OF_RANGE);
    assert_int_equal(psyi_coding_byte(&coding, 128), PSYI_OUT_OF_RANGE);
}

static void test_a_variant_may_use_an_integer_that_means_missing(void **state)
{
    (void)state;
    static const int32_t zero[] = {0};
    psyi_response response = fixture_k2.responses[0];
    psy_instrument instrument = fixture_k2;
    psyi_coding coding;
    response.not_applicable = zero;
    response.n_not_applicable = 1;
    instrument.responses = &response;
    psyi_coding_init(&coding, &instrument, 0, 0);
    assert_int_equal(psyi_coding_byte(&coding, 0), PSYI_NOT_APPLICABLE);
    psyi_coding_init(&coding, &instrument, 1, 0);
    assert_int_equal(psyi_coding_byte(&coding, 0), 0);
}

static void test_long_code_lists_are_shortened(void **state)
{
    (void)state;
    int32_t codes[20];
    for (int i = 0; i < 20; i++)
        codes[i] = i;
    const psyi_response response = {.kind = PSYI_CODED, .n_codes = 20, .codes = codes};
    const psyi_coding coding = {.response = &response};
    psyi_buffer words;
    psyi_buffer_init(&words, NULL);
    psyi_coding_words(&coding, &words);
    assert_string_equal(words.data, "0, 1, 2, 3, 4, 5, 6, 7, 8, ..., 19");
    psyi_buffer_done(&words);
}

static void test_words_about_persons(void **state)
{
    (void)state;
    assert_int_equal(psyi_sex_word("Male", 4), PSYI_SEX_MALE);
    assert_int_equal(psyi_sex_word("女", 3), PSYI_SEX_FEMALE);
    assert_int_equal(psyi_sex_word("males", 5), PSYI_SEX_UNKNOWN);
    assert_int_equal(psyi_sex_word("mal", 3), PSYI_SEX_UNKNOWN);
    assert_int_equal(psyi_sex_word("1", 1), PSYI_SEX_UNKNOWN);
    assert_int_equal(psyi_sex_word("", 0), PSYI_SEX_UNKNOWN);
    assert_int_equal(psyi_informant_word("家长", 6), PSYI_INFORMANT_PARENT);
    assert_int_equal(psyi_informant_word("TEACHER", 7), PSYI_INFORMANT_TEACHER);
    assert_int_equal(psyi_informant_word("本人", 6), PSYI_INFORMANT_SELF);
    assert_int_equal(psyi_informant_word("x", 1), PSYI_INFORMANT_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_sheets_are_blank_and_not_given),
        cmocka_unit_test(test_resizing_keeps_what_is_there),
        cmocka_unit_test(test_growing_survives_every_failed_allocation),
        cmocka_unit_test(test_needed_items),
        cmocka_unit_test(test_scales_of_other_informants_need_nothing),
        cmocka_unit_test(test_composites_need_what_is_beneath),
        cmocka_unit_test(test_coding_of_a_variant),
        cmocka_unit_test(test_a_variant_may_use_an_integer_that_means_missing),
        cmocka_unit_test(test_long_code_lists_are_shortened),
        cmocka_unit_test(test_words_about_persons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
