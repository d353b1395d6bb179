/*
 * readback.c -- is what was written a workbook, and all of it?
 *
 * The library that writes packages reports little of what can go wrong with a full disk or
 * memory that ran out.  So before a file takes its name it is read again: every member is
 * unpacked and its CRC checked, small parts go through an XML parser, the
 * workbook part must name the sheets that were made, and each sheet must be complete and end
 * in the row that was written last.  (Sheets are searched, not parsed: it is a tenth of the
 * work, and their texts were checked when they were written.)
 */
#include "report/book.h"
#include "report/members.h"

#include "base/fail.h"
#include "base/file.h"
#include "base/number.h"

#include <expat.h>
#include <string.h>

enum { SLICE = 1 << 16 };

typedef struct reading {
    const psyi_expected_sheet *sheets;
    size_t n_sheets, n_found; /* sheets the workbook part names */
    bool wrong_name;
    psyi_buffer text; /* the member being read */
} reading;

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return "";
}

static void XMLCALL on_workbook(void *context, const XML_Char *name, const XML_Char **attributes)
{
    reading *const state = context;
    if (strcmp(name, "sheet") != 0)
        return;
    if (state->n_found >= state->n_sheets ||
        strcmp(attribute(attributes, "name"), state->sheets[state->n_found].name) != 0)
        state->wrong_name = true;
    state->n_found++;
}

static psy_status refuse(psy_error *error, const char *path, const char *what)
{
    return psyi_fail(error, PSY_E_OUTPUT, NULL,
                     "the workbook '%s' was not written as it should be: %s", path, what);
}

/* Number of a sheet in "xl/worksheets/sheet12.xml", from 1; 0 for other members. */
static size_t sheet_number(const psyi_member *member)
{
    static const char head[] = "xl/worksheets/sheet", tail[] = ".xml";
    const size_t before = sizeof head - 1, after = sizeof tail - 1;
    int64_t number;
    if (member->name_length <= before + after || memcmp(member->name, head, before) != 0 ||
        memcmp(member->name + member->name_length - after, tail, after) != 0 ||
        !psyi_integer_parse(member->name + before, member->name_length - before - after, &number) ||
        number < 1)
        return 0;
    return (size_t)number;
}

static bool is_named(const psyi_member *member, const char *name)
{
    return member->name_length == strlen(name) &&
           memcmp(member->name, name, member->name_length) == 0;
}

static const char *parse(const psyi_buffer *text, reading *state, bool workbook)
{
    XML_Parser parser = XML_ParserCreate("UTF-8");
    if (parser == NULL)
        return "out of memory";
    XML_SetUserData(parser, state);
    if (workbook)
        XML_SetStartElementHandler(parser, on_workbook);
    /* Expat copies what it is given: a little at a time. */
    bool good = true;
    for (size_t at = 0, n; good && at <= text->length; at += n) {
        n = text->length - at < SLICE ? text->length - at : SLICE;
        const bool last = at + n == text->length;
        good = XML_Parse(parser, text->data + at, (int)n, last) == XML_STATUS_OK;
        if (last)
            break;
    }
    XML_ParserFree(parser);
    return good ? NULL : "a part is not well formed";
}

/* ---- sheets, piece by piece ---- */

/* More than the longest row tag up to its number, and than what closes a sheet. */
enum { SEAM = 64 };

typedef struct sheet_end {
    size_t last_row; /* 0 without rows */
    char tail[SEAM]; /* the last bytes so far */
    size_t tail_length;
} sheet_end;

/* Number of the last row tag that is there as a whole, 0 without. */
static size_t last_row(const char *text, size_t length)
{
    static const char tag[] = "<row r=\"";
    const size_t size = sizeof tag - 1;
    for (size_t at = length; at-- > 0;) {
        const char *const found = memrchr(text, '<', at + 1);
        if (found == NULL)
            break;
        at = (size_t)(found - text);
        if (length - at <= size || memcmp(found, tag, size) != 0)
            continue;
        const char *const digits = found + size;
        size_t n = 0;
        while (n < length - at - size && digits[n] >= '0' && digits[n] <= '9')
            n++;
        int64_t number;
        if (n < length - at - size)
            return digits[n] == '"' && psyi_integer_parse(digits, n, &number) && number > 0
                       ? (size_t)number
                       : 0;
    }
    return 0;
}

/* A tag may begin in one piece and end in the next: the seam is looked at as well. */
static void look_at_piece(void *context, const char *bytes, size_t length)
{
    sheet_end *const end = context;
    char seam[2 * SEAM];
    const size_t more = length < SEAM ? length : SEAM;
    memcpy(seam, end->tail, end->tail_length);
    memcpy(seam + end->tail_length, bytes, more);
    const size_t over = end->tail_length + more;
    const size_t at_seam = last_row(seam, over), in_piece = last_row(bytes, length);
    if (at_seam > 0)
        end->last_row = at_seam;
    if (in_piece > 0)
        end->last_row = in_piece;
    if (length >= SEAM) {
        memcpy(end->tail, bytes + length - SEAM, SEAM);
        end->tail_length = SEAM;
    } else {
        end->tail_length = over < SEAM ? over : SEAM;
        memcpy(end->tail, seam + over - end->tail_length, end->tail_length);
    }
}

static bool is_complete(const sheet_end *end)
{
    static const char close[] = "</worksheet>";
    const size_t size = sizeof close - 1;
    return end->tail_length >= size &&
           memcmp(end->tail + end->tail_length - size, close, size) == 0;
}

static psy_status unpacked(psy_status status, const char *path, psy_error *error)
{
    return status == PSY_OK        ? PSY_OK
           : status == PSY_E_NOMEM ? psyi_fail_memory(error, path)
                                   : refuse(error, path, "a part is damaged");
}

static psy_status check_sheet(const psyi_member *member, reading *state, size_t number,
                              const char *path, psy_error *error)
{
    sheet_end end = {.last_row = 0};
    const psy_status status =
        unpacked(psyi_member_pieces(member, &state->text, look_at_piece, &end), path, error);
    if (status != PSY_OK)
        return status;
    if (!is_complete(&end))
        return refuse(error, path, "a sheet is not complete");
    const size_t rows = end.last_row;
    const psyi_expected_sheet *const expected = &state->sheets[number - 1];
    if (rows == expected->rows)
        return PSY_OK;
    return psyi_fail(error, PSY_E_OUTPUT, NULL,
                     "the workbook '%s' was not written as it should be: sheet %zu ends in "
                     "row %zu instead of %zu",
                     path, number, rows, expected->rows);
}

static psy_status check_member(const psyi_member *member, reading *state, const char *path,
                               bool *seen, psy_error *error)
{
    const size_t number = sheet_number(member);
    if (number > state->n_sheets)
        return refuse(error, path, "it has too many sheets");
    if (number > 0) {
        seen[number - 1] = true;
        return check_sheet(member, state, number, path, error);
    }
    psyi_buffer_clear(&state->text);
    const psy_status status = unpacked(psyi_member_unpack(member, &state->text), path, error);
    if (status != PSY_OK)
        return status;
    const char *const problem = parse(&state->text, state, is_named(member, "xl/workbook.xml"));
    return problem == NULL ? PSY_OK : refuse(error, path, problem);
}

static psy_status check_members(const psyi_buffer *package, reading *state, const char *path,
                                bool *seen, psy_error *error)
{
    psyi_members walk;
    psyi_member member;
    psy_status status = PSY_OK;
    if (!psyi_members_begin(&walk, package->data, package->length))
        return refuse(error, path, "it is no package");
    while (status == PSY_OK && psyi_members_next(&walk, &member))
        status = check_member(&member, state, path, seen, error);
    if (status == PSY_OK && walk.left > 0)
        status = refuse(error, path, "its directory is damaged");
    if (status == PSY_OK && (state->wrong_name || state->n_found != state->n_sheets))
        status = refuse(error, path, "its sheets have other names");
    for (size_t i = 0; i < state->n_sheets && status == PSY_OK; i++)
        if (!seen[i])
            status = refuse(error, path, "a sheet is missing");
    return status;
}

psy_status psyi_readback(const char *path, const psyi_expected_sheet *sheets, size_t n_sheets,
                         const psy_allocator *allocator, psy_error *error)
{
    bool *const seen = psyi_alloc(allocator, n_sheets + 1, sizeof *seen);
    if (seen == NULL)
        return psyi_fail_memory(error, path);
    reading state = {.sheets = sheets, .n_sheets = n_sheets};
    psyi_buffer package;
    psyi_buffer_init(&package, allocator);
    psyi_buffer_init(&state.text, allocator);
    psy_status status = psyi_file_read(path, 0, &package, NULL);
    if (status == PSY_E_NOMEM)
        status = psyi_fail_memory(error, path);
    else if (status != PSY_OK)
        status = refuse(error, path, "it cannot be read");
    else
        status = check_members(&package, &state, path, seen, error);
    psyi_buffer_done(&state.text);
    psyi_buffer_done(&package);
    psyi_free(allocator, seen);
    return status;
}
