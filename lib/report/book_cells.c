/*
 * book_cells.c -- cells that Excel can read.
 *
 * Texts are checked: an invalid byte, a control character, a U+FFFE would
 * make the package unreadable, "_x0041_" would come back as "A", and a text beyond 32,767
 * characters is refused by Excel.  They are mended and counted, because a row with an odd
 * character in it must not cost a child its line.
 */
#include "report/book_parts.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

#define MOST_TEXT  32767u                  /* UTF-16 units in a cell */
#define LONG_TEXT  24                      /* bytes, from which it is shared at once */
#define MOST_EXACT INT64_C(10000000000000) /* hundredths of it have fifteen digits */

static lxw_format *format_of(psyi_sheet *sheet, int style)
{
    const int plain = style & ~PSYI_BOLD;
    return sheet->book->formats[style == plain ? 0 : 1][plain];
}

/* ---- texts ---- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* "_x0041_" is how Excel writes a character it cannot. */
static bool looks_escaped(const char *at)
{
    return at[0] == '_' && at[1] == 'x' && is_hex(at[2]) && is_hex(at[3]) && is_hex(at[4]) &&
           is_hex(at[5]) && at[6] == '_';
}

static bool is_clean(const char *text, size_t length, size_t most)
{
    /* A byte makes at most one unit, so a short text is short enough. */
    if (length > most || psyi_utf8_check(text, length) < length)
        return false;
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || (c == '_' && looks_escaped(text + i)) ||
            (c == 0xEF && (unsigned char)text[i + 1] == 0xBF && (unsigned char)text[i + 2] >= 0xBE))
            return false;
    }
    return true;
}

const char *psyi_book_clean(psyi_book *book, const char *text, size_t most)
{
    const size_t length = strlen(text);
    if (is_clean(text, length, most))
        return text;
    psyi_buffer *const out = &book->scratch;
    psyi_buffer_clear(out);
    bool mended = false;
    size_t units = 0;
    for (size_t at = 0; at < length;) {
        uint32_t c;
        const size_t n = psyi_utf8_decode(text + at, length - at, &c);
        const bool bad = c == 0xFFFD || c == 0xFFFE || c == 0xFFFF || c == 0x7F ||
                         (c < 0x20 && c != '\n' && c != '\t');
        const size_t need = c > 0xFFFF ? 2 : 1;
        if (units + need + (at + n < length ? 1 : 0) > most) {
            psyi_buffer_text(out, "…");
            mended = true;
            break;
        }
        /* The escape of "_x0041_" counts as the one character that it is. */
        if (looks_escaped(text + at))
            psyi_buffer_text(out, "_x005F_");
        else if (bad)
            psyi_buffer_text(out, "\xEF\xBF\xBD");
        else
            psyi_buffer_add(out, text + at, n);
        mended = mended || (bad && c != 0xFFFD) || (c == 0xFFFD && n == 1);
        units += need;
        at += n;
    }
    book->n_mended += mended;
    if (out->failed) {
        psyi_book_fail(book, PSY_E_NOMEM, "out of memory: a text of a workbook");
        return "";
    }
    return out->data != NULL ? out->data : "";
}

/* ---- cells ---- */

int32_t psyi_style_index(psyi_sheet *sheet, size_t column, int style)
{
    psyi_book *const book = sheet->book;
    const int bold = (style & PSYI_BOLD) != 0;
    int plain = style & ~PSYI_BOLD;
    if (plain == PSYI_STYLE_PLAIN && bold == 0 && column < PSYI_MAX_FITTED)
        plain = sheet->styles[column];
    int32_t *const index = &book->indices[bold][plain];
    if (*index < 0)
        *index = book->formats[bold][plain] != NULL
                     ? lxw_format_get_xf_index(book->formats[bold][plain])
                     : 0;
    return *index;
}

/* May a cell be put here? */
static bool place(psyi_sheet *sheet, size_t row, size_t column)
{
    psyi_book *const book = sheet->book;
    if (sheet->sheet == NULL || psyi_book_failed(book))
        return false;
    if (row >= LXW_ROW_MAX || column >= LXW_COL_MAX) {
        psyi_book_fail(book, PSY_E_LIMIT, "a sheet holds 1,048,576 rows and 16,384 columns");
        return false;
    }
    if (!psyi_sheet_go(sheet, row))
        return false;
    if (sheet->streaming && column < sheet->next_column) {
        psyi_book_fail(book, PSY_E_INTERNAL, "cells of a streaming sheet out of order");
        return false;
    }
    return true;
}

bool psyi_sheet_go(psyi_sheet *sheet, size_t row)
{
    if (row == sheet->row)
        return true;
    if (sheet->streaming && row < sheet->row) {
        psyi_book_fail(sheet->book, PSY_E_INTERNAL, "rows of a streaming sheet out of order");
        return false;
    }
    psyi_sheet_fit(sheet);
    if (sheet->streaming)
        psyi_row_end(sheet);
    sheet->row = row;
    return true;
}

/* How wide a letter is, in hundredths of the digit that widths of columns count: the letters of the
 * font that the styles name (those of Segoe UI, at 10 points beside the digits of Calibri 11).
 * Small letters and blanks are narrower than a digit; to take all for one made rows of English a
 * third higher than their text. */
static unsigned letter_width(unsigned char c)
{
    static const unsigned char widths[95] = {
        53,  55,  75,  113, 103, 156, 153, 44,  58,  58,  80,  131, 42,  77,  42,  75,
        103, 103, 103, 103, 103, 103, 103, 103, 103, 103, 42,  42,  131, 131, 131, 86,
        182, 123, 110, 118, 134, 97,  93,  131, 136, 51,  68,  111, 90,  172, 143, 144,
        107, 144, 114, 102, 100, 131, 119, 178, 113, 106, 109, 58,  73,  58,  131, 80,
        52,  97,  112, 88,  113, 100, 60,  113, 108, 47,  47,  95,  47,  165, 108, 112,
        112, 113, 67,  81,  65,  108, 92,  138, 88,  93,  87,  58,  46,  58,  131};
    return c >= ' ' && c < 127 ? widths[c - ' '] : 104;
}

/* Programs break lines between Chinese characters and after blanks and hyphens; a word that is
 * longer than a line anywhere. */
unsigned psyi_text_lines(const char *text, double width)
{
    const unsigned room = width > 1.5 ? (unsigned)(100 * (width - 0.5)) : 100;
    unsigned lines = 1, used = 0, word = 0; /* widths of the line and of its last word */
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '\n') {
            lines++;
            used = word = 0;
        } else if (c == ' ') { /* at the end of a line it needs no room */
            used += letter_width(c);
            word = 0;
        } else if (c < 0x80 || c >= 0xC0) { /* the first byte of a character */
            /* A Chinese character is as wide as two letters. */
            const bool whole = c >= 0xE2;
            const unsigned need = c < 0x80 ? letter_width(c) : whole ? 198 : 120;
            if (whole)
                word = 0;
            if (used + need > room) {
                lines++;
                used = word < used && word + need <= room ? word : 0;
                word = used;
            }
            used += need;
            word = whole || c == '-' ? 0 : word + need;
        }
    }
    return lines;
}

/* Not every program fits rows to wrapped texts when it opens a file, so it is done here, from
 * an estimate. */
static void measure(psyi_sheet *sheet, size_t column, const char *text, int style)
{
    const int plain = style & ~PSYI_BOLD;
    if (column >= PSYI_MAX_FITTED || sheet->widths[column] <= 0)
        return;
    const int shown = plain != PSYI_STYLE_PLAIN ? plain : sheet->styles[column];
    if (!psyi_style_wraps(shown))
        return;
    const unsigned lines = psyi_text_lines(text, (double)sheet->widths[column]);
    if (lines > sheet->lines)
        sheet->lines = lines;
}

void psyi_sheet_fit(psyi_sheet *sheet)
{
    const unsigned lines = sheet->lines > 24 ? 24 : sheet->lines; /* 409 points at most */
    sheet->lines = 0;
    if (lines > 1 && sheet->sheet != NULL && !psyi_book_failed(sheet->book))
        psyi_sheet_set_row(sheet, PSYI_LINE_HEIGHT * lines, -1);
}

void psyi_sheet_set_row(psyi_sheet *sheet, double height, int style)
{
    if (sheet->streaming) {
        if (height > 0)
            sheet->height = height;
        if (style >= 0)
            sheet->row_style = psyi_style_index(sheet, SIZE_MAX, style);
        return;
    }
    psyi_book_check(sheet->book,
                    worksheet_set_row(sheet->sheet, (lxw_row_t)sheet->row,
                                      height > 0 ? height : LXW_DEF_ROW_HEIGHT,
                                      style >= 0 ? sheet->book->formats[0][style] : NULL),
                    "set a row");
    if (sheet->row + 1 > sheet->rows)
        sheet->rows = sheet->row + 1;
}

static void put(psyi_sheet *sheet, size_t row, lxw_error code)
{
    if (psyi_book_check(sheet->book, code, "write a cell") && row + 1 > sheet->rows)
        sheet->rows = row + 1;
}

void psyi_put_blank(psyi_sheet *sheet, size_t row, size_t column, int style)
{
    /* A blank without a format is no cell at all. */
    if (style == PSYI_STYLE_PLAIN || !place(sheet, row, column))
        return;
    if (sheet->streaming) {
        psyi_cell_blank_xml(sheet, column, style);
        return;
    }
    put(sheet, row,
        worksheet_write_blank(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column,
                              format_of(sheet, style)));
}

static void stream_text(psyi_sheet *sheet, size_t column, const char *text, int style)
{
    psyi_book *const book = sheet->book;
    const size_t length = strlen(text);
    const bool word = length <= PSYI_MOST_WORD;
    if (word && psyi_cell_word_xml(sheet, column, text, length, style)) {
        measure(sheet, column, text, style);
        return;
    }
    const char *const clean = psyi_book_clean(book, text, MOST_TEXT);
    measure(sheet, column, clean, style);
    if (word && clean == text) {
        psyi_book_word(book, text, length);
        if (psyi_cell_word_xml(sheet, column, text, length, style))
            return;
    }
    const size_t kept = clean == text ? length : strlen(clean);
    if (kept < LONG_TEXT || !psyi_cell_shared_xml(sheet, column, clean, style))
        psyi_cell_text_xml(sheet, column, clean, kept, style);
}

void psyi_put_text(psyi_sheet *sheet, size_t row, size_t column, const char *text, int style)
{
    if (text == NULL || text[0] == '\0') {
        psyi_put_blank(sheet, row, column, style);
        return;
    }
    if (!place(sheet, row, column))
        return;
    if (sheet->streaming) {
        stream_text(sheet, column, text, style);
        return;
    }
    const char *const clean = psyi_book_clean(sheet->book, text, MOST_TEXT);
    measure(sheet, column, clean, style);
    put(sheet, row,
        worksheet_write_string(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, clean,
                               format_of(sheet, style)));
}

void psyi_put_number(psyi_sheet *sheet, size_t row, size_t column, double value, int style)
{
    if (!isfinite(value)) {
        psyi_put_blank(sheet, row, column, style);
        return;
    }
    if (!place(sheet, row, column))
        return;
    if (sheet->streaming) {
        psyi_cell_number_xml(sheet, column, value, style);
        return;
    }
    put(sheet, row,
        worksheet_write_number(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, value,
                               format_of(sheet, style)));
}

void psyi_put_integer(psyi_sheet *sheet, size_t row, size_t column, int64_t value, int style)
{
    psyi_put_number(sheet, row, column, (double)value, style);
}

void psyi_put_ratio(psyi_sheet *sheet, size_t row, size_t column, psyi_ratio value,
                    unsigned decimals, int style)
{
    if (value.den > 1)
        value = psyi_ratio_round_to(value, decimals);
    if (sheet->streaming && value.den > 0 && value.den <= 100 && 100 % value.den == 0 &&
        value.num > -MOST_EXACT && value.num < MOST_EXACT) {
        if (place(sheet, row, column))
            psyi_cell_ratio_xml(sheet, column, value.num, value.den, style);
        return;
    }
    psyi_put_number(sheet, row, column, psyi_ratio_double(value), style);
}

/* Days between 1899-12-30, where spreadsheets begin, and 1970. */
#define FIRST_DAY  25569
#define DAY        86400
#define OLDEST_DAY (-25000)
#define LATEST_DAY 2900000

static int64_t day_of(int64_t seconds)
{
    return seconds >= 0 ? seconds / DAY : -((-seconds + DAY - 1) / DAY);
}

void psyi_put_date(psyi_sheet *sheet, size_t row, size_t column, int64_t seconds, int style)
{
    const int64_t day = day_of(seconds);
    if (day < OLDEST_DAY || day > LATEST_DAY)
        psyi_put_blank(sheet, row, column, style);
    else
        psyi_put_integer(sheet, row, column, day + FIRST_DAY, style);
}

void psyi_put_time(psyi_sheet *sheet, size_t row, size_t column, int64_t seconds, int style)
{
    const int64_t day = day_of(seconds);
    if (day < OLDEST_DAY || day > LATEST_DAY) {
        psyi_put_blank(sheet, row, column, style);
        return;
    }
    /* To a millisecond, so that the digits stay few; up, because minutes are cut. */
    const int64_t part = ((seconds - day * DAY) * 100000000 + DAY - 1) / DAY;
    psyi_put_number(sheet, row, column, (double)((day + FIRST_DAY) * 100000000 + part) / 1e8,
                    style);
}
