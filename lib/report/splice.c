/*
 * splice.c -- rows into the sheets of a finished workbook.
 *
 * libxlsxwriter writes everything about a sheet but, for lists, its rows: those are printed
 * by row_xml.c, several times as fast, and are put here where it left <sheetData/> empty.
 * All other parts are copied as they are, without unpacking them.
 */
#include "report/members.h"
#include "report/package.h"

#include "base/fail.h"
#include "base/number.h"

#include <string.h>
#include <time.h>

/* Below this a general compressor packs better: a fifth at 60 KB, a twentieth at 700 KB, in five
 * times the time, which is spared where light packing is asked for. */
#define SMALL (256u * 1024u)
#define TINY  16384u

static psy_status refuse(psy_error *error, const char *what)
{
    return psyi_fail(error, PSY_E_OUTPUT, NULL, "cannot assemble a workbook: %s", what);
}

/* "xl/worksheets/sheet3.xml" is 2; SIZE_MAX for other parts. */
static size_t sheet_index(const psyi_member *part)
{
    static const char head[] = "xl/worksheets/sheet", tail[] = ".xml";
    const size_t before = sizeof head - 1, after = sizeof tail - 1;
    int64_t number;
    if (part->name_length <= before + after || memcmp(part->name, head, before) != 0 ||
        memcmp(part->name + part->name_length - after, tail, after) != 0 ||
        !psyi_integer_parse(part->name + before, part->name_length - before - after, &number) ||
        number < 1)
        return SIZE_MAX;
    return (size_t)number - 1;
}

static bool is_core(const psyi_member *part)
{
    static const char name[] = "docProps/core.xml";
    return part->name_length == sizeof name - 1 && memcmp(part->name, name, sizeof name - 1) == 0;
}

static psy_status unpack(const psyi_member *part, psyi_buffer *out, psy_error *error)
{
    const psy_status status = psyi_member_unpack(part, out);
    return status == PSY_OK        ? PSY_OK
           : status == PSY_E_NOMEM ? psyi_fail_memory(error, "a workbook")
                                   : refuse(error, "a part cannot be read");
}

static const char *find(const psyi_buffer *text, const char *what)
{
    return memmem(text->data, text->length, what, strlen(what));
}

/* What stands around the rows of a sheet. */
static psy_status take_frame(const psyi_buffer *sheet, const char *dimension, psyi_buffer *head,
                             psyi_buffer *tail, psy_error *error)
{
    static const char empty[] = "<sheetData/>", extent[] = "<dimension ref=\"";
    const char *const start = sheet->data;
    const char *const end = start + sheet->length;
    const char *const data = find(sheet, empty);
    const char *reach = find(sheet, extent);
    if (data == NULL || reach == NULL || reach > data)
        return refuse(error, "a sheet is not as expected");
    reach += sizeof extent - 1;
    const char *const closed = memchr(reach, '"', (size_t)(data - reach));
    if (closed == NULL)
        return refuse(error, "a sheet is not as expected");
    psyi_buffer_add(head, start, (size_t)(reach - start));
    psyi_buffer_text(head, dimension);
    psyi_buffer_add(head, closed, (size_t)(data - closed));
    psyi_buffer_text(head, "<sheetData>");
    const char *const rest = data + sizeof empty - 1;
    psyi_buffer_text(tail, "</sheetData>");
    psyi_buffer_add(tail, rest, (size_t)(end - rest));
    return head->failed || tail->failed ? psyi_fail_memory(error, "a workbook") : PSY_OK;
}

typedef struct joined { /* a member made of pieces */
    psyi_buffer packed;
    uint64_t length;
    uint32_t crc;
} joined;

static void join(joined *to, psyi_squeezer *squeezer, const psyi_buffer *text, const uint32_t *cuts,
                 size_t n_cuts)
{
    if (text->length == 0)
        return;
    psyi_squeeze(squeezer, text->data, text->length, cuts, n_cuts, &to->packed);
    to->crc = psyi_package_crc(to->crc, text->data, text->length);
    to->length += text->length;
}

static psy_status add_in_pieces(psyi_package *package, const char *name, const psyi_rows *rows,
                                const psyi_buffer *head, const psyi_buffer *tail,
                                psyi_squeezer *squeezer, psy_error *error)
{
    joined all = {.length = 0};
    psyi_buffer_init(&all.packed, package->allocator);
    join(&all, squeezer, head, NULL, 0);
    psyi_buffer_add(&all.packed, rows->packed->data, rows->packed->length);
    if (rows->unpacked > 0)
        all.crc = psyi_crc32_join(all.crc, rows->crc, rows->unpacked);
    all.length += rows->unpacked;
    join(&all, squeezer, rows->xml, rows->cuts, rows->n_cuts);
    join(&all, squeezer, tail, NULL, 0);
    psyi_squeeze_end(&all.packed);
    const psy_status status =
        all.packed.failed ? psyi_fail_memory(error, "a workbook")
                          : psyi_package_copy(package, name, all.packed.data, all.packed.length,
                                              (size_t)all.length, all.crc, 8, error);
    psyi_buffer_done(&all.packed);
    return status;
}

static psy_status add_whole(psyi_package *package, const char *name, const psyi_rows *rows,
                            psyi_buffer *head, const psyi_buffer *tail, psy_error *error)
{
    psyi_buffer_add(head, rows->xml->length > 0 ? rows->xml->data : "", rows->xml->length);
    psyi_buffer_done(rows->xml);
    psyi_buffer_add(head, tail->data, tail->length);
    return head->failed ? psyi_fail_memory(error, "a workbook")
                        : psyi_package_add(package, name, head->data, head->length, error);
}

static psy_status add_sheet(psyi_package *package, const char *name, const psyi_member *part,
                            const psyi_rows *rows, const psyi_splicing *how, psy_error *error)
{
    psyi_buffer sheet, head, tail;
    psyi_buffer_init(&sheet, package->allocator);
    psyi_buffer_init(&head, package->allocator);
    psyi_buffer_init(&tail, package->allocator);
    psy_status status = unpack(part, &sheet, error);
    if (status == PSY_OK)
        status = take_frame(&sheet, rows->dimension, &head, &tail, error);
    const bool light = how->fast && rows->xml->length >= TINY;
    const bool whole =
        rows->packed->length == 0 &&
        (how->squeezer == NULL || (!light && (rows->text || rows->xml->length < SMALL)));
    if (status == PSY_OK)
        status = whole ? add_whole(package, name, rows, &head, &tail, error)
                       : add_in_pieces(package, name, rows, &head, &tail, how->squeezer, error);
    psyi_buffer_done(&sheet);
    psyi_buffer_done(&head);
    psyi_buffer_done(&tail);
    psyi_buffer_done(rows->packed);
    psyi_buffer_done(rows->xml);
    return status;
}

/* The library asks gmtime for the time of a workbook, which threads share; so it is given
 * one and the same for all, and the true one is put in here. */
static psy_status put_time(const psyi_buffer *core, int64_t created, psyi_buffer *text,
                           psy_error *error)
{
    static const char open[] = "W3CDTF\">";
    const time_t when = (time_t)created;
    struct tm parts;
    char stamp[32];
    if (gmtime_r(&when, &parts) == NULL ||
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return refuse(error, "its time is not one");
    const char *at = core->data;
    const char *const end = at + core->length;
    const char *next;
    while ((next = memmem(at, (size_t)(end - at), open, sizeof open - 1)) != NULL) {
        next += sizeof open - 1;
        psyi_buffer_add(text, at, (size_t)(next - at));
        psyi_buffer_text(text, stamp);
        at = memchr(next, '<', (size_t)(end - next));
        if (at == NULL)
            at = end;
    }
    psyi_buffer_add(text, at, (size_t)(end - at));
    return text->failed ? psyi_fail_memory(error, "a workbook") : PSY_OK;
}

static psy_status add_core(psyi_package *package, const char *name, const psyi_member *part,
                           int64_t created, psy_error *error)
{
    psyi_buffer core, text;
    psyi_buffer_init(&core, package->allocator);
    psyi_buffer_init(&text, package->allocator);
    psy_status status = unpack(part, &core, error);
    if (status == PSY_OK)
        status = put_time(&core, created, &text, error);
    if (status == PSY_OK)
        status = psyi_package_add(package, name, text.data, text.length, error);
    psyi_buffer_done(&core);
    psyi_buffer_done(&text);
    return status;
}

static psy_status add_part(psyi_package *package, const psyi_member *part, const psyi_splicing *how,
                           psy_error *error)
{
    char name[256];
    if (part->name_length >= sizeof name)
        return refuse(error, "a part has too long a name");
    memcpy(name, part->name, part->name_length);
    name[part->name_length] = '\0';
    const size_t sheet = sheet_index(part);
    if (sheet < how->n_sheets && how->rows[sheet].ours)
        return add_sheet(package, name, part, &how->rows[sheet], how, error);
    if (is_core(part))
        return add_core(package, name, part, how->created, error);
    return psyi_package_copy(package, name, part->packed, part->packed_length, part->length,
                             part->crc, part->method, error);
}

psy_status psyi_package_splice(psyi_file_writer *writer, const psyi_buffer *draft,
                               const psyi_splicing *how, psy_error *error)
{
    psyi_members parts;
    psyi_member part;
    if (!psyi_members_begin(&parts, draft->data, draft->length))
        return refuse(error, "it cannot be opened");
    psyi_package package;
    psyi_package_begin(&package, writer, how->fast, how->allocator);
    psy_status status = PSY_OK;
    while (status == PSY_OK && psyi_members_next(&parts, &part))
        status = add_part(&package, &part, how, error);
    if (status == PSY_OK && parts.left > 0)
        status = refuse(error, "its directory is damaged");
    if (status == PSY_OK)
        return psyi_package_end(&package, error);
    psyi_package_abort(&package);
    return status;
}
