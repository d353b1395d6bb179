/*
 * dossier_history.c -- 等级历程: the tier of every wave, and what became of it.
 */
#include "report/dossier_line.h"

#include <stdlib.h>
#include <string.h>

static void fill_rank(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const char *const rank =
        psyi_dossier_cell(psyi_dossier_line_of(line)->wave, field->a == 0 ? "tier" : "tier_upper");
    if (field->a == 0)
        psyi_dossier_put_score(sheet, row, column, rank);
    else if (strcmp(rank, psyi_dossier_cell(psyi_dossier_line_of(line)->wave, "tier")) != 0)
        psyi_dossier_put(
            sheet, row, column,
            psyi_dossier_tier_words(line->report, psyi_dossier_line_of(line)->wave, rank));
}

static void fill_scheme(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const psyi_dossier_wave *const wave = psyi_dossier_line_of(line)->wave;
    (void)field;
    psyi_dossier_put(sheet, row, column,
                     psyi_label_text(wave->legend, line->report->language, wave->scheme));
}

static void fill_since(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_dossier_line *const about = psyi_dossier_line_of(line);
    const psyi_report *const report = line->report;
    (void)field;
    if (about->before == NULL)
        return;
    const char *const now = psyi_dossier_cell(about->wave, "tier");
    const char *const then = psyi_dossier_cell(about->before, "tier");
    psyi_dossier_put(sheet, row, column,
                     !psyi_dossier_same_rules(about->before, about->wave)
                         ? PSYI_WORD(report, "量表、规则或等级方案不同，不可比",
                                     "scales, rules or scheme differ: not comparable")
                     : now[0] == '\0' || then[0] == '\0'
                         ? PSYI_WORD(report, "有一次未能判定", "once not judged")
                     : atoi(now) > atoi(then) ? PSYI_WORD(report, "等级加重", "a worse tier")
                     : atoi(now) < atoi(then) ? PSYI_WORD(report, "等级减轻", "a milder tier")
                                              : PSYI_WORD(report, "等级相同", "the same tier"));
}

static const psyi_cell_field history_columns[] = {
    PSYI_DOSSIER_COLUMN("wave", "波次", "Wave", 12, PSYI_DOSSIER_WAVE),
    PSYI_DOSSIER_COLUMN("date", "日期", "Date", 11, PSYI_DOSSIER_DATE),
    PSYI_DOSSIER_COLUMN("validity", "效度", "Validity", 10, PSYI_DOSSIER_VALIDITY),
    {.key = "tier_auto",
     .head = PSYI_LABEL("系统等级", "Tier"),
     .width = 14,
     .fill = psyi_dossier_fill,
     .a = PSYI_DOSSIER_TIER},
    {.key = "tier_rank",
     .head = PSYI_LABEL("等级序（大=重）", "Rank (large = worse)"),
     .width = 9,
     .fill = fill_rank,
     .a = 0,
     .note = PSYI_LABEL("0为一般；空白为未能判定，不等于一般",
                        "0: no tier; empty: not judged, which is not the same")},
    {.key = "tier_upper",
     .head = PSYI_LABEL("可能等级", "Possible tier"),
     .width = 13,
     .fill = fill_rank,
     .a = 1},
    PSYI_DOSSIER_COLUMN("rules_text", "命中规则", "Rules fired", 30, PSYI_DOSSIER_FIRED),
    {.key = "legend",
     .head = PSYI_LABEL("哪级最重", "Which is worst"),
     .width = 14,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_scheme},
    {.key = "since_before",
     .head = PSYI_LABEL("与上次", "Since the last"),
     .width = 16,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_since},
    {.key = "tier_final",
     .head = PSYI_LABEL("复核等级", "Final tier"),
     .width = 11,
     .style = PSYI_STYLE_FILL},
    {.key = "reviewed_by",
     .head = PSYI_LABEL("复核人", "Reviewed by"),
     .width = 10,
     .style = PSYI_STYLE_FILL},
    {.key = "reviewed_on",
     .head = PSYI_LABEL("复核日期", "Reviewed on"),
     .width = 11,
     .style = PSYI_STYLE_FILL_DATE},
};
enum { RANK_COLUMN = 4 };

void psyi_dossier_history(psyi_report *report, const psyi_dossier *dossier)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "tier_history", (psyi_label)PSYI_LABEL("等级历程", "Tiers"));
    psyi_layout_add_all(report, layout, history_columns,
                        sizeof history_columns / sizeof history_columns[0]);
    psyi_offer_tiers(report, layout);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, false);
    psyi_layout_head(report, sheet, layout, 0);
    for (size_t i = 0; i < dossier->n_waves; i++) {
        const psyi_dossier_line about = {dossier, dossier->waves[i],
                                         i > 0 ? dossier->waves[i - 1] : NULL, NULL};
        const psyi_line line = {.report = report, .data = &about};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    const psyi_series series[] = {{RANK_COLUMN, 0xC55A11, NULL}};
    const psyi_chart chart = {.title =
                                  PSYI_WORD(report, "各波次等级序（大=重；空=未能判定）",
                                            "Rank by wave (large = worse; empty = not judged)"),
                              .first_row = 1,
                              .last_row = dossier->n_waves,
                              .category_first = 0,
                              .category_last = 0,
                              .series = series,
                              .n_series = 1,
                              .whole = true,
                              .from_zero = true,
                              .width = 620,
                              .height = 300};
    const bool drawn = dossier->n_waves > 1 && dossier->plan->scheme != NULL;
    const size_t at = dossier->n_waves + 2, end = drawn ? at + 16 : at - 1;
    for (size_t row = dossier->n_waves + 1; row < end; row++)
        psyi_sheet_plain(sheet, row);
    psyi_layout_end(report, sheet, layout, 0, dossier->n_waves, 2, end);
    if (drawn)
        psyi_sheet_chart(sheet, at, 0, sheet, &chart);
}
