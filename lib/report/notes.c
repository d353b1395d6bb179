/*
 * notes.c -- the small print above and below a table, in lines that fit a page.
 *
 * A cell that runs over its neighbours ends where the page does, and what stands behind that is not
 * printed.  So sentences begin new lines, and long ones are broken at a comma or a blank.
 */
#include "report/layout.h"

#include <string.h>

#define LINE_WIDTH 150.0 /* half-width characters: what the eye follows */

/* The bytes of the sign at `at`, and its width. */
static size_t sign(const char *at, unsigned *width)
{
    const unsigned char first = (unsigned char)*at;
    const size_t bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    *width = bytes > 2 ? 2 : 1;
    return bytes;
}

static bool is_end(const char *at, size_t bytes)
{
    return (bytes == 3 && memcmp(at, "。", 3) == 0) ||
           (bytes == 1 && *at == '.' && at[1] == ' ' && at[2] >= 'A' && at[2] <= 'Z');
}

static bool is_pause(const char *at, size_t bytes)
{
    return (bytes == 3 && (memcmp(at, "，", 3) == 0 || memcmp(at, "；", 3) == 0)) ||
           (bytes == 1 && *at == ' ');
}

/* (A layout that could not be made has no width.) */
static double room_of(double width)
{
    return width > 0 && width < LINE_WIDTH ? width : LINE_WIDTH;
}

/* How much of the text stands on the next line of this width: whole sentences, or to the last
 * pause; one sign at least. */
static size_t line_length(const char *text, double room)
{
    size_t at = 0, sentence = 0, pause = 0;
    unsigned width = 0, own;
    while (text[at] != '\0' && (at == 0 || width < room)) {
        const size_t bytes = sign(text + at, &own);
        const bool ends = is_end(text + at, bytes), pauses = is_pause(text + at, bytes);
        at += bytes;
        width += own;
        sentence = ends ? at : sentence;
        pause = pauses ? at : pause;
    }
    return text[at] == '\0' ? at : sentence > 0 ? sentence : pause > 0 ? pause : at;
}

size_t psyi_note_lines(psyi_report *report, psyi_sheet *sheet, size_t row, size_t column,
                       double width, const char *text, int style)
{
    const double room = room_of(width);
    do {
        const size_t length = line_length(text, room);
        psyi_sheet_plain(sheet, row);
        psyi_put_text(sheet, row++, column, psyi_report_format(report, "%.*s", (int)length, text),
                      style);
        text += length;
        while (*text == ' ')
            text++;
    } while (*text != '\0');
    return row;
}

void psyi_notes(psyi_report *report, psyi_sheet *sheet, size_t row, const char *text)
{
    const double room = room_of(report->note_width);
    for (size_t line = 0; line < PSYI_NOTE_ROWS; line++) {
        const size_t length = line + 1 < PSYI_NOTE_ROWS ? line_length(text, room) : strlen(text);
        psyi_sheet_plain(sheet, row + line);
        if (length > 0)
            psyi_put_text(sheet, row + line, report->note_column,
                          psyi_report_format(report, "%.*s", (int)length, text), PSYI_STYLE_NOTE);
        text += length;
        while (*text == ' ')
            text++;
    }
}
