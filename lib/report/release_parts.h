/* release_parts.h -- schools that may be compared: of one stage, given one battery. */
#ifndef PSYSCREEN_REPORT_RELEASE_PARTS_H
#define PSYSCREEN_REPORT_RELEASE_PARTS_H

#include "report/groups.h"

typedef struct psyi_release_school {
    uint32_t school;
    uint64_t due, tested, valid, found; /* found: in V, with a tier */
    double expected;                    /* of `found`, by the basis of the part */
    bool hide;
} psyi_release_school;
/* By what a school's expected number is that of its own pupils. */
typedef enum psyi_part_basis {
    PSYI_BASIS_NONE, /* what is expected would tell of a hidden number: nothing is */
    PSYI_BASIS_GRADE,
    PSYI_BASIS_GRADE_SEX
} psyi_part_basis;
typedef struct psyi_release_part {
    uint8_t stage, battery;       /* 0xFF: none; not compared */
    psyi_release_school *schools; /* by code */
    size_t n;
    psyi_part_basis basis;
} psyi_release_part;

/* Parts by stage, then battery; NULL and a failed book without memory. */
psyi_release_part *psyi_parts_make(psyi_report *report, size_t *n);
/* When it is known what `grades` (the table of 年级性别, by `groups`) hides: what is expected of
 * each school, from numbers that are shown there and from nothing else. */
void psyi_parts_expect(psyi_report *report, psyi_release_part *parts, size_t n,
                       const psyi_groups *groups, const psyi_outcomes *grades);

#endif
