/*
 * district_process.c -- 处置进度: what has become of the cases on the lists: of the district, by
 * tier, and by school.
 */
#include "report/release.h"

#include "cohort/process_counts.h"

typedef struct process_line {
    const psyi_progress *of;
    size_t row;
} process_line;

static const psyi_progress_row *row_of(const psyi_line *line)
{
    const process_line *const subject = line->data;
    return &subject->of->rows[subject->row];
}

static void fill_where(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_report *const report = line->report;
    const uint32_t at = row_of(line)->school;
    const psyi_school *const school =
        at < report->results->n_schools ? &report->results->schools[at] : NULL;
    const psyi_progress *const of = &report->release->progress;
    const size_t n = report->results->n_schools;
    psyi_put_text(
        sheet, row, column,
        school != NULL  ? (field->a == 1             ? school->name
                           : school->code[0] != '\0' ? school->code
                                                     : PSYI_WORD(report, "未知", "unknown"))
        : field->a == 0 ? PSYI_WORD(report, "全区", "District")
        : of->n_collected < n
            ? psyi_report_format(line->report,
                                 PSYI_WORD(report, "已汇总 %zu / %zu 所学校", "%zu of %zu schools"),
                                 of->n_collected, n)
            : "",
        PSYI_STYLE_ID_WRAP | line->bold);
}

static void fill_tier(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const int tier = row_of(line)->tier;
    (void)field;
    if (tier == PSYI_ALL_TIERS)
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "合计", "all"),
                      PSYI_STYLE_TEXT | line->bold);
    else if (tier == PSYI_NOT_JUDGED)
        psyi_put_text(sheet, row, column,
                      PSYI_WORD(line->report, "无等级（待核实）", "no tier (to clear up)"),
                      PSYI_STYLE_MUTED);
    else
        psyi_put_text(sheet, row, column, psyi_tier_words(line->report, tier),
                      tier > 0 ? psyi_tier_style(tier) : PSYI_STYLE_MUTED);
}

static void fill_count(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const process_line *const subject = line->data;
    const psyi_release_table *const table = &subject->of->table;
    const size_t first = subject->row * PSYI_PROCESS_COUNTS, at = first + field->a;
    const size_t of = first + field->c;
    if (table->values[at] < 0 || (field->b == 1 && table->values[of] < 0)) {
        psyi_put_text(sheet, row, column, "—", PSYI_STYLE_MUTED);
    } else if (table->hidden[at] || (field->b == 1 && table->hidden[of])) {
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    } else if (field->b == 1) { /* a share of another count */
        psyi_put_rate(sheet, row, column, (uint64_t)table->values[at], (uint64_t)table->values[of],
                      line->bold);
    } else {
        psyi_put_integer(sheet, row, column, table->values[at], PSYI_STYLE_INTEGER | line->bold);
    }
}

#define COUNT(key_, zh_, en_, a_, note_zh, note_en)                                                \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = 11, .fill = fill_count, .a = (a_),   \
        .note = PSYI_LABEL(note_zh, note_en)                                                       \
    }
#define SHARE(key_, zh_, en_, a_, c_, note_zh, note_en)                                            \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = 11, .fill = fill_count, .a = (a_),   \
        .b = 1, .c = (c_), .note = PSYI_LABEL(note_zh, note_en)                                    \
    }

static const psyi_cell_field columns[] = {
    {.key = "school",
     .head = PSYI_LABEL("学校标识码", "School code"),
     .width = 14,
     .style = PSYI_STYLE_ID,
     .fill = fill_where,
     .a = 0},
    {.key = "school_name",
     .head = PSYI_LABEL("学校名称", "School"),
     .width = 24,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = fill_where,
     .a = 1},
    {.key = "tier", .head = PSYI_LABEL("等级", "Tier"), .width = 16, .fill = fill_tier},
    COUNT("cases", "名单人数", "On the list", PSYI_PROCESS_CASES, "预警名单上的学生，每人一个案例",
          "students on the warning list, one case each"),
    COUNT("interviewed", "已访谈", "Interviewed", PSYI_PROCESS_INTERVIEWED,
          "台账或名单中有访谈日期或结论", "an interview with a date, or a conclusion"),
    SHARE("interviewed_rate", "访谈率", "Share", PSYI_PROCESS_INTERVIEWED, PSYI_PROCESS_CASES,
          "已访谈 ÷ 名单人数", "interviewed / on the list"),
    COUNT("due", "有时限", "With a due time", PSYI_PROCESS_DUE, "有建议时限的案例",
          "cases with a due time"),
    COUNT("on_time", "按时访谈", "On time", PSYI_PROCESS_ON_TIME, "在时限之日或之前访谈",
          "interviewed by the day they were due"),
    SHARE("on_time_rate", "按时率", "On time, share", PSYI_PROCESS_ON_TIME, PSYI_PROCESS_DUE,
          "按时访谈 ÷ 有时限", "on time / with a due time"),
    COUNT("guardian_informed", "已告知家长", "Guardian told", PSYI_PROCESS_GUARDIAN,
          "台账中监护人已告知", "the ledger says that the guardian was told"),
    COUNT("referred", "已转介", "Referred", PSYI_PROCESS_REFERRED, "台账中已转介",
          "the ledger says referred"),
    COUNT("in_treatment", "在治", "In treatment", PSYI_PROCESS_TREATED, "台账中在治",
          "the ledger says in treatment"),
    COUNT("closed", "已结案", "Closed", PSYI_PROCESS_CLOSED, "最近一次记录的状态为已结案",
          "closed in the latest entry"),
    COUNT("overdue", "逾期", "Overdue", PSYI_PROCESS_OVERDUE,
          "未结案，且过了时限未访谈，或过了下次跟进日；汇总时未给日期则为 —",
          "not closed, and past a due time or a next contact; — where collected without a day"),
};

void psyi_district_process_sheet(psyi_report *report)
{
    const psyi_progress *const of = &report->release->progress;
    const bool any = of->n > 0;
    psyi_layout *const layout =
        psyi_layout_new(report, "process", (psyi_label)PSYI_LABEL("处置进度", "Progress"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    for (size_t i = 0; i < of->n; i++) {
        const process_line subject = {of, i};
        const psyi_line line = {.report = report, .data = &subject, .bold = i == 0 ? PSYI_BOLD : 0};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, of->n, 3, of->n + 3 + PSYI_NOTE_ROWS);
    psyi_sheet_plain(sheet, of->n + 2);
    psyi_notes(
        report, sheet, of->n + 3,
        any ? PSYI_WORD(
                  report,
                  "数字来自各校填写的跟进台账与预警名单（psyscreen collect 汇总）；没有填写不等"
                  "于没有做。全区分等级，各校各等级合计。— 表示台账尚未汇总，全区各行只合计已汇总的"
                  "学校。人数过少处以 * 隐去，学校不排名。",
                  "From the ledgers and lists the schools filled in (psyscreen collect); what "
                  "was not written down may have been done. The district by tier, schools over all "
                  "tiers. A dash: no ledger has come; the district's lines add up the others. Too "
                  "few: *. Never ranked.")
            : PSYI_WORD(report,
                        "还没有台账汇总：各校填写后，先运行 psyscreen collect --as-of 日期 "
                        "汇总，再以 --entries（或 --counts）给出所得文件并重新运行，此表给出进度。",
                        "No ledgers yet: when schools have filled them in, psyscreen collect "
                        "--as-of DAY reads them; give its file by --entries (or --counts) and run "
                        "again."));
}
