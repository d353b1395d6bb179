/*
 * sheet_cells.c -- the cells of a sheet as text.
 *
 * A cell is what a person sees in it, as far as the file says: shared and inline texts,
 * numbers as they are shown, dates and times by the format of the cell, and the last value of
 * a formula.  A formula that was never worked out has none; it becomes #FORMULA!, which is no
 * answer and no name of anybody.
 */
#include "base/fail.h"
#include "base/number.h"
#include "intake/merged.h"
#include "intake/workbook.h"

#include <string.h>

#define MOST_ROWS 1048576u

typedef struct sheet_reading {
    psyi_book *book;
    psyi_grid *grid; /* NULL: only whether there is anything */
    psyi_xml xml;
    uint64_t row;
    uint32_t column;
    char type[16];
    size_t style;
    psyi_buffer value;
    unsigned in_value, in_inline, in_text, in_reading;
    bool formula, any, is_sheet;
} sheet_reading;

static void stop_at(sheet_reading *in, const char *what)
{
    char name[32];
    const psy_location where =
        psyi_location(in->book->unpack.file, (size_t)in->row, in->column, in->column > 0);
    psyi_xml_stop(&in->xml,
                  psyi_fail(in->xml.error, PSY_E_DATA, &where,
                            "cell %s %s: open the file in a spreadsheet and save it again",
                            psyi_cell_name(in->row, in->column, name), what));
}

static void begin_row(sheet_reading *in, const char **attributes)
{
    const char *const text = psyi_xml_attribute(attributes, "r");
    int64_t row = (int64_t)in->row + 1;
    in->column = 0;
    if (text != NULL && !psyi_integer_parse(text, strlen(text), &row))
        row = 0;
    const bool good = row >= 1 && row <= MOST_ROWS;
    if (good)
        in->row = (uint64_t)row;
    if (!good)
        stop_at(in, "is followed by a row without a proper number");
}

/* "C17" with the number of its row; false for anything else. */
static bool read_place(const char *text, uint64_t row, uint32_t *column)
{
    uint32_t value = 0;
    const char *at = text;
    int64_t number;
    for (; *at >= 'A' && *at <= 'Z' && at - text < 4; at++)
        value = value * 26 + (uint32_t)(*at - 'A' + 1);
    if (at == text || !psyi_integer_parse(at, strlen(at), &number) || number != (int64_t)row)
        return false;
    *column = value;
    return true;
}

static void begin_cell(sheet_reading *in, const char **attributes)
{
    const char *const place = psyi_xml_attribute(attributes, "r");
    const char *const type = psyi_xml_attribute(attributes, "t");
    const char *const style = psyi_xml_attribute(attributes, "s");
    int64_t number = 0;
    in->column++;
    in->formula = false;
    in->value.length = 0;
    in->type[0] = '\0';
    if (type != NULL && strlen(type) < sizeof in->type)
        memcpy(in->type, type, strlen(type) + 1);
    in->style = style != NULL && psyi_integer_parse(style, strlen(style), &number) && number >= 0
                    ? (size_t)number
                    : 0;
    if (place != NULL && !read_place(place, in->row, &in->column))
        stop_at(in, "is said to be in another place");
}

static void note_merged(const sheet_reading *in, const char **attributes)
{
    const char *const reference = psyi_xml_attribute(attributes, "ref");
    psyi_merged area = {0};
    if (in->grid != NULL && in->grid->merged != NULL && reference != NULL &&
        psyi_merged_read(reference, &area))
        psyi_buffer_add(in->grid->merged, (const char *)&area, sizeof area);
}

static void on_begin(void *context, const char *name, const char **attributes)
{
    sheet_reading *const in = context;
    if (in->xml.depth == 1)
        in->is_sheet = strcmp(name, "worksheet") == 0;
    if (strcmp(name, "row") == 0)
        begin_row(in, attributes);
    else if (strcmp(name, "c") == 0)
        begin_cell(in, attributes);
    else if (strcmp(name, "v") == 0)
        in->in_value++;
    else if (strcmp(name, "is") == 0)
        in->in_inline++;
    else if (strcmp(name, "t") == 0)
        in->in_text++;
    else if (strcmp(name, "rPh") == 0)
        in->in_reading++;
    else if (strcmp(name, "f") == 0)
        in->formula = true;
    else if (strcmp(name, "mergeCell") == 0)
        note_merged(in, attributes);
}

static void on_text(void *context, const char *text, size_t length)
{
    sheet_reading *const in = context;
    if (in->in_value > 0 || (in->in_inline > 0 && in->in_text > 0 && in->in_reading == 0))
        psyi_buffer_add(&in->value, text, length);
}

static void tell(sheet_reading *in, const char *text, size_t length)
{
    if (length == 0)
        return;
    in->any = true;
    if (in->grid == NULL) {
        psyi_xml_stop(&in->xml, PSY_OK);
        return;
    }
    const psy_status status =
        psyi_grid_cell(in->grid, in->row, in->column, text, length, in->xml.error);
    if (status != PSY_OK)
        psyi_xml_stop(&in->xml, status);
}

static void tell_shared(sheet_reading *in)
{
    const psyi_book *const book = in->book;
    int64_t index;
    if (!psyi_integer_parse(in->value.data, in->value.length, &index) || index < 0 ||
        (uint64_t)index >= book->n_texts) {
        stop_at(in, "points to a text that is not there");
        return;
    }
    const uint32_t begin = index > 0 ? book->ends[index - 1] : 0;
    if (book->ends[index] > begin)
        tell(in, book->text.data + begin, book->ends[index] - begin);
}

static void tell_number(sheet_reading *in)
{
    char text[PSYI_NUMBER_ROOM];
    const psyi_book *const book = in->book;
    const psyi_number_format format = in->style < book->n_formats
                                          ? book->formats[in->style]
                                          : (psyi_number_format){PSYI_NUMBER_PLAIN, 0};
    const size_t length =
        psyi_format_number(in->value.data, in->value.length, format, book->from_1904, text);
    tell(in, text, length);
}

static void end_cell(sheet_reading *in)
{
    psyi_buffer *const value = &in->value;
    if (value->failed) {
        psyi_xml_stop(&in->xml, psyi_fail_memory(in->xml.error, "a workbook"));
        return;
    }
    if (in->row == 0) {
        stop_at(in, "stands outside of any row");
    } else if (value->length == 0) {
        if (in->formula && strcmp(in->type, "str") != 0)
            tell(in, "#FORMULA!", 9);
    } else if (strcmp(in->type, "s") == 0) {
        tell_shared(in);
    } else if (strcmp(in->type, "b") == 0) {
        const bool truth = value->data[0] == '1';
        tell(in, truth ? "TRUE" : "FALSE", truth ? 4 : 5);
    } else if (in->type[0] == '\0' || strcmp(in->type, "n") == 0) {
        tell_number(in);
    } else { /* str, inlineStr, e, d */
        psyi_book_unescape(value, 0);
        tell(in, value->data, value->length);
    }
}

static void on_end(void *context, const char *name)
{
    sheet_reading *const in = context;
    if (strcmp(name, "c") == 0)
        end_cell(in);
    else if (strcmp(name, "v") == 0)
        in->in_value--;
    else if (strcmp(name, "is") == 0)
        in->in_inline--;
    else if (strcmp(name, "t") == 0)
        in->in_text--;
    else if (strcmp(name, "rPh") == 0)
        in->in_reading--;
}

psy_status psyi_book_cells(psyi_book *book, const psyi_book_sheet *sheet, psyi_grid *grid,
                           bool *any, psy_error *error)
{
    sheet_reading in = {.book = book, .grid = grid};
    in.xml = (psyi_xml){.begin = on_begin, .end = on_end, .text = on_text, .context = &in};
    psyi_buffer_init(&in.value, book->allocator);
    psy_status status = psyi_unpack_xml(&book->unpack, sheet->part, &in.xml, error);
    if (status == PSY_OK && !in.is_sheet) {
        const psy_location where = psyi_location(book->unpack.file, 0, 0, 0);
        status = psyi_fail(error, PSY_E_DATA, &where, "the sheet '%.80s' is no sheet of cells",
                           sheet->name);
    }
    if (status == PSY_OK && grid != NULL && grid->merged != NULL && grid->merged->failed)
        status = psyi_fail_memory(error, "a workbook");
    psyi_buffer_done(&in.value);
    *any = in.any;
    return status;
}
