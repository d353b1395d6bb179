/* test_lint.c -- every lint rule fires on its own mistake and on nothing else. */
#include "definition_fixture.h"

#include <stdlib.h>
#include <string.h>

static psy_catalog *catalog;

static int open_catalog(void **state)
{
    (void)state;
    catalog = fixture_catalog();
    return 0;
}

static int close_catalog(void **state)
{
    (void)state;
    psy_catalog_free(catalog);
    return 0;
}

static psy_findings *new_findings(void)
{
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    return findings;
}

/* The one finding must be this; notes are passed over unless one is wanted. */
static void compare(const char *name, const psy_findings *findings, const char *rule,
                    psy_severity severity, const char *field)
{
    bool found = false;
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        const psy_finding one = psy_findings_get(findings, i);
        if (rule != NULL && strcmp(one.rule, rule) == 0) {
            found = found || strcmp(one.field, field) == 0;
            if (one.severity != severity)
                fail_msg("%s: severity %d", name, (int)one.severity);
            assert_non_null(one.remedy);
            assert_true(one.row >= 1);
        } else if (one.severity != PSY_NOTE) {
            fail_msg("%s: [%s] %s", name, one.rule, one.message);
        }
    }
    if (rule != NULL && !found)
        fail_msg("%s: no finding '%s' at %s", name, rule, field);
}

/* ---- instruments --------------------------------------------------------------------------- */

#define BANDS                                                                                      \
    "[{id: low, from: 0, name: {en: low, zh: 低}}, {id: high, from: 6, name: {en: high, zh: 高}}]"
#define EXAMPLES                                                                                   \
    "  - {name: twos, answers: [2, 2, 2, 2], expect: {total: 8, total.band: high}}\n"              \
    "  - {name: blank, answers: [2, 2, null, 2], expect: {total: null}}\n"

static const struct {
    const char *name, *from, *to, *rule;
    psy_severity severity;
    const char *field;
} instruments[] = {
    {"nothing wrong", "id: mine", "id: mine", NULL, PSY_NOTE, ""},
    {"item nobody reads", "    items: 1..4", "    items: [1, 2, 4]", "item_unused", PSY_WARNING,
     "items/3"},
    {"item that is not scored in a sum", "names: [a, b, c, d]",
     "scored: false, names: [a, b, c, d]", "item_unscored", PSY_WARNING, "items/1"},
    {"reversed item nobody reads",
     "scales:\n  total:\n    name: {en: Total, zh: 总分}\n    items: 1..4",
     "reverse: [3]\nscales:\n  total:\n    name: {en: Total, zh: 总分}\n    items: [1, 2, 4]",
     "reverse_unused", PSY_WARNING, "items/3"},
    {"response nobody uses", "often: {codes: [0, 1, 2, 3]}",
     "often: {codes: [0, 1, 2, 3]}\n  rare: {codes: 0..1}", "response_unused", PSY_NOTE,
     "responses/rare"},
    {"option without a label", "often: {codes: [0, 1, 2, 3]}",
     "often: {codes: [0, 1, 2, 3], labels: {0: {en: a, zh: a}, 1: {en: b, zh: b}, 2: {en: c, zh: "
     "c}}}",
     "option_unlabelled", PSY_WARNING, "responses/often"},
    {"option of no form", "scales:\n",
     "variants: {a: {codes: {1: 0, 2: 1, 3: 2}}, b: {codes: {0: 0, 1: 1, 2: 2}}}\nscales:\n",
     "option_unreachable", PSY_WARNING, "responses/often"},
    {"declared range", "worse: high", "worse: high\n    range: 0..13", "declared_range", PSY_ERROR,
     "scales/total"},
    {"declared range that fits", "worse: high", "worse: high\n    range: 0..12", NULL, PSY_NOTE,
     ""},
    {"all may be missing", "worse: high", "worse: high\n    missing: {allow: 4, then: prorate}",
     "missing_allow", PSY_ERROR, "scales/total"},
    {"band gap", "id: low, from: 0", "id: low, from: 1", "band_gap", PSY_ERROR, "scales/total"},
    {"band below", "id: low, from: 0", "id: low, from: -1", "band_bottom", PSY_NOTE,
     "scales/total"},
    {"band outside", "from: 6", "from: 13", "band_outside", PSY_ERROR, "scales/total"},
    {"band at the top is fine", "from: 6", "from: 12", NULL, PSY_NOTE, ""},
    {"band above the top", "from: 6", "above: 12", "band_outside", PSY_ERROR, "scales/total"},
    {"band without scores", "{id: high, from: 6, name: {en: high, zh: 高}}",
     "{id: mid, from: 5.2, name: {en: mid, zh: 中}}, {id: high, from: 5.8, name: {en: high, zh: "
     "高}}",
     "band_empty", PSY_ERROR, "scales/total"},
    {"band name", "name: {en: low, zh: 低}", "name: {en: low}", "label_missing", PSY_WARNING,
     "scales/total"},
    {"scale name", "name: {en: Total, zh: 总分}", "name: {zh: 总分}", "label_missing", PSY_WARNING,
     "scales/total"},
    {"one name for both", "name: {en: Total, zh: 总分}", "name: PHQ", NULL, PSY_NOTE, ""},
    {"flag name", ", name: {en: item 4, zh: 第4题}", "", "label_missing", PSY_WARNING,
     "flags/critical_4"},
    {"instrument name", "name: {en: Mine, zh: 我的}", "name: {en: Mine}", "label_missing",
     PSY_WARNING, "name"},
    {"flag that never fires", "item(d) >= 1", "item(d) >= 4", "never_fires", PSY_ERROR,
     "flags/critical_4"},
    {"flag that always fires", "item(d) >= 1", "item(d) >= 0", "always_fires", PSY_ERROR,
     "flags/critical_4"},
    {"filter by grade", "item(d) >= 1", "item(d) >= 1 and student.grade >= 7", "critical_filter",
     PSY_ERROR, "flags/critical_4"},
    {"filter by sex in a scale", "item(d) >= 1", "item(d) >= 1 or mixed >= 3", NULL, PSY_NOTE, ""},
    {"filter by validity", "flags:\n  critical_4: {kind: critical_review, when: \"item(d) >= 1\"",
     "flags:\n  lie: {kind: validity, effect: retest, when: \"item(a) >= 3\", name: lie}\n  "
     "critical_4: {kind: critical_review, when: \"item(d) >= 1 and not lie\"",
     "critical_filter", PSY_ERROR, "flags/critical_4"},
    {"filter by another flag",
     "flags:\n  critical_4: {kind: critical_review, when: \"item(d) >= 1\"",
     "flags:\n  young: {kind: note, when: \"student.age < 12\", name: young}\n"
     "  critical_4: {kind: critical_review, when: \"item(d) >= 1 or young\"",
     "critical_filter", PSY_ERROR, "flags/critical_4"},
    {"a flag that reads a sound flag",
     "flags:\n  critical_4: {kind: critical_review, when: \"item(d) >= 1\"",
     "flags:\n  sure: {kind: note, when: \"item(a) >= 2\", name: sure}\n"
     "  critical_4: {kind: critical_review, when: \"item(d) >= 1 or sure\"",
     NULL, PSY_NOTE, ""},
    {"filter by a band for everybody", "item(d) >= 1", "total.band >= high", NULL, PSY_NOTE, ""},
    {"filter by who answered", "worse: high", "worse: high\n    informants: [parent]", "informants",
     PSY_WARNING, "scales/total"},
    {"gate that is never open", "scales:\n",
     "gates: [{id: g, when: \"item(1) >= 0\", skips: [2]}]\nscales:\n", "always_fires", PSY_ERROR,
     "gates/g"},
    {"gate that never closes", "scales:\n",
     "gates: [{id: g, when: \"item(1) > 3\", skips: [2]}]\nscales:\n", "never_fires", PSY_ERROR,
     "gates/g"},
    {"gate with an odd value", "scales:\n",
     "gates: [{id: g, when: \"item(1) == 0\", skips: [2], value: 7}]\nscales:\n", "gate_value",
     PSY_WARNING, "gates/g"},
    {"no sources", "sources: [{cite: here, for: [scoring, bands], confidence: verified}]\n", "",
     "sources_missing", PSY_WARNING, "sources"},
    {"no licence", "text_licence: own\n", "", "licence_missing", PSY_WARNING, "text_licence"},
    {"two examples", "  - {name: blank, answers: [2, 2, null, 2], expect: {total: null}}\n", "",
     "few_examples", PSY_WARNING, "examples"},
    {"sensitive without grades", "grades: 7..12\n", "sensitive: true\n", "sensitive_grades",
     PSY_WARNING, "grades"},
    {"nothing critical is asked for", "examples:", "critical_unanswered: {items: []}\nexamples:",
     "critical_items_missing", PSY_WARNING, "critical_unanswered"},
    {"reserved id", "examples:\n",
     "  not: {kind: note, when: \"item(a) == 2\", name: not}\nexamples:\n", "reserved_name",
     PSY_WARNING, "flags/not"},
    {"remembered", "worse: high", "worse: high\n    confidence: memory", "only_remembered",
     PSY_NOTE, "scales/total"},
    {"wording", "zh: 高", "zh: 确诊", "wording", PSY_WARNING, "scales/total"},
    {"flag in another metric",
     "flags:\n  critical_4: {kind: critical_review, when: \"item(d) >= 1\"",
     "variants: {0-3: {}, 1-4: {codes: {1: 0, 2: 1, 3: 2, 4: 3}, shift: -1, scales: {total: "
     "{bands: [{id: low, from: 4}, {id: high, from: 10}]}}}}\nflags:\n  critical_4: {kind: "
     "critical_review, when: \"total >= 9\"",
     "variant_metric", PSY_ERROR, "flags/critical_4"},
    {"unequal items prorated", "  - {ids: 1..4, response: often, names: [a, b, c, d]}",
     "  - {ids: 1..3, response: often, names: [a, b, c]}\n  - {ids: 4, response: often, names: d, "
     "map: {0: 0, 1: 1, 2: 3, 3: 5}}",
     NULL, PSY_NOTE, ""},
    {"two sets for the same persons", "bands: " BANDS,
     "bands: [{population: p, levels: " BANDS "}, {population: p, levels: " BANDS "}]",
     "band_people", PSY_WARNING, "scales/total"},
};

static void test_instrument_lint_finds_each_mistake(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof instruments / sizeof *instruments; i++) {
        print_message("  %s\n", instruments[i].name);
        char *text = fixture_replace(fixture_instrument, instruments[i].from, instruments[i].to);
        if (strstr(text, "mixed") != NULL) {
            char *const other = fixture_replace(
                text, "flags:\n",
                "  mixed: {name: mixed, score: \"sum(items(1..4))\", worse: high}\nflags:\n");
            free(text);
            text = other;
        }
        psy_instrument *const it = fixture_load(text);
        psy_findings *const findings = new_findings();
        assert_int_equal(psyi_instrument_lint(it, findings, NULL), PSY_OK);
        compare(instruments[i].name, findings, instruments[i].rule, instruments[i].severity,
                instruments[i].field);
        psy_findings_free(findings);
        psy_instrument_free(it);
        free(text);
    }
}

static void test_lint_sees_a_filter_beneath_a_scale(void **state)
{
    (void)state;
    char *const one = fixture_replace(fixture_instrument, "flags:\n",
                                      "  hidden: {name: hidden, score: \"if(student.sex == male, "
                                      "total, 0)\", worse: high}\nflags:\n");
    char *const text = fixture_replace(one, "item(d) >= 1", "hidden >= 3");
    psy_instrument *const it = fixture_load(text);
    psy_findings *const findings = new_findings();
    assert_int_equal(psyi_instrument_lint(it, findings, NULL), PSY_OK);
    const size_t at = fixture_find(findings, "critical_filter");
    assert_int_not_equal(at, SIZE_MAX);
    assert_non_null(strstr(psy_findings_get(findings, at).message, "depends on sex"));
    psy_findings_free(findings);
    psy_instrument_free(it);
    free(one);
    free(text);
}

static void test_lint_sees_filters_in_cut_offs_and_norms(void **state)
{
    (void)state;
    static const struct {
        const char *set, *words;
    } rows[] = {
        {"[{sexes: [male], levels: " BANDS "}]", "cut-offs that are not for everybody"},
        {"[{ages: 7..9, levels: " BANDS "}]", "cut-offs that are not for everybody"},
        {"[{of: t@here, levels: [{id: low}, {id: high, from: 60}]}]", "a norm"},
    };
    char *const flag = fixture_replace(fixture_instrument, "item(d) >= 1", "total.band >= high");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *const text = fixture_replace(flag, BANDS, rows[i].set);
        psy_instrument *const it = fixture_load(text);
        psy_findings *const findings = new_findings();
        assert_int_equal(psyi_instrument_lint(it, findings, NULL), PSY_OK);
        const size_t at = fixture_find(findings, "critical_filter");
        assert_int_not_equal(at, SIZE_MAX);
        assert_non_null(strstr(psy_findings_get(findings, at).message, rows[i].words));
        psy_findings_free(findings);
        psy_instrument_free(it);
        free(text);
    }
    free(flag);
}

static void lint_text(const char *text, psy_findings *findings)
{
    psy_instrument *const it = fixture_load(text);
    assert_int_equal(psyi_instrument_lint(it, findings, NULL), PSY_OK);
    psy_instrument_free(it);
}

static void test_silence_answers_a_finding_in_writing(void **state)
{
    (void)state;
    static const char with_gap[] = "id: low, from: 1";
    static const char silence[] =
        "silence: [{rule: band_gap, at: scales/total, reason: the manual prints it so}]\nexamples:";
    char *const gap = fixture_replace(fixture_instrument, "id: low, from: 0", with_gap);
    char *const silenced = fixture_replace(gap, "examples:", silence);
    psy_findings *findings = new_findings();
    lint_text(silenced, findings);
    assert_int_equal(psy_findings_count(findings), 0);
    psy_findings_free(findings);

    /* Another place is not answered, and the answer is left over. */
    char *const elsewhere = fixture_replace(silenced, "at: scales/total", "at: scales/other");
    findings = new_findings();
    lint_text(elsewhere, findings);
    assert_int_not_equal(fixture_find(findings, "band_gap"), SIZE_MAX);
    const size_t unused = fixture_find(findings, "unused_silence");
    assert_int_not_equal(unused, SIZE_MAX);
    assert_int_equal(psy_findings_get(findings, unused).severity, PSY_NOTE);
    assert_true(psy_findings_get(findings, unused).row > 20);
    psy_findings_free(findings);
    free(gap);
    free(silenced);
    free(elsewhere);
}

static void test_a_filter_on_a_critical_flag_cannot_be_silenced(void **state)
{
    (void)state;
    char *const one =
        fixture_replace(fixture_instrument, "item(d) >= 1", "item(d) >= 1 and student.age > 9");
    char *const text = fixture_replace(
        one, "examples:", "silence: [{rule: critical_filter, reason: because}]\nexamples:");
    psy_findings *const findings = new_findings();
    lint_text(text, findings);
    assert_int_not_equal(fixture_find(findings, "critical_filter"), SIZE_MAX);
    psy_findings_free(findings);
    free(one);
    free(text);
}

/* ---- plans ---------------------------------------------------------------------------------- */

#define MHT "uses:\n  mht: {instrument: mht}\n"
#define RULE(rank, when)                                                                           \
    "    - {id: new, rank: " rank ", when: \"" when "\", text: {zh: 新, en: new}}\n"              \
    "    - {id: high,"
#define RULE_AND(rank, when, other)                                                                \
    "    - {id: new, rank: " rank ", when: \"" when "\", text: {zh: 新, en: new}}\n"              \
    "    - {id: other, rank: 3, " other ", text: {zh: 别, en: other}}\n    - {id: high,"
#define RULE_SPLIT(rank, when, one, two)                                                           \
    "    - {id: new, rank: " rank ", when: \"" when "\", text: {zh: 新, en: new}}\n"              \
    "    - {id: second, rank: 2, when: \"" one "\", text: {zh: 二, en: second}}\n"                \
    "    - {id: third, rank: 2, when: \"" two "\", text: {zh: 三, en: third}}\n    - {id: high,"
#define LOCAL(by, rank, when)                                                                      \
    "norms: [{id: l, scale: phq9.total, local: {by: " by "}, metrics: [t]}]\ntiers:\n"             \
    "  scheme: three_first_worst\n  rules:\n"                                                      \
    "    - {id: new, rank: " rank ", when: \"" when "\", text: {zh: 新, en: new}}\n"

static const struct {
    const char *name, *from, *to, *rule;
    psy_severity severity;
    const char *field;
} plans[] = {
    {"nothing wrong", "id: mine", "id: mine", NULL, PSY_NOTE, ""},
    {"identity", "identity: {output: plain}\n", "", "identity_unstated", PSY_ERROR, "identity"},
    {"pseudonyms without a key", "output: plain", "output: pseudonym", "identity_key", PSY_ERROR,
     "identity"},
    {"consent", "duration: seconds", "duration: seconds, consent: agreed", "consent_unstated",
     PSY_ERROR, "consent"},
    {"nobody's answers", "student: no, ", "", "student_missing", PSY_WARNING, "inputs/responses"},
    {"nobody's duty", "duty: {urgent: {hours: 24, who: centre}}\n", "", "duty_missing", PSY_WARNING,
     "duty"},
    {"counts of one", "small_cell: 5", "small_cell: 1", "hides_nothing", PSY_WARNING, "outputs"},
    {"counts of two", "small_cell: 5", "small_cell: 2", NULL, PSY_NOTE, ""},
    {"use in no battery", "uses:\n", "uses:\n  gad7: {instrument: gad7}\n", "use_unused",
     PSY_WARNING, "uses/gad7"},
    {"battery without critical flags", "uses: [phq9]}\n",
     "uses: [phq9]}\n  - {id: calm, when: \"student.grade == 13\", uses: [gad7]}\nduplicates: "
     "manual\n",
     "blind_to_suicide", PSY_WARNING, "batteries/calm"},
    {"suicide items in primary school", "student.grade in 7..12", "student.grade >= 6",
     "sensitive_grades", PSY_WARNING, "batteries/all"},
    {"battery in no grade", "student.grade in 7..12",
     "student.grade in 7..8 and student.stage == primary", "never_given", PSY_ERROR,
     "batteries/all"},
    {"two batteries for one student", "uses: [phq9]}\n",
     "uses: [phq9]}\n  - {id: older, when: \"student.grade > 6 and student.age >= 17\", uses: "
     "[phq9]}\n",
     "batteries_overlap", PSY_WARNING, "batteries/older"},
    {"two batteries for nobody together", "uses: [phq9]}\n",
     "uses: [phq9]}\n  - {id: older, when: \"student.grade > 12\", uses: [phq9]}\n", NULL, PSY_NOTE,
     ""},
    {"several informants, none said", "uses:\n", "uses:\n  sdq: {instrument: sdq}\n",
     "informant_unknown", PSY_WARNING, "uses/sdq"},
    {"rule that never fires", "phq9.total >= 20", "phq9.total >= 20 and phq9.total < 3",
     "never_fires", PSY_ERROR, "tiers/rules/worst"},
    {"limit outside", "phq9.total >= 20", "phq9.total >= 28", "limit_outside", PSY_ERROR,
     "tiers/rules/worst"},
    {"rule for everybody", "phq9.total.band >= moderate", "phq9.total >= 0", "always_fires",
     PSY_ERROR, "tiers/rules/mid"},
    {"rule for everybody, in two pieces", "phq9.total.band >= moderate",
     "phq9.total >= 5 or not (phq9.total >= 6)", "always_fires", PSY_ERROR, "tiers/rules/mid"},
    {"wrong direction", "phq9.total >= 20", "phq9.total <= 20", "wrong_direction", PSY_ERROR,
     "tiers/rules/worst"},
    {"the other end of a piece", "phq9.total >= 20", "phq9.total >= 20 and phq9.total <= 27", NULL,
     PSY_NOTE, ""},
    {"wrong direction of a band", ">= moderate", "<= mild", "wrong_direction", PSY_ERROR,
     "tiers/rules/mid"},
    {"idle rule", "    - {id: high,", RULE("1", "phq9.total >= 18"), "dominated", PSY_WARNING,
     "tiers/rules/new"},
    {"the same rule again", "    - {id: high,", RULE("3", "phq9.total >= 20"), "dominated",
     PSY_WARNING, "tiers/rules/new"},
    {"a stricter rule with the same rank", "    - {id: high,", RULE("3", "phq9.total >= 24"),
     "dominated", PSY_WARNING, "tiers/rules/new"},
    {"idle beside a weaker and", "    - {id: high,",
     RULE("1", "phq9.total >= 18 and phq9.item(self_harm) >= 1"), "dominated", PSY_WARNING,
     "tiers/rules/new"},
    {"an or is no weaker", "    - {id: high,",
     RULE("1", "phq9.total >= 18 or phq9.item(self_harm) >= 1"), NULL, PSY_NOTE, ""},
    {"a count is idle beside the or", "    - {id: high,",
     RULE_AND("2", "count(phq9.item(1) >= 3, phq9.item(2) >= 3, phq9.item(9) >= 2) >= 2",
              "when: \"phq9.item(1) > 2 or phq9.item(2) == 3\""),
     "dominated", PSY_WARNING, "tiers/rules/new"},
    {"a count of one is no less than its or", "    - {id: high,",
     RULE_AND("2", "count(phq9.item(1) >= 3, phq9.item(2) >= 3, phq9.item(9) >= 2) >= 1",
              "when: \"phq9.item(1) > 2 or phq9.item(2) == 3\""),
     NULL, PSY_NOTE, ""},
    {"two of three beside one of three", "    - {id: high,",
     RULE_AND("3", "count(phq9.item(1) >= 2, phq9.item(2) >= 2, phq9.item(3) >= 2) >= 2",
              "when: \"count(phq9.item(1) >= 2, phq9.item(2) >= 2, phq9.item(3) >= 2) >= 1\""),
     "dominated", PSY_WARNING, "tiers/rules/new"},
    {"a rule for girls does not cover all", "    - {id: high,",
     RULE_AND("1", "phq9.item(1) >= 3", "sex: female, when: \"phq9.item(1) >= 3\""), "sex_norm",
     PSY_WARNING, "tiers/rules/other"},
    {"a sum is not looked into", "    - {id: high,",
     RULE("1", "phq9.total >= 18 and phq9.item(1) + phq9.item(2) >= 1"), NULL, PSY_NOTE, ""},
    {"idle beside two that split its range", "    - {id: high,",
     RULE_SPLIT("1", "phq9.total >= 10", "phq9.total in 10..14", "phq9.total in 15..27"),
     "dominated", PSY_WARNING, "tiers/rules/new"},
    {"a hole in the split", "    - {id: high,",
     RULE_SPLIT("1", "phq9.item(4) >= 1 and phq9.item(5) == 3",
                "phq9.item(4) == 1 and phq9.item(5) == 3",
                "phq9.item(4) == 3 and phq9.item(5) == 3"),
     NULL, PSY_NOTE, ""},
    {"two of three beside each pair", "    - {id: high,",
     RULE_SPLIT("1", "count(phq9.item(1) >= 2, phq9.item(2) >= 2, phq9.item(3) >= 2) >= 2",
                "phq9.item(1) >= 2 and phq9.item(2) >= 2",
                "phq9.item(3) >= 2 and (phq9.item(1) >= 2 or phq9.item(2) >= 2)"),
     "dominated", PSY_WARNING, "tiers/rules/new"},
    {"codes of one item, shared out", "    - {id: high,",
     RULE_SPLIT("1", "phq9.item(4) >= 1 and phq9.item(5) == 3",
                "phq9.item(4) == 1 and phq9.item(5) == 3",
                "phq9.item(4) in 2..3 and phq9.item(5) == 3"),
     "dominated", PSY_WARNING, "tiers/rules/new"},
    {"what is asked beyond may be blank", "    - {id: high,",
     RULE_SPLIT("1", "phq9.item(4) >= 1", "phq9.item(4) >= 1 and phq9.item(5) in 2..3",
                "phq9.item(4) >= 1 and phq9.item(5) in 0..1"),
     NULL, PSY_NOTE, ""},
    {"an or beyond helps", "    - {id: high,",
     RULE_SPLIT("1", "phq9.item(4) >= 1", "phq9.item(4) == 1 or phq9.item(5) >= 3",
                "phq9.item(4) >= 2 or phq9.item(6) >= 3"),
     "dominated", PSY_WARNING, "tiers/rules/new"},
    {"rule on a use of no battery", "    - {id: high,",
     "    - {id: x, rank: 2, when: \"gad7.total >= 15\", text: {zh: 新, en: new}}\n    - {id: "
     "high,",
     "not_given", PSY_WARNING, "tiers/rules/x"},
    {"text in one language", "text: {zh: 高, en: high}", "text: {zh: 高}", "label_missing",
     PSY_WARNING, "tiers/rules/high"},
    {"wording", "en: high", "en: diagnosed with depression", "wording", PSY_WARNING,
     "tiers/rules/high"},
    {"remembered cut-off", "phq9.total.band >= moderate",
     "phq9.total.band@adults >= screen_positive", "weak_cutoff", PSY_WARNING, "tiers/rules/mid"},
    {"local norm raising to rank 2", "tiers:\n  scheme: three_first_worst\n  rules:\n",
     LOCAL("[grade]", "2", "phq9.total.t@l >= 70"), "local_rank", PSY_ERROR, "tiers/rules/new"},
    {"local norm raising to rank 1", "tiers:\n  scheme: three_first_worst\n  rules:\n",
     LOCAL("[grade]", "1", "phq9.total.t@l >= 70"), NULL, PSY_NOTE, ""},
    {"local norm by sex", "tiers:\n  scheme: three_first_worst\n  rules:\n",
     LOCAL("[sex]", "1", "phq9.total.t@l >= 70"), "sex_norm", PSY_WARNING, "tiers/rules/new"},
    {"no duration", "duration: seconds}", "class: c}", "no_duration", PSY_WARNING,
     "validity/rules/fast"},
};

/* Changes that need a second one. */
static char *complete(char *text, const char *name)
{
    static const struct {
        const char *name, *from, *to;
    } more[] = {
        {"battery without critical flags", "uses:\n", "uses:\n  gad7: {instrument: gad7}\n"},
        {"several informants, none said", "uses: [phq9]", "uses: [phq9, sdq]"},
        {"rule on a use of no battery", "uses:\n", "uses:\n  gad7: {instrument: gad7}\n"},
        {"no duration", "tiers:",
         "validity: {rules: [{id: fast, when: \"quality.seconds < 60\", status: doubtful, text: "
         "fast}]}\ntiers:"},
        {"a stricter rule with the same rank", "rank: 3, when: \"phq9.total >= 20\"",
         "rank: 3, when: \"phq9.total >= 23\""},
    };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (strcmp(name, more[i].name) == 0) {
            char *const out = fixture_replace(text, more[i].from, more[i].to);
            free(text);
            return out;
        }
    return text;
}

static void test_plan_lint_finds_each_mistake(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        print_message("  %s\n", plans[i].name);
        char *text = fixture_replace(fixture_plan, plans[i].from, plans[i].to);
        text = complete(text, plans[i].name);
        psy_findings *const findings = new_findings();
        psy_plan *const plan = fixture_load_plan(text, catalog, findings);
        const bool also_unused = strcmp(plans[i].name, "rule on a use of no battery") == 0;
        if (also_unused)
            assert_int_not_equal(fixture_find(findings, "not_given"), SIZE_MAX);
        else
            compare(plans[i].name, findings, plans[i].rule, plans[i].severity, plans[i].field);
        psy_findings_free(findings);
        psy_plan_free(plan);
        free(text);
    }
}

static void expect(const char *text, const char *rule, const char *words)
{
    psy_findings *const findings = new_findings();
    psy_plan *const plan = fixture_load_plan(text, catalog, findings);
    const size_t at = fixture_find(findings, rule);
    if (words == NULL) {
        assert_int_equal(at, SIZE_MAX);
    } else {
        assert_int_not_equal(at, SIZE_MAX);
        if (strstr(psy_findings_get(findings, at).message, words) == NULL)
            fail_msg("%s", psy_findings_get(findings, at).message);
    }
    psy_findings_free(findings);
    psy_plan_free(plan);
}

static void test_a_battery_for_the_rest(void **state)
{
    (void)state;
    char *const rest = fixture_replace(fixture_plan, "uses: [phq9]}\n",
                                       "uses: [phq9]}\n  - {id: rest, uses: [phq9]}\n");
    expect(rest, "batteries_overlap", NULL);
    expect(rest, "never_given", NULL);
    char *const after =
        fixture_replace(fixture_plan, "uses: [phq9]}\n",
                        "uses: [phq9]}\n  - {id: rest, uses: [phq9]}\n"
                        "  - {id: late, when: \"student.grade == 9\", uses: [phq9]}\n");
    expect(after, "never_given", "'late' is given to nobody: 'rest' before it is for everybody");
    free(rest);
    free(after);
}

static void test_a_tier_nothing_reaches(void **state)
{
    (void)state;
    char *const four = fixture_replace(fixture_plan, "three_first_worst", "red_orange_yellow_blue");
    /* Urgent critical flags lead to the highest rank and review to the middle one by themselves. */
    expect(four, "tier_unreached", NULL);
    char *const gap = fixture_replace(four, "rank: 3", "rank: 4");
    expect(gap, "tier_unreached", "no rule leads to tier 'orange' (rank 3, orange)");
    free(four);
    free(gap);
}

static void test_a_plan_without_tiers(void **state)
{
    (void)state;
    char *const text = fixture_replace(fixture_plan, "tiers:", "duplicates: manual\n#");
    char *at = strstr(text, "  scheme:");
    char *const end = strstr(text, "duty:");
    memmove(at, end, strlen(end) + 1);
    expect(text, "no_tiers", "the plan has no tiers");
    free(text);
}

/* The rule with MHT in it, on a battery of MHT and PHQ-9. */
static void expect_mht(const char *when, const char *words)
{
    char *const one = fixture_replace(fixture_plan, "uses:\n", MHT);
    char *const two = fixture_replace(one, "uses: [phq9]", "uses: [phq9, mht]");
    char *const text = fixture_replace(two, "phq9.total >= 20", when);
    expect(text, "one_subscale", words);
    free(one);
    free(two);
    free(text);
}

static void test_a_tier_on_one_content_scale_of_the_mht(void **state)
{
    (void)state;
    expect_mht("mht.study_anxiety >= 8", "mht.study_anxiety");
    expect_mht("mht.phobia.band >= high_targeted_guidance", "mht.phobia");
    expect_mht("mht.total >= 65 or mht.somatic >= 8", "mht.somatic");
    expect_mht("count(mht.study_anxiety >= 8, mht.somatic >= 8) >= 1", "mht.study_anxiety");
    expect_mht("count(mht.study_anxiety >= 8, mht.somatic >= 8) >= 2", NULL);
    expect_mht("mht.study_anxiety >= 8 and phq9.total >= 10", NULL);
    expect_mht("mht.total >= 65", NULL);
    /* About two items, not about the scale they belong to. */
    expect_mht("mht.item(85) == 1 or mht.item(97) == 1", NULL);
    expect_mht("count(mht.scale(phobia).items >= 1) >= 8", "mht.phobia");
    expect_mht("mht.total >= 56 and student.sex == female", NULL);
    /* True of everybody from grade 4 on: not the doing of a scale. */
    expect_mht("student.grade >= 4 or mht.total >= 65", NULL);
    expect_mht("mht.validity >= 7", NULL);
    expect_mht("mht.phobia >= 8 and quality.seconds_per_item >= 1 and student.age >= 9",
               "mht.phobia");
    expect_mht("mht.phobia >= 8 and mht.phobia.answered == 10 and not phq9.critical_9",
               "mht.phobia");
    expect_mht("mht.phobia >= 8 and student.sex == female", "mht.phobia");
    expect_mht("mht.phobia >= 8 and student.grade in 10..12", "mht.phobia");
    expect_mht("sum(mht.scale(phobia).items) >= 8", "mht.phobia");
}

static void test_norms_that_do_not_carry_a_tier(void **state)
{
    (void)state;
    char *const one = fixture_replace(
        fixture_plan, "uses:\n",
        "uses:\n  rcads: {instrument: rcads47, informant: self}\n  scl: {instrument: scl90}\n");
    char *const two = fixture_replace(one, "uses: [phq9]", "uses: [phq9, rcads, scl]");
    char *const sexes =
        fixture_replace(two, "phq9.total >= 20", "rcads.depression.t@us_users_guide >= 70");
    expect(sexes, "sex_norm", "which differs by sex");
    char *const print = fixture_replace(two, "phq9.total >= 20", "scl.dep.z@cn1986 >= 2");
    expect(print, "print_only", "norm 'cn1986' is for print only");
    free(one);
    free(two);
    free(sexes);
    free(print);
}

static void test_a_low_score_may_be_the_bad_end(void **state)
{
    (void)state;
    char *const one =
        fixture_replace(fixture_plan, "uses:\n", "uses:\n  who: {instrument: who5}\n");
    char *const two = fixture_replace(one, "uses: [phq9]", "uses: [phq9, who]");
    char *const right = fixture_replace(two, "phq9.total >= 20", "who.raw <= 7");
    char *const wrong = fixture_replace(two, "phq9.total >= 20", "who.raw >= 7");
    char *const turned = fixture_replace(two, "phq9.total >= 20", "not (who.raw >= 7)");
    expect(right, "wrong_direction", NULL);
    expect(wrong, "wrong_direction", "'who.raw' is worse the lower it is");
    expect(turned, "wrong_direction", NULL);
    free(one);
    free(two);
    free(right);
    free(wrong);
    free(turned);
}

/* ---- rules together ---- */

static void expect_rules(const char *rules, const char *rule, const char *words)
{
    char *const text = fixture_replace(
        fixture_plan,
        "    - {id: worst, rank: 3, when: \"phq9.total >= 20\", text: {zh: 极高, en: very high}}\n"
        "    - {id: high, rank: 2, when: \"phq9.total >= 15\", text: {zh: 高, en: high}}\n"
        "    - {id: mid, rank: 1, when: \"phq9.total.band >= moderate\", text: {zh: 中, en: "
        "middle}}\n",
        rules);
    expect(text, rule, words);
    free(text);
}

#define LADDER(id, rank, when) "    - {id: " id ", rank: " rank ", when: \"" when "\"}\n"

static void test_gaps_between_limits(void **state)
{
    (void)state;
    expect_rules(LADDER("a", "2", "phq9.total in 15..19") LADDER("b", "3", "phq9.total >= 21"),
                 "tier_gap",
                 "phq9.total 20 gets rank 0, no warning, but the better score 15 rank 2, level 2");
    expect_rules(LADDER("a", "2", "phq9.total in 15..19") LADDER("b", "3", "phq9.total >= 20"),
                 "tier_gap", NULL);
    expect_rules(LADDER("a", "3", "phq9.total >= 15") LADDER("b", "1", "phq9.total >= 20"),
                 "tier_gap", NULL);
    expect_rules(
        LADDER("a", "1", "phq9.total in 10..27") LADDER("b", "2", "phq9.total in 15..20"),
        "tier_gap",
        "phq9.total 21 gets rank 1, level 3 (mildest), but the better score 15 rank 2, level 2");
    /* Of another filter, or with more to it: not the same ladder. */
    expect_rules("    - {id: a, rank: 2, when: \"phq9.total in 15..19\", stages: [junior]}\n"
                 "    - {id: b, rank: 3, when: \"phq9.total >= 21\"}\n",
                 "tier_gap", "phq9.total 20 gets rank 0");
    expect_rules("    - {id: a, rank: 2, when: \"phq9.total in 15..19\", stages: [junior]}\n"
                 "    - {id: b, rank: 3, when: \"phq9.total >= 20\"}\n",
                 "tier_gap", NULL);
    expect_rules(LADDER("a", "2", "phq9.total >= 15 and phq9.item(9) >= 1"), "tier_gap", NULL);
}

static void test_ranges_that_overlap(void **state)
{
    (void)state;
    expect_rules(LADDER("a", "1", "phq9.total in 10..15") LADDER("b", "2", "phq9.total in 15..27"),
                 "tier_overlap",
                 "'a' (rank 1, level 3 (mildest)) and 'b' (rank 2, level 2) overlap");
    expect_rules(LADDER("a", "1", "phq9.total in 10..14") LADDER("b", "2", "phq9.total in 15..27"),
                 "tier_overlap", NULL);
    expect_rules(LADDER("a", "1", "phq9.total >= 10") LADDER("b", "2", "phq9.total >= 15"),
                 "tier_overlap", NULL);
}

static void test_a_gap_on_a_scale_where_low_is_worse(void **state)
{
    (void)state;
    char *const one =
        fixture_replace(fixture_plan, "uses:\n", "uses:\n  who: {instrument: who5}\n");
    char *const two = fixture_replace(one, "uses: [phq9]", "uses: [phq9, who]");
    char *const gap = fixture_replace(two, "phq9.total >= 20", "who.raw in 8..12");
    char *const closed = fixture_replace(two, "phq9.total >= 20", "who.raw <= 12");
    expect(
        gap, "tier_gap",
        "who.raw 7 gets rank 0, no warning, but the better score 12 rank 3, level 1 (most severe)");
    expect(closed, "tier_gap", NULL);
    free(one);
    free(two);
    free(gap);
    free(closed);
}

static void test_a_rule_for_one_sex_warns(void **state)
{
    (void)state;
    expect_rules("    - {id: a, rank: 2, when: \"phq9.total >= 15\", sex: male}\n", "sex_norm",
                 "rule 'a' is for one sex");
}

#define REPORTS                                                                                    \
    "  external:\n    columns: {student: no, code: what}\n"                                        \
    "    codes: {code: {treated: treated, talk: talks_of_death}}\nuses:\n"

static void expect_external(const char *when, const char *words)
{
    char *const one = fixture_replace(fixture_plan, "uses:\n", REPORTS);
    char *const text = fixture_replace(one, "phq9.total >= 20", when);
    expect(text, "external_lowers", words);
    free(one);
    free(text);
}

static void test_reports_raise_and_never_lower(void **state)
{
    (void)state;
    expect_external("external.talks_of_death", NULL);
    expect_external("phq9.total >= 15 or external.talks_of_death", NULL);
    expect_external("count(external.talks_of_death, external.treated, phq9.total >= 10) >= 2",
                    NULL);
    expect_external("not (phq9.total < 15 and not external.treated)", NULL);
    expect_external("if(phq9.total >= 10, external.treated, phq9.total >= 20)", NULL);
    expect_external("phq9.total >= 15 and not external.treated", "external.treated");
    expect_external("count(external.treated, phq9.total >= 10) < 2", "external.treated");
    expect_external("if(external.treated, phq9.total >= 25, phq9.total >= 15)", "external.treated");
    expect_external("2 > count(external.treated, phq9.total >= 10)", "external.treated");
    expect_external("phq9.total - 5 * count(external.treated) >= 15", "external.treated");
}

static void test_plan_findings_can_be_silenced(void **state)
{
    (void)state;
    char *const local =
        fixture_replace(fixture_plan, "tiers:\n  scheme: three_first_worst\n  rules:\n",
                        LOCAL("[grade]", "3", "phq9.total.t@l >= 70"));
    char *const silenced = fixture_replace(local, "duty:",
                                           "silence: [{rule: local_rank, at: tiers/rules/new, "
                                           "reason: agreed by the committee}]\nduty:");
    expect(local, "local_rank", "raises to rank 3");
    expect(silenced, "local_rank", NULL);
    expect(silenced, "unused_silence", NULL);
    free(local);
    free(silenced);
}

/* ---- documentation --------------------------------------------------------------------------- */

/* Every `psyi_lint_rule x = {"name", ...` of a source file stands in docs/format.md. */
static size_t check_documented(const char *source, const char *document)
{
    static const char mark[] = "const psyi_lint_rule ";
    size_t n = 0;
    char *const text = psy_test_read_file(psy_test_source(source), NULL);
    for (const char *at = strstr(text, mark); at != NULL; at = strstr(at + 1, mark)) {
        const char *const quote = strchr(at, '"'), *const end = strchr(at, ';');
        char name[64];
        if (quote == NULL || end == NULL || quote > end)
            continue; /* a declaration */
        const size_t length = strcspn(quote + 1, "\"");
        assert_true(length + 3 < sizeof name);
        name[0] = '`';
        memcpy(name + 1, quote + 1, length);
        strcpy(name + 1 + length, "`");
        if (strstr(document, name) == NULL)
            fail_msg("docs/format.md does not name %s", name);
        n++;
    }
    free(text);
    return n;
}

static void test_every_lint_rule_is_documented(void **state)
{
    (void)state;
    static const char *const sources[] = {
        "lib/definition/lint.c",      "lib/definition/instrument_lint.c",
        "lib/definition/band_lint.c", "lib/definition/flag_lint.c",
        "lib/definition/tier_lint.c", "lib/definition/plan_lint.c",
        "lib/definition/rule_lint.c"};
    char *const document = psy_test_read_file(psy_test_source("docs/format.md"), NULL);
    size_t n = 0;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        n += check_documented(sources[i], document);
    assert_true(n >= 50);
    free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instrument_lint_finds_each_mistake),
        cmocka_unit_test(test_lint_sees_a_filter_beneath_a_scale),
        cmocka_unit_test(test_lint_sees_filters_in_cut_offs_and_norms),
        cmocka_unit_test(test_silence_answers_a_finding_in_writing),
        cmocka_unit_test(test_a_filter_on_a_critical_flag_cannot_be_silenced),
        cmocka_unit_test(test_plan_lint_finds_each_mistake),
        cmocka_unit_test(test_a_battery_for_the_rest),
        cmocka_unit_test(test_a_tier_nothing_reaches),
        cmocka_unit_test(test_a_plan_without_tiers),
        cmocka_unit_test(test_a_tier_on_one_content_scale_of_the_mht),
        cmocka_unit_test(test_norms_that_do_not_carry_a_tier),
        cmocka_unit_test(test_a_low_score_may_be_the_bad_end),
        cmocka_unit_test(test_gaps_between_limits),
        cmocka_unit_test(test_ranges_that_overlap),
        cmocka_unit_test(test_a_gap_on_a_scale_where_low_is_worse),
        cmocka_unit_test(test_a_rule_for_one_sex_warns),
        cmocka_unit_test(test_reports_raise_and_never_lower),
        cmocka_unit_test(test_plan_findings_can_be_silenced),
        cmocka_unit_test(test_every_lint_rule_is_documented),
    };
    return cmocka_run_group_tests(tests, open_catalog, close_catalog);
}
