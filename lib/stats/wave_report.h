/* wave_report.h -- the psychometric report of a wave, as tables. */
#ifndef PSYSCREEN_STATS_WAVE_REPORT_H
#define PSYSCREEN_STATS_WAVE_REPORT_H

#include "cohort/results.h"

#include <psyscreen/quality.h>
#include <psyscreen/table.h>

typedef struct psyi_wave_options {
    psy_missing_rows rows;
    double level;
    uint32_t few; /* groups below are marked */
    uint32_t by;  /* PSY_QUALITY_BY_... */
    unsigned n_threads;
} psyi_wave_options;

/* Who counts: students whose sheet of this use is chosen, who consent, and whose sheets are
 * not set aside (invalid, retest).  By student; the same for every order of rows. */
typedef struct psyi_wave_sample {
    psyi_arena arena;
    uint32_t *student, *sheet;
    size_t n, n_set_aside;
} psyi_wave_sample;
psy_status psyi_wave_sample_make(psyi_wave_sample *out, const psyi_results *results, unsigned use,
                                 psy_error *error);
void psyi_wave_sample_done(psyi_wave_sample *sample);

/* A group of a sample: everybody first, then by stage, grade and sex where asked for and
 * where there are two of them. */
typedef struct psyi_wave_group {
    char name[24]; /* "all", "stage=junior", "grade=7", "sex=female" */
    uint8_t by;    /* PSY_QUALITY_BY_..., 0: all */
    int value;
} psyi_wave_group;
enum { PSYI_MOST_WAVE_GROUPS = 40 };
size_t psyi_wave_groups(const psyi_results *results, const psyi_wave_sample *sample, uint32_t by,
                        psyi_wave_group out[PSYI_MOST_WAVE_GROUPS]);
bool psyi_wave_in_group(const psyi_results *results, uint32_t student,
                        const psyi_wave_group *group);

/* Tables of psyscreen/quality.h, the caller's. */
psy_status psyi_wave_scales(const psyi_results *results, const psyi_wave_options *options,
                            psy_table **scales, psy_table **items, psy_findings *findings,
                            psy_error *error);
psy_status psyi_wave_validity(const psyi_results *results, const psyi_wave_options *options,
                              psy_table **out, psy_error *error);
psy_status psyi_wave_checks(const psyi_results *results, psy_table **out, psy_error *error);

/* Append a row to a table that is collected first; tables have their rows from the start. */
typedef struct psyi_wave_column {
    const char *name;
    psy_column_type type;
} psyi_wave_column;
typedef struct psyi_wave_cell { /* doubles: NaN missing; texts: NULL missing, kept by others */
    double number;
    const char *text;
} psyi_wave_cell;
psy_status psyi_wave_table(psy_table **out, const psyi_wave_column *columns, size_t n_columns,
                           const psyi_wave_cell *cells, size_t n_rows,
                           const psy_allocator *allocator, psy_error *error);

#endif
