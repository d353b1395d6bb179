/*
 * package.c -- the zip archive of a workbook.
 *
 * Only what a workbook needs: deflated or stored members below 4 GiB, no comments, and one
 * fixed date (the first a zip can hold), because a clock would make equal workbooks differ.
 */
#include "report/package.h"

#include "base/fail.h"

#include <stdlib.h>
#include <string.h>
#ifdef PSY_HAVE_LIBDEFLATE
#include <libdeflate.h>
#else
#include <zlib.h>
#endif

#define FIRST_DATE 0x0021u /* 1980-01-01 */
#define MOST_BYTES 0xFFFFFFFEu

/* Levels for what is not told where it repeats (squeeze.h does the long lists). */
#define LEVEL      6
#define FAST_LEVEL 1

static void put16(psyi_buffer *out, unsigned value)
{
    const char bytes[2] = {(char)(value & 255), (char)(value >> 8 & 255)};
    psyi_buffer_add(out, bytes, 2);
}

static void put32(psyi_buffer *out, uint64_t value)
{
    put16(out, (unsigned)(value & 0xFFFF));
    put16(out, (unsigned)(value >> 16 & 0xFFFF));
}

void psyi_package_begin(psyi_package *package, psyi_file_writer *writer, bool fast,
                        const psy_allocator *allocator)
{
    memset(package, 0, sizeof *package);
    package->level = fast ? FAST_LEVEL : LEVEL;
    package->writer = writer;
    package->allocator = allocator;
    psyi_buffer_init(&package->directory, allocator);
    psyi_buffer_init(&package->packed, allocator);
}

void psyi_package_abort(psyi_package *package)
{
    psyi_buffer_done(&package->directory);
    psyi_buffer_done(&package->packed);
#ifdef PSY_HAVE_LIBDEFLATE
    if (package->compressor != NULL)
        libdeflate_free_compressor(package->compressor);
    package->compressor = NULL;
#endif
}

/* What the local header and the directory say alike. */
static void put_about(psyi_buffer *out, unsigned method, uint32_t crc, size_t packed_length,
                      size_t length, size_t name_length)
{
    put16(out, 20); /* version needed: deflate */
    put16(out, 0);
    put16(out, method);
    put16(out, 0); /* midnight */
    put16(out, FIRST_DATE);
    put32(out, crc);
    put32(out, packed_length);
    put32(out, length);
    put16(out, (unsigned)name_length);
    put16(out, 0);
}

psy_status psyi_package_copy(psyi_package *package, const char *name, const void *packed,
                             size_t packed_length, size_t length, uint32_t crc, unsigned method,
                             psy_error *error)
{
    const size_t name_length = strlen(name);
    if (length > MOST_BYTES || package->offset + packed_length + 64 + name_length > MOST_BYTES ||
        package->n_members == 0xFFFE || name_length > 0xFFFF)
        return psyi_fail(error, PSY_E_LIMIT, NULL, "a workbook cannot be larger than 4 GiB");
    psyi_buffer head;
    psyi_buffer_init(&head, package->allocator);
    put32(&head, 0x04034B50u);
    put_about(&head, method, crc, packed_length, length, name_length);
    psyi_buffer_add(&head, name, name_length);

    psyi_buffer *const out = &package->directory;
    put32(out, 0x02014B50u);
    put16(out, 20);
    put_about(out, method, crc, packed_length, length, name_length);
    put16(out, 0); /* no comment */
    put16(out, 0); /* the only disk */
    put16(out, 0);
    put32(out, 0);
    put32(out, package->offset);
    psyi_buffer_add(out, name, name_length);
    psy_status status = PSY_OK;
    if (head.failed || out->failed)
        status = psyi_fail_memory(error, "a workbook");
    if (status == PSY_OK)
        status = psyi_file_write(package->writer, head.data, head.length, error);
    if (status == PSY_OK)
        status = psyi_file_write(package->writer, packed, packed_length, error);
    package->offset += head.length + packed_length;
    package->n_members++;
    psyi_buffer_done(&head);
    return status;
}

/* ---- compression ---- */

#ifdef PSY_HAVE_LIBDEFLATE

uint32_t psyi_package_crc(uint32_t before, const void *bytes, size_t length)
{
    return libdeflate_crc32(before, bytes, length);
}

static bool squeeze(psyi_package *package, const void *bytes, size_t length, size_t *packed_length,
                    uint32_t *crc)
{
    /* Two thirds of a MiB, for a dozen members: taken once. */
    if (package->compressor == NULL)
        package->compressor = libdeflate_alloc_compressor(package->level);
    struct libdeflate_compressor *const compressor = package->compressor;
    if (compressor == NULL)
        return false;
    const size_t room = libdeflate_deflate_compress_bound(compressor, length);
    *packed_length = 0;
    psyi_buffer_clear(&package->packed);
    if (psyi_buffer_reserve(&package->packed, room))
        *packed_length =
            libdeflate_deflate_compress(compressor, bytes, length, package->packed.data, room);
    *crc = libdeflate_crc32(0, bytes, length);
    return *packed_length > 0;
}

#else

uint32_t psyi_package_crc(uint32_t before, const void *bytes, size_t length)
{
    return (uint32_t)crc32(before, bytes, (uInt)length);
}

static voidpf take_memory(voidpf context, uInt count, uInt size)
{
    return psyi_alloc(context, count, size);
}

static void give_memory(voidpf context, voidpf block)
{
    psyi_free(context, block);
}

/* zlib counts in 32 bits; members are below 4 GiB. */
static bool squeeze(psyi_package *package, const void *bytes, size_t length, size_t *packed_length,
                    uint32_t *crc)
{
    z_stream stream = {.zalloc = take_memory,
                       .zfree = give_memory,
                       .opaque = (voidpf)(uintptr_t)package->allocator};
    if (length > MOST_BYTES ||
        deflateInit2(&stream, package->level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    char block[16384];
    psyi_buffer_clear(&package->packed);
    stream.next_in = (Bytef *)(uintptr_t)bytes;
    stream.avail_in = (uInt)length;
    int code;
    do {
        stream.next_out = (Bytef *)block;
        stream.avail_out = sizeof block;
        code = deflate(&stream, Z_FINISH);
        psyi_buffer_add(&package->packed, block, sizeof block - stream.avail_out);
    } while (code == Z_OK || code == Z_BUF_ERROR);
    *packed_length = package->packed.length;
    deflateEnd(&stream);
    *crc = (uint32_t)crc32(0, bytes, (uInt)length);
    return code == Z_STREAM_END && !package->packed.failed;
}

#endif

psy_status psyi_package_add(psyi_package *package, const char *name, const void *bytes,
                            size_t length, psy_error *error)
{
    size_t packed_length;
    uint32_t crc;
    if (!squeeze(package, bytes, length, &packed_length, &crc))
        return psyi_fail_memory(error, "compressing a workbook");
    return psyi_package_copy(package, name, package->packed.data, packed_length, length, crc, 8,
                             error);
}

psy_status psyi_package_end(psyi_package *package, psy_error *error)
{
    psyi_buffer *const out = &package->directory;
    const size_t length = out->length;
    put32(out, 0x06054B50u);
    put32(out, 0); /* disks */
    put16(out, package->n_members);
    put16(out, package->n_members);
    put32(out, length);
    put32(out, package->offset);
    put16(out, 0);
    const psy_status status = out->failed
                                  ? psyi_fail_memory(error, "a workbook")
                                  : psyi_file_write(package->writer, out->data, out->length, error);
    psyi_package_abort(package);
    return status;
}
