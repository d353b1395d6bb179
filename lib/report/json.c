/*
 * json.c -- a JSON text that grows.  Invalid UTF-8 becomes U+FFFD, so that any reader can
 * read it.
 */
#include "report/json.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

void psyi_json_init(psyi_json *json, const psy_allocator *allocator)
{
    memset(json, 0, sizeof *json);
    psyi_buffer_init(&json->out, allocator);
    json->first = true;
}

void psyi_json_done(psyi_json *json)
{
    psyi_buffer_done(&json->out);
}

static void write_string(psyi_buffer *out, const char *text)
{
    const size_t length = strlen(text);
    psyi_buffer_char(out, '"');
    for (size_t at = 0; at < length;) {
        uint32_t c;
        const size_t n = psyi_utf8_decode(text + at, length - at, &c);
        if (c == '"' || c == '\\') {
            psyi_buffer_char(out, '\\');
            psyi_buffer_char(out, (char)c);
        } else if (c == '\n')
            psyi_buffer_text(out, "\\n");
        else if (c < 0x20 || c == 0x7F)
            psyi_buffer_format(out, "\\u%04x", (unsigned)c);
        else if (c == 0xFFFD)
            psyi_buffer_text(out, "\xEF\xBF\xBD");
        else
            psyi_buffer_add(out, text + at, n);
        at += n;
    }
    psyi_buffer_char(out, '"');
}

static void new_line(psyi_json *json)
{
    psyi_buffer_char(&json->out, '\n');
    for (unsigned i = 0; i < json->depth; i++)
        psyi_buffer_text(&json->out, "  ");
}

static void begin(psyi_json *json, const char *key)
{
    if (!json->first)
        psyi_buffer_char(&json->out, ',');
    if (json->depth > 0)
        new_line(json);
    json->first = false;
    if (key != NULL) {
        write_string(&json->out, key);
        psyi_buffer_text(&json->out, ": ");
    }
}

void psyi_json_open(psyi_json *json, const char *key, char bracket)
{
    begin(json, key);
    psyi_buffer_char(&json->out, bracket);
    json->depth++;
    json->first = true;
}

void psyi_json_close(psyi_json *json, char bracket)
{
    json->depth--;
    if (!json->first)
        new_line(json);
    psyi_buffer_char(&json->out, bracket);
    json->first = false;
    if (json->depth == 0)
        psyi_buffer_char(&json->out, '\n');
}

void psyi_json_text(psyi_json *json, const char *key, const char *text)
{
    begin(json, key);
    if (text != NULL)
        write_string(&json->out, text);
    else
        psyi_buffer_text(&json->out, "null");
}

void psyi_json_integer(psyi_json *json, const char *key, int64_t value)
{
    begin(json, key);
    psyi_buffer_integer(&json->out, value);
}

void psyi_json_number(psyi_json *json, const char *key, double value)
{
    begin(json, key);
    if (isfinite(value))
        psyi_buffer_number(&json->out, value);
    else
        psyi_buffer_text(&json->out, "null");
}

void psyi_json_bool(psyi_json *json, const char *key, bool value)
{
    begin(json, key);
    psyi_buffer_text(&json->out, value ? "true" : "false");
}
