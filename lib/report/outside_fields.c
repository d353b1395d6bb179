/*
 * outside_fields.c -- columns about what is not in this wave's questionnaires.
 */
#include "report/layout.h"

#include "cohort/previous_wave.h"


bool psyi_outside_wanted(const psyi_report *report, const psyi_cell_field *field)
{
    if (field->fill == psyi_fill_previous)
        return report->results->previous != NULL;
    if (field->fill == psyi_fill_external)
        return report->results->external != NULL;
    return true;
}

void psyi_fill_previous(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    psyi_buffer *const text = &line->report->text;
    (void)field;
    psyi_buffer_clear(text);
    psyi_previous_words(line->report->results, line->student, line->report->language, text);
    if (text->length > 0)
        psyi_put_text(sheet, row, column, psyi_report_take(line->report, text), PSYI_STYLE_WRAP);
}

void psyi_fill_external(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    psyi_report *const report = line->report;
    psyi_buffer *const text = &report->text;
    /* Free text may name people: only where names may stand anyway, in the school's own book. */
    const bool own = report->school != PSYI_ALL_SCHOOLS && report->names;
    (void)field;
    psyi_buffer_clear(text);
    psyi_external_words(report->results, line->student, report->language, own, text);
    if (text->length > 0)
        psyi_put_text(sheet, row, column, psyi_report_take(report, text), PSYI_STYLE_PLAIN);
}

psyi_label psyi_previous_head(psyi_report *report)
{
    const char *const wave = report->results->previous->wave;
    return (psyi_label){.en = psyi_report_format(report, "Tier before\n(%s)", wave),
                        .zh = psyi_report_format(report, "上次等级\n（%s）", wave)};
}

/* ---- nearness and capacity ---- */

void psyi_fill_near(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                    const psyi_cell_field *field)
{
    psyi_buffer *const text = &line->report->text;
    (void)field;
    psyi_buffer_clear(text);
    psyi_report *const report = line->report;
    psyi_near_words(report->results, line->student, &report->near[line->student - report->first],
                    report->language, text);
    if (text->length > 0)
        psyi_put_text(sheet, row, column, psyi_report_take(line->report, text), PSYI_STYLE_PLAIN);
}

void psyi_fill_queue(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    psyi_report *const report = line->report;
    const size_t before = psyi_list_line(report->results, report->list, report->n_list);
    (void)field;
    if (line->number <= before)
        psyi_put_text(sheet, row, column, PSYI_WORD(report, "先访谈", "first"), PSYI_STYLE_PLAIN);
    else
        psyi_put_text(sheet, row, column, PSYI_WORD(report, "排队", "waiting"), PSYI_STYLE_GREY);
}

void psyi_add_line_words(psyi_report *report, psyi_buffer *text)
{
    const uint32_t capacity = report->results->capacity;
    const size_t before = psyi_list_line(report->results, report->list, report->n_list);
    if (capacity == 0)
        return;
    psyi_buffer_format(text,
                       report->language == PSYI_ZH ? "　访谈容量 %u：先访谈 %zu 人，排队 %zu 人"
                                                   : "   capacity %u: first %zu, waiting %zu",
                       (unsigned)capacity, before, report->n_list - before);
    if (before > capacity)
        psyi_buffer_text(
            text, PSYI_WORD(report, "（紧急不受容量限制）", " (who is urgent does not wait)"));
}
