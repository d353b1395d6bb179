/* report.h -- results to files. */
#ifndef PSYSCREEN_REPORT_REPORT_H
#define PSYSCREEN_REPORT_REPORT_H

#include "cohort/results.h"

#include <psyscreen/findings.h>
#include <psyscreen/screening.h>
#include <psyscreen/stream.h>

#include <stdbool.h>

/* scores.csv, columns as fixed by design §9. */
psy_status psyi_report_scores(const psyi_results *results, const psy_sink *sink, psy_error *error);
/* Lines of students first .. first + n - 1 of it, appended; the header before them or not. */
psy_status psyi_report_score_lines(const psyi_results *results, size_t first, size_t n, bool header,
                                   psyi_buffer *out, psy_error *error);
/* whatif.csv: rule,rank,score,cut,current,fires,decides,listed,waiting,schools_over. */
psy_status psyi_report_what_if(const psyi_results *results, const psy_sink *sink, psy_error *error);
/* run.json: versions, hashes, plan, counts, norms; no clock.  Outputs (name, sha256) follow. */
typedef struct psyi_output_file {
    char *name; /* relative to the run's directory */
    char digest[65];
    char plain[65]; /* of an encrypted workbook: what it decrypts to, else "" */
} psyi_output_file;
psy_status psyi_report_manifest(const psyi_results *results, const psyi_output_file *outputs,
                                size_t n_outputs, const psy_findings *findings,
                                const psy_sink *sink, psy_error *error);
/* Workbooks, written to `path` atomically after they were read back and checked. */
psy_status psyi_report_school(const psyi_results *results, size_t school, const char *path,
                              const psy_findings *findings, psy_error *error);
psy_status psyi_report_district(const psyi_results *results, const char *path,
                                const psy_findings *findings, psy_error *error);
psy_status psyi_report_unmatched(const psyi_results *results, const char *path, psy_error *error);
/* Critical hits without consent, and whether there are any. */
psy_status psyi_report_sealed(const psyi_results *results, const char *path, psy_error *error);
bool psyi_report_has_sealed(const psyi_results *results);
/* A file for one role: of the district, of a school, or of a class. */
typedef struct psyi_role_file {
    psy_role role;
    size_t school;            /* or SIZE_MAX */
    const uint32_t *students; /* of the class; NULL for other roles */
    size_t n_students;
} psyi_role_file;
psy_status psyi_report_role(const psyi_results *results, const psyi_role_file *file,
                            const char *path, const psy_findings *findings, psy_error *error);
/* published.csv: what the district's workbook says, hidden numbers as "*", and, with `leaders`,
 * what the files of leaders do. */
psy_status psyi_report_published(const psyi_results *results, bool leaders, const psy_sink *sink,
                                 psy_error *error);
/* Pseudonym, code and name of every student, into a new file (0600). */
psy_status psyi_report_mapping(const psyi_results *results, const char *path, psy_error *error);

/* Do the numbers of a wave look like those of published surveys?  `out` has room for
 * psyi_plausible_most; returns how many. */
typedef enum psyi_plausible_verdict {
    PSYI_PLAUSIBLE_NONE, /* cannot be checked */
    PSYI_PLAUSIBLE_IN_RANGE,
    PSYI_PLAUSIBLE_OUTSIDE,
    PSYI_PLAUSIBLE_CODING_ERROR
} psyi_plausible_verdict;
typedef struct psyi_plausible {
    psyi_label name, remedy;
    const char *use; /* NULL: of the whole wave */
    double value, low, high;
    psyi_plausible_verdict verdict;
    const char *source;
} psyi_plausible;
size_t psyi_plausible_most(const psyi_results *results);
size_t psyi_plausible_all(const psyi_results *results, psyi_plausible *out);

#endif
