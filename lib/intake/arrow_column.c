/*
 * arrow_column.c -- answers out of one Arrow array.
 *
 * Numbers are read where they lie.  Texts go through the codebook that cells of a file go
 * through, so that a data frame and its CSV score alike.  A dictionary is read through its
 * indices.  The layouts are those of the Arrow columnar format (arrow.apache.org/docs/format).
 */
#include "intake/arrow_column.h"
#include "answers/person_words.h"
#include "base/fail.h"
#include "intake/answer_words.h"
#include "intake/cell.h"
#include "intake/grade.h"
#include "table/collect.h"

#include <math.h>
#include <string.h>

typedef enum text_kind { NO_TEXT, SMALL_TEXT, LARGE_TEXT, TEXT_VIEW } text_kind;

/* Where the cells of a column are: in the array itself, or in its dictionary. */
typedef struct cells {
    const psyi_arrow_column *column;
    const struct ArrowSchema *schema; /* of the values */
    const struct ArrowArray *values;
    size_t first;         /* row of the column's own array that is row 0 */
    bool indexed;         /* through a dictionary */
    psyi_strided indices; /* of the dictionary, as numbers */
    text_kind text;
} cells;

static bool bit(const uint8_t *bits, size_t at)
{
    return bits == NULL || (bits[at / 8] >> (at % 8) & 1) != 0;
}

static const uint8_t *validity(const struct ArrowArray *array)
{
    return array->n_buffers > 0 && array->buffers != NULL ? array->buffers[0] : NULL;
}

static text_kind text_of(const char *format)
{
    if (format == NULL)
        return NO_TEXT;
    if (strcmp(format, "u") == 0)
        return SMALL_TEXT;
    if (strcmp(format, "U") == 0)
        return LARGE_TEXT;
    return strcmp(format, "vu") == 0 ? TEXT_VIEW : NO_TEXT;
}

static psy_status refuse_type(const psyi_arrow_column *column, const char *format, psy_error *error)
{
    return psyi_fail(error, PSY_E_UNSUPPORTED, NULL,
                     "column '%s' has the Arrow type '%.20s'; integers, booleans, floats, doubles, "
                     "texts and dictionaries of these are read",
                     column->name, format != NULL ? format : "none");
}

static psy_status no_buffers(const psyi_arrow_column *column, psy_error *error)
{
    return psyi_fail(error, PSY_E_ARGUMENT, NULL, "column '%s' has no buffers", column->name);
}

/* Values of `array` from its row `first` on as strided numbers. */
static psy_status as_numbers(const psyi_arrow_column *column, const struct ArrowSchema *schema,
                             const struct ArrowArray *array, size_t first, psyi_strided *out,
                             psy_error *error)
{
    static const double nothing = (double)NAN;
    static const struct {
        char format;
        psy_number_type type;
        ptrdiff_t size;
    } types[] = {{'c', PSY_INT8, 1},   {'C', PSY_UINT8, 1},  {'s', PSY_INT16, 2},
                 {'S', PSY_UINT16, 2}, {'i', PSY_INT32, 4},  {'I', PSY_UINT32, 4},
                 {'l', PSY_INT64, 8},  {'L', PSY_UINT64, 8}, {'f', PSY_FLOAT, 4},
                 {'g', PSY_DOUBLE, 8}};
    const char *const format = schema->format;
    *out = (psyi_strided){.data = NULL};
    if (format != NULL && strcmp(format, "n") == 0) { /* a column of nulls */
        out->data = (const unsigned char *)&nothing;
        out->type = PSY_DOUBLE;
        return PSY_OK;
    }
    if (format == NULL || format[0] == '\0' || format[1] != '\0')
        return refuse_type(column, format, error);
    const size_t at = first + (size_t)array->offset;
    out->valid = validity(array);
    out->valid_offset = at;
    if (array->n_buffers != 2 || array->buffers == NULL ||
        (array->buffers[1] == NULL && array->length > 0))
        return no_buffers(column, error);
    if (format[0] == 'b') {
        static const uint8_t none = 0;
        out->type = PSY_INT8;
        out->bits = array->buffers[1] != NULL ? array->buffers[1] : &none;
        out->bits_offset = at;
        return PSY_OK;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (format[0] != types[i].format)
            continue;
        out->type = types[i].type;
        out->stride = types[i].size;
        if (array->buffers[1] != NULL)
            out->data = (const unsigned char *)array->buffers[1] + at * (size_t)types[i].size;
        return PSY_OK;
    }
    return refuse_type(column, format, error);
}

static bool has_text(const cells *c)
{
    const struct ArrowArray *const values = c->values;
    const int64_t least = c->text == TEXT_VIEW ? 2 : 3;
    return values->buffers != NULL && values->n_buffers >= least &&
           (values->length == 0 || values->buffers[1] != NULL);
}

static psy_status open_cells(cells *out, const psyi_arrow_column *column, psy_error *error)
{
    const struct ArrowArray *const array = column->array;
    *out = (cells){.column = column, .schema = column->schema, .values = array};
    out->first = column->around != NULL ? (size_t)column->around->offset : 0;
    if (column->schema->dictionary != NULL) {
        if (array->dictionary == NULL || array->dictionary->length < 0 ||
            array->dictionary->offset < 0)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "column '%s' has no dictionary",
                             column->name);
        const psy_status status =
            as_numbers(column, column->schema, array, out->first, &out->indices, error);
        if (status != PSY_OK)
            return status;
        if (out->indices.bits != NULL || out->indices.type == PSY_FLOAT ||
            out->indices.type == PSY_DOUBLE)
            return refuse_type(column, column->schema->format, error);
        out->indexed = true;
        out->schema = column->schema->dictionary;
        out->values = array->dictionary;
        if (out->schema->dictionary != NULL)
            return refuse_type(column, "dictionary", error);
    }
    out->text = text_of(out->schema->format);
    return out->text == NO_TEXT || has_text(out) ? PSY_OK : no_buffers(column, error);
}

/* Where in the buffers of the values the cell of `row` is; false: it is null.  An index that
 * is in no dictionary gives SIZE_MAX. */
static bool cell_at(const cells *c, size_t row, size_t *at)
{
    const struct ArrowArray *const array = c->column->array, *const around = c->column->around;
    const size_t own = c->first + row + (size_t)array->offset;
    if (!bit(validity(array), own) ||
        (around != NULL && !bit(validity(around), (size_t)around->offset + row)))
        return false;
    *at = own;
    if (!c->indexed)
        return true;
    const psyi_strided *const indices = &c->indices;
    const int64_t index =
        psyi_strided_integer(indices->type, indices->data + (ptrdiff_t)row * indices->stride);
    *at = index < 0 || index >= c->values->length ? SIZE_MAX
                                                  : (size_t)index + (size_t)c->values->offset;
    return *at == SIZE_MAX || bit(validity(c->values), *at);
}

static void text_at(const cells *c, size_t at, const char **text, size_t *length)
{
    const void *const *const buffers = c->values->buffers;
    int64_t from = 0, to = 0;
    if (c->text == TEXT_VIEW) {
        /* Length; then 12 bytes of text, or four of it with buffer and offset of the whole. */
        const unsigned char *const view = (const unsigned char *)buffers[1] + at * 16;
        int32_t n, where[2];
        memcpy(&n, view, sizeof n);
        memcpy(where, view + 8, sizeof where);
        *length = n > 0 ? (size_t)n : 0;
        *text = n <= 12 ? (const char *)view + 4 : (const char *)buffers[2 + where[0]] + where[1];
        return;
    }
    if (c->text == LARGE_TEXT) {
        from = ((const int64_t *)buffers[1])[at];
        to = ((const int64_t *)buffers[1])[at + 1];
    } else {
        from = ((const int32_t *)buffers[1])[at];
        to = ((const int32_t *)buffers[1])[at + 1];
    }
    *length = to > from ? (size_t)(to - from) : 0;
    *text = *length > 0 ? (const char *)buffers[2] + from : "";
}

static psy_status bad_index(const cells *c, size_t row, psy_error *error)
{
    return psyi_fail(error, PSY_E_DATA, NULL,
                     "row %zu of column '%s' has an index that its dictionary does not have",
                     row + 1, c->column->name);
}

/* One number of a dictionary, as a column of one row. */
static psy_status entry_number(const cells *c, size_t at, psyi_strided *out, psy_error *error)
{
    return as_numbers(c->column, c->schema, c->values, at - (size_t)c->values->offset, out, error);
}

/* ---- answers ---- */

void psyi_arrow_begin(psyi_arrow_filling *filling, psy_answers *answers, size_t item,
                      const char *name, psyi_arena *arena, psy_findings *findings)
{
    psyi_filling_begin(&filling->numbers, answers, item, name, findings);
    filling->has_book = false;
    filling->arena = arena;
}

typedef struct wrong_text {
    const psyi_arrow_filling *filling;
    const char *text;
    size_t length;
    uint8_t byte;
} wrong_text;

static psy_status tell_text(const void *about, const psy_finding *finding, psy_findings *findings,
                            psy_error *error)
{
    const wrong_text *const wrong = about;
    psyi_buffer words;
    psyi_buffer_init(&words, wrong->filling->numbers.answers->allocator);
    psyi_answer_words(&wrong->filling->book, wrong->byte, wrong->text, wrong->length, &words);
    const psy_status status = words.failed ? psyi_fail_memory(error, "a finding")
                                           : psyi_find(findings, finding, error, "%s", words.data);
    psyi_buffer_done(&words);
    return status;
}

static psy_status make_book(psyi_arrow_filling *filling, psy_error *error)
{
    const psy_answers *const answers = filling->numbers.answers;
    if (filling->has_book)
        return PSY_OK;
    filling->has_book = true;
    return psyi_codebook_make(&filling->book, answers->instrument, answers->variant,
                              answers->instrument->items[filling->numbers.item].response, NULL,
                              answers->instrument->id, filling->arena, error);
}

static psy_status add_texts(psyi_arrow_filling *filling, size_t first, const cells *c,
                            psy_error *error)
{
    const psy_instrument *const instrument = filling->numbers.answers->instrument;
    const psyi_item *const item = &instrument->items[filling->numbers.item];
    psy_status status = make_book(filling, error);
    for (size_t row = 0; row < c->column->n && status == PSY_OK; row++) {
        wrong_text cell = {.filling = filling};
        psyi_value value = {.byte = PSYI_BLANK};
        size_t at;
        if (cell_at(c, row, &at)) {
            if (at == SIZE_MAX)
                return bad_index(c, first + row, error);
            text_at(c, at, &cell.text, &cell.length);
            const uint8_t quick = cell.length == 1 ? filling->book.quick[(uint8_t)cell.text[0]]
                                                   : (uint8_t)PSYI_NOT_QUICK;
            value.byte = quick != PSYI_NOT_QUICK
                             ? quick
                             : psyi_codebook_read(&filling->book, item, cell.text, cell.length,
                                                  &value.number);
        }
        cell.byte = value.byte;
        status = psyi_filling_put(&filling->numbers, first + row, value, tell_text, &cell, error);
    }
    return status;
}

static psy_status add_numbers(psyi_arrow_filling *filling, size_t first, const cells *c,
                              psy_error *error)
{
    static const double nothing = (double)NAN;
    const struct ArrowArray *const around = c->column->around;
    psyi_strided numbers;
    psy_status status = PSY_OK;
    if (!c->indexed) {
        status = as_numbers(c->column, c->schema, c->values, c->first, &numbers, error);
        if (around != NULL) {
            numbers.also_valid = validity(around);
            numbers.also_valid_offset = (size_t)around->offset;
        }
        return status != PSY_OK
                   ? status
                   : psyi_filling_numbers(&filling->numbers, first, c->column->n, &numbers, error);
    }
    for (size_t row = 0; row < c->column->n && status == PSY_OK; row++) {
        size_t at;
        numbers = (psyi_strided){.data = (const unsigned char *)&nothing, .type = PSY_DOUBLE};
        if (cell_at(c, row, &at))
            status = at == SIZE_MAX ? bad_index(c, first + row, error)
                                    : entry_number(c, at, &numbers, error);
        if (status == PSY_OK)
            status = psyi_filling_numbers(&filling->numbers, first + row, 1, &numbers, error);
    }
    return status;
}

psy_status psyi_arrow_add(psyi_arrow_filling *filling, size_t first,
                          const psyi_arrow_column *column, psy_error *error)
{
    cells c;
    const psy_status status = open_cells(&c, column, error);
    if (status != PSY_OK)
        return status;
    return c.text != NO_TEXT ? add_texts(filling, first, &c, error)
                             : add_numbers(filling, first, &c, error);
}

/* ---- persons ---- */

/* The number a word about a person stands for; 0 for nothing said, -1 for no meaning. */
static int16_t read_word(psy_person_field field, const char *text, size_t length)
{
    char room[PSYI_CELL_ROOM];
    int64_t number;
    int grade;
    int16_t value = 0;
    psyi_cell_clean(&text, &length, room);
    if (length == 0)
        return 0;
    if (field == PSY_PERSON_SEX)
        value = (int16_t)psyi_sex_word(text, length);
    else if (field == PSY_PERSON_INFORMANT)
        value = (int16_t)psyi_informant_word(text, length);
    else if (field == PSY_PERSON_GRADE && psyi_grade_read(text, length, &grade) == PSYI_GRADE_OK)
        value = (int16_t)grade;
    else if (field == PSY_PERSON_AGE && psyi_cell_integer(text, length, &number) && number >= 0 &&
             number < 1000)
        return (int16_t)(number + 1); /* so that 0 can mean nothing said */
    return value == 0 ? -1 : value;
}

static psy_status set_number(psy_answers *answers, psy_person_field field, size_t row,
                             const psyi_strided *number, psy_error *error)
{
    return psyi_answers_set_person(answers, field, row, 1, number, error);
}

static psy_status set_word(psy_answers *answers, psy_person_field field, size_t row, int16_t word,
                           psy_error *error)
{
    const bool age = field == PSY_PERSON_AGE;
    const double unknown = age ? -1 : 0;
    const int16_t number = age ? (int16_t)(word < 0 ? 1000 : word - 1) : word;
    const psyi_strided one = {
        .data = (const unsigned char *)&number, .type = PSY_INT16, .missing = &unknown};
    return set_number(answers, field, row, &one, error);
}

psy_status psyi_arrow_person(psy_answers *answers, psy_person_field field, size_t first,
                             const psyi_arrow_column *column, psy_error *error)
{
    cells c;
    psy_status status = open_cells(&c, column, error);
    for (size_t row = 0; row < column->n && status == PSY_OK; row++) {
        size_t at;
        const bool there = cell_at(&c, row, &at);
        const char *text;
        size_t length;
        psyi_strided number;
        if (there && at == SIZE_MAX)
            return bad_index(&c, first + row, error);
        if (!there) {
            status = set_word(answers, field, first + row, 0, error);
        } else if (c.text != NO_TEXT) {
            text_at(&c, at, &text, &length);
            status = set_word(answers, field, first + row, read_word(field, text, length), error);
        } else {
            status = entry_number(&c, at, &number, error);
            if (status == PSY_OK)
                status = set_number(answers, field, first + row, &number, error);
        }
    }
    return status;
}
