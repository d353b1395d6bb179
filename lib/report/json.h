/* json.h -- a JSON document as it is written: objects and lists in the order of calls, two
 * blanks a level. */
#ifndef PSYSCREEN_REPORT_JSON_H
#define PSYSCREEN_REPORT_JSON_H

#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct psyi_json {
    psyi_buffer out;
    unsigned depth;
    bool first; /* nothing in the innermost object or array yet */
} psyi_json;

void psyi_json_init(psyi_json *json, const psy_allocator *allocator);
void psyi_json_done(psyi_json *json);
/* `key` is NULL inside an array and at the top. */
void psyi_json_open(psyi_json *json, const char *key, char bracket);         /* '{' or '[' */
void psyi_json_close(psyi_json *json, char bracket);                         /* '}' or ']' */
void psyi_json_put_text(psyi_json *json, const char *key, const char *text); /* NULL: null */
void psyi_json_put_integer(psyi_json *json, const char *key, int64_t value);
void psyi_json_put_number(psyi_json *json, const char *key, double value); /* NaN: null */
void psyi_json_put_bool(psyi_json *json, const char *key, bool value);

#endif
