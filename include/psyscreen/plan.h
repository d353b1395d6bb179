/**
 * @file plan.h
 * A whole screening as data: inputs, batteries, norms, tiers, outputs.
 */
#ifndef PSYSCREEN_PLAN_H
#define PSYSCREEN_PLAN_H

#include <psyscreen/allocator.h>
#include <psyscreen/catalog.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Immutable; may be shared between threads.  Borrows instruments from its catalogue. */
typedef struct psy_plan psy_plan;

/**
 * Load a plan.
 *
 * @param catalog   must outlive the plan
 * @param findings  receives every problem and every lint finding; may be NULL
 * @retval PSY_E_NOT_FOUND  an instrument is not in the catalogue
 */
PSY_API psy_status psy_plan_load_file(psy_plan **out, const char *path, const psy_catalog *catalog,
                                      const psy_allocator *allocator, psy_findings *findings,
                                      psy_error *error);
PSY_API void psy_plan_free(psy_plan *plan);
PSY_API const char *psy_plan_id(const psy_plan *plan);
/** Ranks above 0 of the plan's tier scheme: 0 for a plan without tiers, else its worst rank. */
PSY_API int psy_plan_highest_rank(const psy_plan *plan);
/**
 * The name of a rank in the plan's tier scheme ("二级预警", "level 2"), which says nothing without
 * the legend of the scheme.  NULL where there is no such rank.
 *
 * @param language  "zh" or "en"
 */
PSY_API const char *psy_plan_tier_name(const psy_plan *plan, int rank, const char *language);
/** Which end of the scheme is worst ("一级最重，三级最轻。"); NULL for a plan without tiers. */
PSY_API const char *psy_plan_tier_legend(const psy_plan *plan, const char *language);
/** 64 hex digits; changes whenever a result could. */
PSY_API const char *psy_plan_fingerprint(const psy_plan *plan);

/**
 * Which header texts the plan accepts for a column of an input, one a line; nothing where it
 * declares none.  "#3" is the third column.
 *
 * @param input  "responses" or "roster"
 * @param field  "student", "school", "grade", ... as under `columns` of the input
 * @retval PSY_E_NOT_FOUND  no such input or field
 * @retval PSY_E_OUTPUT     the sink refused
 */
PSY_API psy_status psy_plan_headers(const psy_plan *plan, const char *input, const char *field,
                                    const psy_sink *sink, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
