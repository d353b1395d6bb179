/* release.h -- everything the district workbook counts, and what of it is hidden.
 *
 * All its tables are made here, before a sheet is written, because what one sheet shows can
 * give away what another hides. */
#ifndef PSYSCREEN_REPORT_RELEASE_H
#define PSYSCREEN_REPORT_RELEASE_H

#include "report/release_parts.h"
#include "report/release_table.h"

#include <psyscreen/comparison.h>

typedef struct psyi_release_scale { /* one scale of one use, by grade and sex */
    const psyi_moments *moments;    /* per group; NULL: the use is in no file */
    bool *hide_moments, *hide_high; /* per group */
    bool has_cut;
    psyi_ratio cut;
    psyi_compare compare;
    bool hide_sexes; /* means of all girls and all boys */
} psyi_release_scale;

typedef struct psyi_release_rule {
    uint64_t fired, valid, unique;
    bool hide_fired, hide_valid, hide_unique;
} psyi_release_rule;

typedef struct psyi_release {
    psyi_outcomes schools; /* rows: schools, then everybody */
    psyi_outcomes grades;  /* rows: groups */
    psyi_groups groups;
    psyi_release_scale *scales; /* in the order of uses and their scales */
    size_t n_scales;
    psyi_release_rule *rules; /* of the rule book */
    uint64_t *at_least; /* shares that 质量与口径 prints: people at the check's cut, per scale */
    bool *hide_at_least;
    psyi_release_part *parts; /* schools of one stage and battery; NULL of one school */
    size_t n_parts;
    psyi_untested untested;
    psyi_progress progress;
    psyi_waves waves; /* n 0: there is no wave before */
    size_t n_cells, n_primary, n_hidden;
    bool all_hidden; /* every number that may be: only who took part is there to be read */
    /* Beside an earlier publication: rows in which something differs, and what is hidden for it. */
    size_t n_changed, n_held;
    bool *held_parts; /* are not compared: what is expected of a school tells of the others */
} psyi_release;

/* Count, hide, audit.  A failed book on a leak (PSY_E_INTERNAL) or without memory.  Of one school
 * there are its grades alone; of all, everything, whichever sheets a file then has: files of
 * one run that hide different cells would give away what each of them hides. */
const psyi_release *psyi_release_make(psyi_report *report);
const psyi_release_scale *psyi_release_scale_of(const psyi_release *release, const psy_plan *plan,
                                                size_t use, size_t scale);
/* The cut of the check of 质量与口径 on a scale; 0: none reads a share of it. */
int psyi_check_cut(const psy_instrument *instrument, const char *scale);
/* Where published surveys have a mean of a scale: from the check of it, and their source; NULL: no
 * check reads it. */
const psyi_label *psyi_check_mean(const psy_instrument *instrument, const char *scale, double *low,
                                  double *high);
/* The funnel of what may be shown of a part, of which `points` has room for each school; false
 * where schools are too few. */
bool psyi_funnel_compare(psyi_report *report, const psyi_release_part *part,
                         psy_funnel_point *points, psy_funnel *all);
/* What of the release each sheet hides, for 质量与口径: rows of text and numbers from `row` on. */
void psyi_suppression_log(psyi_report *report, psyi_sheet *sheet, size_t row);
#define PSYI_LOG_ROWS 13

#endif
