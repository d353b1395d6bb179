/* fingerprint.h -- SHA-256 of what a definition computes, whatever it says about it. */
#ifndef PSYSCREEN_DEFINITION_FINGERPRINT_H
#define PSYSCREEN_DEFINITION_FINGERPRINT_H

#include "definition/model.h"

#include <psyscreen/error.h>

/* Each fills the `fingerprint` of its document. */
psy_status psyi_instrument_fingerprint(struct psy_instrument *instrument, psy_error *error);
psy_status psyi_norm_fingerprint(psyi_norm *norm, const psy_allocator *allocator,
                                 psy_error *error);
psy_status psyi_plan_fingerprint(struct psy_plan *plan, psy_error *error);

#endif
