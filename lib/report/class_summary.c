/*
 * class_summary.c -- 班级汇总 and 班级量表: each class beside its own grade.
 *
 * There is no ranking column on purpose.  Where fewer students than the plan's small cell
 * stand behind a number, it is "*".
 */
#include "report/groups.h"

#include <math.h>

typedef struct class_row {
    const psyi_group *group, *grade;
    const psyi_moments *const *moments; /* per use: of its headline scale; entries may be NULL */
    size_t index, grade_index;
    /* 班级量表 */
    const char *scale;
    const psyi_moments *of, *of_grade;
    bool has_cut;
} class_row;

static const class_row *row_of(const psyi_line *line)
{
    return line->data;
}

static bool small(const psyi_line *line, uint64_t n)
{
    return n > 0 && n < line->report->results->plan->small_cell;
}

static void put_hidden(psyi_sheet *sheet, size_t row, size_t column, uint64_t n)
{
    psyi_put_text(sheet, row, column, n == 0 ? "—" : "*", PSYI_STYLE_MUTED);
}

static void fill_grade(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_group *const group = row_of(line)->group;
    (void)field;
    if (group->grade > 0)
        psyi_put_integer(sheet, row, column, group->grade, PSYI_STYLE_GRADE | line->bold);
    else
        psyi_put_text(sheet, row, column,
                      group->whole == 2 ? PSYI_WORD(line->report, "全校", "School")
                                        : PSYI_WORD(line->report, "未知", "unknown"),
                      PSYI_STYLE_TEXT | line->bold);
}

static void fill_class(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_group *const group = row_of(line)->group;
    (void)field;
    psyi_put_text(sheet, row, column,
                  group->whole == 1 ? PSYI_WORD(line->report, "年级合计", "all classes")
                                    : group->class_text,
                  PSYI_STYLE_ID_WRAP | line->bold);
}

static void fill_count(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_counts *const counts = &row_of(line)->group->counts;
    psyi_put_integer(sheet, row, column,
                     (int64_t)(field->a == 0   ? counts->due
                               : field->a == 1 ? counts->tested
                                               : counts->valid),
                     PSYI_STYLE_INTEGER | line->bold);
}

/* field->a: rank; the list counts whoever is on it, the rate only V. */
static void fill_tier_count(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                            const psyi_cell_field *field)
{
    const psyi_counts *const counts = &row_of(line)->group->counts;
    if (counts->tested == 0 || small(line, counts->tested))
        put_hidden(sheet, row, column, counts->tested);
    else
        psyi_put_integer(sheet, row, column, (int64_t)counts->tier[field->a],
                         PSYI_STYLE_INTEGER | line->bold);
}

static void fill_tier_rate(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                           const psyi_cell_field *field)
{
    const psyi_counts *const counts = &row_of(line)->group->counts;
    if (counts->valid == 0 || small(line, counts->valid))
        put_hidden(sheet, row, column, counts->valid);
    else
        psyi_put_number(sheet, row, column,
                        round(1e4 * (double)counts->tier_valid[field->a] / (double)counts->valid) /
                            1e4,
                        PSYI_STYLE_PERCENT | line->bold);
}

/* field->b: 0 n, 1 mean, 2 sd, 3 grade mean, 4 difference, 5 median, 6 and 7 how many, and
 * which share, are at or beyond the cut that a rule of the plan reads. */
static void put_moment(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_moments *own, const psyi_moments *grade, unsigned which)
{
    if (which == 0) {
        psyi_put_integer(sheet, row, column, (int64_t)own->n, PSYI_STYLE_INTEGER | line->bold);
        return;
    }
    if (which >= 6) {
        if (own->n == 0 || small(line, own->n))
            put_hidden(sheet, row, column, own->n);
        else if (which == 6)
            psyi_put_integer(sheet, row, column, (int64_t)own->high,
                             PSYI_STYLE_INTEGER | line->bold);
        else
            psyi_put_number(sheet, row, column,
                            round(1e4 * (double)own->high / (double)own->n) / 1e4,
                            PSYI_STYLE_PERCENT | line->bold);
        return;
    }
    const uint64_t n = which == 3 ? grade->n : own->n;
    const double value = which == 1   ? own->mean
                         : which == 2 ? own->sd
                         : which == 3 ? grade->mean
                         : which == 5 ? own->median
                                      : own->mean - grade->mean;
    if (small(line, n) || (which == 4 && small(line, grade->n)) || isnan(value))
        put_hidden(sheet, row, column, isnan(value) ? 0 : n);
    else
        psyi_put_number(sheet, row, column, round(value * 100) / 100 + 0.0,
                        PSYI_STYLE_TWO | line->bold);
}

static void fill_headline(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                          const psyi_cell_field *field)
{
    const class_row *const subject = row_of(line);
    const psyi_moments *const moments = subject->moments[field->a];
    if (moments != NULL && !(subject->group->whole > 0 && field->b >= 3))
        put_moment(sheet, row, column, line, &moments[subject->index],
                   &moments[subject->grade_index], field->b);
}

/* ---- 班级汇总 ---- */

static const psyi_cell_field first_columns[] = {
    {.key = "grade", .head = PSYI_LABEL("年级", "Grade"), .width = 9, .fill = fill_grade},
    {.key = "class", .head = PSYI_LABEL("班级", "Class"), .width = 11, .fill = fill_class},
    {.key = "due", .head = PSYI_LABEL("应测 D", "Due D"), .width = 8, .fill = fill_count, .a = 0},
    {.key = "tested",
     .head = PSYI_LABEL("实测 C", "Tested C"),
     .width = 8,
     .fill = fill_count,
     .a = 1},
    {.key = "valid",
     .head = PSYI_LABEL("有效 V", "Valid V"),
     .width = 8,
     .fill = fill_count,
     .a = 2},
};

static void add_tiers(psyi_report *report, psyi_layout *layout)
{
    const psyi_scheme *const scheme = report->results->plan->scheme;
    for (size_t i = 0; scheme != NULL && i < scheme->n_tiers; i++) {
        const psyi_tier *const tier = &scheme->tiers[i];
        if (tier->rank <= 0 || tier->rank >= PSYI_STYLE_RANKS)
            continue;
        psyi_cell_field field = {
            .key = psyi_report_format(report, "tier_%d_n", tier->rank),
            .head = tier->name,
            .note = PSYI_LABEL("名单人数（含无效卷的重点题），不除以有效人数",
                               "on the list, critical items of invalid sheets included"),
            .width = 10,
            .fill = fill_tier_count,
            .a = (uint16_t)tier->rank,
        };
        psyi_layout_add(report, layout, &field);
    }
    for (size_t i = 0; scheme != NULL && i < scheme->n_tiers; i++) {
        const psyi_tier *const tier = &scheme->tiers[i];
        if (tier->rank <= 0 || tier->rank >= PSYI_STYLE_RANKS)
            continue;
        psyi_cell_field field = {
            .key = psyi_report_format(report, "tier_%d_rate", tier->rank),
            .head = {.zh = tier->name.zh != NULL
                               ? psyi_report_format(report, "%s 检出率", tier->name.zh)
                               : NULL,
                     .en = tier->name.en != NULL
                               ? psyi_report_format(report, "%s rate", tier->name.en)
                               : NULL},
            .note =
                PSYI_LABEL("该等级且有效的人数 ÷ 有效 V", "of this tier and in V, divided by V"),
            .width = 10,
            .fill = fill_tier_rate,
            .a = (uint16_t)tier->rank,
        };
        psyi_layout_add(report, layout, &field);
    }
}

static void add_headline(psyi_report *report, psyi_layout *layout, size_t use, size_t scale)
{
    static const struct {
        const char *key;
        psyi_label head;
    } parts[] = {{"n", PSYI_LABEL("N", "N")},
                 {"mean", PSYI_LABEL("均值", "mean")},
                 {"sd", PSYI_LABEL("标准差", "SD")},
                 {"grade_mean", PSYI_LABEL("同年级均值", "grade mean")},
                 {"diff", PSYI_LABEL("差值", "difference")}};
    const psyi_use *const what = &report->results->plan->uses[use];
    const psyi_label name = psyi_scale_label(report, use, scale);
    for (unsigned i = 0; i < 5; i++) {
        const psyi_cell_field field = {
            .key = psyi_report_format(report, "%s.%s.%s", what->id,
                                      what->instrument->scales[scale].id, parts[i].key),
            .head = {.zh = psyi_report_format(report, "%s %s", name.zh, parts[i].head.zh),
                     .en = psyi_report_format(report, "%s %s", name.en, parts[i].head.en)},
            .note = PSYI_LABEL("有效且该量表有分的学生；N 过小为 *",
                               "students in V with a score; * where N is small"),
            .width = 11,
            .fill = fill_headline,
            .a = (uint16_t)use,
            .b = (uint16_t)i,
        };
        psyi_layout_add(report, layout, &field);
    }
}

void psyi_class_sheet(psyi_report *report)
{
    const psy_plan *const plan = report->results->plan;
    psyi_groups groups;
    psyi_layout *const layout =
        psyi_layout_new(report, "class_summary", (psyi_label)PSYI_LABEL("班级汇总", "Classes"));
    psyi_layout_add_all(report, layout, first_columns,
                        sizeof first_columns / sizeof first_columns[0]);
    add_tiers(report, layout);
    const psyi_moments **const moments =
        psyi_arena_alloc(&report->arena, plan->n_uses, sizeof *moments);
    if (moments == NULL || !psyi_groups_by_class(report, &groups)) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: classes");
        return;
    }
    for (size_t use = 0; use < plan->n_uses; use++) {
        if (plan->uses[use].instrument->n_scales == 0 || (report->uses >> use & 1) == 0 ||
            report->results->scores[use] == NULL)
            continue;
        const size_t scale = psyi_headline(plan, use);
        moments[use] = psyi_groups_moments(report, &groups, use, scale);
        add_headline(report, layout, use, scale);
    }
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, false);
    psyi_layout_head(report, sheet, layout, 0);
    /* Classes first, so that charts have them in one range; wholes below. */
    size_t n = 0, n_classes = 0;
    for (int wholes = 0; wholes < 2; wholes++)
        for (size_t i = 0; i < groups.n; i++) {
            if ((groups.groups[i].whole > 0) != (wholes > 0))
                continue;
            const size_t grade = groups.groups[i].whole == 0 ? psyi_groups_parent(&groups, i) : i;
            const class_row subject = {&groups.groups[i],
                                       &groups.groups[grade],
                                       moments,
                                       i,
                                       grade,
                                       NULL,
                                       NULL,
                                       NULL,
                                       false};
            const psyi_line line = {
                .report = report, .data = &subject, .bold = wholes > 0 ? PSYI_BOLD : 0};
            psyi_layout_row(sheet, ++n, layout, &line);
            n_classes += wholes == 0;
        }
    psyi_sheet_plain(sheet, n + 1);
    psyi_layout_end(report, sheet, layout, 0, n, 2, n + 2 + PSYI_NOTE_ROWS);
    psyi_notes(
        report, sheet, n + 2,
        psyi_report_format(
            report,
            PSYI_WORD(report,
                      "检出率 = 该等级且有效人数 ÷ 有效 V；名单人数含无效卷的重点题，不能除以 V。"
                      "N < %u 的格以 * 隐去。班级不排名。",
                      "Rate = of the tier and in V / V; the list counts invalid sheets with a "
                      "critical item too. * where N < %u. Classes are not ranked."),
            (unsigned)plan->small_cell));
    if (n_classes > 0)
        psyi_class_charts(report, sheet, layout, n_classes);
}

/* ---- 班级量表 ---- */

static void fill_scale(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column, row_of(line)->scale, PSYI_STYLE_PLAIN);
}

static void fill_moment(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    put_moment(sheet, row, column, line, row_of(line)->of, row_of(line)->of_grade, field->b);
}

/* No rule of the plan cuts this scale: nobody is high or not. */
static void fill_high(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    if (row_of(line)->has_cut)
        fill_moment(sheet, row, column, line, field);
    else
        psyi_put_text(sheet, row, column, "—", PSYI_STYLE_MUTED);
}

static const psyi_cell_field scale_columns[] = {
    {.key = "scale",
     .head = PSYI_LABEL("量表", "Scale"),
     .width = 30,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_scale},
    {.key = "grade", .head = PSYI_LABEL("年级", "Grade"), .width = 9, .fill = fill_grade},
    {.key = "class", .head = PSYI_LABEL("班级", "Class"), .width = 11, .fill = fill_class},
    {.key = "n", .head = PSYI_LABEL("N", "N"), .width = 8, .fill = fill_moment, .b = 0},
    {.key = "mean", .head = PSYI_LABEL("均值", "Mean"), .width = 9, .fill = fill_moment, .b = 1},
    {.key = "sd", .head = PSYI_LABEL("标准差", "SD"), .width = 9, .fill = fill_moment, .b = 2},
    {.key = "median",
     .head = PSYI_LABEL("中位数", "Median"),
     .width = 9,
     .fill = fill_moment,
     .b = 5},
    {.key = "high_n",
     .head = PSYI_LABEL("高分人数", "High scores"),
     .width = 9,
     .fill = fill_high,
     .b = 6,
     .note = PSYI_LABEL("达到方案规则所读分界（最重一条）的人数；没有规则读此分数的为“—”",
                        "at or beyond the worst cut a rule of the plan reads; — without one")},
    {.key = "high_rate",
     .head = PSYI_LABEL("高分率", "High rate"),
     .width = 9,
     .fill = fill_high,
     .b = 7,
     .note = PSYI_LABEL("高分人数 ÷ N；MHT 各内容量表题数不同，不能相互比较",
                        "high / N; scales differ in length: do not compare them")},
    {.key = "grade_mean",
     .head = PSYI_LABEL("同年级均值", "Grade mean"),
     .width = 11,
     .fill = fill_moment,
     .b = 3},
    {.key = "diff",
     .head = PSYI_LABEL("差值", "Difference"),
     .width = 11,
     .fill = fill_moment,
     .b = 4,
     .note = PSYI_LABEL("班级均值 − 同年级均值；各量表满分不同，差值不能相互比较",
                        "class − grade; scales differ in range")},
};

void psyi_class_scale_sheet(psyi_report *report)
{
    const psy_plan *const plan = report->results->plan;
    psyi_groups groups;
    psyi_layout *const layout =
        psyi_layout_new(report, "class_scales", (psyi_label)PSYI_LABEL("班级量表", "Class scales"));
    psyi_layout_add_all(report, layout, scale_columns,
                        sizeof scale_columns / sizeof scale_columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    if (!psyi_groups_by_class(report, &groups))
        return;
    size_t n = 0;
    for (size_t use = 0; use < plan->n_uses; use++)
        for (size_t scale = 0; scale < plan->uses[use].instrument->n_scales; scale++) {
            if (report->results->scores[use] == NULL || (report->uses >> use & 1) == 0)
                continue;
            const psyi_moments *const moments = psyi_groups_moments(report, &groups, use, scale);
            if (moments == NULL)
                return;
            const char *const name = psyi_text(report, psyi_scale_label(report, use, scale));
            psyi_ratio cut;
            psyi_compare compare;
            const bool has_cut = psyi_scale_cut(plan, use, scale, &cut, &compare);
            for (size_t i = 0; i < groups.n; i++) {
                if (groups.groups[i].whole > 0)
                    continue;
                const size_t grade = psyi_groups_parent(&groups, i);
                const class_row subject = {
                    &groups.groups[i], &groups.groups[grade], NULL,   i, grade, name,
                    &moments[i],       &moments[grade],       has_cut};
                const psyi_line line = {.report = report, .data = &subject};
                psyi_layout_row(sheet, ++n, layout, &line);
            }
        }
    psyi_layout_end(report, sheet, layout, 0, n, 3, n + 1);
}
