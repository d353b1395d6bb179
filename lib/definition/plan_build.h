/* plan_build.h -- a plan while it is being loaded: what the parts of the loader share. */
#ifndef PSYSCREEN_DEFINITION_PLAN_BUILD_H
#define PSYSCREEN_DEFINITION_PLAN_BUILD_H

#include "definition/document.h"
#include "definition/scope.h"

#include <psyscreen/catalog.h>
#include <psyscreen/plan.h>

enum {
    PSYI_MAX_BATTERIES = 64,
    PSYI_MAX_LOCALS = 200,
    PSYI_MAX_LOCAL_COLUMNS = 1000, /* column numbers have 10 bits */
    PSYI_MAX_RULES = 500,
    PSYI_MAX_RANK = 15
};

/* Names of a plan in the rule language. */
typedef struct psyi_plan_scope {
    const struct psy_plan *plan;
    const psyi_instrument_scope *uses; /* one a use */
    bool students_only;                /* batteries: what is known before anyone answers */
    const char *const *names;
    size_t n_names;
    const char **refusal; /* why a name that looks right is refused; may be NULL */
} psyi_plan_scope;

psyi_scope psyi_scope_of_plan(const psyi_plan_scope *scope);
/* A scope over a loaded plan; everything from `arena`.  false without memory. */
bool psyi_plan_scope_make(psyi_plan_scope *scope, const struct psy_plan *plan, psyi_arena *arena);

typedef struct psyi_plan_build {
    psyi_loader *loader;
    struct psy_plan *plan;
    const psy_catalog *catalog;
    psyi_use *uses;
    psyi_plan_scope scope;
    const char *refusal;
} psyi_plan_build;

/* Index of a use, or PSYI_NO_INDEX after a reported problem. */
unsigned psyi_plan_use(psyi_plan_build *build, const psyi_node *node);
/* Compile the text of a node in the plan's scope; NULL after a reported problem. */
psyi_program *psyi_plan_program(psyi_plan_build *build, const psyi_node *node);

/* plan_inputs.c */
void psyi_plan_input(psyi_plan_build *build, const psyi_node *node, bool roster, psyi_input *input);
/* The same for a table under its own name ("links"). */
void psyi_plan_table(psyi_plan_build *build, const psyi_node *node, const char *name,
                     psyi_input *input);

/* plan_match.c */
void psyi_plan_match(psyi_plan_build *build, const psyi_node *node);
void psyi_plan_links(psyi_plan_build *build, const psyi_node *node);

/* plan_outside.c: what is not in the questionnaires */
void psyi_plan_external(psyi_plan_build *build, const psyi_node *node);
void psyi_plan_previous(psyi_plan_build *build, const psyi_node *node);
/* "previous.tier", "previous.phq9.total", "external.talks_of_death"; a name that begins like
 * these and means nothing leaves a sentence in *refusal. */
bool psyi_scope_outside(const psyi_plan_scope *scope, const char *name, psyi_symbol *out,
                        const char **refusal);
/* All of these names, appended at names[*n]; false without memory. */
size_t psyi_outside_names(const psyi_plan_scope *scope);
bool psyi_outside_list(const psyi_plan_scope *scope, psyi_arena *arena, const char **names,
                       size_t *n);

/* plan_norms.c */
/* "mht.total": its use and scale; false after a reported problem. */
bool psyi_plan_scale(psyi_plan_build *build, const psyi_node *node, uint16_t *use, uint16_t *scale);
void psyi_plan_norms(psyi_plan_build *build, const psyi_node *node);

/* plan_change.c */
void psyi_plan_change(psyi_plan_build *build, const psyi_node *node);

/* plan_rules.c */
void psyi_plan_batteries(psyi_plan_build *build, const psyi_node *node);
void psyi_plan_validity(psyi_plan_build *build, const psyi_node *node);
void psyi_plan_tiers(psyi_plan_build *build, const psyi_node *node);

/* plan_validity.c */
void psyi_plan_policy(psyi_plan_build *build, const psyi_node *node);
struct psyi_validity_policy;
/* The item parameters that person fit asks for; a problem where it is on and no use has any. */
void psyi_plan_fit(psyi_plan_build *build, const psyi_node *node,
                   struct psyi_validity_policy *policy);

/* scheme_load.c */
const psyi_scheme *psyi_plan_scheme(psyi_loader *loader, const psyi_node *node);

#endif
