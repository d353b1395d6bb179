/* json_reader.h -- reading JSON without keeping it: strings and structure one by one, or a
 * walk over all scalars with their paths. */
#ifndef PSYSCREEN_BASE_JSON_READER_H
#define PSYSCREEN_BASE_JSON_READER_H

#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct psyi_json_reader {
    const char *at, *end;
    psyi_buffer text; /* the string read last, with a NUL counted in its length */
    unsigned depth;
} psyi_json_reader;

void psyi_json_reader_init(psyi_json_reader *reader, const char *text, size_t length,
                           const psy_allocator *allocator);
void psyi_json_reader_done(psyi_json_reader *reader);
/* The next character that is no blank, 0 at the end. */
char psyi_json_peek(psyi_json_reader *reader);
/* Go past it, if it is this one. */
bool psyi_json_take(psyi_json_reader *reader, char c);
/* A string into reader->text; false where there is none. */
bool psyi_json_read_text(psyi_json_reader *reader);
/* Past a value of any kind; false where it is not well formed or too deep. */
bool psyi_json_skip(psyi_json_reader *reader);

/* Called for every string and number (as text) and for true, false and null (as those words),
 * with the place like "uses/2/edition"; false stops the walk. */
typedef bool psyi_json_visit(void *context, const char *place, const char *value, bool string);
/* false when the text is no JSON value, or the visitor stopped, or without memory
 * (reader->text.failed). */
bool psyi_json_walk(psyi_json_reader *reader, psyi_json_visit *visit, void *context);

#endif
