/*
 * outcomes.c -- tables of how many students of a school, a grade, a sex are in which tier.
 *
 * Who took part is printed as it is.  What came out is hidden where release.c says so, and with
 * a count its rate.
 */
#include "report/groups.h"

#include <psyscreen/comparison.h>

#include <math.h>
#include <string.h>

static void take_counts(psyi_outcomes *out, size_t row)
{
    const psyi_counts *const from = out->rows[row];
    uint64_t *const to = out->counts + row * out->n_columns;
    uint64_t *const others = to + 2 * out->n_ranks;
    for (size_t i = 0; i < out->n_ranks; i++) {
        to[2 * i] = from->tier[out->ranks[i]];
        to[2 * i + 1] = from->tier_valid[out->ranks[i]];
        others[PSYI_OUT_ANY_LISTED] += to[2 * i];
        others[PSYI_OUT_ANY_VALID] += to[2 * i + 1];
    }
    others[PSYI_OUT_CRITICAL] = from->urgent + from->review;
    others[PSYI_OUT_NOT_JUDGED] = from->not_judged;
    others[PSYI_OUT_RETEST] = from->status[PSYI_STATUS_INVALID] + from->status[PSYI_STATUS_RETEST];
}

bool psyi_outcomes_count(psyi_report *report, const psyi_counts *const *rows, size_t n_rows,
                         psyi_outcomes *out)
{
    const psy_plan *const plan = report->results->plan;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; plan->scheme != NULL && i < plan->scheme->n_tiers; i++)
        if (plan->scheme->tiers[i].rank > 0 && plan->scheme->tiers[i].rank < PSYI_STYLE_RANKS &&
            out->n_ranks < PSYI_STYLE_RANKS)
            out->ranks[out->n_ranks++] = plan->scheme->tiers[i].rank;
    out->n_rows = n_rows;
    out->n_columns = 2 * out->n_ranks + PSYI_OUT_COUNTS;
    const size_t n_cells = n_rows * out->n_columns;
    out->rows = psyi_arena_alloc(&report->arena, n_rows, sizeof *out->rows);
    out->counts = psyi_arena_alloc(&report->arena, n_cells, sizeof *out->counts);
    out->hidden = psyi_arena_alloc(&report->arena, n_cells, sizeof *out->hidden);
    if (out->rows == NULL || out->counts == NULL || out->hidden == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: a table of outcomes");
        return false;
    }
    for (size_t row = 0; row < n_rows; row++) {
        out->rows[row] = rows[row];
        take_counts(out, row);
    }
    return true;
}

/* ---- columns ---- */

void psyi_put_rate(psyi_sheet *sheet, size_t row, size_t column, uint64_t part, uint64_t of,
                   int bold)
{
    if (of == 0)
        psyi_put_text(sheet, row, column, "—", PSYI_STYLE_MUTED);
    else
        psyi_put_number(sheet, row, column, round(1e4 * (double)part / (double)of) / 1e4,
                        PSYI_STYLE_PERCENT | bold);
}

static const psyi_counts *counts_of(const psyi_line *line)
{
    const psyi_outcome_line *const where = line->data;
    return where->table->rows[where->row];
}

static void fill_part(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_counts *const counts = counts_of(line);
    const uint64_t values[] = {counts->target, counts->exempt, counts->due, counts->tested,
                               counts->valid};
    psyi_put_integer(sheet, row, column, (int64_t)values[field->a],
                     PSYI_STYLE_INTEGER | line->bold);
}

static void fill_participation(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                               const psyi_cell_field *field)
{
    const psyi_counts *const counts = counts_of(line);
    if (field->a == 0)
        psyi_put_rate(sheet, row, column, counts->tested, counts->due, line->bold);
    else
        psyi_put_rate(sheet, row, column, counts->valid, counts->tested, line->bold);
}

static size_t cell_of(const psyi_line *line, unsigned column)
{
    const psyi_outcome_line *const where = line->data;
    return where->row * where->table->n_columns + column;
}

static void fill_count(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_outcomes *const table = ((const psyi_outcome_line *)line->data)->table;
    const size_t cell = cell_of(line, field->a);
    if (table->hidden[cell])
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else
        psyi_put_integer(sheet, row, column, (int64_t)table->counts[cell],
                         PSYI_STYLE_INTEGER | line->bold);
}

/* field->b: 0 the rate in V, 1 and 2 the ends of its interval. */
static void fill_rate(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_outcomes *const table = ((const psyi_outcome_line *)line->data)->table;
    const size_t cell = cell_of(line, field->a);
    const uint64_t valid = counts_of(line)->valid;
    if (valid > 0 && (table->hidden[cell] || valid < line->report->results->plan->small_cell)) {
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
        return;
    }
    if (field->b == 0 || valid == 0) {
        psyi_put_rate(sheet, row, column, table->counts[cell], valid, line->bold);
        return;
    }
    double low = NAN, high = NAN;
    (void)psy_share_interval((double)table->counts[cell], (double)valid, 0.95, &low, &high, NULL);
    psyi_put_number(sheet, row, column, round(1e4 * (field->b == 1 ? low : high)) / 1e4,
                    PSYI_STYLE_PERCENT | line->bold);
}

static const psyi_cell_field first_columns[] = {
    {.key = "target",
     .head = PSYI_LABEL("目标人数 T", "Target T"),
     .width = 9,
     .fill = fill_part,
     .a = 0,
     .note = PSYI_LABEL("名册人数", "students on the roster")},
    {.key = "exempt",
     .head = PSYI_LABEL("非应测 E", "Exempt E"),
     .width = 8,
     .fill = fill_part,
     .a = 1,
     .note = PSYI_LABEL("名册注明非应测，且没有作答", "exempt on the roster, and did not answer")},
    {.key = "due",
     .head = PSYI_LABEL("应测 D", "Due D"),
     .width = 9,
     .fill = fill_part,
     .a = 2,
     .note = PSYI_LABEL("D = T − E", "D = T − E")},
    {.key = "tested",
     .head = PSYI_LABEL("实测 C", "Tested C"),
     .width = 9,
     .fill = fill_part,
     .a = 3,
     .note = PSYI_LABEL("至少答了一题的学生", "students with at least one answered item")},
    {.key = "participation",
     .head = PSYI_LABEL("参测率", "Participation"),
     .width = 13,
     .fill = fill_participation,
     .a = 0,
     .note = PSYI_LABEL("C / D", "C / D")},
    {.key = "valid",
     .head = PSYI_LABEL("有效 V", "Valid V"),
     .width = 9,
     .fill = fill_part,
     .a = 4,
     .note = PSYI_LABEL("状态为有效或存疑的学生", "status valid or doubtful")},
    {.key = "valid_rate",
     .head = PSYI_LABEL("有效率", "Valid rate"),
     .width = 9,
     .fill = fill_participation,
     .a = 1,
     .note = PSYI_LABEL("V / C", "V / C")},
};

/* "一级预警 检出率" in both languages. */
static psyi_label with_tail(psyi_report *report, psyi_label name, psyi_label tail)
{
    psyi_label label = {NULL, NULL};
    if (name.zh != NULL)
        label.zh = psyi_report_format(report, "%s %s", name.zh, tail.zh);
    if (name.en != NULL)
        label.en =
            tail.en[0] != '\0' ? psyi_report_format(report, "%s %s", name.en, tail.en) : name.en;
    return label;
}

static void add_rates(psyi_report *report, psyi_layout *layout, const char *key, psyi_label name,
                      size_t column, bool intervals)
{
    static const struct {
        const char *key;
        psyi_label tail, note;
    } parts[] = {
        {"rate", PSYI_LABEL("检出率", "rate"),
         PSYI_LABEL("该等级且有效的人数 ÷ 有效 V", "of the tier and in V, divided by V")},
        {"low", PSYI_LABEL("95%CI 下限", "95 % low"),
         PSYI_LABEL("Wilson 95% 区间，未计学校聚类", "Wilson interval, clustering ignored")},
        {"high", PSYI_LABEL("95%CI 上限", "95 % high"),
         PSYI_LABEL("Wilson 95% 区间，未计学校聚类", "Wilson interval, clustering ignored")},
    };
    for (unsigned i = 0; i < (intervals ? 3u : 1u); i++) {
        const psyi_cell_field field = {
            .key = psyi_report_format(report, "%s_%s", key, parts[i].key),
            .head = with_tail(report, name, parts[i].tail),
            .note = parts[i].note,
            .width = 12,
            .fill = fill_rate,
            .a = (uint16_t)column,
            .b = (uint16_t)i,
        };
        psyi_layout_add(report, layout, &field);
    }
}

static void add_count(psyi_report *report, psyi_layout *layout, const char *key, psyi_label head,
                      psyi_label note, size_t column)
{
    const psyi_cell_field field = {.key = key,
                                   .head = head,
                                   .note = note,
                                   .width = 12,
                                   .fill = fill_count,
                                   .a = (uint16_t)column};
    psyi_layout_add(report, layout, &field);
}

#define LABEL(zh, en) ((psyi_label)PSYI_LABEL(zh, en))

void psyi_outcomes_columns(psyi_report *report, psyi_layout *layout, bool intervals)
{
    const psyi_scheme *const scheme = report->results->plan->scheme;
    size_t n = 0;
    psyi_layout_add_all(report, layout, first_columns,
                        sizeof first_columns / sizeof first_columns[0]);
    for (size_t i = 0; scheme != NULL && i < scheme->n_tiers; i++) {
        const psyi_tier *const tier = &scheme->tiers[i];
        if (tier->rank <= 0 || tier->rank >= PSYI_STYLE_RANKS)
            continue;
        const char *const key = psyi_report_format(report, "tier_%d", tier->rank);
        /* The worst carries the word, because levels count in both directions. */
        const psyi_label name = tier->rank == scheme->highest
                                    ? with_tail(report, tier->name, LABEL("（最重）", ""))
                                    : tier->name;
        add_count(report, layout, psyi_report_format(report, "%s_list", key),
                  with_tail(report, name, LABEL("名单人数", "listed")),
                  LABEL("含无效卷的重点题；不除以 V",
                        "invalid sheets with a critical item included; never divided by V"),
                  2 * n);
        add_count(report, layout, psyi_report_format(report, "%s_valid", key),
                  with_tail(report, name, LABEL("其中有效", "of them valid")),
                  LABEL("该等级且有效", "of the tier and in V"), 2 * n + 1);
        add_rates(report, layout, key, name, 2 * n + 1, intervals);
        n++;
    }
    if (scheme != NULL) {
        add_count(report, layout, "any_list", LABEL("合计名单人数", "All listed"),
                  LABEL("各等级名单人数之和", "all tiers"), 2 * n + PSYI_OUT_ANY_LISTED);
        add_rates(report, layout, "any", LABEL("合计", "All"), 2 * n + PSYI_OUT_ANY_VALID,
                  intervals);
    }
    add_count(report, layout, "critical", LABEL("重点题人数", "Critical items"),
              LABEL("紧急或复核，去重", "urgent or review, each student once"),
              2 * n + PSYI_OUT_CRITICAL);
    add_count(
        report, layout, "not_judged", LABEL("未能判定", "Not judged"),
        LABEL("参测但没有等级；不计入任何等级，不等于没有问题",
              "tested, without a tier; in none of them, which does not mean that all is well"),
        2 * n + PSYI_OUT_NOT_JUDGED);
    add_count(report, layout, "retest", LABEL("待复测", "To retest"),
              LABEL("状态为无效或建议重测", "status invalid or retest"), 2 * n + PSYI_OUT_RETEST);
}

const char *psyi_outcomes_note(psyi_report *report)
{
    return psyi_report_format(
        report,
        PSYI_WORD(
            report,
            "小于 %u 的人数、几乎全体或人数过少的群体以 * "
            "隐去；为使其不能由其他数字推算，另隐若干格，"
            "并经审核程序验算。检出率 = 该等级且在 V 中 ÷ V。学校不排名。",
            "Counts below %u, nearly everybody, and groups that are too small are hidden as *, and "
            "with them whatever would give them away; an auditor has tried. Rate = of the tier and "
            "in V / V. Schools are not ranked."),
        (unsigned)report->results->plan->small_cell);
}
