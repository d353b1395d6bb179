/*
 * district_scales.c -- 量表均值: how each scale is distributed, by grade and sex.
 */
#include "report/release.h"

#include "norm/apply.h"

#include <math.h>

typedef struct scale_line {
    const psyi_group *group;
    const psyi_moments *moments;
    const char *use;
    psyi_label scale;
    const psyi_scale *about;
    const psyi_use *plan_use;
    const char *id; /* of the scale */
    bool hide_moments, hide_high, has_cut;
    bool first; /* of the lines of the scale: sources are cited once */
    psyi_ratio cut;
    psyi_compare compare;
} scale_line;

static void fill_scale_text(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                            const psyi_cell_field *field)
{
    const scale_line *const subject = line->data;
    psyi_put_text(sheet, row, column,
                  field->a == 0 ? subject->use : psyi_text(line->report, subject->scale),
                  PSYI_STYLE_PLAIN);
}

static void fill_max(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    (void)field;
    psyi_put_ratio(sheet, row, column, ((const scale_line *)line->data)->about->high, 2,
                   PSYI_STYLE_PLAIN);
}

static void fill_who(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    const scale_line *const subject = line->data;
    const psyi_outcome_line where = {NULL, 0, subject->group};
    const psyi_line group = {.report = line->report, .data = &where, .bold = line->bold};
    if (field->a == 2)
        psyi_fill_group_stage(sheet, row, column, &group, field);
    else if (field->a == 0)
        psyi_fill_group_grade(sheet, row, column, &group, field);
    else
        psyi_fill_group_sex(sheet, row, column, &group, field);
}

static void fill_moment(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const scale_line *const subject = line->data;
    const psyi_moments *const of = subject->moments;
    const double values[] = {(double)of->n, of->mean, of->sd, of->median, of->p25, of->p75};
    if (field->a > 0 && subject->hide_moments)
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else if (field->a > 0 && of->n == 0)
        psyi_put_text(sheet, row, column, "—", PSYI_STYLE_MUTED);
    else
        psyi_put_number(sheet, row, column, round(values[field->a] * 100) / 100 + 0.0,
                        (field->a == 0 ? PSYI_STYLE_INTEGER : PSYI_STYLE_TWO) | line->bold);
}

static void fill_cut(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    static const char *const signs[] = {
        [PSYI_LT] = "<", [PSYI_LE] = "≤", [PSYI_GT] = ">", [PSYI_GE] = "≥"};
    const scale_line *const subject = line->data;
    char digits[32];
    (void)field;
    if (!subject->has_cut) {
        psyi_put_text(sheet, row, column, "—", PSYI_STYLE_MUTED);
        return;
    }
    digits[psyi_ratio_print(subject->cut, digits)] = '\0';
    psyi_put_text(sheet, row, column,
                  psyi_report_format(line->report, "%s %s", signs[subject->compare], digits),
                  PSYI_STYLE_PLAIN);
}

static void fill_high(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const scale_line *const subject = line->data;
    if (!subject->has_cut)
        return;
    if (subject->hide_high)
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else if (field->a == 0)
        psyi_put_integer(sheet, row, column, (int64_t)subject->moments->high,
                         PSYI_STYLE_INTEGER | line->bold);
    else
        psyi_put_rate(sheet, row, column, subject->moments->high, subject->moments->n, line->bold);
}

/* The group of a published norm of means that these students are, wholly: a norm of girls does
 * not speak for a grade. */
static const psyi_norm_group *reference_of(const scale_line *subject, const psyi_norm **norm)
{
    const psy_instrument *const instrument = subject->plan_use->instrument;
    const psyi_group *const group = subject->group;
    const psyi_sex sex = group->sex == PSYI_SEX_MALE || group->sex == PSYI_SEX_FEMALE
                             ? (psyi_sex)group->sex
                             : PSYI_SEX_UNKNOWN;
    for (size_t i = 0; i < instrument->n_norms; i++) {
        *norm = instrument->norms[i];
        const psyi_norm_group *const found =
            (*norm)->kind != PSYI_NORM_MEAN_SD
                ? NULL
                : psyi_norm_group_for(*norm, subject->id, subject->plan_use->informant, sex,
                                      group->whole == 2 ? 0 : group->grade, -1, 0);
        if (found != NULL && found->mean.den > 0)
            return found;
    }
    return NULL;
}

/* The mean of a published norm, else the range of published surveys for everybody. */
static void fill_reference(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                           const psyi_cell_field *field)
{
    const scale_line *const subject = line->data;
    psyi_report *const report = line->report;
    const psyi_norm *norm;
    const psyi_norm_group *const group = reference_of(subject, &norm);
    double low, high;
    const psyi_label *const source =
        group != NULL || subject->group->whole != 2
            ? NULL
            : psyi_check_mean(subject->plan_use->instrument, subject->id, &low, &high);
    if (group == NULL && source == NULL)
        psyi_put_text(sheet, row, column, "—", PSYI_STYLE_MUTED);
    else if (group != NULL && field->a == 0)
        psyi_put_ratio(sheet, row, column, group->mean, 2, PSYI_STYLE_TWO);
    else if (group != NULL && (!subject->first || norm->source == NULL))
        psyi_put_text(sheet, row, column,
                      psyi_report_format(report, PSYI_WORD(report, "常模 %s", "norm %s"), norm->id),
                      PSYI_STYLE_PLAIN);
    else if (group != NULL)
        psyi_put_text(sheet, row, column,
                      psyi_report_format(report, PSYI_WORD(report, "常模 %s：%s", "norm %s: %s"),
                                         norm->id, norm->source),
                      PSYI_STYLE_PLAIN);
    else
        psyi_put_text(sheet, row, column,
                      field->a == 0 ? psyi_report_format(report, "%g–%g", low, high)
                                    : psyi_text(report, *source),
                      PSYI_STYLE_PLAIN);
}

static const psyi_cell_field scale_columns[] = {
    {.key = "use",
     .head = PSYI_LABEL("量表", "Instrument"),
     .width = 13,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_scale_text,
     .a = 0},
    {.key = "scale",
     .head = PSYI_LABEL("维度", "Scale"),
     .width = 28,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_scale_text,
     .a = 1},
    {.key = "max",
     .head = PSYI_LABEL("满分", "Maximum"),
     .width = 8,
     .fill = fill_max,
     .note = PSYI_LABEL("各维度满分不同，均值不能相互比较",
                        "scales differ in range: means do not compare")},
    {.key = "stage", .head = PSYI_LABEL("学段", "Stage"), .width = 7, .fill = fill_who, .a = 2},
    {.key = "grade", .head = PSYI_LABEL("年级", "Grade"), .width = 8, .fill = fill_who, .a = 0},
    {.key = "sex", .head = PSYI_LABEL("性别", "Sex"), .width = 6, .fill = fill_who, .a = 1},
    {.key = "n",
     .head = PSYI_LABEL("N", "N"),
     .width = 8,
     .fill = fill_moment,
     .a = 0,
     .note = PSYI_LABEL("有效且该量表有分；N 为 0 的行（如没有这份量表的学段）不列出",
                        "in V and with a score; rows with N = 0 (stages without the "
                        "questionnaire, say) are left out")},
    {.key = "mean", .head = PSYI_LABEL("均值", "Mean"), .width = 8, .fill = fill_moment, .a = 1},
    {.key = "sd", .head = PSYI_LABEL("标准差", "SD"), .width = 8, .fill = fill_moment, .a = 2},
    {.key = "median",
     .head = PSYI_LABEL("中位数", "Median"),
     .width = 8,
     .fill = fill_moment,
     .a = 3},
    {.key = "p25", .head = PSYI_LABEL("P25", "P25"), .width = 7, .fill = fill_moment, .a = 4},
    {.key = "p75", .head = PSYI_LABEL("P75", "P75"), .width = 7, .fill = fill_moment, .a = 5},
    {.key = "cut",
     .head = PSYI_LABEL("高分线", "Cut"),
     .width = 8,
     .fill = fill_cut,
     .note = PSYI_LABEL("方案规则在该量表上读的分界（最重的一条）",
                        "the cut the plan's worst rule reads on this scale")},
    {.key = "high",
     .head = PSYI_LABEL("高分人数", "At the cut"),
     .width = 9,
     .fill = fill_high,
     .a = 0},
    {.key = "high_rate",
     .head = PSYI_LABEL("高分率", "Rate"),
     .width = 8,
     .fill = fill_high,
     .a = 1,
     .note = PSYI_LABEL("高分人数 ÷ N", "at the cut / N")},
    {.key = "reference",
     .head = PSYI_LABEL("参考值", "Reference"),
     .width = 9,
     .fill = fill_reference,
     .a = 0,
     .note = PSYI_LABEL("已发表常模中该群体的均值；全区行无常模时为已发表调查的均值范围，不是常模",
                        "mean of this group in a published norm; for everybody, where there is "
                        "none, the range of means of published surveys, which is no norm")},
    {.key = "ref_source",
     .head = PSYI_LABEL("参考来源", "Source of it"),
     .width = 32,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_reference,
     .a = 1},
};

void psyi_district_scale_sheet(psyi_report *report)
{
    const psy_plan *const plan = report->results->plan;
    const psyi_groups *const groups = &report->release->groups;
    psyi_layout *const layout =
        psyi_layout_new(report, "scale_means", (psyi_label)PSYI_LABEL("量表均值", "Scales"));
    psyi_layout_add_all(report, layout, scale_columns,
                        sizeof scale_columns / sizeof scale_columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    size_t n = 0;
    for (size_t use = 0; use < plan->n_uses; use++)
        for (size_t scale = 0; scale < plan->uses[use].instrument->n_scales; scale++) {
            const psyi_release_scale *const of =
                psyi_release_scale_of(report->release, plan, use, scale);
            if (of->moments == NULL)
                continue;
            scale_line subject = {
                .use = psyi_use_name(report, use),
                .scale = psyi_scale_label(report, use, scale),
                .plan_use = &plan->uses[use],
                .id = plan->uses[use].instrument->scales[scale].id,
                .about = psyi_scorer_scale(report->results->scorers[use], scale),
                .has_cut = of->has_cut,
                .cut = of->cut,
                .compare = of->compare,
                .first = true,
            };
            for (size_t i = 0; i < groups->n; i++) {
                if (of->moments[i].n == 0 && groups->groups[i].whole != 2)
                    continue;
                subject.group = &groups->groups[i];
                subject.moments = &of->moments[i];
                subject.hide_moments = of->hide_moments[i];
                subject.hide_high = of->hide_high[i];
                const psyi_line line = {.report = report,
                                        .data = &subject,
                                        .bold = groups->groups[i].whole == 2 ? PSYI_BOLD : 0};
                psyi_layout_row(sheet, ++n, layout, &line);
                subject.first = false;
            }
        }
    psyi_sheet_plain(sheet, n + 1);
    psyi_layout_end(report, sheet, layout, 0, n, 2, n + 2 + PSYI_NOTE_ROWS);
    psyi_notes(report, sheet, n + 2,
               psyi_report_format(
                   report,
                   PSYI_WORD(report,
                             "只计有效卷中该量表有分的人（N）。高分线是本方案规则在该量表上最重的"
                             "分界。人数少于 %u 的群体以 * 隐去，并另隐若干格使其不能推算。",
                             "Of valid sheets with a score of the scale (N). The cut is the most "
                             "severe one of the plan's rules on it. Groups of fewer than %u are "
                             "hidden as *, and with them what would give them away."),
                   (unsigned)report->results->plan->small_cell));
}
