/*
 * decode_input.c -- from a path or a source to UTF-8 text.
 *
 * The encoding is the declared one; without a declaration only valid UTF-8 (ASCII included)
 * is taken, because every guess between GBK and windows-1252 turns some names into rubbish.
 * What a file is, is seen from its first bytes, never from its name.
 */
#include "intake/decode_input.h"
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/spill.h"
#include "base/text.h"
#include "intake/compound_in.h"
#include "intake/csv.h"
#include "intake/other_format.h"
#include "intake/sav_in.h"
#include "intake/workbook.h"

#include <string.h>

/* What a spreadsheet lays beside a workbook while it is open: "~$name.xlsx", ".~lock.name.xlsx#".
 */
static bool is_lock(const psyi_input_text *text)
{
    const char *const slash = text->name != NULL ? strrchr(text->name, '/') : NULL;
    const char *const name = slash != NULL ? slash + 1 : text->name != NULL ? text->name : "";
    return text->bytes.length < PSYI_FORMAT_HEAD &&
           (strncmp(name, "~$", 2) == 0 || strncmp(name, ".~lock.", 7) == 0);
}

static psy_status check_format(const psyi_input_text *text, psy_error *error)
{
    const char *const what =
        is_lock(text) ? "the mark that a workbook is open in a spreadsheet: save and close it, and "
                        "name the workbook itself"
                      : psyi_other_format(text->bytes.data != NULL ? text->bytes.data : "",
                                          text->bytes.length);
    if (what == NULL)
        return PSY_OK;
    const psy_location where = psyi_location(text->name, 0, 0, 0);
    return psyi_fail(error, PSY_E_UNSUPPORTED, &where, "this is %s", what);
}

/* A whole package begins with its first part, an empty one with its end. */
static bool is_package(const psyi_buffer *bytes)
{
    return bytes->length >= 4 &&
           (memcmp(bytes->data, "PK\003\004", 4) == 0 || memcmp(bytes->data, "PK\005\006", 4) == 0);
}

static bool is_spss(const psyi_buffer *bytes)
{
    return bytes->length >= 4 &&
           (memcmp(bytes->data, "$FL2", 4) == 0 || memcmp(bytes->data, "$FL3", 4) == 0);
}

psyi_format psyi_format_of(const char *bytes, size_t length)
{
    const psyi_buffer begin = {.data = (char *)bytes, .length = length};
    if (is_package(&begin) || psyi_is_compound(bytes, length))
        return PSYI_FORMAT_XLSX;
    return is_spss(&begin) ? PSYI_FORMAT_SAV : PSYI_FORMAT_CSV;
}

static void take_grid(psyi_input_text *text, psyi_format format)
{
    text->format = format;
    text->separator = '\t';
    text->text = text->utf8.data != NULL ? text->utf8.data : "";
    text->length = text->utf8.length;
}

/* The cells of a workbook as a grid in text->utf8. */
static psy_status read_workbook(psyi_input_text *text, const psyi_input *input, const char *where,
                                psy_error *error)
{
    const psy_status status =
        psyi_xlsx_read(&text->bytes, text->name, input != NULL ? input->sheet : NULL, where,
                       &text->utf8, &text->sheet, error);
    take_grid(text, PSYI_FORMAT_XLSX);
    return status;
}

/* Cases as rows below the names of the variables; case n is row n. */
static psy_status read_spss(psyi_input_text *text, const psyi_input *input, const char *where,
                            psy_error *error)
{
    const psy_status status = psyi_sav_read(&text->bytes, text->name, input, where, &text->utf8,
                                            &text->arena, &text->labels, &text->n_labels, error);
    take_grid(text, PSYI_FORMAT_SAV);
    text->first_line = 0;
    return status;
}

/* A file is gone through a piece at a time: beyond a memory budget its pages come as fast as it is
 * read, a gigabyte a second, and are let go of before each. */
#define PIECE ((size_t)1 << 20)

static size_t piece_at(const psyi_buffer *bytes, size_t at)
{
    psyi_spill_look_now(bytes->allocator);
    return bytes->length - at < PIECE ? bytes->length - at : PIECE;
}

/* How many bytes are UTF-8. */
static size_t check_utf8(const psyi_buffer *bytes)
{
    size_t at = 0;
    while (at < bytes->length) {
        const size_t piece = piece_at(bytes, at);
        const size_t good = psyi_utf8_check(bytes->data + at, piece);
        const bool last = piece == bytes->length - at;
        at += good;
        if (good < piece && (last || !psyi_utf8_cut(bytes->data + at, piece - good)))
            return at;
    }
    return at;
}

static const char *find_nul(const psyi_buffer *bytes)
{
    const char *nul = NULL;
    for (size_t at = 0; at < bytes->length && nul == NULL; at += PIECE)
        nul = memchr(bytes->data + at, '\0', piece_at(bytes, at));
    return nul;
}

static bool take_digest(const psyi_buffer *bytes, char out[65])
{
    psyi_sha256 *const digest = psyi_sha256_new();
    if (digest == NULL)
        return false;
    for (size_t at = 0; at < bytes->length; at += PIECE)
        psyi_sha256_add(digest, bytes->data + at, piece_at(bytes, at));
    psyi_sha256_hex(digest, out);
    return true;
}

/* Of two declared encodings the first, UTF-8, where the bytes are that. */
static const char *encoding_for(const psyi_input_text *text, const psyi_input *input)
{
    if (input == NULL || input->encoding_else == NULL)
        return input != NULL ? input->encoding : NULL;
    const size_t good = check_utf8(&text->bytes);
    return good == text->bytes.length ||
                   psyi_utf8_cut(text->bytes.data + good, text->bytes.length - good)
               ? input->encoding
               : input->encoding_else;
}

static psy_status decode(psyi_input_text *text, const char *encoding, psy_error *error)
{
    psyi_encoding found = PSYI_ENCODING_UTF8;
    if (encoding != NULL && !psyi_encoding_find(encoding, &found)) {
        const psy_location where = psyi_location(text->name, 0, 0, 0);
        return psyi_fail(error, PSY_E_DATA, &where, "'%.40s' is no known encoding", encoding);
    }
    const psyi_buffer *decoded = &text->bytes;
    if (found != PSYI_ENCODING_UTF8 || check_utf8(&text->bytes) != text->bytes.length) {
        const psy_status status = psyi_decode(text->bytes.data, text->bytes.length, found,
                                              text->name, &text->utf8, error);
        if (status != PSY_OK)
            return status;
        decoded = &text->utf8;
    }
    text->text = decoded->data != NULL ? decoded->data : "";
    text->length = decoded->length;
    if (text->length >= 3 && memcmp(text->text, "\xEF\xBB\xBF", 3) == 0) {
        text->text += 3;
        text->length -= 3;
    }
    const char *const nul = find_nul(decoded);
    if (nul != NULL) {
        psyi_csv lines;
        psyi_csv_init(&lines, text->text, text->length, ',', text->name, NULL);
        const psy_location where = psyi_csv_place(&lines, nul);
        return psyi_fail(error, PSY_E_DATA, &where,
                         "NUL byte: this is no text, or UTF-16 without a byte order mark");
    }
    return PSY_OK;
}

/* A file that is being written may end within a character: what there is of it is left out. */
static psy_status decode_cut(psyi_input_text *text, const char *encoding, bool cut,
                             psy_error *error)
{
    psy_status status = decode(text, encoding, error);
    const size_t length = text->bytes.length;
    for (size_t n = 1; cut && n <= 3 && n < length && status == PSY_E_DATA; n++) {
        text->bytes.length = length - n;
        status = decode(text, encoding, NULL);
    }
    if (status == PSY_E_DATA) {
        text->bytes.length = length;
        status = decode(text, encoding, error);
    }
    return status;
}

psy_status psyi_input_text_read(psyi_input_text *out, const psyi_input *input, const char *path,
                                const psy_source *source, const char *where, bool cut,
                                const psy_allocator *allocator, psy_error *error)
{
    memset(out, 0, sizeof *out);
    out->first_line = 1;
    psyi_arena_init(&out->arena, allocator);
    psyi_buffer_init(&out->bytes, allocator);
    psyi_buffer_init(&out->utf8, allocator);
    psyi_buffer_init(&out->sheet.merged, allocator);
    psyi_buffer_init(&out->sheet.name, allocator);
    out->name = path != NULL ? path : source != NULL ? source->name : NULL;
    if (out->name == NULL)
        out->name = "<memory>";

    psy_status status;
    if (path != NULL)
        status = psyi_file_read(path, 0, &out->bytes, error);
    else if (source != NULL && source->read != NULL)
        status = psyi_source_read(source, 0, &out->bytes, error);
    else
        status = psyi_fail(error, PSY_E_ARGUMENT, NULL, "an input has neither path nor source");
    if (status == PSY_OK)
        status = check_format(out, error);
    if (status == PSY_OK && !take_digest(&out->bytes, out->digest))
        status = psyi_fail_memory(error, "a digest");
    if (status == PSY_OK) {
        if (is_package(&out->bytes))
            status = read_workbook(out, input, where, error);
        else if (is_spss(&out->bytes))
            status = read_spss(out, input, where, error);
        else
            status = decode_cut(out, encoding_for(out, input), cut, error);
        if (status == PSY_E_DATA && where != NULL)
            psyi_fail_within(error, status, where);
    }
    if (status != PSY_OK)
        psyi_input_text_done(out);
    return status;
}

void psyi_input_text_done(psyi_input_text *text)
{
    psyi_buffer_done(&text->bytes);
    psyi_buffer_done(&text->utf8);
    psyi_buffer_done(&text->sheet.merged);
    psyi_buffer_done(&text->sheet.name);
    psyi_arena_done(&text->arena);
    text->text = NULL;
    text->length = 0;
}
