/*
 * test_plan_intake.c -- definitions and plans as people write them, up to the records: what
 * the loader declares is what the intake understands.
 */
#include "test_support.h"

#include "answers/needed.h"
#include "intake/records.h"

#include <psyscreen/catalog.h>
#include <psyscreen/instrument.h>
#include <psyscreen/plan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char instrument_text[] =
    "format: psyscreen/instrument/1\n"
    "id: tiny\n"
    "edition: \"1\"\n"
    "name: Tiny\n"
    "informants: [self]\n"
    "text_licence: none\n"
    "sources: [{cite: \"nobody\", for: [scoring], confidence: memory}]\n"
    "responses:\n"
    "  often: {codes: [0, 1, 2], labels: {0: {en: never, zh: 从不}, 2: {en: always, zh: 总是}},\n"
    "          aliases: {now and then: 1}, refused: [8]}\n"
    "  yes_no: {codes: [0, 1], labels: {0: {en: \"no\", zh: 否}, 1: {en: \"yes\", zh: 是}}}\n"
    "  bed: {clock: true}\n"
    "parts: {extra: {optional: true, name: Extra}}\n"
    "items:\n"
    "  - {ids: 1..4, response: often, names: [a, b, c, d]}\n"
    "  - {ids: [bedtime], response: bed}\n"
    "  - {ids: [wish], response: yes_no, scored: false}\n"
    "  - {ids: [noted], response: yes_no, scored: false}\n"
    "  - {ids: [plan], response: yes_no, scored: false, part: extra}\n"
    "scales:\n"
    "  total: {name: Total, items: [1, 2], score: sum, worse: high}\n"
    "  late: {name: Late, items: [bedtime], score: \"if(item(bedtime) > 1380, 1, 0)\", worse: "
    "high}\n"
    "derived:\n"
    "  shown: {name: Shown, items: [4], score: sum, worse: high}\n"
    "flags:\n"
    "  wishes: {kind: critical_review, when: \"item(wish) >= 1\", name: Wishes}\n"
    "  plans: {kind: critical_urgent, when: \"item(plan) >= 1 or total >= 4\", name: Plans}\n"
    "  remark: {kind: note, when: \"item(3) >= 1 and item(noted) >= 1\", name: Remark}\n";

static const char plan_text[] =
    "format: psyscreen/plan/1\n"
    "id: small\n"
    "name: Small\n"
    "wave: 2026-autumn\n"
    "identity: {output: plain}\n"
    "inputs:\n"
    "  responses:\n"
    "    separator: semicolon\n"
    "    header_row: 2\n"
    "    header: {4: T2}\n"
    "    columns: {student: [学号, 学籍号], sex: \"#2\", submitted_at: 时间}\n"
    "    items: {tiny: {pattern: \"T{n}\", bedtime: [上床*], wish: 愿望, plan: 计划}}\n"
    "    codes: {sex: {1: male, 2: female}, tiny: {rarely: 1, so-so: skipped}}\n"
    "    missing: {skipped: [\"(跳过)\"], blank: [\"-2\"]}\n"
    "    dates: dmy\n"
    "uses: {tiny: {instrument: tiny, edition: \"1\", informant: self}}\n"
    "batteries: [{id: all, name: All, uses: [tiny]}]\n"
    "tiers:\n"
    "  scheme: three_first_worst\n"
    "  rules: [{id: high, rank: 1, when: \"tiny.total >= 3\", text: Total high}]\n";

static void test_needed_items_of_a_definition(void **state)
{
    (void)state;
    psy_instrument *instrument = NULL;
    psy_error error = {0};
    const psy_status status = psy_instrument_load_memory(
        &instrument, instrument_text, sizeof instrument_text - 1, "tiny.yaml", NULL, NULL, &error);
    if (status != PSY_OK)
        fail_msg("%s", error.message);
    uint8_t need[8];
    assert_int_equal(instrument->n_items, 8);
    psyi_items_needed(instrument, 0, PSYI_INFORMANT_SELF, need);
    static const uint8_t expected[] = {PSYI_NEED_ALWAYS, PSYI_NEED_ALWAYS, PSYI_NEED_NOT,
                                       PSYI_NEED_NOT,    PSYI_NEED_ALWAYS, PSYI_NEED_ALWAYS,
                                       PSYI_NEED_NOT,    PSYI_NEED_PART};
    for (size_t i = 0; i < 8; i++) {
        print_message("  %s\n", instrument->items[i].id);
        assert_int_equal(need[i], expected[i]);
    }
    psy_instrument_free(instrument);
}

static void test_a_plan_reads_its_file(void **state)
{
    static const char answers[] = "Export of a platform;;;\n"
                                  "学籍号;性别;T1;\xEF\xBF\xBDT2;时间;上床时间（必填）;愿望;T3\n"
                                  "G1;2;总是;rarely;03/09/2026 12:00;23：30;是;1.0\n"
                                  "G2;1;(跳过);-2;;;否;so-so\n";
    (void)state;
    const char *const directory = psy_test_directory();
    psy_test_write_file(psy_test_path(directory, "tiny.yaml"), instrument_text,
                        sizeof instrument_text - 1);
    psy_test_write_file(psy_test_path(directory, "small.plan"), plan_text, sizeof plan_text - 1);
    const char *const file = psy_test_path(directory, "answers.csv");
    psy_test_write_file(file, answers, sizeof answers - 1);

    psy_catalog *catalog = NULL;
    psy_plan *plan = NULL;
    psyi_intake *intake = NULL;
    psy_findings *findings = NULL;
    psy_error error = {0};
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psy_catalog_open(&catalog, &directory, 1, NULL, &error), PSY_OK);
    psy_status status = psy_plan_load_file(&plan, psy_test_path(directory, "small.plan"), catalog,
                                           NULL, NULL, &error);
    if (status != PSY_OK)
        fail_msg("%u: %s", error.where.line, error.message);
    const psyi_intake_options options = {
        .input = &plan->responses, .uses = plan->uses, .n_uses = plan->n_uses};
    status = psyi_intake_read(&intake, &options, &file, NULL, 1, NULL, findings, &error);
    if (status != PSY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(intake->n_records, 2);
    assert_string_equal(intake->records[0].student, "G1");
    assert_int_equal(intake->records[0].row, 3);
    assert_int_equal(intake->records[0].sex, PSYI_SEX_FEMALE);
    assert_true(intake->records[0].submitted_at != PSYI_NO_TIME);
    static const uint8_t expected[2][8] = {
        {2, 1, 1, PSYI_NOT_APPLICABLE, 0, 1, PSYI_NOT_APPLICABLE, PSYI_NOT_APPLICABLE},
        {PSYI_SKIPPED, PSYI_BLANK, PSYI_SKIPPED, PSYI_NOT_APPLICABLE, PSYI_BLANK, 0,
         PSYI_NOT_APPLICABLE, PSYI_NOT_APPLICABLE}};
    for (size_t record = 0; record < 2; record++)
        for (size_t item = 0; item < 8; item++)
            assert_int_equal(*psyi_sheets_byte(intake->sheets[0], record, item),
                             expected[record][item]);
    assert_int_equal(intake->sheets[0]->numbers[4][0], 1410);
    assert_int_equal(psy_findings_count(findings), 1); /* the items without a column */
    psyi_intake_free(intake);
    psy_plan_free(plan);
    psy_catalog_free(catalog);
    psy_findings_free(findings);
    psy_test_directory_remove();
}

/* Real answers of real people, which are no part of the project: a header whose first name
 * has a broken byte order mark before it, codes 1 to 4 for 0 to 3. */
static void test_an_open_file_is_read_by_its_plan(void **state)
{
    (void)state;
    const char *const packed = psy_test_shared("data/dass42/dass21cleaned.csv.xz");
    if (packed == NULL) {
        print_message("  skipped: data/dass42/dass21cleaned.csv.xz is not there\n");
        skip();
    }
    char command[2048];
    const char *const directory = psy_test_directory();
    const char *const file = psy_test_path(directory, "dass21.csv");
    snprintf(command, sizeof command, "xz -dc '%s' > '%s'", packed, file);
    assert_int_equal(system(command), 0);

    const char *const instruments = psy_test_source("instruments");
    psy_catalog *catalog = NULL;
    psy_plan *plan = NULL;
    psyi_intake *intake = NULL;
    psy_findings *findings = NULL;
    psy_error error = {0};
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psy_catalog_open(&catalog, &instruments, 1, NULL, &error), PSY_OK);
    const psy_status status = psy_plan_load_file(
        &plan, psy_test_source("instruments/plans/dass21_open.yaml"), catalog, NULL, NULL, &error);
    if (status != PSY_OK)
        fail_msg("%u: %s", error.where.line, error.message);
    const psyi_intake_options options = {
        .input = &plan->responses, .uses = plan->uses, .n_uses = plan->n_uses};
    if (psyi_intake_read(&intake, &options, &file, NULL, 1, NULL, findings, &error) != PSY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(intake->n_records, 22662);
    size_t answered = 0;
    for (size_t i = 0; i < intake->n_records; i++)
        answered += psyi_sheets_answered(intake->sheets[0], i) == 21;
    assert_int_equal(answered, 22662);
    psyi_intake_free(intake);

    /* The same header without the override: the sentence says what to declare. */
    psyi_input plain = plan->responses;
    psyi_intake_options again = options;
    plain.n_header = 0;
    again.input = &plain;
    assert_int_equal(psyi_intake_read(&intake, &again, &file, NULL, 1, NULL, findings, &error),
                     PSY_E_DATA);
    assert_non_null(strstr(error.message, "declare `header: {2: Q1A}`"));
    psy_plan_free(plan);
    psy_catalog_free(catalog);
    psy_findings_free(findings);
    psy_test_directory_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_needed_items_of_a_definition),
        cmocka_unit_test(test_a_plan_reads_its_file),
        cmocka_unit_test(test_an_open_file_is_read_by_its_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
