/* package.h -- zip packages: the parts one library wrote, with our rows put in. */
#ifndef PSYSCREEN_REPORT_PACKAGE_H
#define PSYSCREEN_REPORT_PACKAGE_H

#include "base/file.h"
#include "base/memory.h"
#include "report/squeeze.h"

#include <psyscreen/error.h>

#include <stdbool.h>
#include <stdint.h>

/* A zip archive into a file writer, member by member. */
typedef struct psyi_package {
    psyi_file_writer *writer;
    const psy_allocator *allocator;
    psyi_buffer directory; /* the central directory so far */
    psyi_buffer packed;    /* scratch of the compressor */
    struct libdeflate_compressor *compressor; /* made when a member asks for it */
    uint64_t offset;
    unsigned n_members;
    int level;
} psyi_package;

/* `fast`: light compression. */
void psyi_package_begin(psyi_package *package, psyi_file_writer *writer, bool fast,
                        const psy_allocator *allocator);
/* The CRC of what has the CRC `before` (0: nothing) with these bytes behind it. */
uint32_t psyi_package_crc(uint32_t before, const void *bytes, size_t length);
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

/* Rows of a sheet the library wrote without them. */
typedef struct psyi_rows {
    bool ours;           /* false: the library wrote the sheet */
    psyi_buffer *packed; /* the first rows, as squeeze.h packs them; may be empty */
    uint64_t unpacked;   /* about these: their length and CRC */
    uint32_t crc;
    psyi_buffer *xml; /* the rows after them; both are freed when they are in the package */
    const uint32_t *cuts;
    size_t n_cuts;
    bool text; /* mostly texts: search them well */
    char dimension[32];
} psyi_rows;
typedef struct psyi_splicing {
    const psyi_rows *rows;
    size_t n_sheets;
    int64_t created; /* seconds since 1970: the time of the workbook */
    bool fast;
    psyi_squeezer *squeezer; /* NULL: none was needed */
    const psy_allocator *allocator;
} psyi_splicing;
/* `draft` is a finished workbook whose sheet i + 1 has an empty sheetData where rows[i] are
 * ours; write it with those rows, and with its time, to `writer`. */
psy_status psyi_package_splice(psyi_file_writer *writer, const psyi_buffer *draft,
                               const psyi_splicing *how, psy_error *error);

#endif
