/*
 * district_log.c -- 抑制记录与口径 below the checks of 质量与口径: how much is hidden, on which
 * sheet, by which rule; and by which rules and versions the numbers were made.
 *
 * How many cells were small and how many were hidden to protect them is not said: it would tell
 * that a lone pair holds one of each.
 */
#include "report/release.h"

#include <psyscreen/version.h>

typedef struct tally {
    size_t n, hidden;
} tally;

static void add_flag(tally *to, bool hidden)
{
    to->n++;
    to->hidden += hidden;
}

static tally of_outcomes(const psyi_outcomes *table)
{
    return (tally){table->n_rows * table->n_columns, table->n_hidden};
}

static void add_table(tally *to, const psyi_release_table *table)
{
    for (size_t i = 0; i < table->n_rows * table->n_columns; i++)
        if (table->cells[i] != PSYI_NO_CELL)
            add_flag(to, table->hidden[i]);
}

static tally of_scales(const psyi_release *release)
{
    tally out = {0, 0};
    for (size_t i = 0; i < release->n_scales; i++) {
        const psyi_release_scale *const scale = &release->scales[i];
        for (size_t j = 0; j < release->groups.n && scale->moments != NULL; j++) {
            add_flag(&out, scale->hide_moments[j]);
            if (scale->has_cut)
                add_flag(&out, scale->hide_high[j]);
        }
    }
    return out;
}

static tally of_rules(const psyi_report *report)
{
    tally out = {0, 0};
    for (size_t i = 0; i < report->results->book->n_rules; i++) {
        add_flag(&out, report->release->rules[i].hide_fired);
        add_flag(&out, report->release->rules[i].hide_valid);
        add_flag(&out, report->release->rules[i].hide_unique);
    }
    return out;
}

static tally of_parts(const psyi_release *release)
{
    tally out = {0, 0};
    for (size_t i = 0; i < release->n_parts; i++)
        for (size_t j = 0; j < release->parts[i].n; j++)
            add_flag(&out, release->parts[i].schools[j].hide);
    return out;
}

static void put_tally(psyi_report *report, psyi_sheet *sheet, size_t row, psyi_label name, tally of)
{
    psyi_sheet_plain(sheet, row);
    psyi_put_text(sheet, row, 0, psyi_text(report, name), PSYI_STYLE_TEXT);
    psyi_put_integer(sheet, row, 1, (int64_t)of.n, PSYI_STYLE_INTEGER);
    psyi_put_integer(sheet, row, 2, (int64_t)of.hidden, PSYI_STYLE_INTEGER);
}

static void put_line(psyi_report *report, psyi_sheet *sheet, size_t row, psyi_label name,
                     const char *text)
{
    psyi_sheet_plain(sheet, row);
    psyi_put_text(sheet, row, 0, psyi_text(report, name), PSYI_STYLE_TEXT);
    psyi_put_text(sheet, row, 1, text, PSYI_STYLE_NOTE);
}

#define L(zh, en) ((psyi_label)PSYI_LABEL(zh, en))

void psyi_suppression_log(psyi_report *report, psyi_sheet *sheet, size_t row)
{
    const psyi_release *const release = report->release;
    const psy_plan *const plan = report->results->plan;
    tally untested = {0, 0}, waves = {0, 0}, process = {0, 0};
    add_table(&untested, &release->untested.table);
    add_table(&waves, &release->waves.table);
    add_table(&process, &release->progress.table);
    psyi_sheet_plain(sheet, row - 1);
    psyi_sheet_plain(sheet, row);
    psyi_put_text(sheet, row, 0,
                  PSYI_WORD(report, "抑制记录（数字个数）", "Suppression log (numbers)"),
                  PSYI_STYLE_HEAD);
    psyi_put_text(sheet, row, 1, PSYI_WORD(report, "共", "All"), PSYI_STYLE_HEAD);
    psyi_put_text(sheet, row, 2, PSYI_WORD(report, "隐去", "Hidden"), PSYI_STYLE_HEAD);
    put_tally(report, sheet, ++row, L("学校汇总", "Schools"), of_outcomes(&release->schools));
    put_tally(report, sheet, ++row, L("年级性别", "Grade and sex"), of_outcomes(&release->grades));
    put_tally(report, sheet, ++row, L("量表均值", "Scales"), of_scales(release));
    put_tally(report, sheet, ++row, L("规则命中", "Rules"), of_rules(report));
    put_tally(report, sheet, ++row, L("学校比较", "Schools compared"), of_parts(release));
    put_tally(report, sheet, ++row, L("处置进度", "Progress"), process);
    put_tally(report, sheet, ++row, L("波次对比", "Waves compared"), waves);
    put_tally(report, sheet, ++row, L("未测与无效", "Untested and invalid"), untested);
    put_line(
        report, sheet, ++row, L("隐去规则", "What is hidden"),
        plan->small_cell == 0
            ? PSYI_WORD(report, "方案设最小格为 0：不隐去任何数字",
                        "the plan hides nothing (small_cell 0)")
            : psyi_report_format(
                  report,
                  PSYI_WORD(
                      report,
                      "人数 1–%u、只余不足 %u 人、不足 %u 人的群体；另隐若干格，审核程序求解未得",
                      "counts 1-%u, all but fewer than %u, groups below %u; with them what "
                      "would give them away: the auditor could not solve for any"),
                  (unsigned)plan->small_cell - 1, (unsigned)plan->small_cell,
                  (unsigned)plan->small_cell));
    put_line(report, sheet, ++row, L("规则版本（指纹）", "Rules (fingerprint)"), plan->fingerprint);
    put_line(report, sheet, ++row, L("等级方案", "Tier scheme"),
             plan->scheme != NULL ? plan->scheme->id : "—");
    put_line(report, sheet, ++row, L("软件版本", "Software"),
             psyi_report_format(report, "psyscreen %s", psy_version()));
}
