/*
 * sav_in.c -- SPSS files through libreadstat.
 *
 * A value with a label is read as the label, since that is what the codes of this file mean;
 * the plan may ask for the codes.  What the file itself declares missing is no answer: it is
 * blank, unless the plan names its text or code under `missing:`, to keep why it is missing.
 * Files of Chinese SPSS that are not in UTF-8 name code page 936 by a number; libreadstat
 * 1.1.8 asks iconv for a name that glibc does not have, so the code page is set by hand.
 */
#include "intake/sav_in.h"
#include "base/fail.h"
#include "base/text.h"
#include "intake/cell_format.h"
#include "intake/cell_grid.h"

#include <math.h>
#include <readstat.h>
#include <string.h>

#define DAY       86400
#define FIRST_DAY 141428 /* days from 1582-10-14, where SPSS counts from, to 1970-01-01 */

typedef struct value_label {
    const char *set, *label, *text; /* `text`: the value of a string variable, or NULL */
    double number;
} value_label;

typedef struct variable {
    const char *name, *label, *set;
} variable;

typedef struct sav_reading {
    const char *bytes; /* the file as libreadstat's input */
    size_t length, at;
    const psyi_input *input;
    psyi_grid grid;
    psyi_arena *arena;
    const psy_allocator *allocator;
    variable *variables;
    size_t n_variables, variables_room;
    value_label *labels;
    size_t n_labels, labels_room;
    bool header_told;
    psy_status status;
    psy_error *error;
} sav_reading;

/* ---- bytes ------------------------------------------------------------------------------- */

static int on_open(const char *path, void *context)
{
    (void)path;
    ((sav_reading *)context)->at = 0;
    return 0;
}

static int on_close(void *context)
{
    (void)context;
    return 0;
}

static readstat_off_t on_seek(readstat_off_t offset, readstat_io_flags_t whence, void *context)
{
    sav_reading *const in = context;
    readstat_off_t from = 0;
    if (whence == READSTAT_SEEK_CUR)
        from = (readstat_off_t)in->at;
    else if (whence == READSTAT_SEEK_END)
        from = (readstat_off_t)in->length;
    if (offset < -from || offset > (readstat_off_t)in->length - from)
        return -1;
    in->at = (size_t)(from + offset);
    return (readstat_off_t)in->at;
}

static ssize_t on_read(void *out, size_t size, void *context)
{
    sav_reading *const in = context;
    const size_t n = size < in->length - in->at ? size : in->length - in->at;
    memcpy(out, in->bytes + in->at, n);
    in->at += n;
    return (ssize_t)n;
}

static readstat_error_t on_update(long size, readstat_progress_handler progress, void *user,
                                  void *context)
{
    (void)size;
    (void)progress;
    (void)user;
    (void)context;
    return READSTAT_OK;
}

/* ---- names ------------------------------------------------------------------------------- */

static int stop(sav_reading *in, psy_status status)
{
    in->status = status;
    return READSTAT_HANDLER_ABORT;
}

/* A text of the file in the arena; NULL without memory. */
static const char *keep(sav_reading *in, const char *text)
{
    return psyi_arena_copy(in->arena, text != NULL ? text : "");
}

static int on_variable(int index, readstat_variable_t *it, const char *set, void *context)
{
    sav_reading *const in = context;
    void *variables = in->variables;
    (void)index;
    if (in->status != PSY_OK)
        return READSTAT_HANDLER_ABORT;
    const bool good = psyi_grow(in->allocator, &variables, &in->variables_room, in->n_variables + 1,
                                sizeof *in->variables);
    in->variables = variables;
    if (!good)
        return stop(in, psyi_fail_memory(in->error, "variables"));
    variable *const made = &in->variables[in->n_variables++];
    *made = (variable){keep(in, readstat_variable_get_name(it)),
                       keep(in, readstat_variable_get_label(it)), keep(in, set)};
    if (made->name == NULL || made->label == NULL || made->set == NULL)
        return stop(in, psyi_fail_memory(in->error, "variables"));
    return READSTAT_HANDLER_OK;
}

static int on_label(const char *set, readstat_value_t value, const char *label, void *context)
{
    sav_reading *const in = context;
    void *labels = in->labels;
    const bool text = readstat_value_type(value) == READSTAT_TYPE_STRING;
    if (in->status != PSY_OK)
        return READSTAT_HANDLER_ABORT;
    const bool good =
        psyi_grow(in->allocator, &labels, &in->labels_room, in->n_labels + 1, sizeof *in->labels);
    in->labels = labels;
    if (!good)
        return stop(in, psyi_fail_memory(in->error, "labels"));
    value_label *const made = &in->labels[in->n_labels++];
    *made = (value_label){.set = keep(in, set),
                          .label = keep(in, label),
                          .text = text ? keep(in, readstat_string_value(value)) : NULL,
                          .number = text ? 0 : readstat_double_value(value)};
    if (made->set == NULL || made->label == NULL || (text && made->text == NULL))
        return stop(in, psyi_fail_memory(in->error, "labels"));
    return READSTAT_HANDLER_OK;
}

static const char *find_label(const sav_reading *in, const char *set, readstat_value_t value)
{
    const bool text = readstat_value_type(value) == READSTAT_TYPE_STRING;
    const char *const word = text ? readstat_string_value(value) : NULL;
    for (size_t i = 0; set[0] != '\0' && i < in->n_labels; i++) {
        const value_label *const it = &in->labels[i];
        if (strcmp(it->set, set) != 0 || (it->text != NULL) != text)
            continue;
        if (text ? word != NULL && strcmp(it->text, word) == 0
                 : it->number == readstat_double_value(value))
            return it->label[0] != '\0' ? it->label : NULL;
    }
    return NULL;
}

/* ---- values ------------------------------------------------------------------------------ */

static bool is_format(const char *format, const char *name)
{
    const size_t length = strlen(name);
    return strncmp(format, name, length) == 0 &&
           (format[length] == '\0' || (format[length] >= '0' && format[length] <= '9'));
}

static size_t print_number(double value, const char *format, char out[PSYI_NUMBER_ROOM])
{
    static const char *const days[] = {"DATE",  "ADATE",    "EDATE",  "SDATE",
                                       "JDATE", "DATETIME", "YMDHMS", "MOYR"};
    if (format == NULL)
        format = "";
    const bool usual = value >= 0 && value < 1e12;
    for (size_t i = 0; usual && i < sizeof days / sizeof *days; i++)
        if (is_format(format, days[i])) {
            const int64_t seconds = (int64_t)floor(value + 0.5);
            return psyi_format_moment(seconds / DAY - FIRST_DAY, seconds % DAY, out);
        }
    if (usual && (is_format(format, "TIME") || is_format(format, "DTIME")))
        return psyi_format_elapsed((int64_t)floor(value + 0.5), false, out);
    return psyi_format_plain(value, out);
}

static bool lists(const psyi_text_list *list, const char *text)
{
    for (size_t i = 0; i < list->n_texts; i++)
        if (strcmp(list->texts[i], text) == 0)
            return true;
    return false;
}

/* Whether the plan says what a value that the file declares missing stands for. */
static bool is_named(const psyi_input *input, const char *text)
{
    return input != NULL && text != NULL &&
           (lists(&input->skipped, text) || lists(&input->refused, text) ||
            lists(&input->not_applicable, text));
}

static psy_status tell_names(sav_reading *in)
{
    in->header_told = true;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < in->n_variables && status == PSY_OK; i++)
        status = psyi_grid_cell(&in->grid, 1, (uint32_t)i + 1, in->variables[i].name,
                                strlen(in->variables[i].name), in->error);
    return status;
}

static int on_value(int row, readstat_variable_t *it, readstat_value_t value, void *context)
{
    sav_reading *const in = context;
    char number[PSYI_NUMBER_ROOM];
    const size_t column = (size_t)readstat_variable_get_index(it);
    psy_status status;
    if (in->status != PSY_OK) /* not every wish to stop is heard at once */
        return READSTAT_HANDLER_ABORT;
    status = in->header_told ? PSY_OK : tell_names(in);
    if (status != PSY_OK)
        return stop(in, status);
    if (readstat_value_is_system_missing(value) || column >= in->n_variables)
        return READSTAT_HANDLER_OK;
    const bool codes = in->input != NULL && in->input->value_codes;
    const char *const label = find_label(in, in->variables[column].set, value);
    const char *text =
        readstat_value_type(value) == READSTAT_TYPE_STRING ? readstat_string_value(value) : NULL;
    if (readstat_value_type_class(value) == READSTAT_TYPE_CLASS_NUMERIC) {
        print_number(readstat_double_value(value), readstat_variable_get_format(it), number);
        text = number;
    }
    if (text == NULL)
        text = "";
    if (readstat_value_is_defined_missing(value, it)) {
        if (!is_named(in->input, text) && !is_named(in->input, label))
            return READSTAT_HANDLER_OK;
        if (!is_named(in->input, text))
            text = label;
    } else if (label != NULL && !codes) {
        text = label;
    }
    status = psyi_grid_cell(&in->grid, (uint64_t)row + 2, (uint32_t)column + 1, text, strlen(text),
                            in->error);
    return status == PSY_OK ? READSTAT_HANDLER_OK : stop(in, status);
}

/* ---- the file ---------------------------------------------------------------------------- */

/* The number of the code page in the record "machine integer info" (type 7, subtype 3, eight
 * numbers of four bytes, the last of which it is); 0 where there is none. */
static unsigned code_page(const psyi_buffer *bytes)
{
    static const unsigned char small[] = {7, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0};
    static const unsigned char large[] = {0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 8};
    const unsigned char *at = memmem(bytes->data, bytes->length, small, sizeof small);
    const bool is_small = at != NULL;
    if (at == NULL)
        at = memmem(bytes->data, bytes->length, large, sizeof large);
    if (at == NULL || (size_t)((const char *)at - bytes->data) + sizeof small + 32 > bytes->length)
        return 0;
    at += sizeof small + 28;
    return is_small ? at[0] | (unsigned)at[1] << 8 | (unsigned)at[2] << 16
                    : at[3] | (unsigned)at[2] << 8 | (unsigned)at[1] << 16;
}

/* What iconv calls the encoding to read with; NULL: what the file says. */
static const char *encoding_of(const psyi_buffer *bytes, const psyi_input *input)
{
    psyi_encoding encoding;
    /* utf-8 is what a plan says of its CSV files; an SPSS file names its own. */
    if (input != NULL && input->encoding != NULL &&
        psyi_encoding_find(input->encoding, &encoding) && encoding != PSYI_ENCODING_UTF8) {
        static const char *const names[PSYI_ENCODING_COUNT] = {
            [PSYI_ENCODING_UTF8] = "UTF-8",
            [PSYI_ENCODING_GB18030] = "GB18030",
            [PSYI_ENCODING_GBK] = "CP936",
            [PSYI_ENCODING_WINDOWS1252] = "WINDOWS-1252",
            [PSYI_ENCODING_LATIN1] = "ISO-8859-1"};
        return names[encoding];
    }
    const unsigned page = code_page(bytes);
    return page == 936 ? "CP936" : page == 54936 ? "GB18030" : NULL;
}

static psy_status explain(const sav_reading *in, readstat_error_t code, const char *where)
{
    const psy_location place = psyi_location(in->grid.file, 0, 0, 0);
    if (code == READSTAT_ERROR_MALLOC)
        return psyi_fail_memory(in->error, "an SPSS file");
    if (code == READSTAT_ERROR_UNSUPPORTED_CHARSET || code == READSTAT_ERROR_CONVERT_BAD_STRING)
        return psyi_fail(in->error, PSY_E_DATA, &place,
                         "the texts of this SPSS file are not in the encoding it names: declare "
                         "`encoding: gbk` (or another)%s%s",
                         where != NULL ? " under " : "", where != NULL ? where : "");
    return psyi_fail(in->error, PSY_E_DATA, &place,
                     "this SPSS file cannot be read (%s): open it in SPSS and save it again",
                     readstat_error_message(code));
}

static psy_status parse(sav_reading *in, const psyi_buffer *bytes, const char *where)
{
    readstat_parser_t *const parser = readstat_parser_init();
    if (parser == NULL)
        return psyi_fail_memory(in->error, "an SPSS file");
    readstat_set_open_handler(parser, on_open);
    readstat_set_close_handler(parser, on_close);
    readstat_set_seek_handler(parser, on_seek);
    readstat_set_read_handler(parser, on_read);
    readstat_set_update_handler(parser, on_update);
    readstat_set_io_ctx(parser, in);
    readstat_set_variable_handler(parser, on_variable);
    readstat_set_value_label_handler(parser, on_label);
    readstat_set_value_handler(parser, on_value);
    const char *const encoding = encoding_of(bytes, in->input);
    if (encoding != NULL)
        readstat_set_file_character_encoding(parser, encoding);
    const readstat_error_t code = readstat_parse_sav(parser, in->grid.file, in);
    readstat_parser_free(parser);
    if (in->status != PSY_OK)
        return in->status;
    if (code != READSTAT_OK)
        return explain(in, code, where);
    return in->header_told ? PSY_OK : tell_names(in);
}

static psy_status hand_out(const sav_reading *in, psyi_buffer *out, const char *const **labels,
                           size_t *n_labels)
{
    if (out->data != NULL && psyi_utf8_check(out->data, out->length) != out->length)
        return explain(in, READSTAT_ERROR_CONVERT_BAD_STRING, NULL);
    const char **const list = psyi_arena_alloc(in->arena, in->n_variables, sizeof *list);
    if (list == NULL)
        return psyi_fail_memory(in->error, "labels");
    for (size_t i = 0; i < in->n_variables; i++) {
        const char *text = in->variables[i].label;
        size_t length = strlen(text);
        psyi_trim(&text, &length);
        list[i] = psyi_arena_text(in->arena, text, length);
        if (list[i] == NULL)
            return psyi_fail_memory(in->error, "labels");
        if (strcmp(list[i], in->variables[i].name) == 0)
            list[i] = "";
    }
    *labels = list;
    *n_labels = in->n_variables;
    return PSY_OK;
}

psy_status psyi_sav_read(const psyi_buffer *bytes, const char *file, const psyi_input *input,
                         const char *where, psyi_buffer *out, psyi_arena *arena,
                         const char *const **labels, size_t *n_labels, psy_error *error)
{
    sav_reading in = {.bytes = bytes->data,
                      .length = bytes->length,
                      .input = input,
                      .arena = arena,
                      .allocator = out->allocator,
                      .error = error};
    psyi_grid_init(&in.grid, out, file);
    psy_status status = parse(&in, bytes, where);
    if (status == PSY_OK)
        status = hand_out(&in, out, labels, n_labels);
    psyi_free(in.allocator, in.variables);
    psyi_free(in.allocator, in.labels);
    return status;
}
