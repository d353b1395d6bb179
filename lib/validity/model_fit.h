/* model_fit.h -- person fit of the sheets of a grid by the item parameters of a norm. */
#ifndef PSYSCREEN_VALIDITY_MODEL_FIT_H
#define PSYSCREEN_VALIDITY_MODEL_FIT_H

#include "validity/evidence.h"

/* l_z, or l*_z, of every row (psy_validity_person_fit): complete answers to the items of a scale
 * of the norm, which is of kind irt; the least of its scales.  Rows without one are left as they
 * are.  A scale whose items are not all in the grid, or have other scores, is passed over. */
psy_status psyi_model_fit(const psyi_use_grid *grid, const psyi_norm *norm, bool star,
                          unsigned n_threads, double *value, uint8_t *state, psy_error *error);

#endif
