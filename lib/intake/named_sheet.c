/*
 * named_sheet.c -- one sheet of a workbook by its name, which may be in several languages.
 */
#include "intake/workbook.h"

#include <string.h>

psy_status psyi_xlsx_named(const psyi_buffer *bytes, const char *file, const char *const *names,
                           size_t n_names, bool *found, psyi_buffer *out, psy_error *error)
{
    psyi_book book;
    bool any;
    *found = false;
    psy_status status = psyi_book_open(&book, bytes->data != NULL ? bytes->data : "", bytes->length,
                                       file, out->allocator, error);
    for (size_t i = 0; i < book.n_sheets && status == PSY_OK && !*found; i++)
        for (size_t j = 0; j < n_names && !*found; j++) {
            if (book.sheets[i].part == NULL || strcmp(book.sheets[i].name, names[j]) != 0)
                continue;
            psyi_grid grid;
            psyi_grid_init(&grid, out, file);
            *found = true;
            status = psyi_book_cells(&book, &book.sheets[i], &grid, &any, error);
        }
    psyi_book_done(&book);
    return status;
}
