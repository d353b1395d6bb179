/*
 * fuzz_xlsx.c -- any bytes as a workbook.
 *
 * Bytes that begin like a zip file are one; of others the first says which part of a workbook
 * they are (sheet, shared texts, styles, workbook, relations), and the rest of the workbook is
 * made around them.  Whatever becomes of it, the grid must read back through csv.h without a
 * complaint, row by row, in UTF-8 without a NUL; and every refusal has a sentence.
 */
#include "base/text.h"
#include "intake/csv.h"
#include "intake/workbook.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

typedef struct part {
    const char *name, *text;
    size_t length;
} part;

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

/* The workbook with one part replaced by the bytes. */
static void build(const uint8_t *bytes, size_t size, psyi_buffer *out)
{
    part parts[] = {
        {"xl/worksheets/sheet1.xml",
         "<worksheet><sheetData><row r=\"1\"><c t=\"s\"><v>0</v></c><c s=\"1\"><v>46268.5</v></c>"
         "</row></sheetData></worksheet>",
         0},
        {"xl/sharedStrings.xml", "<sst><si><t>x</t></si><si><t>_x000D_</t></si></sst>", 0},
        {"xl/styles.xml",
         "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy-mm-dd\"/></numFmts>"
         "<cellXfs><xf/><xf numFmtId=\"170\"/></cellXfs></styleSheet>",
         0},
        {"xl/workbook.xml",
         "<workbook><sheets><sheet name=\"S\" r:id=\"r1\" xmlns:r=\"r\"/></sheets></workbook>", 0},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"r1\" Type=\"" OFFICE
         "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"" OFFICE
         "/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"" OFFICE
         "/styles\" Target=\"/xl/styles.xml\"/></Relationships>",
         0},
        {"_rels/.rels",
         "<Relationships><Relationship Id=\"r\" Type=\"" OFFICE
         "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
         0},
    };
    const size_t n = sizeof parts / sizeof *parts;
    part *const mine = &parts[bytes[0] % n];
    mine->text = (const char *)bytes + 1;
    mine->length = size - 1;
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *const target = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *const zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    require(zip != NULL);
    zip_source_keep(target);
    for (size_t i = 0; i < n; i++) {
        const size_t length = &parts[i] == mine ? mine->length : strlen(parts[i].text);
        zip_source_t *const source = zip_source_buffer(zip, parts[i].text, length, 0);
        const zip_int64_t index = zip_file_add(zip, parts[i].name, source, ZIP_FL_ENC_UTF_8);
        require(index >= 0);
        zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
    }
    require(zip_close(zip) == 0);
    require(zip_source_open(target) == 0 && zip_source_seek(target, 0, SEEK_END) == 0);
    const size_t length = (size_t)zip_source_tell(target);
    char *const block = malloc(length);
    require(block != NULL && zip_source_seek(target, 0, SEEK_SET) == 0);
    require(zip_source_read(target, block, length) == (zip_int64_t)length);
    psyi_buffer_add(out, block, length);
    free(block);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&error);
}

static void read_back(const psyi_buffer *text)
{
    if (text->length == 0)
        return;
    psyi_csv csv;
    psy_error error;
    uint64_t row = 0;
    require(psyi_utf8_check(text->data, text->length) == text->length);
    require(memchr(text->data, '\0', text->length) == NULL);
    psyi_csv_init(&csv, text->data, text->length, '\t', "x.xlsx", NULL);
    csv.grid = true;
    csv.stop[','] = false;
    while (psyi_csv_record(&csv)) {
        require(csv.record_line == ++row);
        size_t n = 0;
        for (bool last = false; !last; n++) {
            psyi_cell cell;
            require(psyi_csv_read(&csv, &cell, &last, &error) == PSY_OK && !cell.trailing);
        }
        require(n <= PSYI_CSV_MAX_COLUMNS);
    }
    psyi_csv_done(&csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    psyi_buffer book, text;
    psy_error error = {.message = ""};
    if (size == 0)
        return 0;
    psyi_buffer_init(&book, NULL);
    psyi_buffer_init(&text, NULL);
    if (size > 2 && bytes[0] == 'P' && bytes[1] == 'K')
        psyi_buffer_add(&book, (const char *)bytes, size);
    else
        build(bytes, size, &book);
    const psy_status status = psyi_xlsx_read(&book, "x.xlsx", NULL, NULL, &text, NULL, &error);
    if (status == PSY_OK)
        read_back(&text);
    else
        require(error.message[0] != '\0' &&
                psyi_utf8_check(error.message, strlen(error.message)) == strlen(error.message));
    psyi_buffer_done(&book);
    psyi_buffer_done(&text);
    return 0;
}
