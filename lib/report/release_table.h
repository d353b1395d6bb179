/* release_table.h -- a table of numbers of a file that leaves the schools, and the sheets
 * 处置进度, 波次对比 and 未测与无效 of the district workbook as such tables. */
#ifndef PSYSCREEN_REPORT_RELEASE_TABLE_H
#define PSYSCREEN_REPORT_RELEASE_TABLE_H

#include "report/groups.h"
#include "report/release_cells.h"

typedef struct psyi_release_table {
    size_t n_rows, n_columns;
    int64_t *values; /* [row * n_columns + column] */
    uint32_t *cells; /* beside them; PSYI_NO_CELL: nothing to hide */
    bool *hidden;
} psyi_release_table;

/* false: no memory, a failed book. */
bool psyi_release_table_make(psyi_report *report, psyi_release_table *table, size_t n_rows,
                             size_t n_columns);
void psyi_release_table_hide(psyi_release_table *table, const psyi_release_cells *cells);

/* The difference of two numbers that are printed is printed, too, though it stands nowhere:
 * a count out of `base`, hidden where it is small.  It costs nothing to hide. */
void psyi_release_rest(psyi_release_cells *to, uint32_t whole, uint32_t part, uint64_t base);

/* Cells of the tables of outcomes, which others tie theirs to. */
typedef struct psyi_release_ties {
    const psyi_outcomes *schools, *grades;
    const psyi_groups *groups;
    const uint32_t *school_cells, *grade_cells; /* [row * n_columns + column] */
    const uint32_t *moment_cells;               /* [scale * groups->n + group] */
} psyi_release_ties;

/* ---- release_untested.c: 未测与无效 ---- */

/* Columns: why they did not answer (the first four of them exempt), then why what they answered
 * does not count (the first four of them are to be retested). */
enum {
    PSYI_UNTESTED_LEAVE,
    PSYI_UNTESTED_EXEMPT,
    PSYI_UNTESTED_EXEMPT_REFUSED,
    PSYI_UNTESTED_EXEMPT_OTHER,
    PSYI_UNTESTED_REFUSED,
    PSYI_UNTESTED_NOT_RETURNED,
    PSYI_UNTESTED_ABSENT,
    PSYI_INVALID_SCALE,
    PSYI_INVALID_RULE,
    PSYI_INVALID_CARELESS,
    PSYI_INVALID_OTHER,
    PSYI_INVALID_NOT_GIVEN,
    PSYI_INVALID_BLANKS,
    PSYI_INVALID_NO_CONSENT,
    PSYI_UNTESTED_COLUMNS
};
typedef enum psyi_untested_whole {
    PSYI_UNTESTED_PART, /* a grade of a school: without reasons */
    PSYI_UNTESTED_SCHOOL,
    PSYI_UNTESTED_GRADE, /* of all schools */
    PSYI_UNTESTED_DISTRICT
} psyi_untested_whole;
typedef struct psyi_untested_row {
    uint32_t school; /* of the results; their number of schools: all */
    int16_t grade;   /* 0: unknown, or all */
    psyi_untested_whole whole;
    uint64_t target, exempt, tested, valid;
} psyi_untested_row;
typedef struct psyi_untested {
    psyi_untested_row *rows; /* grades of a school, then the school; grades, the district */
    psyi_release_table table;
} psyi_untested;
bool psyi_untested_make(psyi_report *report, psyi_untested *out);
void psyi_untested_cells(psyi_report *report, psyi_untested *of, const psyi_release_ties *ties,
                         psyi_release_cells *cells);

/* ---- release_waves.c: 波次对比 ---- */

typedef struct psyi_waves {
    struct psyi_wave_figure *figures;
    size_t n;
    bool local_norms;         /* a rule reads norms of the wave itself */
    psyi_release_table table; /* per figure: before, now */
} psyi_waves;
bool psyi_waves_count(psyi_report *report, psyi_waves *out);
void psyi_waves_cells(psyi_report *report, psyi_waves *of, const psyi_release_ties *ties,
                      psyi_release_cells *cells);

/* ---- release_process.c: 处置进度 ---- */

#define PSYI_ALL_TIERS (-2)

typedef struct psyi_progress_row {
    uint32_t school; /* of the results; their number: all */
    int8_t tier;     /* rank; PSYI_NOT_JUDGED: none or not judged; PSYI_ALL_TIERS */
} psyi_progress_row;
typedef struct psyi_progress {
    psyi_progress_row *rows;  /* the district; the district by tier; schools */
    size_t n, first_school;   /* n 0: no ledgers were collected */
    psyi_release_table table; /* columns: process_counts.h; -1: not known */
    bool *collected;          /* per school: its ledger has come, or it has no cases */
    size_t n_collected;
} psyi_progress;
bool psyi_progress_make(psyi_report *report, psyi_progress *out);
void psyi_progress_cells(psyi_report *report, psyi_progress *of, const psyi_release_ties *ties,
                         psyi_release_cells *cells);
/* The row of a school; of their number, the district's. */
size_t psyi_progress_row_of(const psyi_progress *of, size_t school);

/* ---- entry_counts.c ---- */

/* What the entries of ledgers say (results->carried, which is there), from the report's arena;
 * NULL: a failed book. */
const struct psyi_process *psyi_entry_counts(psyi_report *report);

#endif
