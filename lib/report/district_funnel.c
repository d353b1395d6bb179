/*
 * district_funnel.c -- 学校比较 and 漏斗图: schools of one stage and one battery beside what is
 * expected of their own pupils.
 *
 * In the order of codes, never of rates, and participation stands beside every rate: a school
 * where a third was absent is not a school where all is well.  Whoever lies outside the limits
 * is a question.  What the tables hide has no dot, and nothing is computed from it.
 */
#include "report/release.h"

#include <psyscreen/comparison.h>

#include <math.h>

/* With fewer schools the differences between them cannot be told from chance. */
#define FEWEST 5

typedef struct funnel_line {
    const psyi_release_part *part;
    const psyi_release_school *of;
    const psy_funnel_point *point; /* NULL: not compared */
} funnel_line;

static const psyi_label stages[] = {PSYI_LABEL("未知", "unknown"), PSYI_LABEL("小学", "primary"),
                                    PSYI_LABEL("初中", "junior"), PSYI_LABEL("高中", "senior"),
                                    PSYI_LABEL("大学", "tertiary")};

static const char *battery_text(const psyi_report *report, const psyi_release_part *part)
{
    const psyi_battery *const battery = &report->results->plan->batteries[part->battery];
    return psyi_label_text(battery->name, report->language, battery->id);
}

static void fill_where(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const funnel_line *const subject = line->data;
    const psyi_school *const school = &line->report->results->schools[subject->of->school];
    const char *const texts[] = {
        psyi_text(line->report, stages[subject->part->stage]),
        battery_text(line->report, subject->part),
        school->code[0] != '\0' ? school->code : PSYI_WORD(line->report, "未知", "unknown"),
        school->name};
    psyi_put_text(sheet, row, column, texts[field->a],
                  field->a < 2 ? PSYI_STYLE_TEXT : PSYI_STYLE_ID_WRAP);
}

static void fill_people(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const psyi_release_school *const of = ((const funnel_line *)line->data)->of;
    if (field->a == 0)
        psyi_put_integer(sheet, row, column, (int64_t)of->valid, PSYI_STYLE_INTEGER);
    else
        psyi_put_rate(sheet, row, column, of->tested, of->due, 0);
}

static void fill_found(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_release_school *const of = ((const funnel_line *)line->data)->of;
    if (of->hide)
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else if (field->a == 0)
        psyi_put_integer(sheet, row, column, (int64_t)of->found, PSYI_STYLE_INTEGER);
    else
        psyi_put_rate(sheet, row, column, of->found, of->valid, 0);
}

static void fill_limit(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psy_funnel_point *const point = ((const funnel_line *)line->data)->point;
    if (point == NULL || isnan(point->rate)) {
        psyi_put_blank(sheet, row, column, PSYI_STYLE_PERCENT);
        return;
    }
    const double values[] = {point->rate, point->low[0], point->high[0], point->low[1],
                             point->high[1]};
    psyi_put_number(sheet, row, column, round(fmin(1, values[field->a]) * 1e3) / 1e3,
                    PSYI_STYLE_PERCENT);
}

static void fill_place(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psy_funnel_point *const point = ((const funnel_line *)line->data)->point;
    const psyi_report *const report = line->report;
    (void)field;
    if (point == NULL || isnan(point->rate)) {
        psyi_put_text(sheet, row, column, PSYI_WORD(report, "不比较", "not compared"),
                      PSYI_STYLE_MUTED);
        return;
    }
    /* The limits of the columns beside it, before they were rounded. */
    const bool above = point->rate > point->high[0], below = point->rate < point->low[0];
    const bool far = point->rate > point->high[1] || point->rate < point->low[1];
    psyi_put_text(sheet, row, column,
                  !above && !below ? PSYI_WORD(report, "界内", "within the limits")
                  : far && above ? PSYI_WORD(report, "高于 99.8% 界限：先查数据与施测",
                                             "above 99.8 %: look at data and testing first")
                  : far          ? PSYI_WORD(report, "低于 99.8% 界限：先查参测与作答",
                                             "below 99.8 %: look at participation first")
                  : above        ? PSYI_WORD(report, "高于 95% 界限", "above 95 %")
                                 : PSYI_WORD(report, "低于 95% 界限", "below 95 %"),
                  far ? PSYI_STYLE_GREY : PSYI_STYLE_TEXT);
}

static const psyi_cell_field columns[] = {
    {.key = "stage", .head = PSYI_LABEL("学段", "Stage"), .width = 7, .fill = fill_where, .a = 0},
    {.key = "battery",
     .head = PSYI_LABEL("量表组合", "Battery"),
     .width = 17,
     .fill = fill_where,
     .a = 1},
    {.key = "school",
     .head = PSYI_LABEL("学校标识码", "School code"),
     .width = 13,
     .style = PSYI_STYLE_ID,
     .fill = fill_where,
     .a = 2},
    {.key = "school_name",
     .head = PSYI_LABEL("学校名称", "School"),
     .width = 16,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = fill_where,
     .a = 3},
    {.key = "participation",
     .head = PSYI_LABEL("参测率", "Participation"),
     .width = 12,
     .fill = fill_people,
     .a = 1,
     .note = PSYI_LABEL("先看参测率，再看检出率", "read participation before any rate")},
    {.key = "valid",
     .head = PSYI_LABEL("有效 V", "Valid V"),
     .width = 8,
     .fill = fill_people,
     .a = 0},
    {.key = "found",
     .head = PSYI_LABEL("各等级合计（有效）", "All tiers, in V"),
     .width = 10,
     .fill = fill_found,
     .a = 0},
    {.key = "rate",
     .head = PSYI_LABEL("检出率", "Rate"),
     .width = 8,
     .fill = fill_found,
     .a = 1,
     .note = PSYI_LABEL("有等级且有效 ÷ V", "with a tier and in V / V")},
    {.key = "standardised",
     .head = PSYI_LABEL("标化检出率", "Standardised rate"),
     .width = 12,
     .fill = fill_limit,
     .a = 0,
     .note = PSYI_LABEL("按年级×性别（有隐去的格时按年级）间接标化：观察人数 ÷ 期望人数 × 该组总率",
                        "by grade and sex (by grade where one is hidden): found / expected x "
                        "rate of all schools here")},
    {.key = "low_95",
     .head = PSYI_LABEL("95% 下界", "95 % low"),
     .width = 8,
     .fill = fill_limit,
     .a = 1,
     .note = PSYI_LABEL("已计学校间常见差异（过度离散，加性，反正弦尺度，Spiegelhalter 2005）",
                        "allows for usual differences between schools (additive overdispersion, "
                        "arcsine; Spiegelhalter 2005)")},
    {.key = "high_95",
     .head = PSYI_LABEL("95% 上界", "95 % high"),
     .width = 8,
     .fill = fill_limit,
     .a = 2},
    {.key = "low_998",
     .head = PSYI_LABEL("99.8% 下界", "99.8 % low"),
     .width = 8,
     .fill = fill_limit,
     .a = 3},
    {.key = "high_998",
     .head = PSYI_LABEL("99.8% 上界", "99.8 % high"),
     .width = 8,
     .fill = fill_limit,
     .a = 4},
    {.key = "place",
     .head = PSYI_LABEL("位置", "Where it lies"),
     .width = 20,
     .fill = fill_place,
     .note = PSYI_LABEL("界外是要问的问题，不是结论；不排名",
                        "outside the limits is a question, not an answer; no ranking")},
};
/* Positions of what the charts show. */
enum { VALID_COLUMN = 5, RATE_COLUMN = 8 };

bool psyi_funnel_compare(psyi_report *report, const psyi_release_part *part,
                         psy_funnel_point *points, psy_funnel *all)
{
    size_t n = 0;
    for (size_t i = 0; i < part->n; i++) {
        const psyi_release_school *const of = &part->schools[i];
        points[i] = (psy_funnel_point){.observed = 0};
        if (of->hide || of->valid == 0)
            continue;
        points[i] = (psy_funnel_point){
            .observed = of->found, .people = of->valid, .expected = of->expected};
        n++;
    }
    psy_error error = {0};
    if (n < FEWEST || part->basis == PSYI_BASIS_NONE)
        return false;
    const psy_status status = psy_funnel_of(points, part->n, PSY_FUNNEL_ARCSINE, 0.1, all,
                                            report->results->allocator, &error);
    if (status == PSY_E_NOMEM)
        psyi_book_fail(report->book, status, error.message);
    return status == PSY_OK;
}

/* "小学·junior：检出率 13.2%（95% CI ..）" */
static const char *summary(psyi_report *report, const psyi_release_part *part,
                           const psy_funnel *all)
{
    uint64_t *const k = psyi_arena_alloc(&report->arena, part->n, sizeof *k);
    uint64_t *const n = psyi_arena_alloc(&report->arena, part->n, sizeof *n);
    psy_clustering c;
    size_t shown = 0;
    for (size_t i = 0; k != NULL && n != NULL && i < part->n; i++)
        if (!part->schools[i].hide && part->schools[i].valid > 0) {
            k[shown] = part->schools[i].found;
            n[shown++] = part->schools[i].valid;
        }
    if (k == NULL || n == NULL || psy_clustering_of(k, n, shown, 0.95, &c, NULL) != PSY_OK)
        return "";
    return psyi_report_format(
        report,
        PSYI_WORD(
            report,
            "%s·%s：%zu 所学校，检出率 %.1f%%（计入学校聚类的 95%% CI %.1f%%–%.1f%%；ICC %.3f，"
            "设计效应 %.2f）；离散度 φ %.2f，学校间 τ %.3f。%s",
            "%s, %s: %zu schools, rate %.1f %% (95 %% CI with clustering %.1f-%.1f %%; ICC "
            "%.3f, design effect %.2f); dispersion phi %.2f, between schools tau %.3f.%s"),
        psyi_text(report, stages[part->stage]), battery_text(report, part), c.n_clusters,
        100 * c.share, 100 * c.low, 100 * c.high, c.icc, c.design_effect, all->phi, all->tau,
        part->basis == PSYI_BASIS_GRADE
            ? PSYI_WORD(report, "年级性别表有隐去的格，故只按年级标化。",
                        " A grade and sex is hidden, so standardised by grade alone.")
            : "");
}

/* Enough schools could be shown beside each other, but what is expected of them would tell what
 * 年级性别 hides. */
static const char *why_not(psyi_report *report, const psyi_release_part *part)
{
    return psyi_report_format(
        report,
        PSYI_WORD(report, "%s·%s：年级性别表有隐去的年级，期望人数会透露它，故不比较。",
                  "%s, %s: not compared; a grade is hidden, and what is expected of schools would "
                  "tell of it."),
        psyi_text(report, stages[part->stage]), battery_text(report, part));
}

static size_t n_shown(const psyi_release_part *part)
{
    size_t n = 0;
    for (size_t i = 0; i < part->n; i++)
        n += !part->schools[i].hide && part->schools[i].valid > 0;
    return n;
}

#define CHART_ROWS 20

static void put_chart(psyi_report *report, psyi_sheet *charts, size_t at, const psyi_sheet *data,
                      const psyi_release_part *part, size_t first)
{
    const psyi_dots dots[] = {
        {RATE_COLUMN, 0x1F3864, PSYI_WORD(report, "学校", "school"), PSYI_DOT_CIRCLE},
        {RATE_COLUMN + 1, 0x8EA9DB, PSYI_WORD(report, "95% 下界", "95 % low"), PSYI_DOT_PLUS},
        {RATE_COLUMN + 2, 0x8EA9DB, PSYI_WORD(report, "95% 上界", "95 % high"), PSYI_DOT_PLUS},
        {RATE_COLUMN + 3, 0xC00000, PSYI_WORD(report, "99.8% 下界", "99.8 % low"), PSYI_DOT_CROSS},
        {RATE_COLUMN + 4, 0xC00000, PSYI_WORD(report, "99.8% 上界", "99.8 % high"), PSYI_DOT_CROSS},
    };
    const psyi_scatter chart = {
        .title = psyi_report_format(
            report, PSYI_WORD(report, "%s·%s：标化检出率", "%s, %s: standardised rate"),
            psyi_text(report, stages[part->stage]), battery_text(report, part)),
        .x_axis = PSYI_WORD(report, "有效人数 V", "valid V"),
        .y_axis = PSYI_WORD(report, "标化检出率", "standardised rate"),
        .first_row = first,
        .last_row = first + part->n - 1,
        .x_column = VALID_COLUMN,
        .dots = dots,
        .n_dots = sizeof dots / sizeof dots[0],
        .width = 1100,
        .height = 380,
    };
    psyi_sheet_scatter(charts, at, 0, data, &chart);
}

void psyi_district_funnel_sheet(psyi_report *report)
{
    const psyi_release *const release = report->release;
    size_t most = 0, n_rows = 0, n_notes = 0, n_compared = 0;
    if (report->results->plan->scheme == NULL)
        return;
    for (size_t i = 0; i < release->n_parts; i++)
        most = release->parts[i].n > most ? release->parts[i].n : most;
    psy_funnel_point *const points = psyi_arena_alloc(&report->arena, most + 1, sizeof *points);
    const char **const notes =
        psyi_arena_alloc(&report->arena, release->n_parts + 1, sizeof *notes);
    size_t *const firsts = psyi_arena_alloc(&report->arena, release->n_parts + 1, sizeof *firsts);
    if (points == NULL || notes == NULL || firsts == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: schools beside each other");
        return;
    }
    psyi_layout *const layout =
        psyi_layout_new(report, "funnel", (psyi_label)PSYI_LABEL("学校比较", "Schools compared"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, false);
    psyi_layout_head(report, sheet, layout, 0);
    for (size_t i = 0; i < release->n_parts; i++) {
        const psyi_release_part *const part = &release->parts[i];
        psy_funnel all = {0};
        if (part->battery == 0xFF)
            continue;
        const bool held = release->held_parts != NULL && release->held_parts[i];
        const bool compared = !held && psyi_funnel_compare(report, part, points, &all);
        if (compared) {
            firsts[n_compared++] = n_rows + 1;
            notes[n_notes++] = summary(report, part, &all);
        } else if (!held && part->basis == PSYI_BASIS_NONE && n_shown(part) >= FEWEST)
            notes[n_notes++] = why_not(report, part);
        for (size_t j = 0; j < part->n; j++) {
            const funnel_line subject = {part, &part->schools[j], compared ? &points[j] : NULL};
            const psyi_line line = {.report = report, .data = &subject};
            psyi_layout_row(sheet, ++n_rows, layout, &line);
        }
    }
    psyi_layout_end(report, sheet, layout, 0, n_rows, 3,
                    n_rows + 2 + PSYI_NOTE_ROWS * (1 + n_notes));
    psyi_sheet_plain(sheet, n_rows + 1);
    psyi_notes(
        report, sheet, n_rows + 2,
        PSYI_WORD(
            report,
            "只在同一学段、同一量表组合内比较，按学校标识码排列，不排名。界外是要问的问题，不是"
            "结论。少于 5 所可显示的学校时不比较。",
            "Compared within one stage and battery only, in the order of codes, "
            "never ranked. Outside the limits is a question, not an answer. Fewer "
            "than 5 schools that can be shown are not compared."));
    for (size_t i = 0; i < n_notes; i++)
        psyi_notes(report, sheet, n_rows + 2 + PSYI_NOTE_ROWS * (1 + i), notes[i]);
    if (n_compared == 0)
        return;
    psyi_sheet *const charts =
        psyi_book_sheet(report->book, PSYI_WORD(report, "漏斗图", "Funnels"), false);
    psyi_sheet_gridlines_hidden(charts);
    psyi_put_text(
        charts, 0, 0,
        PSYI_WORD(
            report,
            "每点一校；十字与叉为该校按其人数与年级、性别构成的界限。人数过少（*）的学校没有点。",
            "One dot a school; pluses and crosses are its own limits. Too few (*): no dot."),
        PSYI_STYLE_NOTE);
    size_t at = 1, drawn = 0;
    for (size_t i = 0; i < release->n_parts; i++) {
        const psyi_release_part *const part = &release->parts[i];
        const bool held = release->held_parts != NULL && release->held_parts[i];
        if (part->battery == 0xFF || held || part->basis == PSYI_BASIS_NONE ||
            n_shown(part) < FEWEST || drawn == n_compared)
            continue;
        put_chart(report, charts, at, sheet, part, firsts[drawn++]);
        at += CHART_ROWS;
    }
    const psyi_print page = {.last_row = at - 1,
                             .last_column = 18,
                             .pages_wide = 1,
                             .rows_a_page = 2 * CHART_ROWS,
                             .rows_before = 1,
                             .header = psyi_legend(report),
                             .footer = psyi_not_a_diagnosis(report)};
    psyi_sheet_print(charts, &page);
}
