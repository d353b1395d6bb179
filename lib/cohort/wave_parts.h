/* wave_parts.h -- what the parts of a screening tell each other: counts that add up. */
#ifndef PSYSCREEN_COHORT_WAVE_PARTS_H
#define PSYSCREEN_COHORT_WAVE_PARTS_H

#include "cohort/assembly.h"
#include "norm/local_groups.h"
#include "validity/reference.h"

#include <psyscreen/wave.h>

typedef struct psyi_wave_norm { /* of one local norm of the plan, before anything is pooled */
    bool full[PSYI_LOCAL_GROUPS];
    psyi_histogram at[PSYI_LOCAL_GROUPS];
} psyi_wave_norm;

typedef struct psyi_wave_file {
    char *name;
    uint64_t rows;
} psyi_wave_file;

struct psy_wave {
    const psy_allocator *allocator;
    const psy_plan *plan;
    int64_t latest; /* submission, PSYI_NO_TIME */
    psyi_wave_norm *norms;
    psyi_reference *references; /* per use: what sheets are held against */
    psyi_wave_file *files;      /* the rosters first */
    size_t n_files, n_rosters;
};

/* How a part is tied to its wave: either it is counted, or it is given. */
typedef struct psyi_wave_link {
    psy_wave *counts;
    const psy_wave *given;
    uint32_t share, n_shares; /* n_shares 0: the part is its records, else a share of schools */
} psyi_wave_link;

/* What keeps records of a plan from being divided, in words, or NULL; and whether its policy of
 * validity ranks each sheet among all others. */
const char *psyi_wave_undivided(const psy_plan *plan);
bool psyi_wave_ranks(const psy_plan *plan);

/* ---- wave_files.c ---- */

psy_status psyi_wave_make_files(psy_wave *wave, size_t n, size_t n_rosters, psy_error *error);
/* Rows of file `index`, which has its name by the first part that tells of it. */
psy_status psyi_wave_add_file(psy_wave *wave, size_t index, const char *name, uint64_t rows,
                              psy_error *error);
psy_status psyi_wave_files_merge(psy_wave *to, const psy_wave *from, psy_error *error);
/* Note the files of a part that was read (counts), or say how long they are as a whole. */
psy_status psyi_wave_files(const psyi_wave_link *link, psyi_intake *intake, psyi_roster *roster,
                           psy_error *error);

#endif
