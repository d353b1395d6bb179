/* compound.h -- the container of an encrypted workbook, written in one pass.
 *
 * A compound file ([MS-CFB], version 3) with the eleven entries an encrypted package needs
 * and no others.  Everything about it follows from two lengths, so nothing is kept but a
 * position, and no memory is taken. */
#ifndef PSYSCREEN_REPORT_COMPOUND_H
#define PSYSCREEN_REPORT_COMPOUND_H

#include <psyscreen/error.h>
#include <psyscreen/stream.h>

#include <stdbool.h>
#include <stdint.h>

/* Below it a stream lies in the mini stream; at it, in sectors of its own. */
#define PSYI_COMPOUND_MINI 4096u
/* Room for EncryptionInfo, which is always below PSYI_COMPOUND_MINI. */
#define PSYI_COMPOUND_INFO 2048u

typedef struct psyi_compound {
    const psy_sink *sink;
    uint64_t package_length, written;
    uint32_t info_length;
    uint32_t fat, difat;                                           /* sectors */
    uint32_t package, mini, mini_fat, directory;                   /* first sectors */
    uint32_t package_sectors, mini_sectors, mini_fat_sectors, end; /* end: all of them */
    uint8_t small[PSYI_COMPOUND_MINI]; /* a package that goes into the mini stream */
} psyi_compound;

/* Lay out and write what comes before the package: header, FAT and DIFAT.  `package_length`
 * counts the stream EncryptedPackage, at most 2^30 + 64 bytes (PSY_E_LIMIT beyond). */
psy_status psyi_compound_begin(psyi_compound *file, uint64_t package_length, size_t info_length,
                               const psy_sink *sink, psy_error *error);
/* The next bytes of EncryptedPackage. */
psy_status psyi_compound_package(psyi_compound *file, const void *bytes, size_t length,
                                 psy_error *error);
/* After all of the package: EncryptionInfo, and what is the same in every such file. */
psy_status psyi_compound_end(psyi_compound *file, const void *info, psy_error *error);

#endif
