/* counts.h -- counted scores as a norm that can be written, merged and frozen. */
#ifndef PSYSCREEN_NORM_COUNTS_H
#define PSYSCREEN_NORM_COUNTS_H

#include "norm/local_set.h"

/* What a file of counts says besides its counts. */
typedef struct psyi_counts_head {
    const char *id, *instrument, *edition, *scale, *source;
    psyi_label population;
    int year; /* 0: not known */
    unsigned metrics;
    psyi_local_counts local;
} psyi_counts_head;

/* A norm with the full groups of the set, in ascending order; copies everything. */
psy_status psyi_counts_make(psyi_norm **out, const psyi_counts_head *head,
                            const psyi_local_set *set, const psy_allocator *allocator,
                            psy_error *error);
/* Integer addition: the same bytes in any order and grouping of the parts.  PSY_E_DATA when they
 * do not count the same thing, or one of them is counted twice. */
psy_status psyi_counts_merge(psyi_norm **out, const psyi_norm *const *parts, size_t n,
                             const char *id, const psy_allocator *allocator, psy_error *error);
psy_status psyi_counts_freeze(psyi_norm **out, const psyi_norm *norm,
                              const psy_allocator *allocator, psy_error *error);
/* "district_demo 2026-autumn 1234 0123456789abcdef 01234567,89abcdef": plan, wave, scores, a
 * digest of what was counted, and of the code of each school.  In the set's arena; NULL without
 * memory. */
const char *psyi_counts_part(psyi_local_set *set, const char *plan, const char *wave,
                             const char *const *schools, size_t n_schools);
/* PSY_E_DATA when two parts count one school in one wave of one plan, or may do so. */
psy_status psyi_parts_apart(const char *const *parts, size_t n, const psy_allocator *allocator,
                            psy_error *error);
/* The two files of a norm of counts. */
void psyi_counts_yaml(const psyi_norm *norm, psyi_buffer *out);
void psyi_counts_csv(const psyi_norm *norm, psyi_buffer *out);
/* `path` ends in ".yaml"; the CSV is written first, beside it. */
psy_status psyi_counts_write(const psyi_norm *norm, const char *path,
                             const psy_allocator *allocator, psy_error *error);

#endif
