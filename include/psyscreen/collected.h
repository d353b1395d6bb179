/**
 * @file collected.h
 * What people wrote into the workbooks of schools, brought together again.
 *
 * Schools fill in 跟进台账 and 预警名单.  Rows carry a case number that is the same for a student
 * in a wave, so what stands in them can be read back, whatever order the rows have now.
 * The workbooks are only read.
 */
#ifndef PSYSCREEN_COLLECTED_H
#define PSYSCREEN_COLLECTED_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/plan.h>
#include <psyscreen/table.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of a collection; zero means the default everywhere. */
typedef struct psy_collect_options {
    uint32_t version;      /**< PSY_COLLECT_OPTIONS_VERSION */
    const char *passwords; /**< file `school,password` of workbooks that have one; NULL: none */
    const char *as_of;     /**< YYYY-MM-DD: what was due before it is overdue; NULL: not said */
    const psy_allocator *allocator;
} psy_collect_options;
#define PSY_COLLECT_OPTIONS_VERSION 1u

/** The tables of a collection.  Values are frozen. */
typedef enum psy_collect_part {
    /**
     * One row for each row of a ledger that has a case number or anything else in it, and for each
     * row of a warning list that people wrote into; by school, case, sheet, seq, file, row.
     * `file`, `sheet` (follow_up, alert_list), `row` · `school`, `case_id`, `student_code` (as the
     * run printed it), `grade`, `class`, `tier` (rank; empty: not judged or case unknown) ·
     * `touched` (anything written that was not there from the start) · `problem` (rule of the
     * finding that keeps the row out of the counts, or empty) · `due_by` · `as_of` (the
     * day it was collected for; empty without) · then the columns of
     * 跟进台账 by their keys, and `note`.  Dates are YYYY-MM-DD; choices are the English words of
     * the list, whatever the workbook's language; what is no date or no choice stands as it was
     * written.  Of a warning list `interview_date` is `date` and `interview_result` is
     * `conclusion`.  Names of students are not taken along; free texts are.
     */
    PSY_COLLECT_ENTRIES = 0,
    /**
     * Counts of cases, without anybody's name or number: `school`, `tier` (rank of the run) ·
     * `cases` · `interviewed` (an interview with a date, or a conclusion) · `due`, `on_time` (of
     * those with a due time: interviewed by that day), `overdue` (not closed, and past the due
     * time without an interview, or past `next_date` without a later contact; empty without
     * `as_of`) · `guardian_informed`, `referred`, `in_treatment` · by latest state: `to_review`,
     * `in_progress`, `watching`, `state_referred`, `state_in_treatment`, `closed`, `reopened`,
     * `other`.  Small numbers are not hidden: this is for whoever may see the workbooks.
     */
    PSY_COLLECT_COUNTS = 1,
    PSY_COLLECT_PARTS = 2
} psy_collect_part;

typedef struct psy_collected psy_collected;

/**
 * Read the entries of the workbooks of one run.
 *
 * @param out        receives the collection, the caller's; untouched on failure
 * @param plan       the plan of the run: its tier names
 * @param results    the run's directory, with run.json and scores.csv: which cases there are
 * @param workbooks  paths of workbooks, edited or not; NULL with 0: DIR/schools, all of them
 * @param options    NULL: defaults
 * @param findings   receives, with file, row and name of the cell: `case_unknown`, `case_edited`,
 *                   `row_edited`, `row_missing`, `row_repeated`, `unknown_value`, `bad_date`,
 *                   `column_missing`, `sheet_missing`, `workbook_missing`, `workbook_repeated`,
 *                   `state_differs`, `case_filled_in`; may be NULL
 * @retval PSY_E_DATA      no results of psyscreen; a file that is no workbook, or is damaged; a
 *                         password that is missing or does not open its workbook
 * @retval PSY_E_ARGUMENT  nothing to read; `as_of` is no date; options of a later version
 * @retval PSY_E_IO PSY_E_NOMEM
 *
 * The same tables for any order of files and rows.  Workbooks may come without a password, or
 * with the one of their school by Excel or LibreOffice.  Time: that of reading the workbooks,
 * about 20 ms more for one with a password.  Threads: any number, on different collections.
 * Test: tests/unit/screening/test_collect.c, tests/golden/collect.py.
 */
PSY_API psy_status psy_collect_run(psy_collected **out, const psy_plan *plan, const char *results,
                                   const char *const *workbooks, size_t n_workbooks,
                                   const psy_collect_options *options, psy_findings *findings,
                                   psy_error *error);
PSY_API void psy_collected_free(psy_collected *collected);
/** A table of the collection, which keeps it. */
PSY_API const psy_table *psy_collected_table(const psy_collected *collected, psy_collect_part part);
/** The same, handed over: the caller frees it, and the collection has it no longer (NULL). */
PSY_API psy_table *psy_collected_take(psy_collected *collected, psy_collect_part part);

/**
 * Write a table as CSV into a file that only its owner may read (0600), replacing it.  The file
 * appears complete or not at all.
 * @retval PSY_E_ARGUMENT  the table was taken away
 * @retval PSY_E_OUTPUT PSY_E_NOMEM
 */
PSY_API psy_status psy_collected_save(const psy_collected *collected, psy_collect_part part,
                                      const char *path, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
