/*
 * odd_row.c -- a second header, a sum below the table, a note.
 *
 * Exports are put one below the other, and offices write sums and signatures below their
 * tables.  A sum is no child, and behind the header of an export with other columns every
 * answer would be read as the answer to another question: that is refused.
 */
#include "intake/odd_row.h"
#include "base/fail.h"
#include "base/text.h"
#include "intake/cell.h"
#include "table/collect.h"

#include <string.h>

static const char *const sums[] = {"合计",   "总计", "小计",   "共计",   "平均",
                                   "平均分", "均值", "平均值", "标准差", "总和",
                                   "Total",  "Sum",  "Mean",   "Average"};
/* How a note begins; it stands in its row alone. */
static const char *const notes[] = {"说明：", "说明:",  "备注：", "备注:",  "注：",  "注:",
                                    "※",      "填表人", "制表人", "审核人", "填报人"};
enum { N_SUMS = sizeof sums / sizeof *sums, N_NOTES = sizeof notes / sizeof *notes };

void psyi_odd_rows_make(psyi_odd_rows *out, const psyi_header *header)
{
    memset(out, 0, sizeof *out);
    out->header = header;
    for (size_t i = 0; i < header->n_columns; i++)
        out->first[(unsigned char)header->names[i][0]] = true;
    for (size_t i = 0; i < N_SUMS; i++)
        out->first[(unsigned char)sums[i][0]] = out->first[(unsigned char)sums[i][0] | 0x20] = true;
    for (size_t i = 0; i < N_NOTES; i++)
        out->first[(unsigned char)notes[i][0]] = true;
    out->first['"'] = out->first[' '] = true;
    out->first[0] = false;
}

bool psyi_is_sum_word(const char *text, size_t length)
{
    char word[16];
    psyi_cell_trim(&text, &length);
    if (length == 0 || length >= sizeof word)
        return false;
    memcpy(word, text, length);
    word[length] = '\0';
    for (size_t i = 0; i < N_SUMS; i++)
        if (psyi_ascii_compare(word, sums[i]) == 0)
            return true;
    return false;
}

static bool begins_note(const char *text, size_t length)
{
    for (size_t i = 0; i < N_NOTES; i++) {
        const size_t n = strlen(notes[i]);
        if (length >= n && memcmp(text, notes[i], n) == 0)
            return true;
    }
    return false;
}

static bool is_name(const char *name, const char *text, size_t length)
{
    return strncmp(name, text, length) == 0 && name[length] == '\0';
}

static bool is_any_name(const psyi_header *header, const char *text, size_t length)
{
    for (size_t i = 0; i < header->n_columns; i++)
        if (is_name(header->names[i], text, length))
            return true;
    return false;
}

typedef struct row_count {
    size_t filled, in_place, names;
    bool sum, note; /* of the first cell with something in it */
} row_count;

static psy_status count_cells(const psyi_header *header, const psyi_csv *csv, row_count *out,
                              psy_error *error)
{
    psyi_csv again;
    psyi_csv_init(&again, csv->record, (size_t)(csv->at - csv->record), csv->separator, csv->file,
                  csv->allocator);
    again.stop[','] = csv->separator == ',';
    again.stop[(unsigned char)csv->separator] = true;
    again.grid = csv->grid;
    again.line = csv->record_line;
    psy_status status = PSY_OK;
    bool last = !psyi_csv_record(&again);
    *out = (row_count){0};
    for (size_t column = 0; !last && status == PSY_OK; column++) {
        psyi_cell cell;
        status = psyi_csv_read(&again, &cell, &last, error);
        if (status != PSY_OK)
            break;
        psyi_cell_trim(&cell.text, &cell.length);
        if (cell.length == 0)
            continue;
        if (out->filled++ == 0) {
            out->sum = psyi_is_sum_word(cell.text, cell.length);
            out->note = begins_note(cell.text, cell.length);
        }
        if (column < header->n_columns && is_name(header->names[column], cell.text, cell.length))
            out->in_place++;
        else
            out->names += is_any_name(header, cell.text, cell.length);
    }
    psyi_csv_done(&again);
    return status;
}

psy_status psyi_odd_row(const psyi_odd_rows *odd, const psyi_csv *csv, const char *text,
                        size_t length, psyi_row_kind *out, psy_error *error)
{
    *out = PSYI_ROW_PERSON;
    if (length > 0 && !odd->first[(unsigned char)text[0]])
        return PSY_OK;
    psyi_cell_trim(&text, &length);
    const bool sum = psyi_is_sum_word(text, length);
    if (length > 0 && !sum && !begins_note(text, length) && !is_any_name(odd->header, text, length))
        return PSY_OK;
    row_count count;
    const psy_status status = count_cells(odd->header, csv, &count, error);
    if (status != PSY_OK)
        return status;
    if (sum || count.sum || (count.note && count.filled == 1)) {
        *out = PSYI_ROW_NOTE;
        return PSY_OK;
    }
    if (2 * (count.in_place + count.names) < count.filled || count.filled == 0)
        return PSY_OK;
    if (count.names == 0 && (count.in_place == count.filled || odd->header->overridden)) {
        *out = PSYI_ROW_HEADER;
        return PSY_OK;
    }
    *out = PSYI_ROW_OTHER_HEADER;
    const psy_location where = psyi_location(csv->file, (size_t)csv->record_line, 1, 1);
    return psyi_fail(error, PSY_E_DATA, &where,
                     "row %llu is the header of another export, with its columns in another "
                     "order or other ones among them (%zu of %zu stand where they stood): hand "
                     "the exports over as files of their own",
                     (unsigned long long)csv->record_line, count.in_place, count.filled);
}

psy_status psyi_odd_rows_tell(const psyi_tally *tally, const psyi_odd_count counts[PSYI_ROW_KINDS],
                              psy_error *error)
{
    psy_status status = PSY_OK;
    if (tally->findings == NULL)
        return PSY_OK;
    const psyi_odd_count *const heads = &counts[PSYI_ROW_HEADER], *const sum =
                                                                      &counts[PSYI_ROW_NOTE];
    if (heads->n > 0) {
        const psy_finding finding = {
            .file = tally->file,
            .row = heads->first,
            .rule = "header_repeated",
            .severity = PSY_WARNING,
            .remedy = "if several exports stand one below the other, look whether each child is in "
                      "one of them only"};
        status = psyi_find(tally->findings, &finding, error,
                           "the header stands here once more; %llu such row%s no student, this is "
                           "the first",
                           (unsigned long long)heads->n, psyi_one_many(heads->n, " is", "s are"));
    }
    if (sum->n > 0 && status == PSY_OK) {
        const psy_finding finding = {.file = tally->file,
                                     .row = sum->first,
                                     .rule = "note_row",
                                     .severity = PSY_WARNING,
                                     .remedy = "take sums and notes out of the table"};
        status = psyi_find(tally->findings, &finding, error,
                           "a sum or a note below the table, and no student; %llu such row%s "
                           "passed over, this is the first",
                           (unsigned long long)sum->n, psyi_one_many(sum->n, " was", "s were"));
    }
    return status;
}
