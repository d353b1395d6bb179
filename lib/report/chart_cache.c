/*
 * chart_cache.c -- the copy of its cells that a chart keeps.
 *
 * The library copies whatever stands in the cells, and 0 for a text or an empty cell: a school that
 * is hidden (*) would be a dot at 0 for whoever draws from the copy.  What is no number has no
 * point here.  The library writes and frees a copy that is there already.
 */
#include "base/memory.h"
#include "report/book_parts.h"

void psyi_chart_cache(const psyi_sheet *data, lxw_series_range *range)
{
    if (range == NULL || range->data_cache == NULL || range->num_data_points > 0)
        return;
    for (lxw_row_t at = range->first_row; at <= range->last_row; at++) {
        lxw_row *const row = lxw_worksheet_find_row(data->sheet, at);
        const lxw_cell *const cell =
            row != NULL ? lxw_worksheet_find_cell_in_row(row, range->first_col) : NULL;
        /* (From the standard allocator, whatever the caller has: the library frees it.) */
        lxw_series_data_point *const point = psyi_alloc(NULL, 1, sizeof *point);
        if (point == NULL) {
            psyi_book_fail(data->book, PSY_E_NOMEM, "out of memory: a chart");
            return;
        }
        if (cell != NULL && cell->type == NUMBER_CELL)
            point->number = cell->u.number;
        else
            point->no_data = LXW_TRUE;
        STAILQ_INSERT_TAIL(range->data_cache, point, list_pointers);
        range->num_data_points++;
    }
    range->ignore_cache = LXW_TRUE; /* else it adds its own */
}
