/*
 * norm_sheet.c -- the table of a norm as cells: a small strict CSV reader.
 *
 * What a typist gets wrong in a cell or the header is refused with its line and column; what
 * cells must be to one another is norm_csv.c's.
 */
#include "definition/norm_sheet.h"

#include "base/fail.h"
#include "base/text.h"
#include "definition/norm_csv.h"

#include <string.h>

static const char *const column_names[PSYI_NORM_COLUMNS] = {
    [PSYI_NORM_COLUMN_SCALE] = "scale",
    [PSYI_NORM_COLUMN_INFORMANT] = "informant",
    [PSYI_NORM_COLUMN_SEX] = "sex",
    [PSYI_NORM_COLUMN_GRADE_FROM] = "grade_from",
    [PSYI_NORM_COLUMN_GRADE_TO] = "grade_to",
    [PSYI_NORM_COLUMN_AGE_FROM] = "age_from",
    [PSYI_NORM_COLUMN_AGE_TO] = "age_to",
    [PSYI_NORM_COLUMN_MONTHS_FROM] = "months_from",
    [PSYI_NORM_COLUMN_MONTHS_TO] = "months_to",
    [PSYI_NORM_COLUMN_STAGE] = "stage",
    [PSYI_NORM_COLUMN_MEAN] = "mean",
    [PSYI_NORM_COLUMN_SD] = "sd",
    [PSYI_NORM_COLUMN_RAW] = "raw",
    [PSYI_NORM_COLUMN_STANDARD] = "standard",
    [PSYI_NORM_COLUMN_SE] = "se",
    [PSYI_NORM_COLUMN_NUM] = "num",
    [PSYI_NORM_COLUMN_DEN] = "den",
    [PSYI_NORM_COLUMN_COUNT] = "count",
    [PSYI_NORM_COLUMN_AGE] = "age",
    [PSYI_NORM_COLUMN_L] = "l",
    [PSYI_NORM_COLUMN_M] = "m",
    [PSYI_NORM_COLUMN_S] = "s",
    [PSYI_NORM_COLUMN_POWER_L] = "power_l",
    [PSYI_NORM_COLUMN_POWER_A] = "power_a",
    [PSYI_NORM_COLUMN_COEFFICIENT] = "coefficient",
    [PSYI_NORM_COLUMN_ITEM] = "item",
    [PSYI_NORM_COLUMN_STEP] = "step",
    [PSYI_NORM_COLUMN_VALUE] = "value",
    [PSYI_NORM_COLUMN_CONFIDENCE] = "confidence"};

void psyi_norm_problem(psyi_norm_sheet *sheet, size_t column_number, size_t length,
                       const char *rule, const char *format, ...)
{
    const psy_location where =
        psyi_location(sheet->loader->source, sheet->row_line, column_number, length);
    va_list arguments;
    va_start(arguments, format);
    psyi_problem_at(sheet->loader, &where, rule, format, arguments);
    va_end(arguments);
}

/* ---- records -------------------------------------------------------------------------- */

static bool at_break(const psyi_norm_sheet *sheet)
{
    return sheet->at == sheet->length || sheet->text[sheet->at] == '\n' ||
           sheet->text[sheet->at] == '\r';
}

/* A quoted cell into `room`; false when the quote is never closed. */
static bool read_quoted(psyi_norm_sheet *sheet, psyi_norm_text *out, char **room)
{
    char *to = *room;
    out->text = to;
    for (sheet->at++; sheet->at < sheet->length; sheet->at++) {
        const char byte = sheet->text[sheet->at];
        if (byte == '"' && (sheet->at + 1 == sheet->length || sheet->text[sheet->at + 1] != '"')) {
            sheet->at++;
            out->length = (size_t)(to - out->text);
            *room = to;
            return true;
        }
        if (byte == '\n' || byte == '\r')
            break;
        sheet->at += byte == '"';
        *to++ = byte;
    }
    return false;
}

bool psyi_norm_next(psyi_norm_sheet *sheet)
{
    sheet->n_cells = 0;
    if (sheet->at == sheet->length)
        return false;
    const char *const start = sheet->text + sheet->at;
    char *room = sheet->room;
    sheet->row_line = ++sheet->line;
    for (;;) {
        psyi_norm_text one = {.text = sheet->text + sheet->at};
        one.column = psyi_utf8_count(start, (size_t)(sheet->text + sheet->at - start)) + 1;
        bool good = true;
        if (!at_break(sheet) && sheet->text[sheet->at] == '"') {
            good = read_quoted(sheet, &one, &room) &&
                   (at_break(sheet) || sheet->text[sheet->at] == ',');
        } else {
            while (!at_break(sheet) && sheet->text[sheet->at] != ',') {
                good = good && sheet->text[sheet->at] != '"';
                sheet->at++;
            }
            one.length = (size_t)(sheet->text + sheet->at - one.text);
        }
        if (!good || sheet->n_cells == PSYI_NORM_MOST_CELLS) {
            psyi_norm_problem(sheet, one.column, 1, PSYI_PROBLEM_SHAPE,
                              good ? "more cells than a norm table has columns"
                                   : "this cell is not quoted properly");
            while (!at_break(sheet))
                sheet->at++;
            sheet->n_cells = 0;
            break;
        }
        sheet->cells[sheet->n_cells++] = one;
        if (at_break(sheet))
            break;
        sheet->at++; /* the comma */
    }
    if (sheet->at < sheet->length && sheet->text[sheet->at] == '\r')
        sheet->at++;
    if (sheet->at < sheet->length && sheet->text[sheet->at] == '\n')
        sheet->at++;
    return true;
}

bool psyi_norm_is(const psyi_norm_text *one, const char *text)
{
    return one->length == strlen(text) && memcmp(one->text, text, one->length) == 0;
}

size_t psyi_norm_width(const psyi_norm_text *one)
{
    const size_t n = psyi_utf8_count(one->text, one->length);
    return n > 0 ? n : 1;
}

int psyi_norm_shown(const psyi_norm_text *one)
{
    return (int)psyi_utf8_prefix(one->text, one->length, 40);
}

const psyi_norm_text *psyi_norm_at(const psyi_norm_sheet *sheet, psyi_norm_column column)
{
    return &sheet->cells[sheet->where[column]];
}

/* ---- header --------------------------------------------------------------------------- */

static unsigned wanted_columns(psyi_norm_kind kind, uint8_t groups)
{
    static const unsigned of_group[] = {
        [PSYI_GROUP_INFORMANT] = 1u << PSYI_NORM_COLUMN_INFORMANT,
        [PSYI_GROUP_SEX] = 1u << PSYI_NORM_COLUMN_SEX,
        [PSYI_GROUP_GRADE] = 1u << PSYI_NORM_COLUMN_GRADE_FROM | 1u << PSYI_NORM_COLUMN_GRADE_TO,
        [PSYI_GROUP_AGE] = 1u << PSYI_NORM_COLUMN_AGE_FROM | 1u << PSYI_NORM_COLUMN_AGE_TO,
        [PSYI_GROUP_MONTHS] = 1u << PSYI_NORM_COLUMN_MONTHS_FROM | 1u << PSYI_NORM_COLUMN_MONTHS_TO,
        [PSYI_GROUP_STAGE] = 1u << PSYI_NORM_COLUMN_STAGE,
    };
    unsigned wanted = 1u << PSYI_NORM_COLUMN_SCALE;
    for (unsigned i = 0; i <= PSYI_GROUP_STAGE; i++)
        if (((unsigned)groups >> i & 1u) != 0)
            wanted |= of_group[i];
    switch (kind) {
    case PSYI_NORM_TABLE:
        return wanted | 1u << PSYI_NORM_COLUMN_RAW | 1u << PSYI_NORM_COLUMN_STANDARD;
    case PSYI_NORM_MEAN_SD:
        return wanted | 1u << PSYI_NORM_COLUMN_MEAN | 1u << PSYI_NORM_COLUMN_SD;
    case PSYI_NORM_HISTOGRAM:
        return wanted | 1u << PSYI_NORM_COLUMN_NUM | 1u << PSYI_NORM_COLUMN_DEN |
               1u << PSYI_NORM_COLUMN_COUNT;
    case PSYI_NORM_LMS:
        return wanted | 1u << PSYI_NORM_COLUMN_AGE | 1u << PSYI_NORM_COLUMN_L |
               1u << PSYI_NORM_COLUMN_M | 1u << PSYI_NORM_COLUMN_S;
    case PSYI_NORM_REGRESSION:
        return wanted | 1u << PSYI_NORM_COLUMN_POWER_L | 1u << PSYI_NORM_COLUMN_POWER_A |
               1u << PSYI_NORM_COLUMN_COEFFICIENT;
    case PSYI_NORM_IRT:
        return wanted | 1u << PSYI_NORM_COLUMN_ITEM | 1u << PSYI_NORM_COLUMN_STEP |
               1u << PSYI_NORM_COLUMN_VALUE;
    }
    return wanted;
}

bool psyi_norm_header(psyi_norm_sheet *sheet, psyi_norm_kind kind, uint8_t groups)
{
    const unsigned wanted = wanted_columns(kind, groups);
    const unsigned allowed = wanted | 1u << PSYI_NORM_COLUMN_CONFIDENCE |
                             (kind == PSYI_NORM_TABLE ? 1u << PSYI_NORM_COLUMN_SE : 0u);
    for (int i = 0; i < PSYI_NORM_COLUMNS; i++)
        sheet->where[i] = -1;
    sheet->row_line = 1;
    if (!psyi_norm_next(sheet)) {
        psyi_norm_problem(sheet, 1, 1, PSYI_PROBLEM_VALUE, "the table is empty");
        return false;
    }
    bool good = sheet->n_cells > 0;
    for (size_t i = 0; i < sheet->n_cells; i++) {
        int found = 0;
        while (found < PSYI_NORM_COLUMNS && !psyi_norm_is(&sheet->cells[i], column_names[found]))
            found++;
        if (found == PSYI_NORM_COLUMNS || (allowed >> found & 1u) == 0 ||
            sheet->where[found] >= 0) {
            psyi_norm_problem(
                sheet, sheet->cells[i].column, psyi_norm_width(&sheet->cells[i]), PSYI_PROBLEM_KEY,
                "column '%.*s' %s", psyi_norm_shown(&sheet->cells[i]), sheet->cells[i].text,
                found < PSYI_NORM_COLUMNS && sheet->where[found] >= 0 ? "stands here twice"
                : found >= PSYI_NORM_COLUMN_INFORMANT && found <= PSYI_NORM_COLUMN_STAGE
                    ? "is of a group that `groups:` in the head does not name"
                    : "does not belong to this kind of norm and its groups");
            good = false;
        } else {
            sheet->where[found] = (int)i;
        }
    }
    for (int i = 0; i < PSYI_NORM_COLUMNS && sheet->n_cells > 0; i++)
        if ((wanted >> i & 1u) != 0 && sheet->where[i] < 0) {
            psyi_norm_problem(sheet, 1, 1, PSYI_PROBLEM_MISSING, "column '%s' is missing",
                              column_names[i]);
            good = false;
        }
    sheet->n_header = sheet->n_cells;
    return good;
}

/* ---- cells ---------------------------------------------------------------------------- */

bool psyi_norm_number(psyi_norm_sheet *sheet, psyi_norm_column which, psyi_ratio *out)
{
    const psyi_norm_text *const one = psyi_norm_at(sheet, which);
    if (psyi_ratio_parse(one->text, one->length, out))
        return true;
    psyi_norm_problem(sheet, one->column, psyi_norm_width(one), PSYI_PROBLEM_VALUE,
                      "%s: expected a number, found '%.*s'", column_names[which],
                      psyi_norm_shown(one), one->text);
    return false;
}

bool psyi_norm_integer(psyi_norm_sheet *sheet, psyi_norm_column which, int64_t low, int64_t high,
                       int64_t *out)
{
    const psyi_norm_text *const one = psyi_norm_at(sheet, which);
    if (psyi_integer_parse(one->text, one->length, out) && *out >= low && *out <= high)
        return true;
    psyi_norm_problem(sheet, one->column, psyi_norm_width(one), PSYI_PROBLEM_VALUE,
                      "%s: expected a whole number from %lld to %lld, found '%.*s'",
                      column_names[which], (long long)low, (long long)high, psyi_norm_shown(one),
                      one->text);
    return false;
}

static bool word(psyi_norm_sheet *sheet, psyi_norm_column which, const psyi_word *words,
                 uint8_t *mask)
{
    if (sheet->where[which] < 0)
        return true;
    const psyi_norm_text *const one = psyi_norm_at(sheet, which);
    for (; words->word != NULL; words++)
        if (psyi_norm_is(one, words->word)) {
            *mask = (uint8_t)(1u << words->value);
            return true;
        }
    psyi_norm_problem(sheet, one->column, psyi_norm_width(one), PSYI_PROBLEM_VALUE,
                      "%s: '%.*s' is not known", column_names[which], psyi_norm_shown(one),
                      one->text);
    return false;
}

static bool range(psyi_norm_sheet *sheet, psyi_norm_column from, psyi_norm_column to, int64_t most,
                  int16_t *low, int16_t *high)
{
    int64_t a = 0, b = 0;
    if (sheet->where[from] < 0)
        return true;
    if (!psyi_norm_integer(sheet, from, from == PSYI_NORM_COLUMN_AGE_FROM ? 0 : 1, most, &a) ||
        !psyi_norm_integer(sheet, to, 0, most, &b))
        return false;
    if (a > b) {
        psyi_norm_problem(sheet, psyi_norm_at(sheet, from)->column,
                          psyi_norm_width(psyi_norm_at(sheet, from)), PSYI_PROBLEM_VALUE,
                          "%s %lld is above %s %lld", column_names[from], (long long)a,
                          column_names[to], (long long)b);
        return false;
    }
    *low = (int16_t)a;
    *high = (int16_t)b;
    return true;
}

bool psyi_norm_who(psyi_norm_sheet *sheet, psyi_who *who)
{
    *who = (psyi_who){.age_low = -1, .age_high = -1};
    return word(sheet, PSYI_NORM_COLUMN_INFORMANT, psyi_informant_words, &who->informants) &&
           word(sheet, PSYI_NORM_COLUMN_SEX, psyi_sex_words, &who->sexes) &&
           word(sheet, PSYI_NORM_COLUMN_STAGE, psyi_stage_words, &who->stages) &&
           range(sheet, PSYI_NORM_COLUMN_GRADE_FROM, PSYI_NORM_COLUMN_GRADE_TO, 16, &who->grade_low,
                 &who->grade_high) &&
           range(sheet, PSYI_NORM_COLUMN_AGE_FROM, PSYI_NORM_COLUMN_AGE_TO, 150, &who->age_low,
                 &who->age_high) &&
           range(sheet, PSYI_NORM_COLUMN_MONTHS_FROM, PSYI_NORM_COLUMN_MONTHS_TO, 1811,
                 &who->months_low, &who->months_high);
}

bool psyi_norm_real(psyi_norm_sheet *sheet, psyi_norm_column which, double *out)
{
    const psyi_norm_text *const one = psyi_norm_at(sheet, which);
    if (psyi_number_parse(one->text, one->length, out) && *out >= -1e15 && *out <= 1e15)
        return true;
    psyi_norm_problem(sheet, one->column, psyi_norm_width(one), PSYI_PROBLEM_VALUE,
                      "%s: expected a number, found '%.*s'", column_names[which],
                      psyi_norm_shown(one), one->text);
    return false;
}
