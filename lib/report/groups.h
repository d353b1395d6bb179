/* groups.h -- students in groups, and what a group's scores come to. */
#ifndef PSYSCREEN_REPORT_GROUPS_H
#define PSYSCREEN_REPORT_GROUPS_H

#include "report/layout.h"

#define PSYI_ANY 0xFFu

/* Groups of the report's students; a group with `whole` counts those of several others. */
typedef struct psyi_group {
    int16_t grade;          /* 0: unknown, or all */
    uint8_t sex;            /* PSYI_ANY: all */
    uint8_t whole;          /* 1: a whole grade, 2: everybody */
    const char *class_text; /* "" for wholes */
    psyi_counts counts;
} psyi_group;
typedef struct psyi_groups {
    psyi_group *groups;
    size_t n;
    uint32_t *group_of; /* [student - first]: the finest group */
    uint32_t *grade_of; /* [student - first]: the group of the whole grade */
} psyi_groups;

/* Sort `n` items, stably; false without memory. */
typedef int psyi_compare_items(const psyi_results *results, uint32_t a, uint32_t b);
bool psyi_sort(psyi_report *report, psyi_compare_items *compare, uint32_t *items, size_t n);
/* Indices of the report's students by grade, class and id; NULL without memory. */
uint32_t *psyi_order_by_class(psyi_report *report);
/* By grade and class, each grade followed by its whole, everybody last. */
bool psyi_groups_by_class(psyi_report *report, psyi_groups *groups);
/* By grade and sex, in the same way. */
bool psyi_groups_by_sex(psyi_report *report, psyi_groups *groups);

/* The group that sums this one up, or SIZE_MAX. */
size_t psyi_groups_parent(const psyi_groups *groups, size_t group);

void psyi_counts_add(psyi_counts *to, const psyi_counts *from);

/* Distribution of a scale in each group, over students in V who have a score. */
typedef struct psyi_moments {
    uint64_t n, high; /* high: at or beyond the cut */
    double mean, sd;  /* NaN where there are none */
    double median, p25, p75;
} psyi_moments;
/* The cut a rule of the plan reads on this scale (the worst one); false without. */
bool psyi_scale_cut(const psy_plan *plan, size_t use, size_t scale, psyi_ratio *cut,
                    psyi_compare *compare);
/* moments[groups->n], in the report's arena; NULL and a failed book without memory. */
psyi_moments *psyi_groups_moments(psyi_report *report, const psyi_groups *groups, size_t use,
                                  size_t scale);

/* ---- outcomes.c: how many of whom are on which list, small counts hidden ---- */

/* Columns of counts, after two for each rank: on the list, and of them in V. */
enum {
    PSYI_OUT_ANY_LISTED,
    PSYI_OUT_ANY_VALID,
    PSYI_OUT_CRITICAL,
    PSYI_OUT_NOT_JUDGED,
    PSYI_OUT_RETEST,
    PSYI_OUT_COUNTS
};
typedef struct psyi_outcomes {
    size_t n_rows, n_ranks, n_columns;
    int ranks[PSYI_STYLE_RANKS]; /* worst first */
    const psyi_counts **rows;
    uint64_t *counts; /* [row * n_columns + column] */
    bool *hidden;
    size_t n_hidden;
} psyi_outcomes;
typedef struct psyi_outcome_line { /* the data of a line: the table and the row in it */
    const psyi_outcomes *table;
    size_t row;
    const void *subject; /* for the columns in front */
} psyi_outcome_line;
/* Nothing is hidden yet: see release.c.  false: no memory, a failed book. */
bool psyi_outcomes_count(psyi_report *report, const psyi_counts *const *rows, size_t n_rows,
                         psyi_outcomes *out);
/* The columns: participation, then tiers with rates (and intervals), lists, what is open. */
void psyi_outcomes_columns(psyi_report *report, psyi_layout *layout, bool intervals);
/* The sentence under such a table. */
const char *psyi_outcomes_note(psyi_report *report);
/* Stage, grade and sex of the group a psyi_outcome_line is about. */
psyi_fill psyi_fill_group_stage, psyi_fill_group_grade, psyi_fill_group_sex;
void psyi_put_rate(psyi_sheet *sheet, size_t row, size_t column, uint64_t part, uint64_t of,
                   int bold); /* — when of is 0 */

#endif
