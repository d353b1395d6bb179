/* dossier_book.h -- what is known of one student from several waves, and its workbook. */
#ifndef PSYSCREEN_REPORT_DOSSIER_BOOK_H
#define PSYSCREEN_REPORT_DOSSIER_BOOK_H

#include "definition/model.h"

#include <psyscreen/error.h>
#include <psyscreen/plan.h>

#define PSYI_DOSSIER_USES  64
#define PSYI_DOSSIER_TIERS 16

typedef struct psyi_dossier_use {
    const char *id, *instrument, *edition, *fingerprint, *variant;
} psyi_dossier_use;
typedef struct psyi_dossier_tier {
    const char *rank;
    psyi_label name;
} psyi_dossier_tier;
typedef struct psyi_dossier_rule {
    const char *id, *rank, *when;
    psyi_label text;
} psyi_dossier_rule;

/* A run, read back from its run.json, and the student's row of its scores.csv. */
typedef struct psyi_dossier_wave {
    const char *format, *wave, *as_of, *plan, *plan_fingerprint, *version, *scheme;
    psyi_label legend;
    psyi_dossier_use uses[PSYI_DOSSIER_USES];
    psyi_dossier_tier tiers[PSYI_DOSSIER_TIERS];
    psyi_dossier_rule *rules;
    size_t n_uses, n_tiers, n_rules, room_for_rules;
    const char **names, **values; /* header and cells */
    size_t n_cells;
} psyi_dossier_wave;
typedef struct psyi_dossier {
    const psy_plan *plan;
    const char *student;             /* as the last wave prints it */
    psyi_dossier_wave *const *waves; /* oldest first */
    size_t n_waves;
    /* Files of entries; the school of a row is the number of the first wave with its code. */
    const struct psyi_carried *const *entries;
    size_t n_entries;
} psyi_dossier;

/* A cell of the row by the name of its column; "" where there is none. */
const char *psyi_dossier_cell(const psyi_dossier_wave *wave, const char *name);
/* May scores of this use be set beside each other? */
bool psyi_dossier_comparable(const psyi_dossier_wave *a, const psyi_dossier_wave *b,
                             const char *use, size_t use_length);
/* May tiers? */
bool psyi_dossier_same_rules(const psyi_dossier_wave *a, const psyi_dossier_wave *b);
psy_status psyi_report_dossier(const psyi_dossier *dossier, const char *path,
                               const psy_allocator *allocator, psy_error *error);

#endif
