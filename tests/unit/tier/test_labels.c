/*
 * test_labels.c -- how an instrument is called in a line: by the abbreviation in its label, by a
 * short label, by its id in capitals; and whose sheet it is.
 */
#include "test_support.h"

#include "definition/model.h"
#include "tier/rule_block.h"

#include <string.h>

static void check(const char *id, const char *en, const char *zh, psyi_language language,
                  const char *want)
{
    psy_instrument instrument = {.id = id, .name = {en, zh}};
    psyi_use use = {.id = "use", .instrument = &instrument};
    const psy_plan plan = {.uses = &use, .n_uses = 1};
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_use_words(&plan, 0, language, &text);
    if (strcmp(text.data, want) != 0)
        fail_msg("%s, %s: '%s', expected '%s'", id, en != NULL ? en : zh, text.data, want);
    psyi_buffer_done(&text);
}

static void test_names_of_instruments(void **state)
{
    (void)state;
    /* The abbreviation in brackets, of either width, in either language; the last of several. */
    check("phq9", "Patient Health Questionnaire (PHQ-9)", NULL, PSYI_EN, "PHQ-9");
    check("phq9", NULL, "患者健康问卷（PHQ-9）", PSYI_EN, "PHQ-9");
    check("phq9", "A questionnaire without any", "患者健康问卷（PHQ-9）", PSYI_EN, "PHQ-9");
    check("a", "Some scale (ABC) (short form)", NULL, PSYI_EN, "ABC");
    check("a", "Some scale (ABC), revised (K10)", NULL, PSYI_EN, "K10");
    check("a", "某量表(AB)", NULL, PSYI_ZH, "AB");
    check("a", "某量表（A-1x）", NULL, PSYI_ZH, "A-1x");
    /* What stands in brackets and is none: a word, a number, too long, too short, spaces. */
    check("mine", "A long name of a scale (revised)", NULL, PSYI_EN, "MINE");
    check("mine", "A long name of a scale (Revised)", NULL, PSYI_EN, "MINE");
    check("mine", "A long name of a scale (2)", NULL, PSYI_EN, "MINE");
    check("mine", "A long name of a scale (A)", NULL, PSYI_EN, "MINE");
    check("mine", "A long name of a scale (ABCDEFGHIJKLMNO)", NULL, PSYI_EN, "MINE");
    check("mine", "A long name of a scale (AB CD)", NULL, PSYI_EN, "MINE");
    check("mine", "A long name of a scale AB)", NULL, PSYI_EN, "MINE");
    check("mine", ")A long name of a scale", NULL, PSYI_EN, "MINE");
    check("mine", "）", NULL, PSYI_EN, "）");
    check("mine", "（AB）", NULL, PSYI_EN, "AB");
    /* A short label as it stands; else the id. */
    check("mine", "Mood today", NULL, PSYI_EN, "Mood today");
    check("mine", NULL, "心情", PSYI_ZH, "心情");
    check("mine", NULL, "心情", PSYI_EN, "MINE");
    check("snap_iv_26", "A scale of attention for parents", NULL, PSYI_EN, "SNAP-IV-26");
    check("k10", "A scale of distress in ten items", NULL, PSYI_EN, "K10");
    check("phq9x", "A scale of distress in ten items", NULL, PSYI_EN, "PHQ-9X");
    check("mine2", "", NULL, PSYI_EN, "");
}

static void test_whose_sheet_it_is(void **state)
{
    (void)state;
    psy_instrument instrument = {.id = "sdq", .name = {"Strengths (SDQ)", NULL}};
    psyi_use uses[] = {
        {.id = "child", .instrument = &instrument, .informant = PSYI_INFORMANT_SELF},
        {.id = "home", .instrument = &instrument, .informant = PSYI_INFORMANT_PARENT},
        {.id = "class", .instrument = &instrument, .informant = PSYI_INFORMANT_TEACHER},
        {.id = "somebody", .instrument = &instrument},
    };
    static const char *const words[][2] = {{"SDQ (self)", "SDQ（自评）"},
                                           {"SDQ (parent)", "SDQ（家长）"},
                                           {"SDQ (teacher)", "SDQ（教师）"},
                                           {"SDQ (somebody)", "SDQ（somebody）"}};
    const psy_plan plan = {.uses = uses, .n_uses = 4};
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    for (unsigned use = 0; use < 4; use++)
        for (int zh = 0; zh < 2; zh++) {
            psyi_buffer_clear(&text);
            psyi_use_words(&plan, use, zh ? PSYI_ZH : PSYI_EN, &text);
            assert_string_equal(text.data, words[use][zh]);
        }
    psyi_buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_instruments),
        cmocka_unit_test(test_whose_sheet_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
