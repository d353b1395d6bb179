/*
 * test_scorer.c -- rules of scoring one by one, on sheets small enough to check by hand.
 */
#include "catalogue.h"
#include "one_sheet.h"
#include "score/compiled.h"
#include "test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD                                                                                       \
    "format: psyscreen/instrument/1\nid: small\nedition: '1'\nname: small\n"                       \
    "text_licence: none\n"

/* Four items 0..3, the second reversed, and one scale. */
static psy_instrument *four_items(const char *scale)
{
    char text[2000];
    snprintf(text, sizeof text,
             HEAD "informants: [self]\nresponses: {f: {codes: [0, 1, 2, 3]}}\n"
                  "items: [{ids: 1..4, response: f}]\nreverse: [2]\n"
                  "scales:\n  x: {items: 1..4, worse: high, %s}\n",
             scale);
    return instrument_of_text(text);
}

static const struct {
    const char *name, *scale, *answers, *value;
    psyi_score_status status;
} scale_cases[] = {
    {"complete", "score: sum", "1312", "4", PSYI_SCORED},
    {"reversed item counts from the other end", "score: sum", "0000", "3", PSYI_SCORED},
    {"all needed unless said otherwise", "score: sum", "1.12", "- (4..7)", PSYI_NOT_SCORED},
    {"refused is blank", "score: sum", "1r12", "- (4..7)", PSYI_NOT_SCORED},
    {"out of range is blank", "score: sum", "1o12", "- (4..7)", PSYI_NOT_SCORED},
    {"unreadable is blank", "score: sum", "1u12", "- (4..7)", PSYI_NOT_SCORED},
    {"skipped by no gate is blank", "score: sum", "1s12", "- (4..7)", PSYI_NOT_SCORED},
    {"not applicable does not count", "score: sum", "1n12", "4", PSYI_SCORED},
    {"nothing applies", "score: sum", "nnnn", "-", PSYI_NOT_GIVEN},
    {"mean", "score: mean", "1312", "1", PSYI_SCORED},
    {"mean of what applies", "score: mean", "1n13", "1.6666666666666667", PSYI_SCORED},
    {"mean of the answered", "score: mean, missing: {allow: 2, then: mean}", "1.13",
     "1.6666666666666667 (1.25..2)", PSYI_PRORATED},
    {"one too many", "score: mean, missing: {allow: 1, then: mean}", "1..3", "- (1..2.5)",
     PSYI_NOT_SCORED},
    {"prorated", "score: sum, missing: {allow: 2, then: prorate}", "1.13",
     "6.666666666666667 (5..8)", PSYI_PRORATED},
    {"prorated to what applies", "score: sum, missing: {allow: 2, then: prorate}", "1.n3",
     "6 (4..7)", PSYI_PRORATED},
    {"a tie goes up", "score: sum, missing: {allow: 2, then: prorate, round: half_up}", "1.21",
     "5 (4..7)", PSYI_PRORATED},
    {"rounded up", "score: sum, missing: {allow: 2, then: prorate, round: up}", "1.13", "7 (5..8)",
     PSYI_PRORATED},
    {"rounded down", "score: sum, missing: {allow: 2, then: prorate, round: down}", "1.13",
     "6 (5..8)", PSYI_PRORATED},
    {"prorate, double, round once",
     "score: sum, missing: {allow: 2, then: prorate}, steps: [{multiply: 2}, round_half_up]",
     "1.13", "13 (10..16)", PSYI_PRORATED},
    {"nothing answered is never a score", "score: sum, missing: {allow: 4, then: zero}", "....",
     "- (0..12)", PSYI_NOT_SCORED},
    {"blank as 0", "score: sum, missing: {allow: 2, then: zero}", "1..3", "4 (4..10)", PSYI_SCORED},
    {"blank as 0 in a mean", "score: mean, missing: {allow: 2, then: zero}", "1..3", "1 (1..2.5)",
     PSYI_SCORED},
    {"steps in order", "score: sum, steps: [{multiply: 1.25}, floor, {add: 0.5}]", "1312", "5.5",
     PSYI_SCORED},
    {"steps turn the bounds", "score: sum, steps: [{multiply: -1}, {add: 12}]", "1.13", "- (4..7)",
     PSYI_NOT_SCORED},
    {"rounded to decimals", "score: mean, steps: [{round_half_up: 1}]", "1332", "1.5", PSYI_SCORED},
    {"expression", "score: 'count(items(1..4) >= 2)'", "1322", "2", PSYI_SCORED},
    {"expression waits for its items", "score: 'item(1)'", "1.22", "- (1..1)", PSYI_NOT_SCORED},
    {"expression with an allowed gap", "score: 'item(1)', missing: {allow: 1}", "1.22", "1",
     PSYI_SCORED},
    {"expression of what is blank", "score: 'item(2) * 2', missing: {allow: 4}", "1.22", "- (0..6)",
     PSYI_NOT_SCORED},
};

static void test_scales(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scale_cases / sizeof *scale_cases; i++) {
        few_sheets few = few_sheets_score(four_items(scale_cases[i].scale), 0, NULL, NULL,
                                          &scale_cases[i].answers, 1);
        const char *const value = few_sheets_value(&few, "x", 0);
        if (strcmp(value, scale_cases[i].value) != 0)
            fail_msg("%s: %s, expected %s", scale_cases[i].name, value, scale_cases[i].value);
        if (few_sheets_status(&few, "x", 0) != scale_cases[i].status)
            fail_msg("%s: %s", scale_cases[i].name,
                     psyi_score_status_name(few_sheets_status(&few, "x", 0)));
        few_sheets_free(&few);
    }
}

/* ---- forms and gates ------------------------------------------------------------------ */

static const char gated[] =
    HEAD "informants: [self]\nresponses: {f: {codes: [0, 1, 2, 3]}}\n"
         "items: [{ids: 1..5, response: f}]\n"
         "gates: [{id: closed, when: 'item(1) == 0', skips: [2, 3], value: 1},\n"
         "        {id: silent, when: 'item(1) == 0', skips: [4]}]\n"
         "scales:\n  x: {items: 2..5, score: sum, worse: high}\n  m: {items: 2..5, score: mean, "
         "worse: high}\n"
         "  last: {items: [4], score: sum, worse: high}\n"
         "flags: {critical: {kind: critical_review, when: 'item(3) >= 2'}}\n";

static void test_gates(void **state)
{
    (void)state;
    static const char *const sheets[] = {
        "0...2", /* closed: 1 + 1 + 2 over three items */
        "1...2", /* open: blanks are blank */
        "....2", /* undecided: blanks stay blank */
        "0.3.2", /* an answer behind the closed gate counts */
        "00002", /* so does a 0, silently */
        "0rr.2", /* refused is more than blank */
        "0ss.2", /* the file says skipped too */
        "1sss2", /* only the file says so */
        "0nn.2", /* not on the form */
    };
    few_sheets few = few_sheets_score(instrument_of_text(gated), 0, NULL, NULL, sheets, 9);
    static const char *const x[] = {"4",        "- (2..11)", "- (2..11)", "6", "2",
                                    "- (2..8)", "4",         "2",         "2"};
    static const char *const m[] = {"1.3333333333333333",
                                    "- (0.5..2.75)",
                                    "- (0.5..2.75)",
                                    "2",
                                    "0.5",
                                    "- (0.6666666666666666..2.6666666666666665)",
                                    "1.3333333333333333",
                                    "2",
                                    "2"};
    for (size_t i = 0; i < 9; i++) {
        assert_string_equal(few_sheets_value(&few, "x", i), x[i]);
        assert_string_equal(few_sheets_value(&few, "m", i), m[i]);
    }
    assert_int_equal(few_sheets_status(&few, "last", 0), PSYI_NOT_GIVEN);
    assert_int_equal(few_sheets_status(&few, "last", 1), PSYI_NOT_SCORED);
    /* What a gate put there was not answered. */
    assert_int_equal(psyi_score_of(few.scores, 0, 0).answered, 1);
    assert_int_equal(few_sheets_flag(&few, "critical", 0), 0);
    assert_int_equal(few_sheets_flag(&few, "critical", 3), 1);
    assert_int_equal(few.events.n, 1);
    assert_int_equal(few.events.events[0].sheet, 3);
    assert_int_equal(few.events.events[0].kind, PSYI_EVENT_CLOSED_GATE);
    assert_int_equal(few.events.events[0].index, 2);
    few_sheets_free(&few);
}

static void test_a_form_with_too_many_blanks_has_no_scale(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_text(
        HEAD
        "informants: [self]\nresponses: {f: {codes: [0, 1, 2, 3]}}\n"
        "items: [{ids: 1..4, response: f}, {ids: 5, response: f, scored: false}]\n"
        "form: {max_blank: 1}\nscales:\n"
        "  low: {items: 1..2, score: sum, missing: {allow: 2, then: zero}, worse: high}\n"
        "  high: {items: 3..4, score: sum, missing: {allow: 2, then: zero}, worse: high}\n"
        "  both: {parts: [low, high], worse: high}\n"
        "  n: {items: 1..4, score: 'count(items(1..4) >= 0)', missing: {allow: 4}, worse: high}\n");
    static const char *const sheets[] = {"123.0", "12..0", "123..", "12nn0"};
    few_sheets few = few_sheets_score(instrument, 0, NULL, NULL, sheets, 4);
    assert_string_equal(few_sheets_value(&few, "low", 0), "3");
    assert_string_equal(few_sheets_value(&few, "both", 0), "6 (6..9)");
    assert_string_equal(few_sheets_value(&few, "low", 1), "- (3..3)");
    assert_string_equal(few_sheets_value(&few, "high", 1), "- (0..6)");
    assert_string_equal(few_sheets_value(&few, "both", 1), "- (3..9)");
    assert_int_equal(few_sheets_status(&few, "n", 1), PSYI_NOT_SCORED);
    /* The fifth item is not scored and its blank does not count. */
    assert_string_equal(few_sheets_value(&few, "high", 2), "3 (3..6)");
    assert_string_equal(few_sheets_value(&few, "low", 3), "3");
    assert_int_equal(few_sheets_status(&few, "high", 3), PSYI_NOT_GIVEN);
    assert_int_equal(few_sheets_status(&few, "both", 3), PSYI_NOT_SCORED);
    few_sheets_free(&few);
}

/* ---- critical items --------------------------------------------------------------------- */

static const char critical[] =
    HEAD "informants: [self]\nresponses: {f: {codes: [0, 1, 2, 3]}}\n"
         "items: [{ids: 1..4, response: f}, {ids: 5, response: f, scored: false}]\n"
         "gates: [{id: closed, when: 'item(1) == 0', skips: [4], value: 0}]\n"
         "scales:\n  x: {items: 1..4, score: sum, worse: high}\n"
         "flags:\n  critical_4: {kind: critical_review, when: 'item(4) >= 1'}\n"
         "  urgent_4: {kind: critical_urgent, when: 'item(4) >= 2'}\n"
         "  note: {kind: note, when: 'x >= 5'}\n";

static void test_critical_flags_need_no_person_and_no_score(void **state)
{
    (void)state;
    static const struct {
        const char *answers;
        int critical, urgent, unanswered, note;
    } cases[] = {
        {"11110", 1, 0, 0, 0},    {"...2.", 1, 1, 0, -1},   {"11100", 0, 0, 0, 0},
        {"33300", 0, 0, 0, 1},    {"333..", -1, -1, 1, 1},  /* 9 to 12: the note fires already */
        {"111r0", -1, -1, 1, -1},                           /* refused is unanswered */
        {"111o0", -1, -1, 1, -1}, {"1.1.0", -1, -1, 1, -1}, /* two of four: half */
        {"1...0", -1, -1, 0, -1},                           /* one of four */
        {"1nn.0", -1, -1, 1, 0},                            /* one of two that the form carries */
        {"0.1.0", 0, 0, 0, 0},                              /* a gate did not ask it */
        {"111n0", -1, -1, 0, 0},                            /* the form does not carry it */
        {"....3", -1, -1, 0, -1},                           /* only what is scored makes a half */
        {"", -1, -1, -1, -1},                               /* not given */
    };
    const char *answers[sizeof cases / sizeof *cases];
    const size_t n = sizeof cases / sizeof *cases;
    for (size_t i = 0; i < n; i++)
        answers[i] = cases[i].answers;
    few_sheets few = few_sheets_score(instrument_of_text(critical), 0, NULL, NULL, answers, n);
    for (size_t i = 0; i < n; i++) {
        if (few_sheets_flag(&few, "critical_4", i) != cases[i].critical ||
            few_sheets_flag(&few, "urgent_4", i) != cases[i].urgent ||
            few_sheets_flag(&few, "critical_unanswered", i) != cases[i].unanswered ||
            few_sheets_flag(&few, "note", i) != cases[i].note)
            fail_msg("answers '%s': %d %d %d %d", answers[i],
                     few_sheets_flag(&few, "critical_4", i), few_sheets_flag(&few, "urgent_4", i),
                     few_sheets_flag(&few, "critical_unanswered", i),
                     few_sheets_flag(&few, "note", i));
    }
    few_sheets_free(&few);
}

/* ---- persons -------------------------------------------------------------------------- */

static const char personal[] = HEAD
    "informants: [self, parent]\nresponses: {f: {codes: [0, 1, 2, 3]}}\n"
    "items: [{ids: 1..2, response: f}]\n"
    "scales:\n  x:\n    items: 1..2\n    score: sum\n    worse: high\n    bands:\n"
    "      - {population: by_age, ages: 6..10, levels: [{id: low, from: 0}, {id: high, from: 3}]}\n"
    "      - {population: by_age, levels: [{id: low, from: 0}, {id: high, from: 4}]}\n"
    "      - {population: by_sex, sexes: [female], levels: [{id: a, from: 0}, {id: b, above: 2}]}\n"
    "      - {population: by_sex, sexes: [male], levels: [{id: a, from: 0}, {id: b, above: 4}]}\n"
    "  p: {items: [1], score: sum, worse: low, informants: [parent],\n"
    "      bands: [{id: bad, from: 0}, {id: good, from: 2}]}\n"
    "  all: {parts: [x, p], worse: high}\n"
    "flags: {old: {kind: note, when: 'student.age >= 11 and x >= 3'},\n"
    "        girl: {kind: note, when: 'student.sex == female'}}\n";

static void test_bands_and_scales_of_persons(void **state)
{
    (void)state;
    static const char *const sheets[] = {"12", "12", "12", "13", "12", "1.", "13"};
    static const psyi_person people[] = {
        {.sex = 2, .informant = 2, .age = 8},  {.sex = 1, .informant = 2, .age = 12},
        {.sex = 0, .informant = 1, .age = -1}, {.sex = 2, .informant = 0, .age = -1},
        {.sex = 2, .informant = 2, .age = 11}, {.sex = 2, .informant = 2, .age = 11},
        {.sex = 1, .informant = 1, .age = 10},
    };
    few_sheets few = few_sheets_score(instrument_of_text(personal), 0, NULL, people, sheets, 7);
    static const char *const by_age[] = {"high", "low", "-", "-", "low", "-", "high"};
    static const char *const of_p[] = {"bad", "bad", "-", "-", "bad", "bad", "-"};
    static const int old[] = {0, 1, -1, -1, 1, -1, 0};
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(few_sheets_band(&few, "x", i), by_age[i]);
        assert_string_equal(few_sheets_band(&few, "p", i), of_p[i]);
        assert_int_equal(few_sheets_flag(&few, "old", i), old[i]);
    }
    static const char *const by_sex[] = {"b", "a", "-", "b", "b", "-", "a"};
    for (size_t i = 0; i < 7; i++) {
        const char *const band = psyi_scores_band(few.scores, 0, 1, i);
        assert_string_equal(band == NULL ? "-" : band, by_sex[i]);
    }
    /* Not for this informant: not given.  Unknown informant: no score. */
    assert_int_equal(few_sheets_status(&few, "p", 2), PSYI_NOT_GIVEN);
    assert_int_equal(few_sheets_status(&few, "p", 3), PSYI_NOT_SCORED);
    assert_int_equal(few_sheets_status(&few, "all", 2), PSYI_NOT_SCORED);
    assert_string_equal(few_sheets_value(&few, "all", 0), "4");
    few_sheets_free(&few);
}

static void test_population_chooses_the_band(void **state)
{
    (void)state;
    static const char *const sheets[] = {"12"};
    static const psyi_person girl = {.sex = 2, .age = 8};
    few_sheets few = few_sheets_score(instrument_of_text(personal), 0, "by_sex", &girl, sheets, 1);
    assert_string_equal(few_sheets_band(&few, "x", 0), "b");
    /* Scales without that population keep their first. */
    assert_int_equal(psyi_scorer_population(few.scorer, 1), 0);
    psyi_scorer *scorer = PSY_UNTOUCHED;
    psy_error error;
    assert_int_equal(psyi_scorer_new(&scorer, few.instrument, 0, "nowhere", NULL, &error),
                     PSY_E_NOT_FOUND);
    assert_int_equal(psyi_scorer_new(&scorer, few.instrument, 1, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    psy_assert_untouched(scorer);
    few_sheets_free(&few);
}

/* ---- variants ------------------------------------------------------------------------- */

static void test_a_variant_prints_in_its_own_metric(void **state)
{
    (void)state;
    static const char text[] = HEAD
        "informants: [self]\nresponses: {f: {codes: [1, 2, 3, 4]}}\n"
        "items: [{ids: 1..3, response: f}]\nreverse: [3]\n"
        "scales:\n  x: {items: 1..3, score: sum, missing: {allow: 1, then: prorate}, worse: high,\n"
        "      bands: [{id: low, from: 3}, {id: high, from: 8}]}\n"
        "  m: {items: 1..3, score: mean, worse: high}\n"
        "  n: {items: 1..3, score: 'count(items(1..3) >= 3)', worse: high}\n"
        "variants:\n  1-4: {}\n"
        "  0-3: {codes: {0: 1, 1: 2, 2: 3, 3: 4}, shift: 1,\n"
        "        scales: {x: {bands: [{id: low, from: 0}, {id: high, from: 5}]}}}\n"
        "flags: {f: {kind: note, when: 'item(1) >= 4 and answer(1) >= 3'},\n"
        "        g: {kind: note, when: 'answer(1) >= 4'}}\n";
    static const char *const sheets[] = {"321", "32."};
    few_sheets one = few_sheets_score(instrument_of_text(text), 0, NULL, NULL, sheets, 2);
    few_sheets zero = few_sheets_score(instrument_of_text(text), 1, NULL, NULL, sheets, 2);
    assert_string_equal(few_sheets_value(&one, "x", 0), "10");
    assert_string_equal(few_sheets_value(&zero, "x", 0), "7");
    assert_string_equal(few_sheets_value(&one, "x", 1), "10.5 (8..11)");
    assert_string_equal(few_sheets_value(&zero, "x", 1), "7.5 (5..8)");
    assert_string_equal(few_sheets_value(&one, "m", 0), "3.3333333333333335");
    assert_string_equal(few_sheets_value(&zero, "m", 0), "2.3333333333333335");
    assert_string_equal(few_sheets_value(&zero, "n", 0), "3");
    assert_string_equal(few_sheets_band(&zero, "x", 0), "high");
    assert_int_equal(few_sheets_flag(&zero, "f", 0), 1);
    assert_int_equal(few_sheets_flag(&zero, "g", 0), 0);
    assert_int_equal(few_sheets_flag(&one, "g", 0), 1);
    few_sheets_free(&one);
    few_sheets_free(&zero);
}

/* ---- sizes ---------------------------------------------------------------------------- */

static void test_forms_of_any_size(void **state)
{
    (void)state;
    /* 300 items of 250 codes: sums beyond 16 bits, counts beyond 8, no table. */
    char *const text = malloc(20000);
    size_t at = (size_t)snprintf(text, 20000, HEAD "informants: [self]\nresponses: {f: {codes: [");
    for (int i = 0; i < 250; i++)
        at += (size_t)snprintf(text + at, 20000 - at, "%s%d", i > 0 ? ", " : "", i);
    snprintf(
        text + at, 20000 - at,
        "]}}\nitems: [{ids: 1..300, response: f}]\nscales:\n"
        "  some: {items: 1..200, score: sum, missing: {allow: 100, then: prorate}, worse: high}\n"
        "  all: {items: 1..300, score: sum, missing: {allow: 299, then: prorate}, worse: high}\n");
    psy_instrument *const instrument = instrument_of_text(text);
    free(text);
    psyi_sheets *sheets;
    psyi_scorer *scorer;
    psyi_scores *scores;
    assert_int_equal(psyi_sheets_new(&sheets, instrument, 130, NULL, NULL), PSY_OK);
    for (size_t sheet = 0; sheet < 130; sheet++) {
        psyi_sheets_mark(sheets, sheet);
        for (size_t i = 0; i < 300; i++)
            *psyi_sheets_byte(sheets, sheet, i) = i < sheet ? PSYI_BLANK : 249;
    }
    assert_int_equal(psyi_scorer_new(&scorer, instrument, 0, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_scores_new(&scores, scorer, sheets, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_scores_run_all(scores, NULL, 2, NULL, NULL), PSY_OK);
    for (size_t sheet = 0; sheet < 130; sheet++) {
        const psyi_ratio some = psyi_scores_value(scores, 0, sheet);
        const psyi_ratio all = psyi_scores_value(scores, 1, sheet);
        assert_true(sheet <= 100 ? some.num == 200 * 249 && some.den == 1 : some.den == 0);
        assert_true(all.num == 300 * 249 && all.den == 1);
        psyi_ratio low, high;
        assert_int_equal(psyi_scores_bounds(scores, 1, sheet, &low, &high), sheet > 0);
        assert_int_equal(low.num, (int64_t)(300 - sheet) * 249);
        assert_int_equal(psyi_score_of(scores, 1, sheet).answered, 300 - sheet);
    }
    psyi_scores_free(scores);
    psyi_scorer_free(scorer);
    psyi_sheets_free(sheets);
    psy_instrument_free(instrument);
}

static void test_a_score_that_does_not_fit_is_no_score(void **state)
{
    (void)state;
    static const char *const sheets[] = {"0300", "1312", "1.12"};
    few_sheets few = few_sheets_score(four_items("score: sum, steps: [{multiply: 0.000001}]"), 0,
                                      NULL, NULL, sheets, 3);
    assert_string_equal(few_sheets_value(&few, "x", 0), "0");
    assert_string_equal(few_sheets_value(&few, "x", 1), "-");
    assert_string_equal(few_sheets_value(&few, "x", 2), "-");
    assert_int_equal(few_sheets_status(&few, "x", 1), PSYI_NOT_SCORED);
    assert_int_equal(few.events.n, 1);
    assert_int_equal(few.events.events[0].kind, PSYI_EVENT_TROUBLE);
    assert_int_equal(few.events.events[0].sheet, 1);
    few_sheets_free(&few);
}

static void test_states_have_names(void **state)
{
    (void)state;
    assert_string_equal(psyi_score_status_name(PSYI_NOT_GIVEN), "not_given");
    assert_string_equal(psyi_score_status_name(PSYI_NOT_SCORED), "not_scored");
    assert_string_equal(psyi_score_status_name(PSYI_SCORED), "scored");
    assert_string_equal(psyi_score_status_name(PSYI_PRORATED), "prorated");
}

static void test_no_sheets_at_all(void **state)
{
    (void)state;
    few_sheets few = few_sheets_score(four_items("score: sum"), 0, NULL, NULL, NULL, 0);
    assert_int_equal(few.scores->n_tiles, 0);
    few_sheets_free(&few);
}

static void test_division_by_zero_has_no_value_and_is_told(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_text(
        HEAD "informants: [self]\nresponses: {f: {codes: [0, 1, 2, 3]}}\n"
             "items: [{ids: 1..2, response: f}]\n"
             "scales: {x: {items: 1..2, score: 'item(1) / item(2)', worse: high}}\n"
             "flags: {f: {kind: note, when: '1 / item(1) > 2'}}\n");
    static const char *const sheets[] = {"12", "10", "00", "", "01"};
    few_sheets few = few_sheets_score(instrument, 0, NULL, NULL, sheets, 5);
    assert_string_equal(few_sheets_value(&few, "x", 0), "0.5");
    assert_string_equal(few_sheets_value(&few, "x", 1), "-");
    assert_int_equal(few_sheets_status(&few, "x", 1), PSYI_NOT_SCORED);
    static const uint32_t where[] = {1, 2, 2, 4};
    static const uint16_t what[] = {0, 0, 1, 1}; /* the scale, then scales + flag */
    assert_int_equal(few.events.n, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(few.events.events[i].kind, PSYI_EVENT_TROUBLE);
        assert_int_equal(few.events.events[i].sheet, where[i]);
        assert_int_equal(few.events.events[i].index, what[i]);
    }
    few_sheets_free(&few);
}

/* Cells are small: what does not fit is no score, no bound, no standard score. */
static void test_numbers_that_fit_no_cell(void **state)
{
    (void)state;
    static const struct {
        int64_t num, den;
        bool fits;
    } values[] = {
        {7, 3, true},
        {INT32_MAX, 65535, true},
        {INT32_MIN, 1, true},
        {7, 65536, false},
        {7, 0, false},
        {(int64_t)INT32_MAX + 1, 1, false},
        {(int64_t)INT32_MIN - 1, 1, false},
    };
    const psyi_ratio one = psyi_ratio_make(1, 1);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const psyi_ratio value = {values[i].num, values[i].den};
        psyi_score cell;
        assert_int_equal(psyi_score_pack(value, &cell), values[i].fits);
        assert_int_equal(psyi_bounds_pack(one, value).low_den != 0, values[i].fits);
        assert_int_equal(psyi_bounds_pack(value, one).low_den != 0, values[i].fits);
    }
    assert_int_equal(psyi_standard_pack(psyi_ratio_make(123, 10), 10), 123);
    assert_int_equal(psyi_standard_pack(psyi_ratio_make(123, 100), 10), PSYI_NO_STANDARD);
    assert_int_equal(psyi_standard_pack(psyi_ratio_make(INT32_MAX, 1), 10), PSYI_NO_STANDARD);
    assert_int_equal(psyi_standard_pack(psyi_ratio_make(INT32_MIN, 1), 10), PSYI_NO_STANDARD);
}

/* A sheet that was not given, or that there is not, is absent from everything. */
static void test_sheets_that_are_not_there(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_text(
        HEAD "informants: [self]\nresponses: {f: {codes: [0, 1, 2, 3]}}\n"
             "items: [{ids: 1..2, response: f}]\n"
             "scales: {x: {items: 1..2, score: sum, worse: high, bands: [{id: low, from: 0}, {id: "
             "high, from: 3}]}}\n");
    static const char *const sheets[] = {"12", ""};
    few_sheets few = few_sheets_score(instrument, 0, NULL, NULL, sheets, 2);
    const uint32_t which[PSYI_LANES] = {0, 1, 2};
    psyi_numbers numbers;
    psyi_tokens tokens;
    psyi_item_lanes items;
    psyi_scores_number(few.scores, psyi_column(PSYI_COLUMN_SCORE, 0, 0, 0), which, 7, &numbers);
    assert_int_equal(numbers.known, 1);
    assert_int_equal(numbers.absent & 7, 6);
    assert_int_equal(numbers.value[0].num, 3);
    psyi_scores_token(few.scores, psyi_column(PSYI_COLUMN_BAND, 0, 0, 0), which, 7, &tokens);
    assert_int_equal(tokens.known, 1);
    assert_int_equal(tokens.absent & 7, 6);
    assert_int_equal(tokens.value[0], 1);
    psyi_scores_item(few.scores, 1, true, which, 7, &items); /* the answer as it was given */
    assert_int_equal(items.known, 1);
    assert_int_equal(items.absent & 7, 6);
    assert_int_equal(items.value[0], 2);
    few_sheets_free(&few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scales),
        cmocka_unit_test(test_gates),
        cmocka_unit_test(test_a_form_with_too_many_blanks_has_no_scale),
        cmocka_unit_test(test_critical_flags_need_no_person_and_no_score),
        cmocka_unit_test(test_bands_and_scales_of_persons),
        cmocka_unit_test(test_population_chooses_the_band),
        cmocka_unit_test(test_a_variant_prints_in_its_own_metric),
        cmocka_unit_test(test_forms_of_any_size),
        cmocka_unit_test(test_a_score_that_does_not_fit_is_no_score),
        cmocka_unit_test(test_states_have_names),
        cmocka_unit_test(test_no_sheets_at_all),
        cmocka_unit_test(test_numbers_that_fit_no_cell),
        cmocka_unit_test(test_sheets_that_are_not_there),
        cmocka_unit_test(test_division_by_zero_has_no_value_and_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
