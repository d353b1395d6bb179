/**
 * @file dossier.h
 * One student over several waves: 一生一策 心理成长档案, begun from the results of screenings.
 */
#ifndef PSYSCREEN_DOSSIER_H
#define PSYSCREEN_DOSSIER_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/plan.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of a dossier; zero means the default everywhere. */
typedef struct psy_dossier_options {
    uint32_t version;   /**< PSY_DOSSIER_OPTIONS_VERSION */
    const char *school; /**< code of the school, where several schools have the student's id */
    const psy_allocator *allocator;
    /** Since version 2: CSV `school,password`, whose line for the name of the file (`one.xlsx`)
     * encrypts it (encryption.h).  NULL: not encrypted. */
    const char *passwords;
    /** Since version 2: make that file, which must not be there, with one passphrase. */
    const char *new_passwords;
    /** Since version 2: where an encrypted workbook is put together; NULL: a tmpfs. */
    const char *tmpdir;
    /** Since version 3: what psy_collected_save() wrote of PSY_COLLECT_ENTRIES, in any number of
     * files: what people have written about the student's cases of these waves stands in 跟进与家校
     * 沟通, oldest wave first, as text and never as a formula; a row that was collected twice stands
     * once.  Rows of others are left out.  PSY_E_DATA: a file is none of these. */
    const char *const *entries;
    size_t n_entries;
} psy_dossier_options;
#define PSY_DOSSIER_OPTIONS_VERSION 3u

/**
 * Write the dossier of one student as a workbook: what is known of him, his scores in every wave,
 * the history of his tiers, what changed between waves, and empty tables for observations,
 * interviews, the plan of support, follow-up, referral, transfer and who looked into it.
 *
 * Scores of two waves are set beside each other only where instrument, edition, scoring
 * (fingerprint) and coding variant are the same; tiers only where scheme and rules are.  Standard
 * scores are printed, never compared: norms change.  Whether a change of a raw score is beyond
 * the error of measurement is said only where the plan's `change` states the reliability, the
 * standard deviation and their source: |index| >= 1.96, index (x2 - x1) / (sqrt 2 s sqrt(1 - r))
 * (Jacobson & Truax 1991, psy_change_index()).
 *
 * @param plan        words, language, tier scheme and `change`; its key file, where the waves
 *                    print pseudonyms and `student` is a student number
 * @param student     as scores.csv prints it; or, where a wave prints pseudonyms under this
 *                    plan's key, the student number
 * @param directories of results, each with its run.json and scores.csv, in any order
 * @param path        of the workbook; a file that is there already is never overwritten
 * @param n_waves     receives in how many of the directories the student stands; may be NULL
 * @retval PSY_E_ARGUMENT  nothing to read, or the student stands in none of them, or with the
 *                         same id in two schools of one and no school is named
 * @retval PSY_E_DATA      a directory holds no finished results of psyscreen
 * @retval PSY_E_OUTPUT    `path` is there already, or could not be written
 *
 * Reads the whole scores.csv of every directory.  Threads: any number, on different paths.
 */
PSY_API psy_status psy_dossier_write(const psy_plan *plan, const char *student,
                                     const char *const *directories, size_t n_directories,
                                     const char *path, const psy_dossier_options *options,
                                     size_t *n_waves, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
