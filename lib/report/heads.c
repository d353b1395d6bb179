/*
 * heads.c -- the first row of a table: its columns' names, broken into lines where words end.
 */
#include "report/layout.h"

#include <string.h>

#define MOST_HEAD 256 /* bytes of a line of a head that is broken here */

/* Does it stand on one line, in bold letters? */
static bool on_one_line(const char *text, size_t length, double width)
{
    char line[MOST_HEAD];
    memcpy(line, text, length);
    line[length] = '\0';
    return psyi_text_lines(line, width - 0.5) == 1;
}

/* Where the piece that begins at `from` ends: before a blank or a bracket, behind a comma or a
 * colon. */
static size_t piece_end(const char *text, size_t from, size_t length)
{
    for (size_t at = from + 1; at < length; at++)
        if (text[at] == ' ' || strncmp(text + at, "（", 3) == 0 ||
            (at >= 3 &&
             (strncmp(text + at - 3, "，", 3) == 0 || strncmp(text + at - 3, "：", 3) == 0)))
            return at;
    return length;
}

/* The first byte of a Chinese character, or of a sign that is as wide. */
static bool is_chinese(char c)
{
    return (unsigned char)c >= 0xE3;
}

/* A line of a head.  Programs break Chinese between any two characters, and "学习焦 / 虑 等次" is
 * no word: where it has to go on, it does at the end of one. */
static void add_head_line(psyi_buffer *out, const char *text, size_t length, double width)
{
    size_t line = 0, at = 0;
    while (length < MOST_HEAD && at < length) {
        const size_t end = piece_end(text, at, length);
        const size_t begin = at + (text[at] == ' ');
        if (at > line && begin < length && is_chinese(text[begin]) &&
            !on_one_line(text + line, end - line, width)) {
            psyi_buffer_add(out, text + line, at - line);
            psyi_buffer_char(out, '\n');
            line = begin;
        }
        at = end;
    }
    psyi_buffer_add(out, text + line, length - line);
}

static const char *broken_head(psyi_report *report, const psyi_cell_field *field)
{
    const char *text = psyi_text_both(report, field->head);
    psyi_buffer *const out = &report->more;
    psyi_buffer_clear(out);
    for (;;) {
        const size_t length = strcspn(text, "\n");
        add_head_line(out, text, length, field->width);
        if (text[length] == '\0')
            break;
        psyi_buffer_char(out, '\n');
        text += length + 1;
    }
    return psyi_report_format(report, "%s", psyi_report_take(report, out));
}

void psyi_layout_head(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout, size_t row)
{
    unsigned lines = 1;
    const char **const heads = psyi_arena_alloc(&report->arena, layout->n + 1, sizeof *heads);
    if (heads == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: heads of a sheet");
        return;
    }
    for (size_t i = 0; i < layout->n; i++) {
        const psyi_cell_field *const field = &layout->fields[i];
        heads[i] = broken_head(report, field);
        /* The look of a column to fill in ends with its rows. */
        psyi_sheet_column(sheet, i, field->width,
                          field->fill != NULL && field->style != PSYI_STYLE_PLAIN
                              ? field->style
                              : PSYI_STYLE_TEXT);
        const unsigned need = psyi_text_lines(heads[i], field->width);
        lines = need > lines ? need : lines;
    }
    psyi_sheet_height(sheet, row, 4 + PSYI_LINE_HEIGHT * (lines > 8 ? 8 : lines));
    for (size_t i = 0; i < layout->n; i++) {
        const psyi_cell_field *const field = &layout->fields[i];
        psyi_put_text(sheet, row, i, heads[i],
                      field->fill != NULL ? PSYI_STYLE_HEAD : PSYI_STYLE_HEAD_FILL);
    }
}
