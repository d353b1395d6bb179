/* cohort.h -- matching, duplicates, selection, local norms: from records to results. */
#ifndef PSYSCREEN_COHORT_COHORT_H
#define PSYSCREEN_COHORT_COHORT_H

#include "base/watch.h"
#include "cohort/results.h"

#include <psyscreen/findings.h>

/* Everything between reading and writing, in the order of design: match, score all sheets,
 * select, fold local norms, freeze, tiers.  Takes the intake and roster over (also on
 * failure).  `key` (may be NULL when the plan prints plain ids) makes pseudonyms. */
psy_status psyi_cohort_run(psyi_results **out, const psy_plan *plan, psyi_intake *intake,
                           psyi_roster *roster, const unsigned char *key, size_t key_length,
                           unsigned n_threads, const psy_allocator *allocator,
                           psy_findings *findings, psy_error *error);
/* The same with what is not in the questionnaires; all may be NULL.  The wave before and reports
 * are taken over, the norms must outlive the results. */
typedef struct psyi_outside_inputs {
    struct psyi_previous *previous;
    struct psyi_external *external;
    /* Local norms that were frozen at an earlier release of this wave: one a local norm of the
     * plan, NULL: none. */
    const psyi_norm *const *released;
    const psyi_watch *watch;
} psyi_outside_inputs;
psy_status psyi_cohort_run_with(psyi_results **out, const psy_plan *plan, psyi_intake *intake,
                                psyi_roster *roster, const psyi_outside_inputs *outside,
                                const unsigned char *key, size_t key_length, unsigned n_threads,
                                const psy_allocator *allocator, psy_findings *findings,
                                psy_error *error);
/* The year of seconds since 1970; 0 for PSYI_NO_TIME. */
int psyi_year_of(int64_t seconds);
void psyi_results_free(psyi_results *results);
/* base32 of HMAC-SHA256(key, "psyscreen/v1|" len district len id), 26 characters. */
psy_status psyi_pseudonym(const unsigned char *key, size_t key_length, const char *district,
                          const char *id, char out[27], psy_error *error);

#endif
