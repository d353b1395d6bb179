/* release_parts.h -- schools that may be compared: of one stage, given one battery. */
#ifndef PSYSCREEN_REPORT_RELEASE_PARTS_H
#define PSYSCREEN_REPORT_RELEASE_PARTS_H

#include "report/groups.h"

typedef struct psyi_release_school {
    uint32_t school;
    uint64_t due, tested, valid, found; /* found: in V, with a tier */
    double expected;                    /* of `found`, by the rates of grades and sexes */
    bool hide;
} psyi_release_school;
typedef struct psyi_release_part {
    uint8_t stage, battery;       /* 0xFF: none; not compared */
    psyi_release_school *schools; /* by code */
    size_t n;
} psyi_release_part;

/* Parts by stage, then battery; NULL and a failed book without memory. */
psyi_release_part *psyi_parts_make(psyi_report *report, size_t *n);

#endif
