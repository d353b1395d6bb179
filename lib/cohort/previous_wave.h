/* previous_wave.h -- the results of the wave before, read back from its run directory.
 *
 * Its run.json says which plan, rules, scheme and editions it had, and that decides what may
 * be compared: a score where the same instrument in the same edition and coding gave it, a
 * tier where its scheme has as many ranks, the change of a tier only where the rules are the
 * same.  Students are found again by their printed id. */
#ifndef PSYSCREEN_COHORT_PREVIOUS_WAVE_H
#define PSYSCREEN_COHORT_PREVIOUS_WAVE_H

#include "cohort/results.h"

#include <psyscreen/findings.h>
#include <psyscreen/plan.h>

#define PSYI_NO_PREVIOUS UINT32_MAX

typedef struct psyi_previous_row { /* one student of the wave before */
    const char *student, *school;
    int16_t grade;
    uint8_t sex;
    uint8_t status;          /* psyi_status */
    int8_t tier, tier_upper; /* rank, or PSYI_NOT_JUDGED */
} psyi_previous_row;

typedef struct psyi_previous {
    psyi_arena arena;
    const psy_allocator *allocator;
    const psy_plan *plan; /* the one it is compared with */
    char plan_id[65], wave[129], as_of[11], fingerprint[65], scheme[65], key_mark[27];
    char digest[65]; /* of its run.json */
    bool pseudonym;
    int highest;             /* rank of its scheme, 0: it had none */
    bool ranks_alike;        /* its scheme has as many ranks: a tier can be read */
    bool rules_alike;        /* same rules and editions: tiers can be compared */
    bool texts_alike;        /* the rules alone, whatever they read */
    bool populations_differ; /* another population's cut-offs for bands */
    uint64_t uses_alike;     /* bit per use of the plan: scores can be compared */
    psyi_previous_row *rows; /* by id, then school, bytewise */
    size_t n_rows;
    const size_t *first_score; /* per use: index of its first scale among the columns below */
    psyi_ratio *scores;        /* [column * n_rows + row], den 0: none */
} psyi_previous;

/* Read DIR/run.json and DIR/scores.csv.  PSY_E_DATA when they are no results of ours, or when
 * scores.csv is not the file that run wrote.  What cannot be compared is one finding each. */
psy_status psyi_previous_read(psyi_previous **out, const psy_plan *plan, const char *directory,
                              const psy_allocator *allocator, psy_findings *findings,
                              psy_error *error);
void psyi_previous_free(psyi_previous *previous);
/* The row of an id; where schools share it, the one of this school; PSYI_NO_PREVIOUS. */
uint32_t psyi_previous_find(const psyi_previous *previous, const char *id, const char *school);
/* The score of a row, den 0 where there is none or it cannot be compared. */
psyi_ratio psyi_previous_score(const psyi_previous *previous, uint32_t row, unsigned use,
                               unsigned scale);

/* ---- once the cohort knows its students (psyi_results) ---- */

/* The row of a student, PSYI_NO_PREVIOUS. */
uint32_t psyi_previous_row_of(const psyi_results *results, size_t student);
/* Ranks by which the tier rose (0: not worse, or not comparable). */
int psyi_ranks_worse(const psyi_results *results, size_t student);
/* "二级预警（2025-autumn）", "未能判定（…）"; nothing where there is no record. */
void psyi_previous_words(const psyi_results *results, size_t student, psyi_language language,
                         psyi_buffer *out);

/* One line of a comparison of waves, for all students of either wave, or for those of both. */
typedef enum psyi_wave_kind {
    PSYI_WAVE_TIER, /* share of rank `rank` among valid and doubtful students */
    PSYI_WAVE_ANY,  /* share of any rank above 0 */
    PSYI_WAVE_MEAN  /* mean of a scale */
} psyi_wave_kind;
typedef struct psyi_wave_figure {
    psyi_wave_kind kind;
    int rank;            /* TIER */
    uint16_t use, scale; /* MEAN */
    bool same_students;  /* false: everybody of each wave */
    bool comparable;
    uint64_t n_before, n_now;       /* denominators: V, or students with a score */
    uint64_t hits_before, hits_now; /* TIER, ANY */
    double before, now;             /* share 0..1, or mean; NaN where the denominator is 0 */
} psyi_wave_figure;
/* All figures over the students `wanted` lets in (NULL: everybody), in a fixed order, first of
 * everybody, then as many of those who are in both waves; from `arena`.  Nothing where the run has
 * no wave before.  `wanted` sees rows of the wave before through `previous_wanted` (NULL: all of
 * them). */
typedef bool (*psyi_previous_filter)(const psyi_previous *, uint32_t row, void *context);
psy_status psyi_wave_compare(const psyi_results *results, psyi_student_filter wanted,
                             psyi_previous_filter previous_wanted, void *context, psyi_arena *arena,
                             psyi_wave_figure **out, size_t *n_out, psy_error *error);

#endif
