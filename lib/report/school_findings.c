/*
 * school_findings.c -- findings, dealt out to the schools they are about.
 *
 * Each workbook of a school lists what was found about its pupils.  Looking through all findings
 * for each school grew with the square of the schools: at two million students it was a tenth of a
 * run, and with a memory budget it brought all findings back for every workbook.
 *
 * A finding is a school's by the pupil it names, by the line of a file on which it stands, or by
 * the code of the school.  Hashes of these are sorted once; then the students are gone through in
 * their order, each asked for his id and his lines.  A table of bits answers for nearly all of them
 * that there is no such finding.  Two texts of one hash do no harm: the workbook looks again.
 */
#include "report/school_findings.h"

#include "base/fail.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/sort.h"
#include "base/spill.h"

#include <string.h>

#define BITS_A_CLUE 16

typedef struct clue { /* what a finding says of its place */
    uint64_t hash;
    uint32_t finding;
} clue;

struct psyi_finding_schools {
    uint32_t *list;
    size_t *ends; /* of each school, in the list */
};

typedef struct dealing {
    const psyi_results *results;
    clue *clues; /* by hash */
    size_t n_clues;
    uint64_t *bits;
    uint64_t mask;
    uint64_t *files; /* hash of the name of each file of the intake */
    uint64_t *rosters;
    uint32_t *list;
    size_t n, room;
} dealing;

/* (The bits of a table are taken from its end.) */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = PSYI_HASH_BEGIN;
    for (; *text != '\0'; text++)
        hash = psyi_hash_add(hash, (unsigned char)*text);
    return psyi_hash_spread(hash);
}

/* Findings call a file by the end of its path: the last part of it is the same in both. */
static uint64_t hash_of_file(const char *path)
{
    return hash_of(psyi_base_name(path));
}

static uint64_t hash_of_line(uint64_t file, uint64_t row)
{
    return psyi_hash_spread(file + row * UINT64_C(0x9E3779B97F4A7C15));
}

static int by_hash(const void *x, const void *y, void *context)
{
    (void)context;
    const clue *const a = x, *const b = y;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->finding < b->finding ? -1 : a->finding > b->finding;
}

static bool find_clues(dealing *d, const psy_findings *findings)
{
    const psy_allocator *const allocator = d->results->allocator;
    const size_t n = psy_findings_count(findings);
    d->clues = psyi_alloc(allocator, 2 * n + 1, sizeof *d->clues);
    uint64_t bits = 64;
    while (bits < 2 * n * BITS_A_CLUE)
        bits *= 2;
    d->bits = psyi_alloc(allocator, (size_t)(bits / 64), sizeof *d->bits);
    d->mask = bits - 1;
    if (d->clues == NULL || d->bits == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        psyi_spill_pass(allocator, i);
        const psy_finding one = psy_findings_get(findings, i);
        if (one.subject != NULL)
            d->clues[d->n_clues++] = (clue){hash_of(one.subject), (uint32_t)i};
        if (one.row > 0 && one.file != NULL)
            d->clues[d->n_clues++] =
                (clue){hash_of_line(hash_of_file(one.file), one.row), (uint32_t)i};
    }
    for (size_t i = 0; i < d->n_clues; i++) {
        psyi_spill_pass(allocator, i);
        const uint64_t bit = d->clues[i].hash & d->mask;
        d->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    return psyi_merge_sort(d->clues, d->n_clues, sizeof *d->clues, by_hash, NULL, allocator);
}

/* Every finding of this hash; false without memory. */
static bool deal(dealing *d, uint64_t hash)
{
    const uint64_t bit = hash & d->mask;
    if ((d->bits[bit / 64] >> bit % 64 & 1) == 0)
        return true;
    size_t low = 0, high = d->n_clues;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (d->clues[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    psyi_spill_look(d->results->allocator);
    for (; low < d->n_clues && d->clues[low].hash == hash; low++) {
        void *list = d->list;
        const bool good =
            psyi_grow_raw(d->results->allocator, &list, &d->room, d->n + 1, sizeof *d->list);
        d->list = list;
        if (!good)
            return false;
        d->list[d->n++] = d->clues[low].finding;
    }
    return true;
}

static bool deal_student(dealing *d, const psyi_student *student)
{
    const psyi_results *const r = d->results;
    bool good = deal(d, hash_of(student->id));
    for (uint32_t i = 0; i < student->n_records && good; i++) {
        const psyi_record *const record = &r->intake->records[student->records[i]];
        good = deal(d, hash_of_line(d->files[record->file], record->row));
    }
    return good && (r->roster == NULL || student->roster_row == 0 ||
                    deal(d, hash_of_line(d->rosters[student->roster_file], student->roster_row)));
}

static int by_number(const void *x, const void *y, void *context)
{
    (void)context;
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

static bool deal_school(dealing *d, const psyi_school *school)
{
    const size_t first = d->n;
    bool good = deal(d, hash_of(school->code));
    for (size_t i = 0; i < school->n_students && good; i++) {
        psyi_spill_pass(d->results->allocator, i);
        good = deal_student(d, &d->results->students[school->first_student + i]);
    }
    if (!good || d->n == first)
        return good;
    /* A finding that names a pupil and stands on his line was dealt out twice. */
    good = psyi_merge_sort(d->list + first, d->n - first, sizeof *d->list, by_number, NULL,
                           d->results->allocator);
    size_t kept = first + 1;
    for (size_t i = first + 1; i < d->n && good; i++)
        if (d->list[i] != d->list[kept - 1])
            d->list[kept++] = d->list[i];
    d->n = kept;
    return good;
}

static bool deal_all(dealing *d, const psy_findings *findings, size_t *ends)
{
    const psyi_results *const r = d->results;
    const size_t n_rosters = r->roster != NULL ? r->roster->n_files : 0;
    d->files = psyi_alloc(r->allocator, r->intake->n_files + n_rosters, sizeof *d->files);
    if (d->files == NULL || !find_clues(d, findings))
        return false;
    for (size_t i = 0; i < r->intake->n_files; i++)
        d->files[i] = hash_of_file(r->intake->files[i].name);
    d->rosters = d->files + r->intake->n_files;
    for (size_t i = 0; i < n_rosters; i++)
        d->rosters[i] = hash_of_file(r->roster->files[i].name);
    bool good = true;
    for (size_t s = 0; s < r->n_schools && good; s++) {
        good = deal_school(d, &r->schools[s]);
        ends[s] = d->n;
    }
    return good;
}

psy_status psyi_findings_by_school(psyi_results *results, const psy_findings *findings,
                                   psy_error *error)
{
    const psy_allocator *const allocator = results->allocator;
    struct psyi_finding_schools *const made = psyi_arena_alloc(&results->arena, 1, sizeof *made);
    size_t *const ends = psyi_arena_alloc(&results->arena, results->n_schools + 1, sizeof *ends);
    dealing d = {.results = results};
    bool good = made != NULL && ends != NULL && deal_all(&d, findings, ends);
    uint32_t *const list = good ? psyi_arena_alloc(&results->arena, d.n + 1, sizeof *list) : NULL;
    if (list != NULL) {
        psyi_spill_copy(allocator, list, d.list, d.n * sizeof *list);
        *made = (struct psyi_finding_schools){list, ends};
        results->finding_schools = made;
    }
    psyi_free(allocator, d.clues);
    psyi_free(allocator, d.bits);
    psyi_free(allocator, d.files);
    psyi_free(allocator, d.list);
    return list != NULL ? PSY_OK : psyi_fail_memory(error, "findings of schools");
}

const uint32_t *psyi_findings_of_school(const psyi_results *results, size_t school, size_t *n)
{
    const struct psyi_finding_schools *const dealt = results->finding_schools;
    *n = 0;
    if (dealt == NULL || school >= results->n_schools)
        return NULL;
    const size_t first = school > 0 ? dealt->ends[school - 1] : 0;
    *n = dealt->ends[school] - first;
    return dealt->list + first;
}
