/*
 * test_words.c -- reasons, names of operands, items to ask, reasons of a status: in both
 * languages, exactly as they are printed.
 */
#include "screening_ward.h"
#include "tier/limit_words.h"

#include <string.h>

static ward_row row_of(const char *student, const char *answers, const char *phq)
{
    return (ward_row){.student = student,
                      .school = "A",
                      .grade = "8",
                      .sex = "f",
                      .time = "2026-10-01 08:00",
                      .seconds = "40",
                      .mht = answers,
                      .phq = phq};
}

static size_t rule_of(const ward *w, const char *id)
{
    for (size_t i = 0; i < w->results->book->n_rules; i++)
        if (strcmp(w->results->book->rules[i].id, id) == 0)
            return i;
    fail_msg("no rule %s", id);
    return 0;
}

static void check_reason(const ward *w, const char *student, const char *rule, const char *zh,
                         const char *en)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const size_t s = ward_student(w, NULL, student);
    psyi_explain(w->results, s, rule_of(w, rule), PSYI_ZH, &text);
    assert_string_equal(text.data, zh);
    psyi_buffer_clear(&text);
    psyi_explain(w->results, s, rule_of(w, rule), PSYI_EN, &text);
    assert_string_equal(text.data, en);
    psyi_buffer_done(&text);
}

static const char RULES[] =
    "    - {id: crisis, rank: 3, when: \"phq9.total > 20 and phq9.item(self_harm) > 1\", text: "
    "{en: crisis, zh: 危机}}\n"
    "    - {id: mht_65, rank: 2, when: \"mht.total >= 65\", text: {en: 'MHT total, 65 or more', "
    "zh: "
    "MHT总分≥65}}\n"
    "    - {id: phq_10, rank: 1, when: \"phq9.total >= 10\"}\n"
    "    - {id: band, rank: 1, when: \"phq9.total.band >= moderate\", text: {en: band, zh: 等级}}\n"
    "    - {id: mds, rank: 1, when: \"phq9.mds\", text: {en: syndrome, zh: 综合征}}\n"
    "    - {id: quick, rank: 1, when: \"quality.seconds_per_item < 1 and student.grade in 7..9 and "
    "student.sex == female\", text: {en: quick, zh: 快}}\n"
    "    - {id: both, rank: 1, when: \"mht.total >= 50 or phq9.total >= 10\", text: {en: either, "
    "zh: 任一}}\n";

static void test_reasons_in_words(void **state)
{
    (void)state;
    const ward_row rows[] = {
        row_of("S1", mht(71, 0, NULL), "333333202"),
        row_of("S2", mht(65, 0, "80=."), "222220.00"),
        row_of("S3", mht(64, 0, "79=.,80=."), NULL),
        row_of("S4", mht(0, 0, NULL), "00000000."),
        row_of("S5", mht(0, 0, NULL), "000000000"),
        row_of("S5", mht(0, 0, NULL), "000000002"),
        {.student = "S6", .school = "A", .grade = "6", .mht = mht(60, 0, NULL)},
    };
    ward w;
    ward_open(&w, &(ward_plan){.rules = RULES});
    ward_run(&w, NULL, rows, sizeof rows / sizeof rows[0], 1);
    check_reason(&w, "S1", "crisis", "危机（PHQ-9 总分 = 22 [>20]；第9题 = 2 [>1]）",
                 "crisis (PHQ-9 Total = 22 [>20]; item 9 = 2 [>1])");
    check_reason(&w, "S1", "mht_65", "MHT总分≥65（MHT 全量表分 = 71）",
                 "MHT total, 65 or more (MHT Full-scale score = 71 [≥65])");
    check_reason(&w, "S1", "phq_10", "phq9.total >= 10（PHQ-9 总分 = 22）",
                 "phq9.total >= 10 (PHQ-9 Total = 22)");
    check_reason(&w, "S1", "band", "等级（PHQ-9 总分 等级 = 重度 [≥ 中度]）",
                 "band (PHQ-9 Total band = severe [≥ moderate])");
    check_reason(&w, "S1", "quick", "快（每题秒数 = 0.367 [<1]；年级 = 8；性别 = 女）",
                 "quick (seconds per item = 0.367 [<1]; grade = 8; sex = female)");
    /* Fired although a score could not be printed; and by a prorated score. */
    check_reason(
        &w, "S2", "mht_65",
        "MHT总分≥65（MHT 全量表分 = 未计分，可能为 65–66；缺答：MHT 第80题）（有缺答，仍达到）",
        "MHT total, 65 or more (MHT Full-scale score = not scored, could be 65 to 66 [≥65]; "
        "missing: MHT item 80) (even with blanks)");
    check_reason(&w, "S2", "phq_10", "phq9.total >= 10（PHQ-9 总分 = 11（推算））",
                 "phq9.total >= 10 (PHQ-9 Total = 11 (prorated))");
    /* Open: what is missing. */
    check_reason(
        &w, "S3", "mht_65",
        "MHT总分≥65（MHT 全量表分 = 未计分，可能为 64–66；缺答：MHT 第79、80题）",
        "MHT total, 65 or more (MHT Full-scale score = not scored, could be 64 to 66 [≥65]; "
        "missing: MHT items 79, 80)");
    check_reason(
        &w, "S3", "phq_10",
        "phq9.total >= 10（PHQ-9 总分 = 未计分，可能为 0–27；缺答：PHQ-9（整份未作答））",
        "phq9.total >= 10 (PHQ-9 Total = not scored, could be 0 to 27; missing: PHQ-9 (the "
        "whole form))");
    /* Not administered: the operand took no part. */
    check_reason(&w, "S6", "both", "任一（MHT 全量表分 = 60 [≥50]）",
                 "either (MHT Full-scale score = 60 [≥50])");
    ward_close(&w);
}

static const char LIMITS[] =
    "    - {id: turned, rank: 1, when: \"not (phq9.total < 10)\", text: {en: total ≥ 100, zh: "
    "\"总分≥10.5\"}}\n"
    "    - {id: range, rank: 1, when: \"phq9.total in 20..27\", text: {en: range, zh: "
    "\"总分20–27\"}}\n"
    "    - {id: codes, rank: 1, when: \"phq9.item(1) in (2, 3)\", text: {en: codes, zh: \"=2\"}}\n"
    "    - {id: core, rank: 1, when: \"count(phq9.item(1) >= 2, phq9.item(2) >= 2) >= 1\", text: "
    "{en: core, zh: 至少1项≥2}}\n"
    "    - {id: pair, rank: 1, when: \"phq9.item(1) + phq9.item(2) >= 3\", text: {en: pair, zh: "
    "两题之和≥3}}\n"
    "    - {id: bands, rank: 1, when: \"phq9.total.band == severe\", text: {en: band, zh: 等级}}\n"
    "    - {id: ends, rank: 1, when: \"phq9.total > 10\", text: {en: over > 10., zh: 总分＞10.x}}\n"
    "    - {id: begins, rank: 1, when: \"phq9.total >= 10\", text: {en: 10 points, zh: 总分≥10x}}\n"
    "    - {id: outside, rank: 1, when: \"not (phq9.total in 0..5)\", text: {en: out, zh: 外}}\n"
    "    - {id: many, rank: 1, when: \"phq9.total == 20 or phq9.total == 21 or phq9.total == 22 or "
    "phq9.total == 23\", text: {en: many, zh: 多}}\n"
    "    - {id: beside, rank: 1, when: \"phq9.total >= mht.total\", text: {en: beside, zh: 相比}}\n"
    "    - {id: sums, rank: 1, when: \"phq9.item(1) + phq9.item(2) >= phq9.item(7) + "
    "phq9.item(8)\", text: {en: sums, zh: 和}}\n";

/* Behind texts of any length, so that every place of a reason is one where room runs out. */
static psy_status explain_all(const psy_allocator *allocator, void *context)
{
    const ward *const w = context;
    const size_t rules[] = {0, rule_of(w, "range"), rule_of(w, "outside"), rule_of(w, "many")};
    bool failed = false;
    for (size_t i = 0; i < 4 * 64 && !failed; i++) {
        psyi_buffer text;
        psyi_buffer_init(&text, allocator);
        psyi_buffer_format(&text, "%*s", (int)(i / 4), "");
        psyi_explain(w->results, 0, rules[i % 4], PSYI_EN, &text);
        failed = text.failed;
        psyi_buffer_done(&text);
    }
    return failed ? PSY_E_NOMEM : PSY_OK;
}

/* A text for which there was no memory stays empty, whatever else is to be said. */
static void check_failed_text(const ward *w, const char *rule)
{
    const psyi_rulebook *const book = w->results->book;
    const psyi_program *const program = book->rules[rule_of(w, rule)].rule->when;
    const psyi_comparison *all;
    psyi_buffer text;
    assert_true(psyi_program_comparisons(program, &all) > 0);
    psyi_buffer_init(&text, NULL);
    text.failed = true;
    psyi_limit_words(book->plan, program, false, all[0].id, all[0].id, rule, PSYI_EN, &text);
    assert_true(text.failed);
    assert_int_equal(text.length, 0);
    psyi_buffer_done(&text);
}

/* A limit is told once: by the rule's own text with its sign, or behind the value. */
static void test_limits(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of("S1", mht(0, 0, NULL), "333333300")};
    ward w;
    ward_open(&w, &(ward_plan){.rules = LIMITS});
    ward_run(&w, NULL, rows, 1, 1);
    check_reason(&w, "S1", "turned", "总分≥10.5（PHQ-9 总分 = 21 [≥10]）",
                 "total ≥ 100 (PHQ-9 Total = 21 [≥10])");
    check_reason(&w, "S1", "range", "总分20–27（PHQ-9 总分 = 21）",
                 "range (PHQ-9 Total = 21 [20–27])");
    check_reason(&w, "S1", "codes", "=2（PHQ-9 第1题 = 3）",
                 "codes (PHQ-9 item 1 = 3 [=2, =3])");
    check_reason(&w, "S1", "core", "至少1项≥2（PHQ-9 第1题 = 3；第2题 = 3）",
                 "core (PHQ-9 item 1 = 3 [≥2]; item 2 = 3 [≥2]; count ≥1)");
    check_reason(&w, "S1", "pair", "两题之和≥3（PHQ-9 第1题 = 3；第2题 = 3）",
                 "pair (PHQ-9 item 1 = 3; item 2 = 3; computed ≥3)");
    check_reason(&w, "S1", "bands", "等级（PHQ-9 总分 等级 = 重度 [= 重度]）",
                 "band (PHQ-9 Total band = severe [= severe])");
    check_reason(&w, "S1", "ends", "总分＞10.x（PHQ-9 总分 = 21）",
                 "over > 10. (PHQ-9 Total = 21)");
    check_reason(&w, "S1", "begins", "总分≥10x（PHQ-9 总分 = 21）",
                 "10 points (PHQ-9 Total = 21 [≥10])");
    check_reason(&w, "S1", "outside", "外（PHQ-9 总分 = 21 [不在0–5]）",
                 "out (PHQ-9 Total = 21 [not 0–5])");
    check_reason(&w, "S1", "many", "多（PHQ-9 总分 = 21 [=20, =21, =22，另1个]）",
                 "many (PHQ-9 Total = 21 [=20, =21, =22, 1 more])");
    check_reason(&w, "S1", "beside", "相比（PHQ-9 总分 = 21；MHT 全量表分 = 0）",
                 "beside (PHQ-9 Total = 21; MHT Full-scale score = 0)");
    check_reason(&w, "S1", "sums", "和（PHQ-9 第1题 = 3；第2题 = 3；第7题 = 3；第8题 = 0）",
                 "sums (PHQ-9 item 1 = 3; item 2 = 3; item 7 = 3; item 8 = 0)");
    check_failed_text(&w, "range");
    check_failed_text(&w, "many");
    assert_true(psy_sweep(explain_all, &w) > 256);
    ward_close(&w);
}

static void test_critical_reasons_name_the_sheet_that_fired(void **state)
{
    (void)state;
    const ward_row rows[] = {
        {.student = "S5",
         .school = "A",
         .grade = "8",
         .time = "2026-10-01",
         .mht = mht(0, 0, NULL),
         .phq = "000000002"},
        {.student = "S5",
         .school = "A",
         .grade = "8",
         .time = "2026-10-02",
         .mht = mht(0, 0, NULL),
         .phq = "000000000"},
        row_of("S4", mht(0, 0, NULL), "00000000."),
    };
    ward w;
    ward_open(&w, &(ward_plan){.duplicates = "last"});
    ward_run(&w, NULL, rows, 3, 1);
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_explain(w.results, ward_student(&w, NULL, "S5"), rule_of(&w, "phq9.urgent_9"), PSYI_ZH,
                 &text);
    assert_non_null(strstr(text.data, "（PHQ-9 第9题 = 2 [≥2]；另一份答卷）"));
    psyi_buffer_clear(&text);
    psyi_explain(w.results, ward_student(&w, NULL, "S4"), rule_of(&w, "phq9.critical_unanswered"),
                 PSYI_EN, &text);
    assert_non_null(strstr(text.data, " (missing: PHQ-9 item 9)"));
    psyi_buffer_clear(&text);
    psyi_explain(w.results, ward_student(&w, NULL, "S4"), rule_of(&w, "phq9.critical_9"), PSYI_EN,
                 &text);
    assert_non_null(strstr(text.data, "(PHQ-9 item 9 = not answered [≥1]; missing: PHQ-9 item 9)"));
    psyi_buffer_done(&text);
    ward_close(&w);
}

static void check_ask(const ward *w, const char *student, const char *zh)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_items_to_ask(w->results, ward_student(w, NULL, student), PSYI_ZH, &text);
    assert_string_equal(text.data != NULL ? text.data : "", zh);
    psyi_buffer_done(&text);
}

static void test_items_to_ask(void **state)
{
    (void)state;
    const ward_row rows[] = {
        row_of("S1", mht(64, 0, "79=.,80=."), "00000000."),
        row_of("S2", mht(70, 0, "80=."), "33333300."), /* tier 2; item 9 could make it 3 */
        row_of("S3", mht(10, 0, "80=."), "000000000"), /* nothing could come of it */
        row_of("S4", mht(0, 0, NULL), NULL),
    };
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, 4, 1);
    check_ask(&w, "S1", "MHT 第79、80题；PHQ-9 第9题");
    check_ask(&w, "S2", "PHQ-9 第9题");
    check_ask(&w, "S3", "");
    check_ask(&w, "S4", "PHQ-9（整份未作答）");
    ward_close(&w);
}

static void check_status(const ward *w, const char *student, const char *zh, const char *en)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const size_t s = ward_student(w, NULL, student);
    psyi_status_words(w->results, s, PSYI_ZH, &text);
    assert_string_equal(text.data, zh);
    psyi_buffer_clear(&text);
    psyi_status_words(w->results, s, PSYI_EN, &text);
    assert_string_equal(text.data, en);
    psyi_buffer_done(&text);
}

static void test_reasons_of_a_status(void **state)
{
    (void)state;
    ward_row rows[] = {
        row_of("S1", mht(0, 8, NULL), "000000000"),
        row_of("S2", mht(0, 0, NULL), "000000000"),
        row_of("S3", mht(60, 8, "80=."), "00000000."),
        row_of("S4", mht(0, 0, NULL), NULL),
    };
    rows[0].seconds = rows[2].seconds = rows[3].seconds = "2000";
    ward w;
    ward_open(&w,
              &(ward_plan){.validity = "{id: quick, when: \"quality.seconds_per_item < 1\", "
                                       "status: doubtful, text: {en: too fast, zh: 用时过短}}"});
    ward_run(&w, NULL, rows, 4, 1);
    check_status(&w, "S1", "效度量表（MHT 效度量表 = 8）",
                 "validity scale (MHT Validity (lie) scale = 8)");
    check_status(&w, "S2", "作答质量规则（用时过短）", "validity rule (too fast)");
    check_status(&w, "S3", "效度量表（MHT 效度量表 = 8）；重点题缺答",
                 "validity scale (MHT Validity (lie) scale = 8); a critical item is blank");
    check_status(&w, "S4", "有量表未作答；因缺答有规则未能判定；重点题缺答",
                 "a questionnaire was not given; a rule is open because of blanks; a critical item "
                 "is blank");
    assert_string_equal(ward_line(&w, NULL, "S2"), "doubtful - - - -");
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reasons_in_words),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_critical_reasons_name_the_sheet_that_fired),
        cmocka_unit_test(test_items_to_ask),
        cmocka_unit_test(test_reasons_of_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
