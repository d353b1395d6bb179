/* second_header.h -- a header of two rows, of which one was declared. */
#ifndef PSYSCREEN_INTAKE_SECOND_HEADER_H
#define PSYSCREEN_INTAKE_SECOND_HEADER_H

#include "intake/rows.h"

#include <psyscreen/findings.h>

/* A finding where the first row below the header has answers that cannot be read, all of them,
 * while rows below it have some that can.  *csv stands at that row and stays there.  What such a
 * row says is not used either way; but a person reads "item 1: none of its codes" of it, and looks
 * for a child. */
psy_status psyi_second_header_tell(const psyi_intake_options *options, const psyi_row_codes *codes,
                                   const psyi_header *header, const psyi_csv *csv,
                                   psy_findings *findings, psy_error *error);

#endif
