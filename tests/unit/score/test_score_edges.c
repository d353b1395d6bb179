/*
 * test_score_edges.c -- scores at the edges of what their tables hold: formulas beyond any table,
 * values outside the declared range, bounds that are not known or differ from the score in one
 * end alone, forms of which nothing was asked, bands of a norm that is not at hand.
 *
 * Every expected number is worked out by hand in the comment beside it.
 */
#include "catalogue.h"
#include "one_sheet.h"
#include "score/compiled.h"
#include "test_support.h"

#include <psyscreen/score.h>

#include <stdio.h>
#include <string.h>

#define HEAD                                                                                       \
    "format: psyscreen/instrument/1\nid: edges\nedition: '1'\nname: edges\n"                       \
    "text_licence: none\ninformants: [self]\n"

static psy_instrument *with_scale(const char *codes, const char *scale)
{
    char text[2000];
    snprintf(text, sizeof text,
             HEAD "responses: {f: {codes: [%s]}}\nitems: [{ids: 1..2, response: f}]\n"
                  "scales:\n  x: {worse: high, %s}\n",
             codes, scale);
    return instrument_of_text(text);
}

static const struct {
    const char *name, *codes, *scale, *answers, *value, *band;
    psyi_score_status status;
} cases[] = {
    /* 0..15000 has no table; 3 * 5000 is above 12000, 2 * 5000 is not. */
    {"a range too wide for a table", "0, 1, 2, 3",
     "score: 'item(1) * 5000', bands: [{id: low, from: 0}, {id: high, from: 12000}]", "30", "15000",
     "high", PSYI_SCORED},
    {"the same, lower", "0, 1, 2, 3",
     "score: 'item(1) * 5000', bands: [{id: low, from: 0}, {id: high, from: 12000}]", "20", "10000",
     "low", PSYI_SCORED},
    /* 3e9 is no 32-bit number, 0 is. */
    {"a range beyond 32 bits", "0, 1, 2, 3", "score: 'item(1) * 3000000000'", "00", "0", "-",
     PSYI_SCORED},
    {"a value beyond 32 bits", "0, 1, 2, 3", "score: 'item(1) * 3000000000'", "10", "-", "-",
     PSYI_NOT_SCORED},
    {"a value below 32 bits", "0, 1, 2, 3", "score: '0 - item(1) * 3000000000'", "10", "-", "-",
     PSYI_NOT_SCORED},
    {"nothing of it", "0, 1, 2, 3", "score: '0 - item(1) * 3000000000'", "00", "0", "-",
     PSYI_SCORED},
    /* 3 / 1 lies above the declared end: printed as it is, and in the highest band. */
    {"above the declared range", "0, 1, 2, 3",
     "score: 'item(1) / item(2)', range: 0..2, bands: [{id: low, from: 0}, {id: high, from: 2}]",
     "31", "3", "high", PSYI_SCORED},
    {"within the declared range", "0, 1, 2, 3",
     "score: 'item(1) / item(2)', range: 0..2, bands: [{id: low, from: 0}, {id: high, from: 2}]",
     "22", "1", "low", PSYI_SCORED},
    {"between the integers of the range", "0, 1, 2, 3",
     "score: 'item(1) / item(2)', range: 0..2, bands: [{id: low, from: 0}, {id: high, from: 2}]",
     "32", "1.5", "low", PSYI_SCORED},
    /* What stands in for a blank is known, and so are its bounds. */
    {"a blank that has a substitute", "0, 1, 2, 3",
     "score: 'ifna(item(1) / item(2), 5)', missing: {allow: 1}", "1.", "5", "-", PSYI_SCORED},
    /* 1 / 0 of items that nobody asked for is no score of anybody. */
    {"nothing of an expression was asked", "0, 1, 2, 3", "score: '1 / count(items(1..2) >= 1)'",
     "nn", "-", "-", PSYI_NOT_GIVEN},
    {"nor of one that needs a person, too", "0, 1, 2, 3", "items: 1..2, score: 'student.grade * 2'",
     "nn", "-", "-", PSYI_NOT_GIVEN},
    {"half of it was asked", "0, 1, 2, 3", "score: '1 / count(items(1..2) >= 1)'", "3n", "1", "-",
     PSYI_SCORED},
};

static void test_expressions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        few_sheets few = few_sheets_score(with_scale(cases[i].codes, cases[i].scale), 0, NULL, NULL,
                                          &cases[i].answers, 1);
        const char *const value = few_sheets_value(&few, "x", 0);
        const char *const band = few_sheets_band(&few, "x", 0);
        if (strcmp(value, cases[i].value) != 0 || strcmp(band, cases[i].band) != 0)
            fail_msg("%s: %s, %s; expected %s, %s", cases[i].name, value, band, cases[i].value,
                     cases[i].band);
        if (few_sheets_status(&few, "x", 0) != cases[i].status)
            fail_msg("%s: %s", cases[i].name,
                     psyi_score_status_name(few_sheets_status(&few, "x", 0)));
        few_sheets_free(&few);
    }
}

/* One of two items is blank, so the sum that the formula reads stands for a range.  A bound may
 * have the numerator of the score and another denominator, and only one of the two may differ. */
static void test_formulas_of_scores_that_are_open(void **state)
{
    (void)state;
    static const struct {
        const char *then, *formula, *answers, *value;
    } open[] = {
        /* 2 of 0, 2, 6: prorated 4, and 2 to 8 with any answer to the other item */
        {"prorate", "s / 8", "1.", "0.5 (0.25..1)"},
        {"prorate", "s / 4", "1.", "1 (0.5..2)"},
        /* blank as 0: 2, which is also the least; 2 to 8 */
        {"zero", "s / 8", "1.", "0.25 (0.25..1)"},
        {"zero", "s / 6", "1.", "0.3333333333333333 (0.3333333333333333..1.3333333333333333)"},
        {"zero", "max(s, 8)", "1.", "8"},                 /* nothing could change it */
        {"prorate", "s * 500000000", "1.", "2000000000"}, /* 4e9 fits no cell: no bounds */
    };
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        char text[1000];
        snprintf(text, sizeof text,
                 HEAD "responses: {f: {codes: [0, 2, 6]}}\nitems: [{ids: 1..2, response: f}]\n"
                      "scales:\n  s: {items: 1..2, score: sum, worse: high, missing: {allow: 1, "
                      "then: %s}}\n  x: {score: '%s', worse: high}\n",
                 open[i].then, open[i].formula);
        few_sheets few =
            few_sheets_score(instrument_of_text(text), 0, NULL, NULL, &open[i].answers, 1);
        const char *const value = few_sheets_value(&few, "x", 0);
        if (strcmp(value, open[i].value) != 0)
            fail_msg("%s of %s: %s, expected %s", open[i].formula, open[i].then, value,
                     open[i].value);
        few_sheets_free(&few);
    }
}

/* A scale of the person alone has no items; who has no grade has no score, for want of data. */
static void test_a_scale_without_items(void **state)
{
    (void)state;
    static const char *const sheets[] = {"10", "10"};
    static const psyi_person people[] = {{.grade = 7, .age = -1}, {.age = -1}};
    few_sheets few = few_sheets_score(with_scale("0, 1", "score: 'student.grade * 2'"), 0, NULL,
                                      people, sheets, 2);
    assert_string_equal(few_sheets_value(&few, "x", 0), "14");
    assert_string_equal(few_sheets_value(&few, "x", 1), "-");
    assert_int_equal(few_sheets_status(&few, "x", 1), PSYI_NOT_SCORED);
    psyi_numbers numbers;
    const uint32_t which[PSYI_LANES] = {0, 1};
    psyi_scores_number(few.scores, psyi_column(PSYI_COLUMN_SCORE, 0, 0, 0), which, 3, &numbers);
    assert_int_equal(numbers.known, 1);
    assert_int_equal(numbers.no_norm, 2);
    assert_int_equal(numbers.blank, 0);
    few_sheets_free(&few);
}

/* answer(n) of a number is the number. */
static void test_the_answer_of_a_number_item(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_text(
        HEAD "responses: {f: {codes: [0, 1, 2, 3]}, n: {number: 0..24, decimals: 1}}\n"
             "items: [{ids: 1..2, response: f}, {ids: [h], response: n}]\n"
             "scales: {x: {score: 'answer(h) * 2 + item(1)', worse: high}}\n");
    psyi_sheets *filled;
    psyi_scorer *scorer;
    psyi_scores *scores;
    assert_int_equal(psyi_sheets_new(&filled, instrument, 1, NULL, NULL), PSY_OK);
    psyi_sheets_mark(filled, 0);
    *psyi_sheets_byte(filled, 0, 0) = 1;
    *psyi_sheets_byte(filled, 0, 1) = 0;
    *psyi_sheets_byte(filled, 0, 2) = 0;
    filled->numbers[2][0] = 75; /* 7.5 hours, in tenths */
    assert_int_equal(psyi_scorer_new(&scorer, instrument, 0, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_scores_new(&scores, scorer, filled, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_scores_run_all(scores, NULL, 1, NULL, NULL), PSY_OK);
    const psyi_ratio value = psyi_scores_value(scores, 0, 0);
    assert_int_equal(value.num, 16); /* 2 * 7.5 + 1 */
    assert_int_equal(value.den, 1);
    psyi_scores_free(scores);
    psyi_scorer_free(scorer);
    psyi_sheets_free(filled);
    psy_instrument_free(instrument);
}

/* A critical item that is asked but not scored, on a form of which nothing else was: there is no
 * form that was answered far enough to mean something. */
static void test_a_critical_item_alone(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_text(
        HEAD "responses: {f: {codes: [0, 1, 2, 3]}}\n"
             "items: [{ids: 1..2, response: f}, {ids: 3, response: f, scored: false}]\n"
             "scales: {x: {items: 1..2, score: sum, worse: high}}\n"
             "flags: {critical_3: {kind: critical_review, when: 'item(3) >= 1'}}\n");
    static const char *const sheets[] = {"nn.", "1n.", "1..", "nn1"};
    static const int critical[] = {-1, -1, -1, 1}, unanswered[] = {0, 1, 1, 0};
    few_sheets few = few_sheets_score(instrument, 0, NULL, NULL, sheets, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(few_sheets_flag(&few, "critical_3", i), critical[i]);
        assert_int_equal(few_sheets_flag(&few, "critical_unanswered", i), unanswered[i]);
    }
    few_sheets_free(&few);
}

/* What a gate put in the place of an answer was scored and not given. */
static void test_answers_behind_a_gate(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_text(
        HEAD "responses: {f: {codes: [0, 1, 2, 3]}}\nitems: [{ids: 1..2, response: f}]\n"
             "gates: [{id: g, when: 'item(1) == 0', skips: [2], value: 2}]\n"
             "scales: {x: {items: 1..2, score: sum, worse: high}}\n");
    static const char *const sheets[] = {"0."};
    few_sheets few = few_sheets_score(instrument, 0, NULL, NULL, sheets, 1);
    const uint32_t which[PSYI_LANES] = {0};
    psyi_item_lanes lanes;
    psyi_scores_item(few.scores, 1, false, which, 1, &lanes);
    assert_int_equal(lanes.known & 1, 1);
    assert_int_equal(lanes.value[0], 2);
    psyi_scores_item(few.scores, 1, true, which, 1, &lanes);
    assert_int_equal(lanes.known & 1, 0);
    assert_int_equal(lanes.absent & 1, 1);
    few_sheets_free(&few);
}

/* An instrument that was loaded from a text has no norms beside it: bands of its standard scores
 * are empty, those of raw scores hold; who may belong to either has none. */
static void test_bands_of_a_norm_that_is_not_at_hand(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_text(
        HEAD "responses: {f: {codes: [0, 1, 2, 3]}}\nitems: [{ids: 1..2, response: f}]\n"
             "scales:\n  x:\n    items: 1..2\n    score: sum\n    worse: high\n    bands:\n"
             "      - {sexes: [female], of: t@gone, levels: [{id: low, from: 0}, {id: high, from: "
             "60}]}\n"
             "      - {levels: [{id: low, from: 0}, {id: high, from: 3}]}\n");
    static const char *const sheets[] = {"12", "12", "12", "1."};
    static const psyi_person people[] = {{.sex = PSYI_SEX_FEMALE, .age = -1},
                                         {.sex = PSYI_SEX_MALE, .age = -1},
                                         {.sex = PSYI_SEX_UNKNOWN, .age = -1},
                                         {.sex = PSYI_SEX_FEMALE, .age = -1}};
    static const char *const bands[] = {"-", "high", "-", "-"};
    few_sheets few = few_sheets_score(instrument, 0, NULL, people, sheets, 4);
    assert_int_equal(few.scores->n_standards, 1);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(few_sheets_band(&few, "x", i), bands[i]);
        assert_int_equal(psyi_standard_of(few.scores, 0, i), PSYI_NO_STANDARD);
    }
    assert_string_equal(few_sheets_value(&few, "x", 2), "3");
    /* The table without a plan has no column of it. */
    psy_answers *answers = NULL;
    psy_table *table = NULL;
    psy_findings *findings = NULL;
    double total = 0;
    const int8_t one = 1, two = 2;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psy_answers_new(&answers, few.instrument, NULL, 1, NULL, NULL), PSY_OK);
    assert_int_equal(psy_answers_set_column(answers, 0, &one, PSY_INT8, 1, NULL, NULL, NULL),
                     PSY_OK);
    assert_int_equal(psy_answers_set_column(answers, 1, &two, PSY_INT8, 1, NULL, NULL, NULL),
                     PSY_OK);
    assert_int_equal(psy_score_answers(&table, answers, NULL, findings, NULL), PSY_OK);
    assert_true(psy_table_get_double(table, psy_table_find(table, "edges.x"), 0, &total));
    assert_true(total == 3);
    assert_int_equal(psy_table_find(table, "edges.x.t@gone"), SIZE_MAX);
    assert_int_not_equal(psy_table_find(table, "edges.x.band"), SIZE_MAX);
    psy_table_free(table);
    psy_answers_free(answers);
    psy_findings_free(findings);
    few_sheets_free(&few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_formulas_of_scores_that_are_open),
        cmocka_unit_test(test_a_scale_without_items),
        cmocka_unit_test(test_the_answer_of_a_number_item),
        cmocka_unit_test(test_a_critical_item_alone),
        cmocka_unit_test(test_answers_behind_a_gate),
        cmocka_unit_test(test_bands_of_a_norm_that_is_not_at_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
