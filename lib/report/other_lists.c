/*
 * other_lists.c -- 复测名单 and 未测名单: who has to be asked again, and who not yet was.
 *
 * Invalid is not safe, and absent is not safe: these lists matter as much as the warning
 * list.  A sheet that is incomplete or doubtful is here too, or its child would be on no list
 * at all.
 */
#include "report/layout.h"

/* ---- 复测名单 ---- */

static bool wants_retest(const psyi_results *results, size_t student)
{
    const psyi_student *const who = &results->students[student];
    return psyi_printable(results, student) &&
           (who->status == PSYI_STATUS_INVALID || who->status == PSYI_STATUS_RETEST ||
            who->status == PSYI_STATUS_INCOMPLETE ||
            (who->tested && who->tier == PSYI_NOT_JUDGED) || /* not judged is not safe */
            (who->tier == 0 && who->tier_upper > 0) ||       /* blanks could make it a tier */
            (who->why & (PSYI_WHY_DUPLICATES | PSYI_WHY_AMBIGUOUS | PSYI_WHY_LIE_SCALE |
                         PSYI_WHY_VALIDITY_RULE | PSYI_WHY_EVIDENCE)) != 0);
}

/* "用时过短、规律作答"; the values stand in the next column. */
static const char *family_words(const psyi_line *line)
{
    psyi_report *const report = line->report;
    psyi_buffer_clear(&report->text);
    psyi_family_words(report->results->students[line->student].families, report->language,
                      &report->text);
    return psyi_report_take(report, &report->text);
}

static void fill_reason(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const uint32_t why = line->report->results->students[line->student].why;
    psyi_report *const report = line->report;
    (void)field;
    psyi_put_text(
        sheet, row, column,
        why & PSYI_WHY_LIE_SCALE       ? PSYI_WORD(report, "效度分过高", "validity scale")
        : why & PSYI_WHY_VALIDITY_RULE ? PSYI_WORD(report, "作答质量规则", "validity rule")
        : why & PSYI_WHY_EVIDENCE      ? family_words(line)
        : why & PSYI_WHY_DUPLICATES    ? PSYI_WORD(report, "重复作答不一致", "sheets differ")
        : why & PSYI_WHY_AMBIGUOUS     ? PSYI_WORD(report, "答卷归属不明", "whose sheet?")
        : why & PSYI_WHY_USE_NOT_GIVEN ? PSYI_WORD(report, "有量表未作答", "a scale not given")
        : why & (PSYI_WHY_RULE_UNDECIDED | PSYI_WHY_CRITICAL_UNDECIDED)
            ? PSYI_WORD(report, "缺答使规则不能判定", "blanks leave a rule open")
        : why & PSYI_WHY_NO_NORM ? PSYI_WORD(report, "缺常模、性别或年级", "no norm, sex or grade")
        : line->report->results->students[line->student].tier == 0
            ? PSYI_WORD(report, "缺答，等级可能更高", "blanks could raise the tier")
            : PSYI_WORD(report, "其他", "other"),
        PSYI_STYLE_PLAIN);
}

static void fill_critical(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                          const psyi_cell_field *field)
{
    const int class = psyi_critical_class(line->report->results, line->student);
    (void)field;
    if (class > 0)
        /* On paper without colours, too. */
        psyi_put_text(
            sheet, row, column,
            class == 2 ? PSYI_WORD(line->report, "紧急：先访谈再复测", "urgent: interview first")
                       : PSYI_WORD(line->report, "复核：先访谈再复测", "review: interview first"),
            class == 2 ? PSYI_STYLE_URGENT : PSYI_STYLE_REVIEW);
    else
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "无", "no"), PSYI_STYLE_PLAIN);
}

static const psyi_label modes[] = {PSYI_LABEL("集体", "in a group"),
                                   PSYI_LABEL("单独", "alone"),
                                   PSYI_LABEL("访谈代替", "interview instead"),
                                   PSYI_LABEL("补答缺题", "blanks only"),
                                   {NULL, NULL}};
static const psyi_label validities[] = {PSYI_LABEL("有效", "valid"),
                                        PSYI_LABEL("存疑", "doubtful"),
                                        PSYI_LABEL("无效", "invalid"),
                                        {NULL, NULL}};
static const psyi_label adopted[] = {PSYI_LABEL("首测", "first"),
                                     PSYI_LABEL("复测", "retest"),
                                     PSYI_LABEL("访谈", "interview"),
                                     {NULL, NULL}};

static const psyi_cell_field retest_columns[] = {
    {.key = "school",
     .head = PSYI_LABEL("学校", "School"),
     .width = 13,
     .style = PSYI_STYLE_ID,
     .fill = psyi_fill_school},
    {.key = "first_date",
     .head = PSYI_LABEL("首测日期", "First date"),
     .width = 11,
     .style = PSYI_STYLE_DATE,
     .fill = psyi_fill_test_date},
    {.key = "reason",
     .head = PSYI_LABEL("复测原因", "Reason"),
     .width = 18,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_reason},
    {.key = "reason_value",
     .head = PSYI_LABEL("原因数值", "What was read"),
     .width = 30,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_why},
    {.key = "items_to_ask",
     .head = PSYI_LABEL("需补问的题", "Items to ask"),
     .width = 18,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_ask},
    {.key = "tier_first",
     .head = PSYI_LABEL("首测系统等级", "First tier"),
     .width = 17.5,
     .fill = psyi_fill_tier,
     .note = PSYI_LABEL("仅供参考", "for reference only")},
    {.key = "critical_first",
     .head = PSYI_LABEL("首测重点题", "Critical item"),
     .width = 21,
     .fill = fill_critical,
     .note = PSYI_LABEL("有则先访谈再复测", "if so, interview before the retest")},
    {.key = "planned_date",
     .head = PSYI_LABEL("计划复测日期", "Retest planned"),
     .width = 11,
     .style = PSYI_STYLE_FILL_DATE,
     .note = PSYI_LABEL("一般在首测后1至2周；首测有重点题的，先访谈",
                        "one to two weeks after the first; after the interview where a critical "
                        "item was positive")},
    {.key = "mode",
     .head = PSYI_LABEL("施测方式", "Mode"),
     .width = 10,
     .style = PSYI_STYLE_FILL,
     .choices = modes},
    {.key = "proctor", .head = PSYI_LABEL("主试", "Proctor"), .width = 9, .style = PSYI_STYLE_FILL},
    {.key = "done_date",
     .head = PSYI_LABEL("实际复测日期", "Retest done"),
     .width = 11,
     .style = PSYI_STYLE_FILL_DATE},
    {.key = "validity_2",
     .head = PSYI_LABEL("复测效度", "Validity"),
     .width = 9,
     .style = PSYI_STYLE_FILL,
     .choices = validities},
    {.key = "tier_2",
     .head = PSYI_LABEL("复测等级", "Tier of retest"),
     .width = 10,
     .style = PSYI_STYLE_FILL},
    {.key = "adopted",
     .head = PSYI_LABEL("采用结果", "Result used"),
     .width = 9,
     .style = PSYI_STYLE_FILL,
     .choices = adopted},
    {.key = "by", .head = PSYI_LABEL("经办人", "Handled by"), .width = 9, .style = PSYI_STYLE_FILL},
    {.key = "note", .head = PSYI_LABEL("备注", "Notes"), .width = 18, .style = PSYI_STYLE_FILL},
    {.key = "case_id",
     .head = PSYI_LABEL("案例编号", "Case number"),
     .width = 17,
     .style = PSYI_STYLE_ID,
     .fill = psyi_fill_case_id},
};

typedef bool want_function(const psyi_results *results, size_t student);

static void write_list(psyi_report *report, psyi_layout *layout, want_function *want,
                       int first_class, size_t keep)
{
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    size_t n = 0;
    /* Children with a critical item come first; `first_class` 0 keeps the order. */
    for (int class = first_class; class >= 0; class --)
        for (size_t i = 0; i < report->n; i++) {
            const size_t student = report->by_class[i];
            const int own = first_class > 0 ? psyi_critical_class(report->results, student) : 0;
            if (own != class || !want(report->results, student))
                continue;
            const psyi_line line = {.report = report, .student = student, .number = n + 1};
            psyi_layout_row(sheet, ++n, layout, &line);
        }
    psyi_layout_end(report, sheet, layout, 0, n, keep, n + 1);
}

void psyi_retest_sheet(psyi_report *report)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "retest_list", (psyi_label)PSYI_LABEL("复测名单", "Retest list"));
    const size_t keep = psyi_person_columns(report, layout, PSYI_PERSON_COMPACT);
    psyi_layout_add_all(report, layout, retest_columns,
                        sizeof retest_columns / sizeof retest_columns[0]);
    psyi_offer_tiers(report, layout);
    write_list(report, layout, wants_retest, 2, keep);
}

/* ---- 未测名单 ---- */

static bool not_tested(const psyi_results *results, size_t student)
{
    const psyi_student *const who = &results->students[student];
    return !who->tested || who->status == PSYI_STATUS_ABSENT ||
           who->status == PSYI_STATUS_NO_CONSENT;
}

static void fill_absence(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                         const psyi_cell_field *field)
{
    psyi_report *const report = line->report;
    const psyi_student *const who = &report->results->students[line->student];
    (void)field;
    const char *text;
    if ((who->why & PSYI_WHY_CONSENT_REFUSED) != 0)
        text = PSYI_WORD(report, "不同意", "no consent");
    else if ((who->why & PSYI_WHY_CONSENT_UNANSWERED) != 0 || who->status == PSYI_STATUS_NO_CONSENT)
        text = PSYI_WORD(report, "同意书未回", "consent not returned");
    else if (who->exempt)
        text = who->exempt_reason != NULL && who->exempt_reason[0] != '\0'
                   ? psyi_report_format(report, PSYI_WORD(report, "非应测：%s", "exempt: %s"),
                                        who->exempt_reason)
                   : PSYI_WORD(report, "非应测（未注明原因）", "exempt, no reason given");
    else
        text = PSYI_WORD(report, "未作答（原因待查）", "no answers (reason unknown)");
    psyi_put_text(sheet, row, column, text, PSYI_STYLE_PLAIN);
}

static const psyi_label absences[] = {
    PSYI_LABEL("缺勤", "absent"),  PSYI_LABEL("请假", "on leave"),
    PSYI_LABEL("免测", "exempt"),  PSYI_LABEL("不同意", "no consent"),
    PSYI_LABEL("未知", "unknown"), {NULL, NULL}};

static const psyi_cell_field untested_columns[] = {
    {.key = "reason",
     .head = PSYI_LABEL("未测原因", "Reason"),
     .width = 26,
     .fill = fill_absence,
     .note = PSYI_LABEL("名册所载；“未作答”请学校查明：缺勤、请假或其他",
                        "from the roster; find out where it is unknown")},
    {.key = "reason_found",
     .head = PSYI_LABEL("查明的原因", "Reason found"),
     .width = 12,
     .style = PSYI_STYLE_FILL,
     .choices = absences},
    {.key = "makeup_date",
     .head = PSYI_LABEL("补测日期", "Make-up date"),
     .width = 12,
     .style = PSYI_STYLE_FILL_DATE},
    {.key = "tier_prev",
     .head = PSYI_LABEL("上次等级", "Tier before"),
     .width = 15,
     .fill = psyi_fill_previous,
     .note = PSYI_LABEL("上一波次的系统等级：上次在名单上而这次未测的，应先补测",
                        "the tier of the wave before: whoever was listed then is tested first")},
    {.key = "external_flags",
     .head = PSYI_LABEL("外部信息", "Reports"),
     .width = 28,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_external,
     .note = PSYI_LABEL("班主任、家长、医院等反映的情况",
                        "what teachers, parents or hospitals report")},
    {.key = "known_case",
     .head = PSYI_LABEL("是否既往重点", "Known case"),
     .width = 10,
     .style = PSYI_STYLE_FILL,
     .choices = psyi_yes_no},
    {.key = "note", .head = PSYI_LABEL("备注", "Notes"), .width = 24, .style = PSYI_STYLE_FILL},
};

void psyi_untested_sheet(psyi_report *report)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "untested", (psyi_label)PSYI_LABEL("未测名单", "Not tested"));
    const size_t keep = psyi_person_columns(report, layout, PSYI_PERSON_WIDE);
    psyi_layout_add_all(report, layout, untested_columns,
                        sizeof untested_columns / sizeof untested_columns[0]);
    write_list(report, layout, not_tested, 0, keep);
}

/* ---- how many ---- */

static size_t count_wanted(const psyi_report *report, want_function *want)
{
    size_t n = 0;
    for (size_t i = report->first; i < report->first + report->n; i++)
        n += want(report->results, i);
    return n;
}

size_t psyi_retest_count(const psyi_report *report)
{
    return count_wanted(report, wants_retest);
}

size_t psyi_untested_count(const psyi_report *report)
{
    return count_wanted(report, not_tested);
}
