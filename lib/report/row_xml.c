/*
 * row_xml.c -- rows of lists as the XML of a sheet.
 *
 * Nine tenths of a district's workbooks are such rows.  Cells come in ascending order; the
 * tag of a row is printed when the row is complete, because its height is known then.
 */
#include "report/book_parts.h"

#include "base/number.h"

#include <string.h>

/* "A", "Z", "AA", ...; at most three letters. */
static size_t column_letters(size_t column, char *out)
{
    char reversed[4];
    size_t n = 0;
    for (size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        reversed[n++] = (char)('A' + (rest - 1) % 26);
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    return n;
}

static size_t decimal(uint64_t value, char *out)
{
    char reversed[24];
    size_t n = 0;
    do {
        reversed[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    return n;
}

void psyi_row_end(psyi_sheet *sheet)
{
    psyi_buffer *const out = &sheet->xml;
    const bool high = sheet->height > 0;
    sheet->next_column = 0;
    if (sheet->cells.length == 0 && !sheet->cells.failed && !high && sheet->row_style < 0)
        return;
    char tag[64];
    size_t n = 8;
    memcpy(tag, "<row r=\"", 8);
    n += decimal(sheet->row + 1, tag + n);
    tag[n++] = '"';
    psyi_buffer_add(out, tag, n);
    if (sheet->row_style >= 0) {
        psyi_buffer_text(out, " s=\"");
        psyi_buffer_integer(out, sheet->row_style);
        psyi_buffer_text(out, "\" customFormat=\"1\"");
    }
    if (high) {
        psyi_buffer_text(out, " ht=\"");
        psyi_buffer_number(out, sheet->height);
        psyi_buffer_text(out, "\" customHeight=\"1\"");
    }
    psyi_buffer_char(out, '>');
    psyi_buffer_add(out, sheet->cells.length > 0 ? sheet->cells.data : "", sheet->cells.length);
    psyi_buffer_text(out, "</row>");
    /* Clearing forgets a failure, which must be kept. */
    if (sheet->cells.failed)
        out->failed = true;
    psyi_buffer_clear(&sheet->cells);
    sheet->rows = sheet->row + 1;
    sheet->height = 0;
    sheet->row_style = -1;
}

/* <c r="B7" s="3" and what follows; the tag stays open. */
static void begin_cell(psyi_sheet *sheet, size_t column, int style)
{
    char tag[64];
    size_t n = 6;
    memcpy(tag, "<c r=\"", 6);
    n += column_letters(column, tag + n);
    n += decimal(sheet->row + 1, tag + n);
    tag[n++] = '"';
    const int32_t index = psyi_style_index(sheet, column, style);
    if (index > 0) {
        memcpy(tag + n, " s=\"", 4);
        n += 4;
        n += decimal((uint64_t)index, tag + n);
        tag[n++] = '"';
    }
    psyi_buffer_add(&sheet->cells, tag, n);
    if (column + 1 > sheet->columns)
        sheet->columns = column + 1;
    sheet->next_column = column + 1;
}

void psyi_cell_blank_xml(psyi_sheet *sheet, size_t column, int style)
{
    begin_cell(sheet, column, style);
    psyi_buffer_add(&sheet->cells, "/>", 2);
}

void psyi_cell_number_xml(psyi_sheet *sheet, size_t column, double value, int style)
{
    char text[48] = "><v>";
    size_t n = 4;
    begin_cell(sheet, column, style);
    if (value >= 0 && value < 1e15 && value == (double)(uint64_t)value)
        n += decimal((uint64_t)value, text + n);
    else
        n += psyi_number_print(value, text + n);
    memcpy(text + n, "</v></c>", 8);
    psyi_buffer_add(&sheet->cells, text, n + 8);
}

void psyi_cell_text_xml(psyi_sheet *sheet, size_t column, const char *text, int style)
{
    psyi_buffer *const out = &sheet->cells;
    const size_t length = strlen(text);
    const bool blanks = (unsigned char)text[0] <= ' ' || (unsigned char)text[length - 1] <= ' ';
    begin_cell(sheet, column, style);
    psyi_buffer_text(out, blanks ? " t=\"inlineStr\"><is><t xml:space=\"preserve\">"
                                 : " t=\"inlineStr\"><is><t>");
    size_t from = 0;
    for (size_t at = 0; at < length; at++) {
        const char *const entity = text[at] == '&'   ? "&amp;"
                                   : text[at] == '<' ? "&lt;"
                                   : text[at] == '>' ? "&gt;"
                                                     : NULL;
        if (entity == NULL)
            continue;
        psyi_buffer_add(out, text + from, at - from);
        psyi_buffer_text(out, entity);
        from = at + 1;
    }
    psyi_buffer_add(out, text + from, length - from);
    psyi_buffer_add(out, "</t></is></c>", 13);
}

void psyi_sheet_dimension(const psyi_sheet *sheet, char out[32])
{
    size_t n = 2;
    memcpy(out, "A1", 2);
    if (sheet->rows > 1 || sheet->columns > 1) {
        out[n++] = ':';
        n += column_letters(sheet->columns > 0 ? sheet->columns - 1 : 0, out + n);
        n += decimal(sheet->rows > 0 ? sheet->rows : 1, out + n);
    }
    out[n] = '\0';
}
