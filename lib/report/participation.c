/*
 * participation.c -- 参测情况: who should have taken part, who did, and whose answers count,
 * by class, with the formula of every rate under the table.
 */
#include "report/groups.h"

#include <math.h>

typedef enum what {
    TARGET,
    EXEMPT,
    DUE,
    TESTED,
    VALID,
    RETEST,
    UNTESTED,
    REFUSED,
    NOT_JUDGED
} what;

static uint64_t count_of(const psyi_counts *counts, unsigned which)
{
    switch (which) {
    case TARGET:
        return counts->target;
    case EXEMPT:
        return counts->exempt;
    case DUE:
        return counts->due;
    case TESTED:
        return counts->tested;
    case VALID:
        return counts->valid;
    case RETEST:
        return counts->status[PSYI_STATUS_INVALID] + counts->status[PSYI_STATUS_RETEST];
    case UNTESTED:
        return counts->status[PSYI_STATUS_ABSENT];
    case REFUSED:
        return counts->status[PSYI_STATUS_NO_CONSENT];
    default:
        return counts->not_judged;
    }
}

static void fill_grade(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_group *const group = line->data;
    (void)field;
    if (group->whole == 2)
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "全校", "School"),
                      PSYI_STYLE_TEXT | line->bold);
    else if (group->grade > 0)
        psyi_put_integer(sheet, row, column, group->grade, PSYI_STYLE_GRADE | line->bold);
    else
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "未知", "unknown"),
                      PSYI_STYLE_MUTED | line->bold);
}

static void fill_class(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_group *const group = line->data;
    (void)field;
    psyi_put_text(sheet, row, column,
                  group->whole == 1 ? PSYI_WORD(line->report, "年级合计", "all classes")
                                    : group->class_text,
                  PSYI_STYLE_ID_WRAP | line->bold);
}

static void fill_count(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_group *const group = line->data;
    psyi_put_integer(sheet, row, column, (int64_t)count_of(&group->counts, field->a),
                     PSYI_STYLE_INTEGER | line->bold);
}

static void fill_rate(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_group *const group = line->data;
    const uint64_t of = count_of(&group->counts, field->b);
    if (of == 0)
        psyi_put_text(sheet, row, column, "—", PSYI_STYLE_MUTED);
    else
        psyi_put_number(sheet, row, column,
                        round(1e4 * (double)count_of(&group->counts, field->a) / (double)of) / 1e4,
                        PSYI_STYLE_PERCENT | line->bold);
}

static const psyi_cell_field columns[] = {
    {.key = "grade", .head = PSYI_LABEL("年级", "Grade"), .width = 9, .fill = fill_grade},
    {.key = "class", .head = PSYI_LABEL("班级", "Class"), .width = 12, .fill = fill_class},
    {.key = "target",
     .head = PSYI_LABEL("目标人数 T", "Target T"),
     .width = 10,
     .fill = fill_count,
     .a = TARGET,
     .note = PSYI_LABEL("名册人数", "students on the roster")},
    {.key = "exempt",
     .head = PSYI_LABEL("非应测 E", "Exempt E"),
     .width = 10,
     .fill = fill_count,
     .a = EXEMPT,
     .note = PSYI_LABEL("名册中注明免测", "exempt on the roster")},
    {.key = "due",
     .head = PSYI_LABEL("应测 D", "Due D"),
     .width = 10,
     .fill = fill_count,
     .a = DUE,
     .note = PSYI_LABEL("D = T − E", "D = T − E")},
    {.key = "tested",
     .head = PSYI_LABEL("实测 C", "Tested C"),
     .width = 10,
     .fill = fill_count,
     .a = TESTED,
     .note = PSYI_LABEL("至少答了一题的学生", "students with at least one answered item")},
    {.key = "participation",
     .head = PSYI_LABEL("参测率", "Participation"),
     .width = 13,
     .fill = fill_rate,
     .a = TESTED,
     .b = DUE,
     .note = PSYI_LABEL("C / D", "C / D")},
    {.key = "valid",
     .head = PSYI_LABEL("有效 V", "Valid V"),
     .width = 10,
     .fill = fill_count,
     .a = VALID,
     .note = PSYI_LABEL("状态为有效或存疑的学生", "status valid or doubtful")},
    {.key = "valid_rate",
     .head = PSYI_LABEL("有效率", "Valid rate"),
     .width = 10,
     .fill = fill_rate,
     .a = VALID,
     .b = TESTED,
     .note = PSYI_LABEL("V / C", "V / C")},
    {.key = "retest_n",
     .head = PSYI_LABEL("待复测", "To retest"),
     .width = 10,
     .fill = fill_count,
     .a = RETEST,
     .note = PSYI_LABEL(
         "状态为无效或建议重测；“复测名单”另有未完成等",
         "status invalid or retest; the retest list has the incomplete and others, too")},
    {.key = "incomplete_n",
     .head = PSYI_LABEL("未能判定", "Not judged"),
     .width = 10,
     .fill = fill_count,
     .a = NOT_JUDGED,
     .note = PSYI_LABEL("参测但没有等级；不是“一般”",
                        "tested, but without a tier; that is not 'none'")},
    {.key = "untested_n",
     .head = PSYI_LABEL("未测", "Not tested"),
     .width = 10,
     .fill = fill_count,
     .a = UNTESTED,
     .note = PSYI_LABEL("没有作答的学生，含非应测", "without any answer, the exempt included")},
    {.key = "refused_n",
     .head = PSYI_LABEL("无知情同意", "No consent"),
     .width = 11,
     .fill = fill_count,
     .a = REFUSED,
     .note = PSYI_LABEL("不同意或同意书未回", "refused, or not returned")},
};

void psyi_participation_sheet(psyi_report *report)
{
    psyi_groups groups;
    psyi_layout *const layout = psyi_layout_new(
        report, "participation", (psyi_label)PSYI_LABEL("参测情况", "Participation"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    if (!psyi_groups_by_class(report, &groups))
        return;
    for (size_t i = 0; i < groups.n; i++) {
        const psyi_line line = {.report = report,
                                .data = &groups.groups[i],
                                .bold = groups.groups[i].whole > 0 ? PSYI_BOLD : 0};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, groups.n, 2, groups.n + 2 + PSYI_NOTE_ROWS);
    psyi_sheet_plain(sheet, groups.n + 1);
    psyi_notes(
        report, sheet, groups.n + 2,
        PSYI_WORD(report,
                  "应测 D = 目标 T − 非应测 E；参测率 = 实测 C ÷ D；有效率 = 有效 V ÷ C。"
                  "未测含非应测。“—”表示分母为 0。",
                  "Due D = target T − exempt E; participation = tested C / D; valid rate = "
                  "valid V / C. Not tested includes the exempt. — where the denominator is 0."));
}
