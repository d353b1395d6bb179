/*
 * member_pieces.c -- a large member unpacked a piece at a time.
 *
 * Sheets are packed in pieces (squeeze.h), each of which ends in an empty stored block: 00 00 FF
 * FF on a whole byte.  So what stands before such a mark is unpacked by itself, into room that
 * stays in the cache, where a sheet as a whole takes pages for all of its three MiB and gives
 * them back.  The four bytes may stand elsewhere, too: what is cut there does not unpack, and the
 * rest is one piece then.  Checksum and length are those of the whole member.
 */
#include "report/members.h"
#include "report/package.h"

#ifdef PSY_HAVE_LIBDEFLATE

#include <libdeflate.h>
#include <string.h>

#define WHOLE (256u << 10) /* a member below it is one piece */
#define ROOM  (640u << 10) /* for a piece: rows are packed when they are half a MiB */

typedef struct unpacking {
    struct libdeflate_decompressor *how;
    psyi_buffer *room;
    psyi_buffer packed; /* a piece and the block that ends it */
    const unsigned char *at, *end;
    size_t left; /* unpacked bytes to come */
    uint32_t crc;
} unpacking;

/* Behind the next mark, or the end. */
static const unsigned char *piece_end(const unpacking *u)
{
    static const unsigned char mark[] = {0, 0, 0xFF, 0xFF};
    const unsigned char *const found = memmem(u->at, (size_t)(u->end - u->at), mark, sizeof mark);
    return found != NULL ? found + sizeof mark : u->end;
}

/* PSY_E_DATA: does not unpack, or into more than the room. */
static psy_status unpack_to(unpacking *u, const unsigned char *end, size_t most)
{
    static const char last[] = {3, 0}; /* an empty block, the last */
    psyi_buffer_clear(&u->packed);
    psyi_buffer_add(&u->packed, (const char *)u->at, (size_t)(end - u->at));
    if (end < u->end)
        psyi_buffer_add(&u->packed, last, sizeof last);
    psyi_buffer_clear(u->room);
    if (!psyi_buffer_reserve(u->room, most) || u->packed.failed)
        return PSY_E_NOMEM;
    size_t taken, given;
    if (libdeflate_deflate_decompress_ex(u->how, u->packed.data, u->packed.length, u->room->data,
                                         most, &taken, &given) != LIBDEFLATE_SUCCESS ||
        taken != u->packed.length)
        return PSY_E_DATA;
    u->room->length = given;
    u->room->data[given] = '\0';
    u->crc = psyi_package_crc(u->crc, u->room->data, given);
    u->left -= given;
    u->at = end;
    return PSY_OK;
}

static psy_status each_piece(unpacking *u, psyi_take_piece *take, void *context)
{
    psy_status status = PSY_OK;
    while (status == PSY_OK && u->at < u->end) {
        status = unpack_to(u, piece_end(u), u->left < ROOM ? u->left : ROOM);
        if (status == PSY_E_DATA)
            status = unpack_to(u, u->end, u->left);
        if (status == PSY_OK)
            take(context, u->room->data, u->room->length);
    }
    return status;
}

static bool has_pieces(const psyi_member *member)
{
    return member->method == 8 && member->length > WHOLE &&
           member->length / 1040 <= member->packed_length; /* as psyi_member_unpack */
}

psy_status psyi_member_pieces(const psyi_member *member, psyi_buffer *room, psyi_take_piece *take,
                              void *context)
{
    if (!has_pieces(member))
        return psyi_member_whole(member, room, take, context);
    unpacking u = {.how = libdeflate_alloc_decompressor(),
                   .room = room,
                   .at = member->packed,
                   .end = member->packed + member->packed_length,
                   .left = member->length};
    if (u.how == NULL)
        return PSY_E_NOMEM;
    psyi_buffer_init(&u.packed, room->allocator);
    psy_status status = each_piece(&u, take, context);
    if (status == PSY_OK && (u.left > 0 || u.crc != member->crc))
        status = PSY_E_DATA;
    psyi_buffer_done(&u.packed);
    libdeflate_free_decompressor(u.how);
    return status;
}

#else

psy_status psyi_member_pieces(const psyi_member *member, psyi_buffer *room, psyi_take_piece *take,
                              void *context)
{
    return psyi_member_whole(member, room, take, context);
}

#endif
