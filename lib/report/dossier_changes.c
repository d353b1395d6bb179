/*
 * dossier_changes.c -- 变化: scores of two waves side by side, and whether they differ by more than
 * error.
 */
#include "report/dossier_line.h"

#include "base/number.h"

#include <psyscreen/change.h>

#include <math.h>
#include <string.h>

#define RELIABLE 1.96 /* the usual mark of a reliable change, 5 % two-sided */

static const psyi_change_basis *basis_of(const psyi_dossier_line *about)
{
    size_t use, scale;
    const psy_plan *const plan = about->dossier->plan;
    if (!psyi_dossier_plan_scale(about, true, &use, &scale))
        return NULL;
    for (size_t i = 0; i < plan->n_changes; i++)
        if (plan->changes[i].use == use && plan->changes[i].scale == scale)
            return &plan->changes[i];
    return NULL;
}

/* The plan knows it, in another edition or coding: its error of measurement is that of other
 * scores. */
static bool scored_otherwise(const psyi_dossier_line *about)
{
    size_t use, scale;
    return psyi_dossier_plan_scale(about, false, &use, &scale) &&
           !psyi_dossier_plan_scale(about, true, &use, &scale);
}

/* NaN where it cannot be said. */
static double change_index(const psyi_dossier_line *about, double before, double now)
{
    const psyi_change_basis *const basis = basis_of(about);
    double index = NAN;
    if (basis == NULL)
        return NAN;
    const psy_change_group group = {.sd_pre = psyi_ratio_double(basis->sd),
                                    .sd_post = psyi_ratio_double(basis->sd),
                                    .reliability = psyi_ratio_double(basis->reliability)};
    if (psy_change_index(&group, PSY_CHANGE_JACOBSON_TRUAX, &before, &now, 1, &index, NULL) !=
        PSY_OK)
        return NAN;
    return index;
}

typedef enum change_what { FROM, TO, OLD, NEW, DIFFERENCE, INDEX, VERDICT, SOURCE } change_what;

static void fill_change(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const psyi_dossier_line *const about = psyi_dossier_line_of(line);
    psyi_report *const report = line->report;
    const bool comparable =
        psyi_dossier_comparable(about->before, about->wave, about->base, strcspn(about->base, "."));
    const char *const then = psyi_dossier_score_cell(line, about->before, ""),
                      *const today = psyi_dossier_score_cell(line, about->wave, "");
    double before = NAN, now = NAN;
    const bool both = psyi_number_parse(then, strlen(then), &before) &&
                      psyi_number_parse(today, strlen(today), &now);
    const double index = comparable && both ? change_index(about, before, now) : NAN;
    const psyi_change_basis *const basis = basis_of(about);
    switch ((change_what)field->a) {
    case FROM:
    case TO: {
        const psyi_dossier_wave *const wave = field->a == FROM ? about->before : about->wave;
        psyi_dossier_put(sheet, row, column,
                         psyi_report_format(report, "%s\n%s", wave->wave != NULL ? wave->wave : "",
                                            wave->as_of != NULL ? wave->as_of : ""));
        return;
    }
    case OLD:
        psyi_dossier_put_score(sheet, row, column, then);
        return;
    case NEW:
        psyi_dossier_put_score(sheet, row, column, today);
        return;
    case DIFFERENCE:
        if (comparable && both)
            psyi_put_number(sheet, row, column, round((now - before) * 1e6) / 1e6 + 0.0,
                            PSYI_STYLE_PLAIN);
        return;
    case INDEX:
        if (!isnan(index))
            psyi_put_number(sheet, row, column, round(index * 100) / 100 + 0.0, PSYI_STYLE_TWO);
        return;
    case VERDICT:
        psyi_dossier_put(
            sheet, row, column,
            !comparable ? PSYI_WORD(report, "量表、版本或计分不同，不可比",
                                    "instrument, edition or scoring differ: not comparable")
            : !both     ? PSYI_WORD(report, "有一次没有得分", "no score once")
            : scored_otherwise(about)
                ? PSYI_WORD(report, "方案现在的计分与这些波次不同，不作判断",
                            "the plan scores it otherwise than these waves: nothing is said")
            : basis == NULL ? PSYI_WORD(report, "方案没有写明信度与标准差，不作判断",
                                        "the plan states no reliability: nothing is said")
            : index >= RELIABLE
                ? PSYI_WORD(report, "上升，超出测量误差", "a rise beyond the error of measurement")
            : index <= -RELIABLE
                ? PSYI_WORD(report, "下降，超出测量误差", "a fall beyond the error of measurement")
                : PSYI_WORD(report, "未超出测量误差", "within the error of measurement"));
        return;
    case SOURCE:
        if (comparable && basis != NULL)
            psyi_dossier_put(sheet, row, column,
                             psyi_report_format(report, "r = %g, SD = %g%s%s",
                                                psyi_ratio_double(basis->reliability),
                                                psyi_ratio_double(basis->sd),
                                                PSYI_WORD(report, "：", ": "), basis->cite));
        return;
    }
}

#define CHANGE(key_, zh_, en_, width_, what_)                                                      \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = (width_), .style = PSYI_STYLE_WRAP,  \
        .fill = fill_change, .a = (what_)                                                          \
    }
#define CHANGE_NUMBER(key_, zh_, en_, width_, what_)                                               \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = (width_), .fill = fill_change,       \
        .a = (what_)                                                                               \
    }

static const psyi_cell_field change_columns[] = {
    PSYI_DOSSIER_COLUMN("scale", "总分与维度", "Score of", 24, PSYI_DOSSIER_SCALE),
    CHANGE("wave_before", "上次", "Before", 14, FROM),
    CHANGE("wave", "本次", "Now", 14, TO),
    CHANGE_NUMBER("score_before", "上次得分", "Score before", 9, OLD),
    CHANGE_NUMBER("score", "本次得分", "Score now", 9, NEW),
    CHANGE_NUMBER("difference", "差", "Difference", 9, DIFFERENCE),
    {.key = "change_index",
     .head = PSYI_LABEL("变化指数", "Index"),
     .width = 9,
     .fill = fill_change,
     .a = INDEX,
     .note =
         PSYI_LABEL("(本次 − 上次) ÷ (√2 · SD · √(1 − r))，Jacobson & Truax 1991；|指数| ≥ 1.96 "
                    "为超出测量误差",
                    "(now − before) / (sqrt 2 SD sqrt(1 − r)), Jacobson & Truax 1991; 1.96")},
    CHANGE("change", "判断", "What it says", 26, VERDICT),
    CHANGE("basis", "依据", "From", 40, SOURCE),
};

void psyi_dossier_changes(psyi_report *report, const psyi_dossier *dossier)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "change", (psyi_label)PSYI_LABEL("变化", "Change"));
    psyi_layout_add_all(report, layout, change_columns,
                        sizeof change_columns / sizeof change_columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_sheet_plain(sheet, 0);
    psyi_put_text(
        sheet, 0, 0,
        PSYI_WORD(report,
                  "只比较同一量表、版本、计分的原始分；标准分因常模不同不比较。学期初与学期末"
                  "本有差别，请看月份；上升或下降不等于好转或恶化，由人判断。",
                  "Raw scores of one edition and scoring only; standard scores are not "
                  "compared. Mind the month; what a change means, people decide."),
        PSYI_STYLE_NOTE);
    psyi_layout_head(report, sheet, layout, 1);
    size_t n = 0;
    for (size_t i = dossier->n_waves; i-- > 1;)
        for (size_t j = 0; j < dossier->waves[i]->n_cells; j++) {
            const char *const base = psyi_dossier_score_at(report, dossier->waves[i], j);
            const psyi_dossier_line about = {dossier, dossier->waves[i], dossier->waves[i - 1],
                                             base};
            const psyi_line line = {.report = report, .data = &about};
            if (base != NULL)
                psyi_layout_row(sheet, ++n + 1, layout, &line);
        }
    psyi_layout_end(report, sheet, layout, 1, n, 1, n + 2);
}
