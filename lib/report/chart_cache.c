/*
 * chart_cache.c -- the cells of a chart: whether they say anything, and the copy that it keeps.
 *
 * The library copies whatever stands in the cells, and 0 for a text or an empty cell: a school that
 * is hidden (*) would be a dot at 0 for whoever draws from the copy.  What is no number has no
 * point here.  The library writes and frees a copy that is there already.
 */
#include "base/memory.h"
#include "report/book_parts.h"

static const lxw_cell *number_at(const psyi_sheet *data, lxw_row_t at, lxw_col_t column)
{
    lxw_row *const row = lxw_worksheet_find_row(data->sheet, at);
    const lxw_cell *const cell = row != NULL ? lxw_worksheet_find_cell_in_row(row, column) : NULL;
    return cell != NULL && cell->type == NUMBER_CELL ? cell : NULL;
}

bool psyi_chart_shows(const psyi_sheet *data, const psyi_chart *chart)
{
    if (data->sheet == NULL || data->streaming)
        return true; /* a failure, which is told where the chart is made */
    for (size_t i = 0; i < chart->n_series; i++)
        for (size_t row = chart->first_row; row <= chart->last_row; row++) {
            const lxw_cell *const cell =
                number_at(data, (lxw_row_t)row, (lxw_col_t)chart->series[i].column);
            if (cell != NULL && cell->u.number != 0)
                return true;
        }
    return false;
}

void psyi_chart_cache(const psyi_sheet *data, lxw_series_range *range)
{
    if (range == NULL || range->data_cache == NULL || range->num_data_points > 0)
        return;
    for (lxw_row_t at = range->first_row; at <= range->last_row; at++) {
        const lxw_cell *const cell = number_at(data, at, range->first_col);
        /* (From the standard allocator, whatever the caller has: the library frees it.) */
        lxw_series_data_point *const point = psyi_alloc(NULL, 1, sizeof *point);
        if (point == NULL) {
            psyi_book_fail(data->book, PSY_E_NOMEM, "out of memory: a chart");
            return;
        }
        if (cell != NULL)
            point->number = cell->u.number;
        else
            point->no_data = LXW_TRUE;
        STAILQ_INSERT_TAIL(range->data_cache, point, list_pointers);
        range->num_data_points++;
    }
    range->ignore_cache = LXW_TRUE; /* else it adds its own */
}
