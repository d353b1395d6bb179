/**
 * @file draft.h
 * A first plan for a file somebody has exported.
 */
#ifndef PSYSCREEN_DRAFT_H
#define PSYSCREEN_DRAFT_H

#include <psyscreen/allocator.h>
#include <psyscreen/catalog.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/stream.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PSY_DRAFT_OPTIONS_VERSION 1

/** What only the person who exported the file knows.  Zeroes and NULLs: not said. */
typedef struct psy_draft_options {
    uint32_t version;       /**< PSY_DRAFT_OPTIONS_VERSION */
    const char *encoding;   /**< of a text file that is not UTF-8: "gb18030" */
    const char *sheet;      /**< of a workbook with several */
    uint64_t header_row;    /**< 0: the first row that is filled as a header is */
    const char *id, *wave;  /**< of the plan; NULL: "draft" */
    const char *student;    /**< header of the column that tells students apart, where none is usual */
    const char *dates;      /**< "ymd", "dmy" or "mdy" */
    const char *sex;        /**< "1=male,2=female" */
    const char *consent;    /**< "critical_only" or "ignore", where a column has consent */
    const char *at;         /**< "phq9=12,gad7=21": the column of the first item of each */
    const char *key_file;   /**< pseudonyms by this key; NULL: plain ids */
    const char *const *answers; /**< what a text of the file stands for, where the definition words
                                     it otherwise: "phq9:偶有几天=1"; the value is a code or an answer
                                     of the definition, the text is up to the last equals sign */
    size_t n_answers;
    const char *without; /**< "14,20": columns that belong to no questionnaire, as a question of the
                              form's own or an attention check among its items */
    const psy_allocator *allocator;
} psy_draft_options;

/**
 * Write a first plan for a table file (CSV, XLSX, SPSS).
 *
 * Person columns are known by their usual headers (学籍号, 提交答卷时间, ...).  Items are looked for
 * in this order: generated names (phq9_1), one complete numbered series (PHQ_001), then runs of
 * questions whose cells are all answers of the items in turn.  Several instruments are in the
 * order in which they stand in the file.  Every text observed in an item column must be an
 * answer of that item, by the definition or by `answers`, and the map from texts to codes is
 * written into the report.  Where columns look like a questionnaire in other words, the question
 * shows their texts and the codes they could have.
 *
 * Nothing is guessed: where two readings are possible (two places for a questionnaire, 1-4 for
 * 0-3 or a coding of its own, sex codes, the order of day and month) no plan is written; each
 * open question is a finding of severity error that says what the readings are and how to
 * choose.  Findings quote headers and answers, never other cells.
 *
 * @param file         path of the export
 * @param instruments  "ID[@EDITION][:VARIANT]"; the variant "index" reads numbers as option
 *                     numbers, 1 for the first answer of the definition
 * @param plan         receives the plan's YAML, only when there is no open question
 * @param report       receives what was found, as text; may be NULL
 * @param findings     receives open questions; may be NULL
 * @retval PSY_E_DATA  there are open questions, or the file cannot be read
 * @retval PSY_E_NOT_FOUND  an instrument is not in the catalogue
 */
PSY_API psy_status psy_plan_draft(const psy_catalog *catalog, const char *file,
                                  const char *const *instruments, size_t n_instruments,
                                  const psy_sink *plan, const psy_sink *report,
                                  const psy_draft_options *options, psy_findings *findings,
                                  psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
