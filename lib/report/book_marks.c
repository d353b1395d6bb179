/*
 * book_marks.c -- cells that colour themselves while people fill the sheet in.
 */
#include "report/book_parts.h"

size_t psyi_column_letters(size_t column, char out[4])
{
    char reversed[4];
    size_t n = 0;
    for (size_t rest = column + 1; rest > 0 && n < 3; rest = (rest - 1) / 26)
        reversed[n++] = (char)('A' + (rest - 1) % 26);
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    out[n] = '\0';
    return n;
}

static lxw_format *mark_format(psyi_book *book, int mark)
{
    if (book->marks[mark] != NULL)
        return book->marks[mark];
    lxw_format *const format = workbook_add_format(book->workbook);
    book->marks[mark] = format;
    if (format == NULL) {
        psyi_book_fail(book, PSY_E_NOMEM, "out of memory: formats of a workbook");
        return NULL;
    }
    if (mark == PSYI_MARK_OVERDUE) {
        format_set_bold(format);
        format_set_font_color(format, 0xC00000);
    } else if (mark == PSYI_MARK_CLOSED) {
        format_set_font_color(format, 0x7F7F7F);
        format_set_bg_color(format, 0xEDEDED);
    } else {
        const int32_t paper = book->tier_papers[mark - PSYI_MARK_TIER];
        format_set_bold(format);
        if (paper >= 0) {
            format_set_bg_color(format, (lxw_color_t)paper);
            format_set_font_color(format, (lxw_color_t)psyi_ink_on(paper));
        }
    }
    return format;
}

void psyi_sheet_mark(psyi_sheet *sheet, size_t first_row, size_t first_column, size_t last_row,
                     size_t last_column, const char *formula, int mark)
{
    psyi_book *const book = sheet->book;
    if (psyi_book_failed(book) || sheet->sheet == NULL || mark < 0 || mark >= PSYI_MARKS ||
        last_row < first_row)
        return;
    lxw_conditional_format rule = {0};
    rule.type = LXW_CONDITIONAL_TYPE_FORMULA;
    rule.value_string = (char *)formula; /* copied */
    rule.format = mark_format(book, mark);
    if (rule.format != NULL)
        psyi_book_check(book,
                        worksheet_conditional_format_range(
                            sheet->sheet, (lxw_row_t)first_row, (lxw_col_t)first_column,
                            (lxw_row_t)last_row, (lxw_col_t)last_column, &rule),
                        "set a conditional format");
}
