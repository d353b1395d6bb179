/**
 * @file screening.h
 * The main job: a plan and files in, a directory of results out.
 */
#ifndef PSYSCREEN_SCREENING_H
#define PSYSCREEN_SCREENING_H

#include <psyscreen/allocator.h>
#include <psyscreen/catalog.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/plan.h>
#include <psyscreen/stream.h>
#include <psyscreen/table.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where a run is; `total` 0 means unknown. */
typedef struct psy_progress {
    const char *phase; /**< "read", "score", "norms", "tiers", "write" */
    uint64_t done, total;
} psy_progress;

/** Who a file beside the fixed ones is for; bits, which may be added. Values are frozen. */
typedef enum psy_role {
    PSY_ROLE_HOMEROOM = 1,   /**< roles/homeroom/SCHOOL/GRADE-CLASS.xlsx: done, and needs care */
    PSY_ROLE_LEADER = 2,     /**< roles/leader/SCHOOL.xlsx: sums */
    PSY_ROLE_CENTRE = 4,     /**< roles/centre/key_list.xlsx: the worst tier, with names */
    PSY_ROLE_BUREAU = 8,     /**< roles/bureau/summary.xlsx: sums */
    PSY_ROLE_PSYCHOLOGY = 16 /**< schools/SCHOOL.xlsx, which is written anyway */
} psy_role;

/** The bit of a role by name ("homeroom" or "班主任", "leader", "centre", "bureau",
 * "psychology"); 0 for any other text and for NULL. */
PSY_API uint32_t psy_role_named(const char *name);

/** Options of a run; zero means the default everywhere. */
typedef struct psy_screening_options {
    uint32_t version;   /**< PSY_SCREENING_OPTIONS_VERSION */
    uint32_t n_threads; /**< 0: one per core */
    bool force;         /**< go on over a directory of another run */
    bool no_workbooks;  /**< scores.csv, findings.csv and run.json only */
    /** Called now and then from the calling thread; non-zero stops with PSY_E_CANCELLED. */
    int (*progress)(void *context, const psy_progress *progress);
    void *progress_context;
    const psy_allocator *allocator;
    uint32_t roles; /**< since version 2: psy_role bits, beside those of the plan */
    /**
     * Receives why each student has the tier he has, the caller's; NULL: not wanted.
     *
     * One row for each value that a rule read which fired or stays open: `student`, `school`
     * and `rule` (texts), `kind` ("urgent", "review", "unanswered", "tier"), `rank` (int64),
     * `outcome` ("fired", "undecided"), `cause` ("blank", "no_norm"), `even_with_blanks`
     * (bool); what was read: `operand` ("mht.total", "phq9.item(9)"), `state` ("known",
     * "prorated", "blank", "refused", "no_norm", "no_record", "unknown"), `value`, `low` and
     * `high` (double; what it could be), `word` (a band, a category); `text_en` and `text_zh`,
     * the rule's own words; `mark`, why a standard score is no exact reading of its norm
     * ("clipped;pooled;shrunk;stale;others").  Students without consent are not in it.
     */
    psy_table **reasons;
    /** Since version 3: workbooks by libxlsxwriter alone: the same cells, slower. */
    bool reference_writer;
    bool fast; /**< since version 3: light compression, sooner */
    /** Since version 4: CSV `school,password`: every workbook is encrypted (encryption.h,
     * docs/security.md).  NULL: the plan's `outputs: {passwords: FILE}`, else none is. */
    const char *passwords;
    /** Since version 4: make that file, which must not be there, with a passphrase of 100 random
     * bits for each workbook; instead of `passwords`. */
    const char *new_passwords;
    /** Since version 4: where to write which pseudonym is which student (0600, must not be
     * there, not inside the results); NULL: nowhere. */
    const char *mapping;
    /** Since version 4: where encrypted workbooks are put together; NULL: a tmpfs, or
     * PSY_E_OUTPUT without one. */
    const char *tmpdir;
    const char *external; /**< since version 4: reports from outside, read as the plan's `inputs: external` says */
    const char *previous; /**< results of the wave before; NULL: the plan's `inputs: previous` */
    uint32_t capacity;    /**< interviews a school can hold; 0: the plan's `tiers: capacity` */
    bool what_if;         /**< write whatif.csv, too: how many with every possible cut */
    /**
     * Since version 5: about how many bytes of memory the run may take, at least a MiB; 0: what
     * it needs.  What is more lies in a file without a name (0600, gone when the process ends,
     * however it ends): in `tmpdir`, else beside the results; with passwords in a tmpfs, like
     * everything that is not encrypted yet.  The results are the same bytes.  The system may keep
     * the file in memory that nobody else wants.  Many findings stay in that file, too, as long as
     * the list that received them is there: `allocator` has to be there as long.
     */
    uint64_t memory;
    /** Since version 5: the results of an earlier release of this wave, for psy_screening_run_part():
     * the local norms that were frozen there judge, as they do in psy_screening_run(), which takes
     * those of its own directory and does not read this. */
    const char *released;
    /** Since version 5: what psy_collected_save() wrote of PSY_COLLECT_COUNTS, for the sheet
     * 处置进度 of the district's workbook; NULL: from `entries`, else it says how to fill it. */
    const char *counts;
    /**
     * Since version 6: makes the workbooks of schools elsewhere, for instance on other machines
     * with psy_screening_run_part() and shares (wave.h): as `directory`/schools/NAME.xlsx, byte
     * for byte what would be made here.  Called once, from the calling thread, when everything
     * is judged; `findings` are those of the run, sorted.  Then the files are put into place.
     * Non-zero stops with PSY_E_CANCELLED.  Not called where workbooks are encrypted: those are
     * made here.  NULL: all are.
     */
    int (*schools)(void *context, const char *directory, const psy_findings *findings);
    void *schools_context;
    /**
     * Since version 7: what psy_collected_save() wrote of PSY_COLLECT_ENTRIES: the entries that
     * schools have made in 跟进台账 and 预警名单 of an earlier run of this wave stand in the new
     * workbooks again, each in its own cell, as text and never as a formula. Cases that are not
     * on the list any more keep their rows in the ledger. Entries that belong to no case or to
     * no school of this run are a finding each (`entry_left_out`). Without `counts`, 处置进度 of
     * the district's workbook is counted from them. NULL: ledgers begin anew.
     */
    const char *entries;
    /**
     * Since version 8: published.csv of an earlier run of this wave whose district's workbook was
     * handed out; NULL: the plan's `inputs: previous_publication`, else none was. What the two
     * publications, subtracted, would tell about fewer students than `small_cell` is hidden in
     * this one, and a finding (`published_difference`) says how much that is. PSY_E_DATA when it
     * is of another plan or wave.
     */
    const char *previous_publication;
    /**
     * Since version 9: more of them, where a wave was published several times: what any of them,
     * subtracted from this one, would tell is hidden. A file named twice is read once.
     */
    const char *const *previous_publications;
    size_t n_previous_publications;
} psy_screening_options;
#define PSY_SCREENING_OPTIONS_VERSION 9u

/** What came out, for a summary table. */
typedef struct psy_screening_summary {
    uint64_t target, exempt, due, tested, valid; /**< T, E, D, C, V */
    uint64_t records, unmatched, duplicates, schools, workbooks;
    uint64_t urgent, review, critical_unanswered, not_judged;
    uint64_t status[8]; /**< no_consent, absent, invalid, retest, incomplete, doubtful, valid */
    uint64_t tier[16];  /**< students by tier rank, 0 = none */
    double seconds_read, seconds_score, seconds_write;
} psy_screening_summary;

/**
 * Run a screening: read, score, norm, decide, write (design of the outputs: docs/outputs.md).
 * Files appear complete or not at all; a run that was stopped is resumed by the same call.
 * Several rosters, as of each school its own, count as one list in whatever order they are given;
 * each has its own header, format and encoding, as the plan declares them.
 *
 * @param plan       the plan
 * @param rosters    paths of rosters, each a file
 * @param n_rosters  their number, at most 65535; 0: there is none
 * @param responses  paths of response files
 * @param directory  made if it is not there (its parent must be)
 * @param findings   receives what findings.csv holds; may be NULL
 * @param summary    may be NULL
 * @retval PSY_E_DATA    an input cannot be read as declared; of several rosters one is given twice
 *                       (the same bytes) or lists nobody
 * @retval PSY_E_OUTPUT  a result could not be written, or belongs to another run
 */
PSY_API psy_status psy_screening_run(const psy_plan *plan, const char *const *rosters,
                                     size_t n_rosters, const char *const *responses,
                                     size_t n_responses, const char *directory,
                                     const psy_screening_options *options, psy_findings *findings,
                                     psy_screening_summary *summary, psy_error *error);

/**
 * scores.csv of a run as a table.
 *
 * Columns are those of the file: `grade`, `tier`, `tier_upper` and `.answered` int64, scores
 * and standard scores double, flags bool, everything else text; empty cells are missing.
 *
 * @param out   receives the table, the caller's; untouched on failure
 * @param plan  of the run: says what a column is; columns it does not know are text
 * @param path  the file, at most 1 GiB
 * @retval PSY_E_IO     it cannot be read
 * @retval PSY_E_DATA   it is no scores.csv; the sentence says where
 * @retval PSY_E_LIMIT PSY_E_NOMEM
 */
PSY_API psy_status psy_scores_read(psy_table **out, const psy_plan *plan, const char *path,
                                   const psy_allocator *allocator, psy_error *error);

/**
 * The critical list alone, from item columns only, on partial exports too: CSV with
 * due,class,student,school,grade,class_name,submitted_at,flags,row,file, most urgent first.
 * `due` is the submission time plus the plan's hours.  Ids as the plan prints them.
 */
PSY_API psy_status psy_critical_run(const psy_plan *plan, const char *const *responses,
                                    size_t n_responses, const psy_sink *sink,
                                    const psy_screening_options *options, psy_findings *findings,
                                    uint64_t *n_listed, psy_error *error);

/**
 * The critical list as CSV through `sink` (may be NULL), as psy_critical_run() writes it, and as
 * a workbook at `workbook` (may be NULL; one of both is needed): in the same order, with the
 * flags in words, due times, and columns for the interview.  Names stand on it where the plan
 * prints plain ids, or prints names for schools and all lines are of one school.  The options'
 * `passwords` (its line for the name of the file, `list.xlsx`) or `new_passwords` encrypt it.
 *
 * Of several files one that cannot be read (cut off, of another form, not there) does not hold the
 * others up: with `findings` given it is left out, an error finding `file_left_out` says which and
 * why, and so does the workbook.
 *
 * @retval PSY_E_DATA    an input cannot be read as declared; no password for this workbook
 * @retval PSY_E_OUTPUT  there is a file at `workbook` already, which is never overwritten, or it
 *                       could not be written
 * @retval PSY_E_LIMIT   more lines than a sheet has rows (1,048,576)
 */
PSY_API psy_status psy_critical_write(const psy_plan *plan, const char *const *responses,
                                      size_t n_responses, const psy_sink *sink,
                                      const char *workbook,
                                      const psy_screening_options *options,
                                      psy_findings *findings, uint64_t *n_listed,
                                      psy_error *error);

/** What psy_check found. */
typedef struct psy_check_counts {
    uint64_t files, instruments, plans, norms, scales, flags, examples, examples_failed;
    uint64_t errors, warnings, notes;
    uint64_t remembered; /**< blocks whose confidence is memory or conflict */
} psy_check_counts;

/**
 * Lint definitions and run their worked examples.  Directories are searched for `*.yaml`,
 * `norms/` and `plans/`.  Problems are findings, not errors.
 */
PSY_API psy_status psy_check(const char *const *paths, size_t n_paths,
                             const char *const *catalog_directories, size_t n_directories,
                             const psy_allocator *allocator, psy_findings *findings,
                             psy_check_counts *counts, psy_error *error);

/**
 * A plausible district for trying things out: roster.csv, responses*.csv, truth.csv,
 * plan.yaml and district.key in `directory`; always the same for a seed.
 */
PSY_API psy_status psy_simulate(const psy_plan *plan, uint64_t n_students, uint32_t n_schools,
                                uint64_t seed, const char *directory,
                                const psy_allocator *allocator, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
