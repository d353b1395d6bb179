/* named_use.h -- instruments as a command names them: "ID[@EDITION][:VARIANT]". */
#ifndef PSYSCREEN_SCORE_NAMED_USE_H
#define PSYSCREEN_SCORE_NAMED_USE_H

#include "base/memory.h"
#include "definition/model.h"

#include <psyscreen/catalog.h>
#include <psyscreen/error.h>

/* Index of a coding variant; NULL: the first. */
psy_status psyi_named_variant(const psy_instrument *instrument, const char *name, unsigned *out,
                              psy_error *error);
/* `variant`: where the text names none, or NULL. */
psy_status psyi_named_use(psyi_use *use, const char *text, const psy_catalog *catalog,
                          const char *variant, psyi_arena *arena, psy_error *error);

#endif
