/* definition_fixture.c -- see definition_fixture.h. */
#include "definition_fixture.h"

#include <stdlib.h>
#include <string.h>

const char fixture_instrument[] =
    "format: psyscreen/instrument/1\n"
    "id: mine\n"
    "edition: \"1\"\n"
    "name: {en: Mine, zh: 我的}\n"
    "informants: [self]\n"
    "grades: 7..12\n"
    "text_licence: own\n"
    "sources: [{cite: here, for: [scoring, bands], confidence: verified}]\n"
    "responses:\n"
    "  often: {codes: [0, 1, 2, 3]}\n"
    "items:\n"
    "  - {ids: 1..4, response: often, names: [a, b, c, d]}\n"
    "scales:\n"
    "  total:\n"
    "    name: {en: Total, zh: 总分}\n"
    "    items: 1..4\n"
    "    score: sum\n"
    "    worse: high\n"
    "    bands: [{id: low, from: 0, name: {en: low, zh: 低}}, {id: high, from: 6, name: {en: high, "
    "zh: 高}}]\n"
    "flags:\n"
    "  critical_4: {kind: critical_review, when: \"item(d) >= 1\", name: {en: item 4, zh: 第4题}}\n"
    "examples:\n"
    "  - {name: ones, answers: [1, 1, 1, 1], expect: {total: 4, total.band: low}}\n"
    "  - {name: twos, answers: [2, 2, 2, 2], expect: {total: 8, total.band: high}}\n"
    "  - {name: blank, answers: [2, 2, null, 2], expect: {total: null}}\n";

const char fixture_plan[] =
    "format: psyscreen/plan/1\n"
    "id: mine\n"
    "wave: 2026-autumn\n"
    "identity: {output: plain}\n"
    "inputs:\n"
    "  responses:\n"
    "    columns: {student: no, sex: sex, duration: seconds}\n"
    "    items: {phq9: \"PHQ_{n}\"}\n"
    "    codes:\n"
    "      sex: {1: male, 2: female}\n"
    "uses:\n"
    "  phq9: {instrument: phq9, edition: \"2001\", informant: self}\n"
    "batteries:\n"
    "  - {id: all, when: \"student.grade in 7..12\", uses: [phq9]}\n"
    "tiers:\n"
    "  scheme: three_first_worst\n"
    "  rules:\n"
    "    - {id: worst, rank: 3, when: \"phq9.total >= 20\", text: {zh: 极高, en: very high}}\n"
    "    - {id: high, rank: 2, when: \"phq9.total >= 15\", text: {zh: 高, en: high}}\n"
    "    - {id: mid, rank: 1, when: \"phq9.total.band >= moderate\", text: {zh: 中, en: middle}}\n"
    "duty: {urgent: {hours: 24, who: centre}}\n"
    "outputs: {language: [zh, en], small_cell: 5}\n";

char *fixture_replace(const char *text, const char *from, const char *to)
{
    const char *const at = strstr(text, from);
    if (at == NULL)
        fail_msg("the fixture has no '%s'", from);
    const size_t before = (size_t)(at - text), tail = strlen(at) - strlen(from);
    char *const out = malloc(before + strlen(to) + tail + 1);
    assert_non_null(out);
    memcpy(out, text, before);
    memcpy(out + before, to, strlen(to));
    memcpy(out + before + strlen(to), at + strlen(from), tail + 1);
    return out;
}

psy_instrument *fixture_load(const char *text)
{
    psy_instrument *instrument = NULL;
    psy_error error = {.status = PSY_OK};
    if (psy_instrument_load_memory(&instrument, text, strlen(text), "mine.yaml", NULL, NULL,
                                   &error) != PSY_OK)
        fail_msg("%u:%u: %s", (unsigned)error.where.line, (unsigned)error.where.column,
                 error.message);
    return instrument;
}

psy_catalog *fixture_catalog(void)
{
    psy_catalog *catalog = NULL;
    psy_error error = {.status = PSY_OK};
    const char *const directory = psy_test_source("instruments");
    if (psy_catalog_open(&catalog, &directory, 1, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    return catalog;
}

psy_plan *fixture_load_plan(const char *text, const psy_catalog *catalog, psy_findings *findings)
{
    psy_plan *plan = NULL;
    psy_error error = {.status = PSY_OK};
    const char *const path = psy_test_path(psy_test_directory(), "mine.yaml");
    psy_test_write_file(path, text, strlen(text));
    if (psy_plan_load_file(&plan, path, catalog, NULL, findings, &error) != PSY_OK)
        fail_msg("%u:%u: %s", (unsigned)error.where.line, (unsigned)error.where.column,
                 error.message);
    psy_test_directory_remove();
    return plan;
}

size_t fixture_find(const psy_findings *findings, const char *rule)
{
    for (size_t i = 0; i < psy_findings_count(findings); i++)
        if (strcmp(psy_findings_get(findings, i).rule, rule) == 0)
            return i;
    return SIZE_MAX;
}
