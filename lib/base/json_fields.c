/*
 * json_fields.c -- taking some members out of an object.
 */
#include "base/json_fields.h"
#include "base/number.h"

#include <string.h>

bool psyi_json_next(psyi_json_reader *r, char close)
{
    return psyi_json_take(r, ',') || psyi_json_peek(r) == close;
}

static bool read_field(psyi_json_reader *r, const psyi_json_field *field)
{
    const char open = psyi_json_peek(r);
    if (open == '"' && field->out != NULL) {
        if (!psyi_json_read_text(r) || r->text.length > field->size)
            return false;
        memcpy(field->out, r->text.data, r->text.length);
        return true;
    }
    const char *const start = r->at;
    if (!psyi_json_skip(r))
        return false;
    const size_t length = (size_t)(r->at - start);
    int64_t number = 0;
    if (field->number != NULL && psyi_integer_parse(start, length, &number))
        *field->number = number;
    if (field->flag != NULL && (open == 't' || open == 'f'))
        *field->flag = open == 't';
    return true;
}

bool psyi_json_fields(psyi_json_reader *r, const psyi_json_field *fields, size_t n)
{
    if (!psyi_json_take(r, '{'))
        return false;
    while (psyi_json_peek(r) != '}') {
        if (!psyi_json_read_text(r))
            return false;
        size_t f = 0;
        while (f < n && strcmp(fields[f].key, r->text.data) != 0)
            f++;
        if (!psyi_json_take(r, ':') || !(f < n ? read_field(r, &fields[f]) : psyi_json_skip(r)) ||
            !psyi_json_next(r, '}'))
            return false;
    }
    return psyi_json_take(r, '}');
}
