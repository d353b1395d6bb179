/*
 * xlsx_fixture.c -- workbooks put together part by part.
 */
#include "xlsx_fixture.h"
#include "test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define MAIN    "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/relationships"

void fixture_zip(const fixture_part *parts, size_t n_parts, psyi_buffer *out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *const target = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *const zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    zip_source_keep(target);
    for (size_t i = 0; i < n_parts; i++) {
        const size_t length = parts[i].length > 0 ? parts[i].length : strlen(parts[i].text);
        zip_source_t *const source = zip_source_buffer(zip, parts[i].text, length, 0);
        assert_true(zip_file_add(zip, parts[i].name, source, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(target), 0);
    assert_int_equal(zip_source_seek(target, 0, SEEK_END), 0);
    const size_t size = (size_t)zip_source_tell(target);
    char *const bytes = malloc(size);
    assert_int_equal(zip_source_seek(target, 0, SEEK_SET), 0);
    assert_int_equal(zip_source_read(target, bytes, size), (zip_int64_t)size);
    psyi_buffer_add(out, bytes, size);
    free(bytes);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&error);
}

static const char root_relations[] =
    "<Relationships xmlns=\"" PACKAGE "\"><Relationship Id=\"r\" Type=\"" OFFICE
    "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";

void fixture_workbook(const char *cells, const char *texts, const char *styles, psyi_buffer *out)
{
    psyi_buffer sheet, shared, looks;
    psyi_buffer *const all[] = {&sheet, &shared, &looks};
    for (size_t i = 0; i < 3; i++)
        psyi_buffer_init(all[i], NULL);
    psyi_buffer_text(&sheet, "<worksheet xmlns=\"" MAIN "\"><sheetData>");
    psyi_buffer_text(&sheet, cells);
    psyi_buffer_text(&sheet, "</sheetData></worksheet>");
    psyi_buffer_text(&shared, "<sst xmlns=\"" MAIN "\">");
    psyi_buffer_text(&shared, texts != NULL ? texts : "");
    psyi_buffer_text(&shared, "</sst>");
    psyi_buffer_text(&looks, "<styleSheet xmlns=\"" MAIN "\">");
    psyi_buffer_text(&looks, styles != NULL ? styles : "");
    psyi_buffer_text(&looks, "</styleSheet>");
    const fixture_part parts[] = {
        {"_rels/.rels", root_relations, 0},
        {"xl/workbook.xml",
         "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE
         "\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
         0},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships xmlns=\"" PACKAGE "\"><Relationship Id=\"r1\" Type=\"" OFFICE
         "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"" OFFICE
         "/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"" OFFICE
         "/styles\" Target=\"./theme/../styles.xml\"/></Relationships>",
         0},
        {"xl/worksheets/sheet1.xml", sheet.data, sheet.length},
        {"xl/sharedStrings.xml", shared.data, shared.length},
        {"xl/styles.xml", looks.data, looks.length},
    };
    fixture_zip(parts, sizeof parts / sizeof *parts, out);
    for (size_t i = 0; i < 3; i++)
        psyi_buffer_done(all[i]);
}

void fixture_sheets(const char *const *cells, const char *const *states, size_t n_sheets,
                    psyi_buffer *out)
{
    fixture_part parts[12];
    char names[9][40], sheets[9][800], workbook[2000] = "<workbook><sheets>";
    char relations[2000] = "<Relationships>";
    assert_true(n_sheets <= 9);
    for (size_t i = 0; i < n_sheets; i++) {
        char text[400];
        snprintf(text, sizeof text, "<sheet name=\"%c\" state=\"%s\" r:id=\"r%zu\"/>",
                 (char)('A' + i), states[i] != NULL ? states[i] : "visible", i);
        strcat(workbook, text);
        snprintf(text, sizeof text,
                 "<Relationship Id=\"r%zu\" Type=\"" OFFICE
                 "/worksheet\" Target=\"worksheets/%zu.xml\"/>",
                 i, i);
        strcat(relations, text);
        snprintf(names[i], sizeof names[i], "xl/worksheets/%zu.xml", i);
        snprintf(sheets[i], sizeof sheets[i], "<worksheet><sheetData>%s</sheetData></worksheet>",
                 cells[i]);
        parts[i] = (fixture_part){names[i], sheets[i], 0};
    }
    strcat(workbook, "</sheets></workbook>");
    strcat(relations, "</Relationships>");
    parts[n_sheets] = (fixture_part){"_rels/.rels", root_relations, 0};
    parts[n_sheets + 1] = (fixture_part){"xl/workbook.xml", workbook, 0};
    parts[n_sheets + 2] = (fixture_part){"xl/_rels/workbook.xml.rels", relations, 0};
    fixture_zip(parts, n_sheets + 3, out);
}
