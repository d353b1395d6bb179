/*
 * json_reader.c -- reading JSON without keeping it.
 *
 * Any well-formed document is taken, because a person may have reformatted a file of ours;
 * numbers are not checked further than where they end.
 */
#include "base/json_reader.h"

#include "base/text.h"

#include <string.h>

#define MOST_DEPTH 64

void psyi_json_reader_init(psyi_json_reader *r, const char *text, size_t length,
                           const psy_allocator *allocator)
{
    *r = (psyi_json_reader){.at = text, .end = text + length};
    psyi_buffer_init(&r->text, allocator);
}

void psyi_json_reader_done(psyi_json_reader *r)
{
    psyi_buffer_done(&r->text);
}

char psyi_json_peek(psyi_json_reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
    return r->at < r->end ? *r->at : '\0';
}

bool psyi_json_take(psyi_json_reader *r, char c)
{
    if (psyi_json_peek(r) != c)
        return false;
    r->at++;
    return true;
}

static bool read_escape(psyi_json_reader *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char c = r->at < r->end ? *r->at++ : '\0';
    if (c == 'u') {
        unsigned code = 0;
        for (int i = 0; i < 4; i++) {
            const char h = r->at < r->end ? *r->at++ : '\0';
            const char *const digit = h != '\0' ? strchr("0123456789abcdefABCDEF", h) : NULL;
            if (digit == NULL)
                return false;
            const unsigned value = (unsigned)(digit - "0123456789abcdefABCDEF");
            code = code * 16 + (value < 16 ? value : value - 6);
        }
        char bytes[4];
        const bool half = code >= 0xD800 && code < 0xE000; /* names of ours hold none */
        psyi_buffer_add(&r->text, bytes, psyi_utf8_encode(half ? 0xFFFD : code, bytes));
        return true;
    }
    const char *const known = c != '\0' ? strchr(from, c) : NULL;
    if (known == NULL)
        return false;
    psyi_buffer_char(&r->text, to[known - from]);
    return true;
}

bool psyi_json_read_text(psyi_json_reader *r)
{
    psyi_buffer_clear(&r->text);
    psyi_buffer_text(&r->text, "");
    if (!psyi_json_take(r, '"'))
        return false;
    while (r->at < r->end && *r->at != '"') {
        const char c = *r->at++;
        if (c == '\\' ? !read_escape(r) : (psyi_buffer_char(&r->text, c), false))
            return false;
    }
    if (r->at >= r->end)
        return false;
    r->at++;
    psyi_buffer_char(&r->text, '\0'); /* read as text from here on */
    return !r->text.failed;
}

bool psyi_json_skip(psyi_json_reader *r)
{
    const char open = psyi_json_peek(r);
    if (open == '"')
        return psyi_json_read_text(r);
    if (open != '{' && open != '[') {
        const char *const start = r->at;
        while (r->at < r->end && strchr(",]} \n\r\t", *r->at) == NULL)
            r->at++;
        return r->at > start;
    }
    const char close = open == '{' ? '}' : ']';
    if (++r->depth > MOST_DEPTH)
        return false;
    r->at++;
    bool good = true;
    while (good && psyi_json_peek(r) != close) {
        if (open == '{')
            good = psyi_json_read_text(r) && psyi_json_take(r, ':');
        good = good && psyi_json_skip(r) && (psyi_json_take(r, ',') || psyi_json_peek(r) == close);
    }
    r->depth--;
    return good && psyi_json_take(r, close);
}

/* ---- walking ---- */

typedef struct walk {
    psyi_json_reader *reader;
    psyi_json_visit *visit;
    void *context;
    psyi_buffer place;
} walk;

static bool walk_value(walk *w);

static bool walk_inside(walk *w, char open)
{
    psyi_json_reader *const r = w->reader;
    const char close = open == '{' ? '}' : ']';
    const size_t place = w->place.length;
    bool good = ++r->depth <= MOST_DEPTH;
    r->at++;
    for (long long index = 0; good && psyi_json_peek(r) != close; index++) {
        if (place > 0)
            psyi_buffer_char(&w->place, '/');
        if (open == '{') {
            good = psyi_json_read_text(r) && psyi_json_take(r, ':');
            psyi_buffer_text(&w->place, good ? r->text.data : "");
        } else {
            psyi_buffer_integer(&w->place, index);
        }
        good = good && !w->place.failed && walk_value(w) &&
               (psyi_json_take(r, ',') || psyi_json_peek(r) == close);
        if (w->place.data != NULL) {
            w->place.length = place;
            w->place.data[place] = '\0';
        }
    }
    r->depth--;
    return good && psyi_json_take(r, close);
}

static bool walk_value(walk *w)
{
    psyi_json_reader *const r = w->reader;
    const char open = psyi_json_peek(r);
    if (open == '{' || open == '[')
        return walk_inside(w, open);
    const char *const place = w->place.data != NULL ? w->place.data : "";
    if (open == '"')
        return psyi_json_read_text(r) && w->visit(w->context, place, r->text.data, true);
    const char *const start = r->at;
    if (!psyi_json_skip(r))
        return false;
    psyi_buffer_clear(&r->text);
    psyi_buffer_add(&r->text, start, (size_t)(r->at - start));
    return !r->text.failed && w->visit(w->context, place, r->text.data, false);
}

bool psyi_json_walk(psyi_json_reader *reader, psyi_json_visit *visit, void *context)
{
    walk w = {.reader = reader, .visit = visit, .context = context};
    psyi_buffer_init(&w.place, reader->text.allocator);
    const bool good = walk_value(&w);
    if (w.place.failed)
        reader->text.failed = true;
    psyi_buffer_done(&w.place);
    return good;
}
