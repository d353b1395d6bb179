/**
 * @file wave.h
 * A screening in parts, on one machine after the other or on many at once.
 *
 * The students of a wave are divided into parts; a part holds whole schools, and with them
 * every sheet that could be one of their students'.  What one part must know of all others is
 * little: how the scores are distributed (local norms), when the last sheet came in, how long
 * the input files were.  So each part is read twice: once folded into a psy_wave, which adds
 * up exactly, and once run, given the sum.  Scores and workbooks of schools are, byte for
 * byte, those of psy_screening_run() over everything.
 *
 * **Which schools belong together.**  A sheet is matched by its student's code, wherever it
 * says it comes from.  So schools that share a code (compared without blanks at the ends, with
 * narrow letters, in any case) stand in one part, and a sheet goes to the part of the school
 * whose student has its code; where nobody has it, to the part of the school it names.
 *
 * **Shares.**  Where sheets are matched otherwise than by code, have numbers that have changed,
 * or are ranked among all others, rows cannot be divided before everybody is known.  Then a
 * part is a share: every share reads all files and matches everybody, which is quick, and scores,
 * judges and writes the students of its schools only.  Every plan can be run in shares.
 */
#ifndef PSYSCREEN_WAVE_H
#define PSYSCREEN_WAVE_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/plan.h>
#include <psyscreen/screening.h>
#include <psyscreen/stream.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the parts of a wave tell each other.  One thread at a time while it is added to. */
typedef struct psy_wave psy_wave;

/**
 * The records of a part: UTF-8, separated by commas, the header in the first line.
 *
 * Every part gets every roster and every file of responses in the same order, with its header even
 * where it has none of its rows.  Names are those of the whole files, for messages and covers.
 */
typedef struct psy_screening_part {
    const psy_source *rosters;
    size_t n_rosters; /**< 0: there is none */
    const psy_source *responses;
    size_t n_responses;
    /**
     * A share of the schools of whole files instead: number `share` of `n_shares`; 0 of 0: the
     * part is what the sources above hold.  Files are read as the plan describes them, as
     * psy_screening_run() does.
     */
    uint32_t share, n_shares;
    const char *const *roster_paths;   /**< n_rosters of them, in any order */
    const char *const *response_paths; /**< n_responses of them */
    const char *run; /**< of a share: directory of the run, whose frozen norms hold; or NULL */
    /** Of a share: the findings of the whole, which workbooks quote; NULL: those of the share,
     * which are fewer. */
    const psy_findings *findings;
} psy_screening_part;

/**
 * A wave nothing was added to.
 *
 * @param out   receives the wave, the caller's; untouched on failure
 * @param plan  must outlive the wave
 * @retval PSY_E_NOMEM
 */
PSY_API psy_status psy_wave_new(psy_wave **out, const psy_plan *plan,
                                const psy_allocator *allocator, psy_error *error);
PSY_API void psy_wave_free(psy_wave *wave);

/**
 * Add a part: read it, score it and count it.  The order of parts does not matter.
 *
 * @param options  threads, allocator, previous wave; NULL: defaults
 * @retval PSY_E_DATA         as psy_screening_run(); the wave is then of no use
 * @retval PSY_E_UNSUPPORTED  the part is no share, and something of the plan is decided over all
 *                            students at once; the sentence names it
 */
PSY_API psy_status psy_wave_fold(psy_wave *wave, const psy_screening_part *part,
                                 const psy_screening_options *options, psy_error *error);
/** Add another wave of the same plan. @retval PSY_E_ARGUMENT another plan or other files */
PSY_API psy_status psy_wave_merge(psy_wave *to, const psy_wave *from, psy_error *error);
/** As text, to be sent; psy_wave_read() reads it back. @retval PSY_E_OUTPUT */
PSY_API psy_status psy_wave_write(const psy_wave *wave, const psy_sink *sink, psy_error *error);
/** @retval PSY_E_DATA  not a wave, or one of another plan */
PSY_API psy_status psy_wave_read(psy_wave **out, const psy_plan *plan, const char *text,
                                 size_t length, const psy_allocator *allocator, psy_error *error);

/**
 * Run a part, given the wave of all parts.
 *
 * @param part       the same as was folded, or, of shares, any division into shares
 * @param directory  where `schools/` with the workbooks is made; NULL: no workbooks
 * @param told       called with `school` NULL and the first line of scores.csv, then once for
 *                   each school, in order of the codes, with the lines of its students; from
 *                   the calling thread; non-zero stops with PSY_E_CANCELLED.  May be NULL
 * @param context    of `told`
 * @param options    threads, no_workbooks, reasons, previous wave, released; NULL: defaults
 * @param findings   receives what findings.csv would hold of this part; rows are lines of the
 *                   part's text.  Findings about the wave (norms) are told by every part
 * @retval PSY_E_DATA PSY_E_OUTPUT  as psy_screening_run()
 *
 * Neither the workbook of the district nor that of unmatched sheets is made: they speak about
 * all parts.
 */
PSY_API psy_status psy_screening_run_part(const psy_plan *plan, const psy_wave *wave,
                                          const psy_screening_part *part, const char *directory,
                                          int (*told)(void *context, const char *school,
                                                      const char *lines, size_t length),
                                          void *context, const psy_screening_options *options,
                                          psy_findings *findings, psy_error *error);
#ifdef __cplusplus
}
#endif
#endif
