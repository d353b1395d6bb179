/*
 * compound.c -- a compound file of fixed shape.
 *
 * Sectors of 512 bytes in this order: FAT, DIFAT, the package (when it is not small), the mini
 * stream, the mini FAT, the directory.  The package comes before EncryptionInfo, because the
 * latter holds a code over all of the former; so a file is written in one pass.  Times and
 * class ids are zero: two files of the same content and keys are equal.
 *
 * Source: [MS-CFB] 2.1 to 2.6; of the four streams of \006DataSpaces [MS-OFFCRYPTO] 2.1 and
 * 2.3.4.5.  In the directory, siblings are a binary tree ordered by the length of a name and
 * then by its letters; the tree here is fixed, and all its nodes are black.
 */
#include "report/compound.h"

#include "base/fail.h"

#include <string.h>

#define SECTOR      512u
#define MINI_SECTOR 64u
#define PER_SECTOR  (SECTOR / 4)     /* FAT entries */
#define PER_DIFAT   (PER_SECTOR - 1) /* the last one points to the next */
#define IN_HEADER   109u             /* FAT sectors the header has room for */
#define DIRECTORY   3u               /* sectors: twelve entries of 128 bytes */
#define MOST_BYTES  ((UINT64_C(1) << 30) + 64)

#define FREE      0xFFFFFFFFu
#define CHAIN_END 0xFFFFFFFEu
#define IS_FAT    0xFFFFFFFDu
#define IS_DIFAT  0xFFFFFFFCu
#define NOBODY    0xFFFFFFFFu

/* ---- bytes ---- */

static uint8_t *put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value & 255);
    at[1] = (uint8_t)(value >> 8 & 255);
    return at + 2;
}

static uint8_t *put32(uint8_t *at, uint32_t value)
{
    return put16(put16(at, value & 0xFFFF), value >> 16);
}

static psy_status emit(const psyi_compound *file, const void *bytes, size_t length,
                       psy_error *error)
{
    if (length == 0 || file->sink->write(file->sink->context, bytes, length) == 0)
        return PSY_OK;
    return psyi_fail(error, PSY_E_OUTPUT, NULL, "an encrypted workbook could not be written");
}

/* Zeros up to the end of a sector that holds `length` bytes. */
static psy_status fill_up(const psyi_compound *file, uint64_t length, psy_error *error)
{
    static const uint8_t zeros[SECTOR] = {0};
    const size_t over = (size_t)(length % SECTOR);
    return over == 0 ? PSY_OK : emit(file, zeros, SECTOR - over, error);
}

static uint32_t sectors(uint64_t bytes, uint32_t size)
{
    return (uint32_t)((bytes + size - 1) / size);
}

/* ---- the streams that never change ---- */

/* Length in bytes, UTF-16, zeros up to four bytes: [MS-OFFCRYPTO] 2.1.2. */
static uint8_t *put_text(uint8_t *at, const char *text)
{
    const size_t n = strlen(text);
    at = put32(at, (uint32_t)(2 * n));
    for (size_t i = 0; i < n; i++)
        at = put16(at, (unsigned char)text[i]);
    return n % 2 != 0 ? put16(at, 0) : at;
}

/* Reader, updater and writer, each version 1.0. */
static uint8_t *put_versions(uint8_t *at)
{
    for (int i = 0; i < 3; i++)
        at = put16(put16(at, 1), 0);
    return at;
}

typedef enum fixed_stream { VERSION, MAP, SPACE, PRIMARY, FIXED } fixed_stream;
#define MOST_FIXED 256u

static size_t fixed_bytes(fixed_stream which, uint8_t out[MOST_FIXED])
{
    static const char transform[] = "{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}";
    uint8_t *at = out;
    switch (which) {
    case VERSION:
        at = put_versions(put_text(at, "Microsoft.Container.DataSpaces"));
        break;
    case MAP: /* one entry of 0x68 bytes with one reference, to a stream */
        at = put32(put32(at, 8), 1);
        at = put32(put32(put32(at, 0x68), 1), 0);
        at = put_text(put_text(at, "EncryptedPackage"), "StrongEncryptionDataSpace");
        break;
    case SPACE:
        at = put_text(put32(put32(at, 8), 1), "StrongEncryptionTransform");
        break;
    case PRIMARY: /* 0x58 bytes up to the name of the transform */
        at = put_text(put32(put32(at, 0x58), 1), transform);
        at = put_versions(put_text(at, "Microsoft.Container.EncryptionTransform"));
        at = put32(put32(put32(put32(at, 0), 0), 0), 4);
        break;
    case FIXED:
        break;
    }
    return (size_t)(at - out);
}

/* ---- layout ---- */

/* The streams of the mini stream, in order: the fixed ones, EncryptionInfo, a small package. */
static uint64_t mini_length(const psyi_compound *file, unsigned which)
{
    uint8_t bytes[MOST_FIXED];
    if (which < FIXED)
        return fixed_bytes((fixed_stream)which, bytes);
    if (which == FIXED)
        return file->info_length;
    return file->package_length < PSYI_COMPOUND_MINI ? file->package_length : 0;
}
#define MINI_STREAMS (FIXED + 2u)

/* First mini sector of a stream; the end of the last one for MINI_STREAMS. */
static uint32_t mini_start(const psyi_compound *file, unsigned which)
{
    uint32_t at = 0;
    for (unsigned i = 0; i < which; i++)
        at += sectors(mini_length(file, i), MINI_SECTOR);
    return at;
}

static void lay_out(psyi_compound *file)
{
    const uint32_t minis = mini_start(file, MINI_STREAMS);
    file->package_sectors =
        file->package_length < PSYI_COMPOUND_MINI ? 0 : sectors(file->package_length, SECTOR);
    file->mini_sectors = sectors((uint64_t)minis * MINI_SECTOR, SECTOR);
    file->mini_fat_sectors = sectors((uint64_t)minis * 4, SECTOR);
    const uint32_t content =
        file->package_sectors + file->mini_sectors + file->mini_fat_sectors + DIRECTORY;
    /* The FAT describes itself too: grow until it is large enough. */
    for (;;) {
        const uint32_t fat = sectors(content + file->fat + file->difat, PER_SECTOR);
        const uint32_t difat = fat > IN_HEADER ? sectors(fat - IN_HEADER, PER_DIFAT) : 0;
        if (fat == file->fat && difat == file->difat)
            break;
        file->fat = fat;
        file->difat = difat;
    }
    file->package = file->fat + file->difat;
    file->mini = file->package + file->package_sectors;
    file->mini_fat = file->mini + file->mini_sectors;
    file->directory = file->mini_fat + file->mini_fat_sectors;
    file->end = file->directory + DIRECTORY;
}

/* Every chain is one run of sectors. */
static uint32_t fat_entry(const psyi_compound *file, uint32_t sector)
{
    if (sector < file->fat)
        return IS_FAT;
    if (sector < file->package)
        return IS_DIFAT;
    if (sector >= file->end)
        return FREE;
    const uint32_t next = sector + 1;
    return next == file->mini || next == file->mini_fat || next == file->directory ||
                   next == file->end
               ? CHAIN_END
               : next;
}

static psy_status write_header(const psyi_compound *file, psy_error *error)
{
    static const uint8_t magic[8] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};
    uint8_t header[SECTOR] = {0};
    memcpy(header, magic, sizeof magic);
    uint8_t *at = header + 24;
    at = put16(put16(put16(at, 0x3E), 3), 0xFFFE); /* version 3, little-endian */
    at = put16(put16(at, 9), 6);                   /* sectors of 2^9, mini sectors of 2^6 */
    at += 6;
    at = put32(put32(at, 0), file->fat);
    at = put32(put32(at, file->directory), 0);
    at = put32(at, PSYI_COMPOUND_MINI);
    at = put32(put32(at, file->mini_fat), file->mini_fat_sectors);
    at = put32(put32(at, file->difat > 0 ? file->fat : CHAIN_END), file->difat);
    for (uint32_t i = 0; i < IN_HEADER; i++)
        at = put32(at, i < file->fat ? i : FREE);
    return emit(file, header, sizeof header, error);
}

static psy_status write_tables(const psyi_compound *file, psy_error *error)
{
    uint8_t sector[SECTOR];
    psy_status status = PSY_OK;
    for (uint32_t i = 0; i < file->fat && status == PSY_OK; i++) {
        uint8_t *at = sector;
        for (uint32_t j = 0; j < PER_SECTOR; j++)
            at = put32(at, fat_entry(file, i * PER_SECTOR + j));
        status = emit(file, sector, sizeof sector, error);
    }
    for (uint32_t i = 0; i < file->difat && status == PSY_OK; i++) {
        uint8_t *at = sector;
        for (uint32_t j = 0; j < PER_DIFAT; j++) {
            const uint32_t fat = IN_HEADER + i * PER_DIFAT + j;
            at = put32(at, fat < file->fat ? fat : FREE);
        }
        put32(at, i + 1 < file->difat ? file->fat + i + 1 : CHAIN_END);
        status = emit(file, sector, sizeof sector, error);
    }
    return status;
}

psy_status psyi_compound_begin(psyi_compound *file, uint64_t package_length, size_t info_length,
                               const psy_sink *sink, psy_error *error)
{
    if (package_length > MOST_BYTES)
        return psyi_fail(error, PSY_E_LIMIT, NULL, "an encrypted workbook holds at most 1 GiB");
    if (info_length > PSYI_COMPOUND_INFO)
        return psyi_fail(error, PSY_E_INTERNAL, NULL, "the description of a cipher is too long");
    *file = (psyi_compound){
        .sink = sink, .package_length = package_length, .info_length = (uint32_t)info_length};
    lay_out(file);
    psy_status status = write_header(file, error);
    if (status == PSY_OK)
        status = write_tables(file, error);
    return status;
}

psy_status psyi_compound_package(psyi_compound *file, const void *bytes, size_t length,
                                 psy_error *error)
{
    if (length > file->package_length - file->written)
        return psyi_fail(error, PSY_E_INTERNAL, NULL, "more of a package than was announced");
    const size_t from = (size_t)file->written;
    file->written += length;
    if (file->package_sectors > 0)
        return emit(file, bytes, length, error);
    memcpy(file->small + from, bytes, length);
    return PSY_OK;
}

/* ---- directory ---- */

typedef struct entry {
    const char *name;
    uint8_t type; /* 5 root, 1 storage, 2 stream, 0 unused */
    uint32_t left, right, child, start;
    uint64_t size;
} entry;

static void put_entry(uint8_t out[128], const entry *from)
{
    const size_t n = strlen(from->name);
    memset(out, 0, 128);
    for (size_t i = 0; i < n; i++)
        put16(out + 2 * i, (unsigned char)from->name[i]);
    put16(out + 64, n > 0 ? (unsigned)(2 * n + 2) : 0);
    out[66] = from->type;
    out[67] = 1; /* black */
    uint8_t *at = put32(out + 68, from->left);
    at = put32(put32(at, from->right), from->child);
    at += 16 + 4 + 8 + 8; /* class, state, times: none */
    at = put32(at, from->start);
    put32(put32(at, (uint32_t)from->size), 0);
}

static psy_status write_directory(const psyi_compound *file, psy_error *error)
{
    const bool small = file->package_sectors == 0;
    uint32_t start[MINI_STREAMS + 1];
    for (unsigned i = 0; i <= MINI_STREAMS; i++)
        start[i] = mini_start(file, i);
    const entry entries[] = {
        {"Root Entry", 5, NOBODY, NOBODY, 2, file->mini,
         (uint64_t)start[MINI_STREAMS] * MINI_SECTOR},
        {"\006DataSpaces", 1, NOBODY, NOBODY, 5, 0, 0},
        {"EncryptionInfo", 2, 1, 3, NOBODY, start[FIXED], file->info_length},
        {"EncryptedPackage", 2, NOBODY, NOBODY, NOBODY, small ? start[FIXED + 1] : file->package,
         file->package_length},
        {"Version", 2, NOBODY, NOBODY, NOBODY, start[VERSION], mini_length(file, VERSION)},
        {"DataSpaceMap", 2, 4, 6, NOBODY, start[MAP], mini_length(file, MAP)},
        {"DataSpaceInfo", 1, NOBODY, 7, 8, 0, 0},
        {"TransformInfo", 1, NOBODY, NOBODY, 9, 0, 0},
        {"StrongEncryptionDataSpace", 2, NOBODY, NOBODY, NOBODY, start[SPACE],
         mini_length(file, SPACE)},
        {"StrongEncryptionTransform", 1, NOBODY, NOBODY, 10, 0, 0},
        {"\006Primary", 2, NOBODY, NOBODY, NOBODY, start[PRIMARY], mini_length(file, PRIMARY)},
        {"", 0, NOBODY, NOBODY, NOBODY, 0, 0},
    };
    _Static_assert(sizeof entries / sizeof entries[0] * 128 == DIRECTORY * SECTOR,
                   "the directory fills its sectors");
    uint8_t bytes[DIRECTORY * SECTOR];
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        put_entry(bytes + 128 * i, &entries[i]);
    return emit(file, bytes, sizeof bytes, error);
}

static psy_status write_mini_stream(const psyi_compound *file, const void *info, psy_error *error)
{
    static const uint8_t zeros[MINI_SECTOR] = {0};
    uint64_t written = 0;
    psy_status status = PSY_OK;
    for (unsigned i = 0; i < MINI_STREAMS && status == PSY_OK; i++) {
        uint8_t bytes[MOST_FIXED];
        const size_t length = (size_t)mini_length(file, i);
        if (i < FIXED)
            fixed_bytes((fixed_stream)i, bytes);
        const void *const from = i < FIXED ? bytes : i == FIXED ? info : (const void *)file->small;
        const size_t over = length % MINI_SECTOR;
        status = emit(file, from, length, error);
        if (status == PSY_OK && over > 0)
            status = emit(file, zeros, MINI_SECTOR - over, error);
        written += length + (over > 0 ? MINI_SECTOR - over : 0);
    }
    return status == PSY_OK ? fill_up(file, written, error) : status;
}

static psy_status write_mini_fat(const psyi_compound *file, psy_error *error)
{
    psy_status status = PSY_OK;
    for (uint32_t i = 0; i < file->mini_fat_sectors && status == PSY_OK; i++) {
        uint8_t sector[SECTOR];
        uint8_t *at = sector;
        for (uint32_t j = 0; j < PER_SECTOR; j++) {
            const uint32_t mini = i * PER_SECTOR + j;
            uint32_t next = mini < mini_start(file, MINI_STREAMS) ? mini + 1 : FREE;
            for (unsigned k = 1; k <= MINI_STREAMS; k++)
                if (next != FREE && mini + 1 == mini_start(file, k))
                    next = CHAIN_END;
            at = put32(at, next);
        }
        status = emit(file, sector, sizeof sector, error);
    }
    return status;
}

psy_status psyi_compound_end(psyi_compound *file, const void *info, psy_error *error)
{
    if (file->written != file->package_length)
        return psyi_fail(error, PSY_E_INTERNAL, NULL, "less of a package than was announced");
    psy_status status =
        file->package_sectors > 0 ? fill_up(file, file->package_length, error) : PSY_OK;
    if (status == PSY_OK)
        status = write_mini_stream(file, info, error);
    if (status == PSY_OK)
        status = write_mini_fat(file, error);
    if (status == PSY_OK)
        status = write_directory(file, error);
    return status;
}
