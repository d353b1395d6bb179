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
    lxw_worksheet *sheet; /* NULL once the book has failed */
    bool streaming;
    size_t row;       /* the latest, from 0 */
    size_t rows;      /* number of the last row, from 1 */
    unsigned lines;   /* the most a wrapped text of the latest row needs */
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
    char *tmpdir;
    lxw_format *formats[2][PSYI_STYLES]; /* [bold] */
    psyi_sheet sheets[PSYI_MAX_SHEETS];
    size_t n_sheets;
    psyi_sheet nowhere; /* takes what comes after a failure */
};

/* The text itself, or a mended copy that lives until the next call. */
const char *psyi_book_clean(psyi_book *book, const char *text, size_t most);
bool psyi_book_check(psyi_book *book, lxw_error code, const char *doing);
/* Make the latest row as high as its texts need. */
void psyi_sheet_fit(psyi_sheet *sheet);
void psyi_book_formats(psyi_book *book, const psyi_scheme *scheme);

#endif
