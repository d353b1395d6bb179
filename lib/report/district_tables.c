/*
 * district_tables.c -- 学校汇总 and 年级性别 of the district workbook.
 */
#include "report/release.h"

/* ---- 学校汇总 ---- */

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
    psyi_put_text(sheet, row, column, text, PSYI_STYLE_ID | line->bold);
}

static const psyi_cell_field school_columns[] = {
    {.key = "school",
     .head = PSYI_LABEL("学校标识码", "School"),
     .width = 14,
     .style = PSYI_STYLE_ID,
     .fill = fill_school,
     .a = 0},
    {.key = "school_name",
     .head = PSYI_LABEL("学校名称", "Name"),
     .width = 24,
     .style = PSYI_STYLE_ID,
     .fill = fill_school,
     .a = 1},
    {.key = "area",
     .head = PSYI_LABEL("城乡", "Area"),
     .width = 8,
     .style = PSYI_STYLE_ID,
     .fill = fill_school,
     .a = 2},
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

static void fill_stage(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    static const psyi_label stages[] = {
        PSYI_LABEL("未知", "unknown"), PSYI_LABEL("小学", "primary"), PSYI_LABEL("初中", "junior"),
        PSYI_LABEL("高中", "senior"), PSYI_LABEL("大学", "tertiary")};
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
                      PSYI_STYLE_TEXT | line->bold);
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
    {.key = "stage", .head = PSYI_LABEL("学段", "Stage"), .width = 9, .fill = fill_stage},
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
