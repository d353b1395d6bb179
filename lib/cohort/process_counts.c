/*
 * process_counts.c -- the counts of ledgers, read back.
 */
#include "cohort/process_counts.h"

#include "base/fail.h"
#include "cohort/own_csv.h"
#include "table/collect.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BYTES   ((size_t)16 << 20)
#define MOST_COLUMNS 64

static const char *const names[PSYI_PROCESS_COUNTS] = {
    "cases",    "interviewed",  "due",    "on_time", "guardian_informed",
    "referred", "in_treatment", "closed", "overdue"};

typedef struct reading {
    psyi_results *results;
    psyi_csv csv;
    psyi_process *into;
    size_t room;
    size_t columns[MOST_COLUMNS]; /* what a column is: count, or one of these */
    size_t n_columns;
    psy_findings *findings;
    psy_error *error;
} reading;

enum { SCHOOL = PSYI_PROCESS_COUNTS, TIER, OTHER };

static psy_status refuse(const reading *r, const char *what)
{
    const psy_location where = psyi_location(r->csv.file, (size_t)r->csv.record_line, 0, 0);
    return psyi_fail(r->error, PSY_E_DATA, &where, "%s", what);
}

static psy_status read_head(void *context)
{
    reading *const r = context;
    bool last = false, seen[OTHER] = {false};
    if (!psyi_csv_record(&r->csv))
        return refuse(r, "an empty file: psyscreen collect --counts makes one");
    for (; !last; r->n_columns++) {
        psyi_cell cell;
        const psy_status status = psyi_csv_read(&r->csv, &cell, &last, r->error);
        if (status != PSY_OK)
            return status;
        if (r->n_columns == MOST_COLUMNS)
            return refuse(r, "these are no counts of ledgers: too many columns");
        size_t what = OTHER;
        for (size_t i = 0; i < OTHER; i++) {
            const char *const name = i == SCHOOL ? "school" : i == TIER ? "tier" : names[i];
            if (cell.length == strlen(name) && memcmp(cell.text, name, cell.length) == 0)
                what = i;
        }
        if (what != OTHER)
            seen[what] = true;
        r->columns[r->n_columns] = what;
    }
    for (size_t i = 0; i < OTHER; i++)
        if (!seen[i])
            return refuse(r, "these are no counts of ledgers: a column is not there; psyscreen "
                             "collect --counts makes such a file");
    return PSY_OK;
}

static bool read_count(const psyi_cell *cell, uint64_t *out)
{
    int64_t value;
    if (!psyi_integer_parse(cell->text, cell->length, &value) || value < 0 || value > 100000000)
        return false;
    *out = (uint64_t)value;
    return true;
}

static psy_status check_row(const reading *r, const psyi_process_row *row)
{
    for (size_t i = 0; i < PSYI_PROCESS_COUNTS; i++)
        if (row->counts[i] != PSYI_PROCESS_UNKNOWN &&
            row->counts[i] > row->counts[PSYI_PROCESS_CASES])
            return refuse(r, "more of something than there are cases");
    if (row->counts[PSYI_PROCESS_ON_TIME] > row->counts[PSYI_PROCESS_DUE])
        return refuse(r, "more were on time than were due");
    for (size_t i = 0; i < r->into->n_rows; i++)
        if (r->into->rows[i].school == row->school && r->into->rows[i].tier == row->tier)
            return refuse(r, "this school and tier stand here twice");
    return PSY_OK;
}

static psy_status read_row(void *context)
{
    reading *const r = context;
    psyi_process_row row = {.tier = PSYI_NOT_JUDGED};
    const size_t none = r->results->n_schools;
    const psyi_scheme *const scheme = r->results->plan->scheme;
    size_t at = 0, school = none;
    for (bool last = false; !last; at++) {
        psyi_cell cell;
        const psy_status status = psyi_csv_read(&r->csv, &cell, &last, r->error);
        if (status != PSY_OK)
            return status;
        if (at == 0 && last && cell.length == 0)
            return PSY_OK; /* an empty line */
        const size_t what = at < r->n_columns ? r->columns[at] : OTHER;
        uint64_t number;
        if (what == SCHOOL) {
            school = psyi_school_of_code(r->results, cell.text, cell.length);
        } else if (what == TIER && cell.length > 0) {
            if (!read_count(&cell, &number) || scheme == NULL || (int64_t)number > scheme->highest)
                return refuse(r, "a tier must be a rank of the plan's scheme, or empty");
            row.tier = (int8_t)number;
        } else if (what < SCHOOL) {
            row.counts[what] = PSYI_PROCESS_UNKNOWN;
            if (!(what == PSYI_PROCESS_OVERDUE && cell.length == 0) &&
                !read_count(&cell, &row.counts[what]))
                return refuse(r, "a count must be a whole number");
        }
    }
    if (at != r->n_columns)
        return refuse(r, "a line must have as many cells as the head");
    if (school == none) {
        const psy_finding finding = {.file = r->csv.file,
                                     .row = r->csv.record_line,
                                     .field = "school",
                                     .rule = "process_school",
                                     .severity = PSY_WARNING};
        return psyi_find(r->findings, &finding, r->error,
                         "the results have no such school: the line is left out");
    }
    row.school = (uint32_t)school;
    const psy_status status = check_row(r, &row);
    if (status != PSY_OK)
        return status;
    void *const rows =
        psyi_own_csv_room(&r->results->arena, r->into->rows, r->into->n_rows, &r->room, sizeof row);
    if (rows == NULL)
        return psyi_fail_memory(r->error, "counts of ledgers");
    r->into->rows = rows;
    r->into->rows[r->into->n_rows++] = row;
    return PSY_OK;
}

static int by_school(const void *x, const void *y)
{
    const psyi_process_row *const a = x, *const b = y;
    if (a->school != b->school)
        return a->school < b->school ? -1 : 1;
    return (a->tier < b->tier) - (a->tier > b->tier);
}

psy_status psyi_process_read(psyi_results *results, const char *path, psy_findings *findings,
                             psy_error *error)
{
    psyi_process *const into = psyi_arena_alloc(&results->arena, 1, sizeof *into);
    if (into == NULL)
        return psyi_fail_memory(error, "counts of ledgers");
    reading r = {.results = results, .into = into, .findings = findings, .error = error};
    static const psyi_own_csv kind = {
        .what = "counts of ledgers", .most = MOST_BYTES, .head = read_head, .row = read_row};
    const psy_status status =
        psyi_own_csv_read(&kind, &r.csv, path, into->digest, results->allocator, &r, error);
    if (status != PSY_OK)
        return status;
    if (into->n_rows > 0)
        qsort(into->rows, into->n_rows, sizeof *into->rows, by_school);
    results->process = into;
    return PSY_OK;
}
