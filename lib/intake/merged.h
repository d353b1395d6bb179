/* merged.h -- areas of a sheet that are merged to one cell. */
#ifndef PSYSCREEN_INTAKE_MERGED_H
#define PSYSCREEN_INTAKE_MERGED_H

#include "intake/header.h"

#include <psyscreen/findings.h>

typedef struct psyi_merged {
    uint64_t row, last_row; /* from 1 */
    uint32_t column, last_column;
} psyi_merged;

/* "C2:D11"; false for anything else. */
bool psyi_merged_read(const char *reference, psyi_merged *out);
/* A finding for each area below the header that leaves cells empty which are looked for: only
 * the first cell of an area has a value.  `areas` holds psyi_merged one after the other. */
psy_status psyi_merged_tell(const psyi_buffer *areas, const psyi_header *header, const char *file,
                            psy_findings *findings, psy_error *error);

#endif
