/*
 * layout.c -- writing a table of columns to a sheet, and explaining it in 字段说明.
 */
#include "report/layout.h"
#include "base/locale.h"
#include "report/role_cut.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A page of A4 landscape takes about this many characters at a size one can read. */
#define PAGE_WIDTH  190.0
#define WIDEST_TIER 26.0
#define WIDEST_WORD 20.0

const char *psyi_text(const psyi_report *report, psyi_label name)
{
    return psyi_label_text(name, report->language, "");
}

const char *psyi_text_both(psyi_report *report, psyi_label name)
{
    const char *const first = psyi_text(report, name);
    if (!report->both || name.en == NULL || name.zh == NULL || strcmp(name.en, name.zh) == 0)
        return first;
    return psyi_report_format(report, "%s\n%s", first, first == name.zh ? name.en : name.zh);
}

const char *psyi_report_format(psyi_report *report, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = psyi_vformat(NULL, 0, format, arguments);
    va_end(arguments);
    char *const text = length < 0 ? NULL : psyi_arena_alloc(&report->arena, (size_t)length + 1, 1);
    if (text != NULL)
        psyi_vformat(text, (size_t)length + 1, format, again);
    else
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: texts of a workbook");
    va_end(again);
    return text != NULL ? text : "";
}

const char *psyi_report_take(const psyi_report *report, psyi_buffer *buffer)
{
    if (buffer->failed)
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: a cell of a workbook");
    return buffer->failed || buffer->data == NULL ? "" : buffer->data;
}

/* ---- layouts ---- */

psyi_layout *psyi_layout_new(psyi_report *report, const char *key, psyi_label name)
{
    psyi_layout *const layout = psyi_arena_alloc(&report->arena, 1, sizeof *layout);
    if (layout == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: a sheet");
        return &report->spare;
    }
    layout->key = key;
    layout->name = name;
    if (report->n_layouts < PSYI_MOST_LAYOUTS)
        report->layouts[report->n_layouts++] = layout;
    return layout;
}

bool psyi_field_wanted(const psyi_report *report, const psyi_cell_field *field)
{
    if (field->fill == psyi_fill_name)
        return report->names;
    if (strncmp(field->key, "tier", 4) == 0 || field->fill == psyi_fill_near)
        return report->results->plan->scheme != NULL && psyi_outside_wanted(report, field);
    return psyi_outside_wanted(report, field);
}

/* The room for the longest word of a head, which is broken nowhere but at blanks and hyphens: in
 * bold letters, which are wider than the digits that widths count. */
static double widest_word(const char *text)
{
    size_t longest = 0, length = 0;
    for (; *text != '\0'; text++) {
        const bool ends = *text == ' ' || *text == '\n' || (unsigned char)*text >= 0x80;
        length = ends ? 0 : length + 1;
        longest = length > longest ? length : longest;
        length = *text == '-' ? 0 : length;
    }
    const double width = 1.15 * (double)longest + 1;
    return width > WIDEST_WORD ? WIDEST_WORD : width;
}

/* Names of tiers stand on one line: they are what is looked for first. */
static double wide_enough(psyi_report *report, const psyi_cell_field *field)
{
    static const char *const keys[] = {"tier", "tier_auto", "tier_upper", "tier_first"};
    const psyi_scheme *const scheme = report->results->plan->scheme;
    const double word = widest_word(psyi_text_both(report, field->head));
    double width = field->width > word ? field->width : word;
    for (size_t i = 0; scheme != NULL && i < sizeof keys / sizeof keys[0]; i++)
        for (size_t j = 0; j < scheme->n_tiers && strcmp(field->key, keys[i]) == 0; j++)
            while (width < WIDEST_TIER &&
                   psyi_text_lines(psyi_text(report, scheme->tiers[j].name), width - 2) > 1)
                width++;
    return width;
}

void psyi_layout_add(psyi_report *report, psyi_layout *layout, const psyi_cell_field *field)
{
    if (psyi_book_failed(report->book) || !psyi_field_wanted(report, field))
        return;
    /* White list: what a role's list does not name is not there. */
    if (report->role != NULL && strcmp(layout->key, "dictionary") != 0 &&
        !psyi_role_allows(report->role, layout->key, field->key))
        return;
    if (layout->n == layout->capacity) {
        const size_t capacity = layout->capacity == 0 ? 32 : layout->capacity * 2;
        psyi_cell_field *const fields =
            psyi_arena_alloc(&report->arena, capacity, sizeof *layout->fields);
        if (fields == NULL) {
            psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: columns of a sheet");
            return;
        }
        if (layout->n > 0)
            memcpy(fields, layout->fields, layout->n * sizeof *fields);
        layout->fields = fields;
        layout->capacity = capacity;
    }
    psyi_cell_field *const added = &layout->fields[layout->n++];
    *added = *field;
    if (field->fill == psyi_fill_tier)
        added->head = psyi_tier_head(report, field->head);
    else if (field->fill == psyi_fill_previous)
        added->head = psyi_previous_head(report);
    added->width = wide_enough(report, added);
}

void psyi_layout_add_all(psyi_report *report, psyi_layout *layout, const psyi_cell_field *fields,
                         size_t n)
{
    for (size_t i = 0; i < n; i++)
        psyi_layout_add(report, layout, &fields[i]);
}

psyi_sheet *psyi_layout_sheet(psyi_report *report, const psyi_layout *layout, bool streaming)
{
    return psyi_book_sheet(report->book, psyi_text(report, layout->name), streaming);
}

/* ---- tables ---- */

void psyi_layout_row(psyi_sheet *sheet, size_t row, const psyi_layout *layout,
                     const psyi_line *line)
{
    for (size_t i = 0; i < layout->n; i++) {
        const psyi_cell_field *const field = &layout->fields[i];
        if (line->carried != NULL && psyi_put_carried(sheet, row, i, line, field))
            continue;
        if (field->fill != NULL)
            field->fill(sheet, row, i, line, field);
        else
            psyi_put_blank(sheet, row, i, field->style);
    }
}

static void add_choices(psyi_report *report, psyi_sheet *sheet, const psyi_cell_field *field,
                        size_t first, size_t last, size_t column)
{
    const char *texts[32];
    size_t n = 0;
    for (; n < 31 && (field->choices[n].zh != NULL || field->choices[n].en != NULL); n++)
        texts[n] = psyi_text(report, field->choices[n]);
    texts[n] = NULL;
    psyi_sheet_choices(sheet, first, last, column, texts);
}

void psyi_layout_choices(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                         size_t first, size_t last)
{
    for (size_t i = 0; i < layout->n; i++)
        if (layout->fields[i].choices != NULL)
            add_choices(report, sheet, &layout->fields[i], first, last, i);
}

size_t psyi_layout_column(const psyi_layout *layout, const char *key)
{
    for (size_t i = 0; i < layout->n; i++)
        if (strcmp(layout->fields[i].key, key) == 0)
            return i;
    return SIZE_MAX;
}

/* ="text" in a formula. */
static void add_quoted(psyi_buffer *out, const char *text)
{
    psyi_buffer_text(out, "=\"");
    for (; *text != '\0'; text++) {
        if (*text == '"')
            psyi_buffer_char(out, '"');
        psyi_buffer_char(out, *text);
    }
    psyi_buffer_char(out, '"');
}

static void mark_tiers(psyi_report *report, psyi_sheet *sheet, size_t column, size_t first,
                       size_t last)
{
    const psyi_scheme *const scheme = report->results->plan->scheme;
    char letters[4];
    psyi_column_letters(column, letters);
    for (size_t i = 0; scheme != NULL && i < scheme->n_tiers; i++) {
        const psyi_tier *const tier = &scheme->tiers[i];
        if (tier->rank <= 0 || tier->rank >= PSYI_STYLE_RANKS)
            continue;
        psyi_buffer_clear(&report->text);
        psyi_buffer_format(&report->text, "=%s%zu", letters, first + 1);
        add_quoted(&report->text, psyi_text(report, tier->name));
        psyi_sheet_mark(sheet, first, column, last, column, psyi_report_take(report, &report->text),
                        PSYI_MARK_TIER + tier->rank);
    }
}

void psyi_layout_marks(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                       size_t first, size_t last)
{
    static const char *const chosen[] = {"tier_final", "tier_2"};
    const size_t due = psyi_layout_column(layout, "due_by");
    const size_t done = psyi_layout_column(layout, "interview_date");
    const size_t status = psyi_layout_column(layout, "status");
    char a[4], b[4];
    for (size_t i = 0; i < sizeof chosen / sizeof chosen[0]; i++) {
        const size_t column = psyi_layout_column(layout, chosen[i]);
        if (column != SIZE_MAX)
            mark_tiers(report, sheet, column, first, last);
    }
    if (due != SIZE_MAX && done != SIZE_MAX) {
        psyi_column_letters(due, a);
        psyi_column_letters(done, b);
        psyi_sheet_mark(sheet, first, due, last, due,
                        psyi_report_format(report,
                                           "=AND(ISNUMBER($%s%zu),$%s%zu<NOW(),$%s%zu=\"\")", a,
                                           first + 1, a, first + 1, b, first + 1),
                        PSYI_MARK_OVERDUE);
    }
    if (status != SIZE_MAX && layout->n > 0) {
        psyi_column_letters(status, a);
        psyi_buffer_clear(&report->text);
        psyi_buffer_format(&report->text, "=$%s%zu", a, first + 1);
        add_quoted(&report->text, PSYI_WORD(report, "已结案", "closed"));
        psyi_sheet_mark(sheet, first, 0, last, layout->n - 1,
                        psyi_report_take(report, &report->text), PSYI_MARK_CLOSED);
    }
}

static double width_of(const psyi_layout *layout)
{
    double width = 0;
    for (size_t i = 0; i < layout->n; i++)
        width += layout->fields[i].width;
    return width;
}

static unsigned pages_of(const psyi_layout *layout)
{
    return 1 + (unsigned)((width_of(layout) - 0.01) / PAGE_WIDTH);
}

size_t psyi_layout_repeated(const psyi_layout *layout, size_t keep)
{
    return width_of(layout) > PAGE_WIDTH ? keep : 0;
}

/* Behind what is repeated, the first of its pages has so much room at least. */
double psyi_layout_note_width(const psyi_layout *layout, size_t keep)
{
    double width = width_of(layout);
    for (size_t i = 0; i < psyi_layout_repeated(layout, keep) && i < layout->n; i++)
        width -= layout->fields[i].width;
    return width / pages_of(layout);
}

/* So many lines of a table and its head fit on one page, whatever its width. */
enum { ROWS_OF_ANY_PAGE = 25 };

static void end_table(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                      size_t head, size_t n, size_t keep, size_t end, const size_t *breaks,
                      size_t n_breaks)
{
    if (n == 0) {
        psyi_sheet_plain(sheet, head + 1);
        psyi_put_text(sheet, head + 1, 0, PSYI_WORD(report, "（无）", "(none)"), PSYI_STYLE_NOTE);
        if (end < head + 2)
            end = head + 2;
    }
    const size_t last_column = layout->n > 0 ? layout->n - 1 : 0;
    report->note_column = psyi_layout_repeated(layout, keep);
    report->note_width = psyi_layout_note_width(layout, keep);
    psyi_sheet_freeze(sheet, head + 1, keep);
    if (n > 0)
        psyi_sheet_filter(sheet, head, head + n, last_column);
    const psyi_print page = {
        .heads = n_breaks == 0 || n > ROWS_OF_ANY_PAGE, /* no heads over pages of charts alone */
        .head_first = head,
        .head_last = head,
        .columns_kept = report->note_column,
        .last_row = end > 0 ? end - 1 : 0,
        .last_column = last_column,
        .pages_wide = pages_of(layout),
        .breaks = breaks,
        .n_breaks = n_breaks,
        .header = psyi_legend(report),
        .about = psyi_report_about(report),
        .footer = psyi_not_a_diagnosis(report),
    };
    psyi_sheet_print(sheet, &page);
}

void psyi_layout_end_filled(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                            size_t head, size_t n, size_t keep, size_t end)
{
    end_table(report, sheet, layout, head, n, keep, end, NULL, 0);
}

void psyi_layout_end_pages(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                           size_t n, const size_t *breaks, size_t n_breaks, size_t end)
{
    end_table(report, sheet, layout, 0, n, 1, end, breaks, n_breaks);
}

void psyi_layout_end(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout, size_t head,
                     size_t n, size_t keep, size_t end)
{
    if (n > 0) {
        psyi_layout_choices(report, sheet, layout, head + 1, head + n);
        psyi_layout_marks(report, sheet, layout, head + 1, head + n);
    }
    psyi_layout_end_filled(report, sheet, layout, head, n, keep, end);
}

/* ---- 字段说明 ---- */

typedef struct explained {
    const psyi_layout *layout;
    const psyi_cell_field *field;
} explained;

static void fill_sheet_name(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                            const psyi_cell_field *field)
{
    const explained *const subject = line->data;
    (void)field;
    psyi_put_text(sheet, row, column, psyi_text(line->report, subject->layout->name),
                  PSYI_STYLE_PLAIN);
}

static void fill_head(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const explained *const subject = line->data;
    const char *const text = field->a == 0 ? subject->field->head.zh : subject->field->head.en;
    psyi_put_text(sheet, row, column,
                  text != NULL ? text : psyi_text(line->report, subject->field->head),
                  PSYI_STYLE_PLAIN);
}

static void fill_key(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column, ((const explained *)line->data)->field->key,
                  PSYI_STYLE_PLAIN);
}

static void fill_note(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const explained *const subject = line->data;
    (void)field;
    const char *const note = psyi_text(line->report, subject->field->note);
    psyi_put_text(sheet, row, column,
                  note[0] == '\0' && subject->field->fill == NULL
                      ? PSYI_WORD(line->report, "由人填写", "to be filled in")
                      : note,
                  PSYI_STYLE_PLAIN);
}

void psyi_layout_dictionary(psyi_report *report)
{
    static const psyi_cell_field columns[] = {
        {.key = "sheet",
         .head = PSYI_LABEL("工作表", "Sheet"),
         .width = 20,
         .fill = fill_sheet_name},
        {.key = "head_zh",
         .head = PSYI_LABEL("列名", "Name (zh)"),
         .width = 26,
         .style = PSYI_STYLE_WRAP,
         .fill = fill_head,
         .a = 0},
        {.key = "head_en",
         .head = PSYI_LABEL("英文列名", "Name (en)"),
         .width = 32,
         .style = PSYI_STYLE_WRAP,
         .fill = fill_head,
         .a = 1},
        {.key = "key",
         .head = PSYI_LABEL("字段键", "Key"),
         .width = 32,
         .style = PSYI_STYLE_WRAP,
         .fill = fill_key},
        {.key = "note",
         .head = PSYI_LABEL("说明", "Meaning"),
         .width = 70,
         .style = PSYI_STYLE_WRAP,
         .fill = fill_note},
    };
    const size_t n_layouts = report->n_layouts;
    psyi_layout *const layout =
        psyi_layout_new(report, "dictionary", (psyi_label)PSYI_LABEL("字段说明", "Dictionary"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    size_t n = 0;
    for (size_t i = 0; i < n_layouts; i++)
        for (size_t j = 0; j < report->layouts[i]->n; j++) {
            const explained subject = {report->layouts[i], &report->layouts[i]->fields[j]};
            const psyi_line line = {.report = report, .data = &subject};
            psyi_layout_row(sheet, ++n, layout, &line);
        }
    psyi_layout_end(report, sheet, layout, 0, n, 0, n + 1);
}
