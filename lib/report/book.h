/* book.h -- a workbook that cannot be written wrong: the guarded face of libxlsxwriter.
 *
 * Every text is checked before it is handed on, a number without a value becomes a blank
 * cell, and the finished package is read back before it takes its name.  The first thing
 * that goes wrong is remembered; what follows does nothing, and psyi_book_close reports it.
 * One thread, one book. */
#ifndef PSYSCREEN_REPORT_BOOK_H
#define PSYSCREEN_REPORT_BOOK_H

#include "base/memory.h"
#include "base/number.h"
#include "definition/model.h"

#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct psyi_book psyi_book;
typedef struct psyi_sheet psyi_sheet;

typedef enum psyi_style {
    PSYI_STYLE_PLAIN, /* as its column */
    PSYI_STYLE_TITLE,
    PSYI_STYLE_WARN, /* the sentence nobody may miss */
    PSYI_STYLE_NOTE, /* small print */
    PSYI_STYLE_KEY,
    PSYI_STYLE_SAY, /* text of the cover; the styles below have boxes, those above none */
    PSYI_STYLE_HEAD,
    PSYI_STYLE_HEAD_FILL, /* a column people fill in */
    PSYI_STYLE_TEXT,
    PSYI_STYLE_WRAP,
    PSYI_STYLE_ID, /* text, whatever it looks like */
    PSYI_STYLE_ID_WRAP,
    PSYI_STYLE_GRADE,
    PSYI_STYLE_INTEGER,
    PSYI_STYLE_ONE, /* decimals */
    PSYI_STYLE_TWO,
    PSYI_STYLE_PERCENT,
    PSYI_STYLE_DATE,
    PSYI_STYLE_TIME,
    PSYI_STYLE_FILL,
    PSYI_STYLE_FILL_DATE,
    PSYI_STYLE_MUTED, /* not judged, not computable, hidden */
    PSYI_STYLE_GREY,
    PSYI_STYLE_ALARM,
    PSYI_STYLE_URGENT,
    PSYI_STYLE_REVIEW,
    PSYI_STYLE_PRORATED,
    PSYI_STYLE_TIER /* + rank 0..15, in the colours of the scheme */
} psyi_style;
#define PSYI_STYLE_RANKS 16
#define PSYI_STYLES      (PSYI_STYLE_TIER + PSYI_STYLE_RANKS)
#define PSYI_BOLD        64 /* added to a style: rows of totals */

typedef struct psyi_book_options {
    const char *path;
    const char *title;         /* document property */
    int64_t created;           /* seconds since 1970: the only time in the file */
    const char *tmpdir;        /* NULL: /dev/shm where it is a tmpfs, else beside the file */
    const psyi_scheme *scheme; /* colours of tiers, may be NULL */
    psyi_language language;    /* of number formats ("7年级") */
    bool reference;            /* all of it by libxlsxwriter: to compare with */
    bool fast;                 /* light compression */
    bool draft;                /* not synced: whoever gives it its last name does */
    const psy_allocator *allocator;
} psyi_book_options;

psy_status psyi_book_new(psyi_book **out, const psyi_book_options *options, psy_error *error);
/* Finish, read back, rename; frees the book whatever comes out. */
psy_status psyi_book_close(psyi_book *book, psy_error *error);
void psyi_book_abort(psyi_book *book);
/* Remember a failure from outside (memory, a scratch buffer). */
void psyi_book_fail(psyi_book *book, psy_status status, const char *message);
/* An error of somebody else, with its place. */
void psyi_book_fail_with(psyi_book *book, const psy_error *error);
bool psyi_book_failed(const psyi_book *book);
/* Texts that were not valid UTF-8 or too long for a cell, and were mended. */
size_t psyi_book_mended(const psyi_book *book);

/* A sheet, in the order of calls; never NULL.  A streaming sheet takes its cells in ascending
 * order, row by row, and is written several times as fast; charts must not refer to it. */
psyi_sheet *psyi_book_sheet(psyi_book *book, const char *name, bool streaming);
psyi_book *psyi_sheet_book(const psyi_sheet *sheet);
const char *psyi_sheet_name(const psyi_sheet *sheet);

void psyi_put_text(psyi_sheet *sheet, size_t row, size_t column, const char *text, int style);
void psyi_put_number(psyi_sheet *sheet, size_t row, size_t column, double value, int style);
void psyi_put_integer(psyi_sheet *sheet, size_t row, size_t column, int64_t value, int style);
/* Rounded half up to `decimals` first; a blank where there is no value. */
void psyi_put_ratio(psyi_sheet *sheet, size_t row, size_t column, psyi_ratio value,
                    unsigned decimals, int style);
void psyi_put_blank(psyi_sheet *sheet, size_t row, size_t column, int style);
/* Seconds since 1970 as a date, or as a date with a time. */
void psyi_put_date(psyi_sheet *sheet, size_t row, size_t column, int64_t seconds, int style);
void psyi_put_time(psyi_sheet *sheet, size_t row, size_t column, int64_t seconds, int style);

#define PSYI_LINE_HEIGHT 16.5 /* points, of a line of Chinese at the usual size */
/* Lines a text takes in a column of this width; about. */
unsigned psyi_text_lines(const char *text, double width);
void psyi_sheet_column(psyi_sheet *sheet, size_t column, double width, int style);
void psyi_sheet_height(psyi_sheet *sheet, size_t row, double height); /* before its cells */
/* A row without the boxes of its columns: notes, charts.  Before its cells. */
void psyi_sheet_plain(psyi_sheet *sheet, size_t row);
void psyi_sheet_freeze(psyi_sheet *sheet, size_t row, size_t column);
void psyi_sheet_filter(psyi_sheet *sheet, size_t row, size_t last_row, size_t last_column);
/* A4 landscape, so many pages wide, header rows repeated, legend above, pages below. */
typedef struct psyi_print {
    bool heads; /* repeat rows head_first .. head_last on every page */
    size_t head_first, head_last;
    size_t columns_kept;          /* repeated on the left, 0: none */
    size_t last_row, last_column; /* print area from 0, 0 */
    unsigned pages_wide;
    unsigned rows_a_page; /* break after so many rows; 0: where the page is full */
    unsigned rows_before; /* those that stand above them on the first page */
    bool portrait, gridlines;
    const size_t *breaks; /* rows that begin a page */
    size_t n_breaks;
    const char *header, *footer; /* plain text */
    const char *about;           /* before the name of the sheet in the header; may be NULL */
} psyi_print;
void psyi_sheet_print(psyi_sheet *sheet, const psyi_print *print);
void psyi_sheet_gridlines_hidden(psyi_sheet *sheet);
void psyi_sheet_tab(psyi_sheet *sheet, uint32_t colour);
void psyi_sheet_activate(psyi_sheet *sheet); /* the one that is open when the book is */
/* A drop-down; `choices` ends with NULL; at most 255 characters in all. */
void psyi_sheet_choices(psyi_sheet *sheet, size_t first_row, size_t last_row, size_t column,
                        const char *const *choices);

/* Cells that colour themselves, while people fill them in, where a formula is true (written
 * for the first cell of the range). */
typedef enum psyi_mark {
    PSYI_MARK_OVERDUE,
    PSYI_MARK_CLOSED,
    PSYI_MARK_TIER /* + rank, in the colours of the scheme */
} psyi_mark;
#define PSYI_MARKS (PSYI_MARK_TIER + PSYI_STYLE_RANKS)
void psyi_sheet_mark(psyi_sheet *sheet, size_t first_row, size_t first_column, size_t last_row,
                     size_t last_column, const char *formula, int mark);
/* "X" of column 23. */
size_t psyi_column_letters(size_t column, char out[4]);

typedef struct psyi_series {
    size_t column;    /* values; its header cell names it */
    uint32_t colour;  /* 0xRRGGBB */
    const char *name; /* NULL: the header cell */
} psyi_series;
typedef struct psyi_chart {
    const char *title, *x_axis, *y_axis;
    bool stacked, percent;
    bool whole;     /* values are whole numbers and few: an axis in steps of 1 */
    bool from_zero; /* bars are compared by their length: none of the values is negative */
    size_t head_row, first_row, last_row;
    size_t category_first, category_last; /* columns */
    const psyi_series *series;
    size_t n_series;
    double width, height; /* pixels */
} psyi_chart;
/* Whether a value of it is a number other than 0, of cells that have been written: without one a
 * chart is an empty frame. */
bool psyi_chart_shows(const psyi_sheet *data, const psyi_chart *chart);
/* A column chart of cells of `data`, which must not be streaming, put at row, column of
 * `sheet`, which must not be either. */
void psyi_sheet_chart(psyi_sheet *sheet, size_t row, size_t column, const psyi_sheet *data,
                      const psyi_chart *chart);

/* ---- scatter.c ---- */

typedef enum psyi_dot_shape { PSYI_DOT_CIRCLE, PSYI_DOT_PLUS, PSYI_DOT_CROSS } psyi_dot_shape;
typedef struct psyi_dots {
    size_t column; /* values; cells of text have no dot */
    uint32_t colour;
    const char *name;
    psyi_dot_shape shape;
} psyi_dots;
typedef struct psyi_scatter {
    const char *title, *x_axis, *y_axis; /* the y axis shows percent */
    size_t first_row, last_row, x_column;
    const psyi_dots *dots;
    size_t n_dots;
    double width, height; /* pixels */
} psyi_scatter;
/* A chart of dots, as psyi_sheet_chart. */
void psyi_sheet_scatter(psyi_sheet *sheet, size_t row, size_t column, const psyi_sheet *data,
                        const psyi_scatter *want);

/* ---- readback.c ---- */

typedef struct psyi_expected_sheet {
    const char *name;
    size_t rows; /* number of the last row, from 1; 0: none */
} psyi_expected_sheet;
/* Opens the package, reads every member (which checks its CRC), and finds the sheets by
 * name, in order, each ending in the row that was written.  PSY_E_OUTPUT otherwise. */
psy_status psyi_readback(const char *path, const psyi_expected_sheet *sheets, size_t n_sheets,
                         const psy_allocator *allocator, psy_error *error);

#endif
