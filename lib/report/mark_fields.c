/*
 * mark_fields.c -- the column that says which standard scores are no exact readings.
 *
 * A norm that pools small groups, or ends before the score does, gives a number like any other;
 * the mark stands in the column behind it, and 字段说明 says what it means.
 */
#include "norm/norm_marks.h"
#include "report/layout.h"
#include "tier/case_marks.h"

#include <string.h>

bool psyi_last_of_norm(const psy_instrument *instrument, size_t standard)
{
    const psyi_standard *const at = &instrument->standards[standard];
    for (size_t i = standard + 1; i < instrument->n_standards; i++)
        if (instrument->standards[i].scale == at->scale &&
            instrument->standards[i].norm == at->norm)
            return false;
    return true;
}

/* field->a use, b scale, c norm. */
static void fill_marks(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    const psyi_student *const student = &results->students[line->student];
    psyi_buffer *const text = &line->report->text;
    if (student->n_cases != 1 || !psyi_printable(results, line->student))
        return;
    const uint8_t marks =
        psyi_case_norm_marks(&results->cases, student->first_case, field->a, field->b, field->c);
    if (marks == 0)
        return;
    psyi_buffer_clear(text);
    psyi_norm_mark_words(marks, line->report->language, text);
    psyi_put_text(sheet, row, column, psyi_report_take(line->report, text), PSYI_STYLE_MUTED);
}

void psyi_add_mark_field(psyi_report *report, psyi_layout *layout, size_t use, size_t scale,
                         size_t norm)
{
    const psy_plan *const plan = report->results->plan;
    const psy_instrument *const instrument = plan->uses[use].instrument;
    if (!psyi_norm_markable(plan, (unsigned)use, norm))
        return;
    const char *const id = norm < instrument->n_norms ? instrument->norms[norm]->id
                                                      : plan->locals[norm - instrument->n_norms].id;
    const psyi_label head = psyi_scale_label(report, use, scale);
    const psyi_cell_field field = {
        .key = psyi_report_format(report, "%s.%s.mark@%s", plan->uses[use].id,
                                  instrument->scales[scale].id, id),
        .head = {.zh = psyi_report_format(report, "%s 常模标注（%s）", head.zh, id),
                 .en =
                     psyi_report_format(report, "%s, what to know of the norm (%s)", head.en, id)},
        .note = psyi_norm_mark_legend,
        .width = 16,
        .fill = fill_marks,
        .a = (uint16_t)use,
        .b = (uint16_t)scale,
        .c = (uint16_t)norm,
    };
    psyi_layout_add(report, layout, &field);
}

void psyi_add_mark_words(const char *ids, psyi_language language, psyi_buffer *out)
{
    uint8_t marks = 0;
    for (const char *at = ids; *at != '\0';) {
        const size_t length = strcspn(at, ";");
        marks |= psyi_norm_mark_of(at, length);
        at += length + (at[length] == ';');
    }
    psyi_norm_mark_words(marks, language, out);
}
