/* cell_grid.h -- cells with places, written out as the text that csv.h reads.
 *
 * A grid is tab-separated text in which every record is one row, so that line n is row n; a
 * cell with a tab, a quote or a line end in it is quoted.  Cells come row by row and from
 * left to right; empty ones need not be told. */
#ifndef PSYSCREEN_INTAKE_CELL_GRID_H
#define PSYSCREEN_INTAKE_CELL_GRID_H

#include "base/memory.h"

#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PSYI_GRID_MAX_TEXT = 1 << 29 }; /* bytes; as much as a workbook may unpack to */

/* What is known of the sheet besides its cells. */
typedef struct psyi_sheet_facts {
    psyi_buffer merged; /* psyi_merged one after the other */
    psyi_buffer name;   /* empty where the workbook has no other sheet */
} psyi_sheet_facts;

typedef struct psyi_grid {
    psyi_buffer *text;
    const char *file;
    uint64_t row;    /* of the next cell at the earliest, from 1 */
    uint32_t column; /* likewise, from 1 */
    uint32_t at;     /* the column the text has come to */
    size_t row_start;
    psyi_buffer *merged; /* psyi_merged one after the other, or NULL */
} psyi_grid;

void psyi_grid_init(psyi_grid *grid, psyi_buffer *text, const char *file);
/* PSY_E_DATA for a cell before the last one, PSY_E_LIMIT for what csv.h would refuse. */
psy_status psyi_grid_cell(psyi_grid *grid, uint64_t row, uint32_t column, const char *text,
                          size_t length, psy_error *error);
/* "C17"; `out` has at least 32 bytes.  Returns `out`. */
const char *psyi_cell_name(uint64_t row, uint32_t column, char *out);

#endif
