/* package.h -- zip packages: the parts one library wrote, with our rows put in. */
#ifndef PSYSCREEN_REPORT_PACKAGE_H
#define PSYSCREEN_REPORT_PACKAGE_H

#include "base/file.h"
#include "base/memory.h"

#include <psyscreen/error.h>

/* A zip archive into a file writer, member by member. */
typedef struct psyi_package {
    psyi_file_writer *writer;
    const psy_allocator *allocator;
    psyi_buffer directory; /* the central directory so far */
    psyi_buffer packed;    /* scratch of the compressor */
    uint64_t offset;
    unsigned n_members;
} psyi_package;

void psyi_package_begin(psyi_package *package, psyi_file_writer *writer,
                        const psy_allocator *allocator);
/* Compress and add a member. */
psy_status psyi_package_add(psyi_package *package, const char *name, const void *bytes,
                            size_t length, psy_error *error);
/* Add a member that is compressed already (method 8) or stored (0). */
psy_status psyi_package_copy(psyi_package *package, const char *name, const void *packed,
                             size_t packed_length, size_t length, uint32_t crc, unsigned method,
                             psy_error *error);
/* Write the directory; frees what the package holds, whatever comes out. */
psy_status psyi_package_end(psyi_package *package, psy_error *error);
void psyi_package_abort(psyi_package *package);

/* Rows begin with so many bytes of room, where the head of their sheet is put in the end. */
#define PSYI_HEAD_ROOM 16384u
typedef struct psyi_rows {
    psyi_buffer *xml; /* NULL: the library wrote the sheet */
    char dimension[32];
} psyi_rows;
/* The file behind `writer` holds a finished workbook whose sheet i + 1 has an empty
 * sheetData where rows[i].xml is not NULL; write it anew with those rows, and with `created`
 * (seconds since 1970) as its time. */
psy_status psyi_package_splice(psyi_file_writer *writer, const psyi_rows *rows, size_t n_sheets,
                               int64_t created, const psy_allocator *allocator, psy_error *error);

#endif
