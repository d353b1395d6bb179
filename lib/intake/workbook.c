/*
 * workbook.c -- what a package holds: the workbook part, its sheets and its relations.
 *
 * Parts are found by their relations, never by their names, since programs name them as they
 * like.  What is no workbook of cells (a binary workbook, OpenDocument, a text document) is
 * named in the message.
 */
#include "intake/workbook.h"
#include "base/fail.h"

#include <string.h>

void psyi_book_done(psyi_book *book)
{
    psyi_unpack_done(&book->unpack);
    psyi_free(book->allocator, book->sheets);
    psyi_free(book->allocator, book->formats);
    psyi_free(book->allocator, book->ends);
    psyi_buffer_done(&book->text);
    psyi_arena_done(&book->arena);
}

/* ---- relations --------------------------------------------------------------------------- */

typedef struct relations {
    psyi_book *book;
    psyi_xml xml;
    const char *folder; /* of the part they belong to, with its slash */
} relations;

static bool ends_in(const char *text, const char *end)
{
    const size_t length = strlen(text), n = strlen(end);
    return length >= n && strcmp(text + length - n, end) == 0;
}

/* A target as the name of a part: "../" and "./" are followed. */
static const char *part_name(psyi_arena *arena, const char *folder, const char *target)
{
    char *const out = target[0] == '/' ? psyi_arena_copy(arena, target + 1)
                                       : psyi_arena_format(arena, "%s%s", folder, target);
    if (out == NULL)
        return NULL;
    char *to = out;
    for (const char *at = out; *at != '\0';) {
        const char *const slash = strchr(at, '/');
        const size_t step = slash != NULL ? (size_t)(slash - at) + 1 : strlen(at);
        if (step == 3 && memcmp(at, "../", 3) == 0) {
            if (to > out)
                to--;
            while (to > out && to[-1] != '/')
                to--;
        } else if (!(step == 2 && memcmp(at, "./", 2) == 0)) {
            memmove(to, at, step);
            to += step;
        }
        at += step;
    }
    *to = '\0';
    return out;
}

static void note_relation(relations *in, const char *type, const char *id, const char *part)
{
    psyi_book *const book = in->book;
    if (ends_in(type, "/officeDocument"))
        book->main = part;
    else if (ends_in(type, "/styles"))
        book->styles = part;
    else if (ends_in(type, "/sharedStrings"))
        book->texts = part;
    else if (ends_in(type, "/worksheet"))
        for (size_t i = 0; i < book->n_sheets; i++)
            if (book->sheets[i].relation != NULL && strcmp(book->sheets[i].relation, id) == 0)
                book->sheets[i].part = part;
}

static void on_relation(void *context, const char *name, const char **attributes)
{
    relations *const in = context;
    if (strcmp(name, "Relationship") != 0)
        return;
    const char *const type = psyi_xml_attribute(attributes, "Type");
    const char *const target = psyi_xml_attribute(attributes, "Target");
    const char *const id = psyi_xml_attribute(attributes, "Id");
    const char *const mode = psyi_xml_attribute(attributes, "TargetMode");
    if (type == NULL || target == NULL || id == NULL ||
        (mode != NULL && strcmp(mode, "External") == 0))
        return;
    const char *const part = part_name(&in->book->arena, in->folder, target);
    if (part == NULL)
        psyi_xml_stop(&in->xml, psyi_fail_memory(in->xml.error, "a workbook"));
    else
        note_relation(in, type, id, part);
}

static psy_status read_relations(psyi_book *book, const char *part, const char *folder,
                                 psy_error *error)
{
    relations in = {.book = book, .folder = folder};
    in.xml = (psyi_xml){.begin = on_relation, .context = &in};
    return psyi_unpack_xml(&book->unpack, part, &in.xml, error);
}

/* ---- the workbook part ------------------------------------------------------------------- */

typedef struct main_part {
    psyi_book *book;
    psyi_xml xml;
    bool is_workbook;
} main_part;

static bool is_true(const char *text)
{
    return text != NULL && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
}

static bool add_sheet(psyi_book *book, const char **attributes)
{
    void *sheets = book->sheets;
    const bool good = psyi_grow(book->allocator, &sheets, &book->sheets_room, book->n_sheets + 1,
                                sizeof *book->sheets);
    book->sheets = sheets;
    if (!good)
        return false;
    psyi_book_sheet *const sheet = &book->sheets[book->n_sheets];
    const char *const name = psyi_xml_attribute(attributes, "name");
    const char *const relation = psyi_xml_attribute(attributes, "id"); /* r:id */
    const char *const state = psyi_xml_attribute(attributes, "state");
    sheet->name = psyi_arena_copy(&book->arena, name != NULL ? name : "");
    sheet->relation = psyi_arena_copy(&book->arena, relation != NULL ? relation : "");
    sheet->hidden = state != NULL && strcmp(state, "visible") != 0;
    book->n_sheets++;
    return sheet->name != NULL && sheet->relation != NULL;
}

static void on_main(void *context, const char *name, const char **attributes)
{
    main_part *const in = context;
    if (in->xml.depth == 1)
        in->is_workbook = strcmp(name, "workbook") == 0;
    if (strcmp(name, "workbookPr") == 0)
        in->book->from_1904 = is_true(psyi_xml_attribute(attributes, "date1904"));
    if (strcmp(name, "sheet") == 0 && in->is_workbook && !add_sheet(in->book, attributes))
        psyi_xml_stop(&in->xml, psyi_fail_memory(in->xml.error, "a workbook"));
}

static psy_status no_workbook(const psyi_book *book, const char *what, psy_error *error)
{
    const psy_location where = psyi_location(book->unpack.file, 0, 0, 0);
    return psyi_fail(error, PSY_E_UNSUPPORTED, &where,
                     "this is %s: save it as an Excel workbook (.xlsx) or as CSV in UTF-8", what);
}

static psy_status find_main(psyi_book *book, psy_error *error)
{
    if (!psyi_unpack_has(&book->unpack, "_rels/.rels"))
        return no_workbook(book,
                           psyi_unpack_has(&book->unpack, "content.xml")
                               ? "an OpenDocument file"
                               : "a zip file without a workbook in it",
                           error);
    const psy_status status = read_relations(book, "_rels/.rels", "", error);
    if (status != PSY_OK)
        return status;
    if (book->main == NULL)
        return no_workbook(book, "a document without a workbook in it", error);
    if (ends_in(book->main, ".bin"))
        return no_workbook(book, "a binary Excel workbook (.xlsb)", error);
    return PSY_OK;
}

static psy_status read_main(psyi_book *book, psy_error *error)
{
    main_part in = {.book = book};
    in.xml = (psyi_xml){.begin = on_main, .context = &in};
    psy_status status = psyi_unpack_xml(&book->unpack, book->main, &in.xml, error);
    if (status == PSY_OK && !in.is_workbook)
        status = no_workbook(book, "a document without a workbook in it", error);
    if (status != PSY_OK)
        return status;
    const char *const slash = strrchr(book->main, '/');
    const size_t length = slash != NULL ? (size_t)(slash - book->main) + 1 : 0;
    const char *const folder = psyi_arena_text(&book->arena, book->main, length);
    const char *const part = psyi_arena_format(&book->arena, "%.*s_rels/%s.rels", (int)length,
                                               book->main, book->main + length);
    if (folder == NULL || part == NULL)
        return psyi_fail_memory(error, "a workbook");
    return read_relations(book, part, folder, error);
}

psy_status psyi_book_open(psyi_book *book, const char *bytes, size_t length, const char *file,
                          const psy_allocator *allocator, psy_error *error)
{
    memset(book, 0, sizeof *book);
    book->allocator = allocator;
    psyi_arena_init(&book->arena, allocator);
    psyi_buffer_init(&book->text, allocator);
    psy_status status = psyi_unpack_open(&book->unpack, bytes, length, file, error);
    if (status == PSY_OK)
        status = find_main(book, error);
    if (status == PSY_OK)
        status = read_main(book, error);
    if (status == PSY_OK && book->styles != NULL)
        status = psyi_book_styles(book, error);
    if (status == PSY_OK && book->texts != NULL)
        status = psyi_book_texts(book, error);
    return status;
}
