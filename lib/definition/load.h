/* load.h -- loaders and lint inside the library. */
#ifndef PSYSCREEN_DEFINITION_LOAD_H
#define PSYSCREEN_DEFINITION_LOAD_H

#include "definition/model.h"

#include <psyscreen/catalog.h>
#include <psyscreen/findings.h>
#include <psyscreen/instrument.h>
#include <psyscreen/plan.h>

/* Norms stand on their own until an instrument takes them up. */
psy_status psyi_norm_load_file(psyi_norm **out, const char *path, const psy_allocator *allocator,
                               psy_findings *findings, psy_error *error);
void psyi_norm_free(psyi_norm *norm);

/* A plan from memory, where `path` is NULL; `name` is what messages call it.  Not linted. */
psy_status psyi_plan_read(psy_plan **out, const char *path, const char *text, size_t length,
                          const char *name, const psy_catalog *catalog,
                          const psy_allocator *allocator, psy_findings *findings,
                          psy_error *error);

/* Lint of what loads: findings with a rule name, a place and a remedy; never fails but for
 * memory.  Silenced findings are left out. */
psy_status psyi_instrument_lint(const psy_instrument *instrument, psy_findings *findings,
                                psy_error *error);
psy_status psyi_plan_lint(const psy_plan *plan, psy_findings *findings, psy_error *error);

const psyi_scheme *psyi_scheme_preset(const char *id); /* constant data, or NULL */
size_t psyi_scheme_presets(const psyi_scheme **out);

/* The file kind by its `format:` line: "instrument", "norms", "plan", or NULL. */
const char *psyi_definition_kind(const char *text, size_t length);

#endif
