/*
 * test_fingerprint.c -- what changes a result changes the fingerprint, and nothing else does.
 */
#include "definition_fixture.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *from, *to;
    bool changes;
} instruments[] = {
    /* what is said */
    {"name", "en: Mine", "en: Yours", false},
    {"comment", "scales:\n", "# a comment\nscales:\n", false},
    {"layout", "codes: [0, 1, 2, 3]", "codes: 0..3", false},
    {"item list written otherwise", "    items: 1..4", "    items: [1, 2, 3..4]", false},
    {"labels of answers", "codes: [0, 1, 2, 3]", "codes: [0, 1, 2, 3], labels: {0: never}", false},
    {"item name", "names: [a, b, c, d]", "names: [aa, b, c, d]", false},
    {"band name", "name: {en: low, zh: 低}", "name: {en: lower, zh: 低}", false},
    {"source", "cite: here", "cite: there", false},
    {"confidence", "worse: high\n", "worse: high\n    confidence: memory\n", false},
    {"declared range", "worse: high\n", "worse: high\n    range: 0..12\n", false},
    {"note", "examples:", "notes: [a note]\nexamples:", false},
    {"example", "name: ones", "name: one", false},
    {"grades", "grades: 7..12", "grades: 7..9", false},
    {"licence", "text_licence: own", "text_licence: other", false},
    {"blanks in a rule", "item(d) >= 1", "item( d )>=1", false},
    {"first band's end, which is the bottom", "id: low, from: 0,", "id: low,", false},
    {"a silence", "examples:", "silence: [{rule: band_gap, reason: so}]\nexamples:", false},
    /* what is computed */
    {"id", "id: mine", "id: mime", true},
    {"edition", "edition: \"1\"", "edition: \"2\"", true},
    {"a code", "codes: [0, 1, 2, 3]", "codes: [0, 1, 2, 4]", true},
    {"a code for refusal", "codes: [0, 1, 2, 3]", "codes: [0, 1, 2, 3], refused: [8]", true},
    {"an alias", "codes: [0, 1, 2, 3]", "codes: [0, 1, 2, 3], aliases: {Daily: 3}", true},
    {"a map", "names: [a, b, c, d]", "names: [a, b, c, d], map: {0: 0, 1: 1, 2: 2, 3: 4}", true},
    {"reversal", "scales:\n", "reverse: [2]\nscales:\n", true},
    {"an item more", "ids: 1..4, response: often, names: [a, b, c, d]",
     "ids: 1..5, response: often, names: [a, b, c, d, e]", true},
    {"an item less in the scale", "    items: 1..4", "    items: 1..3", true},
    {"mean", "score: sum", "score: mean", true},
    {"a step", "worse: high\n", "worse: high\n    steps: [floor]\n", true},
    {"missing rule", "worse: high\n", "worse: high\n    missing: {allow: 1, then: prorate}\n",
     true},
    {"the bad end", "worse: high", "worse: low", true},
    {"a cut-off", "from: 6", "from: 7", true},
    {"a cut-off strictly above", "from: 6", "above: 6", true},
    {"a band's id", "id: high,", "id: higher,", true},
    {"a flag's limit", "item(d) >= 1", "item(d) >= 2", true},
    {"a flag's kind", "critical_review", "critical_urgent", true},
    {"share for critical_unanswered",
     "examples:", "critical_unanswered: {min_answered_share: 0.4}\nexamples:", true},
    {"form gate", "scales:\n", "form: {max_blank: 1}\nscales:\n", true},
    {"a gate", "scales:\n", "gates: [{id: g, when: \"item(1) == 0\", skips: [2]}]\nscales:\n",
     true},
    {"an optional part", "names: [a, b, c, d]}",
     "names: [a, b, c, d], part: p}\nparts: {p: {optional: true}}", true},
    {"a variant",
     "examples:", "variants: {0-3: {}, 1-4: {codes: {1: 0, 2: 1, 3: 2, 4: 3}}}\nexamples:", true},
};

static void test_instrument_fingerprint_changes_with_results_only(void **state)
{
    (void)state;
    psy_instrument *const plain = fixture_load(fixture_instrument);
    for (size_t i = 0; i < sizeof instruments / sizeof *instruments; i++) {
        char *text = fixture_replace(fixture_instrument, instruments[i].from, instruments[i].to);
        if (strstr(text, "score: mean") != NULL || strstr(text, "id: higher,") != NULL ||
            strstr(text, "1..5") != NULL) {
            *strstr(text, "examples:") = '\0'; /* they would no longer fit */
        }
        psy_instrument *const changed = fixture_load(text);
        const bool differs = strcmp(plain->fingerprint, changed->fingerprint) != 0;
        if (differs != instruments[i].changes)
            fail_msg("%s: the fingerprint %s", instruments[i].name,
                     differs ? "changed" : "did not change");
        psy_instrument_free(changed);
        free(text);
    }
    psy_instrument_free(plain);
}

static const struct {
    const char *name, *from, *to;
    bool changes;
} plans[] = {
    {"text of a rule", "en: very high", "en: extremely high", false},
    {"comment", "uses:\n", "# uses\nuses:\n", false},
    {"whose duty", "who: centre", "who: school", false},
    {"a silence", "duty:", "silence: [{rule: weak_cutoff, reason: so}]\nduty:", false},
    {"id", "id: mine", "id: mime", true},
    {"wave", "2026-autumn", "2027-spring", true},
    {"as_of", "identity:", "as_of: 2026-10-15\nidentity:", true},
    {"identity", "output: plain", "output: pseudonym, key_file: k", true},
    {"a column", "student: no", "student: number", true},
    {"a pattern", "PHQ_{n}", "PHQ_{n:02}", true},
    {"a code", "2: female", "3: female", true},
    {"encoding", "columns: {stu", "encoding: gbk\n    columns: {stu", true},
    {"edition of nothing said", ", edition: \"2001\"", "", false},
    {"the default variant by name", "informant: self}", "informant: self, variant: default}",
     false},
    {"battery", "7..12", "7..9", true},
    {"limit of a rule", ">= 20", ">= 19", true},
    {"rank of a rule", "rank: 3", "rank: 2", true},
    {"stages of a rule", "rank: 3,", "rank: 3, stages: [senior],", true},
    {"scheme", "three_first_worst", "three_third_worst", true},
    {"duplicates", "tiers:", "duplicates: last\ntiers:", true},
    {"a validity rule", "tiers:",
     "validity: {rules: [{id: f, when: \"quality.blanks > 3\", status: doubtful}]}\ntiers:", true},
    {"a local norm", "tiers:",
     "norms: [{id: l, scale: phq9.total, local: {by: [grade]}, metrics: [t]}]\ntiers:", true},
    {"hours", "hours: 24", "hours: 12", true},
    {"small cells", "small_cell: 5", "small_cell: 10", true},
    {"languages", "[zh, en]", "[en]", true},
};

static void test_plan_fingerprint_changes_with_results_only(void **state)
{
    (void)state;
    psy_catalog *const catalog = fixture_catalog();
    psy_plan *const plain = fixture_load_plan(fixture_plan, catalog, NULL);
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        char *const text = fixture_replace(fixture_plan, plans[i].from, plans[i].to);
        psy_plan *const changed = fixture_load_plan(text, catalog, NULL);
        const bool differs =
            strcmp(psy_plan_fingerprint(plain), psy_plan_fingerprint(changed)) != 0;
        if (differs != plans[i].changes)
            fail_msg("%s: the fingerprint %s", plans[i].name,
                     differs ? "changed" : "did not change");
        psy_plan_free(changed);
        free(text);
    }
    psy_plan_free(plain);
    psy_catalog_free(catalog);
}

static void load_norm(const char *head, const char *table, char fingerprint[65])
{
    const char *const directory = psy_test_directory();
    const char *const path = psy_test_path(directory, "here.yaml");
    psyi_norm *norm = NULL;
    psy_error error = {.status = PSY_OK};
    psy_test_write_file(path, head, strlen(head));
    psy_test_write_file(psy_test_path(directory, "here.csv"), table, strlen(table));
    if (psyi_norm_load_file(&norm, path, NULL, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    strcpy(fingerprint, norm->fingerprint);
    psyi_norm_free(norm);
    psy_test_directory_remove();
}

static void test_norm_fingerprint_changes_with_the_table(void **state)
{
    (void)state;
    static const char head[] = "format: psyscreen/norms/1\nid: here\ninstrument: mine\n"
                               "kind: mean_sd\nmetric: t\npopulation: here\n";
    static const char table[] = "scale,mean,sd\ntotal,5.5,2\n";
    char plain[65], other[65];
    load_norm(head, table, plain);
    load_norm(head, "scale,mean,sd\r\n\"total\",5.50,2.0\r\n", other);
    assert_string_equal(plain, other);
    load_norm("format: psyscreen/norms/1\nid: here\ninstrument: mine\nyear: 2020\n"
              "kind: mean_sd\nmetric: t\npopulation: there\nsource: a book\n",
              table, other);
    assert_string_equal(plain, other);
    load_norm(head, "scale,mean,sd\ntotal,5.6,2\n", other);
    assert_string_not_equal(plain, other);
    char *const rounded = fixture_replace(head, "population", "round: up\npopulation");
    load_norm(rounded, table, other);
    assert_string_not_equal(plain, other);
    free(rounded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instrument_fingerprint_changes_with_results_only),
        cmocka_unit_test(test_plan_fingerprint_changes_with_results_only),
        cmocka_unit_test(test_norm_fingerprint_changes_with_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
