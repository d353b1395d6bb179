/*
 * test_roster.c -- reading who should have answered.
 */
#include "test_support.h"

#include "intake/cell.h"
#include "intake_fixture.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const school[] = {"学校标识码"}, *const school_name[] = {"学校名称"},
                         *const student[] = {"学籍号"}, *const grade[] = {"年级"},
                         *const class_name[] = {"班级"}, *const name[] = {"姓名"},
                         *const sex[] = {"性别"}, *const born[] = {"出生日期"},
                         *const required[] = {"应测"}, *const reason[] = {"非应测原因"},
                         *const consent[] = {"知情同意"};

static psyi_input roster_input(void)
{
    const struct {
        psyi_field field;
        const char *const *names;
    } columns[] = {{PSYI_FIELD_SCHOOL, school},     {PSYI_FIELD_SCHOOL_NAME, school_name},
                   {PSYI_FIELD_STUDENT, student},   {PSYI_FIELD_GRADE, grade},
                   {PSYI_FIELD_CLASS, class_name},  {PSYI_FIELD_NAME, name},
                   {PSYI_FIELD_SEX, sex},           {PSYI_FIELD_BIRTH_DATE, born},
                   {PSYI_FIELD_REQUIRED, required}, {PSYI_FIELD_EXEMPT_REASON, reason},
                   {PSYI_FIELD_CONSENT, consent}};
    psyi_input input = {.present = true};
    for (size_t i = 0; i < COUNT(columns); i++)
        input.columns[columns[i].field] = (psyi_column_names){columns[i].names, 1, {0, 0, 0}};
    return input;
}

#define HEADER                                                                                     \
    "学校标识码,学校名称,学段,年级,班级,学籍号,姓名,性别,出生日期,应测,非应测原因,知情同意\n"

static psy_status read_roster(psyi_roster **out, const psyi_input *input, const char *text,
                              psy_findings *findings, psy_error *error)
{
    psy_test_bytes bytes = {.bytes = text, .length = strlen(text), .step = 100};
    const psy_source source = psy_test_source_of(&bytes, "roster.csv");
    return psyi_roster_read(out, input, NULL, &source, NULL, findings, error);
}

static void test_roster_rows(void **state)
{
    (void)state;
    const psyi_input input = roster_input();
    psyi_roster *roster = NULL;
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(
        read_roster(&roster, &input,
                    HEADER
                    "3142000001,第一中学,初中,七年级,701,G1,甲,男,2013-05-06,是,,同意\n"
                    "3142000001,第一中学,初中,七年级,七(2)班,G2,乙,女,20130101,否,请假,未回\n"
                    "\n"
                    "3142000001,第一中学,初中,8,3,G3,丙,,,,,\n"
                    "3142000001,第一中学,初中,8,3,G4,丁,男,,maybe,,不同意\n",
                    findings, NULL),
        PSY_OK);
    assert_int_equal(roster->n_rows, 4);
    const psyi_roster_row *row = roster->rows;
    assert_string_equal(row->school, "3142000001");
    assert_string_equal(row->school_name, "第一中学");
    assert_string_equal(row->student, "G1");
    assert_string_equal(row->name, "甲");
    assert_string_equal(row->area, "");
    assert_int_equal(row->grade, 7);
    assert_int_equal(row->class_number, 1);
    assert_string_equal(row->class_text, "701");
    assert_int_equal(row->sex, PSYI_SEX_MALE);
    assert_int_equal(row->born, psyi_days(2013, 5, 6));
    assert_true(row->required);
    assert_int_equal(row->consent, PSYI_CONSENT_YES);
    row++;
    assert_false(row->required);
    assert_string_equal(row->exempt_reason, "请假");
    assert_int_equal(row->consent, PSYI_CONSENT_UNANSWERED);
    assert_int_equal(row->class_number, 2);
    row++;
    assert_int_equal(row->row, 5);
    assert_true(row->required);
    assert_int_equal(row->sex, PSYI_SEX_UNKNOWN);
    assert_int_equal(row->consent, PSYI_CONSENT_UNKNOWN);
    assert_int_equal(row->age, -1);
    assert_int_equal(row->born, INT32_MIN);
    row++;
    assert_true(row->required);
    assert_int_equal(row->consent, PSYI_CONSENT_NO);
    assert_int_equal(fixture_finding(findings, "unreadable")->row, 6);
    assert_int_equal(roster->files[0].rows, 4);
    assert_string_equal(roster->files[0].name, "roster.csv");
    psy_findings_free(findings);
    psyi_roster_free(roster);
}

static const struct {
    const char *name, *text, *message;
    uint32_t line;
} refused[] = {
    {"no student column", "学校标识码,应测,知情同意,学号\n1,是,同意,G1\n",
     "there is no column '学籍号' (student); the nearest unused one is '学号'", 1},
    {"no consent column", "学校标识码,学籍号,应测\n1,G1,是\n",
     "there is no column '知情同意' (consent): write what the file calls it under inputs/roster",
     1},
    {"sex", HEADER "1,,,,,G1,,1,,,,\n",
     "sex code '1' has no declared meaning: declare codes: {sex: {1: male, ...}} under "
     "inputs/roster",
     2},
    {"scientific id", HEADER "1,,,,,1.1E+17,,,,,,\n",
     "the number is in scientific notation and has lost digits: format the column as text in "
     "the spreadsheet and export again",
     2},
};

static void test_refused_rosters(void **state)
{
    (void)state;
    const psyi_input input = roster_input();
    for (size_t i = 0; i < COUNT(refused); i++) {
        psyi_roster *roster = PSY_UNTOUCHED;
        psy_error error = {0};
        print_message("  %s\n", refused[i].name);
        assert_int_equal(read_roster(&roster, &input, refused[i].text, NULL, &error), PSY_E_DATA);
        psy_assert_untouched(roster);
        assert_string_equal(error.message, refused[i].message);
        assert_int_equal(error.where.line, refused[i].line);
    }
}

static void test_undeclared_roster_has_english_names(void **state)
{
    (void)state;
    const psyi_input input = {.present = false};
    psyi_roster *roster = NULL;
    psy_error error = {0};
    assert_int_equal(
        read_roster(&roster, &input, "school;student;sex;required\n1;G1;男;no\n", NULL, &error),
        PSY_OK);
    assert_int_equal(roster->n_rows, 1);
    assert_string_equal(roster->rows[0].student, "G1");
    assert_false(roster->rows[0].required);
    psyi_roster_free(roster);
    assert_int_equal(read_roster(&roster, &input, "a;b\n1;2\n", NULL, &error), PSY_E_DATA);
    assert_string_equal(error.message, "no column says who the students are: declare columns: "
                                       "{student: ...} or {name: ...}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roster_rows),
        cmocka_unit_test(test_refused_rosters),
        cmocka_unit_test(test_undeclared_roster_has_english_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
