/*
 * unpack.c -- a zip file from somebody else.
 *
 * The limits: 1000 entries, 512 MiB inflated in all, and a hundred times the size of the
 * file (and 1 MiB for small ones), counted while inflating.  Every part is read to its end,
 * where libzip compares the checksum, unless the reader has seen enough.  A document type is
 * refused when its declaration begins: entities are the one way in which a small document
 * can become a large one, and no workbook has any.
 */
#include "intake/unpack.h"
#include "base/fail.h"

#include <expat.h>
#include <string.h>
#include <zip.h>

enum { BLOCK = 64 * 1024 };
#define MOST_BYTES  (UINT64_C(512) << 20)
#define SMALL_BYTES (UINT64_C(1) << 20)

static psy_status refuse(const char *file, psy_status status, const char *what, psy_error *error)
{
    const psy_location where = psyi_location(file, 0, 0, 0);
    return psyi_fail(error, status, &where, "%s", what);
}

psy_status psyi_unpack_open(psyi_unpack *out, const char *bytes, size_t length, const char *file,
                            psy_error *error)
{
    zip_error_t problem;
    *out = (psyi_unpack){.file = file};
    out->limit = length < MOST_BYTES / PSYI_UNPACK_RATIO
                     ? (uint64_t)length * PSYI_UNPACK_RATIO + SMALL_BYTES
                     : MOST_BYTES;
    if (out->limit > MOST_BYTES)
        out->limit = MOST_BYTES;
    zip_error_init(&problem);
    zip_source_t *const source = zip_source_buffer_create(bytes, length, 0, &problem);
    if (source != NULL)
        out->zip = zip_open_from_source(source, ZIP_RDONLY, &problem);
    const bool memory = zip_error_code_zip(&problem) == ZIP_ER_MEMORY;
    zip_error_fini(&problem);
    if (source == NULL || (out->zip == NULL && memory)) {
        zip_source_free(source);
        return psyi_fail_memory(error, "a workbook");
    }
    if (out->zip == NULL) {
        zip_source_free(source);
        return refuse(file, PSY_E_DATA,
                      "this begins like a workbook and is not a whole one: it was cut off or "
                      "damaged, copy or export it again",
                      error);
    }
    if (zip_get_num_entries(out->zip, 0) > PSYI_UNPACK_ENTRIES)
        return refuse(file, PSY_E_LIMIT, "the workbook has more than 1000 parts", error);
    return PSY_OK;
}

void psyi_unpack_done(psyi_unpack *unpack)
{
    if (unpack->zip != NULL)
        zip_discard(unpack->zip);
    unpack->zip = NULL;
}

bool psyi_unpack_has(const psyi_unpack *unpack, const char *part)
{
    return zip_name_locate(unpack->zip, part, ZIP_FL_NOCASE) >= 0;
}

const char *psyi_xml_attribute(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2) {
        const char *const colon = strrchr(attributes[0], ':');
        if (strcmp(colon != NULL ? colon + 1 : attributes[0], name) == 0)
            return attributes[1];
    }
    return NULL;
}

void psyi_xml_stop(psyi_xml *xml, psy_status status)
{
    xml->status = status;
    XML_StopParser(xml->parser, XML_FALSE);
}

static const char *local(const char *name)
{
    const char *const colon = strrchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

static void XMLCALL on_begin(void *context, const XML_Char *name, const XML_Char **attributes)
{
    psyi_xml *const xml = context;
    if (++xml->depth > PSYI_UNPACK_DEPTH) {
        psyi_xml_stop(xml,
                      refuse(xml->file, PSY_E_LIMIT,
                             "a part of the workbook is nested deeper than 64 levels", xml->error));
        return;
    }
    if (xml->begin != NULL)
        xml->begin(xml->context, local(name), attributes);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    psyi_xml *const xml = context;
    xml->depth--;
    if (xml->end != NULL)
        xml->end(xml->context, local(name));
}

static void XMLCALL on_text(void *context, const XML_Char *text, int length)
{
    psyi_xml *const xml = context;
    if (xml->text != NULL)
        xml->text(xml->context, text, (size_t)length);
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int subset)
{
    psyi_xml *const xml = context;
    (void)name;
    (void)system;
    (void)public;
    (void)subset;
    psyi_xml_stop(xml, refuse(xml->file, PSY_E_DATA,
                              "a part of the workbook declares a document type, which no "
                              "spreadsheet writes: it is not read",
                              xml->error));
}

static psy_status malformed(const psyi_unpack *unpack, const char *part, XML_Parser parser,
                            psy_error *error)
{
    if (XML_GetErrorCode(parser) == XML_ERROR_NO_MEMORY)
        return psyi_fail_memory(error, "a workbook");
    const psy_location where = psyi_location(unpack->file, 0, 0, 0);
    return psyi_fail(error, PSY_E_DATA, &where,
                     "the part '%.120s' of the workbook is not well-formed XML (%s in its line "
                     "%lu): open the file in a spreadsheet and save it again",
                     part, XML_ErrorString(XML_GetErrorCode(parser)),
                     (unsigned long)XML_GetCurrentLineNumber(parser));
}

/* One part through the parser. */
static psy_status parse(psyi_unpack *unpack, zip_file_t *file, psyi_xml *xml, psy_error *error)
{
    XML_Parser const parser = xml->parser;
    for (;;) {
        void *const block = XML_GetBuffer(parser, BLOCK);
        if (block == NULL)
            return psyi_fail_memory(error, "a workbook");
        const zip_int64_t n = zip_fread(file, block, BLOCK);
        if (n < 0 && zip_error_code_zip(zip_file_get_error(file)) == ZIP_ER_MEMORY)
            return psyi_fail_memory(error, "a workbook");
        if (n < 0)
            return refuse(unpack->file, PSY_E_DATA,
                          "a part of the workbook is damaged: copy or export the file again",
                          error);
        unpack->total += (uint64_t)n;
        if (unpack->total > unpack->limit)
            return refuse(unpack->file, PSY_E_LIMIT,
                          "the workbook unpacks to more than is taken (512 MiB, and a hundred "
                          "times its own size)",
                          error);
        if (XML_ParseBuffer(parser, (int)n, n == 0) != XML_STATUS_OK)
            return XML_GetErrorCode(parser) == XML_ERROR_ABORTED
                       ? xml->status
                       : malformed(unpack, xml->part, parser, error);
        if (n == 0)
            return PSY_OK;
    }
}

/* Open a part; NULL with *status set where that fails. */
static zip_file_t *open_part(psyi_unpack *unpack, const char *part, psy_status *status,
                             psy_error *error)
{
    zip_file_t *file = NULL;
    zip_error_clear(unpack->zip);
    const zip_int64_t index = zip_name_locate(unpack->zip, part, ZIP_FL_NOCASE);
    if (index >= 0)
        file = zip_fopen_index(unpack->zip, (zip_uint64_t)index, 0);
    if (file != NULL)
        return file;
    if (zip_error_code_zip(zip_get_error(unpack->zip)) == ZIP_ER_MEMORY) {
        *status = psyi_fail_memory(error, "a workbook");
        return NULL;
    }
    const psy_location where = psyi_location(unpack->file, 0, 0, 0);
    *status = psyi_fail(error, PSY_E_DATA, &where,
                        "the workbook has no part '%.120s' that can be opened: it is damaged, or "
                        "no workbook",
                        part);
    return NULL;
}

psy_status psyi_unpack_xml(psyi_unpack *unpack, const char *part, psyi_xml *xml, psy_error *error)
{
    psy_status status = PSY_OK;
    zip_file_t *const file = open_part(unpack, part, &status, error);
    if (file == NULL)
        return status;
    XML_Parser const parser = XML_ParserCreate(NULL);
    if (parser == NULL) {
        zip_fclose(file);
        return psyi_fail_memory(error, "a workbook");
    }
    xml->depth = 0;
    xml->status = PSY_OK;
    xml->parser = parser;
    xml->file = unpack->file;
    xml->part = part;
    xml->error = error;
    XML_SetUserData(parser, xml);
    XML_SetElementHandler(parser, on_begin, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    status = parse(unpack, file, xml, error);
    XML_ParserFree(parser);
    xml->parser = NULL;
    zip_fclose(file);
    return status;
}
