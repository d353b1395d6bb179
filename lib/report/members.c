/*
 * members.c -- the members of a zip package in memory.
 *
 * PKWARE's APPNOTE 4.3: the end record, the central directory, and before each member a
 * header of its own, whose lengths may differ from those of the directory and are used only
 * to find the bytes.
 */
#include "report/members.h"

#include <string.h>
#ifdef PSY_HAVE_LIBDEFLATE
#include <libdeflate.h>
#else
#include <zlib.h>
#endif

#define END_SIZE    22u
#define ENTRY_SIZE  46u
#define HEADER_SIZE 30u

static unsigned get16(const unsigned char *at)
{
    return (unsigned)at[0] | (unsigned)at[1] << 8;
}

static uint32_t get32(const unsigned char *at)
{
    return get16(at) | (uint32_t)get16(at + 2) << 16;
}

bool psyi_members_begin(psyi_members *walk, const void *bytes, size_t length)
{
    memset(walk, 0, sizeof *walk);
    if (length < END_SIZE)
        return false;
    const unsigned char *const start = bytes, *const end = start + length - END_SIZE;
    if (get32(end) != 0x06054B50u || get16(end + 8) != get16(end + 10) || get16(end + 20) != 0)
        return false;
    const size_t size = get32(end + 12), from = get32(end + 16);
    if (from > length - END_SIZE || size != length - END_SIZE - from)
        return false;
    walk->bytes = start;
    walk->length = length;
    walk->at = start + from;
    walk->end = end;
    walk->n = walk->left = get16(end + 10);
    return true;
}

bool psyi_members_next(psyi_members *walk, psyi_member *out)
{
    const unsigned char *const at = walk->at;
    if (walk->left == 0 || (size_t)(walk->end - at) < ENTRY_SIZE || get32(at) != 0x02014B50u)
        return false;
    const size_t name = get16(at + 28), extra = get16(at + 30), comment = get16(at + 32);
    if ((size_t)(walk->end - at) - ENTRY_SIZE < name + extra + comment)
        return false;
    *out = (psyi_member){.name = (const char *)at + ENTRY_SIZE,
                         .name_length = name,
                         .method = get16(at + 10),
                         .crc = get32(at + 16),
                         .packed_length = get32(at + 20),
                         .length = get32(at + 24)};
    const size_t header = get32(at + 42), before = (size_t)(at - walk->bytes);
    if (header > before || before - header < HEADER_SIZE ||
        get32(walk->bytes + header) != 0x04034B50u)
        return false;
    const unsigned char *const own = walk->bytes + header;
    const size_t skip = HEADER_SIZE + get16(own + 26) + get16(own + 28);
    if (get16(own + 26) != name || before - header < skip ||
        before - header - skip < out->packed_length ||
        memcmp(own + HEADER_SIZE, out->name, name) != 0)
        return false;
    out->packed = own + skip;
    walk->at = at + ENTRY_SIZE + name + extra + comment;
    walk->left--;
    /* After the last entry comes the end record. */
    return walk->left > 0 || walk->at == walk->end;
}

#ifdef PSY_HAVE_LIBDEFLATE

static psy_status inflate_into(const psyi_member *member, char *out)
{
    struct libdeflate_decompressor *const how = libdeflate_alloc_decompressor();
    if (how == NULL)
        return PSY_E_NOMEM;
    const enum libdeflate_result result = libdeflate_deflate_decompress(
        how, member->packed, member->packed_length, out, member->length, NULL);
    libdeflate_free_decompressor(how);
    return result == LIBDEFLATE_SUCCESS ? PSY_OK : PSY_E_DATA;
}

static uint32_t checksum(const char *bytes, size_t length)
{
    return libdeflate_crc32(0, bytes, length);
}

#else

static psy_status inflate_into(const psyi_member *member, char *out)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)member->packed,
                       .avail_in = (uInt)member->packed_length,
                       .next_out = (Bytef *)out,
                       .avail_out = (uInt)member->length};
    if (inflateInit2(&stream, -15) != Z_OK)
        return PSY_E_NOMEM;
    const int code = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return code == Z_STREAM_END && stream.avail_out == 0 ? PSY_OK : PSY_E_DATA;
}

static uint32_t checksum(const char *bytes, size_t length)
{
    return (uint32_t)crc32(0, (const Bytef *)bytes, (uInt)length);
}

#endif

psy_status psyi_member_unpack(const psyi_member *member, psyi_buffer *out)
{
    /* Deflate cannot grow by more than 1,032 times: a length beyond that is damage, and no
     * reason to ask for memory. */
    if ((member->method != 8 && member->method != 0) ||
        (member->method == 0 && member->length != member->packed_length) ||
        member->length / 1040 > member->packed_length)
        return PSY_E_DATA;
    if (!psyi_buffer_reserve(out, member->length))
        return PSY_E_NOMEM;
    char *const to = out->data + out->length;
    psy_status status = PSY_OK;
    if (member->method == 0)
        memcpy(to, member->packed, member->length);
    else
        status = inflate_into(member, to);
    if (status == PSY_OK && checksum(to, member->length) != member->crc)
        status = PSY_E_DATA;
    if (status == PSY_OK)
        out->length += member->length;
    out->data[out->length] = '\0';
    return status;
}

psy_status psyi_member_whole(const psyi_member *member, psyi_buffer *room, psyi_take_piece *take,
                             void *context)
{
    psyi_buffer_clear(room);
    const psy_status status = psyi_member_unpack(member, room);
    if (status == PSY_OK)
        take(context, room->data, room->length);
    return status;
}
