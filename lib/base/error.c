/*
 * error.c -- the names of statuses, and an error rendered as a compiler renders it.
 *
 * Places are counted in code points, but a terminal shows a Chinese character two cells
 * wide: the caret line is padded in cells, so that it stands under the span.  Tabs are
 * repeated, so that they end where the terminal ends them.  A long line is shown as a
 * window around the span.
 */
#include <psyscreen/error.h>

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Code points shown of a long line, and how many of them stand before the span. */
#define WINDOW 120u
#define BEFORE 60u

const char *psy_status_name(psy_status status)
{
    switch (status) {
#define PSY_X(name, value, text)                                                                   \
    case PSY_##name:                                                                               \
        return "PSY_" #name;
        PSY_STATUS_MAP(PSY_X)
#undef PSY_X
    }
    return "PSY_E_?";
}

const char *psy_status_message(psy_status status)
{
    switch (status) {
#define PSY_X(name, value, text)                                                                   \
    case PSY_##name:                                                                               \
        return text;
        PSY_STATUS_MAP(PSY_X)
#undef PSY_X
    }
    return "unknown status";
}

/* Output that counts on after it is full, and is never cut inside a code point. */
typedef struct bounded_text {
    char *out;
    size_t size, written, total;
} bounded_text;

static void print_bytes(bounded_text *printer, const char *bytes, size_t length)
{
    /* Once something did not fit, nothing later may: the text must be a prefix. */
    if (printer->written == printer->total && length < printer->size - printer->written) {
        memcpy(printer->out + printer->written, bytes, length);
        printer->written += length;
    }
    printer->total += length;
}

static void print_text(bounded_text *printer, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        uint32_t ignored;
        const size_t used = psyi_utf8_decode(text, left, &ignored);
        print_bytes(printer, text, used);
        text += used;
        left -= used;
    }
}

static void print_count(bounded_text *printer, uint32_t value)
{
    char digits[16];
    snprintf(digits, sizeof digits, ":%lu", (unsigned long)value);
    print_text(printer, digits);
}

/* Cells a terminal uses for `c`: East Asian wide characters take two. */
static unsigned cells(uint32_t c)
{
    static const struct {
        uint32_t lo, hi;
    } none[] = {{0x0300, 0x036F}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}},
      wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0x33FF}, {0x3400, 0x4DBF},
                {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},  {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
                {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
                {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (c >= none[i].lo && c <= none[i].hi)
            return 0;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (c >= wide[i].lo && c <= wide[i].hi)
            return 2;
    return 1;
}

/* Line `number` without its end; CR, LF and CR LF end a line.  NULL when there is none. */
static const char *find_line(const char *text, size_t length, uint32_t number, size_t *out)
{
    const char *at = text;
    const char *const end = text + length;
    for (uint32_t line = 1;; line++) {
        const char *stop = at;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        if (line == number) {
            *out = (size_t)(stop - at);
            return at;
        }
        if (stop == end)
            return NULL;
        at = stop + (end - stop >= 2 && stop[0] == '\r' && stop[1] == '\n' ? 2 : 1);
    }
}

static void print_source_line(bounded_text *printer, const psy_location *where, const char *line,
                              size_t length)
{
    /* Not psyi_utf8_count, which trusts the text: here bad bytes count one by one. */
    size_t points = 0;
    for (size_t i = 0; i < length; points++) {
        uint32_t ignored;
        i += psyi_utf8_decode(line + i, length - i, &ignored);
    }
    const size_t column = where->column == 0 ? 0 : where->column - 1;
    size_t first = 0;
    if (points > WINDOW && column > BEFORE)
        first = column < points ? column - BEFORE : points - BEFORE;
    const size_t last = points - first > WINDOW ? first + WINDOW : points;
    size_t at = psyi_utf8_prefix(line, length, first);

    const char *const lead = first > 0 ? "  ..." : "  ";
    char carets[8 + 2 * WINDOW + 2 * WINDOW + 8];
    size_t n_carets = 0;
    for (const char *c = lead; *c != '\0'; c++)
        carets[n_carets++] = ' ';
    print_text(printer, lead);
    size_t marked = 0;
    for (size_t point = first; point < last; point++) {
        uint32_t c;
        const size_t used = psyi_utf8_decode(line + at, length - at, &c);
        unsigned width = cells(c);
        if (c == '\t') {
            print_bytes(printer, "\t", 1);
            width = 1;
        } else if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
            print_bytes(printer, "?", 1);
            width = 1;
        } else if (c == 0xFFFD) {
            print_bytes(printer, "\xEF\xBF\xBD", 3);
        } else {
            print_bytes(printer, line + at, used);
        }
        if (point < column)
            for (unsigned i = 0; i < width; i++)
                carets[n_carets++] = c == '\t' ? '\t' : ' ';
        else if (point - column < (where->length == 0 ? 1 : where->length))
            for (unsigned i = 0; i < width; i++)
                carets[n_carets++] = marked++ == 0 ? '^' : '~';
        at += used;
    }
    if (last < points)
        print_text(printer, "...");
    if (where->column == 0)
        return;
    print_bytes(printer, "\n", 1);
    if (marked == 0)
        carets[n_carets++] = '^'; /* the span begins at the end of the line */
    for (size_t i = 0; i < n_carets; i++)
        print_bytes(printer, carets + i, 1);
}

size_t psy_error_format(const psy_error *error, const char *source_text, size_t source_length,
                        char *out, size_t out_size)
{
    bounded_text printer = {.out = out, .size = out_size};
    const psy_location *const where = &error->where;
    if (where->source[0] != '\0') {
        print_text(&printer, where->source);
        if (where->line > 0)
            print_count(&printer, where->line);
        if (where->line > 0 && where->column > 0)
            print_count(&printer, where->column);
        print_text(&printer, ": ");
    }
    print_text(&printer, "error: ");
    print_text(&printer,
               error->message[0] != '\0' ? error->message : psy_status_message(error->status));
    if (where->line == 0 && error->path[0] != '\0') {
        print_text(&printer, " (in ");
        print_text(&printer, error->path);
        print_text(&printer, ")");
    }
    size_t length = 0;
    const char *const line = source_text == NULL || where->line == 0
                                 ? NULL
                                 : find_line(source_text, source_length, where->line, &length);
    if (line != NULL) {
        print_bytes(&printer, "\n", 1);
        print_source_line(&printer, where, line, length);
    }
    if (out_size > 0)
        out[printer.written] = '\0';
    return printer.total;
}
