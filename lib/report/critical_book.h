/* critical_book.h -- the critical list of a testing day as a workbook. */
#ifndef PSYSCREEN_REPORT_CRITICAL_BOOK_H
#define PSYSCREEN_REPORT_CRITICAL_BOOK_H

#include "cohort/results.h"

typedef struct psyi_critical_line {
    int class;                 /* 2 urgent, 1 review, 0 critical item left blank */
    int64_t due, submitted_at; /* or PSYI_NO_TIME */
    const char *id, *school, *file;
    const psyi_record *record;
    const char *why; /* a line a flag */
} psyi_critical_line;

/* `about` holds the plan, the rule book and the intake, and no students.  `left_out` names files
 * that could not be read, or is NULL: the list is not complete, and says so. */
psy_status psyi_report_critical(const psyi_results *about, const psyi_critical_line *lines,
                                size_t n_lines, const char *left_out, const char *path,
                                psy_error *error);

#endif
