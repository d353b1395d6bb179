/*
 * collect_tables.c -- what was collected: every row, and counts without anybody's name.
 */
#include "base/fail.h"
#include "cohort/process_counts.h"
#include "intake/cell.h"
#include "report/case_progress.h"
#include "screening/collecting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows ---- */

enum { FIXED = 13 };
static const struct {
    const char *name;
    psy_column_type type;
} fixed[FIXED] = {
    {"file", PSY_COLUMN_TEXT},    {"sheet", PSY_COLUMN_TEXT},   {"row", PSY_COLUMN_INT64},
    {"school", PSY_COLUMN_TEXT},  {"case_id", PSY_COLUMN_TEXT}, {"student_code", PSY_COLUMN_TEXT},
    {"grade", PSY_COLUMN_TEXT},   {"class", PSY_COLUMN_TEXT},   {"tier", PSY_COLUMN_INT64},
    {"touched", PSY_COLUMN_BOOL}, {"problem", PSY_COLUMN_TEXT}, {"due_by", PSY_COLUMN_TEXT},
    {"as_of", PSY_COLUMN_TEXT}};

/* The columns of people, behind those above: from the day a case was opened on. */
#define FIRST_OWN PSYI_KEY_OPENED

typedef struct filling {
    psy_table *table;
    psy_error *error;
    psy_status status;
} filling;

static void put_text(filling *f, size_t column, size_t row, const char *text)
{
    if (f->status == PSY_OK && text != NULL && text[0] != '\0')
        f->status = psy_table_set_text(f->table, column, row, text, strlen(text), f->error);
}

static void put_day(filling *f, size_t column, size_t row, int32_t days)
{
    char text[16];
    int year, month, day;
    psyi_civil(days, &year, &month, &day);
    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    put_text(f, column, row, text);
}

/* The words of a list, from the first of its two sheets that has it. */
static psyi_label word_of(const psyi_collecting *c, const psyi_entry *entry, psyi_entry_key key)
{
    const psyi_scheme *const scheme = c->plan->scheme;
    const int8_t choice = entry->choices[key];
    psyi_entry_column about;
    if (key == PSYI_KEY_TIER_FINAL) {
        for (size_t i = 0; scheme != NULL && i < scheme->n_tiers; i++)
            if (scheme->tiers[i].rank == choice)
                return scheme->tiers[i].name;
    } else {
        for (unsigned sheet = 0; sheet < PSYI_ENTRY_SHEETS; sheet++)
            for (size_t i = 0; psyi_entry_column_at((psyi_entry_sheet)sheet, i, &about); i++)
                if (strcmp(about.key, psyi_entry_key_name(key)) == 0 && about.choices != NULL)
                    return about.choices[choice];
    }
    return (psyi_label){NULL, NULL};
}

static void put_own(filling *f, size_t column, size_t row, const psyi_collecting *c,
                    const psyi_entry *entry, psyi_entry_key key)
{
    if (entry->cells[key] == NULL)
        return;
    if (entry->days[key] != PSYI_NO_DAY) {
        put_day(f, column, row, entry->days[key]);
    } else if (entry->choices[key] >= 0) {
        const psyi_label word = word_of(c, entry, key);
        put_text(f, column, row, psyi_label_text(word, PSYI_EN, entry->cells[key]));
    } else {
        put_text(f, column, row, entry->cells[key]);
    }
}

static void put_entry(filling *f, size_t row, const psyi_collecting *c, const psyi_entry *entry)
{
    const psyi_case *const one = entry->at != PSYI_NO_CASE ? &c->cases[entry->at] : NULL;
    const psyi_previous_row *const who = one != NULL ? &c->run->rows[one->row] : NULL;
    put_text(f, 0, row, entry->file);
    put_text(f, 1, row, psyi_entry_sheet_key(entry->sheet));
    psy_table_set_int(f->table, 2, row, (int64_t)entry->row);
    put_text(f, 3, row, who != NULL ? who->school : entry->cells[PSYI_KEY_SCHOOL]);
    put_text(f, 4, row, one != NULL ? one->number : entry->cells[PSYI_KEY_CASE]);
    put_text(f, 5, row, who != NULL ? who->student : entry->cells[PSYI_KEY_STUDENT]);
    put_text(f, 6, row, entry->cells[PSYI_KEY_GRADE]);
    put_text(f, 7, row, entry->cells[PSYI_KEY_CLASS]);
    if (who != NULL && who->tier >= 0)
        psy_table_set_int(f->table, 8, row, who->tier);
    psy_table_set_bool(f->table, 9, row, entry->touched);
    put_text(f, 10, row, entry->problem);
    if (one != NULL && one->due != PSYI_NO_DAY)
        put_day(f, 11, row, one->due);
    if (c->with_as_of)
        put_day(f, 12, row, c->as_of);
    for (unsigned key = FIRST_OWN; key < PSYI_ENTRY_KEYS; key++)
        put_own(f, FIXED + key - FIRST_OWN, row, c, entry, (psyi_entry_key)key);
}

/* A warning list that nobody wrote into says nothing the run does not. */
static bool is_wanted(const psyi_entry *entry)
{
    return entry->sheet == PSYI_ENTRY_LEDGER || entry->touched;
}

psy_status psyi_collect_entries(const psyi_collecting *c, psy_table **out, psy_error *error)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_entries; i++)
        n += is_wanted(&c->entries[i]);
    filling f = {.error = error};
    f.status = psy_table_new(&f.table, n, c->allocator, error);
    for (size_t i = 0; f.status == PSY_OK && i < FIXED; i++)
        f.status = psy_table_add_column(f.table, fixed[i].name, fixed[i].type, NULL, error);
    for (unsigned key = FIRST_OWN; f.status == PSY_OK && key < PSYI_ENTRY_KEYS; key++)
        f.status = psy_table_add_column(f.table, psyi_entry_key_name((psyi_entry_key)key),
                                        PSY_COLUMN_TEXT, NULL, error);
    for (size_t i = 0, row = 0; f.status == PSY_OK && i < c->n_entries; i++)
        if (is_wanted(&c->entries[i]))
            put_entry(&f, row++, c, &c->entries[i]);
    if (f.status != PSY_OK)
        psy_table_free(f.table);
    else
        *out = f.table;
    return f.status;
}

/* ---- counts ---- */

/* Those of the district's workbook, then the states. */
enum { STATES = PSYI_PROCESS_COUNTS, OTHER = STATES + 7, COUNTS };
#define COLUMNS (COUNTS - 1) /* closed is a state */
/* Columns of the file. */
static const size_t column_order[COLUMNS] = {PSYI_PROCESS_CASES,
                                             PSYI_PROCESS_INTERVIEWED,
                                             PSYI_PROCESS_DUE,
                                             PSYI_PROCESS_ON_TIME,
                                             PSYI_PROCESS_OVERDUE,
                                             PSYI_PROCESS_GUARDIAN,
                                             PSYI_PROCESS_REFERRED,
                                             PSYI_PROCESS_TREATED,
                                             STATES,
                                             STATES + 1,
                                             STATES + 2,
                                             STATES + 3,
                                             STATES + 4,
                                             STATES + 5,
                                             STATES + 6,
                                             OTHER};
static const char *const count_names[COLUMNS] = {"cases",
                                                 "interviewed",
                                                 "due",
                                                 "on_time",
                                                 "overdue",
                                                 "guardian_informed",
                                                 "referred",
                                                 "in_treatment",
                                                 "to_review",
                                                 "in_progress",
                                                 "watching",
                                                 "state_referred",
                                                 "state_in_treatment",
                                                 "closed",
                                                 "reopened",
                                                 "other"};

typedef struct count_row {
    const char *school;
    int tier; /* PSYI_NOT_JUDGED */
    uint64_t counts[COUNTS];
} count_row;

/* Is the word chosen in a cell this one, of the English list? */
static bool says(const psyi_collecting *c, const psyi_entry *entry, psyi_entry_key key,
                 const char *word)
{
    return entry->choices[key] >= 0 &&
           strcmp(psyi_label_text(word_of(c, entry, key), PSYI_EN, ""), word) == 0;
}

static psyi_contact contact_of(const psyi_collecting *c, const psyi_entry *entry)
{
    return (psyi_contact){.ledger = entry->sheet == PSYI_ENTRY_LEDGER,
                          .touched = entry->touched,
                          .interview = says(c, entry, PSYI_KEY_MODE, "interview"),
                          .concluded = entry->cells[PSYI_KEY_CONCLUSION] != NULL,
                          .guardian = says(c, entry, PSYI_KEY_GUARDIAN, "yes"),
                          .referred = says(c, entry, PSYI_KEY_REFERRAL, "made"),
                          .with_state = entry->cells[PSYI_KEY_STATUS] != NULL,
                          .state = entry->choices[PSYI_KEY_STATUS],
                          .day = entry->days[PSYI_KEY_DATE],
                          .next = entry->days[PSYI_KEY_NEXT]};
}

static int by_school(const void *x, const void *y)
{
    const count_row *const a = x, *const b = y;
    const int order = strcmp(a->school, b->school);
    return order != 0 ? order : b->tier - a->tier;
}

/* Entries stand by case: one row a case, then those of one school and tier put together. */
static size_t count_rows(const psyi_collecting *c, count_row *rows)
{
    size_t n = 0, out = 0;
    for (size_t i = 0, next; i < c->n_entries && c->entries[i].at != PSYI_NO_CASE; i = next) {
        const psyi_case *const one = &c->cases[c->entries[i].at];
        psyi_case_progress p;
        psyi_case_begin(&p);
        for (next = i; next < c->n_entries && c->entries[next].at == c->entries[i].at; next++) {
            const psyi_contact contact = contact_of(c, &c->entries[next]);
            psyi_case_take(&p, &contact);
        }
        rows[n] = (count_row){.school = c->run->rows[one->row].school,
                              .tier = c->run->rows[one->row].tier};
        psyi_case_count(&p, one->due, c->with_as_of ? c->as_of : PSYI_NO_DAY, rows[n].counts);
        rows[n++].counts[p.state >= 0 ? STATES + p.state : OTHER]++;
    }
    if (n > 1)
        qsort(rows, n, sizeof *rows, by_school);
    for (size_t i = 0; i < n; i++) {
        if (out == 0 || by_school(&rows[out - 1], &rows[i]) != 0) {
            rows[out++] = rows[i];
            continue;
        }
        for (size_t j = 0; j < COUNTS; j++)
            rows[out - 1].counts[j] += rows[i].counts[j];
    }
    return out;
}

psy_status psyi_collect_counts(const psyi_collecting *c, psy_table **out, psy_error *error)
{
    count_row *const rows = psyi_alloc(c->allocator, c->n_entries + 1, sizeof *rows);
    if (rows == NULL)
        return psyi_fail_memory(error, "counts");
    const size_t n = count_rows(c, rows);
    filling f = {.error = error};
    f.status = psy_table_new(&f.table, n, c->allocator, error);
    if (f.status == PSY_OK)
        f.status = psy_table_add_column(f.table, "school", PSY_COLUMN_TEXT, NULL, error);
    if (f.status == PSY_OK)
        f.status = psy_table_add_column(f.table, "tier", PSY_COLUMN_INT64, NULL, error);
    for (size_t i = 0; f.status == PSY_OK && i < COLUMNS; i++)
        f.status = psy_table_add_column(f.table, count_names[i], PSY_COLUMN_INT64, NULL, error);
    for (size_t row = 0; f.status == PSY_OK && row < n; row++) {
        put_text(&f, 0, row, rows[row].school);
        if (rows[row].tier >= 0)
            psy_table_set_int(f.table, 1, row, rows[row].tier);
        for (size_t i = 0; i < COLUMNS; i++)
            if (column_order[i] != PSYI_PROCESS_OVERDUE || c->with_as_of)
                psy_table_set_int(f.table, 2 + i, row, (int64_t)rows[row].counts[column_order[i]]);
    }
    psyi_free(c->allocator, rows);
    if (f.status != PSY_OK)
        psy_table_free(f.table);
    else
        *out = f.table;
    return f.status;
}
