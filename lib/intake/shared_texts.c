/*
 * shared_texts.c -- the table of texts that the cells of a workbook point into.
 *
 * A text may come in runs of different looks; they are joined.  Readings for pronunciation
 * (rPh) are no part of it.
 */
#include "base/fail.h"
#include "base/text.h"
#include "intake/workbook.h"

#include <string.h>

typedef struct texts {
    psyi_book *book;
    psyi_xml xml;
    unsigned in_text, in_reading;
} texts;

static void on_begin(void *context, const char *name, const char **attributes)
{
    texts *const in = context;
    (void)attributes;
    in->in_text += strcmp(name, "t") == 0;
    in->in_reading += strcmp(name, "rPh") == 0;
}

static bool add_text(psyi_book *book)
{
    void *ends = book->ends;
    const bool good =
        psyi_grow(book->allocator, &ends, &book->texts_room, book->n_texts + 1, sizeof *book->ends);
    book->ends = ends;
    if (!good || book->text.failed)
        return false;
    psyi_book_unescape(&book->text, book->n_texts > 0 ? book->ends[book->n_texts - 1] : 0);
    book->ends[book->n_texts++] = (uint32_t)book->text.length;
    return true;
}

static void on_end(void *context, const char *name)
{
    texts *const in = context;
    in->in_text -= strcmp(name, "t") == 0;
    in->in_reading -= strcmp(name, "rPh") == 0;
    if (strcmp(name, "si") == 0 && !add_text(in->book))
        psyi_xml_stop(&in->xml, psyi_fail_memory(in->xml.error, "a workbook"));
}

static void on_text(void *context, const char *text, size_t length)
{
    texts *const in = context;
    if (in->in_text > 0 && in->in_reading == 0)
        psyi_buffer_add(&in->book->text, text, length);
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

void psyi_book_unescape(psyi_buffer *text, size_t from)
{
    if (text->failed || text->length - from < 7 ||
        memmem(text->data + from, text->length - from, "_x", 2) == NULL)
        return;
    size_t to = from;
    for (size_t at = from; at < text->length;) {
        const char *const c = text->data + at;
        uint32_t code = 0;
        bool escape = text->length - at >= 7 && c[0] == '_' && c[1] == 'x' && c[6] == '_';
        for (size_t i = 2; i < 6 && escape; i++) {
            escape = hex(c[i]) >= 0;
            code = code * 16 + (uint32_t)hex(c[i]);
        }
        if (escape && code > 0 && (code < 0xD800 || code > 0xDFFF)) {
            to += psyi_utf8_encode(code, text->data + to);
            at += 7;
        } else {
            text->data[to++] = text->data[at++];
        }
    }
    text->length = to;
    text->data[to] = '\0';
}

psy_status psyi_book_texts(psyi_book *book, psy_error *error)
{
    texts in = {.book = book};
    in.xml = (psyi_xml){.begin = on_begin, .end = on_end, .text = on_text, .context = &in};
    return psyi_unpack_xml(&book->unpack, book->texts, &in.xml, error);
}
