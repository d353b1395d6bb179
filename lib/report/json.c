/*
 * json.c -- an indented JSON text that grows.
 */
#include "report/json.h"

#include "table/writing.h"

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
        psyi_json_text(&json->out, key, strlen(key));
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

void psyi_json_put_text(psyi_json *json, const char *key, const char *text)
{
    begin(json, key);
    psyi_json_text(&json->out, text, text != NULL ? strlen(text) : 0);
}

void psyi_json_put_integer(psyi_json *json, const char *key, int64_t value)
{
    begin(json, key);
    psyi_buffer_integer(&json->out, value);
}

void psyi_json_put_number(psyi_json *json, const char *key, double value)
{
    begin(json, key);
    if (isfinite(value))
        psyi_buffer_number(&json->out, value);
    else
        psyi_buffer_text(&json->out, "null");
}

void psyi_json_put_bool(psyi_json *json, const char *key, bool value)
{
    begin(json, key);
    psyi_buffer_text(&json->out, value ? "true" : "false");
}
