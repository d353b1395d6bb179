/*
 * test_examples.c -- worked examples: those of the project hold, and wrong ones are told.
 */
#include "catalogue.h"
#include "score/scorer.h"
#include "test_support.h"

#include <psyscreen/findings.h>

#include <stdio.h>
#include <string.h>

/* What was found in its examples, of which so many are there, and failed. */
static psy_findings *findings_of(const psy_instrument *instrument, size_t wanted, size_t failing)
{
    psy_findings *findings = NULL;
    size_t n_run, n_failed;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_examples_run(instrument, findings, &n_run, &n_failed, NULL, NULL),
                     PSY_OK);
    for (size_t f = 0; f < psy_findings_count(findings) && n_failed != failing; f++)
        print_message("  %s\n", psy_findings_get(findings, f).message);
    assert_int_equal(n_run, wanted);
    assert_int_equal(n_failed, failing);
    return findings;
}

static void test_examples_of_every_instrument_hold(void **state)
{
    (void)state;
    catalogue all;
    catalogue_open(&all);
    size_t total = 0;
    for (size_t i = 0; i < all.n; i++) {
        psy_findings *findings = NULL;
        size_t n_run, n_failed;
        assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
        assert_int_equal(
            psyi_examples_run(all.instruments[i], findings, &n_run, &n_failed, NULL, NULL), PSY_OK);
        for (size_t f = 0; f < psy_findings_count(findings); f++)
            print_message("  %s\n", psy_findings_get(findings, f).message);
        assert_int_equal(n_failed, 0);
        total += n_run;
        psy_findings_free(findings);
    }
    print_message("  %zu examples of %zu instruments\n", total, all.n);
    catalogue_close(&all);
}

static const char wrong[] =
    "format: psyscreen/instrument/1\nid: wrong\nedition: '1'\nname: wrong\ntext_licence: none\n"
    "informants: [self]\n"
    "responses: {f: {codes: [0, 1, 2], labels: {2: often}, refused: [8]}, h: {number: 0..24, "
    "decimals: 1},\n"
    "  t: {clock: true}}\n"
    "items: [{ids: 1..3, response: f}, {ids: [h], response: h}, {ids: [t], response: t}]\n"
    "scales:\n"
    "  x: {items: 1..3, score: mean, missing: {allow: 1, then: mean}, worse: high,\n"
    "      bands: [{id: low, from: 0}, {id: high, from: 1}]}\n"
    "  clock: {score: 'item(h) + item(t)', worse: high}\n"
    "flags: {f: {kind: note, when: 'item(1) >= 1'}, r: {kind: note, when: 'refused(item(1))'}}\n"
    "examples:\n"
    "  - name: right\n"
    "    answers: {1: 1, 2: often, 3: null, h: 7.5, t: '23:30'}\n"
    "    expect: {x: 1.5, x.band: high, x.answered: 2, x.status: prorated, clock: 1417.5, f: true, "
    "r: false}\n"
    "  - name: decimals\n"
    "    answers: {1: 1, 2: 1, 3: 2}\n"
    "    expect: {x: 1.3333}\n"
    "  - name: refused\n"
    "    answers: {1: 8, 2: refused, 3: skipped}\n"
    "    expect: {x: null, x.status: not_scored, f: null, r: true, x.band: null}\n"
    "  - name: too few decimals\n"
    "    answers: {1: 1, 2: 1, 3: 2}\n"
    "    expect: {x: 1.33}\n"
    "  - name: all wrong\n"
    "    answers: {1: 1, 2: 1, 3: null}\n"
    "    expect: {x: null,\n"
    "             x.band: low, x.status: scored, f: null, clock: 5}\n"
    "  - name: bad answer\n"
    "    answers: {1: 7, 2: 1, 3: 1}\n"
    "    expect: {x: 1}\n";

static const struct {
    const char *message;
    uint64_t row;
    uint32_t column;
} told[] = {
    {"example 'too few decimals': x is 1.3333333333333333, expected 1.33", 27, 14},
    {"example 'all wrong': x is 1, expected null", 30, 14},
    {"example 'all wrong': x.band is high, expected low", 31, 14},
    {"example 'all wrong': x.status is prorated, expected scored", 31, 27},
    {"example 'all wrong': f is true, expected null", 31, 45},
    {"example 'all wrong': clock is null, expected 5", 31, 54},
    {"example 'bad answer': '7' is no answer to item 1", 32, 0},
};

static void test_each_difference_is_a_finding_at_its_place(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_text(wrong);
    psy_findings *const findings = findings_of(instrument, 6, 3);
    for (size_t i = 0; i < psy_findings_count(findings) && i < sizeof told / sizeof *told; i++) {
        const psy_finding finding = psy_findings_get(findings, i);
        assert_string_equal(finding.message, told[i].message);
        assert_string_equal(finding.rule, "example_failed");
        assert_string_equal(finding.subject, "wrong");
        assert_int_equal(finding.severity, PSY_ERROR);
        assert_int_equal(finding.row, told[i].row);
        if (told[i].column != 0)
            assert_int_equal(finding.column, told[i].column);
    }
    assert_int_equal(psy_findings_count(findings), sizeof told / sizeof *told);
    psy_findings_free(findings);
    /* Nobody has to listen. */
    size_t n_run, n_failed;
    assert_int_equal(psyi_examples_run(instrument, NULL, &n_run, &n_failed, NULL, NULL), PSY_OK);
    assert_int_equal(n_failed, 3);
    psy_instrument_free(instrument);
}

static const char gated[] =
    "format: psyscreen/instrument/1\nid: gated\nedition: '1'\nname: gated\n"
    "text_licence: none\ninformants: [self]\nresponses: {f: {codes: [0, 1, 2]}}\n"
    "items: [{ids: 1..4, response: f}]\n"
    "gates: [{id: none, when: 'item(1) == 0', skips: [2, 3], value: 0},\n"
    "        {id: low, when: 'item(4) == 0', skips: [3], value: 0}]\n"
    "scales: {x: {items: 1..4, score: sum, worse: high}}\n"
    "examples:\n"
    "  - {name: open, answers: [1, 2, 2, 1], expect: {closed_gate: null}}\n"
    "  - {name: closed, answers: [0, 1, 2, 0], expect: {closed_gate: 2 3}}\n"
    "  - {name: one of two, answers: [1, 1, 2, 0], expect: {closed_gate: '3'}}\n"
    "  - {name: no answer that counts, answers: [0, 0, null, 1], expect: {closed_gate: null}}\n"
    "  - {name: wrong, answers: [0, 1, 0, 1], expect: {closed_gate: '3'}}\n"
    "  - {name: wrongly none, answers: [0, 1, 0, 1], expect: {closed_gate: null}}\n";

/* What the finding closed_gate names is an expectation, so that a gate can prove itself. */
static void test_answers_behind_a_closed_gate_are_expected_by_name(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_text(gated);
    psy_findings *const findings = findings_of(instrument, 6, 2);
    assert_int_equal(psy_findings_count(findings), 2);
    assert_string_equal(psy_findings_get(findings, 0).message,
                        "example 'wrong': closed_gate is 2, expected 3");
    assert_string_equal(psy_findings_get(findings, 1).message,
                        "example 'wrongly none': closed_gate is 2, expected null");
    psy_findings_free(findings);
    psy_instrument_free(instrument);
}

/* However many they are; and a division by zero on the same sheet is none of them. */
static void test_all_answers_behind_a_closed_gate(void **state)
{
    (void)state;
    char text[3000], ids[400] = "";
    int n = snprintf(text, sizeof text,
                     "format: psyscreen/instrument/1\nid: gated\nedition: '1'\nname: gated\n"
                     "text_licence: none\ninformants: [self]\nresponses: {f: {codes: [0, 1, 2]}}\n"
                     "items: [{ids: 1..60, response: f}]\n"
                     "gates: [{id: none, when: 'item(1) == 0', skips: [2..60], value: 0}]\n"
                     "scales: {x: {items: 1..60, score: sum, worse: high},\n"
                     "  q: {score: '1 / item(1)', worse: high}}\n"
                     "examples:\n  - {name: all, answers: [0");
    for (int i = 2; i <= 60; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, ", 1");
    for (int i = 2, at = 0; i <= 60; i++)
        at += snprintf(ids + at, sizeof ids - (size_t)at, "%s%d", i > 2 ? " " : "", i);
    snprintf(text + n, sizeof text - (size_t)n, "], expect: {x: 59, q: null, closed_gate: %s}}\n",
             ids);
    psy_instrument *const instrument = instrument_of_text(text);
    psy_findings *const findings = findings_of(instrument, 1, 0);
    psy_findings_free(findings);
    psy_instrument_free(instrument);
}

static psy_status run_all_examples(const psy_allocator *allocator, void *context)
{
    size_t n_run, n_failed;
    return psyi_examples_run(context, NULL, &n_run, &n_failed, allocator, NULL);
}

static void test_out_of_memory_is_reported(void **state)
{
    (void)state;
    psy_instrument *instrument = instrument_of_test("constructs.yaml");
    assert_true(psy_sweep(run_all_examples, instrument) > 20);
    psy_instrument_free(instrument);
    instrument = instrument_of_text(gated);
    assert_true(psy_sweep(run_all_examples, instrument) > 20);
    psy_instrument_free(instrument);
    instrument = instrument_of_text(wrong); /* and where there is something to tell */
    assert_true(psy_sweep(run_all_examples, instrument) > 20);
    psy_instrument_free(instrument);
}

/* An example may answer nothing, name a variant, stand at the end of a range, or expect what is no
 * number or no column. */
static void test_examples_of_the_ends(void **state)
{
    (void)state;
    static const char ends[] =
        "format: psyscreen/instrument/1\nid: ends\nedition: '1'\nname: ends\n"
        "text_licence: none\ninformants: [self]\n"
        "responses: {f: {codes: [0, 1, 2], not_applicable: [9]}}\n"
        "items: [{ids: 1..2, response: f}]\n"
        "scales:\n"
        "  xx: {items: 1..2, score: sum, worse: high}\n"
        "  x: {items: 1..2, score: sum, worse: high}\n"
        "  q: {items: 1..2, score: 'item(1) / item(2)', worse: high}\n"
        "variants: {plain: {}, higher: {codes: {1: 0, 2: 1, 3: 2}}}\n"
        "examples:\n"
        "  - {name: nothing, answers: [null, null], expect: {x: null, x.end: null}}\n"
        "  - {name: not asked, answers: [9, 9], expect: {x: null, x.status: not_given}}\n"
        "  - {name: higher, variant: higher, answers: [3, 2], expect: {x: 3, x.end: between, "
        "q.end: null, q: 2}}\n"
        "  - {name: nearly, answers: [1, 2], expect: {q: 0.50001, xx: 3.0001}}\n"
        "  - {name: best, answers: [0, 0], expect: {x.end: best}}\n"
        "  - {name: worst, answers: [2, 2], expect: {x.end: worst}}\n"
        "  - {name: whole, answers: [1, 2], expect: {x: 4}}\n"
        "  - {name: empty texts, answers: ['', ''], expect: {x: null, x.status: not_given}}\n"
        "  - {name: no number, answers: [1, 2], expect: {x: three}}\n"
        "  - {name: no norm, answers: [1, 2], expect: {x.t@gone: 50, x.band@gone: low, "
        "x.bandage@gone: "
        "low, y.t@gone: 50}}\n";
    psy_instrument *const instrument = instrument_of_text(ends);
    psy_findings *const findings = findings_of(instrument, 10, 4);
    assert_int_equal(psy_findings_count(findings), 7);
    assert_string_equal(psy_findings_get(findings, 2).message,
                        "example 'no number': x is 3, expected three");
    /* A text without norms beside it: nobody can say at its loading that there is no such column.
     */
    static const char *const gone[] = {"x.t@gone", "x.band@gone", "x.bandage@gone", "y.t@gone"};
    for (size_t i = 0; i < 4; i++) {
        char message[100];
        snprintf(message, sizeof message, "example 'no norm': there is no result '%s'", gone[i]);
        assert_string_equal(psy_findings_get(findings, 3 + i).message, message);
    }
    assert_string_equal(psy_findings_get(findings, 0).message,
                        "example 'nearly': xx is 3, expected 3.0001");
    assert_string_equal(psy_findings_get(findings, 1).message,
                        "example 'whole': x is 3, expected 4");
    psy_findings_free(findings);
    psy_instrument_free(instrument);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples_of_every_instrument_hold),
        cmocka_unit_test(test_each_difference_is_a_finding_at_its_place),
        cmocka_unit_test(test_answers_behind_a_closed_gate_are_expected_by_name),
        cmocka_unit_test(test_all_answers_behind_a_closed_gate),
        cmocka_unit_test(test_out_of_memory_is_reported),
        cmocka_unit_test(test_examples_of_the_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
