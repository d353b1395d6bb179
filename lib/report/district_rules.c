/*
 * district_rules.c -- 规则命中: how many students each rule found, and how many no other
 * rule would have found.
 */
#include "report/groups.h"

#include <string.h>

typedef struct rule_line {
    const psyi_book_rule *rule;
    uint64_t fired, valid, unique;
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

/* Small, or of V and given away by the difference to all. */
static bool is_hidden(const psyi_report *report, const rule_line *subject, unsigned which)
{
    const uint64_t least = report->results->plan->small_cell;
    const uint64_t count = which == 0   ? subject->fired
                           : which == 1 ? subject->valid
                                        : subject->unique;
    const uint64_t apart = subject->fired - subject->valid;
    return (count > 0 && count < least) ||
           (which == 1 && apart > 0 && apart < least && subject->fired >= least);
}

static void fill_count(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const rule_line *const subject = line->data;
    const uint64_t count = field->a == 0   ? subject->fired
                           : field->a == 1 ? subject->valid
                                           : subject->unique;
    if (is_hidden(line->report, subject, field->a))
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else
        psyi_put_integer(sheet, row, column, (int64_t)count, PSYI_STYLE_INTEGER);
}

static void fill_share(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const rule_line *const subject = line->data;
    const psyi_report *const report = line->report;
    (void)field;
    if (report->counts.valid > 0 &&
        (is_hidden(report, subject, 1) || report->counts.valid < report->results->plan->small_cell))
        psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
    else
        psyi_put_rate(sheet, row, column, subject->valid, report->counts.valid, 0);
}

static const psyi_cell_field columns[] = {
    {.key = "rule", .head = PSYI_LABEL("规则编号", "Rule"), .width = 28, .fill = fill_id},
    {.key = "text",
     .head = PSYI_LABEL("规则文字", "In words"),
     .width = 48,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_text},
    {.key = "tier", .head = PSYI_LABEL("等级", "Tier"), .width = 14, .fill = fill_tier},
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
    const psyi_results *const results = report->results;
    const psyi_rulebook *const book = results->book;
    psyi_layout *const layout =
        psyi_layout_new(report, "rule_hits", (psyi_label)PSYI_LABEL("规则命中", "Rules"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    rule_line *const lines = psyi_arena_alloc(&report->arena, book->n_rules, sizeof *lines);
    if (lines == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: rules");
        return;
    }
    for (size_t student = 0; student < results->n_students; student++) {
        const uint8_t status = results->students[student].status;
        size_t n_fired = 0, last = 0;
        if (!psyi_printable(results, student))
            continue;
        for (size_t rule = 0; rule < book->n_rules; rule++) {
            if (!psyi_fired(results, student, rule))
                continue;
            lines[rule].fired++;
            lines[rule].valid += status == PSYI_STATUS_VALID || status == PSYI_STATUS_DOUBTFUL;
            n_fired++;
            last = rule;
        }
        if (n_fired == 1)
            lines[last].unique++;
    }
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    for (size_t rule = 0; rule < book->n_rules; rule++) {
        lines[rule].rule = &book->rules[rule];
        const psyi_line line = {.report = report, .data = &lines[rule]};
        psyi_layout_row(sheet, rule + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, book->n_rules, 1, book->n_rules + 1);
}
