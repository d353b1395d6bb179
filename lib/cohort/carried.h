/* carried.h -- what schools have written into the workbooks of an earlier run of this wave: the
 * file of `psyscreen collect`, for the workbooks of this one. */
#ifndef PSYSCREEN_COHORT_CARRIED_H
#define PSYSCREEN_COHORT_CARRIED_H

#include "cohort/results.h"

typedef struct psyi_carried_row {
    uint32_t school;     /* by index */
    uint32_t line;       /* of the file, which orders the contacts of a case */
    bool of_list;        /* written into the warning list, not into the ledger */
    bool touched;        /* by a person */
    const char *case_id; /* not empty */
    const char *const *cells;
} psyi_carried_row;

typedef struct psyi_carried {
    const char *const *keys; /* of the columns; cells[i] is that of keys[i], "" where empty */
    size_t n_keys;
    psyi_carried_row *rows; /* by school, case, ledger before list, line */
    size_t n_rows;
    char digest[65]; /* of the file */
} psyi_carried;

/* Read the file into results->carried, from the results' arena; before anything is written.
 * Rows that belong to no case or to a school the results do not have are a finding each
 * (`entry_left_out`).  PSY_E_DATA when it is no such file. */
psy_status psyi_carried_read(psyi_results *results, const char *path, psy_findings *findings,
                             psy_error *error);
/* The rows of a school, or of a case in one of its sheets: how many, the first through *first. */
size_t psyi_carried_of_school(const psyi_carried *carried, size_t school,
                              const psyi_carried_row **first);
size_t psyi_carried_of_case(const psyi_carried *carried, size_t school, const char *case_id,
                            bool of_list, const psyi_carried_row **first);
/* The cell under a key; "" where there is none. */
const char *psyi_carried_cell(const psyi_carried *carried, const psyi_carried_row *row,
                              const char *key);

#endif
