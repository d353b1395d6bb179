/* book_parts.h -- what a book is made of; for book.c, book_cells.c and book_page.c only. */
#ifndef PSYSCREEN_REPORT_BOOK_PARTS_H
#define PSYSCREEN_REPORT_BOOK_PARTS_H

#include "base/file.h"
#include "report/book.h"
#include "report/package.h"
#include "report/squeeze.h"

#include <xlsxwriter.h>

#define PSYI_MAX_SHEETS 32
#define PSYI_MAX_FITTED 256 /* columns whose texts make rows higher */

/* Where pieces of rows begin. */
typedef struct psyi_cuts {
    const psy_allocator *allocator;
    uint32_t *at;
    size_t n, capacity;
    bool failed;
} psyi_cuts;

/* How the cells of a column begin (row_xml.c). */
typedef struct psyi_cell_start {
    uint32_t column;
    int32_t index;        /* the style */
    uint8_t type, length; /* 0: not made yet */
    char text[40];        /* `<c s="2147483647" t="inlineStr" r="XFD` and its end are 39 */
} psyi_cell_start;

/* Texts of cells that are shared strings from their second use: half a table of them, the
 * first that came. */
#define PSYI_WORDS     8192u
#define PSYI_SEEN      16384u
#define PSYI_MOST_WORD 120u /* bytes */
typedef struct psyi_word {
    const char *text; /* the library's copy; NULL: a free place */
    uint32_t length;
    uint32_t hash;
    int32_t index;
} psyi_word;

struct psyi_sheet {
    psyi_book *book;
    lxw_worksheet *sheet;   /* NULL once the book has failed */
    bool streaming;         /* its rows are printed here, not by the library */
    psyi_buffer xml, cells; /* rows not packed yet, and the cells of the latest */
    psyi_cuts cuts, cell_cuts;
    psyi_buffer packed; /* rows before those of `xml`, and about them: */
    uint64_t unpacked;
    uint32_t crc;
    uint64_t text_bytes; /* of texts in line */
    size_t digits_row;   /* the row whose number is in `digits` */
    char digits[8];
    uint8_t n_digits;
    double height;     /* of the latest row; 0 as usual */
    int32_t row_style; /* -1 none */
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
    psyi_file_writer *draft; /* what the library writes, in memory where that can be */
    psyi_squeezer *squeezer; /* NULL until it is needed */
    bool reference, fast, is_draft;
    psyi_cell_start starts[PSYI_MAX_FITTED]; /* by column */
    psyi_word words[PSYI_WORDS];
    size_t n_words;
    uint32_t seen[PSYI_SEEN]; /* hashes of texts that came once */
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
/* chart_cache.c: the points of a series, from cells that have been written; none where a cell is no
 * number. */
void psyi_chart_cache(const psyi_sheet *data, lxw_series_range *range);
/* A chart with its title, of cells of `data`; NULL after a failure or where a sheet streams. */
lxw_chart *psyi_chart_begin(const psyi_sheet *sheet, const psyi_sheet *data, uint8_t type,
                            const char *title);
void psyi_chart_put(psyi_sheet *sheet, size_t row, size_t column, lxw_chart *chart, double width,
                    double height);
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
/* Searched as a whole rather than told where it repeats. */
bool psyi_mostly_text(const psyi_sheet *sheet);
/* Pack the rows of `xml`; false without memory. */
bool psyi_rows_pack(psyi_sheet *sheet);
void psyi_cell_blank_xml(psyi_sheet *sheet, size_t column, int style);
void psyi_cell_number_xml(psyi_sheet *sheet, size_t column, double value, int style);
/* num / den, whose denominator divides 100. */
void psyi_cell_ratio_xml(psyi_sheet *sheet, size_t column, int64_t num, int64_t den, int style);
/* A text that is a shared string already; false if it is none. */
bool psyi_cell_word_xml(psyi_sheet *sheet, size_t column, const char *text, size_t length,
                        int style);
/* A clean text as a shared string at once; false without memory for it.  Long texts are alike from
 * row to row: in the table of strings they stand together, where the window of deflate holds
 * hundreds of them; in the rows, ten. */
bool psyi_cell_shared_xml(psyi_sheet *sheet, size_t column, const char *text, int style);
/* Make a clean text a shared string, if it is short, came before, and there is room. */
void psyi_book_word(psyi_book *book, const char *text, size_t length);
/* `text` is clean and not empty. */
void psyi_cell_text_xml(psyi_sheet *sheet, size_t column, const char *text, size_t length,
                        int style);
void psyi_sheet_dimension(const psyi_sheet *sheet, char out[32]);

#endif
