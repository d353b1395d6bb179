/*
 * carried.c -- the entries of ledgers, read back.
 *
 * Texts of people stay texts: the apostrophe that keeps a spreadsheet from calculating with a
 * cell of the CSV file is taken off again, and nothing here or behind it reads a formula.
 */
#include "cohort/carried.h"

#include "base/fail.h"
#include "cohort/own_csv.h"
#include "table/collect.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BYTES   ((size_t)256 << 20)
#define MOST_COLUMNS 128

static const char what[] = "entries of ledgers";

enum { SHEET, SCHOOL, CASE, TOUCHED, PROBLEM, NEEDED };
static const char *const needed[NEEDED] = {"sheet", "school", "case_id", "touched", "problem"};

typedef struct reading {
    psyi_results *results;
    psyi_csv csv;
    psyi_carried *into;
    size_t room;
    size_t at[NEEDED]; /* their columns */
    psy_findings *findings;
    psy_error *error;
} reading;

static psy_status refuse(const reading *r, const char *why)
{
    const psy_location where = psyi_location(r->csv.file, (size_t)r->csv.record_line, 0, 0);
    return psyi_fail(r->error, PSY_E_DATA, &where,
                     "these are no %s, as psyscreen collect --out writes them: %s", what, why);
}

static psy_status read_head(void *context)
{
    reading *const r = context;
    const char **const keys = psyi_arena_alloc(&r->results->arena, MOST_COLUMNS, sizeof *keys);
    if (keys == NULL)
        return psyi_fail_memory(r->error, what);
    if (!psyi_csv_record(&r->csv))
        return refuse(r, "the file is empty");
    for (size_t i = 0; i < NEEDED; i++)
        r->at[i] = MOST_COLUMNS;
    size_t n = 0;
    for (bool last = false; !last; n++) {
        psyi_cell cell;
        const psy_status status = psyi_csv_read(&r->csv, &cell, &last, r->error);
        if (status != PSY_OK)
            return status;
        if (n == MOST_COLUMNS)
            return refuse(r, "too many columns");
        keys[n] = psyi_arena_text(&r->results->arena, cell.text, cell.length);
        if (keys[n] == NULL)
            return psyi_fail_memory(r->error, what);
        for (size_t i = 0; i < NEEDED; i++)
            if (strcmp(keys[n], needed[i]) == 0)
                r->at[i] = n;
    }
    for (size_t i = 0; i < NEEDED; i++)
        if (r->at[i] == MOST_COLUMNS)
            return refuse(r, "a column is not there");
    r->into->keys = keys;
    r->into->n_keys = n;
    return PSY_OK;
}

static psy_status leave_out(const reading *r, const char *why)
{
    const psy_finding finding = {.file = r->csv.file,
                                 .row = r->csv.record_line,
                                 .field = "case_id",
                                 .rule = "entry_left_out",
                                 .severity = PSY_WARNING,
                                 .remedy = "enter it into the school's new workbook by hand"};
    return psyi_find(r->findings, &finding, r->error, "%s: the entry is not carried on", why);
}

static psy_status add_row(reading *r, const psyi_carried_row *row)
{
    psyi_carried *const into = r->into;
    void *const rows =
        psyi_own_csv_room(&r->results->arena, into->rows, into->n_rows, &r->room, sizeof *row);
    if (rows == NULL)
        return psyi_fail_memory(r->error, what);
    into->rows = rows;
    into->rows[into->n_rows++] = *row;
    return PSY_OK;
}

static psy_status read_row(void *context)
{
    reading *const r = context;
    const size_t n = r->into->n_keys;
    const char **const cells = psyi_arena_alloc(&r->results->arena, n, sizeof *cells);
    psyi_carried_row row = {.line = (uint32_t)r->csv.record_line, .cells = cells};
    size_t at = 0, school = r->results->n_schools;
    bool known = true;
    if (cells == NULL)
        return psyi_fail_memory(r->error, what);
    for (bool last = false; !last; at++) {
        psyi_cell cell;
        const psy_status status = psyi_csv_read(&r->csv, &cell, &last, r->error);
        if (status != PSY_OK)
            return status;
        if (at == 0 && last && cell.length == 0)
            return PSY_OK; /* an empty line */
        if (at >= n)
            return refuse(r, "a line has more cells than the head");
        if (at == r->at[SCHOOL])
            school = psyi_school_of_code(r->results, cell.text, cell.length);
        cells[at] = psyi_own_csv_text(&r->results->arena, &cell);
        if (cells[at] == NULL)
            return psyi_fail_memory(r->error, what);
    }
    if (at != n)
        return refuse(r, "a line has fewer cells than the head");
    row.school = (uint32_t)school;
    row.case_id = cells[r->at[CASE]];
    row.of_list = strcmp(cells[r->at[SHEET]], "alert_list") == 0;
    row.touched = strcmp(cells[r->at[TOUCHED]], "true") == 0;
    known = row.case_id[0] != '\0' && strncmp(cells[r->at[PROBLEM]], "case_", 5) != 0;
    if (!known && row.touched)
        return leave_out(r, "it belongs to no case");
    if (school == r->results->n_schools && row.touched)
        return leave_out(r, "the results have no such school");
    return known && school < r->results->n_schools ? add_row(r, &row) : PSY_OK;
}

static int by_case(const void *x, const void *y)
{
    const psyi_carried_row *const a = x, *const b = y;
    if (a->school != b->school)
        return a->school < b->school ? -1 : 1;
    const int order = strcmp(a->case_id, b->case_id);
    if (order != 0)
        return order;
    if (a->of_list != b->of_list)
        return a->of_list ? 1 : -1;
    return (a->line > b->line) - (a->line < b->line);
}

psy_status psyi_carried_read(psyi_results *results, const char *path, psy_findings *findings,
                             psy_error *error)
{
    psyi_carried *const into = psyi_arena_alloc(&results->arena, 1, sizeof *into);
    if (into == NULL)
        return psyi_fail_memory(error, what);
    reading r = {.results = results, .into = into, .findings = findings, .error = error};
    const psyi_own_csv kind = {
        .what = what, .most = MOST_BYTES, .head = read_head, .row = read_row};
    const psy_status status =
        psyi_own_csv_read(&kind, &r.csv, path, into->digest, results->allocator, &r, error);
    if (status != PSY_OK)
        return status;
    if (into->n_rows > 0)
        qsort(into->rows, into->n_rows, sizeof *into->rows, by_case);
    results->carried = into;
    return PSY_OK;
}

/* The first row that is not before a school and, with one, a case of it. */
static size_t find(const psyi_carried *carried, size_t school, const char *case_id, bool of_list)
{
    size_t low = 0, high = carried->n_rows;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const psyi_carried_row wanted = {
            .school = (uint32_t)school, .case_id = case_id, .of_list = of_list};
        if (by_case(&carried->rows[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t psyi_carried_of_school(const psyi_carried *carried, size_t school,
                              const psyi_carried_row **first)
{
    const size_t from = find(carried, school, "", false), to = find(carried, school + 1, "", false);
    *first = carried->rows + from;
    return to - from;
}

size_t psyi_carried_of_case(const psyi_carried *carried, size_t school, const char *case_id,
                            bool of_list, const psyi_carried_row **first)
{
    const size_t from = find(carried, school, case_id, of_list);
    size_t n = 0;
    while (from + n < carried->n_rows && carried->rows[from + n].school == school &&
           carried->rows[from + n].of_list == of_list &&
           strcmp(carried->rows[from + n].case_id, case_id) == 0)
        n++;
    *first = carried->rows + from;
    return n;
}

const char *psyi_carried_cell(const psyi_carried *carried, const psyi_carried_row *row,
                              const char *key)
{
    for (size_t i = 0; i < carried->n_keys; i++)
        if (strcmp(carried->keys[i], key) == 0)
            return row->cells[i];
    return "";
}
