/*
 * readback.c -- is what was written a workbook, and all of it?
 *
 * The library that writes packages reports little of what can go wrong with a full disk or
 * memory that ran out.  So before a file takes its name it is opened again: every member is
 * read to its end (libzip checks the CRC there) and through an XML parser, the workbook
 * part must name the sheets that were made, and each sheet must end in the row that was
 * written last.
 */
#include "report/book.h"

#include "base/fail.h"
#include "base/number.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

#define BLOCK (256u * 1024u)

typedef struct reading {
    const psyi_expected_sheet *sheets;
    size_t n_sheets, n_found; /* sheets the workbook part names */
    bool wrong_name;
    size_t rows; /* of the member being read */
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

static void XMLCALL on_sheet(void *context, const XML_Char *name, const XML_Char **attributes)
{
    reading *const state = context;
    int64_t row;
    if (strcmp(name, "row") != 0)
        return;
    const char *const text = attribute(attributes, "r");
    if (psyi_integer_parse(text, strlen(text), &row) && row > 0)
        state->rows = (size_t)row;
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
static const char *read_member(zip_file_t *file, XML_Parser parser)
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

static psy_status check_member(zip_t *archive, zip_uint64_t index, reading *state,
                               const char *path, bool *seen, psy_error *error)
{
    const char *const member = zip_get_name(archive, index, 0);
    if (member == NULL)
        return refuse(error, path, "a part has no name");
    const size_t number = sheet_number(member);
    if (number > state->n_sheets)
        return refuse(error, path, "it has too many sheets");
    XML_Parser parser = XML_ParserCreate("UTF-8");
    if (parser == NULL)
        return psyi_fail_memory(error, path);
    XML_SetUserData(parser, state);
    if (number > 0)
        XML_SetStartElementHandler(parser, on_sheet);
    else if (strcmp(member, "xl/workbook.xml") == 0)
        XML_SetStartElementHandler(parser, on_workbook);
    state->rows = 0;
    zip_file_t *const file = zip_fopen_index(archive, index, 0);
    const char *const problem =
        file != NULL ? read_member(file, parser) : "a part cannot be opened";
    if (file != NULL)
        zip_fclose(file);
    XML_ParserFree(parser);
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
    if (seen == NULL)
        return psyi_fail_memory(error, path);
    int code = 0;
    zip_t *const archive = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (archive == NULL) {
        psyi_free(allocator, seen);
        return refuse(error, path, "it is no package");
    }
    reading state = {sheets, n_sheets, 0, false, 0};
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
    return status;
}
