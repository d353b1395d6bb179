/*
 * test_rule_edges.c -- rules cut off and spoiled at every place, scopes with odd names, and
 * values that break their word.
 */
#include "expr/syntax.h"
#include "rule_fixture.h"
#include "test_support.h"

#include <psyscreen/program.h>

#include <stdio.h>
#include <string.h>

static const char *const good_rules[] = {
    "count(items(1..2) >= 2) >= 1 and count(items(1..8) >= 2) + (item(9) >= 1) >= 5",
    "not (student.sex == female) or student.stage in (junior, senior)",
    "total.band@china >= moderate and phq9.total in -1.5..-0.5 or a in (-1, 2.50, 3)",
    "case(a > 1, -b * 2 / 3, phq9.scale(total).items != 3, 4, 5)",
    "case(any(phq9.scale(total).items != 3), -b * (2 / 3 - c), is_missing(x), 4, 5)",
    "if(true, ifna(a, 1), round_half_up(mean(items(mood, 3..5, 9)), 2)) <= 2",
    "sum_if(phq9.items(1..3) in 1..2) + clock_minutes(item(bed), item(up))",
    "max(a, min(b, abs(c)), floor(d)) + ceil(total.t@local26) - phq9.answer(self_harm)",
};

/* Compiles, or fails with a place within the text and a sentence. */
static void expect_sense(const char *text, size_t length)
{
    psyi_program *program = NULL;
    psy_error error = {0};
    if (psyi_program_compile(&program, text, length, &world_scope, 0, NULL, NULL, &error) ==
        PSY_OK) {
        psyi_program_free(program);
        return;
    }
    assert_int_equal(error.status, PSY_E_EXPR);
    assert_int_equal(error.where.line, 1);
    assert_true(error.where.column >= 1 && error.where.column <= length + 1);
    assert_true(error.where.length >= 1);
    assert_true(error.message[0] != '\0');
}

static void test_rules_cut_off_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good_rules / sizeof *good_rules; i++)
        for (size_t length = 0; length <= strlen(good_rules[i]); length++)
            expect_sense(good_rules[i], length);
}

static void test_rules_spoiled_anywhere(void **state)
{
    static const char signs[] = "$()., =<-9z@\"\x80";
    (void)state;
    for (size_t i = 0; i < sizeof good_rules / sizeof *good_rules; i++) {
        const size_t length = strlen(good_rules[i]);
        for (size_t at = 0; at < length; at++)
            for (const char *sign = signs; *sign != '\0'; sign++) {
                char text[256];
                memcpy(text, good_rules[i], length);
                text[at] = *sign; /* in place of a byte */
                expect_sense(text, length);
                memcpy(text + at + 1, good_rules[i] + at, length - at); /* and before it */
                expect_sense(text, length + 1);
            }
    }
}

/* ---- a scope with odd names ---- */

static char long_name[120]; /* "llll...l.x" */
static const char *odd_names[] = {"plain", "phq7", "phq9.total", "phq7.total", long_name};
static const char *many_tokens[60];

static bool odd_column(const void *context, const char *name, psyi_symbol *out)
{
    (void)context;
    if (strcmp(name, "many") != 0)
        return false;
    *out = (psyi_symbol){.type = PSYI_TYPE_CATEGORY, .tokens = many_tokens, .n_tokens = 60};
    return true;
}

/* Items exist under phq9 alone: 1, 2 and 4. */
static bool odd_item(const void *context, const char *use, const char *selector, uint32_t *item)
{
    (void)context;
    *item = (uint32_t)(selector[0] - '0');
    return strcmp(use, "phq9") == 0 && strlen(selector) == 1 && strchr("124", selector[0]) != NULL;
}

static bool odd_scale(const void *context, const char *use, const char *scale,
                      const uint32_t **items, size_t *n_items)
{
    static const uint32_t twice[] = {1, 2, 1};
    (void)context;
    (void)use;
    *items = twice;
    *n_items = 3;
    return strcmp(scale, "total") == 0;
}

static void odd_range(const void *context, uint32_t item, psyi_ratio *low, psyi_ratio *high)
{
    (void)context;
    (void)item;
    *low = *high = (psyi_ratio){1, 1};
}

static const char *const *list_odd_names(const void *context, size_t *n_names)
{
    (void)context;
    *n_names = sizeof odd_names / sizeof *odd_names;
    return odd_names;
}

static void expect_odd(const char *text, const char *message)
{
    static const psyi_scope scope = {.column = odd_column,
                                     .item = odd_item,
                                     .scale_items = odd_scale,
                                     .item_range = odd_range,
                                     .names = list_odd_names};
    psyi_program *program = NULL;
    psy_error error = {0};
    assert_int_equal(
        psyi_program_compile(&program, text, strlen(text), &scope, 0, NULL, NULL, &error),
        PSY_E_EXPR);
    assert_string_equal(error.message, message);
}

static void test_hints_in_a_scope_with_odd_names(void **state)
{
    (void)state;
    memset(long_name, 'l', sizeof long_name - 3);
    memcpy(long_name + sizeof long_name - 3, ".x", 3);
    for (size_t i = 0; i < 60; i++)
        many_tokens[i] = i % 2 == 0 ? "quite_a_long_word" : "another_word";
    expect_odd("item(4)", "'4' is not an item here; did you mean 'phq9.item(4)'?");
    expect_odd("phq8.item(4)", "'4' is not an item of 'phq8'; did you mean 'phq9.item(4)'?");
    expect_odd("sdq.item(4)", "'4' is not an item of 'sdq'");
    expect_odd("item(3)", "'3' is not an item here");
    expect_odd("sum(phq9.items(1..4))", "'3' of this range is not an item");
    expect_odd("phq9.item(3)", "'3' is not an item of 'phq9': items are 1 to 2");
    expect_odd("sum(scale(total).items)", "'total' repeats an item of this set");
    expect_odd("sum(phq7.scale(totl).items)", "'totl' is not a scale here; did you mean 'total'?");
    expect_odd("sum(phq.scale(total9).items)", "'total9' is not a scale here");
    expect_odd("many == x",
               "'x' is not a value of 'many': quite_a_long_word, another_word, quite_a_long_word, "
               "another_word, quite_a_long_word, another_word, quite_a_long_word, another_word, "
               "quite_a_long_word, another_word, quite_a_long_word, another_word, "
               "quite_a_long_word, another_word, ...");
    expect_odd("item(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)",
               "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...' is not an item here");
}

static void test_ranges_without_knowledge_of_items(void **state)
{
    psyi_program *program = NULL;
    psyi_ratio low = {0, 0}, high = {0, 0};
    bool integer = true;
    (void)state;
    assert_int_equal(psyi_program_compile(&program, "sum(items(1..9))", 16, &world_bare_scope, 0,
                                          NULL, NULL, NULL),
                     PSY_OK);
    psyi_program_range(program, &low, &high, &integer);
    assert_int_equal(high.num, 27);
    assert_false(integer); /* nobody said so */
    psyi_program_free(program);
}

/* ---- values that break their word ---- */

static psyi_numbers broken;

static void give_broken(const void *context, uint32_t column, psyi_numbers *out)
{
    (void)context;
    (void)column;
    *out = broken;
}

static void give_contradictions(const void *context, uint32_t column, psyi_truths *out)
{
    (void)context;
    (void)column;
    *out = (psyi_truths){.yes = 7, .no = 13, .absent = 5, .blank = UINT64_MAX, .maybe_no = 8};
}

static void test_broken_values_are_unknown(void **state)
{
    static const struct {
        psyi_ratio value, low, high;
        bool known, bounded;
        const char *words;
    } cases[] = {
        {{5, 0}, {0, 1}, {9, 1}, true, false, "?"},
        {{5, -1}, {0, 1}, {9, 1}, true, false, "?"},
        {{5, 0}, {1, 2}, {9, 1}, true, true, "? in 1/2..9"},
        {{5, 2}, {0, 0}, {9, 1}, true, true, "5/2"},
        {{5, 2}, {0, 1}, {9, 0}, true, true, "5/2"},
        {{5, 1}, {7, 1}, {6, 1}, true, true, "5"},
        {{5, 2}, {7, 2}, {1, 2}, true, true, "5/2"},
        {{5, 2}, {7, 2}, {9, 2}, true, true, "5/2 in 5/2..9/2"},
        {{6, 4}, {0, 1}, {0, 1}, true, false, "3/2"}, /* not in lowest terms */
        {{0, 0}, {7, 1}, {6, 1}, false, true, "?"},
        {{1, 1073741789}, {0, 1}, {0, 1}, true, false, "1/1073741789"},
        {{1, 2}, {0, 1}, {0, 1}, true, false, "1/2"},
        {{1, 4611686018427387904}, {0, 1}, {0, 1}, true, false, "1/4611686018427387904"},
        {{4611686018427387904, 1}, {0, 1}, {0, 1}, true, false, "4611686018427387904"},
        {{-4611686018427387904, 1}, {0, 1}, {0, 1}, true, false, "-4611686018427387904"},
        {{0, 0}, {-9000000000000000000, 1}, {1, 2}, false, true, "? in -9000000000000000000..1/2"},
        {{0, 0}, {1, 2}, {9000000000000000000, 1}, false, true, "? in 1/2..9000000000000000000"},
        {{0, 0}, {1, 1}, {9000000000000000000, 1}, false, true, "? in 1..9000000000000000000"},
    };
    enum { N_CASES = sizeof cases / sizeof *cases };
    const psyi_block block = {.number = give_broken, .truth = give_contradictions};
    psyi_program *const program = world_compile("x", PSYI_TYPE_NUMBER);
    psyi_workspace *workspace = NULL;
    psyi_numbers out;
    const psyi_program *const only = program;

    (void)state;
    assert_int_equal(psyi_workspace_new(&workspace, &only, 1, NULL, NULL), PSY_OK);
    /* One case in all lanes; then each pair of neighbours in alternating lanes. */
    for (size_t i = 0; i < 2 * N_CASES; i++) {
        memset(&broken, 0, sizeof broken);
        for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
            const psyi_mask bit = (psyi_mask)1 << lane;
            const size_t own = i < N_CASES ? i : (i + lane % 2) % N_CASES;
            broken.value[lane] = cases[own].value;
            broken.low[lane] = cases[own].low;
            broken.high[lane] = cases[own].high;
            broken.known |= cases[own].known ? bit : 0;
            broken.bounded |= cases[own].bounded ? bit : 0;
        }
        psyi_program_number(program, &block, workspace, &out, NULL);
        for (unsigned lane = 0; lane < 2; lane++) {
            const size_t own = i < N_CASES ? i : (i + lane % 2) % N_CASES;
            assert_string_equal(number_words(&out, 0, lane), cases[own].words);
        }
    }
    psyi_workspace_free(workspace);
    psyi_program_free(program);
}

static void test_contradicting_truths_are_put_in_order(void **state)
{
    const psyi_block block = {.number = give_broken, .truth = give_contradictions};
    psyi_program *const program = world_compile("f", PSYI_TYPE_BOOLEAN);
    psyi_workspace *workspace = NULL;
    const psyi_program *const only = program;
    psyi_truths out;
    (void)state;
    assert_int_equal(psyi_workspace_new(&workspace, &only, 1, NULL, NULL), PSY_OK);
    psyi_program_truth(program, &block, workspace, &out, NULL);
    assert_string_equal(truth_words(&out, 0, 0), "absent"); /* yes, no and absent */
    assert_string_equal(truth_words(&out, 0, 1), "yes");
    assert_string_equal(truth_words(&out, 0, 2), "absent");
    assert_string_equal(truth_words(&out, 0, 3), "no");
    assert_string_equal(truth_words(&out, 0, 4), "undecided blank");
    psyi_workspace_free(workspace);
    psyi_program_free(program);
}

/* Memory that ends at every one of the many small blocks of a rule: the chain moves the
 * block that needs new memory through all of them. */
static psy_status compile_chain(const psy_allocator *allocator, void *context)
{
    psyi_program *program = NULL;
    const char *const text = context;
    const psy_status status =
        psyi_program_compile(&program, text, strlen(text), &world_scope, 0, NULL, allocator, NULL);
    if (status == PSY_OK)
        psyi_program_free(program);
    return status;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 240; n++) {
        char text[2048] = "phq9.item(9) >= 1 and student.sex in (male, female) and "
                          "sum(phq9.items(1..9)) + count(f, total.band >= mild) >= 1";
        for (unsigned i = 0; i < n; i++)
            strcat(text, " + a");
        psy_sweep(compile_chain, text);
    }
}

/* The limit of parts, met at every place of a rule. */
static void test_parts_may_end_anywhere(void **state)
{
    (void)state;
    for (unsigned n = 470; n < 512; n++) {
        char text[2048];
        strcpy(text, n % 2 == 0 ? "a" : "-a");
        for (unsigned i = 0; i < n / 2; i++)
            strcat(text, " + a");
        strcat(text, " + count(a in (1, 2), a in -1..2, any(phq9.items(1..3, 5) >= 1), not f,"
                     " student.sex in (male), true) + (-a) + phq9.item(9)");
        expect_sense(text, strlen(text));
    }
}

static void test_too_many_names_are_refused(void **state)
{
    static const char *const names[] = {"a"};
    psy_program *program = NULL;
    (void)state;
    assert_int_equal(psy_program_compile(&program, "a", names, (size_t)UINT32_MAX + 1, NULL, NULL),
                     PSY_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_cut_off_anywhere),
        cmocka_unit_test(test_rules_spoiled_anywhere),
        cmocka_unit_test(test_hints_in_a_scope_with_odd_names),
        cmocka_unit_test(test_ranges_without_knowledge_of_items),
        cmocka_unit_test(test_broken_values_are_unknown),
        cmocka_unit_test(test_contradicting_truths_are_put_in_order),
        cmocka_unit_test(test_memory_may_end_anywhere),
        cmocka_unit_test(test_parts_may_end_anywhere),
        cmocka_unit_test(test_too_many_names_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
