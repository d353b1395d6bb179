/* reference.h -- what a person is held against: integer sums over complete rows.
 *
 * Sums add up, so that the parts of a wave know the whole. */
#ifndef PSYSCREEN_VALIDITY_REFERENCE_H
#define PSYSCREEN_VALIDITY_REFERENCE_H

#include <psyscreen/validity.h>

typedef struct psyi_reference {
    size_t n_items;
    uint64_t n;    /* complete rows */
    int64_t *sums;  /* of each item, as scored; NULL before anything was added */
    int64_t *xy;    /* [i * n_items + j], i <= j: sum of products, as scored */
    int64_t *given; /* of each item, as given: the person-total is about answers */
} psyi_reference;

/* Of the complete rows of a grid, `given` the same as `sums`; memory from its allocator. */
psy_status psyi_reference_make(psyi_reference *out, const psy_answer_grid *grid,
                               psy_error *error);
/* Add sums of the same items; an empty `to` takes their number. */
psy_status psyi_reference_add(psyi_reference *to, const psyi_reference *from,
                              const psy_allocator *allocator, psy_error *error);
/* Room for so many items, all zero. */
psy_status psyi_reference_new(psyi_reference *out, size_t n_items, const psy_allocator *allocator,
                              psy_error *error);
void psyi_reference_done(psyi_reference *reference, const psy_allocator *allocator);

/* As the public functions, against a reference that holds the rows of the grid. */
psy_status psyi_mahalanobis_from(const psy_answer_grid *grid, const psyi_reference *reference,
                                 psy_dependent_items dependent, double *d2, double *p,
                                 uint8_t *state, uint8_t *used, size_t *rank, psy_error *error);
psy_status psyi_person_total_from(const psy_answer_grid *grid, const psyi_reference *reference,
                                  double *out, uint8_t *state, psy_error *error);

#endif
