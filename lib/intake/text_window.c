/*
 * text_window.c -- reading a file in blocks, each checked before a row of it is read.
 *
 * A block is read behind a gap, into which what is left of the window before is copied: a
 * record that was cut off at its end.  Bytes that are no text are refused as if the file had
 * been read whole, and by the same words: it is, then, since its lines have to be counted.  A file
 * of which two encodings are declared is looked through first, because only its end shows which it
 * is.
 */
#include "intake/text_window.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "intake/csv.h"
#include "intake/other_format.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* What a record may need behind its first byte: its bytes, and the two of its line end. */
enum { GAP = PSYI_CSV_MAX_RECORD + 8, SCAN_BYTES = 1 << 18, PIECE = 1 << 16, LINE = 64 };

/* Where blocks are read to: at the beginning of a line of the cache.  A few bytes behind one, as
 * malloc gives large blocks (16 behind a page), `rep movsb` takes four times as long on Zen 3 where
 * the bytes come from the beginning of a page, as those of a file do: 29 MB in 14.4 ms, not 3.9. */
static char *block_start(char *room)
{
    return room + GAP + (LINE - ((uintptr_t)room + GAP) % LINE) % LINE;
}

/* Bytes at the end of a text that begin a character whose rest is still to come. */
static size_t cut_off(const char *text, size_t length)
{
    for (size_t n = 1; n <= 3 && n <= length; n++)
        if (((unsigned char)text[length - n] & 0xC0) != 0x80)
            return psyi_utf8_cut(text + length - n, n) ? n : 0;
    return 0;
}

/* As many bytes as there is room for, or all there are. */
static psy_status fill(int descriptor, const char *path, char *room, size_t size, size_t *n,
                       psy_error *error)
{
    *n = 0;
    while (*n < size) {
        size_t more;
        const psy_status status =
            psyi_file_some(descriptor, path, room + *n, size - *n, &more, error);
        if (status != PSY_OK || more == 0)
            return status;
        *n += more;
    }
    return PSY_OK;
}

/* Whether all of the file is UTF-8. */
static psy_status look_through(int descriptor, const char *path, const psy_allocator *allocator,
                               bool *is_utf8, psy_error *error)
{
    char *const room = psyi_alloc(allocator, SCAN_BYTES + 4, 1);
    if (room == NULL)
        return psyi_fail_memory(error, path);
    size_t left = 0, n = 1;
    psy_status status = PSY_OK;
    *is_utf8 = true;
    while (status == PSY_OK && *is_utf8 && n > 0) {
        status = fill(descriptor, path, room + left, SCAN_BYTES, &n, error);
        const size_t length = left + n, good = psyi_utf8_check(room, length);
        left = n > 0 ? cut_off(room, length) : 0;
        *is_utf8 = good + left >= length;
        memmove(room, room + length - left, left);
    }
    if (status == PSY_OK && lseek(descriptor, 0, SEEK_SET) != 0)
        *is_utf8 = false; /* it cannot be read again: then it is read whole */
    psyi_free(allocator, room);
    return status;
}

static bool is_utf8_name(const char *encoding)
{
    psyi_encoding found = PSYI_ENCODING_UTF8;
    return encoding == NULL ||
           (psyi_encoding_find(encoding, &found) && found == PSYI_ENCODING_UTF8);
}

/* Whether the open file can come in windows; the descriptor stands at its beginning then. */
static psy_status comes_in_windows(psyi_text_window *window, const char *path, bool *out,
                                   psy_error *error)
{
    const psyi_input *const input = window->declared;
    const char *const encoding = input != NULL ? input->encoding : NULL;
    char begin[PSYI_FORMAT_HEAD];
    size_t n;
    *out = false;
    psy_status status = fill(window->descriptor, path, begin, sizeof begin, &n, error);
    if (status != PSY_OK)
        return status;
    if (n < sizeof begin || !is_utf8_name(encoding) ||
        psyi_format_of(begin, n) != PSYI_FORMAT_CSV || psyi_other_format(begin, n) != NULL ||
        lseek(window->descriptor, 0, SEEK_SET) != 0)
        return PSY_OK;
    *out = true;
    if (input == NULL || input->encoding_else == NULL)
        return PSY_OK;
    return look_through(window->descriptor, path, window->allocator, out, error);
}

static psy_status read_whole(psyi_text_window *window, const char *path, const psy_source *source,
                             psy_error *error)
{
    window->last = true;
    const psy_status status =
        psyi_input_text_read(&window->input, window->declared, path, source, window->where,
                             window->cut, window->allocator, error);
    window->size = window->input.length;
    return status;
}

void psyi_text_window_fetch(psyi_text_window *window)
{
    if (window->descriptor < 0 || window->last)
        return;
    const psyi_text_block *const from = &window->blocks[window->current];
    psyi_text_block *const block = &window->blocks[1 - window->current];
    char *const fresh = block_start(block->room);
    size_t pending = cut_off(from->fresh, from->n_fresh);
    if (from->n_fresh == 0)
        pending = 0;
    else
        memcpy(fresh - pending, from->fresh + from->n_fresh - pending, pending);
    block->fresh = fresh;
    /* Piece by piece: each is still in the cache when it is looked at. */
    const char *const text = fresh - pending;
    size_t good = 0, more = PIECE;
    bool has_nul = false;
    block->n_fresh = 0;
    block->status = PSY_OK;
    while (block->status == PSY_OK && more == PIECE && block->n_fresh < window->window_bytes) {
        const size_t left = window->window_bytes - block->n_fresh;
        char *const piece = fresh + block->n_fresh;
        block->status = fill(window->descriptor, window->input.name, piece,
                             left < PIECE ? left : PIECE, &more, &block->error);
        block->n_fresh += more;
        has_nul = has_nul || memchr(piece, '\0', more) != NULL;
        good += psyi_utf8_check(text + good, (size_t)(fresh + block->n_fresh - text) - good);
    }
    block->last = block->n_fresh < window->window_bytes;
    if (block->last && window->cut && block->n_fresh > 0) {
        const size_t begun = cut_off(text, pending + block->n_fresh);
        block->n_fresh -= begun < block->n_fresh ? begun : block->n_fresh;
    }
    fresh[block->n_fresh] = '\0';
    const size_t length = pending + block->n_fresh;
    const size_t open = block->last ? 0 : cut_off(fresh - pending, length);
    if (block->status == PSY_OK && (good + open < length || has_nul))
        block->status = PSY_E_DATA;
    window->n_bytes += block->n_fresh;
}

void psyi_text_window_hash(psyi_text_window *window)
{
    psyi_text_block *const block = &window->blocks[window->current];
    if (window->descriptor >= 0)
        psyi_sha256_add(window->digest, block->fresh, block->n_fresh);
}

/* The place and the reason, found in the file as a whole. */
static psy_status refuse(const psyi_text_window *window, psy_error *error)
{
    psyi_input_text text;
    const psy_status status =
        psyi_input_text_read(&text, window->declared, window->input.name, NULL, window->where,
                             window->cut, window->allocator, error);
    if (status != PSY_OK)
        return status;
    psyi_input_text_done(&text);
    const psy_location where = psyi_location(window->input.name, 0, 0, 0);
    return psyi_fail(error, PSY_E_IO, &where, "'%s' changed while it was read", window->input.name);
}

psy_status psyi_text_window_turn(psyi_text_window *window, const char **at, psy_error *error)
{
    const psyi_text_block *const from = &window->blocks[window->current];
    psyi_text_block *const block = &window->blocks[1 - window->current];
    if (block->status == PSY_E_DATA)
        return refuse(window, error);
    if (block->status != PSY_OK) {
        if (error != NULL)
            *error = block->error;
        return block->status;
    }
    const size_t left = (size_t)(from->text + from->length - *at);
    char *const text = block_start(block->room) - left;
    memcpy(text, *at, left);
    block->text = text;
    block->length = left + block->n_fresh;
    window->current = 1 - window->current;
    window->last = block->last;
    window->input.text = block->text;
    window->input.length = block->length;
    *at = text;
    return PSY_OK;
}

/* The first window, without a byte order mark.  Both blocks are one: that is large enough for pages
 * of 2 MiB, where each window of its own was 384 faults. */
static psy_status begin(psyi_text_window *window, psy_error *error)
{
    const size_t half = GAP + LINE + window->window_bytes + 1;
    void *room = NULL;
    size_t bytes = 0;
    if (!psyi_grow_raw(window->allocator, &room, &bytes, 2 * half, 1))
        return psyi_fail_memory(error, "a file");
    for (unsigned i = 0; i < 2; i++) {
        window->blocks[i].room = (char *)room + i * half;
        window->blocks[i].text = window->blocks[i].fresh = window->blocks[i].room;
    }
    window->digest = psyi_sha256_new();
    if (window->digest == NULL)
        return psyi_fail_memory(error, "a digest");
    psyi_text_window_fetch(window);
    const char *at = window->blocks[window->current].text;
    const psy_status status = psyi_text_window_turn(window, &at, error);
    if (status == PSY_OK && window->input.length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
        window->input.text += 3;
        window->input.length -= 3;
    }
    return status;
}

/* Whether the header row is in the window, whatever is in it. */
static bool holds_header(const psyi_text_window *window)
{
    const psyi_input_text *const text = &window->input;
    const uint64_t row = window->declared != NULL ? window->declared->header_row : 1;
    psyi_csv csv;
    psyi_csv_init(&csv, text->text, text->length, ',', text->name, NULL);
    psyi_csv_skip_lines(&csv, row > 0 ? row - 1 : 0);
    return window->last || csv.end - csv.at >= GAP;
}

psy_status psyi_text_window_open(psyi_text_window *out, const psyi_input *input, const char *path,
                                 const psy_source *source, const char *where, bool cut,
                                 size_t window_bytes, const psy_allocator *allocator,
                                 psy_error *error)
{
    memset(out, 0, sizeof *out);
    out->declared = input;
    out->where = where;
    out->cut = cut;
    out->allocator = allocator;
    out->window_bytes = window_bytes > 0 ? window_bytes : PSYI_WINDOW_BYTES;
    out->descriptor = -1;
    bool windows = false;
    psy_status status = PSY_OK;
    if (out->window_bytes < PSYI_LEAST_WINDOW)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "windows of %zu bytes cannot hold every row: at least %d", window_bytes,
                         PSYI_LEAST_WINDOW);
    if (path != NULL && psyi_file_size(path, &out->size) && out->size > out->window_bytes) {
        out->descriptor = psyi_file_open(path, &out->size, error);
        if (out->descriptor < 0)
            return PSY_E_IO;
        status = comes_in_windows(out, path, &windows, error);
    }
    if (status == PSY_OK && windows) {
        out->input.name = path;
        out->input.first_line = 1;
        status = begin(out, error);
        windows = status != PSY_OK || holds_header(out);
    }
    if (status == PSY_OK && windows)
        return PSY_OK;
    psyi_text_window_close(out);
    return status == PSY_OK ? read_whole(out, path, source, error) : status;
}

psy_status psyi_text_window_end(psyi_text_window *window, psyi_input_file *file, psy_error *error)
{
    if (window->descriptor < 0) {
        memcpy(file->digest, window->input.digest, sizeof file->digest);
        file->bytes = window->input.bytes.length;
        return PSY_OK;
    }
    psyi_sha256_hex(window->digest, file->digest);
    window->digest = NULL;
    file->bytes = window->n_bytes;
    return file->digest[0] != '\0' ? PSY_OK : psyi_fail_memory(error, "a digest");
}

void psyi_text_window_close(psyi_text_window *window)
{
    if (window->descriptor >= 0) {
        char unused[65];
        close(window->descriptor);
        if (window->digest != NULL)
            psyi_sha256_hex(window->digest, unused);
        psyi_free(window->allocator, window->blocks[0].room);
    } else {
        psyi_input_text_done(&window->input);
    }
    memset(window->blocks, 0, sizeof window->blocks);
    window->descriptor = -1;
    window->digest = NULL;
    window->last = false;
}
