/*
 * workbook_styles.c -- which styles of cells mean a date, a time or a code with zeros.
 */
#include "base/fail.h"
#include "base/number.h"
#include "intake/workbook.h"

#include <string.h>

typedef struct own_format { /* a format the workbook defines */
    int64_t id;
    psyi_number_format format;
} own_format;

typedef struct styles {
    psyi_book *book;
    psyi_xml xml;
    own_format *own;
    size_t n_own, own_room;
    bool in_cells; /* within cellXfs: styles of cells, in the order cells number them */
} styles;

static int64_t number_of(const char *text)
{
    int64_t value;
    return text != NULL && psyi_integer_parse(text, strlen(text), &value) ? value : -1;
}

static bool add_own(styles *in, const char **attributes)
{
    const char *const code = psyi_xml_attribute(attributes, "formatCode");
    void *own = in->own;
    if (code == NULL)
        return true;
    const bool good =
        psyi_grow(in->book->allocator, &own, &in->own_room, in->n_own + 1, sizeof *in->own);
    in->own = own;
    if (good)
        in->own[in->n_own++] = (own_format){number_of(psyi_xml_attribute(attributes, "numFmtId")),
                                            psyi_format_of_code(code)};
    return good;
}

static psyi_number_format find_format(const styles *in, int64_t id)
{
    for (size_t i = 0; i < in->n_own; i++)
        if (in->own[i].id == id)
            return in->own[i].format;
    return psyi_format_of_id(id >= 0 && id <= UINT32_MAX ? (uint32_t)id : 0);
}

static bool add_style(styles *in, const char **attributes)
{
    psyi_book *const book = in->book;
    void *formats = book->formats;
    const bool good = psyi_grow(book->allocator, &formats, &book->formats_room, book->n_formats + 1,
                                sizeof *book->formats);
    book->formats = formats;
    if (good)
        book->formats[book->n_formats++] =
            find_format(in, number_of(psyi_xml_attribute(attributes, "numFmtId")));
    return good;
}

static void on_begin(void *context, const char *name, const char **attributes)
{
    styles *const in = context;
    bool good = true;
    if (strcmp(name, "cellXfs") == 0)
        in->in_cells = true;
    else if (strcmp(name, "numFmt") == 0)
        good = add_own(in, attributes);
    else if (strcmp(name, "xf") == 0 && in->in_cells)
        good = add_style(in, attributes);
    if (!good)
        psyi_xml_stop(&in->xml, psyi_fail_memory(in->xml.error, "a workbook"));
}

static void on_end(void *context, const char *name)
{
    styles *const in = context;
    if (strcmp(name, "cellXfs") == 0)
        in->in_cells = false;
}

psy_status psyi_book_styles(psyi_book *book, psy_error *error)
{
    styles in = {.book = book};
    in.xml = (psyi_xml){.begin = on_begin, .end = on_end, .context = &in};
    const psy_status status = psyi_unpack_xml(&book->unpack, book->styles, &in.xml, error);
    psyi_free(book->allocator, in.own);
    return status;
}
