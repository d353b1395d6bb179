/* book_parts.h -- what a book is made of; for book.c, book_cells.c and book_page.c only. */
#ifndef PSYSCREEN_REPORT_BOOK_PARTS_H
#define PSYSCREEN_REPORT_BOOK_PARTS_H

#include "base/file.h"
#include "report/book.h"

#include <xlsxwriter.h>

#define PSYI_MAX_SHEETS 32
#define PSYI_MAX_FITTED 256 /* columns whose texts make rows higher */

struct psyi_sheet {
    psyi_book *book;
    lxw_worksheet *sheet;   /* NULL once the book has failed */
    bool streaming;         /* its rows are printed here, not by the library */
    psyi_buffer xml, cells; /* rows so far, and the cells of the latest */
    double height;          /* of the latest row; 0 as usual */
    int32_t row_style;      /* -1 none */
    size_t next_column, columns;
    size_t row;     /* the latest, from 0 */
    size_t rows;    /* number of the last row, from 1 */
    unsigned lines; /* the most a wrapped text of the latest row needs */
    float widths[PSYI_MAX_FITTED];
    uint8_t styles[PSYI_MAX_FITTED];
    char name[128];
};

struct psyi_book {
    const psy_allocator *allocator;
    psyi_file_writer *writer;
    lxw_workbook *workbook;
    void *locale;
    psy_status status;
    psy_error error;
    size_t n_mended;
    psyi_buffer scratch;
    psyi_language language;
    int64_t created;
    char *tmpdir;
    lxw_format *formats[2][PSYI_STYLES];   /* [bold] */
    int32_t indices[2][PSYI_STYLES];       /* of formats in the package, -1 not asked yet */
    lxw_format *marks[PSYI_MARKS];         /* made when they are first used */
    int32_t tier_papers[PSYI_STYLE_RANKS]; /* 0xRRGGBB, -1: none */
    psyi_sheet sheets[PSYI_MAX_SHEETS];
    size_t n_sheets;
    psyi_sheet nowhere; /* takes what comes after a failure */
};

/* The text itself, or a mended copy that lives until the next call. */
const char *psyi_book_clean(psyi_book *book, const char *text, size_t most);
bool psyi_book_check(psyi_book *book, lxw_error code, const char *doing);
/* Go to a row, finishing the one before. */
bool psyi_sheet_go(psyi_sheet *sheet, size_t row);
/* Height (0: as it is) and style (-1: none) of the latest row. */
void psyi_sheet_set_row(psyi_sheet *sheet, double height, int style);
/* Make the latest row as high as its texts need. */
void psyi_sheet_fit(psyi_sheet *sheet);
/* A style whose texts make rows higher (headers have their own height). */
bool psyi_style_wraps(int style);
void psyi_book_formats(psyi_book *book, const psyi_scheme *scheme);

/* Ink that can be read on this paper. */
int32_t psyi_ink_on(int32_t paper);

/* ---- row_xml.c ---- */

/* The number the package gives a style; PLAIN is that of the column. */
int32_t psyi_style_index(psyi_sheet *sheet, size_t column, int style);
void psyi_row_end(psyi_sheet *sheet);
void psyi_cell_blank_xml(psyi_sheet *sheet, size_t column, int style);
void psyi_cell_number_xml(psyi_sheet *sheet, size_t column, double value, int style);
/* `text` is clean and not empty. */
void psyi_cell_text_xml(psyi_sheet *sheet, size_t column, const char *text, int style);
void psyi_sheet_dimension(const psyi_sheet *sheet, char out[32]);

#endif
