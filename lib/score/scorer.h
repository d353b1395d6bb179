/* scorer.h -- one use compiled to a column graph, run over tiles of sheets.
 *
 * Every sheet is scored: losers of duplicates, invalid and unmatched ones too. */
#ifndef PSYSCREEN_SCORE_SCORER_H
#define PSYSCREEN_SCORE_SCORER_H

#include "answers/sheets.h"
#include "definition/model.h"
#include "expr/rule_program.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whose sheet it is: what norms, bands and rules may ask. */
typedef struct psyi_person {
    uint8_t sex, informant;
    int16_t grade;  /* 0 unknown */
    int16_t age;    /* completed years; -1 unknown */
    int16_t months; /* completed months, where the birth date is known; else 0 */
} psyi_person;

typedef enum psyi_score_status {
    PSYI_NOT_GIVEN,
    PSYI_NOT_SCORED,
    PSYI_SCORED,
    PSYI_PRORATED
} psyi_score_status;
const char *psyi_score_status_name(psyi_score_status status);

typedef struct psyi_score { /* num / den in the printed metric; den 0: none */
    int32_t num;
    uint16_t den;
    uint16_t answered; /* distinct items answered beneath the scale */
} psyi_score;

typedef struct psyi_bounds { /* what the score could have been; den 0: unbounded */
    int32_t low_num, high_num;
    uint16_t low_den, high_den;
} psyi_bounds;

typedef struct psyi_small_score { /* the same as it is kept, where it fits: nearly always */
    int16_t num;
    uint8_t den, answered;
} psyi_small_score;

#define PSYI_NO_STANDARD INT32_MIN
#define PSYI_NO_BAND     0xFFu

typedef struct psyi_scorer psyi_scorer;

/* `population` chooses `.band` (NULL: the first).  The instrument must outlive the scorer. */
psy_status psyi_scorer_new(psyi_scorer **out, const psy_instrument *instrument, unsigned variant,
                           const char *population, const psy_allocator *allocator,
                           psy_error *error);
void psyi_scorer_free(psyi_scorer *scorer);
const psy_instrument *psyi_scorer_instrument(const psyi_scorer *scorer);
const psyi_scale *psyi_scorer_scale(const psyi_scorer *scorer, size_t scale); /* of the variant */
size_t psyi_scorer_population(const psyi_scorer *scorer, size_t scale);       /* of `.band` */

/* Results, tile by tile as the sheets are: within a tile column by column, 64 lanes each.  All that
 * is known of a student lies in a few pages, so whoever goes through students goes forward through
 * memory; as columns over all sheets, each student was a page of every column (with a memory
 * budget, a fault that brings sixteen).  The inline functions below say where a cell lies. */
typedef struct psyi_scores {
    const psyi_scorer *scorer;
    const psyi_sheets *sheets;
    const psy_allocator *allocator;
    size_t n_sheets, n_tiles;
    size_t n_scales, n_standards, n_bands, n_flags;
    psyi_small_score *score; /* psyi_scale_at; read by psyi_score_of */
    uint8_t *status;         /* psyi_scale_at: psyi_score_status */
    int16_t *standard;       /* psyi_standard_at; read by psyi_standard_of */
    /* [tile] NULL where all of its scores and standard scores fit into the two above; else all of
     * its psyi_score, column by column, and behind them its int32_t standard scores */
    unsigned char **wide;
    uint8_t *band;      /* psyi_band_at: index into psyi_scale_bands */
    size_t *band_first; /* scale -> its first band column; populations follow each other */
    psyi_mask *flag_yes, *flag_no, *flag_blank; /* psyi_flag_at; neither yes nor no:
                                                   undecided, or not given */
    psyi_mask *flag_absent; /* given, but nothing the flag reads was administered */
    psyi_mask *flag_maybe;  /* decided, but blank items could have turned it */
    psyi_mask *skipped;     /* [tile * skips of the scorer + item of a gate], compiled.h */
    /* [tile] what scores with a blank item could be, NULL where nothing is open; kept_bounds.c */
    unsigned char **bounds;
} psyi_scores;

static inline size_t psyi_lane_at(size_t n_columns, size_t column, size_t sheet)
{
    return (sheet / PSYI_LANES * n_columns + column) * PSYI_LANES + sheet % PSYI_LANES;
}

static inline size_t psyi_scale_at(const psyi_scores *scores, size_t scale, size_t sheet)
{
    return psyi_lane_at(scores->n_scales, scale, sheet);
}

static inline size_t psyi_standard_at(const psyi_scores *scores, size_t standard, size_t sheet)
{
    return psyi_lane_at(scores->n_standards, standard, sheet);
}

static inline psyi_score psyi_score_of(const psyi_scores *scores, size_t scale, size_t sheet)
{
    const unsigned char *const wide = scores->wide[sheet / PSYI_LANES];
    if (wide != NULL)
        return ((const psyi_score *)(const void *)wide)[psyi_lane_at(0, scale, sheet)];
    const psyi_small_score kept = scores->score[psyi_scale_at(scores, scale, sheet)];
    return (psyi_score){kept.num, kept.den, kept.answered};
}

/* Times 10^decimals, or PSYI_NO_STANDARD. */
static inline int32_t psyi_standard_of(const psyi_scores *scores, size_t standard, size_t sheet)
{
    const unsigned char *const wide = scores->wide[sheet / PSYI_LANES];
    if (wide != NULL)
        return (
            (const int32_t *)(const void *)(wide +
                                            scores->n_scales * PSYI_LANES *
                                                sizeof(
                                                    psyi_score)))[psyi_lane_at(0, standard, sheet)];
    const int16_t kept = scores->standard[psyi_standard_at(scores, standard, sheet)];
    return kept == INT16_MIN ? PSYI_NO_STANDARD : kept;
}

static inline size_t psyi_band_at(const psyi_scores *scores, size_t band, size_t sheet)
{
    return psyi_lane_at(scores->n_bands, band, sheet);
}

static inline size_t psyi_flag_at(const psyi_scores *scores, size_t flag, size_t tile)
{
    return tile * scores->n_flags + flag;
}

typedef enum psyi_event_kind {
    PSYI_EVENT_CLOSED_GATE, /* an answer behind a closed gate; index = item */
    PSYI_EVENT_TROUBLE      /* division by zero or overflow; index = scale, or the number of
                               scales + flag */
} psyi_event_kind;
typedef struct psyi_event {
    uint32_t sheet;
    uint16_t index;
    uint8_t kind;
} psyi_event;
typedef struct psyi_events {
    psyi_event *events;
    size_t n, capacity;
} psyi_events;

psy_status psyi_scores_new(psyi_scores **out, const psyi_scorer *scorer, const psyi_sheets *sheets,
                           const psy_allocator *allocator, psy_error *error);
void psyi_scores_free(psyi_scores *scores);
/* Score tiles first .. first + n - 1.  `people` has one entry a sheet (NULL: unknown).
 * Disjoint ranges may run on different threads.  Events are appended. */
psy_status psyi_scores_run(psyi_scores *scores, const psyi_person *people, size_t first, size_t n,
                           psyi_events *events, psy_error *error);
/* All tiles, on n_threads threads; events come out in sheet order. */
psy_status psyi_scores_run_all(psyi_scores *scores, const psyi_person *people, unsigned n_threads,
                               psyi_events *events, psy_error *error);

/* Gather 64 lanes of a column from any sheets (UINT32_MAX: not given), for rules above the
 * sheet; only those in `lanes`, the others are absent.  `column` is one of the instrument (its use
 * bits are ignored). */
void psyi_scores_number(const psyi_scores *scores, uint32_t column, const uint32_t *sheets,
                        psyi_mask lanes, psyi_numbers *out);
void psyi_scores_truth(const psyi_scores *scores, uint32_t column, const uint32_t *sheets,
                       psyi_mask lanes, psyi_truths *out);
void psyi_scores_token(const psyi_scores *scores, uint32_t column, const uint32_t *sheets,
                       psyi_mask lanes, psyi_tokens *out);
void psyi_scores_item(const psyi_scores *scores, unsigned item, bool answer, const uint32_t *sheets,
                      psyi_mask lanes, psyi_item_lanes *out);
/* The same for one sheet, for printing. */
psyi_ratio psyi_scores_value(const psyi_scores *scores, size_t scale, size_t sheet);
bool psyi_scores_bounds(const psyi_scores *scores, size_t scale, size_t sheet, psyi_ratio *low,
                        psyi_ratio *high); /* true when they differ from the value */
psyi_ratio psyi_scores_standard(const psyi_scores *scores, size_t standard, size_t sheet);
/* Band id or NULL; `population` an index of the scale. */
const char *psyi_scores_band(const psyi_scores *scores, size_t scale, size_t population,
                             size_t sheet);
/* 1 true, 0 false, -1 undecided or not given. */
int psyi_scores_flag(const psyi_scores *scores, size_t flag, size_t sheet);

/* Run the worked examples of an instrument; a finding with a place for each that fails. */
psy_status psyi_examples_run(const psy_instrument *instrument, psy_findings *findings,
                             size_t *n_run, size_t *n_failed, const psy_allocator *allocator,
                             psy_error *error);

#endif
