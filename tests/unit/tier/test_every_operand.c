/*
 * test_every_operand.c -- everything that a rule of a plan can read: its name as a plan writes
 * it, its name in both languages, and what is told of it when it is known, blank, refused,
 * without a norm, without a record.
 */
#include "screening_ward.h"
#include "tier/reason_values.h"
#include "tier/rule_block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char HEAD[] =
    "format: psyscreen/plan/1\nid: ward\nname: {en: Ward}\nwave: 2026-autumn\n"
    "identity: {output: plain}\n"
    "inputs:\n"
    "  responses:\n"
    "    encoding: utf-8\n"
    "    columns: {student: student, school: school, grade: grade, sex: sex, age: age, duration: "
    "seconds}\n"
    "    items: {phq9: \"P{n}\", ais: \"A{n}\", scl90: \"L{n}\", child: \"C{n}\", home: \"H{n}\"}\n"
    "    codes: {sex: {m: male, f: female}}\n"
    "    missing: {refused: [\"-\"]}\n"
    "    dates: ymd\n"
    "  external:\n"
    "    encoding: utf-8\n"
    "    columns: {student: no, code: what}\n"
    "    codes: {code: {自杀言论: talks_of_death, T1: talks_of_death}}\n"
    "  previous: before\n"
    "uses:\n"
    "  phq9: {instrument: phq9, edition: \"2001\", informant: self}\n"
    "  ais: {instrument: ais, informant: self}\n"
    "  scl90: {instrument: scl90, informant: self}\n"
    "  child: {instrument: sdq, informant: self}\n"
    "  home: {instrument: sdq, informant: parent}\n"
    "batteries:\n"
    "  - {id: all, uses: [phq9, ais, scl90, child, home]}\n"
    "duplicates: manual\n"
    "norms: [{id: here, scale: phq9.total, local: {by: [sex], min_n: 3, below: pool}, metrics: [t, "
    "z, iq, percentile, stanine_linear, sten_linear, stanine_percent, sten_percent, t_blom, "
    "t_tukey, t_waerden, t_rankit]}]\n"
    "tiers:\n  scheme: three_first_worst\n  rules:\n";
static const char TAIL[] = "duty: {urgent: {hours: 24, who: a}, review: {hours: 72, who: b}}\n"
                           "outputs: {language: [zh, en], small_cell: 5}\n";

static const struct {
    const char *id, *when;
} RULES[] = {
    {"score", "phq9.total >= 10"},
    {"answered", "phq9.total.answered < 9"},
    {"band", "phq9.total.band >= moderate"},
    {"band_of", "ais.total.band@china_practice >= suspected"},
    {"z", "scl90.som.z@cn1986 >= 2"},
    {"flag", "phq9.mds"},
    {"item", "phq9.item(self_harm) >= 1"},
    {"as_given", "phq9.answer(self_harm) >= 2"},
    {"second", "home.total_difficulties >= 17"},
    {"sex", "student.sex == female and phq9.total >= 20"},
    {"stage", "student.stage == junior and phq9.total >= 20"},
    {"grade", "student.grade >= 9 and phq9.total >= 20"},
    {"age", "student.age >= 14 and phq9.total >= 20"},
    {"blanks", "quality.blanks > 90"},
    {"given", "quality.answered > 140"},
    {"seconds", "quality.seconds < 100"},
    {"pace", "quality.seconds_per_item < 1"},
    {"tier", "previous.tier >= 1 and phq9.total >= 20"},
    {"rise", "phq9.total - previous.phq9.total >= 6"},
    {"told", "external.talks_of_death"},
    {"m_t", "phq9.total.t@here >= 99"},
    {"m_z", "phq9.total.z@here >= 4"},
    {"m_iq", "phq9.total.iq@here >= 155"},
    {"m_percentile", "phq9.total.percentile@here >= 99.8"},
    {"m_stanine", "phq9.total.stanine_linear@here >= 9"},
    {"m_sten", "phq9.total.sten_linear@here >= 10"},
    {"m_stanine_p", "phq9.total.stanine_percent@here >= 9"},
    {"m_sten_p", "phq9.total.sten_percent@here >= 10"},
    {"m_blom", "phq9.total.t_blom@here >= 90"},
    {"m_tukey", "phq9.total.t_tukey@here >= 90"},
    {"m_waerden", "phq9.total.t_waerden@here >= 90"},
    {"m_rankit", "phq9.total.t_rankit@here >= 90"},
    {"many", "count(phq9.item(1) >= 1, phq9.item(2) >= 1, phq9.item(3) >= 1, phq9.item(4) >= 1, "
             "phq9.item(5) >= 1, phq9.item(6) >= 1, phq9.item(7) >= 1, phq9.item(8) >= 1, "
             "phq9.total >= 8, phq9.total.answered >= 9) >= 9"},
};

static const char *const INSTRUMENTS[] = {"phq9", "ais", "scl90", "sdq", NULL};

static void open_plan(ward *w)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, HEAD);
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        psyi_buffer_format(&text, "    - {id: %s, rank: 1, when: \"%s\", text: {en: %s}}\n",
                           RULES[i].id, RULES[i].when, RULES[i].id);
    psyi_buffer_text(&text, TAIL);
    ward_open_text(w, text.data, INSTRUMENTS);
    psyi_buffer_done(&text);
}

static size_t rule_of(const ward *w, const char *id)
{
    for (size_t i = 0; i < w->results->book->n_rules; i++)
        if (strcmp(w->results->book->rules[i].id, id) == 0)
            return i;
    fail_msg("no rule %s", id);
    return 0;
}

/* One student a row: answers of the PHQ-9 as text, one digit for all items of the others. */
typedef struct child {
    const char *code, *grade, *sex, *age, *seconds, *phq9;
    char ais, scl90, sdq_child, sdq_home; /* '.' blank, ' ' not given */
} child;

static void add_all(psyi_buffer *out, char answer, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        psyi_buffer_format(out, answer == '.' || answer == ' ' ? "," : ",%c", answer);
}

static void add_header(psyi_buffer *out, const char *letter, unsigned n)
{
    for (unsigned i = 1; i <= n; i++)
        psyi_buffer_format(out, ",%s%u", letter, i);
}

static void run_children(ward *w, const child *children, size_t n)
{
    psyi_buffer text;
    psy_error error = {.status = PSY_OK};
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, "student,school,grade,sex,age,seconds");
    add_header(&text, "P", 9);
    add_header(&text, "A", 8);
    add_header(&text, "L", 90);
    add_header(&text, "C", 25);
    add_header(&text, "H", 25);
    psyi_buffer_char(&text, '\n');
    for (size_t i = 0; i < n; i++) {
        const child *const c = &children[i];
        psyi_buffer_format(&text, "%s,A,%s,%s,%s,%s", c->code, c->grade, c->sex, c->age,
                           c->seconds);
        for (unsigned k = 0; k < 9; k++)
            psyi_buffer_format(&text, c->phq9 == NULL || c->phq9[k] == '.' ? "," : ",%c",
                               c->phq9 != NULL ? c->phq9[k] : ' ');
        add_all(&text, c->ais, 8);
        add_all(&text, c->scl90, 90);
        add_all(&text, c->sdq_child, 25);
        add_all(&text, c->sdq_home, 25);
        psyi_buffer_char(&text, '\n');
    }
    if (ward_try_text(w, NULL, text.data, 1, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    psyi_buffer_done(&text);
}

/* ---- names ---- */

static const struct {
    const char *rule;
    unsigned operand;
    const char *name, *en, *zh;
} names[] = {
    {"score", 0, "phq9.total", "PHQ-9 Total", "PHQ-9 总分"},
    {"answered", 0, "phq9.total.answered", "PHQ-9 Total items answered", "PHQ-9 总分 已答题数"},
    {"band", 0, "phq9.total.band", "PHQ-9 Total band", "PHQ-9 总分 等级"},
    {"band_of", 0, "ais.total.band@china_practice", "AIS Total band", "AIS 总分 等级"},
    {"z", 0, "scl90.som.z@cn1986", "SCL-90 Somatization z (norm cn1986)",
     "SCL-90 躯体化 z分（常模 cn1986）"},
    {"flag", 0, "phq9.mds", NULL, NULL},
    {"item", 0, "phq9.item(9)", "PHQ-9 item 9", "PHQ-9 第9题"},
    {"second", 0, "home.total_difficulties", "SDQ (parent) Total difficulties",
     "SDQ（家长） 困难总分"},
    {"sex", 0, "student.sex", "sex", "性别"},
    {"stage", 0, "student.stage", "stage", "学段"},
    {"grade", 0, "student.grade", "grade", "年级"},
    {"age", 0, "student.age", "age", "年龄"},
    {"blanks", 0, "quality.blanks", "blank items", "空题数"},
    {"given", 0, "quality.answered", "items answered", "已答题数"},
    {"seconds", 0, "quality.seconds", "seconds taken", "用时（秒）"},
    {"pace", 0, "quality.seconds_per_item", "seconds per item", "每题秒数"},
    {"tier", 0, "previous.tier", "wave before: tier", "上次等级"},
    {"rise", 1, "previous.phq9.total", "wave before: PHQ-9 Total", "上次PHQ-9 总分"},
    {"told", 0, "external.talks_of_death", "reported: 自杀言论", "外部信息：自杀言论"},
    {"m_t", 0, "phq9.total.t@here", "PHQ-9 Total T (local norm here)",
     "PHQ-9 总分 T分（本地常模 here）"},
    {"m_z", 0, "phq9.total.z@here", "PHQ-9 Total z (local norm here)",
     "PHQ-9 总分 z分（本地常模 here）"},
    {"m_iq", 0, "phq9.total.iq@here", "PHQ-9 Total IQ metric (local norm here)",
     "PHQ-9 总分 离差智商（本地常模 here）"},
    {"m_percentile", 0, "phq9.total.percentile@here", "PHQ-9 Total percentile (local norm here)",
     "PHQ-9 总分 百分等级（本地常模 here）"},
    {"m_stanine", 0, "phq9.total.stanine_linear@here",
     "PHQ-9 Total stanine (linear) (local norm here)",
     "PHQ-9 总分 标准九分（线性）（本地常模 here）"},
    {"m_sten", 0, "phq9.total.sten_linear@here", "PHQ-9 Total sten (linear) (local norm here)",
     "PHQ-9 总分 标准十分（线性）（本地常模 here）"},
    {"m_stanine_p", 0, "phq9.total.stanine_percent@here",
     "PHQ-9 Total stanine (by percentage) (local norm here)",
     "PHQ-9 总分 标准九分（按百分比）（本地常模 here）"},
    {"m_sten_p", 0, "phq9.total.sten_percent@here",
     "PHQ-9 Total sten (by percentage) (local norm here)",
     "PHQ-9 总分 标准十分（按百分比）（本地常模 here）"},
    {"m_blom", 0, "phq9.total.t_blom@here", "PHQ-9 Total normalised T (Blom) (local norm here)",
     "PHQ-9 总分 正态化T分（Blom）（本地常模 here）"},
    {"m_tukey", 0, "phq9.total.t_tukey@here", "PHQ-9 Total normalised T (Tukey) (local norm here)",
     "PHQ-9 总分 正态化T分（Tukey）（本地常模 here）"},
    {"m_waerden", 0, "phq9.total.t_waerden@here",
     "PHQ-9 Total normalised T (van der Waerden) (local norm here)",
     "PHQ-9 总分 正态化T分（van der Waerden）（本地常模 here）"},
    {"m_rankit", 0, "phq9.total.t_rankit@here",
     "PHQ-9 Total normalised T (Rankit) (local norm here)",
     "PHQ-9 总分 正态化T分（Rankit）（本地常模 here）"},
};

static void same_words(const char *got, const char *want, const char *rule)
{
    if (want != NULL && strcmp(got, want) != 0)
        fail_msg("%s: '%s', expected '%s'", rule, got, want);
}

static void test_names(void **state)
{
    (void)state;
    static const child nobody = {"S", "8", "f", "13", "100", "000000000", '0', '1', '0', '0'};
    ward w;
    open_plan(&w);
    run_children(&w, &nobody, 1);
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const psyi_operand *operands;
        const psyi_book_rule *const rule = &w.results->book->rules[rule_of(&w, names[i].rule)];
        const size_t n = psyi_reason_operands(rule, w.plan, &operands);
        assert_true(names[i].operand < n);
        const psyi_operand *const one = &operands[names[i].operand];
        psyi_buffer_clear(&text);
        psyi_operand_name(w.plan, one->is_item, one->id, &text);
        same_words(text.data, names[i].name, names[i].rule);
        psyi_buffer_clear(&text);
        psyi_operand_words(w.plan, one->is_item, one->id, PSYI_EN, &text);
        same_words(text.data, names[i].en, names[i].rule);
        psyi_buffer_clear(&text);
        psyi_operand_words(w.plan, one->is_item, one->id, PSYI_ZH, &text);
        same_words(text.data, names[i].zh, names[i].rule);
    }
    psyi_buffer_done(&text);
    ward_close(&w);
}

/* ---- values ---- */

static psy_status write_value(void *context, const psyi_reason_value *value, psy_error *error)
{
    char number[40];
    psyi_buffer *const out = context;
    (void)error;
    if (out->length > 0)
        psyi_buffer_text(out, "; ");
    psyi_buffer_text(out, value->state);
    if (value->value.den != 0) {
        psyi_buffer_char(out, ' ');
        psyi_buffer_add(out, number,
                        psyi_ratio_print(psyi_ratio_round_to(value->value, 2), number));
    }
    if (value->low.den != 0 && value->high.den != 0) {
        psyi_buffer_text(out, " [");
        psyi_buffer_add(out, number, psyi_ratio_print(value->low, number));
        psyi_buffer_char(out, ',');
        psyi_buffer_add(out, number, psyi_ratio_print(value->high, number));
        psyi_buffer_char(out, ']');
    }
    if (value->word != NULL)
        psyi_buffer_format(out, " %s", value->word);
    return PSY_OK;
}

static void check(const ward *w, const char *student, const char *rule, const char *data,
                  const char *en, const char *zh)
{
    const psyi_results *const r = w->results;
    const size_t s = ward_student(w, NULL, student);
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, "");
    assert_int_equal(psyi_reason_values(r->book, &r->cases, r->students[s].first_case,
                                        rule_of(w, rule), write_value, &text, NULL),
                     PSY_OK);
    same_words(text.data, data, rule);
    psyi_buffer_clear(&text);
    psyi_explain(r, s, rule_of(w, rule), PSYI_EN, &text);
    same_words(text.data, en, rule);
    psyi_buffer_clear(&text);
    psyi_explain(r, s, rule_of(w, rule), PSYI_ZH, &text);
    same_words(text.data, zh, rule);
    psyi_buffer_done(&text);
}

static void test_values(void **state)
{
    (void)state;
    static const child children[] = {
        {"FULL", "9", "f", "14", "50", "333333332", '1', '3', '1', '1'},
        {"BLANK", "", "", "", "", "33.3...-.", '.', '.', '.', ' '},
        {"LOW", "7", "m", "12", "900", "000000000", '0', '1', '0', '0'},
        {"PART", "10", "m", "15", "300", "22222222.", '2', ' ', ' ', '2'},
    };
    ward w;
    open_plan(&w);
    run_children(&w, children, sizeof children / sizeof *children);
    /* Known, in every kind. */
    check(&w, "FULL", "score", "known 26", "score (PHQ-9 Total = 26 [≥10])",
          "score（PHQ-9 总分 = 26 [≥10]）");
    check(&w, "FULL", "answered", "known 9", "answered (PHQ-9 Total items answered = 9 [<9])",
          NULL);
    check(&w, "FULL", "band", "known severe", "band (PHQ-9 Total band = severe [≥ moderate])",
          "band（PHQ-9 总分 等级 = 重度 [≥ 中度]）");
    check(&w, "FULL", "band_of", "known insomnia",
          "band_of (AIS Total band = insomnia [≥ suspected])",
          "band_of（AIS 总分 等级 = 失眠 [≥ 可疑失眠]）");
    check(&w, "FULL", "z", "known 3.4", NULL, NULL); /* (3 - 1.37) / 0.48 */
    check(&w, "FULL", "flag", "known true", NULL, NULL);
    check(&w, "LOW", "flag", "known false", NULL, NULL);
    check(&w, "FULL", "item", "known 2", "item (PHQ-9 item 9 = 2 [≥1])",
          "item（PHQ-9 第9题 = 2 [≥1]）");
    assert_true(psyi_fired(w.results, ward_student(&w, NULL, "FULL"), rule_of(&w, "as_given")));
    assert_false(psyi_fired(w.results, ward_student(&w, NULL, "LOW"), rule_of(&w, "as_given")));
    check(&w, "FULL", "sex", "known female; known 26", "sex (sex = female; PHQ-9 Total = 26 [≥20])",
          "sex（性别 = 女；PHQ-9 总分 = 26 [≥20]）");
    check(&w, "LOW", "sex", "known male; known 0", "sex (sex = male; PHQ-9 Total = 0 [≥20])", NULL);
    check(&w, "FULL", "stage", "known junior; known 26",
          "stage (stage = junior; PHQ-9 Total = 26 [≥20])",
          "stage（学段 = 初中；PHQ-9 总分 = 26 [≥20]）");
    check(&w, "PART", "stage", "known senior; prorated 18 [16,19]",
          "stage (stage = senior; PHQ-9 Total = 18 (prorated) [≥20])",
          "stage（学段 = 高中；PHQ-9 总分 = 18（推算） [≥20]）");
    check(&w, "FULL", "grade", "known 9; known 26", NULL, NULL);
    check(&w, "FULL", "age", "known 14; known 26", NULL, NULL);
    check(&w, "FULL", "seconds", "known 50", "seconds (seconds taken = 50 [<100])", NULL);
    check(&w, "FULL", "pace", "known 0.32", NULL, NULL);
    check(&w, "FULL", "told", "known false", "told (reported: 自杀言论 = no)",
          "told（外部信息：自杀言论 = 否）");
    /* Not known, and why. */
    check(&w, "BLANK", "score", "blank [9,27]",
          "score (PHQ-9 Total = not scored, could be 9 to 27 [≥10]; missing: PHQ-9 items 3, 5, 6, "
          "7, 8, 9)",
          "score（PHQ-9 总分 = 未计分，可能为 9–27 [≥10]；缺答：PHQ-9 第3、5、6、7、8、9题）");
    check(
        &w, "BLANK", "band", "blank",
        "band (PHQ-9 Total band = not scored [≥ moderate]; missing: PHQ-9 items 3, 5, 6, 7, 8, 9)",
        NULL);
    check(&w, "BLANK", "item", "blank [0,3]",
          "item (PHQ-9 item 9 = not answered [≥1]; missing: PHQ-9 item 9)", NULL);
    check(&w, "BLANK", "flag", "blank", NULL, NULL);
    check(&w, "BLANK", "sex", "no_norm; blank [9,27]", NULL, NULL);
    check(&w, "BLANK", "stage", "no_norm; blank [9,27]", NULL, NULL);
    check(&w, "BLANK", "grade", NULL, NULL, NULL);
    check(&w, "BLANK", "seconds", "no_record", "seconds (seconds taken = not recorded [<100])",
          "seconds（用时（秒） = 无记录 [<100]）");
    check(&w, "FULL", "tier", "no_record; known 26",
          "tier (wave before: tier = not recorded; PHQ-9 Total = 26 [≥20])",
          "tier（上次等级 = 无记录；PHQ-9 总分 = 26 [≥20]）");
    check(&w, "FULL", "rise", "known 26; no_record", NULL, NULL);
    /* Four people make no norm by sex. */
    check(&w, "FULL", "m_t", NULL, NULL, NULL);
    /* Nine values at most are told, the others counted. */
    check(&w, "FULL", "many", NULL,
          "many (PHQ-9 item 1 = 3 [≥1]; item 2 = 3 [≥1]; item 3 = 3 [≥1]; item 4 = 3 [≥1]; item 5 "
          "= 3 [≥1]; item 6 = 3 [≥1]; item 7 = 3 [≥1]; item 8 = 3 [≥1]; 2 more; count ≥9)",
          NULL);
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_explain(w.results, ward_student(&w, NULL, "FULL"), rule_of(&w, "many"), PSYI_ZH, &text);
    assert_non_null(strstr(text.data, "；另2项；符合数≥9）"));
    psyi_buffer_done(&text);
    ward_close(&w);
}

/* What is not in this wave's questionnaires, as a run that was given it has it. */
static void test_what_others_say(void **state)
{
    (void)state;
    static const child children[] = {
        {"FULL", "9", "f", "14", "50", "333333332", '1', '3', '1', '1'},
        {"LOW", "7", "m", "12", "900", "000000000", '0', '1', '0', '0'},
    };
    ward w;
    open_plan(&w);
    run_children(&w, children, 2);
    psyi_cases *const cases = &w.results->cases;
    const size_t full = w.results->students[ward_student(&w, NULL, "FULL")].first_case;
    const size_t n_scales = w.plan->uses[0].instrument->n_scales;
    int8_t tiers[2] = {-1, -1};
    psyi_ratio *const before = calloc(n_scales * cases->n, sizeof *before);
    const psyi_ratio *scores[PSYI_MAX_USES] = {before};
    psyi_mask reported = (psyi_mask)1 << full;
    assert_int_equal(cases->n, 2);
    tiers[full] = 2;
    before[(size_t)psyi_find_scale(w.plan->uses[0].instrument, "total") * cases->n + full] =
        psyi_ratio_make(19, 1);
    cases->previous_tier = tiers;
    cases->previous_scores = scores;
    cases->external = &reported;
    check(&w, "FULL", "tier", "known 2; known 26",
          "tier (wave before: tier = level 2; PHQ-9 Total = 26 [≥20])",
          "tier（上次等级 = 二级预警；PHQ-9 总分 = 26 [≥20]）");
    check(&w, "LOW", "tier", "no_record; known 0", NULL, NULL);
    check(&w, "FULL", "rise", "known 26; known 19",
          "rise (PHQ-9 Total = 26; wave before: PHQ-9 Total = 19; computed ≥6)",
          "rise（PHQ-9 总分 = 26；上次PHQ-9 总分 = 19；计算值≥6）");
    check(&w, "LOW", "rise", "known 0; no_record", NULL, NULL);
    check(&w, "FULL", "told", "known true", "told (reported: 自杀言论 = yes)",
          "told（外部信息：自杀言论 = 是）");
    check(&w, "LOW", "told", "known false", NULL, NULL);
    cases->local = NULL; /* no norms were made */
    check(&w, "FULL", "m_t", "no_norm", NULL, NULL);
    cases->previous_tier = NULL;
    cases->previous_scores = NULL;
    cases->external = NULL;
    free(before);
    ward_close(&w);
}

/* A report stands in the mask of its block, wherever in it a case is read alone. */
static void test_reports_of_many(void **state)
{
    (void)state;
    enum { MANY = 150 };
    static child children[MANY];
    static char codes[MANY][8];
    psyi_mask reported[3] = {0};
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(codes[i], sizeof codes[i], "S%03u", i);
        children[i] = (child){codes[i], "8",   i % 2 ? "m" : "f",
                              "13",     "600", i % 5 == 0 ? "22222222." : "000000000",
                              '0',      '1',   '0',
                              '0'};
    }
    ward w;
    open_plan(&w);
    run_children(&w, children, MANY);
    assert_int_equal(w.results->cases.n, MANY);
    for (unsigned i = 0; i < MANY; i += 7)
        reported[i / 64] |= (psyi_mask)1 << i % 64;
    w.results->cases.external = reported;
    for (unsigned i = 0; i < MANY; i++) {
        const size_t item = w.results->students[ward_student(&w, NULL, codes[i])].first_case;
        check(&w, codes[i], "told", item % 7 == 0 ? "known true" : "known false", NULL, NULL);
    }
    w.results->cases.external = NULL;
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_what_others_say),
        cmocka_unit_test(test_reports_of_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
