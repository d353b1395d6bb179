/*
 * critical_book.c -- 重点题名单: whom to see today, with the time by which, and room for what
 * came of it.
 *
 * It is made in the middle of a testing day, from item columns alone, so there is no level
 * and no score on it.
 */
#include "report/critical_book.h"
#include "base/file.h"
#include "report/common_fields.h"

#include <string.h>

static const psyi_critical_line *line_of(const psyi_line *line)
{
    return line->data;
}

static void fill_class_of(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                          const psyi_cell_field *field)
{
    const int class = line_of(line)->class;
    (void)field;
    psyi_put_text(sheet, row, column,
                  class == 2   ? PSYI_WORD(line->report, "紧急", "urgent")
                  : class == 1 ? PSYI_WORD(line->report, "复核", "review")
                               : PSYI_WORD(line->report, "重点题缺答", "item blank"),
                  class == 2 ? PSYI_STYLE_URGENT : PSYI_STYLE_REVIEW);
}

/* field->a: 0 due, 1 submitted. */
static void fill_time(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_critical_line *const at = line_of(line);
    const int64_t when = field->a == 0 ? at->due : at->submitted_at;
    if (when != PSYI_NO_TIME)
        psyi_put_time(sheet, row, column, when, PSYI_STYLE_PLAIN);
    else if (field->a == 0)
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "立即", "at once"),
                      PSYI_STYLE_PLAIN);
}

enum { SCHOOL, CLASS, NAME, ID, WHY, FILE_NAME };
static void fill_text(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_critical_line *const at = line_of(line);
    const char *const texts[] = {at->school, at->record->class_text,  at->record->name, at->id,
                                 at->why,    psyi_base_name(at->file)};
    psyi_put_text(sheet, row, column, texts[field->a], PSYI_STYLE_PLAIN);
}

static void fill_name(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    fill_text(sheet, row, column, line, field);
}

static void fill_grade(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_record *const record = line_of(line)->record;
    (void)field;
    if (record->grade > 0)
        psyi_put_integer(sheet, row, column, record->grade, PSYI_STYLE_PLAIN);
}

static void fill_row(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    (void)field;
    psyi_put_integer(sheet, row, column, line_of(line)->record->row, PSYI_STYLE_PLAIN);
}

static void fill_advice(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const psyi_critical_line *const at = line_of(line);
    const psy_plan *const plan = line->report->results->plan;
    const char *const who = at->class == 2 ? plan->urgent.who : plan->review.who;
    const char *const what =
        at->class == 2 ? PSYI_WORD(line->report, "立即面谈，评估安全，按预案报告",
                                   "see at once, assess safety, report as planned")
        : at->class == 1
            ? PSYI_WORD(line->report, "尽快面谈核实该题", "see soon, ask about the item")
            : PSYI_WORD(line->report, "面谈时补问该题", "see, and ask the blank item");
    (void)field;
    psyi_put_text(sheet, row, column,
                  who != NULL
                      ? psyi_report_format(line->report, "%s%s%s", what,
                                           PSYI_WORD(line->report, "；负责：", "; who: "), who)
                      : what,
                  PSYI_STYLE_PLAIN);
}

static const psyi_cell_field columns[] = {
    {.key = "no", .head = PSYI_LABEL("序号", "No."), .width = 5.5, .fill = psyi_fill_number},
    {.key = "critical_hit",
     .head = PSYI_LABEL("重点题", "Critical item"),
     .width = 11,
     .fill = fill_class_of},
    {.key = "due_by",
     .head = PSYI_LABEL("处理时限", "Due by"),
     .width = 16.5,
     .style = PSYI_STYLE_TIME,
     .fill = fill_time,
     .a = 0,
     .note = PSYI_LABEL("提交时间加方案规定的小时数；没有提交时间的立即处理",
                        "submission plus the plan's hours; at once where it is not known")},
    {.key = "school",
     .head = PSYI_LABEL("学校", "School"),
     .width = 13,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = fill_text,
     .a = SCHOOL},
    {.key = "grade",
     .head = PSYI_LABEL("年级", "Grade"),
     .width = 7.5,
     .style = PSYI_STYLE_GRADE,
     .fill = fill_grade},
    {.key = "class",
     .head = PSYI_LABEL("班级", "Class"),
     .width = 7.5,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = fill_text,
     .a = CLASS},
    {.key = "name",
     .head = PSYI_LABEL("姓名", "Name"),
     .width = 10,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = fill_name,
     .a = NAME,
     .note = PSYI_LABEL("答卷上的姓名，未与名册核对", "as on the sheet, not matched to a roster")},
    {.key = "student_code",
     .head = PSYI_LABEL("学生编号", "Student"),
     .width = 16,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = fill_text,
     .a = ID},
    {.key = "rules_text",
     .head = PSYI_LABEL("命中的重点题", "Which items"),
     .width = 40,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_text,
     .a = WHY},
    {.key = "submitted_at",
     .head = PSYI_LABEL("提交时间", "Submitted"),
     .width = 16.5,
     .style = PSYI_STYLE_TIME,
     .fill = fill_time,
     .a = 1},
    {.key = "suggested_action",
     .head = PSYI_LABEL("建议处理", "Suggested action"),
     .width = 26,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_advice},
    PSYI_FIELDS_INTERVIEW(10),
    {.key = "note", .head = PSYI_LABEL("备注", "Notes"), .width = 18, .style = PSYI_STYLE_FILL},
    {.key = "file",
     .head = PSYI_LABEL("文件", "File"),
     .width = 18,
     .fill = fill_text,
     .a = FILE_NAME},
    {.key = "row", .head = PSYI_LABEL("行", "Line"), .width = 8, .fill = fill_row},
};

/* What spans schools bears no names. */
static bool may_name(const psy_plan *plan, const psyi_critical_line *lines, size_t n)
{
    for (size_t i = 1; i < n && plan->pseudonym; i++)
        if (strcmp(lines[i].school, lines[0].school) != 0)
            return false;
    return !plan->pseudonym || plan->school_names;
}

psy_status psyi_report_critical(const psyi_results *about, const psyi_critical_line *lines,
                                size_t n_lines, const char *left_out, const char *path,
                                psy_error *error)
{
    psyi_report report;
    psy_status status =
        psyi_report_open(&report, about, NULL, PSYI_ALL_SCHOOLS, "critical", path, error);
    if (status != PSY_OK)
        return status;
    report.reader = (psyi_label)PSYI_LABEL("仅供学校心理教师与值班人员按职责使用，请勿外传。",
                                           "For psychology teachers and people on duty only.");
    const bool names = may_name(about->plan, lines, n_lines);
    size_t counts[3] = {0, 0, 0};
    for (size_t i = 0; i < n_lines; i++)
        counts[lines[i].class]++;
    psyi_layout *const layout = psyi_layout_new(
        &report, "critical_list", (psyi_label)PSYI_LABEL("重点题名单", "Critical list"));
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (names || columns[i].fill != fill_name)
            psyi_layout_add(&report, layout, &columns[i]);
    psyi_sheet *const sheet = psyi_layout_sheet(&report, layout, true);
    psyi_sheet_tab(sheet, 0xC00000);
    const size_t column = psyi_layout_repeated(layout, 3);
    psyi_sheet_plain(sheet, 0);
    psyi_put_text(
        sheet, 0, column,
        PSYI_WORD(&report,
                  "筛查结果不是诊断：这是测评当天先找谁谈的名单；没有等级，也没有与名册核对。",
                  "Screening is not a diagnosis: whom to see first on the day of the "
                  "test; no levels, not matched to a roster."),
        PSYI_STYLE_WARN);
    psyi_sheet_plain(sheet, 1);
    psyi_put_text(
        sheet, 1, column,
        psyi_report_format(&report,
                           PSYI_WORD(&report,
                                     "共 %zu 份答卷　紧急 %zu（%d 小时内）　复核 "
                                     "%zu（%d 小时内）　重点题缺答 %zu",
                                     "%zu answer sheets   urgent %zu (within %d h)   review %zu "
                                     "(within %d h)   critical item blank %zu"),
                           n_lines, counts[2], about->plan->urgent.hours, counts[1],
                           about->plan->review.hours, counts[0]),
        PSYI_STYLE_NOTE | PSYI_BOLD);
    size_t head = 2;
    if (left_out != NULL)
        head = psyi_note_lines(
            &report, sheet, head, column, psyi_layout_note_width(layout, 3),
            psyi_report_format(
                &report,
                PSYI_WORD(&report, "名单不完整：以下文件无法读取，其中的学生不在名单上：%s",
                          "This list is not complete. Files that could not be read, and whose "
                          "students are not on it: %s"),
                left_out),
            PSYI_STYLE_WARN);
    psyi_layout_head(&report, sheet, layout, head);
    for (size_t i = 0; i < n_lines; i++) {
        const psyi_line line = {.report = &report, .number = i + 1, .data = &lines[i]};
        psyi_layout_row(sheet, head + 1 + i, layout, &line);
    }
    psyi_layout_end(&report, sheet, layout, head, n_lines, 3, head + 1 + n_lines);
    psyi_layout_dictionary(&report);
    return psyi_report_close(&report, error);
}
