/*
 * code_index.c -- who has which code: hashes of all codes, sorted.
 *
 * A table of chains is written and read at random: beyond a memory budget every student brought
 * pages of the table, of the one before in the chain and of its text.  Sorting goes forward
 * through memory: runs that fit into the budget are sorted in it and merged through the file
 * beyond it (sort.c), and only where two hashes are the same does anybody look at the texts.  So
 * pupils that stand twice, and codes that stand in several schools, are found in one pass.  Hashes
 * are spread evenly, so that a code is looked up near the place where it is to be expected.
 */
#include "base/fail.h"
#include "base/hash.h"
#include "base/sort.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "cohort/roll.h"

#include <string.h>

bool psyi_index_add(psyi_assembly *a, const char *code, uint32_t school, uint32_t seat)
{
    void *entries = a->index;
    const bool good =
        psyi_grow_raw(a->allocator, &entries, &a->index_room, a->n_index + 1, sizeof *a->index);
    a->index = entries;
    if (good)
        a->index[a->n_index++] =
            (psyi_code_entry){psyi_hash_spread(psyi_code_hash(code)), code, school, seat};
    return good;
}

static int by_hash(const void *x, const void *y, void *context)
{
    (void)context;
    const psyi_code_entry *const a = x, *const b = y;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->seat < b->seat ? -1 : a->seat > b->seat;
}

size_t psyi_index_group(const psyi_assembly *a, size_t first)
{
    size_t end = first + 1;
    while (end < a->n_index && a->index[end].hash == a->index[first].hash)
        end++;
    return end;
}

/* ---- looking up ---- */

/* The first entry whose hash is not less. */
static size_t lower_bound(const psyi_assembly *a, uint64_t hash)
{
    const size_t n = a->n_index;
    size_t low = (size_t)((hash >> 32) * (uint64_t)n >> 32), high = low, step = 16;
    while (low > 0 && a->index[low - 1].hash >= hash) {
        high = low;
        low = low > step ? low - step : 0;
        step *= 2;
    }
    for (step = 16; high < n && a->index[high].hash < hash; step *= 2) {
        low = high + 1;
        high = n - high > step ? high + step : n;
    }
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (a->index[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const psyi_code_entry *psyi_index_find(const psyi_assembly *a, const char *code, size_t *n)
{
    const uint64_t hash = psyi_hash_spread(psyi_code_hash(code));
    const size_t first = lower_bound(a, hash);
    const bool known = first < a->n_index && a->index[first].hash == hash;
    *n = known ? psyi_index_group(a, first) - first : 0;
    return known ? &a->index[first] : NULL;
}

typedef struct probe {
    uint64_t hash;
    size_t at;
} probe;

static int by_probe(const void *x, const void *y, void *context)
{
    (void)context;
    const probe *const a = x, *const b = y;
    return a->hash < b->hash ? -1 : a->hash > b->hash;
}

/* In the order of the hashes: each page of the index comes once, and not two or three for each
 * code. */
bool psyi_index_find_many(const psyi_assembly *a, const char *const *codes, size_t n,
                          psyi_code_hit *hits)
{
    probe *const probes = psyi_alloc(a->allocator, n, sizeof *probes);
    if (probes == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        psyi_spill_pass(a->allocator, i);
        probes[i] = (probe){psyi_hash_spread(psyi_code_hash(codes[i])), i};
    }
    const bool good = psyi_merge_sort(probes, n, sizeof *probes, by_probe, NULL, a->allocator);
    for (size_t i = 0; i < n && good; i++) {
        psyi_spill_pass(a->allocator, i);
        const uint64_t hash = probes[i].hash;
        const size_t first = lower_bound(a, hash);
        const bool known = first < a->n_index && a->index[first].hash == hash;
        hits[probes[i].at] = (psyi_code_hit){.only = known ? a->index[first] : (psyi_code_entry){0},
                                             .n = known ? psyi_index_group(a, first) - first : 0};
    }
    psyi_free(a->allocator, probes);
    return good;
}

/* ---- seats that are another's ---- */

/* The first seat of the same code in the same school; a sheet that names none may be anybody's of
 * its code. */
static const psyi_code_entry *same_before(const psyi_code_entry *group, const psyi_code_entry *it)
{
    for (const psyi_code_entry *other = group; other < it; other++)
        if ((other->school == it->school || it->school == UINT32_MAX) &&
            strcmp(other->code, it->code) == 0)
            return other;
    return NULL;
}

static int by_seat(const void *x, const void *y, void *context)
{
    (void)context;
    const psyi_repeat *const a = x, *const b = y;
    return a->seat < b->seat ? -1 : a->seat > b->seat;
}

psy_status psyi_index_sort(psyi_assembly *a, psyi_repeats *repeats, psy_error *error)
{
    void *list = NULL;
    size_t room = 0, n = 0;
    bool good =
        psyi_merge_sort(a->index, a->n_index, sizeof *a->index, by_hash, NULL, a->allocator);
    for (size_t i = 0, end; i < a->n_index && good; i = end) {
        psyi_spill_pass(a->allocator, i);
        end = psyi_index_group(a, i);
        for (size_t j = i + 1; j < end && good; j++) {
            const psyi_code_entry *const first = same_before(&a->index[i], &a->index[j]);
            if (first == NULL)
                continue;
            psyi_spill_pass(a->allocator, n * 8); /* texts are anywhere */
            good = psyi_grow_raw(a->allocator, &list, &room, n + 1, sizeof *repeats->list);
            if (good)
                ((psyi_repeat *)list)[n++] = (psyi_repeat){a->index[j].seat, first->seat};
        }
    }
    *repeats = (psyi_repeats){list, n};
    good = good && psyi_merge_sort(list, n, sizeof *repeats->list, by_seat, NULL, a->allocator);
    return good ? PSY_OK : psyi_fail_memory(error, "students");
}

/* How many of the seats before this one go; *goes: it does itself. */
static size_t gone_before(const psyi_repeats *repeats, uint32_t seat, bool *goes)
{
    size_t low = 0, high = repeats->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (repeats->list[middle].seat < seat)
            low = middle + 1;
        else
            high = middle;
    }
    *goes = low < repeats->n && repeats->list[low].seat == seat;
    return low;
}

void psyi_index_drop(psyi_assembly *a, const psyi_repeats *repeats)
{
    size_t kept = 0;
    for (size_t i = 0; i < a->n_index; i++) {
        psyi_spill_pass(a->allocator, i);
        bool goes;
        psyi_code_entry entry = a->index[i];
        entry.seat -= (uint32_t)gone_before(repeats, entry.seat, &goes);
        if (!goes)
            a->index[kept++] = entry;
    }
    a->n_index = kept;
    size_t seats = 0, next = 0;
    for (size_t i = 0; i < a->n_seats; i++) {
        psyi_spill_pass(a->allocator, i);
        if (next < repeats->n && repeats->list[next].seat == i)
            next++;
        else
            a->seats[seats++] = a->seats[i];
    }
    a->n_seats = seats;
}
