/**
 * @file findings.h
 * Findings: what was noticed about data or a definition, each with its place.
 */
#ifndef PSYSCREEN_FINDINGS_H
#define PSYSCREEN_FINDINGS_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/stream.h>
#include <psyscreen/table.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A note changes nothing; a warning changed a value; an error left something out. */
typedef enum psy_severity { PSY_NOTE = 0, PSY_WARNING = 1, PSY_ERROR = 2 } psy_severity;

/**
 * One finding.  Texts are borrowed from the psy_findings (or, when adding, copied into it)
 * and may be NULL where they do not apply.
 */
typedef struct psy_finding {
    const char *file;    /**< input file or definition, as the caller named it; of a whole run, its last name */
    uint64_t row;        /**< data: physical line of the record; definitions: line; 0 none */
    uint32_t column;     /**< definitions: column in code points; 0 for data */
    uint32_t length;     /**< definitions: code points underlined */
    const char *field;   /**< data: name of the column; definitions: path, "scales/total" */
    const char *rule;    /**< short stable name of the kind of finding, "out_of_range" */
    psy_severity severity;
    const char *subject; /**< pseudonym of the student or id of the thing; never a name */
    const char *message; /**< one sentence; never a name or a valid answer */
    const char *remedy;  /**< what to do; may be NULL */
} psy_finding;

/** A growing list of findings.  One thread at a time. */
typedef struct psy_findings psy_findings;

/** Make an empty list. @retval PSY_E_NOMEM */
PSY_API psy_status psy_findings_new(psy_findings **out, const psy_allocator *allocator,
                                    psy_error *error);
PSY_API void psy_findings_free(psy_findings *findings);
/** Add a copy of `finding`.  NULL `findings` is fine and does nothing. */
PSY_API psy_status psy_findings_add(psy_findings *findings, const psy_finding *finding,
                                    psy_error *error);
PSY_API size_t psy_findings_count(const psy_findings *findings);
/** Finding `index`; its texts live as long as the list. */
PSY_API psy_finding psy_findings_get(const psy_findings *findings, size_t index);
/** How many have exactly this severity. */
PSY_API size_t psy_findings_count_severity(const psy_findings *findings, psy_severity severity);
/** Stable order: file, row, column, field, rule, subject, message, all bytewise. */
PSY_API void psy_findings_sort(psy_findings *findings);
/** CSV with the header file,row,column,rule,severity,subject,message; UTF-8, LF. */
PSY_API psy_status psy_findings_write_csv(const psy_findings *findings, const psy_sink *sink,
                                          psy_error *error);
/** One JSON object a line, with all fields. */
PSY_API psy_status psy_findings_write_json(const psy_findings *findings, const psy_sink *sink,
                                           psy_error *error);

/**
 * The findings as a table: `file` (text), `row` (int64; missing where there is none), `column`
 * (text: the name of the column, or the path within a definition), `rule`, `severity` ("note",
 * "warning" or "error"), `subject`, `message`, `remedy` (texts), and for definitions `position`
 * and `length` (int64, code points within the line).  One row a finding, in the list's order.
 *
 * @param out  receives the table, the caller's; untouched on failure
 * @retval PSY_E_NOMEM
 */
PSY_API psy_status psy_findings_table(psy_table **out, const psy_findings *findings,
                                      const psy_allocator *allocator, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
