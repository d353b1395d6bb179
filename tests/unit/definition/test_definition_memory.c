/*
 * test_definition_memory.c -- when memory runs out anywhere, the call says so, leaks nothing
 * and leaves *out as it was.
 *
 * Our own allocations and libyaml's: the second sweep replaces malloc.
 */
#include "definition_fixture.h"
#include "malloc_sweep.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

/* Something of everything: variants, gates, parts, composites, populations, norms, flags. */
static const char rich_instrument[] =
    "format: psyscreen/instrument/1\n"
    "id: rich\n"
    "edition: \"1\"\n"
    "name: {en: Rich, zh: 富}\n"
    "topics: [a, b]\n"
    "informants: [self, parent]\n"
    "sources: [{cite: here, for: [scoring, bands]}]\n"
    "notes: [one, two]\n"
    "responses:\n"
    "  often: {codes: [0, 1, 2, 3], labels: {0: never}, aliases: {Always: 3}, refused: [8]}\n"
    "  bed: {clock: true}\n"
    "items:\n"
    "  - {ids: 1..4, response: often, names: [a, b, c, d]}\n"
    "  - {ids: [x], response: often, map: {0: 0, 1: 1, 2: 3, 3: 5}, part: more}\n"
    "  - {ids: [bed], response: bed, scored: false}\n"
    "reverse: [2]\n"
    "parts: {more: {optional: true, name: More}}\n"
    "gates: [{id: g, when: \"item(1) == 0\", skips: [x], value: 0}]\n"
    "form: {max_blank: 3}\n"
    "scales:\n"
    "  first: {items: 1..2, score: sum, worse: high, missing: {allow: 1, then: prorate, round: "
    "half_up}}\n"
    "  second: {items: [c, d, x], score: mean, worse: low, bands: [{id: bad, from: 0}, {id: good, "
    "above: 1}]}\n"
    "  both: {parts: [first, second], worse: high}\n"
    "  total:\n"
    "    items: {all_of: [first, second]}\n"
    "    score: sum\n"
    "    worse: high\n"
    "    bands:\n"
    "      - {population: cn, sexes: [male], levels: [{id: low}, {id: high, from: 6}]}\n"
    "      - {population: t, of: t@here, levels: [{id: low}, {id: high, from: 60}]}\n"
    "derived: {half: {score: \"total / 2 + if(early, 1, 0)\"}}\n"
    "flags:\n"
    "  critical_4: {kind: critical_urgent, when: \"item(d) >= 1\"}\n"
    "  early: {kind: note, when: \"first >= 2 and student.grade in 7..9\"}\n"
    "variants: {0-3: {}, 1-4: {codes: {1: 0, 2: 1, 3: 2, 4: 3}, shift: -1, scales: {first: {range: "
    "2..8}}}}\n"
    "silence: [{rule: band_gap, at: scales/total, reason: so}]\n"
    "examples: [{name: one, answers: [1, 1, 1, 1], also: {bed: \"23:30\"}, expect: {first: 3, "
    "total.band@cn: low}}]\n";
static const char rich_norm[] = "format: psyscreen/norms/1\nid: here\ninstrument: rich\n"
                                "kind: table\nmetric: t\npopulation: here\ngroups: [sex]\n";
static const char rich_table[] = "scale,sex,raw,standard\ntotal,male,0,38\n\"total\",female,0,40\n";

static char directory[1024];

static int write_files(void **state)
{
    (void)state;
    psy_error error;
    strcpy(directory, psy_test_directory());
    assert_int_equal(psyi_directory_make(psy_test_path(directory, "norms"), &error), PSY_OK);
    assert_int_equal(psyi_directory_make(psy_test_path(directory, "plans"), &error), PSY_OK);
    psy_test_write_file(psy_test_path(directory, "rich.yaml"), rich_instrument,
                        strlen(rich_instrument));
    psy_test_write_file(psy_test_path(directory, "broken.yaml"), "id: x\n", 6);
    psy_test_write_file(psy_test_path(directory, "norms/here.yaml"), rich_norm, strlen(rich_norm));
    psy_test_write_file(psy_test_path(directory, "norms/here.csv"), rich_table, strlen(rich_table));
    char *const one =
        fixture_replace(fixture_plan, "{instrument: phq9, edition: \"2001\"", "{instrument: rich");
    char *const two = fixture_replace(one, "phq9.total.band >= moderate",
                                      "phq9.total.t@here >= 60 or phq9.total.t@l >= 70");
    char *const plan =
        fixture_replace(two, "tiers:",
                        "norms: [{id: l, scale: phq9.total, local: {by: [grade]}, metrics: [t]}]\n"
                        "tiers:");
    psy_test_write_file(psy_test_path(directory, "plans/mine.yaml"), plan, strlen(plan));
    free(one);
    free(two);
    free(plan);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    psy_test_directory_remove();
    return 0;
}

static psy_status load_instrument(const psy_allocator *allocator, void *context)
{
    (void)context;
    psy_instrument *it = PSY_UNTOUCHED;
    psy_findings *findings = NULL;
    psy_error error = {.status = PSY_OK};
    psy_status status = psy_findings_new(&findings, allocator, &error);
    if (status != PSY_OK)
        return status;
    status = psy_instrument_load_file(&it, psy_test_path(directory, "rich.yaml"), allocator,
                                      findings, &error);
    if (status != PSY_OK) {
        psy_assert_untouched(it);
        assert_int_equal(error.status, status);
    } else {
        psy_instrument_free(it);
    }
    psy_findings_free(findings);
    return status;
}

static psy_status lint_and_describe(const psy_allocator *allocator, void *context)
{
    (void)context;
    psy_instrument *it = NULL;
    psy_findings *findings = NULL;
    psyi_buffer out;
    psy_error error = {.status = PSY_OK};
    psyi_buffer_init(&out, NULL);
    const psy_sink sink = psy_test_sink(&out);
    psy_status status = psy_findings_new(&findings, allocator, &error);
    if (status == PSY_OK)
        status = psy_instrument_load_file(&it, psy_test_path(directory, "rich.yaml"), allocator,
                                          NULL, &error);
    if (status == PSY_OK)
        status = psyi_instrument_lint(it, findings, &error);
    if (status == PSY_OK)
        status = psy_instrument_describe(it, "zh", &sink, &error);
    if (status == PSY_OK)
        status = psy_instrument_summary(it, "en", &sink, &error);
    psyi_buffer_done(&out);
    psy_instrument_free(it);
    psy_findings_free(findings);
    return status;
}

static psy_status open_and_plan(const psy_allocator *allocator, void *context)
{
    (void)context;
    psy_catalog *catalog = PSY_UNTOUCHED;
    psy_plan *plan = PSY_UNTOUCHED;
    psy_findings *findings = NULL;
    psy_error error = {.status = PSY_OK};
    const char *const searched = directory;
    psy_status status = psy_catalog_open(&catalog, &searched, 1, allocator, &error);
    if (status != PSY_OK) {
        psy_assert_untouched(catalog);
        return status;
    }
    status = psy_findings_new(&findings, allocator, &error);
    if (status == PSY_OK)
        status = psy_plan_load_file(&plan, psy_catalog_plan_path(catalog, "mine"), catalog,
                                    allocator, findings, &error);
    if (status == PSY_OK)
        psy_plan_free(plan);
    else
        psy_assert_untouched(plan);
    psy_findings_free(findings);
    psy_catalog_free(catalog);
    return status;
}

static void test_every_allocation_of_loading_may_fail(void **state)
{
    (void)state;
    print_message("  instrument: %zu allocations\n", psy_sweep(load_instrument, NULL));
    print_message("  lint, describe: %zu allocations\n", psy_sweep(lint_and_describe, NULL));
    print_message("  catalogue, plan: %zu allocations\n", psy_sweep(open_and_plan, NULL));
}

/* A file with many problems, so that reporting them may fail, too. */
static psy_status load_broken(const psy_allocator *allocator, void *context)
{
    psy_instrument *it = PSY_UNTOUCHED;
    psy_findings *findings = NULL;
    psy_error error = {.status = PSY_OK};
    const char *const text = context;
    psy_status status = psy_findings_new(&findings, allocator, &error);
    if (status != PSY_OK)
        return status;
    status =
        psy_instrument_load_memory(&it, text, strlen(text), "x.yaml", allocator, findings, &error);
    psy_assert_untouched(it);
    assert_int_equal(error.status, status);
    psy_findings_free(findings);
    return status == PSY_E_SCHEMA ? PSY_OK : status; /* what it is without a failure */
}

static void test_every_allocation_of_reporting_may_fail(void **state)
{
    (void)state;
    char *const one = fixture_replace(rich_instrument, "worse: low", "wrose: low");
    char *const two = fixture_replace(one, "item(d) >= 1", "itm(d) >= 1");
    char *const text = fixture_replace(two, "first >= 2", "fisrt >= 2");
    print_message("  %zu allocations\n", psy_sweep(load_broken, text));
    free(one);
    free(two);
    free(text);
}

static psy_status load_with_malloc(void *context)
{
    return load_instrument(NULL, context);
}

static void test_every_malloc_of_libyaml_may_fail(void **state)
{
    (void)state;
    print_message("  %zu allocations\n", psy_malloc_sweep(load_with_malloc, NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_of_loading_may_fail),
        cmocka_unit_test(test_every_allocation_of_reporting_may_fail),
        cmocka_unit_test(test_every_malloc_of_libyaml_may_fail),
    };
    return cmocka_run_group_tests(tests, write_files, remove_files);
}
