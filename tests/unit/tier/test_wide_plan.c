/*
 * test_wide_plan.c -- rules over everything a rule may read: two informants of one instrument,
 * bands, standard scores of a published norm, low scores that are the bad end, clocks, flags,
 * ages; decided, and said in words.
 */
#include "screening_ward.h"

#include <stdio.h>
#include <string.h>

static const char PLAN[] =
    "format: psyscreen/plan/1\n"
    "id: ward\n"
    "name: {en: Wide ward}\n"
    "wave: 2026-autumn\n"
    "identity: {output: plain}\n"
    "inputs:\n"
    "  responses:\n"
    "    encoding: utf-8\n"
    "    columns: {student: student, school: school, grade: grade, sex: sex, submitted_at: time, "
    "birth_date: born}\n"
    "    items: {sdq_s: \"A_{id}\", sdq_p: \"B_{id}\", rcads: \"R_{id}\", psqi: \"Q_{id}\", who5: "
    "\"W_{id}\"}\n"
    "    codes: {sex: {m: male, f: female}}\n"
    "    dates: ymd\n"
    "  roster:\n"
    "    encoding: utf-8\n"
    "    columns: {student: student, school: school, grade: grade, sex: sex, birth_date: born}\n"
    "    codes: {sex: {m: male, f: female}}\n"
    "    dates: ymd\n"
    "uses:\n"
    "  sdq_s: {instrument: sdq, informant: self}\n"
    "  sdq_p: {instrument: sdq, informant: parent}\n"
    "  rcads: {instrument: rcads47, informant: self}\n"
    "  psqi: {instrument: psqi}\n"
    "  who5: {instrument: who5}\n"
    "batteries: [{id: all, uses: [sdq_s, sdq_p, rcads, psqi, who5]}]\n"
    "tiers:\n"
    "  scheme: three_first_worst\n"
    "  rules:\n"
    "    - {id: t, rank: 2, when: \"rcads.social.t@us_users_guide >= 65\", text: {zh: 社交, en: "
    "social}}\n"
    "    - {id: parent, rank: 1, when: \"sdq_p.total_difficulties.band >= abnormal\", text: {zh: "
    "家长, en: parent}}\n"
    "    - {id: low, rank: 1, when: \"who5.percent <= 28\", text: {zh: 低, en: low}}\n"
    "    - {id: between, rank: 1, when: \"who5.raw in 0..5\", text: {zh: 间, en: between}}\n"
    "    - {id: bed, rank: 1, when: \"psqi.item(q1_bed) >= 60 and psqi.item(q1_bed) < 720 and "
    "psqi.item(q4_hours) < 6\", text: {zh: 晚睡, en: late}}\n"
    "    - {id: flag, rank: 1, when: \"who5.test_for_depression\", text: {zh: 标记, en: flag}}\n"
    "    - {id: who, rank: 1, when: \"student.age >= 14 and student.stage == junior and "
    "who5.raw.answered == 5\", text: {zh: 谁, en: who}}\n"
    "    - {id: gate, rank: 1, when: \"sdq_s.item(distress) >= 1 or sdq_s.impact >= 2\", text: "
    "{zh: 影响, en: impact}}\n"
    "duty: {urgent: {hours: 24, who: a}, review: {hours: 72, who: b}}\n"
    "outputs: {language: [zh, en]}\n";

typedef struct change { /* column and cell, for one student */
    const char *student, *column, *cell;
} change;

static const change CHANGES[] = {
    {"S1", "A_distress", "3"},   {"S1", "A_impact_gate", "2"},
    {"S2", "sex", ""},           {"S2", "Q_q1_bed", "01:30"},
    {"S2", "Q_q3_up", "06:30"},  {"S2", "Q_q4_hours", "4.5"},
    {"S2", "B_7", "0"},          {"S2", "B_11", "0"},
    {"S2", "B_14", "0"},         {"S2", "B_21", "0"},
    {"S2", "B_25", "0"},         {"S2", "B_3", "2"},
    {"S2", "B_8", "2"},          {"S2", "B_13", "2"},
    {"S2", "B_16", "2"},         {"S3", "W_1", "1"},
    {"S3", "W_2", "1"},          {"S3", "W_3", "1"},
    {"S3", "W_4", "1"},          {"S3", "W_5", ""},
    {"S3", "R_4", "3"},          {"S3", "R_7", "3"},
    {"S3", "R_8", "3"},          {"S3", "R_12", "3"},
    {"S3", "R_20", "3"},         {"S3", "R_30", "3"},
    {"S3", "R_32", "3"},         {"S3", "R_38", "3"},
    {"S3", "R_43", "3"},         {"S4", "W_1", "0"},
    {"S4", "W_2", "0"},          {"S4", "W_3", "0"},
    {"S4", "W_4", "0"},          {"S4", "W_5", "1"},
    {"S4", "A_distress", "3"},   /* behind a gate he closed */
    {"S1", "Q_q1_bed", "11:00"}, /* nineteen hours in bed: no efficiency */
};

/* An answer nobody would notice. */
static const char *plain(const char *column)
{
    static const char *const positive[] = {"A_7", "A_11", "A_14", "A_21", "A_25",
                                           "B_7", "B_11", "B_14", "B_21", "B_25"};
    for (size_t i = 0; i < sizeof positive / sizeof positive[0]; i++)
        if (strcmp(column, positive[i]) == 0)
            return "2";
    if (strcmp(column, "Q_q1_bed") == 0)
        return "22:00";
    if (strcmp(column, "Q_q3_up") == 0)
        return "06:00";
    if (strcmp(column, "Q_q4_hours") == 0)
        return "7.5";
    return column[0] == 'W' ? "4" : "0";
}

static void add_column(psyi_buffer *out, const char *student, const char *column,
                       const char *otherwise)
{
    const char *cell = student == NULL ? column : otherwise;
    for (size_t i = 0; student != NULL && i < sizeof CHANGES / sizeof CHANGES[0]; i++)
        if (strcmp(CHANGES[i].student, student) == 0 && strcmp(CHANGES[i].column, column) == 0)
            cell = CHANGES[i].cell;
    psyi_buffer_text(out, cell);
    psyi_buffer_char(out, ',');
}

/* One line of the file; the header for NULL. */
static void add_line(psyi_buffer *out, const psy_plan *plan, const char *student)
{
    static const char *const prefixes[] = {"A", "B", "R", "Q", "W"};
    add_column(out, student, "student", student);
    add_column(out, student, "school", "A");
    add_column(out, student, "grade", "8");
    add_column(out, student, "sex", "f");
    add_column(out, student, "time", "2026-10-01 08:00");
    add_column(out, student, "born", "2012-10-01");
    for (size_t use = 0; use < plan->n_uses; use++)
        for (size_t i = 0; i < plan->uses[use].instrument->n_items; i++) {
            char column[64];
            snprintf(column, sizeof column, "%s_%s", prefixes[use],
                     plan->uses[use].instrument->items[i].id);
            add_column(out, student, column, plain(column));
        }
    psyi_buffer_text(out, "\n");
}

static void open_wide(ward *w, const char *roster)
{
    static const char *const instruments[] = {"sdq", "rcads47", "psqi", "who5", NULL};
    static const char *const students[] = {NULL, "S1", "S2", "S3", "S4"};
    psyi_buffer csv;
    psyi_buffer_init(&csv, NULL);
    ward_open_text(w, PLAN, instruments);
    for (size_t i = 0; i < 5; i++)
        add_line(&csv, w->plan, students[i]);
    psy_error error = {.status = PSY_OK};
    if (ward_try_text(w, roster, csv.data, 1, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    psyi_buffer_done(&csv);
}

static void check_words(const ward *w, const char *student, const char *rule, const char *zh,
                        const char *en)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    size_t index = 0;
    while (strcmp(w->results->book->rules[index].id, rule) != 0)
        index++;
    psyi_explain(w->results, ward_student(w, NULL, student), index, PSYI_ZH, &text);
    assert_string_equal(text.data, zh);
    psyi_buffer_clear(&text);
    psyi_explain(w->results, ward_student(w, NULL, student), index, PSYI_EN, &text);
    assert_string_equal(text.data, en);
    psyi_buffer_done(&text);
}

static void test_rules_over_all_kinds_of_columns(void **state)
{
    (void)state;
    ward w;
    open_wide(&w, NULL);
    assert_string_equal(ward_line(&w, NULL, "S1"), "valid 1 1 who;gate -");
    assert_string_equal(ward_line(&w, NULL, "S2"), "valid 1 1 parent;bed;who t:no_norm");
    assert_string_equal(ward_line(&w, NULL, "S3"), "incomplete 2 2 t;flag low;between");
    assert_string_equal(ward_line(&w, NULL, "S4"), "valid 1 1 low;between;flag;who;gate -");
    /* As of the latest submission, and an age on that day: the fourteenth birthday. */
    assert_int_equal(w.results->as_of % 86400, 8 * 3600);
    assert_int_equal(w.results->people[0].age, 14);
    assert_int_equal(ward_findings(&w, "no_norm", "S2"), 1);
    assert_int_equal(ward_findings(&w, "closed_gate", "S4"), 1);
    assert_int_equal(ward_findings(&w, "closed_gate", NULL), 1);
    assert_true(ward_findings(&w, "undefined", "S1") >= 1);
    ward_close(&w);
}

static void test_their_words(void **state)
{
    (void)state;
    ward w;
    open_wide(&w, NULL);
    check_words(&w, "S3", "t", "社交（RCADS-47 社交恐怖 T分（常模 us_users_guide） = 78 [≥65]）",
                "social (RCADS-47 Social phobia T (norm us_users_guide) = 78 [≥65])");
    check_words(&w, "S2", "t",
                "社交（RCADS-47 社交恐怖 T分（常模 us_users_guide） = 无常模 [≥65]）",
                "social (RCADS-47 Social phobia T (norm us_users_guide) = no norm [≥65])");
    check_words(&w, "S2", "parent", "家长（SDQ（家长） 困难总分 等级 = 异常 [≥ 异常]）",
                "parent (SDQ (parent) Total difficulties band = abnormal [≥ abnormal])");
    check_words(&w, "S2", "bed",
                "晚睡（PSQI q1_bed 题 = 01:30 [≥01:00, <12:00]；q4_hours 题 = 4.5 [<6]）",
                "late (PSQI item q1_bed = 01:30 [≥01:00, <12:00]; item q4_hours = 4.5 [<6])");
    check_words(&w, "S4", "who",
                "谁（年龄 = 14；学段 = 初中；WHO-5 幸福感指数 粗分 已答题数 = 5）",
                "who (age = 14; stage = junior; WHO-5 Raw items answered = 5)");
    check_words(&w, "S1", "gate", "影响（SDQ（自评） distress 题 = 2 [≥1]；影响 = 2 [≥2]）",
                "impact (SDQ (self) item distress = 2 [≥1]; Impact = 2 [≥2])");
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    static const struct {
        psyi_column_kind kind;
        unsigned index;
        const char *en;
    } columns[] = {{PSYI_COLUMN_PREVIOUS, 0, "wave before: tier"},
                   {PSYI_COLUMN_STUDENT, PSYI_STUDENT_INFORMANT, "informant"},
                   {PSYI_COLUMN_QUALITY, PSYI_QUALITY_BLANKS, "blank items"}};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        psyi_buffer_clear(&text);
        psyi_operand_words(w.plan, false, psyi_column(columns[i].kind, 0, columns[i].index, 0),
                           PSYI_EN, &text);
        assert_string_equal(text.data, columns[i].en);
    }
    psyi_buffer_done(&text);
    ward_close(&w);
}

/* (28 - 4)/10 of the percentage score against (5 - 1)/2.5 of the raw one, which is worse by
 * less; and 80 is no raw score. */
static void test_exceedance_of_a_low_score(void **state)
{
    (void)state;
    ward w;
    open_wide(&w, NULL);
    const double low = w.results->students[ward_student(&w, NULL, "S4")].exceedance;
    assert_true(low > 2.399 && low < 2.401);
    /* A standard score and a flag fired: neither has a range to measure against. */
    const double none = w.results->students[ward_student(&w, NULL, "S3")].exceedance;
    assert_true(none >= 0 && none <= 0);
    ward_close(&w);
}

static void test_birth_dates_of_the_roster(void **state)
{
    (void)state;
    ward w;
    open_wide(&w, "student,school,grade,sex,born\nS1,A,8,f,2012-10-02\nS2,A,8,f,2012-02-29\n"
                  "S3,A,,,\nS4,A,8,f,1969-12-31\nS5,A,8,f,2012-10-15\n");
    assert_int_equal(w.results->people[0].age, 13); /* the day before his birthday */
    assert_int_equal(w.results->people[1].age, 14);
    assert_int_equal(w.results->people[2].age, 14); /* the sheet's */
    assert_int_equal(w.results->people[3].age, 56);
    assert_int_equal(ward_findings(&w, "age_differs", "S4"), 0); /* sheets say no age themselves */
    /* The roster knows his sex: the norm that was missing is there. */
    assert_string_equal(ward_line(&w, NULL, "S2"), "valid 1 1 parent;bed;who -");
    const psyi_student *const third = &w.results->students[ward_student(&w, NULL, "S3")];
    assert_int_equal(third->grade, 8);
    assert_int_equal(third->sex, PSYI_SEX_FEMALE);
    assert_int_equal(w.results->students[ward_student(&w, NULL, "S5")].age, 13);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_over_all_kinds_of_columns),
        cmocka_unit_test(test_their_words),
        cmocka_unit_test(test_exceedance_of_a_low_score),
        cmocka_unit_test(test_birth_dates_of_the_roster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
