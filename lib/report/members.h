/* members.h -- the members of a zip package in memory. */
#ifndef PSYSCREEN_REPORT_MEMBERS_H
#define PSYSCREEN_REPORT_MEMBERS_H

#include "base/memory.h"

#include <psyscreen/status.h>

#include <stdint.h>

typedef struct psyi_members { /* a walk over the central directory */
    const unsigned char *bytes, *at, *end;
    size_t length, left; /* left: members to come */
    size_t n;            /* members in all */
} psyi_members;

typedef struct psyi_member {
    const char *name; /* not NUL-terminated */
    size_t name_length;
    unsigned method; /* 8 deflated, 0 stored */
    uint32_t crc;
    size_t packed_length, length;
    const unsigned char *packed;
} psyi_member;

/* false: no package, as far as one of ours or of libxlsxwriter goes (one disk, below 4 GiB,
 * no comment).  Every byte of the two is checked against the bounds of the file. */
bool psyi_members_begin(psyi_members *walk, const void *bytes, size_t length);
/* The next member; false at the end and where the directory is damaged (then left > 0). */
bool psyi_members_next(psyi_members *walk, psyi_member *out);
/* Append the unpacked bytes; PSY_E_DATA where they are damaged (length or CRC), PSY_E_NOMEM
 * (or a method that is not known: PSY_E_DATA). */
psy_status psyi_member_unpack(const psyi_member *member, psyi_buffer *out);

/* What is told of the unpacked bytes, from first to last.  What it was told is worth something
 * only when all were unpacked. */
typedef void psyi_take_piece(void *context, const char *bytes, size_t length);
/* Unpacks into `room`, whose contents are lost, as psyi_member_unpack; a large member that was
 * packed in pieces, piece by piece (member_pieces.c). */
psy_status psyi_member_pieces(const psyi_member *member, psyi_buffer *room, psyi_take_piece *take,
                              void *context);
/* The same in one piece. */
psy_status psyi_member_whole(const psyi_member *member, psyi_buffer *room, psyi_take_piece *take,
                             void *context);

#endif
