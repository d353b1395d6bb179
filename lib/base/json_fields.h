/* json_fields.h -- objects of which some members are wanted, on top of the reader of JSON. */
#ifndef PSYSCREEN_BASE_JSON_FIELDS_H
#define PSYSCREEN_BASE_JSON_FIELDS_H

#include "base/json_reader.h"

#include <stdint.h>

/* One member of an object: a text is copied to `out` (of `size` bytes, the NUL included), a
 * whole number goes to *number, true or false to *flag; all else is left alone. */
typedef struct psyi_json_field {
    const char *key;
    char *out;
    size_t size;
    int64_t *number;
    bool *flag;
} psyi_json_field;

/* A whole object, of which only `fields` are wanted.  false: not well-formed, or too long. */
bool psyi_json_fields(psyi_json_reader *reader, const psyi_json_field *fields, size_t n);
/* After a value of an object or list: step over a comma, or see that it closes. */
bool psyi_json_next(psyi_json_reader *reader, char close);

#endif
