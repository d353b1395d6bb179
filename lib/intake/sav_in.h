/* sav_in.h -- an SPSS file as a grid of texts. */
#ifndef PSYSCREEN_INTAKE_SAV_IN_H
#define PSYSCREEN_INTAKE_SAV_IN_H

#include "base/memory.h"
#include "definition/model.h"

#include <psyscreen/error.h>

/* The first row of the grid in `out` holds the names of the variables, the others the cases;
 * `labels` the variables' labels.  Coded values become their labels (or stay codes where
 * `input` says `values: codes`), values the file declares missing become empty unless the
 * plan gives them a meaning.  PSY_E_UNSUPPORTED when built without libreadstat. */
psy_status psyi_sav_read(const psyi_buffer *bytes, const char *file, const psyi_input *input,
                         const char *where, psyi_buffer *out, psyi_arena *arena,
                         const char *const **labels, size_t *n_labels, psy_error *error);

#endif
