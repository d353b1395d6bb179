/*
 * district_waves.c -- 波次对比: this wave beside the one before.
 *
 * Numbers stand side by side only where edition, rules and norms agree; else the line says why
 * not.  Nothing here says that something got better: waves differ in month and in who came.
 */
#include "report/release.h"

#include "cohort/previous_wave.h"

#include <math.h>
#include <string.h>

typedef struct wave_line {
    const psyi_waves *of;
    size_t at;
} wave_line;

static const psyi_wave_figure *figure_of(const psyi_line *line)
{
    const wave_line *const subject = line->data;
    return &subject->of->figures[subject->at];
}

static void fill_what(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_wave_figure *const figure = figure_of(line);
    psyi_report *const report = line->report;
    (void)field;
    const char *text;
    if (figure->kind == PSYI_WAVE_MEAN)
        text = psyi_report_format(
            report, PSYI_WORD(report, "%s 均值", "%s, mean"),
            psyi_text(report, psyi_scale_label(report, figure->use, figure->scale)));
    else if (figure->kind == PSYI_WAVE_ANY)
        text = PSYI_WORD(report, "合计检出率", "Any tier, rate");
    else
        text = psyi_report_format(report, PSYI_WORD(report, "%s 检出率", "%s, rate"),
                                  psyi_tier_words(report, figure->rank));
    psyi_put_text(sheet, row, column, text, PSYI_STYLE_TEXT);
}

static void fill_whom(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column,
                  figure_of(line)->same_students
                      ? PSYI_WORD(line->report, "同一批", "in both waves")
                      : PSYI_WORD(line->report, "全体", "everybody"),
                  PSYI_STYLE_TEXT);
}

/* A figure in the last digit that is printed of it: hundredths of a mean, of a rate ten
 * thousandths. */
static double in_digits(const psyi_wave_figure *figure, bool now)
{
    return round((now ? figure->now : figure->before) *
                 (figure->kind == PSYI_WAVE_MEAN ? 100 : 10000)) +
           0.0; /* no -0 */
}

/* A share is printed as a per cent, the difference of two as points: 10 % and 12 % differ by 2.  It
 * has two decimals where they have one: 1.6 and 0.8 may differ by 0.87, and 0.9 would look wrong.
 */
static void put_value(psyi_sheet *sheet, size_t row, size_t column, const psyi_wave_figure *figure,
                      int which)
{
    const bool mean = figure->kind == PSYI_WAVE_MEAN;
    if (which == 2)
        psyi_put_number(sheet, row, column,
                        (in_digits(figure, true) - in_digits(figure, false)) / 100, PSYI_STYLE_TWO);
    else
        psyi_put_number(sheet, row, column, in_digits(figure, which == 1) / (mean ? 100 : 10000),
                        mean ? PSYI_STYLE_TWO : PSYI_STYLE_PERCENT);
}

/* a: 0 before, 1 now, 2 the difference. */
static void fill_value(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const wave_line *const subject = line->data;
    const psyi_wave_figure *const figure = figure_of(line);
    const bool *const hidden = subject->of->table.hidden + 2 * subject->at;
    const bool before = field->a != 1, now = field->a != 0;
    if (!figure->comparable)
        psyi_put_blank(sheet, row, column,
                       figure->kind == PSYI_WAVE_MEAN ? PSYI_STYLE_TWO : PSYI_STYLE_PERCENT);
    else if ((before && figure->n_before == 0) || (now && figure->n_now == 0))
        psyi_put_text(sheet, row, column, "—", PSYI_STYLE_MUTED);
    else if (hidden[0] || hidden[1]) /* the other alone would tell most of it */
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else
        put_value(sheet, row, column, figure, field->a);
}

static void fill_n(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                   const psyi_cell_field *field)
{
    const psyi_wave_figure *const figure = figure_of(line);
    if (figure->comparable)
        psyi_put_integer(sheet, row, column,
                         (int64_t)(field->a == 0 ? figure->n_before : figure->n_now),
                         PSYI_STYLE_INTEGER);
    else
        psyi_put_blank(sheet, row, column, PSYI_STYLE_INTEGER);
}

/* "2025-10 → 2026-10": rates move with the month. */
static void fill_month(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    const char *const now = results->plan->as_of;
    (void)field;
    psyi_put_text(sheet, row, column,
                  psyi_report_format(line->report, "%.7s → %.7s", results->previous->as_of,
                                     now != NULL ? now : "?"),
                  PSYI_STYLE_TEXT);
}

static void fill_comparable(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                            const psyi_cell_field *field)
{
    const wave_line *const subject = line->data;
    const psyi_wave_figure *const figure = figure_of(line);
    const psyi_previous *const previous = line->report->results->previous;
    const psyi_report *const report = line->report;
    (void)field;
    psyi_put_text(sheet, row, column,
                  figure->comparable ? PSYI_WORD(report, "可比：版本、计分与规则相同",
                                                 "yes: same edition, scoring and rules")
                  : figure->kind == PSYI_WAVE_MEAN
                      ? PSYI_WORD(report, "不可比：上次没有此量表，或版本、计分、常模、填答人不同",
                                  "no: not given then, or another edition, coding, norm or "
                                  "informant")
                  : !previous->ranks_alike ? PSYI_WORD(report, "不可比：上次的等级方案级数不同",
                                                       "no: another number of tiers then")
                  : !previous->texts_alike
                      ? PSYI_WORD(report, "不可比：上次的规则不同", "no: other rules then")
                  : previous->populations_differ
                      ? PSYI_WORD(report, "不可比：上次的分界所依人群不同",
                                  "no: cut-offs of another population then")
                  : !previous->rules_alike
                      ? PSYI_WORD(report, "不可比：上次有量表的版本、计分、常模或填答人不同",
                                  "no: another edition, coding, norm or informant then")
                  : subject->of->local_norms
                      ? PSYI_WORD(report, "不可比：规则读本地常模，常模每波次不同",
                                  "no: a rule reads local norms, which each wave makes anew")
                      : PSYI_WORD(report, "不可比", "no"),
                  figure->comparable ? PSYI_STYLE_WRAP : PSYI_STYLE_MUTED);
}

static const psyi_cell_field columns[] = {
    {.key = "figure", .head = PSYI_LABEL("指标", "Figure"), .width = 34, .fill = fill_what},
    {.key = "students",
     .head = PSYI_LABEL("群体", "Students"),
     .width = 14,
     .fill = fill_whom,
     .note = PSYI_LABEL("全体：各波次的有效学生；同一批：两个波次都有效的学生",
                        "everybody in V of each wave; or those in V of both")},
    {.key = "before",
     .head = PSYI_LABEL("上次", "Before"),
     .width = 11,
     .fill = fill_value,
     .a = 0},
    {.key = "now", .head = PSYI_LABEL("本次", "Now"), .width = 11, .fill = fill_value, .a = 1},
    {.key = "difference",
     .head = PSYI_LABEL("差", "Difference"),
     .width = 11,
     .fill = fill_value,
     .a = 2,
     .note = PSYI_LABEL("本次 − 上次（率为百分点）；不说明好转或恶化",
                        "now − before (rates: points); says nothing of better or worse")},
    {.key = "n_before",
     .head = PSYI_LABEL("N 上次", "N before"),
     .width = 10,
     .fill = fill_n,
     .a = 0,
     .note = PSYI_LABEL("率：有效 V；均值：有分的有效人数", "rates: V; means: in V with a score")},
    {.key = "n_now", .head = PSYI_LABEL("N 本次", "N now"), .width = 10, .fill = fill_n, .a = 1},
    {.key = "months",
     .head = PSYI_LABEL("月份", "Months"),
     .width = 20,
     .fill = fill_month,
     .note = PSYI_LABEL("同一批学生学期初与学期末不同：看月份再比较",
                        "the same pupils differ between the start and the end of a term")},
    {.key = "comparable",
     .head = PSYI_LABEL("可比性", "Comparable"),
     .width = 44,
     .fill = fill_comparable},
};

void psyi_district_wave_sheet(psyi_report *report)
{
    const psyi_waves *const of = &report->release->waves;
    const bool any = report->results->previous != NULL;
    psyi_layout *const layout = psyi_layout_new(
        report, "wave_compare", (psyi_label)PSYI_LABEL("波次对比", "Waves compared"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    const size_t n = any ? of->n : 0, half = n / 2;
    for (size_t i = 0; i < n; i++) {
        /* Both lines of a figure under each other. */
        const wave_line subject = {of, i % 2 == 0 ? i / 2 : half + i / 2};
        const psyi_line line = {.report = report, .data = &subject};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, n, 2, n + 3 + PSYI_NOTE_ROWS);
    psyi_sheet_plain(sheet, n + 1);
    psyi_sheet_plain(sheet, n + 2);
    psyi_notes(
        report, sheet, n + 3,
        any ? PSYI_WORD(
                  report,
                  "只在量表版本、计分、规则与常模相同处比较。差只是两个数之差（率的差为百分点）：学"
                  "生"
                  "、月份与组织方式不同，不能据此说好转或恶化。人数过少处以 * 隐去。",
                  "Compared only where edition, coding, rules and norms agree. A difference (of "
                  "rates: in points) is no improvement: students, month and organisation differ. "
                  "Too few: *.")
            : PSYI_WORD(
                  report,
                  "没有上一波次：在方案的 inputs: previous 或 --previous 中给出上次的结果目录后"
                  "，此表给出对比。",
                  "There is no wave before: give its results by inputs: previous of the plan "
                  "or --previous, and this sheet compares."));
}
