/*
 * scatter.c -- dots: schools beside their limits.
 */
#include "report/book_parts.h"

static void add_dots(const psyi_sheet *data, lxw_chart *chart, const psyi_scatter *want,
                     const psyi_dots *one)
{
    lxw_chart_series *const series = chart_add_series(chart, NULL, NULL);
    if (series == NULL) {
        psyi_book_fail(data->book, PSY_E_NOMEM, "out of memory: a chart");
        return;
    }
    chart_series_set_categories(series, data->name, (lxw_row_t)want->first_row,
                                (lxw_col_t)want->x_column, (lxw_row_t)want->last_row,
                                (lxw_col_t)want->x_column);
    chart_series_set_values(series, data->name, (lxw_row_t)want->first_row, (lxw_col_t)one->column,
                            (lxw_row_t)want->last_row, (lxw_col_t)one->column);
    psyi_chart_cache(data, series->values);
    chart_series_set_name(series, psyi_book_clean(data->book, one->name, 200));
    /* Told apart by shape too: the page may be printed in grey.  (The library's two dashes are
     * not in the format's list of shapes: readers refuse the file.) */
    static const uint8_t shapes[] = {LXW_CHART_MARKER_CIRCLE, LXW_CHART_MARKER_PLUS,
                                     LXW_CHART_MARKER_X};
    chart_series_set_marker_type(series, shapes[one->shape]);
    chart_series_set_marker_size(series, one->shape == PSYI_DOT_CIRCLE ? 8 : 5);
    lxw_chart_fill fill = {.color = (lxw_color_t)one->colour};
    chart_series_set_marker_fill(series, &fill);
    lxw_chart_line line = {.color = (lxw_color_t)one->colour, .width = 1.0f};
    chart_series_set_marker_line(series, &line);
}

void psyi_sheet_scatter(psyi_sheet *sheet, size_t row, size_t column, const psyi_sheet *data,
                        const psyi_scatter *want)
{
    if (want->last_row < want->first_row || want->n_dots == 0)
        return;
    psyi_book *const book = sheet->book;
    lxw_chart *const chart = psyi_chart_begin(sheet, data, LXW_CHART_SCATTER, want->title);
    if (chart == NULL)
        return;
    for (size_t i = 0; i < want->n_dots; i++)
        add_dots(data, chart, want, &want->dots[i]);
    chart_axis_set_name(chart->x_axis, psyi_book_clean(book, want->x_axis, 100));
    chart_axis_set_name(chart->y_axis, psyi_book_clean(book, want->y_axis, 100));
    chart_axis_set_min(chart->y_axis, 0);
    chart_axis_set_min(chart->x_axis, 0);
    chart_axis_set_num_format(chart->y_axis, "0%");
    psyi_chart_put(sheet, row, column, chart, want->width, want->height);
}
