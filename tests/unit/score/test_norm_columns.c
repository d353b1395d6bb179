/*
 * test_norm_columns.c -- standard scores at their edges: answer patterns with items that the scale
 * does not read, groups by months, more groups than tables are made for, a formula that only the
 * default coding variant lacks, bounds that fit no cell.
 *
 * Expected numbers are worked out beside them: means and deviations by hand, answer patterns by the
 * sum over the grid that the definition of EAP is (Bock and Mislevy 1982, eq. 5).
 */
#include "answers/sheets.h"
#include "catalogue.h"
#include "one_sheet.h"
#include "test_support.h"

#include <psyscreen/catalog.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define HEAD                                                                                       \
    "format: psyscreen/instrument/1\nid: edge\nedition: \"1\"\nname: {en: Edge, zh: 边}\n"        \
    "text_licence: none\n"
#define NORM                                                                                       \
    "format: psyscreen/norms/1\ninstrument: edge\npopulation: {en: nobody}\n"                      \
    "year: 2020\nsource: made up\nconfidence: memory\noutside: none\n"

typedef struct norm_text {
    const char *id, *head, *rows;
} norm_text;

static void write_norms(const norm_text *norms, size_t n, const char *folder)
{
    char head[2000], name[64];
    assert_int_equal(mkdir(folder, 0700), 0);
    for (size_t i = 0; i < n; i++) {
        snprintf(head, sizeof head, NORM "id: %s\n%s%s", norms[i].id,
                 strstr(norms[i].head, "metrics:") != NULL ? "" : "metric: t\n", norms[i].head);
        snprintf(name, sizeof name, "%s.yaml", norms[i].id);
        psy_test_write_file(psy_test_path(folder, name), head, strlen(head));
        snprintf(name, sizeof name, "%s.csv", norms[i].id);
        psy_test_write_file(psy_test_path(folder, name), norms[i].rows, strlen(norms[i].rows));
    }
}

/* The file of an instrument with norms beside it, in a folder of its own. */
static const char *write_instrument(const char *text, const norm_text *norms, size_t n)
{
    static char path[600];
    const char *const directory = psy_test_directory();
    snprintf(path, sizeof path, "%s/norms", directory);
    write_norms(norms, n, path);
    snprintf(path, sizeof path, "%s/edge.yaml", directory);
    psy_test_write_file(path, text, strlen(text));
    return path;
}

static psy_instrument *instrument_with(const char *text, const norm_text *norms, size_t n)
{
    psy_instrument *instrument = NULL;
    psy_error error = {.status = PSY_OK};
    if (psy_instrument_load_file(&instrument, write_instrument(text, norms, n), NULL, NULL,
                                 &error) != PSY_OK)
        fail_msg("%s:%u:%u: %s", error.where.source, error.where.line, error.where.column,
                 error.message);
    psy_test_directory_remove();
    return instrument;
}

static unsigned standard_of(const few_sheets *few, const char *scale, const char *name)
{
    const psy_instrument *const instrument = few->instrument;
    for (unsigned i = 0; i < instrument->n_standards; i++)
        if (instrument->standards[i].scale == psyi_find_scale(instrument, scale) &&
            strcmp(instrument->standards[i].name, name) == 0)
            return i;
    fail_msg("no %s of %s", name, scale);
    return 0;
}

/* A standard score with what it could be: "60.0 (55.1..62.3)", "-"; and why there is none. */
static const char *standard_text(const few_sheets *few, const char *scale, const char *name,
                                 size_t sheet)
{
    static char text[200];
    psyi_numbers numbers;
    const uint32_t which[PSYI_LANES] = {(uint32_t)sheet};
    psyi_scores_number(few->scores,
                       psyi_column(PSYI_COLUMN_STANDARD, 0, 0, standard_of(few, scale, name)),
                       which, 1, &numbers);
    int n = (numbers.known & 1) != 0
                ? snprintf(text, sizeof text, "%.1f", psyi_ratio_double(numbers.value[0]))
                : snprintf(text, sizeof text, "%s",
                           (numbers.absent & 1) != 0    ? "absent"
                           : (numbers.blank & 1) != 0   ? "blank"
                           : (numbers.no_norm & 1) != 0 ? "no norm"
                                                        : "?");
    if ((numbers.bounded & 1) != 0 && psyi_ratio_compare(numbers.low[0], numbers.high[0]) != 0)
        snprintf(text + n, sizeof text - (size_t)n, " (%.1f..%.1f)",
                 psyi_ratio_double(numbers.low[0]), psyi_ratio_double(numbers.high[0]));
    return text;
}

/* ---- answer patterns -------------------------------------------------------------------- */

/* Four items of two codes.  `x` is of the first two and for parents alone; its norm reads all four.
 * `s` is of all; its other norm is by the sum of a complete sheet. */
static const char patterned[] = HEAD
    "informants: [self, parent]\nresponses: {two: {codes: [0, 1]}}\n"
    "items:\n  - {ids: 1..4, response: two}\n"
    "form: {max_blank: 2}\nscales:\n"
    "  x:\n    name: {en: X}\n    items: [1, 2]\n    score: sum\n    worse: high\n    informants: "
    "[parent]\n"
    "    missing: {allow: 1, then: prorate}\n"
    "    bands: [{id: low, from: 0}, {id: high, from: 2}]\n"
    "  s: {name: {en: S}, items: 1..4, score: sum, worse: high, missing: {allow: 2, then: "
    "prorate}}\n";

static const double slope[] = {1.2, 0.8, 1.7, 1.0}, intercept[] = {0.5, -0.4, -1.1, 0.2};
static const char pattern_rows[] = "scale,item,step,value\n"
                                   "x,1,0,1.2\nx,1,1,0.5\nx,2,0,0.8\nx,2,1,-0.4\n"
                                   "x,3,0,1.7\nx,3,1,-1.1\nx,4,0,1.0\nx,4,1,0.2\n"
                                   "s,1,0,1.2\ns,1,1,0.5\ns,2,0,0.8\ns,2,1,-0.4\n"
                                   "s,3,0,1.7\ns,3,1,-1.1\ns,4,0,1.0\ns,4,1,0.2\n";
static const norm_text pattern_norms[] = {
    {"pattern", "kind: irt\nestimate: eap\nanswered: 1\ngrid: {from: -6, to: 6, points: 61}\n",
     pattern_rows},
    {"sums", "kind: irt\nestimate: eapsum\nraw_range: 0..4\ngrid: {from: -6, to: 6, points: 61}\n",
     "scale,item,step,value\ns,1,0,1.2\ns,1,1,0.5\ns,2,0,0.8\ns,2,1,-0.4\ns,3,0,1.7\n"
     "s,3,1,-1.1\ns,4,0,1.0\ns,4,1,0.2\n"},
    {"means", "kind: mean_sd\n", "scale,mean,sd\nx,1,2\ns,2,1\n"},
};

/* What an answer ('0', '1', '.') makes of the likelihood at theta. */
static double likelihood(const char *answers, double theta)
{
    double product = 1;
    for (int i = 0; i < 4; i++) {
        const double p = 1 / (1 + exp(-(slope[i] * theta + intercept[i])));
        product *= answers[i] == '1' ? p : answers[i] == '0' ? 1 - p : 1;
    }
    return product;
}

/* T of a pattern; of a sum (over all patterns that have it) where `sum` is not below 0. */
static double eap_t(const char *answers, int sum)
{
    double above = 0, below = 0;
    for (int point = 0; point <= 60; point++) {
        const double theta = -6 + point * 0.2;
        double at = sum < 0 ? likelihood(answers, theta) : 0;
        for (unsigned pattern = 0; sum >= 0 && pattern < 16; pattern++) {
            const char each[] = {(char)('0' + (pattern & 1)), (char)('0' + (pattern >> 1 & 1)),
                                 (char)('0' + (pattern >> 2 & 1)), (char)('0' + (pattern >> 3)),
                                 '\0'};
            if (__builtin_popcount(pattern) == sum)
                at += likelihood(each, theta);
        }
        at *= exp(-theta * theta / 2);
        above += at * theta;
        below += at;
    }
    return 50 + 10 * above / below;
}

static void test_patterns_with_items_beside_the_scale(void **state)
{
    (void)state;
    static const char *const sheets[] = {"1100", "11.0", "11.0", "11.0", "1n.0",
                                         "1.0.", "1...", "nn10", "1100"};
    static const psyi_person people[] = {
        {.informant = PSYI_INFORMANT_PARENT, .age = -1},
        {.informant = PSYI_INFORMANT_PARENT, .age = -1},  /* the third is blank */
        {.informant = PSYI_INFORMANT_UNKNOWN, .age = -1}, /* nobody knows whether it is his */
        {.informant = PSYI_INFORMANT_SELF, .age = -1},    /* not his */
        {.informant = PSYI_INFORMANT_PARENT, .age = -1},
        {.informant = PSYI_INFORMANT_PARENT, .age = -1},
        {.informant = PSYI_INFORMANT_PARENT, .age = -1}, /* three blanks: the form is void */
        {.informant = PSYI_INFORMANT_PARENT, .age = -1}, /* nothing of x was asked */
        {.informant = PSYI_INFORMANT_SELF, .age = -1},
    };
    few_sheets few =
        few_sheets_score(instrument_with(patterned, pattern_norms, 3), 0, NULL, people, sheets, 9);
    static const char *const x[] = {"2", "2", "-", "-", "1", "2 (1..2)", "- (1..2)", "-", "-"};
    static const char *const band[] = {"high", "high", "-", "-", "low", "high", "-", "-", "-"};
    /* mean 1, sd 2: T of 1 is 50, of 2 is 55 */
    static const char *const means[] = {
        "55.0",   "55.0",  "no norm", "absent", "50.0", "55.0 (50.0..55.0)", "blank (50.0..55.0)",
        "absent", "absent"};
    for (size_t i = 0; i < 9; i++) {
        if (strcmp(few_sheets_value(&few, "x", i), x[i]) != 0)
            fail_msg("sheet %zu: %s", i, few_sheets_value(&few, "x", i));
        assert_string_equal(few_sheets_band(&few, "x", i), band[i]);
        if (strcmp(standard_text(&few, "x", "t@means", i), means[i]) != 0)
            fail_msg("sheet %zu: %s", i, standard_text(&few, "x", "t@means", i));
    }
    /* By pattern: filled at the lowest and at the highest where a blank leaves it open. */
    static const struct {
        const char *own, *low, *high, *why;
    } t[] = {{"1100", NULL, NULL, NULL},      {"11.0", "1100", "1110", NULL},
             {NULL, NULL, NULL, "no norm"},   {NULL, NULL, NULL, "absent"},
             {"1..0", "1.00", "1.10", NULL},  {"1.0.", "1000", "1101", NULL},
             {NULL, "1000", "1111", "blank"}, {NULL, NULL, NULL, "absent"},
             {NULL, NULL, NULL, "absent"}};
    for (size_t i = 0; i < 9; i++) {
        char want[100] = "";
        int n = snprintf(want, sizeof want, "%s", t[i].why != NULL ? t[i].why : "");
        if (t[i].own != NULL)
            n = snprintf(want, sizeof want, "%.1f", eap_t(t[i].own, -1));
        if (t[i].low != NULL)
            snprintf(want + n, sizeof want - (size_t)n, " (%.1f..%.1f)", eap_t(t[i].low, -1),
                     eap_t(t[i].high, -1));
        const char *const got = standard_text(&few, "x", "t@pattern", i);
        if (strcmp(got, want) != 0)
            fail_msg("sheet %zu: %s, expected %s", i, got, want);
    }
    /* A band that is not there says why, as its score does. */
    psyi_tokens tokens;
    const uint32_t which[PSYI_LANES] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    psyi_scores_token(few.scores, psyi_column(PSYI_COLUMN_BAND, 0, 0, 0), which, 0x1FF, &tokens);
    assert_int_equal(tokens.known & 0x1FF, 0x033);
    assert_int_equal(tokens.no_norm & 0x1FF, 0x004);
    assert_int_equal(tokens.absent & 0x1FF, 0x188);
    assert_int_equal(tokens.blank & 0x1FF, 0x040);
    few_sheets_free(&few);
}

/* Warm's estimate of equal items of slope 1 that are met at b: with r of n solved, P = (r + 1/2) /
 * (n + 1), so theta = b + ln(P / (1 - P)).  It is looked for between -12 and 12; beyond there is
 * none. */
static void test_estimates_far_out(void **state)
{
    (void)state;
    static const norm_text norms[] = {
        {"near", "kind: irt\nestimate: wle\nanswered: 1\ngrid: {from: -6, to: 6, points: 61}\n",
         "scale,item,step,value\ns,1,0,1\ns,1,1,-10.5\ns,2,0,1\ns,2,1,-10.5\ns,3,0,1\n"
         "s,3,1,-10.5\ns,4,0,1\ns,4,1,-10.5\n"},
        {"far", "kind: irt\nestimate: wle\nanswered: 1\ngrid: {from: -6, to: 6, points: 61}\n",
         "scale,item,step,value\ns,1,0,1\ns,1,1,-20\ns,2,0,1\ns,2,1,-20\ns,3,0,1\n"
         "s,3,1,-20\ns,4,0,1\ns,4,1,-20\n"},
    };
    static const char *const sheets[] = {"10.1", "1...", "0..0"};
    static const char text[] = HEAD
        "informants: [self]\nresponses: {two: {codes: [0, 1]}}\nitems:\n  - {ids: 1..4, response: "
        "two}\nscales:\n  s: {name: {en: S}, items: 1..4, score: sum, worse: high}\n";
    few_sheets few = few_sheets_score(instrument_with(text, norms, 2), 0, NULL, NULL, sheets, 3);
    /* 2 of 3: P 5/8, and 2 or 3 of 4: P 1/2 or 7/10 */
    char want[60];
    snprintf(want, sizeof want, "%.1f (%.1f..%.1f)", 155 + 10 * log(5.0 / 3), 155.0,
             155 + 10 * log(7.0 / 3));
    assert_string_equal(standard_text(&few, "s", "t@near", 0), want);
    /* 1 of 1: P 3/4, at 11.6; 4 of 4 would lie at 12.7: it has no upper bound, so none at all */
    snprintf(want, sizeof want, "%.1f", 155 + 10 * log(3.0));
    assert_string_equal(standard_text(&few, "s", "t@near", 1), want);
    const size_t far = standard_of(&few, "s", "t@far");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(psyi_standard_of(few.scores, far, i), PSYI_NO_STANDARD);
        assert_string_equal(standard_text(&few, "s", "t@far", i), "blank");
    }
    few_sheets_free(&few);
}

/* The estimator takes memory of the instrument's allocator, tile by tile. */
static psy_status load_and_score(const psy_allocator *allocator, void *context)
{
    psy_instrument *instrument = NULL;
    psyi_sheets *sheets = NULL;
    psyi_scorer *scorer = NULL;
    psyi_scores *scores = NULL;
    psyi_events events = {0};
    psy_status status;
    if ((status = psy_instrument_load_file(&instrument, context, allocator, NULL, NULL)) ==
            PSY_OK &&
        (status = psyi_sheets_new(&sheets, instrument, 2, NULL, NULL)) == PSY_OK &&
        (status = psyi_scorer_new(&scorer, instrument, 0, NULL, NULL, NULL)) == PSY_OK &&
        (status = psyi_scores_new(&scores, scorer, sheets, NULL, NULL)) == PSY_OK) {
        for (size_t i = 0; i < 4; i++) {
            *psyi_sheets_byte(sheets, 0, i) = (uint8_t)(i % 2);
            *psyi_sheets_byte(sheets, 1, i) = i == 2 ? PSYI_BLANK : 1;
        }
        psyi_sheets_mark(sheets, 0);
        psyi_sheets_mark(sheets, 1);
        status = psyi_scores_run_all(scores, NULL, 1, &events, NULL);
    }
    psyi_free(NULL, events.events);
    psyi_scores_free(scores);
    psyi_scorer_free(scorer);
    psyi_sheets_free(sheets);
    psy_instrument_free(instrument);
    return status;
}

static void test_patterns_without_memory(void **state)
{
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s", write_instrument(patterned, pattern_norms, 3));
    assert_true(psy_sweep(load_and_score, path) > 20);
    psy_test_directory_remove();
}

/* The table of a norm by sums is of complete sheets: what was prorated to an integer is no sum. */
static void test_a_prorated_sum_has_no_place_in_a_table_of_sums(void **state)
{
    (void)state;
    static const char *const sheets[] = {"1100", "1.0.", "1111"};
    few_sheets few =
        few_sheets_score(instrument_with(patterned, pattern_norms, 3), 0, NULL, NULL, sheets, 3);
    char want[20];
    snprintf(want, sizeof want, "%.1f", eap_t(NULL, 2));
    assert_string_equal(standard_text(&few, "s", "t@sums", 0), want);
    assert_string_equal(few_sheets_value(&few, "s", 1), "2 (1..3)");
    const int32_t cell = psyi_standard_of(few.scores, standard_of(&few, "s", "t@sums"), 1);
    assert_int_equal(cell, PSYI_NO_STANDARD);
    snprintf(want, sizeof want, "%.1f", eap_t(NULL, 4));
    assert_string_equal(standard_text(&few, "s", "t@sums", 2), want);
    few_sheets_free(&few);
}

/* ---- means and deviations ----------------------------------------------------------------- */

static const char summed[] =
    HEAD "informants: [self]\nresponses: {six: {codes: [0, 1, 2, 3, 4, 5]}}\n"
         "items:\n  - {ids: 1..3, response: six}\nscales:\n"
         "  x: {name: {en: X}, items: 1..3, score: sum, worse: high, missing: {allow: 1, then: "
         "prorate}}\n";

/* Counts of girls: 1, 2, 4, 2 and 1 of ten have 0 .. 4, so that below a score and half of those who
 * have it are 5, 20, 50, 80 and 95 of a hundred; 2 2/3 is above seven of them. */
static void test_percentiles_by_counts(void **state)
{
    (void)state;
    static const norm_text norms[] = {
        {"counted", "kind: histogram\nmetrics: [percentile]\ngroups: [sex]\n",
         "scale,sex,num,den,count\ns,female,0,1,1\ns,female,1,1,2\ns,female,2,1,4\n"
         "s,female,3,1,2\ns,female,4,1,1\nlow,female,0,1,1\nlow,female,1,1,2\n"
         "low,female,2,1,4\nlow,female,3,1,2\nlow,female,4,1,1\n"},
    };
    static const char text[] = HEAD
        "informants: [self]\nresponses: {two: {codes: [0, 1]}}\n"
        "items:\n  - {ids: 1..4, response: two}\nreverse: [4]\nscales:\n"
        "  s: {name: {en: S}, items: 1..4, score: sum, worse: high, missing: {allow: 1, then: "
        "prorate}}\n"
        "  low: {name: {en: Low}, items: 1..4, score: sum, worse: low, missing: {allow: 1, then: "
        "prorate}}\n";
    enum { MORE = 70 }; /* a whole tile without a gap, and a part of one */
    static const struct {
        const char *answers, *want;
        uint8_t sex;
    } t[] = {{"1101", "50.0", PSYI_SEX_FEMALE},
             {"1110", "95.0", PSYI_SEX_FEMALE},
             {"0001", "5.0", PSYI_SEX_FEMALE},
             {"11.1", "70.0 (50.0..80.0)", PSYI_SEX_FEMALE},
             {"1..1", "blank (20.0..80.0)", PSYI_SEX_FEMALE},
             {"1101", "no norm", PSYI_SEX_MALE},
             {"11.1", "no norm", PSYI_SEX_MALE},
             {"1101", "no norm", PSYI_SEX_UNKNOWN}};
    enum { N = sizeof t / sizeof *t };
    const char *sheets[MORE + N];
    psyi_person people[MORE + N];
    for (size_t i = 0; i < MORE + N; i++) {
        sheets[i] = i < MORE ? "1000" : t[i - MORE].answers;
        people[i] = (psyi_person){.sex = i < MORE ? PSYI_SEX_FEMALE : t[i - MORE].sex, .age = -1};
    }
    few_sheets few =
        few_sheets_score(instrument_with(text, norms, 1), 0, NULL, people, sheets, MORE + N);
    for (size_t i = 0; i < MORE + N; i++) {
        const char *const want = i < MORE ? "50.0" : t[i - MORE].want;
        assert_string_equal(standard_text(&few, "s", "percentile@counted", i), want);
        assert_string_equal(standard_text(&few, "low", "percentile@counted", i), want);
    }
    few_sheets_free(&few);
}

/* Eight to eight and a half years, and from there to nine: by completed months. */
static void test_groups_by_months(void **state)
{
    (void)state;
    static const norm_text norm = {"months", "kind: mean_sd\ngroups: [months]\n",
                                   "scale,months_from,months_to,mean,sd\nx,96,101,5,2\n"
                                   "x,102,107,6,4\n"};
    static const char *const sheets[] = {"333", "333", "333", "333"};
    static const psyi_person people[] = {{.age = 8, .months = 101},
                                         {.age = 8, .months = 102},
                                         {.age = 8},
                                         {.age = 9, .months = 108}};
    few_sheets few =
        few_sheets_score(instrument_with(summed, &norm, 1), 0, NULL, people, sheets, 4);
    /* 9: two deviations of 2 above 5; three quarters of one of 4 above 6 */
    static const char *const want[] = {"70.0", "57.5", "no norm", "no norm"};
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(standard_text(&few, "x", "t@months", i), want[i]);
    few_sheets_free(&few);
}

/* With a deviation of 0.01, T of 3 is 50, of 6 is 3050, of 15 is 12050; with one of a hundred
 * millionth only the mean has a T that fits a cell. */
static void test_bounds_of_any_size(void **state)
{
    (void)state;
    static const norm_text norms[] = {
        {"wide", "kind: mean_sd\n", "scale,mean,sd\nx,3,0.01\n"},
        {"steep", "kind: mean_sd\n", "scale,mean,sd\nx,2,0.00000001\n"},
    };
    /* The last have an item that was not asked, so no table is used. */
    static const char *const sheets[] = {"3.0", "300", "2n.", "0n.", "1.0"};
    few_sheets few = few_sheets_score(instrument_with(summed, norms, 2), 0, NULL, NULL, sheets, 5);
    assert_string_equal(few_sheets_value(&few, "x", 0), "4.5 (3..8)");
    /* 1.5 above 3 of 0.01: 1550; 5 above: 5050 */
    assert_string_equal(standard_text(&few, "x", "t@wide", 0), "1550.0 (50.0..5050.0)");
    assert_string_equal(standard_text(&few, "x", "t@wide", 1), "50.0");
    assert_string_equal(few_sheets_value(&few, "x", 2), "4 (2..7)");
    assert_string_equal(standard_text(&few, "x", "t@steep", 2), "no norm");
    assert_string_equal(few_sheets_value(&few, "x", 3), "0 (0..5)");
    assert_string_equal(standard_text(&few, "x", "t@steep", 3), "no norm");
    assert_string_equal(standard_text(&few, "x", "t@steep", 4), "no norm");
    few_sheets_free(&few);
}

/* Sixty-four groups of a scale with 4001 sums and seven blanks: more than tables are made for. */
static void test_more_groups_than_tables(void **state)
{
    (void)state;
    char *const text = malloc(4000), *const rows = malloc(8000);
    int n = snprintf(text, 4000, HEAD "informants: [self, parent]\nresponses: {f: {codes: [");
    for (int i = 0; i <= 40; i++)
        n += snprintf(text + n, 4000 - (size_t)n, "%s%d", i > 0 ? ", " : "", i);
    snprintf(text + n, 4000 - (size_t)n,
             "]}}\nitems: [{ids: 1..100, response: f}]\nscales:\n  x: {name: {en: X}, items: "
             "1..100, score: sum, worse: high, missing: {allow: 7, then: prorate}}\n");
    n = snprintf(rows, 8000, "scale,informant,sex,grade_from,grade_to,mean,sd\n");
    for (int group = 0; group < 64; group++)
        n += snprintf(rows + n, 8000 - (size_t)n, "x,%s,%s,%d,%d,%d,100\n",
                      group % 2 == 0 ? "self" : "parent", group / 2 % 2 == 0 ? "male" : "female",
                      group / 4 + 1, group / 4 + 1, 1000 + 10 * group);
    const norm_text norm = {"many", "kind: mean_sd\ngroups: [informant, sex, grade]\n", rows};
    char answers[2][101];
    for (int i = 0; i < 100; i++) {
        answers[0][i] = '9';
        answers[1][i] = i < 5 ? '.' : '9';
    }
    answers[0][100] = answers[1][100] = '\0';
    const char *const sheets[] = {answers[0], answers[1], answers[0]};
    /* Group 2 * 2 + 4 * 6 + 1 - 4 + 2: girls of grade 7 by a parent are the 27th: mean 1270. */
    static const psyi_person people[] = {
        {.sex = PSYI_SEX_FEMALE, .informant = PSYI_INFORMANT_PARENT, .grade = 7, .age = -1},
        {.sex = PSYI_SEX_MALE, .informant = PSYI_INFORMANT_SELF, .grade = 1, .age = -1},
        {.sex = PSYI_SEX_MALE, .informant = PSYI_INFORMANT_SELF, .age = -1},
    };
    few_sheets few = few_sheets_score(instrument_with(text, &norm, 1), 0, NULL, people, sheets, 3);
    /* 900 against 1270 and against 1000, of 100: T 13 and 40.  The second is prorated from 855,
     * which is also the least; with five answers of 40 it is 1055. */
    assert_string_equal(standard_text(&few, "x", "t@many", 0), "13.0");
    assert_string_equal(standard_text(&few, "x", "t@many", 1), "40.0 (35.5..55.5)");
    assert_string_equal(standard_text(&few, "x", "t@many", 2), "no norm");
    few_sheets_free(&few);
    free(text);
    free(rows);
}

/* A norm speaks of the default variant.  Where its formula has no value (a division by zero) the
 * score that another variant prints has no standard score, and neither has what reads it. */
static void test_a_score_that_the_default_variant_has_not(void **state)
{
    (void)state;
    static const char text[] = HEAD
        "informants: [self]\nresponses: {six: {codes: [0, 1, 2, 3, 4, 5]}}\n"
        "items:\n  - {ids: 1..2, response: six}\nscales:\n"
        "  x: {name: {en: X}, score: 'item(1) / item(2)', range: 0..5, worse: high}\n"
        "  y: {name: {en: Y}, score: 'x + 1', range: 1..6, worse: high}\n"
        "variants:\n  0-5: {}\n"
        "  1-6: {codes: {1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5}, shift: -1,\n"
        "        scales: {x: {score: '(item(1) + 1) / (item(2) + 1)', range: 0..6}, y: {range: "
        "1..7}}}\n";
    static const norm_text norm = {"means", "kind: mean_sd\n", "scale,mean,sd\nx,1,1\ny,2,1\n"};
    static const char *const sheets[] = {"41", "30", "04"};
    few_sheets few = few_sheets_score(instrument_with(text, &norm, 1), 1, NULL, NULL, sheets, 3);
    assert_string_equal(few_sheets_value(&few, "x", 0), "2.5"); /* 5 / 2 */
    assert_string_equal(few_sheets_value(&few, "x", 1), "4");   /* 4 / 1 */
    assert_string_equal(few_sheets_value(&few, "y", 1), "5");
    assert_string_equal(standard_text(&few, "x", "t@means", 0), "80.0");    /* 4 / 1 */
    assert_string_equal(standard_text(&few, "y", "t@means", 0), "80.0");    /* 5 */
    assert_string_equal(standard_text(&few, "x", "t@means", 1), "no norm"); /* 3 / 0 */
    assert_string_equal(standard_text(&few, "y", "t@means", 1), "no norm");
    assert_string_equal(standard_text(&few, "x", "t@means", 2), "40.0"); /* 0 / 4 */
    few_sheets_free(&few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns_with_items_beside_the_scale),
        cmocka_unit_test(test_estimates_far_out),
        cmocka_unit_test(test_patterns_without_memory),
        cmocka_unit_test(test_a_prorated_sum_has_no_place_in_a_table_of_sums),
        cmocka_unit_test(test_percentiles_by_counts),
        cmocka_unit_test(test_groups_by_months),
        cmocka_unit_test(test_bounds_of_any_size),
        cmocka_unit_test(test_more_groups_than_tables),
        cmocka_unit_test(test_a_score_that_the_default_variant_has_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
