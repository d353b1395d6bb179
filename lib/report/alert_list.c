/*
 * alert_list.c -- 预警名单: whom to see, in which order, by when and why.
 *
 * The expected numbers stand before the list, so that many reviews do not bury the few that
 * cannot wait.  Yellow columns are for the people who do the interviews.
 */
#include "report/common_fields.h"

#include <string.h>

const psyi_label psyi_alert_name = PSYI_LABEL("预警名单", "Warning list");

static void fill_advice(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    psyi_report *const report = line->report;
    const psyi_results *const results = report->results;
    const psy_plan *const plan = results->plan;
    const psyi_student *const student = &results->students[line->student];
    const int class = psyi_critical_class(results, line->student);
    const int urgency = class > 0 ? class : student->verify;
    const psyi_duty *const duty = urgency == 2 ? &plan->urgent : &plan->review;
    psyi_buffer *const text = &report->text;
    (void)field;
    psyi_buffer_clear(text);
    if (class == 0 && student->verify > 0)
        psyi_buffer_text(text, PSYI_WORD(report, "当面核实答卷是否本人",
                                         "ask in person whether the answers are theirs"));
    else if (urgency == 2)
        psyi_buffer_text(text, PSYI_WORD(report, "立即面谈，评估安全，按预案报告",
                                         "see at once, assess safety, report as planned"));
    else if (urgency == 1)
        psyi_buffer_text(text,
                         PSYI_WORD(report, "尽快面谈核实该题", "see soon and ask about the item"));
    else if (student->tier > 0)
        psyi_buffer_text(text, PSYI_WORD(report, "按等级安排访谈", "interview as the tier asks"));
    else
        psyi_buffer_text(text,
                         PSYI_WORD(report, "面谈并补问缺答的题", "see, and ask the blank items"));
    if (student->tier > 0 && student->tier_upper > student->tier)
        psyi_buffer_text(text, PSYI_WORD(report, "；补问缺答的题", "; ask the blank items"));
    if (urgency > 0 && duty->who != NULL) {
        psyi_buffer_text(text, PSYI_WORD(report, "；负责：", "; who: "));
        psyi_buffer_text(text, duty->who);
    }
    if (student->status == PSYI_STATUS_INVALID || student->status == PSYI_STATUS_RETEST)
        psyi_buffer_text(text,
                         PSYI_WORD(report, "；先访谈再复测", "; interview before the retest"));
    psyi_put_text(sheet, row, column, psyi_report_take(report, text), PSYI_STYLE_PLAIN);
}

static const psyi_cell_field queue = {
    .key = "queue",
    .head = PSYI_LABEL("访谈安排", "Interviews"),
    .width = 9,
    .fill = psyi_fill_queue,
    .note = PSYI_LABEL("按访谈容量：先访谈，或排队；排队者仍在名单上",
                       "by capacity: first, or waiting; who waits stays on the list")};

static const psyi_cell_field columns[] = {
    {.key = "critical_hit",
     .head = PSYI_LABEL("重点题", "Critical item"),
     .width = 11,
     .fill = psyi_fill_class_of_alert,
     .note = PSYI_LABEL("重点题命中：紧急或复核；重点题缺答：按复核时限补问；空白为仅按等级列入",
                        "critical item: urgent or review; item blank: ask it, by the clock of a "
                        "review; empty: by tier only")},
    {.key = "tier_auto",
     .head = PSYI_LABEL("系统等级", "Tier"),
     .width = 17.5,
     .fill = psyi_fill_tier,
     .note = PSYI_LABEL("命中规则中最重的等级", "the worst rule that fired")},
    {.key = "rules_text",
     .head = PSYI_LABEL("命中规则（文字）", "Why listed"),
     .width = 58,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_rules,
     .note = PSYI_LABEL("每条规则一行：规则、读到的数值；方括号内为规则文字没有写出的分界",
                        "a line a rule: what it says, what was read; in brackets a limit "
                        "that its text does not say")},
    {.key = "key_scores",
     .head = PSYI_LABEL("主要得分", "Main scores"),
     .width = 24,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_key_scores,
     .note =
         PSYI_LABEL("每份量表的主要得分，命中规则所依据的在前；规则读到的其他得分写在“命中规则”"
                    "里；括号内为测量标准误（SEM）95%区间：真分数为该值时观察分的范围；没有出处"
                    "写明信度的不印",
                    "the main score of each questionnaire, those that fired rules read first; "
                    "other scores that they read stand with the rules; in "
                    "brackets the 95 % interval of the error of measurement (SEM): observed scores "
                    "of somebody of this true score; none where no source states a reliability")},
    {.key = "tier_upper",
     .head = PSYI_LABEL("可能等级", "Possible tier"),
     .width = 12,
     .fill = psyi_fill_tier_upper},
    {.key = "items_to_ask",
     .head = PSYI_LABEL("需补问的题", "Items to ask"),
     .width = 18,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_ask,
     .note =
         PSYI_LABEL("缺答且可能提高等级的题，访谈时补问", "blank items that could raise the tier")},
    {.key = "to_next_tier",
     .head = PSYI_LABEL("距更重等级", "To a worse tier"),
     .width = 26,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_near,
     .note = PSYI_LABEL(
         "最接近的两个得分还差多少即达更重等级；有出处的测量误差时附测量标准误（SEM）95%区间",
         "how far the two nearest scores are from a worse tier; with the 95 % SEM interval where "
         "a source states its error")},
    PSYI_FIELD_TIER_PREV,
    {.key = "external_flags",
     .head = PSYI_LABEL("外部信息", "Reports"),
     .width = 28,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_external,
     .note = PSYI_LABEL("班主任、家长、医院等反映的情况；只会提高、不会降低等级",
                        "what teachers, parents or hospitals report; may raise a tier, never lower "
                        "it")},
    {.key = "validity",
     .head = PSYI_LABEL("效度状态", "Validity"),
     .width = 9,
     .fill = psyi_fill_status},
    {.key = "validity_reason",
     .head = PSYI_LABEL("效度原因", "Validity reason"),
     .width = 20,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_why},
    {.key = "submitted_at",
     .head = PSYI_LABEL("提交时间", "Submitted"),
     .width = 16.5,
     .style = PSYI_STYLE_TIME,
     .fill = psyi_fill_submitted},
    {.key = "due_by",
     .head = PSYI_LABEL("处理时限", "Due by"),
     .width = 16.5,
     .style = PSYI_STYLE_TIME,
     .fill = psyi_fill_due,
     .note = PSYI_LABEL("提交时间加方案规定的小时数；仅重点题有",
                        "submission plus the plan's hours; critical items only")},
    {.key = "suggested_action",
     .head = PSYI_LABEL("建议处理", "Suggested action"),
     .width = 24,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_advice},
    PSYI_FIELD_TIER_FINAL,
    PSYI_FIELDS_INTERVIEW(12),
    {.key = "note", .head = PSYI_LABEL("备注", "Notes"), .width = 20, .style = PSYI_STYLE_FILL},
    {.key = "case_id",
     .head = PSYI_LABEL("案例编号", "Case number"),
     .width = 17,
     .style = PSYI_STYLE_ID,
     .fill = psyi_fill_case_id,
     .note = PSYI_LABEL("填写的内容凭此编号汇集，请勿改动",
                        "what people write is collected by it; leave it as it is")},
};

const psyi_cell_field *psyi_alert_fields(size_t *n)
{
    *n = sizeof columns / sizeof columns[0];
    return columns;
}

psyi_list_counts psyi_list_counts_of(const psyi_report *report)
{
    const psyi_results *const results = report->results;
    psyi_list_counts counts = {.urgent = 0};
    for (size_t i = 0; i < report->n_list; i++) {
        const psyi_student *const student = &results->students[report->list[i]];
        const int class = psyi_critical_class(results, report->list[i]);
        counts.urgent += class == 2;
        counts.review += class == 1;
        counts.verify += class == 0 && student->verify > 0;
        counts.unanswered += class == 0 && student->verify == 0 &&
                             psyi_critical_unanswered(results, report->list[i]);
        if (student->tier > 0 && student->tier < PSYI_STYLE_RANKS)
            counts.tiers[student->tier]++;
        else
            counts.no_tier++;
    }
    return counts;
}

/* "紧急 2 人（24 小时内）" */
static void add_count(psyi_report *report, psyi_buffer *text, const char *name, size_t n, int hours)
{
    psyi_buffer_text(text, text->length > 0 ? PSYI_WORD(report, "　", "   ") : "");
    psyi_buffer_text(text, name);
    psyi_buffer_char(text, ' ');
    psyi_buffer_integer(text, (long long)n);
    psyi_buffer_text(text, PSYI_WORD(report, " 人", ""));
    if (hours > 0 && report->language == PSYI_ZH)
        psyi_buffer_format(text, "（%d 小时内）", hours);
    else if (hours > 0)
        psyi_buffer_format(text, " (within %d h)", hours);
}

/* From row 1 on; returns the row of the header. */
static size_t write_numbers(psyi_report *report, psyi_sheet *sheet, size_t column, double width)
{
    const psy_plan *const plan = report->results->plan;
    const psyi_list_counts counts = psyi_list_counts_of(report);
    psyi_buffer *const text = &report->text;
    psyi_buffer_clear(text);
    psyi_buffer_format(text, report->language == PSYI_ZH ? "名单共 %zu 人" : "%zu on the list",
                       report->n_list);
    add_count(report, text, PSYI_WORD(report, "紧急", "urgent"), counts.urgent, plan->urgent.hours);
    add_count(report, text, PSYI_WORD(report, "复核", "review"), counts.review, plan->review.hours);
    if (counts.verify > 0)
        add_count(report, text, PSYI_WORD(report, "需当面核实", "verify in person"), counts.verify,
                  0);
    if (counts.unanswered > 0)
        add_count(report, text, PSYI_WORD(report, "重点题缺答", "critical item blank"),
                  counts.unanswered, plan->review.hours);
    psyi_add_line_words(report, text);
    size_t row = psyi_note_lines(report, sheet, 1, column, width, psyi_report_take(report, text),
                                 PSYI_STYLE_NOTE | PSYI_BOLD);
    psyi_buffer_clear(text);
    for (size_t i = 0; plan->scheme != NULL && i < plan->scheme->n_tiers; i++) {
        const psyi_tier *const tier = &plan->scheme->tiers[i];
        if (tier->rank > 0 && tier->rank < PSYI_STYLE_RANKS)
            add_count(report, text, psyi_text(report, tier->name), counts.tiers[tier->rank], 0);
    }
    if (plan->scheme != NULL) {
        if (counts.no_tier > 0)
            add_count(report, text, PSYI_WORD(report, "未定级", "no tier"), counts.no_tier, 0);
        psyi_buffer_format(text, report->language == PSYI_ZH ? "　　等级说明：%s" : "   Tiers: %s",
                           psyi_legend(report));
    }
    row = psyi_note_lines(report, sheet, row, column, width, psyi_report_take(report, text),
                          PSYI_STYLE_NOTE);
    psyi_buffer_clear(text);
    psyi_add_order_words(report, text);
    return psyi_note_lines(report, sheet, row, column, width, psyi_report_take(report, text),
                           PSYI_STYLE_NOTE);
}

void psyi_alert_sheet(psyi_report *report)
{
    psyi_layout *const layout = psyi_layout_new(report, "alert_list", psyi_alert_name);
    const size_t keep = psyi_person_columns(report, layout, PSYI_PERSON_COMPACT);
    if (report->results->capacity > 0)
        psyi_layout_add(report, layout, &queue);
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_offer_tiers(report, layout);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_sheet_tab(sheet, 0xC00000);
    const size_t column = psyi_layout_repeated(layout, keep);
    psyi_sheet_plain(sheet, 0);
    psyi_put_text(sheet, 0, column,
                  PSYI_WORD(report, "筛查结果不是诊断：名单是访谈的先后次序，结论由人作出。",
                            "Screening is not a diagnosis: the list says whom to see first; "
                            "conclusions are drawn by "
                            "people."),
                  PSYI_STYLE_WARN);
    const size_t head = write_numbers(report, sheet, column, psyi_layout_note_width(layout, keep));
    psyi_layout_head(report, sheet, layout, head);
    for (size_t i = 0; i < report->n_list; i++) {
        const psyi_line line = {.report = report,
                                .student = report->list[i],
                                .number = i + 1,
                                .carried = psyi_carried_of_list(report, report->list[i])};
        psyi_layout_row(sheet, i + head + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, head, report->n_list, keep, report->n_list + head + 1);
}
