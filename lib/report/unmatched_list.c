/*
 * unmatched_list.c -- 未匹配: sheets of nobody we know.
 *
 * A sheet whose student is unknown is in no denominator, but a critical answer on it is a
 * child somewhere, so those come first and ask to be found in person.
 */
#include "base/file.h"
#include "base/spill.h"
#include "report/groups.h"

#include <string.h>

static const psyi_record *record_of(const psyi_line *line)
{
    return &line->report->results->intake->records[*(const uint32_t *)line->data];
}

/* Under `ignore` an answer without consent is not looked at, wherever it stands. */
static int class_of(const psyi_results *results, uint32_t record)
{
    const psy_plan *const plan = results->plan;
    const uint8_t consent = results->intake->records[record].consent;
    const bool refused = consent == PSYI_CONSENT_NO ||
                         (consent == PSYI_CONSENT_UNANSWERED && !plan->consent_unanswered_allowed);
    if (refused && plan->no_consent != PSYI_CONSENT_CRITICAL_ONLY)
        return 0;
    return psyi_record_critical(results, record);
}

static void fill_verify(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const int class = class_of(line->report->results, *(const uint32_t *)line->data);
    (void)field;
    if (class > 0)
        psyi_put_text(sheet, row, column,
                      class == 2
                          ? PSYI_WORD(line->report, "紧急：需当面核实", "urgent: verify in person")
                          : PSYI_WORD(line->report, "复核：需当面核实", "review: verify in person"),
                      class == 2 ? PSYI_STYLE_URGENT : PSYI_STYLE_REVIEW);
}

static void fill_due(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    const int class = class_of(results, *(const uint32_t *)line->data);
    const int hours = class == 2   ? results->plan->urgent.hours
                      : class == 1 ? results->plan->review.hours
                                   : 0;
    (void)field;
    psyi_put_due(line->report, sheet, row, column, hours, record_of(line)->submitted_at);
}

static void fill_hits(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    const uint32_t record = *(const uint32_t *)line->data;
    psyi_buffer *const text = &line->report->text;
    (void)field;
    if (class_of(results, record) == 0)
        return;
    psyi_buffer_clear(text);
    for (size_t i = 0; i < results->book->n_critical; i++) {
        const psyi_book_rule *const rule = &results->book->rules[i];
        const psyi_scores *const scores = results->scores[rule->use];
        if (scores == NULL || psyi_scores_flag(scores, rule->flag, record) != 1)
            continue;
        if (text->length > 0)
            psyi_buffer_char(text, '\n');
        psyi_buffer_text(text, psyi_label_text(rule->text, line->report->language, rule->id));
    }
    psyi_put_text(sheet, row, column, psyi_report_take(line->report, text), PSYI_STYLE_PLAIN);
}

static void fill_why(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    static const psyi_label words[] = {
        [PSYI_UNMATCHED_NO_CODE] = PSYI_LABEL("答卷没有学生编号", "no student code"),
        [PSYI_UNMATCHED_UNKNOWN] = PSYI_LABEL("名册中无此学生", "nobody on the roster"),
        [PSYI_UNMATCHED_AMBIGUOUS] = PSYI_LABEL("对应多名学生", "may be several students"),
        [PSYI_UNMATCHED_SCHOOL] = PSYI_LABEL("名册中无此学校", "no such school"),
        [PSYI_UNMATCHED_CLASS] = PSYI_LABEL("该校无此班级", "no such class"),
    };
    const psyi_results *const results = line->report->results;
    const size_t at = (size_t)((const uint32_t *)line->data - results->unmatched);
    (void)field;
    if (results->unmatched_why != NULL && results->unmatched_why[at] < PSYI_UNMATCHED_REASONS)
        psyi_put_text(sheet, row, column,
                      psyi_text(line->report, words[results->unmatched_why[at]]), PSYI_STYLE_PLAIN);
}

static void fill_file(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column,
                  psyi_base_name(line->report->results->intake->files[record_of(line)->file].name),
                  PSYI_STYLE_PLAIN);
}

static void fill_line(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    (void)field;
    psyi_put_integer(sheet, row, column, record_of(line)->row, PSYI_STYLE_PLAIN);
}

static void fill_school(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column, record_of(line)->school, PSYI_STYLE_PLAIN);
}

static void fill_grade(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_record *const record = record_of(line);
    (void)field;
    if (record->grade > 0)
        psyi_put_integer(sheet, row, column, record->grade, PSYI_STYLE_PLAIN);
    else
        psyi_put_text(sheet, row, column, record->grade_text, PSYI_STYLE_PLAIN);
}

static void fill_class(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column, record_of(line)->class_text, PSYI_STYLE_PLAIN);
}

static void fill_sex(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    const uint8_t sex = record_of(line)->sex;
    (void)field;
    psyi_put_text(sheet, row, column,
                  sex == PSYI_SEX_MALE     ? PSYI_WORD(line->report, "男", "male")
                  : sex == PSYI_SEX_FEMALE ? PSYI_WORD(line->report, "女", "female")
                                           : "",
                  PSYI_STYLE_PLAIN);
}

static void fill_code(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_record *const record = record_of(line);
    psyi_put_text(sheet, row, column, field->a == 0 ? record->student : record->name,
                  PSYI_STYLE_PLAIN);
}

static void fill_time(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const int64_t at = record_of(line)->submitted_at;
    (void)field;
    if (at != PSYI_NO_TIME)
        psyi_put_time(sheet, row, column, at, PSYI_STYLE_PLAIN);
}

static const psyi_cell_field unmatched_columns[] = {
    {.key = "no", .head = PSYI_LABEL("序号", "No."), .width = 5.5, .fill = psyi_fill_number},
    {.key = "verify",
     .head = PSYI_LABEL("重点题", "Critical"),
     .width = 19,
     .fill = fill_verify,
     .note = PSYI_LABEL("答卷上有重点题命中：须查明是谁并当面核实",
                        "find out who it is, and see the child")},
    {.key = "hits",
     .head = PSYI_LABEL("命中的重点题", "Which items"),
     .width = 28,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_hits},
    {.key = "file",
     .head = PSYI_LABEL("文件", "File"),
     .width = 17,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_file},
    {.key = "row", .head = PSYI_LABEL("行", "Row"), .width = 6, .fill = fill_line},
    {.key = "why",
     .head = PSYI_LABEL("原因", "Reason"),
     .width = 16,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_why},
    {.key = "school",
     .head = PSYI_LABEL("学校标识码", "School code"),
     .width = 12,
     .style = PSYI_STYLE_ID,
     .fill = fill_school},
    {.key = "grade",
     .head = PSYI_LABEL("年级", "Grade"),
     .width = 8,
     .style = PSYI_STYLE_GRADE,
     .fill = fill_grade},
    {.key = "class",
     .head = PSYI_LABEL("班级", "Class"),
     .width = 9,
     .style = PSYI_STYLE_ID,
     .fill = fill_class},
    {.key = "sex", .head = PSYI_LABEL("性别", "Sex"), .width = 6, .fill = fill_sex},
};
static const psyi_cell_field unmatched_who[] = {
    {.key = "student_given",
     .head = PSYI_LABEL("答卷上的编号", "Code given"),
     .width = 22,
     .style = PSYI_STYLE_ID,
     .fill = fill_code,
     .a = 0},
    {.key = "name_given",
     .head = PSYI_LABEL("答卷上的姓名", "Name given"),
     .width = 12,
     .style = PSYI_STYLE_ID,
     .fill = fill_code,
     .a = 1},
};
static const psyi_cell_field unmatched_end[] = {
    {.key = "submitted_at",
     .head = PSYI_LABEL("提交时间", "Submitted"),
     .width = 16.5,
     .style = PSYI_STYLE_TIME,
     .fill = fill_time},
    {.key = "due_by",
     .head = PSYI_LABEL("处理时限", "Due by"),
     .width = 16.5,
     .style = PSYI_STYLE_TIME,
     .fill = fill_due},
    {.key = "found",
     .head = PSYI_LABEL("核实结果", "Found to be"),
     .width = 14,
     .style = PSYI_STYLE_FILL},
    {.key = "by", .head = PSYI_LABEL("经办人", "Handled by"), .width = 9, .style = PSYI_STYLE_FILL},
};

/* The most urgent first; then by what is known, because rows have no order of their own. */
static int compare_records(const psyi_results *results, uint32_t a, uint32_t b)
{
    const psyi_record *const x = &results->intake->records[results->unmatched[a]];
    const psyi_record *const y = &results->intake->records[results->unmatched[b]];
    const int p = class_of(results, results->unmatched[a]);
    const int q = class_of(results, results->unmatched[b]);
    if (p != q)
        return q - p;
    int order = strcmp(x->school, y->school);
    if (order == 0)
        order = x->grade - y->grade;
    if (order == 0)
        order = strcmp(x->class_text, y->class_text);
    if (order == 0 && x->submitted_at != y->submitted_at)
        order = x->submitted_at < y->submitted_at ? -1 : 1;
    if (order == 0)
        order = strcmp(x->student, y->student);
    return order != 0 ? order : strcmp(x->name, y->name);
}

/* Indices into results->unmatched of one school or all, in that order. */
static uint32_t *order_records(psyi_report *report, size_t school, size_t *n)
{
    const psyi_results *const results = report->results;
    const uint32_t *own = NULL;
    *n = results->n_unmatched;
    if (school != PSYI_ALL_SCHOOLS)
        own = psyi_unmatched_of(results, school, n);
    uint32_t *const order = psyi_arena_alloc(&report->arena, *n + 1, sizeof *order);
    for (size_t i = 0; order != NULL && i < *n; i++)
        order[i] = own != NULL ? own[i] : (uint32_t)i;
    if (order == NULL || !psyi_sort(report, compare_records, order, *n))
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: unmatched sheets");
    return order;
}

void psyi_unmatched_sheet(psyi_report *report, size_t school)
{
    const psyi_results *const results = report->results;
    psyi_layout *const layout =
        psyi_layout_new(report, "unmatched", (psyi_label)PSYI_LABEL("未匹配", "Unmatched"));
    /* Lines of files say something to the district only. */
    for (size_t i = 0; i < sizeof unmatched_columns / sizeof unmatched_columns[0]; i++)
        if (school == PSYI_ALL_SCHOOLS ||
            (unmatched_columns[i].fill != fill_file && unmatched_columns[i].fill != fill_line))
            psyi_layout_add(report, layout, &unmatched_columns[i]);
    /* Under pseudonyms a code from the sheet must not appear; a name where names may. */
    for (size_t i = 0; i < sizeof unmatched_who / sizeof unmatched_who[0]; i++)
        if (unmatched_who[i].a == 0 ? !results->plan->pseudonym : report->names)
            psyi_layout_add(report, layout, &unmatched_who[i]);
    psyi_layout_add_all(report, layout, unmatched_end,
                        sizeof unmatched_end / sizeof unmatched_end[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    size_t n;
    const uint32_t *const order = order_records(report, school, &n);
    for (size_t i = 0; i < n && !psyi_book_failed(report->book); i++) {
        psyi_spill_pass(results->allocator, i);
        const psyi_line line = {
            .report = report, .number = i + 1, .data = &results->unmatched[order[i]]};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, n, 2, n + 1);
}
