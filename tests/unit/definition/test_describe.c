/* test_describe.c -- the scoring key in words says what the manual says. */
#include "definition_fixture.h"

#include <stdlib.h>
#include <string.h>

static char *describe(const psy_instrument *instrument, const char *language)
{
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    const psy_sink sink = psy_test_sink(&out);
    psy_error error = {.status = PSY_OK};
    if (psy_instrument_describe(instrument, language, &sink, &error) != PSY_OK)
        fail_msg("%s", error.message);
    return out.data;
}

static void expect(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("no '%s' in\n%s", words, text);
}

static const struct {
    const char *id, *language, *words;
} shipped[] = {
    {"phq9", "en", "Patient Health Questionnaire-9 [phq9, edition 2001]"},
    {"phq9", "en", "    items: 1 to 9\n"},
    {"phq9", "en", "moderate 10-14; "},
    {"phq9", "en", "severe 20-27"},
    {"phq9", "en", "up to 2 of 9: the sum of the answered ones times items / answered"},
    {"phq9", "en", "item 9 (self_harm) is at least 1;  when item(self_harm) >= 1"},
    {"phq9", "en", "at least 50 % of the form is answered: items 9"},
    {"phq9", "zh", "患者健康问卷抑郁量表"},
    {"phq9", "zh", "中度 10-14"},
    {"phq9", "zh", "筛查结果不是诊断"},
    {"sdq", "en", "    items: 5, 7R, 12, 18, 22\n"},
    {"sdq", "en", "7, 11, 14, 21, 25: truth, reverse-keyed (0->2, 1->1, 2->0)"},
    {"sdq", "en", "; a low score is the bad end"},
    {"sdq", "en", "bands [uk_3band]; answered by parent: "},
    {"sdq", "en", "sum of emotional, conduct, hyperactivity, peer as printed"},
    {"dass21", "en", "times 2"},
    {"scl90", "en", "0-4"},
    {"scl90", "en", "sums and means of item scores less 1"},
    {"scl90", "en", "for print only, no tier may rest on it"},
    {"psqi", "en", "a time of day"},
    {"rcads47", "en", "bands of t@us_users_guide"},
    {"mht", "zh", "建议重测"},
    {"asq_suicide", "en", "critical, urgent"},
};

static void test_describe_says_what_the_key_says(void **state)
{
    (void)state;
    psy_catalog *const catalog = fixture_catalog();
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
        const psy_instrument *it = NULL;
        assert_int_equal(psy_catalog_find(catalog, shipped[i].id, NULL, &it, NULL), PSY_OK);
        char *const text = describe(it, shipped[i].language);
        expect(text, shipped[i].words);
        free(text);
    }
    psy_catalog_free(catalog);
}

static void test_describe_works_for_every_shipped_instrument(void **state)
{
    (void)state;
    psy_catalog *const catalog = fixture_catalog();
    for (size_t i = 0; i < psy_catalog_count(catalog); i++) {
        const psy_instrument *const it = psy_catalog_get(catalog, i);
        char *const en = describe(it, "en"), *const zh = describe(it, "zh");
        expect(en, it->fingerprint);
        expect(zh, it->fingerprint);
        free(en);
        free(zh);
    }
    psy_catalog_free(catalog);
}

/* Bands of a score that is whole, and of one that is not. */
static const struct {
    const char *name, *from, *to, *words;
} bands[] = {
    {"whole", "id: mine", "id: mine", "low 0-5; high 6-12"},
    {"strictly above", "from: 6", "above: 6", "low 0-6; high 7-12"},
    {"not whole", "score: sum", "score: mean", "low <6; high ≥6"},
    {"one score", "from: 6", "from: 12", "high 12"},
    {"without a name", "name: {en: low, zh: 低}", "name: {zh: 低}", "low 0-5"},
};

static void test_bands_are_described_with_their_scores(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bands / sizeof *bands; i++) {
        print_message("  %s\n", bands[i].name);
        char *const text = fixture_replace(fixture_instrument, bands[i].from, bands[i].to);
        *strstr(text, "examples:") = '\0';
        psy_instrument *const it = fixture_load(text);
        char *const words = describe(it, "en");
        expect(words, bands[i].words);
        free(words);
        psy_instrument_free(it);
        free(text);
    }
}

static void test_summary_is_one_line(void **state)
{
    (void)state;
    psy_instrument *const it = fixture_load(fixture_instrument);
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    const psy_sink sink = psy_test_sink(&out);
    assert_int_equal(psy_instrument_summary(it, "en", &sink, NULL), PSY_OK);
    assert_string_equal(
        out.data, "mine\t1\t4 items\t1 scale\tMine\t\town\tself\tgrades 7..12: junior senior\n");
    psyi_buffer_done(&out);
    psy_instrument_free(it);
}

static void test_describe_reports_what_it_cannot_do(void **state)
{
    (void)state;
    psy_instrument *const it = fixture_load(fixture_instrument);
    size_t room = 10;
    const psy_sink full = psy_test_full_sink(&room);
    psy_error error = {.status = PSY_OK};
    assert_int_equal(psy_instrument_describe(it, "en", &full, &error), PSY_E_OUTPUT);
    assert_int_equal(psy_instrument_summary(it, "en", &full, &error), PSY_E_OUTPUT);
    assert_int_equal(psy_instrument_describe(it, "fr", &full, &error), PSY_E_ARGUMENT);
    psy_instrument_free(it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_describe_says_what_the_key_says),
        cmocka_unit_test(test_describe_works_for_every_shipped_instrument),
        cmocka_unit_test(test_bands_are_described_with_their_scores),
        cmocka_unit_test(test_summary_is_one_line),
        cmocka_unit_test(test_describe_reports_what_it_cannot_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
