/*
 * row_fields.c -- reading the cells that are no items.
 *
 * Messages quote cells of sex and grade columns only, at most 40 code points; names, ids,
 * classes, dates and free texts are never repeated, since findings are passed around.
 */
#include "intake/row_fields.h"
#include "answers/person_words.h"
#include "base/fail.h"
#include "base/locale.h"
#include "intake/cell.h"
#include "intake/cell_grid.h"
#include "intake/codes.h"
#include "intake/grade.h"
#include "intake/header.h"
#include "intake/spoilt_cell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The cell of a field as it is compared. */
typedef struct word {
    const char *text;
    size_t length;
    char room[PSYI_CELL_ROOM];
} word;

static bool is_listed(const psyi_text_list *list, const word *w)
{
    for (size_t i = 0; i < list->n_texts; i++)
        if (strlen(list->texts[i]) == w->length && memcmp(list->texts[i], w->text, w->length) == 0)
            return true;
    return false;
}

/* false: there is nothing to read. */
static bool read_word(const psyi_fields *fields, psyi_field field, word *w)
{
    const psyi_cell *const cell = &fields->cells[field];
    w->text = cell->text;
    w->length = cell->length;
    if (cell->length == 0)
        return false;
    if (!psyi_cell_plain(w->text, w->length))
        psyi_cell_clean(&w->text, &w->length, w->room);
    const psyi_input *const input = fields->input;
    return w->length > 0 &&
           (input == NULL ||
            !(is_listed(&input->blank, w) || is_listed(&input->skipped, w) ||
              is_listed(&input->refused, w) || is_listed(&input->not_applicable, w)));
}

static bool is(const word *w, const char *wanted)
{
    char text[24];
    if (w->length >= sizeof text || w->length != strlen(wanted))
        return false;
    memcpy(text, w->text, w->length);
    text[w->length] = '\0';
    return psyi_ascii_compare(text, wanted) == 0;
}

static const char *mapped(const psyi_fields *fields, psyi_field field, const word *w)
{
    return psyi_code_map_find(fields->input, psyi_field_name(field), w->text, w->length);
}

/* ---- remembering ---- */

/* Up to sixteen bytes as two words; different texts of one length differ. */
static void key_of(const char *text, size_t length, uint64_t key[2])
{
    uint32_t low, high;
    key[1] = 0;
    if (length >= 8) {
        memcpy(&key[0], text, 8);
        memcpy(&key[1], text + length - 8, 8);
    } else if (length >= 4) {
        memcpy(&low, text, 4);
        memcpy(&high, text + length - 4, 4);
        key[0] = (uint64_t)high << 32 | low;
    } else {
        key[0] = (uint64_t)(unsigned char)text[0] | (uint64_t)(unsigned char)text[length / 2] << 8 |
                 (uint64_t)(unsigned char)text[length - 1] << 16;
    }
}

/* The slot of the cell, or NULL where it is not worth one; *known: it was read before. */
static inline __attribute__((always_inline)) psyi_memo *recall(psyi_fields *fields,
                                                               psyi_memo_kind kind,
                                                               psyi_field field, int16_t beside,
                                                               psyi_memo *now, bool *known)
{
    const psyi_cell *const cell = &fields->cells[field];
    *known = false;
    if (cell->length == 0 || cell->length > PSYI_MEMO_TEXT || fields->forgets)
        return NULL;
    *now = (psyi_memo){.length = (uint8_t)cell->length, .beside = beside};
    key_of(cell->text, cell->length, now->key);
    const uint64_t hash = (now->key[0] * UINT64_C(0x9E3779B97F4A7C15)) ^
                          ((now->key[1] + (uint16_t)beside) * UINT64_C(0xBF58476D1CE4E5B9));
    psyi_memo *const slot = &fields->memos[kind][(hash ^ hash >> 32) >> 7 & (PSYI_MEMO_SLOTS - 1)];
    *known = slot->length == now->length && slot->key[0] == now->key[0] &&
             slot->key[1] == now->key[1] && slot->beside == beside;
    return slot;
}

/* What the cell says, read where it was not read before and kept where nothing was to be told. */
static psy_status remembered(psyi_fields *fields, psyi_memo_kind kind, psyi_field field,
                             int16_t beside, psy_status (*read)(psyi_fields *, psyi_memo *),
                             psyi_memo *out)
{
    bool known;
    psyi_memo now;
    psyi_memo *const slot = recall(fields, kind, field, beside, &now, &known);
    if (known) {
        *out = *slot;
        return PSY_OK;
    }
    const uint64_t before = fields->n_said;
    *out = (psyi_memo){.beside = beside, .text = ""};
    const psy_status status = read(fields, out);
    if (slot == NULL || status != PSY_OK || fields->n_said != before)
        return status;
    *slot = now;
    slot->value = out->value;
    slot->grade = out->grade;
    slot->text = out->text;
    return status;
}

static bool counts(psyi_fields *fields, psyi_field field, psyi_complaint complaint)
{
    fields->n_said++;
    return psyi_tally_count(fields->tally, fields->column[field], complaint);
}

static psy_status warn(psyi_fields *fields, psyi_field field, psyi_complaint complaint,
                       const char *sentence)
{
    if (!counts(fields, field, complaint))
        return PSY_OK;
    return psyi_tally_tell(fields->tally, fields->column[field], complaint,
                           fields->csv->record_line, fields->error, "%s", sentence);
}

/* What must not be guessed stops the reading, with the place of the cell; on a partial
 * export, where only critical items matter, it is one more thing that is not known. */
static psy_status refuse(psyi_fields *fields, psyi_field field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static psy_status refuse(psyi_fields *fields, psyi_field field, const char *format, ...)
{
    char sentence[512], path[160], cell[32] = "", place[31 * 4 + 40] = "";
    va_list arguments;
    va_start(arguments, format);
    if (psyi_vformat(sentence, sizeof sentence, format, arguments) < 0)
        sentence[0] = '\0';
    va_end(arguments);
    if (fields->lenient)
        return warn(fields, field, PSYI_UNREADABLE_CELL, sentence);
    const psyi_tally *const tally = fields->tally;
    const uint32_t column = fields->column[field];
    const uint64_t row = fields->csv->record_line;
    const char *const name = tally->names[column];
    psy_location where = psyi_csv_place(fields->csv, fields->cells[field].start);
    if (tally->cells) { /* "sheet!C17: ", as findings have it */
        where = psyi_location(tally->file, (size_t)row, column + 1, 1);
        snprintf(place, sizeof place, "%s%s%s: ", tally->sheet != NULL ? tally->sheet : "",
                 tally->sheet != NULL ? "!" : "", psyi_cell_name(row, column + 1, cell));
    } else {
        snprintf(cell, sizeof cell, "%llu", (unsigned long long)row);
    }
    snprintf(path, sizeof path, "%s %s, column %.*s", tally->cells ? "cell" : "row", cell,
             psyi_quotable(name, strlen(name)), name);
    return psyi_fail_within(
        fields->error, psyi_fail(fields->error, PSY_E_DATA, &where, "%s%s", place, sentence), path);
}

static const char *declare_in(const psyi_fields *fields)
{
    return fields->where != NULL ? fields->where : "the plan";
}

static psy_status read_sex(psyi_fields *fields, uint8_t *out)
{
    word w;
    *out = PSYI_SEX_UNKNOWN;
    if (!read_word(fields, PSYI_FIELD_SEX, &w))
        return PSY_OK;
    const char *const value = mapped(fields, PSYI_FIELD_SEX, &w);
    const psyi_sex sex =
        value != NULL ? psyi_sex_word(value, strlen(value)) : psyi_sex_word(w.text, w.length);
    *out = (uint8_t)sex;
    if (sex != PSYI_SEX_UNKNOWN || (value != NULL && strcmp(value, "unknown") == 0))
        return PSY_OK;
    const int shown = psyi_quotable(w.text, w.length);
    if (fields->where == NULL)
        return refuse(fields, PSYI_FIELD_SEX,
                      "sex code '%.*s' has no declared meaning: write male, female, 男 or 女",
                      shown, w.text);
    return refuse(fields, PSYI_FIELD_SEX,
                  "sex code '%.*s' has no declared meaning: declare codes: {sex: {%.*s: male, "
                  "...}} under %s",
                  shown, w.text, shown, w.text, fields->where);
}

static psy_status remember_sex(psyi_fields *fields, psyi_memo *out)
{
    uint8_t sex;
    const psy_status status = read_sex(fields, &sex);
    out->value = sex;
    return status;
}

psy_status psyi_fields_sex(psyi_fields *fields, uint8_t *out)
{
    psyi_memo memo;
    const psy_status status =
        remembered(fields, PSYI_MEMO_SEX, PSYI_FIELD_SEX, 0, remember_sex, &memo);
    *out = (uint8_t)memo.value;
    return status;
}

psy_status psyi_fields_informant(psyi_fields *fields, uint8_t *out)
{
    word w;
    *out = PSYI_INFORMANT_UNKNOWN;
    if (!read_word(fields, PSYI_FIELD_INFORMANT, &w))
        return PSY_OK;
    const char *const value = mapped(fields, PSYI_FIELD_INFORMANT, &w);
    *out = (uint8_t)(value != NULL ? psyi_informant_word(value, strlen(value))
                                   : psyi_informant_word(w.text, w.length));
    if (*out != PSYI_INFORMANT_UNKNOWN || (value != NULL && strcmp(value, "unknown") == 0))
        return PSY_OK;
    return warn(fields, PSYI_FIELD_INFORMANT, PSYI_UNREADABLE_CELL,
                "the informant is none of self, parent, teacher, and no code declares it");
}

psy_status psyi_fields_consent(psyi_fields *fields, uint8_t *out)
{
    static const struct {
        const char *text;
        psyi_consent consent;
    } words[] = {{"yes", PSYI_CONSENT_YES},
                 {"no", PSYI_CONSENT_NO},
                 {"unanswered", PSYI_CONSENT_UNANSWERED},
                 {"同意", PSYI_CONSENT_YES},
                 {"不同意", PSYI_CONSENT_NO},
                 {"未回", PSYI_CONSENT_UNANSWERED}};
    word w;
    *out = PSYI_CONSENT_UNKNOWN;
    if (!read_word(fields, PSYI_FIELD_CONSENT, &w))
        return PSY_OK;
    const char *const value = mapped(fields, PSYI_FIELD_CONSENT, &w);
    if (value != NULL) {
        w.text = value;
        w.length = strlen(value);
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is(&w, words[i].text)) {
            *out = (uint8_t)words[i].consent;
            return PSY_OK;
        }
    return refuse(fields, PSYI_FIELD_CONSENT,
                  "the consent has no declared meaning: declare codes: {consent: {...: yes, ...: "
                  "no, ...: unanswered}} under %s",
                  declare_in(fields));
}

psy_status psyi_fields_required(psyi_fields *fields, bool *out)
{
    word w;
    *out = true;
    if (!read_word(fields, PSYI_FIELD_REQUIRED, &w))
        return PSY_OK;
    const char *const value = mapped(fields, PSYI_FIELD_REQUIRED, &w);
    if (value != NULL) {
        w.text = value;
        w.length = strlen(value);
    }
    if (is(&w, "yes") || is(&w, "是"))
        return PSY_OK;
    if (is(&w, "no") || is(&w, "否")) {
        *out = false;
        return PSY_OK;
    }
    return warn(fields, PSYI_FIELD_REQUIRED, PSYI_UNREADABLE_CELL,
                "neither 是 nor 否, yes nor no: the student counts as required");
}

/* A grade by the year of entry; what stands in the way, or NULL. */
static const char *read_year(const psyi_fields *fields, const word *w, int *grade)
{
    const int school_year = fields->input != NULL ? fields->input->school_year : 0;
    switch (psyi_grade_of_year(w->text, w->length, school_year, grade)) {
    case PSYI_YEAR_OF_NO_SCHOOL:
        return "a year of entry or leaving says no grade without the school type: write "
               "初中2023级, or declare codes: {grade: {\"2023级\": 9}}";
    case PSYI_YEAR_WITHOUT_DATE:
        return "which grade this year is in depends on the date: declare `as_of:` in the plan";
    case PSYI_YEAR_OUTSIDE:
        return "nobody of this year is at such a school on the day of the plan's `as_of:`";
    case PSYI_YEAR_OK:
    case PSYI_YEAR_NONE:
        break;
    }
    return NULL;
}

static psy_status read_grade(psyi_fields *fields, int16_t *out)
{
    word w;
    int grade = 0;
    *out = 0;
    if (!read_word(fields, PSYI_FIELD_GRADE, &w))
        return PSY_OK;
    const char *const value = mapped(fields, PSYI_FIELD_GRADE, &w);
    const psyi_grade_outcome outcome = value != NULL ? psyi_grade_read(value, strlen(value), &grade)
                                                     : psyi_grade_read(w.text, w.length, &grade);
    const char *year = NULL;
    if (outcome == PSYI_GRADE_UNREADABLE && value == NULL)
        year = read_year(fields, &w, &grade);
    *out = (int16_t)grade;
    if (outcome == PSYI_GRADE_OK || grade > 0)
        return PSY_OK;
    if (year != NULL)
        return warn(fields, PSYI_FIELD_GRADE, PSYI_UNREADABLE_CELL, year);
    const psyi_complaint complaint =
        outcome == PSYI_GRADE_CONTRADICTS ? PSYI_CONTRADICTION : PSYI_UNREADABLE_CELL;
    if (!counts(fields, PSYI_FIELD_GRADE, complaint))
        return PSY_OK;
    return psyi_tally_tell(fields->tally, fields->column[PSYI_FIELD_GRADE], complaint,
                           fields->csv->record_line, fields->error,
                           outcome == PSYI_GRADE_CONTRADICTS ? "'%.*s' names two grades"
                                                             : "'%.*s' is no grade",
                           psyi_quotable(w.text, w.length), w.text);
}

static psy_status read_class(psyi_fields *fields, int16_t *grade, int16_t *out)
{
    word w;
    *out = 0;
    if (!read_word(fields, PSYI_FIELD_CLASS, &w))
        return PSY_OK;
    const char *const value = mapped(fields, PSYI_FIELD_CLASS, &w);
    if (value == NULL && psyi_is_date_text(w.text, w.length))
        return warn(fields, PSYI_FIELD_CLASS, PSYI_DATE_CELL,
                    "there is a date where a class should be, as a spreadsheet makes of 7-1: the "
                    "class has no number");
    int known = *grade, number = 0;
    const psyi_grade_outcome outcome = value != NULL
                                           ? psyi_class_read(value, strlen(value), &known, &number)
                                           : psyi_class_read(w.text, w.length, &known, &number);
    *grade = (int16_t)known;
    *out = (int16_t)number; /* classes with names have no number, and need none */
    if (outcome != PSYI_GRADE_CONTRADICTS)
        return PSY_OK;
    return warn(fields, PSYI_FIELD_CLASS, PSYI_CONTRADICTION,
                "the class belongs to another grade than the row says");
}

psy_status psyi_fields_age(psyi_fields *fields, int16_t *out)
{
    word w;
    int64_t age;
    *out = -1;
    if (!read_word(fields, PSYI_FIELD_AGE, &w))
        return PSY_OK;
    size_t length = w.length;
    if (length > 3 && memcmp(w.text + length - 3, "岁", 3) == 0)
        length -= 3;
    if (psyi_cell_integer(w.text, length, &age) && age >= 0 && age <= 120) {
        *out = (int16_t)age;
        return PSY_OK;
    }
    return warn(fields, PSYI_FIELD_AGE, PSYI_UNREADABLE_CELL,
                "the age is no whole number of years from 0 to 120");
}

static psy_status read_date(psyi_fields *fields, psyi_field field, int32_t *days, int32_t *seconds,
                            bool *known)
{
    word w;
    *known = false;
    if (!read_word(fields, field, &w))
        return PSY_OK;
    const char *const order = fields->input != NULL ? fields->input->dates : NULL;
    switch (psyi_date_read(w.text, w.length, order, days, seconds)) {
    case PSYI_DATE_OK:
        *known = true;
        return PSY_OK;
    case PSYI_DATE_AMBIGUOUS:
        return refuse(fields, field,
                      "day and month of this date cannot be told apart: declare `dates: dmy` or "
                      "`dates: mdy` under %s",
                      declare_in(fields));
    default:
        return warn(fields, field, PSYI_UNREADABLE_CELL,
                    "no date: write 2026-09-03, for a moment 2026-09-03 12:00");
    }
}

psy_status psyi_fields_submitted(psyi_fields *fields, int64_t *out)
{
    int32_t days, seconds;
    bool known;
    const psy_status status = read_date(fields, PSYI_FIELD_SUBMITTED_AT, &days, &seconds, &known);
    *out = status == PSY_OK && known ? (int64_t)days * 86400 + seconds : PSYI_NO_TIME;
    return status;
}

psy_status psyi_fields_day(psyi_fields *fields, psyi_field field, int32_t *out)
{
    int32_t days, seconds;
    bool known;
    const psy_status status = read_date(fields, field, &days, &seconds, &known);
    *out = status == PSY_OK && known ? days : INT32_MIN;
    return status;
}

psy_status psyi_fields_duration(psyi_fields *fields, int32_t *out)
{
    word w;
    *out = -1;
    if (!read_word(fields, PSYI_FIELD_DURATION, &w) || psyi_duration_read(w.text, w.length, out))
        return PSY_OK;
    *out = -1;
    return warn(fields, PSYI_FIELD_DURATION, PSYI_UNREADABLE_CELL,
                "no duration: write seconds, 123秒, 2分3秒 or 00:12:30");
}

static psy_status keep(psyi_fields *fields, psyi_field field, const char *text, size_t length,
                       const char **out)
{
    psyi_kept_text *const last = &fields->kept[field];
    if (length == 0) {
        *out = "";
        return PSY_OK;
    }
    /* Rows of one school or class follow each other. */
    if (last->length == length && last->text[length - 1] == text[length - 1] &&
        memcmp(last->text, text, length) == 0) {
        *out = last->text;
        return PSY_OK;
    }
    *out = psyi_arena_text(fields->arena, text, length);
    *last = (psyi_kept_text){*out, *out != NULL ? length : 0};
    return *out != NULL ? PSY_OK : psyi_fail_memory(fields->error, "records");
}

/* What a spreadsheet makes of numbers of pupils; *usable: the cell is one all the same. */
static psy_status doubt_id(psyi_fields *fields, psyi_field field, const word *w, bool *usable)
{
    *usable = false;
    if (psyi_is_rounded(w->text, w->length)) {
        const psy_status status =
            refuse(fields, field, "%s",
                   fields->csv->grid
                       ? "the number has more digits than a spreadsheet keeps (15): format the "
                         "column as text and enter the numbers again"
                       : "the number is in scientific notation and has lost digits: format the "
                         "column as text in the spreadsheet and export again");
        if (status != PSY_OK)
            return status;
    }
    /* Two pupils with #N/A would be one. */
    if (psyi_is_formula_error(w->text, w->length))
        return warn(fields, field, PSYI_FORMULA_ERROR,
                    is(w, "#FORMULA!")
                        ? "the formula here has no stored result (a spreadsheet that opens and "
                          "saves the file stores it): the cell counts as empty"
                        : "a formula of the spreadsheet failed here: the cell counts as empty");
    if (psyi_is_date_text(w->text, w->length))
        return warn(fields, field, PSYI_DATE_CELL,
                    "there is a date where a number should be, as a spreadsheet makes of 3-12: "
                    "the cell counts as empty");
    *usable = true;
    return PSY_OK;
}

static psy_status read_id(psyi_fields *fields, psyi_field field, const char **out)
{
    word w;
    bool usable = false;
    *out = "";
    if (!read_word(fields, field, &w))
        return PSY_OK;
    if (!psyi_cell_digits(w.text, w.length)) {
        const psy_status status = doubt_id(fields, field, &w, &usable);
        if (status != PSY_OK || !usable)
            return status;
    }
    psyi_count_digits(fields->tally, fields->column[field], w.text, w.length);
    return keep(fields, field, w.text, w.length, out);
}

static psy_status remember_school(psyi_fields *fields, psyi_memo *out)
{
    return read_id(fields, PSYI_FIELD_SCHOOL, &out->text);
}

psy_status psyi_fields_id(psyi_fields *fields, psyi_field field, const char **out)
{
    psyi_memo memo;
    if (field != PSYI_FIELD_SCHOOL)
        return read_id(fields, field, out);
    const psy_status status =
        remembered(fields, PSYI_MEMO_SCHOOL, field, 0, remember_school, &memo);
    *out = memo.text;
    return status;
}

const char *psyi_fields_code(const psyi_fields *fields, psyi_field field, bool *empty)
{
    word w;
    *empty = !read_word(fields, field, &w);
    return *empty ? NULL : mapped(fields, field, &w);
}

psy_status psyi_fields_text(psyi_fields *fields, psyi_field field, const char **out)
{
    word w;
    *out = "";
    if (!read_word(fields, field, &w)) /* empty, or a text for missing */
        return PSY_OK;
    const char *text = fields->cells[field].text;
    size_t length = fields->cells[field].length;
    psyi_cell_trim(&text, &length);
    return keep(fields, field, text, length, out);
}

static psy_status remember_grade(psyi_fields *fields, psyi_memo *out)
{
    const psy_status status = psyi_fields_text(fields, PSYI_FIELD_GRADE, &out->text);
    return status == PSY_OK ? read_grade(fields, &out->value) : status;
}

psy_status psyi_fields_grade(psyi_fields *fields, int16_t *out, const char **text)
{
    psyi_memo memo;
    const psy_status status =
        remembered(fields, PSYI_MEMO_GRADE, PSYI_FIELD_GRADE, 0, remember_grade, &memo);
    *out = memo.value;
    *text = memo.text;
    return status;
}

static psy_status remember_class(psyi_fields *fields, psyi_memo *out)
{
    out->grade = out->beside;
    const psy_status status = psyi_fields_text(fields, PSYI_FIELD_CLASS, &out->text);
    return status == PSY_OK ? read_class(fields, &out->grade, &out->value) : status;
}

psy_status psyi_fields_class(psyi_fields *fields, int16_t *grade, int16_t *out, const char **text)
{
    psyi_memo memo;
    const psy_status status =
        remembered(fields, PSYI_MEMO_CLASS, PSYI_FIELD_CLASS, *grade, remember_class, &memo);
    *grade = memo.grade;
    *out = memo.value;
    *text = memo.text;
    return status;
}
