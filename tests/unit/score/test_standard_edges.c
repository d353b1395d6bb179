/*
 * test_standard_edges.c -- standard scores of sheets with blanks and of persons of all kinds: by
 * answer pattern with groups by sex and age, by tables with gaps, by means that only some have.
 *
 * What must hold for every sheet: the score lies within its bounds, filling the blanks at their
 * lowest and highest gives these bounds, and nobody without a group has a score.
 */
#include "answers/sheets.h"
#include "catalogue.h"
#include "score/scorer.h"
#include "test_support.h"

#include <psyscreen/catalog.h>
#include <psyscreen/irt.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { SHEETS = 400, ITEMS = 5 };

static const char INSTRUMENT[] =
    "format: psyscreen/instrument/1\nid: edge\nedition: \"1\"\nname: {en: Edge, zh: 边}\n"
    "informants: [self, parent]\ntext_licence: none\n"
    "responses: {six: {codes: [0, 1, 2, 3, 4, 5]}}\n"
    "items:\n  - {ids: 1..5, response: six}\n"
    "scales:\n"
    "  total: {name: {en: Total}, items: 1..5, score: sum, worse: high, missing: {allow: 3, then: "
    "prorate}, bands: [{of: t@pattern, levels: [{id: low, from: 0}, {id: mid, from: 45}, {id: "
    "high, from: 55}]}]}\n"
    "  mean: {name: {en: Mean}, items: 1..5, score: mean, worse: low, missing: {allow: 2, then: "
    "mean}, bands: [{of: standard@gaps, levels: [{id: bad, from: 0}, {id: good, from: 60}]}]}\n"
    "  part: {name: {en: Part}, items: [1, 2], score: sum, worse: high}\n"
    "  turned: {name: {en: Turned}, items: 1..3, score: sum, worse: low, missing: {allow: 1, then: "
    "prorate}, steps: [{multiply: -1}, {add: 20}]}\n"
    "  steep: {name: {en: Steep}, items: 1..3, score: sum, worse: high, missing: {allow: 1, then: "
    "prorate}}\n";

static const char PATTERN[] =
    "format: psyscreen/norms/1\nid: pattern\ninstrument: edge\nkind: irt\nmetric: t\n"
    "population: {en: nobody}\nyear: 2020\nsource: made up\nconfidence: memory\ngroups: [sex, "
    "age]\noutside: none\nestimate: eap\nanswered: 3\ngrid: {from: -6, to: 6, points: 61}\n";
static const char MEANS[] =
    "format: psyscreen/norms/1\nid: means\ninstrument: edge\nkind: mean_sd\nmetric: t\n"
    "population: {en: nobody}\nyear: 2020\nsource: made up\nconfidence: memory\ngroups: [sex, "
    "age]\noutside: none\n";
static const char MEANS_ROWS[] = "scale,sex,age_from,age_to,mean,sd\n"
                                 "part,male,6,9,3,1.5\npart,male,10,14,4,2\npart,female,6,14,5,2\n";
static const char PLAIN[] =
    "format: psyscreen/norms/1\nid: plain\ninstrument: edge\nkind: mean_sd\nmetric: t\n"
    "population: {en: nobody}\nyear: 2020\nsource: made up\nconfidence: memory\ngroups: "
    "[]\noutside: none\n";
static const char PLAIN_ROWS[] = "scale,mean,sd\nturned,12,2\nsteep,3,0.000000001\n";
static const char GAPS[] =
    "format: psyscreen/norms/1\nid: gaps\ninstrument: edge\nkind: table\nmetric: standard\n"
    "population: {en: nobody}\nyear: 2020\nsource: made up\nconfidence: memory\ngroups: "
    "[sex]\noutside: none\n";

static double slope[ITEMS], steps[ITEMS][5];

static void write_norms(const char *directory)
{
    char path[600], rows[6000];
    snprintf(path, sizeof path, "%s/norms", directory);
    assert_int_equal(mkdir(path, 0700), 0);
    int n = snprintf(rows, sizeof rows, "scale,sex,age_from,age_to,item,step,value\n");
    for (int group = 0; group < 3; group++)
        for (int item = 0; item < ITEMS; item++)
            for (int step = 0; step <= 5; step++)
                n += snprintf(rows + n, sizeof rows - (size_t)n, "total,%s,%d,%d,%d,%d,%.6f\n",
                              group < 2 ? "male" : "female", group == 1 ? 10 : 6,
                              group == 0 ? 9 : 14, item + 1, step,
                              step == 0 ? slope[item] : steps[item][step - 1] + 0.3 * group);
    psy_test_write_file(psy_test_path(path, "pattern.csv"), rows, (size_t)n);
    psy_test_write_file(psy_test_path(path, "pattern.yaml"), PATTERN, sizeof PATTERN - 1);
    psy_test_write_file(psy_test_path(path, "means.csv"), MEANS_ROWS, sizeof MEANS_ROWS - 1);
    psy_test_write_file(psy_test_path(path, "means.yaml"), MEANS, sizeof MEANS - 1);
    psy_test_write_file(psy_test_path(path, "plain.csv"), PLAIN_ROWS, sizeof PLAIN_ROWS - 1);
    psy_test_write_file(psy_test_path(path, "plain.yaml"), PLAIN, sizeof PLAIN - 1);
    n = snprintf(rows, sizeof rows, "scale,sex,raw,standard\n");
    for (int sex = 0; sex < 2; sex++)
        for (int fifth = 0; fifth <= 25; fifth++)
            if (sex == 0 || fifth % 4 != 3) /* gaps in one of the tables */
                n += snprintf(rows + n, sizeof rows - (size_t)n, "mean,%s,%d.%d,%d\n",
                              sex ? "female" : "male", fifth / 5, fifth % 5 * 2, 20 + 3 * fifth);
    psy_test_write_file(psy_test_path(path, "gaps.csv"), rows, (size_t)n);
    psy_test_write_file(psy_test_path(path, "gaps.yaml"), GAPS, sizeof GAPS - 1);
}

static const psy_instrument *open_edge(psy_catalog **catalog)
{
    psy_error error = {.status = PSY_OK};
    const psy_instrument *instrument = NULL;
    const char *const directory = psy_test_directory();
    for (int i = 0; i < ITEMS; i++) {
        slope[i] = 0.8 + 0.4 * i;
        for (int s = 0; s < 5; s++)
            steps[i][s] = 2.2 - s * 1.1 - 0.1 * i;
    }
    write_norms(directory);
    psy_test_write_file(psy_test_path(directory, "edge.yaml"), INSTRUMENT, sizeof INSTRUMENT - 1);
    if (psy_catalog_open(catalog, &directory, 1, NULL, &error) != PSY_OK ||
        psy_catalog_find(*catalog, "edge", NULL, &instrument, &error) != PSY_OK)
        fail_msg("%s:%u:%u: %s", error.where.source, error.where.line, error.where.column,
                 error.message);
    return instrument;
}

static size_t standard_of(const psy_instrument *instrument, const char *scale, const char *name)
{
    for (size_t i = 0; i < instrument->n_standards; i++)
        if (instrument->standards[i].scale == psyi_find_scale(instrument, scale) &&
            strcmp(instrument->standards[i].name, name) == 0)
            return i;
    fail_msg("no %s of %s", name, scale);
    return 0;
}

typedef struct edge {
    psyi_sheets *sheets;
    psyi_scorer *scorer;
    psyi_scores *scores;
    psyi_events events;
    psyi_person people[SHEETS];
    int given[SHEETS][ITEMS]; /* -1 blank */
} edge;

static void score(edge *e, const psy_instrument *instrument)
{
    assert_int_equal(psyi_sheets_new(&e->sheets, instrument, SHEETS, NULL, NULL), PSY_OK);
    for (size_t s = 0; s < SHEETS; s++) {
        psyi_sheets_mark(e->sheets, s);
        for (size_t i = 0; i < ITEMS; i++)
            *psyi_sheets_byte(e->sheets, s, i) =
                e->given[s][i] < 0 ? PSYI_BLANK : (uint8_t)e->given[s][i];
    }
    assert_int_equal(psyi_scorer_new(&e->scorer, instrument, 0, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_scores_new(&e->scores, e->scorer, e->sheets, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_scores_run_all(e->scores, e->people, 1, &e->events, NULL), PSY_OK);
}

static void done(edge *e)
{
    psyi_free(NULL, e->events.events);
    psyi_scores_free(e->scores);
    psyi_scorer_free(e->scorer);
    psyi_sheets_free(e->sheets);
}

static int group_of(const psyi_person *person)
{
    if (person->age < 6 || person->age > 14 || person->sex == PSYI_SEX_UNKNOWN)
        return -1;
    return person->sex == PSYI_SEX_FEMALE ? 2 : person->age <= 9 ? 0 : 1;
}

static void draw(edge *e)
{
    dice d = {7};
    for (size_t s = 0; s < SHEETS; s++) {
        e->people[s] = (psyi_person){.sex = (uint8_t)roll(&d, 3),
                                     .informant = (uint8_t)roll(&d, 3),
                                     .grade = (int16_t)roll(&d, 12),
                                     .age = (int16_t)(roll(&d, 14) + 3)};
        for (size_t i = 0; i < ITEMS; i++)
            e->given[s][i] = roll(&d, 5) == 0 && s % 3 != 0 ? -1 : (int)roll(&d, 6);
    }
}

/* T of what was answered, by the estimator itself. */
static void test_patterns(void **state)
{
    (void)state;
    static edge e;
    psy_catalog *catalog = NULL;
    const psy_instrument *const instrument = open_edge(&catalog);
    const size_t t = standard_of(instrument, "total", "t@pattern");
    const psy_irt_grid grid = {-6, 6, 61};
    size_t scored = 0, open = 0;
    draw(&e);
    score(&e, instrument);
    for (size_t s = 0; s < SHEETS; s++) {
        const int group = group_of(&e.people[s]);
        double d[ITEMS * 5], answers[ITEMS], theta;
        uint32_t highest[ITEMS];
        int answered = 0;
        for (int i = 0; i < ITEMS; i++) {
            highest[i] = 5;
            for (int step = 0; step < 5; step++)
                d[5 * i + step] = steps[i][step] + 0.3 * group;
            answers[i] = e.given[s][i] < 0 ? NAN : (double)e.given[s][i];
            answered += e.given[s][i] >= 0;
        }
        const int32_t got = psyi_standard_of(e.scores, t, s);
        if (group < 0 || answered < 3) {
            assert_int_equal(got, PSYI_NO_STANDARD);
            open++;
            continue;
        }
        psy_irt *irt = NULL;
        assert_int_equal(psy_irt_new(&irt, slope, d, highest, ITEMS, &grid, NULL, NULL), PSY_OK);
        assert_int_equal(psy_irt_score(irt, PSY_IRT_EAP, answers, 1, &theta, NULL, NULL), PSY_OK);
        psy_irt_free(irt);
        assert_true(fabs(got / 10.0 - (50 + 10 * theta)) <= 0.05 + 1e-9);
        scored++;
    }
    assert_true(scored > 100 && open > 50);
    done(&e);
    psy_catalog_free(catalog);
    psy_test_directory_remove();
}

/* Means by sex and age, and a table with gaps: who has none, and what stands in it. */
static void test_means_and_tables(void **state)
{
    (void)state;
    static edge e;
    psy_catalog *catalog = NULL;
    const psy_instrument *const instrument = open_edge(&catalog);
    const size_t part = standard_of(instrument, "part", "t@means");
    const size_t table = standard_of(instrument, "mean", "standard@gaps");
    static const double mean[] = {3, 4, 5}, sd[] = {1.5, 2, 2};
    size_t gaps = 0, entries = 0, prorated = 0;
    draw(&e);
    score(&e, instrument);
    for (size_t s = 0; s < SHEETS; s++) {
        const int group = group_of(&e.people[s]);
        const int32_t t = psyi_standard_of(e.scores, part, s);
        const int32_t entry = psyi_standard_of(e.scores, table, s);
        if (group < 0 || e.given[s][0] < 0 || e.given[s][1] < 0) {
            assert_int_equal(t, PSYI_NO_STANDARD);
        } else {
            const double want = 50 + 10 * (e.given[s][0] + e.given[s][1] - mean[group]) / sd[group];
            assert_true(fabs(t / 10.0 - want) <= 0.05 + 1e-9);
        }
        int sum = 0, answered = 0;
        for (int i = 0; i < ITEMS; i++)
            if (e.given[s][i] >= 0) {
                sum += e.given[s][i];
                answered++;
            }
        const bool female = e.people[s].sex == PSYI_SEX_FEMALE;
        if (e.people[s].sex == PSYI_SEX_UNKNOWN || answered < 3) {
            assert_int_equal(entry, PSYI_NO_STANDARD);
        } else if (5 * sum % answered != 0 || (female && 5 * sum / answered % 4 == 3)) {
            assert_int_equal(entry, PSYI_NO_STANDARD); /* never the nearest row */
            gaps++;
        } else {
            assert_int_equal(entry, 20 + 3 * (5 * sum / answered));
            entries++;
            prorated += answered < ITEMS;
        }
    }
    assert_true(gaps > 30 && entries > 80 && prorated > 10);
    done(&e);
    psy_catalog_free(catalog);
    psy_test_directory_remove();
}

static void check_bounds(const psyi_numbers *numbers, unsigned lane, double low, double high)
{
    assert_true((numbers->bounded >> lane & 1) != 0);
    assert_true(fabs(psyi_ratio_double(numbers->low[lane]) - low) <= 0.05 + 1e-9);
    assert_true(fabs(psyi_ratio_double(numbers->high[lane]) - high) <= 0.05 + 1e-9);
}

/* A score that falls as its sum rises, and one whose T seldom fits 32 bits; with bounds. */
static void test_falling_and_steep(void **state)
{
    (void)state;
    static edge e;
    psy_catalog *catalog = NULL;
    const psy_instrument *const instrument = open_edge(&catalog);
    const size_t turned = standard_of(instrument, "turned", "t@plain");
    const size_t steep = standard_of(instrument, "steep", "t@plain");
    size_t prorated = 0, open = 0, fitting = 0, beyond = 0;
    draw(&e);
    score(&e, instrument);
    for (size_t s = 0; s < SHEETS; s++) {
        psyi_numbers falls, rises;
        const uint32_t sheets[PSYI_LANES] = {(uint32_t)s};
        psyi_scores_number(e.scores, psyi_column(PSYI_COLUMN_STANDARD, 0, 0, (unsigned)turned),
                           sheets, 1, &falls);
        psyi_scores_number(e.scores, psyi_column(PSYI_COLUMN_STANDARD, 0, 0, (unsigned)steep),
                           sheets, 1, &rises);
        int sum = 0, answered = 0;
        for (int i = 0; i < 3; i++)
            if (e.given[s][i] >= 0) {
                sum += e.given[s][i];
                answered++;
            }
        const int most = sum + 5 * (3 - answered);
        if (answered < 2) {
            assert_true((falls.known & 1) == 0 && (rises.known & 1) == 0);
            open++;
        } else {
            const double want = 50 + 10 * (20 - 3.0 * sum / answered - 12) / 2;
            assert_true((falls.known & 1) != 0);
            assert_true(fabs(psyi_ratio_double(falls.value[0]) - want) <= 0.05 + 1e-9);
            const bool fits = sum == answered;
            assert_int_equal(rises.known & 1, fits);
            if (fits)
                assert_true(psyi_ratio_double(rises.value[0]) == 50);
            fitting += fits;
            beyond += !fits;
            prorated += answered == 2;
        }
        if (answered < 3) { /* from all blanks at their highest to all at their lowest */
            check_bounds(&falls, 0, 50 + 5.0 * (20 - most - 12), 50 + 5.0 * (20 - sum - 12));
            if ((rises.bounded & 1) != 0) /* ends that do not fit add nothing to the value */
                assert_true((rises.known & 1) != 0 && psyi_ratio_double(rises.low[0]) == 50 &&
                            psyi_ratio_double(rises.high[0]) == 50);
        }
    }
    assert_true(prorated > 30 && open > 5 && fitting > 3 && beyond > 100);
    done(&e);
    psy_catalog_free(catalog);
    psy_test_directory_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_means_and_tables),
        cmocka_unit_test(test_falling_and_steep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
