/*
 * sealed_list.c -- 密封名单: critical hits of children without consent, a workbook of its own.
 *
 * Nothing else of their sheets was kept: who, how urgent, by when.  Whoever looks after the sheets
 * of nobody (unmatched_list.c) need not see it, so it is not a sheet of theirs.
 */
#include "base/spill.h"
#include "report/common_fields.h"
#include "report/report.h"

/* The worst critical class of his sheets, and when the first of that class was handed in. */
static int worst_of(const psyi_line *line, int64_t *since)
{
    const psyi_results *const results = line->report->results;
    const psyi_student *const who = &results->students[line->student];
    int class = 0;
    int64_t first = PSYI_NO_TIME;
    for (uint32_t i = 0; i < who->n_records; i++) {
        const int one = psyi_record_critical(results, who->records[i]);
        const int64_t at = results->intake->records[who->records[i]].submitted_at;
        if (one == 0 || one < class)
            continue;
        if (one > class)
            first = PSYI_NO_TIME;
        class = one;
        if (at != PSYI_NO_TIME && (first == PSYI_NO_TIME || at < first))
            first = at;
    }
    if (since != NULL)
        *since = first;
    return class;
}

static void fill_due(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    int64_t since;
    const int class = worst_of(line, &since);
    const psy_plan *const plan = line->report->results->plan;
    (void)field;
    psyi_put_due(line->report, sheet, row, column,
                 class == 2 ? plan->urgent.hours : plan->review.hours, since);
}

static void fill_kind(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const int class = worst_of(line, NULL);
    (void)field;
    psyi_put_text(sheet, row, column,
                  class == 2 ? PSYI_WORD(line->report, "紧急", "urgent")
                             : PSYI_WORD(line->report, "复核", "review"),
                  class == 2 ? PSYI_STYLE_URGENT : PSYI_STYLE_REVIEW);
}

static const psyi_cell_field sealed_columns[] = {
    {.key = "no", .head = PSYI_LABEL("序号", "No."), .width = 5.5, .fill = psyi_fill_number},
    {.key = "critical_class", .head = PSYI_LABEL("类别", "Urgency"), .width = 9, .fill = fill_kind},
    PSYI_FIELD_SCHOOL_CODE(14),
    PSYI_FIELD_GRADE(8),
    PSYI_FIELD_CLASS(9),
    PSYI_FIELD_NAME,
    {.key = "student",
     .head = PSYI_LABEL("学生编号", "Student"),
     .width = 29,
     .style = PSYI_STYLE_ID,
     .fill = psyi_fill_id},
    {.key = "sex", .head = PSYI_LABEL("性别", "Sex"), .width = 6, .fill = psyi_fill_sex},
    {.key = "due_by",
     .head = PSYI_LABEL("处理时限", "Due by"),
     .width = 16.5,
     .style = PSYI_STYLE_TIME,
     .fill = fill_due},
    {.key = "status_reason",
     .head = PSYI_LABEL("状态原因", "Reason"),
     .width = 24,
     .fill = psyi_fill_why},
    {.key = "opened_by",
     .head = PSYI_LABEL("启封人", "Opened by"),
     .width = 10,
     .style = PSYI_STYLE_FILL},
    {.key = "opened_on",
     .head = PSYI_LABEL("启封日期", "Opened on"),
     .width = 12,
     .style = PSYI_STYLE_FILL_DATE},
    {.key = "action", .head = PSYI_LABEL("处置", "Action"), .width = 30, .style = PSYI_STYLE_FILL},
};

static void sealed_sheet(psyi_report *report)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "sealed", (psyi_label)PSYI_LABEL("密封名单", "Sealed list"));
    psyi_layout_add_all(report, layout, sealed_columns,
                        sizeof sealed_columns / sizeof sealed_columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_sheet_tab(sheet, 0x7F7F7F);
    psyi_sheet_plain(sheet, 0);
    psyi_put_text(
        sheet, 0, 0,
        PSYI_WORD(
            report,
            "密封：以下学生没有知情同意，但有重点题命中。仅指定负责人可启封；不入其他任何表。",
            "Sealed: no consent, but a critical item. Only the person in charge may open it."),
        PSYI_STYLE_WARN);
    psyi_layout_head(report, sheet, layout, 1);
    size_t n = 0;
    for (size_t i = report->first; i < report->first + report->n; i++) {
        psyi_spill_pass(report->results->allocator, i);
        if (!report->results->students[i].sealed)
            continue;
        const psyi_line line = {.report = report, .student = i, .number = n + 1};
        psyi_layout_row(sheet, n + 2, layout, &line);
        n++;
    }
    psyi_layout_end(report, sheet, layout, 1, n, 2, n + 2);
}

/* ---- the workbook ---- */

bool psyi_report_has_sealed(const psyi_results *results)
{
    for (size_t i = 0; i < results->n_students; i++) {
        psyi_spill_pass(results->allocator, i);
        if (results->students[i].sealed)
            return true;
    }
    return false;
}

psy_status psyi_report_sealed(const psyi_results *results, const char *path, psy_error *error)
{
    psyi_report report;
    const psy_status status =
        psyi_report_open(&report, results, NULL, PSYI_ALL_SCHOOLS, "_sealed", path, error);
    if (status != PSY_OK)
        return status;
    report.reader = (psyi_label)PSYI_LABEL("密封：仅区里指定负责人可启封。",
                                           "Sealed: for the person in charge only.");
    psyi_cover(&report, PSYI_COVER_SEALED);
    sealed_sheet(&report);
    psyi_layout_dictionary(&report);
    return psyi_report_close(&report, error);
}
