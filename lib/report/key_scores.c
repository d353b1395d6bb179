/*
 * key_scores.c -- the scores a line of the warning list rests on, and how the list is ordered.
 *
 * Each stands with the interval of its error of measurement where a source states one, so that
 * 65 of a cut at 65 does not look like 90.
 */
#include "report/layout.h"
#include "tier/interval_words.h"

/* Does a rule that fired read this score? */
static bool decides(const psyi_results *results, size_t student, uint32_t column)
{
    for (size_t rule = results->book->n_critical; rule < results->book->n_rules; rule++) {
        const psyi_operand *operands;
        if (!psyi_fired(results, student, rule))
            continue;
        const size_t n = psyi_program_operands(results->book->rules[rule].rule->when, &operands);
        for (size_t i = 0; i < n; i++)
            if (!operands[i].is_item && operands[i].id == column)
                return true;
    }
    return false;
}

/* Scores stand beside each other; one that has an interval has a line of its own. */
static bool add_score(const psyi_report *report, size_t student, size_t use, size_t scale,
                      bool alone, psyi_buffer *text)
{
    const psyi_results *const results = report->results;
    uint32_t from;
    char digits[32];
    if (!psyi_score_at(results, student, use, scale, &from))
        return alone;
    const psyi_ratio value = psyi_scores_value(results->scores[use], scale, from);
    const bool has_interval =
        psyi_plan_precision(results->plan, (unsigned)use, (unsigned)scale) != NULL;
    if (text->length > 0 && (alone || has_interval))
        psyi_buffer_char(text, '\n');
    else if (text->length > 0)
        psyi_buffer_text(text, PSYI_WORD(report, "；", "; "));
    psyi_operand_words(results->plan, false,
                       psyi_column(PSYI_COLUMN_SCORE, (unsigned)use, (unsigned)scale, 0),
                       report->language, text);
    psyi_buffer_char(text, ' ');
    psyi_buffer_add(text, digits, psyi_ratio_print(psyi_ratio_round_to(value, 2), digits));
    psyi_sem_words(results->plan, (unsigned)use, (unsigned)scale, psyi_ratio_double(value), true,
                   report->language, text);
    return has_interval;
}

/* One score a questionnaire, those that decide first.  The others that a rule read stand in its
 * reason, beside this column; here they would make a row of a dozen lines. */
void psyi_fill_key_scores(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                          const psyi_cell_field *field)
{
    psyi_report *const report = line->report;
    const psyi_results *const results = report->results;
    const psy_plan *const plan = results->plan;
    psyi_buffer *const text = &report->text;
    bool alone = false;
    (void)field;
    psyi_buffer_clear(text);
    for (int deciding = 1; deciding >= 0; deciding--)
        for (size_t use = 0; use < plan->n_uses; use++) {
            if (plan->uses[use].instrument->n_scales == 0)
                continue;
            const size_t scale = psyi_headline(plan, use);
            const bool decided =
                decides(results, line->student,
                        psyi_column(PSYI_COLUMN_SCORE, (unsigned)use, (unsigned)scale, 0));
            if (decided == (deciding != 0))
                alone = add_score(report, line->student, use, scale, alone, text);
        }
    if (text->length > 0 || text->failed)
        psyi_put_text(sheet, row, column, psyi_report_take(report, text), PSYI_STYLE_PLAIN);
}

void psyi_add_order_words(const psyi_report *report, psyi_buffer *text)
{
    enum { NAMED = 4 };
    psyi_buffer names;
    psyi_buffer_init(&names, report->results->allocator);
    psyi_buffer_text(
        text,
        PSYI_WORD(report,
                  "次序：紧急 → 复核 → 重点题缺答 → 等级 → 超出分界的幅度（(得分−分界)÷测量误差，"
                  "取最大者） → 比上次加重 → 提交最早。",
                  "Order: urgent, review, critical item blank, tier, furthest beyond a cut ((score "
                  "- cut) / error of measurement, the largest), worse than in the wave before, "
                  "oldest submission."));
    if (psyi_stand_in_words(report->results->book, report->uses, NAMED, report->language, &names) >
        0) {
        psyi_buffer_text(text, PSYI_WORD(report, "测量误差没有文献出处的：",
                                         " No source states the error of: "));
        psyi_buffer_text(text, names.data != NULL ? names.data : "");
        psyi_buffer_text(text, PSYI_WORD(report,
                                         "，暂以得分范围的十分之一代替：只影响先后次序，不印区间。",
                                         "; a tenth of the range stands in, for the order alone, "
                                         "and no interval is printed."));
    }
    text->failed = text->failed || names.failed;
    psyi_buffer_done(&names);
}
