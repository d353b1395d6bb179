/* cursor.h -- reading the text of one cell from left to right. */
#ifndef PSYSCREEN_INTAKE_CURSOR_H
#define PSYSCREEN_INTAKE_CURSOR_H

#include <stdbool.h>
#include <string.h>

typedef struct psyi_cursor {
    const char *at, *end;
} psyi_cursor;

/* Step over `word` if it stands here. */
static inline bool psyi_cursor_take(psyi_cursor *c, const char *word)
{
    const size_t length = strlen(word);
    if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0)
        return false;
    c->at += length;
    return true;
}

#endif
