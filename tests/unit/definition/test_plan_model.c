/* test_plan_model.c -- what the loader makes of a plan, and the tier schemes. */
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

static psy_plan *with(const char *from, const char *to)
{
    char *const text = fixture_replace(fixture_plan, from, to);
    psy_plan *const plan = fixture_load_plan(text, catalog, NULL);
    free(text);
    return plan;
}

static void test_the_demo_plans_load(void **state)
{
    (void)state;
    static const char *const ids[] = {"district_demo", "dass21_open"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        psy_plan *plan = NULL;
        psy_error error = {.status = PSY_OK};
        psy_findings *findings = NULL;
        assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
        if (psy_plan_load_file(&plan, psy_catalog_plan_path(catalog, ids[i]), catalog, NULL,
                               findings, &error) != PSY_OK)
            fail_msg("%s", error.message);
        assert_string_equal(psy_plan_id(plan), ids[i]);
        assert_int_equal(psy_findings_count_severity(findings, PSY_ERROR), 0);
        psy_findings_free(findings);
        psy_plan_free(plan);
    }
    psy_plan_free(NULL);
}

static void test_plan_keeps_what_it_says(void **state)
{
    (void)state;
    psy_plan *const plan = with("outputs:", "as_of: 2026-10-15\n"
                                            "duplicates: most_complete\n"
                                            "consent: {no_consent: ignore, unanswered: allow}\n"
                                            "grades: {accept: [chinese]}\n"
                                            "outputs:");
    assert_true(plan->identity_stated && !plan->pseudonym);
    assert_string_equal(plan->as_of, "2026-10-15");
    assert_int_equal(plan->duplicates, PSYI_DUPLICATES_MOST_COMPLETE);
    assert_int_equal(plan->no_consent, PSYI_CONSENT_IGNORE);
    assert_true(plan->consent_stated && plan->consent_unanswered_allowed);
    assert_int_equal(plan->grade_forms, PSYI_GRADES_CHINESE);
    assert_int_equal(plan->n_uses, 1);
    assert_int_equal(plan->uses[0].informant, PSYI_INFORMANT_SELF);
    assert_int_equal(plan->n_batteries, 1);
    assert_int_equal(plan->n_rules, 3);
    assert_int_equal(plan->rules[1].rank, 2);
    assert_string_equal(plan->rules[1].text.zh, "高");
    assert_string_equal(plan->scheme->id, "three_first_worst");
    assert_int_equal(plan->urgent.hours, 24);
    assert_int_equal(plan->review.hours, 0);
    assert_int_equal(plan->languages[0], PSYI_ZH);
    assert_int_equal(plan->small_cell, 5);
    assert_int_equal(plan->responses.header_row, 1);
    assert_true(plan->responses.present && !plan->roster.present);
    assert_string_equal(plan->responses.columns[PSYI_FIELD_DURATION].names[0], "seconds");
    assert_string_equal(plan->responses.items[0].pattern, "PHQ_{n}");
    assert_string_equal(plan->responses.codes[0].texts[1].value, "female");
    assert_int_equal(plan->text_length, strlen(plan->text));
    psy_plan_free(plan);
}

static void test_input_maps_items_columns_and_missing_texts(void **state)
{
    (void)state;
    psy_plan *const plan =
        with("    items: {phq9: \"PHQ_{n}\"}\n",
             "    encoding: gb18030\n    separator: tab\n    header_row: 3\n    header: {2: Q1A}\n"
             "    items: {phq9: {pattern: \"P{n:02}\", 3: [Q3, \"3、\"], self_harm: \"#12\"}}\n"
             "    missing: {blank: [\"\", \"-\"], skipped: \"(跳过)\"}\n    dates: dmy\n");
    const psyi_input *const in = &plan->responses;
    assert_string_equal(in->encoding, "gb18030");
    assert_int_equal(in->separator, '\t');
    assert_int_equal(in->header_row, 3);
    assert_int_equal(in->header[0].position, 2);
    assert_int_equal(in->items[0].n_items, 2);
    assert_int_equal(in->items[0].items[0].item, 2);
    assert_string_equal(in->items[0].items[0].column.names[1], "3、");
    assert_int_equal(in->items[0].items[1].item, 8);
    assert_int_equal(in->blank.n_texts, 2);
    assert_string_equal(in->skipped.texts[0], "(跳过)");
    assert_string_equal(in->dates, "dmy");
    psy_plan_free(plan);
}

static void test_unknown_is_a_sex_and_an_informant(void **state)
{
    (void)state;
    psy_plan *const plan = with("sex: {1: male, 2: female}",
                                "sex: {1: male, 3: unknown}\n      informant: {x: unknown}");
    assert_string_equal(plan->responses.codes[0].texts[1].value, "unknown");
    assert_string_equal(plan->responses.codes[1].texts[0].value, "unknown");
    psy_plan_free(plan);
}

static void test_a_plan_without_batteries_gives_everything_to_everybody(void **state)
{
    (void)state;
    psy_plan *const plan =
        with("batteries:\n  - {id: all, when: \"student.grade in 7..12\", uses: [phq9]}\n", "");
    assert_int_equal(plan->n_batteries, 1);
    assert_null(plan->batteries[0].when);
    assert_int_equal(plan->batteries[0].n_uses, 1);
    psy_plan_free(plan);
}

static void test_an_instrument_of_one_informant_needs_none_stated(void **state)
{
    (void)state;
    psy_plan *plan = with(", informant: self", "");
    assert_int_equal(plan->uses[0].informant, PSYI_INFORMANT_SELF);
    psy_plan_free(plan);
    plan = with("uses:\n", "uses:\n  sdq: {instrument: sdq}\n");
    assert_int_equal(plan->uses[0].informant, PSYI_INFORMANT_UNKNOWN);
    psy_plan_free(plan);
}

static void test_rules_read_columns_by_number(void **state)
{
    (void)state;
    psy_plan *const plan =
        with("    - {id: high,",
             "    - {id: mixed, rank: 1, when: \"phq9.total >= 7 and "
             "phq9.item(self_harm) >= 1 and phq9.critical_9 and quality.seconds_per_item < 1 and "
             "student.sex == female and phq9.total.band@adults == screen_positive and "
             "phq9.total.answered >= 8\"}\n"
             "    - {id: high,");
    psy_plan_free(plan);
    psy_plan *const local = with(
        "tiers:",
        "norms:\n"
        "  - {id: n1, scale: phq9.total, local: {by: [stage, grade]}, metrics: [t, percentile]}\n"
        "  - {id: n2, scale: phq9.total, local: {by: sex, min_n: 30, below: pool}, metrics: [z]}\n"
        "validity: {rules: [{id: v, status: retest, when: \"phq9.total.z@n2 >= 3 or "
        "phq9.total.percentile@n1 >= 99\", grades: 7..9}]}\n"
        "tiers:");
    assert_int_equal(local->n_locals, 2);
    assert_int_equal(local->n_local_columns, 3);
    assert_int_equal(local->locals[1].first_column, 2);
    assert_int_equal(local->locals[1].rule.min_n, 30);
    assert_int_equal(local->locals[0].rule.min_n, 100);
    assert_int_equal(local->locals[0].rule.by[1], PSYI_BY_GRADE);
    assert_int_equal(local->validity_rules[0].status, PSYI_EFFECT_RETEST);
    assert_int_equal(local->validity_rules[0].grade_high, 9);
    const psyi_operand *operands = NULL;
    assert_int_equal(psyi_program_operands(local->validity_rules[0].when, &operands), 2);
    assert_int_equal(psyi_column_kind_of(operands[0].id), PSYI_COLUMN_LOCAL);
    assert_int_equal(psyi_column_sub(operands[0].id), 2);
    assert_int_equal(psyi_column_sub(operands[1].id), 1);
    psy_plan_free(local);
}

static void test_columns_of_a_second_use_carry_its_number(void **state)
{
    (void)state;
    psy_plan *const plan = with("uses:\n", "uses:\n  gad7: {instrument: gad7}\n");
    const psyi_operand *operands = NULL;
    assert_int_equal(psyi_program_operands(plan->rules[0].when, &operands), 1);
    assert_int_equal(psyi_column_use(operands[0].id), 1);
    assert_int_equal(psyi_column_kind_of(operands[0].id), PSYI_COLUMN_SCORE);
    psy_plan_free(plan);
}

static void test_populations_choose_the_bands_of_a_use(void **state)
{
    (void)state;
    char *const text =
        fixture_replace(fixture_plan, "informant: self}", "informant: self, population: adults}");
    char *const other = fixture_replace(text, ">= moderate", ">= screen_positive");
    psy_plan *const plan = fixture_load_plan(other, catalog, NULL);
    assert_string_equal(plan->uses[0].population, "adults");
    psy_plan_free(plan);
    free(text);
    free(other);
}

static void test_a_plan_may_bring_its_own_scheme(void **state)
{
    (void)state;
    psy_plan *const plan =
        with("scheme: three_first_worst",
             "scheme: {id: own, legend: {zh: 红最重, en: red is worst}, tiers: [\n"
             "    {rank: 0, code: n, name: 无, colour: \"#FFFFFF\"},\n"
             "    {rank: 2, code: o, name: 橙, colour: \"#F5A623\"},\n"
             "    {rank: 3, code: r, name: 红, colour: \"#D0021B\"},\n"
             "    {rank: 1, code: y, name: 黄, colour: \"#F8E71C\"}]}");
    assert_int_equal(plan->scheme->highest, 3);
    assert_int_equal(plan->scheme->n_tiers, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(plan->scheme->tiers[i].rank, 3 - (int)i);
    psy_plan_free(plan);
}

static void test_presets_say_which_end_is_worst(void **state)
{
    (void)state;
    const psyi_scheme *presets = NULL;
    const size_t n = psyi_scheme_presets(&presets);
    assert_int_equal(n, 6);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(psyi_scheme_preset(presets[i].id), &presets[i]);
        assert_non_null(strstr(presets[i].legend.zh, "最重"));
        assert_non_null(strstr(presets[i].legend.en, "most severe"));
        assert_int_equal(presets[i].highest + 1, presets[i].n_tiers);
        for (size_t j = 0; j < presets[i].n_tiers; j++) {
            assert_int_equal(presets[i].tiers[j].rank, presets[i].highest - (int)j);
            assert_non_null(presets[i].tiers[j].name.en);
            assert_non_null(presets[i].tiers[j].name.zh);
            assert_int_equal(strlen(presets[i].tiers[j].colour), 7);
        }
    }
    assert_null(psyi_scheme_preset("four_first_worst"));
}

static void test_a_broken_instrument_keeps_its_own_place(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    char *const broken = fixture_replace(fixture_instrument, "worse: high", "wrose: high");
    char *const text =
        fixture_replace(fixture_plan, "instrument: phq9, edition: \"2001\"", "instrument: mine");
    psy_test_write_file(psy_test_path(directory, "mine.yaml"), broken, strlen(broken));
    psy_test_write_file(psy_test_path(directory, "plan.yaml"), text, strlen(text));
    psy_catalog *own = NULL;
    psy_plan *plan = PSY_UNTOUCHED;
    psy_error error = {.status = PSY_OK};
    assert_int_equal(psy_catalog_open(&own, &directory, 1, NULL, &error), PSY_OK);
    assert_int_equal(
        psy_plan_load_file(&plan, psy_test_path(directory, "plan.yaml"), own, NULL, NULL, &error),
        PSY_E_SCHEMA);
    psy_assert_untouched(plan);
    assert_non_null(strstr(error.where.source, "mine.yaml"));
    assert_non_null(strstr(error.message, "wrose"));
    psy_catalog_free(own);
    psy_test_directory_remove();
    free(broken);
    free(text);
}

static void test_an_unknown_instrument_is_not_found(void **state)
{
    (void)state;
    char *const text = fixture_replace(fixture_plan, "instrument: phq9", "instrument: phq");
    const char *const path = psy_test_path(psy_test_directory(), "mine.yaml");
    psy_plan *plan = PSY_UNTOUCHED;
    psy_error error = {.status = PSY_OK};
    psy_test_write_file(path, text, strlen(text));
    assert_int_equal(psy_plan_load_file(&plan, path, catalog, NULL, NULL, &error), PSY_E_NOT_FOUND);
    assert_int_equal(error.where.line, 12);
    psy_test_directory_remove();
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_demo_plans_load),
        cmocka_unit_test(test_plan_keeps_what_it_says),
        cmocka_unit_test(test_input_maps_items_columns_and_missing_texts),
        cmocka_unit_test(test_unknown_is_a_sex_and_an_informant),
        cmocka_unit_test(test_a_plan_without_batteries_gives_everything_to_everybody),
        cmocka_unit_test(test_an_instrument_of_one_informant_needs_none_stated),
        cmocka_unit_test(test_rules_read_columns_by_number),
        cmocka_unit_test(test_columns_of_a_second_use_carry_its_number),
        cmocka_unit_test(test_populations_choose_the_bands_of_a_use),
        cmocka_unit_test(test_a_plan_may_bring_its_own_scheme),
        cmocka_unit_test(test_presets_say_which_end_is_worst),
        cmocka_unit_test(test_a_broken_instrument_keeps_its_own_place),
        cmocka_unit_test(test_an_unknown_instrument_is_not_found),
    };
    return cmocka_run_group_tests(tests, open_catalog, close_catalog);
}
