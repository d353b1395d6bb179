/*
 * class_charts.c -- 班级图表: the classes of 班级汇总 as columns, on a sheet of their own, so
 * that they print whole.
 */
#include "report/layout.h"

#include <string.h>

static uint32_t colour_of_tier(const psyi_tier *tier)
{
    uint32_t value = 0;
    for (int i = 1; tier->colour != NULL && i < 7 && tier->colour[i] != '\0'; i++) {
        const char c = tier->colour[i];
        value = value * 16 + (uint32_t)(c >= 'a'   ? c - 'a' + 10
                                        : c >= 'A' ? c - 'A' + 10
                                                   : c - '0');
    }
    return value & 0xFFFFFF;
}

#define CHART_ROWS 18

/* The row behind it; one that would be an empty frame is left out. */
static size_t put(psyi_sheet *sheet, size_t at, const psyi_sheet *data, const psyi_chart *chart)
{
    if (!psyi_chart_shows(data, chart))
        return at;
    psyi_sheet_chart(sheet, at, 0, data, chart);
    return at + CHART_ROWS;
}

void psyi_class_charts(psyi_report *report, const psyi_sheet *data, const psyi_layout *layout,
                       size_t n_rows)
{
    const psy_plan *const plan = report->results->plan;
    psyi_sheet *const sheet =
        psyi_book_sheet(report->book, PSYI_WORD(report, "班级图表", "Class charts"), false);
    psyi_series series[PSYI_STYLE_RANKS];
    size_t n = 0, at = 1;
    psyi_chart chart = {.stacked = true,
                        .from_zero = true,
                        .first_row = 1,
                        .last_row = n_rows,
                        .category_first = 0,
                        .category_last = 1,
                        .series = series,
                        .x_axis =
                            PSYI_WORD(report, "班级，其下为年级", "class, and its grade below"),
                        .width = 1150,
                        .height = 340};
    psyi_sheet_gridlines_hidden(sheet);
    psyi_put_text(sheet, 0, 0,
                  PSYI_WORD(report, "班级不排名；人数过少（*）的班级没有柱。",
                            "Classes are not ranked; too few (*) have no column."),
                  PSYI_STYLE_NOTE);
    for (size_t i = 0; plan->scheme != NULL && i < plan->scheme->n_tiers; i++) {
        const psyi_tier *const tier = &plan->scheme->tiers[i];
        const size_t column =
            psyi_layout_column(layout, psyi_report_format(report, "tier_%d_n", tier->rank));
        if (tier->rank > 0 && column != SIZE_MAX && n < PSYI_STYLE_RANKS)
            series[n++] =
                (psyi_series){column, colour_of_tier(tier), psyi_text(report, tier->name)};
    }
    if (n > 0) {
        chart.n_series = n;
        chart.title =
            psyi_report_format(report,
                               report->language == PSYI_ZH ? "各班名单人数（%s）"
                                                           : "Students on the list by class (%s)",
                               psyi_legend_phrase(report));
        chart.y_axis = PSYI_WORD(report, "人数", "students");
        at = put(sheet, at, data, &chart);
    }
    for (size_t use = 0; use < plan->n_uses; use++) {
        const psyi_use *const what = &plan->uses[use];
        if (what->instrument->n_scales == 0)
            continue;
        const char *const scale = what->instrument->scales[psyi_headline(plan, use)].id;
        const size_t mean =
            psyi_layout_column(layout, psyi_report_format(report, "%s.%s.mean", what->id, scale));
        const size_t grade_mean = psyi_layout_column(
            layout, psyi_report_format(report, "%s.%s.grade_mean", what->id, scale));
        if (mean == SIZE_MAX || grade_mean == SIZE_MAX)
            continue;
        const psyi_series pair[] = {
            {mean, 0x4472C4, PSYI_WORD(report, "班级均值", "class mean")},
            {grade_mean, 0xBFBFBF, PSYI_WORD(report, "同年级均值", "grade mean")},
        };
        const psyi_scale *const about =
            psyi_scorer_scale(report->results->scorers[use], psyi_headline(plan, use));
        chart.stacked = false;
        chart.from_zero = about->low.den > 0 && about->low.num >= 0;
        chart.series = pair;
        chart.n_series = 2;
        chart.title = psyi_report_format(
            report, "%s %s",
            psyi_text(report, psyi_scale_label(report, use, psyi_headline(plan, use))),
            PSYI_WORD(report, "班级均值与同年级均值", "class and grade means"));
        chart.y_axis = PSYI_WORD(report, "均值", "mean");
        at = put(sheet, at, data, &chart);
    }
    if (at == 1)
        psyi_put_text(sheet, at++, 0,
                      PSYI_WORD(report, "没有可画的数：名单上无人，各班有分的人数过少。",
                                "Nothing to draw: nobody is on the list, and too few have scores."),
                      PSYI_STYLE_NOTE);
    const psyi_print page = {.last_row = at - 1,
                             .last_column = 18,
                             .pages_wide = 1,
                             .rows_a_page = 2 * CHART_ROWS,
                             .rows_before = 1,
                             .header = psyi_legend(report),
                             .about = psyi_report_about(report),
                             .footer = psyi_not_a_diagnosis(report)};
    psyi_sheet_print(sheet, &page);
}
