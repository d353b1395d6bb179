/*
 * list_profile.c -- 名单剖面: the mean profile of the students on the warning list beside that
 * of the whole school, every scale as a share of its own range.
 *
 * Shares of a range are not comparable between scales as severities; the picture shows where
 * the list differs from the school, not which trouble is the worst.
 */
#include "report/groups.h"

#include <math.h>

enum { LISTED, OTHERS, GRADE, SCHOOL, GROUPS };

typedef struct profile_row {
    const char *scale;
    double low, range;
    bool worse_low;
    const psyi_moments *listed, *school;
} profile_row;

static bool hidden(const psyi_line *line, const psyi_moments *of)
{
    return of->n < line->report->results->plan->small_cell || isnan(of->mean);
}

static const psyi_moments *moments_of(const psyi_line *line, const psyi_cell_field *field)
{
    const profile_row *const row = line->data;
    return field->a == 0 ? row->listed : row->school;
}

static void fill_scale(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const profile_row *const subject = line->data;
    (void)field;
    psyi_put_text(sheet, row, column, subject->scale, PSYI_STYLE_PLAIN);
}

static void fill_range(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const profile_row *const subject = line->data;
    (void)field;
    psyi_put_text(sheet, row, column,
                  psyi_report_format(
                      line->report, "%.10g–%.10g%s", subject->low, subject->low + subject->range,
                      subject->worse_low
                          ? PSYI_WORD(line->report, "（越低越需关注）", " (low matters)")
                          : ""),
                  PSYI_STYLE_PLAIN);
}

static void fill_n(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                   const psyi_cell_field *field)
{
    psyi_put_integer(sheet, row, column, (int64_t)moments_of(line, field)->n, PSYI_STYLE_INTEGER);
}

/* field->b: 0 the mean, 1 its share of the range. */
static void fill_mean(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const profile_row *const subject = line->data;
    const psyi_moments *const of = moments_of(line, field);
    if (hidden(line, of))
        psyi_put_text(sheet, row, column, of->n == 0 ? "—" : "*", PSYI_STYLE_MUTED);
    else if (field->b == 0)
        psyi_put_number(sheet, row, column, round(of->mean * 100) / 100 + 0.0, PSYI_STYLE_TWO);
    else
        psyi_put_number(sheet, row, column,
                        round(1e4 * (of->mean - subject->low) / subject->range) / 1e4 + 0.0,
                        PSYI_STYLE_PERCENT);
}

static const psyi_cell_field columns[] = {
    {.key = "scale",
     .head = PSYI_LABEL("量表与维度", "Scale"),
     .width = 30,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_scale},
    {.key = "range",
     .head = PSYI_LABEL("得分范围", "Range"),
     .width = 22,
     .fill = fill_range,
     .note = PSYI_LABEL("各量表范围不同", "scales differ in range")},
    {.key = "listed_n",
     .head = PSYI_LABEL("名单 N", "List N"),
     .width = 9,
     .fill = fill_n,
     .a = 0,
     .note = PSYI_LABEL("名单上有效且该量表有分的学生", "on the list, in V, with a score")},
    {.key = "listed_mean",
     .head = PSYI_LABEL("名单均值", "List mean"),
     .width = 10,
     .fill = fill_mean,
     .a = 0},
    {.key = "school_n",
     .head = PSYI_LABEL("全校 N", "School N"),
     .width = 9,
     .fill = fill_n,
     .a = 1,
     .note = PSYI_LABEL("全校有效且该量表有分的学生，含名单上的",
                        "in V with a score, the list included")},
    {.key = "school_mean",
     .head = PSYI_LABEL("全校均值", "School mean"),
     .width = 10,
     .fill = fill_mean,
     .a = 1},
    {.key = "listed_share",
     .head = PSYI_LABEL("名单占范围%", "List, % of range"),
     .width = 12,
     .fill = fill_mean,
     .a = 0,
     .b = 1,
     .note =
         PSYI_LABEL("(均值 − 最低分) ÷ (最高分 − 最低分)", "(mean − lowest) / (highest − lowest)")},
    {.key = "school_share",
     .head = PSYI_LABEL("全校占范围%", "School, % of range"),
     .width = 12,
     .fill = fill_mean,
     .a = 1,
     .b = 1},
};
enum { SCALE_COLUMN = 0, LISTED_COLUMN = 6, SCHOOL_COLUMN = 7 };

static bool make_groups(psyi_report *report, psyi_groups *out)
{
    out->n = GROUPS;
    out->groups = psyi_arena_alloc(&report->arena, GROUPS, sizeof *out->groups);
    out->group_of = psyi_arena_alloc(&report->arena, report->n + 1, sizeof *out->group_of);
    if (out->groups == NULL || out->group_of == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: the profile of a list");
        return false;
    }
    out->groups[GRADE].whole = 1;
    out->groups[SCHOOL].whole = 2;
    for (size_t i = 0; i < report->n; i++)
        out->group_of[i] = OTHERS;
    for (size_t i = 0; i < report->n_list; i++)
        out->group_of[report->list[i] - report->first] = LISTED;
    return true;
}

#define CHART_ROWS    15 /* two charts on a page */
#define CHARTS_A_PAGE 2
#define MANY_SCALES   5 /* in English their names stand aslant, and need room */

enum { N_SERIES = 2 };

static psyi_chart chart_of(psyi_report *report, size_t use, size_t first, size_t last,
                           psyi_series series[N_SERIES])
{
    const psyi_use *const what = &report->results->plan->uses[use];
    series[0] =
        (psyi_series){LISTED_COLUMN, 0xC55A11, PSYI_WORD(report, "预警名单", "warning list")};
    series[1] = (psyi_series){SCHOOL_COLUMN, 0xA6A6A6, PSYI_WORD(report, "全校", "whole school")};
    return (psyi_chart){.title = psyi_report_format(
                            report, "%s %s",
                            psyi_label_text(what->instrument->name, report->language, what->id),
                            PSYI_WORD(report, "平均剖面（占各自得分范围的百分比）",
                                      "mean profile (% of each range)")),
                        .first_row = first,
                        .last_row = last,
                        .category_first = SCALE_COLUMN,
                        .category_last = SCALE_COLUMN,
                        .series = series,
                        .n_series = N_SERIES,
                        .percent = true,
                        .from_zero = true,
                        .width = 830};
}

void psyi_profile_sheet(psyi_report *report)
{
    const psy_plan *const plan = report->results->plan;
    psyi_groups groups;
    psyi_layout *const layout =
        psyi_layout_new(report, "list_profile", (psyi_label)PSYI_LABEL("名单剖面", "List profile"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, false);
    psyi_layout_head(report, sheet, layout, 0);
    if (!make_groups(report, &groups))
        return;
    size_t n = 0, starts[PSYI_MAX_USES + 1];
    for (size_t use = 0; use < plan->n_uses; use++) {
        starts[use] = n + 1;
        for (size_t scale = 0; scale < plan->uses[use].instrument->n_scales; scale++) {
            if (report->results->scores[use] == NULL || (report->uses >> use & 1) == 0)
                continue;
            const psyi_scale *const about = psyi_scorer_scale(report->results->scorers[use], scale);
            const double low = psyi_ratio_double(about->low), high = psyi_ratio_double(about->high);
            const psyi_moments *const moments = psyi_groups_moments(report, &groups, use, scale);
            if (moments == NULL)
                return;
            if (about->low.den <= 0 || about->high.den <= 0 || !(high > low))
                continue; /* without a range there is no share of it */
            const profile_row subject = {psyi_text(report, psyi_scale_label(report, use, scale)),
                                         low,
                                         high - low,
                                         about->worse_low,
                                         &moments[LISTED],
                                         &moments[SCHOOL]};
            const psyi_line line = {.report = report, .data = &subject};
            psyi_layout_row(sheet, ++n, layout, &line);
        }
    }
    starts[plan->n_uses] = n + 1;
    size_t at = n + 2;
    psyi_sheet_plain(sheet, n + 1);
    at = psyi_note_lines(report, sheet, at, 0, psyi_layout_note_width(layout, 0),
                         PSYI_WORD(report, "占范围% = (均值 − 最低分) ÷ (最高分 − 最低分)。",
                                   "% of range = (mean − lowest) / (highest − lowest)."),
                         PSYI_STYLE_NOTE);
    at = psyi_note_lines(
        report, sheet, at, 0, psyi_layout_note_width(layout, 0),
        psyi_report_format(report,
                           PSYI_WORD(report,
                                     "各量表范围不同，百分比不能在量表之间比较轻重；"
                                     "N < %u 以 * 隐去。",
                                     "Ranges differ: do not compare scales by their "
                                     "share; * where N < %u."),
                           (unsigned)plan->small_cell),
        PSYI_STYLE_NOTE);
    size_t pages[PSYI_MAX_USES], n_pages = 0, on_page = 0;
    for (size_t use = 0; use < plan->n_uses; use++)
        if (starts[use + 1] > starts[use] + 1) { /* one scale has no profile */
            psyi_series series[N_SERIES];
            psyi_chart chart = chart_of(report, use, starts[use], starts[use + 1] - 1, series);
            if (!psyi_chart_shows(sheet, &chart))
                continue; /* nobody has a score, or too few */
            const bool tall =
                report->language == PSYI_EN && starts[use + 1] - starts[use] > MANY_SCALES;
            const size_t rows = tall ? CHARTS_A_PAGE * CHART_ROWS : CHART_ROWS;
            if (tall || on_page % CHARTS_A_PAGE == 0) {
                pages[n_pages++] = at;
                on_page = 0;
            }
            on_page += tall ? CHARTS_A_PAGE : 1;
            for (size_t row = at; row < at + rows; row++)
                psyi_sheet_plain(sheet, row);
            chart.height = 19.0 * (double)rows;
            psyi_sheet_chart(sheet, at, 0, sheet, &chart);
            at += rows;
        }
    psyi_layout_end_pages(report, sheet, layout, n, pages, n_pages, at);
}
