/*
 * compound_in.c -- reading one stream of a compound file.
 *
 * Only what an encrypted workbook needs: the directory is searched as a list, because the two
 * streams that matter stand directly under the root and their names are theirs alone.  Nothing
 * the file says is believed: each sector number is checked before it is used, and a chain that
 * is longer than the file has sectors is a loop.  Source: [MS-CFB] 2.2 to 2.6.
 */
#include "intake/compound_in.h"

#include "base/fail.h"

#include <stdint.h>
#include <string.h>

#define HEADER      512u
#define IN_HEADER   109u /* FAT sectors that the header names */
#define ENTRY       128u /* bytes of a directory entry */
#define LAST_SECTOR 0xFFFFFFFAu

static const uint8_t signature[8] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};

typedef struct container {
    const uint8_t *bytes;
    size_t length, sector, mini;
    uint64_t n_sectors;
    uint32_t *fat; /* number of the next sector */
    uint64_t n_fat;
    psyi_buffer directory, mini_fat, mini_stream;
    uint32_t cutoff;
} container;

static uint32_t read16(const uint8_t *at)
{
    return (uint32_t)(at[0] | at[1] << 8);
}

static uint32_t read32(const uint8_t *at)
{
    return read16(at) | read16(at + 2) << 16;
}

bool psyi_is_compound(const void *bytes, size_t length)
{
    return length >= sizeof signature && memcmp(bytes, signature, sizeof signature) == 0;
}

/* The sector, or NULL beyond the end of the file. */
static const uint8_t *sector_at(const container *c, uint32_t number)
{
    return number < c->n_sectors ? c->bytes + ((uint64_t)number + 1) * c->sector : NULL;
}

/* A chain of sectors, at most `most` bytes of it. */
static bool read_chain(const container *c, uint32_t first, uint64_t most, psyi_buffer *out)
{
    uint64_t steps = 0;
    for (uint32_t at = first; at < LAST_SECTOR && out->length < most; at = c->fat[at]) {
        const uint8_t *const sector = sector_at(c, at);
        if (sector == NULL || at >= c->n_fat || ++steps > c->n_sectors)
            return false;
        const uint64_t left = most - out->length;
        psyi_buffer_add(out, (const char *)sector, left < c->sector ? (size_t)left : c->sector);
    }
    return true;
}

static bool read_mini(const container *c, uint32_t first, uint64_t most, psyi_buffer *out)
{
    const uint64_t n = c->mini_fat.length / 4;
    uint64_t steps = 0;
    for (uint32_t at = first; at < LAST_SECTOR && out->length < most;) {
        if (at >= n || ++steps > n || ((uint64_t)at + 1) * c->mini > c->mini_stream.length)
            return false;
        const uint64_t left = most - out->length;
        psyi_buffer_add(out, c->mini_stream.data + (uint64_t)at * c->mini,
                        left < c->mini ? (size_t)left : c->mini);
        at = read32((const uint8_t *)c->mini_fat.data + (uint64_t)at * 4);
    }
    return true;
}

static bool add_fat_sector(container *c, uint32_t number)
{
    const uint8_t *const sector = sector_at(c, number);
    const uint64_t entries = c->sector / 4;
    if (sector == NULL || c->n_fat + entries > c->n_sectors + entries)
        return false;
    for (uint64_t i = 0; i < entries; i++)
        c->fat[c->n_fat++] = read32(sector + 4 * i);
    return true;
}

/* The FAT's own sectors: the first are named in the header, the rest in a chain (DIFAT). */
static bool read_fat(container *c)
{
    uint32_t left = read32(c->bytes + 44);
    if (left > c->n_sectors)
        return false;
    for (uint32_t i = 0; i < IN_HEADER && left > 0; i++, left--)
        if (!add_fat_sector(c, read32(c->bytes + 76 + 4 * i)))
            return false;
    uint32_t at = read32(c->bytes + 68);
    const uint32_t names = (uint32_t)(c->sector / 4 - 1);
    for (uint64_t steps = 0; left > 0; steps++) {
        const uint8_t *const sector = sector_at(c, at);
        if (sector == NULL || steps > c->n_sectors)
            return false;
        for (uint32_t i = 0; i < names && left > 0; i++, left--)
            if (!add_fat_sector(c, read32(sector + 4 * (size_t)i)))
                return false;
        at = read32(sector + 4 * (size_t)names);
    }
    return true;
}

/* Does the entry have this (ASCII) name? */
static bool is_named(const uint8_t *entry, const char *name)
{
    const size_t n = strlen(name);
    if (read16(entry + 64) != 2 * (n + 1) || n >= 32)
        return false;
    for (size_t i = 0; i < n; i++)
        if (entry[2 * i] != (uint8_t)name[i] || entry[2 * i + 1] != 0)
            return false;
    return true;
}

static const uint8_t *find_entry(const container *c, const char *name, uint8_t type)
{
    for (size_t at = 0; at + ENTRY <= c->directory.length; at += ENTRY) {
        const uint8_t *const entry = (const uint8_t *)c->directory.data + at;
        if (entry[66] == type && (name == NULL || is_named(entry, name)))
            return entry;
    }
    return NULL;
}

enum { STREAM = 2, ROOT = 5 };

static bool read_stream(container *c, const char *name, bool *found, psyi_buffer *out)
{
    const uint8_t *const root = find_entry(c, NULL, ROOT);
    const uint8_t *const entry = find_entry(c, name, STREAM);
    *found = entry != NULL;
    if (root == NULL || entry == NULL)
        return root != NULL;
    const uint64_t length =
        read32(entry + 120) | (c->sector > HEADER ? (uint64_t)read32(entry + 124) << 32 : 0);
    const uint32_t first = read32(entry + 116);
    if (length > c->length)
        return false;
    if (length >= c->cutoff)
        return read_chain(c, first, length, out) && out->length == length;
    return read_chain(c, read32(c->bytes + 60), c->length, &c->mini_fat) &&
           read_chain(c, read32(root + 116), read32(root + 120), &c->mini_stream) &&
           read_mini(c, first, length, out) && out->length == length;
}

static bool open_container(container *c)
{
    if (c->length < HEADER || !psyi_is_compound(c->bytes, c->length))
        return false;
    const uint32_t shift = read16(c->bytes + 30), mini = read16(c->bytes + 32);
    if ((shift != 9 && shift != 12) || mini != 6 || read16(c->bytes + 28) != 0xFFFE)
        return false;
    c->sector = (size_t)1 << shift;
    c->mini = (size_t)1 << mini;
    c->cutoff = read32(c->bytes + 56);
    /* A last sector may be cut short by a careless writer; only whole ones are read. */
    c->n_sectors = c->length / c->sector > 0 ? c->length / c->sector - 1 : 0;
    return true;
}

psy_status psyi_compound_stream(const void *bytes, size_t length, const char *file,
                                const char *name, psyi_buffer *out, psy_error *error)
{
    const psy_location where = psyi_location(file, 0, 0, 0);
    container c = {.bytes = bytes, .length = length};
    psyi_buffer_init(&c.directory, out->allocator);
    psyi_buffer_init(&c.mini_fat, out->allocator);
    psyi_buffer_init(&c.mini_stream, out->allocator);
    bool good = open_container(&c), found = true;
    const size_t before = out->length;
    psy_status status = PSY_OK;
    if (good) {
        c.fat = psyi_alloc(out->allocator, (size_t)c.n_sectors + c.sector / 4, sizeof *c.fat);
        if (c.fat == NULL)
            status = psyi_fail_memory(error, file);
        good = status == PSY_OK && before == 0 && read_fat(&c) &&
               read_chain(&c, read32(c.bytes + 48), c.length, &c.directory) &&
               read_stream(&c, name, &found, out);
    }
    if (status == PSY_OK &&
        (out->failed || c.directory.failed || c.mini_fat.failed || c.mini_stream.failed))
        status = psyi_fail_memory(error, file);
    else if (status == PSY_OK && !good)
        status = psyi_fail(error, PSY_E_DATA, &where,
                           "this is a damaged compound file: have it saved or sent again");
    else if (status == PSY_OK && !found)
        status = psyi_fail(error, PSY_E_UNSUPPORTED, &where,
                           "this is an old Excel workbook (.xls): save it as .xlsx");
    psyi_free(out->allocator, c.fat);
    psyi_buffer_done(&c.mini_stream);
    psyi_buffer_done(&c.mini_fat);
    psyi_buffer_done(&c.directory);
    return status;
}
