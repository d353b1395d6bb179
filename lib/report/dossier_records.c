/*
 * dossier_records.c -- 测评记录: every score of every wave.
 */
#include "report/dossier_line.h"

/* A page wide: on a second one nobody would know which scale a score is of. */
static const psyi_cell_field record_columns[] = {
    PSYI_DOSSIER_COLUMN("wave", "波次", "Wave", 12, PSYI_DOSSIER_WAVE),
    PSYI_DOSSIER_COLUMN("date", "日期", "Date", 11, PSYI_DOSSIER_DATE),
    PSYI_DOSSIER_COLUMN("school", "当时学校", "School then", 12, PSYI_DOSSIER_SCHOOL),
    {.key = "grade",
     .head = PSYI_LABEL("当时年级", "Grade then"),
     .width = 7,
     .style = PSYI_STYLE_GRADE,
     .fill = psyi_dossier_fill,
     .a = PSYI_DOSSIER_GRADE},
    PSYI_DOSSIER_COLUMN("class", "当时班级", "Class then", 8, PSYI_DOSSIER_CLASS),
    PSYI_DOSSIER_COLUMN("scale_version", "量表与版本", "Scale, edition", 11, PSYI_DOSSIER_EDITION),
    PSYI_DOSSIER_COLUMN("rule_version", "规则版本", "Rules", 16, PSYI_DOSSIER_RULES_VERSION),
    PSYI_DOSSIER_COLUMN("validity", "效度", "Validity", 9, PSYI_DOSSIER_VALIDITY),
    PSYI_DOSSIER_COLUMN("scale", "总分与维度", "Score of", 22, PSYI_DOSSIER_SCALE),
    {.key = "score",
     .head = PSYI_LABEL("得分", "Score"),
     .width = 7,
     .fill = psyi_dossier_fill,
     .a = PSYI_DOSSIER_SCORE},
    {.key = "answered",
     .head = PSYI_LABEL("作答题数", "Answered"),
     .width = 7,
     .fill = psyi_dossier_fill,
     .a = PSYI_DOSSIER_ANSWERED},
    PSYI_DOSSIER_COLUMN("score_status", "计分", "Scored", 8, PSYI_DOSSIER_SCORED),
    {.key = "interval",
     .head = PSYI_LABEL("95%区间", "95 % intervals"),
     .width = 18,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_dossier_fill,
     .a = PSYI_DOSSIER_INTERVAL,
     .note = PSYI_LABEL("有出处写明信度时才印；每个区间写明名称，各自回答不同的问题",
                        "only where a source states the reliability; each by its name, for each "
                        "answers another question")},
    PSYI_DOSSIER_COLUMN("band", "等次", "Band", 14, PSYI_DOSSIER_BAND),
    PSYI_DOSSIER_COLUMN("standard", "标准分", "Standard scores", 19, PSYI_DOSSIER_STANDARD),
};

void psyi_dossier_records(psyi_report *report, const psyi_dossier *dossier)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "records", (psyi_label)PSYI_LABEL("测评记录", "Screenings"));
    psyi_layout_add_all(report, layout, record_columns,
                        sizeof record_columns / sizeof record_columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    size_t n = 0;
    for (size_t i = dossier->n_waves; i-- > 0;) /* the latest first */
        for (size_t j = 0; j < dossier->waves[i]->n_cells; j++) {
            const char *const base = psyi_dossier_score_at(report, dossier->waves[i], j);
            const psyi_dossier_line about = {dossier, dossier->waves[i], NULL, base};
            const psyi_line line = {.report = report, .data = &about};
            if (base != NULL)
                psyi_layout_row(sheet, ++n, layout, &line);
        }
    psyi_layout_end(report, sheet, layout, 0, n, 2, n + 1);
}
