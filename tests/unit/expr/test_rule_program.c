/*
 * test_rule_program.c -- what a compiled rule tells about itself, memory, the public
 * interface, and that docs/rules.md says what the library does.
 */
#include "expr/syntax.h"
#include "rule_fixture.h"
#include "test_support.h"

#include <psyscreen/program.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- analysis of ranges ---- */

static void test_ranges_are_proved(void **state)
{
    static const struct {
        const char *text;
        psyi_ratio low, high; /* den 0: open */
        bool integer;
    } cases[] = {
        {"2.5", {5, 2}, {5, 2}, false},
        {"total", {0, 1}, {27, 1}, true},
        {"x", {0, 0}, {0, 0}, false},
        {"quality.seconds_per_item", {0, 1}, {0, 0}, false},
        {"quality.seconds_per_item * -2", {0, 0}, {0, 1}, false},
        {"quality.seconds_per_item * 0", {0, 1}, {0, 1}, true},
        {"quality.seconds_per_item + 1", {1, 1}, {0, 0}, false},
        {"quality.seconds_per_item * total", {0, 0}, {0, 0}, false},
        {"1 - a", {-9, 1}, {1, 1}, true},
        {"a * c", {-50, 1}, {50, 1}, true},
        {"3 * c", {-15, 1}, {15, 1}, true},
        {"c * 0.5", {-5, 2}, {5, 2}, false},
        {"c / 2", {-5, 2}, {5, 2}, false},
        {"a / (b + 1)", {0, 1}, {10, 1}, false},
        {"a / (-1 - b)", {-10, 1}, {0, 1}, false},
        {"a / b", {0, 0}, {0, 0}, false},
        {"a / x", {0, 0}, {0, 0}, false},
        {"6 / 3", {2, 1}, {2, 1}, true},
        {"f + 1", {1, 1}, {2, 1}, true},
        {"(1 > 2) + (2 > 1)", {1, 1}, {1, 1}, true},
        {"item(9)", {0, 1}, {3, 1}, true},
        {"answer(9)", {0, 0}, {0, 0}, false},
        {"item(free)", {0, 0}, {0, 0}, true},
        {"sum(items(1..9))", {0, 1}, {27, 1}, true},
        {"mean(items(1..9))", {0, 1}, {3, 1}, false},
        {"min(items(1, odd))", {-2, 1}, {2, 1}, true},
        {"max(items(1, odd))", {0, 1}, {3, 1}, true},
        {"max(items(1, free))", {0, 1}, {0, 0}, true},
        {"min(items(free, 1))", {0, 0}, {3, 1}, true},
        {"max(a, x)", {0, 1}, {0, 0}, false},
        {"min(x, y)", {0, 0}, {0, 0}, false},
        {"mean(a, b)", {0, 1}, {10, 1}, false},
        {"sum(a, c)", {-5, 1}, {15, 1}, true},
        {"count(items(1..9) >= 2)", {0, 1}, {9, 1}, true},
        {"count(items(1..9) >= 4)", {0, 1}, {0, 1}, true},
        {"count(items(1..9) >= 0, f)", {9, 1}, {10, 1}, true},
        {"count(f, true, false)", {1, 1}, {2, 1}, true},
        {"sum_if(items(1..3) >= 2)", {0, 1}, {9, 1}, true},
        {"sum_if(items(1..3) >= 0)", {0, 1}, {9, 1}, true},
        {"sum_if(items(1..3) >= 9)", {0, 1}, {0, 1}, true},
        {"sum_if(items(fixed, odd) >= 2)", {0, 1}, {4, 1}, true},
        {"mean_if(items(1, odd) >= 2)", {-2, 1}, {3, 1}, false},
        {"answered(items(1..9))", {0, 1}, {9, 1}, true},
        {"abs(c)", {0, 1}, {5, 1}, true},
        {"abs(a)", {0, 1}, {10, 1}, true},
        {"abs(-1 - a)", {1, 1}, {11, 1}, true},
        {"abs(x)", {0, 1}, {0, 0}, false},
        {"floor(a / 3)", {0, 1}, {3, 1}, true},
        {"ceil(a / 3)", {0, 1}, {4, 1}, true},
        {"round_half_up(a / 3)", {0, 1}, {3, 1}, true},
        {"round_half_up(a / 3, 1)", {0, 1}, {33, 10}, false},
        {"round_half_up(a, 1)", {0, 1}, {10, 1}, true},
        {"clock_minutes(item(bed), item(up))", {0, 1}, {1439, 1}, true},
        {"clock_minutes(x, y)", {0, 1}, {1440, 1}, false},
        {"clock_minutes(a, d)", {0, 1}, {1440, 1}, false},
        {"if(f, a, c)", {-5, 1}, {10, 1}, true},
        {"if(1 > 2, a, c)", {-5, 1}, {5, 1}, true},
        {"if(1 < 2, a, c)", {0, 1}, {10, 1}, true},
        {"case(f, 1, a > 20, 99, 1 < 2, 3, 4)", {1, 1}, {3, 1}, true},
        {"ifna(a, x)", {0, 0}, {0, 0}, false},
        {"ifna(a, -1)", {-1, 1}, {10, 1}, true},
        {"a * 999999999999999999 * a * a", {0, 0}, {0, 0}, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        psyi_program *const program = world_compile(cases[i].text, PSYI_TYPE_NUMBER);
        psyi_ratio low = {7, 7}, high = {7, 7};
        bool integer = false;
        psyi_program_range(program, &low, &high, &integer);
        if (low.num != cases[i].low.num || low.den != cases[i].low.den ||
            high.num != cases[i].high.num || high.den != cases[i].high.den ||
            (low.den != 0 && integer != cases[i].integer))
            fail_msg("%s: %lld/%lld..%lld/%lld %d", cases[i].text, (long long)low.num,
                     (long long)low.den, (long long)high.num, (long long)high.den, integer);
        assert_int_equal(psyi_program_type(program), PSYI_TYPE_NUMBER);
        psyi_program_free(program);
    }
}

static void test_what_a_condition_can_be(void **state)
{
    static const struct {
        const char *text;
        bool yes, no;
    } cases[] = {
        {"total >= 10", true, true},
        {"total >= 28", false, true},
        {"total >= 0", true, false},
        {"total > 27", false, true},
        {"total <= 27", true, false},
        {"total < 0", false, true},
        {"total == 28", false, true},
        {"total != 28", true, false},
        {"total == 4.5", false, true},
        {"d == 3.5", true, true},
        {"x >= 5", true, true},
        {"x == 5", true, true},
        {"quality.seconds_per_item < 0", false, true},
        {"quality.seconds_per_item > 0", true, true},
        {"30 <= total", false, true},
        {"total in 30..40", false, true},
        {"total in 0..27", true, false},
        {"total in 4.2..4.8", false, true},
        {"d in 2.2..2.8", true, true},
        {"total in (30, 31)", false, true},
        {"total in (3, 31)", true, true},
        {"x in 3..4", true, true},
        {"2 in (1, 2)", true, false},
        {"2 in (2, 1)", true, false},
        {"quality.seconds_per_item in 1..2", true, true},
        {"a + 20 > b", true, false},
        {"a > b + 10", false, true},
        {"a == b + 11", false, true},
        {"2 == 2", true, false},
        {"2 != 2", false, true},
        {"2 >= 3", false, true},
        {"true", true, false},
        {"false", false, true},
        {"f", true, true},
        {"f and total >= 28", false, true},
        {"f or total >= 0", true, false},
        {"not total >= 28", true, false},
        {"student.sex == female", true, true},
        {"student.sex in (male, female)", true, false},
        {"total.band >= minimal", true, false},
        {"total.band < minimal", false, true},
        {"total.band > mild", true, true},
        {"total.band <= severe", true, false},
        {"total.band != mild", true, true},
        {"any(items(1..9) >= 4)", false, true},
        {"any(items(1..9) >= 3)", true, true},
        {"any(items(1..9) >= 0)", true, false},
        {"all(items(1..9) >= 0)", true, false},
        {"all(items(1..9) >= 1)", true, true},
        {"all(items(1, fixed) >= 3)", false, true},
        {"any(f, true)", true, false},
        {"count(items(1..9) >= 2) >= 10", false, true},
        {"is_missing(total)", true, true},
        {"answered(item(1))", true, true},
        {"if(f, total >= 28, total >= 30)", false, true},
        {"if(f, g, total >= 30)", true, true},
        {"ifna(total >= 28, false)", false, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        psyi_program *const program = world_compile(cases[i].text, PSYI_TYPE_BOOLEAN);
        if (psyi_program_can_be(program, true) != cases[i].yes ||
            psyi_program_can_be(program, false) != cases[i].no)
            fail_msg("%s: %d %d", cases[i].text, psyi_program_can_be(program, true),
                     psyi_program_can_be(program, false));
        psyi_program_free(program);
    }
}

/* ---- what it reads, what it compares ---- */

static void test_operands_come_once_in_order(void **state)
{
    static const char text[] = "total >= 5 and any(items(2, 1) >= 1) and phq9.item(9) >= 1 or "
                               "item(2) >= b and total.band >= mild and is_missing(total) or "
                               "refused(item(3)) or student.sex == male or f";
    static const struct {
        bool is_item;
        uint32_t id;
    } expected[] = {{false, 0},  {true, 1}, {true, 0},   {true, 38}, {false, 2},
                    {false, 17}, {true, 2}, {false, 15}, {false, 12}};
    const psyi_operand *operands = NULL;
    (void)state;
    psyi_program *const program = world_compile(text, 0);
    assert_int_equal(psyi_program_operands(program, &operands), sizeof expected / sizeof *expected);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(operands[i].is_item, expected[i].is_item);
        assert_int_equal(operands[i].id, expected[i].id);
    }
    assert_string_equal(psyi_program_text(program), text);
    psyi_program_free(program);
}

static void test_comparisons_are_told(void **state)
{
    static const char text[] =
        "65 <= total or not (item(9) > 1 and 2.5 > phq9.answer(3)) or a in 7..9 or "
        "student.sex in (male, female) or total.band < mild or (a + b) != 1 or "
        "count( items(1..2)  >= 2, c == 3) >= 2 or a < b or 1 < 2 or 3 in (1, 2) or "
        "a in (2, 4) or 4 == a or 4 != a or 4 >= a or not not a <= 2";
    static const struct {
        psyi_subject subject;
        uint32_t id;
        psyi_compare compare;
        psyi_ratio constant, upper;
        const char *token, *text, *whole;
        bool negated;
    } expected[] = {
        {PSYI_SUBJECT_COLUMN, 0, PSYI_GE, {65, 1}, {0, 0}, NULL, "total", "65 <= total", false},
        {PSYI_SUBJECT_ITEM, 8, PSYI_GT, {1, 1}, {0, 0}, NULL, "item(9)", "item(9) > 1", true},
        {PSYI_SUBJECT_ITEM,
         32,
         PSYI_LT,
         {5, 2},
         {0, 0},
         NULL,
         "phq9.answer(3)",
         "2.5 > phq9.answer(3)",
         true},
        {PSYI_SUBJECT_COLUMN, 1, PSYI_IN, {7, 1}, {9, 1}, NULL, "a", "a in 7..9", false},
        {PSYI_SUBJECT_COLUMN,
         15,
         PSYI_EQ,
         {0, 0},
         {0, 0},
         "male",
         "student.sex",
         "student.sex in (male, female)",
         false},
        {PSYI_SUBJECT_COLUMN,
         15,
         PSYI_EQ,
         {0, 0},
         {0, 0},
         "female",
         "student.sex",
         "student.sex in (male, female)",
         false},
        {PSYI_SUBJECT_COLUMN,
         17,
         PSYI_LT,
         {0, 0},
         {0, 0},
         "mild",
         "total.band",
         "total.band < mild",
         false},
        {PSYI_SUBJECT_OTHER, 0, PSYI_NE, {1, 1}, {0, 0}, NULL, "a + b", "(a + b) != 1", false},
        {PSYI_SUBJECT_OTHER,
         0,
         PSYI_GE,
         {2, 1},
         {0, 0},
         NULL,
         "count( items(1..2)  >= 2, c == 3)",
         "count( items(1..2)  >= 2, c == 3) >= 2",
         false},
        {PSYI_SUBJECT_COLUMN, 3, PSYI_EQ, {3, 1}, {0, 0}, NULL, "c", "c == 3", false},
        {PSYI_SUBJECT_COLUMN, 1, PSYI_EQ, {2, 1}, {0, 0}, NULL, "a", "a in (2, 4)", false},
        {PSYI_SUBJECT_COLUMN, 1, PSYI_EQ, {4, 1}, {0, 0}, NULL, "a", "a in (2, 4)", false},
        {PSYI_SUBJECT_COLUMN, 1, PSYI_EQ, {4, 1}, {0, 0}, NULL, "a", "4 == a", false},
        {PSYI_SUBJECT_COLUMN, 1, PSYI_NE, {4, 1}, {0, 0}, NULL, "a", "4 != a", false},
        {PSYI_SUBJECT_COLUMN, 1, PSYI_LE, {4, 1}, {0, 0}, NULL, "a", "4 >= a", false},
        {PSYI_SUBJECT_COLUMN, 1, PSYI_LE, {2, 1}, {0, 0}, NULL, "a", "a <= 2", false},
    };
    const psyi_comparison *found = NULL;
    (void)state;
    psyi_program *const program = world_compile(text, 0);
    assert_int_equal(psyi_program_comparisons(program, &found), sizeof expected / sizeof *expected);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(found[i].subject, expected[i].subject);
        assert_int_equal(found[i].id, expected[i].id);
        assert_int_equal(found[i].compare, expected[i].compare);
        assert_int_equal(found[i].constant.num, expected[i].constant.num);
        assert_int_equal(found[i].constant.den, expected[i].constant.den);
        assert_int_equal(found[i].upper.num, expected[i].upper.num);
        if (expected[i].token == NULL)
            assert_null(found[i].token);
        else
            assert_string_equal(found[i].token, expected[i].token);
        assert_string_equal(found[i].text, expected[i].text);
        assert_int_equal(found[i].negated, expected[i].negated);
        assert_int_equal(found[i].length, strlen(expected[i].whole));
        assert_memory_equal(text + found[i].offset, expected[i].whole, found[i].length);
        if (found[i].subject == PSYI_SUBJECT_OTHER) /* its text is a rule of its own */
            psyi_program_free(world_compile(found[i].text, PSYI_TYPE_NUMBER));
    }
    psyi_program_free(program);
}

static void test_canonical_spelling(void **state)
{
    static const struct {
        const char *text, *canonical;
    } cases[] = {
        {"total>=10", "total >= 10"},
        {"  ( (total) )  ", "total"},
        {"total \xE2\x89\xA5 010.50", "total >= 10.5"},
        {"2.0+0.50-00.00", "2 + 0.5 - 0"},
        {"(a+b)*c-(a-b)-c", "(a + b) * c - (a - b) - c"},
        {"a-(b-c)", "a - (b - c)"},
        {"a/(b*c)", "a / (b * c)"},
        {"-(-a)*-b", "--a * -b"},
        {"-(a*b)", "-(a * b)"},
        {"not(f)and g or(h)", "not f and g or h"},
        {"not (f and g)", "not (f and g)"},
        {"(f or g) and h", "(f or g) and h"},
        {"f or (g or h)", "f or (g or h)"},
        {"(not f) and (a<3)", "not f and a < 3"},
        {"a in-3 ..-1", "a in -3..-1"},
        {"a in ( 3,-4.0 )", "a in (3, -4)"},
        {"student.sex in(male,female)", "student.sex in (male, female)"},
        {"sum(items(01..03,5 , mood))", ""},
        {"sum(items(1 .. 3,5,mood))", ""},
        {"sum(items(01..03,5,09))", "sum(items(1..3, 5, 9))"},
        {"phq9 . item(9) >= 1", ""},
        {"sum( phq9.scale(total) . items )", "sum(phq9.scale(total).items)"},
        {"if(f,a\n,b)", "if(f, a, b)"},
        {"true", "true"},
        {"(a < 3) + 1", "(a < 3) + 1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].canonical[0] == '\0') { /* refused */
            psyi_program *program = NULL;
            assert_int_equal(psyi_program_compile(&program, cases[i].text, strlen(cases[i].text),
                                                  &world_scope, 0, NULL, NULL, NULL),
                             PSY_E_EXPR);
            continue;
        }
        psyi_program *const program = world_compile(cases[i].text, 0);
        assert_string_equal(psyi_program_canonical(program), cases[i].canonical);
        psyi_program_free(program);
    }
}

/* ---- running ---- */

static void test_one_workspace_serves_several_programs(void **state)
{
    static world w;
    psyi_program *const programs[] = {
        world_compile("a + b * (c + a * (b + c))", 0),
        world_compile("f and (g or (h and (f or g)))", 0),
        world_compile("count(f, count(g, h) >= 1)", 0),
        world_compile("if(f, if(g, 1, 2), case(h, 3, 4))", 0),
    };
    const psyi_block block = world_block(&w);
    psyi_workspace *workspace = NULL;
    psyi_numbers numbers;
    psyi_truths truths;
    psyi_mask trouble = 17;

    (void)state;
    world_clear(&w);
    world_set(&w, 9, "a=2 b=3 c=4 f=n g=y h=y");
    assert_int_equal(
        psyi_workspace_new(&workspace, (const psyi_program *const *)programs, 4, NULL, NULL),
        PSY_OK);
    psyi_program_number(programs[0], &block, workspace, &numbers, &trouble);
    assert_int_equal(numbers.value[9].num, 2 + 3 * (4 + 2 * (3 + 4)));
    assert_int_equal(trouble, 0);
    psyi_program_truth(programs[1], &block, workspace, &truths, &trouble);
    assert_string_equal(truth_words(&truths, trouble, 9), "no");
    psyi_program_number(programs[2], &block, workspace, &numbers, NULL);
    assert_string_equal(number_words(&numbers, 0, 9), "1");
    psyi_program_number(programs[3], &block, workspace, &numbers, NULL);
    assert_string_equal(number_words(&numbers, 0, 9), "3");
    psyi_workspace_free(workspace);
    for (size_t i = 0; i < 4; i++)
        psyi_program_free(programs[i]);
    /* No program at all is fine, and so is freeing nothing. */
    assert_int_equal(psyi_workspace_new(&workspace, NULL, 0, NULL, NULL), PSY_OK);
    psyi_workspace_free(workspace);
    psyi_workspace_free(NULL);
    psyi_program_free(NULL);
    psy_program_free(NULL);
}

/* ---- memory ---- */

static psy_status compile_and_run(const psy_allocator *allocator, void *context)
{
    const char *const text = context;
    psyi_program *program = PSY_UNTOUCHED;
    psyi_workspace *workspace = PSY_UNTOUCHED;
    psy_error error = {0};
    psy_status status = psyi_program_compile(&program, text, strlen(text), &world_scope, 0, NULL,
                                             allocator, &error);
    if (status != PSY_OK) {
        psy_assert_untouched(program);
        assert_int_equal(error.status, status);
        return status;
    }
    const psyi_program *const only = program;
    status = psyi_workspace_new(&workspace, &only, 1, allocator, &error);
    if (status == PSY_OK)
        psyi_workspace_free(workspace);
    else
        psy_assert_untouched(workspace);
    psyi_program_free(program);
    return status;
}

static psy_status compile_public(const psy_allocator *allocator, void *context)
{
    static const char *const names[] = {"total"};
    static const double column[] = {5};
    const double *const columns[] = {column};
    psy_program *program = PSY_UNTOUCHED;
    int8_t out = 0;
    (void)context;
    psy_status status = psy_program_compile(&program, "total >= 5", names, 1, allocator, NULL);
    if (status != PSY_OK) {
        psy_assert_untouched(program);
        return status;
    }
    status = psy_program_decide(program, columns, 1, &out, NULL);
    psy_program_free(program);
    return status;
}

static void test_every_allocation_may_fail(void **state)
{
    static char rich[] = "case(phq9.item(9) >= 1, 3, total.band >= mild, 2, count(items(1..9) >= 2,"
                         " f) >= 5, 1, a in (3, 1, 2), mean(items(1..3)) / 2, 0)";
    static char wide[4097];
    (void)state;
    assert_true(psy_sweep(compile_and_run, rich) > 5);
    strcpy(wide, "sum(mht.items(1..100))");
    while (strlen(wide) < 2000)
        strcat(wide, " + sum(mht.items(1..100))");
    assert_true(psy_sweep(compile_and_run, wide) > 20);
    assert_true(psy_sweep(compile_public, NULL) > 5);
}

/* ---- the public interface ---- */

static void test_public_programs_decide(void **state)
{
    static const char *const names[] = {"total", "sex"};
    double total[130], sex[130];
    const double *const columns[] = {total, sex};
    int8_t out[130];
    psy_program *program = NULL;
    psy_error error = {0};

    (void)state;
    for (size_t i = 0; i < 130; i++) {
        total[i] = (double)i / 10;
        sex[i] = (double)(i % 2);
    }
    total[0] = NAN;
    total[1] = INFINITY;
    total[2] = 2e12;
    total[3] = 0.3 + 1e-9; /* no multiple of a thousandth */
    sex[64] = NAN;
    assert_int_equal(
        psy_program_compile(&program, "total >= 0.7 and sex == 1", names, 2, NULL, &error), PSY_OK);
    assert_int_equal(psy_program_decide(program, columns, 130, out, &error), PSY_OK);
    for (size_t i = 4; i < 130; i++)
        assert_int_equal(out[i], i == 64 ? -1 : i >= 7 && i % 2 == 1);
    assert_int_equal(out[0], 0); /* the sex decides */
    assert_int_equal(out[1], -1);
    assert_int_equal(out[2], 0);
    assert_int_equal(out[3], -1);
    double numbers[1];
    assert_int_equal(psy_program_compute(program, columns, 1, numbers, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_program_decide(program, columns, 0, out, NULL), PSY_OK);
    psy_program_free(program);
}

static void test_public_programs_compute(void **state)
{
    static const char *const names[] = {"a", "b"};
    static const double a[] = {1, 0.1, NAN, 3, -1e12}, b[] = {3, 0.2, 1, 0, 1};
    const double *const columns[] = {a, b};
    double out[5];
    int8_t truth[5];
    psy_program *program = NULL;
    psy_error error = {0};

    (void)state;
    assert_int_equal(psy_program_compile(&program, "a / b + 0.5", names, 2, NULL, &error), PSY_OK);
    assert_int_equal(psy_program_compute(program, columns, 5, out, &error), PSY_OK);
    assert_true(out[0] == 5.0 / 6);
    assert_true(out[1] == 1.0);
    assert_true(isnan(out[2]) && isnan(out[3]));
    assert_true(out[4] == -1e12 + 0.5);
    assert_int_equal(psy_program_decide(program, columns, 5, truth, &error), PSY_E_ARGUMENT);
    psy_program_free(program);
}

static void test_public_programs_refuse_wrong_arguments(void **state)
{
    static const char *const names[] = {"a", NULL};
    psy_program *program = PSY_UNTOUCHED;
    psy_error error = {0};
    int8_t truth = 0;
    double number = 0;

    (void)state;
    assert_int_equal(psy_program_compile(NULL, "a", names, 1, NULL, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_program_compile(&program, NULL, names, 1, NULL, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_program_compile(&program, "a", NULL, 1, NULL, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_program_compile(&program, "a", names, 2, NULL, &error), PSY_E_ARGUMENT);
    assert_string_equal(error.message, "name 2 of 2 is NULL");
    assert_int_equal(psy_program_compile(&program, "a >", names, 1, NULL, &error), PSY_E_EXPR);
    assert_int_equal(error.where.column, 4);
    assert_int_equal(psy_program_compile(&program, "item(1) + aa", names, 1, NULL, &error),
                     PSY_E_EXPR);
    assert_string_equal(error.message, "'1' is not an item here");
    assert_int_equal(psy_program_compile(&program, "aaab", names, 1, NULL, &error), PSY_E_EXPR);
    assert_int_equal(psy_program_compile(&program, "sum(scale(a).items)", names, 1, NULL, &error),
                     PSY_E_EXPR);
    psy_assert_untouched(program);
    assert_int_equal(psy_program_decide(NULL, NULL, 0, &truth, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_program_compute(NULL, NULL, 0, &number, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_program_compile(&program, "1 < 2", NULL, 0, NULL, &error), PSY_OK);
    assert_int_equal(psy_program_decide(program, NULL, 1, NULL, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_program_compute(program, NULL, 1, NULL, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_program_decide(program, NULL, 1, &truth, &error), PSY_OK);
    assert_int_equal(truth, 1);
    psy_program_free(program);
}

/* ---- the documentation ---- */

/* The table of docs/rules.md is that of opcodes.def, line by line. */
static void test_documentation_has_the_table(void **state)
{
    char *const docs = psy_test_read_file(psy_test_source("docs/rules.md"), NULL);
    (void)state;
    for (int op = 1; op < PSYI_OP_COUNT_OF; op++) {
        const psyi_op_info *const info = &psyi_op_table[op];
        char row[1024];
        snprintf(row, sizeof row, "\n| `%s` | %s | %s | %s |\n", info->usage, info->meaning,
                 info->missing, info->bounds);
        if (strstr(docs, row) == NULL)
            fail_msg("docs/rules.md lacks this line:%s", row);
        /* The usage is written in the language it explains. */
        assert_non_null(strstr(info->usage, info->name));
    }
    free(docs);
}

static void check_mistake(const char *rule, const char *marked)
{
    psyi_program *program = NULL;
    psy_error error = {0};
    const size_t blanks = strspn(marked, " "), carets = strspn(marked + blanks, "^");
    if (psyi_program_compile(&program, rule, strlen(rule), &world_scope, PSYI_TYPE_BOOLEAN, NULL,
                             NULL, &error) != PSY_E_EXPR)
        fail_msg("%s: compiles", rule);
    if (error.where.column != blanks + 1 || error.where.length != carets ||
        strcmp(error.message, marked + blanks + carets + 1) != 0)
        fail_msg("%s: %u+%u %s", rule, error.where.column, error.where.length, error.message);
}

/* Every rule in it compiles, every mistake gives the message that is printed. */
static void test_documentation_is_true(void **state)
{
    char *const docs = psy_test_read_file(psy_test_source("docs/rules.md"), NULL);
    char *save = NULL, *rule = NULL;
    bool in_rules = false, in_mistake = false;
    unsigned n_rules = 0, n_mistakes = 0;

    (void)state;
    for (char *line = strtok_r(docs, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        if (strncmp(line, "```", 3) == 0) {
            in_rules = strcmp(line, "```rule") == 0;
            in_mistake = strcmp(line, "```mistake") == 0;
            rule = NULL;
        } else if (in_rules) {
            psyi_program_free(world_compile(line, 0));
            n_rules++;
        } else if (in_mistake && rule == NULL) {
            rule = line;
        } else if (in_mistake) {
            check_mistake(rule, line);
            n_mistakes++;
        }
    }
    assert_true(n_rules > 30 && n_mistakes > 12);
    free(docs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges_are_proved),
        cmocka_unit_test(test_what_a_condition_can_be),
        cmocka_unit_test(test_operands_come_once_in_order),
        cmocka_unit_test(test_comparisons_are_told),
        cmocka_unit_test(test_canonical_spelling),
        cmocka_unit_test(test_one_workspace_serves_several_programs),
        cmocka_unit_test(test_every_allocation_may_fail),
        cmocka_unit_test(test_public_programs_decide),
        cmocka_unit_test(test_public_programs_compute),
        cmocka_unit_test(test_public_programs_refuse_wrong_arguments),
        cmocka_unit_test(test_documentation_has_the_table),
        cmocka_unit_test(test_documentation_is_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
