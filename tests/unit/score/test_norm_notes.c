/*
 * test_norm_notes.c -- standard scores of a table without a plan that are no exact readings of
 * their norm: beyond its end, or of people whom it does not speak of.  Each is told, once a
 * column, with the first place and the number.
 */
#include "test_support.h"

#include <psyscreen/catalog.h>
#include <psyscreen/score.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char INSTRUMENT[] =
    "format: psyscreen/instrument/1\nid: edge\nedition: \"1\"\nname: {en: Edge, zh: 边}\n"
    "informants: [self]\ntext_licence: none\n"
    "responses: {six: {codes: [0, 1, 2, 3, 4, 5]}}\nitems:\n  - {ids: 1..4, response: six}\n"
    "scales:\n  total: {name: {en: Total}, items: 1..4, score: sum, worse: high}\n";
/* raw = T - 40 at any age: T 45 is 5, T 55 is 15. */
static const char NORM[] =
    "format: psyscreen/norms/1\nid: line\ninstrument: edge\nkind: regression\nmetrics: [t]\n"
    "population: {en: nobody}\nyear: 2020\nsource: made up\nconfidence: memory\noutside: none\n"
    "ages: 5..18\nnorm_range: 45..55\nraw_range: 0..20\ncompleted_years: start\n"
    "people: {grades: 7..9}\n";
static const char ROWS[] = "scale,power_l,power_a,coefficient\ntotal,0,0,-40\ntotal,1,0,1\n";

static psy_catalog *open_edge(void)
{
    const char *const directory = psy_test_directory();
    psy_catalog *catalog = NULL;
    psy_error error = {.status = PSY_OK};
    char norms[600];
    snprintf(norms, sizeof norms, "%s/norms", directory);
    assert_int_equal(mkdir(norms, 0700), 0);
    psy_test_write_file(psy_test_path(directory, "edge.yaml"), INSTRUMENT, strlen(INSTRUMENT));
    psy_test_write_file(psy_test_path(norms, "line.yaml"), NORM, strlen(NORM));
    psy_test_write_file(psy_test_path(norms, "line.csv"), ROWS, strlen(ROWS));
    if (psy_catalog_open(&catalog, &directory, 1, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    return catalog;
}

/* The findings of a rule: how many; the message and row of the last. */
static size_t told(const psy_findings *findings, const char *rule, psy_finding *out)
{
    size_t n = 0;
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        const psy_finding one = psy_findings_get(findings, i);
        if (strcmp(one.rule, rule) == 0) {
            *out = one;
            n++;
        }
    }
    return n;
}

static void score(const char *text, psy_findings **findings, psy_catalog **catalog)
{
    psy_table *table = NULL;
    psy_error error = {.status = PSY_OK};
    psy_test_bytes from = {.bytes = text, .length = strlen(text)};
    const psy_source source = psy_test_source_of(&from, "<test>");
    const char *const use = "edge";
    *catalog = open_edge();
    assert_int_equal(psy_findings_new(findings, NULL, NULL), PSY_OK);
    if (psy_score_csv(&table, *catalog, &use, 1, NULL, 0, NULL, &source, NULL, *findings, &error) !=
        PSY_OK)
        fail_msg("%s", error.message);
    psy_table_free(table);
}

static void test_scores_beyond_a_norm_are_told(void **state)
{
    (void)state;
    psy_findings *findings;
    psy_catalog *catalog;
    psy_finding last;
    score("edge_1,edge_2,edge_3,edge_4,age,grade\n"
          "3,3,2,2,13,7\n"  /* 10: T 50 */
          "5,5,5,1,13,7\n"  /* 16: beyond 15 */
          "0,0,0,,13,7\n"   /* not scored */
          "0,1,0,0,13,7\n"  /* 1: below 5 */
          "5,5,5,0,13,7\n", /* 15: the end itself */
          &findings, &catalog);
    assert_int_equal(told(findings, "norm_people", &last), 0);
    assert_int_equal(told(findings, "norm_clipped", &last), 1);
    assert_string_equal(last.message,
                        "2 scores are beyond what norm 'line' holds, the value is its end; this "
                        "is the first");
    assert_int_equal(last.row, 3);
    assert_string_equal(last.field, "edge.total.t@line");
    assert_int_equal(last.severity, PSY_NOTE);
    psy_findings_free(findings);
    psy_catalog_free(catalog);
    psy_test_directory_remove();
}

static void test_scores_of_other_people_are_told(void **state)
{
    (void)state;
    psy_findings *findings;
    psy_catalog *catalog;
    psy_finding last;
    score("edge_1,edge_2,edge_3,edge_4,age,grade\n3,3,2,2,13,7\n3,3,2,2,17,11\n", &findings,
          &catalog);
    assert_int_equal(told(findings, "norm_clipped", &last), 0);
    assert_int_equal(told(findings, "norm_people", &last), 1);
    assert_string_equal(
        last.message, "1 score is of people whom norm 'line' does not speak of; this is the first");
    assert_int_equal(last.row, 3);
    assert_int_equal(last.severity, PSY_WARNING);
    psy_findings_free(findings);
    psy_catalog_free(catalog);
    psy_test_directory_remove();
}

/* ---- everything that is told ------------------------------------------------------------- */

/* A form for grades 7 to 9 and ages 12 to 15, by children or parents, whose norms go by informant
 * and end at T 45 and 55; a ratio and a flag that divide by an item. */
static const char TOLD[] =
    "format: psyscreen/instrument/1\nid: told\nedition: \"1\"\nname: {en: Told, zh: 告}\n"
    "informants: [self, parent]\ntext_licence: none\ngrades: 7..9\nages: 12..15\n"
    "responses: {six: {codes: [0, 1, 2, 3, 4, 5]}}\nitems:\n  - {ids: 1..4, response: six}\n"
    "scales:\n  total: {name: {en: Total}, items: 1..4, score: sum, worse: high}\n"
    "  ratio: {name: {en: Ratio}, score: 'item(1) / item(2)', worse: high}\n"
    "derived:\n  half: {name: {en: Half}, score: 'floor(item(3) / 2)', bands: [{id: few, from: 0}, "
    "{id: many, from: 2}]}\n"
    "flags: {f: {kind: note, when: '1 / item(1) > 2'}}\n"
    "variants:\n  0-5: {}\n  1-6: {codes: {1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5}, shift: -1}\n";
static const char TOLD_LINE[] =
    "format: psyscreen/norms/1\nid: line\ninstrument: told\nkind: regression\nmetrics: [t]\n"
    "population: {en: nobody}\nyear: 2020\nsource: made up\nconfidence: memory\noutside: none\n"
    "ages: 5..18\nnorm_range: 45..55\nraw_range: 0..20\ncompleted_years: start\n"
    "people: {grades: 7..9}\n";
static const char TOLD_MEANS[] =
    "format: psyscreen/norms/1\nid: means\ninstrument: told\nkind: mean_sd\nmetric: t\n"
    "population: {en: nobody}\nyear: 2020\nsource: made up\nconfidence: memory\noutside: none\n"
    "groups: [informant]\n";
static const char TOLD_MEANS_ROWS[] = "scale,informant,mean,sd\ntotal,self,8,2\ntotal,parent,6,4\n";

static psy_catalog *open_told(const char *instrument, bool norms)
{
    const char *const directory = psy_test_directory();
    psy_catalog *catalog = NULL;
    psy_error error = {.status = PSY_OK};
    char folder[600];
    snprintf(folder, sizeof folder, "%s/norms", directory);
    assert_int_equal(mkdir(folder, 0700), 0);
    psy_test_write_file(psy_test_path(directory, "told.yaml"), instrument, strlen(instrument));
    if (norms) {
        psy_test_write_file(psy_test_path(folder, "line.yaml"), TOLD_LINE, strlen(TOLD_LINE));
        psy_test_write_file(psy_test_path(folder, "line.csv"), ROWS, strlen(ROWS));
        psy_test_write_file(psy_test_path(folder, "means.yaml"), TOLD_MEANS, strlen(TOLD_MEANS));
        psy_test_write_file(psy_test_path(folder, "means.csv"), TOLD_MEANS_ROWS,
                            strlen(TOLD_MEANS_ROWS));
    }
    if (psy_catalog_open(&catalog, &directory, 1, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    return catalog;
}

typedef struct telling {
    const psy_catalog *catalog;
    const char *use, *text;
    psy_findings *findings; /* of the last run */
    psy_table *table;
    bool keep;
} telling;

static psy_status tell_once(const psy_allocator *allocator, void *context)
{
    telling *const from = context;
    psy_test_bytes text = {.bytes = from->text, .length = strlen(from->text)};
    const psy_source source = psy_test_source_of(&text, "<test>");
    const psy_score_options options = {.n_threads = 1, .allocator = allocator};
    psy_table *table = PSY_UNTOUCHED;
    psy_findings *findings = NULL;
    psy_status status = psy_findings_new(&findings, allocator, NULL);
    if (status != PSY_OK)
        return status;
    psy_error error = {.status = PSY_OK};
    status = psy_score_csv(&table, from->catalog, &from->use, 1, NULL, 0, NULL, &source, &options,
                           findings, &error);
    if (status != PSY_OK && status != PSY_E_NOMEM)
        print_message("%s\n", error.message);
    if (status != PSY_OK)
        psy_assert_untouched(table);
    if (status == PSY_OK && from->keep) {
        from->table = table;
        from->findings = findings;
        return status;
    }
    if (status == PSY_OK)
        psy_table_free(table);
    psy_findings_free(findings);
    return status;
}

static double number(const psy_table *table, const char *column, size_t row)
{
    double value = 0;
    const size_t at = psy_table_find(table, column);
    assert_int_not_equal(at, SIZE_MAX);
    return psy_table_get_double(table, at, row, &value) ? value : -1;
}

/* The findings that a table without a plan can have, each once, with its first place; and without
 * memory for any of them, no table. */
static void test_everything_that_is_told(void **state)
{
    (void)state;
    telling it = {.use = "told", .keep = true};
    it.text = "told_1,told_2,told_3,told_4,age,grade,informant\n"
              "3,3,2,2,13,7,self\n"   /* 10 */
              "5,0,5,5,13,7,parent\n" /* ratio 5 / 0; 15, the end itself */
              "0,2,0,0,16,10,self\n"  /* the flag divides by 0; 2 is below the end; too old */
              "5,5,5,5,11,6,\n";      /* 20 is above the end; too young; by nobody knows whom */
    it.catalog = open_told(TOLD, true);
    assert_int_equal(tell_once(NULL, &it), PSY_OK);
    static const struct {
        const char *rule, *field, *message;
        size_t n;
        uint64_t row;
    } want[] = {
        {"outside_use", "age", "2 sheets are outside ages 12 to 15, for which told is meant", 2, 0},
        {"norm_clipped", "told.total.t@line",
         "2 scores are beyond what norm 'line' holds, the value is its end; this is the first", 1,
         4},
        {"norm_people", "told.total.t@line",
         "2 scores are of people whom norm 'line' does not speak of; this is the first", 1, 4},
        {"informant_unknown", "informant",
         "1 sheet of told without an informant: bands, norms and scales that depend on it are "
         "empty",
         1, 0},
        {"no_value", "told.f", "f has no value: a division by zero or a number out of bounds", 2,
         4},
    };
    psy_finding last;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(told(it.findings, want[i].rule, &last), want[i].n);
        assert_string_equal(last.message, want[i].message);
        assert_string_equal(last.field, want[i].field);
        assert_int_equal(last.row, want[i].row);
    }
    assert_int_equal(told(it.findings, "outside_use", &last), 2);
    /* 8, 2 of children; 6, 4 of parents; T 40 + the sum, within 45 and 55 */
    static const double means[] = {60, 72.5, 20, -1}, line[] = {50, 55, 45, 55};
    static const double half[] = {1, 2, 0, 2};
    for (size_t row = 0; row < 4; row++) {
        assert_true(number(it.table, "told.total.t@means", row) == means[row]);
        assert_true(number(it.table, "told.total.t@line", row) == line[row]);
        assert_true(number(it.table, "told.half", row) == half[row]);
        const char *band = NULL;
        size_t length;
        assert_true(psy_table_get_text(it.table, psy_table_find(it.table, "told.half.band"), row,
                                       &band, &length));
        assert_memory_equal(band, half[row] >= 2 ? "many" : "few", length);
    }
    psy_table_free(it.table);
    psy_findings_free(it.findings);
    it.keep = false;
    assert_true(psy_sweep(tell_once, &it) > 50);
    psy_catalog_free((psy_catalog *)it.catalog);
    psy_test_directory_remove();
}

/* A variant of other codes prints 1 more an item; the norm is asked for the sum of the default
 * variant, and a standard score at the norm's end counts as beyond it, for its sum is not kept. */
static void test_a_shifted_variant_is_clipped_by_its_standard_score(void **state)
{
    (void)state;
    telling it = {.use = "told:1-6", .keep = true};
    it.text = "told_1,told_2,told_3,told_4,age,grade,informant\n"
              "4,4,3,3,13,7,self\n"  /* prints 14, is 10 */
              "6,6,6,2,13,7,self\n"  /* is 16 */
              "6,6,6,1,13,7,self\n"; /* is 15, the end itself */
    it.catalog = open_told(TOLD, true);
    assert_int_equal(tell_once(NULL, &it), PSY_OK);
    static const double total[] = {14, 20, 19}, line[] = {50, 55, 55};
    for (size_t row = 0; row < 3; row++) {
        assert_true(number(it.table, "told.total", row) == total[row]);
        assert_true(number(it.table, "told.total.t@line", row) == line[row]);
    }
    psy_finding last;
    assert_int_equal(told(it.findings, "norm_clipped", &last), 1);
    assert_memory_equal(last.message, "2 scores are", 12);
    assert_int_equal(last.row, 3);
    assert_int_equal(told(it.findings, "informant_unknown", &last), 0); /* all are known */
    psy_table_free(it.table);
    psy_findings_free(it.findings);
    psy_catalog_free((psy_catalog *)it.catalog);
    psy_test_directory_remove();
}

/* Without an informant bands that go by informant are empty, and that is told; where nothing goes
 * by informant there is nothing to tell.  Bands of a norm that is not there are told by nobody, and
 * have no column of a standard score. */
static void test_who_is_asked_for_an_informant(void **state)
{
    (void)state;
    static const char head[] =
        "format: psyscreen/instrument/1\nid: told\nedition: \"1\"\nname: {en: Told, zh: 告}\n"
        "informants: [self, parent]\ntext_licence: none\nresponses: {six: {codes: [0, 1, 2, 3, 4, "
        "5]}}\nitems:\n  - {ids: 1..4, response: six}\nscales:\n";
    static const struct {
        const char *scale;
        size_t told;
    } asked[] = {
        {"  x: {items: 1..4, score: sum, worse: high}\n", 0},
        {"  x: {items: 1..4, score: sum, worse: high, bands: [{id: low, from: 0}, {id: high, from: "
         "9}]}\n",
         0},
        {"  x: {items: 1..4, score: sum, worse: high, bands: [{informants: [self], levels: [{id: "
         "low, from: 0}, {id: high, from: 9}]}, {informants: [parent], levels: [{id: low, from: "
         "0}, {id: high, from: 7}]}]}\n",
         1},
        {"  x: {items: 1..4, score: sum, worse: high, informants: [self]}\n", 1},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        char text[2000];
        snprintf(text, sizeof text, "%s%s", head, asked[i].scale);
        telling it = {.use = "told", .keep = true};
        it.text = "told_1,told_2,told_3,told_4,informant\n2,2,2,2,\n2,2,2,2,parent\n";
        it.catalog = open_told(text, false);
        assert_int_equal(tell_once(NULL, &it), PSY_OK);
        psy_finding last;
        assert_int_equal(told(it.findings, "informant_unknown", &last), asked[i].told);
        /* 8: high for a parent where it goes by informant; a scale for the child alone has no score
         * of a parent, and nothing of it was asked. */
        int64_t answered = -1;
        const bool any =
            psy_table_get_int(it.table, psy_table_find(it.table, "told.x.answered"), 1, &answered);
        assert_int_equal(any, i < 3);
        assert_true(number(it.table, "told.x", 1) == (i < 3 ? 8 : -1));
        assert_true(number(it.table, "told.x", 0) == (i < 3 ? 8 : -1));
        const char *band;
        size_t length = 0;
        const bool has = psy_table_get_text(it.table, psy_table_find(it.table, "told.x.band"), 1,
                                            &band, &length);
        assert_int_equal(has, i == 1 || i == 2);
        if (has)
            assert_memory_equal(band, i == 1 ? "low" : "high", length);
        assert_false(psy_table_get_text(it.table, psy_table_find(it.table, "told.x.band"), 0, &band,
                                        &length) &&
                     i != 1);
        psy_table_free(it.table);
        psy_findings_free(it.findings);
        psy_catalog_free((psy_catalog *)it.catalog);
        psy_test_directory_remove();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_beyond_a_norm_are_told),
        cmocka_unit_test(test_scores_of_other_people_are_told),
        cmocka_unit_test(test_everything_that_is_told),
        cmocka_unit_test(test_a_shifted_variant_is_clipped_by_its_standard_score),
        cmocka_unit_test(test_who_is_asked_for_an_informant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
