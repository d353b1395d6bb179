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

int64_t psyi_strided_integer(psy_number_type type, const unsigned char *at)
{
    /* Bytes are copied out, so that no alignment is asked of the caller. */
    int8_t b;
    int16_t s;
    int32_t i;
    int64_t l;
    uint16_t us;
    uint32_t ui;
    uint64_t ul;
    switch (type) {
    case PSY_INT8:
        memcpy(&b, at, sizeof b);
        return b;
    case PSY_UINT8:
        return *at;
    case PSY_INT16:
        memcpy(&s, at, sizeof s);
        return s;
    case PSY_UINT16:
        memcpy(&us, at, sizeof us);
        return us;
    case PSY_INT32:
        memcpy(&i, at, sizeof i);
        return i;
    case PSY_UINT32:
        memcpy(&ui, at, sizeof ui);
        return ui;
    case PSY_UINT64:
        memcpy(&ul, at, sizeof ul);
        /* Far outside every domain either way. */
        return ul > (uint64_t)INT64_MAX ? INT64_MAX : (int64_t)ul;
    default:
        memcpy(&l, at, sizeof l);
        return l;
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
    const unsigned char *const at =
        column->bits == NULL ? column->data + (ptrdiff_t)row * column->stride : NULL;
    if (column->bits != NULL) {
        out.whole = true;
        out.integer = bit(column->bits, row + column->bits_offset);
        out.real = (double)out.integer;
    } else if (column->type == PSY_FLOAT) {
        float value;
        memcpy(&value, at, sizeof value);
        out.real = (double)value;
    } else if (column->type == PSY_DOUBLE) {
        memcpy(&out.real, at, sizeof out.real);
    } else {
        out.whole = true;
        out.integer = psyi_strided_integer(column->type, at);
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

typedef struct wrong_number {
    const psyi_filling *filling;
    double value;
    uint8_t byte;
} wrong_number;

static const char *const complaint_rules[2] = {"out_of_range", "unreadable"};

static psy_status tell_number(const void *about, const psy_finding *finding, psy_findings *findings,
                              psy_error *error)
{
    const wrong_number *const wrong = about;
    const psyi_coding *const coding = &wrong->filling->coding;
    char text[40];
    print_value(wrong->value, text, sizeof text);
    if (coding->response->kind != PSYI_CODED)
        return psyi_find(findings, finding, error, "%s is not %s", text,
                         wrong->byte == PSYI_OUT_OF_RANGE ? "in the declared range"
                                                          : "a number with the declared decimals");
    psyi_buffer codes;
    psyi_buffer_init(&codes, wrong->filling->answers->allocator);
    psyi_coding_words(coding, &codes);
    const psy_status status =
        codes.failed ? psyi_fail_memory(error, "a finding")
                     : psyi_find(findings, finding, error, "%s is not one of the codes %s", text,
                                 codes.data != NULL ? codes.data : "");
    psyi_buffer_done(&codes);
    return status;
}

psy_status psyi_filling_end(const psyi_filling *filling, psy_error *error)
{
    for (size_t kind = 0; kind < 2; kind++) {
        if (filling->n_wrong[kind] <= FINDINGS_PER_KIND)
            continue;
        const psy_finding finding = {
            .field = filling->name, .rule = complaint_rules[kind], .severity = PSY_WARNING};
        const psy_status status =
            psyi_find(filling->findings, &finding, error, "%zu further row%s of this column",
                      filling->n_wrong[kind] - FINDINGS_PER_KIND,
                      psyi_s(filling->n_wrong[kind] - FINDINGS_PER_KIND));
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

/* The byte of one value, and the number of a number item. */
static psyi_value read_value(const number *given, psy_number_type type, const psyi_item *item,
                             const psyi_coding *coding)
{
    psyi_value out = {.byte = PSYI_BLANK};
    if (given->blank)
        return out;
    if (coding->response->kind != PSYI_CODED)
        out.byte = psyi_number_byte(coding->response, item, decimal(given, type, item->scale),
                                    &out.number);
    else
        out.byte = given->whole ? psyi_coding_byte(coding, given->integer) : PSYI_UNREADABLE;
    return out;
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

void psyi_filling_begin(psyi_filling *filling, psy_answers *answers, size_t item, const char *name,
                        psy_findings *findings)
{
    *filling = (psyi_filling){.answers = answers, .item = item, .name = name, .findings = findings};
    psyi_coding_init(&filling->coding, answers->instrument, answers->variant,
                     answers->instrument->items[item].response);
    if (answers->set[item])
        forget_column(answers, item);
    answers->set[item] = true;
}

psy_status psyi_filling_put(psyi_filling *filling, size_t row, psyi_value value,
                            psy_status (*tell)(const void *about, const psy_finding *finding,
                                               psy_findings *findings, psy_error *error),
                            const void *about, psy_error *error)
{
    psyi_sheets *const sheets = filling->answers->sheets;
    *psyi_sheets_byte(sheets, row, filling->item) = value.byte;
    if (sheets->numbers[filling->item] != NULL)
        sheets->numbers[filling->item][row] = value.number;
    if (value.byte != PSYI_BLANK && value.byte != PSYI_NOT_APPLICABLE)
        psyi_sheets_mark(sheets, row);
    if (value.byte < PSYI_OUT_OF_RANGE || filling->findings == NULL)
        return PSY_OK;
    const size_t kind = value.byte == PSYI_UNREADABLE;
    if (++filling->n_wrong[kind] > FINDINGS_PER_KIND)
        return PSY_OK;
    const psy_finding finding = {.row = row + 1,
                                 .field = filling->name,
                                 .rule = complaint_rules[kind],
                                 .severity = PSY_WARNING};
    return tell(about, &finding, filling->findings, error);
}

psy_status psyi_filling_numbers(psyi_filling *filling, size_t first, size_t n,
                                const psyi_strided *column, psy_error *error)
{
    const psyi_item *const item = &filling->answers->instrument->items[filling->item];
    for (size_t row = 0; row < n; row++) {
        const number given = load(column, row);
        const psyi_value value = read_value(&given, column->type, item, &filling->coding);
        const wrong_number wrong = {filling, given.real, value.byte};
        const psy_status status =
            psyi_filling_put(filling, first + row, value, tell_number, &wrong, error);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

psy_status psyi_answers_set_person(psy_answers *answers, psy_person_field field, size_t first,
                                   size_t n, const psyi_strided *column, psy_error *error)
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
    for (size_t i = 0; i < n; i++) {
        const size_t row = first + i;
        const number given = load(column, i);
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
    if ((unsigned)type > PSY_UINT64)
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
    psyi_filling filling;
    psyi_filling_begin(&filling, answers, item, name, findings);
    const psy_status filled =
        psyi_filling_numbers(&filling, 0, answers->sheets->n_sheets, &column, error);
    return filled == PSY_OK ? psyi_filling_end(&filling, error) : filled;
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
    return psyi_answers_set_person(answers, field, 0, answers->sheets->n_sheets, &column, error);
}
