/*
 * readback.c -- is what was written a workbook, and all of it?
 *
 * The library that writes packages reports little of what can go wrong with a full disk or
 * memory that ran out.  So before a file takes its name it is opened again: every member is
 * read to its end (libzip checks the CRC there), small parts go through an XML parser, the
 * workbook part must name the sheets that were made, and each sheet must be complete and end
 * in the row that was written last.  (Sheets are searched, not parsed: it is a tenth of the
 * work, and their texts were checked when they were written.)
 */
#include "report/book.h"

#include "base/fail.h"
#include "base/number.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

#define BLOCK (128u * 1024u)

typedef struct reading {
    const psyi_expected_sheet *sheets;
    size_t n_sheets, n_found; /* sheets the workbook part names */
    bool wrong_name;
    size_t rows; /* of the member being read */
    char *block; /* BLOCK bytes */
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
static size_t sheet_number(const char *member)
{
    static const char head[] = "xl/worksheets/sheet";
    if (strncmp(member, head, sizeof head - 1) != 0)
        return 0;
    size_t number = 0;
    const char *at = member + sizeof head - 1;
    for (; *at >= '0' && *at <= '9' && number < 10000; at++)
        number = number * 10 + (size_t)(*at - '0');
    return strcmp(at, ".xml") == 0 ? number : 0;
}

/* Read one member to its end, through the parser. */
static const char *parse_member(zip_file_t *file, XML_Parser parser)
{
    for (;;) {
        void *const block = XML_GetBuffer(parser, (int)BLOCK);
        if (block == NULL)
            return "out of memory";
        const zip_int64_t n = zip_fread(file, block, BLOCK);
        if (n < 0)
            return "a part is damaged";
        if (XML_ParseBuffer(parser, (int)n, n == 0) != XML_STATUS_OK)
            return "a part is not well formed";
        if (n == 0)
            return NULL;
    }
}

/* Bytes of a block that are looked at again with the next one: a row tag and its number. */
#define KEPT 32u

/* Number of the last complete row tag in `text`, or `rows` as it was. */
static size_t last_row(const char *text, size_t length, size_t rows)
{
    static const char tag[] = "<row r=\"";
    const char *at = text;
    const char *const end = text + length;
    while ((at = memmem(at, (size_t)(end - at), tag, sizeof tag - 1)) != NULL) {
        at += sizeof tag - 1;
        const char *const digits = at;
        while (at < end && *at >= '0' && *at <= '9')
            at++;
        int64_t number;
        if (at < end && *at == '"' && psyi_integer_parse(digits, (size_t)(at - digits), &number) &&
            number > 0)
            rows = (size_t)number;
    }
    return rows;
}

/* Read a sheet to its end; its last row into state->rows. */
static const char *search_member(zip_file_t *file, reading *state)
{
    static const char close[] = "</worksheet>";
    size_t kept = 0;
    for (;;) {
        const zip_int64_t n = zip_fread(file, state->block + kept, BLOCK - kept);
        if (n < 0)
            return "a part is damaged";
        if (n == 0)
            break;
        const size_t length = kept + (size_t)n;
        state->rows = last_row(state->block, length, state->rows);
        kept = length < KEPT ? length : KEPT;
        memmove(state->block, state->block + length - kept, kept);
    }
    const size_t size = sizeof close - 1;
    return kept >= size && memcmp(state->block + kept - size, close, size) == 0
               ? NULL
               : "a sheet is not complete";
}

static const char *read_member(zip_t *archive, zip_uint64_t index, reading *state, bool sheet,
                               bool workbook)
{
    zip_file_t *const file = zip_fopen_index(archive, index, 0);
    if (file == NULL)
        return "a part cannot be opened";
    const char *problem;
    XML_Parser parser = NULL;
    if (sheet)
        problem = search_member(file, state);
    else if ((parser = XML_ParserCreate("UTF-8")) == NULL)
        problem = "out of memory";
    else {
        XML_SetUserData(parser, state);
        if (workbook)
            XML_SetStartElementHandler(parser, on_workbook);
        problem = parse_member(file, parser);
    }
    if (parser != NULL)
        XML_ParserFree(parser);
    zip_fclose(file);
    return problem;
}

static psy_status check_member(zip_t *archive, zip_uint64_t index, reading *state, const char *path,
                               bool *seen, psy_error *error)
{
    const char *const member = zip_get_name(archive, index, 0);
    if (member == NULL)
        return refuse(error, path, "a part has no name");
    const size_t number = sheet_number(member);
    if (number > state->n_sheets)
        return refuse(error, path, "it has too many sheets");
    state->rows = 0;
    const char *const problem =
        read_member(archive, index, state, number > 0, strcmp(member, "xl/workbook.xml") == 0);
    if (problem != NULL)
        return refuse(error, path, problem);
    if (number == 0)
        return PSY_OK;
    seen[number - 1] = true;
    const psyi_expected_sheet *const expected = &state->sheets[number - 1];
    if (state->rows != expected->rows)
        return psyi_fail(error, PSY_E_OUTPUT, NULL,
                         "the workbook '%s' was not written as it should be: sheet %zu ends in "
                         "row %zu instead of %zu",
                         path, number, state->rows, expected->rows);
    return PSY_OK;
}

psy_status psyi_readback(const char *path, const psyi_expected_sheet *sheets, size_t n_sheets,
                         const psy_allocator *allocator, psy_error *error)
{
    bool *const seen = psyi_alloc(allocator, n_sheets + 1, sizeof *seen);
    char *const block = psyi_alloc(allocator, BLOCK, 1);
    if (seen == NULL || block == NULL) {
        psyi_free(allocator, seen);
        psyi_free(allocator, block);
        return psyi_fail_memory(error, path);
    }
    int code = 0;
    zip_t *const archive = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (archive == NULL) {
        psyi_free(allocator, seen);
        psyi_free(allocator, block);
        return refuse(error, path, "it is no package");
    }
    reading state = {sheets, n_sheets, 0, false, 0, block};
    const zip_int64_t n = zip_get_num_entries(archive, 0);
    psy_status status = PSY_OK;
    for (zip_int64_t i = 0; i < n && status == PSY_OK; i++)
        status = check_member(archive, (zip_uint64_t)i, &state, path, seen, error);
    if (status == PSY_OK && (state.wrong_name || state.n_found != n_sheets))
        status = refuse(error, path, "its sheets have other names");
    for (size_t i = 0; i < n_sheets && status == PSY_OK; i++)
        if (!seen[i])
            status = refuse(error, path, "a sheet is missing");
    zip_discard(archive);
    psyi_free(allocator, seen);
    psyi_free(allocator, block);
    return status;
}
