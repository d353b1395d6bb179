/*
 * collect_read.c -- rows of 跟进台账 and 预警名单 out of a workbook that people have worked in.
 *
 * Columns are found by their heads, in either language, because people insert, move and hide
 * columns; sheets by their names.  Nothing is changed and nothing is guessed: what is no date
 * and no word of its list stays as it was written, with a finding that names the cell.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "intake/cell.h"
#include "intake/compound_in.h"
#include "intake/csv.h"
#include "intake/sealed_in.h"
#include "intake/workbook.h"
#include "screening/collecting.h"
#include "table/collect.h"

#include <string.h>

#define MOST_BYTES ((size_t)256 << 20)
#define MOST_ABOVE 40u /* rows before the heads */
#define NO_COLUMN  UINT32_MAX

static const char *const names[PSYI_ENTRY_KEYS] = {"case_id",
                                                   "student_code",
                                                   "grade",
                                                   "class",
                                                   "school",
                                                   "wave",
                                                   "due_by",
                                                   "tier_auto",
                                                   "opened_on",
                                                   "origin",
                                                   "tier_final",
                                                   "status",
                                                   "owner",
                                                   "seq",
                                                   "date",
                                                   "mode",
                                                   "interviewer",
                                                   "present",
                                                   "facts",
                                                   "risk_ideation",
                                                   "risk_plan",
                                                   "risk_means",
                                                   "risk_history",
                                                   "risk_support",
                                                   "conclusion",
                                                   "action",
                                                   "guardian_informed",
                                                   "informed_on",
                                                   "referral",
                                                   "referred_to",
                                                   "slip_no",
                                                   "feedback",
                                                   "return_to_school",
                                                   "next_date",
                                                   "close_reason",
                                                   "closed_on",
                                                   "by",
                                                   "at",
                                                   "note"};

const char *psyi_entry_key_name(psyi_entry_key key)
{
    return names[key];
}

/* A column of a sheet by the key it is collected under; PSYI_ENTRY_KEYS: it is not. */
static psyi_entry_key key_of(const char *key)
{
    if (strcmp(key, "interview_date") == 0)
        return PSYI_KEY_DATE;
    if (strcmp(key, "interview_result") == 0)
        return PSYI_KEY_CONCLUSION;
    for (unsigned i = 0; i < PSYI_ENTRY_KEYS; i++)
        if (strcmp(names[i], key) == 0)
            return (psyi_entry_key)i;
    return PSYI_ENTRY_KEYS;
}

typedef struct reading {
    psyi_collecting *c;
    const char *file;
    psyi_entry_sheet sheet;
    psyi_entry_column about[PSYI_ENTRY_KEYS]; /* key NULL: not a column of this sheet */
    uint32_t columns[PSYI_ENTRY_KEYS];        /* from 1; NO_COLUMN */
    psyi_csv csv;
    psy_error *error;
} reading;

/* ---- the heads ---- */

/* Is it this head, and behind it the end or another line?  Lines may break within it, at a blank or
 * where the column is narrow. */
static bool begins_with_head(const char *text, size_t length, const char *head)
{
    size_t at = 0;
    for (; *head != '\0'; head++) {
        const bool broken = at < length && text[at] == '\n';
        if (broken && *head != ' ')
            at++;
        if (at >= length || (text[at] != *head && !(broken && *head == ' ')))
            return false;
        at++;
    }
    while (at < length && text[at] == ' ')
        at++;
    return at == length || text[at] == '\n';
}

/* Heads may go on in another line: the other language, the legend of the tiers. */
static bool is_head(const psyi_cell *cell, psyi_label head)
{
    const char *text = cell->text;
    size_t length = cell->length;
    psyi_trim(&text, &length);
    return (head.zh != NULL && begins_with_head(text, length, head.zh)) ||
           (head.en != NULL && begins_with_head(text, length, head.en));
}

static void know_columns(reading *r)
{
    psyi_entry_column column;
    for (size_t i = 0; psyi_entry_column_at(r->sheet, i, &column); i++) {
        const psyi_entry_key key = key_of(column.key);
        if (key < PSYI_ENTRY_KEYS)
            r->about[key] = column;
    }
    for (size_t i = 0; i < PSYI_ENTRY_KEYS; i++)
        r->columns[i] = NO_COLUMN;
}

/* The row whose cells are heads, among them that of the case number. */
static psy_status find_heads(reading *r, bool *found)
{
    *found = false;
    for (unsigned row = 0; row < MOST_ABOVE && !*found && psyi_csv_record(&r->csv); row++) {
        bool last = false;
        for (uint32_t column = 1; !last; column++) {
            psyi_cell cell;
            const psy_status status = psyi_csv_read(&r->csv, &cell, &last, r->error);
            if (status != PSY_OK)
                return status;
            for (size_t key = 0; key < PSYI_ENTRY_KEYS; key++)
                if (r->about[key].key != NULL && r->columns[key] == NO_COLUMN &&
                    is_head(&cell, r->about[key].head)) {
                    r->columns[key] = column;
                    break;
                }
        }
        *found = r->columns[PSYI_KEY_CASE] != NO_COLUMN;
        if (!*found)
            for (size_t key = 0; key < PSYI_ENTRY_KEYS; key++)
                r->columns[key] = NO_COLUMN;
    }
    return PSY_OK;
}

static psy_status tell_missing(const reading *r)
{
    psy_status status = PSY_OK;
    const bool tiers = r->c->plan->scheme != NULL;
    for (size_t key = 0; key < PSYI_ENTRY_KEYS && status == PSY_OK; key++) {
        if (r->about[key].key == NULL || r->columns[key] != NO_COLUMN ||
            (!tiers && strncmp(r->about[key].key, "tier", 4) == 0))
            continue;
        const psy_finding finding = {.file = r->file,
                                     .field = psyi_entry_sheet_key(r->sheet),
                                     .rule = "column_missing",
                                     .severity = PSY_WARNING,
                                     .subject = r->about[key].key,
                                     .remedy = "put its head back as 字段说明 has it"};
        status = psyi_find(r->c->findings, &finding, r->error,
                           "the column '%s' (%s) is not there: what stood in it is not collected",
                           r->about[key].head.zh, r->about[key].head.en);
    }
    return status;
}

/* ---- a row ---- */

static bool same_word(const char *text, psyi_label word)
{
    return (word.zh != NULL && strcmp(word.zh, text) == 0) ||
           (word.en != NULL && psyi_ascii_compare(word.en, text) == 0);
}

static int8_t choice_of(const reading *r, size_t key, const char *text)
{
    const psyi_entry_column *const about = &r->about[key];
    const psyi_scheme *const scheme = r->c->plan->scheme;
    if (about->kind == PSYI_ENTRY_TIER) {
        for (size_t i = 0; scheme != NULL && i < scheme->n_tiers; i++)
            if (same_word(text, scheme->tiers[i].name))
                return (int8_t)scheme->tiers[i].rank;
        return -1;
    }
    for (int8_t i = 0; about->choices[i].zh != NULL || about->choices[i].en != NULL; i++)
        if (same_word(text, about->choices[i]))
            return i;
    return -1;
}

static psy_status tell_cell(const reading *r, const psyi_entry *entry, size_t key, const char *rule,
                            const char *what, const char *remedy)
{
    char cell[32];
    const psy_finding finding = {.file = r->file,
                                 .row = entry->row,
                                 .field = psyi_entry_sheet_key(r->sheet),
                                 .rule = rule,
                                 .severity = PSY_WARNING,
                                 .subject = entry->cells[PSYI_KEY_CASE],
                                 .remedy = remedy};
    return psyi_find(r->c->findings, &finding, r->error,
                     "cell %s of '%s' (%s) %s; it is kept as it was written",
                     psyi_cell_name(entry->row, r->columns[key], cell),
                     psyi_entry_sheet_name(r->sheet).zh, names[key], what);
}

/* Dates and words of lists. */
static psy_status understand(const reading *r, psyi_entry *entry)
{
    psy_status status = PSY_OK;
    for (size_t key = 0; key < PSYI_ENTRY_KEYS && status == PSY_OK; key++) {
        const psyi_entry_column *const about = &r->about[key];
        const char *const text = entry->cells[key];
        entry->days[key] = PSYI_NO_DAY;
        entry->choices[key] = -1;
        if (text == NULL || about->key == NULL)
            continue;
        int32_t seconds;
        switch (about->kind) {
        case PSYI_ENTRY_GIVEN:
            if ((key == PSYI_KEY_DUE || key == PSYI_KEY_OPENED) &&
                psyi_date_read(text, strlen(text), "ymd", &entry->days[key], &seconds) !=
                    PSYI_DATE_OK)
                entry->days[key] = PSYI_NO_DAY; /* "at once" */
            break;
        case PSYI_ENTRY_DATE:
            if (psyi_date_read(text, strlen(text), NULL, &entry->days[key], &seconds) !=
                PSYI_DATE_OK) {
                entry->days[key] = PSYI_NO_DAY;
                status = tell_cell(r, entry, key, "bad_date", "is no date that is clear",
                                   "write it as 2026-10-20");
            }
            break;
        case PSYI_ENTRY_CHOICE:
        case PSYI_ENTRY_TIER:
            entry->choices[key] = choice_of(r, key, text);
            if (entry->choices[key] < 0)
                status = tell_cell(r, entry, key, "unknown_value", "is no word of its list",
                                   "choose one of the list");
            break;
        case PSYI_ENTRY_TEXT:
            break;
        }
    }
    return status;
}

/* Anything written that did not stand there from the start? */
static bool was_touched(const reading *r, const psyi_entry *entry)
{
    for (size_t key = 0; key < PSYI_ENTRY_KEYS; key++) {
        const psyi_entry_column *const about = &r->about[key];
        if (about->key == NULL || about->kind == PSYI_ENTRY_GIVEN || entry->cells[key] == NULL)
            continue;
        if (about->begun &&
            (key == PSYI_KEY_SEQ ? strcmp(entry->cells[key], "1") == 0 : entry->choices[key] == 0))
            continue;
        return true;
    }
    return false;
}

static psy_status take_row(reading *r, psyi_entry *entry, bool *any)
{
    bool last = false;
    *any = false;
    for (uint32_t column = 1; !last; column++) {
        psyi_cell cell;
        const psy_status status = psyi_csv_read(&r->csv, &cell, &last, r->error);
        if (status != PSY_OK)
            return status;
        const char *text = cell.text;
        size_t length = cell.length;
        psyi_trim(&text, &length);
        if (length == 0)
            continue;
        for (size_t key = 0; key < PSYI_ENTRY_KEYS; key++) {
            if (r->columns[key] != column)
                continue;
            entry->cells[key] = psyi_arena_text(&r->c->arena, text, length);
            if (entry->cells[key] == NULL)
                return psyi_fail_memory(r->error, r->file);
            *any = true;
        }
    }
    return PSY_OK;
}

static psy_status add_row(reading *r)
{
    psyi_collecting *const c = r->c;
    void *entries = c->entries;
    const bool good =
        psyi_grow(c->allocator, &entries, &c->room, c->n_entries + 1, sizeof *c->entries);
    c->entries = entries;
    if (!good)
        return psyi_fail_memory(r->error, r->file);
    psyi_entry *const entry = &c->entries[c->n_entries];
    *entry = (psyi_entry){
        .file = r->file, .sheet = r->sheet, .row = r->csv.record_line, .at = PSYI_NO_CASE};
    bool any;
    psy_status status = take_row(r, entry, &any);
    if (status != PSY_OK || !any)
        return status;
    status = understand(r, entry);
    entry->touched = was_touched(r, entry);
    c->n_entries++;
    return status;
}

/* ---- sheets ---- */

static psy_status read_sheet(reading *r, const psyi_buffer *grid)
{
    bool found = false;
    know_columns(r);
    psyi_csv_init(&r->csv, grid->data != NULL ? grid->data : "", grid->length, '\t', r->file,
                  r->c->allocator);
    r->csv.grid = true;
    psy_status status = find_heads(r, &found);
    if (status == PSY_OK && found)
        status = tell_missing(r);
    while (status == PSY_OK && found && psyi_csv_record(&r->csv))
        status = add_row(r);
    psyi_csv_done(&r->csv);
    if (status != PSY_OK || found)
        return status;
    const psy_finding finding = {.file = r->file,
                                 .field = psyi_entry_sheet_key(r->sheet),
                                 .rule = "column_missing",
                                 .severity = PSY_ERROR,
                                 .subject = names[PSYI_KEY_CASE],
                                 .remedy = "put the head 案例编号 back"};
    return psyi_find(r->c->findings, &finding, r->error,
                     "the sheet '%s' has no column of case numbers: nothing of it is collected",
                     psyi_entry_sheet_name(r->sheet).zh);
}

psy_status psyi_collect_read(psyi_collecting *c, const char *path, const psyi_buffer *bytes,
                             psy_error *error)
{
    const char *const file = psyi_arena_copy(&c->arena, psyi_base_name(path));
    psy_status status = file != NULL ? PSY_OK : psyi_fail_memory(error, path);
    for (unsigned sheet = 0; sheet < PSYI_ENTRY_SHEETS && status == PSY_OK; sheet++) {
        const psyi_label name = psyi_entry_sheet_name((psyi_entry_sheet)sheet);
        const char *const either[] = {name.zh, name.en};
        reading r = {.c = c, .file = file, .sheet = (psyi_entry_sheet)sheet, .error = error};
        psyi_buffer grid;
        bool found;
        psyi_buffer_init(&grid, c->allocator);
        status = psyi_xlsx_named(bytes, path, either, 2, &found, &grid, error);
        if (status == PSY_OK && found) {
            status = read_sheet(&r, &grid);
        } else if (status == PSY_OK) {
            const psy_finding finding = {.file = file,
                                         .field = psyi_entry_sheet_key((psyi_entry_sheet)sheet),
                                         .rule = "sheet_missing",
                                         .severity = PSY_ERROR,
                                         .remedy = "give the sheet its name back"};
            status = psyi_find(c->findings, &finding, error,
                               "the workbook has no sheet '%s' (%s): nothing of it is collected",
                               name.zh, name.en);
        }
        psyi_buffer_done(&grid);
    }
    return status;
}

/* ---- bytes ---- */

static psy_status open_sealed(const psyi_collecting *c, const char *path, psyi_buffer *bytes,
                              psy_error *error)
{
    const psy_location where = psyi_location(path, 0, 0, 0);
    const char *const name = psyi_base_name(path);
    const char *const password =
        c->passwords != NULL ? psyi_passwords_of_file(c->passwords, name) : NULL;
    psyi_buffer plain;
    psyi_buffer_init(&plain, c->allocator);
    bool opens = false;
    psy_status status = PSY_OK;
    if (password == NULL)
        status = psyi_fail(error, PSY_E_DATA, &where,
                           "this workbook has a password, and %s: give a file of passwords with a "
                           "line for its school, whose code the name of the file begins with "
                           "(--passwords)",
                           c->passwords == NULL ? "none was given" : "none is listed for it");
    else
        status = psyi_sealed_open(bytes, path, password, &plain, &opens, error);
    if (status == PSY_OK && !opens)
        status = psyi_fail(error, PSY_E_DATA, &where,
                           "the password that is listed for it does not open this workbook");
    if (status == PSY_OK) {
        psyi_buffer_clear(bytes);
        psyi_buffer_add(bytes, plain.data != NULL ? plain.data : "", plain.length);
        if (bytes->failed)
            status = psyi_fail_memory(error, path);
    }
    if (plain.data != NULL)
        psyi_wipe(plain.data, plain.length);
    psyi_buffer_done(&plain);
    return status;
}

psy_status psyi_collect_bytes(const psyi_collecting *c, const char *path, psyi_buffer *out,
                              psy_error *error)
{
    psy_status status = psyi_file_read(path, MOST_BYTES, out, error);
    if (status == PSY_OK && out->data != NULL && psyi_is_compound(out->data, out->length))
        status = open_sealed(c, path, out, error);
    return status;
}
