/* lint.h -- findings about definitions that load: reporting, silencing, shared checks. */
#ifndef PSYSCREEN_DEFINITION_LINT_H
#define PSYSCREEN_DEFINITION_LINT_H

#include "definition/model.h"

#include <psyscreen/findings.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct psyi_lint {
    const char *file;
    psy_findings *findings;
    const psyi_silence *silences;
    size_t n_silences;
    bool *used; /* a silence that silenced something */
    psy_status status;
    psy_error *error;
} psyi_lint;

/* One kind of finding: everything about it that does not change from case to case. */
typedef struct psyi_lint_rule {
    const char *name;
    psy_severity severity;
    bool firm; /* no `silence:` answers it */
    const char *remedy;
} psyi_lint_rule;

void psyi_lint_open(psyi_lint *lint, const char *file, const psyi_silence *silences,
                    size_t n_silences, const psy_allocator *allocator, psy_findings *findings,
                    psy_error *error);
/* Report unless silenced; `at` is the path ("scales/total") that a silence names. */
void psyi_lint_find(psyi_lint *lint, const psyi_lint_rule *rule, psyi_place place, const char *at,
                    const char *subject, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* Notes for silences nothing needed; returns the status of the whole. */
psy_status psyi_lint_close(psyi_lint *lint, const psy_allocator *allocator);

/* Words a screening must not use of a child ("确诊", "diagnosed with"); `text` may be NULL. */
void psyi_lint_wording(psyi_lint *lint, psyi_place place, const char *at, const char *text);
/* A label that should be there in both languages. */
void psyi_lint_label(psyi_lint *lint, psyi_place place, const char *at, const char *what,
                     psyi_label label);

/* flag_lint.c */
void psyi_lint_flags(psyi_lint *lint, const struct psy_instrument *instrument);
/* band_lint.c */
void psyi_lint_bands(psyi_lint *lint, const struct psy_instrument *instrument);

/* rule_lint.c */
void psyi_lint_rules(psyi_lint *lint, const struct psy_plan *plan);
/* rule_probe.c: plans, by running their programs on made-up persons */
/* The tier of a rank by its name: a number alone says not which end is worst. */
const char *psyi_lint_tier(const struct psy_plan *plan, int rank);
/* Does the filter of `a` (stages, grades, sex) let in everybody whom that of `b` lets in? */
bool psyi_rule_covers(const psyi_rule *a, const psyi_rule *b);
typedef struct psyi_probe psyi_probe;
psy_status psyi_probe_new(psyi_probe **out, const struct psy_plan *plan,
                          const psy_allocator *allocator, psy_error *error);
void psyi_probe_free(psyi_probe *probe);
psyi_workspace *psyi_probe_workspace(const psyi_probe *probe);
/* Do rules `a` and `b` imply each other (rule_imply.c)?  Both false where that is not looked
 * into: too many combinations, or not made of comparisons alone. */
psy_status psyi_rule_implies(const struct psy_plan *plan, psyi_workspace *workspace,
                             const psyi_program *a, const psyi_program *b, bool *forward,
                             bool *backward, psy_error *error);
/* Of `others`, those without which somebody for whom `rule` fires would get none of them (bits,
 * a set from which none can be left out); 0 where they do not cover it, or where that is not looked
 * into.  Of more than 63 others the first 63 are. */
psy_status psyi_rule_covered(const struct psy_plan *plan, psyi_workspace *workspace,
                             const psyi_program *rule, const psyi_program *const *others, size_t n,
                             uint64_t *needed, psy_error *error);
/* May somebody in this grade get the battery? */
bool psyi_probe_battery(psyi_probe *probe, const psyi_battery *battery, int grade);
/* The lowest grade of somebody whom both fit, his sex and age known too; 0: of nobody. */
int psyi_probe_overlap(psyi_probe *probe, const psyi_battery *one, const psyi_battery *other);
/* Does the rule fire when this scale of this use is at its worst and all else at its best? */
bool psyi_probe_scale(psyi_probe *probe, const psyi_rule *rule, unsigned use, unsigned scale);
/* For such a rule as the next function takes: which of the scores from `first` on fire it. */
uint64_t psyi_probe_scores(psyi_probe *probe, const psyi_rule *rule, int64_t first);
/* tier_lint.c */
void psyi_lint_tier_order(psyi_lint *lint, const struct psy_plan *plan, psyi_probe *probe);
/* For a rule that reads one whole score and nothing else: try every score.  false for others. */
bool psyi_probe_sweep(psyi_probe *probe, const psyi_rule *rule, bool *can_fire, bool *can_rest);

#endif
