/* own_csv.c -- a small CSV file that psyscreen itself has written, given back to it. */
#include "cohort/own_csv.h"

#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "cohort/results.h"

#include <string.h>

static psy_status open_text(psyi_csv *csv, const char *path, size_t most, const char *what,
                            psyi_buffer *text, char digest[65], psy_error *error)
{
    const char *const file = psyi_base_name(path);
    psyi_csv_init(csv, "", 0, ',', file, text->allocator);
    psy_status status = psyi_file_read(path, most, text, error);
    if (status != PSY_OK)
        return status;
    const char *at = text->data != NULL ? text->data : "";
    size_t length = text->length;
    if (!psyi_sha256_bytes(at, length, digest))
        return psyi_fail_memory(error, what);
    if (strlen(at) != length) {
        const psy_location where = psyi_location(file, 1, 0, 0);
        return psyi_fail(error, PSY_E_DATA, &where, "these are no %s", what);
    }
    if (length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
        at += 3;
        length -= 3;
    }
    psyi_csv_init(csv, at, length, ',', file, text->allocator);
    return PSY_OK;
}

psy_status psyi_own_csv_read(const psyi_own_csv *kind, psyi_csv *csv, const char *path,
                             char digest[65], const psy_allocator *allocator, void *context,
                             psy_error *error)
{
    psyi_buffer text;
    psyi_buffer_init(&text, allocator);
    psy_status status = open_text(csv, path, kind->most, kind->what, &text, digest, error);
    if (status == PSY_OK)
        status = kind->head(context);
    while (status == PSY_OK && psyi_csv_record(csv))
        status = kind->row(context);
    psyi_csv_done(csv);
    psyi_buffer_done(&text);
    return status;
}

void *psyi_own_csv_room(psyi_arena *arena, void *rows, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return rows;
    const size_t more = *room == 0 ? 256 : 2 * *room;
    void *const larger = psyi_arena_alloc(arena, more, size);
    if (larger == NULL)
        return NULL;
    if (n > 0)
        memcpy(larger, rows, n * size);
    *room = more;
    return larger;
}

const char *psyi_own_csv_text(psyi_arena *arena, const psyi_cell *cell)
{
    const char *text = cell->text;
    size_t length = cell->length;
    if (length > 1 && text[0] == '\'' &&
        (strchr("=+-@\t\r", text[1]) != NULL || text[1] == '\xEF')) {
        text++;
        length--;
    }
    return psyi_arena_text(arena, text, length);
}
