/*
 * test_codes.c -- texts of item cells to answers: codes, labels, the plan's own texts and
 * texts for missing answers, numbers, clocks and coding variants.
 */
#include "test_support.h"

#include "intake/codes.h"
#include "intake_fixture.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const skipped_texts[] = {"(跳过)", "-3"};
static const char *const refused_texts[] = {"拒答"};
static const char *const blank_texts[] = {"", "-2", "."};
static const char *const absent_texts[] = {"不适用"};
static const psyi_code_text plan_texts[] = {{"经常", "2", {0, 0, 0}},
                                            {"yes", "3", {0, 0, 0}},
                                            {"a", "0", {0, 0, 0}},
                                            {"？", "blank", {0, 0, 0}},
                                            {"X", "refused", {0, 0, 0}},
                                            {"总是", "nearly every day", {0, 0, 0}},
                                            {"half an hour", "30", {0, 0, 0}},
                                            {"midnight", "0:00", {0, 0, 0}}};
static const psyi_code_map plan_maps[] = {
    {"phq9", plan_texts, 6}, {"psqi", plan_texts + 6, 2}, {"sex", NULL, 0}};
static const psyi_input plan_input = {.present = true,
                                      .codes = plan_maps,
                                      .n_codes = 3,
                                      .blank = {blank_texts, 3},
                                      .skipped = {skipped_texts, 2},
                                      .refused = {refused_texts, 1},
                                      .not_applicable = {absent_texts, 1}};

static psyi_arena arena;

static psyi_codebook make(const psy_instrument *instrument, unsigned variant, unsigned response,
                          const psyi_input *input)
{
    psyi_codebook book;
    psyi_arena_init(&arena, NULL);
    assert_int_equal(psyi_codebook_make(&book, instrument, variant, response, input, instrument->id,
                                        &arena, NULL),
                     PSY_OK);
    return book;
}

typedef struct cell_row {
    const char *text;
    unsigned byte;
} cell_row;

static void check_rows(const psyi_codebook *book, const psyi_item *item, const cell_row *rows,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t number;
        print_message("  '%s'\n", rows[i].text);
        assert_int_equal(
            psyi_codebook_read(book, item, rows[i].text, strlen(rows[i].text), &number),
            rows[i].byte);
    }
}

static void test_declared_codes_labels_and_aliases(void **state)
{
    static const cell_row rows[] = {
        {"0", 0},
        {"3", 3},
        {" 3 ", 3},
        {"3.0", 3},
        {"03", 3},
        {"３", 3},
        {"　２", 2},
        {"", PSYI_BLANK},
        {"   ", PSYI_BLANK},
        {"8", PSYI_REFUSED},
        {"8.0", PSYI_REFUSED},
        {"9", PSYI_NOT_APPLICABLE},
        {"4", PSYI_OUT_OF_RANGE},
        {"-1", PSYI_OUT_OF_RANGE},
        {"300", PSYI_OUT_OF_RANGE},
        {"-300", PSYI_OUT_OF_RANGE},
        {"999999999999", PSYI_OUT_OF_RANGE},
        {"2.5", PSYI_UNREADABLE},
        {"1e0", PSYI_UNREADABLE},
        {"not at all", 0},
        {"Not At ALL ", 0},
        {"完全不会", 0},
        {"一半以上天数", 2},
        {"nearly every day", 3},
        {"Almost every day", 3},
        {"almost every  day", PSYI_UNREADABLE},
        {"x", PSYI_UNREADABLE},
        {"-", PSYI_UNREADABLE},
        {"NA", PSYI_UNREADABLE},
        {"(跳过)", PSYI_UNREADABLE},
    };
    (void)state;
    const psyi_codebook book = make(&fixture_phq9, 0, 0, NULL);
    check_rows(&book, &fixture_phq9.items[0], rows, COUNT(rows));
    psyi_arena_done(&arena);
}

static void test_plan_texts_go_first(void **state)
{
    static const cell_row rows[] = {
        {"经常", 2},
        {"YES", 3},
        {"a", 0},
        {"A", 0},
        {"?", PSYI_BLANK},
        {"？", PSYI_BLANK},
        {"x", PSYI_REFUSED},
        {"总是", 3},
        {"(跳过)", PSYI_SKIPPED},
        {"（跳过）", PSYI_SKIPPED},
        {"-3", PSYI_SKIPPED},
        {"-3.0", PSYI_SKIPPED},
        {"-2", PSYI_BLANK},
        {".", PSYI_BLANK},
        {"拒答", PSYI_REFUSED},
        {"不适用", PSYI_NOT_APPLICABLE},
        {"half an hour", PSYI_UNREADABLE},
        {"2", 2},
    };
    (void)state;
    const psyi_codebook book = make(&fixture_phq9, 0, 0, &plan_input);
    check_rows(&book, &fixture_phq9.items[0], rows, COUNT(rows));
    assert_true(psyi_codebook_knows(&book, "3"));
    assert_true(psyi_codebook_knows(&book, "refused"));
    assert_true(psyi_codebook_knows(&book, "not at all"));
    assert_false(psyi_codebook_knows(&book, "4"));
    assert_false(psyi_codebook_knows(&book, "30.5"));
    psyi_arena_done(&arena);
}

static void test_a_plan_that_renames_codes_names_them_all(void **state)
{
    static const psyi_code_text texts[] = {
        {"1", "0", {0, 0, 0}}, {"2", "1", {0, 0, 0}}, {"3", "2", {0, 0, 0}}, {"4", "3", {0, 0, 0}}};
    static const psyi_code_map maps[] = {{"phq9", texts, 4}};
    static const psyi_input input = {.present = true, .codes = maps, .n_codes = 1};
    static const cell_row rows[] = {
        {"1", 0},
        {"4", 3},
        {"1.0", 0},
        {"04", 3},
        {"０", PSYI_OUT_OF_RANGE},
        {"0", PSYI_OUT_OF_RANGE},
        {"5", PSYI_OUT_OF_RANGE},
        {"8", PSYI_REFUSED},
        {"not at all", 0},
        {"", PSYI_BLANK},
    };
    (void)state;
    const psyi_codebook book = make(&fixture_phq9, 0, 0, &input);
    assert_true(book.recoded);
    check_rows(&book, &fixture_phq9.items[0], rows, COUNT(rows));
    psyi_arena_done(&arena);
}

static void test_quick_table_says_what_the_general_way_says(void **state)
{
    (void)state;
    const struct {
        const psy_instrument *instrument;
        const psyi_input *input;
    } books[] = {{&fixture_phq9, NULL}, {&fixture_phq9, &plan_input}, {&fixture_k2, NULL}};
    for (size_t i = 0; i < COUNT(books); i++) {
        const psyi_codebook book = make(books[i].instrument, 0, 0, books[i].input);
        size_t n_quick = 0;
        for (int c = 0; c < 256; c++) {
            const char text = (char)c;
            int32_t number;
            if (book.quick[c] == PSYI_NOT_QUICK)
                continue;
            n_quick++;
            assert_true(book.quick[c] < PSYI_BLANK);
            assert_int_equal(
                book.quick[c],
                psyi_codebook_read(&book, &books[i].instrument->items[0], &text, 1, &number));
        }
        assert_true(n_quick >= 4);
        assert_int_equal(book.quick[','], PSYI_NOT_QUICK);
        assert_int_equal(book.quick['\0'], PSYI_NOT_QUICK);
        assert_int_equal(book.quick['"'], PSYI_NOT_QUICK);
        psyi_arena_done(&arena);
    }
}

static void test_variant_renames_codes(void **state)
{
    static const cell_row plain[] = {{"0", PSYI_OUT_OF_RANGE}, {"1", 0}, {"5", 4}};
    static const cell_row renamed[] = {{"0", 0}, {"1", 1}, {"4", 4}, {"5", PSYI_OUT_OF_RANGE}};
    (void)state;
    psyi_codebook book = make(&fixture_k2, 0, 0, NULL);
    check_rows(&book, &fixture_k2.items[0], plain, COUNT(plain));
    psyi_arena_done(&arena);
    book = make(&fixture_k2, 1, 0, NULL);
    check_rows(&book, &fixture_k2.items[0], renamed, COUNT(renamed));
    psyi_buffer words;
    psyi_buffer_init(&words, NULL);
    psyi_coding_words(&book.coding, &words);
    assert_string_equal(words.data, "0, 1, 2, 3, 4");
    psyi_buffer_done(&words);
    psyi_arena_done(&arena);
}

typedef struct number_row {
    const char *text;
    unsigned byte;
    int32_t number;
} number_row;

static void check_numbers(unsigned item, const number_row *rows, size_t n)
{
    const psyi_codebook book =
        make(&fixture_psqi, 0, fixture_psqi.items[item].response, &plan_input);
    for (size_t i = 0; i < n; i++) {
        int32_t number = -1;
        print_message("  '%s'\n", rows[i].text);
        assert_int_equal(psyi_codebook_read(&book, &fixture_psqi.items[item], rows[i].text,
                                            strlen(rows[i].text), &number),
                         rows[i].byte);
        assert_int_equal(number, rows[i].number);
        assert_int_equal(book.quick[(unsigned char)rows[i].text[0]], PSYI_NOT_QUICK);
    }
    psyi_arena_done(&arena);
}

static void test_clock_items(void **state)
{
    static const number_row rows[] = {
        {"23:30", 0, 1410},         {"23:30:59", 0, 1410},
        {"11:00 PM", 0, 1380},      {"0:00", 0, 0},
        {"midnight", 0, 0},         {"23.30", PSYI_UNREADABLE, 0},
        {"23", PSYI_UNREADABLE, 0}, {"24:00", PSYI_OUT_OF_RANGE, 0},
        {"", PSYI_BLANK, 0},        {"(跳过)", PSYI_SKIPPED, 0},
    };
    (void)state;
    check_numbers(0, rows, COUNT(rows));
}

static void test_number_items(void **state)
{
    static const number_row minutes[] = {
        {"20", 0, 20},
        {"0", 0, 0},
        {"600", 0, 600},
        {"20.0", 0, 20},
        {"half an hour", 0, 30},
        {"601", PSYI_OUT_OF_RANGE, 0},
        {"-1", PSYI_OUT_OF_RANGE, 0},
        {"20.5", PSYI_UNREADABLE, 0},
        {"20分", PSYI_UNREADABLE, 0},
        {"-2", PSYI_BLANK, 0},
        {"２０", 0, 20},
    };
    static const number_row hours[] = {
        {"6.5", 0, 65},
        {"6", 0, 60},
        {"6.50", 0, 65},
        {"6.55", PSYI_UNREADABLE, 0},
        {"24.1", PSYI_OUT_OF_RANGE, 0},
        {"1e1", PSYI_UNREADABLE, 0},
        {"nan", PSYI_UNREADABLE, 0},
    };
    (void)state;
    check_numbers(1, minutes, COUNT(minutes));
    check_numbers(2, hours, COUNT(hours));
}

static void test_one_text_with_two_meanings_is_refused(void **state)
{
    static const char *const both[] = {"n/a"};
    const psyi_input input = {.present = true, .skipped = {both, 1}, .refused = {both, 1}};
    psyi_codebook book;
    psy_error error = {0};
    (void)state;
    psyi_arena_init(&arena, NULL);
    assert_int_equal(psyi_codebook_make(&book, &fixture_phq9, 0, 0, &input, "phq9", &arena, &error),
                     PSY_E_DATA);
    assert_string_equal(error.message, "'n/a' would stand for two different answers of phq9");
    psyi_arena_done(&arena);
}

static void test_map_of_a_column(void **state)
{
    static const psyi_code_text texts[] = {{"１", "male", {0, 0, 0}}, {"F", "female", {0, 0, 0}}};
    static const psyi_code_map maps[] = {{"sex", texts, 2}};
    const psyi_input input = {.present = true, .codes = maps, .n_codes = 1};
    (void)state;
    assert_string_equal(psyi_code_map_find(&input, "sex", "1", 1), "male");
    assert_string_equal(psyi_code_map_find(&input, "sex", "f", 1), "female");
    assert_null(psyi_code_map_find(&input, "sex", "2", 1));
    assert_null(psyi_code_map_find(&input, "consent", "1", 1));
    assert_null(psyi_code_map_find(NULL, "sex", "1", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declared_codes_labels_and_aliases),
        cmocka_unit_test(test_plan_texts_go_first),
        cmocka_unit_test(test_a_plan_that_renames_codes_names_them_all),
        cmocka_unit_test(test_quick_table_says_what_the_general_way_says),
        cmocka_unit_test(test_variant_renames_codes),
        cmocka_unit_test(test_clock_items),
        cmocka_unit_test(test_number_items),
        cmocka_unit_test(test_one_text_with_two_meanings_is_refused),
        cmocka_unit_test(test_map_of_a_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
