/*
 * ledger.c -- 跟进台账: one row a contact, so a case has many.
 *
 * The first row of every listed student is filled in as far as the screening knows it;
 * contacts that follow are new rows with the same case number and the next seq.  A row is
 * known by (case_id, seq), which do not change when the list does, so that what people have
 * written can be collected later.
 */
#include "report/entry_columns.h"
#include "report/layout.h"

#include <string.h>

const psyi_label psyi_ledger_name = PSYI_LABEL("跟进台账", "Follow-up");

#define BLANK_ROWS 20   /* below the cases */
#define ROOM_BELOW 1000 /* rows in which the drop-downs still work */

const char *psyi_case_id(psyi_report *report, size_t student)
{
    const psyi_results *const results = report->results;
    const psyi_student *const who = &results->students[student];
    char number[PSYI_CASE_NUMBER];
    if (!psyi_case_number(results->plan->id, results->plan->wave,
                          results->schools[who->school].code, who->id, report->arena.allocator,
                          number)) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: a case number");
        return "";
    }
    return psyi_report_format(report, "%s", number);
}

void psyi_fill_case_id(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column, psyi_case_id(line->report, line->student), PSYI_STYLE_PLAIN);
}

void psyi_fill_school(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    (void)field;
    psyi_put_text(sheet, row, column,
                  results->schools[results->students[line->student].school].code, PSYI_STYLE_PLAIN);
}

static void fill_wave(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column, line->report->results->plan->wave, PSYI_STYLE_PLAIN);
}

/* The day of discovery, which is not the day of the test. */
static void fill_opened(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const int64_t day = line->report->results->as_of;
    (void)field;
    if (day != PSYI_NO_TIME)
        psyi_put_date(sheet, row, column, day, PSYI_STYLE_PLAIN);
}

static void fill_seq(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    (void)line;
    (void)field;
    psyi_put_integer(sheet, row, column, 1, PSYI_STYLE_FILL);
}

/* The first of the choices, for people to change. */
static void fill_first_choice(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                              const psyi_cell_field *field)
{
    psyi_put_text(sheet, row, column, psyi_text(line->report, field->choices[0]), PSYI_STYLE_FILL);
}

/* ---- choices, shared with other sheets ---- */

#define CHOICE(zh, en) PSYI_LABEL(zh, en)
#define NO_MORE                                                                                    \
    {                                                                                              \
        NULL, NULL                                                                                 \
    }

const psyi_label psyi_case_states[] = {
    CHOICE("待复核", "to review"),  CHOICE("跟进中", "in progress"),
    CHOICE("观察中", "watching"),   CHOICE("已转介", "referred"),
    CHOICE("在治", "in treatment"), CHOICE("已结案", "closed"),
    CHOICE("重新打开", "reopened"), NO_MORE};
const psyi_label psyi_conclusions[] = {
    CHOICE("无需跟进", "no follow-up"), CHOICE("一般关注", "general care"),
    CHOICE("重点关注", "close care"),   CHOICE("建议转介", "refer"),
    CHOICE("紧急处置", "emergency"),    NO_MORE};
const psyi_label psyi_guardian_told[] = {CHOICE("是", "yes"), CHOICE("否", "no"),
                                         CHOICE("拒绝", "refused"), NO_MORE};
const psyi_label psyi_yes_no[] = {CHOICE("是", "yes"), CHOICE("否", "no"), NO_MORE};

static const psyi_label origins[] = {CHOICE("测评", "screening"),
                                     CHOICE("班主任", "class teacher"),
                                     CHOICE("家长", "parent"),
                                     CHOICE("同伴", "peer"),
                                     CHOICE("自述", "himself"),
                                     CHOICE("医院", "hospital"),
                                     NO_MORE};
static const psyi_label modes[] = {CHOICE("访谈", "interview"),  CHOICE("家访", "home visit"),
                                   CHOICE("电话", "telephone"),  CHOICE("团辅", "group"),
                                   CHOICE("会商", "conference"), NO_MORE};
static const psyi_label risks[] = {CHOICE("有", "yes"), CHOICE("无", "no"),
                                   CHOICE("未评", "not assessed"), NO_MORE};
static const psyi_label referrals[] = {CHOICE("无", "none"), CHOICE("建议", "advised"),
                                       CHOICE("已转", "made"), CHOICE("拒绝", "refused"), NO_MORE};
static const psyi_label places[] = {CHOICE("区中心", "district centre"),
                                    CHOICE("精卫中心", "mental health centre"),
                                    CHOICE("医院", "hospital"), CHOICE("热线", "hotline"), NO_MORE};

/* ---- columns ---- */

#define FILL(key_, zh_, en_, width_)                                                               \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = (width_), .style = PSYI_STYLE_FILL   \
    }
#define FILL_DATE(key_, zh_, en_)                                                                  \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = 11, .style = PSYI_STYLE_FILL_DATE    \
    }
#define CHOOSE(key_, zh_, en_, width_, choices_)                                                   \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = (width_), .style = PSYI_STYLE_FILL,  \
        .choices = (choices_)                                                                      \
    }

static const psyi_cell_field columns[] = {
    {.key = "case_id",
     .head = PSYI_LABEL("案例编号", "Case number"),
     .width = 17,
     .style = PSYI_STYLE_ID,
     .fill = psyi_fill_case_id,
     .note = PSYI_LABEL("同一学生同一波次不变；同一案例的新记录沿用此编号、序号加一",
                        "stays the same for a student and wave; a new contact repeats it with "
                        "the next seq")},
    {.key = "school",
     .head = PSYI_LABEL("学校", "School"),
     .width = 13,
     .style = PSYI_STYLE_ID,
     .fill = psyi_fill_school},
    {.key = "wave",
     .head = PSYI_LABEL("波次", "Wave"),
     .width = 13,
     .style = PSYI_STYLE_ID,
     .fill = fill_wave},
    {.key = "opened_on",
     .head = PSYI_LABEL("建档日期", "Opened"),
     .width = 11,
     .style = PSYI_STYLE_DATE,
     .fill = fill_opened,
     .note = PSYI_LABEL("发现之日，不是测评之日", "the day of discovery, not of the test")},
    {.key = "origin",
     .head = PSYI_LABEL("来源", "Origin"),
     .width = 9,
     .style = PSYI_STYLE_FILL,
     .fill = fill_first_choice,
     .choices = origins},
    {.key = "tier_auto",
     .head = PSYI_LABEL("系统等级", "Tier"),
     .width = 13,
     .fill = psyi_fill_tier},
    {.key = "tier_final",
     .head = PSYI_LABEL("复核等级", "Final tier"),
     .width = 11,
     .style = PSYI_STYLE_FILL,
     .note = PSYI_LABEL("由人确定；降级须注明依据", "set by a person; a lower one needs a reason")},
    {.key = "status",
     .head = PSYI_LABEL("当前状态", "Status"),
     .width = 10,
     .style = PSYI_STYLE_FILL,
     .fill = fill_first_choice,
     .choices = psyi_case_states},
    FILL("owner", "责任人", "Owner", 9),
    {.key = "seq",
     .head = PSYI_LABEL("记录序号", "Contact no."),
     .width = 6,
     .style = PSYI_STYLE_FILL,
     .fill = fill_seq,
     .note = PSYI_LABEL("该案例的第几次记录", "which contact of the case")},
    FILL_DATE("date", "日期", "Date"),
    CHOOSE("mode", "方式", "Mode", 8, modes),
    FILL("interviewer", "访谈人", "Interviewer", 10),
    FILL("present", "在场", "Also present", 12),
    FILL("facts", "主要事实", "Facts", 34),
    CHOOSE("risk_ideation", "风险：意念", "Risk: ideation", 8, risks),
    CHOOSE("risk_plan", "风险：计划", "Risk: plan", 8, risks),
    CHOOSE("risk_means", "风险：工具", "Risk: means", 8, risks),
    CHOOSE("risk_history", "风险：既往", "Risk: history", 8, risks),
    CHOOSE("risk_support", "支持", "Social support", 8, risks),
    CHOOSE("conclusion", "评估结论", "Conclusion", 11, psyi_conclusions),
    FILL("action", "干预措施", "Action", 24),
    CHOOSE("guardian_informed", "已告知监护人", "Guardian told", 9, psyi_guardian_told),
    FILL_DATE("informed_on", "告知日期", "Guardian told on"),
    CHOOSE("referral", "转介", "Referral", 8, referrals),
    CHOOSE("referred_to", "转介去向", "Referred to", 11, places),
    FILL("slip_no", "转介单号", "Slip no.", 11),
    FILL("feedback", "医院反馈", "Feedback", 18),
    FILL("return_to_school", "复学", "Return to school", 10),
    FILL_DATE("next_date", "下次跟进", "Next contact"),
    FILL("close_reason", "结案原因", "Why closed", 16),
    FILL_DATE("closed_on", "结案日期", "Closed on"),
    FILL("by", "填写人", "Entered by", 9),
    FILL_DATE("at", "填写时间", "Entered on"),
};

const psyi_cell_field *psyi_ledger_fields(size_t *n)
{
    *n = sizeof columns / sizeof columns[0];
    return columns;
}

void psyi_offer_tiers(psyi_report *report, const psyi_layout *layout)
{
    const psyi_scheme *const scheme = report->results->plan->scheme;
    for (size_t i = 0; scheme != NULL && i < layout->n; i++) {
        if (strcmp(layout->fields[i].key, "tier_final") != 0 &&
            strcmp(layout->fields[i].key, "tier_2") != 0)
            continue;
        psyi_label *const names =
            psyi_arena_alloc(&report->arena, scheme->n_tiers + 1, sizeof *names);
        if (names == NULL) {
            psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: choices");
            return;
        }
        for (size_t j = 0; j < scheme->n_tiers; j++)
            names[j] = scheme->tiers[j].name;
        layout->fields[i].choices = names;
    }
}

static void blank_row(psyi_sheet *sheet, size_t row, const psyi_layout *layout)
{
    for (size_t i = 0; i < layout->n; i++)
        psyi_put_blank(sheet, row, i,
                       layout->fields[i].style == PSYI_STYLE_FILL_DATE ||
                               layout->fields[i].style == PSYI_STYLE_DATE
                           ? PSYI_STYLE_FILL_DATE
                           : PSYI_STYLE_FILL);
}

void psyi_ledger_sheet(psyi_report *report)
{
    psyi_layout *const layout = psyi_layout_new(report, "follow_up", psyi_ledger_name);
    const size_t keep = psyi_person_columns(report, layout, PSYI_PERSON_COMPACT);
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_offer_tiers(report, layout);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_sheet_tab(sheet, 0xBF9000);
    psyi_layout_head(report, sheet, layout, 0);
    size_t n = 0;
    for (size_t i = 0; i < report->n_list; i++)
        n = psyi_put_case(report, sheet, layout, n, report->list[i]);
    n = psyi_put_left_cases(report, sheet, layout, n);
    for (size_t i = 0; i < BLANK_ROWS; i++)
        blank_row(sheet, ++n, layout);
    psyi_layout_choices(report, sheet, layout, 1, n + ROOM_BELOW);
    psyi_layout_marks(report, sheet, layout, 1, n + ROOM_BELOW);
    psyi_layout_end_filled(report, sheet, layout, 0, n, keep, n + 1);
}
