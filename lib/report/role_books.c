/*
 * role_books.c -- a workbook for one role: a short first sheet, and the sheets its allow-list
 * knows.
 */
#include "report/common_fields.h"
#include "report/groups.h"
#include "report/release.h"
#include "report/report.h"
#include "report/role_cut.h"

#include <psyscreen/version.h>

#include <string.h>

/* ---- 班级关怀 ---- */

static void fill_done(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_student *const who = &line->report->results->students[line->student];
    const bool due = !(who->exempt && !who->tested) && who->status != PSYI_STATUS_NO_CONSENT;
    (void)field;
    psyi_put_text(sheet, row, column,
                  !due          ? PSYI_WORD(line->report, "不参加", "not due")
                  : who->tested ? PSYI_WORD(line->report, "是", "yes")
                                : PSYI_WORD(line->report, "否", "no"),
                  PSYI_STYLE_PLAIN);
}

/* 需关注 for whoever is on the warning list, 常规 for whom every rule was decided; nothing
 * where there is no result, because not judged is not fine. */
static void fill_care(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    (void)field;
    if (!psyi_printable(results, line->student))
        return;
    if (psyi_listed(results, line->student))
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "需关注", "needs care"),
                      PSYI_STYLE_TEXT | PSYI_BOLD);
    else if (results->students[line->student].tier == 0)
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "常规", "as usual"),
                      PSYI_STYLE_PLAIN);
}

static const psyi_cell_field homeroom_columns[] = {
    {.key = "grade",
     .head = PSYI_LABEL("年级", "Grade"),
     .width = 12,
     .style = PSYI_STYLE_GRADE,
     .fill = psyi_fill_grade},
    {.key = "class",
     .head = PSYI_LABEL("班级", "Class"),
     .width = 14,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = psyi_fill_class},
    {.key = "name",
     .head = PSYI_LABEL("姓名", "Name"),
     .width = 18,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = psyi_fill_name},
    {.key = "done",
     .head = PSYI_LABEL("是否完成", "Done"),
     .width = 14,
     .fill = fill_done,
     .note = PSYI_LABEL("否：请安排补测", "no: please arrange the make-up test")},
    {.key = "care_note",
     .head = PSYI_LABEL("关怀提示", "Care"),
     .width = 18,
     .fill = fill_care,
     .note = PSYI_LABEL("需关注：请多留意，由心理教师跟进；空白：还没有结果",
                        "needs care: keep an eye on the child; empty: no result yet")},
};

/* In the order of names, so that the place in the list says nothing. */
static int by_name(const psyi_results *results, uint32_t a, uint32_t b)
{
    const int order = strcmp(results->students[a].name, results->students[b].name);
    return order != 0 ? order : a < b ? -1 : a > b;
}

static void write_homeroom(psyi_report *report, const psyi_role_file *file)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "homeroom", (psyi_label)PSYI_LABEL("班级关怀", "Class"));
    psyi_layout_add_all(report, layout, homeroom_columns,
                        sizeof homeroom_columns / sizeof homeroom_columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    uint32_t *const members =
        psyi_arena_alloc(&report->arena, file->n_students + 1, sizeof *members);
    if (members == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: a class");
        return;
    }
    memcpy(members, file->students, file->n_students * sizeof *members);
    if (!psyi_sort(report, by_name, members, file->n_students)) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: a class");
        return;
    }
    for (size_t i = 0; i < file->n_students; i++) {
        const psyi_line line = {.report = report, .student = members[i], .number = i + 1};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, file->n_students, 3, file->n_students + 1);
}

/* ---- 区级重点名单 ---- */

static void fill_school_name(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                             const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    (void)field;
    psyi_put_text(sheet, row, column,
                  results->schools[results->students[line->student].school].name, PSYI_STYLE_PLAIN);
}

/* The last four signs of the student number. */
static void fill_tail(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const char *const code = line->report->results->students[line->student].code;
    const size_t length = strlen(code);
    size_t at = length;
    (void)field;
    for (int i = 0; i < 4 && at > 0; i++)
        for (at--; at > 0 && ((unsigned char)code[at] & 0xC0) == 0x80;)
            at--;
    psyi_put_text(sheet, row, column, code + at, PSYI_STYLE_PLAIN);
}

static const psyi_cell_field key_columns[] = {
    {.key = "no", .head = PSYI_LABEL("序号", "No."), .width = 6, .fill = psyi_fill_number},
    PSYI_FIELD_SCHOOL_CODE(13),
    {.key = "school_name",
     .head = PSYI_LABEL("学校", "School"),
     .width = 20,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = fill_school_name},
    PSYI_FIELD_GRADE(8),
    PSYI_FIELD_CLASS(8),
    PSYI_FIELD_NAME,
    {.key = "code_tail",
     .head = PSYI_LABEL("学籍号后四位", "Last four"),
     .width = 9,
     .style = PSYI_STYLE_ID,
     .fill = fill_tail},
    {.key = "tier_auto",
     .head = PSYI_LABEL("系统等级", "Tier"),
     .width = 14,
     .fill = psyi_fill_tier},
    PSYI_FIELD_TIER_FINAL,
    {.key = "rules_text",
     .head = PSYI_LABEL("命中规则", "Why listed"),
     .width = 56,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_rules},
    {.key = "due_by",
     .head = PSYI_LABEL("建议时限", "Due by"),
     .width = 16.5,
     .style = PSYI_STYLE_TIME,
     .fill = psyi_fill_due},
    PSYI_FIELD_CONCLUSION,
    {.key = "guardian_informed",
     .head = PSYI_LABEL("监护人是否知情", "Guardian told"),
     .width = 10,
     .style = PSYI_STYLE_FILL,
     .choices = psyi_guardian_told},
    {.key = "contact",
     .head = PSYI_LABEL("联系人（学校）", "Contact at school"),
     .width = 14,
     .style = PSYI_STYLE_FILL},
    {.key = "referred_to",
     .head = PSYI_LABEL("转介去向", "Referred to"),
     .width = 12,
     .style = PSYI_STYLE_FILL},
};

static bool for_the_centre(const psyi_results *results, size_t student)
{
    const psyi_scheme *const scheme = results->plan->scheme;
    return psyi_printable(results, student) &&
           (psyi_critical_class(results, student) == 2 || results->students[student].verify == 2 ||
            (scheme != NULL && results->students[student].tier == scheme->highest));
}

static void write_key_list(psyi_report *report)
{
    const psyi_results *const results = report->results;
    psyi_layout *const layout = psyi_layout_new(
        report, "key_list", (psyi_label)PSYI_LABEL("区级重点名单", "District list"));
    psyi_layout_add_all(report, layout, key_columns, sizeof key_columns / sizeof key_columns[0]);
    psyi_offer_tiers(report, layout);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_sheet_tab(sheet, 0xC00000);
    psyi_layout_head(report, sheet, layout, 0);
    uint32_t *const order = psyi_arena_alloc(&report->arena, report->n + 1, sizeof *order);
    if (order == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: the list of a district");
        return;
    }
    size_t n = 0;
    for (size_t school = 0; school < results->n_schools; school++) {
        const size_t listed = psyi_list_order(results, school, order);
        for (size_t i = 0; i < listed; i++) {
            if (!for_the_centre(results, order[i]))
                continue;
            const psyi_line line = {.report = report,
                                    .student = order[i],
                                    .number = n + 1,
                                    .carried = psyi_carried_together(report, order[i])};
            psyi_layout_row(sheet, ++n, layout, &line);
        }
    }
    psyi_layout_end(report, sheet, layout, 0, n, 6, n + 1);
}

/* ---- the workbook ---- */

#define W(zh, en) PSYI_WORD(report, zh, en)

/* As everybody writes it, else by its number. */
static const char *class_of_file(psyi_report *report, const psyi_role_file *file)
{
    const psyi_student *const students = report->results->students;
    const psyi_student *const first = &students[file->students[0]];
    for (size_t i = 1; i < file->n_students && first->class_number > 0; i++)
        if (strcmp(students[file->students[i]].class_text, first->class_text) != 0)
            return psyi_report_format(report, "%d班", first->class_number);
    return first->class_text;
}

static void write_first_sheet(psyi_report *report, const psyi_role_file *file)
{
    const psy_plan *const plan = report->results->plan;
    const psyi_role_cut *const cut = report->role;
    psyi_sheet *const sheet = psyi_book_sheet(report->book, W("说明", "Read me"), true);
    size_t row = 0;
    psyi_sheet_column(sheet, 0, 16, PSYI_STYLE_PLAIN);
    psyi_sheet_column(sheet, 1, 84, PSYI_STYLE_PLAIN);
    psyi_sheet_gridlines_hidden(sheet);
    psyi_put_text(sheet, row++, 0, psyi_text(report, cut->title), PSYI_STYLE_TITLE);
    psyi_put_text(sheet, row++, 0, W("筛查结果不是诊断。", "Screening is not a diagnosis."),
                  PSYI_STYLE_WARN);
    row++;
    const struct {
        const char *key, *text;
    } lines[] = {
        {W("学校", "School"), psyi_report_about(report)},
        {W("班级", "Class"),
         file->n_students == 0
             ? NULL
             : psyi_report_format(
                   report, "%s %s",
                   report->results->students[file->students[0]].grade > 0
                       ? psyi_report_format(report, W("%d年级", "grade %d"),
                                            report->results->students[file->students[0]].grade)
                       : report->results->students[file->students[0]].grade_text,
                   class_of_file(report, file))},
        {W("方案", "Plan"), psyi_label_text(plan->name, report->language, plan->id)},
        {W("波次", "Wave"), plan->wave},
        {W("截止日期", "As of"), plan->as_of},
        {W("给谁看", "For whom"), psyi_text(report, cut->audience)},
        {W("是什么", "What it is"), psyi_text(report, cut->what)},
        {W("哪级最重", "Which is worst"), cut->legend ? psyi_legend(report) : NULL},
        {W("版本", "Version"),
         psyi_report_format(report,
                            PSYI_WORD(report, "psyscreen %s，%.16s…", "psyscreen %s, %.16s..."),
                            psy_version(), plan->fingerprint)},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (lines[i].text == NULL || lines[i].text[0] == '\0')
            continue;
        psyi_put_text(sheet, row, 0, lines[i].key, PSYI_STYLE_KEY);
        psyi_put_text(sheet, row++, 1, lines[i].text, PSYI_STYLE_SAY);
    }
    const psyi_print page = {
        .last_row = row, .last_column = 1, .pages_wide = 1, .footer = psyi_not_a_diagnosis(report)};
    psyi_sheet_print(sheet, &page);
}

psy_status psyi_report_role(const psyi_results *results, const psyi_role_file *file,
                            const char *path, const psy_findings *findings, psy_error *error)
{
    psyi_report report;
    const psyi_role_cut *const cut = psyi_role_cut_of(file->role);
    psy_status status =
        psyi_report_open(&report, results, findings, file->school, cut->id, path, error);
    if (status != PSY_OK)
        return status;
    report.role = cut;
    report.reader = cut->audience;
    report.names = cut->names && (!results->plan->pseudonym || results->plan->school_names);
    write_first_sheet(&report, file);
    switch (file->role) {
    case PSY_ROLE_HOMEROOM:
        write_homeroom(&report, file);
        break;
    case PSY_ROLE_LEADER:
        psyi_participation_sheet(&report);
        report.release = psyi_release_make(&report);
        if (report.release != NULL)
            psyi_district_grade_sheet(&report);
        break;
    case PSY_ROLE_CENTRE:
        write_key_list(&report);
        break;
    case PSY_ROLE_BUREAU:
        report.release = psyi_release_make(&report);
        if (report.release != NULL) {
            psyi_district_school_sheet(&report);
            psyi_district_grade_sheet(&report);
        }
        break;
    case PSY_ROLE_PSYCHOLOGY:
        break;
    }
    if (file->role != PSY_ROLE_HOMEROOM) /* five columns, explained on the first sheet */
        psyi_layout_dictionary(&report);
    return psyi_report_close(&report, error);
}
