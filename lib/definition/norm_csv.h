/* norm_csv.h -- the table of a norm. */
#ifndef PSYSCREEN_DEFINITION_NORM_CSV_H
#define PSYSCREEN_DEFINITION_NORM_CSV_H

#include "definition/schema.h"

typedef enum psyi_norm_grouping {
    PSYI_GROUP_INFORMANT,
    PSYI_GROUP_SEX,
    PSYI_GROUP_GRADE,
    PSYI_GROUP_AGE,
    PSYI_GROUP_MONTHS,
    PSYI_GROUP_STAGE
} psyi_norm_grouping;

extern const psyi_word psyi_metric_words[];

/* `by:` of a local norm; plan_norms.c. */
void psyi_local_by(psyi_loader *loader, const psyi_node *node, psyi_local_rule *rule);

/* `local:` of a norm: where its counts come from; norm_counts.c. */
void psyi_norm_counts(psyi_loader *loader, const psyi_node *node, uint8_t groups, psyi_norm *norm);

/* Read norm->csv_file into norm->groups; `groups` is a mask of 1 << psyi_norm_grouping.
 * Problems are reported with their place in the CSV. */
void psyi_norm_read_csv(psyi_loader *loader, psyi_norm *norm, uint8_t groups);

#endif
