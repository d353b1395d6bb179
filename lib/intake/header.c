/*
 * header.c -- finding and reading the header row.
 *
 * Which separator a file uses is seen from its header row, and only when the row leaves one
 * answer: one candidate occurs, or of several only one makes names that are looked for.
 */
#include "intake/header.h"
#include "base/fail.h"
#include "base/text.h"
#include "intake/merged.h"
#include "intake/question.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    char separator;
    const char *name;
} candidates[] = {{',', "comma"}, {';', "semicolon"}, {'\t', "tab"}};
enum { N_CANDIDATES = sizeof candidates / sizeof *candidates };

static uint64_t header_row(const psyi_wanted_list *wanted)
{
    const psyi_input *const input = wanted->options->input;
    const bool stated = input != NULL && !wanted->options->generated_names && input->header_row > 0;
    return stated ? input->header_row : 1;
}

/* Does the text begin with the number of a question?  Only its head is looked at. */
static bool is_question(const char *text, size_t length)
{
    char head[64];
    unsigned row;
    const size_t shown = length < sizeof head ? length : sizeof head - 1;
    memcpy(head, text, shown);
    head[shown] = '\0';
    return psyi_question_row(head, &row) > 0;
}

static bool is_wanted(const psyi_wanted_list *wanted, const char *text, size_t length)
{
    size_t low = 0, high = wanted->n_sorted;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strncmp(wanted->sorted[middle], text, length);
        if (order < 0)
            low = middle + 1;
        else if (order > 0 || wanted->sorted[middle][length] != '\0')
            high = middle;
        else
            return true;
    }
    for (size_t i = 0; i < wanted->n_starred; i++) {
        const size_t begin = strlen(wanted->starred[i]) - 1;
        if (begin <= length && memcmp(wanted->starred[i], text, begin) == 0)
            return true;
    }
    return wanted->has_questions && is_question(text, length);
}

/* How many cells a candidate makes of the header row, and how many of them are wanted. */
static psy_status try_separator(const psyi_csv *start, char separator,
                                const psyi_wanted_list *wanted, size_t *n_cells, size_t *n_wanted,
                                psy_error *error)
{
    psyi_csv csv;
    psyi_csv_init(&csv, start->at, (size_t)(start->end - start->at), separator, start->file,
                  start->allocator);
    csv.line = start->line;
    *n_cells = *n_wanted = 0;
    psy_status status = PSY_OK;
    bool last = !psyi_csv_record(&csv);
    while (!last && status == PSY_OK) {
        psyi_cell cell;
        status = psyi_csv_read(&csv, &cell, &last, error);
        if (status != PSY_OK)
            break;
        psyi_trim(&cell.text, &cell.length);
        ++*n_cells;
        *n_wanted += is_wanted(wanted, cell.text, cell.length);
    }
    psyi_csv_done(&csv);
    return status;
}

static psy_status choose_separator(const psyi_csv *start, const psyi_wanted_list *wanted, char *out,
                                   psy_error *error)
{
    const psyi_input *const input = wanted->options->input;
    if (input != NULL && input->separator != 0 && !wanted->options->generated_names) {
        *out = input->separator;
        return PSY_OK;
    }
    size_t occurring = 0, fitting = 0, occurs = 0, fits = 0;
    for (size_t i = 0; i < N_CANDIDATES; i++) {
        size_t n_cells, n_wanted;
        const psy_status status =
            try_separator(start, candidates[i].separator, wanted, &n_cells, &n_wanted, error);
        if (status != PSY_OK)
            return status;
        if (n_cells > 1) {
            occurring++;
            occurs = i;
        }
        if (n_cells > 1 && n_wanted > 0) {
            fitting++;
            fits = i;
        }
    }
    *out = candidates[fitting == 1 ? fits : occurs].separator;
    if (occurring <= 1 || fitting == 1)
        return PSY_OK;
    const psy_location where = psyi_location(start->file, start->line, 1, 1);
    return psyi_fail(error, PSY_E_DATA, &where,
                     "commas, semicolons or tabs could separate the columns of this header row: "
                     "declare `separator: comma`, `semicolon` or `tab`%s%s",
                     wanted->where != NULL ? " under " : "",
                     wanted->where != NULL ? wanted->where : "");
}

/* The text a plan puts in place of a header cell, or NULL. */
static const char * override(const psyi_wanted_list *wanted, size_t column)
{
    const psyi_input *const input = wanted->options->input;
    if (input == NULL || wanted->options->generated_names)
        return NULL;
    for (size_t i = 0; i < input->n_header; i++)
        if (input->header[i].position == column + 1)
            return input->header[i].name;
    return NULL;
}

static psy_status read_cells(psyi_header *header, psyi_csv *csv, const psyi_wanted_list *wanted,
                             psyi_arena *arena, psy_error *error)
{
    size_t room = 0;
    bool last = false;
    void *names = NULL;
    psy_status status = PSY_OK;
    while (!last && status == PSY_OK) {
        psyi_cell cell;
        status = psyi_csv_read(csv, &cell, &last, error);
        if (status != PSY_OK)
            break;
        if (header->n_columns == PSYI_CSV_MAX_COLUMNS) {
            const psy_location where = psyi_csv_place(csv, cell.start);
            status = psyi_fail(error, PSY_E_LIMIT, &where, "there are more than %d columns",
                               PSYI_CSV_MAX_COLUMNS);
            break;
        }
        psyi_trim(&cell.text, &cell.length);
        const char *name = override(wanted, header->n_columns);
        header->overridden = header->overridden || name != NULL;
        if (name == NULL)
            name = psyi_arena_text(arena, cell.text, cell.length);
        if (name == NULL ||
            !psyi_grow(csv->allocator, &names, &room, header->n_columns + 1, sizeof *header->names))
            status = psyi_fail_memory(error, "a header");
        else
            ((const char **)names)[header->n_columns++] = name;
    }
    if (status == PSY_OK) {
        header->names = psyi_arena_alloc(arena, header->n_columns, sizeof *header->names);
        if (header->names == NULL)
            status = psyi_fail_memory(error, "a header");
        else
            memcpy(header->names, names, header->n_columns * sizeof *header->names);
    }
    psyi_free(csv->allocator, names);
    return status;
}

/* All cells are empty: the header must be elsewhere. */
static bool is_empty(const psyi_header *header)
{
    for (size_t i = 0; i < header->n_columns; i++)
        if (header->names[i][0] != '\0')
            return false;
    return true;
}

static psy_status no_header(const psyi_wanted_list *wanted, const psyi_csv *csv, uint64_t row,
                            psy_error *error)
{
    const psy_location where = psyi_location(csv->file, (size_t)row, 1, 1);
    return psyi_fail(
        error, PSY_E_DATA, &where, "line %llu, where the header row should be, is empty%s%s",
        (unsigned long long)row, wanted->where != NULL ? ": declare `header_row:` under " : "",
        wanted->where != NULL ? wanted->where : "");
}

/* Rows below a first one in which nothing is known that are looked at for the header. */
enum { ROWS_LOOKED_AT = 20, KNOWN_ENOUGH = 2 };

/* Titles stand above headers, and some programs separate columns by bars.  Where the header row
 * has no name that is looked for, the row that has some is told. */
static psy_status look_elsewhere(const psyi_header *header, const psyi_csv *csv,
                                 const psyi_wanted_list *wanted, psy_error *error)
{
    static const char signs[] = {',', ';', '\t', '|'};
    for (size_t i = 0; i < header->n_columns; i++)
        if (is_wanted(wanted, header->names[i], strlen(header->names[i])))
            return PSY_OK;
    for (size_t i = 0; i < sizeof signs; i++) {
        if (csv->grid && signs[i] != csv->separator)
            continue;
        psyi_csv probe;
        psyi_csv_init(&probe, csv->record, (size_t)(csv->end - csv->record), signs[i], csv->file,
                      csv->allocator);
        probe.grid = csv->grid;
        probe.line = csv->record_line;
        probe.stop[','] = signs[i] == ',';
        probe.stop[(unsigned char)signs[i]] = true;
        for (size_t n = 0; n < ROWS_LOOKED_AT && psyi_csv_record(&probe); n++) {
            size_t known = 0;
            bool last = false;
            psyi_cell cell;
            while (!last && psyi_csv_read(&probe, &cell, &last, NULL) == PSY_OK) {
                psyi_trim(&cell.text, &cell.length);
                known += cell.length > 0 && is_wanted(wanted, cell.text, cell.length);
            }
            if (!last)
                break;
            if (known < KNOWN_ENOUGH || (n == 0 && signs[i] != '|'))
                continue;
            const psy_location where = psyi_location(csv->file, (size_t)probe.record_line, 1, 1);
            const unsigned long long line = (unsigned long long)probe.record_line;
            psyi_csv_done(&probe);
            if (signs[i] == '|')
                return psyi_fail(error, PSY_E_DATA, &where,
                                 "the columns of line %llu are separated by '|': save the file "
                                 "with commas, semicolons or tabs",
                                 line);
            return psyi_fail(error, PSY_E_DATA, &where,
                             "line %llu is the header, not line %llu: %s%s", line,
                             (unsigned long long)header->line,
                             wanted->where != NULL ? "declare `header_row:` with this number under "
                                                   : "take out the lines above it",
                             wanted->where != NULL ? wanted->where : "");
        }
        psyi_csv_done(&probe);
    }
    return PSY_OK;
}

psy_status psyi_header_read(psyi_header *out, psyi_csv *csv, const psyi_input_text *text,
                            const char *file, const psyi_wanted_list *wanted, psyi_arena *arena,
                            psy_findings *findings, psy_error *error)
{
    /* The names of an SPSS file stand before its cases, wherever a header row is declared. */
    const uint64_t row = text->format == PSYI_FORMAT_SAV ? 1 : header_row(wanted);
    memset(out, 0, sizeof *out);
    psyi_csv_init(csv, text->text, text->length, ',', file, arena->allocator);
    csv->grid = text->separator != 0;
    out->labels = text->labels;
    out->n_labels = text->n_labels;
    out->cells = text->format == PSYI_FORMAT_XLSX;
    out->sheet = text->sheet.name.length > 0 ? text->sheet.name.data : NULL;
    csv->line = csv->record_line = text->first_line;
    if (text->length == 0) {
        const psy_location where = psyi_location(file, 0, 0, 0);
        return psyi_fail(error, PSY_E_DATA, &where, "the file is empty");
    }
    psyi_csv_skip_lines(csv, row - 1);
    char separator = text->separator;
    psy_status status = separator != 0 ? PSY_OK : choose_separator(csv, wanted, &separator, error);
    if (status != PSY_OK)
        return status;
    csv->stop[','] = false;
    csv->separator = separator;
    csv->stop[(unsigned char)separator] = true;
    if (!psyi_csv_record(csv))
        return no_header(wanted, csv, row, error);
    out->line = csv->record_line;
    status = read_cells(out, csv, wanted, arena, error);
    if (status == PSY_OK && is_empty(out))
        status = no_header(wanted, csv, row, error);
    if (status == PSY_OK)
        status = look_elsewhere(out, csv, wanted, error);
    if (status == PSY_OK)
        status = psyi_header_map(out, file, wanted, arena, findings, error);
    if (status == PSY_OK)
        status = psyi_merged_tell(&text->sheet.merged, out, file, findings, error);
    return status;
}
