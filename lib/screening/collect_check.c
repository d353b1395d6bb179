/*
 * collect_check.c -- whose entries are these, and is anything missing, twice, or changed?
 *
 * A row is known by its case number, which the run's own scores.csv gives every student.  Where
 * number and student of a row disagree (a column that was sorted alone), nobody can say whose
 * entries they are: the row is handed on with its problem, and counted nowhere.
 */
#include "base/fail.h"
#include "screening/collecting.h"
#include "table/collect.h"

#include <stdlib.h>
#include <string.h>

size_t psyi_case_find(const psyi_collecting *c, const char *number)
{
    size_t low = 0, high = c->n_cases;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(c->cases[middle].number, number);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return PSYI_NO_CASE;
}

static psy_status tell(const psyi_collecting *c, const psyi_entry *entry, const char *rule,
                       psy_severity severity, const char *remedy, psy_error *error,
                       const char *what)
{
    const psy_finding finding = {
        .file = entry->file,
        .row = entry->row,
        .field = psyi_entry_sheet_key(entry->sheet),
        .rule = rule,
        .severity = severity,
        .subject = entry->at != PSYI_NO_CASE ? c->run->rows[c->cases[entry->at].row].student : NULL,
        .remedy = remedy};
    return psyi_find(c->findings, &finding, error, "row %llu of '%s': %s",
                     (unsigned long long)entry->row, psyi_entry_sheet_name(entry->sheet).zh, what);
}

/* ---- the case of a row ---- */

static size_t case_of_student(const psyi_collecting *c, const char *student, const char *school)
{
    const uint32_t row = student != NULL
                             ? psyi_previous_find(c->run, student, school != NULL ? school : "")
                             : PSYI_NO_PREVIOUS;
    return row != PSYI_NO_PREVIOUS ? c->case_of_row[row] : PSYI_NO_CASE;
}

static bool differs(const char *written, const char *known)
{
    return written != NULL && strcmp(written, known) != 0;
}

static psy_status settle(const psyi_collecting *c, psyi_entry *entry, psy_error *error)
{
    const char *const number = entry->cells[PSYI_KEY_CASE];
    const char *const student = entry->cells[PSYI_KEY_STUDENT];
    const size_t by_student = case_of_student(c, student, entry->cells[PSYI_KEY_SCHOOL]);
    entry->at = number != NULL ? psyi_case_find(c, number) : PSYI_NO_CASE;
    if (entry->at != PSYI_NO_CASE) {
        const psyi_previous_row *const row = &c->run->rows[c->cases[entry->at].row];
        if (by_student != PSYI_NO_CASE && by_student != entry->at) {
            entry->at = PSYI_NO_CASE;
            entry->problem = "case_edited";
            return tell(c, entry, "case_edited", PSY_ERROR,
                        "undo the sorting of single columns, or correct the number", error,
                        "case number and student belong to different students: the row is not "
                        "counted");
        }
        if (differs(student, row->student) || differs(entry->cells[PSYI_KEY_SCHOOL], row->school) ||
            differs(entry->cells[PSYI_KEY_WAVE], c->run->wave))
            return tell(c, entry, "row_edited", PSY_WARNING,
                        "put back what the program wrote; the case number is what counts", error,
                        "student, school or wave are not those of its case");
        return PSY_OK;
    }
    if (by_student != PSYI_NO_CASE) {
        entry->at = by_student;
        return tell(c, entry, number == NULL ? "case_filled_in" : "case_edited", PSY_WARNING, NULL,
                    error,
                    number == NULL ? "it has no case number: that of its student is taken"
                                   : "its case number is none of this run: that of its student "
                                     "is taken");
    }
    entry->problem = "case_unknown";
    return tell(c, entry, "case_unknown", PSY_ERROR, "give it the case number of the student",
                error,
                number == NULL ? "it has neither a case number nor a student of this run: it is "
                                 "not counted"
                               : "its case number is none of this run: it is not counted");
}

/* ---- order ---- */

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* "10" after "9"; what is no number stands behind, by its text. */
static int compare_numbers(const char *a, const char *b)
{
    char *end_a, *end_b;
    const long x = strtol(a != NULL ? a : "", &end_a, 10);
    const long y = strtol(b != NULL ? b : "", &end_b, 10);
    const bool good_a = a != NULL && *end_a == '\0', good_b = b != NULL && *end_b == '\0';
    if (good_a != good_b)
        return good_a ? -1 : 1;
    return good_a && x != y ? (x < y ? -1 : 1) : compare_texts(a, b);
}

static int by_case(const void *x, const void *y, void *context)
{
    const psyi_collecting *const c = context;
    const psyi_entry *const a = x, *const b = y;
    if ((a->at == PSYI_NO_CASE) != (b->at == PSYI_NO_CASE))
        return a->at == PSYI_NO_CASE ? 1 : -1;
    int order = 0;
    if (a->at != b->at) {
        order = strcmp(c->run->rows[c->cases[a->at].row].school,
                       c->run->rows[c->cases[b->at].row].school);
        if (order == 0)
            order = strcmp(c->cases[a->at].number, c->cases[b->at].number);
    }
    if (order == 0 && a->sheet != b->sheet)
        order = a->sheet < b->sheet ? -1 : 1;
    if (order == 0)
        order = compare_numbers(a->cells[PSYI_KEY_SEQ], b->cells[PSYI_KEY_SEQ]);
    if (order == 0)
        order = strcmp(a->file, b->file);
    return order != 0 ? order : a->row < b->row ? -1 : a->row > b->row;
}

/* ---- all of them ---- */

static psy_status tell_repeated(const psyi_collecting *c, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t i = 1; i < c->n_entries && status == PSY_OK; i++) {
        const psyi_entry *const before = &c->entries[i - 1], *const entry = &c->entries[i];
        if (entry->at == PSYI_NO_CASE || entry->at != before->at || entry->sheet != before->sheet)
            continue;
        if (compare_texts(entry->cells[PSYI_KEY_SEQ], before->cells[PSYI_KEY_SEQ]) == 0)
            status = tell(c, entry, "row_repeated", PSY_WARNING,
                          "give a new contact the next number; take a copy out", error,
                          "another row has the same case and number: both are handed on");
        else if (strcmp(entry->file, before->file) != 0)
            status = tell(c, entry, "row_repeated", PSY_WARNING, "find out which school keeps it",
                          error, "its case stands in another workbook too: both are handed on");
    }
    return status;
}

/* A school writes its interviews into one sheet or the other; if both, they should agree. */
static psy_status tell_states(const psyi_collecting *c, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t i = 0; i < c->n_entries && status == PSY_OK; i++) {
        const psyi_entry *const alert = &c->entries[i];
        if (alert->sheet != PSYI_ENTRY_ALERTS || alert->at == PSYI_NO_CASE ||
            alert->choices[PSYI_KEY_STATUS] < 0)
            continue;
        const psyi_entry *last = NULL;
        for (size_t j = i; j-- > 0 && c->entries[j].at == alert->at;)
            if (c->entries[j].sheet == PSYI_ENTRY_LEDGER && last == NULL && c->entries[j].touched)
                last = &c->entries[j];
        if (last != NULL && last->choices[PSYI_KEY_STATUS] >= 0 &&
            last->choices[PSYI_KEY_STATUS] != alert->choices[PSYI_KEY_STATUS])
            status = tell(c, alert, "state_differs", PSY_WARNING, "make them agree", error,
                          "its state is another one than in the ledger, which counts");
    }
    return status;
}

static bool is_among(const char *const *schools, size_t n, const char *school)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(schools[i], school) == 0)
            return true;
    return false;
}

static void know_schools(psyi_collecting *c)
{
    for (size_t i = 0; i < c->n_entries; i++) {
        if (c->entries[i].at == PSYI_NO_CASE)
            continue;
        const char *const school = c->run->rows[c->cases[c->entries[i].at].row].school;
        if (!is_among(c->schools, c->n_schools, school))
            c->schools[c->n_schools++] = school;
    }
}

/* A case that has a tier, or stands on the warning list, has a row in the ledger. */
static psy_status tell_missing(psyi_collecting *c, psy_error *error)
{
    psy_status status = PSY_OK;
    const size_t n_read = c->n_schools; /* behind them, those that are told */
    for (size_t i = 0; i < c->n_cases && status == PSY_OK; i++) {
        const psyi_case *const one = &c->cases[i];
        const psyi_previous_row *const row = &c->run->rows[one->row];
        if (one->present || (!one->listed && row->tier <= 0))
            continue;
        if (is_among(c->schools, n_read, row->school)) {
            const psy_finding finding = {.field = psyi_entry_sheet_key(PSYI_ENTRY_LEDGER),
                                         .rule = "row_missing",
                                         .severity = PSY_ERROR,
                                         .subject = row->student,
                                         .remedy = "find out who took the row out, and put it "
                                                   "back"};
            status = psyi_find(c->findings, &finding, error,
                               "case %s of school %.40s has no row in the ledger any more",
                               one->number, row->school);
        } else if (!is_among(c->schools + n_read, c->n_schools - n_read, row->school)) {
            const psy_finding finding = {.rule = "workbook_missing",
                                         .severity = PSY_WARNING,
                                         .subject = row->school,
                                         .remedy = "collect it when it has come"};
            c->schools[c->n_schools++] = row->school;
            status = psyi_find(c->findings, &finding, error,
                               "the school has cases, and no row of them was seen");
        }
    }
    c->n_schools = n_read;
    return status;
}

psy_status psyi_collect_check(psyi_collecting *c, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t i = 0; i < c->n_entries && status == PSY_OK; i++)
        status = settle(c, &c->entries[i], error);
    if (status != PSY_OK)
        return status;
    if (c->n_entries > 1)
        qsort_r(c->entries, c->n_entries, sizeof *c->entries, by_case, c);
    for (size_t i = 0; i < c->n_entries; i++) {
        const psyi_entry *const entry = &c->entries[i];
        if (entry->at == PSYI_NO_CASE)
            continue;
        psyi_case *const one = &c->cases[entry->at];
        one->present = one->present || entry->sheet == PSYI_ENTRY_LEDGER;
        one->listed = one->listed || entry->sheet == PSYI_ENTRY_ALERTS;
        if (entry->days[PSYI_KEY_DUE] != PSYI_NO_DAY)
            one->due = entry->days[PSYI_KEY_DUE];
    }
    status = tell_repeated(c, error);
    if (status == PSY_OK)
        status = tell_states(c, error);
    know_schools(c);
    if (status == PSY_OK)
        status = tell_missing(c, error);
    return status;
}
