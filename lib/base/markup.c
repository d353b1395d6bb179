/*
 * markup.c -- what is left of web pages in the texts that platforms export.
 *
 * A form is written in a web editor, and an export carries "好几天&nbsp;" and "1、题干<br/>".  Only
 * what can be nothing else is taken away: "<3" and "a<b" open no tag.
 */
#include "base/markup.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool psyi_has_markup(const char *text, size_t length)
{
    return memchr(text, '<', length) != NULL || memchr(text, '&', length) != NULL;
}

/* Bytes of the tag that begins at `at`; 0: none does. */
static size_t tag(const char *at, const char *end)
{
    const char *c = at + 1;
    if (c < end && *c == '/')
        c++;
    if (c == end || !is_letter(*c))
        return 0;
    while (c < end && *c != '>' && *c != '<')
        c++;
    return c < end && *c == '>' ? (size_t)(c - at) + 1 : 0;
}

/* Bytes of the entity that begins at `at`, and its character; 0: none does. */
static size_t entity(const char *at, const char *end, char *out)
{
    static const struct {
        const char *name;
        char stands_for;
    } entities[] = {{"&nbsp;", ' '}, {"&#160;", ' '}, {"&ensp;", ' '}, {"&emsp;", ' '},
                    {"&amp;", '&'},  {"&lt;", '<'},   {"&gt;", '>'},   {"&quot;", '"'},
                    {"&#34;", '"'},  {"&#39;", '\''}, {"&apos;", '\''}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        const size_t n = strlen(entities[i].name);
        if ((size_t)(end - at) < n || memcmp(at, entities[i].name, n) != 0)
            continue;
        *out = entities[i].stands_for;
        return n;
    }
    return 0;
}

size_t psyi_without_markup(const char *text, size_t length, char *out)
{
    const char *const end = text + length;
    size_t n = 0;
    for (const char *at = text; at < end;) {
        char character = *at;
        size_t used = *at == '<' ? tag(at, end) : 0;
        if (used > 0) {
            at += used;
            continue;
        }
        used = *at == '&' ? entity(at, end, &character) : 0;
        out[n++] = character;
        at += used > 0 ? used : 1;
    }
    return n;
}
