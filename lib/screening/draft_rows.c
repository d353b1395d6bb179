/*
 * draft_rows.c -- a header of two rows.
 *
 * Below the questions some exports have a row of their codes (Q1, Q2, ...).  It reads like a
 * child none of whose answers anybody else gave.
 */
#include "screening/drafting.h"

enum { LEAST_ROWS = 5, LEAST_COLUMNS = 5 };

psy_status psyi_draft_second_header(psyi_draft *d)
{
    const psyi_survey *const s = &d->survey;
    size_t n = 0, alone = 0;
    for (size_t c = 0; c < s->n_columns; c++) {
        const psyi_seen_column *const column = &s->columns[c];
        if (column->many || column->filled < LEAST_ROWS || column->n_texts >= column->filled)
            continue;
        n++;
        alone += column->texts[0].row == s->header_row + 1 && column->texts[0].count == 1;
    }
    if (n < LEAST_COLUMNS || 10 * alone < 9 * n)
        return PSY_OK;
    return psyi_draft_ask(d, PSYI_NO_COLUMN, s->header_row + 1, "second_header",
                          "delete the row; or, if it has the names of the columns, say "
                          "--header-row with its number",
                          "the row below the header has what no other row has, in %zu of the %zu "
                          "columns whose answers repeat: it looks like a second header, and not "
                          "like a student",
                          alone, n);
}
