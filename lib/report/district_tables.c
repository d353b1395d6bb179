/*
 * district_tables.c -- 学校汇总 and 年级性别 of the district workbook.
 */
#include "base/spill.h"
#include "cohort/process_counts.h"
#include "report/release.h"

/* ---- 学校汇总 ---- */

static const psyi_label stages[] = {PSYI_LABEL("未知", "unknown"), PSYI_LABEL("小学", "primary"),
                                    PSYI_LABEL("初中", "junior"), PSYI_LABEL("高中", "senior"),
                                    PSYI_LABEL("大学", "tertiary")};
#define STAGES (sizeof stages / sizeof stages[0])

/* "小学、初中": of the grades of its students. */
static const char *stages_of(psyi_report *report, const psyi_school *school)
{
    bool seen[STAGES] = {false};
    const char *text = "";
    for (size_t i = school->first_student; i < school->first_student + school->n_students; i++) {
        psyi_spill_pass(report->results->allocator, i);
        seen[psyi_stage_of(report->results->students[i].grade)] = true;
    }
    for (size_t i = 0; i < STAGES; i++) {
        const size_t stage = (i + 1) % STAGES; /* unknown last */
        if (seen[stage])
            text = text[0] == '\0'
                       ? psyi_text(report, stages[stage])
                       : psyi_report_format(report, "%s%s%s", text, PSYI_WORD(report, "、", ", "),
                                            psyi_text(report, stages[stage]));
    }
    return text;
}

static void fill_stages(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const psyi_school *const school = ((const psyi_outcome_line *)line->data)->subject;
    (void)field;
    psyi_put_text(sheet, row, column, school == NULL ? "" : stages_of(line->report, school),
                  PSYI_STYLE_TEXT | line->bold);
}

static void fill_school(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const psyi_school *const school = ((const psyi_outcome_line *)line->data)->subject;
    const char *text;
    if (school == NULL)
        text = field->a == 0 ? PSYI_WORD(line->report, "全区", "District") : "";
    else if (field->a == 0)
        text = school->code[0] != '\0' ? school->code : PSYI_WORD(line->report, "未知", "unknown");
    else
        text = field->a == 1 ? school->name : school->area;
    psyi_put_text(sheet, row, column, text, PSYI_STYLE_ID_WRAP | line->bold);
}

static const psyi_cell_field school_columns[] = {
    {.key = "school",
     .head = PSYI_LABEL("学校标识码", "School code"),
     .width = 14,
     .style = PSYI_STYLE_ID,
     .fill = fill_school,
     .a = 0},
    {.key = "school_name",
     .head = PSYI_LABEL("学校名称", "School"),
     .width = 24,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = fill_school,
     .a = 1},
    {.key = "stage",
     .head = PSYI_LABEL("学段", "Stage"),
     .width = 11,
     .fill = fill_stages,
     .note = PSYI_LABEL("按本次名册与答卷中学生的年级", "by the grades of its students")},
    {.key = "area",
     .head = PSYI_LABEL("城乡", "Area"),
     .width = 8,
     .style = PSYI_STYLE_ID,
     .fill = fill_school,
     .a = 2},
};

/* Where 处置进度 has what became of a row's cases; false: no ledgers were collected. */
static bool find_progress(const psyi_line *line, size_t *first)
{
    const psyi_progress *const of = &line->report->release->progress;
    *first = of->n == 0
                 ? 0
                 : PSYI_PROCESS_COUNTS *
                       psyi_progress_row_of(of, ((const psyi_outcome_line *)line->data)->row);
    return of->n > 0;
}

/* field->a of PSYI_PROCESS_...; with field->b as a share of the cases. */
static void fill_handled(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                         const psyi_cell_field *field)
{
    const psyi_report *const report = line->report;
    const psyi_release_table *const of = &report->release->progress.table;
    size_t cases;
    const bool any = find_progress(line, &cases);
    const size_t at = cases + field->a;
    if (!any || of->values[at] < 0)
        psyi_put_text(sheet, row, column, PSYI_WORD(report, "未汇总", "not collected"),
                      PSYI_STYLE_MUTED);
    else if (of->hidden[at] || (field->b != 0 && of->hidden[cases]))
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else if (field->b != 0)
        psyi_put_rate(sheet, row, column, (uint64_t)of->values[at], (uint64_t)of->values[cases],
                      line->bold);
    else
        psyi_put_integer(sheet, row, column, of->values[at], PSYI_STYLE_INTEGER | line->bold);
}

static void fill_suppressed(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                            const psyi_cell_field *field)
{
    const psyi_outcome_line *const where = line->data;
    const psyi_outcomes *const table = where->table;
    const bool *const handled = line->report->release->progress.table.hidden;
    size_t first;
    bool any = find_progress(line, &first) && (handled[first + PSYI_PROCESS_INTERVIEWED] ||
                                               handled[first + PSYI_PROCESS_REFERRED]);
    (void)field;
    for (size_t i = 0; i < table->n_columns; i++)
        any = any || table->hidden[where->row * table->n_columns + i];
    psyi_put_text(sheet, row, column,
                  any ? PSYI_WORD(line->report, "是", "yes") : PSYI_WORD(line->report, "否", "no"),
                  PSYI_STYLE_TEXT | line->bold);
}

static const psyi_cell_field after_columns[] = {
    {.key = "interviewed",
     .head = PSYI_LABEL("已访谈", "Interviewed"),
     .width = 11,
     .fill = fill_handled,
     .a = PSYI_PROCESS_INTERVIEWED,
     .note = PSYI_LABEL("各校台账与名单中已访谈的案例；未汇总不等于没有访谈",
                        "cases with an interview in what the school wrote; not collected is not "
                        "none")},
    {.key = "interviewed_rate",
     .head = PSYI_LABEL("访谈率", "Interviewed, share"),
     .width = 12,
     .fill = fill_handled,
     .a = PSYI_PROCESS_INTERVIEWED,
     .b = 1,
     .note = PSYI_LABEL("已访谈 ÷ 名单上的案例", "interviewed / cases on the list")},
    {.key = "referred",
     .head = PSYI_LABEL("转介人数", "Referred"),
     .width = 11,
     .fill = fill_handled,
     .a = PSYI_PROCESS_REFERRED,
     .note = PSYI_LABEL("台账中已转介的案例", "cases the ledger calls referred")},
    {.key = "suppressed",
     .head = PSYI_LABEL("抑制标记", "Suppressed"),
     .width = 10,
     .fill = fill_suppressed,
     .note = PSYI_LABEL("该行是否有以 * 隐去的数字", "is a number of this row hidden as *")},
};

void psyi_district_school_sheet(psyi_report *report)
{
    const psyi_results *const results = report->results;
    const size_t n = results->n_schools;
    psyi_layout *const layout =
        psyi_layout_new(report, "school_summary", (psyi_label)PSYI_LABEL("学校汇总", "Schools"));
    psyi_layout_add_all(report, layout, school_columns,
                        sizeof school_columns / sizeof school_columns[0]);
    psyi_outcomes_columns(report, layout, false);
    psyi_layout_add_all(report, layout, after_columns,
                        sizeof after_columns / sizeof after_columns[0]);
    const psyi_outcomes *const table = &report->release->schools;
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    for (size_t i = 0; i <= n; i++) {
        const psyi_outcome_line where = {table, i, i < n ? &results->schools[i] : NULL};
        const psyi_line line = {.report = report, .data = &where, .bold = i == n ? PSYI_BOLD : 0};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, n + 1, 2, n + 3 + PSYI_NOTE_ROWS);
    psyi_sheet_plain(sheet, n + 2);
    psyi_notes(report, sheet, n + 3, psyi_outcomes_note(report));
}

/* ---- 年级性别 ---- */

static const psyi_group *group_of(const psyi_line *line)
{
    return ((const psyi_outcome_line *)line->data)->subject;
}

void psyi_fill_group_stage(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                           const psyi_cell_field *field)
{
    const psyi_group *const group = group_of(line);
    (void)field;
    psyi_put_text(sheet, row, column,
                  group->whole == 2 ? line->report->school == PSYI_ALL_SCHOOLS
                                          ? PSYI_WORD(line->report, "全区", "District")
                                          : PSYI_WORD(line->report, "全校", "School")
                                    : psyi_text(line->report, stages[psyi_stage_of(group->grade)]),
                  PSYI_STYLE_TEXT | line->bold);
}

void psyi_fill_group_grade(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                           const psyi_cell_field *field)
{
    const psyi_group *const group = group_of(line);
    (void)field;
    if (group->grade > 0)
        psyi_put_integer(sheet, row, column, group->grade, PSYI_STYLE_GRADE | line->bold);
    else
        psyi_put_text(sheet, row, column,
                      group->whole == 2 ? PSYI_WORD(line->report, "全部", "all")
                                        : PSYI_WORD(line->report, "未知", "unknown"),
                      PSYI_STYLE_GRADE | line->bold);
}

void psyi_fill_group_sex(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                         const psyi_cell_field *field)
{
    const uint8_t sex = group_of(line)->sex;
    (void)field;
    psyi_put_text(sheet, row, column,
                  sex == PSYI_ANY          ? PSYI_WORD(line->report, "全部", "all")
                  : sex == PSYI_SEX_MALE   ? PSYI_WORD(line->report, "男", "male")
                  : sex == PSYI_SEX_FEMALE ? PSYI_WORD(line->report, "女", "female")
                                           : PSYI_WORD(line->report, "未知", "unknown"),
                  PSYI_STYLE_TEXT | line->bold);
}

static const psyi_cell_field grade_columns[] = {
    {.key = "stage",
     .head = PSYI_LABEL("学段", "Stage"),
     .width = 9,
     .fill = psyi_fill_group_stage},
    {.key = "grade",
     .head = PSYI_LABEL("年级", "Grade"),
     .width = 9,
     .fill = psyi_fill_group_grade},
    {.key = "sex", .head = PSYI_LABEL("性别", "Sex"), .width = 8, .fill = psyi_fill_group_sex},
};

void psyi_district_grade_sheet(psyi_report *report)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "grade_sex", (psyi_label)PSYI_LABEL("年级性别", "Grade and sex"));
    psyi_layout_add_all(report, layout, grade_columns,
                        sizeof grade_columns / sizeof grade_columns[0]);
    psyi_outcomes_columns(report, layout, true);
    const psyi_outcomes *const table = &report->release->grades;
    const psyi_groups *const groups = &report->release->groups;
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    for (size_t i = 0; i < groups->n; i++) {
        const psyi_outcome_line where = {table, i, &groups->groups[i]};
        const psyi_line line = {
            .report = report, .data = &where, .bold = groups->groups[i].whole > 0 ? PSYI_BOLD : 0};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, groups->n, 3, groups->n + 2 + PSYI_NOTE_ROWS);
    psyi_sheet_plain(sheet, groups->n + 1);
    psyi_notes(report, sheet, groups->n + 2, psyi_outcomes_note(report));
}
