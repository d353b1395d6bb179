/*
 * xlsx_fixture.h -- workbooks put together part by part, for what no program would write.
 */
#ifndef PSYSCREEN_XLSX_FIXTURE_H
#define PSYSCREEN_XLSX_FIXTURE_H

#include "base/memory.h"

typedef struct fixture_part {
    const char *name, *text;
    size_t length; /* 0: of the text */
} fixture_part;

/* A zip file of the parts in `out`. */
void fixture_zip(const fixture_part *parts, size_t n_parts, psyi_buffer *out);
/* A workbook with one sheet "S" whose sheetData is `cells`, shared texts `texts` (si elements)
 * and styles `styles` (children of styleSheet); NULL leaves a part out. */
void fixture_workbook(const char *cells, const char *texts, const char *styles, psyi_buffer *out);
/* The same with several sheets, named A, B, C...; `state` of the i-th or NULL. */
void fixture_sheets(const char *const *cells, const char *const *states, size_t n_sheets,
                    psyi_buffer *out);

#endif
