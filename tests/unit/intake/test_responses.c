/*
 * test_responses.c -- rows of response files: answers, persons, findings, refusals, several
 * files, sources.
 */
#include "test_support.h"

#include "intake/cell.h"
#include "intake_fixture.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define HEADER       "phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9"
#define ONES         ",1,1,1,1,1,1,1,1" /* items 2 to 9 */

static const psy_instrument *const phq9_only[] = {&fixture_phq9};

/* ---- shapes of rows ---- */

static void test_rows_of_every_shape(void **state)
{
    (void)state;
    fixture_reading reading;
    fixture_ad_hoc(&reading, &fixture_phq9);
    assert_int_equal(fixture_read_text(&reading, HEADER ",\n"
                                                        "0,1,2,3,0,1,2,3,0,\n"
                                                        "\n"
                                                        "1,1,1\n"
                                                        "\"3\",\"2\",\" 1\",,,,,,\"0\"\n"
                                                        ",,,,,,,,,,\n"
                                                        "1" ONES ",,,\n"
                                                        "1" ONES ",x,,y\n"
                                                        "2\"\n"
                                                        "\"2\"" ONES "\n"
                                                        " , ,\n\n"),
                     PSY_OK);
    assert_int_equal(reading.intake->n_records, 7);
    static const uint32_t rows[] = {2, 4, 5, 7, 8, 9, 10};
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(reading.intake->records[i].row, rows[i]);
        assert_true(psyi_sheets_given(reading.intake->sheets[0], i));
    }
    assert_int_equal(psyi_sheets_answered(reading.intake->sheets[0], 0), 9);
    assert_int_equal(psyi_sheets_answered(reading.intake->sheets[0], 1), 3);
    assert_int_equal(fixture_byte(&reading, 0, 1, 3), PSYI_BLANK);
    assert_int_equal(fixture_byte(&reading, 0, 2, 0), 3);
    assert_int_equal(fixture_byte(&reading, 0, 2, 2), 1);
    assert_int_equal(fixture_byte(&reading, 0, 2, 3), PSYI_BLANK);
    assert_int_equal(fixture_byte(&reading, 0, 4, 8), 1);
    assert_int_equal(fixture_byte(&reading, 0, 5, 0), PSYI_UNREADABLE);
    assert_int_equal(fixture_byte(&reading, 0, 6, 0), 2);
    assert_int_equal(fixture_count(reading.findings, "short_row"), 2);
    const psy_finding *finding = fixture_finding(reading.findings, "long_row");
    assert_non_null(finding);
    assert_int_equal(finding->severity, PSY_ERROR);
    assert_int_equal(finding->row, 8);
    assert_int_equal(fixture_count(reading.findings, "long_row"), 1);
    finding = fixture_finding(reading.findings, "empty_rows");
    assert_non_null(finding);
    assert_int_equal(finding->row, 3);
    assert_string_equal(finding->message, "4 empty rows were passed over, this is the first");
    fixture_done(&reading);
}

/* Two exports one below the other: the second header is nobody, by the quick way and the general.
 */
static void test_a_header_among_the_rows(void **state)
{
    (void)state;
    for (int general = 0; general < 2; general++) {
        fixture_reading reading;
        fixture_ad_hoc(&reading, &fixture_phq9);
        reading.options.general_only = general != 0;
        assert_int_equal(fixture_read_text(&reading, "sex,grade," HEADER "\nmale,7,0" ONES
                                                     "\nsex , grade," HEADER "\nfemale,8,3" ONES
                                                     "\nsex,grade," HEADER "\n"),
                         PSY_OK);
        assert_int_equal(reading.intake->n_records, 2);
        assert_int_equal(reading.intake->records[1].row, 4);
        assert_int_equal(fixture_byte(&reading, 0, 1, 0), 3);
        assert_int_equal(fixture_byte(&reading, 0, 1, 1), 1);
        const psy_finding *const finding = fixture_finding(reading.findings, "header_repeated");
        assert_non_null(finding);
        assert_int_equal(finding->row, 3);
        assert_int_equal(finding->severity, PSY_WARNING);
        assert_int_equal(fixture_count(reading.findings, "unreadable"), 0);
        assert_string_equal(finding->message, "the header stands here once more; 2 such rows are "
                                              "no student, this is the first");
        fixture_done(&reading);
    }
}

static void test_all_line_ends_read_alike(void **state)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    (void)state;
    for (size_t i = 0; i < COUNT(ends); i++) {
        fixture_reading reading;
        char text[512];
        fixture_ad_hoc(&reading, &fixture_phq9);
        snprintf(text, sizeof text, HEADER "%s0" ONES "%s3" ONES "%s", ends[i], ends[i], ends[i]);
        assert_int_equal(fixture_read_text(&reading, text), PSY_OK);
        assert_int_equal(reading.intake->n_records, 2);
        assert_int_equal(reading.intake->records[1].row, 3);
        assert_int_equal(fixture_byte(&reading, 0, 1, 0), 3);
        assert_int_equal(fixture_byte(&reading, 0, 1, 8), 1);
        fixture_done(&reading);
    }
}

static void test_header_only_and_one_row(void **state)
{
    (void)state;
    fixture_reading reading;
    fixture_ad_hoc(&reading, &fixture_phq9);
    assert_int_equal(fixture_read_text(&reading, HEADER), PSY_OK);
    assert_int_equal(reading.intake->n_records, 0);
    assert_int_equal(reading.intake->files[0].rows, 0);
    assert_int_equal(reading.intake->sheets[0]->n_sheets, 0);
    assert_int_equal(fixture_count(reading.findings, "no_rows"), 1);
    fixture_done(&reading);
    assert_int_equal(fixture_read_text(&reading, HEADER "\n0" ONES), PSY_OK);
    assert_int_equal(reading.intake->n_records, 1);
    assert_int_equal(reading.intake->sheets[0]->n_sheets, 1);
    assert_int_equal(fixture_count(reading.findings, "no_rows"), 0);
    fixture_done(&reading);
}

static void test_a_record_of_several_lines_has_its_first_line(void **state)
{
    static const char *const keep[] = {"note"};
    (void)state;
    fixture_reading reading;
    fixture_ad_hoc(&reading, &fixture_phq9);
    reading.options.keep = keep;
    reading.options.n_keep = 1;
    assert_int_equal(fixture_read_text(&reading, "note," HEADER "\n\"a\nb \"\"c\"\"\",7" ONES
                                                 "\n\"x\"y,7" ONES "\n"),
                     PSY_OK);
    assert_string_equal(reading.intake->records[0].kept[0], "a\nb \"c\"");
    assert_string_equal(reading.intake->records[1].kept[0], "xy");
    assert_int_equal(reading.intake->records[0].row, 2);
    assert_int_equal(reading.intake->records[1].row, 4);
    const psy_finding *const finding = fixture_finding(reading.findings, "out_of_range");
    assert_int_equal(finding->row, 2);
    assert_int_equal(fixture_finding(reading.findings, "text_after_quote")->row, 4);
    assert_string_equal(fixture_finding(reading.findings, "text_after_quote")->field, "note");
    fixture_done(&reading);
}

/* ---- findings about answers ---- */

static const struct {
    const char *name, *cell, *rule, *message;
} complaints[] = {
    {"code out of range", "7", "out_of_range", "'7' is not one of the codes 0, 1, 2, 3"},
    {"negative code", " -5 ", "out_of_range", "'-5' is not one of the codes 0, 1, 2, 3"},
    {"word", "often", "unreadable", "'often' is neither a label nor one of the codes 0, 1, 2, 3"},
    {"full-width code", "７", "out_of_range", "'7' is not one of the codes 0, 1, 2, 3"},
    {"long text is cut",
     "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十甲乙",
     "unreadable",
     "'一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十' is "
     "neither a label nor one of the codes 0, 1, 2, 3"},
};

static void test_findings_quote_what_is_no_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(complaints); i++) {
        fixture_reading reading;
        char text[512];
        fixture_ad_hoc(&reading, &fixture_phq9);
        snprintf(text, sizeof text, HEADER "\n%s" ONES "\n", complaints[i].cell);
        print_message("  %s\n", complaints[i].name);
        assert_int_equal(fixture_read_text(&reading, text), PSY_OK);
        const psy_finding *const finding = fixture_finding(reading.findings, complaints[i].rule);
        assert_non_null(finding);
        assert_string_equal(finding->message, complaints[i].message);
        assert_string_equal(finding->file, "answers.csv");
        assert_string_equal(finding->field, "phq9_1");
        assert_int_equal(finding->row, 2);
        assert_int_equal(finding->severity, PSY_WARNING);
        assert_true(finding->subject == NULL || finding->subject[0] == '\0');
        fixture_done(&reading);
    }
}

static const struct {
    const char *cells, *field, *message;
} number_complaints[] = {
    {"23.30,20,6.5", "psqi_q1_bed", "'23.30' could be a time or a number of hours: write 23:30"},
    {"6.05,20,6.5", "psqi_q1_bed", "'6.05' could be a time or a number of hours: write 6:05"},
    {"24:10,20,6.5", "psqi_q1_bed", "'24:10' is no time of a day"},
    {"late,20,6.5", "psqi_q1_bed", "'late' is no clock time: write hours and minutes as 23:30"},
    {"23:30,601,6.5", "psqi_q2_minutes", "'601' is outside 0 to 600"},
    {"23:30,20分,6.5", "psqi_q2_minutes", "'20分' is no number with at most 0 decimals"},
    {"23:30,20,6.55", "psqi_q4_hours", "'6.55' is no number with at most 1 decimals"},
};

static void test_findings_about_numbers_and_clocks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(number_complaints); i++) {
        fixture_reading reading;
        char text[256];
        fixture_ad_hoc(&reading, &fixture_psqi);
        snprintf(text, sizeof text, "psqi_q1_bed,psqi_q2_minutes,psqi_q4_hours,psqi_5\n%s,1\n",
                 number_complaints[i].cells);
        print_message("  %s\n", number_complaints[i].cells);
        assert_int_equal(fixture_read_text(&reading, text), PSY_OK);
        assert_int_equal(psy_findings_count(reading.findings), 1);
        const psy_finding finding = psy_findings_get(reading.findings, 0);
        assert_string_equal(finding.field, number_complaints[i].field);
        assert_string_equal(finding.message, number_complaints[i].message);
        fixture_done(&reading);
    }
}

static void test_repeated_warnings_are_counted_and_errors_are_not(void **state)
{
    (void)state;
    fixture_reading reading;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, HEADER "\n");
    for (size_t i = 0; i < 50; i++)
        psyi_buffer_text(&text, "7,x" ONES ",extra\n");
    fixture_ad_hoc(&reading, &fixture_phq9);
    assert_int_equal(fixture_read(&reading, text.data, text.length), PSY_OK);
    assert_int_equal(fixture_count(reading.findings, "out_of_range"), 21);
    assert_int_equal(fixture_count(reading.findings, "unreadable"), 21);
    assert_int_equal(fixture_count(reading.findings, "long_row"), 50);
    psy_findings_sort(reading.findings);
    size_t summaries = 0;
    for (size_t i = 0; i < psy_findings_count(reading.findings); i++) {
        const psy_finding finding = psy_findings_get(reading.findings, i);
        if (finding.row != 0 || strcmp(finding.rule, "out_of_range") != 0)
            continue;
        summaries++;
        assert_string_equal(finding.message, "30 further rows of this column");
        assert_string_equal(finding.field, "phq9_1");
    }
    assert_int_equal(summaries, 1);
    fixture_done(&reading);
    psyi_buffer_done(&text);
}

static void test_a_file_in_another_coding_is_doubted(void **state)
{
    (void)state;
    for (size_t n_bad = 0; n_bad <= 40; n_bad += 10) {
        fixture_reading reading;
        psyi_buffer text;
        psyi_buffer_init(&text, NULL);
        psyi_buffer_text(&text, HEADER "\n");
        for (size_t i = 0; i < 50; i++)
            psyi_buffer_text(&text, i < n_bad ? "4" ONES "\n" : "3" ONES "\n");
        fixture_ad_hoc(&reading, &fixture_phq9);
        assert_int_equal(fixture_read(&reading, text.data, text.length), PSY_OK);
        const psy_finding *const finding = fixture_finding(reading.findings, "coding_doubtful");
        if (n_bad * 20 < 50 * 9) {
            assert_null(finding);
        } else {
            assert_non_null(finding);
            assert_int_equal(finding->severity, PSY_WARNING);
            assert_non_null(strstr(finding->message, "answers to phq9 are none of its codes "
                                                     "(0, 1, 2, 3): if the file is written in"));
        }
        fixture_done(&reading);
        psyi_buffer_done(&text);
    }
}

/* ---- persons ---- */

static const char *const student[] = {"student"}, *const school[] = {"school"},
                         *const grade[] = {"grade"}, *const class_name[] = {"class"},
                         *const sex[] = {"sex"}, *const name[] = {"name"}, *const born[] = {"born"},
                         *const age[] = {"age"}, *const submitted[] = {"time"},
                         *const duration[] = {"took"}, *const informant[] = {"who"},
                         *const consent[] = {"consent"};

static void declare_all(fixture_reading *reading)
{
    fixture_plan(reading, phq9_only, 1);
    fixture_column(reading, PSYI_FIELD_STUDENT, student, 1);
    fixture_column(reading, PSYI_FIELD_SCHOOL, school, 1);
    fixture_column(reading, PSYI_FIELD_GRADE, grade, 1);
    fixture_column(reading, PSYI_FIELD_CLASS, class_name, 1);
    fixture_column(reading, PSYI_FIELD_SEX, sex, 1);
    fixture_column(reading, PSYI_FIELD_NAME, name, 1);
    fixture_column(reading, PSYI_FIELD_BIRTH_DATE, born, 1);
    fixture_column(reading, PSYI_FIELD_AGE, age, 1);
    fixture_column(reading, PSYI_FIELD_SUBMITTED_AT, submitted, 1);
    fixture_column(reading, PSYI_FIELD_DURATION, duration, 1);
    fixture_column(reading, PSYI_FIELD_INFORMANT, informant, 1);
    fixture_column(reading, PSYI_FIELD_CONSENT, consent, 1);
}

#define PERSON_HEADER "student,school,grade,class,sex,name,born,age,time,took,who,consent,"

static psy_status read_person(fixture_reading *reading, const char *cells)
{
    char text[1024];
    snprintf(text, sizeof text, PERSON_HEADER HEADER "\n%s,0" ONES "\n", cells);
    return fixture_read_text(reading, text);
}

static void test_a_person_is_read(void **state)
{
    (void)state;
    fixture_reading reading;
    declare_all(&reading);
    assert_int_equal(read_person(&reading,
                                 "　Ｌ420100200901010011 ,0420100001,初一,七（3）班,女,欧阳·某,"
                                 "2013-05-06,13岁,2026/09/03 12:00:00,123秒,本人,同意"),
                     PSY_OK);
    const psyi_record *const record = &reading.intake->records[0];
    assert_string_equal(record->student, "L420100200901010011");
    assert_string_equal(record->school, "0420100001");
    assert_string_equal(record->grade_text, "初一");
    assert_string_equal(record->class_text, "七（3）班");
    assert_string_equal(record->name, "欧阳·某");
    assert_int_equal(record->grade, 7);
    assert_int_equal(record->class_number, 3);
    assert_int_equal(record->age, 13);
    assert_int_equal(record->sex, PSYI_SEX_FEMALE);
    assert_int_equal(record->informant, PSYI_INFORMANT_SELF);
    assert_int_equal(record->consent, PSYI_CONSENT_YES);
    assert_int_equal(record->submitted_at, (int64_t)psyi_days(2026, 9, 3) * 86400 + 43200);
    assert_int_equal(record->seconds, 123);
    assert_int_equal(record->born, psyi_days(2013, 5, 6));
    assert_int_equal(psy_findings_count(reading.findings), 1); /* item 10 */
    fixture_done(&reading);
}

static void test_an_unknown_person_stays_unknown(void **state)
{
    (void)state;
    fixture_reading reading;
    declare_all(&reading);
    assert_int_equal(read_person(&reading, ",,,,,,,,,,,"), PSY_OK);
    const psyi_record *const record = &reading.intake->records[0];
    assert_string_equal(record->student, "");
    assert_string_equal(record->class_text, "");
    assert_int_equal(record->grade, 0);
    assert_int_equal(record->class_number, 0);
    assert_int_equal(record->age, -1);
    assert_int_equal(record->sex, PSYI_SEX_UNKNOWN);
    assert_int_equal(record->informant, PSYI_INFORMANT_UNKNOWN);
    assert_int_equal(record->consent, PSYI_CONSENT_UNKNOWN);
    assert_true(record->submitted_at == PSYI_NO_TIME);
    assert_int_equal(record->seconds, -1);
    assert_int_equal(record->born, INT32_MIN);
    fixture_done(&reading);
}

static const struct {
    const char *name, *cells, *field, *rule, *message;
} person_warnings[] = {
    {"grade contradicts itself", "1,1,七年级(初二),,,,,,,,,", "grade", "contradiction",
     "'七年级(初二)' names two grades"},
    {"no grade", "1,1,no,,,,,,,,,", "grade", "unreadable", "'no' is no grade"},
    {"a year of no school type", "1,1,2023级,,,,,,,,,", "grade", "unreadable",
     "a year of entry or leaving says no grade without the school type: write 初中2023级, or "
     "declare codes: {grade: {\"2023级\": 9}}"},
    {"a year without a date", "1,1,初中2023级,,,,,,,,,", "grade", "unreadable",
     "which grade this year is in depends on the date: declare `as_of:` in the plan"},
    {"class of another grade", "1,1,7,804,,,,,,,,", "class", "contradiction",
     "the class belongs to another grade than the row says"},
    {"age", "1,1,7,,,,,abc,,,,", "age", "unreadable",
     "the age is no whole number of years from 0 to 120"},
    {"serial number as date", "1,1,7,,,,,,46268.5,,,", "time", "unreadable",
     "no date: write 2026-09-03, for a moment 2026-09-03 12:00"},
    {"duration", "1,1,7,,,,,,,a while,,", "took", "unreadable",
     "no duration: write seconds, 123秒, 2分3秒 or 00:12:30"},
    {"informant", "1,1,7,,,,,,,,grandmother,", "who", "unreadable",
     "the informant is none of self, parent, teacher, and no code declares it"},
    {"birth date", "1,1,7,,,,2013,,,,,", "born", "unreadable",
     "no date: write 2026-09-03, for a moment 2026-09-03 12:00"},
};

static void test_what_cannot_be_read_of_a_person_is_a_warning(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(person_warnings); i++) {
        fixture_reading reading;
        declare_all(&reading);
        print_message("  %s\n", person_warnings[i].name);
        assert_int_equal(read_person(&reading, person_warnings[i].cells), PSY_OK);
        const psy_finding *const finding =
            fixture_finding(reading.findings, person_warnings[i].rule);
        assert_non_null(finding);
        assert_string_equal(finding->field, person_warnings[i].field);
        assert_string_equal(finding->message, person_warnings[i].message);
        assert_int_equal(finding->row, 2);
        fixture_done(&reading);
    }
}

static const struct {
    const char *name, *cells, *message, *path;
    uint32_t column;
} person_refusals[] = {
    {"sex code without a meaning", "1,1,7,,1,,,,,,,",
     "sex code '1' has no declared meaning: declare codes: {sex: {1: male, ...}} under "
     "inputs/responses",
     "row 2, column sex", 8},
    {"id in scientific notation", "1.10101E+17,1,7,,,,,,,,,",
     "the number is in scientific notation and has lost digits: format the column as text in "
     "the spreadsheet and export again",
     "row 2, column student", 1},
    {"school in scientific notation", "学生,3.2E9,7,,,,,,,,,",
     "the number is in scientific notation and has lost digits: format the column as text in "
     "the spreadsheet and export again",
     "row 2, column school", 4},
    {"date in an unknown order", "1,1,7,,,,,,03/09/2026,,,",
     "day and month of this date cannot be told apart: declare `dates: dmy` or `dates: mdy` "
     "under inputs/responses",
     "row 2, column time", 12},
    {"consent without a meaning", "1,1,7,,,,,,,,,ok",
     "the consent has no declared meaning: declare codes: {consent: {...: yes, ...: no, ...: "
     "unanswered}} under inputs/responses",
     "row 2, column consent", 15},
};

static void test_what_must_not_be_guessed_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(person_refusals); i++) {
        fixture_reading reading;
        declare_all(&reading);
        print_message("  %s\n", person_refusals[i].name);
        assert_int_equal(read_person(&reading, person_refusals[i].cells), PSY_E_DATA);
        assert_string_equal(reading.error.message, person_refusals[i].message);
        assert_string_equal(reading.error.path, person_refusals[i].path);
        assert_string_equal(reading.error.where.source, "answers.csv");
        assert_int_equal(reading.error.where.line, 2);
        assert_int_equal(reading.error.where.column, person_refusals[i].column);
        fixture_done(&reading);
    }
}

static void test_a_partial_export_is_not_refused_for_its_persons(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(person_refusals); i++) {
        fixture_reading reading;
        declare_all(&reading);
        reading.options.partial = true;
        print_message("  %s\n", person_refusals[i].name);
        assert_int_equal(read_person(&reading, person_refusals[i].cells), PSY_OK);
        assert_int_equal(reading.intake->n_records, 1);
        assert_int_equal(fixture_byte(&reading, 0, 0, 8), 1);
        assert_int_equal(reading.intake->records[0].sex, PSYI_SEX_UNKNOWN);
        assert_int_equal(reading.intake->records[0].consent, PSYI_CONSENT_UNKNOWN);
        assert_true(reading.intake->records[0].submitted_at == PSYI_NO_TIME);
        const psy_finding *const finding = fixture_finding(reading.findings, "unreadable");
        assert_non_null(finding);
        assert_string_equal(finding->message, person_refusals[i].message);
        fixture_done(&reading);
    }
}

static void test_ids_that_only_look_scientific_are_kept(void **state)
{
    static const char *const ids[] = {"12E3", "E17", "1.5", "110101200801010000", "1E", "1.1E17x"};
    (void)state;
    for (size_t i = 0; i < COUNT(ids); i++) {
        fixture_reading reading;
        char cells[64];
        declare_all(&reading);
        snprintf(cells, sizeof cells, "%s,1,7,,,,,,,,,", ids[i]);
        assert_int_equal(read_person(&reading, cells), PSY_OK);
        assert_string_equal(reading.intake->records[0].student, ids[i]);
        fixture_done(&reading);
    }
}

static void test_declared_codes_of_persons(void **state)
{
    static const psyi_code_text sexes[] = {
        {"1", "male", {0, 0, 0}}, {"2", "female", {0, 0, 0}}, {"9", "unknown", {0, 0, 0}}};
    static const psyi_code_text grades[] = {{"1", "7", {0, 0, 0}}};
    static const psyi_code_text who[] = {{"grandmother", "parent", {0, 0, 0}}};
    static const psyi_code_text agreed[] = {{"ok", "yes", {0, 0, 0}}};
    static const psyi_code_map maps[] = {
        {"sex", sexes, 3}, {"grade", grades, 1}, {"informant", who, 1}, {"consent", agreed, 1}};
    static const char *const skipped_texts[] = {"(跳过)"};
    (void)state;
    fixture_reading reading;
    declare_all(&reading);
    reading.input.codes = maps;
    reading.input.n_codes = COUNT(maps);
    reading.input.skipped = (psyi_text_list){skipped_texts, 1};
    reading.input.dates = "dmy";
    assert_int_equal(read_person(&reading, "1,1,1,704,２,,,,03/09/2026,,grandmother,OK"), PSY_OK);
    const psyi_record *record = &reading.intake->records[0];
    assert_int_equal(record->sex, PSYI_SEX_FEMALE);
    assert_int_equal(record->grade, 7);
    assert_string_equal(record->grade_text, "1");
    assert_int_equal(record->class_number, 4);
    assert_int_equal(record->informant, PSYI_INFORMANT_PARENT);
    assert_int_equal(record->consent, PSYI_CONSENT_YES);
    assert_int_equal(record->submitted_at, (int64_t)psyi_days(2026, 9, 3) * 86400);
    fixture_done(&reading);

    assert_int_equal(read_person(&reading, "1,1,(跳过),(跳过),9,,,(跳过),（跳过）,,,"), PSY_OK);
    record = &reading.intake->records[0];
    assert_int_equal(record->sex, PSYI_SEX_UNKNOWN);
    assert_int_equal(record->grade, 0);
    assert_string_equal(record->grade_text, "");
    assert_string_equal(record->class_text, "");
    assert_int_equal(fixture_count(reading.findings, "unreadable"), 0);
    fixture_done(&reading);
}

static void test_codes_that_mean_nothing_are_refused(void **state)
{
    static const psyi_code_text texts[] = {{"often", "2", {0, 0, 0}}, {"always", "5", {0, 0, 0}}};
    static const psyi_code_map maps[] = {{"phq9", texts, 2}};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, phq9_only, 1);
    reading.input.codes = maps;
    reading.input.n_codes = 1;
    assert_int_equal(fixture_read_text(&reading, HEADER "\noften" ONES "\n"), PSY_E_DATA);
    assert_string_equal(reading.error.message, "'5' is no code or label of any item of phq9");
    fixture_done(&reading);
    assert_int_equal(reading.error.status, PSY_E_DATA);
}

static void test_messages_never_hold_identities_or_answers(void **state)
{
    (void)state;
    fixture_reading reading;
    declare_all(&reading);
    assert_int_equal(read_person(&reading, "SECRETID,SECRETSCHOOL,nograde,八年级SECRET,男,"
                                           "SECRETNAME,SECRETDATE,SECRETAGE,SECRETTIME,"
                                           "SECRETTOOK,SECRETWHO,"),
                     PSY_OK);
    assert_true(psy_findings_count(reading.findings) >= 5);
    for (size_t i = 0; i < psy_findings_count(reading.findings); i++)
        assert_null(strstr(psy_findings_get(reading.findings, i).message, "SECRET"));
    fixture_done(&reading);
}

/* ---- files ---- */

static void test_files_may_hold_different_uses(void **state)
{
    static const psy_instrument *const both[] = {&fixture_phq9, &fixture_sdq};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, both, 2);
    fixture_column(&reading, PSYI_FIELD_STUDENT, student, 1);
    psy_test_bytes bytes[] = {{.bytes = "student," HEADER "\nA,0" ONES "\n",
                               .length = sizeof "student," HEADER "\nA,0" ONES "\n" - 1,
                               .step = 7},
                              {.bytes = "sdq_1,sdq_2,student\n2,1,B\n0,1,A\n",
                               .length = sizeof "sdq_1,sdq_2,student\n2,1,B\n0,1,A\n" - 1}};
    const psy_source sources[] = {psy_test_source_of(&bytes[0], "one.csv"),
                                  psy_test_source_of(&bytes[1], NULL)};
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    psyi_intake *intake = NULL;
    assert_int_equal(
        psyi_intake_read(&intake, &reading.options, NULL, sources, 2, NULL, findings, NULL),
        PSY_OK);
    assert_int_equal(intake->n_records, 3);
    assert_int_equal(intake->n_files, 2);
    assert_string_equal(intake->files[0].name, "one.csv");
    assert_string_equal(intake->files[1].name, "<memory>");
    assert_int_equal(intake->files[0].rows, 1);
    assert_int_equal(intake->files[1].rows, 2);
    assert_int_equal(intake->files[1].bytes, bytes[1].length);
    assert_int_equal(intake->records[2].file, 1);
    assert_int_equal(intake->records[2].row, 3);
    assert_true(intake->use_present[0] && intake->use_present[1]);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(psyi_sheets_given(intake->sheets[0], i), i == 0);
        assert_int_equal(psyi_sheets_given(intake->sheets[1], i), i > 0);
    }
    assert_int_equal(*psyi_sheets_byte(intake->sheets[1], 1, 0), 2);
    assert_int_equal(*psyi_sheets_byte(intake->sheets[0], 1, 0), PSYI_BLANK);
    assert_int_equal(fixture_count(findings, "use_absent"), 0);
    psyi_intake_free(intake);
    psy_findings_free(findings);
}

static void test_a_use_in_no_file_is_told_once(void **state)
{
    static const psy_instrument *const both[] = {&fixture_phq9, &fixture_sdq};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, both, 2);
    assert_int_equal(fixture_read_text(&reading, HEADER "\n0" ONES "\n"), PSY_OK);
    assert_false(reading.intake->use_present[1]);
    const psy_finding *const finding = fixture_finding(reading.findings, "use_absent");
    assert_non_null(finding);
    assert_int_equal(finding->severity, PSY_WARNING);
    assert_string_equal(finding->message, "no column of sdq is in any file (the first would be "
                                          "'sdq_1'): it counts as not administered");
    fixture_done(&reading);
}

static void test_digest_and_paths(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    const char *const path = psy_test_path(directory, "a.csv");
    static const char text[] = HEADER "\n0" ONES "\n";
    psy_test_write_file(path, text, sizeof text - 1);
    fixture_reading reading;
    fixture_ad_hoc(&reading, &fixture_phq9);
    psyi_intake *intake = NULL;
    psy_error error = {0};
    assert_int_equal(
        psyi_intake_read(&intake, &reading.options, &path, NULL, 1, NULL, NULL, &error), PSY_OK);
    assert_string_equal(intake->files[0].name, path);
    assert_int_equal(strlen(intake->files[0].digest), 64);
    psyi_intake_free(intake);

    const char *const missing = psy_test_path(directory, "b.csv");
    assert_int_equal(
        psyi_intake_read(&intake, &reading.options, &missing, NULL, 1, NULL, NULL, &error),
        PSY_E_IO);
    psy_test_directory_remove();
}

static void test_all_blank_and_all_missing_sheets(void **state)
{
    static const char *const keep[] = {"id"};
    (void)state;
    fixture_reading reading;
    fixture_ad_hoc(&reading, &fixture_phq9);
    reading.options.keep = keep;
    reading.options.n_keep = 1;
    assert_int_equal(fixture_read_text(&reading, "id," HEADER "\n"
                                                 "a,,,,,,,,,\n"
                                                 "b,9,9,9,9,9,9,9,9,9\n"
                                                 "c,8,,,,,,,,\n"),
                     PSY_OK);
    assert_int_equal(reading.intake->n_records, 3);
    assert_false(psyi_sheets_given(reading.intake->sheets[0], 0));
    assert_false(psyi_sheets_given(reading.intake->sheets[0], 1));
    assert_true(psyi_sheets_given(reading.intake->sheets[0], 2));
    assert_int_equal(fixture_byte(&reading, 0, 2, 0), PSYI_REFUSED);
    fixture_done(&reading);
}

static void test_many_rows_cross_tiles(void **state)
{
    (void)state;
    fixture_reading reading;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, HEADER "\r");
    for (unsigned i = 0; i < 1000; i++) /* lone CR: the guess of rows is far too low */
        psyi_buffer_format(&text, "%u,%u,0,0,0,0,0,0,%u\r", i % 4, i / 4 % 4, i / 16 % 4);
    fixture_ad_hoc(&reading, &fixture_phq9);
    assert_int_equal(fixture_read(&reading, text.data, text.length), PSY_OK);
    assert_int_equal(reading.intake->n_records, 1000);
    assert_int_equal(reading.intake->sheets[0]->n_tiles, 16);
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(fixture_byte(&reading, 0, i, 0), i % 4);
        assert_int_equal(fixture_byte(&reading, 0, i, 1), i / 4 % 4);
        assert_int_equal(fixture_byte(&reading, 0, i, 8), i / 16 % 4);
    }
    fixture_done(&reading);
    psyi_buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_of_every_shape),
        cmocka_unit_test(test_a_header_among_the_rows),
        cmocka_unit_test(test_all_line_ends_read_alike),
        cmocka_unit_test(test_header_only_and_one_row),
        cmocka_unit_test(test_a_record_of_several_lines_has_its_first_line),
        cmocka_unit_test(test_findings_quote_what_is_no_answer),
        cmocka_unit_test(test_findings_about_numbers_and_clocks),
        cmocka_unit_test(test_repeated_warnings_are_counted_and_errors_are_not),
        cmocka_unit_test(test_a_file_in_another_coding_is_doubted),
        cmocka_unit_test(test_a_person_is_read),
        cmocka_unit_test(test_an_unknown_person_stays_unknown),
        cmocka_unit_test(test_what_cannot_be_read_of_a_person_is_a_warning),
        cmocka_unit_test(test_what_must_not_be_guessed_is_refused),
        cmocka_unit_test(test_a_partial_export_is_not_refused_for_its_persons),
        cmocka_unit_test(test_ids_that_only_look_scientific_are_kept),
        cmocka_unit_test(test_declared_codes_of_persons),
        cmocka_unit_test(test_codes_that_mean_nothing_are_refused),
        cmocka_unit_test(test_messages_never_hold_identities_or_answers),
        cmocka_unit_test(test_files_may_hold_different_uses),
        cmocka_unit_test(test_a_use_in_no_file_is_told_once),
        cmocka_unit_test(test_digest_and_paths),
        cmocka_unit_test(test_all_blank_and_all_missing_sheets),
        cmocka_unit_test(test_many_rows_cross_tiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
