/*
 * book_page.c -- how a sheet looks, prints and helps: widths, frozen heads, filters, pages,
 * drop-downs, charts.
 */
#include "report/book_parts.h"

#include "base/text.h"

#include <string.h>

static bool usable(const psyi_sheet *sheet)
{
    return sheet->sheet != NULL && !psyi_book_failed(sheet->book);
}

static lxw_format *format_of(const psyi_sheet *sheet, int style)
{
    return sheet->book->formats[(style & PSYI_BOLD) != 0][style & ~PSYI_BOLD];
}

void psyi_sheet_column(psyi_sheet *sheet, size_t column, double width, int style)
{
    if (column < PSYI_MAX_FITTED) {
        sheet->widths[column] = (float)width;
        sheet->styles[column] = (uint8_t)(style & ~PSYI_BOLD);
    }
    if (usable(sheet))
        psyi_book_check(sheet->book,
                        worksheet_set_column(sheet->sheet, (lxw_col_t)column, (lxw_col_t)column,
                                             width, format_of(sheet, style)),
                        "set a column");
}

void psyi_sheet_height(psyi_sheet *sheet, size_t row, double height)
{
    if (usable(sheet) && psyi_sheet_go(sheet, row))
        psyi_sheet_set_row(sheet, height, -1);
}

void psyi_sheet_plain(psyi_sheet *sheet, size_t row)
{
    if (usable(sheet) && psyi_sheet_go(sheet, row))
        psyi_sheet_set_row(sheet, 0, PSYI_STYLE_NOTE);
}

void psyi_sheet_freeze(psyi_sheet *sheet, size_t row, size_t column)
{
    if (usable(sheet))
        worksheet_freeze_panes(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column);
}

void psyi_sheet_filter(psyi_sheet *sheet, size_t row, size_t last_row, size_t last_column)
{
    if (usable(sheet) && last_row > row)
        psyi_book_check(sheet->book,
                        worksheet_autofilter(sheet->sheet, (lxw_row_t)row, 0, (lxw_row_t)last_row,
                                             (lxw_col_t)last_column),
                        "set a filter");
}

void psyi_sheet_gridlines_hidden(psyi_sheet *sheet)
{
    if (usable(sheet))
        worksheet_gridlines(sheet->sheet, LXW_HIDE_ALL_GRIDLINES);
}

void psyi_sheet_tab(psyi_sheet *sheet, uint32_t colour)
{
    if (usable(sheet))
        worksheet_set_tab_color(sheet->sheet, (lxw_color_t)colour);
}

void psyi_sheet_activate(psyi_sheet *sheet)
{
    if (usable(sheet))
        worksheet_activate(sheet->sheet);
}

/* ---- printing ---- */

/* A line of a header, legend and whose sheet it is: letters that stand beside each other on A4. */
enum { LINE_LETTERS = 140, LEAST_ABOUT = 40, LEGEND_BYTES = 150, FOOTER_BYTES = 200 };

/* So many bytes of text into a header or footer, where & is a command; `room` bytes at most, and …
 * where there is more. */
static void add_plain(char *out, size_t size, const char *text, size_t length, size_t room)
{
    static const char more[] = "…";
    size_t at = strlen(out);
    size_t from = 0;
    while (from < length) {
        uint32_t c;
        const size_t n = psyi_utf8_decode(text + from, length - from, &c);
        const size_t need = c == '&' ? 2 : n;
        if (at + need + sizeof more > size || room < need) {
            memcpy(out + at, more, sizeof more);
            return;
        }
        if (c == '&')
            out[at++] = '&';
        if (c == '\n')
            out[at++] = ' ';
        else {
            memcpy(out + at, text + from, n);
            at += n;
        }
        room -= need;
        from += n;
    }
    out[at] = '\0';
}

/* In letters: a Chinese character is as wide as two, and & counts as two, for it is doubled. */
static size_t width_of(uint32_t c)
{
    return c == '&' || c >= 0x1100 ? 2 : 1;
}

static size_t letters_of(const char *text, size_t length)
{
    size_t letters = 0;
    for (size_t at = 0; at < length;) {
        uint32_t c;
        at += psyi_utf8_decode(text + at, length - at, &c);
        letters += width_of(c);
    }
    return letters;
}

/* Whose sheet it is.  Names of schools mostly differ at their ends (东校区, 西校区), so what is
 * wider than `room` letters is cut in the middle. */
static void add_about(char *out, size_t size, const char *text, size_t room)
{
    const size_t length = strlen(text), letters = letters_of(text, length);
    if (letters <= room) {
        add_plain(out, size, text, length, size);
        return;
    }
    size_t head = 0, tail = 0, before = 0; /* letters before the tail */
    while (letters - before > room / 2) {
        uint32_t c;
        tail += psyi_utf8_decode(text + tail, length - tail, &c);
        before += width_of(c);
        if (before + 2 <= room - room / 2)
            head = tail;
    }
    add_plain(out, size, text, head, size);
    strcat(out, "…");
    add_plain(out, size, text + tail, length - tail, size);
}

void psyi_sheet_print(psyi_sheet *sheet, const psyi_print *print)
{
    if (!usable(sheet))
        return;
    psyi_book *const book = sheet->book;
    lxw_worksheet *const page = sheet->sheet;
    worksheet_set_paper(page, 9); /* A4 */
    if (!print->portrait)
        worksheet_set_landscape(page);
    worksheet_set_margins(page, 0.4, 0.4, 0.75, 0.6);
    worksheet_fit_to_pages(page, (uint16_t)(print->pages_wide > 0 ? print->pages_wide : 1), 0);
    if (print->heads)
        psyi_book_check(
            book,
            worksheet_repeat_rows(page, (lxw_row_t)print->head_first, (lxw_row_t)print->head_last),
            "set rows to repeat");
    if (print->columns_kept > 0)
        psyi_book_check(book,
                        worksheet_repeat_columns(page, 0, (lxw_col_t)(print->columns_kept - 1)),
                        "set columns to repeat");
    psyi_book_check(
        book,
        worksheet_print_area(page, 0, 0, (lxw_row_t)print->last_row, (lxw_col_t)print->last_column),
        "set the print area");
    /* The blank keeps a leading digit from being read as part of the size. */
    char text[512] = "&L&9 ";
    /* Excel counts 255 characters; bytes are never fewer. */
    if (print->header != NULL)
        add_plain(text, sizeof text, print->header, strlen(print->header), LEGEND_BYTES);
    /* A page that has left its pile says what it is of, in the room that the legend leaves. */
    const size_t taken = letters_of(text, strlen(text));
    strcat(text, "&R&9 ");
    if (print->about != NULL && print->about[0] != '\0') {
        add_about(text, sizeof text, psyi_book_clean(book, print->about, SIZE_MAX),
                  taken + LEAST_ABOUT < LINE_LETTERS ? LINE_LETTERS - taken : LEAST_ABOUT);
        strcat(text, " · ");
    }
    strcat(text, "&A");
    psyi_book_check(book, worksheet_set_header(page, text), "set a page header");
    strcpy(text, "&L&9 ");
    if (print->footer != NULL)
        add_plain(text, sizeof text, print->footer, strlen(print->footer), FOOTER_BYTES);
    strcat(text, "&R&9&P / &N");
    psyi_book_check(book, worksheet_set_footer(page, text), "set a page footer");
    if (print->rows_a_page > 0 || print->n_breaks > 0) {
        lxw_row_t breaks[64];
        size_t n = 0;
        for (; n < print->n_breaks && n < 63; n++)
            breaks[n] = (lxw_row_t)print->breaks[n];
        for (size_t row = print->rows_before + print->rows_a_page;
             print->rows_a_page > 0 && row <= print->last_row && n < 63; row += print->rows_a_page)
            breaks[n++] = (lxw_row_t)row;
        breaks[n] = 0;
        psyi_book_check(book, worksheet_set_h_pagebreaks(page, breaks), "set page breaks");
    }
    if (print->gridlines)
        worksheet_gridlines(page, LXW_SHOW_ALL_GRIDLINES);
}

/* ---- drop-downs ---- */

void psyi_sheet_choices(psyi_sheet *sheet, size_t first_row, size_t last_row, size_t column,
                        const char *const *choices)
{
    if (!usable(sheet) || last_row < first_row)
        return;
    size_t length = 0;
    for (size_t i = 0; choices[i] != NULL; i++)
        length += strlen(choices[i]) + 1;
    if (length == 0 || length > 255) { /* bytes with commas: the library writes beyond its room */
        psyi_book_fail(sheet->book, PSY_E_INTERNAL, "choices of a drop-down are too long");
        return;
    }
    /* The library takes pointers to writable text, and copies it. */
    char room[256];
    char *list[64];
    size_t n = 0, at = 0;
    for (; choices[n] != NULL && n < 63; n++) {
        list[n] = room + at;
        at += strlen(choices[n]) + 1;
        memcpy(list[n], choices[n], strlen(choices[n]) + 1);
    }
    list[n] = NULL;
    lxw_data_validation rule = {0};
    rule.validate = LXW_VALIDATION_TYPE_LIST;
    rule.value_list = list;
    rule.show_error = LXW_VALIDATION_OFF; /* a help, not a fence */
    psyi_book_check(sheet->book,
                    worksheet_data_validation_range(sheet->sheet, (lxw_row_t)first_row,
                                                    (lxw_col_t)column, (lxw_row_t)last_row,
                                                    (lxw_col_t)column, &rule),
                    "set a drop-down");
}

/* ---- charts ---- */

lxw_chart *psyi_chart_begin(const psyi_sheet *sheet, const psyi_sheet *data, uint8_t type,
                            const char *title)
{
    if (!usable(sheet) || !usable(data))
        return NULL;
    psyi_book *const book = sheet->book;
    if (sheet->streaming || data->streaming) {
        psyi_book_fail(book, PSY_E_INTERNAL, "a chart of a streaming sheet");
        return NULL;
    }
    lxw_chart *const chart = workbook_add_chart(book->workbook, type);
    if (chart == NULL) {
        psyi_book_fail(book, PSY_E_NOMEM, "out of memory: a chart");
        return NULL;
    }
    chart_title_set_name(chart, psyi_book_clean(book, title, 200));
    lxw_chart_font font = {.size = 12, .bold = LXW_TRUE};
    chart_title_set_name_font(chart, &font);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    return chart;
}

void psyi_chart_put(psyi_sheet *sheet, size_t row, size_t column, lxw_chart *chart, double width,
                    double height)
{
    /* The library draws 480 by 288 pixels at scale 1. */
    lxw_chart_options where = {0};
    where.x_scale = width / 480;
    where.y_scale = height / 288;
    where.y_offset = 4; /* its frame stands on the page that begins with its row */
    psyi_book_check(
        sheet->book,
        worksheet_insert_chart_opt(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, chart, &where),
        "put a chart");
}

static void add_series(const psyi_sheet *sheet, lxw_chart *chart, const psyi_chart *want,
                       const psyi_series *one)
{
    lxw_chart_series *const series = chart_add_series(chart, NULL, NULL);
    if (series == NULL) {
        psyi_book_fail(sheet->book, PSY_E_NOMEM, "out of memory: a chart");
        return;
    }
    chart_series_set_categories(series, sheet->name, (lxw_row_t)want->first_row,
                                (lxw_col_t)want->category_first, (lxw_row_t)want->last_row,
                                (lxw_col_t)want->category_last);
    chart_series_set_values(series, sheet->name, (lxw_row_t)want->first_row, (lxw_col_t)one->column,
                            (lxw_row_t)want->last_row, (lxw_col_t)one->column);
    psyi_chart_cache(sheet, series->values);
    if (one->name != NULL)
        chart_series_set_name(series, psyi_book_clean(sheet->book, one->name, 200));
    else
        chart_series_set_name_range(series, sheet->name, (lxw_row_t)want->head_row,
                                    (lxw_col_t)one->column);
    lxw_chart_fill fill = {.color = (lxw_color_t)one->colour};
    chart_series_set_fill(series, &fill);
    lxw_chart_line line = {.color = 0x7F7F7F, .width = 0.5f};
    chart_series_set_line(series, &line);
}

void psyi_sheet_chart(psyi_sheet *sheet, size_t row, size_t column, const psyi_sheet *data,
                      const psyi_chart *want)
{
    if (want->last_row < want->first_row || want->n_series == 0)
        return;
    psyi_book *const book = sheet->book;
    lxw_chart *const chart = psyi_chart_begin(
        sheet, data, want->stacked ? LXW_CHART_COLUMN_STACKED : LXW_CHART_COLUMN, want->title);
    if (chart == NULL)
        return;
    for (size_t i = 0; i < want->n_series; i++)
        add_series(data, chart, want, &want->series[i]);
    if (want->x_axis != NULL)
        chart_axis_set_name(chart->x_axis, psyi_book_clean(book, want->x_axis, 100));
    if (want->y_axis != NULL)
        chart_axis_set_name(chart->y_axis, psyi_book_clean(book, want->y_axis, 100));
    if (want->percent)
        chart_axis_set_num_format(chart->y_axis, "0%");
    if (want->from_zero)
        chart_axis_set_min(chart->y_axis, 0);
    if (want->whole)
        chart_axis_set_major_unit(chart->y_axis, 1);
    if (want->n_series == 1) /* the title says what its bars are */
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    psyi_chart_put(sheet, row, column, chart, want->width, want->height);
}
