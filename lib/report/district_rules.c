/*
 * district_rules.c -- 规则命中: how many students each rule found, and how many no other
 * rule would have found.
 */
#include "report/release.h"

typedef struct rule_line {
    const psyi_book_rule *rule;
    const psyi_release_rule *counts;
} rule_line;

static void fill_id(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                    const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column, ((const rule_line *)line->data)->rule->id, PSYI_STYLE_PLAIN);
}

static void fill_text(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column,
                  psyi_text(line->report, ((const rule_line *)line->data)->rule->text),
                  PSYI_STYLE_PLAIN);
}

static void fill_tier(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_book_rule *const rule = ((const rule_line *)line->data)->rule;
    (void)field;
    if (rule->rank > 0 && line->report->results->plan->scheme != NULL)
        psyi_put_text(sheet, row, column, psyi_tier_words(line->report, rule->rank),
                      psyi_tier_style(rule->rank));
    else
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "列入名单", "listed"),
                      PSYI_STYLE_MUTED);
}

static void fill_count(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_release_rule *const of = ((const rule_line *)line->data)->counts;
    const uint64_t counts[] = {of->fired, of->valid, of->unique};
    const bool hidden[] = {of->hide_fired, of->hide_valid, of->hide_unique};
    if (hidden[field->a])
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else
        psyi_put_integer(sheet, row, column, (int64_t)counts[field->a], PSYI_STYLE_INTEGER);
}

static void fill_share(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_release_rule *const of = ((const rule_line *)line->data)->counts;
    const uint64_t valid = line->report->counts.valid;
    (void)field;
    if (of->hide_valid)
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else
        psyi_put_rate(sheet, row, column, of->valid, valid, 0);
}

static const psyi_cell_field columns[] = {
    {.key = "rule", .head = PSYI_LABEL("规则编号", "Rule"), .width = 28, .fill = fill_id},
    {.key = "text",
     .head = PSYI_LABEL("规则文字", "In words"),
     .width = 48,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_text},
    {.key = "tier", .head = PSYI_LABEL("等级", "Tier"), .width = 22, .fill = fill_tier},
    {.key = "fired",
     .head = PSYI_LABEL("命中人数（去重，不可求和）", "Students (each once; do not add up)"),
     .width = 16,
     .fill = fill_count,
     .a = 0,
     .note = PSYI_LABEL("一名学生可命中多条规则，各行不可相加",
                        "a student may meet several rules: rows do not add up")},
    {.key = "fired_valid",
     .head = PSYI_LABEL("其中有效", "Of them in V"),
     .width = 11,
     .fill = fill_count,
     .a = 1},
    {.key = "share_valid",
     .head = PSYI_LABEL("占有效%", "Share of V"),
     .width = 11,
     .fill = fill_share,
     .note = PSYI_LABEL("命中且有效 ÷ V", "of them in V / V")},
    {.key = "unique_n",
     .head = PSYI_LABEL("仅此规则命中", "By this rule alone"),
     .width = 12,
     .fill = fill_count,
     .a = 2,
     .note = PSYI_LABEL("没有其他规则命中的学生", "students no other rule found")},
};

void psyi_district_rule_sheet(psyi_report *report)
{
    const psyi_rulebook *const book = report->results->book;
    psyi_layout *const layout =
        psyi_layout_new(report, "rule_hits", (psyi_label)PSYI_LABEL("规则命中", "Rules"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    for (size_t rule = 0; rule < book->n_rules; rule++) {
        const rule_line subject = {&book->rules[rule], &report->release->rules[rule]};
        const psyi_line line = {.report = report, .data = &subject};
        psyi_layout_row(sheet, rule + 1, layout, &line);
    }
    const size_t n = book->n_rules;
    psyi_sheet_plain(sheet, n + 1);
    psyi_layout_end(report, sheet, layout, 0, n, 1, n + 2 + PSYI_NOTE_ROWS);
    psyi_notes(report, sheet, n + 2,
               psyi_report_format(
                   report,
                   PSYI_WORD(report,
                             "一名学生可以命中多条规则，各行不可相加。小于 %u 的人数以 * "
                             "隐去，并另隐若干格使其不能推算。",
                             "A student may be under several rules: the rows do not add up. Counts "
                             "below %u are hidden as *, and with them what would give them away."),
                   (unsigned)report->results->plan->small_cell));
}
