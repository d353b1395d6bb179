/* workbook.h -- an xlsx workbook as the cells of one of its sheets. */
#ifndef PSYSCREEN_INTAKE_WORKBOOK_H
#define PSYSCREEN_INTAKE_WORKBOOK_H

#include "base/memory.h"
#include "intake/cell_format.h"
#include "intake/cell_grid.h"
#include "intake/unpack.h"

typedef struct psyi_book_sheet {
    const char *name, *relation, *part; /* part: NULL when it is no sheet of cells */
    bool hidden;
} psyi_book_sheet;

typedef struct psyi_book {
    psyi_arena arena;
    const psy_allocator *allocator;
    psyi_unpack unpack;
    const char *main, *folder, *styles, *texts; /* names of parts; the last two may be NULL */
    bool from_1904;
    psyi_book_sheet *sheets;
    size_t n_sheets, sheets_room;
    psyi_number_format *formats; /* by the number a cell gives as its style */
    size_t n_formats, formats_room;
    psyi_buffer text; /* shared texts one after the other */
    uint32_t *ends;   /* where each of them ends */
    size_t n_texts, texts_room;
} psyi_book;

/* What the package holds: sheets, styles and shared texts.  Needs psyi_book_done either way. */
psy_status psyi_book_open(psyi_book *book, const char *bytes, size_t length, const char *file,
                          const psy_allocator *allocator, psy_error *error);
void psyi_book_done(psyi_book *book);

/* workbook_styles.c */
psy_status psyi_book_styles(psyi_book *book, psy_error *error);
/* shared_texts.c */
psy_status psyi_book_texts(psyi_book *book, psy_error *error);
/* _x000D_ and its like, as they stand in texts of workbooks, from byte `from` on. */
void psyi_book_unescape(psyi_buffer *text, size_t from);
/* sheet_cells.c: all cells with something in them into the grid; with `grid` NULL only
 * whether there is one, in *any. */
psy_status psyi_book_cells(psyi_book *book, const psyi_book_sheet *sheet, psyi_grid *grid,
                           bool *any, psy_error *error);

/* xlsx_in.c: the whole way from bytes to a grid in `out`.  `sheet` is the name of the sheet to
 * read, or NULL when the workbook has only one with anything in it; `where` names the place to
 * declare it ("inputs/responses") or is NULL. */
psy_status psyi_xlsx_read(const psyi_buffer *bytes, const char *file, const char *sheet,
                          const char *where, psyi_buffer *out, psyi_sheet_facts *facts,
                          psy_error *error);
/* named_sheet.c: the first sheet of one of these names; *found is false where there is none. */
psy_status psyi_xlsx_named(const psyi_buffer *bytes, const char *file, const char *const *names,
                           size_t n_names, bool *found, psyi_buffer *out, psy_error *error);

#endif
