/*
 * other_format.c -- files that are no table this library reads, named by what they are.
 *
 * A sentence about a missing column helps nobody who handed over a picture, a compressed
 * folder, or the web page that a platform calls an Excel file.
 */
#include "intake/other_format.h"
#include "base/text.h"
#include "intake/compound_in.h"

#include <string.h>

#define BYTES(text) text, sizeof text - 1

static const struct {
    const char *bytes;
    size_t length;
    const char *what;
} signatures[] = {
    {BYTES("\x1F\x8B"), "a compressed file (.gz): unpack it first"},
    {BYTES("BZh"), "a compressed file (.bz2): unpack it first"},
    {BYTES("\xFD"
           "7zXZ"),
     "a compressed file (.xz): unpack it first"},
    {BYTES("Rar!\x1A"), "a compressed folder (.rar): unpack it first"},
    {BYTES("7z\xBC\xAF\x27"), "a compressed folder (.7z): unpack it first"},
    {BYTES("%PDF-"), "a PDF: export the table as .xlsx or CSV where it was printed"},
    {BYTES("\x89PNG"), "a picture: export the table as .xlsx or CSV"},
    {BYTES("\xFF\xD8\xFF"), "a picture: export the table as .xlsx or CSV"},
    {BYTES("{\\rtf"), "a text document (.rtf): save its table as .xlsx or CSV"},
    {BYTES("SQLite format 3"), "a database (SQLite): export its table as CSV in UTF-8"},
    {BYTES("PAR1"), "a Parquet file: export it as CSV in UTF-8, or read it in Python"},
    {BYTES("ARROW1"), "an Arrow file: export it as CSV in UTF-8, or read it in Python"},
    {BYTES("RDX2\n"), "a file of R: write its table as CSV in UTF-8"},
    {BYTES("RDX3\n"), "a file of R: write its table as CSV in UTF-8"},
    {BYTES("<stata_dta>"), "a Stata file (.dta): save it as SPSS (.sav) or CSV in UTF-8"},
    {BYTES("HEADER RECORD*******"), "a SAS file (.xpt): save it as SPSS (.sav) or CSV in UTF-8"},
    {BYTES("MIME-Version:"), "a web archive, though programs name it .xls: open it in a "
                             "spreadsheet and save it as .xlsx, or as CSV in UTF-8"},
};

static bool begins(const char *at, const char *end, const char *word)
{
    const size_t length = strlen(word);
    char head[24];
    if ((size_t)(end - at) < length || length >= sizeof head)
        return false;
    memcpy(head, at, length);
    head[length] = '\0';
    return psyi_ascii_compare(head, word) == 0;
}

static bool holds(const char *at, const char *end, const char *word, size_t length)
{
    for (; (size_t)(end - at) >= length; at++)
        if (memcmp(at, word, length) == 0)
            return true;
    return false;
}

/* Pages, XML and JSON: text that would be read as one very odd header. */
static const char *markup(const char *at, const char *end)
{
    static const char *const page[] = {"<html", "<!doctype html", "<table", "<meta",
                                       "<head", "<style",         "<body"};
    if (end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    for (size_t i = 0; i < sizeof page / sizeof *page; i++)
        if (begins(at, end, page[i]))
            return "a web page, though programs name it .xls: open it in a spreadsheet and save "
                   "it as .xlsx, or as CSV in UTF-8";
    if (begins(at, end, "<?xml"))
        return holds(at, end, BYTES("urn:schemas-microsoft-com:office:spreadsheet")) ||
                       holds(at, end, BYTES("Excel.Sheet"))
                   ? "an XML spreadsheet of Excel 2003: open it and save it as .xlsx, or as CSV "
                     "in UTF-8"
                   : "an XML file: export the table as .xlsx, or as CSV in UTF-8";
    if (begins(at, end, "[{") || begins(at, end, "{\""))
        return "a JSON file: export the table as .xlsx, or as CSV in UTF-8";
    return NULL;
}

/* Compound files: names of their streams are UTF-16. */
static const char *compound(const char *bytes, const char *end)
{
    if (holds(bytes, end, BYTES("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0")))
        return "a workbook with a password: open it, save it without one (File, Info, Protect "
               "Workbook) and hand that over";
    if (holds(bytes, end, BYTES("W\0o\0r\0k\0b\0o\0o\0k\0")) ||
        holds(bytes, end, BYTES("B\0o\0o\0k\0")))
        return "an old Excel workbook (.xls), whatever its name says: open it and save it as "
               ".xlsx, or as CSV in UTF-8";
    return "an old Office document: save its table as .xlsx, or as CSV in UTF-8";
}

const char *psyi_other_format(const char *bytes, size_t length)
{
    if (psyi_is_compound(bytes, length))
        return compound(bytes, bytes + length);
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (length >= signatures[i].length &&
            memcmp(bytes, signatures[i].bytes, signatures[i].length) == 0)
            return signatures[i].what;
    return markup(bytes, bytes + (length < PSYI_FORMAT_HEAD ? length : PSYI_FORMAT_HEAD));
}
