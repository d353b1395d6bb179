/*
 * csv.c -- RFC 4180 and what is really found in its place.
 *
 * Taken as they are: any mix of LF, CRLF and lone CR; quotes inside unquoted cells; blanks
 * and even text behind a closing quote (the caller warns).  ="0012" is read as 0012.  Refused: a
 * quote that is never closed, because everything behind it would become one cell, and records
 * beyond the limit.
 * Cells point into the text; only those with doubled quotes or text behind the closing
 * quote are written out afresh, into one block as long as a record may be.
 */
#include "intake/csv.h"
#include "base/fail.h"
#include "base/text.h"
#include "intake/quick_bytes.h"

#include <string.h>

void psyi_csv_init(psyi_csv *csv, const char *text, size_t length, char separator, const char *file,
                   const psy_allocator *allocator)
{
    memset(csv, 0, sizeof *csv);
    csv->at = csv->record = text;
    csv->end = text + length;
    csv->separator = separator;
    csv->line = csv->record_line = 1;
    csv->file = file;
    csv->allocator = allocator;
    csv->stop[(unsigned char)separator] = true;
    csv->stop['\n'] = csv->stop['\r'] = csv->stop['\0'] = true;
}

void psyi_csv_done(psyi_csv *csv)
{
    psyi_free(csv->allocator, csv->scratch);
    csv->scratch = NULL;
}

/* Step over one line end, if there is one. */
static bool line_end(psyi_csv *csv)
{
    if (*csv->at != '\n' && *csv->at != '\r')
        return false;
    csv->at += csv->at[0] == '\r' && csv->at[1] == '\n' ? 2 : 1;
    csv->line++;
    return true;
}

void psyi_csv_skip_lines(psyi_csv *csv, uint64_t n)
{
    bool quoted = false; /* a grid quotes every cell with a quote or a line end in it */
    while (n > 0 && csv->at < csv->end) {
        quoted = quoted != (csv->grid && *csv->at == '"');
        if (!quoted && line_end(csv))
            n--;
        else
            csv->at++;
    }
}

bool psyi_csv_record(psyi_csv *csv)
{
    csv->record = csv->at;
    csv->record_line = csv->line;
    csv->scratch_used = 0;
    return csv->at < csv->end;
}

psy_location psyi_csv_place(const psyi_csv *csv, const char *at)
{
    const char *begin = csv->record;
    uint64_t line = csv->record_line;
    if (csv->grid) /* there is no text that somebody could look at */
        return psyi_location(csv->file, line, 1, 1);
    for (const char *c = csv->record; c < at; c++)
        if (*c == '\n' || (*c == '\r' && c[1] != '\n')) {
            line++;
            begin = c + 1;
        }
    return psyi_location(csv->file, line, psyi_utf8_count(begin, (size_t)(at - begin)) + 1, 1);
}

static psy_status too_long(const psyi_csv *csv, psy_error *error)
{
    const psy_location where = psyi_location(csv->file, csv->record_line, 1, 1);
    return psyi_fail(error, PSY_E_LIMIT, &where, "a line is longer than %d bytes",
                     PSYI_CSV_MAX_RECORD);
}

psy_status psyi_csv_check(const psyi_csv *csv, psy_error *error)
{
    const char *behind = csv->at;
    if (behind > csv->record && behind[-1] == '\n')
        behind--;
    if (behind > csv->record && behind[-1] == '\r')
        behind--;
    return behind - csv->record > PSYI_CSV_MAX_RECORD ? too_long(csv, error) : PSY_OK;
}

static psy_status unclosed(const psyi_csv *csv, const char *quote, psy_error *error)
{
    const psy_location where = psyi_csv_place(csv, quote);
    return psyi_fail(error, PSY_E_DATA, &where,
                     "a quote opened in line %lu is not closed: close it, or write \"\" for a "
                     "quote within a quoted cell",
                     (unsigned long)where.line);
}

static void count_lines(psyi_csv *csv, const char *from, const char *to)
{
    const size_t length = (size_t)(to - from);
    if (csv->grid)
        return;
    if (memchr(from, '\n', length) == NULL && memchr(from, '\r', length) == NULL)
        return;
    for (; from < to; from++)
        csv->line += *from == '\n' || (*from == '\r' && from[1] != '\n');
}

/* Append to the cell that is being written out. */
static bool write_out(psyi_csv *csv, psyi_cell *cell, const char *text, size_t length)
{
    if (csv->scratch == NULL)
        csv->scratch = psyi_alloc(csv->allocator, PSYI_CSV_MAX_RECORD, 1);
    if (csv->scratch == NULL)
        return false;
    memcpy(csv->scratch + csv->scratch_used, text, length);
    csv->scratch_used += length;
    cell->length += length;
    return true;
}

/* The inside of a quoted cell; csv->at stands behind its opening quote.  What is written
 * out is shorter than the record so far, which the limit keeps below the scratch. */
static psy_status read_quoted(psyi_csv *csv, psyi_cell *cell, psy_error *error)
{
    const char *const limit = (size_t)(csv->end - csv->record) > PSYI_CSV_MAX_RECORD
                                  ? csv->record + PSYI_CSV_MAX_RECORD
                                  : csv->end;
    const char *const quote = csv->at - 1;
    const char *part = csv->at;
    const size_t scratch_start = csv->scratch_used;
    bool written = false;

    cell->text = part;
    for (;;) {
        const char *const close =
            csv->at < limit ? memchr(csv->at, '"', (size_t)(limit - csv->at)) : NULL;
        if (close == NULL)
            return unclosed(csv, quote, error);
        csv->at = close + 1;
        const bool doubled = csv->at < limit && *csv->at == '"';
        if (doubled || written) {
            written = true;
            if (!write_out(csv, cell, part, (size_t)(close - part) + doubled))
                return psyi_fail_memory(error, "a record");
            cell->text = csv->scratch + scratch_start;
        } else {
            cell->length = (size_t)(close - part);
        }
        if (!doubled)
            break;
        part = ++csv->at;
    }
    count_lines(csv, quote, csv->at);

    const char *const behind = csv->at;
    const char *text = behind;
    while (!csv->stop[(unsigned char)*csv->at])
        csv->at++;
    while (text < csv->at && (*text == ' ' || *text == '\t'))
        text++;
    if (text == csv->at)
        return PSY_OK;
    if (csv->at - csv->record > PSYI_CSV_MAX_RECORD)
        return too_long(csv, error);
    cell->trailing = true;
    if (!written) {
        const char *const inside = cell->text;
        const size_t length = cell->length;
        cell->length = 0;
        if (!write_out(csv, cell, inside, length))
            return psyi_fail_memory(error, "a record");
    }
    if (!write_out(csv, cell, behind, (size_t)(csv->at - behind)))
        return psyi_fail_memory(error, "a record");
    cell->text = csv->scratch + scratch_start;
    return PSY_OK;
}

/* ="0012": how programs keep a spreadsheet from turning a text of digits into a number.  The text
 * is what stands between the quotes. */
static void unwrap(psyi_cell *cell)
{
    if (cell->length < 3 || cell->text[1] != '"' || cell->text[cell->length - 1] != '"' ||
        memchr(cell->text + 2, '"', cell->length - 3) != NULL)
        return;
    cell->text += 2;
    cell->length -= 3;
}

psy_status psyi_csv_read(psyi_csv *csv, psyi_cell *cell, bool *last, psy_error *error)
{
    *cell = (psyi_cell){.text = csv->at, .start = csv->at};
    if (*csv->at == '"') {
        cell->quoted = true;
        csv->at++;
        const psy_status status = read_quoted(csv, cell, error);
        if (status != PSY_OK)
            return status;
    } else {
        csv->at = psyi_stop_find(csv->at, csv->end, csv->separator);
        cell->length = (size_t)(csv->at - cell->text);
    }
    if (csv->at - csv->record > PSYI_CSV_MAX_RECORD)
        return too_long(csv, error);
    if (cell->length > 0 && cell->text[0] == '=' && !csv->grid)
        unwrap(cell);
    *last = csv->at == csv->end || *csv->at != csv->separator;
    if (*last)
        line_end(csv);
    else
        csv->at++;
    return PSY_OK;
}
