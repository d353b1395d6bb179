/*
 * test_use_signs.c -- from the sheets of a use to what indices are asked: which items are columns
 * and how they are turned, stretches of repeating answers across the key, item parameters of a norm
 * with several scales.
 */
#include "../score/catalogue.h"
#include "../score/one_sheet.h"
#include "test_support.h"
#include "validity/evidence.h"
#include "validity/model_fit.h"

#include <psyscreen/catalog.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define HEAD                                                                                       \
    "format: psyscreen/instrument/1\nid: edge\nedition: \"1\"\nname: {en: Edge, zh: 边}\n"        \
    "informants: [self]\ntext_licence: none\n"

/* Numbers, and responses of more codes than a grid holds, are no columns and end a block; scores
 * that neither rise nor fall have no direction; codes may be listed from the highest. */
static void test_columns_of_a_use(void **state)
{
    (void)state;
    char text[3000];
    int n = snprintf(text, sizeof text,
                     HEAD "responses:\n  f: {codes: [0, 1, 2, 3]}\n  down: {codes: [3, 2, 1, 0]}\n"
                          "  h: {number: 0..24}\n  many: {codes: 0..199}\n"
                          "items:\n  - {ids: 1..2, response: f}\n  - {ids: [h], response: h}\n"
                          "  - {ids: 3..4, response: f}\n  - {ids: [m], response: many}\n"
                          "  - {ids: 5, response: f, map: {0: 0, 1: 2, 2: 2, 3: 0}}\n"
                          "  - {ids: 6, response: f, map: {0: 1, 1: 1, 2: 1, 3: 1}}\n"
                          "  - {ids: 7..8, response: down}\n"
                          "  - {ids: 9, response: f, scored: false}\n"
                          "reverse: [2, 8]\n"
                          "scales:\n  x: {items: 1..4, score: sum, worse: high}\n");
    assert_true(n > 0 && (size_t)n < sizeof text);
    static const char *const sheets[] = {"120.30120s0"};
    few_sheets few = few_sheets_score(instrument_of_text(text), 0, NULL, NULL, sheets, 1);
    static const uint32_t rows[] = {0, PSYI_NO_ROW};
    const psyi_validity_policy policy = psyi_validity_defaults();
    psyi_use_grid grid;
    assert_int_equal(psyi_use_grid_make(&grid, few.sheets, 0, &policy, rows, 2, 1, NULL, NULL),
                     PSY_OK);
    /* 1, 2 | 3, 4 | 5, 6 | 7, 8 | 9: the items at 0, 1, 3, 4, 6, 7, 8, 9, 10 of the form */
    static const uint16_t item[] = {0, 1, 3, 4, 6, 7, 8, 9, 10};
    static const int8_t direction[] = {1, -1, 1, 1, 0, 0, 1, -1, 1};
    static const size_t block[] = {0, 0, 1, 1, 2, 2, 3, 3, 4};
    static const uint8_t highest[] = {3, 3, 3, 3, 2, 0, 3, 3, 3};
    /* Codes by their place in the list; scores from the item's lowest: code 2 of item 2 is 3 - 2,
     * code at place 2 of item 7 is 1, and item 5's code 1 scores 2. */
    static const int8_t given[] = {1, 2, -1, 3, 1, 2, 0, -1, 0};
    static const int8_t scored[] = {1, 1, -1, 3, 2, 0, 3, -1, 0};
    assert_int_equal(grid.n_items, 9);
    assert_int_equal(grid.n_blocks, 5);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(grid.item[i], item[i]);
        assert_int_equal(grid.direction[i], direction[i]);
        assert_int_equal(grid.block[i], block[i]);
        assert_int_equal(grid.highest[i], highest[i]);
        assert_int_equal(grid.scored_item[i], i < 8);
        assert_int_equal(grid.given[i][0], given[i]);
        assert_int_equal(grid.scored[i][0], scored[i]);
        assert_int_equal(grid.given[i][1], -1); /* nobody */
        assert_int_equal(grid.scored[i][1], -1);
    }
    psyi_use_grid_done(&grid);
    few_sheets_free(&few);
}

static const psyi_evidence *evidence_of(const psyi_evidence_list *list, uint32_t sheet,
                                        unsigned sign)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->list[i].sheet == sheet && list->list[i].sign == sign)
            return &list->list[i];
    return NULL;
}

/* Twelve items, every fourth turned round, in a policy that asks for ten and for half of them. */
static void test_repeating_answers_across_the_key(void **state)
{
    (void)state;
    static const char text[] =
        HEAD "responses: {f: {codes: [0, 1, 2, 3]}}\nitems:\n  - {ids: 1..12, response: f}\n"
             "reverse: [4, 8, 12]\nscales:\n  x: {items: 1..12, score: sum, worse: high}\n";
    static const struct {
        const char *answers;
        uint32_t length;
        uint8_t period;
    } rows[] = {
        {"010101010101", 12, 2},                         /* all of it */
        {"012012012012", 12, 3}, {"000300030003", 0, 0}, /* as the key: in good faith */
        {"111111111111", 0, 0},                          /* a run is none of period 2 to 5 */
        {"010101.10101", 6, 2}, /* a blank ends it: six before, five behind */
        {"320101010132", 8, 2}, /* in the middle: third to tenth */
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    const char *answers[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        answers[i] = rows[i].answers;
    few_sheets few = few_sheets_score(instrument_of_text(text), 0, NULL, NULL, answers, ROWS);
    psyi_validity_policy policy = psyi_validity_defaults();
    policy.pattern_items = 10;
    policy.on[PSYI_SIGN_REPEATING] = true;
    policy.mark[PSYI_SIGN_REPEATING] = psyi_ratio_make(1, 2);
    psyi_use_grid grid;
    psyi_evidence_list list = {0};
    assert_int_equal(psyi_use_grid_make(&grid, few.sheets, 0, &policy, NULL, ROWS, 1, NULL, NULL),
                     PSY_OK);
    assert_int_equal(psyi_sheet_signs(&grid, few.sheets, &policy, 1, &list, NULL), PSY_OK);
    for (size_t i = 0; i < ROWS; i++) {
        const psyi_evidence *const one = evidence_of(&list, (uint32_t)i, PSYI_SIGN_REPEATING);
        if ((one == NULL) != (rows[i].length == 0))
            fail_msg("%s", answers[i]);
        if (one == NULL)
            continue;
        assert_int_equal(one->length, rows[i].length);
        assert_int_equal(one->period, rows[i].period);
        assert_int_equal(one->of, 12);
    }
    psyi_evidence_done(&list);
    psyi_use_grid_done(&grid);
    few_sheets_free(&few);
}

/* ---- item parameters ---------------------------------------------------------------------- */

static const char fitted[] =
    HEAD "responses: {two: {codes: [0, 1]}}\nitems:\n  - {ids: 1..9, response: two}\n"
         "  - {ids: 10, response: two, scored: false}\nscales:\n"
         "  a: {name: {en: A}, items: 1..4, score: sum, worse: high}\n"
         "  b: {name: {en: B}, items: 5..9, score: sum, worse: high}\n"
         "  c: {name: {en: C}, items: [1, 10], score: sum, worse: high}\n";
static const char FIT[] =
    "format: psyscreen/norms/1\nid: fit\ninstrument: edge\nkind: irt\nmetric: t\n"
    "population: {en: nobody}\nyear: 2020\nsource: made up\nconfidence: memory\ngroups: [sex]\n"
    "outside: none\nestimate: eap\nanswered: 2\ngrid: {from: -6, to: 6, points: 61}\n";
static const double slope[] = {1.5, 1.5, 1.5, 1.5, 1.8, 1.2, 2.0, 1.0, 1.4};
static const double intercept[] = {1.5, 0.5, -0.5, -1.5, 2.0, 1.0, 0, -1.0, -2.0};

static psy_instrument *open_fitted(void)
{
    const char *const directory = psy_test_directory();
    psy_instrument *instrument = NULL;
    psy_error error = {.status = PSY_OK};
    char folder[600], rows[3000];
    snprintf(folder, sizeof folder, "%s/norms", directory);
    assert_int_equal(mkdir(folder, 0700), 0);
    int n = snprintf(rows, sizeof rows, "scale,sex,item,step,value\n");
    for (int scale = 0; scale < 3; scale++)
        for (int sex = 0; sex < 2; sex++)
            for (int i = scale == 1 ? 4 : 0; i < (scale == 1 ? 9 : scale == 0 ? 4 : 2); i++) {
                const int item = scale == 2 && i == 1 ? 10 : i + 1;
                /* the second sex has other intercepts: the first group of a scale speaks */
                n += snprintf(rows + n, sizeof rows - (size_t)n, "%c,%s,%d,0,%g\n%c,%s,%d,1,%g\n",
                              "abc"[scale], sex == 0 ? "male" : "female", item, slope[i],
                              "abc"[scale], sex == 0 ? "male" : "female", item, intercept[i] + sex);
            }
    assert_true((size_t)n < sizeof rows);
    psy_test_write_file(psy_test_path(directory, "edge.yaml"), fitted, strlen(fitted));
    psy_test_write_file(psy_test_path(folder, "fit.yaml"), FIT, strlen(FIT));
    psy_test_write_file(psy_test_path(folder, "fit.csv"), rows, strlen(rows));
    if (psy_instrument_load_file(&instrument, psy_test_path(directory, "edge.yaml"), NULL, NULL,
                                 &error) != PSY_OK)
        fail_msg("%s:%u:%u: %s", error.where.source, error.where.line, error.where.column,
                 error.message);
    psy_test_directory_remove();
    return instrument;
}

/* l_z or l*_z of one scale by the public function; NaN where it has none. */
static double fit_of(const char *answers, int first, int n, bool star)
{
    int8_t one[9];
    const int8_t *columns[9];
    static const uint8_t highest[] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    double value = NAN;
    uint8_t state;
    for (int i = 0; i < n; i++) {
        one[i] = answers[first + i] == '.' ? -1 : (int8_t)(answers[first + i] - '0');
        columns[i] = &one[i];
    }
    const psy_answer_grid grid = {.version = PSY_ANSWER_GRID_VERSION,
                                  .n_threads = 1,
                                  .n_items = (size_t)n,
                                  .n_rows = 1,
                                  .items = columns};
    const psy_graded_items model = {(size_t)n, highest, slope + first, intercept + first};
    assert_int_equal(psy_validity_person_fit(&grid, &model, NULL, star ? NULL : &value,
                                             star ? &value : NULL, &state, NULL),
                     PSY_OK);
    return state == PSY_INDEX_DEFINED ? value : NAN;
}

/* Of the scales of a norm the one that fits worst is told; a scale with a blank says nothing, and
 * one whose item does not count in scores is passed over. */
static void test_the_worst_scale_of_a_norm(void **state)
{
    (void)state;
    static const char *const answers[] = {"1100110100", "0011111000", "1100000111",
                                          ".100000111", "0011.11000", ".100.11000"};
    enum { ROWS = 6 };
    few_sheets few = few_sheets_score(open_fitted(), 0, NULL, NULL, answers, ROWS);
    const psyi_validity_policy policy = psyi_validity_defaults();
    psyi_use_grid grid;
    size_t by_a = 0, by_b = 0;
    assert_int_equal(psyi_use_grid_make(&grid, few.sheets, 0, &policy, NULL, ROWS, 1, NULL, NULL),
                     PSY_OK);
    for (int star = 0; star < 2; star++) {
        double value[ROWS];
        uint8_t states[ROWS];
        for (size_t i = 0; i < ROWS; i++) {
            value[i] = NAN;
            states[i] = PSY_INDEX_BLANKS;
        }
        assert_int_equal(
            psyi_model_fit(&grid, few.instrument->norms[0], star != 0, 1, value, states, NULL),
            PSY_OK);
        for (size_t i = 0; i < ROWS; i++) {
            const double a = fit_of(answers[i], 0, 4, star != 0);
            const double b = fit_of(answers[i], 4, 5, star != 0);
            const double least = isnan(a) ? b : isnan(b) ? a : a < b ? a : b;
            assert_int_equal(states[i], isnan(least) ? PSY_INDEX_BLANKS : PSY_INDEX_DEFINED);
            assert_true(isnan(least) ? isnan(value[i]) : value[i] == least);
            by_a += !isnan(a) && !isnan(b) && a < b;
            by_b += !isnan(a) && !isnan(b) && b < a;
        }
    }
    assert_true(by_a > 0 && by_b > 0); /* each is the worse of two somewhere */
    psyi_use_grid_done(&grid);
    few_sheets_free(&few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_of_a_use),
        cmocka_unit_test(test_repeating_answers_across_the_key),
        cmocka_unit_test(test_the_worst_scale_of_a_norm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
