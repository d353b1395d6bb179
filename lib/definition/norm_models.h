/* norm_models.h -- norms that compute: LMS, regression, item response theory. */
#ifndef PSYSCREEN_DEFINITION_NORM_MODELS_H
#define PSYSCREEN_DEFINITION_NORM_MODELS_H

#include "definition/schema.h"

/* Keys of a norm's head that some kinds need and others refuse. */
typedef struct psyi_norm_head_more {
    int completed, between, tails, estimate;
    const psyi_node *grid;
} psyi_norm_head_more;

extern const psyi_word psyi_completed_words[], psyi_between_words[], psyi_tails_words[];
extern const psyi_word psyi_estimate_words[];

/* Check that the head has what its kind needs, and nothing else; fill the norm's fields. */
void psyi_norm_head(psyi_loader *loader, const psyi_node *at, const psyi_norm_head_more *more,
                    psyi_norm *norm);
/* `people:` of a norm. */
void psyi_norm_people(psyi_loader *loader, const psyi_node *node, psyi_norm *norm);
/* From rows to models, with every check a model must pass, located in the CSV. */
void psyi_norm_models(psyi_loader *loader, psyi_norm *norm);
/* The sum of all numbers in the rows, for `control:`. */
double psyi_norm_rows_sum(const psyi_norm *norm);

#endif
