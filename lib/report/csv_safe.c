/*
 * csv_safe.c -- texts that no spreadsheet runs.
 *
 * A CSV file is opened in spreadsheets, and those run a cell that looks like a formula.
 */
#include "report/csv_safe.h"

#include "table/collect.h"

#include <stdbool.h>
#include <string.h>

/* Would a spreadsheet take it for a formula (OWASP; full-width signs too)? */
static bool is_active(const char *text)
{
    switch (text[0]) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
        return true;
    case '\xEF': /* U+FF1D = U+FF0B + U+FF0D - U+FF20 @ */
        return text[1] == '\xBC' &&
               (text[2] == '\x9D' || text[2] == '\x8B' || text[2] == '\x8D' || text[2] == '\xA0');
    default:
        return false;
    }
}

void psyi_csv_safe(psyi_buffer *out, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    if (!is_active(text)) {
        psyi_csv_cell(out, text, strlen(text));
        return;
    }
    char line[256];
    const size_t length = strlen(text);
    if (length + 1 < sizeof line) {
        line[0] = '\'';
        memcpy(line + 1, text, length);
        psyi_csv_cell(out, line, length + 1);
        return;
    }
    /* Long: quoted whatever it holds. */
    psyi_buffer_text(out, "\"'");
    for (; *text != '\0'; text++) {
        psyi_buffer_char(out, *text);
        if (*text == '"')
            psyi_buffer_char(out, '"');
    }
    psyi_buffer_char(out, '"');
}
