/*
 * district_untested.c -- 未测与无效: by school and by grade, who did not answer and why, and whose
 * answers do not count and why; by grade within a school only how many.
 */
#include "report/release.h"

typedef struct untested_line {
    const psyi_untested *of;
    size_t row;
} untested_line;

static const psyi_untested_row *row_of(const psyi_line *line)
{
    const untested_line *const subject = line->data;
    return &subject->of->rows[subject->row];
}

static void fill_where(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_untested_row *const of = row_of(line);
    const psyi_report *const report = line->report;
    const psyi_school *const school =
        of->whole < PSYI_UNTESTED_GRADE ? &report->results->schools[of->school] : NULL;
    const bool graded = of->whole == PSYI_UNTESTED_PART || of->whole == PSYI_UNTESTED_GRADE;
    if (field->a == 2 && graded && of->grade > 0) {
        psyi_put_integer(sheet, row, column, of->grade, PSYI_STYLE_GRADE | line->bold);
        return;
    }
    const char *const text =
        field->a == 2
            ? (!graded ? PSYI_WORD(report, "全部", "all") : PSYI_WORD(report, "未知", "unknown"))
        : school == NULL          ? (field->a == 0 ? PSYI_WORD(report, "全区", "District") : "")
        : field->a == 1           ? school->name
        : school->code[0] != '\0' ? school->code
                                  : PSYI_WORD(report, "未知", "unknown");
    psyi_put_text(sheet, row, column, text,
                  (field->a == 2 ? PSYI_STYLE_TEXT : PSYI_STYLE_ID_WRAP) | line->bold);
}

static void fill_people(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const psyi_untested_row *const of = row_of(line);
    const uint64_t values[] = {of->target,
                               of->exempt,
                               of->target - of->exempt - of->tested,
                               of->tested,
                               of->tested - of->valid,
                               of->valid};
    psyi_put_integer(sheet, row, column, (int64_t)values[field->a],
                     PSYI_STYLE_INTEGER | line->bold);
}

static void fill_reason(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const untested_line *const subject = line->data;
    const size_t at = subject->row * PSYI_UNTESTED_COLUMNS + field->a;
    if (row_of(line)->whole == PSYI_UNTESTED_PART) {
        psyi_put_blank(sheet, row, column, PSYI_STYLE_INTEGER);
        return;
    }
    if (subject->of->table.hidden[at])
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else
        psyi_put_integer(sheet, row, column, subject->of->table.values[at],
                         PSYI_STYLE_INTEGER | line->bold);
}

#define WHERE(key_, zh_, en_, width_, a_)                                                          \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = (width_),                            \
        .style = PSYI_STYLE_ID_WRAP, .fill = fill_where, .a = (a_)                                 \
    }
#define PEOPLE(key_, zh_, en_, a_, note_zh, note_en)                                               \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = 9, .fill = fill_people, .a = (a_),   \
        .note = PSYI_LABEL(note_zh, note_en)                                                       \
    }
#define REASON(key_, zh_, en_, a_, note_zh, note_en)                                               \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = 9, .fill = fill_reason, .a = (a_),   \
        .note = PSYI_LABEL(note_zh, note_en)                                                       \
    }

static const psyi_cell_field columns[] = {
    WHERE("school", "学校标识码", "School code", 13, 0),
    WHERE("school_name", "学校名称", "School", 20, 1),
    WHERE("grade", "年级", "Grade", 8, 2),
    PEOPLE("target", "目标人数 T", "Target T", 0, "名册人数", "on the roster"),
    PEOPLE("exempt", "非应测 E", "Exempt E", 1, "名册注明非应测，且没有作答",
           "exempt on the roster, and did not answer"),
    REASON("leave", "请假", "On leave", PSYI_UNTESTED_LEAVE, "非应测的原因：请假",
           "exempt: on leave"),
    REASON("excused", "免测", "Excused", PSYI_UNTESTED_EXEMPT, "非应测的原因：免测或未注明",
           "exempt: excused, or no reason given"),
    REASON("exempt_refused", "非应测：不同意", "Exempt: refused", PSYI_UNTESTED_EXEMPT_REFUSED,
           "非应测的原因：不同意", "exempt: consent refused"),
    REASON("exempt_other", "非应测：其他", "Exempt: other", PSYI_UNTESTED_EXEMPT_OTHER,
           "非应测的其他原因", "exempt for another reason"),
    PEOPLE("untested", "应测未测 D−C", "Due, not tested D−C", 2, "应测 D = T − E；未测 = D − C",
           "due D = T − E; not tested = D − C"),
    REASON("refused", "不同意", "Consent refused", PSYI_UNTESTED_REFUSED, "应测而不同意",
           "due, consent refused"),
    REASON("not_returned", "同意书未回", "Consent not returned", PSYI_UNTESTED_NOT_RETURNED,
           "应测，同意书未回", "due, consent not returned"),
    REASON("absent", "未作答", "No answers", PSYI_UNTESTED_ABSENT, "应测、未作答，原因待学校查明",
           "due, no answers; the school finds out why"),
    PEOPLE("tested", "实测 C", "Tested C", 3, "至少答了一题的学生", "answered at least one item"),
    PEOPLE("not_counted", "不计入有效 C−V", "Not in V: C−V", 4, "实测 C − 有效 V",
           "tested C − valid V"),
    REASON("validity_scale", "效度分过高", "Validity scale", PSYI_INVALID_SCALE,
           "无效或建议重测：量表自身的效度题",
           "invalid or retest: the instrument's validity scale"),
    REASON("validity_rule", "效度规则", "Validity rule", PSYI_INVALID_RULE,
           "无效或建议重测：方案的效度规则", "invalid or retest: a validity rule of the plan"),
    REASON("careless", "作答质量", "Careless", PSYI_INVALID_CARELESS,
           "无效或建议重测：用时、规律作答等多项证据", "invalid or retest: several signs together"),
    REASON("retest_other", "其他复测", "Retest, other", PSYI_INVALID_OTHER, "建议重测的其他原因",
           "to retest for another reason"),
    REASON("not_given", "有量表未作答", "A scale not given", PSYI_INVALID_NOT_GIVEN,
           "未完成：量表组合中有量表没有作答", "incomplete: a questionnaire was not given"),
    REASON("blanks", "缺答不能判定", "Blanks", PSYI_INVALID_BLANKS, "未完成：缺答等使规则不能判定",
           "incomplete: blanks leave a rule open"),
    REASON("no_consent", "作答但无同意", "Answered, no consent", PSYI_INVALID_NO_CONSENT,
           "作答了，但不同意或同意书未回", "answered, but without consent"),
    PEOPLE("valid", "有效 V", "Valid V", 5, "状态为有效或存疑", "status valid or doubtful"),
};

void psyi_district_untested_sheet(psyi_report *report)
{
    const psyi_untested *const of = &report->release->untested;
    const size_t n = of->table.n_rows;
    psyi_layout *const layout = psyi_layout_new(
        report, "untested_invalid", (psyi_label)PSYI_LABEL("未测与无效", "Untested and invalid"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    for (size_t i = 0; i < n; i++) {
        const untested_line subject = {of, i};
        const psyi_line line = {.report = report,
                                .data = &subject,
                                .bold = of->rows[i].whole != PSYI_UNTESTED_PART ? PSYI_BOLD : 0};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, n, 3, n + 2 + PSYI_NOTE_ROWS);
    psyi_sheet_plain(sheet, n + 1);
    psyi_notes(
        report, sheet, n + 2,
        psyi_report_format(
            report,
            PSYI_WORD(
                report,
                "每人只计一个原因：E = 请假 + 免测 + 不同意 + 其他；D−C = 不同意 + 同意书未回 + "
                "未作答；C−V = 其余各列之和。原因只按学校、按年级合计列出，不按"
                "校内年级列出（人数过少）。未测不等于安全，无效不等于安全。小于 %u 的人数以 * "
                "隐去，并另隐若干格使其不能推算。",
                "Each person has one reason: E, D−C and C−V are the sums of the columns behind "
                "them. Not tested is not safe, and invalid is not safe. Counts below %u are "
                "hidden as *, and with them what would give them away."),
            (unsigned)report->results->plan->small_cell));
}
