/*
 * strided.c -- columns of numbers become answers.
 *
 * Every value goes through the same codings as a cell of a file, so that a data frame and
 * its CSV score alike.  A float or double stands for the decimal it is nearest to: it is
 * accepted when that decimal, written with the item's decimals, reads back to the very same
 * float or double, which makes 0.1f and 0.1 both one tenth without any tolerance.
 */
#include "answers/coding.h"
#include "answers/memory_answers.h"
#include "base/fail.h"
#include "table/collect.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FINDINGS_PER_KIND 20

/* One value as it was stored. */
typedef struct number {
    bool blank, whole; /* whole: `integer` holds it */
    int64_t integer;
    double real;
} number;

static bool bit(const uint8_t *bits, size_t at)
{
    return bits == NULL || (bits[at / 8] >> (at % 8) & 1) != 0;
}

static int64_t load_integer(const psyi_strided *column, const unsigned char *at)
{
    /* Bytes are copied out, so that no alignment is asked of the caller. */
    int8_t b;
    int16_t s;
    int32_t i;
    int64_t l;
    const bool plain = !column->is_unsigned;
    switch (column->type) {
    case PSY_INT8:
        memcpy(&b, at, sizeof b);
        return plain ? b : (uint8_t)b;
    case PSY_INT16:
        memcpy(&s, at, sizeof s);
        return plain ? s : (uint16_t)s;
    case PSY_INT32:
        memcpy(&i, at, sizeof i);
        return plain ? i : (int64_t)(uint32_t)i;
    default:
        memcpy(&l, at, sizeof l);
        return plain || l >= 0 ? l : INT64_MAX; /* far outside every domain either way */
    }
}

static number load(const psyi_strided *column, size_t row)
{
    number out = {.blank = false};
    if (!bit(column->valid, row + column->valid_offset) ||
        !bit(column->also_valid, row + column->also_valid_offset)) {
        out.blank = true;
        return out;
    }
    const unsigned char *const at = column->data + (ptrdiff_t)row * column->stride;
    if (column->type == PSY_FLOAT) {
        float value;
        memcpy(&value, at, sizeof value);
        out.real = (double)value;
    } else if (column->type == PSY_DOUBLE) {
        memcpy(&out.real, at, sizeof out.real);
    } else {
        out.whole = true;
        out.integer = load_integer(column, at);
        out.real = (double)out.integer;
    }
    if (!out.whole && fabs(out.real) < 9e15 && out.real == floor(out.real)) {
        out.whole = true;
        out.integer = (int64_t)out.real;
    }
    out.blank = isnan(out.real) || (column->missing != NULL && out.real == *column->missing);
    return out;
}

/* The exact decimal a number stands for; no value when it has more decimals than that. */
static psyi_ratio decimal(const number *given, psy_number_type type, int32_t scale)
{
    if (given->whole)
        return psyi_ratio_make(given->integer, 1);
    const double scaled = round(given->real * scale);
    if (!(fabs(scaled) < 9e15))
        return PSYI_RATIO_NONE;
    const double back = scaled / scale;
    const bool same = type == PSY_FLOAT ? (float)back == (float)given->real : back == given->real;
    return same ? psyi_ratio_make((int64_t)scaled, scale) : PSYI_RATIO_NONE;
}

static void print_value(double value, char *out, size_t size)
{
    char text[32];
    if (isinf(value)) {
        snprintf(out, size, "%s", value < 0 ? "-inf" : "inf");
    } else {
        const size_t length = psyi_number_print(value, text);
        snprintf(out, size, "%.*s", (int)length, text);
    }
}

/* What was wrong with a column; the first of each kind are told one by one. */
typedef struct complaints {
    const char *name;
    const psyi_coding *coding;
    const psy_allocator *allocator;
    psy_findings *findings;
    size_t n[2]; /* out of range, unreadable */
} complaints;

static const char *const complaint_rules[2] = {"out_of_range", "unreadable"};

static psy_status complain(complaints *about, size_t kind, size_t row, double value,
                           psy_error *error)
{
    if (about->findings == NULL || ++about->n[kind] > FINDINGS_PER_KIND)
        return PSY_OK;
    const psy_finding finding = {.row = row + 1,
                                 .field = about->name,
                                 .rule = complaint_rules[kind],
                                 .severity = PSY_WARNING};
    char text[40];
    print_value(value, text, sizeof text);
    if (about->coding->response->kind != PSYI_CODED)
        return psyi_find(about->findings, &finding, error, "%s is not %s", text,
                         kind == 0 ? "in the declared range"
                                   : "a number with the declared decimals");
    psyi_buffer codes;
    psyi_buffer_init(&codes, about->allocator);
    psyi_coding_words(about->coding, &codes);
    const psy_status status =
        codes.failed ? psyi_fail_memory(error, "a finding")
                     : psyi_find(about->findings, &finding, error, "%s is not one of the codes %s",
                                 text, codes.data != NULL ? codes.data : "");
    psyi_buffer_done(&codes);
    return status;
}

static psy_status sum_up(const complaints *about, psy_error *error)
{
    for (size_t kind = 0; kind < 2; kind++) {
        if (about->n[kind] <= FINDINGS_PER_KIND)
            continue;
        const psy_finding finding = {
            .field = about->name, .rule = complaint_rules[kind], .severity = PSY_WARNING};
        const psy_status status =
            psyi_find(about->findings, &finding, error, "%zu further rows of this column",
                      about->n[kind] - FINDINGS_PER_KIND);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

/* The byte of one value, and the number of a number item. */
static uint8_t read_value(const number *given, psy_number_type type, const psyi_item *item,
                          const psyi_coding *coding, int32_t *out)
{
    *out = 0;
    if (given->blank)
        return PSYI_BLANK;
    if (coding->response->kind != PSYI_CODED)
        return psyi_number_byte(coding->response, item, decimal(given, type, item->scale), out);
    return given->whole ? psyi_coding_byte(coding, given->integer) : (uint8_t)PSYI_UNREADABLE;
}

/* A column that is set again: sheets that were given through it alone no longer are. */
static void forget_column(psy_answers *answers, size_t index)
{
    psyi_sheets *const sheets = answers->sheets;
    memset(sheets->given, 0, sheets->n_tiles * sizeof *sheets->given);
    for (size_t i = 0; i < sheets->n_items; i++)
        for (size_t row = 0; row < sheets->n_sheets && i != index; row++) {
            const uint8_t byte = *psyi_sheets_byte(sheets, row, i);
            if (byte != PSYI_BLANK && byte != PSYI_NOT_APPLICABLE)
                psyi_sheets_mark(sheets, row);
        }
}

psy_status psyi_answers_set_column(psy_answers *answers, size_t index, const psyi_strided *column,
                                   const char *name, psy_findings *findings, psy_error *error)
{
    const psyi_item *const item = &answers->instrument->items[index];
    psyi_sheets *const sheets = answers->sheets;
    psyi_coding coding;
    psyi_coding_init(&coding, answers->instrument, answers->variant, item->response);
    complaints about = {
        .name = name, .coding = &coding, .allocator = answers->allocator, .findings = findings};

    if (answers->set[index])
        forget_column(answers, index);
    answers->set[index] = true;
    for (size_t row = 0; row < sheets->n_sheets; row++) {
        const number given = load(column, row);
        int32_t value;
        const uint8_t byte = read_value(&given, column->type, item, &coding, &value);
        *psyi_sheets_byte(sheets, row, index) = byte;
        if (sheets->numbers[index] != NULL)
            sheets->numbers[index][row] = value;
        if (byte != PSYI_BLANK && byte != PSYI_NOT_APPLICABLE)
            psyi_sheets_mark(sheets, row);
        if (byte >= PSYI_OUT_OF_RANGE) {
            const psy_status status =
                complain(&about, byte == PSYI_UNREADABLE, row, given.real, error);
            if (status != PSY_OK)
                return status;
        }
    }
    return sum_up(&about, error);
}

psy_status psyi_answers_set_person(psy_answers *answers, psy_person_field field,
                                   const psyi_strided *column, psy_error *error)
{
    static const struct {
        int64_t low, high;
        const char *meaning;
    } domains[] = {
        [PSY_PERSON_SEX] = {1, 2, "sex is 1 (male) or 2 (female)"},
        [PSY_PERSON_GRADE] = {1, 16, "grade is 1 to 16"},
        [PSY_PERSON_AGE] = {0, 120, "age is 0 to 120 completed years"},
        [PSY_PERSON_INFORMANT] = {1, 3, "informant is 1 (self), 2 (parent) or 3 (teacher)"},
    };
    for (size_t row = 0; row < answers->sheets->n_sheets; row++) {
        const number given = load(column, row);
        if (!given.blank && (!given.whole || given.integer < domains[field].low ||
                             given.integer > domains[field].high))
            return psyi_fail(error, PSY_E_DATA, NULL, "row %zu: %s", row + 1,
                             domains[field].meaning);
        const int16_t value =
            given.blank ? (field == PSY_PERSON_AGE ? -1 : 0) : (int16_t)given.integer;
        switch (field) {
        case PSY_PERSON_SEX:
            answers->sex[row] = (uint8_t)value;
            break;
        case PSY_PERSON_GRADE:
            answers->grade[row] = value;
            break;
        case PSY_PERSON_AGE:
            answers->age[row] = value;
            break;
        case PSY_PERSON_INFORMANT:
            answers->informant[row] = (uint8_t)value;
            break;
        }
    }
    return PSY_OK;
}

static psy_status check_column(const psy_answers *answers, const void *data, psy_number_type type,
                               psy_error *error)
{
    if (answers == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no answers to set a column of");
    if ((unsigned)type > PSY_DOUBLE)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "%u is no psy_number_type", (unsigned)type);
    if (data == NULL && answers->sheets->n_sheets > 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "the column has no data");
    return PSY_OK;
}

psy_status psy_answers_set_column(psy_answers *answers, size_t item, const void *data,
                                  psy_number_type type, ptrdiff_t stride_bytes,
                                  const double *missing, psy_findings *findings, psy_error *error)
{
    const psy_status status = check_column(answers, data, type, error);
    if (status != PSY_OK)
        return status;
    const psy_instrument *const instrument = answers->instrument;
    if (item >= instrument->n_items)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "%s has %zu items, there is no item %zu",
                         instrument->id, instrument->n_items, item);
    const psyi_strided column = {
        .data = data, .type = type, .stride = stride_bytes, .missing = missing};
    char name[160];
    snprintf(name, sizeof name, "%s_%s", instrument->id, instrument->items[item].id);
    return psyi_answers_set_column(answers, item, &column, name, findings, error);
}

psy_status psy_answers_set_person(psy_answers *answers, psy_person_field field, const void *data,
                                  psy_number_type type, ptrdiff_t stride_bytes,
                                  const double *missing, psy_error *error)
{
    const psy_status status = check_column(answers, data, type, error);
    if (status != PSY_OK)
        return status;
    if ((unsigned)field > PSY_PERSON_INFORMANT)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "%u is no psy_person_field", (unsigned)field);
    const psyi_strided column = {
        .data = data, .type = type, .stride = stride_bytes, .missing = missing};
    return psyi_answers_set_person(answers, field, &column, error);
}
