/* score_table.h -- scores as a table, and what there is to say about them. */
#ifndef PSYSCREEN_SCORE_SCORE_TABLE_H
#define PSYSCREEN_SCORE_SCORE_TABLE_H

#include "score/scorer.h"

#include <psyscreen/findings.h>
#include <psyscreen/table.h>

/* Add the columns of one instrument: per scale its score, bands and answered items, then the
 * flags, then the standard scores; fill them, one row a sheet. */
psy_status psyi_score_table(psy_table *table, const psyi_scores *scores, psy_error *error);

/* Where sheet `row` came from. */
typedef struct psyi_score_places {
    const char *(*file)(const void *context, size_t row);
    uint64_t (*line)(const void *context, size_t row);
    const void *context;
} psyi_score_places;

/* Findings about events, about persons outside the instrument's ages or grades (one with a
 * count), and about informants that are not known where something depends on them. */
psy_status psyi_score_findings(const psyi_scores *scores, const psyi_person *people,
                               const psyi_events *events, const psyi_score_places *places,
                               psy_findings *findings, psy_error *error);

#endif
