/*
 * splice.c -- rows into the sheets of a finished workbook.
 *
 * libxlsxwriter writes everything about a sheet but, for lists, its rows: those are printed
 * by row_xml.c, several times as fast, and are put here where it left <sheetData/> empty.
 * All other parts are copied as they are, without unpacking them.
 */
#include "report/package.h"

#include "base/fail.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zip.h>

typedef struct part {
    char *name;
    psyi_buffer bytes;
    size_t length;
    uint32_t crc;
    unsigned method;
    size_t sheet;  /* index of the sheet whose rows are missing, or SIZE_MAX */
    bool unpacked; /* bytes are to be changed and packed again */
} part;

static psy_status refuse(psy_error *error, const char *what)
{
    return psyi_fail(error, PSY_E_OUTPUT, NULL, "cannot assemble a workbook: %s", what);
}

/* "xl/worksheets/sheet3.xml" is 2; SIZE_MAX for other parts. */
static size_t sheet_index(const char *name)
{
    static const char head[] = "xl/worksheets/sheet";
    if (strncmp(name, head, sizeof head - 1) != 0)
        return SIZE_MAX;
    size_t number = 0;
    const char *at = name + sizeof head - 1;
    for (; *at >= '0' && *at <= '9' && number < 10000; at++)
        number = number * 10 + (size_t)(*at - '0');
    return number > 0 && strcmp(at, ".xml") == 0 ? number - 1 : SIZE_MAX;
}

static psy_status read_part(zip_t *archive, zip_uint64_t index, const psyi_rows *rows,
                            size_t n_sheets, part *out, const psy_allocator *allocator,
                            psy_error *error)
{
    zip_stat_t about;
    if (zip_stat_index(archive, index, 0, &about) != 0)
        return refuse(error, "a part has no description");
    out->name = psyi_text_copy(allocator, about.name, strlen(about.name));
    const size_t sheet = sheet_index(about.name);
    out->sheet = sheet < n_sheets && rows[sheet].xml != NULL ? sheet : SIZE_MAX;
    out->length = about.size;
    out->crc = about.crc;
    out->method = about.comp_method;
    out->unpacked = out->sheet != SIZE_MAX || strcmp(about.name, "docProps/core.xml") == 0;
    const size_t size = out->unpacked ? about.size : about.comp_size;
    psyi_buffer_init(&out->bytes, allocator);
    char block[8192];
    zip_file_t *const file = zip_fopen_index(archive, index, out->unpacked ? 0 : ZIP_FL_COMPRESSED);
    if (out->name == NULL || file == NULL) {
        if (file != NULL)
            zip_fclose(file);
        return out->name == NULL ? psyi_fail_memory(error, "a workbook")
                                 : refuse(error, "a part cannot be opened");
    }
    zip_int64_t n;
    while ((n = zip_fread(file, block, sizeof block)) > 0)
        psyi_buffer_add(&out->bytes, block, (size_t)n);
    zip_fclose(file);
    if (out->bytes.failed)
        return psyi_fail_memory(error, "a workbook");
    if (n < 0 || out->bytes.length != size)
        return refuse(error, "a part cannot be read");
    return PSY_OK;
}

/* All of them into memory, because the file they are in is written anew. */
static psy_status read_parts(const char *path, const psyi_rows *rows, size_t n_sheets, part **parts,
                             size_t *n_parts, const psy_allocator *allocator, psy_error *error)
{
    int code = 0;
    zip_t *const archive = zip_open(path, ZIP_RDONLY, &code);
    if (archive == NULL)
        return refuse(error, "it cannot be opened");
    const size_t n = (size_t)zip_get_num_entries(archive, 0);
    psy_status status = PSY_OK;
    *parts = psyi_alloc(allocator, n, sizeof **parts);
    if (*parts == NULL)
        status = psyi_fail_memory(error, "a workbook");
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        *n_parts = i + 1;
        status = read_part(archive, i, rows, n_sheets, &(*parts)[i], allocator, error);
    }
    zip_discard(archive);
    return status;
}

static const char *find(const psyi_buffer *text, const char *what)
{
    return memmem(text->data, text->length, what, strlen(what));
}

/* The head of the sheet into the room before its rows, its end behind them; so the rows,
 * which are most of it, need not move. */
static psy_status add_sheet(psyi_package *package, const part *sheet, const psyi_rows *rows,
                            psy_error *error)
{
    static const char empty[] = "<sheetData/>", extent[] = "<dimension ref=\"";
    const char *const start = sheet->bytes.data;
    const char *const end = start + sheet->bytes.length;
    const char *const data = find(&sheet->bytes, empty);
    const char *reach = find(&sheet->bytes, extent);
    if (data == NULL || reach == NULL || reach > data)
        return refuse(error, "a sheet is not as expected");
    reach += sizeof extent - 1;
    const char *const closed = memchr(reach, '"', (size_t)(data - reach));
    if (closed == NULL)
        return refuse(error, "a sheet is not as expected");
    psyi_buffer head;
    psyi_buffer_init(&head, package->allocator);
    psyi_buffer_add(&head, start, (size_t)(reach - start));
    psyi_buffer_text(&head, rows->dimension);
    psyi_buffer_add(&head, closed, (size_t)(data - closed));
    psyi_buffer_text(&head, "<sheetData>");
    psyi_buffer_text(rows->xml, "</sheetData>");
    const char *const rest = data + sizeof empty - 1;
    psyi_buffer_add(rows->xml, rest, (size_t)(end - rest));
    psy_status status = PSY_OK;
    if (head.failed || rows->xml->failed)
        status = psyi_fail_memory(error, "a workbook");
    else if (head.length > PSYI_HEAD_ROOM) {
        /* Hundreds of columns: a copy after all. */
        psyi_buffer_add(&head, rows->xml->data + PSYI_HEAD_ROOM,
                        rows->xml->length - PSYI_HEAD_ROOM);
        status = head.failed
                     ? psyi_fail_memory(error, "a workbook")
                     : psyi_package_add(package, sheet->name, head.data, head.length, error);
    } else {
        char *const from = rows->xml->data + (PSYI_HEAD_ROOM - head.length);
        memcpy(from, head.data, head.length);
        status = psyi_package_add(package, sheet->name, from,
                                  rows->xml->length - (PSYI_HEAD_ROOM - head.length), error);
    }
    psyi_buffer_done(&head);
    return status;
}

/* The library asks gmtime for the time of a workbook, which threads share; so it is given
 * one and the same for all, and the true one is put in here. */
static psy_status add_core(psyi_package *package, const part *core, int64_t created,
                           psy_error *error)
{
    static const char open[] = "W3CDTF\">";
    const time_t when = (time_t)created;
    struct tm parts;
    char stamp[32];
    if (gmtime_r(&when, &parts) == NULL ||
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return refuse(error, "its time is not one");
    psyi_buffer text;
    psyi_buffer_init(&text, package->allocator);
    const char *at = core->bytes.data;
    const char *const end = at + core->bytes.length;
    const char *next;
    while ((next = memmem(at, (size_t)(end - at), open, sizeof open - 1)) != NULL) {
        next += sizeof open - 1;
        psyi_buffer_add(&text, at, (size_t)(next - at));
        psyi_buffer_text(&text, stamp);
        at = memchr(next, '<', (size_t)(end - next));
        if (at == NULL)
            at = end;
    }
    psyi_buffer_add(&text, at, (size_t)(end - at));
    const psy_status status =
        text.failed ? psyi_fail_memory(error, "a workbook")
                    : psyi_package_add(package, core->name, text.data, text.length, error);
    psyi_buffer_done(&text);
    return status;
}

static psy_status write_parts(psyi_file_writer *writer, const part *parts, size_t n_parts,
                              const psyi_rows *rows, int64_t created,
                              const psy_allocator *allocator, psy_error *error)
{
    psyi_package package;
    psyi_package_begin(&package, writer, allocator);
    for (size_t i = 0; i < n_parts; i++) {
        const part *const one = &parts[i];
        const psy_status status =
            one->sheet != SIZE_MAX ? add_sheet(&package, one, &rows[one->sheet], error)
            : one->unpacked
                ? add_core(&package, one, created, error)
                : psyi_package_copy(&package, one->name, one->bytes.data, one->bytes.length,
                                    one->length, one->crc, one->method, error);
        if (status != PSY_OK) {
            psyi_package_abort(&package);
            return status;
        }
    }
    return psyi_package_end(&package, error);
}

psy_status psyi_package_splice(psyi_file_writer *writer, const psyi_rows *rows, size_t n_sheets,
                               int64_t created, const psy_allocator *allocator, psy_error *error)
{
    part *parts = NULL;
    size_t n_parts = 0;
    psy_status status =
        read_parts(psyi_file_temporary(writer), rows, n_sheets, &parts, &n_parts, allocator, error);
    const int descriptor = psyi_file_descriptor(writer);
    if (status == PSY_OK && (ftruncate(descriptor, 0) != 0 || lseek(descriptor, 0, SEEK_SET) != 0))
        status = refuse(error, "its file cannot be written anew");
    if (status == PSY_OK)
        status = write_parts(writer, parts, n_parts, rows, created, allocator, error);
    for (size_t i = 0; parts != NULL && i < n_parts; i++) {
        psyi_buffer_done(&parts[i].bytes);
        psyi_free(allocator, parts[i].name);
    }
    psyi_free(allocator, parts);
    return status;
}
