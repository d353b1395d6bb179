/**
 * @file local_norms.h
 * Local norms of a wave, without its workbooks: counted, to be merged, frozen and named by the
 * plan of a later wave (see norms.h).
 */
#ifndef PSYSCREEN_LOCAL_NORMS_H
#define PSYSCREEN_LOCAL_NORMS_H

#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/norms.h>
#include <psyscreen/plan.h>
#include <psyscreen/screening.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How many norms a plan names; the shape of psy_norms_build()'s `out`. */
PSY_API size_t psy_norms_build_count(const psy_plan *plan);
/**
 * Count the local norms of a plan as a run of it would: printed scores of students who are
 * matched and consent, and whose sheets are not set aside.
 *
 * The norm's id is <norm>_<use>_<scale>.  Counts do not depend on the order of files, rows or
 * threads.
 *
 * @param out         shape (psy_norms_build_count(plan),): one norm each, not frozen, the
 *                    caller's; NULL where the plan brings a file along, the use is in no file,
 *                    or nobody has a score.  Untouched on failure
 * @param plan        with `norms: [{..., local: ...}]`
 * @param rosters     paths, as of psy_screening_run()
 * @param n_rosters   their number; 0: there is none
 * @param responses   paths, at least one
 * @param n_responses their number
 * @param options     threads, progress, allocator; NULL: defaults
 * @param findings    what a run would find; may be NULL
 * @retval PSY_E_DATA PSY_E_ARGUMENT PSY_E_CANCELLED PSY_E_IO PSY_E_NOMEM
 *
 * Time as psy_screening_run() without writing.
 */
PSY_API psy_status psy_norms_build(psy_norms **out, const psy_plan *plan,
                                   const char *const *rosters, size_t n_rosters,
                                   const char *const *responses, size_t n_responses,
                                   const psy_screening_options *options, psy_findings *findings,
                                   psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
