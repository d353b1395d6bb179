/* evidence.h -- what speaks against a sheet: signs that reached their mark, and notes. */
#ifndef PSYSCREEN_VALIDITY_EVIDENCE_H
#define PSYSCREEN_VALIDITY_EVIDENCE_H

#include "answers/sheets.h"
#include "definition/validity_policy.h"

#include "validity/reference.h"

#include <psyscreen/validity.h>

/* One sign of one sheet.  Value and mark are rounded as psyi_sign_rules says; what was
 * compared is what is printed. */
typedef struct psyi_evidence {
    uint32_t sheet; /* index of the record */
    uint16_t use;   /* PSYI_NO_INDEX: the whole submission */
    uint8_t sign;
    uint8_t state;  /* psy_index_state: NO_VARIANCE, undefined and evidence for that */
    uint8_t period; /* repeating patterns */
    double value, mark;
    uint32_t length, of; /* items of a run or pattern, of so many; failed of asked */
} psyi_evidence;

typedef struct psyi_evidence_list {
    psyi_evidence *list;
    size_t n, room;
    const psy_allocator *allocator;
} psyi_evidence_list;

psy_status psyi_evidence_add(psyi_evidence_list *list, const psyi_evidence *evidence,
                             psy_error *error);
/* By sheet, use, sign. */
psy_status psyi_evidence_sort(psyi_evidence_list *list, psy_error *error);
void psyi_evidence_done(psyi_evidence_list *list);
/* Half up to the sign's decimals; NaN stays. */
double psyi_sign_round(unsigned sign, double value);
/* Does a rounded value reach the mark of the policy? */
bool psyi_sign_fires(const psyi_validity_policy *policy, unsigned sign, double value);

#define PSYI_NO_ROW UINT32_MAX /* in `rows`: nobody; all blank */

/* Answers of chosen sheets to the coded items of one use, in the order of presentation, as
 * columns; rows are what `rows` names. */
typedef struct psyi_use_grid {
    psyi_arena arena;
    const psy_instrument *instrument;
    unsigned use;
    const uint32_t *rows; /* sheets; NULL: row i is sheet i */
    size_t n_rows, n_items;
    const uint16_t *item;     /* of each column */
    const int8_t *direction;  /* 1: a higher code is a higher score; -1: turned round; 0 neither */
    const uint8_t *highest;   /* of the scored columns */
    const bool *scored_item;  /* the item counts in scores */
    int8_t **given, **scored; /* code indices; scores less the item's lowest; -1: none */
    const size_t *block;      /* of each column: columns of one block stand together and share
                                 their response format */
    size_t n_blocks;
} psyi_use_grid;

psy_status psyi_use_grid_make(psyi_use_grid *out, const psyi_sheets *sheets, unsigned use,
                              const psyi_validity_policy *policy, const uint32_t *rows,
                              size_t n_rows, unsigned n_threads, const psy_allocator *allocator,
                              psy_error *error);
void psyi_use_grid_done(psyi_use_grid *grid);

/* Signs that need nobody else: runs, patterns, spread, blanks, floor and ceiling, attention
 * items.  Every given sheet of the use. */
psy_status psyi_sheet_signs(const psyi_use_grid *grid, const psyi_sheets *sheets,
                            const psyi_validity_policy *policy, unsigned n_threads,
                            psyi_evidence_list *out, psy_error *error);
/* One sign for every row: its value, unrounded, and why there is none.  Patterns are those of
 * the most telling block of the policy's length, whatever the directions of its items.  With a
 * reference the person-total and the Mahalanobis distance are against it, else against the
 * rows of the grid. */
psy_status psyi_sign_values(const psyi_use_grid *grid, const psyi_validity_policy *policy,
                            const psyi_reference *reference, unsigned sign, unsigned n_threads,
                            double *value, uint8_t *state, psy_error *error);
/* The sums of the complete rows, over the items that count in scores. */
psy_status psyi_use_reference(psyi_reference *out, const psyi_use_grid *grid,
                              const psyi_validity_policy *policy, unsigned n_threads,
                              psy_error *error);
/* Signs of the family inconsistency: against the other rows of the grid, or between the
 * scales of the sheet.  *n_complete receives the complete rows; with fewer than the policy's
 * min_n only what needs nobody else is looked at. */
psy_status psyi_cohort_signs(const psyi_use_grid *grid, const psyi_validity_policy *policy,
                             const psyi_reference *reference, unsigned n_threads,
                             size_t *n_complete, psyi_evidence_list *out, psy_error *error);

#endif
