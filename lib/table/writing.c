/*
 * writing.c -- the two text formats, cell by cell.
 *
 * A CSV cell is quoted only when it must be (RFC 4180).  A text cell that a spreadsheet
 * would run as a formula gets an apostrophe in front (OWASP, CWE-1236): somebody opens every
 * CSV in Excel one day, and the texts come from children's forms.  Numbers and a lone sign
 * are left alone, so that codes and ids come back as they were.
 */
#include "table/writing.h"
#include "base/fail.h"
#include "base/number.h"
#include "base/text.h"
#include "table/collect.h"

#include <string.h>

#define FLUSH_AT ((size_t)65536)

/* Whether a spreadsheet may take the cell for a formula. */
static bool is_formula(const char *text, size_t length)
{
    if (length == 0)
        return false;
    uint32_t first;
    psyi_utf8_decode(text, length, &first);
    /* Full-width signs are narrowed by East Asian input methods and some imports. */
    if (first >= 0xFF01 && first <= 0xFF5E)
        first = first - 0xFF01 + '!';
    switch (first) {
    case '=':
    case '\t':
    case '\r':
        return true;
    case '@':
        return length > 1;
    case '+':
    case '-': {
        double ignored;
        return length > 1 && !psyi_number_parse(text, length, &ignored);
    }
    default:
        return false;
    }
}

void psyi_csv_cell(psyi_buffer *out, const char *text, size_t length)
{
    if (text == NULL)
        return;
    const bool formula = is_formula(text, length);
    bool quoted = false;
    for (size_t i = 0; i < length && !quoted; i++)
        quoted = text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
    if (!quoted) {
        if (formula)
            psyi_buffer_char(out, '\'');
        psyi_buffer_add(out, text, length);
        return;
    }
    psyi_buffer_char(out, '"');
    if (formula)
        psyi_buffer_char(out, '\'');
    size_t start = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] == '"') {
            psyi_buffer_add(out, text + start, i + 1 - start);
            start = i; /* the quote once more */
        }
    psyi_buffer_add(out, text + start, length - start);
    psyi_buffer_char(out, '"');
}

/* The escape of an ASCII character that JSON does not take as it is, or NULL. */
static const char *json_escape(unsigned char c, char room[8])
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        break;
    }
    if (c >= 0x20 && c != 0x7F)
        return NULL;
    memcpy(room, "\\u0000", 7);
    room[4] = "0123456789abcdef"[c >> 4];
    room[5] = "0123456789abcdef"[c & 15];
    return room;
}

void psyi_json_text(psyi_buffer *out, const char *text, size_t length)
{
    if (text == NULL) {
        psyi_buffer_text(out, "null");
        return;
    }
    psyi_buffer_char(out, '"');
    size_t start = 0, at = 0;
    while (at < length) {
        uint32_t c;
        char room[8];
        const size_t used = psyi_utf8_decode(text + at, length - at, &c);
        const char *instead = NULL;
        if (used == 1 && c == 0xFFFD)
            instead = "\xEF\xBF\xBD";
        else if (c < 0x80)
            instead = json_escape((unsigned char)c, room);
        if (instead != NULL) {
            psyi_buffer_add(out, text + start, at - start);
            psyi_buffer_text(out, instead);
            start = at + used;
        }
        at += used;
    }
    psyi_buffer_add(out, text + start, length - start);
    psyi_buffer_char(out, '"');
}

psy_status psyi_flush(psyi_buffer *out, const psy_sink *sink, bool all, psy_error *error)
{
    if (out->failed)
        return psyi_fail_memory(error, "text to write");
    if (out->length == 0 || (!all && out->length < FLUSH_AT))
        return PSY_OK;
    if (sink->write(sink->context, out->data, out->length) != 0)
        return psyi_fail(error, PSY_E_OUTPUT, NULL, "the output took no more bytes");
    psyi_buffer_clear(out);
    return PSY_OK;
}
