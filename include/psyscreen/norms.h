/**
 * @file norms.h
 * Norm tables: standard scores of raw scores, exactly, for a person.
 */
#ifndef PSYSCREEN_NORMS_H
#define PSYSCREEN_NORMS_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/table.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One norm file. Immutable; may be shared between threads. */
typedef struct psy_norms psy_norms;

/** What a norm may ask about a person; zero means unknown everywhere. */
typedef struct psy_norm_person {
    int32_t sex;       /**< 1 male, 2 female */
    int32_t informant; /**< 1 self, 2 parent, 3 teacher */
    int32_t grade;     /**< 1 to 12 school, 13 to 16 university */
    int32_t has_age;   /**< not 0: `age` holds */
    int32_t age;       /**< completed years */
    /** completed months since birth, for norms that ask for a point in time and groups by months;
     * 0: not known, then the norm says where in the year somebody of `age` stands, and a group by
     * months holds who is of a year of age that it holds whole */
    int32_t months;
} psy_norm_person;

/**
 * Load `<name>.yaml` and the CSV beside it.
 *
 * @param out       receives the norms, the caller's; untouched on failure
 * @param path      the YAML file
 * @param allocator NULL: malloc; must outlive the norms
 * @param findings  receives every problem, with line and column; may be NULL
 * @param error     the first problem; may be NULL
 * @retval PSY_E_ARGUMENT  no `out` or no path
 * @retval PSY_E_SYNTAX PSY_E_SCHEMA PSY_E_LIMIT PSY_E_IO PSY_E_NOMEM
 */
PSY_API psy_status psy_norms_load_file(psy_norms **out, const char *path,
                                       const psy_allocator *allocator, psy_findings *findings,
                                       psy_error *error);
/** NULL is fine. */
PSY_API void psy_norms_free(psy_norms *norms);
/** Id of the norms, "us_users_guide"; borrowed. */
PSY_API const char *psy_norms_id(const psy_norms *norms);
/** The reference group in "en" or "zh"; the other language where one is missing; borrowed. */
PSY_API const char *psy_norms_population(const psy_norms *norms, const char *language);

/**
 * Standard score of one raw score.
 *
 * From mean and standard deviation: T = 50 + 10 (x - m)/s, z = (x - m)/s, IQ = 100 + 15 z;
 * from a table, its entry; from counts, T, z and IQ by the group's own mean and standard
 * deviation (n - 1), and the mid-rank percentile 100 (B + E/2)/n, where B persons score
 * below and E the same.  All are computed in integers and rounded once, as the file says.
 *
 * @param norms   the norms
 * @param scale   id of the scale as in the CSV
 * @param metric  "t", "z", "iq", "percentile" or "standard"; NULL when the file has one
 * @param person  whose score it is
 * @param raw     the printed raw score; stands for the decimal it is nearest to
 * @param out     the standard score; NaN where the norms have none: no row for this person
 *                (a row that asks what is unknown does not apply), outside the table, s = 0,
 *                or `raw` is NaN
 * @param error   may be NULL
 * @retval PSY_E_ARGUMENT   the file has several metrics and none is named, or a field of
 *                          `person` is outside its list
 * @retval PSY_E_NOT_FOUND  no such metric or scale in this file
 *
 * Time O(rows of the file).
 * Source: McCall, W. A. (1922), How to measure in education (T); tests/reference/b_norms.
 */
PSY_API psy_status psy_norms_standard(const psy_norms *norms, const char *scale, const char *metric,
                                      const psy_norm_person *person, double raw, double *out,
                                      psy_error *error);

/* ---- counts: local norms ------------------------------------------------------------- */

/**
 * Were these norms counted by psyscreen, from the scores of a wave (`kind: histogram` with
 * `local:`)?  Then a person is judged by his group, or, where it is too small, by moments
 * shrunk towards all groups or by a wider group, as the file says; every metric but
 * "standard" is at hand.
 */
PSY_API bool psy_norms_are_counts(const psy_norms *norms);
/** May a plan name them?  Counts only once they are frozen, all other norms always. */
PSY_API bool psy_norms_are_frozen(const psy_norms *norms);

/**
 * Add the counts of several norms: districts, or waves of one.  Integers are added, so the same
 * parts give the same bytes in any order and grouping.
 *
 * @param out       receives the sum, not frozen, the caller's
 * @param parts     shape (n_parts,); frozen ones too
 * @param id        of the sum; its file is called <id>.yaml
 * @param allocator NULL: malloc
 * @retval PSY_E_DATA  one is not counted by psyscreen, is of another instrument, edition, variant,
 *                     informant, scale, of other groups, limits or metrics, or the same counts
 *                     are in two of them
 * @retval PSY_E_ARGUMENT PSY_E_LIMIT PSY_E_NOMEM
 *
 * Time O(rows log rows).
 */
PSY_API psy_status psy_norms_merge(psy_norms **out, const psy_norms *const *parts, size_t n_parts,
                                   const char *id, const psy_allocator *allocator,
                                   psy_error *error);
/**
 * The same counts, declared final: what a plan of a later wave names.
 *
 * @retval PSY_E_DATA  not counted by psyscreen
 */
PSY_API psy_status psy_norms_freeze(psy_norms **out, const psy_norms *norms,
                                    const psy_allocator *allocator, psy_error *error);
/**
 * Write counts to `<id>.yaml` and the CSV beside it; each appears complete or not at all, the
 * head last.  Equal counts are equal bytes.
 *
 * @param path  its last part is <id>.yaml
 * @retval PSY_E_ARGUMENT PSY_E_DATA PSY_E_OUTPUT PSY_E_NOMEM
 */
PSY_API psy_status psy_norms_write_file(const psy_norms *norms, const char *path, psy_error *error);
/**
 * The groups of norms as a table: norm, scale, stage, grade, sex, n, mean, sd, lowest, highest,
 * judged_by ("own", "shrunk", "pooled", "none"; empty unless counts), lambda, judging_mean,
 * judging_sd.  Of a table of published norms n, mean and sd are what the file has.
 *
 * @param out  receives the table, the caller's; one row a group in file order
 * @retval PSY_E_NOMEM
 */
PSY_API psy_status psy_norms_table(psy_table **out, const psy_norms *norms,
                                   const psy_allocator *allocator, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
