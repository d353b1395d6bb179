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

typedef struct text_source {
    const char *text;
    size_t at, length;
} text_source;

static size_t read_text(void *context, void *buffer, size_t size)
{
    text_source *const from = context;
    const size_t left = from->length - from->at, n = left < size ? left : size;
    memcpy(buffer, from->text + from->at, n);
    from->at += n;
    return n;
}

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
    text_source from = {text, 0, strlen(text)};
    const psy_source source = {read_text, &from, "<test>"};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_beyond_a_norm_are_told),
        cmocka_unit_test(test_scores_of_other_people_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
