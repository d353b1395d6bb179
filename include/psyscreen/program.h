/**
 * @file program.h
 * A rule of the rule language over columns of your own (docs/rules.md explains it).
 */
#ifndef PSYSCREEN_PROGRAM_H
#define PSYSCREEN_PROGRAM_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A compiled rule.  Immutable; may be shared between threads. */
typedef struct psy_program psy_program;

/**
 * Compile `text` over the number columns called `names`.
 *
 * @param out       receives the program, the caller's; untouched on failure
 * @param text      NUL-terminated UTF-8, at most 4,096 bytes, e.g. "total >= 15 and sex == 1"
 * @param names     names of the columns the text may use
 * @param n_names   how many
 * @retval PSY_E_EXPR  the text does not compile; error->where points at the token
 */
PSY_API psy_status psy_program_compile(psy_program **out, const char *text,
                                       const char *const *names, size_t n_names,
                                       const psy_allocator *allocator, psy_error *error);
PSY_API void psy_program_free(psy_program *program);

/**
 * Evaluate a boolean program.
 *
 * @param columns  one pointer per name, shape (n_rows,); NaN is missing.  Values must be
 *                 exact multiples of 1/1000 up to 1e12 in size; others count as missing
 * @param out      shape (n_rows,): 1 true, 0 false, -1 undecided
 * @retval PSY_E_ARGUMENT  the program computes a number
 */
PSY_API psy_status psy_program_decide(const psy_program *program, const double *const *columns,
                                      size_t n_rows, int8_t *out, psy_error *error);

/** Evaluate a number program; NaN where unknown. @retval PSY_E_ARGUMENT it is boolean */
PSY_API psy_status psy_program_compute(const psy_program *program, const double *const *columns,
                                       size_t n_rows, double *out, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
