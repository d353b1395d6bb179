/* publication.h -- the numbers of the files that leave the schools, as a list: what an earlier one
 * said is held against it, and what this one says is written down for the next. */
#ifndef PSYSCREEN_REPORT_PUBLICATION_H
#define PSYSCREEN_REPORT_PUBLICATION_H

#include "report/release.h"

#define PSYI_MOST_BASES    4
#define PSYI_PRINTED_SEXES "sexes"

typedef struct psyi_printed_number { /* one that is printed */
    const char *figure;
    const char *text;          /* as it is printed; "—": not known */
    const bool *hidden, *also; /* set when the tables are closed; NULL: never */
    uint32_t cell;             /* or PSYI_NO_CELL */
    int64_t value;             /* of a count */
} psyi_printed_number;

typedef enum psyi_printed_kind {
    PSYI_PRINTED_PART,     /* a row: what has changed by few is hidden whole */
    PSYI_PRINTED_FINEST,   /* the same, of the finest groups */
    PSYI_PRINTED_DISTRICT, /* the sum of all: may be shown where many have changed */
    PSYI_PRINTED_RULE,     /* the same, of one rule: found, in V, by it alone */
    PSYI_PRINTED_ALL,      /* the same, of one scale: a cut, or all that is said of it */
    PSYI_PRINTED_CASES,    /* the same, of cases and what was done */
    PSYI_PRINTED_WAVE,     /* beside the wave before: some of them are those of the district */
    PSYI_PRINTED_FUNNEL    /* of a comparison of schools: known when the tables are closed */
} psyi_printed_kind;

typedef struct psyi_printed_row { /* numbers about the same people */
    const char *sheet, *row;
    psyi_printed_kind kind;
    const char *base_names[PSYI_MOST_BASES]; /* who they are: printed whatever happens */
    uint64_t bases[PSYI_MOST_BASES];
    size_t n_bases;
    size_t first, n; /* its numbers */
    size_t of;       /* which scale, tier or part */
} psyi_printed_row;

typedef struct psyi_printed {
    psyi_printed_row *rows;
    size_t n_rows, room_rows;
    psyi_printed_number *numbers;
    size_t n, room;
} psyi_printed;

/* The cells of a release that stand in tables, while these are made. */
typedef struct psyi_release_places {
    const uint32_t *school_cells, *grade_cells, *moment_cells, *high_cells, *sex_cells,
        *share_cells, *rule_cells, *part_cells;
} psyi_release_places;

/* All numbers of a release; `places` NULL: it is closed.  false: no memory, a failed book. */
bool psyi_printed_list(psyi_report *report, const psyi_release *release,
                       const psyi_release_places *places, psyi_printed *out);

/* Hide whatever an earlier publication of the wave would make tell about few: see the file. */
void psyi_publication_hold(psyi_report *report, psyi_release *release,
                           const psyi_release_places *places, psyi_release_cells *cells);
/* Then, when the tables are closed: which schools are not compared for the same reason. */
void psyi_publication_compare(psyi_report *report, psyi_release *release);

#endif
